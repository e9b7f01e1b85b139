//! Dated nouns: what holds of a subject for some days, as it was known at some instant.
//!
//! Every dated noun is a table with the same first columns and its own behind them:
//! `id, subject, slot, valid_from, valid_to, recorded_at, recorded_by, superseded_at,
//! superseded_by`. A row says what holds from `valid_from` on and before `valid_to`. A
//! row is never altered: a correction sets `superseded_at` and adds other rows, so that
//! every figure can be asked for any day, and as it was known at any instant. In one
//! slot of one subject the rows that are not superseded do not overlap; a noun of which
//! a subject has one at a time has the one slot `""`.
//!
//! A noun costs one [`dated!`] and a table in the migrations.

use super::backend::{Reader, Tx};
use super::change::Recording;
use super::dialect;
use super::error::StoreError;
use super::sql::Sql;
use super::subject::{self, Subject};
use super::timeline::{self, Outcome};
use super::value::{Field, Fields, Value};
use crate::domain::change::Change;
use crate::domain::record::{Id, Validity, When};
use crate::domain::time::{Date, Timestamp};
use std::collections::{BTreeSet, HashMap};

/// What can be recorded of a subject.
pub trait Fact: Clone + PartialEq + Send + Sync + 'static {
    /// Whose it is.
    type Subject: Subject;

    /// Its table and statements.
    fn noun() -> &'static Noun;

    /// Adds the values of its own columns.
    fn write(&self, values: &mut Vec<Value>);

    /// Takes its own columns.
    fn read(row: &mut Fields<'_>) -> Result<Self, StoreError>;
}

/// Declares how a type is kept: its table, its subject, and its fields in the order of
/// the columns. A column is named like its field unless `as` says otherwise.
macro_rules! dated {
    ($fact:ty: $table:literal of $subject:ty {
        $($field:ident $(as $column:ident)?),+ $(,)?
    } $(else { $($rest:ident: $default:expr),+ })?) => {
        impl $crate::store::dated::Fact for $fact {
            type Subject = $subject;

            fn noun() -> &'static $crate::store::dated::Noun {
                use $crate::store::dated::{Noun, columns_of};
                static NOUN: std::sync::LazyLock<Noun> = std::sync::LazyLock::new(|| {
                    Noun::new($table, vec![$(columns_of(
                        |fact: &$fact| &fact.$field,
                        dated!(@ name $field $($column)?),
                    )),+].concat())
                });
                &NOUN
            }

            fn write(&self, values: &mut Vec<$crate::store::value::Value>) {
                $($crate::store::value::Field::write(&self.$field, values);)+
            }

            fn read(
                row: &mut $crate::store::value::Fields<'_>,
            ) -> Result<Self, $crate::store::StoreError> {
                Ok(Self { $($field: row.take()?,)+ $($($rest: $default,)+)? })
            }
        }
    };
    (@ name $field:ident) => { stringify!($field) };
    (@ name $field:ident $column:ident) => { stringify!($column) };
}

pub(super) use dated;

/// The columns of a field, whose type is known from the field alone.
pub(super) fn columns_of<R, F: Field>(_: fn(&R) -> &F, name: &str) -> Vec<String> {
    F::columns(name)
}

/// The columns that every dated noun begins with.
pub const COMMON: [&str; 9] = [
    "id",
    "subject",
    "slot",
    "valid_from",
    "valid_to",
    "recorded_at",
    "recorded_by",
    "superseded_at",
    "superseded_by",
];

/// Rows written by one statement where there are many.
const TOGETHER: usize = 32;

/// The table of a dated noun and the statements about it.
#[derive(Debug)]
pub struct Noun {
    pub table: &'static str,
    /// Its own columns, behind [`COMMON`].
    pub columns: Vec<String>,
    insert: Sql,
    insert_many: Sql,
    supersede: Sql,
    at: Sql,
    at_of: Sql,
    held: Sql,
    history: Sql,
}

