//! Commands about prospects: what they do to each, and one line of answer.
//!
//! Not here: whom they are about (`meant`).

use super::Bot;
use super::answer::Desk;
use super::meant::Meant;
use super::stand_in::Gone;
use crate::model::{
    AnswerLine, Asked, Channel, Command, Enrollment, EnrollmentId, Fact, MeetingSaid, Offer, Order, PauseReason,
    Standing, Task, TaskId, TaskOutcome, Whom, limits,
};
use crate::report;
use crate::rules::{self, edited};
use crate::store::{Batch, StoreError};
use jiff::Timestamp;

/// The cadence that a missed meeting goes on in.
const NO_SHOW: &str = "no-show";

/// A line that may be said with one tap.
pub(super) fn offer(line: &str, about: Option<EnrollmentId>) -> Offer {
    Offer {
        line: line.to_owned(),
        about,
    }
}

/// What became of one command about one enrollment.
enum Done {
    /// This is the answer.
    Told(AnswerLine),
    /// The answer is a mail of its own.
    Silently,
    /// It could not be done.
    Not(&'static str),
}

impl Desk<'_> {
    /// A command about somebody.
    pub(super) async fn about(&mut self, command: &Command, whom: &Whom) -> Result<(), StoreError> {
        match self.meant(command, whom).await? {
            Meant::One(enrollment, task) => self.one(command, *enrollment, task).await,
            Meant::Many(enrollments) => self.many(command, enrollments).await,
            Meant::Nobody(why, offers) => {
                self.refuse(command, &why, offers);
                Ok(())
            }
        }
    }

    pub(super) fn bot(&self) -> &Bot {
        self.incoming.bot
    }

    pub(super) fn is_theirs(&self, enrollment: &Enrollment) -> bool {
        let house = &self.bot().house;
        house.speaks_for(self.rep, &enrollment.rep, self.incoming.now)
    }

    /// Everybody of the rep's who is under way.
    pub(super) async fn active(&self) -> Result<Vec<Enrollment>, StoreError> {
        self.bot().store.active_list_of(self.rep, limits::ORDER_MANY).await
    }

    async fn one(&mut self, command: &Command, enrollment: Enrollment, task: Option<Task>) -> Result<(), StoreError> {
        let id = enrollment.id;
        let mut line = match self.apply(command, enrollment, task).await? {
            Done::Told(line) => line,
            Done::Silently => return Ok(()),
            Done::Not(why) => {
                self.refuse(command, why, Vec::new());
                return Ok(());
            }
        };
        if let Asked::Order { order: Order::Why, .. } = command.asked {
            let edits = self.edits(id).await?;
            line.answer = format!(
                "{}{edits}\n{}{}",
                line.answer,
                self.history(id).await?,
                self.score(id).await?
            );
        }
        self.lines.push(line);
        Ok(())
    }

    /// How soon they are worth a touch, and why; nothing of who is in no cadence any more.
    async fn score(&self, id: EnrollmentId) -> Result<String, StoreError> {
        let Some(enrollment) = self.bot().store.enrollment(id).await? else {
            return Ok(String::new());
        };
        if !enrollment.is_active() {
            return Ok(String::new());
        }
        let heat = self.bot().heat_of(&[&enrollment], self.incoming.now).await?;
        let cadence = self.bot().house.library.cadence(&enrollment.cadence);
        Ok(format!(
            "\n{}",
            heat.score(&enrollment, cadence, self.incoming.now).words()
        ))
    }

    /// Which mails to come are in the rep's words.
    async fn edits(&self, id: EnrollmentId) -> Result<String, StoreError> {
        let Some(enrollment) = self.bot().store.enrollment(id).await? else {
            return Ok(String::new());
        };
        let gone = Gone::default();
        let lines = rules::approve::edits(&self.bot().view_of(&enrollment, &gone));
        Ok(lines.into_iter().map(|line| format!("\n{line}")).collect())
    }

    /// What happened to it last, a line each.
    async fn history(&self, id: EnrollmentId) -> Result<String, StoreError> {
        let journal = self.bot().store.journal(id).await?;
        let Some(rep) = self.bot().house.rep(self.rep) else {
            return Ok(String::new());
        };
        let first = journal.len().saturating_sub(limits::WHY_FACTS);
        let lines = journal.iter().skip(first).map(|recorded| {
            let at = recorded.at.to_zoned(rep.zone.clone()).strftime("%a %-d %b %H:%M");
            format!("{at}: {}", report::in_words_at(&recorded.fact, &rep.zone))
        });
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }

