//! Meetings: a booked one ends the cadence, what goes wrong with one lets it wait, and older mails never undo newer ones.

use crate::story::{Story, bytes};
use cadence::model::{Ending, Fact, MeetingSaid, PauseReason, Standing};
use cadence::world::Habit;
use expect_test::expect;

/// Li in "outbound" since Monday morning.
async fn begin() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.until("2026-03-03 10:00").await;
    story
}

/// A calendar mail about one meeting on the 12th; `minute` is when it was said, on the 3rd.
struct Said {
    from: &'static str,
    method: &'static str,
    guests: &'static [(&'static str, &'static str)],
    sequence: u32,
    minute: u32,
}

const BOTH: &[(&str, &str)] = &[
    ("ana@corp.test", "ACCEPTED"),
    ("li@acme.test", "NEEDS-ACTION"),
    ("cadence@reps.test", "NEEDS-ACTION"),
];

impl Said {
    /// Ana's calendar says something about it.
    fn by_ana(method: &'static str, sequence: u32, minute: u32) -> Self {
        Self {
            from: "ana@corp.test",
            method,
            guests: BOTH,
            sequence,
            minute,
        }
    }

    /// Li's calendar does.
    fn by_li(
        method: &'static str,
        guests: &'static [(&'static str, &'static str)],
        sequence: u32,
        minute: u32,
    ) -> Self {
        Self {
            from: "li@acme.test",
            method,
            guests,
            sequence,
            minute,
        }
    }

    fn mail(&self) -> Vec<u8> {
        let guests: String = self
            .guests
            .iter()
            .map(|(who, answer)| format!("ATTENDEE;PARTSTAT={answer}:mailto:{who}\n"))
            .collect();
        bytes(&format!(
            "Delivered-To: cadence@reps.test\nFrom: {from}\nTo: cadence@reps.test\nSubject: Intro\n\
             Date: Tue, 3 Mar 2026 10:{minute:02}:00 +0100\nMessage-ID: <{method}.{sequence}.{minute}@there.test>\nMIME-Version: 1.0\n\
             Content-Type: text/calendar; charset=utf-8; method={method}\n\n\
             BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Calendar//EN\nMETHOD:{method}\nBEGIN:VEVENT\nUID:meet-1@corp.test\n\
             SEQUENCE:{sequence}\nDTSTAMP:20260303T09{minute:02}00Z\nDTSTART:20260312T130000Z\nSUMMARY:Intro\n\
             ORGANIZER:mailto:ana@corp.test\n{guests}END:VEVENT\nEND:VCALENDAR\n",
            from = self.from,
            method = self.method,
            sequence = self.sequence,
            minute = self.minute,
        ))
    }
}

async fn met(story: &Story) -> bool {
    matches!(
        story.standing().await,
        Standing::Ended {
            outcome: Ending::Met,
            ..
        }
    )
}

async fn waits(story: &Story) -> Option<MeetingSaid> {
    match story.standing().await {
        Standing::Paused {
            why: PauseReason::Meeting(said),
            until: None,
            ..
        } => Some(said),
        _ => None,
    }
}

/// The subject and the first lines of the last mail that Ana got.
fn told(story: &Story) -> String {
    let last = story.mails_to("ana@corp.test").pop().expect("a mail");
    let mail = cadence::mail::read::read(last.as_bytes());
    let lines: Vec<&str> = mail
        .text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .take(4)
        .collect();
    format!("{}\n{}\n", mail.subject, lines.join("\n"))
}