impl Noun {
    pub(super) fn new(table: &'static str, columns: Vec<String>) -> Self {
        let all: Vec<&str> = COMMON
            .into_iter()
            .chain(columns.iter().map(String::as_str))
            .collect();
        let list = all.join(", ");
        let sql =
            |name: &str, text: &str| dialect::statement(format!("{table}::{name}"), table, text);
        let select = format!("select {list} from {table}");
        let valid = "valid_from <= $1 and (valid_to is null or valid_to > $1) \
             and recorded_at <= $2 and (superseded_at is null or superseded_at > $2)";
        Self {
            insert: sql("INSERT", &insert(table, &list, all.len(), 1)),
            insert_many: sql("INSERT_MANY", &insert(table, &list, all.len(), TOGETHER)),
            supersede: sql(
                "SUPERSEDE",
                &format!(
                    "update {table} set superseded_at = $1, superseded_by = $2 \
                     where superseded_at is null and id {{in $3}}"
                ),
            ),
            at: sql(
                "AT",
                &format!("{select} where {valid} order by subject, slot"),
            ),
            at_of: sql(
                "AT_OF",
                &format!("{select} where subject {{in $3}} and {valid} order by subject, slot"),
            ),
            held: sql(
                "HELD",
                &format!(
                    "{select} where subject {{in $1}} and superseded_at is null \
                     order by subject, slot, valid_from"
                ),
            ),
            history: sql(
                "HISTORY",
                &format!("{select} where subject = $1 order by recorded_at, slot, valid_from"),
            ),
            table,
            columns,
        }
    }

    pub(super) fn statements(&self) -> [&Sql; 7] {
        [
            &self.insert,
            &self.insert_many,
            &self.supersede,
            &self.at,
            &self.at_of,
            &self.held,
            &self.history,
        ]
    }
}

/// `insert into t (a, b) values ($1, $2), ($3, $4)`
pub(super) fn insert(table: &str, list: &str, columns: usize, rows: usize) -> String {
    let row = |row: usize| {
        let first = row * columns + 1;
        let marks: Vec<_> = (first..first + columns)
            .map(|at| format!("${at}"))
            .collect();
        format!("({})", marks.join(", "))
    };
    let rows: Vec<_> = (0..rows).map(row).collect();
    format!("insert into {table} ({list}) values {}", rows.join(", "))
}

/// One row of a dated noun.
#[derive(Clone, Debug, PartialEq)]
pub struct Dated<F: Fact> {
    pub id: Id<F>,
    pub subject: Id<F::Subject>,
    pub slot: String,
    pub validity: Validity,
    pub recorded_at: Timestamp,
    pub recorded_by: Id<Change>,
    /// When and by which change it was replaced.
    pub superseded: Option<(Timestamp, Id<Change>)>,
    pub fact: F,
}

impl<F: Fact> Dated<F> {
    pub(super) fn read(row: &mut Fields<'_>) -> Result<Self, StoreError> {
        let id = row.take()?;
        let subject = row.take()?;
        let slot = row.take()?;
        let validity = Validity {
            from: row.take()?,
            until: row.take()?,
        };
        let recorded_at = row.take()?;
        let recorded_by = row.take()?;
        let superseded_at: Option<Timestamp> = row.take()?;
        let superseded_by: Option<Id<Change>> = row.take()?;
        Ok(Self {
            id,
            subject,
            slot,
            validity,
            recorded_at,
            recorded_by,
            superseded: superseded_at.zip(superseded_by),
            fact: F::read(row)?,
        })
    }

    fn write(&self, values: &mut Vec<Value>) {
        self.id.write(values);
        self.subject.write(values);
        self.slot.write(values);
        self.validity.from.write(values);
        self.validity.until.write(values);
        self.recorded_at.write(values);
        self.recorded_by.write(values);
        self.superseded.map(|(at, _)| at).write(values);
        self.superseded.map(|(_, by)| by).write(values);
        self.fact.write(values);
    }
}

/// Whose facts are asked for.
#[derive(Debug)]
pub enum Of<'a, S> {
    Everyone,
    These(&'a [Id<S>]),
}

// Derived, these would ask the same of `S`, which is only a name here.
impl<S> Clone for Of<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Of<'_, S> {}

/// What holds on a day, by subject and slot.
pub async fn at<F: Fact>(
    reader: &mut Reader,
    of: Of<'_, F::Subject>,
    when: When,
) -> Result<Vec<Dated<F>>, StoreError> {
    let known = when.known.unwrap_or(Timestamp::LAST);
    let mut values = super::value::values![when.on, known];
    let sql = match of {
        Of::Everyone => &F::noun().at,
        Of::These(subjects) => {
            dialect::list(subjects).write(&mut values);
            &F::noun().at_of
        }
    };
    reader.all(sql, values, Dated::read).await
}

