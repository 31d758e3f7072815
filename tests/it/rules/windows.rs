//! When touches fall due.

use super::*;
use cadence::rules::diary::Diary;
use cadence::rules::window;
use expect_test::expect;
use jiff::civil::date;

/// When the second step falls due, whose first was made at `made`, looked at from `now`.
fn second(days: Days, second: (u32, At), zone_name: &str, made: &str, now: &str) -> String {
    let cadence = cadence(
        days,
        &[
            (1, At::Immediately, Channel::Email),
            (second.0, second.1, Channel::Email),
        ],
    );
    let (made, now) = (at_in(zone_name, made), at_in(zone_name, now));
    let slot = window::slot(
        &cadence,
        &cadence.steps[1],
        Some((StepNo(1), made)),
        made,
        &Diary::in_zone(&zone(zone_name), &hours()),
        7,
        now,
    );
    let local = slot.at.to_zoned(Zone::rules_of(zone_name).expect("a zone"));
    format!("{}: {}", local.strftime("%a %d %b %H:%M:%S"), brief(&slot.why))
}

#[test]
fn the_reason_ends_with_the_window_and_where_the_zone_comes_from() {
    let tale = Tale::begin();
    let Standing::Waiting { why, .. } = &tale.enrollment.standing else {
        panic!("it waits")
    };
    expect!["day 1, in the afternoon, inside 09:00 to 17:00 in Europe/Berlin (from the Date header)"].assert_eq(why);
}

