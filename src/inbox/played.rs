//! A mail server that somebody plays: the simulator's, where anything may go wrong. Whoever plays it also says when it is
//! looked at, so that nobody waits for its mail.

use super::lease::Note;
use super::{Extent, Fetched, Filing, Heads, InboxError, Place, Watermark};
use jiff::Timestamp;
use std::future::Future;
use std::pin::Pin;

/// An answer to come.
pub type Playing<'a, T> = Pin<Box<dyn Future<Output = Result<T, InboxError>> + Send + 'a>>;

/// Plays the server. Each method is as the one of [`super::Inbox`].
pub trait Play: Send {
    /// The folders to read.
    fn folders(&mut self) -> Playing<'_, Vec<String>>;
    /// New mails in `folder` after `after`.
    fn fetch<'a>(&'a mut self, folder: &'a str, after: Watermark) -> Playing<'a, Fetched>;
    /// Files mails.
    fn file<'a>(&'a mut self, folder: &'a str, places: &'a [Place], into: Filing) -> Playing<'a, ()>;
    /// Moves what was filed back. A server whose bot is never restored is not asked.
    fn bring_back(&mut self, _since: Timestamp) -> Playing<'_, usize> {
        Box::pin(async { Ok(0) })
    }
    /// The folder with what was sent. A server without one keeps no copies.
    fn sent(&mut self) -> Playing<'_, Option<String>> {
        Box::pin(async { Ok(None) })
    }
    /// What a folder holds. A server that does not say has no backlog that anybody would look through.
    fn extent<'a>(&'a mut self, _folder: &'a str, _after: Watermark) -> Playing<'a, Extent> {
        Box::pin(async { Ok(Extent::default()) })
    }
    /// Headers, from the top down.
    fn heads<'a>(&'a mut self, _folder: &'a str, _extent: &'a Extent, above: u32, _below: u32) -> Playing<'a, Heads> {
        Box::pin(async move {
            Ok(Heads {
                heads: Vec::new(),
                down_to: above.saturating_add(1),
            })
        })
    }
    /// The notes of leases. A server that keeps none serves a bot without a lease.
    fn leases(&mut self) -> Playing<'_, Vec<Note>> {
        Box::pin(async { Ok(Vec::new()) })
    }
    /// Lays a note of a lease into the mailbox.
    fn write_lease<'a>(&'a mut self, _epoch: i64, _text: &'a str, _instead_of: &'a [Place]) -> Playing<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}
