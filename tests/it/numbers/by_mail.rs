//! Reports by mail: to whom, when, once, and with the numbers that every format has.

use crate::story::{Story, address};
use cadence::config::Reports as Settings;
use cadence::mail::read::read;
use cadence::model::Promote;
use cadence::report::Asked;
use cadence::service;
use cadence::service::report_mail::Reports;
use cadence::world::Habit;
use jiff::civil::{date, time};

pub fn settings() -> Settings {
    Settings {
        reps: true,
        managers: vec![address("lead@corp.test")],
        daily: false,
        weekly: true,
        monthly: true,
        quarterly: true,
        at: time(7, 30, 0, 0),
        zone: None,
        minimum: 100,
        seed: 0,
        promote: Promote::Ask,
    }
}

async fn story(settings: Settings) -> Story {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores), ("jo@beta.test", Habit::Ignores)]).await;
    story.world.bot.reports = Reports::new(settings, Vec::new());
    story.enroll("2026-03-03 10:00", &["li@acme.test"], "outbound");
    story.enroll("2026-03-04 10:00", &["jo@beta.test"], "cold-outbound");
    story
}

/// Subjects of the reports that somebody got.
fn reports(story: &Story, who: &str) -> Vec<String> {
    let mails = story.mails_to(who);
    let subjects = mails.iter().map(|mail| read(mail.as_bytes()).subject);
    subjects
        .filter(|subject| subject.contains("numbers:") || subject.starts_with("Audit:"))
        .collect()
}

#[tokio::test]
async fn a_week_is_told_once_on_monday_morning_to_its_rep_and_to_managers() {
    let mut story = story(settings()).await;
    story.until("2026-03-09 07:45").await;
    assert_eq!(reports(&story, "lead@corp.test"), ["Team numbers: week 10 of 2026"]);
    assert!(
        reports(&story, "ana@corp.test").is_empty(),
        "hers comes with the digest"
    );
    story.until("2026-03-09 08:30").await;
    let mut story = story.started_again().await;
    story.world.bot.reports = Reports::new(settings(), Vec::new());
    story.until("2026-03-13 20:00").await;
    assert_eq!(reports(&story, "ana@corp.test"), ["Your numbers: week 10 of 2026"]);
    assert_eq!(
        reports(&story, "lead@corp.test").len(),
        1,
        "a new process mails none again"
    );
    story.holds().await;
}

#[tokio::test]
async fn months_and_quarters_are_told_on_their_first_business_day() {
    let only = Settings {
        reps: false,
        weekly: false,
        ..settings()
    };
    let mut story = story(only).await;
    story.until("2026-04-01 07:00").await;
    assert!(reports(&story, "lead@corp.test").is_empty());
    story.until("2026-04-01 08:00").await;
    let mut told = reports(&story, "lead@corp.test");
    told.sort();
    assert_eq!(told, ["Audit: quarter 1 of 2026", "Team numbers: March 2026"]);
}

#[tokio::test]
async fn days_off_are_respected_and_a_quiet_week_is_not_told() {
    let mut story = story(settings()).await;
    // Monday is a holiday of the team.
    story.world.bot.house.hours.holidays.insert(date(2026, 3, 9));
    story.until("2026-03-09 23:00").await;
    assert!(reports(&story, "lead@corp.test").is_empty() && reports(&story, "ana@corp.test").is_empty());
    story.until("2026-03-10 09:00").await;
    assert_eq!(reports(&story, "ana@corp.test"), ["Your numbers: week 10 of 2026"]);
    let mut quiet = Story::new(&[]).await;
    quiet.world.bot.reports = Reports::new(settings(), Vec::new());
    quiet.until("2026-04-20 09:00").await;
    assert!(
        reports(&quiet, "lead@corp.test").is_empty(),
        "there was nothing to tell"
    );
}

#[tokio::test]
async fn a_bot_that_was_down_tells_the_newest_week_and_no_older_one() {
    let mut story = story(settings()).await;
    story.world.bot.reports = Reports::default();
    story.until("2026-03-18 12:00").await;
    assert!(reports(&story, "ana@corp.test").is_empty());
    story.world.bot.reports = Reports::new(settings(), Vec::new());
    story.until("2026-03-18 12:10").await;
    assert_eq!(reports(&story, "ana@corp.test"), ["Your numbers: week 11 of 2026"]);
}

