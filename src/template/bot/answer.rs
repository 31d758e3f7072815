//! The answer to a mail with commands.

use super::{Tap, Taps, safe};
use crate::model::{AnswerLine, Offer};
use serde::Serialize;

/// What `answer.txt` and `answer.html` speak of.
#[derive(Serialize)]
pub(super) struct Answer {
    lines: Vec<Line>,
    /// Whether something was not done.
    trouble: bool,
}

/// What was said, and what became of it.
#[derive(Serialize)]
pub(super) struct Line {
    said: String,
    /// What was done, a line each.
    answer: Vec<String>,
    /// The same with what can be said in quotation marks, as a page shows it.
    quoted: Vec<String>,
    done: bool,
    /// What can be said next.
    taps: Vec<Tap>,
}

impl Answer {
    pub(super) fn new(lines: &[AnswerLine], taps: &Taps) -> Self {
        Self {
            lines: self::lines(lines, taps),
            trouble: lines.iter().any(|line| !line.done),
        }
    }

    /// `Done: 1 connected`.
    pub(super) fn subject_line(&self) -> String {
        let undone = self.lines.iter().filter(|line| !line.done).count();
        match (self.lines.as_slice(), undone) {
            ([], _) => "Nothing to do was found in your mail".to_owned(),
            ([one], 0) => format!("Done: {}", one.said),
            ([one], _) => format!("Not done: {}", one.said),
            ([_, _], 0) => "Done: both lines".to_owned(),
            (all, 0) => format!("Done: all {} lines", all.len()),
            (all, undone) => format!("Done: {} of {} lines", all.len() - undone, all.len()),
        }
    }
}

/// Answers as both texts show them. What has no address that takes it has no tap.
pub(super) fn lines(lines: &[AnswerLine], taps: &Taps) -> Vec<Line> {
    let tap = |offer: &Offer| {
        let about = offer.about.and_then(|id| taps.command.get(&id.0));
        let address = match offer.about {
            Some(_) => about,
            None => taps.digest.as_ref(),
        };
        Some(Tap {
            href: safe::mailto(address?, &offer.line),
            label: safe::one_line(&offer.line),
        })
    };
    let line = |line: &AnswerLine| {
        let answer = safe::lines(&sentence(&line.answer));
        let answer: Vec<String> = answer.iter().map(|text| safe::defanged(text)).collect();
        Line {
            said: safe::untrusted(&line.said),
            quoted: answer.iter().map(|text| quoted(text)).collect(),
            answer,
            done: line.done,
            taps: line.offers.iter().filter_map(tap).collect(),
        }
    };
    lines.iter().map(line).collect()
}

/// Pairs of backticks as quotation marks.
fn quoted(text: &str) -> String {
    let ticks = text.matches('`').count();
    let mut open = false;
    let mark = |c: char| match c {
        '`' if ticks.is_multiple_of(2) => {
            open = !open;
            if open { '\u{201c}' } else { '\u{201d}' }
        }
        other => other,
    };
    text.chars().map(mark).collect()
}

/// An answer as a sentence: it begins with a capital letter, unless it begins with an address, and one line ends with a full stop.
fn sentence(text: &str) -> String {
    let text = text.trim();
    let address = text.split_whitespace().next().is_some_and(|word| word.contains('@'));
    let mut rest = text.chars();
    let begun = match rest.next().filter(|_| !address) {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => text.to_owned(),
    };
    let ends = !begun.contains('\n') && begun.ends_with(char::is_alphanumeric);
    let stop = if ends { "." } else { "" };
    format!("{begun}{stop}")
}
