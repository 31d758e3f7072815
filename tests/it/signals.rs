//! What people do elsewhere (a page opened, a link clicked) is reported by mail or by hand, and cadences answer it. And whom
//! nobody may mail any more is not mailed, whoever said so and when.

use crate::story::{Story, address, at};
use cadence::model::*;
use cadence::store::Batch;
use cadence::world::Habit;
use expect_test::expect;

const TOML: &str = "title = \"Own\"\nkind = \"cold\"\ndays = \"calendar\"\n\
    [on]\nsignal.clicked = \"alert\"\nsignal.demo = \"finish\"\nsignal.trial = \"switch to second\"\n\
    [[step]]\nday = 1\ntemplate = \"a\"\n\
    [[step]]\nday = 3\ntemplate = \"b\"\nwhen = 'signal(\"pricing-page\")'\n\
    [[step]]\nday = 8\ntemplate = \"c\"\n";
const SECOND: &str = "title = \"Second\"\nkind = \"warm\"\n[[step]]\nday = 1\nat = \"immediately\"\ntemplate = \"a\"\n";

async fn house() -> Story {
    let files = [
        ("own/cadence.toml", TOML),
        ("own/a.md", "Subject: One\n\nOne?\n"),
        ("own/b.md", "Now that you have seen what it costs?\n"),
        ("own/c.md", "Three?\n"),
        ("second/cadence.toml", SECOND),
        ("second/a.md", "Subject: Your trial\n\nHow is it going?\n"),
    ];
    let people = [("li@acme.test", Habit::Ignores), ("jo@acme2.test", Habit::Ignores)];
    let mut story = Story::with_cadences(&files, &people).await;
    let house = &mut story.world.bot.house;
    house.lead_sources = vec![LeadSource {
        name: "website".to_owned(),
        from: vec!["events@corp.test".to_owned()],
        format: LeadFormat::Labels,
        fields: Default::default(),
        signals: ["pricing-page", "clicked", "demo", "trial"].map(str::to_owned).into(),
        cadence: None,
        reps: Vec::new(),
        territories: Vec::new(),
    }];
    house.administrator = Some(address("admin@corp.test"));
    house.trust.authserv_ids = vec!["mx.reps.test".to_owned()];
    story
}

/// The mail of a program that reports, with what our own server says about it.
fn report(result: &str, who: &str, what: &str) -> String {
    format!(
        "Authentication-Results: mx.reps.test; dmarc={result} header.from=corp.test\nReceived: from out.corp.test by mx.reps.test; Tue, 3 Mar 2026 09:00:00 +0000\n\
         Delivered-To: cadence@reps.test\nFrom: Website <events@corp.test>\nTo: cadence@reps.test\nSubject: Activity\n\
         Date: Tue, 3 Mar 2026 10:00:00 +0100\nMessage-ID: <{}@corp.test>\nAuto-Submitted: auto-generated\n\n\
         E-mail: {who}\nSignal: {what}\n",
        Fingerprint::of("report", &[result, who, what]).hex()
    )
}

fn told(story: &Story, who: &str) -> Vec<String> {
    let letters = story.relay.sent();
    let theirs = letters.iter().filter(|letter| letter.to == address(who));
    theirs
        .map(|letter| cadence::mail::read::read(&letter.bytes))
        .map(|mail| {
            format!(
                "{}: {}",
                mail.subject,
                mail.text.split_whitespace().collect::<Vec<_>>().join(" ")
            )
        })
        .collect()
}

/// The facts of signals in the journals of somebody.
async fn signals(story: &Story, who: &str) -> Vec<String> {
    let store = &story.world.bot.store;
    let mut found = Vec::new();
    for enrollment in store.of_person(&address(who).loose()).await.expect("rows") {
        for recorded in store.journal(enrollment.id).await.expect("a journal") {
            if let Fact::Signalled { name, by, .. } = recorded.fact {
                found.push(format!("{name} by {}", by.unwrap_or_default()));
            }
        }
    }
    found
}

