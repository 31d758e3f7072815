//! A hand-over → enrollments and a receipt.

use super::finding::Found;
use super::incoming::{Decided, Incoming};
use crate::inbox::Filing;
use crate::mail::answerable::why_not;
use crate::mail::authenticity::tags;
use crate::mail::classify::given_up;
use crate::mail::forward::{Forward, Unclear, Wishes};
use crate::mail::hand_over::HandOver;
use crate::model::{
    Address, Cadence, CadenceName, Correspondent, EnrolledLine, Enrollment, Forwarded, Notice, Prospect, Refusal,
    RefusedLine, Rep, StepNo, Thread, Zone, ZoneReason, limits,
};
use crate::rules::enroll::{Handed, Hints, refuse_all, zone};
use crate::rules::route;
use crate::store::{Batch, Begin, StoreError};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;

impl Incoming<'_> {
    /// An authenticated rep enrolls whom the mail was written to; the receipt tells what became of it.
    pub(super) async fn enroll(&self, handed: &HandOver) -> Result<Decided, StoreError> {
        let Some(rep) = self.bot.house.rep(&handed.rep) else {
            let because = "the rep is not configured any more";
            return Ok(self.plain("impostor", because, Filing::Quarantine));
        };
        if let Some(list) = &handed.list {
            return self.list(rep, handed, list).await;
        }
        let routed = self.routed(rep, handed);
        let handed = match &routed {
            Some((cadence, _)) => &HandOver {
                cadence: Some(cadence.clone()),
                ..handed.clone()
            },
            None => handed,
        };
        let routed = routed.as_ref().map(|(_, why)| why.as_str());
        let refusal = self.refusal(rep, handed);
        let is_asked_back = match &refusal {
            Some(Refusal::TooMany { .. }) => self.new_people(rep, handed).await? > limits::ENROLL_AT_ONCE,
            // Somebody is meant, and only the cadence is open: that is a tap, and no reason to forward it again.
            Some(Refusal::NoCadence { .. }) => !handed.prospects.is_empty() && handed.unclear.is_none(),
            _ => false,
        };
        if is_asked_back {
            return self.propose_handed(rep, handed).await;
        }
        let refusal = match refusal {
            // Few of them are new; whether the mail is too old has yet to be asked.
            Some(Refusal::TooMany { .. }) => refuse_all(1, handed.date, self.now),
            other => other,
        };
        let outcome = match refusal {
            // A mail to colleagues alone is told so, which says more.
            Some(Refusal::NobodyToEnroll) if !handed.own.is_empty() => Outcome::default(),
            Some(refusal) => Outcome::refused(refusal),
            None => self.enroll_each(rep, handed, routed).await?,
        };
        let lacking = outcome.lacking();
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
                let mut wish = self.wish_of(rep, handed);
                wish.people.retain(|one| lacking.contains(&one.prospect.address));
                let asked = self.asked_for_words(rep, decided.batch.letters.first(), wish);
                decided.batch.proposals.extend(asked);
            }
            // A program of the rep's may hand over; who was enrolled stands in the digest.
            Some(why) => decided.because = format!("{because}; not answered: {why}"),
        }
        Ok(decided)
    }

    /// How many of a hand-over of many can be enrolled at all.
    async fn new_people(&self, rep: &Rep, handed: &HandOver) -> Result<usize, StoreError> {
        let outcome = self.enroll_each(rep, handed, None).await?;
        Ok(outcome.enrolled.len())
    }

    /// The cadence that a route picks where the rep names none, and why.
    fn routed(&self, rep: &Rep, handed: &HandOver) -> Option<(CadenceName, String)> {
        let person = handed.prospects.first().filter(|_| handed.cadence.is_none())?;
        let prospect = prospect_of(person, rep, handed, self.now);
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

    /// What the rep should know of the address that they used, where it is none any more.
    fn old_address(&self, rep: &Rep) -> Option<String> {
        let own = self.bot.house.own();
        given_up(&tags(&self.mail, &own), &own, rep).then(|| {
            "This came by an address that you gave up; it counted because your mail server vouched for you. Delete its card, \
             and use the one of the newest mail with addresses."
                .to_owned()
        })
    }

    /// The day that the rep wishes the first touch not before; `Some(None)`: it is past, or too far away to be meant.
    pub(super) fn start(&self, rep: &Rep, handed: &HandOver) -> Option<Option<Date>> {
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
            let prospect = prospect_of(person, rep, handed, self.now);
            let found = self.find(prospect, rep, cadence, first, &handed.subject).await?;
            let found = found.beside(&outcome.enrolled);
            match found.enroll(&handed_over, cadence, &self.bot.house.hours, self.now) {
                Ok(mut enrolled) => {
                    if let Some(why) = routed {
                        enrolled.because(why);
                    }
                    let notes = found.notes().into_iter().chain(self.old_address(rep)).collect();
                    let line = self.bot.enrolled_line(rep, cadence, &enrolled, notes, self.now);
                    outcome.enrolled.push(line);
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
        let now = self.now;
        self.bot.find(prospect, rep, cadence, first, subject, now).await
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
pub(super) fn thread_ids(handed: &HandOver) -> Vec<crate::model::MessageId> {
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
pub(super) const ANSWERS: &str = "inbound";

fn unreadable(wishes: &Wishes) -> Option<Refusal> {
    let fields: Vec<String> = wishes.unread.iter().map(|field| (*field).to_owned()).collect();
    (!fields.is_empty()).then_some(Refusal::Unreadable { fields })
}

pub(super) fn prospect_of(person: &Correspondent, rep: &Rep, handed: &HandOver, now: Timestamp) -> Prospect {
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

    /// Who is not enrolled for want of words alone, where an answer can be about them.
    fn lacking(&self) -> Vec<Address> {
        let lacking = self.refused.iter().filter(|line| line.lacks_words());
        let lacking = lacking.filter_map(|line| line.who.clone());
        lacking.filter(|_| self.enrolled.is_empty()).collect()
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
            said: Vec::new(),
        };
        (self.begin, notice)
    }
}
