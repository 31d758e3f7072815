//! SMTP submission to one relay, phase by phase, over lettre's connection.
//!
//! Read in this order: transaction (what each answer means), connection (one thing asked, one answer, in time), line
//! (what lies under lettre and why), reply (answers read), pool, dial (TCP and TLS), settings.
//!
//! Standards: RFC 5321, RFC 6409 (submission), RFC 8314. One recipient a transaction, one transaction a letter.
//! Known gaps: no CHUNKING, no DSN parameters, no XOAUTH2.

mod connection;
mod dial;
mod line;
mod offers;
mod pool;
mod reply;
mod setback;
mod settings;
mod transaction;

pub use settings::{Security, Settings};

use super::{Trouble, wire};
use crate::model::{Letter, Phase, Receipt};
use connection::Connection;
use pool::Pool;
use setback::Setback;
use std::future::Future;
use std::sync::Arc;
use tokio::sync::{OnceCell, OwnedSemaphorePermit};
use tokio_rustls::rustls::ClientConfig;
use transaction::After;

/// A relay, and the connections to it; clones share them.
#[derive(Clone)]
pub struct Smtp(Arc<Relay>);

struct Relay {
    settings: Settings,
    pool: Pool,
    trust: OnceCell<Arc<ClientConfig>>,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smtp({:?})", self.0.settings)
    }
}

impl Smtp {
    /// An outbox to the relay of `settings`. Nothing is connected yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let pool = Pool::new(settings.connections());
        let trust = OnceCell::new();
        Self(Arc::new(Relay { settings, pool, trust }))
    }

    /// See [`super::Outbox::send`].
    pub(super) async fn send<G, F>(&self, letter: &Letter, gate: G) -> Receipt
    where
        G: FnOnce() -> F,
        F: Future<Output = bool>,
    {
        let content = match wire::canonical(&letter.bytes) {
            Ok(content) => content,
            Err(unfit) => return unfit.receipt(),
        };
        let Some(place) = self.0.pool.place().await else {
            let why = "the outbox is closed".to_owned();
            let phase = Phase::Connect;
            return Receipt::Unreached { phase, why };
        };
        let mut connection = match self.begin(letter, &content).await {
            Ok(connection) => connection,
            Err(receipt) => return receipt,
        };
        let (receipt, after) = transaction::finish(&mut connection, letter, &content, gate).await;
        self.put_back(connection, after, place);
        receipt
    }

    /// A connection that has taken MAIL. One that lay idle may have been closed meanwhile; since nothing was accepted
    /// over it, a new one is tried at once, and only once.
    async fn begin(&self, letter: &Letter, content: &[u8]) -> Result<Connection, Receipt> {
        if let Some(mut idle) = self.0.pool.take() {
            match self.mail(&mut idle, letter, content).await {
                Ok(()) => return Ok(idle),
                Err(Stop::Setback(setback)) if setback.is_unheard() => drop(idle),
                Err(stop) => return Err(self.stop(idle, stop).await),
            }
        }
        let mut fresh = self.open().await.map_err(Setback::receipt)?;
        match self.mail(&mut fresh, letter, content).await {
            Ok(()) => Ok(fresh),
            Err(stop) => Err(self.stop(fresh, stop).await),
        }
    }

    async fn mail(&self, connection: &mut Connection, letter: &Letter, content: &[u8]) -> Result<(), Stop> {
        if let Some(receipt) = transaction::unfit_for(connection, letter, content) {
            return Err(Stop::Unfit(receipt));
        }
        transaction::begin(connection, letter, content)
            .await
            .map_err(Stop::Setback)
    }

    async fn stop(&self, mut connection: Connection, stop: Stop) -> Receipt {
        let (receipt, after) = match stop {
            Stop::Unfit(receipt) => (receipt, After::Keep),
            Stop::Setback(setback) => transaction::give_up(&mut connection, setback).await,
        };
        if after == After::Keep {
            drop(self.0.pool.put(connection));
        }
        receipt
    }

    async fn open(&self) -> Result<Connection, Setback> {
        let settings = &self.0.settings;
        if settings.security == Security::None {
            return Connection::open(settings, None).await;
        }
        let trust = self.0.trust.get_or_try_init(|| dial::trust(settings)).await;
        let trust = trust.map_err(|error| Setback::lost(Phase::Connect, error.to_string()))?;
        Connection::open(settings, Some(trust)).await
    }

    fn put_back(&self, connection: Connection, after: After, place: OwnedSemaphorePermit) {
        if after == After::Drop {
            return;
        }
        if let Some(tired) = self.0.pool.put(connection) {
            // The letter is done; its caller need not wait for the goodbye, the next connection should.
            tokio::spawn(async move {
                tired.quit().await;
                drop(place);
            });
        }
    }

    /// See [`super::Outbox::check`].
    pub(super) async fn check(&self) -> Result<String, Trouble> {
        let connection = self.open().await.map_err(|setback| {
            let later = setback.may_pass();
            Trouble::of(setback.receipt(), later)
        })?;
        let secured = match self.0.settings.security {
            Security::Tls => "TLS",
            Security::Starttls => "STARTTLS",
            Security::None => "without TLS on this machine",
        };
        let login = match self.0.settings.login {
            Some(_) => "logged in",
            None => "no login",
        };
        let offers = connection.offers.lines.join(", ");
        connection.quit().await;
        Ok(format!("{secured}, {login}; offers {offers}"))
    }

    /// See [`super::Outbox::close`].
    pub(super) async fn close(&self) {
        futures_util::future::join_all(self.0.pool.drain().into_iter().map(Connection::quit)).await;
    }
}

/// Why a letter came no further than MAIL.
enum Stop {
    /// This server cannot carry it; nothing was said.
    Unfit(Receipt),
    /// What the server said, or did not say.
    Setback(Setback),
}
