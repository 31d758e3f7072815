//! Tables about touches: steps, tests, hours, attribution, what reps did, complaints.

use super::build::{Asked, Numbers};
use super::measure::{Measure, WEEK};
use super::people::{cadence_name, to_f64};
use super::rate;
use super::sums::{Sums, Tallied, by, text, total};
use super::verdict::{Arm, Verdict, judge, needed};
use crate::model::{Cell, Chart, Metric, Promotion, SEND_TIME, Section, Trial};
use std::collections::BTreeMap;

/// One wording of one step: cadence, step, letter, what is tested.
type Place = (String, u16, String, String);

fn places(numbers: &Numbers<'_>) -> BTreeMap<Place, Sums> {
    by(numbers.now, |subject| {
        let place = || {
            (
                subject.cadence.clone(),
                subject.step,
                subject.variant.clone(),
                subject.test.clone(),
            )
        };
        (subject.step > 0).then(place)
    })
}

/// `3 email`, `3 email, wording b`; of a step that is gone the name of its file, of a cadence that is gone the number and the
/// file.
pub(super) fn step_name(numbers: &Numbers<'_>, cadence: &str, step: u16, variant: &str) -> String {
    let known = numbers.cadences.iter().find(|known| known.name.as_str() == cadence);
    let planned = known.and_then(|known| known.steps.iter().find(|planned| planned.number.0 == step));
    let mut same = numbers.now.iter().map(|one| &one.subject);
    let mut file =
        || same.find(|subject| subject.cadence == cadence && subject.step == step && !subject.template.is_empty());
    let name = match (known, planned) {
        (_, Some(planned)) => format!("{step} {}", planned.channel.word()),
        (Some(_), None) => file().map_or(format!("{step} (gone)"), |subject| {
            format!("{} (gone)", subject.template)
        }),
        (None, None) => file().map_or(step.to_string(), |subject| format!("{step} {}", subject.template)),
    };
    let wording = if variant.is_empty() {
        String::new()
    } else {
        format!(", wording {variant}")
    };
    format!("{name}{wording}")
}

/// Whether a number is of a step that its cadence has no more.
pub(super) fn is_gone(numbers: &Numbers<'_>, one: &Tallied) -> bool {
    let subject = &one.subject;
    let mut known = numbers.cadences.iter();
    let known = known.find(|known| known.name.as_str() == subject.cadence);
    subject.step > 0 && known.is_some_and(|known| known.steps.iter().all(|step| step.number.0 != subject.step))
}

/// Every step and wording.
pub(super) fn steps(numbers: &Numbers<'_>) -> Section {
    let rows = places(numbers).into_iter().map(|((cadence, step, variant, _), sums)| {
        use Measure::{
            DoneInTime, DoneLate, EndedHere, LeftOut, Missed, Sent, SentBounced, SentComplained, SentInterestedLater,
            SentMetLater, SentOptedOut, SentReplied, TouchConnected,
        };
        let done = sums.of(DoneInTime) + sums.of(DoneLate);
        vec![
            text(format!(
                "{}: {}",
                cadence_name(numbers, &cadence),
                step_name(numbers, &cadence, step, &variant)
            )),
            sums.count(Sent),
            sums.rate(SentBounced, Sent),
            sums.rate(SentReplied, Sent),
            sums.rate(SentInterestedLater, Sent),
            sums.rate(SentMetLater, Sent),
            sums.rate(SentOptedOut, Sent),
            sums.rate(SentComplained, Sent),
            Cell::Count(done),
            rate::cell(sums.of(TouchConnected), done),
            sums.count(Missed),
            sums.count(LeftOut),
            sums.count(EndedHere),
        ]
    });
    Section {
        id: "steps",
        title: "Steps and wordings".to_owned(),
        note: "Touches made in this time. An answer counts for the last mail before it.".to_owned(),
        columns: vec![
            "step",
            "sent",
            "bounced",
            "replied",
            "interested later",
            "met later",
            "opted out",
            "complained",
            "done by hand",
            "connected",
            "missed",
            "left out",
            "ended here",
        ],
        rows: rows.collect(),
        chart: None,
    }
}

/// One test with its verdict.
pub(super) struct Tested {
    pub cadence: String,
    pub step: u16,
    pub about: String,
    pub metric: Metric,
    pub verdict: Verdict,
}

