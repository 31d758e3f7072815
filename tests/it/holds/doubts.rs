//! Letters in doubt: resolved from evidence, presumed sent by time, sent again on somebody's word alone.

use super::*;
use cadence::model::{Fact, Letter, Receipt, Resolution, Standing};
use cadence::rules::doubt;
use cadence::store::{Change, LetterMove};

/// Li's follow-up of the fifth is in doubt; the relay took it only if `taken`.
async fn in_doubt(taken: bool) -> (Story, Letter) {
    let mut story = with_li().await;
    story.until("2026-03-05 08:59").await;
    if taken {
        story.relay.lose_next_answer();
    } else {
        let why = "the connection was lost after the final dot".to_owned();
        story.relay.answer_next(Receipt::InDoubt { why });
    }
    story.until("2026-03-05 16:00").await;
    let doubts = story.world.bot.store.doubts(10).await.expect("doubts");
    assert_eq!(doubts.len(), 1, "one letter is in doubt");
    (story, doubts[0].letter.clone())
}

async fn state(story: &Story, letter: &Letter) -> LetterState {
    let found = story.world.bot.store.letter(letter.id).await.expect("an answer");
    found.expect("the letter").1
}

async fn resolutions(story: &Story) -> Vec<(Resolution, String)> {
    let enrollment = story.enrollment().await;
    let journal = story.world.bot.store.journal(enrollment.id).await.expect("a journal");
    let facts = journal.into_iter().map(|recorded| recorded.fact);
    facts
        .filter_map(|fact| match fact {
            Fact::Resolved { how, evidence, .. } => Some((how, evidence)),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn s30_our_own_copy_shows_that_it_went_out() {
    let (mut story, letter) = in_doubt(true).await;
    let copy = String::from_utf8(letter.bytes.clone())
        .expect("text")
        .replace("\r\n", "\n");
    story.arrives("2026-03-05 16:10", "the copy", &copy);
    story.until("2026-03-05 16:11").await;
    assert_eq!(state(&story, &letter).await, LetterState::Sent);
    let told = (Resolution::Sent, "our own copy of it was found".to_owned());
    assert_eq!(resolutions(&story).await, [told]);
    assert!(story.enrollment().await.thread.ids.contains(&letter.message_id));
    story.until("2026-03-20 18:00").await;
    story.holds().await;
}

#[tokio::test]
async fn s30_a_copy_under_another_id_is_known_by_our_reference_and_its_id_is_learned() {
    let (mut story, letter) = in_doubt(true).await;
    let copy = String::from_utf8(letter.bytes.clone())
        .expect("text")
        .replace("\r\n", "\n");
    let copy = copy.replace(letter.message_id.as_str(), "relay-made-this@relay.test");
    story.arrives("2026-03-05 16:10", "the copy", &copy);
    story.until("2026-03-05 16:11").await;
    assert_eq!(state(&story, &letter).await, LetterState::Sent);
    let ids = story.enrollment().await.thread.ids;
    assert!(ids.iter().any(|id| id.as_str() == "relay-made-this@relay.test"));
}

#[tokio::test]
async fn a_report_or_an_answer_that_cites_it_shows_that_it_went_out() {
    let answers = [
        "From: Li Wei <li@acme.test>\nTo: ana@corp.test\nSubject: Re: Hello\nMessage-ID: <r1@acme.test>\n\
         In-Reply-To: <ID>\nDate: Thu, 5 Mar 2026 16:05:00 +0100\n\nThank you.\n",
        "From: MAILER-DAEMON@mx.acme.test\nTo: cadence@reps.test\nSubject: Delayed Mail\nMessage-ID: <d1@mx.acme.test>\n\
         Auto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
         --b\nContent-Type: text/plain\n\nIt is late.\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.acme.test\n\nFinal-Recipient: rfc822; li@acme.test\nAction: delayed\nStatus: 4.4.1\n\n\
         --b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <ID>\nTo: li@acme.test\n\n--b--\n",
    ];
    for mail in answers {
        let (mut story, letter) = in_doubt(true).await;
        let mail = mail.replace("<ID>", &letter.message_id.bracketed());
        story.arrives("2026-03-05 16:10", "evidence", &mail);
        story.until("2026-03-05 16:11").await;
        assert_eq!(state(&story, &letter).await, LetterState::Sent, "{mail}");
        assert_eq!(resolutions(&story).await.len(), 1);
        story.holds().await;
    }
}

#[tokio::test]
async fn a_forged_report_that_names_no_id_of_ours_shows_nothing() {
    let (mut story, letter) = in_doubt(false).await;
    let mail = "From: Li Wei <li@acme.test>\nTo: ana@corp.test\nSubject: Re: Hello\nMessage-ID: <r1@acme.test>\n\
                In-Reply-To: <guessed@corp.test>\nX-Cadence-Ref: 1234\nDate: Thu, 5 Mar 2026 16:05:00 +0100\n\nThanks.\n";
    story.arrives("2026-03-05 16:10", "an answer", mail);
    story.until("2026-03-05 16:11").await;
    assert_eq!(state(&story, &letter).await, LetterState::InDoubt);
}

#[tokio::test]
async fn p15_a_doubt_is_never_resent_counts_as_sent_after_72_hours_and_stands_in_exactly_one_digest() {
    let (mut story, letter) = in_doubt(false).await;
    story.until("2026-03-08 08:00").await;
    assert_eq!(state(&story, &letter).await, LetterState::InDoubt);
    story.until("2026-03-08 18:00").await;
    assert_eq!(state(&story, &letter).await, LetterState::PresumedSent);
    story.until("2026-03-27 18:00").await;
    let sent = story.relay.sent();
    assert!(sent.iter().all(|sent| sent.id != letter.id), "never sent again");
    let digests = story.mails_to("ana@corp.test");
    let told = digests.iter().filter(|mail| {
        let text = mail.replace("=\r\n", "").replace("\r\n", " ");
        text.contains("not known whether touch 4 reached")
    });
    assert_eq!(told.count(), 1);
    story.holds().await;
}

#[tokio::test]
async fn evidence_comes_late_too() {
    let (mut story, letter) = in_doubt(true).await;
    story.until("2026-03-09 07:00").await;
    assert_eq!(state(&story, &letter).await, LetterState::PresumedSent);
    let copy = String::from_utf8(letter.bytes.clone())
        .expect("text")
        .replace("\r\n", "\n");
    story.arrives("2026-03-09 07:10", "the copy", &copy);
    story.until("2026-03-09 07:11").await;
    assert_eq!(state(&story, &letter).await, LetterState::Sent);
}

/// What `cadence in-doubt resolve ID resend` commits.
async fn order_again(story: &Story, letter: &Letter) {
    let now = story.world.now();
    let enrollment = story.enrollment().await;
    let (_, step) = letter.touch.expect("a touch");
    let fact = doubt::again(&enrollment, step, "kim", "the relay dropped it", now).expect("it may go again");
    let batch = Batch {
        at: Some(now),
        moves: vec![LetterMove {
            id: letter.id,
            from: LetterState::InDoubt,
            to: LetterState::Ready,
            not_before: Some(now),
            reply: None,
            since: None,
            untaken: false,
            heard: false,
            seen: None,
        }],
        changes: vec![Change {
            id: enrollment.id,
            version: enrollment.version,
            facts: vec![fact],
        }],
        ..Batch::default()
    };
    story.world.bot.store.commit(batch).await.expect("an order");
}

#[tokio::test]
async fn on_an_explicit_word_the_same_bytes_go_out_once_more() {
    let (mut story, letter) = in_doubt(false).await;
    order_again(&story, &letter).await;
    // Greylisted first, as a new sender mostly is.
    story.relay.answer_next(Receipt::Unreached {
        phase: cadence::model::Phase::Rcpt,
        why: "451 later".to_owned(),
    });
    story.until("2026-03-06 17:30").await;
    let again: Vec<Letter> = story
        .relay
        .sent()
        .into_iter()
        .filter(|sent| sent.id == letter.id)
        .collect();
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].bytes, letter.bytes);
    assert_eq!(state(&story, &letter).await, LetterState::Sent);
    assert!(
        matches!(story.standing().await, Standing::Waiting { .. }),
        "the rest goes on as planned"
    );
    story.until("2026-03-27 18:00").await;
    story.holds().await;
}

#[tokio::test]
async fn a_stop_comes_before_an_order_to_send_again() {
    let (mut story, letter) = in_doubt(false).await;
    order_again(&story, &letter).await;
    put(&story.world.bot.store, hold(Scope::All, story.world.now())).await;
    let mail = "From: Li Wei <li@acme.test>\nTo: ana@corp.test\nSubject: Re: Hello\nMessage-ID: <r1@acme.test>\n\
                Date: Thu, 5 Mar 2026 16:05:00 +0100\n\nThank you.\n";
    story.arrives("2026-03-05 16:10", "an answer", mail);
    story.until("2026-03-05 16:20").await;
    lift(&story.world.bot.store, Scope::All, story.world.now()).await;
    story.until("2026-03-06 17:00").await;
    assert!(story.relay.sent().iter().all(|sent| sent.id != letter.id));
    assert_eq!(
        state(&story, &letter).await,
        LetterState::InDoubt,
        "it never becomes one that did not go out"
    );
    let refused = doubt::again(
        &story.enrollment().await,
        letter.touch.expect("a touch").1,
        "kim",
        "x",
        story.world.now(),
    );
    assert!(refused.expect_err("a stop").contains("paused"));
    story.holds().await;
}
