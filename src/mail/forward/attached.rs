//! The mails attached to a mail: message/rfc822 parts and .eml files. What their headers say is more than any text tells.

use super::person::Person;
use super::{Forward, Original, correspondent, cut, is_machine, is_ours, outsiders, take_apart, wishes::Wishes};
use crate::mail::classify::Own;
use crate::mail::read::{self, Mail, Part};
use crate::model::{Correspondent, limits};

/// The first attached mail, or the first inside it that nobody of the house wrote. Further attached mails of other people
/// are parties too: which of them is meant is not for a program to say.
pub(super) fn read(mail: &Mail, own: &Own<'_>, depth: usize) -> Option<Forward> {
    if depth >= limits::FORWARD_ATTACHED {
        return None;
    }
    let parts = mail.parts.iter();
    // What lies deeper than the first is inside of it.
    let first = parts.clone().find(|part| is_mail(part))?.depth;
    let mut attached = parts
        .filter(|part| is_mail(part) && part.depth <= first && !part.text.trim().is_empty())
        .take(limits::FORWARD_LEVELS);
    let mut found = one(attached.next()?, own, depth)?;
    for party in attached
        .filter_map(|part| one(part, own, depth))
        .flat_map(|other| other.parties)
    {
        if !found
            .parties
            .iter()
            .any(|known| known.address.loose() == party.address.loose())
        {
            found.parties.push(party);
        }
    }
    Some(found)
}

fn one(part: &Part, own: &Own<'_>, depth: usize) -> Option<Forward> {
    let inner = read::read(part.text.as_bytes());
    if is_machine(&inner) {
        return None;
    }
    let from = person(inner.from.first()?);
    if !is_ours(&from, own) {
        let author: Vec<Correspondent> = correspondent(&from).into_iter().collect();
        return Some(forward(&inner, &from, author, false));
    }
    let recipients = outsiders(inner.to.iter().map(person), own);
    let by_us = !recipients.is_empty();
    let deeper = take_apart(&inner, own, depth + 1);
    let deeper = deeper.filter(|deeper| deeper.prospect.is_some());
    deeper
        .map(|deeper| Forward {
            by_us: by_us || deeper.by_us,
            ..deeper
        })
        .or_else(|| Some(forward(&inner, &from, recipients, by_us)))
}

fn person(person: &Correspondent) -> Person {
    Person {
        address: Some(person.address.clone()),
        name: person.name.clone(),
    }
}

fn forward(inner: &Mail, from: &Person, parties: Vec<Correspondent>, by_us: bool) -> Forward {
    Forward {
        original: Original {
            address: from.address.clone(),
            name: from.name.clone(),
            date: inner.header("Date").next().and_then(cut),
            subject: cut(&inner.subject),
            message_id: inner.message_id.clone(),
            references: inner.references.clone(),
            offset: inner.date_offset,
        },
        prospect: parties.first().cloned(),
        parties,
        by_us,
        wishes: Wishes::default(),
    }
}

fn is_mail(part: &Part) -> bool {
    matches!(part.content_type.as_str(), "message/rfc822" | "message/global") || part.is_eml()
}
