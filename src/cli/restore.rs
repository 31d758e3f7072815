//! `cadence restore`: a backup becomes the database, or is only tried.

use super::{Exit, Failure, Outcome, Shared, key, open, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{self, StoreError, backup, backup::Copied};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  cadence restore --drill /var/backups/cadence-monday.db
  cadence restore /var/backups/cadence-monday.db

The bot must be stopped. The database that is there is kept aside under another name. The restored one is older than what
happened, so the bot begins in recovery mode: it sends nothing until it has read the mailbox again from then on; what may have
gone out since is in doubt and never sent again by itself. Then it goes on, and says so. With --drill nothing is changed, and the
bot may run. It ends with 65 when the file is no sound backup, with 73 while the bot runs.";

/// Make a backup the database, or try whether it could be
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Only look: restore into a temporary folder, look through it, and say what there is
    #[arg(long)]
    pub drill: bool,
    /// The backup
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Restores, or tries to.
pub async fn restore(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let now = Clock::System.now();
    if arguments.drill {
        return drill(&config, &arguments.file, now).await;
    }
    key::private_folder(&config.bot.data)?;
    let database = config.bot.database();
    let _lock = store::lock(&database).map_err(|error| open::store_failure(&error))?;
    let aside = database.with_added_extension(now.strftime("until-%Y%m%dT%H%M%SZ").to_string());
    let was_there = database.exists();
    let restored = backup::restore(&arguments.file, &database, &aside, now).await;
    let copied = restored.map_err(|error| unsound(&arguments.file, &error))?;
    let mut said = format!(
        "{} is the database now\n{}",
        arguments.file.display(),
        contents(&copied)
    );
    if was_there {
        said.push_str(&format!("the one that was there is kept as {}\n", aside.display()));
    }
    said.push_str(&key_line(&config.bot.key_file));
    said.push_str(
        "the bot begins in recovery mode: it sends nothing until the mailbox was read again, then it goes on and says so\n",
    );
    out::say(&said)?;
    Ok(Exit::Fine)
}

async fn drill(config: &Config, file: &Path, now: Timestamp) -> Outcome {
    // It holds what the database holds, so it lies where only its owner looks.
    let folder = config.bot.data.join(format!("drill-{}", std::process::id()));
    key::private_folder(&folder)?;
    let looked = backup::rehearse(file, &folder, now).await;
    let removed = std::fs::remove_dir_all(&folder);
    let copied = looked.map_err(|error| unsound(file, &error))?;
    removed.map_err(|error| Failure::file(&folder, "removed", &error))?;
    out::say(&format!(
        "{} is sound and could be restored; nothing was changed\n{}{}",
        file.display(),
        contents(&copied),
        key_line(&config.bot.key_file)
    ))?;
    Ok(Exit::Fine)
}

fn contents(copied: &Copied) -> String {
    let taken = copied.taken.map_or_else(|| "unknown".to_owned(), |at| at.to_string());
    format!(
        "taken at {taken}: {} enrollments, {} entries of the journal; {} touches that were to go out since would be in doubt first\n",
        copied.enrollments, copied.journal, copied.open
    )
}

fn key_line(key: &Path) -> String {
    if key.exists() {
        String::new()
    } else {
        format!("the key {} is missing: put it back from its copy\n", key.display())
    }
}

fn unsound(file: &Path, error: &StoreError) -> Failure {
    let exit = if error.is_full() || error.is_busy() {
        Exit::Later
    } else if error.is_read_only() {
        Exit::Permission
    } else {
        Exit::Data
    };
    Failure::new(exit, format!("{} cannot be restored: {error}", file.display()))
}
