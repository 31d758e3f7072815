//! Which wording wins: a Bayesian verdict that errs in at most one of twenty tests without any difference.
//!
//! Each arm's true rate has a Beta posterior (Jeffreys' prior). From these come the probability to be best, the expected
//! loss of choosing it, and the interval. Whoever looks at such a probability again and again until it passes 95 % finds a
//! winner in a third of all tests without a difference. So what it must pass is stricter ([`needed`]): so strict that all
//! looks together, however many, err in at most 5 % between the minimum and [`ROUNDS`] times as many mails an arm. Beyond that
//! the difference is too small to be worth more mails. The simulated truth tests hold the figure.
//!
//! A winner that bounces, is complained about or opted out of more than the others is none.

use super::rate::posterior;
use special::Beta as _;

/// Sends an arm needs before anything is decided, when the cadence says nothing else.
pub const MINIMUM: i64 = 100;
/// How many times the minimum an arm may get before the test is given up.
pub const ROUNDS: i64 = 32;
/// What may go wrong at one look so that any number of them between 1 and [`ROUNDS`] times the minimum err in 5 % together:
/// a constant boundary of three standard deviations, two-sided. By simulation 4 % at most, at rates from 2 % to 20 %.
const AT_A_LOOK: f64 = 0.0027;
/// The standard normal quantile of `1 - AT_A_LOOK / 2`.
const Z_LOOK: f64 = 3.0;
/// Standard normal quantiles: for a chance of 80 % to find a true lift.
const Z_POWER: f64 = 0.841_62;
/// Points of the numeric integration over the posterior.
const POINTS: usize = 400;

/// One wording and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arm {
    /// Its letter.
    pub name: String,
    /// Mails sent.
    pub sent: i64,
    /// Those that the test counts as success.
    pub hits: i64,
    /// Those that did harm: bounced, complained about, opted out of.
    pub harm: i64,
}

/// What is known of one arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// It.
    pub arm: Arm,
    /// Its probability to be best.
    pub best: f64,
    /// How much rate is expected to be lost by choosing it.
    pub loss: f64,
}

/// What a test says.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The arms, in their order.
    pub arms: Vec<Judged>,
    /// What is to be done.
    pub finding: Finding,
}

/// What is to be done with a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// This arm wins.
    Wins(String),
    /// About so many more sends, of all arms together.
    NotYet(i64),
    /// All looks are over: choose either.
    NoDifference,
    /// This arm would win and does more harm than the others.
    Harms(String),
}

impl Finding {
    /// As people read it.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Wins(name) => format!("{name} wins"),
            Self::NotYet(more) => format!("not enough yet: about {more} more sends"),
            Self::NoDifference => "no difference worth more mails: keep either".to_owned(),
            Self::Harms(name) => format!("{name} earns more and does more harm: no winner"),
        }
    }
}

/// The probability to be best that a winner of so many arms needs at any look.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a test has a handful of arms")]
pub fn needed(arms: usize) -> f64 {
    1.0 - AT_A_LOOK / (arms.max(2) as f64)
}

/// Judges a test by what is known now. It may be asked as often as anybody likes.
#[must_use]
pub fn judge(arms: &[Arm], minimum: i64) -> Verdict {
    let judged = weigh(arms);
    let smallest = arms.iter().map(|arm| arm.sent).min().unwrap_or(0);
    let minimum = minimum.max(1);
    let finding = if arms.len() < 2 || smallest < minimum {
        Finding::NotYet(more(arms, minimum))
    } else {
        let best = judged.iter().max_by(|one, two| one.best.total_cmp(&two.best));
        match best {
            Some(best) if best.best >= needed(arms.len()) => {
                if does_harm(&best.arm, arms) {
                    Finding::Harms(best.arm.name.clone())
                } else {
                    Finding::Wins(best.arm.name.clone())
                }
            }
            _ if smallest >= minimum.saturating_mul(ROUNDS) => Finding::NoDifference,
            _ => Finding::NotYet(more(arms, minimum)),
        }
    };
    Verdict { arms: judged, finding }
}

/// How many sends of all arms together it takes until the test can probably be decided: the minimum, and what the
/// difference as seen would need.
fn more(arms: &[Arm], minimum: i64) -> i64 {
    let smallest = arms.iter().map(|arm| arm.sent).min().unwrap_or(0);
    let last = minimum.saturating_mul(ROUNDS);
    let mut rates: Vec<f64> = arms.iter().map(|arm| mean(arm.hits, arm.sent)).collect();
    rates.sort_by(|one, two| two.total_cmp(one));
    let goal = match rates.as_slice() {
        // It was unlucky, or the difference is smaller than it looks: a quarter more will show.
        [first, second, ..] if smallest >= minimum => per_arm(*second, *first).max(smallest + smallest / 4).min(last),
        _ => minimum,
    };
    arms.iter().map(|arm| (goal - arm.sent).max(0)).sum::<i64>().max(1)
}

/// Sends an arm needs so that a true difference between these rates is found in four of five tests.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "bounded before it is a whole number")]
pub fn per_arm(base: f64, better: f64) -> i64 {
    let gap = (better - base).abs();
    if gap < 1e-4 {
        return i64::from(u32::MAX);
    }
    let spread = base * (1.0 - base) + better * (1.0 - better);
    let z = Z_LOOK + Z_POWER;
    (z * z * spread / (gap * gap)).ceil().min(f64::from(u32::MAX)) as i64
}

