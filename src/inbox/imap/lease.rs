//! The notes of bots on a server: APPEND, and what they replace is expunged.
//!
//! Standards: RFC 3501 6.3.11 (APPEND), 4.3 (literals: the server is asked before it gets one), 6.4.3 (EXPUNGE, which in a
//! folder of our own takes nothing of anybody).
//! Known gap: Gmail keeps what is expunged in All Mail, some hundred small notes a day.

use super::exec::{Connection, broken, bye, closed, ended, io, quoted, slow};
use super::fetch::{read_date, select};
use super::folders::{list, made_folder};
use super::sets::sets;
use crate::inbox::lease::FOLDER;
use crate::inbox::{InboxError, Note, Place};
use crate::model::limits;
use async_imap::imap_proto::{AttributeValue, Response, Status};
use tokio::time::{Instant, timeout_at};

/// The notes, in the order of their UIDs.
pub(super) async fn read(connection: &mut Connection) -> Result<Vec<Note>, InboxError> {
    let folders = match &connection.folders {
        Some(folders) => folders.clone(),
        None => list(connection).await?,
    };
    if folders.find(FOLDER).is_none() {
        return Ok(Vec::new());
    }
    let exists = match select(connection, FOLDER).await {
        // Somebody removed it since it was listed.
        Err(error) if error.is_refusal() => {
            return if list(connection).await?.find(FOLDER).is_none() {
                Ok(Vec::new())
            } else {
                Err(error)
            };
        }
        other => other?.exists,
    };
    let mut notes = Vec::new();
    if exists > 0 {
        let first = exists.saturating_sub(limits::LEASE_NOTES).saturating_add(1);
        let bytes = u64::from(limits::LEASE_NOTES) * u64::from(limits::LEASE_NOTE);
        let command = format!(
            "FETCH {first}:{exists} (UID INTERNALDATE BODY.PEEK[]<0.{}>)",
            limits::LEASE_NOTE
        );
        let asked = connection.run_for(&command, bytes, |response| notes.extend(note(response)));
        asked.await?;
    }
    notes.sort_by_key(|(uid, _)| *uid);
    Ok(notes.into_iter().map(|(_, note)| note).collect())
}

fn note(response: &Response<'_>) -> Option<(u32, Note)> {
    let Response::Fetch(_, attributes) = response else {
        return None;
    };
    let (mut uid, mut text, mut received) = (None, None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(found) => uid = Some(*found),
            AttributeValue::InternalDate(date) => received = read_date(date),
            AttributeValue::BodySection {
                section: None,
                data: Some(data),
                ..
            } => text = Some(data.to_vec()),
            _ => {}
        }
    }
    let (uid, text) = (uid?, text?);
    let place = Place::Uid(uid);
    Some((uid, Note { place, text, received }))
}

/// Appends a note, then takes away the ones it replaces, so that there is one at every moment.
pub(super) async fn write(connection: &mut Connection, text: &str, instead_of: &[u32]) -> Result<(), InboxError> {
    let name = made_folder(connection, FOLDER).await?;
    let first = append(connection, &name, text).await;
    if first.as_ref().is_err_and(InboxError::is_refusal) {
        // The folder may have been removed since it was listed: look again, once.
        list(connection).await?;
        let name = made_folder(connection, FOLDER).await?;
        append(connection, &name, text).await?;
    } else {
        first?;
    }
    if instead_of.is_empty() {
        return Ok(());
    }
    select(connection, FOLDER).await?;
    for set in sets(instead_of) {
        connection
            .run(&format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)"), |_| {})
            .await?;
    }
    connection.run("EXPUNGE", |_| {}).await
}

async fn append(connection: &mut Connection, name: &str, text: &str) -> Result<(), InboxError> {
    const VERB: &str = "APPEND";
    let budget = connection.session.as_mut();
    budget.allow(0);
    budget.silence(Some(limits::IMAP_COMMAND));
    let until = Instant::now() + limits::IMAP_COMMAND;
    let command = format!("APPEND {} (\\Seen) {{{}}}", quoted(name)?, text.len());
    let answer = async {
        let failed = |error| broken(VERB, &io(error));
        let tag = connection.session.run_command(&command).await.map_err(failed)?;
        loop {
            let response = connection.session.read_response().await;
            let response = response
                .map_err(|error| broken(VERB, &error))?
                .ok_or_else(|| closed(VERB))?;
            match response.parsed() {
                Response::Continue(_) => connection.session.run_command_untagged(text).await.map_err(failed)?,
                Response::Done {
                    tag: own,
                    status,
                    outcome,
                } if *own == tag => return ended(VERB, status, outcome),
                Response::Data {
                    status: Status::Bye,
                    outcome,
                } => return Err(bye(outcome)),
                _ => {}
            }
        }
    };
    timeout_at(until, answer).await.unwrap_or_else(|_| Err(slow(VERB)))
}
