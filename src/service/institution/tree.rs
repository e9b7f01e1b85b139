//! The tree: areas, the institutions in them, and those below an institution (stations
//! under their centre); and medical communities with their members.

use super::{Listing, list_with};
use crate::domain::ids::AreaCode;
use crate::domain::page::Asked;
use crate::domain::place;
use crate::domain::record::When;
use crate::domain::record_id::InstitutionId;
use crate::domain::rights::Actor;
use crate::domain::time::Timestamp;
use crate::service::{Office, ServiceError};
use crate::store::dated::{self, Of};
use crate::store::institution::{Listed, Order, Wanted};
use crate::store::{Reader, subject};
use std::collections::{BTreeMap, HashMap, HashSet};

/// An area with what lies in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    pub code: AreaCode,
    /// `None` = no name of it is recorded.
    pub name: Option<String>,
    pub areas: Vec<Self>,
    pub institutions: Vec<House>,
}

/// An institution with those below it.
#[derive(Clone, Debug, PartialEq)]
pub struct House {
    pub institution: Listed,
    pub below: Vec<Self>,
}

/// A medical community with its members that may be seen, by code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Community {
    pub name: String,
    pub members: Vec<InstitutionId>,
}

/// Everything in the actor's scope on a day, each institution once.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// By code.
    pub areas: Vec<Branch>,
    /// Those of which no area is known.
    pub elsewhere: Vec<House>,
    pub communities: Vec<Community>,
}

/// The tree of a day, of an area if given.
pub async fn tree(
    office: &Office,
    actor: &Actor,
    area: Option<AreaCode>,
    when: When,
    now: Timestamp,
) -> Result<Tree, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let mut listing = Listing {
        wanted: Wanted {
            area,
            ..Wanted::default()
        },
        when,
        order: Order::Code,
        page: Asked::first(Asked::LARGEST),
    };
    let mut all = Vec::new();
    loop {
        let page = list_with(&mut reader, actor, &listing, now).await?;
        all.extend(page.items);
        listing.page.after = page.next;
        if listing.page.after.is_none() {
            break;
        }
    }
    let names = names(&mut reader, when).await?;
    Ok(grow(all, &names))
}

/// The names of places on a day.
async fn names(reader: &mut Reader, when: When) -> Result<HashMap<AreaCode, String>, ServiceError> {
    let rows = dated::at::<place::Profile>(reader, Of::Everyone, when).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.subject).collect();
    let codes = subject::codes(reader, &ids).await?;
    let named = rows.into_iter().filter_map(|row| {
        let code = codes.get(&row.subject)?.parse::<AreaCode>().ok()?;
        Some((code, row.fact.name))
    });
    Ok(named.collect())
}

fn grow(all: Vec<Listed>, names: &HashMap<AreaCode, String>) -> Tree {
    let mut members: BTreeMap<String, Vec<InstitutionId>> = BTreeMap::new();
    for one in &all {
        if let Some(name) = &one.profile.consortium {
            members.entry(name.clone()).or_default().push(one.id);
        }
    }
    let codes: HashSet<String> = all.iter().map(|one| one.code.clone()).collect();
    let mut below: HashMap<String, Vec<Listed>> = HashMap::new();
    let mut tops = Vec::new();
    for one in all {
        let parent = one.profile.parent.clone();
        match parent.filter(|code| codes.contains(code) && *code != one.code) {
            Some(parent) => below.entry(parent).or_default().push(one),
            None => tops.push(one),
        }
    }
    let mut houses: Vec<House> = tops.into_iter().map(|one| house(one, &mut below)).collect();
    // codes that stand above each other in a circle: each is shown all the same
    while let Some(code) = below.keys().min().cloned() {
        let rest = below.remove(&code).unwrap_or_default();
        houses.extend(rest.into_iter().map(|one| house(one, &mut below)));
    }
    let mut tree = Tree {
        areas: Vec::new(),
        elsewhere: Vec::new(),
        communities: members
            .into_iter()
            .map(|(name, members)| Community { name, members })
            .collect(),
    };
    for house in houses {
        match house.institution.profile.area.map(AreaCode::trimmed) {
            Some(area) => place_house(&mut tree.areas, area, house, names),
            None => tree.elsewhere.push(house),
        }
    }
    tree
}

fn house(institution: Listed, below: &mut HashMap<String, Vec<Listed>>) -> House {
    let children = below.remove(&institution.code).unwrap_or_default();
    House {
        below: children.into_iter().map(|one| house(one, below)).collect(),
        institution,
    }
}

/// Hangs an institution under county, township and village.
fn place_house(
    branches: &mut Vec<Branch>,
    area: AreaCode,
    house: House,
    names: &HashMap<AreaCode, String>,
) {
    let own = area.length();
    let steps = [6u8, 9, 12].into_iter();
    let steps = steps.filter(|length| usize::from(*length) < own);
    let path: Vec<AreaCode> = steps.map(|length| area.prefix(length)).collect();
    let mut open = branches;
    for code in path {
        open = &mut branch(open, code, names).areas;
    }
    branch(open, area, names).institutions.push(house);
}

/// The branch of an area, put in its place when there is none.
fn branch<'b>(
    branches: &'b mut Vec<Branch>,
    code: AreaCode,
    names: &HashMap<AreaCode, String>,
) -> &'b mut Branch {
    let at = match branches.binary_search_by_key(&code, |one| one.code) {
        Ok(at) => at,
        Err(at) => {
            let new = Branch {
                code,
                name: names.get(&code).cloned(),
                areas: Vec::new(),
                institutions: Vec::new(),
            };
            branches.insert(at, new);
            at
        }
    };
    // it stands there, found or just inserted
    &mut branches[at]
}
