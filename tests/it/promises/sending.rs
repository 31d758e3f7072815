//! Never twice, never after a stop: what lies between a letter that is ready and what the relay said to it.

use crate::story::{Story, address, ana, at, bytes, is_sending};
use cadence::inbox::InboxError;
use cadence::model::{Ending, LetterState, Phase, Receipt, Reply, Standing, StepNo, Suppression, SuppressionReason};
use cadence::service::{Barrier, deliver};
use cadence::store::{Batch, Claims};
use cadence::world::Habit;
use jiff::SignedDuration;
use std::sync::Arc;
use tokio::sync::Notify;

/// Li is enrolled, and the first follow-up goes out on Thursday at 11:47.
async fn before_the_follow_up(habit: Habit) -> Story {
    let mut story = Story::new(&[("li@acme.test", habit)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 11:40").await;
    story
}

fn busy(phase: Phase) -> Receipt {
    Receipt::Deferred {
        phase,
        reply: Reply {
            code: 452,
            status: Some("4.3.1".to_owned()),
            text: "try again later".to_owned(),
        },
    }
}

/// A reply of Li's, by the reply address of the enrollment.
async fn reply(story: &Story) -> Vec<u8> {
    let to = story.bot().for_reply(story.enrollment().await.id);
    bytes(&format!(
        "Delivered-To: {to}\nFrom: Li Wei <li@acme.test>\nTo: {to}\nSubject: Re: Hello\nMessage-ID: <r1@acme.test>\n\nYes, tell me more.\n"
    ))
}

#[tokio::test]
async fn p15_a_touch_in_doubt_is_not_sent_again_though_its_rep_was_gone_meanwhile() {
    let mut story = before_the_follow_up(Habit::Ignores).await;
    story
        .relay
        .answer_next_after(Arc::new(Notify::new()), busy(Phase::Content));
    story.dies_while_sending("2026-03-05 12:00").await;
    story.world.bot.house.reps.clear();
    let mut story = story.started_again().await;
    story.until("2026-03-06 18:00").await;
    assert_eq!(
        story.mails_to("li@acme.test").len(),
        0,
        "it may have gone out, so it does not go out again"
    );
    story.world.bot.house.reps.push(ana());
    story.until("2026-03-20 18:00").await;
    let steps: Vec<StepNo> = sent_steps(&story);
    assert!(!steps.contains(&StepNo(4)), "the step in doubt: {steps:?}");
    assert!(
        steps.contains(&StepNo(6)),
        "with its rep back the enrollment goes on: {steps:?}"
    );
    story.holds().await;
}

fn sent_steps(story: &Story) -> Vec<StepNo> {
    let sent = story.relay.sent();
    sent.iter().filter_map(|letter| Some(letter.touch?.1)).collect()
}

#[tokio::test]
async fn nothing_goes_out_in_the_name_of_a_rep_who_is_gone() {
    let mut story = before_the_follow_up(Habit::Ignores).await;
    story.relay.answer_next(busy(Phase::Mail));
    story.until("2026-03-05 11:50").await;
    assert!(matches!(story.enrollment().await.standing, Standing::Sending { .. }));
    story.world.bot.house.reps.clear();
    let mut story = story.started_again().await;
    story.until("2026-03-06 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    story.world.bot.house.reps.push(ana());
    story.until("2026-03-10 18:00").await;
    assert_eq!(
        story.mails_to("li@acme.test").len(),
        1,
        "with its rep back the touch goes out"
    );
    story.holds().await;
}

#[tokio::test]
async fn p07_a_touch_that_waited_for_the_mailbox_does_not_go_out_at_night() {
    let mut story = before_the_follow_up(Habit::Ignores).await;
    story.mailbox.fail_with(Some(InboxError::lost("the server is gone")));
    story.until("2026-03-06 01:00").await;
    assert!(matches!(story.enrollment().await.standing, Standing::Sending { .. }));
    story.mailbox.fail_with(None);
    story.until("2026-03-06 08:30").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0, "li sleeps");
    story.until("2026-03-06 10:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    story.holds().await;
}

#[tokio::test]
async fn p10_a_receipt_that_met_a_shut_gate_is_sent_all_the_same() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.relay.answer_next(busy(Phase::Connect));
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    story.world.bot.clock.move_to(at("2026-03-02 10:05"));
    story.world.bot.stop();
    deliver::round(&story.world.bot).await.expect("a round");
    assert!(story.relay.sent().is_empty(), "it was told to stop");
    let mut story = story.started_again().await;
    story.until("2026-03-02 10:10").await;
    assert_eq!(story.mails_to("ana@corp.test").len(), 1);
    story.holds().await;
}

#[tokio::test]
async fn a_stop_between_the_gate_and_a_refusal_for_now_stops_and_nothing_breaks() {
    let mut story = before_the_follow_up(Habit::Ignores).await;
    story.mailbox.fail_with(Some(InboxError::lost("the server is gone")));
    story.until("2026-03-05 11:50").await;
    story.mailbox.fail_with(None);
    story.looks().await;
    let told = Arc::new(Notify::new());
    story.relay.answer_next_after(Arc::clone(&told), busy(Phase::Content));
    story.mailbox.deliver("INBOX", reply(&story).await, None);
    let replies = async {
        is_sending(&story.world.bot.store).await;
        story.looks().await;
        told.notify_one();
    };
    let (sent, ()) = tokio::join!(deliver::round(&story.world.bot), replies);
    sent.expect("a stop is no defect");
    story.until("2026-03-20 18:00").await;
    assert!(matches!(story.enrollment().await.standing, Standing::Paused { .. }));
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    story.holds().await;
}

#[tokio::test]
async fn p12_a_letter_withdrawn_by_a_gate_whose_process_died_leaves_no_enrollment_behind() {
    let mut story = before_the_follow_up(Habit::Ignores).await;
    story.mailbox.fail_with(Some(InboxError::lost("the server is gone")));
    story.until("2026-03-05 11:50").await;
    story.mailbox.fail_with(None);
    let (store, now) = (story.world.bot.store.clone(), story.world.now());
    let claimed = store.claim(now, 10, Claims::All).await.expect("a claim");
    let suppress = Batch {
        at: Some(now),
        suppress: vec![Suppression {
            address: address("li@acme.test").loose(),
            reason: SuppressionReason::Administrator,
            at: now,
            proof: "asked by phone".to_owned(),
        }],
        ..Batch::default()
    };
    store.commit(suppress).await.expect("a suppression");
    let id = claimed[0].letter.id;
    assert!(!store.begin_sending(id, claimed[0].claim, now).await.expect("an answer"));
    let state = store.letter(id).await.expect("an answer").expect("a letter").1;
    assert_eq!(state, LetterState::Withdrawn);
    let mut story = story.started_again().await;
    story.until("2026-03-06 18:00").await;
    let Standing::Ended { outcome, .. } = story.enrollment().await.standing else {
        panic!("it waits for a letter that never comes")
    };
    assert_eq!(outcome, Ending::Suppressed);
    story.holds().await;
}

#[test]
fn p32_a_look_that_lies_in_the_future_proves_nothing() {
    let (barrier, now) = (Barrier::default(), at("2026-03-02 10:00"));
    barrier.finished(now);
    let before = now - SignedDuration::from_hours(1);
    assert!(barrier.is_fresh(now));
    assert!(!barrier.is_fresh(before), "the clock went back since");
    barrier.finished(before);
    assert!(barrier.is_fresh(before), "and a new look counts");
}

#[tokio::test]
async fn s03_p10_a_relay_that_is_away_for_days_ends_no_enrollment_and_costs_no_rep_an_answer() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    // Asked every five minutes, that is four days; then greylisted once.
    for _ in 0..1_150 {
        let why = "the connection was refused".to_owned();
        let phase = Phase::Connect;
        story.relay.answer_next(Receipt::Unreached { phase, why });
    }
    story.relay.answer_next(busy(Phase::Rcpt));
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 18:00").await;
    assert_eq!(story.relay.sent().len(), 0, "it is away still");
    story.until("2026-03-31 18:00").await;
    let answered = |mail: &String| mail.contains("In-Reply-To: <");
    assert!(
        story.mails_to("ana@corp.test").iter().any(answered),
        "the receipt came late, and it came"
    );
    assert!(story.mails_to("li@acme.test").len() > 1, "and so did the touches");
    let ended = story.enrollment().await.standing;
    assert!(
        !matches!(
            ended,
            Standing::Ended {
                outcome: Ending::Undeliverable,
                ..
            }
        ),
        "{ended:?}"
    );
    story.holds().await;
}

#[tokio::test]
async fn p10_a_receipt_is_not_given_up_for_what_was_certainly_not_taken() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    for _ in 0..4 {
        story.relay.answer_next(busy(Phase::Content));
    }
    let why = "the connection broke after the final dot".to_owned();
    story.relay.answer_next(Receipt::InDoubt { why });
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-04 10:00").await;
    let told = story.mails_to("ana@corp.test");
    let answered = told.iter().filter(|mail| mail.contains("Subject: Enrolled: Li"));
    assert_eq!(answered.count(), 1, "one doubt after four times later");
    story.holds().await;
}
