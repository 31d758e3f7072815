//! What the relay said to a letter → the ledger and the enrollment, in one commit; and what a dead process left open.

use super::stand_in::Gone;
use super::trouble::{UNRECORDED, until_recorded};
use super::{Bot, doubts};
use crate::model::{Enrollment, Letter, LetterState, Receipt, Standing, limits};
use crate::rules::advance::{Next, advance};
use crate::rules::doubt;
use crate::rules::settle::{Settled, Tries, is_unheard, settle, settle_notice};
use crate::store::{Batch, Claimed, CommitError, LetterMove, StoreError};
use jiff::Timestamp;
use tracing::{error, info};

/// Settles what a dead process left behind. What lay between the 354 and the answer is in doubt and never sent again,
/// because nobody knows; an enrollment whose letter the gate withdrew goes on. Returns how many letters are in doubt.
///
/// All of it is decided as of the time in which it was left: a database that was set back may not know yet that it was, and
/// what follows from then on is what may have gone out since (reliability E-25). Decided as of now, it would come again.
///
/// # Errors
/// When the store fails.
pub async fn recover(bot: &Bot) -> Result<usize, StoreError> {
    bot.recall().await?;
    bot.begins_to_know().await?;
    bot.recovering(bot.store.tenure().await?.gap.map(|gap| gap.from));
    let known = bot.store.last_decided().await?;
    let left = bot.store.left_sending().await?;
    let count = left.len();
    for claimed in left {
        let why = doubt::STOPPED.to_owned();
        bot.settle_left(&claimed, &Receipt::InDoubt { why }).await?;
    }
    // One instance alone runs on a database, so nobody else holds these.
    for claimed in bot.store.left_claimed().await? {
        bot.put_back(&claimed, bot.clock.now()).await?;
    }
    for enrollment in bot.store.stranded().await? {
        bot.pick_up(&enrollment, known).await?;
    }
    Ok(count)
}

impl Bot {
    /// Records what the server said. Tried again while rows move on under it, and for as long as the store has no room:
    /// what was sent and is not recorded would be in doubt.
    pub(super) async fn settle(
        &self,
        claimed: &Claimed,
        receipt: &Receipt,
        from: LetterState,
    ) -> Result<(), StoreError> {
        let letter = &claimed.letter;
        info!(letter = %letter.id, class = letter.class.code(), outcome = outcome(receipt), "a letter was tried");
        until_recorded(&self.clock, UNRECORDED, async || {
            self.record(claimed, receipt, from, None).await
        })
        .await?;
        self.note(letter, receipt);
        Ok(())
    }

    /// A touch that left, or may have, is named by the note in the mailbox.
    fn note(&self, letter: &Letter, receipt: &Receipt) {
        if letter.touch.is_some() {
            match receipt {
                Receipt::Sent(_) => self.went_out(letter.id, true),
                Receipt::InDoubt { .. } => self.went_out(letter.id, false),
                Receipt::Deferred { .. } | Receipt::Refused { .. } | Receipt::Unreached { .. } | Receipt::Withheld => {}
            }
        }
    }

    /// A letter that a dead process left beyond the gate. What follows a touch is counted from when it passed.
    async fn settle_left(&self, claimed: &Claimed, receipt: &Receipt) -> Result<(), StoreError> {
        let passed = claimed.passed.map(|passed| passed.min(self.clock.now()));
        until_recorded(&self.clock, UNRECORDED, async || {
            self.record(claimed, receipt, LetterState::Sending, passed).await
        })
        .await?;
        self.note(&claimed.letter, receipt);
        Ok(())
    }

