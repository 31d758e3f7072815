//! How to reach and talk to a relay.

use crate::model::limits;
use lettre::transport::smtp::extension::ClientId;
use secrecy::SecretString;
use std::fmt;
use std::path::PathBuf;

/// What an SMTP outbox needs to know.
#[derive(Clone)]
pub struct Settings {
    /// Name or address of the relay; with TLS its certificate must be for this name.
    pub host: String,
    /// Port: 465 for [`Security::Tls`], 587 for [`Security::Starttls`] as a rule.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User and password, if the relay wants them.
    pub login: Option<(String, SecretString)>,
    /// A PEM file of the authorities to trust; without it those of the machine are trusted.
    pub ca_file: Option<PathBuf>,
    /// The name that the bot gives in EHLO.
    pub name: String,
    /// Connections at once, from 1 to [`limits::CONNECTIONS`]; what is outside is brought inside.
    pub connections: usize,
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first octet (RFC 8314).
    Tls,
    /// STARTTLS, and without it not a word more (RFC 3207).
    Starttls,
    /// Nothing: only to the machine's own loopback addresses.
    None,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({}:{}, {:?})", self.host, self.port, self.security)
    }
}

impl Settings {
    /// The connections that are really opened.
    pub(super) fn connections(&self) -> usize {
        self.connections.clamp(1, limits::CONNECTIONS)
    }

    /// The name in EHLO, with nothing in it that could become a second command.
    pub(super) fn hello(&self) -> ClientId {
        let fine = |c: &char| c.is_ascii_alphanumeric() || ".-_:[]".contains(*c);
        let name: String = self.name.chars().filter(fine).take(limits::DOMAIN).collect();
        match name.is_empty() {
            true => ClientId::Domain("localhost".to_owned()),
            false => ClientId::Domain(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(name: &str, connections: usize) -> Settings {
        Settings {
            host: "mail.acme.test".to_owned(),
            port: 465,
            security: Security::Tls,
            login: Some(("bot".to_owned(), SecretString::from("open sesame"))),
            ca_file: None,
            name: name.to_owned(),
            connections,
        }
    }

    #[test]
    fn the_number_of_connections_is_bounded_on_both_sides() {
        assert_eq!(settings("x", 0).connections(), 1);
        assert_eq!(settings("x", 10_000).connections(), limits::CONNECTIONS);
    }

    #[test]
    fn the_hello_name_cannot_become_a_second_command() {
        let name = settings("bot.acme.test\r\nMAIL FROM:<x>", 1).hello();
        assert_eq!(name, ClientId::Domain("bot.acme.testMAILFROM:x".to_owned()));
        assert_eq!(settings("", 1).hello(), ClientId::Domain("localhost".to_owned()));
    }

    #[test]
    fn the_password_is_not_in_the_debug_form() {
        assert_eq!(format!("{:?}", settings("x", 1)), "Settings(mail.acme.test:465, Tls)");
    }
}
