//! Figures as they are shown: plain values with the people, the arithmetic, the clauses and
//! the readings behind each number, and no whole identity numbers. Whoever renders them
//! needs nothing of the engine.

use super::impact::{Change, Places};
use super::verdict::Verdict;
use crate::domain::adoption::{Handling, OffQuota};
use crate::domain::ids::AreaCode;
use crate::domain::institution::{Institution, Kind};
use crate::domain::month::Month;
use crate::domain::post::{Grade, Ledger, Level, Manner};
use crate::domain::record::{Id, Version};
use crate::domain::record_id::PersonId;
use crate::domain::staff::Employment;
use crate::domain::time::Date;
use crate::domain::title::Rank;
use crate::policy::model::{Force, Status};

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Both {
    pub zh: String,
    pub en: String,
}

/// A clause, word for word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cite {
    /// The place in the document.
    pub at: String,
    pub text: String,
    /// Whether the document was at hand.
    pub verified: bool,
}

/// A rule that something rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLine {
    pub policy: String,
    pub rule: String,
    pub title: Both,
    pub cites: Vec<Cite>,
    /// Readings we chose, where the text leaves several.
    pub readings: Vec<Both>,
    /// What happens when it is broken; `None` = the place has not said.
    pub handling: Option<Handling>,
}

/// Somebody behind a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub person: PersonId,
    pub name: String,
    /// Identity number, masked.
    pub number: String,
    pub employment: Employment,
    pub appointed: Rank,
    pub grade: Option<Grade>,
    pub manner: Manner,
    /// `None` = occupies no professional post.
    pub ledger: Option<Ledger>,
    /// Statutory retirement; `None` = no rule gives it.
    pub retirement: Option<Month>,
}

/// How a ceiling came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceiling {
    /// Posts.
    pub limit: i64,
    /// `45 × 20% = 9.00 → 9`; `None` = no arithmetic: there are none.
    pub arithmetic: Option<Both>,
    pub rule: RuleLine,
}

/// One line of the quota ledger. Numbers are posts and people; `None` = not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// `None` = directed posts.
    pub level: Option<Level>,
    /// What the ratio allows.
    pub ceiling: Option<i64>,
    /// What was approved.
    pub approved: Option<i64>,
    /// The smaller of the two, whichever are known.
    pub limit: Option<i64>,
    /// Who fills a post of the limit.
    pub counted: i64,
    /// Of those counted, who fills it within and beyond the ratio; directed posts have
    /// neither.
    pub ordinary: i64,
    pub beyond_ratio: i64,
    /// Held beside the limit.
    pub off_quota: i64,
    pub special: i64,
    pub reserved: i64,
    pub vacant: Option<i64>,
    pub over: Option<i64>,
    pub ceilings: Vec<Ceiling>,
    /// Everybody who holds such a post, in whatever ledger.
    pub opens: Vec<Holder>,
}

/// What a rule says of an institution, a county or a medical community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingLine {
    pub rule: RuleLine,
    pub force: Force,
    pub verdict: Verdict,
    /// Word for programs: `senior`, the code of a place, a profession.
    pub subject: Option<String>,
    pub subject_title: Option<Both>,
    pub counted: Option<i64>,
    pub base: Option<i64>,
    pub needed: Option<i64>,
    /// In the document's own figures.
    pub threshold: Option<String>,
    /// A floor for professional staff in the whole establishment.
    pub is_staff_floor: bool,
    pub arithmetic: Option<Both>,
    pub message: Both,
    /// Facts that keep the verdict open.
    pub missing: Vec<Both>,
    /// Those who were counted, where people were.
    pub opens: Vec<Holder>,
}

/// The adoption of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionLine {
    /// Who adopted it: the place itself or one above it.
    pub area: AreaCode,
    pub since: Date,
    pub document: Option<String>,
    pub raised_ratio: bool,
    pub directed_evaluation: bool,
    pub off_quota: OffQuota,
    pub approval_route: Option<String>,
}

