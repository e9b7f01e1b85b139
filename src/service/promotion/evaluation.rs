//! What rules and places say of an application on a day: loaded, asked, put together.

use super::Adopted;
use super::case;
use crate::domain::adoption::Handling;
use crate::domain::post::Level;
use crate::domain::promotion::{Application, Check, Finding, Pool};
use crate::domain::record::When;
use crate::domain::record_id::{ApplicationId, InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::staff::Person;
use crate::domain::time::{Date, Timestamp};
use crate::policy::plan::Plan;
use crate::rules::assessment::{Assessment, assess};
use crate::rules::data::Data;
use crate::rules::effect::{self, Effect, Places, Question, Standing};
use crate::rules::ledger::Posts;
use crate::service::{Office, Rulebook, ServiceError};
use crate::store::promotion::{self as kept, Reserved};
use crate::store::register::{Loaded, Part, load};
use crate::store::{Reader, locus};
use sha2::{Digest, Sha256};

/// The institutions of an application on a day, evaluated.
pub struct Figures {
    pub loaded: Loaded,
    pub plan: Plan,
    pub assessment: Assessment,
    pub reserved: Vec<Reserved>,
    pub on: Date,
}

impl Figures {
    /// Loads and evaluates the institutions of an application.
    pub async fn load(
        office: &Office,
        reader: &mut Reader,
        application: &Application,
        on: Date,
    ) -> Result<Self, ServiceError> {
        Self::of(office, reader, application.institutions(), on).await
    }

    /// Loads and evaluates some institutions.
    pub async fn of(
        office: &Office,
        reader: &mut Reader,
        institutions: Vec<InstitutionId>,
        on: Date,
    ) -> Result<Self, ServiceError> {
        let reserved = kept::reserved(reader, &institutions, on).await?;
        let part = Part::These(institutions);
        let loaded = load(reader, &part, When::on(on), office.vault.as_ref()).await?;
        let plan = office.rulebook.plan(on.month(), &loaded.register);
        let data = Data::of_register(&loaded.register, &plan.facts, plan.as_of);
        let assessment = assess(&plan, &data);
        Ok(Self {
            loaded,
            plan,
            assessment,
            reserved,
            on,
        })
    }

    /// Somebody as recorded for the day.
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        let at = self.loaded.people.iter().position(|one| *one == id)?;
        self.loaded.register.people.get(at)
    }

    /// The name of somebody as recorded for the day; empty when they are not there.
    pub fn name(&self, id: PersonId) -> String {
        self.person(id)
            .map_or_else(String::new, |person| person.name.clone())
    }

    /// What the rules say of somebody.
    pub fn standing(&self, id: PersonId) -> Option<Standing> {
        let person = self.person(id)?;
        Some(effect::standing(&self.plan, &self.loaded.register, person))
    }

    /// The position of an institution.
    pub fn position(&self, id: InstitutionId) -> Option<usize> {
        self.loaded.institutions.iter().position(|one| *one == id)
    }

    /// The places of an institution, with those of the reserved ones that count.
    pub fn posts(&self, id: InstitutionId, which: Kept) -> Posts {
        let at = self.position(id);
        let result = at.and_then(|at| self.assessment.institutions.get(at));
        let mut posts = result.map(|result| result.posts).unwrap_or_default();
        for pool in Pool::ALL {
            let own = self.kept(id, which);
            let own = own.iter().filter(|one| one.pool == *pool);
            posts.reserve(*pool, i64::try_from(own.count()).unwrap_or(i64::MAX));
        }
        posts
    }

    /// The places of an institution that are kept, in the order in which they were.
    fn kept(&self, id: InstitutionId, which: Kept) -> Vec<&Reserved> {
        let own = self.reserved.iter().filter(|one| one.institution == id);
        match which {
            Kept::All => own.collect(),
            Kept::But(but) => own.filter(|one| one.application != but).collect(),
            Kept::Before(mine) => own.take_while(|one| one.application != mine).collect(),
        }
    }

    /// Whether there is a place of a pool beside those that are kept.
    pub fn place(
        &self,
        id: InstitutionId,
        pool: Pool,
        which: Kept,
        lifted: bool,
        handling: &dyn Fn(&str) -> Option<Handling>,
    ) -> Check {
        let posts = self.posts(id, which);
        let held_by = |pool| {
            let kept = self.kept(id, which).into_iter();
            let kept = kept.filter(|one| one.pool == pool);
            kept.map(|one| self.name(one.person)).collect()
        };
        let places = Places {
            plan: &self.plan,
            posts: &posts,
            held_by: &held_by,
            handling,
        };
        places.check(pool, lifted)
    }

    /// Takes it that an application was decided: the person counts as they would then, and
    /// the place is no longer kept but held.
    pub fn settle(&mut self, application: &Application, effect: &Effect) {
        let from = self.position(application.institution);
        let to = self.position(application.destination());
        for (at, standing, by) in [(from, &effect.before, -1), (to, &effect.after, 1)] {
            let result = at.and_then(|at| self.assessment.institutions.get_mut(at));
            if let Some(result) = result {
                shift(&mut result.posts, standing, by);
            }
        }
        self.reserved
            .retain(|one| one.application != application.id);
    }

    /// What the decision on an application would do; `None` = the person is not there.
    pub fn effect(&self, application: &Application) -> Option<Effect> {
        let person = self.person(application.person)?;
        let at = self.position(application.institution)?;
        if person.institution != at {
            return None;
        }
        let destination = self.position(application.destination())?;
        Some(effect::effect(
            &self.plan,
            &self.loaded.register,
            person,
            application.kind,
            &application.target,
            destination,
        ))
    }
}

