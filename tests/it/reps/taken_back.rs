//! What a rep logged by mistake and what ended an enrollment by it is taken back: it goes on where it stood.

use super::coverage::{To, tell, tuesday};
use crate::story::{Story, address, mail};
use cadence::model::{Ending, Standing, SuppressionReason};
use cadence::template::Library;
use cadence::world::Habit;

async fn li(story: &Story) -> Standing {
    story.enrollment_of("li@acme.test").await.standing
}

fn ended(standing: &Standing) -> Option<Ending> {
    match standing {
        Standing::Ended { outcome, .. } => Some(*outcome),
        _ => None,
    }
}

/// What Ana's numbers of the week say.
async fn numbers(story: &Story) -> Vec<String> {
    let bot = &story.world.bot;
    bot.store.tally_up().await.expect("counted");
    let day = jiff::civil::date(2026, 3, 3);
    cadence::service::report::in_short_of(bot, &address("ana@corp.test"), day, 7)
        .await
        .expect("numbers")
}

#[tokio::test]
async fn a_log_that_ended_an_enrollment_is_taken_back_once_and_it_goes_on_where_it_stood() {
    for (line, ending) in [
        ("meeting thu 15:00", Ending::Met),
        ("not interested", Ending::NotInterested),
    ] {
        let mut story = tuesday().await;
        let (before, counted) = (li(&story).await, numbers(&story).await);
        tell(&mut story, To::Li, line).await;
        assert_eq!(ended(&li(&story).await), Some(ending));
        assert_eq!(
            numbers(&story).await != counted,
            ending == Ending::Met,
            "{line}: a meeting counts"
        );
        let answer = tell(&mut story, To::Li, "reopen").await;
        assert!(
            answer[0].contains("is taken back; it stands in your next digest"),
            "{}",
            answer[0]
        );
        assert_eq!(li(&story).await, before, "{line}: nothing but the log changed");
        assert!(story.enrollment_of("li@acme.test").await.meetings.is_empty(), "{line}");
        assert_eq!(numbers(&story).await, counted, "{line}: it counts no more");
        let again = tell(&mut story, To::Li, "reopen").await;
        assert!(
            again[0].contains("nothing changed, no touch of theirs was logged"),
            "{line}: {}",
            again[0]
        );
        assert_eq!(li(&story).await, before, "{line}");

        // The call is in the next digest, can be logged, and ends it for good where that is so.
        story.until("2026-03-04 08:30").await;
        let digest = story.mails_to("ana@corp.test").pop().expect("a digest");
        assert!(super::desk::text_of(&digest).contains("Li Wei"), "{line}");
        tell(&mut story, To::Li, line).await;
        assert_eq!(ended(&li(&story).await), Some(ending), "{line}");
        story.until("2026-03-20 18:00").await;
        assert!(story.mails_to("li@acme.test").is_empty(), "{line}");
        story.holds().await;
    }
}

#[tokio::test]
async fn a_wrong_number_that_ends_a_cadence_is_taken_back_by_its_number_in_the_digest() {
    let mut story = super::desk::house(&[("li@acme.test", Habit::Ignores)]).await;
    let files = [
        (
            "calling/cadence.toml",
            "title = \"Calling\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 1\nat = \"afternoon\"\n\
             channel = \"call\"\ntemplate = \"b\"\n[[step]]\nday = 4\ntemplate = \"c\"\n[on]\noutcome.wrong_number = \"finish\"\n",
        ),
        ("calling/a.md", "Subject: One\n\nOne?\n"),
        ("calling/b.md", "Headline: Call\n\nCall.\n"),
        ("calling/c.md", "Three.\n"),
    ];
    let files: Vec<(String, String)> = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into();
    story.world.bot.house.library = Library::with(&files).expect("cadences");
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "calling");
    story.until("2026-03-03 08:00").await;
    let before = li(&story).await;
    tell(&mut story, To::Digest, "1 wrong number").await;
    assert_eq!(ended(&li(&story).await), Some(Ending::Stopped));
    let answer = tell(&mut story, To::Digest, "undo 1").await;
    assert!(
        answer[0].contains("open again, \"wrong number\" is taken back"),
        "{}",
        answer[0]
    );
    assert_eq!(li(&story).await, before);
    let again = tell(&mut story, To::Digest, "undo 1").await;
    assert!(again[0].contains("nothing changed, it is open"), "{}", again[0]);
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    story.holds().await;
}

#[tokio::test]
async fn p2_what_the_prospect_said_since_is_never_taken_back() {
    let (reply, stop) = ("Call me next week, please.", "Please remove me from your list.");
    for (text, why) in [(reply, "they answered since"), (stop, "they asked for no more mail")] {
        let mut story = tuesday().await;
        tell(&mut story, To::Li, "not interested").await;
        let id = story.enrollment_of("li@acme.test").await.id;
        let to = if text == stop {
            story.bot().for_opt_out(id)
        } else {
            story.bot().for_reply(id)
        };
        let answer = mail(&to, "Li Wei <li@acme.test>", "Re: Hello", "", text);
        story.reads(answer).await;
        let before = li(&story).await;
        let told = tell(&mut story, To::Li, "reopen").await;
        assert!(told[0].contains(why), "{why}: {}", told[0]);
        assert_eq!(li(&story).await, before);
        story.until("2026-03-20 18:00").await;
        assert!(story.mails_to("li@acme.test").is_empty());
        if text == stop {
            assert_eq!(
                story.suppressed("li@acme.test").await,
                Some(SuppressionReason::OptedOut)
            );
        }
        story.holds().await;
    }
}

#[tokio::test]
async fn what_was_missed_meanwhile_comes_at_the_pace_of_the_cadence_and_what_is_old_stays_over() {
    let mut story = tuesday().await;
    tell(&mut story, To::Li, "not interested").await;
    story.until("2026-03-11 10:00").await;
    let answer = tell(&mut story, To::Li, "reopen").await;
    assert!(answer[0].contains("is taken back"), "{}", answer[0]);
    let (now, begun) = (story.world.now(), story.mails_to("li@acme.test").len());
    let Standing::Waiting { due, .. } = li(&story).await else {
        panic!("it waits")
    };
    assert!(due > now, "nothing at once");
    story.until("2026-03-12 08:00").await;
    assert!(story.mails_to("li@acme.test").len() <= begun + 1, "no burst");
    story.holds().await;

    let mut story = tuesday().await;
    tell(&mut story, To::Li, "not interested").await;
    story.until("2026-03-18 10:00").await;
    let answer = tell(&mut story, To::Li, "reopen").await;
    assert!(answer[0].contains("too long ago"), "{}", answer[0]);
    assert_eq!(ended(&li(&story).await), Some(Ending::NotInterested));
    story.holds().await;
}
