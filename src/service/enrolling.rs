//! A hand-over → enrollments and a receipt.

use super::incoming::{Decided, Incoming};
use crate::inbox::Filing;
use crate::mail::answerable::why_not;
use crate::mail::hand_over::HandOver;
use crate::model::{
    Address, At, Cadence, Channel, Correspondent, EnrolledLine, Enrollment, Notice, Planned, Prospect, Refusal,
    RefusedLine, Rep, StepNo, Thread, TodayLine, limits,
};
use crate::rules::condition;
use crate::rules::enroll::{Candidate, Enrolled, Handed, enroll, refuse_all, zone};
use crate::store::{Batch, Begin, StoreError};
use crate::template::Words;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

impl Incoming<'_> {
    /// An authenticated rep enrolls whom the mail was written to; the receipt tells what became of it.
    pub(super) async fn enroll(&self, handed: &HandOver) -> Result<Decided, StoreError> {
        let Some(rep) = self.bot.house.rep(&handed.rep) else {
            let because = "the rep is not configured any more";
            return Ok(self.plain("impostor", because, Filing::Quarantine));
        };
        let outcome = match self.refusal(handed) {
            // A mail to colleagues alone is told so, which says more.
            Some(Refusal::NobodyToEnroll) if !handed.own.is_empty() => Outcome::default(),
            Some(refusal) => Outcome::refused(refusal),
            None => self.enroll_each(rep, handed).await?,
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

    /// Why nobody of this mail is enrolled, if so.
    fn refusal(&self, handed: &HandOver) -> Option<Refusal> {
        let library = &self.bot.house.library;
        if library.cadence(&handed.cadence).is_none() {
            let known = library.cadences().map(|cadence| cadence.name.to_string()).collect();
            return Some(Refusal::UnknownCadence {
                asked: handed.cadence.to_string(),
                known,
            });
        }
        refuse_all(handed.prospects.len(), handed.date, self.now)
    }

    async fn enroll_each(&self, rep: &Rep, handed: &HandOver) -> Result<Outcome, StoreError> {
        let mut outcome = Outcome::default();
        let Some(cadence) = self.bot.house.library.cadence(&handed.cadence) else {
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
        };
        for person in &handed.prospects {
            let prior = self.bot.store.of_person(&person.address.loose()).await?;
            let active = prior.iter().find(|enrollment| enrollment.is_active());
            let prospect = prospect(person, rep);
            let candidate = Candidate {
                active: active.map(|enrollment| (enrollment, self.bot.house.rep(&enrollment.rep))),
                suppressed: self.bot.store.suppressed(&person.address.loose()).await?,
                missing: self.missing(rep, cadence, &prospect, &handed.subject),
                own_domain: self.bot.house.is_own(&person.address),
                prospect,
            };
            match enroll(&handed_over, &candidate, cadence, &self.bot.house.hours, self.now) {
                Ok(enrolled) => {
                    outcome.enrolled.push(EnrolledLine {
                        enrollment: enrolled.id,
                        prospect: enrolled.enrollment.prospect.clone(),
                        cadence: cadence.name.clone(),
                        title: cadence.title.clone(),
                        today: self.today(rep, cadence, &enrolled),
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

    fn missing(&self, rep: &Rep, cadence: &Cadence, prospect: &Prospect, subject: &str) -> Vec<(String, StepNo)> {
        let words = self.words(rep, cadence, prospect, subject);
        let missing = self.bot.house.library.missing(cadence, StepNo::FIRST.next(), &words);
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
            today: self.now.to_zoned(prospect.zone.rules()).date(),
            postal_address: self.bot.house.postal_address.as_deref(),
            // Asked for all wordings of a mail, and for scripts, which have one each.
            seed: 0,
        }
    }

    /// What the rep does on this very day, with its script: the next digest comes too late for it.
    fn today(&self, rep: &Rep, cadence: &Cadence, enrolled: &Enrolled) -> Vec<TodayLine> {
        let day = |at: Timestamp| at.to_zoned(rep.zone.clone()).date();
        let enrollment = &enrolled.enrollment;
        let words = self.words(rep, cadence, &enrollment.prospect, &enrollment.thread.subject);
        let meant = |planned: &Planned| {
            let when = planned.step.when.as_ref();
            when.is_none_or(|when| condition::holds(when, enrollment, self.now))
        };
        let by_hand = |planned: &&Planned| planned.step.channel != Channel::Email && meant(planned);
        let today = enrolled
            .plan
            .iter()
            .filter(|planned| day(planned.slot.at) == day(self.now));
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
                script: self.bot.house.library.render(cadence, step.number, &words).map_or_else(
                    |_| String::new(),
                    |wording| format!("{}\n\n{}", wording.subject, wording.plain).trim().to_owned(),
                ),
            })
            .collect()
    }
}

/// So many minutes after a moment; the moment itself at the end of the calendar.
fn later(at: Timestamp, minutes: u32) -> Timestamp {
    at.checked_add(SignedDuration::from_mins(minutes.into())).unwrap_or(at)
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
    ids.truncate(limits::REFERENCES_WRITTEN - 1);
    ids.reverse();
    ids.extend(handed.message_id.clone());
    ids
}

fn prospect(person: &Correspondent, rep: &Rep) -> Prospect {
    Prospect {
        address: person.address.clone(),
        name: person.name.clone(),
        fields: BTreeMap::new(),
        zone: zone(None, &person.address, None, rep),
    }
}

fn colleagues(handed: &HandOver, enrollment: &Enrollment) -> Vec<Address> {
    let others = handed.colleagues.iter().map(|colleague| colleague.address.clone());
    others
        .filter(|address| !address.same_as(&enrollment.prospect.address))
        .collect()
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
            enrolled: self.enrolled,
            refused: self.refused,
            sees_first_reply: false,
        };
        (self.begin, notice)
    }
}
