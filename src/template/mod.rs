//! Mail-shaped text + words about a prospect → wording. The only door to Handlebars, pulldown-cmark and include_dir.
//!
//! A cadence is read once and checked whole: `cadence_toml` reads the plan, `step_file` takes a step's file apart, `compile`
//! checks its words. Rendering fills a `vocabulary` into the checked `text` and makes mail of it (`markup`). `advice` knows
//! the craft. The language of the files is described in templates/README.md.

mod advice;
mod cadence_toml;
mod compile;
mod library;
mod markup;
mod nearest;
mod problem;
mod step_file;
mod text;
mod vocabulary;

pub use library::{Library, Missing, Words};
pub use problem::Problem;

use crate::model::{Digest, Notice, Rep, Wording};
use std::collections::BTreeMap;

/// What the bot writes to reps.
pub struct BotTexts {/* private */}

/// Mailto addresses that a bot mail offers for one enrollment.
#[derive(Debug, Clone, Default)]
pub struct Taps {
    /// enrollment id → address that takes commands about it.
    pub command: BTreeMap<i64, String>,
    /// The address that takes answers to this digest.
    pub digest: Option<String>,
}

impl BotTexts {
    pub fn embedded() -> Result<Self, Vec<Problem>> {
        todo!()
    }
    /// The words of a notice, in the rep's zone. A relay's wording is its banner; subject is `relayed_subject` when given.
    pub fn notice(&self, _notice: &Notice, _rep: &Rep, _taps: &Taps, _relayed_subject: Option<&str>) -> Wording {
        todo!()
    }
    pub fn digest(&self, _digest: &Digest, _rep: &Rep, _taps: &Taps) -> Wording {
        todo!()
    }
}
