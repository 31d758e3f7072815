//! The server answered: sent, tried again, given up, or in doubt.
//!
//! Three kinds of *no* are told apart: the address is dead (the prospect's), something is wrong with us (login, sender,
//! policy: tried again while somebody puts it right), and this mail is not wanted (given up). What fails before MAIL says
//! nothing about a letter, so nothing is ever given up for it (reliability S-03 to S-05). What is in doubt is never sent
//! again, except letters to reps.
//!
//! Standards: RFC 5321 4.2, RFC 3463. Retries fall into the window of the prospect.

use super::days::later;
use super::react::dead;
use super::{View, window, words};
use crate::model::{
    Alert, Decision, Ending, Fact, LetterState, MessageId, Phase, Receipt, Reply, Standing, StepNo, is_policy, limits,
};
use jiff::Timestamp;
use std::time::Duration;

/// What becomes of a letter and of its enrollment.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// About the enrollment.
    pub decision: Decision,
    /// Where the letter goes.
    pub state: LetterState,
    /// For `Ready`: not before.
    pub again: Option<Timestamp>,
}

impl Settled {
    fn finally(state: LetterState, decision: Decision) -> Self {
        Self {
            decision,
            state,
            again: None,
        }
    }
}

/// How often a letter was tried, this time counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// How often it was claimed.
    pub claims: u32,
    /// How often a relay that let us in answered, since then.
    pub heard: u32,
    /// When it became ready, or was not heard last.
    pub since: Timestamp,
}

impl Tries {
    /// The first try of what became ready at `since`.
    #[must_use]
    pub const fn first(since: Timestamp) -> Self {
        Self {
            claims: 1,
            heard: 1,
            since,
        }
    }
}

/// One attempt at one step's letter.
struct Attempt {
    step: StepNo,
    tries: Tries,
    now: Timestamp,
}

/// What the server's answer to a step's letter means.
#[must_use]
pub fn settle(
    view: &View<'_>,
    step: StepNo,
    message_id: &MessageId,
    receipt: &Receipt,
    tries: Tries,
    now: Timestamp,
) -> Settled {
    let attempt = Attempt { step, tries, now };
    match receipt {
        Receipt::Sent(_) => {
            let sent = Fact::Sent {
                step,
                message_id: message_id.clone(),
            };
            Settled::finally(LetterState::Sent, Decision::of(touched(view, step, sent, now)))
        }
        Receipt::InDoubt { why } => in_doubt(view, step, why, now),
        Receipt::Deferred { reply, .. } if is_unheard(receipt) => {
            waits(view, &attempt, &said(reply), &limits::RETRY_RELAY)
        }
        Receipt::Refused { reply, .. } if is_unheard(receipt) => {
            waits(view, &attempt, &said(reply), &limits::RETRY_RELAY)
        }
        Receipt::Unreached { phase, why } => {
            let why = format!("not reached while {}: {why}", phase.word());
            if is_unheard(receipt) {
                waits(view, &attempt, &why, &limits::RETRY_RELAY)
            } else {
                again(view, &attempt, &why, &limits::RETRY)
            }
        }
        Receipt::Deferred { reply, .. } => again(view, &attempt, &said(reply), &limits::RETRY),
        Receipt::Refused { phase, reply } => match blame(*phase, reply) {
            Blame::Address => Settled::finally(
                LetterState::Refused,
                dead(view, reply.status.clone(), &said(reply), now),
            ),
            Blame::Us => again(view, &attempt, &said(reply), &limits::RETRY_OURS),
            Blame::Mail => Settled::finally(LetterState::Refused, given_up(view, refused(step, reply), &said(reply))),
        },
        Receipt::Withheld => Settled::finally(LetterState::Withdrawn, withheld(view, step, now)),
    }
}

/// A touch that lay ready until its window had shut (the mailbox or the relay was away) waits for the next opening.
/// `None`: it may go now, or a stop came, which the gate sees.
#[must_use]
pub fn too_late(view: &View<'_>, step: StepNo, now: Timestamp) -> Option<Decision> {
    let sending = matches!(view.enrollment.standing, Standing::Sending { step: on_its_way, .. } if on_its_way == step);
    let slot = window::open(view.cadence, &view.diary(), now).err()?;
    let waits = Fact::Deferred {
        step,
        until: slot.at,
        why: slot.why,
    };
    sending.then(|| Decision::of(vec![waits]))
}

