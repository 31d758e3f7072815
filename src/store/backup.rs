//! A copy of the database as it is now, and a database from a copy.
//!
//! A copy is made by SQLite's own backup while the bot goes on, looked through from end to end (pages, relations, every row against
//! the fold of its journal), and carries a mark: whoever opens it as their database knows that it is old, and begins in
//! recovery mode. The key is not in it.
//!
//! Standards: <https://sqlite.org/backup.html>. A file never appears half-made: written beside, synced, renamed.

use super::error::{Kind, StoreError};
use super::sqlite;
use super::tx::Tx;
use super::{Store, blocking, bound, enrollment_row, lease, migrations, read_enrollments, read_guard};
use crate::model::{Enrollment, EnrollmentId, Gap, Tenure, limits};
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::fs;
use std::path::{Path, PathBuf};

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// When it was made, or, of a file that was only copied, when its last fact was decided.
    pub taken: Option<Timestamp>,
    /// Enrollments, each looked through.
    pub enrollments: usize,
    /// Entries of the journal.
    pub journal: i64,
    /// Touches that lie ready, and enrollments that are due: they will be in doubt.
    pub open: usize,
}

impl Store {
    /// Copies the database into a new file at `to`, as it is at `now`, while others read and write.
    ///
    /// # Errors
    /// When there is a file already, when it cannot be written, or when the copy is not sound; nothing is left then.
    pub async fn backup(&self, to: &Path, now: Timestamp) -> Result<Copied, StoreError> {
        let (from, to) = (self.readers.path().map(Path::to_owned), to.to_owned());
        let memory = self.writer.clone();
        blocking(move || {
            if to.exists() {
                return Err(StoreError::other("there is a file of this name already: name another"));
            }
            let draft = beside(&to, ".new");
            let copied = match from {
                Some(from) => copy(&sqlite::open_reader(&from)?, &draft),
                None => copy(&memory.lend(), &draft),
            };
            let why = format!("restored from a backup of {now}");
            let gap = Gap {
                from: now,
                to: None,
                why,
            };
            let looked = copied
                .and_then(|()| look_through(&draft, Some(gap), now))
                .and_then(|copied| moved(&draft, &to).map(|()| copied));
            if looked.is_err() {
                remove(&draft);
            }
            looked
        })
        .await
    }
}

/// Looks through the copy at `from` by way of a copy of its own in `folder`, which is removed: nothing is changed.
///
/// # Errors
/// When it cannot be read, or is not sound.
pub async fn rehearse(from: &Path, folder: &Path, now: Timestamp) -> Result<Copied, StoreError> {
    let (from, draft) = (from.to_owned(), folder.join("cadence.db"));
    blocking(move || {
        let looked = duplicate(&from, &draft).and_then(|()| look_through(&draft, None, now));
        remove(&draft);
        looked
    })
    .await
}

