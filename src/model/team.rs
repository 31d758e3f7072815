//! What a team's digest says, before it has words: who is behind, which cadences are at risk. It names no prospect.

use jiff::Timestamp;
use jiff::civil::Date;

/// A team on one day, for those who answer for it.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamDigest {
    /// Which day.
    pub date: Date,
    /// Reps with touches that are late or answers that wait, the furthest behind first.
    pub behind: Vec<Behind>,
    /// How many more are behind than are listed.
    pub more: usize,
    /// Reps of whom nothing is late.
    pub up_to_date: usize,
    /// Cadences that somebody should look at.
    pub at_risk: Vec<AtRisk>,
    /// What keeps everybody's, or one rep's, touches from going out, a sentence each.
    pub held: Vec<String>,
    /// Mails of which nobody knows whether they went out.
    pub doubts: usize,
    /// Mails that did not prove to be from whom they say, on which nobody ruled yet.
    pub quarantined: usize,
    /// Prospects who are in a cadence.
    pub active: usize,
    /// When the bot last looked at every folder of its mailbox; `None`: not since it was started.
    pub synced: Option<Timestamp>,
}

impl TeamDigest {
    /// Whether there is nothing that anybody should do about it.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let trouble = !self.at_risk.is_empty() || !self.held.is_empty();
        self.behind.is_empty() && !trouble && self.doubts == 0 && self.quarantined == 0
    }
}

/// A rep who is behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Their name.
    pub rep: String,
    /// Touches by hand that were due on an earlier business day.
    pub late: usize,
    /// How many business days the oldest of them is late.
    pub days_late: u32,
    /// Prospects who answered and wait for the rep since an earlier business day.
    pub waiting: usize,
    /// How many business days the first of them waits.
    pub days_waiting: u32,
    /// The last day of their vacation, while they are away and nobody stands in.
    pub away: Option<Date>,
}

/// A cadence at risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtRisk {
    /// Its name.
    pub cadence: String,
    /// Why, a clause each.
    pub why: Vec<String>,
}
