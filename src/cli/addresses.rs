//! `cadence addresses`: what reps put in BCC.

use super::{Exit, Failure, Outcome, Shared, open, out};
use crate::config::Config;
use crate::model::{Address, BotAddress, Cadence, Rep};
use crate::service::cards;

const EXAMPLES: &str = "\
Examples:
  cadence addresses                            of everybody
  cadence addresses ana@example.com
  cadence addresses ana@example.com --vcard > ana.vcf

These addresses are secret: whoever knows one may enroll in that rep's name. New ones: `cadence welcome REP --new-codes`, or
the rep writes `new codes` to the bot.";

/// Print each rep's secret enrol addresses, one a cadence
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Only of this rep
    #[arg(value_name = "REP")]
    pub rep: Option<String>,
    /// As vCards for an address book
    #[arg(long)]
    pub vcard: bool,
}

/// Prints them.
pub async fn addresses(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let reps = chosen(&config, arguments.rep.as_deref())?;
    let bot = open::bot(&config)?;
    let library = open::library(&config)?;
    let misfits = open::misfits(&config, &bot, &library);
    if !misfits.is_empty() {
        return Err(Failure::new(Exit::Config, misfits.join("\n")));
    }
    // Codes that reps gave up are worthless, and only the database knows of it.
    if config.bot.database().exists() {
        let store = open::existing_store(&config).await?;
        let said = store.said().await.map_err(|error| open::store_failure(&error))?;
        said.iter().for_each(|(rep, said)| bot.turn(rep, said.turns));
    }
    for rep in reps {
        if arguments.vcard {
            for (_, card) in cards(&bot, &config.bot.name, rep, library.cadences()) {
                out::put(card.as_bytes())?;
            }
        } else {
            out::say(&list(&bot, rep, library.cadences()))?;
        }
    }
    Ok(Exit::Fine)
}

fn chosen<'c>(config: &'c Config, rep: Option<&str>) -> Result<Vec<&'c Rep>, Failure> {
    let Some(text) = rep else {
        return Ok(config.reps.iter().collect());
    };
    let address = Address::parse(text).map_err(|error| Failure::new(Exit::Usage, format!("REP is {error}")))?;
    let unknown = || Failure::new(Exit::Data, "no [[rep]] of the configuration has this address");
    config.rep(&address).map(|rep| vec![rep]).ok_or_else(unknown)
}

fn list<'c>(bot: &BotAddress, rep: &Rep, cadences: impl Iterator<Item = &'c Cadence>) -> String {
    let lines = cadences.map(|cadence| {
        let address = bot.for_enrolling(&cadence.name, &rep.address, rep.code_turn);
        format!("  {address}  {}\n", cadence.title)
    });
    format!("{} <{}>\n", rep.name, rep.address) + &lines.collect::<String>()
}
