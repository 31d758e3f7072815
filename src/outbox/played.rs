//! A relay that somebody plays, phase by phase: the simulator's, where anything may go wrong.

use super::Outbox;
use crate::model::{Letter, Receipt};
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// The question to the bot after the 354, not asked before it is awaited: whether the content may go.
pub type Gate<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// A letter on its way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Receipt> + Send + 'a>>;

/// Plays the relay.
pub trait Play: Send + Sync {
    /// See [`Outbox::send`]: content may be taken only after `gate` said yes.
    fn send<'a>(&'a self, letter: &'a Letter, gate: Gate<'a>) -> Sending<'a>;
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smtp(smtp) => f.debug_tuple("Smtp").field(smtp).finish(),
            Self::Maildir(maildir) => f.debug_tuple("Maildir").field(maildir).finish(),
            Self::Memory(memory) => f.debug_tuple("Memory").field(memory).finish(),
            Self::Played(_) => f.write_str("Played"),
        }
    }
}
