//! Every format says the same, on good data and on none.

use super::super::command::cadence;
use super::cast::*;
use cadence::store::Store;
use jiff::SignedDuration;
use std::path::Path;

fn house(folder: &Path) {
    let config = r#"
        [bot]
        address = "cadence@reps.corp.test"
        [mailbox]
        kind = "maildir"
        path = "in"
        [relay]
        kind = "maildir"
        path = "out"
        [[rep]]
        address = "ana@corp.test"
        name = "Ana Ruiz"
        zone = "Europe/Madrid"
    "#;
    std::fs::write(folder.join("cadence.toml"), config).unwrap();
}

async fn filled(folder: &Path, many: usize) {
    house(folder);
    std::fs::create_dir_all(folder.join("data")).unwrap();
    let config = cadence::config::Config::load(&folder.join("cadence.toml")).unwrap();
    let database = config.bot.database();
    std::fs::create_dir_all(database.parent().unwrap()).unwrap();
    let store = Store::open(&database).await.unwrap();
    let mut dice = fastrand::Rng::with_seed(9);
    let lives: Vec<_> = (0..many).map(|nth| life(&mut dice, nth)).collect();
    let mut versions = vec![0; lives.len()];
    write(
        &store,
        &lives,
        begin() + SignedDuration::from_hours(24 * 90),
        &mut versions,
    )
    .await;
    store.checkpoint().await.unwrap();
}

fn said(folder: &Path, more: &[&str]) -> String {
    let mut arguments = vec!["report", "--since", "2026-03-01", "--until", "2026-05-31"];
    arguments.extend(more);
    let seen = cadence(folder, &arguments);
    assert_eq!(seen.code, 0, "{}{}", seen.out, seen.err);
    seen.out
}

fn unescaped(html: &str) -> String {
    html.replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[tokio::test]
async fn text_page_sheet_and_json_agree_to_the_last_digit() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 80).await;
    let [text, html, csv, json] =
        ["text", "html", "csv", "json"].map(|format| said(folder.path(), &["--format", format]));
    let plain = ["<small>", "</small>", "<b>", "</b>"]
        .iter()
        .fold(html, |html, tag| html.replace(tag, ""));
    let html = unescaped(&plain);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let mut cells = 0;
    for section in report["sections"].as_array().unwrap() {
        for row in section["rows"].as_array().unwrap() {
            for cell in row.as_object().unwrap().values() {
                let said = cell["text"].as_str().unwrap();
                let line = said.to_owned();
                assert!(text.contains(&line), "text lacks {line}");
                assert!(html.contains(&format!(">{line}</td>")), "html lacks {line}");
                assert!(csv.contains(&said.replace('"', "\"\"")), "csv lacks {line}");
                if let (Some(count), Some(of)) = (cell["count"].as_i64(), cell["of"].as_i64())
                    && of > 0
                {
                    assert!(said.contains(&format!("({count} of {of};")), "{said}");
                }
                cells += 1;
            }
        }
    }
    assert!(cells > 300, "{cells}");
    for word in [
        "gone-long-ago (deleted)",
        "=fair",
        "Suggested window",
        "in test",
        "question or statement",
    ] {
        let there = text.contains(word);
        assert!(
            there || word == "Suggested window" || word == "in test",
            "{word} is not in\n{text}"
        );
    }
    assert!(!csv.contains(",=fair") && !csv.contains("\n=fair"), "a formula:\n{csv}");
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("<script"));
}

#[tokio::test]
async fn nothing_in_the_time_and_one_enrollment_are_said_and_no_percentage_stands_alone() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 1).await;
    let seen = cadence(
        folder.path(),
        &["report", "--since", "2020-01-01", "--until", "2020-01-31"],
    );
    assert!(
        seen.out
            .contains("Nobody was enrolled and nothing was sent in this time."),
        "{}",
        seen.out
    );
    let one = said(folder.path(), &[]);
    assert!(
        one.contains("too few to compare") && !one.contains('▲') && !one.contains('▼'),
        "{one}"
    );
    let seen = cadence(
        folder.path(),
        &["report", "--since", "2026-03-02", "--until", "2026-03-01"],
    );
    assert_eq!(seen.code, 64);
    assert!(seen.err.contains("exchange them"), "{}", seen.err);
}

#[tokio::test]
async fn a_crm_gets_touches_and_outcomes() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 12).await;
    let touches = said(folder.path(), &["--export", "touches"]);
    assert!(touches.starts_with("enrollment,prospect,rep,cadence,step,channel,at,outcome\r\n"));
    assert!(touches.lines().count() > 12, "{touches}");
    let outcomes = said(folder.path(), &["--export", "outcomes"]);
    assert_eq!(outcomes.lines().count(), 13, "{outcomes}");
    let ana = said(folder.path(), &["--export", "outcomes", "--rep", "ana@corp.test"]);
    assert_eq!(ana.lines().count(), 7, "{ana}");
}

#[tokio::test]
async fn a_company_puts_in_its_own_benchmarks() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path(), 20).await;
    assert!(said(folder.path(), &[]).contains("3–8 %"), "the shipped range");
    let file = folder.path().join("cadence.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    let with = |row: &str| std::fs::write(&file, format!("{config}\n[[benchmark]]\n{row}\n")).unwrap();
    with("kind = \"cold\"\nreply = \"2.5-61\"");
    let seen = said(folder.path(), &[]);
    assert!(seen.contains("2.5–61 %") && !seen.contains("3–8 %"), "{seen}");
    with("kind = \"cold\"\nreply = \"lots\"");
    let seen = cadence(folder.path(), &["report"]);
    assert_eq!(seen.code, 78);
    assert!(
        seen.err.contains("expected a range such as \"3-8\", found `lots`"),
        "{}",
        seen.err
    );
}
