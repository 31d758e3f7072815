//! The lease on a mailbox: which bot works there, since when, and what its database knew last (reliability E-21, E-25).
//!
//! A lock file keeps a second bot off the same database. The lease keeps off a second bot with another database: a copy on
//! another host, a restored backup, a test house with the real mailbox. It lies in the mailbox itself, as a note.

use super::{LetterId, limits};
use jiff::{SignedDuration, Timestamp};

/// What a note in the mailbox says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Rises by one with every bot that takes the mailbox.
    pub epoch: i64,
    /// Which process: drawn when it began.
    pub run: String,
    /// Where it runs, for people: the host's name and the database.
    pub host: String,
    /// Since when it holds the mailbox.
    pub since: Timestamp,
    /// When it said so last, by its own clock.
    pub renewed: Timestamp,
    /// The last journal number of its database then.
    pub journal: i64,
    /// The last touches that left, by whichever bot, oldest first; [`limits::LEASE_TOUCHES`] at most.
    pub left: Vec<Left>,
    /// It was given back.
    pub released: bool,
    /// Whether our own key sealed it. Another key is another house's, or somebody's invention.
    pub sealed: bool,
}

/// A touch that left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Its letter.
    pub letter: LetterId,
    /// The relay took it; else nobody knows whether it did.
    pub taken: bool,
}

impl Lease {
    /// The highest epoch that is believed: nobody takes a mailbox more often.
    pub const EPOCH_MOST: i64 = 1 << 48;

    /// From then on whoever wrote it counts as gone, if nothing newer is heard of them.
    #[must_use]
    pub fn lapses(&self) -> Timestamp {
        let lives = SignedDuration::try_from(limits::LEASE_LIVES).unwrap_or(SignedDuration::ZERO);
        self.renewed.checked_add(lives).unwrap_or(self.renewed)
    }
}

/// What a database remembers of its own leases. One row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tenure {
    /// The last epoch it held; 0 when none.
    pub epoch: i64,
    /// The process that held it.
    pub run: String,
    /// Where that was.
    pub host: String,
    /// What it does not know. While there is one, the bot sends nothing: recovery mode.
    pub gap: Option<Gap>,
}

/// A time of which a database knows nothing, because it is older than what happened: it was restored, rolled back, or
/// another bot worked in the mailbox meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// It knows what happened up to then.
    pub from: Timestamp,
    /// And from then on, since it holds the mailbox again; `None`: it does not hold it yet.
    pub to: Option<Timestamp>,
    /// How that is known, for people.
    pub why: String,
}
