//! What is counted: by definition, and fact by fact the same as all at once.

use super::cast::*;
use cadence::model::*;
use cadence::report::{Counts, Measure, add_difference, count, definitions, is_monthly};
use cadence::store::Store;
use jiff::SignedDuration;

fn told(facts: Vec<Fact>) -> Vec<Recorded> {
    let facts = facts.into_iter().enumerate();
    let facts = facts.map(|(nth, fact)| Recorded {
        at: begin() + SignedDuration::from_hours(24 * i64::try_from(nth).unwrap()),
        fact,
    });
    facts.collect()
}

fn of(facts: Vec<Fact>, measure: Measure) -> i64 {
    let counts = count(&told(facts));
    counts
        .iter()
        .filter(|(key, _)| key.measure == measure)
        .map(|(_, many)| many)
        .sum()
}

#[test]
fn a_person_counts_once_however_often_they_answer() {
    let again = vec![
        enrolled("outbound", 0, ""),
        replied(1, None),
        replied(1, Some(Intent::Interested)),
    ];
    assert_eq!(of(again.clone(), Measure::Replied), 1);
    assert_eq!(of(again.clone(), Measure::Interested), 1);
    assert_eq!(of(again, Measure::SentReplied), 1);
}

#[test]
fn an_auto_reply_is_no_reply_and_neither_is_an_opt_out() {
    let away = Fact::AutoReplied {
        until: begin(),
        named: false,
    };
    assert_eq!(of(vec![enrolled("outbound", 0, ""), away], Measure::Replied), 0);
    let out = vec![enrolled("outbound", 0, ""), replied(1, Some(Intent::OptOut))];
    assert_eq!(of(out, Measure::Replied), 0);
}

#[test]
fn a_mail_in_doubt_counts_once_it_counts_as_sent() {
    let doubt = |how| {
        let (step, why) = (StepNo(2), "the connection broke".to_owned());
        let mut facts = vec![enrolled("outbound", 0, ""), Fact::InDoubt { step, why }];
        facts.extend(how);
        facts
    };
    let resolved = Fact::Resolved {
        step: StepNo(2),
        how: Resolution::PresumedSent,
        evidence: "three days passed".to_owned(),
        message_id: None,
        by: None,
    };
    assert_eq!(of(doubt(None), Measure::Sent), 1, "the rep's own mail alone");
    assert_eq!(of(doubt(Some(resolved)), Measure::Sent), 2);
}

#[test]
fn no_part_is_larger_than_its_whole_whatever_happens() {
    let mut dice = fastrand::Rng::with_seed(11);
    for nth in 0..2_000 {
        let counts = count(&life(&mut dice, nth));
        let sum = |measure| {
            counts
                .iter()
                .filter(|(key, _)| key.measure == measure)
                .map(|(_, many)| *many)
                .sum::<i64>()
        };
        for (part, whole) in [
            (Measure::Delivered, Measure::Mailed),
            (Measure::Replied, Measure::Delivered),
            (Measure::OptedOut, Measure::Delivered),
            (Measure::BouncedHard, Measure::Mailed),
            (Measure::Met, Measure::Enrolled),
            (Measure::SentReplied, Measure::Sent),
            (Measure::SentMetLater, Measure::Sent),
        ] {
            assert!(sum(part) <= sum(whole), "{part:?} of {whole:?} in life {nth}");
        }
        let credits = [
            Measure::CreditFirst,
            Measure::CreditLast,
            Measure::CreditLinear,
            Measure::CreditPosition,
        ];
        assert!(credits.iter().all(|model| sum(*model) == sum(credits[0])), "life {nth}");
    }
}

