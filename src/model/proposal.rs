//! People whom a rep wants enrolled, and about whom the bot asks back first: many at once, a list, or nobody said in what.
//!
//! All of them are enrolled by one word, or none. Until then nothing happens to anybody.

use super::{Address, CadenceName, ContentKey, EnrollmentId, LetterId, Prospect, Thread};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The letter that asks.
    pub letter: LetterId,
    /// Who is asked.
    pub rep: Address,
    /// When.
    pub asked_at: Timestamp,
    /// Until when a word counts.
    pub expires: Timestamp,
    /// What became of it.
    pub state: ProposalState,
    /// What is to be enrolled; empty once that is decided.
    pub wish: Wish,
    /// Who was enrolled by it.
    pub enrolled: Vec<EnrollmentId>,
}

/// What a rep wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The mail that brought it.
    pub mail: ContentKey,
    /// Its subject, or the name of the list.
    pub subject: String,
    /// The conversation that follow-ups stand in.
    pub thread: Thread,
    /// When the rep's own mail was sent.
    pub sent: Option<Timestamp>,
    /// How they came.
    pub origin: Origin,
    /// Who else was on the mail.
    pub colleagues: Vec<Address>,
    /// Who, in the order of the mail.
    pub people: Vec<Proposed>,
}

/// How people came who are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// By a copy of the rep's own mail, which is touch 1.
    OwnMail,
    /// By a mail of theirs that the rep forwarded.
    Theirs,
    /// By a list, or by lines of text: nobody has written to them yet.
    List,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The line of the list.
    pub line: Option<usize>,
    /// Who.
    pub prospect: Prospect,
    /// In what; `None`: the rep has yet to say.
    pub cadence: Option<CadenceName>,
    /// No touch before this day.
    pub start: Option<Date>,
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalState {
    /// The rep has said nothing yet.
    Asked,
    /// The rep said yes, and it is being done.
    Confirmed,
    /// It is done.
    Done,
    /// The rep said no.
    Dropped,
    /// Nobody said anything in time.
    Expired,
}

impl ProposalState {
    const ALL: [Self; 5] = [Self::Asked, Self::Confirmed, Self::Done, Self::Dropped, Self::Expired];

    /// The stored code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Done => "done",
            Self::Dropped => "dropped",
            Self::Expired => "expired",
        }
    }

    /// The state behind a stored code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl Wish {
    /// The same with nobody in it: who was asked about is nobody's business once that is decided.
    #[must_use]
    pub fn without_people(&self) -> Self {
        Self {
            people: Vec::new(),
            colleagues: Vec::new(),
            ..self.clone()
        }
    }

    /// Whether somebody's cadence has yet to be said.
    #[must_use]
    pub fn lacks_cadence(&self) -> bool {
        self.people.iter().any(|one| one.cadence.is_none())
    }
}
