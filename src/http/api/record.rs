//! Dated nouns: one family of routes, mounted once for each noun. What holds on a day, how
//! it came to be so, statements, ends and corrections.

use super::Tag;
use super::single::{Changed, Single, seen, tag};
use super::wire::{self, Wire};
use crate::domain::change::Change;
use crate::domain::institution::Institution;
use crate::domain::place::Place;
use crate::domain::record::{Id, Validity, When};
use crate::domain::rural_doctor::RuralDoctor;
use crate::domain::staff::Person;
use crate::domain::time::{Date, Timestamp};
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::{Failure, Flaw};
use crate::http::scalar::Text;
use crate::service::record::{
    self, Correction, Dated, Done, Ending, Entering, Outcome, Owner, Recorded, Shown,
};
use crate::service::staff::{Editing, Mobile, edit};
use crate::service::{institution, place};
use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::registry::{MetaApi, MetaPath, Registry};
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use poem_openapi::{Enum, Object, OpenApi, Tags};
use serde::Deserialize;
use std::collections::HashMap;
use std::future::Future;
use std::marker::PhantomData;
use validator::Validate;

type Fact<D> = <D as Wire>::Fact;
type SubjectOf<D> = <Fact<D> as crate::service::record::Noun>::Subject;

/// A subject in a path: by what the outside world knows it.
pub trait Named: Owner {
    /// Where its routes begin.
    const PREFIX: &'static str;
    const TAG: Tag;

    /// The subject of a path, as far as the caller may know of it.
    fn find(caller: &Caller, text: &str) -> impl Future<Output = Result<Id<Self>, Failure>> + Send;
}

fn identifier<S>(caller: &Caller, text: &str) -> Result<Id<S>, Failure> {
    text.parse().map_err(|_| Failure::not_found(caller.lang))
}

impl Named for Institution {
    const PREFIX: &'static str = "/institutions";
    const TAG: Tag = Tag::Institutions;

    /// By code, or by identifier.
    async fn find(caller: &Caller, text: &str) -> Result<Id<Self>, Failure> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        caller.done(institution::with_code(&caller.office, &caller.actor, text, caller.now).await)
    }
}

impl Named for Person {
    const PREFIX: &'static str = "/people";
    const TAG: Tag = Tag::People;

    async fn find(caller: &Caller, text: &str) -> Result<Id<Self>, Failure> {
        identifier(caller, text)
    }
}

impl Named for RuralDoctor {
    const PREFIX: &'static str = "/rural-doctors";
    const TAG: Tag = Tag::RuralDoctors;

    async fn find(caller: &Caller, text: &str) -> Result<Id<Self>, Failure> {
        identifier(caller, text)
    }
}

impl Named for Place {
    const PREFIX: &'static str = "/places";
    const TAG: Tag = Tag::Places;

    /// By code, or by identifier.
    async fn find(caller: &Caller, text: &str) -> Result<Id<Self>, Failure> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        caller.done(place::with_code(&caller.office, &caller.actor, text, caller.now).await)
    }
}

/// The day asked for, and from what was known when.
pub fn when(caller: &Caller, as_of: Option<Text<Date>>, known_at: Option<Text<Timestamp>>) -> When {
    When {
        on: as_of.map_or_else(|| caller.now.shanghai_day(), |day| day.0),
        known: known_at.map(|instant| instant.0),
    }
}

/// One row of a noun.
#[derive(Debug, Object)]
struct Row<D: Type + ParseFromJSON + ToJSON> {
    /// Identifier of the row, for corrections.
    row: String,
    /// Where it stands among others of its kind; empty where there is one at a time.
    slot: String,
    from: Text<Date>,
    /// The first day on which it holds no longer.
    until: Option<Text<Date>>,
    recorded_at: Text<Timestamp>,
    fact: D,
}

impl<D: Wire> Row<D> {
    fn new(row: &Dated<Fact<D>>) -> Self {
        Self {
            row: row.id.to_string(),
            slot: row.slot.clone(),
            from: Text(row.validity.from),
            until: row.validity.until.map(Text),
            recorded_at: Text(row.recorded_at),
            fact: D::show(&row.fact),
        }
    }
}

/// What holds on a day, by slot.
#[derive(Debug, Object)]
struct Standing<D: Type + ParseFromJSON + ToJSON> {
    /// The version that a write has to name.
    version: i64,
    items: Vec<Row<D>>,
}

/// Who changed something, when and why.
#[derive(Debug, Object)]
struct By {
    at: Text<Timestamp>,
    name: String,
    office: String,
    reason: Option<String>,
}

