//! The JSON of `check` (CONTRACT section 4), written as it is made: a hundred thousand
//! people never stand in memory twice.

use super::evaluation::{Evaluation, Input};
use super::words;
use crate::domain::fault::{Fault, Warning};
use crate::domain::ids::AreaCode;
use crate::domain::register::Origin;
use crate::i18n::Lang;
use crate::policy::model::{Body, Policy, Rule};
use crate::policy::plan::{PRIMARY_SERVICE, RuleId, TOWNSHIP_SERVICE};
use crate::rules::assessment::TableResult;
use crate::rules::finding::Finding;
use crate::rules::ledger::{DirectedPosts, LevelPosts, Posts};
use crate::rules::rollup::{Part, Rollup};
use crate::rules::verdict::Verdict;
use crate::rules::{explain, members};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::io::Write;

/// Version of the JSON (CONTRACT section 4).
const SCHEMA: u32 = 1;

/// Writes the whole result.
pub fn write(evaluation: &Evaluation, lang: Lang, out: impl Write) -> serde_json::Result<()> {
    let document = Document { evaluation, lang };
    serde_json::to_writer(out, &document)
}

struct Document<'a> {
    evaluation: &'a Evaluation<'a>,
    lang: Lang,
}

/// A sequence made while it is written.
struct Each<F>(F);

impl<I, F> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let e = self.evaluation;
        let lang = self.lang;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", &SCHEMA)?;
        map.serialize_entry("as_of", &e.as_of.to_string())?;
        map.serialize_entry("policies", &Each(|| e.plan.policies.iter().map(|p| &p.id)))?;
        map.serialize_entry(
            "policy_details",
            &Each(|| e.plan.policies.iter().map(|p| detail(p, lang))),
        )?;
        map.serialize_entry("program", env!("CARGO_PKG_VERSION"))?;
        map.serialize_entry("inputs", &Each(|| e.inputs.iter().map(input)))?;
        map.serialize_entry(
            "institutions",
            &Each(|| {
                (0..e.assessment.institutions.len()).filter_map(|at| institution(e, at, lang))
            }),
        )?;
        map.serialize_entry(
            "areas",
            &Each(|| (0..e.data.counties.len()).filter_map(|at| area(e, at, lang))),
        )?;
        map.serialize_entry(
            "consortia",
            &Each(|| (0..e.data.consortia.len()).filter_map(|at| consortium(e, at, lang))),
        )?;
        map.serialize_entry(
            "people",
            &Each(|| (0..e.register.people.len()).filter_map(|row| person(e, row))),
        )?;
        map.serialize_entry(
            "rural_doctors",
            &Each(|| (0..e.register.rural_doctors.len()).filter_map(|row| rural_doctor(e, row))),
        )?;
        map.serialize_entry(
            "errors",
            &Each(|| e.faults.iter().map(|f| fault(e, f, lang))),
        )?;
        map.serialize_entry(
            "warnings",
            &Each(|| e.warnings.iter().map(|w| warning(e, w, lang))),
        )?;
        map.serialize_entry(
            "refused_files",
            &Each(|| e.refused.iter().map(RefusedRow::from)),
        )?;
        map.serialize_entry("not_evaluated", &Each(|| not_evaluated(e)))?;
        map.serialize_entry("overridden", &Each(|| overridden(e)))?;
        map.end()
    }
}

#[derive(Serialize)]
struct PolicyRow<'a> {
    id: &'a str,
    title: &'a str,
    status: &'static str,
    from: Option<String>,
    to: Option<String>,
    verified: bool,
    sha256: &'a str,
}

fn detail(policy: &Policy, lang: Lang) -> PolicyRow<'_> {
    PolicyRow {
        id: &policy.id,
        title: words::words(&policy.title, lang),
        status: policy.status.key(),
        from: policy.from.map(|day| day.to_string()),
        to: policy.to.map(|day| day.to_string()),
        verified: policy.is_verified(),
        sha256: &policy.sha256,
    }
}

#[derive(Serialize)]
struct InputRow<'a> {
    file: &'a str,
    sha256: &'a str,
}

fn input(input: &Input) -> InputRow<'_> {
    InputRow {
        file: &input.file,
        sha256: &input.sha256,
    }
}

