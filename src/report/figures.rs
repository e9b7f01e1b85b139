//! Figures in plain values, from what the engine found: every sentence in both languages.

use super::{plain, words};
use crate::domain::adoption::Handling;
use crate::domain::post::{Ledger, Level};
use crate::domain::record_id::PersonId;
use crate::domain::register::Register;
use crate::domain::staff::Employment;
use crate::i18n::Lang;
use crate::policy::adopted::{Adopted, InForce, NotApplied};
use crate::policy::fact::Facts;
use crate::policy::model::{Body, Policy, Rule, Words};
use crate::policy::plan::{Plan, RuleId};
use crate::rules::assessment::TableResult;
use crate::rules::data::Data;
use crate::rules::figures::{
    AdoptionLine, Both, Ceiling, Cite, CoverageLine, Establishment, Figure, FindingLine, Holder,
    Known, NotAppliedLine, PolicyLine, PolicyText, RestsOn, RuleLine, RuleText, TableLine,
};
use crate::rules::finding::{Finding, Findings};
use crate::rules::ledger::{DirectedPosts, LevelPosts, Posts};
use crate::rules::members;
use crate::rules::people::PeopleResult;

/// Results about institutions under one plan, and the rows they are about.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub plan: &'a Plan,
    pub data: &'a Data,
    pub people: &'a PeopleResult,
    pub register: &'a Register,
    /// By person of the register.
    pub ids: &'a [PersonId],
    pub in_force: &'a InForce,
}

pub(super) fn both(words: &Words) -> Both {
    Both {
        zh: words.zh.clone(),
        en: words.en.clone(),
    }
}

/// A text made in both languages.
pub(super) fn said(text: impl Fn(Lang) -> String) -> Both {
    Both {
        zh: text(Lang::ZhCn),
        en: text(Lang::En),
    }
}

/// A text that may not be there.
fn may_say(text: impl Fn(Lang) -> Option<String>) -> Option<Both> {
    Some(Both {
        zh: text(Lang::ZhCn)?,
        en: text(Lang::En)?,
    })
}

fn adoption(adopted: &Adopted) -> AdoptionLine {
    let Adopted {
        area,
        since,
        adoption,
    } = adopted;
    AdoptionLine {
        area: *area,
        since: *since,
        document: adoption.document.clone(),
        raised_ratio: adoption.raised_ratio,
        directed_evaluation: adoption.directed_evaluation,
        off_quota: adoption.off_quota,
        approval_route: adoption.approval_route.clone(),
    }
}

/// A policy, and its adoption.
pub fn policy(policy: &Policy, adopted: Option<&Adopted>) -> PolicyLine {
    PolicyLine {
        id: policy.id.clone(),
        title: both(&policy.title),
        status: policy.status,
        verified: policy.is_verified(),
        sha256: policy.sha256.clone(),
        adopted: adopted.map(adoption),
    }
}

/// A policy with all that it says.
pub fn policy_text(of: &Policy, facts: &Facts) -> PolicyText {
    let day = |day: Option<crate::policy::quantity::Day>| day.map(|day| day.to_string());
    let rules = of.rules.iter().map(|rule| {
        let zh = plain::rule(of, rule, facts, Lang::ZhCn);
        let en = plain::rule(of, rule, facts, Lang::En);
        RuleText {
            line: RuleLine {
                policy: of.id.clone(),
                rule: rule.id.clone(),
                title: said(|lang| words::title(rule, lang)),
                cites: cites(of, rule),
                readings: rule.readings.iter().map(both).collect(),
                handling: None,
            },
            kind: rule.body.kind(),
            force: rule.force,
            says: zh
                .into_iter()
                .zip(en)
                .map(|(zh, en)| Both { zh, en })
                .collect(),
            overrides: rule.overrides.iter().map(plain::reference).collect(),
        }
    });
    let coverage = of.coverage.iter().map(|row| CoverageLine {
        at: row.at.clone(),
        quote: row.quote.clone(),
        status: row.status.key(),
        why: match &row.reason {
            Some(reason) => both(reason),
            None => {
                let rules = row.rules.iter().map(plain::reference);
                let rules: Vec<String> = rules.collect();
                said(|lang| words::list(rules.iter().cloned(), lang))
            }
        },
    });
    PolicyText {
        line: policy(of, None),
        place: of.place,
        number: of.number.clone(),
        from: day(of.from),
        to: day(of.to),
        note: of.note.as_ref().map(both),
        rules: rules.collect(),
        coverage: coverage.collect(),
    }
}

