//! Findings about institutions, counties, consortia and places: what is counted,
//! what it is held against, and the verdict. Exact integers; an unknown number makes
//! an unknown verdict and is named.

use super::data::{Data, Value};
use super::explain;
use super::ledger::{Allowed, Posts, smaller};
use super::people::InstitutionCounts;
use super::tri::{self, Tri};
use super::verdict::Verdict;
use crate::domain::ids::AreaCode;
use crate::domain::post::{Ledger, Level};
use crate::policy::condition::Atom;
use crate::policy::fact::{Entity, FactId};
use crate::policy::model::{Bound, Per};
use crate::policy::plan::{
    Before, Check, Counted, FindingRule, Formula, Measure, Plan, RuleId, VariantPlan,
};
use crate::policy::quantity::{Rounding, Share};

/// Which of several things a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The only one.
    Whole,
    /// A measure of the rule, by position.
    Measure(u16),
    /// A place of 区域, by position.
    Place(u32),
}

/// What one rule says of one subject. Numbers as CONTRACT section 5 names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub rule: RuleId,
    pub subject: Subject,
    pub verdict: Verdict,
    pub counted: Option<i64>,
    pub base: Option<i64>,
    pub needed: Option<i64>,
    /// The whole number a share of the base came to, where it was rounded.
    pub limit: Option<i64>,
    /// The variant of a ceiling that applied, and the part of the base it is for.
    pub variant: Option<Applied>,
    pub missing: Vec<Missing>,
}

/// A variant of a ceiling, by position, and the part of the base it is for.
pub type Applied = (u16, i64);

/// What keeps a verdict open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Fact(FactId),
    /// The text gives no figure and the place has not set one.
    SetByPlace,
    /// Some institutions of the county are placed no nearer than the county.
    NearerPlace,
}

/// Facts about an institution that follow from its people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Derived {
    Held(Level),
    Directed,
    Headcount,
}

/// Answers questions about institutions and counties once the people are counted.
pub struct Findings<'a> {
    plan: &'a Plan,
    data: &'a Data,
    counts: &'a InstitutionCounts,
    /// By number of the fact.
    derived: Vec<Option<Derived>>,
    kind: Option<FactId>,
    /// The rules about institutions themselves.
    own_rules: Vec<&'a FindingRule>,
    /// Rules that give a ceiling of senior, intermediate and directed posts.
    ceilings: [Vec<(&'a FindingRule, &'a Measure)>; 3],
    allowed: AllowedFacts,
    /// Institutions of each county and consortium.
    of_county: Vec<Vec<usize>>,
    of_consortium: Vec<Vec<usize>>,
    places_of_county: Vec<Vec<usize>>,
    doctors_of_county: Vec<Vec<usize>>,
}

/// The facts that a ledger starts from.
struct AllowedFacts {
    professional: Option<FactId>,
    approved: [Option<FactId>; 3],
    directed: Option<FactId>,
}

/// A number that a check needs: known, or what is missing.
type Known = Result<i64, Missing>;

/// What a check made of a count.
#[derive(Default)]
struct Outcome {
    verdict: Option<Verdict>,
    base: Option<i64>,
    needed: Option<i64>,
    limit: Option<i64>,
    variant: Option<Applied>,
    missing: Vec<Missing>,
}

impl Outcome {
    fn judged(verdict: Verdict) -> Self {
        Self {
            verdict: Some(verdict),
            ..Self::default()
        }
    }

    fn compared(fails: bool) -> Self {
        Self::judged(if fails {
            Verdict::Fails
        } else {
            Verdict::Holds
        })
    }

    fn unknown(missing: impl IntoIterator<Item = Missing>) -> Self {
        Self {
            missing: missing.into_iter().collect(),
            ..Self::judged(Verdict::Unknown)
        }
    }

    /// The rule says nothing about this subject.
    fn left_out() -> Self {
        Self::default()
    }
}

