//! The engine run over a data set, and what it found in the words of the contract.

use super::answer::{
    Answer, DoctorAnswer, Finding, InstitutionAnswer, PersonAnswer, Posts, Standing,
};
use super::library;
use dinggang::domain::month::Month;
use dinggang::domain::register::Register;
use dinggang::policy::model::{Body, Rule};
use dinggang::policy::plan::{PRIMARY_SERVICE, Plan, RuleId, TOWNSHIP_SERVICE};
use dinggang::rules::assessment::{Assessment, assess};
use dinggang::rules::data::Data;
use dinggang::rules::explain;
use dinggang::rules::finding::{self, Subject};
use dinggang::rules::ledger::{DirectedPosts, LevelPosts};
use dinggang::rules::verdict::Verdict;

/// One evaluation with everything that went into it.
pub struct Engine<'a> {
    pub register: &'a Register,
    pub plan: Plan,
    pub data: Data,
    pub assessment: Assessment,
}

impl<'a> Engine<'a> {
    /// Evaluates under shipped policies.
    pub fn run(register: &'a Register, policies: &[&str], as_of: Month) -> Self {
        Self::with_plan(register, library::plan(policies, as_of))
    }

    /// Evaluates under a plan.
    pub fn with_plan(register: &'a Register, plan: Plan) -> Self {
        let data = Data::of_register(register, &plan.facts, plan.as_of);
        let assessment = assess(&plan, &data);
        Self {
            register,
            plan,
            data,
            assessment,
        }
    }

    /// Everything it found.
    pub fn answer(&self) -> Answer {
        let a = &self.assessment;
        let institutions = self.register.institutions.iter().zip(&a.institutions);
        let counties = self.data.counties.iter().zip(&a.counties);
        let consortia = self.data.consortia.iter().zip(&a.consortia);
        let people = self.register.people.iter().enumerate();
        let doctors = self.register.rural_doctors.iter().enumerate();
        let answer = Answer {
            institutions: institutions
                .map(|(i, result)| {
                    let posts = &result.posts;
                    let answer = InstitutionAnswer {
                        professional: posts.professional,
                        posts: [
                            ("senior", level_posts(&posts.senior)),
                            ("intermediate", level_posts(&posts.intermediate)),
                            ("junior", level_posts(&posts.junior)),
                            ("directed", directed_posts(&posts.directed)),
                        ]
                        .into(),
                        findings: self.findings(&result.findings),
                    };
                    (i.code.clone(), answer)
                })
                .collect(),
            areas: counties
                .map(|(code, found)| (code.to_string(), self.findings(found)))
                .collect(),
            consortia: consortia
                .map(|(name, found)| (name.clone(), self.findings(found)))
                .collect(),
            people: people
                .map(|(row, p)| (p.id.as_str().to_owned(), self.person(row)))
                .collect(),
            rural_doctors: doctors
                .map(|(row, d)| (d.id.as_str().to_owned(), self.doctor(row)))
                .collect(),
        };
        answer.sorted()
    }

    /// Policy and rule of an id.
    pub fn rule(&self, id: RuleId) -> (&str, &Rule) {
        let (policy, rule) = self.plan.rule(id).expect("a rule of the plan");
        (&policy.id, rule)
    }

    /// Position of a rule among the standings of the plan.
    pub fn standing(&self, rule: &str) -> usize {
        let mut standings = self.plan.standings.iter();
        standings
            .position(|standing| self.rule(standing.rule).1.id == rule)
            .expect("a standing of the plan")
    }

    /// Months on one of the two clocks that the contract names.
    pub fn service(&self, row: usize, clock: &str) -> Option<i64> {
        let mut clocks = self.plan.clocks.iter();
        let at = clocks.position(|fact| self.plan.facts.name(*fact) == clock)?;
        self.assessment.people.service(row, at)
    }

    fn findings(&self, found: &[finding::Finding]) -> Vec<Finding> {
        found.iter().map(|finding| self.finding(finding)).collect()
    }

