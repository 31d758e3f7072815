//! What a calendar mail says about a meeting.

use super::{Address, limits};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A meeting, as far as a calendar mail tells of it (RFC 5546). Messages about one meeting are ordered by `sequence`,
/// then by `stamped`; they may arrive in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// What the mail does with the meeting.
    pub method: CalendarMethod,
    /// What the guest who answers says; `None` unless somebody answers.
    pub answer: Option<CalendarAnswer>,
    /// Who called it.
    pub organizer: Option<Address>,
    /// Of an answer the guest who gives it; otherwise all guests, bounded by [`super::limits::GUESTS`].
    pub guests: Vec<Address>,
    /// The meeting's id, the same in all mails about it; at most [`super::limits::EXCERPT`] characters.
    pub uid: String,
    /// How often it was changed.
    pub sequence: u32,
    /// When this was said.
    pub stamped: Option<Timestamp>,
    /// When it begins, where the zone is known.
    pub start: Option<Timestamp>,
}

/// What a calendar mail does (RFC 5546 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarMethod {
    /// The organizer invites, or changes the meeting.
    Request,
    /// A guest answers.
    Reply,
    /// A guest proposes another time.
    Counter,
    /// The organizer refuses what was proposed.
    DeclineCounter,
    /// The organizer calls it off.
    Cancel,
    /// The organizer adds a date.
    Add,
    /// A guest asks for the latest state.
    Refresh,
    /// An entry for everybody, to which nobody is invited.
    Publish,
}

impl CalendarMethod {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Request,
        Self::Reply,
        Self::Counter,
        Self::DeclineCounter,
        Self::Cancel,
        Self::Add,
        Self::Refresh,
        Self::Publish,
    ];

    /// The standard's word, upper case.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Reply => "REPLY",
            Self::Counter => "COUNTER",
            Self::DeclineCounter => "DECLINECOUNTER",
            Self::Cancel => "CANCEL",
            Self::Add => "ADD",
            Self::Refresh => "REFRESH",
            Self::Publish => "PUBLISH",
        }
    }

    /// The method of a word, in any case.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let word = word.trim();
        Self::ALL.into_iter().find(|it| it.code().eq_ignore_ascii_case(word))
    }
}

/// What a guest answers (PARTSTAT, RFC 5545 3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarAnswer {
    /// Nothing yet.
    NeedsAction,
    /// Comes.
    Accepted,
    /// Does not come.
    Declined,
    /// Comes perhaps.
    Tentative,
    /// Sends somebody else.
    Delegated,
}

impl CalendarAnswer {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::NeedsAction,
        Self::Accepted,
        Self::Declined,
        Self::Tentative,
        Self::Delegated,
    ];

    /// The standard's word, upper case.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NeedsAction => "NEEDS-ACTION",
            Self::Accepted => "ACCEPTED",
            Self::Declined => "DECLINED",
            Self::Tentative => "TENTATIVE",
            Self::Delegated => "DELEGATED",
        }
    }

    /// The answer of a word, in any case.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let word = word.trim();
        Self::ALL.into_iter().find(|it| it.code().eq_ignore_ascii_case(word))
    }
}

impl Meeting {
    /// What somebody did, as people read it: `accepted a meeting`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match (self.method, self.answer) {
            (CalendarMethod::Reply, Some(CalendarAnswer::Accepted)) => "accepted a meeting",
            (CalendarMethod::Reply, Some(CalendarAnswer::Declined)) => "declined a meeting",
            (CalendarMethod::Reply, Some(CalendarAnswer::Tentative)) => "accepted a meeting tentatively",
            (CalendarMethod::Reply, Some(CalendarAnswer::Delegated)) => "sends somebody else to a meeting",
            (CalendarMethod::Reply, Some(CalendarAnswer::NeedsAction) | None) | (CalendarMethod::Refresh, _) => {
                "answered about a meeting"
            }
            (CalendarMethod::Counter, _) => "proposed another time for a meeting",
            (CalendarMethod::Request | CalendarMethod::Add, _) => "is invited to a meeting",
            (CalendarMethod::Cancel, _) => "is in a meeting that was called off",
            (CalendarMethod::DeclineCounter, _) => "is in a meeting that stays as it was",
            (CalendarMethod::Publish, _) => "is in a calendar entry",
        }
    }
}

/// What was said about a meeting, as an enrollment remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingSaid {
    /// Prospect and rep meet.
    Booked,
    /// Another time is proposed.
    Proposed,
    /// The prospect comes perhaps.
    Perhaps,
    /// The prospect sends somebody else.
    Delegated,
    /// The prospect does not come.
    Declined,
    /// It is called off.
    CalledOff,
    /// It took place.
    Held,
    /// The prospect did not come.
    NoShow,
}

