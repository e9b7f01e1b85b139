//! CONTRACT sections 3 and 5 a second time: one person, one institution, one place at a
//! time, straight from the text. It shares nothing with the engine but the nouns of the
//! data set; every function stands under the sentence that it puts into effect.
//!
//! Slow and plain on purpose. Months are integers, people are asked by name, nothing is
//! remembered from one question to the next.

use crate::support::answer::{
    Answer, DoctorAnswer, Finding, InstitutionAnswer, PersonAnswer, Posts, Standing,
};
use dinggang::domain::institution::{Institution, Kind, Sponsor};
use dinggang::domain::month::Month;
use dinggang::domain::place::{Place, PlaceLevel};
use dinggang::domain::post::{Manner, PostCategory};
use dinggang::domain::register::Register;
use dinggang::domain::rural_doctor::{LabourRelation, PensionScheme, Qualification, RuralDoctor};
use dinggang::domain::service::{Location, Spell};
use dinggang::domain::staff::{
    Employment, GpTraining, History, JobClass, LicenceClass, Person, RetirementClass,
};
use dinggang::domain::title::{Rank, TitleKind};
use std::collections::BTreeMap;

pub const INNER_MONGOLIA: &str = "inner-mongolia/primary-care-draft";
pub const XINJIANG: &str = "xinjiang/community-health-2016";
pub const PUBLIC_INSTITUTIONS: &str = "national/public-institutions-2014";
pub const RETIREMENT: &str = "national/retirement-2024";

/// "Rules that outside checks compare" (section 5).
pub const COMPARED: [(&str, &str); 23] = [
    (PUBLIC_INSTITUTIONS, "approved-posts"),
    (INNER_MONGOLIA, "senior-cap"),
    (INNER_MONGOLIA, "intermediate-cap"),
    (INNER_MONGOLIA, "directed-posts"),
    (INNER_MONGOLIA, "professional-floor"),
    (INNER_MONGOLIA, "public-health-physician"),
    (INNER_MONGOLIA, "twenty-years-near-retirement"),
    (INNER_MONGOLIA, "twenty-years-promoted"),
    (INNER_MONGOLIA, "directed-title-scope"),
    (INNER_MONGOLIA, "directed-post-holder"),
    (INNER_MONGOLIA, "establishment-review"),
    (INNER_MONGOLIA, "rural-doctor-licensed"),
    (INNER_MONGOLIA, "centre-coverage"),
    (INNER_MONGOLIA, "rural-doctor-pension"),
    (XINJIANG, "staff-per-3000"),
    (XINJIANG, "rehab-bed-staff"),
    (XINJIANG, "support-cap"),
    (XINJIANG, "tcm-physician"),
    (XINJIANG, "beds-per-1000"),
    (XINJIANG, "beds-maximum"),
    (XINJIANG, "gp-registration"),
    (XINJIANG, "gp-density"),
    (RETIREMENT, "statutory-age"),
];

const HOLDS: &str = "holds";
const FAILS: &str = "fails";
const UNKNOWN: &str = "unknown";
const JUDGEMENT: &str = "judgement";
const MUST: &str = "must";

fn holds_if(true_of_it: bool) -> &'static str {
    if true_of_it { HOLDS } else { FAILS }
}

/// Everything the contract says about a data set under some policies in some month.
pub fn answer(register: &Register, policies: &[&str], as_of: Month) -> Answer {
    let county = CountyOffice {
        register,
        inner_mongolia: policies.contains(&INNER_MONGOLIA),
        xinjiang: policies.contains(&XINJIANG),
        as_of: number_of(as_of),
    };
    Answer {
        institutions: register
            .institutions
            .iter()
            .enumerate()
            .map(|(at, i)| (i.code.clone(), county.institution(at, i)))
            .collect(),
        areas: areas(register)
            .into_iter()
            .map(|code| (code.clone(), county.area(&code)))
            .collect(),
        consortia: BTreeMap::new(),
        people: register
            .people
            .iter()
            .map(|p| (p.id.as_str().to_owned(), county.person(p)))
            .collect(),
        rural_doctors: register
            .rural_doctors
            .iter()
            .map(|d| (d.id.as_str().to_owned(), county.rural_doctor(d)))
            .collect(),
    }
}

/// "`area` is the first six digits; `areas` lists each in the order of first appearance
/// in 机构, then 乡村医生, then 区域."
pub fn areas(register: &Register) -> Vec<String> {
    let institutions = register.institutions.iter().filter_map(|i| i.area);
    let doctors = register.rural_doctors.iter().map(|d| d.area);
    let places = register.places.iter().map(|p| p.code);
    let mut areas: Vec<String> = Vec::new();
    for code in institutions.chain(doctors).chain(places) {
        let area = first_six(&code.to_string());
        if !areas.contains(&area) {
            areas.push(area);
        }
    }
    areas
}

// ------------------------------------------------------------------------- months

/// "Months are integers: `year*12 + month-1`."
fn number_of(month: Month) -> i64 {
    i64::from(month.year()) * 12 + i64::from(month.month()) - 1
}

fn written(month: i64) -> String {
    format!(
        "{:04}-{:02}",
        month.div_euclid(12),
        month.rem_euclid(12) + 1
    )
}

/// "birth month (from the ID number)": digits 7 to 12.
fn birth_month(id: &str) -> i64 {
    let year: i64 = id[6..10].parse().expect("digits");
    let month: i64 = id[10..12].parse().expect("digits");
    year * 12 + month - 1
}

/// Digit 17 is odd for men (notes.md 5.4).
fn is_man(id: &str) -> bool {
    let digit: u32 = id[16..17].parse().expect("a digit");
    digit % 2 == 1
}