impl<'a> Findings<'a> {
    /// Prepares the groups.
    pub fn new(plan: &'a Plan, data: &'a Data, counts: &'a InstitutionCounts) -> Self {
        let find = |name: &str| plan.facts.find(Entity::Institution, name);
        let names = [
            ("聘用 高级岗位", Derived::Held(Level::Senior)),
            ("聘用 中级岗位", Derived::Held(Level::Intermediate)),
            ("聘用 初级岗位", Derived::Held(Level::Junior)),
            ("聘用 定向岗位", Derived::Directed),
            ("编内人数", Derived::Headcount),
        ];
        let group = |size: usize, members: &mut dyn Iterator<Item = (usize, Option<u32>)>| {
            let mut groups = vec![Vec::new(); size];
            for (member, group) in members {
                if let Some(group) = group.and_then(|g| groups.get_mut(g as usize)) {
                    group.push(member);
                }
            }
            groups
        };
        let counties = data.counties.len();
        let institutions = &data.institutions;
        let mut derived = vec![None; plan.facts.all().count()];
        for (name, value) in names {
            let slot = find(name).and_then(|fact| derived.get_mut(usize::from(fact.0)));
            if let Some(slot) = slot {
                *slot = Some(value);
            }
        }
        let ceilings = |wanted: Derived| {
            let measures = plan
                .findings
                .iter()
                .flat_map(|rule| rule.measures.iter().map(move |measure| (rule, measure)));
            let counts = |measure: &Measure| match &measure.counted {
                Counted::Fact(fact) => derived.get(usize::from(fact.0)) == Some(&Some(wanted)),
                _ => false,
            };
            measures.filter(|(_, measure)| counts(measure)).collect()
        };
        Self {
            plan,
            data,
            counts,
            own_rules: plan
                .findings
                .iter()
                .filter(|rule| rule.per.contains(&Per::Institution))
                .collect(),
            ceilings: [
                ceilings(Derived::Held(Level::Senior)),
                ceilings(Derived::Held(Level::Intermediate)),
                ceilings(Derived::Directed),
            ],
            allowed: AllowedFacts {
                professional: find("专业技术岗位总数"),
                approved: [
                    find("核定高级岗位"),
                    find("核定中级岗位"),
                    find("核定初级岗位"),
                ],
                directed: find("定向岗位数"),
            },
            derived,
            kind: find("机构类型"),
            of_county: group(
                counties,
                &mut institutions.county.iter().copied().enumerate(),
            ),
            of_consortium: group(
                data.consortia.len(),
                &mut institutions.consortium.iter().copied().enumerate(),
            ),
            places_of_county: group(
                counties,
                &mut data.place_rows.iter().map(|p| Some(p.county)).enumerate(),
            ),
            doctors_of_county: group(
                counties,
                &mut data.doctor_county.iter().map(|c| Some(*c)).enumerate(),
            ),
        }
    }

    // ---- institutions -----------------------------------------------------------

    /// The ledger of an institution.
    pub fn posts(&self, institution: usize) -> Posts {
        let number = |fact: Option<FactId>| self.data.institutions.table.number(fact?, institution);
        let ceiling = |rules: &[(&FindingRule, &Measure)]| {
            rules
                .iter()
                .map(|(rule, measure)| self.ceiling(rule, measure, institution))
                .fold(None, smaller)
        };
        let [senior, intermediate, directed] = &self.ceilings;
        let allowed = Allowed {
            professional: number(self.allowed.professional),
            ceilings: [ceiling(senior), ceiling(intermediate)],
            directed_ceiling: ceiling(directed),
            approved: self.allowed.approved.map(number),
            directed_approved: number(self.allowed.directed),
        };
        Posts::new(&allowed, |level, ledger| {
            self.counts.held(institution, level, ledger)
        })
    }

    /// How the ceilings of the ledger came about: for senior, intermediate and directed
    /// posts each rule that gives one, as a finding of what is held there.
    pub fn ceilings(&self, institution: usize) -> [Vec<Finding>; 3] {
        let held = [
            Derived::Held(Level::Senior),
            Derived::Held(Level::Intermediate),
            Derived::Directed,
        ];
        let mut found = [const { Vec::new() }; 3];
        for ((rules, held), found) in self.ceilings.iter().zip(held).zip(&mut found) {
            for (rule, measure) in rules {
                let Some(limit) = self.ceiling(rule, measure, institution) else {
                    continue;
                };
                let counted = Some(Ok(self.held(institution, held)));
                let mut outcome =
                    self.check_institution(institution, rule, &counted, &measure.check);
                outcome.verdict.get_or_insert(Verdict::Holds);
                outcome.limit = Some(limit);
                let at = rule
                    .measures
                    .iter()
                    .position(|own| std::ptr::eq(own, *measure));
                let subject = subject(measure, at.unwrap_or_default());
                found.extend(finding(rule.rule, subject, counted, outcome));
            }
        }
        found
    }

