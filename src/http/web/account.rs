//! Other people's accounts: who has one, as what, and what is done to it.

use super::administration::tabs;
use super::ask::{Ask, Html, with_status};
use super::fields::{Fields, against, status};
use super::to;
use crate::domain::account::{Account, Change, State};
use crate::domain::ids::AreaCode;
use crate::domain::record_id::{AccountId, CapacityId, PersonId};
use crate::domain::rights::{Action, Authority, Capacity, Extent, Office, Tier};
use crate::http::problem::Failure;
use crate::i18n::t;
use crate::service::account::{self, Doing, Invitation};
use crate::service::capacity::places;
use crate::service::institution;
use crate::service::secret::SecretToken;
use crate::service::staff;
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::institution::Tab;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

/// The accounts in one's scope.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    list(&ask, None, &Refused::default()).await
}

/// `made`: the link of the account that was just made, which is shown this once.
async fn list(ask: &Ask, made: Option<String>, refused: &Refused) -> Html {
    let all = account::list(ask.office(), &ask.actor, ask.now).await;
    let mut all = ask.done(all)?;
    all.sort_by(|a, b| a.user_name.as_str().cmp(b.user_name.as_str()));
    let shell = ask.shell().await?.at_path("/accounts");
    let heads = [
        ("web-user-name", false),
        ("web-col-name", false),
        ("web-account-state", false),
        ("web-second-factor", false),
        ("web-account-offices", false),
    ];
    let mut page = TablePage::new(&shell, shell.t("web-accounts"), &heads);
    page.tabs = tabs(&shell);
    page.once = made;
    page.rows = all.iter().map(|one| row(&shell, one)).collect();
    if ask.can(Action::InviteAccount) {
        page.deeds
            .push(invitation(ask, &shell).await?.refused(refused));
    }
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(with_status(status(refused), &page.paged(at.unwrap_or(1))))
}

fn row(s: &Shell, one: &Account) -> Vec<Cell> {
    let offices = one.capacities.iter();
    let offices = offices.map(|capacity| s.office(capacity.office()));
    let offices: Vec<String> = offices.collect();
    let second = if one.second_factor.is_active() {
        "web-yes"
    } else {
        "web-no"
    };
    let name = one.user_name.as_str();
    vec![
        Cell::link(name, s.to(format!("/accounts/{}", one.id))),
        Cell::text(one.name.clone()),
        Cell::text(s.t(format!("web-account-{}", one.state.key()))),
        Cell::text(s.t(second)),
        Cell::text(offices.join(&s.t("list-separator"))),
    ]
}

/// Whether an office keeps the accounts of its own staff alone.
fn staff_only(ask: &Ask) -> bool {
    let office = ask.actor.capacity.office();
    matches!(office, Office::InstitutionHr | Office::ConsortiumHr)
}

/// Whom the account is for, where the page was asked for from a person's own.
async fn person(ask: &Ask) -> Result<Option<(PersonId, String)>, Failure> {
    let asked = ask.asked("person");
    let Some(id) = asked.and_then(|text| text.parse::<PersonId>().ok()) else {
        return Ok(None);
    };
    let found = staff::find(ask.office(), &ask.actor, id, ask.when(), ask.now).await;
    Ok(Some((id, ask.done(found)?.profile.name)))
}

async fn invitation(ask: &Ask, s: &Shell) -> Result<Deed, Failure> {
    let person = person(ask).await?;
    let mut deed = Deed::new("invite", "/accounts", s.t("web-account-invite"));
    deed.hint = s.t("web-account-invite-is");
    let user_name = Field::new("user_name", s.t("web-user-name"), Input::Text).required();
    deed = deed.field(user_name.hint(s.t("web-account-user-name-is")));
    if let Some((id, name)) = &person {
        deed.open = true;
        return Ok(deed
            .hidden("person", id)
            .hidden("name", name)
            .hidden("office", Office::Staff.key()));
    }
    if staff_only(ask) {
        deed.fields.clear();
        deed.hint = s.t("web-account-invite-staff");
        deed.to = s.to("/people");
        deed.get = true;
        deed.title = s.t("web-account-invite-staff");
        return Ok(deed);
    }
    let name = Field::new("name", s.t("web-col-name"), Input::Text).required();
    Ok(capacity_fields(s, deed.field(name)))
}

