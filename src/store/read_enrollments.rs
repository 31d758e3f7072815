//! Questions about enrollments and their journal.

use super::enrollment_row::{SELECT, read, read_fact, read_recorded};
use super::error::StoreError;
use super::tx::{Row, Tx};
use super::{bound, ledger};
use crate::model::{Address, Enrollment, EnrollmentId, Fact, LooseAddress, MessageId, Recorded, limits};
use jiff::Timestamp;
use std::collections::BTreeSet;

fn all(rows: &[Row]) -> Result<Vec<Enrollment>, StoreError> {
    rows.iter().map(read).collect()
}

pub(super) fn journal(tx: &Tx<'_>, id: EnrollmentId) -> Result<Vec<Recorded>, StoreError> {
    let sql = "SELECT at_ms, code, data FROM fact WHERE enrollment = $1 ORDER BY seq";
    tx.query(sql, &[id.0.into()])?.iter().map(read_recorded).collect()
}

pub(super) fn of_person(tx: &Tx<'_>, address: &LooseAddress) -> Result<Vec<Enrollment>, StoreError> {
    let sql = format!("{SELECT} WHERE e.person = $1 ORDER BY e.first_fact DESC");
    all(&tx.query(&sql, &[address.as_str().into()])?)
}

pub(super) const OF_COMPANY: &str =
    "WHERE e.company = $1 AND e.standing <> 'ended' ORDER BY e.first_fact DESC LIMIT $2";

pub(super) fn of_company(tx: &Tx<'_>, domain: &str, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
    all(&tx.query(&format!("{SELECT} {OF_COMPANY}"), &[domain.into(), bound(limit)])?)
}

/// Reads the journal from its end; asked once a start and source.
pub(super) fn last_lead(tx: &Tx<'_>, source: &str) -> Result<Option<Address>, StoreError> {
    let sql = "SELECT f.code, f.data, e.rep FROM fact f JOIN enrollment e ON e.id = f.enrollment \
               WHERE f.code = 'lead' ORDER BY f.seq DESC LIMIT $1";
    for row in tx.query(sql, &[bound(limits::LEADS_LOOKED)])? {
        if matches!(read_fact(&row)?, Fact::Lead { source: of, .. } if of == source) {
            return row.read("rep", |text| Address::parse(text).ok()).map(Some);
        }
    }
    Ok(None)
}

pub(super) fn of_mails(tx: &Tx<'_>, ids: &[MessageId]) -> Result<Vec<EnrollmentId>, StoreError> {
    let mut found = BTreeSet::new();
    for id in ids {
        let sql = "SELECT enrollment FROM mail_id WHERE message_id = $1";
        for row in tx.query(sql, &[id.as_str().into()])? {
            found.insert(EnrollmentId(row.int("enrollment")?));
        }
    }
    Ok(found.into_iter().collect())
}

pub(super) fn colleagues(tx: &Tx<'_>, id: EnrollmentId) -> Result<Vec<Address>, StoreError> {
    let sql = "SELECT address FROM colleague WHERE enrollment = $1 ORDER BY address";
    let rows = tx.query(sql, &[id.0.into()])?;
    rows.iter()
        .map(|row| row.read("address", |text| Address::parse(text).ok()))
        .collect()
}

pub(super) const DUE: &str = "WHERE e.due_ms <= $1 ORDER BY e.due_ms, e.id LIMIT $2";

pub(super) fn due(tx: &Tx<'_>, now: Timestamp, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
    all(&tx.query(&format!("{SELECT} {DUE}"), &[now.into(), bound(limit)])?)
}

pub(super) const ACTIVE_FROM: &str = "WHERE e.id > $1 AND e.standing <> 'ended' ORDER BY e.id LIMIT $2";

pub(super) fn active_from(tx: &Tx<'_>, after: EnrollmentId, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
    all(&tx.query(&format!("{SELECT} {ACTIVE_FROM}"), &[after.0.into(), bound(limit)])?)
}

const STRANDED: &str = "LEFT JOIN letter l ON l.id = e.letter \
     WHERE e.standing = 'deciding' OR (e.standing = 'sending' AND l.state = 'withdrawn') ORDER BY e.id";

pub(super) fn stranded(tx: &Tx<'_>) -> Result<Vec<Enrollment>, StoreError> {
    all(&tx.query(&format!("{SELECT} {STRANDED}"), &[])?)
}

pub(super) const NEXT_DUE: &str = "SELECT due_ms FROM enrollment WHERE due_ms IS NOT NULL ORDER BY due_ms LIMIT 1";

/// The head of each index, whatever the number of rows.
pub(super) fn next_wake(tx: &Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let due = tx.first(NEXT_DUE, &[])?.map(|row| row.int("due_ms")).transpose()?;
    let letter = ledger::next_letter(tx)?;
    Ok(due.into_iter().chain(letter).min().and_then(super::tx::moment))
}

pub(super) const DUE_OF: &str =
    "WHERE e.rep = $1 AND e.standing = 'waiting' AND e.due_ms < $2 ORDER BY e.due_ms LIMIT $3";

