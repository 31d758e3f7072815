//! The bot's mailbox on a server that may go away, refuse, renumber, and bring old mail back.

use super::fault::When;
use super::town::Shared;
use crate::inbox::{Fetched, Filing, InboxError, Place, Play, Playing, RawMail, Watermark};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// Filed mails that are kept for a restore.
const KEPT: usize = 60;

/// The mailbox as it lies on the server.
pub(super) struct Mailbox {
    validity: u32,
    last: u32,
    folders: BTreeMap<&'static str, Vec<Lying>>,
    filed: VecDeque<Lying>,
    batch: usize,
    only_flags: bool,
    pub away_until: i64,
    pub unfiled_until: i64,
    pub cut_in: Option<u32>,
}

struct Lying {
    uid: u32,
    bytes: Vec<u8>,
    beyond: u64,
    received: Timestamp,
}

impl Mailbox {
    pub(super) fn new(batch: usize, only_flags: bool, copies: bool) -> Self {
        let sent = copies.then_some("Sent");
        let names = ["INBOX", "Junk"].into_iter().chain(sent);
        Self {
            validity: 1,
            last: 0,
            folders: names.map(|name| (name, Vec::new())).collect(),
            filed: VecDeque::new(),
            batch: batch.max(1),
            only_flags,
            away_until: 0,
            unfiled_until: 0,
            cut_in: None,
        }
    }

    /// A mail lies in a folder from now on.
    pub(super) fn lay(&mut self, folder: &'static str, bytes: Vec<u8>, beyond: u64, received: Timestamp) {
        self.last = self.last.saturating_add(1);
        let lying = Lying {
            uid: self.last,
            bytes,
            beyond,
            received,
        };
        self.folders.entry(folder).or_default().push(lying);
    }

    /// UIDVALIDITY changes.
    pub(super) fn renumber(&mut self) {
        self.validity = self.validity.saturating_add(1);
        self.last = 0;
        for lying in self.folders.values_mut().flatten() {
            self.last = self.last.saturating_add(1);
            lying.uid = self.last;
        }
    }

    /// What was filed lies in INBOX again, as after a restore.
    pub(super) fn bring_back(&mut self) {
        if let Some(inbox) = self.folders.get_mut("INBOX") {
            inbox.splice(0..0, self.filed.drain(..));
        }
        self.renumber();
    }

    /// How many mails lie where they came to.
    pub(super) fn unfiled(&self) -> usize {
        if self.only_flags {
            return 0;
        }
        self.folders
            .iter()
            .filter(|(name, _)| **name != "Sent")
            .map(|(_, mails)| mails.len())
            .sum()
    }

    fn fetch(&self, folder: &str, after: Watermark) -> Fetched {
        let validity = self.validity;
        let start = if after.validity == validity { after.last } else { 0 };
        let mut fetched = Fetched {
            renumbered: after.validity != 0 && after.validity != validity,
            watermark: Watermark { validity, last: start },
            ..Fetched::default()
        };
        let lying = self.folders.get(folder).map_or(&[][..], Vec::as_slice);
        let first = lying.partition_point(|lying| lying.uid <= start);
        let fresh = lying.get(first..).unwrap_or_default();
        fetched.more = fresh.len() > self.batch;
        for lying in fresh.iter().take(self.batch) {
            fetched.watermark.last = lying.uid;
            fetched.mails.push(lying.mail(fetched.watermark));
        }
        if !fetched.more {
            fetched.watermark.last = self.last.max(start);
        }
        fetched
    }

    fn file(&mut self, folder: &str, place: &Place) {
        if self.only_flags {
            return;
        }
        let Some(lying) = self.folders.get_mut(folder) else {
            return;
        };
        let Place::Uid(uid) = place else { return };
        if let Ok(index) = lying.binary_search_by_key(uid, |lying| lying.uid) {
            self.filed.push_back(lying.remove(index));
            if self.filed.len() > KEPT {
                self.filed.pop_front();
            }
        }
    }

    /// Takes a mail away without a trace, as nobody should.
    pub(super) fn forget(&mut self, folder: &str, place: &Place) {
        let Place::Uid(uid) = place else { return };
        if let Some(lying) = self.folders.get_mut(folder) {
            lying.retain(|lying| lying.uid != *uid);
        }
    }
}

impl Lying {
    fn mail(&self, watermark: Watermark) -> RawMail {
        RawMail {
            place: Place::Uid(self.uid),
            bytes: self.bytes.clone(),
            size: self.bytes.len() as u64 + self.beyond,
            whole: self.beyond == 0,
            received: Some(self.received),
            watermark,
        }
    }
}

/// Plays the server.
pub(super) struct Server(pub Shared);

impl Server {
    fn reached(&self) -> Result<(), InboxError> {
        let town = self.0.town();
        if town.now().as_millisecond() < town.mailbox.away_until {
            return Err(InboxError::lost("the server is gone"));
        }
        Ok(())
    }
}

impl Play for Server {
    fn folders(&mut self) -> Playing<'_, Vec<String>> {
        Box::pin(async {
            self.reached()?;
            let town = self.0.town();
            let mut names: Vec<String> = town.mailbox.folders.keys().map(|name| (*name).to_owned()).collect();
            names.sort_by_key(|name| name != "INBOX");
            Ok(names)
        })
    }

    fn fetch<'a>(&'a mut self, folder: &'a str, after: Watermark) -> Playing<'a, Fetched> {
        Box::pin(async move {
            self.reached()?;
            let fetched = {
                let mut town = self.0.town();
                match town.mailbox.cut_in {
                    Some(0) => {
                        town.mailbox.cut_in = None;
                        town.tally.fault("fetch_cut");
                        return Err(InboxError::lost("the connection broke"));
                    }
                    Some(left) => town.mailbox.cut_in = Some(left - 1),
                    None => {}
                }
                town.mailbox.fetch(folder, after)
            };
            if !fetched.mails.is_empty() {
                self.0.step_at(When::Given).await;
            }
            Ok(fetched)
        })
    }

    fn file<'a>(&'a mut self, folder: &'a str, places: &'a [Place], _into: Filing) -> Playing<'a, ()> {
        Box::pin(async move {
            for place in places {
                self.0.step_at(When::Filing).await;
                self.reached()?;
                let mut town = self.0.town();
                if town.now().as_millisecond() < town.mailbox.unfiled_until {
                    return Err(InboxError::refused("the server refused MOVE"));
                }
                town.mailbox.file(folder, place);
            }
            Ok(())
        })
    }
}
