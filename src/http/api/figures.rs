//! What the figures are worth: quality, differences between authorities, frozen figures.

use super::Tag;
use super::page;
use super::record::{Named, unfit, when};
use super::single::Made;
use crate::domain::audit::AuditHash;
use crate::domain::difference::{Comparison, Relation};
use crate::domain::ids::AreaCode;
use crate::domain::institution::Institution;
use crate::domain::month::Month;
use crate::domain::quality::Rule;
use crate::domain::record::Id;
use crate::domain::rights::{Action, Authority};
use crate::domain::time::{Date, Timestamp};
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::i18n::quality as words;
use crate::service::figures::{self, Part, Returned, Subject, Whose};
use crate::service::locus::part_of;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;
use validator::Validate;

pub struct Api;

/// What a finding is about: one of institution, person or rural doctor.
#[derive(Debug, Object)]
struct About {
    institution: Option<String>,
    person: Option<String>,
    rural_doctor: Option<String>,
    name: String,
}

impl From<&Subject> for About {
    fn from(subject: &Subject) -> Self {
        let mut about = Self {
            institution: None,
            person: None,
            rural_doctor: None,
            name: String::new(),
        };
        match subject {
            Subject::Institution { code, name, .. } => {
                about.institution = Some(code.clone());
                about.name.clone_from(name);
            }
            Subject::Person { id, name } => {
                about.person = Some(id.to_string());
                about.name.clone_from(name);
            }
            Subject::RuralDoctor { id, name } => {
                about.rural_doctor = Some(id.to_string());
                about.name.clone_from(name);
            }
        }
        about
    }
}

/// Something in the records that cannot be right.
#[derive(Debug, Object)]
struct FindingView {
    rule: Word<Rule>,
    /// What was found, in words.
    message: String,
    /// What to do about it.
    remedy: String,
    about: About,
    /// Code of the institution that has to look at it.
    keeper: Option<String>,
    others: Vec<About>,
    /// What parts come to.
    sum: Option<u32>,
    /// What stands as their total.
    total: Option<u32>,
    month: Option<Text<Month>>,
    /// Of a missing fact: the policy and the rule that stays open, and what it lacks.
    policy: Option<String>,
    open_rule: Option<String>,
    facts: Vec<String>,
}

/// A page of findings.
#[derive(Debug, Object)]
struct Findings {
    items: Vec<FindingView>,
    total: u64,
    next: Option<String>,
}

/// A figure and who keeps it.
#[derive(Debug, Object)]
struct FigureView {
    authority: Word<Authority>,
    number: i64,
}

/// Two figures that do not fit each other.
#[derive(Debug, Object)]
struct DifferenceView {
    comparison: Word<Comparison>,
    relation: Word<Relation>,
    message: String,
    first: FigureView,
    second: FigureView,
}

/// An institution where figures differ.
#[derive(Debug, Object)]
struct DifferingView {
    institution: String,
    name: String,
    differences: Vec<DifferenceView>,
}

/// The institutions where figures differ.
#[derive(Debug, Object)]
struct Differences {
    items: Vec<DifferingView>,
}

/// Figures that are to be frozen: of an area or of an institution.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct FreezeOrder {
    area: Option<Text<AreaCode>>,
    /// Code of an institution.
    #[validate(length(min = 1, max = 100))]
    #[oai(validator(min_length = 1, max_length = 100))]
    institution: Option<String>,
    on: Text<Date>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: String,
}

/// Figures as they were frozen.
#[derive(Debug, Object)]
struct FrozenView {
    id: String,
    /// `year_end` or `interim`
    kind: String,
    scope: String,
    on: Text<Date>,
    /// The instant whose knowledge they show.
    known_at: Text<Timestamp>,
    /// SHA-256 of the body's text.
    sha256: String,
    /// Who froze them, and why.
    name: Option<String>,
    reason: Option<String>,
    /// The ledger as it was then, word for word.
    body: String,
}

/// What was frozen, oldest first: the latest of a day counts.
#[derive(Debug, Object)]
struct FrozenList {
    items: Vec<FrozenView>,
}

fn view(one: &Returned) -> FrozenView {
    let frozen = &one.frozen;
    FrozenView {
        id: frozen.id.to_string(),
        kind: frozen.kind.clone(),
        scope: frozen.scope.clone(),
        on: Text(frozen.valid_on),
        known_at: Text(frozen.known_at),
        sha256: AuditHash::new(frozen.digest).to_string(),
        name: Some(one.by.author.name.clone()),
        reason: one.by.reason.clone(),
        body: frozen.body.clone(),
    }
}

/// The part that is asked for: an area, an institution, or all that the caller may see.
async fn part(
    caller: &Caller,
    action: Action,
    area: Option<Text<AreaCode>>,
    institution: Option<&str>,
) -> Result<Part, Failure> {
    match (area, institution) {
        (Some(area), None) => Ok(Part::Area(area.0)),
        (None, Some(text)) => {
            let id: Id<Institution> = Institution::find(caller, text).await?;
            Ok(Part::These(vec![id]))
        }
        (None, None) => caller.done(part_of(&caller.office, &caller.actor, action).await),
        (Some(_), Some(_)) => Err(unfit(caller, "institution")),
    }
}

/// Whose figures are frozen.
async fn whose(
    caller: &Caller,
    area: Option<Text<AreaCode>>,
    institution: Option<&str>,
) -> Result<Whose, Failure> {
    match (area, institution) {
        (Some(area), None) => Ok(Whose::Area(area.0)),
        (None, Some(text)) => {
            let id: Id<Institution> = Institution::find(caller, text).await?;
            caller.done(figures::of_institution(&caller.office, id).await)
        }
        _ => Err(unfit(caller, "area")),
    }
}

