//! Every zone and every change of a clock from 2020 to 2040, every leap day, and the days that the date line took: each
//! step and each digest exactly once, and never before it is due.
//!
//! What is true is read off the clock on the wall (`TimeZone::to_datetime`), instant by instant, and not from how the
//! rules find it. The zones are those bundled with the program, so that every machine asks the same.

use super::*;
use cadence::rules::diary::Diary;
use cadence::rules::window;
use jiff::civil::{Date, DateTime, Weekday, date};
use jiff::{SignedDuration, Span, Timestamp};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Threads among which the zones are dealt out.
const THREADS: usize = 4;
/// Days before 2020 on which a place left out a date, and days with nothing but a leap day in them.
const SKIPPED: [(&str, Date); 4] = [
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Fakaofo", date(2011, 12, 30)),
    ("Pacific/Kiritimati", date(1994, 12, 31)),
    ("Pacific/Kwajalein", date(1993, 8, 21)),
];
const LEAP_YEARS: [i16; 6] = [2020, 2024, 2028, 2032, 2036, 2040];

/// A moment at which something is odd about a clock, and what it showed on both sides.
#[derive(Clone)]
struct Odd {
    zone: String,
    rules: TimeZone,
    at: Timestamp,
    before: DateTime,
    after: DateTime,
}

impl Odd {
    fn of(zone: &str, rules: &TimeZone, at: Timestamp) -> Self {
        let before = rules.to_offset(plus(at, -1)).to_datetime(at);
        Self {
            zone: zone.to_owned(),
            rules: rules.clone(),
            at,
            before,
            after: rules.to_datetime(at),
        }
    }

    /// Clock times worth asking for: both ends of what is skipped or doubled, its middle, and the usual ones.
    fn times(&self) -> BTreeSet<Time> {
        let middle = self.before + self.before.duration_until(self.after) / 2;
        let ends = [self.before, self.after, middle].map(|end| end.time());
        let around = ends
            .iter()
            .flat_map(|end| [*end, end.wrapping_sub(Span::new().minutes(1))]);
        let whole = around.map(|end| time(end.hour(), end.minute(), 0, 0));
        whole
            .chain([time(0, 0, 0, 0), time(8, 0, 0, 0), time(23, 30, 0, 0)])
            .collect()
    }

    /// What the clock shows all the days around, told by its changes.
    fn clock(&self) -> Vec<(Timestamp, DateTime)> {
        let (from, to) = self.span();
        let (from, to) = (plus(from, -3 * 86_400), plus(to, 3 * 86_400));
        let changes = self
            .rules
            .following(from)
            .map(|change| change.timestamp())
            .take_while(|at| *at < to);
        let moments = std::iter::once(from).chain(changes);
        moments.map(|at| (at, self.rules.to_datetime(at))).collect()
    }

    /// The instants from which on nothing before the change matters, to some days after it.
    fn span(&self) -> (Timestamp, Timestamp) {
        (plus(self.at, -3 * 86_400), plus(self.at, 5 * 86_400))
    }
}

fn plus(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).expect("a time")
}

/// All that is odd: changes of a clock from 2020 to 2040 in every zone, leap days, skipped days. Places whose clocks show
/// the same all the days around are asked once: a clock is all that the rules see of them.
fn all() -> Vec<Odd> {
    let (from, to) = (instant("2020-01-01T00:00Z"), instant("2041-01-01T00:00Z"));
    let mut odd = Vec::new();
    for name in jiff::tz::db().available() {
        let rules = TimeZone::get(name.as_str()).expect("a zone that is listed");
        let changes = rules
            .following(plus(from, -1))
            .take_while(|change| change.timestamp() < to);
        let leaps = LEAP_YEARS.map(|year| {
            date(year, 2, 29)
                .at(12, 0, 0, 0)
                .to_zoned(rules.clone())
                .expect("a time")
        });
        let moments = changes
            .map(|change| change.timestamp())
            .chain(leaps.map(|leap| leap.timestamp()));
        odd.extend(moments.map(|at| Odd::of(name.as_str(), &rules, at)));
    }
    for (name, day) in SKIPPED {
        let rules = TimeZone::get(name).expect("a zone");
        let midnight = day.at(0, 0, 0, 0).to_zoned(rules.clone()).expect("a time");
        odd.push(Odd::of(name, &rules, midnight.timestamp()));
    }
    let (found, mut seen) = (odd.len(), BTreeSet::new());
    odd.retain(|one| seen.insert((one.at, one.clock())));
    println!("{found} changes and leap days, {} that differ", odd.len());
    odd
}

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Asks `question` about all that is odd; it answers how many cases that were.
fn ask(question: impl Fn(&Odd) -> usize + Sync) -> usize {
    let (odd, next, cases) = (all(), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(one) = odd.get(next.fetch_add(1, Ordering::Relaxed)) {
                    cases.fetch_add(question(one), Ordering::Relaxed);
                }
            });
        }
    });
    let cases = cases.into_inner();
    println!("{cases} cases");
    cases
}

