//! What must hold when a world has come to rest: everything was mended days ago, and nothing goes wrong any more.
//!
//! Here the bot's tables are looked at, but as what is judged: the truth they are held against is the oracle's.

use super::fault::Fault;
use super::oracle::{Oracle, Truth};
use super::plan::{Item, Plan};
use super::town::Shared;
use crate::model::{Ending, Enrollment, PauseReason, Standing};
use crate::service::Bot;
use crate::store::StoreError;
use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};

/// How long evidence has to lie in a mailbox that works, until it must have been heard (P11).
const HEARD: SignedDuration = SignedDuration::from_mins(15);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What a world at rest is asked.
pub(super) struct Ends<'a> {
    pub bot: &'a Bot,
    pub town: &'a Shared,
    pub plan: &'a Plan,
}

/// How many stops were lost.
pub(super) type Lost = u64;

impl Ends<'_> {
    /// Asks everything; the violations go to the oracle.
    ///
    /// # Errors
    /// When the store cannot answer.
    pub(super) async fn judge(&self) -> Result<Lost, StoreError> {
        let now = self.town.town().now();
        self.ledgers(now).await?;
        let mut lost = 0;
        for (index, person) in self.plan.people.iter().enumerate() {
            let enrollments = self.bot.store.of_person(&person.who.address.loose()).await?;
            let suppressed = self.bot.store.suppressed(&person.who.address.loose()).await?.is_some();
            for enrollment in &enrollments {
                self.folds(enrollment, now).await?;
            }
            let mut town = self.town.town();
            let oracle = &mut town.oracle;
            let colleague_wrote =
                self.plan
                    .people
                    .iter()
                    .zip(&oracle.people)
                    .enumerate()
                    .any(|(other, (it, truth))| {
                        other != index && truth.disturbed && it.who.address.domain() == person.who.address.domain()
                    });
            let truth = oracle.people.get_mut(index).map(std::mem::take).unwrap_or_default();
            lost += stops(oracle, index, &truth, &enrollments, suppressed, now);
            no_more_than_asked(oracle, index, &truth, &enrollments, (suppressed, colleague_wrote), now);
            if self.plan.is_on_time() {
                self.in_hours(oracle, index, &truth, now);
            }
            if let Some(place) = oracle.people.get_mut(index) {
                *place = truth;
            }
        }
        if self.plan.is_on_time() {
            self.in_pace(now);
        }
        Ok(lost)
    }

    async fn ledgers(&self, now: Timestamp) -> Result<(), StoreError> {
        let store = &self.bot.store;
        let sending = store.left_sending().await?.len();
        let claimed = store.left_claimed().await?.len();
        let stranded = store.stranded().await?.len();
        let doubts = store.doubts(10).await?;
        let mut town = self.town.town();
        let unfiled = town.mailbox.unfiled();
        let oracle = &mut town.oracle;
        if sending + claimed + stranded > 0 {
            let what =
                format!("{sending} letters are sending, {claimed} claimed, {stranded} enrollments wait for nothing");
            oracle.violated("Q2", now, what);
        }
        // What a server refused to file stays where it is (I-17).
        let refused = |item: &Item| matches!(item, Item::Fault(Fault::Unfiled(_)));
        if unfiled > 0 && !self.plan.items.iter().any(|(_, item)| refused(item)) {
            oracle.violated("I-16", now, format!("{unfiled} mails are not filed"));
        }
        if doubts.iter().any(|doubt| now.duration_since(doubt.since) > DAY * 4) {
            oracle.violated("P15", now, "a letter is in doubt for more than four days".to_owned());
        }
        Ok(())
    }

    async fn folds(&self, enrollment: &Enrollment, now: Timestamp) -> Result<(), StoreError> {
        let journal = self.bot.store.journal(enrollment.id).await?;
        let folded = Enrollment::fold(enrollment.id, &journal);
        let held = !self.bot.store.holds(self.bot.clock.now()).await?.is_empty();
        let mut town = self.town.town();
        if folded.as_ref() != Ok(enrollment) {
            let what = format!("the row of {} is not the fold of its journal", enrollment.id);
            town.oracle.violated("P12", now, what);
        }
        if let Standing::Waiting { due, .. } = &enrollment.standing
            && self.bot.clock.now().duration_since(*due) > SignedDuration::from_hours(1)
            && !held
        {
            let what = format!("{} fell due at {due} and nothing happens", enrollment.id);
            town.oracle.violated("Q1", now, what);
        }
        Ok(())
    }

    /// P7: what left, left inside the window of its person, who lives where the rep does.
    fn in_hours(&self, oracle: &mut Oracle, index: usize, truth: &Truth, now: Timestamp) {
        for (at, letter) in &truth.left {
            let inside = truth.handed.iter().any(|(_, rep, _)| {
                let Some(rep) = self.plan.reps.get(*rep) else {
                    return true;
                };
                let local = at.to_zoned(rep.zone.clone());
                let workday = !matches!(local.date().weekday(), Weekday::Saturday | Weekday::Sunday);
                workday && (9..17).contains(&local.hour())
            });
            if !inside {
                let what = format!("prospect {index} got letter {letter} at {at}, outside of all windows");
                oracle.violated("P7", now, what);
            }
        }
        let spacing = SignedDuration::try_from(self.plan.pace.person_spacing).unwrap_or_default();
        let mut left: Vec<Timestamp> = truth.left.iter().map(|(at, _)| *at).collect();
        left.sort();
        for pair in left.windows(2) {
            let [one, two] = pair else { continue };
            if two.duration_since(*one) < spacing {
                oracle.violated("P6", now, format!("prospect {index} got touches at {one} and {two}"));
            }
        }
    }

    /// P6: no rep's cap was exceeded in any 24 hours.
    fn in_pace(&self, now: Timestamp) {
        let mut town = self.town.town();
        let cap = usize::try_from(self.plan.pace.daily_cap).unwrap_or(usize::MAX);
        for rep in 0..self.plan.reps.len() {
            let of_rep = |truth: &&Truth| truth.handed.iter().all(|(_, index, _)| *index == rep);
            let people = town.oracle.people.iter().filter(of_rep);
            let mut left: Vec<Timestamp> = people.flat_map(|truth| &truth.left).map(|(at, _)| *at).collect();
            left.sort();
            let most = left.iter().enumerate().map(|(nth, at)| {
                let rest = left.get(nth..).unwrap_or_default();
                rest.iter().take_while(|then| then.duration_since(*at) < DAY).count()
            });
            let most = most.max().unwrap_or(0);
            if most > cap {
                let what = format!("{most} touches of rep {rep} in 24 hours, and {cap} are allowed");
                town.oracle.violated("P6", now, what);
            }
        }
        // Every hand-over is answered, one way or another (P10).
        let unanswered = town.oracle.people.iter().flat_map(|truth| &truth.handed);
        let unanswered = unanswered.filter(|(at, _, id)| now.duration_since(*at) > DAY && !town.oracle.is_answered(id));
        let unanswered: Vec<String> = unanswered.map(|(at, rep, _)| format!("rep {rep} at {at}")).collect();
        for who in unanswered {
            town.oracle
                .violated("P10", now, format!("the hand-over of {who} was not answered"));
        }
    }
}

