//! A rep's commands → what they change, and one answer.

use super::Bot;
use super::intake::{Intake, IntakeError};
use super::posting::Cause;
use crate::inbox::Filing;
use crate::mail::classify::Reading;
use crate::model::{
    Address, AnswerLine, Asked, Channel, Command, Enrollment, Fact, Notice, Standing, Task, Token, limits,
};
use crate::rules;
use crate::store::{Batch, StoreError};
use jiff::Timestamp;
use tracing::warn;

impl Intake<'_> {
    /// Carries out the commands of one mail in their order and answers all of them in one letter.
    pub(super) async fn answer(
        &self,
        reading: &Reading,
        rep: &Address,
        commands: &[Command],
    ) -> Result<Filing, IntakeError> {
        for _ in 0..limits::STALE_RETRIES {
            let (mut batch, lines) = self.carry_out(reading.token, rep, commands).await?;
            let cause = Cause {
                mail: self.mail,
                raw: self.raw,
                new_text: &reading.new_text,
            };
            match self
                .bot
                .house
                .letters_about(cause, &[(rep.clone(), Notice::Answer { lines })], self.now)
            {
                Ok(letters) => batch.letters = letters,
                Err(error) => warn!(%error, "an answer is missing"),
            }
            if let Some(filing) = self
                .try_keep("commands", &reading.because, Filing::Processed, batch)
                .await?
            {
                return Ok(filing);
            }
        }
        Err(IntakeError::Stale)
    }

    async fn carry_out(
        &self,
        token: Option<Token>,
        rep: &Address,
        commands: &[Command],
    ) -> Result<(Batch, Vec<AnswerLine>), StoreError> {
        let mut batch = Batch::default();
        let mut lines = Vec::new();
        // Several commands may change one enrollment: each sees what the one before it did.
        let mut changed: Vec<Enrollment> = Vec::new();
        let mut closed: Vec<Task> = Vec::new();
        for command in commands {
            let meant = self.bot.meant(token, command).await?;
            let Some((mut enrollment, mut task)) = meant.filter(|(enrollment, _)| enrollment.rep.same_as(rep)) else {
                lines.push(without_object(command, token));
                continue;
            };
            if let Some(known) = changed.iter().find(|known| known.id == enrollment.id) {
                enrollment = known.clone();
            }
            if let Some(known) = task
                .as_ref()
                .and_then(|task| closed.iter().find(|known| known.id == task.id))
            {
                task = Some(known.clone());
            }
            if task.is_none()
                && let Some((after, opened)) = self.bot.open_early(&mut batch, &enrollment, command, self.now)
            {
                (enrollment, task) = (after, Some(opened));
            }
            let Some(view) = self.bot.view(&enrollment) else {
                lines.push(refuse(command, "its cadence is not configured any more"));
                continue;
            };
            let (decision, line) = rules::command::command(&view, command, task.as_ref(), self.now);
            lines.push(line);
            for fact in &decision.facts {
                if let Fact::TaskClosed {
                    task: id,
                    outcome,
                    note,
                    ..
                } = fact
                {
                    batch.closed.push((*id, *outcome, note.clone()));
                    closed.extend(task.clone().map(|task| Task {
                        closed: Some((self.now, *outcome)),
                        ..task
                    }));
                }
            }
            changed.retain(|known| known.id != enrollment.id);
            changed.extend(batch.add(&enrollment, decision, self.now));
        }
        Ok((batch, lines))
    }
}

impl Bot {
    /// The enrollment, and the task if one is meant, that a command is about.
    async fn meant(
        &self,
        token: Option<Token>,
        command: &Command,
    ) -> Result<Option<(Enrollment, Option<Task>)>, StoreError> {
        let Some(token) = token else { return Ok(None) };
        if let Some(id) = token.enrollment() {
            let task = self
                .store
                .tasks_of(id)
                .await?
                .into_iter()
                .rev()
                .find(|task| task.closed.is_none());
            return Ok(self.store.enrollment(id).await?.map(|enrollment| (enrollment, task)));
        }
        let (
            Some(digest),
            Asked::Log {
                number: Some(number), ..
            },
        ) = (token.letter(), &command.asked)
        else {
            return Ok(None);
        };
        let Some(task) = self.store.digest_item(digest, *number).await? else {
            return Ok(None);
        };
        Ok(self
            .store
            .enrollment(task.enrollment)
            .await?
            .map(|enrollment| (enrollment, Some(task))))
    }
}

impl Bot {
    /// A touch by hand that the rep made before it fell due is opened now, so that it can be logged.
    fn open_early(
        &self,
        batch: &mut Batch,
        enrollment: &Enrollment,
        command: &Command,
        now: Timestamp,
    ) -> Option<(Enrollment, Task)> {
        let (Asked::Log { number: None, .. }, Standing::Waiting { step, .. }) = (&command.asked, &enrollment.standing)
        else {
            return None;
        };
        let view = self.view(enrollment)?;
        let step = view.cadence.step(*step).filter(|step| step.channel != Channel::Email)?;
        let after = self.touch(batch, &view, step, now)?;
        let opened = |task: &&Task| task.enrollment == after.id && task.step == step.number;
        let task = batch.tasks.iter().rev().find(opened).cloned()?;
        Some((after, task))
    }
}

fn refuse(command: &Command, why: &str) -> AnswerLine {
    AnswerLine {
        said: command.said.clone(),
        answer: why.to_owned(),
        done: false,
    }
}

/// The answer to a command that names nothing this mail is about.
fn without_object(command: &Command, token: Option<Token>) -> AnswerLine {
    match (&command.asked, token) {
        (Asked::Help, _) => AnswerLine {
            said: command.said.clone(),
            answer: rules::command::help(),
            done: true,
        },
        (Asked::Unclear { closest }, _) => refuse(command, &rules::command::unclear(closest)),
        (
            Asked::Log {
                number: Some(number), ..
            },
            Some(_),
        ) => refuse(command, &format!("there is no number {number} in that digest")),
        (Asked::Log { number: None, .. }, Some(_)) => refuse(
            command,
            "say which one: begin the line with its number, such as `1 connected`",
        ),
        (Asked::Log { .. } | Asked::Stop | Asked::Pause | Asked::Resume | Asked::Why, _) => refuse(
            command,
            "reply to the mail about the prospect you mean, so that it is clear whom this is about",
        ),
    }
}
