//! One mail goes in, one mail comes out, whoever reads the wire.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A receiver that ends lines at CRLF only, and one that ends them at LF or CR too.
fn read_as(wire: &[u8], is_lenient: bool) -> Vec<Vec<Vec<u8>>> {
    let text = match is_lenient {
        true => {
            let text = wire.to_vec();
            let text = replace(&text, b"\r\n", b"\n");
            replace(&text, b"\r", b"\n")
        }
        false => {
            assert!(wire.ends_with(b"\r\n"));
            replace(wire, b"\r\n", b"\n")
        }
    };
    let mut mails = vec![Vec::new()];
    for line in text.split(|&b| b == b'\n') {
        match line {
            b"." => mails.push(Vec::new()),
            [b'.', rest @ ..] => mails.last_mut().unwrap().push(rest.to_vec()),
            _ => mails.last_mut().unwrap().push(line.to_vec()),
        }
    }
    mails
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        match rest.strip_prefix(from) {
            Some(after) => {
                out.extend_from_slice(to);
                rest = after;
            }
            None => {
                out.push(rest[0]);
                rest = &rest[1..];
            }
        }
    }
    out
}

async fn check_one_mail(body: &[u8]) {
    let (server, outbox) = friendly().await;
    let bytes = [b"Subject: x\r\n\r\n", body].concat();
    let receipt = send(&outbox, &letter_to("li@acme.test", &bytes)).await;
    assert!(matches!(receipt, Receipt::Sent(_)), "{}", words(&receipt));
    let taken = server.truth(|truth| truth.taken.clone());
    assert_eq!(taken.len(), 1);
    let (strict, lenient) = (read_as(&taken[0], false), read_as(&taken[0], true));
    assert_eq!(strict, lenient, "two receivers see two things in {body:?}");
    assert_eq!(strict.len(), 1, "one mail became several in {body:?}");
    assert!(
        !server.said().iter().any(|line| line.contains("smuggled")),
        "content was taken for a command"
    );
}

#[tokio::test]
async fn strict_and_lenient_receivers_see_one_mail() {
    // P21
    for body in [
        &b".\r\n"[..],
        b"..\r\n.\r\n...\r\n",
        b"a\n.\nMAIL FROM:<smuggled@evil.test>\n",
        b"a\r.\rMAIL FROM:<smuggled@evil.test>\r",
        b"a\r\n.\nMAIL FROM:<smuggled@evil.test>\r\n",
        b"a\n.\r\nMAIL FROM:<smuggled@evil.test>\r\n",
        b"a\r\r\n.\r\r\nMAIL FROM:<smuggled@evil.test>\r\n",
        b"no line end",
        b"",
        b"\r\n\r\n.",
    ] {
        check_one_mail(body).await;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_mixture_of_dots_and_line_ends_becomes_two_mails(body in "[.\r\na]{0,40}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check_one_mail(body.as_bytes()));
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_anybody_is_asked() {
    let (server, outbox) = friendly().await;
    let long = [b"Subject: x\r\n\r\n".to_vec(), vec![b'x'; 999]].concat();
    let mut told = BTreeSet::new();
    for bytes in [&b"Subject: x\r\n\r\na\0b\r\n"[..], &long] {
        let (receipt, asked) = counted(&outbox, &letter_to("li@acme.test", bytes)).await;
        told.insert(words(&receipt));
        assert_eq!(asked, 0);
    }
    let nul = "refused at content: 554 the letter has a NUL octet and was not sent";
    let line = "refused at content: 554 the letter has a line longer than 998 octets and was not sent";
    assert_eq!(told, BTreeSet::from([nul.to_owned(), line.to_owned()]));
    assert!(server.said().is_empty());
}

#[tokio::test]
async fn a_server_is_not_given_what_it_cannot_carry() {
    let (server, outbox) = at("EHLO", Act::Say(b"250 mx.acme.test\r\n")).await;
    let receipt = send(&outbox, &letter_to("jürgen@acme.test", b"Subject: x\r\n\r\n")).await;
    assert!(words(&receipt).starts_with("refused at rcpt: 553 the relay takes no addresses outside ASCII"));
    let receipt = send(
        &outbox,
        &letter_to("li@acme.test", "Subject: x\r\n\r\nü\r\n".as_bytes()),
    )
    .await;
    assert!(words(&receipt).starts_with("refused at content: 554 the relay takes no 8-bit text"));
    assert!(matches!(send(&outbox, &letter()).await, Receipt::Sent(_)));
    let said = server.said();
    assert_eq!(said.iter().filter(|line| line.contains("MAIL")).count(), 1);
    assert!(
        said[1].ends_with("MAIL FROM:<bot+b.x7@corp.test>"),
        "no parameters but those offered: {}",
        said[1]
    );
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    // T-50: a line without an end, and lines without an end.
    for flood in [vec![b'2'; 1 << 20], b"250-more\r\n".repeat(1 << 15)] {
        let flood: &'static [u8] = flood.leak();
        let (_server, outbox) = at("MAIL", Act::Say(flood)).await;
        let receipt = send(&outbox, &letter()).await;
        assert!(
            words(&receipt).starts_with("unreached at mail: "),
            "{}",
            words(&receipt)
        );
    }
}
