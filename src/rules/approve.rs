//! A mail that goes nowhere without the rep's word: the draft goes to the rep on the business day before, and `send`,
//! `hold` or a text of the rep's own decides. Without a word it waits, however long.
//!
//! What goes out is what was shown, or what the rep wrote instead.

use super::command::Said;
use super::{View, days, window, words};
use crate::model::{
    Alert, Approved, Channel, Decision, Enrollment, Fact, PauseReason, Standing, Step, StepNo, Task, TaskId,
    TaskOutcome, Wording, limits,
};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// How far a mail is that may need a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It needs none, or has it.
    Free,
    /// The rep does not have the draft yet.
    Unasked,
    /// The rep has said nothing yet.
    Unanswered,
}

/// How far the mail of this step is.
pub(super) fn stage(step: &Step, enrollment: &Enrollment) -> Stage {
    if !step.approve || step.channel != Channel::Email {
        return Stage::Free;
    }
    match enrollment.history.draft_of(step.number) {
        None => Stage::Unasked,
        Some(draft) if draft.approved.is_none() => Stage::Unanswered,
        Some(_) => Stage::Free,
    }
}

/// Whether the rep is to be asked about this step and was not yet.
pub(super) fn asks(step: &Step, enrollment: &Enrollment) -> bool {
    stage(step, enrollment) == Stage::Unasked
}

/// A planned mail that needs a word falls due when its draft does: in the rep's morning on the business day before, or at
/// once when that is past.
pub(super) fn asked_first(view: &View<'_>, planned: Fact, now: Timestamp) -> Fact {
    let Fact::Scheduled { step, due, why, of } = planned else {
        return planned;
    };
    let known = view.cadence.step(step);
    if !known.is_some_and(|step| asks(step, view.enrollment)) {
        return Fact::Scheduled { step, due, why, of };
    }
    let day = days::business_day_before(days::date_of(due, &view.rep.zone), view.hours);
    let asked = window::digest_on(day, view.rep).max(now).min(due);
    Fact::Scheduled {
        step,
        due: asked,
        why: format!(
            "then its draft goes to the rep, and the mail itself is due {}: {why}",
            words::moment(view, due)
        ),
        of,
    }
}

/// The draft goes to the rep, and the mail gets its own time.
#[must_use]
pub fn drafted(view: &View<'_>, step: &Step, task: TaskId, text: &Approved, now: Timestamp) -> Decision {
    let Some((drafted, follows, due)) = asked(view, step, task, now) else {
        return Decision::nothing();
    };
    Decision {
        notices: vec![view.alert(Alert::Draft {
            touch: words::touch(view, step.number),
            due,
            text: text.clone(),
        })],
        facts: vec![drafted, follows],
        suppress: Vec::new(),
    }
}

/// When the mail goes out whose draft goes to the rep now; `None` when nothing can be asked.
#[must_use]
pub fn goes_out(view: &View<'_>, step: &Step, task: TaskId, now: Timestamp) -> Option<Timestamp> {
    asked(view, step, task, now).map(|(_, _, due)| due)
}

/// That the rep has the draft, the mail's own time, and when that is.
fn asked(view: &View<'_>, step: &Step, task: TaskId, now: Timestamp) -> Option<(Fact, Fact, Timestamp)> {
    let drafted = Fact::Drafted {
        step: step.number,
        task,
    };
    let mut after = view.enrollment.clone();
    after.apply(now, &drafted).ok()?;
    let asked = View {
        enrollment: &after,
        ..*view
    };
    let follows = asked.follow(step.number, view.enrollment.touched, now);
    let Fact::Scheduled { due, .. } = follows else {
        return None;
    };
    Some((drafted, follows, due))
}

/// A mail as the rep sees and lets it go.
#[must_use]
pub fn text_of(wording: &Wording) -> Approved {
    Approved {
        subject: wording.subject.clone(),
        body: wording.plain.trim().to_owned(),
    }
}

/// It is due and nobody said anything: it waits.
pub(super) fn waits() -> Decision {
    Decision::of(vec![Fact::Paused {
        why: PauseReason::Approval,
        until: None,
    }])
}