/// Everything that was ever recorded of one subject, replaced rows too, in the order in
/// which it was recorded.
pub async fn history<F: Fact>(
    reader: &mut Reader,
    subject: Id<F::Subject>,
) -> Result<Vec<Dated<F>>, StoreError> {
    let values = super::value::values![subject];
    reader.all(&F::noun().history, values, Dated::read).await
}

/// All rows of some subjects that are not superseded, in the order of their days.
pub(super) async fn held<F: Fact>(
    reader: &mut Reader,
    subjects: &[Id<F::Subject>],
) -> Result<Timelines<F>, StoreError> {
    let values = super::value::values![dialect::list(subjects)];
    let rows = reader.all(&F::noun().held, values, Dated::read).await?;
    let mut timelines = Timelines {
        slots: HashMap::new(),
    };
    for row in rows {
        let slots = timelines.slots.entry(row.subject).or_default();
        slots.entry(row.slot.clone()).or_default().push(row);
    }
    Ok(timelines)
}

/// The rows of some subjects by slot, none of them superseded.
pub(super) struct Timelines<F: Fact> {
    slots: HashMap<Id<F::Subject>, Slots<F>>,
}

/// The rows of one subject by slot, in the order of their days.
type Slots<F> = HashMap<String, Vec<Dated<F>>>;

impl<F: Fact> Timelines<F> {
    /// The slots of a subject in which something holds on a day.
    pub(super) fn slots(&self, subject: Id<F::Subject>, on: Date) -> Vec<String> {
        let slots = self.slots.get(&subject).into_iter().flatten();
        slots
            .filter(|(_, rows)| rows.iter().any(|row| row.validity.covers(on)))
            .map(|(slot, _)| slot.clone())
            .collect()
    }

    /// What holds of a subject on a day in the one slot of the noun.
    pub(super) fn current(&self, subject: Id<F::Subject>, on: Date) -> Option<&F> {
        let rows = self.slots.get(&subject)?.get("")?;
        let covering = rows.iter().find(|row| row.validity.covers(on));
        covering.map(|row| &row.fact)
    }

    fn rows(&self, subject: Id<F::Subject>, slot: &str) -> &[Dated<F>] {
        let rows = self.slots.get(&subject).and_then(|slots| slots.get(slot));
        rows.map_or(&[], Vec::as_slice)
    }
}

/// A statement about one subject.
#[derive(Clone, Debug)]
pub struct Statement<F: Fact> {
    pub subject: Id<F::Subject>,
    /// `""` for a noun of which there is one at a time.
    pub slot: String,
    /// `None` = from that day on there is no such thing.
    pub fact: Option<F>,
    pub on: Date,
    /// The day before which it certainly ends; `None` = until something else was said.
    pub until: Option<Date>,
}

/// What a set of statements does to the rows of one noun.
pub(super) struct Edits<F: Fact> {
    superseded: Vec<Id<F>>,
    added: Vec<Dated<F>>,
    /// Of whom something else is recorded now.
    altered: BTreeSet<Id<F::Subject>>,
}

impl<F: Fact> Edits<F> {
    pub(super) const fn new() -> Self {
        Self {
            superseded: Vec::new(),
            added: Vec::new(),
            altered: BTreeSet::new(),
        }
    }

    /// Adds what a statement does. No two statements of one set may be about the same
    /// slot of the same subject.
    pub(super) fn state(
        &mut self,
        recording: &mut Recording,
        timelines: &Timelines<F>,
        statement: Statement<F>,
    ) -> Outcome {
        let Statement {
            subject,
            slot,
            fact,
            on,
            until,
        } = statement;
        let rows = timelines.rows(subject, &slot);
        let stretches: Vec<_> = rows.iter().map(|row| (row.validity, &row.fact)).collect();
        let edit = timeline::assign(&stretches, fact, on, until);
        let replaced = edit.supersede.and_then(|at| rows.get(at));
        self.superseded.extend(replaced.map(|row| row.id));
        if edit.outcome != Outcome::Unchanged {
            self.altered.insert(subject);
        }
        for (validity, fact) in edit.insert {
            self.added.push(Dated {
                id: recording.ids.make(),
                subject,
                slot: slot.clone(),
                validity,
                recorded_at: recording.at,
                recorded_by: recording.change,
                superseded: None,
                fact,
            });
        }
        edit.outcome
    }

