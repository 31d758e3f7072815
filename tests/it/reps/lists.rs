//! Lists, and hand-overs of more than a few: how they are read, asked back about, confirmed, dropped, forgotten, undone.

use super::desk::{VOUCHED, bare, house, last, own, reply_to, says, sends, taps, text_of};
use crate::story::{Story, address};
use cadence::model::{Address, CadenceName};

/// Ana sends a file to the bot.
async fn sends_file(story: &mut Story, to: &Address, said: &str, name: &str, content: &str) -> String {
    let body = format!(
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{said}\n--b\n\
         Content-Type: application/vnd.ms-excel; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\n\n\
         {content}\n--b--\n"
    );
    sends(story, to, "People of the fair", VOUCHED, &body).await
}

fn many(count: usize) -> String {
    let rows = (0..count).map(|nth| format!("Person {nth},p{nth}@fir{nth}.test,Fir {nth}\n"));
    format!("Name,E-Mail,Company\n{}", rows.collect::<String>())
}

async fn active(story: &Story) -> usize {
    let ana = address("ana@corp.test");
    story.world.bot.store.active_of(&ana).await.expect("a number")
}

fn last_mail(story: &Story) -> String {
    story.mails_to("ana@corp.test").pop().expect("a mail")
}

#[tokio::test]
async fn a_list_is_read_shown_and_enrolled_by_one_tap() {
    let mut story = house(&[]).await;
    let to = own(&story, "outbound");
    let list = "Vorname;Nachname;E-Mail;Firma;Hobby\nJane;Doe;jane@birch.test;Birch;Sailing\nLi;Wei;li@acme.test;Acme;\nNo;Body;;;\n\
                Max;Oak;max@oak.test;Oak;Chess\nMax;Oak;MAX@oak.test;Oak;Chess\n";
    let question = sends_file(&mut story, &to, "see attached", "people.csv", list).await;
    for says_so in [
        "Enroll 3 people in Outbound?",
        "Vorname: the first name",
        "E-Mail: the address",
        "Firma: company ({{company}} in texts)",
        "Hobby: hobby ({{hobby}} in texts)",
        "Jane Doe <jane@birch.test>",
        "line 4: has no address",
        "line 6: stands in the list twice",
    ] {
        assert!(question.contains(says_so), "{says_so}: {question}");
    }
    assert_eq!(active(&story).await, 0, "nobody is enrolled yet");
    let mail = last_mail(&story);
    assert!(mail.contains("filename=\"would-be-enrolled.csv\""));
    let table = cadence::mail::read::read(mail.as_bytes()).parts;
    let table = table.iter().find(|part| part.is_table()).expect("a table").text.clone();
    assert!(
        table.contains("2,jane@birch.test,Jane Doe,outbound,would be enrolled,,2026-"),
        "{table}"
    );
    assert!(table.contains("4,,,,not enrolled,has no address,"), "{table}");

    let (_, to, _, said) = taps(&mail)
        .into_iter()
        .find(|tap| tap.0 == "yes, all 3")
        .expect("a tap");
    let answer = sends(&mut story, &to, &said, "", &format!("\n{said}\n")).await;
    assert!(answer.starts_with("Enrolled: 3 people in Outbound"), "{answer}");
    assert_eq!(active(&story).await, 3);
    let jane = story.enrollment_of("jane@birch.test").await;
    assert_eq!(
        (
            jane.prospect.fields["company"].as_str(),
            jane.prospect.fields["hobby"].as_str()
        ),
        ("Birch", "Sailing")
    );
    // The same tap once more changes nothing and says so.
    let again = sends(&mut story, &to, "yes", "", "\nyes\n").await;
    assert!(again.contains("that is done, 3 were enrolled"), "{again}");
    assert_eq!(active(&story).await, 3);
    // One word undoes it.
    let undone = sends(&mut story, &to, "stop yes", "", "\nstop yes\n").await;
    assert!(undone.contains("3 enrollments stopped"), "{undone}");
    assert_eq!(active(&story).await, 0);
    story.holds().await;
}

