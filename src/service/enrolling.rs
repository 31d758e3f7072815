//! A hand-over → enrollments and a receipt.

use super::House;
use super::incoming::{Decided, Incoming};
use crate::inbox::Filing;
use crate::mail::answerable::why_not;
use crate::mail::forward::{Forward, Unclear, Wishes};
use crate::mail::hand_over::HandOver;
use crate::model::{
    Address, At, Cadence, CadenceName, Channel, Correspondent, EnrolledLine, Enrollment, Forwarded, Hours,
    LooseAddress, Notice, Planned, Prospect, Refusal, RefusedLine, Rep, StepNo, SuppressionReason, Thread, TodayLine,
    Zone, ZoneReason, is_role, limits,
};
use crate::rules::enroll::{Candidate, Enrolled, Handed, Hints, enroll, refuse_all, zone};
use crate::rules::{condition, etiquette, route};
use crate::store::{Batch, Begin, StoreError};
use crate::template::Words;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::collections::{BTreeMap, BTreeSet};

impl Incoming<'_> {
    /// An authenticated rep enrolls whom the mail was written to; the receipt tells what became of it.
    pub(super) async fn enroll(&self, handed: &HandOver) -> Result<Decided, StoreError> {
        let Some(rep) = self.bot.house.rep(&handed.rep) else {
            let because = "the rep is not configured any more";
            return Ok(self.plain("impostor", because, Filing::Quarantine));
        };
        let routed = self.routed(rep, handed);
        let handed = match &routed {
            Some((cadence, _)) => &HandOver {
                cadence: Some(cadence.clone()),
                ..handed.clone()
            },
            None => handed,
        };
        let routed = routed.as_ref().map(|(_, why)| why.as_str());
        let outcome = match self.refusal(rep, handed) {
            // A mail to colleagues alone is told so, which says more.
            Some(Refusal::NobodyToEnroll) if !handed.own.is_empty() => Outcome::default(),
            Some(refusal) => Outcome::refused(refusal),
            None => self.enroll_each(rep, handed, routed).await?,
        };
        let (begin, notice) = outcome.into_receipt(handed);
        let because = because(&self.reading.because, &notice);
        let mut decided = Decided {
            batch: Batch {
                begin,
                ..Batch::default()
            },
            ..self.plain("hand_over", &because, Filing::Processed)
        };
        match why_not(&self.mail) {
            None => {
                let told = [(rep.address.clone(), notice)];
                decided.batch.letters = self.bot.house.letters_about(self.cause(), &told, self.now);
            }
            // A program of the rep's may hand over; who was enrolled stands in the digest.
            Some(why) => decided.because = format!("{because}; not answered: {why}"),
        }
        Ok(decided)
    }

    /// The cadence that a route picks where the rep names none, and why.
    fn routed(&self, rep: &Rep, handed: &HandOver) -> Option<(CadenceName, String)> {
        let person = handed.prospects.first().filter(|_| handed.cadence.is_none())?;
        let prospect = prospect(person, rep, handed, self.now);
        let (route, why) = route::pick(&self.bot.house.routes, FORWARD, &prospect)?;
        Some((route.cadence.clone(), why))
    }

    /// Why nobody of this mail is enrolled, if so.
    fn refusal(&self, rep: &Rep, handed: &HandOver) -> Option<Refusal> {
        if let Some(refusal) = handed.forward.as_ref().and_then(|forward| unreadable(&forward.wishes)) {
            return Some(refusal);
        }
        let library = &self.bot.house.library;
        let known = || library.cadences().map(|cadence| cadence.name.to_string()).collect();
        match &handed.cadence {
            None => return Some(Refusal::NoCadence { known: known() }),
            Some(asked) if !library.held(asked).is_empty() => {
                return Some(Refusal::DoesNotLoad {
                    asked: asked.to_string(),
                });
            }
            Some(asked) if library.cadence(asked).is_none() => {
                return Some(Refusal::UnknownCadence {
                    asked: asked.to_string(),
                    known: known(),
                });
            }
            Some(_) => {}
        }
        if self.start(rep, handed) == Some(None) {
            let fields = vec!["start".to_owned()];
            return Some(Refusal::Unreadable { fields });
        }
        let unclear = handed.unclear.clone().map(|unclear| match unclear {
            Unclear::NoAddress => Refusal::NoAddress,
            Unclear::Several(who) => Refusal::Several { who },
            Unclear::Program(who) => Refusal::Program { who },
        });
        unclear.or_else(|| refuse_all(handed.prospects.len(), handed.date, self.now))
    }

    /// The day that the rep wishes the first touch not before; `Some(None)`: it is past, or too far away to be meant.
    fn start(&self, rep: &Rep, handed: &HandOver) -> Option<Option<Date>> {
        let start = handed.forward.as_ref()?.wishes.start?;
        let today = self.now.to_zoned(rep.zone.clone()).date();
        let last = today.checked_add(limits::START_DAYS.days()).unwrap_or(today);
        let day = start.on(today);
        Some(Some(day).filter(|day| (today..=last).contains(day)))
    }

    async fn enroll_each(&self, rep: &Rep, handed: &HandOver, routed: Option<&str>) -> Result<Outcome, StoreError> {
        let mut outcome = Outcome::default();
        let library = &self.bot.house.library;
        let Some(cadence) = handed.cadence.as_ref().and_then(|name| library.cadence(name)) else {
            return Ok(outcome);
        };
        let thread = Thread {
            subject: handed.subject.clone(),
            ids: thread_ids(handed),
        };
        let handed_over = Handed {
            rep,
            mail: &handed.key,
            thread,
            sent: handed.date,
            adopts: adopts(handed, cadence),
            start: self.start(rep, handed).flatten(),
        };
        let first = if handed_over.adopts {
            StepNo::FIRST.next()
        } else {
            StepNo::FIRST
        };
        for person in &handed.prospects {
            let prospect = prospect(person, rep, handed, self.now);
            let found = self.find(prospect, rep, cadence, first, &handed.subject).await?;
            let found = found.beside(&outcome.enrolled);
            match found.enroll(&handed_over, cadence, &self.bot.house.hours, self.now) {
                Ok(mut enrolled) => {
                    if let Some(why) = routed {
                        enrolled.because(why);
                    }
                    outcome.enrolled.push(EnrolledLine {
                        enrollment: enrolled.id,
                        prospect: enrolled.enrollment.prospect.clone(),
                        cadence: cadence.name.clone(),
                        title: cadence.title.clone(),
                        today: today(self, rep, cadence, &enrolled),
                        notes: found.notes(),
                        plan: enrolled.plan,
                    });
                    let colleagues = colleagues(handed, &enrolled.enrollment);
                    outcome.begin.push(Begin {
                        id: enrolled.id,
                        facts: enrolled.facts,
                        colleagues,
                    });
                }
                Err(why) => outcome.refused.push(RefusedLine {
                    who: Some(person.address.clone()),
                    why,
                }),
            }
        }
        Ok(outcome)
    }

    /// What the memory and the house know of somebody before a rule is asked.
    pub(super) async fn find(
        &self,
        prospect: Prospect,
        rep: &Rep,
        cadence: &Cadence,
        first: StepNo,
        subject: &str,
    ) -> Result<Found<'_>, StoreError> {
        let house = &self.bot.house;
        let store = &self.bot.store;
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
            missing: self.missing(rep, cadence, first, &prospect, subject),
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
        subject: &str,
    ) -> Vec<(String, StepNo)> {
        let words = self.words(rep, cadence, prospect, subject);
        let missing = self.bot.house.library.missing(cadence, first, &words);
        missing
            .into_iter()
            .map(|missing| (missing.word, missing.step))
            .collect()
    }

    fn words<'w>(&'w self, rep: &'w Rep, cadence: &'w Cadence, prospect: &'w Prospect, subject: &'w str) -> Words<'w> {
        Words {
            prospect,
            rep,
            cadence,
            thread_subject: subject,
            // There will be one, for the steps that may speak of it.
            last_touch: Some(self.now.to_zoned(prospect.zone.rules()).date()),
            today: self.now.to_zoned(prospect.zone.rules()).date(),
            postal_address: self.bot.house.postal_address.as_deref(),
            // Asked for all wordings of a mail, and for scripts, which have one each.
            seed: 0,
        }
    }
}

