//! What a number is about, and numbers by that.

use super::measure::Measure;
use std::collections::BTreeMap;

/// Whom or what a number is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Subject {
    /// The cadence's name.
    pub cadence: String,
    /// The rep's address.
    pub rep: String,
    /// Of people: where they came from, the prospect's field `source`; empty when unknown.
    pub source: String,
    /// Of people: the prospect's field `persona`; empty when unknown.
    pub persona: String,
    /// Of touches: the step; 0 of people.
    pub step: u16,
    /// Of touches: the name of the step's file, by which a step is known when its number moves; empty when unknown.
    pub template: String,
    /// Of touches: the wording's letter; empty when the step has one.
    pub variant: String,
    /// Of touches: what the wordings differ in.
    pub test: String,
}

/// What is counted where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Days since 1970 UTC.
    pub day: i64,
    /// About whom or what.
    pub subject: Subject,
    /// What.
    pub measure: Measure,
}

/// Numbers by key; they may be negative in a difference.
pub type Counts = BTreeMap<Key, i64>;

/// Whether a measure is kept by month alone: hours of the week are too fine for days.
#[must_use]
pub fn is_monthly(measure: Measure) -> bool {
    matches!(
        measure,
        Measure::MailedAt(_) | Measure::AnsweredAt(_) | Measure::AnswerCameAt(_)
    )
}

/// What the longer journal counts more than the shorter one.
pub fn add_difference(total: &mut Counts, before: Counts, after: Counts) {
    for (key, many) in after {
        *total.entry(key).or_insert(0) += many;
    }
    for (key, many) in before {
        *total.entry(key).or_insert(0) -= many;
    }
}
