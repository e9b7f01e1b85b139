//! The rules of the draft of seed 001 and the two national packs as one would write them
//! by hand for one evaluation: constants in the code, no plan, no trace. The floor that
//! the engine is measured against.

use dinggang::domain::ids::AreaCode;
use dinggang::domain::month::Month;
use dinggang::policy::fact::{Entity, Facts};
use dinggang::rules::data::{Column, Data, NO_LEVEL, UNKNOWN};

/// A person's results.
pub struct Person {
    pub retirement: i32,
    pub ledger: Option<u8>,
    /// 0 left out, 1 holds, 2 fails, 3 unknown, 4 judgement.
    pub verdicts: [u8; 4],
}

/// An institution's results.
#[derive(Clone, Default)]
pub struct Institution {
    pub ordinary: [i64; 3],
    held: [[i64; 5]; 3],
    physicians: i64,
    pub senior_limit: Option<i64>,
    pub vacant: [Option<i64>; 4],
    pub findings: usize,
    pub fails: usize,
}

/// Everything.
pub struct Result {
    pub people: Vec<Person>,
    pub institutions: Vec<Institution>,
}

fn codes<'a>(data: &'a Data, facts: &Facts, entity: Entity, name: &str) -> &'a [u8] {
    let fact = facts.find(entity, name).expect("a fact");
    match data.table(entity).and_then(|table| table.column(fact)) {
        Some(Column::Codes(codes)) => codes,
        _ => panic!("{name} is no column of codes"),
    }
}

fn numbers<'a>(data: &'a Data, facts: &Facts, name: &str) -> &'a [i32] {
    let fact = facts.find(Entity::Institution, name).expect("a fact");
    match data.institutions.table.column(fact) {
        Some(Column::Numbers(numbers)) => numbers,
        _ => panic!("{name} is no column of numbers"),
    }
}

/// Evaluates everybody and every institution.
pub fn evaluate(facts: &Facts, data: &Data, as_of: Month) -> Result {
    let as_of = as_of.index();
    let person = |name| codes(data, facts, Entity::Person, name);
    let (employment, category) = (person("编制情况"), person("岗位类别"));
    let (class, licence) = (person("从事专业类别代码"), person("医师执业类别代码"));
    let (title, title_kind) = (person("专业技术资格"), person("资格类型"));
    let (appointed, manner) = (person("聘任级别"), person("聘用方式"));
    let kinds = codes(data, facts, Entity::Institution, "机构类型");
    let spell = |name| codes(data, facts, Entity::Spell, name);
    let (spell_kind, spell_place, spell_category) =
        (spell("机构类型"), spell("所在地"), spell("岗位类别"));
    let title_place = facts.find(Entity::Person, "资格评审地区").expect("a fact");
    let title_places: &[Option<AreaCode>] = match data.people.table.column(title_place) {
        Some(Column::Places(places)) => places,
        _ => &[],
    };
    let people = &data.people;
    let mut institutions = vec![Institution::default(); data.institutions.table.rows];
    let mut results = Vec::with_capacity(people.len());
    for row in 0..people.len() {
        let institution = people.institution[row] as usize;
        let kind = kinds[institution];
        let own = &mut institutions[institution];
        let spells = people.spells.first[row] as usize..people.spells.first[row + 1] as usize;
        let service = |counts: &dyn Fn(usize) -> bool| -> i32 {
            if spells.is_empty() {
                return -1;
            }
            let (mut total, mut from, mut to) = (0, 0, i32::MIN);
            for at in spells.clone() {
                let start = people.spells.start[at];
                if start > as_of {
                    break;
                }
                if !counts(at) {
                    continue;
                }
                let end = people.spells.end[at].min(as_of);
                if to != i32::MIN && start <= to + 1 {
                    to = to.max(end);
                } else {
                    if to != i32::MIN {
                        total += to - from;
                    }
                    (from, to) = (start, end);
                }
            }
            if to == i32::MIN { 0 } else { total + to - from }
        };
        let primary = service(&|at| spell_kind[at] <= 1);
        let township = service(&|at| spell_place[at] == 0 && spell_category[at] == 0);
        let (original, first, every, most) = match people.retirement_class[row] {
            0 | 3 => (720, 1965 * 12, 4, 36),
            1 => (660, 1970 * 12, 4, 36),
            _ => (600, 1975 * 12, 2, 60),
        };
        let birth = people.birth[row];
        let delay = if birth < first {
            0
        } else {
            ((birth - first) / every + 1).min(most)
        };
        let retirement = birth + original + delay;
        let left = retirement - as_of;
        let level = people.level[row];
        let mut verdicts = [0; 4];
        if kind <= 1 && level != NO_LEVEL {
            verdicts[0] = match primary {
                -1 => 3,
                240.. if (0..60).contains(&left) => 1,
                _ => 2,
            };
        }
        if employment[row] == 0 && category[row] == 0 {
            if manner[row] == 2 {
                verdicts[1] = match township {
                    -1 => 3,
                    240.. if title[row] >= appointed[row] => 1,
                    _ => 2,
                };
            } else if title[row] > appointed[row] {
                verdicts[1] = match township {
                    -1 => 3,
                    240.. => 4,
                    _ => 2,
                };
            }
            if manner[row] == 1 && appointed[row] != 0 {
                verdicts[3] = if kind == 0 && title[row] >= 4 && appointed[row] >= 4 {
                    1
                } else {
                    2
                };
            }
        }
        if title_kind[row] == 1 {
            let area = data.institutions.area[institution];
            let inside = match (area, title_places[row].or(area)) {
                (Some(area), Some(outer)) => area.is_within(outer),
                _ => false,
            };
            verdicts[2] = if kind <= 3 && inside { 1 } else { 2 };
        }
        let ledger = (level != NO_LEVEL).then(|| match manner[row] {
            1 => 3,
            3 => 4,
            _ if verdicts[0] == 1 => 2,
            2 => 1,
            _ => 0,
        });
        if let Some(ledger) = ledger {
            own.held[level as usize][ledger as usize] += 1;
        }
        if class[row] <= 1 && licence[row] == 2 {
            own.physicians += 1;
        }
        results.push(Person {
            retirement,
            ledger,
            verdicts,
        });
    }
    judge(facts, data, kinds, &mut institutions);
    Result {
        people: results,
        institutions,
    }
}

