//! Pace, driven on a virtual clock through the real rounds, store and letters: what went out is read from the relay, and
//! the rules are checked on that alone.

use cadence::model::*;
use cadence::outbox::Memory;
use cadence::rules::diary::Diary;
use cadence::rules::window;
use cadence::service::{Bot, pulse};
use cadence::store::{Batch, Begin, Store};
use cadence::world::{Post, Setting, World};
use jiff::civil::{date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A mail that reached a prospect.
#[derive(Debug, Clone)]
struct Went {
    at: Timestamp,
    to: Address,
    step: StepNo,
}

/// Ana's bot, alone with its relay.
struct Desk {
    bot: Bot,
    relay: Memory,
    went: Vec<Went>,
    people: i64,
    /// Whether the mailbox can be read.
    barrier: bool,
}

/// A local time in Berlin.
fn at(text: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = text.replace(' ', "T").parse().unwrap();
    civil.to_zoned(berlin()).unwrap().timestamp()
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn hours() -> Hours {
    Hours {
        window: Window {
            from: time(9, 0, 0, 0),
            to: time(17, 0, 0, 0),
        },
        weekdays: Hours::USUAL_WEEKDAYS.into(),
        holidays: BTreeSet::from([date(2026, 4, 3), date(2026, 4, 6)]),
        ..Hours::usual()
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The usual pace of a rep who sends since long.
fn grown() -> Pace {
    Pace {
        ramp_from: 50,
        ..Pace::USUAL
    }
}

/// A wait of a journal for its turn.
fn waits(fact: &Fact) -> Option<&str> {
    match fact {
        Fact::Scheduled { why, .. } | Fact::Deferred { why, .. } => why.strip_prefix(WAITS_FOR_PACE),
        _ => None,
    }
}

impl Desk {
    async fn open(start: &str, pace: Pace) -> Self {
        let post = Post::memory();
        let Post::Memory { outbox, .. } = &post else {
            panic!("memory")
        };
        let relay = outbox.clone();
        let rep = |name: &str| Rep {
            address: address(&format!("{name}@corp.test")),
            name: name.to_owned(),
            zone: berlin(),
            zone_name: "Europe/Berlin".to_owned(),
            digest_at: time(8, 0, 0, 0),
            code_turn: 1,
            daily_cap: None,
            signature: None,
            title: None,
            phone: None,
            calendar_link: None,
        };
        let world = World::new(Setting {
            bot: address("cadence@reps.test"),
            start: at(start),
            seed: 1,
            reps: vec![rep("ana"), rep("ben")],
            people: Vec::new(),
            hours: hours(),
            pace,
            store: Store::in_memory().await.unwrap(),
            post,
        });
        Self {
            bot: world.unwrap().bot,
            relay,
            went: Vec::new(),
            people: 0,
            barrier: true,
        }
    }

    fn now(&self) -> Timestamp {
        self.bot.clock.now()
    }

    /// Somebody whose `step` is due at `due`, handed over by `rep` to `cadence`.
    async fn waiting(&mut self, rep: &str, person: &str, cadence: &str, step: u16, due: Timestamp) -> EnrollmentId {
        self.waiting_in(rep, person, cadence, step, due, "Europe/Berlin").await
    }

    async fn waiting_in(
        &mut self,
        rep: &str,
        person: &str,
        cadence: &str,
        step: u16,
        due: Timestamp,
        zone: &str,
    ) -> EnrollmentId {
        self.people += 1;
        let id = EnrollmentId(self.people);
        let adopted = step.checked_sub(1).filter(|before| *before > 0).map(StepNo);
        let enrolled = Fact::Enrolled {
            rep: address(&format!("{rep}@corp.test")),
            prospect: Box::new(Prospect {
                address: address(person),
                name: Some("Li Wei".to_owned()),
                fields: BTreeMap::new(),
                zone: Zone::one(zone.to_owned(), ZoneReason::DateHeader),
            }),
            cadence: CadenceName::parse(cadence).unwrap(),
            edition: "e1".to_owned(),
            mail: ContentKey(format!("{:064x}", self.people)),
            thread: Thread {
                subject: "Hello".to_owned(),
                ids: MessageId::parse(&format!("root-{}@corp.test", self.people))
                    .into_iter()
                    .collect(),
            },
            adopted,
            stood_for: None,
        };
        let scheduled = Fact::Scheduled {
            of: None,
            step: StepNo(step),
            due,
            why: "day 4, at once".to_owned(),
        };
        let begin = Begin {
            id,
            facts: vec![enrolled, scheduled],
            colleagues: Vec::new(),
        };
        let batch = Batch {
            at: Some(self.now()),
            begin: vec![begin],
            ..Batch::default()
        };
        self.bot.store.commit(batch).await.unwrap();
        id
    }

    /// Lets the rounds work until there is nothing to do now; the next moment at which there is.
    async fn rounds(&mut self) -> Option<Timestamp> {
        for _ in 0..500 {
            if self.barrier {
                self.bot.barrier.finished(self.now());
            }
            let progress = pulse::once(&self.bot).await.unwrap();
            let sent = self.relay.sent();
            for letter in sent
                .iter()
                .filter_map(|letter| Some((letter, letter.touch?)))
                .skip(self.went.len())
            {
                self.went.push(Went {
                    at: self.bot.clock.now(),
                    to: letter.0.to.clone(),
                    step: letter.1.1,
                });
            }
            if progress.done == 0 {
                return progress.wake;
            }
        }
        panic!("the rounds turn in circles")
    }

    async fn until(&mut self, until: Timestamp) {
        while self.now() < until {
            let wake = self.rounds().await;
            // What is due and cannot be done is asked for again after a while, as the pulse does.
            let soon = self.now() + SignedDuration::from_secs(if self.barrier { 5 } else { 300 });
            let next = wake.map_or(until, |wake| if wake > self.now() { wake } else { soon });
            self.bot.clock.move_to(next.min(until));
        }
        self.rounds().await;
    }

    fn touches(&self, step: u16) -> Vec<Timestamp> {
        let of_step = self.went.iter().filter(|went| went.step == StepNo(step));
        of_step.map(|went| went.at).collect()
    }

    async fn journal(&self, id: EnrollmentId) -> Vec<Recorded> {
        self.bot.store.journal(id).await.unwrap()
    }

    /// What anybody may demand of a rep's mails, whatever happened.
    fn must_keep(&self, pace: &Pace) {
        let sent = &self.went;
        let first = sent.first().unwrap().at.to_zoned(berlin()).date();
        for (nth, mail) in sent.iter().enumerate() {
            let day = mail.at.to_zoned(berlin()).date();
            let days = u32::try_from(day.duration_since(first).as_hours() / 24).unwrap();
            let cap = pace.daily_cap.min(pace.ramp_from + pace.ramp_by * days);
            let in_day = |other: &&Went| mail.at.duration_since(other.at) < SignedDuration::from_hours(24);
            let many = sent[..=nth].iter().filter(in_day).count();
            assert!(
                many <= usize::try_from(cap).unwrap(),
                "{many} mails in 24 h on day {days}"
            );
            let open = mail.at.to_zoned(TimeZone::get("Europe/Berlin").unwrap());
            assert!(hours().day_off(open.date()).is_none(), "{mail:?} on a day off");
            for before in &sent[..nth] {
                let apart = Duration::try_from(mail.at.duration_since(before.at)).unwrap();
                assert!(apart >= pace.gap_from, "{apart:?} between two mails");
                if mail.to.domain() == before.to.domain() {
                    assert!(apart >= pace.domain_gap, "{apart:?} between two mails to one domain");
                }
                if mail.to == before.to {
                    assert!(
                        apart >= pace.person_spacing,
                        "{apart:?} between two mails to one person"
                    );
                }
            }
        }
    }

    /// Row, queue and journal say the same.
    async fn must_fold(&self) {
        let mut queued = 0;
        for id in (1..=self.people).map(EnrollmentId) {
            let row = self.bot.store.enrollment(id).await.unwrap().unwrap();
            let fold = Enrollment::fold(id, &self.journal(id).await).unwrap();
            assert_eq!(row, fold);
            queued += i64::from(row.standing.waits_for_pace());
        }
        assert_eq!(self.bot.store.counts().await.unwrap().paced, queued);
    }
}

#[tokio::test]
async fn forty_that_are_due_together_go_one_by_one_and_each_wait_says_why() {
    let mut desk = Desk::open("2026-03-02 09:00", grown()).await;
    let mut ids = Vec::new();
    for nth in 0..40 {
        let (person, due) = (format!("li@shop-{nth}.test"), at("2026-03-02 09:00"));
        ids.push(desk.waiting("ana", &person, "outbound", 4, due).await);
    }
    desk.rounds().await;
    assert_eq!(desk.went.len(), 1, "one goes at once");
    assert_eq!(desk.bot.store.counts().await.unwrap().paced, 39);
    desk.must_fold().await;
    desk.until(at("2026-03-02 17:00")).await;
    assert_eq!(desk.went.len(), 40, "the day is long enough for all");
    desk.must_keep(&grown());
    let gaps: BTreeSet<i64> = desk
        .went
        .windows(2)
        .map(|pair| pair[1].at.duration_since(pair[0].at).as_secs())
        .collect();
    assert!(gaps.len() > 30, "no two gaps are alike: {gaps:?}");
    assert!(gaps.iter().all(|gap| (90..=430).contains(gap)), "{gaps:?}");
    for id in &ids {
        let journal = desk.journal(*id).await;
        let reasons: Vec<&str> = journal.iter().filter_map(|recorded| waits(&recorded.fact)).collect();
        assert!(reasons.len() <= 1, "laid out once: {reasons:?}");
        for reason in reasons {
            assert_eq!(reason, "mails of ana go out one by one, 90 s to 7 min apart");
        }
    }
}

#[tokio::test]
async fn a_new_rep_sends_ten_on_the_first_day_and_five_more_each_day_up_to_the_cap() {
    let pace = Pace {
        daily_cap: 22,
        ..Pace::USUAL
    };
    let mut desk = Desk::open("2026-03-02 08:00", pace.clone()).await;
    for nth in 0..90 {
        let person = format!("li@shop-{nth}.test");
        desk.waiting("ana", &person, "outbound", 4, at("2026-03-02 08:30"))
            .await;
    }
    desk.until(at("2026-03-09 18:00")).await;
    desk.must_keep(&pace);
    let mut days: BTreeMap<jiff::civil::Date, usize> = BTreeMap::new();
    for went in desk.touches(4) {
        *days.entry(went.to_zoned(berlin()).date()).or_default() += 1;
    }
    let days: Vec<String> = days
        .into_iter()
        .map(|(day, many)| format!("{}: {many}", day.strftime("%a %d")))
        .collect();
    expect_test::expect![["Mon 02: 10, Tue 03: 15, Wed 04: 20, Thu 05: 22, Fri 06: 22, Mon 09: 1"]]
        .assert_eq(&days.join(", "));
}

#[tokio::test]
async fn two_people_of_one_company_are_not_mailed_within_ten_minutes() {
    let mut desk = Desk::open("2026-03-02 09:00", grown()).await;
    for nth in 0..6 {
        let (person, due) = (format!("li{nth}@acme.test"), at("2026-03-02 09:00"));
        desk.waiting("ana", &person, "outbound", 4, due).await;
    }
    let other = desk
        .waiting("ana", "jane@corner.test", "outbound", 4, at("2026-03-02 09:00"))
        .await;
    desk.until(at("2026-03-02 12:00")).await;
    assert_eq!(desk.went.len(), 7);
    desk.must_keep(&grown());
    let jane = desk.went.iter().position(|went| went.to.domain() == "corner.test");
    assert_eq!(jane, Some(1), "nobody waits for a company that is not theirs");
    let journal = desk.journal(other).await;
    assert!(journal.iter().any(|recorded| waits(&recorded.fact).is_some()));
    let last = desk.journal(EnrollmentId(6)).await;
    let why = last.iter().find_map(|recorded| waits(&recorded.fact));
    assert_eq!(why, Some("mails to acme.test go out 10 min apart"));
}

#[tokio::test]
async fn one_person_in_two_cadences_of_two_reps_gets_no_two_mails_within_a_day() {
    let mut desk = Desk::open("2026-03-02 09:00", grown()).await;
    desk.waiting("ana", "Li@acme.test", "outbound", 4, at("2026-03-02 10:00"))
        .await;
    let second = desk
        .waiting("ben", "li+news@acme.test", "inbound", 3, at("2026-03-02 11:00"))
        .await;
    desk.until(at("2026-03-04 08:00")).await;
    assert_eq!(desk.touches(4), [at("2026-03-02 10:00")]);
    let [went] = desk.touches(3)[..] else {
        panic!("the second went once: {:?}", desk.went)
    };
    assert!(
        (at("2026-03-03 10:00")..at("2026-03-03 10:01")).contains(&went),
        "{went}"
    );
    let journal = desk.journal(second).await;
    let why = journal.iter().find_map(|recorded| waits(&recorded.fact));
    assert_eq!(why, Some("nobody gets two mails within 24 h"));
}

#[tokio::test]
async fn p6_two_cadences_of_one_rep_keep_their_distance_to_a_person_in_one_round_too() {
    let mut desk = Desk::open("2026-03-02 09:00", grown()).await;
    for cadence in ["outbound", "inbound"] {
        let step = if cadence == "outbound" { 4 } else { 3 };
        desk.waiting("ana", "li@acme.test", cadence, step, at("2026-03-02 09:00"))
            .await;
    }
    desk.until(at("2026-03-04 08:00")).await;
    assert_eq!(desk.went.len(), 2);
    desk.must_keep(&grown());
}

#[tokio::test]
async fn s36_after_three_days_without_a_bot_four_hundred_touches_go_out_like_any_others() {
    let pace = grown();
    // From Thursday to Sunday nobody was there.
    let mut desk = Desk::open("2026-03-09 07:00", pace.clone()).await;
    for nth in 0..400_i64 {
        let due = at("2026-03-05 09:00") + SignedDuration::from_secs(nth * 60);
        // Every fourth is a first touch, and none of them is due later than its neighbours.
        let step = if nth % 4 == 0 { 1 } else { 9 };
        desk.waiting("ana", &format!("li@shop-{nth}.test"), "outbound", step, due)
            .await;
    }
    desk.until(at("2026-03-20 18:00")).await;
    desk.must_keep(&pace);
    desk.must_fold().await;
    let (firsts, follow_ups) = (desk.touches(1), desk.touches(9));
    assert_eq!((firsts.len(), follow_ups.len()), (100, 300), "none is lost");
    assert!(
        follow_ups.iter().all(|went| *went < firsts[0]),
        "conversations that have begun go first"
    );
    let mut facts = 0;
    for id in (1..=400).map(EnrollmentId) {
        let journal = desk.journal(id).await;
        facts += journal
            .iter()
            .filter(|recorded| waits(&recorded.fact).is_some())
            .count();
    }
    assert!(facts < 1_200, "{facts} waits for 400 touches");
}

#[tokio::test]
async fn after_a_day_without_a_mailbox_what_was_written_goes_out_paced_and_inside_the_window() {
    let pace = grown();
    let mut desk = Desk::open("2026-03-02 09:00", pace.clone()).await;
    for nth in 0..60 {
        let person = format!("li@shop-{nth}.test");
        desk.waiting("ana", &person, "outbound", 4, at("2026-03-02 09:00"))
            .await;
    }
    desk.barrier = false;
    desk.until(at("2026-03-02 23:00")).await;
    assert_eq!(desk.went.len(), 0, "nothing goes without proof of silence");
    desk.barrier = true;
    desk.until(at("2026-03-03 08:00")).await;
    assert_eq!(desk.went.len(), 0, "nothing goes at night");
    desk.until(at("2026-03-04 18:00")).await;
    assert_eq!(desk.touches(4).len(), 60);
    desk.must_keep(&pace);
    desk.must_fold().await;
}

#[tokio::test]
async fn after_hours_without_a_relay_the_retries_are_paced_and_keep_their_bytes() {
    let pace = grown();
    let mut desk = Desk::open("2026-03-02 09:00", pace.clone()).await;
    for nth in 0..20 {
        let person = format!("li@shop-{nth}.test");
        desk.waiting("ana", &person, "outbound", 4, at("2026-03-02 09:00"))
            .await;
    }
    for _ in 0..60 {
        desk.relay.answer_next(Receipt::Unreached {
            phase: Phase::Connect,
            why: "connection refused".to_owned(),
        });
    }
    desk.until(at("2026-03-03 17:00")).await;
    assert_eq!(desk.touches(4).len(), 20);
    desk.must_keep(&pace);
    let (mut put_off, mut written) = (0, 0);
    for id in (1..=20).map(EnrollmentId) {
        let journal = desk.journal(id).await;
        let facts = journal.iter().map(|recorded| &recorded.fact);
        let rendered = facts
            .clone()
            .filter(|fact| matches!(fact, Fact::Rendered { .. }))
            .count();
        written += rendered;
        put_off += facts
            .filter(|fact| matches!(fact, Fact::Deferred { .. }) && waits(fact).is_some())
            .count();
    }
    assert!(written <= 40, "{written} times 20 letters were written");
    assert!(put_off > 0, "retries met other mails, and the journal tells it");
}

#[tokio::test]
async fn without_pace_everything_goes_when_it_is_due() {
    let mut desk = Desk::open("2026-03-02 09:00", Pace::OFF).await;
    for nth in 0..150 {
        let (person, due) = (format!("li{nth}@acme.test"), at("2026-03-02 09:00"));
        desk.waiting("ana", &person, "outbound", 4, due).await;
    }
    desk.rounds().await;
    assert_eq!(desk.went.len(), 150);
}

#[tokio::test]
async fn p6_caps_and_gaps_hold_in_any_day_whatever_happens() {
    for seed in 0..5 {
        let mut dice = fastrand::Rng::with_seed(seed);
        let pace = Pace {
            daily_cap: dice.u32(3..20),
            ramp_from: dice.u32(1..8),
            ramp_by: dice.u32(0..4),
            gap_from: seconds(dice.u64(0..300)),
            gap_to: seconds(dice.u64(300..900)),
            domain_gap: seconds(dice.u64(0..1800)),
            person_spacing: seconds(3600 * dice.u64(0..48)),
        };
        let mut desk = Desk::open("2026-03-27 06:00", pace.clone()).await;
        for _ in 0..30 {
            for _ in 0..dice.u8(0..5) {
                let person = format!("li{}@shop-{}.test", dice.u8(0..3), dice.u8(0..12));
                let due = desk.now() + SignedDuration::from_mins(dice.i64(0..3000));
                let step = if dice.u8(0..3) == 0 { 1 } else { 4 };
                let zone = ["Europe/Berlin", "America/New_York", "Asia/Tokyo"][dice.usize(0..3)];
                desk.waiting_in("ana", &person, "outbound", step, due, zone).await;
            }
            match dice.u8(0..6) {
                // Nobody is there for a while.
                0 => desk
                    .bot
                    .clock
                    .move_to(desk.now() + SignedDuration::from_hours(dice.i64(1..70))),
                1 => {
                    desk.barrier = false;
                    desk.until(desk.now() + SignedDuration::from_hours(dice.i64(1..30)))
                        .await;
                    desk.barrier = true;
                }
                2 => desk.relay.answer_next(Receipt::InDoubt {
                    why: "the connection was lost after the final dot".to_owned(),
                }),
                3 => desk.relay.answer_next(Receipt::Deferred {
                    phase: Phase::Rcpt,
                    reply: Reply {
                        code: 450,
                        status: None,
                        text: "later".to_owned(),
                    },
                }),
                _ => {}
            }
            desk.until(desk.now() + SignedDuration::from_mins(dice.i64(10..900)))
                .await;
        }
        assert!(desk.went.len() > 10, "seed {seed}: {} went", desk.went.len());
        desk.must_keep(&pace);
        desk.must_fold().await;
    }
}

/// Only here to show that the window of each prospect is asked, not the rep's.
#[tokio::test]
async fn prospects_far_away_are_laid_out_in_their_own_hours() {
    let mut desk = Desk::open("2026-03-02 09:00", grown()).await;
    for (nth, zone) in ["Asia/Tokyo", "America/New_York", "Europe/Berlin"]
        .into_iter()
        .enumerate()
    {
        for many in 0..4 {
            let person = format!("li@shop-{nth}-{many}.test");
            let due = at("2026-03-02 09:00");
            desk.waiting_in("ana", &person, "outbound", 4, due, zone).await;
        }
    }
    desk.until(at("2026-03-03 09:00")).await;
    assert_eq!(desk.went.len(), 12);
    for went in &desk.went {
        let found = desk.bot.store.of_person(&went.to.loose()).await.unwrap();
        let cadence = desk.bot.house.library.cadence(&found[0].cadence).unwrap();
        assert_eq!(
            window::open(cadence, &Diary::in_zone(&found[0].prospect.zone, &hours()), went.at),
            Ok(())
        );
    }
}
