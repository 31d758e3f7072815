//! New mails → what they mean, committed before they are filed.
//!
//! The way of one mail: recognise, read, judge, load what it is about, decide, commit (facts, letters, the ledger row),
//! file. A mail seen twice is known by its content and changes nothing the second time. How far a folder was read is
//! committed last, so that whatever dies in between is read, recognised and filed again.
//!
//! Not here: how a portion of mails is committed together (`portion`), what one mail does (`incoming`).

use super::ahead::{self, Ahead};
use super::lease::Grip;
use super::portion::{Past, Portion};
use super::{Bot, Progress};
use crate::inbox::{Extent, Fetched, Filing, Inbox, InboxError, Place, Watermark};
use crate::model::limits;
use crate::store::{Batch, CommitError, ReadTo, StoreError};
use jiff::{SignedDuration, Timestamp};
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

/// Reads every folder to its end, if the mailbox is this bot's. When it returns `Ok`, nothing that lay there when it began is
/// unread, or of a backlog at least every header was seen; and the barrier moves, unless the mailbox is another bot's or
/// takes no lease. A wake-up in what it returns means that there is more to read at once.
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
    let (mut done, mut behind, mut blind) = (0, Vec::new(), false);
    let folders = inbox.folders().await?;
    // Stops first: of a backlog all headers are seen before a body is read.
    for folder in &folders {
        match ahead::look(bot, inbox, folder).await? {
            Ahead::Near => {}
            Ahead::Seen => behind.push(folder),
            Ahead::Blind => {
                behind.push(folder);
                blind = true;
            }
        }
    }
    for folder in folders.iter().filter(|folder| !behind.contains(folder)) {
        done += read_folder(bot, inbox, folder, None).await?;
    }
    let mut wake = None;
    if behind.is_empty() {
        bot.barrier.caught_up();
        if grip == Grip::Firm {
            bot.end_recovery(inbox).await?;
            bot.search_for_doubts(inbox, &folders).await?;
        }
    }
    if grip == Grip::Firm && !blind {
        bot.barrier.finished(began);
    }
    if !behind.is_empty() {
        bot.nudge.notify_one();
        let slice = SignedDuration::try_from(limits::BODIES).unwrap_or(SignedDuration::ZERO);
        let until = bot.clock.now() + slice;
        for folder in behind {
            done += read_folder(bot, inbox, folder, Some(until)).await?;
        }
        // The rest, and what came meanwhile, at once.
        wake = Some(bot.clock.now());
    }
    if done > 0 {
        bot.nudge.notify_one();
    }
    Ok(Progress { done, wake })
}

/// Reads a folder to its end, or until it is time; how many mails.
async fn read_folder(
    bot: &Bot,
    inbox: &mut Inbox,
    folder: &str,
    until: Option<Timestamp>,
) -> Result<usize, IntakeError> {
    let (mut done, mut old) = (0, 0);
    let extent = begin(bot, inbox, folder).await?;
    // Behind a mail that waits, reading goes on, and the watermark stays before it.
    let stored = watermark(&bot.store.watermark(folder).await?);
    let mut beyond = bot.beyond.read_on(folder, stored, bot.clock.now());
    // What was fetched while the portion before it was taken in.
    let mut ahead: Option<Fetched> = None;
    // Part of it was committed, and not yet that this was all.
    let mut is_part = false;
    loop {
        let mut read = bot.store.watermark(folder).await?;
        // What a folder holds that was read before was mostly taken in.
        let is_skimmed = beyond.is_none() && read.ended.is_some() && read.last < read.again_to;
        if is_skimmed {
            let (known, ends) = skim(bot, inbox, folder, &extent, read).await?;
            done += known;
            if !ends {
                continue;
            }
            read = bot.store.watermark(folder).await?;
            is_part = true;
        }
        let mut stored = watermark(&read);
        let before = beyond.unwrap_or(stored);
        let fetched = match ahead.take() {
            Some(fetched) => fetched,
            None => inbox.fetch(folder, before).await?,
        };
        let past = Past {
            to: if fetched.renumbered { u32::MAX } else { read.again_to },
            read: read.ended.unwrap_or_else(|| bot.clock.now()),
        };
        let mut portion = Portion::new(bot, folder, past);
        let goes_on = until.is_none_or(|until| bot.clock.now() < until);
        let reads_on = goes_on && !is_skimmed && fetched.watermark.last >= stored.last && is_light(&fetched);
        let next = async {
            if reads_on && inbox.reads_ahead() {
                Some(inbox.fetch(folder, fetched.watermark).await)
            } else {
                None
            }
        };
        let (taken, next) = tokio::join!(portion.take_in(&fetched.mails), next);
        // What is committed is filed, whatever became of the rest.
        let passed = portion.passed().filter(|_| beyond.is_none());
        let (left, known) = (portion.left, portion.known);
        // Under another UIDVALIDITY these numbers may be other mails: they come again.
        let is_renamed = |next: &Fetched| next.watermark.validity != fetched.watermark.validity;
        if !matches!(&next, Some(Ok(next)) if is_renamed(next)) {
            file(inbox, folder, portion.done).await?;
        }
        let ends = !fetched.more && left == 0 && beyond.is_none();
        if let Some(passed) = passed {
            remember(bot, folder, read.moved(passed), ends).await?;
            is_part = !ends;
            stored = passed;
        }
        if beyond.is_some() || left > 0 {
            beyond = Some(fetched.mails.last().map_or(fetched.watermark, |raw| raw.watermark));
            old += known;
        }
        taken?;
        ahead = next.transpose()?;
        // What is read once more because a mail before it waits is nothing new.
        done += fetched
            .mails
            .len()
            .saturating_sub(left + if passed.is_none() { known } else { 0 });
        if fetched.mails.is_empty() && (fetched.watermark != before || is_part && ends) && beyond.is_none() {
            remember(bot, folder, read.moved(fetched.watermark), ends).await?;
            is_part = !ends;
        }
        match beyond {
            Some(to) => bot.beyond.waits(folder, stored, to, old, bot.clock.now()),
            None => bot.beyond.over(folder),
        }
        let is_late = || until.is_some_and(|until| bot.clock.now() >= until);
        if ahead.is_none() && (!fetched.more || is_late()) {
            return Ok(done);
        }
    }
}

