//! What holds whatever happens.

use super::*;
use cadence::rules::diary::Diary;
use cadence::rules::window;
use proptest::prelude::*;

const ZONES: [&str; 12] = [
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Antarctica/Troll",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Asia/Kathmandu",
    "-12:00",
    "+05:30",
];

fn moments() -> impl Strategy<Value = At> {
    prop_oneof![
        (0_i8..24, 0_i8..60).prop_map(|(hour, minute)| clock(hour, minute)),
        Just(At::Morning),
        Just(At::Afternoon),
        Just(At::Immediately),
        (1_u32..600).prop_map(At::Within),
    ]
}

fn times() -> impl Strategy<Value = Timestamp> {
    (1_577_836_800_000_i64..2_208_988_800_000).prop_map(|ms| Timestamp::from_millisecond(ms).expect("a time"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn a_slot_is_never_past_never_outside_the_window_never_on_a_day_off_and_always_the_same(
        zone_name in proptest::sample::select(&ZONES),
        at in moments(),
        day in 1_u32..30,
        business in any::<bool>(),
        hours_of_day in (5_i8..20, 1_i8..5),
        made in times(),
        passed in prop_oneof![Just(0_i64), 0_i64..3_000_000_000],
        seed in any::<i64>(),
    ) {
        let days = if business { Days::Business } else { Days::Calendar };
        let mut cadence = cadence(days, &[(1, At::Immediately, Channel::Email), (day, at, Channel::Email)]);
        let open = window(hours_of_day.0, (hours_of_day.0 + hours_of_day.1).min(23));
        cadence.window = Some(open);
        let mut hours = hours();
        let rules = Zone::rules_of(zone_name).expect("a zone");
        hours.holidays.insert(rules.to_datetime(made).date().tomorrow().expect("a day"));
        let now = Timestamp::from_millisecond(made.as_millisecond() + passed).expect("a time");
        let slot = || window::slot(
            &cadence, &cadence.steps[1], Some((StepNo(1), made)), made, &Diary::in_zone(&zone(zone_name), &hours), seed, now,
        );
        let found = slot();
        prop_assert_eq!(&found, &slot());
        prop_assert!(found.at >= now);
        let local = rules.to_datetime(found.at);
        prop_assert!(local.time() >= open.from && local.time() < open.to, "{local}: {}", found.why);
        prop_assert!(!matches!(local.date().weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday));
        prop_assert!(!hours.holidays.contains(&local.date()));
        prop_assert_eq!(window::open(&cadence, &Diary::in_zone(&zone(zone_name), &hours), found.at), Ok(()));
        // Never far beyond what the cadence says: the day, the weekend, the holidays.
        let most = now.max(made).as_second() + i64::from(day) * 86_400 * 7 / 5 + 8 * 86_400;
        prop_assert!(found.at.as_second() <= most, "{}", found.why);
    }

    #[test]
    fn the_next_opening_is_open_and_the_digest_comes_later_on_a_business_day(
        zone_name in proptest::sample::select(&ZONES),
        now in times(),
        minute in 0_i8..60,
        hour in 0_i8..24,
    ) {
        let (cadence, hours) = (outbound(), hours());
        let prospects = zone(zone_name);
        if let Err(slot) = window::open(&cadence, &Diary::in_zone(&prospects, &hours), now) {
            prop_assert!(slot.at > now);
            prop_assert_eq!(window::open(&cadence, &Diary::in_zone(&prospects, &hours), slot.at), Ok(()));
        }
        let mut rep = ana();
        rep.zone = prospects.rules();
        rep.digest_at = time(hour, minute, 0, 0);
        let (date, moment) = window::digest(&rep, &hours, now);
        prop_assert!(moment > now);
        prop_assert!(date.weekday().to_monday_zero_offset() < 5 && !hours.holidays.contains(&date));
        let (next, later) = window::digest(&rep, &hours, moment);
        prop_assert!(next > date && later > moment);
    }
}

/// Something that may happen to an enrollment.
#[derive(Debug, Clone)]
enum Event {
    Signal(Signal),
    /// The clock moves by hours, then the round comes by.
    Round(u32),
    Suppressed,
    Answer(u8, u32),
    Wish(u8),
    CutTo(usize),
}

fn signals() -> impl Strategy<Value = Signal> {
    prop_oneof![
        any::<bool>().prop_map(|maybe| Signal::Reply {
            from: None,
            maybe,
            intent: None
        }),
        proptest::option::of(0_i64..90).prop_map(|ahead| Signal::AutoReply {
            back: ahead.map(|days| jiff::civil::date(2026, 3, 5)
                .checked_add(jiff::Span::new().days(days))
                .expect("a date")),
        }),
        (
            any::<bool>(),
            any::<bool>(),
            proptest::sample::select(&["5.1.1", "4.2.2", "5.7.1"])
        )
            .prop_map(|(permanent, proven, status)| Signal::Bounce {
                permanent,
                proven,
                status: Some(status.to_owned()),
                why: "gone".to_owned(),
            }),
        Just(Signal::Delay),
        Just(Signal::Delivered),
        any::<bool>().prop_map(|proven| Signal::Complaint { proven }),
        proptest::sample::select(&[OptOutBy::Token, OptOutBy::Sentence, OptOutBy::Client])
            .prop_map(|by| Signal::OptOut { by }),
    ]
}

/// Signals that end nothing, so that what they do to one another is seen.
fn weak_signals() -> impl Strategy<Value = Signal> {
    signals().prop_filter("it ends the enrollment", |signal| {
        dominant(std::slice::from_ref(signal)).is_none_or(|stands| stands.starts_with("paused"))
    })
}

fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        2 => signals().prop_map(Event::Signal),
        6 => (0_u32..200).prop_map(Event::Round),
        1 => Just(Event::Suppressed),
        6 => (0_u8..6, 1_u32..9).prop_map(|(which, attempts)| Event::Answer(which, attempts)),
        3 => (0_u8..8).prop_map(Event::Wish),
        1 => (1_usize..6).prop_map(Event::CutTo),
    ]
}

