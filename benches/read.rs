//! How fast mails are read and judged on one core, beside the peers that do it, and what a hostile mail costs.
//!
//! `cargo bench --bench read [-- FOLDER]` reads the mails of FOLDER, or of `tests/corpus`, and prints:
//!
//! | line | what | goal |
//! |---|---|---|
//! | mail-parser | the parser alone, all parts | |
//! | read and judge | `mail::read` and `mail::classify` | 0.4 of the line above, 10 times the faster peer |
//! | Sisimai, flufl.bounce | the peers, each in its own language on the same mails, without its start; left out when not installed (Debian: libsisimai-perl, python3-flufl.bounce) | |
//! | hostile mails | `cadence explain` as a process on a mail of 10 MiB of the worst kind: peak memory over that of an empty mail, and time | 64 MiB, 1 s |
//!
//! Runs alternate and the median of five counts. It takes about a minute and needs Linux (`/proc`). Quote the ratios of one run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

use cadence::mail::classify::{Own, Trust, classify};
use cadence::mail::read::read;
use cadence::model::{Address, BotAddress, Key};
use mail_parser::MessageParser;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 5;

const PERL: &str = r#"
use Sisimai::Message; use Time::HiRes 'time';
my @mails = map { local $/; open my $f, '<', $_ or die; <$f> } @ARGV;
my $begun = time; my $found = 0;
for my $mail (@mails) { my $m = eval { Sisimai::Message->new('data' => $mail) }; $found++ if $m && $m->ds; }
printf "%.6f %d\n", time - $begun, $found;
"#;

const PYTHON: &str = r#"
import sys, time, email
from flufl.bounce import scan_message
mails = [open(name, 'rb').read() for name in sys.argv[1:]]
begun = time.perf_counter(); found = 0
for mail in mails:
    try:
        found += bool(scan_message(email.message_from_bytes(mail)))
    except Exception:
        pass
print(time.perf_counter() - begun, found)
"#;

fn main() {
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let folder = named.map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus"),
        PathBuf::from,
    );
    let files = files(&folder);
    let mails: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    let size: usize = mails.iter().map(Vec::len).sum();
    println!(
        "{} mails, {:.1} KB on average, one core",
        mails.len(),
        size as f64 / 1e3 / mails.len() as f64
    );
    let bot = BotAddress::new(Address::parse("cadence@nobody.invalid").unwrap(), &Key::root(&[0; 32]));
    let trust = Trust::default();
    let own = Own {
        bot: &bot,
        aliases: &[],
        domains: &[],
        reps: &[],
        lead_sources: &[],
        trust: &trust,
    };
    // As often as fits well into a quarter of a second.
    let rounds = (20_000 / mails.len()).max(1);
    let (mut parser, mut ours, mut sisimai, mut flufl) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        parser.push(timed(&mails, rounds, |mail| {
            drop(black_box(MessageParser::default().parse(mail)))
        }));
        ours.push(timed(&mails, rounds, |mail| {
            drop(black_box(classify(&read(mail), &own)))
        }));
        sisimai.extend(peer("perl", "-e", PERL, &files));
        // Debian's packages are seen by Debian's Python alone.
        flufl.extend(peer("/usr/bin/python3", "-c", PYTHON, &files));
    }
    let parser = median(parser).unwrap();
    let ours = median(ours).unwrap();
    println!("mail-parser alone   {parser:>9.0} mails/s");
    println!(
        "read and judge      {ours:>9.0} mails/s   {:.2} of mail-parser (goal 0.4)",
        ours / parser
    );
    let mut fastest: Option<f64> = None;
    for (name, speed) in [("Sisimai", median(sisimai)), ("flufl.bounce", median(flufl))] {
        match speed {
            Some(speed) => println!("{name:<19} {speed:>9.0} mails/s"),
            None => println!("{name:<19} not installed"),
        }
        fastest = speed.into_iter().chain(fastest).reduce(f64::max);
    }
    if let Some(fastest) = fastest {
        println!(
            "read and judge is {:.1} times the faster peer (goal 10)",
            ours / fastest
        );
    }
    hostile();
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "eml") {
                files.push(path.canonicalize().unwrap());
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "{} holds no mail", folder.display());
    files
}

fn timed(mails: &[Vec<u8>], rounds: usize, mut work: impl FnMut(&[u8])) -> f64 {
    let began = Instant::now();
    for _ in 0..rounds {
        mails.iter().for_each(|mail| work(mail));
    }
    (mails.len() * rounds) as f64 / began.elapsed().as_secs_f64()
}

