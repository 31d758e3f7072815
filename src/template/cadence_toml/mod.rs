//! Reads `cadence.toml`: every key checked, all problems at once, each with its place and what was expected.
//!
//! The language is described in templates/README.md.

pub(super) mod on;
mod reach;
mod reader;
pub(super) mod step;
mod when;

use super::language::Language;
use super::nearest::{did_you_mean, one_of};
use super::problem::{Complaints, Place};
use super::vocabulary::KNOWN;
use crate::model::{CadenceName, Condition, Days, Events, Step, Trial, Window, limits};
use jiff::civil::Weekday;
use reader::Reader;
use std::collections::BTreeMap;
use toml::de::DeTable;

/// What a cadence may be for; each has its own row of benchmarks.
const KINDS: [&str; 8] = [
    "cold",
    "warm",
    "inbound",
    "nurture",
    "event",
    "no-show",
    "opportunity",
    "re-engagement",
];

pub(super) const KEYS: [&str; 14] = [
    "title",
    "about",
    "kind",
    "language",
    "days",
    "window",
    "prefer",
    "send_time",
    "opt_out",
    "fields",
    "words",
    "unlogged",
    "on",
    "step",
];

/// A cadence as its toml says it, before its texts are read.
#[derive(Debug)]
pub(super) struct Draft {
    pub title: String,
    pub about: String,
    pub kind: String,
    pub days: Days,
    pub window: Option<Window>,
    pub prefer: Vec<Weekday>,
    /// Whether hours are learned.
    pub learns: bool,
    /// What stands under every email; `None`: what is usual in the language of the text.
    pub opt_out: Option<String>,
    /// The language of texts whose names say none.
    pub language: &'static Language,
    /// Words that prospects of this cadence have beside the known ones.
    pub fields: Vec<String>,
    /// What such a word says of prospects who bring none, by word.
    pub words: BTreeMap<String, String>,
    /// What it does when something happens.
    pub on: Events,
    /// Cadences that it switches to, and where it says so.
    pub switches: Vec<(CadenceName, Place)>,
    /// The steps, numbered without gaps.
    pub steps: Vec<DraftStep>,
    /// Whether nothing was wrong.
    pub sound: bool,
}

/// A step and where its parts stand.
#[derive(Debug)]
pub(super) struct DraftStep {
    pub step: Step,
    pub day_at: Place,
    pub at_at: Place,
    pub when_at: Place,
    pub template_at: Place,
    /// What its wordings differ in, and where it says so.
    pub test: Option<(Trial, Place)>,
    /// The arm of a test of whole steps that it is for, and where it says so.
    pub arm: Option<(Condition, Place)>,
}

/// Reads the text; `None` when it is not TOML.
pub(super) fn read(text: &str, complaints: &mut Complaints<'_>) -> Option<Draft> {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let place = error.span().map_or(Place::WHOLE, |span| Place::of(text, span.start));
        complaints.add(place, format!("cannot read this: {}", error.message()));
    }
    if !errors.is_empty() {
        return None;
    }
    let mut reader = Reader::of(text, complaints);
    let mut draft = draft(&mut reader, document.get_ref());
    draft.sound = reader.sound;
    Some(draft)
}

