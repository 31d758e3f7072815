//! Letters in doubt: evidence that a mail brings, and the time after which one counts as sent.
//!
//! Evidence is what only our letter can have caused: our own copy with its reference or Message-ID, a report or an answer
//! that cites its Message-ID (which is derived with a key), or that came to its own envelope sender.

use super::Bot;
use super::incoming::Incoming;
use crate::mail::classify::Kind;
use crate::model::{Decision, Fact, LetterId, LetterState, MessageId, Receipt, limits};
use crate::rules::{doubt, settle::settle_notice};
use crate::store::{Batch, Claimed, CommitError, Doubt, LetterMove, StoreError};
use jiff::Timestamp;
use tracing::info;

/// The evidence of a copy.
pub(super) const OWN_COPY: &str = "our own copy of it was found";

/// A touch that another database of this mailbox sent.
pub(super) const TOLD: &str = "the note of the bot that had the mailbox says that it left";

/// What ends a doubt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    to: LetterState,
    why: &'static str,
    /// It had gone out by then.
    by: Option<Timestamp>,
}

impl Shown {
    const PRESUMED: Self = Self {
        to: LetterState::PresumedSent,
        why: doubt::PRESUMED,
        by: None,
    };

    /// Evidence that lay in the mailbox since `by`, if that is known.
    pub(super) fn sent(why: &'static str, by: impl Into<Option<Timestamp>>) -> Self {
        Self {
            to: LetterState::Sent,
            why,
            by: by.into(),
        }
    }
}

impl Incoming<'_> {
    /// Adds to `batch` what this mail shows about letters in doubt. The enrollments are those that the batch knows, or
    /// loaded now; one that moved on in between makes the whole batch stale.
    pub(super) async fn evidence(&self, batch: &mut Batch) -> Result<(), StoreError> {
        let reading = &self.reading;
        let Some(evidence) = evidence(&reading.kind).filter(|_| !self.stranger) else {
            return Ok(());
        };
        let letters: Vec<LetterId> = reading
            .letter
            .into_iter()
            .chain(reading.token.and_then(|token| token.letter()))
            .collect();
        let mails: Vec<MessageId> = reading.about.iter().take(limits::REFERENCES_READ).cloned().collect();
        if letters.is_empty() && mails.is_empty() {
            return Ok(());
        }
        for found in self.bot.store.doubts_named(&letters, &mails).await? {
            // A relay may have given the letter another id, which our own copy tells.
            let copy = self.mail.message_id.clone().filter(|_| reading.kind == Kind::OwnCopy);
            let id = copy.unwrap_or_else(|| found.letter.message_id.clone());
            info!(letter = %found.letter.id, evidence, "a letter in doubt did go out");
            let fact = |step| doubt::shown(step, &id, evidence);
            let shown = Shown::sent(evidence, self.raw.received);
            self.bot.resolve(&found, shown, fact, batch, self.now).await?;
        }
        Ok(())
    }
}

/// What a mail of this kind proves about a letter that it names; `None`: nothing.
fn evidence(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::OwnCopy => Some(OWN_COPY),
        Kind::Bounce => Some("a report says that it came back"),
        Kind::Delay | Kind::Delivered => Some("a report from a mail server names it"),
        Kind::Complaint => Some("a complaint encloses it"),
        Kind::Reply | Kind::OptOut | Kind::AutoReply | Kind::Calendar(_) => Some("an answer cites it"),
        Kind::HandOver(_)
        | Kind::Commands { .. }
        | Kind::Impostor { .. }
        | Kind::Lead(_)
        | Kind::LeadRefused { .. }
        | Kind::AboutTest
        | Kind::Bulk => None,
    }
}

impl Bot {
    /// Letters whose doubt is old enough count as sent; when the next one is.
    pub(super) async fn presume(&self, now: Timestamp) -> Result<(usize, Option<Timestamp>), StoreError> {
        let mut done = 0;
        for found in self.store.doubts(limits::DOUBTS).await? {
            let then = doubt::presumed_at(found.since);
            if then > now {
                return Ok((done, Some(then)));
            }
            let mut batch = Batch {
                at: Some(now),
                ..Batch::default()
            };
            let fact = |step| doubt::presumed(step, &found.letter.message_id);
            self.resolve(&found, Shown::PRESUMED, fact, &mut batch, now).await?;
            match self.store.commit(batch).await {
                Ok(()) => done += 1,
                // Evidence came in this moment, or the enrollment moved: the next round looks again.
                Err(CommitError::Stale | CommitError::Known) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Ok((done, None))
    }

    /// Adds to `batch` that a doubt is over.
    pub(super) async fn resolve(
        &self,
        found: &Doubt,
        shown: Shown,
        fact: impl Fn(crate::model::StepNo) -> Fact,
        batch: &mut Batch,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        batch.moves.push(LetterMove {
            id: found.letter.id,
            from: found.state,
            to: shown.to,
            not_before: None,
            reply: Some(shown.why.to_owned()),
            since: None,
            untaken: false,
            heard: false,
            // A server's clock may be wrong: nothing goes out before its time.
            seen: shown.by.map(|by| by.max(found.letter.not_before)),
        });
        if let Some((id, step)) = found.letter.touch
            && let Some(enrollment) = self.store.enrollment(id).await?
        {
            batch.add(&enrollment, Decision::of(vec![fact(step)]), now);
        }
        Ok(())
    }
}

/// A letter that goes out again on somebody's word and was put off: it is tried again like a letter to a rep, since its
/// enrollment has gone on. `None`: settled as ever.
pub(super) fn put_off(
    claimed: &Claimed,
    receipt: &Receipt,
    now: Timestamp,
) -> Option<(LetterState, Option<Timestamp>)> {
    let put_off = matches!(receipt, Receipt::Deferred { .. } | Receipt::Unreached { .. });
    (claimed.again && put_off).then(|| {
        match settle_notice(receipt, (claimed.attempts, claimed.begun), claimed.since, now) {
            // Given up: it is where it was before, in doubt.
            (LetterState::Refused, _) => (LetterState::InDoubt, None),
            other => other,
        }
    })
}