/// Whether the clock on the wall shows `wanted` at `found` for the first time; or `found` is the change that skips it.
fn is_first_showing(rules: &TimeZone, found: Timestamp, wanted: DateTime) -> bool {
    let (just, shown) = (rules.to_datetime(plus(found, -1)), rules.to_datetime(found));
    if shown == wanted {
        // An earlier showing would lie on the other side of a change within a day.
        let change = rules.preceding(plus(found, 1)).next();
        let earlier = change
            .filter(|change| plus(change.timestamp(), 86_400) > found)
            .is_some_and(|change| {
                let old = rules.to_offset(plus(change.timestamp(), -1));
                old.to_timestamp(wanted)
                    .is_ok_and(|first| first < change.timestamp() && first < found)
            });
        return !earlier;
    }
    just < wanted && wanted < shown
}

/// Dates that the place had, in order, from the day of one instant to that of another.
fn dates(rules: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<Date> {
    let mut found = BTreeSet::new();
    let mut at = from;
    while at < to {
        found.insert(rules.to_datetime(at).date());
        at = plus(at, 3 * 3600);
    }
    found.into_iter().collect()
}

fn all_week() -> Hours {
    let mut hours = hours();
    hours.weekdays = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ]
    .into();
    hours.holidays.clear();
    hours
}

#[test]
fn every_date_has_one_digest_and_none_comes_before_its_time() {
    let hours = all_week();
    let cases = ask(|odd| {
        let mut rep = ana();
        rep.zone = odd.rules.clone();
        let (from, to) = odd.span();
        let had = dates(&odd.rules, from, to);
        let times = odd.times();
        for digest_at in &times {
            rep.digest_at = *digest_at;
            let (mut after, mut told) = (from, Vec::new());
            while told.len() < had.len() {
                let (date, at) = window::digest(&rep, &hours, after);
                let place = || format!("{} {date} {digest_at}: {at}", odd.zone);
                assert!(at > after, "time goes on: {}", place());
                let wanted = date.to_datetime(*digest_at);
                assert!(is_first_showing(&odd.rules, at, wanted), "{}", place());
                assert_eq!(at, window::digest_on(date, &rep), "{}", place());
                // Whoever asks a moment before hears the same, and in the second of a doubled hour not a second one.
                assert_eq!(window::digest(&rep, &hours, plus(at, -1)), (date, at), "{}", place());
                told.push(date);
                after = at;
            }
            // The first may be that of the day after, when the first day's time was past.
            let first = had.iter().position(|day| *day == told[0]).expect("a day that was");
            assert!(first <= 1, "{} at {digest_at}: {told:?}", odd.zone);
            let same = had.len() - first;
            assert_eq!(told[..same], had[first..], "{} at {digest_at}", odd.zone);
        }
        times.len() * had.len()
    });
    assert!(cases > 90_000, "{cases}");
}

