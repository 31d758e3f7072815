//! What each kind of mail in a rep's own mailbox does.

use super::*;
use cadence::inbox::Filing;
use cadence::model::{Ending, LetterState, Receipt};
use cadence::service::watch as rep_watch;

#[tokio::test]
async fn p03_an_answer_to_the_reps_own_mail_stops_and_is_not_passed_on() {
    let (mut story, own) = watched().await;
    own.deliver("INBOX", answer(&story).await, Some(story.world.now()));
    story.settles().await;
    assert!(is_paused_by_answer(&story).await);
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    let to_ana = story.mails_to("ana@corp.test");
    assert!(!to_ana.iter().any(|mail| mail.contains("A text.")), "Ana has it");
    assert_eq!(own.unfiled("INBOX").len(), 1, "it lies where it lay");
    assert!(Filing::ALL.iter().all(|into| own.filed(*into).is_empty()));
    story.holds().await;
}

#[tokio::test]
async fn an_answer_in_the_spam_folder_of_the_rep_stops_too() {
    let (mut story, own) = watched().await;
    own.deliver(
        "Junk",
        to_ana("Li Wei <li@acme.test>", "r2", ""),
        Some(story.world.now()),
    );
    story.settles().await;
    assert!(
        is_paused_by_answer(&story).await,
        "by who it is from, though it cites nothing"
    );
}

#[tokio::test]
async fn an_answer_that_came_before_its_hand_over_was_read_stops() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    let own = watch(&mut story, "ana@corp.test");
    story.until("2026-03-02 09:00").await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    // The hand-over is late: the bot's mailbox is away while Ana's own is read.
    story.mailbox.fail_with(Some(cadence::inbox::InboxError::lost("gone")));
    story.until("2026-03-02 10:30").await;
    let copy = story.mailbox.unfiled("INBOX").pop().expect("the hand-over");
    let id = header(&String::from_utf8_lossy(&copy), "Message-ID");
    let answer = to_ana("Li Wei <li@acme.test>", "r1", &format!("In-Reply-To: {id}\n"));
    own.deliver("INBOX", answer, Some(story.world.now()));
    story.until("2026-03-02 11:30").await;
    story.mailbox.fail_with(None);
    story.until("2026-03-02 12:00").await;
    assert!(
        is_paused_by_answer(&story).await,
        "it was looked for when Li was enrolled"
    );
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    story.holds().await;
}

#[tokio::test]
async fn i12_what_lay_there_before_does_nothing() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    let own = watch(&mut story, "ana@corp.test");
    let long_ago = at("2026-01-05 09:00");
    for n in 0..1_200 {
        own.deliver(
            "INBOX",
            to_ana("Li Wei <li@acme.test>", &format!("old{n}"), ""),
            Some(long_ago),
        );
    }
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-06 18:00").await;
    assert_eq!(count(&story, is_answer).await, 0);
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    assert!(!story.kinds().await.contains_key("reply"), "and leaves no line");
}

#[tokio::test]
async fn an_answer_to_both_counts_once_and_is_passed_on_at_most_once() {
    for bot_first in [true, false] {
        let (mut story, own) = watched().await;
        let mail = answer(&story).await;
        for to_bot in [bot_first, !bot_first] {
            let place = if to_bot { &story.mailbox } else { &own };
            place.deliver("INBOX", mail.clone(), Some(story.world.now()));
            story.settles().await;
        }
        assert_eq!(count(&story, is_answer).await, 1, "bot first: {bot_first}");
        let passed_on = story.mails_to("ana@corp.test");
        let passed_on = passed_on.iter().filter(|mail| mail.contains("A text.")).count();
        assert_eq!(passed_on, usize::from(bot_first));
        story.holds().await;
    }
}

#[tokio::test]
async fn i06_a_renumbered_mailbox_counts_nothing_twice() {
    let (mut story, own) = watched().await;
    own.deliver("INBOX", answer(&story).await, Some(story.world.now()));
    own.deliver("Sent", by_hand("hand1"), Some(story.world.now()));
    story.settles().await;
    let before = journal(&story).await;
    own.renumber();
    story.until("2026-03-04 12:00").await;
    assert_eq!(journal(&story).await, before);
}

#[tokio::test]
async fn what_the_rep_writes_by_hand_shifts_the_next_touch() {
    let (mut story, own) = watched().await;
    story.until("2026-03-04 20:00").await;
    let planned = due(&story).await;
    own.deliver("Sent", by_hand("hand1"), Some(story.world.now()));
    story.settles().await;
    assert_eq!(count(&story, is_by_hand).await, 1);
    assert!(due(&story).await > planned, "{} and {planned}", due(&story).await);
    let ids = story.enrollment().await.thread.ids;
    assert!(
        ids.iter().any(|id| id.as_str() == "hand1@corp.test"),
        "follow-ups stand behind it"
    );
    let answer = to_ana("assistant@acme.test", "r3", "In-Reply-To: <hand1@corp.test>\n");
    own.deliver("INBOX", answer, Some(story.world.now()));
    story.settles().await;
    assert!(is_paused_by_answer(&story).await, "an answer to it is an answer");
    story.holds().await;
}

