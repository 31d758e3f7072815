//! Loose to stop, strict to start: who may do what by a mail, and who is answered.

use crate::story::{Story, address, at, ben, header, mail, replies};
use cadence::inbox::Filing;
use cadence::model::{CadenceName, Ending, PauseReason, Standing, SuppressionReason};
use cadence::world::Habit;

/// Li and Kim are enrolled; Li has had the first follow-up.
async fn after_the_follow_up() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores), ("kim@corp2.test", Habit::Ignores)]).await;
    story.world.bot.house.reps.push(ben());
    story.enroll("2026-03-02 10:00", &["li@acme.test"], "outbound");
    story.enroll("2026-03-02 10:01", &["kim@corp2.test"], "outbound");
    story.until("2026-03-05 18:00").await;
    assert_eq!(story.mails_to("li@acme.test").len(), 1);
    story
}

async fn standing(story: &Story, who: &str) -> Standing {
    let all = story.enrollments().await;
    let found = all.into_iter().find(|one| one.prospect.address == address(who));
    found.expect("an enrollment").standing
}

fn is_paused(standing: &Standing) -> bool {
    matches!(standing, Standing::Paused { .. })
}

fn cited(story: &Story) -> String {
    let touch = story.mails_to("li@acme.test").remove(0);
    format!("In-Reply-To: {}\n", header(&touch, "Message-ID"))
}

const STOP: &str = "Please stop emailing me.";

#[tokio::test]
async fn p08_a_stranger_who_cites_our_mail_stops_and_suppresses_nobody() {
    let mut story = after_the_follow_up().await;
    let stranger = mail(
        story.bot().address(),
        "eve@there.test",
        "Re: Hello",
        &cited(&story),
        STOP,
    );
    story.reads(stranger).await;
    assert!(is_paused(&standing(&story, "li@acme.test").await));
    assert_eq!(story.suppressed("li@acme.test").await, None);
    assert_eq!(story.suppressed("eve@there.test").await, None);
    assert!(!is_paused(&standing(&story, "kim@corp2.test").await));
    story.holds().await;
}

#[tokio::test]
async fn p08_a_prospects_address_alone_stops_and_suppresses_nobody() {
    let mut story = after_the_follow_up().await;
    let bare = mail(story.bot().address(), "li@acme.test", "unsubscribe", "", STOP);
    story.reads(bare).await;
    assert!(is_paused(&standing(&story, "li@acme.test").await));
    assert_eq!(story.suppressed("li@acme.test").await, None);
    story.holds().await;
}

#[tokio::test]
async fn p04_a_prospect_who_answers_our_mail_is_left_in_peace_by_everybody() {
    let mut story = after_the_follow_up().await;
    let answer = mail(
        story.bot().address(),
        "Li <li@acme.test>",
        "Re: Hello",
        &cited(&story),
        STOP,
    );
    story.reads(answer).await;
    let Standing::Ended { outcome, .. } = standing(&story, "li@acme.test").await else {
        panic!("it goes on")
    };
    assert_eq!(outcome, Ending::OptedOut);
    assert_eq!(
        story.suppressed("li@acme.test").await,
        Some(SuppressionReason::OptedOut)
    );
    story.holds().await;
}

#[tokio::test]
async fn p04_an_opt_out_by_the_address_of_one_letter_ends_all_of_the_person() {
    let mut story = after_the_follow_up().await;
    let other = story.given("ben@corp.test", "Li+news@acme.test", "inbound").await;
    let id = story.enrollments().await[0].id;
    let out = mail(
        &story.bot().for_opt_out(id),
        "assistant@acme.test",
        "unsubscribe",
        "",
        "",
    );
    story.reads(out).await;
    for id in [id, other] {
        let Standing::Ended { outcome, .. } = story.standing_of(id).await else {
            panic!("it goes on")
        };
        assert_eq!(outcome, Ending::OptedOut);
    }
    assert_eq!(story.mails_to("ben@corp.test").len(), 1, "both reps are told");
    story.holds().await;
}

fn report(to: &cadence::model::Address, dead: &[&str]) -> Vec<u8> {
    let fates: String = dead
        .iter()
        .map(|who| format!("\nFinal-Recipient: rfc822; {who}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n"))
        .collect();
    let more = "Return-Path: <>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n";
    let text = format!(
        "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.there.test\n{fates}\n--b--"
    );
    mail(to, "mailer-daemon@there.test", "Undelivered", more, &text)
}

