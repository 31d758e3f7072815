//! A mailbox on a server, spoken to by IMAP.
//!
//! One connection, made when needed, used by one call at a time, and dropped at the first doubt: a failed, cancelled or timed-out
//! command leaves it in a state that nobody knows. Each call takes the connection out of [`Imap`] and puts it back only after
//! it went well, so dropping the future drops the connection. Waiting is the exception: see `idle`.
//!
//! Reading order: `connect` (until logged in), `exec` (one command), `budget` (below the parser), `folders`, `fetch`, `heads`,
//! `file`, `idle`, `back_off`.
//!
//! Standards: RFC 3501 as spoken by today's servers; IDLE, MOVE, UIDPLUS, ID where offered.
//! Known gaps: no XOAUTH2, no QRESYNC, one connection only.

mod again;
mod back_off;
mod budget;
mod connect;
mod exec;
mod fetch;
mod file;
mod folders;
mod heads;
mod idle;
mod lease;
mod leftover;
mod sets;

use super::{Fetched, Filing, InboxError, Note, Place, Watermark, Woken};
use crate::model::limits;
use back_off::BackOff;
use exec::Connection;
use jiff::Timestamp;
use leftover::Leftovers;
use secrecy::SecretString;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How to reach a mailbox.
#[derive(Clone)]
pub struct Settings {
    /// Name or address of the server; the name is checked against its certificate.
    pub host: String,
    /// Its port: 993 for TLS, 143 for STARTTLS.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The login name.
    pub user: String,
    /// Password or app password.
    pub secret: SecretString,
    /// Folders to read beside INBOX, by the names people see; those that do not exist are left out.
    pub folders: Vec<String>,
    /// The folder with what was sent from this mailbox, where it bears no usual name and no mark.
    pub sent: Option<String>,
    /// A PEM file with the only authorities to trust; without it those of the machine are trusted.
    pub ca_file: Option<PathBuf>,
}

/// How the connection to a server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS, mandatory.
    Starttls,
    /// Nothing: only to loopback addresses.
    None,
}

/// A mailbox on a server.
pub struct Imap {
    settings: Settings,
    connection: Option<Connection>,
    back_off: BackOff,
    /// How far each folder was read in this process; filing and waiting compare with it.
    read: HashMap<String, Watermark>,
    /// The last batch was refused as a whole: fetch mail by mail.
    singly: bool,
    /// What was taken in and not filed.
    leftovers: Leftovers,
    /// Nothing is ever changed in it.
    read_only: bool,
}

