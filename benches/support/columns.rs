//! Random facts straight in columns: as many people as wanted, without a register.

use dinggang::domain::ids::AreaCode;
use dinggang::domain::institution::Kind;
use dinggang::domain::month::Month;
use dinggang::domain::post::{Manner, PostCategory};
use dinggang::domain::service::Location;
use dinggang::domain::staff::{Employment, JobClass, RetirementClass, occupied_level};
use dinggang::domain::title::Rank;
use dinggang::policy::fact::{Entity, Facts};
use dinggang::rules::data::{
    Column, Data, NO_CODE, NO_LEVEL, PlaceRow, Table, UNKNOWN, UNKNOWN_CODE,
};
use fastrand::Rng;

/// People spread over institutions of one hundred counties.
pub fn random(facts: &Facts, people: usize, institutions: usize, as_of: Month) -> Data {
    let mut rng = Rng::with_seed(20_261_122);
    let mut data = Data::default();
    fill_institutions(&mut data, facts, institutions, &mut rng);
    fill_people(&mut data, facts, people, institutions, as_of, &mut rng);
    data.places = Table::of_rows(0);
    data.place_rows = Vec::<PlaceRow>::new();
    data
}

/// A number of an institution, made from its posts.
type FromPosts = fn(i32, &mut Rng) -> i32;

fn fill_institutions(data: &mut Data, facts: &Facts, rows: usize, rng: &mut Rng) {
    let mut table = Table::of_rows(rows);
    let mut set = |name: &str, column: Column| {
        if let Some(fact) = facts.find(Entity::Institution, name) {
            table.set(fact, column);
        }
    };
    let kinds: Vec<u8> = (0..rows)
        .map(|_| {
            if rng.u8(0..4) > 0 {
                rng.u8(0..2)
            } else {
                rng.u8(0..9)
            }
        })
        .collect();
    let posts: Vec<i32> = (0..rows).map(|_| rng.i32(20..60)).collect();
    let some = |rng: &mut Rng, value: i32| if rng.u8(0..8) == 0 { UNKNOWN } else { value };
    set("机构类型", Column::Codes(kinds));
    set(
        "举办主体",
        Column::Codes(
            (0..rows)
                .map(|_| if rng.u8(0..20) == 0 { 3 } else { 0 })
                .collect(),
        ),
    );
    set(
        "高级比例提高",
        Column::Codes((0..rows).map(|_| rng.u8(0..2)).collect()),
    );
    set(
        "定向评价定向使用",
        Column::Codes((0..rows).map(|_| rng.u8(0..2)).collect()),
    );
    let numbers: [(&str, FromPosts); 7] = [
        ("专业技术岗位总数", |posts, _| posts),
        ("卫生类专业技术岗位数", |posts, rng| {
            rng.i32(0..=posts)
        }),
        ("编制总数", |posts, rng| posts + rng.i32(0..8)),
        ("专业技术编制", |posts, _| posts),
        ("核定高级岗位", |posts, rng| {
            posts * 18 / 100 + rng.i32(-1..3)
        }),
        ("核定中级岗位", |posts, rng| {
            posts * 42 / 100 + rng.i32(-2..4)
        }),
        ("定向岗位数", |posts, _| posts / 10),
    ];
    for (name, number) in numbers {
        let column = posts
            .iter()
            .map(|posts| {
                let n = number(*posts, rng);
                some(rng, n)
            })
            .collect();
        set(name, Column::Numbers(column));
    }
    let counties = rows.div_ceil(200).max(1);
    let area = |at: usize| AreaCode::read(&format!("15{:04}001", at % counties), &[9]);
    set(
        "行政区划代码",
        Column::Places((0..rows).map(area).collect()),
    );
    data.institutions.table = table;
    data.institutions.area = (0..rows).map(area).collect();
    data.institutions.county = (0..rows)
        .map(|at| u32::try_from(at % counties).ok())
        .collect();
    data.institutions.consortium = vec![None; rows];
    data.counties = (0..counties)
        .filter_map(|at| area(at).map(AreaCode::county))
        .collect();
    data.county_table = Table::of_rows(counties);
}

