//! Moves filed mails back into INBOX, by the day on which the server got them.
//!
//! Standards: RFC 3501 6.4.4 (SEARCH SINCE, whole days in the server's zone: one more is asked for).
//! Known gap: where a server lets mails only be marked, they lie in INBOX anyway and nothing is moved.

use super::exec::Connection;
use super::fetch::select;
use super::file::relocate;
use super::folders::list;
use super::sets::sets;
use crate::inbox::{Filing, InboxError};
use crate::model::limits;
use async_imap::imap_proto::{MailboxDatum, Response};
use jiff::{SignedDuration, Timestamp};

/// Brings them back; how many.
pub(super) async fn bring_back(connection: &mut Connection, since: Timestamp) -> Result<usize, InboxError> {
    if !(connection.can.r#move || connection.can.uidplus) {
        return Ok(0);
    }
    let folders = list(connection).await?;
    let mut brought = 0;
    for filing in Filing::ALL {
        let folder = format!("Cadence/{}", filing.folder());
        if folders.find(&folder).is_none() {
            continue;
        }
        let uids = found(connection, &folder, since).await?;
        for set in sets(&uids) {
            relocate(connection, &set, "INBOX").await?;
        }
        brought += uids.len();
    }
    Ok(brought)
}

/// The mails of a folder that came since that day, in windows, so that no answer is longer than a line may be.
async fn found(connection: &mut Connection, folder: &str, since: Timestamp) -> Result<Vec<u32>, InboxError> {
    let state = select(connection, folder).await?;
    let highest = state.next.map_or(u32::MAX, |next| next.saturating_sub(1));
    let day = since.checked_sub(SignedDuration::from_hours(24)).unwrap_or(since);
    let day = day.strftime("%d-%b-%Y").to_string();
    let mut uids = Vec::new();
    let mut end = 0_u32;
    while end < highest && state.exists > 0 {
        let from = end.saturating_add(1);
        let whole = state.exists <= limits::IMAP_FOUND;
        end = if whole {
            highest
        } else {
            highest.min(end.saturating_add(limits::IMAP_FOUND))
        };
        let command = format!("UID SEARCH UID {from}:{end} SINCE {day}");
        let asked = connection.run(&command, |response| {
            if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                uids.extend(found.iter().copied().filter(|uid| (from..=end).contains(uid)));
            }
        });
        asked.await?;
    }
    uids.sort_unstable();
    uids.dedup();
    Ok(uids)
}
