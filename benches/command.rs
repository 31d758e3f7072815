//! How long a rep waits for the answer to a command: from the delivery of the mail until the answer was handed over.
//!
//! `cargo bench --bench command` starts a private Dovecot and the real binary, which watches a mailbox there over IMAP and
//! TLS. One after another a rep's mails are delivered by LMTP; their answers go out through a folder. Measured is the time
//! from the server's 250 until the answer lies there whole, seen within 2 ms.
//!
//! Dovecot itself tells its clients of new mail half a second late, so each command is followed by a mail to another mailbox
//! of the same server, in which a bare client idles: what that one waits is the server's own delay. Read the difference.
//!
//! It takes about two minutes, and needs what the tests need (Dovecot, openssl).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs
)]

mod house;
#[path = "../tests/servers/mod.rs"]
mod servers;

use cadence::inbox::{Inbox, Watermark, Woken, imap};
use cadence::model::{Address, BotAddress, Key};
use cadence::store::Store;
use house::Running;
use jiff::{SignedDuration, Timestamp};
use servers::MailHost;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// Commands, and mails to the bare client.
const COMMANDS: usize = 20;
/// What is said, in turn: each is answered ten times a day.
const SAID: [&str; 2] = ["pause", "why"];
/// The bot's key.
const KEY: [u8; 32] = [b'k'; 32];
/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(2);
/// How long both sides rest before each mail, so that they idle when it comes.
const REST: Duration = Duration::from_secs(2);
/// How long one mail may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() {
    let host = Arc::new(MailHost::mailbox());
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    furnish(folder.path(), &host);
    // The first start makes the database.
    Running::start(folder.path()).0.stop();
    let store = Store::open(&folder.path().join("cadence-data/cadence.db"))
        .await
        .unwrap();
    let now = Timestamp::now();
    house::enroll_waiting(&store, COMMANDS, now, now + SignedDuration::from_hours(24 * 60)).await;
    let bot = BotAddress::new(Address::parse("cadence@reps.test").unwrap(), &Key::root(&KEY));
    let (running, _) = Running::start(folder.path());
    let mut client = Client::of(&host);
    let out = folder.path().join("out").join(house::REP).join("new");

    let (mut answered, mut told) = (Vec::new(), Vec::new());
    for nth in 0..COMMANDS {
        let found = store.of_person(&house::person(nth).loose()).await.unwrap();
        let to = bot.for_command(found.first().expect("an enrollment").id);
        sleep(REST).await;
        answered.push(answer(&host, &to, &out, nth).await);
        told.push(client.hears(&host, nth).await);
    }
    let (_, end) = running.stop();
    assert!(end.success(), "the bot ended with {end}");

    println!(
        "{COMMANDS} commands ({}), each with a mail to a bare client",
        SAID.join(", ")
    );
    let (answered, told) = (Figures::of(answered), Figures::of(told));
    for (what, p50, p99) in [
        ("LMTP 250 to the answer sent", answered.p50, answered.p99),
        ("LMTP 250 to the bare client", told.p50, told.p99),
        ("the bot adds", answered.p50 - told.p50, answered.p99 - told.p99),
    ] {
        println!("{what:<32} p50 {p50:>6.1} ms   p99 {p99:>6.1} ms");
    }
}

/// The time from the delivery of a command until one mail more has gone out.
async fn answer(host: &Arc<MailHost>, to: &Address, out: &Path, nth: usize) -> Duration {
    let mail = format!(
        "From: Ana Costa <{}>\r\nTo: {to}\r\nSubject: Re: yours\r\nDate: {}\r\nMessage-ID: <command.{nth}@corp.test>\r\n\r\n{}\r\n",
        house::REP,
        date(),
        SAID[nth % SAID.len()],
    );
    let before = gone_out(out);
    let delivered = deliver(host, to.to_string(), mail).await;
    let answered = async {
        while gone_out(out) == before {
            sleep(LOOK).await;
        }
        delivered.elapsed()
    };
    timeout(PATIENCE, answered).await.expect("the command is answered")
}

fn gone_out(out: &Path) -> usize {
    std::fs::read_dir(out).map_or(0, Iterator::count)
}

/// Delivers a mail; the moment at which the server had taken it.
async fn deliver(host: &Arc<MailHost>, rcpt: String, mail: String) -> Instant {
    let host = Arc::clone(host);
    let delivering = tokio::task::spawn_blocking(move || {
        host.deliver(&rcpt, "ana@corp.test", mail.as_bytes());
        Instant::now()
    });
    delivering.await.unwrap()
}

fn date() -> String {
    jiff::fmt::rfc2822::to_string(&jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC)).unwrap()
}

/// A client that does nothing but idle.
struct Client {
    inbox: Inbox,
    read: Watermark,
}

impl Client {
    fn of(host: &MailHost) -> Self {
        let inbox = Inbox::imap(imap::Settings {
            host: "localhost".to_owned(),
            port: host.imaps_port(),
            security: imap::Security::Tls,
            user: "li@acme.test".to_owned(),
            secret: servers::SECRET.into(),
            folders: Vec::new(),
            sent: None,
            ca_file: Some(host.ca_file()),
        });
        let read = Watermark::default();
        Self { inbox, read }
    }

    /// The time from the delivery of a mail until the server tells this client.
    async fn hears(&mut self, host: &Arc<MailHost>, nth: usize) -> Duration {
        self.read = self.inbox.fetch("INBOX", self.read).await.unwrap().watermark;
        let mail = format!("From: jane@acme.test\r\nTo: li@acme.test\r\nSubject: {nth}\r\n\r\nHello.\r\n");
        // Delivered while the client idles, as the bot did when its command came.
        let delivering = async {
            sleep(REST).await;
            deliver(host, "li@acme.test".to_owned(), mail).await
        };
        let hearing = async {
            let woken = self.inbox.wait(PATIENCE).await.unwrap();
            assert_eq!(woken, Woken::ByMail);
            Instant::now()
        };
        let (delivered, heard) = tokio::join!(delivering, hearing);
        heard.saturating_duration_since(delivered)
    }
}

/// Milliseconds.
struct Figures {
    p50: f64,
    p99: f64,
}

impl Figures {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: f64| {
            let place = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len()) - 1;
            times.get(place).map_or(0.0, Duration::as_secs_f64) * 1e3
        };
        Self {
            p50: at(0.5),
            p99: at(0.99),
        }
    }
}

fn furnish(folder: &Path, host: &MailHost) {
    for (name, bytes) in [("imap-password", servers::SECRET.as_bytes()), ("bot.key", &KEY)] {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let configuration = format!(
        r#"
[bot]
address = "cadence@reps.test"
key_file = "bot.key"
[mailbox]
kind = "imap"
host = "localhost"
port = {}
user = "cadence@reps.test"
password_file = "imap-password"
ca_file = "{}"
[relay]
kind = "maildir"
path = "out"
[[rep]]
address = "{}"
name = "Ana Costa"
zone = "Europe/Berlin"
"#,
        host.imaps_port(),
        host.ca_file().display(),
        house::REP,
    );
    std::fs::write(folder.join("cadence.toml"), configuration).unwrap();
}
