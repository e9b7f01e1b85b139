//! Figures that were published, held against the rules. Each test names its source; the
//! numbers of the tests (T1, T2, …) are those of the collection they were taken from.

use crate::oracle::{INNER_MONGOLIA, XINJIANG};
use crate::support::answer::{Answer, Finding, Posts};
use crate::support::build::{appointed, area, identity, institution, month, origin, register};
use crate::support::engine::Engine;
use dinggang::domain::institution::{Institution, Kind};
use dinggang::domain::place::{Place, PlaceLevel};
use dinggang::domain::register::Register;
use dinggang::domain::rural_doctor::{LabourRelation, Qualification, RuralDoctor};
use dinggang::domain::staff::{JobClass, Person};
use dinggang::domain::title::Rank;
use dinggang::policy::quantity::{Rounding, Share};
use dinggang::rules::structure;

fn evaluated(register: &Register, policy: &str) -> Answer {
    Engine::run(register, &[policy], month("2026-11")).answer()
}

fn finding<'a>(findings: &'a [Finding], rule: &str, subject: Option<&str>) -> &'a Finding {
    let mut found = findings
        .iter()
        .filter(|f| f.rule == rule && f.subject.as_deref() == subject);
    let one = found
        .next()
        .unwrap_or_else(|| panic!("a finding of {rule}"));
    assert!(found.next().is_none(), "one finding of {rule}");
    one
}

/// So many people of each rank at the first institution; born late, with no history.
fn staff(ranks: &[(Rank, usize)]) -> Vec<Person> {
    let each = ranks
        .iter()
        .flat_map(|(rank, n)| std::iter::repeat_n(*rank, *n));
    let born = month("1985-01");
    each.enumerate()
        .map(|(number, rank)| appointed(number, born.plus(number as i32 / 1000), rank))
        .collect()
}

/// Verdicts of the two shares of an institution whose staff is exactly its posts.
fn shares(kind: Kind, senior: usize, intermediate: usize, others: usize) -> (Finding, Finding) {
    let people = staff(&[
        (Rank::AssociateSenior, senior),
        (Rank::Intermediate, intermediate),
        (Rank::Junior, others),
    ]);
    let mut centre = institution("J0", kind);
    centre.posts.professional = Some(people.len() as u32);
    let answer = evaluated(&register(vec![centre], people), INNER_MONGOLIA);
    let findings = &answer.institutions["J0"].findings;
    (
        finding(findings, "senior-cap", None).clone(),
        finding(findings, "intermediate-cap", None).clone(),
    )
}

/// A share in tenths of a percent, rounded as published.
fn per_mille(part: i64, total: i64) -> i64 {
    Share::read(&format!("{part}/{total}"))
        .expect("a share")
        .of_total(1000, Rounding::Nearest)
}

/// T1: titles of community doctors in 192 institutions of China, by region.
/// BMC Family Practice 2018, s12875-018-0867-6, table 1.
#[test]
fn t1_title_structure_of_community_doctors() {
    // senior, middle, junior, none; percentages in tenths
    let regions = [
        ("East", [214, 657, 786, 105], [121, 373, 446, 60]),
        ("Central", [59, 152, 275, 54], [109, 281, 509, 100]),
        ("West", [119, 277, 291, 48], [162, 377, 396, 65]),
        ("Total", [392, 1086, 1352, 207], [129, 358, 445, 68]),
    ];
    for (region, doctors, published) in regions {
        let total: i64 = doctors.iter().sum();
        let shares = doctors.map(|n| per_mille(n, total));
        assert_eq!(shares, published, "{region}");
    }
    let sum = |at: usize| regions[..3].iter().map(|(_, d, _)| d[at]).sum::<i64>();
    assert_eq!(
        [0, 1, 2, 3].map(sum),
        regions[3].1,
        "the regions add up to the total"
    );

    for (region, doctors, _) in regions {
        let [senior, middle, junior, none] = doctors.map(|n| n as usize);
        let kind = Kind::CommunityHealthCentre;
        let (high, mid) = self::shares(kind, senior, middle, junior + none);
        let total = doctors.iter().sum();
        assert_eq!(
            (high.verdict, high.base),
            ("holds", Some(total)),
            "{region}"
        );
        assert_eq!(
            (mid.verdict, mid.counted),
            ("holds", Some(doctors[1])),
            "{region}"
        );
        // the first doctor more than 18 % of them would be one too many
        let limit = (18 * total / 100) as usize;
        let others = total as usize - limit;
        assert_eq!(
            self::shares(kind, limit, 0, others).0.verdict,
            "holds",
            "{region}"
        );
        let one_more = self::shares(kind, limit + 1, 0, others - 1).0;
        assert_eq!(one_more.verdict, "fails", "{region}");
    }
}

