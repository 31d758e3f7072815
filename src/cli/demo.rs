//! `cadence demo`: weeks of a small team in seconds.

use super::{Exit, Failure, Outcome};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  cadence demo
  cadence demo --out /tmp/demo --seed 7

It leaves the mailboxes, every digest as .eml and .html, timeline.txt, summary.json and the database.";

/// Watch a small team's weeks in seconds, on the real engine, with no set-up
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The folder to leave everything in
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    pub out: PathBuf,
    /// Another seed is another story; the same seed is the same story
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// Plays the demo.
pub async fn demo(arguments: &Arguments) -> Outcome {
    // WIRE(world): crate::world::demo, with `arguments.out` and `arguments.seed`.
    let _ = (&arguments.out, arguments.seed);
    Err(Failure::new(Exit::Later, "the demo is not part of this build"))
}
