//! What the administrator may order by mail.

use super::Scope;

/// Which duty of the administrator's a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// How things stand.
    State,
    /// What is held.
    Holds,
    /// Touches are held.
    Hold,
    /// What is held goes on.
    Unhold,
    /// Mails that did not prove to be from whom they say.
    Quarantine,
    /// One of them is vouched for.
    Release,
    /// One of them is listed no more.
    Drop,
    /// Mails of which nobody knows whether they went out.
    InDoubt,
    /// One of them went out.
    WentOut,
    /// One of them is sent once more.
    Resend,
    /// What can be said.
    Help,
}

/// One line of the administrator's mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// The line as written, at most [`super::limits::EXCERPT`] characters.
    pub said: String,
    /// What it asks for; `None`: it was not understood.
    pub asked: Option<Instructed>,
}

/// What the administrator asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instructed {
    /// How things stand.
    State,
    /// What is held.
    Holds,
    /// `hold cadence outbound the price list changed`.
    Hold {
        /// What.
        scope: Scope,
        /// Why; others read it.
        why: String,
    },
    /// `unhold all`.
    Unhold(Scope),
    /// What lies in quarantine.
    Quarantine,
    /// `release 3fa9c1d2 Ana confirmed it`.
    Release {
        /// The mail's id, or the beginning of it.
        id: String,
        /// Why.
        why: String,
    },
    /// `drop 3fa9c1d2`.
    Drop {
        /// As above.
        id: String,
        /// Why.
        why: String,
    },
    /// What is in doubt.
    InDoubt,
    /// `went out 4f2a it lies in the Sent folder`.
    WentOut {
        /// The letter's id.
        id: String,
        /// How that is known.
        why: String,
    },
    /// `resend 4f2a the relay's log shows that it was dropped`.
    Resend {
        /// The letter's id.
        id: String,
        /// How that is known.
        why: String,
    },
    /// What can be said.
    Help,
}

impl Instructed {
    /// Its row of the grammar.
    #[must_use]
    pub fn duty(&self) -> Duty {
        match self {
            Self::State => Duty::State,
            Self::Holds => Duty::Holds,
            Self::Hold { .. } => Duty::Hold,
            Self::Unhold(_) => Duty::Unhold,
            Self::Quarantine => Duty::Quarantine,
            Self::Release { .. } => Duty::Release,
            Self::Drop { .. } => Duty::Drop,
            Self::InDoubt => Duty::InDoubt,
            Self::WentOut { .. } => Duty::WentOut,
            Self::Resend { .. } => Duty::Resend,
            Self::Help => Duty::Help,
        }
    }
}
