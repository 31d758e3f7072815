//! Days and hours that are not the same for everybody: zones that are only plausible, public holidays, lunch, preferred days,
//! reps who are away, pairs of touches that stay together.

use super::*;
use cadence::rules::diary::Diary;
use cadence::rules::enroll::{Hints, zone as find};
use cadence::rules::{country, window};
use expect_test::expect;
use jiff::civil::{Weekday, date};
use proptest::prelude::*;

/// A prospect of whom these words are known.
fn prospect(who: &str, words: &[(&str, &str)], offset: Option<i16>) -> Prospect {
    let mut prospect = candidate(who).prospect;
    let words = words
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    prospect.fields = words.collect();
    let hints = Hints::of(&prospect.address, &prospect.fields, offset);
    prospect.zone = find(&hints, &ana(), at("2026-03-09T10:00"));
    prospect
}

/// When the second of two steps is due, the first made at `made`.
fn second(cadence: &Cadence, prospect: &Prospect, hours: &Hours, made: &str) -> String {
    let (rep, made) = (ana(), at(made));
    let diary = Diary::of(prospect, &rep.address, hours);
    let slot = window::slot(
        cadence,
        &cadence.steps[1],
        Some((StepNo(1), made)),
        made,
        &diary,
        7,
        made,
    );
    assert_eq!(window::open(cadence, &diary, slot.at), Ok(()), "{}", slot.why);
    format!("{}: {}", shown(slot.at), slot.why)
}

fn two(day: u32, at: At) -> Cadence {
    cadence(
        Days::Business,
        &[(1, At::Immediately, Channel::Email), (day, at, Channel::Email)],
    )
}

/// An address, the words about somebody, and the offset of their own mail.
type Known = (&'static str, &'static [(&'static str, &'static str)], Option<i16>);

