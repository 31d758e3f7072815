//! The lease on the mailbox: looked at before every look at the mails, so that the barrier moves only while this bot has it
//! (reliability E-20 to E-22, P24).
//!
//! While another bot has the mailbox nothing is read, filed, decided or sent: it stands by, says who has it, and takes over when
//! that one gives it back or falls silent. A letter that passed the gate before is concluded.
//!
//! Not here: who may take what (`rules::lease`), what is done about a database that is behind (`recovery`).

use super::Bot;
use super::intake::IntakeError;
use crate::inbox::{Inbox, InboxError, Note, Place};
use crate::mail::lease::{read, write};
use crate::model::{Cause, Gap, Hold, Lease, Left, LetterId, Scope, Tenure, Unhold, limits};
use crate::rules::lease::{Mine, Ruling, rule};
use crate::store::{Batch, CommitError, StoreError};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use tracing::{error, info, warn};

/// What a bot needs to keep others off its mailbox.
pub struct Keeper {
    run: String,
    host: String,
    state: Mutex<State>,
    /// A touch went out, and the note in the mailbox does not know it yet.
    untold: AtomicBool,
    /// This process was in the mailbox, and knows what its notes said.
    was_in: AtomicBool,
    /// The last decision that the database knew when this process began.
    began_knowing: OnceLock<Timestamp>,
    /// The last touches that left, by this bot or another, oldest first: the note says so to the next one. Another's database may
    /// have planned a touch for a day on which this one does not expect it.
    left: Mutex<VecDeque<Left>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum State {
    /// Nobody has looked yet.
    #[default]
    Unasked,
    /// The mailbox could not be asked.
    Unknown,
    /// It is this bot's.
    Held(Lease),
    /// It is nobody else's, and takes no note.
    Unwritable,
    /// It is another bot's.
    Foreign(Lease),
}

/// What may be done in the mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grip {
    /// Everything.
    Firm,
    /// Mails may be read, and nothing is proven by it.
    Loose,
    /// Nothing.
    None,
}

impl Keeper {
    /// The bot on `host`, for people to find it, in a process that drew `run`.
    #[must_use]
    pub fn new(host: String, run: String) -> Self {
        Self {
            run,
            host,
            state: Mutex::default(),
            untold: AtomicBool::new(false),
            was_in: AtomicBool::new(false),
            began_knowing: OnceLock::new(),
            left: Mutex::default(),
        }
    }

    fn left(&self) -> MutexGuard<'_, VecDeque<Left>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_left(&self, touch: Left) {
        let mut left = self.left();
        if let Some(known) = left.iter_mut().find(|known| known.letter == touch.letter) {
            known.taken |= touch.taken;
            return;
        }
        left.push_back(touch);
        let over = left.len().saturating_sub(limits::LEASE_TOUCHES);
        left.drain(..over);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing may be begun: the mailbox is another's, or nobody knows yet.
    pub(super) fn is_shut(&self) -> bool {
        matches!(*self.state(), State::Unasked | State::Foreign(_))
    }

    /// Whether the mailbox could not be asked yet whether the database is behind: what is due by it may have been done.
    fn is_unproven(&self) -> bool {
        !self.was_in.load(Ordering::SeqCst)
    }

    /// Whether the mailbox is another bot's.
    pub(super) fn is_foreign(&self) -> bool {
        matches!(*self.state(), State::Foreign(_))
    }

    /// What was found, and what was before.
    fn found(&self, state: State) -> State {
        if matches!(state, State::Held(_) | State::Unwritable) {
            self.was_in.store(true, Ordering::SeqCst);
        }
        std::mem::replace(&mut *self.state(), state)
    }
}

/// The notes in the mailbox, and where they lie.
struct Seen {
    leases: Vec<Lease>,
    places: Vec<Place>,
    /// When the server got this process' last one, and when that was written.
    received: Option<(Timestamp, Timestamp)>,
}

impl Bot {
    /// Remembers what the database knew, before this process adds to it.
    pub(super) async fn begins_to_know(&self) -> Result<(), StoreError> {
        if let (Some(keeper), Some(known)) = (&self.keeper, self.store.last_decided().await?) {
            // The first answer counts.
            let _ = keeper.began_knowing.set(known);
        }
        Ok(())
    }

