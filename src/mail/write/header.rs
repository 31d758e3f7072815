//! Header fields: cleaned, encoded, folded.
//!
//! Standards: RFC 5322 2.2.3 (folding), 3.2.4 (quoted strings); RFC 2047 (encoded words).

use crate::model::{Address, Correspondent, limits};

/// A line is folded before it grows past this (RFC 5322 2.1.1).
const FOLD: usize = 76;
/// Octets of text in one encoded word: 60 characters of base64, which with `=?utf-8?B?…?=` stay under 75.
const WORD: usize = 45;

/// The header block as it grows.
#[derive(Default)]
pub(super) struct Header(String);

impl Header {
    /// A value of our own making: ASCII, folded already where it must be.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        self.0.push_str(&format!("{name}: {value}\r\n"));
    }

    /// A value that somebody typed.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        let value = one_line(value, limits::HEADER_TEXT);
        let value = if is_plain(&value) {
            folded(&value, name.len() + 2)
        } else {
            encoded_words(&value)
        };
        self.raw(name, &value);
    }

    /// Somebody, with the name if there is one.
    pub(super) fn correspondent(&mut self, name: &str, who: &Correspondent) {
        let address = format!("<{}>", who.address);
        match who.name.as_deref().map(display_name).filter(|name| !name.is_empty()) {
            None => self.raw(name, &address),
            Some(phrase) => {
                let last = phrase.rsplit('\n').next().map_or(0, str::len);
                let fits = name.len() + 3 + last + address.len() <= FOLD;
                self.raw(name, &format!("{phrase}{}{address}", if fits { " " } else { "\r\n " }));
            }
        }
    }

    /// How many octets it has so far.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The block, without the empty line after it.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

/// One line without controls, line and paragraph separators, bidirectional overrides and invisible characters, cut at
/// `most` characters.
fn one_line(text: &str, most: usize) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let shown: String = text.chars().map(|c| if hidden(c) { ' ' } else { c }).collect();
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most).chain(['…']).collect()
}

/// Whether a text may stand as it is: ASCII, nothing that reads as an encoded word, no word too long for a line.
fn is_plain(text: &str) -> bool {
    text.is_ascii() && !text.contains("=?") && text.split(' ').all(|word| word.len() < FOLD)
}

/// Lines broken at spaces; `used` octets of the first are taken by the field's name.
fn folded(text: &str, used: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = used;
    for word in text.split(' ') {
        if out.is_empty() {
            column += word.len();
        } else if column + 1 + word.len() > FOLD {
            out.push_str("\r\n ");
            column = 1 + word.len();
        } else {
            out.push(' ');
            column += 1 + word.len();
        }
        out.push_str(word);
    }
    out
}

/// Encoded words, one a line; no character is torn apart (RFC 2047 5).
fn encoded_words(text: &str) -> String {
    let mut words: Vec<String> = vec![];
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let encoded = words.into_iter().map(|word| {
        let base64 = super::base64(word.into_bytes());
        format!("=?utf-8?B?{}?=", String::from_utf8_lossy(&base64))
    });
    encoded.collect::<Vec<_>>().join("\r\n ")
}

/// A display name: as it is, quoted, or encoded.
fn display_name(name: &str) -> String {
    let name = one_line(name, limits::DISPLAY_NAME);
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~ ".contains(c);
    if !is_plain(&name) {
        encoded_words(&name)
    } else if name.chars().all(atom) {
        name
    } else {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// An address inside a `mailto:` (RFC 6068 2): what would end or split the address there is encoded.
pub(super) fn percent_encoded(address: &Address) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$'*+@".contains(&byte);
    address
        .as_str()
        .bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
