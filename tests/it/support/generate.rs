//! Random data sets, packed with boundaries: months of service about 240, months to
//! retirement about 0 and 60, approved numbers and totals a post above or below what is
//! held, numbers of residents at the steps of the rules, and blanks wherever a cell may
//! be blank. The strategies make drafts in relation to the month of the evaluation; the
//! register is built from them, so that a smaller draft is a smaller register.

use super::build::{area, identity, origin, sources};
use super::describe;
use crate::oracle;
use dinggang::domain::ids::AreaCode;
use dinggang::domain::institution::{ApprovedPosts, Establishment, Institution, Kind, Sponsor};
use dinggang::domain::month::Month;
use dinggang::domain::place::{Place, PlaceLevel};
use dinggang::domain::post::{Grade, Manner, PostCategory};
use dinggang::domain::register::Register;
use dinggang::domain::rural_doctor::{LabourRelation, PensionScheme, Qualification, RuralDoctor};
use dinggang::domain::service::{Location, Spell};
use dinggang::domain::staff::{
    Employment, GpTraining, History, JobClass, LicenceClass, Person, RetirementClass,
};
use dinggang::domain::title::{Rank, TitleKind};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;
use std::fmt;

/// A random data set and the month in which it is looked at.
#[derive(Clone)]
pub struct County {
    pub as_of: Month,
    pub register: Register,
}

impl fmt::Debug for County {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "as_of {}", self.as_of)?;
        describe::register(&self.register, f)
    }
}

/// Any data set.
pub fn county() -> impl Strategy<Value = County> {
    county_of(1..5, 0..9)
}

/// A data set with so many institutions and so many people at each.
pub fn county_of(
    institutions: std::ops::Range<usize>,
    staff: std::ops::Range<usize>,
) -> impl Strategy<Value = County> {
    (
        as_of(),
        vec(institution(staff), institutions),
        vec(doctor(), 0..8),
        places(),
    )
        .prop_map(|(as_of, institutions, doctors, places)| County {
            as_of,
            register: build(as_of, &institutions, &doctors, &places),
        })
}

/// A data set as a workbook can hold it: every institution stands in 机构.
pub fn listed_county() -> impl Strategy<Value = County> {
    county().prop_map(|mut county| {
        for institution in &mut county.register.institutions {
            institution.kind.get_or_insert(Kind::TownshipHealthCentre);
            institution.area.get_or_insert(area(AREAS[0]));
        }
        county
    })
}

/// Months before, within and after the years in which the retirement age rises.
fn as_of() -> impl Strategy<Value = Month> {
    select(vec!["2026-11", "2025-01", "2024-12", "2031-06", "2038-03"])
        .prop_map(|text: &str| text.parse().expect("a month"))
}

// ------------------------------------------------------------------------ people

#[derive(Clone, Debug)]
struct PersonDraft {
    man: bool,
    /// Months to retirement, as near as a birth month comes to it.
    to_retirement: i32,
    stated_class: bool,
    women_class: RetirementClass,
    employment: Employment,
    category: PostCategory,
    dual_post: bool,
    appointed: Rank,
    title: Rank,
    title_kind: TitleKind,
    title_field: Option<&'static str>,
    title_area: Option<&'static str>,
    manner: Manner,
    job_class: Option<JobClass>,
    licence_class: Option<LicenceClass>,
    gp_registered: bool,
    gp_training: GpTraining,
    preventive_post: bool,
    grade: Option<u8>,
    /// Months before the evaluation of the title and of the appointment: no filter.
    since: (Option<i32>, Option<i32>),
    history: HistoryDraft,
}

fn flag(weight: f64) -> impl Strategy<Value = bool> {
    prop::bool::weighted(weight)
}

fn to_retirement() -> impl Strategy<Value = i32> {
    prop_oneof![
        6 => select(vec![59, 60, 61, 58, 0, -1, 1, -2, 30]),
        2 => -40..420_i32,
    ]
}

fn rank() -> impl Strategy<Value = Rank> {
    prop_oneof![
        1 => Just(Rank::None),
        2 => Just(Rank::Assistant),
        3 => Just(Rank::Junior),
        4 => Just(Rank::Intermediate),
        4 => Just(Rank::AssociateSenior),
        3 => Just(Rank::Senior),
    ]
}

