//! Which folder of a mailbox holds what was sent from it.

use super::{Inbox, InboxError};

impl Inbox {
    /// The folder with what was sent from this mailbox: the configured one, else the one that the server marks as such (RFC 6154), else
    /// one that bears its usual name; `None` when there is none. A Maildir has none: nothing but the bot writes there.
    ///
    /// # Errors
    /// When the mailbox cannot be asked.
    pub async fn sent(&mut self) -> Result<Option<String>, InboxError> {
        match self {
            Self::Imap(imap) => imap.sent().await,
            Self::Maildir(_) => Ok(None),
            Self::Memory(memory) => memory.sent(),
            Self::Played(server) => server.sent().await,
        }
    }
}
