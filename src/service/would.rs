//! What the bot would do with a mail, without doing it: the intake's own reading and decision, and no commit.

use super::Bot;
use super::incoming::Incoming;
use super::portion::word_of;
use crate::inbox::RawMail;
use crate::mail::authenticity::prove;
use crate::mail::classify::Reading;
use crate::mail::level::Proof;
use crate::mail::read::Mail;
use crate::model::{Fact, LetterClass};
use crate::report::in_words;
use crate::store::{Batch, Seen, StoreError};

/// What would become of a mail that came now.
pub struct Would {
    /// It, read.
    pub mail: Mail,
    /// What it is.
    pub reading: Reading,
    /// How well it is proven to be a rep's.
    pub proof: Proof,
    /// The kind that the ledger would note, `hand_over`.
    pub kind: &'static str,
    /// Why, for people; no addresses.
    pub because: String,
    /// Where it would be filed: `replies`, `quarantine` …; `None`: it would stay, unread.
    pub filed: Option<&'static str>,
    /// What would happen, a line each, for people; never empty.
    pub effects: Vec<String>,
}

/// Reads and decides as the intake does, and changes nothing.
///
/// # Errors
/// When the store cannot be read.
pub async fn would(bot: &Bot, raw: &RawMail) -> Result<Would, StoreError> {
    let key = super::safely::key(&raw.bytes);
    let mut seen = bot.store.seen(std::slice::from_ref(&key)).await?;
    let seen = seen.pop().unwrap_or(Seen {
        row: None,
        tries: 0,
        is_released: false,
    });
    let incoming = Incoming::read(bot, "INBOX", raw, &key, &seen, None).await;
    let decided = match incoming.waits {
        true => None,
        false => Some(incoming.decide().await?),
    };
    let proof = prove(&incoming.mail, &bot.house.own());
    let (mail, reading) = (incoming.mail, incoming.reading);
    let mut would = Would {
        kind: reading.kind.code(),
        because: reading.because.clone(),
        filed: None,
        effects: Vec::new(),
        mail,
        reading,
        proof,
    };
    if let Some(known) = seen.known() {
        would.filed = Some("processed");
        would.effects = vec![format!(
            "nothing: this very mail is known already, as {} ({}); a second copy changes nothing",
            known.kind, known.because
        )];
        return Ok(would);
    }
    let Some(decided) = decided else {
        would.effects = vec!["it would wait: the key of its signature cannot be looked up now".to_owned()];
        return Ok(would);
    };
    would.kind = decided.kind;
    would.because = decided.because;
    would.filed = Some(word_of(decided.filing));
    would.effects = effects(bot, &decided.batch).await?;
    Ok(would)
}

/// The changes of a batch, in words.
async fn effects(bot: &Bot, batch: &Batch) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    for begin in &batch.begin {
        for fact in &begin.facts {
            lines.push(match fact {
                Fact::Enrolled {
                    rep, prospect, cadence, ..
                } => format!("enroll {} in {cadence} for {rep}", prospect.address),
                other => in_words(other),
            });
        }
    }
    for change in &batch.changes {
        let enrollment = bot.store.enrollment(change.id).await?;
        let who = enrollment.map_or_else(
            || change.id.to_string(),
            |enrollment| format!("{} in {}", enrollment.prospect.address, enrollment.cadence),
        );
        lines.extend(change.facts.iter().map(|fact| format!("{who}: {}", in_words(fact))));
    }
    for suppression in &batch.suppress {
        let (address, why) = (&suppression.address, suppression.reason.word());
        lines.push(format!("suppress {} for everybody: {why}", address.as_str()));
    }
    for letter in &batch.letters {
        let what = match letter.class {
            LetterClass::Step => "send a touch to",
            LetterClass::Digest => "send a digest to",
            LetterClass::Receipt => "send a receipt to",
            LetterClass::Relay => "pass it on to",
            LetterClass::Alert => "send an alert to",
            LetterClass::Answer => "send an answer to",
            LetterClass::Report => "send a report to",
        };
        lines.push(format!("{what} {}", letter.to));
    }
    if lines.is_empty() {
        lines.push("nothing".to_owned());
    }
    Ok(lines)
}
