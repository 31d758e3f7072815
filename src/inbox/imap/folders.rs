//! What folders there are, and how they are called on the wire.
//!
//! Servers differ in the letter between the levels of a folder's name and in whether everything lives below INBOX. The
//! configured `Junk` is found as `Junk` or `INBOX.Junk`, and, as `Sent` is, by the server's own mark where it bears another
//! name (`[Gmail]/Spam`, `Sent Items`); ours are made where the server lets us.
//!
//! Standards: RFC 3501 5.1.3 (modified UTF-7), 6.3.8 (LIST), RFC 6154 (SPECIAL-USE), RFC 5258 (LIST … RETURN).

use super::exec::{Connection, quoted};
use crate::inbox::{Filing, InboxError};
use async_imap::imap_proto::{MailboxDatum, NameAttribute, Response};
use std::fmt::Write;

/// What servers call the folder with what was sent. The first also finds the one that a server marks.
pub(super) const SENT: [&str; 4] = ["Sent", "Sent Items", "Sent Messages", "Sent Mail"];

/// The folders of an account, by the names used on the wire.
#[derive(Debug, Clone, Default)]
pub struct Folders {
    delimiter: String,
    names: Vec<String>,
    /// The folders that the server marks as this or that.
    junk: Option<String>,
    sent: Option<String>,
}

impl Folders {
    /// The wire name of a configured folder, if there is such a folder.
    pub(super) fn find(&self, folder: &str) -> Option<String> {
        let wanted = encode(folder);
        let there = |name: &String| self.names.iter().find(|found| same(found, name)).cloned();
        let levels = wanted.replace('/', &self.delimiter);
        let below = format!("INBOX{}{levels}", self.delimiter);
        let marked = || match folder {
            "Junk" => self.junk.clone(),
            "Sent" => self.sent.clone(),
            _ => None,
        };
        [wanted, levels, below].iter().find_map(there).or_else(marked)
    }

    /// The names under which one of our folders may be made, the first preferred.
    fn candidates(&self, folder: &str) -> [String; 2] {
        let levels = folder.replace('/', &self.delimiter);
        let below = format!("INBOX{}{levels}", self.delimiter);
        [levels, below]
    }
}

/// INBOX is one folder in any case; the others are as they are written.
fn same(found: &str, wanted: &str) -> bool {
    found == wanted || (wanted == "INBOX" && found.eq_ignore_ascii_case("INBOX"))
}

/// Asks for all folders.
pub(super) async fn list(connection: &mut Connection) -> Result<Folders, InboxError> {
    let mut folders = Folders::default();
    let command = if connection.can.marks {
        "LIST \"\" \"*\" RETURN (SPECIAL-USE)"
    } else {
        "LIST \"\" \"*\""
    };
    let asked = connection.run(command, |response| {
        let Response::MailboxData(MailboxDatum::List(row)) = response else {
            return;
        };
        if let Some(delimiter) = &row.delimiter {
            folders.delimiter = delimiter.to_string();
        }
        if row.name_attributes.iter().any(is_absent) {
            return;
        }
        folders.names.push(row.name.to_string());
        if row.name_attributes.contains(&NameAttribute::Junk) {
            folders.junk = Some(row.name.to_string());
        }
        if row.name_attributes.contains(&NameAttribute::Sent) {
            folders.sent = Some(row.name.to_string());
        }
    });
    asked.await?;
    connection.folders = Some(folders.clone());
    Ok(folders)
}

fn is_absent(attribute: &NameAttribute<'_>) -> bool {
    match attribute {
        NameAttribute::NoSelect => true,
        NameAttribute::Extension(name) => name.eq_ignore_ascii_case("\\NonExistent"),
        _ => false,
    }
}

/// The wire name of a folder that must be there.
pub(super) async fn wire_name(connection: &mut Connection, folder: &str) -> Result<String, InboxError> {
    if folder == "INBOX" {
        return Ok(folder.to_owned());
    }
    let folders = match &connection.folders {
        Some(folders) => folders.clone(),
        None => list(connection).await?,
    };
    folders
        .find(folder)
        .ok_or_else(|| InboxError::refused("a folder that was read before is gone from the server"))
}

