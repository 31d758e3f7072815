//! The plan of a cadence: how many touches in how many days, through what, and how they are spaced.

use crate::model::{At, Cadence, Channel, Step, Unlogged};
use crate::template::problem::{Complaints, Place};
use crate::template::shelf::Shelf;
use std::collections::BTreeSet;

/// From this many touches on, a cadence of two channels only leaves out those who use the others.
const MANY: usize = 7;
/// Minutes within which somebody who asked is called.
const CALL_BACK: u32 = 120;

/// What fits a kind.
struct Range {
    /// Fewest and most.
    touches: (usize, usize),
    /// Shortest and longest.
    days: (u32, u32),
    /// The longest silence, in days.
    gap: u32,
}

fn range(kind: &str) -> Range {
    let (touches, days, gap) = match kind {
        "cold" => ((7, 12), (10, 30), 7),
        "warm" => ((6, 12), (10, 30), 7),
        "inbound" => ((6, 12), (5, 14), 4),
        "nurture" => ((6, 14), (30, 120), 10),
        "event" => ((5, 10), (7, 21), 5),
        "no-show" => ((3, 6), (3, 10), 3),
        "opportunity" => ((6, 12), (14, 45), 10),
        _ => ((4, 8), (7, 60), 14),
    };
    Range { touches, days, gap }
}

pub(super) fn about(shelf: &Shelf, complaints: &mut Complaints<'_>) {
    let cadence = &shelf.cadence;
    size(cadence, complaints);
    channels(cadence, complaints);
    spacing(shelf, complaints);
    beginning(cadence, complaints);
    opt_out(shelf.opt_out(shelf.language), complaints);
    events(shelf, complaints);
    for (step, place) in cadence.steps.iter().zip(&shelf.places) {
        if shelf
            .wordings(step.number)
            .is_some_and(|wordings| wordings.unnamed_test())
        {
            let what = format!(
                "step {} has several wordings and no `test`: say what they differ in, or nobody learns from the result",
                step.number
            );
            complaints.add(*place, what);
        }
    }
}

/// How many touches, in how many days.
fn size(cadence: &Cadence, complaints: &mut Complaints<'_>) {
    let (kind, range) = (&cadence.kind, range(&cadence.kind));
    let (touches, days) = (cadence.touches(), cadence.span());
    let (few, many) = range.touches;
    if touches < few {
        let what = format!(
            "{touches} touches: most answers come after several, so a cadence of kind `{kind}` has {few} to {many}"
        );
        complaints.add(Place::WHOLE, what);
    } else if touches > many {
        let what = format!(
            "{touches} touches: more than {many} bring complaints rather than answers; a cadence of kind `{kind}` has \
             {few} to {many}"
        );
        complaints.add(Place::WHOLE, what);
    }
    let (short, long) = range.days;
    if !(short..=long).contains(&days) {
        let why = if days < short {
            "it presses"
        } else {
            "it is forgotten in between"
        };
        let what = format!("{days} days: {why}; a cadence of kind `{kind}` takes {short} to {long}");
        complaints.add(Place::WHOLE, what);
    }
}

/// Through what.
fn channels(cadence: &Cadence, complaints: &mut Complaints<'_>) {
    let used: BTreeSet<&str> = cadence.steps.iter().map(|step| step.channel.word()).collect();
    let has = |channel: Channel| used.contains(channel.word());
    if used.len() == 1 {
        let what = "emails only: some people answer nothing but their phone; add a call, and a message on LinkedIn";
        complaints.add(Place::WHOLE, what);
        return;
    }
    if !has(Channel::Call) {
        let what = "no step is a call: some people answer nothing but their phone; add two or three";
        complaints.add(Place::WHOLE, what);
    }
    if used.len() == 2 && cadence.touches() >= MANY && !matches!(cadence.kind.as_str(), "nurture" | "no-show") {
        let what = format!(
            "{} touches through {} only: a third channel reaches those who use neither; add one on LinkedIn, say",
            cadence.touches(),
            used.iter().copied().collect::<Vec<_>>().join(" and ")
        );
        complaints.add(Place::WHOLE, what);
    }
    let days: BTreeSet<u32> = days_of(cadence, Channel::Email);
    let paired = days_of(cadence, Channel::Call).iter().any(|day| days.contains(day));
    if has(Channel::Call) && !paired && matches!(cadence.kind.as_str(), "cold" | "inbound" | "no-show") {
        let what =
            "no day has an email and a call: a call a few hours after a mail is taken more often; pair two of them";
        complaints.add(Place::WHOLE, what);
    }
}