    /// Whether nothing is to be decided by what is due: no note in the mailbox was read yet, and an old database would go
    /// through steps again, at other times, that were made long ago.
    pub(super) fn is_unproven(&self) -> bool {
        self.keeper.as_ref().is_some_and(Keeper::is_unproven)
    }

    /// Looks whose the mailbox is, takes it when it is free, and says so again when it is time.
    pub(super) async fn keep_lease(&self, inbox: &mut Inbox) -> Result<Grip, IntakeError> {
        let Some(keeper) = &self.keeper else {
            return Ok(Grip::Firm);
        };
        let kept = self.grip(keeper, inbox).await;
        if kept.is_err() {
            let mut state = keeper.state();
            // What is another's stays so until the mailbox says otherwise.
            if matches!(*state, State::Unasked) {
                *state = State::Unknown;
                self.nudge.notify_one();
            }
        }
        kept
    }

    async fn grip(&self, keeper: &Keeper, inbox: &mut Inbox) -> Result<Grip, IntakeError> {
        let tenure = self.store.tenure().await?;
        let seen = self.notes(inbox).await?;
        let mine = Mine {
            run: keeper.run.clone(),
            host: keeper.host.clone(),
            before: tenure.run.clone(),
            epoch: tenure.epoch,
            journal: self.store.last_fact().await?,
        };
        match rule(&seen.leases, &mine, self.clock.now()) {
            // A suspected clock is held against the server's by writing a note and looking when it came.
            Ruling::Keep { renew } => {
                let renew = renew || self.clockwork.is_suspected() || keeper.untold.load(Ordering::SeqCst);
                self.go_on(keeper, inbox, &seen, renew).await
            }
            Ruling::Take { epoch, behind } => {
                let told = seen.leases.iter().filter(|note| note.sealed);
                told.flat_map(|note| &note.left)
                    .for_each(|touch| keeper.has_left(*touch));
                let behind = match behind {
                    None => self.shown_by_copies(keeper, inbox, &seen).await?,
                    behind => behind,
                };
                self.remember(keeper, tenure, epoch, behind).await?;
                self.take(keeper, inbox, &seen, epoch).await
            }
            Ruling::Yield(lease) => {
                self.stand_by(keeper, lease).await?;
                Ok(Grip::None)
            }
        }
    }

    /// How it shows in the Sent folder that the database was set back to a moment after the last note, which so says nothing. Looked
    /// for when the process before this one, on this host, did not give the mailbox back.
    async fn shown_by_copies(
        &self,
        keeper: &Keeper,
        inbox: &mut Inbox,
        seen: &Seen,
    ) -> Result<Option<String>, IntakeError> {
        let last = crate::rules::lease::standing(&seen.leases);
        let Some(last) = last.filter(|last| last.sealed && !last.released && last.host == keeper.host) else {
            return Ok(None);
        };
        let is_set_back = self.is_set_back(inbox, last.renewed).await?;
        Ok(is_set_back.then(|| "a mail lies in the Sent folder that this database never began to send".to_owned()))
    }

    async fn notes(&self, inbox: &mut Inbox) -> Result<Seen, InboxError> {
        let notes = inbox.leases().await?;
        let run = self.keeper.as_ref().map(|keeper| keeper.run.as_str());
        let mut seen = Seen {
            leases: Vec::new(),
            places: Vec::new(),
            received: None,
        };
        for Note { place, text, received } in notes {
            if let Some(lease) = read(&text, &self.house.bot) {
                if Some(lease.run.as_str()) == run {
                    seen.received = received.map(|received| (received, lease.renewed));
                }
                seen.leases.push(lease);
            }
            seen.places.push(place);
        }
        Ok(seen)
    }

    /// It has the mailbox, and had it before.
    async fn go_on(&self, keeper: &Keeper, inbox: &mut Inbox, seen: &Seen, renew: bool) -> Result<Grip, IntakeError> {
        let own = seen.leases.iter().rev().find(|lease| lease.run == keeper.run);
        let Some(own) = own.cloned() else {
            return Ok(Grip::Loose);
        };
        if !renew {
            self.has_it(keeper, own).await?;
            return Ok(Grip::Firm);
        }
        // Before the journal is asked, so that what goes out meanwhile is told next.
        let was_untold = keeper.untold.swap(false, Ordering::SeqCst);
        let said = self.renew(keeper, inbox, seen, own).await;
        if was_untold && !matches!(said, Ok(Grip::Firm)) {
            keeper.untold.store(true, Ordering::SeqCst);
        }
        let grip = said?;
        if self.clockwork.is_suspected() && grip == Grip::Firm {
            let after = self.notes(inbox).await?;
            self.compare_clocks(&after);
        }
        Ok(grip)
    }

