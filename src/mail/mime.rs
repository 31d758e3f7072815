//! The body of a mail → its parts, and the one text a person reads.
//!
//! Standards: RFC 2046 5.1. Walks multiparts itself so that depth, parts and bytes are bounded by construction: what
//! lies deeper than the bound is one opaque part. Mails inside mails (message/rfc822) are kept as text and not walked,
//! so that what somebody forwards is never taken for what they sent.
//!
//! Known gaps: TNEF (winmail.dat) and encrypted bodies are opaque.

use super::read::{Part, content_type, leaf};
use super::{header, text};
use crate::model::limits;
use memchr::{memchr, memmem};

/// What a body held.
pub(super) struct Content {
    pub parts: Vec<Part>,
    pub text: String,
    pub damage: Vec<&'static str>,
}

/// What one part contributes to the text.
enum Words {
    None,
    Plain(String),
    Html(String),
}

struct Walk {
    parts: Vec<Part>,
    /// Bytes of text that may still be kept.
    room: usize,
    /// Bytes that may still be searched for boundaries.
    scan: usize,
    damage: Vec<&'static str>,
}

/// Walks a body under the fields of its mail.
pub(super) fn walk(fields: &[(String, String)], body: &[u8]) -> Content {
    let mut walk = Walk {
        parts: Vec::new(),
        room: limits::TEXT_EXAMINED,
        scan: limits::MIME_SCANNED,
        damage: Vec::new(),
    };
    let words = walk.part(fields, body, 0, "text/plain");
    let text = plain(words);
    walk.damage.sort_unstable();
    walk.damage.dedup();
    Content {
        parts: walk.parts,
        text,
        damage: walk.damage,
    }
}

fn plain(words: Words) -> String {
    match words {
        Words::None => String::new(),
        Words::Plain(text) => text,
        Words::Html(html) => text::of_html(&html),
    }
}

impl Walk {
    fn part(&mut self, fields: &[(String, String)], body: &[u8], depth: usize, default: &str) -> Words {
        if self.parts.len() >= limits::MIME_PARTS {
            self.damage.push("it has more parts than are read");
            return Words::None;
        }
        let (kind, parameters) = header::first(fields, "Content-Type")
            .and_then(content_type)
            .unwrap_or_else(|| (default.to_owned(), Vec::new()));
        let boundary = header::first(&parameters, "boundary").filter(|boundary| !boundary.trim().is_empty());
        if let (true, Some(boundary)) = (kind.starts_with("multipart/"), boundary) {
            if depth >= limits::MIME_DEPTH {
                self.damage.push("its parts are nested deeper than is read");
            } else if let Some(pieces) = self.pieces(body, boundary.trim_end()) {
                return self.multipart(&kind, &pieces, depth);
            }
        }
        self.single(fields, body, kind, parameters, depth)
    }

    fn multipart(&mut self, kind: &str, pieces: &[&[u8]], depth: usize) -> Words {
        let default = if kind == "multipart/digest" {
            "message/rfc822"
        } else {
            "text/plain"
        };
        let mut children = Vec::new();
        for piece in pieces {
            let header = header::split(piece);
            let body = piece.get(header.body_at..).unwrap_or_default();
            children.push(self.part(&header.fields, body, depth + 1, default));
        }
        if kind == "multipart/alternative" {
            best(children)
        } else {
            joined(children)
        }
    }

    /// The pieces between the boundary lines; `None` when there is no boundary line at all.
    fn pieces<'a>(&mut self, body: &'a [u8], boundary: &str) -> Option<Vec<&'a [u8]>> {
        let Some(left) = self.scan.checked_sub(body.len()) else {
            self.damage.push("its parts are larger than is read");
            return None;
        };
        self.scan = left;
        let mut pieces = Vec::new();
        let mut start = None;
        let mark = format!("--{boundary}");
        for at in memmem::find_iter(body, mark.as_bytes()) {
            let (before, rest) = body.split_at_checked(at).unwrap_or((body, &[]));
            let length = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let Some(last) = is_boundary(rest.get(..length).unwrap_or_default(), mark.as_bytes()) else {
                continue;
            };
            if before.last().is_some_and(|byte| *byte != b'\n') {
                continue;
            }
            if let Some(start) = start {
                pieces.push(without_line_end(body.get(start..at).unwrap_or_default()));
            }
            start = (!last).then_some(at + length);
            if last || pieces.len() > limits::MIME_PARTS {
                break;
            }
        }
        if let Some(start) = start {
            pieces.push(body.get(start..).unwrap_or_default());
        }
        (!pieces.is_empty()).then_some(pieces)
    }

    fn single(
        &mut self,
        fields: &[(String, String)],
        body: &[u8],
        content_type: String,
        parameters: Vec<(String, String)>,
        depth: usize,
    ) -> Words {
        let disposition = header::first(fields, "Content-Disposition")
            .unwrap_or_default()
            .trim_start()
            .to_ascii_lowercase();
        let name = header::first(&parameters, "name")
            .unwrap_or_default()
            .to_ascii_lowercase();
        let called = |ending: &str| ends(&disposition, ending) || ends(&name, ending);
        let named_eml = called(".eml");
        // Programs give a table any type at all, a spreadsheet's above all; what its name says is what it is.
        let named_table = [".csv", ".tsv"].into_iter().any(called);
        let is_table = named_table || matches!(content_type.as_str(), "text/csv" | "text/tab-separated-values");
        let is_workbook = !is_table && [".xlsx", ".xls", ".ods", ".numbers"].into_iter().any(called);
        // Gateways and old programs know no type for an invitation, and its name says what it is.
        let content_type = match content_type.as_str() {
            "application/octet-stream" | "application/x-ics" | "application/calendar" if called(".ics") => {
                "application/ics".to_owned()
            }
            _ => content_type,
        };
        let readable = named_eml
            || is_table
            || content_type.starts_with("text/")
            || content_type.starts_with("message/")
            || content_type == "application/ics"
            || content_type.starts_with("multipart/");
        let text = if readable {
            self.decode(fields, body, &parameters)
        } else {
            String::new()
        };
        let attached = named_eml || is_table || disposition.starts_with("attachment");
        let words = match content_type.as_str() {
            "text/html" if !attached => Words::Html(text.clone()),
            // A multipart without parts is what somebody wrote by hand.
            "text/plain" | "text/enriched" if !attached => Words::Plain(text.clone()),
            kind if kind.starts_with("multipart/") => Words::Plain(text.clone()),
            _ => Words::None,
        };
        self.parts.push(Part {
            content_type,
            parameters,
            text,
            depth,
            named_eml,
            is_table,
            is_workbook,
        });
        words
    }

    fn decode(&mut self, fields: &[(String, String)], body: &[u8], parameters: &[(String, String)]) -> String {
        let encoding = header::first(fields, "Content-Transfer-Encoding").unwrap_or_default();
        // Base64 and quoted-printable take at most three bytes for one, and line ends.
        let most = self.room.saturating_mul(4);
        let body = body.get(..most).unwrap_or(body);
        let mut text = leaf(body, encoding, header::first(parameters, "charset"));
        if text.len() > self.room {
            let end = text.floor_char_boundary(self.room);
            text.truncate(end);
            self.damage.push("it has more text than is read");
        }
        self.room -= text.len();
        text
    }
}

