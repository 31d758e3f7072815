//! SQLite: opening a database so that what is committed stays, and saying its errors in our words.
//!
//! WAL with `synchronous=FULL`: a commit that was acknowledged survives a power cut (with NORMAL the last ones may not, and a
//! mail would go out twice). Every pragma is read back, because SQLite ignores what it cannot do. Not for network file systems.
//! Standards: <https://sqlite.org/pragma.html>, <https://sqlite.org/wal.html>.

use super::error::{Kind, StoreError};
use super::tx::Value;
use crate::model::limits;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};
use std::path::Path;

/// Before 3.51.3 a checkpoint that raced with a writer could damage a WAL database.
const OLDEST: i32 = 3_051_003;

/// Opens the file for writing, making it, readable by its owner alone, when it is new. Its folder must exist.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let place = format!("cannot open the database {}", path.display());
    create(path).map_err(|error| io(&error).at(&place))?;
    let mut connection = connect(path).map_err(|error| error.at(&place))?;
    prepare(&mut connection, "wal").map_err(|error| error.at(&place))?;
    demand(&connection, "cache_size", &format!("-{}", limits::CACHE_KIB)).map_err(|error| error.at(&place))?;
    Ok(connection)
}

/// Opens the file for reading only.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = connect(path)?;
    prepare(&mut connection, "wal")?;
    demand(&connection, "query_only", "1")?;
    Ok(connection)
}

/// A database in memory, gone with its connection.
pub(super) fn open_in_memory() -> Result<Connection, StoreError> {
    let mut connection = Connection::open_in_memory().map_err(explain)?;
    prepare(&mut connection, "memory")?;
    Ok(connection)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    // Each connection is used by one thread at a time, so SQLite need not lock. Without SQLITE_OPEN_URI a path is a path.
    Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(explain)
}

