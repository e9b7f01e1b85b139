//! The 40-column statistics export, alone and beside a workbook.

use super::*;
use crate::domain::column::{ExportColumn as E, PersonColumn as P};
use crate::domain::post::PostCategory;
use crate::domain::staff::{Employment, GpTraining, JobClass, LicenceClass, SiteKind, Sites};
use crate::domain::title::Rank;

fn sheet(rows: Vec<Cells>) -> (&'static str, Vec<Cells>) {
    let header = E::TABLE.iter().map(|c| Is::from(c.name)).collect();
    let mut all: Vec<Cells> = vec![header];
    all.extend(rows);
    ("Sheet1", all)
}

fn exported(number: u32, institution: &str) -> Cells {
    row(&[
        (E::Institution, institution.into()),
        (E::InstitutionName, format!("{institution}卫生院").into()),
        (E::Name, "示例".into()),
        (E::Id, id(number).into()),
        (E::Employment, "编制内".into()),
    ])
}

fn alone(rows: Vec<Cells>) -> Reading {
    read_one(workbook(&[sheet(rows)]))
}

fn beside(people: Vec<Cells>, rows: Vec<Cells>) -> Reading {
    let mut all = vec![headers(SheetKind::People)];
    all.extend(people);
    read_one(workbook(&[
        (
            "机构",
            vec![headers(SheetKind::Institutions), institution("A")],
        ),
        ("人员", all),
        sheet(rows),
    ]))
}

#[test]
fn alone_it_makes_its_institutions() {
    let reading = alone(vec![exported(1, "B"), exported(3, "A"), exported(5, "B")]);
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(warnings(&reading), [""; 0]);
    let institutions = &reading.register.institutions;
    let names: Vec<_> = institutions.iter().map(|i| i.name.as_str()).collect();
    assert_eq!(names, ["B卫生院", "A卫生院"]);
    assert!(
        institutions
            .iter()
            .all(|i| i.kind.is_none() && i.area.is_none())
    );
    let at: Vec<_> = reading
        .register
        .people
        .iter()
        .map(|p| p.institution)
        .collect();
    assert_eq!(at, [0, 1, 0]);
}

#[test]
fn names_and_codes_are_translated() {
    let row = but(
        exported(1, "A"),
        &[
            (E::StartedWork, "20131125".into()),
            (E::Mobile, "13800138000".into()),
            (E::JobClass, "11".into()),
            (E::LicenceClass, "4".into()),
            (E::MultiSite, "Y".into()),
            (E::SecondSite, "2".into()),
            (E::ThirdSite, "9".into()),
            (E::Title, "232".into()),
            (E::Appointed, "3".into()),
            (E::GpRegistered, "是".into()),
            (E::GpTraining, "全科医生转岗培训合格证".into()),
        ],
    );
    let reading = alone(vec![row]);
    assert_eq!(faults(&reading), [""; 0]);
    let person = &reading.register.people[0];
    assert_eq!(person.started_work.unwrap().to_string(), "2013-11");
    assert_eq!(person.mobile.as_deref(), Some("13800138000"));
    assert_eq!(person.job_class, Some(JobClass::Physician));
    assert_eq!(person.licence_class, Some(LicenceClass::Traditional));
    assert!(person.gp_registered);
    let sites = Sites {
        several: true,
        second: Some(SiteKind::TownshipHealthCentre),
        third: Some(SiteKind::Other),
    };
    assert_eq!(person.sites, Some(sites));
    assert_eq!(
        (person.title, person.appointed),
        (Rank::AssociateSenior, Rank::Intermediate)
    );
    assert_eq!(person.gp_training, GpTraining::Transfer);
    assert_eq!(person.employment, Employment::Establishment);
    assert_eq!(person.category, PostCategory::Professional);
}

#[test]
fn the_profession_tells_the_category() {
    let class = |n, class: &str| but(exported(n, "A"), &[(E::JobClass, class.into())]);
    let reading = alone(vec![
        class(1, "80"),
        class(3, "90"),
        class(5, "21"),
        class(7, ""),
    ]);
    use PostCategory::{Management, Professional, Worker};
    let categories: Vec<_> = reading.register.people.iter().map(|p| p.category).collect();
    assert_eq!(categories, [Management, Worker, Professional, Professional]);
}

