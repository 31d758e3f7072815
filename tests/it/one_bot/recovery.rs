//! Old databases: what they do not know is found out before anything goes out (reliability E-25, P26, P27).

use crate::story::*;
use cadence::model::{Cause, LetterClass, LetterState, Standing};
use cadence::store::Store;
use cadence::world::Habit;
use std::path::{Path, PathBuf};

const PEOPLE: &[(&str, Habit)] = &[("li@acme.test", Habit::Ignores), ("jane@corp2.test", Habit::Ignores)];

struct Disk(tempfile::TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    async fn open(&self, name: &str) -> Store {
        Store::open(&self.path(name)).await.expect("a store")
    }
}

/// Li is enrolled on the second, Jane on the fifth, and Li's first follow-up goes out on the fifth at 11:47.
async fn begun(disk: &Disk) -> Story {
    let mut story = Story::on(disk.open("cadence.db").await, 1, PEOPLE).with_lease("mail-1", "first run");
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.enroll("2026-03-05 10:00", &["jane@corp2.test"], "outbound");
    story
}

/// The bot dies, and is started again on an old copy of its database.
async fn set_back_to(story: Story, copy: &Path) -> Story {
    let store = Store::open(copy).await.expect("a store");
    story.restarted(store).await.with_lease("mail-1", "second run")
}

async fn backup(story: &Story, to: &Path) {
    let now = story.world.now();
    story.world.bot.store.backup(to, now).await.expect("a backup");
}

async fn causes(story: &Story) -> Vec<Cause> {
    let holds = story.world.bot.store.holds(story.world.now()).await.expect("holds");
    holds.into_iter().map(|hold| hold.cause).collect()
}

fn touches_to(story: &Story, who: &str) -> usize {
    let sent = story.relay.sent();
    let ours = |letter: &&cadence::model::Letter| letter.class == LetterClass::Step && letter.to == address(who);
    sent.iter().filter(ours).count()
}

async fn state_of(story: &Story, who: &str, step: u16) -> Option<LetterState> {
    let store = &story.world.bot.store;
    let enrollment = store.of_person(&address(who).loose()).await.expect("rows").pop()?;
    let id = cadence::model::LetterId::of_step(enrollment.id, cadence::model::StepNo(step));
    store.letter(id).await.expect("an answer").map(|(_, state)| state)
}

#[tokio::test]
async fn e25_what_a_restored_database_does_not_know_is_in_doubt_and_not_sent_again() {
    let disk = Disk::new();
    let mut story = begun(&disk).await;
    story.until("2026-03-04 18:00").await;
    backup(&story, &disk.path("old.db")).await;
    story.until("2026-03-06 12:00").await;
    assert_eq!(touches_to(&story, "li@acme.test"), 1);
    let mut story = set_back_to(story, &disk.path("old.db")).await;
    story.until("2026-03-06 12:30").await;
    assert_eq!(touches_to(&story, "li@acme.test"), 1, "it went out before");
    assert_eq!(state_of(&story, "li@acme.test", 4).await, Some(LetterState::InDoubt));
    assert!(causes(&story).await.is_empty(), "and it goes on by itself");
    assert!(story.world.bot.store.tenure().await.expect("a row").gap.is_none());
    let jane = story
        .world
        .bot
        .store
        .of_person(&address("jane@corp2.test").loose())
        .await;
    assert_eq!(
        jane.expect("rows").len(),
        1,
        "she was enrolled in the time that the backup does not know"
    );
    story.until("2026-03-31 18:00").await;
    assert!(touches_to(&story, "li@acme.test") > 1, "later touches go out");
    story.holds().await;
}

