//! The one memory: SQLite behind one SQL text. [`Store::commit`] is the one write path of domain state.
//!
//! What is committed stays (WAL, `synchronous=FULL`); what is not leaves no trace. A row is the fold of its journal, which
//! is append-only. `schema.sql` says what each table and column is.
//!
//! Inside: `writer` groups what waits into one fsync, `commit` makes rows of a batch, `ledger` holds letters to their
//! states, `ask` lists the questions and `read_*` answer them, `tx` and `sqlite` alone know the engine, `migrations` and
//! `lock` open the door, `backup` copies what is behind it.
//!
//! Not here: any decision (rules).

mod ask;
pub mod backup;
mod batch;
mod commit;
mod disk;
mod doubts;
mod enrollment_row;
mod error;
mod forgetting;
mod holds;
mod lease;
mod ledger;
mod lock;
mod migrations;
mod promotions;
mod proposals;
mod quarantine;
mod read_counts;
mod read_enrollments;
mod read_guard;
mod read_mails;
mod read_pace;
mod read_tasks;
mod readers;
mod rehearsal;
mod said;
mod sightings;
mod sqlite;
mod suppressions;
mod tally;
mod tx;
mod watches;
mod writer;

#[cfg(test)]
mod tests;

pub use batch::{Batch, Begin, Change, DigestRow, LetterMove, MailRow, ReadTo, Ruling};
pub use disk::host_name;
pub use doubts::Doubt;
pub use enrollment_row::First;
pub use error::{CommitError, StoreError};
pub use forgetting::{Forget, Remembered};
pub use ledger::{Claimed, Claims};
pub use lock::{DatabaseLock, lock};
pub use proposals::{Gathered, ProposalMove};
pub use quarantine::{Held, RulingRow};
pub use read_counts::Counts;
pub use read_mails::Seen;
pub use read_pace::ReadyTouch;
pub use rehearsal::{Rehearsal, Snapshot};
pub use watches::{Named, WatchRow};

use crate::model::{Address, ContentKey, LetterId};
use jiff::Timestamp;
use readers::Readers;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tx::{Tx, Value};
use writer::{Haste, Writer};

/// The memory. Cheap to clone; clones share it. Its methods are called inside a tokio runtime. Whatever is asked is
/// answered from one committed picture. A method fails only when the database does, unless its own words say more.
#[derive(Clone)]
pub struct Store {
    writer: Writer,
    readers: Readers,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store(…)")
    }
}

fn bound(limit: usize) -> Value<'static> {
    Value::Int(i64::try_from(limit).unwrap_or(i64::MAX))
}

