//! People who asked to be forgotten: their words go from every table, the numbers stay, and a keyed hash keeps them from
//! being mailed again.
//!
//! The key lies in this database, not beside it: a suppression that does not hold because a file is missing would be worse
//! than one whose owner can be found by somebody who has the whole database and guesses the address.

use super::enrollment_row::{self, First};
use super::error::{CommitError, StoreError};
use super::tx::{Row, Tx};
use super::{Store, blocking, commit, sqlite};
use crate::model::{
    Address, Enrollment, EnrollmentId, FORGOTTEN, Fact, Key, LooseAddress, Proposed, Recorded, SuppressionReason, Wish,
    replaced,
};
use jiff::Timestamp;

/// Who is to be forgotten.
#[derive(Clone)]
pub struct Forget {
    /// As suppressions compare it.
    pub person: LooseAddress,
    /// A fresh key as text, which a database that has none takes.
    pub key: String,
    /// Who says so and why, for people. No name.
    pub proof: String,
    /// Whether their words go now; else only a suppression is put, because something of theirs is on its way.
    pub names: bool,
}

impl std::fmt::Debug for Forget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Forget(…, names: {})", self.names)
    }
}

/// What the database holds of a person.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Remembered {
    /// Their enrollments.
    pub enrollments: Vec<EnrollmentId>,
    /// Facts about these.
    pub facts: i64,
    /// Mails of touches.
    pub letters: i64,
    /// Tasks with their scripts and notes.
    pub tasks: i64,
    /// Lines about mails that were read.
    pub mails: i64,
    /// Reports that wait to be taken in, people copied on their mails, and lines in which they are somebody's colleague.
    pub others: i64,
    /// Mails to reps since they were enrolled, whose texts may name them.
    pub to_reps: i64,
    /// Facts of other enrollments that name them.
    pub named: i64,
    /// Of the mails to reps and of their own, those that lie ready or are on their way.
    pub on_its_way: i64,
    /// All spellings of their address, and what they are called.
    pub spellings: Vec<String>,
}

impl std::fmt::Debug for Remembered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Remembered({} enrollments)", self.enrollments.len())
    }
}

/// Columns for people in which anybody may be named; all short tables but the last four.
const WORDS: [(&str, &str); 11] = [
    ("gathered", "who"),
    ("gathered", "what"),
    ("hold", "why"),
    ("ruling", "why"),
    ("suppression", "proof"),
    ("trouble", "why"),
    ("watch", "why"),
    ("mail", "because"),
    ("letter", "reply"),
    ("task", "script"),
    ("task", "note"),
];

/// The text of a mail that is forgotten; its row stays, for the ledger is read with it.
const NOTHING: &[u8] = &[];

/// Mails to reps that are done with, from `$1` on.
const TO_REPS: &str = "FROM letter WHERE class <> 'step' AND since_ms >= $1 AND state <> 'ready' AND state <> 'claimed' AND state <> 'sending'";

/// What stands in the place of the person, if they are forgotten.
pub(super) fn alias_if_forgotten(tx: &Tx<'_>, person: &LooseAddress) -> Result<Option<LooseAddress>, StoreError> {
    let Some(alias) = alias(tx, person)? else {
        return Ok(None);
    };
    let alias = alias.loose();
    let sql = "SELECT address FROM suppression WHERE address = $1";
    Ok(tx.first(sql, &[alias.as_str().into()])?.map(|_| alias))
}

fn alias(tx: &Tx<'_>, person: &LooseAddress) -> Result<Option<Address>, StoreError> {
    let row = tx.first("SELECT key FROM forgetting_key", &[])?;
    let key = row.map(|row| row.text("key").map(Key::of_text)).transpose()?;
    Ok(key.and_then(|key| Address::of_forgotten(&key, person)))
}

