//! Every fault code and every tolerance of CONTRACT section 2.

use super::*;
use crate::domain::column::{
    InstitutionColumn as I, PersonColumn as P, PlaceColumn as L, RuralDoctorColumn as D,
    SpellColumn as S,
};
use crate::domain::fault::Expected;
use crate::domain::institution::{Kind, Sponsor};
use crate::domain::post::{Manner, PostCategory};
use crate::domain::register::Register;
use crate::domain::service::Location;
use crate::domain::staff::{GpTraining, RetirementClass};
use crate::domain::title::{Rank, TitleKind};
use crate::sheet::Refusal;

/// Reads a workbook of one institution, `A`, and the people given.
fn people(rows: Vec<Cells>) -> Reading {
    read_one(with_headers(&[
        (SheetKind::Institutions, vec![institution("A")]),
        (SheetKind::People, rows),
    ]))
}

/// Faults of one person with one cell changed.
fn person_with(column: P, is: impl Into<Is>) -> Vec<String> {
    faults(&people(vec![but(person(1, "A"), &[(column, is.into())])]))
}

fn institutions(rows: Vec<Cells>) -> Reading {
    read_one(with_headers(&[
        (SheetKind::Institutions, rows),
        (SheetKind::People, vec![]),
    ]))
}

fn institution_with(column: I, is: impl Into<Is>) -> Reading {
    institutions(vec![but(institution("A"), &[(column, is.into())])])
}

fn spells(rows: Vec<Cells>) -> Reading {
    read_one(with_headers(&[
        (SheetKind::Institutions, vec![institution("A")]),
        (SheetKind::People, vec![person(1, "A")]),
        (SheetKind::Spells, rows),
    ]))
}

fn only_person(reading: &Reading) -> &crate::domain::staff::Person {
    assert_eq!(faults(reading), [""; 0]);
    &reading.register.people[0]
}

#[test]
fn a_bare_row_means_what_blanks_mean() {
    let reading = people(vec![person(1, "A")]);
    let person = only_person(&reading);
    assert_eq!((person.title, person.appointed), (Rank::None, Rank::None));
    assert_eq!(person.title_kind, TitleKind::Ordinary);
    assert_eq!(person.manner, Manner::Ordinary);
    assert_eq!(person.gp_training, GpTraining::None);
    assert_eq!(person.retirement_class, None);
    assert!(!person.dual_post && !person.gp_registered && !person.preventive_post);
    let institution = &reading.register.institutions[0];
    assert_eq!(institution.sponsor, Sponsor::Government);
    assert_eq!(institution.posts.health, None);
    assert!(!institution.raised_senior_ratio);
    assert_eq!(reading.warnings, []);
}

#[test]
fn missing_cells() {
    for (column, name) in [
        (P::Id, "身份证件号码"),
        (P::Name, "姓名"),
        (P::Institution, "机构编码"),
        (P::Employment, "编制情况"),
        (P::Category, "岗位类别"),
    ] {
        let expected = format!("人员 2 {name} missing");
        assert_eq!(person_with(column, ""), [expected.as_str()]);
        assert_eq!(person_with(column, "　 \n"), [expected]);
    }
}

#[test]
fn every_fault_of_a_row_is_listed_in_the_order_of_the_columns() {
    let row = but(
        person(1, "B"),
        &[
            (P::Email, Is::Error("#REF!")),
            (P::Grade, "14".into()),
            (P::StartedWork, "去年".into()),
            (P::Id, id(1).replace('1', "2").into()),
            (P::Employment, "".into()),
        ],
    );
    let reading = people(vec![row]);
    assert_eq!(
        faults(&reading),
        [
            "人员 2 身份证件号码 id_checksum",
            "人员 2 机构编码 unknown_institution",
            "人员 2 编制情况 missing",
            "人员 2 岗位等级 unknown_value",
            "人员 2 参加工作年月 bad_month",
            "人员 2 电子邮箱 unknown_value",
        ]
    );
    assert_eq!(reading.faults[5].value, "#REF!");
    assert_eq!(reading.register.people, []);
}