/// All tests that run, each judged by the answers after its mails.
pub(super) fn tests(asked: &Asked, numbers: &Numbers<'_>) -> Vec<Tested> {
    let mut tests: BTreeMap<(String, u16, String), Vec<Arm>> = BTreeMap::new();
    for ((cadence, step, variant, test), sums) in places(numbers) {
        let trial = trial_of(numbers, &cadence, &test);
        let arm = arm(&variant, trial.metric, |measure| sums.of(measure));
        if variant.is_empty() || arm.sent == 0 {
            continue;
        }
        tests.entry((cadence, step, test)).or_default().push(arm);
    }
    let tests = tests.into_iter().map(|((cadence, step, about), arms)| {
        let trial = trial_of(numbers, &cadence, &about);
        Tested {
            verdict: judge(&arms, trial.minimum.unwrap_or(asked.minimum)),
            metric: trial.metric,
            cadence,
            step,
            about,
        }
    });
    tests.collect()
}

/// What a wording does harm with.
const HARM: [Measure; 3] = [Measure::SentBounced, Measure::SentComplained, Measure::SentOptedOut];

/// One alternative of a test and what came of it. Wordings of mails are judged by the mails that went out, everything else by
/// the people to whom it was dealt.
#[must_use]
pub fn arm(name: &str, metric: Metric, of: impl Fn(Measure) -> i64) -> Arm {
    let mails = of(Measure::Sent) > 0;
    let hits = match metric {
        Metric::Reply if mails => Measure::SentReplied,
        Metric::Interested if mails => Measure::SentInterested,
        Metric::Met if mails => Measure::SentMetLater,
        Metric::Click => Measure::SentClicked,
        Metric::Open => Measure::SentOpened,
        Metric::Reply => Measure::DealtReplied,
        Metric::Interested => Measure::DealtInterested,
        Metric::Met => Measure::DealtMet,
    };
    Arm {
        name: name.to_owned(),
        sent: if mails { of(Measure::Sent) } else { of(Measure::Dealt) },
        hits: of(hits),
        harm: if mails {
            HARM.into_iter().map(of).sum()
        } else {
            of(Measure::DealtHarmed)
        },
    }
}

