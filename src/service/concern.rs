//! Whom a mail concerns, and by which rule that was found.
//!
//! Rules in their order: a token of ours; the mails that it answers or reports about (ours and the rep's, and ids that relays
//! gave ours, as far as learned); our reference in what it quotes or encloses; who it is from; the company of who it is
//! from. The first that finds somebody names the match, and all other active enrollments of the same people are concerned as
//! well: loose to stop. For whom a mail is proof is another question ([`Concern::is_proven`]).

use super::Bot;
use crate::mail::classify::{Kind, Reading};
use crate::model::{
    Address, Enrollment, EnrollmentId, LetterId, LooseAddress, MessageId, Purpose, Signal, StepNo, limits,
};
use crate::store::StoreError;

/// By which rule somebody was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Token,
    Thread,
    Learned,
    Quotation,
    Person,
    Company,
}

impl By {
    /// The rule, to stand after `matched by`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Token => "the address of a letter",
            Self::Thread => "a mail of the conversation",
            Self::Learned => "an id that a relay gave to a mail of the conversation",
            Self::Quotation => "our reference in what it quotes",
            Self::Person => "who it is from",
            Self::Company => "the company of who it is from",
        }
    }
}

/// Whom a mail concerns.
pub(super) struct Concern {
    /// Their enrollments, active ones first.
    pub enrollments: Vec<Enrollment>,
    /// For whom the evidence is proof.
    proven: Vec<LooseAddress>,
    /// By what they were found.
    pub by: By,
}

impl Concern {
    pub(super) fn is_proven(&self, enrollment: &Enrollment) -> bool {
        self.proven.contains(&enrollment.prospect.address.loose())
    }
}

impl Bot {
    /// The letter to a rep that a bounce is about, if it is about one: no prospect's business.
    pub(super) async fn came_back_from_rep(&self, reading: &Reading) -> Result<Option<LetterId>, StoreError> {
        let Some(id) = bounced(reading).filter(|_| reading.kind == Kind::Bounce) else {
            return Ok(None);
        };
        let letter = self.store.letter(id).await?;
        Ok(letter.filter(|(letter, _)| letter.touch.is_none()).map(|_| id))
    }

    /// The enrollments that are not over and that a mail may stop.
    pub(super) async fn concerned(&self, reading: &Reading) -> Result<Vec<EnrollmentId>, StoreError> {
        let concern = self.concern(reading).await?;
        let colleagues = match concern.enrollments.is_empty() {
            true => self.at_company_of(reading).await?.map(|there| there.enrollments),
            false => Some(self.colleagues_of(&concern, reading).await?),
        };
        let all = concern.enrollments.into_iter().chain(colleagues.unwrap_or_default());
        let active = all.filter(Enrollment::is_active);
        Ok(active.map(|enrollment| enrollment.id).collect())
    }

    /// Whom a mail concerns, but for colleagues.
    pub(super) async fn concern(&self, reading: &Reading) -> Result<Concern, StoreError> {
        let by_token = self.by_token(reading).await?;
        let (mut found, by) = match &by_token {
            Some(enrollment) => (vec![enrollment.clone()], By::Token),
            None => self.by_mails(reading).await?,
        };
        let named = found.iter().map(|enrollment| enrollment.prospect.address.loose());
        let said = reading.people.iter().take(limits::WEAK_PEOPLE).map(Address::loose);
        let people: Vec<LooseAddress> = named.chain(said).collect();
        let mut over = None;
        for person in &people {
            for other in self.store.of_person(person).await? {
                if found.iter().any(|known| known.id == other.id) {
                    continue;
                }
                if other.is_active() {
                    found.push(other);
                } else if over.is_none() {
                    over = Some(other);
                }
            }
        }
        if found.is_empty() {
            // Somebody whose enrollment is over writes: the rep wants to know, and a late opt-out counts.
            found.extend(over);
        }
        found.sort_by_key(|enrollment| !enrollment.is_active());
        let proven = found.iter().filter(|enrollment| {
            let named = by_token.as_ref().is_some_and(|named| named.id == enrollment.id);
            self.is_proof(enrollment, named, reading)
        });
        Ok(Concern {
            proven: proven.map(|enrollment| enrollment.prospect.address.loose()).collect(),
            enrollments: found,
            by,
        })
    }

    /// The enrollments of the mails that it answers, else of those that it quotes.
    async fn by_mails(&self, reading: &Reading) -> Result<(Vec<Enrollment>, By), StoreError> {
        let found = self.of_mails(&reading.about).await?;
        if !found.is_empty() {
            let own = found
                .iter()
                .any(|enrollment| answers(enrollment, reading) || self.cites(enrollment, reading));
            return Ok((found, if own { By::Thread } else { By::Learned }));
        }
        let mut found = self.of_mails(&reading.quoted.ids).await?;
        if found.is_empty()
            && let Some(letter) = reading.quoted.letter
        {
            let letter = self.store.letter(letter).await?;
            if let Some((id, _)) = letter.and_then(|(letter, _)| letter.touch) {
                found.extend(self.store.enrollment(id).await?);
            }
        }
        let by = if found.is_empty() { By::Person } else { By::Quotation };
        Ok((found, by))
    }