/// Forgets somebody.
pub(super) fn forget(tx: &Tx<'_>, forget: &Forget, at: Timestamp) -> Result<(), CommitError> {
    let person = &forget.person;
    tx.execute(
        "INSERT INTO forgetting_key (one, key) VALUES (1, $1) ON CONFLICT (one) DO NOTHING",
        &[forget.key.as_str().into()],
    )?;
    let alias = alias(tx, person)?.ok_or_else(|| StoreError::misfit("a forgotten person gets no other name"))?;
    tx.execute("DELETE FROM suppression WHERE address = $1", &[person.as_str().into()])?;
    tx.execute(
        "INSERT INTO suppression (address, reason, at_ms, proof) VALUES ($1, $2, $3, $4) ON CONFLICT (address) DO NOTHING",
        &[
            alias.loose().as_str().into(),
            SuppressionReason::Forgotten.code().into(),
            at.into(),
            forget.proof.as_str().into(),
        ],
    )?;
    if !forget.names {
        return Ok(());
    }
    let held = held(tx, person)?;
    if held.on_its_way > 0 {
        return Err(CommitError::Stale);
    }
    tx.execute("INSERT INTO forgetting (one) VALUES (1)", &[])?;
    for id in &held.enrollments {
        forget_enrollment(tx, *id, &alias)?;
    }
    empty_mails_to_reps(tx, &held)?;
    tx.execute("DELETE FROM sighting WHERE person = $1", &[person.as_str().into()])?;
    forget_elsewhere(tx, &held, person, &alias)?;
    tx.execute("DELETE FROM forgetting", &[])?;
    Ok(())
}

/// One of their enrollments: facts, row, letters, tasks, and by which mails it is known.
fn forget_enrollment(tx: &Tx<'_>, id: EnrollmentId, alias: &Address) -> Result<(), CommitError> {
    let sql = "SELECT seq, at_ms, code, data FROM fact WHERE enrollment = $1 ORDER BY seq";
    let rows = tx.query(sql, &[id.0.into()])?;
    let mut forgotten = false;
    for row in &rows {
        let fact = enrollment_row::read_fact(row)?;
        forgotten |= matches!(fact, Fact::Forgotten { .. });
        rewrite(tx, row, &enrollment_row::data(&fact.without_names(alias))?)?;
    }
    let enrollment = fold_again(tx, id)?;
    if enrollment.is_active() || !forgotten {
        // Somebody enrolled them meanwhile.
        return Err(CommitError::Stale);
    }
    let sql = "UPDATE letter_body SET bytes = $2 WHERE letter IN (SELECT id FROM letter WHERE enrollment = $1)";
    tx.execute(sql, &[id.0.into(), NOTHING.into()])?;
    for sql in [
        "UPDATE enrollment SET person = $2, company = NULL WHERE id = $1",
        "UPDATE letter SET recipient = $2, reply = NULL WHERE enrollment = $1 AND class = 'step'",
    ] {
        tx.execute(sql, &[id.0.into(), alias.as_str().into()])?;
    }
    for sql in [
        "UPDATE task SET script = '', note = NULL WHERE enrollment = $1",
        "DELETE FROM mail_id WHERE enrollment = $1",
        "DELETE FROM colleague WHERE enrollment = $1",
        "DELETE FROM gathered WHERE enrollment = $1",
    ] {
        tx.execute(sql, &[id.0.into()])?;
    }
    let sql = "UPDATE mail SET because = $1 WHERE enrollments LIKE $2";
    tx.execute(sql, &[FORGOTTEN.into(), format!("%{}%", id.0).into()])?;
    if cfg!(debug_assertions) {
        commit::must_read_back(tx, &enrollment)?;
    }
    Ok(())
}

fn rewrite(tx: &Tx<'_>, row: &Row, data: &str) -> Result<(), StoreError> {
    if row.text("data")? == data {
        return Ok(());
    }
    let sql = "UPDATE fact SET data = $2 WHERE seq = $1";
    tx.execute(sql, &[row.int("seq")?.into(), data.into()]).map(drop)
}

/// Makes the row once more of its journal.
fn fold_again(tx: &Tx<'_>, id: EnrollmentId) -> Result<Enrollment, StoreError> {
    let wrong = || StoreError::misfit(format!("enrollment {id}: its journal does not fold"));
    let sql = "SELECT at_ms, code, data FROM fact WHERE enrollment = $1 ORDER BY seq";
    let rows = tx.query(sql, &[id.0.into()])?;
    let journal: Vec<Recorded> = rows
        .iter()
        .map(enrollment_row::read_recorded)
        .collect::<Result<_, _>>()?;
    let begun = journal.first().ok_or_else(wrong)?;
    let first = First::of(&Enrollment::begin(id, begun.at, &begun.fact).map_err(|_| wrong())?);
    let enrollment = Enrollment::fold(id, &journal).map_err(|_| wrong())?;
    let columns = enrollment_row::columns(&enrollment, &first)?;
    tx.execute(
        "UPDATE enrollment SET detail = $2 WHERE id = $1",
        &[id.0.into(), columns.detail.into()],
    )?;
    Ok(enrollment)
}