    async fn renew(&self, keeper: &Keeper, inbox: &mut Inbox, seen: &Seen, own: Lease) -> Result<Grip, IntakeError> {
        let lease = Lease {
            renewed: self.clock.now(),
            journal: self.store.last_fact().await?,
            left: keeper.left().iter().copied().collect(),
            ..own
        };
        self.say(keeper, inbox, seen, lease).await
    }

    /// A touch left: the note in the mailbox is to say so soon, so that a database that was set back is found out however
    /// little it lost.
    pub(super) fn went_out(&self, letter: LetterId, taken: bool) {
        let Some(keeper) = &self.keeper else { return };
        keeper.has_left(Left { letter, taken });
        if !keeper.untold.swap(true, Ordering::SeqCst) {
            self.sync_wanted.notify_one();
        }
    }

    /// Whether a touch left before, of which this database need not know.
    pub(super) fn left_before(&self, letter: LetterId) -> Option<Left> {
        let keeper = self.keeper.as_ref()?;
        let left = keeper.left();
        left.iter().find(|known| known.letter == letter).copied()
    }

    fn compare_clocks(&self, seen: &Seen) {
        if let Some((theirs, ours)) = seen.received {
            self.heard_time(theirs, ours);
        }
    }

    /// Writes the epoch down before it says so in the mailbox: what the mailbox knows, this database knows.
    async fn remember(
        &self,
        keeper: &Keeper,
        tenure: Tenure,
        epoch: i64,
        behind: Option<String>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let gap = match behind {
            None => tenure.gap,
            Some(why) => {
                let decided = self.store.last_decided().await?.unwrap_or(now);
                // What this process decided before it was in the mailbox is no sign of what the database knew.
                let began = keeper.began_knowing.get().filter(|_| keeper.is_unproven());
                let known = began.map_or(decided, |began| decided.min(*began));
                let from = tenure.gap.map_or(known, |gap| gap.from.min(known));
                Some(Gap { from, to: None, why })
            }
        };
        let tenure = Tenure {
            epoch,
            run: keeper.run.clone(),
            host: keeper.host.clone(),
            gap,
        };
        self.settle_tenure(tenure, now).await
    }

    /// Commits what is remembered, and shuts everything at once when there is a gap.
    async fn settle_tenure(&self, tenure: Tenure, now: Timestamp) -> Result<(), StoreError> {
        self.recovering(tenure.gap.as_ref().map(|gap| gap.from));
        let batch = Batch {
            at: Some(now),
            tenure: Some(tenure),
            ..Batch::default()
        };
        committed(self.store.commit(batch).await)
    }

    async fn take(&self, keeper: &Keeper, inbox: &mut Inbox, seen: &Seen, epoch: i64) -> Result<Grip, IntakeError> {
        let now = self.clock.now();
        let lease = Lease {
            epoch,
            run: keeper.run.clone(),
            host: keeper.host.clone(),
            since: now,
            renewed: now,
            journal: self.store.last_fact().await?,
            left: keeper.left().iter().copied().collect(),
            released: false,
            sealed: true,
        };
        let grip = self.say(keeper, inbox, seen, lease).await?;
        if grip != Grip::Firm {
            return Ok(grip);
        }
        // Two may have taken it at once: who was first is seen by reading again.
        let after = self.notes(inbox).await?;
        self.compare_clocks(&after);
        match crate::rules::lease::standing(&after.leases) {
            Some(standing) if standing.run != keeper.run => {
                self.stand_by(keeper, standing.clone()).await?;
                Ok(Grip::None)
            }
            _ => {
                info!(epoch, "the mailbox is this bot's");
                Ok(Grip::Firm)
            }
        }
    }

