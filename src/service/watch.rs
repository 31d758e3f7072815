//! The own mailboxes of reps, where they may be watched: headers only, read-only, newest first.
//!
//! The answer to a rep's first mail goes to the rep. It stops there as it would in the bot's mailbox, and is not passed on,
//! since the rep has it. What the rep writes by hand shifts the next touch; our own letters that lie in Sent end doubts.
//! A header that is about nobody enrolled leaves no trace.
//!
//! A mailbox is read from the moment it is watched first, and back as far as the mails of enrollments that were made since the
//! last look: a mail that was handed over an hour late may have its answer already.
//!
//! Not here: what an answer does (`reacting`), what the hand's mail does (`rules::watch`). Known gaps: the day that an absence
//! note names stands in its body, so it counts as one without a day.

use super::incoming::{Decided, Incoming, Sighted};
use super::intake::IntakeError;
use super::portion::UNRECORDED;
use super::stand_in::Gone;
use super::trouble::until_recorded;
use super::{Bot, Progress, safely};
use crate::inbox::{Extent, Head, Inbox, RawMail, Watermark};
use crate::mail::classify::Kind;
use crate::mail::read::Mail;
use crate::model::{Address, LooseAddress, MessageId, limits};
use crate::rules::watch::wrote_by_hand;
use crate::store::{Batch, CommitError, ReadTo, StoreError, WatchRow};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use tracing::info;

/// A rep's own mailbox.
pub struct Watch {
    /// Whose.
    pub rep: Address,
    /// It; opened so that nothing in it is ever changed.
    pub inbox: Inbox,
    /// The folder with what the rep sent.
    pub sent: String,
    /// Up to this journal number this process looked after enrollments; the store knows it only where there were some.
    journal: i64,
}

impl Watch {
    /// A mailbox that was not looked at yet.
    #[must_use]
    pub fn new(rep: Address, inbox: Inbox, sent: impl Into<String>) -> Self {
        Self {
            rep,
            inbox,
            sent: sent.into(),
            journal: 0,
        }
    }

    /// The name under which the store knows a folder of this mailbox.
    fn name(&self, folder: &str) -> String {
        format!("{}/{folder}", self.rep)
    }
}

/// Looks at every folder to its end. When it returns `Ok`, no header that lay there when it began is unseen: the barrier of
/// this rep moves.
///
/// # Errors
/// When the mailbox or the store fails; the barrier stays where it was.
pub async fn round(bot: &Bot, watch: &mut Watch) -> Result<Progress, IntakeError> {
    let began = bot.clock.now();
    if bot.stands_by() {
        return Ok(Progress::default());
    }
    let before = bot.store.watch(&watch.rep).await?;
    let journal = before.as_ref().map_or(0, |row| row.journal).max(watch.journal);
    let (since, last) = bot.store.begun_after(&watch.rep, journal).await?;
    let back_to = since.map(|since| earliest(since, began));
    let validity = bot.store.watermark(&watch.name("INBOX")).await?.validity;
    let looking = Looking {
        is_first: validity == 0,
        back_to,
    };
    let mut done = 0;
    for folder in watch.inbox.folders().await? {
        done += look(bot, watch, &folder, looking).await?;
    }
    let is_news = since.is_some() || before.is_none_or(|row| row.away.is_some());
    if is_news {
        let row = WatchRow {
            rep: watch.rep.clone(),
            journal: last,
            away: None,
        };
        keep(
            bot,
            Batch {
                watch: Some(row),
                ..Batch::default()
            },
        )
        .await?;
    }
    watch.journal = last;
    bot.barrier.watched(&watch.rep, began);
    bot.nudge.notify_one();
    Ok(Progress::of(done))
}

/// Remembers that a mailbox cannot be read, for `status` and `why`.
///
/// # Errors
/// When the store fails.
pub async fn is_away(bot: &Bot, rep: &Address, why: &str) -> Result<(), StoreError> {
    let before = bot.store.watch(rep).await?;
    let now = bot.clock.now();
    let since = before
        .as_ref()
        .and_then(|row| row.away.as_ref())
        .map_or(now, |(since, _)| *since);
    let row = WatchRow {
        rep: rep.clone(),
        journal: before.map_or(0, |row| row.journal),
        away: Some((since, why.to_owned())),
    };
    keep(
        bot,
        Batch {
            watch: Some(row),
            ..Batch::default()
        },
    )
    .await
}

async fn keep(bot: &Bot, batch: Batch) -> Result<(), StoreError> {
    let batch = Batch {
        at: Some(bot.clock.now()),
        ..batch
    };
    match bot.store.commit(batch).await {
        Ok(()) | Err(CommitError::Known | CommitError::Stale) => Ok(()),
        Err(CommitError::Store(error)) => Err(error),
    }
}

/// The first mail of an enrollment may have been sent this long before it was handed over.
fn earliest(since: Timestamp, now: Timestamp) -> Timestamp {
    let minus = |at: Timestamp, by| {
        SignedDuration::try_from(by)
            .ok()
            .and_then(|by| at.checked_sub(by).ok())
            .unwrap_or(at)
    };
    minus(since, limits::HANDED_WITHIN).max(minus(now, limits::LOOK_BACK))
}

