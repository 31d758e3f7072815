//! A person wrote. The last reader: it always answers, and in doubt it stops, marked *maybe*.

use super::{Evidence, Kind, Reading, cited};
use crate::mail::authenticity::sole_author;
use crate::mail::intent;
use crate::mail::read::NO_ID;
use crate::model::{Purpose, Signal};

pub(super) fn read(evidence: &Evidence<'_>) -> Option<Reading> {
    let mail = evidence.mail;
    // A missing id is bad manners; anything else leaves a doubt about what was read.
    let damage = mail.damage.iter().find(|damage| **damage != NO_ID);
    let because = match damage {
        Some(damage) => format!("no sign of anything automatic, though {damage}"),
        None if sole_author(mail).is_err() => {
            "no sign of anything automatic, though its sender is not plain".to_owned()
        }
        None if evidence.token(Purpose::Reply).is_some() => {
            "no automatic headers, by the reply address of a letter".to_owned()
        }
        None if !mail.references.is_empty() => "no automatic headers, and it answers a mail".to_owned(),
        None => "no automatic headers".to_owned(),
    };
    let maybe = damage.is_some() || sole_author(mail).is_err();
    let mut reading = evidence.reading(Kind::Reply, because);
    reading.token = evidence.token(Purpose::Reply).or(reading.token);
    let meant = intent::read(&evidence.said().new_text, mail, evidence.own);
    reading.signal = Some(Signal::Reply {
        from: mail.from.first().map(|from| from.address.clone()),
        maybe,
        intent: Some(meant.intent.clone()),
    });
    reading.intent = Some(meant);
    Some(cited::add(reading, evidence))
}