/// What results rest on.
pub fn rests_on(in_force: &InForce) -> RestsOn {
    let policies = in_force.policies.iter();
    let not_applied = in_force.not_applied.iter();
    RestsOn {
        policies: policies
            .map(|one| policy(&one.policy, one.adopted.as_ref()))
            .collect(),
        not_applied: not_applied
            .map(|(adopted, why)| {
                let (why, detail) = match why {
                    NotApplied::Unknown => ("unknown", None),
                    NotApplied::NotYet(from) => ("not_yet", Some(from.to_string())),
                    NotApplied::Over(to) => ("over", Some(to.to_string())),
                    NotApplied::Repealed => ("repealed", None),
                    NotApplied::OtherPlace(place) => ("other_place", Some(place.to_string())),
                };
                NotAppliedLine {
                    policy: adopted.adoption.policy.clone(),
                    adopted: adoption(adopted),
                    why,
                    detail,
                }
            })
            .collect(),
        nothing_adopted: in_force.nothing_adopted(),
    }
}

/// A rule with its clauses, and the readings that its policy gives.
pub fn rule(plan: &Plan, id: RuleId, handling: Option<Handling>) -> Option<RuleLine> {
    let (policy, rule) = plan.rule(id)?;
    Some(RuleLine {
        policy: policy.id.clone(),
        rule: rule.id.clone(),
        title: said(|lang| words::title(rule, lang)),
        cites: cites(policy, rule),
        readings: rule.readings.iter().map(both).collect(),
        handling,
    })
}

/// What a decision table gives for a row; where no English is given, the document's words.
pub fn table(plan: &Plan, result: &TableResult) -> Option<TableLine> {
    let (_, of) = plan.rule(result.rule)?;
    let Body::StatusTable(table) = &of.body else {
        return None;
    };
    let hits = result.hits.iter();
    let rows = hits.filter_map(|at| table.rows.get(usize::from(*at)));
    let gives = rows.flat_map(|row| {
        row.gives.iter().enumerate().map(|(at, zh)| {
            let en = row.gives_en.get(at).unwrap_or(zh);
            let both = Both {
                zh: zh.clone(),
                en: en.clone(),
            };
            (both, row.force)
        })
    });
    let missing = result.missing.iter();
    Some(TableLine {
        rule: rule(plan, result.rule, None)?,
        gives: gives.collect(),
        missing: missing
            .map(|fact| said(|lang| words::fact_name(plan, *fact, lang)))
            .collect(),
    })
}

fn cites(policy: &Policy, rule: &Rule) -> Vec<Cite> {
    let cites = policy.cites(rule).map(|clause| Cite {
        at: clause.at.clone(),
        text: clause.text.clone(),
        verified: clause.verified,
    });
    cites.collect()
}

