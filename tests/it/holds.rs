//! What keeps touches from going out, and what becomes of those of which nobody knows: holds, breakers, doubts, quarantine.
//! Numbers in names are those of the reliability reference.

mod breakers;
mod commands;
mod doubts;
mod quarantine;

use super::story::*;
use cadence::model::{Cause, Hold, LetterState, Scope, Unhold};
use cadence::store::{Batch, Claims, Store};
use cadence::world::Habit;
use jiff::Timestamp;

fn hold(scope: Scope, since: Timestamp) -> Hold {
    Hold {
        scope,
        cause: Cause::Administrator,
        why: "the price list changed".to_owned(),
        by: "ana, on the command line".to_owned(),
        since,
        clears: None,
    }
}

async fn put(store: &Store, hold: Hold) {
    let batch = Batch {
        at: Some(hold.since),
        hold: vec![hold],
        ..Batch::default()
    };
    store.commit(batch).await.expect("a hold");
}

async fn lift(store: &Store, scope: Scope, at: Timestamp) {
    let batch = Batch {
        at: Some(at),
        unhold: vec![Unhold {
            scope,
            cause: None,
            by: "ana".to_owned(),
        }],
        ..Batch::default()
    };
    store.commit(batch).await.expect("a hold to lift");
}

fn outbound() -> Scope {
    Scope::parse("cadence outbound").expect("a scope")
}

/// A story in which Li gets a follow-up at 10:53 on the fifth.
async fn with_li() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 08:30").await;
    story
}

#[tokio::test]
async fn p32_what_is_held_lies_ready_and_goes_out_when_the_hold_is_lifted() {
    for scope in ["all", "cadence outbound", "rep ana@corp.test"] {
        let scope = Scope::parse(scope).expect("a scope");
        let mut story = with_li().await;
        let store = story.world.bot.store.clone();
        put(&store, hold(scope.clone(), story.world.now())).await;
        story.until("2026-03-05 15:00").await;
        assert_eq!(story.mails_to("li@acme.test").len(), 0, "{scope}");
        lift(&store, scope.clone(), story.world.now()).await;
        story.until("2026-03-05 15:05").await;
        assert_eq!(story.mails_to("li@acme.test").len(), 1, "{scope}");
        story.holds().await;
    }
}

#[tokio::test]
async fn a_hold_of_others_keeps_nobody_back() {
    let mut story = with_li().await;
    for scope in ["cadence inbound", "rep ben@corp.test"] {
        let scope = Scope::parse(scope).expect("a scope");
        put(&story.world.bot.store, hold(scope, story.world.now())).await;
    }
    story.until("2026-03-05 15:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
}

#[tokio::test]
async fn a_hold_with_a_time_ends_by_itself() {
    let mut story = with_li().await;
    let with_time = Hold {
        clears: Some(at("2026-03-05 14:00")),
        ..hold(Scope::All, story.world.now())
    };
    put(&story.world.bot.store, with_time).await;
    story.until("2026-03-05 13:59").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    story.until("2026-03-05 14:02").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    let store = &story.world.bot.store;
    assert_eq!(store.holds(story.world.now()).await.expect("holds"), []);
}

#[tokio::test]
async fn s13_a_hold_that_comes_between_the_claim_and_the_354_shuts_the_gate_and_loses_nothing() {
    let mut story = with_li().await;
    // Its hour comes, and the mailbox is not looked at: it lies ready.
    story.world.bot.clock.move_to(at("2026-03-05 14:00"));
    for _ in 0..5 {
        cadence::service::pulse::once(&story.world.bot).await.expect("a round");
    }
    let store = story.world.bot.store.clone();
    let now = story.world.now();
    let claimed = store.claim(now, 10, Claims::All).await.expect("a claim").remove(0);
    let id = claimed.letter.id;
    put(&store, hold(outbound(), now)).await;
    assert!(!store.begin_sending(id, claimed.claim, now).await.expect("an answer"));
    let (_, state) = store.letter(id).await.expect("an answer").expect("the letter");
    assert_eq!(state, LetterState::Claimed, "it is not withdrawn: no stop came");
    lift(&store, outbound(), now).await;
    assert!(store.begin_sending(id, claimed.claim, now).await.expect("an answer"));
    story.until("2026-03-05 14:01").await;
}

#[tokio::test]
async fn while_all_is_held_reps_get_their_mail_and_a_stop_counts() {
    let mut story = with_li().await;
    put(&story.world.bot.store, hold(Scope::All, story.world.now())).await;
    story.until("2026-03-05 12:00").await;
    let reply = "From: Li Wei <li@acme.test>\nTo: Ana Costa <ana@corp.test>, cadence@reps.test\nSubject: Re: Hello\n\
                 Date: Thu, 5 Mar 2026 12:00:00 +0100\nMessage-ID: <li1@acme.test>\n\nPlease call me.\n";
    story.arrives("2026-03-05 12:01", "Li's answer", reply);
    story.until("2026-03-06 09:00").await;
    assert!(
        story
            .mails_to("ana@corp.test")
            .iter()
            .any(|mail| mail.contains("Please call me.")),
        "the answer is passed on"
    );
    let digests = story
        .mails_to("ana@corp.test")
        .concat()
        .replace("=\r\n", "")
        .replace("\r\n", " ");
    assert!(
        digests.contains("No touch goes out since Thu 5 Mar 08:30"),
        "the digest says so"
    );
    lift(&story.world.bot.store, Scope::All, story.world.now()).await;
    story.until("2026-03-09 18:00").await;
    assert_eq!(
        story.mails_to("li@acme.test").len(),
        0,
        "it was stopped while it was held"
    );
    story.holds().await;
}

#[tokio::test]
async fn what_is_held_twice_is_free_when_both_are_lifted_and_nothing_is_lifted_twice() {
    let store = Store::in_memory().await.expect("a store");
    let now = at("2026-03-02 09:00");
    put(&store, hold(outbound(), now)).await;
    put(&store, hold(outbound(), now)).await;
    let breaker = Hold {
        cause: Cause::Complaints,
        ..hold(outbound(), now)
    };
    put(&store, breaker).await;
    let causes = |holds: Vec<Hold>| holds.into_iter().map(|hold| hold.cause).collect::<Vec<_>>();
    let standing = store.holds(now).await.expect("holds");
    assert_eq!(causes(standing), [Cause::Administrator, Cause::Complaints]);
    lift(&store, outbound(), now).await;
    assert_eq!(store.holds(now).await.expect("holds"), []);
    let again = Batch {
        at: Some(now),
        unhold: vec![Unhold {
            scope: outbound(),
            cause: None,
            by: "ana".to_owned(),
        }],
        ..Batch::default()
    };
    assert_eq!(store.commit(again).await, Err(cadence::store::CommitError::Stale));
}
