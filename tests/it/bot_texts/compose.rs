//! Bytes of a mail: what goes in comes out, and nothing else (P20, P21, T-08).

use super::*;
use cadence::mail::write::{Automatic, Composition, compose};
use expect_test::expect;
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

struct Sample {
    from: Correspondent,
    to: Correspondent,
    message_id: MessageId,
    wording: Wording,
}

fn sample() -> Sample {
    Sample {
        from: ana().correspondent(),
        to: Correspondent::new(Some("Jane Doe"), address("jane@acme.test")),
        message_id: id("abc@corp.test"),
        wording: Wording {
            subject: "Re: Hello".to_owned(),
            plain: "Hi Jane,\n\nstill there?\n".to_owned(),
            html: None,
        },
    }
}

fn id(text: &str) -> MessageId {
    MessageId::parse(text).unwrap()
}

impl Sample {
    fn composition(&self) -> Composition<'_> {
        Composition {
            from: &self.from,
            to: &self.to,
            reply_to: None,
            date: at("2026-03-09T08:30:00Z"),
            message_id: &self.message_id,
            thread: &[],
            wording: &self.wording,
            unsubscribe: None,
            automatic: Automatic::Touch,
            reference: "1f",
            enclosed: None,
        }
    }
}

/// What every letter must be on the wire.
fn fit_for_the_wire(bytes: &[u8]) {
    assert!(bytes.ends_with(b"\r\n"));
    assert!(!bytes.contains(&0));
    let mut before = 0;
    for byte in bytes {
        assert_eq!(*byte == b'\n', before == b'\r', "a bare CR or LF");
        before = *byte;
    }
    assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 999));
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    assert!(bytes[..head].is_ascii());
}

