//! Letters that are ready → what the relay said to them.
//!
//! Touches go out only behind a fresh barrier: without proof that nobody said stop within the last minute nothing is
//! claimed, and the gate asks again after the server's 354, in the transaction that commits `sending`.
//!
//! Not here: what an answer means for the ledger and the enrollment (`settling`).

use super::doubts::{OWN_COPY, TOLD};
pub use super::settling::recover;
use super::stand_in::Gone;
use super::trouble::{UNRECORDED, until_recorded};
use super::{Bot, Progress};
use crate::model::{Address, Cadence, Ending, Enrollment, EnrollmentId, LetterState, Prospect, Receipt, Reply, limits};
use crate::rules::diary::Diary;
use crate::rules::doubt;
use crate::rules::settle::too_late;
use crate::rules::window;
use crate::store::{Batch, Claimed, Claims, CommitError, LetterMove, StoreError};
use futures_util::{Stream, StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use std::pin::pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tracing::warn;

/// Sends what is ready, [`limits::CONNECTIONS`] at once, for [`limits::DELIVER`] at most; while the relay is in trouble one
/// letter, or none ([`super::relay`]). One stage talks to the relay and the next tells the store, so that no connection
/// waits for the store.
///
/// # Errors
/// When the store fails. Letters whose answer could not be kept stay `sending`, and are in doubt at the next start.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let (failed, held) = (OnceLock::new(), AtomicUsize::new(0));
    let recorded = ready(bot, &failed, &held)
        .map(|claimed| bot.send(claimed))
        .buffer_unordered(limits::CONNECTIONS)
        .map(|tried| bot.conclude(tried))
        .buffer_unordered(limits::CLAIM);
    let mut recorded = pin!(recorded);
    let mut done = 0;
    // What is claimed is brought to its end even when the store fails; only nothing more is claimed.
    while let Some(result) = recorded.next().await {
        done += 1;
        if let Err(error) = result {
            failed.get_or_init(|| error);
        }
    }
    if let Some(error) = failed.get() {
        return Err(error.clone());
    }
    done += held.load(Ordering::SeqCst);
    let now = bot.clock.now();
    let shut = bot.barrier.shut(now);
    if (!bot.barrier.is_fresh(now) || !shut.is_empty()) && bot.store.touches_ready(now).await? {
        if !bot.barrier.is_fresh(now) {
            bot.sync_wanted.notify_one();
        }
        if !shut.is_empty() {
            bot.barrier.watch_wanted.notify_waiters();
        }
    }
    // A touch that waits for the barrier is woken by the intake round when it has looked.
    Ok(Progress {
        done,
        wake: bot.store.next_wake().await?,
    })
}

/// The letters that may go, claimed [`limits::CLAIM`] at a time when there is room for them. Touches whose turn it is not
/// are put off before, and counted in `held`.
fn ready<'a>(
    bot: &'a Bot,
    failed: &'a OnceLock<StoreError>,
    held: &'a AtomicUsize,
) -> impl Stream<Item = Claimed> + 'a {
    let turn = SignedDuration::try_from(limits::DELIVER).unwrap_or(SignedDuration::ZERO);
    let until = bot.clock.now() + turn;
    let claims = stream::unfold(false, move |asked| async move {
        let now = bot.clock.now();
        let room = bot.relay.room(now);
        // A relay that is not known to work is asked by one letter, and the others wait for what it says.
        if room == 0 || (room < limits::CLAIM && asked) {
            return None;
        }
        if failed.get().is_some() || bot.is_stopping() || bot.is_fenced() || now >= until {
            return None;
        }
        let claims = if bot.barrier.is_fresh(now) {
            Claims::All
        } else {
            Claims::Notices
        };
        match bot.claim_paced(now, room, claims, held).await {
            Ok(claimed) => (!claimed.is_empty()).then_some((claimed, true)),
            Err(error) => {
                failed.get_or_init(|| error);
                None
            }
        }
    });
    claims.flat_map(stream::iter)
}

/// What became of a letter, for the store.
enum Tried {
    /// The relay's answer, and where the ledger says that the letter stands.
    Answered(Claimed, Receipt, LetterState),
    /// Nothing was sent; it is ready again then.
    PutBack(Claimed, Timestamp),
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
    Touch {
        cadence: &'a Cadence,
        prospect: Box<Prospect>,
        rep: Address,
        id: EnrollmentId,
    },
    /// A touch whose rep or cadence is not configured any more.
    Orphan,
}

