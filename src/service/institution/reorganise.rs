//! Institutions split, merge and convert: on one day, in one write, the new ones begin, the
//! people go over with their careers, and the old ones end. What is not said is refused:
//! nobody is left behind, and no station hangs in the air.

use super::{check_new, file_of, make, tell_of};
use crate::domain::employment::{Employed, Shared};
use crate::domain::establishment::Decision;
use crate::domain::institution::{
    ApprovedPosts, Institution, Profile, Succession, SuccessionManner,
};
use crate::domain::leader::Term;
use crate::domain::post::PlannedPosts;
use crate::domain::record::{Id, Validity, Version, When};
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::service::Spell;
use crate::domain::sound::{check_text, check_validity};
use crate::domain::staff::Person;
use crate::domain::team::{Membership, Team};
use crate::domain::time::{Date, Timestamp};
use crate::service::record::{Doing, Owner, Shown, check_reason, stop, unless_refused};
use crate::service::{Office, ServiceError};
use crate::store::change::Recording;
use crate::store::dated::{self, Dated, Of, Statement};
use crate::store::{
    Reader, StoreError, Tx, Write, account, employment, institution, locus, subject,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What is to become of some institutions.
#[derive(Clone, Debug)]
pub struct Reorganisation<'a> {
    pub manner: SuccessionManner,
    /// The first day of the new order.
    pub on: Date,
    /// Number of the document (文号).
    pub document: &'a str,
    /// The institutions that it is done to, as they were seen.
    pub old: Vec<(InstitutionId, Version)>,
    /// What comes of them.
    pub new: Vec<Successor>,
    /// Who goes where, by position in `new`. Where there is one alone, all go there.
    pub people: HashMap<PersonId, usize>,
    /// The same for the institutions directly below.
    pub houses: HashMap<InstitutionId, usize>,
    pub reason: Option<&'a str>,
}

/// An institution that comes of others.
#[derive(Clone, Debug)]
pub enum Successor {
    Made {
        code: String,
        profile: Box<Profile>,
    },
    /// It is there already: it takes another in, or is what remains of a split.
    There {
        id: InstitutionId,
        seen: Version,
    },
}

pub use crate::store::account::Clerk;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reorganised {
    /// In the order of [`Reorganisation::new`].
    pub new: Vec<InstitutionId>,
    pub people: usize,
    pub houses: usize,
    /// Whose office was for an institution that ended.
    pub clerks: Vec<Clerk>,
}

/// Splits, merges or converts.
pub async fn reorganise(
    office: &Office,
    actor: &Actor,
    plan: &Reorganisation<'_>,
    now: Timestamp,
) -> Result<Reorganised, ServiceError> {
    let mut houses: BTreeSet<InstitutionId> = plan.old.iter().map(|(id, _)| *id).collect();
    houses.extend(plan.new.iter().filter_map(Successor::existing));
    let doing = Doing {
        office,
        actor,
        action: Action::ReorganiseInstitution,
        now,
        houses: houses.into_iter().collect(),
    };
    let done = office.store.write(Reorganise { doing, plan }).await;
    done.map_err(super::code_taken)
}

impl Successor {
    const fn existing(&self) -> Option<InstitutionId> {
        match self {
            Self::There { id, .. } => Some(*id),
            Self::Made { .. } => None,
        }
    }
}

struct Reorganise<'a> {
    doing: Doing<'a>,
    plan: &'a Reorganisation<'a>,
}

/// An old institution with everything that has to find a new place.
struct Old {
    id: InstitutionId,
    code: String,
    profile: Profile,
    staff: Vec<Dated<Employed>>,
    below: Vec<InstitutionId>,
}

/// A new institution.
struct New {
    id: InstitutionId,
    code: String,
    profile: Profile,
}

