//! The commands, with the real binary, beside a process that has the database open.

use crate::command::{Seen, cadence};
use std::path::Path;

/// A house without servers, its database made.
async fn house() -> (tempfile::TempDir, super::Store) {
    let folder = tempfile::tempdir().unwrap();
    let config = r#"
        [bot]
        address = "cadence@reps.corp.test"
        welcome = false
        [mailbox]
        kind = "maildir"
        path = "in"
        [relay]
        kind = "maildir"
        path = "out"
        [[rep]]
        address = "ana@corp.test"
        name = "Ana Ruiz"
        zone = "Europe/Madrid"
    "#;
    std::fs::write(folder.path().join("cadence.toml"), config).unwrap();
    std::fs::create_dir(folder.path().join("cadence-data")).unwrap();
    let store = super::Store::open(&folder.path().join("cadence-data/cadence.db"))
        .await
        .unwrap();
    (folder, store)
}

async fn run(folder: &Path, arguments: &[&str]) -> Seen {
    let folder = folder.to_owned();
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let work = move || cadence(&folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test]
async fn a_running_process_sees_at_once_what_is_held_and_lifted() {
    let (folder, store) = house().await;
    let folder = folder.path();
    // Held as a running bot holds it: these commands need no lock.
    let _lock = cadence::store::lock(&folder.join("cadence-data/cadence.db")).unwrap();
    let seen = run(
        folder,
        &["hold", "cadence", "outbound", "--why", "the price list\nchanged"],
    )
    .await;
    assert_eq!((seen.code, seen.err.as_str()), (0, ""));
    assert!(seen.out.starts_with("held: cadence outbound since "), "{}", seen.out);
    assert!(
        seen.out.ends_with(
            " by kim, on the command line, until `cadence unhold cadence outbound`: the price list changed\n"
        ),
        "{}",
        seen.out
    );
    let now = cadence::clock::Clock::System.now();
    assert_eq!(store.holds(now).await.unwrap().len(), 1);

    let seen = run(
        folder,
        &["hold", "rep", "Ana@corp.test", "--for", "3h", "--why", "away"],
    )
    .await;
    assert_eq!(seen.code, 0, "{}", seen.err);
    let seen = run(folder, &["holds", "--json"]).await;
    let lines: Vec<serde_json::Value> = seen
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (&lines[0]["scope"], &lines[0]["clears"]),
        (&"cadence outbound".into(), &serde_json::Value::Null)
    );
    assert_eq!(
        (&lines[1]["scope"], &lines[1]["why"]),
        (&"rep ana@corp.test".into(), &"away".into())
    );
    let seen = run(folder, &["status"]).await;
    assert_eq!(
        seen.out.lines().filter(|line| line.starts_with("held ")).count(),
        2,
        "{}",
        seen.out
    );

    let seen = run(folder, &["unhold", "cadence", "outbound"]).await;
    assert_eq!(seen.code, 0, "{}", seen.err);
    let seen = run(folder, &["unhold", "cadence", "outbound"]).await;
    assert_eq!(seen.code, 65);
    assert_eq!(
        seen.err,
        "cadence: nothing holds cadence outbound; `cadence holds` lists what is held\n"
    );
    assert_eq!(run(folder, &["unhold", "rep", "ana@corp.test"]).await.code, 0);
    assert_eq!(run(folder, &["holds"]).await.out, "nothing is held\n");
    assert_eq!(store.holds(now).await.unwrap(), []);
}