/// T2: physicians and nurses of 158 community health centres, 2015, in percent.
/// PMC5422085, table 3 (t3-0150237). As a centre of a hundred posts each.
#[test]
fn t2_title_structure_of_health_centres() {
    let kind = Kind::CommunityHealthCentre;
    for (who, [senior, intermediate, junior, none]) in
        [("physicians", [10, 41, 40, 9]), ("nurses", [2, 26, 64, 8])]
    {
        assert_eq!(senior + intermediate + junior + none, 100, "{who}");
        let (high, mid) = shares(kind, senior, intermediate, junior + none);
        assert_eq!((high.verdict, mid.verdict), ("holds", "holds"), "{who}");
    }
    // physicians stand one in a hundred below the intermediate share
    assert_eq!(shares(kind, 10, 42, 48).1.verdict, "holds");
    assert_eq!(shares(kind, 10, 43, 47).1.verdict, "fails");
}

/// One general practitioner or nurse at the first institution.
fn practitioner(number: usize) -> Person {
    let born = month("1985-01").plus(number as i32 / 1000);
    let mut person = appointed(number, born, Rank::None);
    person.job_class = Some(JobClass::Physician);
    person.gp_registered = true;
    person
}

fn county(residents: Option<u32>) -> Place {
    Place {
        origin: origin(0),
        code: area("150199"),
        name: "示例旗".to_owned(),
        level: PlaceLevel::County,
        parent: None,
        residents,
        establishment_reviewed: None,
    }
}

fn density(practitioners: usize, residents: u32) -> Finding {
    let people = (0..practitioners).map(practitioner).collect();
    let centre = institution("J0", Kind::CommunityHealthCentre);
    let mut register = register(vec![centre], people);
    register.places = vec![county(Some(residents))];
    let answer = evaluated(&register, XINJIANG);
    finding(&answer.areas["150199"], "gp-density", None).clone()
}

/// T3: general practitioners of China 2015 and how many are missing to 2 per 10 000.
/// fmch-journal.org, "Number, distribution and predicted needed number of general
/// practitioners in China". The populations are those that the shortfalls imply.
#[test]
fn t3_density_of_general_practitioners() {
    // practitioners, residents, published density in hundredths per 10 000, shortfall
    let regions = [
        ("China", 188_649, 1_374_620_000, 137, 86_275),
        ("East", 104_015, 569_010_000, 183, 9_787),
        ("Central", 45_344, 430_540_000, 105, 40_764),
        ("West", 39_290, 371_330_000, 106, 34_976),
    ];
    let two = Share::read("2/10000").expect("a share");
    for (region, practitioners, residents, density, shortfall) in regions {
        assert!(
            two.is_above(practitioners, residents),
            "{region} is below 2 in 10 000"
        );
        let needed = two.of_total(residents, Rounding::Nearest);
        assert_eq!(needed - practitioners, shortfall, "{region}");
        assert!(
            !two.is_above(needed, residents),
            "{region}: no longer below"
        );
        assert!(
            two.is_above(needed - 1, residents),
            "{region}: one fewer is"
        );
        let per_million = Share::read(&format!("{practitioners}/{residents}"));
        let found = per_million
            .expect("a share")
            .of_total(1_000_000, Rounding::Nearest);
        assert_eq!(found, density, "{region}");
    }
    let people: i64 = regions[1..].iter().map(|r| r.1).sum();
    assert_eq!(people, regions[0].1, "practitioners add up");
    let missing: i64 = regions[1..].iter().map(|r| r.4).sum();
    assert_eq!(
        (missing, regions[0].4),
        (85_527, 86_275),
        "shortfalls do not"
    );

    // the rule itself, for a county with the density of the east and of the west
    for (practitioners, residents, verdict) in [
        (183, 1_000_000, "fails"),
        (106, 1_000_000, "fails"),
        (199, 1_000_000, "fails"),
        (200, 1_000_000, "holds"),
        (200, 1_000_001, "fails"),
        (1, 5_000, "holds"),
        (1, 5_001, "fails"),
    ] {
        let found = density(practitioners, residents);
        assert_eq!(found.verdict, verdict, "{practitioners} for {residents}");
        assert_eq!(found.counted, Some(practitioners as i64));
        assert_eq!(found.base, Some(i64::from(residents)));
    }
}

