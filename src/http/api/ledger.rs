//! The quota ledger: what may be held, what is held and by whom, what is free, and what all
//! of it rests on, for any day.

#![expect(
    clippy::too_many_arguments,
    reason = "each parameter of a query is an argument"
)]

use super::Tag;
use super::page::page;
use super::record::when;
use crate::domain::adoption::{Handling, OffQuota};
use crate::domain::ids::AreaCode;
use crate::domain::institution::{Institution, Kind};
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level, Manner};
use crate::domain::record::Id;
use crate::domain::record_id::PersonId;
use crate::domain::staff::Employment;
use crate::domain::time::{Date, Timestamp};
use crate::domain::title::Rank;
use crate::http::caller::Caller;
use crate::http::problem::{Failure, Flaw, words};
use crate::http::scalar::{Text, Word};
use crate::http::written::Written;
use crate::i18n::Lang;
use crate::rules::figures as plain;
use crate::rules::verdict::Verdict;
use crate::service::export::Part;
use crate::service::ledger;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::types::ToJSON;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;

pub struct Api;

pub fn said(lang: Lang, both: &plain::Both) -> String {
    lang.pick(&both.zh, &both.en).to_owned()
}

/// A clause, word for word.
#[derive(Debug, Object, Serialize)]
pub struct Cite {
    at: String,
    text: String,
    /// Whether the document was at hand.
    verified: bool,
}

/// A rule that something rests on.
#[derive(Debug, Object, Serialize)]
pub struct Rule {
    policy: String,
    rule: String,
    title: String,
    cites: Vec<Cite>,
    /// Readings that were chosen where the text leaves several.
    readings: Vec<String>,
    /// What happens when it is broken; null = the place has not said.
    handling: Option<Word<Handling>>,
}

impl Rule {
    pub fn new(lang: Lang, line: &plain::RuleLine) -> Self {
        Self {
            policy: line.policy.clone(),
            rule: line.rule.clone(),
            title: said(lang, &line.title),
            cites: line
                .cites
                .iter()
                .map(|cite| Cite {
                    at: cite.at.clone(),
                    text: cite.text.clone(),
                    verified: cite.verified,
                })
                .collect(),
            readings: line.readings.iter().map(|one| said(lang, one)).collect(),
            handling: line.handling.map(Word),
        }
    }
}

/// Somebody behind a number.
#[derive(Debug, Object, Serialize)]
pub struct Holder {
    person: Text<PersonId>,
    name: String,
    /// Identity number, masked.
    number: String,
    employment: Word<Employment>,
    appointed: Word<Rank>,
    /// Grade of the post, 1 to 13.
    grade: Option<u8>,
    manner: Word<Manner>,
    /// Null = occupies no professional post.
    ledger: Option<Word<Ledger>>,
    /// Statutory retirement.
    retirement: Option<Text<Month>>,
}

impl From<&plain::Holder> for Holder {
    fn from(one: &plain::Holder) -> Self {
        Self {
            person: Text(one.person),
            name: one.name.clone(),
            number: one.number.clone(),
            employment: Word(one.employment),
            appointed: Word(one.appointed),
            grade: one.grade.map(|grade| grade.number()),
            manner: Word(one.manner),
            ledger: one.ledger.map(Word),
            retirement: one.retirement.map(Text),
        }
    }
}

/// How a ceiling came about.
#[derive(Debug, Object, Serialize)]
pub struct Ceiling {
    limit: i64,
    /// `45 × 20% = 9.00 → 9`
    arithmetic: Option<String>,
    rule: Rule,
}

