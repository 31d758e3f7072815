//! Every rep's morning: one digest for each business day, made when it is due and never twice.

use super::incoming::LOOK_ALIKE;
use super::stand_in::Gone;
use super::{Bot, Progress};
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{
    Correspondent, Decision, Digest, Enrollment, EnrollmentId, Letter, LetterClass, LetterId, Rep, Standing,
    SuppressionReason, Wording, limits,
};
use crate::report::{self, DigestView};
use crate::rules::{advance, window};
use crate::store::{Batch, CommitError, DigestRow, StoreError};
use crate::template::Taps;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;
use tracing::warn;

/// Writes the digests that are due.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let mut progress = Progress::default();
    for rep in bot.house.reps.iter().filter_map(|rep| bot.house.rep(&rep.address)) {
        progress = progress.and(bot.morning(rep).await?);
    }
    Ok(progress)
}

impl Bot {
    async fn morning(&self, rep: &Rep) -> Result<Progress, StoreError> {
        let now = self.clock.now();
        let Some((last, journal)) = self.store.last_digest(&rep.address).await? else {
            // The first digest is the first one due after this bot came to know the rep.
            let today = now.to_zoned(rep.zone.clone()).date();
            let at = window::digest_on(today, rep);
            let known = if at <= now {
                today
            } else {
                today.yesterday().unwrap_or(today)
            };
            self.keep(
                DigestRow {
                    rep: rep.address.clone(),
                    date: known,
                    letter: None,
                    items: Vec::new(),
                    mails: Vec::new(),
                    journal: 0,
                },
                None,
            )
            .await?;
            return Ok(Progress::of(1));
        };
        let (mut date, mut due) = window::digest(rep, &self.house.hours, window::digest_on(last, rep));
        for _ in 0..limits::DAYS {
            if self.house.away(rep, date).is_none_or(|away| away.cover.is_some()) {
                break;
            }
            (date, due) = window::digest(rep, &self.house.hours, due);
        }
        if due > now {
            return Ok(Progress {
                done: 0,
                wake: Some(due),
            });
        }
        // After an outage the mornings that were missed are one morning.
        for _ in 0..limits::DAYS {
            let (later, then) = window::digest(rep, &self.house.hours, due);
            if then > now {
                break;
            }
            (date, due) = (later, then);
        }
        if !self.is_unproven() {
            self.open_todays_touches(rep, date, now).await?;
        }
        self.write_digest(rep, (last, date), journal, now).await?;
        Ok(Progress::of(1))
    }

    /// What a human does today is opened before the digest is written, so that it stands in it. Several touches of one
    /// enrollment may fall on one day, so this looks until there is none left.
    async fn open_todays_touches(&self, rep: &Rep, date: Date, now: Timestamp) -> Result<(), StoreError> {
        let until = end_of(date, rep, now);
        for _ in 0..limits::STEPS {
            let due = self.store.due_of(&rep.address, until, limits::DIGEST_OPEN).await?;
            let people: Vec<_> = due
                .iter()
                .map(|enrollment| enrollment.prospect.address.loose())
                .collect();
            let suppressed = self.store.suppressions(&people).await?;
            let today = due.iter().zip(suppressed);
            let today =
                today.filter_map(|(enrollment, suppressed)| self.open_today(enrollment, suppressed, until, now));
            let mut opened = 0;
            for committed in self.store.commit_many(today.collect()).await {
                match committed {
                    Ok(()) => opened += 1,
                    // It moved on meanwhile; the next look sees where it stands.
                    Err(CommitError::Stale | CommitError::Known) => {}
                    Err(CommitError::Store(error)) => return Err(error),
                }
            }
            if opened == 0 {
                break;
            }
        }
        Ok(())
    }

