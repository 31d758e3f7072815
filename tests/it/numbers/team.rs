//! The team's digest: to managers each business day, who is behind and which cadences are at risk, and no prospect.

use super::by_mail::settings;
use crate::story::{Story, address, at, ben};
use cadence::config::Reports as Settings;
use cadence::mail::read::read;
use cadence::model::{Cause, Hold, Scope};
use cadence::service::report_mail::Reports;
use cadence::store::Batch;
use cadence::world::Habit;

fn daily() -> Reports {
    let settings = Settings {
        reps: false,
        weekly: false,
        monthly: false,
        quarterly: false,
        daily: true,
        ..settings()
    };
    Reports::new(settings, Vec::new())
}

/// Ben does not work off his digest, and Ana has nobody.
async fn story() -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.world.bot.house.reps.push(ben());
    story.world.bot.reports = daily();
    story.until("2026-03-02 09:00").await;
    story.given("ben@corp.test", "kim@corp2.test", "outbound").await;
    story
}

/// What the manager got: subjects and texts.
fn told(story: &Story) -> Vec<(String, String)> {
    let mails = story.mails_to("lead@corp.test");
    mails
        .iter()
        .map(|mail| {
            let mail = read(mail.as_bytes());
            (mail.subject, mail.text.replace('\r', ""))
        })
        .collect()
}

#[tokio::test]
async fn managers_get_a_look_at_the_team_each_business_day_once_without_a_prospects_name() {
    let mut story = story().await;
    story.until("2026-03-03 12:00").await;
    let first = told(&story);
    assert_eq!(first.len(), 1, "{first:?}");
    assert_eq!(first[0].0, "Team today: nothing is late");
    assert!(first[0].1.contains("I last read my mailbox at 0"), "{}", first[0].1);
    // At the weekend nobody is mailed.
    story.until("2026-03-08 23:00").await;
    let week = told(&story);
    assert_eq!(week.len(), 4, "Tuesday to Friday: {week:?}");
    for (subject, text) in &week {
        assert!(
            !text.contains("kim@corp2.test") && !text.contains("Kim") && !subject.contains("Kim"),
            "{text}"
        );
    }
    story.holds().await;
}

#[tokio::test]
async fn a_cadence_that_is_held_is_at_risk_and_a_team_without_prospects_is_left_alone() {
    let mut story = story().await;
    let hold = Hold {
        scope: Scope::Cadence(cadence::model::CadenceName::parse("outbound").unwrap()),
        cause: Cause::Complaints,
        why: "2 complaints for 900 mails of \"outbound\" in 30 days".to_owned(),
        by: "cadence".to_owned(),
        since: at("2026-03-02 12:00"),
        clears: None,
    };
    let batch = Batch {
        at: Some(at("2026-03-02 12:00")),
        hold: vec![hold],
        ..Batch::default()
    };
    story.world.bot.store.commit(batch).await.expect("a hold");
    story.until("2026-03-03 12:00").await;
    let told_so = told(&story);
    assert_eq!(told_so[0].0, "Team today: 1 cadence at risk");
    assert!(
        told_so[0].1.contains("outbound: It is held: 2 complaints"),
        "{}",
        told_so[0].1
    );
    let mut nobody = Story::new(&[]).await;
    nobody.world.bot.reports = daily();
    nobody.until("2026-03-06 12:00").await;
    assert_eq!(nobody.mails_to("lead@corp.test"), Vec::<String>::new());
    let _ = address("lead@corp.test");
}

#[tokio::test]
async fn who_has_calls_that_are_late_or_answers_that_wait_is_behind() {
    use cadence::model::{Channel, PauseReason, Standing, StepNo, Task, TaskId};
    use cadence::report::{Member, behind};
    let mut story = story().await;
    story.until("2026-03-02 10:00").await;
    let kim = story.enrollment_of("kim@corp2.test").await;
    let mut answered = kim.clone();
    answered.standing = Standing::Paused {
        why: PauseReason::Replied,
        until: None,
        next: StepNo(3),
    };
    let call = |due: &str| Task {
        id: TaskId(1),
        enrollment: kim.id,
        step: StepNo(2),
        rep: kim.rep.clone(),
        channel: Channel::Call,
        due: at(due),
        script: String::new(),
        closed: None,
    };
    let tasks = [
        (call("2026-03-03 09:00"), kim.clone()),
        (call("2026-03-06 09:00"), kim.clone()),
        (call("2026-03-09 09:00"), kim.clone()),
        (call("2026-03-02 09:00"), answered.clone()),
    ];
    let paused = [(answered, at("2026-03-05 17:00"))];
    let hours = &story.world.bot.house.hours;
    let rep = ben();
    let member = Member {
        rep: &rep,
        tasks: &tasks,
        paused: &paused,
        away: None,
    };
    let monday = jiff::civil::date(2026, 3, 9);
    let found = behind(&member, monday, hours).expect("behind");
    assert_eq!(
        (found.late, found.days_late),
        (2, 4),
        "from Tuesday to Monday, without the weekend"
    );
    assert_eq!((found.waiting, found.days_waiting), (1, 2));
    assert_eq!(found.rep, "Ben Weber");
    assert_eq!(
        behind(&member, jiff::civil::date(2026, 3, 2), hours),
        None,
        "nothing is late yet"
    );
}
