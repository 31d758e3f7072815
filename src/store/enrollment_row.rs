//! An enrollment as a row: what moves in columns and one JSON, what never changes in its first fact.

use super::error::StoreError;
use super::tx::{Row, Tx, moment};
use crate::model::{
    Absence, Approved, Dealt, Draft, Ending, Enrollment, EnrollmentId, Fact, History, LetterId, MeetingSeen, MessageId,
    PauseReason, Prospect, Recorded, Standing, StepMark, StepNo, TaskOutcome, Thread, Zone,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The beginning of every query for enrollments; `WHERE` on `e` follows.
pub(super) const SELECT: &str = "SELECT e.id, e.version, e.standing, e.step, e.due_ms, e.letter, e.detail, \
     f.at_ms AS enrolled_ms, f.code AS code, f.data AS data \
     FROM enrollment e JOIN fact f ON f.seq = e.first_fact";

/// What moves, as columns.
pub(super) struct Columns {
    pub(super) standing: &'static str,
    pub(super) step: Option<i64>,
    pub(super) due_ms: Option<i64>,
    pub(super) letter: Option<i64>,
    pub(super) detail: String,
}

/// What moves and is not asked for by queries. Short names: there are many of these rows.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Detail {
    /// Why it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// Why it is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pause: Option<PauseReason>,
    /// How and when it ended, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<(Ending, i64)>,
    /// The last touch, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    touched: Option<(StepNo, i64)>,
    /// Soft bounces, milliseconds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    soft: Vec<i64>,
    /// Words about meetings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    meet: Vec<MeetingSeen>,
    /// The ids of the thread, once there are more than the first fact has.
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<MessageId>>,
    /// The subject of the thread, once it is another than the first fact has.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// What was logged for each step.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logged: Vec<(StepNo, TaskOutcome)>,
    /// The last reply, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    replied: Option<i64>,
    /// What that was read as.
    #[serde(skip_serializing_if = "Option::is_none")]
    meant: Option<String>,
    /// What was reported, milliseconds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signals: Vec<(String, i64)>,
    /// What each step was when it was planned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<(StepNo, StepMark)>,
    /// Which of several wordings each mail had.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    wordings: Vec<(StepNo, String)>,
    /// What tests dealt that no letter carries.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dealt: Vec<Dealt>,
    /// The mail that waits for the rep's word, or has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    draft: Option<Draft>,
    /// Mails to come in the rep's own words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<(String, Approved)>,
    /// Until when the prospect is away, milliseconds, and whether they named the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    away: Option<(i64, bool)>,
    /// Where the prospect's clock stands, once a mail of theirs told it.
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<Zone>,
    /// What the rep said of the prospect since.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    learned: BTreeMap<String, String>,
}

/// The code of a standing.
pub(super) fn code(standing: &Standing) -> &'static str {
    match standing {
        Standing::Deciding { .. } => "deciding",
        Standing::Waiting { .. } => "waiting",
        Standing::Sending { .. } => "sending",
        Standing::Paused { .. } => "paused",
        Standing::Ended { .. } => "ended",
    }
}

/// What the first fact had of what may move.
#[derive(Debug, Clone, PartialEq)]
pub struct First {
    thread: Thread,
    zone: Zone,
    name: Option<String>,
    fields: BTreeMap<String, String>,
}

impl First {
    pub(super) fn of(enrollment: &Enrollment) -> Self {
        Self {
            thread: enrollment.thread.clone(),
            zone: enrollment.prospect.zone.clone(),
            name: enrollment.prospect.name.clone(),
            fields: enrollment.prospect.fields.clone(),
        }
    }
}

