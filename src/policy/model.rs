//! Policies that have been understood: names bound, shares and months as
//! integers, every rule of one of a closed set of kinds.

use super::condition::Conditions;
use super::diagnostic::{Place, SourceFile};
use super::fact::{Entity, FactId};
use super::quantity::{Day, Rounding, Share};
use crate::domain::ids::AreaCode;
use crate::domain::label::labelled;
use crate::domain::month::Month;
use crate::domain::place::PlaceLevel;
use crate::domain::post::Level;
use crate::domain::staff::RetirementClass;
use std::sync::Arc;

/// Words in both languages; the same in both where only one was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

labelled! {
    /// What a rule demands.
    pub enum Force {
        /// 应, 不得
        Must = "必须" / "must",
        /// 可
        May = "可以" / "may",
        /// 原则上, 宜
        InPrinciple = "原则上" / "in-principle",
        Target = "目标" / "target",
    }
}

labelled! {
    /// Whether a document binds.
    pub enum Status {
        Draft = "草案" / "draft",
        InForce = "现行" / "in-force",
        Expired = "期满" / "expired",
        Repealed = "废止" / "repealed",
    }
}

labelled! {
    /// What became of a clause.
    pub enum CoverageStatus {
        Encoded = "已编码" / "encoded",
        Judgement = "由人认定" / "judgement",
        NotEncoded = "未编码" / "not-encoded",
    }
}

/// One policy document as rules.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Path of its folder, e.g. `national/retirement-2024`.
    pub id: String,
    pub file: Arc<SourceFile>,
    /// SHA-256 of `policy.toml`.
    pub sha256: String,
    pub title: Words,
    /// `None` for the whole country.
    pub place: Option<AreaCode>,
    /// Where the file says which place.
    pub place_at: Place,
    pub status: Status,
    pub number: Option<String>,
    pub issued: Option<Day>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub under: Vec<String>,
    /// Whether the document itself was at hand; see [`Policy::is_verified`].
    pub verified: bool,
    pub source: Option<Source>,
    /// What has to be said wherever the status is, in a few words.
    pub remark: Option<Words>,
    pub note: Option<Words>,
    pub clauses: Vec<Clause>,
    pub coverage: Vec<Coverage>,
    pub rules: Vec<Rule>,
}

impl Policy {
    /// The rule with that id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Whether the text and the wording of every clause quoted were at hand.
    pub fn is_verified(&self) -> bool {
        self.verified && self.clauses.iter().all(|clause| clause.verified)
    }

    /// The clauses a rule rests on.
    pub fn cites<'a>(&'a self, rule: &'a Rule) -> impl Iterator<Item = &'a Clause> {
        rule.cites.iter().filter_map(|at| self.clauses.get(*at))
    }
}

/// The file of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub sha256: String,
    pub place: Place,
}

/// A verbatim quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    pub name: String,
    pub at: String,
    pub text: String,
    pub verified: bool,
    pub place: Place,
}

/// One row of the coverage list.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// Number in the inventory of rules.
    pub row: String,
    pub at: String,
    pub quote: String,
    pub status: CoverageStatus,
    pub rules: Vec<RuleRef>,
    pub reason: Option<Words>,
    pub place: Place,
}

/// A rule named from elsewhere: `policy#rule`, or `rule` of the same policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRef {
    /// `None` for the same policy.
    pub policy: Option<String>,
    pub rule: String,
    pub place: Place,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: String,
    pub title: Option<Words>,
    pub force: Force,
    /// Positions in [`Policy::clauses`].
    pub cites: Vec<usize>,
    pub readings: Vec<Words>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub overrides: Vec<RuleRef>,
    pub uses: Vec<RuleRef>,
    /// Subjects of the rule that have an English name.
    pub names: Vec<Words>,
    pub place: Place,
    pub body: Body,
}