/// What the alternatives of a test are called.
pub(super) fn alternative(numbers: &Numbers<'_>, test: &Tested) -> &'static str {
    if test.about == SEND_TIME {
        return "hour";
    }
    let mut known = numbers.cadences.iter();
    let known = known.find(|known| known.name.as_str() == test.cadence);
    let step = known.and_then(|known| known.steps.iter().find(|step| step.number.0 == test.step));
    let arm = step.and_then(|step| step.when.as_ref()?.arm());
    if arm.is_some_and(|(about, _)| about == test.about) {
        "arm"
    } else {
        "wording"
    }
}

/// What is said of a test's place: its winner goes to everybody, or did.
fn promoted(numbers: &Numbers<'_>, test: &Tested) -> String {
    let template = numbers
        .cadences
        .iter()
        .find(|known| known.name.as_str() == test.cadence)
        .and_then(|known| known.steps.iter().find(|step| step.number.0 == test.step))
        .map_or("", |step| step.template.as_str());
    let key = Trial::key(&test.about, template);
    let same = |said: &&Promotion| said.cadence == test.cadence && said.test == key;
    match numbers.promotions.iter().rfind(same) {
        Some(Promotion {
            letter: Some(letter),
            at,
            ..
        }) => format!("; {letter} goes to everybody since {}", at.strftime("%-d %b %Y")),
        Some(said) => format!("; taken back on {}", said.at.strftime("%-d %b %Y")),
        None => String::new(),
    }
}

/// The test of a cadence by what it is about; of one that is in no file any more, how tests usually are.
fn trial_of(numbers: &Numbers<'_>, cadence: &str, about: &str) -> Trial {
    let known = numbers
        .trials
        .iter()
        .find(|(of, trial)| of == cadence && trial.about == about);
    known.map_or_else(|| Trial::about(about), |(_, trial)| trial.clone())
}

/// The table of tests.
pub(super) fn verdicts(asked: &Asked, numbers: &Numbers<'_>) -> Section {
    let mut rows = Vec::new();
    for test in tests(asked, numbers) {
        let (step, kind) = (
            step_name(numbers, &test.cadence, test.step, ""),
            alternative(numbers, &test),
        );
        for judged in &test.verdict.arms {
            let named = format!("{step}, {kind} {}", judged.arm.name);
            rows.push(vec![
                text(format!("{}: {}", cadence_name(numbers, &test.cadence), named)),
                text(test.about.clone()),
                text(match test.metric.warning() {
                    Some(warning) => format!("{} ({warning})", test.metric.word()),
                    None => test.metric.word().to_owned(),
                }),
                Cell::Count(judged.arm.sent),
                rate::cell(judged.arm.hits, judged.arm.sent),
                text(format!("{:.1} %", judged.best * 100.0)),
                text(format!("{:.2} points", judged.loss * 100.0)),
                text(format!("{}{}", test.verdict.finding.word(), promoted(numbers, &test))),
            ]);
        }
    }
    Section {
        id: "tests",
        title: "Tests of wordings".to_owned(),
        note: if rows.is_empty() {
            "No step had several wordings in this time.".to_owned()
        } else {
            format!(
                "A winner needs {} sends an arm, a probability to be best of {:.2} % (so that all looks at a test together \
                 err in at most 5 % of tests without a difference), and no more harm than the others. A test may name another \
                 minimum, and another success than replies.",
                asked.minimum,
                needed(2) * 100.0
            )
        },
        columns: vec![
            "wording",
            "what is tested",
            "counts",
            "sent",
            "success (95 % interval)",
            "probability to be best",
            "expected loss",
            "verdict",
        ],
        rows,
        chart: None,
    }
}

/// Mails of an hour are judged as if so many more had gone out that were answered like all: hours with few mails do not
/// stand out by chance.
const SHRINK: f64 = 50.0;

/// How dark an hour is: what is known stands out from what is not, the best most.
fn shade(rate: Option<f64>, least: f64, spread: f64) -> f64 {
    rate.map_or(0.0, |rate| 0.2 + 0.8 * (rate - least) / spread)
}

/// Which hour of the prospect's week earns answers.
pub(super) fn hours(asked: &Asked, numbers: &Numbers<'_>) -> Section {
    let all = total(numbers.timing, true);
    let (mut mailed, mut answered) = (0, 0);
    for (measure, many) in all.each() {
        match measure {
            Measure::MailedAt(_) => mailed += many,
            Measure::AnsweredAt(_) => answered += many,
            _ => {}
        }
    }
    let usual = if mailed > 0 {
        to_f64(answered) / to_f64(mailed)
    } else {
        0.0
    };
    let shrunk = |hours: &[u8]| {
        let sent: i64 = hours.iter().map(|hour| all.of(Measure::MailedAt(*hour))).sum();
        let hits: i64 = hours.iter().map(|hour| all.of(Measure::AnsweredAt(*hour))).sum();
        (sent, hits, (to_f64(hits) + SHRINK * usual) / (to_f64(sent) + SHRINK))
    };
    // Of an hour without mails nothing is known: it is drawn empty.
    let rates: Vec<Option<f64>> = (0..WEEK)
        .map(|hour| {
            Some(shrunk(&[hour]))
                .filter(|(sent, ..)| *sent > 0)
                .map(|(.., rate)| rate)
        })
        .collect();
    let most = rates.iter().flatten().copied().fold(0.0, f64::max);
    let least = rates.iter().flatten().copied().fold(most, f64::min);
    let spread = (most - least).max(1e-9);
    let rows = (0..24_u8).filter_map(|hour| {
        let week: Vec<u8> = (0..7).map(|day| day * 24 + hour).collect();
        let (sent, hits, shrunk) = shrunk(&week);
        let came: i64 = week.iter().map(|hour| all.of(Measure::AnswerCameAt(*hour))).sum();
        (sent > 0 || came > 0).then(|| {
            vec![
                text(format!("{hour:02}:00")),
                Cell::Count(sent),
                rate::cell(hits, sent),
                text(format!("{:.1} %", shrunk * 100.0)),
                Cell::Count(came),
            ]
        })
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let note = if mailed < asked.minimum {
        format!(
            "Too few mails ({mailed}) for a suggested window: {} are needed.",
            asked.minimum
        )
    } else {
        let window = |from: u8| {
            let hours: Vec<u8> = (0..7)
                .flat_map(|day| (from..from + 3).map(move |hour| day * 24 + hour))
                .collect();
            shrunk(&hours)
        };
        let mails = |hour: u8| {
            (0..7)
                .map(|day| all.of(Measure::MailedAt(day * 24 + hour)))
                .sum::<i64>()
        };
        // An hour in which nothing went out was never tried: it is suggested beside others alone when there is no better.
        let tried = |from: &u8| (*from..from + 3).all(|hour| mails(hour) > 0);
        let whole = (6..=17_u8).any(|from| tried(&from));
        let best = (6..=17_u8).filter(|from| if whole { tried(from) } else { window(*from).0 > 0 });
        let best = best.max_by(|one, two| window(*one).2.total_cmp(&window(*two).2));
        best.map_or_else(String::new, |from| {
            format!(
                "Suggested window: {from:02}:00–{:02}:00 by the prospect's clock ({:.1} % when shrunk, {:.1} % over all {mailed} mails).",
                from + 3,
                window(from).2 * 100.0,
                usual * 100.0
            )
        })
    };
    let chart = (mailed > 0).then(|| Chart::Week(rates.iter().map(|rate| shade(*rate, least, spread)).collect()));
    Section {
        id: "hours",
        title: "When answers are earned".to_owned(),
        note: format!(
            "{note} By the hour a mail went out, over the whole months; the shrunk rate is drawn towards the average where \
             few mails went out. In the picture an hour without mails is empty, and the best is darkest."
        ),
        columns: vec!["hour", "mails", "answered", "shrunk", "answers came"],
        rows,
        chart,
    }
}

/// Which touch earned the meetings.
pub(super) fn attribution(numbers: &Numbers<'_>) -> Section {
    let by_step = by(numbers.now, |subject| {
        (subject.step > 0).then(|| (subject.cadence.clone(), subject.step))
    });
    let models = [
        Measure::CreditFirst,
        Measure::CreditLast,
        Measure::CreditLinear,
        Measure::CreditPosition,
    ];
    let rows = by_step.iter().filter(|(_, sums)| sums.of(Measure::CreditLinear) > 0);
    let rows = rows.map(|((cadence, step), sums)| {
        let name = format!(
            "{}: {}",
            cadence_name(numbers, cadence),
            step_name(numbers, cadence, *step, "")
        );
        let shares = models.map(|measure| Cell::Share(sums.of(measure)));
        std::iter::once(text(name)).chain(shares).collect()
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    let bars = by_step.iter().filter(|(_, sums)| sums.of(Measure::CreditLinear) > 0);
    let bars = bars.map(|((cadence, step), sums)| {
        let share = Cell::Share(sums.of(Measure::CreditLinear)).text();
        let name = format!("{cadence} {step}");
        (name, share, to_f64(sums.of(Measure::CreditLinear)))
    });
    Section {
        id: "attribution",
        title: "Which touch earned meetings".to_owned(),
        note: "Each meeting is shared among the touches made before it, in four ways, on the day of the touch. The bars are linear."
            .to_owned(),
        columns: vec!["step", "first touch", "last touch", "linear", "position-based"],
        chart: (!rows.is_empty()).then(|| Chart::Bars(bars.collect())),
        rows,
    }
}

/// What each rep did.
pub(super) fn activity(numbers: &Numbers<'_>) -> Section {
    let by_rep = by(numbers.now, |subject| (subject.step > 0).then(|| subject.rep.clone()));
    let rows = by_rep.iter().map(|(rep, sums)| {
        let done = sums.of(Measure::DoneInTime) + sums.of(Measure::DoneLate);
        let fell_due = done + sums.of(Measure::Missed);
        vec![
            text(rep.clone()),
            sums.count(Measure::Sent),
            rate::cell(done, fell_due),
            rate::cell(sums.of(Measure::DoneLate), done),
            rate::cell(sums.of(Measure::Missed), fell_due),
            rate::cell(sums.of(Measure::TouchConnected), done),
        ]
    });
    Section {
        id: "activity",
        title: "Activity by rep".to_owned(),
        note: "Touches by hand that were closed in this time. Late is after the next working day.".to_owned(),
        columns: vec!["rep", "mails sent", "done", "late", "missed", "connected"],
        rows: rows.collect(),
        chart: None,
    }
}

/// Complaints and opt-outs against the lines at which mailbox providers act.
pub(super) fn health(asked: &Asked, numbers: &Numbers<'_>) -> Section {
    let by_step = by(numbers.now, |subject| {
        (subject.step > 0).then(|| (subject.cadence.clone(), subject.step))
    });
    let rows = by_step.iter().filter(|(_, sums)| sums.of(Measure::Sent) > 0);
    let rows = rows.map(|((cadence, step), sums)| {
        let complaints = rate::rate(sums.of(Measure::SentComplained), sums.of(Measure::Sent));
        let verdict = match complaints.value() {
            _ if complaints.of < asked.minimum => "too few to tell",
            value if value >= 0.003 => "over 0.3 %: providers block",
            value if value >= 0.001 => "over 0.1 %: providers act",
            _ => "below 0.1 %",
        };
        vec![
            text(format!(
                "{}: {}",
                cadence_name(numbers, cadence),
                step_name(numbers, cadence, *step, "")
            )),
            Cell::Rate(complaints),
            sums.rate(Measure::SentOptedOut, Measure::Sent),
            text(verdict),
        ]
    });
    Section {
        id: "health",
        title: "Complaints and opt-outs".to_owned(),
        note: "Mailbox providers act at 0.1 % complaints and block at 0.3 %.".to_owned(),
        columns: vec!["step", "complained", "opted out", "complaints against the lines"],
        rows: rows.collect(),
        chart: None,
    }
}
