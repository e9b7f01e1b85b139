//! Who may do what to what. One pure function answers, [`permit`]; every service calls it
//! before it decides anything, and lists are narrowed by the scope that [`reach`] gives.
//!
//! The order of the questions is part of the answer: what lies outside the scope does not
//! exist for the actor (the caller answers "not found"), whatever the actor's rights are.

mod action;
mod capacity;
mod scope;
mod subject;

pub use action::{Action, Nature};
pub use capacity::{Authority, Capacity, Extent, Office, Offices, Role, Tier};
pub use scope::{Filter, Locus, Scope};
pub use subject::{AccountFile, Adoption, Case, Hand, Holding, Noun, PersonFile, Subject, Where};

use crate::domain::record_id::{AccountId, PersonId, SessionId, TokenId};

/// Who acts, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub account: AccountId,
    /// As the trail will name them.
    pub name: String,
    /// The person behind the account, whatever the capacity: nobody decides on themselves.
    pub person: Option<PersonId>,
    pub capacity: Capacity,
    pub assurance: Assurance,
    pub channel: Channel,
}

/// How sure we are that it is them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assurance {
    /// By password alone.
    Password,
    /// By password and second factor, or the installation does not ask for one.
    Full,
}

/// The way the request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A signed-in person.
    Session(SessionId),
    /// A program with a token, which may do less than its owner.
    Token { id: TokenId, natures: Natures },
    /// The command line of the machine itself. Whoever sits there holds the database and
    /// the keys already, so that no account is asked for.
    Command,
}

/// A set of natures: the scope of an API token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Natures(u16);

impl Natures {
    /// These natures; [`Nature::Oneself`] is left out, since no token carries it.
    pub fn new(natures: impl IntoIterator<Item = Nature>) -> Self {
        natures
            .into_iter()
            .filter(|nature| *nature != Nature::Oneself)
            .fold(Self::default(), |set, nature| Self(set.0 | bit(nature)))
    }

    /// Whether a nature is among them.
    pub const fn contain(self, nature: Nature) -> bool {
        self.0 & bit(nature) != 0
    }

    /// Them, in the order of [`Nature::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Nature> {
        let all = Nature::ALL.iter().copied();
        all.filter(move |nature| self.contain(*nature))
    }
}

const fn bit(nature: Nature) -> u16 {
    1 << nature.code()
}

/// An action was not permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    pub action: Action,
    pub why: Why,
}

/// Why an action was not permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The subject lies outside the scope: to the actor it does not exist.
    OutOfScope,
    /// The office does not hold the right.
    Office(Office),
    /// The second factor is missing.
    SecondFactor,
    /// The token is for less.
    Token(Nature),
    /// It is the actor's own file or application.
    OwnCase,
    /// The actor prepared what is to be decided.
    OwnPreparation,
    /// Administrators do not change their own account.
    OwnAccount,
}

impl Denied {
    /// Whether the refusal would give away that something exists; the caller answers "not
    /// found" then.
    pub const fn is_secret(&self) -> bool {
        matches!(self.why, Why::OutOfScope)
    }
}

/// Whether an actor may do something to something.
pub fn permit(actor: &Actor, action: Action, subject: &Subject) -> Result<(), Denied> {
    let because = |why| Denied { action, why };
    if !is_before(actor, action, subject) {
        return Err(because(Why::OutOfScope));
    }
    if !holds(actor, action, subject) {
        return Err(because(Why::Office(actor.capacity.office())));
    }
    means_suffice(actor, action).map_err(because)?;
    conflict(actor, action.nature(), subject).map_or(Ok(()), |why| Err(because(why)))
}

/// The scope that a list of what an action is done to must be narrowed to. An actor who
/// could do it to nothing at all is refused, so that no list answers with a silent zero.
pub fn reach(actor: &Actor, action: Action) -> Result<Scope, Denied> {
    let because = |why| Denied { action, why };
    let office = actor.capacity.office();
    if !action.offices().contain(office) {
        return Err(because(Why::Office(office)));
    }
    means_suffice(actor, action).map_err(because)?;
    Ok(actor.capacity.scope())
}

/// Whether the subject exists for the actor, as something this action is about. An action
/// asked of the wrong kind of subject is a slip in a program, and gets nothing.
fn is_before(actor: &Actor, action: Action, subject: &Subject) -> bool {
    if action.noun() != subject.noun() {
        return false;
    }
    match subject {
        Subject::Account(file) if action.nature() == Nature::Oneself => {
            file.account == actor.account
        }
        _ => subject.lies_in(&actor.capacity.scope()),
    }
}

/// Whether the office holds the right over this subject.
fn holds(actor: &Actor, action: Action, subject: &Subject) -> bool {
    let office = actor.capacity.office();
    action.offices().contain(office)
        && match (office, subject) {
            // a consortium decides only where the adopted route says so
            (Office::ConsortiumHr, Subject::Application(case)) => {
                action.nature() != Nature::Decide || case.decided_by_consortium
            }
            // clerks keep the accounts of their staff, and make nobody a clerk
            (Office::InstitutionHr | Office::ConsortiumHr, Subject::Account(file)) => {
                action.nature() != Nature::Administer || file.is_for_staff_only()
            }
            _ => true,
        }
}

/// Whether the way the actor came in is enough for the action.
fn means_suffice(actor: &Actor, action: Action) -> Result<(), Why> {
    let nature = action.nature();
    match actor.channel {
        Channel::Token { natures, .. } if !natures.contain(nature) => Err(Why::Token(nature)),
        _ if nature == Nature::Oneself || actor.assurance == Assurance::Full => Ok(()),
        _ if actor.capacity.role().needs_second_factor() => Err(Why::SecondFactor),
        _ => Ok(()),
    }
}

/// What stands between an actor and a subject although the right is there.
fn conflict(actor: &Actor, nature: Nature, subject: &Subject) -> Option<Why> {
    let own_case = actor.person.is_some() && actor.person == subject.person();
    let prepared = subject.hands().iter().any(|hand| actor.is_behind(hand));
    let own_account = matches!(subject, Subject::Account(file) if file.account == actor.account);
    match nature {
        Nature::Record | Nature::Recommend | Nature::Decide if own_case => Some(Why::OwnCase),
        Nature::Decide if prepared => Some(Why::OwnPreparation),
        Nature::Administer if own_account => Some(Why::OwnAccount),
        _ => None,
    }
}

/// The account of nobody: the first identifier there is, which none is given.
const NOBODY: AccountId = AccountId::from_uuid(uuid::Uuid::nil());

impl Actor {
    /// Somebody at the command line of the machine, as an administrator of all of it. `name`
    /// is how the machine knows them. They have no account: what only its owner may do to
    /// an account is not for them.
    pub fn at_the_machine(name: impl Into<String>) -> Self {
        Self {
            account: NOBODY,
            name: name.into(),
            person: None,
            capacity: Capacity::Administrator {
                extent: Extent::Everywhere,
            },
            assurance: Assurance::Full,
            channel: Channel::Command,
        }
    }

    /// The account that acts; `None` at the machine's command line.
    pub fn own_account(&self) -> Option<AccountId> {
        (self.account != NOBODY).then_some(self.account)
    }

    /// This actor as a hand in a matter.
    pub const fn hand(&self) -> Hand {
        Hand {
            account: self.account,
            person: self.person,
        }
    }

    fn is_behind(&self, hand: &Hand) -> bool {
        self.account == hand.account || (self.person.is_some() && self.person == hand.person)
    }
}

#[cfg(test)]
mod tests;
