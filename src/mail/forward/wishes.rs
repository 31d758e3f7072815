//! What a rep writes above a forward: `cadence: inbound`, `company: Acme`, `start: monday`, and words to themselves.

use super::person;
use crate::mail::quote::fold;
use crate::model::{CadenceName, Correspondent, limits};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// What the rep asks for. Whose value cannot be read stays away and is named in `unread`: it is asked about, not guessed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wishes {
    /// Into which cadence.
    pub cadence: Option<CadenceName>,
    /// The prospect's company.
    pub company: Option<String>,
    /// The prospect's name, where the mail does not tell it or tells it wrong.
    pub name: Option<String>,
    /// Who is meant, where the mail names several or nobody: `contact: jane@acme.test`.
    pub person: Option<Correspondent>,
    /// The prospect's title.
    pub title: Option<String>,
    /// The prospect's phone number, as written.
    pub phone: Option<String>,
    /// When the cadence shall start.
    pub start: Option<Start>,
    /// Fields with a value that cannot be read, by their name.
    pub unread: Vec<&'static str>,
    /// All other lines.
    pub note: String,
}

/// When a cadence shall start, as a rep says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// `today`, `tomorrow`, `in 3 days`: so many days from today.
    In(u16),
    /// `monday`, `next monday`: the next one after today.
    Weekday(Weekday),
    /// `2026-05-04`.
    On(Date),
}

impl Start {
    /// The day that is meant, seen from `today`.
    #[must_use]
    pub fn on(self, today: Date) -> Date {
        let after = |days: i64| today.checked_add(days.days()).unwrap_or(today);
        match self {
            Self::In(days) => after(i64::from(days)),
            Self::On(date) => date,
            Self::Weekday(day) => {
                let days = today.weekday().until(day);
                after(if days == 0 { 7 } else { i64::from(days) })
            }
        }
    }
}

/// A field, and how it may be called.
#[rustfmt::skip]
const FIELDS: &[(&str, &[&str])] = &[
    ("cadence", &["cadence", "sequence", "campaign", "#cadence", "sequenz", "kadenz", "séquence", "secuencia"]),
    ("company", &["company", "account", "organisation", "organization", "firma", "unternehmen", "société", "entreprise", "empresa"]),
    ("name", &["name", "contact", "prospect", "kontakt", "nom", "nombre"]),
    ("title", &["title", "role", "position", "job", "titel", "poste", "cargo"]),
    ("phone", &["phone", "tel", "telephone", "mobile", "cell", "telefon", "téléphone", "teléfono"]),
    ("start", &["start", "starts", "start on", "begin", "from", "ab", "beginn", "début", "inicio"]),
];

/// Weekdays by the start of their names in English, German, French and Spanish.
#[rustfmt::skip]
const DAYS: &[(Weekday, &[&str])] = &[
    (Weekday::Monday, &["mon", "monday", "montag", "lundi", "lunes"]),
    (Weekday::Tuesday, &["tue", "tues", "tuesday", "dienstag", "mardi", "martes"]),
    (Weekday::Wednesday, &["wed", "wednesday", "mittwoch", "mercredi", "miércoles"]),
    (Weekday::Thursday, &["thu", "thur", "thurs", "thursday", "donnerstag", "jeudi", "jueves"]),
    (Weekday::Friday, &["fri", "friday", "freitag", "vendredi", "viernes"]),
    (Weekday::Saturday, &["sat", "saturday", "samstag", "samedi", "sábado"]),
    (Weekday::Sunday, &["sun", "sunday", "sonntag", "dimanche", "domingo"]),
];

/// What a rep says of the cadence and its beginning beside something that they send.
#[must_use]
pub fn of(said: &str) -> Wishes {
    read(said)
}

/// Reads what stands above a forward.
pub(super) fn read(text: &str) -> Wishes {
    let mut wishes = Wishes::default();
    let mut note: Vec<&str> = Vec::new();
    for line in text.lines().take(limits::FORWARD_LINES) {
        match field(line) {
            Some((name, value)) => set(&mut wishes, name, value),
            None => note.push(line),
        }
    }
    note.join("\n").trim().clone_into(&mut wishes.note);
    wishes
}

