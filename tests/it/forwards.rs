//! A rep forwards a mail to the bot: whom it enrolls, in which conversation, and what is refused.

use crate::story::{Story, ana, at, bytes, header};
use cadence::model::{CadenceName, Standing};
use cadence::world::Habit;
use expect_test::expect;

const GMAIL: &str = "---------- Forwarded message ---------\nFrom: Li Wei <li@acme.test>\n\
                     Date: Mon, 2 Mar 2026 at 08:20\nSubject: Offer for forty seats\nTo: <ana@corp.test>\n\n\
                     Hello, what would forty seats cost?\n";

/// What Ana forwards to her address of a cadence; `more` are further header lines, each ended.
fn forward(story: &Story, cadence: &str, more: &str, text: &str) -> Vec<u8> {
    let name = CadenceName::parse(cadence).expect("a name");
    let to = story.bot().for_enrolling(&name, &ana().address, 1);
    to_bot(to.as_str(), more, text)
}

fn to_bot(to: &str, more: &str, text: &str) -> Vec<u8> {
    let id = cadence::model::Fingerprint::of("a forward", &[to, more, text]).hex();
    bytes(&format!(
        "Delivered-To: {to}\nFrom: Ana Costa <ana@corp.test>\nTo: {to}\nSubject: Fwd: Offer for forty seats\n\
         Date: Mon, 2 Mar 2026 09:00:00 +0100\nMessage-ID: <{id}@corp.test>\n{more}\n{text}"
    ))
}

async fn begin() -> Story {
    let people = [("li@acme.test", Habit::Ignores), ("jane@acme.test", Habit::Ignores)];
    let mut story = Story::new(&people).await;
    story.until("2026-03-02 09:02").await;
    story
}

/// The text of the last mail that Ana got.
fn told(story: &Story) -> String {
    let last = story.mails_to("ana@corp.test").pop().expect("an answer");
    let mail = cadence::mail::read::read(last.as_bytes());
    format!("{}\n\n{}", mail.subject, mail.text.replace('\r', ""))
}

