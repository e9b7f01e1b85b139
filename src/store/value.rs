//! Values between Rust and the tables. Three kinds of column serve both databases:
//! whole numbers, texts and bytes; everything else is written as one of them.

use super::error::StoreError;
use super::sql::Sql;
use crate::domain::audit::AuditHash;
use crate::domain::ids::AreaCode;
use crate::domain::month::Month;
use crate::domain::pay::Fen;
use crate::domain::post::Grade;
use crate::domain::record::{Id, Version};
use crate::domain::rights::Assurance;
use crate::domain::secret::{Findable, LookupHash, PasswordHash, Sealed, TokenHash};
use crate::domain::time::{Date, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

/// One value as a column holds it; `None` = null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Integer(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

/// The kind of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Integer,
    Text,
    Bytes,
}

/// The values of a statement: `values![id, code, Some(3)]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut values: Vec<$crate::store::value::Value> = Vec::new();
        $($crate::store::value::Field::write(&$value, &mut values);)*
        values
    }};
}

pub(super) use values;

/// What one or more columns hold.
pub trait Field: Sized {
    /// The columns of a field of that name.
    fn columns(name: &str) -> Vec<String> {
        vec![name.to_owned()]
    }

    /// Adds the value of each column.
    fn write(&self, values: &mut Vec<Value>);

    /// Takes the value of each column.
    fn read(row: &mut Fields<'_>) -> Result<Self, StoreError>;
}

/// What one column holds.
pub trait Cell: Sized {
    const KIND: ColumnKind;

    fn value(&self) -> Value;

    /// `None` = no value that the program can have written.
    fn of_value(value: Value) -> Option<Self>;
}

impl<T: Cell> Field for T {
    fn write(&self, values: &mut Vec<Value>) {
        values.push(self.value());
    }

    fn read(row: &mut Fields<'_>) -> Result<Self, StoreError> {
        row.next()
    }
}

impl<T: Cell> Cell for Option<T> {
    const KIND: ColumnKind = T::KIND;

    fn value(&self) -> Value {
        match self {
            Some(known) => known.value(),
            None => Value::null(T::KIND),
        }
    }

    fn of_value(value: Value) -> Option<Self> {
        if value.is_null() {
            Some(None)
        } else {
            T::of_value(value).map(Some)
        }
    }
}

impl<T: Cell> Cell for &T
where
    T: Clone,
{
    const KIND: ColumnKind = T::KIND;

    fn value(&self) -> Value {
        (*self).value()
    }

    fn of_value(_: Value) -> Option<Self> {
        None
    }
}

impl Value {
    const fn null(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Integer => Self::Integer(None),
            ColumnKind::Text => Self::Text(None),
            ColumnKind::Bytes => Self::Bytes(None),
        }
    }

    const fn is_null(&self) -> bool {
        matches!(
            self,
            Self::Integer(None) | Self::Text(None) | Self::Bytes(None)
        )
    }

    fn integer(self) -> Option<i64> {
        match self {
            Self::Integer(integer) => integer,
            _ => None,
        }
    }

    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => text,
            _ => None,
        }
    }
}

/// A type kept as a whole number: how it is made one, and how it is read.
macro_rules! integers {
    ($($type:ty: $write:expr, $read:expr;)+) => {$(
        impl Cell for $type {
            const KIND: ColumnKind = ColumnKind::Integer;

            fn value(&self) -> Value {
                let write: fn(&Self) -> i64 = $write;
                Value::Integer(Some(write(self)))
            }

            fn of_value(value: Value) -> Option<Self> {
                let read: fn(i64) -> Option<Self> = $read;
                read(value.integer()?)
            }
        }
    )+};
}

integers! {
    i64: |n| *n, Some;
    u64: |n| i64::try_from(*n).unwrap_or(i64::MAX), |n| u64::try_from(n).ok();
    u32: |n| i64::from(*n), |n| u32::try_from(n).ok();
    bool: |b| i64::from(*b), |n| match n { 0 => Some(false), 1 => Some(true), _ => None };
    Date: |date| date.days(), Date::from_days;
    Timestamp: |instant| instant.micros(), |n| Some(Self::from_micros(n));
    Month: |month| i64::from(month.index()), |n| Some(Self::from_index(i32::try_from(n).ok()?));
    Grade: |grade| i64::from(grade.number()), |n| Self::new(u8::try_from(n).ok()?);
    Version: |version| version.number(), Self::new;
    Assurance: |assurance| i64::from(*assurance == Self::Full), |n| match n {
        0 => Some(Self::Password),
        1 => Some(Self::Full),
        _ => None,
    };
    Fen: |fen| fen.0, |n| Some(Self(n));
}

impl Cell for String {
    const KIND: ColumnKind = ColumnKind::Text;

    fn value(&self) -> Value {
        Value::Text(Some(self.clone()))
    }

