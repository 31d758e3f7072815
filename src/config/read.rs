//! A reader over TOML that knows where every value stands and collects every problem instead of stopping at the first.
//!
//! A section remembers which keys were asked for, so that [`Section::finish`] can name the unknown ones.

use super::problem::{ConfigError, Problem};
use crate::model::limits;
use std::cell::RefCell;
use std::collections::BTreeSet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A place in the file and the key that stands there.
#[derive(Debug, Clone)]
pub(super) struct Place {
    offset: usize,
    key: String,
}

/// A value with its place, for checks that come later.
#[derive(Debug, Clone)]
pub(super) struct Found<T> {
    pub value: T,
    pub at: Place,
}

impl<T> Found<T> {
    fn with<U>(&self, value: U) -> Found<U> {
        Found {
            value,
            at: self.at.clone(),
        }
    }

    /// The same place with another value.
    pub(super) fn map<U>(self, change: impl FnOnce(T) -> U) -> Found<U> {
        Found {
            value: change(self.value),
            at: self.at,
        }
    }
}

/// Where problems are collected.
pub(super) struct Problems<'i> {
    file: &'i str,
    text: &'i str,
    found: RefCell<Vec<(usize, Problem)>>,
    /// Every key that was asked for, `[mailbox].port`: what the example has to explain.
    known: RefCell<BTreeSet<String>>,
}

impl<'i> Problems<'i> {
    pub(super) fn new(file: &'i str, text: &'i str) -> Self {
        Self {
            file,
            text,
            found: RefCell::default(),
            known: RefCell::default(),
        }
    }

    /// Adds a problem.
    pub(super) fn add(&self, at: &Place, what: impl Into<String>) {
        let (line, column) = position(self.text, at.offset);
        let problem = Problem {
            line,
            column,
            key: at.key.clone(),
            what: what.into(),
        };
        self.found.borrow_mut().push((at.offset, problem));
    }

    /// The value, unless anything was wrong.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, ConfigError> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|(offset, _)| *offset);
        match value {
            Some(value) if found.is_empty() => Ok(value),
            _ => Err(ConfigError {
                file: self.file.to_owned(),
                problems: found.into_iter().map(|(_, problem)| problem).collect(),
            }),
        }
    }

    #[cfg(test)]
    pub(super) fn known(&self) -> BTreeSet<String> {
        self.known.borrow().clone()
    }
}

/// Line and column, both from 1, of a byte.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

/// The whole file as a section, or every place where it is no TOML.
pub(super) fn parse<'i>(file: &str, text: &'i str) -> Result<Spanned<DeTable<'i>>, ConfigError> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(table);
    }
    let problems = errors
        .iter()
        .map(|error| {
            let (line, column) = position(text, error.span().map_or(0, |span| span.start));
            Problem {
                line,
                column,
                key: String::new(),
                what: error.message().to_owned(),
            }
        })
        .collect();
    Err(ConfigError {
        file: file.to_owned(),
        problems,
    })
}

/// One table of the file while it is read.
pub(super) struct Section<'a, 'i> {
    table: Option<&'a DeTable<'i>>,
    offset: usize,
    /// `[mailbox]`; empty for the top of the file.
    path: String,
    asked: RefCell<Vec<&'static str>>,
    /// Keys that were found where they do not belong, and said so.
    misplaced: RefCell<Vec<&'static str>>,
    problems: &'a Problems<'i>,
}

impl<'a, 'i> Section<'a, 'i> {
    /// The top of the file.
    pub(super) fn top(table: &'a Spanned<DeTable<'i>>, problems: &'a Problems<'i>) -> Self {
        Self::new(Some(table.get_ref()), 0, String::new(), problems)
    }

    fn new(table: Option<&'a DeTable<'i>>, offset: usize, path: String, problems: &'a Problems<'i>) -> Self {
        Self {
            table,
            offset,
            path,
            asked: RefCell::default(),
            misplaced: RefCell::default(),
            problems,
        }
    }

    fn place(&self, key: &str, offset: usize) -> Place {
        let dot = if self.path.is_empty() { "" } else { "." };
        Place {
            offset,
            key: format!("{}{dot}{key}", self.path),
        }
    }

    /// The place of the section's head.
    pub(super) fn head(&self, key: &str) -> Place {
        self.place(key, self.offset)
    }

