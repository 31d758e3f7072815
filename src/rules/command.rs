//! The rep wishes something about one enrollment.
//!
//! Every wish is answered: what was done, what that changes, how to undo it. The same wish twice changes nothing the
//! second time and says so.
//!
//! Not here: the grammar (`mail::command`), whether it is really the rep (`mail::authenticity`), letters and tasks that
//! a stop takes back (the shell).

use super::advance::WAITS_FOR_LOG;
use super::succession::after as after_days;
use super::{View, approve, words};
use crate::model::{
    Action, AnswerLine, Asked, Channel, Command, Decision, Ending, Fact, MeetingSaid, PauseReason, Standing, StepNo,
    Task, TaskOutcome,
};
use jiff::Timestamp;

/// What was decided, and the answer in words.
pub(super) struct Said {
    decision: Decision,
    answer: String,
    done: bool,
}

impl Said {
    pub(super) fn done(facts: Vec<Fact>, answer: String) -> Self {
        Self {
            decision: Decision::of(facts),
            answer,
            done: true,
        }
    }

    pub(super) fn told(answer: String) -> Self {
        Self::done(Vec::new(), answer)
    }

    pub(super) fn refused(answer: String) -> Self {
        Self {
            decision: Decision::nothing(),
            answer,
            done: false,
        }
    }
}

/// What a command about one enrollment decides, and the answer to it. `task` is the one that a number (or the token)
/// stands for.
#[must_use]
pub fn command(view: &View<'_>, command: &Command, task: Option<&Task>, now: Timestamp) -> (Decision, AnswerLine) {
    let said = match &command.asked {
        Asked::Log { number, outcome, note } => match task.filter(|task| task.enrollment == view.enrollment.id) {
            Some(task) if task.channel == Channel::Email => Said::refused(format!(
                "{}: nothing changed; this mail waits for your word: say `send` or `hold` with its number.",
                words::subject(view)
            )),
            Some(task) => log(view, task, *outcome, note.as_deref(), now),
            None => no_task(view, *number),
        },
        Asked::Stop => stop(view),
        Asked::Pause => pause(view),
        Asked::Resume => resume(view, now),
        Asked::Send { edited, .. } => approve::send(view, task, edited.as_deref(), now),
        Asked::Hold { .. } => approve::hold(view, task).unwrap_or_else(|| pause(view)),
        Asked::NoShow => no_show(view, now),
        Asked::Why => Said::told(format!("{}: {}.", words::subject(view), words::standing(view))),
        Asked::Help => Said::told(help()),
        Asked::Unclear { closest } => Said::refused(unclear(closest)),
    };
    let line = AnswerLine {
        said: command.said.clone(),
        answer: said.answer,
        done: said.done,
    };
    (said.decision, line)
}

fn stop(view: &View<'_>) -> Said {
    let who = words::subject(view);
    if !view.enrollment.is_active() {
        return Said::told(format!("{who}: nothing changed; it is {}.", words::standing(view)));
    }
    Said::done(
        vec![Fact::Ended {
            outcome: Ending::Stopped,
        }],
        format!("{who}: stopped, no more touches. A stop is final; to begin anew, hand the prospect over again."),
    )
}

fn pause(view: &View<'_>) -> Said {
    let who = words::subject(view);
    match &view.enrollment.standing {
        Standing::Ended { .. } | Standing::Paused { until: None, .. } => {
            Said::told(format!("{who}: nothing changed; it is {}.", words::standing(view)))
        }
        Standing::Paused { next, .. }
        | Standing::Deciding { next }
        | Standing::Waiting { step: next, .. }
        | Standing::Sending { step: next, .. } => Said::done(
            vec![Fact::Paused {
                why: PauseReason::Rep,
                until: None,
            }],
            format!(
                "{who}: paused, {} waits until you say `resume`.",
                words::touch(view, *next)
            ),
        ),
    }
}

fn resume(view: &View<'_>, now: Timestamp) -> Said {
    let who = words::subject(view);
    let next = match &view.enrollment.standing {
        Standing::Paused {
            why: PauseReason::Approval,
            ..
        } => {
            return Said::refused(format!(
                "{who}: nothing changed; its draft waits for your word: say `send` or `stop`."
            ));
        }
        Standing::Paused { next, .. } => *next,
        Standing::Ended { .. } => {
            return Said::refused(format!(
                "{who}: nothing changed; it is {}. What is over does not resume; hand the prospect over again.",
                words::standing(view)
            ));
        }
        Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Sending { .. } => {
            return Said::told(format!(
                "{who}: nothing changed; it is not paused, and {}.",
                words::standing(view)
            ));
        }
    };
    let resumed = Fact::Resumed {
        by: Some(view.rep.address.clone()),
    };
    let follows = view.follow(next, view.enrollment.touched, now);
    let answer = match &follows {
        Fact::Scheduled { step, due, why, .. } => format!(
            "{who}: resumed, {} is due {}: {why}. To undo: `pause`.",
            words::touch(view, *step),
            words::moment(view, *due)
        ),
        _ => format!("{who}: resumed and completed, no touch was left."),
    };
    Said::done(vec![resumed, follows], answer)
}

