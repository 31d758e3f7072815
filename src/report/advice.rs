//! What to change, each with the evidence behind it and the file to edit. Nothing is recommended below the minimum sample.

use super::build::{Asked, Numbers, sign};
use super::measure::Measure;
use super::rate;
use super::sums::{Sums, by, text};
use super::touches::{alternative, step_name, tests};
use super::verdict::Finding;
use crate::model::{Cadence, Cell, Channel, LEARNED, Section};
use std::collections::BTreeMap;

/// One recommendation.
struct Advice {
    what: String,
    evidence: String,
    file: String,
}

/// The recommendations.
pub(super) fn section(asked: &Asked, numbers: &Numbers<'_>) -> Section {
    let mut found = ended_tests(asked, numbers);
    for cadence in numbers.cadences {
        if asked
            .cadence
            .as_deref()
            .is_none_or(|wish| wish == cadence.name.as_str())
        {
            found.extend(about(asked, numbers, cadence));
        }
    }
    found.truncate(crate::model::limits::ADVICE);
    let rows: Vec<Vec<Cell>> = found
        .into_iter()
        .map(|advice| vec![text(advice.what), text(advice.evidence), text(advice.file)])
        .collect();
    Section {
        id: "advice",
        title: "What to change".to_owned(),
        note: if rows.is_empty() {
            format!(
                "Nothing stands out, or too little was sent to tell (fewer than {}).",
                asked.minimum
            )
        } else {
            "Each with the evidence behind it and the file to edit.".to_owned()
        },
        columns: vec!["what", "evidence", "file"],
        rows,
        chart: None,
    }
}

fn file(cadence: &Cadence, step: u16) -> String {
    let planned = cadence.steps.iter().find(|planned| planned.number.0 == step);
    let template = planned.map_or("cadence.toml".to_owned(), |planned| format!("{}.md", planned.template));
    format!("{}/{template}", cadence.name)
}

fn ended_tests(asked: &Asked, numbers: &Numbers<'_>) -> Vec<Advice> {
    let tests = tests(asked, numbers).into_iter().filter_map(|test| {
        let cadence = numbers
            .cadences
            .iter()
            .find(|known| known.name.as_str() == test.cadence)?;
        let evidence: Vec<String> = test
            .verdict
            .arms
            .iter()
            .map(|judged| {
                format!(
                    "{}: {}",
                    judged.arm.name,
                    rate::cell(judged.arm.hits, judged.arm.sent).text()
                )
            })
            .collect();
        let name = step_name(numbers, &test.cadence, test.step, "");
        let kind = alternative(numbers, &test);
        let what = match &test.verdict.finding {
            Finding::NotYet(_) => return None,
            Finding::Wins(half) if kind == "hour" && half == LEARNED => {
                format!(
                    "leave `send_time` in {} as it is: the learned hour earns more",
                    cadence.name
                )
            }
            _ if kind == "hour" => format!(
                "take `send_time` out of {}: the learned hour earns no more",
                cadence.name
            ),
            Finding::Wins(letter) => format!("keep {kind} {letter} of step {name} and end the test"),
            Finding::NoDifference => format!("end the test of step {name}: it makes no difference"),
            Finding::Harms(letter) => format!("take {kind} {letter} of step {name} out: it does harm"),
        };
        let plan = format!("{}/cadence.toml", cadence.name);
        Some(Advice {
            what,
            evidence: evidence.join("; "),
            file: if kind == "wording" {
                file(cadence, test.step)
            } else {
                plan
            },
        })
    });
    tests.collect()
}

fn about(asked: &Asked, numbers: &Numbers<'_>, cadence: &Cadence) -> Vec<Advice> {
    let name = cadence.name.as_str();
    let people = by(numbers.now, |subject| {
        (subject.step == 0 && subject.cadence == name).then_some(())
    });
    let Some(people) = people.get(&()) else {
        return unused(asked, numbers, cadence);
    };
    let steps = by(numbers.now, |subject| {
        (subject.step > 0 && subject.cadence == name).then_some(subject.step)
    });
    let mut found = Vec::new();
    found.extend(
        steps
            .iter()
            .filter_map(|(step, sums)| never_earns(asked, numbers, cadence, *step, sums)),
    );
    found.extend(opt_outs(asked, numbers, cadence, &steps));
    found.extend(far_under(asked, numbers, cadence, people));
    found.extend(too_tight(asked, cadence, people));
    found.extend(channels(asked, cadence, people));
    found.extend(repeated(asked, numbers, cadence, &steps));
    found
}

/// What a mail says again that went out often enough to be worth rewriting; one of each step.
fn repeated(asked: &Asked, numbers: &Numbers<'_>, cadence: &Cadence, steps: &BTreeMap<u16, Sums>) -> Vec<Advice> {
    let name = cadence.name.as_str();
    let mut told = Vec::new();
    let mut found = Vec::new();
    for twice in numbers.repeated.iter().filter(|twice| twice.cadence == name) {
        let sent = steps.get(&twice.again.0).map_or(0, |sums| sums.of(Measure::Sent));
        if sent < asked.minimum || told.contains(&twice.again) {
            continue;
        }
        told.push(twice.again);
        found.push(Advice {
            what: format!(
                "say something new in step {}",
                step_name(numbers, name, twice.again.0, "")
            ),
            evidence: format!(
                "\"{}\" was said in step {} already; {sent} mails said it again",
                twice.sentence, twice.first
            ),
            file: twice.file.clone(),
        });
    }
    found
}

