//! The one writer: what waits together is committed together.
//!
//! A commit costs an fsync, whatever is in it. So each caller queues its work, and whoever finds the writer idle makes it
//! work: it takes all that waits, up to `limits::GROUP`, into one transaction, each batch behind a savepoint of its own so
//! that a stale one is undone alone, and answers after the one COMMIT. While that fsync runs, the next group gathers.
//!
//! Two things are waited for, by a moment shorter than the fsync that it saves: callers who came together last time and are
//! about to come again ([`limits::GATHER`]), and company for what a server has answered already ([`Haste::Patient`],
//! [`limits::PATIENCE`]). The patient also let one group of others go before them: a connection stands still for each of
//! those, and for these none does. Who is alone waits for nobody.
//!
//! It runs on tokio's blocking threads: with a thread of its own, a paused clock would run ahead of it (tests, rehearsals).

use super::error::{CommitError, StoreError};
use super::sqlite;
use super::tx::Tx;
use crate::model::limits;
use rusqlite::Connection;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

/// The writer; clones share it.
#[derive(Clone)]
pub(super) struct Writer {
    desk: Arc<Desk>,
}

struct Desk {
    connection: Arc<Mutex<Connection>>,
    queue: Mutex<Queue>,
    /// Something joined the queue while somebody is at work.
    joined: Condvar,
    /// Places in the queue: callers wait for one.
    places: Arc<Semaphore>,
    groups: AtomicU64,
    /// Whether each caller does its work itself, at once ([`super::Rehearsal`]).
    by_caller: bool,
}

/// Whether others may go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Haste {
    /// It is in the next group.
    Now,
    /// It waits for company, and is in the next group but one at the latest.
    Patient,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn Job>>,
    patient: VecDeque<Box<dyn Job>>,
    /// Whether the last group went before who is patient.
    passed: bool,
    /// How many in haste the last group had.
    together: usize,
    /// Whether somebody is at work.
    at_work: bool,
}

/// One caller's work.
trait Job: Send {
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), CommitError>;
    fn answer(self: Box<Self>, group: Result<(), StoreError>);
}

struct Order<T, W> {
    work: Option<W>,
    result: Option<Result<T, CommitError>>,
    reply: oneshot::Sender<Result<T, CommitError>>,
    _place: OwnedSemaphorePermit,
}

impl<T: Send, W> Job for Order<T, W>
where
    W: FnOnce(&Tx<'_>) -> Result<T, CommitError> + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> Result<(), CommitError> {
        let Some(work) = self.work.take() else { return Ok(()) };
        let result = work(tx);
        let outcome = result.as_ref().map(drop).map_err(Clone::clone);
        self.result = Some(result);
        outcome
    }

    /// When the group failed so did everything in it, `Stale` and `Known` too: they may have seen what was then undone.
    fn answer(self: Box<Self>, group: Result<(), StoreError>) {
        let result = match (group, self.result) {
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(stopped().into()),
            (Err(error), _) => Err(error.into()),
        };
        // A caller that went away does not want to know.
        self.reply.send(result).ok();
    }
}

/// An answer to come.
pub(super) struct Pending<T> {
    answer: oneshot::Receiver<Result<T, CommitError>>,
    by_caller: bool,
}

impl<T> Pending<T> {
    pub(super) async fn answer(self) -> Result<T, CommitError> {
        if self.by_caller {
            tokio::task::yield_now().await;
        }
        self.answer.await.unwrap_or_else(|_| Err(stopped().into()))
    }
}

fn stopped() -> StoreError {
    StoreError::other("the writer stopped in the middle: look at the log, then start again")
}

impl Writer {
    pub(super) fn new(connection: Arc<Mutex<Connection>>) -> Self {
        Self::seated(connection, false)
    }

    /// A writer whose callers do its work themselves: no other thread, so the same calls give the same order each time.
    /// A caller gives way before and after, as it would to a thread.
    pub(super) fn by_callers(connection: Arc<Mutex<Connection>>) -> Self {
        Self::seated(connection, true)
    }

    fn seated(connection: Arc<Mutex<Connection>>, by_caller: bool) -> Self {
        let desk = Desk {
            connection,
            queue: Mutex::default(),
            joined: Condvar::new(),
            places: Arc::new(Semaphore::new(limits::QUEUE)),
            groups: AtomicU64::new(0),
            by_caller,
        };
        Self { desk: Arc::new(desk) }
    }

    /// How many groups were committed so far.
    pub(super) fn groups(&self) -> u64 {
        self.desk.groups.load(Ordering::Relaxed)
    }

    /// Cuts the write-ahead log back to nothing.
    pub(super) fn checkpoint(&self) -> Result<(), StoreError> {
        sqlite::checkpoint(&self.lend())
    }

