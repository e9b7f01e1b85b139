//! What is written can be read back: the template, and any register.

use super::*;
use crate::domain::column::{Entry, PersonColumn as P};
use crate::domain::ids::{AreaCode, NationalId};
use crate::domain::institution::{ApprovedPosts, Establishment, Institution, Kind, Sponsor};
use crate::domain::month::Month;
use crate::domain::place::{Place, PlaceLevel};
use crate::domain::post::{Grade, Manner, PostCategory};
use crate::domain::register::{Origin, Register, SourceId};
use crate::domain::rural_doctor::{LabourRelation, PensionScheme, Qualification, RuralDoctor};
use crate::domain::service::{Location, Spell};
use crate::domain::staff::{
    Employment, GpTraining, History, JobClass, LicenceClass, Person, RetirementClass,
};
use crate::domain::title::{Rank, TitleKind};
use crate::sheet::{template, write_register};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

const NOWHERE: Origin = Origin {
    source: SourceId(0),
    row: 0,
};

#[test]
fn the_empty_template_reads_as_nothing() {
    let reading = read_one(template().unwrap());
    assert_eq!(reading.refused_files, []);
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(warnings(&reading), [""; 0]);
    assert_eq!(reading.register.sources.len(), 5);
    assert_eq!(template().unwrap(), template().unwrap());
}

