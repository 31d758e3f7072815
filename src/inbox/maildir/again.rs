//! Moves filed mails back into `new/`, by the time at which their file was moved last.

use super::{create, waiting};
use crate::inbox::{Filing, InboxError};
use crate::model::limits;
use jiff::Timestamp;
use std::fs;
use std::io;
use std::path::Path;

/// Brings them back; how many.
pub(super) fn bring_back(root: &Path, since: Timestamp) -> Result<usize, InboxError> {
    let failed = |error: io::Error| InboxError::file("cannot bring a mail of a Maildir back", &error);
    create(root).map_err(failed)?;
    let mut brought = waiting(root)?.len();
    let there = brought;
    for filing in Filing::ALL {
        let folder = root.join(format!(".Cadence.{}", filing.folder())).join("cur");
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other.map_err(failed)?,
        };
        for entry in entries.flatten().take(limits::MAILDIR_FILES) {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let base = name.split(":2,").next().unwrap_or(&name);
            if !entry
                .metadata()
                .is_ok_and(|data| data.is_file() && moved(&data) >= since.as_second())
            {
                continue;
            }
            match fs::rename(entry.path(), root.join("new").join(base)) {
                Ok(()) => brought += 1,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(failed(error)),
            }
        }
    }
    Ok(brought - there)
}

/// When the file was moved last, in seconds since 1970.
#[cfg(unix)]
fn moved(data: &fs::Metadata) -> i64 {
    std::os::unix::fs::MetadataExt::ctime(data)
}

#[cfg(not(unix))]
fn moved(_: &fs::Metadata) -> i64 {
    i64::MAX
}
