//! `cadence run`: the bot.

use super::{Exit, Failure, Outcome, Shared, open};

const EXAMPLES: &str = "\
Examples:
  cadence run
  cadence --config /etc/cadence/cadence.toml --log-format json run

It runs until SIGTERM or Ctrl-C, finishes what it has begun, and ends with 0.";

/// Run the bot
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {}

/// Opens everything and serves until told to stop.
pub async fn run(shared: &Shared) -> Outcome {
    let opened = open::house(shared.config_file()).await?;
    // WIRE(service): crate::service, with `opened`, whose lock must live as long as it.
    let open::Opened { .. } = opened;
    Err(Failure::new(Exit::Later, "the service is not part of this build"))
}
