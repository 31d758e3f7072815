//! What ended a transaction before the server had the content, and the receipt that makes of it.

use super::line::Fault;
use super::reply::Answer;
use crate::model::{Phase, Receipt};

/// The server offers no way to log in that is spoken here.
pub(super) const NO_LOGIN: &str = "the server offers neither AUTH PLAIN nor AUTH LOGIN";

/// Why it did not go on. Whatever it is, the server has no content, so it is safe to try again.
#[derive(Debug)]
pub(super) enum Setback {
    /// The server answered something else than what was needed.
    Said(Phase, Answer),
    /// There was no answer.
    Lost(Phase, Fault),
}

impl Setback {
    /// A setback that has no server's words.
    pub(super) fn lost(phase: Phase, why: impl Into<String>) -> Self {
        let why = why.into();
        Self::Lost(phase, Fault { why, unheard: false })
    }

    /// The connection was gone before the command was heard: on a connection that lay idle, a reason to take a new one.
    pub(super) fn is_unheard(&self) -> bool {
        matches!(self, Self::Lost(_, fault) if fault.unheard)
    }

    /// A definite no, after which the connection is as good as before.
    pub(super) fn leaves_connection(&self) -> bool {
        matches!(self, Self::Said(_, answer) if answer.is_no() && !answer.is_closing())
    }

    /// Whether later may help: 4yz says so, and so does a connection that broke. A server that knows no way to log in does not.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Said(_, answer) => answer.code / 100 == 4,
            Self::Lost(_, fault) => fault.why != NO_LOGIN,
        }
    }

    /// What the caller is told.
    pub(super) fn receipt(self) -> Receipt {
        match self {
            Self::Said(phase, answer) => match answer.code / 100 {
                4 => Receipt::Deferred {
                    phase,
                    reply: answer.reply(),
                },
                5 => Receipt::Refused {
                    phase,
                    reply: answer.reply(),
                },
                _ => Receipt::Unreached {
                    phase,
                    why: format!("the server answered {} where that makes no sense", answer.code),
                },
            },
            Self::Lost(phase, fault) => Receipt::Unreached { phase, why: fault.why },
        }
    }
}
