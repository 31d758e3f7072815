//! One instance on one database: a lock file beside it, held by the operating system for as long as the process lives.

use super::error::{Kind, StoreError};
use super::sqlite;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The lock on a database; dropping it, or dying, gives it back.
#[derive(Debug)]
pub struct DatabaseLock {
    _file: File,
}

/// Takes the lock on the database at `path`. The file `<path>.lock` stays; what counts is the lock on it, not that it is
/// there. It holds the process id, for people.
///
/// # Errors
/// [`StoreError::is_locked`] when another instance has it; [`StoreError::is_read_only`] when the file cannot be written.
pub fn lock(path: &Path) -> Result<DatabaseLock, StoreError> {
    let name = beside(path);
    let place = format!("cannot lock the database by {}", name.display());
    // Not truncated: the owner's process id stands in it until the lock is ours.
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&name).map_err(|error| sqlite::io(&error).at(&place))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(taken(path, &mut file)),
        Err(TryLockError::Error(error)) => return Err(sqlite::io(&error).at(&place)),
    }
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(|error| sqlite::io(&error).at(&place))?;
    Ok(DatabaseLock { _file: file })
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

fn taken(path: &Path, file: &mut File) -> StoreError {
    let mut owner = String::new();
    file.take(20).read_to_string(&mut owner).ok();
    let owner = owner.trim();
    let who = if owner.is_empty() || !owner.chars().all(|c| c.is_ascii_digit()) {
        String::new()
    } else {
        format!(" (process {owner})")
    };
    StoreError::new(
        Kind::Locked,
        format!(
            "another cadence runs on the database {}{who}: stop it first, or name another database",
            path.display()
        ),
    )
}
