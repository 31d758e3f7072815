//! What every round is given: who the bot is, whom it works for, and the doors to the outside.

use super::away::Sight;
use super::beyond::Beyond;
use super::clockwork::Clockwork;
use super::gathering::Bursts;
use super::heat::Warmth;
use super::leads::Desk;
use super::lease::Keeper;
use super::relay::Relay;
use super::report::Weeks;
use super::report_mail::Reports;
use super::sent::Copies;
use super::spoken::Spoken;
use super::timing;
use super::trials::Trials;
use crate::clock::Clock;
use crate::dkim::Keys;
use crate::mail::classify::{Own, Trust};
use crate::model::{
    Address, BotAddress, CadenceName, EnrollmentId, Etiquette, Hours, LeadSource, Pace, Rep, Route, limits,
};
use crate::outbox::Outbox;
use crate::store::Store;
use crate::template::{BotTexts, Library};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Notify, watch};

/// What the configuration says, ready for use.
pub struct House {
    /// The bot's addresses and keys.
    pub bot: BotAddress,
    /// The bot's name in mails to reps.
    pub bot_name: String,
    /// Who is told when a breaker trips.
    pub administrator: Option<Address>,
    /// Whether touches to colleagues of somebody who answered wait.
    pub company_pause: bool,
    /// The reps.
    pub reps: Vec<Rep>,
    /// Domains whose people are colleagues: the bot's, the reps' and those configured; lower case.
    pub domains: Vec<String>,
    /// Whole addresses that stand for a cadence.
    pub aliases: Vec<(Address, CadenceName)>,
    /// Whose authentication results count.
    pub trust: Trust,
    /// Which cadence is a prospect's when nobody names one.
    pub routes: Vec<Route>,
    /// Whose web forms enroll.
    pub lead_sources: Vec<LeadSource>,
    /// How much of one person and one company is asked.
    pub etiquette: Etiquette,
    /// When the team works.
    pub hours: Hours,
    /// How fast mail touches go out.
    pub pace: Pace,
    /// The cadences.
    pub library: Library,
    /// What the bot writes to reps.
    pub texts: BotTexts,
    /// The postal address under cadence mails.
    pub postal_address: Option<String>,
    /// What the reps said about themselves.
    pub spoken: Spoken,
}

impl House {
    /// What the readers of mail need to know.
    #[must_use]
    pub fn own(&self) -> Own<'_> {
        Own {
            bot: &self.bot,
            aliases: &self.aliases,
            domains: &self.domains,
            reps: &self.reps,
            lead_sources: &self.lead_sources,
            trust: &self.trust,
        }
    }

    /// The rep at exactly this address, as they want it.
    #[must_use]
    pub fn rep(&self, address: &Address) -> Option<&Rep> {
        let configured = self.reps.iter().find(|rep| rep.address.same_as(address))?;
        Some(self.spoken.rep(address).unwrap_or(configured))
    }

    /// Whether the address belongs to a colleague or to the bot.
    #[must_use]
    pub fn is_own(&self, address: &Address) -> bool {
        self.domains.iter().any(|domain| domain == address.domain()) || self.rep(address).is_some()
    }
}

/// Proof that nobody said stop: when the last look at every folder began (design §1, promise 2). A rep whose own mailbox is
/// watched has a look of their own beside it, without which only their touches wait.
#[derive(Debug, Default)]
pub struct Barrier {
    last: Mutex<Option<Timestamp>>,
    watched: Mutex<BTreeMap<Address, Option<Timestamp>>>,
    ahead: Mutex<LookedAhead>,
    /// Somebody wants the watched mailboxes looked at now.
    pub(super) watch_wanted: Notify,
}

impl Barrier {
    /// A look at every folder that began at `began` is finished.
    pub fn finished(&self, began: Timestamp) {
        if let Ok(mut last) = self.last.lock() {
            *last = Some(began);
        }
    }

    /// From now on the touches of this rep wait for looks at their own mailbox too.
    pub fn watches(&self, rep: &Address) {
        if let Ok(mut watched) = self.watched.lock() {
            watched.entry(rep.clone()).or_default();
        }
    }

