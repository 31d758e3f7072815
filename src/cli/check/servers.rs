//! What has to be asked over the wire: the mailbox and the relay, or the folders that stand in for them.

use super::finding::{Finding, Level};
use crate::cli::{Exit, Failure};
use crate::config::{Config, Mailbox, Relay, Security, Watch, defaults};
use crate::inbox::InboxError;
use crate::service::doors;
use std::path::Path;

/// Connects, logs in and lists the folders.
pub async fn mailbox(config: &Config) -> Vec<Finding> {
    let (label, folders) = match &config.mailbox {
        Mailbox::Maildir { path } => return vec![maildir(path)],
        Mailbox::Imap {
            host,
            port,
            security,
            folders,
            ..
        } => (format!("{host}:{port} ({})", protection(*security)), folders),
    };
    let mut inbox = match doors::inbox(&config.mailbox) {
        Ok(inbox) => inbox,
        Err(why) => return vec![Finding::fail("mailbox", Exit::Config, why, SECRET_FIX)],
    };
    match inbox.folders().await {
        Ok(found) => folders_found(&label, folders, &found),
        Err(error) => vec![mailbox_failed(&label, &error)],
    }
}

const SECRET_FIX: &str = "name a file, an environment variable or a command that gives the password";

/// Connects to the own mailbox of a rep and lists the folders. Nothing is opened.
pub async fn watched(watch: &Watch) -> Vec<Finding> {
    let Mailbox::Imap {
        host,
        port,
        security,
        folders,
        ..
    } = &watch.mailbox
    else {
        return Vec::new();
    };
    let label = format!("of {}: {host}:{port} ({})", watch.rep, protection(*security));
    let mut inbox = match doors::watched_inbox(&watch.mailbox) {
        Ok(inbox) => inbox,
        Err(why) => {
            return vec![Finding::fail(
                "watch",
                Exit::Config,
                format!("{label}: {why}"),
                SECRET_FIX,
            )];
        }
    };
    match inbox.folders().await {
        Ok(found) => {
            let missing: Vec<&str> = missing(folders, &found);
            let seen = format!("{label}: logged in; watches {}", found.join(", "));
            let mut findings = vec![Finding::ok("watch", seen)];
            if !missing.is_empty() {
                let evidence = format!("{label}: there is no folder {}", missing.join(", "));
                let fix = "name the provider's own folders in `folders` and `sent` of this rep's watch";
                findings.push(Finding::warn("watch", evidence, fix));
            }
            findings
        }
        Err(error) => {
            let found = format!("{label}: {error}");
            let fix = "correct this rep's watch, or leave it out; until it can be read, no touch of this rep goes out";
            let exit = if error.is_refused_login() {
                Exit::Permission
            } else if error.is_transient() {
                Exit::Later
            } else {
                Exit::Config
            };
            vec![Finding::fail("watch", exit, found, fix)]
        }
    }
}

/// The configured folders that were not found.
fn missing<'a>(wanted: &'a [String], found: &[String]) -> Vec<&'a str> {
    let there = |name: &&String| !found.iter().any(|other| other.eq_ignore_ascii_case(name));
    wanted.iter().filter(there).map(String::as_str).collect()
}

fn mailbox_failed(label: &str, error: &InboxError) -> Finding {
    let found = format!("{label}: {error}");
    if error.is_refused_login() {
        let fix =
            "correct `user` and the password of [mailbox]; many providers want an app password, and IMAP switched on";
        Finding::fail("mailbox", Exit::Permission, found, fix)
    } else if error.is_transient() {
        let fix = "correct `host`, `port` and `security` of [mailbox]; or the server is away, and later helps";
        Finding::fail("mailbox", Exit::Later, found, fix)
    } else {
        let fix = "correct `host`, `port`, `security`, `ca_file` and `folders` of [mailbox]";
        Finding::fail("mailbox", Exit::Config, found, fix)
    }
}

