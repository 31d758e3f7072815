//! A signal → the enrollments it concerns → what they do.
//!
//! A signal is found to concern an enrollment by its token, else by the mails it answers or reports about, else by who it
//! is from. What concerns a person concerns all of that person's active enrollments: loose to stop.

use super::Bot;
use super::intake::{Intake, IntakeError};
use super::posting::Cause;
use crate::inbox::Filing;
use crate::mail::classify::{Failed, Kind, Reading};
use crate::model::{
    Address, Decision, Ending, Enrollment, EnrollmentId, Fact, Notice, Purpose, Signal, Standing, StepNo, limits,
};
use crate::rules::{self, View};
use crate::store::{Batch, Change, StoreError};
use jiff::Timestamp;
use tracing::warn;

impl Intake<'_> {
    /// A mail that may say something about a prospect.
    pub(super) async fn react(&self, reading: &Reading) -> Result<Filing, IntakeError> {
        let Some(signal) = &reading.signal else {
            return self.plain(reading, filed(&reading.kind)).await;
        };
        for _ in 0..limits::STALE_RETRIES {
            let concerned = self.bot.concerned(reading).await?;
            let (mut batch, matched) = self.reaction(&concerned, reading, signal)?;
            self.evidence(reading, &mut batch).await?;
            let kept = if matched {
                let (kind, filing) = (reading.kind.code(), filed(&reading.kind));
                self.try_keep(kind, &reading.because, filing, batch).await?
            } else {
                let because = format!("{}; it is about nobody who is enrolled", reading.because);
                self.try_keep("unmatched", &because, Filing::Unmatched, batch).await?
            };
            if let Some(filing) = kept {
                return Ok(filing);
            }
        }
        Err(IntakeError::Stale)
    }

    fn reaction(
        &self,
        concerned: &[Enrollment],
        reading: &Reading,
        signal: &Signal,
    ) -> Result<(Batch, bool), StoreError> {
        let mut batch = Batch::default();
        let mut told: Vec<(Address, Notice)> = Vec::new();
        for enrollment in concerned {
            let Some(view) = self.bot.view(enrollment) else {
                continue;
            };
            let signal = self.bot.proven(enrollment, reading, signal);
            let decision = rules::react::react(&view, &signal, self.now);
            for notice in &decision.notices {
                // One mail is relayed once to one rep, whatever number of enrollments it stops.
                let relayed = |(rep, told): &(Address, Notice)| *rep == enrollment.rep && alike(told, notice);
                if !told.iter().any(relayed) {
                    told.push((enrollment.rep.clone(), notice.clone()));
                }
            }
            batch.add(enrollment, decision, self.now);
        }
        let cause = Cause {
            mail: self.mail,
            raw: self.raw,
            new_text: &reading.new_text,
        };
        match self.bot.house.letters_about(cause, &told, self.now) {
            Ok(letters) => batch.letters = letters,
            // The stop counts more than the news of it: the digest tells it too.
            Err(error) => warn!(%error, "a rep is not told at once"),
        }
        Ok((batch, !concerned.is_empty()))
    }
}

fn alike(one: &Notice, other: &Notice) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

fn filed(kind: &Kind) -> Filing {
    match kind {
        Kind::Bounce | Kind::Delay | Kind::Complaint => Filing::Bounces,
        Kind::Reply | Kind::OptOut | Kind::Calendar(_) => Filing::Replies,
        Kind::Impostor { .. } => Filing::Quarantine,
        Kind::Bulk => Filing::Unmatched,
        Kind::OwnCopy | Kind::Delivered | Kind::AutoReply | Kind::HandOver(_) | Kind::Commands { .. } => {
            Filing::Processed
        }
    }
}

impl Bot {
    /// Everything a rule may look at; `None` when the rep or the cadence is gone from the configuration.
    pub(super) fn view<'a>(&'a self, enrollment: &'a Enrollment) -> Option<View<'a>> {
        let cadence = self.house.library.cadence(&enrollment.cadence)?;
        let rep = self.house.rep(&enrollment.rep)?;
        Some(View {
            enrollment,
            cadence,
            rep,
            hours: &self.house.hours,
        })
    }