fn days_of(cadence: &Cadence, channel: Channel) -> BTreeSet<u32> {
    let steps = cadence.steps.iter().filter(|step| step.channel == channel);
    steps.map(|step| step.day).collect()
}

/// How far apart.
fn spacing(shelf: &Shelf, complaints: &mut Complaints<'_>) {
    let cadence = &shelf.cadence;
    let most = range(&cadence.kind).gap;
    let pairs = cadence.steps.iter().zip(cadence.steps.iter().skip(1));
    for ((before, step), place) in pairs.zip(shelf.places.iter().skip(1)) {
        let gap = step.day.saturating_sub(before.day);
        if gap > most {
            let what = format!(
                "{gap} days of silence before step {}: after {most} the touch before is forgotten; add one in between",
                step.number
            );
            complaints.add(*place, what);
        }
        if gap == 0 && before.channel == step.channel {
            let what = format!(
                "step {} is a second {} on the same day: it reads as pressing; move it by two days or change the channel",
                step.number,
                step.channel.word()
            );
            complaints.add(*place, what);
        }
    }
    if matches!(cadence.kind.as_str(), "cold" | "warm" | "inbound" | "event") && bunches_late(cadence) {
        let what = "most touches lie in the second half: attention is highest at the start; begin close together and \
                    let the gaps grow";
        complaints.add(Place::WHOLE, what);
    }
}

/// Whether the second half of the days has more touches than the first, the goodbye on the last two days apart.
fn bunches_late(cadence: &Cadence) -> bool {
    let middle = cadence.span() / 2;
    let early = cadence.steps.iter().filter(|step| step.day <= middle).count();
    let late = cadence
        .steps
        .iter()
        .filter(|step| step.day > middle && step.day + 1 < cadence.span());
    late.count() > early
}

/// Who asked, or was stood up, is answered at once.
fn beginning(cadence: &Cadence, complaints: &mut Complaints<'_>) {
    let prompt = |step: &Step| step.day == 1 && matches!(step.at, At::Immediately | At::Within(0..=CALL_BACK));
    let hurried = matches!(cadence.kind.as_str(), "inbound" | "no-show");
    if hurried && !cadence.steps.first().is_some_and(prompt) {
        let what =
            "the first mail waits: whoever asked turns to the next one within the hour; say `at = \"immediately\"`";
        complaints.add(Place::WHOLE, what);
    }
    let calls_back = cadence
        .steps
        .iter()
        .any(|step| step.channel == Channel::Call && prompt(step));
    if hurried && !calls_back {
        let what = "nobody is called on the first day within two hours: that is when they still think of it; add a call \
                    with `at = \"within 2h\"`";
        complaints.add(Place::WHOLE, what);
    }
}

/// The sentence under every mail.
fn opt_out(sentence: &str, complaints: &mut Complaints<'_>) {
    let sentence = sentence.to_lowercase();
    if !["stop", "unsubscribe", "remove me", "opt out"]
        .iter()
        .any(|word| sentence.contains(word))
    {
        let what = "`opt_out` names no word that is read as an opt-out: whoever does as it says goes on getting mail; let \
                    it ask for \"stop\"";
        complaints.add(Place::WHOLE, what);
    }
}

/// Waits for nothing.
fn events(shelf: &Shelf, complaints: &mut Complaints<'_>) {
    let cadence = &shelf.cadence;
    let by_hand = cadence.steps.iter().any(|step| step.channel != Channel::Email);
    if matches!(cadence.on.unlogged, Unlogged::Wait(_)) && !by_hand {
        complaints.add(
            Place::WHOLE,
            "`unlogged` has nothing to wait for: no step is a human's; delete it",
        );
    }
}