    /// Whether it stands in the file.
    pub(super) fn is_there(&self) -> bool {
        self.table.is_some()
    }

    /// Whether a key stands in it.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    /// The line of a place, from 1.
    pub(super) fn line_of(&self, at: &Place) -> usize {
        position(self.problems.text, at.offset).0
    }

    /// Adds a problem at a place of this file.
    pub(super) fn wrong(&self, at: &Place, what: impl Into<String>) {
        self.problems.add(at, what);
    }

    fn value(&self, key: &'static str) -> Option<Found<&'a DeValue<'i>>> {
        self.asked.borrow_mut().push(key);
        self.problems.known.borrow_mut().insert(self.place(key, 0).key);
        let value = self.table?.get(key)?;
        Some(Found {
            value: value.get_ref(),
            at: self.place(key, value.span().start),
        })
    }

    /// A value of one type; of another type it is a problem.
    fn typed<T>(
        &self,
        key: &'static str,
        expected: &str,
        read: impl Fn(&'a DeValue<'i>) -> Option<T>,
    ) -> Option<Found<T>> {
        let found = self.value(key)?;
        if let Some(value) = read(found.value) {
            return Some(found.with(value));
        }
        self.expected(&found.at, expected, found.value);
        None
    }

    fn expected(&self, at: &Place, expected: &str, found: &DeValue<'_>) {
        self.wrong(at, format!("expected {expected}, found {}", shown(found)));
    }

    /// A text that is not empty.
    pub(super) fn text(&self, key: &'static str) -> Option<Found<String>> {
        self.typed(key, "a text in quotes that is not empty", text_of)
    }

    /// A text that is not empty, or a whole number as text.
    pub(super) fn text_or_number(&self, key: &'static str, expected: &str) -> Option<Found<String>> {
        self.typed(key, expected, |value| {
            let number = value.as_integer();
            number
                .map(|number| number.as_str().to_owned())
                .or_else(|| text_of(value))
        })
    }

    /// The same, and its absence is a problem.
    pub(super) fn need(&self, key: &'static str, expected: &str) -> Option<Found<String>> {
        if self.is_there() && !self.has(key) {
            self.wrong(&self.head(key), format!("missing: {expected}"));
        }
        self.text(key)
    }

