//! Letters that are ready → what the relay said to them.
//!
//! Touches go out only behind a fresh barrier: without proof that nobody said stop within the last minute nothing is
//! claimed, and the gate asks again after the server's 354, in the transaction that commits `sending`.
//!
//! Not here: what an answer means for the ledger and the enrollment (`settling`).

pub use super::settling::recover;
use super::{Bot, Progress};
use crate::model::{Cadence, Letter, LetterState, Receipt, Zone, limits};
use crate::rules::window;
use crate::store::{Batch, Claimed, Claims, CommitError, LetterMove, StoreError};
use futures_util::StreamExt;
use futures_util::stream;
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::warn;

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

/// What keeps a letter from going out. Asked before a connection is spent on it, and again at the gate.
struct Door<'a> {
    bot: &'a Bot,
    what: Through<'a>,
}

/// Who goes through a door.
enum Through<'a> {
    /// A letter to a rep.
    Notice,
    /// A touch, in the hours of its prospect.
    Touch { cadence: &'a Cadence, zone: Zone },
    /// A touch whose rep or cadence is not configured any more.
    Orphan,
}

impl Door<'_> {
    /// Whether the letter may go at `now`.
    ///
    /// # Errors
    /// When it may not: the moment to ask again.
    fn open(&self, now: Timestamp) -> Result<(), Timestamp> {
        if self.bot.is_stopping() {
            return Err(now);
        }
        match &self.what {
            Through::Notice => Ok(()),
            Through::Orphan => Err(now + SignedDuration::from_hours(24)),
            Through::Touch { .. } if !self.bot.barrier.is_fresh(now) => Err(now),
            Through::Touch { cadence, zone } => {
                window::open(cadence, zone, &self.bot.house.hours, now).map_err(|slot| slot.at)
            }
        }
    }
}

impl Bot {
    async fn send(&self, claimed: Claimed) -> Result<(), StoreError> {
        let id = claimed.letter.id;
        let door = self.door(&claimed.letter).await?;
        if let Err(again) = door.open(self.clock.now()) {
            return self.put_back(&claimed, again).await;
        }
        let opened = AtomicBool::new(false);
        let gate = || async {
            let now = self.clock.now();
            if door.open(now).is_err() {
                return false;
            }
            match self.store.begin_sending(id, claimed.claim, now).await {
                Ok(open) => {
                    opened.store(open, Ordering::SeqCst);
                    open
                }
                // What cannot be recorded is not sent.
                Err(error) => {
                    warn!(letter = %id, %error, "the gate stays shut");
                    false
                }
            }
        };
        match self.outbox.send(&claimed.letter, gate).await {
            Receipt::Withheld => {
                let now = self.clock.now();
                self.put_back(&claimed, door.open(now).err().unwrap_or(now)).await
            }
            receipt if opened.load(Ordering::SeqCst) => self.settle(&claimed, &receipt, LetterState::Sending).await,
            receipt => self.settle(&claimed, &receipt, LetterState::Claimed).await,
        }
    }

    async fn door(&self, letter: &Letter) -> Result<Door<'_>, StoreError> {
        let Some((id, _)) = letter.touch else {
            let what = Through::Notice;
            return Ok(Door { bot: self, what });
        };
        let enrollment = self.store.enrollment(id).await?;
        let configured = enrollment.and_then(|enrollment| {
            self.house.rep(&enrollment.rep)?;
            let cadence = self.house.library.cadence(&enrollment.cadence)?;
            let zone = enrollment.prospect.zone;
            Some(Through::Touch { cadence, zone })
        });
        if configured.is_none() {
            warn!(enrollment = %id, "its rep or its cadence is not configured any more; its letter waits");
        }
        let what = configured.unwrap_or(Through::Orphan);
        Ok(Door { bot: self, what })
    }

    /// Nothing was sent, and nothing said that it must not be: the letter is ready again at `again`. One that was
    /// withdrawn meanwhile, by a stop or by the gate, stays so, and its enrollment is told.
    async fn put_back(&self, claimed: &Claimed, again: Timestamp) -> Result<(), StoreError> {
        let ready = LetterMove {
            id: claimed.letter.id,
            from: LetterState::Claimed,
            to: LetterState::Ready,
            not_before: Some(again),
            reply: Some("a gate was shut".to_owned()),
        };
        let batch = Batch {
            at: Some(self.clock.now()),
            moves: vec![ready],
            ..Batch::default()
        };
        match self.store.commit(batch).await {
            Ok(()) => Ok(()),
            Err(CommitError::Stale | CommitError::Known) => {
                if self.stands_at(claimed, LetterState::Withdrawn).await? {
                    self.settle(claimed, &Receipt::Withheld, LetterState::Withdrawn).await?;
                }
                Ok(())
            }
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
