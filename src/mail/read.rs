//! Bytes of a mail → [`Mail`]. The only door to mail-parser.

use crate::model::{Address, ContentKey, Correspondent, MessageId};
use jiff::Timestamp;

/// A mail as read: everything the other readers need, owned and bounded. Reading never fails; what is wrong with a mail
/// stands in `damage`.
#[derive(Clone)]
pub struct Mail {
    /// Every header field in order: name as written, value unfolded but not decoded.
    pub headers: Vec<(String, String)>,
    /// All addresses of all From fields.
    pub from: Vec<Correspondent>,
    /// How many From fields there are; anything but 1 proves nothing about anybody.
    pub from_fields: usize,
    pub reply_to: Vec<Correspondent>,
    pub to: Vec<Correspondent>,
    pub cc: Vec<Correspondent>,
    /// Decoded, one line.
    pub subject: String,
    pub date: Option<Timestamp>,
    /// Offset from UTC in the Date field, in minutes.
    pub date_offset: Option<i16>,
    pub message_id: Option<MessageId>,
    /// In-Reply-To, then References from the newest, no doubles, bounded.
    pub references: Vec<MessageId>,
    /// Every address through which this mail may have come here, most trustworthy first (design §4, tech §3.1).
    pub recipients: Vec<Address>,
    /// `Some(None)`: the null sender `<>`.
    pub return_path: Option<Option<Address>>,
    /// Received fields.
    pub hops: usize,
    /// The text: text/plain, else text/html made plain. Bounded.
    pub text: String,
    /// All parts, depth first, bounded.
    pub parts: Vec<Part>,
    /// Its content key.
    pub key: ContentKey,
    /// What is wrong with it, for people.
    pub damage: Vec<&'static str>,
}

/// One MIME part that is no multipart.
#[derive(Clone)]
pub struct Part {
    /// Lower case, `text/plain`.
    pub content_type: String,
    /// Parameters, lower-case names.
    pub parameters: Vec<(String, String)>,
    /// The text of text and message parts, decoded and bounded; empty for others.
    pub text: String,
    /// How deep it lies.
    pub depth: usize,
}

impl Mail {
    /// Values of a header, first one first, name in any case.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.headers
            .iter()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Reads a mail, whatever it is.
pub fn read(_bytes: &[u8]) -> Mail {
    todo!()
}
