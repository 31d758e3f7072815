//! Somebody else's mail as a part of ours: its MIME entity, byte for byte but for line ends.
//!
//! What the wire does not carry (NUL, lines over 998 octets, RFC 5321 4.5.3.1.6) is wrapped in base64: a text or a file
//! stays what it is, anything more complicated comes as an attached `reply.eml`. Nothing is lost either way.

use super::part::Part;
use crate::model::limits;

/// The entity of a raw mail: its `Content-…` fields and its body. A mail without any is plain text (RFC 2045 5.2).
pub(super) fn entity(raw: &[u8]) -> Part {
    let (head, body) = split(raw);
    let fields = content_fields(head);
    let clean = !fields.broken && carries(&fields.bytes);
    let body = canonical(body);
    if clean && carries(&body) {
        Part {
            fields: fields.bytes,
            body,
        }
    } else if clean && fields.is_single && fields.is_unencoded {
        let mut kept = fields.without_encoding;
        kept.extend_from_slice(b"Content-Transfer-Encoding: base64\r\n");
        Part {
            fields: kept,
            body: super::base64(body),
        }
    } else {
        let mut part = Part::single(
            "application/octet-stream; name=\"reply.eml\"",
            "base64",
            super::base64(raw.to_vec()),
        );
        part.fields
            .extend_from_slice(b"Content-Disposition: attachment; filename=\"reply.eml\"\r\n");
        part
    }
}

/// Header block and body, parted at the first empty line, whatever the line ends.
fn split(raw: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            return raw.split_at_checked(at).map_or((raw, &[]), |(head, rest)| {
                (head, rest.get(line.len()..).unwrap_or_default())
            });
        }
        at += line.len();
    }
    (raw, &[])
}

/// The fields that describe an entity.
struct ContentFields {
    bytes: Vec<u8>,
    without_encoding: Vec<u8>,
    /// Not a multipart and not a mail: its body may be encoded anew.
    is_single: bool,
    /// The body is not in an encoding already.
    is_unencoded: bool,
    /// Too many, or with a line end that only some programs would see.
    broken: bool,
}

fn content_fields(head: &[u8]) -> ContentFields {
    let mut fields = ContentFields {
        bytes: vec![],
        without_encoding: vec![],
        is_single: true,
        is_unencoded: true,
        broken: false,
    };
    for field in unfolded(head) {
        let lower = String::from_utf8_lossy(field).to_ascii_lowercase();
        let Some((name, value)) = lower.split_once(':') else {
            continue;
        };
        let name = name.trim_end();
        // Content-Length belongs to a mailbox format, not to the mail.
        if !name.starts_with("content-") || name == "content-length" {
            continue;
        }
        let value = value.trim();
        let mut lines = canonical(field);
        if !lines.ends_with(b"\r\n") {
            lines.extend_from_slice(b"\r\n");
        }
        fields.broken |= has_lone_cr(field) || fields.bytes.len() + lines.len() > limits::CONTENT_FIELDS;
        if fields.broken {
            break;
        }
        fields.bytes.extend_from_slice(&lines);
        if name == "content-transfer-encoding" {
            fields.is_unencoded &= matches!(value, "7bit" | "8bit" | "binary" | "");
        } else {
            fields.without_encoding.extend_from_slice(&lines);
        }
        if name == "content-type" {
            fields.is_single &= !value.starts_with("multipart") && !value.starts_with("message");
        }
    }
    fields
}

/// Each field with the lines that continue it. The block's lines end with LF, the last one perhaps not.
fn unfolded(head: &[u8]) -> Vec<&[u8]> {
    let mut starts: Vec<usize> = vec![];
    let mut at = 0;
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([head.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| head.get(*start..end))
        .collect()
}

/// Every line end as CRLF: a lone CR or LF could end a mail early on a lenient server (reliability T-09).
fn canonical(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 64);
    let mut before = 0;
    for &byte in bytes {
        match byte {
            b'\n' if before == b'\r' => {}
            b'\n' | b'\r' => out.extend_from_slice(b"\r\n"),
            other => out.push(other),
        }
        before = byte;
    }
    out
}

fn has_lone_cr(bytes: &[u8]) -> bool {
    bytes
        .windows(2)
        .any(|pair| matches!(pair, [b'\r', after] if *after != b'\n'))
}

/// Whether the wire carries these lines.
fn carries(bytes: &[u8]) -> bool {
    !bytes.contains(&0)
        && bytes
            .split(|byte| *byte == b'\n')
            .all(|line| line.len() <= limits::LINE + 1)
}
