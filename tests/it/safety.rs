//! Who the bot obeys, whom it answers, and what it tells whom: one story for each sentence.

use crate::story::{Story, address, at, ben, header};
use cadence::model::{Address, LetterId, PauseReason, Standing, limits};
use cadence::world::Habit;

/// A mail to the bot, as it comes from the server.
fn writes(story: &mut Story, when: &str, from: &str, to: &Address, more: &str, text: &str) {
    let id = format!("{}.{}", at(when).as_second(), from.len() + text.len());
    story.arrives(
        when,
        "a mail to the bot",
        &format!(
            "Delivered-To: {to}\nFrom: {from}\nTo: {to}\nSubject: Re: yours\nMessage-ID: <{id}@there.test>\n{more}\n{text}\n"
        ),
    );
}

/// A house of two reps: Ana's prospect Li, enrolled, and Ben, whose prospect is Kim.
async fn two_reps() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.reps.push(ben());
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    story
}

fn answers(story: &Story, who: &str) -> usize {
    let is_answer = |mail: &&String| header(mail, "Auto-Submitted") == "auto-replied";
    story.mails_to(who).iter().filter(is_answer).count()
}

#[tokio::test]
async fn only_a_valid_token_or_an_authenticated_rep_acts() {
    let mut story = two_reps().await;
    let command = story.bot().for_command(story.enrollment().await.id);
    let bare = story.bot().address().clone();
    let before = answers(&story, "ana@corp.test");
    // Somebody else's words by a good token, the rep's name by the bare address, a token that was guessed.
    writes(
        &mut story,
        "2026-03-02 10:10",
        "Eve <eve@evil.test>",
        &command,
        "",
        "stop",
    );
    writes(
        &mut story,
        "2026-03-02 10:20",
        "Ana Costa <ana@corp.test>",
        &bare,
        "",
        "stop all yes",
    );
    let guessed = address("cadence+c.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@reps.test");
    writes(
        &mut story,
        "2026-03-02 10:30",
        "Ana Costa <ana@corp.test>",
        &guessed,
        "",
        "stop",
    );
    story.until("2026-03-02 11:00").await;
    assert!(
        matches!(story.standing().await, Standing::Waiting { .. }),
        "nobody was obeyed"
    );
    assert_eq!(answers(&story, "ana@corp.test"), before, "nobody was answered");
    assert_eq!(story.mails_to("eve@evil.test"), Vec::<String>::new());
    // The same words by the same token from the rep.
    writes(
        &mut story,
        "2026-03-02 11:10",
        "Ana Costa <ana@corp.test>",
        &command,
        "",
        "pause",
    );
    story.until("2026-03-02 11:30").await;
    let standing = story.standing().await;
    assert!(
        matches!(
            &standing,
            Standing::Paused {
                why: PauseReason::Rep,
                ..
            }
        ),
        "{standing:?}"
    );
    assert_eq!(answers(&story, "ana@corp.test"), before + 1);
}

#[tokio::test]
async fn a_forwarded_digest_acts_for_nobody_else() {
    let mut story = two_reps().await;
    story.until("2026-03-03 08:30").await;
    let digest = story
        .bot()
        .for_digest(LetterId::of_digest(&address("ana@corp.test"), "2026-03-03"));
    let standing = story.standing().await;
    // Ana forwarded her digest to a friend and to Ben; both tap on it.
    writes(
        &mut story,
        "2026-03-03 09:00",
        "Eve <eve@evil.test>",
        &digest,
        "",
        "1 done",
    );
    writes(
        &mut story,
        "2026-03-03 09:10",
        "Ben Weber <ben@corp.test>",
        &digest,
        "",
        "1 not interested",
    );
    story.until("2026-03-03 10:00").await;
    assert_eq!(story.standing().await, standing, "neither did anything");
    assert_eq!(story.mails_to("eve@evil.test"), Vec::<String>::new());
    assert_eq!(answers(&story, "ben@corp.test"), 0);
}

#[tokio::test]
async fn automatic_answers_and_loops_are_never_answered() {
    let mut story = two_reps().await;
    let command = story.bot().for_command(story.enrollment().await.id);
    let before = answers(&story, "ana@corp.test");
    let automatic = [
        "Auto-Submitted: auto-replied\n",
        "X-Autoreply: yes\n",
        "Precedence: bulk\n",
        "List-Id: <team.corp.test>\n",
        "Return-Path: <>\n",
    ];
    for (nth, more) in automatic.iter().enumerate() {
        let when = format!("2026-03-02 10:{:02}", 10 + nth);
        writes(&mut story, &when, "Ana Costa <ana@corp.test>", &command, more, "status");
    }
    story.until("2026-03-02 11:00").await;
    assert_eq!(answers(&story, "ana@corp.test"), before, "a program is not answered");
    // What the bot wrote itself comes back to it, as a loop brings it.
    let own = story.mails_to("ana@corp.test").pop().expect("a mail");
    let looped = format!("Delivered-To: {command}\r\n{own}");
    story.reads(looped.into_bytes()).await;
    story.until("2026-03-02 11:30").await;
    assert_eq!(answers(&story, "ana@corp.test"), before, "nor is the bot itself");
}

