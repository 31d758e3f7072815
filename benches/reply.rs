//! How long it takes from a reply's delivery until its prospect is left alone.
//!
//! `cargo bench --bench reply` starts a private Dovecot and the real binary, which watches a mailbox there over IMAP and
//! TLS. Twenty prospects wait for a touch; one after another their replies are delivered by LMTP. Measured is the time
//! from the server's 250 to the committed pause, which a reader of the database sees within 2 ms.
//!
//! Dovecot itself tells its clients of new mail half a second late, so each reply is followed by a mail to another
//! mailbox of the same server, in which a bare client idles: what that one waits is the server's own delay. Read the
//! difference: it is what the bot adds.
//!
//! It takes about two minutes, and needs what the tests need (Dovecot, openssl).
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

use cadence::inbox::{Inbox, Watermark, Woken, imap};
use cadence::model::{EnrollmentId, Standing};
use cadence::store::Store;
use house::Running;
use jiff::{SignedDuration, Timestamp};
use servers::MailHost;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};

/// Replies, and mails to the bare client.
const REPLIES: usize = 20;
/// How often the database is looked at.
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
    // The first start makes key and database.
    Running::start(folder.path()).0.stop();
    let store = Store::open(&folder.path().join("cadence-data/cadence.db"))
        .await
        .unwrap();
    let now = Timestamp::now();
    house::enroll_waiting(&store, REPLIES, now, now + SignedDuration::from_hours(24 * 60)).await;
    let (bot, _) = Running::start(folder.path());
    let mut client = Client::of(&host);

    let (mut paused, mut told) = (Vec::new(), Vec::new());
    for nth in 0..REPLIES {
        sleep(REST).await;
        paused.push(reply(&host, &store, nth).await);
        told.push(client.hears(&host, nth).await);
    }
    let (_, end) = bot.stop();
    assert!(end.success(), "the bot ended with {end}");

    println!("{REPLIES} replies, each with a mail to a bare client");
    let (paused, told) = (Figures::of(paused), Figures::of(told));
    println!(
        "LMTP 250 to the paused row       p50 {:>6.1} ms   p99 {:>6.1} ms",
        paused.p50, paused.p99
    );
    println!(
        "LMTP 250 to the bare client      p50 {:>6.1} ms   p99 {:>6.1} ms",
        told.p50, told.p99
    );
    println!(
        "the bot adds                     p50 {:>6.1} ms   p99 {:>6.1} ms",
        paused.p50 - told.p50,
        paused.p99 - told.p99
    );
}

/// The time from the delivery of a prospect's reply to the pause.
async fn reply(host: &Arc<MailHost>, store: &Store, nth: usize) -> Duration {
    let id = enrollment(store, nth).await;
    let mail = format!(
        "From: Jane <{}>\r\nTo: cadence@reps.test\r\nSubject: Re: Hello\r\nDate: {}\r\nMessage-ID: <answer.{nth}@acme.test>\r\n\
         In-Reply-To: <first.{nth}@corp.test>\r\nReferences: <first.{nth}@corp.test>\r\n\r\nHi Ana, let us talk on Thursday.\r\n",
        house::person(nth),
        date(),
    );
    let delivered = deliver(host, "cadence@reps.test", mail).await;
    let paused = async {
        loop {
            let found = store.enrollment(id).await.unwrap().unwrap();
            if matches!(found.standing, Standing::Paused { .. }) {
                return delivered.elapsed();
            }
            sleep(LOOK).await;
        }
    };
    timeout(PATIENCE, paused).await.expect("the reply pauses")
}

async fn enrollment(store: &Store, nth: usize) -> EnrollmentId {
    let found = store.of_person(&house::person(nth).loose()).await.unwrap();
    found.first().expect("an enrollment").id
}

/// Delivers a mail; the moment at which the server had taken it.
async fn deliver(host: &Arc<MailHost>, rcpt: &'static str, mail: String) -> Instant {
    let host = Arc::clone(host);
    let delivering = tokio::task::spawn_blocking(move || {
        host.deliver(rcpt, "jane@acme.test", mail.as_bytes());
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
        // Delivered while the client idles, as the bot did when its reply came.
        let delivering = async {
            sleep(REST).await;
            deliver(host, "li@acme.test", mail).await
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
    let secret = folder.join("imap-password");
    std::fs::write(&secret, servers::SECRET).unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    let configuration = format!(
        r#"
[bot]
address = "cadence@reps.test"
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
