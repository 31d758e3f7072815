//! An enrollment ends, and its cadence says where the prospect goes on.
//!
//! The successor has an id of its own, derived from the one before it, so that the same end makes it once. It begins a
//! conversation of its own, since its first mail is another subject.

use super::{View, window};
use crate::model::{
    Action, Cadence, CadenceName, ContentKey, Ending, EnrollmentId, Fact, Standing, StepNo, Switch, Thread,
};
use jiff::Timestamp;

/// A new enrollment that follows another.
#[derive(Debug, Clone, PartialEq)]
pub struct Successor {
    /// Its id.
    pub id: EnrollmentId,
    /// `Enrolled`, then when its first touch is due.
    pub facts: Vec<Fact>,
}

/// Where these facts about the enrollment lead, if its cadence switches it: the way. An enrollment that was over before
/// leads nowhere any more.
#[must_use]
pub fn leads_to<'a>(view: &View<'a>, facts: &[Fact]) -> Option<&'a Switch> {
    if matches!(view.enrollment.standing, Standing::Ended { .. }) {
        return None;
    }
    let completed = |fact: &Fact| {
        let outcome = Ending::Completed;
        *fact == Fact::Ended { outcome }
    };
    if facts.iter().any(completed) {
        return view.cadence.on.completed.as_ref();
    }
    let ended = facts.iter().any(|fact| matches!(fact, Fact::Ended { .. }));
    let logged = facts.iter().find_map(|fact| match fact {
        Fact::TaskClosed { outcome, .. } if ended => Some(*outcome),
        _ => None,
    })?;
    let said = view.cadence.on.outcomes.iter().find(|(known, _)| *known == logged);
    match said {
        Some((_, Action::Switch(switch))) => Some(switch),
        _ => None,
    }
}

/// The enrollment in the cadence `to` that takes the place of the view's.
#[must_use]
pub fn successor(view: &View<'_>, switch: &Switch, to: &Cadence, now: Timestamp) -> Successor {
    let before = view.enrollment;
    let id = EnrollmentId::after(before.id, &to.name);
    let begin = if switch.after == 0 {
        now
    } else {
        view.days_from(switch.after, now)
    };
    let enrolled = Fact::Enrolled {
        rep: before.rep.clone(),
        prospect: Box::new(before.prospect.clone()),
        cadence: to.name.clone(),
        edition: to.edition.clone(),
        mail: ContentKey(format!("after {}", before.id)),
        thread: Thread {
            subject: String::new(),
            ids: Vec::new(),
        },
        adopted: None,
    };
    let first = to.step(StepNo::FIRST).map(|step| {
        let slot = window::slot(to, step, None, begin, &view.diary(), id.0, begin);
        Fact::Scheduled {
            step: StepNo::FIRST,
            due: slot.at,
            why: format!("{}; {}", came_from(&before.cadence, switch), slot.why),
        }
    });
    let first = first.unwrap_or(Fact::Ended {
        outcome: Ending::Completed,
    });
    Successor {
        id,
        facts: vec![enrolled, first],
    }
}

/// `goes on from "outbound" after 30 days`.
fn came_from(before: &CadenceName, switch: &Switch) -> String {
    let after = after(switch);
    format!("goes on from \"{before}\"{after}")
}

/// ` after 30 days`, or nothing.
pub(super) fn after(switch: &Switch) -> String {
    match switch.after {
        0 => String::new(),
        1 => " after a day".to_owned(),
        days => format!(" after {days} days"),
    }
}
