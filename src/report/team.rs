//! What a team's digest says on one day: facts about reps and cadences → [`TeamDigest`].

use super::digest::days_late;
use super::measure::Measure;
use super::sums::{Sums, Tallied, by};
use crate::model::{
    AtRisk, Behind, Enrollment, Hold, Hours, PauseReason, Rep, Scope, Standing, Task, TeamDigest, limits,
};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// One rep of the team.
pub struct Member<'a> {
    /// Who.
    pub rep: &'a Rep,
    /// Their open tasks.
    pub tasks: &'a [(Task, Enrollment)],
    /// Their enrollments that are paused until somebody says otherwise, each with the moment since when.
    pub paused: &'a [(Enrollment, Timestamp)],
    /// The last day of their vacation, while they are away and nobody stands in.
    pub away: Option<Date>,
}

/// What a team's digest is made from.
pub struct TeamView<'a> {
    /// For which day.
    pub date: Date,
    /// Which days are worked.
    pub hours: &'a Hours,
    /// Everything that is held.
    pub holds: &'a [Hold],
    /// Numbers of the last thirty days.
    pub month: &'a [Tallied],
    /// Mails in doubt.
    pub doubts: usize,
    /// Mails in quarantine without a ruling.
    pub quarantined: usize,
    /// Prospects who are in a cadence.
    pub active: usize,
    /// When every folder of the mailbox was last looked at.
    pub synced: Option<Timestamp>,
}

/// How far behind one rep is; `None` when nothing is late.
#[must_use]
pub fn behind(member: &Member<'_>, date: Date, hours: &Hours) -> Option<Behind> {
    let day = |at: Timestamp| at.to_zoned(member.rep.zone.clone()).date();
    let age = |at: Timestamp| days_late(day(at), date, hours);
    let open = member.tasks.iter().filter(|(task, enrollment)| {
        let rests = matches!(enrollment.standing, Standing::Paused { .. } | Standing::Ended { .. });
        task.closed.is_none() && !rests
    });
    let late: Vec<u32> = open.map(|(task, _)| age(task.due)).filter(|days| *days > 0).collect();
    let answered = member.paused.iter().filter(|(enrollment, _)| {
        let waits = |why: &PauseReason| matches!(why, PauseReason::Replied | PauseReason::Meeting(_));
        matches!(&enrollment.standing, Standing::Paused { why, .. } if waits(why))
    });
    let waiting: Vec<u32> = answered
        .map(|(_, since)| age(*since))
        .filter(|days| *days > 0)
        .collect();
    (!late.is_empty() || !waiting.is_empty()).then(|| Behind {
        rep: member.rep.name.clone(),
        late: late.len(),
        days_late: late.iter().copied().max().unwrap_or(0),
        waiting: waiting.len(),
        days_waiting: waiting.iter().copied().max().unwrap_or(0),
        away: member.away,
    })
}

/// The digest of a team of so many reps, some of whom are behind.
#[must_use]
pub fn team(view: &TeamView<'_>, reps: usize, behind: Vec<Behind>) -> TeamDigest {
    let mut behind = behind;
    behind.sort_by(|one, other| {
        let weight = |one: &Behind| (one.late + one.waiting, one.days_late.max(one.days_waiting));
        weight(other).cmp(&weight(one)).then_with(|| one.rep.cmp(&other.rep))
    });
    let up_to_date = reps.saturating_sub(behind.len());
    let more = behind.len().saturating_sub(limits::TEAM_LISTED);
    behind.truncate(limits::TEAM_LISTED);
    let about_people = |hold: &&Hold| !matches!(hold.scope, Scope::Cadence(_)) && hold.cause.is_about_touches();
    let held = view.holds.iter().filter(about_people);
    TeamDigest {
        date: view.date,
        behind,
        more,
        up_to_date,
        at_risk: at_risk(view),
        held: held.take(limits::TEAM_LISTED).map(held_words).collect(),
        doubts: view.doubts,
        quarantined: view.quarantined,
        active: view.active,
        synced: view.synced,
    }
}

fn held_words(hold: &Hold) -> String {
    let what = match &hold.scope {
        Scope::Rep(address) => format!("Touches in the name of {address} are held"),
        Scope::All | Scope::Cadence(_) => "All touches are held".to_owned(),
    };
    format!("{what}: {}", hold.why.trim_end_matches('.'))
}

/// Cadences that are held, or on the way to it.
fn at_risk(view: &TeamView<'_>) -> Vec<AtRisk> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for hold in view.holds {
        if let Scope::Cadence(name) = &hold.scope {
            let why = format!("it is held: {}", hold.why.trim_end_matches('.'));
            found.entry(name.to_string()).or_default().push(why);
        }
    }
    let cadences = by(view.month, |subject| {
        (subject.step == 0).then(|| subject.cadence.clone())
    });
    for (name, sums) in &cadences {
        let why = suspicious(sums);
        if !why.is_empty() {
            found.entry(name.clone()).or_default().extend(why);
        }
    }
    let named = found.into_iter().take(limits::TEAM_LISTED);
    named.map(|(cadence, why)| AtRisk { cadence, why }).collect()
}

/// What is on its way to a breaker, of thirty days.
fn suspicious(sums: &Sums) -> Vec<String> {
    let mut why = Vec::new();
    let (mailed, delivered) = (sums.of(Measure::Mailed), sums.of(Measure::Delivered));
    let complained = sums.of(Measure::Complained);
    if complained > 0 {
        why.push(format!("{complained} reported it as spam, of {delivered} in 30 days"));
    }
    let bounced = sums.of(Measure::BouncedHard);
    if mailed >= limits::TEAM_LEAST && bounced * 100 >= mailed * limits::TEAM_BOUNCED_OF_100 {
        why.push(format!("{bounced} of {mailed} addresses were dead in 30 days"));
    }
    let opted_out = sums.of(Measure::OptedOut);
    if delivered >= limits::TEAM_LEAST && opted_out * 100 >= delivered * limits::TEAM_OPTED_OUT_OF_100 {
        why.push(format!("{opted_out} of {delivered} opted out in 30 days"));
    }
    why
}