impl From<&Change> for By {
    fn from(change: &Change) -> Self {
        Self {
            at: Text(change.at),
            name: change.author.name.clone(),
            office: change.author.role.clone(),
            reason: change.reason.clone(),
        }
    }
}

/// One row of a history.
#[derive(Debug, Object)]
struct Entry<D: Type + ParseFromJSON + ToJSON> {
    record: Row<D>,
    made: By,
    /// By what it was replaced; null where it still stands.
    replaced: Option<By>,
}

/// Everything that was ever recorded, in the order in which it was.
#[derive(Debug, Object)]
struct NounHistory<D: Type + ParseFromJSON + ToJSON> {
    items: Vec<Entry<D>>,
}

/// A statement: from a day on, or for some days, it is so.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Statement<D: Type + ParseFromJSON + ToJSON + Validate> {
    /// Where it stands; left out, it goes where the noun puts it, or gets a new slot.
    #[validate(length(max = 300))]
    #[oai(validator(max_length = 300))]
    slot: Option<String>,
    from: Text<Date>,
    /// The first day on which it holds no longer.
    until: Option<Text<Date>>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: Option<String>,
    #[validate(nested)]
    fact: D,
}

/// What is right instead of a row.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct RightFact<D: Type + ParseFromJSON + ToJSON + Validate> {
    from: Text<Date>,
    /// The first day on which it holds no longer.
    until: Option<Text<Date>>,
    #[validate(nested)]
    fact: D,
}

/// The correction of a row that was wrong. The row stays as what was known until then.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct CorrectionOrder<D: Type + ParseFromJSON + ToJSON + Validate> {
    #[validate(length(min = 36, max = 36))]
    #[oai(validator(min_length = 36, max_length = 36))]
    row: String,
    /// Null: it never was.
    #[validate(nested)]
    right: Option<RightFact<D>>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: String,
}

/// What a write did.
#[derive(Clone, Copy, Debug, Enum)]
#[oai(rename_all = "snake_case")]
enum Did {
    Unchanged,
    Added,
    Changed,
    Ended,
}

/// What a write did, and the version to be named next.
#[derive(Debug, Object)]
struct Written {
    version: i64,
    outcome: Did,
    slot: String,
}

fn written(done: &Done) -> Single<Written> {
    let body = Written {
        version: done.version.number(),
        outcome: match done.outcome {
            Outcome::Unchanged => Did::Unchanged,
            Outcome::Added => Did::Added,
            Outcome::Changed => Did::Changed,
            Outcome::Ended => Did::Ended,
        },
        slot: done.slot.clone(),
    };
    Single::Is(Json(body), tag(done.version))
}

/// A member that its kind does not allow.
pub fn unfit(caller: &Caller, field: &str) -> Failure {
    let flaw = Flaw {
        field: field.to_owned(),
        code: "invalid".to_owned(),
        message: crate::http::problem::words("odd_value", caller.lang),
    };
    Failure::unfit(vec![flaw], caller.lang)
}

/// Routes that read a noun. `~` and `@` stand for subject and noun until it is mounted.
pub struct Reads<D>(PhantomData<fn() -> D>);

#[OpenApi]
impl<D: Wire> Reads<D>
where
    SubjectOf<D>: Named,
{
    /// What holds on a day
    #[oai(path = "/~/:of/@", method = "get", operation_id = "read")]
    async fn read(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        /// Any day, past or future; today when left out.
        as_of: Query<Option<Text<Date>>>,
        /// From what was known at that instant; all that is known when left out.
        known_at: Query<Option<Text<Timestamp>>>,
    ) -> Result<Single<Standing<D>>, Failure> {
        let id = SubjectOf::<D>::find(&caller, &of.0).await?;
        let when = when(&caller, as_of.0, known_at.0);
        let (office, actor) = (&caller.office, &caller.actor);
        let held = caller.done(record::at::<Fact<D>>(office, actor, id, when, caller.now).await)?;
        let body = Standing {
            version: held.version.number(),
            items: held.rows.iter().map(Row::new).collect(),
        };
        Ok(Single::Is(Json(body), tag(held.version)))
    }

    /// Everything that was ever recorded, with who, when and why
    #[oai(path = "/~/:of/@/history", method = "get", operation_id = "history")]
    async fn history(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
    ) -> Result<Json<NounHistory<D>>, Failure> {
        let id = SubjectOf::<D>::find(&caller, &of.0).await?;
        let (office, actor) = (&caller.office, &caller.actor);
        let all = caller.done(record::history::<Fact<D>>(office, actor, id, caller.now).await)?;
        let items = all.iter().map(|entry| Entry {
            record: Row::new(&entry.row),
            made: By::from(&entry.made),
            replaced: entry.replaced.as_ref().map(By::from),
        });
        Ok(Json(NounHistory {
            items: items.collect(),
        }))
    }
}

