//! Reads what a cadence does when something happens: `[on]` and `unlogged`.

use super::reader::Reader;
use super::when::{OUTCOMES, outcome_named};
use crate::model::{Action, CadenceName, Events, Switch, TaskOutcome, Unlogged, limits};
use crate::template::nearest::{did_you_mean, one_of};
use crate::template::problem::Place;
use toml::de::DeTable;

/// What happens to everybody alike, so that no cadence can make it unsafe.
const SETTLED: [(&str, &str); 4] = [
    ("reply", "a reply always pauses and is relayed to the rep"),
    ("meeting", "write `outcome.meeting`, which is what a rep logs"),
    ("no_show", "hand the prospect over to the cadence `no-show`"),
    ("signal", "opt-outs, bounces and complaints always end it"),
];

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
    reader.only(on, &[&["outcome", "completed"][..], &settled].concat());
    if let Some(said) = reader.line(on, "completed") {
        match action(&said) {
            Ok(Action::Finish) => {}
            Ok(Action::Switch(switch)) => events.completed = Some(switch),
            Ok(Action::GoOn | Action::Pause | Action::Postpone(_)) | Err(_) => {
                let what = "expected `\"finish\"` or `\"switch to NAME after 30 days\"`: nothing else is left to do";
                reader.wrong_value(on, "completed", what);
            }
        }
        if let Some(switch) = &events.completed {
            let place = on.get("completed").map_or(Place::WHOLE, |value| reader.place(value));
            switches.push((switch.to.clone(), place));
        }
    }
    outcomes(reader, on, &mut events.outcomes, &mut switches);
    (events, switches)
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
        ["postpone", number, unit] => days(number, unit).map(Action::Postpone),
        ["switch", "to", name] => switch(name, 0),
        ["switch", "to", name, "after", number, unit] => days(number, unit).and_then(|after| switch(name, after)),
        _ => {
            let first = words.first().copied().unwrap_or_default();
            let near = did_you_mean(first, ["go", "finish", "pause", "postpone", "switch"]);
            let expected = one_of(&[
                "go on",
                "finish",
                "pause",
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
