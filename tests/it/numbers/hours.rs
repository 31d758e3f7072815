//! Learned hours: opt-in, beside a half that keeps the written ones, and not before enough is known.

use super::cast::{self, begin};
use super::dealing::{hand_over, people, talk};
use crate::story::{Story, ben};
use cadence::model::{Dealing, Fact, LEARNED, Recorded, SEND_TIME, StepNo, WRITTEN};
use cadence::report::{Measure, count};
use cadence::template::Library;
use cadence::world::Habit;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

fn files(more: &str) -> Vec<(String, String)> {
    let steps = "[[step]]\nday = 2\nat = \"10:00\"\ntemplate = \"two\"\n\
                 [[step]]\nday = 4\nat = \"10:00\"\ntemplate = \"three\"\n";
    let mut files = talk(steps, &[("two.md", "Two?\n"), ("three.md", "Three?\n")]);
    files[0].1 = files[0].1.replace("kind =", &format!("{more}kind ="));
    files
}

/// Mails of the past went out at ten and at three; those of three o'clock were answered.
async fn story(more: &str, past: usize, people: &[String]) -> Story {
    let cast: Vec<(&str, Habit)> = people.iter().map(|who| (who.as_str(), Habit::Ignores)).collect();
    let mut story = Story::new(&cast).await;
    story.world.bot.house.library = Library::with(&files(more)).unwrap();
    story.world.bot.house.reps.push(ben());
    let day = begin() - SignedDuration::from_hours(24 * 10);
    let life = |nth: usize| {
        // Berlin is an hour ahead of UTC in winter.
        let hour = if nth.is_multiple_of(2) { 9 } else { 14 };
        let at = day - SignedDuration::from_hours(9) + SignedDuration::from_hours(hour);
        let mut facts = vec![(
            day - SignedDuration::from_hours(9),
            cast::enrolled("past", nth * 3 + 1, ""),
        )];
        facts.push((at, cast::sent(2, nth)));
        if nth % 2 == 1 {
            facts.push((at, cast::replied(2, None)));
        }
        let outcome = cadence::model::Ending::Stopped;
        facts.push((at, Fact::Ended { outcome }));
        facts
            .into_iter()
            .map(|(at, fact)| Recorded { at, fact })
            .collect::<Vec<_>>()
    };
    let lives: Vec<Vec<Recorded>> = (0..past).map(life).collect();
    let mut versions = vec![0; lives.len()];
    cast::write(&story.world.bot.store, &lives, begin(), &mut versions).await;
    story.world.bot.store.tally_up().await.unwrap();
    hand_over(&mut story, "2026-03-02", people);
    story
}

/// Of each half the hours, by the clock in Berlin, at which its last mails went out.
async fn sent(story: &Story, step: u16) -> BTreeMap<String, Vec<i8>> {
    let mut hours: BTreeMap<String, Vec<i8>> = BTreeMap::new();
    for enrollment in story.enrollments().await {
        let half = enrollment.history.dealt(StepNo(1), Dealing::Hour, Some(SEND_TIME));
        let facts = story.world.bot.store.journal(enrollment.id).await.unwrap();
        let at = facts.iter().find_map(|recorded| match &recorded.fact {
            Fact::Sent { step: of, .. } if of.0 == step => Some(recorded.at),
            _ => None,
        });
        let berlin = |at: Timestamp| at.to_zoned(TimeZone::get("Europe/Berlin").unwrap()).hour();
        hours
            .entry(half.unwrap_or("none").to_owned())
            .or_default()
            .push(berlin(at.expect("it went out")));
    }
    hours
}

#[tokio::test]
async fn half_of_the_people_get_the_hour_that_earns_answers_and_the_others_the_written_one() {
    let people = people(12, "firm");
    let mut story = story("send_time = \"learned\"\n", 400, &people).await;
    story.until("2026-03-10 20:00").await;
    let hours = sent(&story, 3).await;
    assert_eq!((hours[LEARNED].len(), hours[WRITTEN].len()), (6, 6), "{hours:?}");
    assert!(hours[WRITTEN].iter().all(|hour| *hour == 10), "{hours:?}");
    let late = hours[LEARNED].iter().filter(|hour| **hour != 10);
    assert!(late.count() >= 5, "ten o'clock earned nothing: {hours:?}");
    assert!(
        hours[LEARNED].iter().all(|hour| (9..17).contains(hour)),
        "inside the window: {hours:?}"
    );
    // Both halves are counted, so that the report compares them.
    let one = story.enrollments().await.swap_remove(0);
    let counted = count(&story.world.bot.store.journal(one.id).await.unwrap());
    let dealt = counted.iter().find(|(key, _)| key.measure == Measure::Dealt);
    assert_eq!(
        dealt.map(|(key, many)| (key.subject.test.as_str(), *many)),
        Some((SEND_TIME, 1))
    );
    story.holds().await;
}

#[tokio::test]
async fn without_enough_mails_and_without_a_word_in_the_cadence_mails_go_as_written() {
    for (more, past) in [("send_time = \"learned\"\n", 40), ("", 400)] {
        let people = people(4, "firm");
        let mut story = story(more, past, &people).await;
        story.until("2026-03-10 20:00").await;
        let hours = sent(&story, 3).await;
        assert_eq!(
            hours,
            BTreeMap::from([("none".to_owned(), vec![10; 4])]),
            "{more:?} with {past}"
        );
        story.holds().await;
    }
}

#[test]
fn a_wrong_word_for_the_hour_is_told() {
    let problems = Library::with(&files("send_time = \"learnt\"\n")).unwrap_err();
    let said: Vec<&str> = problems.iter().map(|problem| problem.what.as_str()).collect();
    assert_eq!(
        said,
        ["unknown `learnt` (did you mean `learned`?); expected `written` or `learned`"]
    );
}