#[derive(Serialize)]
struct RefusedRow<'a> {
    file: &'a str,
    code: &'a str,
    message: &'a str,
}

impl<'a> From<&'a super::evaluation::RefusedInput> for RefusedRow<'a> {
    fn from(refused: &'a super::evaluation::RefusedInput) -> Self {
        Self {
            file: &refused.file,
            code: refused.code,
            message: &refused.message,
        }
    }
}

#[derive(Serialize)]
struct Cite<'a> {
    at: &'a str,
    text: &'a str,
}

fn cites<'a>(policy: &'a Policy, rule: &'a Rule) -> Vec<Cite<'a>> {
    policy
        .cites(rule)
        .map(|clause| Cite {
            at: &clause.at,
            text: &clause.text,
        })
        .collect()
}

#[derive(Serialize)]
struct PersonRef<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    name: &'a str,
}

#[derive(Serialize)]
struct FindingRow<'a> {
    rule: &'a str,
    policy: &'a str,
    subject: Option<String>,
    force: &'static str,
    verdict: &'static str,
    counted: Option<i64>,
    base: Option<i64>,
    threshold: Option<String>,
    needed: Option<i64>,
    cites: Vec<Cite<'a>>,
    readings: Vec<String>,
    missing: Vec<String>,
    people: Vec<PersonRef<'a>>,
    message: String,
}

fn finding<'a>(
    e: &'a Evaluation,
    of: Option<usize>,
    found: &'a Finding,
    lang: Lang,
) -> Option<FindingRow<'a>> {
    let (policy, rule) = e.plan.rule(found.rule)?;
    // those whom a verdict rests on, where there is something to look into
    let people = match (of, found.verdict) {
        (Some(institution), Verdict::Fails | Verdict::Judgement) => {
            members::counted(e.plan, e.data, &e.assessment.people, found, institution)
        }
        _ => Vec::new(),
    };
    Some(FindingRow {
        rule: &rule.id,
        policy: &policy.id,
        subject: words::subject(e.plan, e.data, found),
        force: rule.force.key(),
        verdict: found.verdict.key(),
        counted: found.counted,
        base: found.base,
        threshold: words::threshold(e.plan, found),
        needed: found.needed,
        cites: cites(policy, rule),
        readings: words::readings(e.plan, found, lang),
        missing: found
            .missing
            .iter()
            .map(|m| words::missing(e.plan, m, Lang::ZhCn))
            .collect(),
        people: people
            .into_iter()
            .filter_map(|row| person_ref(e, row))
            .collect(),
        message: words::finding(e.plan, e.data, found, lang),
    })
}

fn person_ref<'a>(e: &'a Evaluation, row: usize) -> Option<PersonRef<'a>> {
    let person = e.register.people.get(row)?;
    let (file, sheet) = source(e, person.origin);
    Some(PersonRef {
        file,
        sheet,
        row: person.origin.row,
        name: &person.name,
    })
}

fn source<'a>(e: &'a Evaluation, origin: Origin) -> (&'a str, &'a str) {
    e.register
        .source(origin)
        .map_or(("", ""), |s| (s.file.as_str(), s.sheet.as_str()))
}

#[derive(Serialize)]
struct LevelRow {
    ceiling: Option<i64>,
    approved: Option<i64>,
    limit: Option<i64>,
    ordinary: i64,
    beyond_ratio: i64,
    off_quota: i64,
    special: i64,
    counted: i64,
    reserved: i64,
    vacant: Option<i64>,
    over: Option<i64>,
}

impl From<&LevelPosts> for LevelRow {
    fn from(posts: &LevelPosts) -> Self {
        Self {
            ceiling: posts.ceiling,
            approved: posts.approved,
            limit: posts.limit,
            ordinary: posts.ordinary,
            beyond_ratio: posts.beyond_ratio,
            off_quota: posts.off_quota,
            special: posts.special,
            counted: posts.counted(),
            reserved: posts.reserved,
            vacant: posts.vacant(),
            over: posts.over(),
        }
    }
}