    /// Writes a note, in place of those that were seen.
    async fn say(&self, keeper: &Keeper, inbox: &mut Inbox, seen: &Seen, lease: Lease) -> Result<Grip, IntakeError> {
        let text = write(&lease, &self.house.bot);
        match inbox.write_lease(lease.epoch, &text, &seen.places).await {
            Ok(()) => {
                self.has_it(keeper, lease).await?;
                Ok(Grip::Firm)
            }
            Err(error) if error.is_refusal() => {
                if keeper.found(State::Unwritable) != State::Unwritable {
                    error!(%error, "the mailbox takes no lease, so another bot could not be noticed and no touch goes out");
                    self.nudge.notify_one();
                }
                self.hold_for_lease(format!("the mailbox takes no lease: {error}"))
                    .await?;
                Ok(Grip::Loose)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn has_it(&self, keeper: &Keeper, lease: Lease) -> Result<(), StoreError> {
        let now = self.clock.now();
        if !matches!(keeper.found(State::Held(lease)), State::Held(_)) {
            self.nudge.notify_one();
        }
        let standing = self.store.holds(now).await?;
        if !standing.iter().any(|hold| hold.cause == Cause::Lease) {
            return Ok(());
        }
        info!("the mailbox is this bot's again");
        let batch = Batch {
            at: Some(now),
            unhold: vec![Unhold {
                scope: Scope::All,
                cause: Some(Cause::Lease),
                by: "the lease".to_owned(),
            }],
            ..Batch::default()
        };
        committed(self.store.commit(batch).await)
    }

    /// Another bot has the mailbox.
    async fn stand_by(&self, keeper: &Keeper, lease: Lease) -> Result<(), StoreError> {
        let house = if lease.sealed { "" } else { ", with another key" };
        let why = format!(
            "the mailbox is held by the bot on {}{house} since {} (epoch {}); this one stands by",
            lease.host, lease.since, lease.epoch
        );
        let before = keeper.found(State::Foreign(lease.clone()));
        let known = matches!(&before, State::Foreign(old) if old.run == lease.run && old.epoch == lease.epoch);
        if known {
            return Ok(());
        }
        error!(
            host = %lease.host,
            since = %lease.since,
            epoch = lease.epoch,
            "another bot holds the mailbox, so this one reads and sends nothing; stop one of them. It takes over when the other \
             gives it back, or has said nothing for {} minutes",
            limits::LEASE_LIVES.as_secs() / 60
        );
        self.hold_for_lease(why).await
    }

    async fn hold_for_lease(&self, why: String) -> Result<(), StoreError> {
        let now = self.clock.now();
        let standing = self.store.holds(now).await?;
        if standing
            .iter()
            .any(|hold| hold.cause == Cause::Lease && hold.why == why)
        {
            return Ok(());
        }
        let batch = Batch {
            at: Some(now),
            hold: vec![Hold {
                scope: Scope::All,
                cause: Cause::Lease,
                why,
                by: "the lease".to_owned(),
                since: now,
                clears: None,
            }],
            ..Batch::default()
        };
        committed(self.store.commit(batch).await)
    }

    /// Gives the mailbox back, if this bot has it: the next one need not wait.
    pub async fn release(&self, inbox: &mut Inbox) {
        let Some(keeper) = &self.keeper else { return };
        let State::Held(lease) = keeper.found(State::Unknown) else {
            return;
        };
        let give_back = async {
            let seen = self.notes(inbox).await?;
            let still = crate::rules::lease::standing(&seen.leases).is_some_and(|standing| standing.run == lease.run);
            if !still {
                return Ok(());
            }
            let lease = Lease {
                renewed: self.clock.now(),
                journal: self.store.last_fact().await?,
                left: keeper.left().iter().copied().collect(),
                released: true,
                ..lease
            };
            let text = write(&lease, &self.house.bot);
            inbox.write_lease(lease.epoch, &text, &seen.places).await?;
            Ok::<(), IntakeError>(())
        };
        match tokio::time::timeout(limits::GOODBYE, give_back).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "the mailbox was not given back; it is free in some minutes"),
            Err(_) => warn!("the mailbox was not given back in time; it is free in some minutes"),
        }
    }
}

/// Nothing here is decided on a row that may move on; a hold that somebody else cleared first is cleared.
pub(super) fn committed(result: Result<(), CommitError>) -> Result<(), StoreError> {
    match result {
        Ok(()) | Err(CommitError::Stale | CommitError::Known) => Ok(()),
        Err(CommitError::Store(error)) => Err(error),
    }
}
