//! Nothing is lost: mails that come in, however many at once, whatever dies meanwhile.

use crate::story::{Story, address, at, mail};
use cadence::inbox::{Filing, Inbox, InboxError};
use cadence::mail::read::read;
use cadence::model::{Ending, EnrollmentId, Fact, Standing, StepNo, SuppressionReason, limits};
use cadence::service::intake;
use cadence::store::{Batch, Change, ReadTo, Store};
use cadence::world::Habit;
use std::future::{Future, poll_fn};
use std::task::Poll;

/// Li is enrolled and waits for a touch.
async fn with_li() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:10").await;
    story
}

async fn reply_of_li(story: &Story) -> Vec<u8> {
    let to = story.bot().for_reply(story.enrollment().await.id);
    mail(&to, "Li Wei <li@acme.test>", "Re: Hello", "", "Yes, tell me more.")
}

/// Changes an enrollment without moving it.
async fn nudge(store: &Store, id: EnrollmentId) {
    let row = store.enrollment(id).await.expect("an answer").expect("a row");
    let deferred = Fact::Deferred {
        step: StepNo(2),
        until: row.enrolled_at,
        why: "busy".to_owned(),
    };
    let batch = Batch {
        at: Some(row.enrolled_at),
        changes: vec![Change {
            id,
            version: row.version,
            facts: vec![deferred],
        }],
        ..Batch::default()
    };
    store.commit(batch).await.ok();
}

#[tokio::test]
async fn p11_a_reply_to_rows_that_keep_moving_is_not_filed_before_it_is_taken_in() {
    for _ in 0..5 {
        let story = with_li().await;
        let store = story.world.bot.store.clone();
        let (id, reply) = (story.enrollment().await.id, reply_of_li(&story).await);
        story.mailbox.deliver("INBOX", reply.clone(), None);
        let mut inbox = Inbox::Memory(story.mailbox.clone());
        {
            // Nearly whenever the intake waits for the store, the row moves under it.
            let mut look = std::pin::pin!(intake::round(&story.world.bot, &mut inbox));
            while poll_fn(|context| Poll::Ready(look.as_mut().poll(context)))
                .await
                .is_pending()
            {
                nudge(&store, id).await;
            }
        }
        let taken_in = matches!(story.standing().await, Standing::Paused { .. });
        assert_eq!(story.mailbox.filed(Filing::Replies).len(), usize::from(taken_in));
        let seen = store.seen(&[read(&reply).key]).await.expect("an answer");
        assert_eq!(seen[0].tries, u32::from(taken_in), "bad luck is not held against it");
        story.looks().await;
        assert!(matches!(story.standing().await, Standing::Paused { .. }));
        assert_eq!(story.mailbox.filed(Filing::Replies).len(), 1);
        story.holds().await;
    }
}

#[tokio::test]
async fn i14_of_a_reply_that_killed_its_reader_three_times_the_header_stops_all_the_same() {
    let mut story = with_li().await;
    let store = story.world.bot.store.clone();
    let reply = reply_of_li(&story).await;
    let key = read(&reply).key;
    for _ in 0..3 {
        store.try_mail(&key, story.world.now()).await.expect("a try");
    }
    story.reads(reply).await;
    assert!(matches!(story.standing().await, Standing::Paused { .. }));
    assert_eq!(story.mailbox.filed(Filing::Replies).len(), 1);
    let told = story.mails_to("ana@corp.test");
    assert_eq!(told.len(), 2, "a receipt, and the news of a reply");
    assert!(
        !told[1].contains("Yes, tell me more."),
        "what kills readers is not passed on"
    );
    story.holds().await;
}

#[tokio::test]
async fn i14_a_mail_whose_header_kills_its_reader_too_is_held_unread() {
    let mut story = with_li().await;
    let reply = reply_of_li(&story).await;
    let key = read(&reply).key;
    let store = story.world.bot.store.clone();
    for _ in 0..limits::INTAKE_TRIES + limits::INTAKE_HEAD_TRIES {
        store.try_mail(&key, story.world.now()).await.expect("a try");
    }
    story.reads(reply).await;
    assert!(matches!(story.standing().await, Standing::Waiting { .. }));
    assert_eq!(story.kinds().await.get("unreadable"), Some(&1));
    story.holds().await;
}

