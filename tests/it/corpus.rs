//! Mails written for this project, read and judged; and mails that mean harm.
//!
//! `tests/corpus/<what>/<name>.eml` is a mail, `<name>.expected` what is read in it. `{reply:42}`, `{bounce:7}`,
//! `{opt-out:42}`, `{command:42}`, `{digest:7}` and `{enroll:outbound}` stand for addresses of the test house. After a
//! change that is meant: `UPDATE_EXPECT=1 cargo test --test it corpus::`, and read the difference.

use cadence::mail::authenticity::{Standing, standing};
use cadence::mail::classify::{Kind, Own, Reading, Trust, classify};
use cadence::mail::forward;
use cadence::mail::read::{Mail, read};
use cadence::model::{
    Address, BotAddress, CadenceName, EnrollmentId, Key, LetterId, Purpose, Rep, Signal, Token, limits,
};
use expect_test::expect_file;
use proptest::prelude::*;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The house of all tests: bot, two reps, an alias, a border.
struct House {
    bot: BotAddress,
    aliases: Vec<(Address, CadenceName)>,
    domains: Vec<String>,
    reps: Vec<Rep>,
    trust: Trust,
}

impl House {
    fn new() -> Self {
        let rep = |text: &str, name: &str| Rep {
            address: address(text),
            name: name.to_owned(),
            zone: jiff::tz::TimeZone::UTC,
            zone_name: "UTC".to_owned(),
            digest_at: jiff::civil::time(8, 0, 0, 0),
            code_turn: 0,
            daily_cap: None,
            signature: None,
            title: None,
            phone: None,
            calendar_link: None,
        };
        let inbound = CadenceName::parse("inbound").unwrap();
        Self {
            bot: BotAddress::new(address("cadence@reps.corp.test"), &Key::root(&[7; 32])),
            aliases: vec![(address("cadence-inbound@corp.test"), inbound)],
            domains: vec!["corp.test".to_owned(), "reps.corp.test".to_owned()],
            reps: vec![rep("ana@corp.test", "Ana Silva"), rep("ben@corp.test", "Ben Ito")],
            trust: Trust {
                authserv_ids: vec!["mx.corp.test".to_owned()],
                border: vec!["mx.corp.test".to_owned()],
                strict: false,
                microsoft: false,
                dkim: false,
            },
        }
    }

    fn own(&self) -> Own<'_> {
        Own {
            bot: &self.bot,
            aliases: &self.aliases,
            domains: &self.domains,
            reps: &self.reps,
            lead_sources: &[],
            trust: &self.trust,
        }
    }

    /// A mail with the addresses of this house put in.
    fn fill(&self, mail: &str) -> String {
        let outbound = CadenceName::parse("outbound").unwrap();
        let enroll = self.bot.for_enrolling(&outbound, &self.reps[0].address, 0);
        [
            ("{reply:42}", self.bot.for_reply(EnrollmentId(42))),
            ("{bounce:7}", self.bot.for_bounce(LetterId(7))),
            ("{opt-out:42}", self.bot.for_opt_out(EnrollmentId(42))),
            ("{command:42}", self.bot.for_command(EnrollmentId(42))),
            ("{digest:7}", self.bot.for_digest(LetterId(7))),
            ("{enroll:outbound}", enroll),
        ]
        .iter()
        .fold(mail.to_owned(), |mail, (hole, address)| {
            mail.replace(hole, address.as_str())
        })
    }

    fn judge(&self, mail: &str) -> Reading {
        classify(&read(self.fill(mail).as_bytes()), &self.own())
    }
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

