//! What is known of somebody who may be enrolled, before a rule is asked; and what the receipt says of them after it.

use super::enrolling::ANSWERS;
use super::{Bot, House};
use crate::model::{
    Address, At, Cadence, CadenceName, Channel, EnrolledLine, Enrollment, Hours, LooseAddress, Planned, Prospect,
    Refusal, Rep, Step, StepNo, SuppressionReason, TodayLine, is_list, is_role, limits,
};
use crate::rules::enroll::{Candidate, Enrolled, Handed, enroll};
use crate::rules::{condition, etiquette};
use crate::store::StoreError;
use crate::template::Words;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

impl Bot {
    /// What the memory and the house know of somebody before a rule is asked.
    pub(super) async fn find(
        &self,
        prospect: Prospect,
        rep: &Rep,
        cadence: &Cadence,
        first: StepNo,
        subject: &str,
        now: Timestamp,
    ) -> Result<Found<'_>, StoreError> {
        let (house, store) = (&self.house, &self.store);
        let person = prospect.address.loose();
        let prior = store.of_person(&person).await?;
        let suppressed = store.suppressed(&person).await?;
        let never = house.etiquette.forbids(&prospect.address);
        let company = match (prospect.address.company(), house.etiquette.per_company) {
            (Some(company), Some(_)) => store.of_company(company, limits::COMPANY).await?,
            _ => Vec::new(),
        };
        let company = company.into_iter().map(|colleague| colleague.prospect.address.loose());
        let owner = prior.iter().find(|enrollment| enrollment.is_active());
        Ok(Found {
            house,
            missing: self.missing(rep, cadence, first, &prospect, (subject, now)),
            own_domain: house.is_own(&prospect.address),
            suppressed: suppressed.or(never.then_some(SuppressionReason::Administrator)),
            company: company.filter(|other| *other != person).collect(),
            owner: owner.and_then(|enrollment| house.rep(&enrollment.rep)),
            prior,
            prospect,
        })
    }

    fn missing(
        &self,
        rep: &Rep,
        cadence: &Cadence,
        first: StepNo,
        prospect: &Prospect,
        (subject, now): (&str, Timestamp),
    ) -> Vec<(String, StepNo)> {
        let words = self.words_for(rep, cadence, prospect, subject, now);
        let missing = self.house.library.missing(cadence, first, &words);
        missing
            .into_iter()
            .map(|missing| (missing.word, missing.step))
            .collect()
    }

    fn words_for<'w>(
        &'w self,
        rep: &'w Rep,
        cadence: &'w Cadence,
        prospect: &'w Prospect,
        subject: &'w str,
        now: Timestamp,
    ) -> Words<'w> {
        Words {
            prospect,
            rep,
            cadence,
            thread_subject: subject,
            // There will be one, for the steps that may speak of it.
            last_touch: Some(now.to_zoned(prospect.zone.rules()).date()),
            today: now.to_zoned(prospect.zone.rules()).date(),
            postal_address: self.house.postal_address.as_deref(),
            // Asked for all wordings of a mail, and for scripts, which have one each.
            seed: 0,
        }
    }

    /// What the receipt says of somebody who is enrolled.
    pub(super) fn enrolled_line(
        &self,
        rep: &Rep,
        cadence: &Cadence,
        enrolled: &Enrolled,
        notes: Vec<String>,
        now: Timestamp,
    ) -> EnrolledLine {
        let prospect = &enrolled.enrollment.prospect;
        let steps = || enrolled.plan.iter().map(|planned| &planned.step);
        let names = self.house.library.cadences().map(|other| &other.name);
        EnrolledLine {
            enrollment: enrolled.id,
            prospect: prospect.clone(),
            cadence: cadence.name.clone(),
            title: cadence.title.clone(),
            today: today(self, rep, cadence, enrolled, now),
            missing: lacking(prospect, steps()),
            wordings: steps()
                .filter_map(|step| {
                    let chosen = self.house.library.chosen(cadence, step.number, prospect, enrolled.id.0);
                    Some((step.number, chosen.variant?))
                })
                .collect(),
            others: others(&cadence.name, names),
            notes,
            plan: enrolled.plan.clone(),
        }
    }
}

/// Channels, the word that each needs of a prospect, and what that is called.
const NEEDED: [(Channel, &str, &str, &str); 3] = [
    (Channel::Call, "phone", "phone number", "calls"),
    (Channel::Linkedin, "linkedin", "LinkedIn profile", "LinkedIn touches"),
    (Channel::DirectMail, "address", "postal address", "letters"),
];

/// What these touches need and nobody knows; a sentence each.
fn lacking<'s>(prospect: &Prospect, steps: impl Iterator<Item = &'s Step>) -> Vec<String> {
    let channels: Vec<Channel> = steps.map(|step| step.channel).collect();
    let lacks = NEEDED.iter().filter_map(|(channel, word, called, touches)| {
        let many = channels.iter().filter(|known| *known == channel).count();
        let known = prospect.fields.get(*word).is_some_and(|value| !value.trim().is_empty());
        let touches = match many {
            1 => touches.trim_end_matches("es").trim_end_matches('s').to_owned(),
            _ => (*touches).to_owned(),
        };
        (many > 0 && !known).then(|| format!("No {called} is known for {many} {touches}."))
    });
    lacks.collect()
}

