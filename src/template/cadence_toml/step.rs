//! Reads the `[[step]]` tables of a cadence: day, time, channel, template, thread, condition, test.

use super::DraftStep;
use super::reader::Reader;
use super::when::{self, Known};
use crate::model::{Assign, At, Channel, Condition, Metric, Step, StepNo, Trial, limits};
use crate::template::nearest::{did_you_mean, one_of};
use crate::template::problem::Place;
use jiff::civil::Time;
use toml::de::DeTable;

pub(in crate::template) const KEYS: [&str; 9] = [
    "day", "at", "channel", "template", "thread", "when", "approve", "test", "arm",
];

/// What a test may say.
const TEST_KEYS: [&str; 4] = ["about", "metric", "minimum", "assign"];

/// The steps in their order, with complaints about whatever is wrong with them.
pub(super) fn steps(reader: &mut Reader<'_, '_>, table: &DeTable<'_>, fields: &[String]) -> Vec<DraftStep> {
    let Some(value) = table.get("step") else {
        reader.wrong(
            Place::WHOLE,
            "there is no step: expected `[[step]]` with `day` and `template`",
        );
        return Vec::new();
    };
    let list = value
        .get_ref()
        .as_array()
        .filter(|list| list.iter().all(|item| item.get_ref().is_table()));
    let Some(list) = list.filter(|list| !list.is_empty()) else {
        reader.wrong_value(
            table,
            "step",
            "expected `[[step]]`, in double brackets, once for each step",
        );
        return Vec::new();
    };
    if let Some(first_too_many) = list.get(limits::STEPS) {
        let place = reader.place(first_too_many);
        reader.wrong(
            place,
            format!("more than {} steps: make two cadences of it", limits::STEPS),
        );
    }
    let mut steps: Vec<DraftStep> = Vec::new();
    for (number, item) in (1_u16..).zip(list.iter().take(limits::STEPS)) {
        let Some(inner) = item.get_ref().as_table() else {
            continue;
        };
        let place = reader.place(item);
        let known = Known { steps: &steps, fields };
        let step = step(reader, inner, StepNo(number), place, &known);
        in_order(reader, steps.last(), &step, place);
        steps.push(step);
    }
    arms(reader, &steps);
    steps
}

fn step(
    reader: &mut Reader<'_, '_>,
    table: &DeTable<'_>,
    number: StepNo,
    place: Place,
    known: &Known<'_>,
) -> DraftStep {
    reader.only(table, &KEYS);
    let before = known.steps.last().map_or(1, |before| before.step.day);
    let (day, day_at) = day(reader, table, place, before);
    let channel = word(reader, table, "channel", Channel::Email, channel);
    let at = word(reader, table, "at", At::Morning, at);
    let mut template = reader.required(table, "template", place);
    let template_at = table.get("template").map_or(place, |value| reader.place(value));
    if !template.is_empty() && !is_template(&template) {
        reader.wrong(
            template_at,
            "expected the name of a file without `.md`, of `a-z`, `0-9` and `-`",
        );
        template.clear();
    }
    let thread = thread(reader, table, channel);
    let when = when(reader, table, number, known);
    let place_of = |key: &str| table.get(key).map_or(place, |value| reader.place(value));
    let (at_at, when_at) = (place_of("at"), place_of("when"));
    let approve = approve(reader, table, channel);
    let test = test(reader, table, channel);
    let arm = arm(reader, table, number, test.as_ref());
    let when = with_arm(when, arm.as_ref().map(|(arm, _)| arm));
    DraftStep {
        step: Step {
            number,
            day,
            at,
            channel,
            template,
            thread,
            when,
            approve,
        },
        day_at,
        at_at,
        when_at,
        template_at,
        test,
        arm,
    }
}

/// The arm of a test of whole steps that a step is for: what is tested, the letter.
fn arm(
    reader: &mut Reader<'_, '_>,
    table: &DeTable<'_>,
    number: StepNo,
    test: Option<&(Trial, Place)>,
) -> Option<(Condition, Place)> {
    let letter = reader.line(table, "arm")?;
    let place = table.get("arm").map_or(Place::WHOLE, |value| reader.place(value));
    if number == StepNo::FIRST {
        reader.wrong(place, "the first step is always made: delete `arm` here");
        return None;
    }
    let Some((trial, _)) = test else {
        reader.wrong(
            place,
            "say what the arms differ in: `test = \"call or mail\"`, the same in each of them",
        );
        return None;
    };
    if letter.len() != 1 || !letter.starts_with(|c: char| c.is_ascii_lowercase()) {
        reader.wrong(place, "expected a letter, `arm = \"a\"`");
    }
    if matches!(trial.metric, Metric::Click | Metric::Open) {
        reader.wrong(
            place,
            "steps are tested by `reply`, `interested` or `met`: clicks and opens are of mails",
        );
    }
    let test = trial.about.clone();
    Some((Condition::Arm { test, letter }, place))
}

