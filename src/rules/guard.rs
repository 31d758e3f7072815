//! The breakers: what went wrong lately → holds, alarms, and the end of a hold.
//!
//! | breaker | trips at | least | holds | clears |
//! |---|---|---|---|---|
//! | complaints | 0.1 % of 30 days' deliveries | 2 | the cadence | after 7 days, or by `unhold` |
//! | many complaints | 0.3 % of 30 days' deliveries | 3 | the cadence | by `unhold` alone |
//! | bounces | 5 % of the rep's last 100 mails went to dead addresses | 2, and 20 sent | the rep | by `unhold` alone |
//! | policy | 3 refusals 5.7.x in an hour | 3 | all | after an hour, or by `unhold` |
//! | in doubt | more than 3 in 10 minutes | 4 | all | by `unhold` alone |
//! | disk | less than 64 MiB free, or a sixteenth of a small disk | | all | when twice as much is free |
//! | weak stops | more than 20 % of the active in an hour | 6 | nothing | it only alarms |
//!
//! Doubts that a death of the bot or an old database left behind are not counted: they say nothing about the relay, and being killed is a way
//! to stop. What came before a hold was cleared is not counted again. A hold that stands is not put a second time.

use super::doubt::{RESTORED, STOPPED};
use crate::model::{Address, CadenceName, Cause, Fact, Hold, PauseReason, Scope, Trouble, Unhold, is_policy, limits};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// What the breakers look at.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// What went wrong, as far back as any breaker looks.
    pub troubles: Vec<Trouble>,
    /// Deliveries of 30 days, of the cadences that [`Counts::suspects`] names.
    pub delivered: Vec<(CadenceName, u64)>,
    /// When the last [`limits::BOUNCES_OF`] mails of the reps that [`Counts::suspects`] names went out.
    pub sent: Vec<(Address, Vec<Timestamp>)>,
    /// Enrollments that have not ended.
    pub active: u64,
    /// Free bytes on the disk of the database, and how many it has, when that is known.
    pub disk: Option<(u64, u64)>,
    /// What is held already.
    pub standing: Vec<Hold>,
    /// When a hold of each scope and cause was cleared last.
    pub cleared: Vec<(Scope, Cause, Timestamp)>,
}

/// What a breaker says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It trips.
    Hold(Hold),
    /// What it held goes on.
    Clear(Unhold),
    /// Somebody should look; nothing is held.
    Alarm(Hold),
}

impl Counts {
    /// Whose samples must be known: cadences with complaints, reps with dead addresses.
    #[must_use]
    pub fn suspects(&self) -> (Vec<CadenceName>, Vec<Address>) {
        let mut cadences: BTreeMap<&CadenceName, usize> = BTreeMap::new();
        let mut reps: Vec<Address> = Vec::new();
        for trouble in &self.troubles {
            if matches!(trouble.fact, Fact::Complained) {
                *cadences.entry(&trouble.cadence).or_default() += 1;
            }
            if is_dead_address(&trouble.fact) && !reps.iter().any(|rep| rep.same_as(&trouble.rep)) {
                reps.push(trouble.rep.clone());
            }
        }
        let many = cadences
            .into_iter()
            .filter(|(_, many)| *many >= limits::COMPLAINTS_LEAST);
        (many.map(|(name, _)| name.clone()).collect(), reps)
    }