/// P11: every stop was heard.
fn stops(
    oracle: &mut Oracle,
    index: usize,
    truth: &Truth,
    enrollments: &[Enrollment],
    suppressed: bool,
    now: Timestamp,
) -> Lost {
    let old = |at: &&Timestamp| now.duration_since(**at) > HEARD;
    let stop = truth.stops.iter().chain(&truth.never).filter(old).min();
    let Some(stop) = stop else { return 0 };
    let goes_on = |it: &&Enrollment| {
        matches!(
            it.standing,
            Standing::Waiting { .. }
                | Standing::Deciding { .. }
                | Standing::Sending { .. }
                | Standing::Paused { until: Some(_), .. }
        )
    };
    let mut lost = 0;
    for enrollment in enrollments.iter().filter(goes_on) {
        lost += 1;
        let what = format!(
            "prospect {index} said stop at {stop}, and {} goes on: {:?}",
            enrollment.id, enrollment.standing
        );
        oracle.violated("P11", now, what);
    }
    if truth.never.is_some_and(|at| now.duration_since(at) > HEARD) && !suppressed && !enrollments.is_empty() {
        lost += 1;
        oracle.violated(
            "P11",
            now,
            format!("prospect {index} is never to be mailed, and is not suppressed"),
        );
    }
    lost
}

/// P8, P9: nothing began or ended without somebody who may say so.
fn no_more_than_asked(
    oracle: &mut Oracle,
    index: usize,
    truth: &Truth,
    enrollments: &[Enrollment],
    (suppressed, colleague_wrote): (bool, bool),
    now: Timestamp,
) {
    let mails: std::collections::BTreeSet<&str> = truth.handed.iter().map(|(_, _, id)| id.as_str()).collect();
    if enrollments.len() > mails.len() {
        let what = format!(
            "prospect {index} has {} enrollments of {} hand-overs",
            enrollments.len(),
            mails.len()
        );
        oracle.violated("P9", now, what);
    }
    let active = enrollments.iter().filter(|enrollment| enrollment.is_active()).count();
    if active > 1 {
        oracle.violated("P9", now, format!("prospect {index} has {active} active enrollments"));
    }
    if suppressed && truth.never.is_none() && !truth.refused {
        oracle.violated(
            "P8",
            now,
            format!("prospect {index} is suppressed, and nobody said so who may"),
        );
    }
    let ended_so = |it: &&Enrollment| match it.standing {
        // Who works beside somebody that wrote waits for the rep.
        Standing::Paused {
            why: PauseReason::Colleague(_),
            ..
        } if colleague_wrote => false,
        Standing::Paused { .. } => true,
        Standing::Ended { outcome, .. } => outcome != Ending::Completed,
        Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Sending { .. } => false,
    };
    if !truth.disturbed
        && let Some(ended) = enrollments.iter().find(ended_so)
    {
        let what = format!(
            "prospect {index} never wrote, and {} stands at {:?}",
            ended.id, ended.standing
        );
        oracle.violated("P8", now, what);
    }
}
