//! How an older database becomes a newer one: forward only, one file a step, all in one transaction each.
//!
//! A file that was ever released is never changed. `schema.sql` says what the result is and means.

use super::error::{Kind, StoreError};
use super::sqlite;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

const STEPS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
    include_str!("migrations/0008.sql"),
    include_str!("migrations/0009.sql"),
    include_str!("migrations/0010.sql"),
    include_str!("migrations/0011.sql"),
    include_str!("migrations/0012.sql"),
    include_str!("migrations/0013.sql"),
    include_str!("migrations/0014.sql"),
    include_str!("migrations/0015.sql"),
    include_str!("migrations/0016.sql"),
    include_str!("migrations/0017.sql"),
];

/// Brings a database to the newest shape.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let (version, has_tables) = {
        // Seen at one moment, while another process may bring it up.
        let tx = connection.transaction().map_err(sqlite::explain)?;
        (version(&tx)?, has_tables(&tx)?)
    };
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if version > known {
        return Err(StoreError::new(
            Kind::TooNew,
            format!(
                "the database has shape {version} and this program knows {known} at most: \
                 run the newer program that made it"
            ),
        ));
    }
    if version == 0 && has_tables {
        return Err(StoreError::other(
            "the file is a database of another program: name another file",
        ));
    }
    let migrations = Migrations::new(STEPS.iter().map(|sql| M::up(sql)).collect());
    let mut before = version;
    loop {
        let migrated = sqlite::patiently(connection, |connection| {
            migrations.to_latest(connection).map_err(|error| match error {
                rusqlite_migration::Error::RusqliteError { err, .. } => sqlite::explain(err).at("migrating"),
                other => StoreError::other(format!("the database could not be migrated: {other}")),
            })
        });
        // Another process may bring it up at the same moment: a step that it took first cannot be taken twice.
        let now = self::version(connection)?;
        if migrated.is_ok() || now == before {
            return migrated;
        }
        before = now;
    }
}

/// Whether a database that is only looked at has the newest shape.
pub(super) fn demand_newest(connection: &Connection) -> Result<(), StoreError> {
    let version = version(connection)?;
    if usize::try_from(version) == Ok(STEPS.len()) {
        return Ok(());
    }
    let (found, known) = (version, STEPS.len());
    Err(StoreError::new(
        if version > 0 { Kind::TooNew } else { Kind::Other },
        format!("the database has shape {found} and this program looks at {known}: `cadence run` brings it up to date"),
    ))
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(sqlite::explain)
}

fn has_tables(connection: &Connection) -> Result<bool, StoreError> {
    connection
        .prepare("SELECT 1 FROM sqlite_schema")
        .and_then(|mut statement| statement.exists([]))
        .map_err(sqlite::explain)
}
