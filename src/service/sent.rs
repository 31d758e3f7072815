//! The bot's own Sent folder as evidence: what lies there went out. It is searched by our reference and by Message-ID, headers only,
//! newest first, whether or not it is one of `[mailbox].folders`.
//!
//! It ends doubts, shows a database that it was set back, and keeps a restored one from sending reps again what they have.
//!
//! Known gaps: a mailbox without such a folder, and a relay that keeps no copies there, show nothing; what was seen while
//! recovering is known to this process alone.

use super::doubts::{OWN_COPY, Shown};
use super::intake::IntakeError;
use super::{Bot, safely};
use crate::inbox::{Inbox, Watermark};
use crate::mail::classify::letter_of;
use crate::mail::read::Mail;
use crate::model::{LetterId, MessageId, limits};
use crate::rules::doubt;
use crate::store::{Batch, CommitError, StoreError};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use tracing::info;

/// What is known of copies.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// Letters of which a copy was seen while the database did not know what had happened.
    seen: Mutex<BTreeSet<LetterId>>,
    /// When the folder was searched last for letters in doubt.
    searched: Mutex<Option<Timestamp>>,
}

impl Copies {
    /// A copy of this letter was seen.
    pub(super) fn saw(&self, letter: LetterId) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() < limits::COPIES {
            seen.insert(letter);
        }
    }

    /// Whether a copy of this letter was seen.
    pub(super) fn has(&self, letter: LetterId) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.contains(&letter)
    }

    /// Whether it is time to search again, for a doubt that is as new as that: until a copy must have been filed, and not
    /// with every look.
    fn is_time(&self, newest: Timestamp, now: Timestamp) -> bool {
        let mut searched = self.searched.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = |by| SignedDuration::try_from(by).unwrap_or(SignedDuration::ZERO);
        let due = searched.is_none_or(|last| {
            let is_new = last.duration_since(newest) < wait(limits::COPY_WITHIN);
            is_new && now.duration_since(last) >= wait(limits::COPY_AGAIN)
        });
        if due {
            *searched = Some(now);
        }
        due
    }
}

/// A copy of a letter: what its header says.
struct Copy {
    letter: Option<LetterId>,
    id: Option<MessageId>,
    /// When it came into the folder.
    received: Option<Timestamp>,
}

impl Copy {
    fn of(mail: &Mail, received: Option<Timestamp>) -> Option<Self> {
        let copy = Self {
            letter: mail.header("X-Cadence-Ref").next().and_then(letter_of),
            id: mail.message_id.clone(),
            received,
        };
        (copy.letter.is_some() || copy.id.is_some()).then_some(copy)
    }
}

impl Bot {
    /// Looks whether copies show that letters in doubt went out. Nothing to do where the folder is read with the others.
    pub(super) async fn search_for_doubts(&self, inbox: &mut Inbox, folders: &[String]) -> Result<(), IntakeError> {
        let Some((oldest, newest)) = self.store.doubted().await? else {
            return Ok(());
        };
        if !self.copies.is_time(newest, self.clock.now()) {
            return Ok(());
        }
        if let Some(folder) = inbox.sent().await?.filter(|sent| !folders.contains(sent)) {
            for copy in self.copies_since(inbox, &folder, oldest).await? {
                self.shows(&copy).await?;
            }
        }
        Ok(())
    }

    /// Searches for everything that went out since then: doubts end, and what reps got is remembered ([`Copies`]).
    pub(super) async fn search_since(&self, inbox: &mut Inbox, since: Timestamp) -> Result<(), IntakeError> {
        let Some(folder) = inbox.sent().await? else {
            return Ok(());
        };
        for copy in self.copies_since(inbox, &folder, since).await? {
            if let Some(letter) = copy.letter {
                self.copies.saw(letter);
            }
            self.shows(&copy).await?;
        }
        Ok(())
    }

    /// Whether a touch lies in the folder since then which, by this database, never began to go out: it was set back.
    pub(super) async fn is_set_back(&self, inbox: &mut Inbox, since: Timestamp) -> Result<bool, IntakeError> {
        let Some(folder) = inbox.sent().await? else {
            return Ok(false);
        };
        let copies = self.copies_since(inbox, &folder, since).await?;
        let letters: BTreeSet<LetterId> = copies.into_iter().filter_map(|copy| copy.letter).collect();
        if letters.is_empty() {
            return Ok(false);
        }
        let asked: Vec<LetterId> = letters.iter().copied().collect();
        if self.store.any_unbegun(&asked).await? {
            return Ok(true);
        }
        // It may not even have been written yet.
        let due = self.store.due(self.clock.now(), limits::DUE_LOOKED_AT).await?;
        let next = due.iter().filter_map(|one| Some((one.id, one.next_step()?)));
        Ok(next
            .map(|(id, step)| LetterId::of_step(id, step))
            .any(|id| letters.contains(&id)))
    }

    /// The copies that came into the folder since then.
    async fn copies_since(&self, inbox: &mut Inbox, folder: &str, since: Timestamp) -> Result<Vec<Copy>, IntakeError> {
        let margin = SignedDuration::try_from(limits::RECOVERY_MARGIN).unwrap_or(SignedDuration::ZERO);
        let since = since.checked_sub(margin).unwrap_or(since);
        let extent = inbox.extent(folder, Watermark::default()).await?;
        let (mut below, mut copies) = (extent.highest.saturating_add(1), Vec::new());
        while below > 1 && copies.len() < limits::COPIES {
            let window = inbox.heads(folder, &extent, 0, below).await?;
            let lately = |received: Option<Timestamp>| received.is_none_or(|at| at >= since);
            let is_over = !window.heads.iter().any(|head| lately(head.received));
            let new = window.heads.iter().filter(|head| lately(head.received));
            copies.extend(new.filter_map(|head| Copy::of(&safely::header(&head.bytes)?, head.received)));
            below = window.down_to;
            if is_over {
                break;
            }
        }
        Ok(copies)
    }

    /// Ends the doubt about the letter that this is a copy of, if there is one.
    async fn shows(&self, copy: &Copy) -> Result<(), StoreError> {
        let (letters, ids): (Vec<_>, Vec<_>) = (copy.letter.into_iter().collect(), copy.id.iter().cloned().collect());
        for found in self.store.doubts_named(&letters, &ids).await? {
            let id = copy.id.clone().unwrap_or_else(|| found.letter.message_id.clone());
            info!(letter = %found.letter.id, "a letter in doubt lies in the Sent folder");
            for _ in 0..limits::STALE_RETRIES {
                let now = self.clock.now();
                let mut batch = Batch {
                    at: Some(now),
                    ..Batch::default()
                };
                let fact = |step| doubt::shown(step, &id, OWN_COPY);
                let shown = Shown::sent(OWN_COPY, copy.received);
                self.resolve(&found, shown, fact, &mut batch, now).await?;
                match self.store.commit(batch).await {
                    Ok(()) | Err(CommitError::Known) => break,
                    Err(CommitError::Stale) if self.store.doubts_named(&letters, &ids).await?.is_empty() => break,
                    Err(CommitError::Stale) => {}
                    Err(CommitError::Store(error)) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubt_is_looked_after_for_a_while_and_not_with_every_look() {
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        let copies = Copies::default();
        let looks: Vec<i64> = (0..60).filter(|minute| copies.is_time(at(0), at(*minute))).collect();
        assert_eq!(looks, (0..=15).collect::<Vec<_>>());
        assert!(copies.is_time(at(58), at(61)), "a new doubt");
    }
}
