//! How fast letters leave, as a ratio to what Postfix' own load generator reaches in the same run.
//!
//! `cargo bench --bench send` starts `smtp-sink` on loopback and lets four senders send to it in turn (A B C D A B …), 20
//! sessions and mails of 4 KB each, and prints the medians. Sink and generator come from Debian's `postfix`.
//!
//! | line | what it is |
//! |---|---|
//! | smtp-source | the generator alone: what this machine can do at best, 1.00 by definition |
//! | outbox, gate always open | the SMTP client alone |
//! | outbox, gate is a group commit | the same, with one fdatasync between the 354 and the content, shared by who waits |
//! | the deliver round | the real thing: a database in a file, claim, `sending` committed after the 354, what the server said and what follows for the enrollment committed after it |
//! | the deliver round, no relay | the same with a relay in memory that takes everything at once: what the ledger alone can do |
//!
//! Beside each rate stands what this process spent on a mail, in microseconds of processor time: on a machine that does other
//! things as well it says more than the rate. `cargo bench --bench send -- ledger` measures the last line alone.
//!
//! Read the ratio, not the rate: the rate is this machine's, and whatever else it does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs
)]

mod house;

use cadence::model::{Address, Letter, LetterClass, LetterId, MessageId, Receipt};
use cadence::outbox::Outbox;
use cadence::outbox::smtp::{Security, Settings};
use cadence::service::deliver;
use cadence::store::Store;
use jiff::Timestamp;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Sessions at once, on both sides.
const SESSIONS: usize = 20;
/// Mails in one turn; with all turns together at most 30,000.
const MAILS: usize = 1_000;
/// Turns of each side; the first of each is to warm up and not counted.
const TURNS: usize = 6;
/// Octets of a mail.
const OCTETS: usize = 4_096;

fn main() {
    if std::env::args().any(|word| word == "ledger") {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        for _ in 0..TURNS {
            let (rate, groups, spent) = runtime.block_on(the_round(Outbox::memory(), 5 * MAILS));
            println!("{rate:>8.0} mails/s   {spent:>4.0} µs a mail   {groups} fsyncs");
        }
        return;
    }
    let (Some(sink), Some(source)) = (program("smtp-sink"), program("smtp-source")) else {
        println!("smtp-sink and smtp-source are not here; they come with the package postfix");
        return;
    };
    let sink = Sink::start(&sink);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut rates: [Vec<f64>; 5] = Default::default();
    let mut costs: [Vec<f64>; 5] = Default::default();
    let mut groups = 0;
    for turn in 0..TURNS {
        let real = runtime.block_on(the_round(Outbox::smtp(settings(sink.port)), MAILS));
        let alone = runtime.block_on(the_round(Outbox::memory(), MAILS));
        let now = [
            (theirs(&source, sink.port), 0.0),
            runtime.block_on(ours(sink.port, || async { true })),
            runtime.block_on(async {
                let ledger = Ledger::start();
                ours(sink.port, move || ledger.clone().commit()).await
            }),
            (real.0, real.2),
            (alone.0, alone.2),
        ];
        groups = real.1;
        if turn > 0 {
            rates
                .iter_mut()
                .zip(now)
                .for_each(|(rates, (rate, _))| rates.push(rate));
            costs
                .iter_mut()
                .zip(now)
                .for_each(|(costs, (_, cost))| costs.push(cost));
        }
    }
    let [theirs, open, grouped, real, alone] = rates.map(median);
    let [_, open_cost, grouped_cost, real_cost, alone_cost] = costs.map(mean);
    println!(
        "{SESSIONS} sessions, mails of {OCTETS} octets, medians of {} turns of {MAILS} mails",
        TURNS - 1
    );
    println!("smtp-source                    {theirs:>8.0} mails/s");
    for (name, rate, cost) in [
        ("outbox, gate always open", open, open_cost),
        ("outbox, gate is a group commit", grouped, grouped_cost),
        ("the deliver round", real, real_cost),
        ("the deliver round, no relay", alone, alone_cost),
    ] {
        let ratio = rate / theirs;
        println!("{name:<30} {rate:>8.0} mails/s   ratio {ratio:.2}   {cost:>4.0} µs a mail");
    }
    println!("the deliver round made {MAILS} mails durable three times each with {groups} fsyncs");
}

/// Mails a second by the deliver round, every one with its enrollment, in a database of their own; how many fsyncs they
/// shared, and the processor's microseconds a mail.
async fn the_round(outbox: Outbox, mails: usize) -> (f64, u64, f64) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let store = Store::open(&folder.path().join("cadence.db")).await.unwrap();
    let begun = Timestamp::now();
    house::enroll_sending(&store, mails, begun, &letter().bytes).await;
    // What was prepared is carried into the file now, not while it is measured.
    store.checkpoint().await.unwrap();
    let bot = house::bot(store, outbox);
    let (before, spent) = (bot.store.groups(), spent());
    let started = Instant::now();
    let mut sent = 0;
    while sent < mails {
        bot.barrier.finished(bot.clock.now());
        let done = deliver::round(&bot).await.unwrap().done;
        assert!(done > 0, "{sent} of {mails} letters were ready");
        sent += done;
    }
    let (rate, groups) = (rate(mails, started), bot.store.groups() - before);
    let cost = micros(spent, mails);
    let counts = bot.store.counts().await.unwrap();
    assert_eq!(counts.letters, [("sent".to_owned(), mails as i64)], "all were sent");
    bot.outbox.close().await;
    (rate, groups, cost)
}

