//! Real servers for the tests: a private Dovecot and a private Postfix on loopback, in a temporary folder, stopped on drop.
//!
//! [`MailHost::start`] gives both (Postfix needs root), [`MailHost::mailbox`] gives Dovecot alone, [`MailHost::shared`] one
//! Dovecot for all tests that run at the same time. Nothing is skipped: what is missing is said, with what to do.
//!
//! The users are [`USERS`], all with the password [`SECRET`]. Any other address at their domains is accepted by Postfix and
//! refused by Dovecot's LMTP, so that it comes back as a genuine bounce.
#![allow(dead_code, reason = "each story uses the part it needs")]

pub mod chromium;
mod dovecot;
pub mod ports;
mod postfix;
mod process;
mod talk;

#[allow(unused_imports, reason = "the kill matrix needs it, the benches do not")]
pub use process::program;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Everybody who has a mailbox: the bot, two reps, two prospects.
pub const USERS: [&str; 5] = [
    "cadence@reps.test",
    "ana@corp.test",
    "ben@corp.test",
    "jane@acme.test",
    "li@acme.test",
];

/// The password of all of them.
pub const SECRET: &str = "secret";

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail system of its own.
pub struct MailHost {
    // Dropped in this order: first who sends, then who stores, then the folder.
    postfix: Option<postfix::Postfix>,
    dovecot: dovecot::Dovecot,
    folder: tempfile::TempDir,
}

impl MailHost {
    /// Dovecot and Postfix.
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// Both, and Postfix says of every mail that comes in what a check of its sender is supposed to have found.
    pub fn start_vouching(results: &str) -> Self {
        Self::start_with(&format!(
            "smtpd_data_restrictions = check_client_access inline:{{ {{127.0.0.1 = PREPEND Authentication-Results: {results}}} }}\n"
        ))
    }

    fn start_with(more: &str) -> Self {
        let mut host = Self::mailbox();
        host.postfix = Some(postfix::Postfix::start(
            host.folder.path(),
            host.dovecot.lmtp_port,
            &host.ca_file(),
            more,
        ));
        host
    }

    /// Dovecot alone.
    pub fn mailbox() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("cadence-")
            .tempdir()
            .expect("a temporary folder");
        open_to_all(folder.path());
        certificate(folder.path());
        Self {
            postfix: None,
            dovecot: dovecot::Dovecot::start(folder.path()),
            folder,
        }
    }

    /// One Dovecot for all that hold it; every test takes a user of its own.
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<MailHost>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let host = Arc::new(Self::mailbox());
            *shared = Arc::downgrade(&host);
            host
        })
    }

    /// IMAP over TLS.
    pub fn imaps_port(&self) -> u16 {
        self.dovecot.imaps_port
    }

    /// IMAP with STARTTLS.
    pub fn imap_port(&self) -> u16 {
        self.dovecot.imap_port
    }

    /// LMTP, straight into the mailboxes.
    pub fn lmtp_port(&self) -> u16 {
        self.dovecot.lmtp_port
    }

    /// SMTP without login, with STARTTLS for those who want it.
    pub fn smtp_port(&self) -> u16 {
        self.postfix
            .as_ref()
            .expect("this host was started without Postfix")
            .port
    }

    /// The certificate of both servers, for `localhost` and 127.0.0.1.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// Puts a mail into a mailbox by LMTP. `rcpt` may have a plus tag.
    pub fn deliver(&self, rcpt: &str, from: &str, mail: &[u8]) {
        talk::send("LHLO", self.lmtp_port(), from, rcpt, mail);
    }

    /// Sends a mail by SMTP.
    pub fn submit(&self, from: &str, rcpt: &str, mail: &[u8]) {
        talk::send("EHLO", self.smtp_port(), from, rcpt, mail);
    }

    /// The mails in a user's folder, oldest first, as they lie on disk. Lines end as Dovecot stores them, by LF.
    pub fn mails(&self, user: &str, folder: &str) -> Vec<Vec<u8>> {
        let mut path = self.folder.path().join("mail").join(user);
        if folder != "INBOX" {
            path = path.join(format!(".{}", folder.replace('/', ".")));
        }
        let mut files: Vec<PathBuf> = ["new", "cur"]
            .iter()
            .filter_map(|part| std::fs::read_dir(path.join(part)).ok())
            .flatten()
            .map(|entry| entry.expect("a Maildir entry").path())
            .collect();
        files.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
        // A mail may be moved between the listing and the reading.
        files.iter().filter_map(|file| std::fs::read(file).ok()).collect()
    }

    /// Waits until a mail that fits lies in the folder, and returns it.
    pub fn wait_for_mail(&self, user: &str, folder: &str, fits: impl Fn(&[u8]) -> bool) -> Vec<u8> {
        let until = Instant::now() + PATIENCE;
        loop {
            let mails = self.mails(user, folder);
            if let Some(mail) = mails.iter().find(|mail| fits(mail)) {
                return mail.clone();
            }
            if Instant::now() > until {
                let there: Vec<String> = mails.iter().map(|mail| subject(mail)).collect();
                panic!(
                    "no such mail came to {folder} of {user}; there is {there:?}\n{}",
                    self.log()
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the servers logged, for failed tests.
    pub fn log(&self) -> String {
        ["dovecot.log", "postfix/data/maillog"]
            .iter()
            .filter_map(|name| std::fs::read_to_string(self.folder.path().join(name)).ok())
            .map(|log| process::last_lines(&log))
            .collect()
    }

    /// Where the servers live, for tests that look into it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn subject(mail: &[u8]) -> String {
    let text = String::from_utf8_lossy(mail);
    let line = text
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("subject:"));
    line.unwrap_or("a mail without subject").to_owned()
}

fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("a folder of ours");
}

/// A certificate that is its own authority, and so can be trusted by file.
fn certificate(folder: &Path) {
    let made = Command::new(process::program("openssl"))
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .output()
        .expect("openssl runs");
    assert!(
        made.status.success(),
        "openssl: {}",
        String::from_utf8_lossy(&made.stderr)
    );
}