fn receipt(which: u8) -> Receipt {
    let reply = |code| Reply {
        code,
        status: None,
        text: "no such user".to_owned(),
    };
    match which {
        0 | 1 => Receipt::Sent(reply(250)),
        2 => Receipt::Unreached {
            phase: Phase::Connect,
            why: "gone".to_owned(),
        },
        3 => Receipt::Refused {
            phase: Phase::Content,
            reply: reply(554),
        },
        4 => Receipt::Withheld,
        _ => Receipt::InDoubt { why: "gone".to_owned() },
    }
}

fn wish(tale: &Tale, which: u8) -> (Asked, Option<Task>) {
    let task = Task {
        id: TaskId(1),
        enrollment: tale.enrollment.id,
        step: StepNo(2),
        rep: tale.rep.address.clone(),
        channel: Channel::Call,
        due: tale.now,
        script: String::new(),
        closed: None,
    };
    let log = |outcome| Asked::Log {
        number: None,
        outcome,
        note: None,
        at: None,
    };
    match which {
        0 => (Asked::order(Order::Stop), None),
        1 => (Asked::order(Order::Pause), None),
        2..=4 => (Asked::order(Order::Resume), None),
        5 => (log(TaskOutcome::Connected), Some(task)),
        6 => (log(TaskOutcome::Meeting), Some(task)),
        _ => (Asked::order(Order::Why), None),
    }
}

