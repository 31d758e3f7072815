//! Letters kept in memory, for tests and rehearsals. The next answers can be scripted.

use super::wire;
use crate::model::{Letter, Phase, Receipt, Reply};
use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// An outbox in memory; clones share it.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    sent: Vec<Letter>,
    answers: VecDeque<Answer>,
}

/// What is said to one letter.
struct Answer {
    receipt: Receipt,
    /// Whether the letter is taken.
    takes: bool,
    /// Not said before this.
    after: Option<Arc<Notify>>,
}

impl From<Receipt> for Answer {
    fn from(receipt: Receipt) -> Self {
        Self {
            takes: matches!(receipt, Receipt::Sent(_)),
            receipt,
            after: None,
        }
    }
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

    /// The same without the first `seen`, so that whoever looks again and again copies each letter once.
    #[must_use]
    pub fn sent_after(&self, seen: usize) -> Vec<Letter> {
        self.held().sent.get(seen..).unwrap_or_default().to_vec()
    }

    /// Scripts the answer to the next letter that has none yet. An answer that a server gives before it asks for
    /// content is given without asking the gate; only [`Receipt::Sent`] keeps the letter.
    pub fn answer_next(&self, receipt: Receipt) {
        self.held().answers.push_back(receipt.into());
    }

    /// The same, but after the gate the answer is kept back until `told`: a server that takes its time.
    pub fn answer_next_after(&self, told: Arc<Notify>, receipt: Receipt) {
        let answer = Answer {
            after: Some(told),
            ..receipt.into()
        };
        self.held().answers.push_back(answer);
    }

    /// The next letter that has no answer yet is taken, and the connection is lost before anybody learns of it.
    pub fn lose_next_answer(&self) {
        let why = "the connection was lost after the final dot".to_owned();
        let answer = Answer {
            takes: true,
            ..Receipt::InDoubt { why }.into()
        };
        self.held().answers.push_back(answer);
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
        let answer = self.held().answers.pop_front().unwrap_or_else(|| taken().into());
        if is_before_content(&answer.receipt) {
            return answer.receipt;
        }
        if !gate().await {
            return Receipt::Withheld;
        }
        if let Some(told) = answer.after {
            told.notified().await;
        }
        if answer.takes {
            self.held().sent.push(letter.clone());
        }
        answer.receipt
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
