//! Mails in quarantine and what the administrator ruled about them.

use super::batch::{MailRow, Ruling};
use super::error::{CommitError, StoreError};
use super::tx::{Row, Tx};
use super::{bound, read_mails};
use crate::model::ContentKey;
use jiff::Timestamp;

/// A mail in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// When it was seen first.
    pub at: Timestamp,
    /// What is known of it.
    pub mail: MailRow,
    /// What was ruled about it, if anything.
    pub ruling: Option<RulingRow>,
}

/// A ruling as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulingRow {
    /// Whether it is released; else dropped.
    pub release: bool,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Whether the mail was taken in since.
    pub used: bool,
}

const SELECT: &str = "SELECT m.key, m.at_ms, m.kind, m.because, m.folder, m.filed, m.size, m.rep, m.enrollments, \
     r.ruling, r.by, r.at_ms AS ruled_ms, r.used_ms FROM mail m LEFT JOIN ruling r ON r.mail = m.key \
     WHERE m.filed = 'quarantine'";

fn read(row: &Row) -> Result<Held, StoreError> {
    let ruling = match row.text_if_any("ruling")? {
        Some(ruling) => Some(RulingRow {
            release: ruling == "release",
            by: row.text("by")?.to_owned(),
            at: row.time("ruled_ms")?,
            used: row.int_if_any("used_ms")?.is_some(),
        }),
        None => None,
    };
    Ok(Held {
        at: row.time("at_ms")?,
        mail: read_mails::read(row)?,
        ruling,
    })
}

pub(super) fn list(tx: &Tx<'_>, limit: usize) -> Result<Vec<Held>, StoreError> {
    let sql = format!("{SELECT} AND (r.mail IS NULL OR r.ruling = 'release') ORDER BY m.at_ms DESC LIMIT $1");
    tx.query(&sql, &[bound(limit)])?.iter().map(read).collect()
}

pub(super) fn named(tx: &Tx<'_>, beginning: &str) -> Result<Vec<Held>, StoreError> {
    // A content key is hexadecimal, so `g` comes after all that begin so.
    let sql = format!("{SELECT} AND m.key >= $1 AND m.key < $2 ORDER BY m.key LIMIT 2");
    let values = [beginning.into(), format!("{beginning}g").into()];
    tx.query(&sql, &values)?.iter().map(read).collect()
}

pub(super) fn is_released(tx: &Tx<'_>, key: &ContentKey) -> Result<bool, StoreError> {
    let sql = "SELECT mail FROM ruling WHERE mail = $1 AND ruling = 'release' AND used_ms IS NULL";
    Ok(tx.first(sql, &[key.as_str().into()])?.is_some())
}

/// Writes a ruling. The last one stays; that a mail kept killing its reader is forgotten, so that it is read again.
pub(super) fn rule(tx: &Tx<'_>, ruling: &Ruling, at: Timestamp) -> Result<(), CommitError> {
    let known = tx.execute(
        "UPDATE mail SET tries = 0 WHERE key = $1 AND filed = 'quarantine'",
        &[ruling.mail.as_str().into()],
    )?;
    if known == 0 {
        return Err(CommitError::Stale);
    }
    tx.execute(
        "INSERT INTO ruling (mail, ruling, by, why, at_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (mail) DO UPDATE SET ruling = excluded.ruling, by = excluded.by, why = excluded.why, \
         at_ms = excluded.at_ms, used_ms = NULL",
        &[
            ruling.mail.as_str().into(),
            if ruling.release { "release" } else { "drop" }.into(),
            ruling.by.as_str().into(),
            ruling.why.as_str().into(),
            at.into(),
        ],
    )?;
    Ok(())
}

/// A released mail is taken in once.
pub(super) fn used(tx: &Tx<'_>, key: &ContentKey, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE ruling SET used_ms = $2 WHERE mail = $1 AND ruling = 'release' AND used_ms IS NULL",
        &[key.as_str().into(), at.into()],
    )
    .map(drop)
}
