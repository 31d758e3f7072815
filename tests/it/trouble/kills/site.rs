//! Where a life is lived: a Maildir and a relay of ours that sees every step, or the real Dovecot and Postfix.

use super::super::house::{BOT, House, imap, smtp};
use super::super::wire::{Manner, Relay, Step};
use crate::servers::{MailHost, ports};
use std::process::Command;
use std::sync::{Arc, Mutex};

/// Whom the relay kills, and when.
#[derive(Default)]
pub struct Trap {
    pub armed: Option<(Step, usize, u32)>,
}

pub enum Site {
    Ours {
        relay: Relay,
        trap: Arc<Mutex<Trap>>,
        port: u16,
    },
    Real(Box<MailHost>),
}

/// A mail that reached somebody: whom, and its bytes.
pub struct Arrived {
    pub to: String,
    pub mail: String,
}

impl Site {
    /// A relay of ours; every other one offers no pipelining.
    pub fn ours(seed: u64) -> Self {
        let trap = Arc::new(Mutex::new(Trap::default()));
        let (known, port) = (Arc::clone(&trap), ports::free());
        let watch = Arc::new(move |step| !springs(&mut known.lock().unwrap(), step));
        let manner = if seed.is_multiple_of(2) {
            Manner::Friendly
        } else {
            Manner::Pipelines
        };
        let relay = Relay::watched(port, manner, watch);
        Self::Ours { relay, trap, port }
    }

    pub fn real() -> Self {
        Self::Real(Box::new(MailHost::start()))
    }

    /// A bot that works here.
    pub fn house(&self) -> House {
        match self {
            Self::Ours { port, .. } => House::with("kind = \"maildir\"\npath = \"in\"", &smtp(*port)),
            Self::Real(host) => House::with(&imap(host), &smtp(host.smtp_port())),
        }
    }

    /// The address of somebody who has no enrollment yet; Dovecot knows two people only.
    pub fn somebody(&self, nth: usize) -> Option<String> {
        match self {
            Self::Ours { .. } => Some(format!("jane{nth}@acme.test")),
            Self::Real(_) => ["jane@acme.test", "li@acme.test"].get(nth).map(|who| (*who).to_owned()),
        }
    }

    /// A mail comes for the bot.
    pub fn deliver(&self, house: &House, rcpt: &str, from: &str, mail: &str) {
        match self {
            Self::Ours { .. } => house.drop_mail(mail),
            Self::Real(host) => host.deliver(rcpt, from, mail.as_bytes()),
        }
    }

    /// Whether nothing waits for the bot.
    pub fn is_read(&self, house: &House) -> bool {
        match self {
            Self::Ours { .. } => house.waiting() == 0,
            Self::Real(host) => host.mails(BOT, "INBOX").is_empty(),
        }
    }

    /// What reached people so far.
    pub fn arrived(&self) -> Vec<Arrived> {
        match self {
            Self::Ours { relay, .. } => {
                let taken = relay.taken().into_iter();
                taken
                    .map(|(rcpt, mail)| Arrived {
                        to: address_in(&rcpt),
                        mail,
                    })
                    .collect()
            }
            Self::Real(host) => {
                let everybody = ["ana@corp.test", "jane@acme.test", "li@acme.test"];
                let of = |who: &&str| {
                    host.mails(who, "INBOX")
                        .into_iter()
                        .map(|mail| ((*who).to_owned(), mail))
                        .collect()
                };
                let all = everybody.iter().flat_map(|who| -> Vec<(String, Vec<u8>)> { of(who) });
                all.map(|(to, mail)| Arrived {
                    to,
                    mail: String::from_utf8_lossy(&mail).into_owned(),
                })
                .collect()
            }
        }
    }

    /// Whether all that a dead bot has said was heard to its end.
    pub fn is_quiet(&self) -> bool {
        match self {
            Self::Ours { relay, .. } => relay.is_idle(),
            // What Postfix still holds is held to what the ledger says may have gone.
            Self::Real(_) => true,
        }
    }

    pub fn log(&self) -> String {
        match self {
            Self::Ours { .. } => String::new(),
            Self::Real(host) => host.log(),
        }
    }
}

/// Whether this step is the one; then whoever is meant is dead when this returns.
fn springs(trap: &mut Trap, step: Step) -> bool {
    let Some((wanted, left, who)) = &mut trap.armed else {
        return false;
    };
    if *wanted != step {
        return false;
    }
    *left -= 1;
    if *left > 0 {
        return false;
    }
    let who = *who;
    trap.armed = None;
    kill(who);
    true
}

/// Kills a process, and waits until it is dead.
pub fn kill(who: u32) {
    // It may have died of something else.
    let _ = Command::new("kill").args(["-9", &who.to_string()]).output();
    let lives = || {
        let stat = std::fs::read_to_string(format!("/proc/{who}/stat")).unwrap_or_default();
        stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
    };
    while lives() {
        std::thread::park_timeout(std::time::Duration::from_millis(1));
    }
}

/// What stands between `<` and `>`.
pub fn address_in(text: &str) -> String {
    let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest);
    inner.split('>').next().unwrap_or_default().trim().to_owned()
}

/// A header field of a mail, unfolded.
pub fn header(mail: &str, name: &str) -> String {
    let head = mail.replace("\r\n", "\n");
    let head = head
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .replace("\n ", " ")
        .replace("\n\t", " ");
    let prefix = format!("{name}: ");
    let found = head.lines().find_map(|line| line.strip_prefix(prefix.as_str()));
    found.unwrap_or_default().to_owned()
}
