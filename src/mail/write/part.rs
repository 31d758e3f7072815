//! MIME entities of our own: texts, alternatives, multiparts.

use super::{Attached, Picture};
use crate::model::Wording;

/// A MIME entity: its `Content-…` fields and its body, both with CRLF.
pub(super) struct Part {
    /// Whole lines, each ended by CRLF.
    pub(super) fields: Vec<u8>,
    /// The body. The line end before a boundary belongs to the boundary (RFC 2046 5.1.1), and is not in it.
    pub(super) body: Vec<u8>,
}

impl Part {
    /// An entity of one type in one encoding.
    pub(super) fn single(content_type: &str, encoding: &str, body: Vec<u8>) -> Self {
        let fields = format!("Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n").into_bytes();
        Self { fields, body }
    }

    /// A file beside the text.
    pub(super) fn file(file: &Attached) -> Self {
        // A name may not end its parameter early, nor leave its line.
        let fine = |c: &char| c.is_ascii_alphanumeric() || "-_. ".contains(*c);
        let name: String = file.name.chars().filter(fine).take(60).collect();
        let content_type = format!("{};\r\n name=\"{name}\"", file.content_type);
        let mut part = Self::single(&content_type, "base64", super::base64(file.bytes.clone()));
        part.fields
            .extend_from_slice(format!("Content-Disposition: attachment;\r\n filename=\"{name}\"\r\n").as_bytes());
        part
    }

    /// Several entities as one. It is 8-bit when one of them is (RFC 2045 6.4), else 7-bit.
    pub(super) fn multipart(subtype: &str, boundary: &str, parts: &[Self]) -> Self {
        let mut body = Vec::with_capacity(parts.iter().map(|part| part.len() + boundary.len() + 8).sum());
        for part in parts {
            body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            body.extend_from_slice(&part.fields);
            body.extend_from_slice(b"\r\n");
            body.extend_from_slice(&part.body);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--").as_bytes());
        let encoding = if body.is_ascii() { "7bit" } else { "8bit" };
        Self::single(
            &format!("multipart/{subtype};\r\n boundary=\"{boundary}\""),
            encoding,
            body,
        )
    }

    /// How many octets it has.
    pub(super) fn len(&self) -> usize {
        self.fields.len() + self.body.len() + 4
    }

    /// The fields, the empty line, the body, the last line end.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.fields;
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        if !bytes.ends_with(b"\r\n") {
            bytes.extend_from_slice(b"\r\n");
        }
        bytes
    }
}

/// A wording: plain text, with its HTML beside it when there is one.
pub(super) fn wording(wording: &Wording, [alternative, related]: &[String; 2], pictures: &[Picture]) -> Part {
    let plain = text("plain", &wording.plain);
    match &wording.html {
        None => plain,
        Some(html) => {
            let mut page = text("html", html);
            if !pictures.is_empty() {
                let parts: Vec<Part> = std::iter::once(page).chain(pictures.iter().map(picture)).collect();
                page = Part::multipart("related", related, &parts);
            }
            Part::multipart("alternative", alternative, &[plain, page])
        }
    }
}

/// A picture that is shown in its place and nowhere else (RFC 2392).
fn picture(picture: &Picture) -> Part {
    let mut part = Part::single("image/png", "base64", super::base64(picture.png.clone()));
    let fields = format!("Content-ID: <{}>\r\nContent-Disposition: inline\r\n", picture.name);
    part.fields.extend_from_slice(fields.as_bytes());
    part
}

/// A text: as it is when that is safe, else quoted-printable.
fn text(subtype: &str, text: &str) -> Part {
    let text = lines(text);
    let content_type = format!("text/{subtype}; charset=utf-8");
    if goes_as_it_is(&text) {
        Part::single(&content_type, "7bit", text.into_bytes())
    } else {
        Part::single(&content_type, "quoted-printable", super::quoted_printable(text))
    }
}

/// Whether every server and mailbox format leaves a text alone: ASCII, short lines, none that begins with `From `.
fn goes_as_it_is(text: &str) -> bool {
    text.is_ascii()
        && text
            .split("\r\n")
            .all(|line| line.len() <= 78 && !line.starts_with("From "))
}

/// The text with every kind of line end made CRLF, one at its end, and without controls.
fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32 + 2);
    for line in text.replace("\r\n", "\n").split(['\n', '\r']) {
        out.extend(line.chars().filter(|c| !c.is_control() || *c == '\t'));
        out.push_str("\r\n");
    }
    out.truncate(out.trim_end_matches(['\r', '\n']).len());
    out.push_str("\r\n");
    out
}
