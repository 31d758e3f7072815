//! A mailbox in memory, shared by its clones: one end delivers and looks, the other is read by the bot.

use super::{Fetched, Filing, InboxError, Note, Place, RawMail, Watermark, Woken, portion};
use crate::model::limits;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// The folder with what was sent.
const SENT: &str = "Sent";

/// A mailbox in memory.
#[derive(Clone, Default)]
pub struct Memory {
    state: Arc<Mutex<State>>,
    arrived: Arc<Notify>,
}

struct State {
    validity: u32,
    last: u32,
    folders: BTreeMap<String, Vec<Slot>>,
    filed: Vec<(Filing, Slot)>,
    leases: Vec<(u64, Vec<u8>)>,
    news: bool,
    failure: Option<InboxError>,
    keeps: bool,
    sent_apart: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            validity: 1,
            last: 0,
            folders: BTreeMap::from([("INBOX".to_owned(), Vec::new())]),
            filed: Vec::new(),
            leases: Vec::new(),
            news: false,
            failure: None,
            keeps: false,
            sent_apart: false,
        }
    }
}

#[derive(Clone)]
struct Slot {
    number: u32,
    bytes: Vec<u8>,
    received: Option<Timestamp>,
}

impl Memory {
    /// An empty mailbox with an INBOX.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked while holding the lock left whole values behind: every change is one push or one remove.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn working(&self) -> Result<MutexGuard<'_, State>, InboxError> {
        let state = self.state();
        match &state.failure {
            Some(failure) => Err(failure.clone()),
            None => Ok(state),
        }
    }

    /// Puts a mail into a folder, which is made when missing.
    pub fn deliver(&self, folder: &str, bytes: impl Into<Vec<u8>>, received: Option<Timestamp>) {
        let mut state = self.state();
        state.last = state.last.saturating_add(1);
        let slot = Slot {
            number: state.last,
            bytes: bytes.into(),
            received,
        };
        state.folders.entry(folder.to_owned()).or_default().push(slot);
        if folder == "INBOX" {
            state.news = true;
            self.arrived.notify_one();
        }
    }

    /// The mails that were filed there, in order.
    #[must_use]
    pub fn filed(&self, into: Filing) -> Vec<Vec<u8>> {
        let state = self.state();
        let there = state.filed.iter().filter(|(filing, _)| *filing == into);
        there.map(|(_, slot)| slot.bytes.clone()).collect()
    }

    /// The mails that lie in a folder and are not filed.
    #[must_use]
    pub fn unfiled(&self, folder: &str) -> Vec<Vec<u8>> {
        let state = self.state();
        let slots = state.folders.get(folder).into_iter().flatten();
        slots.map(|slot| slot.bytes.clone()).collect()
    }

    /// Makes every call fail like this, until told otherwise: a server that is gone.
    pub fn fail_with(&self, failure: Option<InboxError>) {
        self.state().failure = failure;
        self.arrived.notify_one();
    }

    /// Refuses to file, until told otherwise: a mailbox that is full or read-only.
    pub fn keep_all(&self, keeps: bool) {
        self.state().keeps = keeps;
    }

    /// Gives every mail a new number, as a restored server does: watermarks are worthless afterwards.
    pub fn renumber(&self) {
        let mut state = self.state();
        state.validity = state.validity.saturating_add(1);
        let mut next = 0_u32;
        for slot in state.folders.values_mut().flatten() {
            next = next.saturating_add(1);
            slot.number = next;
        }
        state.last = next;
    }

    /// Leaves the folder "Sent" out of those that are read: a mailbox whose copies nobody asked for.
    pub fn keep_sent_apart(&self) {
        self.state().sent_apart = true;
    }

    pub(super) fn sent(&self) -> Result<Option<String>, InboxError> {
        let there = self.working()?.folders.contains_key(SENT);
        Ok(there.then(|| SENT.to_owned()))
    }

    pub(super) fn folders(&self) -> Result<Vec<String>, InboxError> {
        let state = self.working()?;
        let read = |name: &&String| *name != "INBOX" && (*name != SENT || !state.sent_apart);
        let others = state.folders.keys().filter(read);
        Ok(std::iter::once("INBOX".to_owned()).chain(others.cloned()).collect())
    }

    pub(super) fn fetch(&self, folder: &str, after: Watermark) -> Result<Fetched, InboxError> {
        let mut state = self.working()?;
        if folder == "INBOX" {
            state.news = false;
        }
        let validity = state.validity;
        let renumbered = after.validity != 0 && after.validity != validity;
        let start = if after.validity == validity { after.last } else { 0 };
        let mut fetched = Fetched {
            renumbered,
            watermark: Watermark { validity, last: start },
            ..Fetched::default()
        };
        let mut bytes = 0;
        let slots = state.folders.get(folder).into_iter().flatten();
        for slot in slots.filter(|slot| slot.number > start) {
            bytes += portion(slot.bytes.len() as u64);
            let full = fetched.mails.len() >= limits::FETCH_BATCH || bytes > limits::FETCH_BYTES;
            if full && !fetched.mails.is_empty() {
                fetched.more = true;
                break;
            }
            fetched.watermark.last = slot.number;
            fetched.mails.push(slot.mail(fetched.watermark));
        }
        if !fetched.more {
            fetched.watermark.last = state.last.max(start);
        }
        Ok(fetched)
    }

    pub(super) fn extent(&self, folder: &str) -> Result<super::Extent, InboxError> {
        let mut state = self.working()?;
        if folder == "INBOX" {
            state.news = false;
        }
        let exists = state.folders.get(folder).map_or(0, Vec::len);
        Ok(super::Extent {
            validity: state.validity,
            highest: state.last,
            exists: u32::try_from(exists).unwrap_or(u32::MAX),
        })
    }

    pub(super) fn heads(
        &self,
        folder: &str,
        extent: &super::Extent,
        above: u32,
        below: u32,
    ) -> Result<super::Heads, InboxError> {
        let state = self.working()?;
        if state.validity != extent.validity {
            return Err(InboxError::protocol("a folder was renumbered while it was looked at"));
        }
        let most = usize::try_from(limits::HEADS).unwrap_or(usize::MAX);
        let slots = state.folders.get(folder).into_iter().flatten().rev();
        let window = slots.filter(|slot| (above.saturating_add(1)..below).contains(&slot.number));
        let heads: Vec<super::Head> = window.take(most).map(Slot::head).collect();
        let full = heads.len() == most;
        let lowest = heads.last().map(|head| head.uid).filter(|_| full);
        Ok(super::Heads {
            heads,
            down_to: lowest.unwrap_or(above.saturating_add(1)),
        })
    }

    pub(super) fn file(&self, folder: &str, places: &[Place], into: Filing) -> Result<(), InboxError> {
        let mut state = self.working()?;
        let state = &mut *state;
        if state.keeps {
            return Err(InboxError::refused("the mailbox is read-only"));
        }
        let Some(slots) = state.folders.get_mut(folder) else {
            return Ok(());
        };
        for place in places {
            let found = slots
                .iter()
                .position(|slot| *place == Place::Slot(u64::from(slot.number)));
            if let Some(index) = found {
                state.filed.push((into, slots.remove(index)));
            }
        }
        Ok(())
    }

    pub(super) fn bring_back(&self, since: Timestamp) -> Result<usize, InboxError> {
        let mut state = self.working()?;
        let lately = |slot: &Slot| slot.received.is_none_or(|at| at >= since);
        let (back, stay): (Vec<_>, Vec<_>) = std::mem::take(&mut state.filed)
            .into_iter()
            .partition(|(_, slot)| lately(slot));
        state.filed = stay;
        let many = back.len();
        for (_, slot) in back {
            state.last = state.last.saturating_add(1);
            let number = state.last;
            let inbox = state.folders.entry("INBOX".to_owned()).or_default();
            inbox.push(Slot { number, ..slot });
        }
        Ok(many)
    }

    pub(super) fn leases(&self) -> Result<Vec<Note>, InboxError> {
        let state = self.working()?;
        let note = |(number, text): &(u64, Vec<u8>)| Note {
            place: Place::Slot(*number),
            text: text.clone(),
            received: None,
        };
        Ok(state.leases.iter().map(note).collect())
    }

    pub(super) fn write_lease(&self, text: &str, instead_of: &[Place]) -> Result<(), InboxError> {
        let mut state = self.working()?;
        let number = state.leases.last().map_or(1, |(last, _)| last.saturating_add(1));
        state.leases.push((number, text.as_bytes().to_vec()));
        state
            .leases
            .retain(|(number, _)| !instead_of.contains(&Place::Slot(*number)));
        Ok(())
    }

    pub(super) async fn wait(&self, at_most: Duration) -> Result<Woken, InboxError> {
        let until = Instant::now() + at_most;
        while !self.working()?.news {
            if timeout_at(until, self.arrived.notified()).await.is_err() {
                return Ok(Woken::ByTime);
            }
        }
        Ok(Woken::ByMail)
    }
}

impl Slot {
    fn head(&self) -> super::Head {
        let (bytes, cut) = super::heads::header_of(&self.bytes);
        super::Head {
            uid: self.number,
            place: Place::Slot(u64::from(self.number)),
            bytes,
            size: self.bytes.len() as u64,
            received: self.received,
            cut,
        }
    }

    fn mail(&self, watermark: Watermark) -> RawMail {
        let size = self.bytes.len() as u64;
        let portion = usize::try_from(portion(size)).unwrap_or(self.bytes.len());
        RawMail {
            place: Place::Slot(u64::from(self.number)),
            bytes: self.bytes.get(..portion).unwrap_or(&self.bytes).to_vec(),
            size,
            whole: portion == self.bytes.len(),
            received: self.received,
            watermark,
        }
    }
}
