//! Other people's accounts: who has one, as what, and what is done to it.

use super::Tag;
use super::page;
use super::session::Held;
use super::single::{Changed, Made, Single, seen, tag};
use crate::domain::account::{self as domain, Change, State};
use crate::domain::ids::AreaCode;
use crate::domain::record_id::{AccountId, CapacityId, InstitutionId, PersonId};
use crate::domain::rights::{Authority, Capacity, Extent, Role, Tier};
use crate::http::body::Body;
use crate::http::caller::Caller;
use crate::http::problem::{Failure, Flaw, words};
use crate::http::scalar::{Text, Word};
use crate::service::account::{self, Doing, Invitation};
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub struct Api;

/// An account.
#[derive(Debug, Object)]
struct Account {
    id: Text<AccountId>,
    version: i64,
    user_name: String,
    name: String,
    #[oai(skip_serializing_if_is_none)]
    person: Option<Text<PersonId>>,
    state: Word<State>,
    /// A second factor is set up.
    second_factor: bool,
    /// As what it may act; null in lists.
    #[oai(skip_serializing_if_is_none)]
    capacities: Option<Vec<Held>>,
}

impl Account {
    fn new(account: &domain::Account, held: Option<Vec<Held>>) -> Self {
        Self {
            id: Text(account.id),
            version: account.version.number(),
            user_name: account.user_name.as_str().to_owned(),
            name: account.name.clone(),
            person: account.person.map(Text),
            state: Word(account.state),
            second_factor: account.second_factor.is_active(),
            capacities: held,
        }
    }
}

/// Accounts by user name.
#[derive(Debug, Object)]
struct Accounts {
    items: Vec<Account>,
    next: Option<String>,
}

/// As what somebody may act: the role, and for what.
#[derive(Clone, Debug, Object, Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct CapacityOrder {
    role: Word<Role>,
    /// Of staff: whose own file.
    person: Option<Text<PersonId>>,
    /// Of a clerk of an institution.
    institution: Option<Text<InstitutionId>>,
    /// Of a clerk of a medical community: its name.
    #[validate(length(min = 1, max = 200))]
    #[oai(validator(min_length = 1, max_length = 200))]
    consortium: Option<String>,
    /// Of a reviewer.
    authority: Option<Word<Authority>>,
    /// Of a reviewer.
    tier: Option<Word<Tier>>,
    /// Of a reviewer; of an auditor or administrator who is not for everywhere.
    area: Option<Text<AreaCode>>,
}

/// Whom to invite, and as what.
#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct Invited {
    #[validate(length(min = 1, max = 200))]
    #[oai(validator(min_length = 1, max_length = 200))]
    user_name: String,
    /// The owner's name, as the trail will show it.
    #[validate(length(min = 1, max = 100))]
    #[oai(validator(min_length = 1, max_length = 100))]
    name: String,
    person: Option<Text<PersonId>>,
    #[validate(length(max = 20), nested)]
    #[oai(validator(max_items = 20))]
    capacities: Vec<CapacityOrder>,
}

/// A one-time link with which an owner sets an account up.
#[derive(Debug, Object)]
struct Link {
    account: Text<AccountId>,
    /// The secret of the link, which is shown this once.
    link: String,
}

/// What is done to an account.
#[derive(Clone, Copy, Debug, Deserialize, Enum)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum Act {
    Lock,
    Unlock,
    Disable,
    Restore,
    ResetSecondFactor,
    RevokeSessions,
}

impl From<Act> for Doing {
    fn from(act: Act) -> Self {
        match act {
            Act::Lock => Self::Change(Change::Lock),
            Act::Unlock => Self::Change(Change::Unlock),
            Act::Disable => Self::Change(Change::Disable),
            Act::Restore => Self::Change(Change::Restore),
            Act::ResetSecondFactor => Self::ResetSecondFactor,
            Act::RevokeSessions => Self::RevokeSessions,
        }
    }
}

#[derive(Debug, Object, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[oai(deny_unknown_fields)]
struct ActOrder {
    act: Act,
}

/// What is ordered as a capacity; flaws are told with the member that is missing.
async fn capacity(caller: &Caller, order: &CapacityOrder) -> Result<Capacity, Failure> {
    let missing = |field: &str| {
        let flaw = Flaw {
            field: field.to_owned(),
            code: "missing".to_owned(),
            message: words("capacity_member", caller.lang),
        };
        Failure::unfit(vec![flaw], caller.lang)
    };
    let extent = order
        .area
        .map_or(Extent::Everywhere, |area| Extent::Area(area.0));
    Ok(match order.role.0 {
        Role::Staff => Capacity::Staff {
            person: order.person.ok_or_else(|| missing("person"))?.0,
            home: None,
        },
        Role::InstitutionHr => Capacity::InstitutionHr {
            institution: order.institution.ok_or_else(|| missing("institution"))?.0,
        },
        Role::ConsortiumHr => {
            let name = order
                .consortium
                .as_deref()
                .ok_or_else(|| missing("consortium"))?;
            let (office, actor) = (&caller.office, &caller.actor);
            let found = account::consortium(office, actor, name, caller.now).await;
            Capacity::ConsortiumHr {
                consortium: caller.done(found)?,
            }
        }
        Role::Reviewer => Capacity::Reviewer {
            authority: order.authority.ok_or_else(|| missing("authority"))?.0,
            tier: order.tier.ok_or_else(|| missing("tier"))?.0,
            area: order.area.ok_or_else(|| missing("area"))?.0,
        },
        Role::Auditor => Capacity::Auditor { extent },
        Role::Administrator => Capacity::Administrator { extent },
    })
}

