//! The demo, as a newcomer plays it.

use cadence::model::{CadenceName, Hours, Pace, Window};
use cadence::template::Library;
use cadence::world::demo::{DAYS, Options, make_room, play};
use cadence::world::rehearse;
use jiff::civil::{Weekday, time};

#[tokio::test]
async fn weeks_of_a_team_pass_and_leave_everything_to_open() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("demo");
    make_room(&out).unwrap();
    let options = Options {
        out: out.clone(),
        seed: 2,
    };
    let mut lines = 0;
    let summary = play(&options, &mut |_| lines += 1).await.unwrap();
    assert_eq!((summary.duplicates, summary.sent_after_stop), (0, 0));
    assert_eq!((summary.days, summary.enrolled), (DAYS, 24));
    let story = std::fs::read_to_string(out.join("timeline.txt")).unwrap();
    assert_eq!(story.lines().count(), lines);
    for told in [
        "by BCC",
        "Not enrolled:",
        "replies",
        "taps",
        "asks why",
        "Bounced:",
        "Away:",
        "Opted out:",
        "ended: met",
    ] {
        assert!(story.contains(told), "{told} is not in the story");
    }
    let digests = std::fs::read_dir(out.join("digests")).unwrap().count();
    assert_eq!(digests, 2 * summary.digests, "each as mail and as page");
    assert!(out.join("summary.json").exists());
    let report = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(
        report.contains("Funnel by cadence") && report.contains("<td class=\"n\">24</td>"),
        "{report}"
    );
    let mut mailed: Vec<String> = std::fs::read_dir(out.join("reports"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    mailed.sort();
    for name in [
        "2026-03-09-ana-week-10-of-2026.html",
        "2026-03-09-lead-week-10-of-2026.eml",
        "2026-04-01-lead-march-2026.html",
        "2026-04-01-lead-quarter-1-of-2026.html",
    ] {
        assert!(
            mailed.iter().any(|known| known == name),
            "{name} is not among {mailed:#?}"
        );
    }
    // A page by itself has its charts, and they are pictures.
    let page = |name: &str| std::fs::read_to_string(out.join("reports").join(name)).unwrap();
    let (week, audit) = (
        page("2026-03-09-lead-week-10-of-2026.html"),
        page("2026-04-01-lead-quarter-1-of-2026.html"),
    );
    assert!(!week.contains("cid:") && !audit.contains("cid:"));
    let pictures: Vec<&str> = audit.split("src=\"data:image/png;base64,").skip(1).collect();
    assert!(!pictures.is_empty(), "{audit}");
    for picture in pictures {
        let picture = picture.split('"').next().unwrap();
        // The signature of a PNG, in base64, and nothing that base64 has not.
        assert!(picture.starts_with("iVBORw0KGgo"), "{picture}");
        assert!(
            picture.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c)),
            "{picture}"
        );
    }
    make_room(&out).unwrap();
    assert!(
        !out.join("reports").exists() && !out.join("digests").exists(),
        "it may be played again"
    );
}

#[tokio::test]
async fn a_rehearsal_shows_the_load_of_each_day_and_how_it_ends() {
    let options = rehearse::Options {
        library: Library::embedded().unwrap(),
        cadence: CadenceName::parse("re-engagement").unwrap(),
        prospects: 12,
        reps: 2,
        over: 3,
        reply_rate: 0.25,
        hours: Hours {
            window: Window {
                from: time(9, 0, 0, 0),
                to: time(17, 0, 0, 0),
            },
            weekdays: Hours::USUAL_WEEKDAYS.into(),
            holidays: [].into(),
            ..Hours::usual()
        },
        pace: Pace::USUAL,
        seed: 3,
    };
    let mut days = Vec::new();
    let rehearsal = rehearse::play(options, |day, of| days.push((day, of))).await.unwrap();
    let of = days.last().unwrap().1;
    assert_eq!(days, (1..=of).map(|day| (day, of)).collect::<Vec<_>>());
    assert_eq!((rehearsal.enrolled, rehearsal.wrong), (12, 0));
    assert_eq!(rehearsal.ends.values().sum::<usize>(), 12);
    assert!(!rehearsal.ends.contains_key("under way"), "{:?}", rehearsal.ends);
    let tasks: usize = rehearsal.days.values().map(|load| load.tasks).sum();
    assert_eq!(tasks, rehearsal.tasks.values().sum::<usize>());
    assert_eq!(rehearsal.tasks.len(), 2, "both reps have work");
    let mails: usize = rehearsal.days.values().map(|load| load.mails).sum();
    assert!((12..=24).contains(&mails), "two follow-ups at most for each: {mails}");
    let report = rehearsal.report.as_ref().unwrap();
    let score = report.sections.iter().find(|section| section.id == "score").unwrap();
    let opened: i64 = score
        .rows
        .iter()
        .map(|row| match row[1] {
            cadence::model::Cell::Count(many) => many,
            _ => 0,
        })
        .sum();
    assert!(
        score.chart.is_some() && opened > 0,
        "what the scores were worth is shown: {score:#?}"
    );
    let weekend = |day: &jiff::civil::Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    assert!(!rehearsal.days.keys().any(weekend), "{:?}", rehearsal.days);
}
