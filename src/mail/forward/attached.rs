//! The mails attached to a mail: message/rfc822 parts and .eml files. What their headers say is more than any text tells.

use super::person::Person;
use super::{Forward, Original, correspondent, cut, is_machine, is_ours, recipient, take_apart, wishes::Wishes};
use crate::mail::classify::Own;
use crate::mail::read::{self, Mail, Part};
use crate::model::{Correspondent, limits};

/// The first attached mail, or the first inside it that nobody of the house wrote.
pub(super) fn read(mail: &Mail, own: &Own<'_>, depth: usize) -> Option<Forward> {
    if depth >= limits::FORWARD_ATTACHED {
        return None;
    }
    let part = mail
        .parts
        .iter()
        .find(|part| is_mail(part) && !part.text.trim().is_empty())?;
    let inner = read::read(part.text.as_bytes());
    if is_machine(&inner) {
        return None;
    }
    let from = person(inner.from.first()?);
    if !is_ours(&from, own) {
        return Some(forward(&inner, &from, correspondent(&from)));
    }
    let deeper = take_apart(&inner, own, depth + 1);
    deeper.filter(|deeper| deeper.prospect.is_some()).or_else(|| {
        let prospect = recipient(inner.to.iter().map(person), own);
        Some(forward(&inner, &from, prospect))
    })
}

fn person(person: &Correspondent) -> Person {
    Person {
        address: Some(person.address.clone()),
        name: person.name.clone(),
    }
}

fn forward(inner: &Mail, from: &Person, prospect: Option<Correspondent>) -> Forward {
    Forward {
        original: Original {
            address: from.address.clone(),
            name: from.name.clone(),
            date: inner.header("Date").next().and_then(cut),
            subject: cut(&inner.subject),
            message_id: inner.message_id.clone(),
            references: inner.references.clone(),
        },
        prospect,
        wishes: Wishes::default(),
    }
}

fn is_mail(part: &Part) -> bool {
    matches!(part.content_type.as_str(), "message/rfc822" | "message/global") || part.is_eml()
}
