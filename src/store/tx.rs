//! A transaction as the queries see it: SQL with `$1` parameters in, rows of values out.
//!
//! With `sqlite.rs` the only place that knows the driver, so that another engine is another one of these two files and
//! not a second set of queries. The SQL is the common subset of SQLite and PostgreSQL: no functions of one engine,
//! `ON CONFLICT`, `RETURNING`, times as numbers from outside.

use super::error::StoreError;
use super::sqlite;
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::rc::Rc;

/// One value in a row or of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
    Blob(Cow<'a, [u8]>),
}

impl Value<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Int(_) => "a number",
            Self::Text(_) => "a text",
            Self::Blob(_) => "bytes",
        }
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}
impl From<Timestamp> for Value<'_> {
    fn from(time: Timestamp) -> Self {
        Self::Int(time.as_millisecond())
    }
}
impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}
impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}
impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Blob(Cow::Borrowed(bytes))
    }
}
impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A transaction, begun by whoever made it and ended by them.
pub(super) struct Tx<'c> {
    connection: &'c Connection,
}

impl<'c> Tx<'c> {
    pub(super) fn on(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// Looks whether the database is sound.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        sqlite::check(self.connection)
    }

    /// All rows of a query. The query bounds itself.
    pub(super) fn query(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, StoreError> {
        self.run(sql, values).map_err(sqlite::explain)
    }

    fn run(&self, sql: &str, values: &[Value<'_>]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        sqlite::bind(&mut statement, values)?;
        let names: Rc<[String]> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.raw_query();
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let values = (0..names.len())
                .map(|column| row.get_ref(column).and_then(owned))
                .collect::<rusqlite::Result<_>>()?;
            out.push(Row {
                names: Rc::clone(&names),
                values,
            });
        }
        Ok(out)
    }

    /// The first row, if there is one.
    pub(super) fn first(&self, sql: &str, values: &[Value<'_>]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// How many rows a statement changed.
    pub(super) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<usize, StoreError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| {
                sqlite::bind(&mut statement, values)?;
                statement.raw_execute()
            })
            .map_err(sqlite::explain)
    }
}

fn owned(value: ValueRef<'_>) -> rusqlite::Result<Value<'static>> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        // The schema has no REAL column; a count or a sum never is one.
        ValueRef::Real(_) => return Err(rusqlite::Error::IntegralValueOutOfRange(0, 0)),
        ValueRef::Text(text) => Value::Text(Cow::Owned(std::str::from_utf8(text)?.to_owned())),
        ValueRef::Blob(bytes) => Value::Blob(Cow::Owned(bytes.to_vec())),
    })
}

/// One row. Columns are asked for by name, and an error names the column.
pub(super) struct Row {
    names: Rc<[String]>,
    values: Vec<Value<'static>>,
}

impl Row {
    fn value(&self, column: &str) -> Result<&Value<'static>, StoreError> {
        let place = self.names.iter().position(|name| name == column);
        place
            .and_then(|place| self.values.get(place))
            .ok_or_else(|| StoreError::misfit(format!("a query has no column `{column}`")))
    }

    fn wrong(column: &str, expected: &str, found: &str) -> StoreError {
        StoreError::misfit(format!("column `{column}`: expected {expected}, found {found}"))
    }

    /// A number.
    pub(super) fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.int_if_any(column)?
            .ok_or_else(|| Self::wrong(column, "a number", "nothing"))
    }

    /// A number, or nothing.
    pub(super) fn int_if_any(&self, column: &str) -> Result<Option<i64>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(*number)),
            other @ (Value::Text(_) | Value::Blob(_)) => Err(Self::wrong(column, "a number", other.kind())),
        }
    }

    /// A number of a smaller type.
    pub(super) fn small<T: TryFrom<i64>>(&self, column: &str) -> Result<T, StoreError> {
        T::try_from(self.int(column)?).map_err(|_| Self::wrong(column, "a smaller number", "a larger one"))
    }

    /// A text.
    pub(super) fn text(&self, column: &str) -> Result<&str, StoreError> {
        self.text_if_any(column)?
            .ok_or_else(|| Self::wrong(column, "a text", "nothing"))
    }

    /// A text, or nothing.
    pub(super) fn text_if_any(&self, column: &str) -> Result<Option<&str>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            other @ (Value::Int(_) | Value::Blob(_)) => Err(Self::wrong(column, "a text", other.kind())),
        }
    }

    /// Bytes.
    pub(super) fn blob(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        match self.value(column)? {
            Value::Blob(bytes) => Ok(bytes.to_vec()),
            other @ (Value::Null | Value::Int(_) | Value::Text(_)) => Err(Self::wrong(column, "bytes", other.kind())),
        }
    }

    /// A moment, stored as milliseconds.
    pub(super) fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        moment(self.int(column)?).ok_or_else(|| Self::wrong(column, "a moment", "a number outside of time"))
    }

    /// A text that a function understands: a code, an address.
    pub(super) fn read<T>(&self, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, StoreError> {
        // The text itself may be an address and stays out of the error.
        read(self.text(column)?).ok_or_else(|| Self::wrong(column, "a known code or a sound value", "something else"))
    }

    /// JSON.
    pub(super) fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T, StoreError> {
        serde_json::from_str(self.text(column)?).map_err(|_| Self::wrong(column, "the JSON of its type", "other text"))
    }
}

/// A moment from its milliseconds.
pub(super) fn moment(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok()
}
