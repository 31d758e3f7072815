//! A rep's commands → what they change, and one answer.

use super::Bot;
use super::incoming::{Decided, Incoming, NOT_UNDERSTOOD};
use super::stand_in::Gone;
use crate::inbox::Filing;
use crate::mail::answerable::why_not;
use crate::mail::authenticity::{Verdict, verdict};
use crate::model::{
    Address, AnswerLine, Asked, Channel, Command, Enrollment, EnrollmentId, Fact, Notice, Standing, Task, TaskId,
    TaskOutcome, Token, limits,
};
use crate::rules::{self, approve, edited};
use crate::store::{Batch, StoreError};
use jiff::{SignedDuration, Timestamp};

impl Incoming<'_> {
    /// Carries out the commands of one mail in their order and answers all of them in one letter.
    pub(super) async fn answer(&self, rep: &Address, commands: &[Command]) -> Result<Decided, StoreError> {
        // What a program sends is no wish of the rep's, and answering it may never end (RFC 3834 2).
        if let Some(why) = why_not(&self.mail) {
            return Ok(self.plain("automatic", why, Filing::Unmatched));
        }
        let token = self.reading.token;
        if !self.may_use(token, rep).await? {
            let why = "it came by a token of another rep and no trusted check vouches for it";
            return Ok(self.plain("impostor", why, Filing::Quarantine));
        }
        let own_text = self.own_text(token, commands).await?;
        let commands = own_text.as_ref().map_or(commands, std::slice::from_ref);
        let (mut batch, lines) = self.carry_out(token, rep, commands).await?;
        let mut decided = self.plain("commands", &self.reading.because, Filing::Processed);
        let mut answered = true;
        if lines.iter().all(|line| !line.done) {
            decided.kind = NOT_UNDERSTOOD;
            answered = self.may_be_told_again(rep).await?;
        }
        if answered {
            let told = [(rep.clone(), Notice::Answer { lines })];
            batch.letters = self.bot.house.letters_about(self.cause(), &told, self.now);
        } else {
            decided.because = format!("{}; not answered: too many of these in one day", decided.because);
        }
        decided.batch = batch;
        Ok(decided)
    }

    /// A token is the capability of the rep it was given to. By somebody else's, only who is vouched for is heard.
    async fn may_use(&self, token: Option<Token>, rep: &Address) -> Result<bool, StoreError> {
        let owner = match token {
            None => return Ok(true),
            Some(token) => self.bot.owner(token).await?,
        };
        if owner.is_some_and(|owner| owner.same_as(rep)) {
            return Ok(true);
        }
        Ok(verdict(&self.mail, &self.bot.house.own(), rep) == Verdict::Pass)
    }

    /// The answer to a draft that is the text itself, as the rep wants it.
    async fn own_text(&self, token: Option<Token>, commands: &[Command]) -> Result<Option<Command>, StoreError> {
        let understood = |command: &Command| !matches!(command.asked, Asked::Unclear { .. } | Asked::Send { .. });
        let Some(id) = token
            .and_then(|token| token.enrollment())
            .filter(|_| !commands.iter().any(understood))
        else {
            return Ok(None);
        };
        let Some(task) = self.bot.draft_task(id).await? else {
            return Ok(None);
        };
        let edited = approve::edited(&approve::shown(&task), self.cause().new_text);
        Ok(edited.map(|edited| Command {
            said: "your own text".to_owned(),
            asked: Asked::Send {
                number: None,
                edited: Some(edited),
            },
        }))
    }

    /// Whether the rep is told once more that nothing was done: two programs that misunderstand each other must come to
    /// an end.
    async fn may_be_told_again(&self, rep: &Address) -> Result<bool, StoreError> {
        let day = self.now - SignedDuration::from_hours(24);
        let told = self.bot.store.mails_of_kind(rep, NOT_UNDERSTOOD, day).await?;
        Ok(told < limits::NOT_UNDERSTOOD)
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
                (enrollment, task) = (after.clone(), Some(opened));
                changed.retain(|known| known.id != after.id);
                changed.push(after);
            }
            let gone = Gone::default();
            let view = self.bot.view_of(&enrollment, &gone);
            let (decision, line) = rules::command::command(&view, command, task.as_ref(), self.now);
            let closes = closing(&decision.facts);
            let facts = decision.facts.clone();
            let Some(after) = batch.add(&enrollment, decision, self.now) else {
                lines.push(refuse(
                    command,
                    "nothing changed: this could not be done, and the log says why",
                ));
                continue;
            };
            lines.push(line);
            self.bot.succeed(&mut batch, &view, &facts, self.now);
            self.bot.end_successors(&mut batch, &view, &facts, self.now).await?;
            for (id, outcome, note) in closes {
                batch.closed.push((id, outcome, note));
                closed.extend(task.clone().map(|task| Task {
                    closed: Some((self.now, outcome)),
                    ..task
                }));
            }
            changed.retain(|known| known.id != enrollment.id);
            changed.push(after);
        }
        Ok((batch, lines))
    }
}