fn happens(tale: &mut Tale, event: &Event) {
    match event {
        Event::Signal(signal) => drop(tale.comes(signal)),
        Event::Round(hours) => {
            tale.now += jiff::SignedDuration::from_hours(i64::from(*hours));
            tale.advance();
        }
        Event::Suppressed => drop(tale.advance_if(Some(SuppressionReason::Administrator))),
        // The last letter that was on its way is answered, be it still wanted or not.
        Event::Answer(which, attempts) => {
            let on_its_way = match tale.enrollment.standing {
                Standing::Sending { step, .. } => Some(step),
                _ => tale
                    .enrollment
                    .touched
                    .map(|(step, _)| step.next())
                    .filter(|step| step.0 == 3),
            };
            if let Some(step) = on_its_way {
                let first = tale.now - jiff::SignedDuration::from_hours(i64::from(*attempts) * 10);
                tale.settles(step.0, &receipt(*which), *attempts, first);
            }
        }
        Event::Wish(which) => {
            let (asked, task) = wish(tale, *which);
            tale.says(asked, task.as_ref());
        }
        Event::CutTo(steps) => tale.cadence.steps.truncate(*steps),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn facts_always_fold_and_a_stop_is_never_undone_by_anything_but_the_rep(
        story in proptest::collection::vec(events(), 1..40)
    ) {
        let mut tale = Tale::begin();
        for event in &story {
            let before = tale.enrollment.standing.clone();
            // `take` fails on a misfit and on what is left undecided.
            happens(&mut tale, event);
            let after = &tale.enrollment.standing;
            match before {
                Standing::Ended { outcome, at } => {
                    let same = matches!(after, Standing::Ended { outcome: now, at: then }
                        if (*now == outcome || now.outranks(outcome)) && *then == at);
                    prop_assert!(same, "{event:?}: {after:?}");
                }
                Standing::Paused { until: None, .. } if !matches!(event, Event::Wish(_)) => {
                    let stays = matches!(after, Standing::Paused { until: None, .. } | Standing::Ended { .. });
                    prop_assert!(stays, "{event:?}: {after:?}");
                }
                _ => {}
            }
            if let Standing::Waiting { due, .. } = after {
                let prospects = &tale.enrollment.prospect.zone;
                prop_assert_eq!(window::open(&tale.cadence, &Diary::in_zone(prospects, &tale.hours), *due), Ok(()));
            }
        }
    }

    /// P31: opt-out before complaint before dead address before reply before auto-reply.
    #[test]
    fn signals_lead_to_the_same_end_in_any_order_and_however_often(
        signals in prop_oneof![
            proptest::collection::vec(signals(), 1..8),
            proptest::collection::vec(weak_signals(), 2..8),
        ].prop_map(weigh),
        shuffled in any::<u64>(),
        doubled in any::<u8>(),
        sending in any::<bool>(),
    ) {
        let begin = || if sending { Tale::sending_3() } else { Tale::waiting_at_3() };
        let mut plain = begin();
        signals.iter().for_each(|signal| drop(plain.comes(signal)));

        let mut other = begin();
        let mut order: Vec<&Signal> = signals.iter().collect();
        order.sort_by_key(|signal| Fingerprint::of("order", &[&shuffled.to_string(), &format!("{signal:?}")]).short());
        for (nth, signal) in order.iter().enumerate() {
            other.comes(signal);
            if doubled >> (nth % 8) & 1 == 1 && !is_soft(signal) {
                other.comes(signal);
            }
        }
        prop_assert_eq!(plain.stands(), other.stands());
        let people = |tale: &Tale| tale.suppressed.iter().map(|s| s.address.clone()).collect::<std::collections::BTreeSet<_>>();
        prop_assert_eq!(people(&plain), people(&other));
        if let Some(stands) = dominant(&signals) {
            prop_assert!(plain.stands().starts_with(stands), "{}", plain.stands());
        }
    }
}

/// Equal signals are one: the store knows a mail that it has seen.
fn weigh(signals: Vec<Signal>) -> Vec<Signal> {
    let mut once: Vec<Signal> = Vec::new();
    for signal in signals {
        if !once.contains(&signal) {
            once.push(signal);
        }
    }
    once
}

fn is_soft(signal: &Signal) -> bool {
    matches!(signal, Signal::Bounce { permanent: false, .. })
}

fn dominant(signals: &[Signal]) -> Option<&'static str> {
    let any = |test: &dyn Fn(&Signal) -> bool| signals.iter().any(test);
    let dead = |signal: &Signal| matches!(signal, Signal::Bounce { permanent: true, proven: true, status: Some(status), .. } if status != "5.7.1");
    if any(&|signal| matches!(signal, Signal::OptOut { .. })) {
        Some("ended: opted out")
    } else if any(&|signal| matches!(signal, Signal::Complaint { .. })) {
        Some("ended: complained")
    } else if any(&dead) {
        Some("ended: bounced")
    } else if any(&|signal| matches!(signal, Signal::Reply { .. })) {
        Some("paused before 3: Replied")
    } else {
        None
    }
}