pub(super) fn create(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn prepare(connection: &mut Connection, journal: &str) -> Result<(), StoreError> {
    let version = rusqlite::version_number();
    if version < OLDEST {
        return Err(StoreError::other(format!(
            "SQLite {} is too old: 3.51.3 is needed",
            rusqlite::version()
        )));
    }
    connection.busy_timeout(limits::BUSY).map_err(explain)?;
    connection.set_prepared_statement_cache_capacity(limits::STATEMENTS);
    // A statement is planned once. Otherwise SQLite (with STAT4) parses and plans it anew for every value that is bound.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(explain)?;
    // SQLite does not wait for this one by itself.
    patiently(connection, |connection| demand(connection, "journal_mode", journal))?;
    demand(connection, "synchronous", "2")?;
    demand(connection, "foreign_keys", "1")?;
    demand(connection, "trusted_schema", "0")?;
    demand(connection, "temp_store", "2")?;
    demand(connection, "journal_size_limit", &limits::WAL.to_string())?;
    demand(connection, "wal_autocheckpoint", &limits::WAL_PAGES.to_string())
}

/// Does what SQLite does not wait for by itself while others open the same new database.
pub(super) fn patiently(
    connection: &mut Connection,
    work: impl Fn(&mut Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut done = work(connection);
    for _ in 0..limits::OPENED_AT_ONCE {
        // Whoever writes is waited for, for [`limits::BUSY`].
        let is_free = done.as_ref().is_err_and(StoreError::is_busy)
            && connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok();
        if !is_free {
            break;
        }
        done = work(connection);
    }
    done
}

/// Sets a pragma and reads it back.
fn demand(connection: &Connection, pragma: &str, value: &str) -> Result<(), StoreError> {
    // Some pragmas answer with a row and some do not, so what they say is not looked at here.
    connection
        .pragma_update(None, pragma, value)
        .or_else(|error| match error {
            rusqlite::Error::ExecuteReturnedResults => Ok(()),
            other => Err(explain(other)),
        })?;
    let found = read_pragma(connection, pragma)?;
    if found == value {
        Ok(())
    } else {
        Err(StoreError::other(format!(
            "SQLite keeps `{pragma}` at `{found}` and will not have `{value}`; \
             is the database on a network file system?"
        )))
    }
}

fn read_pragma(connection: &Connection, pragma: &str) -> Result<String, StoreError> {
    use rusqlite::types::ValueRef;
    connection
        .pragma_query_value(None, pragma, |row| {
            Ok(match row.get_ref(0)? {
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => String::new(),
            })
        })
        .map_err(explain)
}

/// Copies the write-ahead log into the file and cuts it back to nothing, as far as readers let it.
pub(super) fn checkpoint(connection: &Connection) -> Result<(), StoreError> {
    let busy: i64 = connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .map_err(explain)?;
    if busy == 0 {
        return Ok(());
    }
    Err(StoreError::new(
        Kind::Busy,
        "the database is still read by another process, so its log stays beside it",
    ))
}

/// Writes the file anew, so that nothing of what was deleted or changed is left in it or in its log.
///
/// SQLite leaves old bytes in free room otherwise. What it needs on the way is put on the disk, where memory may not do: it is
/// the new file, which has nothing of that either.
pub(super) fn scour(connection: &Connection) -> Result<(), StoreError> {
    demand(connection, "temp_store", "1")?;
    let done = connection.execute_batch("VACUUM").map_err(explain);
    demand(connection, "temp_store", "2")?;
    done.and_then(|()| checkpoint(connection))
}

/// Looks whether the file is sound, as far as SQLite can tell.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    check_by(connection, "quick_check")
}

/// The same, and every index against its table.
pub(super) fn check_all(connection: &Connection) -> Result<(), StoreError> {
    check_by(connection, "integrity_check")
}

/// Makes the database one file with nothing beside it, for one that nobody else has open.
pub(super) fn single_file(connection: &Connection) -> Result<(), StoreError> {
    checkpoint(connection)?;
    demand(connection, "journal_mode", "delete")
}

fn check_by(connection: &Connection, pragma: &str) -> Result<(), StoreError> {
    let found = read_pragma(connection, pragma)?;
    if found != "ok" {
        return Err(StoreError::new(
            Kind::Damaged,
            format!("the database is damaged: {found}; restore a backup"),
        ));
    }
    let strays = connection
        .prepare("PRAGMA foreign_key_check")
        .and_then(|mut statement| statement.exists([]))
        .map_err(explain)?;
    if strays {
        let text = "the database is damaged: a row belongs to nothing; restore a backup";
        return Err(StoreError::new(Kind::Damaged, text));
    }
    Ok(())
}

/// Takes the write lock now rather than at the first write, so that waiting happens where nothing is lost by it.
pub(super) fn begin(connection: &Connection) -> Result<(), StoreError> {
    run(connection, "BEGIN IMMEDIATE")
}

/// Begins a transaction that only reads: one picture, however many queries.
pub(super) fn begin_reading(connection: &Connection) -> Result<(), StoreError> {
    run(connection, "BEGIN")
}

pub(super) fn commit(connection: &Connection) -> Result<(), StoreError> {
    run(connection, "COMMIT")
}

/// Undoes whatever is open. It may be gone already: SQLite itself gives a transaction up when the disk is full.
pub(super) fn rollback(connection: &Connection) {
    if !connection.is_autocommit() {
        run(connection, "ROLLBACK").ok();
    }
}

/// Marks a point to which [`undo`] goes back.
pub(super) fn mark(connection: &Connection) -> Result<(), StoreError> {
    run(connection, "SAVEPOINT batch")
}

pub(super) fn keep(connection: &Connection) -> Result<(), StoreError> {
    run(connection, "RELEASE batch")
}

pub(super) fn undo(connection: &Connection) -> Result<(), StoreError> {
    run(connection, "ROLLBACK TO batch")?;
    keep(connection)
}

fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute([]))
        .map(drop)
        .map_err(explain)
}

/// The names that parameters have in our SQL, in the order of their values; no statement has more.
const PARAMETERS: [&str; 20] = [
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16", "$17",
    "$18", "$19", "$20",
];