#[test]
fn zone_and_country_are_found_on_the_best_evidence() {
    let rows: [Known; 17] = [
        ("jane@acme.com", &[("phone", "+49 (0)30 555 0100")], None),
        ("jane@acme.com", &[("phone", "0044 20 7946 0000")], None),
        ("jane@acme.com", &[("phone", "+1 (212) 555-0100")], None),
        ("jane@acme.com", &[("phone", "+1 416 555 0100")], None),
        ("jane@acme.com", &[("phone", "+1 999 555 0100")], None),
        ("jane@acme.com", &[("phone", "+61 412 555 010")], None),
        ("jane@acme.com", &[("phone", "030 555 0100")], None),
        ("jane@acme.de", &[("phone", "+33 1 55 01 00 00")], None),
        (
            "jane@acme.com",
            &[("country", "Deutschland"), ("region", "Bayern")],
            None,
        ),
        ("jane@acme.com", &[("country", "us"), ("state", "CA")], None),
        ("jane@acme.com", &[("country", "Atlantis")], None),
        ("jane@acme.us", &[], None),
        ("jane@acme.us", &[], Some(-360)),
        ("jane@acme.us", &[], Some(60)),
        ("jane@acme.de", &[], Some(60)),
        ("jane@acme.co", &[], None),
        (
            "jane@acme.com",
            &[("timezone", "Asia/Tokyo"), ("phone", "+49 30 5550100")],
            None,
        ),
    ];
    let rows = rows.map(|(who, words, offset)| {
        let prospect = prospect(who, words, offset);
        let country = country::of(&prospect).map_or("nowhere".to_owned(), |found| {
            format!("{} {}", found.region.unwrap_or(found.code), found.because)
        });
        let words: Vec<&str> = words.iter().map(|(_, value)| *value).collect();
        format!("{who} {words:?} {offset:?}: {:?}; {country}", prospect.zone)
    });
    expect![[r#"
        jane@acme.com ["+49 (0)30 555 0100"] None: Zone(Europe/Berlin, from the phone number); DE from the phone number
        jane@acme.com ["0044 20 7946 0000"] None: Zone(Europe/London, from the phone number); GB from the phone number
        jane@acme.com ["+1 (212) 555-0100"] None: Zone(America/New_York, from the phone number); US from the phone number
        jane@acme.com ["+1 416 555 0100"] None: Zone(America/Toronto, from the phone number); CA from the phone number
        jane@acme.com ["+1 999 555 0100"] None: Zone(America/New_York & America/Chicago & America/Los_Angeles & America/Denver, from the phone number); US from the time zone
        jane@acme.com ["+61 412 555 010"] None: Zone(Australia/Sydney, from the phone number); AU from the phone number
        jane@acme.com ["030 555 0100"] None: Zone(Europe/Berlin, yours, nothing else is known); nowhere
        jane@acme.de ["+33 1 55 01 00 00"] None: Zone(Europe/Paris, from the phone number); FR from the phone number
        jane@acme.com ["Deutschland", "Bayern"] None: Zone(Europe/Berlin, from the country given); DE-BY given
        jane@acme.com ["us", "CA"] None: Zone(America/New_York & America/Chicago & America/Los_Angeles & America/Denver, from the country given); US-CA given
        jane@acme.com ["Atlantis"] None: Zone(Europe/Berlin, yours, nothing else is known); nowhere
        jane@acme.us [] None: Zone(America/New_York & America/Chicago & America/Los_Angeles & America/Denver, from the address's country); US from the address
        jane@acme.us [] Some(-360): Zone(America/Denver, from the Date header); US from the address
        jane@acme.us [] Some(60): Zone(+01:00, from the Date header); US from the address
        jane@acme.de [] Some(60): Zone(Europe/Berlin, from the Date header); DE from the address
        jane@acme.co [] None: Zone(Europe/Berlin, yours, nothing else is known); nowhere
        jane@acme.com ["Asia/Tokyo", "+49 30 5550100"] None: Zone(Asia/Tokyo, given); DE from the phone number"#]].assert_eq(&rows.join("\n"));
}

#[test]
fn of_several_plausible_zones_the_hours_count_that_all_have() {
    let hours = hours();
    let somewhere = prospect("jane@acme.us", &[], None);
    let rows = [clock(9, 0), At::Morning, At::Afternoon, clock(16, 0)]
        .map(|at| second(&two(2, at), &somewhere, &hours, "2026-03-09T18:30"));
    expect![[r#"
        Tue 10 Mar 17:00: day 2, held until the window opens at 12:00, inside 09:00 to 17:00 in America/New_York and 3 more zones at once (from the address's country)
        Tue 10 Mar 18:19: day 2, in the morning, inside 09:00 to 17:00 in America/New_York and 3 more zones at once (from the address's country)
        Tue 10 Mar 17:04: day 2, in the afternoon, inside 09:00 to 17:00 in America/New_York and 3 more zones at once (from the address's country)
        Tue 10 Mar 21:00: day 2, at 16:00, inside 09:00 to 17:00 in America/New_York and 3 more zones at once (from the address's country)"#]].assert_eq(&rows.join("\n"));
    // From Sydney to London no hour of the day is common, so that the likeliest counts.
    let mut apart = somewhere;
    apart.zone.name = "Europe/London".to_owned();
    apart.zone.others = vec!["Australia/Sydney".to_owned()];
    expect!["Tue 10 Mar 10:00: day 2, at 09:00, inside 09:00 to 17:00 in Europe/London and Australia/Sydney at once (from the address's country)"].assert_eq(&second(&two(2, clock(9, 0)), &apart, &hours, "2026-03-09T12:00"));
}

#[test]
fn public_holidays_are_those_of_the_prospects_country_and_region() {
    let mut hours = Hours::usual();
    let munich = prospect("jane@acme.de", &[("region", "Bavaria")], None);
    let bavaria = prospect("jane@acme.de", &[("region", "BY")], None);
    let berlin = prospect("jane@acme.de", &[], None);
    let vienna = prospect("jane@acme.at", &[], None);
    let somebody = prospect("jane@acme.com", &[], None);
    let step = two(2, clock(11, 0));
    // Tuesday 6 January is Epiphany in Bavaria and in Austria; a name that is not known is no region.
    let made = "2026-01-05T10:00";
    let mut rows = [munich, bavaria.clone(), berlin, vienna, somebody]
        .map(|who| second(&step, &who, &hours, made))
        .to_vec();
    hours.public = false;
    rows.push(second(&step, &bavaria, &hours, made));
    expect![[r#"
        Tue 06 Jan 11:00: day 2, at 11:00, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Wed 07 Jan 11:00: day 2, at 11:00, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Tue 06 Jan 11:00: day 2, at 11:00, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Wed 07 Jan 11:00: day 2, at 11:00, inside 09:00 to 17:00 in Europe/Vienna (from the address's country)
        Tue 06 Jan 11:00: day 2, at 11:00, inside 09:00 to 17:00 in Europe/Berlin (yours, nothing else is known)
        Tue 06 Jan 11:00: day 2, at 11:00, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)"#]]
    .assert_eq(&rows.join("\n"));
    // On calendar days the reason stands beside the day that it moved from.
    hours.public = true;
    let calendar = cadence(
        Days::Calendar,
        &[(1, At::Immediately, Channel::Email), (2, clock(11, 0), Channel::Email)],
    );
    expect!["Wed 07 Jan 11:00: day 2 falls on Epiphany in DE-BY, so Wed 7 Jan, at 11:00, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)"].assert_eq(&second(&calendar, &bavaria, &hours, made));
}

#[test]
fn nothing_goes_out_for_a_rep_who_is_away() {
    let mut hours = hours();
    hours.away.push(Away {
        rep: address("ana@corp.test"),
        from: date(2026, 3, 10),
        to: date(2026, 3, 20),
    });
    hours.away.push(Away {
        rep: address("ben@corp.test"),
        from: date(2026, 3, 23),
        to: date(2026, 3, 27),
    });
    let who = prospect("jane@acme.de", &[], None);
    let calendar = cadence(
        Days::Calendar,
        &[(1, At::Immediately, Channel::Email), (4, At::Morning, Channel::Email)],
    );
    expect!["Mon 23 Mar 10:19: day 4 falls on a day on which the rep is away, so Mon 23 Mar, in the morning, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)"].assert_eq(&second(&calendar, &who, &hours, "2026-03-09T10:00"));
    let rep = ana();
    let diary = Diary::of(&who, &rep.address, &hours);
    assert!(window::open(&calendar, &diary, at("2026-03-20T12:00")).is_err());
    assert!(window::open(&calendar, &diary, at("2026-03-23T12:00")).is_ok());
}

#[test]
fn nobody_is_reached_over_lunch() {
    let mut hours = hours();
    hours.lunch = Some(window(12, 13));
    let who = prospect("jane@acme.de", &[], None);
    let rows = [clock(12, 30), clock(11, 59), clock(13, 0), At::Afternoon, At::Morning]
        .map(|at| second(&two(2, at), &who, &hours, "2026-03-09T10:00"));
    expect![[r#"
        Tue 10 Mar 13:00: day 2, at 12:30, held over lunch until 13:00, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Tue 10 Mar 11:59: day 2, at 11:59, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Tue 10 Mar 13:00: day 2, at 13:00, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Tue 10 Mar 14:19: day 2, in the afternoon, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Tue 10 Mar 10:19: day 2, in the morning, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)"#]].assert_eq(&rows.join("\n"));
    let rep = ana();
    let diary = Diary::of(&who, &rep.address, &hours);
    let shut = window::open(&outbound(), &diary, at("2026-03-09T12:10")).expect_err("lunch");
    expect!["Mon 09 Mar 13:00: held over lunch until 13:00, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)"].assert_eq(&format!("{}: {}", shown(shut.at), shut.why));
}

#[test]
fn a_touch_waits_for_a_preferred_day_that_is_near_and_for_no_other() {
    let mut hours = hours();
    hours.prefer = vec![Weekday::Tuesday, Weekday::Wednesday];
    let who = prospect("jane@acme.de", &[], None);
    let mut rows = Vec::new();
    // Thursday waits over the weekend for no more than four days, which Tuesday is too far for.
    for made in [
        "2026-03-06T10:00",
        "2026-03-10T10:00",
        "2026-03-11T10:00",
        "2026-03-12T10:00",
    ] {
        rows.push(second(&two(2, At::Morning), &who, &hours, made));
    }
    // What comes at once comes at once, and a pair stays on its day.
    rows.push(second(&two(2, At::Immediately), &who, &hours, "2026-03-12T10:00"));
    rows.push(second(&two(1, At::Afternoon), &who, &hours, "2026-03-12T10:00"));
    // A cadence has its own.
    let mut own = two(2, At::Morning);
    own.prefer = vec![Weekday::Monday];
    rows.push(second(&own, &who, &hours, "2026-03-11T10:00"));
    expect![[r#"
        Tue 10 Mar 10:19: day 2 waits for Tue 10 Mar, since touches prefer Tue, Wed, in the morning, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Wed 11 Mar 10:19: day 2, in the morning, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Thu 12 Mar 10:19: day 2, in the morning, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Tue 17 Mar 10:19: day 2 waits for Tue 17 Mar, since touches prefer Tue, Wed, in the morning, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Fri 13 Mar 09:00: day 2, held until the window opens at 09:00, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Thu 12 Mar 12:04: day 1, in the afternoon, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Mon 16 Mar 10:19: day 2 waits for Mon 16 Mar, since touches prefer Mon, in the morning, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)"#]].assert_eq(&rows.join("\n"));
}

#[test]
fn a_mail_and_the_call_of_its_day_move_together() {
    let hours = hours();
    let who = prospect("jane@acme.de", &[], None);
    let rep = ana();
    let diary = Diary::of(&who, &rep.address, &hours);
    let cadence = cadence(
        Days::Business,
        &[
            (1, At::Immediately, Channel::Email),
            (2, At::Morning, Channel::Email),
            (2, At::Afternoon, Channel::Call),
        ],
    );
    let made = at("2026-03-09T10:00");
    let slot = |step: usize, before: (StepNo, Timestamp), now: Timestamp| {
        window::slot(&cadence, &cadence.steps[step], Some(before), made, &diary, 7, now)
    };
    // The bot was away until 16:20 on the day of the pair: a mail then would tear it apart.
    let mail = slot(1, (StepNo(1), made), at("2026-03-10T16:20"));
    let call = slot(2, (StepNo(2), mail.at), mail.at);
    let rows = [mail, call].map(|slot| format!("{}: {}", shown(slot.at), slot.why));
    expect![[r#"
        Wed 11 Mar 10:19: day 2, after hours, so Wed 11 Mar, in the morning, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)
        Wed 11 Mar 12:24: day 2, in the afternoon, inside 09:00 to 17:00 in Europe/Berlin (from the address's country)"#]].assert_eq(&rows.join("\n"));
    assert!(window::room(&cadence, &cadence.steps[1], &diary, at("2026-03-10T16:20")).is_err());
    assert!(window::room(&cadence, &cadence.steps[1], &diary, at("2026-03-10T15:59")).is_ok());
    assert!(window::room(&cadence, &cadence.steps[2], &diary, at("2026-03-10T16:20")).is_ok());
}

fn places() -> impl Strategy<Value = Prospect> {
    let words = prop_oneof![
        Just(vec![]),
        Just(vec![("phone", "+1 212 555 0100")]),
        Just(vec![("phone", "+1 999 555 0100")]),
        Just(vec![("country", "AU"), ("region", "NSW")]),
        Just(vec![("country", "Germany"), ("region", "BY")]),
        Just(vec![("country", "br")]),
        Just(vec![("timezone", "Asia/Kathmandu"), ("country", "IN")]),
        Just(vec![("timezone", "Africa/Cairo")]),
    ];
    let who = proptest::sample::select(&["jane@acme.com", "jane@acme.us", "jane@acme.ru", "jane@acme.co.uk"]);
    (who, words).prop_map(|(who, words)| prospect(who, &words, None))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whatever_the_days_off_are_each_touch_comes_once_in_order_and_when_it_may(
        who in places(),
        begun in 1_577_836_800_i64..2_200_000_000,
        business in any::<bool>(),
        steps in proptest::collection::vec((0_u32..4, 0_usize..4, any::<bool>(), any::<bool>()), 2..8),
        lunch in any::<bool>(),
        prefer in any::<bool>(),
        away in 0_i64..30,
        seed in any::<i64>(),
        delays in proptest::collection::vec(0_i64..200_000, 8),
    ) {
        let days = if business { Days::Business } else { Days::Calendar };
        let mut day = 1;
        let mut planned = Vec::new();
        for (gap, at, call, _) in &steps {
            day += gap;
            let at = [At::Morning, At::Afternoon, clock(10, 30), At::Immediately][*at];
            planned.push((day, at, if *call { Channel::Call } else { Channel::Email }));
        }
        let cadence = cadence(days, &planned);
        let mut hours = hours();
        hours.lunch = lunch.then(|| window(12, 13));
        hours.prefer = if prefer { vec![Weekday::Tuesday, Weekday::Thursday] } else { Vec::new() };
        let begun = Timestamp::from_second(begun).expect("a time");
        let rules = who.zone.rules();
        let today = rules.to_datetime(begun).date();
        hours.away.push(Away {
            rep: address("ana@corp.test"),
            from: today,
            to: today.checked_add(jiff::Span::new().days(away)).expect("a day"),
        });
        let rep = ana();
        let diary = Diary::of(&who, &rep.address, &hours);
        let mut made: Option<(StepNo, Timestamp)> = None;
        for (step, delay) in cadence.steps.iter().zip(delays) {
            let before = made.map_or(begun, |(_, at)| at);
            let slot = window::slot(&cadence, step, made, begun, &diary, seed, before);
            prop_assert!(slot.at >= before, "{}", slot.why);
            let local = rules.to_datetime(slot.at);
            prop_assert_eq!(diary.day_off(local.date()), None, "{}", slot.why);
            prop_assert!(local.time() >= hours.window.from && local.time() < hours.window.to, "{local}: {}", slot.why);
            prop_assert!(!lunch || local.time().hour() != 12, "{local}: {}", slot.why);
            prop_assert_eq!(window::open(&cadence, &diary, slot.at), Ok(()));
            prop_assert_eq!(window::room(&cadence, step, &diary, slot.at), Ok(()), "{}", slot.why);
            // Every plausible clock shows an hour of work, when there is such an hour at all.
            let shows = |name: &String| {
                let time = Zone::rules_of(name).expect("a zone").to_datetime(slot.at).time();
                time >= hours.window.from && time < hours.window.to
            };
            prop_assert!(who.zone.others.iter().all(shows), "{}: {}", slot.at, slot.why);
            if let (Some((number, at)), Some(before)) = (made, made.and_then(|(number, _)| cadence.step(number))) {
                let gap = rules.to_datetime(at).date().until(local.date()).expect("days").get_days();
                prop_assert!(gap >= i32::try_from(step.day - before.day).expect("small"), "after {number}: {}", slot.why);
            }
            // It is made when it falls due, or some time later.
            let late = Timestamp::from_second(slot.at.as_second() + delay).expect("a time");
            let late = window::room(&cadence, step, &diary, late).map_or_else(|slot| slot.at, |()| late);
            prop_assert_eq!(window::open(&cadence, &diary, late), Ok(()));
            made = Some((step.number, late));
        }
    }
}
