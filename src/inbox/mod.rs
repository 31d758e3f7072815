//! Raw mails after a watermark, then wait for more.
//!
//! STUB of the contract.

use jiff::Timestamp;
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

/// What one look at a folder gave.
#[derive(Default)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filing {
    Processed,
    Replies,
    Bounces,
    Quarantine,
    Unmatched,
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    ByMail,
    ByTime,
}

/// What went wrong with a mailbox.
#[derive(Debug)]
pub struct InboxError {/* opaque; predicates below */}
impl InboxError {
    /// The login was refused: trying again at once locks accounts.
    pub fn is_refused_login(&self) -> bool {
        todo!()
    }
    pub fn retry_in(&self) -> Option<Duration> {
        todo!()
    }
    /// Trying again later may help.
    pub fn is_transient(&self) -> bool {
        todo!()
    }
}
impl std::fmt::Display for InboxError {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        todo!()
    }
}
impl std::error::Error for InboxError {}

pub enum Inbox {
    Imap(/*imap::Imap*/),
    Maildir(/**/),
    Memory(/*memory::Memory: Clone + shared, `deliver(&self, bytes, received)`, lists per filing*/),
}

impl Inbox {
    /// The folders to read, of those configured; INBOX first. A missing INBOX is an error, another missing folder is left out.
    pub async fn folders(&mut self) -> Result<Vec<String>, InboxError> {
        todo!()
    }
    /// New mails in `folder` after `after`.
    pub async fn fetch(&mut self, _folder: &str, _after: Watermark) -> Result<Fetched, InboxError> {
        todo!()
    }
    /// Files mails; a mail that is gone already is no error.
    pub async fn file(&mut self, _folder: &str, _places: &[Place], _into: Filing) -> Result<(), InboxError> {
        todo!()
    }
    /// Waits until something changed in INBOX, at most `at_most`. Cancel-safe.
    pub async fn wait(&mut self, _at_most: Duration) -> Result<Woken, InboxError> {
        todo!()
    }
}
