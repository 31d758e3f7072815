//! New mails → what they mean, committed before they are filed.
//!
//! The way of one mail: read, recognise, judge, load what it is about, decide, commit (facts, letters, the ledger row and
//! the watermark together), file. A mail seen twice is known by its content and changes nothing the second time.

use super::posting::{mark, size};
use super::trouble::until_recorded;
use super::{Bot, Progress, safely};
use crate::inbox::{Fetched, Filing, Inbox, InboxError, Place, RawMail, Watermark};
use crate::mail::classify::{Kind, Reading};
use crate::mail::read::Mail;
use crate::model::limits;
use crate::store::{Batch, CommitError, MailRow, StoreError};
use std::fmt;
use tracing::{info, warn};

/// Why a round of intake stopped early. Nothing is lost: what was not committed is read again.
#[derive(Debug)]
pub enum IntakeError {
    /// The mailbox.
    Inbox(InboxError),
    /// The memory.
    Store(StoreError),
    /// The rows that a mail is about kept moving on while it was decided.
    Stale,
}

impl fmt::Display for IntakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inbox(error) => write!(f, "the mailbox cannot be read: {error}"),
            Self::Store(error) => write!(f, "what was read cannot be kept: {error}"),
            Self::Stale => f.write_str("what was read cannot be kept: what it is about kept changing meanwhile"),
        }
    }
}
impl std::error::Error for IntakeError {}
impl From<InboxError> for IntakeError {
    fn from(error: InboxError) -> Self {
        Self::Inbox(error)
    }
}
impl From<StoreError> for IntakeError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Reads every folder to its end. When it returns `Ok`, nothing that lay there when it began is unread: the barrier moves.
///
/// # Errors
/// When the mailbox or the store fails; the barrier stays where it was.
pub async fn round(bot: &Bot, inbox: &mut Inbox) -> Result<Progress, IntakeError> {
    let began = bot.clock.now();
    let mut done = 0;
    for folder in inbox.folders().await? {
        done += read_folder(bot, inbox, &folder).await?;
    }
    bot.barrier.finished(began);
    if done > 0 {
        bot.nudge.notify_one();
    }
    Ok(Progress::of(done))
}

async fn read_folder(bot: &Bot, inbox: &mut Inbox, folder: &str) -> Result<usize, IntakeError> {
    let mut done = 0;
    loop {
        let (validity, last) = bot.store.watermark(folder).await?;
        let fetched = inbox.fetch(folder, Watermark { validity, last }).await?;
        if fetched.renumbered {
            info!(folder, "the folder was renumbered and is read again from its beginning");
        }
        let before = Watermark { validity, last };
        done += take_all(bot, inbox, folder, &fetched).await?;
        if fetched.mails.is_empty() && fetched.watermark != before {
            remember(bot, folder, fetched.watermark).await?;
        }
        if !fetched.more {
            return Ok(done);
        }
    }
}

async fn take_all(bot: &Bot, inbox: &mut Inbox, folder: &str, fetched: &Fetched) -> Result<usize, IntakeError> {
    let mut filed: Vec<(Filing, Vec<Place>)> = Vec::new();
    for raw in &fetched.mails {
        let filing = take_in(bot, folder, raw).await?;
        match filed.iter_mut().find(|(into, _)| *into == filing) {
            Some((_, places)) => places.push(raw.place.clone()),
            None => filed.push((filing, vec![raw.place.clone()])),
        }
    }
    for (into, places) in filed {
        match inbox.file(folder, &places, into).await {
            // What they mean is committed, and the mailbox can be read: nothing else has to wait for that.
            Err(error) if error.is_refusal() => {
                warn!(%error, mails = places.len(), into = into.folder(), "mails that were taken in cannot be filed and stay where they are");
            }
            other => other?,
        }
    }
    Ok(fetched.mails.len())
}

