//! What rules and places say of an application on a day: loaded, asked, put together.

use super::adopted::{handling, release};
use super::case;
use crate::domain::adoption::Handling;
use crate::domain::institution::Institution;
use crate::domain::post::{Level, PlannedPosts};
use crate::domain::promotion::{
    Application, Check, Finding, Graded, Override, Pool, State, grades, judge,
};
use crate::domain::record::When;
use crate::domain::record_id::{ApplicationId, InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::time::{Date, Timestamp};
use crate::domain::title::Rank;
use crate::policy::adopted::InForce;
use crate::policy::plan::Plan;
use crate::rules::effect::{self, Effect, Places, Question, Setting, Somebody, Standing};
use crate::rules::ledger::Posts;
use crate::service::ledger::{self, InstitutionLedger, evaluate_part};
use crate::service::rulebook::Ruled;
use crate::service::{Office, ServiceError};
use crate::store::dated::{self, Of};
use crate::store::promotion::{self as kept, Reserved};
use crate::store::register::Part;
use crate::store::{Reader, locus};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Some institutions on a day, evaluated, and what was settled on top of that.
pub struct Figures {
    houses: Vec<Own>,
    pub on: Date,
}

/// One institution.
struct Own {
    id: InstitutionId,
    figures: ledger::Figures,
    /// In which row of the figures somebody stands.
    rows: HashMap<PersonId, usize>,
    /// As its rules see it, with what its place has elected.
    elected: Institution,
    /// The places, settled decisions included; what is reserved stands apart.
    posts: Posts,
    reserved: Vec<Reserved>,
    /// How many may come although the pool is over its number, by pool.
    room: BTreeMap<Pool, i64>,
    /// Where the approved plan divides levels by grade; `None` = it does not.
    bands: Option<Bands>,
}

/// The plan by grades, and who stands in it.
struct Bands {
    plan: Vec<PlannedPosts>,
    held: Vec<(PersonId, Graded)>,
    /// Those that are on their way and have a place kept, in the order of their beginning.
    waiting: Vec<Application>,
}

impl Own {
    /// `None` = the figures are not known for the day.
    fn new(ledger: InstitutionLedger) -> Option<Self> {
        let figures = ledger.figures?;
        let mut elected = figures.institution()?.clone();
        figures.judged().ruled.rules.elected(&mut elected);
        let people = figures.house().loaded.people.iter();
        Some(Self {
            id: ledger.institution,
            rows: people.enumerate().map(|(at, id)| (*id, at)).collect(),
            elected,
            posts: figures.result().posts,
            reserved: figures.kept().to_vec(),
            room: BTreeMap::new(),
            bands: None,
            figures,
        })
    }

    fn plan(&self) -> &Plan {
        &self.figures.judged().ruled.plan
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            plan: self.plan(),
            institution: &self.elected,
        }
    }

    fn somebody(&self, id: PersonId) -> Option<Somebody<'_>> {
        let loaded = &self.figures.house().loaded;
        let at = *self.rows.get(&id)?;
        Some(Somebody {
            setting: self.setting(),
            person: loaded.register.people.get(at)?,
            decided: loaded.off_quota.get(at) == Some(&true),
        })
    }
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
        let part = Part::These(institutions);
        let evaluated = evaluate_part(office, reader, &part, When::on(on)).await?;
        let houses = evaluated.institutions.into_iter();
        let mut figures = Self {
            houses: houses.filter_map(Own::new).collect(),
            on,
        };
        figures.release(office, reader).await?;
        figures.divide(reader).await?;
        Ok(figures)
    }

    /// Where the approved plan divides levels by grade: who holds which, and for whom one
    /// is kept.
    async fn divide(&mut self, reader: &mut Reader) -> Result<(), ServiceError> {
        let houses = self.institutions();
        let planned =
            dated::at::<PlannedPosts>(reader, Of::These(&houses), When::on(self.on)).await?;
        for house in &mut self.houses {
            let own = planned.iter().filter(|row| row.subject == house.id);
            let plan: Vec<PlannedPosts> = own.map(|row| row.fact.clone()).collect();
            if !grades::divides(&plan) {
                continue;
            }
            let wanted = kept::Wanted {
                states: KEEPING.to_vec(),
                institution: Some(house.id),
                ..kept::Wanted::default()
            };
            let mut waiting = kept::rows(reader, &wanted).await?;
            waiting.sort_by_key(|one| one.id);
            house.bands = Some(Bands {
                held: graded(&house.figures),
                plan,
                waiting,
            });
        }
        Ok(())
    }

    /// Whether there is a place of the grade that somebody would have; `None` = the plan
    /// says nothing of it, or nothing changes.
    pub fn grade_place(
        &self,
        id: InstitutionId,
        person: PersonId,
        effect: &Effect,
        which: Kept,
    ) -> Option<Check> {
        let bands = self.house(id)?.bands.as_ref()?;
        let (to, pool) = (effect.person.grade?, effect.after.pool?);
        let held = bands.held.iter().find(|(own, _)| *own == person);
        let from = held.filter(|(_, own)| own.pool == pool);
        let from = from.and_then(|(_, own)| own.grade);
        if from == Some(to) || effect.is_lifted() {
            return None;
        }
        let mut others: BTreeMap<PersonId, Graded> = bands.held.iter().copied().collect();
        for one in bands.counted(which) {
            // somebody for whom another grade is kept holds that one, and no longer theirs
            let effect = self.effect(one);
            let kept = effect.and_then(|effect| after(&effect));
            if let Some(kept) = kept.filter(|_| one.destination() == id) {
                others.insert(one.person, kept);
            }
        }
        others.remove(&person);
        let others: Vec<Graded> = others.into_values().collect();
        let against = grades::against(&bands.plan, pool, from, to, &others);
        Some(Check::of_records(against))
    }

    /// Where the place has a rule for institutions that are over their number: how many may
    /// come, by who left and who came since it is adopted. The lists of the two days are
    /// compared.
    async fn release(&mut self, office: &Office, reader: &mut Reader) -> Result<(), ServiceError> {
        for house in &mut self.houses {
            let Some((rule, since)) = release(house.figures.in_force()) else {
                continue;
            };
            let over: Vec<Pool> = Pool::ALL
                .iter()
                .copied()
                .filter(|pool| is_over(&house.posts, *pool))
                .collect();
            if over.is_empty() || since >= self.on {
                continue;
            }
            let part = Part::These(vec![house.id]);
            let then = evaluate_part(office, reader, &part, When::on(since)).await?;
            let then = then.institutions.into_iter().next();
            let Some(then) = then.and_then(|ledger| ledger.figures) else {
                continue;
            };
            for pool in over {
                let (was, is) = (holders(&then, pool), holders(&house.figures, pool));
                let left = was.difference(&is).count();
                let came = is.difference(&was).count();
                let count = |people: usize| i64::try_from(people).unwrap_or(i64::MAX);
                house.room.insert(pool, rule.room(count(left), count(came)));
            }
        }
        Ok(())
    }

    fn house(&self, id: InstitutionId) -> Option<&Own> {
        self.houses.iter().find(|house| house.id == id)
    }

    /// The institutions whose figures are known.
    pub fn institutions(&self) -> Vec<InstitutionId> {
        self.houses.iter().map(|house| house.id).collect()
    }

    /// The rules that apply at an institution.
    pub fn plan(&self, id: InstitutionId) -> Option<&Plan> {
        self.house(id).map(Own::plan)
    }

    /// The rules of an institution with what was elected.
    pub fn ruled(&self, id: InstitutionId) -> Option<&Ruled> {
        let house = self.house(id)?;
        Some(&house.figures.judged().ruled)
    }

    /// What applies at an institution.
    pub fn in_force(&self, id: InstitutionId) -> Option<&InForce> {
        self.house(id).map(|house| house.figures.in_force())
    }

    /// How the place of an institution applies a rule.
    pub fn handling(&self, id: InstitutionId, rule: &str) -> Option<Handling> {
        handling(self.in_force(id)?, rule)
    }

    /// Somebody as recorded for the day, where they are.
    pub fn somebody(&self, id: PersonId) -> Option<Somebody<'_>> {
        self.houses.iter().find_map(|house| house.somebody(id))
    }

    /// Everybody at an institution.
    pub fn staff(&self, id: InstitutionId) -> impl Iterator<Item = (PersonId, Somebody<'_>)> {
        let house = self.house(id).into_iter();
        house.flat_map(|house| {
            let people = house.figures.house().loaded.people.iter();
            people.filter_map(|id| Some((*id, house.somebody(*id)?)))
        })
    }

    /// The name of somebody as recorded for the day; empty when they are not there.
    pub fn name(&self, id: PersonId) -> String {
        let somebody = self.somebody(id);
        somebody.map_or_else(String::new, |one| one.person.name.clone())
    }

    /// The name of an institution; empty where its figures are not known.
    pub fn house_name(&self, id: InstitutionId) -> String {
        let house = self.house(id);
        house.map_or_else(String::new, |house| house.elected.name.clone())
    }

    /// What the rules say of somebody.
    pub fn standing(&self, id: PersonId) -> Option<Standing> {
        self.somebody(id).map(|one| one.standing())
    }

    /// The places of an institution, with those of the reserved ones that count.
    pub fn posts(&self, id: InstitutionId, which: Kept) -> Posts {
        let mut posts = self.house(id).map(|house| house.posts).unwrap_or_default();
        for pool in Pool::ALL {
            let own = self.kept(id, which);
            let own = own.iter().filter(|one| one.pool == *pool);
            posts.reserve(*pool, i64::try_from(own.count()).unwrap_or(i64::MAX));
        }
        posts
    }

    /// The places of an institution that are kept, in the order in which they were.
    fn kept(&self, id: InstitutionId, which: Kept) -> Vec<&Reserved> {
        let own = self.house(id).into_iter().flat_map(|house| &house.reserved);
        match which {
            Kept::All => own.collect(),
            Kept::But(but) => own.filter(|one| one.application != but).collect(),
            Kept::Before(mine) => own.take_while(|one| one.application != mine).collect(),
        }
    }

    /// Whether there is a place of a pool beside those that are kept.
    pub fn place(&self, id: InstitutionId, pool: Pool, which: Kept, lifted: bool) -> Check {
        let Some(house) = self.house(id) else {
            return Check::of_records(Some(Refusal::LimitUnknown { pool }));
        };
        let posts = self.posts(id, which);
        let held_by = |pool| {
            let kept = self.kept(id, which).into_iter();
            let kept = kept.filter(|one| one.pool == pool);
            kept.map(|one| self.name(one.person)).collect()
        };
        let places = Places {
            plan: house.plan(),
            posts: &posts,
            held_by: &held_by,
            handling: &|rule| self.handling(id, rule),
        };
        let check = places.check(pool, lifted);
        let kept = self.kept(id, which);
        let kept = kept.iter().filter(|one| one.pool == pool).count();
        let room = house.room.get(&pool).copied().unwrap_or(0);
        let full = matches!(&check.finding, Finding::Against(against)
            if matches!(against[..], [Refusal::NoPlace { .. }]));
        if full && i64::try_from(kept).is_ok_and(|kept| kept < room) {
            // it is over its number, and fills by the rule of its place: that is noted
            return Check {
                rule: Some(RELEASE.to_owned()),
                handling: Handling::Record,
                finding: check.finding,
            };
        }
        check
    }

    /// Takes it that an application was decided: the person counts as they would then, and
    /// the place is no longer kept but held.
    pub fn settle(&mut self, application: &Application, effect: &Effect) {
        let moves = [
            (application.institution, &effect.before, -1),
            (application.destination(), &effect.after, 1),
        ];
        for (id, standing, by) in moves {
            let house = self.houses.iter_mut().find(|house| house.id == id);
            if let Some(house) = house {
                if let Some(bands) = &mut house.bands {
                    bands.held.retain(|(own, _)| *own != application.person);
                    bands.waiting.retain(|one| one.id != application.id);
                    let own = after(effect).filter(|_| by > 0);
                    bands.held.extend(own.map(|own| (application.person, own)));
                }
                shift(&mut house.posts, standing, by);
                if by > 0
                    && let Some(room) = standing.pool.and_then(|pool| house.room.get_mut(&pool))
                {
                    *room -= 1;
                }
                house
                    .reserved
                    .retain(|one| one.application != application.id);
            }
        }
    }

    /// What the decision on an application would do; `None` = the person is not there.
    pub fn effect(&self, application: &Application) -> Option<Effect> {
        let somebody = self.house(application.institution)?;
        let somebody = somebody.somebody(application.person)?;
        let to = self.house(application.destination())?.setting();
        Some(effect::effect(
            somebody,
            to,
            application.kind,
            &application.target,
        ))
    }
}

