//! What-if over a part of the records. Nothing is written.

use super::ledger::{Evaluated, evaluate_part};
use super::locus::permit_part;
use super::rulebook::{Ruled, is_exported};
use super::{Office, ServiceError};
use crate::domain::ids::{NationalId, Sex};
use crate::domain::institution::{ApprovedPosts, Institution};
use crate::domain::month::Month;
use crate::domain::post::{Grade, Level, PostCategory};
use crate::domain::promotion::{Kind, Pool, Target};
use crate::domain::record::When;
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::register::{Origin, Register};
use crate::domain::rights::{Action, Actor};
use crate::domain::staff::{Employment, Person};
use crate::domain::time::{Date, Timestamp};
use crate::domain::title::Rank;
use crate::i18n::Lang;
use crate::policy::adopted::Rules;
use crate::policy::plan::Plan;
use crate::report::scenario::{self as report, Assumption};
use crate::rules::ledger::Posts;
use crate::rules::scenario::{self, Change, Difference, Outcome, World};
use crate::sheet::WriteError;
use crate::store::register::Part;
use std::sync::Arc;

/// A scenario: changes on top of the records, under the rules as they are or others.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    pub changes: Vec<Wish>,
    /// What would apply at every institution; `None` = what applies there.
    pub rules: Option<Rules>,
}

/// One change of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// The approved posts of an institution.
    Posts {
        institution: InstitutionId,
        posts: ApprovedPosts,
    },
    /// The raised ratio of senior posts is elected, or given up.
    RaisedRatio {
        institution: InstitutionId,
        elected: bool,
    },
    /// Directed evaluation is run, or no longer.
    DirectedEvaluation {
        institution: InstitutionId,
        run: bool,
    },
    /// Somebody leaves.
    Leave { person: PersonId },
    /// Somebody comes.
    Hire(Hire),
    /// A decision on somebody.
    Decide {
        person: PersonId,
        kind: Kind,
        target: Target,
    },
}

/// Somebody who would come: on the establishment, in a professional post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hire {
    pub institution: InstitutionId,
    pub birth: Month,
    pub sex: Sex,
    pub title: Rank,
    /// [`Rank::None`] = not appointed yet.
    pub appointed: Rank,
    pub grade: Option<Grade>,
}

/// The rules of some policies besides those that always apply, everything in them elected.
///
/// Refused: [`Refusal::NoSuchPolicy`].
pub fn rules_of(office: &Office, policies: &[String]) -> Result<Rules, ServiceError> {
    let unknown = policies
        .iter()
        .filter(|id| office.rulebook.find(id).is_none());
    let unknown: Vec<Refusal> = unknown
        .map(|policy| Refusal::NoSuchPolicy {
            policy: policy.clone(),
        })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown.into());
    }
    let all = office.rulebook.policies().iter();
    let wanted = all.filter(|one| office.rulebook.is_always(&one.id) || policies.contains(&one.id));
    Ok(Rules {
        policies: wanted.map(|one| one.id.clone()).collect(),
        by_decision: Vec::new(),
        raised_ratio: true,
        directed_evaluation: true,
    })
}

/// What a scenario leads to, and how it differs from the records as they are.
pub struct Ran {
    pub outcome: Outcome,
    pub differences: Vec<Difference>,
}

/// Scenarios over one part of the records.
pub struct Runs {
    /// The institutions whose figures are known, and their people.
    pub register: Register,
    pub institutions: Vec<InstitutionId>,
    pub people: Vec<PersonId>,
    /// As it is.
    pub base: Outcome,
    pub scenarios: Vec<Ran>,
}

/// Months of a forecast over five years.
pub const FIVE_YEARS: u32 = 60;
/// The farthest anybody looks.
const FARTHEST: u32 = 600;

/// Runs scenarios over a part of the records, each so many months ahead. What is reserved
/// for applications stays reserved. Nothing is written.
///
/// Not found: a change is about somebody or something outside of the part.
pub async fn run(
    office: &Office,
    actor: &Actor,
    part: &Part,
    when: When,
    scenarios: &[Scenario],
    months: u32,
    now: Timestamp,
) -> Result<Runs, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    permit_part(&mut reader, actor, Action::RunScenario, part, today).await?;
    let evaluated = evaluate_part(office, &mut reader, part, when).await?;
    drop(reader);
    let months = months.min(FARTHEST);
    let known = Known::of(evaluated);
    let base = known.run(office, &known.register, None, months);
    let ran = scenarios.iter().map(|one| {
        let changes = one.changes.iter().map(|wish| known.change(wish));
        let changes: Option<Vec<Change>> = changes.collect();
        let register = scenario::changed(&known.register, &changes.ok_or(ServiceError::NotFound)?);
        let outcome = known.run(office, &register, one.rules.as_ref(), months);
        Ok(Ran {
            differences: scenario::compare(&base, &outcome),
            outcome,
        })
    });
    let scenarios = ran.collect::<Result<_, ServiceError>>()?;
    Ok(Runs {
        base,
        scenarios,
        register: known.register,
        institutions: known.institutions,
        people: known.people,
    })
}