/// Processor time of this process so far, in the ticks of 10 ms that `/proc` counts in.
fn spent() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the name in brackets; utime and stime are the 14th and 15th of all.
    let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
    fields
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum()
}

/// Microseconds a mail since then.
fn micros(since: u64, mails: usize) -> f64 {
    (spent() - since) as f64 * 10_000.0 / mails as f64
}

/// A stand-in for a store: whoever waits together shares one fdatasync.
#[derive(Clone)]
struct Ledger(mpsc::Sender<oneshot::Sender<()>>);

impl Ledger {
    fn start() -> Self {
        let (sender, mut waiting) = mpsc::channel::<oneshot::Sender<()>>(1_000);
        let mut file = tempfile::tempfile_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        tokio::task::spawn_blocking(move || {
            while let Some(first) = waiting.blocking_recv() {
                let mut group = vec![first];
                while let Ok(next) = waiting.try_recv() {
                    group.push(next);
                }
                file.write_all(&[0; 256]).unwrap();
                file.sync_data().unwrap();
                for one in group {
                    one.send(()).ok();
                }
            }
        });
        Self(sender)
    }

    async fn commit(self) -> bool {
        let (done, wait) = oneshot::channel();
        self.0.send(done).await.is_ok() && wait.await.is_ok()
    }
}

/// Mails a second by smtp-source, which keeps its sessions open (`-d`).
fn theirs(source: &str, port: u16) -> f64 {
    let started = Instant::now();
    let status = Command::new(source)
        .args(["-d", "-s", &SESSIONS.to_string(), "-m", &MAILS.to_string()])
        .args(["-l", &OCTETS.to_string(), "-f", "bot@corp.test", "-t", "li@acme.test"])
        .arg(format!("127.0.0.1:{port}"))
        .status()
        .unwrap();
    assert!(status.success(), "smtp-source failed");
    rate(MAILS, started)
}

/// Mails a second by the outbox, every one through `gate`, and the processor's microseconds a mail.
async fn ours<G, F>(port: u16, gate: G) -> (f64, f64)
where
    G: Fn() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = bool> + Send + 'static,
{
    let outbox = Outbox::smtp(settings(port));
    let letter = Arc::new(letter());
    let left = Arc::new(AtomicUsize::new(MAILS));
    let spent = spent();
    let started = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..SESSIONS {
        let (outbox, letter, left, gate) = (outbox.clone(), Arc::clone(&letter), Arc::clone(&left), gate.clone());
        workers.spawn(async move {
            while left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                .is_ok()
            {
                let receipt = outbox.send(&letter, &gate).await;
                assert!(matches!(receipt, Receipt::Sent(_)), "{receipt:?}");
            }
        });
    }
    while let Some(done) = workers.join_next().await {
        done.unwrap();
    }
    let measured = (rate(MAILS, started), micros(spent, MAILS));
    outbox.close().await;
    measured
}

fn settings(port: u16) -> Settings {
    Settings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        login: None,
        ca_file: None,
        name: "bot.corp.test".to_owned(),
        connections: SESSIONS,
    }
}

fn letter() -> Letter {
    let line = "Good morning, Li, this is a line as a rep would write one, more or less.\r\n";
    let head = "From: Ana <ana@corp.test>\r\nTo: li@acme.test\r\nSubject: Re: Hello\r\n\r\n";
    let body = line.repeat((OCTETS - head.len()) / line.len());
    Letter {
        id: LetterId(1),
        class: LetterClass::Step,
        touch: None,
        rep: Address::parse("ana@corp.test").unwrap(),
        envelope_from: Address::parse("bot@corp.test").ok(),
        to: Address::parse("li@acme.test").unwrap(),
        message_id: MessageId::parse("c.1@corp.test").unwrap(),
        bytes: format!("{head}{body}").into_bytes(),
        not_before: Timestamp::UNIX_EPOCH,
    }
}

fn rate(mails: usize, started: Instant) -> f64 {
    mails as f64 / started.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or(f64::NAN)
}

fn mean(costs: Vec<f64>) -> f64 {
    costs.iter().sum::<f64>() / costs.len() as f64
}

/// Where a program lies; Debian keeps these outside an ordinary user's path.
fn program(name: &str) -> Option<String> {
    let places = ["/usr/sbin/", "/usr/local/sbin/", "/usr/bin/"];
    places
        .iter()
        .map(|place| format!("{place}{name}"))
        .find(|path| Path::new(path).exists())
}

/// A running smtp-sink, stopped when dropped.
struct Sink {
    child: Child,
    port: u16,
}

impl Sink {
    fn start(program: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let id = Command::new("id").arg("-u").output().unwrap().stdout;
        let mut command = Command::new(program);
        if id.starts_with(b"0\n") {
            // It refuses to run as root.
            command.args(["-u", "nobody"]);
        }
        command
            .arg(format!("127.0.0.1:{port}"))
            .arg("1000")
            .stdout(Stdio::null());
        let sink = Self {
            child: command.spawn().unwrap(),
            port,
        };
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "smtp-sink does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
        sink
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
