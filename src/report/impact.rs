//! What another set of policies would change: each institution, area and person whose
//! verdict or free places change, with both clauses.

use super::pages::{Cell, Pages};
use super::table::{number, sign, standing_sign};
use super::words;
use crate::domain::ids::AreaCode;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level};
use crate::domain::register::Register;
use crate::i18n::{Arg, Lang, t};
use crate::policy::plan::{Plan, RuleId};
use crate::rules::data::Data;
use crate::rules::finding::{Finding, Subject};
use crate::rules::impact::{Change, Impact, InstitutionImpact, PersonImpact, Places, Said};
use crate::rules::verdict::Verdict;
use serde::Serialize;
use std::io::{self, Write};

/// Both evaluations and the difference between them.
pub struct Comparison<'a> {
    pub register: &'a Register,
    pub data: &'a Data,
    pub from: &'a Plan,
    pub to: &'a Plan,
    pub impact: &'a Impact,
}

/// Writes the difference as text: first how many change by rule, then each that matters.
pub fn write(c: &Comparison, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let ids = |plan: &Plan| words::list(plan.policies.iter().map(|p| p.id.clone()), lang);
    for (key, plan) in [("impact-from", c.from), ("impact-to", c.to)] {
        let args = [("policies", ids(plan).into())];
        writeln!(out, "{}", t(lang, key, &args))?;
    }
    let args = [
        ("areas", Arg::from(c.impact.counties.len())),
        ("institutions", c.impact.institutions.len().into()),
        ("people", c.impact.people.len().into()),
        ("doctors", c.impact.rural_doctors.len().into()),
    ];
    writeln!(out, "{}", t(lang, "impact-summary", &args))?;
    let changes = changes(c, lang);
    by_rule(&changes, lang, out)?;
    details(&changes, lang, out)
}

/// What changes for one institution, area, person or rural doctor: one line.
struct Line {
    sort: Sort,
    /// Code, or the place of the row.
    code: String,
    name: String,
    /// The rule, or the figure, that changes.
    what: String,
    before: Side,
    after: Side,
    /// Whether more differs than that a rule is there or not.
    matters: bool,
}

/// One side of a line: a word, its sentence and its clause.
#[derive(Clone, Default)]
struct Side {
    /// Sign and word of a verdict, a figure, a ledger.
    word: String,
    sentence: String,
    clause: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Area,
    Institution,
    Person,
    RuralDoctor,
}

impl Sort {
    const ALL: [Self; 4] = [
        Self::Area,
        Self::Institution,
        Self::Person,
        Self::RuralDoctor,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Area => "areas",
            Self::Institution => "institutions",
            Self::Person => "people",
            Self::RuralDoctor => "rural-doctors",
        }
    }
}

fn changes(c: &Comparison, lang: Lang) -> Vec<Line> {
    let mut lines = Vec::new();
    for (at, changes) in &c.impact.counties {
        let code = c.data.counties.get(*at);
        let name = code.map_or(String::new(), |code| place_name(c, *code));
        let code = code.map_or(String::new(), |code| code.to_string());
        let of = (Sort::Area, code.as_str(), name.as_str());
        lines.extend(
            changes
                .iter()
                .map(|change| finding_line(c, change, of, lang)),
        );
    }
    for (at, changes) in &c.impact.consortia {
        let name = c.data.consortia.get(*at).map_or("", String::as_str);
        lines.extend(
            changes
                .iter()
                .map(|change| finding_line(c, change, (Sort::Area, "", name), lang)),
        );
    }
    for impact in &c.impact.institutions {
        let Some(institution) = c.register.institutions.get(impact.institution) else {
            continue;
        };
        let of = (
            Sort::Institution,
            institution.code.as_str(),
            institution.name.as_str(),
        );
        for (level, change) in &impact.places {
            lines.push(places_line(*level, change, of, lang));
        }
        for change in &impact.findings {
            lines.push(finding_line(c, change, of, lang));
        }
    }
    for impact in &c.impact.people {
        person_lines(c, impact, lang, &mut lines);
    }
    for (row, change) in &c.impact.rural_doctors {
        let Some(doctor) = c.register.rural_doctors.get(*row) else {
            continue;
        };
        let side = |plan: &Plan, gives: &[String]| Side {
            word: match gives {
                [] => t(lang, "impact-none", &[]),
                gives => {
                    let gives = gives.iter().map(|word| words::given(plan, word, lang));
                    words::list(gives.map(str::to_owned), lang)
                }
            },
            ..Side::default()
        };
        lines.push(Line {
            sort: Sort::RuralDoctor,
            code: words::place(c.register, doctor.origin),
            name: doctor.name.clone(),
            what: t(lang, "impact-gives", &[]),
            before: side(c.from, &change.from),
            after: side(c.to, &change.to),
            matters: true,
        });
    }
    lines
}