/// Routes that write a noun.
pub struct Writes<D>(PhantomData<fn() -> D>);

#[OpenApi]
impl<D: Wire> Writes<D>
where
    Fact<D>: Recorded,
    SubjectOf<D>: Named,
{
    /// Records that it is so
    ///
    /// From the day on, until the next day of which something else was said.
    #[oai(path = "/~/:of/@", method = "put", operation_id = "record")]
    async fn record(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<Statement<D>>,
    ) -> Result<Single<Written>, Failure> {
        let subject = SubjectOf::<D>::find(&caller, &of.0).await?;
        let seen = seen(&caller, if_match.0.as_deref())?;
        let body = body.0;
        let entering = Entering {
            subject,
            slot: body.slot.as_deref(),
            fact: body.fact.take().ok_or_else(|| unfit(&caller, "fact"))?,
            validity: Validity {
                from: body.from.0,
                until: body.until.map(|until| until.0),
            },
            seen,
            reason: body.reason.as_deref(),
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let done = record::record(office, actor, &entering, caller.now).await;
        Ok(written(&caller.done(done)?))
    }

    /// Ends it on a day
    #[oai(path = "/~/:of/@", method = "delete", operation_id = "end")]
    async fn end(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        /// Where it stands; left out where there is one at a time.
        #[oai(validator(max_length = 300))]
        slot: Query<Option<String>>,
        /// The first day on which it holds no longer; today when left out.
        on: Query<Option<Text<Date>>>,
        #[oai(validator(min_length = 1, max_length = 1000))] reason: Query<Option<String>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
    ) -> Result<Changed, Failure> {
        let subject = SubjectOf::<D>::find(&caller, &of.0).await?;
        let seen = seen(&caller, if_match.0.as_deref())?;
        let ending = Ending::<Fact<D>> {
            subject,
            slot: slot.0.as_deref().unwrap_or_default(),
            on: on.0.map_or_else(|| caller.now.shanghai_day(), |day| day.0),
            seen,
            reason: reason.0.as_deref(),
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let done = caller.done(record::end(office, actor, &ending, caller.now).await)?;
        Ok(Changed::Done(tag(done.version)))
    }

    /// Corrects a row that was wrong
    ///
    /// What it said stays as what was known until then.
    #[oai(
        path = "/~/:of/@/corrections",
        method = "post",
        operation_id = "correct"
    )]
    async fn correct(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<CorrectionOrder<D>>,
    ) -> Result<Single<Written>, Failure> {
        let subject = SubjectOf::<D>::find(&caller, &of.0).await?;
        let seen = seen(&caller, if_match.0.as_deref())?;
        let body = body.0;
        let right = match body.right {
            Some(right) => {
                let validity = Validity {
                    from: right.from.0,
                    until: right.until.map(|until| until.0),
                };
                let fact = right
                    .fact
                    .take()
                    .ok_or_else(|| unfit(&caller, "right.fact"))?;
                Some((validity, fact))
            }
            None => None,
        };
        let correction = Correction {
            subject,
            row: identifier(&caller, &body.row)?,
            right,
            seen,
            reason: &body.reason,
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let done = record::correct(office, actor, &correction, caller.now).await;
        Ok(written(&caller.done(done)?))
    }
}

/// Routes of a noun where they belong.
pub struct Mounted<A, D> {
    routes: A,
    of: PhantomData<fn() -> D>,
}

/// A noun that can be read and written.
pub fn whole<D: Wire>() -> Whole<D> {
    Mounted {
        routes: (Reads(PhantomData), Writes(PhantomData)),
        of: PhantomData,
    }
}

/// Routes that write the profile of a person, whose telephone number is sealed.
pub struct Profiles;

/// What a person's profile says from a day on.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ProfileStatement {
    from: Text<Date>,
    /// The telephone number; left out it stays, empty there is none.
    #[validate(length(max = 40))]
    #[oai(validator(max_length = 40))]
    mobile: Option<String>,
    #[validate(length(min = 1, max = 1000))]
    #[oai(validator(min_length = 1, max_length = 1000))]
    reason: Option<String>,
    #[validate(nested)]
    fact: wire::PersonProfile,
}

/// What becomes of a telephone number.
pub fn mobile(text: Option<&str>) -> Mobile {
    match text {
        None => Mobile::Keep,
        Some("") => Mobile::None,
        Some(number) => Mobile::Number(number.to_owned()),
    }
}

