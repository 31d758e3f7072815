//! A rep orders something about one enrollment: stop, finish, pause, snooze, resume, why, held, no-show.
//!
//! Not here: whom an order is about (the shell), the cadence that a no-show goes on in (`rules::succession`).

use super::command::Said;
use super::succession::after as after_days;
use super::{View, window, words};
use crate::model::{
    Action, Ending, Fact, MeetingSaid, MeetingSeen, Order, PauseReason, SaidDay, Standing, StepNo, Task, limits,
};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

/// What an order about one enrollment decides. `task` is the one that a number stands for.
pub(super) fn order(
    view: &View<'_>,
    order: Order,
    until: Option<SaidDay>,
    reason: Option<&str>,
    task: Option<&Task>,
    now: Timestamp,
) -> Said {
    let day = match until.map(|until| day(view, until, now)) {
        None => None,
        Some(Ok(day)) => Some(day),
        Some(Err(why)) => return Said::refused(format!("{}: nothing changed; {why}", words::subject(view))),
    };
    match order {
        Order::Stop => end(view, Ending::Stopped, reason),
        Order::Finish => end(view, Ending::Finished, reason),
        Order::Snooze => match (task.filter(|task| task.closed.is_none()), day) {
            (Some(task), Some(day)) => put_off(view, task, day),
            (_, day) => pause(view, day, reason),
        },
        Order::Pause => pause(view, day, reason),
        Order::Resume => resume(view, now),
        Order::Why | Order::Status => Said::told(format!("{}: {}.", words::subject(view), words::standing(view))),
        Order::Held => met(view, MeetingSaid::Held, reason, now),
        Order::NoShow => no_show(view, now),
    }
}

/// The day that a rep means, by their calendar.
fn day(view: &View<'_>, said: SaidDay, now: Timestamp) -> Result<Date, String> {
    let today = now.to_zoned(view.rep.zone.clone()).date();
    let last = today.checked_add(limits::START_DAYS.days()).unwrap_or(today);
    match said.on(today) {
        None => Err("there is no such day".to_owned()),
        Some(day) if day < today => Err(format!("{} is past", words::day(day))),
        Some(day) if day > last => Err(format!("{} is more than a year away", words::day(day))),
        Some(day) => Ok(day),
    }
}

fn noted(reason: Option<&str>) -> Option<Fact> {
    reason.map(|reason| Fact::Noted {
        text: words::excerpt(reason),
    })
}

fn end(view: &View<'_>, outcome: Ending, reason: Option<&str>) -> Said {
    let who = words::subject(view);
    if !view.enrollment.is_active() {
        return Said::told(format!("{who}: nothing changed; it is {}.", words::standing(view)));
    }
    let facts = noted(reason).into_iter().chain([Fact::Ended { outcome }]).collect();
    Said::done(
        facts,
        match outcome {
            Ending::Finished => {
                format!("{who}: finished, you go on by hand. To begin anew, hand the prospect over again.")
            }
            _ => format!(
                "{who}: stopped, no more touches. A stop is final; to begin anew, hand the prospect over again."
            ),
        },
    )
}

fn pause(view: &View<'_>, day: Option<Date>, reason: Option<&str>) -> Said {
    let who = words::subject(view);
    let until = day.map(|day| window::opening(day, view.cadence, &view.diary()));
    let (next, mut facts) = match &view.enrollment.standing {
        Standing::Paused {
            why: PauseReason::Approval,
            ..
        } => return waits_for_word(&who),
        Standing::Ended { .. } => {
            return Said::told(format!("{who}: nothing changed; it is {}.", words::standing(view)));
        }
        Standing::Paused { until: None, .. } if until.is_none() => {
            return Said::told(format!("{who}: nothing changed; it is {}.", words::standing(view)));
        }
        // An open pause gives way to a day only when it is lifted first.
        Standing::Paused { next, .. } if until.is_some() => (
            *next,
            vec![Fact::Resumed {
                by: Some(view.rep.address.clone()),
            }],
        ),
        Standing::Paused { next, .. }
        | Standing::Deciding { next }
        | Standing::Waiting { step: next, .. }
        | Standing::Sending { step: next, .. } => (*next, Vec::new()),
    };
    facts.extend(noted(reason));
    facts.push(Fact::Paused {
        why: PauseReason::Rep,
        until,
    });
    let touch = words::touch(view, next);
    let told = match until {
        Some(until) => format!(
            "{who}: snoozed, {touch} waits until {}. To go on at once: `resume`.",
            words::moment(view, until)
        ),
        None => format!("{who}: paused, {touch} waits until you say `resume`."),
    };
    Said::done(facts, told).offering(view, &["resume"])
}

