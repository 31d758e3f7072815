//! How long it takes to read a folder again whose server numbered all mails anew.
//!
//! `cargo bench --bench renumbered [MAILS]` lays that many mails (100,000 unless told) into the INBOX of a private Dovecot, lets
//! the bot take them in over IMAP and TLS, puts the same mails back as a restored mailbox has them, under a new
//! UIDVALIDITY, and lets the bot read the folder again. Told are both times, the memory of the process, and how many mails were
//! taken for new the second time, which must be none. Beside it a bare client pulls the headers, and the whole mails.
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

use cadence::inbox::{Inbox, Watermark, imap};
use cadence::outbox::Outbox;
use cadence::service::{Bot, intake};
use cadence::store::Store;
use servers::{MailHost, SECRET};
use std::path::Path;
use std::time::Instant;

const USER: &str = "cadence@reps.test";

#[tokio::main]
async fn main() {
    let many: usize = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(100_000);
    let host = MailHost::mailbox();
    let home = host.folder().join("mail").join(USER);
    lay(&home, many);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = Store::open(&folder.path().join("cadence.db")).await.unwrap();
    let bot = house::bot(store, Outbox::memory());

    let (pulled, bare) = pull(&host, many).await;
    println!("bare client: {bare:.0} headers/s, {pulled:.0} whole mails/s");
    let first = read(&bot, &host, "first reading").await;
    println!(
        "  {:.0} mails/s = {:.2} of the bare pull",
        many as f64 / first,
        many as f64 / first / pulled
    );
    let before = bot.store.counts().await.unwrap().mails;

    // The mailbox as it was restored: all mails in INBOX again, and none of the server's numbers.
    std::fs::remove_dir_all(&home).unwrap();
    lay(&home, many);
    let again = read(&bot, &host, "reading again").await;
    println!(
        "  {:.0} mails/s = {:.2} of the bare pull of headers",
        many as f64 / again,
        many as f64 / again / bare
    );
    let after = bot.store.counts().await.unwrap().mails;
    assert_eq!(before, after, "nothing was taken for new");
    println!("taken for new: 0; memory at most: {} MiB", most_memory());
}

/// Reads until nothing is left; how many seconds that took.
async fn read(bot: &Bot, host: &MailHost, what: &str) -> f64 {
    let mut inbox = Inbox::imap(settings(host));
    let began = Instant::now();
    let mut looked = None;
    loop {
        let progress = intake::round(bot, &mut inbox).await.unwrap();
        looked.get_or_insert(began.elapsed());
        if progress.wake.is_none() {
            break;
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let first = looked.unwrap_or_default().as_secs_f64();
    println!(
        "{what}: {seconds:.1} s (first round {first:.1} s), memory {} MiB",
        memory("VmRSS")
    );
    seconds
}

/// Whole mails and headers a second that a bare client gets.
async fn pull(host: &MailHost, many: usize) -> (f64, f64) {
    let mut inbox = Inbox::watched(settings(host));
    let mut after = Watermark::default();
    let began = Instant::now();
    let mut got = 0;
    loop {
        let fetched = inbox.fetch("INBOX", after).await.unwrap();
        got += fetched.mails.len();
        after = fetched.watermark;
        if !fetched.more {
            break;
        }
    }
    assert_eq!(got, many);
    let whole = got as f64 / began.elapsed().as_secs_f64();
    let began = Instant::now();
    let extent = inbox.extent("INBOX", Watermark::default()).await.unwrap();
    let (mut below, mut got) = (extent.highest + 1, 0);
    while below > 1 {
        let window = inbox.heads("INBOX", &extent, 0, below).await.unwrap();
        got += window.heads.len();
        below = window.down_to;
    }
    assert_eq!(got, many);
    (whole, got as f64 / began.elapsed().as_secs_f64())
}

fn settings(host: &MailHost) -> imap::Settings {
    imap::Settings {
        host: "localhost".to_owned(),
        port: host.imaps_port(),
        security: imap::Security::Tls,
        user: USER.to_owned(),
        secret: SECRET.to_owned().into(),
        folders: vec!["INBOX".to_owned()],
        sent: None,
        ca_file: Some(host.ca_file()),
    }
}

/// Lays mails of about 4 KiB into a Maildir.
fn lay(home: &Path, many: usize) {
    let text = "A line of text that somebody wrote about nothing in particular.\r\n".repeat(55);
    house::lay(home, many, |nth| {
        format!(
            "Return-Path: <x{nth}@else.test>\r\nDelivered-To: {USER}\r\nReceived: from mx by mx.reps.test; Mon, 2 Mar 2026 09:00:00 +0000\r\n\
             From: Somebody <x{nth}@else.test>\r\nTo: <{USER}>\r\nSubject: Mail {nth}\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\
             Message-ID: <{nth}@else.test>\r\nReferences: <a{nth}@else.test> <b{nth}@else.test>\r\n\r\n{text}"
        )
    });
}

fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap_or_default();
    let kilobytes = line.split_whitespace().nth(1).and_then(|word| word.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}

fn most_memory() -> u64 {
    memory("VmHWM")
}