#[test]
fn words_outside_their_list() {
    for (column, word) in [
        (P::Employment, "在编"),
        (P::Category, "专技"),
        (P::DualPost, "√"),
        (P::JobClass, "15"),
        (P::LicenceClass, "5"),
        (P::GpTraining, "有"),
        (P::Title, "未聘"),
        (P::TitleKind, "定向"),
        (P::TitleArea, "150"),
        (P::TitleArea, "150199001"),
        (P::Appointed, "无"),
        (P::Grade, "14"),
        (P::Grade, "高级"),
        (P::Manner, "超额"),
        (P::RetirementClass, "男55"),
    ] {
        let expected = format!("人员 2 {} unknown_value", column.name());
        assert_eq!(person_with(column, word), [expected], "{word}");
    }
    for area in ["1501", "15019", "1501991011", "东河镇"] {
        let reading = institution_with(I::Area, area);
        assert_eq!(faults(&reading), ["机构 2 行政区划代码 unknown_value"]);
        assert_eq!(
            reading.faults[0].expected,
            Expected::PlaceCode(vec![6, 9, 12])
        );
        assert_eq!(reading.faults[0].value, area);
    }
}

#[test]
fn retirement_class_goes_with_sex() {
    assert_eq!(person_with(P::RetirementClass, "男60"), [""; 0]);
    let of_woman = |class: &str| but(person(2, "A"), &[(P::RetirementClass, class.into())]);
    let reading = people(vec![of_woman("男60"), of_woman("女60")]);
    assert_eq!(faults(&reading), ["人员 2 退休类别 unknown_value"]);
    let expected = Expected::OneOf(vec!["女55", "女50", "女60"]);
    assert_eq!(reading.faults[0].expected, expected);
    assert_eq!(
        person_with(P::RetirementClass, "女50"),
        ["人员 2 退休类别 unknown_value"]
    );
}

#[test]
fn months_in_every_spelling() {
    for written in [
        "1998-07",
        "199807",
        "1998.07",
        "1998.7",
        "1998/7",
        "1998年7月",
        "1998-07-15",
        "19980715",
        "1998年7月15日",
        "1998-07-15 00:00:00",
        " １９９８．７ ",
        "1998　年 7 月",
        "１９９８年７月",
        "1998／07",
    ] {
        let reading = people(vec![but(
            person(1, "A"),
            &[(P::StartedWork, written.into())],
        )]);
        let month = only_person(&reading).started_work.unwrap();
        assert_eq!(month.to_string(), "1998-07", "{written}");
    }
    for cell in [
        Is::Number(1998.07),
        Is::Number(1998.7),
        Is::Number(199_807.0),
        Is::Number(19_980_715.0),
        Is::Date(1998, 7, 1),
        Is::Date(1998, 7, 31),
    ] {
        let reading = people(vec![but(person(1, "A"), &[(P::StartedWork, cell)])]);
        let month = only_person(&reading).started_work.unwrap();
        assert_eq!(month.to_string(), "1998-07");
    }
    let reading = people(vec![but(
        person(1, "A"),
        &[(P::StartedWork, Is::Number(1998.11))],
    )]);
    assert_eq!(
        only_person(&reading).started_work.unwrap().to_string(),
        "1998-11"
    );
    let reading = people(vec![but(
        person(1, "A"),
        &[(P::StartedWork, "1998.1".into())],
    )]);
    assert_eq!(
        only_person(&reading).started_work.unwrap().to_string(),
        "1998-01"
    );
}

