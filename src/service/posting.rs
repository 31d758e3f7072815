//! Notices → letters: words from `template`, bytes from `mail::write`, an id from what caused them.

use super::House;
use crate::inbox::{Filing, RawMail};
use crate::mail::read::Mail;
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{
    Address, ContentKey, Correspondent, EnrollmentId, Letter, LetterClass, LetterId, MessageId, Notice, Purpose,
    RefusedLine, Rep, Token, Wording,
};
use crate::template::{LeftOut, Relayed, Taps};
use jiff::Timestamp;
use tracing::warn;

/// The mail that made the bot speak, if one did.
#[derive(Clone, Copy)]
pub(super) struct Cause<'a> {
    pub mail: &'a Mail,
    pub raw: &'a RawMail,
    /// What the person wrote, without quotation.
    pub new_text: &'a str,
}

/// A letter could not be written; the text says why.
#[derive(Debug)]
pub(super) struct Unwritable(pub String);

impl std::fmt::Display for Unwritable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a letter could not be written: {}", self.0)
    }
}

impl House {
    /// The letters that tell reps the notices which one mail caused. One that cannot be written does not keep the others
    /// back, nor what they tell of: facts stand in the digest too.
    pub(super) fn letters_about(&self, cause: Cause<'_>, told: &[(Address, Notice)], now: Timestamp) -> Vec<Letter> {
        let mut letters = Vec::new();
        for (nth, (address, notice)) in told.iter().enumerate() {
            let Some(rep) = self.rep(address) else { continue };
            let id = LetterId::of_mail(&cause.mail.key, &rep.address, nth);
            match self.notice(id, rep, notice, Some(cause), now) {
                Ok(letter) => letters.push(letter),
                Err(error) => warn!(letter = %id, %error, "a rep is not told at once"),
            }
        }
        letters
    }

    /// One letter about a notice.
    pub(super) fn notice(
        &self,
        id: LetterId,
        rep: &Rep,
        notice: &Notice,
        cause: Option<Cause<'_>>,
        now: Timestamp,
    ) -> Result<Letter, Unwritable> {
        // Who stands in reads what came; what was asked is answered to who asked.
        let reader = match notice {
            Notice::Relay { .. } | Notice::Alert { .. } => self.reader_of(rep, now),
            Notice::Receipt { .. } | Notice::Answer { .. } => rep,
        };
        let taps = self.taps(notice);
        let (wording, enclosed) = self.wording(notice, rep, &taps, cause);
        let (class, from, reply_to) = self.parties(id, notice);
        let thread = cause.map(|cause| thread_of(cause.mail)).unwrap_or_default();
        let message_id = self
            .bot
            .message_id_of(id)
            .ok_or_else(|| Unwritable("no Message-ID".to_owned()))?;
        let whole = Composition {
            from: &from,
            to: &reader.correspondent(),
            reply_to: Some(&reply_to),
            date: now,
            message_id: &message_id,
            thread: &thread,
            wording: &wording,
            unsubscribe: None,
            automatic: Automatic::Replied,
            reference: &id.to_string(),
            enclosed,
        };
        // The news of a mail that is too large to pass on is still news.
        let bytes = compose(&whole)
            .or_else(|_| {
                compose(&Composition {
                    enclosed: None,
                    ..whole
                })
            })
            .map_err(Unwritable)?;
        Ok(Letter {
            id,
            class,
            touch: None,
            rep: rep.address.clone(),
            // Nobody may answer an answer (RFC 3834 3.3).
            envelope_from: None,
            to: reader.address.clone(),
            message_id,
            bytes,
            not_before: now,
        })
    }

