//! Where somebody stands: every road that the policies open, with its conditions, its first
//! month and the places there are.

use super::Tag;
use super::ledger::{Rule, said};
use super::places::{Against, Checked, PoolPlaces};
use super::promotion::Asked;
use super::record::Named;
use crate::domain::adoption::Handling;
use crate::domain::month::Month;
use crate::domain::post::Ledger;
use crate::domain::promotion::{Check, Kind, Pool};
use crate::domain::staff::Person;
use crate::domain::time::Date;
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::{Text, Word};
use crate::i18n::Lang;
use crate::rules::outlook::Window;
use crate::rules::standing::{ConditionLine, RoadLine};
use crate::rules::tri::Tri;
use crate::rules::verdict::Verdict;
use crate::service::eligibility;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

pub struct Api;

/// How a question was answered.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum Answered {
    Yes,
    No,
    Unknown,
}

/// One line of a condition, with the value that stood against it.
#[derive(Debug, Object)]
struct AskedLine {
    answer: Answered,
    text: String,
}

/// First and last month in which something holds; null = without end.
#[derive(Debug, Object)]
struct Months {
    from: Option<Text<Month>>,
    until: Option<Text<Month>>,
}

impl From<&Window> for Months {
    fn from(window: &Window) -> Self {
        Self {
            from: window.from.map(Text),
            until: window.until.map(Text),
        }
    }
}

/// One condition of a road.
#[derive(Debug, Object)]
struct ConditionView {
    /// Null = it follows from the records alone.
    rule: Option<Rule>,
    verdict: Word<Verdict>,
    against: Vec<Against>,
    handling: Word<Handling>,
    /// The arithmetic.
    lines: Vec<AskedLine>,
    /// Facts that keep the verdict open.
    missing: Vec<String>,
    /// When it holds if only the clock runs; empty where time does not decide.
    windows: Vec<Months>,
    /// It was asked of the person as they would be after the decision.
    of_after: bool,
}

impl ConditionView {
    fn new(lang: Lang, line: &ConditionLine) -> Self {
        let lines = line.lines.iter().map(|(answer, text)| AskedLine {
            answer: match answer {
                Tri::Yes => Answered::Yes,
                Tri::No => Answered::No,
                Tri::Unknown => Answered::Unknown,
            },
            text: said(lang, text),
        });
        Self {
            rule: line.rule.as_ref().map(|rule| Rule::new(lang, rule)),
            verdict: Word(line.verdict),
            against: Against::all(lang, &line.refusals),
            handling: Word(line.handling),
            lines: lines.collect(),
            missing: line.missing.iter().map(|one| said(lang, one)).collect(),
            windows: line.windows.iter().map(Months::from).collect(),
            of_after: line.of_after,
        }
    }
}

/// One road.
#[derive(Debug, Object)]
struct RoadView {
    kind: Word<Kind>,
    target: Asked,
    /// Met, not met, unknown, or a person must judge. Places are asked apart.
    verdict: Word<Verdict>,
    conditions: Vec<ConditionView>,
    /// When all of it would be met if only the clock ran.
    windows: Vec<Months>,
    /// The first of those months from the day on; null = never, or not by time alone.
    first: Option<Text<Month>>,
    /// In which ledger the person stands, before and after the decision.
    ledger_before: Option<Word<Ledger>>,
    ledger_after: Option<Word<Ledger>>,
    /// The month of retirement, before and after: some decisions move it.
    retirement_before: Option<Text<Month>>,
    retirement_after: Option<Text<Month>>,
    takes: Option<Word<Pool>>,
    frees: Option<Word<Pool>>,
    /// Whether there is a place at its end; null = it takes none.
    place: Option<Checked>,
}

impl RoadView {
    fn new(lang: Lang, line: &RoadLine, place: Option<&Check>) -> Self {
        let [retirement_before, retirement_after] = line.retirements.map(|month| month.map(Text));
        let conditions = line.conditions.iter();
        Self {
            kind: Word(line.kind),
            target: Asked::show(&line.target),
            verdict: Word(line.verdict),
            conditions: conditions
                .map(|one| ConditionView::new(lang, one))
                .collect(),
            windows: line.windows.iter().map(Months::from).collect(),
            first: line.first.map(Text),
            ledger_before: line.before.map(Word),
            ledger_after: line.after.map(Word),
            retirement_before,
            retirement_after,
            takes: line.takes.map(Word),
            frees: line.frees.map(Word),
            place: place.map(|check| Checked::new(lang, check)),
        }
    }
}

/// Where a person stands on a day.
#[derive(Debug, Object)]
struct Eligibility {
    on: Text<Date>,
    roads: Vec<RoadView>,
    /// What is owed before a promotion, whichever road is taken.
    owed: Vec<ConditionView>,
    /// The places of the institution, with all that is reserved.
    places: Vec<PoolPlaces>,
}

#[OpenApi(tag = "Tag::Promotion")]
impl Api {
    /// Every road that the adopted policies open to a person, and whether it is open
    #[oai(
        path = "/people/:of/eligibility",
        method = "get",
        operation_id = "eligibility"
    )]
    async fn eligibility(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        /// Any day, past or future; today when left out.
        as_of: Query<Option<Text<Date>>>,
    ) -> Result<Json<Eligibility>, Failure> {
        let id = Person::find(&caller, &of.0).await?;
        let on = as_of.0.map_or_else(|| caller.now.shanghai_day(), |on| on.0);
        let (office, actor, lang) = (&caller.office, &caller.actor, caller.lang);
        let standing = eligibility::of_person(office, actor, id, on, caller.now).await;
        let standing = caller.done(standing)?;
        let whole = standing.whole();
        let roads = whole.roads.iter().zip(&standing.roads);
        Ok(Json(Eligibility {
            on: Text(on),
            roads: roads
                .map(|(line, open)| RoadView::new(lang, line, open.place.as_ref()))
                .collect(),
            owed: whole
                .owed
                .iter()
                .map(|one| ConditionView::new(lang, one))
                .collect(),
            places: PoolPlaces::all(&standing.posts),
        }))
    }
}
