//! Pace as a table: what took room, and when the touch that asks goes.

use super::*;
use cadence::rules::pace::pace;
use std::time::Duration;

/// Touch 3 of Jane at Acme, due on Thursday at ten in Berlin, and what other touches took.
struct Asks {
    tale: Tale,
    usage: Usage,
    pace: Pace,
}

impl Asks {
    fn begin() -> Self {
        let mut tale = Tale::waiting_at_3();
        tale.now = at("2026-03-12T10:00");
        Self {
            tale,
            usage: Usage {
                since: Some(at("2026-01-05T10:00")),
                ..Usage::default()
            },
            pace: Pace::USUAL,
        }
    }

    fn taken(mut self, local: &str, person: &str, step: u16, stage: Stage) -> Self {
        let enrollment = EnrollmentId(i64::try_from(self.usage.taken.len()).unwrap() + 1);
        self.usage.taken.insert(Taken {
            at: at(local),
            enrollment,
            step: StepNo(step),
            person: address(person).loose(),
            stage,
        });
        self
    }

    /// It had a place in the queue.
    fn placed(mut self, local: &str) -> Self {
        let enrollment = &self.tale.enrollment;
        self.usage.taken.insert(Taken {
            at: at(local),
            enrollment: enrollment.id,
            step: enrollment.next_step().unwrap(),
            person: enrollment.prospect.address.loose(),
            stage: Stage::Planned,
        });
        self
    }

    fn answer(&self) -> String {
        match pace(&self.tale.view(), &self.usage, &self.pace, self.tale.now) {
            Ok(()) => "now".to_owned(),
            Err(slot) => format!("{}: {}", shown(slot.at), brief(&slot.why)),
        }
    }
}

#[test]
fn nothing_in_the_way_is_now() {
    assert_eq!(Asks::begin().answer(), "now");
    let long_ago = Asks::begin().taken("2026-03-12T09:40", "li@shop.test", 3, Stage::Made);
    assert_eq!(long_ago.answer(), "now");
}

#[test]
fn the_same_question_has_the_same_answer_and_the_gap_lies_between_its_bounds() {
    let asks = || Asks::begin().taken("2026-03-12T09:59:30", "li@shop.test", 3, Stage::Made);
    let slot = |asks: Asks| pace(&asks.tale.view(), &asks.usage, &asks.pace, asks.tale.now).unwrap_err();
    assert_eq!(slot(asks()), slot(asks()));
    let gap = slot(asks()).at.duration_since(at("2026-03-12T09:59:30")).as_secs();
    assert!((90..=420).contains(&gap), "{gap}");
}

#[test]
fn each_thing_in_the_way_is_named() {
    let domain = Asks::begin().taken("2026-03-12T09:55", "bob@acme.test", 3, Stage::Made);
    assert_eq!(
        domain.answer(),
        "Thu 12 Mar 10:05: pace: mails to acme.test go out 10 min apart"
    );
    let person = Asks::begin().taken("2026-03-11T13:00", "jane+x@acme.test", 3, Stage::Made);
    assert_eq!(
        person.answer(),
        "Thu 12 Mar 13:00: pace: nobody gets two mails within 24 h"
    );
    let mut cap = Asks::begin()
        .taken("2026-03-11T11:00", "a@a.test", 3, Stage::Made)
        .taken("2026-03-11T11:10", "b@b.test", 3, Stage::Made);
    cap.tale.rep.daily_cap = Some(2);
    assert_eq!(
        cap.answer(),
        "Thu 12 Mar 11:00: pace: 2 mails of ana in 24 h are the cap"
    );
    let mut night = Asks::begin();
    night.tale.now = at("2026-03-12T20:00");
    assert_eq!(
        night.answer(),
        "Fri 13 Mar 09:00: held until the window opens at 09:00 on Fri 13 Mar …"
    );
}

#[test]
fn the_ramp_is_the_cap_until_it_has_grown() {
    let mut asks = Asks::begin()
        .taken("2026-03-11T15:00", "a@a.test", 3, Stage::Made)
        .taken("2026-03-11T15:10", "b@b.test", 3, Stage::Made);
    asks.usage.since = Some(at("2026-03-11T15:00"));
    asks.pace.ramp_from = 1;
    asks.pace.ramp_by = 1;
    assert_eq!(
        asks.answer(),
        "Thu 12 Mar 15:00: pace: 2 mails of ana in 24 h are the cap so far, it grows by 1 a day"
    );
    asks.pace.ramp_by = 2;
    assert_eq!(asks.answer(), "now");
}

#[test]
fn who_comes_anew_goes_behind_who_waits_and_before_first_touches() {
    let queue = |step| {
        Asks::begin()
            .taken("2026-03-12T10:01", "a@a.test", step, Stage::Planned)
            .taken("2026-03-12T10:04", "b@b.test", step, Stage::Planned)
    };
    let behind = pace(
        &queue(3).tale.view(),
        &queue(3).usage,
        &Pace::USUAL,
        at("2026-03-12T10:00"),
    );
    assert!(behind.unwrap_err().at > at("2026-03-12T10:05"));
    assert_eq!(queue(1).answer(), "now");
}

#[test]
fn who_has_a_place_keeps_it_and_is_pushed_by_what_is_missing_only() {
    let late = Asks::begin()
        .placed("2026-03-12T09:59")
        .taken("2026-03-12T09:59", "a@a.test", 3, Stage::Made)
        .taken("2026-03-12T10:03", "b@b.test", 3, Stage::Planned);
    assert_eq!(
        late.answer(),
        "Thu 12 Mar 10:00: pace: mails of ana go out one by one, 90 s to 7 min apart"
    );
    let missed = late.placed("2026-03-12T09:30");
    assert_eq!(missed.usage.taken.len(), 4, "the older place is looked at first");
    let slot = pace(&missed.tale.view(), &missed.usage, &missed.pace, missed.tale.now).unwrap_err();
    assert!(slot.at > at("2026-03-12T10:03"), "laid out anew, behind who waits");
}

#[test]
fn a_cap_past_counting_is_none() {
    let mut asks = Asks::begin();
    for nth in 0..60_u16 {
        let person = format!("a@a{nth}.test");
        asks = asks.taken("2026-03-12T09:00", &person, 3, Stage::Made);
    }
    assert!(asks.answer().contains("50 mails of ana in 24 h are the cap"));
    asks.pace.daily_cap = 10_001;
    assert_eq!(asks.answer(), "now");
    asks.pace.gap_from = Duration::from_secs(4000);
    asks.pace.gap_to = Duration::from_secs(4000);
    assert!(asks.answer().contains("go out one by one"), "the gap holds even so");
}
