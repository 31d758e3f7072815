//! Defects that are planted at the doors, so that it shows whether the simulator bites (reliability §4, M1–M20).
//!
//! No production code knows of them. A relay that does not ask the gate is a bot that does not ask it; a mailbox that
//! forgets what it gave is a watermark that moved too early; a hand at the database is a rule that was written wrongly.
//! What each stands for, and which of the twenty cannot be planted this way, stands at [`Planted::ALL`].

use super::mailbox::Server;
use super::oracle::loosely;
use super::plan::Plan;
use super::relay::Relay;
use super::seat::host;
use super::town::Shared;
use super::{letters, tampered};
use crate::inbox::{self, Fetched, Filing, Note, Place, Playing, Watermark};
use crate::model::{Letter, Receipt, Rep};
use crate::outbox::{self, Gate, Outbox, Sending};
use crate::store::{Rehearsal, StoreError};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A planted defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Planted {
    /// None: the program as it is.
    #[default]
    Nothing,
    /// Content leaves without `sending` being committed: the relay does not ask the gate.
    NoGate,
    /// What was left `sending` is sent again at the next start, as after a lease that ran out.
    SendingReclaimed,
    /// The barrier ignores Junk: the folder is not read.
    JunkIgnored,
    /// The watermark is committed before the effects: the mailbox never shows again what it showed once.
    WatermarkFirst,
    /// Mails are known by their Message-ID alone.
    KnownById,
    /// Mails are known by UIDVALIDITY and UID alone: the same mail under another number is another mail.
    KnownByNumber,
    /// Suppressed addresses are compared letter by letter.
    SuppressedExactly,
    /// The last commits are lost when the process dies, as with `synchronous=NORMAL` in a power cut.
    CommitsLost,
    /// Any trouble is a reason to try again, even after the final dot.
    RetriedInDoubt,
    /// Every try has a Message-ID of its own.
    FreshMessageId,
    /// Digests are keyed by the date in UTC.
    DigestByUtc,
    /// Local time is a fixed offset.
    FixedOffset,
    /// A report is believed without proof.
    BounceUnproven,
    /// A copy of our own mail is read as the prospect's.
    CopyIsReply,
    /// There is no end to answers that something was not understood.
    EndlessAnswers,
    /// A letter is rendered anew at every try.
    RenderedAnew,
    /// Results of checks are believed wherever they stand.
    ResultsAnywhere,
    /// A restored database goes on as if nothing had happened.
    RestoredAsIs,
    /// Nobody looks whose the mailbox is before a letter goes out: each bot sees no note but its own.
    EpochIgnored,
}

