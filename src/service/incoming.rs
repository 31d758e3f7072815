//! One mail on its way in: read, judged, and what is decided about it.

use super::Bot;
use super::intake::IntakeError;
use super::portion::word_of;
use super::posting::{Cause, mark};
use crate::inbox::{Filing, RawMail};
use crate::mail::classify::{Kind, Reading, classify};
use crate::mail::read::{Mail, head_of, read};
use crate::model::{Address, ContentKey, limits};
use crate::store::{Batch, CommitError, MailRow, StoreError};
use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

/// One mail, read and judged.
pub(super) struct Incoming<'a> {
    pub bot: &'a Bot,
    pub folder: &'a str,
    pub raw: &'a RawMail,
    /// What of it was read.
    bytes: &'a [u8],
    pub mail: Mail,
    pub reading: Reading,
    pub now: Timestamp,
    care: Care,
    /// Its folder is read from the beginning, and it came long ago.
    old: bool,
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
            limits::INTAKE_TRIES => Self::HeaderOnly,
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
    /// Reads a mail that was begun `tries` times before.
    pub(super) fn read(
        bot: &'a Bot,
        folder: &'a str,
        raw: &'a RawMail,
        key: &ContentKey,
        tries: u32,
        again: bool,
    ) -> Self {
        let care = Care::after(tries);
        let bytes = match care {
            Care::None => raw.bytes.as_slice(),
            Care::HeaderOnly => head_of(&raw.bytes),
            Care::Untouched => &[],
        };
        let mail = Mail {
            key: key.clone(),
            ..read(bytes)
        };
        let now = bot.clock.now();
        Self {
            reading: classify(&mail, &bot.house.own()),
            old: again && is_old(raw.received.into_iter().chain(mail.date).min(), now),
            bot,
            folder,
            raw,
            bytes,
            mail,
            now,
            care,
        }
    }

    pub(super) async fn decide(&self) -> Result<Decided, StoreError> {
        match self.care {
            Care::None => self.decide_by_kind().await,
            Care::HeaderOnly => self.salvage().await,
            Care::Untouched => {
                warn!(
                    mail = mark(&self.mail.key),
                    "a mail killed its reader each time and is held"
                );
                Ok(self.plain("unreadable", "reading it failed each time", Filing::Quarantine))
            }
        }
    }

    async fn decide_by_kind(&self) -> Result<Decided, StoreError> {
        let reading = &self.reading;
        match &reading.kind {
            // Stops always count; what lies there since long ago starts nothing and is not answered.
            Kind::HandOver(_) | Kind::Commands { .. } if self.old => {
                let because = "it lay in a folder that is read from its beginning, and is older than two days";
                Ok(self.plain("old", because, Filing::Processed))
            }
            Kind::HandOver(handed) => self.enroll(handed).await,
            Kind::Commands { rep, commands } => self.answer(rep, commands).await,
            Kind::Impostor { why, .. } => Ok(self.plain("impostor", why, Filing::Quarantine)),
            Kind::OwnCopy | Kind::Delivered => Ok(self.plain(reading.kind.code(), &reading.because, Filing::Processed)),
            Kind::Bulk => Ok(self.plain("bulk", &reading.because, Filing::Unmatched)),
            Kind::Bounce | Kind::Delay | Kind::Complaint | Kind::OptOut | Kind::AutoReply | Kind::Reply => {
                self.react().await
            }
        }
    }

    /// A mail whose body killed its reader is held; what its header says of a stop counts all the same.
    async fn salvage(&self) -> Result<Decided, StoreError> {
        warn!(
            mail = mark(&self.mail.key),
            "a mail killed its reader; only its header is read"
        );
        let decided = match &self.reading.kind {
            Kind::Bounce | Kind::Delay | Kind::Complaint | Kind::OptOut | Kind::AutoReply | Kind::Reply => {
                self.react().await?
            }
            Kind::HandOver(_)
            | Kind::Commands { .. }
            | Kind::Impostor { .. }
            | Kind::OwnCopy
            | Kind::Delivered
            | Kind::Bulk => self.plain("unreadable", &self.reading.because, Filing::Quarantine),
        };
        Ok(Decided {
            kind: "unreadable",
            because: format!("reading it failed; of its header: {}", decided.because),
            filing: Filing::Quarantine,
            batch: decided.batch,
        })
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
            bytes: self.bytes,
        }
    }

    /// The whole of what is committed for it. Takes the changes out of `decided`.
    pub(super) fn batch(&self, decided: &mut Decided) -> Batch {
        let batch = std::mem::take(&mut decided.batch);
        let because = match self.mail.damage.first() {
            Some(damage) => format!("{}; {damage}", decided.because),
            None => decided.because.clone(),
        };
        let changed = batch.changes.iter().map(|change| change.id);
        let row = MailRow {
            key: self.mail.key.clone(),
            kind: decided.kind.to_owned(),
            because,
            folder: self.folder.to_owned(),
            filed: word_of(decided.filing).to_owned(),
            size: self.raw.size,
            rep: self.claimed_rep(decided),
            enrollments: changed.chain(batch.begin.iter().map(|begin| begin.id)).collect(),
        };
        Batch {
            at: Some(self.now),
            mail: Some(row),
            ..batch
        }
    }

    /// Decides again because a row had moved on, until the decision holds.
    pub(super) async fn again(&self) -> Result<Filing, IntakeError> {
        for _ in 0..limits::STALE_RETRIES {
            let mut decided = self.decide().await?;
            let batch = self.batch(&mut decided);
            match self.bot.store.commit(batch).await {
                Ok(()) | Err(CommitError::Known) => return Ok(decided.filing),
                Err(CommitError::Stale) => {}
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(IntakeError::Unsettled)
    }

    pub(super) fn log(&self, decided: &Decided) {
        info!(mail = mark(&self.mail.key), kind = decided.kind, because = %decided.because, "a mail was taken in");
    }

    /// In whose name a mail came: for the real rep's digest when it is held, for their share of answers when it was not
    /// understood.
    fn claimed_rep(&self, decided: &Decided) -> Option<Address> {
        let counts = decided.filing == Filing::Quarantine || decided.kind == NOT_UNDERSTOOD;
        let from = self.mail.from.iter().filter(|_| counts);
        let mut reps = from.filter_map(|from| self.bot.house.rep(&from.address));
        reps.next().map(|rep| rep.address.clone())
    }
}

/// The kind, in the ledger, of a mail with commands none of which could be carried out.
pub(super) const NOT_UNDERSTOOD: &str = "not_understood";

/// Whether a mail of an unknown or of this date starts nothing any more.
fn is_old(sent: Option<Timestamp>, now: Timestamp) -> bool {
    let within = SignedDuration::try_from(limits::HANDED_WITHIN).unwrap_or(SignedDuration::ZERO);
    sent.is_none_or(|sent| now.duration_since(sent) > within)
}