#[tokio::test]
async fn a_forwarded_mail_enrolls_who_wrote_it_in_their_conversation() {
    let mut story = begin().await;
    let text = format!("company: Acme Tea\nMet at the fair.\n\n{GMAIL}");
    let mail = forward(
        &story,
        "outbound",
        "In-Reply-To: <offer.1@acme.test>\nReferences: <first@corp.test> <offer.1@acme.test>\n",
        &text,
    );
    story.reads(mail).await;
    let enrollment = story.enrollment_of("li@acme.test").await;
    assert_eq!(enrollment.prospect.name.as_deref(), Some("Li Wei"));
    assert_eq!(
        enrollment.prospect.fields.get("company").map(String::as_str),
        Some("Acme Tea")
    );
    assert_eq!(
        enrollment.prospect.fields.get("note").map(String::as_str),
        Some("Met at the fair.")
    );
    let told = told(&story);
    expect![[r#"
        Enrolled: Li Wei in Outbound

        Li Wei <li@acme.test> is enrolled in Outbound.

        Taken from the mail that you forwarded: "Offer for forty seats", by Li Wei <li@acme.test>, Mon, 2 Mar 2026 at 08:20.
        It stands for touch 1 of 9: you answer it yourself.
        No phone number is known for 3 calls. No LinkedIn profile is known for 2 LinkedIn touches. Answer with what you find, such as "phone=+49 30 123456": it stands beside the next of them.

        Yours today: call at 14:52.
    "#]].assert_eq(&told[..told.find("These follow").expect("a plan")]);
    story.until("2026-03-06 18:00").await;
    let touch = story.mails_to("li@acme.test").pop().expect("a follow-up");
    assert_eq!(header(&touch, "Subject"), "Re: Offer for forty seats");
    assert_eq!(header(&touch, "In-Reply-To"), "<offer.1@acme.test>");
    assert_eq!(header(&touch, "References"), "<first@corp.test> <offer.1@acme.test>");
    story.holds().await;
}

#[tokio::test]
async fn a_cadence_made_to_answer_answers_them_with_touch_1() {
    let mut story = begin().await;
    let mail = forward(&story, "inbound", "References: <offer.1@acme.test>\n", GMAIL);
    story.reads(mail).await;
    story.until("2026-03-02 09:30").await;
    let answers = story.mails_to("li@acme.test");
    assert_eq!(answers.len(), 1, "at once");
    assert_eq!(header(&answers[0], "Subject"), "Re: Offer for forty seats");
    assert_eq!(header(&answers[0], "In-Reply-To"), "<offer.1@acme.test>");
    let receipt = story.mails_to("ana@corp.test").concat();
    assert!(receipt.contains("Touch 1 answers it."), "{receipt}");
    story.holds().await;
}

#[tokio::test]
async fn where_the_house_has_answered_already_that_stands_for_touch_1() {
    let mut story = begin().await;
    let text = format!(
        "---------- Forwarded message ---------\nFrom: Ana Costa <ana@corp.test>\nDate: Mon, 2 Mar 2026 at 08:50\n\
         Subject: Re: Offer for forty seats\nTo: Li Wei <li@acme.test>\n\nIt depends.\n\n{}",
        GMAIL.replace("---------- Forwarded message ---------", "-----Original Message-----")
    );
    let mail = forward(&story, "inbound", "", &text);
    story.reads(mail).await;
    story.until("2026-03-02 10:00").await;
    assert!(story.mails_to("li@acme.test").is_empty(), "nothing is said twice");
    let receipt = story.mails_to("ana@corp.test").concat().replace("=\r\n", "");
    assert!(
        receipt.contains("It is touch 1 of 8 and is not sent again."),
        "{receipt}"
    );
    assert!(receipt.contains("by their subject alone"), "{receipt}");
    story.holds().await;
}

#[tokio::test]
async fn several_people_are_asked_about_and_a_line_says_who_is_meant() {
    let mut story = begin().await;
    let text = format!(
        "---------- Forwarded message ---------\nFrom: Jane Doe <jane@acme.test>\nDate: Mon, 2 Mar 2026 at 08:50\n\
         Subject: Fwd: Offer for forty seats\nTo: <ana@corp.test>\n\nCan you help Li?\n\n{GMAIL}"
    );
    let mail = forward(&story, "outbound", "", &text);
    story.reads(mail).await;
    assert!(story.enrollments().await.is_empty());
    expect![[r#"
        Not enrolled: "Offer for forty seats"

        Your mail "Offer for forty seats" enrolled nobody. It may be about any of these: jane@acme.test, li@acme.test.
        Nobody was enrolled, so that nobody is written to by mistake. Forward it once more with a line such as "contact: jane@acme.test" at the top.
    "#]].assert_eq(&told(&story));
    let mail = forward(&story, "outbound", "", &format!("contact: li@acme.test\n\n{text}"));
    story.reads(mail).await;
    let enrolled: Vec<_> = story.enrollments().await;
    assert_eq!(enrolled.len(), 1);
    assert_eq!(enrolled[0].prospect.address.as_str(), "li@acme.test");
    assert_eq!(enrolled[0].prospect.name.as_deref(), Some("Li Wei"));
    story.holds().await;
}

#[tokio::test]
async fn what_tells_no_address_or_is_a_programs_is_refused_with_what_to_do() {
    let mut story = begin().await;
    let unnamed = GMAIL.replace(" <li@acme.test>", "");
    let mail = forward(&story, "outbound", "", &unnamed);
    story.reads(mail).await;
    expect![[r#"
        Not enrolled: "Offer for forty seats"

        Your mail "Offer for forty seats" enrolled nobody. What you forwarded tells no address of anybody outside your own company.
        Forward it once more with a line such as "contact: jane@example.com" at the top, or attach the mail itself.
    "#]].assert_eq(&told(&story));
    let program = GMAIL.replace("Li Wei <li@acme.test>", "Acme <no-reply@acme.test>");
    let mail = forward(&story, "outbound", "", &program);
    story.reads(mail).await;
    assert!(
        told(&story).contains("no-reply@acme.test is the address of a program"),
        "{}",
        told(&story)
    );
    let mail = forward(&story, "outbound", "", &format!("start: someday\n\n{GMAIL}"));
    story.reads(mail).await;
    assert!(
        told(&story).contains("What you wrote behind \"start:\" cannot be read"),
        "{}",
        told(&story)
    );
    assert!(story.enrollments().await.is_empty());
    story.holds().await;
}

#[tokio::test]
async fn a_start_that_the_rep_names_is_kept() {
    let mut story = begin().await;
    let mail = forward(&story, "outbound", "", &format!("start: in 2 weeks\n\n{GMAIL}"));
    story.reads(mail).await;
    let Standing::Waiting { due, why, .. } = story.enrollment_of("li@acme.test").await.standing else {
        panic!("it waits")
    };
    assert!(due >= at("2026-03-16 09:00") && due < at("2026-03-17 00:00"), "{due}");
    assert!(why.ends_with("not before Mon 16 Mar, as the rep said"), "{why}");
    story.until("2026-03-15 18:00").await;
    assert!(story.mails_to("li@acme.test").is_empty());
    story.until("2026-03-20 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    story.holds().await;
}

#[tokio::test]
async fn to_the_bare_address_a_forward_needs_a_trusted_check_and_a_cadence() {
    let mut story = begin().await;
    story.world.bot.house.trust.authserv_ids.push("mx.reps.test".to_owned());
    let named = format!("cadence: outbound\n\n{GMAIL}");
    story.reads(to_bot("cadence@reps.test", "", &named)).await;
    assert_eq!(story.kinds().await.get("impostor"), Some(&1));
    assert!(
        story.mails_to("ana@corp.test").is_empty(),
        "an impostor is answered to nobody"
    );
    assert!(story.enrollments().await.is_empty());

    story.reads(vouched(GMAIL)).await;
    assert!(
        told(&story).contains("In which cadence is not said: tap one"),
        "{}",
        told(&story)
    );
    story.reads(vouched(&format!("cadence: outbnd\n\n{GMAIL}"))).await;
    assert!(told(&story).contains("There is no cadence called"), "{}", told(&story));
    assert!(story.enrollments().await.is_empty());

    story
        .reads(vouched(&named.replace("outbound\n", "outbound\nPlease.\n")))
        .await;
    assert_eq!(story.enrollment_of("li@acme.test").await.cadence.as_str(), "outbound");
    story.reads(vouched(&format!("help\n\n{GMAIL}"))).await;
    assert!(told(&story).contains("help"), "a command above a forward is a command");
    story.holds().await;
}

/// The same to the bare address, with a result that the border wrote.
fn vouched(text: &str) -> Vec<u8> {
    let mail = to_bot("cadence@reps.test", "", text);
    let mut whole = bytes(
        "Authentication-Results: mx.reps.test; dmarc=pass header.from=corp.test\nReceived: from out.corp.test by mx.reps.test; Mon, 2 Mar 2026 09:00:00 +0100\n",
    );
    whole.extend_from_slice(&mail);
    whole
}

#[tokio::test]
async fn an_own_mail_that_is_attached_enrolls_whom_it_went_to() {
    let mut story = begin().await;
    let text = "--b\nContent-Type: text/plain\n\nPlease take over.\n\n--b\nContent-Type: message/rfc822\n\n\
                From: Ana Costa <ana@corp.test>\nTo: Li Wei <li@acme.test>\nSubject: Forty seats\nMessage-ID: <seats@corp.test>\n\
                Date: Mon, 2 Mar 2026 08:00:00 +0100\n\nHello Li\n--b--\n";
    let more = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n";
    let mail = forward(&story, "outbound", more, text);
    story.reads(mail).await;
    story.until("2026-03-06 18:00").await;
    let touch = story.mails_to("li@acme.test").pop().expect("a follow-up");
    assert_eq!(header(&touch, "Subject"), "Re: Forty seats");
    assert_eq!(header(&touch, "In-Reply-To"), "<seats@corp.test>");
    story.holds().await;
}
