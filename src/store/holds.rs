//! Holds as rows: put, cleared, run out; and the rulings about quarantined mail. Who asks: the claim and the gate, in
//! their own transactions, so that a hold which another process committed a moment ago counts.

use super::error::{CommitError, StoreError};
use super::tx::{Row, Tx};
use crate::model::{Cause, Hold, Scope, Unhold};
use jiff::Timestamp;

/// The condition of a query for touches `letter` that are not held. What ran out was cleared by [`expire`].
pub(super) const FREE: &str = "NOT EXISTS (SELECT 1 FROM hold h WHERE h.cleared_ms IS NULL AND \
     h.scope IN ('all', 'rep ' || letter.rep, 'cadence ' || letter.cadence))";

/// The same at the moment `$1`, for who looks before the claim, which clears what ran out.
pub(super) const FREE_SOON: &str = "NOT EXISTS (SELECT 1 FROM hold h WHERE h.cleared_ms IS NULL \
     AND (h.clears_ms IS NULL OR h.clears_ms > $1) \
     AND h.scope IN ('all', 'rep ' || letter.rep, 'cadence ' || letter.cadence))";

/// The same at the moment `$3`, for the gate: what ran out stands no more, though nobody cleared it yet.
pub(super) const FREE_NOW: &str = "NOT EXISTS (SELECT 1 FROM hold h WHERE h.cleared_ms IS NULL \
     AND (h.clears_ms IS NULL OR h.clears_ms > $3) \
     AND h.scope IN ('all', 'rep ' || l.rep, 'cadence ' || l.cadence))";

/// Puts a hold; one of the same scope and cause gets the new words and time.
pub(super) fn put(tx: &Tx<'_>, hold: &Hold) -> Result<(), StoreError> {
    expire(tx, hold.since)?;
    tx.execute(
        "INSERT INTO hold (scope, cause, why, by, since_ms, clears_ms) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (scope, cause) WHERE cleared_ms IS NULL \
         DO UPDATE SET why = excluded.why, by = excluded.by, clears_ms = excluded.clears_ms",
        &[
            hold.scope.code().into(),
            hold.cause.code().into(),
            hold.why.as_str().into(),
            hold.by.as_str().into(),
            hold.since.into(),
            hold.clears.into(),
        ],
    )
    .map(drop)
}

/// Clears what stands of a scope; nothing there is [`CommitError::Stale`].
pub(super) fn clear(tx: &Tx<'_>, order: &Unhold, at: Timestamp) -> Result<(), CommitError> {
    let cleared = tx.execute(
        "UPDATE hold SET cleared_ms = $3, cleared_by = $4 \
         WHERE scope = $1 AND cleared_ms IS NULL AND COALESCE($2, cause) = cause",
        &[
            order.scope.code().into(),
            order.cause.map(Cause::code).into(),
            at.into(),
            order.by.as_str().into(),
        ],
    )?;
    if cleared == 0 { Err(CommitError::Stale) } else { Ok(()) }
}

/// Clears what ran out.
pub(super) fn expire(tx: &Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE hold SET cleared_ms = clears_ms, cleared_by = 'time' WHERE cleared_ms IS NULL AND clears_ms <= $1",
        &[now.into()],
    )
    .map(drop)
}

/// What stands at `now`, oldest first.
pub(super) fn standing(tx: &Tx<'_>, now: Timestamp) -> Result<Vec<Hold>, StoreError> {
    tx.query(
        "SELECT scope, cause, why, by, since_ms, clears_ms FROM hold \
         WHERE cleared_ms IS NULL AND (clears_ms IS NULL OR clears_ms > $1) ORDER BY since_ms, id",
        &[now.into()],
    )?
    .iter()
    .map(|row| {
        let clears = match row.int_if_any("clears_ms")? {
            Some(_) => Some(row.time("clears_ms")?),
            None => None,
        };
        Ok(Hold {
            scope: row.read("scope", Scope::parse)?,
            cause: cause(row)?,
            why: row.text("why")?.to_owned(),
            by: row.text("by")?.to_owned(),
            since: row.time("since_ms")?,
            clears,
        })
    })
    .collect()
}

/// When a hold of each scope and cause was cleared last: a breaker counts what came after.
pub(super) fn cleared(tx: &Tx<'_>) -> Result<Vec<(Scope, Cause, Timestamp)>, StoreError> {
    tx.query(
        "SELECT scope, cause, MAX(cleared_ms) AS at_ms FROM hold WHERE cleared_ms IS NOT NULL GROUP BY scope, cause",
        &[],
    )?
    .iter()
    .map(|row| Ok((row.read("scope", Scope::parse)?, cause(row)?, row.time("at_ms")?)))
    .collect()
}

fn cause(row: &Row) -> Result<Cause, StoreError> {
    row.read("cause", |code| {
        Cause::ALL.into_iter().find(|cause| cause.code() == code)
    })
}
