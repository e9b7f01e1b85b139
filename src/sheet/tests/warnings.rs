//! Every warning of CONTRACT section 2 but those that the rules give.

use super::*;
use crate::domain::column::{PersonColumn as P, SpellColumn as S};

fn reading(people: Vec<Cells>, spells: Vec<Cells>) -> Reading {
    read_one(with_headers(&[
        (SheetKind::Institutions, vec![institution("A")]),
        (SheetKind::People, people),
        (SheetKind::Spells, spells),
    ]))
}

#[test]
fn unknown_columns() {
    let mut header = headers(SheetKind::Institutions);
    header.extend(cells(["备 注", "序号", "", "机构编码", "退回原因"]));
    let reading = read_one(workbook(&[
        ("机构", vec![header, institution("A")]),
        ("人员", vec![headers(SheetKind::People)]),
    ]));
    assert_eq!(
        warnings(&reading),
        [
            "机构 1 备注 unknown_column",
            "机构 1 机构编码 unknown_column"
        ]
    );
    assert_eq!(reading.warnings[0].value, "备 注");
    assert_eq!(reading.register.institutions.len(), 1);
}

#[test]
fn spells_of_nobody() {
    let refused = but(person(3, "A"), &[(P::Name, "".into())]);
    let reading = reading(
        vec![person(1, "A"), refused],
        vec![spell(1), spell(3), spell(5)],
    );
    assert_eq!(faults(&reading), ["人员 3 姓名 missing"]);
    assert_eq!(warnings(&reading), ["履历 4 身份证件号码 no_such_person"]);
    assert_eq!(reading.warnings[0].value, id(5));
}

#[test]
fn spells_of_an_unread_sheet_are_nobodys_fault() {
    let reading = read_one(workbook(&[
        ("机构", vec![headers(SheetKind::Institutions)]),
        ("人员", vec![cells(["身份证件号码"]), vec![id(1).into()]]),
        ("履历", vec![headers(SheetKind::Spells), spell(1)]),
    ]));
    assert_eq!(warnings(&reading), [""; 0]);
}

#[test]
fn partial_histories() {
    let wrong = |n| but(spell(n), &[(S::Kind, "医院".into())]);
    let reading = reading(
        vec![person(1, "A"), person(3, "A"), person(5, "A")],
        vec![spell(1), wrong(1), wrong(3), spell(5)],
    );
    assert_eq!(
        warnings(&reading),
        [
            "人员 2 身份证件号码 partial_history",
            "人员 3 身份证件号码 partial_history"
        ]
    );
    let spells: Vec<_> = reading
        .register
        .people
        .iter()
        .map(|p| p.history.spells().len())
        .collect();
    assert_eq!(spells, [1, 0, 1]);
}

#[test]
fn oddities_are_counted_all_the_same() {
    let grade = |n, title: &str, level: &str, grade: &str| {
        but(
            person(n, "A"),
            &[
                (P::Title, title.into()),
                (P::Appointed, level.into()),
                (P::Grade, grade.into()),
            ],
        )
    };
    let directed = but(
        person(9, "A"),
        &[(P::Title, "中级".into()), (P::TitleKind, "基层定向".into())],
    );
    let people = vec![
        grade(1, "师级", "", "12"),
        grade(3, "师级", "师级", "10"),
        grade(5, "师级", "中级", "10"),
        grade(7, "中级", "中级", "10"),
        directed,
    ];
    let reading = reading(people, vec![]);
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(
        warnings(&reading),
        [
            "人员 2 聘任级别 level_missing",
            "人员 3 岗位等级 grade_level_mismatch",
            "人员 4 聘任级别 post_without_title",
            "人员 6 资格类型 directed_below_senior",
        ]
    );
    assert_eq!(reading.register.people.len(), 5);
    let values: Vec<_> = reading.warnings.iter().map(|w| w.value.as_str()).collect();
    assert_eq!(values, ["", "10", "中级", "基层定向"]);
}