fn place_name(c: &Comparison, code: AreaCode) -> String {
    let named = c.register.places.iter().find(|place| place.code == code);
    named.map_or(String::new(), |place| place.name.clone())
}

fn places_line(
    level: Option<Level>,
    change: &Change<Places>,
    (sort, code, name): (Sort, &str, &str),
    lang: Lang,
) -> Line {
    let key = level.map_or("subject-directed".to_owned(), |level| {
        format!("subject-{}", level.key())
    });
    let level = t(lang, &key, &[]);
    let pair = |from: Option<i64>, to: Option<i64>| match from == to {
        true => number(from),
        false => format!("{} → {}", number(from), number(to)),
    };
    let side = |places: &Places| Side {
        word: figures(
            &number(places.limit),
            &number(places.vacant),
            &number(places.over),
            lang,
        ),
        ..Side::default()
    };
    let mut after = side(&change.to);
    after.sentence = figures(
        &pair(change.from.limit, change.to.limit),
        &pair(change.from.vacant, change.to.vacant),
        &pair(change.from.over, change.to.over),
        lang,
    );
    Line {
        sort,
        code: code.to_owned(),
        name: name.to_owned(),
        what: t(lang, "impact-posts", &[("level", level.into())]),
        before: side(&change.from),
        after,
        matters: true,
    }
}

fn figures(limit: &str, vacant: &str, over: &str, lang: Lang) -> String {
    let args = [
        ("limit", limit.into()),
        ("vacant", vacant.into()),
        ("over", over.into()),
    ];
    t(lang, "impact-figures", &args)
}

fn finding_line(
    c: &Comparison,
    change: &Change<Said<Finding>>,
    (sort, code, name): (Sort, &str, &str),
    lang: Lang,
) -> Line {
    let side = |plan: &Plan, said: &Said<Finding>| match said {
        None => nothing(lang),
        Some((rule, found)) => {
            let word = t(lang, &format!("verdict-{}", found.verdict.key()), &[]);
            Side {
                word: format!("{} {word}", sign(found.verdict)),
                sentence: words::finding(plan, c.data, found, lang),
                clause: clause(plan, *rule, lang),
            }
        }
    };
    let title = |plan: &Plan, said: &Said<Finding>| {
        let (rule, found) = said.as_ref()?;
        let (_, rule) = plan.rule(*rule)?;
        // a rule for each street is one rule: which street stands at the beginning of the line
        Some(match found.subject {
            Subject::Place(_) => words::title(rule, lang),
            _ => words::about(plan, c.data, rule, found, lang),
        })
    };
    let place = [&change.from, &change.to].into_iter().flatten();
    let place = place.filter_map(|(_, found)| match found.subject {
        Subject::Place(at) => c.data.place_rows.get(at as usize),
        _ => None,
    });
    let place = place
        .map(|row| (row.code.to_string(), place_name(c, row.code)))
        .next();
    let (code, name) = place.unwrap_or_else(|| (code.to_owned(), name.to_owned()));
    let verdict = |said: &Said<Finding>| said.as_ref().map(|(_, found)| found.verdict);
    let idle = |verdict: Option<Verdict>| matches!(verdict, None | Some(Verdict::Holds));
    Line {
        sort,
        code,
        name,
        what: of_both(title(c.from, &change.from), title(c.to, &change.to)),
        before: side(c.from, &change.from),
        after: side(c.to, &change.to),
        matters: !(idle(verdict(&change.from)) && idle(verdict(&change.to))),
    }
}

