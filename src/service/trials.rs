//! Who gets which alternative of a test: a wording of a mail, a script, one of several steps.
//!
//! *Even*: each rep's people get all alternatives equally often; where they are equal, the dice of the enrollment's id fall.
//! *Bandit*: a draw from what is known of each, from the same dice. What does more harm than the others is not given any
//! more, and what somebody promoted is given to everybody. What an enrollment got stays with it: it stands in its journal, in
//! the mail that was rendered or as a fact of its own, and is read from there ever after.
//!
//! Known gaps: what was dealt and not yet counted is known to this process alone, so that a restart may deal a few less
//! evenly.

use super::Bot;
use crate::model::{
    Assign, Channel, Dealing, EnrollmentId, Fact, Fingerprint, Promotion, Step, StepNo, Trial, Variant, limits,
};
use crate::report::{Arm, MINIMUM, Measure, arm, day_of, harmful, month_of, thompson};
use crate::rules::View;
use crate::store::StoreError;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Cadence, what is tested ([`Trial::key`]), rep, letter.
type Place = (String, String, String, String);

/// What is known of one alternative of one rep.
type Known = BTreeMap<Measure, i64>;

/// How alternatives did, and who got which since.
#[derive(Debug, Default)]
pub(super) struct Trials(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// When the numbers were read last.
    read: Option<Timestamp>,
    counted: BTreeMap<Place, Known>,
    /// Dealt since then, in this process.
    dealt: BTreeMap<(EnrollmentId, StepNo, String), String>,
    /// How many of them in each place.
    many: BTreeMap<Place, i64>,
    /// Whether winners were looked for since the numbers were read.
    judged: bool,
    /// The newest word about each test, by cadence and test.
    said: BTreeMap<(String, String), Promotion>,
}

impl State {
    fn of(&self, place: &Place, measure: Measure) -> i64 {
        let sums = self.counted.get(place);
        sums.and_then(|sums| sums.get(&measure)).copied().unwrap_or(0)
    }

    /// How often one rep's people got it; `anew`: since the numbers were read last.
    fn given(&self, place: &Place, anew: bool) -> i64 {
        let counted = self.of(place, Measure::Sent).max(self.of(place, Measure::Dealt));
        let many = self.many.get(place).copied().unwrap_or(0);
        if anew { many } else { counted + many }
    }

    /// Whether a winner went to everybody for a while: what it got then is not to be made even.
    fn is_taken_back(&self, test: &Test) -> bool {
        let said = self.said.get(&(test.cadence.clone(), test.key.clone()));
        said.is_some_and(|said| said.letter.is_none())
    }

    /// The alternatives as all reps of the team together have them.
    fn arms(&self, test: &Test, team: &[&str]) -> Vec<Arm> {
        let arm = |letter: &String| {
            let sum = |measure| {
                let places = team.iter().map(|rep| test.place(rep, letter));
                places.map(|place| self.of(&place, measure)).sum::<i64>()
            };
            arm(letter, test.trial.metric, sum)
        };
        test.letters.iter().map(arm).collect()
    }

    fn promoted(&self, test: &Test) -> Option<&str> {
        let said = self.said.get(&(test.cadence.clone(), test.key.clone()))?;
        let letter = said.letter.as_deref()?;
        test.letters.iter().any(|known| known == letter).then_some(letter)
    }
}

/// One test of a cadence, with the letters between which there is a choice.
#[derive(Debug, Clone)]
pub(super) struct Test {
    /// The cadence.
    pub cadence: String,
    /// By what it is known ([`Trial::key`]).
    pub key: String,
    /// How it is tested.
    pub trial: Trial,
    /// Its alternatives.
    pub letters: Vec<String>,
}

impl Test {
    fn place(&self, rep: &str, letter: &str) -> Place {
        (
            self.cadence.clone(),
            self.key.clone(),
            rep.to_owned(),
            letter.to_owned(),
        )
    }
}