/// As what: the office, and for what it is held.
fn capacity_fields(s: &Shell, deed: Deed) -> Deed {
    // staff are invited from their own page: nobody acts for a file that is not theirs
    let offices = Office::ALL.iter().filter(|one| **one != Office::Staff);
    let offices = offices.map(|one| (one.key().to_owned(), s.office(one)));
    let office = Field::new("office", s.t("web-account-office"), Input::Choice);
    let of = Field::new("of", s.t("web-account-of"), Input::Text);
    deed.field(office.required().options(offices))
        .field(of.hint(s.t("web-account-of-is")))
}

/// As what somebody is to act, as it was written.
async fn capacity(ask: &Ask, fields: &Fields) -> Result<Capacity, Vec<String>> {
    let bad = |key: &str| vec![t(ask.lang, key, &[])];
    let office = Office::ALL.iter().copied();
    let office = office
        .into_iter()
        .find(|one| one.key() == fields.text("office"));
    let office = office.ok_or_else(|| bad("web-account-office-missing"))?;
    let of = fields.text("of");
    let area = || of.parse::<AreaCode>().ok();
    let extent = || match of {
        "" => Ok(Extent::Everywhere),
        _ => area()
            .map(Extent::Area)
            .ok_or_else(|| bad("web-account-no-area")),
    };
    let reviewer = |authority, tier| match area() {
        Some(area) => Ok(Capacity::Reviewer {
            authority,
            tier,
            area,
        }),
        None => Err(bad("web-account-no-area")),
    };
    use Authority::{DrugRegulator, Establishment, Health, HumanResources};
    match office {
        Office::Staff => {
            let person = fields.text("person").parse();
            let person = person.map_err(|_| bad("web-account-no-person"))?;
            Ok(Capacity::Staff { person, home: None })
        }
        Office::InstitutionHr => {
            let found = institution::with_code(ask.office(), &ask.actor, of, ask.now).await;
            let institution = found.map_err(|_| bad("web-account-no-institution"))?;
            Ok(Capacity::InstitutionHr { institution })
        }
        Office::ConsortiumHr => {
            let found = account::known_consortium(ask.office(), &ask.actor, of, ask.now).await;
            let found = found.map_err(|_| bad("web-account-no-consortium"))?;
            let consortium = found.ok_or_else(|| bad("web-account-no-consortium"))?;
            Ok(Capacity::ConsortiumHr { consortium })
        }
        Office::CountyEstablishment => reviewer(Establishment, Tier::County),
        Office::CountyHumanResources => reviewer(HumanResources, Tier::County),
        Office::CountyHealth => reviewer(Health, Tier::County),
        Office::CountyDrugRegulator => reviewer(DrugRegulator, Tier::County),
        Office::CityEstablishment => reviewer(Establishment, Tier::City),
        Office::CityHumanResources => reviewer(HumanResources, Tier::City),
        Office::CityHealth => reviewer(Health, Tier::City),
        Office::CityDrugRegulator => reviewer(DrugRegulator, Tier::City),
        Office::Auditor => Ok(Capacity::Auditor { extent: extent()? }),
        Office::Administrator => Ok(Capacity::Administrator { extent: extent()? }),
    }
}

/// Invites somebody. The link is shown this once.
#[handler]
pub async fn invite(ask: Ask, fields: Fields) -> Html {
    ask.permitted(Action::InviteAccount)?;
    let capacity = match capacity(&ask, &fields).await {
        Ok(capacity) => capacity,
        Err(why) => return list(&ask, None, &fields.refused("invite", why)).await,
    };
    let invitation = Invitation {
        user_name: fields.text("user_name"),
        name: fields.text("name"),
        person: fields.text("person").parse().ok(),
        capacities: vec![capacity],
    };
    match account::invite(ask.office(), &ask.actor, &invitation, ask.now).await {
        Ok((_, secret)) => list(&ask, Some(link(&ask, &secret)), &Refused::default()).await,
        Err(error) => {
            let why = against(&ask, error)?;
            list(&ask, None, &fields.refused("invite", why)).await
        }
    }
}

