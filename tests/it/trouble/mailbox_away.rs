//! The bot's mailbox does not answer for some time: the administrator is told by the relay, which still works.

use super::super::reps::desk::text_of;
use crate::story::{Story, address};
use cadence::inbox::InboxError;
use cadence::world::Habit;

const ADMINISTRATOR: &str = "admin@corp.test";

fn told(story: &Story) -> Vec<String> {
    let mails = story.mails_to(ADMINISTRATOR);
    mails.iter().map(|mail| text_of(mail)).collect()
}

/// Ana has enrolled somebody, the mailbox is read at 10:00, and does not answer from then on.
async fn away_since_ten() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.administrator = Some(address(ADMINISTRATOR));
    story.enroll("2026-03-02 09:30", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    story.settles().await;
    story
        .mailbox
        .fail_with(Some(InboxError::lost("the server does not answer")));
    story.settles().await;
    story
}

#[tokio::test]
async fn a_mailbox_that_is_away_for_a_quarter_of_an_hour_is_told_once_a_day_by_the_relay_and_no_touch_goes_out() {
    let mut story = away_since_ten().await;
    story.until("2026-03-02 10:15").await;
    assert!(told(&story).is_empty(), "a short maintenance is nobody's business");
    story.until("2026-03-02 10:25").await;
    let mails = told(&story);
    let [mail] = mails.as_slice() else {
        panic!("one warning: {mails:#?}");
    };
    for part in [
        "I cannot read my mailbox",
        "he server does not answer",
        "Nothing is sent to prospects until I can read it again",
        "I last read my mailbox on Mon 2 Mar at 09:00 UTC.",
        "Look at the mail server and at the network between us.",
        "cadence check",
    ] {
        assert!(mail.contains(part), "{part} is missing in {mail}");
    }
    assert!(!mail.contains("li@acme.test"), "it names nobody");

    // It lasts: one a day, and what is due waits.
    story.until("2026-03-02 23:00").await;
    assert_eq!(told(&story).len(), 1);
    story.until("2026-03-05 23:00").await;
    assert_eq!(told(&story).len(), 4, "one for each of four days");
    assert!(
        story.mails_to("li@acme.test").is_empty(),
        "who knows what lies in the mailbox"
    );

    // It is back: nobody is told any more, and what waited goes out.
    story.mailbox.fail_with(None);
    story.until("2026-03-09 18:00").await;
    assert_eq!(told(&story).len(), 4);
    assert!(!story.mails_to("li@acme.test").is_empty());
    story.holds().await;
}

#[tokio::test]
async fn short_troubles_are_not_added_up_and_a_bot_that_never_read_its_mailbox_warns_too() {
    let mut story = away_since_ten().await;
    story.until("2026-03-02 10:14").await;
    story.mailbox.fail_with(None);
    story.settles().await;
    story
        .mailbox
        .fail_with(Some(InboxError::lost("the server does not answer")));
    story.until("2026-03-02 10:28").await;
    assert!(told(&story).is_empty());

    let mut story = story.started_again().await;
    story.until("2026-03-02 10:40").await;
    assert!(
        told(&story).is_empty(),
        "it was started less than a quarter of an hour ago"
    );
    story.until("2026-03-02 10:55").await;
    let mails = told(&story);
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(
        mails[0].contains("I have not read my mailbox since I was started."),
        "{}",
        mails[0]
    );
    // Started once more, it does not tell it again on the same day.
    let mut story = story.started_again().await;
    story.until("2026-03-02 13:00").await;
    assert_eq!(told(&story).len(), 1);
    story.holds().await;
}