#[tokio::test]
async fn a_letter_that_lies_ready_gives_way_to_a_mail_by_hand() {
    let (mut story, own) = watched().await;
    story.mailbox.fail_with(Some(cadence::inbox::InboxError::lost("gone")));
    story.until("2026-03-05 15:00").await;
    assert!(matches!(story.enrollment().await.standing, Standing::Sending { .. }));
    own.deliver("Sent", by_hand("hand1"), Some(story.world.now()));
    story.settles().await;
    let later = due(&story).await;
    story.mailbox.fail_with(None);
    story.until("2026-03-05 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0);
    assert!(later > story.world.now());
    story.until("2026-03-20 18:00").await;
    assert!(!story.mails_to("li@acme.test").is_empty(), "it goes on");
    story.holds().await;
}

#[tokio::test]
async fn t15_our_own_letter_among_what_the_rep_sent_is_neither_answer_nor_by_hand_and_ends_a_doubt() {
    let (mut story, own) = watched().await;
    story.until("2026-03-05 08:59").await;
    let why = "the connection was lost after the final dot".to_owned();
    story.relay.answer_next(Receipt::InDoubt { why });
    story.until("2026-03-05 16:00").await;
    let doubts = story.world.bot.store.doubts(10).await.expect("doubts");
    let letter = doubts.first().expect("a doubt").letter.clone();
    own.deliver("Sent", letter.bytes.clone(), Some(story.world.now()));
    // And as a relay keeps it that leaves out our mark.
    let plain = String::from_utf8(letter.bytes.clone()).expect("text");
    let plain: String = plain
        .split_inclusive("\r\n")
        .filter(|line| !line.starts_with("X-Cadence-Ref"))
        .collect();
    own.deliver("Sent", plain, Some(story.world.now()));
    story.settles().await;
    let (_, state) = story
        .world
        .bot
        .store
        .letter(letter.id)
        .await
        .expect("an answer")
        .expect("a letter");
    assert_eq!(state, LetterState::Sent);
    assert_eq!(count(&story, is_by_hand).await + count(&story, is_answer).await, 0);
    story.until("2026-03-20 18:00").await;
    story.holds().await;
}

#[tokio::test]
async fn a_meeting_accepted_to_the_rep_ends_as_met() {
    let (mut story, own) = watched().await;
    let notice = "Sender: Google Calendar <calendar-notification@google.com>\nAuto-Submitted: auto-generated\n";
    let mail = to_ana("Li Wei <li@acme.test>", "c1", notice);
    let mail = String::from_utf8(mail)
        .expect("text")
        .replace("Re: Hello", "Accepted: Intro call");
    own.deliver("INBOX", mail, Some(story.world.now()));
    story.settles().await;
    let standing = story.enrollment().await.standing;
    assert!(
        matches!(
            standing,
            Standing::Ended {
                outcome: Ending::Met,
                ..
            }
        ),
        "{standing:?}"
    );
}

#[tokio::test]
async fn an_absence_note_to_the_rep_postpones() {
    let (mut story, own) = watched().await;
    let planned = due(&story).await;
    let id = first_id(&story).await;
    let note = to_ana(
        "Li Wei <li@acme.test>",
        "a1",
        &format!("Auto-Submitted: auto-replied\nIn-Reply-To: {id}\n"),
    );
    own.deliver("INBOX", note, Some(story.world.now()));
    story.settles().await;
    assert!(due(&story).await > planned);
    story.holds().await;
}

#[tokio::test]
async fn what_is_no_answer_leaves_no_trace() {
    let (mut story, own) = watched().await;
    let now = Some(story.world.now());
    let (facts, kinds) = (journal(&story).await, story.kinds().await);
    for mail in [
        to_ana("Somebody <x@else.test>", "n1", ""),
        to_ana("Ana Costa <ana@corp.test>", "n2", ""),
        to_ana(
            "News <news@acme.test>",
            "n3",
            "List-Id: <news.acme.test>\nPrecedence: bulk\n",
        ),
    ] {
        own.deliver("INBOX", mail, now);
    }
    own.deliver(
        "Sent",
        bytes("From: ana@corp.test\nTo: x@else.test\nSubject: Hi\nMessage-ID: <n4@corp.test>\n\nHi\n"),
        now,
    );
    story.settles().await;
    assert_eq!((journal(&story).await, story.kinds().await), (facts, kinds));
}

#[tokio::test]
async fn i13_a_bot_that_died_while_it_looked_looks_again() {
    let (mut story, own) = watched().await;
    own.deliver("INBOX", answer(&story).await, Some(story.world.now()));
    let mut story = {
        let mut dying = Watch::new(ana().address, Inbox::Memory(own.clone()), "Sent");
        let round = rep_watch::round(&story.world.bot, &mut dying);
        // Polled once and dropped: whatever it had begun is left behind.
        tokio::select! {
            biased;
            _ = round => {}
            () = std::future::ready(()) => {}
        }
        story.settles().await;
        story.started_again().await
    };
    story.settles().await;
    assert_eq!(count(&story, is_answer).await, 1);
    story.holds().await;
}