fn shifted(rank: Rank, by: i8) -> Rank {
    let at = i8::try_from(rank.code()).expect("small") + by;
    Rank::from_code(u8::try_from(at.clamp(0, 5)).expect("small")).expect("a rank")
}

fn person() -> impl Strategy<Value = PersonDraft> {
    let who = (
        any::<bool>(),
        to_retirement(),
        flag(0.4),
        select(vec![
            RetirementClass::Women55,
            RetirementClass::Women50,
            RetirementClass::Women60,
        ]),
        prop_oneof![
            6 => Just(Employment::Establishment),
            1 => select(Employment::ALL),
        ],
        prop_oneof![
            5 => Just(PostCategory::Professional),
            2 => Just(PostCategory::Management),
            1 => Just(PostCategory::Worker),
        ],
        flag(0.4),
    );
    let post = (
        rank(),
        select(vec![0_i8, 0, 1, 1, -1, 2, -5]),
        prop_oneof![3 => Just(TitleKind::Ordinary), 1 => Just(TitleKind::Directed)],
        option::of(select(vec!["全科医学", "内科", "中医全科", ""])),
        option::weighted(
            0.6,
            select(vec!["15", "1501", "150199", "150198", "1502", "65"]),
        ),
        prop_oneof![
            5 => Just(Manner::Ordinary),
            2 => Just(Manner::BeyondRatio),
            2 => Just(Manner::Directed),
            1 => Just(Manner::Special),
        ],
    );
    let trade = (
        option::weighted(
            0.9,
            prop_oneof![
                4 => Just(JobClass::Physician),
                2 => Just(JobClass::AssistantPhysician),
                3 => Just(JobClass::Nurse),
                3 => select(JobClass::ALL),
            ],
        ),
        option::weighted(0.8, select(LicenceClass::ALL)),
        flag(0.5),
        prop_oneof![1 => Just(GpTraining::None), 1 => select(GpTraining::ALL)],
        flag(0.25),
        option::weighted(0.4, 1_u8..=13),
        (
            option::weighted(0.3, -20..300_i32),
            option::weighted(0.3, -20..300_i32),
        ),
    );
    (who, post, trade, history()).prop_map(|(who, post, trade, history)| PersonDraft {
        man: who.0,
        to_retirement: who.1,
        stated_class: who.2,
        women_class: who.3,
        employment: who.4,
        category: who.5,
        dual_post: who.6,
        appointed: post.0,
        title: shifted(post.0, post.1),
        title_kind: post.2,
        title_field: post.3,
        title_area: post.4,
        manner: post.5,
        job_class: trade.0,
        licence_class: trade.1,
        gp_registered: trade.2,
        gp_training: trade.3,
        preventive_post: trade.4,
        grade: trade.5,
        since: trade.6,
        history,
    })
}

impl PersonDraft {
    fn build(&self, as_of: Month, number: usize, institution: usize) -> Person {
        let mut person = Person::new(
            origin(number),
            identity(as_of, self.man, number),
            format!("人{number}"),
            institution,
            self.employment,
            self.category,
        );
        person.dual_post = self.dual_post;
        person.appointed = self.appointed;
        person.title = self.title;
        person.title_kind = self.title_kind;
        person.title_field = self.title_field.map(str::to_owned);
        person.title_area = self.title_area.map(area);
        person.title_since = self.since.0.map(|months| as_of.plus(-months));
        person.appointed_since = self.since.1.map(|months| as_of.plus(-months));
        person.manner = self.manner;
        person.job_class = self.job_class;
        person.licence_class = self.licence_class;
        person.gp_registered = self.gp_registered;
        person.gp_training = self.gp_training;
        person.preventive_post = self.preventive_post;
        person.grade = self.grade.and_then(Grade::new);
        person.retirement_class = self.stated_class.then_some(if self.man {
            RetirementClass::Men60
        } else {
            self.women_class
        });
        // the class is settled by all but the birth month, which comes last
        let class = oracle::retirement_class(&person);
        let born = born(as_of, self.to_retirement, class);
        person.id = identity(born, self.man, number);
        person.history = self.history.build(as_of);
        person
    }
}