/// They did not come to the meeting: what the cadence says; else it waits for the rep.
fn no_show(view: &View<'_>, now: Timestamp) -> Said {
    let who = words::subject(view);
    let why = MeetingSaid::NoShow;
    let stops = match view.enrollment.standing {
        Standing::Ended {
            outcome: Ending::Met, ..
        } => Fact::Reopened { why },
        Standing::Ended { .. } => {
            return Said::refused(format!(
                "{who}: nothing changed; it is {}. Hand them over to your no-show cadence.",
                words::standing(view)
            ));
        }
        Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Sending { .. } | Standing::Paused { .. } => {
            Fact::Paused {
                why: PauseReason::Meeting(why),
                until: None,
            }
        }
    };
    let mut after = view.enrollment.clone();
    if after.apply(now, &stops).is_err() {
        return Said::refused(format!("{who}: nothing changed; it is {}.", words::standing(view)));
    }
    let paused = View {
        enrollment: &after,
        ..*view
    };
    let goes_on = |until: Timestamp| {
        let next = after.next_step().unwrap_or(StepNo::FIRST);
        let follows = paused.follow(next, after.touched, until);
        let told = match &follows {
            Fact::Scheduled { step, due, .. } => {
                format!("{} is due {}", words::touch(view, *step), words::moment(view, *due))
            }
            _ => "no touch is left".to_owned(),
        };
        let resumed = Fact::Resumed {
            by: Some(view.rep.address.clone()),
        };
        (vec![stops.clone(), resumed, follows], told)
    };
    let outcome = Ending::ByCadence;
    let ends = || vec![stops.clone(), Fact::Ended { outcome }];
    let (facts, told) = match view.cadence.on.no_show.as_ref().unwrap_or(&Action::Pause) {
        Action::GoOn => goes_on(now),
        Action::Postpone(days) => goes_on(view.days_from(*days, now)),
        Action::Finish => (ends(), "it is over, as the cadence says".to_owned()),
        Action::Switch(switch) => (
            ends(),
            format!("it goes on in \"{}\"{}", switch.to, after_days(switch)),
        ),
        Action::Pause | Action::Alert => (
            vec![stops.clone()],
            "it waits for you: `resume` goes on where it stood, and your no-show cadence takes them over once you say `stop`"
                .to_owned(),
        ),
    };
    Said::done(facts, format!("{who}: noted that they did not come; {told}."))
}

fn log(view: &View<'_>, task: &Task, outcome: TaskOutcome, note: Option<&str>, now: Timestamp) -> Said {
    let what = format!("{}, {}", words::subject(view), words::touch(view, task.step));
    if let Some((at, before)) = task.closed {
        let answer = format!(
            "{what}: nothing changed, it was closed as \"{}\" on {} already.",
            before.word(),
            words::date(view, at)
        );
        // The same line sent twice is done; another outcome is not.
        return if before == outcome {
            Said::told(answer)
        } else {
            Said::refused(answer)
        };
    }
    let closed = Fact::TaskClosed {
        step: task.step,
        task: task.id,
        outcome,
        note: note.map(words::excerpt),
    };
    let (then, effect) = consequence(view, task, outcome, now);
    let facts = std::iter::once(closed).chain(then);
    let noted = if note.is_some() { " with your note" } else { "" };
    let hint = if outcome == TaskOutcome::WrongNumber {
        "; the number is marked as wrong"
    } else {
        ""
    };
    Said::done(
        facts.collect(),
        format!("{what}: logged \"{}\"{noted}{hint}; {effect}.", outcome.word()),
    )
}

