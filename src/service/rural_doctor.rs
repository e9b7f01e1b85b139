//! Rural doctors: how their files begin, and lists of them. What is recorded of one is
//! written by [`record`](super::record).

pub use crate::store::rural_doctor::Wanted;

use super::land::{self, OfCounty};
use super::record::{self, Doing, File, Owner, told, unless_refused};
use super::staff::opened;
use super::{Office, ServiceError, listing};
use crate::domain::audit::About;
use crate::domain::ids::{AreaCode, NationalId, Sex};
use crate::domain::month::Month;
use crate::domain::page::{Asked, Page};
use crate::domain::record::{Id, Validity, Version, When};
use crate::domain::refusal::Refusal;
use crate::domain::register::{Origin, Register};
use crate::domain::rights::{Action, Actor, Scope, permit, reach};
use crate::domain::rural_doctor::{
    Examination, MedicalInsurance, Pension, PensionScheme, Profile, Registration, RuralDoctor,
    Subsidy,
};
use crate::domain::secret::SecretField;
use crate::domain::sound::{Sound, check_validity};
use crate::domain::time::{Date, Timestamp};
use crate::policy::model::CoverageStatus;
use crate::report::figures::{policy_text, table};
use crate::rules::figures::{CoverageLine, FindingLine, RuleLine, TableLine};
use crate::rules::rural_doctor::Situation;
use crate::store::dated::{self, Of, Statement};
use crate::store::register::{Vault as _, begins};
use crate::store::rural_doctor::{Listed, everyone, list as stored, subsidised, unpaid};
use crate::store::{Reader, StoreError, Tx, Write, locus, subject};
use std::collections::{HashMap, HashSet};

/// One rural doctor as lists and pages show them: the number masked.
#[derive(Clone, Debug, PartialEq)]
pub struct Doctor {
    pub id: Id<RuralDoctor>,
    pub version: Version,
    /// `1501**********1234`
    pub number: String,
    pub sex: Sex,
    pub birth: Month,
    pub profile: Profile,
}

fn number_of(office: &Office, listed: &Listed) -> Result<NationalId, StoreError> {
    let number = opened(office, listed.number.as_ref());
    number.ok_or_else(|| StoreError::Corrupt {
        table: "rural_doctor",
        column: "id_cipher".to_owned(),
        row: listed.id.to_string(),
    })
}

fn shown(listed: Listed, number: &NationalId) -> Doctor {
    Doctor {
        id: listed.id,
        version: listed.version,
        number: number.masked(),
        sex: number.sex(),
        birth: number.birth_month(),
        profile: listed.profile,
    }
}

/// A rural doctor whose file begins.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// The identity number in full.
    pub number: &'a str,
    pub profile: Profile,
    pub from: Date,
    pub reason: Option<&'a str>,
}

/// Begins the file of a rural doctor. A number that is recorded already is refused; of
/// whom is not said to those who may not see the file.
pub async fn create(
    office: &Office,
    actor: &Actor,
    new: &New<'_>,
    now: Timestamp,
) -> Result<(Id<RuralDoctor>, Version), ServiceError> {
    let doing = Doing {
        office,
        actor,
        action: Action::EditRuralDoctor,
        now,
        houses: Vec::new(),
    };
    let done = office.store.write(Create { doing, new }).await;
    done.map_err(|error| match error {
        // somebody else was quicker
        ServiceError::Store(StoreError::Constraint(name)) if name == "rural_doctor_id_hash" => {
            Refusal::NumberTaken { person: None }.into()
        }
        other => other,
    })
}

struct Create<'a> {
    doing: Doing<'a>,
    new: &'a New<'a>,
}

