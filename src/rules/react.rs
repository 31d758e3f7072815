//! Something came back. Stops win over everything that is planned; the stronger stop wins over the weaker, whatever
//! order the mails arrive in: opt-out, complaint, dead address, reply, auto-reply.
//!
//! Proof (our own token or Message-ID) decides how far a signal reaches: with it for everybody, without it for this one
//! enrollment. The prospect is never answered.
//!
//! Not here: what a mail is (`mail::classify`), the letters that stop (the shell withdraws them).

use super::days::{business_day_after, date_of, later, plus_days};
use super::{View, calendar, events, window, words};
use crate::model::{
    Address, Alert, Channel, Decision, Ending, Fact, Intent, Notice, OptOutBy, PauseReason, Signal, Standing, StepNo,
    Suppression, SuppressionReason, is_policy, limits,
};
use jiff::Timestamp;
use jiff::civil::Date;

/// What a signal means for one enrollment. Facts are empty when it brings nothing new.
#[must_use]
pub fn react(view: &View<'_>, signal: &Signal, now: Timestamp) -> Decision {
    match signal {
        Signal::Reply { from, maybe, intent } => events::answered(view, from.as_ref(), *maybe, intent.as_ref(), now),
        Signal::AutoReply { back } => away(view, *back, now),
        // A refusal by policy speaks about us, whatever else it says.
        Signal::Bounce { status, why, .. } if is_policy(status.as_deref()) => refused_by_policy(view, status, why),
        Signal::Bounce {
            permanent: true,
            proven: true,
            status,
            why,
        } => dead(view, status.clone(), why, now),
        Signal::Bounce {
            permanent: true,
            proven: false,
            ..
        } => maybe_dead(view, now),
        Signal::Bounce {
            permanent: false,
            status,
            why,
            ..
        } => softly_bounced(view, status, why, now),
        Signal::Delay | Signal::Delivered => Decision::nothing(),
        Signal::Complaint { proven } => complained(view, *proven, now),
        Signal::OptOut { by } => opted_out(view, *by, now),
        Signal::Reported { name, step, by } => events::reported(view, name, *step, by, now),
        Signal::Calendar(meeting) => calendar::react(view, meeting),
    }
}

fn opted_out(view: &View<'_>, by: OptOutBy, now: Timestamp) -> Decision {
    let how = by.word().to_owned();
    let facts = ended_by(view, Fact::OptedOut { how: how.clone() }, Ending::OptedOut);
    Decision {
        notices: alert_of_news(view, &facts, Alert::OptedOut { how: how.clone() }),
        suppress: vec![suppression(
            view,
            SuppressionReason::OptedOut,
            format!("opted out {how}"),
            now,
        )],
        facts,
    }
}

fn complained(view: &View<'_>, proven: bool, now: Timestamp) -> Decision {
    let facts = ended_by(view, Fact::Complained, Ending::Complained);
    let proof = "a complaint about a mail of ours".to_owned();
    let everybody = proven.then(|| suppression(view, SuppressionReason::Complained, proof, now));
    Decision {
        notices: alert_of_news(view, &facts, Alert::Complained),
        suppress: everybody.into_iter().collect(),
        facts,
    }
}

/// The address is dead, and that is proven.
pub(super) fn dead(view: &View<'_>, status: Option<String>, why: &str, now: Timestamp) -> Decision {
    let why = words::excerpt(why);
    let bounced = Fact::Bounced {
        permanent: true,
        status: status.clone(),
        why: why.clone(),
    };
    let facts = ended_by(view, bounced, Ending::Bounced);
    let proof = format!(
        "a bounce of our mail, status {}",
        status.as_deref().unwrap_or("unknown")
    );
    Decision {
        notices: alert_of_news(view, &facts, Alert::Bounced { status, why }),
        suppress: vec![suppression(view, SuppressionReason::Bounced, proof, now)],
        facts,
    }
}

fn maybe_dead(view: &View<'_>, now: Timestamp) -> Decision {
    // What would have come later still does.
    let planned = match view.enrollment.standing {
        Standing::Waiting { due, .. } => Some(due),
        Standing::Paused { until, .. } => until,
        Standing::Deciding { .. } | Standing::Sending { .. } | Standing::Ended { .. } => None,
    };
    let until = later(now, limits::BOUNCE_UNPROVEN);
    let until = planned.map_or(until, |planned| planned.max(until));
    match view.enrollment.standing {
        // What waits for the rep goes on waiting for the rep.
        Standing::Ended { .. } | Standing::Paused { until: None, .. } => Decision::nothing(),
        Standing::Deciding { .. }
        | Standing::Waiting { .. }
        | Standing::Sending { .. }
        | Standing::Paused { until: Some(_), .. } => Decision {
            facts: vec![Fact::Paused {
                why: PauseReason::BounceUnproven,
                until: Some(until),
            }],
            notices: vec![view.alert(Alert::BounceUnproven { until })],
            suppress: Vec::new(),
        },
    }
}

