//! What the bot writes to reps, as a rep reads it; and the bytes that carry it (`compose`).

mod compose;
pub mod digest_page;
mod hostile;
pub mod notices;

use cadence::model::*;
use cadence::template::{BotTexts, LeftOut, Relayed, Taps};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::OnceLock;

pub fn texts() -> &'static BotTexts {
    static TEXTS: OnceLock<BotTexts> = OnceLock::new();
    TEXTS.get_or_init(|| BotTexts::embedded().unwrap())
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

pub fn cadence_name() -> CadenceName {
    CadenceName::parse("outbound").unwrap()
}

/// Ana, in Lisbon.
pub fn ana() -> Rep {
    Rep {
        address: address("ana@corp.test"),
        name: "Ana Reis".to_owned(),
        zone: TimeZone::get("Europe/Lisbon").unwrap(),
        zone_name: "Europe/Lisbon".to_owned(),
        digest_at: jiff::civil::time(8, 0, 0, 0),
        code_turn: 0,
        daily_cap: None,
        signature: None,
        title: None,
        phone: None,
        calendar_link: Some("https://cal.corp.test/ana".to_owned()),
    }
}

/// A prospect in Berlin.
pub fn prospect(name: &str, mail: &str, fields: &[(&str, &str)]) -> Prospect {
    Prospect {
        address: address(mail),
        name: Some(name.to_owned()),
        fields: fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
        zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::DateHeader),
    }
}

pub fn jane() -> Prospect {
    prospect(
        "Jane Doe",
        "jane@acme.test",
        &[
            ("title", "VP Sales"),
            ("company", "Acme"),
            ("phone", "+49 30 123 456"),
            ("linkedin", "linkedin.com/in/jane"),
        ],
    )
}

/// One-tap addresses for these enrollments and for a digest.
pub fn taps(enrollments: &[i64]) -> Taps {
    let command = |id: &i64| (*id, format!("cadence+c.k{id}@reps.test"));
    Taps {
        command: enrollments.iter().map(command).collect::<BTreeMap<_, _>>(),
        digest: Some("cadence+t.abc@reps.test".to_owned()),
    }
}

/// A mail with this subject, passed on whole.
pub fn about(subject: &str) -> Relayed<'_> {
    Relayed {
        subject,
        left_out: None,
    }
}

/// Subject and plain text as one transcript.
pub fn plainly(wording: &Wording) -> String {
    format!("Subject: {}\n\n{}", wording.subject, wording.plain)
}

/// Every `href` of an HTML text.
pub fn links(html: &str) -> Vec<&str> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}