fn person_lines(c: &Comparison, impact: &PersonImpact, lang: Lang, lines: &mut Vec<Line>) {
    let Some(person) = c.register.people.get(impact.row) else {
        return;
    };
    let institution = c.register.institutions.get(person.institution);
    let code = institution.map_or("", |i| i.code.as_str());
    let line = |what: String, before: Side, after: Side, matters: bool| Line {
        sort: Sort::Person,
        code: words::place(c.register, person.origin),
        name: format!("{} {code}", person.name).trim_end().to_owned(),
        what,
        before,
        after,
        matters,
    };
    let plain = |word: Option<String>| Side {
        word: word.unwrap_or_else(|| t(lang, "impact-none", &[])),
        ..Side::default()
    };
    if let Some(change) = &impact.ledger {
        let word = |ledger: Option<Ledger>| plain(ledger.map(|l| words::word(&l, lang)));
        let what = t(lang, "impact-ledger", &[]);
        lines.push(line(what, word(change.from), word(change.to), true));
    }
    if let Some(change) = &impact.retirement {
        let word = |month: Option<Month>| plain(month.map(|m| m.to_string()));
        let what = t(lang, "impact-retirement", &[]);
        lines.push(line(what, word(change.from), word(change.to), true));
    }
    for change in &impact.standings {
        let side = |plan: &Plan, said: &Said<Verdict>| match said {
            None => nothing(lang),
            Some((rule, verdict)) => Side {
                word: format!(
                    "{} {}",
                    standing_sign(*verdict),
                    words::standing(*verdict, lang)
                ),
                sentence: String::new(),
                clause: clause(plan, *rule, lang),
            },
        };
        let title = |plan: &Plan, said: &Said<Verdict>| {
            let (_, rule) = plan.rule(said.as_ref()?.0)?;
            Some(words::title(rule, lang))
        };
        let idle = |said: &Said<Verdict>| matches!(said, None | Some((_, Verdict::Fails)));
        lines.push(line(
            of_both(title(c.from, &change.from), title(c.to, &change.to)),
            side(c.from, &change.from),
            side(c.to, &change.to),
            !(idle(&change.from) && idle(&change.to)),
        ));
    }
}

fn nothing(lang: Lang) -> Side {
    Side {
        word: t(lang, "impact-nothing", &[]),
        ..Side::default()
    }
}

/// The title of what changes; both where a rule takes the place of another.
fn of_both(from: Option<String>, to: Option<String>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from != to => format!("{from} → {to}"),
        (Some(from), _) => from,
        (None, to) => to.unwrap_or_default(),
    }
}

/// `policy clause`, in brackets.
fn clause(plan: &Plan, id: RuleId, lang: Lang) -> String {
    plan.rule(id).map_or(String::new(), |(policy, rule)| {
        format!("[{}]", words::clause(policy, rule, lang))
    })
}

/// How many change from what to what, by rule.
struct Tally<'a> {
    what: &'a str,
    before: &'a Side,
    after: &'a Side,
    sort: Sort,
    count: usize,
}

fn tallies(changes: &[Line]) -> Vec<Tally<'_>> {
    let mut tallies: Vec<Tally> = Vec::new();
    for line in changes {
        // figures differ from one institution to the next: only that they change is counted
        let figures = line.before.clause.is_empty() && line.after.clause.is_empty();
        let same = |tally: &&mut Tally| {
            let words =
                tally.before.word == line.before.word && tally.after.word == line.after.word;
            tally.what == line.what
                && tally.sort == line.sort
                && (words || (figures && line.sort == Sort::Institution))
        };
        match tallies.iter_mut().find(same) {
            Some(tally) => tally.count += 1,
            None => tallies.push(Tally {
                what: &line.what,
                before: &line.before,
                after: &line.after,
                sort: line.sort,
                count: 1,
            }),
        }
    }
    tallies.sort_by(|a, b| (a.sort, a.what).cmp(&(b.sort, b.what)));
    tallies
}

/// From what to what; empty where only figures change.
fn from_to(tally: &Tally, lang: Lang) -> String {
    if tally.after.sentence.is_empty() || !tally.after.clause.is_empty() {
        return format!("{} → {}", tally.before.word, tally.after.word);
    }
    t(lang, "impact-figures-change", &[])
}

