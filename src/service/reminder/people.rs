//! Who is told: accounts by office and place, and how each of them wants it.

use super::super::ServiceError;
use crate::domain::account::State;
use crate::domain::record::Id;
use crate::domain::record_id::{AccountId, PersonId};
use crate::domain::reminder::{Audience, Event, Holder};
use crate::domain::rights::{Authority, Capacity, Locus, Office, Role, Tier};
use crate::domain::time::Date;
use crate::store::preference::{self, Preference};
use crate::store::webhook::{self, Webhook};
use crate::store::{Reader, account, locus};
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

/// Everybody who acts for an office, and the robots. People who see their own file only are
/// looked up where they are needed: there are too many of them.
pub struct Directory {
    officials: Vec<Official>,
    active: HashSet<AccountId>,
    robots: Vec<(Webhook, Locus)>,
    /// How people want to be told, once it was asked.
    preferences: Mutex<HashMap<AccountId, Preference>>,
}

struct Official {
    account: AccountId,
    capacity: Capacity,
    /// Where the institution of a clerk lies.
    home: Locus,
}

/// The accounts of some people.
pub type Staff = HashMap<PersonId, Vec<AccountId>>;

impl Directory {
    /// Loads it as it is today.
    pub async fn load(reader: &mut Reader, today: Date) -> Result<Self, ServiceError> {
        let mut officials = Vec::new();
        let mut active = HashSet::new();
        for (held, state) in account::officials(reader).await? {
            if state != State::Active {
                continue;
            }
            let home = match held.capacity {
                Capacity::InstitutionHr { institution } => {
                    locus::of_institution(reader, institution, today).await?
                }
                _ => Locus::default(),
            };
            active.insert(held.account);
            officials.push(Official {
                account: held.account,
                capacity: held.capacity,
                home,
            });
        }
        let mut robots = Vec::new();
        for robot in webhook::all(reader).await? {
            let place = match robot.institution {
                Some(id) => locus::of_institution(reader, id, today).await?,
                None => Locus::default(),
            };
            robots.push((robot, place));
        }
        Ok(Self {
            officials,
            active,
            robots,
            preferences: Mutex::default(),
        })
    }

    /// Whether somebody who acts for an office can be told.
    pub fn is_active(&self, account: AccountId) -> bool {
        self.active.contains(&account)
    }

    /// The accounts of people for their own file.
    pub async fn staff(
        &self,
        reader: &mut Reader,
        people: HashSet<PersonId>,
    ) -> Result<Staff, ServiceError> {
        let mut staff = Staff::new();
        if people.is_empty() {
            return Ok(staff);
        }
        let people: Vec<PersonId> = people.into_iter().collect();
        for (held, state) in account::of_people(reader, &people).await? {
            if let (State::Active, Capacity::Staff { person, .. }) = (state, &held.capacity) {
                staff.entry(*person).or_default().push(held.account);
            }
        }
        Ok(staff)
    }

    /// The accounts of an audience for something that lies somewhere.
    pub fn accounts(
        &self,
        audience: Audience,
        event: &Event,
        place: &Locus,
        staff: &Staff,
    ) -> Vec<AccountId> {
        match audience {
            Audience::Person => event
                .person
                .and_then(|person| staff.get(&person).cloned())
                .unwrap_or_default(),
            Audience::Institution => self.clerks(event, place),
            Audience::Consortium => self.office(Office::ConsortiumHr, place),
            Audience::CountyEstablishment => self.office(Office::CountyEstablishment, place),
            Audience::CountyPosts => self.office(Office::CountyHumanResources, place),
            Audience::CountyHealth => self.office(Office::CountyHealth, place),
            Audience::Holder => match event.holder {
                Some(Holder::Person) => self.accounts(Audience::Person, event, place, staff),
                Some(Holder::Institution) => self.clerks(event, place),
                Some(Holder::Office(office)) => self.office(office, place),
                None => Vec::new(),
            },
            Audience::Superior => self.above(event.holder, place),
        }
    }

