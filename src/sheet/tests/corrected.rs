//! Cells that are written otherwise in a workbook that waits.

use super::*;
use crate::domain::column::PersonColumn as P;
use crate::sheet::{correct, written};
use std::collections::BTreeMap;

fn people() -> Vec<u8> {
    let people = vec![
        headers(SheetKind::People),
        but(person(1, "A"), &[(P::Grade, "14".into())]),
        person(3, "A"),
        but(person(5, "A"), &[(P::Name, "".into())]),
    ];
    workbook(&[
        (
            "机构",
            vec![headers(SheetKind::Institutions), institution("A")],
        ),
        ("人员", people),
    ])
}

fn text(bytes: &[u8], row: u32, column: P) -> String {
    let cells = written(bytes, "人员", row).unwrap();
    let found = cells
        .into_iter()
        .find(|one| one.column.name == column.name());
    found.unwrap().text
}

fn with(bytes: &[u8], row: u32, column: P, text: &str) -> Vec<u8> {
    let cells: BTreeMap<&str, String> = [(column.name(), text.to_owned())].into();
    correct(bytes, "人员", row, &cells).unwrap()
}

#[test]
fn a_row_is_read_as_it_was_written() {
    let bytes = people();
    assert_eq!(text(&bytes, 2, P::Grade), "14");
    assert_eq!(text(&bytes, 4, P::Name), "");
    for (sheet, row) in [("人员", 1), ("人员", 99), ("没有", 2)] {
        assert_eq!(written(&bytes, sheet, row).unwrap(), []);
    }
    assert!(written(b"nothing", "人员", 2).is_err());
}

#[test]
fn corrected_cells_are_read_and_nothing_else_changes() {
    let bytes = people();
    assert_eq!(read_one(bytes.clone()).refused_rows(0), 2);
    let once = with(&bytes, 2, P::Grade, "12");
    assert_eq!(read_one(once.clone()).refused_rows(0), 1);
    let twice = with(&once, 4, P::Name, "<王> & “小”_x000D_");
    let reading = read_one(twice.clone());
    assert!(reading.is_accepted(), "{:?}", faults(&reading));
    assert_eq!(text(&twice, 4, P::Name), "<王> & “小”_x000D_");
    assert_eq!(reading.register.people.len(), 3);
    for row in [2, 3] {
        let (before, after) = (written(&once, "人员", row), written(&twice, "人员", row));
        assert_eq!(before.unwrap(), after.unwrap());
    }
    // and blank again
    let blank = with(&twice, 4, P::Name, "");
    assert_eq!(text(&blank, 4, P::Name), "");
    assert_eq!(read_one(blank).refused_rows(0), 1);
}

#[test]
fn a_merged_cell_is_corrected_in_one_row_alone() {
    let bytes = workbook_with(
        &[
            (
                "机构",
                vec![
                    headers(SheetKind::Institutions),
                    institution("A"),
                    institution("B"),
                ],
            ),
            (
                "人员",
                vec![headers(SheetKind::People), person(1, "A"), person(3, "A")],
            ),
        ],
        |name, sheet| {
            if name == "人员" {
                let at = headers(SheetKind::People);
                let column = P::Institution.index() as u16;
                assert!(usize::from(column) < at.len());
                let plain = rust_xlsxwriter::Format::new();
                sheet
                    .merge_range(1, column, 2, column, "A", &plain)
                    .unwrap();
            }
        },
    );
    assert_eq!(text(&bytes, 3, P::Institution), "A");
    let after = with(&bytes, 3, P::Institution, "B");
    assert_eq!(text(&after, 2, P::Institution), "A");
    assert_eq!(text(&after, 3, P::Institution), "B");
    let reading = read_one(after);
    assert!(reading.is_accepted(), "{:?}", faults(&reading));
}