    /// A look at every folder of this rep's own mailbox that began at `began` is finished.
    pub fn watched(&self, rep: &Address, began: Timestamp) {
        if let Ok(mut watched) = self.watched.lock() {
            watched.insert(rep.clone(), Some(began));
        }
    }

    /// When the last look at every folder that finished began; `None`: not since the start.
    #[must_use]
    pub fn looked(&self) -> Option<Timestamp> {
        self.last.lock().ok().and_then(|last| *last)
    }

    /// Whether touches may go out now, as far as the bot's own mailbox tells.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        is_fresh(self.last.lock().ok().and_then(|last| *last), now)
    }

    /// Whether touches of this rep may go out now.
    #[must_use]
    pub fn is_fresh_for(&self, rep: &Address, now: Timestamp) -> bool {
        let looked =
            |watched: &BTreeMap<Address, Option<Timestamp>>| watched.get(rep).is_none_or(|last| is_fresh(*last, now));
        self.is_fresh(now) && self.watched.lock().is_ok_and(|watched| looked(&watched))
    }

    /// The reps whose touches wait for a look at their own mailbox.
    #[must_use]
    pub fn shut(&self, now: Timestamp) -> Vec<Address> {
        let Ok(watched) = self.watched.lock() else {
            return Vec::new();
        };
        let shut = watched.iter().filter(|(_, last)| !is_fresh(**last, now));
        shut.map(|(rep, _)| rep.clone()).collect()
    }
}

/// What is known of mails whose headers were seen and whose bodies wait.
#[derive(Debug, Default)]
struct LookedAhead {
    /// Of each folder: its UIDVALIDITY, the highest UID whose header was seen, and whether one did not tell whom it is about.
    folders: BTreeMap<String, (u32, u32, bool)>,
    /// Whom they may stop.
    suspects: BTreeSet<EnrollmentId>,
}

/// Looking ahead.
impl Barrier {
    /// Up to which mail the headers of a folder were seen, and whether one told nothing.
    pub(super) fn seen_ahead(&self, folder: &str, validity: u32) -> (u32, bool) {
        let seen = self
            .ahead
            .lock()
            .ok()
            .and_then(|ahead| ahead.folders.get(folder).copied());
        seen.filter(|seen| seen.0 == validity)
            .map_or((0, false), |seen| (seen.1, seen.2))
    }

    /// All headers of a folder up to this one were seen.
    pub(super) fn saw_ahead(&self, folder: &str, validity: u32, highest: u32, blind: bool) {
        if let Ok(mut ahead) = self.ahead.lock() {
            ahead.folders.insert(folder.to_owned(), (validity, highest, blind));
        }
    }

    /// These may be stopped by what was seen and not read.
    pub(super) fn suspect(&self, enrollments: Vec<EnrollmentId>) {
        if let Ok(mut ahead) = self.ahead.lock() {
            ahead.suspects.extend(enrollments);
        }
    }

    /// Whether something that was seen and not read may stop this one. In doubt it may.
    pub(super) fn is_suspect(&self, enrollment: EnrollmentId) -> bool {
        self.ahead
            .lock()
            .map_or(true, |ahead| ahead.suspects.contains(&enrollment))
    }

    /// Everything that was seen is read.
    pub(super) fn caught_up(&self) {
        if let Ok(mut ahead) = self.ahead.lock() {
            *ahead = LookedAhead::default();
        }
    }
}

/// A look in the future proves nothing: the clock went back since.
fn is_fresh(last: Option<Timestamp>, now: Timestamp) -> bool {
    let age = last.map(|last| now.duration_since(last));
    let most = SignedDuration::try_from(limits::BARRIER).unwrap_or(SignedDuration::ZERO);
    age.is_some_and(|age| (SignedDuration::ZERO..=most).contains(&age))
}