/// The wire name of one of our folders, which is made and subscribed when missing.
pub(super) async fn made(connection: &mut Connection, into: Filing) -> Result<String, InboxError> {
    made_folder(connection, &format!("Cadence/{}", into.folder())).await
}

/// The same of one that is named `Cadence/…`.
pub(super) async fn made_folder(connection: &mut Connection, folder: &str) -> Result<String, InboxError> {
    let folders = match &connection.folders {
        Some(folders) => folders.clone(),
        None => list(connection).await?,
    };
    if let Some(name) = folders.find(folder) {
        return Ok(name);
    }
    let mut refusal = None;
    for name in folders.candidates(folder) {
        match connection.run(&format!("CREATE {}", quoted(&name)?), |_| {}).await {
            Ok(()) => break,
            // Made by somebody else meanwhile, or everything lives below INBOX here: the list below tells.
            Err(error) if error.is_refusal() => refusal = Some(error),
            Err(error) => return Err(error),
        }
    }
    let name = list(connection).await?.find(folder);
    let name = name.ok_or_else(|| refusal.unwrap_or_else(|| InboxError::refused("the server made no folder")))?;
    // Many mail programs show subscribed folders only. A refused subscription is a matter of looks.
    match connection.run(&format!("SUBSCRIBE {}", quoted(&name)?), |_| {}).await {
        Err(error) if !error.is_refusal() => Err(error),
        _ => Ok(name),
    }
}

/// Modified UTF-7: ASCII as it is, the rest as `&…-` in base64 of UTF-16.
fn encode(name: &str) -> String {
    let mut wire = String::new();
    let mut foreign: Vec<u8> = Vec::new();
    for c in name.chars() {
        if !matches!(c, ' '..='~') {
            let mut units = [0; 2];
            foreign.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
            continue;
        }
        flush(&mut wire, &mut foreign);
        wire.push(c);
        if c == '&' {
            wire.push('-');
        }
    }
    flush(&mut wire, &mut foreign);
    wire
}

fn flush(wire: &mut String, foreign: &mut Vec<u8>) {
    if foreign.is_empty() {
        return;
    }
    let text = data_encoding::BASE64_NOPAD.encode(foreign).replace('/', ",");
    foreign.clear();
    // Writing into a String cannot fail.
    let _ = write!(wire, "&{text}-");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(delimiter: &str, names: &[&str]) -> Folders {
        Folders {
            delimiter: delimiter.to_owned(),
            names: names.iter().map(|&name| name.to_owned()).collect(),
            ..Folders::default()
        }
    }

    #[test]
    fn a_folder_that_the_server_marks_is_found_under_any_name() {
        let marked = Folders {
            junk: Some("[Gmail]/Spam".to_owned()),
            sent: Some("Sent Items".to_owned()),
            ..folders("/", &["INBOX", "[Gmail]/Spam", "Sent Items"])
        };
        assert_eq!(marked.find("Junk").as_deref(), Some("[Gmail]/Spam"));
        assert_eq!(marked.find("Sent").as_deref(), Some("Sent Items"));
        assert_eq!(marked.find("Lists"), None);
    }

    #[test]
    fn a_configured_folder_is_found_however_the_server_spells_its_levels() {
        let flat = folders("/", &["INBOX", "Junk", "Lists/Sales"]);
        assert_eq!(flat.find("Junk").as_deref(), Some("Junk"));
        assert_eq!(flat.find("Lists/Sales").as_deref(), Some("Lists/Sales"));
        let below = folders(".", &["Inbox", "INBOX.Junk", "INBOX.Lists.Sales"]);
        assert_eq!(below.find("INBOX").as_deref(), Some("Inbox"));
        assert_eq!(below.find("Junk").as_deref(), Some("INBOX.Junk"));
        assert_eq!(below.find("Lists/Sales").as_deref(), Some("INBOX.Lists.Sales"));
        assert_eq!(below.find("Spam"), None);
    }

    #[test]
    fn folder_names_go_out_in_modified_utf_7() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("R&D", "R&-D"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("台北/日本語", "&U,BTFw-/&ZeVnLIqe-"),
        ] {
            assert_eq!(encode(name), wire);
        }
    }
}
