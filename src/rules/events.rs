//! What a cadence says of an answer's intent and of a report (`[on]`), and how far it goes.
//!
//! Not here: what an outcome that a rep logs does (`command`), a meeting (`calendar`), the cadence that follows (`succession`).

use super::days::{date_of, plus_days};
use super::react::{last_mail, notice_of, replied};
use super::{View, window, words};
use crate::model::{
    Action, Address, Alert, Decision, Ending, Fact, Intent, Notice, PauseReason, Standing, StepNo, is_by_machine,
    limits,
};
use jiff::Timestamp;

/// An answer stops the clock, whoever wrote it. What the cadence says of its intent follows only where the prospect wrote it
/// and it was read without a doubt; a touch that goes on then goes on because the cadence's author said so.
pub(super) fn answered(
    view: &View<'_>,
    from: Option<&Address>,
    maybe: bool,
    intent: Option<&Intent>,
    now: Timestamp,
) -> Decision {
    let paused = || replied(view, from, "answered", maybe, intent);
    let theirs = from.is_some_and(|from| from.loose() == view.enrollment.prospect.address.loose());
    let Some(meant) = intent.filter(|_| theirs && !maybe && view.enrollment.is_active()) else {
        return paused();
    };
    let answered = Fact::Replied {
        answers: last_mail(view),
        maybe,
        intent: Some(meant.clone()),
    };
    match view.cadence.on.reply(meant.code()) {
        Action::Pause | Action::Alert | Action::GoOn => paused(),
        Action::Finish | Action::Switch(_) => {
            let outcome = match meant {
                Intent::NotInterested => Ending::NotInterested,
                _ => Ending::ByCadence,
            };
            let after = Standing::Ended { outcome, at: now };
            Decision {
                facts: vec![answered, Fact::Ended { outcome }],
                notices: vec![notice_of(view, &after, from, "answered", maybe, intent)],
                suppress: Vec::new(),
            }
        }
        Action::Postpone(days) => {
            let Some((next, until)) = running(view).map(|next| (next, put_off_until(view, meant, *days, now))) else {
                return paused();
            };
            let follows = view.follow(next, view.enrollment.touched, until);
            let told = match &follows {
                Fact::Scheduled { step, due, .. } => {
                    format!("{} is due {}", words::touch(view, *step), words::moment(view, *due))
                }
                _ => return paused(),
            };
            let follows = put_off(follows, "they answered, and the cadence puts it off");
            let banner = format!(
                "{} answered; \"{}\" puts off what follows: {told}. Pause or stop it if you answer yourself.",
                view.enrollment.prospect.label(),
                view.enrollment.cadence
            );
            Decision {
                facts: vec![answered, Fact::Resumed { by: None }, follows],
                notices: vec![Notice::Relay {
                    enrollment: view.enrollment.id,
                    prospect: Box::new(view.enrollment.prospect.clone()),
                    cadence: view.enrollment.cadence.clone(),
                    banner,
                    until: None,
                    over: false,
                }],
                suppress: Vec::new(),
            }
        }
    }
}

/// The step that comes next while the clock runs.
fn running(view: &View<'_>) -> Option<StepNo> {
    match view.enrollment.standing {
        Standing::Waiting { step, .. } | Standing::Sending { step, .. } | Standing::Deciding { next: step } => {
            Some(step)
        }
        Standing::Paused { .. } | Standing::Ended { .. } => None,
    }
}

/// The day that an answer names, where it does and it is to be believed; else so many days from now.
fn put_off_until(view: &View<'_>, meant: &Intent, days: u32, now: Timestamp) -> Timestamp {
    let zone = &view.enrollment.prospect.zone;
    let today = date_of(now, &zone.rules());
    let most = plus_days(today, i64::from(limits::DAYS));
    match meant {
        Intent::NotNow { until: Some(day) } if (today..=most).contains(day) => {
            window::opening(*day, view.cadence, &view.diary()).max(now)
        }
        _ => view.days_from(days, now),
    }
}

fn put_off(planned: Fact, because: &str) -> Fact {
    match planned {
        Fact::Scheduled { step, due, why, of } => Fact::Scheduled {
            step,
            due,
            why: format!("{because}; {why}"),
            of,
        },
        other => other,
    }
}

/// Something was reported. It is remembered for conditions; what else it does, the cadence says.
pub(super) fn reported(view: &View<'_>, name: &str, step: Option<StepNo>, by: &str, now: Timestamp) -> Decision {
    if !view.enrollment.is_active() {
        return Decision::nothing();
    }
    let mut facts = vec![Fact::Signalled {
        name: name.to_owned(),
        step,
        by: Some(by.to_owned()),
    }];
    if is_by_machine(name) {
        return Decision::of(facts);
    }
    let (mut tell, mut paused) = (true, false);
    match view.cadence.on.signal(name) {
        Action::GoOn => tell = false,
        Action::Alert => {}
        Action::Finish | Action::Switch(_) => facts.push(Fact::Ended {
            outcome: Ending::ByCadence,
        }),
        Action::Pause => {
            paused = true;
            facts.push(Fact::Paused {
                why: PauseReason::Signal(name.to_owned()),
                until: None,
            });
        }
        Action::Postpone(days) => {
            tell = false;
            let until = view.days_from(*days, now);
            if let Standing::Waiting { step, due, .. } = view.enrollment.standing
                && due < until
            {
                let follows = view.follow(step, view.enrollment.touched, until);
                facts.push(put_off(
                    follows,
                    &format!("{name} was reported, and the cadence puts it off"),
                ));
            }
        }
    }
    let what = Alert::Signalled {
        name: name.to_owned(),
        paused,
    };
    Decision {
        facts,
        notices: tell.then(|| view.alert(what)).into_iter().collect(),
        suppress: Vec::new(),
    }
}
