//! `cadence suppress`: addresses and whole domains that are never mailed, with why.
//!
//! Like `hold` it writes into the database of a bot that may be running: every send asks for it behind the server's 354.

use super::{Exit, Failure, Outcome, Shared, open, out, scope};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{LooseAddress, Suppression, SuppressionReason, limits};
use crate::store::{Batch, Store};
use clap::Subcommand;
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  cadence suppress add jane@acme.example --why \"asked by phone\"
  cadence suppress add @rival.example --why \"a competitor\"
  cadence suppress list
  cadence suppress list --json
  cadence suppress remove @rival.example

No touch goes to what is suppressed from the moment `add` has ended, not even one that is on the line already; who is in a
cadence falls out of it when their next touch is due. A domain stands for every host below it. Case and plus tags do not matter.
What somebody asked for themselves, or reported as spam, is not removed: they may write in, and be enrolled by hand in a mail
of your own. A running bot need not be stopped.";

/// Never mail an address or a domain
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub what: What,
}

/// What is asked.
#[derive(Debug, Subcommand)]
pub enum What {
    /// Never mail this any more
    Add {
        /// An address, or everybody at a domain as @acme.example
        #[arg(value_name = "WHOM")]
        whom: String,
        /// Why; it is kept, and shown by `list`
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// List what is never mailed, and why
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Let this be mailed again
    Remove {
        /// As `list` shows it
        #[arg(value_name = "WHOM")]
        whom: String,
    },
}

/// Adds, lists or removes.
pub async fn suppress(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let store = open::existing_store(&config).await?;
    match &arguments.what {
        What::Add { whom, why } => add(&store, &named(whom)?, &scope::reason(why)?).await,
        What::List { json } => list(&config, &store, *json).await,
        What::Remove { whom } => remove(&config, &store, &named(whom)?).await,
    }
}

fn named(whom: &str) -> Result<LooseAddress, Failure> {
    LooseAddress::stored(whom.trim()).ok_or_else(|| {
        let why = "WHOM is an address, or everybody at a domain as @acme.example";
        Failure::new(Exit::Usage, why)
    })
}

async fn found(store: &Store, whom: &LooseAddress) -> Result<Option<Suppression>, Failure> {
    // Who is forgotten is listed under another name, and found by their own.
    let alias = store.forgotten_as(whom).await;
    let alias = alias.map_err(|error| open::store_failure(&error))?;
    let whom = alias.as_ref().unwrap_or(whom);
    let all = all(store).await?;
    Ok(all.into_iter().find(|known| known.address == *whom))
}

async fn all(store: &Store) -> Result<Vec<Suppression>, Failure> {
    let mut all: Vec<Suppression> = Vec::new();
    loop {
        let more = store
            .never_mailed(all.last().map(|last| &last.address), limits::NEVER_LISTED)
            .await;
        let more = more.map_err(|error| open::store_failure(&error))?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}

async fn add(store: &Store, whom: &LooseAddress, why: &str) -> Outcome {
    if let Some(known) = found(store, whom).await? {
        out::say(&format!("it was suppressed before: {}\n", line(&known)))?;
        return Ok(Exit::Fine);
    }
    let now = Clock::System.now();
    let suppression = Suppression {
        address: whom.clone(),
        reason: SuppressionReason::Administrator,
        at: now,
        proof: format!("{}: {why}", scope::who()),
    };
    let said = format!("never mailed: {}\n", line(&suppression));
    let batch = Batch {
        at: Some(now),
        suppress: vec![suppression],
        ..Batch::default()
    };
    open::order(store, batch, "it could not be suppressed").await?;
    out::say(&said)?;
    Ok(Exit::Fine)
}

async fn list(config: &Config, store: &Store, json: bool) -> Outcome {
    let all = all(store).await?;
    for known in &all {
        if json {
            let object = json!({
                "whom": known.address.as_str(),
                "reason": known.reason.code(),
                "since": known.at.to_string(),
                "proof": known.proof,
            });
            out::say(&format!("{object}\n"))?;
        } else {
            out::say(&format!("{}\n", line(known)))?;
        }
    }
    let never = &config.etiquette.never;
    for whom in never {
        if json {
            let object =
                json!({ "whom": whom, "reason": "configuration", "since": null, "proof": "[etiquette].never" });
            out::say(&format!("{object}\n"))?;
        } else {
            out::say(&format!("{whom}: the configuration says so, [etiquette].never\n"))?;
        }
    }
    if all.is_empty() && never.is_empty() && !json {
        out::say("nothing is suppressed\n")?;
    }
    Ok(Exit::Fine)
}

async fn remove(config: &Config, store: &Store, whom: &LooseAddress) -> Outcome {
    let data = |why: String| Failure::new(Exit::Data, why);
    let Some(known) = found(store, whom).await? else {
        let why = if config.etiquette.never.iter().any(|never| never == whom.as_str()) {
            "it stands in the configuration, [etiquette].never: delete it there, and start the bot again"
        } else {
            "it is not suppressed by itself; `cadence suppress list` shows what is, domains as well"
        };
        return Err(data(why.to_owned()));
    };
    match known.reason {
        SuppressionReason::OptedOut | SuppressionReason::Complained | SuppressionReason::Forgotten => {
            return Err(data(format!(
                "it stays suppressed, since {}: nobody can take that back for them",
                known.reason.word()
            )));
        }
        SuppressionReason::Bounced | SuppressionReason::Administrator => {}
    }
    let batch = Batch {
        at: Some(Clock::System.now()),
        unsuppress: vec![whom.clone()],
        ..Batch::default()
    };
    open::order(store, batch, "somebody else removed it first").await?;
    out::say(&format!("may be mailed again: {}\n", line(&known)))?;
    Ok(Exit::Fine)
}

/// `jane@acme.example since 2026-03-02T09:00:00Z: an administrator said so (ana: asked by phone)`.
fn line(known: &Suppression) -> String {
    format!(
        "{} since {}: {} ({})",
        known.address.as_str(),
        known.at,
        known.reason.word(),
        known.proof
    )
}
