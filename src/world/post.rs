//! Where mail lies in this world: folders that can be opened with any mail reader, or memory.

use crate::inbox::{Inbox, maildir, memory};
use crate::model::Address;
use crate::outbox::Outbox;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// The post office.
pub enum Post {
    /// One Maildir for each address below a folder.
    Maildirs {
        /// The folder.
        root: PathBuf,
        /// The bot's own Maildir, which is not collected.
        bot: PathBuf,
        /// Mails laid into mailboxes so far.
        laid: u64,
        /// Files collected so far.
        seen: BTreeSet<PathBuf>,
    },
    /// Everything in memory.
    Memory {
        /// The bot's mailbox.
        inbox: memory::Memory,
        /// The relay.
        outbox: crate::outbox::Memory,
        /// Letters collected so far.
        seen: usize,
    },
}

/// A mail of the bot that reached somebody.
#[derive(Clone)]
pub struct Delivered {
    /// Whose mailbox.
    pub to: Address,
    /// The envelope sender; `None` is `<>`.
    pub envelope_from: Option<Address>,
    /// The mail.
    pub bytes: Vec<u8>,
}

impl Post {
    /// Maildirs below `root`, the bot's among them.
    #[must_use]
    pub fn maildirs(root: &Path, bot: &Address) -> Self {
        let bot = root.join(bot.as_str());
        Self::Maildirs {
            root: root.to_owned(),
            bot,
            laid: 0,
            seen: BTreeSet::new(),
        }
    }

    /// Memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory {
            inbox: memory::Memory::default(),
            outbox: crate::outbox::Memory::default(),
            seen: 0,
        }
    }

    /// The two doors for the bot.
    pub(super) fn open(&self) -> io::Result<(Inbox, Outbox)> {
        match self {
            Self::Maildirs { root, bot, .. } => {
                maildir::create(bot)?;
                Ok((Inbox::maildir(bot), Outbox::maildir(root)))
            }
            Self::Memory { inbox, outbox, .. } => Ok((Inbox::Memory(inbox.clone()), Outbox::Memory(outbox.clone()))),
        }
    }

    /// A mail reaches the bot's mailbox.
    pub(super) fn reach_bot(&mut self, bytes: &[u8], now: Timestamp) -> io::Result<()> {
        match self {
            Self::Maildirs { bot, laid, .. } => lay(bot, laid, bytes, now),
            Self::Memory { inbox, .. } => {
                inbox.deliver("INBOX", bytes.to_vec(), Some(now));
                Ok(())
            }
        }
    }

    /// A mail that is not the bot's reaches somebody, without anybody reacting to it.
    pub(super) fn reach_person(&mut self, to: &Address, bytes: &[u8], now: Timestamp) -> io::Result<()> {
        let Self::Maildirs { root, laid, seen, .. } = self else {
            return Ok(());
        };
        let folder = root.join(to.as_str().to_lowercase());
        maildir::create(&folder)?;
        lay(&folder, laid, bytes, now)?;
        seen.extend(files(&folder.join("new"))?);
        Ok(())
    }

    /// The bot's mails that reached somebody since the last time, oldest first.
    pub(super) fn collect(&mut self) -> io::Result<Vec<Delivered>> {
        match self {
            Self::Maildirs { root, bot, seen, .. } => collect_files(root, bot, seen),
            Self::Memory { outbox, seen, .. } => {
                let fresh = outbox.sent_after(*seen);
                *seen += fresh.len();
                let delivered = fresh.into_iter().map(|letter| Delivered {
                    to: letter.to,
                    envelope_from: letter.envelope_from,
                    bytes: letter.bytes,
                });
                Ok(delivered.collect())
            }
        }
    }
}

fn lay(folder: &Path, laid: &mut u64, bytes: &[u8], now: Timestamp) -> io::Result<()> {
    *laid += 1;
    maildir::deliver(folder, &format!("{}.{laid:06}.world", now.as_second()), bytes)?;
    Ok(())
}

fn collect_files(root: &Path, bot: &Path, seen: &mut BTreeSet<PathBuf>) -> io::Result<Vec<Delivered>> {
    let mut fresh = Vec::new();
    for mailbox in files(root)? {
        let name = mailbox
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| Address::parse(name).ok());
        let Some(to) = name.filter(|_| mailbox != bot) else {
            continue;
        };
        for path in files(&mailbox.join("new"))? {
            if seen.insert(path.clone()) {
                let bytes = std::fs::read(&path)?;
                fresh.push(Delivered {
                    to: to.clone(),
                    envelope_from: return_path(&bytes),
                    bytes,
                });
            }
        }
    }
    Ok(fresh)
}

/// What stands in a folder, in order of name; nothing when the folder is not there.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        Ok(entries) => {
            let mut paths = entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<io::Result<Vec<_>>>()?;
            paths.sort();
            Ok(paths)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn return_path(bytes: &[u8]) -> Option<Address> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(1024))?);
    let field = head
        .lines()
        .find_map(|line| line.strip_prefix("Return-Path:"))?
        .trim()
        .to_owned();
    Address::parse(field.trim_start_matches('<').trim_end_matches('>')).ok()
}
