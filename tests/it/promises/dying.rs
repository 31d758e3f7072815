//! Killed anywhere, started again: nothing twice, nothing lost. The bot is dropped after so many polls, which is between
//! any two of its steps; what it had given to the store's writer is written or not, as after a kill.

use crate::story::{Story, mail, replies};
use cadence::inbox::Filing;
use cadence::model::Standing;
use cadence::store::Store;
use cadence::world::Habit;

/// Kills the bot every `every` polls until it comes through to `until`.
async fn through(mut story: Story, until: &str, every: usize) -> Story {
    for _ in 0..20_000 / every {
        if !story.is_killed(until, every).await {
            return story;
        }
        story = story.started_again().await;
    }
    story.until(until).await;
    story
}

#[tokio::test]
async fn p01_killed_at_every_step_a_hand_over_enrolls_once_and_is_told_once() {
    for every in (1..48).step_by(2) {
        let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
        story.enroll("2026-03-02 07:00", &["li@acme.test"], "outbound");
        story.is_killed("2026-03-02 07:30", every).await;
        let mut story = story.started_again().await;
        story.until("2026-03-02 07:30").await;
        assert_eq!(story.enrollments().await.len(), 1, "killed after {every}");
        // A receipt that was on its way is sent again: once too often is better than never.
        let receipts = story.mails_to("ana@corp.test").len();
        assert!((1..=2).contains(&receipts), "killed after {every}: {receipts}");
        assert!(story.mailbox.unfiled("INBOX").is_empty(), "killed after {every}");
        assert_eq!(story.mailbox.filed(Filing::Processed).len(), 1, "killed after {every}");
        story.holds().await;
    }
}

#[tokio::test]
async fn p03_killed_at_every_step_a_reply_stops_and_is_passed_on() {
    for every in (1..48).step_by(2) {
        let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
        story.enroll("2026-03-02 07:00", &["li@acme.test"], "outbound");
        story.until("2026-03-02 07:30").await;
        let to = story.bot().for_reply(story.enrollment().await.id);
        let reply = mail(&to, "li@acme.test", "Re: Hello", "", "Yes, tell me more.");
        story.mailbox.deliver("INBOX", reply, None);
        story.is_killed("2026-03-02 07:30", every).await;
        let mut story = story.started_again().await;
        story.until("2026-03-02 07:50").await;
        assert!(
            matches!(story.standing().await, Standing::Paused { .. }),
            "killed after {every}"
        );
        let told = story.mails_to("ana@corp.test").concat();
        assert!(told.contains("Yes, tell me more."), "killed after {every}");
        assert!(story.mailbox.unfiled("INBOX").is_empty(), "killed after {every}");
        story.holds().await;
    }
}

#[tokio::test]
async fn p01_killed_at_every_step_a_touch_goes_out_once_or_is_in_doubt() {
    for every in (1..48).step_by(2) {
        let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
        story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
        story.until("2026-03-05 11:40").await;
        story.is_killed("2026-03-05 11:50", every).await;
        let mut story = story.started_again().await;
        story.until("2026-03-05 16:00").await;
        let (sent, told) = (
            story.mails_to("li@acme.test").len(),
            story.mails_to("ana@corp.test").concat(),
        );
        assert!(sent <= 1, "killed after {every}");
        let knows = sent == 1 || told.contains("Perhaps not sent");
        assert!(
            knows,
            "killed after {every}: what did not go out is in doubt, and the rep knows"
        );
        assert!(
            matches!(story.standing().await, Standing::Waiting { .. }),
            "killed after {every}"
        );
        story.holds().await;
    }
}

#[tokio::test]
async fn a_story_on_a_file_goes_on_after_every_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cadence.db");
    let store = Store::open(&path).await.expect("a store");
    let mut story = Story::on(store, 1, &[("li@acme.test", replies(2, "Yes, tell me more."))]);
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "inbound");
    let mut story = through(story, "2026-03-04 18:00", 97).await;
    // Another process: nothing but the file is left.
    drop(std::mem::replace(
        &mut story.world.bot.store,
        Store::in_memory().await.expect("a store"),
    ));
    let store = Store::open(&path).await.expect("the same store");
    let story = story.restarted(store).await;
    let story = through(story, "2026-03-20 18:00", 211).await;
    assert!(matches!(
        story.standing().await,
        Standing::Paused { .. } | Standing::Ended { .. }
    ));
    assert!(story.mails_to("li@acme.test").len() <= 4);
    story.holds().await;
}
