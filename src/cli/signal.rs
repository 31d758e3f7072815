//! `cadence signal`: tells the bot what somebody did elsewhere, so that cadences can answer it.
//!
//! It puts one row into the database of a bot that may be running; the bot decides. So a website, a CRM or a script may report
//! without knowing who is in which cadence.

use super::{Exit, Failure, Outcome, Shared, open, out, scope};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{Address, CadenceName, Enrollment, Events, Sighting, StepNo, is_signal_name};
use crate::store::Batch;
use crate::template::Library;

const EXAMPLES: &str = "\
Examples:
  cadence signal jane@acme.example pricing-page
  cadence signal jane@acme.example clicked --touch 3 --by newsletter
  cadence signal jane@acme.example opened-by-machine --by tracker

What follows, a cadence says under [on]: signal.pricing-page = \"alert\"; and steps may ask for it: when = 'signal(\"pricing-page\")'.
Without that it is only remembered, and stands in `cadence why`. A running bot takes it in within two minutes.\n\
What a program did (`opened-by-machine`, `clicked-by-machine`) is counted apart, and no cadence may ask for it. It ends with 65
when nobody of this address is in a cadence.";

/// Report what a prospect did, such as opening a page
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The prospect's address
    #[arg(value_name = "ADDRESS")]
    pub address: String,
    /// What: opened, clicked, or a name of your own of a-z, 0-9, - and _
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Of which touch, where that is known
    #[arg(long, value_name = "N")]
    pub touch: Option<u16>,
    /// Who reports it [default: you]
    #[arg(long, value_name = "TEXT")]
    pub by: Option<String>,
}

/// Leaves the report for the bot.
pub async fn signal(shared: &Shared, arguments: &Arguments) -> Outcome {
    let usage = |why: String| Failure::new(Exit::Usage, why);
    let address = Address::parse(&arguments.address).map_err(|error| usage(format!("ADDRESS is {error}")))?;
    if !is_signal_name(&arguments.name) {
        let why = "NAME is up to 40 of a-z, 0-9, - and _, such as pricing-page";
        return Err(usage(why.to_owned()));
    }
    let by = arguments.by.as_deref().map(scope::reason).transpose()?;
    let config = Config::load(shared.config_file())?;
    let library = open::library(&config)?;
    let store = open::existing_store(&config).await?;
    let theirs = store.of_person(&address.loose()).await;
    let theirs = theirs.map_err(|error| open::store_failure(&error))?;
    let active: Vec<&Enrollment> = theirs.iter().filter(|enrollment| enrollment.is_active()).collect();
    if active.is_empty() {
        let why = "nobody of this address is in a cadence, so there is nothing to report to";
        return Err(Failure::new(Exit::Data, why));
    }
    let now = Clock::System.now();
    let sighting = Sighting {
        person: address.loose(),
        name: arguments.name.clone(),
        step: arguments.touch.map(StepNo),
        by: by.unwrap_or_else(scope::who),
        at: now,
    };
    let batch = Batch {
        at: Some(now),
        sighted: vec![sighting],
        ..Batch::default()
    };
    open::order(&store, batch, "it could not be left for the bot").await?;
    for enrollment in active {
        let what = told(&library, &enrollment.cadence, &arguments.name);
        out::say(&format!("{}: {what}\n", enrollment.cadence))?;
    }
    Ok(Exit::Fine)
}

/// What a cadence does about a report.
fn told(library: &Library, cadence: &CadenceName, name: &str) -> String {
    let Some(cadence) = library.cadence(cadence) else {
        return format!("{name} is reported, and remembered");
    };
    let said = |events: &Events| events.signals.iter().any(|(known, _)| known == name);
    let asks = cadence
        .steps
        .iter()
        .filter_map(|step| step.when.as_ref())
        .any(|when| when.asks_for_signal(name));
    match (said(&cadence.on), asks) {
        (true, _) => format!("{name} is reported, and [on] says what follows"),
        (false, true) => format!("{name} is reported, and a step asks for it"),
        (false, false) => format!("{name} is reported and only remembered: neither [on] nor a step asks for it"),
    }
}
