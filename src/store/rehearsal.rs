//! A database in memory for rehearsals, with a hand on its disk: it may be full, or show an older day.
//!
//! The same SQL, the same transactions, the same writer; only that callers do its work themselves, without threads, so that
//! a rehearsal is the same each time.

use super::error::StoreError;
use super::readers::Readers;
use super::writer::{Writer, hold};
use super::{Store, migrations, sqlite};
use rusqlite::Connection;
use rusqlite::backup::Backup;
use std::sync::{Arc, Mutex};

/// Pages that a database may have when nothing keeps it small: SQLite's own most.
const PAGES: u32 = 0x3fff_ffff;

/// The disk of a database in memory, in the hand of whoever rehearses.
#[derive(Clone)]
pub struct Rehearsal {
    connection: Arc<Mutex<Connection>>,
}

/// A database as it was once.
pub struct Snapshot(Mutex<Connection>);

impl Snapshot {
    /// An empty database of the newest shape, to begin rehearsals with.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn empty() -> Result<Self, StoreError> {
        let mut connection = sqlite::open_in_memory()?;
        migrations::migrate(&mut connection)?;
        Ok(Self(Mutex::new(connection)))
    }
}

impl Store {
    /// A database in memory as `snapshot` was, and its disk.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn rehearsed(snapshot: &Snapshot) -> Result<(Self, Rehearsal), StoreError> {
        let mut connection = sqlite::open_in_memory()?;
        copy(&hold(&snapshot.0), &mut connection)?;
        let connection = Arc::new(Mutex::new(connection));
        let store = Self {
            writer: Writer::by_callers(Arc::clone(&connection)),
            readers: Readers::ByCaller(Arc::clone(&connection)),
        };
        Ok((store, Rehearsal { connection }))
    }
}

impl Rehearsal {
    /// The disk has no room left (every page more is `SQLITE_FULL`), or has room again.
    ///
    /// # Errors
    /// When the database cannot be told.
    pub fn fill(&self, full: bool) -> Result<(), StoreError> {
        let most = if full { 1 } else { PAGES };
        // SQLite takes no number below the pages that there are, and answers with the one it took.
        let connection = hold(&self.connection);
        connection
            .query_row(&format!("PRAGMA max_page_count = {most}"), [], |_| Ok(()))
            .map_err(sqlite::explain)
    }

    /// The database as it is now.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut then = Connection::open_in_memory().map_err(sqlite::explain)?;
        copy(&hold(&self.connection), &mut then)?;
        Ok(Snapshot(Mutex::new(then)))
    }

    /// The database as it was then: an older copy was put in its place.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn restore(&self, then: &Snapshot) -> Result<(), StoreError> {
        copy(&hold(&then.0), &mut hold(&self.connection))
    }

    /// The one number that a query answers.
    ///
    /// # Errors
    /// When the database refuses it.
    pub fn count(&self, sql: &str) -> Result<u64, StoreError> {
        let found: i64 = hold(&self.connection)
            .query_row(sql, [], |row| row.get(0))
            .map_err(sqlite::explain)?;
        Ok(u64::try_from(found).unwrap_or(0))
    }

    /// Lets a foreign hand at the file: statements that the program would never run.
    ///
    /// # Errors
    /// When the database refuses them.
    pub fn tamper(&self, sql: &str) -> Result<(), StoreError> {
        hold(&self.connection).execute_batch(sql).map_err(sqlite::explain)
    }
}

fn copy(from: &Connection, to: &mut Connection) -> Result<(), StoreError> {
    let backup = Backup::new(from, to).map_err(sqlite::explain)?;
    backup.step(-1).map(drop).map_err(sqlite::explain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ContentKey;
    use jiff::Timestamp;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    /// Runs it without any runtime: nothing may need one.
    fn run<T>(work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return done;
            }
        }
    }

    #[test]
    fn a_full_disk_takes_nothing_and_an_older_copy_knows_nothing_newer() {
        let (store, disk) = Store::rehearsed(&Snapshot::empty().expect("a shape")).expect("a database");
        let now = Timestamp::UNIX_EPOCH;
        let keys =
            |from: usize| -> Vec<ContentKey> { (from..from + 300).map(|n| ContentKey(format!("{n:064x}"))).collect() };
        let before = disk.snapshot().expect("a copy");
        disk.fill(true).expect("told");
        let error = run(store.try_mails(&keys(0), now)).expect_err("there is no room");
        assert!(error.is_full() && error.is_transient(), "{error}");
        disk.fill(false).expect("told");
        assert_eq!(run(store.try_mails(&keys(0), now)).expect("room"), vec![0; 300]);
        assert_eq!(run(store.try_mail(&keys(0)[7], now)).expect("room"), 1);
        disk.restore(&before).expect("put in place");
        assert_eq!(
            run(store.try_mail(&keys(0)[7], now)).expect("room"),
            0,
            "it knows nothing of it"
        );
    }
}