fn by_rule(changes: &[Line], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", t(lang, "impact-by-rule", &[]))?;
    let mut last = String::new();
    for tally in tallies(changes) {
        if tally.what != last {
            writeln!(out, "■ {}", tally.what)?;
            last = tally.what.to_owned();
            let clauses = [
                ("impact-before", &tally.before.clause),
                ("impact-after", &tally.after.clause),
            ];
            for (key, clause) in clauses.into_iter().filter(|(_, clause)| !clause.is_empty()) {
                writeln!(out, "    {} {clause}", t(lang, key, &[]))?;
            }
        }
        let args = [
            ("change", Arg::from(from_to(&tally, lang))),
            ("count", tally.count.into()),
        ];
        let key = format!("impact-count-{}", tally.sort.key());
        writeln!(out, "    {}", t(lang, &key, &args))?;
    }
    Ok(())
}

/// Each change that matters, by whom it concerns.
fn details(changes: &[Line], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    for sort in Sort::ALL {
        let own: Vec<&Line> = changes
            .iter()
            .filter(|line| line.sort == sort && line.matters)
            .collect();
        if own.is_empty() {
            continue;
        }
        writeln!(out, "\n{}", t(lang, &format!("impact-{}", sort.key()), &[]))?;
        if matches!(sort, Sort::Person | Sort::RuralDoctor) {
            people(&own, lang, out)?;
            continue;
        }
        let mut last = ("", "");
        for line in own {
            if (line.code.as_str(), line.name.as_str()) != last {
                last = (&line.code, &line.name);
                writeln!(out, "{}", format!("{} {}", line.code, line.name).trim())?;
            }
            let said = match (line.after.clause.is_empty(), line.after.sentence.is_empty()) {
                (true, false) => with_colon(&line.what, &line.after.sentence, lang),
                (_, true) => with_colon(&line.what, &change_of(line), lang),
                (false, false) => format!("{}  {}", change_of(line), line.after.sentence),
            };
            writeln!(out, "  {said}")?;
        }
    }
    let left_out = changes.iter().filter(|line| !line.matters).count();
    if left_out > 0 {
        let args = [("count", left_out.into())];
        writeln!(out, "\n{}", t(lang, "impact-left-out", &args))?;
    }
    Ok(())
}

fn change_of(line: &Line) -> String {
    format!("{} → {}", line.before.word, line.after.word)
}

fn with_colon(what: &str, said: &str, lang: Lang) -> String {
    format!("{what}{}{said}", t(lang, "error-link", &[]))
}

/// People in a line.
const IN_A_LINE: usize = 4;

/// People by what changes for them, a few to a line.
fn people(lines: &[&Line], lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let mut alike: Vec<(String, Vec<String>)> = Vec::new();
    let mut rest = lines;
    while let Some(first) = rest.first() {
        let own = rest.iter().take_while(|line| line.code == first.code);
        let said: Vec<String> = own
            .map(|line| with_colon(&line.what, &change_of(line), lang))
            .collect();
        rest = rest.get(said.len()..).unwrap_or_default();
        let change = said.join(&t(lang, "condition-and", &[]));
        let who = format!("{} {}", first.code, first.name);
        match alike.iter_mut().find(|(known, _)| *known == change) {
            Some((_, people)) => people.push(who),
            None => alike.push((change, vec![who])),
        }
    }
    for (change, people) in alike {
        let args = [("change", change.into()), ("count", people.len().into())];
        writeln!(out, "  {}", t(lang, "impact-alike", &args))?;
        for few in people.chunks(IN_A_LINE) {
            writeln!(out, "      {}", words::list(few.iter().cloned(), lang))?;
        }
    }
    Ok(())
}

