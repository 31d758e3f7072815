//! `edit`: a rep reads the text of a mail that is to come, or puts their own in its place; `undo edit`: they take that back.
//!
//! What is written for a mail stands in the enrollment's history by the name of the step file, until that mail went out.

use super::answer::Desk;
use super::orders::offer;
use crate::model::{
    Alert, AnswerLine, Channel, Command, Condition, Notice, Offer, Standing, Step, StepNo, Task, limits,
};
use crate::rules::{View, approve};

impl Desk<'_> {
    /// Shows the text, or takes another. `None`: the answer is a mail of its own, with the text as it can be copied.
    pub(super) fn edit(
        &mut self,
        command: &Command,
        view: &View<'_>,
        task: Option<&Task>,
        touch: Option<u16>,
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
        let step = match coming(view, touch) {
            Ok(step) => step,
            Err((why, lines)) => return refused(&why, &lines.iter().map(String::as_str).collect::<Vec<_>>()),
        };
        let now = self.incoming.now;
        let due = approve::comes(view, &step, now);
        let is_next = view.enrollment.next_step() == Some(step.number);
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
                    answer: format!(
                        "{who}: {}, \"{}\":\n\n{}",
                        approve::named(view, step.number),
                        shown.subject,
                        shown.body
                    ),
                    done: true,
                    offers: vec![offer(&format!("edit touch {}", step.number), Some(view.enrollment.id))],
                });
            }
            self.notices.push(Notice::Alert {
                enrollment: view.enrollment.id,
                prospect: Box::new(view.enrollment.prospect.clone()),
                cadence: view.enrollment.cadence.clone(),
                what: Alert::Text {
                    step: (!is_next).then_some(step.number),
                    touch: approve::named(view, step.number),
                    due,
                    text: shown,
                },
            });
            return None;
        };
        match approve::edit(view, &step, task, &shown, text, now) {
            Ok((decision, answer)) => {
                let line = AnswerLine {
                    said: command.said.clone(),
                    answer,
                    done: true,
                    offers: self.after_edit(view, &step, is_next),
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

    /// What may be said of a mail that was edited.
    fn after_edit(&self, view: &View<'_>, step: &Step, is_next: bool) -> Vec<Offer> {
        let undo = (!step.approve).then(|| format!("undo edit touch {}", step.number));
        let hold = is_next.then(|| "hold".to_owned());
        let edit = Some(format!("edit touch {}", step.number));
        let lines = [hold, undo, edit].into_iter().flatten();
        lines.map(|line| offer(&line, Some(view.enrollment.id))).collect()
    }

    /// A mail goes out as the cadence has it.
    pub(super) fn unedit(&mut self, command: &Command, view: &View<'_>, touch: Option<u16>) -> AnswerLine {
        let mut line = AnswerLine {
            said: command.said.clone(),
            answer: String::new(),
            done: false,
            offers: Vec::new(),
        };
        match approve::unedit(view, touch) {
            Ok((decision, answer)) => {
                line.done = true;
                line.answer = answer;
                if let Some(after) = self.batch.add(view.enrollment, decision, self.incoming.now) {
                    self.changed.retain(|known| known.id != after.id);
                    self.changed.push(after);
                }
            }
            Err(why) => {
                line.answer = format!("{}: nothing changed; {why}", view.enrollment.prospect.label());
            }
        }
        line
    }
}

/// The mail that is meant; or why none is, and what may be said instead.
fn coming(view: &View<'_>, touch: Option<u16>) -> Result<Step, (String, Vec<String>)> {
    let on_its_way = match &view.enrollment.standing {
        Standing::Ended { .. } => {
            return Err((
                "it is over, and no mail goes out any more".to_owned(),
                vec!["why".to_owned()],
            ));
        }
        Standing::Sending { step, .. } => Some(*step),
        Standing::Deciding { .. } | Standing::Waiting { .. } | Standing::Paused { .. } => None,
    };
    let wanted = touch.map(StepNo).or(on_its_way);
    if on_its_way.is_some() && wanted == on_its_way {
        return Err((
            "the mail is written and on its way; say hold first, and edit it then".to_owned(),
            vec!["hold".to_owned()],
        ));
    }
    let next = view.enrollment.next_step().unwrap_or(StepNo::FIRST);
    let mails: Vec<&Step> = view
        .cadence
        .steps
        .iter()
        .filter(|step| step.number >= next && Some(step.number) != on_its_way)
        .filter(|step| step.channel == Channel::Email && step.when != Some(Condition::Passed))
        .collect();
    let found = match wanted {
        None => mails.first(),
        Some(wanted) => mails.iter().find(|step| step.number == wanted),
    };
    if let Some(step) = found {
        return Ok((*step).clone());
    }
    let Some(wanted) = wanted.filter(|_| !mails.is_empty()) else {
        return Err(("no mail is left".to_owned(), vec!["why".to_owned()]));
    };
    let mut near: Vec<u16> = mails.iter().map(|step| step.number.0).collect();
    near.sort_by_key(|number| number.abs_diff(wanted.0));
    near.truncate(limits::OFFERS.min(3));
    let lines: Vec<String> = near.iter().map(|number| format!("edit touch {number}")).collect();
    let said: Vec<String> = lines.iter().map(|line| format!("`{line}`")).collect();
    let why = format!(
        "touch {wanted} is no mail that is to come; there is {}",
        said.join(", ")
    );
    Err((why, lines))
}