/// Gives each parameter its value, by name: for SQLite `$1` is a name and not a number, and it counts names in the order
/// of their appearance.
pub(super) fn bind(statement: &mut Statement<'_>, values: &[Value<'_>]) -> rusqlite::Result<()> {
    let wrong = |many| rusqlite::Error::InvalidParameterCount(values.len(), many);
    let many = statement.parameter_count();
    if many != values.len() || many > PARAMETERS.len() {
        return Err(wrong(many));
    }
    for (name, value) in PARAMETERS.iter().zip(values) {
        let place = statement.parameter_index(name)?.ok_or_else(|| wrong(many))?;
        statement.raw_bind_parameter(place, value)?;
    }
    Ok(())
}

/// An error of the driver in our words. The words carry no value of a parameter.
pub(super) fn explain(error: rusqlite::Error) -> StoreError {
    let Some(code) = error.sqlite_error_code() else {
        return StoreError::other(format!("the database could not be asked: {error}"));
    };
    if extended(&error).is_some_and(is_unwritten) {
        return StoreError::new(
            Kind::Full,
            format!(
                "the disk takes no more for the database (no space, a quota, or a fault): {error}; nothing was lost"
            ),
        );
    }
    match code {
        ErrorCode::DiskFull => StoreError::new(
            Kind::Full,
            "no space left for the database: free some, nothing was lost",
        ),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::new(
            Kind::Busy,
            "the database is locked by another process: close what has it open (a backup, a database browser)",
        ),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::AuthorizationForStatementDenied => {
            StoreError::new(
                Kind::ReadOnly,
                "the database cannot be written: look at the rights of its file and folder",
            )
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SystemIoFailure => StoreError::new(
            Kind::Damaged,
            format!("the database cannot be read or written: {error}; look at the disk, then restore a backup"),
        ),
        _ => StoreError::other(format!("the database says: {error}")),
    }
}

fn extended(error: &rusqlite::Error) -> Option<i32> {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => Some(failure.extended_code),
        _ => None,
    }
}

/// A write that did not happen, and may the next time: SQLite calls only ENOSPC full, not a quota, and not the file of
/// shared memory beside the WAL. An fsync that failed is another matter: nobody knows what is on the disk then.
fn is_unwritten(extended: i32) -> bool {
    matches!(
        extended,
        rusqlite::ffi::SQLITE_IOERR_WRITE | rusqlite::ffi::SQLITE_IOERR_SHMSIZE
    )
}

/// An error of the file system in our words.
pub(super) fn io(error: &std::io::Error) -> StoreError {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => StoreError::other("its folder does not exist; create it first"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::new(
            Kind::ReadOnly,
            "it cannot be written; look at the rights of its file and folder",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            StoreError::new(Kind::Full, "no space left; free some, nothing was lost")
        }
        _ => StoreError::other(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_known_by_their_names_in_whatever_order_they_appear() {
        let connection = open_in_memory().expect("a database");
        let asked = |sql: &str, values: &[Value<'_>]| -> rusqlite::Result<String> {
            let mut statement = connection.prepare(sql)?;
            bind(&mut statement, values)?;
            let mut rows = statement.raw_query();
            rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?.get(0)
        };
        let sql = "SELECT $2 || $1 || '$3' || $10 || $2 || $3 || $4 || $5 || $6 || $7 || $8 || $9";
        let values: Vec<Value<'_>> = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
            .map(Value::from)
            .into();
        assert_eq!(asked(sql, &values), Ok("ba$3jbcdefghi".to_owned()));
        assert_eq!(asked("SELECT 'x'", &[]), Ok("x".to_owned()));
        assert!(asked("SELECT $1 || $2", &values[..1]).is_err(), "a value is missing");
        assert!(asked("SELECT $1 || $3", &values[..2]).is_err(), "a number was left out");
        assert!(asked("SELECT $1", &values[..2]).is_err(), "a value too many");
    }

    #[test]
    fn a_pragma_that_is_not_taken_is_an_error() {
        let connection = open_in_memory().expect("a database");
        let error = demand(&connection, "journal_mode", "wal").expect_err("memory has no WAL");
        assert!(
            error.to_string().contains("keeps `journal_mode` at `memory`"),
            "{error}"
        );
    }
}