/// The difference as a workbook: by rule, then every change of each sort.
pub fn workbook(c: &Comparison, lang: Lang) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let ids = |plan: &Plan| words::list(plan.policies.iter().map(|p| p.id.clone()), lang);
    let args = [
        ("month", Arg::from(c.to.as_of.to_string())),
        ("from", ids(c.from).into()),
        ("to", ids(c.to).into()),
    ];
    let mut pages = Pages::new(t(lang, "impact-note", &args));
    let columns = |keys: &[(&str, f64)]| -> Vec<(String, f64)> {
        keys.iter()
            .map(|(key, width)| (t(lang, &format!("impact-column-{key}"), &[]), *width))
            .collect()
    };
    let changes = changes(c, lang);
    let rows = tallies(&changes).into_iter().map(|tally| {
        vec![
            tally.what.into(),
            t(lang, &format!("impact-{}", tally.sort.key()), &[]).into(),
            from_to(&tally, lang).into(),
            Cell::Number(i64::try_from(tally.count).ok()),
            tally.before.clause.as_str().into(),
            tally.after.clause.as_str().into(),
        ]
    });
    let widths = [
        ("what", 44.0),
        ("whom", 14.0),
        ("change", 36.0),
        ("count", 8.0),
        ("clause-before", 40.0),
        ("clause-after", 40.0),
    ];
    let title = t(lang, "impact-by-rule-sheet", &[]);
    pages.add(&title, &columns(&widths), rows)?;
    let widths = [
        ("code", 16.0),
        ("name", 26.0),
        ("what", 44.0),
        ("before", 16.0),
        ("after", 16.0),
        ("sentence-before", 50.0),
        ("sentence-after", 50.0),
        ("clause-before", 36.0),
        ("clause-after", 36.0),
    ];
    for sort in Sort::ALL {
        let rows = changes.iter().filter(|line| line.sort == sort).map(|line| {
            vec![
                line.code.as_str().into(),
                line.name.as_str().into(),
                line.what.as_str().into(),
                line.before.word.as_str().into(),
                line.after.word.as_str().into(),
                line.before.sentence.as_str().into(),
                line.after.sentence.as_str().into(),
                line.before.clause.as_str().into(),
                line.after.clause.as_str().into(),
            ]
        });
        let title = t(lang, &format!("impact-{}", sort.key()), &[]);
        pages.add(&title, &columns(&widths), rows)?;
    }
    pages.finish()
}

// ---- JSON ---------------------------------------------------------------------------

#[derive(Serialize)]
struct ImpactRow<'a> {
    schema: u32,
    as_of: String,
    from: Vec<&'a str>,
    to: Vec<&'a str>,
    institutions: Vec<InstitutionRow<'a>>,
    areas: Vec<GroupRow>,
    consortia: Vec<GroupRow>,
    people: Vec<PersonRow<'a>>,
    rural_doctors: Vec<DoctorRow<'a>>,
}

#[derive(Serialize)]
struct InstitutionRow<'a> {
    code: &'a str,
    name: &'a str,
    places: Vec<PlacesRow>,
    findings: Vec<FindingRow>,
}

#[derive(Serialize)]
struct PlacesRow {
    level: &'static str,
    limit: [Option<i64>; 2],
    vacant: [Option<i64>; 2],
    over: [Option<i64>; 2],
}

#[derive(Serialize)]
struct FindingRow {
    from: Option<SaidRow>,
    to: Option<SaidRow>,
}

/// What one side says, and on which clause.
#[derive(Serialize)]
struct SaidRow {
    rule: String,
    policy: String,
    subject: Option<String>,
    verdict: &'static str,
    counted: Option<i64>,
    base: Option<i64>,
    needed: Option<i64>,
    cites: Vec<CiteRow>,
    message: String,
}

#[derive(Serialize)]
struct CiteRow {
    at: String,
    text: String,
}

#[derive(Serialize)]
struct GroupRow {
    code: String,
    findings: Vec<FindingRow>,
}

#[derive(Serialize)]
struct PersonRow<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    name: &'a str,
    ledger: Option<[Option<&'static str>; 2]>,
    retirement: Option<[Option<String>; 2]>,
    standings: Vec<FindingRow>,
}

#[derive(Serialize)]
struct DoctorRow<'a> {
    file: &'a str,
    sheet: &'a str,
    row: u32,
    name: &'a str,
    gives: [&'a [String]; 2],
}

