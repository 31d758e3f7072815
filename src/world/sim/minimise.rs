//! The shortest plan that still fails: items are left out, many at once and then fewer, for as long as it fails in the
//! same way (delta debugging).

use super::plan::Plan;
use super::report::Verdict;

/// Worlds that are played at most to make one plan shorter.
const TRIES: usize = 400;

/// A shorter plan with which the same property does not hold, and what it comes to.
pub(super) fn shortest(plan: &Plan, failed: Verdict, mut play: impl FnMut(&Plan) -> Verdict) -> (Plan, Verdict) {
    let Some(property) = failed.violations.first().map(|violation| violation.property) else {
        return (plan.clone(), failed);
    };
    let same = |verdict: &Verdict| {
        verdict
            .violations
            .iter()
            .any(|violation| violation.property == property)
    };
    let (mut best, mut verdict) = (plan.clone(), failed);
    let mut tries = 0;
    let mut part = best.items.len().div_ceil(2).max(1);
    loop {
        let mut shorter = false;
        let mut from = 0;
        while from < best.items.len() && tries < TRIES {
            tries += 1;
            let mut less = best.clone();
            less.items.drain(from..(from + part).min(less.items.len()));
            let played = play(&less);
            if same(&played) {
                (best, verdict, shorter) = (less, played, true);
            } else {
                from += part;
            }
        }
        if tries >= TRIES || (part == 1 && !shorter) {
            return (best, verdict);
        }
        part = if part == 1 { 1 } else { part.div_ceil(2) };
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::Size;
    use super::super::report::{Tally, Violation};
    use super::*;

    #[test]
    fn only_what_is_needed_is_left() {
        let plan = Plan::draw(7, Size::USUAL);
        let needed = [plan.items[3].clone(), plan.items[20].clone()];
        let play = |plan: &Plan| {
            let fails = needed.iter().all(|item| plan.items.contains(item));
            let violation = Violation {
                property: "P1",
                at: String::new(),
                what: String::new(),
            };
            Verdict {
                seed: plan.seed,
                tally: Tally::default(),
                violations: fails.then_some(violation).into_iter().collect(),
                trace: 0,
            }
        };
        let (short, verdict) = shortest(&plan, play(&plan), play);
        assert_eq!(short.items, needed);
        assert_eq!(verdict.violations.len(), 1);
    }
}