/// Makes the copy at `from` the database at `to`, which nobody has open. What was there is kept at `aside`.
///
/// # Errors
/// When the copy is not sound, or cannot be written. What was there is there still, unless the last step itself failed.
pub async fn restore(from: &Path, to: &Path, aside: &Path, now: Timestamp) -> Result<Copied, StoreError> {
    let (from, to, aside) = (from.to_owned(), to.to_owned(), aside.to_owned());
    blocking(move || {
        let draft = beside(&to, ".restoring");
        remove(&draft);
        let looked = duplicate(&from, &draft).and_then(|()| look_through(&draft, None, now));
        let copied = looked.inspect_err(|_| remove(&draft))?;
        keep_aside(&to, &aside)?;
        moved(&draft, &to)?;
        Ok(copied)
    })
    .await
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// A draft of ours, and what SQLite lays beside it.
fn remove(draft: &Path) {
    for path in [
        draft.to_owned(),
        beside(draft, "-wal"),
        beside(draft, "-shm"),
        beside(draft, "-journal"),
    ] {
        // It may not be there.
        let _ = fs::remove_file(path);
    }
}

fn copy(from: &Connection, draft: &Path) -> Result<(), StoreError> {
    remove(draft);
    sqlite::create(draft).map_err(|error| sqlite::io(&error).at(&place(draft)))?;
    let mut to = Connection::open(draft).map_err(sqlite::explain)?;
    let backup = Backup::new(from, &mut to).map_err(sqlite::explain)?;
    // All pages in one go: one picture, and a writer beside it does not make it begin anew.
    for _ in 0..limits::BACKUP_TRIES {
        match backup.step(-1).map_err(sqlite::explain)? {
            StepResult::Done => return Ok(()),
            _ => std::thread::sleep(limits::BACKUP_AGAIN),
        }
    }
    Err(StoreError::new(
        Kind::Busy,
        "the database is locked by another process: close what has it open",
    ))
}

fn duplicate(from: &Path, draft: &Path) -> Result<(), StoreError> {
    let opened = fs::File::open(from).and_then(|mut file| {
        sqlite::create(draft)?;
        let mut to = fs::OpenOptions::new().write(true).truncate(true).open(draft)?;
        std::io::copy(&mut file, &mut to)?;
        to.sync_all()
    });
    opened.map_err(|error| sqlite::io(&error).at(&place(from)))
}

fn place(path: &Path) -> String {
    format!("cannot copy {}", path.display())
}

/// Looks through a copy that nobody else has open, and marks it as old: by `gap`, else by what it says itself.
fn look_through(path: &Path, gap: Option<Gap>, now: Timestamp) -> Result<Copied, StoreError> {
    let mut connection = sqlite::open(path)?;
    migrations::migrate(&mut connection)?;
    sqlite::check_all(&connection)?;
    let tx = Tx::on(&connection);
    let enrollments = folds(&tx)?;
    let tenure = lease::tenure(&tx)?;
    let last = lease::last_decided(&tx)?;
    let older = tenure.gap.as_ref().map(|gap| gap.from);
    let gap = gap.or(tenure.gap.clone()).unwrap_or(Gap {
        from: last.unwrap_or(now),
        to: None,
        why: "restored from a copy of a database".to_owned(),
    });
    // One that was being recovered when it was copied knows even less.
    let gap = Gap {
        from: older.map_or(gap.from, |older| older.min(gap.from)),
        to: None,
        ..gap
    };
    let copied = Copied {
        taken: Some(gap.from),
        enrollments,
        journal: read_guard::last_fact(&tx)?,
        open: lease::open(&tx, now)?,
    };
    lease::put(
        &tx,
        &Tenure {
            gap: Some(gap),
            ..tenure
        },
        None,
    )?;
    // One file and nothing beside it.
    sqlite::single_file(&connection)?;
    drop(connection);
    synced(path)?;
    Ok(copied)
}

/// Every enrollment is the fold of its journal; how many there are.
fn folds(tx: &Tx<'_>) -> Result<usize, StoreError> {
    let (mut many, mut after) = (0, i64::MIN);
    loop {
        let sql = "SELECT id FROM enrollment WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = tx.query(sql, &[after.into(), bound(limits::ADVANCE)])?;
        if rows.is_empty() {
            return Ok(many);
        }
        for row in rows {
            after = row.int("id")?;
            let id = EnrollmentId(after);
            let folded = Enrollment::fold(id, &read_enrollments::journal(tx, id)?).ok();
            let row = enrollment_row::load(tx, id)?.map(|(enrollment, _)| enrollment);
            if folded.is_none() || folded != row {
                let what = format!("enrollment {id} is not what its journal says; take another backup");
                return Err(StoreError::new(Kind::Damaged, what));
            }
            many += 1;
        }
    }
}

/// What stands at `to` goes aside, whole: its log is taken into it first, or goes with it.
fn keep_aside(to: &Path, aside: &Path) -> Result<(), StoreError> {
    if !to.exists() {
        return Ok(());
    }
    let failed = |error: std::io::Error| sqlite::io(&error).at(&format!("cannot keep {} aside", to.display()));
    // A damaged one, which is why somebody restores, is kept as it is.
    if let Ok(old) = sqlite::open(to) {
        sqlite::single_file(&old).ok();
    }
    fs::hard_link(to, aside).map_err(failed)?;
    for ending in ["-wal", "-shm"] {
        match fs::rename(beside(to, ending), beside(aside, ending)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
    }
    Ok(())
}

fn synced(path: &Path) -> Result<(), StoreError> {
    let done = fs::File::open(path).and_then(|file| file.sync_all());
    done.map_err(|error| sqlite::io(&error).at(&place(path)))
}

/// Gives a finished file its name.
fn moved(draft: &Path, to: &Path) -> Result<(), StoreError> {
    let done = fs::rename(draft, to).and_then(|()| {
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        fs::File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())
    });
    done.map_err(|error| sqlite::io(&error).at(&place(to)))
}