/// What scenarios led to, as a workbook with what they assumed. `scenarios`: those that were
/// run, in that order, with their names.
pub fn workbook(
    runs: &Runs,
    scenarios: &[(String, Scenario)],
    on: Date,
    lang: Lang,
) -> Result<Vec<u8>, ServiceError> {
    let assumed = scenarios.iter().map(|(_, one)| runs.assumed(one));
    let assumed: Vec<Vec<Assumption>> = assumed.collect();
    let ran = scenarios.iter().zip(&assumed).zip(&runs.scenarios);
    let sides = ran.map(|(((name, _), assumed), ran)| report::Side {
        name,
        assumed,
        outcome: &ran.outcome,
    });
    let sides: Vec<_> = sides.collect();
    let all = report::Scenarios {
        on,
        register: &runs.register,
        base: &runs.base,
        sides: &sides,
    };
    report::workbook(&all, lang).map_err(|error| WriteError::from(error).into())
}

impl Runs {
    /// What a scenario assumes, by name.
    fn assumed(&self, scenario: &Scenario) -> Vec<Assumption> {
        let policies = scenario.rules.iter();
        let policies = policies.map(|rules| Assumption::Policies(rules.policies.clone()));
        let changes = scenario.changes.iter().map(|wish| self.assumption(wish));
        policies.chain(changes).collect()
    }

    fn house(&self, id: InstitutionId) -> Option<&Institution> {
        let at = self.institutions.iter().position(|one| *one == id)?;
        self.register.institutions.get(at)
    }

    fn house_name(&self, id: InstitutionId) -> String {
        let house = self.house(id);
        house.map_or_else(String::new, |house| house.name.clone())
    }

    fn person_name(&self, id: PersonId) -> String {
        let at = self.people.iter().position(|one| *one == id);
        let person = at.and_then(|at| self.register.people.get(at));
        person.map_or_else(String::new, |person| person.name.clone())
    }

    fn assumption(&self, wish: &Wish) -> Assumption {
        match wish {
            Wish::Posts { institution, posts } => Assumption::Posts {
                house: self.house_name(*institution),
                before: self
                    .house(*institution)
                    .map(|house| house.posts)
                    .unwrap_or_default(),
                after: *posts,
            },
            Wish::RaisedRatio {
                institution,
                elected,
            } => Assumption::RaisedRatio {
                house: self.house_name(*institution),
                elected: *elected,
            },
            Wish::DirectedEvaluation { institution, run } => Assumption::DirectedEvaluation {
                house: self.house_name(*institution),
                run: *run,
            },
            Wish::Leave { person } => Assumption::Leave {
                person: self.person_name(*person),
            },
            Wish::Hire(hire) => Assumption::Hire {
                house: self.house_name(hire.institution),
                birth: hire.birth,
                sex: hire.sex,
                title: hire.title,
                appointed: hire.appointed,
                grade: hire.grade,
            },
            Wish::Decide {
                person,
                kind,
                target,
            } => Assumption::Decide {
                person: self.person_name(*person),
                kind: *kind,
                target: target.clone(),
            },
        }
    }
}

/// The institutions whose figures are known, put together.
struct Known {
    as_of: Month,
    register: Register,
    institutions: Vec<InstitutionId>,
    people: Vec<PersonId>,
    decided: Vec<bool>,
    /// By institution.
    ruled: Vec<Arc<Ruled>>,
    /// With what is reserved.
    posts: Vec<Posts>,
}

impl Known {
    fn of(evaluated: Evaluated) -> Self {
        let mut known = Self {
            as_of: evaluated.as_of,
            register: Register::default(),
            institutions: Vec::new(),
            people: Vec::new(),
            decided: Vec::new(),
            ruled: Vec::new(),
            posts: Vec::new(),
        };
        for ledger in evaluated.institutions {
            let Some(figures) = ledger.figures else {
                continue;
            };
            let loaded = &figures.house().loaded;
            let at = known.register.institutions.len();
            let Some(institution) = figures.institution() else {
                continue;
            };
            known.register.institutions.push(institution.clone());
            for person in &loaded.register.people {
                let mut person = person.clone();
                person.institution = at;
                known.register.people.push(person);
            }
            known.people.extend(&loaded.people);
            known.decided.extend(&loaded.off_quota);
            known.institutions.push(ledger.institution);
            known.ruled.push(figures.judged().ruled.clone());
            known.posts.push(figures.posts());
        }
        known
    }

