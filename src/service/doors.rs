//! From what the administrator wrote to the doors of the bot: mailbox, relay, house.

use super::House;
use super::watch::Watch;
use crate::config::{Config, Mailbox, Relay, Secret, Security, Trust};
use crate::dkim::Keys;
use crate::inbox::{Inbox, imap, maildir};
use crate::model::BotAddress;
use crate::outbox::{Outbox, smtp};
use crate::template::{BotTexts, Library};
use secrecy::SecretString;
use std::path::Path;

/// The mailbox as configured, not connected yet; a Maildir is made when it is missing. Blocks while the secret is fetched.
///
/// # Errors
/// When the secret cannot be had, never with the secret; when the Maildir cannot be made.
pub fn inbox(mailbox: &Mailbox) -> Result<Inbox, String> {
    match place(mailbox).map_err(|why| format!("[mailbox]: {why}"))? {
        Place::Folder(path) => {
            let made = maildir::create(path);
            made.map_err(|error| format!("[mailbox].path: {} cannot be made: {error}", path.display()))?;
            Ok(Inbox::maildir(path))
        }
        Place::Server(settings) => Ok(Inbox::imap(settings)),
    }
}

/// The watched mailboxes of reps as configured, not connected yet. Blocks while secrets are fetched.
///
/// # Errors
/// When a secret cannot be had; never with the secret.
pub fn watches(config: &Config) -> Result<Vec<Watch>, String> {
    let each = config.watches.iter().map(|watched| {
        let inbox =
            watched_inbox(&watched.mailbox).map_err(|why| format!("[[rep]].watch of {}: {why}", watched.rep))?;
        Ok(Watch::new(watched.rep.clone(), inbox, watched.sent.clone()))
    });
    each.collect()
}

/// A mailbox that is only looked at.
///
/// # Errors
/// When the secret cannot be had; never with the secret.
pub fn watched_inbox(mailbox: &Mailbox) -> Result<Inbox, String> {
    Ok(match place(mailbox)? {
        Place::Folder(path) => Inbox::maildir(path),
        Place::Server(settings) => Inbox::watched(settings),
    })
}

/// Where a mailbox is.
enum Place<'a> {
    Folder(&'a Path),
    Server(imap::Settings),
}

fn place(mailbox: &Mailbox) -> Result<Place<'_>, String> {
    match mailbox {
        Mailbox::Maildir { path } => Ok(Place::Folder(path)),
        Mailbox::Imap {
            host,
            port,
            security,
            user,
            secret,
            folders,
            sent,
            ca_file,
        } => Ok(Place::Server(imap::Settings {
            host: host.clone(),
            port: *port,
            security: protection(*security),
            user: user.clone(),
            secret: secret.reveal()?,
            folders: folders.clone(),
            sent: sent.clone(),
            ca_file: ca_file.clone(),
        })),
    }
}

fn protection(security: Security) -> imap::Security {
    match security {
        Security::Tls => imap::Security::Tls,
        Security::Starttls => imap::Security::Starttls,
        Security::None => imap::Security::None,
    }
}

/// The relay as configured, not connected yet. Blocks while the secret is fetched.
///
/// # Errors
/// When the secret cannot be had; never with the secret.
pub fn outbox(relay: &Relay) -> Result<Outbox, String> {
    match relay {
        Relay::Maildir { path } => Ok(Outbox::maildir(path)),
        Relay::Smtp {
            host,
            port,
            security,
            login,
            ca_file,
            name,
            connections,
        } => {
            let login = match login {
                Some((user, secret)) => Some((user.clone(), reveal("relay", secret)?)),
                None => None,
            };
            Ok(Outbox::smtp(smtp::Settings {
                host: host.clone(),
                port: *port,
                security: match security {
                    Security::Tls => smtp::Security::Tls,
                    Security::Starttls => smtp::Security::Starttls,
                    Security::None => smtp::Security::None,
                },
                login,
                ca_file: ca_file.clone(),
                name: name.clone(),
                connections: *connections,
            }))
        }
    }
}

fn reveal(section: &str, secret: &Secret) -> Result<SecretString, String> {
    secret.reveal().map_err(|why| format!("[{section}]: {why}"))
}

/// The keys by which the bot checks signatures itself, when it is to do so.
///
/// # Errors
/// When the name servers of this machine are not known.
pub fn keys(trust: &Trust) -> Result<Option<Keys>, String> {
    if !trust.dkim {
        return Ok(None);
    }
    let keys = Keys::system(&trust.dkim_keys);
    keys.map(Some).map_err(|error| format!("[trust].dkim: {error}"))
}

/// The house as configured.
#[must_use]
pub fn house(config: Config, bot: BotAddress, library: Library, texts: BotTexts) -> House {
    House {
        bot,
        bot_name: config.bot.name.clone(),
        administrator: config.bot.administrator.clone(),
        company_pause: config.bot.company_pause,
        domains: config.own_domains(),
        trust: (&config.trust).into(),
        texts,
        library,
        reps: config.reps,
        aliases: config.aliases,
        routes: config.routes,
        lead_sources: config.lead_sources,
        etiquette: config.etiquette,
        hours: config.hours,
        pace: config.pace,
        postal_address: config.postal_address,
        spoken: crate::service::Spoken::new(config.bot.welcome),
    }
}