/// The bot: the house, its memory, and its doors. The mailbox is apart, since only the intake round may touch it.
pub struct Bot {
    /// What the configuration says.
    pub house: House,
    /// The memory.
    pub store: Store,
    /// Where letters go out.
    pub outbox: Outbox,
    /// What time it is.
    pub clock: Clock,
    /// Proof that nobody said stop.
    pub barrier: Barrier,
    /// Somebody wants the mailbox looked at now.
    pub sync_wanted: Notify,
    /// Something was committed that a round may act on.
    pub nudge: Notify,
    /// When the breakers were asked last, and the journal number then.
    pub(super) guarded: Mutex<Option<(Timestamp, i64)>>,
    /// What is known of the relay.
    pub relay: Relay,
    /// The keys of reps' domains, where the bot checks signatures itself.
    pub keys: Option<Keys>,
    /// Who gets reports by mail; nobody unless it is said.
    pub reports: Reports,
    /// How the wordings of tests did so far, and who got which.
    pub(super) trials: Trials,
    /// What each hour of the day earned.
    pub(super) hours: timing::Hours,
    /// What the numbers say about who is worth a call.
    pub(super) warmth: Warmth,
    /// What digests say of the week.
    pub(super) weeks: Weeks,
    /// What keeps other bots off the mailbox; `None`: the mailbox is known to be its own (rehearsals).
    pub(super) keeper: Option<Keeper>,
    /// What is known of the clock.
    pub(super) clockwork: Clockwork,
    /// Whose turn it is, and who was told of what.
    pub(super) desk: Mutex<Desk>,
    /// The database is behind what happened: nothing is begun until that is found out.
    recovering: Mutex<Option<Timestamp>>,
    /// Whether this process has read once more what concerned nobody, in the recovery of now.
    pub(super) reread: AtomicBool,
    /// Folders in which a mail waits.
    pub(super) beyond: Beyond,
    /// What is known of copies of letters.
    pub(super) copies: Copies,
    /// What is known of the looks at the mailbox.
    pub(super) sight: Sight,
    /// Alerts of the last minutes.
    pub(super) bursts: Bursts,
    /// Told to stop: no further letter passes the gate.
    stopping: watch::Sender<bool>,
}

impl Bot {
    /// A bot that has not looked at its mailbox yet.
    #[must_use]
    pub fn new(house: House, store: Store, outbox: Outbox, clock: Clock) -> Self {
        Self {
            house,
            store,
            outbox,
            clock,
            barrier: Barrier::default(),
            relay: Relay::default(),
            keys: None,
            reports: Reports::default(),
            warmth: Warmth::default(),
            weeks: Weeks::default(),
            trials: Trials::default(),
            hours: timing::Hours::default(),
            sync_wanted: Notify::new(),
            nudge: Notify::new(),
            guarded: Mutex::default(),
            keeper: None,
            clockwork: Clockwork::default(),
            desk: Mutex::default(),
            recovering: Mutex::default(),
            reread: AtomicBool::new(false),
            beyond: Beyond::default(),
            copies: Copies::default(),
            sight: Sight::default(),
            bursts: Bursts::default(),
            stopping: watch::Sender::new(false),
        }
    }

    /// The same with a lease on its mailbox.
    #[must_use]
    pub fn with_lease(self, keeper: Keeper) -> Self {
        Self {
            keeper: Some(keeper),
            ..self
        }
    }

    /// From now on no letter passes the gate; what passed it is waited for.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Once it is told to stop.
    pub(super) async fn stops(&self) {
        // The sender lives as long as the bot, so that this never fails.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// The database knows nothing of what happened since then; `None`: it knows.
    pub(super) fn recovering(&self, since: Option<Timestamp>) {
        if let Ok(mut recovering) = self.recovering.lock() {
            *recovering = since;
        }
        if since.is_none() {
            self.reread.store(false, Ordering::Relaxed);
        }
    }

    /// Since when the database does not know what happened, if so.
    pub(super) fn unknown_since(&self) -> Option<Timestamp> {
        self.recovering.lock().ok().and_then(|since| *since)
    }

    /// Whether the database is behind what happened.
    pub(super) fn is_recovering(&self) -> bool {
        self.unknown_since().is_some()
    }

    /// Whether another bot has the mailbox.
    pub(super) fn stands_by(&self) -> bool {
        self.keeper.as_ref().is_some_and(Keeper::is_foreign)
    }

    /// Whether nothing may be begun: no letter written, none sent.
    pub(super) fn is_fenced(&self) -> bool {
        self.is_recovering() || self.keeper.as_ref().is_some_and(Keeper::is_shut)
    }
}
