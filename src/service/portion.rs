//! A portion of a folder's mails, taken in with as few commits as may be.
//!
//! Decisions that do not look at one another are a *wave* and are committed together: mails that only stop, or hand-overs
//! of different people. A mail with commands is decided and committed alone. Two mails of a wave may well concern the same
//! enrollment: the store finds the second one stale, and it is decided again when the first is known.
//!
//! How far the folder was read is committed by the intake, once what it passes is committed and filed: a death in between
//! reads some of it again, which is known then, and never leaves one out. Counting the tries comes before everything: a mail that kills its reader must
//! be known as such, and must not take the others of its portion with it.

use super::Bot;
use super::incoming::{Decided, Incoming};
use super::intake::IntakeError;
use super::posting::mark;
use super::safely;
use super::trouble::until_recorded;
use crate::inbox::{Filing, Place, RawMail, Watermark};
use crate::mail::classify::Kind;
use crate::mail::hand_over::HandOver;
use crate::model::ContentKey;
use crate::store::{CommitError, Seen};
use jiff::Timestamp;
use tracing::info;

/// What it means when a mail cannot be taken in.
pub(super) const UNRECORDED: &str = "what a mail means cannot be recorded; the mail waits, and no touch goes out";

/// Which mails of a folder may be old ones.
#[derive(Debug, Clone, Copy)]
pub(super) struct Past {
    /// Those up to this UID: they lay there when it was begun to be read from its beginning.
    pub to: u32,
    /// When it was last read before that, or now for the first time: what came later is new, however long ago that is.
    pub read: Timestamp,
}

impl Past {
    fn of(self, uid: u32) -> Option<Timestamp> {
        (uid <= self.to).then_some(self.read)
    }
}

/// Some mails of one folder, on their way in.
pub(super) struct Portion<'a> {
    bot: &'a Bot,
    folder: &'a str,
    past: Past,
    wave: Vec<(Incoming<'a>, Decided)>,
    /// Where the folder stands once all mails up to here are taken in.
    passed: Option<Watermark>,
    /// Mails whose meaning is committed, and where they go.
    pub done: Vec<(Place, Filing)>,
    /// Mails that stayed unread because it cannot be told yet who they are from; the folder is read from the first again.
    pub left: usize,
    /// Mails that the ledger knew.
    pub known: usize,
    /// A mail of this portion may have enrolled somebody, so that those behind it may concern them.
    enrolled: bool,
}

/// A mail, its key, and what the ledger knows of it.
type Arrived<'a> = (&'a RawMail, ContentKey, Seen);

impl<'a> Portion<'a> {
    pub(super) fn new(bot: &'a Bot, folder: &'a str, past: Past) -> Self {
        Self {
            bot,
            folder,
            past,
            wave: Vec::new(),
            passed: None,
            done: Vec::new(),
            left: 0,
            known: 0,
            enrolled: false,
        }
    }

    /// Where the folder stands: before it everything is taken in. `None` when nothing was.
    pub(super) fn passed(&self) -> Option<Watermark> {
        self.passed
    }

    /// Takes in all of them, in their order.
    pub(super) async fn take_in(&mut self, mails: &'a [RawMail]) -> Result<(), IntakeError> {
        let keys: Vec<ContentKey> = mails.iter().map(|raw| safely::key(&raw.bytes)).collect();
        let seen = self.bot.store.seen(&keys).await?;
        // Where a reader died before, each is counted just before it is read, so that the others are not blamed.
        let died = seen.iter().any(|seen| seen.known().is_none() && seen.tries > 0);
        let together = if died { 1 } else { mails.len().max(1) };
        let mut arrived: Vec<Arrived<'a>> = Vec::new();
        for ((raw, key), seen) in mails.iter().zip(keys).zip(seen) {
            arrived.push((raw, key, seen));
        }
        for some in arrived.chunks(together) {
            self.take_some(some).await?;
        }
        Ok(())
    }