/// A step of an arm is made for those who got that arm, and if its own condition holds.
fn with_arm(when: Option<Condition>, arm: Option<&Condition>) -> Option<Condition> {
    match (arm.cloned(), when) {
        (Some(arm), Some(when)) => Some(Condition::All(vec![arm, when])),
        (arm, when) => arm.or(when),
    }
}

/// A test of whole steps has two arms at least, and says how it is judged once.
fn arms(reader: &mut Reader<'_, '_>, steps: &[DraftStep]) {
    let of = |step: &DraftStep| {
        let (arm, _) = step.arm.as_ref()?;
        let (test, letter) = arm.arm()?;
        Some((test.to_owned(), letter.to_owned()))
    };
    for step in steps {
        let (Some((test, letter)), Some((_, place))) = (of(step), &step.arm) else {
            continue;
        };
        if !steps
            .iter()
            .filter_map(of)
            .any(|(other, arm)| other == test && arm != letter)
        {
            let what = format!("arm {letter} is the only one of \"{test}\": a test needs two");
            reader.wrong(*place, what);
        }
    }
}

/// The day and its place; after a complaint the day of the step before, so that no second complaint follows.
fn day(reader: &mut Reader<'_, '_>, table: &DeTable<'_>, place: Place, before: u32) -> (u32, Place) {
    let Some(value) = table.get("day") else {
        reader.wrong(place, "expected `day = …`, counted from 1");
        return (before, place);
    };
    let day_at = reader.place(value);
    let day = value
        .get_ref()
        .as_integer()
        .and_then(|day| u32::from_str_radix(day.as_str(), day.radix()).ok());
    let day = day.filter(|day| (1..=limits::DAYS).contains(day));
    if day.is_none() {
        reader.wrong(day_at, format!("expected a day from 1 to {}", limits::DAYS));
    }
    (day.unwrap_or(before), day_at)
}

fn thread(reader: &mut Reader<'_, '_>, table: &DeTable<'_>, channel: Channel) -> bool {
    let Some(value) = table.get("thread") else { return true };
    if channel != Channel::Email {
        reader.wrong_value(table, "thread", "`thread` is for emails: delete it here");
    }
    value.get_ref().as_bool().unwrap_or_else(|| {
        reader.wrong_value(table, "thread", "expected `true` or `false`, without quotes");
        true
    })
}

/// Whether the mail waits for the rep's word.
fn approve(reader: &mut Reader<'_, '_>, table: &DeTable<'_>, channel: Channel) -> bool {
    let Some(value) = table.get("approve") else {
        return false;
    };
    if channel != Channel::Email {
        reader.wrong_value(
            table,
            "approve",
            "`approve` is for emails: what a human does waits for them anyway, so delete it here",
        );
    }
    value.get_ref().as_bool().unwrap_or_else(|| {
        reader.wrong_value(table, "approve", "expected `true` or `false`, without quotes");
        false
    })
}

/// The condition. The first touch has none: it is what enrolling is about.
fn when(reader: &mut Reader<'_, '_>, table: &DeTable<'_>, number: StepNo, known: &Known<'_>) -> Option<Condition> {
    let said = reader.line(table, "when")?;
    if number == StepNo::FIRST {
        reader.wrong_value(table, "when", "the first step is always made: delete `when` here");
        return None;
    }
    let read = when::condition(&said, known);
    read.map_err(|what| reader.wrong_value(table, "when", what)).ok()
}

/// What the step's wordings differ in.
fn test(reader: &mut Reader<'_, '_>, table: &DeTable<'_>, channel: Channel) -> Option<(Trial, Place)> {
    let value = table.get("test")?;
    let place = reader.place(value);
    let trial = match value.get_ref().as_table() {
        None => Trial::about(&reader.line(table, "test")?),
        Some(inner) => trial(reader, inner, place),
    };
    if trial.about.is_empty() {
        reader.wrong(
            place,
            "say what the wordings differ in: `test = \"question or statement\"`",
        );
    }
    if channel != Channel::Email && matches!(trial.metric, Metric::Click | Metric::Open) {
        reader.wrong(
            place,
            "what a human does is tested by `reply`, `interested` or `met`: clicks and opens are of mails",
        );
    }
    Some((trial, place))
}

