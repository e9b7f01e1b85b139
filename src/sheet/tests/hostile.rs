//! Files that are broken, or made to do harm: each is refused with its reason
//! or read for what it is worth, quickly and in little memory.

use super::*;
use crate::sheet::{Date, Refusal};
use proptest::prelude::*;

const DAY: Date = TODAY;

fn refusal(bytes: Vec<u8>) -> Refusal {
    let reading = read(&[input("a.xlsx", bytes)], DAY, &|_| {});
    assert_eq!(reading.faults, [], "what was in the file is not known");
    reading.refused_files[0].why.clone()
}

fn good() -> Vec<u8> {
    with_headers(&[
        (SheetKind::Institutions, vec![institution("A")]),
        (
            SheetKind::People,
            (1..60).map(|n| person(2 * n, "A")).collect(),
        ),
    ])
}

/// The 机构 sheet's header, then the rows given.
fn institutions_xml(rows: &str, after: &str) -> String {
    let names: Vec<_> = SheetKind::Institutions
        .columns()
        .iter()
        .map(|c| c.name)
        .collect();
    sheet_xml(&format!("{}{rows}", row_xml(1, &names)), after)
}

fn institutions_raw(rows: &str, after: &str) -> Reading {
    read_one(raw(&[("机构", institutions_xml(rows, after))], &[]))
}

#[test]
fn not_a_workbook() {
    assert_eq!(refusal(vec![]), Refusal::Empty);
    assert_eq!(refusal(b"<html><table>".to_vec()), Refusal::NotAWorkbook);
    assert_eq!(refusal(b"PK".to_vec()), Refusal::Damaged);
    assert_eq!(refusal(zip(&[("photo.jpg", b"x")])), Refusal::NotAWorkbook);
    assert_eq!(
        refusal(zip(&[("xl/workbook.bin", b"x")])),
        Refusal::OtherFormat
    );
}

#[test]
fn cut_off_anywhere() {
    let good = good();
    for part in 1..40 {
        let cut = good[..good.len() * part / 40].to_vec();
        assert_eq!(refusal(cut), Refusal::Damaged);
    }
}

#[test]
fn a_byte_flipped_anywhere_never_panics() {
    let good = good();
    for at in (0..good.len()).step_by(97) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x55;
        drop(read(&[input("a.xlsx", bytes)], DAY, &|_| {}));
    }
}

#[test]
fn more_inside_than_anyone_needs() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for part in ["[Content_Types].xml", "_rels/.rels", "xl/media/0.png"] {
        zip.start_file(part, options).unwrap();
    }
    zip.write_all(&vec![0; 8 << 20]).unwrap();
    for copy in 1..200 {
        let name = format!("xl/media/{copy}.png");
        zip.shallow_copy_file("xl/media/0.png", &name).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 100_000);
    assert_eq!(refusal(bomb), Refusal::TooLarge);
}

#[test]
fn a_cell_without_end() {
    let long = "长".repeat(1 << 20);
    let bytes = raw(
        &[("机构", institutions_xml(&row_xml(2, &[&long]), ""))],
        &[],
    );
    assert_eq!(refusal(bytes), Refusal::TooLarge);
}

#[test]
fn a_count_of_strings_that_cannot_be() {
    let row = r#"<row r="2"><c r="A2" t="s"><v>0</v></c></row>"#;
    let strings = r#"<sst uniqueCount="99999999999999"><si><t>x</t></si></sst>"#;
    let parts: &[(&str, &[u8])] = &[("xl/sharedStrings.xml", strings.as_bytes())];
    let reading = read_one(raw(&[("机构", institutions_xml(row, ""))], parts));
    assert_eq!(reading.refused_files, []);
    assert_eq!(
        reading.faults.len(),
        4,
        "the code was read, the rest is missing"
    );
}

