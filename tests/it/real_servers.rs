//! The main job through real servers: Dovecot over IMAP and TLS, Postfix, the real binary, the real clock.
//!
//! The cadence is one whose follow-up is due at once, and the reps live where it is about noon, so that no hour and no
//! weekday stands in the way. Nothing sleeps: each step waits for the mail that it brings about.

mod slow_relay;

use crate::servers::{MailHost, SECRET};
use assert_cmd::cargo::CommandCargoExt;
use slow_relay::SlowRelay;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long one thing may take: a digest comes at a full minute.
const PATIENCE: Duration = Duration::from_secs(100);

const PLAN: &str = r#"
title = "Quick"
about = "A cadence for this test: everything on the first day, and one more mail later."
kind = "cold"
days = "calendar"

[[step]]
day = 1
at = "immediately"
template = "first"

[[step]]
day = 1
at = "immediately"
template = "second"

[[step]]
day = 1
at = "immediately"
channel = "call"
template = "call"

[[step]]
day = 4
at = "immediately"
template = "last"
"#;

/// A bot at work on a mail system of its own.
struct House {
    host: MailHost,
    folder: tempfile::TempDir,
    bot: Option<Child>,
    slow: Option<SlowRelay>,
}

impl House {
    fn open() -> Self {
        Self::with(|_| None)
    }

    /// One whose relay may be slow.
    fn with(slow: impl FnOnce(&MailHost) -> Option<SlowRelay>) -> Self {
        let host = MailHost::start();
        let slow = slow(&host);
        let relay = slow.as_ref().map_or(host.smtp_port(), |slow| slow.port);
        let folder = tempfile::tempdir().expect("a folder");
        write_cadence(&folder.path().join("cadences/quick"));
        let secret = folder.path().join("imap-password");
        fs::write(&secret, SECRET).expect("a secret");
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("a private secret");
        fs::write(folder.path().join("cadence.toml"), configuration(&host, relay)).expect("a configuration");
        Self {
            host,
            folder,
            bot: None,
            slow,
        }
    }

    fn cadence(&self) -> Command {
        let mut command = Command::cargo_bin("cadence").expect("the binary");
        command.current_dir(self.folder.path());
        command
    }

