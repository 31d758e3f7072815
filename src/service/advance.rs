//! Enrollments that are due → letters that are ready, tasks that are open.

use super::pacing::{Tally, scheduled};
use super::stand_in::Gone;
use super::{Bot, Progress};
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{
    Channel, Correspondent, Decision, Enrollment, Fact, Letter, LetterClass, LetterId, Standing, Step, StepNo,
    SuppressionReason, Task, TaskId, Wording, limits,
};
use crate::rules::succession::news;
use crate::rules::{View, advance as rule, advance::Next, approve};
use crate::store::{Batch, CommitError, StoreError};
use crate::template::{Chosen, Missing, Words};
use jiff::{SignedDuration, Timestamp};
use tracing::warn;

/// Decides every enrollment that is due, [`limits::ADVANCE`] at a time.
///
/// # Errors
/// When the store fails; what was decided before is committed.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let now = bot.clock.now();
    bot.look_at_trials(now).await?;
    let due = bot.store.due(now, limits::ADVANCE).await?;
    let due = follow_ups_first(due);
    let people: Vec<_> = due
        .iter()
        .map(|enrollment| enrollment.prospect.address.loose())
        .collect();
    let suppressed = bot.store.suppressions(&people).await?;
    let mut tally = bot.tally(&due, now).await?;
    let decided = due.iter().zip(suppressed);
    let decided = decided.filter_map(|(enrollment, suppressed)| bot.decide(enrollment, suppressed, &mut tally, now));
    // Committed together: the store fsyncs once for all that wait.
    let mut done = 0;
    for committed in bot.store.commit_many(decided.collect()).await {
        match committed {
            Ok(()) => done += 1,
            // It moved on meanwhile; if it is still due, the next round sees it.
            Err(CommitError::Stale | CommitError::Known) => {}
            Err(CommitError::Store(error)) => return Err(error),
        }
    }
    Ok(Progress {
        done,
        wake: bot.store.next_wake().await?,
    })
}

/// Whoever asks first goes first: conversations that have begun before new ones, the longest due first among each.
fn follow_ups_first(mut ordered: Vec<Enrollment>) -> Vec<Enrollment> {
    ordered.sort_by_key(|enrollment| enrollment.next_step() == Some(StepNo::FIRST));
    ordered
}

/// The rep or the cadence is gone from the configuration: it waits a day at a time and says why, and the rest goes on.
pub(super) fn orphaned(enrollment: &Enrollment, now: Timestamp) -> Batch {
    warn!(enrollment = %enrollment.id, "its rep or its cadence is not configured any more; it waits");
    let tomorrow = now + SignedDuration::from_hours(24);
    let mut batch = Batch {
        at: Some(now),
        ..Batch::default()
    };
    let fact = match &enrollment.standing {
        Standing::Waiting { step, .. } => Fact::Scheduled {
            step: *step,
            due: tomorrow,
            of: None,
            why: "its rep or its cadence is not configured any more".to_owned(),
        },
        Standing::Paused { why, .. } => Fact::Paused {
            why: why.clone(),
            until: Some(tomorrow),
        },
        Standing::Deciding { .. } | Standing::Sending { .. } | Standing::Ended { .. } => return batch,
    };
    batch.add(enrollment, Decision::of(vec![fact]), now);
    batch
}

impl Bot {
    fn decide(
        &self,
        enrollment: &Enrollment,
        suppressed: Option<SuppressionReason>,
        tally: &mut Tally,
        now: Timestamp,
    ) -> Option<Batch> {
        let gone = Gone::default();
        let Some(view) = self.view(enrollment, &gone) else {
            return Some(orphaned(enrollment, now));
        };
        let mut batch = Batch {
            at: Some(now),
            ..Batch::default()
        };
        let never = self.house.etiquette.forbids(&enrollment.prospect.address);
        let suppressed = suppressed.or(never.then_some(SuppressionReason::Administrator));
        if let (Standing::Waiting { step, due, .. }, None) = (&enrollment.standing, &suppressed)
            && *due <= now
            && let Some(arm) = self.dealt_arm(&view, *step)
        {
            // It is asked whether the step is made when the arm stands in the journal.
            self.decided(&mut batch, enrollment, Decision::of(vec![arm]), now);
            return Some(batch);
        }
        if let Some(dropped) = approve::edits_gone(&view) {
            self.decided(&mut batch, enrollment, dropped, now);
            return Some(batch);
        }
        match rule::advance(&view, suppressed, now) {
            Next::Touch(step) if step.channel == Channel::Email => {
                if let Some(later) = self.by_hour(&view, &step, now) {
                    self.decided(&mut batch, enrollment, later, now);
                    return Some(batch);
                }
                match tally.ask(self, &view, now) {
                    Ok(()) => self.touch(&mut batch, &view, &step, now),
                    Err(slot) => {
                        let waits = Decision::of(vec![scheduled(step.number, slot)]);
                        self.decided(&mut batch, enrollment, waits, now)
                    }
                }
            }
            Next::Touch(step) => self.touch(&mut batch, &view, &step, now),
            Next::Draft(step) => self.draft(&mut batch, &view, &step, now),
            Next::Wait(decision) | Next::End(decision) => self.decided(&mut batch, enrollment, decision, now),
        };
        (!batch.changes.is_empty()).then_some(batch)
    }