/// One line of the ledger. Null = not known.
#[derive(Debug, Object, Serialize)]
pub struct Figure {
    /// Null = directed posts.
    level: Option<Word<Level>>,
    /// What the ratio allows.
    ceiling: Option<i64>,
    approved: Option<i64>,
    /// The smaller of the two, whichever are known.
    limit: Option<i64>,
    /// Who fills a post of the limit.
    counted: i64,
    ordinary: i64,
    beyond_ratio: i64,
    off_quota: i64,
    special: i64,
    reserved: i64,
    vacant: Option<i64>,
    over: Option<i64>,
    ceilings: Vec<Ceiling>,
    /// Everybody who holds such a post, in whatever ledger; null in lists.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    opens: Option<Vec<Holder>>,
}

/// What a rule says.
#[derive(Debug, Object, Serialize)]
pub struct Finding {
    rule: Rule,
    /// `must`, `may`, `in-principle`, `target`
    force: String,
    verdict: Word<Verdict>,
    subject: Option<String>,
    subject_title: Option<String>,
    counted: Option<i64>,
    base: Option<i64>,
    needed: Option<i64>,
    threshold: Option<String>,
    arithmetic: Option<String>,
    message: String,
    /// Facts that keep the verdict open.
    missing: Vec<String>,
    /// Those who were counted; null in lists.
    #[oai(skip_serializing_if_is_none)]
    #[serde(skip_serializing_if = "Option::is_none")]
    opens: Option<Vec<Holder>>,
}

impl Finding {
    pub fn new(lang: Lang, line: &plain::FindingLine, open: bool) -> Self {
        let both = |text: &Option<plain::Both>| text.as_ref().map(|text| said(lang, text));
        Self {
            rule: Rule::new(lang, &line.rule),
            force: line.force.key().to_owned(),
            verdict: Word(line.verdict),
            subject: line.subject.clone(),
            subject_title: both(&line.subject_title),
            counted: line.counted,
            base: line.base,
            needed: line.needed,
            threshold: line.threshold.clone(),
            arithmetic: both(&line.arithmetic),
            message: said(lang, &line.message),
            missing: line.missing.iter().map(|one| said(lang, one)).collect(),
            opens: open.then(|| line.opens.iter().map(Holder::from).collect()),
        }
    }
}

/// The adoption of a policy.
#[derive(Debug, Object, Serialize)]
pub struct Adopted {
    /// Who adopted it: the place itself or one above it.
    area: Text<AreaCode>,
    since: Text<Date>,
    document: Option<String>,
    raised_ratio: bool,
    directed_evaluation: bool,
    off_quota: Word<OffQuota>,
    approval_route: Option<String>,
}

impl From<&plain::AdoptionLine> for Adopted {
    fn from(line: &plain::AdoptionLine) -> Self {
        Self {
            area: Text(line.area),
            since: Text(line.since),
            document: line.document.clone(),
            raised_ratio: line.raised_ratio,
            directed_evaluation: line.directed_evaluation,
            off_quota: Word(line.off_quota),
            approval_route: line.approval_route.clone(),
        }
    }
}

/// A policy that results rest on.
#[derive(Debug, Object, Serialize)]
pub struct PolicyInForce {
    id: String,
    title: String,
    /// `draft`, `in-force`, `expired`, `repealed`
    status: String,
    /// Whether the document itself was at hand.
    verified: bool,
    sha256: String,
    /// Null = it applies everywhere.
    adopted: Option<Adopted>,
}

/// An adopted policy that is not applied on the day.
#[derive(Debug, Object, Serialize)]
pub struct NotApplied {
    policy: String,
    adopted: Adopted,
    /// `unknown`, `not_yet`, `over`, `repealed`, `other_place`
    why: String,
    detail: Option<String>,
}

/// What results rest on.
#[derive(Debug, Object, Serialize)]
pub struct RestsOn {
    policies: Vec<PolicyInForce>,
    not_applied: Vec<NotApplied>,
    /// Nothing is adopted: only what applies everywhere was asked.
    nothing_adopted: bool,
}