/// The row of an enrollment whose first fact had this.
pub(super) fn columns(enrollment: &Enrollment, first: &First) -> Result<Columns, StoreError> {
    let mut detail = Detail {
        touched: enrollment.touched.map(|(step, at)| (step, at.as_millisecond())),
        soft: enrollment.soft_bounces.iter().map(|at| at.as_millisecond()).collect(),
        meet: enrollment.meetings.clone(),
        ids: (enrollment.thread.ids != first.thread.ids).then(|| enrollment.thread.ids.clone()),
        subject: (enrollment.thread.subject != first.thread.subject).then(|| enrollment.thread.subject.clone()),
        logged: enrollment.history.outcomes.clone(),
        replied: enrollment.history.replied.map(Timestamp::as_millisecond),
        meant: enrollment.history.meant.clone(),
        signals: signals(&enrollment.history),
        marks: enrollment.history.marks.clone(),
        wordings: enrollment.history.wordings.clone(),
        dealt: enrollment.history.dealt.clone(),
        draft: enrollment.history.draft.clone(),
        edits: enrollment.history.edits.clone(),
        away: enrollment
            .history
            .away
            .map(|away| (away.until.as_millisecond(), away.named)),
        zone: (enrollment.prospect.zone != first.zone).then(|| enrollment.prospect.zone.clone()),
        learned: learned(&enrollment.prospect, first),
        ..Detail::default()
    };
    let (mut due, mut letter) = (None, None);
    match &enrollment.standing {
        Standing::Deciding { .. } => {}
        Standing::Waiting { due: at, why, .. } => {
            due = Some(*at);
            detail.why = Some(why.clone());
        }
        Standing::Sending { letter: id, .. } => letter = Some(id.0),
        Standing::Paused { why, until, .. } => {
            due = *until;
            detail.pause = Some(why.clone());
        }
        Standing::Ended { outcome, at } => detail.ended = Some((*outcome, at.as_millisecond())),
    }
    Ok(Columns {
        standing: code(&enrollment.standing),
        step: enrollment.next_step().map(|step| i64::from(step.0)),
        due_ms: due.map(|due| due.as_millisecond()),
        letter,
        detail: serde_json::to_string(&detail).map_err(|_| StoreError::misfit("an enrollment makes no JSON"))?,
    })
}

/// What is known now and was not in the first fact. Nothing that was known is ever forgotten, so that this is all.
fn learned(prospect: &Prospect, first: &First) -> BTreeMap<String, String> {
    let is_new = |(field, value): &(&String, &String)| first.fields.get(*field) != Some(*value);
    let fields = prospect.fields.iter().filter(is_new);
    let name = prospect.name.iter().filter(|name| first.name.as_ref() != Some(*name));
    let name = name.map(|name| ("name".to_owned(), name.clone()));
    fields
        .map(|(field, value)| (field.clone(), value.clone()))
        .chain(name)
        .collect()
}

fn signals(history: &History) -> Vec<(String, i64)> {
    let signals = history.signals.iter();
    signals.map(|(name, at)| (name.clone(), at.as_millisecond())).collect()
}

/// Reads a row of [`SELECT`], and with it what its first fact had of what moves.
pub(super) fn read_with_first(row: &Row) -> Result<(Enrollment, First), StoreError> {
    let id = EnrollmentId(row.int("id")?);
    let enrolled = row.time("enrolled_ms")?;
    let mut enrollment = Enrollment::begin(id, enrolled, &read_fact(row)?)
        .map_err(|misfit| StoreError::misfit(format!("enrollment {id}: {misfit}")))?;
    let first = First::of(&enrollment);
    let mut detail: Detail = row.json("detail")?;
    enrollment.version = row.small("version")?;
    enrollment.touched = match detail.touched {
        Some((step, at)) => Some((step, sound(at)?)),
        None => None,
    };
    enrollment.soft_bounces = detail.soft.iter().map(|at| sound(*at)).collect::<Result<_, _>>()?;
    enrollment.meetings = std::mem::take(&mut detail.meet);
    if let Some(ids) = detail.ids.take() {
        enrollment.thread.ids = ids;
    }
    if let Some(subject) = detail.subject.take() {
        enrollment.thread.subject = subject;
    }
    enrollment.prospect.learn(&std::mem::take(&mut detail.learned));
    if let Some(zone) = detail.zone.take() {
        enrollment.prospect.zone = zone;
    }
    enrollment.history = History {
        outcomes: std::mem::take(&mut detail.logged),
        replied: detail.replied.map(sound).transpose()?,
        meant: detail.meant.take(),
        signals: std::mem::take(&mut detail.signals)
            .into_iter()
            .map(|(name, at)| Ok((name, sound(at)?)))
            .collect::<Result<_, StoreError>>()?,
        marks: std::mem::take(&mut detail.marks),
        wordings: std::mem::take(&mut detail.wordings),
        dealt: std::mem::take(&mut detail.dealt),
        draft: detail.draft.take(),
        edits: std::mem::take(&mut detail.edits),
        away: match detail.away {
            Some((until, named)) => Some(Absence {
                until: sound(until)?,
                named,
            }),
            None => None,
        },
    };
    enrollment.standing = standing(row, detail)?;
    Ok((enrollment, first))
}

/// Reads a row of [`SELECT`].
pub(super) fn read(row: &Row) -> Result<Enrollment, StoreError> {
    Ok(read_with_first(row)?.0)
}

