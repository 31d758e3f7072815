//! The send ledger: no letter twice, none after a stop.

use super::cast::*;
use cadence::model::*;
use cadence::store::{Batch, Claims, CommitError, Store};
use jiff::SignedDuration;

#[tokio::test]
async fn a_letter_goes_from_ready_to_sent_and_is_claimed_by_one() {
    for (store, _folder) in stores().await {
        let letter = with_ready(&store).await;
        assert!(
            store.claim(at(59), 10, Claims::All).await.unwrap().is_empty(),
            "not before its time"
        );
        let claimed = store.claim(at(60), 10, Claims::All).await.unwrap();
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].letter, letter);
        assert_eq!((claimed[0].attempts, claimed[0].since), (1, at(60)));
        assert!(store.claim(at(61), 10, Claims::All).await.unwrap().is_empty(), "leased");
        assert!(store.begin_sending(letter.id, claimed[0].claim, at(61)).await.unwrap());
        assert_eq!(state(&store, &letter).await, LetterState::Sending);

        let enrollment = store.enrollment(id(0)).await.unwrap().unwrap();
        let sent = Fact::Sent {
            step: StepNo(2),
            message_id: message_id("rewritten-by-the-relay"),
        };
        let mut settled = facts(&enrollment, 62, vec![sent, scheduled(3, 600)]);
        settled.moves = moved(&letter, LetterState::Sending, LetterState::Sent).moves;
        store.commit(settled.clone()).await.unwrap();
        assert_eq!(state(&store, &letter).await, LetterState::Sent);
        assert_eq!(store.commit(settled).await, Err(CommitError::Stale), "settled once");
        for known in [letter.message_id, message_id("rewritten-by-the-relay")] {
            assert_eq!(store.of_mails(&[known]).await.unwrap(), [id(0)]);
        }
    }
}

#[tokio::test]
async fn a_lease_that_ran_out_is_claimed_again_and_the_old_claim_opens_nothing() {
    for (store, _folder) in stores().await {
        let letter = with_ready(&store).await;
        let old = store.claim(at(60), 10, Claims::All).await.unwrap().remove(0);
        let later = at(60) + SignedDuration::try_from(limits::LEASE).unwrap();
        assert!(
            !store.begin_sending(letter.id, old.claim, later).await.unwrap(),
            "it may be another's any moment"
        );
        let new = store.claim(later, 10, Claims::All).await.unwrap().remove(0);
        assert_eq!(new.attempts, 2);
        assert!(!store.begin_sending(letter.id, old.claim, later).await.unwrap());
        assert_eq!(
            state(&store, &letter).await,
            LetterState::Claimed,
            "the new claim keeps it"
        );
        assert!(store.begin_sending(letter.id, new.claim, later).await.unwrap());
        assert!(!store.begin_sending(letter.id, new.claim, later).await.unwrap(), "once");
    }
}

#[tokio::test]
async fn what_is_sending_is_never_claimed_again() {
    for (store, _folder) in stores().await {
        let letter = with_ready(&store).await;
        let claimed = store.claim(at(60), 10, Claims::All).await.unwrap().remove(0);
        assert!(store.begin_sending(letter.id, claimed.claim, at(60)).await.unwrap());
        let in_a_year = at(365 * 24 * 60);
        assert!(store.claim(in_a_year, 10, Claims::All).await.unwrap().is_empty());
        assert_eq!(store.next_wake().await.unwrap(), None);
        let left = store.left_sending().await.unwrap();
        assert_eq!((left.len(), left[0].letter.clone()), (1, letter.clone()));
        // Neither does the same decision, made again, lay it ready.
        let again = Batch {
            letters: vec![letter.clone()],
            withdraw: vec![id(0)],
            ..batch(61)
        };
        store.commit(again).await.unwrap();
        assert_eq!(state(&store, &letter).await, LetterState::Sending);
    }
}

#[tokio::test]
async fn the_gate_is_shut_after_a_stop() {
    for (store, _folder) in stores().await {
        let letter = with_ready(&store).await;
        let claimed = store.claim(at(60), 10, Claims::All).await.unwrap().remove(0);
        let enrollment = store.enrollment(id(0)).await.unwrap().unwrap();
        let reply = Fact::Replied {
            answers: Some(StepNo(1)),
            maybe: false,
            intent: None,
        };
        // Even when the stop forgot to take the letter back.
        store.commit(facts(&enrollment, 61, vec![reply])).await.unwrap();
        assert!(!store.begin_sending(letter.id, claimed.claim, at(61)).await.unwrap());
        assert_eq!(state(&store, &letter).await, LetterState::Withdrawn);
    }
}

