//! The rep wishes something about one enrollment.
//!
//! Every wish is answered: what was done, what that changes, how to undo it. The same wish twice changes nothing the
//! second time and says so.
//!
//! Not here: the grammar (`mail::command`), whether it is really the rep (`mail::authenticity`), letters and tasks that
//! a stop takes back (the shell).

use super::advance::WAITS_FOR_LOG;
use super::order::order;
use super::succession::after as after_days;
use super::{View, approve, words};
use crate::model::{
    Action, AnswerLine, Asked, Channel, Command, Decision, Ending, Fact, MeetingSaid, MeetingSeen, Offer, Order,
    PauseReason, SaidMoment, Standing, StepNo, Task, TaskOutcome, grammar,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// What was decided, and the answer in words.
pub(super) struct Said {
    decision: Decision,
    answer: String,
    done: bool,
    offers: Vec<Offer>,
}

impl Said {
    pub(super) fn done(facts: Vec<Fact>, answer: String) -> Self {
        Self {
            decision: Decision::of(facts),
            answer,
            done: true,
            offers: Vec::new(),
        }
    }

    pub(super) fn told(answer: String) -> Self {
        Self::done(Vec::new(), answer)
    }

    pub(super) fn refused(answer: String) -> Self {
        Self {
            done: false,
            ..Self::told(answer)
        }
    }

    /// What is decided, the answer, and whether it was done.
    pub(super) fn into_parts(self) -> (Decision, String, bool) {
        (self.decision, self.answer, self.done)
    }

    /// With what can be said next about the enrollment.
    pub(super) fn offering(self, view: &View<'_>, lines: &[&str]) -> Self {
        let about = Some(view.enrollment.id);
        let offer = |line: &&str| Offer {
            line: (*line).to_owned(),
            about,
        };
        Self {
            offers: lines.iter().map(offer).collect(),
            ..self
        }
    }
}

/// What a command about one enrollment decides, and the answer to it. `task` is the one that a number (or the token)
/// stands for.
#[must_use]
pub fn command(view: &View<'_>, command: &Command, task: Option<&Task>, now: Timestamp) -> (Decision, AnswerLine) {
    let said = match &command.asked {
        Asked::Log {
            number,
            outcome,
            note,
            at,
        } => match task.filter(|task| task.enrollment == view.enrollment.id) {
            Some(task) if task.channel == Channel::Email => Said::refused(format!(
                "{}: nothing changed; this mail waits for your word: say `send` or `hold` with its number.",
                words::subject(view)
            )),
            Some(task) => log(view, task, *outcome, note.as_deref(), *at, now),
            None => no_task(view, *number, *outcome, note.as_deref(), *at, now),
        },
        Asked::Order {
            order: wanted,
            until,
            reason,
            ..
        } => order(view, *wanted, *until, reason.as_deref(), task, now),
        Asked::Send { edited, .. } => approve::send(view, task, edited.as_deref(), now),
        Asked::Hold { .. } => {
            approve::hold(view, task).unwrap_or_else(|| order(view, Order::Pause, None, None, None, now))
        }
        Asked::Undo { .. } => match task.filter(|task| task.enrollment == view.enrollment.id) {
            Some(task) => undo(view, task),
            None => Said::refused(format!(
                "{}: nothing changed, no touch of theirs was logged.",
                words::subject(view)
            )),
        },
        Asked::Fill { fields, .. } => fill(view, fields, now),
        Asked::Note { text, .. } => Said::done(
            vec![Fact::Noted {
                text: words::excerpt(text),
            }],
            format!(
                "{}: noted; it stands beside the next task and in `why`",
                words::subject(view)
            ),
        ),
        Asked::Unclear { closest } => Said::refused(unclear(closest)),
        Asked::Switch { .. }
        | Asked::Edit { .. }
        | Asked::Unedit { .. }
        | Asked::Enroll(_)
        | Asked::Yes { .. }
        | Asked::No
        | Asked::List
        | Asked::Cadences
        | Asked::Preview { .. }
        | Asked::Report { .. }
        | Asked::SetDigest(_)
        | Asked::SetZone(_)
        | Asked::Vacation { .. }
        | Asked::Back
        | Asked::NewCodes
        | Asked::Help => Said::told(help()),
    };
    let line = AnswerLine {
        said: command.said.clone(),
        answer: said.answer,
        done: said.done,
        offers: said.offers,
    };
    (said.decision, line)
}

fn log(
    view: &View<'_>,
    task: &Task,
    outcome: TaskOutcome,
    note: Option<&str>,
    at: Option<SaidMoment>,
    now: Timestamp,
) -> Said {
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
    let (meeting, when) = booked(view, outcome, at, now);
    let noted = if note.is_some() { " with your note" } else { "" };
    let undo: &[&str] = &["reopen"];
    let facts = std::iter::once(closed).chain(meeting).chain(then);
    let hint = if outcome == TaskOutcome::WrongNumber {
        "; the number is marked as wrong"
    } else {
        ""
    };
    Said::done(
        facts.collect(),
        format!("{what}: logged \"{}\"{noted}{hint}; {effect}.{when}", outcome.word()),
    )
    .offering(view, undo)
}

/// How a task went is taken back. What came of it is not: the next touch keeps the time it has.
fn undo(view: &View<'_>, task: &Task) -> Said {
    let what = format!("{}, {}", words::subject(view), words::touch(view, task.step));
    let Some((_, outcome)) = task.closed else {
        return Said::told(format!("{what}: nothing changed, it is open."));
    };
    if task.channel == Channel::Email {
        return Said::refused(format!("{what}: nothing changed; of a mail say `hold` or `edit`."));
    }
    if outcome == TaskOutcome::Dropped || !view.enrollment.is_active() {
        return Said::refused(format!(
            "{what}: nothing changed; it is {}, and what is over does not open again. To begin anew, hand the prospect over again.",
            words::standing(view)
        ));
    }
    let reopened = Fact::TaskReopened {
        step: task.step,
        task: task.id,
    };
    let word = outcome.word();
    Said::done(
        vec![reopened],
        format!(
            "{what}: open again, \"{word}\" is taken back; it stands in your next digest. {} keeps its time.",
            words::next(view)
        ),
    )
}

/// What was not known of a prospect; who waited for it goes on.
fn fill(view: &View<'_>, fields: &BTreeMap<String, String>, now: Timestamp) -> Said {
    let who = words::subject(view);
    if !view.enrollment.is_active() {
        return Said::refused(format!("{who}: nothing changed; it is {}.", words::standing(view)));
    }
    let known: Vec<String> = fields
        .iter()
        .map(|(field, value)| format!("{field} is \"{}\"", words::excerpt(value)))
        .collect();
    let learned = Fact::Learned { fields: fields.clone() };
    let waits = matches!(
        &view.enrollment.standing,
        Standing::Paused {
            why: PauseReason::MissingWords(_),
            ..
        }
    );
    let told = format!("{who}: noted, {}", known.join(", "));
    if !waits {
        return Said::done(vec![learned], format!("{told}; {}.", words::next(view)));
    }
    let (resumed, answer, _) = order(view, Order::Resume, None, None, None, now).into_parts();
    let facts = std::iter::once(learned).chain(resumed.facts).collect();
    Said::done(facts, format!("{told}. {answer}"))
}

/// The meeting that a rep tells of, and what the bot does about it.
fn booked(view: &View<'_>, outcome: TaskOutcome, at: Option<SaidMoment>, now: Timestamp) -> (Option<Fact>, String) {
    if outcome != TaskOutcome::Meeting {
        return (None, String::new());
    }
    let today = now.to_zoned(view.rep.zone.clone()).date();
    let start = at.and_then(|at| {
        // Of a day alone its noon: the question comes the business day after.
        let time = at.time.unwrap_or(jiff::civil::Time::constant(12, 0, 0, 0));
        let start = at.day.on(today)?.to_datetime(time).to_zoned(view.rep.zone.clone());
        start.ok().map(|start| start.timestamp())
    });
    let Some(start) = start else {
        let ask = " Say when it is, such as `meeting tue 15:00`, and you are asked how it went.";
        return (None, ask.to_owned());
    };
    let seen = MeetingSeen {
        uid: MeetingSeen::uid_of_rep(view.enrollment.id),
        by_guest: false,
        said: MeetingSaid::Booked,
        sequence: 0,
        stamped: Some(now),
        start: Some(start),
    };
    let told = format!(
        " The meeting is {}; the business day after you are asked whether it was held.",
        words::moment(view, start)
    );
    (Some(Fact::Meeting { seen }), told)
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

/// What is logged without a task: a meeting and a no end it all the same.
fn no_task(
    view: &View<'_>,
    number: Option<u16>,
    outcome: TaskOutcome,
    note: Option<&str>,
    at: Option<SaidMoment>,
    now: Timestamp,
) -> Said {
    if let Some(number) = number {
        return Said::refused(format!("nothing changed: there is no number {number} in that digest."));
    }
    let who = words::subject(view);
    let ending = ending_of(outcome);
    let (meeting, when) = booked(view, outcome, at, now);
    if ending == Ending::Stopped {
        return Said::refused(format!("{who}: nothing changed, no task is open."));
    }
    let ends = match view.enrollment.standing {
        Standing::Ended { outcome: before, .. } => ending.outranks(before),
        Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Sending { .. } | Standing::Paused { .. } => {
            true
        }
    };
    let noted = note.map(|note| Fact::Noted {
        text: words::excerpt(note),
    });
    let end = ends.then_some(Fact::Ended { outcome: ending });
    let told = if ends {
        format!("the enrollment is over ({}), no more touches", ending.word())
    } else {
        words::standing(view)
    };
    let facts: Vec<Fact> = noted.into_iter().chain(meeting).chain(end).collect();
    Said::done(facts, format!("{who}: {told}.{when}"))
}

/// Where an enrollment stands, in one line of a list.
#[must_use]
pub fn brief(view: &View<'_>) -> String {
    format!("{}: {}", words::subject(view), words::next(view))
}

/// What can be said.
#[must_use]
pub fn help() -> String {
    grammar::help()
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