/// The touch was made; what comes next has a time, unless a stop came meanwhile or the cadence is past this step.
fn touched(view: &View<'_>, step: StepNo, made: Fact, now: Timestamp) -> Vec<Fact> {
    let previous = Some((step, now));
    match view.enrollment.standing {
        Standing::Paused { .. } | Standing::Ended { .. } => vec![made],
        _ if view.enrollment.next_step().is_some_and(|next| next > step) => vec![made],
        // An auto-reply postponed this step while its letter was on the way, so the next one waits as long.
        Standing::Waiting { due, .. } => vec![made, view.follow(step.next(), previous, now.max(due))],
        Standing::Deciding { .. } | Standing::Sending { .. } => vec![made, view.follow(step.next(), previous, now)],
    }
}

fn in_doubt(view: &View<'_>, step: StepNo, why: &str, now: Timestamp) -> Settled {
    let why = words::excerpt(why);
    let doubt = Fact::InDoubt { step, why: why.clone() };
    Settled::finally(
        LetterState::InDoubt,
        Decision {
            facts: touched(view, step, doubt, now),
            notices: vec![view.alert(Alert::InDoubt { why })],
            suppress: Vec::new(),
        },
    )
}

/// Whether the relay said nothing about the letter: it was away, or did not let us in. The time in which a letter is tried
/// begins anew then, so that a long outage is never the end of anything.
#[must_use]
pub fn is_unheard(receipt: &Receipt) -> bool {
    match receipt {
        Receipt::Deferred { phase, .. } | Receipt::Refused { phase, .. } | Receipt::Unreached { phase, .. } => {
            matches!(phase, Phase::Connect | Phase::Auth)
        }
        Receipt::Sent(_) | Receipt::Withheld | Receipt::InDoubt { .. } => false,
    }
}

/// Tries again later, until both the time and the tries are used up.
fn again(view: &View<'_>, attempt: &Attempt, why: &str, pauses: &[Duration]) -> Settled {
    if is_sending(view, attempt)
        && attempt.tries.heard >= limits::DEFER_TRIES
        && attempt.now >= later(attempt.tries.since, limits::DEFER_FOR)
    {
        let deferred = Fact::Refused {
            step: attempt.step,
            status: None,
            why: words::excerpt(&format!("given up after {} attempts: {why}", attempt.tries.heard)),
        };
        return Settled::finally(LetterState::Refused, given_up(view, deferred, why));
    }
    waits(view, attempt, why, pauses)
}

fn is_sending(view: &View<'_>, attempt: &Attempt) -> bool {
    matches!(view.enrollment.standing, Standing::Sending { step, .. } if step == attempt.step)
}

/// Tries again later. The journal has the first attempt only.
fn waits(view: &View<'_>, attempt: &Attempt, why: &str, pauses: &[Duration]) -> Settled {
    if !is_sending(view, attempt) {
        return Settled::finally(LetterState::Withdrawn, Decision::nothing());
    }
    let until = later(attempt.now, pause(pauses, attempt.tries.claims));
    let until = window::open(view.cadence, &view.diary(), until).map_or_else(|slot| slot.at, |()| until);
    let facts = if attempt.tries.claims <= 1 {
        vec![Fact::Deferred {
            step: attempt.step,
            until,
            why: words::excerpt(why),
        }]
    } else {
        Vec::new()
    };
    Settled {
        decision: Decision::of(facts),
        state: LetterState::Ready,
        again: Some(until),
    }
}

/// The step is given up, and with it the enrollment. After an end only the fact is kept.
fn given_up(view: &View<'_>, refused: Fact, why: &str) -> Decision {
    if !view.enrollment.is_active() {
        return Decision::of(vec![refused]);
    }
    Decision {
        facts: vec![
            refused,
            Fact::Ended {
                outcome: Ending::Undeliverable,
            },
        ],
        notices: vec![view.alert(Alert::Refused {
            why: words::excerpt(why),
        })],
        suppress: Vec::new(),
    }
}