/// Whether a file name, or a field with one, has this ending; lower case.
fn ends(text: &str, ending: &str) -> bool {
    let text = text.trim_end_matches(['"', ' ', ';']);
    let mut found = text.match_indices(ending);
    found.any(|(at, _)| matches!(text.as_bytes().get(at + ending.len()), None | Some(b'"' | b';')))
}

/// Of alternatives the plain one, unless it says nothing.
fn best(children: Vec<Words>) -> Words {
    let mut best = Words::None;
    for child in children {
        let better = match (&best, &child) {
            (_, Words::None) => false,
            (Words::Plain(_), Words::Html(_)) => false,
            (_, Words::Plain(text)) => !text.trim().is_empty(),
            (Words::None | Words::Html(_), Words::Html(_)) => true,
        };
        if better {
            best = child;
        }
    }
    best
}

/// All that is said, in order.
fn joined(children: Vec<Words>) -> Words {
    let mut children: Vec<Words> = children
        .into_iter()
        .filter(|child| !matches!(child, Words::None))
        .collect();
    if children.len() == 1 {
        return children.pop().unwrap_or(Words::None);
    }
    let texts: Vec<String> = children.into_iter().map(plain).collect();
    if texts.is_empty() {
        Words::None
    } else {
        Words::Plain(texts.join("\n"))
    }
}

/// Whether the line is a boundary line, which begins with `mark`; `Some(true)`: the last one.
fn is_boundary(line: &[u8], mark: &[u8]) -> Option<bool> {
    let rest = line.strip_prefix(mark)?.trim_ascii_end();
    match rest {
        b"" => Some(false),
        b"--" => Some(true),
        _ => None,
    }
}

/// RFC 2046 5.1.1: the line end before a boundary belongs to the boundary.
fn without_line_end(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(mail: &str) -> Content {
        let header = header::split(mail.as_bytes());
        walk(&header.fields, &mail.as_bytes()[header.body_at..])
    }

    #[test]
    fn the_plain_alternative_is_the_text_and_attachments_are_not() {
        let found = content(
            "Content-Type: multipart/mixed; boundary=o\n\nhello\n--o\nContent-Type: multipart/alternative; boundary=\"i\"\n\n\
             --i\n\nplain\n--i\nContent-Type: text/html\n\n<p>html</p>\n--i--\n--o\nContent-Type: text/plain\n\
             Content-Disposition: attachment\n\nfile\n--o--\nafter",
        );
        assert_eq!(found.text, "plain");
        assert_eq!(found.parts.len(), 3);
        assert!(found.damage.is_empty());
    }

    #[test]
    fn an_empty_plain_part_gives_way_to_html() {
        let found = content(
            "Content-Type: multipart/alternative; boundary=i\n\n--i\n\n \n--i\nContent-Type: text/html\n\n<b>Yes</b>\n--i--",
        );
        assert_eq!(found.text.trim(), "Yes");
    }

    #[test]
    fn a_mail_inside_a_mail_is_kept_and_not_walked() {
        let found = content(
            "Content-Type: multipart/mixed; boundary=o\n\n--o\n\nsee below\n--o\nContent-Type: message/rfc822\n\n\
             Subject: x\nContent-Type: multipart/mixed; boundary=p\n\n--p\n\ninner\n--p--\n--o--",
        );
        assert_eq!(found.text, "see below");
        assert!(found.parts[1].text.contains("inner"));
        assert_eq!(found.parts.len(), 2);
    }

    #[test]
    fn an_unfinished_multipart_keeps_what_came() {
        assert_eq!(
            content("Content-Type: multipart/mixed; boundary=o\n\n--o\n\nhello").text,
            "hello"
        );
        assert_eq!(
            content("Content-Type: multipart/mixed; boundary=o\n\nhello").text,
            "hello"
        );
        assert_eq!(content("Content-Type: multipart/mixed\n\nhello").text, "hello");
    }
}
