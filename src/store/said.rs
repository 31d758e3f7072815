//! What reps said about themselves by mail, as rows: one each.

use super::error::StoreError;
use super::tx::Tx;
use crate::model::{Address, Codes, Said};
use jiff::Timestamp;

/// Takes the place of what the rep said before. What is known of their addresses stays: it has a way of its own.
pub(super) fn put(tx: &Tx<'_>, rep: &Address, said: &Said, at: Timestamp) -> Result<(), StoreError> {
    let before = of(tx, rep)?;
    write(tx, rep, &said.clone().with_codes_of(&before), at)
}

/// Changes what is known of a rep's addresses.
pub(super) fn codes(tx: &Tx<'_>, rep: &Address, codes: Codes, at: Timestamp) -> Result<(), StoreError> {
    let before = of(tx, rep)?;
    write(tx, rep, &before.after(codes), at)
}

fn of(tx: &Tx<'_>, rep: &Address) -> Result<Said, StoreError> {
    let row = tx.first("SELECT said FROM rep_said WHERE rep = $1", &[rep.as_str().into()])?;
    row.map_or_else(|| Ok(Said::default()), |row| row.json("said"))
}

fn write(tx: &Tx<'_>, rep: &Address, said: &Said, at: Timestamp) -> Result<(), StoreError> {
    let text = serde_json::to_string(said).map_err(|_| StoreError::misfit("settings make no JSON"))?;
    tx.execute(
        "INSERT INTO rep_said (rep, said, at_ms) VALUES ($1, $2, $3) \
         ON CONFLICT (rep) DO UPDATE SET said = excluded.said, at_ms = excluded.at_ms",
        &[rep.as_str().into(), text.into(), at.into()],
    )
    .map(drop)
}

/// What all of them said.
pub(super) fn all(tx: &Tx<'_>) -> Result<Vec<(Address, Said)>, StoreError> {
    let rows = tx.query("SELECT rep, said FROM rep_said ORDER BY rep", &[])?;
    rows.iter()
        .map(|row| Ok((row.read("rep", |text| Address::parse(text).ok())?, row.json("said")?)))
        .collect()
}