#[tokio::test]
async fn the_mail_has_the_numbers_of_every_format_and_reads_without_pictures() {
    let mut story = story(settings()).await;
    story.until("2026-04-01 08:00").await;
    let asked = Asked {
        from: date(2026, 3, 1),
        to: date(2026, 3, 31),
        cadence: None,
        rep: None,
        minimum: 100,
    };
    let bot = &story.world.bot;
    let made = service::report::of(&bot.store, &bot.house.library, &[], &asked)
        .await
        .unwrap();
    let mails = story.mails_to("lead@corp.test");
    let raw = mails
        .iter()
        .find(|mail| read(mail.as_bytes()).subject == "Team numbers: March 2026");
    let raw = raw.expect("the report of March");
    let mail = read(raw.as_bytes());
    let part = |kind: &str| {
        let part = mail.parts.iter().find(|part| part.content_type == kind);
        part.unwrap_or_else(|| panic!("no {kind}")).text.clone()
    };
    let (plain, html) = (part("text/plain"), part("text/html"));
    let broken = |text: &str| text.replace('\u{200b}', "");
    let html = broken(&html)
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    let plain = broken(&plain);
    let mut cells = 0;
    for cell in made
        .sections
        .iter()
        .flat_map(|section| section.rows.iter().take(40))
        .flatten()
    {
        let text = cell.text();
        if cell.is_number() {
            assert!(plain.contains(&text) && html.contains(&text), "the mail lacks {text}");
            cells += 1;
        }
    }
    assert!(cells > 50, "{cells}");
    let pictures = raw.matches("Content-Type: image/png").count();
    assert!(
        pictures > 0 && html.matches("src=\"cid:").count() == pictures,
        "{pictures}"
    );
    assert!(
        !html.contains("src=\"http") && !html.contains("li@acme.test"),
        "no remote content, no prospect"
    );
    assert!(raw.contains("multipart/related") && raw.len() < 200_000);
}

#[tokio::test]
async fn report_by_mail_the_digest_and_the_report_of_a_rep_have_the_same_numbers() {
    let mut story =
        crate::reps::desk::house(&[("li@acme.test", Habit::Ignores), ("jo@beta.test", Habit::Ignores)]).await;
    story.enroll("2026-03-03 10:00", &["li@acme.test"], "outbound");
    story.enroll("2026-03-04 10:00", &["jo@beta.test"], "cold-outbound");
    story.until("2026-03-09 08:01").await;
    let digest = story
        .mails_to("ana@corp.test")
        .into_iter()
        .rfind(|mail| read(mail.as_bytes()).subject.starts_with("Today"))
        .expect("a digest");
    let digest = read(digest.as_bytes()).text.replace('\r', "");
    let bare = story.bot().address().clone();
    let told = crate::reps::desk::says(&mut story, &bare, "report week").await;
    let bot = &story.world.bot;
    let lines = service::report::in_short_of(bot, &address("ana@corp.test"), date(2026, 3, 9), 7)
        .await
        .unwrap();
    assert!(
        lines.len() >= 3 && lines[0] == "2 people enrolled (0 before)",
        "{lines:?}"
    );
    for line in &lines {
        assert!(told.contains(line), "the answer lacks {line}:\n{told}");
    }
    for line in lines.iter().take(cadence::model::limits::DIGEST_NUMBERS) {
        assert!(digest.contains(line), "the digest lacks {line}:\n{digest}");
    }
    let whole = service::report::of_rep(bot, &address("ana@corp.test"), date(2026, 3, 3), date(2026, 3, 9))
        .await
        .unwrap();
    let cells: Vec<String> = whole.sections[0].rows[1]
        .iter()
        .map(cadence::model::Cell::text)
        .collect();
    assert!(
        lines[1].starts_with(&format!("{} mails sent", cells[1])),
        "{cells:?} {lines:?}"
    );
}