#[test]
fn one_long_string_shown_in_every_cell() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(300_000));
    let rows: String = (2..1000)
        .map(|row| format!(r#"<row r="{row}"><c r="B{row}" t="s"><v>0</v></c></row>"#))
        .collect();
    let parts: &[(&str, &[u8])] = &[("xl/sharedStrings.xml", strings.as_bytes())];
    let bytes = raw(&[("机构", institutions_xml(&rows, ""))], parts);
    assert_eq!(refusal(bytes), Refusal::TooLarge);
}

#[test]
fn a_cell_in_the_last_corner() {
    let corner = r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>"#;
    let reading = institutions_raw(corner, "");
    assert_eq!(reading.refused_files, []);
    assert_eq!(faults(&reading), ["人员 0  missing"]);
}

#[test]
fn rows_without_end_of_nothing_but_style() {
    let mut rows = String::new();
    for row in 2..100_000 {
        rows += &format!(r#"<row r="{row}"><c r="A{row}" s="1"/></row>"#);
    }
    let reading = institutions_raw(&rows, "");
    assert_eq!(reading.refused_files, []);
    assert_eq!(reading.register.institutions, []);
}

#[test]
fn positions_outside_a_sheet() {
    for rows in [
        r#"<row r="1048577"><c r="A1048577"><v>1</v></c></row>"#,
        r#"<row r="2"><c r="XFE2"><v>1</v></c></row>"#,
        r#"<row r="9"><c r="A9"><v>1</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>"#,
        r#"<row r="2"><c r="ZZZZZZZZZZZZZZ2"><v>1</v></c></row>"#,
        r#"<row r="2"><c r="A99999999999999"><v>1</v></c></row>"#,
        r#"<row r="2"><c r="2"><v>1</v></c></row>"#,
        r#"<row r="2"><c r="A2" t="s"><v>7</v></c></row>"#,
        r#"<row r="x"><c r="A2"><v>7</v></c></row>"#,
        r#"<row r="2"><c r="A2"><v>&what;</v></c></row>"#,
    ] {
        let bytes = raw(&[("机构", institutions_xml(rows, ""))], &[]);
        assert_eq!(refusal(bytes), Refusal::Damaged, "{rows}");
    }
}

#[test]
fn merged_cells_beyond_reason() {
    let row = row_xml(2, &["A", "甲", "乡镇卫生院", "150199"]) + &row_xml(3, &["B", "乙", "其他"]);
    let merges: String = [
        "A1:XFD1",
        "D2:D1048576",
        "A9:B4",
        "ZZZZ1:ZZZZ9",
        "D2",
        "",
        "C3:C1048576",
    ]
    .map(|range| format!(r#"<mergeCell ref="{range}"/>"#))
    .concat();
    let reading = institutions_raw(&row, &format!("<mergeCells>{merges}</mergeCells>"));
    assert_eq!(faults(&reading), ["人员 0  missing"]);
    let areas: Vec<_> = reading
        .register
        .institutions
        .iter()
        .map(|i| i.area.unwrap().to_string())
        .collect();
    assert_eq!(areas, ["150199", "150199"]);
}

#[test]
fn merges_in_every_column_over_every_row() {
    let mut merges = String::new();
    for column in 0..16_384 {
        let mut name = Vec::new();
        let mut rest = column + 1;
        while rest > 0 {
            name.insert(0, b'A' + ((rest - 1) % 26) as u8);
            rest = (rest - 1) / 26;
        }
        let name = String::from_utf8(name).unwrap();
        merges += &format!(r#"<mergeCell ref="{name}2:{name}1048576"/>"#);
    }
    let rows: String = (2..20_000).map(|row| row_xml(row, &["合计"])).collect();
    let reading = institutions_raw(&rows, &format!("<mergeCells>{merges}</mergeCells>"));
    assert_eq!(faults(&reading), ["人员 0  missing"]);
}

#[test]
fn thousands_of_columns() {
    let header: Vec<String> = (0..5000).map(|n| format!("列{n}")).collect();
    let mut rows = vec![headers(SheetKind::Institutions)];
    rows[0].extend(header.iter().map(|h| Is::from(h.as_str())));
    rows.push(institution("A"));
    let reading = read_one(workbook(&[("机构", rows)]));
    assert_eq!(reading.warnings.len(), 5000);
    assert_eq!(reading.register.institutions.len(), 1);
}

#[test]
fn formulas_that_failed() {
    use crate::domain::column::PersonColumn as P;
    let row = but(
        person(1, "A"),
        &[
            (P::Name, Is::Error("#N/A")),
            (P::Title, Is::Error("#REF!")),
            (P::Grade, Is::Error("#DIV/0!")),
            (P::TitleSince, Is::Error("#VALUE!")),
        ],
    );
    let reading = read_one(with_headers(&[
        (SheetKind::Institutions, vec![institution("A")]),
        (
            SheetKind::People,
            vec![row, but(person(3, "A"), &[(P::Id, Is::Error("#NAME?"))])],
        ),
    ]));
    assert_eq!(
        faults(&reading),
        [
            "人员 2 姓名 unknown_value",
            "人员 2 专业技术资格 unknown_value",
            "人员 2 资格取得年月 bad_month",
            "人员 2 岗位等级 unknown_value",
            "人员 3 身份证件号码 id_checksum",
        ]
    );
    assert_eq!(reading.faults[1].value, "#REF!");
}

#[test]
fn dates_before_the_calendar_begins() {
    let styles =
        r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="57"/></cellXfs></styleSheet>"#;
    let names: Vec<_> = SheetKind::Places.columns().iter().map(|c| c.name).collect();
    let row = |number: u32, code: &str, date: &str| {
        let cells = row_xml(number, &[code, "旗", "旗县区"]).replace("</row>", "");
        format!(r#"{cells}<c r="F{number}" s="1"><v>{date}</v></c></row>"#)
    };
    let rows = row_xml(1, &names)
        + &row(2, "150101", "-5")
        + &row(3, "150102", "0")
        + &row(4, "150103", "60")
        + &row(5, "150104", "1")
        + &row(6, "150105", "45536");
    let parts: &[(&str, &[u8])] = &[("xl/styles.xml", styles.as_bytes())];
    let reading = read_one(raw(&[("区域", sheet_xml(&rows, ""))], parts));
    assert_eq!(
        faults(&reading)[2..],
        [
            "区域 2 编制总量核定年月 bad_month",
            "区域 3 编制总量核定年月 bad_month",
            "区域 4 编制总量核定年月 bad_month"
        ]
    );
    let months: Vec<_> = reading
        .register
        .places
        .iter()
        .map(|p| p.establishment_reviewed.unwrap().to_string())
        .collect();
    assert_eq!(months, ["1900-01", "2024-09"]);
}

#[test]
fn two_tabs_of_exactly_one_name() {
    let sheet = institutions_xml("", "");
    assert_eq!(
        refusal(raw(&[("机构", sheet.clone()), ("机构", sheet)], &[])),
        Refusal::Damaged
    );
}

#[test]
fn many_tabs_that_show_one_large_part() {
    let sheet = format!(
        "<worksheet><sheetData>{}</sheetData></worksheet>",
        "<row/>".repeat(4 << 20)
    );
    let bytes = raw(&[("说明", sheet)], &[]);
    let tabs: String = (0..100)
        .map(|n| format!(r#"<sheet name="表{n}" r:id="rId0"/>"#))
        .collect();
    let book = format!("<workbook><sheets>{tabs}</sheets></workbook>");
    let package = crate::sheet::package::Package::open(&bytes).unwrap();
    let bytes = package
        .with(&[("xl/workbook.xml".to_owned(), book)])
        .unwrap();
    assert_eq!(refusal(bytes), Refusal::TooLarge);
}

#[test]
fn one_bad_file_does_not_spoil_the_others() {
    let files = [input("bad.xlsx", b"x".to_vec()), input("good.xlsx", good())];
    let reading = read(&files, DAY, &|_| {});
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(reading.refused_files.len(), 1);
    assert_eq!(
        (
            reading.refused_files[0].input,
            reading.refused_files[0].file.as_str()
        ),
        (0, "bad.xlsx")
    );
    assert_eq!(reading.register.people.len(), 59);
}

#[test]
fn progress_counts_every_row() {
    let rows = std::sync::atomic::AtomicU64::new(0);
    let count = |read| {
        rows.fetch_add(read, std::sync::atomic::Ordering::Relaxed);
    };
    read(&[input("a.xlsx", good())], DAY, &count);
    assert_eq!(rows.into_inner(), 60);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        crate::sheet::fuzz_read(&bytes);
    }

    #[test]
    fn any_cells(texts in proptest::collection::vec("\\PC{0,12}", 24), number in any::<f64>()) {
        let row: Cells = texts.iter().map(|t| Is::from(t.as_str())).collect();
        let mut numbers = person(1, "A");
        for cell in numbers.iter_mut().skip(5) {
            *cell = Is::Number(number);
        }
        let number_is_fine = number.is_finite();
        let rows = if number_is_fine { vec![row, numbers] } else { vec![row] };
        let reading = read_one(with_headers(&[
            (SheetKind::Institutions, vec![institution("A")]),
            (SheetKind::People, rows),
        ]));
        for fault in &reading.faults {
            prop_assert!(reading.register.source(fault.origin).is_some());
        }
    }
}