/// A policy that results rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLine {
    pub id: String,
    pub title: Both,
    pub status: Status,
    /// Whether the document itself was at hand.
    pub verified: bool,
    pub sha256: String,
    /// `None` = it applies everywhere.
    pub adopted: Option<AdoptionLine>,
}

/// An adopted policy that is not applied on the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAppliedLine {
    pub policy: String,
    pub adopted: AdoptionLine,
    /// `unknown`, `not_yet`, `over`, `repealed`, `other_place`.
    pub why: &'static str,
    /// Since or until when, or which place.
    pub detail: Option<String>,
}

/// What results rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestsOn {
    pub policies: Vec<PolicyLine>,
    pub not_applied: Vec<NotAppliedLine>,
    /// Nothing is adopted here: only what applies everywhere was asked.
    pub nothing_adopted: bool,
}

/// The ledger of an institution.
#[derive(Clone, Debug, PartialEq)]
pub struct InstitutionFigures {
    pub id: Id<Institution>,
    pub version: Version,
    pub code: String,
    pub name: String,
    pub kind: Option<Kind>,
    pub area: Option<AreaCode>,
    pub consortium: Option<String>,
    pub on: Date,
    /// The first day for which its records are complete; `None` = there is none.
    pub records_begin: Option<Date>,
    /// `None` = the day lies before the records begin: nothing is known.
    pub known: Option<Known>,
}

/// What is known of an institution on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Approved establishment, and people on it.
    pub establishment: Establishment,
    /// Professional posts in all.
    pub professional_posts: Option<i64>,
    /// Senior, intermediate, junior, directed.
    pub figures: Vec<Figure>,
    pub findings: Vec<FindingLine>,
    pub rests_on: RestsOn,
}

/// Establishment and staff of an institution, or of several together. `None` = not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Establishment {
    pub total: Option<i64>,
    pub professional: Option<i64>,
    pub management: Option<i64>,
    pub worker: Option<i64>,
    /// People on the establishment.
    pub on_establishment: i64,
    /// Everybody, on whatever footing.
    pub staff: i64,
}

/// A line of a total: a limit is known where all of its parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// `None` = directed posts.
    pub level: Option<Level>,
    pub limit: Option<i64>,
    pub counted: i64,
    pub ordinary: i64,
    pub beyond_ratio: i64,
    pub off_quota: i64,
    pub special: i64,
    pub reserved: i64,
    pub vacant: Option<i64>,
    pub over: Option<i64>,
}

/// What several institutions come to together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    pub institutions: usize,
    pub establishment: Establishment,
    pub professional_posts: Option<i64>,
    pub lines: Vec<Total>,
}

/// An institution whose figures are unknown on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub code: String,
    pub name: Option<String>,
    /// The day on which its records begin, or the first that says anything of it.
    pub records_begin: Option<Date>,
}

/// A county or a medical community.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupFigures {
    /// Code of the county, or name of the community.
    pub name: String,
    pub records_begin: Option<Date>,
    /// `None` = not known.
    pub findings: Option<Vec<FindingLine>>,
    pub rests_on: Option<RestsOn>,
}

/// The ledger of a part of the records.
#[derive(Clone, Debug, PartialEq)]
pub struct PartFigures {
    pub on: Date,
    /// From which day on all of it is recorded, for areas and the whole.
    pub records_begin: Option<Date>,
    pub institutions: Vec<InstitutionFigures>,
    /// `None` = some institutions are unknown, and a sum of the others would be too small.
    pub totals: Option<Totals>,
    pub unknown: Vec<Unknown>,
    pub counties: Vec<GroupFigures>,
    pub consortia: Vec<GroupFigures>,
}

/// What a rule said before and says after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingChange {
    /// `None` = no such rule, or it does not apply.
    pub before: Option<FindingLine>,
    pub after: Option<FindingLine>,
}

