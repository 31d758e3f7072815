//! Who gets which wording of a test.
//!
//! *Even*: each rep's mails go to all wordings equally often; where they are equal, the dice of the enrollment's id fall.
//! *Bandit*: a draw from what is known of each wording, from the same dice. A wording that does more harm than the others
//! is not given any more. What an enrollment got stays with it: it stands in its journal, and is read from there when the
//! mail is written again. A mail that a rep approves is dealt by the dice alone, so that draft and mail are the same.
//!
//! Known gaps: what was written and not yet counted is known to this process alone, so that a restart may deal a few mails
//! less evenly.

use super::Bot;
use crate::model::{Assign, Channel, EnrollmentId, Fingerprint, Step, StepNo, limits};
use crate::report::{Arm, HARM, MINIMUM, Measure, day_of, harmful, hits_of, month_of, thompson};
use crate::rules::View;
use crate::store::StoreError;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Cadence, what is tested, rep, letter.
type Place = (String, String, String, String);

/// How wordings did, and who got which since.
#[derive(Debug, Default)]
pub(super) struct Trials(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// When the numbers were read last.
    read: Option<Timestamp>,
    counted: BTreeMap<Place, BTreeMap<Measure, i64>>,
    /// Dealt since then, in this process.
    dealt: BTreeMap<(EnrollmentId, StepNo), i64>,
    /// How many of them in each place.
    many: BTreeMap<Place, i64>,
}

impl State {
    fn of(&self, place: &Place, measure: Measure) -> i64 {
        self.counted
            .get(place)
            .and_then(|sums| sums.get(&measure))
            .copied()
            .unwrap_or(0)
    }

    /// Mails of one rep in one wording.
    fn given(&self, place: &Place) -> i64 {
        self.of(place, Measure::Sent) + self.many.get(place).copied().unwrap_or(0)
    }
}

impl Bot {
    /// Reads how the wordings of tests did, when that was long ago and there is any test.
    pub(super) async fn look_at_trials(&self, now: Timestamp) -> Result<(), StoreError> {
        if self.house.library.trials().is_empty() {
            return Ok(());
        }
        let again = SignedDuration::try_from(limits::TRIALS_AGAIN).unwrap_or(SignedDuration::ZERO);
        let is_new = |read: Timestamp| (SignedDuration::ZERO..again).contains(&now.duration_since(read));
        if self.with_trials(|state| state.read.is_some_and(is_new)) {
            return Ok(());
        }
        let month = month_of(day_of(now));
        let numbers = self.store.tallied_months(month - limits::HEAT_MONTHS, month).await?;
        let mut counted: BTreeMap<Place, BTreeMap<Measure, i64>> = BTreeMap::new();
        for one in numbers.iter().filter(|one| !one.subject.variant.is_empty()) {
            let subject = &one.subject;
            let place = (
                subject.cadence.clone(),
                subject.test.clone(),
                subject.rep.clone(),
                subject.variant.clone(),
            );
            *counted.entry(place).or_default().entry(one.measure).or_insert(0) += one.many;
        }
        self.with_trials(|state| {
            *state = State {
                read: Some(now),
                counted,
                ..State::default()
            };
        });
        Ok(())
    }

    fn with_trials<T>(&self, ask: impl FnOnce(&mut State) -> T) -> T {
        ask(&mut self.trials.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The seed by which this enrollment's wording of a step is found: always the same for the same enrollment and step.
    pub(super) fn seed_of(&self, view: &View<'_>, step: &Step) -> i64 {
        let (library, enrollment) = (&self.house.library, view.enrollment);
        let own = enrollment.id.0;
        let seed_for = |letter: &str| library.seed_for(view.cadence, step.number, &enrollment.prospect, own, letter);
        let known = enrollment.history.wordings.iter().find(|(at, _)| *at == step.number);
        if let Some((_, letter)) = known {
            return seed_for(letter);
        }
        if step.approve || step.channel != Channel::Email {
            return own;
        }
        let Some((trial, letters)) = library.trial(view.cadence, step, &enrollment.prospect) else {
            return own;
        };
        let place = |rep: &str, letter: &str| {
            let (cadence, rep) = (enrollment.cadence.to_string(), rep.to_owned());
            (cadence, trial.about.clone(), rep, letter.to_owned())
        };
        self.with_trials(|state| {
            if let Some(seed) = state.dealt.get(&(enrollment.id, step.number)) {
                return *seed;
            }
            let team: Vec<&str> = self.house.reps.iter().map(|rep| rep.address.as_str()).collect();
            let sum = |letter: &str, measure| {
                team.iter()
                    .map(|rep| state.of(&place(rep, letter), measure))
                    .sum::<i64>()
            };
            let arms: Vec<Arm> = letters
                .iter()
                .map(|letter| Arm {
                    name: letter.clone(),
                    sent: sum(letter, Measure::Sent),
                    hits: sum(letter, hits_of(trial.metric)),
                    harm: HARM.into_iter().map(|measure| sum(letter, measure)).sum(),
                })
                .collect();
            let out: Vec<String> = harmful(&arms, trial.minimum.unwrap_or(MINIMUM))
                .into_iter()
                .map(str::to_owned)
                .collect();
            let arms: Vec<Arm> = arms.into_iter().filter(|arm| !out.contains(&arm.name)).collect();
            let dice = |letter: &str| dice(enrollment.id, step.number, letter);
            let given = |arm: &&Arm| state.given(&place(enrollment.rep.as_str(), &arm.name));
            let chosen = match trial.assign {
                Assign::Bandit => thompson(&arms, dice),
                Assign::Even => {
                    let least = arms.iter().map(|arm| given(&arm)).min();
                    let even = arms.iter().filter(|arm| Some(given(arm)) == least);
                    let even = even.max_by(|one, two| dice(&one.name).total_cmp(&dice(&two.name)));
                    even.map(|arm| arm.name.as_str())
                }
            };
            let Some(letter) = chosen else { return own };
            let (seed, at) = (seed_for(letter), place(enrollment.rep.as_str(), letter));
            state.dealt.insert((enrollment.id, step.number), seed);
            *state.many.entry(at).or_insert(0) += 1;
            seed
        })
    }
}

/// A number between 0 and 1 that is this enrollment's own.
#[expect(clippy::cast_precision_loss, reason = "dice of 53 bits are enough")]
fn dice(enrollment: EnrollmentId, step: StepNo, letter: &str) -> f64 {
    let short = Fingerprint::of("deal", &[&enrollment.to_string(), &step.to_string(), letter]).short();
    (short.rem_euclid(1_000_003) as f64 + 0.5) / 1_000_003.0
}
