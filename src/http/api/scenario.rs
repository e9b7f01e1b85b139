//! What if, and what comes by itself. Nothing is written.

use super::Tag;
use super::forms::Printed;
use super::places::PoolPlaces;
use super::promotion::Asked;
use super::record::unfit;
use super::wire::{PostPlan, Wire};
use crate::domain::ids::{AreaCode, Sex};
use crate::domain::month::Month;
use crate::domain::post::{Grade, Level};
use crate::domain::promotion::{Kind, Pool};
use crate::domain::record::When;
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::rights::Action;
use crate::domain::time::Date;
use crate::domain::title::Rank;
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::rules::scenario::{Difference, Outcome, compare, year_ends};
use crate::service::export::Part;
use crate::service::locus::part_of;
use crate::service::scenario::{self, FIVE_YEARS, Hire, Runs, Scenario, Wish, rules_of};
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub struct Api;

/// Posts approved for an institution.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct PostsChange {
    institution: Text<InstitutionId>,
    #[validate(nested)]
    posts: PostPlan,
}

/// Something that an institution elects, or gives up.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Election {
    institution: Text<InstitutionId>,
    elected: bool,
}

/// Somebody comes, on the establishment and in a professional post.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct HireChange {
    institution: Text<InstitutionId>,
    birth: Text<Month>,
    sex: Word<Sex>,
    title: Word<Rank>,
    /// `none` = not appointed yet.
    appointed: Word<Rank>,
    #[validate(range(min = 1, max = 13))]
    #[oai(validator(minimum(value = "1"), maximum(value = "13")))]
    grade: Option<u8>,
}

/// A decision on somebody.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct DecisionChange {
    person: Text<PersonId>,
    kind: Word<Kind>,
    #[validate(nested)]
    target: Asked,
}

/// One change: exactly one of its members.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ChangeOrder {
    #[validate(nested)]
    posts: Option<PostsChange>,
    #[validate(nested)]
    raised_ratio: Option<Election>,
    #[validate(nested)]
    directed_evaluation: Option<Election>,
    /// Who leaves.
    leave: Option<Text<PersonId>>,
    #[validate(nested)]
    hire: Option<HireChange>,
    #[validate(nested)]
    decide: Option<DecisionChange>,
}

impl ChangeOrder {
    fn take(self) -> Option<Wish> {
        match self {
            Self {
                posts: Some(posts),
                raised_ratio: None,
                directed_evaluation: None,
                leave: None,
                hire: None,
                decide: None,
            } => Some(Wish::Posts {
                institution: posts.institution.0,
                posts: posts.posts.take()?,
            }),
            Self {
                posts: None,
                raised_ratio: Some(one),
                directed_evaluation: None,
                leave: None,
                hire: None,
                decide: None,
            } => Some(Wish::RaisedRatio {
                institution: one.institution.0,
                elected: one.elected,
            }),
            Self {
                posts: None,
                raised_ratio: None,
                directed_evaluation: Some(one),
                leave: None,
                hire: None,
                decide: None,
            } => Some(Wish::DirectedEvaluation {
                institution: one.institution.0,
                run: one.elected,
            }),
            Self {
                posts: None,
                raised_ratio: None,
                directed_evaluation: None,
                leave: Some(person),
                hire: None,
                decide: None,
            } => Some(Wish::Leave { person: person.0 }),
            Self {
                posts: None,
                raised_ratio: None,
                directed_evaluation: None,
                leave: None,
                hire: Some(hire),
                decide: None,
            } => Some(Wish::Hire(hire.take()?)),
            Self {
                posts: None,
                raised_ratio: None,
                directed_evaluation: None,
                leave: None,
                hire: None,
                decide: Some(decide),
            } => Some(Wish::Decide {
                person: decide.person.0,
                kind: decide.kind.0,
                target: decide.target.take()?,
            }),
            _ => None,
        }
    }
}

impl HireChange {
    fn take(self) -> Option<Hire> {
        let grade = match self.grade {
            Some(number) => Some(Grade::new(number)?),
            None => None,
        };
        Some(Hire {
            institution: self.institution.0,
            birth: self.birth.0,
            sex: self.sex.0,
            title: self.title.0,
            appointed: self.appointed.0,
            grade,
        })
    }
}

/// One scenario: changes on top of the records.
#[derive(Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ScenarioOrder {
    #[validate(length(max = 100))]
    #[oai(validator(max_length = 100))]
    name: String,
    #[serde(default)]
    #[validate(length(max = 1000), nested)]
    #[oai(default, validator(max_items = 1000))]
    changes: Vec<ChangeOrder>,
    /// The policies that would apply everywhere, besides those that always do; left out =
    /// what applies at each institution.
    #[validate(length(max = 50))]
    #[oai(validator(max_items = 50))]
    policies: Option<Vec<String>>,
}

