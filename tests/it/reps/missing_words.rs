//! A word that a cadence needs and nobody gave is said in answer to the refusal, and the enrolling is done with it.

use super::coverage::lacking;
use super::desk::{VOUCHED, bare, house, reply_to, sends, text_of};
use crate::story::{Story, address};
use cadence::world::Habit;

async fn story() -> Story {
    let mut story = house(&[("max@oak.test", Habit::Ignores)]).await;
    story.world.bot.house.library = lacking("As a {{title}} at {{company}} you know this.\n");
    story
}

/// Ana answers the last mail she got; all that she got then.
async fn answers(story: &mut Story, text: &str) -> Vec<String> {
    let mails = story.mails_to("ana@corp.test");
    let to = reply_to(
        mails
            .iter()
            .rfind(|mail| text_of(mail).contains("nobody knows"))
            .expect("a refusal"),
    );
    sends(story, &to, "Re: yours", "", &format!("\n{text}\n")).await;
    let all = story.mails_to("ana@corp.test");
    all[mails.len()..].iter().map(|mail| text_of(mail)).collect()
}

async fn max(story: &Story) -> usize {
    let all = story.world.bot.store.of_person(&address("max@oak.test").loose()).await;
    all.expect("rows").len()
}

#[tokio::test]
async fn a_mail_in_bcc_that_lacks_words_is_enrolled_by_an_answer_with_them_once() {
    let mut story = story().await;
    story.enroll("2026-03-02 09:02", &["max@oak.test"], "lacking");
    story.until("2026-03-02 10:00").await;
    let refusal = text_of(&story.mails_to("ana@corp.test").pop().expect("a mail"));
    assert!(
        refusal.contains("Answer this mail with what is missing, as in company=\"…\" title=\"…\""),
        "{refusal}"
    );
    assert_eq!(max(&story).await, 0);

    // One of two is not enough, and is not asked for again; the rep may take some days.
    let told = answers(&mut story, "title=\"Head of Operations\"").await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("of max@oak.test nobody knows company"), "{}", told[0]);
    let mut story = story.started_again().await;
    story.until("2026-03-04 10:00").await;
    let told = answers(&mut story, "company=Oak").await;
    assert_eq!(told.len(), 1, "one receipt: {told:#?}");
    assert!(
        told[0].contains("max@oak.test") && told[0].contains("Lacking"),
        "{}",
        told[0]
    );
    let enrolled = story.enrollment_of("max@oak.test").await;
    assert_eq!(enrolled.thread.subject, "Hello", "what was read from the mail is kept");
    assert!(enrolled.touched.is_some(), "her own mail is touch 1");

    // Said again, it makes nobody twice.
    let told = answers(&mut story, "company=Oak").await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(max(&story).await, 1);
    story.until("2026-03-20 18:00").await;
    let mails = story.mails_to("max@oak.test");
    assert_eq!(mails.len(), 1, "{mails:#?}");
    let text = cadence::mail::read::read(mails[0].as_bytes()).text;
    assert!(text.contains("As a Head of Operations at Oak you know this."), "{text}");
    story.holds().await;
}

#[tokio::test]
async fn a_line_that_lacks_words_is_enrolled_by_an_answer_of_two_lines() {
    let mut story = story().await;
    let to = bare(&story);
    let told = sends(
        &mut story,
        &to,
        "New",
        VOUCHED,
        "\nenroll max@oak.test \"Max Oak\" in lacking\n",
    )
    .await;
    assert!(told.contains("Answer this mail with what is missing"), "{told}");
    let told = answers(&mut story, "title=\"VP Sales\"\ncompany=Oak").await;
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(!told[0].contains("nobody is enrolled yet"), "{}", told[0]);
    assert_eq!(max(&story).await, 1);
    let enrolled = story.enrollment_of("max@oak.test").await;
    assert_eq!(enrolled.prospect.name.as_deref(), Some("Max Oak"));
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("max@oak.test").len(), 2);
    story.holds().await;
}

#[tokio::test]
async fn what_nobody_answered_expires_as_other_questions_do_and_no_drops_it() {
    let mut story = story().await;
    story.enroll("2026-03-02 09:02", &["max@oak.test"], "lacking");
    story.until("2026-03-02 10:00").await;
    let told = answers(&mut story, "no").await;
    assert!(told[0].contains("obody of them is enrolled"), "{}", told[0]);
    let told = answers(&mut story, "title=\"VP Sales\" company=Oak").await;
    assert!(told[0].contains("you said no to this"), "{}", told[0]);

    let mut story = self::story().await;
    story.enroll("2026-03-02 09:02", &["max@oak.test"], "lacking");
    story.until("2026-04-20 10:00").await;
    let told = answers(&mut story, "title=\"VP Sales\" company=Oak").await;
    assert!(told[0].contains("I asked too long ago"), "{}", told[0]);
    assert_eq!(max(&story).await, 0);
    story.holds().await;
}