impl RestsOn {
    pub fn new(lang: Lang, rests: &plain::RestsOn) -> Self {
        let policies = rests.policies.iter().map(|one| PolicyInForce {
            id: one.id.clone(),
            title: said(lang, &one.title),
            status: one.status.key().to_owned(),
            verified: one.verified,
            sha256: one.sha256.clone(),
            adopted: one.adopted.as_ref().map(Adopted::from),
        });
        let not_applied = rests.not_applied.iter().map(|one| NotApplied {
            policy: one.policy.clone(),
            adopted: Adopted::from(&one.adopted),
            why: one.why.to_owned(),
            detail: one.detail.clone(),
        });
        Self {
            policies: policies.collect(),
            not_applied: not_applied.collect(),
            nothing_adopted: rests.nothing_adopted,
        }
    }
}

/// Establishment and staff. Null = not given.
#[derive(Debug, Object, Serialize)]
pub struct Establishment {
    total: Option<i64>,
    professional: Option<i64>,
    management: Option<i64>,
    worker: Option<i64>,
    on_establishment: i64,
    staff: i64,
}

impl From<plain::Establishment> for Establishment {
    fn from(one: plain::Establishment) -> Self {
        Self {
            total: one.total,
            professional: one.professional,
            management: one.management,
            worker: one.worker,
            on_establishment: one.on_establishment,
            staff: one.staff,
        }
    }
}

/// What is known of an institution on a day.
#[derive(Debug, Object, Serialize)]
pub struct Known {
    establishment: Establishment,
    professional_posts: Option<i64>,
    figures: Vec<Figure>,
    findings: Vec<Finding>,
    rests_on: RestsOn,
}

impl Known {
    fn new(lang: Lang, known: &plain::Known, open: bool) -> Self {
        let figures = known.figures.iter().map(|line| Figure {
            level: line.level.map(Word),
            ceiling: line.ceiling,
            approved: line.approved,
            limit: line.limit,
            counted: line.counted,
            ordinary: line.ordinary,
            beyond_ratio: line.beyond_ratio,
            off_quota: line.off_quota,
            special: line.special,
            reserved: line.reserved,
            vacant: line.vacant,
            over: line.over,
            ceilings: line
                .ceilings
                .iter()
                .map(|one| Ceiling {
                    limit: one.limit,
                    arithmetic: one.arithmetic.as_ref().map(|text| said(lang, text)),
                    rule: Rule::new(lang, &one.rule),
                })
                .collect(),
            opens: open.then(|| line.opens.iter().map(Holder::from).collect()),
        });
        let findings = known.findings.iter();
        Self {
            establishment: known.establishment.into(),
            professional_posts: known.professional_posts,
            figures: figures.collect(),
            findings: findings
                .map(|line| Finding::new(lang, line, open))
                .collect(),
            rests_on: RestsOn::new(lang, &known.rests_on),
        }
    }
}

/// The ledger of an institution.
#[derive(Debug, Object, Serialize)]
pub struct InstitutionLedger {
    id: Text<Id<Institution>>,
    version: i64,
    code: String,
    name: String,
    kind: Option<Word<Kind>>,
    area: Option<Text<AreaCode>>,
    consortium: Option<String>,
    on: Text<Date>,
    /// The first day for which its records are complete; null = there is none.
    records_begin: Option<Text<Date>>,
    /// Null = the day lies before the records begin: nothing is known.
    known: Option<Known>,
}

impl InstitutionLedger {
    fn new(lang: Lang, one: &plain::InstitutionFigures, open: bool) -> Self {
        Self {
            id: Text(one.id),
            version: one.version.number(),
            code: one.code.clone(),
            name: one.name.clone(),
            kind: one.kind.map(Word),
            area: one.area.map(Text),
            consortium: one.consortium.clone(),
            on: Text(one.on),
            records_begin: one.records_begin.map(Text),
            known: one
                .known
                .as_ref()
                .map(|known| Known::new(lang, known, open)),
        }
    }
}