impl Write for Create<'_> {
    type Out = (Id<RuralDoctor>, Version);
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Self::Out, ServiceError> {
        let Self { doing, new } = self;
        let Doing { office, now, .. } = *doing;
        let locus = locus::of_rural_doctor(tx, &new.profile, now.shanghai_day()).await?;
        let nobody = Id::from_uuid(uuid::Uuid::nil());
        let subject_of = |id| record::rural_doctor_subject(id, locus.clone());
        permit(doing.actor, doing.action, &subject_of(nobody))?;
        let validity = Validity::from(new.from);
        let mut refusals = check_validity(validity);
        refusals.extend(new.profile.refusals());
        refusals.extend(record::check_reason(new.reason, false));
        let Ok(number) = NationalId::read(new.number) else {
            refusals.push(Refusal::BadIdNumber);
            return Err(refusals.into());
        };
        let hash = office.vault.hash(SecretField::NationalId, number.as_str());
        if subject::with_hash::<RuralDoctor>(tx, &hash)
            .await?
            .is_some()
        {
            refusals.push(Refusal::NumberTaken { person: None });
        }
        unless_refused(refusals)?;
        let mut recording = doing.begin(tx, new.reason).await?;
        let sealed = office.vault.seal(SecretField::NationalId, number.as_str());
        let id = subject::create_with_number(tx, &mut recording, sealed).await?;
        let statement = Statement {
            subject: id,
            slot: String::new(),
            fact: Some(new.profile.clone()),
            on: new.from,
            until: None,
        };
        dated::state(tx, &mut recording, statement).await?;
        let file = File {
            about: About {
                noun: RuralDoctor::NOUN.to_owned(),
                id: id.to_string(),
                area: locus.area,
                institution: locus.institutions.first().copied(),
            },
            subject: subject_of(id),
        };
        let after = told("", validity, &new.profile);
        doing
            .tell(tx, file, [None, Some(after)], new.reason, &recording)
            .await?;
        Ok((id, Version::FIRST))
    }
}

/// A rural doctor in the actor's scope as they are on a day.
pub async fn find(
    office: &Office,
    actor: &Actor,
    id: Id<RuralDoctor>,
    when: When,
    now: Timestamp,
) -> Result<Doctor, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let listed = found(&mut reader, actor, id, when, now).await?;
    let number = number_of(office, &listed)?;
    Ok(shown(listed, &number))
}

async fn found(
    reader: &mut Reader,
    actor: &Actor,
    id: Id<RuralDoctor>,
    when: When,
    now: Timestamp,
) -> Result<Listed, ServiceError> {
    let file = RuralDoctor::file(reader, id, now.shanghai_day()).await?;
    permit(actor, Action::ReadPerson, &file.subject)?;
    let version = subject::version(reader, id).await?;
    let these = [id];
    let rows = dated::at::<Profile>(reader, Of::These(&these), when).await?;
    let row = rows.into_iter().next().ok_or(ServiceError::NotFound)?;
    let number = subject::numbers(reader, &these).await?.remove(&id);
    Ok(Listed {
        id,
        version,
        number,
        profile: row.fact,
    })
}

/// What a list of rural doctors is asked for.
#[derive(Clone, Debug)]
pub struct Listing {
    pub wanted: Wanted,
    pub when: When,
    pub page: Asked,
}

/// The rural doctors of a day in the actor's scope, by name.
pub async fn list(
    office: &Office,
    actor: &Actor,
    asked: &Listing,
    now: Timestamp,
) -> Result<Page<Doctor>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let within = listing::within(&mut reader, actor, Action::ReadPerson, today).await?;
    let Listing { wanted, when, page } = asked;
    let (rows, total) = match within {
        // one's own file is that of a member of staff
        Some(within) if !within.is_own() => {
            stored(&mut reader, wanted, &within, *when, page).await?
        }
        _ => (Vec::new(), 0),
    };
    let page = Page::cut(rows, page, total, Listed::cursor);
    let items = page.items.into_iter().map(|one| {
        let number = number_of(office, &one)?;
        Ok(shown(one, &number))
    });
    Ok(Page {
        items: items.collect::<Result<_, StoreError>>()?,
        total: page.total,
        next: page.next,
    })
}

/// Where a rural doctor stands on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// What the decision tables of the county give, rule by rule; none = no rule that
    /// applies there speaks of rural doctors.
    pub tables: Vec<TableLine>,
    /// The pension scheme joined; `None` = not recorded.
    pub scheme: Option<PensionScheme>,
    pub registration: Option<Registration>,
    /// Whether any subsidy is recorded at all.
    pub subsidised: bool,
    /// Subsidies of months that have passed and were not paid, or not in full, by month.
    pub unpaid: Vec<Subsidy>,
}

/// A rural doctor, and where they stand on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub doctor: Doctor,
    pub standing: Standing,
}