#[tokio::test]
async fn answers_are_capped_by_kind_and_day_and_one_mail_gets_one() {
    let mut story = two_reps().await;
    let command = story.bot().for_command(story.enrollment().await.id);
    let before = answers(&story, "ana@corp.test");
    writes(
        &mut story,
        "2026-03-02 10:05",
        "Ana Costa <ana@corp.test>",
        &command,
        "",
        "status\nwhy\nlist\nhelp",
    );
    story.until("2026-03-02 10:10").await;
    assert_eq!(
        answers(&story, "ana@corp.test"),
        before + 1,
        "four commands, one answer"
    );
    // Two programs that misunderstand each other.
    for nth in 0..limits::NOT_UNDERSTOOD + 8 {
        let when = format!("2026-03-02 10:{:02}", 12 + nth);
        let text = format!("gibberish number {nth} of nobody");
        writes(&mut story, &when, "Ana Costa <ana@corp.test>", &command, "", &text);
    }
    story.until("2026-03-02 11:30").await;
    assert_eq!(answers(&story, "ana@corp.test"), before + 1 + limits::NOT_UNDERSTOOD);
    // Another kind still has its own.
    writes(
        &mut story,
        "2026-03-02 11:40",
        "Ana Costa <ana@corp.test>",
        &command,
        "",
        "status",
    );
    story.until("2026-03-02 11:50").await;
    assert_eq!(answers(&story, "ana@corp.test"), before + 2 + limits::NOT_UNDERSTOOD);
}

#[tokio::test]
async fn the_same_command_is_answered_ten_times_a_day_done_all_the_same_and_the_tenth_answer_says_so() {
    let mut story = two_reps().await;
    let command = story.bot().for_command(story.enrollment().await.id);
    let before = answers(&story, "ana@corp.test");
    let ten = limits::ANSWERS;
    assert_eq!(ten, 10);
    for nth in 0..ten + 4 {
        let when = format!("2026-03-02 10:{:02}", 5 + nth);
        let text = format!("note number {nth} of a talkative day");
        writes(&mut story, &when, "Ana Costa <ana@corp.test>", &command, "", &text);
    }
    story.until("2026-03-02 10:30").await;
    assert_eq!(
        answers(&story, "ana@corp.test"),
        before + ten,
        "no more than ten of a kind"
    );
    let last = story.mails_to("ana@corp.test").pop().expect("an answer");
    let text = cadence::mail::read::read(last.as_bytes()).text;
    assert!(
        text.contains("This is the last answer of this kind in 24 hours"),
        "{text}"
    );
    // The last of them was done, though nobody said so.
    let id = story.enrollment().await.id;
    let journal = story.world.bot.store.journal(id).await.expect("a journal");
    let noted = format!("number {} of a talkative day", ten + 3);
    let is_noted = |recorded: &cadence::model::Recorded| matches!(&recorded.fact, cadence::model::Fact::Noted { text } if *text == noted);
    assert!(journal.iter().any(is_noted), "it was carried out");
    // Other kinds have ten of their own, and so has the next day.
    writes(
        &mut story,
        "2026-03-02 10:40",
        "Ana Costa <ana@corp.test>",
        &command,
        "",
        "why",
    );
    story.until("2026-03-03 10:50").await;
    let today = answers(&story, "ana@corp.test");
    assert!(today > before + ten);
    writes(
        &mut story,
        "2026-03-03 11:00",
        "Ana Costa <ana@corp.test>",
        &command,
        "",
        "note a new day",
    );
    story.until("2026-03-03 11:30").await;
    assert_eq!(answers(&story, "ana@corp.test"), today + 1);
}

#[tokio::test]
async fn a_mail_that_enrolls_orders_and_asks_gets_one_answer_with_all_of_it() {
    let mut story = crate::reps::desk::house(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    let before = answers(&story, "ana@corp.test");
    let bare = story.bot().address().clone();
    let text = crate::reps::desk::says(
        &mut story,
        &bare,
        "enroll max@oak.test \"Max Oak\" in outbound\npause li@acme.test\nhelp",
    )
    .await;
    assert_eq!(answers(&story, "ana@corp.test"), before + 1, "three lines, one answer");
    for told in [
        "Max Oak <max@oak.test> is enrolled",
        "What else you asked for",
        "> pause li@acme.test",
        "> help",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let many: Vec<String> = (0..7)
        .map(|nth| format!("enroll p{nth}@oak.test in outbound"))
        .collect();
    let text = crate::reps::desk::says(&mut story, &bare, &format!("{}\nstatus li@acme.test", many.join("\n"))).await;
    assert_eq!(
        answers(&story, "ana@corp.test"),
        before + 2,
        "a question and an answer are one mail"
    );
    assert!(
        text.contains("Enroll 7 people") && text.contains("> status li@acme.test"),
        "{text}"
    );
}

#[tokio::test]
async fn nothing_of_one_reps_prospects_stands_in_anothers_mail() {
    let mut story = two_reps().await;
    story.given("ben@corp.test", "kim@corp2.test", "outbound").await;
    story.until("2026-03-06 12:00").await;
    let kims = story.enrollment_of("kim@corp2.test").await.id;
    let bens = story.bot().for_command(kims);
    // Ben asks about everybody, and about Ana's prospect by name.
    for (nth, text) in ["list", "why li@acme.test", "status acme", "stop li@acme.test"]
        .iter()
        .enumerate()
    {
        let when = format!("2026-03-06 12:{:02}", 10 + nth);
        writes(&mut story, &when, "Ben Weber <ben@corp.test>", &bens, "", text);
    }
    story.until("2026-03-09 12:00").await;
    let to_ben = story.mails_to("ben@corp.test");
    assert!(answers(&story, "ben@corp.test") >= 4, "Ben is answered");
    for mail in &to_ben {
        let text = cadence::mail::read::read(mail.as_bytes()).text;
        assert!(!text.contains("Li Wei"), "{text}");
    }
    for mail in story.mails_to("ana@corp.test") {
        let text = cadence::mail::read::read(mail.as_bytes()).text;
        assert!(!text.contains("kim@corp2.test"), "{text}");
    }
    assert!(!matches!(
        story.enrollment_of("li@acme.test").await.standing,
        Standing::Ended { .. }
    ));
}
