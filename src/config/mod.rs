//! One TOML, all problems reported at once.
//!
//! `problem` is what can be wrong, `read` the reader that knows where every value stands, `sections`, `servers`,
//! `people`, `benchmarks` and `pace` the sections, `defaults` what an absent key means, `secret` where secrets come from, `example` the commented
//! file that is the manual. Paths in the file are relative to the file.
//!
//! Standards: TOML 1.1. Limits: [`limits::FILE`] bytes, [`limits::REPS`] reps, [`limits::LIST`] entries a list.

mod benchmarks;
pub mod defaults;
mod example;
mod hours;
mod pace;
mod people;
mod problem;
mod read;
mod report;
mod secret;
mod sections;
mod servers;
mod sources;

pub use example::EXAMPLE;
pub use problem::{ConfigError, Problem};
pub use report::Reports;
pub use secret::{Secret, only_owner_reads};

use crate::model::{Address, CadenceName, Etiquette, Hours, LeadSource, Pace, Rep, Route, limits};
use crate::report::Benchmark;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Everything an administrator decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Who the bot is.
    pub bot: Bot,
    /// Where mail comes in.
    pub mailbox: Mailbox,
    /// Where mail goes out.
    pub relay: Relay,
    /// When the team works.
    pub hours: Hours,
    /// `[[route]]`: which cadence is a prospect's when nobody names one.
    pub routes: Vec<Route>,
    /// `[[lead_source]]`: whose web forms enroll; no name twice.
    pub lead_sources: Vec<LeadSource>,
    /// How much of one person and one company is asked.
    pub etiquette: Etiquette,
    /// How fast mail touches go out.
    pub pace: Pace,
    /// Whom cadences speak for; never empty, no address twice.
    pub reps: Vec<Rep>,
    /// `[[rep]].watch`: mailboxes of reps that are watched, each with its rep; no rep twice.
    pub watches: Vec<Watch>,
    /// Own domains beside those of the bot and the reps, lower case (`[bot].domains`).
    pub domains: Vec<String>,
    /// Whose word about a sender counts.
    pub trust: Trust,
    /// `[mailbox].aliases`: whole addresses that stand for a cadence.
    pub aliases: Vec<(Address, CadenceName)>,
    /// A folder of cadences that override or add.
    pub cadences: Option<PathBuf>,
    /// A folder of own texts of the bot's mails, each in the place of the shipped one of that name.
    pub texts: Option<PathBuf>,
    /// Postal address under cadence mails.
    pub postal_address: Option<String>,
    /// `[report]`: who gets reports by mail, and from how many on something is judged.
    pub reports: Reports,
    /// `[[benchmark]]`: the company's own ranges, in the place of the shipped ones.
    pub benchmarks: Vec<Benchmark>,
}

/// Who the bot is and where it keeps things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bot {
    /// Its bare address; the local part has at most [`limits::BOT_LOCAL`] octets and no `+`.
    pub address: Address,
    /// Its display name.
    pub name: String,
    /// Who is told when a breaker trips.
    pub administrator: Option<Address>,
    /// Whether touches to colleagues of somebody who answered wait.
    pub company_pause: bool,
    /// Whether reps are mailed their enrol addresses when they are added.
    pub welcome: bool,
    /// The folder of the database.
    pub data: PathBuf,
    /// The file with the root key, made when missing.
    pub key_file: PathBuf,
}

impl Bot {
    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data.join(defaults::DATABASE)
    }
}

/// Where mail comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailbox {
    /// A mailbox on a server (RFC 9051, RFC 3501).
    Imap {
        /// The server.
        host: String,
        /// Its port.
        port: u16,
        /// How the connection is protected.
        security: Security,
        /// The login.
        user: String,
        /// Its password.
        secret: Secret,
        /// The folders to watch.
        folders: Vec<String>,
        /// The folder with what was sent from it, where it is not found by its name or mark.
        sent: Option<String>,
        /// A PEM file with the only certificate authorities to trust; `None`: the system's.
        ca_file: Option<PathBuf>,
    },
    /// A folder that needs no server.
    Maildir {
        /// It.
        path: PathBuf,
    },
}

/// A mailbox of a rep that is watched: read-only, headers only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Whose.
    pub rep: Address,
    /// Where: always a server; its folders are all that are watched, `sent` last.
    pub mailbox: Mailbox,
    /// The folder with what the rep sent.
    pub sent: String,
}

