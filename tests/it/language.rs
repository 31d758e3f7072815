//! What a cadence says, as the engine does it: wordings, conversations, conditions, and the way into another cadence.

mod drafts;

use super::story::*;
use cadence::model::{Ending, Enrollment, Fact, Standing, StepNo};
use cadence::report::in_words;
use cadence::template::Library;
use cadence::world::Habit;

/// A story in a house with these cadences beside the shipped ones.
async fn with(files: &[(&str, &str)]) -> Story {
    Story::with_cadences(files, &[("li@acme.test", Habit::Ignores)]).await
}

async fn journal(story: &Story, enrollment: &Enrollment) -> Vec<Fact> {
    let journal = story.world.bot.store.journal(enrollment.id).await.expect("a journal");
    journal.into_iter().map(|recorded| recorded.fact).collect()
}

const FIRST: &str = "title = \"First\"\nkind = \"cold\"\n[on]\ncompleted = \"switch to second after 3 days\"\n\
    [[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 2\ntemplate = \"b\"\n";
const SECOND: &str =
    "title = \"Second\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 2\ntemplate = \"b\"\n";

#[tokio::test]
async fn a_prospect_goes_on_in_another_cadence_with_its_first_mail_under_its_own_subject() {
    let mut story = with(&[
        ("first/cadence.toml", FIRST),
        ("first/a.md", "Subject: One\n\nOne?\n"),
        ("first/b.md", "Two?\n"),
        ("second/cadence.toml", SECOND),
        ("second/a.md", "Subject: Another matter\n\nThree?\n"),
        ("second/b.md", "Four?\n"),
    ])
    .await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "first");
    story.until("2026-03-20 18:00").await;
    let mails = story.mails_to("li@acme.test");
    let subjects: Vec<String> = mails.iter().map(|mail| header(mail, "Subject")).collect();
    assert_eq!(subjects, ["Re: Hello", "Another matter", "Re: Another matter"]);
    assert_eq!(header(&mails[1], "In-Reply-To"), "", "a conversation of its own");
    assert_eq!(header(&mails[2], "In-Reply-To"), header(&mails[1], "Message-ID"));
    let enrollments = story.enrollments().await;
    assert_eq!(enrollments.len(), 2);
    for enrollment in &enrollments {
        let completed = matches!(
            enrollment.standing,
            Standing::Ended {
                outcome: Ending::Completed,
                ..
            }
        );
        assert!(completed, "{:?}", enrollment.standing);
    }
    let second = enrollments
        .iter()
        .find(|one| one.cadence.as_str() == "second")
        .expect("the second");
    let told: Vec<String> = journal(&story, second).await.iter().map(in_words).collect();
    assert!(
        told[1].contains("goes on from \"first\" after 3 days; day 1"),
        "{told:#?}"
    );
    story.holds().await;
}

#[tokio::test]
async fn a_stop_between_two_cadences_reaches_the_one_that_has_not_begun() {
    let mut story = with(&[
        ("first/cadence.toml", FIRST),
        ("first/a.md", "Subject: One\n\nOne?\n"),
        ("first/b.md", "Two?\n"),
        ("second/cadence.toml", SECOND),
        ("second/a.md", "Subject: Another matter\n\nThree?\n"),
        ("second/b.md", "Four?\n"),
    ])
    .await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "first");
    story.until("2026-03-04 10:00").await;
    let mails = story.mails_to("li@acme.test");
    let [touch] = mails.as_slice() else {
        panic!("one follow-up")
    };
    let reply_to = header(touch, "Reply-To");
    let to = reply_to.split(['<', '>']).nth(1).unwrap_or(&reply_to).to_owned();
    story
        .reads(mail(
            &address(&to),
            "li@acme.test",
            "Re: Hello",
            "",
            "Please stop writing to me.",
        ))
        .await;
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1, "nothing goes out after it");
    let last = story.enrollments().await;
    let second = last
        .iter()
        .find(|one| one.cadence.as_str() == "second")
        .expect("the second");
    assert!(
        !second.is_active() || matches!(second.standing, Standing::Paused { .. }),
        "{:?}",
        second.standing
    );
}

