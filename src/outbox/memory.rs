//! Letters kept in memory, for tests and rehearsals. The next answers can be scripted.

use super::wire;
use crate::model::{Letter, Phase, Receipt, Reply};
use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An outbox in memory; clones share it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    sent: Vec<Letter>,
    answers: VecDeque<Receipt>,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Memory({} letters)", self.held().sent.len())
    }
}

impl Memory {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was taken so far, oldest first, each as often as it was sent.
    #[must_use]
    pub fn sent(&self) -> Vec<Letter> {
        self.held().sent.clone()
    }

    /// Scripts the answer to the next letter that has none yet. An answer that a server gives before it asks for
    /// content is given without asking the gate; only [`Receipt::Sent`] keeps the letter.
    pub fn answer_next(&self, receipt: Receipt) {
        self.held().answers.push_back(receipt);
    }

    /// See [`super::Outbox::send`].
    pub(super) async fn send<G, F>(&self, letter: &Letter, gate: G) -> Receipt
    where
        G: FnOnce() -> F,
        F: Future<Output = bool>,
    {
        if let Err(unfit) = wire::canonical(&letter.bytes) {
            return unfit.receipt();
        }
        let answer = self.held().answers.pop_front().unwrap_or_else(taken);
        if is_before_content(&answer) {
            return answer;
        }
        if !gate().await {
            return Receipt::Withheld;
        }
        if matches!(answer, Receipt::Sent(_)) {
            self.held().sent.push(letter.clone());
        }
        answer
    }
}

fn taken() -> Receipt {
    Receipt::Sent(Reply {
        code: 250,
        status: Some("2.0.0".to_owned()),
        text: "kept in memory".to_owned(),
    })
}

fn is_before_content(receipt: &Receipt) -> bool {
    match receipt {
        Receipt::Deferred { phase, .. } | Receipt::Refused { phase, .. } | Receipt::Unreached { phase, .. } => {
            *phase != Phase::Content
        }
        Receipt::Sent(_) | Receipt::Withheld | Receipt::InDoubt { .. } => false,
    }
}
