//! The loop: it ends when it is told to, it ends when it cannot go on, and it does not turn in circles. Time is tokio's
//! paused one: it runs ahead to the next timer while nothing else is to do.

use crate::story::{Story, is_sending};
use cadence::inbox::{Inbox, InboxError};
use cadence::model::{Receipt, Standing, StepNo, limits};
use cadence::service::pulse::pulse;
use cadence::store::Store;
use cadence::world::Habit;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};

/// Li's first follow-up is due and lies ready behind an old barrier.
async fn with_a_touch_that_waits() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 11:40").await;
    story.mailbox.fail_with(Some(InboxError::lost("the server is gone")));
    story.until("2026-03-05 11:50").await;
    assert!(matches!(story.enrollment().await.standing, Standing::Sending { .. }));
    story
}

fn nothing_known() -> Receipt {
    Receipt::InDoubt {
        why: "no answer".to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn it_ends_in_seconds_though_the_relay_never_answers() {
    let story = with_a_touch_that_waits().await;
    story.mailbox.fail_with(None);
    story.relay.answer_next_after(Arc::new(Notify::new()), nothing_known());
    let (tell, stop) = watch::channel(false);
    let mut inbox = Inbox::Memory(story.mailbox.clone());
    let stops = async {
        is_sending(&story.world.bot.store).await;
        tell.send_replace(true);
        Instant::now()
    };
    let (over, told) = tokio::join!(pulse(&story.world.bot, &mut inbox, stop), stops);
    over.expect("an orderly end");
    assert!(
        told.elapsed() <= limits::SHUTDOWN + Duration::from_secs(1),
        "{:?}",
        told.elapsed()
    );
    let left = story.world.bot.store.left_sending().await.expect("an answer");
    assert_eq!(left.len(), 1, "it is in doubt at the next start");
}

#[tokio::test(start_paused = true)]
async fn a_letter_on_its_way_is_waited_for_and_no_other_is_begun() {
    let mut story = with_a_touch_that_waits().await;
    let told = Arc::new(Notify::new());
    story.mailbox.fail_with(None);
    let sent = Receipt::Sent(cadence::model::Reply {
        code: 250,
        status: None,
        text: "taken".to_owned(),
    });
    story.relay.answer_next_after(Arc::clone(&told), sent);
    let (tell, stop) = watch::channel(false);
    let mut inbox = Inbox::Memory(story.mailbox.clone());
    let stops = async {
        is_sending(&story.world.bot.store).await;
        tell.send_replace(true);
        sleep(limits::SHUTDOWN / 2).await;
        told.notify_one();
    };
    let (over, ()) = tokio::join!(pulse(&story.world.bot, &mut inbox, stop), stops);
    over.expect("an orderly end");
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    assert_eq!(story.enrollment().await.touched.map(|(step, _)| step), Some(StepNo(4)));
    story = story.started_again().await;
    story.until("2026-03-05 18:00").await;
    story.holds().await;
}

#[tokio::test(start_paused = true)]
async fn while_the_mailbox_is_gone_a_touch_that_waits_costs_little() {
    let story = with_a_touch_that_waits().await;
    let (tell, stop) = watch::channel(false);
    let mut inbox = Inbox::Memory(story.mailbox.clone());
    let before = story.world.bot.store.groups();
    let stops = async {
        sleep(Duration::from_secs(600)).await;
        tell.send_replace(true);
    };
    let (over, ()) = tokio::join!(pulse(&story.world.bot, &mut inbox, stop), stops);
    over.expect("an orderly end");
    let rounds = story.world.bot.store.groups() - before;
    assert!(rounds <= 130, "{rounds} rounds in ten minutes");
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn when_the_mailbox_cannot_be_remembered_any_more_all_of_it_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cadence.db");
    let store = Store::open(&path).await.expect("a store");
    let story = Story::on(store, 1, &[]);
    let other = rusqlite::Connection::open(&path).expect("the database");
    other.execute("DROP TABLE watermark", []).expect("damage");
    let (_tell, stop) = watch::channel(false);
    let mut inbox = Inbox::Memory(story.mailbox.clone());
    let over = tokio::time::timeout(Duration::from_secs(3600), pulse(&story.world.bot, &mut inbox, stop)).await;
    let error = over.expect("an end").expect_err("an error");
    assert!(error.to_string().contains("watermark"), "{error}");
}
