//! Our own letters, as they come back to us: the copy in a Sent folder, a BCC, a journal.
//!
//! `X-Cadence-Ref` is ours, but anybody can copy it, so it counts only on a mail from the bot or a rep. A copy is
//! evidence that a letter went out and never a reply (reliability T-15, T-60). An own Message-ID is the store's to know.

use super::{Evidence, Kind, Reading, letter_of};
use crate::mail::authenticity::sole_author;

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    // Who can be read as us or as a prospect may be a prospect, and is read on.
    sole_author(evidence.mail).ok()?;
    // Hotmail's complaint is the mail itself, from the rep, with our mark.
    if evidence.has(super::complaint::HOTMAIL) {
        return None;
    }
    let reference = evidence.mail.header("X-Cadence-Ref").next();
    let because = match reference {
        Some(_) if evidence.is_from_bot() => "our own mark, from the bot's address",
        Some(_) if evidence.claims_rep() => "our own mark, from a rep's address",
        None if evidence.is_from_bot() => "from the bot's own address",
        _ => return None,
    };
    let mut reading = evidence.reading(Kind::OwnCopy, because);
    reading.letter = reference.and_then(letter_of);
    reading.about = evidence.mail.message_id.iter().cloned().collect();
    Some(reading)
}
