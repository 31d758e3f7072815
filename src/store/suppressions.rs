//! Addresses and domains that are never mailed, as rows. A domain stands as `@acme.test`, and for every host below it.

use super::error::{CommitError, StoreError};
use super::tx::Tx;
use super::{Store, bound, forgetting};
use crate::model::{LooseAddress, Suppression, SuppressionReason};

/// The first reason stays. Who is forgotten is not written down again.
pub(super) fn put(tx: &Tx<'_>, suppression: &Suppression) -> Result<(), StoreError> {
    if forgetting::alias_if_forgotten(tx, &suppression.address)?.is_some() {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO suppression (address, reason, at_ms, proof) VALUES ($1, $2, $3, $4) ON CONFLICT (address) DO NOTHING",
        &[
            suppression.address.as_str().into(),
            suppression.reason.code().into(),
            suppression.at.into(),
            suppression.proof.as_str().into(),
        ],
    )
    .map(drop)
}

/// Takes one away.
pub(super) fn remove(tx: &Tx<'_>, address: &LooseAddress) -> Result<(), CommitError> {
    let gone = tx.execute("DELETE FROM suppression WHERE address = $1", &[address.as_str().into()])?;
    if gone == 0 { Err(CommitError::Stale) } else { Ok(()) }
}

/// Why an address is never mailed: by itself, else by its domain or one above it, else because its owner is forgotten.
pub(super) fn find(tx: &Tx<'_>, address: &LooseAddress) -> Result<Option<SuppressionReason>, StoreError> {
    for key in std::iter::once(address.as_str().to_owned()).chain(address.domains()) {
        let row = tx.first(
            "SELECT reason FROM suppression WHERE address = $1",
            &[key.as_str().into()],
        )?;
        if let Some(row) = row {
            return row.read("reason", reason).map(Some);
        }
    }
    let forgotten = forgetting::alias_if_forgotten(tx, address)?;
    Ok(forgotten.map(|_| SuppressionReason::Forgotten))
}

fn reason(code: &str) -> Option<SuppressionReason> {
    SuppressionReason::ALL.into_iter().find(|reason| reason.code() == code)
}

impl Store {
    /// What is never mailed, in the order of addresses; of people and domains alike. From `after` on, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn never_mailed(
        &self,
        after: Option<&LooseAddress>,
        limit: usize,
    ) -> Result<Vec<Suppression>, StoreError> {
        let after = after.map(|after| after.as_str().to_owned()).unwrap_or_default();
        self.readers
            .read(move |tx| {
                let sql = "SELECT address, reason, at_ms, proof FROM suppression WHERE address > $1 ORDER BY address LIMIT $2";
                let rows = tx.query(sql, &[after.as_str().into(), bound(limit)])?;
                let read = |row: &super::tx::Row| {
                    Ok(Suppression {
                        address: row.read("address", LooseAddress::stored)?,
                        reason: row.read("reason", reason)?,
                        at: row.time("at_ms")?,
                        proof: row.text("proof")?.to_owned(),
                    })
                };
                rows.iter().map(read).collect()
            })
            .await
    }
}