/// What an outcome does, as the cadence says, and in words.
fn consequence(view: &View<'_>, task: &Task, outcome: TaskOutcome, now: Timestamp) -> (Option<Fact>, String) {
    let next = (None, words::next(view));
    let action = view.cadence.on.action(outcome);
    let active = view.enrollment.is_active();
    match action {
        Action::Finish | Action::Switch(_) => {
            let ending = ending_of(outcome);
            let ends = match view.enrollment.standing {
                // After the end only the stronger word counts: that a meeting came of it, say.
                Standing::Ended { outcome: before, .. } => ending != Ending::Stopped && ending.outranks(before),
                Standing::Deciding { .. }
                | Standing::Waiting { .. }
                | Standing::Sending { .. }
                | Standing::Paused { .. } => true,
            };
            if !ends {
                return next;
            }
            let over = format!("the enrollment is over ({}), no more touches", ending.word());
            let told = match action {
                Action::Switch(switch) if active => {
                    let after = after_days(&switch);
                    format!("{over} here; it goes on in \"{}\"{after}", switch.to)
                }
                _ => format!("{over}. To begin anew, hand the prospect over again"),
            };
            (Some(Fact::Ended { outcome: ending }), told)
        }
        Action::Pause if active => pauses(view),
        Action::Postpone(days) => postpones(view, days, now).unwrap_or(next),
        Action::GoOn | Action::Alert | Action::Pause => waited_for(view, task.step, now).unwrap_or(next),
    }
}

/// The cadence says that this outcome stops the clock.
fn pauses(view: &View<'_>) -> (Option<Fact>, String) {
    let open_ended = matches!(view.enrollment.standing, Standing::Paused { until: None, .. });
    let paused = Fact::Paused {
        why: PauseReason::Rep,
        until: None,
    };
    let waits = view
        .enrollment
        .next_step()
        .map_or("nothing".to_owned(), |next| words::touch(view, next));
    let told = format!("paused, as the cadence says: {waits} waits until you say `resume`");
    ((!open_ended).then_some(paused), told)
}

/// The next touch comes no earlier than `days` from now; `None` when it does so anyway, or has none.
fn postpones(view: &View<'_>, days: u32, now: Timestamp) -> Option<(Option<Fact>, String)> {
    let Standing::Waiting { step, due, why } = &view.enrollment.standing else {
        return None;
    };
    let until = view.days_from(days, now);
    if *due >= until && !why.starts_with(WAITS_FOR_LOG) {
        return None;
    }
    let Fact::Scheduled { step, due, why, of } = view.follow(*step, view.enrollment.touched, until) else {
        return None;
    };
    let told = format!(
        "{} is put off until {}",
        words::touch(view, step),
        words::moment(view, due)
    );
    let why = format!("put off by {days} days, as the cadence says; {why}");
    Some((Some(Fact::Scheduled { step, due, why, of }), told))
}

/// The touch that waited for this one to be logged comes as planned; `None` when none did.
fn waited_for(view: &View<'_>, logged: StepNo, now: Timestamp) -> Option<(Option<Fact>, String)> {
    let Standing::Waiting { step, why, .. } = &view.enrollment.standing else {
        return None;
    };
    if *step != logged.next() || !why.starts_with(WAITS_FOR_LOG) {
        return None;
    }
    let follows = view.follow(*step, view.enrollment.touched, now);
    let told = match &follows {
        Fact::Scheduled { step, due, .. } => {
            format!("{} is due {}", words::touch(view, *step), words::moment(view, *due))
        }
        _ => words::next(view),
    };
    Some((Some(follows), told))
}

/// The ending that an outcome brings when it brings one.
fn ending_of(outcome: TaskOutcome) -> Ending {
    match outcome {
        TaskOutcome::Meeting => Ending::Met,
        TaskOutcome::NotInterested => Ending::NotInterested,
        TaskOutcome::Done
        | TaskOutcome::Connected
        | TaskOutcome::Voicemail
        | TaskOutcome::NoAnswer
        | TaskOutcome::WrongNumber
        | TaskOutcome::Skipped
        | TaskOutcome::Dropped => Ending::Stopped,
    }
}

fn no_task(view: &View<'_>, number: Option<u16>) -> Said {
    Said::refused(match number {
        Some(number) => format!("nothing changed: there is no number {number} in that digest."),
        None => format!("{}: nothing changed, no task is open.", words::subject(view)),
    })
}

/// What can be said.
#[must_use]
pub fn help() -> String {
    "In answer to a digest, a line for each task, with a note behind it if you like: `1 connected`, `2 voicemail`, \
     `3 no answer`, `4 done`, `5 meeting`, `6 not interested`, `7 wrong number`, `8 skip`.\n\
     For a mail that waits for your word: `send 4`, `hold 4`, or answer its draft with your own text.\n\
     In answer to any mail about one prospect: the same without a number, or `stop`, `pause`, `resume`, `no show`, `why`.\n\
     To enroll a prospect: write to them, with your address of a cadence in BCC."
        .to_owned()
}

/// The answer to what was not understood.
#[must_use]
pub fn unclear(closest: &[String]) -> String {
    if closest.is_empty() {
        return "not understood, nothing changed.".to_owned();
    }
    let closest: Vec<String> = closest.iter().map(|line| format!("`{line}`")).collect();
    format!(
        "not understood, nothing changed; did you mean {}?",
        closest.join(" or ")
    )
}