async fn sighted(story: &Story, who: &str, name: &str) {
    let batch = Batch {
        at: Some(story.world.now()),
        sighted: vec![Sighting {
            person: address(who).loose(),
            name: name.to_owned(),
            step: Some(StepNo(1)),
            by: "root".to_owned(),
            at: story.world.now(),
        }],
        ..Batch::default()
    };
    story.world.bot.store.commit(batch).await.expect("left for the bot");
}

#[tokio::test]
async fn a_page_that_somebody_opened_lets_the_step_out_that_asks_for_it_and_no_other_prospects() {
    let mut story = house().await;
    story.enroll("2026-03-02 09:30", &["li@acme.test"], "own");
    story.enroll("2026-03-02 09:40", &["jo@acme2.test"], "own");
    story.arrives(
        "2026-03-03 10:00",
        "report",
        &report("pass", "LI@acme.test", "Pricing page"),
    );
    story.until("2026-03-06 18:00").await;
    assert_eq!(signals(&story, "li@acme.test").await, ["pricing-page by website"]);
    let mails = told(&story, "li@acme.test");
    assert!(
        mails.iter().any(|mail| mail.contains("Now that you have seen")),
        "{mails:?}"
    );
    assert!(signals(&story, "jo@acme2.test").await.is_empty());
    assert!(
        told(&story, "jo@acme2.test").is_empty(),
        "left out, the next is on day 8"
    );
    assert_eq!(story.kinds().await.get("signal"), Some(&1));
    assert!(
        told(&story, "events@corp.test").is_empty(),
        "a program is never answered"
    );
    story.holds().await;
}

#[tokio::test]
async fn a_click_is_told_to_the_rep_at_once_and_a_demo_ends_the_cadence() {
    let mut story = house().await;
    story.enroll("2026-03-02 09:30", &["li@acme.test"], "own");
    story.arrives("2026-03-03 10:00", "report", &report("pass", "li@acme.test", "clicked"));
    story.until("2026-03-03 10:02").await;
    let alerts = told(&story, "ana@corp.test");
    assert!(alerts.iter().any(|alert| alert.contains("Clicked: ")), "{alerts:?}");
    story.arrives("2026-03-04 08:00", "report", &report("pass", "li@acme.test", "demo"));
    story.until("2026-03-04 08:02").await;
    let ended = story.enrollment().await;
    assert!(
        matches!(
            ended.standing,
            Standing::Ended {
                outcome: Ending::ByCadence,
                ..
            }
        ),
        "{:?}",
        ended.standing
    );
    assert_eq!(
        signals(&story, "li@acme.test").await,
        ["clicked by website", "demo by website"]
    );
    story.until("2026-03-20 18:00").await;
    assert!(told(&story, "li@acme.test").is_empty(), "nothing goes out any more");
    story.holds().await;
}

#[tokio::test]
async fn what_is_reported_by_hand_is_taken_in_and_leads_into_another_cadence() {
    let mut story = house().await;
    story.enroll("2026-03-02 09:30", &["li@acme.test"], "own");
    story.until("2026-03-02 12:00").await;
    sighted(&story, "li@acme.test", "trial").await;
    sighted(&story, "stranger@acme.test", "trial").await;
    story.until("2026-03-02 12:05").await;
    let names: Vec<String> = story
        .enrollments()
        .await
        .iter()
        .map(|enrollment| format!("{} {}", enrollment.cadence, enrollment.is_active()))
        .collect();
    expect!["own false second false"].assert_eq(&{
        let mut names = names;
        names.sort();
        names.join(" ")
    });
    assert_eq!(signals(&story, "li@acme.test").await, ["trial by root"]);
    let waiting = story.world.bot.store.sightings(10).await.expect("rows");
    assert!(waiting.is_empty(), "each is taken in once: {waiting:?}");
    story.until("2026-03-03 12:00").await;
    let mails = told(&story, "li@acme.test");
    assert!(mails.iter().any(|mail| mail.starts_with("Your trial: ")), "{mails:?}");
    story.holds().await;
}

