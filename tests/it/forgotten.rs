//! Somebody asks that their data be deleted, and the administrator runs `cadence forget` beside the bot.

use crate::command::{Seen, cadence};
use crate::story::{Story, address, replies};
use cadence::model::*;
use cadence::store::{Batch, Change, Store};
use cadence::world::Habit;
use std::path::Path;
use tempfile::TempDir;

const CONFIG: &str = "[bot]\naddress = \"cadence@reps.test\"\n[mailbox]\nkind = \"maildir\"\npath = \"in\"\n\
    [relay]\nkind = \"maildir\"\npath = \"out\"\n\
    [[rep]]\naddress = \"ana@corp.test\"\nname = \"Ana Ruiz\"\nzone = \"Europe/Madrid\"\n";

/// A house on the disk in which Li Wei answered with a telephone number, and a colleague of theirs waits because of that.
async fn house() -> (TempDir, Story) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("cadence.toml"), CONFIG).unwrap();
    std::fs::create_dir(folder.path().join("cadence-data")).unwrap();
    let store = Store::open(&folder.path().join("cadence-data/cadence.db"))
        .await
        .unwrap();
    let people = [
        ("li@acme.test", replies(1, "Ring me: +49 30 5550199, please.")),
        ("jane@acme.test", Habit::Ignores),
        ("jo@other.test", Habit::Ignores),
    ];
    let mut story = Story::on(store, 1, &people);
    story.enroll("2026-03-02 09:30", &["li@acme.test"], "outbound");
    story.enroll("2026-03-02 09:40", &["jane@acme.test"], "outbound");
    story.enroll("2026-03-02 09:50", &["jo@other.test"], "outbound");
    story.until("2026-03-10 18:00").await;
    let li = story.enrollment_of("li@acme.test").await;
    assert!(matches!(li.standing, Standing::Paused { .. }), "{:?}", li.standing);
    let fields = [
        ("phone", "+49 30 5550199"),
        ("company", "Acme Anvils"),
        ("persona", "founder"),
    ];
    let fields = fields.map(|(field, value)| (field.to_owned(), value.to_owned()));
    let facts = vec![
        Fact::Noted {
            text: "Li Wei likes tea".to_owned(),
        },
        Fact::Learned { fields: fields.into() },
        Fact::Bounced {
            permanent: false,
            status: Some("4.2.2".to_owned()),
            why: "<li@acme.test>: mailbox full".to_owned(),
        },
    ];
    write(&story, &li, facts).await;
    (folder, story)
}

async fn write(story: &Story, of: &Enrollment, facts: Vec<Fact>) {
    let batch = Batch {
        at: Some(story.world.now()),
        changes: vec![Change {
            id: of.id,
            version: of.version,
            facts,
        }],
        ..Batch::default()
    };
    story.world.bot.store.commit(batch).await.expect("a commit");
}

async fn typed(folder: &Path, line: &'static [&'static str]) -> Seen {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || cadence(&folder, line))
        .await
        .unwrap()
}