#[test]
fn what_is_no_month() {
    for written in [
        "1998",
        "98-07",
        "1998-13",
        "至今",
        "1998-02-30",
        "1899-12",
        "七月",
    ] {
        assert_eq!(
            person_with(P::StartedWork, written),
            ["人员 2 参加工作年月 bad_month"]
        );
    }
    for number in [35_977.0, 1998.0, 1998.13, -1998.07, 0.5] {
        assert_eq!(
            person_with(P::StartedWork, number),
            ["人员 2 参加工作年月 bad_month"]
        );
    }
    let reading = people(vec![but(
        person(1, "A"),
        &[(P::StartedWork, Is::Number(1998.1))],
    )]);
    assert_eq!(reading.faults[0].expected, Expected::UnambiguousMonth);
    assert_eq!(reading.faults[0].value, "1998.1");
}

#[test]
fn counts_as_clerks_write_them() {
    for (written, count) in [
        ("1234", 1234),
        ("1,234", 1234),
        ("１，２３４", 1234),
        (" 12 ", 12),
        ("12.0", 12),
        ("0", 0),
        ("2000000000", 2_000_000_000),
    ] {
        let reading = institution_with(I::Beds, written);
        assert_eq!(
            reading.register.institutions[0].beds,
            Some(count),
            "{written}"
        );
    }
    let reading = institution_with(I::Beds, 12.0);
    assert_eq!(reading.register.institutions[0].beds, Some(12));
    for written in [
        "-3",
        "7.5",
        "一万二",
        "12人",
        "12,34",
        "1,2",
        "2000000001",
        "1e3",
        "+5",
        "99999999999999999999",
    ] {
        let reading = institution_with(I::Beds, written);
        assert_eq!(
            faults(&reading),
            ["机构 2 实有床位 bad_number"],
            "{written}"
        );
        assert_eq!(reading.faults[0].value, written);
    }
    for number in [-1.0, 7300.5, 2_000_000_001.0, 1e300] {
        let reading = institution_with(I::Beds, number);
        assert_eq!(faults(&reading), ["机构 2 实有床位 bad_number"], "{number}");
    }
    let reading = institutions(vec![but(
        institution("A"),
        &[(I::Beds, Is::Date(1998, 7, 1))],
    )]);
    assert_eq!(faults(&reading), ["机构 2 实有床位 bad_number"]);
}

#[test]
fn posts_of_health_classes_are_among_the_posts() {
    let of = |health: f64| {
        but(
            institution("A"),
            &[
                (I::ProfessionalPosts, 45.0.into()),
                (I::HealthPosts, health.into()),
            ],
        )
    };
    let reading = institutions(vec![of(46.0)]);
    assert_eq!(faults(&reading), ["机构 2 卫生类专业技术岗位数 bad_number"]);
    let expected = Expected::AtMost {
        column: "专业技术岗位总数",
        number: 45,
    };
    assert_eq!(reading.faults[0].expected, expected);
    assert_eq!(faults(&institutions(vec![of(45.0)])), [""; 0]);
}

#[test]
fn identity_numbers() {
    let good = "11010519491231002X";
    for written in [
        good,
        "11010519491231002x",
        " 110105 19491231 002X ",
        "'11010519491231002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002\nｘ",
    ] {
        assert_eq!(person_with(P::Id, written), [""; 0], "{written}");
    }
    for wrong in [
        "110105194912310021",
        "110105491231002",
        "H01234567",
        "护照E12345678",
    ] {
        assert_eq!(
            person_with(P::Id, wrong),
            ["人员 2 身份证件号码 id_checksum"]
        );
    }
    let reading = people(vec![but(
        person(1, "A"),
        &[(P::Id, Is::Number(150_199_197_001_012_300.0))],
    )]);
    assert_eq!(faults(&reading), ["人员 2 身份证件号码 id_checksum"]);
    assert_eq!(reading.faults[0].expected, Expected::NationalIdAsText);
    assert_eq!(reading.faults[0].value, "150199197001012000");
}

/// The number with that birth date and a right check digit.
fn born(date: &str) -> String {
    use crate::domain::ids::{NationalId, NationalIdFault};
    let candidates = "0123456789X".chars().map(|c| format!("150199{date}001{c}"));
    candidates
        .into_iter()
        .find(|id| NationalId::read(id) != Err(NationalIdFault::Checksum))
        .unwrap()
}