impl Case {
    /// What there is to be judged by on the day.
    pub fn situation(&self, on: Date) -> Situation<'_> {
        Situation {
            on,
            birth: self.doctor.birth,
            profile: &self.doctor.profile,
            scheme: self.standing.scheme,
            registration: self.standing.registration.as_ref(),
            subsidised: self.standing.subsidised,
            unpaid: &self.standing.unpaid,
            tables: &self.standing.tables,
        }
    }
}

/// The rural doctors that somebody sees, and what the policies say of all of them.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// By name.
    pub cases: Vec<Case>,
    /// The share of the licensed by county, as its target says, for the counties that are
    /// seen as a whole.
    pub licensed: Vec<(AreaCode, FindingLine)>,
    /// Counties of which not everybody is recorded: the share is open.
    pub incomplete: Vec<AreaCode>,
    /// Who may register without an examination: nobody's file here says whether they may.
    pub registration: Vec<RuleLine>,
    /// Clauses about rural doctors that somebody has to judge.
    pub judged: Vec<CoverageLine>,
}

/// The rules by which these pages ask, as the policies name them.
const LICENSED: &str = "rural-doctor-licensed";
const REGISTRATION: &str = "rural-registration-without-exam";
/// The word by which a clause speaks of them.
const OF_THEM: &str = "乡村医生";

/// Every rural doctor in the actor's scope, and where they stand on a day.
pub async fn work(
    office: &Office,
    actor: &Actor,
    when: When,
    now: Timestamp,
) -> Result<Work, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let today = now.shanghai_day();
    let within = listing::within(&mut reader, actor, Action::ReadPerson, today).await?;
    let listed = match within {
        // one's own file is that of a member of staff
        Some(within) if !within.is_own() => {
            everyone(&mut reader, &Wanted::default(), &within, when).await?
        }
        _ => Vec::new(),
    };
    let judged = Judged::read(office, &mut reader, listed, when).await?;
    let begins = begins(&mut reader, when).await?;
    let sees = |county: AreaCode| match reach(actor, Action::ReadLedger) {
        Ok(Scope::Everywhere) => true,
        Ok(Scope::Area(area)) => county.is_within(area),
        _ => false,
    };
    let mut work = judged.said();
    for county in judged.counties.iter().filter(|one| sees(one.code)) {
        let begun = begins.of_area(Some(county.code));
        let findings = county.said.findings.iter();
        let lines = findings.filter_map(|one| county.said.line(one));
        let lines = lines.filter(|line| line.rule.rule == LICENSED);
        let lines: Vec<_> = lines.map(|line| (county.code, line)).collect();
        if begun.is_some_and(|begun| begun <= when.on) {
            work.licensed.extend(lines);
        } else if !lines.is_empty() {
            work.incomplete.push(county.code);
        }
    }
    work.cases = judged.cases;
    Ok(work)
}

/// Everything that is recorded of one rural doctor on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    pub case: Case,
    pub pension: Option<Pension>,
    pub medical: Option<MedicalInsurance>,
    /// Latest first.
    pub examinations: Vec<Examination>,
    /// Latest first.
    pub subsidies: Vec<Subsidy>,
}

/// A rural doctor in the actor's scope with all that holds of them on a day.
pub async fn whole(
    office: &Office,
    actor: &Actor,
    id: Id<RuralDoctor>,
    when: When,
    now: Timestamp,
) -> Result<Whole, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let listed = found(&mut reader, actor, id, when, now).await?;
    let judged = Judged::read(office, &mut reader, vec![listed], when).await?;
    let case = judged.cases.into_iter().next();
    let case = case.ok_or(ServiceError::NotFound)?;
    let (these, reader) = ([id], &mut reader);
    let of = Of::These(&these);
    let pension = dated::at::<Pension>(reader, of, when).await?;
    let medical = dated::at::<MedicalInsurance>(reader, of, when).await?;
    let sat = dated::at::<Examination>(reader, of, when).await?;
    let mut examinations: Vec<_> = sat.into_iter().map(|row| row.fact).collect();
    examinations.sort_by_key(|one| std::cmp::Reverse(one.year));
    let paid = dated::at::<Subsidy>(reader, of, when).await?;
    let mut subsidies: Vec<_> = paid.into_iter().map(|row| row.fact).collect();
    subsidies.sort_by_key(|one| std::cmp::Reverse(one.month));
    Ok(Whole {
        case,
        pension: pension.into_iter().next().map(|row| row.fact),
        medical: medical.into_iter().next().map(|row| row.fact),
        examinations,
        subsidies,
    })
}