#[derive(Serialize)]
struct DirectedRow {
    ceiling: Option<i64>,
    approved: Option<i64>,
    limit: Option<i64>,
    counted: i64,
    reserved: i64,
    vacant: Option<i64>,
    over: Option<i64>,
}

impl From<&DirectedPosts> for DirectedRow {
    fn from(posts: &DirectedPosts) -> Self {
        Self {
            ceiling: posts.ceiling,
            approved: posts.approved,
            limit: posts.limit,
            counted: posts.counted,
            reserved: posts.reserved,
            vacant: posts.vacant(),
            over: posts.over(),
        }
    }
}

#[derive(Serialize)]
struct PostsRow {
    professional: Option<i64>,
    senior: LevelRow,
    intermediate: LevelRow,
    junior: LevelRow,
    directed: DirectedRow,
}

impl From<&Posts> for PostsRow {
    fn from(posts: &Posts) -> Self {
        Self {
            professional: posts.professional,
            senior: (&posts.senior).into(),
            intermediate: (&posts.intermediate).into(),
            junior: (&posts.junior).into(),
            directed: (&posts.directed).into(),
        }
    }
}

#[derive(Serialize)]
struct InstitutionRow<'a> {
    code: &'a str,
    name: &'a str,
    kind: Option<&'static str>,
    area: Option<String>,
    posts: PostsRow,
    findings: Vec<FindingRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    grades: Vec<GradesRow>,
}

/// The grades of a level by the national ratios, as information.
#[derive(Serialize)]
struct GradesRow {
    of: String,
    total: i64,
    grades: Vec<u8>,
    posts: Vec<i64>,
    /// Approved as one number.
    merged: bool,
    verified: bool,
}

fn institution<'a>(e: &'a Evaluation, at: usize, lang: Lang) -> Option<InstitutionRow<'a>> {
    let institution = e.register.institutions.get(at)?;
    let result = e.assessment.institutions.get(at)?;
    Some(InstitutionRow {
        code: &institution.code,
        name: &institution.name,
        kind: institution.kind.map(|kind| kind.key()),
        area: institution.area.map(|area| area.county().to_string()),
        posts: (&result.posts).into(),
        findings: result
            .findings
            .iter()
            .filter_map(|f| finding(e, Some(at), f, lang))
            .collect(),
        grades: members::grades(e.plan, e.data, &e.assessment.people, &result.posts, at)
            .into_iter()
            .map(|grades| GradesRow {
                of: grades.of,
                total: grades.total,
                grades: grades.grades,
                posts: grades.posts,
                merged: grades.merged,
                verified: grades.verified,
            })
            .collect(),
    })
}

#[derive(Serialize)]
struct PartRow {
    counted: i64,
    base: Option<i64>,
}

impl From<Part> for PartRow {
    fn from(part: Part) -> Self {
        Self {
            counted: part.counted,
            base: part.base,
        }
    }
}

/// Figures that are no verdict.
#[derive(Serialize)]
struct InformationRow {
    institutions: usize,
    senior: PartRow,
    intermediate: PartRow,
    use_of_establishment: PartRow,
    held_by_professionals: PartRow,
}

impl From<Rollup> for InformationRow {
    fn from(rollup: Rollup) -> Self {
        Self {
            institutions: rollup.institutions,
            senior: rollup.senior.into(),
            intermediate: rollup.intermediate.into(),
            use_of_establishment: rollup.use_of_establishment.into(),
            held_by_professionals: rollup.held_by_professionals.into(),
        }
    }
}

#[derive(Serialize)]
struct AreaRow<'a> {
    code: String,
    findings: Vec<FindingRow<'a>>,
    information: InformationRow,
}

fn area<'a>(e: &'a Evaluation, at: usize, lang: Lang) -> Option<AreaRow<'a>> {
    let code: &AreaCode = e.data.counties.get(at)?;
    let findings = e.assessment.counties.get(at)?;
    Some(AreaRow {
        code: code.to_string(),
        findings: findings
            .iter()
            .filter_map(|f| finding(e, None, f, lang))
            .collect(),
        information: Rollup::of_county(e.plan, e.data, e.assessment, at).into(),
    })
}

#[derive(Serialize)]
struct ConsortiumRow<'a> {
    name: &'a str,
    findings: Vec<FindingRow<'a>>,
    information: InformationRow,
}

