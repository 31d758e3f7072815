//! Waits for mail: IDLE where the server offers it, patience where it does not.
//!
//! The IDLE may outlive the wait: whoever needs the connection next ends it. So a cancelled wait leaves nothing behind but a
//! connection that knows that it idles.
//!
//! Standards: RFC 2177. Known gaps: Dovecot tells of new mail half a second late, by its own design.

use super::exec::{Connection, Heard, slow};
use crate::inbox::{InboxError, Woken};
use crate::model::limits;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Starts an IDLE and waits for the server's consent. `false`: the server would not, though it said it could.
pub(super) async fn start(connection: &mut Connection) -> Result<bool, InboxError> {
    connection.session.as_mut().allow(0);
    connection.session.as_mut().silence(Some(limits::IMAP_COMMAND));
    let begun = async {
        let tag = connection.session.run_command("IDLE").await;
        let tag = tag.map_err(|error| super::exec::broken("IDLE", &super::exec::io(error)))?;
        connection.idling = Some((tag, Instant::now()));
        loop {
            match connection.next(limits::IMAP_COMMAND).await? {
                Some(Heard::Continue) => return Ok(true),
                Some(Heard::Done(_)) => return Ok(false),
                Some(Heard::Other) => {}
                None => return Err(slow("IDLE")),
            }
        }
    };
    let consent = timeout(limits::IMAP_COMMAND, begun)
        .await
        .unwrap_or_else(|_| Err(slow("IDLE")))?;
    if consent {
        connection.session.as_mut().silence(None);
    } else {
        connection.idling = None;
        connection.can.idle = false;
    }
    Ok(consent)
}

/// Listens until there is news, the server ends the IDLE, or it is time. Cancel-safe: every answer is heard whole or not at all.
pub(super) async fn listen(connection: &mut Connection, until: Instant) -> Result<Woken, InboxError> {
    while !connection.news {
        match connection.next(until.saturating_duration_since(Instant::now())).await? {
            None => return Ok(Woken::ByTime),
            Some(Heard::Done(end)) => {
                connection.idling = None;
                return end.map(|()| Woken::ByTime);
            }
            Some(Heard::Continue | Heard::Other) => {}
        }
    }
    Ok(Woken::ByMail)
}

/// Ends the IDLE, if there is one, so that the connection takes commands again.
pub(super) async fn end(connection: &mut Connection) -> Result<(), InboxError> {
    if connection.idling.is_none() {
        return Ok(());
    }
    connection.session.as_mut().allow(0);
    connection.session.as_mut().silence(Some(limits::IMAP_DONE));
    let ended = async {
        let written = connection.session.run_command_untagged("DONE").await;
        written.map_err(|error| super::exec::broken("DONE", &super::exec::io(error)))?;
        loop {
            match connection.next(limits::IMAP_DONE).await? {
                Some(Heard::Done(end)) => return end,
                Some(Heard::Continue | Heard::Other) => {}
                None => return Err(slow("DONE")),
            }
        }
    };
    timeout(limits::IMAP_DONE, ended)
        .await
        .unwrap_or_else(|_| Err(slow("DONE")))?;
    connection.idling = None;
    Ok(())
}

/// Whether the IDLE under way would grow too old within `coming`.
pub(super) fn grows_old(connection: &Connection, coming: Duration) -> bool {
    let since = connection.idling.as_ref().map(|(_, since)| *since);
    since.is_some_and(|since| since.elapsed() + coming > limits::IDLE)
}