/// How far a round looks back.
#[derive(Clone, Copy)]
struct Looking {
    /// The mailbox was never looked at: what lies there is the past. A folder that appears later is news from its beginning.
    is_first: bool,
    /// Enrollments were made meanwhile, whose mails may have come since then.
    back_to: Option<Timestamp>,
}

async fn look(bot: &Bot, watch: &mut Watch, folder: &str, looking: Looking) -> Result<usize, IntakeError> {
    let back_to = looking.back_to;
    let name = watch.name(folder);
    let ReadTo { validity, last, .. } = bot.store.watermark(&name).await?;
    let after = Watermark { validity, last };
    let extent = watch.inbox.extent(folder, after).await?;
    let start = start(&extent, after, looking.is_first);
    if after.validity != 0 && start == 0 && last > 0 {
        info!("a folder of a watched mailbox was renumbered and is looked through from its beginning");
    }
    let sighted = |rep| Sighted {
        rep,
        is_sent: folder == watch.sent,
    };
    let (mut done, mut below) = (0, extent.highest.saturating_add(1));
    loop {
        // Below what was seen before, only what came since then is looked for.
        let above = if below > start.saturating_add(1) { start } else { 0 };
        if below <= above.saturating_add(1) || (above < start && back_to.is_none()) {
            break;
        }
        let window = watch.inbox.heads(folder, &extent, above, below).await?;
        let is_old = |head: &Head| back_to.is_some_and(|then| head.received.is_none_or(|received| received < then));
        let all_old = above < start && window.heads.iter().all(is_old);
        done += take(bot, &name, window.heads, sighted(&watch.rep)).await?;
        below = window.down_to;
        if all_old {
            break;
        }
    }
    let seen = ReadTo {
        validity: extent.validity,
        last: extent.highest.max(if extent.validity == validity { last } else { 0 }),
        ..ReadTo::default()
    };
    if (seen.validity, seen.last) != (validity, last) {
        keep(
            bot,
            Batch {
                watermark: Some((name, seen)),
                ..Batch::default()
            },
        )
        .await?;
    }
    Ok(done)
}

/// Above which number everything is new: nothing when it is looked at first, everything when it was renumbered.
fn start(extent: &Extent, after: Watermark, is_first: bool) -> u32 {
    if after.validity == 0 && is_first {
        extent.highest
    } else if after.validity != extent.validity || extent.highest < after.last {
        0
    } else {
        after.last
    }
}

/// One window of headers: those that may be about somebody enrolled are taken in, newest first.
async fn take(bot: &Bot, name: &str, heads: Vec<Head>, sighted: Sighted<'_>) -> Result<usize, IntakeError> {
    let mails: Vec<(Head, Mail)> = heads
        .into_iter()
        .filter_map(|head| Some((safely::header(&head.bytes)?, head)).map(|(mail, head)| (head, mail)))
        .collect();
    let known = Known::of(bot, &mails, sighted.is_sent).await?;
    let mut done = 0;
    for (head, mail) in mails
        .into_iter()
        .filter(|(_, mail)| known.may_be(mail, sighted.is_sent))
    {
        done += usize::from(take_one(bot, name, head, mail, sighted).await?);
    }
    Ok(done)
}

/// What of a window the store knows: asked once for all of them.
pub(super) struct Known {
    ids: BTreeSet<MessageId>,
    people: BTreeSet<LooseAddress>,
}

impl Known {
    pub(super) async fn of(bot: &Bot, mails: &[(Head, Mail)], is_sent: bool) -> Result<Self, StoreError> {
        let ids: BTreeSet<MessageId> = mails.iter().flat_map(|(_, mail)| ids(mail)).cloned().collect();
        let people: BTreeSet<LooseAddress> = mails.iter().flat_map(|(_, mail)| people(mail, is_sent)).collect();
        let (ids, people): (Vec<_>, Vec<_>) = (ids.into_iter().collect(), people.into_iter().collect());
        let has_id = bot.store.known_ids(ids.clone()).await?;
        let has_person = bot.store.known_people(people.clone()).await?;
        let among = |(it, known): (_, bool)| known.then_some(it);
        Ok(Self {
            ids: ids.into_iter().zip(has_id).filter_map(among).collect(),
            people: people
                .into_iter()
                .zip(has_person)
                .filter_map(|(it, known)| known.then_some(it))
                .collect(),
        })
    }

    pub(super) fn may_be(&self, mail: &Mail, is_sent: bool) -> bool {
        mail.header("X-Cadence-Ref").next().is_some()
            || ids(mail).any(|id| self.ids.contains(id))
            || people(mail, is_sent).iter().any(|person| self.people.contains(person))
    }
}

/// Its own id, and those that it answers.
fn ids(mail: &Mail) -> impl Iterator<Item = &MessageId> {
    mail.message_id.iter().chain(&mail.references)
}

