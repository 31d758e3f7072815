//! What simulated worlds come to, in figures.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// The figures of one world or of many.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Tally {
    /// Worlds.
    pub worlds: u64,
    /// One active enrollment for one simulated day each.
    pub cadence_days: u64,
    /// Things that went wrong.
    pub faults: u64,
    /// Deaths of the process.
    pub crashes: u64,
    /// Mails that a prospect got twice.
    pub duplicates: u64,
    /// Mails that went out after a stop lay in the mailbox.
    pub sent_after_stop: u64,
    /// Stops that were not heard.
    pub lost_stops: u64,
    /// Mails to somebody whom no rep handed over.
    pub backscatter: u64,
    /// Touches of which nobody knew whether they went out.
    pub in_doubt: u64,
    /// How often the bot woke up.
    pub wakes: u64,
    /// Mails to prospects.
    pub touches: u64,
    /// Mails to reps.
    pub notices: u64,
    /// Worlds in which a property did not hold.
    pub violations: u64,
    /// Faults by kind.
    pub by_kind: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Something went wrong.
    pub(super) fn fault(&mut self, kind: &'static str) {
        self.faults += 1;
        *self.by_kind.entry(kind).or_default() += 1;
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.worlds += other.worlds;
        self.cadence_days += other.cadence_days;
        self.faults += other.faults;
        self.crashes += other.crashes;
        self.duplicates += other.duplicates;
        self.sent_after_stop += other.sent_after_stop;
        self.lost_stops += other.lost_stops;
        self.backscatter += other.backscatter;
        self.in_doubt += other.in_doubt;
        self.wakes += other.wakes;
        self.touches += other.touches;
        self.notices += other.notices;
        self.violations += other.violations;
        for (kind, many) in &other.by_kind {
            *self.by_kind.entry(kind).or_default() += many;
        }
    }
}

/// A property that did not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Which, as reliability.md numbers them: `P1`.
    pub property: &'static str,
    /// When, in the world's time.
    pub at: String,
    /// What happened.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.property, self.at, self.what)
    }
}

/// What became of one world.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What it was drawn from.
    pub seed: u64,
    /// Its figures.
    pub tally: Tally,
    /// What did not hold.
    pub violations: Vec<Violation>,
    /// Two runs of one seed have the same.
    pub trace: u64,
}