    async fn of_mails(&self, ids: &[MessageId]) -> Result<Vec<Enrollment>, StoreError> {
        self.store.enrollments(&self.store.of_mails(ids).await?).await
    }

    /// People at the company of who wrote, when nobody else was found: somebody there answers in another's place.
    pub(super) async fn at_company_of(&self, reading: &Reading) -> Result<Option<Concern>, StoreError> {
        let [only] = reading.people.as_slice() else {
            return Ok(None);
        };
        let wrote = matches!(reading.kind, Kind::Reply | Kind::OptOut);
        if !wrote || self.house.is_own(only) {
            return Ok(None);
        }
        let enrollments = self.at(only.companies(), &[]).await?;
        let concern = Concern {
            enrollments,
            proven: Vec::new(),
            by: By::Company,
        };
        Ok(Some(concern).filter(|concern| !concern.enrollments.is_empty()))
    }

    /// Colleagues of whom a reply concerns, and of who wrote it.
    pub(super) async fn colleagues_of(
        &self,
        concern: &Concern,
        reading: &Reading,
    ) -> Result<Vec<Enrollment>, StoreError> {
        if reading.kind != Kind::Reply {
            return Ok(Vec::new());
        }
        let prospects = concern
            .enrollments
            .iter()
            .filter_map(|it| it.prospect.address.company());
        let writer = reading.people.first().filter(|writer| !self.house.is_own(writer));
        let mut domains: Vec<&str> = prospects
            .chain(writer.into_iter().flat_map(Address::companies))
            .collect();
        domains.sort_unstable();
        domains.dedup();
        self.at(domains, &concern.enrollments).await
    }

    /// Active enrollments at these domains beside those that are known, where answers of colleagues count.
    async fn at(&self, domains: Vec<&str>, known: &[Enrollment]) -> Result<Vec<Enrollment>, StoreError> {
        let mut found: Vec<Enrollment> = Vec::new();
        if !self.house.company_pause {
            return Ok(found);
        }
        for domain in domains {
            let there = self
                .store
                .of_company(domain, limits::COMPANY_PAUSED + known.len())
                .await?;
            found.extend(
                there
                    .into_iter()
                    .filter(|it| known.iter().all(|known| known.id != it.id)),
            );
        }
        found.truncate(limits::COMPANY_PAUSED);
        Ok(found)
    }

    /// The enrollment that the token names, directly or by its letter.
    async fn by_token(&self, reading: &Reading) -> Result<Option<Enrollment>, StoreError> {
        let direct = reading.token.and_then(|token| token.enrollment());
        let id = match (direct, bounced(reading)) {
            (Some(id), _) => Some(id),
            (None, Some(letter)) => {
                let letter = self.store.letter(letter).await?;
                letter.and_then(|(letter, _)| letter.touch).map(|(id, _)| id)
            }
            (None, None) => None,
        };
        match id {
            Some(id) => self.store.enrollment(id).await,
            None => Ok(None),
        }
    }

    /// Whether a mail proves what it says about the person of one enrollment.
    fn is_proof(&self, enrollment: &Enrollment, named: bool, reading: &Reading) -> bool {
        let purpose = reading.token.filter(|_| named).map(|token| token.purpose);
        match reading.signal {
            Some(Signal::Bounce { .. } | Signal::Complaint { .. }) => {
                purpose == Some(Purpose::Bounce) || self.cites(enrollment, reading)
            }
            Some(Signal::OptOut { .. }) => {
                let holder = matches!(purpose, Some(Purpose::Reply | Purpose::OptOut));
                let theirs = || answers(enrollment, reading) || self.cites(enrollment, reading);
                holder || (is_from(enrollment, reading) && theirs())
            }
            Some(
                Signal::Reply { .. }
                | Signal::AutoReply { .. }
                | Signal::Delay
                | Signal::Delivered
                | Signal::Reported { .. }
                | Signal::Calendar(_),
            )
            | None => false,
        }
    }

    /// Whether it cites a Message-ID that only this bot can have made, of this enrollment.
    fn cites(&self, enrollment: &Enrollment, reading: &Reading) -> bool {
        let domain = enrollment.rep.domain();
        (1..=limits::STEPS)
            .filter_map(|step| u16::try_from(step).ok())
            .filter_map(|step| self.house.bot.message_id(enrollment.id, StepNo(step), domain))
            .any(|id| reading.about.contains(&id))
    }
}

/// The letter whose envelope sender a mail came to.
fn bounced(reading: &Reading) -> Option<LetterId> {
    let token = reading.token.filter(|token| token.purpose == Purpose::Bounce)?;
    token.letter()
}

/// Whether the prospect alone is said to have written it.
fn is_from(enrollment: &Enrollment, reading: &Reading) -> bool {
    let person = enrollment.prospect.address.loose();
    matches!(reading.people.as_slice(), [only] if only.loose() == person)
}

/// Whether it answers a mail of this conversation.
pub(super) fn answers(enrollment: &Enrollment, reading: &Reading) -> bool {
    let ids = &enrollment.thread.ids;
    ids.iter().any(|id| reading.about.contains(id))
}