/// Connects, greets and logs in.
pub async fn relay(config: &Config) -> Vec<Finding> {
    match &config.relay {
        Relay::Maildir { path } => vec![folder("relay", path)],
        Relay::Smtp {
            host, port, security, ..
        } => {
            let label = format!("{host}:{port} ({})", protection(*security));
            vec![ask_relay(&config.relay, &label).await]
        }
    }
}

async fn ask_relay(relay: &Relay, label: &str) -> Finding {
    let outbox = match doors::outbox(relay) {
        Ok(outbox) => outbox,
        Err(why) => return Finding::fail("relay", Exit::Config, why, SECRET_FIX),
    };
    match outbox.check().await {
        Ok(found) => Finding::ok("relay", format!("{label}: {found}")),
        Err(trouble) if trouble.is_login() => {
            let fix = "correct `user` and the password of [relay]; many providers want an app password, and SMTP AUTH switched on";
            Finding::fail("relay", Exit::Permission, format!("{label}: {trouble}"), fix)
        }
        Err(trouble) => {
            let fix =
                "correct `host`, `port`, `security` and `ca_file` of [relay]; or the server is away, and later helps";
            Finding::fail("relay", Exit::Later, format!("{label}: {trouble}"), fix)
        }
    }
}

/// What the mailbox's folders say: which are watched, and which of the configured ones are not there.
fn folders_found(label: &str, wanted: &[String], found: &[String]) -> Vec<Finding> {
    let mut findings = vec![Finding::ok(
        "mailbox",
        format!("{label}: logged in; watches {}", found.join(", ")),
    )];
    let mut missing = missing(wanted, found);
    // A mailbox through which nothing is sent has none, and nothing is amiss.
    missing.retain(|name| *name != defaults::WATCHED_SENT);
    if !missing.is_empty() {
        let fix = "make it, or leave it out of [mailbox].folders; name the provider's own spam folder there, because \
                   replies land in it";
        findings.push(Finding::warn(
            "mailbox",
            format!("there is no folder {}", missing.join(", ")),
            fix,
        ));
    }
    findings
}

fn protection(security: Security) -> &'static str {
    match security {
        Security::Tls => "TLS",
        Security::Starttls => "STARTTLS",
        Security::None => "plain text",
    }
}

/// The bot reads a Maildir that others deliver to, so it makes none.
fn maildir(path: &Path) -> Finding {
    let found = folder("mailbox", path);
    let misses = matches!(found.level, Level::Ok) && !path.join("new").is_dir();
    if misses {
        let evidence = format!("{} holds no Maildir: its folder `new` is missing", path.display());
        let fix = "whatever delivers the bot's mail makes it; until then nothing is sent to prospects";
        Finding::warn("mailbox", evidence, fix)
    } else {
        found
    }
}

fn folder(what: &'static str, path: &Path) -> Finding {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Finding::ok(what, format!("the folder {}", path.display())),
        Ok(_) => Finding::fail(
            what,
            Exit::Config,
            format!("{} is no folder", path.display()),
            "name a folder in `path`",
        ),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Finding::ok(
            what,
            format!("{} does not exist yet and is made when needed", path.display()),
        ),
        Err(error) => {
            let failure = Failure::file(path, "looked at", &error);
            Finding::fail(what, failure.exit, failure.why, "give the folder to the bot's user")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_is_a_warning() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let findings = folders_found("imap.example:993", &names(&["INBOX", "Junk"]), &names(&["INBOX"]));
        let text: String = findings.iter().map(ToString::to_string).collect();
        assert!(
            text.starts_with("ok    mailbox   imap.example:993: logged in; watches INBOX\n"),
            "{text}"
        );
        assert!(text.contains("warn  mailbox   there is no folder Junk"), "{text}");
        assert_eq!(folders_found("x", &names(&["inbox"]), &names(&["INBOX"])).len(), 1);
    }
}
