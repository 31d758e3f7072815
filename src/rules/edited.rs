//! A cadence was edited while people are in it: what is to come changes, and nothing is made twice or forgotten silently.
//!
//! A step is known by the name of its step file. The touches that were made keep their numbers, by which letters and tasks
//! are named; what the cadence says now follows behind them. A step that was put before touches that were made comes too
//! late: it is left out, and the journal says so. One that is gone is not made, and the next gets a time of its own.

use super::View;
use crate::model::{At, Cadence, Condition, Enrollment, Fact, Step, StepMark, StepNo};
use jiff::Timestamp;

/// The cadence as it goes on for this enrollment; `None`: as it stands, since nothing that was met has changed.
#[must_use]
pub fn as_met(enrollment: &Enrollment, cadence: &Cadence) -> Option<Cadence> {
    let next = enrollment.next_step()?;
    let met = |step: &Step| {
        let mark = enrollment.history.mark(step.number);
        step.number > next || mark.is_none_or(|mark| mark.template == step.template)
    };
    let beyond = |(step, _): &&(StepNo, StepMark)| *step <= next && cadence.step(*step).is_none();
    if cadence.steps.iter().all(met) && !enrollment.history.marks.iter().any(|it| beyond(&it)) {
        return None;
    }
    let made = made(enrollment, cadence, next);
    let place = |of: &StepMark, from: &[Option<usize>]| {
        let same = |(at, step): &(usize, &Step)| step.template == of.template && !from.contains(&Some(*at));
        cadence.steps.iter().enumerate().find(same).map(|(at, _)| at)
    };
    let mut places: Vec<Option<usize>> = Vec::new();
    for mark in &made {
        let at = place(mark, &places);
        places.push(at);
    }
    let reached = places.iter().flatten().max().copied();
    let mut steps: Vec<Step> = made
        .iter()
        .zip(&places)
        .map(|(mark, at)| {
            at.and_then(|at| cadence.steps.get(at))
                .cloned()
                .unwrap_or_else(|| gone(mark))
        })
        .collect();
    for (at, step) in cadence.steps.iter().enumerate() {
        if places.contains(&Some(at)) {
            continue;
        }
        let mut step = step.clone();
        if reached.is_some_and(|reached| at < reached) {
            step.when = Some(Condition::Passed);
        }
        steps.push(step);
    }
    for (step, number) in steps.iter_mut().zip(1..) {
        step.number = StepNo(number);
    }
    let numbers: Vec<(String, StepNo)> = steps.iter().map(|step| (step.template.clone(), step.number)).collect();
    for step in &mut steps {
        if let Some(when) = &mut step.when {
            renumber(when, &numbers);
        }
    }
    Some(Cadence {
        steps,
        ..cadence.clone()
    })
}

/// What an edit changes for one who is in the cadence, in words without the person; `None`: nothing but what is to come of
/// days and texts.
#[must_use]
pub fn effect(enrollment: &Enrollment, cadence: &Cadence) -> Option<String> {
    let met = as_met(enrollment, cadence)?;
    let next = enrollment.next_step()?;
    let mut told: Vec<String> = met
        .steps
        .iter()
        .filter(|step| step.when == Some(Condition::Passed))
        .map(|step| {
            format!(
                "`{}` is left out, since it stands before touches that were made",
                step.template
            )
        })
        .collect();
    let comes = met
        .steps
        .iter()
        .find(|step| step.number >= next && step.when != Some(Condition::Passed));
    let planned = enrollment.history.mark(next).map(|mark| mark.template.as_str());
    match (comes, planned) {
        (Some(step), Some(planned)) if step.template != planned => {
            told.push(format!("`{}` comes next, and not `{planned}`", step.template));
        }
        (Some(step), _) => told.push(format!("`{}` comes next as planned", step.template)),
        (None, _) => told.push("no touch is left".to_owned()),
    }
    Some(told.join("; "))
}

/// What the steps before `next` were, in their order. Of touches made before marks were kept, the cadence as it stands.
fn made(enrollment: &Enrollment, cadence: &Cadence, next: StepNo) -> Vec<StepMark> {
    let known = |step: StepNo| {
        let mark = enrollment.history.mark(step).cloned();
        mark.or_else(|| cadence.step(step).map(Step::mark))
    };
    (1..next.0).map_while(|number| known(StepNo(number))).collect()
}

/// A step that the cadence has no more.
fn gone(mark: &StepMark) -> Step {
    Step {
        number: StepNo::FIRST,
        day: mark.day,
        at: At::Immediately,
        channel: mark.channel,
        template: mark.template.clone(),
        thread: true,
        when: None,
        approve: false,
    }
}

fn renumber(when: &mut Condition, numbers: &[(String, StepNo)]) {
    match when {
        Condition::All(parts) | Condition::Any(parts) => parts.iter_mut().for_each(|part| renumber(part, numbers)),
        Condition::Not(inner) => renumber(inner, numbers),
        Condition::Outcome { step, template, .. } => {
            if let Some((_, number)) = numbers.iter().find(|(name, _)| name == template) {
                *step = *number;
            }
        }
        Condition::Ever(_)
        | Condition::RepliedDaysAgo(_)
        | Condition::RepliedWithin(_)
        | Condition::Meant(_)
        | Condition::Signalled(_)
        | Condition::Arm { .. }
        | Condition::Passed
        | Condition::Known(_)
        | Condition::Is { .. }
        | Condition::Contains { .. } => {}
    }
}

/// Whether this is the step that was planned under its number; what another was planned for is not made early.
#[must_use]
pub fn is_planned(enrollment: &Enrollment, step: &Step) -> bool {
    let planned = enrollment.history.mark(step.number);
    step.when != Some(Condition::Passed) && planned.is_none_or(|planned| planned.template == step.template)
}

/// The step that now stands where another was planned gets a time of its own; `None` when it is the one that was planned.
pub(super) fn moved(view: &View<'_>, step: &Step, now: Timestamp) -> Option<Fact> {
    let planned = view.enrollment.history.mark(step.number)?;
    if planned.template == step.template {
        return None;
    }
    let instead = planned.template.clone();
    Some(match view.follow(step.number, view.enrollment.touched, now) {
        Fact::Scheduled { step, due, why, of } => Fact::Scheduled {
            step,
            due,
            why: format!("the cadence was edited, and `{instead}` does not come now; {why}"),
            of,
        },
        other => other,
    })
}