/// A reading as a rep could read it.
fn told(reading: &Reading, mail: &Mail) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            writeln!(out, "{name}: {value}").unwrap();
        }
    };
    line("kind", kind(&reading.kind));
    line("because", reading.because.clone());
    line("signal", reading.signal.as_ref().map(signal).unwrap_or_default());
    line("token", reading.token.map(token).unwrap_or_default());
    line("people", list(&reading.people));
    let about: Vec<_> = reading.about.iter().map(|id| id.as_str()).collect();
    line("about", about.join(", "));
    line(
        "letter",
        reading.letter.map(|letter| letter.to_string()).unwrap_or_default(),
    );
    line("status", reading.status.clone().unwrap_or_default());
    line("reason", reading.reason.unwrap_or_default().to_owned());
    line(
        "permanent",
        reading
            .permanent
            .map(|it| if it { "yes" } else { "no" }.to_owned())
            .unwrap_or_default(),
    );
    line("feedback type", reading.feedback_type.clone().unwrap_or_default());
    for failed in &reading.failed {
        let original = failed
            .original
            .as_ref()
            .map_or(String::new(), |it| format!(" for {it}"));
        let status = failed.status.as_deref().unwrap_or("-");
        let fate = if failed.permanent { "dead" } else { "soft" };
        line(
            "failed",
            format!("{}{original}, {status}, {}, {fate}", failed.address, failed.reason),
        );
    }
    if let Some(told) = &reading.auto_reply {
        let stand_in = told.stand_in.as_ref().map_or("-", Address::as_str);
        line("auto-reply", format!("{}, stand-in {stand_in}", told.sort.code()));
    }
    if let Some(meant) = &reading.intent {
        line("intent", format!("{:?}, {}", meant.intent, meant.because));
    }
    line("damage", mail.damage.join("; "));
    line("signature", reading.signature.replace('\n', " | "));
    out + "new text:\n" + &reading.new_text + "\n"
}

/// What is forwarded in a mail, and what was asked for above it.
fn forwarded(mail: &Mail, kind: &Kind, own: &Own<'_>) -> String {
    let Some(forward) = forward::read(mail, kind, own) else {
        return String::new();
    };
    let original = &forward.original;
    let mut out = "forwarded:\n".to_owned();
    let mut line = |name: &str, value: Option<&str>| writeln!(out, "  {name}: {}", value.unwrap_or("-")).unwrap();
    line("address", original.address.as_ref().map(Address::as_str));
    line("name", original.name.as_deref());
    line("date", original.date.as_deref());
    line("subject", original.subject.as_deref());
    line("id", original.message_id.as_ref().map(|id| id.as_str()));
    line("prospect", forward.prospect.as_ref().map(|it| it.address.as_str()));
    let wishes = &forward.wishes;
    line("cadence", wishes.cadence.as_ref().map(CadenceName::as_str));
    line("company", wishes.company.as_deref());
    line("start", wishes.start.map(|start| format!("{start:?}")).as_deref());
    line("note", Some(wishes.note.as_str()).filter(|note| !note.is_empty()));
    out
}

fn list(people: &[Address]) -> String {
    people.iter().map(Address::as_str).collect::<Vec<_>>().join(", ")
}

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::OwnCopy => "own copy".to_owned(),
        Kind::Bounce => "bounce".to_owned(),
        Kind::Delay => "delay".to_owned(),
        Kind::Delivered => "delivered".to_owned(),
        Kind::Complaint => "complaint".to_owned(),
        Kind::AboutTest => "about a test".to_owned(),
        Kind::OptOut => "opt-out".to_owned(),
        Kind::Calendar(meeting) => format!(
            "calendar: {}\n  organizer: {}\n  guests: {}\n  uid: {}, sequence {}, start {}",
            meeting.word(),
            meeting.organizer.as_ref().map_or("-", Address::as_str),
            list(&meeting.guests),
            meeting.uid,
            meeting.sequence,
            meeting.start.map_or("-".to_owned(), |start| start.to_string()),
        ),
        Kind::AutoReply => "auto-reply".to_owned(),
        Kind::HandOver(it) => {
            let names = |people: &[cadence::model::Correspondent]| {
                let name = |it: &cadence::model::Correspondent| {
                    format!("{} <{}>", it.name.as_deref().unwrap_or("-"), it.address)
                };
                people.iter().map(name).collect::<Vec<_>>().join(", ")
            };
            format!(
                "hand-over by {} to \"{}\"\n  prospects: {}\n  colleagues: {}\n  subject: {}\n  id: {}",
                it.rep,
                it.cadence.as_ref().map_or("-", CadenceName::as_str),
                names(&it.prospects),
                names(&it.colleagues),
                it.subject,
                it.message_id.as_ref().map_or("-", |id| id.as_str()),
            )
        }
        Kind::Commands { rep, commands } => {
            let mut out = format!("commands of {rep}");
            for command in commands {
                write!(out, "\n  \"{}\": {:?}", command.said, command.asked).unwrap();
            }
            out
        }
        Kind::Impostor { rep, why } => format!("impostor of {rep}: {why}"),
        Kind::Lead(lead) => format!("lead of {}: {}", lead.source, lead.address),
        Kind::LeadRefused { source, why } => format!("refused lead of {source}: {why}"),
        Kind::Reply => "reply".to_owned(),
        Kind::Bulk => "bulk".to_owned(),
    }
}