impl Bot {
    /// Reads how the alternatives of tests did, when that was long ago and there is any test.
    pub(super) async fn look_at_trials(&self, now: Timestamp) -> Result<(), StoreError> {
        if self.house.library.trials().is_empty() && !self.house.library.learns() {
            return Ok(());
        }
        // What somebody says about a test counts for the next touch.
        let said = self.store.promotions().await?;
        let said = said
            .into_iter()
            .map(|said| ((said.cadence.clone(), said.test.clone()), said));
        self.with_trials(|state| state.said = said.collect());
        let again = SignedDuration::try_from(limits::TRIALS_AGAIN).unwrap_or(SignedDuration::ZERO);
        let is_new = |read: Timestamp| (SignedDuration::ZERO..again).contains(&now.duration_since(read));
        if self.with_trials(|state| state.read.is_some_and(is_new)) {
            return Ok(());
        }
        let month = month_of(day_of(now));
        let numbers = self.store.tallied_months(month - limits::HEAT_MONTHS, month).await?;
        let mut counted: BTreeMap<Place, Known> = BTreeMap::new();
        for one in numbers.iter().filter(|one| !one.subject.variant.is_empty()) {
            let subject = &one.subject;
            let place = (
                subject.cadence.clone(),
                Trial::key(&subject.test, &subject.template),
                subject.rep.clone(),
                subject.variant.clone(),
            );
            *counted.entry(place).or_default().entry(one.measure).or_insert(0) += one.many;
        }
        self.with_trials(|state| {
            *state = State {
                read: Some(now),
                counted,
                said: std::mem::take(&mut state.said),
                ..State::default()
            };
        });
        self.learn_hours(&numbers);
        Ok(())
    }

    /// Whether the numbers were read anew since this was asked last.
    pub(super) fn are_trials_new(&self) -> bool {
        self.with_trials(|state| state.read.is_some() && !std::mem::replace(&mut state.judged, true))
    }

    /// Every test that runs.
    pub(super) fn tests(&self) -> Vec<Test> {
        let tests = self.house.library.tests().into_iter();
        let test = |(cadence, _, key, trial, letters)| Test {
            cadence,
            key,
            trial,
            letters,
        };
        tests.map(test).collect()
    }

    /// The newest word about a test.
    pub(super) fn said_of(&self, test: &Test) -> Option<Promotion> {
        let of = (test.cadence.clone(), test.key.clone());
        self.with_trials(|state| state.said.get(&of).cloned())
    }

