//! A step's file: mail-shaped. Lines such as `Subject: …`, a blank line, and the text in Markdown with words.
//!
//! A file whose first line is not of that shape is all text.

use super::compile::{Speech, compile};
use super::nearest::did_you_mean;
use super::problem::{Complaints, Place, Problem};
use super::text::Text;
use crate::model::{Channel, Step, StepNo};

/// What a file may say before its text.
const KEYS: [&str; 2] = ["Headline", "Subject"];

/// What a step needs before its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    /// A mail that begins a conversation.
    Subject,
    /// A mail in the conversation of the one before: `Re:` its subject.
    Thread,
    /// What the rep reads over a script.
    Headline,
}

impl Heading {
    fn of(step: &Step) -> Self {
        match (step.channel, step.thread && step.number != StepNo::FIRST) {
            (Channel::Email, false) => Self::Subject,
            (Channel::Email, true) => Self::Thread,
            _ => Self::Headline,
        }
    }

    fn key(self) -> Option<&'static str> {
        match self {
            Self::Subject => Some("Subject"),
            Self::Headline => Some("Headline"),
            Self::Thread => None,
        }
    }
}

/// A step's text, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StepText {
    /// `outbound/1-first.a.md`.
    pub file: String,
    /// The file that its text stands in, which another wording may share.
    pub body_file: String,
    /// Subject or headline; `None` when the thread gives it.
    pub heading: Option<Text>,
    /// The text.
    pub body: Text,
    /// Where a subject stands that is never used, since the mail is in a thread.
    pub idle_subject: Option<Place>,
}

/// One file as it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    /// `outbound/1-first.md`.
    pub file: &'a str,
    /// All of it.
    pub text: &'a str,
}

impl Source<'_> {
    fn says_nothing(&self) -> bool {
        let (_, body, _) = split(self.text);
        body.trim().is_empty()
    }

    fn has(&self, key: Option<&str>) -> bool {
        let (lines, ..) = split(self.text);
        lines.iter().any(|(known, ..)| Some(*known) == key)
    }
}

/// Reads the file of a step; `None` when it has problems. What a variant leaves out, its subject or its text, is taken
/// from `base`.
pub(super) fn read(
    source: Source<'_>,
    base: Option<Source<'_>>,
    step: &Step,
    speech: Speech<'_>,
    problems: &mut Vec<Problem>,
) -> Option<StepText> {
    let wanted = Heading::of(step);
    let borrows_heading = base.filter(|base| !source.has(wanted.key()) && base.has(wanted.key()));
    let borrows_body = base.filter(|_| source.says_nothing());
    let own = head(source, wanted, borrows_heading.is_none(), speech, problems);
    let borrowed = borrows_heading.map(|base| head(base, wanted, true, speech, problems));
    let body_from = borrows_body.unwrap_or(source);
    let body = body(body_from, step, speech, problems);
    let (own, borrowed) = (own?, borrowed.map_or(Some(None), |head| head.map(Some))?);
    Some(StepText {
        file: source.file.to_owned(),
        body_file: body_from.file.to_owned(),
        heading: own.heading.or(borrowed.and_then(|head| head.heading)),
        body: body?,
        idle_subject: own.idle_subject,
    })
}

/// What stands before a text.
struct Head {
    heading: Option<Text>,
    idle_subject: Option<Place>,
}

fn head(
    source: Source<'_>,
    wanted: Heading,
    needed: bool,
    speech: Speech<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Head> {
    let complaints = &mut Complaints::about(source.file.to_owned(), problems);
    let (lines, ..) = split(source.text);
    let (mut heading, mut idle_subject, mut sound) = (None, None, true);
    for (key, value, at) in lines {
        let value_at = Place {
            line: at.line,
            column: at.column + key.chars().count() + 2,
        };
        if Some(key) == wanted.key() && heading.is_none() {
            heading = compile(value, value_at, speech, complaints);
            sound &= heading.is_some();
        } else if key == "Subject" && wanted == Heading::Thread {
            idle_subject = Some(at);
        } else {
            complaints.add(at, unexpected(key, wanted));
            sound = false;
        }
    }
    if let Some(key) = wanted.key().filter(|_| heading.is_none() && sound && needed) {
        complaints.add(
            Place::START,
            format!("expected `{key}: …` on the first line, then a blank line and the text"),
        );
        sound = false;
    }
    sound.then_some(Head { heading, idle_subject })
}

fn body(source: Source<'_>, step: &Step, speech: Speech<'_>, problems: &mut Vec<Problem>) -> Option<Text> {
    let complaints = &mut Complaints::about(source.file.to_owned(), problems);
    let (_, body, at) = split(source.text);
    check_body(body, at, step, complaints).then(|| compile(body, at, speech, complaints))?
}

fn check_body(body: &str, at: Place, step: &Step, complaints: &mut Complaints<'_>) -> bool {
    if body.trim().is_empty() {
        complaints.add(Place::WHOLE, "there is no text: write it below a blank line");
        return false;
    }
    match body.find("![").filter(|_| step.channel == Channel::Email) {
        Some(offset) => {
            complaints.add(
                Place::of(body, offset).within(at),
                "pictures are not sent: put a link `[text](address)`",
            );
            false
        }
        None => true,
    }
}

fn unexpected(key: &str, wanted: Heading) -> String {
    if !KEYS.contains(&key) {
        return format!(
            "unknown `{key}:`{}; if this line is text, put a blank line above it",
            did_you_mean(key, KEYS)
        );
    }
    match wanted.key() {
        Some(wanted) if wanted == key => format!("`{key}:` stands here twice"),
        Some(wanted) => format!("expected `{wanted}:` and not `{key}:`"),
        None => format!("a mail in a thread takes no `{key}:`"),
    }
}

type FrontLine<'a> = (&'a str, &'a str, Place);

/// The lines before the text with their places, the text, and where it begins.
fn split(text: &str) -> (Vec<FrontLine<'_>>, &str, Place) {
    let mut front = Vec::new();
    let mut offset = 0;
    for (row, line) in text.split_inclusive('\n').enumerate() {
        let Some((key, value)) = front_line(line) else { break };
        front.push((
            key,
            value,
            Place {
                line: row + 1,
                column: 1,
            },
        ));
        offset += line.len();
    }
    let rest = text.get(offset..).unwrap_or("");
    let body = rest.trim_start_matches('\n');
    let body_at = Place::of(text, text.len() - body.len());
    (front, body, body_at)
}

/// `Key: value`, where the key is one capitalised word.
fn front_line(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.trim_end().split_once(':')?;
    let word =
        key.starts_with(|c: char| c.is_ascii_uppercase()) && key.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
    let value = value.strip_prefix(' ').or(value.is_empty().then_some(value))?;
    word.then_some((key, value))
}
