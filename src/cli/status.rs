//! `cadence status`: counts, the next wake-up, and what went wrong lately.

use super::{Exit, Outcome, Shared, holds, open, out, scope, watched};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::Hold;
use crate::store::{Counts, WatchRow};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

const EXAMPLES: &str = "\
Examples:
  cadence status
  cadence status --json

It only looks: a running bot is not disturbed.";

/// Show counts, the next touch, and recent troubles
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// One JSON object
    #[arg(long)]
    pub json: bool,
}

/// Prints them.
pub async fn status(shared: &Shared, arguments: &Arguments) -> Outcome {
    let config = Config::load(shared.config_file())?;
    let store = open::existing_store(&config).await?;
    let fail = |error| open::store_failure(&error);
    let counts = store.counts().await.map_err(fail)?;
    let wake = store.next_wake().await.map_err(fail)?;
    let held = store.holds(Clock::System.now()).await.map_err(fail)?;
    let away = watched::away(&config, &store).await.map_err(fail)?;
    let library = open::library(&config)?;
    let unloaded: Vec<String> = library
        .all_held()
        .flat_map(|(_, problems)| problems.iter().map(open::problem_line))
        .collect();
    if arguments.json {
        out::say(&format!("{}\n", object(&counts, &held, &away, &unloaded, wake)))?;
    } else {
        out::say(&text(&counts, &held, &away, &unloaded, wake))?;
    }
    Ok(Exit::Fine)
}

fn object(counts: &Counts, held: &[Hold], away: &[WatchRow], unloaded: &[String], wake: Option<Timestamp>) -> Value {
    let table = |rows: &[(String, i64)]| -> Map<String, Value> {
        rows.iter().map(|(name, count)| (name.clone(), json!(count))).collect()
    };
    let troubles: Vec<Value> = counts
        .troubles
        .iter()
        .map(|(at, kind, because)| json!({"at": at.to_string(), "kind": kind, "because": because}))
        .collect();
    json!({
        "enrollments": table(&counts.enrollments),
        "waiting_for_pace": counts.paced,
        "letters": table(&counts.letters),
        "mails": table(&counts.mails),
        "open_tasks": counts.open_tasks,
        "suppressed": counts.suppressed,
        "holds": held.iter().map(holds::object).collect::<Vec<_>>(),
        "away": away.iter().map(watched::object).collect::<Vec<_>>(),
        "does_not_load": unloaded,
        "next_wake": wake.map(|at| at.to_string()),
        "troubles": troubles,
    })
}

fn text(counts: &Counts, held: &[Hold], away: &[WatchRow], unloaded: &[String], wake: Option<Timestamp>) -> String {
    let table = |rows: &[(String, i64)]| match rows {
        [] => "none".to_owned(),
        rows => {
            let cells: Vec<String> = rows.iter().map(|(name, count)| format!("{count} {name}")).collect();
            cells.join(", ")
        }
    };
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        let _ = writeln!(text, "{label:<13}{value}");
    };
    line("enrollments", &table(&counts.enrollments));
    if counts.paced > 0 {
        line("", &format!("{} of them wait for pace only", counts.paced));
    }
    line("letters", &table(&counts.letters));
    line("mails read", &table(&counts.mails));
    line("open tasks", &counts.open_tasks.to_string());
    line("suppressed", &counts.suppressed.to_string());
    for hold in held {
        line("held", &scope::line(hold));
    }
    for row in away {
        line("away", &watched::line(row));
    }
    for problem in unloaded {
        line("not loaded", problem);
    }
    let wake = wake.map_or_else(|| "nothing is planned".to_owned(), moment);
    line("next wake-up", &wake);
    if counts.troubles.is_empty() {
        line("troubles", "none");
        return text;
    }
    text.push_str("troubles, newest first:\n");
    for (at, kind, because) in &counts.troubles {
        let _ = writeln!(text, "  {}  {kind}: {because}", moment(*at));
    }
    text
}

/// `2026-11-22 22:27:23 UTC`: the server's time, since reps have several.
fn moment(at: Timestamp) -> String {
    at.strftime("%F %T UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cause, Scope};
    use expect_test::expect;

    #[test]
    fn the_text_reads_like_a_table() {
        let counts = Counts {
            enrollments: vec![("waiting".to_owned(), 2), ("paused".to_owned(), 1)],
            paced: 1,
            letters: vec![("sent".to_owned(), 5)],
            mails: Vec::new(),
            open_tasks: 3,
            suppressed: 0,
            troubles: vec![(
                Timestamp::UNIX_EPOCH,
                "impostor".to_owned(),
                "claims to be a rep without proof".to_owned(),
            )],
        };
        let held = Hold {
            scope: Scope::All,
            cause: Cause::Administrator,
            why: "the relay moves".to_owned(),
            by: "ana".to_owned(),
            since: Timestamp::UNIX_EPOCH,
            clears: None,
        };
        let row = WatchRow {
            rep: crate::model::Address::parse("ana@corp.test").expect("an address"),
            journal: 0,
            away: Some((Timestamp::UNIX_EPOCH, "the login was refused".to_owned())),
        };
        expect![[r#"
            enrollments  2 waiting, 1 paused
                         1 of them wait for pace only
            letters      5 sent
            mails read   none
            open tasks   3
            suppressed   0
            held         all since 1970-01-01T00:00:00Z by ana, until `cadence unhold all`: the relay moves
            away         the watched mailbox of ana@corp.test since 1970-01-01 00:00:00 UTC, and no touch of theirs goes out until it can be read: the login was refused
            next wake-up 1970-01-01 00:00:00 UTC
            troubles, newest first:
              1970-01-01 00:00:00 UTC  impostor: claims to be a rep without proof
        "#]]
        .assert_eq(&text(&counts, &[held], &[row], &[], Some(Timestamp::UNIX_EPOCH)));
        assert_eq!(object(&counts, &[], &[], &[], None)["next_wake"], Value::Null);
    }
}
