//! Two bots in one mailbox, each with a memory of its own.

use crate::story::*;
use cadence::model::{Cause, Hold};
use cadence::store::Store;
use cadence::world::Habit;
use jiff::SignedDuration;

const PEOPLE: &[(&str, Habit)] = &[("li@acme.test", Habit::Ignores)];

/// Two of them; Li's follow-up falls due at 11:47 on the fifth, and only the first bot knows her.
async fn two() -> (Story, Story) {
    let first = Story::new(PEOPLE).await;
    let beside = Store::in_memory().await.expect("a store");
    let second = Story::in_mailbox(first.mailbox.clone(), beside, 1, PEOPLE);
    let mut first = first.with_lease("mail-1", "first run");
    first.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    first.until("2026-03-05 11:40").await;
    first.settles().await;
    (first, second.with_lease("mail-2", "second run"))
}

/// Time passes for these, minute by minute, as it does for bots that wait for mail.
async fn pass(stories: &mut [&mut Story], until: &str) {
    let until = at(until);
    let berlin = |time: jiff::Timestamp| {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").expect("a zone");
        time.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
    };
    let mut now = until - SignedDuration::from_mins(30);
    while now < until {
        now = now
            .saturating_add(SignedDuration::from_mins(1))
            .expect("a time")
            .min(until);
        for story in &mut *stories {
            story.until(&berlin(now)).await;
        }
    }
}

async fn held(story: &Story) -> Vec<Hold> {
    story.world.bot.store.holds(story.world.now()).await.expect("holds")
}

const LATER: &str = "From: Li Wei <li@acme.test>\nTo: Ana Costa <ana@corp.test>, cadence@reps.test\nSubject: Re: Hello\n\
                     Date: Thu, 5 Mar 2026 11:41:00 +0100\nMessage-ID: <li1@acme.test>\n\nPlease call me.\n";

#[tokio::test]
async fn e21_the_second_says_who_has_the_mailbox_and_neither_reads_nor_sends() {
    let (mut first, mut second) = two().await;
    pass(&mut [&mut second], "2026-03-05 11:41").await;
    let holds = held(&second).await;
    assert_eq!(holds.len(), 1);
    assert_eq!(holds[0].cause, Cause::Lease);
    let why = &holds[0].why;
    assert!(
        why.contains("the bot on mail-1 since 2026-03-0") && why.contains("(epoch 1)"),
        "{why}"
    );

    first.mailbox.deliver("INBOX", bytes(LATER), None);
    pass(&mut [&mut second], "2026-03-05 11:45").await;
    assert_eq!(
        first.mailbox.unfiled("INBOX").len(),
        1,
        "the stop is left to who must hear it"
    );
    pass(&mut [&mut first, &mut second], "2026-03-05 12:10").await;
    assert!(first.mailbox.unfiled("INBOX").is_empty());
    assert!(second.relay.sent().is_empty());
    assert_eq!(first.mails_to("li@acme.test").len(), 0, "she had answered");
    assert!(held(&first).await.is_empty());
    first.holds().await;
}

#[tokio::test]
async fn who_falls_silent_is_followed_and_finds_that_out_before_anything_else() {
    let (mut first, mut second) = two().await;
    pass(&mut [&mut second], "2026-03-05 11:41").await;
    // The first host sleeps. Minutes later the second has the mailbox.
    pass(&mut [&mut second], "2026-03-05 11:50").await;
    assert!(held(&second).await.iter().all(|hold| hold.cause != Cause::Lease));
    // It wakes when Li's follow-up is due, and must not send it: the other one may have.
    pass(&mut [&mut second, &mut first], "2026-03-05 12:10").await;
    assert_eq!(first.mails_to("li@acme.test").len(), 0, "e22");
    let holds = held(&first).await;
    assert!(
        holds[0].why.contains("mail-2") && holds[0].why.contains("epoch 2"),
        "{}",
        holds[0].why
    );
    first.holds().await;
}

#[tokio::test]
async fn a_mailbox_that_is_given_back_is_taken_at_once() {
    let (mut first, mut second) = two().await;
    pass(&mut [&mut second], "2026-03-05 11:41").await;
    assert_eq!(held(&second).await.len(), 1);
    let mut inbox = cadence::inbox::Inbox::Memory(first.mailbox.clone());
    first.world.bot.release(&mut inbox).await;
    pass(&mut [&mut second], "2026-03-05 11:42").await;
    assert!(held(&second).await.iter().all(|hold| hold.cause != Cause::Lease));
    pass(&mut [&mut first], "2026-03-05 11:43").await;
    assert_eq!(held(&first).await.len(), 1, "and the first stands by now");
}

#[tokio::test]
async fn killed_and_started_again_on_the_same_host_it_goes_on_at_once() {
    let (first, _) = two().await;
    let store = first.world.bot.store.clone();
    let mut first = first.restarted(store).await.with_lease("mail-1", "another run");
    first.until("2026-03-05 18:00").await;
    assert!(held(&first).await.is_empty());
    assert_eq!(first.mails_to("li@acme.test").len(), 1, "{:?}", first.lines);
    assert_eq!(first.world.bot.store.tenure().await.expect("a row").epoch, 2);
    first.holds().await;
}