#[tokio::test]
async fn p08_a_report_by_a_good_token_proves_nothing_about_somebody_else() {
    let mut story = after_the_follow_up().await;
    let sent = story.relay.sent();
    let touch = sent
        .iter()
        .find(|letter| letter.to == address("li@acme.test"))
        .expect("a touch");
    let to = touch.envelope_from.clone().expect("an envelope sender");
    let told = story.mails_to("ana@corp.test").len();
    story.reads(report(&to, &["kim@corp2.test"])).await;
    assert_eq!(story.suppressed("kim@corp2.test").await, None);
    assert_eq!(story.suppressed("li@acme.test").await, Some(SuppressionReason::Bounced));
    let Standing::Paused { why, until, .. } = standing(&story, "kim@corp2.test").await else {
        panic!("weak evidence stops")
    };
    assert_eq!((why, until.is_some()), (PauseReason::BounceUnproven, true));
    assert_eq!(story.mails_to("ana@corp.test").len(), told + 2, "both are told");
    story.holds().await;
}

#[tokio::test]
async fn p08_one_invented_report_does_not_stop_the_whole_list() {
    let people: Vec<String> = (0..10).map(|n| format!("p{n}@firm.test")).collect();
    let mut story = Story::new(&[]).await;
    let mut ids = Vec::new();
    for who in &people {
        ids.push(story.given("ana@corp.test", who, "outbound").await);
    }
    let named: Vec<&str> = people.iter().map(String::as_str).collect();
    let invented = report(&story.bot().address().clone(), &named);
    story.reads(invented).await;
    let mut stopped = 0;
    for id in ids {
        stopped += usize::from(is_paused(&story.standing_of(id).await));
    }
    assert!((1..=3).contains(&stopped), "{stopped} of 10");
}

#[tokio::test]
async fn p08_a_reps_token_in_another_reps_name_does_nothing_and_is_answered_to_nobody() {
    let mut story = after_the_follow_up().await;
    let id = story.enrollments().await[0].id;
    let sent = story.relay.sent().len();
    let to = story.bot().for_command(id);
    story
        .reads(mail(&to, "Ben Weber <ben@corp.test>", "stop", "", "stop\nhelp"))
        .await;
    assert!(matches!(
        standing(&story, "li@acme.test").await,
        Standing::Waiting { .. }
    ));
    assert_eq!(story.relay.sent().len(), sent, "nobody is answered");
    assert_eq!(story.mailbox.filed(Filing::Quarantine).len(), 1);
    story.until("2026-03-06 09:00").await;
    assert!(
        story.mails_to("ben@corp.test").concat().contains("held"),
        "Ben hears of it"
    );
    story.holds().await;
}

#[tokio::test]
async fn p08_who_holds_a_token_may_not_enroll_by_it() {
    let mut story = after_the_follow_up().await;
    let id = story.enrollments().await[0].id;
    let outbound = CadenceName::parse("outbound").expect("a name");
    let wrong = story.bot().for_enrolling(&outbound, &address("eve@there.test"), 1);
    let more = format!("Cc: {}, {wrong}\n", story.bot().for_command(id));
    let forged = mail(
        &address("victim@there.test"),
        "Ana Costa <ana@corp.test>",
        "Hi",
        &more,
        "Hello",
    );
    story.reads(forged).await;
    let victim = address("victim@there.test").loose();
    assert!(story.world.bot.store.of_person(&victim).await.expect("rows").is_empty());
    assert_eq!(story.mailbox.filed(Filing::Quarantine).len(), 1);
    story.holds().await;
}

#[tokio::test]
async fn p16_what_a_program_sends_in_a_reps_name_is_no_command_and_not_answered() {
    let mut story = after_the_follow_up().await;
    let id = story.enrollments().await[0].id;
    let (to, sent) = (story.bot().for_command(id), story.relay.sent().len());
    for more in [
        "Auto-Submitted: auto-generated\n",
        "Return-Path: <>\n",
        "List-Id: <sales.corp.test>\n",
        "Precedence: bulk\n",
        "Auto-Submitted: auto-replied\n",
    ] {
        story.reads(mail(&to, "ana@corp.test", "stop", more, "stop")).await;
        assert!(
            matches!(standing(&story, "li@acme.test").await, Standing::Waiting { .. }),
            "{more}"
        );
        assert_eq!(story.relay.sent().len(), sent, "{more}");
    }
    story.holds().await;
}

#[tokio::test]
async fn p16_a_hand_over_by_a_program_enrolls_and_is_told_in_the_digest() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    let outbound = CadenceName::parse("outbound").expect("a name");
    let code = story.bot().for_enrolling(&outbound, &address("ana@corp.test"), 1);
    let more = format!("Precedence: bulk\nBcc: {code}\nDate: Mon, 2 Mar 2026 07:00:00 +0100\n");
    story.until("2026-03-02 08:30").await;
    story
        .reads(mail(&address("li@acme.test"), "ana@corp.test", "Hello", &more, "Hi Li"))
        .await;
    assert_eq!(story.enrollments().await.len(), 1);
    assert!(story.relay.sent().is_empty(), "no receipt");
    story.until("2026-03-03 09:00").await;
    assert!(story.mails_to("ana@corp.test").concat().contains("li@acme.test"));
    story.holds().await;
}

