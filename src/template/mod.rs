//! Mail-shaped text + words about a prospect → wording. The only door to Handlebars, pulldown-cmark and include_dir.
//!
//! A cadence is read once and checked whole (`shelf`): `cadence_toml` reads the plan, `step_file` takes a step's file apart,
//! `compile` checks its words, `variants` keeps the wordings of one step. Rendering fills a `vocabulary` into the checked `text` and makes `wording` of it, by way of
//! `markup`. `advice` knows the craft. The language of the files is described in templates/README.md. What the bot itself
//! writes to reps is in `bot`.

mod advice;
mod bot;
mod cadence_toml;
mod compile;
mod language;
mod library;
mod markup;
mod nearest;
mod problem;
mod selection;
mod shelf;
mod snippets;
mod step_file;
mod switches;
mod text;
mod variants;
mod vocabulary;
mod wording;

pub use bot::{
    BotTexts, Counted, GatheredLine, Greeting, LeftOut, OwnAddress, Question, Relayed, Shown, Taps, WARNINGS, Warned,
};
pub use library::{Chosen, Library, Missing, Words, shipped_files};
pub use problem::Problem;
