//! The mail that a report gives back: by its header a letter of ours is found again.
//!
//! Standards: RFC 3462 (`text/rfc822-headers`), RFC 6533 (`message/global-headers`), RFC 5965 2. Old servers put it into
//! the text, under a line of their own.

use super::letter_of;
use crate::mail::phrases::returned::COPY_MARKS;
use crate::mail::read::{Mail, addresses};
use crate::mail::{header, thread};
use crate::model::{Address, LetterId, MessageId};

/// What its header tells.
#[derive(Debug, Default)]
pub(super) struct Returned {
    /// Whether there is one at all.
    pub found: bool,
    /// Whether there is a part for it, and be it empty.
    pub announced: bool,
    pub id: Option<MessageId>,
    pub letter: Option<LetterId>,
    /// Whom it was for.
    pub to: Vec<Address>,
    /// Who complained, in Hotmail's own field.
    pub complainer: Option<Address>,
}

const TYPES: &[&str] = &[
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "text/rfc822-header",
    "message/rfc822-headers",
    "message/rfc822-header",
    "message/global-headers",
];

/// Finds the mail that was given back.
pub(super) fn read(mail: &Mail) -> Returned {
    let part = mail
        .parts
        .iter()
        .find(|part| TYPES.contains(&part.content_type.as_str()));
    if let Some(part) = part {
        let mut returned = of_header(part.text.trim_start());
        returned.announced = true;
        return returned;
    }
    in_text(&mail.text).map(of_header).unwrap_or_default()
}

fn of_header(text: &str) -> Returned {
    let header = header::split(text.as_bytes());
    let to = header::first(&header.fields, "To").map(addresses).unwrap_or_default();
    Returned {
        found: !header.fields.is_empty(),
        announced: false,
        id: thread::own_id(&header.fields),
        letter: header::first(&header.fields, "X-Cadence-Ref").and_then(letter_of),
        complainer: header::first(&header.fields, super::complaint::HOTMAIL)
            .and_then(|value| addresses(value).pop())
            .map(|person| person.address),
        to: to.into_iter().map(|person| person.address).collect(),
    }
}

/// The copied mail in a text.
fn in_text(text: &str) -> Option<&str> {
    copy(text).and_then(|(_, at)| text.get(at..)).map(str::trim_start)
}

/// Where the server's own words end and where the copied mail starts: around the line that announces it, else at the first
/// run of lines that are fields and hold an id.
fn copy(text: &str) -> Option<(usize, usize)> {
    marked(text).or_else(|| {
        let at = text.to_ascii_lowercase().find("\nmessage-id:")?;
        let before = text.get(..at)?;
        let blank = before.rfind("\n\n").map(|at| at + 2);
        let blank = blank.max(before.rfind("\r\n\r\n").map(|at| at + 4)).unwrap_or(0);
        Some((blank, blank))
    })
}

/// The first line that announces a copy: where it begins and ends.
fn marked(text: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_matches(|c: char| c.is_whitespace() || "-*=_|#~".contains(c));
        if start > 0 && bare.len() < 200 && COPY_MARKS.iter().any(|mark| starts_with(bare, mark)) {
            return Some((start, at));
        }
    }
    None
}

/// Whether a line starts with a mark, whatever its case.
fn starts_with(line: &str, mark: &str) -> bool {
    let mut letters = line.chars().flat_map(char::to_lowercase);
    mark.chars().all(|c| letters.next() == Some(c))
}

/// The text above the copy: the server's own words.
pub(super) fn above(text: &str) -> &str {
    let end = copy(text).map_or(text.len(), |(end, _)| end);
    text.get(..end).filter(|above| !above.trim().is_empty()).unwrap_or(text)
}