    /// `then`: when it happened, if that was not now.
    async fn record(
        &self,
        claimed: &Claimed,
        receipt: &Receipt,
        from: LetterState,
        then: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let letter = &claimed.letter;
        let mut stale = 0;
        // What was sent is sent, however its enrollment stands meanwhile: a stale one only costs another try.
        let mut known = claimed
            .enrollment
            .clone()
            .filter(|_| matches!(receipt, Receipt::Sent(_)));
        while stale < limits::STALE_RETRIES {
            let now = self.clock.now();
            let enrollment = match (known.take(), letter.touch) {
                (None, Some((id, _))) => self.store.enrollment(id).await?,
                (known, _) => known,
            };
            let basis = enrollment.clone().zip(claimed.first.clone());
            let batch = self.settled(claimed, enrollment, receipt, from, then.unwrap_or(now));
            let batch = Batch {
                at: Some(now),
                basis,
                ..batch
            };
            match self.store.commit_patiently(batch).await {
                Ok(()) | Err(CommitError::Known) => return Ok(()),
                // The letter was withdrawn by a stop that came first; or its enrollment moved: look again.
                Err(CommitError::Stale) if self.stands_at(claimed, from).await? => stale += 1,
                Err(CommitError::Stale) => return Ok(()),
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        error!(letter = %letter.id, "what a server said could not be recorded; it is in doubt from the next start on");
        Ok(())
    }

    /// Whether the letter stands there now.
    pub(super) async fn stands_at(&self, claimed: &Claimed, from: LetterState) -> Result<bool, StoreError> {
        let letter = self.store.letter(claimed.letter.id).await?;
        Ok(letter.is_some_and(|(_, state)| state == from))
    }

    fn settled(
        &self,
        claimed: &Claimed,
        enrollment: Option<Enrollment>,
        receipt: &Receipt,
        from: LetterState,
        now: Timestamp,
    ) -> Batch {
        let letter = &claimed.letter;
        let mut batch = Batch::default();
        let moved = |to, again| LetterMove {
            id: letter.id,
            from,
            to,
            not_before: again,
            reply: Some(words(receipt)),
            since: is_unheard(receipt).then_some(now),
            untaken: from == LetterState::Sending && is_untaken(receipt),
            heard: to == LetterState::Ready && !is_unheard(receipt),
            seen: None,
        };
        let Some((enrollment, (_, step))) = enrollment.zip(letter.touch) else {
            let (state, again) = settle_notice(receipt, (claimed.attempts, claimed.begun), claimed.since, now);
            batch.moves.push(moved(state, again));
            return batch;
        };
        if let Some((state, again)) = doubts::put_off(claimed, receipt, now) {
            batch.moves.push(moved(state, again));
            return batch;
        }
        let gone = Gone::default();
        let view = self.view_of(&enrollment, &gone);
        let tries = Tries {
            claims: claimed.attempts,
            heard: claimed.heard.saturating_add(1),
            since: claimed.since,
        };
        let settled = settle(&view, step, &letter.message_id, receipt, tries, now);
        match (receipt, settled.state) {
            // The gate has withdrawn it already.
            (Receipt::Withheld, _) => {}
            // A stop came after the gate, and then the server wanted none of it. What was `sending` is never called
            // withdrawn, so it is the gate that says so when it is asked again.
            (_, LetterState::Withdrawn) if from == LetterState::Sending => {
                batch.moves.push(moved(LetterState::Ready, Some(now)));
            }
            (_, state) => batch.moves.push(moved(state, settled.again)),
        }
        self.decided(&mut batch, &enrollment, settled.decision, now);
        batch
    }

    /// An enrollment that waits for nothing that will ever come is decided again.
    async fn pick_up(&self, enrollment: &Enrollment, known: Option<Timestamp>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let then = known.map_or(now, |known| known.min(now));
        let gone = Gone::default();
        let view = self.view_of(enrollment, &gone);
        let decision = match enrollment.standing {
            Standing::Sending { step, letter } => {
                let Some((letter, _)) = self.store.letter(letter).await? else {
                    return Ok(());
                };
                let Settled { decision, .. } = settle(
                    &view,
                    step,
                    &letter.message_id,
                    &Receipt::Withheld,
                    Tries::first(then),
                    then,
                );
                decision
            }
            Standing::Deciding { .. } => match advance(&view, None, then) {
                Next::Wait(decision) | Next::End(decision) => decision,
                Next::Touch(_) | Next::Draft(_) => return Ok(()),
            },
            Standing::Waiting { .. } | Standing::Paused { .. } | Standing::Ended { .. } => return Ok(()),
        };
        let mut batch = Batch {
            at: Some(now),
            ..Batch::default()
        };
        self.decided(&mut batch, enrollment, decision, then);
        match self.store.commit(batch).await {
            Ok(()) | Err(CommitError::Stale | CommitError::Known) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

/// Whether the relay certainly did not take the content.
fn is_untaken(receipt: &Receipt) -> bool {
    match receipt {
        Receipt::Deferred { .. } | Receipt::Refused { .. } | Receipt::Unreached { .. } => true,
        Receipt::Sent(_) | Receipt::Withheld | Receipt::InDoubt { .. } => false,
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