fn fill_people(
    data: &mut Data,
    facts: &Facts,
    rows: usize,
    institutions: usize,
    as_of: Month,
    rng: &mut Rng,
) {
    let mut table = Table::of_rows(rows);
    let mut employment = Vec::with_capacity(rows);
    let mut category = Vec::with_capacity(rows);
    let mut dual = Vec::with_capacity(rows);
    let mut class = Vec::with_capacity(rows);
    let mut licence = Vec::with_capacity(rows);
    let mut title = Vec::with_capacity(rows);
    let mut title_kind = Vec::with_capacity(rows);
    let mut appointed = Vec::with_capacity(rows);
    let mut manner = Vec::with_capacity(rows);
    let people = &mut data.people;
    let spells = &mut people.spells;
    let (mut kinds, mut locations, mut categories) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..rows {
        let own = [
            rng.u8(0..10) / 9 * rng.u8(0..5),
            rng.u8(0..12) / 10,
            u8::from(rng.u8(0..50) == 0),
        ];
        let ranks = [rng.u8(0..6), rng.u8(0..6)];
        let level = occupied_level(
            Employment::from_code(own[0]).expect("a code"),
            PostCategory::from_code(own[1]).expect("a code"),
            own[2] == 1,
            Rank::from_code(ranks[1]).expect("a code"),
        );
        employment.push(own[0]);
        category.push(own[1]);
        dual.push(own[2]);
        class.push(if rng.u8(0..20) == 0 {
            NO_CODE
        } else {
            rng.u8(0..JobClass::ALL.len() as u8)
        });
        licence.push(if rng.bool() { NO_CODE } else { rng.u8(0..4) });
        title.push(ranks[0]);
        title_kind.push(u8::from(rng.u8(0..40) == 0));
        appointed.push(ranks[1]);
        manner.push(if rng.u8(0..10) == 0 {
            rng.u8(0..Manner::ALL.len() as u8)
        } else {
            0
        });
        people
            .level
            .push(level.map_or(NO_LEVEL, |level| level.code()));
        people
            .retirement_class
            .push(rng.u8(0..RetirementClass::ALL.len() as u8));
        people.birth.push(as_of.index() - rng.i32(24 * 12..64 * 12));
        people
            .institution
            .push(u32::try_from(row * institutions / rows).expect("fits"));
        spells
            .first
            .push(u32::try_from(spells.start.len()).expect("fits"));
        let mut start = as_of.index() - rng.i32(1..35 * 12);
        for _ in 0..rng.u8(0..4) {
            let kind = rng.u8(0..9);
            let end = if rng.u8(0..3) == 0 {
                i32::MAX
            } else {
                start + rng.i32(0..120)
            };
            spells.start.push(start);
            spells.end.push(end);
            kinds.push(kind);
            let location = Kind::from_code(kind).and_then(Location::of_kind);
            locations.push(location.map_or(UNKNOWN_CODE, |l| l.code()));
            categories.push(rng.u8(0..10) / 9);
            start += rng.i32(0..140);
        }
    }
    spells
        .first
        .push(u32::try_from(spells.start.len()).expect("fits"));
    spells.table = Table::of_rows(spells.start.len());
    for (name, codes) in [
        ("机构类型", kinds),
        ("所在地", locations),
        ("岗位类别", categories),
    ] {
        if let Some(fact) = facts.find(Entity::Spell, name) {
            spells.table.set(fact, Column::Codes(codes));
        }
    }
    people.manner.clone_from(&manner);
    let columns = [
        ("编制情况", employment),
        ("岗位类别", category),
        ("双肩挑", dual),
        ("从事专业类别代码", class),
        ("医师执业类别代码", licence),
        ("专业技术资格", title),
        ("资格类型", title_kind),
        ("聘任级别", appointed),
        ("聘用方式", manner),
    ];
    for (name, codes) in columns {
        if let Some(fact) = facts.find(Entity::Person, name) {
            table.set(fact, Column::Codes(codes));
        }
    }
    if let Some(fact) = facts.find(Entity::Person, "资格评审地区") {
        let places = (0..rows).map(|_| match rng.u8(0..40) {
            0 => AreaCode::read("15", &[2]),
            _ => None,
        });
        table.set(fact, Column::Places(places.collect()));
    }
    people.table = table;
}
