//! Bytes of a mail → [`Mail`]. The only door to mail-parser.
//!
//! mail-parser decodes what is written inside fields and leaf parts: encoded words, addresses, dates, content types,
//! transfer encodings and charsets. The fields themselves are split by `header`, because its `header()` and `from()`
//! answer with the last of several, and the parts by `mime`, because it has no bound on nesting.
//!
//! Standards: RFC 5322, RFC 2045-2047. Limits: the first 10 MiB, 1,000 fields, 32 levels, 1,000 parts, 1 MiB of text
//! (`model::limits`). Corpus: tests/corpus/damaged.

use super::dkim::OwnCheck;
use super::{header, key, mime, recipients, thread};
use crate::model::{Address, ContentKey, Correspondent, MessageId, limits};
use jiff::Timestamp;
use mail_parser::decoders::html::add_html_token;
use mail_parser::parsers::MessageStream;
use mail_parser::{HeaderValue, MessageParser};

/// Damage: of a longer header nobody knows what stands in the rest, a second From field perhaps.
pub(super) const HEADER_CUT: &str = "its header is longer than is read";
/// Damage that is no more than bad manners.
pub(super) const NO_ID: &str = "it has no Message-ID";

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
    /// All addresses of all Reply-To fields.
    pub reply_to: Vec<Correspondent>,
    /// All addresses of all To fields, bounded.
    pub to: Vec<Correspondent>,
    /// All addresses of all Cc fields, bounded.
    pub cc: Vec<Correspondent>,
    /// Decoded, one line.
    pub subject: String,
    /// When it was written, as the Date field says.
    pub date: Option<Timestamp>,
    /// Offset from UTC in the Date field, in minutes; `None` when the field does not tell (`-0000`, `GMT`).
    pub date_offset: Option<i16>,
    /// Its own id.
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
    /// What its header alone tells of it, hashed.
    pub head: ContentKey,
    /// What an own check of its signatures came to; whoever may ask a name server sets it after reading.
    pub checked: OwnCheck,
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
    /// The text of text and message parts, of tables and of .eml files, decoded and bounded; empty for others.
    pub text: String,
    /// How deep it lies.
    pub depth: usize,
    /// Whether its file name says that it is a mail, whatever its type.
    pub(super) named_eml: bool,
    /// Whether type or file name say that it is a table as text.
    pub(super) is_table: bool,
    /// Whether its file name says that it is a spreadsheet program's own file.
    pub(super) is_workbook: bool,
}

impl Part {
    /// Whether it is a table as text: CSV, or with tabs.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.is_table
    }

    /// Whether it is a workbook (`.xlsx`), which is not opened.
    #[must_use]
    pub fn is_workbook(&self) -> bool {
        self.is_workbook
    }

    /// Whether it is a mail saved as a file (`.eml`), whatever type the sender's program gave it.
    #[must_use]
    pub fn is_eml(&self) -> bool {
        self.named_eml
    }
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

/// Mails do not reach a log by accident: their debug form says nothing of what they say.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({:?}, {} parts)", self.key, self.parts.len())
    }
}

/// The content key alone, before anything else of a mail is read.
#[must_use]
pub fn key_of(bytes: &[u8]) -> ContentKey {
    let (header, body) = halves(bytes);
    key::of(&header.fields, body)
}

/// Header and body, as far as a mail is read. Without any field all of it is what somebody wrote.
fn halves(bytes: &[u8]) -> (header::Header, &[u8]) {
    let most = usize::try_from(limits::MAIL_WHOLE).unwrap_or(usize::MAX);
    let whole = bytes.get(..most).unwrap_or(bytes);
    let blank = without_blank_lines(whole);
    let header = header::split(blank);
    if header.fields.is_empty() {
        return (header, whole);
    }
    let body = blank.get(header.body_at..).unwrap_or_default();
    (header, body)
}

/// Reads a mail, whatever it is.
#[must_use]
pub fn read(bytes: &[u8]) -> Mail {
    let (header, body) = halves(bytes);
    let content = mime::walk(&header.fields, body);
    let mut damage = content.damage;
    for (wrong, name) in [
        (bytes.len() as u64 > limits::MAIL_WHOLE, "it is larger than is read"),
        (header.cut, HEADER_CUT),
        (header.torn, "its header has a line that is no field"),
        (header.fields.is_empty(), "it has no header"),
    ] {
        damage.extend(wrong.then_some(name));
    }
    assemble(header.fields, body, content.parts, content.text, damage)
}