pub(super) fn due_of(
    tx: &Tx<'_>,
    rep: &Address,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<Enrollment>, StoreError> {
    let values = [rep.as_str().into(), before.into(), bound(limit)];
    all(&tx.query(&format!("{SELECT} {DUE_OF}"), &values)?)
}

pub(super) const PAUSED_OF: &str =
    "WHERE e.rep = $1 AND e.standing = 'paused' AND e.due_ms IS NULL ORDER BY e.first_fact LIMIT $2";

pub(super) fn paused_of(tx: &Tx<'_>, rep: &Address, limit: usize) -> Result<Vec<(Enrollment, Timestamp)>, StoreError> {
    let paused = all(&tx.query(&format!("{SELECT} {PAUSED_OF}"), &[rep.as_str().into(), bound(limit)])?)?;
    let since =
        "SELECT MAX(at_ms) AS at_ms FROM fact WHERE enrollment = $1 AND code IN ('replied', 'paused', 'reopened')";
    let each = paused.into_iter().map(|enrollment| {
        let at = tx.first(since, &[enrollment.id.0.into()])?;
        let at = at.map_or(Ok(None), |row| row.int_if_any("at_ms"))?;
        let at = at.and_then(super::tx::moment).unwrap_or(enrollment.enrolled_at);
        Ok((enrollment, at))
    });
    each.collect()
}

pub(super) const ACTIVE_OF: &str = "SELECT COUNT(*) AS many FROM enrollment WHERE rep = $1 AND standing <> 'ended'";

pub(super) fn active_of(tx: &Tx<'_>, rep: &Address) -> Result<usize, StoreError> {
    tx.first(ACTIVE_OF, &[rep.as_str().into()])?
        .map_or(Ok(0), |row| row.small("many"))
}

pub(super) const ACTIVE_LIST_OF: &str =
    "WHERE e.rep = $1 AND e.standing <> 'ended' ORDER BY e.first_fact DESC LIMIT $2";

pub(super) fn active_list_of(tx: &Tx<'_>, rep: &Address, limit: usize) -> Result<Vec<Enrollment>, StoreError> {
    let values = [rep.as_str().into(), bound(limit)];
    all(&tx.query(&format!("{SELECT} {ACTIVE_LIST_OF}"), &values)?)
}

pub(super) const MET_OF: &str = "WHERE e.rep = $1 AND e.id IN \
     (SELECT f.enrollment FROM fact f WHERE f.code = 'meeting' AND f.at_ms > $2) ORDER BY e.first_fact LIMIT $3";

pub(super) fn met_of(
    tx: &Tx<'_>,
    rep: &Address,
    after: Timestamp,
    limit: usize,
) -> Result<Vec<Enrollment>, StoreError> {
    let values = [rep.as_str().into(), after.into(), bound(limit)];
    all(&tx.query(&format!("{SELECT} {MET_OF}"), &values)?)
}

pub(super) fn lately(
    tx: &Tx<'_>,
    rep: &Address,
    after: Timestamp,
    limit: usize,
) -> Result<Vec<(Timestamp, String)>, StoreError> {
    let rows = tx.query(
        "SELECT f.at_ms, f.code FROM enrollment e JOIN fact f ON f.enrollment = e.id \
         WHERE e.rep = $1 AND f.at_ms > $2 AND f.code IN ('sent', 'replied', 'task_closed', 'meeting') LIMIT $3",
        &[rep.as_str().into(), after.into(), bound(limit)],
    )?;
    rows.iter()
        .map(|row| Ok((row.time("at_ms")?, row.text("code")?.to_owned())))
        .collect()
}

/// Whether the journal has more new facts than the rep has enrollments.
fn is_long(tx: &Tx<'_>, rep: &Address, after: i64) -> Result<bool, StoreError> {
    let sql = "SELECT (SELECT COALESCE(MAX(seq), 0) FROM fact) - $2 > \
               (SELECT COUNT(*) FROM enrollment WHERE rep = $1) AS long";
    let row = tx.first(sql, &[rep.as_str().into(), after.into()])?;
    Ok(row.map(|row| row.int("long")).transpose()? == Some(1))
}

pub(super) fn since(
    tx: &Tx<'_>,
    rep: &Address,
    after: i64,
    limit: usize,
) -> Result<(Vec<(EnrollmentId, Recorded)>, i64), StoreError> {
    // Of few reps what is new is little beside all that one ever enrolled, and the journal is read from its end; of
    // many it is the other way round. `||` keeps the engine from the index of enrollments.
    let by_rep = match is_long(tx, rep, after)? {
        true => "e.rep = $1",
        false => "e.rep || '' = $1",
    };
    let rows = tx.query(
        &format!(
            "SELECT f.seq, f.at_ms, f.enrollment, f.code, f.data FROM fact f JOIN enrollment e ON e.id = f.enrollment \
             WHERE {by_rep} AND f.seq > $2 ORDER BY f.seq LIMIT $3"
        ),
        &[rep.as_str().into(), after.into(), bound(limit)],
    )?;
    let last = rows.last().map_or(Ok(after), |row| row.int("seq"))?;
    let facts = rows
        .iter()
        .map(|row| Ok((EnrollmentId(row.int("enrollment")?), read_recorded(row)?)))
        .collect::<Result<_, StoreError>>()?;
    Ok((facts, last))
}
