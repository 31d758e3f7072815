//! Questions about tasks and digests.

use super::error::StoreError;
use super::tx::{Row, Tx};
use super::{bound, enrollment_row};
use crate::model::{Address, Channel, Enrollment, EnrollmentId, LetterId, StepNo, Task, TaskId, TaskOutcome};
use jiff::civil::Date;

const SELECT: &str = "SELECT t.id, t.enrollment, t.step, t.rep, t.channel, t.due_ms, t.script, t.closed_ms, t.outcome \
     FROM task t";

fn read(row: &Row) -> Result<Task, StoreError> {
    let closed = match row.int_if_any("closed_ms")? {
        Some(_) => {
            let outcome = row.read("outcome", |code| {
                TaskOutcome::ALL.into_iter().find(|outcome| outcome.code() == code)
            })?;
            Some((row.time("closed_ms")?, outcome))
        }
        None => None,
    };
    Ok(Task {
        id: TaskId(row.int("id")?),
        enrollment: EnrollmentId(row.int("enrollment")?),
        step: StepNo(row.small("step")?),
        rep: row.read("rep", |text| Address::parse(text).ok())?,
        channel: row.read("channel", |word| {
            Channel::ALL.into_iter().find(|channel| channel.word() == word)
        })?,
        due: row.time("due_ms")?,
        script: row.text("script")?.to_owned(),
        closed,
    })
}

pub(super) const OPEN: &str = "WHERE t.rep = $1 AND t.closed_ms IS NULL ORDER BY t.due_ms, t.id LIMIT $2";

pub(super) fn open_tasks(tx: &Tx<'_>, rep: &Address, limit: usize) -> Result<Vec<(Task, Enrollment)>, StoreError> {
    tx.query(&format!("{SELECT} {OPEN}"), &[rep.as_str().into(), bound(limit)])?
        .iter()
        .map(|row| {
            let task = read(row)?;
            let (enrollment, _) = enrollment_row::load(tx, task.enrollment)?
                .ok_or_else(|| StoreError::misfit(format!("task {} has no enrollment", task.id)))?;
            Ok((task, enrollment))
        })
        .collect()
}

pub(super) const OPEN_MANY: &str = "SELECT COUNT(*) AS many FROM task WHERE rep = $1 AND closed_ms IS NULL";

pub(super) fn open_many(tx: &Tx<'_>, rep: &Address) -> Result<usize, StoreError> {
    tx.first(OPEN_MANY, &[rep.as_str().into()])?
        .map_or(Ok(0), |row| row.small("many"))
}

pub(super) fn tasks_of(tx: &Tx<'_>, enrollment: EnrollmentId) -> Result<Vec<Task>, StoreError> {
    let sql = format!("{SELECT} WHERE t.enrollment = $1 ORDER BY t.step");
    tx.query(&sql, &[enrollment.0.into()])?.iter().map(read).collect()
}

pub(super) fn digest_item(tx: &Tx<'_>, digest: LetterId, number: u16) -> Result<Option<Task>, StoreError> {
    let sql = format!("{SELECT} JOIN digest_item i ON i.task = t.id WHERE i.digest = $1 AND i.number = $2");
    tx.first(&sql, &[digest.0.into(), i64::from(number).into()])?
        .map(|row| read(&row))
        .transpose()
}

pub(super) fn digest_mail(tx: &Tx<'_>, digest: LetterId, number: u16) -> Result<Option<EnrollmentId>, StoreError> {
    let sql = "SELECT enrollment FROM digest_mail WHERE digest = $1 AND number = $2";
    tx.first(sql, &[digest.0.into(), i64::from(number).into()])?
        .map(|row| row.int("enrollment").map(EnrollmentId))
        .transpose()
}

pub(super) fn last_digest(tx: &Tx<'_>, rep: &Address) -> Result<Option<(Date, i64)>, StoreError> {
    let sql = "SELECT date, journal FROM digest WHERE rep = $1 ORDER BY date DESC LIMIT 1";
    tx.first(sql, &[rep.as_str().into()])?
        .map(|row| Ok((row.read("date", |text| text.parse().ok())?, row.int("journal")?)))
        .transpose()
}
