//! `cadence explain` as people use it: files, mboxes, Maildirs, standard input; and what the bot would do, without doing it.

use assert_cmd::Command;
use cadence::cli::open;
use cadence::clock::Clock;
use cadence::config::Config;
use cadence::inbox::{Inbox, maildir};
use cadence::model::{BotAddress, CadenceName};
use cadence::outbox::Outbox;
use cadence::service::{Bot, doors, intake};
use cadence::store::Store;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// What it says, and how it ends.
fn explain(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cadence"));
    let command = command.current_dir(folder).args(arguments).write_stdin(input);
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let code = output.status.code().expect("a code");
    (code, text(&output.stdout), text(&output.stderr))
}

fn objects(out: &str) -> Vec<Value> {
    out.lines()
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect()
}

fn reply(id: &str) -> String {
    format!(
        "From: Li Wei <li@acme.test>\nTo: cadence@reps.corp.test\nSubject: Re: Hello\nDate: {}\nMessage-ID: <{id}@acme.test>\n\
         In-Reply-To: <first@corp.test>\n\nThursday suits me.\n",
        date()
    )
}

fn date() -> String {
    now().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

fn now() -> Timestamp {
    Clock::System.now()
}

#[test]
fn an_mbox_a_maildir_and_standard_input_give_one_object_a_mail_in_order() {
    let folder = TempDir::new().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let from = "From li@acme.test Mon Mar  2 09:00:00 2026\n";
    let archive = format!(
        "{from}{}\n{from}{}\n",
        reply("1"),
        reply("2").replace("Thursday", "\n>From Thursday")
    );
    fs::write(at("archive.mbox"), &archive).expect("a file");
    maildir::create(&at("box")).expect("a Maildir");
    fs::write(at("box/new/2.x"), reply("4")).expect("a file");
    fs::write(at("box/cur/1.x:2,S"), reply("5")).expect("a file");
    fs::write(at("one.eml"), &archive).expect("a file");
    let (code, out, err) = explain(
        folder.path(),
        &["explain", "--json", "archive.mbox", "box", "one.eml", "."],
        b"",
    );
    assert_eq!(code, 65, "one is no Maildir: {err}");
    assert!(
        err.contains(". cannot be read: it is a folder without `new`, so no Maildir"),
        "{err}"
    );
    let files: Vec<Value> = objects(&out).iter().map(|object| object["file"].clone()).collect();
    let wanted = [
        "archive.mbox",
        "archive.mbox#2",
        "box/new/2.x",
        "box/cur/1.x:2,S",
        "one.eml",
        ".",
    ];
    assert_eq!(files, wanted.map(|file| json!(file)));
    assert_eq!(objects(&out)[1]["new_text"], "From Thursday suits me.");

    let (code, out, _) = explain(folder.path(), &["explain", "--json", "-"], archive.as_bytes());
    let kinds: Vec<Value> = objects(&out).iter().map(|object| object["kind"].clone()).collect();
    assert_eq!((code, kinds), (0, vec![json!("reply"), json!("reply")]));
}

/// A house without servers, where nobody was enrolled yet.
struct Office {
    folder: TempDir,
}

impl Office {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let config = r#"
            [bot]
            address = "cadence@reps.corp.test"
            [mailbox]
            kind = "maildir"
            path = "in"
            [relay]
            kind = "maildir"
            path = "out"
            [trust]
            authserv_ids = ["mx.corp.test"]
            [[rep]]
            address = "ana@corp.test"
            name = "Ana Ruiz"
            zone = "Europe/Madrid"
        "#;
        fs::write(folder.path().join("cadence.toml"), config).expect("a file");
        fs::create_dir(folder.path().join("cadence-data")).expect("a folder");
        Self { folder }
    }

    fn config(&self) -> Config {
        Config::load(&self.folder.path().join("cadence.toml")).expect("a configuration")
    }

    fn address(&self) -> BotAddress {
        open::bot(&self.config()).expect("a key")
    }

    /// What Ana writes to Li with the bot in BCC.
    fn hand_over(&self, code: bool) -> String {
        let outbound = CadenceName::parse("outbound").expect("a name");
        let config = self.config();
        let enroll = self
            .address()
            .for_enrolling(&outbound, &config.reps[0].address, config.reps[0].code_turn);
        let enroll = if code {
            enroll.to_string()
        } else {
            "cadence+outbound@reps.corp.test".to_owned()
        };
        format!(
            "Delivered-To: {enroll}\nFrom: Ana Ruiz <ana@corp.test>\nTo: Li Wei <li@acme.test>\nSubject: Hello\nDate: {}\n\
             Message-ID: <first@corp.test>\n\nDo you have ten minutes?\n",
            date()
        )
    }

    /// The bot takes these in, and stops.
    async fn takes_in(&self, mails: &[String]) {
        let (config, address) = (self.config(), self.address());
        let library = open::library(&config).expect("cadences");
        let store = Store::open(&config.bot.database()).await.expect("a store");
        let texts = open::texts(&config).expect("texts");
        let house = doors::house(config, address, library, texts);
        let bot = Bot::new(house, store, Outbox::memory(), Clock::System);
        let path = self.folder.path().join("in");
        maildir::create(&path).expect("a Maildir");
        for (number, mail) in mails.iter().enumerate() {
            maildir::deliver(&path, &format!("{number}.x"), mail.as_bytes()).expect("a mail");
        }
        intake::round(&bot, &mut Inbox::maildir(&path)).await.expect("a look");
    }

    fn explained(&self, mail: &str) -> (Value, String) {
        let config = ["--config", "cadence.toml", "explain", "-"];
        let (code, told, err) = explain(self.folder.path(), &config, mail.as_bytes());
        assert_eq!(code, 0, "{err}");
        let as_json = ["--config", "cadence.toml", "explain", "--json", "-"];
        let (_, out, _) = explain(self.folder.path(), &as_json, mail.as_bytes());
        (objects(&out).remove(0), told)
    }

    fn files(&self) -> Vec<(String, u64)> {
        let mut files: Vec<(String, u64)> = fs::read_dir(self.folder.path().join("cadence-data"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry"))
            .map(|entry| {
                (
                    entry.file_name().to_string_lossy().into_owned(),
                    entry.metadata().expect("a size").len(),
                )
            })
            .filter(|(name, _)| !name.ends_with("-shm") && !name.ends_with("-wal"))
            .collect();
        files.sort();
        files
    }
}

#[test]
fn a_hand_over_is_told_with_whom_it_would_enroll_and_nothing_is_made() {
    let office = Office::new();
    let mail = office.hand_over(true);
    let (object, told) = office.explained(&mail);
    assert_eq!((&object["kind"], &object["level"]), (&json!("hand_over"), &json!("L1")));
    assert_eq!(object["would"]["filed"], "processed");
    assert!(
        told.contains("  - enroll li@acme.test in outbound for ana@corp.test\n"),
        "{told}"
    );
    assert!(told.contains("- send a receipt to ana@corp.test\n"), "{told}");
    assert_eq!(
        office.files().iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["cadence.key"]
    );

    let (object, told) = office.explained(&office.hand_over(false));
    assert_eq!(
        (&object["kind"], &object["would"]["filed"]),
        (&json!("impostor"), &json!("quarantine"))
    );
    assert!(
        told.contains("  from rep  L1: no trusted check says anything about it\n"),
        "{told}"
    );
    assert!(told.ends_with("- nothing\n"), "{told}");
}

#[tokio::test]
async fn a_reply_is_told_with_what_it_would_stop_and_the_memory_stays_as_it_was() {
    let office = Office::new();
    let handed = office.hand_over(true);
    office.takes_in(std::slice::from_ref(&handed)).await;
    // Whoever closes the database last tidies up; what it says is the same.
    office.explained(&reply("r0"));
    let before = office.files();
    for _ in 0..2 {
        let (object, told) = office.explained(&reply("r1"));
        assert_eq!(
            (&object["kind"], &object["would"]["filed"]),
            (&json!("reply"), &json!("replies"))
        );
        assert!(told.contains("- li@acme.test in outbound: answered"), "{told}");
        assert!(told.contains("- pass it on to ana@corp.test\n"), "{told}");
    }
    let opt_out = reply("r2").replace("Thursday suits me.", "Please stop emailing me.");
    let (object, told) = office.explained(&opt_out);
    assert_eq!(object["kind"], "unsubscribe");
    assert!(told.contains("- suppress li@acme.test for everybody: "), "{told}");
    let stranger = reply("r3")
        .replace("li@acme.test", "eve@there.test")
        .replace("<first@", "<other@");
    assert_eq!(office.explained(&stranger).0["would"]["filed"], "unmatched");
    let (_, told) = office.explained(&handed);
    assert!(
        told.contains("- nothing: this very mail is known already, as hand_over"),
        "{told}"
    );
    assert_eq!(office.files(), before);
}

#[test]
fn a_database_of_another_shape_is_named_and_left_alone() {
    let office = Office::new();
    let _key = office.address();
    fs::write(office.config().bot.database(), b"").expect("a file");
    let (code, _, err) = explain(
        office.folder.path(),
        &["--config", "cadence.toml", "explain", "-"],
        reply("1").as_bytes(),
    );
    assert_eq!(code, 75, "{err}");
    assert!(err.contains("`cadence run` brings it up to date"), "{err}");
}
