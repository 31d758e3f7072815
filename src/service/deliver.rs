//! Letters that are ready → what the relay said to them.
//!
//! Touches go out only behind a fresh barrier: without proof that nobody said stop within the last minute nothing is
//! claimed, and the gate asks again after the server's 354, in the transaction that commits `sending`.

use super::trouble::until_recorded;
use super::{Bot, Progress};
use crate::model::{Enrollment, LetterState, Receipt, limits};
use crate::rules::settle::{Settled, settle, settle_notice, too_late};
use crate::store::{Batch, Claimed, Claims, CommitError, LetterMove, StoreError};
use futures_util::StreamExt;
use futures_util::stream;
use jiff::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::{info, warn};

/// Sends what is ready, [`limits::CLAIM`] letters at a time, [`limits::CONNECTIONS`] at once; while the relay is in trouble
/// one letter at a time, or none ([`super::hold`]).
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
    let claimed = match bot.hold.room(now) {
        0 => Vec::new(),
        room => bot.store.claim(now, room, claims).await?,
    };
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

/// Settles what a dead process left behind. What it had only claimed was not sent and is ready again. What stands between
/// the 354 and the answer may have been: nobody knows, so it is in doubt and never sent again. Returns how many are.
///
/// # Errors
/// When the store fails.
pub async fn recover(bot: &Bot) -> Result<usize, StoreError> {
    for claimed in bot.store.left_claimed().await? {
        until_recorded(UNRECORDED, async || bot.give_back(&claimed).await).await?;
    }
    let left = bot.store.left_sending().await?;
    let why = "the bot stopped before the server had answered".to_owned();
    let doubt = Receipt::InDoubt { why };
    for claimed in &left {
        until_recorded(UNRECORDED, async || {
            bot.settle(claimed, &doubt, LetterState::Sending).await
        })
        .await?;
    }
    Ok(left.len())
}

const UNRECORDED: &str = "what became of a letter cannot be recorded; no other is begun until it can";

impl Bot {
    async fn send(&self, claimed: Claimed) -> Result<(), StoreError> {
        if until_recorded(UNRECORDED, async || self.lay_aside(&claimed).await).await? {
            return Ok(());
        }
        let opened = AtomicBool::new(false);
        let gate = || async {
            let now = self.clock.now();
            let touch = claimed.letter.touch.is_some();
            if self.is_leaving() || (touch && !self.barrier.is_fresh(now)) {
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
        let letter = &claimed.letter;
        info!(letter = %letter.id, class = letter.class.code(), outcome = outcome(&receipt), "a letter was tried");
        self.hold.heard(&receipt, self.clock.now());
        let from = if opened.load(Ordering::SeqCst) {
            LetterState::Sending
        } else {
            LetterState::Claimed
        };
        until_recorded(UNRECORDED, async || self.settle(&claimed, &receipt, from).await).await
    }

    /// Whether a letter is not to be tried now after all; it is ready again then. The bot is about to stop, the relay is in
    /// trouble, or a touch lay ready until its window had shut.
    async fn lay_aside(&self, claimed: &Claimed) -> Result<bool, StoreError> {
        let now = self.clock.now();
        if self.is_leaving() || self.hold.room(now) == 0 {
            self.give_back(claimed).await?;
            return Ok(true);
        }
        let Some((enrollment, settled)) = self.too_late(claimed, now).await? else {
            return Ok(false);
        };
        let mut batch = ready_again(claimed, settled.again, now);
        self.decided(&mut batch, &enrollment, settled.decision, now);
        match self.store.commit(batch).await {
            Ok(()) => {}
            // The enrollment moved on: the next round looks again.
            Err(CommitError::Stale | CommitError::Known) => self.give_back(claimed).await?,
            Err(CommitError::Store(error)) => return Err(error),
        }
        Ok(true)
    }

    async fn too_late(&self, claimed: &Claimed, now: Timestamp) -> Result<Option<(Enrollment, Settled)>, StoreError> {
        let Some((id, step)) = claimed.letter.touch else {
            return Ok(None);
        };
        let Some(enrollment) = self.store.enrollment(id).await? else {
            return Ok(None);
        };
        let settled = self.view(&enrollment).and_then(|view| too_late(&view, step, now));
        Ok(settled.map(|settled| (enrollment, settled)))
    }

    /// A letter that was claimed and not tried is ready as before.
    async fn give_back(&self, claimed: &Claimed) -> Result<(), StoreError> {
        match self.store.commit(ready_again(claimed, None, self.clock.now())).await {
            // A stop came first and has withdrawn it.
            Ok(()) | Err(CommitError::Stale | CommitError::Known) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// Records what the server said. Tried again while rows move on under it.
    async fn settle(&self, claimed: &Claimed, receipt: &Receipt, from: LetterState) -> Result<(), StoreError> {
        let letter = &claimed.letter;
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

fn ready_again(claimed: &Claimed, not_before: Option<Timestamp>, now: Timestamp) -> Batch {
    Batch {
        at: Some(now),
        moves: vec![LetterMove {
            id: claimed.letter.id,
            from: LetterState::Claimed,
            to: LetterState::Ready,
            not_before,
            reply: None,
        }],
        ..Batch::default()
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
