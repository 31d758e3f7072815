//! `undo` of a log by which an enrollment ended: what the memory knows of it since, for the rule.

use super::answer::Desk;
use super::orders::{offer, reopened};
use crate::model::{AnswerLine, Command, Enrollment, EnrollmentId, Fact, Standing, Task};
use crate::rules::View;
use crate::rules::taken_back::{Since, take_back};
use crate::store::StoreError;

impl Desk<'_> {
    /// It goes on where it stood, or the answer says why not.
    pub(super) async fn take_back(
        &mut self,
        command: &Command,
        view: &View<'_>,
        task: Option<&Task>,
    ) -> Result<AnswerLine, StoreError> {
        let (store, now) = (&self.incoming.bot.store, self.incoming.now);
        let (id, person) = (view.enrollment.id, view.enrollment.prospect.address.loose());
        let journal = store.journal(id).await?;
        let follows = |other: &&Enrollment| {
            let is_after = EnrollmentId::after(id, &other.cadence) == other.id;
            other.id != id && (other.is_active() || is_after)
        };
        let all = store.of_person(&person).await?;
        let never = self
            .incoming
            .bot
            .house
            .etiquette
            .forbids(&view.enrollment.prospect.address);
        let since = Since {
            journal: &journal,
            suppressed: store
                .suppressed(&person)
                .await?
                .or(never.then_some(crate::model::SuppressionReason::Administrator)),
            elsewhere: all.iter().find(follows).map(|other| other.cadence.clone()),
        };
        let (decision, answer, done) = take_back(view, task, &since, now);
        let mut line = AnswerLine {
            said: command.said.clone(),
            answer,
            done,
            offers: Vec::new(),
        };
        if !done {
            return Ok(line);
        }
        let opened: Vec<_> = decision.facts.iter().filter_map(reopened).collect();
        let is_back = decision
            .facts
            .iter()
            .any(|fact| matches!(fact, Fact::EndTakenBack { .. }));
        let Some(after) = self.batch.add(view.enrollment, decision, now) else {
            line.done = false;
            line.answer = "nothing changed: this could not be done, and the log says why".to_owned();
            return Ok(line);
        };
        for task in opened {
            self.closed.retain(|known| known.id != task);
            self.batch.reopened.push(task);
        }
        if let Standing::Ended { at, .. } = view.enrollment.standing
            && is_back
        {
            self.batch.undropped.push((id, at));
        }
        line.offers = vec![offer("pause", Some(id)), offer("stop", Some(id))];
        self.changed.retain(|known| known.id != id);
        self.changed.push(after);
        Ok(line)
    }
}
