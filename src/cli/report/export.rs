//! Lists for a CRM: every touch that was made, how every enrollment stands. Read in portions, so that memory stays small
//! however many there are.

use super::super::{Exit, Failure, Outcome, open, out};
use super::Export;
use crate::model::{Ending, EnrollmentId, Fact, Recorded, Resolution, TaskOutcome, limits};
use crate::report::{Asked, csv_field, day_of, day_of_date};
use crate::store::Store;
use jiff::Timestamp;
use std::io::Write;
use std::path::Path;

/// Writes the list.
pub async fn export(store: &Store, asked: &Asked, what: Export, to: Option<&Path>) -> Outcome {
    let mut file = match to {
        Some(path) => Some(std::fs::File::create(path).map_err(|error| Failure::file(path, "written", &error))?),
        None => None,
    };
    let mut write = |text: &str| match (&mut file, to) {
        (Some(file), Some(path)) => file
            .write_all(text.as_bytes())
            .map_err(|error| Failure::file(path, "written", &error)),
        _ => out::put(text.as_bytes()),
    };
    write(match what {
        Export::Touches => "enrollment,prospect,rep,cadence,step,channel,at,outcome\r\n",
        Export::Outcomes => "enrollment,prospect,rep,cadence,enrolled,outcome,at,replied,met\r\n",
    })?;
    let mut after = i64::MIN;
    loop {
        let found = store.enrollment_ids(after, limits::EXPORT_PORTION).await;
        let found = found.map_err(|error| open::store_failure(&error))?;
        let Some(last) = found.last() else { break };
        after = last.0;
        let mut lines = String::new();
        for id in found {
            let journal = store.journal(id).await.map_err(|error| open::store_failure(&error))?;
            match what {
                Export::Touches => touches(id, &journal, asked, &mut lines),
                Export::Outcomes => outcome(id, &journal, asked, &mut lines),
            }
        }
        write(&lines)?;
    }
    Ok(Exit::Fine)
}

/// Who an enrollment is about, when it is asked about.
fn whose<'a>(journal: &'a [Recorded], asked: &Asked) -> Option<(Timestamp, [&'a str; 3])> {
    let first = journal.first()?;
    let Fact::Enrolled {
        rep, prospect, cadence, ..
    } = &first.fact
    else {
        return None;
    };
    let fits = |wish: &Option<String>, name: &str| wish.as_deref().is_none_or(|wish| wish == name);
    (fits(&asked.cadence, cadence.as_str()) && fits(&asked.rep, rep.as_str()))
        .then(|| (first.at, [prospect.address.as_str(), rep.as_str(), cadence.as_str()]))
}

fn is_in(at: Timestamp, asked: &Asked) -> bool {
    (day_of_date(asked.from)..=day_of_date(asked.to)).contains(&day_of(at))
}

fn line(cells: &[&str], lines: &mut String) {
    let cells: Vec<String> = cells.iter().map(|cell| csv_field(cell)).collect();
    lines.push_str(&cells.join(","));
    lines.push_str("\r\n");
}

fn touches(id: EnrollmentId, journal: &[Recorded], asked: &Asked, lines: &mut String) {
    let Some((_, [prospect, rep, cadence])) = whose(journal, asked) else {
        return;
    };
    for Recorded { at, fact } in journal {
        let touch = match fact {
            Fact::Enrolled {
                adopted: Some(step), ..
            } => Some((*step, "email", "the rep's own mail")),
            Fact::Sent { step, .. } => Some((*step, "email", "sent")),
            Fact::Resolved {
                step,
                how: Resolution::Sent | Resolution::PresumedSent,
                ..
            } => Some((*step, "email", "sent, after a doubt")),
            Fact::TaskClosed { step, outcome, .. }
                if !matches!(outcome, TaskOutcome::Skipped | TaskOutcome::Dropped) =>
            {
                Some((*step, "by hand", outcome.word()))
            }
            _ => None,
        };
        if let Some((step, channel, outcome)) = touch.filter(|_| is_in(*at, asked)) {
            let (id, step, at) = (id.to_string(), step.to_string(), at.to_string());
            line(&[&id, prospect, rep, cadence, &step, channel, &at, outcome], lines);
        }
    }
}

fn outcome(id: EnrollmentId, journal: &[Recorded], asked: &Asked, lines: &mut String) {
    let Some((enrolled, [prospect, rep, cadence])) = whose(journal, asked) else {
        return;
    };
    if !is_in(enrolled, asked) {
        return;
    }
    let (mut replied, mut met, mut over) = (false, false, None);
    for Recorded { at, fact } in journal {
        match fact {
            Fact::Replied { .. } => replied = true,
            Fact::Reopened { .. } => over = None,
            Fact::Ended { outcome } => {
                met |= *outcome == Ending::Met;
                over = Some((outcome.word(), at.to_string()));
            }
            _ => {}
        }
    }
    let (word, at) = over.unwrap_or(("active", String::new()));
    let yes = |holds: bool| if holds { "yes" } else { "no" };
    let (id, enrolled) = (id.to_string(), enrolled.to_string());
    line(
        &[
            &id,
            prospect,
            rep,
            cadence,
            &enrolled,
            word,
            &at,
            yes(replied),
            yes(met),
        ],
        lines,
    );
}
