//! The words a text may speak of, and their values for one prospect.
//!
//! While a text is rendered, each value is represented by a *mark*: one private-use character, which no template may
//! contain. Values are put in last, when all structure has been read from the author's text. So a value is never read as
//! a template, as Markdown or as HTML, whatever stands in it.

use super::Words;
use super::language::Language;
use super::selection::Reader;
use crate::model::limits;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use std::collections::BTreeMap;

/// Every word that needs no declaring, in the order of the documentation.
pub(super) const KNOWN: [&str; 28] = [
    "first_name",
    "last_name",
    "name",
    "email",
    "greeting",
    "company",
    "title",
    "phone",
    "linkedin",
    "industry",
    "persona",
    "stage",
    "language",
    "rep.first_name",
    "rep.name",
    "rep.email",
    "rep.phone",
    "rep.title",
    "rep.calendar_link",
    "rep.signature",
    "cadence.title",
    "thread.subject",
    "last_touch.weekday",
    "last_touch.date",
    "today.weekday",
    "today.date",
    "opt_out",
    "postal_address",
];

/// Those of them that a prospect's fields may give a value to; a field never speaks for the rep or the house.
pub(super) const OF_PROSPECTS: [&str; 11] = [
    "first_name",
    "last_name",
    "name",
    "company",
    "title",
    "phone",
    "linkedin",
    "industry",
    "persona",
    "stage",
    "language",
];

/// The first mark: the beginning of the private use area of Unicode's basic plane.
const MARKS: u32 = 0xE000;

/// Names that a mailbox of several people has, so that nobody is greeted as "Hi Sales,".
const NOT_A_PERSON: [&str; 12] = [
    "admin", "contact", "hello", "hr", "info", "kontakt", "office", "sales", "service", "support", "team", "the",
];

/// Whether a character may not stand in a template: a control, or one that could be taken for a mark.
pub(super) fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t') || ('\u{E000}'..='\u{F8FF}').contains(&c)
}

/// Words with their values. A word without one, or with a blank one, is not in it.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// Sorted by word; the place decides the mark.
    values: Vec<(String, String)>,
    /// Who reads it.
    reader: Reader,
    /// The language that the text is in; English for a sample.
    language: Option<&'static Language>,
    /// The day on which it is read.
    today: Option<Date>,
}

impl Vocabulary {
    /// The words about this prospect, this rep and this day. `opt_out` is the cadence's sentence, `fields` are the words
    /// that it declares, and `usual` says what those are for prospects who bring none; what else is known of a prospect
    /// has no word.
    pub fn of(
        words: &Words<'_>,
        language: &'static Language,
        opt_out: &str,
        fields: &[String],
        usual: &BTreeMap<String, String>,
    ) -> Self {
        let mut values = BTreeMap::new();
        for (word, value) in usual {
            put(&mut values, word, line(value));
        }
        prospect_words(words, language, fields, &mut values);
        rep_words(words, &mut values);
        let mut put = |word: &str, value: Option<String>| put(&mut values, word, value);
        put("cadence.title", line(&words.cadence.title));
        put("thread.subject", line(subject_proper(words.thread_subject)));
        let last = |said: &dyn Fn(Date) -> String| words.last_touch.and_then(|day| line(&said(day)));
        put("last_touch.weekday", last(&|day| language.weekday(day).to_owned()));
        put("last_touch.date", last(&|day| language.date(day)));
        put("today.weekday", line(language.weekday(words.today)));
        put("today.date", line(&language.date(words.today)));
        put("opt_out", line(opt_out));
        put("postal_address", words.postal_address.and_then(lines));
        Self {
            values: values.into_iter().collect(),
            reader: Reader::of(words.prospect),
            language: Some(language),
            today: Some(words.today),
        }
    }

    /// Every one of these words with a value eight characters long: what a text looks like to somebody who measures it.
    pub fn sample<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let values: BTreeMap<String, String> = words
            .into_iter()
            .map(|word| (word.to_owned(), "Someword".to_owned()))
            .collect();
        Self {
            values: values.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Who reads it.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The language that the text is in.
    pub fn language(&self) -> &'static Language {
        self.language.unwrap_or(Language::ENGLISH)
    }

    /// The value of a word.
    pub fn value(&self, word: &str) -> Option<&str> {
        let place = self
            .values
            .binary_search_by(|(known, _)| known.as_str().cmp(word))
            .ok()?;
        self.values.get(place).map(|(_, value)| value.as_str())
    }

    /// The first day from Monday to Friday that is at least so many days from today: its weekday, or its date.
    pub fn day(&self, after: u16, weekday: bool) -> String {
        let today = self.today.unwrap_or_default();
        let mut day = today.saturating_add(i32::from(after).days());
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && day < Date::MAX {
            day = day.saturating_add(1.day());
        }
        if weekday {
            self.language().weekday(day).to_owned()
        } else {
            self.language().date(day)
        }
    }

    /// The character that stands for the value of `word`; `None` when it has none.
    pub fn mark(&self, word: &str) -> Option<char> {
        let place = self
            .values
            .binary_search_by(|(known, _)| known.as_str().cmp(word))
            .ok()?;
        char::from_u32(MARKS + u32::try_from(place).ok()?)
    }