#[tokio::test]
async fn the_gate_is_shut_for_a_suppressed_person_and_open_for_mail_to_reps() {
    for (store, _folder) in stores().await {
        let letter = with_ready(&store).await;
        let receipt = notice("receipt", 60);
        let stop = Batch {
            letters: vec![receipt.clone()],
            suppress: vec![Suppression {
                address: address("li@acme.test").loose(),
                reason: SuppressionReason::Complained,
                at: at(60),
                proof: "a report".to_owned(),
            }],
            ..batch(60)
        };
        store.commit(stop).await.unwrap();
        let claims = store.claim(at(60), 10, Claims::All).await.unwrap();
        let ids: Vec<_> = claims.iter().map(|claim| claim.letter.id).collect();
        assert_eq!(ids, [receipt.id, letter.id], "what a rep waits for goes first");
        assert!(store.begin_sending(receipt.id, claims[0].claim, at(60)).await.unwrap());
        assert!(!store.begin_sending(letter.id, claims[1].claim, at(60)).await.unwrap());
        assert_eq!(state(&store, &letter).await, LetterState::Withdrawn);
    }
}

#[tokio::test]
async fn a_withdrawn_step_may_be_rendered_again_and_an_old_claim_does_not_send_it() {
    for (store, _folder) in stores().await {
        let letter = with_ready(&store).await;
        let old = store.claim(at(60), 10, Claims::All).await.unwrap().remove(0);
        let enrollment = store.enrollment(id(0)).await.unwrap().unwrap();
        let away = Fact::AutoReplied {
            until: at(600),
            named: true,
        };
        let mut wait = facts(&enrollment, 61, vec![away, scheduled(2, 600)]);
        wait.withdraw.push(id(0));
        store.commit(wait).await.unwrap();
        assert_eq!(state(&store, &letter).await, LetterState::Withdrawn);
        assert!(store.claim(at(600), 10, Claims::All).await.unwrap().is_empty());

        let later = ready_again(&store, 600).await;
        assert_eq!(later.id, letter.id);
        let new = store.claim(at(600), 10, Claims::All).await.unwrap().remove(0);
        assert_eq!(new.since, at(600));
        assert!(!store.begin_sending(letter.id, old.claim, at(600)).await.unwrap());
        assert!(store.begin_sending(letter.id, new.claim, at(600)).await.unwrap());
    }
}

