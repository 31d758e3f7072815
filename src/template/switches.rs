//! Cadences that lead into one another: every target exists, and nobody goes round in circles.

use super::nearest::did_you_mean;
use super::problem::{Complaints, Problem};
use super::shelf::Shelf;
use crate::model::CadenceName;
use std::collections::{BTreeMap, BTreeSet};

/// Complains about switches to nowhere, and about those by which a prospect would come back. One to a cadence that is
/// `held` is right: whoever is switched there waits until it loads.
pub(super) fn check(
    shelves: &BTreeMap<CadenceName, Shelf>,
    held: impl Fn(&CadenceName) -> bool,
    problems: &mut Vec<Problem>,
) {
    for (name, shelf) in shelves {
        for (to, place) in &shelf.switches {
            let what = if held(to) {
                continue;
            } else if !shelves.contains_key(to) {
                let hint = did_you_mean(to.as_str(), shelves.keys().map(CadenceName::as_str));
                format!("there is no cadence `{to}` to switch to{hint}")
            } else if reaches(shelves, to, name) {
                format!("`{to}` leads back to `{name}`: nobody is to go round in circles")
            } else {
                continue;
            };
            Complaints::about(format!("{name}/cadence.toml"), problems).add(*place, what);
        }
    }
}

/// Whether switches lead from one cadence to another, or both are the same.
fn reaches(shelves: &BTreeMap<CadenceName, Shelf>, from: &CadenceName, to: &CadenceName) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            let switches = shelves.get(name).map_or(&[][..], |shelf| &shelf.switches);
            open.extend(switches.iter().map(|(next, _)| next));
        }
    }
    false
}