fn softly_bounced(view: &View<'_>, status: &Option<String>, why: &str, now: Timestamp) -> Decision {
    let recent = |at: &Timestamp| later(*at, limits::SOFT_BOUNCES_WITHIN) >= now;
    let again = view.enrollment.soft_bounces.iter().any(recent);
    let bounced = Fact::Bounced {
        permanent: false,
        status: status.clone(),
        why: words::excerpt(why),
    };
    match view.enrollment.standing {
        Standing::Ended { .. } => Decision::nothing(),
        Standing::Paused { until: None, .. } => Decision::of(vec![bounced]),
        _ if !again => Decision::of(vec![bounced]),
        Standing::Deciding { .. }
        | Standing::Waiting { .. }
        | Standing::Sending { .. }
        | Standing::Paused { until: Some(_), .. } => Decision {
            facts: vec![
                bounced,
                Fact::Paused {
                    why: PauseReason::SoftBounces,
                    until: None,
                },
            ],
            notices: vec![view.alert(Alert::SoftBounces)],
            suppress: Vec::new(),
        },
    }
}

fn refused_by_policy(view: &View<'_>, status: &Option<String>, why: &str) -> Decision {
    if !view.enrollment.is_active() {
        return Decision::nothing();
    }
    let why = words::excerpt(why);
    Decision {
        facts: vec![Fact::Bounced {
            permanent: false,
            status: status.clone(),
            why: why.clone(),
        }],
        notices: vec![view.alert(Alert::Refused { why })],
        suppress: Vec::new(),
    }
}

/// A person did something, `did` says what: `answered`. It is recorded of who had ended too: the rep wants to know.
pub(super) fn replied(
    view: &View<'_>,
    from: Option<&Address>,
    did: &str,
    maybe: bool,
    intent: Option<&Intent>,
) -> Decision {
    let replied = Fact::Replied {
        answers: last_mail(view),
        maybe,
        intent: intent.cloned(),
    };
    Decision {
        facts: vec![replied],
        notices: vec![notice_of(view, &view.enrollment.standing, from, did, maybe, intent)],
        suppress: Vec::new(),
    }
}

/// Somebody else at the prospect's company answered: touches wait until the rep has looked at both. `who` answered, as the
/// rep knows them. Nothing when it waits for the rep already, or is over.
#[must_use]
pub fn colleague_answered(view: &View<'_>, who: &str) -> Decision {
    match view.enrollment.standing {
        Standing::Ended { .. } | Standing::Paused { until: None, .. } => Decision::nothing(),
        Standing::Deciding { .. }
        | Standing::Waiting { .. }
        | Standing::Sending { .. }
        | Standing::Paused { until: Some(_), .. } => Decision {
            facts: vec![Fact::Paused {
                why: PauseReason::Colleague(words::excerpt(who)),
                until: None,
            }],
            notices: vec![view.alert(Alert::ColleagueAnswered {
                who: words::excerpt(who),
            })],
            suppress: Vec::new(),
        },
    }
}

/// Somebody at the prospect's company whom nobody knows wrote to us: as [`colleague_answered`], and the rep gets the mail.
#[must_use]
pub fn stranger_at_company(view: &View<'_>, from: &Address, maybe: bool, intent: Option<&Intent>) -> Decision {
    let paused = colleague_answered(view, from.as_str());
    let mut after = view.enrollment.clone();
    let at = view.enrollment.enrolled_at;
    let fits = paused.facts.iter().all(|fact| after.apply(at, fact).is_ok());
    let standing = if fits {
        &after.standing
    } else {
        &view.enrollment.standing
    };
    Decision {
        notices: vec![notice_of(
            view,
            standing,
            Some(from),
            "of the same company wrote",
            maybe,
            intent,
        )],
        ..paused
    }
}

/// The mail itself for the rep, under a line that says what happened and where the enrollment stands after it.
pub(super) fn notice_of(
    view: &View<'_>,
    after: &Standing,
    from: Option<&Address>,
    did: &str,
    maybe: bool,
    intent: Option<&Intent>,
) -> Notice {
    let banner = banner(view, after, from, did, maybe);
    let advice = intent.and_then(|intent| words::advice(view, intent));
    Notice::Relay {
        enrollment: view.enrollment.id,
        prospect: Box::new(view.enrollment.prospect.clone()),
        cadence: view.enrollment.cadence.clone(),
        banner: advice.map_or(banner.clone(), |advice| format!("{banner} {advice}")),
        until: match intent {
            Some(Intent::NotNow { until }) => *until,
            _ => None,
        },
        over: matches!(after, Standing::Ended { .. }),
    }
}

/// The last mail that reached the person: a call that the rep has yet to make was answered by nobody.
pub(super) fn last_mail(view: &View<'_>) -> Option<StepNo> {
    let (touched, _) = view.enrollment.touched?;
    let is_mail = |step: &StepNo| {
        let known = view.cadence.step(*step);
        known.is_some_and(|step| step.channel == Channel::Email)
    };
    (1..=touched.0).rev().map(StepNo).find(is_mail).or(Some(touched))
}

