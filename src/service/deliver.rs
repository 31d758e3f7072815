//! Letters that are ready → what the relay said to them.
//!
//! Touches go out only behind a fresh barrier: without proof that nobody said stop within the last minute nothing is
//! claimed, and the gate asks again after the server's 354, in the transaction that commits `sending`.

use super::{Bot, Progress, doubts};
use crate::model::{LetterState, Receipt, limits};
use crate::rules::settle::{settle, settle_notice};
use crate::store::{Batch, Claimed, Claims, CommitError, LetterMove, StoreError};
use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::{info, warn};

/// Sends what is ready, [`limits::CLAIM`] letters at a time, [`limits::CONNECTIONS`] at once.
///
/// # Errors
/// When the store fails. Letters whose answer could not be kept stay `sending`, and are in doubt at the next start.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let now = bot.clock.now();
    let claims = if bot.barrier.is_fresh(now) {
        Claims::All
    } else {
        Claims::Notices
    };
    let claimed = bot.store.claim(now, limits::CLAIM, claims).await?;
    let done = claimed.len();
    let results: Vec<Result<(), StoreError>> = stream::iter(claimed)
        .map(|claimed| bot.send(claimed))
        .buffer_unordered(limits::CONNECTIONS)
        .collect()
        .await;
    results.into_iter().collect::<Result<(), StoreError>>()?;
    let waits = matches!(claims, Claims::Notices) && bot.store.touches_ready(now).await?;
    if waits {
        bot.sync_wanted.notify_one();
    }
    // A touch that waits for the barrier is woken by the intake round when it has looked.
    Ok(Progress {
        done,
        wake: bot.store.next_wake().await?,
    })
}

/// Settles what a dead process left between the 354 and the answer: nobody knows, so it is in doubt and never sent again.
///
/// # Errors
/// When the store fails.
pub async fn recover(bot: &Bot) -> Result<usize, StoreError> {
    let left = bot.store.left_sending().await?;
    let count = left.len();
    for claimed in left {
        let why = "the bot stopped before the server had answered".to_owned();
        bot.settle(&claimed, &Receipt::InDoubt { why }, LetterState::Sending)
            .await?;
    }
    Ok(count)
}

impl Bot {
    async fn send(&self, claimed: Claimed) -> Result<(), StoreError> {
        let opened = AtomicBool::new(false);
        let gate = || async {
            let now = self.clock.now();
            let touch = claimed.letter.touch.is_some();
            if touch && !self.barrier.is_fresh(now) {
                return false;
            }
            match self.store.begin_sending(claimed.letter.id, claimed.claim, now).await {
                Ok(open) => {
                    opened.store(open, Ordering::SeqCst);
                    open
                }
                // What cannot be recorded is not sent.
                Err(error) => {
                    warn!(letter = %claimed.letter.id, %error, "the gate stays shut");
                    false
                }
            }
        };
        let receipt = self.outbox.send(&claimed.letter, gate).await;
        let from = if opened.load(Ordering::SeqCst) {
            LetterState::Sending
        } else {
            LetterState::Claimed
        };
        self.settle(&claimed, &receipt, from).await
    }

    /// Records what the server said. Tried again while rows move on under it.
    async fn settle(&self, claimed: &Claimed, receipt: &Receipt, from: LetterState) -> Result<(), StoreError> {
        let letter = &claimed.letter;
        info!(letter = %letter.id, class = letter.class.code(), outcome = outcome(receipt), "a letter was tried");
        for _ in 0..limits::STALE_RETRIES {
            let now = self.clock.now();
            let batch = self.settled(claimed, receipt, from, now).await?;
            match self.store.commit(Batch { at: Some(now), ..batch }).await {
                Ok(()) => return Ok(()),
                // The letter was withdrawn by a stop that came first; or its enrollment moved: look again.
                Err(CommitError::Stale) => {
                    if self
                        .store
                        .letter(letter.id)
                        .await?
                        .is_none_or(|(_, state)| state != from)
                    {
                        return Ok(());
                    }
                }
                Err(CommitError::Known) => return Ok(()),
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Ok(())
    }

    async fn settled(
        &self,
        claimed: &Claimed,
        receipt: &Receipt,
        from: LetterState,
        now: Timestamp,
    ) -> Result<Batch, StoreError> {
        let letter = &claimed.letter;
        let mut batch = Batch::default();
        let moved = |to, again| LetterMove {
            id: letter.id,
            from,
            to,
            not_before: again,
            reply: Some(words(receipt)),
        };
        let Some((id, step)) = letter.touch else {
            let (state, again) = settle_notice(receipt, claimed.attempts, claimed.since, now);
            batch.moves.push(moved(state, again));
            return Ok(batch);
        };
        if matches!(receipt, Receipt::Withheld) && !self.is_withdrawn(claimed).await? {
            // Shut by an old barrier: it waits for a new one.
            batch.moves.push(moved(LetterState::Ready, Some(now)));
            return Ok(batch);
        }
        if let Some((state, again)) = doubts::put_off(claimed, receipt, now) {
            batch.moves.push(moved(state, again));
            return Ok(batch);
        }
        let enrollment = self.store.enrollment(id).await?;
        let settled = enrollment.as_ref().and_then(|enrollment| {
            let view = self.view(enrollment)?;
            Some(settle(
                &view,
                step,
                &letter.message_id,
                receipt,
                claimed.attempts,
                claimed.since,
                now,
            ))
        });
        match (settled, enrollment) {
            (Some(settled), Some(enrollment)) => {
                // A gate that was shut by a stop has withdrawn the letter itself.
                if !matches!(receipt, Receipt::Withheld) {
                    batch.moves.push(moved(settled.state, settled.again));
                }
                self.decided(&mut batch, &enrollment, settled.decision, now);
            }
            // Its rep or cadence is gone: only the ledger can be told.
            _ => {
                let (state, again) = settle_notice(receipt, claimed.attempts, claimed.since, now);
                batch.moves.push(moved(state, again));
            }
        }
        Ok(batch)
    }
}

impl Bot {
    async fn is_withdrawn(&self, claimed: &Claimed) -> Result<bool, StoreError> {
        let letter = self.store.letter(claimed.letter.id).await?;
        Ok(letter.is_some_and(|(_, state)| state == LetterState::Withdrawn))
    }
}

fn outcome(receipt: &Receipt) -> &'static str {
    match receipt {
        Receipt::Sent(_) => "sent",
        Receipt::Deferred { .. } => "deferred",
        Receipt::Refused { .. } => "refused",
        Receipt::Unreached { .. } => "unreached",
        Receipt::Withheld => "withheld",
        Receipt::InDoubt { .. } => "in doubt",
    }
}

/// The server's words for the ledger.
fn words(receipt: &Receipt) -> String {
    match receipt {
        Receipt::Sent(reply) => format!("{} {}", reply.code, reply.text),
        Receipt::Deferred { phase, reply } | Receipt::Refused { phase, reply } => {
            format!("{} {} ({})", reply.code, reply.text, phase.word())
        }
        Receipt::Unreached { phase, why } => format!("{why} ({})", phase.word()),
        Receipt::Withheld => "a gate was shut".to_owned(),
        Receipt::InDoubt { why } => why.clone(),
    }
}
