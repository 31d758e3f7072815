//! Letter out, receipt back, phase by phase.
//!
//! One promise decides everything here: the caller learns exactly how far a letter came. Before the server has the
//! content a letter may be tried again; after a definite answer it is done; in between it is in doubt, and never sent
//! again by itself. `smtp/` talks to a relay, `maildir` is the embedded default that needs no server, `memory` is for
//! tests and rehearsals, `played` for a relay that somebody plays. `wire` is the last look at a letter's bytes.
//!
//! Nothing here retries (but for a connection that turns out dead before it was used), stores or logs.

mod maildir;
mod memory;
mod played;
pub mod smtp;
mod wire;

pub use maildir::Maildir;
pub use memory::Memory;
pub use played::{Gate, Play, Sending};

use crate::model::{Letter, Phase, Receipt};
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

/// Where letters go. Clones share their connections and what they hold.
#[derive(Clone)]
pub enum Outbox {
    /// To a relay.
    Smtp(smtp::Smtp),
    /// Into folders of files, one mailbox a recipient.
    Maildir(Maildir),
    /// Into memory.
    Memory(Memory),
    /// To whoever plays the relay in a rehearsal.
    Played(Arc<dyn Play>),
}

impl Outbox {
    /// An outbox to the relay of `settings`; connects when there is something to send.
    #[must_use]
    pub fn smtp(settings: smtp::Settings) -> Self {
        Self::Smtp(smtp::Smtp::new(settings))
    }

    /// An outbox that delivers into one Maildir a recipient under `root`.
    #[must_use]
    pub fn maildir(root: impl Into<PathBuf>) -> Self {
        Self::Maildir(Maildir::new(root))
    }

    /// An outbox that keeps letters in memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(Memory::default())
    }

    /// Tries once to send `letter`. `gate` runs after the server's 354 and before the first byte of content; on `false`
    /// nothing is sent. Never retries by itself. At most `limits::CONNECTIONS` run at once, the rest waits its turn.
    ///
    /// Dropping the future is safe at any moment: the connection is closed. What was sent is then unknown to the caller
    /// if the gate had said yes.
    pub async fn send<G, F>(&self, letter: &Letter, gate: G) -> Receipt
    where
        G: FnOnce() -> F + Send,
        F: Future<Output = bool> + Send,
    {
        match self {
            Self::Played(relay) => relay.send(letter, Box::pin(async { gate().await })).await,
            Self::Smtp(smtp) => smtp.send(letter, gate).await,
            Self::Maildir(maildir) => maildir.send(letter, gate).await,
            Self::Memory(memory) => memory.send(letter, gate).await,
        }
    }

    /// Tries everything but sending: connects, secures, says hello, logs in, leaves; and says in one line what there is.
    ///
    /// # Errors
    /// When letters could not be sent this way.
    pub async fn check(&self) -> Result<String, Trouble> {
        match self {
            Self::Smtp(smtp) => smtp.check().await,
            Self::Maildir(maildir) => maildir.check().await,
            Self::Memory(_) => Ok("letters stay in memory".to_owned()),
            Self::Played(_) => Ok("the relay is played".to_owned()),
        }
    }

    /// Says goodbye over the connections that lie idle. The outbox may still be used.
    pub async fn close(&self) {
        if let Self::Smtp(smtp) = self {
            smtp.close().await;
        }
    }
}

/// Why letters cannot be sent this way, as [`Outbox::check`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    phase: Phase,
    why: String,
    later: bool,
}

impl Trouble {
    /// What a setback without content means for [`Outbox::check`]; `later` when it may pass by itself.
    fn of(receipt: Receipt, later: bool) -> Self {
        let (phase, why) = match receipt {
            Receipt::Deferred { phase, reply } | Receipt::Refused { phase, reply } => {
                let status = reply.status.map(|status| format!("{status} ")).unwrap_or_default();
                (phase, format!("{} {status}{}", reply.code, reply.text))
            }
            Receipt::Unreached { phase, why } => (phase, why),
            Receipt::InDoubt { why } => (Phase::Content, why),
            Receipt::Sent(_) | Receipt::Withheld => (Phase::Content, "nothing is wrong".to_owned()),
        };
        Self { phase, why, later }
    }

    /// How far it came.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The login is wrong, which no later try will mend. A server that cannot check it just now (454) says nothing about it.
    #[must_use]
    pub fn is_login(&self) -> bool {
        self.phase == Phase::Auth && !self.later
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "while {}: {}", self.phase.word(), self.why.trim())
    }
}

impl std::error::Error for Trouble {}
