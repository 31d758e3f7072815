//! Whose a mail is, by which rule, and what an answer means for colleagues and for the clock.

use crate::story::{Story, address, bytes, header, mail};
use cadence::model::{PauseReason, Standing};
use cadence::world::Habit;

const FRIDAY: &str = "Date: Fri, 6 Mar 2026 18:10:00 +0100\n";

/// Who got touches of "outbound" until Friday evening.
async fn touched(people: &[&str]) -> Story {
    let habits: Vec<(&str, Habit)> = people.iter().map(|who| (*who, Habit::Ignores)).collect();
    let mut story = Story::new(&habits).await;
    for (nth, who) in people.iter().enumerate() {
        story.enroll(&format!("2026-03-02 09:0{nth}"), &[*who], "outbound");
    }
    story.until("2026-03-06 18:00").await;
    story
}

/// Who stands where: `waits`, `answered`, or who answered in their place.
async fn stands(story: &Story, who: &str) -> String {
    match story.enrollment_of(who).await.standing {
        Standing::Waiting { .. } => "waits".to_owned(),
        Standing::Paused {
            why: PauseReason::Replied,
            ..
        } => "answered".to_owned(),
        Standing::Paused {
            why: PauseReason::Colleague(who),
            until: None,
            ..
        } => who,
        other => format!("{other:?}"),
    }
}

/// An answer to the last mail that `who` got, by its reply address.
async fn answers(story: &mut Story, who: &str, text: &str) {
    let id = story.enrollment_of(who).await.id;
    let to = story.bot().for_reply(id);
    let because = hears(story, mail(&to, who, "Re: Hello", FRIDAY, text)).await;
    assert!(because.ends_with("matched by the address of a letter"), "{because}");
}

/// What somebody writes to the bare address, in no thread.
fn fresh(from: &str, text: &str) -> Vec<u8> {
    bytes(&format!(
        "Delivered-To: cadence@reps.test\nFrom: Bo Chen <{from}>\nTo: cadence@reps.test\nSubject: Your mail\n{FRIDAY}\
         Message-ID: <fresh@elsewhere.test>\n\n{text}\n"
    ))
}

/// Reads a mail; answers what the ledger notes about it.
async fn hears(story: &mut Story, mail: Vec<u8>) -> String {
    let key = cadence::mail::read::key_of(&mail);
    story.reads(mail).await;
    let row = story.world.bot.store.mail(&key).await.expect("an answer");
    row.expect("a line").because
}

#[tokio::test]
async fn an_answer_makes_touches_to_colleagues_wait_and_their_rep_resumes_with_one_tap() {
    let mut story = touched(&["li@acme.test", "jo@acme.test", "kim@mail.acme.test", "jane@other.test"]).await;
    answers(&mut story, "li@acme.test", "Tell me more.").await;
    assert_eq!(stands(&story, "li@acme.test").await, "answered");
    assert_eq!(stands(&story, "jo@acme.test").await, "Li Wei");
    assert_eq!(stands(&story, "jane@other.test").await, "waits");
    assert_eq!(
        stands(&story, "kim@mail.acme.test").await,
        "waits",
        "a department's server is not the whole company"
    );
    story.settles().await;
    let told = story.mails_to("ana@corp.test");
    let alert = told.iter().find(|mail| mail.contains("A colleague answered"));
    let alert = alert.expect("an alert");
    assert!(alert.contains("Li Wei answered"), "{alert}");
    assert!(alert.contains("resume"), "{alert}");
    story.holds().await;
}

#[tokio::test]
async fn a_department_answers_for_the_company() {
    let mut story = touched(&["kim@mail.acme.test", "li@acme.test"]).await;
    answers(&mut story, "kim@mail.acme.test", "Tell me more.").await;
    assert_eq!(stands(&story, "li@acme.test").await, "Jane Doe");
    story.holds().await;
}

#[tokio::test]
async fn who_shares_a_mail_provider_is_no_colleague() {
    let mut story = touched(&["li@gmail.com", "jo@gmail.com"]).await;
    answers(&mut story, "li@gmail.com", "Tell me more.").await;
    assert_eq!(stands(&story, "li@gmail.com").await, "answered");
    assert_eq!(stands(&story, "jo@gmail.com").await, "waits");
    story.holds().await;
}

#[tokio::test]
async fn a_house_may_let_colleagues_go_on() {
    let mut story = touched(&["li@acme.test", "jo@acme.test"]).await;
    story.world.bot.house.company_pause = false;
    answers(&mut story, "li@acme.test", "Tell me more.").await;
    assert_eq!(stands(&story, "jo@acme.test").await, "waits");
    story.holds().await;
}

