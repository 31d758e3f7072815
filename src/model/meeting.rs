//! What a calendar mail says about a meeting.

use super::Address;
use jiff::Timestamp;

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