/// What changes for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderChange {
    /// As it would be.
    pub holder: Holder,
    pub ledger: Option<Change<Option<Ledger>>>,
    pub retirement: Option<Change<Option<Month>>>,
    /// Policy, rule and verdict before and after; `None` = no such rule, or it does not
    /// apply.
    pub standings: Vec<Change<Option<(String, String, Verdict)>>>,
}

/// What changes for an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstitutionChange {
    pub id: Id<Institution>,
    pub code: String,
    pub name: String,
    pub places: Vec<(Option<Level>, Change<Places>)>,
    pub findings: Vec<FindingChange>,
    pub people: Vec<HolderChange>,
}

/// What the adoption of a policy would change in an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionImpact {
    pub on: Date,
    pub institutions: Vec<InstitutionChange>,
    /// By code of the county.
    pub counties: Vec<(AreaCode, Vec<FindingChange>)>,
    /// Institutions of which nothing can be said.
    pub unknown: Vec<Unknown>,
}

/// Adds numbers that are all known; `None` where one is not.
fn sum(numbers: impl Iterator<Item = Option<i64>>) -> Option<i64> {
    numbers.sum()
}

impl Totals {
    /// Adds up institutions; those whose figures are unknown are the caller's to name.
    pub fn of<'a>(institutions: impl Iterator<Item = &'a Known> + Clone) -> Self {
        let establishment = |number: fn(&Establishment) -> Option<i64>| {
            sum(institutions.clone().map(|one| number(&one.establishment)))
        };
        let people = |number: fn(&Establishment) -> i64| {
            institutions
                .clone()
                .map(|one| number(&one.establishment))
                .sum()
        };
        let levels = Level::ALL.iter().copied().map(Some).chain([None]);
        let line = |level: Option<Level>| {
            let figures = institutions
                .clone()
                .flat_map(|one| &one.figures)
                .filter(move |figure| figure.level == level);
            let known = |number: fn(&Figure) -> Option<i64>| sum(figures.clone().map(number));
            let counted = |number: fn(&Figure) -> i64| figures.clone().map(number).sum();
            Total {
                level,
                limit: known(|one| one.limit),
                counted: counted(|one| one.counted),
                ordinary: counted(|one| one.ordinary),
                beyond_ratio: counted(|one| one.beyond_ratio),
                off_quota: counted(|one| one.off_quota),
                special: counted(|one| one.special),
                reserved: counted(|one| one.reserved),
                vacant: known(|one| one.vacant),
                over: known(|one| one.over),
            }
        };
        Self {
            institutions: institutions.clone().count(),
            establishment: Establishment {
                total: establishment(|one| one.total),
                professional: establishment(|one| one.professional),
                management: establishment(|one| one.management),
                worker: establishment(|one| one.worker),
                on_establishment: people(|one| one.on_establishment),
                staff: people(|one| one.staff),
            },
            professional_posts: sum(institutions.clone().map(|one| one.professional_posts)),
            lines: levels.map(line).collect(),
        }
    }
}

/// What a decision table gives for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLine {
    pub rule: RuleLine,
    /// What it gives, and with what force.
    pub gives: Vec<(Both, Force)>,
    /// Facts that keep it open.
    pub missing: Vec<Both>,
}

/// A policy with all that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyText {
    pub line: PolicyLine,
    /// `None` = the whole country.
    pub place: Option<AreaCode>,
    /// Number of the document.
    pub number: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub note: Option<Both>,
    pub rules: Vec<RuleText>,
    pub coverage: Vec<CoverageLine>,
}

/// A rule in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleText {
    pub line: RuleLine,
    /// Key of the kind of rule.
    pub kind: &'static str,
    pub force: Force,
    /// What it says, line by line.
    pub says: Vec<Both>,
    /// Rules that it replaces.
    pub overrides: Vec<String>,
}

/// What became of a clause of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageLine {
    pub at: String,
    pub quote: String,
    /// Key of the status.
    pub status: &'static str,
    /// The rules that say it, or why none does.
    pub why: Both,
}
