//! Stories: one prospect, one rep, the real engine on a virtual clock, and a transcript that a rep could read.

use crate::story::{Story, address, at, header, replies};
use cadence::model::{CadenceName, EnrollmentId, Fact, Standing, SuppressionReason};
use cadence::service::{deliver, pulse};
use cadence::world::Habit;
use expect_test::expect;

#[tokio::test]
async fn a_bcc_enrolls_follow_ups_go_out_in_the_thread_and_a_reply_stops_them() {
    let mut story = Story::new(&[("li@acme.test", replies(2, "Yes, tell me more."))]).await;
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.until("2026-03-20 18:00").await;
    assert!(matches!(story.standing().await, Standing::Paused { .. }));
    let touches = story.mails_to("li@acme.test");
    assert_eq!(touches.len(), 2);
    for touch in &touches {
        assert_eq!(header(touch, "Subject"), "Re: Hello");
        assert!(header(touch, "From").contains("ana@corp.test"));
        assert!(header(touch, "Reply-To").contains("cadence+r."));
        assert!(header(touch, "List-Unsubscribe").starts_with("<mailto:cadence+u."));
        assert!(!header(touch, "In-Reply-To").is_empty());
    }
    assert_eq!(
        header(&touches[1], "In-Reply-To"),
        header(&touches[0], "Message-ID"),
        "the thread goes on"
    );
    let relayed = story
        .mails_to("ana@corp.test")
        .into_iter()
        .find(|mail| mail.contains("Yes, tell me more."));
    let relayed = relayed.expect("the reply is passed on whole");
    assert!(
        header(&relayed, "Reply-To").contains("li@acme.test"),
        "answering is one tap"
    );
    story
        .ends(expect![[r#"
            Mon 02 Mar 08:02  ana           enrolls li@acme.test in "outbound" by BCC
            Mon 02 Mar 08:02  bot     →  ana     "Enrolled: Li Wei in Outbound"
            Mon 02 Mar 14:36  bot           li: touch 2 is the rep's to do
            Tue 03 Mar 07:00  bot     →  ana     "Today: 1 call"
            Tue 03 Mar 07:57  ana           answers the digest: 1 no answer
            Tue 03 Mar 07:57  bot           li: touch 2 was closed: no answer
            Tue 03 Mar 07:57  bot     →  ana     "Done: 1 no answer"
            Wed 04 Mar 07:00  bot           li: touch 3 is the rep's to do
            Wed 04 Mar 07:00  bot     →  ana     "Today: 1 touch"
            Wed 04 Mar 08:15  ana           answers the digest: 1 connected
            Wed 04 Mar 08:15  bot           li: touch 3 was closed: connected
            Wed 04 Mar 08:15  bot     →  ana     "Done: 1 connected"
            Thu 05 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Thu 05 Mar 08:33  bot     →  li      "Re: Hello"
            Fri 06 Mar 07:00  bot     →  ana     "Today: nothing to do"
            Mon 09 Mar 07:00  bot           li: touch 5 is the rep's to do
            Mon 09 Mar 07:00  bot     →  ana     "Today: 1 call"
            Mon 09 Mar 08:20  ana           answers the digest: 1 done
            Mon 09 Mar 08:20  bot           li: touch 5 was closed: done
            Mon 09 Mar 08:20  bot     →  ana     "Done: 1 done"
            Thu 12 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Thu 12 Mar 10:24  bot     →  li      "Re: Hello"
            Thu 12 Mar 13:27  li            replies
            Thu 12 Mar 13:27  bot           li: answered, after touch 6: interested
            Thu 12 Mar 13:27  bot     →  ana     "Re: Hello"
            Fri 13 Mar 07:00  bot     →  ana     "Today: 1 needs you"
        "#]])
        .await;
}

#[tokio::test]
async fn a_cadence_nobody_answers_runs_to_its_end() {
    let mut story = Story::new(&[("jane@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["jane@acme.test"], "inbound");
    story.until("2026-03-20 18:00").await;
    assert!(matches!(story.standing().await, Standing::Ended { .. }));
    story
        .ends(expect![[r#"
            Mon 02 Mar 09:00  ana           enrolls jane@acme.test in "inbound" by BCC
            Mon 02 Mar 09:00  bot           jane: touch 2 is the rep's to do
            Mon 02 Mar 09:00  bot     →  ana     "Enrolled: Jane Doe in Inbound"
            Tue 03 Mar 07:00  bot     →  ana     "Today: 1 call · 1 mail going out"
            Tue 03 Mar 07:57  ana           answers the digest: 1 no answer
            Tue 03 Mar 07:57  bot           jane: touch 2 was closed: no answer
            Tue 03 Mar 07:57  bot     →  ana     "Done: 1 no answer"
            Tue 03 Mar 10:20  bot     →  jane    "Re: Hello"
            Tue 03 Mar 11:15  bot           jane: touch 4 is the rep's to do
            Wed 04 Mar 07:00  bot           jane: touch 5 is the rep's to do
            Wed 04 Mar 07:00  bot     →  ana     "Today: 1 call, 1 other"
            Wed 04 Mar 08:14  ana           answers the digest: 1 connected, 2 done
            Wed 04 Mar 08:14  bot           jane: touch 4 was closed: connected
            Wed 04 Mar 08:14  bot           jane: touch 5 was closed: done
            Wed 04 Mar 08:14  bot     →  ana     "Done: both lines"
            Thu 05 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Thu 05 Mar 09:27  bot     →  jane    "Re: Hello"
            Fri 06 Mar 07:00  bot     →  ana     "Today: nothing to do"
            Mon 09 Mar 07:00  bot           jane: touch 7 is the rep's to do
            Mon 09 Mar 07:00  bot     →  ana     "Today: 1 call"
            Mon 09 Mar 07:24  ana           answers the digest: 1 connected
            Mon 09 Mar 07:24  bot           jane: touch 7 was closed: connected
            Mon 09 Mar 07:24  bot     →  ana     "Done: 1 connected"
            Tue 10 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Tue 10 Mar 09:41  bot           jane: ended: every touch was made
            Tue 10 Mar 09:41  bot     →  jane    "Re: Hello"
            Wed 11 Mar 07:00  bot     →  ana     "Today: nothing to do"
        "#]])
        .await;
}

#[tokio::test]
async fn an_unknown_user_bounces_and_is_never_mailed_again() {
    let mut story = Story::new(&[("jane@acme.test", Habit::DoesNotExist)]).await;
    story.enroll("2026-03-02 10:00", &["jane@acme.test"], "outbound");
    story.enroll("2026-03-16 10:00", &["jane@acme.test"], "outbound");
    story.until("2026-03-27 18:00").await;
    assert_eq!(story.mails_to("jane@acme.test").len(), 1);
    let suppressed = story
        .world
        .bot
        .store
        .suppressed(&address("Jane@acme.test").loose())
        .await
        .expect("an answer");
    assert_eq!(suppressed, Some(SuppressionReason::Bounced));
    story
        .ends(expect![[r#"
            Mon 02 Mar 09:00  ana           enrolls jane@acme.test in "outbound" by BCC
            Mon 02 Mar 09:00  bot     →  ana     "Enrolled: Jane Doe in Outbound"
            Mon 02 Mar 12:17  bot           jane: touch 2 is the rep's to do
            Tue 03 Mar 07:00  bot     →  ana     "Today: 1 call"
            Tue 03 Mar 07:57  ana           answers the digest: 1 no answer
            Tue 03 Mar 07:57  bot           jane: touch 2 was closed: no answer
            Tue 03 Mar 07:57  bot     →  ana     "Done: 1 no answer"
            Wed 04 Mar 07:00  bot           jane: touch 3 is the rep's to do
            Wed 04 Mar 07:00  bot     →  ana     "Today: 1 touch"
            Wed 04 Mar 08:15  ana           answers the digest: 1 connected
            Wed 04 Mar 08:15  bot           jane: touch 3 was closed: connected
            Wed 04 Mar 08:15  bot     →  ana     "Done: 1 connected"
            Thu 05 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Thu 05 Mar 08:14  bot     →  jane    "Re: Hello"
            Thu 05 Mar 08:15  jane          does not exist: the mail bounces
            Thu 05 Mar 08:15  bot           jane: the address is dead: 550 5.1.1 no such user here
            Thu 05 Mar 08:15  bot           jane: ended: bounced
            Thu 05 Mar 08:15  bot     →  ana     "Bounced: Jane Doe"
            Fri 06 Mar 07:00  bot     →  ana     "Today: nothing to do"
            Mon 16 Mar 09:00  ana           enrolls jane@acme.test in "outbound" by BCC
            Mon 16 Mar 09:00  bot     →  ana     "Not enrolled: jane@acme.test"
        "#]])
        .await;
}

#[tokio::test]
async fn an_out_of_office_notice_postpones_and_is_no_reply() {
    let mut story = Story::new(&[("li@acme.test", Habit::Away { days: 9 })]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-20 18:00").await;
    story
        .ends(expect![[r#"
            Mon 02 Mar 09:00  ana           enrolls li@acme.test in "outbound" by BCC
            Mon 02 Mar 09:00  bot     →  ana     "Enrolled: Li Wei in Outbound"
            Mon 02 Mar 12:08  bot           li: touch 2 is the rep's to do
            Tue 03 Mar 07:00  bot     →  ana     "Today: 1 call"
            Tue 03 Mar 07:57  ana           answers the digest: 1 no answer
            Tue 03 Mar 07:57  bot           li: touch 2 was closed: no answer
            Tue 03 Mar 07:57  bot     →  ana     "Done: 1 no answer"
            Wed 04 Mar 07:00  bot           li: touch 3 is the rep's to do
            Wed 04 Mar 07:00  bot     →  ana     "Today: 1 touch"
            Wed 04 Mar 08:15  ana           answers the digest: 1 connected
            Wed 04 Mar 08:15  bot           li: touch 3 was closed: connected
            Wed 04 Mar 08:15  bot     →  ana     "Done: 1 connected"
            Thu 05 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Thu 05 Mar 10:47  bot     →  li      "Re: Hello"
            Thu 05 Mar 10:48  li            is out of office
            Thu 05 Mar 10:48  bot           li: is away; touches wait until Mon 16 Mar 08:00
            Thu 05 Mar 10:48  bot     →  ana     "Away: Li Wei"
            Fri 06 Mar 07:00  bot     →  ana     "Today: nothing to do"
            Mon 16 Mar 07:00  bot           li: touch 5 is the rep's to do
            Mon 16 Mar 07:00  bot     →  ana     "Today: 1 call"
            Mon 16 Mar 08:20  ana           answers the digest: 1 done
            Mon 16 Mar 08:20  bot           li: touch 5 was closed: done
            Mon 16 Mar 08:20  bot     →  ana     "Done: 1 done"
            Thu 19 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Thu 19 Mar 08:54  bot     →  li      "Re: Hello"
            Fri 20 Mar 07:00  bot     →  ana     "Today: nothing to do"
        "#]])
        .await;
}

#[tokio::test]
async fn an_opt_out_in_words_ends_everything_and_is_not_answered() {
    let mut story = Story::new(&[("li@acme.test", Habit::AsksToStop { nth: 1 })]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-20 18:00").await;
    assert_eq!(
        story.mails_to("li@acme.test").len(),
        1,
        "the touch before it, and nothing after"
    );
    let suppressed = story
        .world
        .bot
        .store
        .suppressed(&address("li@acme.test").loose())
        .await
        .expect("an answer");
    assert_eq!(suppressed, Some(SuppressionReason::OptedOut));
    story
        .ends(expect![[r#"
            Mon 02 Mar 09:00  ana           enrolls li@acme.test in "outbound" by BCC
            Mon 02 Mar 09:00  bot     →  ana     "Enrolled: Li Wei in Outbound"
            Mon 02 Mar 12:08  bot           li: touch 2 is the rep's to do
            Tue 03 Mar 07:00  bot     →  ana     "Today: 1 call"
            Tue 03 Mar 07:57  ana           answers the digest: 1 no answer
            Tue 03 Mar 07:57  bot           li: touch 2 was closed: no answer
            Tue 03 Mar 07:57  bot     →  ana     "Done: 1 no answer"
            Wed 04 Mar 07:00  bot           li: touch 3 is the rep's to do
            Wed 04 Mar 07:00  bot     →  ana     "Today: 1 touch"
            Wed 04 Mar 08:15  ana           answers the digest: 1 connected
            Wed 04 Mar 08:15  bot           li: touch 3 was closed: connected
            Wed 04 Mar 08:15  bot     →  ana     "Done: 1 connected"
            Thu 05 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Thu 05 Mar 10:47  bot     →  li      "Re: Hello"
            Thu 05 Mar 10:54  li            asks for no more mail
            Thu 05 Mar 10:54  bot           li: wants no more mail, and said so in a reply
            Thu 05 Mar 10:54  bot           li: ended: opted out
            Thu 05 Mar 10:54  bot     →  ana     "Opted out: Li Wei"
            Fri 06 Mar 07:00  bot     →  ana     "Today: nothing to do"
        "#]])
        .await;
}

#[tokio::test]
async fn an_opt_out_by_button_ends_everything() {
    let mut story = Story::new(&[("li@acme.test", Habit::Unsubscribes { nth: 1 })]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-20 18:00").await;
    let suppressed = story
        .world
        .bot
        .store
        .suppressed(&address("li@acme.test").loose())
        .await
        .expect("an answer");
    assert_eq!(suppressed, Some(SuppressionReason::OptedOut));
    story
        .ends(expect![[r#"
            Mon 02 Mar 09:00  ana           enrolls li@acme.test in "outbound" by BCC
            Mon 02 Mar 09:00  bot     →  ana     "Enrolled: Li Wei in Outbound"
            Mon 02 Mar 12:08  bot           li: touch 2 is the rep's to do
            Tue 03 Mar 07:00  bot     →  ana     "Today: 1 call"
            Tue 03 Mar 07:57  ana           answers the digest: 1 no answer
            Tue 03 Mar 07:57  bot           li: touch 2 was closed: no answer
            Tue 03 Mar 07:57  bot     →  ana     "Done: 1 no answer"
            Wed 04 Mar 07:00  bot           li: touch 3 is the rep's to do
            Wed 04 Mar 07:00  bot     →  ana     "Today: 1 touch"
            Wed 04 Mar 08:15  ana           answers the digest: 1 connected
            Wed 04 Mar 08:15  bot           li: touch 3 was closed: connected
            Wed 04 Mar 08:15  bot     →  ana     "Done: 1 connected"
            Thu 05 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Thu 05 Mar 10:47  bot     →  li      "Re: Hello"
            Thu 05 Mar 10:54  li            presses unsubscribe
            Thu 05 Mar 10:54  bot           li: wants no more mail, and said so by the unsubscribe link of a mail
            Thu 05 Mar 10:54  bot           li: ended: opted out
            Thu 05 Mar 10:54  bot     →  ana     "Opted out: Li Wei"
            Fri 06 Mar 07:00  bot     →  ana     "Today: nothing to do"
        "#]])
        .await;
}

#[tokio::test]
async fn who_is_enrolled_already_or_a_colleague_is_refused_in_the_receipt() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.enroll("2026-03-02 10:05", &["li@acme.test", "ben@corp.test"], "outbound");
    story.enroll("2026-03-02 10:06", &["li@acme.test"], "no-such-cadence");
    story.until("2026-03-02 11:00").await;
    assert_eq!(story.enrollments().await.len(), 1);
    story
        .ends(expect![[r#"
            Mon 02 Mar 09:00  ana           enrolls li@acme.test in "outbound" by BCC
            Mon 02 Mar 09:00  bot     →  ana     "Enrolled: Li Wei in Outbound"
            Mon 02 Mar 09:05  ana           enrolls li@acme.test in "outbound" by BCC
            Mon 02 Mar 09:05  ana           enrolls ben@corp.test in "outbound" by BCC
            Mon 02 Mar 09:05  bot     →  ana     "Not enrolled: li@acme.test and 1 more"
            Mon 02 Mar 09:06  ana           enrolls li@acme.test in "no-such-cadence" by BCC
            Mon 02 Mar 09:06  bot     →  ana     "Not enrolled: "Hello""
        "#]])
        .await;
}

#[tokio::test]
async fn t01_a_mail_in_a_reps_name_without_code_is_held_and_answered_to_nobody() {
    let mut story = Story::new(&[("victim@acme.test", Habit::Ignores)]).await;
    story.arrives(
        "2026-03-02 10:00",
        "a forged mail",
        "Delivered-To: cadence+outbound.aaaaaaaaaaaa@reps.test\nFrom: Ana Costa <ana@corp.test>\nTo: victim@acme.test\nSubject: Hi\nDate: Mon, 2 Mar 2026 09:00:00 +0000\nMessage-ID: <forged@evil.test>\n\nHello\n",
    );
    story.until("2026-03-02 12:00").await;
    assert!(story.enrollments().await.is_empty());
    assert!(story.relay.sent().is_empty(), "nobody is answered");
    assert_eq!(story.mailbox.filed(cadence::inbox::Filing::Quarantine).len(), 1);
    story.until("2026-03-03 09:00").await;
    assert!(
        story.mails_to("ana@corp.test").concat().contains("held"),
        "the real rep hears of it"
    );
    story
        .ends(expect![[r#"
        Mon 02 Mar 09:00  post          a forged mail
        Tue 03 Mar 07:00  bot     →  ana     "Today: 1 needs you"
    "#]])
        .await;
}

#[tokio::test]
async fn p32_while_the_mailbox_cannot_be_read_nothing_goes_to_prospects() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 08:30").await;
    // The hour of a follow-up comes without one look at the mailbox: the rounds run, the barrier is old.
    story.world.bot.clock.move_to(at("2026-03-05 14:00"));
    for _ in 0..20 {
        pulse::once(&story.world.bot).await.expect("the rounds go on");
    }
    assert_eq!(
        story.mails_to("li@acme.test").len(),
        0,
        "no touch without proof that nobody said stop"
    );
    assert!(
        matches!(story.standing().await, Standing::Sending { .. }),
        "it lies ready"
    );
    story.until("2026-03-05 14:05").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1, "with the proof it goes out");
    story
        .ends(expect![[r#"
        Mon 02 Mar 09:00  ana           enrolls li@acme.test in "outbound" by BCC
        Mon 02 Mar 09:00  bot     →  ana     "Enrolled: Li Wei in Outbound"
        Mon 02 Mar 12:08  bot           li: touch 2 is the rep's to do
        Tue 03 Mar 07:00  bot     →  ana     "Today: 1 call"
        Tue 03 Mar 07:57  ana           answers the digest: 1 no answer
        Tue 03 Mar 07:57  bot           li: touch 2 was closed: no answer
        Tue 03 Mar 07:57  bot     →  ana     "Done: 1 no answer"
        Wed 04 Mar 07:00  bot           li: touch 3 is the rep's to do
        Wed 04 Mar 07:00  bot     →  ana     "Today: 1 touch"
        Wed 04 Mar 08:15  ana           answers the digest: 1 connected
        Wed 04 Mar 08:15  bot           li: touch 3 was closed: connected
        Wed 04 Mar 08:15  bot     →  ana     "Done: 1 connected"
        Thu 05 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
        Thu 05 Mar 13:00  bot     →  li      "Re: Hello"
    "#]])
        .await;
}

#[tokio::test]
async fn a_touch_that_waited_for_the_mailbox_into_the_night_goes_out_in_the_morning() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-05 08:30").await;
    // It is rendered in its hour; the mailbox can be read again only when the window has shut.
    story.world.bot.clock.move_to(at("2026-03-05 14:00"));
    pulse::once(&story.world.bot).await.expect("the rounds go on");
    story.world.bot.clock.move_to(at("2026-03-05 20:00"));
    story.until("2026-03-05 23:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 0, "not at night");
    story.until("2026-03-06 12:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    let enrollment = story.enrollments().await.remove(0);
    let journal = story.world.bot.store.journal(enrollment.id).await.expect("a journal");
    let why = journal.iter().find_map(|recorded| match &recorded.fact {
        Fact::Deferred { why, .. } => Some(why.clone()),
        _ => None,
    });
    expect!["held until the window opens at 09:00 on Fri 6 Mar, inside 09:00 to 17:00 in Europe/Berlin (yours, nothing else is known)"].assert_eq(&why.expect("a reason"));
    story.lines.drain(..story.lines.len() - 3);
    story.ends(expect![[r#"
        Thu 05 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
        Thu 05 Mar 19:00  bot           li: touch 4 was put off until Fri 6 Mar 08:00: held until the window opens at 09:00 on Fri 6 Mar, inside 09:00 to 17:00 in Europe/Berlin (yours, nothing else is known)
        Fri 06 Mar 08:00  bot     →  li      "Re: Hello"
    "#]]).await;
}

#[tokio::test]
async fn p09_the_same_mail_in_two_places_enrolls_once() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:30").await;
    let taken = story.mailbox.filed(cadence::inbox::Filing::Processed);
    let again = String::from_utf8_lossy(taken.first().expect("the hand-over")).into_owned();
    story.arrives("2026-03-02 11:00", "the same mail again", &again.replace("\r\n", "\n"));
    story.until("2026-03-02 12:00").await;
    assert_eq!(story.enrollments().await.len(), 1);
    assert_eq!(story.mails_to("ana@corp.test").len(), 1, "one receipt");
    story
        .ends(expect![[r#"
        Mon 02 Mar 09:00  ana           enrolls li@acme.test in "outbound" by BCC
        Mon 02 Mar 09:00  bot     →  ana     "Enrolled: Li Wei in Outbound"
        Mon 02 Mar 10:00  post          the same mail again
    "#]])
        .await;
}

#[tokio::test]
async fn s16_what_was_being_sent_when_the_bot_died_is_in_doubt_and_never_sent_again() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.relay.answer_next(cadence::model::Receipt::InDoubt {
        why: "the connection was lost after the final dot".to_owned(),
    });
    story.until("2026-03-06 18:00").await;
    assert_eq!(deliver::recover(&story.world.bot).await.expect("a recovery"), 0);
    story
        .ends(expect![[r#"
            Mon 02 Mar 09:00  ana           enrolls li@acme.test in "outbound" by BCC
            Mon 02 Mar 09:10  bot     →  ana     "Enrolled: Li Wei in Outbound"
            Mon 02 Mar 12:08  bot           li: touch 2 is the rep's to do
            Tue 03 Mar 07:00  bot     →  ana     "Today: 1 call"
            Tue 03 Mar 07:57  ana           answers the digest: 1 no answer
            Tue 03 Mar 07:57  bot           li: touch 2 was closed: no answer
            Tue 03 Mar 07:57  bot     →  ana     "Done: 1 no answer"
            Wed 04 Mar 07:00  bot           li: touch 3 is the rep's to do
            Wed 04 Mar 07:00  bot     →  ana     "Today: 1 touch"
            Wed 04 Mar 08:15  ana           answers the digest: 1 connected
            Wed 04 Mar 08:15  bot           li: touch 3 was closed: connected
            Wed 04 Mar 08:15  bot     →  ana     "Done: 1 connected"
            Thu 05 Mar 07:00  bot     →  ana     "Today: 1 mail going out"
            Thu 05 Mar 10:47  bot     →  li      "Re: Hello"
            Fri 06 Mar 07:00  bot     →  ana     "Today: nothing to do"
        "#]])
        .await;
}

#[tokio::test]
async fn mails_that_nothing_can_be_made_of_are_filed_and_the_reason_shows() {
    let mut story = Story::new(&[]).await;
    story.arrives(
        "2026-03-02 10:00",
        "two From lines",
        "From: a@b.test\nFrom: ana@corp.test\nTo: cadence@reps.test\n\nx\n",
    );
    story.arrives("2026-03-02 10:01", "no header at all", "\n\nnothing\n");
    story.arrives("2026-03-02 10:02", "not even text", "\u{0}\u{1}\u{2}");
    let nested: String = (0..10_000)
        .map(|n| format!("--b{n}\nContent-Type: multipart/mixed; boundary=b{}\n\n", n + 1))
        .collect();
    story.arrives(
        "2026-03-02 10:03",
        "10,000 nested parts",
        &format!("From: x@y.test\nContent-Type: multipart/mixed; boundary=b0\n\n{nested}"),
    );
    story.until("2026-03-02 11:00").await;
    assert!(story.relay.sent().is_empty());
    let counts = story.world.bot.store.counts().await.expect("figures");
    assert_eq!(
        counts.mails.iter().map(|(_, count)| count).sum::<i64>(),
        4,
        "each is in the ledger"
    );
    story
        .ends(expect![[r#"
        Mon 02 Mar 09:00  post          two From lines
        Mon 02 Mar 09:01  post          no header at all
        Mon 02 Mar 09:02  post          not even text
        Mon 02 Mar 09:03  post          10,000 nested parts
    "#]])
        .await;
}

#[tokio::test]
async fn an_enrollment_is_the_same_however_often_its_mail_is_read() {
    let key = cadence::model::ContentKey("a".repeat(64));
    let name = CadenceName::parse("outbound").expect("a name");
    let one = EnrollmentId::derive(&key, &address("Li@acme.test"), &name);
    assert_eq!(one, EnrollmentId::derive(&key, &address("li@acme.test"), &name));
}