    fn of_value(value: Value) -> Option<Self> {
        value.text()
    }
}

impl Cell for &str {
    const KIND: ColumnKind = ColumnKind::Text;

    fn value(&self) -> Value {
        Value::Text(Some((*self).to_owned()))
    }

    fn of_value(_: Value) -> Option<Self> {
        None
    }
}

impl Cell for Vec<u8> {
    const KIND: ColumnKind = ColumnKind::Bytes;

    fn value(&self) -> Value {
        Value::Bytes(Some(self.clone()))
    }

    fn of_value(value: Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => bytes,
            _ => None,
        }
    }
}

impl<const N: usize> Cell for [u8; N] {
    const KIND: ColumnKind = ColumnKind::Bytes;

    fn value(&self) -> Value {
        Value::Bytes(Some(self.to_vec()))
    }

    fn of_value(value: Value) -> Option<Self> {
        Vec::of_value(value)?.try_into().ok()
    }
}

/// Types made of other cells: what they hold, and how they are made of it.
macro_rules! made_of {
    ($($type:ty: $held:ty, $write:expr, $read:expr;)+) => {$(
        impl Cell for $type {
            const KIND: ColumnKind = <$held as Cell>::KIND;

            fn value(&self) -> Value {
                let write: fn(&Self) -> &$held = $write;
                write(self).value()
            }

            fn of_value(value: Value) -> Option<Self> {
                <$held>::of_value(value).map($read)
            }
        }
    )+};
}

made_of! {
    AuditHash: [u8; 32], Self::bytes, Self::new;
    TokenHash: [u8; 32], Self::bytes, Self::new;
}

/// Secrets as texts: nothing is checked here, opening and verifying does.
macro_rules! kept_texts {
    ($($type:ty),+) => {$(
        impl Cell for $type {
            const KIND: ColumnKind = ColumnKind::Text;

            fn value(&self) -> Value {
                Value::Text(Some(self.as_str().to_owned()))
            }

            fn of_value(value: Value) -> Option<Self> {
                value.text().map(Self::from_stored)
            }
        }
    )+};
}

kept_texts!(Sealed, PasswordHash);

impl Cell for AreaCode {
    const KIND: ColumnKind = ColumnKind::Text;

    fn value(&self) -> Value {
        Value::Text(Some(self.to_string()))
    }

    fn of_value(value: Value) -> Option<Self> {
        value.text()?.parse().ok()
    }
}

impl<T> Cell for Id<T> {
    const KIND: ColumnKind = ColumnKind::Text;

    fn value(&self) -> Value {
        Value::Text(Some(self.to_string()))
    }

    fn of_value(value: Value) -> Option<Self> {
        value.text()?.parse().ok()
    }
}

/// Closed word lists are kept by their keys; the tables check that it is one of them.
macro_rules! words {
    ($($type:ty),+ $(,)?) => {
        $(impl $crate::store::value::Cell for $type {
            const KIND: $crate::store::value::ColumnKind = $crate::store::value::ColumnKind::Text;

            fn value(&self) -> $crate::store::value::Value {
                $crate::store::value::Value::Text(Some(self.key().to_owned()))
            }

            fn of_value(value: $crate::store::value::Value) -> Option<Self> {
                let key: String = $crate::store::value::Cell::of_value(value)?;
                Self::ALL.iter().find(|word| word.key() == key).copied()
            }
        })+
    };
}

pub(super) use words;

/// Two columns: the keyed hash as hexadecimal digits, and the cipher.
impl Field for Option<Findable> {
    fn columns(name: &str) -> Vec<String> {
        vec![format!("{name}_hash"), format!("{name}_cipher")]
    }

    fn write(&self, values: &mut Vec<Value>) {
        let hash = self.as_ref().map(|secret| hex(secret.hash.bytes()));
        values.push(hash.value());
        values.push(self.as_ref().map(|secret| secret.sealed.clone()).value());
    }

    fn read(row: &mut Fields<'_>) -> Result<Self, StoreError> {
        let hash = row.next_with(|value| match Option::<String>::of_value(value)? {
            Some(text) => {
                let bytes = from_hex(&text)?.try_into().ok()?;
                Some(Some(LookupHash::new(bytes)))
            }
            None => Some(None),
        })?;
        let sealed: Option<Sealed> = row.next()?;
        Ok(hash
            .zip(sealed)
            .map(|(hash, sealed)| Findable { hash, sealed }))
    }
}

/// Bytes as hexadecimal digits, small letters.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // writing to a string cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// One row of an answer.
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<PgRow> for Row {
    fn from(row: PgRow) -> Self {
        Self::Postgres(row)
    }
}

impl Row {
    fn value(&self, at: usize, kind: ColumnKind) -> Result<Value, sqlx::Error> {
        match self {
            Self::Sqlite(row) => value_of(row, at, kind),
            Self::Postgres(row) => value_of(row, at, kind),
        }
    }