    /// Writes it all.
    pub(super) async fn apply(self, tx: &mut Tx, recording: &Recording) -> Result<(), StoreError> {
        let noun = F::noun();
        if !self.superseded.is_empty() {
            let list = dialect::list(&self.superseded);
            let values = super::value::values![recording.at, recording.change, list];
            let expected = self.superseded.len() as u64;
            tx.must(&noun.supersede, values, expected).await?;
        }
        let rows = self
            .added
            .iter()
            .map(|row| |values: &mut Vec<Value>| row.write(values));
        insert_all(tx, &noun.insert, &noun.insert_many, rows).await?;
        let altered: Vec<_> = self.altered.into_iter().collect();
        subject::changed(tx, &altered, recording.change).await
    }
}

/// Inserts rows, many by one statement where there are many.
pub(super) async fn insert_all<R: Fn(&mut Vec<Value>)>(
    tx: &mut Tx,
    one: &Sql,
    many: &Sql,
    rows: impl ExactSizeIterator<Item = R>,
) -> Result<(), StoreError> {
    let mut rows = rows;
    while rows.len() > 0 {
        let (sql, count) = if rows.len() < TOGETHER {
            (one, 1)
        } else {
            (many, TOGETHER)
        };
        let mut values = Vec::new();
        for row in rows.by_ref().take(count) {
            row(&mut values);
        }
        tx.must(sql, values, count as u64).await?;
    }
    Ok(())
}

/// The statements that insert one row and many rows of a table.
pub(super) fn inserts(table: &'static str, columns: &[&str]) -> [Sql; 2] {
    let list = columns.join(", ");
    [("INSERT", 1), ("INSERT_MANY", TOGETHER)].map(|(name, rows)| {
        let text = insert(table, &list, columns.len(), rows);
        dialect::statement(format!("{table}::{name}"), table, &text)
    })
}

/// Records a statement. Who saw a version of the subject says so first
/// ([`subject::touch`](super::subject::touch)), which also keeps others away from it.
pub async fn state<F: Fact>(
    tx: &mut Tx,
    recording: &mut Recording,
    statement: Statement<F>,
) -> Result<Outcome, StoreError> {
    let timelines = held(tx, &[statement.subject]).await?;
    let mut edits = Edits::new();
    let outcome = edits.state(recording, &timelines, statement);
    edits.apply(tx, recording).await?;
    Ok(outcome)
}

/// What a statement would do. Nothing is written.
pub async fn would<F: Fact>(
    reader: &mut Reader,
    statement: &Statement<F>,
) -> Result<Outcome, StoreError> {
    let timelines = held::<F>(reader, &[statement.subject]).await?;
    let rows = timelines.rows(statement.subject, &statement.slot);
    let stretches: Vec<_> = rows.iter().map(|row| (row.validity, &row.fact)).collect();
    let fact = statement.fact.clone();
    Ok(timeline::assign(&stretches, fact, statement.on, statement.until).outcome)
}

/// All that holds of one subject on any day, in the order of slots and days; what was
/// replaced is left out.
pub async fn standing<F: Fact>(
    reader: &mut Reader,
    subject: Id<F::Subject>,
) -> Result<Vec<Dated<F>>, StoreError> {
    let values = super::value::values![dialect::list([subject])];
    reader.all(&F::noun().held, values, Dated::read).await
}

/// Replaces one row that was wrong: by another fact for other days, or by nothing. The
/// row stays as what was known until now. Whoever calls it has seen to it that the days
/// are free ([`standing`]).
pub async fn replace<F: Fact>(
    tx: &mut Tx,
    recording: &mut Recording,
    row: &Dated<F>,
    by: Option<(Validity, F)>,
) -> Result<(), StoreError> {
    let mut edits = Edits::new();
    edits.superseded.push(row.id);
    edits.altered.insert(row.subject);
    if let Some((validity, fact)) = by {
        edits.added.push(Dated {
            id: recording.ids.make(),
            subject: row.subject,
            slot: row.slot.clone(),
            validity,
            recorded_at: recording.at,
            recorded_by: recording.change,
            superseded: None,
            fact,
        });
    }
    edits.apply(tx, recording).await
}