/// What the rep does on this very day, with its script: the next digest comes too late for it.
pub(super) fn today(incoming: &Incoming<'_>, rep: &Rep, cadence: &Cadence, enrolled: &Enrolled) -> Vec<TodayLine> {
    let day = |at: Timestamp| at.to_zoned(rep.zone.clone()).date();
    let enrollment = &enrolled.enrollment;
    let words = incoming.words(rep, cadence, &enrollment.prospect, &enrollment.thread.subject);
    let meant = |planned: &Planned| {
        let when = planned.step.when.as_ref();
        when.is_none_or(|when| condition::holds(when, enrollment, incoming.now))
    };
    let by_hand = |planned: &&Planned| planned.step.channel != Channel::Email && meant(planned);
    let today = enrolled
        .plan
        .iter()
        .filter(|planned| day(planned.slot.at) == day(incoming.now));
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
            script: incoming
                .bot
                .house
                .library
                .render(cadence, step.number, &words)
                .map_or_else(
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

/// The evidence; and why, when nobody is enrolled, so that an administrator need not ask the rep for the receipt.
fn because(evidence: &str, receipt: &Notice) -> String {
    match receipt {
        Notice::Receipt { enrolled, refused, .. } if enrolled.is_empty() => {
            let why: Vec<&str> = refused.iter().map(|line| line.why.word()).collect();
            format!("{evidence}; nobody was enrolled: {}", why.join(", "))
        }
        _ => evidence.to_owned(),
    }
}

/// The thread that follow-ups stand in: what the rep's mail answered, and the mail itself.
fn thread_ids(handed: &HandOver) -> Vec<crate::model::MessageId> {
    let mut ids = handed.references.clone();
    // Of a forward the newest mail that it answers may be the very mail that was forwarded.
    ids.retain(|id| Some(id) != handed.message_id.as_ref());
    ids.truncate(limits::REFERENCES_WRITTEN - 1);
    ids.reverse();
    ids.extend(handed.message_id.clone());
    ids
}

/// Whether a mail that was handed over stands for touch 1. The rep's own does. Where somebody asked and nobody of the
/// house has written yet, a cadence that is made to answer does so with its first touch; of any other the rep does.
fn adopts(handed: &HandOver, cadence: &Cadence) -> bool {
    let theirs = handed.forward.as_ref().is_some_and(|forward| !forward.by_us);
    !(theirs && cadence.kind == ANSWERS)
}

/// What routes call prospects whom a rep forwards.
const FORWARD: &str = "forward";

/// The kind of cadence whose first touch answers somebody.
const ANSWERS: &str = "inbound";

fn unreadable(wishes: &Wishes) -> Option<Refusal> {
    let fields: Vec<String> = wishes.unread.iter().map(|field| (*field).to_owned()).collect();
    (!fields.is_empty()).then_some(Refusal::Unreadable { fields })
}

fn prospect(person: &Correspondent, rep: &Rep, handed: &HandOver, now: Timestamp) -> Prospect {
    let mut prospect = Prospect {
        address: person.address.clone(),
        name: person.name.clone(),
        fields: BTreeMap::new(),
        zone: Zone::one(rep.zone_name.clone(), ZoneReason::Rep),
    };
    let mut offset = None;
    if let Some(forward) = &handed.forward {
        let wishes = &forward.wishes;
        let note: String = wishes.note.chars().take(limits::EXCERPT).collect();
        let note = Some(note).filter(|note| !note.is_empty());
        let said = [
            ("company", &wishes.company),
            ("title", &wishes.title),
            ("phone", &wishes.phone),
            ("note", &note),
        ];
        for (name, value) in said {
            prospect
                .fields
                .extend(value.clone().map(|value| (name.to_owned(), value)));
        }
        prospect.name = wishes.name.clone().or(prospect.name);
        // The clock of who wrote it is the prospect's only when the prospect did.
        let wrote = forward
            .original
            .address
            .as_ref()
            .is_some_and(|by| by.same_as(&person.address));
        offset = forward.original.offset.filter(|_| wrote);
    }
    prospect.zone = zone(&Hints::of(&prospect.address, &prospect.fields, offset), rep, now);
    prospect
}

fn colleagues(handed: &HandOver, enrollment: &Enrollment) -> Vec<Address> {
    let others = handed.colleagues.iter().map(|colleague| colleague.address.clone());
    others
        .filter(|address| !address.same_as(&enrollment.prospect.address))
        .collect()
}

fn forwarded(forward: &Forward, handed: &HandOver) -> Forwarded {
    let original = &forward.original;
    let author = match (&original.name, &original.address) {
        (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
        (None, Some(address)) => Some(address.to_string()),
        (name, None) => name.clone(),
    };
    Forwarded {
        author,
        date: original.date.clone(),
        by_us: forward.by_us,
        has_id: !thread_ids(handed).is_empty(),
        form: None,
    }
}

#[derive(Default)]
struct Outcome {
    begin: Vec<Begin>,
    enrolled: Vec<EnrolledLine>,
    refused: Vec<RefusedLine>,
}

impl Outcome {
    fn refused(why: Refusal) -> Self {
        Self {
            refused: vec![RefusedLine { who: None, why }],
            ..Self::default()
        }
    }

    fn into_receipt(mut self, handed: &HandOver) -> (Vec<Begin>, Notice) {
        let own = handed.own.iter().map(|colleague| colleague.address.clone());
        self.refused.extend(own.map(|who| RefusedLine {
            who: Some(who),
            why: Refusal::OwnDomain,
        }));
        let notice = Notice::Receipt {
            subject: handed.subject.clone(),
            forwarded: handed.forward.as_ref().map(|forward| forwarded(forward, handed)),
            enrolled: self.enrolled,
            refused: self.refused,
            sees_first_reply: false,
        };
        (self.begin, notice)
    }
}
