//! Hottest first: a score that anybody can add up, learned from own outcomes once there are enough.

use super::cast::*;
use cadence::model::*;
use cadence::report::{Heat, Measure, Subject, Tallied, Weights, count};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

fn folded(facts: &[(i64, Fact)]) -> Enrollment {
    let mut journal = vec![Recorded {
        at: begin(),
        fact: enrolled("outbound", 3, "web"),
    }];
    journal.extend(facts.iter().map(|(day, fact)| Recorded {
        at: day_after(*day),
        fact: fact.clone(),
    }));
    Enrollment::fold(EnrollmentId(1), &journal).unwrap()
}

fn day_after(days: i64) -> Timestamp {
    begin() + SignedDuration::from_hours(24 * days)
}

fn clicked() -> Fact {
    Fact::Signalled {
        name: "clicked".to_owned(),
        step: None,
        by: None,
    }
}

fn points(enrollment: &Enrollment, days: i64) -> i32 {
    Heat::default().score(enrollment, None, day_after(days)).points
}

#[test]
fn a_score_is_the_sum_of_its_parts_and_fades() {
    let asked = folded(&[(1, replied(1, Some(Intent::Question)))]);
    let answered = folded(&[(1, replied(1, None))]);
    let silent = folded(&[]);
    assert!(points(&asked, 2) > points(&answered, 2) && points(&answered, 2) > points(&silent, 2));
    assert!(points(&asked, 2) > points(&asked, 20), "what is old is worth less");
    let score = Heat::default().score(&asked, None, day_after(3));
    assert_eq!(score.points, score.parts.iter().map(|part| part.points).sum::<i32>());
    assert_eq!(
        score.words(),
        "score 41: answered with interest (2 days ago) +33, touch 2 +8"
    );
}

#[test]
fn a_colleague_who_answered_makes_somebody_hotter() {
    let silent = folded(&[]);
    let mut heat = Heat::default();
    let before = heat.score(&silent, None, day_after(2));
    heat.colleagues.insert(EnrollmentId(1), day_after(1));
    let after = heat.score(&silent, None, day_after(2));
    assert!(after.points > before.points && after.words().contains("a colleague answered (1 day ago)"));
}

/// Numbers of so many people with these measures.
fn tallied(rows: &[(&str, Measure, i64)]) -> Vec<Tallied> {
    let row = |(source, measure, many): &(&str, Measure, i64)| Tallied {
        subject: Subject {
            cadence: "outbound".to_owned(),
            source: (*source).to_owned(),
            ..Subject::default()
        }
        .into(),
        measure: *measure,
        many: *many,
    };
    rows.iter().map(row).collect()
}

#[test]
fn own_outcomes_replace_the_guess_once_there_are_enough() {
    // In this house clicks mean nothing, opens everything (places 3 and 4), and the fair brings who meets.
    let few = [("web", Measure::Enrolled, 90), ("web", Measure::Met, 10)];
    assert_eq!(Weights::learned(&tallied(&few), 100), Weights::default());
    let many = [
        ("web", Measure::Enrolled, 2_000),
        ("web", Measure::Met, 60),
        ("fair", Measure::Enrolled, 400),
        ("fair", Measure::Met, 60),
        ("web", Measure::HadSign(3), 600),
        ("web", Measure::HadSignMet(3), 30),
        ("web", Measure::HadSign(4), 500),
        ("web", Measure::HadSignMet(4), 200),
    ];
    let weights = Weights::learned(&tallied(&many), 100);
    assert_eq!(weights.learned, Some(2_400));
    let heat = Heat {
        weights,
        ..Heat::default()
    };
    let parts = |facts: &[(i64, Fact)]| -> BTreeMap<String, i32> {
        let score = heat.score(&folded(facts), None, day_after(1));
        score.parts.into_iter().map(|part| (part.what, part.points)).collect()
    };
    let click = parts(&[(1, clicked())]);
    let open = parts(&[(
        1,
        Fact::Signalled {
            name: "opened".to_owned(),
            step: None,
            by: None,
        },
    )]);
    let click = click
        .get("clicked or visited, as reported (today)")
        .copied()
        .unwrap_or(0);
    assert!(click.abs() <= 1, "{click}");
    assert!(open["opened, as reported (today)"] > 20, "{open:?}");
    assert!(open["source web"] < 0, "{open:?}");
}

#[test]
fn tasks_are_counted_by_their_score_and_by_what_came_of_them() {
    let task = |nth: i64, step: u16| Fact::TaskOpened {
        step: StepNo(step),
        task: TaskId(nth),
        text: None,
    };
    let journal: Vec<Recorded> = [
        (0, enrolled("outbound", 3, "web")),
        (1, task(1, 2)),
        (2, replied(1, Some(Intent::Interested))),
        (3, task(2, 3)),
        (4, Fact::Ended { outcome: Ending::Met }),
    ]
    .into_iter()
    .map(|(day, fact)| Recorded {
        at: day_after(day),
        fact,
    })
    .collect();
    let counted = count(&journal);
    let sum = |measure| -> i64 {
        let hits = counted.iter().filter(|(key, _)| key.measure == measure);
        hits.map(|(_, many)| many).sum()
    };
    // The first call was made cold, the second after an interested answer.
    assert_eq!((sum(Measure::Scored(0)), sum(Measure::ScoredMet(0))), (1, 1));
    assert_eq!((sum(Measure::Scored(4)), sum(Measure::ScoredMet(4))), (1, 1));
    assert_eq!((sum(Measure::HadSign(1)), sum(Measure::HadSignMet(1))), (1, 1));
}