    /// The whole number of posts a rule allows at an institution of a kind it covers.
    fn ceiling(&self, rule: &FindingRule, measure: &Measure, institution: usize) -> Option<i64> {
        if self.institution_applies(&rule.kinds, institution) != Tri::Yes {
            return None;
        }
        match &measure.check {
            Check::ShareAtMost {
                base,
                share,
                rounding: Some(rounding),
                variants,
            } => {
                let base = self.institution_number(institution, *base).ok()?;
                self.share_limit(institution, base, (*share)?, *rounding, variants)
                    .ok()
                    .map(|(limit, _)| limit)
            }
            Check::Reserve {
                when,
                base,
                share,
                rounding,
            } => {
                let base = self.institution_number(institution, *base).ok()?;
                match self.institution_applies(when, institution) {
                    Tri::Yes => Some(share.of_total(base, *rounding)),
                    Tri::No => Some(0),
                    Tri::Unknown => None,
                }
            }
            _ => None,
        }
    }

    /// Every finding about an institution itself.
    pub fn of_institution(&self, institution: usize) -> Vec<Finding> {
        let mut findings = Vec::with_capacity(self.own_rules.len());
        for rule in &self.own_rules {
            let applies = self.institution_applies(&rule.places, institution);
            if applies == Tri::No {
                continue;
            }
            for (at, measure) in rule.measures.iter().enumerate() {
                let counted = self.institution_measure(institution, measure);
                let mut outcome =
                    self.check_institution(institution, rule, &counted, &measure.check);
                if outcome.verdict.is_some() && applies == Tri::Unknown {
                    outcome.verdict = Some(Verdict::Unknown);
                    outcome
                        .missing
                        .extend(self.unknown_of_institution(&rule.places, institution));
                }
                let subject = subject(measure, at);
                findings.extend(finding(rule.rule, subject, counted, outcome));
            }
        }
        findings
    }

    fn check_institution(
        &self,
        institution: usize,
        rule: &FindingRule,
        counted: &Option<Known>,
        check: &Check,
    ) -> Outcome {
        let number = |fact: FactId| self.institution_number(institution, fact);
        let left_out = rule.left_out_if_blank.as_ref().is_some_and(|which| {
            self.institution_applies(which, institution) == Tri::Yes
                && self.has_blank(institution, counted, check)
        });
        if left_out {
            return Outcome::left_out();
        }
        match check {
            Check::When(when) => match self.institution_met(when, institution) {
                Tri::Yes => Outcome::judged(Verdict::Holds),
                Tri::No => Outcome::judged(Verdict::Fails),
                Tri::Unknown => Outcome::unknown(self.unknown_of_institution(when, institution)),
            },
            Check::ShareAtMost {
                base,
                share,
                rounding,
                variants,
            } => {
                let base = number(*base);
                let Some(share) = *share else {
                    return Outcome {
                        base: base.ok(),
                        ..Outcome::unknown([Missing::SetByPlace])
                    };
                };
                both(counted, base, |counted, base| match rounding {
                    None => Outcome::compared(share.is_below(counted, base)),
                    Some(rounding) => {
                        match self.share_limit(institution, base, share, *rounding, variants) {
                            Err(missing) => Outcome::unknown(missing),
                            Ok((limit, variant)) => Outcome {
                                limit: Some(limit),
                                variant,
                                ..Outcome::compared(counted > limit)
                            },
                        }
                    }
                })
            }
            Check::Reserve {
                when,
                base,
                share,
                rounding,
            } => self.check_reserve(institution, counted, when, number(*base), *share, *rounding),
            Check::AtMostFact(fact) => both(counted, number(*fact), |counted, approved| {
                Outcome::compared(counted > approved)
            }),
            Check::ShareAtLeast {
                base: Counted::Fact(base),
                share,
            } => at_least_share(counted, number(*base), *share),
            Check::Between { base, low, high } => {
                check_between(counted, base.map(number), *low, *high)
            }
            Check::PerUnit {
                of,
                every,
                first,
                above,
                rounding,
                ..
            } => {
                let needed = number(*of).map(|of| units(of, *every, *first, *above, *rounding));
                check_needed(counted, needed)
            }
            Check::AtLeast(needed) => check_needed(counted, Ok(*needed)),
            Check::Judgement => Outcome::judged(Verdict::Judgement),
            Check::ShareAtLeast { .. } | Check::Elapsed { .. } => Outcome::left_out(),
        }
    }

    /// What a measure counts, less the people whom earlier needs take away.
    fn institution_measure(&self, institution: usize, measure: &Measure) -> Option<Known> {
        let counted = self.institution_count(institution, &measure.counted)?;
        let Check::PerUnit { after, .. } = &measure.check else {
            return Some(counted);
        };
        let left = |counted: i64| Ok((counted - self.taken(institution, after)?).max(0));
        Some(counted.and_then(left))
    }