/// Scenarios over a part of the records.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ScenariosOrder {
    /// Left out with `institution`: the caller's whole scope.
    area: Option<Text<AreaCode>>,
    /// Code of an institution: that one and all below it.
    #[validate(length(min = 1, max = 50))]
    #[oai(validator(min_length = 1, max_length = 50))]
    institution: Option<String>,
    /// Any day, past or future; today when left out.
    as_of: Option<Text<Date>>,
    /// How many months ahead; 0 when left out.
    #[serde(default)]
    #[validate(range(max = 120))]
    #[oai(default, validator(maximum(value = "120")))]
    months: u32,
    #[validate(length(min = 1, max = 10), nested)]
    #[oai(validator(min_items = 1, max_items = 10))]
    scenarios: Vec<ScenarioOrder>,
}

/// An institution with its places.
#[derive(Debug, Object)]
struct HousePlaces {
    institution: Text<InstitutionId>,
    code: String,
    name: String,
    places: Vec<PoolPlaces>,
    /// At the ends of the years looked at; empty where nobody looks ahead.
    years: Vec<YearView>,
}

/// A level at the end of a year.
#[derive(Debug, Object)]
struct YearView {
    year: i32,
    level: Word<Level>,
    counted: i64,
    off_quota: i64,
    /// Retired since the month of the evaluation.
    retired: i64,
    vacant: Option<i64>,
}

/// A pool of places of an institution that differs. Null = not known, or this pool has none.
#[derive(Debug, Object)]
struct PlacesDifference {
    institution: Text<InstitutionId>,
    pool: Word<Pool>,
    limit_before: Option<i64>,
    limit_after: Option<i64>,
    counted_before: i64,
    counted_after: i64,
    off_quota_before: Option<i64>,
    off_quota_after: Option<i64>,
    vacant_before: Option<i64>,
    vacant_after: Option<i64>,
    over_before: Option<i64>,
    over_after: Option<i64>,
}

/// What a scenario leads to.
#[derive(Debug, Object)]
struct RanView {
    name: String,
    /// From the records as they are.
    differences: Vec<PlacesDifference>,
    institutions: Vec<HousePlaces>,
}

/// What scenarios lead to, beside the records as they are.
#[derive(Debug, Object)]
struct RunsView {
    on: Text<Date>,
    base: Vec<HousePlaces>,
    scenarios: Vec<RanView>,
}

/// Where two scenarios differ, the first before, the second after.
#[derive(Debug, Object)]
struct Compared {
    on: Text<Date>,
    before: String,
    after: String,
    differences: Vec<PlacesDifference>,
}

/// What comes by itself.
#[derive(Debug, Object)]
struct Forecast {
    on: Text<Date>,
    institutions: Vec<HousePlaces>,
}

fn places(runs: &Runs, outcome: &Outcome) -> Vec<HousePlaces> {
    let houses = runs.institutions.iter().zip(&runs.register.institutions);
    let houses = houses.zip(&outcome.institutions).enumerate();
    let place = |(at, ((id, house), result)): (usize, ((&InstitutionId, &_), &_))| {
        let house: &crate::domain::institution::Institution = house;
        let result: &crate::rules::assessment::InstitutionResult = result;
        let forecast = outcome.forecast.get(at).into_iter();
        let years = forecast.flat_map(|forecast| {
            Level::ALL.iter().flat_map(move |level| {
                let ends = year_ends(forecast, *level).into_iter();
                ends.map(|end| YearView {
                    year: end.year,
                    level: Word(*level),
                    counted: end.counted,
                    off_quota: end.off_quota,
                    retired: end.retired,
                    vacant: end.vacant,
                })
            })
        });
        HousePlaces {
            institution: Text(*id),
            code: house.code.clone(),
            name: house.name.clone(),
            places: PoolPlaces::all(&result.posts),
            years: years.collect(),
        }
    };
    houses.map(place).collect()
}

fn differences(runs: &Runs, all: &[Difference]) -> Vec<PlacesDifference> {
    let shown = all.iter().filter_map(|one| {
        let (before, after) = (one.before, one.after);
        Some(PlacesDifference {
            institution: Text(*runs.institutions.get(one.institution)?),
            pool: Word(one.pool),
            limit_before: before.limit,
            limit_after: after.limit,
            counted_before: before.counted,
            counted_after: after.counted,
            off_quota_before: before.off_quota,
            off_quota_after: after.off_quota,
            vacant_before: before.vacant,
            vacant_after: after.vacant,
            over_before: before.over,
            over_after: after.over,
        })
    });
    shown.collect()
}

async fn part(
    caller: &Caller,
    area: Option<Text<AreaCode>>,
    institution: Option<String>,
) -> Result<Part, Failure> {
    match (area, institution) {
        (_, Some(code)) => Ok(Part::Below(code)),
        (Some(area), None) => Ok(Part::Area(area.0)),
        (None, None) => {
            let part = part_of(&caller.office, &caller.actor, Action::RunScenario).await;
            caller.done(part)
        }
    }
}