/// What a rule says, by kind.
#[derive(Clone, Debug)]
pub enum Body {
    Ceiling(Ceiling),
    Floor(Floor),
    PerUnit(PerUnit),
    MinCount(MinCount),
    Range(Range),
    Exempt(Exempt),
    BeyondCap(BeyondCap),
    Reserve(Reserve),
    Scope(Requirement),
    Prerequisite(Requirement),
    StatusTable(StatusTable),
    AgeSchedule(AgeSchedule),
    Target(Target),
    ReviewEvery(ReviewEvery),
    Pool(Pool),
    Structure(Structure),
    Priority(Priority),
    Judgement(Judgement),
}

impl Body {
    /// The name of the table in the file.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Ceiling(_) => "ceiling",
            Self::Floor(_) => "floor",
            Self::PerUnit(_) => "per-unit",
            Self::MinCount(_) => "min-count",
            Self::Range(_) => "range",
            Self::Exempt(_) => "exempt",
            Self::BeyondCap(_) => "beyond-cap",
            Self::Reserve(_) => "reserve",
            Self::Scope(_) => "scope",
            Self::Prerequisite(_) => "prerequisite",
            Self::StatusTable(_) => "status-table",
            Self::AgeSchedule(_) => "age-schedule",
            Self::Target(_) => "target",
            Self::ReviewEvery(_) => "review-every",
            Self::Pool(_) => "pool",
            Self::Structure(_) => "structure",
            Self::Priority(_) => "priority",
            Self::Judgement(_) => "judgement",
        }
    }
}

/// For whom a finding is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Per {
    Institution,
    County,
    Consortium,
    Team,
    /// Each place of that level.
    Place(PlaceLevel),
}

/// Something that is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// A number the subject has (for a county or consortium: the sum over its institutions).
    Fact(FactId),
    /// Rows of 人员.
    People(Conditions),
    /// Rows of 机构.
    Institutions(Conditions),
    /// Rows of 乡村医生.
    RuralDoctors(Conditions),
}

/// A share that the text gives, or leaves to each place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareValue {
    Fixed(Share),
    /// The text gives no figure; a place sets it when it adopts the policy.
    SetByPlace,
}

/// `[[ceiling]]`
#[derive(Clone, Debug)]
pub struct Ceiling {
    pub places: Conditions,
    pub left_out_if_blank: Option<Conditions>,
    pub measures: Vec<CeilingMeasure>,
}

/// One count under a ceiling.
#[derive(Clone, Debug)]
pub struct CeilingMeasure {
    pub subject: Option<String>,
    pub counted: Quantity,
    pub limit: Limit,
}

/// What a count may not exceed.
#[derive(Clone, Debug)]
pub enum Limit {
    /// A share of a total; without rounding compared exactly.
    Share {
        base: FactId,
        share: ShareValue,
        rounding: Option<Rounding>,
        variants: Vec<Variant>,
    },
    /// An approved number.
    Fact(FactId),
}

/// A different share under conditions.
#[derive(Clone, Debug)]
pub struct Variant {
    pub when: Conditions,
    /// Governs the election only.
    pub force: Force,
    pub share: Share,
    /// The part of the total that takes it.
    pub over: Option<FactId>,
    pub readings: Vec<Words>,
}

/// `[[floor]]`
#[derive(Clone, Debug)]
pub struct Floor {
    pub places: Conditions,
    pub left_out_if_blank: Option<Conditions>,
    pub per: Vec<Per>,
    pub counted: FactId,
    pub base: FactId,
    pub share: Share,
}

/// `[[per-unit]]`: needed = first + ⌊(of − above) / every⌋.
#[derive(Clone, Debug)]
pub struct PerUnit {
    pub places: Conditions,
    pub per: Per,
    pub every: i64,
    pub of: FactId,
    pub first: i64,
    pub above: i64,
    pub rounding: Rounding,
    pub measures: Vec<PerUnitMeasure>,
}

/// One profession, or one kind of institution, needed.
#[derive(Clone, Debug)]
pub struct PerUnitMeasure {
    pub subject: Option<String>,
    pub counted: Quantity,
    /// Positions of measures whose people are not counted here again.
    pub not_already: Vec<usize>,
    /// Rule and subject of needs served first.
    pub after: Vec<(String, String)>,
}