    /// The word and the value that a mark stands for.
    pub fn behind(&self, mark: char) -> Option<(&str, &str)> {
        let place = u32::from(mark).checked_sub(MARKS)?;
        let (word, value) = self.values.get(usize::try_from(place).ok()?)?;
        Some((word, value))
    }

    /// The text with its marks replaced by the values, once.
    pub fn fill(&self, marked: &str) -> String {
        let mut out = String::with_capacity(marked.len());
        for c in marked.chars() {
            match self.behind(c) {
                Some((_, value)) => out.push_str(value),
                None => out.push(c),
            }
        }
        out
    }

    /// The words whose marks stand in the text.
    pub fn said<'a>(&'a self, marked: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        marked.chars().filter_map(|c| self.behind(c))
    }
}

fn put(values: &mut BTreeMap<String, String>, word: &str, value: Option<String>) {
    if let Some(value) = value {
        values.insert(word.to_owned(), value);
    }
}

fn prospect_words(words: &Words<'_>, language: &Language, fields: &[String], values: &mut BTreeMap<String, String>) {
    let prospect = words.prospect;
    for word in OF_PROSPECTS.into_iter().chain(fields.iter().map(String::as_str)) {
        put(values, word, prospect.fields.get(word).and_then(|value| line(value)));
    }
    let named = values.get("name").cloned();
    let name = prospect
        .name
        .as_deref()
        .and_then(line)
        .or(named)
        .filter(|name| !name.contains('@'));
    let given = values.get("first_name").cloned();
    let first = given.or_else(|| prospect.first_name().filter(|_| name.is_some()).and_then(line));
    let first = first.filter(|first| is_a_person(first));
    values.remove("name");
    values.remove("first_name");
    let greeting = language.greeting(first.as_deref());
    let last = values
        .remove("last_name")
        .or_else(|| prospect.last_name().filter(|_| name.is_some()).and_then(line));
    put(values, "name", name);
    put(values, "first_name", first);
    put(values, "last_name", last);
    put(values, "greeting", Some(greeting));
    put(values, "email", line(prospect.address.as_str()));
}

fn rep_words(words: &Words<'_>, values: &mut BTreeMap<String, String>) {
    let rep = words.rep;
    let mut put = |word: &str, value: Option<String>| put(values, word, value);
    put("rep.name", line(&rep.name));
    put("rep.first_name", given_name(&rep.name).and_then(line));
    put("rep.email", line(rep.address.as_str()));
    put("rep.phone", rep.phone.as_deref().and_then(line));
    put("rep.title", rep.title.as_deref().and_then(line));
    put("rep.calendar_link", rep.calendar_link.as_deref().and_then(line));
    let signature = rep.signature.as_deref().and_then(lines);
    put("rep.signature", signature.or_else(|| line(&rep.name)));
}

/// A subject without the `Re:` in front of it.
pub(super) fn subject_proper(subject: &str) -> &str {
    let mut subject = subject.trim();
    while let Some(rest) = subject
        .get(..3)
        .filter(|head| head.eq_ignore_ascii_case("re:"))
        .and(subject.get(3..))
    {
        subject = rest.trim_start();
    }
    subject
}

/// A value as one line without controls, as typed otherwise; `None` when nothing of it can be seen, or too much.
pub(super) fn line(value: &str) -> Option<String> {
    let flat: String = value
        .chars()
        .map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c })
        .filter(|c| !turns_the_line(*c))
        .collect();
    shown(flat.trim())
}

/// The same for a value of several lines.
fn lines(value: &str) -> Option<String> {
    let kept: Vec<String> = value.lines().map(|text| line(text).unwrap_or_default()).collect();
    shown(kept.join("\n").trim())
}

fn shown(value: &str) -> Option<String> {
    let visible = |c: char| !c.is_whitespace() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}');
    let fits = value.chars().count() <= limits::VALUE;
    (fits && value.chars().any(visible)).then(|| value.to_owned())
}

/// Characters that reverse the direction of the text after them; a value ends where it ends.
fn turns_the_line(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_a_person(first_name: &str) -> bool {
    first_name.chars().any(char::is_alphabetic)
        && !first_name.contains('@')
        && !NOT_A_PERSON.contains(&first_name.to_lowercase().as_str())
}

/// The first name in a rep's name: `Ana Silva` and `Silva, Ana` give `Ana`.
fn given_name(name: &str) -> Option<&str> {
    let given = name.split_once(',').map_or(name, |(_, given)| given);
    given.split_whitespace().find(|word| !word.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_visible_line() {
        assert_eq!(line(" Acme\r\nBcc: x "), Some("Acme  Bcc: x".to_owned()));
        assert_eq!(line("a\u{202E}b"), Some("ab".to_owned()));
        assert_eq!(line(" \u{200B}\t"), None);
        assert_eq!(line(&"x".repeat(limits::VALUE + 1)), None);
    }

    #[test]
    fn the_page_about_the_language_names_every_word() {
        let page = include_str!("../../templates/README.md");
        for word in KNOWN {
            assert!(page.contains(&format!("`{word}`")), "{word}");
        }
    }

    #[test]
    fn a_subject_has_no_re_left() {
        assert_eq!(subject_proper("RE: re:  Hello"), "Hello");
        assert_eq!(subject_proper("Returns"), "Returns");
        assert_eq!(subject_proper("ü"), "ü");
    }
}