/// Where mail goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relay {
    /// A submission server (RFC 6409).
    Smtp {
        /// The server.
        host: String,
        /// Its port.
        port: u16,
        /// How the connection is protected.
        security: Security,
        /// User and password, when the server wants a login.
        login: Option<(String, Secret)>,
        /// A PEM file with the only certificate authorities to trust; `None`: the system's.
        ca_file: Option<PathBuf>,
        /// What the bot calls itself (EHLO).
        name: String,
        /// Connections at once, at most [`limits::CONNECTIONS`].
        connections: usize,
    },
    /// A folder of Maildirs, one a recipient, that needs no server.
    Maildir {
        /// It.
        path: PathBuf,
    },
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// STARTTLS, mandatory.
    Starttls,
    /// Plain text; only to this machine itself.
    None,
}

/// Which results of others are believed (`[trust]`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Names under which our own servers write Authentication-Results (RFC 8601).
    pub authserv_ids: Vec<String>,
    /// `by` names of the border's Received field; one that begins with a dot stands for all below it.
    pub border: Vec<String>,
    /// Demand a trusted pass even with a code.
    pub strict: bool,
    /// Exchange Online is our provider.
    pub microsoft: bool,
    /// Check signatures ourselves where no result vouches.
    pub dkim: bool,
    /// Keys that need no name server: `selector._domainkey.domain`, lower case, and the record that would stand there.
    pub dkim_keys: Vec<(String, String)>,
}

impl From<&Trust> for crate::mail::classify::Trust {
    fn from(trust: &Trust) -> Self {
        Self {
            authserv_ids: trust.authserv_ids.clone(),
            border: trust.border.clone(),
            strict: trust.strict,
            microsoft: trust.microsoft,
            dkim: trust.dkim,
        }
    }
}

impl Config {
    /// Reads a file. Where secrets come from is checked for its form only; see [`Config::load_ready`].
    ///
    /// # Errors
    /// With every problem of the file.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let (name, text) = file(path)?;
        Self::parse(&text, &name, base(path))
    }

    /// Reads a file for a command that will connect: secrets and certificate files must be there and readable now.
    ///
    /// # Errors
    /// With every problem of the file and of what it names.
    pub fn load_ready(path: &Path) -> Result<Self, ConfigError> {
        let (name, text) = file(path)?;
        sections::read(&text, &name, base(path), sections::Depth::Ready)
    }

    /// Reads a text. `name` is what problems call the file, `base` the folder that its paths are relative to.
    ///
    /// # Errors
    /// With every problem of the text.
    pub fn parse(text: &str, name: &str, base: &Path) -> Result<Self, ConfigError> {
        sections::read(text, name, base, sections::Depth::Form)
    }

    /// The rep with this address.
    #[must_use]
    pub fn rep(&self, address: &Address) -> Option<&Rep> {
        self.reps.iter().find(|rep| rep.address.same_as(address))
    }

    /// Every domain whose people are colleagues, lower case: those named, the bot's and the reps'. Mail providers for
    /// everybody ([`defaults::PUBLIC_PROVIDERS`]) count only when `[bot].domains` names them.
    #[must_use]
    pub fn own_domains(&self) -> Vec<String> {
        let derived = self.reps.iter().map(|rep| &rep.address).chain([&self.bot.address]);
        let derived = derived
            .map(|address| address.domain().to_owned())
            .filter(|domain| !defaults::PUBLIC_PROVIDERS.contains(&domain.as_str()));
        let all: BTreeSet<String> = self.domains.iter().cloned().chain(derived).collect();
        all.into_iter().collect()
    }
}

fn base(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// The name of a file as its problems have it, and its text.
fn file(path: &Path) -> Result<(String, String), ConfigError> {
    let name = path.display().to_string();
    let fail = |why: String| ConfigError::whole(&name, why);
    let opened = std::fs::File::open(path).map_err(|error| {
        fail(format!(
            "cannot be opened ({error}); `cadence config-example > {name}` writes one to fill in"
        ))
    })?;
    let mut text = String::new();
    let read = opened.take(limits::FILE + 1).read_to_string(&mut text);
    read.map_err(|error| fail(format!("cannot be read: {error}")))?;
    if text.len() as u64 > limits::FILE {
        return Err(fail(format!("is larger than {} bytes", limits::FILE)));
    }
    Ok((name, text))
}
