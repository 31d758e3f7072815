//! `enroll jane@acme.com "Jane Doe" company=Acme in outbound`: somebody new by a line of text. The receipt tells the rest.
//!
//! Nobody has written to them yet, so that the first touch is the bot's to make, and begins a conversation.

use super::answer::Desk;
use super::orders::offer;
use crate::model::{
    Address, CadenceName, Command, ContentKey, Fingerprint, Proposed, Prospect, Refusal, RefusedLine, Rep, StepNo,
    Thread, Wanted, limits,
};
use crate::rules::enroll::{Handed, Hints, zone};
use crate::store::{Begin, StoreError};
use jiff::ToSpan;
use jiff::civil::Date;

/// Under which key a line of a mail enrolls: several lines are several hand-overs, and the same mail again is the same.
pub(super) fn key_of(mail: &ContentKey, who: &Address) -> ContentKey {
    ContentKey(Fingerprint::of("a line", &[mail.as_str(), who.as_str()]).hex())
}

impl Desk<'_> {
    /// One line that enrolls somebody.
    pub(super) async fn enroll_line(
        &mut self,
        command: &Command,
        rep: &Rep,
        wanted: &Wanted,
    ) -> Result<(), StoreError> {
        let bot = self.incoming.bot;
        let now = self.incoming.now;
        let library = &bot.house.library;
        let asked = wanted.cadence.as_deref();
        let named = asked.and_then(|name| CadenceName::parse(name).ok());
        let Some(cadence) = named.as_ref().and_then(|name| library.cadence(name)) else {
            let known: Vec<&str> = library.cadences().map(|cadence| cadence.name.as_str()).collect();
            let why = match asked {
                Some(asked) => format!(
                    "nothing changed: there is no cadence \"{asked}\"; there is: {}",
                    known.join(", ")
                ),
                None => format!(
                    "nothing changed: say into which cadence, with `in` at the end: {}",
                    known.join(", ")
                ),
            };
            let plain = command.said.split(" in ").next().unwrap_or(&command.said);
            let offers = known
                .iter()
                .rev()
                .take(3)
                .map(|name| offer(&format!("{plain} in {name}"), None));
            self.refuse(command, &why, offers.collect());
            return Ok(());
        };
        let Ok(start) = self.start(rep, wanted) else {
            self.refuse(
                command,
                "nothing changed: that day is past, or more than a year away",
                Vec::new(),
            );
            return Ok(());
        };
        let prospect = Prospect {
            address: wanted.address.clone(),
            name: wanted.name.clone(),
            zone: zone(&Hints::of(&wanted.address, &wanted.fields, None), rep, now),
            fields: wanted.fields.clone(),
        };
        let proposed = Proposed {
            line: None,
            prospect: prospect.clone(),
            cadence: Some(cadence.name.clone()),
            start,
        };
        if self.is_many {
            self.proposed.push(proposed);
            return Ok(());
        }
        let mail = key_of(&self.incoming.mail.key, &wanted.address);
        let handed = Handed {
            rep,
            mail: &mail,
            thread: Thread {
                subject: String::new(),
                ids: Vec::new(),
            },
            sent: None,
            adopts: false,
            start,
        };
        let found = self.incoming.find(prospect, rep, cadence, StepNo::FIRST, "").await?;
        let twice = self
            .enrolled
            .iter()
            .any(|line| line.prospect.address.loose() == wanted.address.loose());
        let found = found.beside(&self.enrolled);
        let decided = if twice {
            Err(Refusal::AlreadyActive {
                cadence: cadence.name.to_string(),
                by: None,
            })
        } else {
            found.enroll(&handed, cadence, &bot.house.hours, now)
        };
        match decided {
            Ok(enrolled) => {
                let line = bot.enrolled_line(rep, cadence, &enrolled, found.notes(), now);
                self.enrolled.push(line);
                self.batch.begin.push(Begin {
                    id: enrolled.id,
                    facts: enrolled.facts,
                    colleagues: Vec::new(),
                });
            }
            Err(why) => {
                let line = RefusedLine {
                    who: Some(wanted.address.clone()),
                    why,
                };
                if line.lacks_words() {
                    self.lacking.push(proposed);
                }
                self.refused.push(line);
            }
        }
        Ok(())
    }

    /// The day before which no touch comes.
    fn start(&self, rep: &Rep, wanted: &Wanted) -> Result<Option<Date>, ()> {
        let Some(said) = wanted.start else { return Ok(None) };
        let today = self.incoming.now.to_zoned(rep.zone.clone()).date();
        let last = today.checked_add(limits::START_DAYS.days()).unwrap_or(today);
        let day = said.on(today).filter(|day| (today..=last).contains(day));
        day.map(Some).ok_or(())
    }
}