#[tokio::test]
async fn a_mail_that_begins_a_conversation_is_followed_by_answers_to_itself_and_its_wording_is_told() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "cold-outbound");
    story.until("2026-03-27 18:00").await;
    let mails = story.mails_to("li@acme.test");
    let subjects: Vec<String> = mails.iter().map(|mail| header(mail, "Subject")).collect();
    let [hello, reasons, when, ..] = subjects.as_slice() else {
        panic!("{subjects:?}");
    };
    assert_eq!(hello, "Re: Hello");
    assert!(
        reasons.ends_with("three reasons against it") || reasons.ends_with("three reasons against us"),
        "{reasons}"
    );
    assert!(!when.starts_with("Re:") && when != reasons, "{when}");
    if let Some(last) = mails.get(3) {
        assert_eq!(header(last, "Subject"), format!("Re: {when}"));
        assert_eq!(header(last, "In-Reply-To"), header(&mails[2], "Message-ID"));
    }
    let facts = journal(&story, &story.enrollment().await).await;
    let told: Vec<String> = facts.iter().map(in_words).collect();
    assert!(
        told.iter()
            .any(|line| line.contains("of the test \"personalised or industry\"")),
        "{told:#?}"
    );
    let variant = |step: u16| {
        facts.iter().find_map(|fact| match fact {
            Fact::Rendered {
                step: known, variant, ..
            } if *known == StepNo(step) => variant.clone(),
            _ => None,
        })
    };
    let dealt = variant(5).expect("a wording of the test").name;
    let end = if dealt == "a" { "against it" } else { "against us" };
    assert!(
        reasons.ends_with(end),
        "wording {dealt} was told, and went out: {reasons}"
    );
    story.holds().await;
}

/// A library in which what does not load is held.
fn lenient(files: &[(&str, &str)]) -> Library {
    let files: Vec<(String, String)> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect();
    Library::of(&files, &[])
}

#[tokio::test]
async fn a_cadence_that_does_not_load_holds_itself_and_nothing_else_until_it_loads_again() {
    let good = [
        ("first/cadence.toml", SECOND),
        ("first/a.md", "Subject: One\n\nOne?\n"),
        ("first/b.md", "Two?\n"),
        ("second/cadence.toml", SECOND),
        ("second/a.md", "Subject: Another matter\n\nThree?\n"),
        ("second/b.md", "Four?\n"),
    ];
    let mut broken = good;
    broken[2].1 = "Two, {{compnay}}?\n";
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores), ("jane@corp2.test", Habit::Ignores)]).await;
    story.world.bot.house.administrator = Some(address("admin@corp.test"));
    story.world.bot.house.library = lenient(&good);
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "first");
    story.until("2026-03-02 12:00").await;
    story.world.bot.house.library = lenient(&broken);
    story.enroll("2026-03-02 14:00", &["jane@corp2.test"], "second");
    story.until("2026-03-05 12:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0, "what is held sends nothing");
    assert_eq!(story.mails_to("jane@corp2.test").len(), 1, "the other goes on");
    let warnings = story.mails_to("admin@corp.test");
    let [warning] = warnings.as_slice() else {
        panic!("told once: {}", warnings.len())
    };
    assert!(header(warning, "Subject").contains("No touch of \"first\" goes out"));
    let holds = story
        .world
        .bot
        .store
        .holds(at("2026-03-05 12:00"))
        .await
        .expect("holds");
    let [hold] = holds.as_slice() else { panic!("{holds:?}") };
    assert_eq!(
        hold.why,
        "it does not load: first/b.md:1:8: unknown word `compnay`: did you mean `company`?"
    );
    story.world.bot.house.library = lenient(&good);
    story.until("2026-03-09 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1, "it goes on where it was");
    let holds = story
        .world
        .bot
        .store
        .holds(at("2026-03-09 18:00"))
        .await
        .expect("holds");
    assert!(holds.is_empty(), "{holds:?}");
    story.holds().await;
}

#[tokio::test]
async fn who_is_switched_to_a_cadence_that_does_not_load_waits_for_it() {
    let good = [
        ("first/cadence.toml", FIRST),
        ("first/a.md", "Subject: One\n\nOne?\n"),
        ("first/b.md", "Two?\n"),
        ("second/cadence.toml", SECOND),
        ("second/a.md", "Subject: Another matter\n\nThree?\n"),
        ("second/b.md", "Four?\n"),
    ];
    let mut broken = good;
    broken[3].1 = "title = 1";
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.library = lenient(&broken);
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "first");
    story.until("2026-03-12 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1, "the first cadence alone");
    story.world.bot.house.library = lenient(&good);
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 3, "and now the second");
    story.holds().await;
}