/// Rural doctors with what the rules of their counties say.
struct Judged {
    cases: Vec<Case>,
    counties: Vec<OfCounty>,
}

impl Judged {
    async fn read(
        office: &Office,
        reader: &mut Reader,
        listed: Vec<Listed>,
        when: When,
    ) -> Result<Self, ServiceError> {
        let ids: Vec<_> = listed.iter().map(|one| one.id).collect();
        let mut pensions = land::pensions(reader, &ids, when).await?;
        let rows = dated::at::<Registration>(reader, Of::These(&ids), when).await?;
        let rows = rows.into_iter().map(|row| (row.subject, row.fact));
        let mut registrations: HashMap<_, _> = rows.collect();
        let subsidised: HashSet<_> = subsidised(reader, &ids, when).await?.into_iter().collect();
        let mut owed: HashMap<_, Vec<Subsidy>> = HashMap::new();
        for (id, subsidy) in unpaid(reader, &ids, when).await? {
            // that of a month is due when the month is over
            if subsidy.month < when.on.month() {
                owed.entry(id).or_default().push(subsidy);
            }
        }
        let (mut cases, mut rows) = (Vec::new(), Vec::new());
        for one in listed {
            let (id, number) = (one.id, number_of(office, &one)?);
            let doctor = shown(one, &number);
            let pension = pensions.remove(&id).map(|pension| pension.scheme);
            let standing = Standing {
                tables: Vec::new(),
                scheme: pension.or(doctor.profile.pension),
                registration: registrations.remove(&id),
                subsidised: subsidised.contains(&id),
                unpaid: owed.remove(&id).unwrap_or_default(),
            };
            rows.push(row(number, &doctor.profile, standing.scheme));
            cases.push(Case { doctor, standing });
        }
        let register = Register {
            rural_doctors: rows,
            ..Register::default()
        };
        let counties = land::judge(office, reader, &register, when).await?;
        for grouped in counties.iter().map(|one| &one.said.grouped) {
            let plan = &grouped.ruled.plan;
            let results = grouped.assessment.rural_doctors.iter();
            for (results, at) in results.zip(&grouped.rural_doctors) {
                if let Some(case) = cases.get_mut(*at) {
                    let lines = results.iter().filter_map(|one| table(plan, one));
                    case.standing.tables = lines.collect();
                }
            }
        }
        Ok(Self { cases, counties })
    }

    /// What the policies of the counties say of all of them, each clause once.
    fn said(&self) -> Work {
        let mut out = Work::default();
        let plans = self.counties.iter().map(|one| &one.said.grouped.ruled.plan);
        let mut policies: Vec<_> = plans
            .flat_map(|plan| {
                let texts = plan.policies.iter();
                texts.map(|policy| (policy.id.clone(), policy_text(policy, &plan.facts)))
            })
            .collect();
        policies.sort_by(|(a, _), (b, _)| a.cmp(b));
        policies.dedup_by(|(a, _), (b, _)| a == b);
        for (_, text) in policies {
            let rules = text.rules.into_iter().map(|rule| rule.line);
            let rules = rules.filter(|line| line.rule == REGISTRATION);
            out.registration.extend(rules);
            let clauses = text.coverage.into_iter();
            let judged = CoverageStatus::Judgement.key();
            let clauses = clauses.filter(|one| one.status == judged && one.quote.contains(OF_THEM));
            out.judged.extend(clauses);
        }
        out
    }
}

/// A row as the rules read it.
fn row(number: NationalId, profile: &Profile, pension: Option<PensionScheme>) -> RuralDoctor {
    RuralDoctor {
        origin: Origin::NOWHERE,
        id: number,
        name: profile.name.clone(),
        area: profile.area,
        clinic: profile.clinic.clone(),
        qualification: profile.qualification,
        labour_relation: profile.labour_relation,
        on_establishment: profile.on_establishment,
        pension,
    }
}