impl Bands {
    /// Those on their way whose places count.
    fn counted(&self, which: Kept) -> impl Iterator<Item = &Application> {
        let mine = match which {
            Kept::All => None,
            Kept::But(id) | Kept::Before(id) => Some(id),
        };
        let is_kept = self.waiting.iter().any(|one| Some(one.id) == mine);
        let before = matches!(which, Kept::Before(_)) && is_kept;
        self.waiting.iter().filter(move |one| match mine {
            Some(mine) if before => one.id < mine,
            mine => Some(one.id) != mine,
        })
    }
}

/// The states in which a place is kept, or given and not yet held.
const KEEPING: [State; 5] = [
    State::Recommended,
    State::Notice,
    State::Review,
    State::Approved,
    State::Filed,
];

/// Where somebody stands among the grades after a decision; `None` = in no pool.
fn after(effect: &Effect) -> Option<Graded> {
    Some(Graded {
        pool: effect.after.pool?,
        rank: effect.person.appointed,
        grade: effect.person.grade,
    })
}

/// Everybody in a pool, with their grades.
fn graded(figures: &ledger::Figures) -> Vec<(PersonId, Graded)> {
    let judged = figures.judged();
    let loaded = &figures.house().loaded;
    let rows = loaded.people.iter().zip(&loaded.register.people);
    let all = rows.enumerate().filter_map(|(at, (id, person))| {
        let level = judged.data.people.level.get(at).copied();
        let level = level.and_then(Level::from_code);
        let graded = Graded {
            pool: effect::pool(level, judged.people.ledger(at))?,
            rank: person.appointed,
            grade: person.grade,
        };
        Some((*id, graded))
    });
    all.collect()
}

