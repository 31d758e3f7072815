//! A rep sends somebody on into another cadence.

use super::answer::Desk;
use super::orders::offer;
use crate::mail::command::alike;
use crate::model::{AnswerLine, CadenceName, Command, EnrollmentId, Fact, Offer, Switch};
use crate::rules::{View, succession};
use crate::store::{Begin, StoreError};

impl Desk<'_> {
    /// This cadence ends and another one begins.
    pub(super) async fn switch(
        &mut self,
        command: &Command,
        view: &View<'_>,
        to: &str,
    ) -> Result<AnswerLine, StoreError> {
        let bot = self.incoming.bot;
        let line = |answer: String, done: bool, offers: Vec<Offer>| AnswerLine {
            said: command.said.clone(),
            answer,
            done,
            offers,
        };
        let who = view.enrollment.prospect.label().to_owned();
        let known: Vec<&str> = bot
            .house
            .library
            .cadences()
            .map(|cadence| cadence.name.as_str())
            .collect();
        if !known.contains(&to) {
            let near = alike(to, &known);
            let offers = near
                .iter()
                .map(|name| offer(&format!("switch to {name}"), Some(view.enrollment.id)));
            let why = format!("{who}: nothing changed; there is no cadence \"{to}\", `cadences` lists them");
            return Ok(line(why, false, offers.collect()));
        }
        if view.cadence.name.as_str() == to && view.enrollment.is_active() {
            return Ok(line(
                format!("{who}: nothing changed; this is the cadence they are in."),
                true,
                Vec::new(),
            ));
        }
        let begun = self.begin(view, to, "").await?;
        if let Some(refused) = begun.strip_prefix("but ") {
            return Ok(line(format!("{who}: nothing changed; {refused}."), false, Vec::new()));
        }
        if view.enrollment.is_active() {
            let ended = vec![Fact::Ended {
                outcome: crate::model::Ending::Stopped,
            }];
            let decision = crate::model::Decision::of(ended);
            if let Some(after) = self.batch.add(view.enrollment, decision, self.incoming.now) {
                self.changed.retain(|known| known.id != after.id);
                self.changed.push(after);
            }
        }
        Ok(line(
            format!("{who}: \"{}\" is over, {begun}.", view.cadence.name),
            true,
            Vec::new(),
        ))
    }

    /// The prospect of a view goes on in another cadence: what that means, or `but` and why not.
    pub(super) async fn begin(&mut self, view: &View<'_>, to: &str, between: &str) -> Result<String, StoreError> {
        let bot = self.incoming.bot;
        let now = self.incoming.now;
        let cadence = CadenceName::parse(to)
            .ok()
            .and_then(|name| bot.house.library.cadence(&name));
        let Some(cadence) = cadence else {
            return Ok(format!("{between}but there is no cadence \"{to}\""));
        };
        let switch = Switch {
            to: cadence.name.clone(),
            after: 0,
        };
        let id = EnrollmentId::after(view.enrollment.id, &cadence.name);
        let was =
            self.batch.begin.iter().any(|begin| begin.id == id) || !bot.store.enrollments(&[id]).await?.is_empty();
        if was {
            return Ok(format!("{between}but they went on in \"{to}\" from here before"));
        }
        let person = view.enrollment.prospect.address.loose();
        if bot.store.suppressed(&person).await?.is_some() {
            return Ok(format!("{between}but this address is never mailed"));
        }
        let others = bot.store.of_person(&person).await?;
        if let Some(other) = others
            .iter()
            .find(|other| other.is_active() && other.id != view.enrollment.id)
        {
            return Ok(format!("{between}but they are under way in \"{}\"", other.cadence));
        }
        let follows = succession::instead(view, cadence, now);
        let follows = follows.unwrap_or_else(|| succession::successor(view, &switch, cadence, now));
        let due = follows.facts.iter().find_map(|fact| match fact {
            Fact::Scheduled { due, .. } => Some(*due),
            _ => None,
        });
        let when = due.map(|due| {
            let due = due.to_zoned(view.rep.zone.clone());
            format!(", its first touch is due {}", due.strftime("%a %-d %b %H:%M your time"))
        });
        self.batch.begin.push(Begin {
            id: follows.id,
            facts: follows.facts,
            colleagues: Vec::new(),
        });
        Ok(format!("{between}\"{to}\" begins{}", when.unwrap_or_default()))
    }
}