fn signal(signal: &Signal) -> String {
    match signal {
        Signal::Reply { from, maybe, .. } => {
            let from = from.as_ref().map_or("nobody", Address::as_str);
            format!("reply from {from}{}", if *maybe { ", maybe" } else { "" })
        }
        Signal::AutoReply { back: None } => "away, no day named".to_owned(),
        Signal::AutoReply { back: Some(day) } => format!("away, back on {day}"),
        Signal::Bounce { why, proven, .. } => {
            format!("bounce, {}: {why}", if *proven { "proven" } else { "not proven" })
        }
        Signal::Delay => "delay".to_owned(),
        Signal::Reported { name, .. } => format!("reported {name}"),
        Signal::Delivered => "delivered".to_owned(),
        Signal::Complaint { proven } => format!("complaint, {}", if *proven { "proven" } else { "not proven" }),
        Signal::OptOut { by } => format!("opt-out {}", by.word()),
        Signal::Calendar(meeting) => {
            let answer = meeting.answer.map_or("-", cadence::model::CalendarAnswer::code);
            format!("calendar {}, {answer}", meeting.method.code())
        }
    }
}

fn token(token: Token) -> String {
    format!("{:?} {}", token.purpose, token.object)
}

fn mails() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(root).unwrap() {
        let files = std::fs::read_dir(folder.unwrap().path()).unwrap();
        found.extend(files.map(|file| file.unwrap().path()));
    }
    found.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
    found.sort();
    found
}

#[test]
fn every_mail_of_the_corpus_is_read_as_it_is_meant() {
    let house = House::new();
    let mails = mails();
    assert!(mails.len() >= 40);
    for path in mails {
        let text = house.fill(&std::fs::read_to_string(&path).unwrap());
        let mail = read(text.as_bytes());
        let reading = classify(&mail, &house.own());
        let told = told(&reading, &mail) + &forwarded(&mail, &reading.kind, &house.own());
        expect_file![path.with_extension("expected")].assert_eq(&told);
    }
}

#[test]
fn line_ends_do_not_change_what_a_mail_is() {
    let house = House::new();
    for path in mails() {
        let text = house.fill(&std::fs::read_to_string(&path).unwrap());
        let crlf = text.replace('\n', "\r\n");
        let (one, two) = (read(text.as_bytes()), read(crlf.as_bytes()));
        assert_eq!(one.key, two.key, "{}", path.display());
        let told = |mail: &Mail| told(&classify(mail, &house.own()), mail);
        assert_eq!(told(&one), told(&two), "{}", path.display());
    }
}

/// A mail that says it is from Ana, to the bare address, with these fields on top and these under the border.
fn claim(above: &str, below: &str) -> String {
    format!(
        "{above}Received: from out.corp.test by mx.corp.test with ESMTPS; Mon, 2 Mar 2026 09:00:01 +0000\n\
         {below}From: Ana Silva <ana@corp.test>\nTo: cadence@reps.corp.test\nMessage-ID: <c@corp.test>\n\nhelp\n"
    )
}

fn is_rep(house: &House, mail: &str) -> bool {
    matches!(
        standing(&read(house.fill(mail).as_bytes()), &house.own()),
        Standing::Rep(_)
    )
}