/// Where the owner sets the account up.
fn link(ask: &Ask, secret: &SecretToken) -> String {
    let address = account::link_address("", secret);
    ask.office().post.page(&address)
}

/// One account: as what it may act, what can be done to it, and what it did.
#[handler]
pub async fn account_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: AccountId = id.parse().map_err(|_| ask.not_found())?;
    show(&ask, id, None, &Refused::default()).await
}

async fn show(ask: &Ask, id: AccountId, made: Option<String>, refused: &Refused) -> Html {
    let found = account::find(ask.office(), &ask.actor, id, ask.now).await;
    let (account, held) = ask.done(found)?;
    let capacities: Vec<_> = held.iter().map(|one| one.capacity.clone()).collect();
    let where_held = places(ask.office(), &capacities, ask.now).await;
    let where_held = ask.done(where_held)?;
    let path = format!("/accounts/{id}");
    let shell = ask.shell().await?.at_path(&path);
    let shell = shell.crumb(t(ask.lang, "web-accounts", &[]), "/accounts");
    let s = &shell;
    let heads = [("web-account-office", false), ("web-account-of", false)];
    let title = format!("{} · {}", account.user_name.as_str(), account.name);
    let mut page = TablePage::new(s, title, &heads);
    let state = s.t(format!("web-account-{}", account.state.key()));
    page.intro = vec![format!("{} {state}", s.t("web-account-state"))];
    page.once = made;
    if ask.can(Action::ReadTrail) {
        let mine = s.with("/audit", &[("account", &id.to_string())]);
        page.tabs = vec![Tab {
            title: s.t("web-account-did"),
            href: mine,
            current: false,
        }];
    }
    let rows = capacities.iter().zip(&where_held);
    page.rows = rows
        .map(|(capacity, place)| {
            vec![
                Cell::text(s.office(capacity.office())),
                Cell::text(place.clone()),
            ]
        })
        .collect();
    page.empty = s.t("web-capacity-none");
    // nobody administers the own account: it has a page of its own
    if ask.actor.own_account() != Some(id) {
        let held = held.iter().map(|one| one.id).zip(&capacities);
        let held = held.zip(&where_held).map(|((id, capacity), place)| {
            let office = s.office(capacity.office());
            (id, s.xy("web-account-held", office, place))
        });
        page.deeds = deeds(ask, s, &account, held.collect());
        let deeds = page.deeds.drain(..);
        page.deeds = deeds.map(|deed| deed.refused(refused)).collect();
        let others = refused.elsewhere(&page.deeds);
        page.intro.extend(others);
    }
    Ok(with_status(status(refused), &page))
}

