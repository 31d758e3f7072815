//! How fast letters leave, as a ratio to what Postfix' own load generator reaches in the same run.
//!
//! `cargo bench --bench send` starts `smtp-sink` on loopback and lets `smtp-source` and the SMTP outbox send to it in
//! turn (A B A B …), 20 sessions and mails of 4 KB each, and prints the medians. Both come from Debian's `postfix`.
//! The gate is an argument of [`ours`]: what it costs between the 354 and the content is what a store costs.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

use cadence::model::{Address, Letter, LetterClass, LetterId, MessageId, Receipt};
use cadence::outbox::Outbox;
use cadence::outbox::smtp::{Security, Settings};
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
/// Mails in one turn; with all turns together at most 20,000.
const MAILS: usize = 1_100;
/// Turns of each side; the first of each is to warm up and not counted.
const TURNS: usize = 6;
/// Octets of a mail.
const OCTETS: usize = 4_096;

fn main() {
    let (Some(sink), Some(source)) = (program("smtp-sink"), program("smtp-source")) else {
        println!("smtp-sink and smtp-source are not here; they come with the package postfix");
        return;
    };
    let sink = Sink::start(&sink);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut theirs_rates, mut ours_rates, mut gated_rates) = (Vec::new(), Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let rates = (
            theirs(&source, sink.port),
            runtime.block_on(ours(sink.port, || async { true })),
            runtime.block_on(async {
                let ledger = Ledger::start();
                ours(sink.port, move || ledger.clone().commit()).await
            }),
        );
        if turn > 0 {
            theirs_rates.push(rates.0);
            ours_rates.push(rates.1);
            gated_rates.push(rates.2);
        }
    }
    let (theirs, ours, gated) = (median(theirs_rates), median(ours_rates), median(gated_rates));
    println!(
        "{SESSIONS} sessions, mails of {OCTETS} octets, medians of {} turns",
        TURNS - 1
    );
    println!("smtp-source                    {theirs:>8.0} mails/s");
    println!(
        "outbox, gate always open       {ours:>8.0} mails/s   ratio {:.2}",
        ours / theirs
    );
    println!(
        "outbox, gate is a group commit {gated:>8.0} mails/s   ratio {:.2}",
        gated / theirs
    );
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

/// Mails a second by the outbox, every one through `gate`.
async fn ours<G, F>(port: u16, gate: G) -> f64
where
    G: Fn() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = bool> + Send + 'static,
{
    let outbox = Outbox::smtp(Settings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        login: None,
        ca_file: None,
        name: "bot.corp.test".to_owned(),
        connections: SESSIONS,
    });
    let letter = Arc::new(letter());
    let left = Arc::new(AtomicUsize::new(MAILS));
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
    let rate = rate(MAILS, started);
    outbox.close().await;
    rate
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
