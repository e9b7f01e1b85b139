//! What people of an institution are to be told of, from the same verdicts as the screens:
//! dates that come by themselves, and what is otherwise than when somebody looked last.

use super::data::{Data, NO_LEVEL};
use super::explain;
use super::figures::{FindingLine, Known};
use super::outlook::PersonTime;
use super::people::PeopleResult;
use super::verdict::Verdict;
use crate::domain::ids::AreaCode;
use crate::domain::month::Month;
use crate::domain::post::{Ledger, Level};
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::reminder::{Event, Facts, Kind};
use crate::domain::service::reached;
use crate::domain::time::Date;
use crate::policy::condition::Test;
use crate::policy::fact::{Entity, FactId};
use crate::policy::plan::{Formula, Plan, RuleId};

/// Shorter service is asked for in many conditions; reaching it is no date to be told of.
const LONG_SERVICE: i64 = 120;

/// The months whose events are wanted, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Months {
    pub from: Month,
    pub to: Month,
}

impl Months {
    fn contain(&self, month: Month) -> bool {
        self.from <= month && month <= self.to
    }
}

/// An institution that was evaluated.
#[derive(Clone, Copy)]
pub struct House<'a> {
    pub institution: InstitutionId,
    pub area: Option<AreaCode>,
    pub plan: &'a Plan,
    pub data: &'a Data,
    pub people: &'a PeopleResult,
    /// By row of the data.
    pub ids: &'a [PersonId],
}

/// The first day of a month.
pub fn first_day(month: Month) -> Option<Date> {
    Date::new(month.year(), month.month(), 1)
}

/// The last day of a month.
pub fn last_day(month: Month) -> Option<Date> {
    first_day(month.plus(1))?.plus(-1)
}

/// Long service that rules ask for.
struct Threshold {
    /// Position in [`Plan::clocks`].
    clock: usize,
    fact: FactId,
    /// Months.
    needed: i64,
    /// The rules that ask for it, with their clauses.
    because: Vec<String>,
}

/// Level and ledger of whoever fills a post that is counted.
struct Post {
    level: Level,
    ledger: Ledger,
}

impl<'a> House<'a> {
    /// The dates of everybody that lie in some months, in the order of the rows.
    pub fn dates(&self, months: Months) -> Vec<Event> {
        let thresholds = self.thresholds();
        let mut events = Vec::new();
        for row in 0..self.data.people.len() {
            let Some(person) = self.ids.get(row).copied() else {
                continue;
            };
            let of = Of {
                house: self,
                row,
                person,
                months,
            };
            of.retirement(&mut events);
            of.off_quota(&mut events);
            of.service(&thresholds, &mut events);
        }
        events
    }

    /// Lengths of long service that conditions of people ask for.
    fn thresholds(&self) -> Vec<Threshold> {
        let tests = self.plan.tests.get(&Entity::Person);
        let mut found: Vec<Threshold> = Vec::new();
        let atoms = tests.map_or(&[] as &[_], |tests| tests.atoms.as_slice());
        for (number, atom) in atoms.iter().enumerate() {
            let Test::Between { low, .. } = atom.test else {
                continue;
            };
            let clock = self.plan.clocks.iter().position(|own| *own == atom.fact);
            let Some(clock) = clock.filter(|_| low >= LONG_SERVICE) else {
                continue;
            };
            let because = self.asking(number);
            let same = |one: &&mut Threshold| one.fact == atom.fact && one.needed == low;
            match found.iter_mut().find(same) {
                Some(known) => known.because.extend(because),
                None => found.push(Threshold {
                    clock,
                    fact: atom.fact,
                    needed: low,
                    because,
                }),
            }
        }
        found
    }

    /// The rules about people that ask a test, with their clauses.
    fn asking(&self, number: usize) -> Vec<String> {
        let asks = |formula: &Formula| {
            let mut all = formula.0.iter().flatten();
            all.any(|test| usize::from(*test) == number)
        };
        let all = self.plan.standings.iter().filter(|standing| {
            asks(&standing.who) || standing.branches.iter().any(|one| asks(&one.when))
        });
        all.flat_map(|standing| self.cited(standing.rule)).collect()
    }

    fn event(&self, kind: Kind, subject: String, about: Date) -> Event {
        Event {
            kind,
            subject,
            about,
            person: None,
            institution: Some(self.institution),
            area: self.area,
            facts: Facts::new(),
            because: Vec::new(),
            page: format!("/institutions/{}", self.institution),
            holder: None,
        }
    }