    fn open_today(
        &self,
        enrollment: &Enrollment,
        suppressed: Option<SuppressionReason>,
        until: Timestamp,
        now: Timestamp,
    ) -> Option<Batch> {
        let gone = Gone::default();
        let view = self.view(enrollment, &gone)?;
        let mut batch = Batch {
            at: Some(now),
            ..Batch::default()
        };
        if let (Standing::Waiting { step, due, .. }, None) = (&enrollment.standing, &suppressed)
            && *due < until
            && let Some(arm) = self.dealt_arm(&view, *step)
        {
            self.decided(&mut batch, enrollment, Decision::of(vec![arm]), now);
            return Some(batch);
        }
        let step = advance::for_today(&view, suppressed, until, now)?;
        self.touch(&mut batch, &view, step, now);
        (!batch.changes.is_empty()).then_some(batch)
    }

    /// The digest of `date`, with what happened since the one of `last`, which told the journal up to `after`.
    async fn write_digest(
        &self,
        rep: &Rep,
        (last, date): (Date, Date),
        after: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = LetterId::of_digest(&rep.address, &date.to_string());
        if self.copies.has(id) {
            // It went out before this database was set back, with numbers that mean what they meant there. The next one tells the rest.
            let row = DigestRow {
                rep: rep.address.clone(),
                date,
                letter: None,
                items: Vec::new(),
                mails: Vec::new(),
                journal: after,
            };
            return self.keep(row, None).await;
        }
        let (since, journal) = self.store.since(&rep.address, after, limits::DIGEST_FACTS).await?;
        let named: BTreeSet<EnrollmentId> = since.iter().map(|(enrollment, _)| *enrollment).collect();
        let named: Vec<EnrollmentId> = named.into_iter().collect();
        let named = self.store.enrollments(&named).await?;
        let tasks = self.store.open_tasks(&rep.address, limits::DIGEST_OPEN).await?;
        let due = self
            .store
            .due_of(&rep.address, end_of(date, rep, now), limits::DIGEST_OPEN)
            .await?;
        let paused = self.store.paused_of(&rep.address, limits::DIGEST_OPEN).await?;
        // From digest to digest, whenever they are made, so that each mail is told once.
        let between = (window::digest_on(last, rep), window::digest_on(date, rep));
        let held = self.store.mails_in_name_of(&rep.address, between, limits::DIGEST_OPEN);
        let held = held.await?;
        let look_alikes = held.iter().filter(|(_, mail)| mail.kind == LOOK_ALIKE).count();
        let active = self.store.active_of(&rep.address).await?;
        let back = |span| now.checked_sub(span).unwrap_or(now);
        let met = self
            .store
            .met_of(&rep.address, back(limits::MEETING_ASKED), limits::DIGEST_OPEN);
        let met = met.await?;
        let lately = self
            .store
            .lately(&rep.address, back(limits::DIGEST_LATELY), limits::DIGEST_FACTS);
        let lately = lately.await?;
        let open: Vec<&Enrollment> = tasks.iter().map(|(_, enrollment)| enrollment).collect();
        let heat = self.heat_of(&open, now).await?;
        let numbers = self.week_of(&rep.address, date, now).await?;
        let mut digest = report::digest(&DigestView {
            rep,
            id,
            date,
            last,
            now,
            hours: &self.house.hours,
            tasks: &tasks,
            due: &due,
            since: &since,
            named: &named,
            paused: &paused,
            held: held.len(),
            look_alikes,
            active,
            met: &met,
            lately: &lately,
            numbers: &numbers,
            synced: self.barrier.looked(),
            heat: &heat,
            cadences: &|name| self.house.library.cadence(name),
        });
        // Who has nothing under way is kept from nothing.
        if active > 0 {
            digest
                .needs_you
                .extend(report::held(&self.store.holds(now).await?, rep));
        }
        let mut row = DigestRow {
            rep: rep.address.clone(),
            date,
            letter: None,
            items: Vec::new(),
            mails: Vec::new(),
            journal,
        };
        if digest.is_empty() {
            return self.keep(row, None).await;
        }
        match self.digest_that_fits(rep, digest, now) {
            // A row may only name a letter that there is, and only what is listed has a number.
            Ok((listed, letter)) => {
                row.letter = Some(letter.id);
                row.items = listed.todo.iter().map(|item| (item.number, item.task)).collect();
                let mails = listed.going_out.iter();
                row.mails = mails.map(|mail| (mail.number, mail.enrollment)).collect();
                self.keep(row, Some(letter)).await
            }
            // What could not be told today is told tomorrow.
            Err(error) => {
                warn!(error, "a digest could not be written");
                row.journal = after;
                self.keep(row, None).await
            }
        }
    }