    /// People whom earlier needs take away, after people of other professions served them.
    fn taken(&self, institution: usize, after: &[Before]) -> Known {
        let mut taken = 0;
        for need in after {
            let of = self.institution_number(institution, need.of)?;
            let needed = units(of, need.every, need.first, need.above, need.rounding);
            let eligible = self.counts.people(institution, need.eligible);
            let shared = self.counts.people(institution, need.shared);
            taken += (needed.min(eligible) - (eligible - shared)).max(0);
        }
        Ok(taken)
    }

    fn check_reserve(
        &self,
        institution: usize,
        counted: &Option<Known>,
        when: &Formula,
        base: Known,
        share: Share,
        rounding: Rounding,
    ) -> Outcome {
        let Some(Ok(held)) = *counted else {
            return Outcome::unknown([]);
        };
        let open = self.institution_applies(when, institution);
        match (open, base) {
            (Tri::No, Err(_)) if held == 0 => Outcome::left_out(),
            (_, Err(missing)) => Outcome::unknown([missing]),
            (Tri::Unknown, Ok(base)) => Outcome {
                base: Some(base),
                ..Outcome::unknown(self.unknown_of_institution(when, institution))
            },
            (open, Ok(base)) => {
                let limit = if open == Tri::Yes {
                    share.of_total(base, rounding)
                } else {
                    0
                };
                if limit == 0 && held == 0 {
                    return Outcome::left_out();
                }
                Outcome {
                    base: Some(base),
                    limit: Some(limit),
                    ..Outcome::compared(held > limit)
                }
            }
        }
    }

    /// The rounded share and the variant that gave it.
    fn share_limit(
        &self,
        institution: usize,
        base: i64,
        share: Share,
        rounding: Rounding,
        variants: &[VariantPlan],
    ) -> Result<(i64, Option<Applied>), Vec<Missing>> {
        for variant in variants {
            match self.institution_applies(&variant.when, institution) {
                Tri::No => continue,
                Tri::Unknown => return Err(self.unknown_of_institution(&variant.when, institution)),
                Tri::Yes => {}
            }
            // where the part is not given, the whole takes the variant's share
            let part = variant
                .over
                .and_then(|fact| self.institution_number(institution, fact).ok())
                .map_or(base, |part| part.min(base));
            let limit = variant.share.of_parts(part, base, share, rounding);
            let index = u16::try_from(variant.index).ok();
            return Ok((limit, index.map(|index| (index, part))));
        }
        Ok((share.of_total(base, rounding), None))
    }

    fn has_blank(&self, institution: usize, counted: &Option<Known>, check: &Check) -> bool {
        self.blank_of(institution, counted, check).is_some()
    }

    /// Which of the two numbers of a comparison an institution has not given.
    fn blank_of(
        &self,
        institution: usize,
        counted: &Option<Known>,
        check: &Check,
    ) -> Option<Missing> {
        let base = match check {
            Check::ShareAtMost { base, .. }
            | Check::AtMostFact(base)
            | Check::Reserve { base, .. }
            | Check::ShareAtLeast {
                base: Counted::Fact(base),
                ..
            } => self.institution_number(institution, *base).err(),
            _ => None,
        };
        counted.as_ref().and_then(|counted| counted.err()).or(base)
    }

    fn institution_value(&self, institution: usize, fact: FactId) -> Value {
        match self.derived.get(usize::from(fact.0)).copied().flatten() {
            None => self.data.institutions.table.value(fact, institution),
            Some(derived) => Value::Number(self.held(institution, derived)),
        }
    }

    /// What follows from the people of an institution.
    fn held(&self, institution: usize, derived: Derived) -> i64 {
        let of = |level: Level, ledger| self.counts.held(institution, level, ledger);
        match derived {
            Derived::Held(level) => of(level, Ledger::Ordinary),
            Derived::Directed => {
                let levels = Level::ALL.iter();
                levels.map(|level| of(*level, Ledger::Directed)).sum()
            }
            Derived::Headcount => self.counts.people(institution, self.plan.headcount),
        }
    }

    fn institution_number(&self, institution: usize, fact: FactId) -> Known {
        match self.institution_value(institution, fact) {
            Value::Number(number) => Ok(number),
            _ => Err(Missing::Fact(fact)),
        }
    }