impl Imap {
    /// A mailbox that is not connected yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            connection: None,
            back_off: BackOff::default(),
            read: HashMap::new(),
            singly: false,
            leftovers: Leftovers::default(),
            read_only: false,
        }
    }

    /// A mailbox that is only looked at: every folder is opened by EXAMINE, and nothing is filed.
    #[must_use]
    pub fn watched(settings: Settings) -> Self {
        Self {
            read_only: true,
            ..Self::new(settings)
        }
    }

    pub(super) async fn folders(&mut self) -> Result<Vec<String>, InboxError> {
        let mut connection = self.take().await?;
        let listed = folders::list(&mut connection).await;
        let listed = self.settle(connection, listed)?;
        if listed.find("INBOX").is_none() {
            return Err(InboxError::setup("the account has no INBOX").at(&self.place()));
        }
        let mut folders = vec!["INBOX".to_owned()];
        for folder in &self.settings.folders {
            let known = folders.contains(folder) || folder.eq_ignore_ascii_case("INBOX");
            if !known && listed.find(folder).is_some() {
                folders.push(folder.clone());
            }
        }
        if !self.read_only {
            folders.iter().for_each(|folder| self.leftovers.begin(folder));
        }
        Ok(folders)
    }

    pub(super) async fn sent(&mut self) -> Result<Option<String>, InboxError> {
        let mut connection = self.take().await?;
        let listed = folders::list(&mut connection).await;
        let listed = self.settle(connection, listed)?;
        let usual = folders::SENT.map(str::to_owned);
        let mut named = self.settings.sent.iter().chain(&usual);
        Ok(named.find(|name| listed.find(name).is_some()).cloned())
    }

    pub(super) async fn fetch(&mut self, folder: &str, after: Watermark) -> Result<Fetched, InboxError> {
        let mut connection = self.take().await?;
        let from = self.leftovers.after(folder, after);
        let fetched = fetch::fetch(&mut connection, folder, from, self.singly).await;
        self.singly = match &fetched {
            Ok(fetched) => self.singly && fetched.more,
            Err(error) => self.singly || error.is_refusal(),
        };
        let fetched = match fetched {
            Ok(fetched) => self.with_leftovers(&mut connection, folder, after, fetched).await,
            Err(error) => Err(error),
        };
        let fetched = self.settle(connection, fetched)?;
        self.read.insert(folder.to_owned(), fetched.watermark);
        Ok(fetched)
    }

    /// What was fetched, and whether mails that were never filed come next.
    async fn with_leftovers(
        &mut self,
        connection: &mut Connection,
        folder: &str,
        after: Watermark,
        fetched: Fetched,
    ) -> Result<Fetched, InboxError> {
        if fetched.watermark.validity != after.validity {
            return Ok(fetched);
        }
        self.leftovers.came_to(folder, fetched.watermark.last, after);
        let left = self.leftovers.look(connection, folder, after).await?;
        Ok(Fetched {
            more: fetched.more || left,
            ..fetched
        })
    }

    pub(super) async fn file(&mut self, folder: &str, places: &[Place], into: Filing) -> Result<(), InboxError> {
        if self.read_only {
            return Err(InboxError::setup("a watched mailbox is not changed").at(&self.place()));
        }
        let uids = uids(places);
        let Some(read) = self.read.get(folder).copied().filter(|_| !uids.is_empty()) else {
            return Ok(());
        };
        let mut connection = self.take().await?;
        match file::file(&mut connection, folder, &uids, read.validity, into).await {
            // A mailbox that is full or read-only can still be read: reading must not wait for it.
            Err(error) if error.is_refusal() => {
                self.leftovers.refused(folder);
                Err(error.at(&self.place()))
            }
            other => {
                self.leftovers.filed(folder);
                self.settle(connection, other)
            }
        }
    }

    pub(super) async fn bring_back(&mut self, since: Timestamp) -> Result<usize, InboxError> {
        let mut connection = self.take().await?;
        let brought = again::bring_back(&mut connection, since).await;
        self.settle(connection, brought)
    }

    pub(super) async fn leases(&mut self) -> Result<Vec<Note>, InboxError> {
        let mut connection = self.take().await?;
        let notes = lease::read(&mut connection).await;
        self.settle(connection, notes)
    }

    pub(super) async fn write_lease(&mut self, text: &str, instead_of: &[Place]) -> Result<(), InboxError> {
        let mut connection = self.take().await?;
        match lease::write(&mut connection, text, &uids(instead_of)).await {
            // A mailbox that is full or read-only can still be read.
            Err(error) if error.is_refusal() => Err(error.at(&self.place())),
            other => self.settle(connection, other),
        }
    }

    pub(super) async fn wait(&mut self, at_most: Duration) -> Result<Woken, InboxError> {
        let at_most = at_most.min(limits::IDLE);
        let until = Instant::now() + at_most;
        if !self.is_idling(at_most) {
            let mut connection = self.take().await?;
            let prepared = self.prepare(&mut connection).await;
            let ready = self.settle(connection, prepared)?;
            if let Some(woken) = ready {
                return Ok(woken);
            }
        }
        let heard = match &mut self.connection {
            Some(connection) if connection.idling.is_some() => idle::listen(connection, until).await,
            _ => {
                sleep(until.saturating_duration_since(Instant::now())).await;
                return Ok(Woken::ByTime);
            }
        };
        heard.map_err(|error| {
            self.connection = None;
            self.fail(error)
        })
    }

    /// Selects INBOX and starts an IDLE, unless there is news already.
    async fn prepare(&mut self, connection: &mut Connection) -> Result<Option<Woken>, InboxError> {
        let state = match &connection.selected {
            Some((folder, state)) if folder == "INBOX" => *state,
            _ => fetch::select(connection, "INBOX").await?,
        };
        let read = self.read.get("INBOX").copied().unwrap_or_default();
        let unread = state.next.is_some_and(|next| next.saturating_sub(1) > read.last);
        if connection.news || unread || read.validity != state.validity {
            return Ok(Some(Woken::ByMail));
        }
        if connection.can.idle {
            idle::start(connection).await?;
        }
        Ok(connection.news.then_some(Woken::ByMail))
    }

    fn is_idling(&self, coming: Duration) -> bool {
        let idling = |connection: &Connection| connection.idling.is_some() && !idle::grows_old(connection, coming);
        self.connection.as_ref().is_some_and(idling)
    }

    /// A connection that takes commands: the one there is, or a new one if it is time to try.
    async fn take(&mut self) -> Result<Connection, InboxError> {
        self.back_off.check()?;
        let connection = match self.connection.take() {
            Some(mut connection) => idle::end(&mut connection).await.map(|()| connection),
            None => connect::connect(&self.settings).await.map(|connection| Connection {
                read_only: self.read_only,
                ..connection
            }),
        };
        connection.map_err(|error| self.fail(error))
    }

    /// Keeps the connection after a success, drops it after anything else.
    fn settle<T>(&mut self, connection: Connection, result: Result<T, InboxError>) -> Result<T, InboxError> {
        match result {
            Ok(value) => {
                self.back_off.worked();
                self.connection = Some(connection);
                Ok(value)
            }
            Err(error) => Err(self.fail(error)),
        }
    }

    fn fail(&mut self, error: InboxError) -> InboxError {
        let error = error.at(&self.place());
        self.back_off.failed(error)
    }

    fn place(&self) -> String {
        format!("{}:{}", self.settings.host, self.settings.port)
    }
}

/// The UIDs among them, rising, each once.
fn uids(places: &[Place]) -> Vec<u32> {
    let uid = |place: &Place| match place {
        Place::Uid(uid) => Some(*uid),
        Place::File(_) | Place::Slot(_) => None,
    };
    let mut uids: Vec<u32> = places.iter().filter_map(uid).collect();
    uids.sort_unstable();
    uids.dedup();
    uids
}