/// Which of these words are anywhere in the bytes of the database or of what lies beside it. Another process reads them: if
/// this one opened and closed the files, it would give up the locks that its own store holds on them.
fn found(folder: &Path, words: &[&'static str]) -> Vec<&'static str> {
    let files = std::fs::read_dir(folder.join("cadence-data")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let output = std::process::Command::new("cat").args(files).output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).to_lowercase();
    let held = |word: &&&'static str| text.contains(&word.to_lowercase());
    words.iter().filter(held).copied().collect()
}

const THEIRS: [&str; 6] = [
    "li@acme.test",
    "Li Wei",
    "5550199",
    "Acme Anvils",
    "likes tea",
    "mailbox full",
];
const REPORT: [&str; 7] = [
    "report",
    "--format",
    "json",
    "--since",
    "2026-03-01",
    "--until",
    "2026-03-31",
];
const FORGET: [&str; 4] = ["forget", "Li+x@ACME.test", "--why", "request 17"];

#[tokio::test]
async fn who_asks_to_be_forgotten_leaves_no_byte_behind_and_every_number_of_the_reports() {
    let (folder, mut story) = house().await;
    let folder = folder.path();
    assert_eq!(found(folder, &THEIRS), THEIRS);
    let dry = typed(folder, &["forget", "li@acme.test", "--dry-run"]).await;
    assert_eq!((dry.code, dry.err.as_str()), (0, ""), "{}", dry.out);
    assert!(
        dry.out.contains("nothing was changed") && dry.out.contains("     1  enrollments"),
        "{}",
        dry.out
    );
    assert_eq!(found(folder, &THEIRS), THEIRS);
    assert_eq!(story.suppressed("li@acme.test").await, None);
    let named = typed(folder, &["forget", "li@acme.test", "--why", "Li Wei rang"]).await;
    assert_eq!(named.code, 64, "{}", named.err);
    assert!(named.err.contains("must not name the person"), "{}", named.err);

    // A mail to the rep lies ready: nobody may be mailed from now on, and the names wait for it.
    let batch = Batch {
        at: Some(story.world.now()),
        letters: vec![Letter {
            id: LetterId(7),
            class: LetterClass::Alert,
            touch: None,
            rep: address("ana@corp.test"),
            envelope_from: None,
            to: address("ana@corp.test"),
            message_id: MessageId::parse("seven@reps.test").unwrap(),
            bytes: b"Subject: Li Wei rang\r\n\r\nli@acme.test\r\n".to_vec(),
            not_before: story.world.now(),
        }],
        ..Batch::default()
    };
    story.world.bot.store.commit(batch).await.unwrap();
    let dry = typed(folder, &["forget", "li@acme.test", "--dry-run"]).await;
    assert!(
        dry.out.contains("     1  mails that may name them lie ready"),
        "{}",
        dry.out
    );
    let early = typed(folder, &FORGET).await;
    assert_eq!((early.code, early.out.as_str()), (75, ""), "{}", early.err);
    assert!(early.err.contains("run it again in a minute"), "{}", early.err);
    assert!(!early.err.contains("acme"), "{}", early.err);
    let li = story.enrollment_of("li@acme.test").await;
    assert!(!li.is_active(), "{:?}", li.standing);
    assert_eq!(
        story.suppressed("LI+news@acme.test").await,
        Some(SuppressionReason::Forgotten)
    );
    story.until("2026-03-10 18:10").await;
    let numbers = typed(folder, &REPORT).await.out;

    let gone = typed(folder, &FORGET).await;
    assert_eq!((gone.code, gone.err.as_str()), (0, ""), "{}", gone.out);
    for words in [
        "what stays: the counts",
        "keyed hash",
        "out of reach",
        "copies of the database",
    ] {
        assert!(gone.out.contains(words), "{words}: {}", gone.out);
    }
    assert_eq!(found(folder, &THEIRS), [""; 0]);
    assert_eq!(typed(folder, &REPORT).await.out, numbers, "not a digit changes");
    assert!(
        found(folder, &["jane@acme.test", "jo@other.test"]).len() == 2,
        "others stay"
    );

    // Who waited because of them still does, and is not told because of whom.
    let why = typed(folder, &["why", "jane@acme.test"]).await;
    assert!(
        why.out.contains("paused: a colleague answered, (forgotten)"),
        "{}",
        why.out
    );
    let why = typed(folder, &["why", "li@acme.test"]).await;
    assert!(why.out.contains("its owner asked to be forgotten"), "{}", why.out);
    assert!(
        why.out
            .contains("forgotten on request, by kim, on the command line: request 17"),
        "{}",
        why.out
    );
    for line in [
        &["status"][..],
        &["suppress", "list"],
        &["report", "--export", "touches"],
        &["report", "--export", "outcomes"],
    ] {
        let seen = typed(folder, line.to_vec().leak()).await;
        assert_eq!(seen.code, 0, "{line:?}: {}", seen.err);
        assert!(
            !seen.out.contains("li@") && !seen.out.contains("Li Wei"),
            "{line:?}: {}",
            seen.out
        );
    }
    let again = typed(folder, &FORGET).await;
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("     0  enrollments"), "{}", again.out);

    // The bot beside it goes on, and nobody else's row is anything but the fold of its journal.
    story.until("2026-03-13 18:00").await;
    story.holds().await;
    let alias = story
        .world
        .bot
        .store
        .forgotten_as(&address("li@acme.test").loose())
        .await
        .unwrap();
    let left = story.world.bot.store.of_person(&alias.expect("a name")).await.unwrap();
    let journal = story.world.bot.store.journal(left[0].id).await.unwrap();
    assert_eq!(Enrollment::fold(left[0].id, &journal).unwrap(), left[0]);
}

#[tokio::test]
async fn a_forgotten_person_is_not_enrolled_again_in_any_spelling_and_a_late_answer_names_them_nowhere() {
    let (folder, mut story) = house().await;
    let li = story.enrollment_of("li@acme.test").await;
    story.until("2026-03-10 18:10").await;
    let gone = typed(folder.path(), &FORGET).await;
    assert_eq!(gone.code, 0, "{}", gone.err);
    let before = story.mails_to("li@acme.test").len();
    story.enroll("2026-03-11 09:30", &["LI+again@acme.test"], "outbound");
    story.until("2026-03-11 10:00").await;
    let mails = story.mails_to("ana@corp.test");
    let refused = mails
        .iter()
        .filter(|mail| mail.contains("asked to be forgotten"))
        .count();
    assert_eq!(refused, 1, "the rep is told why");
    assert!(
        story
            .world
            .bot
            .store
            .of_person(&address("li@acme.test").loose())
            .await
            .unwrap()
            .is_empty()
    );

    let late = vec![Fact::Bounced {
        permanent: true,
        status: Some("5.1.1".to_owned()),
        why: "<li@acme.test> is unknown".to_owned(),
    }];
    let left = story.world.bot.store.enrollments(&[li.id]).await.unwrap();
    write(&story, &left[0], late).await;
    let journal = story.world.bot.store.journal(li.id).await.unwrap();
    let told: Vec<String> = journal
        .iter()
        .map(|recorded| serde_json::to_string(&recorded.fact).unwrap())
        .collect();
    assert!(
        told.iter()
            .all(|fact| !fact.contains("acme.test") && !fact.contains("Li Wei")),
        "{told:?}"
    );
    let suppress = [
        typed(
            folder.path(),
            &["suppress", "add", "li@acme.test", "--why", "once more"],
        )
        .await
        .out,
        typed(folder.path(), &["suppress", "remove", "li@acme.test"]).await.err,
    ];
    assert!(suppress[0].contains("it was suppressed before"), "{suppress:?}");
    assert!(suppress[1].contains("it stays suppressed"), "{suppress:?}");
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), before, "never a mail again");
    story.holds().await;
}