#[test]
fn t02_only_results_of_our_own_border_count() {
    let house = House::new();
    let result = |value: &str| format!("Authentication-Results: {value}\n");
    let good = "mx.corp.test; dmarc=pass header.from=corp.test";
    for value in [
        good,
        "mx.corp.test; dkim=pass header.d=corp.test",
        "MX.Corp.Test; DMARC=Pass (p=reject) header.from=CORP.test",
        "mx.corp.test 1; dkim=pass reason=\"all; good\" header.d=corp.test header.i=@corp.test",
        "(c) mx.corp.test;\n\tspf=pass smtp.mailfrom=a@b.test;\n\tdmarc=pass\n header.from=corp.test",
        "mx.corp.test; dkim=none header.d=other.test; dmarc=pass header.from=corp.test",
    ] {
        assert!(is_rep(&house, &claim(&result(value), "")), "{value}");
        assert!(!is_rep(&house, &claim("", &result(value))), "under the border: {value}");
    }
    for value in [
        "mx.evil.test; dmarc=pass header.from=corp.test",
        "mx.corp.test.evil.test; dmarc=pass header.from=corp.test",
        "\"mx.corp.test evil\"; dmarc=pass header.from=corp.test",
        "mx.corp.test evil.test; dmarc=pass header.from=corp.test",
        "dmarc=pass header.from=corp.test",
        "mx.corp.test; none",
        "mx.corp.test",
        "mx.corp.test; spf=pass smtp.mailfrom=ana@corp.test",
        "mx.corp.test; dmarc=pass header.from=evil.test",
        "mx.corp.test; dmarc=pass",
        "mx.corp.test; dmarc=pass header.from=corp.test header.from=evil.test",
        "mx.corp.test; dkim=pass header.d=evil.test",
        "mx.corp.test; dkim=pass header.d=sub.corp.test",
        "mx.corp.test; dkim=pass header.i=@corp.test",
        "mx.corp.test; dkim=pass header.d=corp.test; dkim=fail header.d=corp.test",
        "mx.corp.test; dmarc=pass header.from=corp.test; dkim=fail header.d=corp.test",
        "mx.corp.test; dkim=pass header.d=corp.test; dmarc=fail header.from=corp.test",
        "mx.corp.test; dkim=pass header.d=corp.test; dkim=temperror header.d=corp.test",
        "mx.corp.test; (dmarc=pass header.from=corp.test)",
        "mx.corp.test; x=\"; dmarc=pass header.from=corp.test\"",
        "mx.corp.test; dmarc=pass (open header.from=corp.test",
        "mx.corp.test; dmarc==pass header.from=corp.test",
        "mx.corp.test; dmarc=passed header.from=corp.test",
        "mx.corp.test; arc=pass header.d=corp.test",
        "",
    ] {
        assert!(!is_rep(&house, &claim(&result(value), "")), "{value}");
    }
    // Two fields: the worst verdict counts, whichever stands first.
    let bad = "mx.corp.test; dmarc=fail header.from=corp.test";
    assert!(!is_rep(&house, &claim(&(result(good) + &result(bad)), "")));
    assert!(!is_rep(&house, &claim(&(result(bad) + &result(good)), "")));
    let many = result(good).repeat(limits::AUTH_RESULTS + 1);
    assert!(!is_rep(&house, &claim(&many, "")), "more than is read");
    let long = result(&format!("{good} ({})", "x".repeat(limits::AUTH_RESULT)));
    assert!(!is_rep(&house, &claim(&long, "")), "longer than is read");
}

#[test]
fn without_a_border_only_the_topmost_block_above_all_received_counts() {
    let mut house = House::new();
    house.trust.border.clear();
    let good = "Authentication-Results: mx.corp.test; dmarc=pass header.from=corp.test\n";
    let none = "Authentication-Results: mx.corp.test; none\n";
    assert!(is_rep(&house, &claim(good, "")));
    assert!(is_rep(
        &house,
        &claim(&format!("Return-Path: <a@b.test>\n{none}{good}"), "")
    ));
    assert!(
        !is_rep(&house, &claim(&format!("{none}X-Other: 1\n{good}"), "")),
        "apart from the block"
    );
    assert!(!is_rep(&house, &claim("", good)));
    house.trust.border = vec!["other.corp.test".to_owned()];
    assert!(!is_rep(&house, &claim(good, "")), "it never came over the border");
}

#[test]
fn an_id_may_be_left_out_only_where_that_is_configured() {
    let mut house = House::new();
    let mail = claim(
        "Authentication-Results: dkim=pass header.d=corp.test; dmarc=pass header.from=corp.test\n",
        "",
    );
    assert!(!is_rep(&house, &mail));
    house.trust.microsoft = true;
    assert!(is_rep(&house, &mail));
}