#[tokio::test]
async fn five_hundred_are_enrolled_together_with_a_word_on_the_way_and_one_more_is_refused() {
    let mut story = house(&[]).await;
    let to = own(&story, "outbound");
    let question = sends_file(&mut story, &to, "", "people.csv", &many(500)).await;
    assert!(
        question.contains("Enroll 500 people in Outbound?") && question.contains("and 480 more"),
        "{question}"
    );
    assert!(
        question.contains("At most 50 mails of yours go out a day"),
        "{question}"
    );
    let mail = last_mail(&story);
    assert!(mail.len() < 256 * 1024, "{} bytes", mail.len());
    let to = reply_to(&mail);
    let before = story.mails_to("ana@corp.test").len();
    sends(&mut story, &to, "yes", "", "\nyes\n").await;
    let told: Vec<String> = story.mails_to("ana@corp.test")[before..]
        .iter()
        .map(|mail| text_of(mail))
        .collect();
    // The clock of this world stands still, so that both mails are of one moment.
    assert!(
        told.iter()
            .any(|text| text.contains("500 people are being enrolled now")),
        "{told:#?}"
    );
    assert!(
        told.iter()
            .any(|text| text.starts_with("Enrolled: 500 people in Outbound")),
        "{told:#?}"
    );
    assert_eq!(active(&story).await, 500);
    let to = own(&story, "outbound");
    let answer = sends_file(&mut story, &to, "", "people.csv", &many(501)).await;
    assert!(answer.contains("a list has at most 500 people"), "{answer}");
}

#[tokio::test]
async fn of_a_list_to_the_bare_address_the_cadence_is_asked_for_with_a_tap_each() {
    let mut story = house(&[]).await;
    let to = bare(&story);
    let question = sends_file(&mut story, &to, "", "people.csv", "email\njane@birch.test\n").await;
    assert!(question.starts_with("In which cadence? 1 person"), "{question}");
    let mail = last_mail(&story);
    let to = reply_to(&mail);
    let labels: Vec<String> = taps(&mail).into_iter().map(|tap| tap.0).collect();
    assert_eq!(
        labels,
        [
            "yes, in outbound",
            "yes, in warm-outbound",
            "yes, in event",
            "no, nobody"
        ]
    );
    let answer = sends(&mut story, &to, "Re: x", "", "\nyes\n").await;
    assert!(answer.contains("say in which cadence"), "{answer}");
    let answer = sends(&mut story, &to, "Re: x", "", "\nyes in evnt\n").await;
    assert!(answer.contains("there is no cadence"), "{answer}");
    sends(&mut story, &to, "Re: x", "", "\nyes in outbound\n").await;
    assert_eq!(
        story.enrollment_of("jane@birch.test").await.cadence,
        CadenceName::parse("outbound").expect("a name")
    );
    // What stands above the list names it as well, and a column of its own.
    let to = bare(&story);
    let question = sends_file(&mut story, &to, "cadence: event", "people.csv", "email\nmax@oak.test\n").await;
    assert!(question.starts_with("Enroll 1 person in"), "{question}");
    let question = sends_file(
        &mut story,
        &to,
        "",
        "people.csv",
        "email,cadence\nmax@oak.test,Outbound\n",
    )
    .await;
    assert!(question.contains("in Outbound"), "{question}");
}

#[tokio::test]
async fn a_no_and_a_week_without_a_word_enroll_nobody() {
    let mut story = house(&[]).await;
    let to = own(&story, "outbound");
    sends_file(&mut story, &to, "", "a.csv", &many(7)).await;
    let question = reply_to(&last_mail(&story));
    let answer = sends(&mut story, &question, "no", "", "\nno\n").await;
    assert!(answer.contains("obody of them is enrolled"), "{answer}");
    sends_file(&mut story, &to, "", "b.csv", &many(8)).await;
    let late = reply_to(&last_mail(&story));
    story.until("2026-03-12 12:00").await;
    let answer = sends(&mut story, &late, "yes", "", "\nyes\n").await;
    assert!(answer.contains("I asked too long ago"), "{answer}");
    assert_eq!(active(&story).await, 0);
}

#[tokio::test]
async fn what_is_no_list_is_named_and_how_to_mend_it() {
    let mut story = house(&[]).await;
    let to = own(&story, "outbound");
    for (name, content, says_so) in [
        ("people.xlsx", "PK", "save it as CSV UTF-8"),
        (
            "people.csv",
            "Name,Company\nJane,Birch\n",
            "no column holds mail addresses. There is: \"Name\", \"Company\"",
        ),
        ("people.csv", "", "the list is empty"),
        ("people.csv", "a@acme.test,b@acme.test\n", "both hold mail addresses"),
    ] {
        let answer = sends_file(&mut story, &to, "", name, content).await;
        assert!(
            answer.to_lowercase().contains(&says_so.to_lowercase()),
            "{says_so}: {answer}"
        );
    }
    assert_eq!(active(&story).await, 0);
}

#[tokio::test]
async fn a_question_is_useless_to_others_and_survives_a_restart() {
    let mut story = house(&[]).await;
    let to = own(&story, "outbound");
    sends_file(&mut story, &to, "", "a.csv", &many(7)).await;
    let to = reply_to(&last_mail(&story));
    for from in ["Mallory <m@evil.test>", "Ben Weber <ben@corp.test>"] {
        let mail = format!(
            "Delivered-To: {to}\nFrom: {from}\nTo: {to}\nSubject: yes\nMessage-ID: <m{}@x.test>\n\nyes\n",
            from.len()
        );
        story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
    }
    assert_eq!(active(&story).await, 0);
    let mut story = story.started_again().await;
    sends(&mut story, &to, "yes", "", "\nyes\n").await;
    assert_eq!(active(&story).await, 7);
}