/// `[[min-count]]`
#[derive(Clone, Debug)]
pub struct MinCount {
    pub places: Conditions,
    pub per: Per,
    /// The fact that names a person's place, where it is not the institution's.
    pub people_by: Option<FactId>,
    /// Subject, what is counted, how many are needed.
    pub measures: Vec<(Option<String>, Quantity, i64)>,
}

/// A bound as a share or as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Share(Share),
    Number(i64),
}

/// `[[range]]`
#[derive(Clone, Debug)]
pub struct Range {
    pub places: Conditions,
    pub per: Per,
    pub counted: FactId,
    pub base: Option<FactId>,
    pub low: Option<Bound>,
    pub high: Option<Bound>,
}

/// `[[exempt]]`
#[derive(Clone, Debug)]
pub struct Exempt {
    pub of: Vec<RuleRef>,
    pub who: Conditions,
    pub when: Conditions,
}

/// `[[beyond-cap]]`
#[derive(Clone, Debug)]
pub struct BeyondCap {
    pub who: Conditions,
    pub holder_who: Conditions,
    pub holder_when: Conditions,
    pub candidate_who: Conditions,
    pub candidate_when: Conditions,
    pub judgement: Words,
}

/// `[[reserve]]`
#[derive(Clone, Debug)]
pub struct Reserve {
    pub places: Conditions,
    pub when: Conditions,
    pub counted: FactId,
    pub base: FactId,
    pub share: Share,
    pub rounding: Rounding,
}

/// `[[scope]]`, `[[prerequisite]]`
#[derive(Clone, Debug)]
pub struct Requirement {
    pub of: Entity,
    pub who: Conditions,
    pub when: Conditions,
}

/// `[[status-table]]`
#[derive(Clone, Debug)]
pub struct StatusTable {
    pub of: Entity,
    pub when: Conditions,
    pub first_only: bool,
    pub rows: Vec<StatusRow>,
}

/// One row of a decision table.
#[derive(Clone, Debug)]
pub struct StatusRow {
    pub when: Conditions,
    pub gives: Vec<String>,
    /// The same in English; empty where only the document's words are given.
    pub gives_en: Vec<String>,
    pub force: Force,
}

/// `[[age-schedule]]`
#[derive(Clone, Debug)]
pub struct AgeSchedule {
    pub rows: Vec<AgeRow>,
    /// Months.
    pub early_up_to: i32,
    /// Months.
    pub late_up_to: i32,
}

/// The schedule of one class: retirement age = original + min(⌊i / every⌋ + 1, most) months,
/// where i counts birth months from `from_birth`, 0-based; no delay before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeRow {
    pub class: RetirementClass,
    /// Months.
    pub original: i32,
    pub from_birth: Month,
    pub every: i32,
    /// Months.
    pub most: i32,
}

/// `[[target]]`
#[derive(Clone, Debug)]
pub struct Target {
    pub places: Conditions,
    pub per: Per,
    pub by: Option<Day>,
    pub counted: Quantity,
    pub base: Option<Quantity>,
    pub at_least: Bound,
}

/// `[[review-every]]`
#[derive(Clone, Debug)]
pub struct ReviewEvery {
    pub per: Per,
    pub since: FactId,
    /// Months.
    pub every: i32,
}

/// `[[pool]]`
#[derive(Clone, Debug)]
pub struct Pool {
    pub places: Conditions,
    pub per: Per,
    pub counted: FactId,
    pub at_most: FactId,
}

/// What a structure splits: a level, or one rank of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StructureOf {
    /// All professional posts, into senior, intermediate and junior.
    AllLevels,
    /// 正高
    Senior,
    /// 副高
    AssociateSenior,
    /// 中级 or 初级
    Level(Level),
}

/// `[[structure]]`
#[derive(Clone, Debug)]
pub struct Structure {
    pub of: StructureOf,
    pub grades: Vec<u8>,
    pub ratio: Vec<i64>,
    pub merged: bool,
}

/// `[[priority]]`
#[derive(Clone, Debug)]
pub struct Priority {
    pub of: Entity,
    pub places: Conditions,
    pub first: Conditions,
}

/// `[[judgement]]`
#[derive(Clone, Debug)]
pub struct Judgement {
    pub places: Conditions,
    pub who: Conditions,
    pub question: Words,
}