/// The latest birth month whose retirement is at most so many months away. (The schedule
/// leaves out one retirement month in five, or in three, while the age rises.)
fn born(as_of: Month, to_retirement: i32, class: RetirementClass) -> Month {
    let left = |birth: i32| {
        let retirement = oracle::retirement_month(i64::from(birth), class);
        retirement - i64::from(as_of.index())
    };
    let latest = as_of.index() + to_retirement - 50 * 12;
    let earliest = latest - 14 * 12;
    let birth = (earliest..=latest)
        .rev()
        .find(|birth| left(*birth) <= i64::from(to_retirement));
    Month::from_index(birth.unwrap_or(earliest))
}

// ----------------------------------------------------------------------- service

#[derive(Clone, Debug)]
enum HistoryDraft {
    Unknown,
    /// Spells one after the other whose months add up to about `total` when the last
    /// ends, `ends_before` months before the evaluation (or goes on).
    Chain {
        total: i32,
        ends_before: i32,
        open: bool,
        /// Latest first.
        pieces: Vec<Piece>,
        reversed: bool,
    },
    /// Spells anywhere.
    Free(Vec<FreeSpell>),
}

#[derive(Clone, Debug)]
struct Piece {
    what: SpellKind,
    length: i32,
    /// Months between the end of the spell before and this start: less than 0 overlaps,
    /// 0 touches, 1 begins in the month after, more leaves a gap.
    gap: i32,
}

#[derive(Clone, Debug)]
struct FreeSpell {
    what: SpellKind,
    /// Months before the evaluation; negative lies ahead.
    starts_before: i32,
    /// `None` goes on.
    length: Option<i32>,
}

#[derive(Clone, Copy, Debug)]
struct SpellKind {
    kind: Kind,
    /// As the cell is filled in; blank follows from the kind.
    location: Option<Location>,
    category: PostCategory,
}

fn spell_kind() -> impl Strategy<Value = SpellKind> {
    let kind = prop_oneof![
        5 => Just(Kind::TownshipHealthCentre),
        3 => Just(Kind::CommunityHealthCentre),
        1 => select(Kind::ALL),
    ];
    let category = prop_oneof![
        6 => Just(PostCategory::Professional),
        1 => select(PostCategory::ALL),
    ];
    (kind, option::weighted(0.2, select(Location::ALL)), category).prop_map(
        |(kind, location, category)| SpellKind {
            kind,
            location,
            category,
        },
    )
}

fn history() -> impl Strategy<Value = HistoryDraft> {
    let piece = (
        spell_kind(),
        select(vec![0, 1, 2, 12, 60, 119, 120, 200]),
        select(vec![0, 1, 2, -1, -30, 3, 25]),
    )
        .prop_map(|(what, length, gap)| Piece { what, length, gap });
    let free = (
        spell_kind(),
        -40..320_i32,
        option::weighted(
            0.7,
            prop_oneof![2 => 0..300_i32, 1 => select(vec![0, 1, 240])],
        ),
    )
        .prop_map(|(what, starts_before, length)| FreeSpell {
            what,
            starts_before,
            length,
        });
    let total = prop_oneof![
        4 => select(vec![240, 239, 241, 238, 242]),
        1 => 0..400_i32,
    ];
    let ends_before = prop_oneof![
        4 => Just(0),
        3 => select(vec![-1, -2, 1, 2, -24, 24, 59, 60]),
    ];
    prop_oneof![
        1 => Just(HistoryDraft::Unknown),
        6 => (total, ends_before, flag(0.5), vec(piece, 1..5), flag(0.2)).prop_map(
            |(total, ends_before, open, pieces, reversed)| HistoryDraft::Chain {
                total,
                ends_before,
                open,
                pieces,
                reversed,
            }
        ),
        2 => vec(free, 0..5).prop_map(HistoryDraft::Free),
    ]
}

impl HistoryDraft {
    fn build(&self, as_of: Month) -> History {
        match self {
            Self::Unknown => History::Unknown,
            Self::Free(spells) => {
                let spells = spells.iter().map(|free| {
                    let start = as_of.plus(-free.starts_before);
                    free.what.spell(start, free.length.map(|n| start.plus(n)))
                });
                History::Spells(spells.collect())
            }
            Self::Chain {
                total,
                ends_before,
                open,
                pieces,
                reversed,
            } => {
                let mut spells = Vec::new();
                let mut left = *total;
                let mut end = as_of.plus(-ends_before);
                for (at, piece) in pieces.iter().enumerate() {
                    // the oldest spell takes what is left of the total
                    let last = at + 1 == pieces.len();
                    let length = if last { left } else { piece.length }.max(0);
                    let start = end.plus(-length);
                    let goes_on = at == 0 && *open && *ends_before >= 0;
                    spells.push(piece.what.spell(start, (!goes_on).then_some(end)));
                    // overlaps count once, the month between two spells is joined
                    left -= length + piece.gap.clamp(-length, 0) + i32::from(piece.gap == 1);
                    end = start.plus(-piece.gap);
                }
                if !reversed {
                    spells.reverse();
                }
                History::Spells(spells)
            }
        }
    }
}