fn judge(facts: &Facts, data: &Data, kinds: &[u8], institutions: &mut [Institution]) {
    let number = |name| numbers(data, facts, name);
    let flag = |name| codes(data, facts, Entity::Institution, name);
    let (sponsor, raised, directed) = (
        flag("举办主体"),
        flag("高级比例提高"),
        flag("定向评价定向使用"),
    );
    let (posts, health) = (number("专业技术岗位总数"), number("卫生类专业技术岗位数"));
    let (total, professional) = (number("编制总数"), number("专业技术编制"));
    let (senior, intermediate) = (number("核定高级岗位"), number("核定中级岗位"));
    let approved_directed = number("定向岗位数");
    let known = |n: i32| (n != UNKNOWN).then(|| i64::from(n));
    for (at, own) in institutions.iter_mut().enumerate() {
        let kind = kinds[at];
        let covered = kind != 3 && kind != 5;
        let public = sponsor[at] != 3;
        let n = known(posts[at]);
        let senior_ceiling = n.filter(|_| covered).map(|n| {
            if kind <= 1 && raised[at] == 1 {
                let h = known(health[at]).map_or(n, |h| h.min(n));
                (20 * h + 18 * (n - h)) / 100
            } else {
                18 * n / 100
            }
        });
        let intermediate_ceiling = n.filter(|_| covered).map(|n| 42 * n / 100);
        let pool = kind == 0 && directed[at] == 1;
        let directed_ceiling = n.map(|n| if pool { n / 10 } else { 0 });
        let limit = |a: Option<i64>, b: Option<i64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        own.ordinary = [own.held[0][0], own.held[1][0], own.held[2][0]];
        let counted = |level: usize| own.held[level][0] + own.held[level][1];
        own.senior_limit = limit(senior_ceiling, known(senior[at]));
        let intermediate_limit = limit(intermediate_ceiling, known(intermediate[at]));
        let junior_limit = match (n, own.senior_limit, intermediate_limit) {
            (Some(n), Some(s), Some(i)) => Some((n - s - i).max(0)),
            _ => None,
        };
        let holders: i64 = own.held.iter().map(|level| level[3]).sum();
        let directed_limit = limit(directed_ceiling, known(approved_directed[at]));
        own.vacant = [
            own.senior_limit.map(|l| (l - counted(0)).max(0)),
            intermediate_limit.map(|l| (l - counted(1)).max(0)),
            junior_limit.map(|l| (l - counted(2)).max(0)),
            directed_limit.map(|l| (l - holders).max(0)),
        ];
        let (mut findings, mut fails) = (0, 0);
        let mut judge = |applies: bool, broken: bool| {
            findings += usize::from(applies);
            fails += usize::from(applies && broken);
        };
        let station = kind == 2;
        judge(
            public && covered && !(station && n.is_none()),
            senior_ceiling.is_some_and(|c| own.ordinary[0] > c),
        );
        judge(
            public && covered && !(station && n.is_none()),
            intermediate_ceiling.is_some_and(|c| own.ordinary[1] > c),
        );
        let has_pool = match directed_ceiling {
            Some(ceiling) => ceiling > 0 || holders > 0,
            None => pool || holders > 0,
        };
        judge(
            public && has_pool,
            directed_ceiling.is_some_and(|c| holders > c),
        );
        let (base, part) = (known(total[at]), known(professional[at]));
        let blank = base.is_none() || part.is_none();
        let floor = public && kind <= 3 && !(blank && kind >= 2) && base != Some(0);
        judge(
            floor,
            !blank && part.is_some_and(|p| 100 * p < 90 * base.unwrap_or(0)),
        );
        judge(kind <= 1, own.physicians < 1);
        judge(
            public && senior[at] != UNKNOWN,
            own.ordinary[0] > i64::from(senior[at]),
        );
        judge(
            public && intermediate[at] != UNKNOWN,
            own.ordinary[1] > i64::from(intermediate[at]),
        );
        judge(
            public && approved_directed[at] != UNKNOWN,
            holders > i64::from(approved_directed[at]),
        );
        (own.findings, own.fails) = (findings, fails);
    }
}