#[tokio::test]
async fn i14_the_neighbours_of_a_mail_that_killed_its_reader_are_not_blamed() {
    let mut story = with_li().await;
    let store = story.world.bot.store.clone();
    let poison = mail(story.bot().address(), "x@there.test", "poison", "", "!");
    for _ in 0..2 {
        store
            .try_mail(&read(&poison).key, story.world.now())
            .await
            .expect("a try");
    }
    let reply = reply_of_li(&story).await;
    story.mailbox.deliver("INBOX", poison, None);
    story.reads(reply.clone()).await;
    let row = store.mail(&read(&reply).key).await.expect("an answer").expect("a row");
    assert_eq!(row.kind, "reply");
    assert!(matches!(story.standing().await, Standing::Paused { .. }));
    story.holds().await;
}

/// Sixty people enrolled by twelve mails.
async fn with_sixty() -> Story {
    let people: Vec<String> = (0..60).map(|n| format!("p{n}@firm{n}.test")).collect();
    let known: Vec<(&str, Habit)> = people.iter().map(|who| (who.as_str(), Habit::Ignores)).collect();
    let mut story = Story::new(&known).await;
    for (nth, five) in people.chunks(5).enumerate() {
        let five: Vec<&str> = five.iter().map(String::as_str).collect();
        story.enroll(&format!("2026-03-02 10:{:02}", 10 + nth), &five, "outbound");
    }
    story.until("2026-03-02 10:30").await;
    story
}

#[tokio::test]
async fn a_portion_of_mails_is_committed_in_a_few_groups() {
    let mut story = with_sixty().await;
    let store = story.world.bot.store.clone();
    for enrollment in story.enrollments().await {
        let to = story.bot().for_reply(enrollment.id);
        let from = enrollment.prospect.address.to_string();
        story
            .mailbox
            .deliver("INBOX", mail(&to, &from, "Re: Hello", "", "Yes."), None);
    }
    let before = store.groups();
    story.looks().await;
    let groups = store.groups() - before;
    assert!(groups <= 20, "{groups} groups for 60 mails");
    for enrollment in story.enrollments().await {
        assert!(matches!(enrollment.standing, Standing::Paused { .. }));
    }
    story.settles().await;
    story.holds().await;
}

#[tokio::test]
async fn p09_hand_overs_of_one_person_in_one_portion_enroll_once() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    for minute in 0..3 {
        story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
        story.enroll("2026-03-02 10:00", &["li@acme.test"], "inbound");
        story.until(&format!("2026-03-02 10:0{minute}")).await;
    }
    assert_eq!(story.enrollments().await.len(), 1);
    story.holds().await;
}

#[tokio::test]
async fn p11_a_stop_right_behind_the_hand_over_stops() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    let reply = mail(
        story.bot().address(),
        "li@acme.test",
        "Hello",
        "",
        "Saw your mail, call me.",
    );
    story.arrives(
        "2026-03-02 10:00",
        "li writes",
        &String::from_utf8_lossy(&reply).replace("\r\n", "\n"),
    );
    story.until("2026-03-02 10:05").await;
    assert!(matches!(story.standing().await, Standing::Paused { .. }));
    story.holds().await;
}

#[tokio::test]
async fn p31_stops_that_come_together_end_alike_in_any_order() {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut story = with_li().await;
        let id = story.enrollment().await.id;
        let (reply, out) = (story.bot().for_reply(id), story.bot().for_opt_out(id));
        let mails = [
            mail(&reply, "li@acme.test", "Re: Hello", "", "Tell me more."),
            mail(&out, "li@acme.test", "unsubscribe", "", ""),
            mail(
                &reply,
                "li@acme.test",
                "Automatic reply: Hello",
                "Auto-Submitted: auto-replied\n",
                "I am away.",
            ),
        ];
        for nth in order {
            story.mailbox.deliver("INBOX", mails[nth].clone(), None);
            story.mailbox.deliver("INBOX", mails[nth].clone(), None);
        }
        story.settles().await;
        let Standing::Ended { outcome, .. } = story.standing().await else {
            panic!("{order:?}")
        };
        assert_eq!(outcome, Ending::OptedOut, "{order:?}");
        assert_eq!(
            story.suppressed("li@acme.test").await,
            Some(SuppressionReason::OptedOut)
        );
        assert!(story.mailbox.unfiled("INBOX").is_empty(), "{order:?}");
        story.holds().await;
    }
}