impl Write for Reorganise<'_> {
    type Out = Reorganised;
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.doing.houses.clone()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Reorganised, ServiceError> {
        self.admit(tx).await?;
        let plan = self.plan;
        let mut old = Vec::new();
        for (id, _) in &plan.old {
            old.push(self.old(tx, *id).await?);
        }
        self.check(tx, &old).await?;
        let reason = plan.reason.or(Some(plan.document));
        let mut recording = self.doing.begin(tx, reason).await?;
        let new = self.begin_new(tx, &mut recording).await?;
        let mut moved = BTreeSet::new();
        let mut houses = 0;
        for one in &old {
            self.succeed(tx, &mut recording, one, &new).await?;
            let teams = self.teams(tx, &mut recording, one, &new).await?;
            for row in &one.staff {
                let target = self.target(&plan.people, &row.subject, &new)?;
                if target.id == one.id {
                    continue;
                }
                self.employ(tx, &mut recording, row, target).await?;
                if moved.insert(row.subject) {
                    let mut move_ = Move {
                        tx,
                        recording: &mut recording,
                        person: row.subject,
                        on: plan.on,
                        old: one,
                        new: target,
                    };
                    move_.career(&teams).await?;
                }
            }
            for house in &one.below {
                let target = self.target(&plan.houses, house, &new)?;
                if target.id != one.id {
                    self.hang(tx, &mut recording, *house, &one.code, target)
                        .await?;
                    houses += 1;
                }
            }
            if !self.remains(one.id) {
                end_institution(tx, &mut recording, one.id, plan.on).await?;
            }
        }
        let people: Vec<PersonId> = moved.iter().copied().collect();
        subject::touch_all(tx, &people).await?;
        let clerks = self.clerks(tx).await?;
        self.tell_all(tx, &old, &new, &people, &recording).await?;
        Ok(Reorganised {
            new: new.iter().map(|one| one.id).collect(),
            people: people.len(),
            houses,
            clerks,
        })
    }
}

