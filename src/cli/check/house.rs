//! What can be checked on this machine: configuration, key, data folder, database, cadences.

use super::finding::Finding;
use crate::cli::{Exit, Failure, key, open};
use crate::config::Config;
use crate::model::BotAddress;
use std::path::Path;

/// The configuration, which was read.
pub fn config(config: &Config, file: &Path) -> Finding {
    let reps = config.reps.len();
    let plural = if reps == 1 { "" } else { "s" };
    Finding::ok("config", format!("{}: {reps} rep{plural}", file.display()))
}

/// The key, and the bot's address when there is one. A missing key is made by `run`, not here.
pub fn key(config: &Config) -> (Option<BotAddress>, Vec<Finding>) {
    let path = &config.bot.key_file;
    let label = path.display();
    match key::read(path) {
        Ok(Some(key)) => {
            let bot = BotAddress::new(config.bot.address.clone(), &key);
            let found = format!("{label} holds a key that nobody else may read");
            (Some(bot), vec![Finding::ok("key", found)])
        }
        Ok(None) if config.bot.database().exists() => {
            let found = format!("{label} is missing, and a database is there");
            let fix = "put the key back from its copy: every address and token handed out so far depends on it";
            (None, vec![Finding::fail("key", Exit::Config, found, fix)])
        }
        Ok(None) => {
            let found = format!("{label} does not exist yet; `cadence run` makes it");
            (None, vec![Finding::ok("key", found)])
        }
        Err(failure) => {
            let fix = "the key must be a file of 32 bytes with mode 0600 that the bot's own user may read";
            (None, vec![Finding::fail("key", failure.exit, failure.why, fix)])
        }
    }
}

/// The folder of the database: whether it, or the folder it will be made in, may be written to.
pub fn data(config: &Config) -> Finding {
    let path = &config.bot.data;
    let nearest = path
        .ancestors()
        .find(|folder| folder.as_os_str().is_empty() || folder.exists());
    let nearest = nearest
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let fix = "name another folder in [bot].data, or give this one to the bot's user";
    match std::fs::metadata(nearest) {
        Ok(found) if !found.is_dir() => {
            let why = format!("{} is no folder", nearest.display());
            Finding::fail("data", Exit::Config, why, fix)
        }
        Ok(found) if found.permissions().readonly() => {
            let why = format!("{} may not be written to", nearest.display());
            Finding::fail("data", Exit::Permission, why, fix)
        }
        Ok(_) if nearest == path.as_path() => Finding::ok("data", path.display().to_string()),
        Ok(_) => Finding::ok(
            "data",
            format!("{} does not exist yet; `cadence run` makes it", path.display()),
        ),
        Err(error) => {
            let failure = Failure::file(nearest, "looked at", &error);
            Finding::fail("data", failure.exit, failure.why, fix)
        }
    }
}

/// The database, when there is one.
pub async fn database(config: &Config) -> Finding {
    let path = config.bot.database();
    let label = path.display();
    if !path.exists() {
        return Finding::ok(
            "database",
            format!("{label} does not exist yet; `cadence run` makes it"),
        );
    }
    let opened = async {
        let store = open::existing_store(config).await?;
        store.counts().await.map_err(|error| open::store_failure(&error))
    };
    match opened.await {
        Ok(counts) => {
            let known: i64 = counts.enrollments.iter().map(|(_, count)| count).sum();
            Finding::ok("database", format!("{label} opens; {known} enrollments"))
        }
        Err(failure) => {
            let fix = "look at the disk and at who owns the file; put it back from its backup if it is damaged";
            Finding::fail("database", failure.exit, failure.why, fix)
        }
    }
}

/// The cadences, and whether their names fit the bot's address and the aliases.
pub fn cadences(config: &Config, bot: Option<&BotAddress>) -> Vec<Finding> {
    let library = match open::library(config) {
        Ok(library) => library,
        Err(failure) => {
            let fix = "correct the files; `cadence lint` prints the same and more";
            return vec![Finding::fail("cadences", failure.exit, failure.why, fix)];
        }
    };
    let names: Vec<&str> = library.cadences().map(|cadence| cadence.name.as_str()).collect();
    let mut findings = vec![Finding::ok("cadences", names.join(", "))];
    if let Err(failure) = open::texts(config) {
        let fix = "correct the files; `cadence lint` prints the same";
        findings.push(Finding::fail("texts", failure.exit, failure.why, fix));
    }
    // Only the length of a code is looked at, so any key will do where there is none yet.
    let any = crate::model::Key::root(&[0; 32]);
    let bot = bot
        .cloned()
        .unwrap_or_else(|| BotAddress::new(config.bot.address.clone(), &any));
    for misfit in open::misfits(config, &bot, &library) {
        findings.push(Finding::fail("cadences", Exit::Config, misfit, "correct the name"));
    }
    findings
}