/// Other cadences that a receipt offers: those whose names tell that they are alike, then the next ones.
fn others<'c>(own: &CadenceName, names: impl Iterator<Item = &'c CadenceName>) -> Vec<CadenceName> {
    let alike = |name: &CadenceName| {
        let shares = |word: &str| name.as_str().split('-').any(|other| other == word);
        own.as_str().split('-').any(shares)
    };
    let mut all: Vec<&CadenceName> = names.filter(|name| *name != own).collect();
    all.sort_by_key(|name| !alike(name));
    all.into_iter().take(limits::OFFERS - 1).cloned().collect()
}

/// What the rep does on this very day, with its script: the next digest comes too late for it.
fn today(bot: &Bot, rep: &Rep, cadence: &Cadence, enrolled: &Enrolled, now: Timestamp) -> Vec<TodayLine> {
    let day = |at: Timestamp| at.to_zoned(rep.zone.clone()).date();
    let enrollment = &enrolled.enrollment;
    let words = bot.words_for(rep, cadence, &enrollment.prospect, &enrollment.thread.subject, now);
    let meant = |planned: &Planned| {
        let when = planned.step.when.as_ref();
        when.is_none_or(|when| condition::holds(when, enrollment, now))
    };
    let by_hand = |planned: &&Planned| planned.step.channel != Channel::Email && meant(planned);
    let today = enrolled.plan.iter().filter(|planned| day(planned.slot.at) == day(now));
    today
        .filter(by_hand)
        .map(|Planned { step, slot }| TodayLine {
            channel: step.channel,
            from: slot.at,
            by: match step.at {
                At::Within(minutes) => Some(later(slot.at, minutes)),
                At::Clock(_) | At::Morning | At::Afternoon | At::Immediately => None,
            },
            // Words that are missing refused the enrollment before this; without them the plan still says when.
            script: bot.house.library.render(cadence, step.number, &words).map_or_else(
                |_| String::new(),
                |wording| format!("{}\n\n{}", wording.subject, wording.plain).trim().to_owned(),
            ),
        })
        .collect()
}

/// So many minutes after a moment; the moment itself at the end of the calendar.
fn later(at: Timestamp, minutes: u32) -> Timestamp {
    at.checked_add(SignedDuration::from_mins(minutes.into())).unwrap_or(at)
}

/// What is known of somebody who may be enrolled.
pub(super) struct Found<'h> {
    house: &'h House,
    prospect: Prospect,
    /// All their enrollments so far, newest first.
    prior: Vec<Enrollment>,
    /// The rep who has them now.
    owner: Option<&'h Rep>,
    suppressed: Option<SuppressionReason>,
    missing: Vec<(String, StepNo)>,
    own_domain: bool,
    /// Others at the same company who are in cadences.
    company: BTreeSet<LooseAddress>,
}

impl Found<'_> {
    /// The same, with those counted who are enrolled by the same mail.
    pub(super) fn beside(mut self, enrolled: &[EnrolledLine]) -> Self {
        let company = self.prospect.address.company().map(str::to_owned);
        let others = enrolled.iter().map(|line| &line.prospect.address);
        let theirs = others.filter(|other| company.is_some() && other.company() == company.as_deref());
        self.company.extend(theirs.map(Address::loose));
        self
    }

    /// Enrolls them, unless a rule or good manners say no.
    #[allow(
        clippy::result_large_err,
        reason = "made once for a prospect, and the receipt takes it as it is"
    )]
    pub(super) fn enroll(
        &self,
        handed: &Handed<'_>,
        cadence: &Cadence,
        hours: &Hours,
        now: Timestamp,
    ) -> Result<Enrolled, Refusal> {
        if is_list(&self.prospect.address) {
            return Err(Refusal::MailingList);
        }
        let candidate = Candidate {
            prospect: self.prospect.clone(),
            active: self.active().map(|enrollment| (enrollment, self.owner)),
            suppressed: self.suppressed,
            missing: self.missing.clone(),
            own_domain: self.own_domain,
        };
        let enrolled = enroll(handed, &candidate, cadence, hours, now)?;
        // Who asked is answered, however lately or how many at the company were written to.
        let asked = cadence.kind == ANSWERS && !handed.adopts;
        let polite = etiquette::refusal(
            &self.house.etiquette,
            &self.prospect,
            &self.prior,
            self.company.len(),
            now,
        );
        polite.filter(|_| !asked).map_or(Ok(enrolled), Err)
    }

    /// The enrollment that they are in now.
    pub(super) fn active(&self) -> Option<&Enrollment> {
        self.prior.iter().find(|enrollment| enrollment.is_active())
    }

    /// What the rep should know about them.
    pub(super) fn notes(&self) -> Vec<String> {
        let role = "Nobody in particular reads this address: look for the person who decides, and write to them.";
        is_role(&self.prospect.address)
            .then(|| role.to_owned())
            .into_iter()
            .collect()
    }
}