async fn remember(bot: &Bot, folder: &str, watermark: Watermark) -> Result<(), IntakeError> {
    let batch = Batch {
        at: Some(bot.clock.now()),
        watermark: Some((folder.to_owned(), watermark.validity, watermark.last)),
        ..Batch::default()
    };
    match bot.store.commit(batch).await {
        Ok(()) | Err(CommitError::Known | CommitError::Stale) => Ok(()),
        Err(CommitError::Store(error)) => Err(error.into()),
    }
}

/// One mail: from its bytes to the commit.
async fn take_in(bot: &Bot, folder: &str, raw: &RawMail) -> Result<Filing, IntakeError> {
    let Some(mail) = safely::read(&raw.bytes) else {
        return give_up(bot, folder, raw, &safely::unreadable(&raw.bytes)).await;
    };
    // A mail that the administrator released from quarantine is taken in once more, and believed.
    let known = bot.store.mail(&mail.key).await?;
    let released = known.is_some() && bot.store.released(&mail.key).await?;
    if let Some(known) = known.filter(|_| !released) {
        remember(bot, folder, raw.watermark).await?;
        return Ok(filing_of(&known.filed));
    }
    // Counted once for each process that takes it up: what the disk or another process does is no fault of the mail.
    let tries = bot.store.try_mail(&mail.key, bot.clock.now()).await?;
    if tries < limits::INTAKE_TRIES {
        return understand(bot, folder, raw, mail, released).await;
    }
    if tries < limits::INTAKE_TRIES + limits::INTAKE_HEAD_TRIES
        && let Some((head, of_head)) = safely::head(raw, &mail.key)
    {
        warn!(
            mail = mark(&mail.key),
            tries, "a mail could not be taken in, so only its header is read"
        );
        return understand(bot, folder, &head, of_head, released).await;
    }
    warn!(
        mail = mark(&mail.key),
        tries, "a mail could not be taken in and goes to quarantine"
    );
    give_up(bot, folder, raw, &mail).await
}

/// Reads, decides, commits. While the store cannot, it waits here, so that this mail stays before those that came after it.
async fn understand(bot: &Bot, folder: &str, raw: &RawMail, mail: Mail, released: bool) -> Result<Filing, IntakeError> {
    let judged = if released {
        safely::classify_vouched(&mail, &bot.house.own())
    } else {
        safely::classify(&mail, &bot.house.own())
    };
    let Some(reading) = judged else {
        return give_up(bot, folder, raw, &mail).await;
    };
    let decided = until_recorded(
        "what a mail means cannot be recorded; the mail waits, and no touch goes out",
        async || {
            let intake = Intake {
                bot,
                folder,
                raw,
                mail: &mail,
                now: bot.clock.now(),
            };
            match intake.decide(&reading).await {
                Err(IntakeError::Store(error)) => Err(error),
                other => Ok(other),
            }
        },
    );
    let filing = decided.await??;
    info!(mail = mark(&mail.key), kind = reading.kind.code(), because = %reading.because, "a mail was taken in");
    Ok(filing)
}

async fn give_up(bot: &Bot, folder: &str, raw: &RawMail, mail: &Mail) -> Result<Filing, IntakeError> {
    let intake = Intake {
        bot,
        folder,
        raw,
        mail,
        now: bot.clock.now(),
    };
    let because = "it could not be taken in: a defect of the program met it each time";
    intake
        .keep("unreadable", because, Filing::Quarantine, Batch::default())
        .await
}

/// One mail on its way in.
pub(super) struct Intake<'a> {
    pub bot: &'a Bot,
    pub folder: &'a str,
    pub raw: &'a RawMail,
    pub mail: &'a Mail,
    pub now: jiff::Timestamp,
}

