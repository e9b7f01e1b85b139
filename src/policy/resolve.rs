//! Gives a raw policy its meaning: binds names, reads shares and months, checks
//! that keys fit together. Every mistake is recorded with its place; nothing stops
//! at the first one.

use super::condition::Conditions;
use super::diagnostic::{Diagnostics, NameKind, Place, Problem, SourceFile, nearest};
use super::fact::{Entity, FactId, FactType, Facts};
use super::load::sha256;
use super::model::*;
use super::quantity::{self, Day, Rounding, Share};
use super::raw::{self, Condition, OneOrMany, PolicyFile, Readings, Spanned, Text};
use crate::domain::ids::AreaCode;
use crate::domain::month::Month;
use crate::domain::place::PlaceLevel;
use crate::domain::post::Level;
use crate::domain::staff::RetirementClass;
use std::sync::Arc;

/// Understands a whole file.
pub fn policy(
    id: &str,
    raw: PolicyFile,
    file: &Arc<SourceFile>,
    facts: &Facts,
    problems: &mut Diagnostics,
) -> Option<Policy> {
    let mut resolver = Resolver {
        file,
        facts,
        problems,
        clauses: Vec::new(),
    };
    let document = raw.document;
    let place = resolver.country_or_place(&document.place);
    let place_at = resolver.at(&document.place);
    let status = resolver.word(&document.status, &STATUSES);
    let issued = resolver.day(document.issued.as_ref());
    let from = resolver.day(document.from.as_ref());
    let to = resolver.day(document.to.as_ref());
    resolver.clauses = raw
        .clause
        .into_iter()
        .map(|(name, clause)| Clause {
            place: resolver.at(&clause.text),
            name: name.into_inner(),
            at: clause.at,
            text: clause.text.into_inner(),
            verified: clause.verified,
        })
        .collect();

    let mut rules = Vec::new();
    macro_rules! take {
        ($($field:ident => $method:ident),+ $(,)?) => {
            $(for rule in raw.$field {
                let body = resolver.$method(&rule);
                let names = rule.names();
                let common = common!(rule);
                rules.extend(resolver.rule(common, names, body));
            })+
        };
    }
    take! {
        ceiling => ceiling, floor => floor, per_unit => per_unit, min_count => min_count,
        range => range, exempt => exempt, beyond_cap => beyond_cap, reserve => reserve,
        scope => scope, prerequisite => prerequisite, status_table => status_table,
        age_schedule => age_schedule, target => target, review_every => review_every,
        pool => pool, structure => structure, priority => priority, judgement => judgement,
    }
    rules.sort_by_key(|rule: &Rule| rule.place.span.start);
    resolver.unique(
        rules.iter().map(|rule| (&rule.id, &rule.place)),
        NameKind::Rule,
    );

    let coverage: Vec<Coverage> = raw
        .coverage
        .into_iter()
        .filter_map(|row| resolver.coverage(row))
        .collect();
    resolver.unique(
        coverage.iter().map(|row| (&row.row, &row.place)),
        NameKind::CoverageRow,
    );
    Some(Policy {
        id: id.to_owned(),
        file: file.clone(),
        sha256: sha256(file.text.as_bytes()),
        title: words(document.title),
        place: place?,
        place_at,
        status: status?,
        number: document.number,
        issued,
        from,
        to,
        under: document.under,
        verified: document.verified,
        source: document.source.map(|source| Source {
            name: source.name,
            place: Place {
                file: file.clone(),
                span: source.sha256.span(),
            },
            sha256: source.sha256.into_inner(),
        }),
        remark: document.remark.map(words),
        note: document.note.map(words),
        clauses: resolver.clauses,
        coverage,
        rules,
    })
}

/// The English names of a rule's subjects.
trait Named {
    fn names(&self) -> Vec<Words> {
        Vec::new()
    }
}

fn names<'a>(subjects: impl Iterator<Item = (&'a Text, &'a Option<String>)>) -> Vec<Words> {
    let both = subjects.filter_map(|(name, en)| {
        Some(Words {
            zh: name.get_ref().clone(),
            en: en.clone()?,
        })
    });
    both.collect()
}

impl Named for raw::PerUnit {
    fn names(&self) -> Vec<Words> {
        names(self.subject.iter().map(|s| (&s.name, &s.en)))
    }
}

impl Named for raw::MinCount {
    fn names(&self) -> Vec<Words> {
        names(self.subject.iter().map(|s| (&s.name, &s.en)))
    }
}

macro_rules! nameless {
    ($($kind:ident),+ $(,)?) => { $(impl Named for raw::$kind {})+ };
}
nameless!(
    Ceiling,
    Floor,
    Range,
    Exempt,
    BeyondCap,
    Reserve,
    Scope,
    Prerequisite,
    StatusTable,
    AgeSchedule,
    Target,
    ReviewEvery,
    Pool,
    Structure,
    Priority,
    Judgement,
);