#[tokio::test]
async fn a_report_that_proves_nothing_or_names_nothing_known_does_nothing_and_the_administrator_learns_it() {
    let mut story = house().await;
    story.enroll("2026-03-02 09:30", &["li@acme.test"], "own");
    for (result, who, what) in [
        ("fail", "li@acme.test", "demo"),
        ("none", "li@acme.test", "demo"),
        ("pass", "li@acme.test", "opened-the-fridge"),
        ("pass", "li@acme.test", ""),
    ] {
        story.arrives("2026-03-03 08:00", "report", &report(result, who, what));
    }
    story.arrives(
        "2026-03-03 08:00",
        "report",
        &report("pass", "nobody@acme.test", "demo"),
    );
    story.until("2026-03-03 08:10").await;
    assert!(story.enrollment().await.is_active());
    assert!(signals(&story, "li@acme.test").await.is_empty());
    assert_eq!(
        told(&story, "admin@corp.test").len(),
        4,
        "{:?}",
        told(&story, "admin@corp.test")
    );
    let kinds = story.kinds().await;
    assert_eq!(
        (kinds.get("lead_refused"), kinds.get("signal")),
        (Some(&4), Some(&1)),
        "{kinds:?}"
    );
    assert!(
        story
            .world
            .bot
            .store
            .of_person(&address("nobody@acme.test").loose())
            .await
            .expect("rows")
            .is_empty()
    );
    story.holds().await;
}