#[test]
fn birth_dates() {
    assert_eq!(person_with(P::Id, born("20261122")), [""; 0]);
    for wrong in ["20261123", "20270101", "19990230", "19991301"] {
        assert_eq!(
            person_with(P::Id, born(wrong)),
            ["人员 2 身份证件号码 id_birth_date"],
            "{wrong}"
        );
    }
}

#[test]
fn grades_and_codes_in_any_dress() {
    for written in ["10", "十级", "１０级", "专技十级", " 10 "] {
        let reading = people(vec![but(
            person(1, "A"),
            &[
                (P::Grade, written.into()),
                (P::Appointed, "中级".into()),
                (P::Title, "中 级".into()),
            ],
        )]);
        assert_eq!(
            only_person(&reading).grade.unwrap().number(),
            10,
            "{written}"
        );
    }
    let reading = people(vec![but(
        person(1, " Ａ "),
        &[
            (P::JobClass, 11.0.into()),
            (P::LicenceClass, "４".into()),
            (P::Mobile, 13_800_138_000.0.into()),
            (P::Name, "王　平".into()),
        ],
    )]);
    let person = only_person(&reading);
    assert_eq!(person.mobile.as_deref(), Some("13800138000"));
    assert_eq!(person.name, "王平");
    assert_eq!(person.institution, 0);
    let reading = institution_with(I::Area, 150_199.0);
    assert_eq!(
        reading.register.institutions[0].area.unwrap().to_string(),
        "150199"
    );
}

#[test]
fn spells_and_their_ends() {
    let end = |is: Is| but(spell(1), &[(S::End, is)]);
    let reading = spells(vec![
        end("".into()),
        end("至今".into()),
        end("至 今".into()),
        end("2001-07".into()),
    ]);
    assert_eq!(faults(&reading), [""; 0]);
    let ends: Vec<_> = reading.register.people[0]
        .history
        .spells()
        .iter()
        .map(|s| s.end.map(|e| e.to_string()))
        .collect();
    assert_eq!(ends, [None, None, None, Some("2001-07".to_owned())]);
    let reading = spells(vec![
        end("2001-06".into()),
        end("现在".into()),
        but(spell(1), &[(S::Start, "至今".into())]),
    ]);
    assert_eq!(
        faults(&reading),
        [
            "履历 2 终止年月 end_before_start",
            "履历 3 终止年月 bad_month",
            "履历 4 起始年月 bad_month"
        ]
    );
    let expected = Expected::NotBefore("2001-07".parse().unwrap());
    assert_eq!(reading.faults[0].expected, expected);
}

#[test]
fn blank_locations_follow_the_kind() {
    let of = |kind: &str, place: &str| {
        but(
            spell(1),
            &[(S::Kind, kind.into()), (S::Location, place.into())],
        )
    };
    let reading = spells(vec![
        of("乡镇卫生院", ""),
        of("社区卫生服务中心", ""),
        of("社区卫生服务站", ""),
        of("村卫生室", ""),
        of("县级医院", ""),
        of("县级医院", "乡镇"),
        of("乡镇卫生院", "城区"),
    ]);
    let places: Vec<_> = reading.register.people[0]
        .history
        .spells()
        .iter()
        .map(|s| s.location)
        .collect();
    use Location::{City, Township, Village};
    assert_eq!(
        places,
        [
            Some(Township),
            Some(City),
            Some(City),
            Some(Village),
            None,
            Some(Township),
            Some(City)
        ]
    );
    let spell = &reading.register.people[0].history.spells()[0];
    assert_eq!(
        (spell.kind, spell.category),
        (Kind::TownshipHealthCentre, PostCategory::Professional)
    );
}

