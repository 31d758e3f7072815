//! A bot in a folder of its own, run as an administrator runs it, and what can be seen of it from outside.

use crate::servers::MailHost;
use cadence::inbox::maildir;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// The bot, the rep and the password of these tests, as the servers know them too.
pub const BOT: &str = "cadence@reps.test";
pub const ANA: &str = "ana@corp.test";
pub const SECRET: &str = "secret";

const PLAN: &str = "
title = \"Quick\"
about = \"Two mails at once.\"
kind = \"cold\"
days = \"calendar\"
[[step]]
day = 1
at = \"immediately\"
template = \"first\"
[[step]]
day = 1
at = \"immediately\"
template = \"second\"
[[step]]
day = 30
template = \"third\"
";

pub struct House {
    folder: tempfile::TempDir,
    dropped: AtomicUsize,
}

/// The `[mailbox]` of these tests on this server.
pub fn imap(host: &MailHost) -> String {
    imap_at(host.imaps_port(), host)
}

/// The same, met at another port: somebody stands between.
pub fn imap_at(port: u16, host: &MailHost) -> String {
    let ca = host.ca_file();
    format!(
        "kind = \"imap\"\nhost = \"localhost\"\nport = {port}\nuser = \"{BOT}\"\npassword_file = \"password\"\nca_file = \"{}\"",
        ca.display()
    )
}

