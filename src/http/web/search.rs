//! Looking for institutions, people and rural doctors by a word.

use super::ask::{Ask, Html, html};
use super::people::houses;
use crate::domain::ids::NationalId;
use crate::domain::page::Asked;
use crate::domain::rights::Action;
use crate::service::ServiceError;
use crate::service::institution;
use crate::service::rural_doctor::{self, Doctor};
use crate::service::staff::{self, Listing, Member, Order, State, Wanted};
use crate::view::format::escaped;
use crate::view::institution::Row;
use crate::view::search::{Found, Somebody};
use poem::handler;
use std::collections::HashMap;

/// What is shown of each kind, at most.
const MOST: u32 = 20;

#[handler]
pub async fn search_page(ask: Ask) -> Html {
    let shell = ask.shell().await?;
    let asked = ask.asked("q").unwrap_or_default();
    let (mut rows, mut people, mut total) = (Vec::new(), Vec::new(), 0);
    let mut all_houses = HashMap::new();
    if !asked.is_empty() && ask.can(Action::ReadPlace) {
        all_houses = houses(&ask).await?;
        let listing = institution::Listing {
            wanted: institution::Wanted {
                text: Some(asked.clone()),
                ..institution::Wanted::default()
            },
            when: ask.when(),
            order: institution::Order::Code,
            page: Asked::first(MOST),
        };
        let found = institution::list(ask.office(), &ask.actor, &listing, ask.now).await;
        let found = ask.done(found)?;
        rows = found
            .items
            .iter()
            .map(|one| Row {
                code: one.code.clone(),
                name: one.profile.name.clone(),
                href: shell.to(format!("/institutions/{}", escaped(&one.code))),
                kind: shell.may(&one.profile.kind),
                area: String::new(),
                consortium: String::new(),
                state: None,
                breaks: String::new(),
            })
            .collect();
    }
    if !asked.is_empty() && ask.can(Action::ReadPerson) {
        let (found, all) = found(&ask, &asked).await?;
        total = all;
        let somebody = |one: &Member| {
            let house = one.employed.as_ref();
            let house = house.and_then(|employed| all_houses.get(&employed.institution));
            Somebody {
                name: one.profile.name.clone(),
                number: one.number.clone(),
                institution: house.map(|(_, name)| name.clone()).unwrap_or_default(),
                href: shell.to(format!("/people/{}", one.id)),
            }
        };
        people = found.iter().map(somebody).collect();
    }
    let (mut doctors, mut doctors_total) = (Vec::new(), 0);
    // those who see the list of rural doctors find them; one's own file is found at home
    if !asked.is_empty() && ask.can(Action::ReadLedger) {
        let listing = rural_doctor::Listing {
            wanted: rural_doctor::Wanted {
                text: Some(asked.clone()),
                ..rural_doctor::Wanted::default()
            },
            when: ask.when(),
            page: Asked::first(MOST),
        };
        let found = rural_doctor::list(ask.office(), &ask.actor, &listing, ask.now).await;
        let found = ask.done(found)?;
        doctors_total = found.total;
        let somebody = |one: Doctor| Somebody {
            name: one.profile.name,
            number: one.number,
            institution: one.profile.clinic.unwrap_or_default(),
            href: shell.to(format!("/rural-doctors/{}", one.id)),
        };
        doctors = found.items.into_iter().map(somebody).collect();
    }
    let page = Found {
        s: &shell,
        all_doctors: shell.with("/rural-doctors", &[("text", &asked)]),
        doctors,
        doctors_total,
        all_people: shell.with("/people", &[("name", &asked)]),
        asked,
        houses: rows,
        people,
        people_total: total,
    };
    Ok(html(&page))
}

/// People by name, or the one with a whole identity number.
async fn found(
    ask: &Ask,
    asked: &str,
) -> Result<(Vec<Member>, u64), crate::http::problem::Failure> {
    let (office, actor) = (ask.office(), &ask.actor);
    if NationalId::read(asked).is_ok() {
        let id = match staff::with_number(office, actor, asked, ask.now).await {
            Ok(id) => id,
            Err(ServiceError::NotFound) => return Ok((Vec::new(), 0)),
            Err(error) => return Err(ask.failed(error)),
        };
        let member = staff::find(office, actor, id, ask.when(), ask.now).await;
        return Ok((vec![ask.done(member)?], 1));
    }
    let listing = Listing {
        wanted: Wanted {
            name: Some(asked.to_owned()),
            state: State::Any,
            ..Wanted::default()
        },
        when: ask.when(),
        order: Order::Name,
        page: Asked::first(MOST),
    };
    let page = staff::list(office, actor, &listing, ask.now).await;
    let page = ask.done(page)?;
    Ok((page.items, page.total))
}