#[test]
fn duplicates_count_accepted_rows_of_all_files() {
    let refused = but(institution("A"), &[(I::Beds, "许多".into())]);
    let first = with_headers(&[
        (
            SheetKind::Institutions,
            vec![refused, institution("A"), institution("A")],
        ),
        (
            SheetKind::People,
            vec![
                but(person(1, "A"), &[(P::Grade, "14".into())]),
                person(1, "A"),
                but(person(1, "A"), &[(P::Grade, "14".into())]),
            ],
        ),
    ]);
    let second = with_headers(&[
        (
            SheetKind::Institutions,
            vec![institution("A"), institution("B")],
        ),
        (SheetKind::People, vec![person(1, "B"), person(2, "B")]),
    ]);
    let reading = read(
        &[input("a.xlsx", first), input("b.xlsx", second)],
        TODAY,
        &|_| {},
    );
    let where_: Vec<_> = reading
        .faults
        .iter()
        .map(|f| {
            let source = reading.register.source(f.origin).unwrap();
            format!(
                "{} {} {} {}",
                source.file,
                source.sheet,
                f.origin.row,
                f.code.key()
            )
        })
        .collect();
    assert_eq!(
        where_,
        [
            "a.xlsx 机构 2 bad_number",
            "a.xlsx 机构 4 duplicate",
            "a.xlsx 人员 2 unknown_value",
            "a.xlsx 人员 4 unknown_value",
            "b.xlsx 机构 2 duplicate",
            "b.xlsx 人员 2 duplicate",
        ]
    );
    let Expected::Unique { first: Some(first) } = reading.faults[5].expected else {
        panic!()
    };
    assert_eq!(first.row, 3);
    let codes: Vec<_> = reading
        .register
        .institutions
        .iter()
        .map(|i| i.code.as_str())
        .collect();
    assert_eq!(codes, ["A", "B"]);
    assert_eq!(reading.register.people.len(), 2);
}

#[test]
fn duplicate_rural_doctors_and_places() {
    let doctor = row(&[
        (D::Id, id(1).into()),
        (D::Name, "示例".into()),
        (D::Area, "150199".into()),
        (D::Qualification, "乡村医生".into()),
        (D::LabourRelation, "无".into()),
    ]);
    let place = row(&[
        (L::Code, "150199".into()),
        (L::Name, "示例旗".into()),
        (L::Level, "旗县区".into()),
    ]);
    let reading = read_one(with_headers(&[
        (SheetKind::Institutions, vec![]),
        (SheetKind::People, vec![]),
        (SheetKind::RuralDoctors, vec![doctor.clone(), doctor]),
        (SheetKind::Places, vec![place.clone(), place]),
    ]));
    assert_eq!(
        faults(&reading),
        [
            "乡村医生 3 身份证件号码 duplicate",
            "区域 3 行政区划代码 duplicate"
        ]
    );
    assert_eq!(
        (
            reading.register.rural_doctors.len(),
            reading.register.places.len()
        ),
        (1, 1)
    );
}

#[test]
fn people_of_refused_institutions_do_not_count() {
    let reading = read_one(with_headers(&[
        (
            SheetKind::Institutions,
            vec![
                institution("A"),
                but(institution("B"), &[(I::Name, "".into())]),
            ],
        ),
        (
            SheetKind::People,
            vec![
                person(1, "B"),
                person(1, "A"),
                but(person(2, "B"), &[(P::Grade, "0".into())]),
            ],
        ),
    ]));
    assert_eq!(
        faults(&reading),
        ["机构 3 机构名称 missing", "人员 4 岗位等级 unknown_value"]
    );
    assert_eq!(
        warnings(&reading),
        [
            "人员 2 机构编码 refused_institution",
            "人员 4 机构编码 refused_institution"
        ]
    );
    assert_eq!(reading.register.people[0].origin.row, 3);
}