#[test]
fn every_step_falls_due_once_inside_its_window_and_never_before_its_time() {
    let hours = all_week();
    let cases = ask(|odd| {
        let times = odd.times();
        // Wide as a day, as narrow as what is skipped or doubled, and the usual one.
        let (first, last) = (
            odd.before.time().min(odd.after.time()),
            odd.before.time().max(odd.after.time()),
        );
        let windows = [
            (time(0, 0, 0, 0), time(23, 59, 0, 0)),
            (first, last),
            (time(9, 0, 0, 0), time(17, 0, 0, 0)),
        ];
        let mut cases = 0;
        for (from, to) in windows.into_iter().filter(|(from, to)| from < to) {
            let at = times.iter().map(|time| At::Clock(*time));
            for at in at.chain([At::Morning, At::Afternoon, At::Immediately]) {
                cases += steps_day_by_day(odd, Window { from, to }, at, &hours);
            }
        }
        cases
    });
    assert!(cases > 100_000, "{cases}");
}

/// One step a day, each made when it falls due; how many.
fn steps_day_by_day(odd: &Odd, open: Window, at: At, hours: &Hours) -> usize {
    let steps: Vec<(u32, At, Channel)> = (1..5).map(|day| (day, at, Channel::Email)).collect();
    let mut cadence = cadence(Days::Calendar, &steps);
    cadence.window = Some(open);
    let place = zone(&odd.zone);
    let begun = odd.span().0;
    let mut made: Option<(StepNo, Timestamp)> = None;
    for step in &cadence.steps {
        let before = made.map_or(begun, |(_, at)| at);
        let slot = |now| window::slot(&cadence, step, made, begun, &Diary::in_zone(&place, hours), 7, now);
        let due = slot(before).at;
        let told = || format!("{} {at:?} in {open:?}, step {}: {due}", odd.zone, step.number);
        assert!(
            if made.is_some() { due > before } else { due >= before },
            "each once: {}",
            told()
        );
        assert!(due <= plus(before, 3 * 86_400), "none is lost: {}", told());
        assert_eq!(
            window::open(&cadence, &Diary::in_zone(&place, hours), due),
            Ok(()),
            "{}",
            told()
        );
        // It is not put off again when its moment comes, nor by one look more on the way; the dice of a morning are thrown
        // over what is left of it.
        if !matches!(at, At::Morning | At::Afternoon) {
            let midway = plus(before, due.duration_since(before).as_secs() / 2);
            assert_eq!((slot(midway).at, slot(due).at), (due, due), "{}", told());
        }
        let local = odd.rules.to_datetime(due);
        let doubled = odd.rules.to_ambiguous_timestamp(local).is_ambiguous();
        assert!(
            doubled || local.time() >= open.from && local.time() < open.to,
            "{}",
            told()
        );
        if let At::Clock(wanted) = at
            && wanted >= open.from
            && wanted < open.to
            // Of the first, the time may have been past.
            && made.is_some()
        {
            // What the gap at midnight skips comes after it, on the day after.
            let days = [local.date(), local.date().yesterday().expect("a day")];
            let shows = |day: &Date| is_first_showing(&odd.rules, due, day.to_datetime(wanted));
            assert!(days.iter().any(shows), "{}", told());
        }
        made = Some((step.number, due));
    }
    cadence.steps.len()
}

#[test]
fn a_rep_who_moves_to_any_zone_gets_no_second_digest_for_a_date_and_misses_none_for_long() {
    let hours = all_week();
    let zones: Vec<TimeZone> = jiff::tz::db()
        .available()
        .map(|name| TimeZone::get(name.as_str()).expect("a zone"))
        .collect();
    let mut cases = 0;
    for (nth, old) in zones.iter().enumerate() {
        for stride in [1, 7, 101, 211, 307] {
            let new = &zones[(nth + stride) % zones.len()];
            let mut rep = ana();
            rep.digest_at = time(8, 0, 0, 0);
            rep.zone = old.clone();
            let (last, told) = window::digest(&rep, &hours, instant("2026-03-28T12:00Z"));
            // As the round asks: after the moment that the last date has on the new clock.
            rep.zone = new.clone();
            let (next, at) = window::digest(&rep, &hours, window::digest_on(last, &rep));
            assert_eq!(next, last.tomorrow().expect("a day"));
            assert!(at > told.min(window::digest_on(last, &rep)));
            assert!(at <= plus(told, 3 * 86_400), "{at} after {told}");
            cases += 1;
        }
    }
    println!("{cases} cases");
    assert!(cases > 2_000, "{cases}");
}