    /// Every column with its value, whatever kind it is of.
    pub(super) fn cells(&self) -> Result<Vec<(String, Value)>, sqlx::Error> {
        use sqlx::{Column, Row, TypeInfo, ValueRef};
        let columns = match self {
            Self::Sqlite(row) => row.columns().len(),
            Self::Postgres(row) => row.columns().len(),
        };
        let cell = |at: usize| {
            // SQLite knows the kind of each value, PostgreSQL that of each column
            let (name, kind) = match self {
                Self::Sqlite(row) => {
                    let value = row.try_get_raw(at)?;
                    let kind = value.type_info().name().to_owned();
                    (row.try_column(at)?.name().to_owned(), kind)
                }
                Self::Postgres(row) => {
                    let column = row.try_column(at)?;
                    (
                        column.name().to_owned(),
                        column.type_info().name().to_owned(),
                    )
                }
            };
            let kind = match kind.as_str() {
                "INTEGER" | "INT8" => ColumnKind::Integer,
                "BLOB" | "BYTEA" => ColumnKind::Bytes,
                // a null of SQLite is a null of any kind
                _ => ColumnKind::Text,
            };
            Ok((name, self.value(at, kind)?))
        };
        (0..columns).map(cell).collect()
    }

    fn column(&self, at: usize) -> String {
        use sqlx::{Column, Row};
        let named = match self {
            Self::Sqlite(row) => row.try_column(at).map(|c| c.name().to_owned()),
            Self::Postgres(row) => row.try_column(at).map(|c| c.name().to_owned()),
        };
        named.unwrap_or_else(|_| format!("column {at}"))
    }
}

fn value_of<'r, R: sqlx::Row>(row: &'r R, at: usize, kind: ColumnKind) -> Result<Value, sqlx::Error>
where
    usize: sqlx::ColumnIndex<R>,
    Option<i64>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<String>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<Vec<u8>>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    Ok(match kind {
        ColumnKind::Integer => Value::Integer(row.try_get(at)?),
        ColumnKind::Text => Value::Text(row.try_get(at)?),
        ColumnKind::Bytes => Value::Bytes(row.try_get(at)?),
    })
}

/// The columns of a row, taken from left to right.
#[derive(Clone)]
pub struct Fields<'r> {
    sql: &'r Sql,
    row: &'r Row,
    at: usize,
}

impl<'r> Fields<'r> {
    pub(super) fn new(sql: &'r Sql, row: &'r Row) -> Self {
        Self { sql, row, at: 0 }
    }

    /// The next column, or the next columns of a field that has several.
    pub(super) fn take<T: Field>(&mut self) -> Result<T, StoreError> {
        T::read(self)
    }

    fn next<T: Cell>(&mut self) -> Result<T, StoreError> {
        let value = self.row.value(self.at, T::KIND);
        self.check(value.ok().and_then(T::of_value))
    }

    fn next_with<T>(&mut self, read: impl FnOnce(Value) -> Option<T>) -> Result<T, StoreError> {
        let value = self.row.value(self.at, ColumnKind::Text);
        self.check(value.ok().and_then(read))
    }

    fn check<T>(&mut self, value: Option<T>) -> Result<T, StoreError> {
        let checked = value.ok_or_else(|| self.corrupt());
        self.at += 1;
        checked
    }

    /// All columns from here on, whatever they hold.
    pub(super) fn rest(&mut self) -> Result<Vec<Value>, StoreError> {
        let cells = self.row.cells()?;
        Ok(cells
            .into_iter()
            .skip(self.at)
            .map(|(_, value)| value)
            .collect())
    }

    /// The next column does not fit those before it.
    pub(super) fn corrupt(&self) -> StoreError {
        StoreError::Corrupt {
            table: self.sql.table,
            column: self.row.column(self.at),
            row: self.key(),
        }
    }

    /// What names the row: every statement that is read into records asks for the key first.
    fn key(&self) -> String {
        match self.row.value(0, ColumnKind::Text) {
            Ok(Value::Text(Some(key))) => key,
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        fn both<T: Cell + PartialEq + std::fmt::Debug>(one: T) {
            assert_eq!(T::of_value(one.value()), Some(one));
        }
        both(7_u32);
        both(Some(7_u32));
        both(None::<u32>);
        both(true);
        both("".to_owned());
        both(Date::LAST);
        both(Grade::new(13));
        both(AreaCode::read("010199001", &[9]));
        assert_eq!(u32::of_value(Value::Integer(Some(-1))), None);
        assert_eq!(bool::of_value(Value::Integer(Some(2))), None);
        assert_eq!(u32::of_value(Value::Integer(None)), None);
        assert_eq!(from_hex(&hex(&[0, 255, 16])), Some(vec![0, 255, 16]));
        assert_eq!(from_hex("0g"), None);
    }
}