fn text(bytes: Vec<u8>) -> String {
    fit_for_the_wire(&bytes);
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

#[test]
fn a_touch_in_a_thread() {
    let sample = sample();
    let bot = Correspondent::new(None, address("cadence+r.abc@reps.test"));
    let unsubscribe = address("cadence+u.abc@reps.test");
    let thread = [id("first@corp.test"), id("second@corp.test")];
    let composition = Composition {
        reply_to: Some(&bot),
        thread: &thread,
        unsubscribe: Some(&unsubscribe),
        ..sample.composition()
    };
    expect![[r#"
        Date: Mon, 09 Mar 2026 08:30:00 +0000
        From: Ana Reis <ana@corp.test>
        To: Jane Doe <jane@acme.test>
        Reply-To: <cadence+r.abc@reps.test>
        Subject: Re: Hello
        Message-ID: <abc@corp.test>
        In-Reply-To: <second@corp.test>
        References: <first@corp.test>
         <second@corp.test>
        List-Unsubscribe: <mailto:cadence+u.abc@reps.test?subject=unsubscribe>
        X-Auto-Response-Suppress: DR, RN, NRN, AutoReply
        X-Cadence-Ref: 1f
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 7bit

        Hi Jane,

        still there?
    "#]]
    .assert_eq(&text(compose(&composition).unwrap()));
    assert_eq!(compose(&composition), compose(&composition));
}

#[test]
fn a_digest_with_html_and_letters_of_all_kinds() {
    let mut sample = sample();
    sample.to = Correspondent::new(Some("Müller, \"Jörg\" <x@evil.test>"), address("jm@corp.test"));
    sample.wording = Wording {
        subject: "Today: 3 calls, 2 others · 4 mails going out".to_owned(),
        plain: "Grüße\n.\nFrom here \n".to_owned(),
        html: Some("<p style=\"color:#000\">Grüße</p>".to_owned()),
    };
    let composition = Composition {
        automatic: Automatic::Generated,
        ..sample.composition()
    };
    expect![[r#"
        Date: Mon, 09 Mar 2026 08:30:00 +0000
        From: Ana Reis <ana@corp.test>
        To: =?utf-8?B?TcO8bGxlciwgIkrDtnJnIiA8eEBldmlsLnRlc3Q+?= <jm@corp.test>
        Subject: =?utf-8?B?VG9kYXk6IDMgY2FsbHMsIDIgb3RoZXJzIMK3IDQgbWFpbHMgZ29pbmcgb3V0?=
        Message-ID: <abc@corp.test>
        Auto-Submitted: auto-generated
        X-Auto-Response-Suppress: All
        Precedence: bulk
        X-Cadence-Ref: 1f
        MIME-Version: 1.0
        Content-Type: multipart/alternative;
         boundary="=_7c29e237524a39071ff14f704adc12ac"
        Content-Transfer-Encoding: 7bit

        --=_7c29e237524a39071ff14f704adc12ac
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        Gr=C3=BC=C3=9Fe
        .
        From here=20

        --=_7c29e237524a39071ff14f704adc12ac
        Content-Type: text/html; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        <p style=3D"color:#000">Gr=C3=BC=C3=9Fe</p>

        --=_7c29e237524a39071ff14f704adc12ac--
    "#]]
    .assert_eq(&text(compose(&composition).unwrap()));
}

#[test]
fn a_long_thread_keeps_its_root_and_the_newest() {
    let sample = sample();
    let thread: Vec<_> = (0..100)
        .map(|n| id(&format!("{}{n}@corp.test", "x".repeat(200))))
        .collect();
    let bytes = compose(&Composition {
        thread: &thread,
        ..sample.composition()
    })
    .unwrap();
    fit_for_the_wire(&bytes);
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let references = mail.references().as_text_list().unwrap().to_vec();
    assert_eq!(references.len(), limits::REFERENCES_WRITTEN);
    assert_eq!(references[0], thread[0].as_str());
    assert_eq!(references[1], thread[81].as_str());
    assert_eq!(mail.in_reply_to().as_text(), Some(thread[99].as_str()));
}

#[test]
fn the_opt_out_stands_on_one_line_however_long() {
    let sample = sample();
    let long = format!("{}@{}.test", "u".repeat(64), "d".repeat(60));
    let unsubscribe = address(&long);
    let bytes = compose(&Composition {
        unsubscribe: Some(&unsubscribe),
        automatic: Automatic::Replied,
        ..sample.composition()
    });
    let mail = text(bytes.unwrap());
    assert!(mail.contains(&format!("\nList-Unsubscribe: <mailto:{long}?subject=unsubscribe>\n")));
    assert!(mail.contains("\nAuto-Submitted: auto-replied\n"));
}

#[test]
fn what_is_too_large_or_not_writable_is_refused() {
    let mut sample = sample();
    sample.wording.plain = "x\n".repeat(limits::LETTER);
    assert!(compose(&sample.composition()).is_err());
    sample.wording.plain.clear();
    let huge = [b"\r\n".to_vec(), b"x\r\n".repeat(limits::ENCLOSED / 3)].concat();
    let enclosing = Composition {
        enclosed: Some(&huge),
        ..sample.composition()
    };
    assert!(compose(&enclosing).is_err());
    sample.to = Correspondent::new(None, address("jörg@acme.test"));
    assert_eq!(
        compose(&sample.composition()),
        Err("the address in To has characters outside ASCII".to_owned())
    );
}

fn relayed(raw: &[u8]) -> Vec<u8> {
    let sample = sample();
    let bytes = compose(&Composition {
        enclosed: Some(raw),
        automatic: Automatic::Replied,
        ..sample.composition()
    })
    .unwrap();
    fit_for_the_wire(&bytes);
    bytes
}

#[test]
fn a_relayed_reply_arrives_whole() {
    let raw = b"From: jane@acme.test\nSubject: Re: Hello\nContent-Length: 99\nMIME-Version: 1.0\n\
        Content-Type: multipart/mixed;\n\tboundary=\"in\"\n\n--in\nContent-Type: text/plain; charset=utf-8\n\
        Content-Transfer-Encoding: 8bit\n\nGr\xc3\xbc\xc3\x9fe\n--in\nContent-Type: application/pdf\n\
        Content-Disposition: attachment; filename=\"offer.pdf\"\nContent-Transfer-Encoding: base64\n\nAAEC\n--in--\n";
    let bytes = relayed(raw);
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(mail.content_transfer_encoding(), Some("8bit"));
    assert_eq!(mail.body_text(0).as_deref(), Some("Hi Jane,\r\n\r\nstill there?\r\n"));
    assert_eq!(mail.body_text(1).as_deref(), Some("Grüße"));
    let file = mail.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("offer.pdf"));
    assert_eq!(file.contents(), [0, 1, 2]);
    let whole = String::from_utf8(bytes).unwrap();
    assert!(whole.contains("\r\nContent-Type: multipart/mixed;\r\n\tboundary=\"in\"\r\n\r\n--in\r\n"));
    assert!(!whole.contains("Content-Length"));
}

#[test]
fn a_relayed_reply_without_mime_is_plain_text() {
    let bytes = relayed(b"From: jane@acme.test\r\n\r\nYes!\r\n.\r\nFrom me\r\n");
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(mail.body_text(1).as_deref(), Some("Yes!\r\n.\r\nFrom me\r\n"));
    assert_eq!(mail.content_transfer_encoding(), Some("7bit"));
}

#[test]
fn what_the_wire_does_not_carry_is_wrapped_and_not_lost() {
    let long = "y".repeat(5_000);
    let raw =
        format!("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>é{long}</p>\r\n");
    let bytes = relayed(raw.as_bytes());
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(
        mail.part(2).unwrap().text_contents(),
        Some(format!("<p>é{long}</p>\r\n").as_str())
    );

    let nested = format!("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n{long}\0\r\n--x--\r\n");
    let bytes = relayed(nested.as_bytes());
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let file = mail.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("reply.eml"));
    assert_eq!(file.contents(), nested.as_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn no_word_adds_a_field_or_a_recipient(
        subject in "\\PC{0,20}[\\x00-\\x1f\u{85}\u{2028}\u{202e}\"<>@,;:=?]{0,8}\\PC{0,2000}",
        name in "(?s).{0,200}",
        plain in "(?s).{0,400}",
        html in proptest::option::of("(?s).{0,200}"),
    ) {
        let mut sample = sample();
        sample.from.name = Some(name.clone());
        sample.to.name = Some(name);
        sample.wording = Wording { subject, plain, html };
        let bytes = compose(&sample.composition()).unwrap();
        fit_for_the_wire(&bytes);
        let mail = MessageParser::default().parse(&bytes).unwrap();
        // Date, From, To, Subject, Message-ID, X-Auto-Response-Suppress, X-Cadence-Ref, MIME-Version and two of the type.
        prop_assert_eq!(mail.headers().len(), 10);
        for (field, expected) in [(mail.from(), "ana@corp.test"), (mail.to(), "jane@acme.test")] {
            let found: Vec<_> = field.unwrap().iter().filter_map(|one| one.address()).collect();
            prop_assert_eq!(found, vec![expected]);
        }
    }

    #[test]
    fn names_and_subjects_come_out_as_they_went_in(words in "[\\p{L}\"\\\\,.:;<>()@=?_ ]{0,100}") {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut sample = sample();
        sample.to.name = Some(words.clone());
        sample.wording.subject = words.clone();
        let bytes = compose(&sample.composition()).unwrap();
        fit_for_the_wire(&bytes);
        let mail = MessageParser::default().parse(&bytes).unwrap();
        prop_assert_eq!(mail.subject().unwrap_or_default(), &words);
        prop_assert_eq!(mail.to().unwrap().first().unwrap().name().unwrap_or_default(), &words);
    }

    #[test]
    fn any_bytes_may_be_relayed(raw in proptest::collection::vec(any::<u8>(), 0..600), head in "(?i)(content-(type|transfer-encoding|x): \\PC{0,60}\r?\n){0,4}\r?\n") {
        relayed(&[head.into_bytes(), raw].concat());
    }
}
