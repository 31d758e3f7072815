//! Receipts and relays: what stands in them, and that each tap does what it says.

use super::desk::{VOUCHED, house, last, own, sends, taps, text_of};
use crate::story::{Story, address, header, replies};
use cadence::model::{Ending, Standing};
use cadence::world::Habit;

fn last_mail(story: &Story) -> String {
    story.mails_to("ana@corp.test").pop().expect("a mail")
}

async fn enrolled(to: &str) -> Story {
    let mut story = house(&[("li@acme.test", Habit::Ignores)]).await;
    let bot = own(&story, "outbound");
    let mail = format!(
        "Delivered-To: {bot}\nFrom: Ana Costa <ana@corp.test>\nTo: {to}\nSubject: Shifts\nMessage-ID: <r1@corp.test>\n\nHello\n"
    );
    story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
    story
}

/// The tap with this name, sent as it stands in the link.
async fn taps_on(story: &mut Story, label: &str) -> String {
    let mail = last_mail(story);
    let all = taps(&mail);
    let (_, to, subject, body) = all
        .iter()
        .find(|tap| tap.0 == label)
        .unwrap_or_else(|| panic!("{label}: {all:?}"));
    let body = format!("\n{body}\n");
    sends(story, to, subject, "", &body).await
}

#[tokio::test]
async fn a_receipt_shows_both_clocks_what_is_missing_the_wording_and_every_way_out() {
    let story = enrolled("Jane Doe <jane@birch.co.jp>").await;
    let mail = last_mail(&story);
    let text = text_of(&mail);
    for says_so in [
        "Jane Doe <jane@birch.co.jp> is enrolled in Outbound",
        "yours)",
        "Times are the prospect's: Asia/Tokyo",
        "Yours is Europe/Berlin",
        "No phone number is known for 3 calls. No LinkedIn profile is known for 2 LinkedIn touches.",
    ] {
        assert!(text.contains(says_so), "{says_so}: {text}");
    }
    let labels: Vec<String> = taps(&mail).into_iter().map(|tap| tap.0).collect();
    assert_eq!(
        labels[..5],
        [
            "undo",
            "pause",
            "start a week later",
            "switch to cold-outbound",
            "switch to warm-outbound"
        ],
        "{labels:?}"
    );
    let jane = story
        .world
        .bot
        .store
        .of_person(&address("jane@birch.co.jp").loose())
        .await
        .expect("rows");
    let library = &story.world.bot.house.library;
    let cadence = library.cadence(&jane[0].cadence).expect("a cadence");
    let chosen = cadence
        .steps
        .iter()
        .skip(1)
        .find_map(|step| library.variant(cadence, step.number, jane[0].id.0));
    if let Some(variant) = chosen {
        assert!(text.contains(&format!("wording {}", variant.name)), "{text}");
    }
}

#[tokio::test]
async fn each_way_out_of_a_receipt_does_what_it_says() {
    for (label, says_so) in [
        ("undo", "stopped, no more touches"),
        ("pause", "waits until you say `resume`"),
        ("start a week later", "snoozed"),
        ("switch to warm-outbound", "\"warm-outbound\" begins"),
    ] {
        let mut story = enrolled("li@acme.test").await;
        let answer = taps_on(&mut story, label).await;
        assert!(answer.contains(says_so), "{label}: {answer}");
        story.holds().await;
    }
}

#[tokio::test]
async fn who_is_moved_to_another_cadence_at_once_is_not_written_to_a_second_time() {
    let mut story = enrolled("li@acme.test").await;
    taps_on(&mut story, "switch to warm-outbound").await;
    let all = story
        .world
        .bot
        .store
        .of_person(&address("li@acme.test").loose())
        .await
        .expect("rows");
    let new = all.iter().find(|one| one.is_active()).expect("under way");
    assert_eq!(new.cadence.as_str(), "warm-outbound");
    assert_eq!(
        new.next_step().map(|step| step.0),
        Some(2),
        "her own mail is touch 1 there too"
    );
    assert_eq!(new.thread.subject, "Shifts");
    assert!(story.mails_to("li@acme.test").is_empty());
}

/// Li answers the first mail that the bot sends.
async fn answered(text: &str) -> Story {
    let mut story = house(&[("li@acme.test", replies(1, text))]).await;
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.until("2026-03-20 18:00").await;
    let at = story
        .mails_to("ana@corp.test")
        .iter()
        .position(|mail| header(mail, "From").contains(" via "));
    assert!(at.is_some(), "relayed");
    story
}

