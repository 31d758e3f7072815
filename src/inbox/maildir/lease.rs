//! The notes of bots on disk: one file an epoch, which only one of them can make.

use super::create;
use crate::clock;
use crate::inbox::{InboxError, Note, Place};
use crate::model::limits;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

/// The notes, in the order of their epochs.
pub(super) fn read(folder: &Path) -> Result<Vec<Note>, InboxError> {
    let failed = |error: &io::Error| InboxError::file("cannot read the lease of a Maildir", error);
    let entries = match fs::read_dir(folder.join("cur")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| failed(&error))?,
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    let first = names.len().saturating_sub(limits::LEASE_NOTES as usize);
    let mut notes = Vec::new();
    for name in names.into_iter().skip(first) {
        let mut text = Vec::new();
        let read = fs::File::open(folder.join("cur").join(&name))
            .and_then(|file| file.take(u64::from(limits::LEASE_NOTE)).read_to_end(&mut text));
        match read {
            Ok(_) => notes.push(Note {
                place: Place::File(name),
                text,
                received: None,
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&error)),
        }
    }
    Ok(notes)
}

/// Writes the note of an epoch: over the own one, or as a new file if nobody else has made it meanwhile.
pub(super) fn write(folder: &Path, epoch: i64, text: &str, instead_of: &[Place]) -> Result<(), InboxError> {
    let failed = |error: io::Error| InboxError::file("cannot write the lease of a Maildir", &error);
    create(folder).map_err(failed)?;
    let name = format!("epoch-{epoch:015}:2,S");
    let draft = folder.join("tmp").join(format!("{:016x}", clock::dice().u64(..)));
    let place = folder.join("cur").join(&name);
    let own = instead_of.contains(&Place::File(name.clone()));
    let written = fs::File::create(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        if own {
            return fs::rename(&draft, &place);
        }
        match fs::hard_link(&draft, &place) {
            // Somebody else has it: who reads again sees whom.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    });
    // After a rename it is not there any more.
    let _ = fs::remove_file(&draft);
    written.map_err(failed)?;
    for old in instead_of {
        if let Place::File(old) = old
            && *old != name
        {
            match fs::remove_file(folder.join("cur").join(old)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
        }
    }
    Ok(())
}