#[test]
fn missing_sheets() {
    let reading = read_one(with_headers(&[(SheetKind::Places, vec![])]));
    assert_eq!(faults(&reading), ["机构 0  missing", "人员 0  missing"]);
    assert_eq!(
        reading
            .register
            .source(reading.faults[0].origin)
            .unwrap()
            .file,
        "a.xlsx"
    );
    let blank = workbook(&[("机构", vec![]), ("人员", vec![headers(SheetKind::People)])]);
    assert_eq!(faults(&read_one(blank)), ["机构 0  missing"]);
}

#[test]
fn without_institutions_people_are_only_looked_at() {
    let reading = read_one(with_headers(&[(
        SheetKind::People,
        vec![
            person(1, "A"),
            person(1, "A"),
            but(person(2, "A"), &[(P::Name, "".into())]),
        ],
    )]));
    assert_eq!(faults(&reading), ["机构 0  missing", "人员 4 姓名 missing"]);
    assert_eq!(
        reading.register,
        Register {
            sources: reading.register.sources.clone(),
            ..Register::default()
        }
    );
}

#[test]
fn missing_columns() {
    let rows = vec![
        cells(["名册"]),
        cells(["身份证件号码", "姓名", "机构编码", "备注"]),
        cells(["x", "y", "z", ""]),
    ];
    let reading = read_one(workbook(&[
        ("机构", vec![headers(SheetKind::Institutions)]),
        ("人员", rows),
    ]));
    assert_eq!(
        faults(&reading),
        ["人员 2 编制情况 missing", "人员 2 岗位类别 missing"]
    );
    assert_eq!(warnings(&reading), ["人员 2 备注 unknown_column"]);

    let nothing = vec![cells([""]), cells(["", "说明"]), cells(["甲", "乙"])];
    let reading = read_one(workbook(&[
        ("机构", vec![headers(SheetKind::Institutions)]),
        ("人员", nothing),
    ]));
    assert_eq!(faults(&reading).len(), 5);
    assert!(reading.faults.iter().all(|f| f.origin.row == 2));
    assert_eq!(warnings(&reading), [""; 0]);
}

#[test]
fn unreadable_institutions_refuse_nobody() {
    let reading = read_one(workbook(&[
        (
            "机构",
            vec![cells(["机构编码", "机构名称"]), cells(["A", "甲"])],
        ),
        ("人员", vec![headers(SheetKind::People), person(1, "A")]),
    ]));
    assert_eq!(
        faults(&reading),
        ["机构 1 机构类型 missing", "机构 1 行政区划代码 missing"]
    );
    assert_eq!(reading.register.people, []);
}

#[test]
fn headers_in_any_dress_and_order() {
    let header = cells([
        "序号",
        "岗位\n类别 *",
        "＊编制情况",
        " 姓 名 ",
        "机构编码",
        "身份证件号码",
        "姓名",
    ]);
    let first = cells(["1", "管理", "编内", "甲", "A", "", "乙"]);
    let mut first = first;
    first[5] = id(1).into();
    let mut rows = vec![
        cells(["花名册"]),
        cells([""]),
        cells(["填报单位"]),
        cells(["三"]),
        cells(["四"]),
        cells(["五"]),
    ];
    rows.extend([
        header,
        first,
        cells(["2"]),
        cells(["合 计", "", "1"]),
        cells(["", "小计：1"]),
    ]);
    let reading = read_one(workbook(&[
        (
            "机构",
            vec![headers(SheetKind::Institutions), institution("A")],
        ),
        ("人员 ", rows),
    ]));
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(warnings(&reading), ["人员  7 姓名 unknown_column"]);
    let person = only_person(&reading);
    assert_eq!((person.name.as_str(), person.origin.row), ("甲", 8));
}

#[test]
fn a_sixth_title_row_is_too_many() {
    let mut rows: Vec<Cells> = (0..6).map(|_| cells(["名册"])).collect();
    rows.push(headers(SheetKind::People));
    let reading = read_one(workbook(&[
        ("机构", vec![headers(SheetKind::Institutions)]),
        ("人员", rows),
    ]));
    assert_eq!(faults(&reading).len(), 5);
}

