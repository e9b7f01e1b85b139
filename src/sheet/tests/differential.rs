//! Our reader of xlsx against the library's: both must show the same cells.

use super::*;
use crate::sheet::book::Book;
use crate::sheet::cell::Kind;
use crate::sheet::grid::{Rows, Whole};
use calamine::{Reader, Xlsx};
use proptest::prelude::*;

pub(super) type Shown = Vec<(u32, u32, Kind, String)>;

fn all(mut rows: Rows<'_>) -> Shown {
    let mut shown = Shown::new();
    while let Some(row) = rows.next().unwrap() {
        for (placed, text) in row.texts() {
            let kind = row.cell(placed).kind;
            // one trims plain spaces where XML does not ask to keep them
            shown.push((row.number, placed.column, kind, text.trim().to_owned()));
        }
    }
    shown
}

pub(super) fn ours(bytes: &[u8]) -> Vec<Shown> {
    let book = Book::open(bytes).unwrap();
    let sheets = book.sheet_names().count();
    let read = |at| book.rows(at, |_| false, |rows| Ok(all(rows))).unwrap();
    (0..sheets).map(read).collect()
}

fn the_librarys(bytes: &[u8]) -> Vec<Shown> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let ranges = book
        .sheet_names()
        .into_iter()
        .map(|name| book.worksheet_range(&name).unwrap());
    ranges
        .collect::<Vec<_>>()
        .iter()
        .map(|range| all(Rows::new(&mut Whole::new(range), vec![])))
        .collect()
}

#[test]
fn samples() {
    for name in [
        "county-2026.xlsx",
        "county-2026-with-errors.xlsx",
        "health-statistics-export.xlsx",
    ] {
        if let Some(sample) = super::samples::sample(name) {
            assert_eq!(ours(&sample.bytes), the_librarys(&sample.bytes), "{name}");
        }
    }
}

#[test]
fn what_programs_write() {
    let strings = r#"<sst><si><t>一</t></si><si/><si><r><t>粗</t></r><r><rPr/><t xml:space="preserve"> 体</t></r><rPh sb="0"><t>yin</t></rPh></si><si><t>a&amp;b_x000A_c</t></si></sst>"#;
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="165" formatCode="0.0&quot;day&quot;"/><numFmt numFmtId="166" formatCode="[$-804]yyyy\-mm"/><numFmt numFmtId="14" formatCode="0"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="57"/><xf numFmtId="14"/><xf/></cellXfs></styleSheet>"#;
    let cells = [
        r#"<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>2</v></c><c r="C1" t="s"><v>1</v></c><c r="D1" t="s"><v>3</v></c>"#,
        r#"<c r="A1" t="str"><f>A2&amp;"x"</f><v>文 本</v></c><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c r="F1"/>"#,
        r#"<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c><v>-1.50</v></c><c><v>1E3</v></c><c t="n"><v/></c><c><v>0.1</v></c>"#,
        r#"<c r="A1" s="1"><v>45536</v></c><c s="2"><v>45536</v></c><c s="3"><v>45536.75</v></c><c s="4"><v>45536</v></c><c s="5"><v>45536</v></c><c s="6"><v>7</v></c><c s="99"><v>7</v></c>"#,
        r#"<c r="A1" t="d"><v>1998-07-15T00:00:00</v></c><c t="inlineStr"><is><t>甲</t></is></c><c t="inlineStr"><is><r><t>乙</t></r><r><t>丙</t></r></is></c>"#,
        r#"<c r="A1" t="inlineStr"><is><t><![CDATA[<1&2>]]></t></is></c><c r="AB1"><!-- x --><v>13</v></c>"#,
    ];
    for (number, cells) in cells.iter().enumerate() {
        let rows = format!(
            r#"<row r="1" spans="1:9">{cells}</row><row><c><v>{number}</v></c></row><row r="9"/>"#
        );
        let parts: &[(&str, &[u8])] = &[
            ("xl/styles.xml", styles.as_bytes()),
            ("xl/sharedStrings.xml", strings.as_bytes()),
        ];
        let bytes = raw(&[("甲 &amp; 乙", sheet_xml(&rows, "<mergeCells/>"))], parts);
        assert_eq!(ours(&bytes), the_librarys(&bytes), "{cells}");
    }
}

#[test]
fn days_counted_from_1904() {
    let styles = r#"<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    let bytes = raw(
        &[(
            "甲",
            sheet_xml(r#"<row r="1"><c r="A1" s="0"><v>40000</v></c></row>"#, ""),
        )],
        &[("xl/styles.xml", styles.as_bytes())],
    );
    let package = crate::sheet::package::Package::open(&bytes).unwrap();
    let book = package.text("xl/workbook.xml").unwrap();
    let book = book.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#);
    let bytes = package
        .with(&[("xl/workbook.xml".to_owned(), book)])
        .unwrap();
    assert_eq!(ours(&bytes), the_librarys(&bytes));
    assert_eq!(ours(&bytes)[0][0].3, "2013-07-07");
}

fn any_cell() -> impl Strategy<Value = Is> {
    prop_oneof![
        Just(Is::Blank),
        "\\PC{0,8}".prop_map(Is::from),
        "[ \\n\\t&<>\"'_x0D]{1,9}".prop_map(Is::from),
        any::<f64>()
            .prop_filter("finite", |n| n.is_finite())
            .prop_map(Is::Number),
        (-1e6..1e6).prop_map(Is::Number),
        (1900..2100u16, 1..=12u8, 1..=28u8).prop_map(|(y, m, d)| Is::Date(y, m, d)),
        Just(Is::Error("#REF!")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_workbook(rows in proptest::collection::vec(proptest::collection::vec(any_cell(), 0..8), 0..8)) {
        let bytes = workbook(&[("甲", rows), ("乙", vec![])]);
        prop_assert_eq!(ours(&bytes), the_librarys(&bytes));
    }
}
