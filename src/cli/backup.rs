//! `cadence backup`: the database in one file, while the bot runs.

use super::{Exit, Failure, Outcome, Shared, open, out};
use crate::clock::Clock;
use crate::config::Config;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  cadence backup /var/backups/cadence-monday.db
  cadence backup /var/backups/cadence-monday.db && cadence restore --drill /var/backups/cadence-monday.db

A running bot is not disturbed. The copy is looked through before it gets its name: every page, and every enrollment against its
journal. It does not hold the key (`[bot].key_file`): keep a copy of that elsewhere, once. Never copy the database with `cp`
while the bot runs. It ends with 75 when there is no room, or when there is a file of this name already.";

/// Copy the database into a file, while the bot runs
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The file to make
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Makes the copy and says what is in it.
pub async fn backup(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let store = open::existing_store(&config).await?;
    let now = Clock::System.now();
    let copied = store.backup(&arguments.file, now).await;
    let copied = copied.map_err(|error| failed(&arguments.file, &error))?;
    out::say(&format!(
        "{}: {} enrollments, {} entries of the journal, as of {now}; looked through and sound\n\
         the key {} is not in it; keep a copy of it elsewhere, for every address and token depends on it\n",
        arguments.file.display(),
        copied.enrollments,
        copied.journal,
        config.bot.key_file.display(),
    ))?;
    Ok(Exit::Fine)
}

fn failed(file: &std::path::Path, error: &crate::store::StoreError) -> Failure {
    let Failure { exit, why } = open::store_failure(error);
    Failure::new(exit, format!("{}: {why}", file.display()))
}
