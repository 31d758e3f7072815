//! Moves mails that are done with into the folders of the bot.
//!
//! MOVE where it is offered; else COPY, `\Deleted` and UID EXPUNGE, which takes away just these mails; a server with neither
//! would also expunge what a person marked as deleted, so there the mails stay and get a keyword.
//!
//! Standards: RFC 6851 (MOVE), RFC 4315 (UIDPLUS), RFC 3501 6.4.6 (STORE).

use super::exec::{Connection, quoted};
use super::fetch::select;
use super::folders::{list, made};
use super::sets::sets;
use crate::inbox::{Filing, InboxError};

/// The keyword on mails that could not be moved.
pub(super) const KEYWORD: &str = "$CadenceFiled";

/// Files the mails `uids` of `folder`, if it still has the UIDVALIDITY they were read under. Mails that are gone are no error:
/// a UID that names nothing is ignored by the server (RFC 3501 6.4.8).
pub(super) async fn file(
    connection: &mut Connection,
    folder: &str,
    uids: &[u32],
    validity: u32,
    into: Filing,
) -> Result<(), InboxError> {
    // The folder is made first: LIST and CREATE are no business of the selected folder.
    let target = target(connection, into).await?;
    if select(connection, folder).await?.validity != validity {
        // Renumbered meanwhile: these UIDs may be other mails now. They come again and are filed then.
        return Ok(());
    }
    for set in sets(uids) {
        match &target {
            None => store(connection, &set, &format!("(\\Seen {KEYWORD})")).await?,
            Some(name) => {
                let first = relocate(connection, &set, name).await;
                if first.as_ref().is_err_and(InboxError::is_refusal) {
                    // The folder may have been removed since it was listed: look again, once.
                    list(connection).await?;
                    made(connection, into).await?;
                    relocate(connection, &set, name).await?;
                } else {
                    first?;
                }
            }
        }
    }
    Ok(())
}

/// Where mails go; `None` when this server cannot take them away without harm.
async fn target(connection: &mut Connection, into: Filing) -> Result<Option<String>, InboxError> {
    if connection.can.r#move || connection.can.uidplus {
        made(connection, into).await.map(Some)
    } else {
        Ok(None)
    }
}

pub(super) async fn relocate(connection: &mut Connection, set: &str, name: &str) -> Result<(), InboxError> {
    let name = quoted(name)?;
    if connection.can.r#move {
        return connection.run(&format!("UID MOVE {set} {name}"), |_| {}).await;
    }
    connection.run(&format!("UID COPY {set} {name}"), |_| {}).await?;
    store(connection, set, "(\\Seen \\Deleted)").await?;
    connection.run(&format!("UID EXPUNGE {set}"), |_| {}).await
}

async fn store(connection: &mut Connection, set: &str, flags: &str) -> Result<(), InboxError> {
    connection
        .run(&format!("UID STORE {set} +FLAGS.SILENT {flags}"), |_| {})
        .await
}
