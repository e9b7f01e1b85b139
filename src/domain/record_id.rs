//! Names for the identifiers that rights and accounts speak of.

use super::account::Account;
use super::audit::Event;
use super::institution::Institution;
use super::record::Id;
use super::recruitment::Plan as Recruitment;
use super::session::Session;
use super::staff::Person;

/// A capacity in which an account acts: only a name for its identifier.
#[derive(Debug)]
pub enum CapacityRecord {}
/// A medical consortium (医共体、医联体): only a name for its identifier.
#[derive(Debug)]
pub enum Consortium {}
/// An application (申报): only a name for its identifier.
#[derive(Debug)]
pub enum Application {}
/// A competition round (竞聘批次): only a name for its identifier.
#[derive(Debug)]
pub enum RoundRecord {}
/// An API token: only a name for its identifier.
#[derive(Debug)]
pub enum Token {}

/// Identifier of an account.
pub type AccountId = Id<Account>;
/// Identifier of a capacity in which an account acts.
pub type CapacityId = Id<CapacityRecord>;
/// Identifier of an institution; its code may change, the identifier does not.
pub type InstitutionId = Id<Institution>;
/// Identifier of a medical consortium.
pub type ConsortiumId = Id<Consortium>;
/// Identifier of a person.
pub type PersonId = Id<Person>;
/// Identifier of an application.
pub type ApplicationId = Id<Application>;
/// Identifier of a competition round.
pub type RoundId = Id<RoundRecord>;
/// Identifier of a plan of recruitment.
pub type RecruitmentId = Id<Recruitment>;
/// Identifier of a session.
pub type SessionId = Id<Session>;
/// Identifier of an API token.
pub type TokenId = Id<Token>;
/// Identifier of an event of the audit trail.
pub type EventId = Id<Event>;
