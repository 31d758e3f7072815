//! One mail on its way in: read, judged, and what is decided about it.

use super::intake::IntakeError;
use super::portion::{UNRECORDED, word_of};
use super::posting::{Cause, mark, size};
use super::trouble::until_recorded;
use super::{Bot, safely, signature};
use crate::dkim::Checked;
use crate::inbox::{Filing, RawMail};
use crate::mail::answerable::why_not;
use crate::mail::classify::{GIVEN_UP, IMITATES, Kind, Reading, classify};
use crate::mail::dkim::OwnCheck;
use crate::mail::read::{self, Mail};
use crate::model::{Address, ContentKey, grammar, limits};
use crate::store::{Batch, CommitError, MailRow, Seen, StoreError};
use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

/// One mail, read and judged.
pub(super) struct Incoming<'a> {
    pub bot: &'a Bot,
    pub folder: &'a str,
    pub raw: &'a RawMail,
    /// The same as one that was not read whole, when only its header was.
    head: Option<RawMail>,
    pub mail: Mail,
    pub reading: Reading,
    pub now: Timestamp,
    /// No reader can stand it.
    given_up: bool,
    /// Its folder is read from the beginning, and it came long ago.
    pub(super) old: bool,
    /// It lies in the own mailbox of this rep, and only its header is known.
    pub sighted: Option<Sighted<'a>>,
    /// Whether it proves who it is from cannot be told yet: it stays where it is, unread.
    pub waits: bool,
    /// Nothing that it names is known, so it concerns nobody: asked for a portion of mails at once.
    pub stranger: bool,
}

/// Where a mail was seen that is not the bot's.
#[derive(Clone, Copy)]
pub(super) struct Sighted<'a> {
    /// Whose mailbox it is.
    pub rep: &'a Address,
    /// Whether it lies among what the rep sent.
    pub is_sent: bool,
}

/// How much of a mail is read: less each time it killed its reader.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Care {
    /// All of it.
    None,
    /// The header, which is enough to stop.
    HeaderOnly,
    /// Nothing.
    Untouched,
}

impl Care {
    fn after(tries: u32) -> Self {
        match tries {
            tries if tries < limits::INTAKE_TRIES => Self::None,
            tries if tries < limits::INTAKE_TRIES + limits::INTAKE_HEAD_TRIES => Self::HeaderOnly,
            _ => Self::Untouched,
        }
    }
}

/// What a mail does: its line in the ledger, and everything that it changes.
pub(super) struct Decided {
    pub kind: &'static str,
    pub because: String,
    pub filing: Filing,
    pub batch: Batch,
}

impl<'a> Incoming<'a> {
    /// Reads a mail, with the more care the more often that was begun before. `past`: it may be an old one, and was not read
    /// before then.
    pub(super) async fn read(
        bot: &'a Bot,
        folder: &'a str,
        raw: &'a RawMail,
        key: &ContentKey,
        seen: &Seen,
        past: Option<Timestamp>,
    ) -> Self {
        let care = Care::after(seen.tries);
        if care != Care::None {
            warn!(
                mail = mark(key),
                tries = seen.tries,
                "a mail killed its reader; its header is read, or nothing"
            );
        }
        let read = match care {
            Care::None => safely::read(&raw.bytes),
            Care::HeaderOnly => safely::head(&raw.bytes),
            Care::Untouched => None,
        };
        let own = bot.house.own();
        let judge = if seen.is_released {
            safely::classify_vouched
        } else {
            safely::classify
        };
        let now = bot.clock.now();
        let mut waits = false;
        let read = match read {
            Some(mail) => {
                let checked = match signature::look(bot.keys.as_ref(), &own, raw, &mail, now).await {
                    Checked::Done(checked) => checked,
                    Checked::Later => {
                        waits = !seen.is_released;
                        OwnCheck::NotDone
                    }
                };
                Some(Mail { checked, ..mail })
            }
            None => None,
        };
        let judged = read.and_then(|mail| Some((judge(&mail, &own)?, mail)));
        let given_up = judged.is_none();
        let (reading, mail) = judged.unwrap_or_else(|| {
            let nothing = read::read(b"");
            (classify(&nothing, &own), nothing)
        });
        // What came while the database did not know of it counts from then on, however long ago: touches of what was handed over
        // or resumed would come anew, and a rep's word of before an answer would count against it.
        let then = raw.received.or(mail.date).unwrap_or(now);
        let unknown = bot.unknown_since();
        // One that knows of nothing begins with what is new.
        let is_missed = unknown.is_some_and(|since| since > Timestamp::UNIX_EPOCH && then >= since);
        Self {
            waits,
            stranger: false,
            old: !is_missed && past.is_some_and(|past| is_old(raw.received.into_iter().chain(mail.date).min(), past)),
            head: (care == Care::HeaderOnly).then(|| RawMail {
                whole: false,
                ..raw.clone()
            }),
            mail: Mail {
                key: key.clone(),
                ..mail
            },
            reading,
            bot,
            folder,
            raw,
            now: unknown.map_or(now, |since| then.max(since).min(now)),
            given_up,
            sighted: None,
        }
    }