fn mean(hits: i64, of: i64) -> f64 {
    let (a, b) = posterior(hits, of);
    a / (a + b)
}

/// Those that did more harm than all others together, by 95 % and from the minimum on: nobody gets them any more. Never all.
#[must_use]
pub fn harmful(arms: &[Arm], minimum: i64) -> Vec<&str> {
    let enough = |arm: &&Arm| arms.len() > 1 && arm.sent >= minimum.max(1);
    let worse = arms.iter().filter(enough).filter(|arm| does_harm(arm, arms));
    let worse: Vec<&str> = worse.map(|arm| arm.name.as_str()).collect();
    if worse.len() < arms.len() { worse } else { Vec::new() }
}

/// The arm that a draw from each arm's posterior finds best (Thompson). `dice` gives for each name a number between 0 and 1.
#[must_use]
pub fn thompson<'a>(arms: &'a [Arm], dice: impl Fn(&str) -> f64) -> Option<&'a str> {
    let draw = |arm: &'a Arm| {
        let (a, b) = posterior(arm.hits, arm.sent);
        let drawn = dice(&arm.name).clamp(1e-6, 1.0 - 1e-6).inv_inc_beta(a, b, a.ln_beta(b));
        (arm.name.as_str(), drawn)
    };
    let best = arms.iter().map(draw).max_by(|one, two| one.1.total_cmp(&two.1));
    best.map(|(name, _)| name)
}

/// Whether an arm's harm is higher than that of all others together with 95 %.
fn does_harm(arm: &Arm, arms: &[Arm]) -> bool {
    let others = arms.iter().filter(|other| other.name != arm.name);
    let (sent, harm) = others.fold((0, 0), |(sent, harm), other| (sent + other.sent, harm + other.harm));
    let one = Arm {
        hits: arm.harm,
        ..arm.clone()
    };
    let other = Arm {
        name: String::new(),
        sent,
        hits: harm,
        harm: 0,
    };
    weigh(&[one, other]).first().is_some_and(|judged| judged.best >= 0.95)
}

/// Probability to be best and expected loss of each arm, by integration on a grid that all posteriors share.
fn weigh(arms: &[Arm]) -> Vec<Judged> {
    let posteriors: Vec<(f64, f64)> = arms.iter().map(|arm| posterior(arm.hits, arm.sent)).collect();
    let (low, high) = reach(&posteriors);
    let step = (high - low) / POINTS as f64;
    let densities: Vec<Vec<f64>> = posteriors.iter().map(|(a, b)| density(*a, *b, low, step)).collect();
    let below: Vec<Vec<f64>> = densities.iter().map(|density| cumulated(density)).collect();
    // The expected best rate: the integral of the chance that some arm lies higher.
    let all_below = |point: usize| below.iter().filter_map(|below| below.get(point)).product::<f64>();
    let highest = low + (0..POINTS).map(|point| (1.0 - all_below(point)) * step).sum::<f64>();
    let mut judged: Vec<Judged> = Vec::with_capacity(arms.len());
    for (nth, arm) in arms.iter().enumerate() {
        let best: f64 = (0..POINTS)
            .map(|point| {
                let mass = densities.get(nth).and_then(|density| density.get(point));
                let others = below.iter().enumerate().filter(|(other, _)| *other != nth);
                let others = others.filter_map(|(_, below)| below.get(point)).product::<f64>();
                mass.copied().unwrap_or(0.0) * others
            })
            .sum();
        judged.push(Judged {
            arm: arm.clone(),
            best,
            loss: (highest - mean(arm.hits, arm.sent)).max(0.0),
        });
    }
    let sum: f64 = judged.iter().map(|judged| judged.best).sum();
    for judged in &mut judged {
        judged.best = if sum > 0.0 { judged.best / sum } else { 0.0 };
    }
    judged
}

/// Where all posteriors together have their mass.
fn reach(posteriors: &[(f64, f64)]) -> (f64, f64) {
    let (mut low, mut high) = (1.0_f64, 0.0_f64);
    for (a, b) in posteriors {
        let (sum, mean) = (a + b, a / (a + b));
        let deviation = (mean * (1.0 - mean) / (sum + 1.0)).sqrt();
        low = low.min(mean - 7.0 * deviation);
        high = high.max(mean + 9.0 * deviation);
    }
    (low.max(0.0), high.min(1.0))
}

/// The mass of a posterior in each cell of the grid.
fn density(a: f64, b: f64, low: f64, step: f64) -> Vec<f64> {
    let ln_beta = a.ln_beta(b);
    let mut cells: Vec<f64> = (0..POINTS)
        .map(|point| {
            let x = (low + (point as f64 + 0.5) * step).clamp(1e-12, 1.0 - 1e-12);
            ((a - 1.0) * x.ln() + (b - 1.0) * (1.0 - x).ln() - ln_beta).exp()
        })
        .collect();
    let sum: f64 = cells.iter().sum();
    if sum > 0.0 {
        cells.iter_mut().for_each(|cell| *cell /= sum);
    }
    cells
}

/// The mass up to the middle of each cell.
fn cumulated(density: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let cells = density.iter().map(|cell| {
        let middle = sum + cell / 2.0;
        sum += cell;
        middle
    });
    cells.collect()
}
