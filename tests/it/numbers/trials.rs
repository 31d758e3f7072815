//! How a test is said, who gets which wording, and what takes a wording out.

use crate::story::{Story, address, at, ben};
use cadence::model::{Assign, Fact, Metric, Recorded};
use cadence::report::{Arm, harmful, thompson};
use cadence::template::Library;
use cadence::world::{Event, Habit};
use std::collections::BTreeMap;

fn files(test: &str) -> Vec<(String, String)> {
    let toml = format!(
        "title = \"Talk\"\nkind = \"cold\"\n[[step]]\nday = 1\ntemplate = \"one\"\n[[step]]\nday = 2\ntemplate = \"two\"\n{test}\n"
    );
    [
        ("talk/cadence.toml", toml.as_str()),
        ("talk/one.md", "Subject: One\n\nOne?\n"),
        ("talk/two.md", "Subject: Two\n\nTwo?\n"),
        ("talk/two.a.md", "First wording.\n"),
        ("talk/two.b.md", "Second wording.\n"),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .collect()
}

#[test]
fn a_test_says_what_counts_and_who_gets_what() {
    let library = Library::with(&files(
        "test = { about = \"first or second\", metric = \"met\", minimum = 250, assign = \"bandit\" }",
    ))
    .unwrap();
    let trials = library.trials();
    let (_, trial) = trials.iter().find(|(cadence, _)| cadence == "talk").unwrap();
    assert_eq!(
        (trial.metric, trial.minimum, trial.assign),
        (Metric::Met, Some(250), Assign::Bandit)
    );
    let plain = Library::with(&files("test = \"first or second\"")).unwrap().trials();
    let (_, trial) = plain.iter().find(|(cadence, _)| cadence == "talk").unwrap();
    assert_eq!(
        (trial.metric, trial.minimum, trial.assign),
        (Metric::Reply, None, Assign::Even)
    );
    for (test, said) in [
        (
            "test = { about = \"x\", metric = \"meet\" }",
            "unknown metric `meet` (did you mean `met`?)",
        ),
        ("test = { about = \"x\", assign = \"fair\" }", "unknown way `fair`"),
        (
            "test = { about = \"x\", minimum = 0 }",
            "expected a number of sends from 1",
        ),
        ("test = { metric = \"met\" }", "expected `about"),
        ("test = { about = \"x\", winner = \"a\" }", "unknown key `winner`"),
    ] {
        let problems = Library::with(&files(test)).unwrap_err();
        assert!(
            problems.iter().any(|problem| problem.what.contains(said)),
            "{said}: {problems:#?}"
        );
    }
}

#[tokio::test]
async fn each_rep_gives_all_wordings_equally_often_and_each_enrollment_keeps_its_own() {
    let people: Vec<String> = (0..12).map(|nth| format!("p{nth}@firm{nth}.test")).collect();
    let cast: Vec<(&str, Habit)> = people.iter().map(|who| (who.as_str(), Habit::Ignores)).collect();
    let mut story = Story::new(&cast).await;
    story.world.bot.house.library = Library::with(&files("test = \"first or second\"")).unwrap();
    story.world.bot.house.reps.push(ben());
    for (nth, who) in people.iter().enumerate() {
        story.world.plan(
            at(&format!("2026-03-02 {:02}:00", 9 + nth % 6)),
            Event::Enroll {
                rep: address(["ana@corp.test", "ben@corp.test"][nth % 2]),
                to: vec![address(who)],
                cadence: cadence::model::CadenceName::parse("talk").unwrap(),
                subject: "Hello".to_owned(),
            },
        );
    }
    story.until("2026-03-10 20:00").await;
    let mut given: BTreeMap<(String, String), usize> = BTreeMap::new();
    for enrollment in story.enrollments().await {
        let journal: Vec<Recorded> = story.world.bot.store.journal(enrollment.id).await.unwrap();
        for recorded in &journal {
            if let Fact::Rendered {
                variant: Some(variant), ..
            } = &recorded.fact
            {
                *given
                    .entry((enrollment.rep.to_string(), variant.name.clone()))
                    .or_default() += 1;
                assert_eq!(
                    enrollment.history.wordings.last().map(|(_, letter)| letter),
                    Some(&variant.name)
                );
            }
        }
    }
    let ana = (
        given[&("ana@corp.test".to_owned(), "a".to_owned())],
        given[&("ana@corp.test".to_owned(), "b".to_owned())],
    );
    let ben = (
        given[&("ben@corp.test".to_owned(), "a".to_owned())],
        given[&("ben@corp.test".to_owned(), "b".to_owned())],
    );
    assert_eq!((ana, ben), ((3, 3), (3, 3)));
    story.holds().await;
}

fn arm(name: &str, sent: i64, hits: i64, harm: i64) -> Arm {
    Arm {
        name: name.to_owned(),
        sent,
        hits,
        harm,
    }
}

#[test]
fn a_bandit_gives_what_does_better_more_often_and_still_tries_the_other() {
    let arms = [arm("a", 200, 10, 0), arm("b", 200, 22, 0)];
    let mut dice = fastrand::Rng::with_seed(4);
    let mut better = 0;
    for _ in 0..1_000 {
        let drawn: BTreeMap<&str, f64> = [("a", dice.f64()), ("b", dice.f64())].into();
        better += usize::from(thompson(&arms, |name| drawn[name]) == Some("b"));
    }
    assert!((900..1_000).contains(&better), "{better}");
    let equal = [arm("a", 0, 0, 0), arm("b", 0, 0, 0)];
    assert_eq!(thompson(&equal, |name| if name == "a" { 0.7 } else { 0.2 }), Some("a"));
    assert_eq!(thompson(&[], |_| 0.5), None);
}

#[test]
fn a_wording_that_does_more_harm_is_taken_out_and_never_all_of_them() {
    assert_eq!(harmful(&[arm("a", 200, 9, 2), arm("b", 200, 20, 16)], 100), ["b"]);
    assert!(
        harmful(&[arm("a", 90, 9, 0), arm("b", 90, 9, 9)], 100).is_empty(),
        "too few to tell"
    );
    assert!(harmful(&[arm("a", 200, 9, 6), arm("b", 200, 20, 6)], 100).is_empty());
    assert!(harmful(&[arm("a", 200, 9, 60)], 100).is_empty(), "there is no other");
}