    fn house(&self, id: InstitutionId) -> Option<usize> {
        self.institutions.iter().position(|one| *one == id)
    }

    fn person(&self, id: PersonId) -> Option<usize> {
        self.people.iter().position(|one| *one == id)
    }

    /// A change by positions; `None` = what it is about is not known here.
    fn change(&self, wish: &Wish) -> Option<Change> {
        Some(match wish {
            Wish::Posts { institution, posts } => Change::Posts {
                institution: self.house(*institution)?,
                posts: *posts,
            },
            Wish::RaisedRatio {
                institution,
                elected,
            } => Change::RaisedRatio {
                institution: self.house(*institution)?,
                elected: *elected,
            },
            Wish::DirectedEvaluation { institution, run } => Change::DirectedEvaluation {
                institution: self.house(*institution)?,
                run: *run,
            },
            Wish::Leave { person } => Change::Leave {
                person: self.person(*person)?,
            },
            Wish::Hire(hire) => Change::Hire(Box::new(hire.person(self.house(hire.institution)?)?)),
            Wish::Decide {
                person,
                kind,
                target,
            } => Change::Decide {
                person: self.person(*person)?,
                kind: *kind,
                target: target.clone(),
            },
        })
    }

    /// Evaluates a register under the rules that apply at each institution, or others.
    fn run(
        &self,
        office: &Office,
        register: &Register,
        rules: Option<&Rules>,
        months: u32,
    ) -> Outcome {
        let exported = is_exported(register);
        let other = rules.map(|rules| office.rulebook.ruled(rules, self.as_of, exported));
        let mut different: Vec<&Arc<Ruled>> = Vec::new();
        let mut which = Vec::with_capacity(self.ruled.len());
        for own in &self.ruled {
            let ruled = other.as_ref().unwrap_or(own);
            let known = different.iter().position(|one| Arc::ptr_eq(one, ruled));
            which.push(known.unwrap_or(different.len()));
            if known.is_none() {
                different.push(ruled);
            }
        }
        let mut register = register.clone();
        for (institution, at) in register.institutions.iter_mut().zip(&which) {
            if let Some(ruled) = different.get(*at) {
                ruled.rules.elected(institution);
            }
        }
        let plans: Vec<&Plan> = different.iter().map(|ruled| &ruled.plan).collect();
        let world = World {
            register: &register,
            decided: &self.decided,
            plans: &plans,
            which: &which,
        };
        let mut outcome = scenario::run(world, months);
        reserve(&mut outcome, &self.posts);
        outcome
    }
}

impl Hire {
    /// The person, of whom nothing else is known.
    fn person(&self, institution: usize) -> Option<Person> {
        let mut person = Person::new(
            Origin::NOWHERE,
            self.number()?,
            String::new(),
            institution,
            Employment::Establishment,
            PostCategory::Professional,
        );
        person.title = self.title;
        person.appointed = self.appointed;
        person.grade = self.grade;
        Some(person)
    }

    /// A number that nobody has: it begins with 0, which no place does.
    fn number(&self) -> Option<NationalId> {
        let sex = match self.sex {
            Sex::Male => 1,
            Sex::Female => 2,
        };
        let (year, month) = (self.birth.year(), self.birth.month());
        let begin = format!("000000{year:04}{month:02}0100{sex}");
        let mut ends = "0123456789X".chars();
        ends.find_map(|end| NationalId::read(&format!("{begin}{end}")).ok())
    }
}

/// Keeps for applications what is kept for them.
fn reserve(outcome: &mut Outcome, kept: &[Posts]) {
    for (result, own) in outcome.institutions.iter_mut().zip(kept) {
        for pool in Pool::ALL {
            let reserved = match pool.level() {
                Some(level) => own.level(level).reserved,
                None => own.directed.reserved,
            };
            result.posts.reserve(*pool, reserved);
        }
    }
    for (forecast, own) in outcome.forecast.iter_mut().zip(kept) {
        for (_, levels) in &mut forecast.months {
            for (level, outlook) in Level::ALL.iter().zip(levels) {
                let reserved = own.level(*level).reserved;
                outlook.vacant = outlook.vacant.map(|vacant| (vacant - reserved).max(0));
            }
        }
    }
}
