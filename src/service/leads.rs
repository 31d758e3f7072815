//! A web form → an enrollment, a receipt for the rep, and a first touch that leaves at once; or a word to the administrator.
//!
//! The form's program is never answered. Reps take turns in the order of the configuration, from whoever had the last lead on;
//! the turn is kept in memory, so that a lead that is decided twice may skip one.

use super::finding::Found;
use super::incoming::{Decided, Incoming};
use crate::inbox::Filing;
use crate::model::{
    Address, CadenceName, EnrolledLine, Fact, Forwarded, Lead, LeadSource, LetterId, Notice, Prospect, Refusal,
    RefusedLine, Rep, StepNo, Thread, Zone, ZoneReason, limits,
};
use crate::rules::enroll::{Handed, Hints, refuse_all, zone};
use crate::rules::route;
use crate::store::{Batch, Begin, StoreError};
use crate::template::Warned;
use jiff::civil::Date;
use std::collections::BTreeMap;
use tracing::warn;

/// Whose turn it is, and how many refusals were told today.
#[derive(Debug, Default)]
pub(super) struct Desk {
    turns: BTreeMap<String, usize>,
    told: Option<(Date, usize)>,
}

impl Incoming<'_> {
    /// Whoever filled in a form of a configured source is enrolled.
    pub(super) async fn lead(&self, lead: &Lead) -> Result<Decided, StoreError> {
        let house = &self.bot.house;
        let Some(source) = house.lead_sources.iter().find(|source| source.name == lead.source) else {
            return Ok(self.lead_refused(&lead.source, "its source is not configured any more"));
        };
        if let Some(name) = &lead.did {
            return self.sighted_by(source, &lead.address, name).await;
        }
        let mut prospect = Prospect {
            address: lead.address.clone(),
            name: lead.name.clone(),
            fields: lead.fields.clone(),
            // Whose clock it is otherwise is known once the rep is.
            zone: Zone::one("UTC".to_owned(), ZoneReason::Rep),
        };
        let Some((rep, whose)) = self.rep_for(source, &prospect).await? else {
            return Ok(self.lead_refused(&source.name, "no rep is configured for it"));
        };
        prospect.zone = zone(&Hints::of(&prospect.address, &prospect.fields, None), rep, self.now);
        let routed = match &source.cadence {
            Some(name) => Some((name.clone(), format!("as [[lead_source]] {} says", source.name))),
            None => {
                route::pick(&house.routes, &source.name, &prospect).map(|(route, why)| (route.cadence.clone(), why))
            }
        };
        let usual = || {
            CadenceName::parse(ANSWERS)
                .ok()
                .map(|name| (name, "who asks is answered".to_owned()))
        };
        let Some((name, because)) = routed.or_else(usual) else {
            return Ok(self.lead_refused(&source.name, "no route holds for it"));
        };
        let Some(cadence) = house.library.cadence(&name) else {
            return Ok(self.lead_refused(&source.name, "its cadence does not exist, or does not load"));
        };
        if let Some(refusal) = refuse_all(1, self.mail.date, self.now) {
            return Ok(self.lead_refused(&source.name, refusal.word()));
        }
        let handed = Handed {
            rep,
            mail: &self.mail.key,
            // The form stands in no conversation: the first touch begins one.
            thread: Thread {
                subject: String::new(),
                ids: Vec::new(),
            },
            sent: self.mail.date,
            adopts: false,
            start: None,
        };
        let found = self.find(prospect, rep, cadence, StepNo::FIRST, "").await?;
        let mut enrolled = match found.enroll(&handed, cadence, &house.hours, self.now) {
            Ok(enrolled) => enrolled,
            Err(refusal) => return Ok(self.lead_not_enrolled(lead, &found, refusal)),
        };
        let told = Fact::Lead {
            source: source.name.clone(),
            asked: lead.asked,
            why: format!("{} is asked {whose}; {name}: {because}", rep.name),
        };
        enrolled.facts.insert(1, told);
        let line = self.bot.enrolled_line(rep, cadence, &enrolled, found.notes(), self.now);
        let begin = Begin {
            id: enrolled.id,
            facts: enrolled.facts,
            colleagues: Vec::new(),
        };
        let notice = self.form_receipt(lead, vec![line], Vec::new());
        let told = [(rep.address.clone(), notice)];
        let because = format!("{}; {whose}, {because}", self.reading.because);
        Ok(Decided {
            batch: Batch {
                begin: vec![begin],
                letters: house.letters_about(self.cause(), &told, self.now),
                ..Batch::default()
            },
            ..self.plain("lead", &because, Filing::Processed)
        })
    }

    /// The administrator learns that a form enrolled nobody, and why; its program does not.
    pub(super) fn lead_refused(&self, source: &str, why: &str) -> Decided {
        let mut decided = self.plain("lead_refused", why, Filing::Quarantine);
        self.tell_administrator(&mut decided.batch, source, why);
        decided
    }

    /// Who has the prospect already is told that they asked again; else the administrator is told.
    fn lead_not_enrolled(&self, lead: &Lead, found: &Found<'_>, why: Refusal) -> Decided {
        let mut decided = self.lead_refused(&lead.source, why.word());
        decided.filing = Filing::Processed;
        if let Some(active) = found.active() {
            let who = Some(lead.address.clone());
            // To the rep whose prospect it is, it is their own.
            let why = match why {
                Refusal::AlreadyActive { cadence, .. } => Refusal::AlreadyActive { cadence, by: None },
                other => other,
            };
            let notice = self.form_receipt(lead, Vec::new(), vec![RefusedLine { who, why }]);
            let told = [(active.rep.clone(), notice)];
            decided
                .batch
                .letters
                .extend(self.bot.house.letters_about(self.cause(), &told, self.now));
        }
        decided
    }

    fn form_receipt(&self, lead: &Lead, enrolled: Vec<EnrolledLine>, refused: Vec<RefusedLine>) -> Notice {
        Notice::Receipt {
            subject: self.mail.subject.clone(),
            forwarded: Some(Forwarded {
                author: None,
                date: None,
                by_us: false,
                has_id: true,
                form: Some(lead.source.clone()),
            }),
            enrolled,
            refused,
            sees_first_reply: true,
            said: Vec::new(),
        }
    }

    /// Whose prospect a lead is, and why.
    async fn rep_for(
        &self,
        source: &LeadSource,
        prospect: &Prospect,
    ) -> Result<Option<(&Rep, &'static str)>, StoreError> {
        let house = &self.bot.house;
        let all: Vec<Address> = house.reps.iter().map(|rep| rep.address.clone()).collect();
        let reps = if source.reps.is_empty() { &all } else { &source.reps };
        let known = self
            .bot
            .desk
            .lock()
            .ok()
            .and_then(|desk| desk.turns.get(&source.name).copied());
        let turn = match known {
            Some(turn) => turn,
            None => {
                let last = self.bot.store.last_lead(&source.name).await?;
                let nth = last.and_then(|last| reps.iter().position(|rep| rep.same_as(&last)));
                nth.map_or(0, |nth| nth + 1)
            }
        };
        let is_away = |rep: &Address| {
            house
                .rep(rep)
                .is_none_or(|rep| house.away(rep, rep.zone.to_datetime(self.now).date()).is_some())
        };
        let chosen = route::rep_for(source, &all, prospect, turn, is_away);
        let chosen = chosen.and_then(|(rep, why)| Some((house.rep(rep)?, why)));
        if let (Some((rep, "by turn")), Ok(mut desk)) = (chosen, self.bot.desk.lock()) {
            let nth = reps.iter().position(|known| known.same_as(&rep.address));
            desk.turns.insert(source.name.clone(), nth.map_or(turn, |nth| nth) + 1);
        }
        Ok(chosen)
    }

    fn tell_administrator(&self, batch: &mut Batch, source: &str, why: &str) {
        let Some(to) = self.bot.house.administrator.as_ref() else {
            return;
        };
        let today = self.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let many = match self.bot.desk.lock() {
            Ok(mut desk) => {
                let many = desk.told.filter(|(day, _)| *day == today).map_or(0, |(_, many)| many) + 1;
                desk.told = Some((today, many));
                many
            }
            Err(_) => 1,
        };
        if many > limits::LEADS_TOLD {
            warn!(
                source,
                why, "a web form enrolled nobody; the administrator was told of many today already"
            );
            return;
        }
        let id = LetterId::of_mail(&self.mail.key, to, 0);
        self.bot.warn(batch, id, &Warned::LeadRefused(source, why), self.now);
    }
}

/// The cadence for whoever asked and is routed nowhere.
const ANSWERS: &str = "inbound";
