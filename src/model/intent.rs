//! What a person means by an answer.

use super::Address;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a person means, as far as their words tell: advice for the rep and a condition for later steps, never a stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Intent {
    /// Wants to go on.
    Interested,
    /// Asks something.
    Question,
    /// Perhaps later.
    NotNow {
        /// From this day on, where one is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
    },
    /// Does not want it.
    NotInterested,
    /// Somebody else is to be asked.
    Referral {
        /// Whom, where an address is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Address>,
    },
    /// Wants no more mail.
    OptOut,
    /// None of these.
    Other,
}

impl Intent {
    /// The stored code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Interested => "interested",
            Self::Question => "question",
            Self::NotNow { .. } => "not_now",
            Self::NotInterested => "not_interested",
            Self::Referral { .. } => "referral",
            Self::OptOut => "opt_out",
            Self::Other => "other",
        }
    }

    /// The meaning as people read it; `None` where there is nothing to say.
    #[must_use]
    pub fn word(&self) -> Option<&'static str> {
        match self {
            Self::Interested => Some("interested"),
            Self::Question => Some("a question"),
            Self::NotNow { .. } => Some("not now"),
            Self::NotInterested => Some("not interested"),
            Self::Referral { .. } => Some("names somebody else"),
            Self::OptOut => Some("wants no more mail"),
            Self::Other => None,
        }
    }
}