impl Intake<'_> {
    async fn decide(&self, reading: &Reading) -> Result<Filing, IntakeError> {
        match &reading.kind {
            Kind::HandOver(handed) => self.enroll(reading, handed).await,
            Kind::Commands { rep, commands } => self.answer(reading, rep, commands).await,
            Kind::Impostor { why, .. } => self.keep("impostor", why, Filing::Quarantine, Batch::default()).await,
            Kind::OwnCopy | Kind::Delivered => self.plain(reading, Filing::Processed).await,
            Kind::Bulk => self.plain(reading, Filing::Unmatched).await,
            Kind::Bounce
            | Kind::Delay
            | Kind::Complaint
            | Kind::OptOut
            | Kind::Calendar(_)
            | Kind::AutoReply
            | Kind::Reply => self.react(reading).await,
        }
    }

    pub(super) async fn plain(&self, reading: &Reading, filing: Filing) -> Result<Filing, IntakeError> {
        for _ in 0..limits::STALE_RETRIES {
            let mut batch = Batch::default();
            self.evidence(reading, &mut batch).await?;
            let kept = self
                .try_keep(reading.kind.code(), &reading.because, filing, batch)
                .await?;
            if let Some(filing) = kept {
                return Ok(filing);
            }
        }
        warn!("a mail met rows that kept moving; it is read again later");
        Ok(filing)
    }

    /// Commits `batch` with this mail's ledger row and watermark. `Ok(None)`: a row had moved on, decide again.
    pub(super) async fn try_keep(
        &self,
        kind: &str,
        because: &str,
        filing: Filing,
        batch: Batch,
    ) -> Result<Option<Filing>, IntakeError> {
        let because = self.with_damage(because);
        let enrollments = batch
            .changes
            .iter()
            .map(|change| change.id)
            .chain(batch.begin.iter().map(|begin| begin.id))
            .collect();
        let row = MailRow {
            key: self.mail.key.clone(),
            kind: kind.to_owned(),
            because,
            folder: self.folder.to_owned(),
            filed: word_of(filing).to_owned(),
            size: self.raw.size,
            rep: self.claimed_rep(kind),
            enrollments,
        };
        let watermark = Some((
            self.folder.to_owned(),
            self.raw.watermark.validity,
            self.raw.watermark.last,
        ));
        let batch = Batch {
            at: Some(self.now),
            mail: Some(row),
            watermark,
            ..batch
        };
        match self.bot.store.commit(batch).await {
            Ok(()) | Err(CommitError::Known) => Ok(Some(filing)),
            Err(CommitError::Stale) => Ok(None),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// The evidence, and everything that kept the mail from being read as it was meant.
    fn with_damage(&self, because: &str) -> String {
        let damage = self.mail.damage.iter().filter(|damage| !because.contains(**damage));
        let mut parts = vec![because.to_owned()];
        parts.extend(damage.map(|damage| (*damage).to_owned()));
        if !self.raw.whole && (self.raw.bytes.len() as u64) < self.raw.size {
            let (read, all) = (size(self.raw.bytes.len() as u64), size(self.raw.size));
            parts.push(format!("only the first {read} of its {all} were read"));
        }
        parts.join("; ")
    }

    /// Commits where nothing can be stale.
    pub(super) async fn keep(
        &self,
        kind: &str,
        because: &str,
        filing: Filing,
        batch: Batch,
    ) -> Result<Filing, IntakeError> {
        Ok(self.try_keep(kind, because, filing, batch).await?.unwrap_or(filing))
    }

    /// In whose name a mail of this kind came, for the real rep's digest.
    fn claimed_rep(&self, kind: &str) -> Option<crate::model::Address> {
        let claimed = self
            .mail
            .from
            .first()
            .and_then(|from| self.bot.house.rep(&from.address));
        claimed.filter(|_| kind == "impostor").map(|rep| rep.address.clone())
    }
}

const FILINGS: [(Filing, &str); 5] = [
    (Filing::Processed, "processed"),
    (Filing::Replies, "replies"),
    (Filing::Bounces, "bounces"),
    (Filing::Quarantine, "quarantine"),
    (Filing::Unmatched, "unmatched"),
];

fn word_of(filing: Filing) -> &'static str {
    FILINGS
        .iter()
        .find(|(known, _)| *known == filing)
        .map_or("processed", |(_, word)| word)
}

fn filing_of(word: &str) -> Filing {
    FILINGS
        .iter()
        .find(|(_, known)| *known == word)
        .map_or(Filing::Processed, |(filing, _)| *filing)
}
