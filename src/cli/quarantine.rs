//! `cadence quarantine`: mails that were held because they did not prove to be from whom they say, and rulings about them.

use super::{Exit, Failure, Outcome, Shared, open, out, scope};
use crate::clock::Clock;
use crate::config::{Config, Mailbox};
use crate::inbox::{Filing, Watermark, maildir};
use crate::mail::read::{Mail, read};
use crate::model::limits;
use crate::service::doors;
use crate::store::{Batch, Held, Ruling, Store};
use clap::Subcommand;
use serde_json::json;
use std::fmt::Write as _;

const EXAMPLES: &str = "\
Examples:
  cadence quarantine list
  cadence quarantine list --json
  cadence quarantine show 3fa9c1d2
  cadence quarantine release 3fa9c1d2 --why \"Ana confirmed it on the phone\"
  cadence quarantine drop 3fa9c1d2 --why \"forged\"

Held mails lie in the mailbox, in Cadence/Quarantine; here stands what is known of them. Nothing is ever answered to whom
they claim to be from. `show` looks into the mailbox and prints the header only.

`release` vouches for a mail: when exactly this mail comes again, it is taken in as if it had proven who it is from, once.
Move it back to INBOX yourself, as unread, with any mail program (in a Maildir: from `.Cadence.Quarantine/cur` to `new`). A
hand-over must still be at most 48 hours old to enroll. `drop` only takes a mail off the list; its bytes stay where they are.";

/// List, look at, release or drop mails that were held
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub what: What,
}

/// What is asked.
#[derive(Debug, Subcommand)]
pub enum What {
    /// List what is held, newest first
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Print what is known of one, and its header
    Show {
        /// Its id, as `list` shows it, or the beginning of it
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Vouch for one: it is taken in when it is moved back to INBOX
    Release {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
        /// How you know that it is genuine
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Take one off the list
    Drop {
        /// Its id
        #[arg(value_name = "ID")]
        id: String,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "of no use")]
        why: String,
    },
}

/// Does what is asked.
pub async fn quarantine(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let store = open::existing_store(&config).await?;
    match &arguments.what {
        What::List { json } => list(&store, *json).await,
        What::Show { id } => show(&config, &find(&store, id).await?).await,
        What::Release { id, why } => rule(&store, &find(&store, id).await?, true, why).await,
        What::Drop { id, why } => rule(&store, &find(&store, id).await?, false, why).await,
    }
}

/// Enough of a content key to name one mail of a house.
fn short(held: &Held) -> &str {
    held.mail.key.as_str().get(..12).unwrap_or("")
}

async fn find(store: &Store, id: &str) -> Result<Held, Failure> {
    let beginning = id.to_lowercase();
    if beginning.len() < 4 || !beginning.chars().all(|c| c.is_ascii_hexdigit()) {
        let why = "ID is the id that `cadence quarantine list` shows, or its first characters, 4 at least";
        return Err(Failure::new(Exit::Usage, why));
    }
    let found = store.quarantined_as(&beginning).await;
    let mut found = found.map_err(|error| open::store_failure(&error))?;
    match (found.pop(), found.is_empty()) {
        (Some(held), true) => Ok(held),
        (Some(_), false) => Err(Failure::new(
            Exit::Data,
            format!("several mails begin with {id}; write more of it"),
        )),
        (None, _) => Err(Failure::new(Exit::Data, format!("no mail {id} is in quarantine"))),
    }
}

async fn list(store: &Store, json: bool) -> Outcome {
    let held = store.quarantined(limits::QUARANTINE_LISTED).await;
    let held = held.map_err(|error| open::store_failure(&error))?;
    let listed = held
        .iter()
        .filter(|held| held.ruling.as_ref().is_none_or(|ruling| !ruling.used));
    let mut none = true;
    for held in listed {
        none = false;
        if json {
            let object = json!({
                "id": short(held),
                "at": held.at.to_string(),
                "kind": held.mail.kind,
                "because": held.mail.because,
                "in_name_of": held.mail.rep.as_ref().map(|rep| rep.as_str()),
                "size": held.mail.size,
                "released": held.ruling.is_some(),
            });
            out::say(&format!("{object}\n"))?;
        } else {
            out::say(&format!("{}\n", line(held)))?;
        }
    }
    if none && !json {
        out::say("nothing is in quarantine\n")?;
    }
    Ok(Exit::Fine)
}

fn line(held: &Held) -> String {
    let rep = held.mail.rep.as_ref();
    let rep = rep.map(|rep| format!(" in the name of {rep}")).unwrap_or_default();
    let ruling = held.ruling.as_ref().map(|ruling| match (ruling.release, ruling.used) {
        (true, true) => format!("; released by {}, and taken in since", ruling.by),
        (true, false) => format!("; released by {}, waits to be moved back to INBOX", ruling.by),
        (false, _) => format!("; dropped by {}", ruling.by),
    });
    format!(
        "{}  {}  {}{rep}, {} bytes: {}{}",
        short(held),
        held.at,
        held.mail.kind,
        held.mail.size,
        held.mail.because,
        ruling.unwrap_or_default()
    )
}

async fn rule(store: &Store, held: &Held, release: bool, why: &str) -> Outcome {
    let ruling = Ruling {
        mail: held.mail.key.clone(),
        release,
        by: scope::who(),
        why: scope::reason(why)?,
    };
    let batch = Batch {
        at: Some(Clock::System.now()),
        rulings: vec![ruling],
        ..Batch::default()
    };
    open::order(store, batch, "it is not in quarantine any more").await?;
    let said = if release {
        "released: move it from Cadence/Quarantine back to INBOX, as unread, and it is taken in"
    } else {
        "dropped"
    };
    out::say(&format!("{}: {said}\n", short(held)))?;
    Ok(Exit::Fine)
}

async fn show(config: &Config, held: &Held) -> Outcome {
    let mut text = format!("{}\n\n", line(held));
    match header(config, held).await? {
        Some(mail) => {
            for (name, value) in &mail.headers {
                let _ = writeln!(text, "{name}: {}", value.trim());
            }
        }
        None => text.push_str("It does not lie in Cadence/Quarantine any more.\n"),
    }
    out::say(&text)?;
    Ok(Exit::Fine)
}

/// Looks for the mail in the mailbox, by its content.
async fn header(config: &Config, held: &Held) -> Result<Option<Mail>, Failure> {
    let later = |why: String| Failure::new(Exit::Later, format!("the mailbox cannot be looked into: {why}"));
    let is_it = |bytes: &[u8]| Some(read(bytes)).filter(|mail| mail.key == held.mail.key);
    if let Mailbox::Maildir { path } = &config.mailbox {
        return maildir::find_filed(path, Filing::Quarantine, &is_it).map_err(|error| later(error.to_string()));
    }
    let mut inbox = doors::inbox(&config.mailbox).map_err(|why| Failure::new(Exit::Config, why))?;
    let folder = format!("Cadence/{}", Filing::Quarantine.folder());
    let mut after = Watermark::default();
    loop {
        let fetched = inbox.fetch(&folder, after).await;
        let fetched = fetched.map_err(|error| later(error.to_string()))?;
        if let Some(mail) = fetched.mails.iter().find_map(|raw| is_it(&raw.bytes)) {
            return Ok(Some(mail));
        }
        if !fetched.more {
            return Ok(None);
        }
        after = fetched.watermark;
    }
}
