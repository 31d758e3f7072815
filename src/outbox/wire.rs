//! What may go over the wire: the last look at a letter's bytes before they leave.
//!
//! A letter is rendered with CRLF, but what encloses a stranger's mail may not be. A bare LF or CR would let two
//! servers see two different mails in one stream (SMTP smuggling, CVE-2023-51764), so every line end is made CRLF here,
//! and what cannot be repaired without changing what was said is refused.
//!
//! Standards: RFC 5321 2.3.8, 4.5.2, 4.5.3.1.6; RFC 5322 2.1.1, 2.3.

use crate::model::{Phase, Receipt, Reply, limits};
use std::borrow::Cow;

/// Why bytes cannot be sent as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// A NUL octet, which RFC 5322 4 forbids and C programs read as the end.
    Nul,
    /// A line over [`limits::LINE`] octets: relays would cut it.
    LongLine,
}

impl Unfit {
    /// What the caller is told. Nobody was asked; 5.6.0 is a defect of the content (RFC 3463 3.7).
    pub(super) fn receipt(self) -> Receipt {
        let text = match self {
            Self::Nul => "the letter has a NUL octet and was not sent",
            Self::LongLine => "the letter has a line longer than 998 octets and was not sent",
        };
        Receipt::Refused {
            phase: Phase::Content,
            reply: Reply {
                code: 554,
                status: Some("5.6.0".to_owned()),
                text: text.to_owned(),
            },
        }
    }
}

/// The bytes with every line ended by CRLF, the last one too. Borrowed when there was nothing to do.
///
/// # Errors
/// When there is a NUL or a line that is too long.
pub(super) fn canonical(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Unfit> {
    let fine = if is_canonical(bytes) {
        Cow::Borrowed(bytes)
    } else {
        Cow::Owned(with_crlf(bytes))
    };
    match fine
        .split(|&b| b == b'\n')
        .any(|line| line.len() > limits::LINE.saturating_add(1))
    {
        true => Err(Unfit::LongLine),
        false if fine.contains(&0) => Err(Unfit::Nul),
        false => Ok(fine),
    }
}

/// How many octets `content` has on the wire: each line that starts with a dot gets a second one (RFC 5321 4.5.2).
pub(super) fn stuffed_len(content: &[u8]) -> usize {
    let dots = content
        .split(|&b| b == b'\n')
        .filter(|line| line.starts_with(b"."))
        .count();
    content.len().saturating_add(dots)
}

fn is_canonical(bytes: &[u8]) -> bool {
    let mut after_cr = false;
    for &b in bytes {
        if after_cr != (b == b'\n') {
            return false;
        }
        after_cr = b == b'\r';
    }
    !after_cr && bytes.ends_with(b"\r\n")
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().saturating_add(64));
    let mut rest = bytes.iter().copied().peekable();
    while let Some(b) = rest.next() {
        match b {
            b'\r' => {
                // CR LF is one line end, a CR alone is one too.
                rest.next_if_eq(&b'\n');
                out.extend_from_slice(b"\r\n");
            }
            b'\n' => out.extend_from_slice(b"\r\n"),
            other => out.push(other),
        }
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_bytes_are_not_copied() {
        let mail = b"Subject: x\r\n\r\n.\r\n..\r\n";
        assert!(matches!(canonical(mail), Ok(Cow::Borrowed(same)) if same == mail));
    }

    #[test]
    fn every_kind_of_line_end_becomes_crlf() {
        for (from, to) in [
            (&b"a\nb"[..], &b"a\r\nb\r\n"[..]),
            (b"a\rb\r\n", b"a\r\nb\r\n"),
            (b"a\r\r\nb\r\n", b"a\r\n\r\nb\r\n"),
            (b"a\n\rb\n", b"a\r\n\r\nb\r\n"),
            (b"a\r\n.\rMAIL FROM:<x>\r", b"a\r\n.\r\nMAIL FROM:<x>\r\n"),
            (b"", b"\r\n"),
        ] {
            assert_eq!(
                canonical(from).as_deref(),
                Ok(to),
                "{:?}",
                String::from_utf8_lossy(from)
            );
        }
    }

    #[test]
    fn a_nul_and_a_line_that_is_too_long_are_refused() {
        assert_eq!(canonical(b"a\0b\r\n"), Err(Unfit::Nul));
        let line = |length: usize| [vec![b'x'; length], b"\r\n".to_vec()].concat();
        assert!(canonical(&line(limits::LINE)).is_ok());
        assert_eq!(canonical(&line(limits::LINE + 1)), Err(Unfit::LongLine));
        assert_eq!(canonical(&vec![b'x'; limits::LINE + 1]), Err(Unfit::LongLine));
    }

    #[test]
    fn dots_at_the_start_of_a_line_count_twice() {
        assert_eq!(stuffed_len(b"a.\r\n.\r\n..b\r\n"), 12 + 2);
        assert_eq!(stuffed_len(b".a"), 3);
    }
}