/// T7: Tibet 2020, 3 648 200 residents in 697 townships: 5 234 each, for whom one of each
/// profession is due when full thousands count, and two when begun ones do.
/// doi 10.12114/j.issn.1007-9572.2022.0560 (ChinaXiv 202208.00089).
#[test]
fn t7_a_township_of_tibet() {
    let residents = Share::read("1/697")
        .expect("a share")
        .of_total(3_648_200, Rounding::Nearest);
    assert_eq!(residents, 5_234);
    let every_3000 = Share::one_in(3000);
    assert_eq!(every_3000.of_total(residents, Rounding::Down), 1);
    assert_eq!(every_3000.of_total(residents, Rounding::Up), 2);
    assert_eq!(every_3000.of_total(residents, Rounding::Nearest), 2);

    let staffed = |practitioners: usize| {
        let mut centre = institution("J0", Kind::CommunityHealthCentre);
        centre.service_population = Some(5_234);
        let people = (0..practitioners).map(practitioner).collect();
        let answer = evaluated(&register(vec![centre], people), XINJIANG);
        let findings = &answer.institutions["J0"].findings;
        finding(findings, "staff-per-3000", Some("全科医师")).clone()
    };
    assert_eq!(staffed(1).needed, Some(1), "full thousands");
    assert_eq!((staffed(0).verdict, staffed(1).verdict), ("fails", "holds"));
}

fn doctors(licensed: usize, all: usize) -> Finding {
    let doctor = |at: usize| RuralDoctor {
        origin: origin(at),
        id: identity(month("1985-01").plus(at as i32 / 1000), true, at),
        name: format!("乡医{at}"),
        area: area("150199001001"),
        clinic: None,
        qualification: match at {
            at if at >= licensed => Qualification::RuralDoctor,
            at if at % 2 == 0 => Qualification::Physician,
            _ => Qualification::AssistantPhysician,
        },
        labour_relation: LabourRelation::None,
        on_establishment: false,
        pension: None,
    };
    let register = Register {
        rural_doctors: (0..all).map(doctor).collect(),
        ..Register::default()
    };
    let answer = evaluated(&register, INNER_MONGOLIA);
    finding(&answer.areas["150199"], "rural-doctor-licensed", None).clone()
}

/// T8: at the end of 2021 1.147 million rural doctors, 476 000 of them licensed: 41.5 %,
/// short of 45 %. National Health Commission, reply to proposal 2839. In thousands.
#[test]
fn t8_licensed_rural_doctors() {
    assert_eq!(per_mille(476, 1147), 415);
    let found = doctors(476, 1147);
    assert_eq!(
        (found.verdict, found.counted, found.base),
        ("fails", Some(476), Some(1147))
    );
    // 45 % of 1147 are 516.15
    assert_eq!(doctors(516, 1147).verdict, "fails");
    assert_eq!(doctors(517, 1147).verdict, "holds");
    assert_eq!(doctors(9, 20).verdict, "holds");
}