    /// Asks every breaker.
    #[must_use]
    pub fn judge(&self, now: Timestamp) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        for (cadence, delivered) in &self.delivered {
            verdicts.extend(self.complaints(cadence, *delivered, now));
        }
        for (rep, sent) in &self.sent {
            verdicts.extend(self.bounces(rep, sent, now));
        }
        verdicts.extend(self.policy(now));
        verdicts.extend(self.in_doubt(now));
        verdicts.extend(self.disk(now));
        verdicts.extend(self.weak_stops(now));
        verdicts
    }

    fn complaints(&self, cadence: &CadenceName, delivered: u64, now: Timestamp) -> Vec<Verdict> {
        let scope = Scope::Cadence(cadence.clone());
        let count = |cause| {
            let since = self.since(&scope, cause, now, limits::COMPLAINTS_WITHIN);
            let ours = |trouble: &&Trouble| trouble.cadence == *cadence && matches!(trouble.fact, Fact::Complained);
            self.after(since).filter(ours).count()
        };
        let reaches = |many: usize, least: usize, of: u64| {
            many >= least && (many as u64).saturating_mul(1_000) >= delivered.saturating_mul(of)
        };
        let words = |many: usize| format!("{many} complaints for {delivered} mails of \"{cadence}\" in 30 days");
        let many = count(Cause::ManyComplaints);
        if reaches(many, limits::MANY_COMPLAINTS_LEAST, limits::MANY_COMPLAINTS_OF_1000) {
            return self.trip(scope.clone(), Cause::ManyComplaints, words(many), None, now);
        }
        let some = count(Cause::Complaints);
        if reaches(some, limits::COMPLAINTS_LEAST, limits::COMPLAINTS_OF_1000) {
            let clears = later(now, limits::COMPLAINTS_HELD);
            return self.trip(scope.clone(), Cause::Complaints, words(some), Some(clears), now);
        }
        Vec::new()
    }

    fn bounces(&self, rep: &Address, sent: &[Timestamp], now: Timestamp) -> Vec<Verdict> {
        let scope = Scope::Rep(rep.clone());
        let since = self.since(&scope, Cause::Bounces, now, limits::COMPLAINTS_WITHIN);
        let sample: Vec<Timestamp> = sent.iter().copied().filter(|at| *at > since).collect();
        let Some(oldest) = sample.iter().min().copied() else {
            return Vec::new();
        };
        let ours = |trouble: &&Trouble| trouble.rep.same_as(rep) && is_dead_address(&trouble.fact);
        let dead = self
            .after(since)
            .filter(|trouble| trouble.at >= oldest)
            .filter(ours)
            .count();
        let few = sample.len() < limits::BOUNCES_LEAST || dead < limits::BOUNCES_DEAD;
        if few || dead * 100 < sample.len() * limits::BOUNCES_OF_100 {
            return Vec::new();
        }
        let why = format!("{dead} of the last {} mails went to dead addresses", sample.len());
        self.trip(scope, Cause::Bounces, why, None, now)
    }

    fn policy(&self, now: Timestamp) -> Vec<Verdict> {
        let since = self.since(&Scope::All, Cause::Policy, now, limits::POLICY_WITHIN);
        let refused = self
            .after(since)
            .filter(|trouble| is_policy_refusal(&trouble.fact))
            .count();
        if refused < limits::POLICY_REFUSALS {
            return Vec::new();
        }
        let why = format!("mail servers refused {refused} mails by policy (5.7.x) in an hour");
        let clears = later(now, limits::POLICY_HELD);
        self.trip(Scope::All, Cause::Policy, why, Some(clears), now)
    }

    fn in_doubt(&self, now: Timestamp) -> Vec<Verdict> {
        let since = self.since(&Scope::All, Cause::InDoubt, now, limits::DOUBTS_WITHIN);
        let many = self
            .after(since)
            .filter(|trouble| matches!(&trouble.fact, Fact::InDoubt { why, .. } if why != STOPPED && why != RESTORED))
            .count();
        if many <= limits::DOUBTS_MOST {
            return Vec::new();
        }
        let why = format!("of {many} mails in 10 minutes it is not known whether they went out");
        self.trip(Scope::All, Cause::InDoubt, why, None, now)
    }

    fn disk(&self, now: Timestamp) -> Vec<Verdict> {
        let Some((free, all)) = self.disk else {
            return Vec::new();
        };
        let least = limits::DISK_LEAST.min(all / limits::DISK_PART);
        let stands = self.stands(&Scope::All, Cause::Disk);
        if free < least {
            let why = format!("only {} KiB are free on the disk of the database", free >> 10);
            return self.trip(Scope::All, Cause::Disk, why, None, now);
        }
        if stands && free >= least.saturating_mul(2) {
            return vec![Verdict::Clear(Unhold {
                scope: Scope::All,
                cause: Some(Cause::Disk),
                by: BREAKER.to_owned(),
            })];
        }
        Vec::new()
    }

    fn weak_stops(&self, now: Timestamp) -> Vec<Verdict> {
        let since = self.since(&Scope::All, Cause::WeakStops, now, limits::WEAK_STOPS_WITHIN);
        let weak = self.after(since).filter(|trouble| is_weak_stop(&trouble.fact)).count() as u64;
        if weak <= limits::WEAK_STOPS_LEAST.max(self.active.saturating_mul(limits::WEAK_STOPS_OF_100) / 100) {
            return Vec::new();
        }
        let why = format!("{weak} enrollments were stopped on weak evidence in an hour; they stay stopped");
        vec![Verdict::Alarm(hold(Scope::All, Cause::WeakStops, why, None, now))]
    }

    /// From when on a breaker counts.
    fn since(&self, scope: &Scope, cause: Cause, now: Timestamp, within: Duration) -> Timestamp {
        let window = now - SignedDuration::try_from(within).unwrap_or(SignedDuration::ZERO);
        let cleared = self
            .cleared
            .iter()
            .find(|(of, by, _)| of == scope && *by == cause)
            .map(|(_, _, at)| *at);
        cleared.map_or(window, |at| at.max(window))
    }

    fn after(&self, since: Timestamp) -> impl Iterator<Item = &Trouble> {
        self.troubles.iter().filter(move |trouble| trouble.at > since)
    }

    fn stands(&self, scope: &Scope, cause: Cause) -> bool {
        let same = |hold: &Hold| hold.scope == *scope && hold.cause == cause;
        self.standing.iter().any(same)
    }

    fn trip(&self, scope: Scope, cause: Cause, why: String, clears: Option<Timestamp>, now: Timestamp) -> Vec<Verdict> {
        if self.stands(&scope, cause) {
            return Vec::new();
        }
        vec![Verdict::Hold(hold(scope, cause, why, clears, now))]
    }
}

/// Who puts what a breaker holds.
const BREAKER: &str = "a breaker";

fn hold(scope: Scope, cause: Cause, why: String, clears: Option<Timestamp>, now: Timestamp) -> Hold {
    Hold {
        scope,
        cause,
        why,
        by: BREAKER.to_owned(),
        since: now,
        clears,
    }
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    super::days::later(now, by)
}

fn is_dead_address(fact: &Fact) -> bool {
    matches!(fact, Fact::Bounced { permanent: true, status, .. } if !is_policy(status.as_deref()))
}

/// A refusal for good by policy. One that is tried again stands in the journal with the server's words, `550 5.7.1 …`.
fn is_policy_refusal(fact: &Fact) -> bool {
    let speaks = |status: Option<&str>| is_policy(status) && status.is_some_and(|status| status.starts_with("5."));
    match fact {
        Fact::Deferred { why, .. } => {
            let mut words = why.split_whitespace();
            words.next().is_some_and(|code| code.starts_with('5')) && speaks(words.next())
        }
        Fact::Refused { status, .. } | Fact::Bounced { status, .. } => speaks(status.as_deref()),
        _ => false,
    }
}

/// A stop that anybody could have brought about.
fn is_weak_stop(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Replied { maybe: true, .. }
            | Fact::Paused {
                why: PauseReason::BounceUnproven,
                ..
            }
    )
}