fn draft(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> Draft {
    reader.only(table, &KEYS);
    let mut fields = fields(reader, table);
    let words = words(reader, table, &mut fields);
    let (on, switches) = on::events(reader, table);
    let steps = step::steps(reader, table, &fields);
    if let ([_], Some(to)) = (steps.as_slice(), &on.completed)
        && let Some((_, place)) = switches.iter().find(|(name, _)| *name == to.to).cloned()
    {
        reader.wrong(
            place,
            "a cadence of one step is over when it begins: it cannot switch to another",
        );
    }
    let window = window(reader, table);
    for (place, what) in reach::never_made(&steps, &on, window.as_ref()) {
        reader.wrong(place, what);
    }
    Draft {
        title: reader.required(table, "title", Place::WHOLE),
        about: reader.line(table, "about").unwrap_or_default(),
        kind: kind(reader, table),
        days: days(reader, table),
        window,
        prefer: prefer(reader, table),
        learns: send_time(reader, table),
        opt_out: opt_out(reader, table),
        language: language(reader, table),
        on,
        switches,
        steps,
        fields,
        words,
        sound: true,
    }
}

fn kind(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> String {
    let kind = reader.required(table, "kind", Place::WHOLE);
    if !kind.is_empty() && !KINDS.contains(&kind.as_str()) {
        let what = format!(
            "unknown kind `{kind}`{}; expected {}",
            did_you_mean(&kind, KINDS),
            one_of(&KINDS)
        );
        reader.wrong_value(table, "kind", what);
    }
    kind
}

fn days(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> Days {
    match reader.line(table, "days").as_deref() {
        None | Some("business") => Days::Business,
        Some("calendar") => Days::Calendar,
        Some(other) => {
            let hint = did_you_mean(other, ["business", "calendar"]);
            reader.wrong_value(
                table,
                "days",
                format!("unknown `{other}`{hint}; expected `business` or `calendar`"),
            );
            Days::Business
        }
    }
}

/// `send_time = "learned"`.
fn send_time(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> bool {
    match reader.line(table, "send_time").as_deref() {
        None | Some("written") => false,
        Some("learned") => true,
        Some(other) => {
            let hint = did_you_mean(other, ["learned", "written"]);
            let what = format!("unknown `{other}`{hint}; expected `written` or `learned`");
            reader.wrong_value(table, "send_time", what);
            false
        }
    }
}

/// `prefer = ["Tue", "Wed"]`.
fn prefer(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> Vec<Weekday> {
    let Some(value) = table.get("prefer") else {
        return Vec::new();
    };
    let entries = value.get_ref().as_array().into_iter().flat_map(|list| list.iter());
    let named = |name: &str| {
        WEEK.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, day)| *day)
    };
    let days: Vec<Option<Weekday>> = entries.map(|entry| entry.get_ref().as_str().and_then(named)).collect();
    if days.is_empty() || days.contains(&None) {
        reader.wrong_value(
            table,
            "prefer",
            "expected days of the week, `[\"Tue\", \"Wed\", \"Thu\"]`",
        );
    }
    days.into_iter().flatten().collect()
}

const WEEK: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

fn window(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> Option<Window> {
    let value = table.get("window")?;
    let Some(inner) = value.get_ref().as_table() else {
        reader.wrong_value(table, "window", "expected `{ from = \"09:00\", to = \"17:00\" }`");
        return None;
    };
    let place = reader.place(value);
    reader.only(inner, &["from", "to"]);
    let from = clock(reader, inner, "from", place);
    let to = clock(reader, inner, "to", place);
    let (from, to) = (from?, to?);
    if from >= to {
        reader.wrong(
            place,
            "the window closes before it opens: `to` must be later than `from`",
        );
    }
    Some(Window { from, to })
}

fn clock(reader: &mut Reader<'_, '_>, table: &DeTable<'_>, key: &str, place: Place) -> Option<jiff::civil::Time> {
    let said = reader.required(table, key, place);
    let time = step::clock(&said);
    if time.is_none() && !said.is_empty() {
        reader.wrong_value(
            table,
            key,
            format!("expected a time such as `\"09:00\"`, got `\"{said}\"`"),
        );
    }
    time
}

fn language(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> &'static Language {
    let Some(said) = reader.line(table, "language") else {
        return Language::ENGLISH;
    };
    Language::of_code(&said).unwrap_or_else(|| {
        reader.wrong_value(
            table,
            "language",
            format!("unknown language `{said}`; expected {}", one_of(&Language::codes())),
        );
        Language::ENGLISH
    })
}

fn opt_out(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> Option<String> {
    let text = reader.line(table, "opt_out")?;
    if text.is_empty() || text.contains("{{") {
        reader.wrong_value(
            table,
            "opt_out",
            "expected a sentence, without words in braces, that says how to opt out",
        );
    }
    Some(text)
}

fn fields(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> Vec<String> {
    let Some(value) = table.get("fields") else {
        return Vec::new();
    };
    let Some(list) = value.get_ref().as_array() else {
        reader.wrong_value(table, "fields", "expected a list of words such as `[\"pain_point\"]`");
        return Vec::new();
    };
    if list.len() > limits::CADENCE_FIELDS {
        reader.wrong_value(table, "fields", format!("more than {} words", limits::CADENCE_FIELDS));
    }
    let mut fields = Vec::new();
    for item in list.iter().take(limits::CADENCE_FIELDS) {
        let place = reader.place(item);
        match item.get_ref().as_str() {
            Some(word) if KNOWN.contains(&word) => {
                reader.wrong(place, format!("`{word}` is known without declaring: delete it here"));
            }
            Some(word) if is_field(word) => fields.push(word.to_owned()),
            _ => reader.wrong(
                place,
                "expected a word in quotes of `a-z`, `0-9` and `_` that begins with a letter",
            ),
        }
    }
    fields
}

/// `[words]`: what a word of the cadence's own says when a prospect brings none. It need not stand in `fields` too.
fn words(reader: &mut Reader<'_, '_>, table: &DeTable<'_>, fields: &mut Vec<String>) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    let Some(value) = table.get("words") else {
        return words;
    };
    let Some(inner) = value.get_ref().as_table() else {
        reader.wrong_value(
            table,
            "words",
            "expected `[words]` and below it lines such as `topic = \"planning shifts\"`",
        );
        return words;
    };
    if inner.len() > limits::CADENCE_FIELDS {
        reader.wrong_value(table, "words", format!("more than {} words", limits::CADENCE_FIELDS));
        return words;
    }
    for key in inner.keys() {
        let word = key.get_ref().as_ref();
        if KNOWN.contains(&word) {
            reader.wrong_value(
                inner,
                word,
                format!("`{word}` is each prospect's or rep's own: a text says `{{{{or {word} \"…\"}}}}` instead"),
            );
        } else if !is_field(word) {
            reader.wrong_value(
                inner,
                word,
                "expected a word of `a-z`, `0-9` and `_` that begins with a letter",
            );
        } else if let Some(text) = reader.line(inner, word) {
            if text.is_empty() || text.chars().count() > limits::VALUE {
                let what = format!("expected a text of 1 to {} characters", limits::VALUE);
                reader.wrong_value(inner, word, what);
            }
            if !fields.iter().any(|field| field == word) {
                fields.push(word.to_owned());
            }
            words.insert(word.to_owned(), text);
        }
    }
    words
}

/// Words that Handlebars or the vocabulary read differently are no fields.
fn is_field(word: &str) -> bool {
    word.len() <= 40
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !matches!(
            word,
            "or" | "if"
                | "unless"
                | "choose"
                | "plural"
                | "date"
                | "weekday"
                | "else"
                | "as"
                | "this"
                | "true"
                | "false"
                | "null"
        )
}