#[tokio::test]
async fn a_suppressed_domain_stands_for_everybody_at_it_and_below_it() {
    let people = [
        ("jo@mail.rival.test", Habit::Ignores),
        ("li@arrival.test", Habit::Ignores),
    ];
    let mut story = Story::new(&people).await;
    story.enroll("2026-03-02 09:30", &["jo@mail.rival.test"], "outbound");
    story.enroll("2026-03-02 09:40", &["li@arrival.test"], "outbound");
    story.until("2026-03-02 10:00").await;
    let everybody = LooseAddress::everybody_at("@Rival.test").expect("a domain");
    let batch = Batch {
        at: Some(story.world.now()),
        suppress: vec![Suppression {
            address: everybody.clone(),
            reason: SuppressionReason::Administrator,
            at: story.world.now(),
            proof: "root: a competitor".to_owned(),
        }],
        ..Batch::default()
    };
    let store = story.world.bot.store.clone();
    store.commit(batch).await.expect("suppressed");
    let loose = |who: &str| address(who).loose();
    for (who, never) in [
        ("a@rival.test", true),
        ("a@mail.rival.test", true),
        ("a@arrival.test", false),
        ("a@test.test", false),
    ] {
        let found = store.suppressed(&loose(who)).await.expect("an answer");
        assert_eq!(found.is_some(), never, "{who}");
    }
    story.until("2026-03-20 18:00").await;
    assert!(told(&story, "jo@mail.rival.test").is_empty());
    assert!(!told(&story, "li@arrival.test").is_empty());
    let ended = store.of_person(&loose("jo@mail.rival.test")).await.expect("rows");
    assert!(
        matches!(
            ended[0].standing,
            Standing::Ended {
                outcome: Ending::Suppressed,
                ..
            }
        ),
        "{:?}",
        ended[0].standing
    );
    let batch = Batch {
        at: Some(at("2026-03-20 18:00")),
        unsuppress: vec![everybody],
        ..Batch::default()
    };
    store.commit(batch.clone()).await.expect("removed");
    assert!(
        store
            .suppressed(&loose("a@rival.test"))
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(store.commit(batch).await.is_err(), "what is not there is not removed");
    story.holds().await;
}

#[tokio::test]
async fn a_letter_that_lay_ready_when_its_address_was_forbidden_is_withdrawn_and_does_not_wait_day_after_day() {
    let mut story = Story::new(&[("li@acme.test", Habit::Ignores)]).await;
    story.enroll("2026-03-02 09:30", &["li@acme.test"], "outbound");
    story.until("2026-03-04 18:00").await;
    // Everything is held when the next mail falls due, so that it lies ready.
    let id = story.enrollment().await.id;
    let batch = Batch {
        at: Some(story.world.now()),
        hold: vec![Hold {
            scope: Scope::All,
            cause: Cause::Administrator,
            why: "the relay moves".to_owned(),
            by: "root".to_owned(),
            since: story.world.now(),
            clears: Some(at("2026-03-05 16:30")),
        }],
        ..Batch::default()
    };
    story.world.bot.store.commit(batch).await.expect("held");
    story.until("2026-03-05 16:00").await;
    let standing = story.standing_of(id).await;
    assert!(matches!(standing, Standing::Sending { .. }), "{standing:?}");
    story.world.bot.house.etiquette.never.push("@acme.test".to_owned());
    story.until("2026-03-06 12:00").await;
    let standing = story.standing_of(id).await;
    assert!(
        matches!(
            standing,
            Standing::Ended {
                outcome: Ending::Suppressed,
                ..
            }
        ),
        "{standing:?}"
    );
    assert!(told(&story, "li@acme.test").is_empty());
    story.holds().await;
}

#[tokio::test]
async fn what_a_program_opened_is_counted_apart_and_nothing_follows_from_it() {
    let mut story = house().await;
    story.enroll("2026-03-02 09:30", &["li@acme.test"], "own");
    story.enroll("2026-03-02 09:40", &["jo@acme2.test"], "own");
    story.until("2026-03-02 10:00").await;
    let before = told(&story, "ana@corp.test").len();
    sighted(&story, "li@acme.test", OPENED_BY_MACHINE).await;
    sighted(&story, "jo@acme2.test", "opened").await;
    sighted(&story, "jo@acme2.test", CLICKED_BY_MACHINE).await;
    story.until("2026-03-02 10:10").await;
    assert_eq!(signals(&story, "li@acme.test").await, ["opened-by-machine by root"]);
    assert_eq!(told(&story, "ana@corp.test").len(), before, "nobody is told");
    let li = story.enrollment_of("li@acme.test").await;
    assert!(li.history.signals.is_empty(), "no condition ever holds by it");

    let asked = cadence::report::Asked {
        from: jiff::civil::date(2026, 3, 1),
        to: jiff::civil::date(2026, 3, 31),
        cadence: None,
        rep: None,
        minimum: 100,
    };
    let (store, library) = (&story.world.bot.store, &story.world.bot.house.library);
    let made = cadence::service::report::of(store, library, &[], &asked).await.unwrap();
    for page in [
        cadence::report::text(&made),
        cadence::report::html(&made),
        cadence::report::csv(&made),
    ] {
        for row in [
            "opened (people)",
            "opened (machines)",
            "clicked (machines)",
            "cold: opened (people)",
            "30–50 %",
        ] {
            assert!(page.contains(row), "{row}: {page}");
        }
        assert!(!page.contains("clicked (people)"), "{page}");
    }
    story.holds().await;
}

#[test]
fn no_cadence_may_ask_for_what_a_program_did() {
    for toml in [
        TOML.replace("signal.demo", "signal.opened-by-machine"),
        TOML.replace("pricing-page", CLICKED_BY_MACHINE),
    ] {
        let files = [
            ("own/cadence.toml", toml.as_str()),
            ("own/a.md", "Subject: One\n\nOne?\n"),
            ("own/b.md", "Two?\n"),
            ("own/c.md", "Three?\n"),
        ];
        let files: Vec<(String, String)> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        let problems = cadence::template::Library::with(&files).unwrap_err();
        assert!(
            problems
                .iter()
                .any(|problem| problem.what.contains("what a program did")),
            "{problems:#?}"
        );
    }
}
