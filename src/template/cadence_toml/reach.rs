//! Steps that are never made as they are written: a condition that cannot hold, a time of the day at which the window is shut.
//!
//! A condition is taken apart into the ways in which it could hold; when each of them contradicts itself, or the cadence, the
//! step is refused. What depends on the house (whether anybody reports opens) or on chance is left alone. Limits: [`WAYS`].

use super::DraftStep;
use crate::model::{Action, At, Channel, Condition, Events, Window};
use crate::template::problem::Place;

/// A condition that could hold in more ways than this is believed: `when` has a bounded length, its ways grow with powers.
const WAYS: usize = 256;

/// One part of a condition, and whether it must hold or must not.
type Part<'a> = (&'a Condition, bool);

/// Where and why steps are never made.
pub(super) fn never_made(steps: &[DraftStep], on: &Events, window: Option<&Window>) -> Vec<(Place, String)> {
    let mut found = Vec::new();
    for (nth, step) in steps.iter().enumerate() {
        let number = step.step.number;
        if let (Some(window), At::Clock(time)) = (window, step.step.at)
            && window.from < window.to
            && !(window.from..window.to).contains(&time)
        {
            let what = format!(
                "step {number} is planned for {}, and this cadence's window is open from {} to {}: it never goes out then; \
                 name a time inside, or widen `window`",
                time.strftime("%H:%M"),
                window.from.strftime("%H:%M"),
                window.to.strftime("%H:%M")
            );
            found.push((step.at_at, what));
        }
        let Some(when) = &step.step.when else { continue };
        let before = steps.get(..nth).unwrap_or_default();
        let by_hand = before.iter().any(|step| step.step.channel != Channel::Email);
        if let Some(why) = impossible(when, on, by_hand) {
            let what = format!("step {number} is never made: {why}; change its `when`, or take the step out");
            found.push((step.when_at, what));
        }
    }
    found
}

/// Why a condition never holds; `None` when it may.
fn impossible(when: &Condition, on: &Events, by_hand: bool) -> Option<String> {
    let ways = ways(when, true)?;
    let mut whys = ways.iter().map(|way| contradiction(way, on, by_hand));
    let first = whys.next().flatten()?;
    whys.all(|why| why.is_some()).then_some(first)
}

/// Every way in which it holds (or, turned round, does not), each as the parts that must then be so. `None` when there are
/// more than [`WAYS`].
fn ways(condition: &Condition, holds: bool) -> Option<Vec<Vec<Part<'_>>>> {
    let (parts, together) = match condition {
        Condition::All(parts) => (parts, holds),
        Condition::Any(parts) => (parts, !holds),
        Condition::Not(inner) => return ways(inner, !holds),
        leaf => return Some(vec![vec![(leaf, holds)]]),
    };
    let mut found = if together { vec![Vec::new()] } else { Vec::new() };
    for part in parts {
        let more = ways(part, holds)?;
        if together {
            let joined = found.iter().flat_map(|way: &Vec<Part<'_>>| {
                more.iter()
                    .map(|other| way.iter().chain(other).copied().collect::<Vec<_>>())
            });
            found = joined.take(WAYS + 1).collect();
        } else {
            found.extend(more);
        }
        if found.len() > WAYS {
            return None;
        }
    }
    Some(found)
}

/// Why these parts are never so together.
fn contradiction(way: &[Part<'_>], on: &Events, by_hand: bool) -> Option<String> {
    let alone = way.iter().find_map(|part| never(*part, on, by_hand));
    alone.or_else(|| {
        way.iter().enumerate().find_map(|(nth, one)| {
            let rest = way.get(nth + 1..).unwrap_or_default();
            let other = rest
                .iter()
                .find(|other| exclude(*one, **other) || exclude(**other, *one))?;
            Some(format!("`{}` and `{}` never hold together", said(*one), said(*other)))
        })
    })
}

fn said((condition, holds): Part<'_>) -> String {
    if holds {
        condition.to_string()
    } else {
        Condition::Not(Box::new(condition.clone())).to_string()
    }
}

/// Why a part by itself is never so in this cadence.
fn never((condition, holds): Part<'_>, on: &Events, by_hand: bool) -> Option<String> {
    let ends = |action: &Action| matches!(action, Action::Finish | Action::Switch(_));
    match condition {
        Condition::Ever(outcome) if holds && !by_hand => Some(format!(
            "its `when` asks for the outcome {}, and no step before it is a human's",
            outcome.code()
        )),
        Condition::Outcome { is: Some(outcome), .. } | Condition::Ever(outcome)
            if holds && ends(&on.action(*outcome)) =>
        {
            Some(format!(
                "its `when` asks for the outcome {}, and that ends the cadence",
                outcome.code()
            ))
        }
        Condition::Signalled(name) if holds && ends(on.signal(name)) => Some(format!(
            "its `when` asks for the signal {name}, and that ends the cadence"
        )),
        Condition::RepliedWithin(0) if holds => Some("no reply is less than 0 days old".to_owned()),
        _ => None,
    }
}

/// Whether the second is never so while the first is.
fn exclude((one, holds): Part<'_>, (other, other_holds): Part<'_>) -> bool {
    use Condition::{Arm, Contains, Is, Known, Meant, Outcome, RepliedDaysAgo, RepliedWithin};
    if one == other {
        return holds != other_holds;
    }
    let folded = |text: &str| text.trim().to_lowercase();
    match ((one, holds), (other, other_holds)) {
        ((Outcome { step, .. }, true), (Outcome { step: of, .. }, true)) => step == of,
        ((Meant(_), true), (Meant(_), true)) => true,
        (
            (Arm { test, letter }, true),
            (
                Arm {
                    test: of,
                    letter: other,
                },
                true,
            ),
        ) => test == of && letter != other,
        ((Meant(None), true), (RepliedDaysAgo(_) | RepliedWithin(_), true)) => true,
        ((RepliedDaysAgo(least), true), (RepliedWithin(below), true)) => below <= least,
        ((Is { field, .. } | Contains { field, .. }, true), (Known(of), false)) => field == of,
        (
            (Is { field, value }, true),
            (
                Is {
                    field: of,
                    value: other,
                },
                true,
            ),
        ) => field == of && folded(value) != folded(other),
        ((Is { field, value }, true), (Contains { field: of, value: part }, has)) => {
            field == of && folded(value).contains(&folded(part)) != has
        }
        _ => false,
    }
}
