//! Which alternatives of tests go to everybody, as rows that are never changed: the newest of a test counts.

use super::Store;
use super::bound;
use super::error::StoreError;
use super::tx::Tx;
use crate::model::{Promotion, limits};

/// Adds a word.
pub(super) fn put(tx: &Tx<'_>, said: &Promotion) -> Result<(), StoreError> {
    let sql = "INSERT INTO promotion (cadence, test, letter, by, at_ms) VALUES ($1, $2, $3, $4, $5)";
    let letter = said.letter.as_deref().unwrap_or("");
    let values = [
        said.cadence.as_str().into(),
        said.test.as_str().into(),
        letter.into(),
        said.by.as_str().into(),
        said.at.into(),
    ];
    tx.execute(sql, &values).map(drop)
}

impl Store {
    /// All that was said, oldest first; of very many the newest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn promotions(&self) -> Result<Vec<Promotion>, StoreError> {
        let ask = |tx: &Tx<'_>| {
            let sql = "SELECT cadence, test, letter, by, at_ms FROM promotion ORDER BY id DESC LIMIT $1";
            let rows = tx.query(sql, &[bound(limits::PROMOTIONS)])?;
            let read = rows.iter().rev().map(|row| {
                let letter = row.text("letter")?;
                Ok(Promotion {
                    cadence: row.text("cadence")?.to_owned(),
                    test: row.text("test")?.to_owned(),
                    letter: (!letter.is_empty()).then(|| letter.to_owned()),
                    by: row.text("by")?.to_owned(),
                    at: row.time("at_ms")?,
                })
            });
            read.collect()
        };
        self.readers.read(ask).await
    }
}