    /// A whole number from `least` to `most`.
    pub(super) fn number(&self, key: &'static str, least: i64, most: i64) -> Option<Found<i64>> {
        self.typed(key, &format!("a number from {least} to {most}"), |value| {
            let number = value.as_integer()?;
            let number = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
            (least..=most).contains(&number).then_some(number)
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &'static str) -> Option<Found<bool>> {
        self.typed(key, "true or false", DeValue::as_bool)
    }

    /// A text that `parse` understands; its error is the problem.
    pub(super) fn parsed<T>(
        &self,
        found: Option<Found<String>>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Found<T>> {
        let found = found?;
        match parse(&found.value) {
            Ok(value) => Some(Found { value, at: found.at }),
            Err(why) => {
                self.wrong(&found.at, format!("{why}, found \"{}\"", found.value));
                None
            }
        }
    }

    /// A list of texts.
    pub(super) fn list(&self, key: &'static str, expected: &str) -> Option<Found<Vec<Found<String>>>> {
        let found = self.typed(key, expected, |value| value.as_array())?;
        if found.value.len() > limits::LIST {
            self.wrong(&found.at, format!("expected at most {} entries", limits::LIST));
        }
        let mut entries = Vec::new();
        for entry in found.value.iter().take(limits::LIST) {
            let at = self.place(key, entry.span().start);
            match text_of(entry.get_ref()) {
                Some(value) => entries.push(Found { value, at }),
                None => self.expected(&at, "a text in quotes that is not empty", entry.get_ref()),
            }
        }
        let at = found.at;
        Some(Found { value: entries, at })
    }

    /// A table inside this one, standing empty when it is absent.
    pub(super) fn section(&self, key: &'static str) -> Section<'a, 'i> {
        let found = self.typed(key, "a table", DeValue::as_table);
        let path = if self.path.is_empty() {
            format!("[{key}]")
        } else {
            self.place(key, 0).key
        };
        let offset = found.as_ref().map_or(self.offset, |found| found.at.offset);
        Section::new(found.map(|found| found.value), offset, path, self.problems)
    }

    /// The same, and its absence is a problem.
    pub(super) fn need_section(&self, key: &'static str, expected: &str) -> Section<'a, 'i> {
        let section = self.section(key);
        if !self.has(key) {
            self.wrong(&self.head(&format!("[{key}]")), format!("missing: {expected}"));
        }
        section
    }

    /// Every `[[key]]`.
    pub(super) fn sections(&self, key: &'static str) -> Vec<Section<'a, 'i>> {
        let Some(found) = self.typed(key, &format!("tables, each under `[[{key}]]`"), |value| {
            value.as_array()
        }) else {
            return Vec::new();
        };
        let mut sections = Vec::new();
        for entry in found.value.iter() {
            let at = entry.span().start;
            match entry.get_ref().as_table() {
                Some(table) => sections.push(Section::new(Some(table), at, format!("[[{key}]]"), self.problems)),
                None => self.expected(&self.place(key, at), "a table", entry.get_ref()),
            }
        }
        sections
    }

    /// Every pair of a table with free keys and texts as values, in the order of the file.
    pub(super) fn pairs(&self) -> Vec<(Found<String>, Found<String>)> {
        let mut pairs = Vec::new();
        for (key, value) in self.table.into_iter().flatten() {
            let name = key.get_ref().to_string();
            let at = self.place(&format!("\"{name}\""), value.span().start);
            match text_of(value.get_ref()) {
                Some(text) => pairs.push((
                    Found {
                        at: Place {
                            offset: key.span().start,
                            key: at.key.clone(),
                        },
                        value: name,
                    },
                    Found { value: text, at },
                )),
                None => self.expected(&at, "a text in quotes that is not empty", value.get_ref()),
            }
        }
        pairs.sort_by_key(|(key, _)| key.at.offset);
        pairs
    }

    /// Keys that belong here only under a condition that is not met.
    pub(super) fn not_here(&self, keys: &[&'static str], why: &str) {
        for key in keys {
            if let Some(value) = self.table.and_then(|table| table.get(*key)) {
                self.misplaced.borrow_mut().push(key);
                self.wrong(&self.place(key, value.span().start), why);
            }
        }
    }

    /// Names every key that nobody asked for, with the nearest that exists. `elsewhere` are the keys at the top of the
    /// file: written below a section they land in it.
    pub(super) fn finish(&self, elsewhere: &[&str]) {
        let (asked, misplaced) = (self.asked.borrow(), self.misplaced.borrow());
        for (key, _) in self.table.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) || misplaced.contains(&name) {
                continue;
            }
            let at = self.place(name, key.span().start);
            let advice = if elsewhere.contains(&name) && !self.path.is_empty() {
                format!("`{name}` belongs at the top of the file, above the first [section]")
            } else if let Some(nearest) = nearest(name, asked.iter().copied()) {
                format!("did you mean `{nearest}`?")
            } else {
                format!("known are {}", asked.join(", "))
            };
            self.wrong(&at, format!("unknown key; {advice}"));
        }
    }
}

/// A text, or a TOML date or time as it is written.
fn text_of(value: &DeValue<'_>) -> Option<String> {
    let text = match value {
        DeValue::Datetime(moment) => moment.to_string(),
        _ => value.as_str()?.to_owned(),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// A value as a message shows it: short, and a table or list only by its kind.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// The known word that is nearest to `found`, if one is near enough to be meant.
pub(super) fn nearest<'w>(found: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let found = found.to_lowercase();
    known
        .map(|word| (distance(&found, &word.to_lowercase()), word))
        .filter(|(distance, word)| *distance <= word.len().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// How many letters must be changed, added or left out to make `b` of `a` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (1..=b.len()).collect();
    for (index, from) in a.chars().take(64).enumerate() {
        let (mut diagonal, mut left) = (index, index + 1);
        for (to, cell) in b.iter().zip(row.iter_mut()) {
            let changed = diagonal + usize::from(from != *to);
            diagonal = *cell;
            left = changed.min(*cell + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named_and_a_far_one_is_not() {
        let known = || ["host", "port", "password_file"].into_iter();
        assert_eq!(nearest("prot", known()), Some("port"));
        assert_eq!(nearest("passwordfile", known()), Some("password_file"));
        assert_eq!(nearest("colour", known()), None);
    }

    #[test]
    fn a_place_counts_characters_not_bytes() {
        assert_eq!(position("a\nüb", 4), (2, 2));
        assert_eq!(position("", 9), (1, 1));
    }
}
