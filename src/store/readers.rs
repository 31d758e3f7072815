//! The connections that only read. With WAL they never wait for the writer, nor it for them.

use super::error::StoreError;
use super::sqlite;
use super::tx::Tx;
use super::writer::hold;
use crate::model::limits;
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// Where queries are asked; clones share it.
#[derive(Clone)]
pub(super) enum Readers {
    /// A file: connections are opened when they are needed first.
    File(Arc<Pool>),
    /// Memory belongs to one connection, the writer's.
    Memory(Arc<Mutex<Connection>>),
    /// The same, asked by the caller itself and not by a thread ([`super::Rehearsal`]).
    ByCaller(Arc<Mutex<Connection>>),
}

pub(super) struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn of_file(path: PathBuf) -> Self {
        Self::File(Arc::new(Pool {
            path,
            idle: Mutex::default(),
            places: Arc::new(Semaphore::new(limits::READERS)),
        }))
    }

    /// The file; `None` for memory.
    pub(super) fn path(&self) -> Option<&std::path::Path> {
        match self {
            Self::File(pool) => Some(&pool.path),
            Self::Memory(_) | Self::ByCaller(_) => None,
        }
    }

    /// Asks in one picture of the database, however many queries `ask` makes.
    pub(super) async fn read<T, A>(&self, ask: A) -> Result<T, StoreError>
    where
        T: Send + 'static,
        A: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        if let Self::ByCaller(connection) = self {
            // Nobody else has this connection, so that what it shows is one picture anyway.
            return ask(&Tx::on(&hold(connection)));
        }
        let readers = self.clone();
        // Waited for here and not in the blocking thread, so that waiting blocks no thread; given back there, so that a
        // caller that goes away does not make room for more connections than there may be.
        let place = match self {
            Self::File(pool) => Arc::clone(&pool.places).acquire_owned().await.ok(),
            Self::Memory(_) | Self::ByCaller(_) => None,
        };
        let answer = move || {
            let answer = readers.ask(ask);
            drop(place);
            answer
        };
        tokio::task::spawn_blocking(answer)
            .await
            .unwrap_or_else(|_| Err(StoreError::other("a question to the database was cut off")))
    }

    fn ask<T>(&self, ask: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match self {
            Self::File(pool) => {
                let idle = hold(&pool.idle).pop();
                let connection = idle.map_or_else(|| sqlite::open_reader(&pool.path), Ok)?;
                let answer = in_one_picture(&connection, ask);
                hold(&pool.idle).push(connection);
                answer
            }
            Self::Memory(connection) | Self::ByCaller(connection) => in_one_picture(&hold(connection), ask),
        }
    }
}

fn in_one_picture<T>(
    connection: &Connection,
    ask: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    sqlite::begin_reading(connection)?;
    let answer = ask(&Tx::on(connection));
    sqlite::rollback(connection);
    answer
}
