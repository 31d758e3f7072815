//! What `lint` knows of the craft: each finding true, with the reason, and with what works instead.
//!
//! The ranges are those that the guides of the trade agree on; a team that knows better may leave advice unheeded.
//! Texts are measured with every word known, and eight characters long.

mod plan;
mod wording;

use super::problem::{Complaints, Place, Problem};
use super::shelf::Shelf;
use super::step_file::StepText;
use super::text::Text;
use super::vocabulary::{KNOWN, Vocabulary};
use crate::model::{Channel, Repeated, Step};
use std::collections::BTreeSet;

/// What the mails of a cadence say twice to the same person.
pub(super) fn repeated(shelf: &Shelf) -> Vec<Repeated> {
    wording::said_twice(shelf)
}

/// All findings about one cadence.
pub(super) fn about(shelf: &Shelf) -> Vec<Problem> {
    let mut problems = Vec::new();
    plan::about(
        shelf,
        &mut Complaints::about(format!("{}/cadence.toml", shelf.cadence.name), &mut problems),
    );
    for (step, text) in texts(shelf) {
        match step.channel {
            Channel::Email => wording::email(shelf, step, text, &mut problems),
            Channel::Call => wording::call(shelf, text, &mut problems),
            Channel::Linkedin | Channel::Video | Channel::DirectMail | Channel::Task => {}
        }
    }
    wording::repeated(shelf, &mut problems);
    for file in &shelf.unused {
        Complaints::about(file.clone(), &mut problems)
            .add(Place::WHOLE, "no step names this file: delete it, or give it a step");
    }
    problems.sort();
    problems.dedup();
    problems
}

/// How many words all texts of a cadence have together; a text that two wordings share counts once.
pub(super) fn words(shelf: &Shelf) -> usize {
    let vocabulary = vocabulary(shelf);
    let mut counted = BTreeSet::new();
    let mut words = 0;
    for (_, text) in texts(shelf) {
        let heading = text.heading.as_ref();
        words += heading.map_or(0, |heading| filled(heading, &vocabulary).split_whitespace().count());
        if counted.insert(&text.body_file) {
            words += filled(&text.body, &vocabulary).split_whitespace().count();
        }
    }
    words
}

/// Every wording of every step.
fn texts(shelf: &Shelf) -> impl Iterator<Item = (&Step, &StepText)> {
    let steps = shelf.cadence.steps.iter().zip(&shelf.texts);
    steps.flat_map(|(step, wordings)| wordings.all().map(move |text| (step, text)))
}

/// Every wording of every email.
fn emails(shelf: &Shelf) -> impl Iterator<Item = (&Step, &StepText)> {
    texts(shelf).filter(|(step, _)| step.channel == Channel::Email)
}

/// A text with every word known.
fn filled(text: &Text, vocabulary: &Vocabulary) -> String {
    vocabulary.fill(&text.marked(vocabulary, &mut Vec::new()))
}

fn vocabulary(shelf: &Shelf) -> Vocabulary {
    Vocabulary::sample(KNOWN.into_iter().chain(shelf.fields.iter().map(String::as_str)))
}
