//! A rep's numbers in a few words: what the command `report` answers, and what the digest says under "Your numbers". Both are
//! the rows of the report's summary, so that they agree with it and with one another.

use super::build::{Asked, Numbers};
use super::people;
use super::sums::Tallied;
use crate::model::{Cell, Rate, Section};
use std::collections::BTreeMap;

/// The rows of a summary, a line each: `reply rate 5.9 % (2 of 34), 4.0 % before`. What nothing is known of is left out.
#[must_use]
pub fn in_short(summary: &Section) -> Vec<String> {
    summary.rows.iter().filter_map(|row| line(row)).collect()
}

fn line(row: &[Cell]) -> Option<String> {
    let [Cell::Text(name), now, before, ..] = row else {
        return None;
    };
    match (now, before) {
        (Cell::Count(now), Cell::Count(before)) => Some(format!("{now} {name} ({before} before)")),
        (Cell::Rate(now), Cell::Rate(before)) if now.of > 0 => {
            let was = if before.of > 0 {
                format!(", {} before", percent(before))
            } else {
                String::new()
            };
            Some(format!("{name} {} ({} of {}){was}", percent(now), now.hits, now.of))
        }
        _ => None,
    }
}

fn percent(rate: &Rate) -> String {
    format!("{:.1} %", rate.value() * 100.0)
}

/// The same for every rep of whom anything is counted, by address: of a whole team in one go.
#[must_use]
pub fn in_short_of_all(asked: &Asked, now: &[Tallied], before: &[Tallied]) -> BTreeMap<String, Vec<String>> {
    let mut reps: BTreeMap<String, (Vec<Tallied>, Vec<Tallied>)> = BTreeMap::new();
    for one in now {
        reps.entry(one.subject.rep.clone()).or_default().0.push(one.clone());
    }
    for one in before {
        reps.entry(one.subject.rep.clone()).or_default().1.push(one.clone());
    }
    let summed = reps.into_iter().map(|(rep, (now, before))| {
        let numbers = Numbers {
            now: &now,
            before: &before,
            timing: &[],
            months: &[],
            cadences: &[],
            trials: &[],
            promotions: &[],
            repeated: &[],
            benchmarks: &[],
        };
        let lines = in_short(&people::summary(asked, &numbers));
        (rep, lines)
    });
    summed.collect()
}