impl Door<'_> {
    /// Whether the letter may go at `now`.
    ///
    /// # Errors
    /// When it may not: the moment to ask again.
    fn open(&self, now: Timestamp) -> Result<(), Timestamp> {
        if self.bot.is_stopping() || self.bot.is_fenced() || self.bot.relay.room(now) == 0 {
            return Err(now);
        }
        match &self.what {
            Through::Notice => Ok(()),
            Through::Orphan => Err(now + SignedDuration::from_hours(24)),
            Through::Touch { rep, .. } if !self.bot.barrier.is_fresh_for(rep, now) => Err(now),
            Through::Touch { id, .. } if self.bot.barrier.is_suspect(*id) => {
                Err(now + SignedDuration::try_from(limits::HELD_AGAIN).unwrap_or(SignedDuration::ZERO))
            }
            Through::Touch {
                cadence, prospect, rep, ..
            } => {
                let diary = Diary::of(prospect, rep, &self.bot.house.hours);
                window::open(cadence, &diary, now).map_err(|slot| slot.at)
            }
        }
    }
}

impl Bot {
    /// Claims letters, the touches among them inside their pace.
    async fn claim_paced(
        &self,
        now: Timestamp,
        room: usize,
        claims: Claims,
        held: &AtomicUsize,
    ) -> Result<Vec<Claimed>, StoreError> {
        if claims == Claims::Notices {
            return self.store.claim(now, room, claims).await;
        }
        let shut = self.barrier.shut(now);
        held.fetch_add(self.hold_back(room, &shut, now).await?, Ordering::SeqCst);
        self.store.claim_but(now, room, shut).await
    }

    /// What is known of a letter that left before this database was set back, or by another bot.
    fn went_before(&self, claimed: &Claimed) -> Option<Receipt> {
        let id = claimed.letter.id;
        let taken = |by: &str| {
            Receipt::Sent(Reply {
                code: 250,
                status: None,
                text: by.to_owned(),
            })
        };
        if claimed.letter.touch.is_none() {
            return self.copies.has(id).then(|| taken(OWN_COPY));
        }
        let left = self.left_before(id).filter(|_| !claimed.again)?;
        Some(match left.taken {
            true => taken(TOLD),
            false => Receipt::InDoubt {
                why: doubt::RESTORED.to_owned(),
            },
        })
    }

    async fn send(&self, claimed: Claimed) -> Tried {
        let id = claimed.letter.id;
        let door = self.door(&claimed);
        if let Err(again) = door.open(self.clock.now()) {
            return Tried::PutBack(claimed, again);
        }
        if let Some(receipt) = self.went_before(&claimed) {
            return Tried::Answered(claimed, receipt, LetterState::Claimed);
        }
        let opened = AtomicBool::new(false);
        let gate = || async {
            let now = self.clock.now();
            if door.open(now).is_err() {
                return false;
            }
            // From here on it may be on record as sent, so that its end is waited for.
            opened.store(true, Ordering::SeqCst);
            let open = self
                .store
                .begin_sending(id, claimed.claim, now)
                .await
                .unwrap_or_else(|error| {
                    // What cannot be recorded is not sent.
                    warn!(letter = %id, %error, "the gate stays shut");
                    false
                });
            opened.store(open, Ordering::SeqCst);
            open
        };
        let sending = self.outbox.send(&claimed.letter, gate);
        let Some(receipt) = self.unless_stopped(sending, &opened).await else {
            return Tried::PutBack(claimed, self.clock.now());
        };
        self.relay.heard(&receipt, self.clock.now());
        match receipt {
            Receipt::Withheld => {
                let now = self.clock.now();
                Tried::PutBack(claimed, door.open(now).err().unwrap_or(now))
            }
            receipt if opened.load(Ordering::SeqCst) => Tried::Answered(claimed, receipt, LetterState::Sending),
            receipt => Tried::Answered(claimed, receipt, LetterState::Claimed),
        }
    }

    /// What the relay says; `None` when the bot is told to stop before the letter has passed the gate: the connection is
    /// closed, and nothing was sent. A letter beyond the gate is waited for (reliability §6.4).
    async fn unless_stopped(&self, sending: impl Future<Output = Receipt>, opened: &AtomicBool) -> Option<Receipt> {
        let mut sending = pin!(sending);
        tokio::select! {
            biased;
            receipt = &mut sending => return Some(receipt),
            () = self.stops() => {}
        }
        if opened.load(Ordering::SeqCst) {
            Some(sending.await)
        } else {
            None
        }
    }

