//! `cadence why`: what happened to somebody, and what they wait for.

use super::{Exit, Failure, Outcome, Shared, open, out, scope, transcript, watched};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{Address, limits};
use crate::service::heat;
use jiff::tz::TimeZone;

const EXAMPLES: &str = "\
Examples:
  cadence why jane@acme.example

Case and plus tags of the address do not matter. It only looks: a running bot is not disturbed.";

/// Tell what happened to a prospect, and what comes next and why
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The prospect's address
    #[arg(value_name = "ADDRESS")]
    pub address: String,
}

/// Prints the transcript of every enrollment of the person, newest first.
pub async fn why(shared: &Shared, arguments: &Arguments) -> Outcome {
    let address = Address::parse(&arguments.address);
    let address = address.map_err(|error| Failure::new(Exit::Usage, format!("ADDRESS is {error}")))?;
    let config = Config::load(shared.config_file())?;
    let library = open::library(&config)?;
    let store = open::existing_store(&config).await?;
    let fail = |error| open::store_failure(&error);
    let person = address.loose();
    if let Some(reason) = store.suppressed(&person).await.map_err(fail)? {
        out::say(&format!("{address} is never mailed: {}\n", reason.word()))?;
    }
    let alias = store.forgotten_as(&person).await.map_err(fail)?;
    let enrollments = store.of_person(alias.as_ref().unwrap_or(&person)).await.map_err(fail)?;
    if enrollments.is_empty() && alias.is_none() {
        out::say(&format!("{address} was never enrolled\n"))?;
    }
    let held = store.holds(Clock::System.now()).await.map_err(fail)?;
    let away = watched::away(&config, &store).await.map_err(fail)?;
    let more = enrollments.len().saturating_sub(limits::TRANSCRIPTS);
    for enrollment in enrollments.iter().take(limits::TRANSCRIPTS) {
        let journal = store.journal(enrollment.id).await.map_err(fail)?;
        let zone = config
            .rep(&enrollment.rep)
            .map(|rep| (rep.zone.clone(), rep.zone_name.as_str()));
        // A rep who has left the configuration has no clock any more.
        let (zone, zone_name) = zone.unwrap_or((TimeZone::UTC, "UTC"));
        out::say(&transcript::transcript(enrollment, &journal, &zone, zone_name))?;
        if enrollment.is_active() {
            let now = Clock::System.now();
            let heat = heat::of(&store, &[enrollment], config.reports.minimum, now)
                .await
                .map_err(fail)?;
            let score = heat.score(enrollment, library.cadence(&enrollment.cadence), now);
            out::say(&format!("  {}\n", score.words()))?;
        }
        let holds = held
            .iter()
            .filter(|hold| enrollment.is_active() && hold.scope.holds(&enrollment.rep, &enrollment.cadence));
        for hold in holds {
            out::say(&format!("  held: {}\n", scope::line(hold)))?;
        }
        let away = away
            .iter()
            .filter(|row| enrollment.is_active() && row.rep.same_as(&enrollment.rep));
        for row in away {
            out::say(&format!("  away: {}\n", watched::line(row)))?;
        }
    }
    if more > 0 {
        out::say(&format!("and {more} older enrollments\n"))?;
    }
    Ok(Exit::Fine)
}
