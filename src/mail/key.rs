//! The content key of a mail: what makes two copies the same mail.
//!
//! `SHA-256(Message-ID ‖ From ‖ Date ‖ Subject ‖ SHA-256(body))` (reliability §3.1). Transport fields are left out, so
//! that a copy which took another way is the same mail; line ends and blank lines at the end do not count, because
//! servers change them. A missing field counts as empty, never as something random.

use super::header;
use crate::model::{ContentKey, Fingerprint};
use memchr::memchr_iter;
use std::borrow::Cow;

/// The key of a mail with these fields and this body.
pub(super) fn of(fields: &[(String, String)], body: &[u8]) -> ContentKey {
    let plain = |name| {
        let value = header::first(fields, name).unwrap_or_default();
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let id = plain("Message-ID");
    let body = Fingerprint::of_bytes(&normal(body)).hex();
    let parts = [
        id.trim_matches(['<', '>', ' ']),
        &plain("From"),
        &plain("Date"),
        &plain("Subject"),
        &body,
    ];
    ContentKey(Fingerprint::of("mail", &parts).hex())
}

/// What the header alone tells: by this the same mail is known in another mailbox, or under another number, before its
/// body is fetched. A stranger may repeat a header, so nothing is left unread for it but what was read before.
pub(super) fn of_head(fields: &[(String, String)]) -> ContentKey {
    let plain = |name| {
        let value = header::first(fields, name).unwrap_or_default();
        value.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let id = plain("Message-ID");
    let parts = [
        id.trim_matches(['<', '>', ' ']),
        &plain("From"),
        &plain("Date"),
        &plain("Subject"),
    ];
    ContentKey(Fingerprint::of("head", &parts).hex())
}

/// The body with CRLF line ends and no blank lines at its end.
fn normal(body: &[u8]) -> Cow<'_, [u8]> {
    let is_crlf = |end: usize| end.checked_sub(1).and_then(|before| body.get(before)) == Some(&b'\r');
    if !body.ends_with(b"\r") && memchr_iter(b'\n', body).all(is_crlf) {
        let mut whole = body;
        while let Some(shorter) = whole.strip_suffix(b"\r\n") {
            whole = shorter;
        }
        return Cow::Borrowed(whole);
    }
    let mut out = Vec::with_capacity(body.len() + body.len() / 32);
    for line in body.split(|byte| *byte == b'\n') {
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend_from_slice(b"\r\n");
    }
    while out.ends_with(b"\r\n") {
        out.truncate(out.len() - 2);
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(mail: &str) -> ContentKey {
        let header = header::split(mail.as_bytes());
        of(&header.fields, &mail.as_bytes()[header.body_at..])
    }

    #[test]
    fn the_way_a_mail_took_does_not_change_its_key() {
        let one = key("Message-ID: <1@acme.test>\nFrom: a@acme.test\nSubject: Hi\n\nHello\n");
        let two = key(
            "Received: by x\r\nSubject: Hi\r\nFrom: a@acme.test\r\nMessage-ID:  <1@acme.test>\r\nDelivered-To: b@x.test\r\n\r\nHello\r\n\r\n",
        );
        assert_eq!(one, two);
    }

    #[test]
    fn line_ends_and_blank_lines_at_the_end_do_not_count() {
        for body in ["", "\n", "a\nb", "a\n\nb\n\n\n", "a\r", "\r\n\r"] {
            let sent = body.replace("\r\n", "\n").replace('\n', "\r\n");
            let stored = sent.replace("\r\n", "\n");
            assert_eq!(normal(sent.as_bytes()), normal(stored.as_bytes()), "{body:?}");
        }
    }

    #[test]
    fn a_squatted_message_id_is_another_mail() {
        let one = key("Message-ID: <1@acme.test>\nFrom: a@acme.test\n\nHello");
        for other in [
            "Message-ID: <1@acme.test>\nFrom: a@acme.test\n\nHello!",
            "Message-ID: <1@acme.test>\nFrom: b@acme.test\n\nHello",
            "From: a@acme.test\n\nHello",
        ] {
            assert_ne!(one, key(other), "{other}");
        }
    }
}