impl MeetingSaid {
    /// As people read it: `a meeting was booked`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Booked => "a meeting was booked",
            Self::Proposed => "another time was proposed for a meeting",
            Self::Perhaps => "a meeting was accepted tentatively",
            Self::Delegated => "somebody else comes to a meeting",
            Self::Declined => "a meeting was declined",
            Self::CalledOff => "a meeting was called off",
            Self::Held => "a meeting took place",
            Self::NoShow => "they did not come to a meeting",
        }
    }
}

/// The last word of one side about one meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingSeen {
    /// The meeting's id; empty where the mail told none.
    pub uid: String,
    /// Whether a guest said it; else who called the meeting did.
    pub by_guest: bool,
    /// What.
    pub said: MeetingSaid,
    /// How often the meeting had been changed by then.
    pub sequence: u32,
    /// When it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamped: Option<Timestamp>,
    /// When the meeting begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Timestamp>,
}

impl MeetingSeen {
    /// The id of a meeting that nobody but the rep told of.
    #[must_use]
    pub fn uid_of_rep(enrollment: super::EnrollmentId) -> String {
        format!("rep {enrollment}")
    }

    /// Whether nobody but the rep told of it.
    #[must_use]
    pub fn is_of_rep(&self) -> bool {
        self.uid.starts_with("rep ")
    }

    /// Whether this is news after what is `known`. Mails about a meeting arrive in any order: each side's words are
    /// ordered by `SEQUENCE`, then by `DTSTAMP`; a guest's about an older state of the meeting, or about one that was called
    /// off since, count no more (RFC 5546 2.1.5).
    #[must_use]
    pub fn is_news(&self, known: &[Self]) -> bool {
        let mut same = known.iter().filter(|seen| seen.uid == self.uid);
        same.all(|seen| {
            if seen.by_guest == self.by_guest {
                self.order() > seen.order()
            } else if self.by_guest {
                let is_off = seen.said == MeetingSaid::CalledOff;
                self.sequence > seen.sequence || (self.sequence == seen.sequence && !is_off)
            } else {
                true
            }
        })
    }

    /// Programs that do not count their changes call off under the same number, perhaps in the same second.
    fn order(&self) -> (u32, Option<Timestamp>, bool) {
        (self.sequence, self.stamped, self.said == MeetingSaid::CalledOff)
    }

    /// Takes this into what is known: in the place of what the same side said before.
    pub(super) fn remember(&self, known: &mut Vec<Self>) {
        known.retain(|seen| seen.uid != self.uid || seen.by_guest != self.by_guest);
        known.push(self.clone());
        if known.len() > limits::MEETINGS {
            known.remove(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(by_guest: bool, said: MeetingSaid, sequence: u32, minute: i64) -> MeetingSeen {
        MeetingSeen {
            uid: "meet-1@corp.test".to_owned(),
            by_guest,
            said,
            sequence,
            stamped: Timestamp::from_second(minute * 60).ok(),
            start: None,
        }
    }

    #[test]
    fn an_older_word_never_undoes_a_newer_one() {
        use MeetingSaid::{Booked, CalledOff, Declined};
        for (known, new, news) in [
            (seen(false, Booked, 0, 1), seen(false, CalledOff, 1, 2), true),
            (seen(false, CalledOff, 1, 2), seen(false, Booked, 0, 1), false),
            (seen(false, Booked, 0, 1), seen(false, Booked, 0, 1), false),
            (seen(false, Booked, 0, 1), seen(false, CalledOff, 0, 1), true),
            (seen(false, CalledOff, 0, 1), seen(false, Booked, 0, 1), false),
            (seen(false, CalledOff, 1, 2), seen(true, Booked, 0, 3), false),
            (seen(false, CalledOff, 1, 2), seen(true, Booked, 1, 3), false),
            (seen(false, Booked, 0, 5), seen(true, Booked, 0, 3), true),
            (seen(true, Booked, 0, 3), seen(true, Declined, 0, 4), true),
            (seen(true, Declined, 0, 4), seen(true, Booked, 0, 3), false),
            (seen(true, Declined, 0, 4), seen(false, Booked, 0, 1), true),
        ] {
            assert_eq!(new.is_news(std::slice::from_ref(&known)), news, "{known:?} {new:?}");
        }
        let other = MeetingSeen {
            uid: "meet-2@corp.test".to_owned(),
            ..seen(false, Booked, 0, 1)
        };
        assert!(other.is_news(&[seen(false, CalledOff, 9, 9)]));
    }
}