/// Mails a second of a peer, when it is there.
fn peer(program: &str, flag: &str, script: &str, files: &[PathBuf]) -> Option<f64> {
    let output = Command::new(program)
        .arg(flag)
        .arg(script)
        .args(files)
        .stderr(Stdio::null())
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let seconds: f64 = said.split_whitespace().next()?.parse().ok()?;
    Some(files.len() as f64 / seconds)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The whole of a mail in memory, and no more.
const SIZE: usize = 10 * 1024 * 1024;

fn hostile() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let empty = Cost::of(&put(folder.path(), "empty", b"Subject: x\r\n\r\n".to_vec()));
    println!(
        "hostile mails of 10 MiB, explained by the program ({:.1} MiB on an empty mail):",
        empty.mib()
    );
    let mut worst = (0.0_f64, Duration::ZERO);
    for (name, mail) in worst_kinds() {
        let cost = Cost::of(&put(folder.path(), name, mail));
        let over = cost.mib() - empty.mib();
        println!("  {name:<28} {over:>6.1} MiB over   {:>5} ms", cost.took.as_millis());
        worst = (worst.0.max(over), worst.1.max(cost.took));
    }
    println!(
        "  the worst: {:.1} MiB over (goal 64), {} ms (goal 1,000)",
        worst.0,
        worst.1.as_millis()
    );
}

fn put(folder: &Path, name: &str, mail: Vec<u8>) -> PathBuf {
    let path = folder.join(format!("{}.eml", name.replace(' ', "-")));
    fs::write(&path, mail).unwrap();
    path
}

fn worst_kinds() -> Vec<(&'static str, Vec<u8>)> {
    let head = "From: a@b.test\r\nTo: c@d.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n";
    let fill = |start: String, piece: &str| {
        let many = SIZE.saturating_sub(start.len()) / piece.len();
        (start + &piece.repeat(many)).into_bytes()
    };
    let typed = |kind: &str| format!("{head}Content-Type: {kind}\r\n\r\n");
    let mixed = "multipart/mixed; boundary=b";
    vec![
        (
            "plain text",
            fill(typed("text/plain; charset=utf-8"), "words and words\r\n"),
        ),
        ("one line", fill(typed("text/plain"), "x")),
        ("latin letters", fill(typed("text/plain; charset=iso-8859-1"), "é")),
        ("two-byte text", fill(typed("text/plain; charset=utf-16le"), "a\0")),
        (
            "base64",
            fill(format!("{head}Content-Transfer-Encoding: base64\r\n\r\n"), "QUJD"),
        ),
        (
            "quoted-printable",
            fill(
                format!("{head}Content-Transfer-Encoding: quoted-printable\r\n\r\n"),
                "=41",
            ),
        ),
        ("tags", fill(typed("text/html"), "<b>")),
        ("open tags", fill(typed("text/html"), "<")),
        ("entities", fill(typed("text/html"), "&amp;")),
        ("parts", fill(typed(mixed), "--b\r\n\r\n")),
        (
            "parts with text",
            fill(typed(mixed), "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"),
        ),
        (
            "nested parts",
            fill(typed(mixed), "--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"),
        ),
        (
            "mails in mails",
            fill(typed("message/rfc822"), "Content-Type: message/rfc822\r\n\r\n"),
        ),
        ("fields", fill(head.to_owned(), "X: y\r\n")),
        ("one field", fill(format!("{head}X: "), "y")),
        ("folded field", fill(format!("{head}X: "), "\r\n y")),
        ("references", fill(format!("{head}References: "), "<1@a.test> ")),
        ("recipients", fill(format!("{head}To: "), "a@b.test, ")),
        ("brackets", fill(format!("{head}To: "), "(")),
        ("encoded words", fill(format!("{head}Subject: "), "=?utf-8?q?=41?= ")),
        ("quotations", fill(typed("text/plain"), "> > > > x\r\n")),
        (
            "wrote lines",
            fill(typed("text/plain"), "On Mon, Jane <j@acme.test> wrote:\r\n"),
        ),
        (
            "forwards",
            fill(
                typed("text/plain"),
                "---------- Forwarded message ---------\r\nFrom: a@b.test\r\n\r\n",
            ),
        ),
        (
            "reports",
            fill(
                typed("multipart/report; report-type=delivery-status; boundary=b"),
                "--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b.test\r\nAction: failed\r\n\r\n",
            ),
        ),
        (
            "events",
            fill(
                typed("text/calendar; method=REQUEST"),
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
            ),
        ),
        ("zeros", fill(typed("text/plain"), "\0")),
    ]
}

/// What one run of the program cost.
struct Cost {
    kib: u64,
    took: Duration,
}

impl Cost {
    fn of(file: &Path) -> Self {
        let began = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_cadence"))
            .args(["explain", "--json"])
            .arg(file)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut kib = 0;
        // The peak only grows, so the last look before the end has it.
        while child.try_wait().unwrap().is_none() {
            let now = fs::read_to_string(&status).unwrap_or_default();
            let peak = now.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let peak = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
            kib = kib.max(peak.unwrap_or(0));
            std::thread::sleep(Duration::from_micros(200));
        }
        assert!(child.wait().unwrap().success(), "{}", file.display());
        Self {
            kib,
            took: began.elapsed(),
        }
    }

    fn mib(&self) -> f64 {
        self.kib as f64 / 1024.0
    }
}