    /// A rule with its clauses, as a reminder cites it.
    fn cited(&self, id: RuleId) -> Vec<String> {
        let Some((policy, rule)) = self.plan.rule(id) else {
            return Vec::new();
        };
        let clauses = rule.cites.iter().filter_map(|at| policy.clauses.get(*at));
        std::iter::once(self.plan.name(id))
            .chain(clauses.map(|clause| clause.at.clone()))
            .collect()
    }

    fn post(&self, row: usize) -> Option<Post> {
        let level = *self.data.people.level.get(row)?;
        let level = (level != NO_LEVEL).then(|| Level::from_code(level))??;
        Some(Post {
            level,
            ledger: self.people.ledger(row)?,
        })
    }
}

/// One person of a house.
struct Of<'a> {
    house: &'a House<'a>,
    row: usize,
    person: PersonId,
    months: Months,
}

impl Of<'_> {
    fn event(&self, kind: Kind, subject: String, about: Date) -> Event {
        Event {
            person: Some(self.person),
            page: format!("/people/{}", self.person),
            ..self.house.event(kind, subject, about)
        }
    }

    /// Statutory month, and the two ends of the flexible one. A post that is counted is
    /// freed when the statutory month is over.
    fn retirement(&self, events: &mut Vec<Event>) {
        let House {
            plan, data, people, ..
        } = self.house;
        let Some(month) = people.retirement(self.row) else {
            return;
        };
        // how early it may be is asked only where it could matter
        let near = self.months.from <= month.plus(60) && month.plus(-60) <= self.months.to;
        if !near {
            return;
        }
        let Some(trace) = explain::retirement(plan, data, self.row) else {
            return;
        };
        let because = self.house.cited(trace.rule);
        let subject = self.person.to_string();
        let mut add = |kind, about: Option<Date>, facts: Facts| {
            let Some(about) = about.filter(|day| self.months.contain(day.month())) else {
                return;
            };
            events.push(Event {
                facts,
                because: because.clone(),
                ..self.event(kind, subject.clone(), about)
            });
        };
        let frees = self.house.post(self.row);
        let mut facts = Facts::from([("month", trace.month.to_string())]);
        let counted = |post: &Post| matches!(post.ledger, Ledger::Ordinary | Ledger::BeyondRatio);
        match frees {
            Some(post) if counted(&post) => {
                facts.insert("frees", post.level.key().to_owned());
            }
            _ => {
                facts.insert("frees", "none".to_owned());
            }
        }
        add(Kind::Retirement, last_day(trace.month), facts);
        let (early, late) = trace.flexible;
        let flexible = |from: Month, to: Month| {
            Facts::from([("from", from.to_string()), ("to", to.to_string())])
        };
        if early < trace.month {
            let facts = flexible(early, trace.month);
            add(Kind::EarlyRetirement, first_day(early), facts);
        }
        if late > trace.month {
            let facts = flexible(trace.month, late);
            add(Kind::LateRetirement, first_day(trace.month), facts);
        }
    }

    /// When somebody who fills a post begins and ceases to stand off quota.
    fn off_quota(&self, events: &mut Vec<Event>) {
        let House { plan, data, .. } = self.house;
        let Some(post) = self.house.post(self.row) else {
            return;
        };
        if matches!(post.ledger, Ledger::Directed | Ledger::Special) {
            return;
        }
        let retirement = self.house.people.retirement(self.row);
        for (at, standing) in plan.standings.iter().enumerate() {
            if !standing.exempts {
                continue;
            }
            let rule = plan.name(standing.rule);
            for window in explain::windows(plan, data, self.row, at) {
                let mut add = |kind, month: Month| {
                    let about = first_day(month).filter(|_| self.months.contain(month));
                    let Some(about) = about else { return };
                    let subject = format!("{}/{rule}", self.person);
                    events.push(Event {
                        facts: Facts::from([
                            ("month", month.to_string()),
                            ("level", post.level.key().to_owned()),
                        ]),
                        because: self.house.cited(standing.rule),
                        ..self.event(kind, subject, about)
                    });
                };
                let retired = |month: Month| retirement.is_some_and(|last| month > last);
                if let Some(from) = window.from.filter(|from| !retired(*from)) {
                    add(Kind::OffQuotaBegins, from);
                }
                // whoever retires with it is told of that
                let over = window.until.map(|until| until.plus(1));
                if let Some(over) = over.filter(|over| !retired(*over)) {
                    add(Kind::OffQuotaEnds, over);
                }
            }
        }
    }

    /// When long service is reached.
    fn service(&self, thresholds: &[Threshold], events: &mut Vec<Event>) {
        let House {
            plan, data, people, ..
        } = self.house;
        for threshold in thresholds {
            let Threshold {
                clock,
                fact,
                needed,
                because,
            } = threshold;
            let Some(now) = people.service(self.row, *clock) else {
                continue;
            };
            let ahead = i64::from(self.months.to.since(plan.as_of)) + 1;
            let behind = i64::from(plan.as_of.since(self.months.from)) + 1;
            if now + ahead < *needed || now - behind > *needed {
                continue;
            }
            let time = PersonTime {
                plan,
                data,
                row: self.row,
                retirement: people.retirement(self.row),
            };
            let stretches = time.stretches(*fact);
            let needed_months = i32::try_from(*needed).unwrap_or(i32::MAX);
            let month = stretches.and_then(|own| reached(&own, needed_months));
            let Some(month) = month.filter(|month| self.months.contain(*month)) else {
                continue;
            };
            let Some(about) = first_day(month) else {
                continue;
            };
            let name = plan.facts.name(*fact);
            let label = plan.facts.get(*fact).map_or(name, |fact| &fact.label_en);
            events.push(Event {
                facts: Facts::from([
                    ("month", month.to_string()),
                    ("clock_zh", name.to_owned()),
                    ("clock_en", label.to_owned()),
                    ("span_zh", span(*needed, "年", "个月")),
                    ("span_en", span(*needed, "years", "months")),
                ]),
                because: because.clone(),
                ..self.event(
                    Kind::ServiceReached,
                    format!("{}/{name}/{needed}", self.person),
                    about,
                )
            });
        }
    }
}