/// Which of the places that are kept count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    All,
    /// All but those of one application.
    But(ApplicationId),
    /// Those kept before that of one application: where more are kept than there are, the
    /// earlier go first. All where it keeps none.
    Before(ApplicationId),
}

/// What was asked before a step, and what came of it.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub checks: Vec<Check>,
    /// The pool of which the decision takes a place.
    pub takes: Option<Pool>,
    /// The pool of which it frees one.
    pub frees: Option<Pool>,
    /// Fingerprint of the policies.
    pub policies: String,
}

impl Evaluation {
    /// Asks everything about an application, for a decision that would hold from a day on.
    pub async fn of(
        office: &Office,
        reader: &mut Reader,
        application: &Application,
        on: Date,
        now: Timestamp,
    ) -> Result<Self, ServiceError> {
        let figures = Figures::load(office, reader, application, on).await?;
        let today = now.shanghai_day();
        let place = locus::of_institution(reader, application.institution, today).await?;
        let adopted = Adopted::load(reader, place.area, on).await?;
        let handling = |rule: &str| adopted.handling(rule);
        Ok(Self::from(office, &figures, application, &handling))
    }

    /// The same from figures that are there.
    pub fn from(
        office: &Office,
        figures: &Figures,
        application: &Application,
        handling: &dyn Fn(&str) -> Option<Handling>,
    ) -> Self {
        let policies = fingerprint(&office.rulebook, &figures.plan);
        let on = figures.on;
        let there = figures.person(application.person);
        let (Some(person), Some(effect)) = (there, figures.effect(application)) else {
            return Self {
                checks: vec![Check::of_records(Some(Refusal::NotThere { on }))],
                takes: None,
                frees: None,
                policies,
            };
        };
        let question = Question {
            plan: &figures.plan,
            kind: application.kind,
            target: &application.target,
            person,
            effect: &effect,
            on,
            handling,
        };
        let mut checks = question.checks();
        let takes = effect.takes();
        if let Some(pool) = takes {
            let (house, before) = (application.destination(), Kept::Before(application.id));
            checks.push(figures.place(house, pool, before, effect.is_lifted(), handling));
        }
        Self {
            checks,
            takes,
            frees: effect.frees(),
            policies,
        }
    }

    /// Whether the policies are those by which the institution judged: others warn.
    pub fn hold_to(&mut self, policies: &str) {
        if self.policies != policies {
            self.checks.push(Check {
                rule: Some("policies".to_owned()),
                handling: Handling::Warn,
                finding: Finding::Against(vec![Refusal::PoliciesChanged]),
            });
        }
    }

