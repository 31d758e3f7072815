//! A held mail that an administrator vouches for.

use super::*;
use cadence::inbox::Filing;
use cadence::store::Ruling;

const HELD: &str = "Delivered-To: cadence+outbound.aaaaaaaaaaaa@reps.test\nFrom: Ana Costa <ana@corp.test>\n\
     To: Jane Doe <jane@acme.test>\nSubject: Hi\nDate: Mon, 2 Mar 2026 09:00:00 +0000\nMessage-ID: <held@corp.test>\n\nHello\n";

async fn with_held() -> (Story, cadence::model::ContentKey) {
    let mut story = Story::new(&[("jane@acme.test", Habit::Ignores)]).await;
    story.arrives("2026-03-02 10:00", "a mail without the code", HELD);
    story.until("2026-03-02 10:10").await;
    let held = story.world.bot.store.quarantined(10).await.expect("held mails");
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].mail.rep.as_ref().map(|rep| rep.as_str()), Some("ana@corp.test"));
    (story, held[0].mail.key.clone())
}

async fn rule(story: &Story, key: &cadence::model::ContentKey, release: bool) {
    let batch = Batch {
        at: Some(story.world.now()),
        rulings: vec![Ruling {
            mail: key.clone(),
            release,
            by: "kim".to_owned(),
            why: "Ana confirmed it".to_owned(),
        }],
        ..Batch::default()
    };
    story.world.bot.store.commit(batch).await.expect("a ruling");
}

#[tokio::test]
async fn a_released_mail_is_taken_in_once_and_answered_to_the_registered_rep_alone() {
    let (mut story, key) = with_held().await;
    assert!(
        story.relay.sent().is_empty(),
        "nothing is answered to who it claims to be from"
    );
    rule(&story, &key, true).await;
    story.arrives("2026-03-02 10:20", "the same mail, moved back", HELD);
    story.until("2026-03-02 10:30").await;
    assert_eq!(story.enrollments().await.len(), 1);
    assert_eq!(story.mails_to("ana@corp.test").len(), 1, "a receipt");
    let store = &story.world.bot.store;
    assert!(
        !store.released(&key).await.expect("an answer"),
        "the release is used up"
    );
    assert_eq!(store.quarantined(10).await.expect("held mails"), []);
    story.arrives("2026-03-02 10:40", "the same mail again", HELD);
    story.until("2026-03-02 11:00").await;
    assert_eq!(
        (story.enrollments().await.len(), story.mails_to("ana@corp.test").len()),
        (1, 1)
    );
}

#[tokio::test]
async fn what_nobody_released_stays_held_however_often_it_comes() {
    let (mut story, key) = with_held().await;
    rule(&story, &key, false).await;
    story.arrives("2026-03-02 10:20", "the same mail again", HELD);
    story.until("2026-03-02 11:00").await;
    assert!(story.enrollments().await.is_empty());
    assert!(story.relay.sent().is_empty());
    assert_eq!(
        story.world.bot.store.quarantined(10).await.expect("held mails"),
        [],
        "dropped from the list"
    );
    assert_eq!(story.mailbox.filed(Filing::Quarantine).len(), 2);
}
