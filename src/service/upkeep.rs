//! What went wrong lately → holds; letters in doubt → what became of them.
//!
//! Breakers are asked at most once a minute, and only when something was committed since. What trips is committed with the
//! letter that tells the administrator.

use super::asking::absence;
use super::{Bot, Progress};
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{
    CadenceName, Cause, Correspondent, Hold, Letter, LetterClass, LetterId, Rep, Scope, Unhold, Wording, limits,
};
use crate::rules::guard::{Counts, Verdict};
use crate::store::{Batch, CommitError, StoreError};
use crate::template::{Problem, Warned};
use jiff::{SignedDuration, Timestamp};
use tracing::{error, info, warn};

/// Looks after what nobody else wakes up for.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let now = bot.clock.now();
    let (presumed, next) = bot.presume(now).await?;
    let unloaded = bot.hold_what_does_not_load(now).await?;
    let guarded = bot.guard(now).await?.and(bot.see_off(now).await?);
    // A hold may be lifted from outside, which wakes nobody.
    let again = now + SignedDuration::try_from(limits::HELD_AGAIN).unwrap_or(SignedDuration::ZERO);
    let held = (!bot.store.holds(now).await?.is_empty()).then_some(again);
    let wake = next.into_iter().chain(held).min();
    Ok(Progress {
        done: presumed + unloaded,
        wake,
    }
    .and(guarded))
}

impl Bot {
    /// Holds the touches of reps whose vacation has begun, unless somebody stands in.
    async fn see_off(&self, now: Timestamp) -> Result<Progress, StoreError> {
        let mut progress = Progress::default();
        let mut holds = None;
        for rep in self.house.reps.iter().filter_map(|rep| self.house.rep(&rep.address)) {
            let Some(away) = self
                .house
                .said(&rep.address)
                .vacation
                .filter(|away| away.cover.is_none())
            else {
                continue;
            };
            let today = now.to_zoned(rep.zone.clone()).date();
            if today < away.from {
                let begins = away.from.to_zoned(rep.zone.clone()).map(|begins| begins.timestamp());
                progress = progress.and(Progress {
                    done: 0,
                    wake: begins.ok(),
                });
            }
            if !away.covers(today) {
                continue;
            }
            let standing = match &holds {
                Some(standing) => standing,
                None => holds.insert(self.store.holds(now).await?),
            };
            let is_theirs =
                |hold: &&Hold| hold.cause == Cause::Vacation && hold.scope == Scope::Rep(rep.address.clone());
            if standing.iter().any(|hold| is_theirs(&hold)) {
                continue;
            }
            let batch = Batch {
                at: Some(now),
                hold: absence(rep, away.to, now).into_iter().collect(),
                ..Batch::default()
            };
            match self.store.commit(batch).await {
                Ok(()) => progress.done += 1,
                Err(CommitError::Stale | CommitError::Known) => {}
                Err(CommitError::Store(error)) => return Err(error),
            }
        }
        Ok(progress)
    }