fn relay(story: &Story) -> String {
    let mails = story.mails_to("ana@corp.test");
    mails
        .into_iter()
        .find(|mail| header(mail, "From").contains(" via "))
        .expect("a relay")
}

#[tokio::test]
async fn a_relay_is_answered_to_the_prospect_stands_in_the_thread_and_offers_what_comes_next() {
    let story = answered("Not now, please come back on 4 May 2026.").await;
    let mail = relay(&story);
    assert!(
        header(&mail, "Reply-To").contains("li@acme.test"),
        "{}",
        header(&mail, "Reply-To")
    );
    assert!(
        header(&mail, "Subject").starts_with("Re: "),
        "{}",
        header(&mail, "Subject")
    );
    assert!(!header(&mail, "In-Reply-To").is_empty() && !header(&mail, "References").is_empty());
    let text = text_of(&mail);
    let banner = text.lines().nth(1).expect("a banner");
    assert!(
        banner.contains("is paused") && banner.contains("not now") && banner.contains("4 May"),
        "{banner}"
    );
    assert!(text.contains("come back on 4 May"), "whole: {text}");
    let labels: Vec<String> = taps(&mail).into_iter().map(|tap| tap.0).collect();
    assert_eq!(
        labels,
        [
            "resume",
            "finish",
            "snooze until Mon 4 May",
            "not interested",
            "meeting"
        ]
    );
}

#[tokio::test]
async fn each_tap_of_a_relay_does_what_it_says_and_says_the_same_when_tapped_twice() {
    for (label, says_so) in [
        ("resume", "resumed"),
        ("finish", "finished, you go on by hand"),
        ("snooze 2 weeks", "snoozed"),
        ("not interested", "the enrollment is over"),
        ("meeting", "the enrollment is over"),
    ] {
        let mut story = answered("Thanks, who are you?").await;
        let mail = relay(&story);
        let (_, to, subject, body) = taps(&mail).into_iter().find(|tap| tap.0 == label).expect(label);
        let body = format!("\n{body}\n");
        let answer = sends(&mut story, &to, &subject, "", &body).await;
        assert!(answer.contains(says_so), "{label}: {answer}");
        let before = story.enrollment_of("li@acme.test").await.standing;
        let again = sends(&mut story, &to, &subject, "", &body).await;
        assert!(!again.contains("not understood"), "{label}: {again}");
        let after = story.enrollment_of("li@acme.test").await.standing;
        if label != "snooze 2 weeks" {
            assert_eq!(format!("{before:?}"), format!("{after:?}"), "{label} twice is once");
        }
        story.holds().await;
    }
}

#[tokio::test]
async fn a_reply_comes_whole_with_its_attachments() {
    let mut story = house(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    let to = story.bot().for_reply(story.enrollment_of("li@acme.test").await.id);
    let mail = format!(
        "Delivered-To: {to}\nFrom: Li Wei <li@acme.test>\nTo: {to}\nSubject: Re: Hello\nMessage-ID: <li9@acme.test>\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nSee the plan.\n--x\nContent-Type: application/pdf; name=\"plan.pdf\"\n\
         Content-Disposition: attachment; filename=\"plan.pdf\"\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--x--\n"
    );
    story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
    let relayed = relay(&story);
    assert!(
        relayed.contains("filename=\"plan.pdf\"") && relayed.contains("JVBERi0xLjQK"),
        "{relayed}"
    );
    assert!(matches!(
        story.enrollment_of("li@acme.test").await.standing,
        Standing::Paused { .. }
    ));
    // Only her who is proven may tap; the answer to a stranger is none.
    let count = story.mails_to("ana@corp.test").len();
    let (_, to, subject, body) = taps(&relayed).into_iter().find(|tap| tap.0 == "finish").expect("a tap");
    let stranger = format!(
        "Delivered-To: {to}\nFrom: m@evil.test\nTo: {to}\nSubject: {subject}\nMessage-ID: <s@evil.test>\n\n{body}\n"
    );
    story.reads(stranger.replace('\n', "\r\n").into_bytes()).await;
    assert!(!matches!(
        story.enrollment_of("li@acme.test").await.standing,
        Standing::Ended {
            outcome: Ending::Finished,
            ..
        }
    ));
    assert_eq!(story.mails_to("ana@corp.test").len(), count);
    assert!(story.mails_to("m@evil.test").is_empty());
    let _ = (last(&story), VOUCHED);
}
