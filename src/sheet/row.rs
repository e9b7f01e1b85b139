//! One row of a known sheet, asked for its cells column by column. Every fault
//! of the row is noted, not only the first; a record can be built only when
//! every part of it was read, because a part that was refused is `None`.

use super::cell::{self, Cell, Date, Read};
use super::grid;
use crate::domain::column::{Column, ColumnSet};
use crate::domain::fault::{Expected, Fault, FaultCode};
use crate::domain::ids::NationalId;
use crate::domain::register::Origin;
use std::marker::PhantomData;

/// A fault or warning with the place of its column in the order of the table.
#[derive(Clone, Debug)]
pub(super) struct Found<T> {
    pub order: usize,
    pub what: T,
}

/// The cells of one row in the order of the table.
pub(super) struct Row<'a, C> {
    pub origin: Origin,
    pub as_of: Date,
    cells: &'a grid::Row,
    slots: &'a [Option<grid::Placed>],
    faults: &'a mut Vec<Found<Fault>>,
    columns: PhantomData<C>,
}

impl<'a, C: ColumnSet> Row<'a, C> {
    pub(super) fn new(
        origin: Origin,
        as_of: Date,
        cells: &'a grid::Row,
        slots: &'a [Option<grid::Placed>],
        faults: &'a mut Vec<Found<Fault>>,
    ) -> Self {
        Self {
            origin,
            as_of,
            cells,
            slots,
            faults,
            columns: PhantomData,
        }
    }

    fn cell(&self, at: usize) -> Option<Cell<'a>> {
        let placed = self.slots.get(at).copied().flatten()?;
        Some(self.cells.cell(placed))
    }

    /// The cell as written; empty when blank.
    pub(super) fn written(&self, column: C) -> &'a str {
        self.cell(column.position()).map_or("", |cell| cell.text)
    }

    pub(super) fn is_blank(&self, column: C) -> bool {
        self.cell(column.position()).is_none()
    }

    /// A cell that must not be blank; `None` when it is, or is wrong.
    pub(super) fn required<T>(
        &mut self,
        column: C,
        read: impl Fn(Cell<'_>, &Column) -> Read<T>,
    ) -> Option<T> {
        let value = self.optional(column, read)?;
        if value.is_none() {
            self.refuse(column, FaultCode::Missing, Expected::Something);
        }
        value
    }

    /// A cell that may be blank; the outer `None` when it is wrong.
    pub(super) fn optional<T>(
        &mut self,
        column: C,
        read: impl Fn(Cell<'_>, &Column) -> Read<T>,
    ) -> Option<Option<T>> {
        let at = column.position();
        let (Some(cell), Some(entry)) = (self.cell(at), C::table().get(at)) else {
            return Some(None);
        };
        match read(cell, entry) {
            Ok(value) => Some(Some(value)),
            Err(wrong) => {
                let (code, expected) = wrong.resolve(entry);
                self.refuse(column, code, expected);
                None
            }
        }
    }

    /// 是 or 否; blank is 否.
    pub(super) fn flag(&mut self, column: C) -> Option<bool> {
        Some(self.optional(column, cell::flag)?.unwrap_or(false))
    }

    /// The identity number that every row of people must have.
    pub(super) fn national_id(&mut self, column: C) -> Option<NationalId> {
        self.required(column, cell::national_id(self.as_of))
    }

    /// Notes a fault of a cell.
    pub(super) fn refuse(&mut self, column: C, code: FaultCode, expected: Expected) {
        self.refuse_at(column.position(), code, expected);
    }

    /// Notes that the row is the header once more.
    pub(super) fn refuse_header(&mut self, at: usize) {
        self.refuse_at(at, FaultCode::UnknownValue, Expected::NotAHeader);
    }

    fn refuse_at(&mut self, at: usize, code: FaultCode, expected: Expected) {
        self.faults.push(Found {
            order: at,
            what: Fault {
                origin: self.origin,
                column: C::table().get(at).map_or("", |c| c.name).to_owned(),
                code,
                value: self.cell(at).map_or("", |cell| cell.text).to_owned(),
                expected,
            },
        });
    }
}
