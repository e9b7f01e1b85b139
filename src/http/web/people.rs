//! Lists of people: of an institution, or of everything one may see.

use super::ask::{Ask, Html, html};
use super::import::workbook;
use crate::domain::page::{Asked, Cursor};
use crate::domain::post::Level;
use crate::domain::record::When;
use crate::domain::record_id::InstitutionId;
use crate::domain::title::Rank;
use crate::http::problem::Failure;
use crate::service::export;
use crate::service::institution::{self, Listing as Houses};
use crate::service::staff::{self, Listing, Member, Order, State, Wanted};
use crate::view::format::escaped;
use crate::view::institution::Head;
use crate::view::pager::{Column, Pager, ROWS, columns};
use crate::view::people::{Filter, ListPage, Row};
use crate::view::{Shell, format};
use poem::handler;
use std::collections::HashMap;

/// People who are sorted at once, at most; more stand by name.
const SORTED: u64 = 2000;

/// Everybody one may see.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    let shell = ask.shell().await?;
    roll(&ask, &shell, None).await
}

fn wanted(ask: &Ask, institution: Option<InstitutionId>) -> Wanted {
    let level = ask.asked("level");
    let level = level.and_then(|key| Level::ALL.iter().copied().find(|one| one.key() == key));
    let title = ask.asked("title");
    let title = title.and_then(|key| Rank::ALL.iter().copied().find(|one| one.key() == key));
    Wanted {
        institution,
        name: ask.asked("name"),
        level,
        title,
        state: match ask.asked("state").as_deref() {
            Some("elsewhere") => State::Elsewhere,
            Some("any") => State::Any,
            _ => State::Employed,
        },
    }
}

async fn page(ask: &Ask, listing: &Listing) -> Result<crate::domain::page::Page<Member>, Failure> {
    let page = staff::list(ask.office(), &ask.actor, listing, ask.now).await;
    ask.done(page)
}

/// The people of an institution, or all of them.
pub async fn roll(ask: &Ask, shell: &Shell, of: Option<(InstitutionId, &Head)>) -> Html {
    let after: Option<Cursor> = ask.asked("after").and_then(|text| text.parse().ok());
    let mut listing = Listing {
        wanted: wanted(ask, of.map(|(id, _)| id)),
        when: ask.when(),
        order: Order::Name,
        page: Asked {
            after,
            most: ROWS as u32,
        },
    };
    let first = page(ask, &listing).await?;
    let total = usize::try_from(first.total).unwrap_or(usize::MAX);
    let by_name_only = first.total > SORTED;
    let mut more = String::new();
    let mut members = first.items;
    if by_name_only {
        if let Some(next) = &first.next {
            more = shell.but("after", next.to_string());
        }
    } else if first.next.is_some() || listing.page.after.is_some() {
        listing.page = Asked::first(Asked::LARGEST);
        members.clear();
        loop {
            let next = page(ask, &listing).await?;
            members.extend(next.items);
            listing.page.after = next.next;
            if listing.page.after.is_none() {
                break;
            }
        }
    }
    if !by_name_only {
        sort(&mut members, shell.asked("sort"));
    }
    let asked = ask.asked("page").and_then(|page| page.parse().ok());
    let mut pager = Pager::of(shell, total, asked.unwrap_or(1));
    let shown = if by_name_only {
        pager.next.clear();
        pager.before.clear();
        pager.first = 1;
        pager.last = members.len();
        &members[..]
    } else {
        pager.slice(&members)
    };
    let houses = match of {
        Some(_) => HashMap::new(),
        None => houses(ask).await?,
    };
    let rows: Vec<Row> = shown.iter().map(|one| row(shell, one, &houses)).collect();
    let list = ListPage {
        s: shell,
        head: of.map(|(_, head)| head),
        filters: filters(shell),
        columns: heads(shell, of.is_none(), !by_name_only),
        rows: &rows,
        pager,
        by_name_only,
        more,
        workbook: if ask.can(crate::domain::rights::Action::Export) {
            shell.beside(".xlsx")
        } else {
            String::new()
        },
    };
    Ok(html(&list))
}

/// Everybody one may see, as a workbook.
#[handler]
pub async fn list_workbook(ask: Ask) -> Html {
    let shell = ask.shell().await?;
    book(&ask, &shell, None).await
}

/// Exactly those whom the list is narrowed to, in its order, as a workbook.
pub async fn book(ask: &Ask, shell: &Shell, of: Option<(InstitutionId, &Head)>) -> Html {
    let mut listing = Listing {
        wanted: wanted(ask, of.map(|(id, _)| id)),
        when: ask.when(),
        order: Order::Name,
        page: Asked::first(Asked::LARGEST),
    };
    let mut members = Vec::new();
    loop {
        let next = page(ask, &listing).await?;
        members.extend(next.items);
        listing.page.after = next.next;
        if listing.page.after.is_none() {
            break;
        }
    }
    sort(&mut members, shell.asked("sort"));
    let houses = houses(ask).await?;
    let heads = heads(shell, true, false);
    let row = |one: &Member| {
        let row = row(shell, one, &houses);
        vec![
            row.name,
            row.number,
            row.sex,
            row.birth,
            row.institution,
            row.employment,
            row.category,
            row.title,
            row.appointed,
            row.grade,
            row.manner,
        ]
    };
    let list = export::Listing {
        name: shell.t("web-menu-people"),
        heads: heads.into_iter().map(|head| head.title).collect(),
        rows: members.iter().map(row).collect(),
    };
    let narrowed = shell.here();
    let bytes = export::list(ask.office(), &ask.actor, &list, &narrowed, ask.now).await;
    let bytes = ask.done(bytes)?;
    Ok(workbook(bytes, "people.xlsx"))
}

