//! Brings back what was filed, for a database that does not know it: the next look reads it again.

use super::{Inbox, InboxError};
use jiff::Timestamp;

impl Inbox {
    /// Moves the mails that were filed since `since` back into INBOX, in the order of their folders, and says how many. It may be more,
    /// where the time of filing is not known: who reads again recognises what is known.
    ///
    /// # Errors
    /// When the mailbox cannot be reached or refuses; what was moved stays moved.
    pub async fn bring_back(&mut self, since: Timestamp) -> Result<usize, InboxError> {
        match self {
            Self::Imap(imap) => imap.bring_back(since).await,
            Self::Maildir(maildir) => maildir.bring_back(since).await,
            Self::Memory(memory) => memory.bring_back(since),
            Self::Played(server) => server.bring_back(since).await,
        }
    }
}