#[tokio::test]
async fn i06_in_a_folder_read_from_its_beginning_old_mails_start_nothing_and_stops_count() {
    let mut story = with_li().await;
    story.until("2026-03-04 10:00").await;
    let long_ago = at("2026-02-01 10:00");
    let code = story.bot().for_enrolling(
        &cadence::model::CadenceName::parse("outbound").expect("a name"),
        &address("ana@corp.test"),
        1,
    );
    let old = String::from_utf8_lossy(&mail(&code, "ana@corp.test", "An old hand-over", "", "Hi"))
        .replace(&format!("\nTo: {code}"), "\nTo: kim@acme.test");
    let command = story.bot().for_command(story.enrollment().await.id);
    let told = story.mails_to("ana@corp.test").len();
    story.mailbox.renumber();
    for old in [
        old.into_bytes(),
        mail(&command, "ana@corp.test", "stop", "", "stop"),
        reply_of_li(&story).await,
    ] {
        story.mailbox.deliver("INBOX", old, Some(long_ago));
    }
    story.settles().await;
    assert!(
        matches!(story.standing().await, Standing::Paused { .. }),
        "the reply counts"
    );
    assert_eq!(story.kinds().await.get("old"), Some(&2));
    assert_eq!(
        story.mails_to("ana@corp.test").len(),
        told + 1,
        "the relay, and no answer"
    );
    story.holds().await;
}

/// A mail of a rep's with the address that enrolls, that came then.
fn handed_over(story: &Story, when: &str) -> (Vec<u8>, jiff::Timestamp) {
    let code = story.bot().for_enrolling(
        &cadence::model::CadenceName::parse("outbound").expect("a name"),
        &address("ana@corp.test"),
        1,
    );
    let text = String::from_utf8_lossy(&mail(&code, "ana@corp.test", "A hand-over", "", "Hi"))
        .replace(&format!("\nTo: {code}"), "\nTo: kim@acme.test");
    (text.into_bytes(), at(when))
}

/// The bot was down for longer than a hand-over counts, and the folder was renumbered meanwhile: the rep hears of it.
#[tokio::test]
async fn p10_in_a_renumbered_folder_what_came_since_it_was_read_last_is_not_old() {
    let mut story = with_li().await;
    story.until("2026-03-04 10:00").await;
    let told = story.mails_to("ana@corp.test").len();
    let (came, at) = handed_over(&story, "2026-03-04 11:00");
    story.mailbox.renumber();
    story.mailbox.deliver("INBOX", came, Some(at));
    story.mailbox.fail_with(Some(InboxError::lost("away")));
    story.until("2026-03-08 10:00").await;
    story.mailbox.fail_with(None);
    story.until("2026-03-08 11:00").await;
    assert_eq!(story.kinds().await.get("old"), None);
    assert!(story.mails_to("ana@corp.test").len() > told);
}

/// Reading a mailbox full of history takes more than one round, and may die in between.
#[tokio::test]
async fn i06_history_stays_history_when_reading_it_stops_in_the_middle() {
    let mut story = with_li().await;
    story.until("2026-03-04 10:00").await;
    story.mailbox.renumber();
    let (old, long_ago) = handed_over(&story, "2026-02-01 10:00");
    story.mailbox.deliver("INBOX", old, Some(long_ago));
    let store = &story.world.bot.store;
    let read = store.watermark("INBOX").await.expect("a row");
    let half = ReadTo {
        validity: read.validity + 1,
        last: 0,
        again_to: 1_000,
        ended: None,
    };
    let batch = Batch {
        at: Some(story.world.now()),
        watermark: Some(("INBOX".to_owned(), half)),
        ..Batch::default()
    };
    store.commit(batch).await.expect("reading begins");
    story.settles().await;
    assert_eq!(story.kinds().await.get("old"), Some(&1));
}