#[tokio::test]
async fn e25_nothing_is_sent_while_the_mailbox_cannot_be_read_again() {
    let disk = Disk::new();
    let mut story = begun(&disk).await;
    story.until("2026-03-04 18:00").await;
    backup(&story, &disk.path("old.db")).await;
    story.until("2026-03-05 11:00").await;
    let mut story = set_back_to(story, &disk.path("old.db")).await;
    let before = story.relay.sent().len();
    story
        .mailbox
        .fail_with(Some(cadence::inbox::InboxError::lost("the server is gone")));
    story.until("2026-03-06 18:00").await;
    assert_eq!(story.relay.sent().len(), before, "not even mail to reps");
    story.mailbox.fail_with(None);
    story.until("2026-03-09 18:00").await;
    assert!(story.relay.sent().len() > before);
    story.holds().await;
}

const ANSWER: &str = "From: Li Wei <li@acme.test>\nTo: Ana Costa <ana@corp.test>, cadence@reps.test\nSubject: Re: Hello\n\
                      Date: Thu, 5 Mar 2026 15:00:00 +0100\nMessage-ID: <li1@acme.test>\n\nPlease call me.\n";

#[tokio::test]
async fn p27_a_stop_that_was_read_and_filed_since_counts_again() {
    let disk = Disk::new();
    let mut story = begun(&disk).await;
    story.until("2026-03-04 18:00").await;
    backup(&story, &disk.path("old.db")).await;
    story.arrives("2026-03-05 15:00", "Li's answer", ANSWER);
    story.until("2026-03-06 12:00").await;
    assert!(matches!(story.enrollments().await[0].standing, Standing::Paused { .. }));
    let mut story = set_back_to(story, &disk.path("old.db")).await;
    story.until("2026-03-06 12:30").await;
    assert!(matches!(story.enrollments().await[0].standing, Standing::Paused { .. }));
    story.until("2026-03-31 18:00").await;
    assert_eq!(touches_to(&story, "li@acme.test"), 1);
    story.holds().await;
}

#[tokio::test]
async fn p27_whatever_the_day_of_the_backup_and_of_the_restore_nobody_gets_a_mail_twice() {
    for (taken, restored) in [
        ("2026-03-02 09:00", "2026-03-20 10:00"),
        ("2026-03-03 09:00", "2026-03-05 11:46"),
        ("2026-03-05 11:46", "2026-03-05 11:48"),
        ("2026-03-06 12:00", "2026-03-12 16:00"),
        ("2026-03-10 18:00", "2026-03-31 09:30"),
    ] {
        let disk = Disk::new();
        let mut story = begun(&disk).await;
        story.until(taken).await;
        backup(&story, &disk.path("old.db")).await;
        story.until(restored).await;
        let mut story = set_back_to(story, &disk.path("old.db")).await;
        story.until("2026-04-30 18:00").await;
        assert!(causes(&story).await.is_empty(), "{taken}, {restored}");
        story.holds().await;
    }
}

#[tokio::test]
async fn p26_killed_in_the_middle_of_a_recovery_it_is_recovered_all_the_same() {
    for after in [3, 12, 30, 60, 120, 240] {
        let disk = Disk::new();
        let mut story = begun(&disk).await;
        story.until("2026-03-04 18:00").await;
        backup(&story, &disk.path("old.db")).await;
        story.arrives("2026-03-05 15:00", "Li's answer", ANSWER);
        story.until("2026-03-06 12:00").await;
        let mut story = set_back_to(story, &disk.path("old.db")).await;
        story.is_killed("2026-03-06 12:30", after).await;
        let mut story = story.started_again().await.with_lease("mail-1", "third run");
        story.until("2026-03-20 18:00").await;
        assert!(causes(&story).await.is_empty(), "after {after}");
        assert_eq!(touches_to(&story, "li@acme.test"), 1, "after {after}");
        assert!(
            matches!(story.enrollments().await[0].standing, Standing::Paused { .. }),
            "after {after}"
        );
        story.holds().await;
    }
}