/// A sum over institutions. Null = one of its parts is not known.
#[derive(Debug, Object, Serialize)]
pub struct Total {
    /// Null = directed posts.
    level: Option<Word<Level>>,
    limit: Option<i64>,
    counted: i64,
    ordinary: i64,
    beyond_ratio: i64,
    off_quota: i64,
    special: i64,
    reserved: i64,
    vacant: Option<i64>,
    over: Option<i64>,
}

/// What the institutions come to together.
#[derive(Debug, Object, Serialize)]
pub struct Totals {
    institutions: usize,
    establishment: Establishment,
    professional_posts: Option<i64>,
    lines: Vec<Total>,
}

impl From<&plain::Totals> for Totals {
    fn from(totals: &plain::Totals) -> Self {
        let lines = totals.lines.iter().map(|line| Total {
            level: line.level.map(Word),
            limit: line.limit,
            counted: line.counted,
            ordinary: line.ordinary,
            beyond_ratio: line.beyond_ratio,
            off_quota: line.off_quota,
            special: line.special,
            reserved: line.reserved,
            vacant: line.vacant,
            over: line.over,
        });
        Self {
            institutions: totals.institutions,
            establishment: totals.establishment.into(),
            professional_posts: totals.professional_posts,
            lines: lines.collect(),
        }
    }
}

/// An institution whose figures are unknown on the day.
#[derive(Debug, Object, Serialize)]
pub struct Unknown {
    code: String,
    name: Option<String>,
    records_begin: Option<Text<Date>>,
}

impl From<&plain::Unknown> for Unknown {
    fn from(one: &plain::Unknown) -> Self {
        Self {
            code: one.code.clone(),
            name: one.name.clone(),
            records_begin: one.records_begin.map(Text),
        }
    }
}

/// A county or a medical community.
#[derive(Debug, Object, Serialize)]
pub struct Group {
    /// Code of the county, or name of the community.
    name: String,
    records_begin: Option<Text<Date>>,
    /// Null = not known.
    findings: Option<Vec<Finding>>,
    rests_on: Option<RestsOn>,
}

impl Group {
    fn new(lang: Lang, one: &plain::GroupFigures) -> Self {
        let findings = one.findings.as_ref().map(|findings| {
            let findings = findings.iter();
            findings
                .map(|line| Finding::new(lang, line, false))
                .collect()
        });
        Self {
            name: one.name.clone(),
            records_begin: one.records_begin.map(Text),
            findings,
            rests_on: one.rests_on.as_ref().map(|rests| RestsOn::new(lang, rests)),
        }
    }
}

/// The ledger of several institutions.
#[derive(Debug, Object, Serialize)]
pub struct PartLedger {
    on: Text<Date>,
    /// From which day on all of it is recorded.
    records_begin: Option<Text<Date>>,
    /// Null = some institutions are unknown, and a sum of the others would be too small.
    totals: Option<Totals>,
    unknown: Vec<Unknown>,
    counties: Vec<Group>,
    consortia: Vec<Group>,
    /// A page of the institutions, in the order in which they were first recorded; who is
    /// behind the numbers is told with each institution.
    items: Vec<InstitutionLedger>,
    /// To be given as `after` for the next page; null = this is the last.
    next: Option<String>,
}