    async fn concerned(&self, reading: &Reading) -> Result<Vec<Enrollment>, StoreError> {
        let mut found: Vec<Enrollment> = Vec::new();
        for id in self.named(reading).await? {
            found.extend(self.store.enrollment(id).await?);
        }
        let mut people: Vec<Address> = found
            .iter()
            .map(|enrollment| enrollment.prospect.address.clone())
            .collect();
        people.extend(reading.people.iter().take(limits::ADDRESSES).cloned());
        for person in people {
            for other in self.store.of_person(&person.loose()).await? {
                if other.is_active() && !found.iter().any(|known| known.id == other.id) {
                    found.push(other);
                }
            }
        }
        Ok(found)
    }

    /// By token, else by thread.
    async fn named(&self, reading: &Reading) -> Result<Vec<EnrollmentId>, StoreError> {
        if let Some(id) = reading.token.and_then(|token| token.enrollment()) {
            return Ok(vec![id]);
        }
        if let Some(letter) = reading
            .token
            .filter(|token| token.purpose == Purpose::Bounce)
            .and_then(|token| token.letter())
            && let Some((letter, _)) = self.store.letter(letter).await?
        {
            return Ok(letter.touch.map(|(id, _)| id).into_iter().collect());
        }
        self.store.of_mails(&reading.about).await
    }

    /// A bounce or a complaint that cites a Message-ID which only this bot could have made is proven by that.
    fn proven(&self, enrollment: &Enrollment, reading: &Reading, signal: &Signal) -> Signal {
        let domain = enrollment.rep.domain();
        let steps = (1..=limits::STEPS)
            .filter_map(|step| u16::try_from(step).ok())
            .map(StepNo);
        let cited = || {
            steps
                .filter_map(|step| self.house.bot.message_id(enrollment.id, step, domain))
                .any(|id| reading.about.contains(&id))
        };
        match signal.clone() {
            Signal::Bounce {
                permanent,
                status,
                why,
                proven,
            } => {
                // Of several recipients each has its own fate; the signal tells the worst.
                let prospect = &enrollment.prospect.address;
                let concerns = |it: &&Failed| {
                    it.address.same_as(prospect)
                        || it.original.as_ref().is_some_and(|original| original.same_as(prospect))
                };
                let own = reading.failed.iter().find(concerns);
                Signal::Bounce {
                    permanent: own.map_or(permanent, |own| own.permanent),
                    status: own.map_or(status, |own| own.status.clone()),
                    why,
                    proven: proven || cited(),
                }
            }
            Signal::Complaint { proven } => Signal::Complaint {
                proven: proven || cited(),
            },
            other @ (Signal::Reply { .. }
            | Signal::AutoReply { .. }
            | Signal::Delay
            | Signal::Delivered
            | Signal::OptOut { .. }
            | Signal::Calendar(_)) => other,
        }
    }
}

impl Batch {
    /// Adds what was decided about one enrollment; a stop takes back what is ready and drops what is open.
    /// Returns the enrollment as it is then.
    pub(super) fn add(&mut self, enrollment: &Enrollment, decision: Decision, now: Timestamp) -> Option<Enrollment> {
        self.suppress.extend(decision.suppress);
        if decision.facts.is_empty() {
            return Some(enrollment.clone());
        }
        let mut after = enrollment.clone();
        for fact in &decision.facts {
            if let Err(error) = after.apply(now, fact) {
                // A rule decided something impossible: nothing of it is kept, and the log says so.
                tracing::error!(enrollment = %enrollment.id, %error, "a decision does not fit and is dropped");
                return None;
            }
        }
        if takes_back(&decision.facts) {
            self.withdraw.push(enrollment.id);
        }
        if let Standing::Ended { outcome, .. } = after.standing
            && outcome != Ending::Completed
        {
            self.drop_tasks.push(enrollment.id);
        }
        // Several decisions about one enrollment are one change, against the version that was loaded.
        match self.changes.iter_mut().find(|change| change.id == enrollment.id) {
            Some(change) => change.facts.extend(decision.facts),
            None => self.changes.push(Change {
                id: enrollment.id,
                version: enrollment.version,
                facts: decision.facts,
            }),
        }
        Some(after)
    }
}

/// Whether a letter that lies ready must not go out any more.
fn takes_back(facts: &[Fact]) -> bool {
    facts.iter().any(|fact| {
        matches!(
            fact,
            Fact::Replied { .. } | Fact::Paused { .. } | Fact::Ended { .. } | Fact::AutoReplied { .. }
        )
    })
}
