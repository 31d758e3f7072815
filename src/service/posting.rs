//! Notices → letters: words from `template`, bytes from `mail::write`, an id from what caused them.

use super::House;
use crate::inbox::{Filing, RawMail};
use crate::mail::read::Mail;
use crate::mail::write::{Automatic, Composition, compose};
use crate::model::{
    Address, ContentKey, Correspondent, EnrollmentId, Letter, LetterClass, LetterId, MessageId, Notice, Rep, Wording,
};
use crate::template::{LeftOut, Relayed, Taps};
use jiff::Timestamp;

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
    /// The letters that tell `rep` the notices which one mail caused.
    pub(super) fn letters_about(
        &self,
        cause: Cause<'_>,
        told: &[(Address, Notice)],
        now: Timestamp,
    ) -> Result<Vec<Letter>, Unwritable> {
        let mut letters = Vec::new();
        for (nth, (address, notice)) in told.iter().enumerate() {
            let Some(rep) = self.rep(address) else { continue };
            let id = LetterId::of_mail(&cause.mail.key, &rep.address, nth);
            letters.push(self.notice(id, rep, notice, Some(cause), now)?);
        }
        Ok(letters)
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
        let taps = self.taps(notice);
        let (wording, enclosed) = self.wording(notice, rep, &taps, cause);
        let (class, from, reply_to) = self.parties(notice);
        let thread = cause.map(|cause| thread_of(cause.mail)).unwrap_or_default();
        let message_id = self
            .bot
            .message_id_of(id)
            .ok_or_else(|| Unwritable("no Message-ID".to_owned()))?;
        let bytes = compose(&Composition {
            from: &from,
            to: &rep.correspondent(),
            reply_to: Some(&reply_to),
            date: now,
            message_id: &message_id,
            thread: &thread,
            wording: &wording,
            unsubscribe: None,
            automatic: Automatic::Replied,
            reference: &id.to_string(),
            enclosed,
        })
        .map_err(Unwritable)?;
        Ok(Letter {
            id,
            class,
            touch: None,
            rep: rep.address.clone(),
            // Nobody may answer an answer (RFC 3834 3.3).
            envelope_from: None,
            to: rep.address.clone(),
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
        let about: Vec<EnrollmentId> = match notice {
            Notice::Receipt { enrolled, .. } => enrolled.iter().map(|line| line.enrollment).collect(),
            Notice::Relay { enrollment, .. } | Notice::Alert { enrollment, .. } => vec![*enrollment],
            Notice::Answer { .. } => Vec::new(),
        };
        let command = about
            .into_iter()
            .map(|id| (id.0, self.bot.for_command(id).to_string()))
            .collect();
        Taps { command, digest: None }
    }

    /// Class, From and Reply-To. A relay is answered to the prospect, all else to the bot.
    fn parties(&self, notice: &Notice) -> (LetterClass, Correspondent, Correspondent) {
        let bot = Correspondent::new(Some(&self.bot_name), self.bot.address().clone());
        let about = |id: EnrollmentId| Correspondent::new(Some(&self.bot_name), self.bot.for_command(id));
        match notice {
            Notice::Receipt { enrolled, .. } => {
                let reply_to = enrolled
                    .first()
                    .map_or_else(|| bot.clone(), |line| about(line.enrollment));
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
            Notice::Answer { .. } => (LetterClass::Answer, bot.clone(), bot),
        }
    }

    /// A letter to a rep that no mail caused: told once per version of the enrollment.
    pub(super) fn letters_after(
        &self,
        enrollment: EnrollmentId,
        version: u32,
        rep: &Rep,
        notices: &[Notice],
        now: Timestamp,
    ) -> Result<Vec<Letter>, Unwritable> {
        let each = notices.iter().zip(version..);
        each.map(|(notice, nth)| self.notice(LetterId::of_version(enrollment, nth), rep, notice, None, now))
            .collect()
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