#[test]
fn t05_an_address_that_can_be_read_in_two_ways_proves_nothing() {
    let house = House::new();
    let from = |from: &str| {
        format!("Delivered-To: {{enroll:outbound}}\nFrom: {from}\nTo: li@acme.test\nMessage-ID: <x@y.test>\n\nHi")
    };
    for good in [
        "ana@corp.test",
        "<ana@corp.test>",
        "Ana Silva <ana@corp.test>",
        "\"Silva, Ana\" <ana@CORP.test>",
        "\"ana@corp.test\" <ana@corp.test>",
        "=?utf-8?q?Ana_S=C3=ADlva?= <Ana@corp.test>",
    ] {
        assert!(is_rep(&house, &from(good)), "{good}");
    }
    for bad in [
        "\"ana@corp.test x\"@evil.test",
        "\"ana@corp.test\" <evil@evil.test>",
        "ana@corp.test(evil.test)",
        "ana@corp.test (comment)",
        "<ana@corp.test>evil@evil.test",
        "<ana@corp.test> <evil@evil.test>",
        "ana@corp.test <evil@evil.test>",
        "evil@evil.test <ana@corp.test>",
        "evil: ana@corp.test;",
        "<@evil.test:ana@corp.test>",
        "ana@corp.test, evil@evil.test",
        "evil@evil.test, ana@corp.test",
        "=?utf-8?q?ana=40corp.test?=",
        "<=?utf-8?q?ana=40corp.test?=>",
        "ana@c\u{43e}rp.test",
        "ana@corp.test.",
        "ana@corp.test\u{202e}",
        "\u{202e}Ana <ana@corp.test>",
        "\"open <ana@corp.test>",
        "",
    ] {
        assert!(!is_rep(&house, &from(bad)), "{bad}");
    }
}

#[test]
fn what_a_code_and_a_token_are_worth() {
    let mut house = House::new();
    let to = |to: &str| format!("From: ana@corp.test\nTo: {to}\nMessage-ID: <x@y.test>\n\nstop");
    let with = |strict: bool, house: &mut House, mail: &str| {
        house.trust.strict = strict;
        is_rep(house, mail)
    };
    for (address, proves) in [
        ("{enroll:outbound}", true),
        ("{command:42}", true),
        ("{digest:7}", true),
        ("{reply:42}", false),
        ("{opt-out:42}", false),
        ("{bounce:7}", false),
        ("cadence@reps.corp.test", false),
        ("cadence-inbound@corp.test", false),
    ] {
        assert_eq!(with(false, &mut house, &to(address)), proves, "{address}");
        assert!(!with(true, &mut house, &to(address)), "strict: {address}");
    }
    house.reps[0].code_turn = 1;
    house.trust.strict = false;
    let old = "cadence+outbound.".to_owned() + &house.bot.code(&house.reps[0].address, 0) + "@reps.corp.test";
    assert!(!is_rep(&house, &to(&old)), "a rotated code");
    let mut stranger = to("{command:42}").replace("ana@corp.test", "li@acme.test");
    assert!(!is_rep(&house, &stranger), "a token in other hands");
    assert_eq!(
        (house.judge(&stranger).kind, house.judge(&stranger).token),
        (Kind::OptOut, None),
        "only for themselves"
    );
    stranger.insert_str(0, "From: ana@corp.test\n");
    assert!(!is_rep(&house, &stranger), "two From fields");
}

/// Everything that is read stays inside its bounds.
fn is_bounded(mail: &Mail) -> bool {
    mail.headers.len() <= limits::HEADER_FIELDS
        && mail.parts.len() <= limits::MIME_PARTS
        && mail.parts.iter().map(|part| part.text.len()).sum::<usize>() <= limits::TEXT_EXAMINED
        && mail.parts.iter().all(|part| part.depth <= limits::MIME_DEPTH + 1)
        && mail.references.len() <= limits::REFERENCES_READ
        && mail.recipients.len() <= limits::ADDRESSES
        && mail.to.len() <= limits::ADDRESSES
        && mail.subject.chars().count() <= limits::SUBJECT
}

/// A hostile mail still stops the enrollment of its token.
fn stops(house: &House, mail: &[u8]) -> Mail {
    let read = read(mail);
    let reading = classify(&read, &house.own());
    assert!(is_bounded(&read));
    let reply = Token {
        purpose: Purpose::Reply,
        object: 42,
    };
    assert_eq!(reading.token, Some(reply));
    assert!(
        matches!(reading.signal, Some(Signal::Reply { .. })),
        "{}",
        reading.because
    );
    read
}

