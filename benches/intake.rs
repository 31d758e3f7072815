//! How fast a mailbox is taken in, as a ratio to what a program that does nothing with its mails gets of the same server.
//!
//! `cargo bench --bench intake [MAILS]` lays that many mails (5,000 unless told; 7 KB each) into the INBOX of a private Dovecot and
//! reads them twice: once raw, by `UID FETCH` in batches of 500 that are read and thrown away, and once by the bot, which
//! recognises, reads, judges and decides each, commits what it means durably, and files it. Both speak plain IMAP on loopback.
//! One mail in twenty is the answer of an enrolled prospect: it pauses the enrollment and is passed on to the rep.
//!
//! Filing moves each mail into another folder on the server, which the raw pull does not; what that alone costs is told too.
//! Beside each rate stands the processor time of this process, in microseconds a mail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs
)]

mod house;
#[path = "../tests/servers/mod.rs"]
mod servers;

use cadence::inbox::{Filing, Inbox, Watermark, imap};
use cadence::outbox::Outbox;
use cadence::service::intake;
use cadence::store::Store;
use jiff::{SignedDuration, Timestamp};
use servers::{MailHost, SECRET};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;

const USER: &str = "cadence@reps.test";
/// Mails laid anew and read so often; the first time is to warm up and not counted.
const TURNS: usize = 4;
/// One mail of so many is the answer of a prospect.
const ANSWERS: usize = 20;

#[tokio::main]
async fn main() {
    let many: usize = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(5_000);
    let (mut raws, mut ours, mut moves) = (Vec::new(), Vec::new(), Vec::new());
    let mut cost = 0.0;
    for turn in 0..TURNS {
        // A mailbox of its own each time: what was filed before makes no folder longer.
        let host = MailHost::mailbox();
        let home = host.folder().join("mail").join(USER);
        lay(&home, many);
        let raw = pull(host.imap_port(), many);
        let (own, spent) = take_in(&host, many).await;
        std::fs::remove_dir_all(&home).unwrap();
        lay(&home, many);
        let moved = only_file(&host, many).await;
        println!(
            "turn {turn}: raw {raw:.0}, taken in {own:.0} (ratio {:.2}), only filed {moved:.0} mails/s",
            own / raw
        );
        if turn > 0 {
            raws.push(raw);
            ours.push(own);
            moves.push(moved);
            cost += spent / (TURNS - 1) as f64;
        }
    }
    let ratio = median(ours.iter().zip(&raws).map(|(own, raw)| own / raw).collect());
    println!("{many} mails of 7 KB, medians of {} turns", TURNS - 1);
    println!("raw pull                {:>8.0} mails/s", median(raws));
    println!("only fetched and filed  {:>8.0} mails/s", median(moves));
    println!(
        "taken in                {:>8.0} mails/s   ratio {ratio:.2}   {cost:.0} µs a mail",
        median(ours)
    );
}

/// Mails a second by the intake round, and the processor's microseconds a mail.
async fn take_in(host: &MailHost, many: usize) -> (f64, f64) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = Store::open(&folder.path().join("cadence.db")).await.unwrap();
    let now = Timestamp::now();
    house::enroll_waiting(&store, many / ANSWERS, now, now + SignedDuration::from_hours(500)).await;
    store.checkpoint().await.unwrap();
    let bot = house::bot(store, Outbox::memory());
    let mut inbox = Inbox::imap(settings(host));
    let (began, spent) = (Instant::now(), spent());
    let mut done = 0;
    while done < many {
        let progress = intake::round(&bot, &mut inbox).await.unwrap();
        assert!(progress.done > 0, "{done} of {many} mails were taken in");
        done += progress.done;
    }
    let rate = many as f64 / began.elapsed().as_secs_f64();
    let cost = (self::spent() - spent) as f64 * 10_000.0 / many as f64;
    let counts = bot.store.counts().await.unwrap();
    let mails: i64 = counts.mails.iter().map(|(_, many)| many).sum();
    assert_eq!(mails, many as i64, "{:?}", counts.mails);
    let paused = counts.enrollments.iter().find(|(name, _)| name == "paused");
    assert_eq!(
        paused.map_or(0, |(_, many)| *many),
        (many / ANSWERS) as i64,
        "every answer pauses"
    );
    (rate, cost)
}