/// Reads a mail as if it had no body.
#[must_use]
pub fn read_head(bytes: &[u8]) -> Mail {
    let header = header::split(bytes);
    let damage = vec!["only its header was read"];
    assemble(header.fields, &[], Vec::new(), String::new(), damage)
}

/// Reads a header that was fetched without its mail. Its key is the one of headers alone.
#[must_use]
pub fn read_header(bytes: &[u8]) -> Mail {
    let header = header::split(bytes);
    let damage = if header.cut { vec![HEADER_CUT] } else { Vec::new() };
    let mail = assemble(header.fields, &[], Vec::new(), String::new(), damage);
    Mail {
        key: mail.head.clone(),
        ..mail
    }
}

/// A mail from its first line that is not blank: old mailboxes and copies from a page have some above the header.
fn without_blank_lines(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = rest.split_at(end + 1);
        if !line.iter().all(u8::is_ascii_whitespace) {
            break;
        }
        rest = after;
    }
    rest
}

fn assemble(
    fields: Vec<(String, String)>,
    body: &[u8],
    parts: Vec<Part>,
    text: String,
    mut damage: Vec<&'static str>,
) -> Mail {
    let count = |name: &str| {
        fields
            .iter()
            .filter(|(found, _)| found.eq_ignore_ascii_case(name))
            .count()
    };
    let from_fields = count("From");
    let message_id = thread::own_id(&fields);
    for (wrong, name) in [
        (from_fields == 0, "it has no From field"),
        (from_fields > 1, "it has more than one From field"),
        (message_id.is_none(), NO_ID),
        (
            count("Received") > limits::HOPS,
            "it went through more servers than mail does",
        ),
    ] {
        damage.extend(wrong.then_some(name));
    }
    let (date, date_offset) = header::first(&fields, "Date").map_or((None, None), moment);
    Mail {
        from: people(&fields, "From"),
        from_fields,
        reply_to: people(&fields, "Reply-To"),
        to: people(&fields, "To"),
        cc: people(&fields, "Cc"),
        subject: decoded(header::first(&fields, "Subject").unwrap_or_default()),
        date,
        date_offset,
        message_id,
        references: thread::answered(&fields),
        recipients: recipients::of(&fields),
        return_path: header::first(&fields, "Return-Path").map(|value| addresses(value).pop().map(|it| it.address)),
        hops: count("Received"),
        text,
        parts,
        key: key::of(&fields, body),
        head: key::of_head(&fields),
        checked: OwnCheck::NotDone,
        damage,
        headers: fields,
    }
}

fn people(fields: &[(String, String)], name: &str) -> Vec<Correspondent> {
    let values = fields.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name));
    values
        .flat_map(|(_, value)| addresses(value))
        .take(limits::ADDRESSES)
        .collect()
}

/// The addresses of a field, groups flattened; what is no plain address is left out.
pub(super) fn addresses(value: &str) -> Vec<Correspondent> {
    let line = format!("{value}\n");
    let names = !is_overloaded(value);
    let HeaderValue::Address(found) = MessageStream::new(line.as_bytes()).parse_address() else {
        return Vec::new();
    };
    found
        .iter()
        .filter_map(|person| {
            let address = Address::parse(person.address()?).ok()?;
            Some(Correspondent::new(person.name().filter(|_| names), address))
        })
        .take(limits::ADDRESSES)
        .collect()
}

/// Whether a field has more encoded words than are decoded.
fn is_overloaded(value: &str) -> bool {
    value.matches("=?").nth(limits::ENCODED_WORDS).is_some()
}

/// A field's words with encoded words decoded, on one line.
pub(super) fn decoded(value: &str) -> String {
    if is_overloaded(value) {
        return value.trim().chars().take(limits::SUBJECT).collect();
    }
    let line = format!("{value}\n");
    let text = match MessageStream::new(line.as_bytes()).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    };
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(limits::SUBJECT).collect::<String>().trim().to_owned()
}

/// The moment of a Date field, and its offset when it says where the writer's clock stood.
pub(super) fn moment(value: &str) -> (Option<Timestamp>, Option<i16>) {
    let line = format!("{value}\n");
    let HeaderValue::DateTime(date) = MessageStream::new(line.as_bytes()).parse_date() else {
        return (None, None);
    };
    if !date.is_valid() {
        return (None, None);
    }
    let minutes = i16::from(date.tz_hour) * 60 + i16::from(date.tz_minute);
    let minutes = if date.tz_before_gmt { -minutes } else { minutes };
    // RFC 5322 3.3: `-0000` says that the offset is not known; `GMT` is what servers write.
    let told = value.contains('+') || (minutes != 0 && minutes.abs() <= 14 * 60);
    (
        Timestamp::from_second(date.to_timestamp()).ok(),
        told.then_some(minutes),
    )
}