/// Scenarios that were run, with their names and the day.
struct Ran {
    on: Date,
    named: Vec<(String, Scenario)>,
    runs: Runs,
}

async fn run(caller: &Caller, order: ScenariosOrder) -> Result<Ran, Failure> {
    let part = part(caller, order.area, order.institution).await?;
    let on = order
        .as_of
        .map_or_else(|| caller.now.shanghai_day(), |on| on.0);
    let mut named = Vec::new();
    for one in order.scenarios {
        let changes = one.changes.into_iter().map(ChangeOrder::take);
        let changes: Option<Vec<Wish>> = changes.collect();
        let rules = match one.policies {
            Some(policies) => {
                let rules = rules_of(&caller.office, &policies);
                Some(caller.done(rules)?)
            }
            None => None,
        };
        let scenario = Scenario {
            changes: changes.ok_or_else(|| unfit(caller, "scenarios.changes"))?,
            rules,
        };
        named.push((one.name, scenario));
    }
    let scenarios: Vec<Scenario> = named.iter().map(|(_, one)| one.clone()).collect();
    let runs = ran(caller, &part, on, &scenarios, order.months).await?;
    Ok(Ran { on, named, runs })
}

async fn ran(
    caller: &Caller,
    part: &Part,
    on: Date,
    scenarios: &[Scenario],
    months: u32,
) -> Result<Runs, Failure> {
    let (office, actor, when) = (&caller.office, &caller.actor, When::on(on));
    let runs = scenario::run(office, actor, part, when, scenarios, months, caller.now).await;
    caller.done(runs)
}

#[OpenApi(tag = "Tag::Scenarios")]
impl Api {
    /// What would become of the places if something were otherwise
    ///
    /// Nothing is written. What is kept for applications stays kept.
    #[oai(path = "/scenarios", method = "post", operation_id = "run_scenarios")]
    async fn run(
        &self,
        caller: Caller,
        body: Body<ScenariosOrder>,
    ) -> Result<Json<RunsView>, Failure> {
        let Ran { on, named, runs } = run(&caller, body.0).await?;
        let scenarios = named.into_iter().zip(&runs.scenarios);
        let scenarios = scenarios.map(|((name, _), ran)| RanView {
            name,
            differences: differences(&runs, &ran.differences),
            institutions: places(&runs, &ran.outcome),
        });
        Ok(Json(RunsView {
            on: Text(on),
            base: places(&runs, &runs.base),
            scenarios: scenarios.collect(),
        }))
    }

    /// Where two scenarios differ
    #[oai(
        path = "/scenarios/compare",
        method = "post",
        operation_id = "compare_scenarios"
    )]
    async fn compare(
        &self,
        caller: Caller,
        body: Body<ScenariosOrder>,
    ) -> Result<Json<Compared>, Failure> {
        let Ran { on, named, runs } = run(&caller, body.0).await?;
        let ([(before, _), (after, _)], [one, other]) =
            (named.as_slice(), runs.scenarios.as_slice())
        else {
            return Err(unfit(&caller, "scenarios"));
        };
        let found = compare(&one.outcome, &other.outcome);
        Ok(Json(Compared {
            on: Text(on),
            before: before.clone(),
            after: after.clone(),
            differences: differences(&runs, &found),
        }))
    }

    /// The same as a workbook
    ///
    /// What was assumed, the records as they are, each scenario, and where they differ.
    #[oai(
        path = "/scenarios/workbook",
        method = "post",
        operation_id = "scenarios_workbook"
    )]
    async fn workbook(
        &self,
        caller: Caller,
        body: Body<ScenariosOrder>,
    ) -> Result<Printed, Failure> {
        let Ran { on, named, runs } = run(&caller, body.0).await?;
        let bytes = caller.done(scenario::workbook(&runs, &named, on, caller.lang))?;
        Ok(Printed::of("scenarios", bytes))
    }

    /// The vacancies of the next five years, by level, if nothing changes but time
    #[oai(path = "/forecast", method = "get", operation_id = "forecast")]
    async fn forecast(
        &self,
        caller: Caller,
        area: Query<Option<Text<AreaCode>>>,
        /// The institution with that code and all below it.
        #[oai(validator(min_length = 1, max_length = 50))]
        institution: Query<Option<String>>,
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Json<Forecast>, Failure> {
        let part = part(&caller, area.0, institution.0).await?;
        let on = as_of.0.map_or_else(|| caller.now.shanghai_day(), |on| on.0);
        let runs = ran(&caller, &part, on, &[], FIVE_YEARS).await?;
        Ok(Json(Forecast {
            on: Text(on),
            institutions: places(&runs, &runs.base),
        }))
    }
}
