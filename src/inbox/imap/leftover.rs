//! Mails that were taken in and still lie in their folder: the process died before it filed them, or the server refused.
//!
//! What lies there below the watermark is read once more, when a process looks at a folder first and some time after a refusal.
//! Whoever reads it recognises it by its content, and files it.
//!
//! Limits: the last [`limits::IMAP_FOUND`] UIDs below the watermark.

use super::exec::Connection;
use super::file::KEYWORD;
use crate::inbox::{InboxError, Watermark};
use crate::model::limits;
use async_imap::imap_proto::{MailboxDatum, Response};
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// What is known of each folder.
#[derive(Default)]
pub(super) struct Leftovers(HashMap<String, Leftover>);

#[derive(Default)]
struct Leftover {
    /// When to look; `None`: not again.
    due: Option<Instant>,
    /// How far they were read, while they are.
    read: Option<u32>,
    /// Refusals in a row.
    refused: u32,
}

impl Leftovers {
    /// A folder is going to be read; at its first time it is looked at.
    pub(super) fn begin(&mut self, folder: &str) {
        self.0.entry(folder.to_owned()).or_insert_with(|| Leftover {
            due: Some(Instant::now()),
            ..Leftover::default()
        });
    }

    /// The server would not file mails of this folder: ever later is it asked again.
    pub(super) fn refused(&mut self, folder: &str) {
        let leftover = self.0.entry(folder.to_owned()).or_default();
        leftover.due = Some(Instant::now() + pause(leftover.refused));
        leftover.refused = leftover.refused.saturating_add(1);
    }

    /// It filed them.
    pub(super) fn filed(&mut self, folder: &str) {
        if let Some(leftover) = self.0.get_mut(folder) {
            leftover.refused = 0;
        }
    }

    /// Where to read on: behind what was read of them, else behind the watermark.
    pub(super) fn after(&self, folder: &str, after: Watermark) -> Watermark {
        let read = self.0.get(folder).and_then(|leftover| leftover.read);
        Watermark {
            last: read.map_or(after.last, |read| read.min(after.last)),
            ..after
        }
    }

    /// Everything up to there was read.
    pub(super) fn came_to(&mut self, folder: &str, last: u32, after: Watermark) {
        if let Some(leftover) = self.0.get_mut(folder) {
            leftover.read = leftover.read.map(|_| last).filter(|last| *last < after.last);
        }
    }

    /// Looks whether there are any in the selected folder, if it is time; `true`: they are read next.
    pub(super) async fn look(
        &mut self,
        connection: &mut Connection,
        folder: &str,
        after: Watermark,
    ) -> Result<bool, InboxError> {
        let Some(leftover) = self.0.get_mut(folder) else {
            return Ok(false);
        };
        if leftover.due.is_none_or(|due| due > Instant::now()) {
            return Ok(false);
        }
        leftover.due = None;
        // What is read from its beginning has none.
        if after.last == 0 {
            return Ok(false);
        }
        leftover.read = lowest(connection, after.last).await?.map(|uid| uid.saturating_sub(1));
        Ok(leftover.read.is_some())
    }
}

fn pause(refused: u32) -> Duration {
    limits::BACK_OFF_MOST.saturating_mul(1 << refused.min(8))
}

async fn lowest(connection: &mut Connection, last: u32) -> Result<Option<u32>, InboxError> {
    let first = last.saturating_sub(limits::IMAP_FOUND).saturating_add(1);
    let mut lowest: Option<u32> = None;
    let command = format!("UID SEARCH UID {first}:{last} UNKEYWORD {KEYWORD}");
    let asked = connection.run(&command, |response| {
        if let Response::MailboxData(MailboxDatum::Search(found)) = response {
            lowest = found
                .iter()
                .copied()
                .filter(|uid| (first..=last).contains(uid))
                .chain(lowest)
                .min();
        }
    });
    match asked.await {
        // A server that does not search is none that loses mails.
        Err(error) if error.is_refusal() => Ok(None),
        other => other.map(|()| lowest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER: Watermark = Watermark { validity: 1, last: 50 };

    #[tokio::test(start_paused = true)]
    async fn what_is_left_is_read_to_the_watermark_and_then_the_folder_as_ever() {
        let mut left = Leftovers::default();
        left.begin("INBOX");
        assert_eq!(left.after("INBOX", AFTER), AFTER);
        left.0.get_mut("INBOX").expect("begun").read = Some(9);
        assert_eq!(left.after("INBOX", AFTER).last, 9);
        left.came_to("INBOX", 30, AFTER);
        assert_eq!(left.after("INBOX", AFTER).last, 30);
        left.came_to("INBOX", 50, AFTER);
        assert_eq!(left.after("INBOX", AFTER), AFTER);
        left.came_to("INBOX", 20, AFTER);
        assert_eq!(left.after("INBOX", AFTER), AFTER, "nothing is left");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_goes_on_refusing_is_asked_ever_later() {
        let mut left = Leftovers::default();
        let mut pauses = Vec::new();
        for _ in 0..3 {
            left.refused("INBOX");
            let due = left.0["INBOX"].due.expect("a time");
            pauses.push(due.duration_since(Instant::now()).as_secs() / 60);
        }
        assert_eq!(pauses, [5, 10, 20]);
        left.filed("INBOX");
        left.refused("INBOX");
        let due = left.0["INBOX"].due.expect("a time");
        assert_eq!(due.duration_since(Instant::now()), limits::BACK_OFF_MOST);
    }
}
