//! Mailboxes of reps that are watched: how far the journal was looked after in each, and which cannot be read.

use super::error::StoreError;
use super::tx::{Row, Tx};
use crate::model::{Address, LooseAddress, MessageId};
use jiff::Timestamp;

/// What is known of one watched mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchRow {
    /// Whose.
    pub rep: Address,
    /// Up to this journal number, the folders were looked through for what concerns each enrollment.
    pub journal: i64,
    /// Since when it cannot be read, and why; `None`: it can.
    pub away: Option<(Timestamp, String)>,
}

pub(super) fn put(tx: &Tx<'_>, row: &WatchRow) -> Result<(), StoreError> {
    let away = row.away.as_ref();
    tx.execute(
        "INSERT INTO watch (rep, journal, away_ms, why) VALUES ($1, $2, $3, $4) ON CONFLICT (rep) DO UPDATE SET \
         journal = excluded.journal, away_ms = excluded.away_ms, why = excluded.why",
        &[
            row.rep.as_str().into(),
            row.journal.into(),
            away.map(|(since, _)| *since).into(),
            away.map(|(_, why)| why.as_str()).into(),
        ],
    )
    .map(drop)
}

pub(super) fn all(tx: &Tx<'_>) -> Result<Vec<WatchRow>, StoreError> {
    let rows = tx.query("SELECT rep, journal, away_ms, why FROM watch ORDER BY rep", &[])?;
    rows.iter().map(read).collect()
}

pub(super) fn of_rep(tx: &Tx<'_>, rep: &Address) -> Result<Option<WatchRow>, StoreError> {
    let sql = "SELECT rep, journal, away_ms, why FROM watch WHERE rep = $1";
    tx.first(sql, &[rep.as_str().into()])?.map(|row| read(&row)).transpose()
}

fn read(row: &Row) -> Result<WatchRow, StoreError> {
    let since = row.int_if_any("away_ms")?.and_then(super::tx::moment);
    let why = row.text_if_any("why")?.unwrap_or_default().to_owned();
    Ok(WatchRow {
        rep: row.read("rep", |text| Address::parse(text).ok())?,
        journal: row.int("journal")?,
        away: since.map(|since| (since, why)),
    })
}

const BEGUN: &str = "SELECT MIN(f.at_ms) AS at_ms FROM fact f JOIN enrollment e ON e.id = f.enrollment \
     WHERE f.seq > $1 AND f.seq <= $2 AND f.code = 'enrolled' AND e.rep = $3 AND e.standing <> 'ended'";

/// When the first of a rep's enrollments began that are behind this journal number and not over; and the last number.
pub(super) fn begun_after(tx: &Tx<'_>, rep: &Address, journal: i64) -> Result<(Option<Timestamp>, i64), StoreError> {
    let last = super::read_guard::last_fact(tx)?;
    if last <= journal {
        return Ok((None, journal));
    }
    let row = tx.first(BEGUN, &[journal.into(), last.into(), rep.as_str().into()])?;
    let at = row.map_or(Ok(None), |row| row.int_if_any("at_ms"))?;
    Ok((at.and_then(super::tx::moment), last))
}

/// Which of these ids belong to a conversation that is known, in their order.
pub(super) fn known_ids(tx: &Tx<'_>, ids: &[MessageId]) -> Result<Vec<bool>, StoreError> {
    let sql = "SELECT enrollment FROM mail_id WHERE message_id = $1 LIMIT 1";
    let each = ids.iter().map(|id| Ok(tx.first(sql, &[id.as_str().into()])?.is_some()));
    each.collect()
}

/// What a mail names by which an enrollment may be found.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Named {
    /// Mails that it answers or quotes.
    pub mails: Vec<MessageId>,
    /// Whom it is from or about.
    pub people: Vec<LooseAddress>,
    /// The domains of their companies.
    pub companies: Vec<String>,
}

/// Of each of these, whether no enrollment knows any of the mails or has had any of the people or companies, be it over or not.
pub(super) fn strangers(tx: &Tx<'_>, named: &[Named]) -> Result<Vec<bool>, StoreError> {
    let person = "SELECT id FROM enrollment WHERE person = $1 LIMIT 1";
    let company = "SELECT id FROM enrollment WHERE company = $1 LIMIT 1";
    let stranger = |named: &Named| {
        let people = named.people.iter().map(|it| (person, it.as_str()));
        for (sql, it) in people.chain(named.companies.iter().map(|it| (company, it.as_str()))) {
            if tx.first(sql, &[it.into()])?.is_some() {
                return Ok(false);
            }
        }
        Ok(!known_ids(tx, &named.mails)?.contains(&true))
    };
    named.iter().map(stranger).collect()
}

/// Which of these people have an enrollment that is not over, in their order.
pub(super) fn known_people(tx: &Tx<'_>, people: &[LooseAddress]) -> Result<Vec<bool>, StoreError> {
    let sql = "SELECT id FROM enrollment WHERE person = $1 AND standing <> 'ended' LIMIT 1";
    let each = people
        .iter()
        .map(|person| Ok(tx.first(sql, &[person.as_str().into()])?.is_some()));
    each.collect()
}