#[tokio::test]
async fn e05_a_database_that_was_set_back_without_a_word_is_known_by_the_note_in_the_mailbox() {
    let disk = Disk::new();
    let mut story = begun(&disk).await;
    story.until("2026-03-04 18:00").await;
    story.world.bot.store.checkpoint().await.expect("one file");
    std::fs::copy(disk.path("cadence.db"), disk.path("snapshot.db")).expect("a copy");
    story.until("2026-03-06 12:00").await;
    let mut story = set_back_to(story, &disk.path("snapshot.db")).await;
    story.until("2026-03-06 12:30").await;
    assert_eq!(touches_to(&story, "li@acme.test"), 1);
    assert_eq!(state_of(&story, "li@acme.test", 4).await, Some(LetterState::InDoubt));
    story.until("2026-03-31 18:00").await;
    story.holds().await;
}

#[tokio::test]
async fn e25_a_picture_taken_while_a_touch_was_on_its_way_knows_nothing_of_what_followed_it() {
    let disk = Disk::new();
    let mut story = begun(&disk).await;
    // Held back beyond the gate: the picture has the touch as on its way.
    let told = std::sync::Arc::new(tokio::sync::Notify::new());
    let reply = cadence::model::Reply {
        code: 250,
        status: None,
        text: "queued".to_owned(),
    };
    let taken = cadence::model::Receipt::Sent(reply);
    story.until("2026-03-05 11:40").await;
    story.relay.answer_next_after(std::sync::Arc::clone(&told), taken);
    story.dies_while_sending("2026-03-05 12:00").await;
    story.world.bot.store.checkpoint().await.expect("one file");
    std::fs::copy(disk.path("cadence.db"), disk.path("snapshot.db")).expect("a copy");
    let mut story = set_back_to(story, &disk.path("cadence.db")).await;
    story.until("2026-03-12 18:00").await;
    let sent = touches_to(&story, "li@acme.test");
    assert!(sent > 0, "the next one went out");
    let store = disk.open("snapshot.db").await;
    let mut story = story.restarted(store).await.with_lease("mail-1", "third run");
    story.until("2026-03-12 18:30").await;
    let next = story.enrollments().await[0].next_step();
    story.until("2026-04-30 18:00").await;
    let mut ids: Vec<_> = story
        .relay
        .sent()
        .iter()
        .filter(|letter| letter.class == LetterClass::Step)
        .map(|letter| letter.id)
        .collect();
    let many = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(
        ids.len(),
        many,
        "no step twice; after the picture it went on at {next:?}"
    );
    story.holds().await;
}

#[tokio::test]
async fn a_restart_that_knows_everything_recovers_nothing() {
    let disk = Disk::new();
    let mut story = begun(&disk).await;
    story.until("2026-03-06 12:00").await;
    let mut story = set_back_to(story, &disk.path("cadence.db")).await;
    story.until("2026-03-31 18:00").await;
    let store = &story.world.bot.store;
    assert!(store.doubts(10).await.expect("doubts").is_empty());
    assert!(store.cleared().await.expect("holds").is_empty());
    story.holds().await;
}

#[tokio::test]
async fn a_backup_is_sound_one_file_and_marked_as_old() {
    let disk = Disk::new();
    let mut story = begun(&disk).await;
    story.until("2026-03-05 18:00").await;
    let to = disk.path("old.db");
    backup(&story, &to).await;
    let names: Vec<String> = std::fs::read_dir(disk.0.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("old"))
        .collect();
    assert_eq!(names, ["old.db"], "nothing beside it");
    let now = story.world.now();
    std::fs::create_dir(disk.path("drill")).expect("a folder");
    let looked = cadence::store::backup::rehearse(&to, &disk.path("drill"), now)
        .await
        .expect("sound");
    assert_eq!((looked.enrollments, looked.taken), (2, Some(now)));
    let again = story.world.bot.store.backup(&to, now).await.expect_err("it is there");
    assert!(again.to_string().contains("name another"), "{again}");
    let gap = disk
        .open("old.db")
        .await
        .tenure()
        .await
        .expect("a row")
        .gap
        .expect("a mark");
    assert_eq!(gap.from, now);
}
