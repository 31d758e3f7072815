//! A signal → the enrollments it concerns → what they do.
//!
//! Whom it concerns says `concern`: what concerns a person concerns all of that person's active enrollments, and an answer
//! makes their colleagues' touches wait too. Loose to stop.
//!
//! How far it reaches is another question (design §1, promise 3). Whoever may be meant is stopped, which a rep can undo.
//! Suppressing an address for everybody needs proof for that very person: a token of theirs, or a Message-ID that only
//! this bot can have made. So a stranger who cites our mail stops one enrollment, and a report by a good token about
//! somebody else's address is no proof about them.

use super::concern::{By, Concern, answers};
use super::incoming::{Decided, Incoming};
use super::stand_in::Gone;
use crate::inbox::Filing;
use crate::mail::classify::{Failed, Kind, Reading};
use crate::model::{
    Address, Decision, Ending, Enrollment, EnrollmentId, Fact, Intent, LetterId, MessageId, Notice, Purpose, Signal,
    Standing, limits,
};
use crate::rules;
use crate::store::{Batch, Change, MailRow, Named, StoreError};
use jiff::Timestamp;
use tracing::warn;

impl Incoming<'_> {
    /// A mail that may say something about a prospect.
    pub(super) async fn react(&self) -> Result<Decided, StoreError> {
        let reading = &self.reading;
        let kind = reading.kind.code();
        if let Some(letter) = self.bot.came_back_from_rep(reading).await? {
            warn!(%letter, because = %reading.because, "a letter to a rep came back; look at the rep's address");
            let because = format!("a letter to a rep came back; {}", reading.because);
            return Ok(self.plain("returned", &because, Filing::Bounces));
        }
        let Some(signal) = &reading.signal else {
            return Ok(self.plain(kind, &reading.because, filed(&reading.kind)));
        };
        let nobody = || {
            let because = format!("{}; it is about nobody who is enrolled", reading.because);
            self.plain("unmatched", &because, Filing::Unmatched)
        };
        if self.stranger {
            return Ok(nobody());
        }
        let mut concern = self.bot.concern(reading).await?;
        let learned = self.learned(&concern).await?;
        // A rep's own mailbox gets mail of a company about anything, the bot's does not.
        if concern.enrollments.is_empty()
            && self.sighted.is_none()
            && let Some(there) = self.bot.at_company_of(reading).await?
        {
            concern = there;
        }
        let colleagues = match concern.by {
            By::Company => Vec::new(),
            By::Token | By::Thread | By::Learned | By::Quotation | By::Person => {
                self.bot.colleagues_of(&concern, reading).await?
            }
        };
        if concern.enrollments.is_empty() {
            return Ok(nobody());
        }
        let elsewhere = self.seen_elsewhere(signal).await?;
        Ok(Decided {
            kind,
            because: format!("{}; matched by {}", reading.because, concern.by.word()),
            filing: filed(&reading.kind),
            batch: Batch {
                learned,
                ..self.reaction(&concern, &colleagues, signal, elsewhere.as_ref())
            },
        })
    }

    /// What has to be unknown for it to concern nobody; `None`: it has to be asked about by itself.
    pub(super) fn named(&self) -> Option<Named> {
        let reading = &self.reading;
        let names_letter = reading.token.is_some() || reading.letter.is_some() || reading.quoted.letter.is_some();
        if names_letter || self.sighted.is_some() || reading.signal.is_none() {
            return None;
        }
        let people = reading.people.iter().take(limits::WEAK_PEOPLE);
        let companies = people.clone().flat_map(Address::companies).map(str::to_owned);
        Some(Named {
            mails: reading.about.iter().chain(&reading.quoted.ids).cloned().collect(),
            companies: companies.collect(),
            people: people.map(Address::loose).collect(),
        })
    }

    /// The line of an answer that was seen in a rep's own mailbox before it was read here.
    async fn seen_elsewhere(&self, signal: &Signal) -> Result<Option<MailRow>, StoreError> {
        let is_answer = matches!(signal, Signal::Reply { .. });
        if self.sighted.is_some() || !is_answer || self.mail.message_id.is_none() {
            return Ok(None);
        }
        let head = self.mail.head.clone();
        let seen = self.bot.store.heads(std::slice::from_ref(&head)).await?.pop().flatten();
        Ok(seen.filter(|row| row.key == head))
    }

    /// Whether a mail in a rep's own mailbox can be about this enrollment: it cites its thread, or came since it began.
    fn may_concern(&self, enrollment: &Enrollment) -> bool {
        let came = self.raw.received.or(self.mail.date).unwrap_or(self.now);
        self.sighted.is_none() || came >= enrollment.enrolled_at || answers(enrollment, &self.reading)
    }

    /// Our own letter came back as a copy. Where a relay gave it another id, answers will cite that one.
    pub(super) async fn own_copy(&self) -> Result<Decided, StoreError> {
        let mut decided = self.plain("own_copy", &self.reading.because, Filing::Processed);
        let (Some(id), Some(seen)) = (self.reading.letter, &self.mail.message_id) else {
            return Ok(decided);
        };
        if self.bot.is_recovering() {
            self.bot.copies.saw(id);
        }
        let letter = self.bot.store.letter(id).await?.map(|(letter, _)| letter);
        if let Some((enrollment, _)) = letter
            .filter(|letter| letter.message_id != *seen)
            .and_then(|it| it.touch)
        {
            decided.batch.learned.push((seen.clone(), enrollment));
        }
        Ok(decided)
    }

    /// The id that an answer cites and nobody knows: it came by the reply address of a letter, so that is what the relay
    /// made of the letter's. Later answers without that address are found by it.
    async fn learned(&self, concern: &Concern) -> Result<Vec<(MessageId, EnrollmentId)>, StoreError> {
        let by_reply = self.reading.token.filter(|token| token.purpose == Purpose::Reply);
        let id = by_reply.and_then(|token| token.enrollment());
        let known = id.filter(|id| concern.enrollments.iter().any(|enrollment| enrollment.id == *id));
        let (Some(id), Some(cited)) = (known, self.reading.about.first()) else {
            return Ok(Vec::new());
        };
        let stranger = self.bot.store.of_mails(std::slice::from_ref(cited)).await?.is_empty();
        Ok(stranger.then(|| (cited.clone(), id)).into_iter().collect())
    }

    fn reaction(
        &self,
        concern: &Concern,
        colleagues: &[Enrollment],
        signal: &Signal,
        elsewhere: Option<&MailRow>,
    ) -> Batch {
        let mut batch = Batch::default();
        let mut told: Vec<(Address, Notice)> = Vec::new();
        for enrollment in concern.enrollments.iter().filter(|it| self.may_concern(it)) {
            if let Some(seen) = elsewhere.filter(|seen| seen.enrollments.contains(&enrollment.id))
                && seen.rep.as_ref().is_some_and(|rep| rep.same_as(&enrollment.rep))
            {
                // It stopped the enrollment there, and the rep has it.
                continue;
            }
            let gone = Gone::default();
            let view = self.bot.view_of(enrollment, &gone);
            let signal = weighed(signal, enrollment, concern.is_proven(enrollment), &self.reading);
            let mut decision = match (concern.by, &signal, self.reading.people.first()) {
                (By::Company, Signal::Reply { maybe, intent, .. }, Some(from)) => {
                    rules::react::stranger_at_company(&view, from, *maybe, intent.as_ref())
                }
                _ => rules::react::react(&view, &signal, self.now),
            };
            decision.facts.extend(self.located(enrollment));
            for notice in &decision.notices {
                // What was seen in the rep's own mailbox, the rep has.
                if self.sighted.is_some() && matches!(notice, Notice::Relay { .. }) {
                    continue;
                }
                if !told
                    .iter()
                    .any(|(rep, known)| *rep == enrollment.rep && alike(known, notice))
                {
                    told.push((enrollment.rep.clone(), notice.clone()));
                }
            }
            let facts = decision.facts.clone();
            if batch.add(enrollment, decision, self.now).is_some() {
                self.bot.succeed(&mut batch, &view, &facts, self.now);
            } else {
                // Something came back: at the least the clock stops, which always fits.
                let stop = Fact::Replied {
                    answers: None,
                    maybe: true,
                    intent: None,
                };
                batch.add(enrollment, Decision::of(vec![stop]), self.now);
            }
        }
        for enrollment in colleagues.iter().filter(|it| self.may_concern(it)) {
            let gone = Gone::default();
            let view = self.bot.view_of(enrollment, &gone);
            let decision = rules::react::colleague_answered(&view, &self.writer(concern));
            let news = decision
                .notices
                .iter()
                .map(|notice| (enrollment.rep.clone(), notice.clone()));
            told.extend(news);
            batch.add(enrollment, decision, self.now);
        }
        let mut single = Vec::new();
        for (nth, (rep, notice)) in told.into_iter().enumerate() {
            let id = LetterId::of_mail(&self.mail.key, &rep, nth);
            match self.bot.gathers(id, &rep, &notice, self.now) {
                Some(gathered) => batch.gathered.push(gathered),
                None => single.push((rep, notice)),
            }
        }
        batch.letters = self.bot.house.letters_about(self.cause(), &single, self.now);
        batch
    }
}