/// Whom it may be about: to whom the rep wrote, or who wrote to the rep, and who did not get a mail of theirs.
fn people(mail: &Mail, is_sent: bool) -> Vec<LooseAddress> {
    if is_sent {
        return mail.to.iter().chain(&mail.cc).map(|to| to.address.loose()).collect();
    }
    let failed = mail.header("X-Failed-Recipients").flat_map(|value| value.split(','));
    let failed = failed
        .filter_map(|text| Address::parse(text).ok())
        .take(limits::WEAK_PEOPLE);
    let from = mail.from.iter().map(|from| from.address.clone());
    from.chain(failed).map(|address| address.loose()).collect()
}

/// Takes in one header, until what it does holds; `false` when it does nothing.
async fn take_one(bot: &Bot, name: &str, head: Head, mail: Mail, sighted: Sighted<'_>) -> Result<bool, IntakeError> {
    let Some(mut reading) = safely::classify(&mail, &bot.house.own()) else {
        return Ok(false);
    };
    if sighted.is_sent {
        // Whatever it looks like, it was sent from here: a copy of what it is.
        reading.kind = Kind::OwnCopy;
        reading.signal = None;
        reading.about = mail.message_id.iter().cloned().collect();
    }
    let raw = RawMail {
        place: head.place,
        whole: false,
        bytes: head.bytes,
        size: head.size,
        received: head.received,
        watermark: Watermark::default(),
    };
    let seen = Incoming::sighted(bot, name, &raw, mail, reading, sighted);
    for _ in 0..limits::STALE_RETRIES {
        let taken = until_recorded(&bot.clock, UNRECORDED, async || {
            let known = bot.store.heads(std::slice::from_ref(&seen.mail.head)).await?;
            let has_id = seen.mail.message_id.is_some();
            if has_id && known.iter().any(Option::is_some) {
                return Ok(Some(false));
            }
            let mut decided = seen.decide().await?;
            if changes_nothing(&decided.batch) {
                return Ok(Some(false));
            }
            let batch = seen.batch(&mut decided);
            match bot.store.commit(batch).await {
                Ok(()) => {
                    seen.log(&decided);
                    Ok(Some(true))
                }
                Err(CommitError::Known) => Ok(Some(false)),
                Err(CommitError::Stale) => Ok(None),
                Err(CommitError::Store(error)) => Err(error),
            }
        });
        if let Some(taken) = taken.await? {
            return Ok(taken);
        }
    }
    Err(IntakeError::Stale)
}

/// What is about nobody leaves no trace, not even a line.
fn changes_nothing(batch: &Batch) -> bool {
    batch.changes.is_empty() && batch.moves.is_empty() && batch.suppress.is_empty() && batch.letters.is_empty()
}

impl Incoming<'_> {
    /// A header in a rep's own mailbox. Nothing that a rep may order by mail is ordered there, and what claims to be from a
    /// rep there is nobody's business.
    pub(super) async fn decide_sighted(&self, sighted: Sighted<'_>) -> Result<Decided, StoreError> {
        let reading = &self.reading;
        match &reading.kind {
            _ if sighted.is_sent => self.sent_by_hand(sighted).await,
            Kind::OwnCopy
            | Kind::Delivered
            | Kind::HandOver(_)
            | Kind::Commands { .. }
            | Kind::Impostor { .. }
            | Kind::Lead(_)
            | Kind::LeadRefused { .. }
            | Kind::AboutTest
            | Kind::Bulk => Ok(self.plain(reading.kind.code(), &reading.because, crate::inbox::Filing::Processed)),
            Kind::Bounce
            | Kind::Delay
            | Kind::Complaint
            | Kind::OptOut
            | Kind::Calendar(_)
            | Kind::AutoReply
            | Kind::Reply => self.react().await,
        }
    }

    /// What lies in Sent: a letter of ours, or what the rep wrote by hand.
    async fn sent_by_hand(&self, sighted: Sighted<'_>) -> Result<Decided, StoreError> {
        let mut decided = self.plain(
            "own_copy",
            "it lies among what the rep sent",
            crate::inbox::Filing::Processed,
        );
        let own = match &self.mail.message_id {
            Some(id) => !self.bot.store.of_mails(std::slice::from_ref(id)).await?.is_empty(),
            None => false,
        };
        if own || self.mail.header("X-Cadence-Ref").next().is_some() {
            return Ok(decided);
        }
        let at = self.raw.received.or(self.mail.date).unwrap_or(self.now);
        for person in people(&self.mail, sighted.is_sent) {
            for enrollment in self.bot.store.of_person(&person).await? {
                if !enrollment.rep.same_as(sighted.rep) {
                    continue;
                }
                let gone = Gone::default();
                let Some(view) = self.bot.view(&enrollment, &gone) else {
                    continue;
                };
                let wrote = wrote_by_hand(&view, self.mail.message_id.as_ref(), at, self.now);
                if !wrote.facts.is_empty() && decided.batch.add(&enrollment, wrote, self.now).is_some() {
                    decided.kind = "by_hand";
                }
            }
        }
        Ok(decided)
    }
}