#[tokio::test]
async fn who_is_away_or_opts_out_speaks_for_nobody_else() {
    let mut story = touched(&["li@acme.test", "jo@acme.test"]).await;
    answers(&mut story, "li@acme.test", "Please remove me from your list.").await;
    assert_eq!(stands(&story, "jo@acme.test").await, "waits");
    story.holds().await;
}

#[tokio::test]
async fn somebody_unknown_at_the_company_is_heard_and_passed_on() {
    let mut story = touched(&["li@acme.test", "jo@acme.test", "jane@other.test"]).await;
    let mail = fresh("bo@acme.test", "Li gave me your mail. What does it cost?");
    let because = hears(&mut story, mail).await;
    assert!(
        because.ends_with("matched by the company of who it is from"),
        "{because}"
    );
    assert_eq!(stands(&story, "li@acme.test").await, "bo@acme.test");
    assert_eq!(stands(&story, "jo@acme.test").await, "bo@acme.test");
    assert_eq!(stands(&story, "jane@other.test").await, "waits");
    story.settles().await;
    let relayed = story.mails_to("ana@corp.test");
    let relayed: Vec<&String> = relayed
        .iter()
        .filter(|mail| mail.contains("What does it cost?"))
        .collect();
    assert_eq!(relayed.len(), 1, "the rep gets it once");
    story.holds().await;
}

#[tokio::test]
async fn a_stranger_with_a_mail_provider_is_nobody() {
    let mut story = touched(&["li@gmail.com"]).await;
    story.reads(fresh("bo@gmail.com", "What does it cost?")).await;
    assert_eq!(stands(&story, "li@gmail.com").await, "waits");
    assert_eq!(story.kinds().await.get("unmatched"), Some(&1));
    story.holds().await;
}

#[tokio::test]
async fn our_reference_in_a_quotation_tells_whose_it_is() {
    for field in ["X-Cadence-Ref", "Message-ID"] {
        let mut story = touched(&["li@acme.test", "jane@other.test"]).await;
        let touch = story.mails_to("li@acme.test").pop().expect("a touch");
        let quoted = format!(
            "I answer for Li.\n\n-----Original Message-----\n> From: Ana Costa <ana@corp.test>\n> {field}: {}\n> Subject: Hello\n>\n> Hello",
            header(&touch, field)
        );
        let because = hears(&mut story, fresh("bo@elsewhere.test", &quoted)).await;
        assert!(
            because.ends_with("matched by our reference in what it quotes"),
            "{because}"
        );
        assert_eq!(stands(&story, "li@acme.test").await, "answered", "{field}");
        assert_eq!(stands(&story, "jane@other.test").await, "waits");
        story.holds().await;
    }
}

#[tokio::test]
async fn every_match_says_by_which_rule() {
    let mut story = touched(&["li@acme.test"]).await;
    let touch = story.mails_to("li@acme.test").pop().expect("a touch");
    answers(&mut story, "li@acme.test", "Yes.").await;
    let to = address("cadence@reps.test");
    let id = header(&touch, "Message-ID");
    for (who, cites, rule) in [
        (
            "bo@elsewhere.test",
            format!("In-Reply-To: {id}\n"),
            "a mail of the conversation",
        ),
        ("li@acme.test", String::new(), "who it is from"),
    ] {
        let mail = mail(&to, who, "Re: Hello", &format!("{FRIDAY}{cites}"), rule);
        let because = hears(&mut story, mail).await;
        assert!(because.ends_with(&format!("matched by {rule}")), "{because}");
    }
    story.holds().await;
}

#[tokio::test]
async fn an_answer_tells_where_the_prospects_clock_stands() {
    let mut story = touched(&["li@acme.test"]).await;
    let zone = story.enrollment_of("li@acme.test").await.prospect.zone;
    let id = story.enrollment_of("li@acme.test").await.id;
    let to = story.bot().for_reply(id);
    let date = "Date: Fri, 6 Mar 2026 12:10:00 -0500\n";
    story
        .reads(mail(&to, "bo@acme.test", "Re: Hello", date, "I answer for Li."))
        .await;
    let after = story.enrollment_of("li@acme.test").await.prospect.zone;
    assert_eq!(after, zone, "a colleague's clock is not the prospect's");
    story
        .reads(mail(&to, "li@acme.test", "Re: Hello", date, "I am back."))
        .await;
    let after = story.enrollment_of("li@acme.test").await;
    assert_eq!(
        format!("{:?}", after.prospect.zone),
        "Zone(-05:00, from the Date header)"
    );
    let journal = story.world.bot.store.journal(id).await.expect("a journal");
    let told: Vec<String> = journal.iter().map(|it| cadence::report::in_words(&it.fact)).collect();
    assert!(
        told.iter().any(|line| line == "is in -05:00, from the Date header"),
        "{told:?}"
    );
    story.holds().await;
}
