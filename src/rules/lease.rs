//! Who may work in a mailbox: the notes that lie there, and what this bot is → hold on, take it, or keep off.
//!
//! | the note that counts is | then |
//! |---|---|
//! | not there, or released | take |
//! | this process' | keep, and say so again once in a minute, and once a touch went out |
//! | this process', and it knew more than its database does | take: the whole machine was set back |
//! | of this database's last process, on this host | take: that process is dead, or the lock file had kept us out |
//! | of one before it, on this host: an epoch that this database went beyond | take: the last process died before it said so |
//! | another's, heard of within [`limits::LEASE_LIVES`] | keep off |
//! | another's, and silent for longer | take |
//!
//! Of several notes the highest epoch counts, and in it the process that wrote first: two that take at once both read
//! again after writing, and agree. Who takes, takes a higher epoch. Who kept the mailbox so far and finds a higher epoch has
//! lost it, whatever its clock says.
//!
//! Whoever takes a mailbox in which more happened than its database knows has a gap to close first (reliability E-25).

use crate::model::{Lease, limits};
use jiff::{SignedDuration, Timestamp};

/// This bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mine {
    /// This process.
    pub run: String,
    /// Where it runs.
    pub host: String,
    /// The process that worked on this database before.
    pub before: String,
    /// The last epoch that this database held.
    pub epoch: i64,
    /// The last journal number of this database.
    pub journal: i64,
}

/// What this bot does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    /// It has the mailbox. `renew`: it is time to say so again.
    Keep {
        /// See there.
        renew: bool,
    },
    /// It takes the mailbox.
    Take {
        /// With this epoch.
        epoch: i64,
        /// More happened in the mailbox than its database knows: how that shows.
        behind: Option<String>,
    },
    /// The mailbox is another's.
    Yield(Lease),
}

/// The note that counts, of those in the folder in the order in which they came.
#[must_use]
pub fn standing(notes: &[Lease]) -> Option<&Lease> {
    let epoch = notes.iter().map(|note| note.epoch).max()?;
    let first = notes.iter().find(|note| note.epoch == epoch)?;
    let same = |note: &&Lease| note.epoch == epoch && note.run == first.run;
    notes.iter().rev().find(same)
}

/// What to do about these notes.
#[must_use]
pub fn rule(notes: &[Lease], mine: &Mine, now: Timestamp) -> Ruling {
    let Some(seen) = standing(notes) else {
        return take(None, mine);
    };
    if seen.run == mine.run && !seen.released {
        // A machine that was set back takes its process and its database with it, and not the mailbox.
        if let Some(behind) = Some(seen)
            .filter(|seen| seen.sealed)
            .and_then(|seen| behind(seen, mine))
        {
            return Ruling::Take {
                epoch: seen.epoch.max(mine.epoch).saturating_add(1),
                behind: Some(behind),
            };
        }
        return Ruling::Keep {
            renew: now.duration_since(seen.renewed) >= age(limits::LEASE_RENEWED) || seen.renewed > now,
        };
    }
    // An epoch is written down before it is said. A process that died in between left the note of the one before it: of this
    // host, by our key, and of an epoch that this database had gone beyond.
    let ours = seen.run == mine.before || seen.epoch < mine.epoch;
    let own = ours && seen.host == mine.host && seen.sealed;
    if seen.released || own || seen.lapses() <= now {
        return take(Some(seen), mine);
    }
    Ruling::Yield(seen.clone())
}

fn take(seen: Option<&Lease>, mine: &Mine) -> Ruling {
    let last = seen.map_or(0, |seen| seen.epoch).max(mine.epoch);
    Ruling::Take {
        epoch: last.saturating_add(1),
        behind: seen.filter(|seen| seen.sealed).and_then(|seen| behind(seen, mine)),
    }
}

/// How it shows that the database is older than the mailbox. What another key sealed says nothing about this one.
///
/// A note knows what its bot did up to the last time it said so. One that gave the mailbox back said so last of all; one that
/// fell silent on another host may have done more, with another copy of this database.
fn behind(seen: &Lease, mine: &Mine) -> Option<String> {
    if seen.epoch > mine.epoch {
        return Some(format!(
            "the mailbox was held since by the bot on {} (epoch {}, and this database knows of {})",
            seen.host, seen.epoch, mine.epoch
        ));
    }
    if seen.epoch < mine.epoch {
        return None;
    }
    if seen.journal > mine.journal {
        return Some(format!(
            "the bot that last held the mailbox knew more: its journal had {} entries at {}, and this database has {}",
            seen.journal, seen.renewed, mine.journal
        ));
    }
    (!seen.released && seen.host != mine.host).then(|| {
        format!(
            "the bot on {} held the mailbox until it fell silent at {}, and nobody knows what it sent last",
            seen.host, seen.renewed
        )
    })
}

fn age(of: std::time::Duration) -> SignedDuration {
    SignedDuration::try_from(of).unwrap_or(SignedDuration::ZERO)
}