fn consortium<'a>(e: &'a Evaluation, at: usize, lang: Lang) -> Option<ConsortiumRow<'a>> {
    let findings = e.assessment.consortia.get(at)?;
    Some(ConsortiumRow {
        name: e.data.consortia.get(at)?,
        findings: findings
            .iter()
            .filter_map(|f| finding(e, None, f, lang))
            .collect(),
        information: Rollup::of_consortium(e.plan, e.data, e.assessment, at).into(),
    })
}

#[derive(Serialize)]
struct PersonRow<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    name: &'a str,
    institution: &'a str,
    retirement: Option<String>,
    months_to_retirement: Option<i32>,
    primary_service_months: Option<i64>,
    township_service_months: Option<i64>,
    ledger: Option<&'static str>,
    standings: Vec<StandingRow<'a>>,
}

#[derive(Serialize)]
struct StandingRow<'a> {
    rule: &'a str,
    policy: &'a str,
    verdict: &'static str,
    from: Option<String>,
    until: Option<String>,
    missing: Vec<&'a str>,
    cites: Vec<Cite<'a>>,
}

fn person<'a>(e: &'a Evaluation, row: usize) -> Option<PersonRow<'a>> {
    let person = e.register.people.get(row)?;
    let people = &e.assessment.people;
    let (file, sheet) = source(e, person.origin);
    let retirement = people.retirement(row);
    let clock = |name: &str| {
        let at = e
            .plan
            .clocks
            .iter()
            .position(|fact| e.plan.facts.name(*fact) == name)?;
        people.service(row, at)
    };
    let standings = (0..e.plan.standings.len()).filter_map(|at| {
        let verdict = people.verdict(row, at)?;
        standing(e, row, at, verdict)
    });
    Some(PersonRow {
        file,
        sheet,
        row: person.origin.row,
        name: &person.name,
        institution: e
            .register
            .institutions
            .get(person.institution)
            .map_or("", |i| i.code.as_str()),
        retirement: retirement.map(|month| month.to_string()),
        months_to_retirement: retirement.map(|month| month.since(e.as_of)),
        primary_service_months: clock(PRIMARY_SERVICE),
        township_service_months: clock(TOWNSHIP_SERVICE),
        ledger: people.ledger(row).map(|ledger| ledger.key()),
        standings: standings.collect(),
    })
}

fn standing<'a>(
    e: &'a Evaluation,
    row: usize,
    at: usize,
    verdict: Verdict,
) -> Option<StandingRow<'a>> {
    let (policy, rule) = e.plan.rule(e.plan.standings.get(at)?.rule)?;
    let window = match verdict {
        Verdict::Unknown => None,
        _ => explain::window(e.plan, e.data, row, at),
    };
    let missing = match verdict {
        Verdict::Unknown => explain::missing(e.plan, e.data, row, at),
        _ => Vec::new(),
    };
    Some(StandingRow {
        rule: &rule.id,
        policy: &policy.id,
        verdict: verdict.key(),
        from: window.and_then(|w| w.from).map(|m| m.to_string()),
        until: window.and_then(|w| w.until).map(|m| m.to_string()),
        missing: missing
            .into_iter()
            .map(|fact| e.plan.facts.name(fact))
            .collect(),
        cites: cites(policy, rule),
    })
}

#[derive(Serialize)]
struct GiveRow<'a> {
    name: &'a str,
    force: &'static str,
}

#[derive(Serialize)]
struct DoctorRow<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    name: &'a str,
    gives: Vec<GiveRow<'a>>,
    missing: Vec<&'a str>,
    cites: Vec<Cite<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<TableRow<'a>>,
}

/// What a decision table other than that of the pension gives.
#[derive(Serialize)]
struct TableRow<'a> {
    rule: &'a str,
    policy: &'a str,
    gives: Vec<GiveRow<'a>>,
    missing: Vec<&'a str>,
}

/// The table whose result stands in `gives` itself (CONTRACT section 5).
const PENSION: &str = "rural-doctor-pension";