impl Reorganise<'_> {
    /// The right at every old and every new institution, and that they are as they were
    /// seen.
    async fn admit(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let Self { doing, plan } = self;
        let today = doing.now.shanghai_day();
        let there = plan.new.iter().filter_map(|one| match one {
            Successor::There { id, seen } => Some((*id, *seen)),
            Successor::Made { .. } => None,
        });
        let all: BTreeMap<_, _> = plan.old.iter().copied().chain(there).collect();
        for (id, seen) in all {
            let file = Institution::file(tx, id, today).await?;
            permit(doing.actor, doing.action, &file.subject)?;
            subject::touch(tx, id, seen).await?;
        }
        for one in &plan.new {
            if let Successor::Made { profile, .. } = one {
                let locus = locus::of_profile(tx, None, profile, today).await?;
                permit(doing.actor, doing.action, &Subject::Place(locus))?;
            }
        }
        Ok(())
    }

    async fn old(&self, tx: &mut Tx, id: InstitutionId) -> Result<Old, ServiceError> {
        let on = self.plan.on;
        let these = [id];
        let profiles = dated::at::<Profile>(tx, Of::These(&these), When::on(on)).await?;
        let profile = profiles.into_iter().next();
        let profile = profile.ok_or(Refusal::NotThereYet { field: "on" })?.fact;
        let codes = subject::codes(tx, &these).await?;
        Ok(Old {
            id,
            code: codes.get(&id).cloned().unwrap_or_default(),
            profile,
            staff: employment::from_day(tx, id, on).await?,
            below: institution::children(tx, id, on).await?,
        })
    }

    /// The clerks of institutions that end. None of them becomes a clerk of what comes of it:
    /// that may be a larger house, and rights are granted by administrators alone.
    async fn clerks(&self, reader: &mut Reader) -> Result<Vec<Clerk>, ServiceError> {
        let mut clerks = Vec::new();
        for (id, _) in self.plan.old.iter().filter(|(id, _)| !self.remains(*id)) {
            clerks.extend(account::clerks(reader, *id).await?);
        }
        Ok(clerks)
    }

    /// Whether an old institution is among the new ones.
    fn remains(&self, id: InstitutionId) -> bool {
        let mut new = self.plan.new.iter();
        new.any(|one| one.existing() == Some(id))
    }

    async fn check(&self, reader: &mut Reader, old: &[Old]) -> Result<(), ServiceError> {
        let plan = self.plan;
        let mut out = check_validity(Validity::from(plan.on));
        check_text("document", plan.document, 200, &mut out);
        out.extend(check_reason(plan.reason, false));
        out.extend(self.check_shape());
        let mut codes = BTreeSet::new();
        for one in &plan.new {
            if let Successor::Made { code, profile } = one {
                out.extend(check_new(reader, code, profile).await?);
                if !codes.insert(code) {
                    out.push(Refusal::CodeTaken);
                }
            }
        }
        out.extend(self.check_targets(old));
        unless_refused(out)
    }

    /// How many of what, by manner.
    fn check_shape(&self) -> Vec<Refusal> {
        let plan = self.plan;
        let made = |one: &Successor| one.existing().is_none();
        let ids: BTreeSet<_> = plan.old.iter().map(|(id, _)| *id).collect();
        let there: Vec<_> = plan.new.iter().filter_map(Successor::existing).collect();
        let there_once: BTreeSet<_> = there.iter().copied().collect();
        let (old, new) = (plan.old.len(), plan.new.len());
        let fits = match plan.manner {
            SuccessionManner::Conversion => old == 1 && new == 1 && plan.new.iter().all(made),
            SuccessionManner::Merger => {
                let takes_in = there.iter().all(|id| !ids.contains(id));
                new == 1 && takes_in && (old > 1 || (old == 1 && !there.is_empty()))
            }
            SuccessionManner::Split => {
                let splits_off = there.iter().all(|id| ids.contains(id));
                old == 1 && new > 1 && splits_off
            }
        };
        if fits && ids.len() == old && there_once.len() == there.len() {
            Vec::new()
        } else {
            vec![Refusal::BadReorganisation { field: "manner" }]
        }
    }

    /// Everybody and everything below has a place, and nobody else is named.
    fn check_targets(&self, old: &[Old]) -> Vec<Refusal> {
        let plan = self.plan;
        let mut out = Vec::new();
        let there = |at: &usize| *at < plan.new.len();
        let staff: BTreeSet<PersonId> = old
            .iter()
            .flat_map(|one| one.staff.iter().map(|row| row.subject))
            .collect();
        let below: BTreeSet<InstitutionId> =
            old.iter().flat_map(|one| &one.below).copied().collect();
        if !plan
            .people
            .iter()
            .all(|(id, at)| staff.contains(id) && there(at))
        {
            out.push(Refusal::NoSuchThing { field: "people" });
        }
        if !plan
            .houses
            .iter()
            .all(|(id, at)| below.contains(id) && there(at))
        {
            out.push(Refusal::NoSuchThing { field: "houses" });
        }
        if plan.new.len() == 1 {
            return out;
        }
        let count = |left: usize| u32::try_from(left).unwrap_or(u32::MAX);
        let left = staff
            .iter()
            .filter(|id| !plan.people.contains_key(id))
            .count();
        if left > 0 {
            out.push(Refusal::StaffLeft { count: count(left) });
        }
        let left = below
            .iter()
            .filter(|id| !plan.houses.contains_key(id))
            .count();
        if left > 0 {
            out.push(Refusal::HousesLeft { count: count(left) });
        }
        out
    }

    /// Where somebody or something goes.
    fn target<'n, S>(
        &self,
        named: &HashMap<Id<S>, usize>,
        id: &Id<S>,
        new: &'n [New],
    ) -> Result<&'n New, ServiceError> {
        let at = named.get(id).copied().unwrap_or(0);
        new.get(at).ok_or(ServiceError::NotFound)
    }

    /// Makes the new institutions, and loads those that are there.
    async fn begin_new(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
    ) -> Result<Vec<New>, ServiceError> {
        let on = self.plan.on;
        let mut new = Vec::new();
        for one in &self.plan.new {
            new.push(match one {
                Successor::Made { code, profile } => New {
                    id: make(tx, recording, code, profile, on).await?,
                    code: code.clone(),
                    profile: profile.as_ref().clone(),
                },
                Successor::There { id, .. } => {
                    let old = self.old(tx, *id).await?;
                    New {
                        id: *id,
                        code: old.code,
                        profile: old.profile,
                    }
                }
            });
        }
        Ok(new)
    }

    /// Whence the new ones come; and what a converted one keeps: it is the same house with
    /// the same numbers until somebody decides otherwise.
    async fn succeed(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
        old: &Old,
        new: &[New],
    ) -> Result<(), ServiceError> {
        let plan = self.plan;
        for one in new.iter().filter(|one| one.id != old.id) {
            let succession = Succession {
                predecessor: old.id,
                manner: plan.manner,
                document: Some(plan.document.to_owned()),
            };
            let slot = old.id.to_string();
            state(tx, recording, one.id, slot, succession, plan.on, None).await?;
            if plan.manner == SuccessionManner::Conversion {
                carry::<Decision>(tx, recording, old.id, one.id, plan.on).await?;
                carry::<ApprovedPosts>(tx, recording, old.id, one.id, plan.on).await?;
                carry::<PlannedPosts>(tx, recording, old.id, one.id, plan.on).await?;
            }
        }
        Ok(())
    }

    /// Takes the teams over where all go to one place: the new slot of each. Divided, they
    /// have to be formed anew.
    async fn teams(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
        old: &Old,
        new: &[New],
    ) -> Result<HashMap<String, String>, ServiceError> {
        let mut slots = HashMap::new();
        let [only] = new else {
            return Ok(slots);
        };
        let these = [old.id];
        let when = When::on(self.plan.on);
        let teams = dated::at::<Team>(tx, Of::These(&these), when).await?;
        let taken = dated::history::<Team>(tx, only.id).await?;
        let numbers = taken.iter().filter_map(|row| row.slot.parse::<u32>().ok());
        let mut next = numbers.max().map_or(0, |last| last.saturating_add(1));
        for row in teams {
            let slot = format!("{next:04}");
            next = next.saturating_add(1);
            let until = row.validity.until;
            let name = slot.clone();
            state(tx, recording, only.id, name, row.fact, self.plan.on, until).await?;
            slots.insert(row.slot, slot);
        }
        Ok(slots)
    }

    async fn employ(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
        row: &Dated<Employed>,
        target: &New,
    ) -> Result<(), ServiceError> {
        let fact = Employed {
            institution: target.id,
            ..row.fact.clone()
        };
        let on = row.validity.from.max(self.plan.on);
        let until = row.validity.until;
        state(tx, recording, row.subject, String::new(), fact, on, until).await?;
        Ok(())
    }

    /// Hangs an institution below its new one.
    async fn hang(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
        house: InstitutionId,
        old_code: &str,
        target: &New,
    ) -> Result<(), ServiceError> {
        let rows = dated::standing::<Profile>(tx, house).await?;
        let on = self.plan.on;
        let later = rows
            .into_iter()
            .filter(|row| row.validity.until.is_none_or(|end| end > on));
        for row in later.filter(|row| row.fact.parent.as_deref() == Some(old_code)) {
            let profile = Profile {
                parent: Some(target.code.clone()),
                ..row.fact
            };
            let from = row.validity.from.max(on);
            let until = row.validity.until;
            state(tx, recording, house, String::new(), profile, from, until).await?;
        }
        subject::touch_all(tx, &[house]).await?;
        Ok(())
    }

    /// One event for every institution and for everybody who went over.
    async fn tell_all(
        &self,
        tx: &mut Tx,
        old: &[Old],
        new: &[New],
        people: &[PersonId],
        recording: &Recording,
    ) -> Result<(), ServiceError> {
        let Self { doing, plan } = self;
        let list = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let after = json!({
            "manner": plan.manner.key(),
            "on": plan.on.to_string(),
            "document": plan.document,
            "old": list(old.iter().map(|one| one.code.as_str()).collect()),
            "new": list(new.iter().map(|one| one.code.as_str()).collect()),
        });
        let today = doing.now.shanghai_day();
        let mut told = BTreeSet::new();
        let ids = old
            .iter()
            .map(|one| one.id)
            .chain(new.iter().map(|one| one.id));
        for id in ids {
            if told.insert(id) {
                let mut locus = locus::of_institution(tx, id, today).await?;
                locus.institutions.clear();
                let about = file_of(id, locus).about;
                tell_of(doing, tx, about, after.clone(), plan.reason, recording).await?;
            }
        }
        for person in people {
            let about = Person::file(tx, *person, plan.on).await?.about;
            tell_of(doing, tx, about, after.clone(), plan.reason, recording).await?;
        }
        Ok(())
    }
}