/// "A spell from month a to month b counts b − a months (open spells end at `as_of`;
/// later parts are cut off). Spells that count for the same purpose are merged when they
/// overlap, touch, or the next begins in the month after the last ended (clerks write
/// either), and then added."
///
/// As a set: a spell from a to b is the months a … b − 1. A month in which one spell ended
/// and after which another begins belongs to it too.
fn months_of_service(spells: &[&Spell], up_to: i64) -> i64 {
    let mut served: Vec<i64> = Vec::new();
    let mut bounds: Vec<(i64, i64)> = Vec::new();
    for spell in spells {
        let start = number_of(spell.start);
        let end = spell.end.map_or(up_to, number_of).min(up_to);
        if start > up_to {
            continue;
        }
        served.extend(start..end);
        bounds.push((start, end));
    }
    for (_, end) in &bounds {
        if bounds.iter().any(|(start, _)| *start == end + 1) {
            served.push(*end);
        }
    }
    served.sort_unstable();
    served.dedup();
    i64::try_from(served.len()).expect("few")
}

/// notes.md 3.1: "With i = months from the start month to the birth month (0-based):
/// men / women55: delay = min(floor(i/4)+1, 36); women50: delay = min(floor(i/2)+1, 60);
/// i<0 -> 0. retirement month = birth month + (original age x 12 + delay) months."
/// "Start birth months: men 1965-01, women(55) 1970-01, women(50) 1975-01."
/// "女60 (men's schedule)" (section 3).
pub fn retirement_month(birth: i64, class: RetirementClass) -> i64 {
    let (start_year, age, every, most) = match class {
        RetirementClass::Men60 | RetirementClass::Women60 => (1965, 60, 4, 36),
        RetirementClass::Women55 => (1970, 55, 4, 36),
        RetirementClass::Women50 => (1975, 50, 2, 60),
    };
    let i = birth - start_year * 12;
    let delay = if i < 0 { 0 } else { (i / every + 1).min(most) };
    birth + age * 12 + delay
}

/// "Category when blank: man → 男60; woman with 聘任级别 正高/副高 → 女60 (men's
/// schedule); other woman with 岗位类别 工勤技能 → 女50, else 女55."
pub fn retirement_class(person: &Person) -> RetirementClass {
    if let Some(stated) = person.retirement_class {
        return stated;
    }
    if is_man(person.id.as_str()) {
        RetirementClass::Men60
    } else if is_senior(person.appointed) {
        RetirementClass::Women60
    } else if person.category == PostCategory::Worker {
        RetirementClass::Women50
    } else {
        RetirementClass::Women55
    }
}

// -------------------------------------------------------------------------- words

/// "无/未聘 < 士级 < 师级 < 中级 < 副高 < 正高"
pub fn height(rank: Rank) -> u8 {
    match rank {
        Rank::None => 0,
        Rank::Assistant => 1,
        Rank::Junior => 2,
        Rank::Intermediate => 3,
        Rank::AssociateSenior => 4,
        Rank::Senior => 5,
    }
}

fn is_senior(rank: Rank) -> bool {
    matches!(rank, Rank::Senior | Rank::AssociateSenior)
}

/// "Level: senior = 正高, 副高; intermediate = 中级; junior = 师级, 士级."
fn level(appointed: Rank) -> Option<&'static str> {
    match appointed {
        Rank::Senior | Rank::AssociateSenior => Some("senior"),
        Rank::Intermediate => Some("intermediate"),
        Rank::Junior | Rank::Assistant => Some("junior"),
        Rank::None => None,
    }
}

/// 编内 专业技术, "literal: 双肩挑 heads occupy posts but have no standing there".
fn professional_on_establishment(person: &Person) -> bool {
    person.employment == Employment::Establishment && person.category == PostCategory::Professional
}

/// "Only 编内 people with 岗位类别 专业技术 (or 管理 with 双肩挑 = 是) and 聘任级别 other
/// than 未聘/blank occupy professional posts".
pub fn occupies_a_post(person: &Person) -> bool {
    let head = person.category == PostCategory::Management && person.dual_post;
    person.employment == Employment::Establishment
        && (person.category == PostCategory::Professional || head)
        && person.appointed != Rank::None
}

/// Class 11/12.
fn is_physician(person: &Person) -> bool {
    matches!(
        person.job_class,
        Some(JobClass::Physician | JobClass::AssistantPhysician)
    )
}

/// "全科医师 (class 11/12 with 全科注册 是)"
fn is_general_practitioner(person: &Person) -> bool {
    is_physician(person) && person.gp_registered
}

/// "预防保健人员 (预防保健岗 = 是, or class 11/12 with 执业类别 3; not already 全科医师)"
fn is_preventive(person: &Person) -> bool {
    let public_health =
        is_physician(person) && person.licence_class == Some(LicenceClass::PublicHealth);
    (person.preventive_post || public_health) && !is_general_practitioner(person)
}

fn is_centre(kind: Option<Kind>) -> bool {
    kind == Some(Kind::CommunityHealthCentre)
}

/// 乡镇卫生院 or 社区卫生服务中心.
fn is_health_centre(kind: Option<Kind>) -> bool {
    kind == Some(Kind::TownshipHealthCentre) || is_centre(kind)
}

/// 乡镇卫生院, 社区卫生服务中心/站, 村卫生室.
fn is_primary(kind: Option<Kind>) -> bool {
    is_health_centre(kind)
        || kind == Some(Kind::CommunityHealthStation)
        || kind == Some(Kind::VillageClinic)
}

/// "`professional-floor`, `senior-cap`, `intermediate-cap`, `directed-posts` and
/// `approved-posts` leave out institutions whose 举办主体 is 社会力量."
fn is_run_by_society(institution: &Institution) -> bool {
    institution.sponsor == Sponsor::Society
}

fn first_six(code: &str) -> String {
    code[..6].to_owned()
}

/// "(a 12-digit code that ends in 000 counts as its first nine digits)"
fn as_first_nine(code: &str) -> &str {
    if code.len() == 12 && code.ends_with("000") {
        &code[..9]
    } else {
        code
    }
}

fn int(number: u32) -> i64 {
    i64::from(number)
}

fn given(number: Option<u32>) -> Option<i64> {
    number.map(int)
}

// ----------------------------------------------------------------- the whole county

struct CountyOffice<'a> {
    register: &'a Register,
    inner_mongolia: bool,
    xinjiang: bool,
    as_of: i64,
}

