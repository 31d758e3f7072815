//! An enrollment ends, and its cadence says where the prospect goes on.
//!
//! The successor has an id of its own, derived from the one before it, so that the same end makes it once. It begins a
//! conversation of its own, since its first mail is another subject.

use super::enroll::{Candidate, Handed, enroll};
use super::{View, window};
use crate::model::{
    Action, Alert, Cadence, CadenceName, ContentKey, Ending, EnrollmentId, Fact, MeetingSaid, Notice, PauseReason,
    Standing, StepNo, Switch, TaskOutcome, Thread,
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
    let on = &view.cadence.on;
    let ended = facts.iter().any(|fact| matches!(fact, Fact::Ended { .. }));
    let no_show = facts.iter().any(is_no_show);
    if no_show && ended {
        return switch_of(on.no_show.as_ref());
    }
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
    let said = facts.iter().find_map(|fact| match fact {
        Fact::Meeting { .. } if ended => on.meeting.as_ref(),
        Fact::Replied {
            intent: Some(intent), ..
        } if ended => Some(on.reply(intent.code())),
        Fact::Signalled { name, .. } if ended => Some(on.signal(name)),
        _ => None,
    });
    if said.is_some() {
        return switch_of(said);
    }
    let logged = facts.iter().find_map(|fact| match fact {
        Fact::TaskClosed { outcome, .. } if ended => Some(*outcome),
        _ => None,
    })?;
    let said = on.outcomes.iter().find(|(known, _)| *known == logged);
    let meeting = on.meeting.as_ref().filter(|_| logged == TaskOutcome::Meeting);
    switch_of(said.map(|(_, action)| action).or(meeting))
}

fn is_no_show(fact: &Fact) -> bool {
    let why = MeetingSaid::NoShow;
    matches!(fact, Fact::Reopened { why: said } | Fact::Paused { why: PauseReason::Meeting(said), .. } if *said == why)
}

fn switch_of(action: Option<&Action>) -> Option<&Switch> {
    match action {
        Some(Action::Switch(switch)) => Some(switch),
        _ => None,
    }
}

/// What the rep is told at once of facts that need no word of theirs: that the last touch was made, where the cadence wants
/// that told.
#[must_use]
pub fn news(view: &View<'_>, facts: &[Fact]) -> Option<Notice> {
    let outcome = Ending::Completed;
    let completed = facts.contains(&Fact::Ended { outcome });
    (completed && view.cadence.on.tells_completed).then(|| view.alert(Alert::Completed))
}

/// The enrollment in the cadence `to` that takes the place of the view's.
#[must_use]
pub fn successor(view: &View<'_>, switch: &Switch, to: &Cadence, now: Timestamp) -> Successor {
    let before = view.enrollment;
    let (id, begin, enrolled) = begun(view, switch, &to.edition, now);
    let first = to.step(StepNo::FIRST).map(|step| {
        let slot = window::slot(to, step, None, begin, &view.diary(), id.0, begin);
        Fact::Scheduled {
            step: StepNo::FIRST,
            due: slot.at,
            why: format!("{}; {}", came_from(&before.cadence, switch), slot.why),
            of: Some(step.mark()),
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

/// The same where the rep wants another cadence before any touch of the first was made: the mail by which they handed over
/// stands for its touch 1 too, and nobody is written to twice. `None` when touches were made.
#[must_use]
pub fn instead(view: &View<'_>, to: &Cadence, now: Timestamp) -> Option<Successor> {
    let before = view.enrollment;
    let adopted = before.touched == Some((StepNo::FIRST, before.enrolled_at));
    if !adopted || before.next_step() != Some(StepNo::FIRST.next()) {
        return None;
    }
    let handed = Handed {
        rep: view.rep,
        mail: &ContentKey(format!("after {}", before.id)),
        thread: before.thread.clone(),
        sent: None,
        adopts: true,
        start: None,
    };
    let candidate = Candidate {
        prospect: before.prospect.clone(),
        active: None,
        suppressed: None,
        missing: Vec::new(),
        own_domain: false,
    };
    let enrolled = enroll(&handed, &candidate, to, view.hours, now).ok()?;
    Some(Successor {
        id: EnrollmentId::after(before.id, &to.name),
        facts: enrolled.facts,
    })
}

/// The same while the files of that cadence cannot be used: it waits for them, and nothing is lost.
#[must_use]
pub fn waiting(view: &View<'_>, switch: &Switch, now: Timestamp) -> Successor {
    let (id, begin, enrolled) = begun(view, switch, "", now);
    let waits = Fact::Scheduled {
        step: StepNo::FIRST,
        due: begin,
        why: format!(
            "{}; its cadence does not load yet",
            came_from(&view.enrollment.cadence, switch)
        ),
        of: None,
    };
    Successor {
        id,
        facts: vec![enrolled, waits],
    }
}

/// Its id, when it begins, and its first fact.
fn begun(view: &View<'_>, switch: &Switch, edition: &str, now: Timestamp) -> (EnrollmentId, Timestamp, Fact) {
    let before = view.enrollment;
    let begin = if switch.after == 0 {
        now
    } else {
        view.days_from(switch.after, now)
    };
    let enrolled = Fact::Enrolled {
        rep: before.rep.clone(),
        prospect: Box::new(before.prospect.clone()),
        cadence: switch.to.clone(),
        edition: edition.to_owned(),
        mail: ContentKey(format!("after {}", before.id)),
        thread: Thread {
            subject: String::new(),
            ids: Vec::new(),
        },
        adopted: None,
        stood_for: None,
    };
    (EnrollmentId::after(before.id, &switch.to), begin, enrolled)
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
