//! A file with mistakes, table by table: the parser stops at the first wrong key, a reader
//! wants to know of all. Each table is tried alone; what is wrong in it is named and taken
//! out, and what is left is understood as far as it goes, so that its own mistakes show.
//! The policy itself is not used.

use super::diagnostic::{Diagnostics, SourceFile};
use super::load::add_toml_error;
use super::raw::PolicyFile;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use std::borrow::Cow;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Stands in for a document that cannot be read.
const DOCUMENT: &str = "title = ''\nplace = ''\nstatus = 'draft'\n";
/// Stands in for a clause that cannot be read, so that rules may still name it.
const CLAUSE: &str = "at = ''\ntext = ''\n";
/// Mistakes of one table before it is given up.
const MOST: usize = 20;

type Key<'a> = Spanned<Cow<'a, str>>;
type Value<'a> = Spanned<DeValue<'a>>;

/// Names every mistake of the file's tables, and gives what can still be read.
pub fn read(file: &Arc<SourceFile>, problems: &mut Diagnostics) -> Option<PolicyFile> {
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    if !errors.is_empty() {
        for error in &errors {
            add_toml_error(file, error, problems);
        }
        return None;
    }
    let whole = table.span();
    let table = table.into_inner();
    let mut reader = Reader {
        file,
        problems,
        whole: whole.clone(),
    };
    let mut good = DeTable::new();
    if !table.iter().any(|(key, _)| key.get_ref() == "document") {
        reader.tried(&DeTable::new());
        good.insert(name("document"), stand_in(DOCUMENT)?);
    }
    for (key, value) in table {
        if let Some(value) = reader.entry(&key, value) {
            good.insert(key, value);
        }
    }
    good.entry(name("document")).or_insert(stand_in(DOCUMENT)?);
    parse(&good, &whole).ok()
}

fn name(key: &'static str) -> Key<'static> {
    Spanned::new(0..0, Cow::Borrowed(key))
}

/// A table from a text of ours.
fn stand_in(text: &'static str) -> Option<Value<'static>> {
    let table = DeTable::parse(text).ok()?;
    Some(Spanned::new(
        table.span(),
        DeValue::Table(table.into_inner()),
    ))
}

fn parse(table: &DeTable, span: &std::ops::Range<usize>) -> Result<PolicyFile, toml::de::Error> {
    let table = Spanned::new(span.clone(), table.clone());
    PolicyFile::deserialize(IntoDeserializer::into_deserializer(table))
}

struct Reader<'a> {
    file: &'a Arc<SourceFile>,
    problems: &'a mut Diagnostics,
    whole: std::ops::Range<usize>,
}

impl Reader<'_> {
    /// Tries the table; a mistake is added and given back.
    fn tried(&mut self, table: &DeTable) -> Option<toml::de::Error> {
        let error = parse(table, &self.whole).err()?;
        add_toml_error(self.file, &error, self.problems);
        Some(error)
    }

    /// One key of the file: a table, several by name, or a list of tables.
    fn entry<'a>(&mut self, key: &Key<'a>, value: Value<'a>) -> Option<Value<'a>> {
        let span = value.span();
        match (key.get_ref().as_ref(), value.into_inner()) {
            ("clause", DeValue::Table(clauses)) => {
                let mut good = DeTable::new();
                for (name, clause) in clauses {
                    let around = |clause: Value<'a>| {
                        let mut clauses = DeTable::new();
                        clauses.insert(name.clone(), clause);
                        Spanned::new(span.clone(), DeValue::Table(clauses))
                    };
                    let read = self.repaired(key, clause, &around);
                    let clause = read.or_else(|| stand_in(CLAUSE))?;
                    good.insert(name, clause);
                }
                Some(Spanned::new(span, DeValue::Table(good)))
            }
            (_, DeValue::Array(items)) => {
                let mut good = DeArray::new();
                for item in items {
                    let around = |item: Value<'a>| {
                        let mut items = DeArray::new();
                        items.push(item);
                        Spanned::new(span.clone(), DeValue::Array(items))
                    };
                    if let Some(item) = self.repaired(key, item, &around) {
                        good.push(item);
                    }
                }
                Some(Spanned::new(span, DeValue::Array(good)))
            }
            (_, value) => self.repaired(key, Spanned::new(span, value), &std::convert::identity),
        }
    }

    /// Tries one table alone; wrong keys are named and taken out until it can be read or
    /// something is missing. `None` where it stays unreadable.
    fn repaired<'a>(
        &mut self,
        key: &Key<'a>,
        mut value: Value<'a>,
        around: &dyn Fn(Value<'a>) -> Value<'a>,
    ) -> Option<Value<'a>> {
        let mut whole = true;
        for _ in 0..MOST {
            let mut table = DeTable::new();
            if key.get_ref() != "document" {
                table.insert(name("document"), stand_in(DOCUMENT)?);
            }
            table.insert(key.clone(), around(value.clone()));
            let Err(error) = parse(&table, &self.whole) else {
                return whole.then_some(value);
            };
            let missing = error.message().starts_with("missing field");
            // what was taken out is not missing
            if missing && !whole {
                return None;
            }
            add_toml_error(self.file, &error, self.problems);
            if missing || !take_out(&mut value, error.span()) {
                return None;
            }
            whole = false;
        }
        None
    }
}

/// Takes the key at a place out of a table.
fn take_out(value: &mut Value, place: Option<std::ops::Range<usize>>) -> bool {
    let (Some(place), DeValue::Table(table)) = (place, value.get_mut()) else {
        return false;
    };
    let inside = |span: std::ops::Range<usize>| span.start <= place.start && place.end <= span.end;
    let wrong = table
        .iter()
        .find(|(key, value)| inside(key.span()) || inside(value.span()))
        .map(|(key, _)| key.clone());
    wrong.is_some_and(|key| table.remove(&key).is_some())
}
