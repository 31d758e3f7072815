//! Silence is never success: what a digest must not leave out, and what must not stop it.

use crate::story::{Story, address, ana, mail};
use cadence::model::{Rep, Standing};
use cadence::world::Habit;

#[tokio::test]
async fn p33_what_was_held_over_the_weekend_is_told_on_monday_and_once() {
    let mut story = Story::new(&[]).await;
    story.until("2026-03-06 18:00").await;
    let forged = mail(
        &address("cadence+outbound.aaaaaaaaaaaa@reps.test"),
        "Ana Costa <ana@corp.test>",
        "Hi",
        "",
        "Hello",
    );
    story.reads(forged).await;
    story.until("2026-03-09 09:00").await;
    let monday = story.mails_to("ana@corp.test");
    assert_eq!(monday.len(), 1);
    assert!(monday[0].contains("was held"), "the digest of Monday");
    story.until("2026-03-11 09:00").await;
    assert_eq!(story.mails_to("ana@corp.test").len(), 1, "it is told once");
}

#[tokio::test]
async fn p18_a_rep_who_cannot_be_written_to_stops_nobody_else() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.reps.push(Rep {
        address: address("jörg@corp.test"),
        name: "Jörg".to_owned(),
        ..ana()
    });
    story.given("jörg@corp.test", "kim@corp2.test", "outbound").await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-06 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    assert!(story.mails_to("ana@corp.test").len() > 3, "Ana has her digests");
    assert!(matches!(story.standing().await, Standing::Waiting { .. }));
    story.holds().await;
}