/// Something that did or did not change since it was seen.
#[derive(ApiResponse)]
pub enum Seen<T: ToJSON + Serialize> {
    /// As it is.
    #[oai(status = 200)]
    Is(Written<T>, #[oai(header = "ETag")] String),
    /// It is what was seen (`If-None-Match`).
    #[oai(status = 304)]
    Same(#[oai(header = "ETag")] String),
}

impl<T: ToJSON + Serialize> Seen<T> {
    /// The answer, or that it is what was seen.
    pub fn new(value: &T, seen: Option<&str>) -> Self {
        let written = Written::new(value);
        let tag = written.tag();
        let mut known = seen.unwrap_or_default().split(',').map(str::trim);
        let is_seen = known.any(|one| one.trim_start_matches("W/") == tag || one == "*");
        if is_seen {
            Self::Same(tag)
        } else {
            Self::Is(written, tag)
        }
    }
}

/// The part of the records that is asked for: exactly one must be named.
pub fn part_of(
    caller: &Caller,
    area: Option<Text<AreaCode>>,
    consortium: Option<String>,
    below: Option<String>,
) -> Result<Part, Failure> {
    match (area, consortium, below) {
        (Some(area), None, None) => Ok(Part::Area(area.0)),
        (None, Some(name), None) => Ok(Part::Consortium(name)),
        (None, None, Some(code)) => Ok(Part::Below(code)),
        _ => {
            let flaw = Flaw {
                field: "area".to_owned(),
                code: "one_of".to_owned(),
                message: words("one_part", caller.lang),
            };
            Err(Failure::unfit(vec![flaw], caller.lang))
        }
    }
}

#[OpenApi(prefix_path = "/ledger", tag = "Tag::Ledger")]
impl Api {
    /// The ledger of an institution on a day
    ///
    /// Each number with the people behind it, its arithmetic, the clauses and the readings.
    /// Before the first complete record nothing is known, and nothing is said.
    #[oai(
        path = "/institutions/:code",
        method = "get",
        operation_id = "institution_ledger"
    )]
    async fn institution(
        &self,
        caller: Caller,
        #[oai(validator(max_length = 100))] code: Path<String>,
        /// Today where it is left out; any day, past or future.
        as_of: Query<Option<Text<Date>>>,
        /// As it was known at that instant.
        known_at: Query<Option<Text<Timestamp>>>,
        #[oai(name = "If-None-Match")] seen: Header<Option<String>>,
    ) -> Result<Seen<InstitutionLedger>, Failure> {
        let when = when(&caller, as_of.0, known_at.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let found = caller
            .done(ledger::institution_figures(office, actor, &code.0, when, caller.now).await)?;
        let found = InstitutionLedger::new(caller.lang, &found, true);
        Ok(Seen::new(&found, seen.0.as_deref()))
    }

    /// The ledger of an area, a medical community, or an institution and those below it
    ///
    /// Exactly one of `area`, `consortium` and `below` is given.
    #[oai(path = "/", method = "get", operation_id = "ledger")]
    async fn part(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        /// Name of a medical community.
        #[oai(validator(max_length = 200))]
        consortium: Query<Option<String>>,
        /// Code of an institution.
        #[oai(validator(max_length = 100))]
        below: Query<Option<String>>,
        /// Today where it is left out; any day, past or future.
        as_of: Query<Option<Text<Date>>>,
        /// As it was known at that instant.
        known_at: Query<Option<Text<Timestamp>>>,
        /// The `next` of the page before.
        #[oai(validator(max_length = 100))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
        #[oai(name = "If-None-Match")] seen: Header<Option<String>>,
    ) -> Result<Seen<PartLedger>, Failure> {
        let part = part_of(&caller, area.0, consortium.0, below.0)?;
        let when = when(&caller, as_of.0, known_at.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let found =
            caller.done(ledger::part_figures(office, actor, &part, when, caller.now).await)?;
        let lang = caller.lang;
        let key = |one: &&plain::InstitutionFigures| one.id.to_string();
        let all = found.institutions.iter();
        let (items, next) = page(all, after.0.as_deref(), limit.0, key);
        let items = items.into_iter();
        let ledger = PartLedger {
            on: Text(found.on),
            records_begin: found.records_begin.map(Text),
            totals: found.totals.as_ref().map(Totals::from),
            unknown: found.unknown.iter().map(Unknown::from).collect(),
            counties: found
                .counties
                .iter()
                .map(|one| Group::new(lang, one))
                .collect(),
            consortia: found
                .consortia
                .iter()
                .map(|one| Group::new(lang, one))
                .collect(),
            items: items
                .map(|one| InstitutionLedger::new(lang, one, false))
                .collect(),
            next,
        };
        Ok(Seen::new(&ledger, seen.0.as_deref()))
    }
}