/// `send`: the draft may go, in the words of `edited` where the rep wrote their own.
pub(super) fn send(view: &View<'_>, task: Option<&Task>, edited: Option<&str>, now: Timestamp) -> Said {
    let who = words::subject(view);
    let Some(task) = undecided(view, task) else {
        return Said::refused(format!("{who}: nothing changed; no draft waits for your word."));
    };
    let text = match edited {
        Some(edited) => of_rep(edited, &shown(task).subject),
        None => shown(task),
    };
    let wording = if edited.is_some() { " in your words" } else { "" };
    let mut facts = vec![Fact::Approved {
        step: task.step,
        by: view.rep.address.clone(),
        text,
    }];
    facts.extend(closed(task));
    let touch = words::touch(view, task.step);
    match &view.enrollment.standing {
        Standing::Paused { next, why, .. } if *why == PauseReason::Approval => {
            let mut after = view.enrollment.clone();
            let resumed = Fact::Resumed {
                by: Some(view.rep.address.clone()),
            };
            let fits = facts
                .iter()
                .chain(std::iter::once(&resumed))
                .all(|fact| after.apply(now, fact).is_ok());
            if !fits {
                return Said::refused(format!("{who}: nothing changed; it is {}.", words::standing(view)));
            }
            let free = View {
                enrollment: &after,
                ..*view
            };
            let follows = free.follow(*next, view.enrollment.touched, now);
            let when = match &follows {
                Fact::Scheduled { due, .. } => words::moment(view, *due),
                _ => "never, for no touch is left".to_owned(),
            };
            facts.extend([resumed, follows]);
            Said::done(
                facts,
                format!("{who}: {touch} goes out{wording}, {when}. To undo: `hold`."),
            )
        }
        Standing::Paused { .. } => Said::done(
            facts,
            format!(
                "{who}: {touch} may go out{wording}, but it is {}.",
                words::standing(view)
            ),
        ),
        Standing::Waiting { due, .. } => Said::done(
            facts,
            format!(
                "{who}: {touch} goes out{wording}, {}. To undo: `hold`.",
                words::moment(view, (*due).max(now))
            ),
        ),
        Standing::Deciding { .. } | Standing::Sending { .. } | Standing::Ended { .. } => {
            Said::refused(format!("{who}: nothing changed; {}.", words::standing(view)))
        }
    }
}

/// A touch as answers name it.
#[must_use]
pub fn named(view: &View<'_>, step: StepNo) -> String {
    words::touch(view, step)
}

/// When a mail to come goes out, as far as that can be told today.
#[must_use]
pub fn comes(view: &View<'_>, step: &Step, now: Timestamp) -> Timestamp {
    let previous = match &view.enrollment.standing {
        Standing::Waiting { step: next, due, .. } if *next == step.number => return (*due).max(now),
        Standing::Waiting { step: next, due, .. } => Some((*next, *due)),
        Standing::Deciding { .. } | Standing::Sending { .. } | Standing::Paused { .. } | Standing::Ended { .. } => {
            view.enrollment.touched
        }
    };
    let from = previous.map_or(now, |(_, at)| at.max(now));
    match view.follow(step.number, previous, from) {
        Fact::Scheduled { due, .. } => due,
        _ => from,
    }
}

/// `edit` with a text: it goes out in the place of `shown`, at the time that the mail has. Of a mail that waits for the rep's
/// word this is the word. What is written for a later mail is kept until that comes.
///
/// # Errors
/// Says why not, for the rep.
pub fn edit(
    view: &View<'_>,
    step: &Step,
    task: Option<&Task>,
    shown: &Approved,
    text: &str,
    now: Timestamp,
) -> Result<(Decision, String), String> {
    if count(text) < FEW {
        return Err(format!(
            "\"{}\" is too short for a mail. Write the whole text below the line `edit`",
            words::excerpt(text)
        ));
    }
    if step.approve && view.enrollment.history.draft_of(step.number).is_some() {
        let said = send(view, task, Some(text), now);
        let (decision, answer, done) = said.into_parts();
        return if done { Ok((decision, answer)) } else { Err(answer) };
    }
    let fact = Fact::Edited {
        step: step.number,
        template: step.template.clone(),
        by: Some(view.rep.address.clone()),
        text: Some(of_rep(text, &shown.subject)),
    };
    let is_next = view.enrollment.next_step() == Some(step.number);
    let when = match view.enrollment.standing {
        Standing::Waiting { due, .. } if is_next => words::moment(view, due.max(now)),
        _ if is_next => words::standing(view),
        _ => format!("about {}", words::moment(view, comes(view, step, now))),
    };
    let asked = if step.approve {
        " once you say `send` to its draft"
    } else {
        ""
    };
    let hold = if is_next { " Not yet? `hold`." } else { "" };
    let answer = format!(
        "{}: {} goes out in your words{asked}, {when}.{hold} To undo: `undo edit touch {}`.",
        words::subject(view),
        words::touch(view, step.number),
        step.number
    );
    Ok((Decision::of(vec![fact]), answer))
}