    /// Makes the touch of a step now: a letter, or a task. Returns the enrollment as it is then.
    pub(super) fn touch(&self, batch: &mut Batch, view: &View<'_>, step: &Step, now: Timestamp) -> Option<Enrollment> {
        match (self.wording(view, step, now), step.channel) {
            (Err(missing), _) => self.unwritten(batch, view, missing, now),
            (Ok(wording), Channel::Email) => self.mail(batch, view, step, &wording, now),
            (Ok(wording), Channel::Call | Channel::Linkedin | Channel::Video | Channel::DirectMail | Channel::Task) => {
                self.task(batch, view, step, &wording, now)
            }
        }
    }

    /// Words are missing: it waits, and the rep is told which.
    fn unwritten(
        &self,
        batch: &mut Batch,
        view: &View<'_>,
        missing: Vec<Missing>,
        now: Timestamp,
    ) -> Option<Enrollment> {
        let words: Vec<String> = missing.into_iter().map(|missing| missing.word).collect();
        self.decided(batch, view.enrollment, rule::unrenderable(view, &words, now), now)
    }

    /// Sends the draft of a mail to the rep, as it will read on the day that it goes out.
    pub(super) fn draft(&self, batch: &mut Batch, view: &View<'_>, step: &Step, now: Timestamp) -> Option<Enrollment> {
        let task = TaskId::derive(view.enrollment.id, step.number);
        let due = approve::goes_out(view, step, task, now)?;
        let wording = match self.wording(view, step, due) {
            Ok(wording) => wording,
            Err(missing) => return self.unwritten(batch, view, missing, now),
        };
        let text = approve::text_of(&wording);
        let mut decision = approve::drafted(view, step, task, &text, now);
        decision.facts.splice(0..0, self.dealt_text(view, step));
        let after = self.decided(batch, view.enrollment, decision, now)?;
        batch.tasks.push(Task {
            id: task,
            enrollment: view.enrollment.id,
            step: step.number,
            rep: view.enrollment.rep.clone(),
            channel: step.channel,
            due: now,
            script: format!("{}\n\n{}", text.subject, text.body),
            closed: None,
        });
        Some(after)
    }

    pub(super) fn wording(&self, view: &View<'_>, step: &Step, now: Timestamp) -> Result<Wording, Vec<Missing>> {
        let prospect = &view.enrollment.prospect;
        let words = Words {
            prospect,
            rep: view.rep,
            cadence: view.cadence,
            thread_subject: &view.enrollment.thread.subject,
            last_touch: view
                .enrollment
                .touched
                .map(|(_, at)| at.to_zoned(prospect.zone.rules()).date()),
            today: now.to_zoned(prospect.zone.rules()).date(),
            postal_address: self.house.postal_address.as_deref(),
            seed: self.seed_of(view, step),
        };
        let fresh = self.house.library.render(view.cadence, step.number, &words);
        let draft = view.enrollment.history.draft_of(step.number);
        let approved = draft.and_then(|draft| draft.approved.as_ref());
        let edited = view.enrollment.history.edit_of(&step.template);
        // Of a mail that waits for a word, the word is the last that was said of its text.
        let approved = if step.approve {
            approved.or(edited)
        } else {
            edited.or(approved)
        };
        let mut wording = match approved {
            None => fresh?,
            Some(text) => match fresh {
                Ok(fresh) if approve::text_of(&fresh) == *text => fresh,
                // What was let go is what goes, whatever its file says by now.
                fresh => {
                    let typed = self.house.library.typed(view.cadence, step, text, &words);
                    let typed = typed.map_err(|missing| vec![missing])?;
                    let subject = fresh
                        .ok()
                        .filter(|_| !view.enrollment.begins(step))
                        .map(|fresh| fresh.subject);
                    Wording {
                        subject: subject.unwrap_or_else(|| typed.subject.clone()),
                        ..typed
                    }
                }
            },
        };
        let thread = &view.enrollment.thread.subject;
        if step.begins() && !view.enrollment.begins(step) {
            // A first touch that answers somebody stands in their conversation, whatever subject it was written under.
            wording.subject = format!("Re: {thread}");
        }
        Ok(wording)
    }