impl Planted {
    /// All that can be planted, with their numbers.
    ///
    /// Not here: M14 (a GET that unsubscribes), since no world has a web.
    pub const ALL: [(&'static str, Self); 19] = [
        ("M1", Self::NoGate),
        ("M2", Self::SendingReclaimed),
        ("M3", Self::JunkIgnored),
        ("M4", Self::WatermarkFirst),
        ("M5", Self::KnownById),
        ("M6", Self::KnownByNumber),
        ("M7", Self::SuppressedExactly),
        ("M8", Self::CommitsLost),
        ("M9", Self::RetriedInDoubt),
        ("M10", Self::FreshMessageId),
        ("M11", Self::DigestByUtc),
        ("M12", Self::FixedOffset),
        ("M13", Self::RestoredAsIs),
        ("M15", Self::BounceUnproven),
        ("M16", Self::CopyIsReply),
        ("M17", Self::EndlessAnswers),
        ("M18", Self::EpochIgnored),
        ("M19", Self::RenderedAnew),
        ("M20", Self::ResultsAnywhere),
    ];

    pub(super) fn outbox(self, relay: Relay) -> Outbox {
        match self {
            Self::NoGate | Self::RetriedInDoubt | Self::FreshMessageId | Self::RenderedAnew => {
                Outbox::Played(Arc::new(WrongRelay {
                    inner: relay,
                    planted: self,
                    tries: AtomicU64::new(0),
                }))
            }
            _ => Outbox::Played(Arc::new(relay)),
        }
    }

    pub(super) fn inbox(self, server: Server) -> Box<dyn inbox::Play> {
        match self {
            Self::JunkIgnored
            | Self::WatermarkFirst
            | Self::KnownById
            | Self::KnownByNumber
            | Self::BounceUnproven
            | Self::CopyIsReply
            | Self::EpochIgnored
            | Self::ResultsAnywhere => Box::new(WrongServer {
                town: server.town.clone(),
                inner: server,
                planted: self,
                ids: BTreeSet::new(),
            }),
            _ => Box::new(server),
        }
    }

    /// The reps as the bot knows them.
    pub(super) fn reps(self, plan: &Plan) -> Vec<Rep> {
        let mut reps = plan.reps.clone();
        if self == Self::FixedOffset {
            for rep in &mut reps {
                let offset = rep.zone.to_offset(plan.start);
                let minutes = i16::try_from(offset.seconds() / 60).unwrap_or(0);
                let zone = crate::model::Zone::of_offset(minutes);
                if let Some(rules) = crate::model::Zone::rules_of(&zone) {
                    (rep.zone, rep.zone_name) = (rules, zone);
                }
            }
        }
        reps
    }

    /// What a wrong rule would make of every row, as triggers.
    pub(super) fn tampers(self, disk: &Rehearsal) -> Result<(), StoreError> {
        match self {
            Self::DigestByUtc => disk.tamper(tampered::DIGEST_BY_UTC),
            Self::EndlessAnswers => disk.tamper(tampered::ENDLESS_ANSWERS),
            Self::RestoredAsIs => disk.tamper(tampered::RESTORED_AS_IS),
            _ => Ok(()),
        }
    }

    /// A process starts.
    pub(super) fn starts(self, disk: &Rehearsal) -> Result<(), StoreError> {
        match self {
            Self::SendingReclaimed => disk.tamper(tampered::SENDING_RECLAIMED),
            _ => Ok(()),
        }
    }

    /// A hand-over names these people in another spelling.
    pub(super) fn respelled(self, disk: &Rehearsal, plan: &Plan, people: &[usize]) -> Result<(), StoreError> {
        if self != Self::SuppressedExactly {
            return Ok(());
        }
        let named = people.iter().filter_map(|index| plan.people.get(*index));
        named.into_iter().try_for_each(|person| {
            let address = loosely(person.who.address.as_str());
            disk.tamper(&format!("DELETE FROM suppression WHERE address = '{address}'"))
        })
    }

    pub(super) fn loses_commits(self) -> bool {
        self == Self::CommitsLost
    }
}

/// A relay between the bot and the real one, that is wrong in one way.
struct WrongRelay {
    inner: Relay,
    planted: Planted,
    tries: AtomicU64,
}

impl WrongRelay {
    /// The letter as a program would have it that makes it anew for each try.
    fn anew(&self, letter: &Letter) -> Letter {
        let nth = self.tries.fetch_add(1, Ordering::Relaxed);
        let text = String::from_utf8_lossy(&letter.bytes).into_owned();
        let text = match self.planted {
            Planted::FreshMessageId => text.replace(letter.message_id.as_str(), &format!("{nth}.fresh@corp.test")),
            Planted::RenderedAnew => text.replacen("Date: ", &format!("X-Try: {nth}\r\nDate: "), 1),
            _ => text,
        };
        Letter {
            bytes: text.into_bytes(),
            ..letter.clone()
        }
    }
}

impl outbox::Play for WrongRelay {
    fn send<'a>(&'a self, letter: &'a Letter, gate: Gate<'a>) -> Sending<'a> {
        match self.planted {
            Planted::NoGate => self.inner.send(letter, Box::pin(async { true })),
            Planted::RetriedInDoubt => Box::pin(async move {
                match self.inner.send(letter, gate).await {
                    Receipt::InDoubt { why } => Receipt::Unreached {
                        phase: crate::model::Phase::Content,
                        why,
                    },
                    other => other,
                }
            }),
            _ => Box::pin(async move {
                let letter = self.anew(letter);
                self.inner.send(&letter, gate).await
            }),
        }
    }
}