/// A cadence with steps that nobody used while others were used enough.
fn unused(asked: &Asked, numbers: &Numbers<'_>, cadence: &Cadence) -> Vec<Advice> {
    let enrolled: i64 = numbers
        .now
        .iter()
        .filter(|one| one.measure == Measure::Enrolled)
        .map(|one| one.many)
        .sum();
    if enrolled < asked.minimum || asked.rep.is_some() {
        return Vec::new();
    }
    vec![Advice {
        what: format!("tell the team when to use {}, or take it away", cadence.name),
        evidence: format!("0 of {enrolled} people were enrolled in it"),
        file: format!("{}/cadence.toml", cadence.name),
    }]
}

/// A mail that goes out often and is never answered, while the cadence is.
fn never_earns(asked: &Asked, numbers: &Numbers<'_>, cadence: &Cadence, step: u16, sums: &Sums) -> Option<Advice> {
    let answers = rate::rate(sums.of(Measure::SentReplied), sums.of(Measure::Sent));
    if answers.of < asked.minimum || answers.high >= 0.02 {
        return None;
    }
    Some(Advice {
        what: format!(
            "rewrite or drop step {}: it hardly earns answers",
            step_name(numbers, cadence.name.as_str(), step, "")
        ),
        evidence: format!("{} replied to it", Cell::Rate(answers).text()),
        file: file(cadence, step),
    })
}

/// One mail that is opted out of more than all others of its cadence.
fn opt_outs(asked: &Asked, numbers: &Numbers<'_>, cadence: &Cadence, steps: &BTreeMap<u16, Sums>) -> Vec<Advice> {
    let all = |measure| steps.values().map(|sums| sums.of(measure)).sum::<i64>();
    let (sent, outs) = (all(Measure::Sent), all(Measure::SentOptedOut));
    let found = steps.iter().filter_map(|(step, sums)| {
        let one = rate::rate(sums.of(Measure::SentOptedOut), sums.of(Measure::Sent));
        let others = rate::rate(outs - one.hits, sent - one.of);
        let stands_out = one.of >= asked.minimum && others.of >= asked.minimum && one.low > others.high;
        stands_out.then(|| Advice {
            what: format!(
                "soften step {}: people opt out after it",
                step_name(numbers, cadence.name.as_str(), *step, "")
            ),
            evidence: format!(
                "{} opted out after it, {} after the others",
                Cell::Rate(one).text(),
                Cell::Rate(others).text()
            ),
            file: file(cadence, *step),
        })
    });
    found.collect()
}

/// Answers far under what is usual: the subject and the first mail are the first suspects.
fn far_under(asked: &Asked, numbers: &Numbers<'_>, cadence: &Cadence, people: &Sums) -> Option<Advice> {
    let usual = numbers.benchmarks.iter().find(|row| row.kind == cadence.kind)?;
    let own = rate::rate(people.of(Measure::Replied), people.of(Measure::Delivered));
    (sign(asked, &own, usual.reply) == "▼ below").then(|| Advice {
        what: format!("test another subject and first mail in {}", cadence.name),
        evidence: format!(
            "{} replied, where {} is usual",
            Cell::Rate(own).text(),
            super::benchmark::range(usual.reply)
        ),
        file: file(cadence, 1),
    })
}

/// Many opt-outs where two mails follow each other within a day.
fn too_tight(asked: &Asked, cadence: &Cadence, people: &Sums) -> Option<Advice> {
    let outs = rate::rate(people.of(Measure::OptedOut), people.of(Measure::Delivered));
    let mails: Vec<_> = cadence
        .steps
        .iter()
        .filter(|step| step.channel == Channel::Email)
        .collect();
    let tight = mails
        .iter()
        .zip(mails.iter().skip(1))
        .find(|(one, two)| two.day.saturating_sub(one.day) <= 1)?;
    (outs.of >= asked.minimum && outs.low > 0.02).then(|| Advice {
        what: format!("put more days between steps {} and {}", tight.0.number, tight.1.number),
        evidence: format!(
            "{} opted out, and these mails are {} day apart",
            Cell::Rate(outs).text(),
            tight.1.day.saturating_sub(tight.0.day)
        ),
        file: format!("{}/cadence.toml", cadence.name),
    })
}

/// Mails alone, in a cadence that is used enough to be worth calls.
fn channels(asked: &Asked, cadence: &Cadence, people: &Sums) -> Option<Advice> {
    let mails = cadence.steps.iter().all(|step| step.channel == Channel::Email);
    let enrolled = people.of(Measure::Enrolled);
    (mails && cadence.steps.len() > 2 && enrolled >= asked.minimum).then(|| Advice {
        what: format!("add a call or a LinkedIn touch to {}", cadence.name),
        evidence: format!("all {} touches are mails, for {enrolled} people", cadence.steps.len()),
        file: format!("{}/cadence.toml", cadence.name),
    })
}