/// `company: Acme`, `Company = Acme`, `#cadence outbound`.
fn field(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim().trim_start_matches(['-', '*', '•', ' ']);
    let (label, value) = match line.split_once([':', '=']) {
        Some(parts) => parts,
        None if line.starts_with('#') => line.split_once(' ')?,
        None => return None,
    };
    let label = fold(label.trim_end_matches(['*', ' ']));
    let name = FIELDS.iter().find(|(_, names)| names.contains(&label.as_str()))?.0;
    let value = value.trim().trim_matches('*').trim();
    (!value.is_empty() && value.chars().count() <= limits::FORWARD_VALUE).then_some((name, value))
}

/// Takes a value in; of several the first counts.
fn set(wishes: &mut Wishes, name: &'static str, value: &str) {
    let slot = match name {
        "company" => &mut wishes.company,
        "name" if value.contains('@') => {
            let found = person::read(value);
            match found.address {
                Some(address) if wishes.person.is_none() => {
                    wishes.person = Some(Correspondent::new(found.name.as_deref(), address));
                }
                Some(_) => {}
                None => wishes.unread.push("contact"),
            }
            return;
        }
        "name" => &mut wishes.name,
        "title" => &mut wishes.title,
        "phone" => &mut wishes.phone,
        "cadence" => {
            match CadenceName::parse(&fold(value).replace(' ', "-")) {
                Ok(cadence) => wishes.cadence = wishes.cadence.take().or(Some(cadence)),
                Err(_) => wishes.unread.push(name),
            }
            return;
        }
        _ => {
            match start(value) {
                Some(start) => wishes.start = wishes.start.or(Some(start)),
                None => wishes.unread.push(name),
            }
            return;
        }
    };
    if slot.is_none() {
        *slot = Some(value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect());
    }
}

fn start(value: &str) -> Option<Start> {
    let value = fold(value);
    let value = value.trim_end_matches('.');
    match value {
        "today" | "now" | "heute" | "sofort" | "aujourd'hui" | "hoy" => return Some(Start::In(0)),
        "tomorrow" | "morgen" | "demain" | "mañana" => return Some(Start::In(1)),
        "next week" | "in a week" | "nächste woche" => return Some(Start::Weekday(Weekday::Monday)),
        _ => {}
    }
    if let Ok(date) = value.parse::<Date>() {
        return Some(Start::On(date));
    }
    let mut words = value
        .split(' ')
        .filter(|word| !matches!(*word, "next" | "on" | "am" | "this" | "in" | "nächsten"));
    let first = words.next()?;
    if let Ok(count) = first.parse::<u16>() {
        let days = match words.next()? {
            "day" | "days" | "tage" | "tagen" => 1,
            "week" | "weeks" | "wochen" => 7,
            _ => return None,
        };
        return count.checked_mul(days).filter(|days| *days <= 365).map(Start::In);
    }
    let day = DAYS
        .iter()
        .find(|(_, names)| names.contains(&first))
        .map(|(day, _)| Start::Weekday(*day));
    day.filter(|_| words.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn fields_are_read_and_the_rest_is_a_note() {
        let wishes = read(
            "Hi bot,\ncadence: Inbound\n*Company:* Acme GmbH\nphone = +49 30 1234\nstart: next Monday\nplease hurry",
        );
        assert_eq!(wishes.cadence.as_ref().map(|it| it.as_str()), Some("inbound"));
        assert_eq!(wishes.company.as_deref(), Some("Acme GmbH"));
        assert_eq!(wishes.phone.as_deref(), Some("+49 30 1234"));
        assert_eq!(wishes.start, Some(Start::Weekday(Weekday::Monday)));
        assert_eq!(wishes.note, "Hi bot,\nplease hurry");
        assert!(wishes.unread.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let wishes = read("#cadence outbound\nstart: soonish\ncadence: !!");
        assert_eq!(wishes.cadence.as_ref().map(|it| it.as_str()), Some("outbound"));
        assert_eq!(wishes.unread, ["start", "cadence"]);
    }

    #[test]
    fn days_are_seen_from_today() {
        let monday = date(2026, 3, 2);
        for (said, day) in [
            ("today", monday),
            ("tomorrow", date(2026, 3, 3)),
            ("in 2 weeks", date(2026, 3, 16)),
            ("friday", date(2026, 3, 6)),
            ("Monday", date(2026, 3, 9)),
            ("2026-05-04", date(2026, 5, 4)),
        ] {
            assert_eq!(start(said).map(|start| start.on(monday)), Some(day), "{said}");
        }
        for refused in ["04/05/2026", "in 9000 days", "friday or so", ""] {
            assert_eq!(start(refused), None, "{refused}");
        }
    }
}
