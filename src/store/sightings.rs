//! What was reported of people and waits to be taken in, as rows: whoever reports does not decide.

use super::error::{CommitError, StoreError};
use super::tx::{Row, Tx};
use super::{Store, bound};
use crate::model::{LooseAddress, Sighting, StepNo};

/// Puts it behind those that wait.
pub(super) fn put(tx: &Tx<'_>, sighting: &Sighting) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sighting (person, name, step, by, at_ms) VALUES ($1, $2, $3, $4, $5)",
        &[
            sighting.person.as_str().into(),
            sighting.name.as_str().into(),
            sighting.step.map(|step| i64::from(step.0)).into(),
            sighting.by.as_str().into(),
            sighting.at.into(),
        ],
    )
    .map(drop)
}

/// It stands in journals from now on.
pub(super) fn take_in(tx: &Tx<'_>, id: i64) -> Result<(), CommitError> {
    let gone = tx.execute("DELETE FROM sighting WHERE id = $1", &[id.into()])?;
    if gone == 0 { Err(CommitError::Stale) } else { Ok(()) }
}

fn read(row: &Row) -> Result<(i64, Sighting), StoreError> {
    let sighting = Sighting {
        person: row.read("person", LooseAddress::stored)?,
        name: row.text("name")?.to_owned(),
        step: match row.int_if_any("step")? {
            Some(_) => Some(StepNo(row.small("step")?)),
            None => None,
        },
        by: row.text("by")?.to_owned(),
        at: row.time("at_ms")?,
    };
    Ok((row.int("id")?, sighting))
}

impl Store {
    /// What waits to be taken in, the oldest first, by its number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sightings(&self, limit: usize) -> Result<Vec<(i64, Sighting)>, StoreError> {
        self.readers
            .read(move |tx| {
                let sql = "SELECT id, person, name, step, by, at_ms FROM sighting ORDER BY id LIMIT $1";
                tx.query(sql, &[bound(limit)])?.iter().map(read).collect()
            })
            .await
    }
}
