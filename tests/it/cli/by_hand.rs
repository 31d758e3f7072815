//! What an administrator does to a house with people in it: report, suppress, look at what an edit changes.

use super::*;
use cadence::model::{
    Address, CadenceName, Channel, ContentKey, EnrollmentId, Fact, Prospect, StepMark, StepNo, Thread, Zone, ZoneReason,
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
            stood_for: Some(StepMark {
                template: "a".to_owned(),
                day: 1,
                channel: Channel::Email,
            }),
        },
        Fact::Scheduled {
            of: Some(StepMark {
                template: "b".to_owned(),
                day: 3,
                channel: Channel::Email,
            }),
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

#[test]
fn a_preview_opens_its_page_in_the_browser_and_says_so_when_there_is_none() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let path = folder.path();
    let open = |opener: &str| {
        std::fs::write(path.join("xdg-open"), opener).unwrap();
        std::fs::set_permissions(path.join("xdg-open"), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_cadence"));
        let command = command
            .current_dir(path)
            .env("PATH", format!("{}:/usr/bin:/bin", path.display()))
            .env("TMPDIR", path)
            .args(["preview", "no-show", "--open"]);
        let output = command.output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), err)
    };
    let (code, err) = open("#!/bin/sh\necho \"$1\" > opened\n");
    assert_eq!(code, 0, "{err}");
    let opened = std::fs::read_to_string(path.join("opened")).unwrap();
    let page = std::fs::read_to_string(opened.trim()).unwrap();
    assert!(page.contains("We missed each other"), "{page}");
    let (code, err) = open("#!/bin/sh\nexit 3\n");
    assert_eq!(code, 75, "{err}");
    assert!(err.contains("open it yourself"), "{err}");
}

