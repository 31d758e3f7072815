//! Hottest first: how soon somebody is worth a touch, as a sum of points that anybody can add up.
//!
//! Each sign (an answer, a click, a talk, a colleague's answer …) has points, which fade to half in a week. To these come
//! points for an early step, and for where somebody comes from, as far as own numbers tell. The points of the signs are a
//! guess until [`ENOUGH`] people met and did not meet; then they are what own outcomes say: how much more often people met
//! after the sign than people do. The report shows what the scores were worth (its section *score*).
//!
//! Known gaps: signs are weighed one by one, as if none came of another.

use super::measure::Measure;
use super::rate;
use super::sums::{Sums, Tallied, by, text, total};
use crate::model::{Cadence, Cell, Chart, Enrollment, EnrollmentId, Intent, MeetingSaid, Section, StepNo, TaskOutcome};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// People of either kind, those who met and those who did not, before own outcomes replace the guess.
pub const ENOUGH: i64 = 30;
/// How many signs there are.
pub const SIGNS: u8 = 8;
/// Classes of scores, ten points each; the last has all above.
pub const CLASSES: u8 = 11;
/// Days until a sign is worth half.
const HALF: f64 = 7.0;
/// Points of the first step; each later one has less.
const EARLY: f64 = 10.0;
/// Points of a sign after which people meet e times as often.
const PER_LOG: f64 = 15.0;
/// The most that a learned sign, and where somebody comes from, may weigh.
const MOST: f64 = 60.0;
const FIT: f64 = 10.0;
/// Rates are judged as if so many more people had behaved as all do.
const SHRINK: f64 = 30.0;

/// Something that somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// A meeting is booked or was proposed.
    Meeting,
    /// Answered, and wants to go on, asks or names somebody.
    Interested,
    /// Answered something else.
    Answered,
    /// A click, a visit, a form: whatever is reported but opens.
    Clicked,
    /// A mail was opened, as a listener reports; programs do that too.
    Opened,
    /// A rep talked to them.
    TalkedTo,
    /// Asked first.
    CameByThemselves,
    /// Somebody of the same company answered.
    Colleague,
}

/// Signs in the order of their places: words, points as guessed.
const TABLE: [(Sign, &str, f64); SIGNS as usize] = [
    (Sign::Meeting, "spoke of a meeting", 45.0),
    (Sign::Interested, "answered with interest", 40.0),
    (Sign::Answered, "answered", 25.0),
    (Sign::Clicked, "clicked or visited, as reported", 20.0),
    (Sign::Opened, "opened, as reported", 4.0),
    (Sign::TalkedTo, "was talked to", 15.0),
    (Sign::CameByThemselves, "came by themselves", 25.0),
    (Sign::Colleague, "a colleague answered", 15.0),
];

impl Sign {
    /// What a reported name is a sign of.
    #[must_use]
    pub fn of_signal(name: &str) -> Self {
        if name == "opened" { Self::Opened } else { Self::Clicked }
    }
}

/// When each sign was seen last.
#[derive(Debug, Clone, Default)]
pub struct Signs {
    seen: [Option<Timestamp>; SIGNS as usize],
    over: bool,
}

impl Signs {
    /// A sign was seen.
    pub fn saw(&mut self, sign: Sign, at: Timestamp) {
        let place = TABLE.iter().position(|(known, ..)| *known == sign);
        if let Some(seen) = place.and_then(|place| self.seen.get_mut(place)).filter(|_| !self.over) {
            *seen = (*seen).max(Some(at));
        }
    }

    /// What comes now is no sign of what came already.
    pub fn stop(&mut self) {
        self.over = true;
    }

    /// The places of those that were seen.
    pub fn seen(&self) -> impl Iterator<Item = u8> + use<> {
        let seen = self.seen;
        (0..SIGNS).filter(move |place| seen.get(usize::from(*place)).is_some_and(Option::is_some))
    }

    /// The class of the score by the guessed points.
    #[must_use]
    pub fn class(&self, step: StepNo, now: Timestamp) -> u8 {
        class(sum(&self.parts(step, &Weights::default(), now)))
    }