#[tokio::test]
async fn a_sent_letter_is_not_made_ready_by_the_same_decision_made_twice() {
    for (store, _folder) in stores().await {
        let letter = with_ready(&store).await;
        let claimed = store.claim(at(60), 10, Claims::All).await.unwrap().remove(0);
        store.begin_sending(letter.id, claimed.claim, at(60)).await.unwrap();
        store
            .commit(moved(&letter, LetterState::Sending, LetterState::Sent))
            .await
            .unwrap();
        let mut again = batch(70);
        again.letters.push(letter.clone());
        store.commit(again).await.unwrap();
        assert_eq!(state(&store, &letter).await, LetterState::Sent);
        assert!(store.claim(at(9_999), 10, Claims::All).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn moves_that_would_hide_a_sending_are_refused() {
    let store = Store::in_memory().await.unwrap();
    let letter = with_ready(&store).await;
    use LetterState::{Claimed, Ready, Sending, Sent, Withdrawn};
    for (from, to) in [
        (Sending, Withdrawn),
        (Ready, Claimed),
        (Claimed, Sending),
        (Sent, Ready),
    ] {
        let answer = store.commit(moved(&letter, from, to)).await;
        let Err(CommitError::Store(error)) = answer else {
            panic!("{from:?} to {to:?}: {answer:?}")
        };
        assert!(error.is_misfit());
    }
    assert_eq!(state(&store, &letter).await, Ready);
}

#[tokio::test]
async fn a_deferred_letter_waits_until_its_new_time() {
    for (store, _folder) in stores().await {
        let letter = with_ready(&store).await;
        store.claim(at(60), 10, Claims::All).await.unwrap();
        let mut later = moved(&letter, LetterState::Claimed, LetterState::Ready);
        later.moves[0].not_before = Some(at(75));
        later.moves[0].reply = Some("451 4.7.1 come back later".to_owned());
        store.commit(later).await.unwrap();
        assert!(store.claim(at(74), 10, Claims::All).await.unwrap().is_empty());
        assert_eq!(store.next_wake().await.unwrap(), Some(at(75)));
        let again = store.claim(at(75), 10, Claims::All).await.unwrap().remove(0);
        assert_eq!((again.attempts, again.since), (2, at(60)));
    }
}

#[tokio::test]
async fn large_letters_are_claimed_a_few_at_a_time() {
    let store = Store::in_memory().await.unwrap();
    let mut large = batch(0);
    for number in 0..4 {
        let mut relay = notice(&format!("relay{number}"), number);
        relay.bytes = vec![b'x'; 5 * 1024 * 1024];
        large.letters.push(relay);
    }
    store.commit(large).await.unwrap();
    assert_eq!(store.claim(at(10), 100, Claims::All).await.unwrap().len(), 2);
    assert_eq!(store.claim(at(10), 100, Claims::All).await.unwrap().len(), 2);
}

#[tokio::test]
async fn claims_take_follow_ups_before_first_touches_and_the_oldest_first() {
    let store = Store::in_memory().await.unwrap();
    store.commit(hand_over(0)).await.unwrap();
    store.commit(hand_over(1)).await.unwrap();
    let mut ready = batch(0);
    ready.letters = vec![
        touch(id(0), 1, 1),
        touch(id(1), 3, 4),
        touch(id(0), 2, 3),
        notice("alert", 5),
    ];
    store.commit(ready).await.unwrap();
    let mut order = Vec::new();
    for _ in 0..4 {
        let claim = store.claim(at(10), 1, Claims::All).await.unwrap().remove(0);
        order.push(claim.letter.touch.map(|(_, step)| step.0));
    }
    assert_eq!(order, [None, Some(2), Some(3), Some(1)]);
}

#[tokio::test]
async fn p06_a_touch_that_may_have_gone_out_before_a_restore_counts_as_late_as_it_may_have() {
    // Its copy was filed before it came into doubt; or so late that this says nothing more.
    for (seen, counts) in [(at(70), at(70)), (at(95), at(90))] {
        for (store, _folder) in stores().await {
            let letter = with_ready(&store).await;
            let doubted = moved(&letter, LetterState::Ready, LetterState::InDoubt);
            store.commit(doubted).await.unwrap();
            assert_eq!(made(&store).await, [at(90)]);
            let mut shown = moved(&letter, LetterState::InDoubt, LetterState::Sent);
            shown.moves[0].seen = Some(seen);
            store.commit(shown).await.unwrap();
            assert_eq!(made(&store).await, [counts]);
        }
    }
}

/// When the touches of the rep went out that pace counts.
async fn made(store: &Store) -> Vec<jiff::Timestamp> {
    let usage = store.usage(&ana(), Vec::new(), &Pace::USUAL, at(100)).await.unwrap();
    let made = usage.taken.iter().filter(|taken| taken.stage == Stage::Made);
    made.map(|taken| taken.at).collect()
}

#[tokio::test]
async fn p06_touches_that_a_hold_which_ran_out_kept_are_seen_before_they_are_claimed() {
    let store = Store::in_memory().await.unwrap();
    let letter = with_ready(&store).await;
    let mut held = batch(60);
    held.hold.push(Hold {
        scope: Scope::All,
        cause: Cause::Administrator,
        why: "the relay moves".to_owned(),
        by: "kim".to_owned(),
        since: at(60),
        clears: Some(at(80)),
    });
    store.commit(held).await.unwrap();
    let ready = async |minute| store.ready_touches_but(at(minute), 10, Vec::new()).await.unwrap();
    assert!(ready(79).await.is_empty());
    let seen: Vec<LetterId> = ready(80).await.iter().map(|touch| touch.letter).collect();
    assert_eq!(seen, [letter.id], "else all of them would go at once, unpaced");
    assert_eq!(store.claim(at(80), 10, Claims::All).await.unwrap().len(), 1);
}