    async fn take_some(&mut self, some: &[Arrived<'a>]) -> Result<(), IntakeError> {
        let unread = some.iter().filter(|(_, _, seen)| seen.known().is_none());
        let unread: Vec<ContentKey> = unread.map(|(_, key, _)| key.clone()).collect();
        if !unread.is_empty() {
            self.bot.store.try_mails(&unread, self.bot.clock.now()).await?;
        }
        let taken = self.read_some(some).await;
        if let Err(error) = &taken {
            self.take_back(&unread, error).await;
        }
        taken
    }

    /// The process goes on, so nothing killed its reader: the tries are given back, but for the mail that the error is
    /// about, if it will not go away by itself.
    async fn take_back(&self, unread: &[ContentKey], error: &IntakeError) {
        let Ok(seen) = self.bot.store.seen(unread).await else {
            return;
        };
        let undone = unread.iter().zip(seen).filter(|(_, seen)| seen.known().is_none());
        let innocent = undone.skip(usize::from(!error.is_transient()));
        let innocent: Vec<ContentKey> = innocent.map(|(key, _)| key.clone()).collect();
        if let Err(error) = self.bot.store.untry_mails(&innocent).await {
            tracing::debug!(%error, "tries were not given back");
        }
    }

    async fn read_some(&mut self, some: &[Arrived<'a>]) -> Result<(), IntakeError> {
        let mut read = Vec::with_capacity(some.len());
        for (raw, key, seen) in some {
            read.push(match seen.known() {
                Some(_) => None,
                None => {
                    let past = self.past.of(raw.watermark.last);
                    Some(Incoming::read(self.bot, self.folder, raw, key, seen, past).await)
                }
            });
        }
        self.tell_strangers(&mut read).await?;
        for ((raw, key, seen), incoming) in some.iter().zip(read) {
            let Some(mut incoming) = incoming else {
                self.commit().await?;
                self.known += 1;
                self.is_done(
                    raw,
                    seen.known().map_or(Filing::Processed, |known| filing_of(&known.filed)),
                );
                continue;
            };
            if incoming.waits {
                self.commit().await?;
                self.leave(key).await?;
                continue;
            }
            if !self.wave.iter().all(|(other, _)| go_together(other, &incoming)) {
                self.commit().await?;
            }
            incoming.stranger &= !self.enrolled;
            self.enrolled |= may_enroll(&incoming);
            let decided = until_recorded(&self.bot.clock, UNRECORDED, async || incoming.decide().await).await?;
            self.wave.push((incoming, decided));
        }
        self.commit().await
    }

    /// Most of what lies in a mailbox is about nobody: that is asked for all of them together. What they answer was known before
    /// they came, but for what a mail before them in this portion begins.
    async fn tell_strangers(&self, read: &mut [Option<Incoming<'a>>]) -> Result<(), IntakeError> {
        let mut asked: Vec<&mut Incoming<'a>> = Vec::new();
        let mut names = Vec::new();
        for incoming in read.iter_mut().flatten() {
            if let Some(named) = incoming.named() {
                names.push(named);
                asked.push(incoming);
            }
        }
        if names.is_empty() {
            return Ok(());
        }
        let strangers = self.bot.store.strangers(names).await?;
        for (incoming, stranger) in asked.into_iter().zip(strangers) {
            incoming.stranger = stranger;
        }
        Ok(())
    }

    /// Commits the wave. What is stale in it is decided again when the rest is known.
    async fn commit(&mut self) -> Result<(), IntakeError> {
        let mut wave = std::mem::take(&mut self.wave);
        let batches = wave.iter_mut().map(|(mail, decided)| mail.batch(decided)).collect();
        let committed = self.bot.store.commit_many(batches).await;
        let begins = wave.iter().any(|(mail, _)| may_enroll(mail));
        for ((mail, decided), committed) in wave.into_iter().zip(committed) {
            let filing = match committed {
                Ok(()) | Err(CommitError::Known) => decided.filing,
                // While the store cannot, it waits here, so that this mail stays before those that came after it.
                Err(CommitError::Store(error)) if !error.is_transient() => return Err(error.into()),
                Err(CommitError::Stale | CommitError::Store(_)) => mail.again().await?,
            };
            mail.log(&decided);
            self.is_done(mail.raw, filing);
        }
        if begins {
            self.bot.go_through().await?;
        }
        Ok(())
    }

    /// Leaves a mail unread. That says nothing against its reader, and what comes behind it is taken in all the same.
    async fn leave(&mut self, key: &ContentKey) -> Result<(), IntakeError> {
        info!(
            mail = mark(key),
            "a mail waits: the key of its signature cannot be looked up"
        );
        self.left += 1;
        Ok(self.bot.store.untry_mails(std::slice::from_ref(key)).await?)
    }

    fn is_done(&mut self, raw: &RawMail, filing: Filing) {
        self.done.push((raw.place.clone(), filing));
        if self.left == 0 {
            self.passed = Some(raw.watermark);
        }
    }
}

/// Whether neither decision looks at what the other changes.
fn go_together(one: &Incoming<'_>, other: &Incoming<'_>) -> bool {
    match (hands_over(one), hands_over(other)) {
        (Some(one), Some(other)) => {
            let same = |person: &crate::model::Correspondent| {
                let loose = person.address.loose();
                other.prospects.iter().any(|known| known.address.loose() == loose)
            };
            !one.prospects.iter().any(same)
        }
        (None, None) => !is_alone(one) && !is_alone(other),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn hands_over<'m>(mail: &'m Incoming<'_>) -> Option<&'m HandOver> {
    match &mail.reading.kind {
        Kind::HandOver(handed) => Some(handed),
        _ => None,
    }
}

/// Whether it may begin an enrollment.
fn may_enroll(mail: &Incoming<'_>) -> bool {
    matches!(
        mail.reading.kind,
        Kind::HandOver(_) | Kind::Lead(_) | Kind::Commands { .. }
    )
}

fn is_alone(mail: &Incoming<'_>) -> bool {
    matches!(mail.reading.kind, Kind::Commands { .. })
}

const FILINGS: [(Filing, &str); 5] = [
    (Filing::Processed, "processed"),
    (Filing::Replies, "replies"),
    (Filing::Bounces, "bounces"),
    (Filing::Quarantine, "quarantine"),
    (Filing::Unmatched, "unmatched"),
];

/// The word of a filing in the ledger.
pub(super) fn word_of(filing: Filing) -> &'static str {
    FILINGS
        .iter()
        .find(|(known, _)| *known == filing)
        .map_or("processed", |(_, word)| word)
}

pub(super) fn filing_of(word: &str) -> Filing {
    FILINGS
        .iter()
        .find(|(_, known)| *known == word)
        .map_or(Filing::Processed, |(filing, _)| *filing)
}