/// Writes the difference as JSON.
pub fn write_json(c: &Comparison, lang: Lang, out: impl Write) -> serde_json::Result<()> {
    let ids = |plan: &'_ Plan| {
        plan.policies
            .iter()
            .map(|p| p.id.clone())
            .collect::<Vec<_>>()
    };
    let (from, to) = (ids(c.from), ids(c.to));
    let source = |origin| {
        c.register
            .source(origin)
            .map_or(("", ""), |s| (s.file.as_str(), s.sheet.as_str()))
    };
    let groups = |list: &[(usize, Vec<Change<Said<Finding>>>)], name: &dyn Fn(usize) -> String| {
        list.iter()
            .map(|(at, changes)| GroupRow {
                code: name(*at),
                findings: changes
                    .iter()
                    .map(|change| finding_row(c, change, lang))
                    .collect(),
            })
            .collect()
    };
    let row = ImpactRow {
        schema: 1,
        as_of: c.to.as_of.to_string(),
        from: from.iter().map(String::as_str).collect(),
        to: to.iter().map(String::as_str).collect(),
        institutions: c
            .impact
            .institutions
            .iter()
            .filter_map(|i| institution_row(c, i, lang))
            .collect(),
        areas: groups(&c.impact.counties, &|at| {
            c.data
                .counties
                .get(at)
                .map_or(String::new(), |a| a.to_string())
        }),
        consortia: groups(&c.impact.consortia, &|at| {
            c.data.consortia.get(at).cloned().unwrap_or_default()
        }),
        people: c
            .impact
            .people
            .iter()
            .filter_map(|impact| {
                let person = c.register.people.get(impact.row)?;
                let (file, sheet) = source(person.origin);
                Some(PersonRow {
                    file,
                    sheet,
                    row: person.origin.row,
                    name: &person.name,
                    ledger: impact
                        .ledger
                        .as_ref()
                        .map(|l| [l.from.map(|l| l.key()), l.to.map(|l| l.key())]),
                    retirement: impact
                        .retirement
                        .as_ref()
                        .map(|r| [r.from.map(|m| m.to_string()), r.to.map(|m| m.to_string())]),
                    standings: impact
                        .standings
                        .iter()
                        .map(|change| FindingRow {
                            from: change
                                .from
                                .and_then(|(rule, v)| verdict_row(c.from, rule, v, lang)),
                            to: change
                                .to
                                .and_then(|(rule, v)| verdict_row(c.to, rule, v, lang)),
                        })
                        .collect(),
                })
            })
            .collect(),
        rural_doctors: c
            .impact
            .rural_doctors
            .iter()
            .filter_map(|(row, change)| {
                let doctor = c.register.rural_doctors.get(*row)?;
                let (file, sheet) = source(doctor.origin);
                let gives = [change.from.as_slice(), change.to.as_slice()];
                Some(DoctorRow {
                    file,
                    sheet,
                    row: doctor.origin.row,
                    name: &doctor.name,
                    gives,
                })
            })
            .collect(),
    };
    serde_json::to_writer(out, &row)
}

fn institution_row<'a>(
    c: &'a Comparison,
    impact: &InstitutionImpact,
    lang: Lang,
) -> Option<InstitutionRow<'a>> {
    let institution = c.register.institutions.get(impact.institution)?;
    Some(InstitutionRow {
        code: &institution.code,
        name: &institution.name,
        places: impact
            .places
            .iter()
            .map(|(level, change)| PlacesRow {
                level: level.map_or("directed", |level| level.key()),
                limit: [change.from.limit, change.to.limit],
                vacant: [change.from.vacant, change.to.vacant],
                over: [change.from.over, change.to.over],
            })
            .collect(),
        findings: impact
            .findings
            .iter()
            .map(|change| finding_row(c, change, lang))
            .collect(),
    })
}

fn finding_row(c: &Comparison, change: &Change<Said<Finding>>, lang: Lang) -> FindingRow {
    let said = |plan: &Plan, said: &Said<Finding>| {
        let (rule, found) = said.as_ref()?;
        let row = verdict_row(plan, *rule, found.verdict, lang)?;
        Some(SaidRow {
            subject: words::subject(plan, c.data, found),
            counted: found.counted,
            base: found.base,
            needed: found.needed,
            message: words::finding(plan, c.data, found, lang),
            ..row
        })
    };
    FindingRow {
        from: said(c.from, &change.from),
        to: said(c.to, &change.to),
    }
}

fn verdict_row(plan: &Plan, id: RuleId, verdict: Verdict, lang: Lang) -> Option<SaidRow> {
    let (policy, rule) = plan.rule(id)?;
    let cites = policy.cites(rule).map(|c| CiteRow {
        at: c.at.clone(),
        text: c.text.clone(),
    });
    Some(SaidRow {
        rule: rule.id.clone(),
        policy: policy.id.clone(),
        subject: None,
        verdict: verdict.key(),
        counted: None,
        base: None,
        needed: None,
        cites: cites.collect(),
        message: words::title(rule, lang),
    })
}
