//! What a rule decides.

use super::{Address, Ending, Fact, Notice, Rep, Step, StepNo, Suppression, SuppressionReason};
use jiff::Timestamp;
use jiff::civil::Date;

/// The outcome of a rule for one enrollment: committed as a whole or not at all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    /// What happened, in order.
    pub facts: Vec<Fact>,
    /// What reps are told.
    pub notices: Vec<Notice>,
    /// Who is never mailed again.
    pub suppress: Vec<Suppression>,
}

impl Decision {
    /// Nothing happens.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Only facts.
    #[must_use]
    pub fn of(facts: Vec<Fact>) -> Self {
        Self {
            facts,
            ..Self::default()
        }
    }
}

/// A moment for a touch, and why that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// When.
    pub at: Timestamp,
    /// Why, for `why` and the receipt: `day 3, morning, inside 09:00 to 17:00 in Europe/Berlin`.
    pub why: String,
}

/// A coming touch as the receipt lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The step.
    pub step: Step,
    /// When, should nothing come between.
    pub slot: Slot,
}

/// Why somebody was not enrolled.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// There is no such cadence; the names that exist.
    UnknownCadence {
        /// As asked for.
        asked: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The cadence's files cannot be used now.
    DoesNotLoad {
        /// As asked for.
        asked: String,
    },
    /// Already in a cadence.
    AlreadyActive {
        /// Which.
        cadence: String,
        /// Whose prospect; `None` when it is the same rep's.
        by: Option<Rep>,
    },
    /// Never mailed.
    Suppressed(SuppressionReason),
    /// A cadence that they did not answer ended lately.
    CoolingDown {
        /// Which.
        cadence: String,
        /// From then on they may be written to again.
        until: Date,
    },
    /// Enough people of the same company are in cadences.
    CompanyFull {
        /// Its domain.
        company: String,
        /// How many.
        many: usize,
    },
    /// A colleague.
    OwnDomain,
    /// Many read what is written there.
    MailingList,
    /// The bot writes no letters to such addresses (RFC 6531).
    OutsideAscii,
    /// Words that the cadence needs, with the steps that need them.
    MissingWords(Vec<(String, StepNo)>),
    /// More new people than one mail may enroll.
    TooMany {
        /// How many there were.
        found: usize,
    },
    /// Nobody outside the own domains in To.
    NobodyToEnroll,
    /// A forward to the bare address that names no cadence; the names that exist.
    NoCadence {
        /// What there is.
        known: Vec<String>,
    },
    /// A forward that tells no address of anybody outside the house.
    NoAddress,
    /// A forward with several people outside the house.
    Several {
        /// Who may be meant.
        who: Vec<Address>,
    },
    /// What was forwarded was written by a program.
    Program {
        /// Its address.
        who: Address,
    },
    /// What stands above a forward cannot be read.
    Unreadable {
        /// The lines, by their name.
        fields: Vec<String>,
    },
    /// The mail is too old to enroll by (a replay, or an archive).
    TooOld,
}

impl Refusal {
    /// In a few words, for `status`: without names and addresses.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::UnknownCadence { .. } => "there is no such cadence",
            Self::DoesNotLoad { .. } => "the cadence does not load",
            Self::AlreadyActive { .. } => "in a cadence already",
            Self::Suppressed(_) => "never mailed",
            Self::CoolingDown { .. } => "did not answer a cadence that ended lately",
            Self::CompanyFull { .. } => "enough people of the company are in cadences",
            Self::OwnDomain => "a colleague",
            Self::MailingList => "a mailing list",
            Self::OutsideAscii => "an address outside ASCII",
            Self::MissingWords(_) => "words are missing",
            Self::TooMany { .. } => "more people than one mail may enroll",
            Self::NobodyToEnroll => "nobody in To whom it could be",
            Self::NoCadence { .. } => "no cadence is named",
            Self::NoAddress => "the forward tells no address",
            Self::Several { .. } => "the forward names several people",
            Self::Program { .. } => "a program wrote what was forwarded",
            Self::Unreadable { .. } => "what stands above the forward cannot be read",
            Self::TooOld => "the mail is too old",
        }
    }
}

impl From<Ending> for Decision {
    fn from(outcome: Ending) -> Self {
        Self::of(vec![Fact::Ended { outcome }])
    }
}