/// What is noted where an institution over its number fills by the rule of its place.
const RELEASE: &str = "release";

/// Whether a pool holds more than it may.
fn is_over(posts: &Posts, pool: Pool) -> bool {
    let [limit, counted, _] = effect::figures(posts, pool);
    limit
        .zip(counted)
        .is_some_and(|(limit, counted)| counted > limit)
}

/// Who holds a place of a pool.
fn holders(figures: &ledger::Figures, pool: Pool) -> BTreeSet<PersonId> {
    let judged = figures.judged();
    let people = figures.house().loaded.people.iter().enumerate();
    let holds = |at: usize| {
        let level = judged.data.people.level.get(at).copied();
        let level = level.and_then(Level::from_code);
        effect::pool(level, judged.people.ledger(at)) == Some(pool)
    };
    people
        .filter(|(at, _)| holds(*at))
        .map(|(_, id)| *id)
        .collect()
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
    ) -> Result<Self, ServiceError> {
        let figures = Figures::load(office, reader, application, on).await?;
        Ok(Self::from(&figures, application))
    }

    /// The same from figures that are there.
    pub fn from(figures: &Figures, application: &Application) -> Self {
        let (house, on) = (application.institution, figures.on);
        let ruled = figures.house(house).map(|own| &own.figures.judged().ruled);
        let policies = ruled.map_or_else(String::new, |ruled| fingerprint(ruled));
        let there = figures.somebody(application.person);
        let plan = figures.plan(house);
        let (Some(somebody), Some(effect), Some(plan)) = (there, figures.effect(application), plan)
        else {
            return Self {
                checks: vec![Check::of_records(Some(Refusal::NotThere { on }))],
                takes: None,
                frees: None,
                policies,
            };
        };
        let question = Question {
            plan,
            kind: application.kind,
            target: &application.target,
            person: somebody.person,
            effect: &effect,
            on,
            handling: &|rule| figures.handling(house, rule),
        };
        let mut checks = question.checks();
        let takes = effect.takes();
        if let Some(pool) = takes {
            let (house, before) = (application.destination(), Kept::Before(application.id));
            checks.push(figures.place(house, pool, before, effect.is_lifted()));
        }
        let (to, before) = (application.destination(), Kept::Before(application.id));
        checks.extend(figures.grade_place(to, application.person, &effect, before));
        Self {
            checks,
            takes,
            frees: effect.frees(),
            policies,
        }
    }

    /// Whether nothing stands against it but what warns or is only recorded.
    pub fn is_clear(&self) -> bool {
        judge(&self.checks, Override::NotYet).is_ok()
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
    ) -> Result<Option<Check>, ServiceError> {
        let figures = Figures::load(office, reader, application, on).await?;
        let earlier = super::record::before(reader, application, on).await?;
        let Some(now_is) = figures.somebody(application.person) else {
            return Ok(None);
        };
        let mut person = now_is.person.clone();
        person.appointed = earlier.as_ref().map_or(Rank::None, |one| one.rank);
        person.manner = earlier.map_or(person.manner, |one| one.manner);
        let then = Somebody {
            person: &person,
            ..now_is
        };
        let held = now_is.standing().pool;
        let pool = then.standing().pool;
        let Some(pool) = pool.filter(|pool| held != Some(*pool)) else {
            return Ok(None);
        };
        // the place that was given by mistake may be gone for good: whoever revokes says why
        let (house, but) = (application.institution, Kept::But(application.id));
        let mut check = figures.place(house, pool, but, false);
        check.handling = Handling::Warn;
        Ok(Some(check))
    }
}

/// A fingerprint of the rules that apply: SHA-256 of the policies, of what was elected, and
/// of which rules replace which in the month.
pub fn fingerprint(ruled: &Ruled) -> String {
    let mut hash = Sha256::new();
    for policy in &ruled.plan.policies {
        hash.update(policy.id.as_bytes());
        hash.update(policy.sha256.as_bytes());
    }
    let rules = &ruled.rules;
    for policy in &rules.by_decision {
        hash.update(policy.as_bytes());
        hash.update([0]);
    }
    hash.update([
        u8::from(rules.raised_ratio),
        u8::from(rules.directed_evaluation),
    ]);
    for (rule, by) in &ruled.plan.overridden {
        hash.update(ruled.plan.name(*rule).as_bytes());
        hash.update(ruled.plan.name(*by).as_bytes());
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
    let subject = Subject::Application(case(&application, place));
    permit(actor, Action::ReadApplication, &subject)?;
    let figures = Figures::load(office, &mut reader, &application, on).await?;
    drop(reader);
    let evaluation = Evaluation::from(&figures, &application);
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