    fn institution_count(&self, institution: usize, counted: &Counted) -> Option<Known> {
        match counted {
            Counted::Fact(fact) => Some(self.institution_number(institution, *fact)),
            Counted::People(count) => Some(Ok(self.counts.people(institution, *count))),
            Counted::Nothing | Counted::Institutions(_) | Counted::RuralDoctors(_) => None,
        }
    }

    fn atoms(&self, entity: Entity) -> &[Atom] {
        self.plan
            .tests
            .get(&entity)
            .map_or(&[], |tests| &tests.atoms)
    }

    fn institution_applies(&self, formula: &Formula, institution: usize) -> Tri {
        let get = |fact| self.institution_value(institution, fact);
        tri::applies(formula, self.atoms(Entity::Institution), &get)
    }

    fn institution_met(&self, formula: &Formula, institution: usize) -> Tri {
        let get = |fact| self.institution_value(institution, fact);
        tri::met(formula, self.atoms(Entity::Institution), &get)
    }

    fn unknown_of_institution(&self, formula: &Formula, institution: usize) -> Vec<Missing> {
        let get = |fact| self.institution_value(institution, fact);
        let facts = tri::unknown_facts(formula, self.atoms(Entity::Institution), &get);
        facts.into_iter().map(Missing::Fact).collect()
    }

    // ---- counties, consortia, places ----------------------------------------------

    /// Every finding about a county and the places in it.
    pub fn of_county(&self, county: usize) -> Vec<Finding> {
        let institutions = self
            .of_county
            .get(county)
            .map_or(&[] as &[usize], Vec::as_slice);
        let mut findings = Vec::new();
        for rule in &self.plan.findings {
            for per in &rule.per {
                match per {
                    Per::County => {
                        let group = Group {
                            institutions,
                            county: Some(county),
                            consortium: None,
                        };
                        findings.extend(self.of_group(rule, &group));
                    }
                    Per::Place(level) => {
                        let places = self
                            .places_of_county
                            .get(county)
                            .map_or(&[] as &[usize], Vec::as_slice);
                        for place in places {
                            if self
                                .data
                                .place_rows
                                .get(*place)
                                .is_some_and(|row| row.level == *level)
                            {
                                findings.extend(self.of_place(rule, institutions, *place));
                            }
                        }
                    }
                    Per::Institution | Per::Consortium | Per::Team => {}
                }
            }
        }
        findings
    }

    /// Every finding about a consortium.
    pub fn of_consortium(&self, consortium: usize) -> Vec<Finding> {
        let institutions = self
            .of_consortium
            .get(consortium)
            .map_or(&[] as &[usize], Vec::as_slice);
        let group = Group {
            institutions,
            county: None,
            consortium: Some(consortium),
        };
        let rules = self
            .plan
            .findings
            .iter()
            .filter(|rule| rule.per.contains(&Per::Consortium));
        rules.flat_map(|rule| self.of_group(rule, &group)).collect()
    }

    /// Every finding about a team (the system of record keeps teams).
    pub fn of_team(&self, team: usize) -> Vec<Finding> {
        let Some(table) = self.data.table(Entity::Team) else {
            return Vec::new();
        };
        let mut findings = Vec::new();
        for rule in self
            .plan
            .findings
            .iter()
            .filter(|rule| rule.per.contains(&Per::Team))
        {
            for (at, measure) in rule.measures.iter().enumerate() {
                let (Counted::Fact(fact), Check::AtLeast(needed)) =
                    (&measure.counted, &measure.check)
                else {
                    continue;
                };
                let counted = Some(table.number(*fact, team).ok_or(Missing::Fact(*fact)));
                let outcome = check_needed(&counted, Ok(*needed));
                findings.extend(finding(rule.rule, subject(measure, at), counted, outcome));
            }
        }
        findings
    }

