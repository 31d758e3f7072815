//! What the breakers count. Each question reads an index from a moment on.

use super::bound;
use super::enrollment_row::read_fact;
use super::error::StoreError;
use super::tx::{Row, Tx};
use crate::model::{Address, CadenceName, Trouble, limits};
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The facts that breakers count, and how far back the longest of them looks.
const COUNTED: [(&str, Duration); 7] = [
    ("complained", limits::COMPLAINTS_WITHIN),
    ("bounced", limits::COMPLAINTS_WITHIN),
    ("in_doubt", limits::DOUBTS_WITHIN),
    ("deferred", limits::POLICY_WITHIN),
    ("refused", limits::POLICY_WITHIN),
    ("replied", limits::WEAK_STOPS_WITHIN),
    ("paused", limits::WEAK_STOPS_WITHIN),
];

fn before(now: Timestamp, by: Duration) -> Timestamp {
    now - SignedDuration::try_from(by).unwrap_or(SignedDuration::ZERO)
}

/// What went wrong lately, newest of each kind first.
pub(super) fn troubles(tx: &Tx<'_>, now: Timestamp) -> Result<Vec<Trouble>, StoreError> {
    let mut found = Vec::new();
    for (code, within) in COUNTED {
        // The code stands in the text, so that the engine sees that the index has it.
        let sql = format!(
            "SELECT f.at_ms, f.code, f.data, e.rep, first.data AS enrolled FROM fact f \
             JOIN enrollment e ON e.id = f.enrollment JOIN fact first ON first.seq = e.first_fact \
             WHERE f.code = '{code}' AND f.at_ms > $1 ORDER BY f.at_ms DESC LIMIT $2"
        );
        for row in tx.query(&sql, &[before(now, within).into(), bound(limits::GUARD_FACTS)])? {
            found.push(read(&row)?);
        }
    }
    Ok(found)
}

fn read(row: &Row) -> Result<Trouble, StoreError> {
    let enrolled: serde_json::Value = row.json("enrolled")?;
    let cadence = enrolled.get("cadence").and_then(|name| name.as_str());
    Ok(Trouble {
        at: row.time("at_ms")?,
        rep: row.read("rep", |text| Address::parse(text).ok())?,
        cadence: cadence
            .and_then(|name| CadenceName::parse(name).ok())
            .ok_or_else(|| StoreError::misfit("an enrollment has no cadence"))?,
        fact: read_fact(row)?,
    })
}

/// Deliveries of a cadence in 30 days, those that nobody knows of counted.
pub(super) fn delivered(tx: &Tx<'_>, cadence: &CadenceName, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) AS many FROM letter WHERE class = 'step' AND since_ms > $1 AND cadence = $2 \
               AND state IN ('sent', 'presumed_sent', 'in_doubt')";
    let since = before(now, limits::COMPLAINTS_WITHIN);
    tx.first(sql, &[since.into(), cadence.as_str().into()])?
        .map_or(Ok(0), |row| row.small("many"))
}

/// When the last mails in a rep's name went out or were refused, newest first.
pub(super) fn sent(tx: &Tx<'_>, rep: &Address, now: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
    let sql = "SELECT since_ms FROM letter WHERE class = 'step' AND since_ms > $1 AND rep = $2 \
               AND state IN ('sent', 'presumed_sent', 'in_doubt', 'refused') ORDER BY since_ms DESC LIMIT $3";
    let since = before(now, limits::COMPLAINTS_WITHIN);
    tx.query(sql, &[since.into(), rep.as_str().into(), bound(limits::BOUNCES_OF)])?
        .iter()
        .map(|row| row.time("since_ms"))
        .collect()
}

/// Enrollments that have not ended.
pub(super) fn active(tx: &Tx<'_>) -> Result<u64, StoreError> {
    tx.first("SELECT COUNT(*) AS many FROM enrollment WHERE standing <> 'ended'", &[])?
        .map_or(Ok(0), |row| row.small("many"))
}

/// The last journal number.
pub(super) fn last_fact(tx: &Tx<'_>) -> Result<i64, StoreError> {
    tx.first("SELECT COALESCE(MAX(seq), 0) AS last FROM fact", &[])?
        .map_or(Ok(0), |row| row.int("last"))
}