/// The same for a table of steps and looks, in Berlin.
fn table(days: Days, rows: &[((u32, At), &str, &str)]) -> String {
    let lines = rows
        .iter()
        .map(|(step, made, now)| second(days, *step, "Europe/Berlin", made, now));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_touch_falls_due_on_its_business_day_and_says_why() {
    let rows = [
        (3, At::Morning),
        (3, At::Afternoon),
        (3, clock(10, 30)),
        (3, clock(7, 0)),
        (3, clock(18, 0)),
        (3, At::Immediately),
        (1, At::Within(90)),
        (1, At::Morning),
        (6, At::Morning),
    ]
    .map(|step| (step, "2026-03-09T10:02", "2026-03-09T10:02"));
    expect![[r#"
        Wed 11 Mar 10:19:50: day 3, in the morning …
        Wed 11 Mar 12:04:50: day 3, in the afternoon …
        Wed 11 Mar 10:30:00: day 3, at 10:30 …
        Wed 11 Mar 09:00:00: day 3, held until the window opens at 09:00 …
        Thu 12 Mar 09:00:00: day 3, 18:00 is after hours, so Thu 12 Mar, held until the window opens at 09:00 …
        Wed 11 Mar 09:00:00: day 3, held until the window opens at 09:00 …
        Mon 09 Mar 10:02:00: day 1, within 90 minutes …
        Mon 09 Mar 10:41:50: day 1, in the morning …
        Mon 16 Mar 10:19:50: day 6, in the morning …"#]]
    .assert_eq(&table(Days::Business, &rows));
}

#[test]
fn calendar_days_that_are_off_move_to_the_next_business_day() {
    let rows = [5, 6, 9].map(|day| ((day, clock(11, 0)), "2026-03-30T10:02", "2026-03-30T10:02"));
    expect![[r#"
        Tue 07 Apr 11:00:00: day 5 falls on a holiday, so Tue 7 Apr, at 11:00 …
        Tue 07 Apr 11:00:00: day 6 falls on a Saturday, so Tue 7 Apr, at 11:00 …
        Tue 07 Apr 11:00:00: day 9, at 11:00 …"#]]
    .assert_eq(&table(Days::Calendar, &rows));
}

#[test]
fn business_days_skip_weekends_and_holidays_and_a_late_touch_pushes_the_next_one() {
    let rows = [
        ((3, clock(11, 0)), "2026-04-02T10:00", "2026-04-02T10:00"),
        ((2, clock(11, 0)), "2026-03-14T10:00", "2026-03-14T10:00"),
        ((3, clock(11, 0)), "2026-03-12T16:59", "2026-03-12T16:59"),
    ];
    expect![[r#"
        Wed 08 Apr 11:00:00: day 3, at 11:00 …
        Mon 16 Mar 11:00:00: day 2, at 11:00 …
        Mon 16 Mar 11:00:00: day 3, at 11:00 …"#]]
    .assert_eq(&table(Days::Business, &rows));
}

#[test]
fn what_is_past_goes_out_at_the_next_open_moment() {
    let rows = [
        ((3, clock(10, 0)), "2026-03-11T14:00"),
        ((3, At::Morning), "2026-03-11T15:00"),
        ((3, At::Morning), "2026-03-11T17:00"),
        ((3, At::Morning), "2026-03-13T14:00"),
        ((3, At::Morning), "2026-03-13T20:00"),
        ((1, At::Immediately), "2026-03-09T19:00"),
        // Never before the touch before it.
        ((1, At::Immediately), "2026-03-09T08:00"),
    ]
    .map(|(step, now)| (step, "2026-03-09T10:02", now));
    expect![[r#"
        Wed 11 Mar 14:00:00: day 3, at 10:00, which is past, so as soon as possible …
        Wed 11 Mar 15:00:00: day 3, in the morning, which is past, so as soon as possible …
        Thu 12 Mar 10:19:50: day 3, after hours, so Thu 12 Mar, in the morning …
        Fri 13 Mar 14:00:00: day 3 moves to Fri 13 Mar, as soon as possible …
        Mon 16 Mar 10:19:50: day 3 moves to Mon 16 Mar, in the morning …
        Tue 10 Mar 09:00:00: day 1, after hours, so Tue 10 Mar, held until the window opens at 09:00 …
        Mon 09 Mar 10:02:00: day 1, at once …"#]]
    .assert_eq(&table(Days::Business, &rows));
}

#[test]
fn clocks_that_change_never_lose_or_double_a_touch() {
    // The window of this table is as wide as a day, since clocks change at night.
    let mut night = cadence(
        Days::Calendar,
        &[(1, At::Immediately, Channel::Email), (2, clock(2, 30), Channel::Email)],
    );
    night.window = Some(Window {
        from: time(0, 0, 0, 0),
        to: time(23, 59, 0, 0),
    });
    let rows = [
        // The gap of Sunday 29 March is jumped over with the Sunday.
        ("Europe/Berlin", "2026-03-28T12:00", clock(2, 30)),
        // Cairo springs forward on Friday 24 April at midnight,
        ("Africa/Cairo", "2026-04-23T12:00", clock(0, 30)),
        // and falls back on Thursday 29 October at midnight, so that 23:30 happens twice.
        ("Africa/Cairo", "2026-10-28T12:00", clock(23, 30)),
        // Samoa left out Friday 30 December 2011.
        ("Pacific/Apia", "2011-12-29T12:00", clock(2, 30)),
        ("Australia/Lord_Howe", "2026-10-02T12:00", clock(2, 15)),
    ]
    .map(|(zone_name, made, at)| {
        night.steps[1].at = at;
        let made = at_in(zone_name, made);
        let touch = (StepNo(1), made);
        let place = zone(zone_name);
        let slot = window::slot(
            &night,
            &night.steps[1],
            Some(touch),
            made,
            &Diary::in_zone(&place, &hours()),
            7,
            made,
        );
        let local = slot.at.to_zoned(place.rules());
        format!("{}: {}", local.strftime("%a %d %b %Y %H:%M %:z"), slot.why).replace(", inside 00:00 to 23:59", "")
    });
    expect![[r#"
        Mon 30 Mar 2026 02:30 +02:00: day 2 falls on a Sunday, so Mon 30 Mar, at 02:30 in Europe/Berlin (from the Date header)
        Fri 24 Apr 2026 01:00 +03:00: day 2, at 00:30 in Africa/Cairo (from the Date header)
        Thu 29 Oct 2026 23:30 +03:00: day 2, at 23:30 in Africa/Cairo (from the Date header)
        Mon 02 Jan 2012 02:30 +14:00: day 2 moves to Mon 2 Jan, at 02:30 in Pacific/Apia (from the Date header)
        Mon 05 Oct 2026 02:15 +11:00: day 2 falls on a Saturday, so Mon 5 Oct, at 02:15 in Australia/Lord_Howe (from the Date header)"#]].assert_eq(&rows.join("\n"));
}

#[test]
fn the_window_says_whether_it_is_open() {
    let rows = [
        "2026-03-09T08:59",
        "2026-03-09T09:00",
        "2026-03-09T16:59",
        "2026-03-09T17:00",
        "2026-03-13T17:00",
        "2026-04-03T12:00",
    ]
    .map(
        |now| match window::open(&outbound(), &Diary::in_zone(&zone("Europe/Berlin"), &hours()), at(now)) {
            Ok(()) => format!("{now} open"),
            Err(slot) => format!("{now} shut until {}: {}", shown(slot.at), brief(&slot.why)),
        },
    );
    expect![[r#"
        2026-03-09T08:59 shut until Mon 09 Mar 09:00: held until the window opens at 09:00 on Mon 9 Mar …
        2026-03-09T09:00 open
        2026-03-09T16:59 open
        2026-03-09T17:00 shut until Tue 10 Mar 09:00: held until the window opens at 09:00 on Tue 10 Mar …
        2026-03-13T17:00 shut until Mon 16 Mar 09:00: held until the window opens at 09:00 on Mon 16 Mar …
        2026-04-03T12:00 shut until Tue 07 Apr 09:00: held until the window opens at 09:00 on Tue 7 Apr …"#]]
    .assert_eq(&rows.join("\n"));
}

#[test]
fn a_cadence_may_have_its_own_window() {
    let mut cadence = outbound();
    cadence.window = Some(window(13, 15));
    let open = |now: &str| window::open(&cadence, &Diary::in_zone(&zone("Europe/Berlin"), &hours()), at(now)).is_ok();
    assert!(!open("2026-03-09T12:59") && open("2026-03-09T13:00") && !open("2026-03-09T15:00"));
    // It has no morning, so a morning step takes what there is.
    let slot = window::slot(
        &cadence,
        &cadence.steps[2],
        None,
        at("2026-03-09T10:00"),
        &Diary::in_zone(&zone("Europe/Berlin"), &hours()),
        7,
        at("2026-03-09T10:00"),
    );
    expect!["Wed 11 Mar 14:24: day 3, in the morning, inside 13:00 to 15:00 in Europe/Berlin (from the Date header)"]
        .assert_eq(&format!("{}: {}", shown(slot.at), slot.why));
}

#[test]
fn a_window_that_never_opens_is_not_used() {
    let mut cadence = outbound();
    cadence.window = Some(window(17, 9));
    assert!(
        window::open(
            &cadence,
            &Diary::in_zone(&zone("Europe/Berlin"), &hours()),
            at("2026-03-09T10:00")
        )
        .is_ok()
    );
}

#[test]
fn a_calendar_of_holidays_only_waits_far_away_and_says_so() {
    let mut hours = hours();
    let days = std::iter::successors(Some(date(2026, 1, 1)), |day| day.tomorrow().ok());
    hours.holidays = days.take(3_000).collect();
    let open = window::open(
        &outbound(),
        &Diary::in_zone(&zone("Europe/Berlin"), &hours),
        at("2026-03-09T10:00"),
    );
    expect!["there is no business day in sight: the configuration names too many holidays"]
        .assert_eq(&open.expect_err("shut").why);
}

#[test]
fn different_enrollments_spread_over_the_morning() {
    let cadence = outbound();
    let made = at("2026-03-09T10:02");
    let due = |seed: i64| {
        window::slot(
            &cadence,
            &cadence.steps[2],
            Some((StepNo(2), made)),
            made,
            &Diary::in_zone(&zone("Europe/Berlin"), &hours()),
            seed,
            made,
        )
        .at
    };
    let moments: std::collections::BTreeSet<_> = (0..100).map(due).collect();
    assert!(moments.len() > 90, "{} of 100 differ", moments.len());
    assert!(
        moments
            .iter()
            .all(|due| (at("2026-03-11T09:00")..at("2026-03-11T12:00")).contains(due))
    );
    assert_eq!(due(7), due(7));
}

#[test]
fn the_digest_comes_on_business_days_strictly_after() {
    let rows = [
        "2026-03-09T07:59",
        "2026-03-09T08:00",
        "2026-03-13T08:00",
        "2026-04-02T09:00",
    ]
    .map(|after| {
        let (date, moment) = window::digest(&ana(), &hours(), at(after));
        format!("{after} {date} {}", shown(moment))
    });
    expect![[r#"
        2026-03-09T07:59 2026-03-09 Mon 09 Mar 08:00
        2026-03-09T08:00 2026-03-10 Tue 10 Mar 08:00
        2026-03-13T08:00 2026-03-16 Mon 16 Mar 08:00
        2026-04-02T09:00 2026-04-07 Tue 07 Apr 08:00"#]]
    .assert_eq(&rows.join("\n"));
}

#[test]
fn a_digest_hour_that_the_clock_skips_or_doubles_happens_once() {
    let mut rep = ana();
    rep.digest_at = time(0, 30, 0, 0);
    rep.zone = TimeZone::get("Africa/Cairo").expect("a zone");
    // Friday 24 April 2026 begins at 01:00 in Cairo.
    let mut after = at_in("Africa/Cairo", "2026-04-23T00:30");
    let mut seen = Vec::new();
    for _ in 0..3 {
        let (date, moment) = window::digest(&rep, &hours(), after);
        seen.push(format!(
            "{date} {}",
            moment.to_zoned(rep.zone.clone()).strftime("%H:%M %:z")
        ));
        after = moment;
    }
    expect![[r#"
        2026-04-24 01:00 +03:00
        2026-04-27 00:30 +03:00
        2026-04-28 00:30 +03:00"#]]
    .assert_eq(&seen.join("\n"));
}

#[test]
fn the_plan_lists_every_coming_touch_in_order() {
    let tale = Tale::begin();
    let plan = window::plan(&tale.view(), StepNo(2), tale.now);
    let lines: Vec<String> = plan
        .iter()
        .map(|touch| {
            format!(
                "{} {} {}",
                touch.step.number,
                touch.step.channel.word(),
                shown(touch.slot.at)
            )
        })
        .collect();
    expect![[r#"
        2 call Mon 09 Mar 16:20
        3 email Wed 11 Mar 10:19
        4 linkedin Mon 16 Mar 10:00
        5 email Thu 26 Mar 09:00"#]]
    .assert_eq(&lines.join("\n"));
}