/// `undo edit`: the mail goes out as the cadence has it.
///
/// # Errors
/// Says why not, for the rep.
pub fn unedit(view: &View<'_>, touch: Option<u16>) -> Result<(Decision, String), String> {
    let is_edited = |step: &&Step| view.enrollment.history.edit_of(&step.template).is_some();
    let mut edited = view.cadence.steps.iter().filter(is_edited);
    let found = match touch {
        None => edited.next(),
        Some(touch) => edited.find(|step| step.number == StepNo(touch)),
    };
    let Some(step) = found else {
        let which = touch.map_or_else(
            || "no mail of theirs is in your words".to_owned(),
            |touch| format!("touch {touch} is not in your words"),
        );
        return Err(which);
    };
    if let Standing::Sending { step: sending, .. } = view.enrollment.standing
        && sending == step.number
    {
        return Err("it is written and on its way; say hold first".to_owned());
    }
    let fact = Fact::Edited {
        step: step.number,
        template: step.template.clone(),
        by: Some(view.rep.address.clone()),
        text: None,
    };
    let answer = format!(
        "{}: {} goes out as the cadence has it. Your own words again: `edit touch {}`, with the text below.",
        words::subject(view),
        words::touch(view, step.number),
        step.number
    );
    Ok((Decision::of(vec![fact]), answer))
}

/// What the rep wrote for mails that the edited cadence has no more is dropped, and they are told.
#[must_use]
pub fn edits_gone(view: &View<'_>) -> Option<Decision> {
    let is_gone = |(template, _): &&(String, Approved)| {
        let mut steps = view.cadence.steps.iter();
        !steps.any(|step| step.template == *template && step.channel == Channel::Email)
    };
    let gone = view.enrollment.history.edits.iter().filter(is_gone);
    let mut decision = Decision::nothing();
    for (template, _) in gone {
        decision.facts.push(Fact::Edited {
            step: view.enrollment.next_step().unwrap_or(StepNo::FIRST),
            template: template.clone(),
            by: None,
            text: None,
        });
        decision.notices.push(view.alert(Alert::EditDropped {
            template: template.clone(),
        }));
    }
    (!decision.facts.is_empty()).then_some(decision)
}

/// Which mails to come are in the rep's words: a line each, for `why`.
#[must_use]
pub fn edits(view: &View<'_>) -> Vec<String> {
    let next = view.enrollment.next_step();
    let edited = view.cadence.steps.iter().filter_map(|step| {
        let text = view.enrollment.history.edit_of(&step.template)?;
        let begin: String = text.body.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
        (next.is_some_and(|next| step.number >= next)).then(|| {
            let touch = words::touch(view, step.number);
            format!("{touch} goes out in your words: \"{begin} …\"")
        })
    });
    edited.collect()
}

/// `hold`: the draft does not go, until `send` says otherwise.
pub(super) fn hold(view: &View<'_>, task: Option<&Task>) -> Option<Said> {
    let task = undecided(view, task)?;
    let (who, touch) = (words::subject(view), words::touch(view, task.step));
    let held = Fact::Paused {
        why: PauseReason::Approval,
        until: None,
    };
    Some(match &view.enrollment.standing {
        Standing::Ended { .. } => Said::told(format!("{who}: nothing changed; it is {}.", words::standing(view))),
        Standing::Paused { until: None, .. } => Said::told(format!(
            "{who}: {touch} does not go out; it is {}.",
            words::standing(view)
        )),
        Standing::Deciding { .. }
        | Standing::Waiting { .. }
        | Standing::Sending { .. }
        | Standing::Paused { until: Some(_), .. } => Said::done(
            vec![held],
            format!("{who}: {touch} is held, and nothing goes out until you say `send`."),
        ),
    })
}