impl SpellKind {
    fn spell(self, start: Month, end: Option<Month>) -> Spell {
        Spell {
            origin: origin(0),
            start,
            end,
            employer: "示例".to_owned(),
            kind: self.kind,
            location: self.location.or(Location::of_kind(self.kind)),
            category: self.category,
        }
    }
}

// ------------------------------------------------------------------ institutions

/// A number that stands in some relation to what it will be held against.
#[derive(Clone, Copy, Debug)]
enum Number {
    Blank,
    Fixed(u32),
    /// So many more than would just do.
    Near(i64),
}

impl Number {
    fn build(self, just_enough: i64) -> Option<u32> {
        match self {
            Self::Blank => None,
            Self::Fixed(number) => Some(number),
            Self::Near(more) => Some(u32::try_from((just_enough + more).max(0)).expect("few")),
        }
    }
}

fn number(most: u32) -> impl Strategy<Value = Number> {
    prop_oneof![
        1 => Just(Number::Blank),
        2 => (0..=most).prop_map(Number::Fixed),
        4 => select(vec![0, -1, 1]).prop_map(Number::Near),
    ]
}

/// What the number of professional posts is just enough for.
#[derive(Clone, Copy, Debug)]
enum Tight {
    Senior,
    RaisedSenior,
    Intermediate,
    Directed,
}

#[derive(Clone, Debug)]
struct InstitutionDraft {
    /// Only the statistics export names it.
    exported: bool,
    kind: Kind,
    sponsor: Sponsor,
    area: &'static str,
    consortium: Option<&'static str>,
    posts: Number,
    tight: Tight,
    /// `None` blank, else so many parts in four of the posts.
    health_quarters: Option<u32>,
    approved: (Number, Number, Number, Number),
    raised: bool,
    directed_evaluation: bool,
    establishment: Number,
    professional_establishment: Number,
    /// `None` blank, else thousands of residents and what is added to them.
    residents: Option<(u32, i64)>,
    beds: Number,
    rehabilitation_beds: Option<u32>,
    staff: Vec<PersonDraft>,
}

/// Where institutions, doctors and places may lie.
const AREAS: [&str; 9] = [
    "150199001",
    "150199002",
    "150199001000",
    "150199001001",
    "150199",
    "150198001",
    "150198001002",
    "150198",
    "650102003",
];

fn institution(staff: std::ops::Range<usize>) -> impl Strategy<Value = InstitutionDraft> {
    let what = (
        flag(0.06),
        prop_oneof![
            4 => Just(Kind::TownshipHealthCentre),
            4 => Just(Kind::CommunityHealthCentre),
            3 => select(Kind::ALL),
        ],
        prop_oneof![4 => Just(Sponsor::Government), 1 => select(Sponsor::ALL)],
        select(AREAS.to_vec()),
        option::weighted(0.5, select(vec!["甲", "乙"])),
    );
    let posts = (
        number(60),
        select(vec![
            Tight::Senior,
            Tight::RaisedSenior,
            Tight::Intermediate,
            Tight::Directed,
        ]),
        option::weighted(0.6, 0_u32..=4),
        (number(6), number(6), number(6), number(3)),
        flag(0.5),
        flag(0.6),
    );
    let rest = (
        number(60),
        number(60),
        option::weighted(0.8, (0_u32..=12, select(vec![0_i64, -1, 1, 500]))),
        prop_oneof![3 => number(60), 1 => select(vec![50, 51, 49]).prop_map(Number::Fixed)],
        option::weighted(0.7, select(vec![0, 4, 5, 9, 10, 15])),
    );
    (what, posts, rest, vec(person(), staff)).prop_map(|(what, posts, rest, staff)| {
        InstitutionDraft {
            exported: what.0,
            kind: what.1,
            sponsor: what.2,
            area: what.3,
            consortium: what.4,
            posts: posts.0,
            tight: posts.1,
            health_quarters: posts.2,
            approved: posts.3,
            raised: posts.4,
            directed_evaluation: posts.5,
            establishment: rest.0,
            professional_establishment: rest.1,
            residents: rest.2,
            beds: rest.3,
            rehabilitation_beds: rest.4,
            staff,
        }
    })
}

