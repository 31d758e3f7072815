//! A calendar mail came: a meeting is booked, moved, declined or called off.
//!
//! Booked means that prospect and rep are both named, or that the prospect accepts: the enrollment ends as met. Declined,
//! tentative, another time, somebody else: touches wait for the rep. Called off after it ended as met: it is open again and
//! waits, so that nothing goes out by itself on the word of a mail that anybody may have written. What is older than what is
//! known about the meeting changes nothing.
//!
//! Standards: RFC 5546 (tech §3.6). Not here: what stands in a calendar part (`mail::classify::calendar`).

use super::View;
use super::react::{notice_of, replied};
use crate::model::{
    Action, Address, Alert, CalendarAnswer, CalendarMethod, Decision, Ending, Fact, Meeting, MeetingSaid, MeetingSeen,
    PauseReason, Standing,
};

/// What a meeting means for one enrollment.
pub(super) fn react(view: &View<'_>, meeting: &Meeting) -> Decision {
    let person = meeting.guests.first().filter(|_| meeting.answer.is_some());
    let heard = || replied(view, person, meeting.word(), false, None);
    // A colleague's answer, an entry for everybody: somebody wrote, and the rep looks at it.
    let Some(said) = said(view, meeting).filter(|_| names(meeting, &view.enrollment.prospect.address)) else {
        return heard();
    };
    let seen = MeetingSeen {
        uid: meeting.uid.clone(),
        by_guest: is_of_guest(meeting),
        said,
        sequence: meeting.sequence,
        stamped: meeting.stamped,
        start: meeting.start,
    };
    if !seen.is_news(&view.enrollment.meetings) {
        return Decision::nothing();
    }
    let mut facts = vec![Fact::Meeting { seen }];
    let standing = &view.enrollment.standing;
    let effect = match (said, standing) {
        (MeetingSaid::Booked, Standing::Ended { outcome, .. }) => Ending::Met
            .outranks(*outcome)
            .then_some(Fact::Ended { outcome: Ending::Met }),
        (MeetingSaid::Booked, _) if view.cadence.on.meeting == Some(Action::Pause) => Some(Fact::Paused {
            why: PauseReason::Meeting(said),
            until: None,
        }),
        (MeetingSaid::Booked, _) => Some(Fact::Ended { outcome: Ending::Met }),
        (
            why,
            Standing::Ended {
                outcome: Ending::Met, ..
            },
        ) => Some(Fact::Reopened { why }),
        (_, Standing::Ended { .. }) => None,
        (why, _) => Some(Fact::Paused {
            why: PauseReason::Meeting(why),
            until: None,
        }),
    };
    let reopened = matches!(effect, Some(Fact::Reopened { .. }));
    facts.extend(effect);
    let alert = match said {
        MeetingSaid::Booked if facts.iter().any(|fact| matches!(fact, Fact::Ended { .. })) => {
            Alert::Met { start: meeting.start }
        }
        said => Alert::MeetingOff {
            said,
            start: meeting.start,
            reopened,
        },
    };
    // The rep has their own invitation; what the prospect wrote is passed on whole.
    let by_rep = meeting
        .organizer
        .as_ref()
        .is_some_and(|by| by.same_as(&view.rep.address))
        && !is_of_guest(meeting);
    let mut after = view.enrollment.clone();
    let fits = facts
        .iter()
        .all(|fact| after.apply(view.enrollment.enrolled_at, fact).is_ok());
    let notices = if by_rep || !fits {
        vec![view.alert(alert)]
    } else {
        vec![notice_of(view, &after.standing, person, meeting.word(), false, None)]
    };
    Decision {
        facts,
        notices,
        suppress: Vec::new(),
    }
}

/// What is said about a meeting with the prospect; `None` when that is nothing to act on.
fn said(view: &View<'_>, meeting: &Meeting) -> Option<MeetingSaid> {
    match (meeting.method, meeting.answer) {
        (CalendarMethod::Request | CalendarMethod::Add, _) => {
            // A notice without its calendar part tells too little to end anything by.
            let both = names(meeting, &view.rep.address) && !meeting.uid.is_empty();
            both.then_some(MeetingSaid::Booked)
        }
        (CalendarMethod::Reply, Some(CalendarAnswer::Accepted)) => Some(MeetingSaid::Booked),
        (CalendarMethod::Reply, Some(CalendarAnswer::Declined)) => Some(MeetingSaid::Declined),
        (CalendarMethod::Reply, Some(CalendarAnswer::Tentative)) => Some(MeetingSaid::Perhaps),
        (CalendarMethod::Reply, Some(CalendarAnswer::Delegated)) => Some(MeetingSaid::Delegated),
        (CalendarMethod::Counter, _) => Some(MeetingSaid::Proposed),
        (CalendarMethod::Cancel, _) => Some(MeetingSaid::CalledOff),
        (CalendarMethod::Reply, Some(CalendarAnswer::NeedsAction) | None)
        | (CalendarMethod::DeclineCounter | CalendarMethod::Refresh | CalendarMethod::Publish, _) => None,
    }
}

fn is_of_guest(meeting: &Meeting) -> bool {
    matches!(meeting.method, CalendarMethod::Reply | CalendarMethod::Counter)
}

/// Whether somebody is organizer or guest.
fn names(meeting: &Meeting, person: &Address) -> bool {
    let person = person.loose();
    meeting
        .guests
        .iter()
        .chain(&meeting.organizer)
        .any(|named| named.loose() == person)
}
