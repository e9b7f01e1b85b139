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
use crate::view::people::{Choice, Filter, ListPage};
use crate::view::table::Cell;
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
    let columns = chosen(ask, of.is_none());
    let rows = shown.iter().map(|one| {
        let cells = columns.iter();
        cells.map(|key| cell(shell, key, one, &houses)).collect()
    });
    let list = ListPage {
        s: shell,
        head: of.map(|(_, head)| head),
        filters: filters(shell),
        choices: choices(shell, &columns, of.is_none()),
        columns: heads(shell, &columns, !by_name_only),
        rows: rows.collect(),
        totals: if by_name_only {
            Vec::new()
        } else {
            let one = |key: &&str| sum_of(shell, key, &members);
            columns.iter().map(one).collect()
        },
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

/// Exactly those whom the list is narrowed to, in its order and columns, as a workbook.
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
    let columns = chosen(ask, of.is_none());
    let row = |one: &Member| {
        let cells = columns.iter().map(|key| cell(shell, key, one, &houses));
        cells.map(|cell| cell.text).collect()
    };
    let heads = heads(shell, &columns, false);
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

/// Every column: its key, whether it can be sorted by, whether numbers stand in it. The name
/// is always shown.
const COLUMNS: [(&str, bool, bool); 11] = [
    ("name", true, false),
    ("number", false, false),
    ("sex", true, false),
    ("birth", true, false),
    ("institution", false, false),
    ("employment", true, false),
    ("category", true, false),
    ("title", true, false),
    ("appointed", true, false),
    ("grade", true, true),
    ("manner", true, false),
];

/// The columns that can be shown; that of the institution where there are several.
fn offered(with_institution: bool) -> impl Iterator<Item = &'static str> {
    let all = COLUMNS.iter().map(|(key, _, _)| *key);
    all.filter(move |key| with_institution || *key != "institution")
}

/// The columns that were chosen; all of them where none was.
fn chosen(ask: &Ask, with_institution: bool) -> Vec<&'static str> {
    let asked = ask.all("c");
    let wants =
        |key: &&str| *key == "name" || asked.is_empty() || asked.iter().any(|one| one == key);
    offered(with_institution).filter(wants).collect()
}

fn choices(s: &Shell, shown: &[&str], with_institution: bool) -> Vec<Choice> {
    let all = offered(with_institution).skip(1);
    all.map(|key| Choice {
        key,
        title: s.t(format!("web-col-{key}")),
        shown: shown.contains(&key),
    })
    .collect()
}

fn heads(s: &Shell, shown: &[&str], sorted: bool) -> Vec<Column> {
    let all = COLUMNS.iter().filter(|(key, _, _)| shown.contains(key));
    let all =
        all.map(|(key, sorts, number)| (*key, if sorted && *sorts { *key } else { "" }, *number));
    columns(s, "web-col", &all.collect::<Vec<_>>(), "name")
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

/// What stands in a column for somebody.
fn cell(
    s: &Shell,
    key: &str,
    one: &Member,
    houses: &HashMap<InstitutionId, (String, String)>,
) -> Cell {
    let employed = one.employed.as_ref();
    match key {
        "name" => Cell::link(
            one.profile.name.clone(),
            s.to(format!("/people/{}", one.id)),
        ),
        "number" => Cell::text(one.number.clone()).class("id"),
        "birth" => Cell::text(one.birth.to_string()),
        "institution" => {
            let house = employed.and_then(|employed| houses.get(&employed.institution));
            match house {
                Some((code, name)) => {
                    let path = format!("/institutions/{}", escaped(code));
                    Cell::link(name.clone(), s.to(path))
                }
                None => Cell::text("–"),
            }
        }
        "grade" => {
            let grade = one.appointed.and_then(|(_, grade, _)| grade);
            Cell::number(format::number(grade.map(|grade| i64::from(grade.number()))))
        }
        key => Cell::text(word(s, key, one)),
    }
}

/// The word of a closed list in a column.
fn word(s: &Shell, key: &str, one: &Member) -> String {
    let employed = one.employed.as_ref();
    match key {
        "sex" => s.w(&one.sex),
        "employment" => s.may(&employed.map(|one| one.employment)),
        "category" => s.may(&employed.map(|one| one.category)),
        "title" => s.may(&one.title.map(|(rank, _)| rank)),
        "appointed" => s.may(&one.appointed.map(|(rank, _, _)| rank)),
        _ => s.may(&one.appointed.map(|(_, _, manner)| manner)),
    }
}

/// What everybody in the list comes to in a column: how many of each word.
fn sum_of(s: &Shell, key: &str, members: &[Member]) -> String {
    match key {
        "name" => s.n("web-people-total", members.len()),
        "number" | "birth" | "institution" | "grade" => String::new(),
        key => {
            let mut counts: Vec<(String, usize)> = Vec::new();
            for one in members {
                let word = word(s, key, one);
                match counts.iter_mut().find(|(known, _)| *known == word) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((word, 1)),
                }
            }
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let counts = counts.iter().map(|(word, count)| format!("{word} {count}"));
            counts.collect::<Vec<_>>().join(&s.t("list-separator"))
        }
    }
}