/// Collects findings of one subject.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    #[expect(clippy::too_many_arguments, reason = "one for each column compared")]
    fn add(
        &mut self,
        policy: &str,
        rule: &str,
        subject: Option<&str>,
        force: &'static str,
        verdict: &'static str,
        counted: Option<i64>,
        base: Option<i64>,
        needed: Option<i64>,
    ) {
        self.0.push(Finding {
            policy: policy.to_owned(),
            rule: rule.to_owned(),
            subject: subject.map(str::to_owned),
            force,
            verdict,
            counted,
            base,
            needed,
        });
    }
}

impl CountyOffice<'_> {
    fn institution_of(&self, person: &Person) -> &Institution {
        &self.register.institutions[person.institution]
    }

    fn staff(&self, at: usize) -> Vec<&Person> {
        let people = self.register.people.iter();
        people.filter(|p| p.institution == at).collect()
    }

    // ------------------------------------------------------------------ one person

    fn person(&self, person: &Person) -> PersonAnswer {
        let retirement = self.retirement(person);
        let mut standings = BTreeMap::new();
        let mut add = |policy: &str, rule: &str, standing: Option<Standing>| {
            if let Some(standing) = standing {
                standings.insert((policy.to_owned(), rule.to_owned()), standing);
            }
        };
        if self.inner_mongolia {
            let near = self.twenty_years_near_retirement(person);
            let near = near.map(|verdict| self.with_window(person, verdict));
            add(INNER_MONGOLIA, "twenty-years-near-retirement", near);
            for (rule, verdict) in [
                ("twenty-years-promoted", self.twenty_years_promoted(person)),
                ("directed-title-scope", self.directed_title_scope(person)),
                ("directed-post-holder", self.directed_post_holder(person)),
            ] {
                add(INNER_MONGOLIA, rule, verdict.map(without_window));
            }
        }
        if self.xinjiang {
            let verdict = self.gp_registration(person);
            add(XINJIANG, "gp-registration", verdict.map(without_window));
        }
        PersonAnswer {
            retirement: written(retirement),
            months_to_retirement: retirement - self.as_of,
            primary_service_months: primary_service(person, self.as_of),
            township_service_months: township_service(person, self.as_of),
            ledger: self.ledger(person),
            standings,
        }
    }

    /// "statutory retirement month: birth month (from the ID number) + original age + delay"
    fn retirement(&self, person: &Person) -> i64 {
        retirement_month(birth_month(person.id.as_str()), retirement_class(person))
    }

    /// "`months_to_retirement` = retirement month − as_of, negative when past."
    fn months_to_retirement(&self, person: &Person) -> i64 {
        self.retirement(person) - self.as_of
    }

    /// "off quota (twenty-years-near-retirement) … is a standing of those who occupy a
    /// professional post in a 乡镇卫生院 or 社区卫生服务中心: `holds` when primary service
    /// ≥ 240 and 0 ≤ months_to_retirement < 60, else `fails`; service null → `unknown`."
    /// "alone, [the export's] institutions have no kind and what needs it is `unknown`"
    fn twenty_years_near_retirement(&self, person: &Person) -> Option<&'static str> {
        if !occupies_a_post(person) {
            return None;
        }
        let kind = self.institution_of(person).kind;
        if kind.is_some() && !is_health_centre(kind) {
            return None;
        }
        let service = primary_service(person, self.as_of);
        let (Some(service), Some(_)) = (service, kind) else {
            return Some(UNKNOWN);
        };
        let near = (0..60).contains(&self.months_to_retirement(person));
        Some(holds_if(service >= 240 && near))
    }

    /// "`from` = the first month m, past or future with open spells going on and closed
    /// ones to their end, in which service up to m ≥ 240 and 0 ≤ retirement − m < 60;
    /// `until` = the retirement month, which still holds; both null when there is no such m."
    fn first_month_off_quota(&self, person: &Person) -> Option<i64> {
        let retirement = self.retirement(person);
        let long_enough =
            |m: &i64| primary_service(person, *m).is_some_and(|service| service >= 240);
        if !long_enough(&retirement) {
            return None; // it only grows
        }
        (retirement - 59..=retirement).find(long_enough)
    }

    fn with_window(&self, person: &Person, verdict: &'static str) -> Standing {
        if verdict == UNKNOWN {
            return without_window(verdict);
        }
        let first = self.first_month_off_quota(person);
        Standing {
            verdict,
            from: first.map(written),
            until: first.map(|_| written(self.retirement(person))),
        }
    }

    /// "Each of them stands in exactly one ledger, tested in this order: 聘用方式 定向 →
    /// `directed`; 特设 → `special`; off quota holds → `off_quota`; 超比例 →
    /// `beyond_ratio`; else `ordinary`." "all others have ledger null"; "[off quota] exists
    /// only when a loaded policy grants it … otherwise the next ledger in the order applies".
    fn ledger(&self, person: &Person) -> Option<&'static str> {
        if !occupies_a_post(person) {
            return None;
        }
        if person.manner == Manner::Directed {
            return Some("directed");
        }
        if person.manner == Manner::Special {
            return Some("special");
        }
        if self.inner_mongolia && self.twenty_years_near_retirement(person) == Some(HOLDS) {
            return Some("off_quota");
        }
        if person.manner == Manner::BeyondRatio {
            return Some("beyond_ratio");
        }
        Some("ordinary")
    }

    /// "`twenty-years-promoted`: for 编内 专业技术 with 聘用方式 超比例, `holds` when
    /// township service ≥ 240 and 专业技术资格 is not below 聘任级别, else `fails`; for
    /// others whose 专业技术资格 is above their 聘任级别 …, 编内 专业技术: `judgement`
    /// (优秀) when township service ≥ 240, else `fails`; service null → `unknown`; all
    /// others left out."
    fn twenty_years_promoted(&self, person: &Person) -> Option<&'static str> {
        if !professional_on_establishment(person) {
            return None;
        }
        let (title, appointed) = (height(person.title), height(person.appointed));
        let service = township_service(person, self.as_of);
        if person.manner == Manner::BeyondRatio {
            return Some(service.map_or(UNKNOWN, |months| {
                holds_if(months >= 240 && title >= appointed)
            }));
        }
        if title <= appointed {
            return None;
        }
        Some(match service {
            None => UNKNOWN,
            Some(months) if months >= 240 => JUDGEMENT,
            Some(_) => FAILS,
        })
    }

    /// "`directed-title-scope`: people with 资格类型 基层定向: `holds` in 乡镇卫生院,
    /// 社区卫生服务中心/站, 村卫生室 whose area begins with 资格评审地区 (blank = same
    /// area, a reading), else `fails`."
    fn directed_title_scope(&self, person: &Person) -> Option<&'static str> {
        if person.title_kind != TitleKind::Directed {
            return None;
        }
        let institution = self.institution_of(person);
        let Some(area) = institution.area else {
            return Some(UNKNOWN);
        };
        let area = area.to_string();
        let assessed = person.title_area.map(|a| a.to_string());
        let inside = area.starts_with(&assessed.unwrap_or(area.clone()));
        Some(holds_if(is_primary(institution.kind) && inside))
    }

    /// "`directed-post-holder`: 编内 专业技术 with 聘用方式 定向 and a 聘任级别: `holds` in
    /// a 乡镇卫生院 when both 专业技术资格 and 聘任级别 are 副高 or 正高, else `fails`."
    fn directed_post_holder(&self, person: &Person) -> Option<&'static str> {
        let holder = professional_on_establishment(person)
            && person.manner == Manner::Directed
            && person.appointed != Rank::None;
        if !holder {
            return None;
        }
        Some(match self.institution_of(person).kind {
            None => UNKNOWN,
            Some(kind) => holds_if(
                kind == Kind::TownshipHealthCentre
                    && is_senior(person.title)
                    && is_senior(person.appointed),
            ),
        })
    }

    /// "`gp-registration` (people; also 社区卫生服务站): class 11/12 with 执业类别 1 or 4
    /// and either 全科培训 规培, 转岗 or 岗位, or 专业技术资格 中级 or above with 资格专业
    /// containing 全科: `holds` when 全科注册 = 是, else `fails`."
    fn gp_registration(&self, person: &Person) -> Option<&'static str> {
        let kind = self.institution_of(person).kind;
        let community = is_centre(kind) || kind == Some(Kind::CommunityHealthStation);
        if kind.is_some() && !community {
            return None;
        }
        let clinical = matches!(
            person.licence_class,
            Some(LicenceClass::Clinical | LicenceClass::Traditional)
        );
        let trained = person.gp_training != GpTraining::None;
        let field = person.title_field.as_deref().unwrap_or("");
        let titled = height(person.title) >= height(Rank::Intermediate) && field.contains("全科");
        if !is_physician(person) || !clinical || !(trained || titled) {
            return None;
        }
        Some(match kind {
            None => UNKNOWN,
            Some(_) => holds_if(person.gp_registered),
        })
    }

    // ------------------------------------------------------------- one institution

    fn institution(&self, at: usize, institution: &Institution) -> InstitutionAnswer {
        let posts = self.posts(at, institution);
        let mut findings = Findings::default();
        self.approved_posts(institution, &posts, &mut findings);
        if self.inner_mongolia {
            self.caps(institution, &posts, &mut findings);
            self.directed_posts(institution, &posts, &mut findings);
            professional_floor(institution, &mut findings);
            self.public_health_physician(at, institution, &mut findings);
        }
        if self.xinjiang && (institution.kind.is_none() || is_centre(institution.kind)) {
            self.centre(at, institution, &mut findings);
        }
        InstitutionAnswer {
            professional: given(institution.posts.professional),
            posts,
            findings: findings.0,
        }
    }

    /// Level and ledger of everybody who holds a post at an institution.
    fn holders(&self, at: usize) -> Vec<(&'static str, &'static str)> {
        let staff = self.staff(at).into_iter();
        staff
            .filter_map(|p| Some((level(p.appointed)?, self.ledger(p)?)))
            .collect()
    }

    /// "senior ceiling = ⌊18 N/100⌋, or, where the kind is 乡镇卫生院/社区卫生服务中心 and
    /// 高级比例提高 = 是, ⌊(20 H + 18 (N − H))/100⌋ with H = 卫生类专业技术岗位数, blank = N
    /// …; intermediate ceiling = ⌊42 N/100⌋". "Ceilings are null where no loaded policy has
    /// such a rule or N is blank, the senior and intermediate ones also where the rule does
    /// not cover the kind": "not for 城市医院, 村卫生室; 社区卫生服务站 only where N is given".
    fn ceiling(&self, institution: &Institution, level: &str) -> Option<i64> {
        let n = given(institution.posts.professional)?;
        let covered = !matches!(
            institution.kind,
            None | Some(Kind::CityHospital | Kind::VillageClinic)
        );
        if !self.inner_mongolia || !covered {
            return None;
        }
        match level {
            "senior" if is_health_centre(institution.kind) && institution.raised_senior_ratio => {
                let h = given(institution.posts.health).unwrap_or(n);
                Some((20 * h + 18 * (n - h)) / 100)
            }
            "senior" => Some(18 * n / 100),
            "intermediate" => Some(42 * n / 100),
            _ => None,
        }
    }

    /// "directed ceiling = ⌊10 N/100⌋ for a 乡镇卫生院 with 定向评价定向使用 = 是, else 0."
    fn directed_ceiling(&self, institution: &Institution) -> Option<i64> {
        let n = given(institution.posts.professional)?;
        if !self.inner_mongolia {
            return None;
        }
        let open =
            institution.kind == Some(Kind::TownshipHealthCentre) && institution.directed_evaluation;
        Some(if open { 10 * n / 100 } else { 0 })
    }

    /// "`limit` = the smaller of ceiling and approved, whichever are known. Junior has no
    /// ceiling: limit = approved, or N − senior limit − intermediate limit, at least 0.
    /// Unknown limits make `vacant` and `over` null. `counted` = ordinary + beyond_ratio.
    /// `vacant` = max(0, limit − counted − reserved). `over` = max(0, ordinary − limit) …
    /// Directed: counted = directed holders of that institution; vacant and over likewise."
    fn posts(&self, at: usize, institution: &Institution) -> BTreeMap<&'static str, Posts> {
        let approved = &institution.posts;
        let holders = self.holders(at);
        let held = |level: &str, ledger: &str| {
            let held = holders.iter().filter(|holder| **holder == (level, ledger));
            i64::try_from(held.count()).expect("few")
        };
        let mut posts = BTreeMap::new();
        for (level, approved) in [
            ("senior", approved.senior),
            ("intermediate", approved.intermediate),
            ("junior", approved.junior),
        ] {
            let (ceiling, approved) = (self.ceiling(institution, level), given(approved));
            let mut limit = [ceiling, approved].into_iter().flatten().min();
            if level == "junior" && approved.is_none() {
                let limit_of = |level: &str| posts.get(level).and_then(|p: &Posts| p.limit);
                limit = match (
                    given(institution.posts.professional),
                    limit_of("senior"),
                    limit_of("intermediate"),
                ) {
                    (Some(n), Some(senior), Some(intermediate)) => {
                        Some((n - senior - intermediate).max(0))
                    }
                    _ => None,
                };
            }
            let [ordinary, beyond_ratio, off_quota, special] =
                ["ordinary", "beyond_ratio", "off_quota", "special"]
                    .map(|ledger| held(level, ledger));
            let counted = ordinary + beyond_ratio;
            posts.insert(
                level,
                Posts {
                    ceiling,
                    approved,
                    limit,
                    ordinary: Some(ordinary),
                    beyond_ratio: Some(beyond_ratio),
                    off_quota: Some(off_quota),
                    special: Some(special),
                    counted,
                    vacant: limit.map(|limit| (limit - counted).max(0)),
                    over: limit.map(|limit| (ordinary - limit).max(0)),
                },
            );
        }
        let directed: i64 = ["senior", "intermediate", "junior"]
            .map(|level| held(level, "directed"))
            .iter()
            .sum();
        let ceiling = self.directed_ceiling(institution);
        let approved = given(approved.directed);
        let limit = [ceiling, approved].into_iter().flatten().min();
        posts.insert(
            "directed",
            Posts {
                ceiling,
                approved,
                limit,
                counted: directed,
                vacant: limit.map(|limit| (limit - directed).max(0)),
                over: limit.map(|limit| (directed - limit).max(0)),
                ..Posts::default()
            },
        );
        posts
    }

    /// "rule `approved-posts` …, subjects `senior`, `intermediate`, `junior`, `directed`,
    /// each where the approved number is given: counted = ordinary (directed: counted),
    /// base = approved, fails when counted > base."
    fn approved_posts(
        &self,
        institution: &Institution,
        posts: &BTreeMap<&'static str, Posts>,
        findings: &mut Findings,
    ) {
        if is_run_by_society(institution) {
            return;
        }
        for (subject, posts) in posts {
            let Some(base) = posts.approved else { continue };
            let counted = posts.ordinary.unwrap_or(posts.counted);
            findings.add(
                PUBLIC_INSTITUTIONS,
                "approved-posts",
                Some(subject),
                MUST,
                holds_if(counted <= base),
                Some(counted),
                Some(base),
                None,
            );
        }
    }

    /// "`senior-cap`, `intermediate-cap` (not for 城市医院, 村卫生室; 社区卫生服务站 only
    /// where N is given): counted = ordinary, base = N, fails when ordinary > ceiling; N
    /// blank → `unknown`."
    fn caps(
        &self,
        institution: &Institution,
        posts: &BTreeMap<&'static str, Posts>,
        findings: &mut Findings,
    ) {
        let n = given(institution.posts.professional);
        let left_out = match institution.kind {
            Some(Kind::CityHospital | Kind::VillageClinic) => true,
            Some(Kind::CommunityHealthStation) => n.is_none(),
            _ => false,
        };
        if left_out || is_run_by_society(institution) {
            return;
        }
        for (rule, level) in [
            ("senior-cap", "senior"),
            ("intermediate-cap", "intermediate"),
        ] {
            let ordinary = posts[level].ordinary.unwrap_or(0);
            let verdict = match posts[level].ceiling {
                None => UNKNOWN,
                Some(ceiling) => holds_if(ordinary <= ceiling),
            };
            findings.add(
                INNER_MONGOLIA,
                rule,
                None,
                MUST,
                verdict,
                Some(ordinary),
                n,
                None,
            );
        }
    }

    /// "`directed-posts`: counted = directed holders, base = N, fails when counted >
    /// ceiling; left out where the ceiling is 0 and nobody holds one; N blank → `unknown`
    /// for a 乡镇卫生院 with 定向评价定向使用 = 是 or where someone holds one, else left out."
    fn directed_posts(
        &self,
        institution: &Institution,
        posts: &BTreeMap<&'static str, Posts>,
        findings: &mut Findings,
    ) {
        if is_run_by_society(institution) {
            return;
        }
        let n = given(institution.posts.professional);
        let held = posts["directed"].counted;
        let open =
            institution.kind == Some(Kind::TownshipHealthCentre) && institution.directed_evaluation;
        let verdict = match self.directed_ceiling(institution) {
            Some(0) if held == 0 => return,
            Some(ceiling) => holds_if(held <= ceiling),
            None if open || held > 0 => UNKNOWN,
            None => return,
        };
        findings.add(
            INNER_MONGOLIA,
            "directed-posts",
            None,
            MUST,
            verdict,
            Some(held),
            n,
            None,
        );
    }

    /// "`public-health-physician`: 乡镇卫生院 and 社区卫生服务中心; counted = rows of class
    /// 11/12 with 执业类别 3, needed 1."
    fn public_health_physician(
        &self,
        at: usize,
        institution: &Institution,
        findings: &mut Findings,
    ) {
        if institution.kind.is_some() && !is_health_centre(institution.kind) {
            return;
        }
        let counted = self.count(at, |p| {
            is_physician(p) && p.licence_class == Some(LicenceClass::PublicHealth)
        });
        let verdict = match institution.kind {
            None => UNKNOWN,
            Some(_) => holds_if(counted >= 1),
        };
        findings.add(
            INNER_MONGOLIA,
            "public-health-physician",
            None,
            MUST,
            verdict,
            Some(counted),
            None,
            Some(1),
        );
    }

    fn count(&self, at: usize, who: impl Fn(&Person) -> bool) -> i64 {
        let staff = self.staff(at);
        i64::try_from(staff.iter().filter(|p| who(p)).count()).expect("few")
    }

    /// "`xinjiang/community-health-2016` (seed 000), 社区卫生服务中心 only; people = every
    /// accepted row of 人员 there whatever its 编制情况 unless said"
    fn centre(&self, at: usize, institution: &Institution, findings: &mut Findings) {
        let known = institution.kind.is_some();
        let population = given(institution.service_population);
        let per_3000 = population.map(|people| people / 3000);
        self.staff_per_3000(at, known, per_3000, findings);
        // without a kind nothing is said of beds that are not there: blank = 0
        self.rehab_bed_staff(at, institution, known, per_3000, findings);
        self.support_cap(at, institution, known, findings);
        self.tcm_physician(at, known, findings);
        beds(institution, known, findings);
    }

    /// "`staff-per-3000`, `in-principle`, subjects 全科医师 …, 社区护士 (21), 预防保健人员 …:
    /// needed = ⌊服务人口/3000⌋; blank → `unknown`."
    fn staff_per_3000(&self, at: usize, known: bool, needed: Option<i64>, findings: &mut Findings) {
        for (subject, counted) in [
            ("全科医师", self.count(at, is_general_practitioner)),
            ("社区护士", self.count(at, is_nurse)),
            ("预防保健人员", self.count(at, is_preventive)),
        ] {
            let verdict = match needed {
                Some(needed) if known => holds_if(counted >= needed),
                _ => UNKNOWN,
            };
            findings.add(
                XINJIANG,
                "staff-per-3000",
                Some(subject),
                "in-principle",
                verdict,
                Some(counted),
                None,
                needed,
            );
        }
    }

    /// "`rehab-bed-staff`, `must`, where 护理康复床位 > 0 (blank = 0): needed = ⌊beds/5⌋;
    /// 执业医师 = class 11 less those that `staff-per-3000` needs from among them (its needs
    /// for 全科医师 and for 预防保健人员 are filled with people of other classes first; a
    /// shortage there uses up no other physicians); 注册护士 = class 21 less the number
    /// needed there; never below 0; 服务人口 blank → `unknown`."
    fn rehab_bed_staff(
        &self,
        at: usize,
        institution: &Institution,
        known: bool,
        per_3000: Option<i64>,
        findings: &mut Findings,
    ) {
        let beds = given(institution.rehabilitation_beds).unwrap_or(0);
        if beds == 0 {
            return;
        }
        let needed = beds / 5;
        let is_class_11 = |p: &Person| p.job_class == Some(JobClass::Physician);
        let used_by = |who: &dyn Fn(&Person) -> bool, need: i64| {
            let of_other_classes = self.count(at, |p| who(p) && !is_class_11(p));
            let of_class_11 = self.count(at, |p| who(p) && is_class_11(p));
            (need - of_other_classes).max(0).min(of_class_11)
        };
        let physicians = per_3000.map(|need| {
            let used = used_by(&is_general_practitioner, need) + used_by(&is_preventive, need);
            (self.count(at, is_class_11) - used).max(0)
        });
        let nurses = per_3000.map(|need| (self.count(at, is_nurse) - need).max(0));
        for (subject, counted) in [("执业医师", physicians), ("注册护士", nurses)] {
            let verdict = match counted {
                Some(counted) if known => holds_if(counted >= needed),
                _ => UNKNOWN,
            };
            findings.add(
                XINJIANG,
                "rehab-bed-staff",
                Some(subject),
                MUST,
                verdict,
                counted,
                None,
                Some(needed),
            );
        }
    }

    /// "`support-cap`: counted = 编内 of classes 31 32 41 70 80, base = 编制总数, fails when
    /// 100·counted > 5·base. … Blank → `unknown`."
    fn support_cap(
        &self,
        at: usize,
        institution: &Institution,
        known: bool,
        findings: &mut Findings,
    ) {
        let counted = self.count(at, |p| {
            let support = matches!(
                p.job_class,
                Some(
                    JobClass::Pharmacist
                        | JobClass::TraditionalPharmacist
                        | JobClass::Laboratory
                        | JobClass::OtherTechnical
                        | JobClass::Manager
                )
            );
            support && p.employment == Employment::Establishment
        });
        let base = given(institution.establishment.total);
        let verdict = match base {
            Some(base) if known => holds_if(100 * counted <= 5 * base),
            _ => UNKNOWN,
        };
        findings.add(
            XINJIANG,
            "support-cap",
            None,
            MUST,
            verdict,
            Some(counted),
            base,
            None,
        );
    }

    /// "`tcm-physician`: `judgement`, counted = class 11/12 with 执业类别 4."
    fn tcm_physician(&self, at: usize, known: bool, findings: &mut Findings) {
        let counted = self.count(at, |p| {
            is_physician(p) && p.licence_class == Some(LicenceClass::Traditional)
        });
        let verdict = if known { JUDGEMENT } else { UNKNOWN };
        findings.add(
            XINJIANG,
            "tcm-physician",
            None,
            MUST,
            verdict,
            Some(counted),
            None,
            None,
        );
    }

    // -------------------------------------------------------------------- one area

    fn area(&self, area: &str) -> Vec<Finding> {
        let mut findings = Findings::default();
        if self.inner_mongolia {
            self.floor_of_area(area, &mut findings);
            self.establishment_review(area, &mut findings);
            self.rural_doctor_licensed(area, &mut findings);
            self.centre_coverage(area, &mut findings);
        }
        if self.xinjiang {
            self.gp_density(area, &mut findings);
        }
        findings.0
    }

    fn institutions_in(&self, area: &str) -> Vec<(usize, &Institution)> {
        let institutions = self.register.institutions.iter().enumerate();
        institutions
            .filter(|(_, i)| {
                i.area
                    .is_some_and(|code| first_six(&code.to_string()) == area)
            })
            .collect()
    }

    /// The 旗县区 row of an area.
    fn county_row(&self, area: &str) -> Option<&Place> {
        let mut places = self.register.places.iter();
        places.find(|p| p.level == PlaceLevel::County && first_six(&p.code.to_string()) == area)
    }

    /// "Area: the sums over the same institutions (one blank 卫生院 or 中心 → `unknown`)."
    /// The same: 乡镇卫生院, 社区卫生服务中心/站, 村卫生室, not of 社会力量; "blank → … for
    /// stations and clinics left out; base 0 left out".
    fn floor_of_area(&self, area: &str, findings: &mut Findings) {
        let mut sums = Some((0, 0));
        for (_, institution) in self.institutions_in(area) {
            if !is_primary(institution.kind) || is_run_by_society(institution) {
                continue;
            }
            let establishment = &institution.establishment;
            match (
                given(establishment.professional),
                given(establishment.total),
            ) {
                (_, Some(0)) => {}
                (Some(professional), Some(total)) => {
                    sums = sums.map(|(p, t)| (p + professional, t + total));
                }
                _ if is_health_centre(institution.kind) => sums = None,
                _ => {}
            }
        }
        let verdict = match sums {
            None => UNKNOWN,
            Some((_, 0)) => return,
            Some((professional, total)) => holds_if(100 * professional >= 90 * total),
        };
        findings.add(
            INNER_MONGOLIA,
            "professional-floor",
            None,
            MUST,
            verdict,
            sums.map(|(professional, _)| professional),
            sums.map(|(_, total)| total),
            None,
        );
    }

    /// "`establishment-review`: counted = as_of − 编制总量核定年月 of the area's 旗县区 row,
    /// in months; `fails` when > 60 (at 60 it is due, and says so), `unknown` when blank or
    /// no such row."
    fn establishment_review(&self, area: &str, findings: &mut Findings) {
        let reviewed = self
            .county_row(area)
            .and_then(|county| county.establishment_reviewed);
        let counted = reviewed.map(|month| self.as_of - number_of(month));
        findings.add(
            INNER_MONGOLIA,
            "establishment-review",
            None,
            MUST,
            counted.map_or(UNKNOWN, |months| holds_if(months <= 60)),
            counted,
            None,
            None,
        );
    }

    /// "`rural-doctor-licensed`: counted = 执业医师 + 执业助理医师, base = all rows, at least
    /// 45 %, `target`; no rows: left out."
    fn rural_doctor_licensed(&self, area: &str, findings: &mut Findings) {
        let doctors: Vec<&RuralDoctor> = self
            .register
            .rural_doctors
            .iter()
            .filter(|d| first_six(&d.area.to_string()) == area)
            .collect();
        let licensed = doctors.iter().filter(|d| {
            matches!(
                d.qualification,
                Qualification::Physician | Qualification::AssistantPhysician
            )
        });
        let counted = i64::try_from(licensed.count()).expect("few");
        let base = i64::try_from(doctors.len()).expect("few");
        if base == 0 {
            return;
        }
        findings.add(
            INNER_MONGOLIA,
            "rural-doctor-licensed",
            None,
            "target",
            holds_if(100 * counted >= 45 * base),
            Some(counted),
            Some(base),
            None,
        );
    }

    /// "`centre-coverage`, `in-principle`: for each 街道 row of 区域 (subject = its code):
    /// needed = 1, or 1 + ⌊(population − 100000)/50000⌋ when population > 100000; counted =
    /// 社区卫生服务中心 whose 行政区划代码 begins with the street's code …; `unknown` when
    /// population is blank or any 中心 of that county has only six digits."
    fn centre_coverage(&self, area: &str, findings: &mut Findings) {
        let centres: Vec<String> = self
            .institutions_in(area)
            .into_iter()
            .filter(|(_, i)| is_centre(i.kind))
            .filter_map(|(_, i)| i.area.map(|code| code.to_string()))
            .collect();
        let vague = centres.iter().any(|code| code.len() == 6);
        for place in &self.register.places {
            let code = place.code.to_string();
            if place.level != PlaceLevel::Street || first_six(&code) != area {
                continue;
            }
            let inside = centres
                .iter()
                .filter(|centre| as_first_nine(centre).starts_with(as_first_nine(&code)));
            let counted = i64::try_from(inside.count()).expect("few");
            let needed = given(place.residents).map(|people| {
                if people > 100_000 {
                    1 + (people - 100_000) / 50_000
                } else {
                    1
                }
            });
            let verdict = match needed {
                Some(needed) if !vague => holds_if(counted >= needed),
                _ => UNKNOWN,
            };
            findings.add(
                INNER_MONGOLIA,
                "centre-coverage",
                Some(&code),
                "in-principle",
                verdict,
                Some(counted),
                None,
                needed,
            );
        }
    }

    /// "Area `gp-density`, `target`: counted = 全科医师 rows of all institutions of the area,
    /// base = 常住人口 of its 旗县区 row; holds when 10000·counted ≥ 2·base; no such row →
    /// `unknown`."
    fn gp_density(&self, area: &str, findings: &mut Findings) {
        let counted = self
            .institutions_in(area)
            .iter()
            .map(|(at, _)| self.count(*at, is_general_practitioner))
            .sum::<i64>();
        let base = self
            .county_row(area)
            .and_then(|county| given(county.residents));
        findings.add(
            XINJIANG,
            "gp-density",
            None,
            "target",
            base.map_or(UNKNOWN, |base| holds_if(10_000 * counted >= 2 * base)),
            Some(counted),
            base,
            None,
        );
    }

    // ------------------------------------------------------------ one rural doctor

    /// "`rural-doctor-pension` gives, in this order: 编制内 = 是 → nothing; 劳动关系 有 →
    /// 企业职工基本养老保险 `must`; 灵活就业 or 不完全符合 → 企业职工基本养老保险 `may`,
    /// 城乡居民养老保险 `may`; 无 → 城乡居民养老保险 `may`; and, at 720 months of age or more
    /// (by birth month) with 已参保险种 = 无, 城乡居民养老保险（补缴） `may` (blank at that
    /// age → `missing`: 已参保险种)."
    fn rural_doctor(&self, doctor: &RuralDoctor) -> DoctorAnswer {
        let mut answer = DoctorAnswer::default();
        if !self.inner_mongolia || doctor.on_establishment {
            return answer;
        }
        let mut give = |name: &str, force| answer.gives.push((name.to_owned(), force));
        match doctor.labour_relation {
            LabourRelation::Employed => give("企业职工基本养老保险", MUST),
            LabourRelation::Flexible | LabourRelation::Incomplete => {
                give("企业职工基本养老保险", "may");
                give("城乡居民养老保险", "may");
            }
            LabourRelation::None => give("城乡居民养老保险", "may"),
        }
        let age = self.as_of - birth_month(doctor.id.as_str());
        if age >= 720 {
            match doctor.pension {
                Some(PensionScheme::None) => give("城乡居民养老保险（补缴）", "may"),
                None => answer.missing.push("已参保险种".to_owned()),
                Some(_) => {}
            }
        }
        answer
    }
}