#[tokio::test]
async fn what_cannot_be_held_is_said_so() {
    let (folder, _store) = house().await;
    for (arguments, code, says) in [
        (&["hold", "all"][..], 64, "--why"),
        (&["hold", "all", "--why", " "], 64, "must say why"),
        (&["hold", "all", "x", "--why", "y"], 64, "`all` takes no name"),
        (&["hold", "cadence", "--why", "y"], 64, "name the cadence"),
        (
            &["hold", "all", "--for", "soon", "--why", "y"],
            64,
            "--for takes a time",
        ),
        (
            &["hold", "cadence", "nope", "--why", "y"],
            65,
            "there is no cadence \"nope\"; there are ",
        ),
        (&["hold", "rep", "eve@corp.test", "--why", "y"], 65, "no [[rep]]"),
        (
            &["in-doubt", "resolve", "xyz", "sent", "--why", "y"],
            64,
            "ID is the id",
        ),
        (
            &["in-doubt", "resolve", "4f2a", "sent", "--why", "y"],
            65,
            "no mail 4f2a is in doubt",
        ),
        (&["quarantine", "show", "zz"], 64, "ID is the id"),
        (
            &["quarantine", "release", "abcd", "--why", "y"],
            65,
            "no mail abcd is in quarantine",
        ),
    ] {
        let seen = run(folder.path(), arguments).await;
        assert_eq!(seen.code, code, "{arguments:?}: {}", seen.err);
        assert!(seen.err.contains(says), "{arguments:?}: {}", seen.err);
        assert_eq!(seen.out, "");
    }
    assert_eq!(
        run(folder.path(), &["in-doubt", "list"]).await.out,
        "nothing is in doubt\n"
    );
    assert_eq!(run(folder.path(), &["in-doubt", "list", "--json"]).await.out, "");
    assert_eq!(
        run(folder.path(), &["quarantine", "list"]).await.out,
        "nothing is in quarantine\n"
    );
}

/// The bot itself, ended with the test.
struct Bot(std::process::Child);

impl Bot {
    fn start(folder: &Path) -> Self {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cadence"));
        let log = std::fs::File::create(folder.join("log")).unwrap();
        Self(command.current_dir(folder).arg("run").stderr(log).spawn().unwrap())
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// What a command says once it says `what`.
async fn once(folder: &Path, arguments: &[&str], what: &str) -> String {
    for _ in 0..200 {
        let seen = run(folder, arguments).await;
        if seen.out.contains(what) {
            return seen.out;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let log = std::fs::read_to_string(folder.join("log")).unwrap();
    panic!("{arguments:?} never says {what}\n{log}")
}

#[tokio::test]
async fn a_held_mail_is_shown_released_and_moved_back_beside_a_running_bot() {
    let (folder, store) = house().await;
    drop(store);
    std::fs::remove_file(folder.path().join("cadence-data/cadence.db")).unwrap();
    let folder = folder.path();
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(folder.join("in").join(part)).unwrap();
    }
    let _bot = Bot::start(folder);
    once(folder, &["status"], "enrollments").await;
    let mail = "Delivered-To: cadence@reps.corp.test\r\nFrom: Ana Ruiz <ana@corp.test>\r\n\
        To: cadence@reps.corp.test\r\nSubject: help\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\
        Message-ID: <held@corp.test>\r\n\r\nhelp\r\n";
    std::fs::write(folder.join("in/tmp/1.held"), mail).unwrap();
    std::fs::rename(folder.join("in/tmp/1.held"), folder.join("in/new/1.held")).unwrap();

    let line = once(folder, &["quarantine", "list"], "in the name of ana@corp.test").await;
    let id = line.split_whitespace().next().unwrap().to_owned();
    let filed = folder.join("in/.Cadence.Quarantine/cur/1.held:2,S");
    for _ in 0..200 {
        if filed.exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let shown = run(folder, &["quarantine", "show", &id]).await;
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert!(shown.out.contains("\nSubject: help\n"), "{}", shown.out);
    assert!(!shown.out.contains("\nhelp\n"), "the header only: {}", shown.out);
    assert!(!folder.join("out/ana@corp.test").exists(), "nothing is answered");

    let seen = run(folder, &["quarantine", "release", &id, "--why", "Ana confirmed it"]).await;
    assert_eq!(seen.code, 0, "{}", seen.err);
    once(folder, &["quarantine", "list"], "waits to be moved back").await;
    std::fs::rename(&filed, folder.join("in/new/2.back")).unwrap();
    once(folder, &["quarantine", "list"], "nothing is in quarantine").await;
    once(folder, &["status"], "1 help").await;
}
