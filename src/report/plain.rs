//! What a rule says, in plain words with its numbers: what is counted, of what, how much,
//! how it is rounded, for whom and under which conditions.

use super::words;
use crate::domain::place::PlaceLevel;
use crate::domain::title::Rank;
use crate::i18n::{Arg, Lang, t};
use crate::policy::condition::Conditions;
use crate::policy::fact::{Entity, FactId, Facts};
use crate::policy::model::{
    AgeSchedule, BeyondCap, Body, Bound, Ceiling, CeilingMeasure, Exempt, Floor, Limit, MinCount,
    Per, PerUnit, Policy, Pool, Quantity, Range, Requirement, Reserve, ReviewEvery, Rule, RuleRef,
    ShareValue, StatusTable, Structure, StructureOf, Target, Variant,
};
use crate::policy::quantity::Rounding;

/// The lines of a rule.
pub fn rule(policy: &Policy, rule: &Rule, facts: &Facts, lang: Lang) -> Vec<String> {
    let mut plain = Plain {
        policy,
        rule,
        facts,
        lang,
        lines: Vec::new(),
    };
    plain.body(&rule.body);
    plain.lines
}

/// A rule as other texts name it: `policy#rule`, or `rule` of the same policy.
pub fn reference(target: &RuleRef) -> String {
    match &target.policy {
        Some(policy) => format!("{policy}#{}", target.rule),
        None => target.rule.clone(),
    }
}

struct Plain<'a> {
    policy: &'a Policy,
    rule: &'a Rule,
    facts: &'a Facts,
    lang: Lang,
    lines: Vec<String>,
}