#[test]
fn the_template_explains_and_offers() {
    let bytes = template().unwrap();
    let package = crate::sheet::package::Package::open(&bytes).unwrap();
    let names: Vec<String> = package
        .workbook()
        .unwrap()
        .sheets
        .into_iter()
        .map(|s| s.name)
        .collect();
    assert_eq!(
        names,
        ["填写说明", "机构", "人员", "履历", "乡村医生", "区域"]
    );
    let people = package.text("xl/worksheets/sheet3.xml").unwrap();
    assert!(
        people.contains(r#"sqref="D3:D5000""#),
        "drop-downs down to row 5000"
    );
    assert!(people.contains("编内,合同制,劳务派遣,返聘,其他"));
    assert!(
        people.contains(r#"<pane xSplit="2" ySplit="2""#),
        "the header stays in sight"
    );
    let offered = P::TABLE
        .iter()
        .filter(|c| !matches!(c.entry, Entry::Text | Entry::Month | Entry::Place(_)));
    assert_eq!(people.matches("<dataValidation ").count(), offered.count());
    let notes = package.text("xl/comments2.xml").unwrap();
    assert_eq!(notes.matches("<comment ").count(), P::TABLE.len());
    assert!(notes.contains("必填"));
}

/// The template as a clerk fills it: rows written below the header of its sheets.
#[test]
fn a_filled_template_is_read() {
    let bytes = template().unwrap();
    let package = crate::sheet::package::Package::open(&bytes).unwrap();
    let mut filled = Vec::new();
    for (sheet, cells) in [(2, institution("A")), (3, person(1, "A"))] {
        let path = format!("xl/worksheets/sheet{sheet}.xml");
        let texts: Vec<_> = cells
            .iter()
            .map(|c| if let Is::Text(t) = c { t } else { "" })
            .collect();
        let xml = package.text(&path).unwrap();
        let row = format!("{}</sheetData>", row_xml(3, &texts));
        filled.push((path, xml.replace("</sheetData>", &row)));
    }
    let reading = read_one(package.with(&filled).unwrap());
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!(reading.register.people[0].origin.row, 3);
    assert_eq!(reading.register.institutions[0].code, "A");
}

fn month() -> impl Strategy<Value = Month> {
    (1950 * 12..2030 * 12i32).prop_map(Month::from_index)
}

fn word() -> impl Strategy<Value = String> {
    select(vec![
        "东河镇中心卫生院",
        "甲",
        "全科医学",
        "Ａ（一）",
        "Health Centre 3",
        "a&b<c>\"'",
    ])
    .prop_map(str::to_owned)
}

fn count() -> impl Strategy<Value = Option<u32>> {
    of(prop_oneof![0..100u32, Just(2_000_000_000)])
}

fn area(lengths: &'static [usize]) -> impl Strategy<Value = AreaCode> {
    (select(lengths), 10u64.pow(11)..10u64.pow(12)).prop_map(move |(length, digits)| {
        AreaCode::read(&digits.to_string()[..length], lengths).unwrap()
    })
}

fn one<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    select(all)
}

prop_compose! {
    fn any_institution()(
        (name, kind, area, parent, consortium, sponsor) in (word(), one(Kind::ALL), area(&[6, 9, 12]), of(Just("A-1".to_owned())), of(word()), one(Sponsor::ALL)),
        numbers in vec(count(), 12),
        health in of(0..100u32),
        (raised_senior_ratio, directed_evaluation, establishment_approved) in (any::<bool>(), any::<bool>(), of(month())),
    ) -> Institution {
        let n = |at: usize| numbers[at];
        Institution {
            kind: Some(kind), area: Some(area), parent, consortium, sponsor,
            service_population: n(0), beds: n(1), rehabilitation_beds: n(2),
            establishment: Establishment { total: n(3), professional: n(4), management: n(5), worker: n(6) },
            posts: ApprovedPosts {
                professional: n(7), health: health.filter(|h| n(7).is_none_or(|all| *h <= all)),
                senior: n(8), intermediate: n(9), junior: n(10), directed: n(11),
            },
            raised_senior_ratio, directed_evaluation, establishment_approved,
            ..Institution::named(NOWHERE, String::new(), name)
        }
    }
}

prop_compose! {
    fn any_spell()(
        start in month(), length in of(0..300i32), employer in word(), kind in one(Kind::ALL),
        stated in of(one(Location::ALL)), category in one(PostCategory::ALL),
    ) -> Spell {
        let location = stated.or(Location::of_kind(kind));
        Spell { origin: NOWHERE, start, end: length.map(|l| start.plus(l)), employer, kind, location, category }
    }
}

prop_compose! {
    fn any_person(institutions: usize)(
        (name, institution, employment, category) in (word(), 0..institutions, one(Employment::ALL), one(PostCategory::ALL)),
        (dual_post, gp_registered, preventive_post) in any::<(bool, bool, bool)>(),
        (job_class, licence_class, gp_training) in (of(one(JobClass::ALL)), of(one(LicenceClass::ALL)), one(GpTraining::ALL)),
        (title, title_kind, title_field, title_area, title_since) in (one(Rank::ALL), one(TitleKind::ALL), of(word()), of(area(&[2, 4, 6])), of(month())),
        (appointed, grade, appointed_since, manner) in (one(Rank::ALL), of(1..=13u8), of(month()), one(Manner::ALL)),
        (class, started_work, mobile, email) in (of(one(RetirementClass::ALL)), of(month()), of(Just("13800138000".to_owned())), of(Just("a@example.com".to_owned()))),
        spells in vec(any_spell(), 0..3),
    ) -> Person {
        let id = NationalId::read("11010519491231002X").unwrap();
        let history = if spells.is_empty() { History::Unknown } else { History::Spells(spells) };
        Person {
            dual_post, gp_registered, preventive_post, job_class, licence_class, gp_training,
            title, title_kind, title_field, title_area, title_since,
            appointed, grade: grade.and_then(Grade::new), appointed_since, manner,
            retirement_class: class, started_work, mobile, email, history,
            ..Person::new(NOWHERE, id, name, institution, employment, category)
        }
    }
}

prop_compose! {
    fn any_doctor()(
        name in word(), area in area(&[6, 9, 12]), clinic in of(word()), qualification in one(Qualification::ALL),
        labour_relation in one(LabourRelation::ALL), on_establishment in any::<bool>(), pension in of(one(PensionScheme::ALL)),
    ) -> RuralDoctor {
        let id = NationalId::read("11010519491231002X").unwrap();
        RuralDoctor { origin: NOWHERE, id, name, area, clinic, qualification, labour_relation, on_establishment, pension }
    }
}

prop_compose! {
    fn any_place()(
        name in word(), code in area(&[6, 9, 12]), level in one(PlaceLevel::ALL), parent in of(area(&[2, 4, 6, 9, 12])),
        residents in count(), establishment_reviewed in of(month()),
    ) -> Place {
        Place { origin: NOWHERE, code, name, level, parent, residents, establishment_reviewed }
    }
}

/// Keys that must differ do: codes and identity numbers are given by position.
fn register() -> impl Strategy<Value = Register> {
    let institutions = vec(any_institution(), 1..4);
    let rest = (
        vec(any_person(3), 0..6),
        vec(any_doctor(), 0..4),
        vec(any_place(), 0..4),
    );
    (institutions, rest).prop_map(
        |(mut institutions, (mut people, mut rural_doctors, mut places))| {
            for (n, one) in institutions.iter_mut().enumerate() {
                one.code = format!("NM{n:03}");
            }
            for (n, one) in (1..).zip(&mut people) {
                one.id = NationalId::read(&id(n)).unwrap();
                one.institution %= institutions.len();
                one.retirement_class = one
                    .retirement_class
                    .filter(|class| class.sex() == one.id.sex());
            }
            for (n, one) in (1..).zip(&mut rural_doctors) {
                one.id = NationalId::read(&id(n)).unwrap();
            }
            places.sort_by_key(|place| place.code);
            places.dedup_by_key(|place| place.code);
            Register {
                institutions,
                people,
                rural_doctors,
                places,
                ..Register::default()
            }
        },
    )
}

/// The register without where each part was read.
fn anywhere(mut register: Register) -> Register {
    register.sources.clear();
    register
        .institutions
        .iter_mut()
        .for_each(|one| one.origin = NOWHERE);
    register
        .rural_doctors
        .iter_mut()
        .for_each(|one| one.origin = NOWHERE);
    register
        .places
        .iter_mut()
        .for_each(|one| one.origin = NOWHERE);
    for one in &mut register.people {
        one.origin = NOWHERE;
        if let History::Spells(spells) = &mut one.history {
            spells.iter_mut().for_each(|spell| spell.origin = NOWHERE);
        }
    }
    register
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_register(register in register()) {
        let reading = read_one(write_register(&register).unwrap());
        prop_assert_eq!(faults(&reading), Vec::<String>::new());
        prop_assert_eq!(anywhere(reading.register), register);
    }
}