/// `test = { about = "…", metric = "met", minimum = 200, assign = "bandit" }`.
fn trial(reader: &mut Reader<'_, '_>, table: &DeTable<'_>, place: Place) -> Trial {
    reader.only(table, &TEST_KEYS);
    let minimum = table.get("minimum").and_then(|value| {
        let number = value.get_ref().as_integer();
        let number = number.and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
        let number = number.filter(|number| (1..=limits::MINIMUM_MOST).contains(number));
        if number.is_none() {
            let what = format!("expected a number of sends from 1 to {}", limits::MINIMUM_MOST);
            reader.wrong_value(table, "minimum", what);
        }
        number
    });
    Trial {
        about: reader.required(table, "about", place),
        metric: word(reader, table, "metric", Metric::Reply, metric),
        minimum,
        assign: word(reader, table, "assign", Assign::Even, assign),
    }
}

fn metric(word: &str) -> Result<Metric, String> {
    let words = Metric::ALL.map(Metric::word);
    let known = Metric::ALL.into_iter().find(|metric| metric.word() == word);
    known.ok_or_else(|| {
        let hint = did_you_mean(word, words);
        format!("unknown metric `{word}`{hint}; expected {}", one_of(&words))
    })
}

fn assign(word: &str) -> Result<Assign, String> {
    let words = [Assign::Even, Assign::Bandit].map(Assign::word);
    match word {
        "even" => Ok(Assign::Even),
        "bandit" => Ok(Assign::Bandit),
        _ => Err(format!(
            "unknown way `{word}`{}; expected {}",
            did_you_mean(word, words),
            one_of(&words)
        )),
    }
}

fn in_order(reader: &mut Reader<'_, '_>, before: Option<&DraftStep>, step: &DraftStep, place: Place) {
    match before {
        None if step.step.channel != Channel::Email => {
            reader.wrong(
                place,
                "the first step must be an email: the mail that a rep hands over stands for it",
            );
        }
        Some(before) if before.step.day > step.step.day => {
            let what = format!(
                "day {} comes after day {}: days never fall",
                step.step.day, before.step.day
            );
            reader.wrong(step.day_at, what);
        }
        None | Some(_) => {}
    }
}

/// A word with a closed set of readings.
fn word<T>(
    reader: &mut Reader<'_, '_>,
    table: &DeTable<'_>,
    key: &str,
    default: T,
    read: fn(&str) -> Result<T, String>,
) -> T {
    let Some(said) = reader.line(table, key) else {
        return default;
    };
    read(&said).unwrap_or_else(|what| {
        reader.wrong_value(table, key, what);
        default
    })
}

fn channel(word: &str) -> Result<Channel, String> {
    let words = Channel::ALL.map(Channel::word);
    let known = Channel::ALL.into_iter().find(|channel| channel.word() == word);
    known.ok_or_else(|| {
        format!(
            "unknown channel `{word}`{}; expected {}",
            did_you_mean(word, words),
            one_of(&words)
        )
    })
}

fn at(word: &str) -> Result<At, String> {
    let plain = match word {
        "morning" => Some(At::Morning),
        "afternoon" => Some(At::Afternoon),
        "immediately" => Some(At::Immediately),
        _ => word.strip_prefix("within ").and_then(minutes).map(At::Within),
    };
    plain.or_else(|| clock(word).map(At::Clock)).ok_or_else(|| {
        let hint = did_you_mean(word, ["morning", "afternoon", "immediately"]);
        format!(
            "unknown time `{word}`{hint}; expected `morning`, `afternoon`, `immediately`, a time such as `10:30`, \
             or `within 15m` up to `within {}h`",
            limits::WITHIN / 60
        )
    })
}

/// `15m` or `2h`, in minutes.
fn minutes(text: &str) -> Option<u32> {
    let (number, unit) = text.trim().split_at_checked(text.trim().len().checked_sub(1)?)?;
    let unit = match unit {
        "m" => 1,
        "h" => 60,
        _ => return None,
    };
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let minutes = number.parse::<u32>().ok().filter(|_| digits)?.checked_mul(unit)?;
    (1..=limits::WITHIN).contains(&minutes).then_some(minutes)
}

/// `09:30`, with two digits each.
pub(super) fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !two(hour) || !two(minute) {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn is_template(name: &str) -> bool {
    name.len() <= 41
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let ten_thirty = Time::constant(10, 30, 0, 0);
        for (said, meant) in [
            ("10:30", Some(At::Clock(ten_thirty))),
            ("afternoon", Some(At::Afternoon)),
            ("within 2h", Some(At::Within(120))),
            ("within 15m", Some(At::Within(15))),
            ("within 0m", None),
            ("within 25h", None),
            ("within +2h", None),
            ("within ü", None),
            ("24:00", None),
            ("9:00", None),
        ] {
            assert_eq!(at(said).ok(), meant, "{said}");
        }
    }
}