impl Incoming<'_> {
    /// Where the prospect's clock stands, when they wrote the mail themselves and it tells something new.
    fn located(&self, enrollment: &Enrollment) -> Option<Fact> {
        let prospect = &enrollment.prospect;
        let [writer] = self.mail.from.as_slice() else {
            return None;
        };
        if self.reading.kind != Kind::Reply || writer.address.loose() != prospect.address.loose() {
            return None;
        }
        let at = self.mail.date.unwrap_or(self.now);
        let zone = rules::enroll::learned(&prospect.zone, self.mail.date_offset, at)?;
        Some(Fact::Located { zone })
    }

    /// Who wrote, as a rep knows them.
    fn writer(&self, concern: &Concern) -> String {
        let writer = self.reading.people.first();
        let known = concern.enrollments.iter().map(|enrollment| &enrollment.prospect);
        let known = known
            .filter(|prospect| writer.is_none_or(|writer| writer.loose() == prospect.address.loose()))
            .map(|prospect| prospect.label().to_owned());
        let mut known = known.chain(writer.map(Address::to_string));
        known.next().unwrap_or_else(|| "somebody".to_owned())
    }
}

/// Whether one notice says to a rep what the other has said: a mail is relayed once, whatever number of enrollments it
/// stops, and news of one person is told once.
fn alike(one: &Notice, other: &Notice) -> bool {
    match (one, other) {
        (Notice::Alert { prospect: one, .. }, Notice::Alert { prospect: other, .. }) => {
            one.address.loose() == other.address.loose()
        }
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

fn filed(kind: &Kind) -> Filing {
    match kind {
        Kind::Bounce | Kind::Delay | Kind::Complaint => Filing::Bounces,
        Kind::Reply | Kind::OptOut | Kind::Calendar(_) => Filing::Replies,
        Kind::Impostor { .. } | Kind::LeadRefused { .. } | Kind::AboutTest => Filing::Quarantine,
        Kind::Bulk => Filing::Unmatched,
        Kind::OwnCopy
        | Kind::Delivered
        | Kind::AutoReply
        | Kind::HandOver(_)
        | Kind::Lead(_)
        | Kind::Commands { .. } => Filing::Processed,
    }
}

/// The signal as far as it is proven for one person. Who asks in somebody else's name for no more mail is heard as a reply.
fn weighed(signal: &Signal, enrollment: &Enrollment, is_proven: bool, reading: &Reading) -> Signal {
    match signal.clone() {
        Signal::Bounce {
            permanent, status, why, ..
        } => {
            // Of several recipients each has its own fate; the signal tells the worst.
            let prospect = &enrollment.prospect.address;
            let concerns = |it: &&Failed| {
                it.address.same_as(prospect) || it.original.as_ref().is_some_and(|original| original.same_as(prospect))
            };
            let own = reading.failed.iter().find(concerns);
            Signal::Bounce {
                permanent: own.map_or(permanent, |own| own.permanent),
                status: own.map_or(status, |own| own.status.clone()),
                why,
                proven: is_proven,
            }
        }
        Signal::Complaint { .. } => Signal::Complaint { proven: is_proven },
        Signal::OptOut { .. } if !is_proven => Signal::Reply {
            from: reading.people.first().cloned(),
            maybe: false,
            intent: Some(Intent::OptOut),
        },
        other @ (Signal::OptOut { .. }
        | Signal::Reply { .. }
        | Signal::AutoReply { .. }
        | Signal::Delay
        | Signal::Delivered
        | Signal::Reported { .. }
        | Signal::Calendar(_)) => other,
    }
}

impl Batch {
    /// Adds what was decided about one enrollment; a stop takes back what is ready and drops what is open.
    /// Returns the enrollment as it is then; `None` when the decision does not fit, and nothing of it is kept.
    pub(super) fn add(&mut self, enrollment: &Enrollment, decision: Decision, now: Timestamp) -> Option<Enrollment> {
        let mut after = enrollment.clone();
        for fact in &decision.facts {
            if let Err(error) = after.apply(now, fact) {
                // A rule decided something impossible, and the log says so.
                tracing::error!(enrollment = %enrollment.id, %error, "a decision does not fit and is dropped");
                return None;
            }
        }
        self.suppress.extend(decision.suppress);
        if decision.facts.is_empty() {
            return Some(after);
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
            Fact::Replied { .. }
                | Fact::Paused { .. }
                | Fact::Ended { .. }
                | Fact::AutoReplied { .. }
                | Fact::RepWrote { .. }
                | Fact::Reopened { .. }
        )
    })
}