    /// The connection, while nobody writes.
    pub(super) fn lend(&self) -> MutexGuard<'_, Connection> {
        hold(&self.desk.connection)
    }

    /// The connection itself, to make it misbehave.
    #[cfg(test)]
    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        hold(&self.desk.connection)
    }

    /// Does `work` in a transaction. Once queued it is done whether or not the caller waits.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, CommitError>
    where
        T: Send + 'static,
        W: FnOnce(&Tx<'_>) -> Result<T, CommitError> + Send + 'static,
    {
        self.queue(work, Haste::Now).await?.answer().await
    }

    /// Queues `work`; waits only for a place in the queue.
    pub(super) async fn queue<T, W>(&self, work: W, haste: Haste) -> Result<Pending<T>, CommitError>
    where
        T: Send + 'static,
        W: FnOnce(&Tx<'_>) -> Result<T, CommitError> + Send + 'static,
    {
        let by_caller = self.desk.by_caller;
        if by_caller {
            tokio::task::yield_now().await;
        }
        let place = Arc::clone(&self.desk.places).acquire_owned().await;
        let (reply, answer) = oneshot::channel();
        let order = Order {
            work: Some(work),
            result: None,
            reply,
            _place: place.map_err(|_| stopped())?,
        };
        let idle = {
            let mut queue = hold(&self.desk.queue);
            match haste {
                Haste::Now => queue.waiting.push_back(Box::new(order)),
                Haste::Patient => queue.patient.push_back(Box::new(order)),
            }
            !std::mem::replace(&mut queue.at_work, true)
        };
        self.desk.joined.notify_one();
        if idle {
            let turn = Turn {
                desk: Arc::clone(&self.desk),
                over: false,
            };
            if by_caller {
                turn.work();
            } else {
                drop(tokio::task::spawn_blocking(move || turn.work()));
            }
        }
        Ok(Pending { answer, by_caller })
    }
}

/// Somebody's turn at the desk, until nothing waits. When it ends in any other way, because the runtime shuts down, who
/// waits is told by the drop of their orders, and the next caller finds the desk free.
struct Turn {
    desk: Arc<Desk>,
    over: bool,
}

impl Turn {
    fn work(mut self) {
        let desk = Arc::clone(&self.desk);
        loop {
            desk.gather();
            // The connection first, then the queue: what comes while others use the connection joins the group.
            let connection = hold(&desk.connection);
            let Some(mut group) = desk.next_group() else {
                self.over = true;
                return;
            };
            let outcome = catch_unwind(AssertUnwindSafe(|| commit_group(&connection, &mut group)))
                .unwrap_or_else(|_| Err(stopped()));
            // An error or a panic in the middle of a group leaves its transaction open.
            sqlite::rollback(&connection);
            drop(connection);
            desk.groups.fetch_add(u64::from(outcome.is_ok()), Ordering::Relaxed);
            for job in group {
                job.answer(outcome.clone());
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.over {
            let mut queue = hold(&self.desk.queue);
            queue.at_work = false;
            queue.waiting.clear();
            queue.patient.clear();
        }
    }
}

impl Desk {
    /// Gives those who are about to come their moment. Callers that do the work themselves come one by one.
    fn gather(&self) {
        if self.by_caller {
            return;
        }
        let queue = hold(&self.queue);
        let (most, patience) = (limits::GROUP, limits::PATIENCE);
        let only_patient =
            |queue: &mut Queue| queue.waiting.is_empty() && !queue.patient.is_empty() && queue.patient.len() < most;
        let waited = self.joined.wait_timeout_while(queue, patience, only_patient);
        let (queue, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let some_are_missing =
            |queue: &mut Queue| !queue.waiting.is_empty() && queue.waiting.len() < queue.together.min(most);
        drop(self.joined.wait_timeout_while(queue, limits::GATHER, some_are_missing));
    }

    /// What waits, bounded; `None` ends the turn.
    fn next_group(&self) -> Option<Vec<Box<dyn Job>>> {
        let mut queue = hold(&self.queue);
        let patient = queue.patient.len();
        queue.passed = patient > 0 && !queue.waiting.is_empty() && !queue.passed;
        let patient = if queue.passed { 0 } else { patient.min(limits::GROUP) };
        // Who was patient has its place; the others follow in the same group.
        let many = queue.waiting.len().min(limits::GROUP.saturating_sub(patient));
        if many > 0 {
            queue.together = many;
        }
        if many == 0 && patient == 0 {
            queue.at_work = false;
            return None;
        }
        let mut group: Vec<Box<dyn Job>> = queue.patient.drain(..patient).collect();
        group.extend(queue.waiting.drain(..many));
        Some(group)
    }
}

fn commit_group(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    sqlite::begin(connection)
        .and_then(|()| group.iter_mut().try_for_each(|job| run_job(connection, job.as_mut())))
        .and_then(|()| sqlite::commit(connection))
}

/// Runs one job behind its savepoint. An error here is the whole group's.
fn run_job(connection: &Connection, job: &mut dyn Job) -> Result<(), StoreError> {
    sqlite::mark(connection)?;
    match job.run(&Tx::on(connection)) {
        Ok(()) => sqlite::keep(connection),
        // After some errors (disk full, I/O) SQLite has undone the whole transaction, and with it who came before.
        Err(error) if connection.is_autocommit() => Err(match error {
            CommitError::Store(error) => error,
            CommitError::Stale | CommitError::Known => stopped(),
        }),
        Err(_) => sqlite::undo(connection),
    }
}

/// A lock whose holder panicked is as good as any other: what was left open is rolled back before the next use.
pub(super) fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