/// What can be done to an account by whoever looks.
fn deeds(ask: &Ask, s: &Shell, account: &Account, held: Vec<(CapacityId, String)>) -> Vec<Deed> {
    let path = format!("/accounts/{}", account.id);
    let version = account.version.number();
    let own = |key: &str, loses: bool| {
        let title = s.t(format!("web-account-act-{key}"));
        let mut deed = Deed::new(key, format!("{path}/acts/{key}"), title);
        if loses {
            deed.loses = s.t(format!("web-account-act-{key}-loses"));
        }
        deed.hidden("version", version)
    };
    let mut deeds = Vec::new();
    let living = matches!(account.state, State::Invited | State::Active);
    if ask.can(Action::InviteAccount) && living {
        let key = match account.state {
            State::Invited => "web-account-link-invited",
            _ => "web-account-link-reset",
        };
        let mut deed = Deed::new("link", format!("{path}/link"), s.t(key));
        deed.hint = s.t("web-account-link-is");
        deeds.push(deed);
    }
    let changes = [
        (Change::Lock, Action::LockAccount, true),
        (Change::Unlock, Action::LockAccount, false),
        (Change::Disable, Action::DisableAccount, true),
        (Change::Restore, Action::DisableAccount, false),
    ];
    for (change, action, loses) in changes {
        if ask.can(action) && account.state.after(change).is_ok() {
            deeds.push(own(change.key(), loses));
        }
    }
    if ask.can(Action::RevokeSessions) && account.state == State::Active {
        deeds.push(own("revoke_sessions", true));
    }
    if ask.can(Action::ResetSecondFactor) && account.second_factor.is_active() {
        deeds.push(own("reset_second_factor", true));
    }
    if ask.can(Action::GrantCapacity) && account.state != State::Disabled {
        let title = s.t("web-account-grant");
        let deed = Deed::new("grant", format!("{path}/capacities"), title);
        deeds.push(capacity_fields(s, deed.hidden("version", version)));
        for (id, words) in held {
            let key = format!("take-{id}");
            let title = s.x("web-account-take", words);
            let mut deed = Deed::new(&key, format!("{path}/capacities/{id}"), title);
            deed.loses = s.t("web-account-take-loses");
            deeds.push(deed.hidden("version", version));
        }
    }
    deeds
}

/// Does it, and shows the account again with what was done or why it was not.
async fn administer(
    ask: &Ask,
    id: &str,
    fields: &Fields,
    key: &str,
    doing: Result<Doing, Vec<String>>,
) -> Html {
    let id: AccountId = id.parse().map_err(|_| ask.not_found())?;
    let seen = fields.version(ask)?;
    let doing = match doing {
        Ok(doing) => doing,
        Err(why) => return show(ask, id, None, &fields.refused(key, why)).await,
    };
    match account::administer(ask.office(), &ask.actor, id, seen, &doing, ask.now).await {
        Ok(_) => Ok(to(&format!("/accounts/{id}?told=account-changed"))),
        Err(error) => {
            let why = against(ask, error)?;
            show(ask, id, None, &fields.refused(key, why)).await
        }
    }
}

/// Locks, unlocks, disables or restores an account, or takes away its sessions or its
/// second factor.
#[handler]
pub async fn act(ask: Ask, Path((id, act)): Path<(String, String)>, fields: Fields) -> Html {
    let change = [
        Change::Lock,
        Change::Unlock,
        Change::Disable,
        Change::Restore,
    ];
    let change = change.into_iter().find(|one| one.key() == act);
    let doing = match (change, act.as_str()) {
        (Some(change), _) => Doing::Change(change),
        (None, "revoke_sessions") => Doing::RevokeSessions,
        (None, "reset_second_factor") => Doing::ResetSecondFactor,
        _ => return Err(ask.not_found()),
    };
    administer(&ask, &id, &fields, &act, Ok(doing)).await
}

/// Lets an account act as something more.
#[handler]
pub async fn grant(ask: Ask, Path(id): Path<String>, fields: Fields) -> Html {
    ask.permitted(Action::GrantCapacity)?;
    let doing = capacity(&ask, &fields).await.map(Doing::Grant);
    administer(&ask, &id, &fields, "grant", doing).await
}

/// Takes a capacity back.
#[handler]
pub async fn take_back(
    ask: Ask,
    Path((id, capacity)): Path<(String, String)>,
    fields: Fields,
) -> Html {
    let held: CapacityId = capacity.parse().map_err(|_| ask.not_found())?;
    let key = format!("take-{held}");
    administer(&ask, &id, &fields, &key, Ok(Doing::TakeBack(held))).await
}

/// A new link, which is shown this once.
#[handler]
pub async fn new_link(ask: Ask, Path(id): Path<String>, fields: Fields) -> Html {
    let id: AccountId = id.parse().map_err(|_| ask.not_found())?;
    match account::new_link(ask.office(), &ask.actor, id, ask.now).await {
        Ok(secret) => show(&ask, id, Some(link(&ask, &secret)), &Refused::default()).await,
        Err(error) => {
            let why = against(&ask, error)?;
            show(&ask, id, None, &fields.refused("link", why)).await
        }
    }
}