/// A Content-Type: `text/plain` in lower case, and its parameters with lower-case names.
pub(super) fn content_type(value: &str) -> Option<(String, Vec<(String, String)>)> {
    let line = format!("{value}\n");
    let HeaderValue::ContentType(found) = MessageStream::new(line.as_bytes()).parse_content_type() else {
        return None;
    };
    let subtype = found.subtype().unwrap_or_default();
    // A parameter without its semicolon is no part of the name.
    let subtype = subtype.split_whitespace().next().unwrap_or_default();
    let name = format!("{}/{subtype}", found.ctype()).to_lowercase();
    let parameters = found.attributes().unwrap_or_default().iter();
    let parameters = parameters.map(|it| (it.name.to_lowercase(), it.value.to_string()));
    Some((name, parameters.collect()))
}

/// The text of a leaf part: transfer encoding undone, charset made UTF-8.
pub(super) fn leaf(body: &[u8], encoding: &str, charset: Option<&str>) -> String {
    let token = |text: &str| {
        let fine = |c: &char| c.is_ascii_alphanumeric() || "-_.:".contains(*c);
        text.trim().chars().take_while(fine).take(64).collect::<String>()
    };
    let encoding = token(encoding);
    let charset = match charset.map(token).filter(|name| !name.is_empty()) {
        // Who declares ASCII and writes more, writes UTF-8 these days.
        Some(charset) if !charset.eq_ignore_ascii_case("us-ascii") => charset,
        _ if std::str::from_utf8(body).is_ok() => "utf-8".to_owned(),
        // Old programs leave the charset out; what is no UTF-8 is most often this.
        _ => "windows-1252".to_owned(),
    };
    let mut alone =
        format!("Content-Type: text/plain; charset=\"{charset}\"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n")
            .into_bytes();
    alone.extend_from_slice(body);
    let message = MessageParser::new().with_mime_headers().parse(&alone);
    let text = message
        .as_ref()
        .and_then(|message| message.part(0))
        .and_then(|part| part.text_contents());
    text.unwrap_or_default().to_owned()
}

/// The character behind an HTML entity such as `&amp;`; the entity itself when it is unknown.
pub(super) fn entity(entity: &str) -> String {
    let mut out = String::new();
    add_html_token(&mut out, entity.as_bytes(), false);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_read_as_its_writer_meant_it() {
        let mail = read(
            b"Return-Path: <>\nFrom: =?utf-8?q?J=C3=BCrgen?= <j@acme.test>\nTo: a@corp.test, team: b@corp.test;\n\
              Subject: =?utf-8?b?R3LDvMOfZQ==?=\n aus Bonn\nDate: Mon, 2 Mar 2026 09:00:00 +0100\nMessage-ID: <1@acme.test>\n\
              Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe",
        );
        assert_eq!(mail.from[0].name.as_deref(), Some("Jürgen"));
        assert_eq!(mail.to.len(), 2);
        assert_eq!(mail.subject, "Grüße aus Bonn");
        assert_eq!(
            mail.date.map(|date| date.to_string()).as_deref(),
            Some("2026-03-02T08:00:00Z")
        );
        assert_eq!(mail.date_offset, Some(60));
        assert_eq!(mail.return_path, Some(None));
        assert_eq!(mail.text.trim(), "Grüße");
        assert!(mail.damage.is_empty(), "{:?}", mail.damage);
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(read(b"").damage.contains(&"it has no header"));
        let two = read(b"From: a@b.test\nFrom: c@d.test\n\nx");
        assert_eq!((two.from_fields, two.from.len()), (2, 2));
        assert!(two.damage.contains(&"it has more than one From field"));
    }

    #[test]
    fn an_offset_that_tells_nothing_is_none() {
        for (written, offset) in [
            ("Mon, 2 Mar 2026 09:00:00 -0000", None),
            ("Mon, 2 Mar 2026 09:00:00 GMT", None),
            ("Mon, 2 Mar 2026 09:00:00 +0000", Some(0)),
            ("Mon, 2 Mar 2026 09:00:00 -0530", Some(-330)),
            ("yesterday", None),
        ] {
            assert_eq!(moment(written).1, offset, "{written}");
        }
    }
}
