//! The bot's mailbox on a server that may go away, refuse, renumber, and bring old mail back.

use super::fault::When;
use super::plan::Plan;
use super::town::Shared;
use crate::inbox::{Fetched, Filing, InboxError, Note, Place, Play, Playing, RawMail, Watermark};
use jiff::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// Filed mails that come back when the mailbox is restored.
const KEPT: usize = 60;

/// The mailbox as it lies on the server.
pub(super) struct Mailbox {
    validity: u32,
    last: u32,
    folders: BTreeMap<&'static str, Vec<Lying>>,
    filed: VecDeque<Lying>,
    /// Whether all that was filed is kept, for a bot whose database may be old.
    keeps: bool,
    notes: Vec<Note>,
    /// Which bot wrote the last note.
    noted_by: Option<usize>,
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
    pub(super) fn new(plan: &Plan) -> Self {
        let sent = plan.copies.then_some("Sent");
        let names = ["INBOX", "Junk"].into_iter().chain(sent);
        Self {
            validity: 1,
            last: 0,
            folders: names.map(|name| (name, Vec::new())).collect(),
            filed: VecDeque::new(),
            keeps: plan.leases,
            notes: Vec::new(),
            noted_by: None,
            batch: plan.batch.max(1),
            only_flags: plan.only_flags,
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
            let last = self.filed.len().saturating_sub(KEPT);
            inbox.splice(0..0, self.filed.drain(last..));
        }
        self.renumber();
    }

    /// The bot moves back what was filed of the mails that came since.
    fn move_back(&mut self, since: Timestamp) -> usize {
        let (back, stay): (Vec<Lying>, Vec<Lying>) = self.filed.drain(..).partition(|lying| lying.received >= since);
        self.filed = stay.into();
        let many = back.len();
        for lying in back {
            self.last = self.last.saturating_add(1);
            let inbox = self.folders.entry("INBOX").or_default();
            inbox.push(Lying {
                uid: self.last,
                ..lying
            });
        }
        many
    }

    /// A bot lays a note of its lease down; `true` when the last one was another bot's.
    fn note(&mut self, who: usize, text: &str, now: Timestamp) -> bool {
        let place = self.notes.last().map_or(1, |note| match note.place {
            Place::Uid(uid) => uid.saturating_add(1),
            Place::File(_) | Place::Slot(_) => 1,
        });
        self.notes.push(Note {
            place: Place::Uid(place),
            text: text.as_bytes().to_vec(),
            received: Some(now),
        });
        self.noted_by.replace(who).is_some_and(|before| before != who)
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
            if self.filed.len() > KEPT && !self.keeps {
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

/// Plays the server for one bot.
pub(super) struct Server {
    pub town: Shared,
    /// Which bot asks: 0 is the house's own.
    pub seat: usize,
}

impl Server {
    /// A step of the world at a named place; only the first bot dies there.
    async fn step_at(&self, place: When) {
        if self.seat == 0 {
            self.town.step_at(place).await;
        } else {
            self.town.step().await;
        }
    }

    fn reached(&self) -> Result<(), InboxError> {
        let town = self.town.town();
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
            let town = self.town.town();
            let mut names: Vec<String> = town.mailbox.folders.keys().map(|name| (*name).to_owned()).collect();
            names.sort_by_key(|name| name != "INBOX");
            Ok(names)
        })
    }

    fn fetch<'a>(&'a mut self, folder: &'a str, after: Watermark) -> Playing<'a, Fetched> {
        Box::pin(async move {
            self.reached()?;
            let fetched = {
                let mut town = self.town.town();
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
                self.step_at(When::Given).await;
            }
            Ok(fetched)
        })
    }

    fn file<'a>(&'a mut self, folder: &'a str, places: &'a [Place], _into: Filing) -> Playing<'a, ()> {
        Box::pin(async move {
            for place in places {
                self.step_at(When::Filing).await;
                self.reached()?;
                let mut town = self.town.town();
                if town.now().as_millisecond() < town.mailbox.unfiled_until {
                    return Err(InboxError::refused("the server refused MOVE"));
                }
                town.mailbox.file(folder, place);
            }
            Ok(())
        })
    }

    fn bring_back(&mut self, since: Timestamp) -> Playing<'_, usize> {
        Box::pin(async move {
            self.town.step().await;
            self.reached()?;
            Ok(self.town.town().mailbox.move_back(since))
        })
    }

    fn leases(&mut self) -> Playing<'_, Vec<Note>> {
        Box::pin(async move {
            self.reached()?;
            Ok(self.town.town().mailbox.notes.clone())
        })
    }

    fn write_lease<'a>(&'a mut self, _epoch: i64, text: &'a str, instead_of: &'a [Place]) -> Playing<'a, ()> {
        Box::pin(async move {
            self.reached()?;
            {
                let mut town = self.town.town();
                let now = town.now();
                if town.mailbox.note(self.seat, text, now) {
                    town.oracle.forgets();
                }
            }
            // The new one lies there before the old ones are gone.
            self.town.step().await;
            self.reached()?;
            let mut town = self.town.town();
            town.mailbox.notes.retain(|note| !instead_of.contains(&note.place));
            Ok(())
        })
    }
}