/// What went to reps since, and is done with, may name them in its texts, which nobody needs any more.
fn empty_mails_to_reps(tx: &Tx<'_>, held: &Remembered) -> Result<(), StoreError> {
    if let Some(since) = since(tx, held)? {
        let sql = format!("UPDATE letter_body SET bytes = $2 WHERE letter IN (SELECT id {TO_REPS})");
        tx.execute(&sql, &[since.into(), NOTHING.into()])?;
    }
    Ok(())
}

/// Where others are spoken of: their facts, questions that wait for a rep, words for people.
fn forget_elsewhere(tx: &Tx<'_>, held: &Remembered, person: &LooseAddress, alias: &Address) -> Result<(), CommitError> {
    for row in facts_of_others(tx, held)? {
        let id = EnrollmentId(row.int("enrollment")?);
        if is_on_its_way(tx, id)? {
            return Err(CommitError::Stale);
        }
        let names = row.text("code")? == "paused";
        rewrite(tx, &row, &without(row.text("data")?, held, alias, names))?;
        fold_again(tx, id)?;
    }
    for (table, column) in WORDS {
        for spelling in held.spellings.iter() {
            let sql = format!("SELECT DISTINCT {column} AS word FROM {table} WHERE {column} LIKE $1 ESCAPE '\\'");
            for row in tx.query(&sql, &[like(spelling).into()])? {
                let word = row.text("word")?;
                let sql = format!("UPDATE {table} SET {column} = $2 WHERE {column} = $1");
                let gone = without(word, held, alias, true);
                tx.execute(&sql, &[word.into(), gone.into()])?;
            }
        }
    }
    for spelling in held.spellings.iter().filter(|spelling| spelling.contains('@')) {
        tx.execute("DELETE FROM colleague WHERE address = $1", &[spelling.as_str().into()])?;
    }
    forget_proposed(tx, person)
}

/// A question about them alone is not asked any more; from one about several people they are taken out.
fn forget_proposed(tx: &Tx<'_>, person: &LooseAddress) -> Result<(), CommitError> {
    for row in tx.query(
        "SELECT letter, wish FROM proposal WHERE state = 'asked' OR state = 'confirmed'",
        &[],
    )? {
        let mut wish: Wish = row.json("wish")?;
        let is_them = |one: &Proposed| one.prospect.address.loose() == *person;
        let copied = |other: &Address| other.loose() == *person;
        if !wish.people.iter().any(is_them) && !wish.colleagues.iter().any(copied) {
            continue;
        }
        wish.people.retain(|one| !is_them(one));
        wish.colleagues.retain(|other| !copied(other));
        let left = !wish.people.is_empty();
        let wish = if left { wish } else { wish.without_people() };
        let wish = serde_json::to_string(&wish).map_err(|_| StoreError::misfit("a proposal makes no JSON"))?;
        let sql =
            "UPDATE proposal SET wish = $2, state = CASE WHEN $3 = 1 THEN state ELSE 'dropped' END WHERE letter = $1";
        let letter = row.int("letter")?;
        tx.execute(sql, &[letter.into(), wish.into(), i64::from(left).into()])?;
    }
    Ok(())
}

/// A text without them. What they are called may be somebody else's name too, so it goes only with `names`.
fn without(text: &str, held: &Remembered, alias: &Address, names: bool) -> String {
    let mut text = text.to_owned();
    for spelling in &held.spellings {
        let by = if spelling.contains('@') {
            alias.as_str()
        } else if names {
            FORGOTTEN
        } else {
            continue;
        };
        text = replaced(&text, spelling, by).unwrap_or(text);
    }
    text
}