    /// The digest's letter, and what stands in it: where a busy day makes it larger than a letter may be, or than Gmail shows,
    /// it lists less and counts the rest.
    fn digest_that_fits(&self, rep: &Rep, digest: Digest, now: Timestamp) -> Result<(Digest, Letter), String> {
        let mut digest = digest;
        let mut shorter = limits::DIGEST_SHORTER.into_iter();
        loop {
            let wording = self.digest_wording(rep, &digest);
            let fits = wording
                .html
                .as_ref()
                .is_none_or(|html| html.len() <= limits::DIGEST_HTML);
            let next = shorter.next();
            let written = match next {
                Some(_) if !fits => Err("Gmail would clip it".to_owned()),
                // Where there is no shorter one, a clipped one is better than none.
                _ => self.digest_letter(rep, &digest, wording, now),
            };
            match (written, next) {
                (Ok(letter), _) => return Ok((digest, letter)),
                (Err(_), Some((lines, script))) => digest = digest.shortened(lines, script),
                (Err(error), None) => return Err(error),
            }
        }
    }

    fn digest_wording(&self, rep: &Rep, digest: &Digest) -> Wording {
        let bot = &self.house.bot;
        let numbered = digest.todo.iter().map(|item| item.enrollment);
        let waiting = digest.needs_you.iter().filter_map(|need| need.enrollment);
        let about = numbered
            .chain(digest.going_out.iter().map(|mail| mail.enrollment))
            .chain(waiting);
        let taps = Taps {
            command: about.map(|id| (id.0, bot.for_command(id).to_string())).collect(),
            digest: Some(bot.for_digest(digest.id).to_string()),
        };
        self.house.texts.digest(digest, rep, &taps)
    }

    fn digest_letter(
        &self,
        rep: &Rep,
        digest: &Digest,
        mut wording: Wording,
        now: Timestamp,
    ) -> Result<Letter, String> {
        let bot = &self.house.bot;
        let reader = self.house.reader_of(rep, now);
        if !reader.address.same_as(&rep.address) {
            wording.subject = format!("For {}: {}", rep.name, wording.subject);
        }
        let message_id = bot.message_id_of(digest.id).ok_or("it has no Message-ID")?;
        let from = Correspondent::new(Some(&self.house.bot_name), bot.address().clone());
        let reply_to = Correspondent::new(Some(&self.house.bot_name), bot.for_digest(digest.id));
        let bytes = compose(&Composition {
            from: &from,
            to: &reader.correspondent(),
            reply_to: Some(&reply_to),
            date: now,
            message_id: &message_id,
            thread: &[],
            wording: &wording,
            unsubscribe: None,
            automatic: Automatic::Generated,
            reference: &digest.id.to_string(),
            enclosed: None,
        })?;
        Ok(Letter {
            id: digest.id,
            class: LetterClass::Digest,
            touch: None,
            rep: rep.address.clone(),
            envelope_from: Some(bot.for_bounce(digest.id)),
            to: reader.address.clone(),
            message_id,
            bytes,
            not_before: now,
        })
    }

    async fn keep(&self, row: DigestRow, letter: Option<Letter>) -> Result<(), StoreError> {
        let letters = letter.into_iter().collect();
        let batch = Batch {
            at: Some(self.clock.now()),
            letters,
            digest: Some(row),
            ..Batch::default()
        };
        match self.store.commit(batch).await {
            // Another round was faster: there is never a second one for that day.
            Ok(()) | Err(CommitError::Stale | CommitError::Known) => Ok(()),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

/// The end of a rep's day; `now` at the end of the calendar.
fn end_of(date: Date, rep: &Rep, now: Timestamp) -> Timestamp {
    let midnight = date.tomorrow().and_then(|tomorrow| tomorrow.to_zoned(rep.zone.clone()));
    midnight.map_or(now, |midnight| midnight.timestamp())
}