impl InstitutionDraft {
    fn build(&self, at: usize, people: &[Person]) -> Institution {
        let mut institution = Institution::named(origin(at), format!("J{at}"), format!("机构{at}"));
        if self.exported {
            return institution;
        }
        let count = |who: &dyn Fn(&Person) -> bool| -> i64 {
            let own = people.iter().filter(|p| p.institution == at && who(p));
            i64::try_from(own.count()).expect("few")
        };
        let held = |ranks: &[Rank]| {
            count(&|p: &Person| {
                let ordinary = matches!(p.manner, Manner::Ordinary | Manner::BeyondRatio);
                ordinary
                    && p.employment == Employment::Establishment
                    && ranks.contains(&p.appointed)
            })
        };
        let senior = held(&[Rank::Senior, Rank::AssociateSenior]);
        let intermediate = held(&[Rank::Intermediate]);
        let junior = held(&[Rank::Junior, Rank::Assistant]);
        let directed = count(&|p: &Person| p.manner == Manner::Directed);
        let support = count(&|p: &Person| {
            p.employment == Employment::Establishment
                && matches!(
                    p.job_class.map(JobClass::label),
                    Some("31" | "32" | "41" | "70" | "80")
                )
        });
        let posts = self.posts.build(match self.tight {
            Tight::Senior => up(100 * senior, 18),
            Tight::RaisedSenior => up(100 * senior, 20),
            Tight::Intermediate => up(100 * intermediate, 42),
            Tight::Directed => 10 * directed,
        });
        let total = self.establishment.build(20 * support);
        let residents = self.residents.map(|(thousands, more)| {
            u32::try_from((i64::from(thousands) * 1000 + more).max(0)).expect("few")
        });
        // at most 6 beds for 10 000 residents, at least 3
        let per_10_000 = if at.is_multiple_of(2) { 6 } else { 3 };
        let beds = self.beds.build(match per_10_000 {
            6 => i64::from(residents.unwrap_or(0)) * 6 / 10_000,
            _ => up(i64::from(residents.unwrap_or(0)) * 3, 10_000),
        });
        institution.kind = Some(self.kind);
        institution.sponsor = self.sponsor;
        institution.area = Some(area(self.area));
        institution.consortium = self.consortium.map(str::to_owned);
        institution.service_population = residents;
        institution.beds = beds;
        institution.rehabilitation_beds = self.rehabilitation_beds;
        institution.establishment = Establishment {
            total,
            professional: self
                .professional_establishment
                .build(up(i64::from(total.unwrap_or(20)) * 9, 10)),
            management: None,
            worker: None,
        };
        institution.posts = ApprovedPosts {
            professional: posts,
            health: self
                .health_quarters
                .map(|quarters| posts.unwrap_or(40) * quarters / 4),
            senior: self.approved.0.build(senior),
            intermediate: self.approved.1.build(intermediate),
            junior: self.approved.2.build(junior),
            directed: self.approved.3.build(directed),
        };
        institution.raised_senior_ratio = self.raised;
        institution.directed_evaluation = self.directed_evaluation;
        institution
    }
}

/// ⌈a / b⌉
fn up(a: i64, b: i64) -> i64 {
    (a + b - 1).div_euclid(b)
}

// ------------------------------------------------- rural doctors, places, the county

#[derive(Clone, Debug)]
struct DoctorDraft {
    /// Months of age.
    age: i32,
    man: bool,
    area: &'static str,
    qualification: Qualification,
    labour_relation: LabourRelation,
    on_establishment: bool,
    pension: Option<PensionScheme>,
}