    fn of(enrollment: &Enrollment, cadence: Option<&Cadence>) -> Self {
        let mut signs = Self::default();
        let history = &enrollment.history;
        if let Some(at) = history.replied {
            let meant = history.meant.as_deref();
            let interested = [Intent::Interested, Intent::Question]
                .iter()
                .any(|intent| Some(intent.code()) == meant)
                || meant == Some("referral");
            signs.saw(if interested { Sign::Interested } else { Sign::Answered }, at);
        }
        for (name, at) in &history.signals {
            signs.saw(Sign::of_signal(name), *at);
        }
        let talked = |(_, outcome): &(StepNo, TaskOutcome)| *outcome == TaskOutcome::Connected;
        if history.outcomes.iter().any(talked) {
            let at = enrollment.touched.map_or(enrollment.enrolled_at, |(_, at)| at);
            signs.saw(Sign::TalkedTo, at);
        }
        let wanted = |said: MeetingSaid| {
            matches!(
                said,
                MeetingSaid::Booked | MeetingSaid::Proposed | MeetingSaid::Perhaps | MeetingSaid::CalledOff
            )
        };
        if enrollment.meetings.iter().any(|seen| wanted(seen.said)) {
            signs.saw(Sign::Meeting, history.replied.unwrap_or(enrollment.enrolled_at));
        }
        if cadence.is_some_and(|cadence| cadence.kind == "inbound") {
            signs.saw(Sign::CameByThemselves, enrollment.enrolled_at);
        }
        signs
    }

    fn parts(&self, step: StepNo, weights: &Weights, now: Timestamp) -> Vec<Part> {
        let seen = self.seen.iter().zip(&TABLE).zip(&weights.points);
        let mut parts: Vec<Part> = seen
            .filter_map(|((at, (_, words, _)), points)| {
                let hours = now.duration_since((*at)?).as_hours().max(0);
                let days = hours / 24;
                let faded = points * 0.5_f64.powf(real(hours) / 24.0 / HALF);
                let when = match days {
                    0 => "today".to_owned(),
                    1 => "1 day ago".to_owned(),
                    days => format!("{days} days ago"),
                };
                Some(Part {
                    what: format!("{words} ({when})"),
                    points: whole(faded),
                })
            })
            .collect();
        let early = EARLY * 0.8_f64.powi(i32::from(step.0.saturating_sub(1)));
        parts.push(Part {
            what: format!("touch {step}"),
            points: whole(early),
        });
        parts
    }
}

/// A part of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is for.
    pub what: String,
    /// What it adds.
    pub points: i32,
}

/// How soon somebody is worth a touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The sum of the parts.
    pub points: i32,
    /// What it is made of, most first.
    pub parts: Vec<Part>,
}

impl Score {
    /// `score 52: answered with interest (3 days ago) +30, …`.
    #[must_use]
    pub fn words(&self) -> String {
        let parts = self.parts.iter().map(|part| format!("{} {:+}", part.what, part.points));
        format!("score {}: {}", self.points, parts.collect::<Vec<_>>().join(", "))
    }
}

/// What each sign is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    points: [f64; SIGNS as usize],
    /// Of how many people it was learned; `None`: guessed.
    pub learned: Option<i64>,
    /// Points by source and by persona, as far as own numbers tell.
    fit: BTreeMap<(bool, String), f64>,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            points: TABLE.map(|(_, _, points)| points),
            learned: None,
            fit: BTreeMap::new(),
        }
    }
}

impl Weights {
    /// What own outcomes say, as far as there are enough.
    #[must_use]
    pub fn learned(numbers: &[Tallied], minimum: i64) -> Self {
        let mut weights = Self::default();
        let all = total(numbers, true);
        let (people, met) = (all.of(Measure::Enrolled), all.of(Measure::Met));
        if met < ENOUGH || people - met < ENOUGH || people < minimum {
            return weights;
        }
        let usual = real(met) / real(people);
        for (place, points) in (0..SIGNS).zip(&mut weights.points) {
            let had = all.of(Measure::HadSign(place));
            // What nobody ever did keeps its guess.
            if had >= ENOUGH {
                *points = (PER_LOG * lift(all.of(Measure::HadSignMet(place)), had, usual).ln()).clamp(-MOST, MOST);
            }
        }
        weights.learned = Some(people);
        for is_source in [true, false] {
            let label = |sums: (String, Sums)| {
                let had = sums.1.of(Measure::Enrolled);
                let points = (FIT * lift(sums.1.of(Measure::Met), had, usual).log2()).clamp(-FIT, FIT);
                (had >= minimum).then_some(((is_source, sums.0), points))
            };
            let sums = by(numbers, |subject| {
                let name = if is_source { &subject.source } else { &subject.persona };
                (subject.step == 0 && !name.is_empty()).then(|| name.clone())
            });
            weights.fit.extend(sums.into_iter().filter_map(label));
        }
        weights
    }

