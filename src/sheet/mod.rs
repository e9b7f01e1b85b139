//! Workbooks in and out of the house: the import workbook of CONTRACT section 2
//! and the 40-column statistics export are read, a workbook goes back to its
//! author with reasons, the empty template and a full register are written.
//! No rules are applied here and no sentences made: what is wrong comes out as
//! [`Fault`], [`Warning`] and [`Refusal`], which Fluent puts into words.
//!
//! The way of a file: [`package`], [`ods`] or [`compound`] weigh it and
//! [`book`] opens it; [`grid`] gives its rows, [`header`] finds out what they
//! mean; [`row`] and the nouns' own modules read records, collecting every
//! fault; [`assembly`] puts all files together. Speed and safety made us read
//! the cells of xlsx ourselves ([`markup`], [`xlsx`]); a test holds them
//! against the library that reads the other formats.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )
)]

mod assembly;
mod back;
mod book;
mod cell;
mod changes;
mod compound;
mod correct;
mod export;
mod file;
mod grid;
mod guide;
mod header;
mod institution;
mod listing;
mod markup;
mod ods;
mod out;
mod package;
mod patch;
mod place;
mod refusal;
mod row;
mod rural_doctor;
mod service;
mod staff;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod xlsx;

pub use back::{ReturnError, Returned, write_back};
pub use cell::Date;
pub use changes::{Change, RowOf, changes};
pub use correct::{Written, correct, written};
pub use refusal::Refusal;
pub use template::{Numbers, WriteError, template, write_register, write_register_with};

use crate::domain::column::SheetKind;
use crate::domain::fault::{Expected, Fault, FaultCode, Warning};
use crate::domain::register::{Origin, Register, Source, SourceId};
use file::File;
use listing::{Context, Listing};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Header of the column in which a workbook comes back with reasons.
pub const REASON: &str = "退回原因";

/// One file as it was handed in.
#[derive(Clone, Debug)]
pub struct Input {
    /// Base name, for messages only: the content decides what the file is.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A file that could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedFile {
    /// Position among the inputs.
    pub input: usize,
    /// Base name.
    pub file: String,
    pub why: Refusal,
}

/// Where a source of the register lies in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Position among the inputs.
    pub input: usize,
    /// Row of the header as Excel shows it; 0 when the sheet does not exist.
    pub header: u32,
}

/// What a data set of one or more files gave.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The accepted rows.
    pub register: Register,
    /// The refused rows: every fault of each, by file, sheet, row and column.
    pub faults: Vec<Fault>,
    /// What is odd though read, in the same order.
    pub warnings: Vec<Warning>,
    pub refused_files: Vec<RefusedFile>,
    /// For each of the register's sources where it lies.
    pub locations: Vec<Location>,
}

/// Reads files as one data set. `as_of` is the day on which everyone must have
/// been born; `progress` is told how many rows were read since the last call,
/// from several threads.
pub fn read(inputs: &[Input], as_of: Date, progress: &(dyn Fn(u64) + Sync)) -> Reading {
    let context = Context { as_of, progress };
    let opened: Vec<_> = inputs.par_iter().map(|i| File::open(&i.bytes)).collect();
    let mut reading = Reading::default();
    let mut files = Vec::new();
    for (at, (input, opened)) in inputs.iter().zip(opened).enumerate() {
        match opened.and_then(|file| reading.name_sources(at, input, file)) {
            Ok(file) => files.push((at, input, file)),
            Err(why) => reading.refuse(at, input, why),
        }
    }
    let read = files
        .into_par_iter()
        .map(|(at, input, file)| (at, input, file.read(context)));
    let mut listings = Vec::new();
    for (at, input, result) in read.collect::<Vec<_>>() {
        match result {
            Ok(mut file) => listings.append(&mut file),
            Err(why) => reading.refuse(at, input, why),
        }
    }
    reading.refused_files.sort_by_key(|refused| refused.input);
    reading.assemble(inputs, listings)
}

/// Reads any bytes as one file: the door for fuzzing.
pub fn fuzz_read(bytes: &[u8]) {
    let input = Input {
        name: String::from("fuzz"),
        bytes: bytes.to_vec(),
    };
    read(&[input], (2026, 11, 22), &|_| {});
}

impl Reading {
    /// Whether every file and every row was accepted.
    pub fn is_accepted(&self) -> bool {
        self.faults.is_empty() && self.refused_files.is_empty()
    }

    /// Whether nothing was read from the file at a position among the inputs.
    pub fn is_refused(&self, input: usize) -> bool {
        let mut refused = self.refused_files.iter();
        refused.any(|file| file.input == input)
    }

    /// How many rows of the file at a position among the inputs were refused.
    pub fn refused_rows(&self, input: usize) -> usize {
        let of_input = |origin: &Origin| {
            let location = self.locations.get(usize::from(origin.source.0));
            location.is_some_and(|location| location.input == input)
        };
        let rows = self.faults.iter().map(|fault| fault.origin);
        rows.filter(of_input).collect::<BTreeSet<_>>().len()
    }

    /// Where a row of data lies: its file by position among the inputs, and its sheet by
    /// name. `None` for files as a whole and for headers.
    pub fn place(&self, origin: Origin) -> Option<(usize, &str)> {
        let at = usize::from(origin.source.0);
        let location = self.locations.get(at)?;
        let source = self.register.sources.get(at)?;
        let is_row = location.header > 0 && origin.row > location.header;
        is_row.then_some((location.input, source.sheet.as_str()))
    }

    fn refuse(&mut self, at: usize, input: &Input, why: Refusal) {
        self.refused_files.push(RefusedFile {
            input: at,
            file: input.name.clone(),
            why,
        });
    }

    /// Gives every sheet of a file its number among the sources.
    fn name_sources<'b>(
        &mut self,
        at: usize,
        input: &Input,
        mut file: File<'b>,
    ) -> Result<File<'b>, Refusal> {
        for sheet in &mut file.sheets {
            sheet.source = self.add_source(at, input, &sheet.name, sheet.header.row)?;
        }
        Ok(file)
    }

    fn add_source(
        &mut self,
        at: usize,
        input: &Input,
        sheet: &str,
        header: u32,
    ) -> Result<SourceId, Refusal> {
        let number = u16::try_from(self.locations.len()).map_err(|_| Refusal::TooLarge)?;
        self.locations.push(Location { input: at, header });
        self.register.sources.push(Source {
            file: input.name.clone(),
            sheet: sheet.to_owned(),
        });
        Ok(SourceId(number))
    }

    fn assemble(mut self, inputs: &[Input], listings: Vec<Listing>) -> Self {
        let register = std::mem::take(&mut self.register);
        let assembled = assembly::assemble(register, listings, self.is_complete());
        self.register = assembled.register;
        self.warnings = assembled.warnings;
        self.report_missing(inputs, &assembled.missing);
        self.faults.extend(assembled.faults);
        self
    }

    /// Whether all that the files hold is known: of a file that could not be
    /// read nobody can say what is missing from it.
    fn is_complete(&self) -> bool {
        let mut refused = self.refused_files.iter();
        refused.all(|file| matches!(file.why, Refusal::WrongSheets { .. }))
    }

    fn report_missing(&mut self, inputs: &[Input], missing: &[SheetKind]) {
        for kind in missing {
            let Some(first) = inputs.first() else { return };
            let Ok(source) = self.add_source(0, first, kind.label(), 0) else {
                return;
            };
            self.faults.push(Fault {
                origin: Origin { source, row: 0 },
                column: String::new(),
                code: FaultCode::Missing,
                value: String::new(),
                expected: Expected::Sheet,
            });
        }
    }
}