fn standing(row: &Row, detail: Detail) -> Result<Standing, StoreError> {
    let step = || row.small("step").map(StepNo);
    let until = || row.int_if_any("due_ms")?.map(sound).transpose();
    Ok(match row.text("standing")? {
        "deciding" => Standing::Deciding { next: step()? },
        "waiting" => Standing::Waiting {
            step: step()?,
            due: row.time("due_ms")?,
            why: detail.why.ok_or_else(incomplete)?,
        },
        "sending" => Standing::Sending {
            step: step()?,
            letter: LetterId(row.int("letter")?),
        },
        "paused" => Standing::Paused {
            next: step()?,
            why: detail.pause.ok_or_else(incomplete)?,
            until: until()?,
        },
        "ended" => {
            let (outcome, at) = detail.ended.ok_or_else(incomplete)?;
            Standing::Ended {
                outcome,
                at: sound(at)?,
            }
        }
        other => return Err(StoreError::misfit(format!("unknown standing `{other}`"))),
    })
}

fn incomplete() -> StoreError {
    StoreError::misfit("an enrollment's detail lacks what its standing needs")
}

fn sound(milliseconds: i64) -> Result<Timestamp, StoreError> {
    moment(milliseconds).ok_or_else(|| StoreError::misfit("a time in an enrollment's detail is outside of time"))
}

/// One enrollment, and what its first fact had of what moves.
pub(super) fn load(tx: &Tx<'_>, id: EnrollmentId) -> Result<Option<(Enrollment, First)>, StoreError> {
    tx.first(&format!("{SELECT} WHERE e.id = $1"), &[id.0.into()])?
        .map(|row| read_with_first(&row))
        .transpose()
}

/// Writes one fact.
pub(super) fn record(tx: &Tx<'_>, id: EnrollmentId, at: Timestamp, fact: &Fact) -> Result<(), StoreError> {
    let (code, data) = split(fact)?;
    let sql = "INSERT INTO fact (at_ms, enrollment, code, data) VALUES ($1, $2, $3, $4)";
    tx.execute(sql, &[at.into(), id.0.into(), code.into(), data.into()])
        .map(drop)
}

/// Writes the first fact; returns its journal number.
pub(super) fn record_first(tx: &Tx<'_>, id: EnrollmentId, at: Timestamp, fact: &Fact) -> Result<i64, StoreError> {
    let (code, data) = split(fact)?;
    tx.first(
        "INSERT INTO fact (at_ms, enrollment, code, data) VALUES ($1, $2, $3, $4) RETURNING seq",
        &[at.into(), id.0.into(), code.into(), data.into()],
    )?
    .ok_or_else(|| StoreError::misfit("the journal gave no number"))?
    .int("seq")
}

/// How the text of every fact begins: serde writes its tag first.
const CODE: &str = "{\"code\":\"";

/// A fact is its code and the rest, so that a query can ask for a code. Cut out of the text, because two facts a mail are
/// written and one is read between two fsyncs.
fn split(fact: &Fact) -> Result<(String, String), StoreError> {
    let json = serde_json::to_string(fact).map_err(|_| StoreError::misfit("a fact makes no JSON"))?;
    // Codes are words without quotes, see `Fact::code`.
    json.strip_prefix(CODE)
        .and_then(|rest| rest.split_once('"'))
        .map(|(code, rest)| (code.to_owned(), format!("{{{}", rest.strip_prefix(',').unwrap_or(rest))))
        .ok_or_else(|| StoreError::misfit("a fact has no code"))
}

/// A fact's fields, as the column `data` holds them.
pub(super) fn data(fact: &Fact) -> Result<String, StoreError> {
    Ok(split(fact)?.1)
}

/// The fact in the columns `code` and `data`.
pub(super) fn read_fact(row: &Row) -> Result<Fact, StoreError> {
    let code = row.text("code")?;
    let unread = || StoreError::misfit(format!("a fact `{code}` in the journal cannot be read"));
    let rest = row.text("data")?.strip_prefix('{').ok_or_else(unread)?;
    let comma = if rest == "}" { "" } else { "," };
    serde_json::from_str(&format!("{CODE}{code}\"{comma}{rest}")).map_err(|_| unread())
}

/// The fact with its time, `at_ms`.
pub(super) fn read_recorded(row: &Row) -> Result<Recorded, StoreError> {
    Ok(Recorded {
        at: row.time("at_ms")?,
        fact: read_fact(row)?,
    })
}
