//! Reading what strangers wrote, so that a defect of a reader costs one mail and not the bot.
//!
//! The readers are meant never to panic. Should one do so after all, the header alone is read, because a stop needs no
//! more, and last the mail goes to quarantine. What kills the whole process is counted in the ingest ledger instead.

use crate::mail::classify::{self, Own, Reading};
use crate::mail::read::{self, Mail};
use crate::model::{ContentKey, Fingerprint};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The mail; its header when the rest cannot be read; `None` when not even that can.
pub(super) fn read(bytes: &[u8]) -> Option<Mail> {
    guarded(|| read::read(bytes)).or_else(|| guarded(|| read::read_head(bytes)))
}

/// A mail as if it had only a header.
pub(super) fn head(bytes: &[u8]) -> Option<Mail> {
    guarded(|| read::read_head(bytes))
}

/// A header that was fetched without its mail.
pub(super) fn header(bytes: &[u8]) -> Option<Mail> {
    guarded(|| read::read_header(bytes))
}

/// The content key of a mail; of one that even that cannot be told of, a key made of its bytes.
pub(super) fn key(bytes: &[u8]) -> ContentKey {
    guarded(|| read::key_of(bytes)).unwrap_or_else(|| ContentKey(Fingerprint::of_bytes(bytes).hex()))
}

/// What the mail is, if a reader can say.
pub(super) fn classify(mail: &Mail, own: &Own<'_>) -> Option<Reading> {
    guarded(|| classify::classify(mail, own))
}

/// The same of a mail that the administrator released from quarantine.
pub(super) fn classify_vouched(mail: &Mail, own: &Own<'_>) -> Option<Reading> {
    let mut reading = guarded(|| classify::classify_vouched(mail, own))?;
    reading
        .because
        .push_str("; released from quarantine by the administrator");
    Some(reading)
}

/// The work's result, unless it panicked. The panic itself is told by the hook of the binary.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_defect_costs_one_mail() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| panic!("a defect")), None::<u8>);
    }

    #[test]
    fn the_header_alone_says_who_and_what_it_answers() {
        let mail =
            b"From: jane@acme.test\nSubject: Re: Hello\nIn-Reply-To: <1@corp.test>\nMessage-ID: <2@acme.test>\n\nYes!";
        let head = read::read_head(mail);
        assert_eq!((head.from.len(), head.references.len()), (1, 1));
        assert!(head.text.is_empty());
        assert!(head.damage.contains(&"only its header was read"), "{:?}", head.damage);
        assert_ne!(key(mail), key(b"another"));
        assert_eq!(key(mail), read::read(mail).key);
    }
}