    fn of_group(&self, rule: &FindingRule, group: &Group) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (at, measure) in rule.measures.iter().enumerate() {
            let counted = self.group_count(rule, group, &measure.counted, &measure.check);
            let outcome = self.check_group(rule, group, &counted, &measure.check);
            findings.extend(finding(rule.rule, subject(measure, at), counted, outcome));
        }
        findings
    }

    fn check_group(
        &self,
        rule: &FindingRule,
        group: &Group,
        counted: &Option<Known>,
        check: &Check,
    ) -> Outcome {
        match check {
            Check::ShareAtLeast { base, share } => {
                let total = self.group_count(rule, group, base, check).unwrap_or(Ok(0));
                if self.is_stated(base) {
                    compare_share(counted, total, *share)
                } else {
                    at_least_share(counted, total, *share)
                }
            }
            Check::AtMostFact(fact) => {
                let approved = self.group_number(rule, group, *fact, check);
                if group.institutions.is_empty() {
                    return Outcome::left_out();
                }
                both(counted, approved, |counted, approved| {
                    Outcome::compared(counted > approved)
                })
            }
            Check::AtLeast(needed) => check_needed(counted, Ok(*needed)),
            Check::Between { base, low, high } => {
                let base = base.map(|fact| self.group_number(rule, group, fact, check));
                check_between(counted, base, *low, *high)
            }
            Check::Elapsed { every, .. } => match counted {
                Some(Ok(months)) => Outcome::compared(*months > i64::from(*every)),
                Some(Err(missing)) => Outcome::unknown([*missing]),
                None => Outcome::unknown([]),
            },
            Check::When(when) => {
                let Some(row) = group.consortium else {
                    return Outcome::left_out();
                };
                let get = |fact| self.data.consortium_table.value(fact, row);
                let atoms = self.atoms(Entity::Consortium);
                match tri::met(when, atoms, &get) {
                    Tri::Yes => Outcome::judged(Verdict::Holds),
                    Tri::No => Outcome::judged(Verdict::Fails),
                    Tri::Unknown => Outcome::unknown(
                        tri::unknown_facts(when, atoms, &get)
                            .into_iter()
                            .map(Missing::Fact),
                    ),
                }
            }
            Check::Judgement => Outcome::judged(Verdict::Judgement),
            Check::ShareAtMost { .. } | Check::Reserve { .. } | Check::PerUnit { .. } => {
                Outcome::left_out()
            }
        }
    }

    fn group_count(
        &self,
        rule: &FindingRule,
        group: &Group,
        counted: &Counted,
        check: &Check,
    ) -> Option<Known> {
        match counted {
            Counted::Nothing => None,
            Counted::Fact(fact) => Some(match check {
                Check::Elapsed { .. } => self
                    .group_number(rule, group, *fact, check)
                    .map(|month| i64::from(self.plan.as_of.index()) - month),
                _ => self.group_number(rule, group, *fact, check),
            }),
            Counted::People(count) => Some(Ok(group
                .institutions
                .iter()
                .map(|i| self.counts.people(*i, *count))
                .sum())),
            Counted::Institutions(which) => {
                Some(self.count_institutions(which, group.institutions))
            }
            Counted::RuralDoctors(which) => Some(self.count_doctors(which, group.county)),
        }
    }

    /// A number of the county itself, or the sum of a number over its institutions.
    fn group_number(
        &self,
        rule: &FindingRule,
        group: &Group,
        fact: FactId,
        check: &Check,
    ) -> Known {
        let entity = self.plan.facts.get(fact).map(|f| f.entity);
        match (entity, group.county, group.consortium) {
            (Some(Entity::County), Some(county), _) => self
                .data
                .county_table
                .number(fact, county)
                .ok_or(Missing::Fact(fact)),
            (Some(Entity::Consortium), _, Some(consortium)) => self
                .data
                .consortium_table
                .number(fact, consortium)
                .ok_or(Missing::Fact(fact)),
            (Some(Entity::Institution), _, _) => self.sum(rule, group, fact, check),
            _ => Err(Missing::Fact(fact)),
        }
    }

    /// The sum over the institutions that the rule is for. One blank makes it unknown,
    /// except where a blank leaves the institution out.
    fn sum(&self, rule: &FindingRule, group: &Group, fact: FactId, check: &Check) -> Known {
        let mut sum = 0;
        for institution in group.institutions {
            match self.institution_applies(&rule.places, *institution) {
                Tri::No => continue,
                Tri::Unknown => return Err(self.kind.map_or(Missing::NearerPlace, Missing::Fact)),
                Tri::Yes => {}
            }
            let counted = rule
                .measures
                .first()
                .and_then(|m| self.institution_count(*institution, &m.counted));
            let left_out = rule.left_out_if_blank.as_ref().is_some_and(|which| {
                self.institution_applies(which, *institution) == Tri::Yes
                    && self.has_blank(*institution, &counted, check)
            });
            if left_out || self.has_no_base(*institution, check) {
                continue;
            }
            if let Some(blank) = self.blank_of(*institution, &counted, check) {
                return Err(blank);
            }
            sum += self.institution_number(*institution, fact)?;
        }
        Ok(sum)
    }

    /// Whether a number stands in the row of the county or the consortium itself: then 0 is
    /// a number like any other, not the sum or the count of nothing.
    fn is_stated(&self, counted: &Counted) -> bool {
        let Counted::Fact(fact) = counted else {
            return false;
        };
        let entity = self.plan.facts.get(*fact).map(|fact| fact.entity);
        entity.is_some_and(|entity| entity != Entity::Institution)
    }

    fn has_no_base(&self, institution: usize, check: &Check) -> bool {
        match check {
            Check::ShareAtLeast {
                base: Counted::Fact(base),
                ..
            } => self.institution_number(institution, *base) == Ok(0),
            _ => false,
        }
    }

    fn count_institutions(&self, which: &Formula, institutions: &[usize]) -> Known {
        let mut count = 0;
        for institution in institutions {
            match self.institution_applies(which, *institution) {
                Tri::Yes => count += 1,
                Tri::No => {}
                Tri::Unknown => {
                    let missing = self.unknown_of_institution(which, *institution);
                    return Err(missing.first().copied().unwrap_or(Missing::NearerPlace));
                }
            }
        }
        Ok(count)
    }

    fn count_doctors(&self, which: &Formula, county: Option<usize>) -> Known {
        let doctors = county
            .and_then(|c| self.doctors_of_county.get(c))
            .map_or(&[] as &[usize], Vec::as_slice);
        let atoms = self.atoms(Entity::RuralDoctor);
        let mut count = 0;
        for doctor in doctors {
            let get = |fact| self.data.rural_doctors.value(fact, *doctor);
            match tri::applies(which, atoms, &get) {
                Tri::Yes => count += 1,
                Tri::No => {}
                Tri::Unknown => {
                    let facts = tri::unknown_facts(which, atoms, &get);
                    return Err(facts
                        .first()
                        .map_or(Missing::NearerPlace, |fact| Missing::Fact(*fact)));
                }
            }
        }
        Ok(count)
    }

    fn of_place(&self, rule: &FindingRule, institutions: &[usize], place: usize) -> Vec<Finding> {
        let Some(row) = self.data.place_rows.get(place) else {
            return Vec::new();
        };
        let number = |fact| {
            self.data
                .places
                .number(fact, place)
                .ok_or(Missing::Fact(fact))
        };
        let mut findings = Vec::new();
        for measure in &rule.measures {
            let counted = self.place_count(rule, &measure.counted, institutions, row.code);
            let outcome = match &measure.check {
                Check::PerUnit {
                    of,
                    every,
                    first,
                    above,
                    rounding,
                    ..
                } => {
                    let needed = number(*of).map(|of| units(of, *every, *first, *above, *rounding));
                    check_needed(&counted, needed)
                }
                Check::AtLeast(needed) => check_needed(&counted, Ok(*needed)),
                _ => Outcome::left_out(),
            };
            let mut outcome = outcome;
            if outcome.verdict.is_some() && self.is_vague(rule, &measure.counted, institutions) {
                outcome.verdict = Some(Verdict::Unknown);
                outcome.missing.push(Missing::NearerPlace);
            }
            let subject = Subject::Place(u32::try_from(place).unwrap_or(u32::MAX));
            findings.extend(finding(rule.rule, subject, counted, outcome));
        }
        findings
    }

    fn place_count(
        &self,
        rule: &FindingRule,
        counted: &Counted,
        institutions: &[usize],
        place: AreaCode,
    ) -> Option<Known> {
        if let (Some(by), Counted::People(count)) = (rule.people_by, counted) {
            return Some(self.people_of_place(by, *count, place));
        }
        let inside = |institution: &&usize| {
            let area = self
                .data
                .institutions
                .area
                .get(**institution)
                .copied()
                .flatten();
            area.is_some_and(|area| area.trimmed().is_within(place.trimmed()))
        };
        let within: Vec<usize> = institutions.iter().filter(inside).copied().collect();
        match counted {
            Counted::Institutions(which) => Some(self.count_institutions(which, &within)),
            Counted::People(count) => Some(Ok(within
                .iter()
                .map(|i| self.counts.people(*i, *count))
                .sum())),
            Counted::Fact(fact) => {
                let row = self
                    .data
                    .place_rows
                    .iter()
                    .position(|row| row.code == place)?;
                Some(
                    self.data
                        .places
                        .number(*fact, row)
                        .ok_or(Missing::Fact(*fact)),
                )
            }
            Counted::Nothing | Counted::RuralDoctors(_) => None,
        }
    }

    /// Whether one of the institutions counted is placed no nearer than the county, so that
    /// it may stand in any of its places.
    fn is_vague(&self, rule: &FindingRule, counted: &Counted, institutions: &[usize]) -> bool {
        let may_count = |institution| match counted {
            Counted::Institutions(which) => self.institution_applies(which, institution) != Tri::No,
            Counted::People(count) if rule.people_by.is_none() => {
                self.counts.people(institution, *count) > 0
            }
            _ => false,
        };
        institutions.iter().any(|institution| {
            let area = self
                .data
                .institutions
                .area
                .get(*institution)
                .copied()
                .flatten();
            area.is_some_and(|area| area.length() <= 6) && may_count(*institution)
        })
    }

    /// People who serve a place, by a fact of their own.
    fn people_of_place(&self, by: FactId, count: usize, place: AreaCode) -> Known {
        let Some(count) = self.plan.people_counts.get(count) else {
            return Ok(0);
        };
        let atoms = self.atoms(Entity::Person);
        let mut found = 0;
        for row in 0..self.data.people.len() {
            let get = |fact| explain::value(self.plan, self.data, row, fact);
            if !count
                .all
                .iter()
                .all(|formula| tri::applies(formula, atoms, &get) == Tri::Yes)
            {
                continue;
            }
            match get(by) {
                Value::Place(served) if served.trimmed().is_within(place.trimmed()) => found += 1,
                Value::Place(_) => {}
                _ => return Err(Missing::Fact(by)),
            }
        }
        Ok(found)
    }
}