/// Mails a second that are only fetched and filed, by the same client.
async fn only_file(host: &MailHost, many: usize) -> f64 {
    let mut inbox = Inbox::imap(settings(host));
    let began = Instant::now();
    let (mut after, mut done) = (Watermark::default(), 0);
    while done < many {
        let fetched = inbox.fetch("INBOX", after).await.unwrap();
        let places: Vec<_> = fetched.mails.iter().map(|raw| raw.place.clone()).collect();
        inbox.file("INBOX", &places, Filing::Unmatched).await.unwrap();
        done += fetched.mails.len();
        after = fetched.watermark;
    }
    many as f64 / began.elapsed().as_secs_f64()
}

/// Mails a second by a client that reads what a server sends and looks at nothing but the lengths.
fn pull(port: u16, many: usize) -> f64 {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut to = stream.try_clone().unwrap();
    let mut from = BufReader::with_capacity(64 * 1024, stream);
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line).unwrap();
    let mut ask = |command: String| -> usize {
        to.write_all(format!("a {command}\r\n").as_bytes()).unwrap();
        let (mut mails, mut literal) = (0, Vec::new());
        loop {
            line.clear();
            assert!(from.read_until(b'\n', &mut line).unwrap() > 0, "the server went away");
            if line.starts_with(b"a ") {
                assert!(line.starts_with(b"a OK"), "{}", String::from_utf8_lossy(&line));
                return mails;
            }
            let text = String::from_utf8_lossy(&line);
            let length = text.trim_end().strip_suffix('}').and_then(|text| text.rsplit_once('{'));
            if let Some(length) = length.and_then(|(_, digits)| digits.parse::<usize>().ok()) {
                literal.resize(length, 0);
                from.read_exact(&mut literal).unwrap();
                mails += 1;
            }
        }
    };
    ask(format!("LOGIN {USER} {SECRET}"));
    ask("EXAMINE INBOX".to_owned());
    let began = Instant::now();
    let mut got = 0;
    for first in (1..=many).step_by(500) {
        got += ask(format!("UID FETCH {first}:{} (UID BODY.PEEK[])", first + 499));
    }
    assert_eq!(got, many);
    many as f64 / began.elapsed().as_secs_f64()
}

fn settings(host: &MailHost) -> imap::Settings {
    imap::Settings {
        host: "127.0.0.1".to_owned(),
        port: host.imap_port(),
        security: imap::Security::None,
        user: USER.to_owned(),
        secret: SECRET.to_owned().into(),
        folders: vec!["INBOX".to_owned()],
        sent: None,
        ca_file: None,
    }
}

/// Lays mails of about 7 KB; one of each [`ANSWERS`] is a prospect's answer to the rep's first mail.
fn lay(home: &Path, many: usize) {
    let text = "A line of text that somebody wrote about nothing in particular.\r\n".repeat(100);
    house::lay(home, many, |nth| {
        let (from, references) = if nth % ANSWERS == 0 {
            let person = nth / ANSWERS;
            (house::person(person).to_string(), format!("<first.{person}@corp.test>"))
        } else {
            (format!("x{nth}@else.test"), format!("<a{nth}@else.test>"))
        };
        format!(
            "Return-Path: <{from}>\r\nDelivered-To: {USER}\r\nReceived: from mx by mx.reps.test; Mon, 2 Mar 2026 09:00:00 +0000\r\n\
             From: Somebody <{from}>\r\nTo: <{USER}>\r\nSubject: Re: Mail {nth}\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\
             Message-ID: <{nth}@else.test>\r\nIn-Reply-To: {references}\r\nReferences: {references}\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{text}"
        )
    });
}

/// Processor time of this process so far, in the ticks of 10 ms that `/proc` counts in.
fn spent() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    let ticks = fields.split(' ').skip(11).take(2);
    ticks.filter_map(|field| field.parse::<u64>().ok()).sum()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or(f64::NAN)
}
