//! `edit`: a rep reads the text of the mail that goes out next, or puts their own in its place.

use super::answer::Desk;
use super::orders::offer;
use crate::model::{Alert, AnswerLine, Channel, Command, Notice, Standing, Step, Task, TaskId};
use crate::rules::{View, approve};

impl Desk<'_> {
    /// Shows the text, or takes another. `None`: the answer is a mail of its own, with the text as it can be copied.
    pub(super) fn edit(
        &mut self,
        command: &Command,
        view: &View<'_>,
        task: Option<&Task>,
        text: Option<&str>,
    ) -> Option<AnswerLine> {
        let who = view.enrollment.prospect.label();
        let refused = |why: &str, lines: &[&str]| {
            Some(AnswerLine {
                said: command.said.clone(),
                answer: format!("{who}: nothing changed; {why}"),
                done: false,
                offers: lines.iter().map(|line| offer(line, Some(view.enrollment.id))).collect(),
            })
        };
        if task.is_some_and(|task| task.channel != Channel::Email) {
            return refused("this number is no mail, and its script is for you alone", &[]);
        }
        let step = match self.next_mail(view) {
            Ok(step) => step,
            Err((why, lines)) => return refused(why, lines),
        };
        let now = self.incoming.now;
        let due = match view.enrollment.standing {
            Standing::Waiting { due, .. } => due.max(now),
            Standing::Deciding { .. } | Standing::Sending { .. } | Standing::Paused { .. } | Standing::Ended { .. } => {
                now
            }
        };
        let bot = self.incoming.bot;
        let Ok(wording) = bot.wording(view, &step, due) else {
            return refused("words are missing in it; `why` tells which", &["why"]);
        };
        let shown = approve::text_of(&wording);
        let Some(text) = text else {
            if !self.is_alone {
                // One mail is answered by one.
                return Some(AnswerLine {
                    said: command.said.clone(),
                    answer: format!("{who}: the next mail, \"{}\":\n\n{}", shown.subject, shown.body),
                    done: true,
                    offers: vec![offer("edit", Some(view.enrollment.id))],
                });
            }
            self.notices.push(Notice::Alert {
                enrollment: view.enrollment.id,
                prospect: Box::new(view.enrollment.prospect.clone()),
                cadence: view.enrollment.cadence.clone(),
                what: Alert::Text {
                    touch: approve::named(view, step.number),
                    due,
                    text: shown,
                },
            });
            return None;
        };
        let id = TaskId::derive(view.enrollment.id, step.number);
        match approve::edit(view, &step, id, task, &shown, text, now) {
            Ok((decision, answer)) => {
                let line = AnswerLine {
                    said: command.said.clone(),
                    answer,
                    done: true,
                    offers: ["hold", "edit"]
                        .iter()
                        .map(|line| offer(line, Some(view.enrollment.id)))
                        .collect(),
                };
                let closes = super::orders::closing(&decision.facts);
                self.batch.closed.extend(closes);
                match self.batch.add(view.enrollment, decision, now) {
                    Some(after) => {
                        self.changed.retain(|known| known.id != after.id);
                        self.changed.push(after);
                        Some(line)
                    }
                    None => refused("it moved on meanwhile; `why` tells where it stands", &["why"]),
                }
            }
            Err(why) => refused(&why, &[]),
        }
    }

    /// The mail that comes next; or why there is none to be changed, and what may be said instead.
    fn next_mail(&self, view: &View<'_>) -> Result<Step, (&'static str, &'static [&'static str])> {
        match &view.enrollment.standing {
            Standing::Ended { .. } => return Err(("it is over, and no mail goes out any more", &["why"])),
            Standing::Sending { .. } => {
                return Err((
                    "the mail is written and on its way; say hold first, and edit it then",
                    &["hold"],
                ));
            }
            Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Paused { .. } => {}
        }
        let next = view.enrollment.next_step().and_then(|next| view.cadence.step(next));
        match next {
            Some(step) if step.channel == Channel::Email => Ok(step.clone()),
            Some(_) => Err((
                "the next touch is no mail; a mail can be changed once it comes next",
                &["why"],
            )),
            None => Err(("no touch is left", &["why"])),
        }
    }
}