    async fn conclude(&self, tried: Tried) -> Result<(), StoreError> {
        match tried {
            Tried::Answered(claimed, receipt, from) => self.settle(&claimed, &receipt, from).await,
            Tried::PutBack(claimed, _) if self.is_forbidden(&claimed) => {
                until_recorded(&self.clock, UNRECORDED, async || self.take_back(&claimed).await).await
            }
            Tried::PutBack(claimed, again) => {
                until_recorded(&self.clock, UNRECORDED, async || self.put_back(&claimed, again).await).await
            }
        }
    }

    fn door(&self, claimed: &Claimed) -> Door<'_> {
        let Some((id, _)) = claimed.letter.touch else {
            let what = Through::Notice;
            return Door { bot: self, what };
        };
        let configured = claimed.enrollment.as_ref().and_then(|enrollment| {
            self.house.rep(&enrollment.rep)?;
            // Whom the configuration forbids since the letter was written gets none.
            if self.house.etiquette.forbids(&enrollment.prospect.address) {
                return None;
            }
            let cadence = self.house.library.cadence(&enrollment.cadence)?;
            let prospect = Box::new(enrollment.prospect.clone());
            let rep = enrollment.rep.clone();
            Some(Through::Touch {
                cadence,
                prospect,
                rep,
                id,
            })
        });
        if configured.is_none() {
            warn!(enrollment = %id, "its rep or its cadence is not configured any more, so its letter waits; or its address is never mailed, and it is over");
        }
        let what = configured.unwrap_or(Through::Orphan);
        Door { bot: self, what }
    }

    /// Whether the configuration forbids the prospect of a touch since its letter was written.
    fn is_forbidden(&self, claimed: &Claimed) -> bool {
        let prospect = claimed
            .enrollment
            .as_ref()
            .map(|enrollment| &enrollment.prospect.address);
        claimed.letter.touch.is_some() && prospect.is_some_and(|address| self.house.etiquette.forbids(address))
    }

    /// What must not go out any more does not wait either: the enrollment is over, and its letter is withdrawn with it.
    async fn take_back(&self, claimed: &Claimed) -> Result<(), StoreError> {
        let now = self.clock.now();
        let enrollment = match claimed.letter.touch {
            Some((id, _)) => self.store.enrollment(id).await?,
            None => None,
        };
        let Some(enrollment) = enrollment.filter(Enrollment::is_active) else {
            return self.put_back(claimed, now + SignedDuration::from_hours(24)).await;
        };
        let mut batch = Batch {
            at: Some(now),
            ..Batch::default()
        };
        self.decided(&mut batch, &enrollment, Ending::Suppressed.into(), now);
        match self.store.commit(batch).await {
            // A stop was faster, or the next round claims the letter and comes here again.
            Ok(()) | Err(CommitError::Stale | CommitError::Known) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    /// Nothing was sent, and nothing said that it must not be: the letter is ready again at `again`. One that was
    /// withdrawn meanwhile, by a stop or by the gate, stays so, and its enrollment is told.
    pub(super) async fn put_back(&self, claimed: &Claimed, again: Timestamp) -> Result<(), StoreError> {
        let ready = LetterMove {
            id: claimed.letter.id,
            from: LetterState::Claimed,
            to: LetterState::Ready,
            not_before: Some(again),
            // What a server said last, if one did, says more than that a door was shut.
            reply: None,
            since: None,
            untaken: false,
            heard: false,
            seen: None,
        };
        let now = self.clock.now();
        let mut batch = Batch {
            at: Some(now),
            moves: vec![ready],
            ..Batch::default()
        };
        self.say_too_late(&mut batch, claimed, now).await?;
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

    /// A touch that lay ready until its window had shut says so in the journal: every wait has a reason.
    async fn say_too_late(&self, batch: &mut Batch, claimed: &Claimed, now: Timestamp) -> Result<(), StoreError> {
        let Some((id, step)) = claimed.letter.touch else {
            return Ok(());
        };
        let Some(enrollment) = self.store.enrollment(id).await? else {
            return Ok(());
        };
        let gone = Gone::default();
        let late = self
            .view(&enrollment, &gone)
            .and_then(|view| too_late(&view, step, now));
        if let Some(decision) = late {
            self.decided(batch, &enrollment, decision, now);
        }
        Ok(())
    }
}