/// The institutions that are counted together.
struct Group<'a> {
    institutions: &'a [usize],
    county: Option<usize>,
    consortium: Option<usize>,
}

fn subject(measure: &Measure, at: usize) -> Subject {
    match (&measure.subject, u16::try_from(at)) {
        (Some(_), Ok(at)) => Subject::Measure(at),
        _ => Subject::Whole,
    }
}

fn finding(
    rule: RuleId,
    subject: Subject,
    counted: Option<Known>,
    outcome: Outcome,
) -> Option<Finding> {
    let mut missing = outcome.missing;
    missing.dedup();
    Some(Finding {
        rule,
        subject,
        verdict: outcome.verdict?,
        counted: counted.and_then(Result::ok),
        base: outcome.base,
        needed: outcome.needed,
        limit: outcome.limit,
        variant: outcome.variant,
        missing,
    })
}

/// needed = first + (of − above) / every, nothing below `above`.
pub fn units(of: i64, every: i64, first: i64, above: i64, rounding: Rounding) -> i64 {
    first + Share::one_in(every).of_total((of - above).max(0), rounding)
}

fn both(counted: &Option<Known>, base: Known, judge: impl FnOnce(i64, i64) -> Outcome) -> Outcome {
    let outcome = match (counted, base) {
        (Some(Ok(counted)), Ok(base)) => judge(*counted, base),
        (counted, base) => {
            let missing = counted
                .as_ref()
                .and_then(|c| c.err())
                .into_iter()
                .chain(base.err());
            Outcome::unknown(missing)
        }
    };
    Outcome {
        base: base.ok(),
        ..outcome
    }
}

