//! Figures for `status`: they read whole tables, so ask now and then, not in a round.

use super::bound;
use super::error::StoreError;
use super::tx::Tx;
use crate::model::limits;
use jiff::Timestamp;

/// Figures for `status`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Enrollments by standing.
    pub enrollments: Vec<(String, i64)>,
    /// Enrollments that could go out and wait for their turn.
    pub paced: i64,
    /// Letters by state.
    pub letters: Vec<(String, i64)>,
    /// Mails by what they were read as; `unread` are those whose reading was begun and never committed.
    pub mails: Vec<(String, i64)>,
    /// Tasks that wait for a human.
    pub open_tasks: i64,
    /// Suppressed addresses.
    pub suppressed: i64,
    /// What somebody should look at, newest first, at most [`limits::TROUBLES`]: when, what (`mail in Quarantine`,
    /// `letter refused`), why. No address and no text of a mail, but for what a server said.
    pub troubles: Vec<(Timestamp, String, String)>,
}

pub(super) fn counts(tx: &Tx<'_>) -> Result<Counts, StoreError> {
    let groups = |sql| -> Result<Vec<(String, i64)>, StoreError> {
        tx.query(sql, &[])?
            .iter()
            .map(|row| Ok((row.text("name")?.to_owned(), row.int("many")?)))
            .collect()
    };
    let one = |sql| tx.first(sql, &[])?.map_or(Ok(0), |row| row.int("many"));
    Ok(Counts {
        enrollments: groups(
            "SELECT standing AS name, COUNT(*) AS many FROM enrollment GROUP BY standing ORDER BY standing",
        )?,
        paced: one("SELECT COUNT(*) AS many FROM queue")?,
        letters: groups("SELECT state AS name, COUNT(*) AS many FROM letter GROUP BY state ORDER BY state")?,
        mails: groups(
            "SELECT COALESCE(kind, 'unread') AS name, COUNT(*) AS many FROM mail GROUP BY kind ORDER BY kind",
        )?,
        open_tasks: one("SELECT COUNT(*) AS many FROM task WHERE closed_ms IS NULL")?,
        suppressed: one("SELECT COUNT(*) AS many FROM suppression")?,
        troubles: troubles(tx)?,
    })
}

fn troubles(tx: &Tx<'_>) -> Result<Vec<(Timestamp, String, String)>, StoreError> {
    let rows = tx.query(
        "SELECT at_ms, what, why FROM ( \
         SELECT at_ms, 'mail in ' || filed AS what, because AS why FROM mail \
         WHERE LOWER(filed) = 'quarantine' OR LOWER(filed) = 'unmatched' OR kind = 'returned' \
         UNION ALL \
         SELECT at_ms, 'hand-over of nobody' AS what, because AS why FROM mail \
         WHERE kind = 'hand_over' AND enrollments = '[]' \
         UNION ALL \
         SELECT since_ms AS at_ms, 'letter ' || state AS what, COALESCE(reply, '') AS why FROM letter \
         WHERE state = 'refused' OR state = 'in_doubt' \
         UNION ALL \
         SELECT since_ms AS at_ms, 'breaker ' || cause AS what, why FROM hold WHERE cause <> 'administrator' \
         UNION ALL \
         SELECT since_ms AS at_ms, what, why FROM trouble \
         UNION ALL \
         SELECT since_ms AS at_ms, 'letter waits' AS what, reply AS why FROM letter \
         WHERE state = 'ready' AND reply IS NOT NULL) AS trouble \
         ORDER BY at_ms DESC LIMIT $1",
        &[bound(limits::TROUBLES)],
    )?;
    rows.iter()
        .map(|row| {
            Ok((
                row.time("at_ms")?,
                row.text("what")?.to_owned(),
                row.text("why")?.to_owned(),
            ))
        })
        .collect()
}
