//! Connections that wait for the next letter.
//!
//! lettre's pool bounds only what lies idle, asks NOOP before each use and takes a cancelled connection back in the
//! middle of DATA. This one bounds what is in use, asks nothing, and gets a connection back only from a transaction
//! that ended in order: dropping one is what happens by default.

use super::connection::Connection;
use crate::model::limits;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// The pool of one relay.
pub(super) struct Pool {
    idle: Mutex<VecDeque<(Connection, Instant)>>,
    places: Arc<Semaphore>,
}

impl Pool {
    /// A pool of at most `connections`.
    pub(super) fn new(connections: usize) -> Self {
        Self {
            idle: Mutex::default(),
            places: Arc::new(Semaphore::new(connections)),
        }
    }

    /// Waits for a place. `None` only when the pool is closed, which it never is.
    pub(super) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// The connection that was used last, if it is still fresh; those that are not are closed.
    pub(super) fn take(&self) -> Option<Connection> {
        let now = moment();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(_, since)| now.saturating_duration_since(*since) <= limits::CONNECTION_IDLE);
        idle.pop_back().map(|(connection, _)| connection)
    }

    /// Takes a connection back, unless it has carried enough; then it is returned to be closed politely.
    pub(super) fn put(&self, connection: Connection) -> Option<Connection> {
        if connection.mails >= limits::MAILS_A_CONNECTION {
            return Some(connection);
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push_back((connection, moment()));
        None
    }

    /// Everything that lies idle.
    pub(super) fn drain(&self) -> Vec<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.drain(..).map(|(connection, _)| connection).collect()
    }
}

/// The runtime's monotonic clock, which timeouts follow too: this is no time that anybody reads.
#[allow(clippy::disallowed_methods, reason = "monotonic, for idleness only")]
fn moment() -> Instant {
    Instant::now()
}
