//! What `lint` knows of the craft: few findings, each of them true, each with what to do.
//!
//! The ranges are those that the guides of the trade agree on; a team that knows better may leave advice unheeded.
//! Texts are measured with every word known, and eight characters long.

use super::problem::{Complaints, Place, Problem};
use super::shelf::Shelf;
use super::step_file::StepText;
use super::vocabulary::{KNOWN, Vocabulary};
use crate::model::{Channel, Step};
use std::collections::{BTreeMap, BTreeSet};

/// A longer subject is cut off on a phone.
const SUBJECT: usize = 60;
/// A longer mail is not read to its end.
const BODY_WORDS: usize = 150;
/// After a longer silence a touch stands alone.
const GAP: u32 = 7;
/// A shorter sentence may well come again ("All the best").
const SENTENCE_WORDS: usize = 5;

/// Touches and days that fit a kind: fewest, most.
struct Range {
    touches: (usize, usize),
    days: (u32, u32),
}

fn range(kind: &str) -> Range {
    match kind {
        "cold" => Range {
            touches: (7, 12),
            days: (10, 30),
        },
        "inbound" => Range {
            touches: (6, 12),
            days: (5, 14),
        },
        "event" => Range {
            touches: (4, 10),
            days: (5, 30),
        },
        "re-engagement" => Range {
            touches: (3, 8),
            days: (7, 60),
        },
        _ => Range {
            touches: (5, 12),
            days: (10, 60),
        },
    }
}

/// All findings about one cadence.
pub(super) fn about(shelf: &Shelf) -> Vec<Problem> {
    let mut problems = Vec::new();
    plan(
        shelf,
        &mut Complaints::about(format!("{}/cadence.toml", shelf.cadence.name), &mut problems),
    );
    for (step, text) in emails(shelf) {
        wording(
            shelf,
            step,
            text,
            &mut Complaints::about(text.file.clone(), &mut problems),
        );
    }
    repeated(shelf, &mut problems);
    for file in &shelf.unused {
        Complaints::about(file.clone(), &mut problems)
            .add(Place::WHOLE, "no step names this file: delete it, or give it a step");
    }
    problems.sort();
    problems.dedup();
    problems
}

/// Every wording of every email.
fn emails(shelf: &Shelf) -> impl Iterator<Item = (&Step, &StepText)> {
    let steps = shelf.cadence.steps.iter().zip(&shelf.texts);
    steps
        .filter(|(step, _)| step.channel == Channel::Email)
        .flat_map(|(step, wordings)| wordings.all().map(move |text| (step, text)))
}

/// Touches, days, channels and their spacing.
fn plan(shelf: &Shelf, complaints: &mut Complaints<'_>) {
    let cadence = &shelf.cadence;
    let (kind, range) = (&cadence.kind, range(&cadence.kind));
    let (touches, days) = (cadence.touches(), cadence.span());
    let (few, many) = range.touches;
    if !(few..=many).contains(&touches) {
        complaints.add(
            Place::WHOLE,
            format!("{touches} touches: a cadence of kind `{kind}` has {few} to {many}"),
        );
    }
    let (short, long) = range.days;
    if !(short..=long).contains(&days) {
        complaints.add(
            Place::WHOLE,
            format!("{days} days: a cadence of kind `{kind}` takes {short} to {long}"),
        );
    }
    if cadence.steps.iter().all(|step| step.channel == Channel::Email) {
        complaints.add(
            Place::WHOLE,
            "emails only: a call or a message on LinkedIn reaches those who do not read them",
        );
    } else if matches!(kind.as_str(), "cold" | "inbound")
        && cadence.steps.iter().all(|step| step.channel != Channel::Call)
    {
        complaints.add(
            Place::WHOLE,
            "no step is a call: some people answer nothing but their phone",
        );
    }
    let pairs = cadence.steps.iter().zip(cadence.steps.iter().skip(1));
    for ((before, step), place) in pairs.zip(shelf.places.iter().skip(1)) {
        let gap = step.day.saturating_sub(before.day);
        if gap > GAP && kind != "re-engagement" {
            complaints.add(
                *place,
                format!(
                    "{gap} days of silence before step {}: more than {GAP} are forgotten",
                    step.number
                ),
            );
        }
        if gap == 0 && before.channel == Channel::Email && step.channel == Channel::Email {
            complaints.add(
                *place,
                format!("step {} is a second email on the same day", step.number),
            );
        }
    }
}

/// The length of one email, and a subject that goes nowhere.
fn wording(shelf: &Shelf, step: &Step, text: &StepText, complaints: &mut Complaints<'_>) {
    let typed = typed(shelf, text);
    let words = typed.split_whitespace().count();
    if words > BODY_WORDS {
        complaints.add(
            Place::WHOLE,
            format!("{words} words: over {BODY_WORDS} are not read to the end"),
        );
    }
    if let Some(heading) = &text.heading {
        let vocabulary = vocabulary(shelf);
        let length = vocabulary
            .fill(&heading.marked(&vocabulary, &mut Vec::new()))
            .chars()
            .count();
        if length > SUBJECT {
            complaints.add(
                Place::START,
                format!("a subject of about {length} characters: phones show {SUBJECT}"),
            );
        }
    }
    if let Some(place) = text.idle_subject {
        let what = format!(
            "step {} is in the thread and keeps its subject: delete this line, or say `thread = false`",
            step.number
        );
        complaints.add(place, what);
    }
}

/// Sentences that a prospect would read twice.
fn repeated(shelf: &Shelf, problems: &mut Vec<Problem>) {
    let mut first: BTreeMap<String, &Step> = BTreeMap::new();
    for (step, text) in emails(shelf) {
        let mut told = BTreeSet::new();
        for sentence in sentences(&typed(shelf, text)) {
            match first.get(&sentence) {
                Some(before) if told.insert(sentence.clone()) => {
                    let what = format!("\"{sentence}\" was said in step {} already", before.number);
                    Complaints::about(text.file.clone(), problems).add(Place::WHOLE, what);
                }
                Some(_) => {}
                None => {
                    told.insert(sentence.clone());
                    first.insert(sentence, step);
                }
            }
        }
    }
}

fn sentences(text: &str) -> Vec<String> {
    text.split(['.', '?', '!', '\n'])
        .map(|sentence| sentence.split_whitespace().collect::<Vec<_>>())
        .filter(|words| words.len() >= SENTENCE_WORDS)
        .map(|words| words.join(" ").to_lowercase())
        .collect()
}

fn typed(shelf: &Shelf, text: &StepText) -> String {
    let vocabulary = vocabulary(shelf);
    vocabulary.fill(&text.body.marked(&vocabulary, &mut Vec::new()))
}

fn vocabulary(shelf: &Shelf) -> Vocabulary {
    Vocabulary::sample(KNOWN.into_iter().chain(shelf.fields.iter().map(String::as_str)))
}
