//! Mail-shaped text + words about a prospect → wording. The only door to Handlebars, pulldown-cmark and include_dir.
//!
//! A cadence is read once and checked whole (`shelf`): `cadence_toml` reads the plan, `step_file` takes a step's file apart,
//! `compile` checks its words. Rendering fills a `vocabulary` into the checked `text` and makes `wording` of it, by way of
//! `markup`. `advice` knows the craft. The language of the files is described in templates/README.md.

mod advice;
mod cadence_toml;
mod compile;
mod library;
mod markup;
mod nearest;
mod problem;
mod shelf;
mod step_file;
mod text;
mod vocabulary;
mod wording;

pub use bot::{BotTexts, Taps};

use crate::model::{Cadence, CadenceName, Prospect, Rep, StepNo, Wording};

/// One thing wrong with a file: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `outbound/cadence.toml`.
    pub file: String,
    /// From 1; 0 when the whole file is meant.
    pub line: usize,
    pub column: usize,
    pub what: String,
}

/// All cadences with their texts, checked and compiled.
pub struct Library {/* private */}

/// What a step's text may speak of.
pub struct Words<'a> {
    pub prospect: &'a Prospect,
    pub rep: &'a Rep,
    pub cadence: &'a Cadence,
    /// The subject of the thread, without `Re:`.
    pub thread_subject: &'a str,
    /// Today in the prospect's zone.
    pub today: jiff::civil::Date,
}

/// A word that a text needs and nobody knows, with the step that needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    pub word: String,
    pub step: StepNo,
}

impl Library {
    /// The shipped cadences.
    pub fn embedded() -> Result<Self, Vec<Problem>> {
        todo!()
    }
    /// The shipped cadences, overridden or added to by `files`: (path below the folder, such as `outbound/cadence.toml`; text).
    pub fn with(_files: &[(String, String)]) -> Result<Self, Vec<Problem>> {
        todo!()
    }
    pub fn cadence(&self, _name: &CadenceName) -> Option<&Cadence> {
        todo!()
    }
    pub fn cadences(&self) -> impl Iterator<Item = &Cadence> {
        std::iter::empty()
    }
    /// A step's wording. For an email: subject, plain and HTML, the opt-out sentence and signature included. For a touch
    /// by a human: `subject` is its headline, `plain` the script.
    pub fn render(&self, _cadence: &Cadence, _step: StepNo, _words: &Words<'_>) -> Result<Wording, Vec<Missing>> {
        todo!()
    }
    /// All words of all steps from `from` on that are missing.
    pub fn missing(&self, _cadence: &Cadence, _from: StepNo, _words: &Words<'_>) -> Vec<Missing> {
        todo!()
    }
    /// What is not wrong, but not good either: `lint`'s findings beyond errors.
    pub fn advice(&self, _cadence: &Cadence) -> Vec<Problem> {
        todo!()
    }
}
