//! Raw mails after a watermark, then wait for more.
//!
//! Three kinds of mailbox: a server spoken to by IMAP, a Maildir on disk, and memory. All three give mails oldest first, in
//! bounded batches, and file a mail only when told to, which is after its meaning was committed. What a mail says is
//! not looked at here.

mod again;
mod error;
mod heads;
pub mod imap;
mod lease;
pub mod maildir;
pub mod memory;
mod played;
mod sent;

pub use error::InboxError;
pub use heads::{Extent, Head, Heads};
pub use imap::Imap;
pub use lease::Note;
pub use maildir::Maildir;
pub use memory::Memory;
pub use played::{Play, Playing};

use crate::model::limits;
use jiff::Timestamp;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How far a folder was read. For IMAP (UIDVALIDITY, last UID); other kinds keep `validity` 1 and count up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watermark {
    /// UIDVALIDITY; 0 when the folder was never read.
    pub validity: u32,
    /// The last UID that was committed.
    pub last: u32,
}

/// Where one mail lies inside its folder, until it is filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An IMAP UID.
    Uid(u32),
    /// A Maildir file name.
    File(String),
    /// A place in memory.
    Slot(u64),
}

/// One mail as it lies in the folder.
#[derive(Clone)]
pub struct RawMail {
    /// Where.
    pub place: Place,
    /// Its bytes; the first `limits::MAIL_HEAD` when it is larger than `limits::MAIL_WHOLE`.
    pub bytes: Vec<u8>,
    /// Its size on the server.
    pub size: u64,
    /// Whether `bytes` is all of it.
    pub whole: bool,
    /// When the server got it (INTERNALDATE).
    pub received: Option<Timestamp>,
    /// The watermark once this mail is committed.
    pub watermark: Watermark,
}

/// Bodies never reach a log by accident.
impl fmt::Debug for RawMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "RawMail({:?}, {} of {} bytes)",
            self.place,
            self.bytes.len(),
            self.size
        )
    }
}

/// What one look at a folder gave.
#[derive(Debug, Default)]
pub struct Fetched {
    /// The new mails, oldest first, bounded by `limits::FETCH_BATCH` and `FETCH_BYTES`.
    pub mails: Vec<RawMail>,
    /// Whether there is more at once.
    pub more: bool,
    /// The folder was renumbered (UIDVALIDITY changed): all of it comes again, known mails must be recognised by content.
    pub renumbered: bool,
    /// The watermark to store even when `mails` is empty.
    pub watermark: Watermark,
}

/// Where a mail goes once its meaning is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Filing {
    /// Understood and done: hand-overs, commands, own copies, opt-outs, auto-replies.
    Processed,
    /// Replies of prospects.
    Replies,
    /// Bounces and complaints.
    Bounces,
    /// Claims to be from a rep and is not proven to be.
    Quarantine,
    /// Nobody knows what it is about.
    Unmatched,
}

impl Filing {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Processed,
        Self::Replies,
        Self::Bounces,
        Self::Quarantine,
        Self::Unmatched,
    ];

    /// The last part of the folder's name; the first is `Cadence`.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Processed => "Processed",
            Self::Replies => "Replies",
            Self::Bounces => "Bounces",
            Self::Quarantine => "Quarantine",
            Self::Unmatched => "Unmatched",
        }
    }
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// Something changed in INBOX.
    ByMail,
    /// Nothing did for as long as was asked.
    ByTime,
}

/// A mailbox the bot reads.
pub enum Inbox {
    /// On a server, by IMAP.
    Imap(Box<Imap>),
    /// On disk.
    Maildir(Maildir),
    /// In memory, for tests and rehearsals.
    Memory(Memory),
    /// With whoever plays the server in a rehearsal.
    Played(Box<dyn Play>),
}

impl Inbox {
    /// A mailbox on a server. Nothing is connected before the first call needs it.
    #[must_use]
    pub fn imap(settings: imap::Settings) -> Self {
        Self::Imap(Box::new(Imap::new(settings)))
    }

    /// A mailbox on disk: INBOX is the Maildir at `path`, `Junk` is its sub-folder `.Junk` when there is one.
    #[must_use]
    pub fn maildir(path: impl Into<PathBuf>) -> Self {
        Self::Maildir(Maildir::new(path.into()))
    }

    /// A mailbox in memory. Keep a [`Memory`] and its clone to deliver into it.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(Memory::new())
    }

    /// The folders to read, of those configured; INBOX first. A missing INBOX is an error, another missing folder is left out.
    ///
    /// # Errors
    /// When the mailbox cannot be asked or has no INBOX.
    pub async fn folders(&mut self) -> Result<Vec<String>, InboxError> {
        match self {
            Self::Imap(imap) => imap.folders().await,
            Self::Maildir(maildir) => maildir.folders().await,
            Self::Memory(memory) => memory.folders(),
            Self::Played(server) => server.folders().await,
        }
    }

    /// New mails in `folder` after `after`. A mail that went away meanwhile is left out.
    ///
    /// # Errors
    /// When the folder could not be read as far as the result would say: then nothing may be concluded from it.
    pub async fn fetch(&mut self, folder: &str, after: Watermark) -> Result<Fetched, InboxError> {
        match self {
            Self::Imap(imap) => imap.fetch(folder, after).await,
            Self::Maildir(maildir) => maildir.fetch(folder, after).await,
            Self::Memory(memory) => memory.fetch(folder, after),
            Self::Played(server) => server.fetch(folder, after).await,
        }
    }

    /// Whether fetching the next mails before these are filed saves time: a server works meanwhile.
    #[must_use]
    pub fn reads_ahead(&self) -> bool {
        matches!(self, Self::Imap(_))
    }

    /// Files mails; a mail that is gone already is no error. Over IMAP only mails of a folder that
    /// this process has fetched from are filed, and only while its UIDVALIDITY is the one of that fetch: under another, a UID
    /// may be another mail. So file what one fetch gave before the next fetch of that folder.
    ///
    /// # Errors
    /// When the mailbox cannot be reached or refuses. Nothing is lost then: the mails stay where they are.
    pub async fn file(&mut self, folder: &str, places: &[Place], into: Filing) -> Result<(), InboxError> {
        match self {
            Self::Imap(imap) => imap.file(folder, places, into).await,
            Self::Maildir(maildir) => maildir.file(folder, places, into).await,
            Self::Memory(memory) => memory.file(folder, places, into),
            Self::Played(server) => server.file(folder, places, into).await,
        }
    }

    /// Waits until something changed in INBOX since it was last fetched, at most `at_most`. Cancel-safe. An error comes
    /// at once: the caller waits for [`InboxError::retry_in`] then, or a while of its own.
    ///
    /// # Errors
    /// When the mailbox cannot be watched.
    pub async fn wait(&mut self, at_most: Duration) -> Result<Woken, InboxError> {
        match self {
            Self::Imap(imap) => imap.wait(at_most).await,
            Self::Maildir(maildir) => maildir.wait(at_most).await,
            Self::Memory(memory) => memory.wait(at_most).await,
            Self::Played(_) => {
                tokio::time::sleep(at_most).await;
                Ok(Woken::ByTime)
            }
        }
    }
}

/// How much of a mail of `size` bytes is fetched.
fn portion(size: u64) -> u64 {
    if size > limits::MAIL_WHOLE {
        limits::MAIL_HEAD
    } else {
        size
    }
}