/// The keys that every rule has.
struct Common {
    id: Text,
    title: Option<raw::Words>,
    force: Option<Text>,
    cites: Vec<Text>,
    reading: Option<Readings>,
    from: Option<Text>,
    to: Option<Text>,
    overrides: Option<Spanned<OneOrMany>>,
    uses: Vec<Text>,
}

macro_rules! common {
    ($rule:ident) => {
        Common {
            id: $rule.id,
            title: $rule.title,
            force: $rule.force,
            cites: $rule.cites,
            reading: $rule.reading,
            from: $rule.from,
            to: $rule.to,
            overrides: $rule.overrides,
            uses: $rule.uses,
        }
    };
}
use common;

const STATUSES: [(&str, Status); 4] = [
    ("draft", Status::Draft),
    ("in-force", Status::InForce),
    ("expired", Status::Expired),
    ("repealed", Status::Repealed),
];
const FORCES: [(&str, Force); 4] = [
    ("must", Force::Must),
    ("may", Force::May),
    ("in-principle", Force::InPrinciple),
    ("target", Force::Target),
];
const ROUNDINGS: [(&str, Rounding); 3] = [
    ("down", Rounding::Down),
    ("up", Rounding::Up),
    ("nearest", Rounding::Nearest),
];
const COVERAGES: [(&str, CoverageStatus); 3] = [
    ("encoded", CoverageStatus::Encoded),
    ("judgement", CoverageStatus::Judgement),
    ("not-encoded", CoverageStatus::NotEncoded),
];
const PERS: [(&str, Per); 8] = [
    ("institution", Per::Institution),
    ("county", Per::County),
    ("consortium", Per::Consortium),
    ("team", Per::Team),
    ("street", Per::Place(PlaceLevel::Street)),
    ("township", Per::Place(PlaceLevel::Township)),
    ("community", Per::Place(PlaceLevel::Community)),
    ("village", Per::Place(PlaceLevel::Village)),
];
const CLASSES: [(&str, RetirementClass); 4] = [
    ("男60", RetirementClass::Men60),
    ("女55", RetirementClass::Women55),
    ("女50", RetirementClass::Women50),
    ("女60", RetirementClass::Women60),
];
const STRUCTURES: [(&str, StructureOf); 5] = [
    ("全部", StructureOf::AllLevels),
    ("正高", StructureOf::Senior),
    ("副高", StructureOf::AssociateSenior),
    ("中级", StructureOf::Level(Level::Intermediate)),
    ("初级", StructureOf::Level(Level::Junior)),
];
const HITS: [(&str, bool); 2] = [("all", false), ("first", true)];

/// The largest part of a ratio such as 2:4:4.
const LARGEST_PART: i64 = 1000;

/// The word that leaves a share to each place.
const SET_BY_PLACE: &str = "由各地确定";

struct Resolver<'a> {
    file: &'a Arc<SourceFile>,
    facts: &'a Facts,
    problems: &'a mut Diagnostics,
    clauses: Vec<Clause>,
}

