//! What commands do, and the one answer to each.

use crate::story::{Story, address, at, ben, header};
use cadence::model::{Address, Ending, Fact, Standing};
use cadence::world::Habit;

/// The new lines of a mail to Ana that came last, without its links.
fn last(story: &Story) -> String {
    let mail = story.mails_to("ana@corp.test").pop().expect("a mail");
    let text = cadence::mail::read::read(mail.as_bytes()).text.replace('\r', "");
    let lines = text.lines().filter(|line| !line.contains("mailto:"));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Ana writes to the bot at this address, and it is answered.
async fn says(story: &mut Story, to: &Address, text: &str) -> String {
    let now = story.world.now();
    let mail = format!(
        "Delivered-To: {to}\nAuthentication-Results: mx.reps.test; dmarc=pass header.from=corp.test\n\
         Received: from out.corp.test by mx.reps.test; Mon, 2 Mar 2026 09:00:00 +0100\n\
         From: Ana Costa <ana@corp.test>\nTo: {to}\nSubject: Re: yours\nMessage-ID: <{}@corp.test>\n\n{text}\n",
        story.mails_to("ana@corp.test").len()
    );
    story
        .mailbox
        .deliver("INBOX", mail.replace('\n', "\r\n").into_bytes(), Some(now));
    story.settles().await;
    last(story)
}

/// A house whose mail server vouches for corp.test, with Li and Jane under way.
async fn house() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores), ("jane@birch.test", Habit::Ignores)]).await;
    story.world.bot.house.trust.authserv_ids.push("mx.reps.test".to_owned());
    story.world.bot.house.trust.border.push("mx.reps.test".to_owned());
    story.enroll("2026-03-02 09:02", &["li@acme.test"], "outbound");
    story.enroll("2026-03-02 09:05", &["jane@birch.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    story
}

fn bare(story: &Story) -> Address {
    story.bot().address().clone()
}

#[tokio::test]
async fn orders_by_address_company_and_all_do_what_they_say() {
    let mut story = house().await;
    let bot = bare(&story);
    let answer = says(&mut story, &bot, "pause li@acme.test until fri").await;
    assert!(answer.contains("snoozed") && answer.contains("Fri 6 Mar"), "{answer}");
    let li = story.enrollment_of("li@acme.test").await;
    assert!(matches!(li.standing, Standing::Paused { until: Some(_), .. }));
    let answer = says(&mut story, &bot, "resume Acme").await;
    assert!(answer.contains("resumed"), "{answer}");
    let answer = says(&mut story, &bot, "pause all").await;
    assert!(answer.contains("2 enrollments paused"), "{answer}");
    let answer = says(&mut story, &bot, "resume all").await;
    assert!(answer.contains("2 enrollments resumed"), "{answer}");
    let answer = says(&mut story, &bot, "stop jane@birch.test wrong person").await;
    assert!(answer.contains("stopped, no more touches"), "{answer}");
    let jane = story.enrollment_of("jane@birch.test").await;
    assert!(matches!(
        jane.standing,
        Standing::Ended {
            outcome: Ending::Stopped,
            ..
        }
    ));
    let journal = story.world.bot.store.journal(jane.id).await.expect("a journal");
    assert!(
        journal
            .iter()
            .any(|it| matches!(&it.fact, Fact::Noted { text } if text == "wrong person"))
    );
    let answer = says(&mut story, &bot, "stop jnae@birch.test").await;
    assert!(answer.contains("nobody of yours"), "{answer}");
    let answer = says(&mut story, &bot, "finish li@acme.tset").await;
    assert!(answer.contains("nobody of yours"), "{answer}");
    let raw = story.mails_to("ana@corp.test").pop().expect("a mail");
    assert!(raw.contains("finish%20li"), "what may have been meant is one tap away");
    story.holds().await;
}

#[tokio::test]
async fn what_ends_many_for_good_is_asked_about_first() {
    let mut story = house().await;
    for nth in 0..6 {
        story
            .given("ana@corp.test", &format!("p{nth}@fir.test"), "outbound")
            .await;
    }
    let bot = bare(&story);
    let answer = says(&mut story, &bot, "stop Fir").await;
    assert!(answer.contains("this would end 6 enrollments for good"), "{answer}");
    let answer = says(&mut story, &bot, "stop Fir yes").await;
    assert!(answer.contains("6 enrollments stopped"), "{answer}");
    assert_eq!(
        story
            .world
            .bot
            .store
            .active_of(&address("ana@corp.test"))
            .await
            .expect("a number"),
        2
    );
}

#[tokio::test]
async fn questions_are_answered() {
    let mut story = house().await;
    let bot = bare(&story);
    for (line, says_so) in [
        ("why li@acme.test", "Mon 2 Mar 09:02: "),
        ("status all", "Jane Doe in \"outbound\": touch 2 of 9 (call) is due"),
        ("status Birch", "Jane Doe in \"outbound\""),
        ("list", "Li Wei in \"outbound\""),
        ("cadences", "cadence+outbound."),
        ("preview outbound", "day 1: email"),
        ("preview outbuond", "here is no cadence"),
        ("report", "2 people enrolled (0 before)"),
        ("report month", "he last 30 days"),
        ("help", "`6 snooze fri`"),
    ] {
        let answer = says(&mut story, &bot, line).await;
        assert!(answer.contains(says_so), "{line}: {answer}");
    }
    story.holds().await;
}

#[tokio::test]
async fn a_task_that_is_snoozed_comes_back_on_its_day_and_a_note_stands_in_why() {
    let mut story = house().await;
    // Before the Ana of the world works off her digest.
    story.until("2026-03-03 08:00").await;
    let store = story.world.bot.store.clone();
    let ana = address("ana@corp.test");
    let open = store.open_tasks(&ana, 10).await.expect("tasks");
    assert_eq!(open.len(), 2, "two calls are open");
    let digest = story.mails_to("ana@corp.test").pop().expect("a digest");
    let reply_to = header(&digest, "Reply-To");
    let token = reply_to.rsplit('<').next().expect("an address").trim_end_matches('>');
    let answer = says(&mut story, &address(token), "1 snooze fri\n2 vm\n9 vm").await;
    assert!(answer.contains("put off, it comes back on Fri 6 Mar"), "{answer}");
    assert!(answer.contains("logged \"voicemail\""), "{answer}");
    assert!(answer.contains("no number 9"), "{answer}");
    let bot = bare(&story);
    let answer = says(&mut story, &bot, "note li@acme.test likes short mails").await;
    assert!(answer.contains("noted"), "{answer}");
    let answer = says(&mut story, &bot, "why li@acme.test").await;
    assert!(answer.contains("note: likes short mails"), "{answer}");
    story.until("2026-03-04 09:00").await;
    let digest_of = |story: &Story| {
        let mut mails = story.mails_to("ana@corp.test").into_iter();
        let digest = mails.rfind(|mail| header(mail, "Subject").starts_with("Today"));
        let digest = digest.expect("a digest");
        cadence::mail::read::read(digest.as_bytes()).text.replace('\r', "")
    };
    let wednesday = digest_of(&story);
    story.until("2026-03-06 09:00").await;
    let friday = digest_of(&story);
    let who = open[0].1.prospect.label();
    let calls = |digest: &str| {
        digest
            .lines()
            .filter(|line| line.starts_with("1. ") && line.contains("Call"))
            .count()
    };
    assert_eq!(calls(&wednesday), 0, "{who} is not called on Wednesday:\n{wednesday}");
    assert!(friday.contains(who), "{friday}");
    story.holds().await;
}

#[tokio::test]
async fn a_rep_sets_their_clock_their_digest_and_their_codes() {
    let mut story = house().await;
    let bot = bare(&story);
    let ana = address("ana@corp.test");
    let outbound = cadence::model::CadenceName::parse("outbound").expect("a name");
    let old = story.bot().for_enrolling(&outbound, &ana, 1);
    let answer = says(&mut story, &bot, "set digest 06:30").await;
    assert!(answer.contains("06:30"), "{answer}");
    let answer = says(&mut story, &bot, "set zone London").await;
    assert!(answer.contains("Europe/London"), "{answer}");
    let answer = says(&mut story, &bot, "set zone Londn").await;
    assert!(answer.contains("there is no zone"), "{answer}");
    let rep = story.world.bot.house.rep(&ana).expect("Ana");
    assert_eq!(
        (rep.zone_name.as_str(), rep.digest_at.hour(), rep.digest_at.minute()),
        ("Europe/London", 6, 30)
    );
    let answer = says(&mut story, &bot, "new codes").await;
    assert!(answer.contains("worthless"), "{answer}");
    assert_ne!(story.bot().for_enrolling(&outbound, &ana, 1), old);
    let tuesday = story.mails_to("ana@corp.test").len();
    story.until("2026-03-03 07:29").await;
    assert_eq!(story.mails_to("ana@corp.test").len(), tuesday);
    story.until("2026-03-03 07:31").await;
    assert_eq!(
        story.mails_to("ana@corp.test").len(),
        tuesday + 1,
        "06:30 in London is 07:30 in Berlin"
    );
    // A bot that is started again still knows.
    let story = story.started_again().await;
    assert_ne!(story.bot().for_enrolling(&outbound, &ana, 1), old);
}

#[tokio::test]
async fn a_vacation_holds_touches_and_digests_and_back_ends_it() {
    let mut story = house().await;
    let bot = bare(&story);
    let answer = says(&mut story, &bot, "vacation until thu").await;
    assert!(answer.contains("no digest, and no touch"), "{answer}");
    let (mails, touches) = (
        story.mails_to("ana@corp.test").len(),
        story.mails_to("li@acme.test").len(),
    );
    story.until("2026-03-05 23:00").await;
    assert_eq!(story.mails_to("ana@corp.test").len(), mails, "no digest");
    assert_eq!(story.mails_to("li@acme.test").len(), touches, "no touch");
    story.until("2026-03-06 12:00").await;
    assert!(story.mails_to("ana@corp.test").len() > mails, "the digest comes again");
    let answer = says(&mut story, &bot, "vacation 24 Dec to 2 Jan").await;
    assert!(answer.contains("Thu 24 Dec to Sat 2 Jan"), "{answer}");
    let answer = says(&mut story, &bot, "back").await;
    assert!(answer.contains("Welcome back"), "{answer}");
    let answer = says(&mut story, &bot, "vacation 9 Mar to 2 Mar 2026").await;
    assert!(answer.contains("othing changed"), "{answer}");
    story.holds().await;
}

#[tokio::test]
async fn who_stands_in_gets_the_digest_and_may_answer_it() {
    let mut story = house().await;
    story.world.bot.house.reps.push(ben());
    let bot = bare(&story);
    let answer = says(&mut story, &bot, "vacation until 6 Mar cover ben@corp.test").await;
    assert!(answer.contains("Ben Weber gets"), "{answer}");
    story.until("2026-03-03 08:00").await;
    let digests = story.mails_to("ben@corp.test");
    let digest = digests
        .iter()
        .find(|mail| header(mail, "Subject").starts_with("For Ana Costa"))
        .expect("her digest");
    let reply_to = header(digest, "Reply-To");
    let token = reply_to
        .rsplit('<')
        .next()
        .expect("an address")
        .trim_end_matches('>')
        .to_owned();
    let mail = format!(
        "Delivered-To: {token}\nFrom: Ben Weber <ben@corp.test>\nTo: {token}\nSubject: Re: For Ana\nMessage-ID: <cover@corp.test>\n\n1 vm\n"
    );
    story.reads(mail.replace('\n', "\r\n").into_bytes()).await;
    let answered = story.mails_to("ben@corp.test").pop().expect("an answer");
    assert!(header(&answered, "Subject").starts_with("Done"), "{answered}");
    story.holds().await;
}

#[tokio::test]
async fn a_meeting_is_booked_missed_and_goes_on_as_a_no_show() {
    let mut story = house().await;
    let bot = bare(&story);
    let token = story.bot().for_command(story.enrollment_of("li@acme.test").await.id);
    let answer = says(&mut story, &token, "meeting tue 15:00").await;
    assert!(answer.contains("Tue 3 Mar 15:00"), "{answer}");
    let li = story.enrollment_of("li@acme.test").await;
    assert!(matches!(
        li.standing,
        Standing::Ended {
            outcome: Ending::Met,
            ..
        }
    ));
    story.until("2026-03-04 09:00").await;
    let wednesday = story.mails_to("ana@corp.test").pop().expect("a digest");
    assert!(
        wednesday.contains("no-show"),
        "the business day after it is asked how it went:\n{wednesday}"
    );
    let answer = says(&mut story, &bot, "no-show li@acme.test").await;
    assert!(answer.contains("\"no-show\" begins"), "{answer}");
    let all = story
        .world
        .bot
        .store
        .of_person(&address("li@acme.test").loose())
        .await
        .expect("rows");
    assert!(
        all.iter()
            .any(|one| one.cadence.as_str() == "no-show" && one.is_active())
    );
    let answer = says(&mut story, &bot, "switch li@acme.test to inbound-nurture").await;
    assert!(answer.contains("\"inbound-nurture\" begins"), "{answer}");
    story.holds().await;
    assert_eq!(at("2026-03-04 09:00"), story.world.now());
}

#[tokio::test]
async fn somebody_is_enrolled_by_a_line_and_the_receipt_tells_the_rest() {
    let mut story = house().await;
    let bot = bare(&story);
    let answer = says(
        &mut story,
        &bot,
        "enroll max@oak.test \"Max Oak\" company=Oak title=\"VP Sales\" in outbound",
    )
    .await;
    assert!(answer.contains("Max Oak"), "{answer}");
    let max = story.enrollment_of("max@oak.test").await;
    assert_eq!(max.prospect.fields["company"], "Oak");
    assert!(max.is_active());
    assert_eq!(
        story.mails_to("max@oak.test").len(),
        1,
        "nobody had written to them, so the bot makes the first touch"
    );
    let answer = says(&mut story, &bot, "enroll max@oak.test in outbound").await;
    assert!(answer.contains("already"), "{answer}");
    let answer = says(&mut story, &bot, "enroll eve@oak.test").await;
    assert!(answer.contains("say into which cadence"), "{answer}");
    let answer = says(&mut story, &bot, "enroll eve@oak.test in outbuond").await;
    assert!(answer.contains("there is no cadence"), "{answer}");
    story.holds().await;
}
