//! What an administrator does to a house with people in it: report, suppress, look at what an edit changes.

use super::*;
use cadence::model::{
    Address, CadenceName, ContentKey, EnrollmentId, Fact, Prospect, StepNo, Thread, Zone, ZoneReason,
};
use cadence::store::{Batch, Begin, Store};
use jiff::Timestamp;
use std::collections::BTreeMap;

const TOML: &str = "title = \"Mine\"\nkind = \"cold\"\n[on]\nsignal.demo = \"finish\"\n[[step]]\nday = 1\ntemplate = \"a\"\n\
    [[step]]\nday = 3\ntemplate = \"b\"\n[[step]]\nday = 5\ntemplate = \"c\"\n";

/// A house with a cadence of its own, in which Jane waits for touch 2.
async fn inhabited(folder: &Path) {
    house(folder);
    let path = folder.join("cadence.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("cadences = \"cadences\"\n{config}")).unwrap();
    let mine = folder.join("cadences/mine");
    std::fs::create_dir_all(&mine).unwrap();
    std::fs::write(mine.join("cadence.toml"), TOML).unwrap();
    std::fs::write(mine.join("a.md"), "Subject: One\n\nOne?\n").unwrap();
    std::fs::write(mine.join("b.md"), "Two?\n").unwrap();
    std::fs::write(mine.join("c.md"), "Three?\n").unwrap();
    std::fs::create_dir(folder.join("cadence-data")).unwrap();
    let store = Store::open(&folder.join("cadence-data/cadence.db")).await.unwrap();
    let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let (who, name) = (
        Address::parse("jane@acme.test").unwrap(),
        CadenceName::parse("mine").unwrap(),
    );
    let key = ContentKey("given".to_owned());
    let facts = vec![
        Fact::Enrolled {
            rep: Address::parse("ana@corp.test").unwrap(),
            prospect: Box::new(Prospect {
                address: who.clone(),
                name: None,
                fields: BTreeMap::new(),
                zone: Zone::one("Europe/Berlin".to_owned(), ZoneReason::Rep),
            }),
            cadence: name.clone(),
            edition: "1".to_owned(),
            mail: key.clone(),
            thread: Thread {
                subject: "Hello".to_owned(),
                ids: Vec::new(),
            },
            adopted: Some(StepNo::FIRST),
        },
        Fact::Scheduled {
            of: Some("b".to_owned()),
            step: StepNo(2),
            due: "2036-03-04T09:00:00Z".parse().unwrap(),
            why: "day 3".to_owned(),
        },
    ];
    let batch = Batch {
        at: Some(now),
        begin: vec![Begin {
            id: EnrollmentId::derive(&key, &who, &name),
            facts,
            colleagues: Vec::new(),
        }],
        ..Batch::default()
    };
    store.commit(batch).await.unwrap();
}

/// With somebody's house, on a thread where a process may be waited for.
async fn in_house(test: fn(&Path)) {
    let folder = folder();
    inhabited(folder.path()).await;
    tokio::task::spawn_blocking(move || test(folder.path())).await.unwrap();
}

