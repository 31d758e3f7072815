//! What of our mail an answer carries below what is new: the header of a mail that is enclosed, or its fields in the text.
//!
//! Clients that lose `In-Reply-To` (phones, ticket systems, a forward to a colleague who answers) often keep the mail itself.
//! Limits: the first 64 KiB of the text, the first mails inside, few ids.

use super::{Evidence, Quoted, Reading, bounce_text, letter_of};
use crate::mail::{header, thread};
use crate::model::{LetterId, MessageId};

/// Mails inside that are looked at, and ids that are kept.
const FEW: usize = 5;

/// Adds what the mail quotes of ours.
pub(super) fn add(mut reading: Reading, evidence: &Evidence<'_>) -> Reading {
    let mut quoted = Quoted::default();
    let enclosed = evidence.mail.parts.iter().filter(|part| {
        part.is_eml()
            || matches!(
                part.content_type.as_str(),
                "message/rfc822" | "message/global" | "text/rfc822-headers"
            )
    });
    for part in enclosed.take(FEW) {
        let fields = header::split(part.text.trim_start().as_bytes()).fields;
        let reference = header::first(&fields, "X-Cadence-Ref").and_then(letter_of);
        note(&mut quoted, reference, thread::own_id(&fields));
    }
    for line in bounce_text::head(&evidence.mail.text).lines() {
        let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>' || c == '|' || c == '*');
        if let Some(value) = field(line, "x-cadence-ref:") {
            note(&mut quoted, letter_of(value), None);
        } else if let Some(value) = field(line, "message-id:") {
            note(&mut quoted, None, thread::ids(value).into_iter().next());
        }
    }
    quoted.ids.retain(|id| !reading.about.contains(id));
    reading.quoted = quoted;
    reading
}

fn note(quoted: &mut Quoted, letter: Option<LetterId>, id: Option<MessageId>) {
    quoted.letter = quoted.letter.or(letter);
    if let Some(id) = id.filter(|id| quoted.ids.len() < FEW && !quoted.ids.contains(id)) {
        quoted.ids.push(id);
    }
}

/// The value of a field that a line is, its name in any case and in stars as HTML made plain leaves them.
fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let head = line.get(..name.len())?;
    let value = line.get(name.len()..)?;
    head.eq_ignore_ascii_case(name)
        .then(|| value.trim_matches(|c: char| c.is_whitespace() || c == '*'))
}