    fn mail(
        &self,
        batch: &mut Batch,
        view: &View<'_>,
        step: &Step,
        wording: &Wording,
        now: Timestamp,
    ) -> Option<Enrollment> {
        match self.letter(view, step, wording, now) {
            Ok(letter) => {
                let chosen = self.chosen(view, step);
                let chosen = (chosen.variant, chosen.text);
                let decision = rule::rendered(view, step, letter.id, &wording.subject, chosen);
                let after = self.decided(batch, view.enrollment, decision, now)?;
                batch.letters.push(letter);
                Some(after)
            }
            Err(why) => {
                warn!(enrollment = %view.enrollment.id, why, "a touch could not be written");
                self.decided(batch, view.enrollment, rule::unrenderable(view, &[why], now), now)
            }
        }
    }

    fn chosen(&self, view: &View<'_>, step: &Step) -> Chosen {
        let (library, enrollment) = (&self.house.library, view.enrollment);
        library.chosen(
            view.cadence,
            step.number,
            &enrollment.prospect,
            self.seed_of(view, step),
        )
    }

    /// The letter of an email step: as the rep, in the thread, with the ways back to the bot.
    fn letter(&self, view: &View<'_>, step: &Step, wording: &Wording, now: Timestamp) -> Result<Letter, String> {
        let enrollment = view.enrollment;
        let id = LetterId::of_step(enrollment.id, step.number);
        let message_id = self
            .house
            .bot
            .message_id(enrollment.id, step.number, view.rep.address.domain())
            .ok_or("no Message-ID could be made for this sending domain")?;
        let prospect = Correspondent::new(enrollment.prospect.name.as_deref(), enrollment.prospect.address.clone());
        let reply_to = Correspondent::new(Some(&view.rep.name), self.house.bot.for_reply(enrollment.id));
        let bytes = compose(&Composition {
            from: &view.rep.correspondent(),
            to: &prospect,
            reply_to: Some(&reply_to),
            date: now,
            message_id: &message_id,
            thread: if enrollment.begins(step) {
                &[]
            } else {
                &enrollment.thread.ids
            },
            wording,
            unsubscribe: Some(&self.house.bot.for_opt_out(enrollment.id)),
            automatic: Automatic::Touch,
            reference: &id.to_string(),
            enclosed: None,
        })?;
        Ok(Letter {
            id,
            class: LetterClass::Step,
            touch: Some((enrollment.id, step.number)),
            rep: enrollment.rep.clone(),
            envelope_from: Some(self.house.bot.for_bounce(id)),
            to: enrollment.prospect.address.clone(),
            message_id,
            bytes,
            not_before: now,
        })
    }

    fn task(
        &self,
        batch: &mut Batch,
        view: &View<'_>,
        step: &Step,
        wording: &Wording,
        now: Timestamp,
    ) -> Option<Enrollment> {
        let enrollment = view.enrollment;
        let id = TaskId::derive(enrollment.id, step.number);
        let due = match enrollment.standing {
            Standing::Waiting { due, .. } => due,
            Standing::Deciding { .. } | Standing::Sending { .. } | Standing::Paused { .. } | Standing::Ended { .. } => {
                now
            }
        };
        let text = self.chosen(view, step).text;
        let mut decision = rule::opened(view, step, id, text, now);
        decision.facts.splice(0..0, self.dealt_text(view, step));
        let after = self.decided(batch, enrollment, decision, now)?;
        batch.tasks.push(Task {
            id,
            enrollment: enrollment.id,
            step: step.number,
            rep: enrollment.rep.clone(),
            channel: step.channel,
            due,
            script: format!("{}\n\n{}", wording.subject, wording.plain).trim().to_owned(),
            closed: None,
        });
        Some(after)
    }

    /// Adds a decision that no mail caused, with the letters that tell the rep.
    /// Returns the enrollment as it is then.
    pub(super) fn decided(
        &self,
        batch: &mut Batch,
        enrollment: &Enrollment,
        decision: Decision,
        now: Timestamp,
    ) -> Option<Enrollment> {
        let mut notices = decision.notices.clone();
        let facts = decision.facts.clone();
        let after = batch.add(enrollment, decision, now)?;
        let gone = Gone::default();
        if let Some(view) = self.view(enrollment, &gone) {
            self.succeed(batch, &view, &facts, now);
            notices.extend(news(&view, &facts));
        }
        if let Some(rep) = self.house.rep(&enrollment.rep) {
            let nth = after.version;
            notices.retain(|notice| {
                let id = LetterId::of_version(enrollment.id, nth);
                let gathered = self.gathers(id, &rep.address, notice, now);
                let told = gathered.is_none();
                batch.gathered.extend(gathered);
                told
            });
            let letters = self
                .house
                .letters_after(enrollment.id, after.version, rep, &notices, now);
            batch.letters.extend(letters);
        }
        Some(after)
    }
}
