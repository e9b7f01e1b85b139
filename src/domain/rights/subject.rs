//! What an action is done to, with the facts that rights depend on and no others.

use super::capacity::Role;
use super::scope::{Locus, Scope};
use crate::domain::ids::AreaCode;
use crate::domain::label::labelled;
use crate::domain::record_id::{AccountId, PersonId};

labelled! {
    /// Kinds of subjects. Every action is about exactly one.
    pub enum Noun {
        Installation = "系统" / "installation",
        Common = "公共内容" / "common",
        Place = "机构与区域" / "place",
        Person = "人员" / "person",
        Application = "申报" / "application",
        Notice = "公示" / "notice",
        Adoption = "政策采用" / "adoption",
        Account = "账号" / "account",
        Trail = "审计记录" / "trail",
    }
}

/// Somebody who had a hand in the matter before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    pub account: AccountId,
    /// The person behind the account, so that a second account is the same hand.
    pub person: Option<PersonId>,
}

/// The file of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFile {
    pub person: PersonId,
    /// Where the person is employed (编制和岗位所在), wherever they are sent to.
    pub locus: Locus,
}

/// An application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub applicant: PersonId,
    /// The institution that recommends.
    pub locus: Locus,
    /// Those who recommended it.
    pub recommended_by: Vec<Hand>,
    /// The adopted route lets the consortium decide and file for the record.
    pub decided_by_consortium: bool,
}

/// Somebody proposes that a place adopts a policy, or adopts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    pub area: AreaCode,
    pub proposed_by: Option<Hand>,
}

/// An account with what it may be used for, including what it is about to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountFile {
    pub account: AccountId,
    pub capacities: Vec<Holding>,
}

/// One capacity of an account, seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub role: Role,
    pub extent: Where,
}

/// Somewhere, or the installation as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    Everywhere,
    At(Locus),
}

/// What an action is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Settings, schedules, keys, backups.
    Installation,
    /// What every account may see: the policies that are shipped, the grid of rights.
    Common,
    /// An institution, a consortium or an area, with its establishment, plans and figures.
    Place(Locus),
    Person(PersonFile),
    Application(Case),
    /// A public notice inside the house (公示).
    Notice(Locus),
    Adoption(Adoption),
    Account(AccountFile),
    /// Events of the audit trail about something somewhere.
    Trail(Where),
}

impl Subject {
    /// Its kind.
    pub const fn noun(&self) -> Noun {
        match self {
            Self::Installation => Noun::Installation,
            Self::Common => Noun::Common,
            Self::Place(_) => Noun::Place,
            Self::Person(_) => Noun::Person,
            Self::Application(_) => Noun::Application,
            Self::Notice(_) => Noun::Notice,
            Self::Adoption(_) => Noun::Adoption,
            Self::Account(_) => Noun::Account,
            Self::Trail(_) => Noun::Trail,
        }
    }

    /// Whose file or case it is.
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person(file) => Some(file.person),
            Self::Application(case) => Some(case.applicant),
            _ => None,
        }
    }

    /// Those who prepared what is to be decided.
    pub fn hands(&self) -> &[Hand] {
        match self {
            Self::Application(case) => &case.recommended_by,
            Self::Adoption(adoption) => adoption.proposed_by.as_slice(),
            _ => &[],
        }
    }

    /// Whether it lies in a scope. One's own account is not asked about here.
    pub fn lies_in(&self, scope: &Scope) -> bool {
        match self {
            Self::Installation => *scope == Scope::Everywhere,
            Self::Common => true,
            Self::Place(locus) => scope.covers(locus),
            Self::Person(file) => scope.covers_person(file.person, &file.locus),
            Self::Application(case) => scope.covers_person(case.applicant, &case.locus),
            Self::Notice(locus) => scope.covers_notices(locus),
            Self::Adoption(adoption) => scope.covers(&Locus::area(adoption.area)),
            Self::Account(file) => file.lies_in(scope),
            Self::Trail(extent) => extent.lies_in(scope),
        }
    }
}

impl AccountFile {
    /// All of its capacities lie inside: who keeps one county may not touch an account
    /// that also reaches beyond it.
    fn lies_in(&self, scope: &Scope) -> bool {
        match self.capacities.as_slice() {
            [] => *scope == Scope::Everywhere,
            capacities => capacities.iter().all(|held| held.extent.lies_in(scope)),
        }
    }

    /// It can be used for a person's own file only.
    pub fn is_for_staff_only(&self) -> bool {
        self.capacities.iter().all(|held| held.role == Role::Staff)
    }
}

impl Where {
    fn lies_in(&self, scope: &Scope) -> bool {
        match self {
            Self::Everywhere => *scope == Scope::Everywhere,
            Self::At(locus) => scope.covers(locus),
        }
    }
}