    /// The words, and the mail that is passed on with them. Of a mail that was not read whole nothing is enclosed: a MIME
    /// entity that was cut somewhere is none. Its new text and where it lies stand in the words instead.
    fn wording<'a>(
        &self,
        notice: &Notice,
        rep: &Rep,
        taps: &Taps,
        cause: Option<Cause<'a>>,
    ) -> (Wording, Option<&'a [u8]>) {
        let is_relay = matches!(notice, Notice::Relay { .. });
        let whole = cause.filter(|cause| is_relay && cause.raw.whole);
        let relayed = cause.map(|cause| Relayed {
            subject: &cause.mail.subject,
            left_out: (is_relay && !cause.raw.whole).then(|| self.left_out(cause)),
        });
        let wording = self.texts.notice(notice, rep, taps, relayed.as_ref());
        (wording, whole.map(|cause| cause.raw.bytes.as_slice()))
    }

    fn left_out<'a>(&self, cause: Cause<'a>) -> LeftOut<'a> {
        LeftOut {
            size: size(cause.raw.size),
            // What is relayed is a reply.
            folder: format!("Cadence/{}", Filing::Replies.folder()),
            mailbox: self.bot.address().to_string(),
            new_text: cause.new_text,
        }
    }

    fn taps(&self, notice: &Notice) -> Taps {
        let mut next = None;
        let about: Vec<EnrollmentId> = match notice {
            Notice::Receipt { enrolled, said, .. } => {
                let offered = said
                    .iter()
                    .flat_map(|line| &line.offers)
                    .filter_map(|offer| offer.about);
                enrolled.iter().map(|line| line.enrollment).chain(offered).collect()
            }
            Notice::Relay { enrollment, .. } | Notice::Alert { enrollment, .. } => vec![*enrollment],
            Notice::Answer { lines, token } => {
                next = Some(self.takes_commands(*token).to_string());
                lines
                    .iter()
                    .flat_map(|line| &line.offers)
                    .filter_map(|offer| offer.about)
                    .collect()
            }
        };
        let command = about
            .into_iter()
            .map(|id| (id.0, self.bot.for_command(id).to_string()))
            .collect();
        Taps { command, digest: next }
    }

    /// The address for commands about what a mail with this token was about.
    fn takes_commands(&self, token: Option<Token>) -> Address {
        let digest = token
            .filter(|token| token.purpose == Purpose::Digest)
            .and_then(|token| token.letter());
        match (token.and_then(|token| token.enrollment()), digest) {
            (Some(id), _) => self.bot.for_command(id),
            (None, Some(id)) => self.bot.for_digest(id),
            (None, None) => self.bot.address().clone(),
        }
    }

    /// Class, From and Reply-To. A relay is answered to the prospect, all else to the bot.
    fn parties(&self, id: LetterId, notice: &Notice) -> (LetterClass, Correspondent, Correspondent) {
        let bot = Correspondent::new(Some(&self.bot_name), self.bot.address().clone());
        let about = |id: EnrollmentId| Correspondent::new(Some(&self.bot_name), self.bot.for_command(id));
        match notice {
            Notice::Receipt { enrolled, refused, .. } => {
                // What is missing is said in answer to the mail that asks for it.
                let asks = enrolled.is_empty() && refused.iter().any(RefusedLine::lacks_words);
                let own = || match asks {
                    true => Correspondent::new(Some(&self.bot_name), self.bot.for_digest(id)),
                    false => bot.clone(),
                };
                let reply_to = enrolled.first().map_or_else(own, |line| about(line.enrollment));
                (LetterClass::Receipt, bot, reply_to)
            }
            Notice::Relay { prospect, .. } => {
                let name = format!("{} via {}", prospect.label(), self.bot_name);
                let from = Correspondent::new(Some(&name), self.bot.address().clone());
                (
                    LetterClass::Relay,
                    from,
                    Correspondent::new(prospect.name.as_deref(), prospect.address.clone()),
                )
            }
            Notice::Alert { enrollment, .. } => (LetterClass::Alert, bot, about(*enrollment)),
            Notice::Answer { token, .. } => {
                let reply_to = Correspondent::new(Some(&self.bot_name), self.takes_commands(*token));
                (LetterClass::Answer, bot, reply_to)
            }
        }
    }

    /// Letters to a rep that no mail caused: told once per version of the enrollment.
    pub(super) fn letters_after(
        &self,
        enrollment: EnrollmentId,
        version: u32,
        rep: &Rep,
        notices: &[Notice],
        now: Timestamp,
    ) -> Vec<Letter> {
        let mut letters = Vec::new();
        for (notice, nth) in notices.iter().zip(version..) {
            let id = LetterId::of_version(enrollment, nth);
            match self.notice(id, rep, notice, None, now) {
                Ok(letter) => letters.push(letter),
                Err(error) => warn!(letter = %id, %error, "a rep is not told at once"),
            }
        }
        letters
    }
}

/// The thread of a mail with the mail itself as the newest.
pub(super) fn thread_of(mail: &Mail) -> Vec<MessageId> {
    let newest = mail.message_id.iter().cloned();
    let mut thread: Vec<MessageId> = newest.chain(mail.references.iter().cloned()).collect();
    thread.reverse();
    thread
}

/// `52.4 MB`, `12 kB`.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        1_000_000.. => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
        _ => format!("{} kB", bytes.div_ceil(1_000)),
    }
}

/// The key of a mail, for the ledger, as text that may be logged.
pub(super) fn mark(key: &ContentKey) -> &str {
    key.as_str().get(..12).unwrap_or("")
}
