//! One TOML, all problems reported at once.
//!
//! STUB of the contract.
use crate::model::{Address, CadenceName, Hours, Rep};
use std::path::PathBuf;

pub struct Config {
    pub bot: Bot,
    pub mailbox: Mailbox,
    pub relay: Relay,
    pub hours: Hours,
    pub reps: Vec<Rep>,
    /// Own domains beside those of the bot and the reps.
    pub domains: Vec<String>,
    pub trust: Trust,
    /// `[mailbox].aliases`.
    pub aliases: Vec<(Address, CadenceName)>,
    /// A folder of cadences that override or add.
    pub cadences: Option<PathBuf>,
    /// Postal address under cadence mails.
    pub postal_address: Option<String>,
}
pub struct Bot {
    pub address: Address,
    pub name: String,
    pub data: PathBuf,
    /** file with the root key, made when missing */
    pub key_file: PathBuf,
}
pub enum Mailbox {
    Imap {
        host: String,
        port: u16,
        security: Security,
        user: String,
        secret: Secret,
        folders: Vec<String>,
        ca_file: Option<PathBuf>,
    },
    Maildir {
        path: PathBuf,
    },
}
pub enum Relay {
    Smtp {
        host: String,
        port: u16,
        security: Security,
        login: Option<(String, Secret)>,
        ca_file: Option<PathBuf>,
        /** EHLO name */
        name: String,
        connections: usize,
    },
    Maildir {
        path: PathBuf,
    },
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /** TLS from the first byte */
    Tls,
    /** STARTTLS, mandatory */
    Starttls,
    /** only to loopback addresses */
    None,
}
/// Where a secret comes from; never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    File(PathBuf),
    Environment(String),
    Command(Vec<String>),
}
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub authserv_ids: Vec<String>,
    pub border: Vec<String>,
    pub strict: bool,
}
