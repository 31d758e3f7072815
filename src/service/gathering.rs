//! One alert each, and many at once in one mail: a list with dead addresses must not bury a rep's inbox.
//!
//! The first few of a kind come one by one and at once; what follows within [`limits::ALERTS_WITHIN`] waits until it has been
//! quiet for a while, and comes together. What waits stands in the database; what was told lately is kept in memory, so that a start
//! lets a few more come one by one.

use super::{Bot, Progress};
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{Address, Correspondent, Letter, LetterClass, LetterId, Notice, Rep, limits};
use crate::store::{Batch, CommitError, Gathered, StoreError};
use crate::template::{GatheredLine, WARNINGS, Warned};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Mutex;
use tracing::warn;

/// Alerts of the last minutes, by rep and kind.
#[derive(Debug, Default)]
pub(super) struct Bursts(Mutex<BTreeMap<(Address, &'static str), Lately>>);

/// When each was told or gathered.
type Lately = BTreeMap<LetterId, Timestamp>;

impl Bursts {
    /// Notes an alert; how many others of its kind there were lately.
    fn note(&self, rep: &Address, kind: &'static str, id: LetterId, now: Timestamp) -> usize {
        let within = SignedDuration::try_from(limits::ALERTS_WITHIN).unwrap_or(SignedDuration::ZERO);
        let Ok(mut all) = self.0.lock() else { return 0 };
        let known = all.entry((rep.clone(), kind)).or_default();
        known.retain(|_, at| now.duration_since(*at) < within);
        let others = known.keys().filter(|other| **other != id).count();
        // Beyond the bound it is a burst, whatever number it has.
        if known.len() <= limits::ALERTS_LISTED {
            known.entry(id).or_insert(now);
        }
        others
    }
}

impl Bot {
    /// The alert, where it waits to be told with others; `None` where it is told at once.
    pub(super) fn gathers(&self, id: LetterId, rep: &Address, notice: &Notice, now: Timestamp) -> Option<Gathered> {
        let Notice::Alert {
            enrollment,
            prospect,
            cadence,
            what,
        } = notice
        else {
            return None;
        };
        let kind = what.burst()?;
        let rep = self.house.rep(rep)?;
        let before = self.bursts.note(&rep.address, kind, id, now);
        (before >= limits::ALERTS_SINGLE).then(|| Gathered {
            letter: id,
            rep: rep.address.clone(),
            kind: kind.to_owned(),
            enrollment: Some(*enrollment),
            who: format!("{} in \"{cadence}\"", prospect.label()),
            what: self.house.texts.alert_line(what, prospect, rep),
            at: now,
        })
    }
}

/// What becomes of a warning to the administrator.
enum Warning {
    /// It goes out at once.
    Now(Letter),
    /// It waits for the others of its burst.
    Gathered(Gathered),
}

impl Bot {
    /// Warns the administrator, if there is one, in `batch`: the first few at once, and of a burst the rest in one mail.
    pub(super) fn warn(&self, batch: &mut Batch, id: LetterId, warned: &Warned<'_>, now: Timestamp) {
        match self.warning(id, warned, now) {
            Some(Warning::Now(letter)) => batch.letters.push(letter),
            Some(Warning::Gathered(one)) => batch.gathered.push(one),
            None => {}
        }
    }

    fn warning(&self, id: LetterId, warned: &Warned<'_>, now: Timestamp) -> Option<Warning> {
        let to = self.house.administrator.clone()?;
        let before = self.bursts.note(&to, WARNINGS, id, now);
        if before >= limits::ALERTS_SINGLE {
            let (who, what) = self.house.texts.warning_line(warned);
            return Some(Warning::Gathered(Gathered {
                letter: id,
                rep: to,
                kind: WARNINGS.to_owned(),
                enrollment: None,
                who,
                what,
                at: now,
            }));
        }
        let reply_to = self.house.bot.for_administration(id);
        let wording = self.house.texts.warning(warned, self.barrier.looked(), Some(&reply_to));
        self.to_administrator(id, &wording, now).map(Warning::Now)
    }
}

/// Tells what was gathered and has come to rest, or waits long enough.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let now = bot.clock.now();
    let mut groups: BTreeMap<(Address, String), Vec<Gathered>> = BTreeMap::new();
    for one in bot.store.gathered(limits::DIGEST_OPEN).await? {
        groups.entry((one.rep.clone(), one.kind.clone())).or_default().push(one);
    }
    let mut progress = Progress::default();
    for group in groups.into_values() {
        let due = due(&group).unwrap_or(now);
        progress = progress.and(if due > now {
            Progress {
                done: 0,
                wake: Some(due),
            }
        } else {
            Progress::of(usize::from(bot.tell_gathered(&group, now).await?))
        });
    }
    Ok(progress)
}

fn lines(group: &[Gathered]) -> Vec<GatheredLine> {
    let line = |one: &Gathered| GatheredLine {
        who: one.who.clone(),
        what: one.what.clone(),
    };
    group.iter().map(line).collect()
}

/// When a group is told: once it is quiet, and not later than the first of it may wait.
fn due(group: &[Gathered]) -> Option<Timestamp> {
    let after = |at: Timestamp, wait| at.checked_add(SignedDuration::try_from(wait).ok()?).ok();
    let first = after(group.iter().map(|one| one.at).min()?, limits::ALERTS_WITHIN)?;
    let quiet = after(group.iter().map(|one| one.at).max()?, limits::ALERTS_QUIET)?;
    Some(first.min(quiet))
}

impl Bot {
    async fn tell_gathered(&self, group: &[Gathered], now: Timestamp) -> Result<bool, StoreError> {
        let Some(first) = group.first() else { return Ok(false) };
        let letter = match self.house.rep(&first.rep) {
            _ if first.kind == WARNINGS => {
                let wording = self.house.texts.gathered(WARNINGS, &lines(group));
                self.to_administrator(LetterId::of_gathered(first.letter), &wording, now)
            }
            Some(rep) => self
                .gathered_letter(first, group, rep, now)
                .map_err(|error| warn!(error, "alerts that were gathered could not be told"))
                .ok(),
            None => None,
        };
        let batch = Batch {
            at: Some(now),
            letters: letter.into_iter().collect(),
            told: group.iter().map(|one| one.letter).collect(),
            ..Batch::default()
        };
        match self.store.commit(batch).await {
            Ok(()) => Ok(true),
            Err(CommitError::Stale | CommitError::Known) => Ok(false),
            Err(CommitError::Store(error)) => Err(error),
        }
    }

    fn gathered_letter(
        &self,
        first: &Gathered,
        group: &[Gathered],
        rep: &Rep,
        now: Timestamp,
    ) -> Result<Letter, String> {
        let house = &self.house;
        let reader = house.reader_of(rep, now);
        let id = LetterId::of_gathered(first.letter);
        let wording = house.texts.gathered(&first.kind, &lines(group));
        let message_id = house.bot.message_id_of(id).ok_or("it has no Message-ID")?;
        let from = Correspondent::new(Some(&house.bot_name), house.bot.address().clone());
        // It is answered as a digest is, by whoever names the prospect.
        let reply_to = Correspondent::new(Some(&house.bot_name), house.bot.for_digest(id));
        let bytes = compose(&Composition {
            from: &from,
            to: &reader.correspondent(),
            reply_to: Some(&reply_to),
            date: now,
            message_id: &message_id,
            thread: &[],
            wording: &wording,
            unsubscribe: None,
            automatic: Automatic::Replied,
            reference: &id.to_string(),
            enclosed: None,
        })?;
        Ok(Letter {
            id,
            class: LetterClass::Alert,
            touch: None,
            rep: rep.address.clone(),
            envelope_from: None,
            to: reader.address.clone(),
            message_id,
            bytes,
            not_before: now,
        })
    }
}
