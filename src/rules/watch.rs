//! What is seen in a rep's own mailbox beside what comes back: the rep wrote to the prospect by hand.
//!
//! That is a touch that nobody planned. What follows is counted from it as from any other, and only ever later than it
//! was planned. An answer that is seen there is an answer ([`super::react`]).

use super::{View, days, words};
use crate::model::{Channel, Decision, Fact, MessageId, Standing, StepNo, limits};
use jiff::Timestamp;

/// The rep wrote to the prospect at `at`. Nothing, when it is over, when that was before it began, or when the mail is
/// one of the conversation already: the first mail, or a letter of ours.
#[must_use]
pub fn wrote_by_hand(view: &View<'_>, id: Option<&MessageId>, at: Timestamp, now: Timestamp) -> Decision {
    let enrollment = view.enrollment;
    // A server's clock may go ahead of ours.
    let at = at.min(now);
    let is_known = id.is_some_and(|id| enrollment.thread.ids.contains(id));
    if !enrollment.is_active() || is_known || at < enrollment.enrolled_at {
        return Decision::nothing();
    }
    let wrote = Fact::RepWrote {
        at,
        message_id: id.cloned(),
    };
    let mut facts = vec![wrote];
    match &enrollment.standing {
        Standing::Waiting { step, due, .. } => {
            let next = next_after(view, *step, at, now);
            let later = |fact: &Fact| matches!(fact, Fact::Scheduled { due: then, .. } if then > due);
            facts.extend(Some(next).filter(later));
        }
        Standing::Sending { step, .. } | Standing::Deciding { next: step } => {
            facts.push(next_after(view, *step, at, now));
        }
        // When it goes on, it goes on from there.
        Standing::Paused { .. } | Standing::Ended { .. } => {}
    }
    Decision::of(facts)
}

/// The step at its distance from what was written by hand.
fn next_after(view: &View<'_>, step: StepNo, at: Timestamp, now: Timestamp) -> Fact {
    let previous = view.enrollment.touched.map(|(before, last)| (before, last.max(at)));
    let is_mail = view
        .cadence
        .step(step)
        .is_some_and(|step| step.channel == Channel::Email);
    let floor = match previous {
        Some(_) if !is_mail => now,
        // Two mails are apart as those of two cadences are; and without a touch the cadence has nothing to count from.
        Some(_) | None => days::later(at, limits::BY_HAND_APART).max(now),
    };
    match view.follow(step, previous, floor) {
        Fact::Scheduled { step, due, why, of } => {
            let day = words::day(days::date_of(at, &view.enrollment.prospect.zone.rules()));
            let why = format!("you wrote by hand on {day}; {why}");
            Fact::Scheduled { step, due, why, of }
        }
        other => other,
    }
}
