//! Mails that are to come, in the rep's own words: kept until they go out, shown, taken back, dropped with a word.

use super::desk::{VOUCHED, bare, house, reply_to, sends, text_of};
use crate::story::Story;
use cadence::mail::read::read;
use cadence::template::Library;
use cadence::world::Habit;

const OWN: &str = "Hi Li,\n\nas you said on the phone, three sites plan with us since last May.\n\nAna";

/// Three mails; the first is the rep's. The third has this name and text.
fn three(name: &str, text: &str) -> Library {
    let steps = format!(
        "title = \"Three\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 2\ntemplate = \"b\"\n\
         [[step]]\nday = 4\ntemplate = \"{name}\"\n"
    );
    let files = [
        ("three/cadence.toml".to_owned(), steps),
        ("three/a.md".to_owned(), "Subject: One\n\nOne?\n".to_owned()),
        (
            "three/b.md".to_owned(),
            "The second, as the house wrote it.\n".to_owned(),
        ),
        (format!("three/{name}.md"), text.to_owned()),
    ];
    Library::with(&files).expect("cadences")
}

/// Monday: Li is in it, and the second and third mail are to come.
async fn monday() -> Story {
    let mut story = house(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.library = three("c", "The third, as the house wrote it.\n");
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "three");
    story.until("2026-03-02 12:00").await;
    story
}

/// Ana writes to the bare address; what she got then.
async fn ana_says(story: &mut Story, text: &str) -> String {
    let to = bare(story);
    sends(story, &to, "Re: yours", VOUCHED, &format!("\n{text}\n")).await
}

fn texts(story: &Story) -> Vec<String> {
    let mails = story.mails_to("li@acme.test");
    mails.iter().map(|mail| read(mail.as_bytes()).text).collect()
}

#[tokio::test]
async fn the_mail_after_next_goes_out_in_the_reps_words_also_after_a_restart_and_a_new_text_of_the_house() {
    let mut story = monday().await;
    let shown = ana_says(&mut story, "edit li@acme.test touch 3").await;
    assert!(shown.starts_with("Text of a mail to come: Li Wei"), "{shown}");
    assert!(shown.contains("The third, as the house wrote it."), "{shown}");
    assert!(shown.contains("\"edit touch 3\""), "{shown}");

    // In answer to that mail, as it says.
    let to = reply_to(&story.mails_to("ana@corp.test").pop().expect("a mail"));
    let answer = sends(&mut story, &to, "Re: yours", "", &format!("\nedit touch 3\n{OWN}\n")).await;
    for part in [
        "touch 3 of 3 (email) goes out in your words, about Thu 5 Mar",
        "To undo: \"undo edit touch 3\"",
    ] {
        assert!(answer.replace('`', "\"").contains(part), "{part}: {answer}");
    }
    let why = ana_says(&mut story, "why li@acme.test").await;
    assert!(
        why.contains("touch 3 of 3 (email) goes out in your words: \"Hi Li, as you said on the phone"),
        "{why}"
    );

    let mut story = story.started_again().await;
    story.world.bot.house.library = three("c", "The third, written anew by the house.\n");
    story.until("2026-03-03 18:00").await;
    let shown = ana_says(&mut story, "edit li@acme.test").await;
    assert!(
        shown.contains("three sites plan with us"),
        "it is the next mail now: {shown}"
    );
    story.until("2026-03-20 18:00").await;
    let mails = texts(&story);
    assert_eq!(mails.len(), 2, "{mails:#?}");
    assert!(mails[0].contains("The second, as the house wrote it."), "{}", mails[0]);
    assert!(
        mails[1].contains("three sites plan with us since last May"),
        "{}",
        mails[1]
    );
    assert!(!mails[1].contains("The third"), "{}", mails[1]);
    story.holds().await;
}

#[tokio::test]
async fn what_was_edited_is_taken_back_once_and_a_touch_that_is_no_mail_to_come_gets_the_ones_that_are() {
    let mut story = monday().await;
    let answer = ana_says(&mut story, &format!("edit li@acme.test mail 3\n{OWN}")).await;
    assert!(
        answer.contains("touch 3 of 3 (email) goes out in your words"),
        "{answer}"
    );
    let answer = ana_says(&mut story, "undo edit li@acme.test touch 3").await;
    assert!(
        answer.contains("touch 3 of 3 (email) goes out as the cadence has it"),
        "{answer}"
    );
    let answer = ana_says(&mut story, "undo edit li@acme.test touch 3").await;
    assert!(
        answer.contains("nothing changed; touch 3 is not in your words"),
        "{answer}"
    );
    assert!(story.enrollment_of("li@acme.test").await.is_active(), "it ends nobody");
    for (line, says_so) in [
        (
            "edit li@acme.test touch 7",
            "touch 7 is no mail that is to come; there is",
        ),
        (
            "edit li@acme.test touch 1",
            "touch 1 is no mail that is to come; there is",
        ),
        ("edit li@acme.test touch 3\nthanks", "too short for a mail"),
    ] {
        let answer = ana_says(&mut story, line).await;
        assert!(answer.contains(says_so), "{line}: {answer}");
    }
    story.until("2026-03-20 18:00").await;
    let mails = texts(&story);
    assert!(mails[1].contains("The third, as the house wrote it."), "{mails:#?}");
    let answer = ana_says(&mut story, &format!("edit li@acme.test touch 3\n{OWN}")).await;
    assert!(answer.contains("it is over, and no mail goes out any more"), "{answer}");
    story.holds().await;
}

#[tokio::test]
async fn what_was_written_for_a_mail_that_the_cadence_has_no_more_is_dropped_with_a_word() {
    let mut story = monday().await;
    ana_says(&mut story, &format!("edit li@acme.test touch 3\n{OWN}")).await;
    story.world.bot.house.library = three("d", "Another third mail.\n");
    story.until("2026-03-20 18:00").await;
    let told = story.mails_to("ana@corp.test");
    let told: Vec<String> = told
        .iter()
        .map(|mail| text_of(mail))
        .filter(|text| text.starts_with("Your text was dropped: Li Wei"))
        .collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("has no mail \"c\" any more"), "{}", told[0]);
    let mails = texts(&story);
    assert!(mails[1].contains("Another third mail."), "{mails:#?}");
    story.holds().await;
}
