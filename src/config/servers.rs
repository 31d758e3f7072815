//! `[mailbox]` and `[relay]`: the two servers, or the two folders that stand in for them.

use super::read::{Found, Section};
use super::secret::Secret;
use super::sections::{Around, Depth, address, cadence_name, top_keys};
use super::{Mailbox, Relay, Security, Watch, defaults};
use crate::model::{Address, CadenceName, limits};
use std::net::IpAddr;
use std::path::PathBuf;

/// Keys that only a server has.
const SERVER: [&str; 8] = [
    "host",
    "port",
    "security",
    "user",
    "password_file",
    "password_env",
    "password_command",
    "ca_file",
];

/// What both kinds of server share.
struct Server {
    host: Option<String>,
    port: u16,
    security: Security,
    user: Option<String>,
    secret: Option<Secret>,
    ca_file: Option<PathBuf>,
}

/// `[mailbox]` and its aliases.
pub(super) fn mailbox(
    top: &Section<'_, '_>,
    around: &Around<'_>,
    bot: Option<&Address>,
) -> Option<(Mailbox, Vec<(Address, CadenceName)>)> {
    let section = top.need_section("mailbox", "where mail comes in");
    let aliases = aliases(&section, bot);
    let mailbox = match kind(&section, "imap")? {
        Kind::Maildir => {
            section.not_here(&SERVER, "only `kind = \"imap\"` has it");
            section.not_here(&["folders", "sent"], "only `kind = \"imap\"` has it");
            maildir(&section, around).map(|path| Mailbox::Maildir { path })
        }
        Kind::Server => {
            let named = section.text("sent").map(|found| found.value);
            let mut mailbox = imap(&section, around, bot, &defaults::FOLDERS);
            if let Some(Mailbox::Imap { sent, .. }) = &mut mailbox {
                *sent = named;
            }
            mailbox
        }
    };
    section.finish(top_keys());
    Some((mailbox?, aliases))
}

/// `[[rep]].watch`, when there is one. The login is the rep's address unless it is another.
pub(super) fn watch(rep: &Section<'_, '_>, around: &Around<'_>, address: Option<&Address>) -> Option<Watch> {
    let section = rep.section("watch");
    if !section.is_there() {
        return None;
    }
    let sent = section.text("sent").map(|found| found.value);
    let sent = sent.unwrap_or_else(|| defaults::WATCHED_SENT.to_owned());
    let mailbox = imap(&section, around, address, &defaults::WATCHED_FOLDERS);
    section.finish(top_keys());
    let mut mailbox = mailbox?;
    if let Mailbox::Imap { folders, .. } = &mut mailbox {
        folders.retain(|folder| *folder != sent);
        folders.push(sent.clone());
    }
    Some(Watch {
        rep: address?.clone(),
        mailbox,
        sent,
    })
}

fn imap(section: &Section<'_, '_>, around: &Around<'_>, bot: Option<&Address>, usual: &[&str]) -> Option<Mailbox> {
    let server = server(section, around, defaults::imap_port);
    let folders = section.list("folders", "a list of folders, [\"INBOX\", \"Junk\"]");
    if let Some(list) = &folders
        && list.value.is_empty()
    {
        section.wrong(&list.at, "expected at least one folder, found none");
    }
    let folders = match folders {
        Some(list) => list.value.into_iter().map(|found| found.value).collect(),
        None => usual.iter().map(|&folder| folder.to_owned()).collect(),
    };
    if !has_secret(section) {
        section.wrong(&section.head("password_file"), MISSING_SECRET);
    }
    Some(Mailbox::Imap {
        host: server.host?,
        port: server.port,
        security: server.security,
        user: server.user.or_else(|| bot.map(ToString::to_string))?,
        secret: server.secret?,
        folders,
        sent: None,
        ca_file: server.ca_file,
    })
}

/// `[relay]`.
pub(super) fn relay(top: &Section<'_, '_>, around: &Around<'_>, bot: Option<&Address>) -> Option<Relay> {
    let section = top.need_section("relay", "where mail goes out");
    let relay = match kind(&section, "smtp")? {
        Kind::Maildir => {
            section.not_here(&SERVER, "only `kind = \"smtp\"` has it");
            section.not_here(&["name", "connections"], "only `kind = \"smtp\"` has it");
            maildir(&section, around).map(|path| Relay::Maildir { path })
        }
        Kind::Server => smtp(&section, around, bot),
    };
    section.finish(top_keys());
    relay
}

fn smtp(section: &Section<'_, '_>, around: &Around<'_>, bot: Option<&Address>) -> Option<Relay> {
    let server = server(section, around, defaults::smtp_port);
    let name = section.text("name");
    let most = i64::try_from(limits::CONNECTIONS).unwrap_or(1);
    let connections = section.number("connections", 1, most);
    if server.user.is_some() && !has_secret(section) {
        section.wrong(&section.head("password_file"), MISSING_SECRET);
    }
    let user = server.user.or_else(|| bot.map(ToString::to_string));
    Some(Relay::Smtp {
        host: server.host?,
        port: server.port,
        security: server.security,
        login: user.zip(server.secret),
        ca_file: server.ca_file,
        name: name
            .map(|name| name.value)
            .or_else(|| bot.map(|bot| bot.domain().to_owned()))?,
        connections: connections.map_or(defaults::CONNECTIONS, |found| {
            usize::try_from(found.value).unwrap_or(defaults::CONNECTIONS)
        }),
    })
}