fn waits_for_word(who: &str) -> Said {
    Said::refused(format!(
        "{who}: nothing changed; its draft waits for your word: say `send` or `stop`."
    ))
}

fn resume(view: &View<'_>, now: Timestamp) -> Said {
    let who = words::subject(view);
    let next = match &view.enrollment.standing {
        Standing::Paused {
            why: PauseReason::Approval,
            ..
        } => return waits_for_word(&who),
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
    // After a restore mails are read again, in any order: this one was written before the answer.
    if view.enrollment.history.replied.is_some_and(|replied| replied > now) {
        return Said::refused(format!(
            "{who}: nothing changed; they have answered since you wrote that."
        ));
    }
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
    Said::done(vec![resumed, follows], answer).offering(view, &["pause"])
}

/// A task comes back on a later day; what the cadence does meanwhile stays as it is.
fn put_off(view: &View<'_>, task: &Task, day: Date) -> Said {
    let what = format!("{}, {}", words::subject(view), words::touch(view, task.step));
    let Ok(until) = day.to_zoned(view.rep.zone.clone()) else {
        return Said::refused(format!("{what}: nothing changed; there is no such day"));
    };
    let fact = Fact::TaskPutOff {
        step: task.step,
        task: task.id,
        until: until.timestamp(),
    };
    Said::done(
        vec![fact],
        format!(
            "{what}: put off, it comes back on {}; {}.",
            words::day(day),
            words::next(view)
        ),
    )
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
    let (mut facts, told) = match view.cadence.on.no_show.as_ref().unwrap_or(&Action::Pause) {
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
    // The meeting that was booked is not asked about any more.
    if let Some(booked) = view
        .enrollment
        .meetings
        .iter()
        .rev()
        .find(|seen| seen.said == MeetingSaid::Booked)
    {
        let seen = MeetingSeen {
            said: why,
            stamped: Some(now),
            ..booked.clone()
        };
        facts.insert(0, Fact::Meeting { seen });
    }
    Said::done(facts, format!("{who}: noted that they did not come; {told}."))
}

/// How a meeting went.
fn met(view: &View<'_>, how: MeetingSaid, note: Option<&str>, now: Timestamp) -> Said {
    let who = words::subject(view);
    let known = view.enrollment.meetings.iter().rev();
    let mut known = known.filter(|seen| !matches!(seen.said, MeetingSaid::Held | MeetingSaid::NoShow));
    if view.enrollment.meetings.iter().any(|seen| seen.said == how) && known.clone().next().is_none() {
        return Said::told(format!("{who}: nothing changed; that was said already."));
    }
    let seen = known.next().map_or_else(
        || MeetingSeen {
            uid: MeetingSeen::uid_of_rep(view.enrollment.id),
            by_guest: false,
            said: how,
            sequence: 0,
            stamped: Some(now),
            start: None,
        },
        |booked| MeetingSeen {
            said: how,
            stamped: Some(now),
            ..booked.clone()
        },
    );
    let mut facts: Vec<Fact> = noted(note).into_iter().chain([Fact::Meeting { seen }]).collect();
    if view.enrollment.is_active() {
        facts.push(Fact::Ended { outcome: Ending::Met });
    }
    let told = match how {
        MeetingSaid::Held => format!("{who}: noted that the meeting was held."),
        _ => format!("{who}: noted that they did not come"),
    };
    Said::done(facts, told)
}