    fn fit(&self, enrollment: &Enrollment) -> Vec<Part> {
        let fields = [(true, "source"), (false, "persona")];
        let part = |(is_source, field): (bool, &str)| {
            let said = super::count::short(enrollment.prospect.fields.get(field)?);
            let points = self.fit.get(&(is_source, said.clone()))?;
            Some(Part {
                what: format!("{field} {said}"),
                points: whole(*points),
            })
        };
        fields.into_iter().filter_map(part).collect()
    }
}

/// How many times as often as usual, shrunk towards once.
fn lift(hits: i64, of: i64, usual: f64) -> f64 {
    (real(hits) + SHRINK * usual) / ((real(of) + SHRINK) * usual)
}

/// What a team's scores look at beside the enrollment itself.
#[derive(Debug, Clone, Default)]
pub struct Heat {
    /// What each sign is worth.
    pub weights: Weights,
    /// When a colleague at the same company answered last.
    pub colleagues: BTreeMap<EnrollmentId, Timestamp>,
}

impl Heat {
    /// The score of one enrollment.
    #[must_use]
    pub fn score(&self, enrollment: &Enrollment, cadence: Option<&Cadence>, now: Timestamp) -> Score {
        let colleague = self.colleagues.get(&enrollment.id);
        score(enrollment, cadence, colleague.copied(), &self.weights, now)
    }
}

/// The score of one enrollment; `colleague` is when somebody of the same company answered last.
#[must_use]
pub fn score(
    enrollment: &Enrollment,
    cadence: Option<&Cadence>,
    colleague: Option<Timestamp>,
    weights: &Weights,
    now: Timestamp,
) -> Score {
    let mut signs = Signs::of(enrollment, cadence);
    if let Some(at) = colleague {
        signs.saw(Sign::Colleague, at);
    }
    let step = enrollment.next_step().unwrap_or(StepNo::FIRST);
    let mut parts = signs.parts(step, weights, now);
    parts.extend(weights.fit(enrollment));
    parts.retain(|part| part.points != 0);
    parts.sort_by_key(|part| -part.points);
    Score {
        points: sum(&parts),
        parts,
    }
}

/// The calibration: of the touches by hand at each score, how many led to a meeting.
pub(super) fn calibration(numbers: &[Tallied]) -> Section {
    let all = total(numbers, true);
    let mut bars = Vec::new();
    let mut rows = Vec::new();
    for class in (0..CLASSES).rev() {
        let (met, of) = (all.of(Measure::ScoredMet(class)), all.of(Measure::Scored(class)));
        if of == 0 {
            continue;
        }
        let name = if class + 1 == CLASSES {
            format!("{} and more", i32::from(class) * 10)
        } else {
            format!("{} to {}", i32::from(class) * 10, i32::from(class) * 10 + 9)
        };
        let worth = rate::rate(met, of);
        bars.push((name.clone(), format!("{met} of {of}"), worth.value()));
        rows.push(vec![text(name), Cell::Count(of), Cell::Rate(worth)]);
    }
    Section {
        id: "score",
        title: "What the scores were worth".to_owned(),
        note: if rows.is_empty() {
            "No touch by a human was opened in this time.".to_owned()
        } else {
            "Touches by a human by the score at which they were opened (with the points as guessed, so that scores stay \
             comparable), and after how many the person met. Where the share falls from row to row, the order is right."
                .to_owned()
        },
        columns: vec!["score", "touches", "met afterwards"],
        chart: (!rows.is_empty()).then_some(Chart::Bars(bars)),
        rows,
    }
}

fn sum(parts: &[Part]) -> i32 {
    parts.iter().map(|part| part.points).sum()
}

fn class(points: i32) -> u8 {
    u8::try_from(points.clamp(0, 100) / 10).unwrap_or(0)
}

#[expect(clippy::cast_possible_truncation, reason = "points stay below a thousand")]
fn whole(points: f64) -> i32 {
    points.round().clamp(-1_000.0, 1_000.0) as i32
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn real(many: i64) -> f64 {
    many as f64
}