const REPLY: &str = "From: li@acme.test\nTo: {reply:42}\nMessage-ID: <h@acme.test>\nSubject: Re: Hello\n";

#[test]
fn a_mail_of_50_mb_still_stops() {
    let house = House::new();
    let mut mail = house.fill(&format!("{REPLY}\n")).into_bytes();
    mail.resize(50 * 1024 * 1024, b'x');
    let read = stops(&house, &mail);
    assert!(read.damage.contains(&"it is larger than is read"));
}

#[test]
fn ten_thousand_nested_parts_still_stop() {
    let house = House::new();
    let mut mail = house.fill(&format!("{REPLY}Content-Type: multipart/mixed; boundary=b0\n\n"));
    for depth in 0..10_000 {
        let next = depth + 1;
        write!(mail, "--b{depth}\nContent-Type: multipart/mixed; boundary=b{next}\n\n").unwrap();
    }
    let read = stops(&house, mail.as_bytes());
    assert!(read.damage.contains(&"its parts are nested deeper than is read"));
    let mut matryoshka = house.fill(REPLY);
    matryoshka.push_str(&"Content-Type: message/rfc822\n\n".repeat(100_000));
    stops(&house, matryoshka.as_bytes());
}

#[test]
fn a_hundred_thousand_parts_still_stop() {
    let house = House::new();
    let mail =
        house.fill(&format!("{REPLY}Content-Type: multipart/mixed; boundary=b\n\n")) + &"--b\n\n".repeat(100_000);
    let read = stops(&house, mail.as_bytes());
    assert!(read.damage.contains(&"it has more parts than are read"));
}

#[test]
fn two_hundred_thousand_fields_still_stop() {
    let house = House::new();
    let head = house.fill(REPLY);
    let read = stops(
        &house,
        (head.clone() + &"X-Y: z\n".repeat(200_000) + "\nYes").as_bytes(),
    );
    assert!(read.damage.contains(&"its header is longer than is read"));
    assert_eq!(read.text, "Yes");
    let references = format!("References: {}\n", "<a@b.test> ".repeat(200_000));
    stops(&house, (head.clone() + &references + "\nYes").as_bytes());
    let crowd = format!(
        "Cc: {}\n",
        (0..200_000).map(|n| format!("p{n}@acme.test, ")).collect::<String>()
    );
    stops(&house, (head + &crowd + "\nYes").as_bytes());
}

#[test]
fn a_second_from_field_behind_the_bound_proves_nobody() {
    let house = House::new();
    let mail = "Delivered-To: {enroll:outbound}\nFrom: ana@corp.test\nTo: li@acme.test\nMessage-ID: <x@y.test>\n"
        .to_owned()
        + &"X-Y: z\n".repeat(2_000)
        + "From: evil@evil.test\n\nHi";
    assert!(matches!(house.judge(&mail).kind, Kind::Impostor { .. }));
}

#[test]
fn a_mail_without_anything_is_read_all_the_same() {
    let house = House::new();
    for mail in [
        "",
        "\n",
        "\n\nHello",
        "From:\nTo:\n\n",
        ":\n\n",
        "Subject: x",
        "\u{0}\u{0}\u{0}",
    ] {
        let reading = house.judge(mail);
        assert!(reading.people.is_empty() && reading.token.is_none(), "{mail:?}");
        assert!(
            matches!(
                reading.signal,
                Some(Signal::Reply {
                    from: None,
                    maybe: true,
                    ..
                })
            ),
            "{mail:?}"
        );
    }
}

#[test]
fn hostile_reports_name_few_people() {
    let house = House::new();
    let mut mail = "From: mailer-daemon@acme.test\nReturn-Path: <>\nTo: {bounce:7}\nMessage-ID: <x@y.test>\n\
        Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        .to_owned();
    for n in 0..20_000 {
        write!(
            mail,
            "Final-Recipient: rfc822; p{n}@acme.test\nAction: failed\nStatus: 5.1.1\n\n"
        )
        .unwrap();
    }
    let reading = house.judge(&mail);
    assert_eq!(reading.kind, Kind::Bounce);
    assert!(reading.people.len() <= limits::REPORTED);
}