/// A 卫生院 of 50 establishment and 45 professional posts.
fn example() -> Institution {
    let mut centre = institution("J0", Kind::TownshipHealthCentre);
    centre.establishment.total = Some(50);
    centre.establishment.professional = Some(45);
    centre.posts.professional = Some(45);
    centre.directed_evaluation = true;
    centre
}

fn posts_of(institution: Institution) -> impl Fn(&str) -> Posts {
    let answer = evaluated(&register(vec![institution], Vec::new()), INNER_MONGOLIA);
    let posts = answer.institutions["J0"].posts.clone();
    move |level| posts[level]
}

/// T11 (worked by the editor of the collection, not published): establishment 50,
/// professional 45; 18 % are 8.1, 20 % 9, 42 % 18.9, 10 % 4.5.
#[test]
fn t11_worked_example() {
    let posts = posts_of(example());
    assert_eq!(posts("senior").ceiling, Some(8));
    assert_eq!(posts("intermediate").ceiling, Some(18));
    assert_eq!(posts("directed").ceiling, Some(4));
    let raised = Institution {
        raised_senior_ratio: true,
        ..example()
    };
    let posts = posts_of(raised);
    assert_eq!(posts("senior").ceiling, Some(9));
    assert_eq!(posts("junior").limit, Some(45 - 9 - 18));
    assert_eq!(posts("junior").ceiling, None);

    let share = |text: &str, rounding| Share::read(text).expect("a share").of_total(45, rounding);
    assert_eq!(share("10%", Rounding::Down), 4, "4.5");
    assert_eq!(share("10%", Rounding::Nearest), 5, "4.5, halves up");
    assert_eq!(share("10%", Rounding::Up), 5, "4.5");
    assert_eq!(share("42%", Rounding::Nearest), 19, "18.9");
    assert_eq!(share("18%", Rounding::Nearest), 8, "8.1");
    assert_eq!(share("18%", Rounding::Up), 9, "8.1");
    let ten = |total| {
        Share::read("10%")
            .expect("a share")
            .of_total(total, Rounding::Down)
    };
    assert_eq!(ten(18), 1, "1.8");
}

/// T11: 45 of 50 are 90.0 % and pass exactly, 44 are 88.0 % and do not.
#[test]
fn t11_floor_of_professional_establishment() {
    for (professional, verdict) in [(45, "holds"), (44, "fails"), (46, "holds")] {
        let mut centre = example();
        centre.establishment.professional = Some(professional);
        let answer = evaluated(&register(vec![centre], Vec::new()), INNER_MONGOLIA);
        let own = &answer.institutions["J0"].findings;
        let county = &answer.areas["150199"];
        for findings in [own, county] {
            let floor = finding(findings, "professional-floor", None);
            assert_eq!(floor.verdict, verdict, "{professional}");
            assert_eq!(floor.counted, Some(i64::from(professional)));
            assert_eq!(floor.base, Some(50));
        }
    }
}

/// T11: 9 posts of 副高 by 2:4:4 are 1.8 / 3.6 / 3.6, 18 intermediate ones by 3:4:3 are
/// 5.4 / 7.2 / 5.4: the largest remainders first, at a tie the lower grade.
#[test]
fn t11_split_into_grades() {
    assert_eq!(structure::split(9, &[2, 4, 4]), [2, 3, 4]);
    assert_eq!(structure::split(18, &[3, 4, 3]), [5, 7, 6]);
    assert_eq!(structure::split(18, &[5, 5]), [9, 9]);
    for total in 0..100 {
        for ratio in [[2, 4, 4], [3, 4, 3], [1, 3, 6]] {
            let parts = structure::split(total, &ratio);
            assert_eq!(parts.iter().sum::<i64>(), total);
            for (part, share) in parts.iter().zip(ratio) {
                let exact = total * share;
                let near = 10 * part > exact - 10 && 10 * part < exact + 10;
                assert!(
                    near,
                    "{total} by {ratio:?}: {parts:?} is nowhere a post off"
                );
            }
        }
    }
}
