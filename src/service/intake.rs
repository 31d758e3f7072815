//! New mails → what they mean, committed before they are filed.
//!
//! The way of one mail: recognise, read, judge, load what it is about, decide, commit (facts, letters, the ledger row),
//! file. A mail seen twice is known by its content and changes nothing the second time. How far a folder was read is
//! committed last, so that whatever dies in between is read, recognised and filed again.
//!
//! Not here: how a portion of mails is committed together (`portion`), what one mail does (`incoming`).

use super::lease::Grip;
use super::portion::Portion;
use super::{Bot, Progress};
use crate::inbox::{Filing, Inbox, InboxError, Place, Watermark};
use crate::store::{Batch, CommitError, StoreError};
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

impl IntakeError {
    /// Trying again later may help.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Inbox(error) => error.is_transient(),
            Self::Store(error) => error.is_transient(),
            Self::Stale => true,
        }
    }
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

/// Reads every folder to its end, if the mailbox is this bot's. When it returns `Ok`, nothing that lay there when it began is unread, and the barrier moves, unless the mailbox
/// is another bot's or takes no lease.
///
/// # Errors
/// When the mailbox or the store fails; the barrier stays where it was.
pub async fn round(bot: &Bot, inbox: &mut Inbox) -> Result<Progress, IntakeError> {
    let began = bot.clock.now();
    let grip = bot.keep_lease(inbox).await?;
    if grip == Grip::None {
        return Ok(Progress::default());
    }
    if grip == Grip::Firm {
        bot.begin_recovery(inbox).await?;
    }
    if let Some(keys) = &bot.keys {
        keys.ask_again();
    }
    let mut done = 0;
    for folder in inbox.folders().await? {
        done += read_folder(bot, inbox, &folder).await?;
    }
    if grip == Grip::Firm {
        bot.end_recovery().await?;
        bot.barrier.finished(began);
    }
    if done > 0 {
        bot.nudge.notify_one();
    }
    Ok(Progress::of(done))
}

async fn read_folder(bot: &Bot, inbox: &mut Inbox, folder: &str) -> Result<usize, IntakeError> {
    let mut done = 0;
    let mut again = false;
    // Behind a mail that waits, reading goes on, and the next look begins before it.
    let mut waits = false;
    let (validity, last) = bot.store.watermark(folder).await?;
    let mut before = Watermark { validity, last };
    loop {
        let fetched = inbox.fetch(folder, before).await?;
        if fetched.renumbered {
            info!(folder, "the folder was renumbered and is read again from its beginning");
        }
        again |= fetched.renumbered || before.validity == 0;
        let mut portion = Portion::new(bot, folder, again);
        let taken = portion.take_in(&fetched.mails).await;
        // What is committed is filed, whatever became of the rest.
        let passed = portion.passed();
        let left = portion.left;
        file(inbox, folder, portion.done).await?;
        if let Some(passed) = passed.filter(|_| !waits) {
            remember(bot, folder, passed).await?;
        }
        waits |= left > 0;
        taken?;
        done += fetched.mails.len().saturating_sub(left);
        if fetched.mails.is_empty() && fetched.watermark != before && !waits {
            remember(bot, folder, fetched.watermark).await?;
        }
        if !fetched.more {
            return Ok(done);
        }
        before = fetched.mails.last().map_or(fetched.watermark, |raw| raw.watermark);
    }
}

async fn file(inbox: &mut Inbox, folder: &str, done: Vec<(Place, Filing)>) -> Result<(), IntakeError> {
    for into in Filing::ALL {
        let there = done.iter().filter(|(_, filing)| *filing == into);
        let places: Vec<Place> = there.map(|(place, _)| place.clone()).collect();
        if places.is_empty() {
            continue;
        }
        match inbox.file(folder, &places, into).await {
            // What they mean is committed, and the mailbox can be read: nothing else has to wait for that.
            Err(error) if error.is_refusal() => {
                warn!(%error, mails = places.len(), into = into.folder(), "mails that were taken in cannot be filed and stay where they are");
            }
            other => other?,
        }
    }
    Ok(())
}

/// Commits how far a folder was read.
async fn remember(bot: &Bot, folder: &str, watermark: Watermark) -> Result<(), StoreError> {
    let batch = Batch {
        at: Some(bot.clock.now()),
        watermark: Some((folder.to_owned(), watermark.validity, watermark.last)),
        ..Batch::default()
    };
    match bot.store.commit(batch).await {
        Ok(()) | Err(CommitError::Known | CommitError::Stale) => Ok(()),
        Err(CommitError::Store(error)) => Err(error),
    }
}
