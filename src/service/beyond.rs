//! Folders in which a mail waits to be read: how far they were read behind it, and when it is looked at again.
//!
//! The watermark stays before such a mail, so that a process that dies reads it again. Behind it reading goes on, and goes on from
//! there at the next look: what lies behind it and could not be filed is not read again with every look. In memory only.

use crate::inbox::Watermark;
use crate::model::limits;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is known of the folders in which a mail waits.
#[derive(Debug, Default)]
pub(super) struct Beyond(Mutex<BTreeMap<String, Stretch>>);

/// A stretch of a folder that was read, but for the mails in it that wait.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// The watermark it begins behind.
    from: Watermark,
    to: Watermark,
    /// When the mails that wait are looked at again, and with them all others of the stretch.
    again: Timestamp,
}

impl Beyond {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Stretch>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, folder: &str, from: Watermark) -> Option<Stretch> {
        self.all().get(folder).copied().filter(|stretch| stretch.from == from)
    }

    /// How far a folder with this watermark was read, the mails that wait apart.
    pub(super) fn read_to(&self, folder: &str, from: Watermark) -> Watermark {
        self.find(folder, from).map_or(from, |stretch| stretch.to)
    }

    /// Where to read on in a folder with this watermark; `None`: from the watermark.
    pub(super) fn read_on(&self, folder: &str, from: Watermark, now: Timestamp) -> Option<Watermark> {
        let stretch = self.find(folder, from)?;
        (now < stretch.again).then_some(stretch.to)
    }

    /// The folder was read up to `to`, and a mail behind `from` waits. `old` mails of those were known: where they are more than one
    /// portion, looking again has its pause.
    pub(super) fn waits(&self, folder: &str, from: Watermark, to: Watermark, old: usize, now: Timestamp) {
        let pause = SignedDuration::try_from(limits::DKIM_AGAIN).unwrap_or(SignedDuration::ZERO);
        let again = match self.find(folder, from) {
            Some(stretch) if now < stretch.again => stretch.again,
            _ if old > limits::FETCH_BATCH => now.saturating_add(pause).unwrap_or(now),
            _ => now,
        };
        self.all().insert(folder.to_owned(), Stretch { from, to, again });
    }

    /// No mail of the folder waits.
    pub(super) fn over(&self, folder: &str) {
        self.all().remove(folder);
    }
}