#[tokio::test]
async fn who_was_never_enrolled_can_be_forgotten_too_and_a_rep_cannot() {
    let (folder, story) = house().await;
    let folder = folder.path();
    let nobody = typed(folder, &["forget", "new@third.test", "--why", "request 18"]).await;
    assert_eq!(nobody.code, 0, "{}", nobody.err);
    assert_eq!(
        story.suppressed("New@third.test").await,
        Some(SuppressionReason::Forgotten)
    );
    assert_eq!(found(folder, &["new@third.test"]), [""; 0]);
    let rep = typed(folder, &["forget", "ana@corp.test", "--why", "left"]).await;
    assert_eq!(rep.code, 65, "{}", rep.err);
    for line in [
        &["forget", "no-address", "--why", "x"][..],
        &["forget", "new@third.test"],
        &["forget", "new@third.test", "--why", " "],
    ] {
        assert_eq!(typed(folder, line.to_vec().leak()).await.code, 64, "{line:?}");
    }
}

#[test]
fn the_journal_is_changed_by_no_statement_outside_of_forgetting() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (folder, _story) = runtime.block_on(house());
    let other = rusqlite::Connection::open(folder.path().join("cadence-data/cadence.db")).unwrap();
    for sql in [
        "UPDATE fact SET data = '{}'",
        "DELETE FROM fact",
        "INSERT INTO forgetting VALUES (1); UPDATE fact SET at_ms = at_ms + 1",
        "UPDATE fact SET code = 'noted'",
    ] {
        let error = other.execute_batch(sql).expect_err(sql).to_string();
        assert!(error.contains("append-only"), "{sql}: {error}");
    }
}