#[tokio::test]
async fn a_report_by_hand_says_what_follows_and_one_about_nobody_is_refused() {
    in_house(|folder| {
        shown(
            folder,
            &["signal", "Jane+x@acme.test", "demo"],
            0,
            expect![[r#""#]],
        );
        shown(folder, &["signal", "jane@acme.test", "clicked"], 0, expect![[r#""#]]);
        shown(folder, &["signal", "jo@acme.test", "clicked"], 65, expect![[r#""#]]);
        shown(folder, &["signal", "jane@acme.test", "Clicked!"], 64, expect![[r#""#]]);
    })
    .await;
}

#[tokio::test]
async fn addresses_and_domains_are_suppressed_with_why_and_listed_and_removed() {
    in_house(|folder| {
        let run = |arguments: &[&str]| {
            let seen = cadence(folder, arguments);
            let text = format!("{}{}", seen.out, seen.err);
            // When it was done is not the test's to know.
            let known = timeless(&text);
            format!("{} {known}", seen.code)
        };
        let mut all = String::new();
        for arguments in [
            ["suppress", "list"].as_slice(),
            &["suppress", "add", "@Rival.test", "--why", "a competitor"],
            &["suppress", "add", "Jo+x@acme.test", "--why", "asked by phone"],
            &["suppress", "add", "@rival.test", "--why", "again"],
            &["suppress", "add", "rival.test", "--why", "no address"],
            &["suppress", "add", "jo@acme.test"],
            &["suppress", "list"],
            &["why", "x@mail.rival.test"],
            &["suppress", "remove", "x@rival.test"],
            &["suppress", "remove", "@rival.test"],
            &["suppress", "list"],
        ] {
            all += &run(arguments);
        }
        expect![[r#""#]].assert_eq(&all);
    })
    .await;
}

/// Moments left out: `since 2026-…Z` is `since then`.
fn timeless(text: &str) -> String {
    let mut words = Vec::new();
    let mut after_since = false;
    for word in text.split(' ') {
        words.push(if after_since { "then:" } else { word });
        after_since = word == "since";
    }
    words.join(" ")
}

#[tokio::test]
async fn what_the_owner_asked_for_is_not_taken_back_by_anybody() {
    use cadence::model::{Suppression, SuppressionReason};
    let folder = folder();
    inhabited(folder.path()).await;
    let store = Store::open(&folder.path().join("cadence-data/cadence.db")).await.unwrap();
    let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    let batch = Batch {
        at: Some(now),
        suppress: vec![Suppression {
            address: Address::parse("jo@acme.test").unwrap().loose(),
            reason: SuppressionReason::OptedOut,
            at: now,
            proof: "a sentence in a reply".to_owned(),
        }],
        ..Batch::default()
    };
    store.commit(batch).await.unwrap();
    tokio::task::spawn_blocking(move || {
        shown(
            folder.path(),
            &["suppress", "remove", "jo@acme.test"],
            65,
            expect![[r#""#]],
        );
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn lint_shows_what_an_edit_changes_for_those_who_are_in_the_cadence() {
    in_house(|folder| {
        let mine = folder.join("cadences/mine");
        shown(folder, &["lint", "cadences/mine"], 0, expect![[r#""#]]);
        // The coming step goes, the last one comes before it, and a new one stands at the end.
        let edited = "title = \"Mine\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n\
            [[step]]\nday = 2\ntemplate = \"c\"\n[[step]]\nday = 6\ntemplate = \"d\"\n";
        std::fs::write(mine.join("cadence.toml"), edited).unwrap();
        std::fs::rename(mine.join("b.md"), mine.join("d.md")).unwrap();
        shown(folder, &["lint", "cadences/mine"], 0, expect![[r#""#]]);
        // A step before the touch that was made is never made up for.
        let before = "title = \"Mine\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"d\"\n\
            [[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 2\ntemplate = \"c\"\n";
        std::fs::write(mine.join("cadence.toml"), before).unwrap();
        std::fs::write(mine.join("d.md"), "Subject: New\n\nNew?\n").unwrap();
        shown(folder, &["lint", "cadences/mine"], 0, expect![[r#""#]]);
    })
    .await;
}

#[tokio::test]
async fn a_cadence_that_does_not_load_stands_in_status_with_its_place_and_stops_no_other_command() {
    in_house(|folder| {
        let broken = TOML.replace("day = 3", "day = 0");
        std::fs::write(folder.join("cadences/mine/cadence.toml"), broken).unwrap();
        let config = std::fs::read_to_string(folder.join("cadence.toml")).unwrap();
        let routed = format!("{config}\n[[route]]\ncadence = \"mine\"\ntitle = [\"cfo\"]\n");
        std::fs::write(folder.join("cadence.toml"), routed).unwrap();
        shown(folder, &["status"], 0, expect![[r#""#]]);
        let seen = cadence(folder, &["addresses", "ana@corp.test"]);
        assert_eq!(seen.code, 0, "{}", seen.err);
        assert!(seen.out.contains("cadence+outbound."), "{}", seen.out);
    })
    .await;
}