    /// Clerks of an institution and of those above; of what is about an area those of all
    /// institutions there.
    fn clerks(&self, event: &Event, place: &Locus) -> Vec<AccountId> {
        if !place.institutions.is_empty() {
            return self.office(Office::InstitutionHr, place);
        }
        let inside = |official: &&Official| {
            let here = Option::zip(official.home.area, event.area);
            official.capacity.role() == Role::InstitutionHr
                && here.is_some_and(|(own, area)| own.is_within(area))
        };
        let clerks = self.officials.iter().filter(inside);
        clerks.map(|official| official.account).collect()
    }

    fn office(&self, office: Office, place: &Locus) -> Vec<AccountId> {
        let here = self.officials.iter().filter(|official| {
            let own = &official.capacity;
            own.office() == office && own.scope().covers(place)
        });
        here.map(|official| official.account).collect()
    }

    /// Those above whoever has to act: the community of an institution, or the county where
    /// it is in none; of a county's authority that of the city.
    fn above(&self, holder: Option<Holder>, place: &Locus) -> Vec<AccountId> {
        let city = |authority| Office::of_reviewer(authority, Tier::City);
        match holder {
            None => Vec::new(),
            Some(Holder::Person) => self.office(Office::InstitutionHr, place),
            Some(Holder::Institution) => {
                let lead = self.office(Office::ConsortiumHr, place);
                match lead.is_empty() {
                    true => self.office(Office::CountyHealth, place),
                    false => lead,
                }
            }
            Some(Holder::Office(office)) => match office {
                Office::ConsortiumHr => self.office(Office::CountyHealth, place),
                Office::CountyEstablishment => self.office(city(Authority::Establishment), place),
                Office::CountyHumanResources => self.office(city(Authority::HumanResources), place),
                Office::CountyHealth => self.office(city(Authority::Health), place),
                Office::CountyDrugRegulator => self.office(city(Authority::DrugRegulator), place),
                _ => Vec::new(),
            },
        }
    }

    /// How an account wants to be told.
    pub async fn preference(
        &self,
        reader: &mut Reader,
        account: AccountId,
    ) -> Result<Preference, ServiceError> {
        let known = {
            let held = self.preferences.lock();
            let held = held.unwrap_or_else(PoisonError::into_inner);
            held.get(&account).cloned()
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let found = preference::find(reader, account).await?;
        let held = self.preferences.lock();
        let mut held = held.unwrap_or_else(PoisonError::into_inner);
        // people who see their own file only are asked for once anyway
        if self.is_active(account) {
            held.insert(account, found.clone());
        }
        Ok(found)
    }

    /// The robots that are told what lies somewhere.
    pub fn robots(&self, place: &Locus) -> Vec<Id<Webhook>> {
        let here = self.robots.iter().filter(|(robot, own)| {
            let area = robot
                .area
                .is_none_or(|area| place.area.is_some_and(|code| code.is_within(area)));
            let institution = robot.institution.is_none_or(|id| {
                place.institutions.contains(&id) && own.institutions.contains(&id)
            });
            area && institution
        });
        here.map(|(robot, _)| robot.id).collect()
    }
}

impl Directory {
    /// Whether a capacity belongs to an audience.
    pub fn holds(
        &self,
        capacity: &Capacity,
        audience: Audience,
        event: &Event,
        place: &Locus,
    ) -> bool {
        let office = |wanted: Office| capacity.office() == wanted && capacity.scope().covers(place);
        match audience {
            Audience::Person => match capacity {
                Capacity::Staff { person, .. } => event.person == Some(*person),
                _ => false,
            },
            Audience::Institution => office(Office::InstitutionHr),
            Audience::Consortium => office(Office::ConsortiumHr),
            Audience::CountyEstablishment => office(Office::CountyEstablishment),
            Audience::CountyPosts => office(Office::CountyHumanResources),
            Audience::CountyHealth => office(Office::CountyHealth),
            Audience::Holder => match event.holder {
                Some(Holder::Institution) => office(Office::InstitutionHr),
                Some(Holder::Office(own)) => office(own),
                Some(Holder::Person) | None => false,
            },
            Audience::Superior => false,
        }
    }
}
