//! What the commands about holds share: what is held, who says so, and why.

use super::{Exit, Failure, open};
use crate::config::Config;
use crate::model::{Address, CadenceName, Hold, Scope, limits};
use clap::ValueEnum;

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Every touch
    All,
    /// The touches of one cadence
    Cadence,
    /// The touches in one rep's name
    Rep,
}

/// What is held, and which one.
#[derive(Debug, clap::Args)]
pub struct Named {
    /// What
    #[arg(value_name = "WHAT", value_enum)]
    pub what: What,
    /// Which cadence or which rep's address; nothing behind `all`
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

impl Named {
    /// The scope, whether or not the configuration knows it.
    ///
    /// # Errors
    /// When the name is missing, too much, or none.
    pub fn scope(&self) -> Result<Scope, Failure> {
        let usage = |why: String| Failure::new(Exit::Usage, why);
        match (self.what, self.name.as_deref()) {
            (What::All, None) => Ok(Scope::All),
            (What::All, Some(_)) => Err(usage("`all` takes no name".to_owned())),
            (What::Cadence, Some(name)) => CadenceName::parse(name)
                .map(Scope::Cadence)
                .map_err(|why| usage(format!("NAME is no cadence's name: {why}"))),
            (What::Rep, Some(address)) => Address::parse(address)
                .map(Scope::Rep)
                .map_err(|error| usage(format!("NAME is {error}"))),
            (What::Cadence, None) => Err(usage("name the cadence: `cadence outbound`".to_owned())),
            (What::Rep, None) => Err(usage("name the rep by their address: `rep ana@example.com`".to_owned())),
        }
    }
}

/// The scope as the configuration writes it, so that it is found by comparing texts.
///
/// # Errors
/// When the configuration has no such cadence or rep.
pub fn known(config: &Config, scope: Scope) -> Result<Scope, Failure> {
    match scope {
        Scope::All => Ok(Scope::All),
        Scope::Rep(address) => config
            .rep(&address)
            .map(|rep| Scope::Rep(rep.address.clone()))
            .ok_or_else(|| Failure::new(Exit::Data, "no [[rep]] of the configuration has this address")),
        Scope::Cadence(name) => {
            let library = open::library(config)?;
            if library.cadence(&name).is_some() || !library.held(&name).is_empty() {
                return Ok(Scope::Cadence(name));
            }
            let names: Vec<&str> = library.cadences().map(|cadence| cadence.name.as_str()).collect();
            let why = format!("there is no cadence \"{name}\"; there are {}", names.join(", "));
            Err(Failure::new(Exit::Data, why))
        }
    }
}

/// Who gives an order: the name of the account, for the record and not as a proof.
#[must_use]
pub fn who() -> String {
    let name = std::env::var("USER").ok().map(|name| one_line(&name));
    match name.filter(|name| !name.is_empty()) {
        Some(name) => format!("{name}, on the command line"),
        None => "the administrator, on the command line".to_owned(),
    }
}

/// A reason as it is kept: one line, bounded.
///
/// # Errors
/// When it says nothing.
pub fn reason(text: &str) -> Result<String, Failure> {
    let line = one_line(text);
    if line.is_empty() {
        return Err(Failure::new(Exit::Usage, "--why must say why: others will read it"));
    }
    Ok(line)
}

fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(limits::EXCERPT).collect()
}

/// One hold on one line.
#[must_use]
pub fn line(hold: &Hold) -> String {
    let clears = match (hold.clears, hold.cause.ends_by_itself()) {
        (Some(clears), _) => format!("until {clears}"),
        (None, Some(when)) => format!("until {when}"),
        (None, None) => format!("until `cadence unhold {}`", hold.scope),
    };
    format!(
        "{} since {} by {}, {clears}: {}",
        hold.scope, hold.since, hold.by, hold.why
    )
}