/// The gate shut at the last moment. Mostly a stop came, and that is decided already; if none did (the address was
/// suppressed elsewhere, say), the step waits for `advance` to look again.
fn withheld(view: &View<'_>, step: StepNo, now: Timestamp) -> Decision {
    match view.enrollment.standing {
        Standing::Sending { step: on_its_way, .. } if on_its_way == step => {
            Decision::of(vec![view.follow(step, view.enrollment.touched, now)])
        }
        Standing::Sending { .. }
        | Standing::Deciding { .. }
        | Standing::Waiting { .. }
        | Standing::Paused { .. }
        | Standing::Ended { .. } => Decision::nothing(),
    }
}

/// The same for a letter to a rep (no enrollment): state and retry only. In doubt is sent again as the same bytes:
/// a rep who reads a digest twice is better off than one who reads none.
#[must_use]
pub fn settle_notice(
    receipt: &Receipt,
    (attempts, begun): (u32, u32),
    first: Timestamp,
    now: Timestamp,
) -> (LetterState, Option<Timestamp>) {
    let later_by = |pauses: &[Duration]| (LetterState::Ready, Some(later(now, pause(pauses, attempts))));
    let retry = |pauses: &[Duration]| {
        if now >= later(first, limits::DEFER_FOR) {
            (LetterState::Refused, None)
        } else {
            later_by(pauses)
        }
    };
    match receipt {
        Receipt::Sent(_) => (LetterState::Sent, None),
        // A relay comes back and a wrong password is put right by somebody; what reps are owed waits for that.
        receipt if is_unheard(receipt) => later_by(&limits::RETRY_RELAY),
        Receipt::Deferred { .. } | Receipt::Unreached { .. } => retry(&limits::RETRY),
        Receipt::Refused { phase: Phase::Mail, .. } => retry(&limits::RETRY_OURS),
        Receipt::Refused { .. } => (LetterState::Refused, None),
        // No stop takes back what a rep is owed: the gate could not be recorded, or the bot is about to stop.
        Receipt::Withheld => (LetterState::Ready, Some(now)),
        Receipt::InDoubt { .. } if begun < limits::DOUBT_TRIES => {
            (LetterState::Ready, Some(later(now, limits::DOUBT_AGAIN)))
        }
        Receipt::InDoubt { .. } => (LetterState::InDoubt, None),
    }
}

/// The pause after this many attempts.
fn pause(pauses: &[Duration], attempts: u32) -> Duration {
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    pauses
        .get(index)
        .or(pauses.last())
        .copied()
        .unwrap_or(limits::BACK_OFF_MOST)
}

/// Whose the refusal is.
enum Blame {
    /// The address does not exist.
    Address,
    /// Our login, our sender, our reputation.
    Us,
    /// This mail to this recipient.
    Mail,
}

fn blame(phase: Phase, reply: &Reply) -> Blame {
    let status = reply.status.as_deref();
    if is_policy(status) || reply.code < 500 {
        return Blame::Us;
    }
    match phase {
        Phase::Connect | Phase::Auth | Phase::Mail | Phase::Data => Blame::Us,
        Phase::Content => Blame::Mail,
        Phase::Rcpt => match status {
            // RFC 3463 3.2: 1.7 and 1.8 are about the sender's address.
            Some("5.1.7" | "5.1.8") => Blame::Us,
            Some(status) if status.starts_with("5.1.") => Blame::Address,
            None if matches!(reply.code, 550 | 551 | 553) && says_unknown_user(&reply.text) => Blame::Address,
            Some(_) | None => Blame::Mail,
        },
    }
}

/// Wordings of servers that give no enhanced status. A 550 alone may as well be a block list.
fn says_unknown_user(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "user unknown",
        "unknown user",
        "no such user",
        "no such recipient",
        "no such mailbox",
        "user not found",
        "recipient not found",
        "mailbox not found",
        "mailbox unavailable",
        "does not exist",
        "doesn't exist",
        "unrouteable address",
        "unknown recipient",
        "recipient unknown",
        "invalid recipient",
    ]
    .iter()
    .any(|wording| text.contains(wording))
}

fn refused(step: StepNo, reply: &Reply) -> Fact {
    Fact::Refused {
        step,
        status: reply.status.clone(),
        why: words::excerpt(&said(reply)),
    }
}

/// `550 5.1.1 no such user`.
fn said(reply: &Reply) -> String {
    match &reply.status {
        Some(status) => format!("{} {status} {}", reply.code, reply.text),
        None => format!("{} {}", reply.code, reply.text),
    }
}
