//! Reads what a cadence does when something happens: `[on]` and `unlogged`.

use super::reader::Reader;
use super::when::{INTENTS, OUTCOMES, outcome_named, signal_named};
use crate::model::{Action, CadenceName, Events, Switch, TaskOutcome, Unlogged, limits};
use crate::template::nearest::{did_you_mean, one_of};
use crate::template::problem::Place;
use toml::de::DeTable;

/// What happens to everybody alike, so that no cadence can make it unsafe.
const SETTLED: [(&str, &str); 4] = [
    ("opt_out", "it always ends everything"),
    ("bounce", "a dead address always ends it"),
    ("complaint", "it always ends everything"),
    ("auto_reply", "touches always wait until they are back"),
];

/// What a cadence may say something about.
pub(in crate::template) const EVENTS: [&str; 6] = ["reply", "meeting", "no_show", "outcome", "signal", "completed"];

/// The events of a cadence, and where each switch stands.
pub(super) fn events(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> (Events, Vec<(CadenceName, Place)>) {
    let mut events = Events {
        unlogged: unlogged(reader, table),
        ..Events::default()
    };
    let mut switches = Vec::new();
    let Some(value) = table.get("on") else {
        return (events, switches);
    };
    let Some(on) = value.get_ref().as_table() else {
        reader.wrong_value(
            table,
            "on",
            "expected `[on]` and below it lines such as `completed = \"finish\"`",
        );
        return (events, switches);
    };
    let known: Vec<&str> = on.keys().map(|key| key.get_ref().as_ref()).collect();
    for (key, why) in SETTLED.into_iter().filter(|(key, _)| known.contains(key)) {
        reader.wrong_value(on, key, format!("`{key}` is not for a cadence to say: {why}"));
    }
    let settled = SETTLED.map(|(key, _)| key);
    reader.only_but(on, &EVENTS, &settled);
    if let Some(said) = reader.line(on, "completed") {
        match action(&said) {
            Ok(Action::Finish) => {}
            Ok(Action::Switch(switch)) => events.completed = Some(switch),
            Ok(Action::Alert) => events.tells_completed = true,
            Ok(Action::GoOn | Action::Pause | Action::Postpone(_)) | Err(_) => {
                let what = "expected `\"finish\"`, `\"alert\"` or `\"switch to NAME after 30 days\"`: nothing else is left to do";
                reader.wrong_value(on, "completed", what);
            }
        }
        if let Some(switch) = &events.completed {
            let place = on.get("completed").map_or(Place::WHOLE, |value| reader.place(value));
            switches.push((switch.to.clone(), place));
        }
    }
    outcomes(reader, on, &mut events.outcomes, &mut switches);
    let replies = named(reader, on, "reply", &INTENTS, &mut switches, |action| match action {
        Action::GoOn => {
            Err("a reply always stops the clock: expected `pause`, `postpone 30 days`, `finish` or a switch".to_owned())
        }
        _ => Ok(()),
    });
    events.replies = replies;
    events.signals = named(reader, on, "signal", &[], &mut switches, |_| Ok(()));
    events.meeting = single(reader, on, "meeting", &mut switches, |action| match action {
        Action::GoOn | Action::Postpone(_) => {
            Err("who has agreed to meet is not written to as before: expected `finish`, `pause` or a switch".to_owned())
        }
        _ => Ok(()),
    });
    events.no_show = single(reader, on, "no_show", &mut switches, |_| Ok(()));
    (events, switches)
}

/// `reply.interested = "…"`: what each of these does. Without `known`, every name of a report.
fn named(
    reader: &mut Reader<'_, '_>,
    on: &DeTable<'_>,
    key: &str,
    known: &[&str],
    switches: &mut Vec<(CadenceName, Place)>,
    allowed: fn(&Action) -> Result<(), String>,
) -> Vec<(String, Action)> {
    let Some(value) = on.get(key) else { return Vec::new() };
    let Some(table) = value.get_ref().as_table() else {
        let what = format!(
            "expected a line such as `{key}.{} = \"pause\"`",
            known.first().unwrap_or(&"clicked")
        );
        reader.wrong_value(on, key, what);
        return Vec::new();
    };
    if !known.is_empty() {
        reader.only(table, known);
    }
    let mut said = Vec::new();
    for name in table.keys().map(|name| name.get_ref().as_ref()) {
        if known.is_empty()
            && let Err(what) = signal_named(name)
        {
            reader.wrong_value(table, name, what);
            continue;
        }
        if let Some(action) = single(reader, table, name, switches, allowed) {
            said.push((name.to_owned(), action));
        }
    }
    said
}

/// What one event does.
fn single(
    reader: &mut Reader<'_, '_>,
    table: &DeTable<'_>,
    key: &str,
    switches: &mut Vec<(CadenceName, Place)>,
    allowed: fn(&Action) -> Result<(), String>,
) -> Option<Action> {
    let said = reader.line(table, key)?;
    match action(&said).and_then(|action| allowed(&action).map(|()| action)) {
        Ok(action) => {
            if let Action::Switch(switch) = &action {
                let place = table.get(key).map_or(Place::WHOLE, |value| reader.place(value));
                switches.push((switch.to.clone(), place));
            }
            Some(action)
        }
        Err(what) => {
            reader.wrong_value(table, key, what);
            None
        }
    }
}

fn outcomes(
    reader: &mut Reader<'_, '_>,
    on: &DeTable<'_>,
    outcomes: &mut Vec<(TaskOutcome, Action)>,
    switches: &mut Vec<(CadenceName, Place)>,
) {
    let Some(value) = on.get("outcome") else { return };
    let Some(table) = value.get_ref().as_table() else {
        reader.wrong_value(
            on,
            "outcome",
            "expected a line such as `outcome.voicemail = \"postpone 2 days\"`",
        );
        return;
    };
    reader.only(table, &OUTCOMES.map(TaskOutcome::code));
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let (Some(outcome), Some(said)) = (outcome_named(name), reader.line(table, name)) else {
            continue;
        };
        match action(&said) {
            Ok(Action::Alert) => {
                let what =
                    "you log it yourself, so there is nothing to tell you: expected `pause`, `finish` or another";
                reader.wrong_value(table, name, what);
            }
            Ok(action) => {
                if let Action::Switch(switch) = &action {
                    switches.push((switch.to.clone(), reader.place(value)));
                }
                outcomes.push((outcome, action));
            }
            Err(what) => reader.wrong_value(table, name, what),
        }
    }
}