fn at_least_share(counted: &Option<Known>, base: Known, share: Share) -> Outcome {
    if base == Ok(0) {
        return Outcome::left_out();
    }
    compare_share(counted, base, share)
}

fn compare_share(counted: &Option<Known>, base: Known, share: Share) -> Outcome {
    both(counted, base, |counted, base| {
        Outcome::compared(share.is_above(counted, base))
    })
}

fn check_needed(counted: &Option<Known>, needed: Known) -> Outcome {
    let outcome = both(counted, needed, |counted, needed| {
        Outcome::compared(counted < needed)
    });
    Outcome {
        base: None,
        needed: needed.ok(),
        ..outcome
    }
}

fn check_between(
    counted: &Option<Known>,
    base: Option<Known>,
    low: Option<Bound>,
    high: Option<Bound>,
) -> Outcome {
    let outside = |counted: i64, base: i64| {
        let low = low.is_some_and(|low| match low {
            Bound::Share(share) => share.is_above(counted, base),
            Bound::Number(number) => counted < number,
        });
        let high = high.is_some_and(|high| match high {
            Bound::Share(share) => share.is_below(counted, base),
            Bound::Number(number) => counted > number,
        });
        Outcome::compared(low || high)
    };
    match base {
        Some(base) => both(counted, base, outside),
        None => {
            let outcome = both(counted, Ok(0), outside);
            Outcome {
                base: None,
                ..outcome
            }
        }
    }
}
