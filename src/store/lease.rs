//! What the database remembers of its leases on the mailbox, and what it does not know.

use super::error::StoreError;
use super::ledger::{SELECT, read_claimed, read_state};
use super::tx::Tx;
use super::{Claimed, bound};
use crate::model::{Gap, LetterState, Tenure};
use jiff::Timestamp;

/// Remembers. `at`: when; `None` when a copy is marked, which knows no more by that.
pub(super) fn put(tx: &Tx<'_>, tenure: &Tenure, at: Option<Timestamp>) -> Result<(), StoreError> {
    let gap = tenure.gap.as_ref();
    tx.execute(
        "INSERT INTO tenure (one, epoch, run, host, gap_from_ms, gap_to_ms, gap_why, at_ms) VALUES (1, $1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, run = excluded.run, host = excluded.host, \
         gap_from_ms = excluded.gap_from_ms, gap_to_ms = excluded.gap_to_ms, gap_why = excluded.gap_why, \
         at_ms = coalesce(excluded.at_ms, tenure.at_ms)",
        &[
            tenure.epoch.into(),
            tenure.run.as_str().into(),
            tenure.host.as_str().into(),
            gap.map(|gap| gap.from).into(),
            gap.and_then(|gap| gap.to).into(),
            gap.map(|gap| gap.why.as_str()).into(),
            at.into(),
        ],
    )
    .map(drop)
}

/// What it remembers; of a database that never held a mailbox, nothing.
pub(super) fn tenure(tx: &Tx<'_>) -> Result<Tenure, StoreError> {
    let sql = "SELECT epoch, run, host, gap_from_ms, gap_to_ms, gap_why FROM tenure WHERE one = 1";
    let Some(row) = tx.first(sql, &[])? else {
        return Ok(Tenure::default());
    };
    let gap = match row.int_if_any("gap_from_ms")? {
        None => None,
        Some(_) => Some(Gap {
            from: row.time("gap_from_ms")?,
            to: row.int_if_any("gap_to_ms")?.and_then(super::tx::moment),
            why: row.text_if_any("gap_why")?.unwrap_or_default().to_owned(),
        }),
    };
    Ok(Tenure {
        epoch: row.int("epoch")?,
        run: row.text("run")?.to_owned(),
        host: row.text("host")?.to_owned(),
        gap,
    })
}

/// When the last fact was decided; before the first, when the mailbox was taken.
pub(super) fn last_decided(tx: &Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    if let Some(row) = tx.first("SELECT at_ms FROM fact ORDER BY seq DESC LIMIT 1", &[])? {
        return row.time("at_ms").map(Some);
    }
    let row = tx.first("SELECT at_ms FROM tenure WHERE at_ms IS NOT NULL", &[])?;
    row.map(|row| row.time("at_ms")).transpose()
}

/// Touches that lay ready or were claimed and were to go before `to`.
pub(super) fn may_have_gone(
    tx: &Tx<'_>,
    to: Timestamp,
    limit: usize,
) -> Result<Vec<(Claimed, LetterState)>, StoreError> {
    // Written out, not parameters, so that the partial indexes serve.
    let mut found = Vec::new();
    for state in ["ready", "claimed"] {
        let sql = format!(
            "{SELECT} WHERE l.state = '{state}' AND l.class = 'step' AND l.not_before_ms <= $1 ORDER BY l.id LIMIT $2"
        );
        for row in tx.query(&sql, &[to.into(), bound(limit)])? {
            found.push((read_claimed(tx, &row)?, read_state(&row)?));
        }
    }
    Ok(found)
}

/// How many touches lie ready, and how many enrollments are due.
pub(super) fn open(tx: &Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let sql = "SELECT (SELECT COUNT(*) FROM letter WHERE class = 'step' AND state IN ('ready', 'claimed', 'sending') \
               AND not_before_ms <= $1) + (SELECT COUNT(*) FROM enrollment WHERE due_ms <= $1) AS many";
    tx.first(sql, &[now.into()])?.map_or(Ok(0), |row| row.small("many"))
}