#[tokio::test]
async fn an_invitation_of_both_ends_the_cadence_as_met_and_nothing_goes_out_any_more() {
    let mut story = begin().await;
    story.reads(Said::by_ana("REQUEST", 0, 1).mail()).await;
    assert!(met(&story).await);
    expect![[r#"
        Meeting booked: Li Wei
        Meeting booked: Li Wei <li@acme.test>, in outbound.
        Li Wei and you have a meeting, Thu 12 Mar 14:00. The enrollment is over: met. No more touches go out.
        There is nothing to do. If it is called off, you are told.
    "#]]
    .assert_eq(&told(&story));
    story.until("2026-03-20 18:00").await;
    assert!(story.mails_to("li@acme.test").is_empty());
    story.holds().await;
}

#[tokio::test]
async fn what_is_called_off_is_open_again_and_waits_for_the_rep() {
    let mut story = begin().await;
    story.reads(Said::by_ana("REQUEST", 0, 1).mail()).await;
    story.reads(Said::by_ana("CANCEL", 1, 5).mail()).await;
    assert_eq!(waits(&story).await, Some(MeetingSaid::CalledOff));
    expect![[r#"
        Meeting called off: Li Wei
        Meeting called off: Li Wei <li@acme.test>, in outbound.
        A meeting was called off: Li Wei, Thu 12 Mar 14:00. The enrollment had ended with it and is open again; its touches wait for you.
        Agree on another time. Resume goes on where the cadence stood; switch to no-show begins the cadence for missed meetings; stop ends it.
        One tap, then send:
    "#]].assert_eq(&told(&story));
    story.until("2026-03-20 18:00").await;
    assert!(
        story.mails_to("li@acme.test").is_empty(),
        "nothing goes out on the word of such a mail"
    );
    story.holds().await;
}

#[tokio::test]
async fn older_mails_about_a_meeting_never_undo_newer_ones() {
    let mut story = begin().await;
    // The cancellation overtakes the invitation and the answer.
    story.reads(Said::by_ana("CANCEL", 1, 5).mail()).await;
    assert_eq!(waits(&story).await, Some(MeetingSaid::CalledOff));
    story.reads(Said::by_ana("REQUEST", 0, 1).mail()).await;
    story
        .reads(Said::by_li("REPLY", &[("li@acme.test", "ACCEPTED")], 0, 3).mail())
        .await;
    assert_eq!(waits(&story).await, Some(MeetingSaid::CalledOff));
    story.reads(Said::by_ana("REQUEST", 2, 8).mail()).await;
    assert!(met(&story).await, "a new time after that counts");
    story.reads(Said::by_ana("CANCEL", 1, 6).mail()).await;
    assert!(met(&story).await);
    story.holds().await;
}

#[tokio::test]
async fn an_accepted_invitation_is_met_and_a_declined_one_waits() {
    let mut story = begin().await;
    story
        .reads(Said::by_li("REPLY", &[("li@acme.test", "ACCEPTED")], 0, 3).mail())
        .await;
    assert!(met(&story).await);
    expect![[r#"
        Intro
        Li Wei accepted a meeting after touch 1 of 9 (email); "outbound" is over: met.
        ------------------------------------------------------------
    "#]]
    .assert_eq(&told(&story));
    story
        .reads(Said::by_li("REPLY", &[("li@acme.test", "DECLINED")], 0, 4).mail())
        .await;
    assert_eq!(waits(&story).await, Some(MeetingSaid::Declined));
    story
        .reads(Said::by_li("REPLY", &[("li@acme.test", "ACCEPTED")], 0, 3).mail())
        .await;
    assert_eq!(waits(&story).await, Some(MeetingSaid::Declined));
    story.holds().await;
}

#[tokio::test]
async fn another_time_and_perhaps_wait_and_are_passed_on() {
    for (method, answer, said) in [
        ("COUNTER", "TENTATIVE", MeetingSaid::Proposed),
        ("REPLY", "TENTATIVE", MeetingSaid::Perhaps),
        ("REPLY", "DELEGATED", MeetingSaid::Delegated),
    ] {
        let mut story = begin().await;
        let guests: &'static [(&str, &str)] = if answer == "TENTATIVE" {
            &[("li@acme.test", "TENTATIVE")]
        } else {
            &[("li@acme.test", "DELEGATED")]
        };
        story.reads(Said::by_li(method, guests, 0, 3).mail()).await;
        assert_eq!(waits(&story).await, Some(said), "{method} {answer}");
        let relayed = story.mails_to("ana@corp.test").pop().expect("a mail");
        assert!(relayed.contains("UID:meet-1@corp.test"), "it is passed on whole");
        story.holds().await;
    }
}

#[tokio::test]
async fn a_mail_that_says_one_thing_outside_and_another_inside_is_no_meeting() {
    let mut story = begin().await;
    let mail = String::from_utf8(Said::by_ana("REQUEST", 0, 1).mail()).expect("text");
    let mail = mail
        .replace("method=REQUEST", "method=REPLY")
        .replace("From: ana@corp.test", "From: li@acme.test");
    story.reads(mail.into_bytes()).await;
    assert!(!met(&story).await, "a wrong method ends nothing");
    assert!(matches!(
        story.standing().await,
        Standing::Paused {
            why: PauseReason::Replied,
            ..
        }
    ));
    story.holds().await;
}

#[tokio::test]
async fn an_invitation_without_the_rep_is_only_an_answer() {
    let mut story = begin().await;
    let mail = Said::by_li(
        "REQUEST",
        &[("li@acme.test", "ACCEPTED"), ("cadence@reps.test", "NEEDS-ACTION")],
        0,
        1,
    )
    .mail();
    let mail = String::from_utf8(mail)
        .expect("text")
        .replace("ORGANIZER:mailto:ana@corp.test", "ORGANIZER:mailto:li@acme.test");
    story.reads(mail.into_bytes()).await;
    assert!(matches!(
        story.standing().await,
        Standing::Paused {
            why: PauseReason::Replied,
            ..
        }
    ));
    story.holds().await;
}

#[tokio::test]
async fn what_a_booking_page_tells_in_words_counts() {
    let mut story = begin().await;
    let mail = |subject: &str, minute: u32| {
        bytes(&format!(
            "Delivered-To: cadence@reps.test\nFrom: Calendly <notifications@calendly.com>\nTo: Ana Costa <ana@corp.test>\n\
             Subject: {subject}: Li Wei - 14:00 Thu, 12 Mar 2026 - Intro\nDate: Tue, 3 Mar 2026 10:{minute:02}:00 +0100\n\
             Message-ID: <{minute}@calendly.com>\n\nHi Ana,\n\nInvitee:\nLi Wei\n\nInvitee Email:\nli@acme.test\n"
        ))
    };
    story.reads(mail("New Event", 1)).await;
    assert!(met(&story).await);
    story.reads(mail("Canceled", 5)).await;
    assert_eq!(waits(&story).await, Some(MeetingSaid::CalledOff));
    story.holds().await;
}

#[tokio::test]
async fn a_cancellation_reopens_nothing_that_ended_otherwise() {
    let mut story = begin().await;
    story
        .reads(crate::story::mail(
            &story.bot().for_opt_out(story.enrollment().await.id),
            "li@acme.test",
            "unsubscribe",
            "",
            "",
        ))
        .await;
    story.reads(Said::by_ana("REQUEST", 0, 1).mail()).await;
    story.reads(Said::by_ana("CANCEL", 1, 5).mail()).await;
    assert!(matches!(
        story.standing().await,
        Standing::Ended {
            outcome: Ending::OptedOut,
            ..
        }
    ));
    let id = story.enrollment().await.id;
    let journal = story.world.bot.store.journal(id).await.expect("a journal");
    assert!(
        !journal
            .iter()
            .any(|recorded| matches!(recorded.fact, Fact::Reopened { .. }))
    );
    story.holds().await;
}
