//! The bounds of reading (`model::limits`), each at one less, at itself and at one more; and that a stop needs no more than the
//! header, whatever hangs below it.

use cadence::mail::authenticity::{Verdict, verdict};
use cadence::mail::classify::{Kind, Own, Trust, classify};
use cadence::mail::read::{Mail, read, read_head};
use cadence::model::{Address, BotAddress, Key, limits};

fn address(text: &str) -> Address {
    Address::parse(text).expect("an address")
}

fn with_own<T>(ask: impl FnOnce(&Own<'_>) -> T) -> T {
    let bot = BotAddress::new(address("cadence@reps.corp.test"), &Key::root(&[7; 32]));
    let trust = Trust {
        authserv_ids: vec!["mx.corp.test".to_owned()],
        ..Trust::default()
    };
    let reps = [crate::story::ana()];
    ask(&Own {
        bot: &bot,
        aliases: &[],
        domains: &[],
        reps: &reps,
        lead_sources: &[],
        trust: &trust,
    })
}

/// One less, the limit, one more.
fn around(limit: usize) -> [(usize, bool); 3] {
    [(limit - 1, true), (limit, true), (limit + 1, false)]
}

fn has(mail: &Mail, damage: &str) -> bool {
    mail.damage.contains(&damage)
}

const HEAD: &str = "From: li@acme.test\nTo: cadence@reps.corp.test\nSubject: Re: Hello\nMessage-ID: <1@acme.test>\n";

#[test]
fn the_bytes_of_a_mail() {
    let most = usize::try_from(limits::MAIL_WHOLE).expect("a size");
    for (size, fits) in around(most) {
        let mut mail = format!("{HEAD}\n").into_bytes();
        mail.resize(size, b'x');
        assert_eq!(!has(&read(&mail), "it is larger than is read"), fits, "{size}");
    }
}

#[test]
fn the_fields_of_a_header_and_its_bytes() {
    let cut = "its header is longer than is read";
    for (fields, fits) in around(limits::HEADER_FIELDS) {
        let mail = format!("{HEAD}{}\ntext", "X: y\n".repeat(fields - 4));
        let mail = read(mail.as_bytes());
        assert_eq!(!has(&mail, cut), fits, "{fields} fields");
        assert_eq!(mail.headers.len(), fields.min(limits::HEADER_FIELDS));
    }
    for (bytes, fits) in around(limits::HEADER_BLOCK) {
        let line = "X: 123456789012345678901234567890123456789012345678901234567890\n";
        let (lines, left) = ((bytes - HEAD.len()) / 1_000, (bytes - HEAD.len()) % 1_000);
        let long = format!("X: {}\n", "y".repeat(1_000 - 4));
        let rest = match left {
            0 => String::new(),
            left if left > 4 => format!("X: {}\n", "y".repeat(left - 4)),
            _ => panic!("choose another {line}"),
        };
        let mail = format!("{HEAD}{}{rest}\ntext", long.repeat(lines));
        assert_eq!(!has(&read(mail.as_bytes()), cut), fits, "{bytes} bytes");
    }
    for (bytes, _) in around(limits::HEADER_FIELD) {
        let mail = read(format!("{HEAD}X: {}\n\ntext", "y".repeat(bytes)).as_bytes());
        let value = mail.header("X").next().expect("the field").len();
        assert!(
            value <= limits::HEADER_FIELD && value + 1 >= bytes.min(limits::HEADER_FIELD),
            "{value} of {bytes}"
        );
    }
}

#[test]
fn the_nesting_of_parts_and_their_number() {
    for (depth, fits) in around(limits::MIME_DEPTH) {
        let mut mail = format!("{HEAD}Content-Type: multipart/mixed; boundary=b0\n\n");
        for level in 1..depth {
            mail += &format!("--b{}\nContent-Type: multipart/mixed; boundary=b{level}\n\n", level - 1);
        }
        mail += &format!("--b{}\n\ndeep inside\n", depth - 1);
        let mail = read(mail.as_bytes());
        assert_eq!(
            !has(&mail, "its parts are nested deeper than is read"),
            fits,
            "{depth} levels"
        );
        assert!(mail.text.contains("deep inside"), "even so the words are there");
    }
    for (parts, fits) in around(limits::MIME_PARTS) {
        let mail = format!(
            "{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{}--b--\n",
            "--b\n\nx\n".repeat(parts)
        );
        let mail = read(mail.as_bytes());
        assert_eq!(!has(&mail, "it has more parts than are read"), fits, "{parts} parts");
        assert_eq!(mail.parts.len(), parts.min(limits::MIME_PARTS));
    }
}

#[test]
fn the_text_that_is_examined() {
    for (bytes, fits) in around(limits::TEXT_EXAMINED) {
        let mail = read(format!("{HEAD}\n{}", "x".repeat(bytes)).as_bytes());
        assert_eq!(!has(&mail, "it has more text than is read"), fits, "{bytes} bytes");
        assert_eq!(mail.text.len(), bytes.min(limits::TEXT_EXAMINED));
    }
}

#[test]
fn the_addresses_references_and_hops_that_are_taken() {
    for (many, _) in around(limits::ADDRESSES) {
        let to: Vec<String> = (0..many).map(|number| format!("p{number}@acme.test")).collect();
        let mail = read(format!("From: li@acme.test\nTo: {}\n\nx", to.join(", ")).as_bytes());
        assert_eq!(mail.to.len(), many.min(limits::ADDRESSES));
    }
    for (many, _) in around(limits::REFERENCES_READ) {
        let ids: Vec<String> = (0..many).map(|number| format!("<{number}@corp.test>")).collect();
        let mail = read(format!("{HEAD}References: {}\n\nx", ids.join(" ")).as_bytes());
        assert_eq!(mail.references.len(), many.min(limits::REFERENCES_READ));
        let names = |id: &str| mail.references.iter().any(|known| known.as_str() == id);
        assert!(
            names("0@corp.test") && names(&format!("{}@corp.test", many - 1)),
            "both ends of {many}"
        );
    }
    for (hops, fits) in around(limits::HOPS) {
        let mail = read(format!("{}{HEAD}\nx", "Received: from a by b\n".repeat(hops)).as_bytes());
        assert_eq!(
            !has(&mail, "it went through more servers than mail does"),
            fits,
            "{hops} hops"
        );
    }
}

#[test]
fn the_encoded_words_of_a_field() {
    for (many, fits) in around(limits::ENCODED_WORDS) {
        let words = "=?utf-8?q?a?= ".repeat(many);
        let mail = read(format!("From: {words}<li@acme.test>\nSubject: {words}\n\nx").as_bytes());
        assert_eq!(!mail.subject.contains("=?"), fits, "{many} words in the subject");
        assert_eq!(
            mail.from.len(),
            1,
            "who it is from is known however they call themselves"
        );
        assert_eq!(mail.from[0].name.is_some(), fits, "{many} words in the name");
    }
}

#[test]
fn the_authentication_results_that_are_believed() {
    let passes = |results: &str| {
        let mail = format!("{results}Received: from a by mx.corp.test\nFrom: ana@corp.test\n\nx");
        with_own(|own| verdict(&read(mail.as_bytes()), own, &address("ana@corp.test"))) == Verdict::Pass
    };
    let result = "Authentication-Results: mx.corp.test; dmarc=pass header.from=corp.test";
    for (many, fits) in around(limits::AUTH_RESULTS) {
        assert_eq!(passes(&format!("{result}\n").repeat(many)), fits, "{many} fields");
    }
    let value = result.split_once(": ").expect("a value").1.len();
    for (bytes, fits) in around(limits::AUTH_RESULT) {
        let padding = "x".repeat(bytes - value - 3);
        assert_eq!(passes(&format!("{result} ({padding})\n")), fits, "{bytes} bytes");
    }
}

#[test]
fn a_stop_needs_the_header_alone() {
    let reply = "In-Reply-To: <first@corp.test>\n";
    let report =
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\nFrom: MAILER-DAEMON@mx.acme.test\n";
    for (head, wanted) in [
        (format!("{HEAD}{reply}"), Some(Kind::Reply)),
        (
            format!("{}{reply}", HEAD.replace("Re: Hello", "Automatic reply: Hello")),
            Some(Kind::AutoReply),
        ),
        // Without its report it is told by nothing but its sender, and stops as a reply would.
        (HEAD.replace("From: li@acme.test\n", report), None),
    ] {
        let whole = format!("{head}\n{}", "(".repeat(100_000));
        for mail in [read_head(whole.as_bytes()), read(whole.as_bytes())] {
            let reading = with_own(|own| classify(&mail, own));
            assert!(
                wanted.as_ref().is_none_or(|kind| *kind == reading.kind),
                "{head}: {}",
                reading.because
            );
            assert!(reading.signal.is_some(), "{head}");
        }
    }
}

#[test]
fn the_recipients_of_a_report() {
    for (many, _) in around(limits::REPORTED) {
        let fates: String = (0..many)
            .map(|number| format!("Final-Recipient: rfc822; p{number}@acme.test\nAction: failed\nStatus: 5.1.1\n\n"))
            .collect();
        let mail = format!(
            "From: MAILER-DAEMON@mx.acme.test\nTo: ana@corp.test\nSubject: Undelivered\nMessage-ID: <r@acme.test>\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n\
             --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n{fates}--b--\n"
        );
        let reading = with_own(|own| classify(&read(mail.as_bytes()), own));
        assert_eq!(reading.kind, Kind::Bounce);
        assert_eq!(reading.failed.len(), many.min(limits::REPORTED), "{many} recipients");
    }
}

#[test]
fn the_text_in_which_a_sentence_is_an_opt_out() {
    let wish = "Please remove me from your list. ";
    for (characters, fits) in around(limits::OPT_OUT_TEXT) {
        let text = format!("{wish}{}", "x".repeat(characters - wish.len()));
        let mail = format!("{HEAD}\n{text}");
        let reading = with_own(|own| classify(&read(mail.as_bytes()), own));
        assert_eq!(reading.kind == Kind::OptOut, fits, "{characters} characters");
        assert!(reading.signal.is_some(), "it stops in any case");
    }
}

#[test]
fn the_guests_of_a_meeting() {
    for (many, _) in around(limits::GUESTS) {
        let guests: String = (0..many)
            .map(|number| format!("ATTENDEE:mailto:p{number}@acme.test\n"))
            .collect();
        let mail = format!(
            "{HEAD}Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\n\
             UID:1\nDTSTAMP:20260302T080000Z\nDTSTART:20260305T100000Z\nORGANIZER:mailto:li@acme.test\n{guests}END:VEVENT\nEND:VCALENDAR\n"
        );
        let reading = with_own(|own| classify(&read(mail.as_bytes()), own));
        let Kind::Calendar(meeting) = reading.kind else {
            panic!("{:?}", reading.kind);
        };
        assert_eq!(meeting.guests.len(), many.min(limits::GUESTS), "{many} guests");
    }
}

#[test]
fn the_bytes_of_a_calendar_part() {
    let ends = "END:VEVENT\nEND:VCALENDAR\n";
    let begins = "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260302T080000Z\n\
                  DTSTART:20260305T100000Z\nORGANIZER:mailto:li@acme.test\nATTENDEE:mailto:jo@acme.test\n";
    for (bytes, fits) in around(limits::CALENDAR) {
        // The last line names a guest, whom a part that is cut off has not.
        let last = "ATTENDEE:mailto:last@acme.test";
        let line = "X-NOTE:note\n";
        let room = bytes - begins.len() - last.len();
        let many = room / line.len();
        let pad = format!("X-PAD:{}\n", "x".repeat(room - (many - 2) * line.len() - 7));
        let part = format!("{begins}{}{pad}{last}", line.repeat(many - 2));
        assert_eq!(part.len(), bytes);
        let mail = format!("{HEAD}Content-Type: text/calendar; method=REQUEST\n\n{part}\n{ends}");
        let reading = with_own(|own| classify(&read(mail.as_bytes()), own));
        let seen = match &reading.kind {
            Kind::Calendar(meeting) => meeting.guests.iter().any(|guest| guest.as_str() == "last@acme.test"),
            _ => false,
        };
        assert_eq!(seen, fits, "{bytes} bytes");
    }
}