    /// A header that was seen in a rep's own mailbox.
    pub(super) fn sighted(
        bot: &'a Bot,
        folder: &'a str,
        raw: &'a RawMail,
        mail: Mail,
        reading: Reading,
        sighted: Sighted<'a>,
    ) -> Self {
        Self {
            bot,
            folder,
            raw,
            head: None,
            mail,
            reading,
            now: bot.clock.now(),
            given_up: false,
            old: false,
            waits: false,
            stranger: false,
            sighted: Some(sighted),
        }
    }

    pub(super) async fn decide(&self) -> Result<Decided, StoreError> {
        if self.given_up {
            warn!(
                mail = mark(&self.mail.key),
                "a mail could not be taken in and goes to quarantine"
            );
            let because = "it could not be taken in: a defect of the program met it each time";
            return Ok(self.plain("unreadable", because, Filing::Quarantine));
        }
        let mut decided = match self.sighted {
            None => self.decide_by_kind().await?,
            Some(sighted) => self.decide_sighted(sighted).await?,
        };
        self.evidence(&mut decided.batch).await?;
        Ok(decided)
    }

    async fn decide_by_kind(&self) -> Result<Decided, StoreError> {
        if let Some(decided) = self.administration().await? {
            return Ok(decided);
        }
        let reading = &self.reading;
        match &reading.kind {
            // Stops always count; what lies there since long ago starts nothing and is not answered.
            Kind::HandOver(_) | Kind::Commands { .. } if self.old => {
                let because = "it lay in a folder that is read from its beginning, and is older than two days";
                Ok(self.plain("old", because, Filing::Processed))
            }
            Kind::HandOver(handed) => self.enroll(handed).await,
            Kind::Commands { rep, commands } => self.answer(rep, commands).await,
            Kind::AboutTest if self.old => {
                let because = "it lay in a folder that is read from its beginning, and is older than two days";
                Ok(self.plain("old", because, Filing::Processed))
            }
            Kind::AboutTest => self.about_test().await,
            Kind::Lead(_) if self.old => {
                let because = "it lay in a folder that is read from its beginning, and is older than two days";
                Ok(self.plain("old", because, Filing::Processed))
            }
            Kind::Lead(lead) => self.lead(lead).await,
            Kind::LeadRefused { source, why } => Ok(self.lead_refused(source, why)),
            Kind::Impostor { rep, why } if *why == GIVEN_UP => self.by_old_address(rep).await,
            Kind::Impostor { why, .. } if *why == IMITATES => Ok(self.plain(LOOK_ALIKE, why, Filing::Quarantine)),
            Kind::Impostor { why, .. } => Ok(self.plain("impostor", why, Filing::Quarantine)),
            Kind::OwnCopy => self.own_copy().await,
            Kind::Delivered => Ok(self.plain(reading.kind.code(), &reading.because, Filing::Processed)),
            Kind::Bulk => Ok(self.plain("bulk", &reading.because, Filing::Unmatched)),
            Kind::Bounce
            | Kind::Delay
            | Kind::Complaint
            | Kind::OptOut
            | Kind::Calendar(_)
            | Kind::AutoReply
            | Kind::Reply => self.react().await,
        }
    }

    /// It came by a code that the rep gave up. Whoever sent it, the rep is told at their own address, once a day.
    async fn by_old_address(&self, rep: &Address) -> Result<Decided, StoreError> {
        let mut decided = self.plain(OLD_ADDRESS, GIVEN_UP, Filing::Quarantine);
        let day = self.now - SignedDuration::from_hours(24);
        let told = self.bot.store.mails_of_kind(rep, OLD_ADDRESS, day).await?;
        if let Some(rep) = self.bot.house.rep(rep)
            && told < limits::OLD_CODES_TOLD
            && why_not(&self.mail).is_none()
        {
            let letter = self.bot.house.by_old_address(rep, &self.mail, self.now);
            decided.batch.letters.extend(letter);
        }
        Ok(decided)
    }