    /// Runs a command to its end; what it said on stdout.
    fn say(&self, arguments: &[&str]) -> String {
        let output = self.cadence().args(arguments).output().expect("a command");
        let (said, complained) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "cadence {arguments:?}: {said}{complained}");
        said.into_owned()
    }

    fn start(&mut self) {
        let log = fs::File::create(self.folder.path().join("log")).expect("a log");
        let bot = self
            .cadence()
            .args(["run", "-v"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        self.bot = Some(bot.expect("the bot"));
    }

    /// Tells the bot to stop; it ends well.
    fn stop(&mut self) {
        let mut bot = self.bot.take().expect("a running bot");
        let told = Command::new("kill").arg(bot.id().to_string()).status().expect("kill");
        assert!(told.success());
        assert!(
            bot.wait().expect("an end").success(),
            "the bot ends with 0\n{}",
            self.log()
        );
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The address that enrolls in the cadence of these tests as Ana.
    fn enrol_address(&self) -> String {
        let said = self.say(&["addresses", "ana@corp.test"]);
        let word = said.split_whitespace().find(|word| word.starts_with("cadence+quick."));
        word.expect("an enrol address").to_owned()
    }

    /// Ana writes to a prospect with the bot in BCC, as a mail program and its server do.
    fn ana_writes_to(&self, prospect: &str, bcc: &str, id: &str) {
        let now = date();
        let mail = format!(
            "From: Ana Costa <ana@corp.test>\r\nTo: Jane Doe <{prospect}>\r\nSubject: Your shipping desk\r\nDate: {now}\r\n\
             Message-ID: <{id}@corp.test>\r\n\r\nHi Jane,\r\n\r\nDo mornings at your desk begin with carrier mails?\r\n"
        );
        if prospect.starts_with("jane@") {
            self.host.submit("ana@corp.test", prospect, mail.as_bytes());
        }
        self.host.submit("ana@corp.test", bcc, mail.as_bytes());
    }

    /// Answers a mail to where it asks for answers.
    fn answer(&self, from: &str, mail: &str, text: &str) {
        let to = address_in(&header(mail, "Reply-To"));
        let id = header(mail, "Message-ID");
        let now = date();
        let answer = format!(
            "From: <{from}>\r\nTo: {to}\r\nSubject: Re: {}\r\nDate: {now}\r\nMessage-ID: <answer.{}@test>\r\nIn-Reply-To: {id}\r\n\
             References: {id}\r\n\r\n{text}\r\n",
            header(mail, "Subject"),
            text.len(),
        );
        self.host.submit(from, &to, answer.as_bytes());
    }

    /// Waits for a mail in an inbox.
    fn wait_for(&self, user: &str, what: &str) -> String {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            let mails = self.host.mails(user, "INBOX");
            let mut texts = mails.iter().map(|mail| String::from_utf8_lossy(mail).into_owned());
            if let Some(found) = texts.find(|mail| mail.contains(what)) {
                return found;
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        panic!(
            "no mail with {what:?} reached {user}\n{}\n{}",
            self.log(),
            self.host.log()
        );
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(bot) = &mut self.bot {
            let _ = bot.kill();
            let _ = bot.wait();
        }
    }
}

fn write_cadence(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
    write("cadence.toml", PLAN);
    write(
        "first.md",
        "Subject: Your shipping desk\n\n{{greeting}}\n\nDo mornings begin with carrier mails?\n",
    );
    write("second.md", "{{greeting}}\n\nOne number I left out: two hours a day.\n");
    write(
        "call.md",
        "Headline: Call about the two hours\n\nAsk who reads the carrier mails today.\n",
    );
    write("last.md", "{{greeting}}\n\nShall I close this?\n");
}

/// Where it is about noon now, so that no window is near its end.
fn zone_at_noon() -> String {
    let hour = now().strftime("%H").to_string().parse::<i32>().expect("an hour");
    // Etc/GMT-3 lies three hours east of Greenwich.
    match 12 - hour {
        0 => "Etc/GMT".to_owned(),
        east if east > 0 => format!("Etc/GMT-{east}"),
        west => format!("Etc/GMT+{}", -west),
    }
}

#[allow(clippy::disallowed_methods, reason = "this test lives in real time")]
fn now() -> jiff::Zoned {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC)
}

fn date() -> String {
    jiff::fmt::rfc2822::to_string(&now()).expect("a date")
}

/// A configuration whose digest comes at the next full minute but one.
fn configuration(host: &MailHost, relay: u16) -> String {
    let zone = zone_at_noon();
    let rules = jiff::tz::TimeZone::get(&zone).expect("a zone");
    let digest = (now().timestamp() + jiff::SignedDuration::from_secs(75))
        .to_zoned(rules)
        .strftime("%H:%M")
        .to_string();
    format!(
        r#"
cadences = "cadences"
[bot]
address = "cadence@reps.test"
data = "data"
welcome = false
key_file = "data/cadence.key"
[mailbox]
kind = "imap"
host = "localhost"
port = {imaps}
password_file = "imap-password"
ca_file = "{ca}"
[relay]
kind = "smtp"
host = "127.0.0.1"
port = {relay}
security = "none"
name = "bot.reps.test"
[hours]
window = {{ from = "00:00", to = "23:59" }}
weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
[[rep]]
address = "ana@corp.test"
name = "Ana Costa"
zone = "{zone}"
digest = "{digest}"
"#,
        imaps = host.imaps_port(),
        ca = host.ca_file().display(),
    )
}

/// A header field, unfolded; mails lie on disk with bare line feeds.
fn header(mail: &str, name: &str) -> String {
    let mail = mail.replace("\r\n", "\n");
    let head = mail
        .split("\n\n")
        .next()
        .unwrap_or("")
        .replace("\n ", " ")
        .replace("\n\t", " ");
    let prefix = format!("{name}: ");
    head.lines()
        .find_map(|line| line.strip_prefix(prefix.as_str()))
        .unwrap_or("")
        .to_owned()
}

fn address_in(field: &str) -> String {
    let inner = field.rsplit_once('<').map_or(field, |(_, rest)| rest);
    inner.trim_end_matches('>').trim().to_owned()
}

#[test]
fn bcc_to_follow_up_to_reply_to_resume_to_digest() {
    let mut house = House::open();
    let checked = house.say(&["check"]);
    assert!(checked.contains("logged in"), "{checked}");
    house.start();
    // Addresses need the key, which the bot makes; the first receipt shows that all is up.
    let enrol = loop_until(
        || {
            house
                .cadence()
                .args(["addresses", "ana@corp.test"])
                .output()
                .is_ok_and(|said| said.status.success())
        },
        || house.log(),
    );
    assert!(enrol, "{}", house.log());
    let bcc = house.enrol_address();

    house.ana_writes_to("jane@acme.test", &bcc, "first");
    let receipt = house.wait_for("ana@corp.test", "Subject: Enrolled: Jane Doe");
    assert_eq!(header(&receipt, "Auto-Submitted"), "auto-replied");

    let follow_up = house.wait_for("jane@acme.test", "two hours a day");
    assert_eq!(header(&follow_up, "Subject"), "Re: Your shipping desk");
    assert_eq!(header(&follow_up, "In-Reply-To"), "<first@corp.test>");
    assert!(header(&follow_up, "From").contains("ana@corp.test"));
    assert!(header(&follow_up, "Return-Path").contains("cadence+b."));
    assert!(header(&follow_up, "List-Unsubscribe").contains("cadence+u."));

    // The call falls due behind the mail; a reply before that would stop it.
    let call_is_open = || house.say(&["status", "--json"]).contains("\"open_tasks\":1");
    assert!(loop_until(call_is_open, || house.log()));
    house.answer(
        "jane@acme.test",
        &follow_up,
        "Yes, that is our morning. What do you propose?",
    );
    let relayed = house.wait_for("ana@corp.test", "What do you propose?");
    assert_eq!(address_in(&header(&relayed, "Reply-To")), "jane@acme.test");
    let why = house.say(&["why", "jane@acme.test"]);
    assert!(why.contains("paused"), "{why}");

    // Who answered is not called until Ana resumes.
    house.answer("ana@corp.test", &receipt, "resume");
    house.wait_for("ana@corp.test", "Subject: Done: resume");
    // Its subject holds a character that mail encodes.
    let digest = house.wait_for("ana@corp.test", "Precedence: bulk");
    house.answer("ana@corp.test", &digest, "1 connected wants numbers");
    let answer = house.wait_for("ana@corp.test", "Subject: Done: 1 connected");
    assert!(answer.contains("connected"));

    house.stop();
    assert_eq!(
        house.host.mails("cadence@reps.test", "INBOX").len(),
        0,
        "everything is filed"
    );
    assert_eq!(house.host.mails("cadence@reps.test", "Cadence/Replies").len(), 1);
    assert_eq!(
        house.host.mails("cadence@reps.test", "Cadence/Processed").len(),
        3,
        "the hand-over and the commands"
    );
    let to_jane = house.host.mails("jane@acme.test", "INBOX");
    assert_eq!(to_jane.len(), 2, "Ana's own mail and one follow-up");
    assert!(!house.log().contains("jane@acme.test"), "addresses never reach a log");
}

#[test]
fn follow_up_to_unknown_user_to_dsn_to_suppressed() {
    let mut house = House::open();
    house.start();
    assert!(loop_until(
        || house.folder.path().join("data/cadence.key").exists(),
        || house.log()
    ));
    let bcc = house.enrol_address();
    house.ana_writes_to("nobody@acme.test", &bcc, "first");
    house.wait_for("ana@corp.test", "Subject: Enrolled: Jane Doe");
    // Postfix takes the follow-up, finds no such user, and reports to the envelope sender.
    house.wait_for("ana@corp.test", "Subject: Bounced: Jane Doe");
    let why = house.say(&["why", "nobody@acme.test"]);
    assert!(why.contains("bounced"), "{why}");

    house.ana_writes_to("nobody@acme.test", &bcc, "second");
    let refusal = house.wait_for("ana@corp.test", "Subject: Not enrolled");
    assert!(
        refusal.contains("does not exist"),
        "the reason stands in the receipt: {refusal}"
    );
    house.stop();
    assert_eq!(house.host.mails("cadence@reps.test", "Cadence/Bounces").len(), 1);
}

#[test]
fn s13_an_answer_that_comes_between_the_claim_and_the_354_stops_that_mail() {
    let mut house = House::with(|host| Some(SlowRelay::before(host.smtp_port(), "jane@acme.test")));
    house.start();
    assert!(loop_until(
        || house.folder.path().join("data/cadence.key").exists(),
        || house.log()
    ));
    let bcc = house.enrol_address();
    house.ana_writes_to("jane@acme.test", &bcc, "first");
    // The follow-up is claimed, its recipient accepted, and the server thinks about DATA.
    let slow = house.slow.as_ref().expect("a slow relay");
    slow.until_one_waits();
    let now = date();
    let answer = format!(
        "From: Jane Doe <jane@acme.test>\r\nTo: Ana Costa <ana@corp.test>\r\nCc: cadence@reps.test\r\nSubject: Re: Your shipping desk\r\n\
         Date: {now}\r\nMessage-ID: <answer@acme.test>\r\nIn-Reply-To: <first@corp.test>\r\n\r\nPlease write to my colleague.\r\n"
    );
    house
        .host
        .submit("jane@acme.test", "cadence@reps.test", answer.as_bytes());
    let is_read = || house.say(&["why", "jane@acme.test"]).contains("paused");
    assert!(loop_until(is_read, || house.log()));
    slow.tell();
    assert_eq!(slow.until_it_left(), 0, "not a byte of content follows the 354");
    // What Ana is told about the answer goes out behind it, so that the letter has been concluded.
    house.wait_for("ana@corp.test", "Please write to my colleague");
    house.stop();
    let to_jane = house.host.mails("jane@acme.test", "INBOX");
    assert_eq!(to_jane.len(), 1, "Ana's own mail and nothing else");
    let status = house.say(&["status", "--json"]);
    assert!(!status.contains("sending") && !status.contains("in_doubt"), "{status}");
}

/// Whether it came true in time.
fn loop_until(mut fact: impl FnMut() -> bool, trouble: impl Fn() -> String) -> bool {
    let began = Instant::now();
    while !fact() {
        if began.elapsed() > PATIENCE {
            panic!("it did not come true\n{}", trouble());
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    true
}