#[test]
fn the_header_again_is_one_fault() {
    let reading = people(vec![
        headers(SheetKind::People),
        person(1, "A"),
        headers(SheetKind::People),
    ]);
    assert_eq!(
        faults(&reading),
        [
            "人员 2 身份证件号码 unknown_value",
            "人员 4 身份证件号码 unknown_value"
        ]
    );
    assert_eq!(reading.faults[0].expected, Expected::NotAHeader);
    assert_eq!(reading.faults[0].value, "身份证件号码");
}

#[test]
fn a_header_of_two_rows() {
    let above = cells(["身份证件号码", "姓名", "机构编码", "岗位", ""]);
    let below = cells(["", "", "", "编制情况", "岗位类别"]);
    let mut data = cells(["", "甲", "A", "编内", "管理"]);
    data[0] = id(1).into();
    let sheets = [
        (
            "机构",
            vec![headers(SheetKind::Institutions), institution("A")],
        ),
        ("人员", vec![above, below, data]),
    ];
    let bytes = workbook_with(&sheets, |name, sheet| {
        if name == "人员" {
            let format = Format::new();
            for (column, text) in [(0, "身份证件号码"), (1, "姓名"), (2, "机构编码")] {
                sheet
                    .merge_range(0, column, 1, column, text, &format)
                    .unwrap();
            }
            sheet.merge_range(0, 3, 0, 4, "岗位", &format).unwrap();
        }
    });
    let reading = read_one(bytes);
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(only_person(&reading).origin.row, 3);
}

#[test]
fn a_merged_cell_holds_for_each_row() {
    let rows = vec![
        headers(SheetKind::People),
        person(1, ""),
        person(3, ""),
        person(5, ""),
        person(7, "B"),
    ];
    let sheets = [
        (
            "机构",
            vec![
                headers(SheetKind::Institutions),
                institution("A"),
                institution("B"),
            ],
        ),
        ("人员", rows),
    ];
    let bytes = workbook_with(&sheets, |name, sheet| {
        if name == "人员" {
            sheet.merge_range(1, 2, 3, 2, "A", &Format::new()).unwrap();
            sheet
                .merge_range(4, 3, 9_000, 3, "合同制", &Format::new())
                .unwrap();
        }
    });
    let reading = read_one(bytes);
    assert_eq!(faults(&reading), [""; 0]);
    let at: Vec<_> = reading
        .register
        .people
        .iter()
        .map(|p| p.institution)
        .collect();
    assert_eq!(at, [0, 0, 0, 1]);
}

#[test]
fn sheets_of_one_name_are_both_read() {
    let people = |n| vec![headers(SheetKind::People), person(n, "A")];
    let reading = read_one(workbook(&[
        (
            "机构",
            vec![headers(SheetKind::Institutions), institution("A")],
        ),
        ("人员", people(1)),
        (" 人 员", people(3)),
        ("说明", vec![cells(["随便写"])]),
    ]));
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(reading.register.people.len(), 2);
    assert_eq!(reading.register.sources.len(), 3);
}

#[test]
fn a_file_without_a_known_sheet() {
    let reading = read_one(workbook(&[
        ("Sheet1", vec![headers(SheetKind::People)]),
        ("表2", vec![]),
    ]));
    let found = vec!["Sheet1".to_owned(), "表2".to_owned()];
    let expected = SheetKind::LABELS;
    assert_eq!(
        reading.refused_files[0].why,
        Refusal::WrongSheets { found, expected }
    );
    assert_eq!(faults(&reading), ["机构 0  missing", "人员 0  missing"]);
}

#[test]
fn retirement_classes_are_kept_as_stated() {
    let reading = people(vec![but(
        person(2, "A"),
        &[(P::RetirementClass, "女50".into())],
    )]);
    assert_eq!(
        only_person(&reading).retirement_class,
        Some(RetirementClass::Women50)
    );
}