/// So many months in years, where they are whole years.
fn span(months: i64, years_are: &str, months_are: &str) -> String {
    match (months / 12, months % 12) {
        (years, 0) => format!("{years} {years_are}"),
        _ => format!("{months} {months_are}"),
    }
}

/// Where a house lies, for what changed in it.
#[derive(Clone, Copy, Debug)]
pub struct Where {
    pub institution: InstitutionId,
    pub area: Option<AreaCode>,
}

/// What is otherwise in an institution than when somebody looked last: places that opened,
/// rules that are broken or kept again.
pub fn changes(place: Where, before: &Known, after: &Known, today: Date) -> Vec<Event> {
    let mut events = Vec::new();
    let event = |kind, subject: String| Event {
        kind,
        subject,
        about: today,
        person: None,
        institution: Some(place.institution),
        area: place.area,
        facts: Facts::new(),
        because: Vec::new(),
        page: format!("/institutions/{}", place.institution),
        holder: None,
    };
    for figure in &after.figures {
        let former = before.figures.iter().find(|one| one.level == figure.level);
        let former = former.and_then(|one| one.vacant);
        let (Some(former), Some(vacant)) = (former, figure.vacant) else {
            continue;
        };
        if vacant > former {
            let level = figure.level.map_or("directed", Level::key);
            events.push(Event {
                facts: Facts::from([
                    ("level", level.to_owned()),
                    ("vacant", vacant.to_string()),
                    ("before", former.to_string()),
                ]),
                because: figure
                    .ceilings
                    .iter()
                    .map(|one| format!("{}#{}", one.rule.policy, one.rule.rule))
                    .collect(),
                ..event(
                    Kind::VacancyOpened,
                    format!("{}/{level}", place.institution),
                )
            });
        }
    }
    for finding in &after.findings {
        let name = name(finding);
        let former = before.findings.iter().find(|one| self::name(one) == name);
        let former = former.map(|one| one.verdict);
        let kind = match (former, finding.verdict) {
            (Some(Verdict::Fails), Verdict::Holds) => Kind::RuleHealed,
            (Some(Verdict::Fails), _) => continue,
            (_, Verdict::Fails) => Kind::RuleBroken,
            _ => continue,
        };
        let because = std::iter::once(format!("{}#{}", finding.rule.policy, finding.rule.rule));
        let clauses = finding.rule.cites.iter().map(|cite| cite.at.clone());
        events.push(Event {
            facts: Facts::from([
                ("title_zh", finding.rule.title.zh.clone()),
                ("title_en", finding.rule.title.en.clone()),
                ("message_zh", finding.message.zh.clone()),
                ("message_en", finding.message.en.clone()),
            ]),
            because: because.chain(clauses).collect(),
            ..event(kind, format!("{}/{name}", place.institution))
        });
    }
    events
}

fn name(finding: &FindingLine) -> String {
    let subject = finding.subject.as_deref().unwrap_or_default();
    format!("{}#{}/{subject}", finding.rule.policy, finding.rule.rule)
}