    /// One command about one enrollment, and the line that tells of it.
    async fn apply(
        &mut self,
        command: &Command,
        enrollment: Enrollment,
        task: Option<Task>,
    ) -> Result<Done, StoreError> {
        let now = self.incoming.now;
        let known = self.changed.iter().find(|known| known.id == enrollment.id);
        let mut enrollment = known.cloned().unwrap_or(enrollment);
        let closed = |task: Task| {
            self.closed
                .iter()
                .find(|known| known.id == task.id)
                .cloned()
                .unwrap_or(task)
        };
        let mut task = task.map(closed);
        let bot = self.incoming.bot;
        if task.is_none()
            && let Some((after, opened)) = bot.open_early(&mut self.batch, &enrollment, command, now)
        {
            (enrollment, task) = (after, Some(opened));
        }
        let gone = Gone::default();
        let view = bot.view_of(&enrollment, &gone);
        if let Asked::Switch { to, .. } = &command.asked {
            return self.switch(command, &view, to).await.map(Done::Told);
        }
        if let Asked::Unedit { touch, .. } = &command.asked {
            return Ok(Done::Told(self.unedit(command, &view, *touch)));
        }
        if matches!(command.asked, Asked::Undo { .. }) && !enrollment.is_active() {
            let told = Box::pin(self.take_back(command, &view, task.as_ref())).await;
            return told.map(Done::Told);
        }
        if let Asked::Edit { touch, text, .. } = &command.asked {
            return Ok(
                match self.edit(command, &view, task.as_ref(), *touch, text.as_deref()) {
                    Some(line) => Done::Told(line),
                    None => Done::Silently,
                },
            );
        }
        let (decision, mut line) = rules::command::command(&view, command, task.as_ref(), now);
        let closes = closing(&decision.facts);
        let facts = decision.facts.clone();
        let Some(mut after) = self.batch.add(&enrollment, decision, now) else {
            return Ok(Done::Not(
                "nothing changed: this could not be done, and the log says why",
            ));
        };
        bot.succeed(&mut self.batch, &view, &facts, now);
        bot.end_successors(&mut self.batch, &view, &facts, now).await?;
        // Where the cadence does not say what a no-show does, the no-show cadence begins.
        if view.cadence.on.no_show.is_none() && facts.iter().any(is_no_show) {
            let begun = self.begin(&view, NO_SHOW, "").await?;
            let ended = crate::model::Decision::of(vec![Fact::Ended {
                outcome: crate::model::Ending::ByCadence,
            }]);
            if !begun.starts_with("but ")
                && let Some(over) = self.batch.add(&after, ended, now)
            {
                after = over;
                let who = enrollment.prospect.label();
                line.answer = format!("{who}: noted that they did not come; {begun}.");
            }
        }
        for (id, outcome, note) in closes {
            self.batch.closed.push((id, outcome, note));
            self.closed.extend(task.clone().map(|task| Task {
                closed: Some((now, outcome)),
                ..task
            }));
        }
        for task in facts.iter().filter_map(reopened) {
            self.closed.retain(|known| known.id != task);
            self.batch.reopened.push(task);
        }
        self.batch.put_off.extend(facts.iter().filter_map(|fact| match fact {
            Fact::TaskPutOff { task, until, .. } => Some((*task, *until)),
            _ => None,
        }));
        self.changed.retain(|known| known.id != enrollment.id);
        self.changed.push(after);
        Ok(Done::Told(line))
    }