/// The `[relay]` of these tests at this port.
pub fn smtp(port: u16) -> String {
    format!("kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"")
}

/// What a command came to.
pub struct Seen {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl House {
    /// Mail comes in by the Maildir `in` and goes out into Maildirs under `out`.
    pub fn of_folders() -> Self {
        Self::with(
            "kind = \"maildir\"\npath = \"in\"",
            "kind = \"maildir\"\npath = \"out\"",
        )
    }

    /// With these sections of the configuration.
    pub fn with(mailbox: &str, relay: &str) -> Self {
        let house = Self {
            folder: tempfile::tempdir().unwrap(),
            dropped: AtomicUsize::new(0),
        };
        let zone = zone_at_noon();
        let config = format!(
            "cadences = \"cadences\"\n[bot]\naddress = \"{BOT}\"\ndata = \"data\"\ncompany_pause = false\nwelcome = false\nkey_file = \"cadence.key\"\n\
             [mailbox]\n{mailbox}\n[relay]\n{relay}\n\
             [hours]\nwindow = {{ from = \"00:00\", to = \"23:59\" }}\n\
             weekdays = [\"Mon\", \"Tue\", \"Wed\", \"Thu\", \"Fri\", \"Sat\", \"Sun\"]\n\
             [pace]\ndaily_cap = 20000\ngap = {{ from = \"0s\", to = \"0s\" }}\ndomain_gap = \"0s\"\nperson_spacing = \"0s\"\n\
             [etiquette]\ncooldown_days = 0\nper_company = 0\n\
             [[rep]]\naddress = \"{ANA}\"\nname = \"Ana Costa\"\nzone = \"{zone}\"\ndigest = \"00:00\"\n"
        );
        fs::write(house.path("cadence.toml"), config).unwrap();
        let plan = house.path("cadences/quick");
        fs::create_dir_all(&plan).unwrap();
        fs::write(plan.join("cadence.toml"), PLAN).unwrap();
        for (name, text) in [
            ("first", "Subject: Hello\n\nHello."),
            ("second", "One more."),
            ("third", "Last."),
        ] {
            fs::write(plan.join(format!("{name}.md")), text).unwrap();
        }
        house.password("password", SECRET);
        house
    }

    /// The bot's own database, for tests that do to it what others might do.
    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path("data/cadence.db")).unwrap()
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// A file with a password, as private as it must be.
    pub fn password(&self, name: &str, secret: &str) {
        fs::write(self.path(name), secret).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Runs a command to its end.
    pub fn ask(&self, arguments: &[&str]) -> Seen {
        let output = binary(self.folder.path()).args(arguments).output().unwrap();
        Seen {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub fn status(&self) -> serde_json::Value {
        let seen = self.ask(&["status", "--json"]);
        assert_eq!(seen.code, 0, "{}", seen.err);
        serde_json::from_str(&seen.out).unwrap()
    }

    /// How many there are of `name` in a table of `status`.
    pub fn count(&self, table: &str, name: &str) -> i64 {
        self.status()[table][name].as_i64().unwrap_or(0)
    }

    /// Starts the bot.
    pub fn start(&self) -> Running {
        self.start_as(binary(self.folder.path()).args(["run", "-v"]))
    }

    /// Starts the bot by a command that becomes the bot.
    pub fn start_as(&self, command: &mut Command) -> Running {
        let nth = self.dropped.fetch_add(1, Ordering::SeqCst);
        let log = self.path(&format!("log.{nth}"));
        let file = File::create(&log).unwrap();
        let child = command
            .current_dir(self.folder.path())
            .stdout(Stdio::null())
            .stderr(file);
        Running {
            child: child.spawn().unwrap(),
            log,
        }
    }

    /// The address that enrolls in the cadence of these tests as Ana.
    pub fn enrol_address(&self) -> String {
        let seen = self.ask(&["addresses", ANA]);
        let word = seen
            .out
            .split_whitespace()
            .find(|word| word.starts_with("cadence+quick."));
        word.unwrap_or_else(|| panic!("no address: {}{}", seen.out, seen.err))
            .to_owned()
    }

    /// Ana's first mail to a prospect as it reaches the bot.
    pub fn hand_over(&self, prospect: &str) -> String {
        let (bcc, now) = (self.enrol_address(), date());
        let id = prospect.replace('@', ".");
        format!(
            "Delivered-To: {bcc}\r\nFrom: Ana Costa <{ANA}>\r\nTo: Jane Doe <{prospect}>\r\nSubject: Hello\r\nDate: {now}\r\n\
             Message-ID: <{id}@corp.test>\r\n\r\nShall we talk?\r\n"
        )
    }

    /// Lays a mail into the bot's Maildir.
    pub fn drop_mail(&self, bytes: impl AsRef<[u8]>) {
        let nth = self.dropped.fetch_add(1, Ordering::SeqCst);
        maildir::deliver(&self.path("in"), &format!("1700000000.{nth:06}.test"), bytes.as_ref()).unwrap();
    }

    /// The mails that reached somebody's Maildir under `out`.
    pub fn mails_to(&self, who: &str) -> Vec<String> {
        mails(&self.path("out").join(who).join("new"))
    }

    /// How many mails the bot has filed into one of its folders.
    pub fn filed(&self, folder: &str) -> usize {
        mails(&self.path(&format!("in/.Cadence.{folder}/cur"))).len()
    }

    /// How many mails wait in the bot's Maildir.
    pub fn waiting(&self) -> usize {
        mails(&self.path("in/new")).len()
    }
}

/// The mails of a folder by name; none when it is not there.
pub fn mails(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    // A mail may be moved between the listing and the reading; of a huge one the beginning is enough.
    let read = |path: &PathBuf| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::Read::take(File::open(path).ok()?, 1 << 20), &mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    paths.iter().filter_map(read).collect()
}

pub fn binary(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cadence"));
    command.current_dir(folder);
    command
}

/// Waits until something can be seen.
#[track_caller]
pub fn until(what: &str, bot: &Running, seen: impl Fn() -> bool) {
    let began = Instant::now();
    while !seen() {
        assert!(began.elapsed() < PATIENCE, "{what} never came about\n{}", bot.log());
        std::thread::park_timeout(Duration::from_millis(25));
    }
}

/// A bot that runs; killed when the test ends before it.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    pub fn has_said(&self, words: &str) -> usize {
        self.log().matches(words).count()
    }

    /// Waits until it logs these words.
    #[track_caller]
    pub fn says(&self, words: &str) {
        until(words, self, || self.has_said(words) > 0);
    }

    /// Tells it to stop, and waits for its end: how it ended, and how long that took.
    #[track_caller]
    pub fn stop(mut self) -> (Option<i32>, Duration) {
        self.signal("TERM");
        let began = Instant::now();
        (self.end().code(), began.elapsed())
    }

    /// Tells it to stop, and does not wait.
    pub fn told_to_stop(&self) {
        self.signal("TERM");
    }

    /// Stops it as nothing should be stopped.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub fn ends(mut self) -> (Option<i32>, String) {
        let status = self.end();
        (status.code(), self.log())
    }

    #[track_caller]
    fn end(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end\n{}", self.log());
            std::thread::park_timeout(Duration::from_millis(10));
        }
    }

    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The most memory that it ever had, in bytes.
    pub fn most_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    fn signal(&self, name: &str) {
        let told = Command::new("kill")
            .args([&format!("-{name}"), &self.id().to_string()])
            .status();
        assert!(told.unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already when all is well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[allow(clippy::disallowed_methods, reason = "these tests live in real time")]
fn now() -> jiff::Zoned {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC)
}

pub fn date() -> String {
    jiff::fmt::rfc2822::to_string(&now()).unwrap()
}

/// Where it is about noon now, so that no window is near its end.
fn zone_at_noon() -> String {
    let east = 12 - i32::from(now().hour());
    let mut zone = "Etc/GMT".to_owned();
    // Etc/GMT-3 lies three hours east of Greenwich.
    match east {
        0 => {}
        1.. => write!(zone, "-{east}").unwrap(),
        ..0 => write!(zone, "+{}", -east).unwrap(),
    }
    zone
}
