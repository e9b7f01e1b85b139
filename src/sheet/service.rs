//! Rows of 履历.

use super::cell::{end_month, month, text, word};
use super::out::{self, Out};
use super::row::Row;
use crate::domain::column::SpellColumn as Column;
use crate::domain::fault::{Expected, FaultCode};
use crate::domain::ids::NationalId;
use crate::domain::institution::Kind;
use crate::domain::month::Month;
use crate::domain::post::PostCategory;
use crate::domain::service::{Location, Spell};

/// Whose spell it is, as far as that could be read, and the spell unless refused.
pub(super) struct Read {
    pub id: Option<NationalId>,
    pub spell: Option<Spell>,
}

pub(super) fn read(row: &mut Row<'_, Column>) -> Read {
    let id = row.national_id(Column::Id);
    let spell = record(row).filter(|_| id.is_some());
    Read { id, spell }
}

fn record(row: &mut Row<'_, Column>) -> Option<Spell> {
    let start = row.required(Column::Start, month);
    let end = end(row, start);
    let employer = row.required(Column::Employer, text);
    let kind = row.required(Column::Kind, word(Kind::from_label));
    let location = row.optional(Column::Location, word(Location::from_label));
    let category = row.optional(Column::Category, word(PostCategory::from_label));
    let kind = kind?;
    Some(Spell {
        origin: row.origin,
        start: start?,
        end: end?,
        employer: employer?,
        kind,
        location: location?.or_else(|| Location::of_kind(kind)),
        category: category?.unwrap_or(PostCategory::Professional),
    })
}

/// Blank and 至今 are an open end.
fn end(row: &mut Row<'_, Column>, start: Option<Month>) -> Option<Option<Month>> {
    let end = row.optional(Column::End, end_month)?.flatten();
    match (start, end) {
        (Some(start), Some(end)) if end < start => {
            let expected = Expected::NotBefore(start);
            row.refuse(Column::End, FaultCode::EndBeforeStart, expected);
            None
        }
        _ => Some(end),
    }
}

pub(super) fn write(spell: &Spell, id: NationalId, column: Column) -> Out {
    match column {
        Column::Id => out::text(id),
        Column::Start => out::text(spell.start),
        Column::End => out::month(spell.end),
        Column::Employer => out::text(&spell.employer),
        Column::Kind => out::text(spell.kind.label()),
        Column::Location => out::maybe(spell.location.map(Location::label)),
        Column::Category => out::text(spell.category.label()),
    }
}
