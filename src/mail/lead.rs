//! What somebody wrote into a web form, out of the mail that the form's program sends.
//!
//! The prospect stands in the text, in a JSON object or in header fields, under whatever words the form has; the configuration
//! maps them to ours, and what it does not map is looked for under the usual words. Where no address is found in the form, the
//! one in Reply-To counts, since most programs put the visitor there. Never the sender: that is the program.
//!
//! Not here: whether the sender is who it says (`classify::lead`). Limits: [`limits::LEAD_FIELDS`] lines,
//! [`limits::LEAD_VALUE`] characters a value. Known gaps: a value of several lines is read as its first.

use super::classify::Own;
use super::hand_over::{is_bot, is_house};
use super::quote::fold;
use super::read::Mail;
use crate::model::{Address, Lead, LeadFormat, LeadSource, limits};
use serde_json::Value;
use std::collections::BTreeMap;

/// Our words, and what forms call them, folded.
#[rustfmt::skip]
const USUAL: &[(&str, &[&str])] = &[
    ("email", &["email", "e-mail", "mail", "email address", "e-mail address", "your email", "work email", "business email", "e-mail-adresse", "adresse e-mail", "correo electrónico"]),
    ("name", &["name", "full name", "your name", "contact", "vor- und nachname", "nom complet", "nombre"]),
    ("first_name", &["first name", "firstname", "given name", "vorname", "prénom", "first_name"]),
    ("last_name", &["last name", "lastname", "surname", "family name", "nachname", "nom", "apellido", "last_name"]),
    ("company", &["company", "company name", "organisation", "organization", "firma", "unternehmen", "société", "entreprise", "empresa"]),
    ("title", &["title", "job title", "role", "position", "funktion", "poste", "cargo", "job_title"]),
    ("phone", &["phone", "phone number", "telephone", "mobile", "tel", "telefon", "telefonnummer", "téléphone", "teléfono"]),
    ("country", &["country", "land", "pays", "país"]),
    ("region", &["region", "state", "province", "bundesland", "kanton", "région", "provincia"]),
    ("industry", &["industry", "branche", "secteur", "sector"]),
    ("company_size", &["company size", "employees", "number of employees", "mitarbeiter", "company_size"]),
    ("timezone", &["timezone", "time zone", "zeitzone"]),
    ("signal", &["signal"]),
    ("note", &["message", "comment", "comments", "note", "question", "nachricht", "anliegen", "mensaje", "how can we help", "how can we help you"]),
];

/// Reads a form.
///
/// # Errors
/// Says what is missing, for the administrator; without what the form says.
pub fn read(mail: &Mail, source: &LeadSource, own: &Own<'_>) -> Result<Lead, &'static str> {
    let mut found = match source.format {
        LeadFormat::Labels => by_labels(&mail.text, source),
        LeadFormat::Json => by_json(&mail.text, source)?,
        LeadFormat::Header => by_header(mail, source),
    };
    let sender = mail.from.first().map(|from| &from.address);
    let ours = |address: &Address| {
        is_bot(address, own) || is_house(address, own) || sender.is_some_and(|sender| sender.same_as(address))
    };
    let told = found.remove("email");
    let told = told
        .as_deref()
        .map(|text| super::read::addresses(text).into_iter().map(|who| who.address));
    let told: Vec<Address> = match told {
        Some(told) => told.collect(),
        None => mail.reply_to.iter().map(|who| who.address.clone()).collect(),
    };
    let address = match told.as_slice() {
        [] => return Err("the form tells no address: map the word under which it stands to `email`"),
        [one] if ours(one) => return Err("the only address in the form is one of the house, or the form's own"),
        [one] => one.clone(),
        _ => return Err("the form tells several addresses where one is expected"),
    };
    let name = found.remove("name").or_else(|| {
        let parts = [found.get("first_name"), found.get("last_name")];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    });
    found.remove("first_name");
    found.remove("last_name");
    let did = (!source.signals.is_empty())
        .then(|| did(found.remove("signal"), source))
        .transpose()?;
    Ok(Lead {
        source: source.name.clone(),
        address,
        name,
        fields: found,
        did,
        asked: mail.date,
    })
}

/// What somebody did, as the source may report it. Where it can report one thing alone its mails need not say it.
fn did(said: Option<String>, source: &LeadSource) -> Result<String, &'static str> {
    match (said, source.signals.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(
            "the mail tells no signal, and its source may report several: map the word under which it stands to `signal`",
        ),
        (Some(said), known) => {
            let said = said.trim().to_lowercase().replace(' ', "-");
            let known = known.iter().find(|known| **known == said);
            known
                .cloned()
                .ok_or("the mail tells a signal that is not among the `signals` of its source")
        }
    }
}