fn rural_doctor<'a>(e: &'a Evaluation, row: usize) -> Option<DoctorRow<'a>> {
    let doctor = e.register.rural_doctors.get(row)?;
    let (file, sheet) = source(e, doctor.origin);
    let results = e
        .assessment
        .rural_doctors
        .get(row)
        .map_or(&[] as &[TableResult], Vec::as_slice);
    let of = |result: &'a TableResult| {
        e.plan
            .rule(result.rule)
            .map(|(policy, rule)| (policy, rule, result))
    };
    let (pension, also): (Vec<_>, Vec<_>) = results
        .iter()
        .filter_map(of)
        .partition(|(_, rule, _)| rule.id == PENSION);
    let names = |result: &'a TableResult| {
        result
            .missing
            .iter()
            .map(|fact| e.plan.facts.name(*fact))
            .collect()
    };
    let pension = pension.first();
    Some(DoctorRow {
        file,
        sheet,
        row: doctor.origin.row,
        name: &doctor.name,
        gives: pension.map_or(Vec::new(), |(_, rule, result)| gives(rule, result)),
        missing: pension.map_or(Vec::new(), |(_, _, result)| names(result)),
        cites: pension.map_or(Vec::new(), |(policy, rule, _)| cites(policy, rule)),
        also: also
            .into_iter()
            .filter(|(_, _, result)| !result.hits.is_empty() || !result.missing.is_empty())
            .map(|(policy, rule, result)| TableRow {
                rule: &rule.id,
                policy: &policy.id,
                gives: gives(rule, result),
                missing: names(result),
            })
            .collect(),
    })
}

fn gives<'a>(rule: &'a Rule, result: &TableResult) -> Vec<GiveRow<'a>> {
    let Body::StatusTable(table) = &rule.body else {
        return Vec::new();
    };
    let rows = result
        .hits
        .iter()
        .filter_map(|at| table.rows.get(usize::from(*at)));
    rows.flat_map(|row| {
        row.gives.iter().map(|name| GiveRow {
            name,
            force: row.force.key(),
        })
    })
    .collect()
}

#[derive(Serialize)]
struct ComplaintRow<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    column: &'a str,
    code: &'static str,
    value: &'a str,
    message: String,
}

fn fault<'a>(e: &'a Evaluation, fault: &'a Fault, lang: Lang) -> ComplaintRow<'a> {
    let (file, sheet) = source(e, fault.origin);
    ComplaintRow {
        file,
        sheet,
        row: fault.origin.row,
        column: &fault.column,
        code: fault.code.key(),
        value: &fault.value,
        message: words::fault(e.register, fault, lang),
    }
}

fn warning<'a>(e: &'a Evaluation, warning: &'a Warning, lang: Lang) -> ComplaintRow<'a> {
    let (file, sheet) = source(e, warning.origin);
    ComplaintRow {
        file,
        sheet,
        row: warning.origin.row,
        column: &warning.column,
        code: warning.code.key(),
        value: &warning.value,
        message: words::warning(warning, lang),
    }
}

#[derive(Serialize)]
struct NotEvaluatedRow<'a> {
    rule: &'a str,
    policy: &'a str,
    missing: Vec<&'a str>,
}

fn not_evaluated<'a>(e: &'a Evaluation) -> impl Iterator<Item = NotEvaluatedRow<'a>> {
    e.plan.not_evaluated.iter().filter_map(|(id, facts)| {
        let (policy, rule) = e.plan.rule(*id)?;
        let missing = facts.iter().map(|fact| e.plan.facts.name(*fact)).collect();
        Some(NotEvaluatedRow {
            rule: &rule.id,
            policy: &policy.id,
            missing,
        })
    })
}

#[derive(Serialize)]
struct OverriddenRow {
    rule: String,
    by: String,
}

fn overridden<'a>(e: &'a Evaluation) -> impl Iterator<Item = OverriddenRow> + 'a {
    let name = |id: RuleId| {
        e.plan
            .rule(id)
            .map(|(policy, rule)| format!("{}#{}", policy.id, rule.id))
    };
    e.plan.overridden.iter().filter_map(move |(rule, by)| {
        Some(OverriddenRow {
            rule: name(*rule)?,
            by: name(*by)?,
        })
    })
}
