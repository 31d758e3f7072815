//! `cadence welcome`: a rep's addresses by mail, once more or new ones.
//!
//! It writes to the database of a running bot and takes no lock, as `cadence hold` does: one row in one transaction, which the
//! bot looks up before each round. The bot writes the mail.

use super::{Exit, Failure, Outcome, Shared, open, out};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::{Address, Codes};
use crate::store::Batch;

const EXAMPLES: &str = "\
Examples:
  cadence welcome ana@example.com               Ana has lost the mail with her addresses
  cadence welcome ana@example.com --new-codes   somebody else knows her addresses: new ones, the old are worthless

A rep who is added to the configuration is mailed by itself. A running bot need not be stopped or told.";

/// Mail a rep their secret enrol addresses once more
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Whom
    #[arg(value_name = "REP")]
    pub rep: String,
    /// New addresses; those so far are worthless from then on
    #[arg(long)]
    pub new_codes: bool,
}

/// Has it written.
pub async fn welcome(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let address =
        Address::parse(&arguments.rep).map_err(|error| Failure::new(Exit::Usage, format!("REP is {error}")))?;
    let unknown = || Failure::new(Exit::Data, "no [[rep]] of the configuration has this address");
    let rep = config.rep(&address).ok_or_else(unknown)?;
    let store = open::existing_store(&config).await?;
    let codes = if arguments.new_codes {
        Codes::Turned
    } else {
        Codes::Again
    };
    let batch = Batch {
        at: Some(Clock::System.now()),
        codes: vec![(rep.address.clone(), codes)],
        ..Batch::default()
    };
    open::order(&store, batch, "the rep's settings had moved on").await?;
    let said = if arguments.new_codes {
        "new addresses: those so far are worthless, and the bot mails the new ones"
    } else {
        "the bot mails the addresses once more"
    };
    out::say(&format!("{} <{}>: {said}\n", rep.name, rep.address))?;
    Ok(Exit::Fine)
}
