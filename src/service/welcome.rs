//! Every rep gets their enrol addresses by mail, once: when they are added, when their codes were turned, and when the
//! administrator says so.
//!
//! The addresses come as cards for an address book, so that the beginning of a cadence's name in BCC is enough.

use super::posting::thread_of;
use super::{Bot, House, Progress};
use crate::mail::read::Mail;
use crate::mail::vcard::{self, Card};
use crate::mail::write::{Attached, Automatic, Composition, compose_with};
use crate::model::{
    BotAddress, Cadence, Codes, Correspondent, Fingerprint, Letter, LetterClass, LetterId, MessageId, Rep, Told,
};
use crate::store::{Batch, CommitError, StoreError};
use crate::template::{Greeting, OwnAddress};
use jiff::Timestamp;
use tracing::{info, warn};

/// The file with all cards.
const ALL: &str = "all.vcf";

/// Mails their addresses to reps who do not have them.
///
/// # Errors
/// When the store fails.
pub async fn round(bot: &Bot) -> Result<Progress, StoreError> {
    let mut progress = Progress::default();
    for rep in bot.house.reps.iter().filter_map(|rep| bot.house.rep(&rep.address)) {
        let Some((told, first)) = bot.house.untold(rep) else {
            continue;
        };
        if bot.welcome(rep, told, first).await? {
            progress.done += 1;
        }
    }
    Ok(progress)
}

impl Bot {
    async fn welcome(&self, rep: &Rep, told: Told, first: bool) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let id = LetterId::of_welcome(&rep.address, told.turn, told.again);
        let greeting = if first { Greeting::Welcome } else { Greeting::NewCodes };
        let letter = self.house.greeting(id, rep, greeting, &[], now);
        let letter = match letter {
            Ok(letter) => Some(letter).filter(|_| !self.copies.has(id)),
            Err(error) => {
                warn!(letter = %id, error, "a rep's addresses could not be mailed");
                None
            }
        };
        let batch = Batch {
            at: Some(now),
            letters: letter.into_iter().collect(),
            codes: vec![(rep.address.clone(), Codes::Told(told))],
            ..Batch::default()
        };
        match self.store.commit(batch).await {
            Ok(()) => {
                info!(letter = %id, "a rep's addresses are mailed");
                self.recall().await?;
                Ok(true)
            }
            Err(CommitError::Stale | CommitError::Known) => Ok(false),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}

impl House {
    /// A rep's addresses, and a word about them. It is answered as a digest is, so that the rep may say anything to it.
    fn greeting(
        &self,
        id: LetterId,
        rep: &Rep,
        greeting: Greeting<'_>,
        thread: &[MessageId],
        now: Timestamp,
    ) -> Result<Letter, String> {
        let addresses: Vec<OwnAddress> = self
            .library
            .cadences()
            .map(|cadence| OwnAddress {
                cadence: cadence.name.to_string(),
                title: cadence.title.clone(),
                touches: cadence.touches(),
                days: cadence.span(),
                address: self
                    .bot
                    .for_enrolling(&cadence.name, &rep.address, rep.code_turn)
                    .to_string(),
            })
            .collect();
        let cards = cards(&self.bot, &self.bot_name, rep, self.library.cadences());
        let all: String = cards.iter().map(|(_, card)| card.as_str()).collect();
        let file = |name: String, card: String| Attached {
            name,
            content_type: "text/vcard; charset=utf-8",
            bytes: card.into_bytes(),
        };
        let single = cards.into_iter().map(|(name, card)| file(format!("{name}.vcf"), card));
        let files: Vec<Attached> = std::iter::once(file(ALL.to_owned(), all)).chain(single).collect();
        let reply_to = self.bot.for_digest(id);
        let wording = self
            .texts
            .greeting(&greeting, rep, &self.bot_name, &addresses, &reply_to);
        let message_id = self.bot.message_id_of(id).ok_or("it has no Message-ID")?;
        let from = Correspondent::new(Some(&self.bot_name), self.bot.address().clone());
        let composition = Composition {
            from: &from,
            to: &rep.correspondent(),
            reply_to: Some(&Correspondent::new(Some(&self.bot_name), reply_to)),
            date: now,
            message_id: &message_id,
            thread,
            wording: &wording,
            unsubscribe: None,
            automatic: Automatic::Replied,
            reference: &id.to_string(),
            enclosed: None,
        };
        Ok(Letter {
            id,
            class: LetterClass::Answer,
            touch: None,
            rep: rep.address.clone(),
            envelope_from: None,
            to: rep.address.clone(),
            bytes: compose_with(&composition, &files)?,
            message_id,
            not_before: now,
        })
    }

    /// What a rep is told whose mail came by an address that was given up: it enrolled nobody, and here are the others.
    pub(super) fn by_old_address(&self, rep: &Rep, mail: &Mail, now: Timestamp) -> Option<Letter> {
        let id = LetterId::of_mail(&mail.key, &rep.address, 0);
        let greeting = Greeting::OldAddress { subject: &mail.subject };
        self.greeting(id, rep, greeting, &thread_of(mail), now)
            .map_err(|error| warn!(letter = %id, error, "a rep is not told of an old address"))
            .ok()
    }
}

/// A rep's cards, one a cadence, by the cadence's name.
pub fn cards<'c>(
    bot: &BotAddress,
    bot_name: &str,
    rep: &Rep,
    cadences: impl Iterator<Item = &'c Cadence>,
) -> Vec<(String, String)> {
    let card = |cadence: &Cadence| {
        let address = bot.for_enrolling(&cadence.name, &rep.address, rep.code_turn);
        let note = format!(
            "Put this address in BCC of your first mail: {}. It is yours alone, do not pass it on.",
            cadence.title
        );
        let uid = Fingerprint::of("card", &[rep.address.as_str(), cadence.name.as_str()]).hex();
        let uid: String = uid.chars().take(32).collect();
        vcard::card(&Card {
            word: cadence.name.as_str(),
            organisation: bot_name,
            address: address.as_str(),
            note: &note,
            uid: &uid,
        })
    };
    cadences
        .map(|cadence| (cadence.name.to_string(), card(cadence)))
        .collect()
}
