//! The sample workbook with mistakes, `samples/faults.xlsx`: one row for every reason for
//! which a row is refused. Nobody in it exists; identity numbers begin with 150199, which
//! is no registered area.
//!
//! `DINGGANG_WRITE_SAMPLES=1 cargo test --test it faulty_sample` writes it anew.

use crate::support::build::{identity, month};
use crate::support::workbook::{Book, Row};
use dinggang::domain::fault::FaultCode;
use dinggang::sheet::{self, Input};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const AS_OF: sheet::Date = (2026, 11, 22);

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/faults.xlsx")
}

fn institution(code: &str, name: &str, residents: &str) -> Row {
    Row::new(&[
        ("机构编码", code),
        ("机构名称", name),
        ("机构类型", "乡镇卫生院"),
        ("行政区划代码", "150199001"),
        ("编制总数", "10"),
        ("专业技术编制", "9"),
        ("专业技术岗位总数", "9"),
        ("核定高级岗位", "1"),
        ("核定中级岗位", "3"),
        ("服务人口", residents),
    ])
}

fn person(number: usize, name: &str) -> Row {
    Row::new(&[
        ("姓名", name),
        ("机构编码", "J1"),
        ("编制情况", "编内"),
        ("岗位类别", "专业技术"),
        ("从事专业类别代码", "11"),
        ("医师执业类别代码", "1"),
        ("专业技术资格", "中级"),
        ("聘任级别", "中级"),
        ("聘任年月", "2019-03"),
    ])
    .with(
        "身份证件号码",
        identity(month("1985-06"), number.is_multiple_of(2), number),
    )
}

fn spell(number: usize, start: &str, end: &str) -> Row {
    Row::new(&[
        ("起始年月", start),
        ("终止年月", end),
        ("单位名称", "示例卫生院"),
        ("机构类型", "乡镇卫生院"),
    ])
    .with(
        "身份证件号码",
        identity(month("1985-06"), number.is_multiple_of(2), number),
    )
}

/// The workbook; the comments say what is wrong.
fn book() -> Book {
    let institutions = vec![
        institution("J1", "示例卫生院", "12000"),
        // bad_number
        institution("J2", "样板卫生院", "一万二"),
    ];
    let right = identity(month("1985-06"), true, 4).to_string();
    let check_digit = if right.ends_with('1') { "2" } else { "1" };
    let people = vec![
        person(0, "甲某").with("医师执业类别代码", "3"),
        person(1, "乙某"),
        // missing
        person(2, "丙某").with("编制情况", ""),
        // unknown_value
        person(3, "丁某").with("编制情况", "在编"),
        // id_checksum
        person(4, "戊某").with("身份证件号码", format!("{}{check_digit}", &right[..17])),
        // id_birth_date: 30 February, with the right check digit
        person(5, "己某").with("身份证件号码", "150199198502300019"),
        // unknown_institution
        person(6, "庚某").with("机构编码", "J9"),
        // bad_month
        person(7, "辛某").with("聘任年月", "2019年13月"),
        // duplicate
        person(0, "壬某"),
    ];
    let spells = vec![
        spell(0, "2006-07", "至今"),
        // end_before_start
        spell(1, "2012-07", "2010-07"),
        spell(1, "2012-07", ""),
    ];
    let county = Row::new(&[
        ("行政区划代码", "150199"),
        ("名称", "示例旗"),
        ("级别", "旗县区"),
        ("常住人口", "50000"),
        ("编制总量核定年月", "2024-03"),
    ]);
    Book::default()
        .sheet("机构", institutions)
        .sheet("人员", people)
        .sheet("履历", spells)
        .sheet("区域", vec![county])
}

/// What is wrong with a workbook, as the reader says it.
fn faults(path: &Path) -> Vec<String> {
    let input = Input {
        name: "faults.xlsx".to_owned(),
        bytes: fs::read(path).expect("the sample"),
    };
    let reading = sheet::read(&[input], AS_OF, &|_| {});
    let faults = reading.faults.iter();
    faults
        .map(|fault| {
            let sheet = reading.register.source(fault.origin).map(|s| &s.sheet);
            let row = fault.origin.row;
            let (column, code) = (&fault.column, fault.code.key());
            format!("{sheet:?} {row} {column} {code} {}", fault.value)
        })
        .collect()
}

#[test]
fn it_stands_in_the_repository_as_it_is_made_here() {
    let made = book().save("faults.xlsx");
    if std::env::var_os("DINGGANG_WRITE_SAMPLES").is_some() {
        fs::copy(&made, path()).expect("written");
    }
    assert_eq!(faults(&path()), faults(&made));
}

#[test]
fn every_reason_stands_in_it_once() {
    let faults = faults(&path());
    assert_eq!(faults.len(), FaultCode::ALL.len(), "{faults:#?}");
    let reasons: BTreeSet<_> = FaultCode::ALL.iter().map(|code| code.key()).collect();
    for reason in reasons {
        let found = faults.iter().filter(|f| f.contains(&format!(" {reason} ")));
        assert_eq!(found.count(), 1, "{reason}: {faults:#?}");
    }
}
