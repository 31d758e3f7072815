//! The lease: notes in a folder of their own, by which one bot keeps others off its mailbox. What a note says is not
//! looked at here.
//!
//! Two that write at the same moment must both see, by reading again, who was first. Over IMAP the server puts notes into
//! an order; in a Maildir the file of an epoch can be made only once.

use super::{Inbox, InboxError, Place};
use jiff::Timestamp;

/// The folder the notes lie in.
pub(super) const FOLDER: &str = "Cadence/Lease";

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where it lies.
    pub place: Place,
    /// What it says, [`crate::model::limits::LEASE_NOTE`] bytes at most.
    pub text: Vec<u8>,
    /// When it came, by the server's clock; `None` where there is no other clock than this machine's.
    pub received: Option<Timestamp>,
}

impl Inbox {
    /// The notes that lie in the mailbox, in the order in which they came, the last
    /// [`crate::model::limits::LEASE_NOTES`] of them.
    ///
    /// # Errors
    /// When the mailbox cannot be read.
    pub async fn leases(&mut self) -> Result<Vec<Note>, InboxError> {
        match self {
            Self::Imap(imap) => imap.leases().await,
            Self::Maildir(maildir) => maildir.leases().await,
            Self::Memory(memory) => memory.leases(),
            Self::Played(server) => server.leases().await,
        }
    }

    /// Lays a note of this epoch into the mailbox, and takes away those that it replaces. `text` is ASCII with CRLF. Whether it
    /// counts is known by reading again: another bot may have been faster.
    ///
    /// # Errors
    /// When the mailbox cannot be reached, or takes no note ([`InboxError::is_refusal`]).
    pub async fn write_lease(&mut self, epoch: i64, text: &str, instead_of: &[Place]) -> Result<(), InboxError> {
        match self {
            Self::Imap(imap) => imap.write_lease(text, instead_of).await,
            Self::Maildir(maildir) => maildir.write_lease(epoch, text, instead_of).await,
            Self::Memory(memory) => memory.write_lease(text, instead_of),
            Self::Played(server) => server.write_lease(epoch, text, instead_of).await,
        }
    }
}