    fn with_trials<T>(&self, ask: impl FnOnce(&mut State) -> T) -> T {
        ask(&mut self.trials.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How a test stands over the whole team, as far as it was read.
    pub(super) fn standing_of(&self, test: &Test) -> Vec<Arm> {
        let team: Vec<&str> = self.house.reps.iter().map(|rep| rep.address.as_str()).collect();
        self.with_trials(|state| state.arms(test, &team))
    }

    /// The seed by which this enrollment's wording of a step is found: always the same for the same enrollment and step.
    pub(super) fn seed_of(&self, view: &View<'_>, step: &Step) -> i64 {
        let (library, enrollment) = (&self.house.library, view.enrollment);
        let own = enrollment.id.0;
        let seed_for = |letter: &str| library.seed_for(view.cadence, step.number, &enrollment.prospect, own, letter);
        let history = &enrollment.history;
        let known = history.wordings.iter().find(|(at, _)| *at == step.number);
        let known = known.map(|(_, letter)| letter.as_str());
        if let Some(letter) = known.or_else(|| history.dealt(step.number, Dealing::Text, None)) {
            return seed_for(letter);
        }
        let Some((trial, letters)) = library.trial(view.cadence, step, &enrollment.prospect) else {
            return own;
        };
        let test = Test {
            cadence: enrollment.cadence.to_string(),
            key: Trial::key(&trial.about, &step.template),
            trial,
            letters,
        };
        let letter = self.deal(view, step.number, &test);
        letter.map_or(own, |letter| seed_for(&letter))
    }

    /// What is to be remembered of the text that a touch without a letter of its own gets: a script, or a draft.
    pub(super) fn dealt_text(&self, view: &View<'_>, step: &Step) -> Option<Fact> {
        if step.channel == Channel::Email && !step.approve
            || view
                .enrollment
                .history
                .dealt(step.number, Dealing::Text, None)
                .is_some()
        {
            return None;
        }
        let seed = self.seed_of(view, step);
        let prospect = &view.enrollment.prospect;
        let variant = self
            .house
            .library
            .chosen(view.cadence, step.number, prospect, seed)
            .variant?;
        Some(Fact::Dealt {
            step: step.number,
            of: Dealing::Text,
            variant,
        })
    }

    /// The arm of a test of whole steps, when a step that falls due is for one and none was dealt yet.
    pub(super) fn dealt_arm(&self, view: &View<'_>, step: StepNo) -> Option<Fact> {
        let (about, _) = view.cadence.step(step)?.when.as_ref()?.arm()?;
        if view.enrollment.history.arm(about).is_some() {
            return None;
        }
        let (trial, letters) = self.house.library.arms(view.cadence, about)?;
        let test = Test {
            cadence: view.enrollment.cadence.to_string(),
            key: Trial::key(about, ""),
            trial,
            letters,
        };
        let name = self.deal(view, step, &test)?;
        let test = Some(about.to_owned());
        Some(Fact::Dealt {
            step,
            of: Dealing::Step,
            variant: Variant { name, test },
        })
    }

    /// Which alternative this enrollment gets. Within one process it is the same however often it is asked.
    pub(super) fn deal(&self, view: &View<'_>, step: StepNo, test: &Test) -> Option<String> {
        let enrollment = view.enrollment;
        let team: Vec<&str> = self.house.reps.iter().map(|rep| rep.address.as_str()).collect();
        self.with_trials(|state| {
            if let Some(letter) = state.promoted(test) {
                return Some(letter.to_owned());
            }
            let asked = (enrollment.id, step, test.key.clone());
            if let Some(letter) = state.dealt.get(&asked) {
                return Some(letter.clone());
            }
            let arms = state.arms(test, &team);
            let out: Vec<String> = harmful(&arms, test.trial.minimum.unwrap_or(MINIMUM))
                .into_iter()
                .map(str::to_owned)
                .collect();
            let arms: Vec<Arm> = arms.into_iter().filter(|arm| !out.contains(&arm.name)).collect();
            let dice = |letter: &str| dice(self.reports.seed(), enrollment.id, step, letter);
            let anew = state.is_taken_back(test);
            let given = |arm: &Arm| state.given(&test.place(enrollment.rep.as_str(), &arm.name), anew);
            let chosen = match test.trial.assign {
                Assign::Bandit => thompson(&arms, dice),
                Assign::Even => {
                    let least = arms.iter().map(given).min();
                    let even = arms.iter().filter(|arm| Some(given(arm)) == least);
                    let even = even.max_by(|one, two| dice(&one.name).total_cmp(&dice(&two.name)));
                    even.map(|arm| arm.name.as_str())
                }
            };
            let letter = chosen?.to_owned();
            let place = test.place(enrollment.rep.as_str(), &letter);
            state.dealt.insert(asked, letter.clone());
            *state.many.entry(place).or_insert(0) += 1;
            Some(letter)
        })
    }
}

/// A number between 0 and 1 that is this enrollment's own, by the seed of the configuration. By the seed 0 it is what it
/// was before there was one.
#[expect(clippy::cast_precision_loss, reason = "dice of 53 bits are enough")]
pub(super) fn dice(seed: i64, enrollment: EnrollmentId, step: StepNo, letter: &str) -> f64 {
    let (seed, id, step) = (seed.to_string(), enrollment.to_string(), step.to_string());
    let parts = [id.as_str(), step.as_str(), letter, seed.as_str()];
    let many = if seed == "0" { 3 } else { 4 };
    let short = Fingerprint::of("deal", parts.get(..many).unwrap_or(&parts)).short();
    (short.rem_euclid(1_000_003) as f64 + 0.5) / 1_000_003.0
}