#[OpenApi]
impl Profiles {
    /// Records what it says from a day on
    #[oai(path = "/~/:of/@", method = "put", operation_id = "record")]
    async fn record(
        &self,
        caller: Caller,
        #[oai(validator(min_length = 1, max_length = 100))] of: Path<String>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<ProfileStatement>,
    ) -> Result<Single<Written>, Failure> {
        let person = Person::find(&caller, &of.0).await?;
        let seen = seen(&caller, if_match.0.as_deref())?;
        let body = body.0;
        let editing = Editing {
            person,
            profile: body.fact.take().ok_or_else(|| unfit(&caller, "fact"))?,
            mobile: mobile(body.mobile.as_deref()),
            from: body.from.0,
            seen,
            reason: body.reason.as_deref(),
        };
        let done = edit(&caller.office, &caller.actor, &editing, caller.now).await;
        Ok(written(&caller.done(done)?))
    }
}

/// Names of the description live as long as the program; each noun has a few.
fn kept(text: String) -> &'static str {
    text.leak()
}

impl<A: OpenApi, D: Wire> OpenApi for Mounted<A, D>
where
    SubjectOf<D>: Named,
{
    fn meta() -> Vec<MetaApi> {
        // the reading and the writing routes of a path stand together
        let mut paths: Vec<MetaPath> = Vec::new();
        for path in A::meta().into_iter().flat_map(|api| api.paths) {
            let name = mounted::<D>(&path.path);
            match paths.iter_mut().find(|one| one.path == name) {
                Some(one) => one.operations.extend(path.operations),
                None => paths.push(MetaPath {
                    path: name,
                    operations: path.operations,
                }),
            }
        }
        for path in &mut paths {
            for operation in &mut path.operations {
                let name = operation.operation_id.unwrap_or_default();
                operation.operation_id = Some(kept(format!("{}_{name}", noun::<D>())));
                let words = noun::<D>().replace('_', " ");
                let summary = operation.summary.unwrap_or_default();
                operation.summary = Some(kept(format!("{summary}: {words}")));
                operation.tags = vec![SubjectOf::<D>::TAG.name()];
            }
        }
        vec![MetaApi { paths }]
    }

    fn register(registry: &mut Registry) {
        SubjectOf::<D>::TAG.register(registry);
        A::register(registry);
    }

    fn add_routes(self, table: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        let mut own = HashMap::new();
        self.routes.add_routes(&mut own);
        for (path, methods) in own {
            let at = table.entry(mounted::<D>(&path)).or_default();
            at.extend(methods);
        }
    }
}

fn noun<D: Wire>() -> &'static str {
    <Fact<D> as Shown>::KEY
}

/// `/~/{of}/@` as `/institutions/{of}/establishment`.
fn mounted<D: Wire>(path: &str) -> String
where
    SubjectOf<D>: Named,
{
    let path = path.replacen("/~", SubjectOf::<D>::PREFIX, 1);
    let noun = noun::<D>();
    let segment = if noun.ends_with("_profile") {
        "profile".to_owned()
    } else {
        noun.replace('_', "-")
    };
    path.replacen('@', &segment, 1)
}

/// A noun with all its routes.
pub type Whole<D> = Mounted<(Reads<D>, Writes<D>), D>;
/// The profile of a person.
type People = Mounted<(Reads<wire::PersonProfile>, Profiles), wire::PersonProfile>;

/// Nouns that are mounted.
macro_rules! nouns {
    ($($group:ident: $($shape:ident),+;)+) => {
        $(type $group = ($(Whole<wire::$shape>),+);)+

        /// All of them.
        pub type Nouns = ($($group,)+ People);

        /// All of them.
        pub fn all() -> Nouns {
            let profiles = Mounted {
                routes: (Reads(PhantomData), Profiles),
                of: PhantomData,
            };
            ($(($(whole::<wire::$shape>()),+),)+ profiles)
        }
    };
}

nouns! {
    OfInstitutions: InstitutionProfile, SuccessionFact, EstablishmentDecision, PostPlan, PlannedBand,
        PayTotalFact, TeamFact;
    OfPeople: EmploymentFact, SharedEmployment, ContractFact, LicenceFact,
        PhysicianAssessmentFact, GpRegistrationFact, PracticeSite, TitleFact, AppointmentFact, LedgerDecisionFact;
    OfCareers: ServiceSpell, ServiceEvidence, HonourFact, AssessmentFact, TrainingFact,
        AssignmentFact, LeaderTerm, LeaveFact, DepartureFact, TeamMembership;
    OfVillages: RuralDoctorProfile, RegistrationFact, ExaminationFact, PensionFact,
        MedicalInsuranceFact, SubsidyFact, PlaceProfile;
}
