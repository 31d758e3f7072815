//! Delivery into folders: one Maildir a recipient, the embedded default that needs no server.
//!
//! A letter is written to `tmp`, fsynced, linked into `new` and the folder fsynced, so that a reader sees whole mails
//! only and a crash loses none that was reported as sent. The same letter delivered twice is two files, on purpose:
//! whoever counts files must see a duplicate. Tags are stripped for the folder (`bot+outbound@` lands in `bot@`), as a
//! server with sub-addressing does (RFC 5233), and `Delivered-To` keeps the whole address.
//!
//! Standards: the Maildir page of qmail; RFC 5321 4.4 (Return-Path). Known gaps: no quota, no `+folder` delivery.

use super::{Trouble, wire};
use crate::model::{Address, Letter, Phase, Receipt, Reply};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::future::Future;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// An outbox into Maildirs.
#[derive(Clone)]
pub struct Maildir {
    root: PathBuf,
    unknown: BTreeSet<String>,
}

impl std::fmt::Debug for Maildir {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Maildir({}, {} unknown)", self.root.display(), self.unknown.len())
    }
}

impl Maildir {
    /// Maildirs under `root`, made as they are needed; every address is known.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            unknown: BTreeSet::new(),
        }
    }

    /// The same, but these addresses are refused as unknown (550 5.1.1), case and tag ignored.
    #[must_use]
    pub fn without(mut self, unknown: &BTreeSet<Address>) -> Self {
        self.unknown = unknown.iter().map(mailbox_name).collect();
        self
    }

    /// The Maildir into which letters to `recipient` are delivered.
    #[must_use]
    pub fn mailbox_of(&self, recipient: &Address) -> PathBuf {
        self.root.join(mailbox_name(recipient))
    }

    /// See [`super::Outbox::send`].
    pub(super) async fn send<G, F>(&self, letter: &Letter, gate: G) -> Receipt
    where
        G: FnOnce() -> F,
        F: Future<Output = bool>,
    {
        let content = match wire::canonical(&letter.bytes) {
            Ok(content) => content,
            Err(unfit) => return unfit.receipt(),
        };
        if self.unknown.contains(&mailbox_name(&letter.to)) {
            return unknown_user();
        }
        let mailbox = self.mailbox_of(&letter.to);
        let made = mailbox.clone();
        if let Err(error) = apart(move || make(&made)).await {
            return unreached(Phase::Connect, &error);
        }
        if !gate().await {
            return Receipt::Withheld;
        }
        let mut bytes = trace(letter);
        bytes.extend_from_slice(&content);
        let stem = format!("{:016x}", letter.id.0);
        let delivered = apart(move || Ok(deliver(&mailbox, &stem, &bytes)));
        delivered.await.unwrap_or_else(|error| in_doubt(&error))
    }

    /// See [`super::Outbox::check`].
    pub(super) async fn check(&self) -> Result<String, Trouble> {
        let root = self.root.clone();
        let tried = apart(move || {
            fs::create_dir_all(&root)?;
            let trial = root.join(".writable");
            File::create(&trial)?;
            fs::remove_file(&trial)
        });
        match tried.await {
            Ok(()) => Ok(format!("delivers into folders under {}", self.root.display())),
            Err(error) => Err(Trouble::of(unreached(Phase::Connect, &error), true)),
        }
    }
}

/// `Bot+Outbound@reps.example` → `bot@reps.example`. A slash is fine in an address and not in a name of a folder.
fn mailbox_name(address: &Address) -> String {
    let local = address.local();
    let base = match local.split_once('+') {
        Some((base, _)) if !base.is_empty() => base,
        Some(_) | None => local,
    };
    format!("{base}@{}", address.domain()).to_lowercase().replace('/', "_")
}

/// What the last server writes on top of a mail.
fn trace(letter: &Letter) -> Vec<u8> {
    let sender = letter.envelope_from.as_ref().map_or("", Address::as_str);
    format!("Return-Path: <{sender}>\r\nDelivered-To: {}\r\n", letter.to).into_bytes()
}

fn make(mailbox: &Path) -> io::Result<()> {
    for part in ["tmp", "new", "cur"] {
        fs::create_dir_all(mailbox.join(part))?;
    }
    Ok(())
}

/// Delivers once more than before.
fn deliver(mailbox: &Path, stem: &str, bytes: &[u8]) -> Receipt {
    match link(mailbox, stem, bytes) {
        Err(error) => unreached(Phase::Content, &error),
        Ok(new) => match File::open(new).and_then(|folder| folder.sync_all()) {
            Ok(()) => sent(),
            // A reader may have it already; whether it survives a power cut nobody knows.
            Err(error) => in_doubt(&error),
        },
    }
}

/// Puts the mail where readers look, and says in which folder; on an error nothing is there.
fn link(mailbox: &Path, stem: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let (tmp, new) = (mailbox.join("tmp"), mailbox.join("new"));
    let mut nth = deliveries(mailbox, stem)?.saturating_add(1);
    loop {
        let name = format!("{stem}.{nth}.cadence");
        match place(&tmp.join(&name), &new.join(&name), bytes) {
            // Somebody delivers the same letter at the same moment: that is a second delivery, and is kept as one.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => nth = nth.saturating_add(1),
            Err(error) => return Err(error),
            Ok(()) => return Ok(new),
        }
    }
}

/// How often the letter was delivered here already.
fn deliveries(mailbox: &Path, stem: &str) -> io::Result<u64> {
    let mut most = 0;
    for part in ["new", "cur"] {
        for entry in fs::read_dir(mailbox.join(part))? {
            let name = entry?.file_name();
            let nth = name
                .to_str()
                .and_then(|name| name.strip_prefix(stem)?.strip_prefix('.')?.split('.').next());
            most = most.max(nth.and_then(|nth| nth.parse().ok()).unwrap_or(0));
        }
    }
    Ok(most)
}

fn place(from: &Path, to: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(from)?;
    let placed = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        // A link, unlike a rename, never replaces what is there.
        .and_then(|()| fs::hard_link(from, to));
    // What stays in tmp is no mail; readers sweep it after 36 hours.
    drop(fs::remove_file(from));
    placed
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

fn sent() -> Receipt {
    Receipt::Sent(Reply {
        code: 250,
        status: Some("2.0.0".to_owned()),
        text: "delivered".to_owned(),
    })
}

fn unknown_user() -> Receipt {
    Receipt::Refused {
        phase: Phase::Rcpt,
        reply: Reply {
            code: 550,
            status: Some("5.1.1".to_owned()),
            text: "there is no such mailbox here".to_owned(),
        },
    }
}

fn in_doubt(error: &io::Error) -> Receipt {
    Receipt::InDoubt {
        why: format!("the mail was written, but not for certain: {error}"),
    }
}

fn unreached(phase: Phase, error: &io::Error) -> Receipt {
    Receipt::Unreached {
        phase,
        why: format!("cannot write into the folder of the recipient: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_by_the_address_without_tag_and_stays_under_its_root() {
        let name = |text: &str| mailbox_name(&Address::parse(text).expect("an address"));
        assert_eq!(name("Bot+Outbound.x7@Reps.Example"), "bot@reps.example");
        assert_eq!(name("+x@reps.example"), "+x@reps.example");
        assert_eq!(name("a/../../../b@corp.test"), "a_.._.._.._b@corp.test");
    }
}
