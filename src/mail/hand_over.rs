//! A rep hands prospects over: by BCC of their own mail, or by forwarding one.
//!
//! Of a BCC prospects are all of To who are outside the house; Cc is remembered and not enrolled. Of a forward it is the one
//! party outside the house, and where there are several nobody is chosen. Whether it is the rep who hands over is
//! `authenticity`'s to say, whether a prospect may be enrolled is the rules'.

use super::classify::Own;
use super::forward::{Forward, Start, Unclear, wishes};
use super::list::{List, Unreadable};
use super::read::Mail;
use super::thread::base_subject;
use crate::model::{Address, CadenceName, ContentKey, Correspondent, MessageId};
use jiff::Timestamp;

/// What a rep handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    /// Who.
    pub rep: Address,
    /// Into which cadence; `None` when it is not said.
    pub cadence: Option<CadenceName>,
    /// Everybody in To outside the own domains, in order, no doubles.
    pub prospects: Vec<Correspondent>,
    /// Everybody in To inside the own domains, the rep apart: not enrolled, and the receipt says so.
    pub own: Vec<Correspondent>,
    /// Everybody in Cc outside the bot: remembered, not enrolled.
    pub colleagues: Vec<Correspondent>,
    /// Without `Re:`.
    pub subject: String,
    /// The id of the rep's mail, under which the follow-ups stand.
    pub message_id: Option<MessageId>,
    /// What the rep's mail answers, newest first.
    pub references: Vec<MessageId>,
    /// When the rep wrote it, as the Date field says.
    pub date: Option<Timestamp>,
    /// Its content key, by which it enrolls only once.
    pub key: ContentKey,
    /// What was forwarded; `None` when it is a copy of the rep's own mail.
    pub forward: Option<Box<Forward>>,
    /// Why nobody is meant by a forward for sure.
    pub unclear: Option<Unclear>,
    /// The list that it brings, which is meant then and nobody else.
    pub list: Option<Result<List, Unreadable>>,
    /// When the rep wants it to begin.
    pub start: Option<Start>,
}

/// Reads what `rep` forwarded for the cadence that they name above it, else for `cadence`.
#[must_use]
pub fn forwarded(
    mail: &Mail,
    own: &Own<'_>,
    rep: &Address,
    cadence: Option<CadenceName>,
    forward: Forward,
) -> HandOver {
    let copied = read(mail, own, rep, cadence);
    let original = &forward.original;
    let (prospects, unclear) = match forward.meant() {
        Ok(person) => (vec![person], None),
        Err(unclear) => (Vec::new(), Some(unclear)),
    };
    let subject = original.subject.as_deref().unwrap_or(&mail.subject);
    HandOver {
        cadence: forward.wishes.cadence.clone().or(copied.cadence),
        prospects,
        own: Vec::new(),
        subject: base_subject(subject).to_owned(),
        message_id: original.message_id.clone(),
        references: original.references.clone(),
        unclear,
        forward: Some(Box::new(forward)),
        ..copied
    }
}

/// Reads a list that `rep` sent for the cadence that they name above it, else for `cadence`.
#[must_use]
pub fn listed(
    mail: &Mail,
    own: &Own<'_>,
    rep: &Address,
    cadence: Option<CadenceName>,
    list: Result<List, Unreadable>,
    said: &str,
) -> HandOver {
    let wishes = wishes::of(said);
    HandOver {
        cadence: wishes.cadence.or(cadence),
        start: wishes.start,
        prospects: Vec::new(),
        own: Vec::new(),
        colleagues: Vec::new(),
        list: Some(list),
        ..read(mail, own, rep, None)
    }
}

/// Whether the mail went to somebody outside the house as well: then the bot got a copy of it.
#[must_use]
pub fn is_copy(mail: &Mail, own: &Own<'_>) -> bool {
    mail.to
        .iter()
        .any(|person| !is_bot(&person.address, own) && !is_house(&person.address, own))
}

/// Reads what `rep` handed over for `cadence` by a copy of their own mail.
#[must_use]
pub fn read(mail: &Mail, own: &Own<'_>, rep: &Address, cadence: Option<CadenceName>) -> HandOver {
    let outside = |person: &&Correspondent| !is_bot(&person.address, own) && !is_house(&person.address, own);
    let prospects = unique(mail.to.iter().filter(outside), &[]);
    let inside = |person: &&Correspondent| {
        !is_bot(&person.address, own) && is_house(&person.address, own) && !person.address.same_as(rep)
    };
    let inside = unique(mail.to.iter().filter(inside), &[]);
    let colleagues = mail
        .cc
        .iter()
        .filter(|person| !is_bot(&person.address, own) && !person.address.same_as(rep));
    let colleagues = unique(colleagues, &prospects);
    HandOver {
        rep: rep.clone(),
        cadence,
        prospects,
        own: inside,
        colleagues,
        subject: base_subject(&mail.subject).to_owned(),
        message_id: mail.message_id.clone(),
        references: mail.references.clone(),
        date: mail.date,
        key: mail.key.clone(),
        forward: None,
        unclear: None,
        list: None,
        start: None,
    }
}

/// Whether it is one of the bot's own addresses.
pub(super) fn is_bot(address: &Address, own: &Own<'_>) -> bool {
    own.bot.read(address).is_some() || own.aliases.iter().any(|(alias, _)| alias.same_as(address))
}

/// Whether it is an address of the house: its domains', or a rep's.
pub(super) fn is_house(address: &Address, own: &Own<'_>) -> bool {
    own.domains
        .iter()
        .any(|domain| domain.eq_ignore_ascii_case(address.domain()))
        || own.reps.iter().any(|rep| rep.address.same_as(address))
}

/// No doubles, compared as suppressions are.
fn unique<'a>(people: impl Iterator<Item = &'a Correspondent>, known: &[Correspondent]) -> Vec<Correspondent> {
    let mut found: Vec<Correspondent> = Vec::new();
    for person in people {
        let same = |other: &Correspondent| other.address.loose() == person.address.loose();
        if !found.iter().any(same) && !known.iter().any(same) {
            found.push(person.clone());
        }
    }
    found
}
