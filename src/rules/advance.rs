//! A touch has fallen due: make it, wait a little longer, or end.
//!
//! One touch is scheduled at a time, each counted from the one before it as it happened, so that an outage never makes
//! two of them fall due together.

use super::{View, approve, condition, edited, window};
use crate::model::{
    Alert, Channel, Condition, Decision, Ending, Fact, LetterId, PauseReason, Standing, Step, StepNo,
    SuppressionReason, TaskId, Unlogged, Variant,
};
use jiff::Timestamp;

/// How the reason of a touch begins that waits for the rep to log the one before it.
pub(super) const WAITS_FOR_LOG: &str = "waits for you to log ";

/// What a due enrollment does now.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Make the touch of this step.
    Touch(Step),
    /// Send the draft of this step's mail to the rep.
    Draft(Step),
    /// Not now: facts that say until when and why; none when nothing changed.
    Wait(Decision),
    /// Over.
    End(Decision),
}

/// What is to be done about an enrollment at `now`. Nothing (an empty [`Next::Wait`]) for one that is not due.
#[must_use]
pub fn advance(view: &View<'_>, suppressed: Option<SuppressionReason>, now: Timestamp) -> Next {
    let enrollment = view.enrollment;
    if enrollment.is_active() && suppressed.is_some() {
        return Next::End(Ending::Suppressed.into());
    }
    match &enrollment.standing {
        Standing::Paused {
            next,
            until: Some(until),
            ..
        } if *until <= now => {
            let follows = view.follow(*next, enrollment.touched, now);
            wait_or_end(vec![Fact::Resumed { by: None }, follows])
        }
        Standing::Deciding { next } => wait_or_end(vec![view.follow(*next, enrollment.touched, now)]),
        Standing::Waiting { step, due, .. } if *due <= now => due_now(view, *step, now),
        Standing::Waiting { .. } | Standing::Sending { .. } | Standing::Paused { .. } | Standing::Ended { .. } => {
            Next::Wait(Decision::nothing())
        }
    }
}

/// The touch that a human may begin this morning: due before `until`, the end of the rep's day. It is opened with the digest,
/// or it would stand in the next one, late.
#[must_use]
pub fn for_today<'a>(
    view: &View<'a>,
    suppressed: Option<SuppressionReason>,
    until: Timestamp,
    now: Timestamp,
) -> Option<&'a Step> {
    let Standing::Waiting { step, due, .. } = &view.enrollment.standing else {
        return None;
    };
    let step = view.cadence.step(*step)?;
    if !edited::is_planned(view.enrollment, step) {
        return None;
    }
    // One whose condition does not hold yet is asked again when it falls due.
    let meant = step.when.as_ref();
    if meant.is_some_and(|when| !condition::holds(when, view.enrollment, now)) {
        return None;
    }
    (*due < until && suppressed.is_none() && step.channel != Channel::Email).then_some(step)
}

/// Makes the touch if its condition holds and the window is open. A cadence that was cut shorter has no more to do.
fn due_now(view: &View<'_>, number: StepNo, now: Timestamp) -> Next {
    let Some(step) = view.cadence.step(number) else {
        return Next::End(Ending::Completed.into());
    };
    let passed = step.when == Some(Condition::Passed);
    if let Some(planned) = edited::moved(view, step, now).filter(|_| !passed) {
        return wait_or_end(vec![planned]);
    }
    if let Some(when) = step
        .when
        .as_ref()
        .filter(|when| !condition::holds(when, view.enrollment, now))
    {
        let left_out = Fact::LeftOut {
            step: number,
            why: condition::why_not(when, view.enrollment, now),
            of: Some(step.mark()),
        };
        return wait_or_end(vec![left_out, view.follow(number.next(), view.enrollment.touched, now)]);
    }
    match approve::stage(step, view.enrollment) {
        approve::Stage::Free => {}
        approve::Stage::Unasked => return Next::Draft(step.clone()),
        approve::Stage::Unanswered => return Next::Wait(approve::waits()),
    }
    match window::room(view.cadence, step, &view.diary(), now) {
        Ok(()) => Next::Touch(step.clone()),
        Err(slot) => Next::Wait(Decision::of(vec![Fact::Scheduled {
            step: number,
            due: slot.at,
            why: slot.why,
            of: None,
        }])),
    }
}

fn wait_or_end(facts: Vec<Fact>) -> Next {
    let over = facts.iter().any(|fact| matches!(fact, Fact::Ended { .. }));
    let decision = Decision::of(facts);
    if over {
        Next::End(decision)
    } else {
        Next::Wait(decision)
    }
}

/// After an email step was rendered.
#[must_use]
pub fn rendered(
    view: &View<'_>,
    step: &Step,
    letter: LetterId,
    subject: &str,
    (variant, text): (Option<Variant>, Option<String>),
) -> Decision {
    Decision::of(vec![Fact::Rendered {
        text,
        step: step.number,
        letter,
        subject: subject.to_owned(),
        variant,
        begins: view.enrollment.begins(step),
    }])
}

/// After a human's touch was opened as a task: schedules the next step too, or ends when there is none. The task stays
/// open beyond the end.
#[must_use]
pub fn opened(view: &View<'_>, step: &Step, task: TaskId, text: Option<String>, now: Timestamp) -> Decision {
    let opened = Fact::TaskOpened {
        step: step.number,
        task,
        text,
    };
    let touched = Some((step.number, now));
    let follows = match view.cadence.on.unlogged {
        Unlogged::GoOn => view.follow(step.number.next(), touched, now),
        Unlogged::Wait(days) => {
            let until = view.days_from(days, now);
            waiting_for(step.number, view.follow(step.number.next(), touched, until))
        }
    };
    Decision::of(vec![opened, follows])
}

/// Adds to a planned touch that it waits for the rep.
fn waiting_for(touch: StepNo, planned: Fact) -> Fact {
    match planned {
        Fact::Scheduled { step, due, why, of } => Fact::Scheduled {
            step,
            due,
            of,
            why: format!("{WAITS_FOR_LOG}touch {touch}, until then at most; {why}"),
        },
        other => other,
    }
}

/// A word is missing that was there at enrolling: waits for the rep, who is told which.
#[must_use]
pub fn unrenderable(view: &View<'_>, words: &[String], _now: Timestamp) -> Decision {
    Decision {
        facts: vec![Fact::Paused {
            why: PauseReason::MissingWords(words.join(", ")),
            until: None,
        }],
        notices: vec![view.alert(Alert::MissingWords { words: words.to_vec() })],
        suppress: Vec::new(),
    }
}