/// Ana writes to these people with her address of a cadence in BCC.
async fn copies(story: &mut Story, to: &str, more: &str) -> String {
    let bot = own(story, "outbound");
    let id = story.mails_to("ana@corp.test").len();
    let mail = format!(
        "Delivered-To: {bot}\nFrom: Ana Costa <ana@corp.test>\nTo: {to}\n{more}Subject: Shifts\nMessage-ID: <c{id}@corp.test>\n\nHello\n"
    );
    story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
    last(story)
}

#[tokio::test]
async fn several_recipients_are_enrolled_each_and_more_than_five_new_ones_are_asked_about() {
    let mut story = house(&[]).await;
    let receipt = copies(
        &mut story,
        "a@acme.test, b@birch.test, Ben <ben@corp.test>",
        "Cc: boss@acme.test\n",
    )
    .await;
    assert!(
        receipt.contains("a@acme.test is enrolled") && receipt.contains("b@birch.test is enrolled"),
        "{receipt}"
    );
    assert!(
        receipt.contains("ben@corp.test is not enrolled. This is a colleague"),
        "{receipt}"
    );
    assert!(
        !receipt.contains("boss@acme.test"),
        "who is in Cc is remembered and not enrolled: {receipt}"
    );
    assert_eq!(active(&story).await, 2);
    let six: Vec<String> = (0..6).map(|nth| format!("n{nth}@elm{nth}.test")).collect();
    let question = copies(&mut story, &six.join(", "), "").await;
    assert!(question.starts_with("Enroll 6 people in Outbound?"), "{question}");
    assert_eq!(active(&story).await, 2);
    // Of these seven five are new, so that nobody is asked.
    let seven = format!("a@acme.test, b@birch.test, {}", six[..5].join(", "));
    let receipt = copies(&mut story, &seven, "").await;
    assert_eq!(active(&story).await, 7, "{receipt}");
}

#[tokio::test]
async fn six_lines_of_text_are_asked_about_together_and_five_are_not() {
    let mut story = house(&[]).await;
    let to = bare(&story);
    let lines = |count: usize, host: &str| {
        let each = (0..count).map(|nth| format!("enroll q{nth}@{host}{nth}.test in outbound"));
        each.collect::<Vec<_>>().join("\n")
    };
    says(&mut story, &to, &lines(5, "ash")).await;
    assert_eq!(active(&story).await, 5);
    let question = says(&mut story, &to, &lines(6, "elm")).await;
    assert!(question.starts_with("Enroll 6 people in Outbound?"), "{question}");
    assert_eq!(active(&story).await, 5);
    let to = reply_to(&last_mail(&story));
    sends(&mut story, &to, "yes", "", "\nyes\n").await;
    assert_eq!(active(&story).await, 11);
}

#[tokio::test]
async fn a_mailing_list_and_a_prospect_of_somebody_else_are_refused_with_the_reason() {
    let mut story = house(&[]).await;
    story.world.bot.house.reps.push(crate::story::ben());
    story.given("ben@corp.test", "kim@pine.test", "outbound").await;
    let receipt = copies(&mut story, "all@acme.test, kim@pine.test", "").await;
    assert!(
        receipt.contains("all@acme.test is not enrolled. This is the address of a mailing list"),
        "{receipt}"
    );
    assert!(
        receipt.contains("Ben Weber (ben@corp.test) has this prospect in outbound already"),
        "{receipt}"
    );
}

#[tokio::test]
async fn a_forward_without_a_cadence_is_asked_about_with_a_tap_each() {
    let mut story = house(&[]).await;
    let to = bare(&story);
    let body = "\n---------- Forwarded message ---------\nFrom: Jane Doe <jane@birch.test>\nDate: Mon, 2 Mar 2026 at 08:00\n\
                Subject: Your shifts\nTo: Ana Costa <ana@corp.test>\n\nHow much is it?\n";
    let question = sends(&mut story, &to, "Fwd: Your shifts", VOUCHED, body).await;
    assert!(question.starts_with("In which cadence? 1 person"), "{question}");
    let to = reply_to(&last_mail(&story));
    let receipt = sends(&mut story, &to, "yes in inbound", "", "\n").await;
    assert!(receipt.starts_with("Enrolled: Jane Doe"), "{receipt}");
    let jane = story.enrollment_of("jane@birch.test").await;
    assert_eq!(jane.cadence.as_str(), "inbound");
    assert_eq!(jane.thread.subject, "Your shifts", "it answers in their conversation");
}