impl Plain<'_> {
    fn say(&self, key: &str, args: &[(&'static str, Arg)]) -> String {
        t(self.lang, key, args)
    }

    fn add(&mut self, key: &str, args: &[(&'static str, Arg)]) {
        let line = self.say(key, args);
        self.lines.push(line);
    }

    fn list(&self, items: impl IntoIterator<Item = String>) -> String {
        words::list(items, self.lang)
    }

    fn fact(&self, id: FactId) -> String {
        let fact = self.facts.get(id);
        fact.map_or(String::new(), |fact| {
            words::fact(fact, self.lang).to_owned()
        })
    }

    fn conditions(&self, conditions: &Conditions, entity: Entity) -> Option<String> {
        words::conditions(conditions, self.facts, entity, self.lang)
    }

    /// A line for conditions, where there are any.
    fn under(&mut self, key: &str, conditions: &Conditions, entity: Entity) {
        if let Some(said) = self.conditions(conditions, entity) {
            self.add(key, &[("conditions", said.into())]);
        }
    }

    fn body(&mut self, body: &Body) {
        match body {
            Body::Ceiling(b) => self.ceiling(b),
            Body::Floor(b) => self.floor(b),
            Body::PerUnit(b) => self.per_unit(b),
            Body::MinCount(b) => self.min_count(b),
            Body::Range(b) => self.range(b),
            Body::Exempt(b) => self.exempt(b),
            Body::BeyondCap(b) => self.beyond_cap(b),
            Body::Reserve(b) => self.reserve(b),
            Body::Scope(b) | Body::Prerequisite(b) => self.requirement(b),
            Body::StatusTable(b) => self.status_table(b),
            Body::AgeSchedule(b) => self.age_schedule(b),
            Body::Target(b) => self.target(b),
            Body::ReviewEvery(b) => self.review_every(b),
            Body::Pool(b) => self.pool(b),
            Body::Structure(b) => self.structure(b),
            Body::Priority(b) => {
                self.under("policy-where", &b.places, b.of);
                self.under("policy-first", &b.first, b.of);
            }
            Body::Judgement(b) => {
                self.under("policy-where", &b.places, Entity::Institution);
                self.under("policy-who", &b.who, Entity::Person);
                let question = words::words(&b.question, self.lang);
                self.add("policy-question", &[("question", question.into())]);
            }
        }
    }

    fn per(&self, per: Per) -> String {
        let key = match per {
            Per::Institution => "institution",
            Per::County | Per::Place(PlaceLevel::County) => "county",
            Per::Consortium => "consortium",
            Per::Team => "team",
            Per::Place(PlaceLevel::Street) => "street",
            Per::Place(PlaceLevel::Township) => "township",
            Per::Place(PlaceLevel::Community) => "community",
            Per::Place(PlaceLevel::Village) => "village",
        };
        self.say(&format!("per-{key}"), &[])
    }

    /// For whom it is judged, where that is not simply each institution.
    fn judged_for(&mut self, per: &[Per]) {
        if per != [Per::Institution] {
            let per = self.list(per.iter().map(|per| self.per(*per)));
            self.add("plain-for", &[("per", per.into())]);
        }
    }

    fn quantity(&self, quantity: &Quantity) -> String {
        let (sort, conditions, entity) = match quantity {
            Quantity::Fact(fact) => {
                return self.say("plain-fact", &[("fact", self.fact(*fact).into())]);
            }
            Quantity::People(c) => ("people", c, Entity::Person),
            Quantity::Institutions(c) => ("institutions", c, Entity::Institution),
            Quantity::RuralDoctors(c) => ("rural-doctors", c, Entity::RuralDoctor),
        };
        match self.conditions(conditions, entity) {
            Some(said) => self.say(&format!("plain-{sort}"), &[("conditions", said.into())]),
            None => self.say(&format!("plain-all-{sort}"), &[]),
        }
    }

    fn rounding(&self, rounding: Rounding) -> String {
        words::rounding_word(rounding, self.lang)
    }

    fn share(&self, share: &ShareValue) -> String {
        match share {
            ShareValue::Fixed(share) => share.to_string(),
            ShareValue::SetByPlace => self.say("plain-set-by-place", &[]),
        }
    }

    /// A line about one of several subjects.
    fn about(&mut self, subject: Option<&String>, what: String) {
        let line = match subject {
            None => what,
            Some(name) => {
                let named = match name.as_str() {
                    "senior" | "intermediate" | "junior" | "directed" => {
                        self.say(&format!("subject-{name}"), &[])
                    }
                    _ => words::named(Some(self.rule), name.clone(), self.lang),
                };
                let args = [("subject", named.into()), ("what", what.into())];
                self.say("plain-subject", &args)
            }
        };
        self.lines.push(line);
    }

    fn ceiling(&mut self, b: &Ceiling) {
        self.under("policy-where", &b.places, Entity::Institution);
        for measure in &b.measures {
            self.ceiling_measure(measure);
        }
        if let Some(blank) = &b.left_out_if_blank {
            self.under("plain-blank", blank, Entity::Institution);
        }
    }

    fn ceiling_measure(&mut self, measure: &CeilingMeasure) {
        let counted = match &measure.counted {
            Quantity::Fact(fact) => self.fact(*fact),
            other => self.quantity(other),
        };
        let (base, share, rounding, variants) = match &measure.limit {
            Limit::Fact(approved) => {
                let args = [
                    ("counted", counted.into()),
                    ("approved", self.fact(*approved).into()),
                ];
                let what = self.say("plain-approved", &args);
                return self.about(measure.subject.as_ref(), what);
            }
            Limit::Share {
                base,
                share,
                rounding,
                variants,
            } => (*base, share, rounding, variants),
        };
        let mut args = vec![
            ("counted", Arg::from(counted)),
            ("base", self.fact(base).into()),
            ("share", self.share(share).into()),
        ];
        let key = match rounding {
            None => "plain-ceiling-exact",
            Some(rounding) => {
                args.push(("rounding", self.rounding(*rounding).into()));
                "plain-ceiling"
            }
        };
        let what = self.say(key, &args);
        self.about(measure.subject.as_ref(), what);
        for variant in variants {
            self.variant(variant, share);
        }
    }

    fn variant(&mut self, variant: &Variant, rest: &ShareValue) {
        let when = self.conditions(&variant.when, Entity::Institution);
        let when = when.unwrap_or_else(|| self.say("policy-always", &[]));
        let force = self.say(&format!("force-{}", variant.force.key()), &[]);
        let mut args = vec![
            ("when", Arg::from(when)),
            ("force", force.into()),
            ("share", variant.share.to_string().into()),
        ];
        match variant.over {
            None => self.add("plain-variant", &args),
            Some(part) => {
                args.push(("part", self.fact(part).into()));
                args.push(("rest", self.share(rest).into()));
                self.add("plain-variant-part", &args);
            }
        }
        for reading in &variant.readings {
            let reading = words::words(reading, self.lang);
            self.add("explain-reading", &[("reading", reading.into())]);
        }
    }

    fn floor(&mut self, b: &Floor) {
        self.under("policy-where", &b.places, Entity::Institution);
        let args = [
            ("counted", Arg::from(self.fact(b.counted))),
            ("base", self.fact(b.base).into()),
            ("share", b.share.to_string().into()),
        ];
        self.add("plain-floor", &args);
        self.judged_for(&b.per);
        if let Some(blank) = &b.left_out_if_blank {
            self.under("plain-blank", blank, Entity::Institution);
        }
    }

    fn per_unit(&mut self, b: &PerUnit) {
        self.under("policy-where", &b.places, Entity::Institution);
        let key = match (b.first, b.above) {
            (0, 0) => "plain-unit",
            (_, 0) => "plain-unit-first",
            _ => "plain-unit-above",
        };
        let args = [
            ("every", Arg::from(b.every)),
            ("of", self.fact(b.of).into()),
            ("first", b.first.into()),
            ("above", b.above.into()),
            ("rounding", self.rounding(b.rounding).into()),
        ];
        self.add(key, &args);
        self.judged_for(&[b.per]);
        for measure in &b.measures {
            let mut parts = vec![self.say(
                "plain-unit-counted",
                &[("counted", self.quantity(&measure.counted).into())],
            )];
            let others = measure
                .not_already
                .iter()
                .filter_map(|at| b.measures.get(*at)?.subject.clone())
                .map(|name| words::named(Some(self.rule), name, self.lang));
            let others: Vec<String> = others.collect();
            if !others.is_empty() {
                let others = self.list(others);
                parts.push(self.say("plain-not-already", &[("subjects", others.into())]));
            }
            if !measure.after.is_empty() {
                let needs = measure
                    .after
                    .iter()
                    .map(|(rule, subject)| self.need(rule, subject));
                let needs = self.list(needs);
                parts.push(self.say("plain-after", &[("needs", needs.into())]));
            }
            let what = parts.join(&self.say("condition-and", &[]));
            self.about(measure.subject.as_ref(), what);
        }
    }

    /// A need of another rule: its title, and the subject.
    fn need(&self, rule: &str, subject: &str) -> String {
        let other = self.policy.rule(rule);
        let title = other.map_or_else(|| rule.to_owned(), |rule| words::title(rule, self.lang));
        let subject = words::named(other, subject.to_owned(), self.lang);
        let args = [("title", title.into()), ("subject", subject.into())];
        self.say("finding-subject", &args)
    }

    fn min_count(&mut self, b: &MinCount) {
        self.under("policy-where", &b.places, Entity::Institution);
        for (subject, quantity, needed) in &b.measures {
            let args = [
                ("counted", Arg::from(self.quantity(quantity))),
                ("needed", (*needed).into()),
            ];
            let what = self.say("plain-at-least", &args);
            self.about(subject.as_ref(), what);
        }
        self.judged_for(&[b.per]);
    }

    fn range(&mut self, b: &Range) {
        self.under("policy-where", &b.places, Entity::Institution);
        let counted = self.fact(b.counted);
        let counted = match b.base {
            None => counted,
            Some(base) => {
                let base = self.fact(base);
                let args = [("counted", counted.into()), ("base", base.into())];
                self.say("plain-of", &args)
            }
        };
        let line = self.bounds(counted, b.low.as_ref(), b.high.as_ref());
        self.lines.push(line);
        self.judged_for(&[b.per]);
    }

    fn bounds(&self, counted: String, low: Option<&Bound>, high: Option<&Bound>) -> String {
        let key = match (low, high) {
            (Some(_), Some(_)) => "plain-range-both",
            (Some(_), None) => "plain-range-low",
            (None, _) => "plain-range-high",
        };
        let bound = |bound: Option<&Bound>| bound.map_or(String::new(), words::bound_words);
        let args = [
            ("counted", Arg::from(counted)),
            ("low", bound(low).into()),
            ("high", bound(high).into()),
        ];
        self.say(key, &args)
    }

    fn exempt(&mut self, b: &Exempt) {
        self.under("policy-who", &b.who, Entity::Person);
        self.under("policy-when", &b.when, Entity::Person);
        let rules = self.list(b.of.iter().map(reference));
        self.add("policy-not-counted-in", &[("rules", rules.into())]);
    }

    fn beyond_cap(&mut self, b: &BeyondCap) {
        self.under("policy-who", &b.who, Entity::Person);
        self.under("policy-holder", &b.holder_who, Entity::Person);
        self.under("policy-when", &b.holder_when, Entity::Person);
        self.under("policy-candidate", &b.candidate_who, Entity::Person);
        self.under("policy-when", &b.candidate_when, Entity::Person);
        let question = words::words(&b.judgement, self.lang);
        self.add("policy-question", &[("question", question.into())]);
    }

    fn reserve(&mut self, b: &Reserve) {
        self.under("policy-where", &b.places, Entity::Institution);
        self.under("policy-when", &b.when, Entity::Institution);
        let args = [
            ("counted", Arg::from(self.fact(b.counted))),
            ("base", self.fact(b.base).into()),
            ("share", b.share.to_string().into()),
            ("rounding", self.rounding(b.rounding).into()),
        ];
        self.add("plain-reserve", &args);
    }

    fn requirement(&mut self, b: &Requirement) {
        self.under("policy-who", &b.who, b.of);
        self.under("policy-when", &b.when, b.of);
    }

    fn status_table(&mut self, b: &StatusTable) {
        self.under("policy-where", &b.when, b.of);
        for (at, row) in b.rows.iter().enumerate() {
            let when = self.conditions(&row.when, b.of).unwrap_or_else(|| {
                let otherwise = b.first_only && at > 0;
                let key = if otherwise {
                    "policy-otherwise"
                } else {
                    "policy-always"
                };
                self.say(key, &[])
            });
            let gives = words::gives(row, self.lang).map(str::to_owned);
            let args = [
                ("when", when.into()),
                (
                    "force",
                    self.say(&format!("force-{}", row.force.key()), &[]).into(),
                ),
                ("gives", self.list(gives).into()),
            ];
            self.add("policy-row", &args);
        }
    }

    fn age_schedule(&mut self, b: &AgeSchedule) {
        for row in &b.rows {
            let args = [
                ("class", Arg::from(words::word(&row.class, self.lang))),
                ("from", row.from_birth.to_string().into()),
                ("every", row.every.into()),
                (
                    "age",
                    words::months(i64::from(row.original), self.lang).into(),
                ),
                ("most", row.most.into()),
            ];
            self.add("policy-schedule", &args);
        }
        if b.early_up_to > 0 || b.late_up_to > 0 {
            let months = |months: i32| words::months(i64::from(months), self.lang);
            let args = [
                ("early", Arg::from(months(b.early_up_to))),
                ("late", months(b.late_up_to).into()),
            ];
            self.add("plain-early-late", &args);
        }
    }

    fn target(&mut self, b: &Target) {
        self.under("policy-where", &b.places, Entity::Institution);
        let counted = self.quantity(&b.counted);
        let counted = match &b.base {
            None => counted,
            Some(base) => {
                let base = self.quantity(base);
                let args = [("counted", counted.into()), ("base", base.into())];
                self.say("plain-of-counted", &args)
            }
        };
        let mut what = self.bounds(counted, Some(&b.at_least), None);
        if let Some(by) = b.by {
            let args = [("date", by.to_string().into()), ("what", what.into())];
            what = self.say("plain-by", &args);
        }
        self.lines.push(what);
        self.judged_for(&[b.per]);
    }

    fn review_every(&mut self, b: &ReviewEvery) {
        let args = [
            ("since", Arg::from(self.fact(b.since))),
            ("months", b.every.into()),
        ];
        self.add("policy-every", &args);
        self.judged_for(&[b.per]);
    }

    fn pool(&mut self, b: &Pool) {
        self.under("policy-where", &b.places, Entity::Institution);
        let args = [
            ("counted", Arg::from(self.fact(b.counted))),
            ("at_most", self.fact(b.at_most).into()),
        ];
        self.add("plain-pool", &args);
        self.judged_for(&[b.per]);
    }

    fn structure(&mut self, b: &Structure) {
        let ratio: Vec<String> = b.ratio.iter().map(i64::to_string).collect();
        let grades = b.grades.iter().map(u8::to_string);
        let of = match b.of {
            StructureOf::AllLevels => None,
            StructureOf::Senior => Some(words::word(&Rank::Senior, self.lang)),
            StructureOf::AssociateSenior => Some(words::word(&Rank::AssociateSenior, self.lang)),
            StructureOf::Level(level) => Some(words::word(&level, self.lang)),
        };
        let key = match (&of, b.merged) {
            (None, _) => "plain-structure-levels",
            (Some(_), true) => "plain-structure-merged",
            (Some(_), false) => "plain-structure",
        };
        let args = [
            ("of", Arg::from(of.unwrap_or_default())),
            ("grades", self.list(grades).into()),
            ("ratio", ratio.join(":").into()),
        ];
        self.add(key, &args);
    }
}