/// What the database holds of somebody.
fn held(tx: &Tx<'_>, person: &LooseAddress) -> Result<Remembered, StoreError> {
    let mut held = Remembered {
        spellings: vec![person.as_str().to_owned()],
        ..Remembered::default()
    };
    let key = [person.as_str().into()];
    let sql = format!("{} WHERE e.person = $1 ORDER BY e.id", enrollment_row::SELECT);
    for row in tx.query(&sql, &key)? {
        let enrollment = enrollment_row::read(&row)?;
        let prospect = &enrollment.prospect;
        held.enrollments.push(enrollment.id);
        held.spellings.push(prospect.address.as_str().to_owned());
        // One word alone may be anybody.
        let name = prospect.name.iter().filter(|name| name.trim().contains(' '));
        held.spellings.extend(name.cloned());
    }
    held.spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    held.spellings.dedup();
    let count = |sql: &str, id: i64| -> Result<i64, StoreError> {
        let row = tx.first(&format!("SELECT COUNT(*) AS many {sql}"), &[id.into()])?;
        row.map_or(Ok(0), |row| row.int("many"))
    };
    for id in &held.enrollments {
        held.facts += count("FROM fact WHERE enrollment = $1", id.0)?;
        held.letters += count("FROM letter WHERE enrollment = $1 AND class = 'step'", id.0)?;
        held.tasks += count("FROM task WHERE enrollment = $1", id.0)?;
        held.others += count("FROM colleague WHERE enrollment = $1", id.0)?;
        held.on_its_way += count(
            "FROM letter WHERE enrollment = $1 AND class = 'step' AND (state = 'ready' OR state = 'claimed' OR state = 'sending')",
            id.0,
        )?;
        let sql = "SELECT COUNT(*) AS many FROM mail WHERE enrollments LIKE $1";
        let row = tx.first(sql, &[format!("%{}%", id.0).into()])?;
        held.mails += row.map_or(Ok(0), |row| row.int("many"))?;
    }
    if let Some(since) = since(tx, &held)? {
        held.to_reps = count(TO_REPS, since)?;
        let open = "FROM letter WHERE class <> 'step' AND since_ms >= $1 AND (state = 'ready' OR state = 'claimed' OR state = 'sending')";
        held.on_its_way += count(open, since)?;
    }
    let waiting = tx.query("SELECT id FROM sighting WHERE person = $1", &key)?;
    held.others += i64::try_from(waiting.len()).unwrap_or(i64::MAX);
    held.named = i64::try_from(facts_of_others(tx, &held)?.len()).unwrap_or(i64::MAX);
    Ok(held)
}

/// Since when there can be mails to reps about them; `None` when they were never enrolled.
fn since(tx: &Tx<'_>, held: &Remembered) -> Result<Option<i64>, StoreError> {
    let mut since = None;
    for id in &held.enrollments {
        let sql = "SELECT MIN(at_ms) AS since FROM fact WHERE enrollment = $1";
        let row = tx.first(sql, &[id.0.into()])?;
        let at = row.map(|row| row.int_if_any("since")).transpose()?.flatten();
        since = since.into_iter().chain(at).min();
    }
    Ok(since)
}

/// Facts of other people that name them: an address anywhere, a name only where somebody waits because they answered.
fn facts_of_others(tx: &Tx<'_>, held: &Remembered) -> Result<Vec<Row>, StoreError> {
    let mut found: Vec<Row> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for spelling in &held.spellings {
        let paused = if spelling.contains('@') {
            ""
        } else {
            "code = 'paused' AND "
        };
        let sql =
            format!("SELECT seq, enrollment, code, data FROM fact WHERE {paused}data LIKE $1 ESCAPE '\\' ORDER BY seq");
        for row in tx.query(&sql, &[like(spelling).into()])? {
            let own = held.enrollments.iter().any(|id| row.int("enrollment") == Ok(id.0));
            if !own && replaced(row.text("data")?, spelling, FORGOTTEN).is_some() && known.insert(row.int("seq")?) {
                found.push(row);
            }
        }
    }
    Ok(found)
}

fn is_on_its_way(tx: &Tx<'_>, id: EnrollmentId) -> Result<bool, StoreError> {
    let sql =
        "SELECT id FROM letter WHERE enrollment = $1 AND class = 'step' AND (state = 'claimed' OR state = 'sending')";
    Ok(tx.first(sql, &[id.0.into()])?.is_some())
}

/// A pattern that finds `text` anywhere.
fn like(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}

impl Store {
    /// What would go if this person were forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remembered_of(&self, person: &LooseAddress) -> Result<Remembered, StoreError> {
        let person = person.clone();
        self.readers.read(move |tx| held(tx, &person)).await
    }

    /// What stands in the place of a person who is forgotten; `None` when they are not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forgotten_as(&self, person: &LooseAddress) -> Result<Option<LooseAddress>, StoreError> {
        let person = person.clone();
        self.readers.read(move |tx| alias_if_forgotten(tx, &person)).await
    }

    /// Writes the file anew, so that no bytes of what was taken out are left in it. Others wait meanwhile.
    ///
    /// # Errors
    /// When the disk has no room for a second copy, or another process reads for too long.
    pub async fn scour(&self) -> Result<(), StoreError> {
        let writer = self.writer.clone();
        blocking(move || sqlite::scour(&writer.lend())).await
    }
}