/// Opening, writing.
impl Store {
    /// Opens the database at `path`, making or migrating it as needed. Its folder must exist. Take the [`lock`] first.
    ///
    /// # Errors
    /// When it cannot be opened, is not ours, or was made by a newer program ([`StoreError::is_too_new`]).
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let path: PathBuf = path.to_owned();
        blocking(move || {
            let mut connection = sqlite::open(&path)?;
            migrations::migrate(&mut connection)?;
            let connection = Arc::new(Mutex::new(connection));
            Ok(Self {
                writer: Writer::new(connection),
                readers: Readers::of_file(path),
            })
        })
        .await
    }

    /// A database in memory, for tests and rehearsals; gone with its last clone.
    ///
    /// # Errors
    /// When there is no memory.
    pub async fn in_memory() -> Result<Self, StoreError> {
        blocking(|| {
            let mut connection = sqlite::open_in_memory()?;
            migrations::migrate(&mut connection)?;
            let connection = Arc::new(Mutex::new(connection));
            Ok(Self {
                writer: Writer::new(Arc::clone(&connection)),
                readers: Readers::Memory(connection),
            })
        })
        .await
    }

    /// Opens the database at `path` to look: nothing is made or migrated, and whatever writes fails.
    ///
    /// # Errors
    /// When it is not there, cannot be opened, or has another shape than this program's.
    pub async fn looking(path: &Path) -> Result<Self, StoreError> {
        let path: PathBuf = path.to_owned();
        blocking(move || {
            let connection = sqlite::open_reader(&path)?;
            migrations::demand_newest(&connection)?;
            Ok(Self {
                writer: Writer::new(Arc::new(Mutex::new(connection))),
                readers: Readers::of_file(path),
            })
        })
        .await
    }

    /// Writes a batch, as a whole or not at all, durably. Batches that wait together share one fsync. Once this was polled
    /// the batch is written even if the caller goes away.
    ///
    /// # Errors
    /// [`CommitError::Stale`] when a row moved on, [`CommitError::Known`] when it was committed before; nothing is written
    /// then, nor when the store could not.
    pub async fn commit(&self, batch: Batch) -> Result<(), CommitError> {
        self.writer.write(move |tx| commit::commit(tx, &batch)).await
    }

    /// [`Store::commit`] for what has happened already and nobody waits for: what a server answered. One group of others may
    /// go before it.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn commit_patiently(&self, batch: Batch) -> Result<(), CommitError> {
        let pending = self.writer.queue(move |tx| commit::commit(tx, &batch), Haste::Patient);
        pending.await?.answer().await
    }

    /// Writes many batches, in order, each as a whole or not at all, in as few groups as may be.
    pub async fn commit_many(&self, batches: Vec<Batch>) -> Vec<Result<(), CommitError>> {
        let mut pending = Vec::with_capacity(batches.len());
        for batch in batches {
            pending.push(
                self.writer
                    .queue(move |tx| commit::commit(tx, &batch), Haste::Now)
                    .await,
            );
        }
        answers(pending).await
    }

    /// Claims up to `limit` letters that are ready, or whose lease ran out while `claimed`; never one that is `sending`.
    /// What reps wait for comes first, then follow-ups, then first touches; oldest first among each. Fewer are claimed when
    /// they are large ([`crate::model::limits::CLAIM_BYTES`]).
    pub async fn claim(&self, now: Timestamp, limit: usize, which: Claims) -> Result<Vec<Claimed>, StoreError> {
        self.claim_of(now, limit, which, Vec::new()).await
    }

    /// [`Store::claim`] of every class, but for touches of these reps.
    pub async fn claim_but(
        &self,
        now: Timestamp,
        limit: usize,
        shut: Vec<Address>,
    ) -> Result<Vec<Claimed>, StoreError> {
        self.claim_of(now, limit, Claims::All, shut).await
    }

    async fn claim_of(
        &self,
        now: Timestamp,
        limit: usize,
        which: Claims,
        shut: Vec<Address>,
    ) -> Result<Vec<Claimed>, StoreError> {
        let claimed = self
            .write(move |tx| ledger::claim(tx, now, limit, which, &shut))
            .await?;
        if claimed.is_empty() {
            return Ok(Vec::new());
        }
        self.readers.read(move |tx| ledger::claimed(tx, &claimed)).await
    }

    /// After the 354: `claimed` → `sending`, durably, if the claim still holds and, for a step's letter, its enrollment
    /// still stands at `Sending` this letter and the address is not suppressed. `false`: the gate is shut, nothing may be
    /// sent. The letter is `withdrawn` then, or, when it is held or the lease ran out, left as it is.
    ///
    /// # Errors
    /// When the store could not: nothing may be sent then either.
    pub async fn begin_sending(&self, id: LetterId, claim: i64, now: Timestamp) -> Result<bool, StoreError> {
        self.write(move |tx| ledger::begin_sending(tx, id, claim, now)).await
    }

    /// Counts one more try to take in this mail, durably, before it is read; returns how many there were before.
    pub async fn try_mail(&self, key: &ContentKey, now: Timestamp) -> Result<u32, StoreError> {
        let key = key.clone();
        self.write(move |tx| read_mails::try_mail(tx, &key, now)).await
    }

    /// [`Store::try_mail`] for all mails of one fetch, in as few groups as may be; the answers in the order of `keys`.
    ///
    /// # Errors
    /// When the store could not count one of them.
    pub async fn try_mails(&self, keys: &[ContentKey], now: Timestamp) -> Result<Vec<u32>, StoreError> {
        let keys = keys.to_vec();
        self.write(move |tx| keys.iter().map(|key| read_mails::try_mail(tx, key, now)).collect())
            .await
    }

    /// Free bytes on the disk of the database, and how many it has; `None` for one in memory, or when the system does not say.
    #[must_use]
    pub fn room(&self) -> Option<(u64, u64)> {
        self.readers.path().and_then(disk::room)
    }

    /// Takes back what [`Store::try_mails`] counted: reading them was not finished, and not for their own fault.
    pub async fn untry_mails(&self, keys: &[ContentKey]) -> Result<(), StoreError> {
        let keys = keys.to_vec();
        self.write(move |tx| keys.iter().try_for_each(|key| read_mails::untry_mail(tx, key)))
            .await
    }

    /// Puts what the write-ahead log holds into the database file, so that it is one file again. For the end of a process.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        let writer = self.writer.clone();
        blocking(move || writer.checkpoint()).await
    }

    /// How many groups were committed so far: against the number of commits, how well they share an fsync.
    #[must_use]
    pub fn groups(&self) -> u64 {
        self.writer.groups()
    }

    async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let written = self.writer.write(move |tx| Ok(work(tx)?)).await;
        written.map_err(|error| match error {
            CommitError::Store(error) => error,
            CommitError::Stale | CommitError::Known => StoreError::misfit(error.to_string()),
        })
    }
}

async fn answers(pending: Vec<Result<writer::Pending<()>, CommitError>>) -> Vec<Result<(), CommitError>> {
    let mut answers = Vec::with_capacity(pending.len());
    for one in pending {
        answers.push(match one {
            Ok(pending) => pending.answer().await,
            Err(error) => Err(error),
        });
    }
    answers
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(StoreError::other("opening the database was cut off")))
}
