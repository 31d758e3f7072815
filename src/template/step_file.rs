//! A step's file: mail-shaped. Lines such as `Subject: …`, a blank line, and the text in Markdown with words.
//!
//! A file whose first line is not of that shape is all text.

use super::compile::compile;
use super::nearest::did_you_mean;
use super::problem::{Complaints, Place};
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
    /// `outbound/1-first.md`.
    pub file: String,
    /// Subject or headline; `None` when the thread gives it.
    pub heading: Option<Text>,
    /// The text.
    pub body: Text,
    /// Where a subject stands that is never used, since the mail is in a thread.
    pub idle_subject: Option<Place>,
}

/// Reads the file of a step; `None` when it has problems.
pub(super) fn read(
    file: &str,
    text: &str,
    step: &Step,
    fields: &[String],
    complaints: &mut Complaints<'_>,
) -> Option<StepText> {
    let wanted = Heading::of(step);
    let (lines, body, body_at) = split(text);
    let (mut heading, mut idle_subject, mut sound) = (None, None, true);
    for (key, value, at) in lines {
        let value_at = Place {
            line: at.line,
            column: at.column + key.chars().count() + 2,
        };
        if Some(key) == wanted.key() && heading.is_none() {
            heading = compile(value, value_at, fields, complaints);
            sound &= heading.is_some();
        } else if key == "Subject" && wanted == Heading::Thread {
            idle_subject = Some(at);
        } else {
            complaints.add(at, unexpected(key, wanted));
            sound = false;
        }
    }
    if let Some(key) = wanted.key().filter(|_| heading.is_none() && sound) {
        complaints.add(
            Place::START,
            format!("expected `{key}: …` on the first line, then a blank line and the text"),
        );
        sound = false;
    }
    let compiled = check_body(body, body_at, step, complaints).then(|| compile(body, body_at, fields, complaints))?;
    let body = compiled.filter(|_| sound)?;
    Some(StepText {
        file: file.to_owned(),
        heading,
        body,
        idle_subject,
    })
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
