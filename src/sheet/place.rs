//! Rows of 区域.

use super::cell::{count, month, place, text, word};
use super::out::{self, Out};
use super::row::Row;
use crate::domain::column::PlaceColumn as Column;
use crate::domain::place::{Place, PlaceLevel};

pub(super) fn read(row: &mut Row<'_, Column>) -> Option<Place> {
    let code = row.required(Column::Code, place);
    let name = row.required(Column::Name, text);
    let level = row.required(Column::Level, word(PlaceLevel::from_label));
    let parent = row.optional(Column::Parent, place);
    let residents = row.optional(Column::Residents, count);
    let establishment_reviewed = row.optional(Column::Reviewed, month);
    Some(Place {
        origin: row.origin,
        code: code?,
        name: name?,
        level: level?,
        parent: parent?,
        residents: residents?,
        establishment_reviewed: establishment_reviewed?,
    })
}

pub(super) fn write(place: &Place, column: Column) -> Out {
    match column {
        Column::Code => out::text(place.code),
        Column::Name => out::text(&place.name),
        Column::Level => out::text(place.level.label()),
        Column::Parent => out::maybe(place.parent),
        Column::Residents => out::count(place.residents),
        Column::Reviewed => out::month(place.establishment_reviewed),
    }
}