/// The tasks that these facts close.
fn closing(facts: &[Fact]) -> Vec<(TaskId, TaskOutcome, Option<String>)> {
    let closes = facts.iter().filter_map(|fact| match fact {
        Fact::TaskClosed {
            task, outcome, note, ..
        } => Some((*task, *outcome, note.clone())),
        _ => None,
    });
    closes.collect()
}

impl Bot {
    /// The last mail of an enrollment of which the rep has the draft.
    async fn draft_task(&self, id: EnrollmentId) -> Result<Option<Task>, StoreError> {
        let tasks = self.store.tasks_of(id).await?;
        Ok(tasks.into_iter().rev().find(|task| task.channel == Channel::Email))
    }

    /// The rep to whom a token was given.
    async fn owner(&self, token: Token) -> Result<Option<Address>, StoreError> {
        if let Some(id) = token.enrollment() {
            return Ok(self.store.enrollment(id).await?.map(|enrollment| enrollment.rep));
        }
        let Some(id) = token.letter() else { return Ok(None) };
        Ok(self.store.letter(id).await?.map(|(letter, _)| letter.rep))
    }

    /// The enrollment, and the task if one is meant, that a command is about.
    async fn meant(
        &self,
        token: Option<Token>,
        command: &Command,
    ) -> Result<Option<(Enrollment, Option<Task>)>, StoreError> {
        let Some(token) = token else { return Ok(None) };
        let is_word = matches!(command.asked, Asked::Send { .. } | Asked::Hold { .. });
        if let Some(id) = token.enrollment().filter(|_| is_word) {
            let task = self.draft_task(id).await?;
            return Ok(self.store.enrollment(id).await?.map(|enrollment| (enrollment, task)));
        }
        if let Some(id) = token.enrollment() {
            let task = self
                .store
                .tasks_of(id)
                .await?
                .into_iter()
                .rev()
                .find(|task| task.closed.is_none() && task.channel != Channel::Email);
            return Ok(self.store.enrollment(id).await?.map(|enrollment| (enrollment, task)));
        }
        let (
            Some(digest),
            Asked::Log {
                number: Some(number), ..
            }
            | Asked::Send {
                number: Some(number), ..
            }
            | Asked::Hold { number: Some(number) },
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
        let gone = Gone::default();
        let view = self.view(enrollment, &gone)?;
        let step = view.cadence.step(*step).filter(|step| step.channel != Channel::Email)?;
        if !edited::is_planned(enrollment, step) {
            return None;
        }
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
            }
            | Asked::Send {
                number: Some(number), ..
            }
            | Asked::Hold { number: Some(number) },
            Some(_),
        ) => refuse(command, &format!("there is no number {number} in that digest")),
        (Asked::Log { number: None, .. } | Asked::Send { .. } | Asked::Hold { .. }, Some(_)) => refuse(
            command,
            "say which one: begin the line with its number, such as `1 connected`",
        ),
        (
            Asked::Log { .. }
            | Asked::Send { .. }
            | Asked::Hold { .. }
            | Asked::NoShow
            | Asked::Stop
            | Asked::Pause
            | Asked::Resume
            | Asked::Why,
            _,
        ) => refuse(
            command,
            "reply to the mail about the prospect you mean, so that it is clear whom this is about",
        ),
    }
}
