//! Letters of which nobody knows whether they went out.

use super::error::StoreError;
use super::tx::{Row, Tx, Value};
use super::{bound, ledger};
use crate::model::{Letter, LetterId, LetterState, MessageId};
use jiff::Timestamp;

/// A letter in doubt, or one that was.
#[derive(Debug, Clone)]
pub struct Doubt {
    /// The letter.
    pub letter: Letter,
    /// Where it stands: `in_doubt` or `presumed_sent`.
    pub state: LetterState,
    /// Since when.
    pub since: Timestamp,
    /// What is known.
    pub known: String,
}

const DOUBTED: &str = "(l.state = 'in_doubt' OR l.state = 'presumed_sent')";

fn read(row: &Row) -> Result<Doubt, StoreError> {
    Ok(Doubt {
        letter: ledger::read(row)?,
        state: ledger::read_state(row)?,
        since: row.time("doubt_ms")?,
        known: row.text_if_any("reply")?.unwrap_or_default().to_owned(),
    })
}

/// Those that one of these ids names; each once.
pub(super) fn named(tx: &Tx<'_>, letters: &[LetterId], mails: &[MessageId]) -> Result<Vec<Doubt>, StoreError> {
    let mut found: Vec<Doubt> = Vec::new();
    let mut take = |condition: &str, value: Value<'_>| -> Result<(), StoreError> {
        let sql = format!("{} WHERE {condition} AND {DOUBTED}", ledger::SELECT);
        for row in tx.query(&sql, &[value])? {
            let doubt = read(&row)?;
            if !found.iter().any(|known| known.letter.id == doubt.letter.id) {
                found.push(doubt);
            }
        }
        Ok(())
    };
    for id in letters {
        take("l.id = $1", id.0.into())?;
    }
    for id in mails {
        take("l.message_id = $1", id.as_str().into())?;
    }
    Ok(found)
}

/// When the oldest of all in doubt may have gone out first, and when the newest came into doubt; `None` when there is none.
pub(super) fn times(tx: &Tx<'_>) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
    let sql = "SELECT MIN(CASE WHEN not_before_ms < doubt_ms THEN not_before_ms ELSE doubt_ms END) AS oldest_ms, \
               MAX(doubt_ms) AS newest_ms FROM letter WHERE state = 'in_doubt'";
    let Some(row) = tx.first(sql, &[])? else {
        return Ok(None);
    };
    match row.int_if_any("newest_ms")? {
        Some(_) => Ok(Some((row.time("oldest_ms")?, row.time("newest_ms")?))),
        None => Ok(None),
    }
}

/// Whether one of these is a touch whose content never began to go out, by this database.
pub(super) fn any_unbegun(tx: &Tx<'_>, letters: &[LetterId]) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM letter WHERE id = $1 AND class = 'step' AND begun = 0 \
               AND (state = 'ready' OR state = 'claimed' OR state = 'withdrawn')";
    for letter in letters {
        if tx.first(sql, &[letter.0.into()])?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// All in doubt, longest first.
pub(super) fn open(tx: &Tx<'_>, limit: usize) -> Result<Vec<Doubt>, StoreError> {
    let sql = format!(
        "{} WHERE l.state = 'in_doubt' ORDER BY l.doubt_ms, l.id LIMIT $1",
        ledger::SELECT
    );
    tx.query(&sql, &[bound(limit)])?.iter().map(read).collect()
}