#[tokio::test]
async fn p17_a_program_that_answers_our_answers_is_left_alone_after_ten() {
    let mut story = after_the_follow_up().await;
    let id = story.enrollments().await[0].id;
    let (to, sent) = (story.bot().for_command(id), story.relay.sent().len());
    for nth in 0..30 {
        let text = format!("Thank you for your mail number {nth}, which matters to us.");
        story.reads(mail(&to, "ana@corp.test", "Thank you", "", &text)).await;
    }
    assert_eq!(story.relay.sent().len() - sent, 10);
    story.reads(mail(&to, "ana@corp.test", "Re: Hello", "", "pause")).await;
    assert_eq!(
        story.relay.sent().len() - sent,
        11,
        "what is understood is answered always"
    );
    assert!(is_paused(&standing(&story, "li@acme.test").await));
    story.holds().await;
}

#[tokio::test]
async fn a_digest_that_comes_back_is_no_prospects_bounce_and_shows_in_status() {
    let mut story = after_the_follow_up().await;
    let sent = story.relay.sent();
    let digest = sent.iter().rev().find(|letter| letter.to == address("ana@corp.test"));
    let to = digest
        .and_then(|letter| letter.envelope_from.clone())
        .expect("a digest");
    let count = sent.len();
    story.reads(report(&to, &["ana@corp.test", "kim@corp2.test"])).await;
    assert!(matches!(
        standing(&story, "kim@corp2.test").await,
        Standing::Waiting { .. }
    ));
    assert_eq!(story.relay.sent().len(), count);
    let troubles = story.world.bot.store.counts().await.expect("figures").troubles;
    assert!(
        troubles
            .iter()
            .any(|(_, _, why)| why.contains("a letter to a rep came back")),
        "{troubles:?}"
    );
    assert_eq!(story.mailbox.filed(Filing::Bounces).len(), 1);
    story.holds().await;
}

#[tokio::test]
async fn a_prospect_who_writes_after_the_end_reaches_the_rep() {
    let mut story = Story::new(&[("jane@acme.test", replies(9, "never"))]).await;
    story.enroll("2026-03-02 10:00", &["jane@acme.test"], "inbound");
    story.until("2026-03-20 18:00").await;
    assert!(matches!(story.standing().await, Standing::Ended { .. }));
    let told = story.mails_to("ana@corp.test").len();
    let to = story.bot().for_reply(story.enrollment().await.id);
    story
        .reads(mail(&to, "jane@acme.test", "Re: Hello", "", "Sorry for the delay."))
        .await;
    story
        .reads(mail(
            story.bot().address(),
            "jane@acme.test",
            "By the way",
            "",
            "Call me.",
        ))
        .await;
    let relayed = story.mails_to("ana@corp.test").split_off(told).concat();
    assert!(relayed.contains("Sorry for the delay.") && relayed.contains("Call me."));
    story.holds().await;
}

#[tokio::test]
async fn p11_a_stop_counts_though_rep_and_cadence_are_gone() {
    let mut story = Story::new(&[]).await;
    let gone = story.given("zoe@corp.test", "li@acme.test", "outbound").await;
    let renamed = story.given("ana@corp.test", "kim@corp2.test", "no-such-cadence").await;
    story
        .reads(mail(
            &story.bot().for_reply(gone),
            "li@acme.test",
            "Re: Hello",
            "",
            "No.",
        ))
        .await;
    story
        .reads(mail(
            &story.bot().for_opt_out(renamed),
            "kim@corp2.test",
            "unsubscribe",
            "",
            "",
        ))
        .await;
    assert!(is_paused(&story.standing_of(gone).await));
    assert!(matches!(story.standing_of(renamed).await, Standing::Ended { .. }));
    assert_eq!(
        story.suppressed("kim@corp2.test").await,
        Some(SuppressionReason::OptedOut)
    );
    assert_eq!(story.mails_to("ana@corp.test").len(), 1, "who is still there is told");
}

#[tokio::test]
async fn a_rep_stops_an_enrollment_whose_cadence_is_gone() {
    let mut story = Story::new(&[]).await;
    story.until("2026-03-02 10:00").await;
    let id = story.given("ana@corp.test", "kim@corp2.test", "no-such-cadence").await;
    story
        .reads(mail(&story.bot().for_command(id), "ana@corp.test", "stop", "", "stop"))
        .await;
    assert!(matches!(story.standing_of(id).await, Standing::Ended { .. }));
    assert_eq!(at("2026-03-02 10:00"), story.world.now());
}