/// Who answered what, and what that did, in one line.
fn banner(view: &View<'_>, after: &Standing, from: Option<&Address>, did: &str, maybe: bool) -> String {
    let prospect = &view.enrollment.prospect;
    let who = match from {
        Some(other) if other.loose() != prospect.address.loose() => {
            format!("{other} {did} for {}", prospect.label())
        }
        Some(_) | None => format!("{} {did}", prospect.label()),
    };
    let what = last_mail(view).map_or(String::new(), |step| format!(" after {}", words::touch(view, step)));
    let doubt = if maybe { " (or a machine did: not sure)" } else { "" };
    let cadence = &view.enrollment.cadence;
    let effect = match after {
        Standing::Ended { outcome, .. } if view.enrollment.is_active() => {
            format!("\"{cadence}\" is over: {}", outcome.word())
        }
        Standing::Ended { outcome, .. } => format!("\"{cadence}\" was over already: {}", outcome.word()),
        Standing::Paused { next, .. }
        | Standing::Deciding { next }
        | Standing::Waiting { step: next, .. }
        | Standing::Sending { step: next, .. } => match view.cadence.step(*next) {
            Some(_) => format!(
                "\"{cadence}\" is paused and {} waits until you resume",
                words::touch(view, *next)
            ),
            None => format!("\"{cadence}\" is paused, no touch is left"),
        },
    };
    format!("{who}{what}{doubt}; {effect}.")
}

fn away(view: &View<'_>, back: Option<Date>, now: Timestamp) -> Decision {
    let (until, named) = away_until(view, back, now);
    let told = Fact::AutoReplied { until, named };
    let mut after = view.enrollment.clone();
    let fits = after.apply(now, &told).is_ok();
    let view_of_away = View {
        enrollment: &after,
        ..*view
    };
    let follows = |step| view_of_away.follow(step, after.touched, now);
    let planned = match &view.enrollment.standing {
        _ if !fits => return Decision::nothing(),
        Standing::Waiting { step, due, why } if *due >= until => Fact::Scheduled {
            step: *step,
            due: *due,
            why: why.clone(),
            of: None,
        },
        Standing::Waiting { step, .. } | Standing::Sending { step, .. } | Standing::Deciding { next: step } => {
            follows(*step)
        }
        // A pause that ends by itself does not end before they are back.
        Standing::Paused { next, why, until } => match (until, follows(*next)) {
            (Some(ends), Fact::Scheduled { due, .. }) if *ends < due => Fact::Paused {
                why: why.clone(),
                until: Some(due),
            },
            _ => return Decision::nothing(),
        },
        Standing::Ended { .. } => return Decision::nothing(),
    };
    Decision {
        facts: vec![told, planned],
        notices: vec![view.alert(Alert::Away { until, named })],
        suppress: Vec::new(),
    }
}

/// When touches may go on: the opening of the first business day after the one that the mail names, or after a week.
/// A day that is past, or too far away to be believed, is as good as none.
fn away_until(view: &View<'_>, back: Option<Date>, now: Timestamp) -> (Timestamp, bool) {
    let zone = &view.enrollment.prospect.zone;
    let today = date_of(now, &zone.rules());
    let believed = back.filter(|back| (today..=plus_days(today, limits::AWAY_DAYS_MOST)).contains(back));
    let day = match (believed, back) {
        (Some(back), _) => business_day_after(back, &view.diary()),
        (None, Some(back)) if back < today => business_day_after(today, &view.diary()),
        (None, _) => plus_days(today, limits::AWAY_DAYS),
    };
    (window::opening(day, view.cadence, &view.diary()), believed.is_some())
}

/// The facts of a stop from outside: none when the enrollment ended like this already, and no second ending unless it
/// is the stronger one.
fn ended_by(view: &View<'_>, fact: Fact, outcome: Ending) -> Vec<Fact> {
    match view.enrollment.standing {
        Standing::Ended { outcome: before, .. } if before == outcome => Vec::new(),
        Standing::Ended { outcome: before, .. } if !outcome.outranks(before) => vec![fact],
        Standing::Ended { .. }
        | Standing::Deciding { .. }
        | Standing::Waiting { .. }
        | Standing::Sending { .. }
        | Standing::Paused { .. } => vec![fact, Fact::Ended { outcome }],
    }
}

/// An alert, unless the rep knows already.
fn alert_of_news(view: &View<'_>, facts: &[Fact], what: Alert) -> Vec<Notice> {
    if facts.is_empty() {
        Vec::new()
    } else {
        vec![view.alert(what)]
    }
}

fn suppression(view: &View<'_>, reason: SuppressionReason, proof: String, now: Timestamp) -> Suppression {
    Suppression {
        address: view.enrollment.prospect.address.loose(),
        reason,
        at: now,
        proof,
    }
}