/// Class 21.
fn is_nurse(person: &Person) -> bool {
    person.job_class == Some(JobClass::Nurse)
}

/// `from` and `until` belong to the off-quota standing.
fn without_window(verdict: &'static str) -> Standing {
    Standing {
        verdict,
        from: None,
        until: None,
    }
}

/// "With no accepted 履历 row at all both are null and what needs them is `unknown`."
fn spells(person: &Person) -> Option<&[Spell]> {
    match &person.history {
        History::Spells(spells) if !spells.is_empty() => Some(spells),
        _ => None,
    }
}

/// What months of service are counted for.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// "primary service = spells whose 机构类型 is 乡镇卫生院 or 社区卫生服务中心."
    HealthCentres,
    /// "township professional service = spells with 所在地 乡镇 and 岗位类别 专业技术."
    Townships,
    /// 基层服务年限: stations and village clinics too.
    PrimaryCare,
    /// 县级以下医疗卫生机构服务年限: county hospitals too.
    CountyAndBelow,
}

fn counts(spell: &Spell, clock: Clock) -> bool {
    let kind = Some(spell.kind);
    match clock {
        Clock::HealthCentres => is_health_centre(kind),
        Clock::Townships => {
            spell.location == Some(Location::Township)
                && spell.category == PostCategory::Professional
        }
        Clock::PrimaryCare => is_primary(kind),
        Clock::CountyAndBelow => is_primary(kind) || spell.kind == Kind::CountyHospital,
    }
}