#[OpenApi(prefix_path = "/accounts", tag = "Tag::Accounts")]
impl Api {
    /// The accounts in the caller's scope, by user name
    #[oai(path = "/", method = "get", operation_id = "accounts")]
    async fn list(
        &self,
        caller: Caller,
        /// The `next` of the page before.
        #[oai(validator(max_length = 300))]
        after: Query<Option<String>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Accounts>, Failure> {
        let mut all =
            caller.done(account::list(&caller.office, &caller.actor, caller.now).await)?;
        all.sort_by(|a, b| a.user_name.as_str().cmp(b.user_name.as_str()));
        let key = |one: &domain::Account| one.user_name.as_str().to_owned();
        let (items, next) = page::page(all, after.0.as_deref(), limit.0, key);
        let items = items.iter().map(|one| Account::new(one, None)).collect();
        Ok(Json(Accounts { items, next }))
    }

    /// Invites somebody
    #[oai(path = "/", method = "post", operation_id = "invite")]
    async fn invite(&self, caller: Caller, body: Body<Invited>) -> Result<Made<Link>, Failure> {
        let mut capacities = Vec::new();
        for order in &body.0.capacities {
            capacities.push(capacity(&caller, order).await?);
        }
        let invitation = Invitation {
            user_name: &body.0.user_name,
            name: &body.0.name,
            person: body.0.person.map(|person| person.0),
            capacities,
        };
        let (office, actor) = (&caller.office, &caller.actor);
        let (id, secret) =
            caller.done(account::invite(office, actor, &invitation, caller.now).await)?;
        let link = Link {
            account: Text(id),
            link: secret.reveal().to_string(),
        };
        Ok(Made::Is(Json(link), format!("/api/v1/accounts/{id}")))
    }

    /// An account, and as what it may act
    #[oai(path = "/:id", method = "get", operation_id = "account")]
    async fn get(
        &self,
        caller: Caller,
        id: Path<Text<AccountId>>,
    ) -> Result<Single<Account>, Failure> {
        let (account, held) =
            caller.done(account::find(&caller.office, &caller.actor, id.0.0, caller.now).await)?;
        let held = held
            .iter()
            .map(|one| Held::new(one.id, &one.capacity))
            .collect();
        let version = tag(account.version);
        Ok(Single::Is(
            Json(Account::new(&account, Some(held))),
            version,
        ))
    }

    /// Locks, unlocks, disables or restores an account, or takes away its second factor or sessions
    #[oai(path = "/:id/acts", method = "post", operation_id = "act_on_account")]
    async fn act(
        &self,
        caller: Caller,
        id: Path<Text<AccountId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<ActOrder>,
    ) -> Result<Changed, Failure> {
        let doing = Doing::from(body.0.act);
        administer(&caller, id.0.0, if_match.0.as_deref(), &doing).await
    }

    /// Lets an account act as something more
    #[oai(
        path = "/:id/capacities",
        method = "post",
        operation_id = "grant_capacity"
    )]
    async fn grant(
        &self,
        caller: Caller,
        id: Path<Text<AccountId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
        body: Body<CapacityOrder>,
    ) -> Result<Changed, Failure> {
        let doing = Doing::Grant(capacity(&caller, &body.0).await?);
        administer(&caller, id.0.0, if_match.0.as_deref(), &doing).await
    }

    /// Takes a capacity back
    ///
    /// Sessions and tokens in it end.
    #[oai(
        path = "/:id/capacities/:capacity",
        method = "delete",
        operation_id = "take_capacity_back"
    )]
    async fn take_back(
        &self,
        caller: Caller,
        id: Path<Text<AccountId>>,
        capacity: Path<Text<CapacityId>>,
        #[oai(name = "If-Match", validator(max_length = 40))] if_match: Header<Option<String>>,
    ) -> Result<Changed, Failure> {
        let doing = Doing::TakeBack(capacity.0.0);
        administer(&caller, id.0.0, if_match.0.as_deref(), &doing).await
    }

    /// Makes a new one-time link
    ///
    /// An invitation while the account is not set up, a reset of the password after that.
    #[oai(path = "/:id/link", method = "post", operation_id = "new_link")]
    async fn link(&self, caller: Caller, id: Path<Text<AccountId>>) -> Result<Json<Link>, Failure> {
        let (office, actor) = (&caller.office, &caller.actor);
        let secret = caller.done(account::new_link(office, actor, id.0.0, caller.now).await)?;
        Ok(Json(Link {
            account: id.0,
            link: secret.reveal().to_string(),
        }))
    }
}

async fn administer(
    caller: &Caller,
    id: AccountId,
    if_match: Option<&str>,
    doing: &Doing,
) -> Result<Changed, Failure> {
    let seen = seen(caller, if_match)?;
    let (office, actor) = (&caller.office, &caller.actor);
    let version =
        caller.done(account::administer(office, actor, id, seen, doing, caller.now).await)?;
    Ok(Changed::Done(tag(version)))
}