    /// Holds each cadence that does not load, tells the administrator once, and lets go of what loads again.
    async fn hold_what_does_not_load(&self, now: Timestamp) -> Result<usize, StoreError> {
        let standing = self.store.holds(now).await?;
        let standing: Vec<&Hold> = standing
            .iter()
            .filter(|hold| hold.cause == Cause::DoesNotLoad)
            .collect();
        let library = &self.house.library;
        let mut batch = Batch {
            at: Some(now),
            ..Batch::default()
        };
        for (name, problems) in library.all_held() {
            // What has no name that an address can carry has nobody enrolled.
            let Ok(name) = CadenceName::parse(name) else { continue };
            let scope = Scope::Cadence(name);
            let why = does_not_load(problems);
            if standing.iter().any(|hold| hold.scope == scope && hold.why == why) {
                continue;
            }
            let hold = Hold {
                scope,
                cause: Cause::DoesNotLoad,
                why,
                by: "loading".to_owned(),
                since: now,
                clears: None,
            };
            error!(why = %hold.why, "a cadence does not load and is held; the others go on");
            self.warn_of_hold(&mut batch, &hold, now);
            batch.hold.push(hold);
        }
        for hold in standing {
            let Scope::Cadence(name) = &hold.scope else { continue };
            if library.held(name).is_empty() {
                info!("a cadence loads again and is not held for that any more");
                batch.unhold.push(Unhold {
                    scope: hold.scope.clone(),
                    cause: Some(Cause::DoesNotLoad),
                    by: "loading".to_owned(),
                });
            }
        }
        let done = batch.hold.len() + batch.unhold.len();
        if done == 0 {
            return Ok(0);
        }
        match self.store.commit(batch).await {
            Ok(()) => Ok(done),
            Err(CommitError::Stale | CommitError::Known) => Ok(0),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    async fn guard(&self, now: Timestamp) -> Result<Progress, StoreError> {
        let last = self.store.last_fact().await?;
        let before = self.guarded.lock().ok().and_then(|guarded| *guarded);
        if let Some((at, seen)) = before {
            let every = SignedDuration::try_from(limits::GUARD_EVERY).unwrap_or(SignedDuration::ZERO);
            let due = at.checked_add(every).unwrap_or(now);
            // The disk fills without us, so that it is looked at whenever something else wakes the rounds.
            if now >= at && now < due {
                let wake = (seen != last).then_some(due);
                return Ok(Progress { done: 0, wake });
            }
            if seen == last && !self.is_disk_news(now).await? {
                return Ok(Progress::default());
            }
        }
        let done = self.ask_breakers(now).await?;
        if let Ok(mut guarded) = self.guarded.lock() {
            *guarded = Some((now, last));
        }
        Ok(Progress::of(done))
    }

    /// One letter to each rep whose touches a breaker holds and who has somebody under way: they wonder otherwise.
    async fn told_of_holds(&self, verdicts: &[Verdict], now: Timestamp) -> Result<Vec<Letter>, StoreError> {
        let mut letters = Vec::new();
        for verdict in verdicts {
            let Verdict::Hold(hold) = verdict else { continue };
            if !hold.cause.is_about_touches() {
                continue;
            }
            for rep in self.house.reps.iter().filter_map(|rep| self.house.rep(&rep.address)) {
                let concerned = match &hold.scope {
                    Scope::Rep(address) => address.same_as(&rep.address),
                    Scope::All => self.store.active_of(&rep.address).await? > 0,
                    Scope::Cadence(name) => {
                        let all = self.store.active_list_of(&rep.address, limits::ORDER_MANY).await?;
                        all.iter().any(|enrollment| enrollment.cadence == *name)
                    }
                };
                if concerned {
                    letters.extend(self.told_of_hold(hold, rep, now));
                }
            }
        }
        Ok(letters)
    }

    fn told_of_hold(&self, hold: &Hold, rep: &Rep, now: Timestamp) -> Option<Letter> {
        let house = &self.house;
        let scope = format!("{} of {}", hold.scope.code(), rep.address);
        let id = LetterId::of_hold(&scope, hold.cause.code(), hold.since.as_millisecond());
        let reader = house.reader_of(rep, now);
        let wording = house.texts.held(hold);
        let message_id = house.bot.message_id_of(id)?;
        let from = Correspondent::new(Some(&house.bot_name), house.bot.address().clone());
        let reply_to = Correspondent::new(Some(&house.bot_name), house.bot.for_digest(id));
        let composed = compose(&Composition {
            from: &from,
            to: &reader.correspondent(),
            reply_to: Some(&reply_to),
            date: now,
            message_id: &message_id,
            thread: &[],
            wording: &wording,
            unsubscribe: None,
            automatic: Automatic::Replied,
            reference: &id.to_string(),
            enclosed: None,
        });
        let bytes = composed
            .map_err(|error| warn!(error, "a rep could not be told of a hold"))
            .ok()?;
        Some(Letter {
            id,
            class: LetterClass::Alert,
            touch: None,
            rep: rep.address.clone(),
            envelope_from: None,
            to: reader.address.clone(),
            message_id,
            bytes,
            not_before: now,
        })
    }

    async fn is_disk_news(&self, now: Timestamp) -> Result<bool, StoreError> {
        let counts = Counts {
            disk: self.store.room(),
            standing: self.store.holds(now).await?,
            ..Counts::default()
        };
        Ok(!counts.judge(now).is_empty())
    }

    async fn ask_breakers(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut counts = Counts {
            troubles: self.store.troubles(now).await?,
            disk: self.store.room(),
            standing: self.store.holds(now).await?,
            cleared: self.store.cleared().await?,
            ..Counts::default()
        };
        let (cadences, reps) = counts.suspects();
        for cadence in cadences {
            let delivered = self.store.delivered(&cadence, now).await?;
            counts.delivered.push((cadence, delivered));
        }
        for rep in reps {
            let sent = self.store.last_sent(&rep, now).await?;
            counts.sent.push((rep, sent));
        }
        if !counts.troubles.is_empty() {
            counts.active = self.store.active().await?;
        }
        let verdicts = counts.judge(now);
        if verdicts.is_empty() {
            return Ok(0);
        }
        let done = verdicts.len();
        let told = self.told_of_holds(&verdicts, now).await?;
        let mut batch = self.ruled(verdicts, now);
        batch.letters.extend(told);
        match self.store.commit(batch).await {
            Ok(()) => Ok(done),
            // An administrator was faster: the next look sees how it stands.
            Err(CommitError::Stale | CommitError::Known) => Ok(0),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    fn ruled(&self, verdicts: Vec<Verdict>, now: Timestamp) -> Batch {
        let mut batch = Batch {
            at: Some(now),
            ..Batch::default()
        };
        for verdict in verdicts {
            match verdict {
                Verdict::Hold(hold) => {
                    error!(scope = hold.scope_kind(), cause = hold.cause.code(), why = %hold.why, "a breaker tripped; touches are held");
                    self.warn_of_hold(&mut batch, &hold, now);
                    batch.hold.push(hold);
                }
                Verdict::Clear(order) => {
                    info!(
                        cause = order.cause.map(crate::model::Cause::code),
                        "what a breaker held goes on"
                    );
                    batch.unhold.push(order);
                }
                // Put and cleared in one commit: it is on record, from there it is counted anew, and it holds nothing.
                Verdict::Alarm(hold) => {
                    warn!(cause = hold.cause.code(), why = %hold.why, "a breaker alarms");
                    self.warn_of_hold(&mut batch, &hold, now);
                    batch.unhold.push(Unhold {
                        scope: hold.scope.clone(),
                        cause: Some(hold.cause),
                        by: hold.by.clone(),
                    });
                    batch.hold.push(hold);
                }
            }
        }
        batch
    }

    /// Warns the administrator of a hold.
    pub(super) fn warn_of_hold(&self, batch: &mut Batch, hold: &Hold, now: Timestamp) {
        let id = LetterId::of_hold(&hold.scope.code(), hold.cause.code(), hold.since.as_millisecond());
        self.warn(batch, id, &Warned::Hold(hold), now);
    }

    /// Tells the administrator once a day of trouble with the mailbox.
    /// Where even that cannot be kept, the log has it.
    pub(super) async fn tell_of_mailbox(&self, what: &str, warned: &Warned<'_>) {
        let now = self.clock.now();
        let day = now.as_second().div_euclid(24 * 3600);
        let id = LetterId::of_hold("mailbox", what, day);
        let mut batch = Batch {
            at: Some(now),
            ..Batch::default()
        };
        self.warn(&mut batch, id, warned, now);
        if batch.letters.is_empty() && batch.gathered.is_empty() {
            return;
        }
        if let Err(CommitError::Store(error)) = self.store.commit(batch).await {
            warn!(%error, "the administrator could not be told of trouble with the mailbox");
        }
        self.nudge.notify_one();
    }

    /// A letter to the administrator, when there is one.
    pub(super) fn to_administrator(&self, id: LetterId, wording: &Wording, now: Timestamp) -> Option<Letter> {
        let house = &self.house;
        let to = house.administrator.clone()?;
        let message_id = house.bot.message_id_of(id)?;
        let from = Correspondent::new(Some(&house.bot_name), house.bot.address().clone());
        // Their own token: what comes to it is theirs to order, where a trusted check vouches for it.
        let reply_to = Correspondent::new(Some(&house.bot_name), house.bot.for_administration(id));
        let composed = compose(&Composition {
            from: &from,
            to: &Correspondent::new(None, to.clone()),
            reply_to: Some(&reply_to),
            date: now,
            message_id: &message_id,
            thread: &[],
            wording,
            unsubscribe: None,
            automatic: Automatic::Generated,
            reference: &id.to_string(),
            enclosed: None,
        });
        let bytes = composed
            .map_err(|error| warn!(error, "a warning to the administrator could not be written"))
            .ok()?;
        Some(Letter {
            id,
            class: LetterClass::Alert,
            touch: None,
            rep: to.clone(),
            envelope_from: None,
            to,
            message_id,
            bytes,
            not_before: now,
        })
    }
}

/// `outbound/cadence.toml:3:1: unknown key …, and 2 more problems`.
fn does_not_load(problems: &[Problem]) -> String {
    let first = problems.first().map(Problem::to_string).unwrap_or_default();
    let first: String = first.chars().take(limits::EXCERPT).collect();
    match problems.len().saturating_sub(1) {
        0 => format!("it does not load: {first}"),
        1 => format!("it does not load: {first}, and 1 more problem"),
        more => format!("it does not load: {first}, and {more} more problems"),
    }
}