#[test]
fn its_rows_have_faults_of_their_own() {
    let reading = alone(vec![
        but(
            exported(1, "A"),
            &[(E::Title, "主治".into()), (E::Appointed, "7".into())],
        ),
        but(
            exported(1, "A"),
            &[(E::Employment, "".into()), (E::GpRegistered, "不详".into())],
        ),
        exported(1, "A"),
        exported(1, "A"),
    ]);
    assert_eq!(
        faults(&reading),
        [
            "Sheet1 2 专业技术资格(评)代码 unknown_value",
            "Sheet1 2 专业技术职务(聘)代码 unknown_value",
            "Sheet1 3 编制情况 missing",
            "Sheet1 3 是否注册为全科医学专业 unknown_value",
            "Sheet1 5 身份证件号码 duplicate",
        ]
    );
}

#[test]
fn a_required_column_must_be_there() {
    let (name, mut rows) = sheet(vec![exported(1, "A")]);
    rows[0][E::Employment.index()] = Is::Blank;
    let reading = read_one(workbook(&[(name, rows)]));
    assert_eq!(faults(&reading), ["Sheet1 1 编制情况 missing"]);
    assert_eq!(reading.register.people, []);
}

#[test]
fn the_workbook_wins_and_the_export_fills_blanks() {
    let person = but(
        person(1, "A"),
        &[
            (P::Title, "中级".into()),
            (P::GpRegistered, "否".into()),
            (P::GpTraining, "".into()),
        ],
    );
    let row = but(
        exported(1, "Z"),
        &[
            (E::Employment, "合同制".into()),
            (E::Title, "231".into()),
            (E::Appointed, "4".into()),
            (E::GpRegistered, "Y".into()),
            (E::GpTraining, "规培".into()),
            (E::MultiSite, "1".into()),
        ],
    );
    let reading = beside(vec![person], vec![row.clone(), exported(3, "A"), row]);
    assert_eq!(faults(&reading), ["Sheet1 4 身份证件号码 duplicate"]);
    let people = &reading.register.people;
    assert_eq!(people.len(), 2);
    let first = &people[0];
    assert_eq!(
        (first.origin.row, first.employment),
        (2, Employment::Establishment)
    );
    assert_eq!(
        (first.title, first.appointed),
        (Rank::Intermediate, Rank::Junior)
    );
    assert!(!first.gp_registered && first.sites.is_some_and(|sites| sites.several));
    assert_eq!(first.gp_training, GpTraining::Residency);
    assert_eq!(
        reading.register.source(people[1].origin).unwrap().sheet,
        "Sheet1"
    );
}

#[test]
fn it_does_not_bring_in_whom_the_workbook_refused() {
    let refused = but(person(1, "A"), &[(P::Name, "".into())]);
    let reading = beside(vec![refused], vec![exported(1, "A"), exported(3, "B")]);
    assert_eq!(
        faults(&reading),
        [
            "人员 2 姓名 missing",
            "Sheet1 3 机构编码 unknown_institution"
        ]
    );
    assert_eq!(reading.register.people, []);
}

#[test]
fn institutions_are_required_only_for_the_workbooks_people() {
    let people = vec![headers(SheetKind::People)];
    let reading = read_one(workbook(&[
        ("人员", people.clone()),
        sheet(vec![exported(1, "A")]),
    ]));
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(reading.register.people.len(), 1);
    let mut people = people;
    people.push(person(3, "A"));
    let reading = read_one(workbook(&[("人员", people), sheet(vec![exported(1, "A")])]));
    assert_eq!(faults(&reading), ["机构 0  missing"]);
    assert_eq!(reading.register.people, []);
}

#[test]
fn it_is_known_by_its_header_whatever_the_sheet_is_called() {
    let (_, rows) = sheet(vec![exported(1, "A")]);
    let reading = read_one(workbook(&[("人员", rows)]));
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(reading.register.people.len(), 1);
}
