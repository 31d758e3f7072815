//! The digest of a team as a page: who is behind, which cadences are at risk.

use super::{moment, safe};
use crate::model::{Behind, TeamDigest};
use jiff::tz::TimeZone;
use serde::Serialize;

/// What `team.txt` and `team.html` speak of.
#[derive(Serialize)]
pub(super) struct Page {
    day: String,
    /// `2 behind · 1 cadence at risk`.
    counts: String,
    behind: Vec<Row>,
    more: Option<String>,
    up_to_date: String,
    at_risk: Vec<Row>,
    held: Vec<String>,
    /// What lies with the administrator.
    also: Vec<String>,
    active: String,
    /// `I last read my mailbox at 07:58.`
    synced: String,
    quiet: bool,
}

/// Somebody or something, and what about it.
#[derive(Serialize)]
struct Row {
    name: String,
    what: String,
}

impl Page {
    pub(super) fn new(team: &TeamDigest, zone: &TimeZone) -> Self {
        let also = [
            counted(team.doubts, "mail is in doubt", "mails are in doubt", "in-doubt"),
            counted(
                team.quarantined,
                "mail is in quarantine",
                "mails are in quarantine",
                "quarantine",
            ),
        ];
        let synced = team
            .synced
            .map(|at| format!("I last read my mailbox {}.", moment::on_day(at, team.date, zone)));
        Self {
            day: moment::day(team.date),
            counts: counts(team),
            behind: team.behind.iter().map(row).collect(),
            more: (team.more > 0).then(|| format!("and {} more", team.more)),
            up_to_date: match team.up_to_date {
                0 => "Everybody has something that is late.".to_owned(),
                1 => "1 rep is up to date.".to_owned(),
                several => format!("{several} reps are up to date."),
            },
            at_risk: team
                .at_risk
                .iter()
                .map(|risk| Row {
                    name: safe::untrusted(&risk.cadence),
                    what: safe::untrusted(&begun(&risk.why.join("; "))),
                })
                .collect(),
            held: team.held.iter().map(|line| safe::untrusted(line)).collect(),
            also: also.into_iter().flatten().collect(),
            active: match team.active {
                1 => "1 prospect is in your cadences".to_owned(),
                several => format!("{several} prospects are in your cadences"),
            },
            synced: synced.unwrap_or_else(|| "I have not read my mailbox since I was started.".to_owned()),
            quiet: team.is_quiet(),
        }
    }

    /// `Team today: 2 behind · 1 cadence at risk`.
    pub(super) fn subject_line(&self) -> String {
        format!("Team today: {}", self.counts)
    }
}

fn counts(team: &TeamDigest) -> String {
    let behind = team.behind.len() + team.more;
    let parts = [
        (behind > 0).then(|| format!("{behind} behind")),
        match team.at_risk.len() {
            0 => None,
            1 => Some("1 cadence at risk".to_owned()),
            several => Some(format!("{several} cadences at risk")),
        },
        (!team.held.is_empty()).then(|| "touches are held".to_owned()),
        (team.doubts > 0).then(|| format!("{} in doubt", team.doubts)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        "nothing is late".to_owned()
    } else {
        parts.join(" · ")
    }
}

/// `3 touches late, up to 4 days; 1 answer waits for 2 days`.
fn row(behind: &Behind) -> Row {
    let days = |days: u32| {
        if days == 1 {
            "1 day".to_owned()
        } else {
            format!("{days} days")
        }
    };
    let late = match behind.late {
        0 => None,
        1 => Some(format!("1 touch {} late", days(behind.days_late))),
        several => Some(format!("{several} touches late, up to {}", days(behind.days_late))),
    };
    let waiting = match behind.waiting {
        0 => None,
        1 => Some(format!("1 answer waits for {}", days(behind.days_waiting))),
        several => Some(format!("{several} answers wait, up to {}", days(behind.days_waiting))),
    };
    let away = behind
        .away
        .map(|until| format!("away until {} without a stand-in", moment::day(until)));
    let what: Vec<String> = [late, waiting, away].into_iter().flatten().collect();
    Row {
        name: safe::untrusted(&behind.rep),
        what: what.join("; "),
    }
}

/// As a sentence begins.
fn begun(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(rest).collect()
}

fn counted(many: usize, one: &str, several: &str, command: &str) -> Option<String> {
    match many {
        0 => None,
        1 => Some(format!("1 {one}: cadence {command} list")),
        many => Some(format!("{many} {several}: cadence {command} list")),
    }
}