    fn finding(&self, found: &finding::Finding) -> Finding {
        let (policy, rule) = self.rule(found.rule);
        let unknown = found.verdict == Verdict::Unknown;
        assert!(
            !unknown || !found.missing.is_empty(),
            "{policy}#{} is unknown and does not say what is missing",
            rule.id
        );
        Finding {
            policy: policy.to_owned(),
            rule: rule.id.clone(),
            subject: self.subject(found),
            force: rule.force.key(),
            verdict: found.verdict.key(),
            counted: found.counted,
            base: found.base,
            needed: found.needed,
        }
    }

    fn subject(&self, found: &finding::Finding) -> Option<String> {
        match found.subject {
            Subject::Whole => None,
            Subject::Place(at) => Some(self.data.place_rows[at as usize].code.to_string()),
            Subject::Measure(at) => {
                let mut rules = self.plan.findings.iter();
                let rule = rules.find(|rule| rule.rule == found.rule)?;
                rule.measures[usize::from(at)].subject.clone()
            }
        }
    }

    fn person(&self, row: usize) -> PersonAnswer {
        let people = &self.assessment.people;
        let retirement = people.retirement(row).expect("a schedule is always loaded");
        let standings = self.plan.standings.iter().enumerate();
        PersonAnswer {
            retirement: retirement.to_string(),
            months_to_retirement: i64::from(retirement.since(self.plan.as_of)),
            primary_service_months: self.service(row, PRIMARY_SERVICE),
            township_service_months: self.service(row, TOWNSHIP_SERVICE),
            ledger: people.ledger(row).map(|ledger| ledger.key()),
            standings: standings
                .filter_map(|(at, standing)| {
                    let (policy, rule) = self.rule(standing.rule);
                    let verdict = people.verdict(row, at)?;
                    let key = (policy.to_owned(), rule.id.clone());
                    Some((key, self.window(row, at, verdict)))
                })
                .collect(),
        }
    }

    fn window(&self, row: usize, at: usize, verdict: Verdict) -> Standing {
        let window = match verdict {
            Verdict::Unknown => {
                let missing = explain::missing(&self.plan, &self.data, row, at);
                assert!(!missing.is_empty(), "unknown, and nothing is missing");
                None
            }
            _ => explain::window(&self.plan, &self.data, row, at),
        };
        Standing {
            verdict: verdict.key(),
            from: window.and_then(|w| w.from).map(|m| m.to_string()),
            until: window.and_then(|w| w.until).map(|m| m.to_string()),
        }
    }

    fn doctor(&self, row: usize) -> DoctorAnswer {
        let results = self.assessment.rural_doctors[row].iter();
        let pension = results
            .map(|result| (self.rule(result.rule).1, result))
            .find(|(rule, _)| rule.id == "rural-doctor-pension");
        let Some((rule, result)) = pension else {
            return DoctorAnswer::default();
        };
        let Body::StatusTable(table) = &rule.body else {
            panic!("{} is a decision table", rule.id);
        };
        let rows = result.hits.iter().map(|at| &table.rows[usize::from(*at)]);
        let missing = result.missing.iter();
        DoctorAnswer {
            gives: rows
                .flat_map(|row| row.gives.iter().map(|name| (name.clone(), row.force.key())))
                .collect(),
            missing: missing
                .map(|fact| self.plan.facts.name(*fact).to_owned())
                .collect(),
        }
    }
}

fn level_posts(posts: &LevelPosts) -> Posts {
    Posts {
        ceiling: posts.ceiling,
        approved: posts.approved,
        limit: posts.limit,
        ordinary: Some(posts.ordinary),
        beyond_ratio: Some(posts.beyond_ratio),
        off_quota: Some(posts.off_quota),
        special: Some(posts.special),
        counted: posts.counted(),
        vacant: posts.vacant(),
        over: posts.over(),
    }
}

fn directed_posts(posts: &DirectedPosts) -> Posts {
    Posts {
        ceiling: posts.ceiling,
        approved: posts.approved,
        limit: posts.limit,
        counted: posts.counted,
        vacant: posts.vacant(),
        over: posts.over(),
        ..Posts::default()
    }
}
