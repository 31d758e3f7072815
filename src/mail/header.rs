//! A header block → its fields, each on one line and bounded.
//!
//! Standards: RFC 5322 2.2. Forgiving in what a field is (`From :` is a From field, a line that is no field is left out),
//! because what we overlook another program may see. Lines may end in CRLF or LF; an mbox `From ` line is left out.
//! Known gaps: bytes that are not UTF-8 are read as ISO 8859-1.

use crate::model::limits;
use memchr::memchr;

/// The fields of a header block.
pub(super) struct Header {
    /// Name as written, value unfolded, in order.
    pub fields: Vec<(String, String)>,
    /// Where the body starts.
    pub body_at: usize,
    /// Whether there was more than is read.
    pub cut: bool,
    /// Whether there was a line that is no field.
    pub torn: bool,
}

/// Splits a mail or a part into fields and body. Of bytes that are not empty at least one belongs to the header, so that
/// who splits on gets to the end.
pub(super) fn split(bytes: &[u8]) -> Header {
    let mut header = Header {
        fields: Vec::new(),
        body_at: bytes.len(),
        cut: false,
        torn: false,
    };
    let mut open: Option<(String, String)> = None;
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let length = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line = trim_end(rest.get(..length).unwrap_or_default());
        let first = at == 0;
        at += length;
        let full = header.fields.len() + usize::from(open.is_some()) >= limits::HEADER_FIELDS;
        if line.is_empty() {
            header.body_at = at;
            break;
        }
        if at > limits::HEADER_BLOCK || header.cut {
            header.cut = true;
            continue;
        }
        if line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            if let Some((_, value)) = &mut open {
                append(value, line);
            }
            continue;
        }
        if full {
            header.cut = true;
            continue;
        }
        header.fields.extend(open.take());
        open = field(line);
        header.torn |= open.is_none() && !(first && line.starts_with(b"From "));
    }
    header.fields.extend(open);
    for (_, value) in &mut header.fields {
        let trimmed = value.trim();
        if trimmed.len() != value.len() {
            *value = trimmed.to_owned();
        }
    }
    header
}

fn trim_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn field(line: &[u8]) -> Option<(String, String)> {
    let colon = memchr(b':', line)?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = std::str::from_utf8(name).ok()?.trim_end();
    let good = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    let mut out = String::with_capacity(value.len());
    append(&mut out, value.get(1..)?);
    good.then(|| (name.to_owned(), out))
}

/// Appends a line of a value; the white space of the fold stays, as RFC 5322 2.2.3 says.
fn append(value: &mut String, line: &[u8]) {
    if value.len() < limits::HEADER_FIELD {
        let room = limits::HEADER_FIELD - value.len();
        let line = line.get(..room.min(line.len())).unwrap_or_default();
        // Without a branch for each byte, for nearly every line is plain.
        let is_plain = line
            .iter()
            .fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
        match std::str::from_utf8(line) {
            Ok(plain) if is_plain || !plain.contains(char::is_control) => value.push_str(plain),
            _ => value.extend(text(line).chars().map(|c| if c.is_control() { ' ' } else { c })),
        }
    }
}

/// Bytes as text: UTF-8, else ISO 8859-1.
pub(super) fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned)
}

/// The first value of a field among `fields`, name in any case.
pub(super) fn first<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unfolded_and_the_body_is_found() {
        let mail = b"From x\nSubject: one\r\n two\r\nFrom : a@b.example\r\nno field\r\nX:\r\n\r\nbody";
        let header = split(mail);
        let fields: Vec<_> = header.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(fields, [("Subject", "one two"), ("From", "a@b.example"), ("X", "")]);
        assert_eq!(mail.get(header.body_at..), Some(&b"body"[..]));
        assert!(header.torn);
    }

    #[test]
    fn splitting_on_gets_to_the_end() {
        for bytes in [&b"\n"[..], b"x", b" \n", b"\r\n\r\n", b"a: b", b"\0"] {
            assert!(split(bytes).body_at > 0, "{bytes:?}");
        }
    }

    #[test]
    fn a_header_without_an_end_is_bounded() {
        let endless = "X-Y: z\n".repeat(200_000);
        let header = split(endless.as_bytes());
        assert_eq!(header.fields.len(), limits::HEADER_FIELDS);
        assert!(header.cut);
        let long = format!("X: {}\n\n", "y".repeat(200_000));
        assert!(split(long.as_bytes()).fields[0].1.len() <= limits::HEADER_FIELD);
    }
}
