//! `cadence holds`: what is held, since when and why.

use super::{Exit, Outcome, Shared, open, out, scope};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::Hold;
use serde_json::{Value, json};

const EXAMPLES: &str = "\
Examples:
  cadence holds
  cadence holds --json

It only looks: a running bot is not disturbed. With --json, one object a line.";

/// List what is held, and why
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Prints what stands.
pub async fn holds(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let store = open::existing_store(&config).await?;
    let standing = store.holds(Clock::System.now()).await;
    let standing = standing.map_err(|error| open::store_failure(&error))?;
    for hold in &standing {
        if arguments.json {
            out::say(&format!("{}\n", object(hold)))?;
        } else {
            out::say(&format!("{}\n", scope::line(hold)))?;
        }
    }
    if standing.is_empty() && !arguments.json {
        out::say("nothing is held\n")?;
    }
    Ok(Exit::Fine)
}

/// One hold for programs; `status` has them too.
#[must_use]
pub fn object(hold: &Hold) -> Value {
    json!({
        "scope": hold.scope.code(),
        "cause": hold.cause.code(),
        "why": hold.why,
        "by": hold.by,
        "since": hold.since.to_string(),
        "clears": hold.clears.map(|at| at.to_string()),
    })
}
