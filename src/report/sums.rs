//! Numbers summed up by whatever a table has in its rows.

use super::measure::Measure;
use super::rate;
use super::subject::Subject;
use crate::model::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A number of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallied {
    /// About whom or what.
    pub subject: Arc<Subject>,
    /// What is counted.
    pub measure: Measure,
    /// How often.
    pub many: i64,
}

/// The numbers of one row.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums(BTreeMap<Measure, i64>);

impl Sums {
    /// How often.
    pub fn of(&self, measure: Measure) -> i64 {
        self.0.get(&measure).copied().unwrap_or(0)
    }

    /// How often, as a cell.
    pub fn count(&self, measure: Measure) -> Cell {
        Cell::Count(self.of(measure))
    }

    /// A part of a whole, as a cell.
    pub fn rate(&self, hits: Measure, of: Measure) -> Cell {
        rate::cell(self.of(hits), self.of(of))
    }

    /// One number more.
    pub fn add(&mut self, tallied: &Tallied) {
        *self.0.entry(tallied.measure).or_insert(0) += tallied.many;
    }

    /// All of them.
    pub fn each(&self) -> impl Iterator<Item = (Measure, i64)> {
        self.0.iter().map(|(measure, many)| (*measure, *many))
    }
}

/// Numbers by row. `key` names the row of a subject; `None` leaves it out.
pub(super) fn by<K: Ord>(numbers: &[Tallied], key: impl Fn(&Subject) -> Option<K>) -> BTreeMap<K, Sums> {
    let mut rows: BTreeMap<K, Sums> = BTreeMap::new();
    for tallied in numbers {
        if let Some(key) = key(&tallied.subject) {
            rows.entry(key).or_default().add(tallied);
        }
    }
    rows
}

/// All numbers of people, or of touches, in one.
pub(super) fn total(numbers: &[Tallied], people: bool) -> Sums {
    by(numbers, |subject| ((subject.step == 0) == people).then_some(()))
        .remove(&())
        .unwrap_or_default()
}

/// Words as a cell.
pub(super) fn text(words: impl Into<String>) -> Cell {
    Cell::Text(words.into())
}