#[tokio::test]
async fn a_report_by_hand_says_what_follows_and_one_about_nobody_is_refused() {
    in_house(|folder| {
        shown(
            folder,
            &["signal", "Jane+x@acme.test", "demo"],
            0,
            expect![[r#"
                mine: demo is reported, and [on] says what follows
            "#]],
        );
        shown(
            folder,
            &["signal", "jane@acme.test", "clicked"],
            0,
            expect![[r#"
            mine: clicked is reported and only remembered: neither [on] nor a step asks for it
        "#]],
        );
        shown(
            folder,
            &["signal", "jo@acme.test", "clicked"],
            65,
            expect![[r#"
            cadence: nobody of this address is in a cadence, so there is nothing to report to
        "#]],
        );
        shown(
            folder,
            &["signal", "jane@acme.test", "Clicked!"],
            64,
            expect![[r#"
            cadence: NAME is up to 40 of a-z, 0-9, - and _, such as pricing-page
        "#]],
        );
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
        expect![[r#"
            0 nothing is suppressed
            0 never mailed: @rival.test since then: an administrator said so (kim, on the command line: a competitor)
            0 never mailed: jo@acme.test since then: an administrator said so (kim, on the command line: asked by phone)
            0 it was suppressed before: @rival.test since then: an administrator said so (kim, on the command line: a competitor)
            64 cadence: WHOM is an address, or everybody at a domain as @acme.example
            64 error: the following required arguments were not provided:
              --why <TEXT>

            Usage: cadence suppress add --why <TEXT> <WHOM>

            For more information, try '--help'.
            0 @rival.test since then: an administrator said so (kim, on the command line: a competitor)
            jo@acme.test since then: an administrator said so (kim, on the command line: asked by phone)
            0 x@mail.rival.test is never mailed: an administrator said so
            x@mail.rival.test was never enrolled
            65 cadence: it is not suppressed by itself; `cadence suppress list` shows what is, domains as well
            0 may be mailed again: @rival.test since then: an administrator said so (kim, on the command line: a competitor)
            0 jo@acme.test since then: an administrator said so (kim, on the command line: asked by phone)
        "#]].assert_eq(&all);
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
    let store = Store::open(&folder.path().join("cadence-data/cadence.db"))
        .await
        .unwrap();
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
            expect![[r#"
                cadence: it stays suppressed, since its owner asked for no more mail: nobody can take that back for them
            "#]],
        );
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn lint_shows_what_an_edit_changes_for_those_who_are_in_the_cadence() {
    in_house(|folder| {
        let mine = folder.join("cadences/mine");
        shown(folder, &["lint", "cadences/mine"], 0, expect![[r#"
            mine/cadence.toml: 3 touches: most answers come after several, so a cadence of kind `cold` has 7 to 12 (advice)
            mine/cadence.toml: 5 days: it presses; a cadence of kind `cold` takes 10 to 30 (advice)
            mine/cadence.toml: emails only: some people answer nothing but their phone; add a call, and a message on LinkedIn (advice)
            mine: loads, 3 touches in 5 days
            1 cadence, 3 touches, 4 words
            cadence: no problems, 3 pieces of advice
        "#]]);
        // The coming step goes, the last one comes before it, and a new one stands at the end.
        let edited = "title = \"Mine\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"a\"\n\
            [[step]]\nday = 2\ntemplate = \"c\"\n[[step]]\nday = 6\ntemplate = \"d\"\n";
        std::fs::write(mine.join("cadence.toml"), edited).unwrap();
        std::fs::rename(mine.join("b.md"), mine.join("d.md")).unwrap();
        shown(folder, &["lint", "cadences/mine"], 0, expect![[r#"
            mine/cadence.toml: 3 touches: most answers come after several, so a cadence of kind `cold` has 7 to 12 (advice)
            mine/cadence.toml: 6 days: it presses; a cadence of kind `cold` takes 10 to 30 (advice)
            mine/cadence.toml: emails only: some people answer nothing but their phone; add a call, and a message on LinkedIn (advice)
            mine: loads, 3 touches in 6 days
              1 prospect in it; an edit changes what comes for some:
                for 1: `c` comes next, and not `b`
            1 cadence, 3 touches, 4 words
            cadence: no problems, 3 pieces of advice
        "#]]);
        // A step before the touch that was made is never made up for.
        let before = "title = \"Mine\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"d\"\n\
            [[step]]\nday = 1\ntemplate = \"a\"\n[[step]]\nday = 2\ntemplate = \"c\"\n";
        std::fs::write(mine.join("cadence.toml"), before).unwrap();
        std::fs::write(mine.join("d.md"), "Subject: New\n\nNew?\n").unwrap();
        shown(folder, &["lint", "cadences/mine"], 0, expect![[r#"
            mine/a.md:1:1: step 2 is in the thread and keeps its subject: delete this line, or say `thread = false` (advice)
            mine/cadence.toml: 2 days: it presses; a cadence of kind `cold` takes 10 to 30 (advice)
            mine/cadence.toml: 3 touches: most answers come after several, so a cadence of kind `cold` has 7 to 12 (advice)
            mine/cadence.toml: emails only: some people answer nothing but their phone; add a call, and a message on LinkedIn (advice)
            mine/cadence.toml:7:7: step 2 is a second email on the same day: it reads as pressing; move it by two days or change the channel (advice)
            mine: loads, 3 touches in 2 days
              1 prospect in it; an edit changes what comes for some:
                for 1: `d` is left out, since it stands before touches that were made; `c` comes next, and not `b`
            1 cadence, 3 touches, 4 words
            cadence: no problems, 5 pieces of advice
        "#]]);
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
        shown(
            folder,
            &["status"],
            0,
            expect![[r#"
            enrollments  1 waiting
            letters      none
            mails read   none
            open tasks   0
            suppressed   0
            not loaded   mine/cadence.toml:9:7: expected a day from 1 to 400
            next wake-up 2036-03-04 09:00:00 UTC
            troubles     none
        "#]],
        );
        // The key of a house that ran before.
        std::fs::remove_dir_all(folder.join("cadence-data")).unwrap();
        let seen = cadence(folder, &["addresses", "ana@corp.test"]);
        assert_eq!(seen.code, 0, "{}", seen.err);
        assert!(seen.out.contains("cadence+outbound."), "{}", seen.out);
    })
    .await;
}