    /// An order about several.
    async fn many(&mut self, command: &Command, enrollments: Vec<Enrollment>) -> Result<(), StoreError> {
        let Asked::Order { order, whom, sure, .. } = &command.asked else {
            if let ([one], true) = (enrollments.as_slice(), !enrollments.is_empty()) {
                return self.one(command, one.clone(), None).await;
            }
            self.refuse(
                command,
                "say whom by their address: this is about one prospect",
                Vec::new(),
            );
            return Ok(());
        };
        let (order, sure) = (*order, *sure);
        let of = match whom {
            Whom::Company(name) => format!(" {name}"),
            // Those of the mail that is answered.
            Whom::This => String::new(),
            Whom::All | Whom::Number(_) | Whom::Address(_) => " all".to_owned(),
        };
        if let [one] = enrollments.as_slice() {
            return self.one(command, one.clone(), None).await;
        }
        if matches!(order, Order::Why | Order::Status) {
            self.list_standing(command, &enrollments);
            return Ok(());
        }
        let many = enrollments.len();
        if order.is_final() && !sure && many > limits::ENROLL_AT_ONCE {
            let verb = command.said.split_whitespace().next().unwrap_or("stop");
            let why =
                format!("nothing changed yet: this would end {many} enrollments for good. Say so again with `yes`.");
            let offers = vec![
                offer(&format!("{verb}{of} yes"), None),
                offer(&format!("pause{of}"), None),
            ];
            self.refuse(command, &why, offers);
            return Ok(());
        }
        let mut names = Vec::new();
        for enrollment in enrollments {
            // Who answered waits for the rep's own word about them.
            let by_rep =
                |one: &Enrollment| matches!(&one.standing, Standing::Paused { why, .. } if *why == PauseReason::Rep);
            if order == Order::Resume && !by_rep(&enrollment) {
                continue;
            }
            let before = enrollment.standing.clone();
            let (id, name) = (enrollment.id, enrollment.prospect.label().to_owned());
            let done = self.apply(command, enrollment, None).await?;
            let done = matches!(done, Done::Told(line) if line.done);
            let after = self.changed.iter().find(|known| known.id == id);
            if done && after.is_some_and(|after| after.standing != before) {
                names.push(name);
            }
        }
        let undo: &[&str] = match order {
            Order::Pause | Order::Snooze => &["resume"],
            Order::Resume => &["pause"],
            _ => &[],
        };
        let offers: Vec<Offer> = undo.iter().map(|verb| offer(&format!("{verb}{of}"), None)).collect();
        let done = match order {
            Order::Stop => "stopped, no more touches",
            Order::Finish => "finished, you go on by hand",
            Order::Pause | Order::Snooze => "paused",
            Order::Resume => "resumed, each at a time of its own and inside your daily cap",
            Order::Held | Order::NoShow | Order::Why | Order::Status => "done",
        };
        if names.is_empty() {
            self.tell(
                command,
                "nothing changed: none of them was to be changed".to_owned(),
                Vec::new(),
            );
            return Ok(());
        }
        let answer = format!("{} enrollments {done}: {}", names.len(), some_of(&names));
        self.tell(command, answer, offers);
        Ok(())
    }

    /// Where several stand, a line each.
    pub(super) fn list_standing(&mut self, command: &Command, enrollments: &[Enrollment]) {
        let bot = self.incoming.bot;
        let mut lines: Vec<String> = enrollments
            .iter()
            .take(limits::LISTED)
            .map(|enrollment| {
                let gone = Gone::default();
                let view = bot.view_of(enrollment, &gone);
                rules::command::brief(&view)
            })
            .collect();
        if enrollments.len() > limits::LISTED {
            lines.push(format!(
                "… and {} more; `status` with an address or a company tells of them",
                enrollments.len() - limits::LISTED
            ));
        }
        if lines.is_empty() {
            lines.push("nobody of yours is under way".to_owned());
        }
        self.tell(command, lines.join("\n"), Vec::new());
    }
}

/// The task that a fact opens again.
pub(super) fn reopened(fact: &Fact) -> Option<TaskId> {
    match fact {
        Fact::TaskReopened { task, .. } => Some(*task),
        _ => None,
    }
}

fn is_no_show(fact: &Fact) -> bool {
    match fact {
        Fact::Reopened { why } => *why == MeetingSaid::NoShow,
        Fact::Paused {
            why: PauseReason::Meeting(why),
            ..
        } => *why == MeetingSaid::NoShow,
        _ => false,
    }
}

/// `Jane Doe, Li Wei and 3 more`.
fn some_of(names: &[String]) -> String {
    let shown = names.iter().take(limits::DIGEST_NAMES).map(String::as_str);
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(limits::DIGEST_NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The tasks that these facts close.
pub(super) fn closing(facts: &[Fact]) -> Vec<(TaskId, TaskOutcome, Option<String>)> {
    let closes = facts.iter().filter_map(|fact| match fact {
        Fact::TaskClosed {
            task, outcome, note, ..
        } => Some((*task, *outcome, note.clone())),
        _ => None,
    });
    closes.collect()
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
