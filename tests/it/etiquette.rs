//! Who is left in peace: after a cadence that nobody answered, in a company that has enough of us, and for ever.

use crate::story::{Story, address};
use cadence::model::Etiquette;
use cadence::world::Habit;
use expect_test::expect;

async fn house(etiquette: Etiquette, people: &[&str]) -> Story {
    let habits: Vec<(&str, Habit)> = people.iter().map(|who| (*who, Habit::Ignores)).collect();
    let mut story = Story::new(&habits).await;
    story.world.bot.house.etiquette = etiquette;
    story
}

/// All that Ana got, on one line.
async fn receipts(story: &Story) -> String {
    let letters = story.relay.sent();
    let mails = letters.iter().filter(|letter| letter.to == address("ana@corp.test"));
    let texts = mails.map(|letter| cadence::mail::read::read(&letter.bytes).text);
    texts.collect::<Vec<_>>().join("\n").replace('\n', " ")
}

#[tokio::test]
async fn who_did_not_answer_is_left_in_peace_for_a_while() {
    let etiquette = Etiquette {
        cooldown: 30,
        ..Etiquette::default()
    };
    let mut story = house(etiquette, &["jo@acme.test"]).await;
    story.enroll("2026-03-02 09:00", &["jo@acme.test"], "re-engagement");
    story.until("2026-03-16 20:00").await;
    assert!(
        story
            .enrollments()
            .await
            .iter()
            .all(|enrollment| !enrollment.is_active())
    );
    let last = story.enrollments().await[0].touched.expect("touched").1;
    story.enroll("2026-03-17 09:00", &["jo@acme.test"], "outbound");
    story.until("2026-03-17 09:30").await;
    assert_eq!(story.enrollments().await.len(), 1, "not yet");
    let said = receipts(&story).await;
    assert!(
        said.contains("did not answer re-engagement, which ended lately"),
        "{said}"
    );
    // A month after the last touch they may hear of us again.
    let later = last + jiff::SignedDuration::from_hours(30 * 24 + 4);
    let later = later.to_string().replace('T', " ");
    story.enroll(&later[..16], &["jo@acme.test"], "outbound");
    story.until("2026-04-20 12:00").await;
    assert_eq!(story.enrollments().await.len(), 2, "{later}");
    story.holds().await;
}

#[tokio::test]
async fn one_company_hears_from_so_many_at_a_time_and_freemail_is_no_company() {
    let etiquette = Etiquette {
        per_company: Some(2),
        ..Etiquette::default()
    };
    let people = [
        "a@acme.test",
        "b@acme.test",
        "c@acme.test",
        "d@gmail.com",
        "e@gmail.com",
        "f@gmail.com",
    ];
    let mut story = house(etiquette, &people).await;
    story.enroll("2026-03-02 09:00", &["a@acme.test"], "outbound");
    story.enroll("2026-03-02 09:10", &["b@acme.test", "c@acme.test"], "outbound");
    story.enroll(
        "2026-03-02 09:20",
        &["d@gmail.com", "e@gmail.com", "f@gmail.com"],
        "outbound",
    );
    story.until("2026-03-02 10:00").await;
    let mut who: Vec<String> = Vec::new();
    for enrollment in story.enrollments().await {
        who.push(enrollment.prospect.address.to_string());
    }
    expect!["a@acme.test b@acme.test d@gmail.com e@gmail.com f@gmail.com"].assert_eq(&who.join(" "));
    let said = receipts(&story).await;
    assert!(
        said.contains("2 people at acme.") && said.contains("are in cadences already"),
        "{said}"
    );
}

#[tokio::test]
async fn domains_that_are_never_mailed_are_refused_and_functions_are_warned_of() {
    let etiquette = Etiquette {
        never: vec!["@rival.test".to_owned()],
        ..Etiquette::default()
    };
    let mut story = house(etiquette, &["jo@rival.test", "info@acme.test"]).await;
    story.enroll("2026-03-02 09:00", &["jo@rival.test"], "outbound");
    story.enroll("2026-03-02 09:10", &["info@acme.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    assert_eq!(story.enrollments().await.len(), 1);
    let said = receipts(&story).await;
    assert!(
        said.contains("This address is never mailed: an administrator said so"),
        "{said}"
    );
    assert!(said.contains("Nobody in particular reads this address"), "{said}");
    // What is forbidden once somebody is enrolled ends it before the next touch.
    story.world.bot.house.etiquette.never.push("info@acme.test".to_owned());
    story.until("2026-03-20 20:00").await;
    let ended = story.enrollments().await;
    assert!(ended.iter().all(|enrollment| !enrollment.is_active()), "{ended:?}");
    let mails = story.relay.sent();
    let touches = mails
        .iter()
        .filter(|letter| letter.to == address("info@acme.test"))
        .count();
    assert_eq!(touches, 0);
}