fn filters(s: &Shell) -> Vec<Filter> {
    let levels = Level::ALL.iter();
    let levels = levels.map(|one| (one.key().to_owned(), s.w(one))).collect();
    let ranks = Rank::ALL.iter();
    let ranks = ranks.map(|one| (one.key().to_owned(), s.w(one))).collect();
    let states = ["elsewhere", "any"].map(|key| (key.to_owned(), s.t(format!("web-state-{key}"))));
    let mut state = Filter::choice(s, "state", "web-filter-state", states.to_vec());
    state
        .options
        .insert(0, ("employed".to_owned(), s.t("web-state-employed")));
    vec![
        Filter::text(s, "name", "web-col-name"),
        Filter::choice(s, "level", "web-filter-level", levels),
        Filter::choice(s, "title", "web-col-title", ranks),
        state,
    ]
}

fn heads(s: &Shell, with_institution: bool, sorted: bool) -> Vec<Column> {
    let key = |key: &'static str| if sorted { key } else { "" };
    let all = [
        ("name", key("name"), false),
        ("number", "", false),
        ("sex", key("sex"), false),
        ("birth", key("birth"), false),
        ("institution", "", false),
        ("employment", key("employment"), false),
        ("category", key("category"), false),
        ("title", key("title"), false),
        ("appointed", key("appointed"), false),
        ("grade", key("grade"), true),
        ("manner", key("manner"), false),
    ];
    let shown = all
        .into_iter()
        .filter(|(name, _, _)| with_institution || *name != "institution");
    columns(s, "web-col", &shown.collect::<Vec<_>>(), "name")
}

fn sort(members: &mut [Member], asked: &str) {
    let (key, down) = match asked.strip_prefix('-') {
        Some(key) => (key, true),
        None => (asked, false),
    };
    match key {
        "sex" => members.sort_by_key(|one| one.sex),
        "birth" => members.sort_by_key(|one| one.birth),
        "employment" => members.sort_by_key(|one| one.employed.as_ref().map(|e| e.employment)),
        "category" => members.sort_by_key(|one| one.employed.as_ref().map(|e| e.category)),
        "title" => members.sort_by_key(|one| one.title),
        "appointed" => members.sort_by_key(|one| one.appointed.map(|(rank, _, _)| rank)),
        "grade" => members.sort_by_key(|one| one.appointed.and_then(|(_, grade, _)| grade)),
        "manner" => members.sort_by_key(|one| one.appointed.map(|(_, _, manner)| manner)),
        _ => {}
    }
    if down {
        members.reverse();
    }
}

/// Code and name of every institution one may see.
pub async fn houses(ask: &Ask) -> Result<HashMap<InstitutionId, (String, String)>, Failure> {
    houses_on(ask, ask.when()).await
}

/// The same of another day.
pub async fn houses_on(
    ask: &Ask,
    when: When,
) -> Result<HashMap<InstitutionId, (String, String)>, Failure> {
    let mut all = HashMap::new();
    if !ask.can(crate::domain::rights::Action::ReadPlace) {
        return Ok(all);
    }
    let mut listing = Houses {
        wanted: institution::Wanted::default(),
        when,
        order: institution::Order::Code,
        page: Asked::first(Asked::LARGEST),
    };
    loop {
        let page = institution::list(ask.office(), &ask.actor, &listing, ask.now).await;
        let page = ask.done(page)?;
        let items = page.items.into_iter();
        all.extend(items.map(|one| (one.id, (one.code, one.profile.name))));
        listing.page.after = page.next;
        if listing.page.after.is_none() {
            return Ok(all);
        }
    }
}

fn row(s: &Shell, one: &Member, houses: &HashMap<InstitutionId, (String, String)>) -> Row {
    let employed = one.employed.as_ref();
    let house = employed.and_then(|employed| houses.get(&employed.institution));
    let grade = one.appointed.and_then(|(_, grade, _)| grade);
    Row {
        href: s.to(format!("/people/{}", one.id)),
        name: one.profile.name.clone(),
        number: one.number.clone(),
        sex: s.w(&one.sex),
        birth: one.birth.to_string(),
        institution: house.map(|(_, name)| name.clone()).unwrap_or_default(),
        institution_href: house
            .map(|(code, _)| s.to(format!("/institutions/{}", escaped(code))))
            .unwrap_or_default(),
        employment: s.may(&employed.map(|one| one.employment)),
        category: s.may(&employed.map(|one| one.category)),
        title: s.may(&one.title.map(|(rank, _)| rank)),
        appointed: s.may(&one.appointed.map(|(rank, _, _)| rank)),
        grade: format::number(grade.map(|grade| i64::from(grade.number()))),
        manner: s.may(&one.appointed.map(|(_, _, manner)| manner)),
    }
}