fn doctor() -> impl Strategy<Value = DoctorDraft> {
    (
        select(vec![720, 719, 721, 400, 800]),
        any::<bool>(),
        prop_oneof![3 => Just("150199001001"), 1 => select(AREAS.to_vec())],
        select(Qualification::ALL),
        select(LabourRelation::ALL),
        flag(0.2),
        option::weighted(0.7, select(PensionScheme::ALL)),
    )
        .prop_map(
            |(age, man, area, qualification, labour_relation, on_establishment, pension)| {
                DoctorDraft {
                    age,
                    man,
                    area,
                    qualification,
                    labour_relation,
                    on_establishment,
                    pension,
                }
            },
        )
}

#[derive(Clone, Debug)]
struct PlaceDraft {
    code: &'static str,
    level: PlaceLevel,
    /// `None` blank, else residents at the steps of the rules, or near what the general
    /// practitioners of the county are just enough for.
    residents: Option<Residents>,
    /// Months since the last review.
    reviewed: Option<i32>,
}

#[derive(Clone, Copy, Debug)]
enum Residents {
    Step(u32),
    Dense(i64),
}

fn places() -> impl Strategy<Value = Vec<PlaceDraft>> {
    let place = (
        select(AREAS.to_vec()),
        prop_oneof![
            4 => Just(PlaceLevel::Street),
            3 => Just(PlaceLevel::County),
            2 => select(PlaceLevel::ALL),
        ],
        option::weighted(
            0.8,
            prop_oneof![
                2 => select(vec![
                    100_000, 100_001, 149_999, 150_000, 150_001, 199_999, 200_000, 20_000, 0,
                ])
                .prop_map(Residents::Step),
                1 => select(vec![0, 1, -1, 4999]).prop_map(Residents::Dense),
            ],
        ),
        option::weighted(0.8, select(vec![60, 61, 59, 62, 0, -5])),
    )
        .prop_map(|(code, level, residents, reviewed)| PlaceDraft {
            code,
            level,
            residents,
            reviewed,
        });
    vec(place, 0..7)
}

fn build(
    as_of: Month,
    institutions: &[InstitutionDraft],
    doctors: &[DoctorDraft],
    places: &[PlaceDraft],
) -> Register {
    let mut people = Vec::new();
    for (at, institution) in institutions.iter().enumerate() {
        for draft in &institution.staff {
            people.push(draft.build(as_of, people.len(), at));
        }
    }
    let institutions: Vec<Institution> = institutions
        .iter()
        .enumerate()
        .map(|(at, draft)| draft.build(at, &people))
        .collect();
    let general = |county: AreaCode| {
        let here = |p: &Person| {
            let area = institutions[p.institution].area;
            area.is_some_and(|area| area.county() == county)
        };
        let physician = |p: &Person| matches!(p.job_class.map(JobClass::label), Some("11" | "12"));
        let general = people
            .iter()
            .filter(|p| here(p) && physician(p) && p.gp_registered);
        i64::try_from(general.count()).expect("few")
    };
    let doctors = doctors.iter().enumerate().map(|(at, draft)| RuralDoctor {
        origin: origin(at),
        id: identity(as_of.plus(-draft.age), draft.man, at),
        name: format!("乡医{at}"),
        area: area(draft.area),
        clinic: None,
        qualification: draft.qualification,
        labour_relation: draft.labour_relation,
        on_establishment: draft.on_establishment,
        pension: draft.pension,
    });
    Register {
        sources: sources(),
        rural_doctors: doctors.collect(),
        places: build_places(as_of, places, general),
        institutions,
        people,
    }
}

/// Codes stand once (the reader sees to it), and a county has one row of its own.
fn build_places(
    as_of: Month,
    drafts: &[PlaceDraft],
    general_practitioners: impl Fn(AreaCode) -> i64,
) -> Vec<Place> {
    let mut codes = BTreeSet::new();
    let mut counties = BTreeSet::new();
    let mut places = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let code = area(draft.code);
        let second_county = draft.level == PlaceLevel::County && !counties.insert(code.county());
        if second_county || !codes.insert(code) {
            continue;
        }
        let residents = draft.residents.map(|residents| match residents {
            Residents::Step(number) => number,
            Residents::Dense(more) => {
                let just = 5000 * general_practitioners(code.county());
                u32::try_from((just + more).max(0)).expect("few")
            }
        });
        places.push(Place {
            origin: origin(at),
            code,
            name: format!("地{at}"),
            level: draft.level,
            parent: None,
            residents,
            establishment_reviewed: draft.reviewed.map(|months| as_of.plus(-months)),
        });
    }
    places
}
