//! Silence is never success: what a digest must not leave out, and what must not stop it.

use crate::story::{Story, address, ana, mail};
use cadence::model::{LetterId, Rep, Standing};
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
    assert!(
        monday[0].contains("claimed to be from you; held"),
        "the digest of Monday"
    );
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

/// Forty people whose call of the day has a script as long as a letter to the editor.
async fn a_day_of_long_calls(script: usize) -> Story {
    let people: Vec<String> = (0..40).map(|nth| format!("person{nth}@firm{nth}.test")).collect();
    let cast: Vec<(&str, Habit)> = people.iter().map(|who| (who.as_str(), Habit::Ignores)).collect();
    let call = format!(
        "Headline: Call\n\n{}\n",
        "Ask what they do about it today. ".repeat(script / 33)
    );
    let mut story = Story::with_cadences(
        &[
            (
                "talk/cadence.toml",
                "title = \"Talk\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 2\nchannel = \"call\"\ntemplate = \"b\"\n",
            ),
            ("talk/a.md", "Subject: One\n\nOne?\n"),
            ("talk/b.md", &call),
        ],
        &cast,
    )
    .await;
    for who in &people {
        story.enroll("2026-03-02 10:00", &[who], "talk");
    }
    story.until("2026-03-03 08:30").await;
    story
}

/// Without the soft line breaks of its encoding.
fn last_mail_to_ana(story: &Story) -> String {
    let mails = story.mails_to("ana@corp.test");
    let last = mails.last().expect("a mail");
    last.replace("\r\n", "\n").replace("=\n", "")
}

#[tokio::test]
async fn p33_a_day_of_forty_long_calls_is_told_in_fewer_lines_and_counts_the_rest() {
    let story = a_day_of_long_calls(8_000).await;
    let mails = story.mails_to("ana@corp.test");
    let digest = mails.last().expect("a digest of Tuesday");
    assert!(
        digest.contains("10 more, which come up as these are done"),
        "30 of 40 are listed"
    );
    let digest = LetterId::of_digest(&ana().address, "2026-03-03");
    let store = &story.world.bot.store;
    let of_number = async |number| store.digest_item(digest, number).await.expect("an answer").is_some();
    assert!(
        of_number(30).await && !of_number(31).await,
        "a number stands for a task that is listed"
    );
}

#[tokio::test]
async fn p33_a_script_that_no_mail_can_hold_is_cut_and_the_digest_goes_out() {
    let story = a_day_of_long_calls(60_000).await;
    let digest = last_mail_to_ana(&story);
    assert!(digest.contains("the rest stands in the cadence's script"));
}
