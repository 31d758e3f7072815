//! The bot's own Sent folder, which nobody told it to read: what lies there went out (reliability S-20, E-25, P26).

use crate::story::*;
use cadence::model::{LetterClass, LetterId, LetterState, StepNo};
use cadence::service::deliver;
use cadence::store::Store;
use cadence::world::Habit;

const PEOPLE: &[(&str, Habit)] = &[("li@acme.test", Habit::Ignores)];

/// Li's first follow-up lies ready since 11:47, and the mailbox, which was away, was looked at a moment ago.
async fn with_a_touch_about_to_go(folder: &std::path::Path) -> Story {
    let store = Store::open(&folder.join("cadence.db")).await.expect("a store");
    let mut story = Story::on(store, 1, PEOPLE).with_lease("mail-1", "first run");
    story.mailbox.keep_sent_apart();
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 11:40").await;
    let away = cadence::inbox::InboxError::lost("the server is gone");
    story.mailbox.fail_with(Some(away));
    story.until("2026-03-05 11:50").await;
    story.mailbox.fail_with(None);
    story.looks().await;
    story
}

/// The bot is killed, and started again on a copy of its database of a moment ago.
async fn set_back_to(story: Story, copy: &std::path::Path) -> Story {
    let store = Store::open(copy).await.expect("a store");
    story.restarted(store).await.with_lease("mail-1", "second run")
}

async fn copy(story: &Story, folder: &std::path::Path) -> std::path::PathBuf {
    story.world.bot.store.checkpoint().await.expect("one file");
    let to = folder.join("snapshot.db");
    std::fs::copy(folder.join("cadence.db"), &to).expect("a copy");
    to
}

/// The relay files what it sent since then, as Gmail and Exchange do.
fn files_copies(story: &Story, after: usize) {
    for letter in story.relay.sent().iter().skip(after) {
        let bytes = letter.bytes.clone();
        story.mailbox.deliver("Sent", bytes, Some(story.world.now()));
    }
}

async fn state(story: &Story) -> Option<LetterState> {
    let id = LetterId::of_step(story.enrollment().await.id, StepNo(4));
    let store = &story.world.bot.store;
    store.letter(id).await.expect("an answer").map(|(_, state)| state)
}

fn touches(story: &Story) -> usize {
    let sent = story.relay.sent();
    sent.iter().filter(|letter| letter.class == LetterClass::Step).count()
}

#[tokio::test]
async fn e05_a_database_that_lost_only_the_last_second_is_known_by_the_note_that_follows_each_touch() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut story = with_a_touch_about_to_go(folder.path()).await;
    let before = copy(&story, folder.path()).await;
    deliver::round(&story.world.bot).await.expect("a round");
    assert_eq!(touches(&story), 1);
    // The same second: no minute has passed since the last note, but a touch went out.
    story.looks().await;
    story = set_back_to(story, &before).await;
    story.until("2026-03-05 12:00").await;
    assert_eq!(touches(&story), 1, "it does not go out again");
    assert_eq!(state(&story).await, Some(LetterState::InDoubt));
    story.until("2026-03-31 18:00").await;
    assert!(touches(&story) > 1, "later ones do");
    story.holds().await;
}

#[tokio::test]
async fn e05_where_even_the_note_is_too_old_the_copy_in_sent_shows_that_the_database_was_set_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut story = with_a_touch_about_to_go(folder.path()).await;
    let before = copy(&story, folder.path()).await;
    let sent = story.relay.sent().len();
    deliver::round(&story.world.bot).await.expect("a round");
    files_copies(&story, sent);
    // Killed before it looked at the mailbox again.
    story = set_back_to(story, &before).await;
    story.until("2026-03-05 12:00").await;
    assert_eq!(touches(&story), 1, "it does not go out again");
    assert_eq!(
        state(&story).await,
        Some(LetterState::Sent),
        "and nobody is in doubt about it"
    );
    story.until("2026-03-31 18:00").await;
    story.holds().await;
}

#[tokio::test]
async fn a_bot_that_was_killed_and_set_back_by_nobody_recovers_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut story = with_a_touch_about_to_go(folder.path()).await;
    let before = copy(&story, folder.path()).await;
    story = set_back_to(story, &before).await;
    story.until("2026-03-05 12:00").await;
    assert_eq!(touches(&story), 1, "what was only claimed or ready goes out");
    assert_eq!(state(&story).await, Some(LetterState::Sent));
    story.holds().await;
}

#[tokio::test]
async fn s20_a_lost_answer_is_found_in_the_sent_folder_that_nobody_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut story = with_a_touch_about_to_go(folder.path()).await;
    let sent = story.relay.sent().len();
    story.relay.lose_next_answer();
    deliver::round(&story.world.bot).await.expect("a round");
    assert_eq!(state(&story).await, Some(LetterState::InDoubt));
    story.until("2026-03-05 11:55").await;
    files_copies(&story, sent);
    story.until("2026-03-05 12:30").await;
    story.settles().await;
    assert_eq!(state(&story).await, Some(LetterState::Sent));
    assert_eq!(touches(&story), 1);
    assert!(
        !story.mailbox.unfiled("Sent").is_empty(),
        "and the folder is left as it was"
    );
    story.holds().await;
}

#[tokio::test]
async fn e25_what_reps_were_told_in_the_gap_is_not_told_again_where_copies_show_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("cadence.db")).await.expect("a store");
    let people = [PEOPLE[0].clone(), ("jane@corp2.test", Habit::Ignores)];
    let mut story = Story::on(store, 1, &people).with_lease("mail-1", "first run");
    story.mailbox.keep_sent_apart();
    story.enroll("2026-03-02 10:00", &["jane@corp2.test"], "outbound");
    story.until("2026-03-03 09:00").await;
    let before = copy(&story, folder.path()).await;
    // A receipt today, and the digest of the next morning.
    story.enroll("2026-03-03 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-06 10:00").await;
    let told = story.mails_to("ana@corp.test").len();
    assert!(told >= 2, "{told}");
    files_copies(&story, 0);
    story = set_back_to(story, &before).await;
    story.until("2026-03-06 10:30").await;
    assert_eq!(
        story.mails_to("ana@corp.test").len(),
        told,
        "neither receipt nor digest"
    );
    assert_eq!(story.enrollments().await.len(), 2, "Li is enrolled as she was");
    story.until("2026-03-09 18:00").await;
    assert!(
        story.mails_to("ana@corp.test").len() > told,
        "the next morning's digest comes"
    );
    story.holds().await;
}

#[tokio::test]
async fn e25_on_another_host_a_copy_that_knows_all_that_the_last_note_knew_does_not_trust_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let story = with_a_touch_about_to_go(folder.path()).await;
    let before = copy(&story, folder.path()).await;
    deliver::round(&story.world.bot).await.expect("a round");
    assert_eq!(touches(&story), 1);
    // The first host burns down before it says so in the mailbox; nothing files copies.
    let store = Store::open(&before).await.expect("a store");
    let mut story = story.restarted(store).await.with_lease("mail-2", "second run");
    story.until("2026-03-05 11:54").await;
    assert_eq!(touches(&story), 1, "it stands by: the first may be alive");
    story.until("2026-03-05 12:10").await;
    assert_eq!(touches(&story), 1, "it does not go out again");
    assert_eq!(state(&story).await, Some(LetterState::InDoubt));
    story.until("2026-03-31 18:00").await;
    assert!(touches(&story) > 1, "later ones do");
    story.holds().await;
}