impl Source<'_> {
    fn rule(&self, id: RuleId) -> Option<(&Policy, &Rule)> {
        self.plan.rule(id)
    }

    fn rule_line(&self, finding: &Finding) -> Option<RuleLine> {
        let (policy, rule) = self.rule(finding.rule)?;
        let zh = words::readings(self.plan, finding, Lang::ZhCn);
        let en = words::readings(self.plan, finding, Lang::En);
        Some(RuleLine {
            policy: policy.id.clone(),
            rule: rule.id.clone(),
            title: said(|lang| words::title(rule, lang)),
            cites: cites(policy, rule),
            readings: zh
                .into_iter()
                .zip(en)
                .map(|(zh, en)| Both { zh, en })
                .collect(),
            handling: self.in_force.handling(&policy.id, &rule.id),
        })
    }

    /// Somebody of the register.
    pub fn holder(&self, row: usize) -> Option<Holder> {
        let person = self.register.people.get(row)?;
        Some(Holder {
            person: *self.ids.get(row)?,
            name: person.name.clone(),
            number: person.id.masked(),
            employment: person.employment,
            appointed: person.appointed,
            grade: person.grade,
            manner: person.manner,
            ledger: self.people.ledger(row),
            retirement: self.people.retirement(row),
        })
    }

    fn holders(&self, rows: impl IntoIterator<Item = usize>) -> Vec<Holder> {
        let rows = rows.into_iter();
        rows.filter_map(|row| self.holder(row)).collect()
    }

    /// Whether a rule asks for a share of professional staff in the whole establishment.
    fn is_staff_floor(&self, rule: &Rule) -> bool {
        let Body::Floor(floor) = &rule.body else {
            return false;
        };
        let asks = [floor.counted, floor.base].map(|fact| self.plan.facts.name(fact));
        asks == ["专业技术编制", "编制总数"]
    }

    /// A finding; `of` is the institution it is about.
    pub fn finding(&self, finding: &Finding, of: Option<usize>) -> Option<FindingLine> {
        let (plan, data) = (self.plan, self.data);
        let (_, rule) = self.rule(finding.rule)?;
        let counted = of.map_or(Vec::new(), |institution| {
            members::counted(plan, data, self.people, finding, institution)
        });
        let missing = finding.missing.iter();
        Some(FindingLine {
            rule: self.rule_line(finding)?,
            force: rule.force,
            verdict: finding.verdict,
            subject: words::subject(plan, data, finding),
            subject_title: may_say(|lang| words::subject_title(plan, data, finding, lang)),
            counted: finding.counted,
            base: finding.base,
            needed: finding.needed,
            threshold: words::threshold(plan, finding),
            is_staff_floor: self.is_staff_floor(rule),
            arithmetic: may_say(|lang| words::figures(plan, finding, lang)),
            message: said(|lang| words::finding(plan, data, finding, lang)),
            missing: missing
                .map(|one| said(|lang| words::missing(plan, one, lang)))
                .collect(),
            opens: self.holders(counted),
        })
    }

    /// Everything that is known of an institution.
    pub fn known(&self, at: usize, posts: &Posts, findings: &[Finding]) -> Known {
        let all = Findings::new(self.plan, self.data, &self.people.counts);
        let [senior, intermediate, directed] = all.ceilings(at);
        let ceilings = |found: &[Finding]| {
            let found = found.iter();
            found.filter_map(|one| self.ceiling(one)).collect()
        };
        let level = |level: Level, own: &LevelPosts, found: &[Finding]| {
            self.level(at, level, own, ceilings(found))
        };
        let figures = vec![
            level(Level::Senior, &posts.senior, &senior),
            level(Level::Intermediate, &posts.intermediate, &intermediate),
            level(Level::Junior, &posts.junior, &[]),
            self.directed(at, &posts.directed, ceilings(&directed)),
        ];
        let findings = findings.iter();
        Known {
            establishment: self.establishment(at),
            professional_posts: posts.professional,
            figures,
            findings: findings
                .filter_map(|one| self.finding(one, Some(at)))
                .collect(),
            rests_on: rests_on(self.in_force),
        }
    }

    fn establishment(&self, at: usize) -> Establishment {
        let institution = self.register.institutions.get(at);
        let approved = institution.map(|one| one.establishment).unwrap_or_default();
        let staff =
            || members::staff(self.data, at).filter_map(|row| self.register.people.get(row));
        let on = staff().filter(|one| one.employment == Employment::Establishment);
        let number = |people: usize| i64::try_from(people).unwrap_or(i64::MAX);
        Establishment {
            total: approved.total.map(i64::from),
            professional: approved.professional.map(i64::from),
            management: approved.management.map(i64::from),
            worker: approved.worker.map(i64::from),
            on_establishment: number(on.count()),
            staff: number(staff().count()),
        }
    }

    fn ceiling(&self, found: &Finding) -> Option<Ceiling> {
        Some(Ceiling {
            limit: found.limit?,
            arithmetic: may_say(|lang| words::figures(self.plan, found, lang)),
            rule: self.rule_line(found)?,
        })
    }

    fn level(&self, at: usize, level: Level, posts: &LevelPosts, ceilings: Vec<Ceiling>) -> Figure {
        // those in directed posts stand in a line of their own
        let ledgers = [
            Ledger::Ordinary,
            Ledger::BeyondRatio,
            Ledger::OffQuota,
            Ledger::Special,
        ];
        let held = ledgers
            .into_iter()
            .flat_map(|ledger| members::holders(self.data, self.people, at, Some(level), ledger));
        Figure {
            level: Some(level),
            ceiling: posts.ceiling,
            approved: posts.approved,
            limit: posts.limit,
            counted: posts.counted(),
            ordinary: posts.ordinary,
            beyond_ratio: posts.beyond_ratio,
            off_quota: posts.off_quota,
            special: posts.special,
            reserved: posts.reserved,
            vacant: posts.vacant(),
            over: posts.over(),
            ceilings,
            opens: self.holders(held),
        }
    }

    fn directed(&self, at: usize, posts: &DirectedPosts, ceilings: Vec<Ceiling>) -> Figure {
        let held = members::holders(self.data, self.people, at, None, Ledger::Directed);
        Figure {
            level: None,
            ceiling: posts.ceiling,
            approved: posts.approved,
            limit: posts.limit,
            counted: posts.counted,
            ordinary: 0,
            beyond_ratio: 0,
            off_quota: 0,
            special: 0,
            reserved: posts.reserved,
            vacant: posts.vacant(),
            over: posts.over(),
            ceilings,
            opens: self.holders(held),
        }
    }
}
