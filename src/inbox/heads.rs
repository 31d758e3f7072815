//! Headers alone, newest first: what is looked at before bodies are, and all that is ever read of a watched mailbox.
//!
//! A folder is opened once ([`Inbox::extent`]) and then walked down from its top in windows ([`Inbox::heads`]). What came
//! meanwhile is for the next walk.

use super::{Inbox, InboxError, Place, Watermark};
use jiff::Timestamp;
use std::fmt;

/// What a folder holds at the moment at which it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// UIDVALIDITY.
    pub validity: u32,
    /// The highest UID there is, or was.
    pub highest: u32,
    /// How many mails it holds.
    pub exists: u32,
}

/// The header of one mail.
#[derive(Clone)]
pub struct Head {
    /// Its number in the folder.
    pub uid: u32,
    /// Where it lies, for filing.
    pub place: Place,
    /// The header, with the blank line that ends it; the first `limits::HEAD_MOST` bytes of a longer one.
    pub bytes: Vec<u8>,
    /// The size of the whole mail on the server; 0 when it did not say.
    pub size: u64,
    /// When the server got it (INTERNALDATE).
    pub received: Option<Timestamp>,
    /// Whether the header is longer than what was read of it.
    pub cut: bool,
}

/// Headers never reach a log by accident.
impl fmt::Debug for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Head({}, {} bytes)", self.uid, self.bytes.len())
    }
}

/// One window of headers.
#[derive(Debug, Default)]
pub struct Heads {
    /// Newest first, at most `limits::HEADS`.
    pub heads: Vec<Head>,
    /// Everything from here up to where the window was to begin was seen; the next window ends below it.
    pub down_to: u32,
}

impl Inbox {
    /// A mailbox on a server that is only looked at. Nothing is connected before the first call needs it.
    #[must_use]
    pub fn watched(settings: super::imap::Settings) -> Self {
        Self::Imap(Box::new(super::Imap::watched(settings)))
    }

    /// Opens a folder that was read up to `after`, and tells what it holds now.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn extent(&mut self, folder: &str, after: Watermark) -> Result<Extent, InboxError> {
        match self {
            Self::Imap(imap) => imap.extent(folder).await,
            Self::Maildir(maildir) => maildir.extent(folder, after).await,
            Self::Memory(memory) => memory.extent(folder),
            Self::Played(server) => server.extent(folder, after).await,
        }
    }

    /// The newest headers of mails above `above` and below `below`, of a folder that was opened as `extent`. Nothing is
    /// marked as read.
    ///
    /// # Errors
    /// When the window could not be read whole, or the folder is another since it was opened.
    pub async fn heads(&mut self, folder: &str, extent: &Extent, above: u32, below: u32) -> Result<Heads, InboxError> {
        match self {
            Self::Imap(imap) => imap.heads(folder, extent, above, below).await,
            Self::Maildir(maildir) => maildir.heads(folder, above, below).await,
            Self::Memory(memory) => memory.heads(folder, extent, above, below),
            Self::Played(server) => server.heads(folder, extent, above, below).await,
        }
    }
}

/// The header of a mail: up to and with its first blank line, at most `limits::HEAD_MOST`; and whether it is cut.
pub(super) fn header_of(bytes: &[u8]) -> (Vec<u8>, bool) {
    let blank = |marker: &[u8]| {
        let found = bytes.windows(marker.len()).position(|window| window == marker);
        found.map(|at| at + marker.len())
    };
    let end = [blank(b"\r\n\r\n"), blank(b"\n\n")].into_iter().flatten().min();
    let end = end.unwrap_or(bytes.len());
    let most = crate::model::limits::HEAD_MOST;
    (bytes.get(..end.min(most)).unwrap_or_default().to_vec(), end > most)
}