/// One person going over.
struct Move<'m, 't> {
    tx: &'m mut Tx,
    recording: &'m mut Recording,
    person: PersonId,
    on: Date,
    old: &'t Old,
    new: &'t New,
}

impl Move<'_, '_> {
    /// What of a career names the old house.
    async fn career(&mut self, teams: &HashMap<String, String>) -> Result<(), ServiceError> {
        self.spells().await?;
        self.memberships(teams).await?;
        self.shared().await?;
        self.terms().await?;
        Ok(())
    }

    async fn at<F: Shown<Subject = Person>>(&mut self) -> Result<Vec<Dated<F>>, StoreError> {
        let these = [self.person];
        dated::at::<F>(self.tx, Of::These(&these), When::on(self.on)).await
    }

    /// The spell that goes on at the old house ends, and goes on at the new one: months in
    /// a 卫生院 and in a 中心 are told apart.
    async fn spells(&mut self) -> Result<(), ServiceError> {
        let (old, new) = (&self.old.profile, &self.new.profile);
        if old.name == new.name && old.kind == new.kind {
            return Ok(());
        }
        let all = dated::history::<Spell>(self.tx, self.person).await?;
        let numbers = all.iter().filter_map(|row| row.slot.parse::<u32>().ok());
        let mut next = numbers.max().map_or(0, |last| last.saturating_add(1));
        let month = self.on.month();
        for row in self.at::<Spell>().await? {
            let open = row.fact.end.is_none() && row.fact.start < month;
            if !open || row.fact.employer.trim() != old.name.trim() {
                continue;
            }
            let kind = new.kind.unwrap_or(row.fact.kind);
            let ended = Spell {
                end: Some(month),
                ..row.fact.clone()
            };
            let begun = Spell {
                start: month,
                employer: new.name.clone(),
                kind,
                // of another kind, the place is read from the kind until somebody says it
                location: row.fact.location.filter(|_| kind == row.fact.kind),
                ..row.fact
            };
            let until = row.validity.until;
            let (person, on) = (self.person, self.on);
            state(self.tx, self.recording, person, row.slot, ended, on, until).await?;
            let slot = crate::store::service::slot(next as usize);
            next = next.saturating_add(1);
            state(self.tx, self.recording, person, slot, begun, on, until).await?;
        }
        Ok(())
    }

