//! A rep takes back what they had logged, by which an enrollment ended: it goes on where it stood.
//!
//! What the prospect said, what the cadence did and what somebody else knows is never taken back: an answer, an opt-out, a
//! complaint, a dead address, a meeting that a calendar told of. The next touch gets its time by the same rules as after a
//! pause, and its mail asks for its turn when that comes, so that nothing goes out in a burst.
//!
//! Not here: a task whose log ended nothing (`rules::command`).

use super::command::Said;
use super::{View, words};
use crate::model::{
    CadenceName, Decision, Ending, Enrollment, Fact, MeetingSaid, Recorded, Standing, SuppressionReason, Task, TaskId,
    is_policy, limits,
};
use jiff::{SignedDuration, Timestamp};

/// What is known of an enrollment that is over.
#[derive(Debug)]
pub struct Since<'a> {
    /// Its journal.
    pub journal: &'a [Recorded],
    /// Why the prospect is mailed no more, if so.
    pub suppressed: Option<SuppressionReason>,
    /// In which cadence they are by now, or went on in.
    pub elsewhere: Option<CadenceName>,
}

/// The word that ended it.
struct Word {
    /// Where in the journal it ended.
    ended: usize,
    /// Where what the rep said begins.
    begins: usize,
    /// The task that they logged.
    task: Option<TaskId>,
    /// When.
    at: Timestamp,
}

/// Takes it back; or says why not. `task`: the one that is meant.
#[must_use]
pub fn take_back(view: &View<'_>, task: Option<&Task>, since: &Since<'_>, now: Timestamp) -> (Decision, String, bool) {
    match decide(view, task, since, now) {
        Ok((facts, answer)) => Said::done(facts, answer).into_parts(),
        Err(why) => {
            let answer = format!("{}: nothing changed; {why}.", words::subject(view));
            Said::refused(answer).into_parts()
        }
    }
}

fn decide(
    view: &View<'_>,
    task: Option<&Task>,
    since: &Since<'_>,
    now: Timestamp,
) -> Result<(Vec<Fact>, String), String> {
    if let Some(why) = since.journal.iter().find_map(|recorded| forbids(view, recorded)) {
        return Err(why);
    }
    let word = ending_word(since.journal, task)
        .ok_or_else(|| format!("it is {}, and that was not by a log of yours", words::standing(view)))?;
    let age = now.duration_since(word.at);
    if age > SignedDuration::try_from(limits::TAKEN_BACK_WITHIN).unwrap_or(SignedDuration::ZERO) {
        return Err(format!(
            "it is {}, and that is too long ago to go on as if nothing had happened. To begin anew, hand the prospect over again",
            words::standing(view)
        ));
    }
    let behind = since.journal.get(word.ended.saturating_add(1)..).unwrap_or_default();
    if let Some(why) = behind.iter().find_map(|recorded| stands(view, recorded)) {
        return Err(why);
    }
    if let Some(reason) = since.suppressed {
        return Err(format!("this address is never mailed any more: {}", reason.word()));
    }
    if let Some(cadence) = &since.elsewhere {
        return Err(format!(
            "they went on in \"{cadence}\". To have them here again, say `switch` with this cadence"
        ));
    }
    let told = since.journal.get(..word.begins).unwrap_or_default();
    let before = Enrollment::fold(view.enrollment.id, told).map_err(|_| "it is not known where it stood".to_owned())?;
    let mut facts = vec![Fact::EndTakenBack {
        by: view.rep.address.clone(),
        before: Box::new(before.standing.clone()),
    }];
    let logged = task.filter(|task| Some(task.id) == word.task);
    facts.extend(logged.map(|task| Fact::TaskReopened {
        step: task.step,
        task: task.id,
    }));
    let mut after = view.enrollment.clone();
    if !facts.iter().all(|fact| after.apply(now, fact).is_ok()) {
        return Err(format!("it is {}", words::standing(view)));
    }
    let back = after.history.away.map_or(now, |away| away.until);
    if let Standing::Deciding { next } = after.standing {
        let open = View {
            enrollment: &after,
            ..*view
        };
        let follows = match before.standing {
            // What had its time, and that lies ahead, keeps it.
            Standing::Waiting { step, due, ref why } if step == next && due > now.max(back) => Fact::Scheduled {
                step,
                due,
                why: why.clone(),
                of: None,
            },
            _ => open.follow(next, after.touched, now),
        };
        after.apply(now, &follows).map_err(|_| "it cannot go on".to_owned())?;
        facts.push(follows);
    }
    let shown = View {
        enrollment: &after,
        ..*view
    };
    let what = match logged {
        Some(task) => format!(
            "{}, {}: open again, \"{}\" is taken back; it stands in your next digest",
            words::subject(view),
            words::touch(view, task.step),
            task.closed.map_or("", |(_, outcome)| outcome.word())
        ),
        None => format!("{}: open again, what you logged is taken back", words::subject(view)),
    };
    Ok((facts, format!("{what}. {}.", words::next(&shown))))
}

/// The log by which it ended: of this task, or without one.
fn ending_word(journal: &[Recorded], task: Option<&Task>) -> Option<Word> {
    let ended = journal
        .iter()
        .rposition(|recorded| matches!(recorded.fact, Fact::Ended { .. }))?;
    let end = journal.get(ended)?;
    let Fact::Ended { outcome } = end.fact else { return None };
    let (mut begins, mut by_calendar) = (ended, false);
    for (at, recorded) in journal.get(..ended)?.iter().enumerate().rev() {
        let word = |begins: usize, task: Option<TaskId>| Word {
            ended,
            begins,
            task,
            at: end.at,
        };
        match &recorded.fact {
            _ if recorded.at != end.at => break,
            Fact::TaskClosed { task: closed, .. } => {
                let is_it = task.is_none_or(|task| task.id == *closed);
                return is_it.then(|| word(at, Some(*closed)));
            }
            Fact::Meeting { seen } if seen.is_of_rep() && seen.said == MeetingSaid::Booked => {}
            Fact::Meeting { .. } => by_calendar = true,
            Fact::Noted { .. } => {}
            _ => break,
        }
        begins = at;
    }
    let by_word = matches!(outcome, Ending::Met | Ending::NotInterested) && !by_calendar && task.is_none();
    by_word.then_some(Word {
        ended,
        begins,
        task: None,
        at: end.at,
    })
}

/// Why no word of a rep's opens it again, whenever this came.
fn forbids(view: &View<'_>, recorded: &Recorded) -> Option<String> {
    let day = words::date(view, recorded.at);
    match &recorded.fact {
        Fact::OptedOut { .. } => Some(format!("they asked for no more mail on {day}, and that stands")),
        Fact::Complained => Some(format!("they reported a mail as spam on {day}, and that stands")),
        Fact::Bounced {
            permanent: true,
            status,
            ..
        } if !is_policy(status.as_deref()) => Some(format!("mail to this address came back on {day}")),
        _ => None,
    }
}

/// Why an end is not taken back behind which this came.
fn stands(view: &View<'_>, recorded: &Recorded) -> Option<String> {
    let day = words::date(view, recorded.at);
    match &recorded.fact {
        Fact::Replied { .. } => Some(format!("they answered since, on {day}: go on by hand")),
        Fact::Meeting { .. } => Some(format!("something was said about a meeting with them on {day}")),
        Fact::Ended { .. } => Some(format!("it is {}", words::standing(view))),
        _ => None,
    }
}
