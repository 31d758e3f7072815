//! Whether a step's condition holds when the step falls due, and in words why it does not.
//!
//! Decided at that moment and not before: what the rep logs until then counts.

use crate::model::{Condition, Enrollment, History, Prospect};
use jiff::{SignedDuration, Timestamp};

/// Whether it holds.
#[must_use]
pub fn holds(condition: &Condition, enrollment: &Enrollment, now: Timestamp) -> bool {
    let history = &enrollment.history;
    let field = |name: &str| value(&enrollment.prospect, name);
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, enrollment, now)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, enrollment, now)),
        Condition::Not(inner) => !holds(inner, enrollment, now),
        Condition::Outcome { step, is, .. } => {
            let logged = history.outcomes.iter().find(|(known, _)| known == step);
            logged.map(|(_, outcome)| *outcome) == *is
        }
        Condition::Ever(outcome) => history.outcomes.iter().any(|(_, logged)| logged == outcome),
        Condition::RepliedDaysAgo(days) => since_reply(history, now).is_some_and(|since| since >= i64::from(*days)),
        Condition::RepliedWithin(days) => since_reply(history, now).is_some_and(|since| since < i64::from(*days)),
        Condition::Meant(intent) => match intent {
            Some(_) => history.replied.is_some() && history.meant == *intent,
            None => history.replied.is_none(),
        },
        Condition::Signalled(name) => history.signals.iter().any(|(known, _)| known == name),
        Condition::Arm { test, letter } => history.arm(test) == Some(letter),
        Condition::Passed => false,
        Condition::Known(name) => field(name).is_some(),
        Condition::Is { field: name, value } => field(name).is_some_and(|known| folded(&known) == folded(value)),
        Condition::Contains { field: name, value } => {
            field(name).is_some_and(|known| folded(&known).contains(&folded(value)))
        }
    }
}

/// Why a condition that does not hold does not: the condition, and what is the case instead.
#[must_use]
pub fn why_not(condition: &Condition, enrollment: &Enrollment, now: Timestamp) -> String {
    if *condition == Condition::Passed {
        return "the cadence was edited, and it stands before touches that were made".to_owned();
    }
    let mut cases = Vec::new();
    case(condition, enrollment, now, &mut cases);
    format!("`{condition}` does not hold: {}", cases.join(", "))
}

/// What is the case, for every part of a condition, each told once.
fn case(condition: &Condition, enrollment: &Enrollment, now: Timestamp, cases: &mut Vec<String>) {
    let history = &enrollment.history;
    let told = match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| case(part, enrollment, now, cases));
            return;
        }
        Condition::Not(inner) => return case(inner, enrollment, now, cases),
        Condition::Outcome { step, .. } => match history.outcomes.iter().find(|(known, _)| known == step) {
            Some((_, outcome)) => format!("touch {step} was logged as \"{}\"", outcome.word()),
            None => format!("nothing is logged for touch {step}"),
        },
        Condition::Ever(outcome) => {
            let ever = history.outcomes.iter().any(|(_, logged)| logged == outcome);
            format!(
                "{} touch was logged as \"{}\"",
                if ever { "a" } else { "no" },
                outcome.word()
            )
        }
        Condition::RepliedDaysAgo(_) | Condition::RepliedWithin(_) => match since_reply(history, now) {
            Some(days) => format!("days since the last reply: {days}"),
            None => "they have not answered".to_owned(),
        },
        Condition::Meant(_) => match (&history.replied, &history.meant) {
            (None, _) => "they have not answered".to_owned(),
            (Some(_), Some(meant)) => format!("their last answer reads as {meant}"),
            (Some(_), None) => "nothing is known of what their last answer means".to_owned(),
        },
        Condition::Signalled(name) => match history.signals.iter().any(|(known, _)| known == name) {
            true => format!("{name} was reported"),
            false => format!("nothing of {name} was reported"),
        },
        Condition::Arm { test, .. } => match history.arm(test) {
            Some(dealt) => format!("they got arm {dealt}"),
            None => "no arm was dealt to them yet".to_owned(),
        },
        Condition::Passed => return,
        Condition::Known(name) | Condition::Is { field: name, .. } | Condition::Contains { field: name, .. } => {
            match value(&enrollment.prospect, name) {
                Some(value) => format!("{name} is \"{}\"", super::words::excerpt(&value)),
                None => format!("no {name} is known"),
            }
        }
    };
    if !cases.contains(&told) {
        cases.push(told);
    }
}

/// Whole days since the last reply; `None` without one.
fn since_reply(history: &History, now: Timestamp) -> Option<i64> {
    let since: SignedDuration = now.duration_since(history.replied?);
    Some(since.as_hours() / 24)
}

/// What a prospect's word says; `None` when it is not known or blank.
fn value(prospect: &Prospect, name: &str) -> Option<String> {
    let given = prospect.fields.get(name).map(String::as_str);
    let known = match name {
        "email" => Some(prospect.address.as_str()),
        "name" => prospect.name.as_deref().or(given),
        "first_name" => given.or_else(|| prospect.first_name()),
        "last_name" => given.or_else(|| prospect.last_name()),
        _ => given,
    };
    known
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}