/// Our word for a word of the form: as configured, else the usual one.
fn ours(label: &str, source: &LeadSource) -> Option<String> {
    let label = fold(label.trim().trim_matches(['*', ':', ' ']));
    let mapped = source.fields.iter().find(|(_, theirs)| fold(theirs) == label);
    let usual = || usual(&label).map(str::to_owned);
    // A word that is mapped stands for nothing else, so that `name` may be the name of a company.
    mapped
        .map(|(word, _)| word.clone())
        .or_else(|| usual().filter(|word| !source.fields.contains_key(word)))
}

/// Our word for what forms and lists usually call it, folded.
pub(super) fn usual(label: &str) -> Option<&'static str> {
    let found = USUAL.iter().find(|(_, names)| names.contains(&label));
    found.map(|(word, _)| *word)
}

/// Takes a value in, cut to its first line; of several the first counts.
fn take(found: &mut BTreeMap<String, String>, word: String, value: &str) {
    let line = value.lines().next().unwrap_or_default().trim().trim_matches('*').trim();
    let value: String = line
        .chars()
        .filter(|c| !c.is_control())
        .take(limits::LEAD_VALUE)
        .collect();
    if !value.is_empty() && found.len() < limits::LEAD_FIELDS {
        found.entry(word).or_insert(value);
    }
}

fn by_labels(text: &str, source: &LeadSource) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting: Option<String> = None;
    for line in text
        .lines()
        .take(limits::LEAD_FIELDS * 10)
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let labelled = line
            .split_once([':', '=', '\t'])
            .and_then(|(label, value)| Some((ours(label, source)?, value)));
        match labelled {
            Some((word, value)) if value.trim().trim_matches('*').trim().is_empty() => waiting = Some(word),
            Some((word, value)) => {
                take(&mut found, word, value);
                waiting = None;
            }
            None => match (waiting.take(), ours(line, source)) {
                (_, Some(word)) => waiting = Some(word),
                (Some(word), None) => take(&mut found, word, line),
                (None, None) => {}
            },
        }
    }
    found
}

fn by_header(mail: &Mail, source: &LeadSource) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (word, name) in &source.fields {
        let value = mail.header(name).next().map(super::read::decoded);
        take(&mut found, word.clone(), value.as_deref().unwrap_or_default());
    }
    found
}

fn by_json(text: &str, source: &LeadSource) -> Result<BTreeMap<String, String>, &'static str> {
    const NONE: &str = "there is no JSON object in its text";
    let (from, to) = (text.find('{').ok_or(NONE)?, text.rfind('}').ok_or(NONE)?);
    let object: Value = text
        .get(from..=to)
        .and_then(|object| serde_json::from_str(object).ok())
        .ok_or(NONE)?;
    let mut found = BTreeMap::new();
    for (word, path) in &source.fields {
        let value = path.split('.').try_fold(&object, |at, key| match at {
            Value::Array(list) => list.get(key.parse::<usize>().ok()?),
            other => other.get(key),
        });
        take(&mut found, word.clone(), &value.map(plain).unwrap_or_default());
    }
    for (key, value) in object.as_object().into_iter().flatten().take(limits::LEAD_FIELDS) {
        if let Some(word) = ours(key, source) {
            take(&mut found, word, &plain(value));
        }
    }
    Ok(found)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}
