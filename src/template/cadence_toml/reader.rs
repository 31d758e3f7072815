//! Takes values out of a TOML table, and complains with the place of the value.

use crate::template::nearest::{did_you_mean, one_of};
use crate::template::problem::{Complaints, Place};
use crate::template::vocabulary::is_forbidden;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads one document.
pub(super) struct Reader<'a, 'b> {
    text: &'a str,
    complaints: &'a mut Complaints<'b>,
    /// Whether nothing was wrong so far.
    pub sound: bool,
}

impl<'a, 'b> Reader<'a, 'b> {
    pub fn of(text: &'a str, complaints: &'a mut Complaints<'b>) -> Self {
        Self {
            text,
            complaints,
            sound: true,
        }
    }

    /// A text of one line that must be there; empty after a complaint. `place` is complained about when it is not there.
    pub fn required(&mut self, table: &DeTable<'_>, key: &str, place: Place) -> String {
        if !table.contains_key(key) {
            self.wrong(place, format!("expected `{key} = \"…\"`"));
            return String::new();
        }
        let text = self.line(table, key);
        if text.as_deref() == Some("") {
            self.wrong_value(table, key, format!("`{key}` is empty"));
        }
        text.unwrap_or_default()
    }

    /// A text in quotes, line breaks made spaces.
    pub fn line(&mut self, table: &DeTable<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let Some(text) = value.get_ref().as_str() else {
            let what = format!("expected a text in quotes, got {}", kind_of(value.get_ref()));
            self.wrong_value(table, key, what);
            return None;
        };
        if text.chars().any(is_forbidden) {
            self.wrong_value(
                table,
                key,
                "this text has characters that cannot be seen: type it again",
            );
        }
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Complains about keys that are not in `known`.
    pub fn only(&mut self, table: &DeTable<'_>, known: &[&str]) {
        self.only_but(table, known, &[]);
    }

    /// The same, but of those in `told` somebody else complains.
    pub fn only_but(&mut self, table: &DeTable<'_>, known: &[&str], told: &[&str]) {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if !known.contains(&name) && !told.contains(&name) {
                let hint = did_you_mean(name, known.iter().copied());
                let place = Place::of(self.text, key.span().start);
                self.wrong(place, format!("unknown key `{name}`{hint}; expected {}", one_of(known)));
            }
        }
    }

    /// Complains about the value of a key.
    pub fn wrong_value(&mut self, table: &DeTable<'_>, key: &str, what: impl Into<String>) {
        let place = table.get(key).map_or(Place::WHOLE, |value| self.place(value));
        self.wrong(place, what);
    }

    /// Complains.
    pub fn wrong(&mut self, place: Place, what: impl Into<String>) {
        self.sound = false;
        self.complaints.add(place, what);
    }

    /// Where a value stands.
    pub fn place(&self, value: &Spanned<DeValue<'_>>) -> Place {
        Place::of(self.text, value.span().start)
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date or time without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
        DeValue::String(_) => "a text",
    }
}