/// The task of the draft that the enrollment stands at.
fn undecided<'a>(view: &View<'_>, task: Option<&'a Task>) -> Option<&'a Task> {
    let task = task.filter(|task| task.enrollment == view.enrollment.id && task.channel == Channel::Email)?;
    let stands = view.enrollment.next_step() == Some(task.step);
    (stands && view.enrollment.history.draft_of(task.step).is_some()).then_some(task)
}

fn closed(task: &Task) -> Option<Fact> {
    task.closed.is_none().then_some(Fact::TaskClosed {
        step: task.step,
        task: task.id,
        outcome: TaskOutcome::Done,
        note: None,
    })
}

/// The draft as the task shows it: its subject, a blank line, its text.
#[must_use]
pub fn shown(task: &Task) -> Approved {
    let (subject, body) = task.script.split_once("\n\n").unwrap_or(("", &task.script));
    Approved {
        subject: subject.to_owned(),
        body: body.to_owned(),
    }
}

/// What a rep wrote: a first line `Subject: …` is the subject.
fn of_rep(text: &str, subject: &str) -> Approved {
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let named = first
        .get(..8)
        .filter(|head| head.eq_ignore_ascii_case("subject:"))
        .and_then(|head| first.get(head.len()..))
        .map(str::trim)
        .filter(|named| !named.is_empty() && !rest.trim().is_empty());
    let (subject, body) = named.map_or((subject, text), |named| (named, rest.trim()));
    Approved {
        subject: subject.to_owned(),
        body: body.chars().take(limits::RENDERED / 4).collect(),
    }
}

/// The rep's own wording in an answer to a draft: what stands below a line `send`, or a text that is plainly the draft with
/// changes. A few words of praise are neither, and never go to a prospect.
#[must_use]
pub fn edited(draft: &Approved, answer: &str) -> Option<String> {
    let answer = answer.trim();
    let (first, rest) = answer.split_once('\n').unwrap_or((answer, ""));
    let word = first.trim().trim_end_matches(['.', ':', '!', ',']);
    if word.eq_ignore_ascii_case("send") {
        return Some(rest.trim()).filter(|rest| count(rest) >= FEW).map(str::to_owned);
    }
    let (said, known) = (vocabulary(answer), vocabulary(&draft.body));
    let shared = said.intersection(&known).count();
    let alike = shared * 2 >= said.len() && shared * 3 >= known.len();
    (alike && count(answer) >= FEW).then(|| answer.to_owned())
}

/// A mail has at least so many words; fewer are a remark.
const FEW: usize = 8;

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

fn vocabulary(text: &str) -> BTreeSet<String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAFT: &str = "Hi Jane,\n\nlast week you asked what planning shifts for three sites costs. For forty people it is \
                         two hours a week less.\n\nShall we look at your numbers on Tuesday?\n\nAna";

    #[test]
    fn only_the_text_itself_is_taken_for_the_text() {
        let draft = Approved {
            subject: String::new(),
            body: DRAFT.to_owned(),
        };
        for remark in [
            "send",
            "Looks good to me, but not today",
            "Hi, who is Jane? I think that she has left the company, and what she asked was something else",
            "send\nthanks",
            "",
        ] {
            assert_eq!(edited(&draft, remark), None, "{remark}");
        }
        let changed = DRAFT.replace("on Tuesday", "on Thursday");
        assert_eq!(edited(&draft, &changed), Some(changed.clone()));
        let own = "Dear Jane, here are the prices that you asked for: 40 a month.";
        assert_eq!(edited(&draft, &format!("Send:\n\n{own}\n")), Some(own.to_owned()));
    }

    #[test]
    fn a_subject_of_the_reps_own_is_taken() {
        let text = of_rep("Subject: Prices\n\nHere they are", "Before");
        assert_eq!((text.subject.as_str(), text.body.as_str()), ("Prices", "Here they are"));
        assert_eq!(of_rep("Here they are", "Before").subject, "Before");
    }
}
