//! The ingest ledger: which mails were read, how far, and which ones kill their reader.

use super::batch::{MailRow, ReadTo};
use super::error::StoreError;
use super::tx::{Row, Tx};
use super::{bound, quarantine};
use crate::model::{Address, ContentKey, EnrollmentId};
use jiff::Timestamp;

const SELECT: &str = "SELECT key, at_ms, kind, because, folder, filed, size, rep, enrollments FROM mail";

pub(super) fn read(row: &Row) -> Result<MailRow, StoreError> {
    let rep = match row.text_if_any("rep")? {
        Some(_) => Some(row.read("rep", |text| Address::parse(text).ok())?),
        None => None,
    };
    Ok(MailRow {
        key: ContentKey(row.text("key")?.to_owned()),
        kind: row.text("kind")?.to_owned(),
        because: row.text("because")?.to_owned(),
        folder: row.text("folder")?.to_owned(),
        filed: row.text("filed")?.to_owned(),
        size: row.small("size")?,
        rep,
        enrollments: row.json::<Vec<EnrollmentId>>("enrollments")?,
    })
}

pub(super) fn mail(tx: &Tx<'_>, key: &ContentKey) -> Result<Option<MailRow>, StoreError> {
    tx.first(
        &format!("{SELECT} WHERE key = $1 AND kind IS NOT NULL"),
        &[key.as_str().into()],
    )?
    .map(|row| read(&row))
    .transpose()
}

/// The mails with these headers, of each one that was committed.
pub(super) fn heads(tx: &Tx<'_>, heads: &[ContentKey]) -> Result<Vec<Option<MailRow>>, StoreError> {
    let sql = format!("{SELECT} WHERE head = $1 AND kind IS NOT NULL ORDER BY key LIMIT 1");
    let each = heads.iter().map(|head| {
        let row = tx.first(&sql, &[head.as_str().into()])?;
        row.map(|row| read(&row)).transpose()
    });
    each.collect()
}

/// What the ledger knows of a mail before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its line, once it was committed.
    pub row: Option<MailRow>,
    /// How often reading it was begun.
    pub tries: u32,
    /// The administrator released it from quarantine: it is taken in once more, and believed.
    pub is_released: bool,
}

impl Seen {
    /// Its line, unless it is to be read all the same.
    #[must_use]
    pub fn known(&self) -> Option<&MailRow> {
        self.row.as_ref().filter(|_| !self.is_released)
    }
}

/// What is known of each of these, in their order.
pub(super) fn seen(tx: &Tx<'_>, keys: &[ContentKey]) -> Result<Vec<Seen>, StoreError> {
    keys.iter()
        .map(|key| {
            let tries = tx.first("SELECT tries FROM mail WHERE key = $1", &[key.as_str().into()])?;
            let row = mail(tx, key)?;
            Ok(Seen {
                is_released: row.is_some() && quarantine::is_released(tx, key)?,
                row,
                tries: tries.map_or(Ok(0), |row| row.small("tries"))?,
            })
        })
        .collect()
}

/// Takes one try back, unless the mail was committed meanwhile.
pub(super) fn untry_mail(tx: &Tx<'_>, key: &ContentKey) -> Result<(), StoreError> {
    let sql = "UPDATE mail SET tries = tries - 1 WHERE key = $1 AND kind IS NULL AND tries > 0";
    tx.execute(sql, &[key.as_str().into()]).map(drop)
}

/// Counts one more try; returns how many there were before.
pub(super) fn try_mail(tx: &Tx<'_>, key: &ContentKey, now: Timestamp) -> Result<u32, StoreError> {
    tx.first(
        "INSERT INTO mail (key, tries, at_ms) VALUES ($1, 1, $2) \
         ON CONFLICT (key) DO UPDATE SET tries = mail.tries + 1 RETURNING tries - 1 AS before",
        &[key.as_str().into(), now.into()],
    )?
    .ok_or_else(|| StoreError::misfit("a try was not counted"))?
    .small("before")
}

pub(super) const IN_NAME_OF: &str = "WHERE rep = $1 AND at_ms > $2 AND at_ms <= $3 AND LOWER(filed) = 'quarantine' \
     ORDER BY at_ms LIMIT $4";

pub(super) const UNMATCHED_SINCE: &str = "WHERE at_ms >= $1 AND kind = 'unmatched'";

/// Whether mails were committed since then that concerned nobody. Looks through the whole ledger; asked in a recovery.
pub(super) fn any_unmatched(tx: &Tx<'_>, since: Timestamp) -> Result<bool, StoreError> {
    let sql = format!("SELECT key FROM mail {UNMATCHED_SINCE} LIMIT 1");
    Ok(tx.first(&sql, &[since.into()])?.is_some())
}

/// Mails held in a rep's name, oldest first.
pub(super) fn in_name_of(
    tx: &Tx<'_>,
    rep: &Address,
    (after, until): (Timestamp, Timestamp),
    limit: usize,
) -> Result<Vec<(Timestamp, MailRow)>, StoreError> {
    let values = [rep.as_str().into(), after.into(), until.into(), bound(limit)];
    tx.query(&format!("{SELECT} {IN_NAME_OF}"), &values)?
        .iter()
        .map(|row| Ok((row.time("at_ms")?, read(row)?)))
        .collect()
}

pub(super) const OF_KIND: &str = "SELECT COUNT(*) AS many FROM mail WHERE rep = $1 AND at_ms > $2 AND kind = $3";

/// How many mails of one kind came in a rep's name.
pub(super) fn of_kind(tx: &Tx<'_>, rep: &Address, kind: &str, after: Timestamp) -> Result<usize, StoreError> {
    tx.first(OF_KIND, &[rep.as_str().into(), after.into(), kind.into()])?
        .map_or(Ok(0), |row| row.small("many"))
}

pub(super) fn watermark(tx: &Tx<'_>, folder: &str) -> Result<ReadTo, StoreError> {
    let sql = "SELECT validity, last, again_to, ended_ms FROM watermark WHERE folder = $1";
    let Some(row) = tx.first(sql, &[folder.into()])? else {
        return Ok(ReadTo::default());
    };
    Ok(ReadTo {
        validity: row.small("validity")?,
        last: row.small("last")?,
        again_to: row.small("again_to")?,
        ended: row.int_if_any("ended_ms")?.and_then(super::tx::moment),
    })
}