#[OpenApi(tag = "Tag::Figures")]
impl Api {
    /// What in the records cannot be right
    #[oai(path = "/quality", method = "get", operation_id = "quality")]
    #[allow(clippy::too_many_arguments)]
    async fn quality(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        /// Code or identifier of an institution.
        #[oai(validator(max_length = 100))]
        institution: Query<Option<String>>,
        rule: Query<Option<Word<Rule>>>,
        as_of: Query<Option<Text<Date>>>,
        /// The `next` of the page before.
        #[oai(validator(max_length = 20))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Findings>, Failure> {
        let part = part(
            &caller,
            Action::ReadQuality,
            area.0,
            institution.0.as_deref(),
        )
        .await?;
        let when = when(&caller, as_of.0, None);
        let (office, actor) = (&caller.office, &caller.actor);
        let mut found =
            caller.done(figures::quality(office, actor, &part, when, caller.now).await)?;
        found.retain(|one| rule.0.is_none_or(|rule| rule.0 == one.rule));
        let total = found.len() as u64;
        let numbered = found.into_iter().enumerate();
        let key = |(at, _): &(usize, figures::Finding)| format!("{at:08}");
        let (rows, next) = page::page(numbered, after.0.as_deref(), limit.0, key);
        let lang = caller.lang;
        let items = rows.into_iter().map(|(_, one)| {
            let (policy, open_rule, facts) = match one.open {
                Some(open) => (Some(open.policy), Some(open.rule), open.facts),
                None => (None, None, Vec::new()),
            };
            FindingView {
                rule: Word(one.rule),
                message: words::rule(lang, one.rule),
                remedy: words::remedy(lang, one.rule),
                about: About::from(&one.subject),
                keeper: one.institution,
                others: one.others.iter().map(About::from).collect(),
                sum: one.sum.map(|(sum, _)| sum),
                total: one.sum.map(|(_, total)| total),
                month: one.month.map(Text),
                policy,
                open_rule,
                facts,
            }
        });
        Ok(Json(Findings {
            items: items.collect(),
            total,
            next,
        }))
    }

    /// Where the figures of the authorities differ
    #[oai(path = "/differences", method = "get", operation_id = "differences")]
    async fn differences(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        /// Code or identifier of an institution.
        #[oai(validator(max_length = 100))]
        institution: Query<Option<String>>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Json<Differences>, Failure> {
        let part = part(
            &caller,
            Action::CompareFigures,
            area.0,
            institution.0.as_deref(),
        )
        .await?;
        let when = when(&caller, as_of.0, None);
        let (office, actor) = (&caller.office, &caller.actor);
        let found =
            caller.done(figures::differences(office, actor, &part, when, caller.now).await)?;
        let lang = caller.lang;
        let items = found.into_iter().map(|one| DifferingView {
            institution: one.code,
            name: one.name,
            differences: one
                .differences
                .into_iter()
                .map(|difference| DifferenceView {
                    comparison: Word(difference.comparison),
                    relation: Word(difference.relation),
                    message: format!(
                        "{}: {}",
                        words::comparison(lang, difference.comparison),
                        words::relation(lang, difference.relation)
                    ),
                    first: FigureView {
                        authority: Word(difference.first.authority),
                        number: difference.first.number,
                    },
                    second: FigureView {
                        authority: Word(difference.second.authority),
                        number: difference.second.number,
                    },
                })
                .collect(),
        });
        Ok(Json(Differences {
            items: items.collect(),
        }))
    }

    /// Freezes the figures of a day as they are known now
    #[oai(path = "/frozen-figures", method = "post", operation_id = "freeze")]
    async fn freeze(
        &self,
        caller: Caller,
        body: Body<FreezeOrder>,
    ) -> Result<Made<FrozenView>, Failure> {
        let body = body.0;
        let whose = whose(&caller, body.area, body.institution.as_deref()).await?;
        let (office, actor) = (&caller.office, &caller.actor);
        let frozen = figures::freeze(office, actor, &whose, body.on.0, &body.reason, caller.now);
        let frozen = caller.done(frozen.await)?;
        let place = format!("/api/v1/frozen-figures?on={}", frozen.valid_on);
        let view = FrozenView {
            id: frozen.id.to_string(),
            kind: frozen.kind,
            scope: frozen.scope,
            on: Text(frozen.valid_on),
            known_at: Text(frozen.known_at),
            sha256: AuditHash::new(frozen.digest).to_string(),
            name: Some(caller.actor.name.clone()),
            reason: Some(body.reason),
            body: frozen.body,
        };
        Ok(Made::Is(Json(view), place))
    }

    /// Figures as they were frozen
    #[oai(
        path = "/frozen-figures",
        method = "get",
        operation_id = "frozen_figures"
    )]
    async fn frozen(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        /// Code or identifier of an institution.
        #[oai(validator(max_length = 100))]
        institution: Query<Option<String>>,
        /// Of that day; of all days when left out.
        on: Query<Option<Text<Date>>>,
    ) -> Result<Json<FrozenList>, Failure> {
        let whose = whose(&caller, area.0, institution.0.as_deref()).await?;
        let on = on.0.map(|day| day.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let all = caller.done(figures::frozen(office, actor, &whose, on, caller.now).await)?;
        Ok(Json(FrozenList {
            items: all.iter().map(view).collect(),
        }))
    }
}