/// `go on`, `finish`, `pause`, `postpone 3 days`, `switch to no-show after 2 days`.
fn action(said: &str) -> Result<Action, String> {
    let words: Vec<&str> = said.split(' ').collect();
    match words.as_slice() {
        ["go", "on"] => Ok(Action::GoOn),
        ["finish"] => Ok(Action::Finish),
        ["pause"] => Ok(Action::Pause),
        ["alert"] => Ok(Action::Alert),
        ["postpone", number, unit] => days(number, unit).map(Action::Postpone),
        ["switch", "to", name] => switch(name, 0),
        ["switch", "to", name, "after", number, unit] => days(number, unit).and_then(|after| switch(name, after)),
        _ => {
            let first = words.first().copied().unwrap_or_default();
            let near = did_you_mean(first, ["go", "finish", "pause", "alert", "postpone", "switch"]);
            let expected = one_of(&[
                "go on",
                "finish",
                "pause",
                "alert",
                "postpone 3 days",
                "switch to NAME after 3 days",
            ]);
            Err(format!("cannot read `{said}`{near}; expected {expected}"))
        }
    }
}

fn switch(name: &str, after: u32) -> Result<Action, String> {
    let to = CadenceName::parse(name)?;
    Ok(Action::Switch(Switch { to, after }))
}

fn days(number: &str, unit: &str) -> Result<u32, String> {
    let count = number
        .parse::<u32>()
        .ok()
        .filter(|days| (1..=limits::DAYS).contains(days));
    count
        .filter(|_| matches!(unit, "day" | "days"))
        .ok_or_else(|| format!("expected `1 day` to `{} days`, got `{number} {unit}`", limits::DAYS))
}

/// `unlogged = "go on"`, or `"wait 3 days"`.
fn unlogged(reader: &mut Reader<'_, '_>, table: &DeTable<'_>) -> Unlogged {
    let Some(said) = reader.line(table, "unlogged") else {
        return Unlogged::GoOn;
    };
    let words: Vec<&str> = said.split(' ').collect();
    let read = match words.as_slice() {
        ["go", "on"] => Ok(Unlogged::GoOn),
        ["wait", number, unit] => days(number, unit).map(Unlogged::Wait),
        _ => Err(format!("cannot read `{said}`; expected `go on` or `wait 3 days`")),
    };
    read.unwrap_or_else(|what| {
        reader.wrong_value(table, "unlogged", what);
        Unlogged::GoOn
    })
}
