//! Workbooks that go back with reasons.

use super::*;
use crate::domain::column::{ExportColumn, PersonColumn as P};
use crate::sheet::{REASON, Refusal, Returned, write_back};
use calamine::{Data, Reader, Xlsx};

fn returned(bytes: &[u8], reading: &Reading) -> Returned {
    write_back(bytes, reading, 0, |fault| {
        format!(
            "{} <{}> & \u{1}“{}”",
            fault.column,
            fault.code.key(),
            fault.value
        )
    })
    .unwrap()
}

/// The text of a cell; row as Excel shows it.
fn shown(bytes: &[u8], sheet: &str, row: u32, column: u32) -> String {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    match range.get_value((row - 1, column)) {
        Some(Data::Empty) | None => String::new(),
        Some(value) => value.to_string(),
    }
}

fn part(bytes: &[u8], name: &str) -> String {
    use std::io::Read;
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

fn faulty() -> Vec<u8> {
    let people = vec![
        headers(SheetKind::People),
        person(1, "A"),
        but(
            person(3, "Z"),
            &[(P::Name, "".into()), (P::Email, "a@example.com".into())],
        ),
        person(5, "A"),
        but(person(7, "A"), &[(P::Grade, "14".into())]),
    ];
    let sheets = [
        (
            "机构",
            vec![headers(SheetKind::Institutions), institution("A")],
        ),
        ("人员", people),
    ];
    workbook_with(&sheets, |_, sheet| {
        sheet.set_column_range_width(20, 16_383, 7).unwrap();
        sheet.set_landscape();
        sheet.autofilter(0, 0, 4, 23).unwrap();
    })
}

#[test]
fn reasons_stand_in_one_more_column() {
    let bytes = faulty();
    let reading = read_one(bytes.clone());
    let back = returned(&bytes, &reading);
    assert!(back.original);
    let cell = |row| shown(&back.bytes, "人员", row, 24);
    assert_eq!(cell(1), REASON);
    assert_eq!(cell(2), "");
    assert_eq!(
        cell(3),
        "姓名 <missing> & “”\n机构编码 <unknown_institution> & “Z”"
    );
    assert_eq!(cell(4), "");
    assert_eq!(cell(5), "岗位等级 <unknown_value> & “14”");
    assert_eq!(shown(&back.bytes, "人员", 3, 23), "a@example.com");
    assert_eq!(shown(&back.bytes, "机构", 1, 23), "");
}

#[test]
fn all_else_stays_as_it_was() {
    let bytes = faulty();
    let back = returned(&bytes, &read_one(bytes.clone()));
    let same = |name| assert_eq!(part(&bytes, name), part(&back.bytes, name), "{name}");
    same("xl/worksheets/sheet1.xml");
    same("xl/workbook.xml");
    same("[Content_Types].xml");
    let (before, after) = (
        part(&bytes, "xl/worksheets/sheet2.xml"),
        part(&back.bytes, "xl/worksheets/sheet2.xml"),
    );
    assert!(before.contains(r#"<col min="21" max="16384""#), "{before}");
    assert!(after.contains(r#"<col min="21" max="24""#));
    assert!(after.contains(
        r#"<col min="25" max="25" width="44" customWidth="1"/><col min="26" max="16384""#
    ));
    assert!(after.contains("<dimension ref=\"A1:Y5\"/>"));
    assert_eq!(
        before.split("</sheetData>").nth(1),
        after.split("</sheetData>").nth(1)
    );
    assert_eq!(
        before.matches("<c ").count() + 3,
        after.matches("<c ").count()
    );
}

#[test]
fn a_second_return_uses_the_same_column() {
    let bytes = faulty();
    let back = returned(&bytes, &read_one(bytes.clone())).bytes;
    let reading = read_one(back.clone());
    assert_eq!(warnings(&reading), [""; 0]);
    assert_eq!(reading.faults.len(), 3);
    let again = write_back(&back, &reading, 0, |_| "再".to_owned()).unwrap();
    assert_eq!(shown(&again.bytes, "人员", 3, 24), "再\n再");
    assert_eq!(shown(&again.bytes, "人员", 3, 25), "");
}

#[test]
fn missing_columns_are_told_beside_the_header() {
    let bytes = workbook(&[
        ("机构", vec![headers(SheetKind::Institutions)]),
        (
            "人员",
            vec![
                cells(["花名册"]),
                cells(["身份证件号码", "姓名", "机构编码"]),
                cells(["x"]),
            ],
        ),
    ]);
    let reading = read_one(bytes.clone());
    let back = write_back(&bytes, &reading, 0, |f| f.column.clone()).unwrap();
    assert_eq!(
        shown(&back.bytes, "人员", 2, 3),
        "退回原因\n编制情况\n岗位类别"
    );
    assert_eq!(warnings(&read_one(back.bytes)), [""; 0]);
}

/// Found by fuzzing: nothing below the header is kept of such a sheet, so nobody met the
/// damage, and it came back blank.
#[test]
fn a_sheet_that_breaks_off_is_damaged_whatever_its_header() {
    let names = ExportColumn::TABLE.iter().map(|column| column.name);
    // as many as have a letter
    let names: Vec<_> = names.filter(|name| *name != "编制情况").take(26).collect();
    let whole = row_xml(1, &names) + &row_xml(3, &["A"]);
    let broken = whole.clone() + &row_xml(2, &["B"]);
    for (rows, refusal, told) in [
        (whole, None, vec!["Sheet1 1 编制情况 missing"]),
        (broken, Some(Refusal::Damaged), vec![]),
    ] {
        let reading = read_one(raw(&[("Sheet1", sheet_xml(&rows, ""))], &[]));
        let refused = reading.refused_files.first().map(|file| file.why.clone());
        assert_eq!(refused, refusal);
        assert_eq!(faults(&reading), told);
    }
}

#[test]
fn missing_sheets_have_no_place_to_be_told() {
    let bytes = with_headers(&[(SheetKind::Places, vec![])]);
    let reading = read_one(bytes.clone());
    let back = write_back(&bytes, &reading, 0, |_| String::new()).unwrap();
    assert_eq!(read_one(back.bytes).faults, reading.faults);
}

#[test]
fn odd_reasons_come_back_as_they_are() {
    let bytes = faulty();
    let reading = read_one(bytes.clone());
    for reason in ["_x000A_ & <b>", " 两端 ", "多\n行", &"长".repeat(40_000)] {
        let back = write_back(&bytes, &reading, 0, |_| reason.to_owned()).unwrap();
        assert!(back.original, "{reason}");
        let shown: String = reason.chars().take(32_000).collect();
        assert_eq!(
            super::differential::ours(&back.bytes)[1].last().unwrap().3,
            shown.trim()
        );
    }
}

#[test]
fn each_file_gets_its_own_reasons() {
    let files = [input("a.xlsx", faulty()), input("a.xlsx", faulty())];
    let reading = read(&files, TODAY, &|_| {});
    let back = write_back(&files[1].bytes, &reading, 1, |f| f.code.key().to_owned()).unwrap();
    assert_eq!(shown(&back.bytes, "人员", 2, 24), "duplicate");
    assert_eq!(shown(&back.bytes, "机构", 2, 23), "duplicate");
}

#[test]
fn xml_that_other_programs_write() {
    let names: Vec<_> = SheetKind::Places.columns().iter().map(|c| c.name).collect();
    let header: String = names
        .iter()
        .map(|n| format!(r#"<x:c t="inlineStr"><x:is><x:t>{n}</x:t></x:is></x:c>"#))
        .collect();
    let sheet = format!(
        r#"<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row>{header}</x:row><x:row r="2" spans="1:6"><x:c r="A2" t="inlineStr"><x:is><x:t>150199</x:t></x:is></x:c><x:c r="G2" s="0"/><x:c r="H2" s="0"><x:v/></x:c></x:row></x:sheetData></x:worksheet>"#
    );
    let styles = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>"#;
    let parts: &[(&str, &[u8])] = &[("xl/styles.xml", styles.as_bytes())];
    let bytes = raw(&[("区域", sheet)], parts);
    let reading = read_one(bytes.clone());
    let back = write_back(&bytes, &reading, 0, |f| f.column.clone()).unwrap();
    assert!(back.original);
    assert_eq!(shown(&back.bytes, "区域", 1, 6), REASON);
    assert_eq!(shown(&back.bytes, "区域", 2, 6), "名称\n级别");
    let xml = part(&back.bytes, "xl/worksheets/sheet0.xml");
    assert!(xml.contains(r#"<x:row r="2" spans="1:7">"#), "{xml}");
    assert!(
        xml.contains(r#"</x:c><x:c r="H2" s="0"><x:v/></x:c></x:row>"#),
        "{xml}"
    );
    let styles = part(&back.bytes, "xl/styles.xml");
    assert!(
        styles.contains(r#"<fonts count="3"><font/><font><b/>"#),
        "{styles}"
    );
    assert!(styles.contains(r#"<cellXfs count="3">"#), "{styles}");
    assert!(xml.contains(r#"<x:c r="G2" s="2" t="inlineStr">"#), "{xml}");
}

/// Found by fuzzing: nothing had been compared of a sheet that gets no reasons, and a date in
/// it had become a number.
#[test]
fn formats_that_nobody_can_add_to_are_left_alone() {
    let row = |cells: &str| sheet_xml(&format!(r#"<row r="1">{cells}</row>"#), "");
    let dated = row(r#"<c r="A1" s="1"><v>45536</v></c>"#);
    let headers = row(r#"<c t="str"><v>代码</v></c>"#);
    let styles = r#"<styleSheet><fonts><font/></fonts><fills><fill/></fills><cellX><font/></fonts><fills><fill/></fills><cellXfs count=fs count="2"><xf numFmtId="0"/><xf numFmtId="57"/></cellXfs></styleSheet>"#;
    let parts: &[(&str, &[u8])] = &[("xl/styles.xml", styles.as_bytes())];
    let bytes = raw(&[("日期", dated), ("区域", headers)], parts);
    let reading = read_one(bytes.clone());
    let back = returned(&bytes, &reading);
    assert!(!back.original);
    let day = |bytes| {
        super::differential::ours(bytes)[0]
            .last()
            .unwrap()
            .3
            .clone()
    };
    assert_eq!(day(&bytes), "2024-09-01");
    assert_eq!(day(&back.bytes), "2024-09-01");
}