    /// It changes nothing.
    pub(super) fn plain(&self, kind: &'static str, because: &str, filing: Filing) -> Decided {
        Decided {
            kind,
            because: because.to_owned(),
            filing,
            batch: Batch::default(),
        }
    }

    /// What makes the bot speak.
    pub(super) fn cause(&self) -> Cause<'_> {
        Cause {
            mail: &self.mail,
            raw: self.head.as_ref().unwrap_or(self.raw),
            new_text: &self.reading.new_text,
        }
    }

    /// The whole of what is committed for it. Takes the changes out of `decided`.
    pub(super) fn batch(&self, decided: &mut Decided) -> Batch {
        let batch = std::mem::take(&mut decided.batch);
        let changed = batch.changes.iter().map(|change| change.id);
        let row = MailRow {
            key: self.mail.key.clone(),
            kind: decided.kind.to_owned(),
            because: self.with_damage(&decided.because),
            folder: self.folder.to_owned(),
            filed: word_of(decided.filing).to_owned(),
            size: self.raw.size,
            rep: self.claimed_rep(decided),
            enrollments: changed.chain(batch.begin.iter().map(|begin| begin.id)).collect(),
        };
        Batch {
            at: Some(self.now),
            mail: Some(row),
            // Of a mail without an id the header alone tells too little.
            head: self.mail.message_id.as_ref().map(|_| self.mail.head.clone()),
            ..batch
        }
    }

    /// The evidence, and everything that kept the mail from being read as it was meant.
    fn with_damage(&self, because: &str) -> String {
        let damage = self.mail.damage.iter().filter(|damage| !because.contains(**damage));
        let mut parts = vec![because.to_owned()];
        parts.extend(damage.map(|damage| (*damage).to_owned()));
        if self.sighted.is_none() && !self.raw.whole && (self.raw.bytes.len() as u64) < self.raw.size {
            let (read, all) = (size(self.raw.bytes.len() as u64), size(self.raw.size));
            parts.push(format!("only the first {read} of its {all} were read"));
        }
        parts.join("; ")
    }

    /// Decides again because a row had moved on, until the decision holds.
    pub(super) async fn again(&self) -> Result<Filing, IntakeError> {
        for _ in 0..limits::STALE_RETRIES {
            let done = until_recorded(&self.bot.clock, UNRECORDED, async || {
                let mut decided = self.decide().await?;
                let batch = self.batch(&mut decided);
                match self.bot.store.commit(batch).await {
                    Ok(()) | Err(CommitError::Known) => Ok(Some(decided.filing)),
                    Err(CommitError::Stale) => Ok(None),
                    Err(CommitError::Store(error)) => Err(error),
                }
            });
            if let Some(filing) = done.await? {
                return Ok(filing);
            }
        }
        Err(IntakeError::Stale)
    }

    pub(super) fn log(&self, decided: &Decided) {
        info!(mail = mark(&self.mail.key), kind = decided.kind, because = %decided.because, "a mail was taken in");
    }

    /// In whose name a mail came: for the real rep's digest when it is held, for their share of answers when it had commands.
    fn claimed_rep(&self, decided: &Decided) -> Option<Address> {
        if let Some(sighted) = self.sighted {
            return Some(sighted.rep.clone());
        }
        if let Kind::Impostor { rep, .. } = &self.reading.kind {
            return Some(rep.clone());
        }
        let capped = decided.kind == NOT_UNDERSTOOD || grammar::is_kind(decided.kind);
        let counts = decided.filing == Filing::Quarantine || capped;
        let from = self.mail.from.iter().filter(|_| counts);
        let house = &self.bot.house;
        let known = |address: &Address| {
            let administrator = house.administrator.as_ref().filter(|known| known.same_as(address));
            house.rep(address).map(|rep| &rep.address).or(administrator).cloned()
        };
        from.filter_map(|from| known(&from.address)).next()
    }
}

/// The kind, in the ledger, of a mail by an enrol address that was given up.
const OLD_ADDRESS: &str = "old_address";

/// The kind, in the ledger, of a mail by an address that looks like a rep's and is another.
pub(super) const LOOK_ALIKE: &str = "look_alike";

/// The kind, in the ledger, of a mail with commands none of which could be carried out.
pub(super) const NOT_UNDERSTOOD: &str = "not_understood";

/// Whether a mail of an unknown or of this date was an old one when the folder was read last.
fn is_old(sent: Option<Timestamp>, read: Timestamp) -> bool {
    let within = SignedDuration::try_from(limits::HANDED_WITHIN).unwrap_or(SignedDuration::ZERO);
    sent.is_none_or(|sent| read.duration_since(sent) > within)
}