    async fn memberships(&mut self, teams: &HashMap<String, String>) -> Result<(), ServiceError> {
        let old = self.old.id;
        for row in self.at::<Membership>().await? {
            if row.fact.institution != old {
                continue;
            }
            let (person, on) = (self.person, self.on);
            stop::<Membership>(self.tx, self.recording, person, &row.slot, on).await?;
            if let Some(team) = teams.get(&row.fact.team) {
                let fact = Membership {
                    institution: self.new.id,
                    team: team.clone(),
                    leads: row.fact.leads,
                };
                let until = row.validity.until;
                state(
                    self.tx,
                    self.recording,
                    person,
                    team.clone(),
                    fact,
                    on,
                    until,
                )
                .await?;
            }
        }
        Ok(())
    }

    async fn shared(&mut self) -> Result<(), ServiceError> {
        let (old, new) = (self.old.id, self.new.id);
        let moved = |id: Option<InstitutionId>| id.map(|id| if id == old { new } else { id });
        for row in self.at::<Shared>().await? {
            let fact = Shared {
                establishment: moved(row.fact.establishment),
                manager: moved(row.fact.manager),
                workplace: moved(row.fact.workplace),
                ..row.fact
            };
            let (person, on, until) = (self.person, self.on, row.validity.until);
            state(self.tx, self.recording, person, row.slot, fact, on, until).await?;
        }
        Ok(())
    }

    /// Who led the old house leads none: the new one appoints its leaders.
    async fn terms(&mut self) -> Result<(), ServiceError> {
        let old = self.old.id;
        for row in self.at::<Term>().await? {
            if row.fact.institution == old {
                let (person, on) = (self.person, self.on);
                stop::<Term>(self.tx, self.recording, person, &row.slot, on).await?;
            }
        }
        Ok(())
    }
}

async fn state<F: Shown>(
    tx: &mut Tx,
    recording: &mut Recording,
    subject: Id<F::Subject>,
    slot: String,
    fact: F,
    on: Date,
    until: Option<Date>,
) -> Result<(), StoreError> {
    let statement = Statement {
        subject,
        slot,
        fact: Some(fact),
        on,
        until,
    };
    dated::state(tx, recording, statement).await.map(|_| ())
}

/// States of the new institution what held of the old one.
async fn carry<F: Shown<Subject = Institution>>(
    tx: &mut Tx,
    recording: &mut Recording,
    old: InstitutionId,
    new: InstitutionId,
    on: Date,
) -> Result<(), StoreError> {
    let these = [old];
    for row in dated::at::<F>(tx, Of::These(&these), When::on(on)).await? {
        state(
            tx,
            recording,
            new,
            row.slot,
            row.fact,
            on,
            row.validity.until,
        )
        .await?;
    }
    Ok(())
}

async fn end_institution(
    tx: &mut Tx,
    recording: &mut Recording,
    id: InstitutionId,
    on: Date,
) -> Result<(), StoreError> {
    end_all::<Profile>(tx, recording, id, on).await?;
    end_all::<Decision>(tx, recording, id, on).await?;
    end_all::<ApprovedPosts>(tx, recording, id, on).await?;
    end_all::<PlannedPosts>(tx, recording, id, on).await?;
    end_all::<Team>(tx, recording, id, on).await
}

/// Ends everything of a noun on a day, what begins later too.
pub(in crate::service) async fn end_all<F: Shown>(
    tx: &mut Tx,
    recording: &mut Recording,
    id: Id<F::Subject>,
    on: Date,
) -> Result<(), StoreError> {
    let rows = dated::standing::<F>(tx, id).await?;
    for row in rows {
        if row.validity.until.is_none_or(|until| until > on) {
            let from = row.validity.from.max(on);
            stop::<F>(tx, recording, id, &row.slot, from).await?;
        }
    }
    Ok(())
}