    /// Whether somebody whose decision is taken back has a place to go back to; `None` =
    /// they need none.
    pub async fn of_return(
        office: &Office,
        reader: &mut Reader,
        application: &Application,
        on: Date,
        now: Timestamp,
    ) -> Result<Option<Check>, ServiceError> {
        let figures = Figures::load(office, reader, application, on).await?;
        let Some(now_is) = figures.standing(application.person) else {
            return Ok(None);
        };
        let earlier = super::record::before(reader, application, on).await?;
        let Some(person) = figures.person(application.person) else {
            return Ok(None);
        };
        let mut person = person.clone();
        person.appointed = earlier
            .as_ref()
            .map_or(crate::domain::title::Rank::None, |one| one.rank);
        person.manner = earlier.map_or(person.manner, |one| one.manner);
        let then = effect::standing(&figures.plan, &figures.loaded.register, &person);
        let Some(pool) = then.pool.filter(|pool| now_is.pool != Some(*pool)) else {
            return Ok(None);
        };
        let today = now.shanghai_day();
        let house = application.institution;
        let place = locus::of_institution(reader, house, today).await?;
        let adopted = Adopted::load(reader, place.area, on).await?;
        // the place that was given by mistake may be gone for good: whoever revokes says why
        let mut check = figures.place(house, pool, Kept::But(application.id), false, &|rule| {
            adopted.handling(rule)
        });
        check.handling = Handling::Warn;
        Ok(Some(check))
    }
}

/// A fingerprint of the rules that apply: SHA-256 of the policies, of what was elected, and
/// of which rules replace which in the month.
pub fn fingerprint(rulebook: &Rulebook, plan: &Plan) -> String {
    let mut hash = Sha256::new();
    for policy in &plan.policies {
        hash.update(policy.id.as_bytes());
        hash.update(policy.sha256.as_bytes());
    }
    let adoption = &rulebook.adoption;
    for rule in adoption.not_elected.iter().chain(&adoption.kept) {
        hash.update(rule.as_bytes());
        hash.update([0]);
    }
    for rule in adoption.shares.keys() {
        hash.update(rule.as_bytes());
        hash.update([1]);
    }
    for (rule, by) in &plan.overridden {
        hash.update(plan.name(*rule).as_bytes());
        hash.update(plan.name(*by).as_bytes());
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// What stands for and against an application, as its readers see it.
#[derive(Clone, Debug)]
pub struct Preview {
    pub judged: Judged,
    /// The places of the institution on that day, with all that is reserved.
    pub posts: Posts,
    /// The same if it were decided.
    pub posts_after: Posts,
}

/// The checks, and what the decision would change.
#[derive(Clone, Debug)]
pub struct Judged {
    pub checks: Vec<Check>,
    pub takes: Option<Pool>,
    pub frees: Option<Pool>,
    pub effect: Option<Effect>,
}

/// Asks everything about an application for a day, without doing anything.
pub async fn preview(
    office: &Office,
    actor: &Actor,
    id: ApplicationId,
    on: Date,
    now: Timestamp,
) -> Result<Preview, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let found = kept::find(&mut reader, id).await?;
    let application = found.ok_or(ServiceError::NotFound)?;
    let today = now.shanghai_day();
    let place = locus::of_institution(&mut reader, application.institution, today).await?;
    let subject = Subject::Application(case(&application, place.clone()));
    permit(actor, Action::ReadApplication, &subject)?;
    let figures = Figures::load(office, &mut reader, &application, on).await?;
    let adopted = Adopted::load(&mut reader, place.area, on).await?;
    drop(reader);
    let handling = |rule: &str| adopted.handling(rule);
    let evaluation = Evaluation::from(office, &figures, &application, &handling);
    let posts = figures.posts(application.institution, Kept::All);
    let effect = figures.effect(&application);
    let mut posts_after = figures.posts(application.institution, Kept::But(application.id));
    if application.target.institution.is_none()
        && let Some(effect) = &effect
    {
        shift(&mut posts_after, &effect.before, -1);
        shift(&mut posts_after, &effect.after, 1);
    }
    Ok(Preview {
        judged: Judged {
            checks: evaluation.checks,
            takes: evaluation.takes,
            frees: evaluation.frees,
            effect,
        },
        posts,
        posts_after,
    })
}

/// Counts somebody more or fewer.
fn shift(posts: &mut Posts, standing: &Standing, by: i64) {
    use crate::domain::post::Ledger;
    let Some((level, ledger)) = standing.level.zip(standing.ledger) else {
        return;
    };
    if ledger == Ledger::Directed {
        posts.directed.counted += by;
        return;
    }
    let own = match level {
        Level::Senior => &mut posts.senior,
        Level::Intermediate => &mut posts.intermediate,
        Level::Junior => &mut posts.junior,
    };
    match ledger {
        Ledger::Ordinary => own.ordinary += by,
        Ledger::BeyondRatio => own.beyond_ratio += by,
        Ledger::OffQuota => own.off_quota += by,
        Ledger::Special => own.special += by,
        Ledger::Directed => {}
    }
}
