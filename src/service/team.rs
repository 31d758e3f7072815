//! Every business day's look at the team, for managers: who is behind, which cadences are at risk, when the bot last read its
//! mailbox. It names no prospect.
//!
//! There is one for each manager and day: its letter's id is derived from both. A day that was missed is not told later, and a
//! team without anybody under way gets none.

use super::report_mail::Reports;
use super::{Bot, Progress};
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{Behind, Correspondent, Letter, LetterClass, LetterId, Rep, TeamDigest, limits};
use crate::report::{self, Member, TeamView, day_of_date};
use crate::rules::window;
use crate::store::{Batch, CommitError, StoreError};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use tracing::warn;

/// Writes the digests of the team that are due.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let now = bot.clock.now();
    let mut progress = Progress::default();
    let mut made = None;
    for manager in bot.reports.of_days(bot) {
        let today = now.to_zoned(manager.zone.clone()).date();
        let due = window::digest_on(today, &manager);
        let works = bot.house.hours.day_off(today).is_none();
        let (_, next) = window::digest(&manager, &bot.house.hours, due.max(now));
        let id = LetterId::of_report(&manager.address, "team today", &today.to_string());
        if !works || due > now || bot.reports.is_settled(id) {
            let wake = if works && due > now { due } else { next };
            progress = progress.and(Progress {
                done: 0,
                wake: Some(wake),
            });
            continue;
        }
        if bot.copies.has(id) || bot.store.letter(id).await?.is_some() {
            bot.reports.settle(id);
            continue;
        }
        let team = match &made {
            Some((day, team)) if *day == today => team,
            _ => &made.insert((today, bot.team(today, now).await?)).1,
        };
        if team.active > 0 {
            match bot.team_letter(id, &manager, team, now) {
                Ok(letter) => bot.keep_team(letter, now).await?,
                Err(error) => warn!(error, "a digest of the team could not be written"),
            }
            progress.done += 1;
        }
        bot.reports.settle(id);
    }
    Ok(progress)
}

impl Reports {
    /// Who gets the team's digest, each as one whose clock and days off count.
    fn of_days(&self, bot: &Bot) -> Vec<Rep> {
        let managers = self.readers_of_team(bot, |settings| settings.daily);
        managers.unwrap_or_default()
    }
}

impl Bot {
    /// How the team stands on a day.
    async fn team(&self, date: Date, now: Timestamp) -> Result<TeamDigest, StoreError> {
        let store = &self.store;
        let mut behind: Vec<Behind> = Vec::new();
        let (mut reps, mut active) = (0, 0);
        for rep in self.house.reps.iter().filter_map(|rep| self.house.rep(&rep.address)) {
            let theirs = store.active_of(&rep.address).await?;
            let tasks = store.open_tasks(&rep.address, limits::DIGEST_OPEN).await?;
            reps += usize::from(theirs > 0 || !tasks.is_empty());
            active += theirs;
            let paused = store.paused_of(&rep.address, limits::DIGEST_OPEN).await?;
            let away = self.house.away(rep, date).filter(|away| away.cover.is_none());
            let member = Member {
                rep,
                tasks: &tasks,
                paused: &paused,
                away: away.map(|away| away.to),
            };
            behind.extend(report::behind(&member, date, &self.house.hours));
        }
        store.tally_on(limits::TALLY_PORTION).await?;
        let from = date.saturating_sub(limits::TEAM_DAYS.days());
        let month = store.tallied(day_of_date(from), day_of_date(date)).await?;
        let quarantined = store.quarantined(limits::DIGEST_OPEN).await?;
        let view = TeamView {
            date,
            hours: &self.house.hours,
            holds: &store.holds(now).await?,
            month: &month,
            doubts: store.doubts(limits::DOUBTS).await?.len(),
            quarantined: quarantined.iter().filter(|held| held.ruling.is_none()).count(),
            active,
            synced: self.barrier.looked(),
        };
        Ok(report::team(&view, reps, behind))
    }

    fn team_letter(&self, id: LetterId, manager: &Rep, team: &TeamDigest, now: Timestamp) -> Result<Letter, String> {
        let bot = &self.house.bot;
        let message_id = bot.message_id_of(id).ok_or("it has no Message-ID")?;
        let from = Correspondent::new(Some(&self.house.bot_name), bot.address().clone());
        let wording = self.house.texts.team(team, manager);
        let bytes = compose(&Composition {
            from: &from,
            to: &Correspondent::new(None, manager.address.clone()),
            reply_to: None,
            date: now,
            message_id: &message_id,
            thread: &[],
            wording: &wording,
            unsubscribe: None,
            automatic: Automatic::Generated,
            reference: &id.to_string(),
            enclosed: None,
        })?;
        Ok(Letter {
            id,
            class: LetterClass::Report,
            touch: None,
            rep: manager.address.clone(),
            envelope_from: None,
            to: manager.address.clone(),
            message_id,
            bytes,
            not_before: now,
        })
    }

    async fn keep_team(&self, letter: Letter, now: Timestamp) -> Result<(), StoreError> {
        let batch = Batch {
            at: Some(now),
            letters: vec![letter],
            ..Batch::default()
        };
        match self.store.commit(batch).await {
            // Another round was faster: there is never a second one for that day.
            Ok(()) | Err(CommitError::Stale | CommitError::Known) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
