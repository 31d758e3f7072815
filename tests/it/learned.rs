//! Message-IDs that a relay gave in the place of ours: learned from our own copy and from answers, used for later ones.

use crate::story::{Story, bytes, header};
use cadence::model::{PauseReason, Standing};
use cadence::world::Habit;

/// Li got touch 4 of "outbound".
async fn touched() -> (Story, String) {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.until("2026-03-06 18:00").await;
    let touch = story.mails_to("li@acme.test").pop().expect("a touch");
    (story, touch)
}

/// What somebody unknown writes about a mail, to the bare address.
fn from_a_stranger(cites: &str) -> Vec<u8> {
    bytes(&format!(
        "Delivered-To: cadence@reps.test\nFrom: Bo Chen <bo@elsewhere.test>\nTo: cadence@reps.test\nSubject: Re: Hello\n\
         Date: Fri, 6 Mar 2026 18:10:00 +0100\nMessage-ID: <bo@elsewhere.test>\nIn-Reply-To: {cites}\n\nI take this over from Li.\n"
    ))
}

async fn has_answered(story: &Story) -> bool {
    matches!(
        story.standing().await,
        Standing::Paused {
            why: PauseReason::Replied,
            ..
        }
    )
}

#[tokio::test]
async fn our_own_copy_tells_under_which_id_a_letter_went_out() {
    let (mut story, touch) = touched().await;
    let (reference, ours) = (header(&touch, "X-Cadence-Ref"), header(&touch, "Message-ID"));
    let copy = bytes(&format!(
        "From: Ana Costa <ana@corp.test>\nTo: li@acme.test\nSubject: Re: Hello\nDate: Thu, 5 Mar 2026 09:33:00 +0100\n\
         Message-ID: <rewritten@relay.test>\nX-Cadence-Ref: {reference}\n\nHello\n"
    ));
    story.reads(copy).await;
    assert_ne!(ours, "<rewritten@relay.test>");
    assert!(!has_answered(&story).await, "a copy is no answer");
    story.reads(from_a_stranger("<rewritten@relay.test>")).await;
    assert!(
        has_answered(&story).await,
        "an answer to the id that the relay gave is found"
    );
    story.holds().await;
}

#[tokio::test]
async fn an_answer_by_the_reply_address_tells_it_too() {
    let (mut story, _) = touched().await;
    let id = story.enrollment().await.id;
    let to = story.bot().for_reply(id);
    let more = "In-Reply-To: <rewritten@relay.test>\nDate: Fri, 6 Mar 2026 18:05:00 +0100\n";
    story
        .reads(crate::story::mail(
            &to,
            "li@acme.test",
            "Re: Hello",
            more,
            "Later, please.",
        ))
        .await;
    let found = cadence::model::MessageId::parse("rewritten@relay.test").expect("an id");
    let known = story.world.bot.store.of_mails(&[found]).await.expect("an answer");
    assert_eq!(known, [id]);
    story.holds().await;
}

#[tokio::test]
async fn an_id_that_nobody_learned_concerns_nobody() {
    let (mut story, _) = touched().await;
    story.reads(from_a_stranger("<unknown@relay.test>")).await;
    assert!(!has_answered(&story).await);
    assert_eq!(story.kinds().await.get("unmatched"), Some(&1));
    story.holds().await;
}
