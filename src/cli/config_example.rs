//! `cadence config-example`: the commented configuration.

use super::{Exit, Outcome, out};
use crate::config::EXAMPLE;

const EXAMPLES: &str = "\
Examples:
  cadence config-example > cadence.toml
  cadence check";

/// Print a configuration that explains every key
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {}

/// Prints it.
pub fn config_example() -> Outcome {
    out::say(EXAMPLE)?;
    Ok(Exit::Fine)
}