enum Kind {
    Server,
    Maildir,
}

fn kind(section: &Section<'_, '_>, server: &str) -> Option<Kind> {
    let expected = format!("expected \"{server}\" or \"maildir\"");
    let found = section.need("kind", &format!("\"{server}\" or \"maildir\""));
    if !section.is_there() {
        return None;
    }
    let kind = section.parsed(found, |text| match text {
        "maildir" => Ok(Kind::Maildir),
        text if text == server => Ok(Kind::Server),
        _ => Err(expected.clone()),
    });
    // Without a kind the rest tells which is meant, so that its problems show as well and no others.
    let meant = || {
        if section.has("path") && !section.has("host") {
            Kind::Maildir
        } else {
            Kind::Server
        }
    };
    Some(kind.map_or_else(meant, |kind| kind.value))
}

fn maildir(section: &Section<'_, '_>, around: &Around<'_>) -> Option<PathBuf> {
    let path = section.need("path", "the folder of the mails");
    path.map(|found| around.path(&found.value))
}

fn server(section: &Section<'_, '_>, around: &Around<'_>, port_of: fn(Security) -> u16) -> Server {
    section.not_here(&["path"], "only `kind = \"maildir\"` has it");
    section.not_here(
        &["password"],
        "a password does not stand in this file; use `password_file`, `password_env` or `password_command`",
    );
    let host = section.need("host", "the name of the server");
    let security = section.text("security");
    let security = section.parsed(security, security_of);
    if let (Some(host), Some(security)) = (&host, &security)
        && security.value == Security::None
        && !is_this_machine(&host.value)
    {
        let why =
            "plain text goes only to this machine itself (localhost, 127.0.0.1, ::1); use \"tls\" or \"starttls\"";
        section.wrong(&security.at, why);
    }
    let security = security.map_or(defaults::SECURITY, |found| found.value);
    let port = section.number("port", 1, 65535);
    Server {
        host: host.map(|found| found.value),
        port: port.map_or_else(
            || port_of(security),
            |found| u16::try_from(found.value).unwrap_or_default(),
        ),
        security,
        user: section.text("user").map(|found| found.value),
        secret: secret(section, around),
        ca_file: ca_file(section, around),
    }
}

fn security_of(text: &str) -> Result<Security, String> {
    match text {
        "tls" => Ok(Security::Tls),
        "starttls" => Ok(Security::Starttls),
        "none" => Ok(Security::None),
        _ => Err("expected \"tls\", \"starttls\" or \"none\"".to_owned()),
    }
}

fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

const MISSING_SECRET: &str =
    "missing: where the password comes from, one of `password_file`, `password_env` and `password_command`";

fn has_secret(section: &Section<'_, '_>) -> bool {
    ["password_file", "password_env", "password_command"]
        .into_iter()
        .any(|key| section.has(key))
}

/// The one source of a password; two are a problem, none is left to the caller.
fn secret(section: &Section<'_, '_>, around: &Around<'_>) -> Option<Secret> {
    let file = section.text("password_file");
    let file = file.map(|found| found.map(|text| Secret::File(around.path(&text))));
    let environment = section.text("password_env");
    let environment = environment.map(|found| found.map(Secret::Environment));
    let command = section.list("password_command", "a list, [\"pass\", \"show\", \"cadence\"]");
    let command = command.and_then(|list| {
        if list.value.is_empty() {
            section.wrong(&list.at, "expected a program and its arguments, found an empty list");
            return None;
        }
        Some(list.map(|words| Secret::Command(words.into_iter().map(|word| word.value).collect())))
    });
    let mut sources = [file, environment, command].into_iter().flatten();
    let first = sources.next()?;
    for other in sources {
        section.wrong(
            &other.at,
            "a password comes from one place, and another is named already",
        );
    }
    if around.depth == Depth::Ready
        && let Err(why) = first.value.ready()
    {
        section.wrong(&first.at, why);
    }
    Some(first.value)
}

fn ca_file(section: &Section<'_, '_>, around: &Around<'_>) -> Option<PathBuf> {
    let found = section.text("ca_file")?;
    let path = around.path(&found.value);
    if around.depth == Depth::Ready
        && let Err(error) = std::fs::File::open(&path)
    {
        section.wrong(&found.at, format!("{} cannot be opened: {error}", path.display()));
    }
    Some(path)
}

fn aliases(section: &Section<'_, '_>, bot: Option<&Address>) -> Vec<(Address, CadenceName)> {
    let table = section.section("aliases");
    let mut aliases: Vec<(Address, CadenceName)> = Vec::new();
    for (key, name) in table.pairs() {
        let alias: Option<Found<Address>> = table.parsed(Some(key), address);
        let name = table.parsed(Some(name), cadence_name);
        let (Some(alias), Some(name)) = (alias, name) else {
            continue;
        };
        if bot.is_some_and(|bot| bot.same_as(&alias.value)) {
            table.wrong(
                &alias.at,
                "the bot's own address takes commands and cannot stand for a cadence",
            );
        } else if aliases.iter().any(|(other, _)| other.same_as(&alias.value)) {
            table.wrong(&alias.at, "this address stands for a cadence already");
        } else {
            aliases.push((alias.value, name.value));
        }
    }
    aliases
}