#[tokio::test]
async fn counted_fact_by_fact_is_counted_all_at_once_and_forgets_nothing_after_a_death() {
    let mut dice = fastrand::Rng::with_seed(5);
    let lives: Vec<_> = (0..60).map(|nth| life(&mut dice, nth)).collect();
    let store = Store::in_memory().await.unwrap();
    let mut versions = vec![0; lives.len()];
    for day in 1..=70 {
        let upto = begin() + SignedDuration::from_hours(24 * day);
        write(&store, &lives, upto, &mut versions).await;
        // Portions of any size, some mornings none.
        if day % 3 > 0 {
            store.tally_on(dice.usize(1..40)).await.unwrap();
        }
    }
    store.tally_up().await.unwrap();
    assert_eq!(store.tally_on(100).await.unwrap(), 0, "nothing is left");
    let mut expected = Counts::new();
    for life in &lives {
        add_difference(&mut expected, Counts::new(), count(life));
    }
    let sum = |counts: &Counts, monthly: bool| {
        counts
            .iter()
            .filter(|(key, _)| monthly || !is_monthly(key.measure))
            .count()
    };
    assert!(sum(&expected, false) > 500);
    let found = store.tallied(i64::MIN, i64::MAX).await.unwrap();
    for one in &found {
        let all = expected
            .iter()
            .filter(|(key, _)| key.subject == *one.subject && key.measure == one.measure);
        assert_eq!(all.map(|(_, many)| many).sum::<i64>(), one.many, "{one:?}");
    }
    let days: i64 = found.iter().map(|one| one.many).sum();
    let all = expected.iter().filter(|(key, _)| !is_monthly(key.measure));
    assert_eq!(all.map(|(_, many)| many).sum::<i64>(), days);
    let months = store.tallied_months(i64::MIN, i64::MAX).await.unwrap();
    assert_eq!(
        months.iter().map(|one| one.many).sum::<i64>(),
        expected.values().sum::<i64>()
    );
}

#[tokio::test]
async fn two_who_count_at_once_count_once() {
    let mut dice = fastrand::Rng::with_seed(6);
    let lives: Vec<_> = (0..30).map(|nth| life(&mut dice, nth)).collect();
    let store = Store::in_memory().await.unwrap();
    let mut versions = vec![0; lives.len()];
    write(
        &store,
        &lives,
        begin() + SignedDuration::from_hours(24 * 90),
        &mut versions,
    )
    .await;
    let (one, two) = tokio::join!(store.tally_up(), store.tally_up());
    one.unwrap();
    two.unwrap();
    let found = store.tallied(i64::MIN, i64::MAX).await.unwrap();
    let enrolled = found.iter().filter(|one| one.measure == Measure::Enrolled);
    assert_eq!(enrolled.map(|one| one.many).sum::<i64>(), 30);
}

#[test]
fn the_readme_has_the_definitions() {
    let readme = include_str!("../../../README.md");
    assert!(
        readme.contains(&definitions()),
        "put this into README.md:\n{}",
        definitions()
    );
}

#[test]
fn of_a_forgotten_person_every_count_stays_and_no_name_is_in_any_of_them() {
    let mut dice = fastrand::Rng::with_seed(23);
    for nth in 0..200 {
        let journal = life(&mut dice, nth);
        let alias = address("aaaa@forgotten.invalid");
        let without = |recorded: &Recorded| Recorded {
            at: recorded.at,
            fact: recorded.fact.without_names(&alias),
        };
        let forgotten: Vec<Recorded> = journal.iter().map(without).collect();
        let once_more: Vec<Recorded> = forgotten.iter().map(without).collect();
        assert_eq!(forgotten, once_more, "twice is once");
        let counts = count(&journal);
        assert_eq!(counts, count(&forgotten), "life {nth}");
        let told = format!("{counts:?}");
        assert!(!told.contains("acme.test") && !told.contains("Li Doe"), "{told}");
    }
}

#[test]
fn hours_are_those_of_the_clock_that_the_prospect_had_when_a_mail_went_out() {
    let moved = Fact::Located {
        zone: Zone::one("America/New_York".to_owned(), ZoneReason::Given),
    };
    // The first mail goes out on Tuesday at 10:00 in Berlin, the second a day later at 04:00 in New York.
    let facts = vec![enrolled("outbound", 1, ""), sent(1, 1), moved, sent(2, 1)];
    let mut journal = told(facts);
    journal[3].at = journal[1].at + SignedDuration::from_hours(24);
    let counts = count(&journal);
    let hours: Vec<u8> = counts
        .keys()
        .filter_map(|key| match key.measure {
            Measure::MailedAt(hour) => Some(hour),
            _ => None,
        })
        .collect();
    assert_eq!(hours, [24 + 10, 48 + 4]);
}