fn service(person: &Person, clock: Clock, up_to: i64) -> Option<i64> {
    let spells = spells(person)?.iter();
    let counting: Vec<&Spell> = spells.filter(|spell| counts(spell, clock)).collect();
    Some(months_of_service(&counting, up_to))
}

fn primary_service(person: &Person, up_to: i64) -> Option<i64> {
    service(person, Clock::HealthCentres, up_to)
}

fn township_service(person: &Person, up_to: i64) -> Option<i64> {
    service(person, Clock::Townships, up_to)
}

/// Months on a clock in some month; `None` without a history.
pub fn months_of_service_on(person: &Person, clock: Clock, as_of: Month) -> Option<i64> {
    service(person, clock, number_of(as_of))
}

/// Months from some month to retirement, negative when past.
pub fn months_to_retirement(person: &Person, as_of: Month) -> i64 {
    let birth = birth_month(person.id.as_str());
    retirement_month(birth, retirement_class(person)) - number_of(as_of)
}

/// Months of age, by birth month.
pub fn age(person: &Person, as_of: Month) -> i64 {
    number_of(as_of) - birth_month(person.id.as_str())
}

/// "`professional-floor`: 乡镇卫生院, 社区卫生服务中心/站, 村卫生室; counted = 专业技术编制,
/// base = 编制总数; blank → `unknown`, for stations and clinics left out; base 0 left out."
fn professional_floor(institution: &Institution, findings: &mut Findings) {
    let kind = institution.kind;
    if (kind.is_some() && !is_primary(kind)) || is_run_by_society(institution) {
        return;
    }
    let counted = given(institution.establishment.professional);
    let base = given(institution.establishment.total);
    let verdict = match (counted, base) {
        (_, Some(0)) => return,
        _ if kind.is_none() => UNKNOWN,
        (Some(counted), Some(base)) => holds_if(100 * counted >= 90 * base),
        _ if is_health_centre(kind) => UNKNOWN,
        _ => return,
    };
    findings.add(
        INNER_MONGOLIA,
        "professional-floor",
        None,
        MUST,
        verdict,
        counted,
        base,
        None,
    );
}

/// "`beds-per-1000`, `in-principle`: 3·服务人口 ≤ 10000·实有床位 ≤ 6·服务人口, counted =
/// beds, base = 服务人口. `beds-maximum`, `in-principle`: 实有床位 ≤ 50, counted = beds,
/// base null. Blank → `unknown`."
fn beds(institution: &Institution, known: bool, findings: &mut Findings) {
    let beds = given(institution.beds);
    let people = given(institution.service_population);
    let per_1000 = match (beds, people) {
        (Some(beds), Some(people)) if known => {
            holds_if(3 * people <= 10_000 * beds && 10_000 * beds <= 6 * people)
        }
        _ => UNKNOWN,
    };
    let most = match beds {
        Some(beds) if known => holds_if(beds <= 50),
        _ => UNKNOWN,
    };
    for (rule, verdict, base) in [
        ("beds-per-1000", per_1000, people),
        ("beds-maximum", most, None),
    ] {
        findings.add(
            XINJIANG,
            rule,
            None,
            "in-principle",
            verdict,
            beds,
            base,
            None,
        );
    }
}