/// A mailbox between the bot and the real one, that is wrong in one way.
struct WrongServer {
    inner: Server,
    town: Shared,
    planted: Planted,
    ids: BTreeSet<String>,
}

impl WrongServer {
    fn spoil(&mut self, folder: &str, fetched: &mut Fetched) {
        match self.planted {
            Planted::WatermarkFirst => {
                let mut town = self.town.town();
                for mail in &fetched.mails {
                    town.mailbox.forget(folder, &mail.place);
                }
            }
            Planted::KnownById => {
                fetched
                    .mails
                    .retain(|mail| self.ids.insert(letters::id_of(&mail.bytes)));
            }
            Planted::KnownByNumber => {
                for mail in &mut fetched.mails {
                    let number = format!("\r\n({}.{})\r\n", mail.watermark.validity, mail.watermark.last);
                    mail.bytes.extend_from_slice(number.as_bytes());
                }
            }
            Planted::BounceUnproven => {
                for mail in &mut fetched.mails {
                    if letters::header(&mail.bytes, "Content-Type").contains("delivery-status") {
                        self.town.town().prove(&mut mail.bytes);
                    }
                }
            }
            Planted::CopyIsReply if folder == "Sent" => {
                for mail in &mut fetched.mails {
                    let to = letters::header(&mail.bytes, "To");
                    let text = String::from_utf8_lossy(&mail.bytes).replacen("\r\nFrom: ", "\r\nX-From: ", 1);
                    let text = text.replacen("\r\nX-Cadence-Ref: ", "\r\nX-Ref: ", 1);
                    let text = text.replacen("\r\nMessage-ID: <", "\r\nMessage-ID: <copy.", 1);
                    mail.bytes = format!("From: {to}\r\n{text}").into_bytes();
                }
            }
            Planted::ResultsAnywhere => {
                for mail in &mut fetched.mails {
                    let results = letters::header(&mail.bytes, "Authentication-Results");
                    if !results.is_empty() {
                        let above = format!("Authentication-Results: {results}\r\n");
                        mail.bytes = [above.as_bytes(), &mail.bytes].concat();
                    }
                }
            }
            _ => {}
        }
    }
}

impl inbox::Play for WrongServer {
    fn folders(&mut self) -> Playing<'_, Vec<String>> {
        let ignored = self.planted == Planted::JunkIgnored;
        Box::pin(async move {
            let mut folders = self.inner.folders().await?;
            folders.retain(|name| !(ignored && name == "Junk"));
            Ok(folders)
        })
    }

    fn fetch<'a>(&'a mut self, folder: &'a str, after: Watermark) -> Playing<'a, Fetched> {
        Box::pin(async move {
            let mut fetched = self.inner.fetch(folder, after).await?;
            self.spoil(folder, &mut fetched);
            Ok(fetched)
        })
    }

    fn file<'a>(&'a mut self, folder: &'a str, places: &'a [Place], into: Filing) -> Playing<'a, ()> {
        self.inner.file(folder, places, into)
    }

    fn bring_back(&mut self, since: Timestamp) -> Playing<'_, usize> {
        self.inner.bring_back(since)
    }

    fn leases(&mut self) -> Playing<'_, Vec<Note>> {
        let own = format!("\r\nhost: {}\r\n", host(self.inner.seat));
        let ignores = self.planted == Planted::EpochIgnored;
        Box::pin(async move {
            let mut notes = self.inner.leases().await?;
            notes.retain(|note| !ignores || String::from_utf8_lossy(&note.text).contains(&own));
            Ok(notes)
        })
    }

    fn write_lease<'a>(&'a mut self, epoch: i64, text: &'a str, instead_of: &'a [Place]) -> Playing<'a, ()> {
        self.inner.write_lease(epoch, text, instead_of)
    }
}