/// One change that a broken server, a virus scanner or a villain makes to a mail.
#[derive(Debug, Clone)]
enum Change {
    Byte(usize, u8),
    Cut(usize),
    Drop(usize, usize),
    Twice(usize, usize),
    Insert(usize, Vec<u8>),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let at = any::<usize>();
    let morsel = prop::sample::select(vec![
        "\r\n",
        "\n\n",
        "--",
        "=?utf-8?b?",
        "?=",
        "<",
        ">",
        "\"",
        "(",
        "\\",
        "@",
        ";",
        "=",
        "\0",
        "\u{202e}",
        "From: ana@corp.test\n",
        "Content-Type: multipart/report; boundary=b\n",
        "Content-Transfer-Encoding: base64\n",
        "<blockquote>",
        "&#x",
        "🦀",
    ]);
    let change = prop_oneof![
        (at, any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        at.prop_map(Change::Cut),
        (at, 0..200_usize).prop_map(|(at, length)| Change::Drop(at, length)),
        (at, 0..200_usize).prop_map(|(at, length)| Change::Twice(at, length)),
        (at, morsel).prop_map(|(at, morsel)| Change::Insert(at, morsel.as_bytes().to_vec())),
    ];
    prop::collection::vec(change, 1..8)
}

fn changed(mut mail: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let size = mail.len().max(1);
        let range = |at: usize, length: usize| at % size..(at % size + length).min(mail.len());
        match change {
            Change::Byte(at, byte) => {
                if let Some(here) = mail.get_mut(at % size) {
                    *here = *byte;
                }
            }
            Change::Cut(at) => mail.truncate(at % size),
            Change::Drop(at, length) => {
                mail.drain(range(*at, *length).start.min(mail.len())..range(*at, *length).end);
            }
            Change::Twice(at, length) => {
                let piece = mail.get(range(*at, *length)).unwrap_or_default().to_vec();
                let at = (at % size).min(mail.len());
                mail.splice(at..at, piece);
            }
            Change::Insert(at, piece) => {
                let at = (at % size).min(mail.len());
                mail.splice(at..at, piece.iter().copied());
            }
        }
    }
    mail
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn no_change_to_a_mail_makes_reading_panic_or_grow(nth in any::<prop::sample::Index>(), changes in changes()) {
        let house = House::new();
        let mails = mails();
        let text = house.fill(&std::fs::read_to_string(nth.get(&mails)).unwrap());
        let mail = read(&changed(text.into_bytes(), &changes));
        prop_assert!(is_bounded(&mail));
        let reading = classify(&mail, &house.own());
        prop_assert!(reading.new_text.len() <= limits::TEXT_EXAMINED);
        prop_assert!(!reading.because.is_empty() && !reading.because.contains('\n'));
        if let Some(forward) = forward::read(&mail, &reading.kind, &house.own()) {
            prop_assert!(forward.original.subject.unwrap_or_default().chars().count() <= limits::SUBJECT);
            prop_assert!(forward.wishes.note.len() <= limits::NEW_TEXT);
        }
    }

    #[test]
    fn no_change_to_an_impostors_mail_makes_it_a_reps(nth in any::<prop::sample::Index>(), changes in changes()) {
        let house = House::new();
        // Without a code and without a trusted result nothing can be proven, whatever else the mail says.
        let mails: Vec<String> = mails()
            .into_iter()
            .filter(|path| path.components().any(|it| it.as_os_str() == "impostor"))
            .map(|path| std::fs::read_to_string(path).unwrap())
            .filter(|mail| !mail.contains("Authentication-Results"))
            .map(|mail| mail.replace("{enroll:outbound}", "cadence+outbound.aaaaaaaaaaaa@reps.corp.test"))
            .collect();
        let mail = read(&changed(nth.get(&mails).clone().into_bytes(), &changes));
        prop_assert!(!matches!(standing(&mail, &house.own()), Standing::Rep(_)));
        let kind = classify(&mail, &house.own()).kind;
        let trusted = matches!(kind, Kind::HandOver(_) | Kind::Commands { .. });
        prop_assert!(!trusted);
    }

    #[test]
    fn any_bytes_are_a_mail(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let house = House::new();
        let mail = read(&bytes);
        prop_assert!(is_bounded(&mail));
        prop_assert!(!classify(&mail, &house.own()).because.is_empty());
    }
}
