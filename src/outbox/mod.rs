//! Letter out, receipt back, phase by phase.
//!
//! STUB of the contract.

use crate::model::{Letter, Receipt};
use std::future::Future;

pub enum Outbox {
    Smtp(/*smtp::Smtp*/),
    Maildir(/*maildir::Maildir*/),
    Memory(/*memory::Memory*/),
}

impl Outbox {
    /// Tries once to send `letter`. `gate` runs after the server's 354 and before the first byte of content; on `false`
    /// nothing is sent. Never retries by itself. At most `limits::CONNECTIONS` run at once, the rest waits its turn.
    pub async fn send<G, F>(&self, _letter: &Letter, _gate: G) -> Receipt
    where
        G: FnOnce() -> F,
        F: Future<Output = bool>,
    {
        todo!()
    }
}
