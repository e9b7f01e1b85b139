//! xls and ods, and workbooks with a password.

use super::*;
use crate::sheet::Refusal;

/// An ods of one sheet 机构 with the rows given after its header.
fn ods(rows: &str) -> Vec<u8> {
    let names = SheetKind::Institutions.columns().iter().map(|c| c.name);
    let header: String = names.map(text_cell).collect();
    let content = format!(
        r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="机构"><table:table-row>{header}</table:table-row>{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    zip(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

fn text_cell(text: &str) -> String {
    format!(
        r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
    )
}

fn ods_row(texts: &[&str]) -> String {
    let cells: String = texts.iter().map(|text| text_cell(text)).collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

#[test]
fn ods_is_read_with_its_merges() {
    let kind =
        text_cell("乡镇卫生院").replacen("cell ", r#"cell table:number-rows-spanned="2" "#, 1);
    let first = ["A", "甲"].map(text_cell).concat() + &kind + &text_cell("150199");
    let second = ["B", "乙"].map(text_cell).concat()
        + "<table:covered-table-cell/>"
        + &text_cell("150199")
        + r#"<table:table-cell table:number-columns-repeated="2"/><table:table-cell office:value-type="float" office:value="6436"/>"#;
    let rows = format!(
        "<table:table-row>{first}</table:table-row><table:table-row>{second}</table:table-row>"
    );
    let reading = read_one(ods(&rows));
    assert_eq!(faults(&reading), ["人员 0  missing"]);
    let institutions = &reading.register.institutions;
    assert_eq!(institutions.len(), 2);
    assert_eq!(institutions[1].kind, institutions[0].kind);
    assert_eq!(institutions[1].service_population, Some(6436));
}

#[test]
fn ods_that_repeats_itself_without_end() {
    for rows in [
        ods_row(&["x"])
            .replace("cell ", r#"cell table:number-columns-repeated="16384" "#)
            .repeat(1000),
        ods_row(&["x"])
            .replace("row>", r#"row table:number-rows-repeated="1048576">"#)
            .replace(
                "</table:table-row table:number-rows-repeated=\"1048576\">",
                "</table:table-row>",
            )
            .repeat(20),
        format!(
            r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>{}"#,
            ods_row(&["x"; 20])
        ),
        ods_row(&["A", "甲", "其他", "150199"]).replace(
            "<table:table-row>",
            r#"<table:table-row table:number-rows-repeated="300000">"#,
        ),
    ] {
        assert_eq!(read_one(ods(&rows)).refused_files[0].why, Refusal::TooLarge);
    }
    let blanks = r#"<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let reading = read_one(ods(&(ods_row(&["A", "甲", "其他", "150199"]) + blanks)));
    assert_eq!(reading.register.institutions.len(), 1);
}

#[test]
fn ods_whose_tables_do_not_end() {
    let good = ods(&ods_row(&["A", "甲", "其他", "150199"]));
    let package = crate::sheet::package::Package::open(&good).unwrap();
    let content = package.text("content.xml").unwrap();
    let rows = u64::MAX;
    let endless = format!(
        r#"<table:table-row table:number-rows-repeated="{rows}"/><table:table-row><table:table-cell table:number-rows-spanned="2"/></table:table-row></table:table>"#
    );
    for (broken, why) in [
        (content.replace("</table:table>", ""), Refusal::Damaged),
        (
            content.replace("</table:table>", "</table:t;able>"),
            Refusal::Damaged,
        ),
        (
            content.replace("</table:table>", "<table:table/></table:table>"),
            Refusal::Damaged,
        ),
    ] {
        let parts = [("content.xml".to_owned(), broken)];
        let bytes = package.with(&parts).unwrap();
        assert_eq!(read_one(bytes).refused_files[0].why, why);
    }
    let parts = [(
        "content.xml".to_owned(),
        content.replace("</table:table>", &endless),
    )];
    let reading = read_one(package.with(&parts).unwrap());
    assert_eq!(reading.register.institutions.len(), 1);
}

/// A compound file with one stream.
fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = stream.len() / 512;
    let mut bytes = vec![0; 512];
    let mut put = |at: usize, value: u32| bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    put(0, 0xE011_CFD0);
    put(4, 0xE11A_B1A1);
    put(24, 0x0003_003E);
    put(28, 0x0009_FFFE);
    put(32, 6);
    put(44, 1);
    put(48, 1);
    put(56, 4096);
    put(60, 0xFFFF_FFFE);
    put(68, 0xFFFF_FFFE);
    for slot in 0..109 {
        put(76 + 4 * slot, if slot == 0 { 0 } else { 0xFFFF_FFFF });
    }
    let mut chains = vec![0xFFFF_FFFDu32, 0xFFFF_FFFE];
    chains.extend((0..sectors as u32).map(|s| s + 3));
    *chains.last_mut().unwrap() = 0xFFFF_FFFE;
    chains.resize(128, 0xFFFF_FFFF);
    bytes.extend(chains.iter().flat_map(|next| next.to_le_bytes()));
    for (name, start, length, kind) in [
        ("Root Entry", 0xFFFF_FFFE, 0, 5),
        (name, 2, stream.len() as u32, 2),
    ] {
        let mut entry = [0u8; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[2 * at..2 * at + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64] = 2 * (name.len() as u8 + 1);
        entry[66] = kind;
        entry[116..120].copy_from_slice(&u32::to_le_bytes(start));
        entry[120..124].copy_from_slice(&u32::to_le_bytes(length));
        bytes.extend(entry);
    }
    bytes.resize(512 * 3, 0);
    bytes.extend(stream);
    bytes
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = data.len() as u16;
    [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let length = text.encode_utf16().count() as u16;
    let head: Vec<u8> = [row, column, 0, length]
        .iter()
        .flat_map(|n| n.to_le_bytes())
        .collect();
    record(0x0204, &[head, vec![1], wide(text)].concat())
}

/// An xls of one sheet 机构 with these records.
fn xls(records: &[u8]) -> Vec<u8> {
    let begin = |kind: u8| record(0x0809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let tab = |at: u32| {
        record(
            0x0085,
            &[&at.to_le_bytes()[..], &[0, 0, 2, 1], &wide("机构")].concat(),
        )
    };
    let at = begin(5).len() + tab(0).len() + end.len();
    let stream = [
        begin(5),
        tab(at as u32),
        end.clone(),
        begin(0x10),
        records.to_vec(),
        end,
    ]
    .concat();
    compound("Workbook", &stream)
}

fn xls_rows() -> Vec<u8> {
    let names = SheetKind::Institutions.columns().iter().map(|c| c.name);
    let mut records: Vec<u8> = (0..)
        .zip(names)
        .flat_map(|(c, name)| label(0, c, name))
        .collect();
    for (row, code) in [(1, "A"), (2, "B")] {
        records.extend(label(row, 0, code));
        records.extend(label(row, 1, "某院"));
        records.extend(label(row, 2, "其他"));
    }
    records.extend(label(1, 3, "150199"));
    records.extend(record(0x00E5, &[1, 0, 1, 0, 2, 0, 3, 0, 3, 0]));
    records
}

#[test]
fn xls_is_read_with_its_merges() {
    let reading = read_one(xls(&xls_rows()));
    assert_eq!(reading.refused_files, []);
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
fn xls_that_claims_too_much() {
    let area = record(0x0200, &[0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0]);
    let corner = label(65_535, 255, "x");
    for more in [area, corner] {
        let bytes = xls(&[xls_rows(), more].concat());
        assert_eq!(read_one(bytes).refused_files[0].why, Refusal::TooLarge);
    }
}

#[test]
fn chains_that_run_in_a_circle() {
    let good = xls(&xls_rows());
    for (sector, next) in [(1, 1), (3, 2), (3, 3), (2, 70_000)] {
        let mut bytes = good.clone();
        let at = 512 + 4 * sector;
        bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(next));
        assert_eq!(
            read_one(bytes).refused_files[0].why,
            Refusal::Damaged,
            "{sector} {next}"
        );
    }
    for at in 0..good.len().min(2048) {
        let mut bytes = good.clone();
        bytes[at] ^= 0xFF;
        drop(read_one(bytes));
    }
}

#[test]
fn passwords() {
    let why = |bytes| read_one(bytes).refused_files[0].why.clone();
    assert_eq!(
        why(compound("EncryptedPackage", b"secret")),
        Refusal::Password
    );
    assert_eq!(
        why(compound("WordDocument", b"letter")),
        Refusal::NotAWorkbook
    );
    assert_eq!(why(xls(&record(0x002F, &[1, 0]))), Refusal::Password);
}

#[test]
fn a_return_in_another_format_is_a_new_workbook() {
    let bytes = xls(&[xls_rows(), label(3, 0, "C")].concat());
    let reading = read_one(bytes.clone());
    assert_eq!(reading.faults.len(), 4);
    let returned = crate::sheet::write_back(&bytes, &reading, 0, |f| f.column.clone()).unwrap();
    assert!(!returned.original);
    let again = read_one(returned.bytes);
    assert_eq!(faults(&again), faults(&reading));
    assert_eq!(again.warnings, []);
}

#[test]
fn a_new_workbook_reads_as_the_old_one() {
    // a header of two rows, and a name that is a formula's error
    let error = record(0x0205, &[2, 0, 1, 0, 0, 0, 0x17, 1]);
    let merged = record(0x00E5, &[1, 0, 0, 0, 1, 0, 4, 0, 4, 0]);
    let mut records: Vec<u8> = (0..)
        .zip(SheetKind::Institutions.columns())
        .flat_map(|(c, column)| label(0, c, column.name))
        .collect();
    for (column, text) in [(0, "B"), (1, "乙"), (2, "其他"), (3, "150199")] {
        records.extend(label(1, column, text));
    }
    for (column, text) in [(0, "A"), (2, "其他"), (3, "150199")] {
        records.extend(label(2, column, text));
    }
    let bytes = xls(&[records, error, merged].concat());
    let reading = read_one(bytes.clone());
    assert_eq!(
        faults(&reading),
        ["人员 0  missing", "机构 3 机构名称 unknown_value"]
    );
    let back = crate::sheet::write_back(&bytes, &reading, 0, |f| f.column.clone()).unwrap();
    let again = read_one(back.bytes);
    assert_eq!(again.faults, reading.faults);
    assert_eq!(again.register, reading.register);
}

/// Found by fuzzing: the header of the copy lacked what is merged into it from above.
#[test]
fn a_header_merged_from_above_comes_back_whole() {
    let code = label(0, 0, "机构编码");
    let others = (0..).zip(SheetKind::Institutions.columns()).skip(1);
    let names = others.flat_map(|(c, column)| label(1, c, column.name));
    let row = [(0, "A"), (2, "其他"), (3, "150199")];
    let row = row.into_iter().flat_map(|(c, text)| label(2, c, text));
    let merged = record(0x00E5, &[1, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    let bytes = xls(&[code, names.collect(), row.collect(), merged].concat());
    let reading = read_one(bytes.clone());
    let told = ["人员 0  missing", "机构 3 机构名称 missing"];
    assert_eq!(faults(&reading), told);
    let back = crate::sheet::write_back(&bytes, &reading, 0, |f| f.column.clone()).unwrap();
    assert_eq!(faults(&read_one(back.bytes)), told);
    let name = [("机构名称", "甲卫生院".to_owned())].into();
    let corrected = crate::sheet::correct(&bytes, "机构", 3, &name).unwrap();
    assert_eq!(faults(&read_one(corrected)), ["人员 0  missing"]);
}