/// Whether the next mails may be fetched while these are in memory.
fn is_light(fetched: &Fetched) -> bool {
    let bytes: usize = fetched.mails.iter().map(|raw| raw.bytes.len()).sum();
    fetched.more && !fetched.renumbered && bytes as u64 <= limits::FETCH_AHEAD
}

/// Where to read on.
pub(super) fn watermark(read: &ReadTo) -> Watermark {
    let ReadTo { validity, last, .. } = *read;
    Watermark { validity, last }
}

impl ReadTo {
    /// It was read up to here. A folder that was renumbered meanwhile is begun anew when it is looked at next.
    fn moved(self, to: Watermark) -> Self {
        let Watermark { validity, last } = to;
        Self { validity, last, ..self }
    }
}

/// What a folder holds. Remembers, before any of it is read, which mails lie in one that was never read or was renumbered.
async fn begin(bot: &Bot, inbox: &mut Inbox, folder: &str) -> Result<Extent, IntakeError> {
    let read = bot.store.watermark(folder).await?;
    let extent = inbox.extent(folder, watermark(&read)).await?;
    if extent.validity == read.validity || extent.highest == 0 {
        return Ok(extent);
    }
    if read.validity != 0 {
        info!(folder, "the folder was renumbered and is read again from its beginning");
    }
    let read = ReadTo {
        validity: extent.validity,
        last: 0,
        again_to: extent.highest,
        ended: None,
    };
    remember(bot, folder, read, false).await?;
    Ok(extent)
}

/// One stretch of a renumbered folder: what is known by its header is filed again and not fetched. How many, and whether
/// something else comes next.
async fn skim(
    bot: &Bot,
    inbox: &mut Inbox,
    folder: &str,
    extent: &Extent,
    read: ReadTo,
) -> Result<(usize, bool), IntakeError> {
    let skimmed = ahead::skim(bot, inbox, folder, extent, read.last).await?;
    let known = skimmed.known.len();
    if known > 0 {
        file(inbox, folder, skimmed.known).await?;
    }
    if skimmed.last > read.last {
        let last = skimmed.last;
        remember(bot, folder, ReadTo { last, ..read }, false).await?;
    }
    Ok((known, skimmed.ends))
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

/// Commits how far a folder was read, and whether that is its end.
async fn remember(bot: &Bot, folder: &str, read: ReadTo, ends: bool) -> Result<(), StoreError> {
    let now = bot.clock.now();
    let ended = ends.then_some(now);
    let batch = Batch {
        at: Some(now),
        watermark: Some((folder.to_owned(), ReadTo { ended, ..read })),
        ..Batch::default()
    };
    match bot.store.commit(batch).await {
        Ok(()) | Err(CommitError::Known | CommitError::Stale) => Ok(()),
        Err(CommitError::Store(error)) => Err(error),
    }
}