impl Resolver<'_> {
    fn at<T>(&self, spanned: &Spanned<T>) -> Place {
        Place {
            file: self.file.clone(),
            span: spanned.span(),
        }
    }

    fn fail<T, U>(&mut self, spanned: &Spanned<T>, problem: Problem) -> Option<U> {
        let place = self.at(spanned);
        self.problems.add(place, problem);
        None
    }

    fn rule(&mut self, common: Common, names: Vec<Words>, body: Option<Body>) -> Option<Rule> {
        let force = match &common.force {
            None => Some(Force::Must),
            Some(force) => self.word(force, &FORCES),
        };
        if common.cites.is_empty() {
            let id = common.id.get_ref().clone();
            self.fail::<_, ()>(&common.id, Problem::NoCitation(id));
        }
        let cites = common
            .cites
            .iter()
            .filter_map(|cite| self.clause(cite))
            .collect();
        let from = self.day(common.from.as_ref());
        let to = self.day(common.to.as_ref());
        Some(Rule {
            place: self.at(&common.id),
            names,
            title: common.title.map(words),
            force: force?,
            cites,
            readings: readings(common.reading),
            from,
            to,
            overrides: self.overrides(common.overrides.as_ref()),
            uses: common.uses.iter().map(|r| self.rule_ref(r)).collect(),
            id: common.id.into_inner(),
            body: body?,
        })
    }

    // ---- kinds ---------------------------------------------------------------

    fn ceiling(&mut self, raw: &raw::Ceiling) -> Option<Body> {
        let places = self.conditions(&raw.places, Entity::Institution);
        let left_out_if_blank =
            self.maybe_conditions(raw.left_out_if_blank.as_deref(), Entity::Institution);
        let measures = if raw.subject.is_empty() {
            vec![self.single_ceiling(raw)?]
        } else {
            raw.subject
                .iter()
                .filter_map(|s| self.ceiling_subject(s))
                .collect()
        };
        Some(Body::Ceiling(Ceiling {
            places,
            left_out_if_blank,
            measures,
        }))
    }

    fn single_ceiling(&mut self, raw: &raw::Ceiling) -> Option<CeilingMeasure> {
        let counted = self.quantity(
            &raw.id,
            raw.counts.as_ref(),
            raw.count_people.as_deref(),
            None,
            None,
        )?;
        let Some(at_most) = &raw.at_most else {
            return self.fail(&raw.id, Problem::MissingKey("at_most".to_owned()));
        };
        let limit = match &raw.share_of {
            None => Limit::Fact(self.number_fact(at_most, Entity::Institution)?),
            Some(base) => Limit::Share {
                base: self.number_fact(base, Entity::Institution)?,
                share: self.share_value(at_most)?,
                rounding: self.maybe_word(raw.round.as_ref(), &ROUNDINGS)?,
                variants: raw.variant.iter().filter_map(|v| self.variant(v)).collect(),
            },
        };
        Some(CeilingMeasure {
            subject: None,
            counted,
            limit,
        })
    }

    fn variant(&mut self, raw: &raw::CeilingVariant) -> Option<Variant> {
        Some(Variant {
            when: self.conditions(&raw.when, Entity::Institution),
            force: self
                .maybe_word(raw.force.as_ref(), &FORCES)?
                .unwrap_or(Force::Must),
            share: self.share(&raw.at_most)?,
            over: match &raw.over {
                None => None,
                Some(fact) => Some(self.number_fact(fact, Entity::Institution)?),
            },
            readings: readings(raw.reading.clone()),
        })
    }

    fn ceiling_subject(&mut self, raw: &raw::CeilingSubject) -> Option<CeilingMeasure> {
        Some(CeilingMeasure {
            subject: Some(raw.name.get_ref().clone()),
            counted: Quantity::Fact(self.number_fact(&raw.counts, Entity::Institution)?),
            limit: Limit::Fact(self.number_fact(&raw.at_most, Entity::Institution)?),
        })
    }

    fn floor(&mut self, raw: &raw::Floor) -> Option<Body> {
        let mut per: Vec<Per> = raw.per.iter().filter_map(|p| self.word(p, &PERS)).collect();
        if per.is_empty() {
            per.push(Per::Institution);
        }
        Some(Body::Floor(Floor {
            places: self.conditions(&raw.places, Entity::Institution),
            left_out_if_blank: self
                .maybe_conditions(raw.left_out_if_blank.as_deref(), Entity::Institution),
            per,
            counted: self.number_fact(&raw.counts, Entity::Institution)?,
            base: self.number_fact(&raw.share_of, Entity::Institution)?,
            share: self.share(&raw.at_least)?,
        }))
    }

    fn per_unit(&mut self, raw: &raw::PerUnit) -> Option<Body> {
        let per = self
            .maybe_word(raw.per.as_ref(), &PERS)?
            .unwrap_or(Per::Institution);
        let every = self.number(&raw.every, 1)?;
        let first = self.maybe_number(raw.first.as_ref())?.unwrap_or(0);
        let above = self.maybe_number(raw.above.as_ref())?.unwrap_or(0);
        let measures = match &raw.count_institutions {
            Some(lines) => vec![PerUnitMeasure {
                subject: None,
                counted: Quantity::Institutions(self.conditions(lines, Entity::Institution)),
                not_already: Vec::new(),
                after: Vec::new(),
            }],
            None => self.per_unit_subjects(raw)?,
        };
        Some(Body::PerUnit(PerUnit {
            places: self.conditions(&raw.places, Entity::Institution),
            per,
            every,
            of: self.number_fact(&raw.of, entity_of(per))?,
            first,
            above,
            rounding: self
                .maybe_word(raw.round.as_ref(), &ROUNDINGS)?
                .unwrap_or(Rounding::Down),
            measures,
        }))
    }

    fn per_unit_subjects(&mut self, raw: &raw::PerUnit) -> Option<Vec<PerUnitMeasure>> {
        if raw.subject.is_empty() {
            return self.fail(
                &raw.id,
                Problem::Needs {
                    key: "per-unit",
                    wants: "subject / count_institutions",
                },
            );
        }
        let names: Vec<&str> = raw
            .subject
            .iter()
            .map(|s| s.name.get_ref().as_str())
            .collect();
        let mut measures = Vec::new();
        for subject in &raw.subject {
            let mut not_already = Vec::new();
            for other in &subject.not_already {
                match names.iter().position(|name| name == other.get_ref()) {
                    Some(at) => not_already.push(at),
                    None => {
                        let found = other.get_ref().clone();
                        let nearest = nearest(&found, names.iter().copied());
                        self.fail::<_, ()>(
                            other,
                            Problem::UnknownName {
                                what: NameKind::Subject,
                                found,
                                nearest,
                            },
                        );
                    }
                }
            }
            let after = subject
                .after
                .iter()
                .filter_map(|need| match need.get_ref().split_once('/') {
                    Some((rule, subject)) => {
                        Some((rule.trim().to_owned(), subject.trim().to_owned()))
                    }
                    None => self.fail(need, Problem::BadCondition(need.get_ref().clone())),
                })
                .collect();
            measures.push(PerUnitMeasure {
                subject: Some(subject.name.get_ref().clone()),
                counted: Quantity::People(self.conditions(&subject.count_people, Entity::Person)),
                not_already,
                after,
            });
        }
        Some(measures)
    }

    fn min_count(&mut self, raw: &raw::MinCount) -> Option<Body> {
        let per = self
            .maybe_word(raw.per.as_ref(), &PERS)?
            .unwrap_or(Per::Institution);
        let mut measures = Vec::new();
        if raw.subject.is_empty() {
            let Some(needed) = &raw.at_least else {
                return self.fail(&raw.id, Problem::MissingKey("at_least".to_owned()));
            };
            let counted = self.quantity_of(
                &raw.id,
                entity_of(per),
                raw.counts.as_ref(),
                raw.count_people.as_deref(),
                raw.count_institutions.as_deref(),
                None,
            )?;
            measures.push((None, counted, self.number(needed, 0)?));
        }
        for subject in &raw.subject {
            let counted = self.quantity_of(
                &subject.name,
                entity_of(per),
                subject.counts.as_ref(),
                subject.count_people.as_deref(),
                subject.count_institutions.as_deref(),
                None,
            )?;
            measures.push((
                Some(subject.name.get_ref().clone()),
                counted,
                self.number(&subject.at_least, 0)?,
            ));
        }
        Some(Body::MinCount(MinCount {
            places: self.conditions(&raw.places, Entity::Institution),
            per,
            people_by: match &raw.people_by {
                None => None,
                Some(fact) => Some(self.place_fact(fact)?),
            },
            measures,
        }))
    }

    fn range(&mut self, raw: &raw::Range) -> Option<Body> {
        let per = self
            .maybe_word(raw.per.as_ref(), &PERS)?
            .unwrap_or(Per::Institution);
        let entity = entity_of(per);
        let base = match &raw.share_of {
            None => None,
            Some(base) => Some(self.number_fact(base, entity)?),
        };
        let low = self.maybe_bound(raw.at_least.as_ref(), base.is_some())?;
        let high = self.maybe_bound(raw.at_most.as_ref(), base.is_some())?;
        if low.is_none() && high.is_none() {
            return self.fail(
                &raw.id,
                Problem::Needs {
                    key: "range",
                    wants: "at_least / at_most",
                },
            );
        }
        Some(Body::Range(Range {
            places: self.conditions(&raw.places, Entity::Institution),
            per,
            counted: self.number_fact(&raw.counts, entity)?,
            base,
            low,
            high,
        }))
    }

    fn exempt(&mut self, raw: &raw::Exempt) -> Option<Body> {
        Some(Body::Exempt(Exempt {
            of: raw.of.iter().map(|r| self.rule_ref(r)).collect(),
            who: self.conditions(&raw.who, Entity::Person),
            when: self.conditions(&raw.when, Entity::Person),
        }))
    }

    fn beyond_cap(&mut self, raw: &raw::BeyondCap) -> Option<Body> {
        Some(Body::BeyondCap(BeyondCap {
            who: self.conditions(&raw.who, Entity::Person),
            holder_who: self.conditions(&raw.holder.who, Entity::Person),
            holder_when: self.conditions(&raw.holder.when, Entity::Person),
            candidate_who: self.conditions(&raw.candidate.who, Entity::Person),
            candidate_when: self.conditions(&raw.candidate.when, Entity::Person),
            judgement: words(raw.candidate.judgement.clone()),
        }))
    }

    fn reserve(&mut self, raw: &raw::Reserve) -> Option<Body> {
        Some(Body::Reserve(Reserve {
            places: self.conditions(&raw.places, Entity::Institution),
            when: self.conditions(&raw.when, Entity::Institution),
            counted: self.number_fact(&raw.counts, Entity::Institution)?,
            base: self.number_fact(&raw.share_of, Entity::Institution)?,
            share: self.share(&raw.at_most)?,
            rounding: self.word(&raw.round, &ROUNDINGS)?,
        }))
    }

    fn scope(&mut self, raw: &raw::Scope) -> Option<Body> {
        Some(Body::Scope(Requirement {
            of: Entity::Person,
            who: self.conditions(&raw.who, Entity::Person),
            when: self.conditions(&raw.when, Entity::Person),
        }))
    }

    fn prerequisite(&mut self, raw: &raw::Prerequisite) -> Option<Body> {
        let of = self.entity(
            raw.of.as_ref(),
            Entity::Person,
            &[Entity::Person, Entity::Institution, Entity::Consortium],
        )?;
        let who = match of {
            Entity::Person => &raw.who,
            _ => &raw.places,
        };
        let other = match of {
            Entity::Person => raw.places.first(),
            _ => raw.who.first(),
        };
        if let Some(other) = other {
            return self.fail(
                other,
                Problem::Needs {
                    key: "where / who",
                    wants: "who (person), where (institution)",
                },
            );
        }
        Some(Body::Prerequisite(Requirement {
            of,
            who: self.conditions(who, of),
            when: self.conditions(&raw.when, of),
        }))
    }

    fn status_table(&mut self, raw: &raw::StatusTable) -> Option<Body> {
        let of = self.entity(
            raw.of.as_ref(),
            Entity::RuralDoctor,
            &[
                Entity::RuralDoctor,
                Entity::Vacancy,
                Entity::Candidate,
                Entity::Application,
                Entity::Person,
            ],
        )?;
        let mut rows = Vec::new();
        for row in &raw.row {
            let gives = row.gives.get_ref().words().to_vec();
            let gives_en = match &row.gives_en {
                None => Vec::new(),
                Some(english) => {
                    let words = english.get_ref().words().to_vec();
                    if words.len() != gives.len() {
                        let problem = Problem::UnequalLists {
                            key: "gives_en",
                            other: "gives",
                            wanted: gives.len(),
                        };
                        self.fail::<_, ()>(english, problem);
                    }
                    words
                }
            };
            rows.push(StatusRow {
                when: self.conditions(&row.when, of),
                gives,
                gives_en,
                force: self
                    .maybe_word(row.force.as_ref(), &FORCES)?
                    .unwrap_or(Force::Must),
            });
        }
        Some(Body::StatusTable(StatusTable {
            of,
            when: self.conditions(&raw.when, of),
            first_only: self.word(&raw.hit, &HITS)?,
            rows,
        }))
    }

    fn age_schedule(&mut self, raw: &raw::AgeSchedule) -> Option<Body> {
        let rows = raw.row.iter().filter_map(|row| self.age_row(row)).collect();
        Some(Body::AgeSchedule(AgeSchedule {
            rows,
            early_up_to: self.maybe_months(raw.early_up_to.as_ref())?.unwrap_or(0),
            late_up_to: self.maybe_months(raw.late_up_to.as_ref())?.unwrap_or(0),
        }))
    }

    fn age_row(&mut self, raw: &raw::AgeRow) -> Option<AgeRow> {
        let original = self.months(&raw.original)?;
        let up_to = self.months(&raw.up_to)?;
        let every = i32::try_from(*raw.every.get_ref()).ok().filter(|n| *n >= 1);
        let Some(every) = every else {
            return self.fail(
                &raw.every,
                Problem::BadNumber(raw.every.get_ref().to_string()),
            );
        };
        let Ok(from_birth) = raw.from_birth.get_ref().parse::<Month>() else {
            return self.fail(
                &raw.from_birth,
                Problem::BadDate(raw.from_birth.get_ref().clone()),
            );
        };
        if up_to < original {
            return self.fail(
                &raw.up_to,
                Problem::BadDuration(raw.up_to.get_ref().clone()),
            );
        }
        Some(AgeRow {
            class: self.word(&raw.class, &CLASSES)?,
            original,
            from_birth,
            every,
            most: up_to - original,
        })
    }

    fn target(&mut self, raw: &raw::Target) -> Option<Body> {
        let per = self
            .maybe_word(raw.per.as_ref(), &PERS)?
            .unwrap_or(Per::County);
        let counted = self.quantity(
            &raw.id,
            None,
            raw.count_people.as_deref(),
            raw.count_institutions.as_deref(),
            raw.count_rural_doctors.as_deref(),
        )?;
        let base = if let Some(fact) = &raw.share_of {
            Some(Quantity::Fact(self.number_fact(fact, entity_of(per))?))
        } else if let Some(lines) = &raw.share_of_institutions {
            Some(Quantity::Institutions(
                self.conditions(lines, Entity::Institution),
            ))
        } else {
            raw.share_of_rural_doctors
                .as_ref()
                .map(|lines| Quantity::RuralDoctors(self.conditions(lines, Entity::RuralDoctor)))
        };
        let at_least = self.maybe_bound(Some(&raw.at_least), base.is_some())??;
        Some(Body::Target(Target {
            places: self.conditions(&raw.places, Entity::Institution),
            per,
            by: self.day(raw.by.as_ref()),
            counted,
            base,
            at_least,
        }))
    }

    fn review_every(&mut self, raw: &raw::ReviewEvery) -> Option<Body> {
        let per = self
            .maybe_word(raw.per.as_ref(), &PERS)?
            .unwrap_or(Per::County);
        let since = self.fact(&raw.since, entity_of(per))?;
        if self
            .facts
            .get(since)
            .is_none_or(|f| f.kind != FactType::Month)
        {
            return self.fail(
                &raw.since,
                Problem::WrongFact {
                    found: raw.since.get_ref().clone(),
                    wanted: "month",
                },
            );
        }
        Some(Body::ReviewEvery(ReviewEvery {
            per,
            since,
            every: self.months(&raw.every)?,
        }))
    }

    fn pool(&mut self, raw: &raw::Pool) -> Option<Body> {
        Some(Body::Pool(Pool {
            places: self.conditions(&raw.places, Entity::Institution),
            per: self
                .maybe_word(raw.per.as_ref(), &PERS)?
                .unwrap_or(Per::Consortium),
            counted: self.number_fact(&raw.counts, Entity::Institution)?,
            at_most: self.number_fact(&raw.at_most, Entity::Institution)?,
        }))
    }

    fn structure(&mut self, raw: &raw::Structure) -> Option<Body> {
        let parts = raw.ratio.get_ref();
        let fits = parts.iter().all(|n| (0..=LARGEST_PART).contains(n))
            && parts.iter().any(|n| *n > 0)
            && (raw.grades.get_ref().len() == parts.len() || raw.grades.get_ref().is_empty());
        if !fits {
            return self.fail(&raw.ratio, Problem::BadNumber(format!("{parts:?}")));
        }
        Some(Body::Structure(Structure {
            of: self.word(&raw.of, &STRUCTURES)?,
            grades: raw.grades.get_ref().clone(),
            ratio: parts.clone(),
            merged: raw.merged,
        }))
    }

    fn priority(&mut self, raw: &raw::Priority) -> Option<Body> {
        let of = self.entity(
            raw.of.as_ref(),
            Entity::Candidate,
            &[Entity::Candidate, Entity::Vacancy],
        )?;
        Some(Body::Priority(Priority {
            of,
            places: self.conditions(&raw.places, of),
            first: self.conditions(&raw.first, of),
        }))
    }

    fn judgement(&mut self, raw: &raw::Judgement) -> Option<Body> {
        Some(Body::Judgement(Judgement {
            places: self.conditions(&raw.places, Entity::Institution),
            who: self.conditions(&raw.count_people, Entity::Person),
            question: words(raw.question.clone()),
        }))
    }

    fn coverage(&mut self, raw: raw::Coverage) -> Option<Coverage> {
        let status = self.word(&raw.status, &COVERAGES)?;
        let explained = match status {
            CoverageStatus::Encoded => !raw.rules.is_empty(),
            CoverageStatus::Judgement | CoverageStatus::NotEncoded => raw.reason.is_some(),
        };
        if !explained {
            let row = raw.row.get_ref().clone();
            self.fail::<_, ()>(&raw.row, Problem::NoReason(row));
        }
        Some(Coverage {
            place: self.at(&raw.quote),
            row: raw.row.into_inner(),
            at: raw.at,
            quote: raw.quote.into_inner(),
            status,
            rules: raw.rules.iter().map(|r| self.rule_ref(r)).collect(),
            reason: raw.reason.map(words),
        })
    }

    // ---- words, names and numbers ---------------------------------------------

    fn word<T: Copy>(&mut self, text: &Text, words: &[(&str, T)]) -> Option<T> {
        match words.iter().find(|(word, _)| word == text.get_ref()) {
            Some((_, value)) => Some(*value),
            None => {
                let found = text.get_ref().clone();
                let nearest = nearest(&found, words.iter().map(|(word, _)| *word));
                let choices = words.iter().map(|(word, _)| (*word).to_owned()).collect();
                self.fail(
                    text,
                    Problem::UnknownWord {
                        found,
                        choices,
                        nearest,
                    },
                )
            }
        }
    }

    /// Outer `None`: a mistake; inner `None`: not given.
    fn maybe_word<T: Copy>(
        &mut self,
        text: Option<&Text>,
        words: &[(&str, T)],
    ) -> Option<Option<T>> {
        match text {
            None => Some(None),
            Some(text) => self.word(text, words).map(Some),
        }
    }

    fn entity(
        &mut self,
        text: Option<&Text>,
        default: Entity,
        allowed: &[Entity],
    ) -> Option<Entity> {
        let words: Vec<(&str, Entity)> = allowed.iter().map(|e| (e.word(), *e)).collect();
        Some(self.maybe_word(text, &words)?.unwrap_or(default))
    }

    fn clause(&mut self, name: &Text) -> Option<usize> {
        let at = self
            .clauses
            .iter()
            .position(|clause| clause.name == *name.get_ref());
        if at.is_none() {
            let found = name.get_ref().clone();
            let nearest = nearest(&found, self.clauses.iter().map(|c| c.name.as_str()));
            self.fail::<_, ()>(
                name,
                Problem::UnknownName {
                    what: NameKind::Clause,
                    found,
                    nearest,
                },
            );
        }
        at
    }

    fn rule_ref(&self, text: &Text) -> RuleRef {
        rule_ref(text.get_ref(), self.at(text))
    }

    /// The rules replaced; each has the place of the whole list.
    fn overrides(&self, names: Option<&Spanned<OneOrMany>>) -> Vec<RuleRef> {
        names.map_or(Vec::new(), |names| {
            let refs = names.get_ref().words().iter();
            refs.map(|name| rule_ref(name, self.at(names))).collect()
        })
    }

    fn fact(&mut self, name: &Text, entity: Entity) -> Option<FactId> {
        let id = self.facts.visible(entity, name.get_ref());
        if id.is_none() {
            let found = name.get_ref().clone();
            let nearest = nearest(&found, self.facts.visible_names(entity));
            self.fail::<_, ()>(
                name,
                Problem::UnknownName {
                    what: NameKind::Fact,
                    found,
                    nearest,
                },
            );
        }
        id
    }

    fn number_fact(&mut self, name: &Text, entity: Entity) -> Option<FactId> {
        let id = self.fact(name, entity)?;
        if self
            .facts
            .get(id)
            .is_some_and(|fact| fact.kind == FactType::Number)
        {
            return Some(id);
        }
        self.fail(
            name,
            Problem::WrongFact {
                found: name.get_ref().clone(),
                wanted: "number",
            },
        )
    }

    fn place_fact(&mut self, name: &Text) -> Option<FactId> {
        let id = self.fact(name, Entity::Person)?;
        if self
            .facts
            .get(id)
            .is_some_and(|fact| fact.kind == FactType::Place)
        {
            return Some(id);
        }
        self.fail(
            name,
            Problem::WrongFact {
                found: name.get_ref().clone(),
                wanted: "place",
            },
        )
    }

    fn quantity(
        &mut self,
        id: &Text,
        fact: Option<&Text>,
        people: Option<&[Condition]>,
        institutions: Option<&[Condition]>,
        rural_doctors: Option<&[Condition]>,
    ) -> Option<Quantity> {
        self.quantity_of(
            id,
            Entity::Institution,
            fact,
            people,
            institutions,
            rural_doctors,
        )
    }

    fn quantity_of(
        &mut self,
        id: &Text,
        entity: Entity,
        fact: Option<&Text>,
        people: Option<&[Condition]>,
        institutions: Option<&[Condition]>,
        rural_doctors: Option<&[Condition]>,
    ) -> Option<Quantity> {
        let given = [
            fact.is_some(),
            people.is_some(),
            institutions.is_some(),
            rural_doctors.is_some(),
        ];
        if given.iter().filter(|g| **g).count() != 1 {
            return self.fail(
                id,
                Problem::Needs {
                    key: "counts",
                    wants: "counts / count_people / count_institutions / count_rural_doctors",
                },
            );
        }
        if let Some(lines) = people {
            return Some(Quantity::People(self.conditions(lines, Entity::Person)));
        }
        if let Some(lines) = institutions {
            return Some(Quantity::Institutions(
                self.conditions(lines, Entity::Institution),
            ));
        }
        if let Some(lines) = rural_doctors {
            return Some(Quantity::RuralDoctors(
                self.conditions(lines, Entity::RuralDoctor),
            ));
        }
        Some(Quantity::Fact(self.number_fact(fact?, entity)?))
    }

    fn conditions(&mut self, lines: &[Condition], entity: Entity) -> Conditions {
        Conditions::read(lines, entity, self.facts, self.file, self.problems)
    }

    fn maybe_conditions(
        &mut self,
        lines: Option<&[Condition]>,
        entity: Entity,
    ) -> Option<Conditions> {
        lines.map(|lines| self.conditions(lines, entity))
    }

    fn share(&mut self, text: &Text) -> Option<Share> {
        match Share::read(text.get_ref()) {
            Some(share) => Some(share),
            None => self.fail(text, Problem::BadShare(text.get_ref().clone())),
        }
    }

    fn share_value(&mut self, text: &Text) -> Option<ShareValue> {
        if text.get_ref() == SET_BY_PLACE {
            return Some(ShareValue::SetByPlace);
        }
        self.share(text).map(ShareValue::Fixed)
    }

    /// Outer `None`: a mistake; inner `None`: not given.
    fn maybe_bound(&mut self, text: Option<&Text>, of_a_total: bool) -> Option<Option<Bound>> {
        let Some(text) = text else { return Some(None) };
        if of_a_total {
            return self.share(text).map(|share| Some(Bound::Share(share)));
        }
        match quantity::whole(text.get_ref()) {
            Some(number) => Some(Some(Bound::Number(number))),
            None => self.fail(text, Problem::BadNumber(text.get_ref().clone())),
        }
    }

    fn number(&mut self, number: &Spanned<i64>, least: i64) -> Option<i64> {
        let value = *number.get_ref();
        if (least..=quantity::LARGEST).contains(&value) {
            Some(value)
        } else {
            self.fail(number, Problem::BadNumber(value.to_string()))
        }
    }

    /// Outer `None`: a mistake; inner `None`: not given.
    fn maybe_number(&mut self, number: Option<&Spanned<i64>>) -> Option<Option<i64>> {
        match number {
            None => Some(None),
            Some(number) => self.number(number, 0).map(Some),
        }
    }

    fn months(&mut self, text: &Text) -> Option<i32> {
        match quantity::months(text.get_ref()).and_then(|m| i32::try_from(m).ok()) {
            Some(months) => Some(months),
            None => self.fail(text, Problem::BadDuration(text.get_ref().clone())),
        }
    }

    /// Outer `None`: a mistake; inner `None`: not given.
    fn maybe_months(&mut self, text: Option<&Text>) -> Option<Option<i32>> {
        match text {
            None => Some(None),
            Some(text) => self.months(text).map(Some),
        }
    }

    fn day(&mut self, text: Option<&Text>) -> Option<Day> {
        let text = text?;
        let day = Day::read(text.get_ref());
        if day.is_none() {
            self.fail::<_, ()>(text, Problem::BadDate(text.get_ref().clone()));
        }
        day
    }

    fn country_or_place(&mut self, text: &Text) -> Option<Option<AreaCode>> {
        if text.get_ref().is_empty() {
            return Some(None);
        }
        match text.get_ref().parse::<AreaCode>() {
            Ok(code) => Some(Some(code)),
            Err(_) => {
                let found = text.get_ref().clone();
                let problem = Problem::UnknownName {
                    what: NameKind::Place,
                    found,
                    nearest: None,
                };
                self.fail(text, problem)
            }
        }
    }

    fn unique<'a>(&mut self, names: impl Iterator<Item = (&'a String, &'a Place)>, what: NameKind) {
        let mut seen = std::collections::HashMap::new();
        for (name, place) in names {
            if let Some(first) = seen.insert(name, place) {
                let first: &Place = first;
                self.problems.add_with(
                    place.clone(),
                    Problem::Repeated {
                        what,
                        found: name.clone(),
                    },
                    first.clone(),
                );
            }
        }
    }
}

fn rule_ref(name: &str, place: Place) -> RuleRef {
    let (policy, rule) = match name.split_once('#') {
        Some((policy, rule)) => (Some(policy.to_owned()), rule.to_owned()),
        None => (None, name.to_owned()),
    };
    RuleRef {
        policy,
        rule,
        place,
    }
}

/// Whose facts a finding for `per` may name.
fn entity_of(per: Per) -> Entity {
    match per {
        Per::Institution => Entity::Institution,
        Per::County => Entity::County,
        Per::Consortium => Entity::Consortium,
        Per::Team => Entity::Team,
        Per::Place(_) => Entity::Place,
    }
}

/// The words in both languages.
pub(super) fn words(raw: raw::Words) -> Words {
    match raw {
        raw::Words::One(text) => Words {
            zh: text.clone(),
            en: text,
        },
        raw::Words::Both { zh, en } => Words { zh, en },
    }
}

fn readings(raw: Option<Readings>) -> Vec<Words> {
    match raw {
        None => Vec::new(),
        Some(Readings::One(one)) => vec![words(one)],
        Some(Readings::Many(many)) => many.into_iter().map(words).collect(),
    }
}
