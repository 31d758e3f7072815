//! `cadence hold`: no touch goes out, until somebody says so or a time has passed.
//!
//! It writes to the database of a running bot and takes no lock, which is safe: the lock keeps a second *bot* away, which
//! would send. A hold is one row in one transaction, and SQLite lets one writer in at a time. The bot keeps no copy of it:
//! the claim and the gate behind the server's 354 ask for it in their own transactions, so whatever passes the gate after
//! this command has ended saw the hold.

use super::scope::{self, Named};
use super::{Exit, Failure, Outcome, Shared, open, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{Cause, Hold};
use crate::store::Batch;
use jiff::SignedDuration;

const EXAMPLES: &str = "\
Examples:
  cadence hold all --why \"the relay moves tonight\"
  cadence hold all --for 3h --why \"the relay moves tonight\"
  cadence hold cadence outbound --why \"the price list changed\"
  cadence hold rep ana@example.com --why \"Ana has left\"

No touch of what is held goes out from the moment this command has ended, not even one that is on the line already.
Mail to reps goes out, mail is read, and every stop counts. A running bot need not be stopped or told: this writes to its
database and disturbs nothing. Lift it with `cadence unhold`, see it with `cadence holds`.";

/// Keep touches from going out
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(flatten)]
    pub named: Named,
    /// Why, for those who meet it
    #[arg(long, value_name = "TEXT")]
    pub why: String,
    /// Clears by itself after this time, `90m` or `3h`; without it when `cadence unhold` says so
    #[arg(long = "for", value_name = "TIME")]
    pub time: Option<String>,
}

/// Puts the hold.
pub async fn hold(shared: &Shared, arguments: &Arguments) -> Outcome {
    let asked = arguments.named.scope()?;
    let why = scope::reason(&arguments.why)?;
    let time = arguments.time.as_deref().map(duration).transpose()?;
    let config = Config::load(shared.config_file())?;
    let scope = scope::known(&config, asked)?;
    let store = open::existing_store(&config).await?;
    let since = Clock::System.now();
    let hold = Hold {
        scope,
        cause: Cause::Administrator,
        why,
        by: scope::who(),
        since,
        clears: time.and_then(|time| since.checked_add(time).ok()),
    };
    let said = format!("held: {}\n", scope::line(&hold));
    let batch = Batch {
        at: Some(since),
        hold: vec![hold],
        ..Batch::default()
    };
    open::order(&store, batch, "it could not be held").await?;
    out::say(&said)?;
    Ok(Exit::Fine)
}

fn duration(text: &str) -> Result<SignedDuration, Failure> {
    let parsed: Option<SignedDuration> = text.parse().ok();
    let most = SignedDuration::from_hours(24 * 366);
    parsed
        .filter(|time| *time > SignedDuration::ZERO && *time <= most)
        .ok_or_else(|| Failure::new(Exit::Usage, "--for takes a time such as `90m` or `3h`, a year at most"))
}
