//! `cadence in-doubt`: mails of which nobody knows whether they went out, and the administrator's word about them.

use super::{Exit, Failure, Outcome, Shared, open, out, scope};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{LetterId, limits};
use crate::rules::doubt;
use crate::service::ruling;
use crate::store::{Doubt, Store};
use clap::{Subcommand, ValueEnum};
use serde_json::json;

const EXAMPLES: &str = "\
Examples:
  cadence in-doubt list
  cadence in-doubt list --json
  cadence in-doubt resolve 4f2a sent --why \"it lies in the Sent folder\"
  cadence in-doubt resolve 4f2a resend --why \"the relay's log shows that it was dropped\"

A mail is in doubt when its content was given to the relay and no answer came. It is never sent again by itself. A copy
in a watched folder, a report or an answer that cites it settles it; after 72 hours it counts as sent.

`resend` may reach the prospect a second time: look into the relay's log and the Sent folder first. The same bytes go out,
once, and only while no stop came and no later touch was made. Who said so and why stands in the journal. A running bot
need not be stopped; it ends with 65 when there is no such mail or when it must not be sent again.";

/// List mails in doubt, or say what became of one
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub what: What,
}

/// What is asked.
#[derive(Debug, Subcommand)]
pub enum What {
    /// List them, longest in doubt first
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Say what became of one
    Resolve {
        /// Its id, as `list` shows it
        #[arg(value_name = "ID")]
        id: String,
        /// What became of it
        #[arg(value_name = "WORD", value_enum)]
        word: Word,
        /// How that is known; it is kept in the journal
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

/// What became of a mail in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Word {
    /// It went out
    Sent,
    /// Send the same bytes once more
    Resend,
}

/// Lists, or resolves.
pub async fn in_doubt(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let store = open::existing_store(&config).await?;
    match &arguments.what {
        What::List { json } => list(&store, *json).await,
        What::Resolve { id, word, why } => resolve(&store, id, *word, &scope::reason(why)?).await,
    }
}

async fn list(store: &Store, json: bool) -> Outcome {
    let doubts = store.doubts(limits::DOUBTS).await;
    let doubts = doubts.map_err(|error| open::store_failure(&error))?;
    for found in &doubts {
        let Doubt {
            letter, since, known, ..
        } = found;
        let presumed = doubt::presumed_at(*since);
        if json {
            let object = json!({
                "id": letter.id.to_string(),
                "class": letter.class.code(),
                "step": letter.touch.map(|(_, step)| step.0),
                "to": letter.to.as_str(),
                "rep": letter.rep.as_str(),
                "since": since.to_string(),
                "counts_as_sent": presumed.to_string(),
                "known": known,
            });
            out::say(&format!("{object}\n"))?;
        } else {
            let what = letter
                .touch
                .map_or_else(|| letter.class.code().to_owned(), |(_, step)| format!("touch {step}"));
            out::say(&format!(
                "{}  {what} to {} by {}, since {since}, counts as sent from {presumed}: {known}\n",
                letter.id, letter.to, letter.rep
            ))?;
        }
    }
    if doubts.is_empty() && !json {
        out::say("nothing is in doubt\n")?;
    }
    Ok(Exit::Fine)
}

async fn resolve(store: &Store, id: &str, word: Word, why: &str) -> Outcome {
    let fail = |error| open::store_failure(&error);
    let parsed = i64::from_str_radix(id, 16).map(LetterId);
    let parsed = parsed.map_err(|_| Failure::new(Exit::Usage, "ID is the id that `cadence in-doubt list` shows"))?;
    let Some(found) = store.doubts_named(&[parsed], &[]).await.map_err(fail)?.pop() else {
        let why = format!("no mail {id} is in doubt; `cadence in-doubt list` shows what is");
        return Err(Failure::new(Exit::Data, why));
    };
    let now = Clock::System.now();
    let by = scope::who();
    let enrollment = match found.letter.touch {
        Some((enrollment, _)) => store.enrollment(enrollment).await.map_err(fail)?,
        None => None,
    };
    let (word, said) = match word {
        Word::Sent => (ruling::Word::Sent, "counts as sent"),
        Word::Resend => (ruling::Word::Resend, "is sent once more"),
    };
    let batch = ruling::resolved(&found, enrollment.as_ref(), word, (&by, why), now)
        .map_err(|why| Failure::new(Exit::Data, format!("it is not sent again: {why}")))?;
    open::order(store, batch, "something happened to it just now").await?;
    out::say(&format!("{}: {said}\n", found.letter.id))?;
    Ok(Exit::Fine)
}
