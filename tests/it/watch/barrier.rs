//! A rep whose own mailbox is away holds only their own touches.

use super::*;
use cadence::inbox::InboxError;
use cadence::service::{deliver, watch as rep_watch};
use cadence::store::Claims;

#[tokio::test]
async fn p32_a_touch_waits_while_its_reps_mailbox_is_away_and_the_reason_is_kept() {
    let (mut story, own) = watched().await;
    own.fail_with(Some(InboxError::lost("the server cannot be reached")));
    story.until("2026-03-05 16:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    let store = story.world.bot.store.clone();
    let (since, why) = store.watches().await.expect("rows")[0].away.clone().expect("a reason");
    assert!(why.contains("the server cannot be reached"), "{why}");
    assert!(since < at("2026-03-03 13:00"), "{since}");
    own.fail_with(None);
    story.until("2026-03-05 16:30").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    assert_eq!(store.watches().await.expect("rows")[0].away, None);
    story.holds().await;
}

#[tokio::test]
async fn the_touches_of_others_go_out_meanwhile() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.reps.push(ben());
    let own = watch(&mut story, "ben@corp.test");
    own.fail_with(Some(InboxError::refused_login("the login was refused")));
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 16:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
}

#[tokio::test]
async fn p32_a_look_that_is_too_old_shuts_the_gate_for_that_rep() {
    let (mut story, own) = watched().await;
    story.mailbox.fail_with(Some(InboxError::lost("gone")));
    story.until("2026-03-05 15:00").await;
    story.mailbox.fail_with(None);
    story.looks().await;
    own.fail_with(Some(InboxError::lost("gone")));
    let (bot, now) = (&story.world.bot, story.world.now());
    bot.barrier
        .watched(&ana().address, now - jiff::SignedDuration::from_secs(61));
    assert!(bot.barrier.is_fresh(now) && !bot.barrier.is_fresh_for(&ana().address, now));
    assert_eq!(bot.barrier.shut(now), [ana().address]);
    deliver::round(bot).await.expect("a round");
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    let bot = &story.world.bot;
    bot.barrier.watched(&ana().address, now);
    deliver::round(bot).await.expect("a round");
    assert_eq!(story.mails_to("li@acme.test").len(), 1, "with a look of now it goes");
}

#[tokio::test]
async fn s13_an_answer_between_the_claim_and_the_354_stops_that_mail() {
    let (mut story, own) = watched().await;
    story.mailbox.fail_with(Some(InboxError::lost("gone")));
    story.until("2026-03-05 15:00").await;
    story.mailbox.fail_with(None);
    let (store, now) = (story.world.bot.store.clone(), story.world.now());
    let claimed = store.claim(now, 10, Claims::All).await.expect("a claim").remove(0);
    own.deliver("INBOX", answer(&story).await, Some(now));
    let mut watch = Watch::new(ana().address, Inbox::Memory(own.clone()), "Sent");
    rep_watch::round(&story.world.bot, &mut watch).await.expect("a look");
    let open = store.begin_sending(claimed.letter.id, claimed.claim, now).await;
    assert!(!open.expect("an answer"), "the gate asks again after the 354");
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    story.holds().await;
}

#[tokio::test]
async fn a_claim_passes_over_the_touches_of_reps_that_are_shut_out() {
    let (mut story, _own) = watched().await;
    story.mailbox.fail_with(Some(InboxError::lost("gone")));
    story.until("2026-03-05 15:00").await;
    let (store, now) = (story.world.bot.store.clone(), story.world.now());
    let none = store.claim_but(now, 10, vec![ana().address]).await.expect("a claim");
    assert!(none.is_empty());
    let ready = store
        .ready_touches_but(now, 10, vec![ana().address])
        .await
        .expect("rows");
    assert!(ready.is_empty());
    let one = store
        .claim_but(now, 10, vec![address("ben@corp.test")])
        .await
        .expect("a claim");
    assert_eq!(one.len(), 1);
}
