//! The organisation tree, from what the records say of a day.

use crate::domain::ids::AreaCode;
use crate::domain::record::When;
use crate::domain::rights::Actor;
use crate::domain::time::Timestamp;
use crate::service::institution::tree::{self, Branch, House};
use crate::service::{Office, ServiceError};
use crate::view::Shell;
use crate::view::format::escaped;
use crate::view::tree::Node;
use std::collections::HashMap;

/// Everything in the actor's scope on the day of the page, and what its areas are called.
pub async fn tree(
    office: &Office,
    actor: &Actor,
    shell: &Shell,
    now: Timestamp,
) -> Result<(Vec<Node>, HashMap<AreaCode, String>), ServiceError> {
    let found = tree::tree(office, actor, None, When::on(shell.on), now).await?;
    let areas = found.areas.iter().map(|area| branch(shell, area));
    let elsewhere = found.elsewhere.iter().map(|one| house(shell, one));
    let mut names = HashMap::new();
    found.areas.iter().for_each(|area| name(area, &mut names));
    Ok((areas.chain(elsewhere).collect(), names))
}

/// What an area and those in it are called.
fn name(area: &Branch, names: &mut HashMap<AreaCode, String>) {
    let own = area.name.iter().cloned();
    names.extend(own.map(|name| (area.code, name)));
    area.areas.iter().for_each(|one| name(one, names));
}

fn branch(shell: &Shell, area: &Branch) -> Node {
    let code = area.code.to_string();
    let houses = area.institutions.iter().map(|one| house(shell, one));
    let areas = area.areas.iter().map(|one| branch(shell, one));
    Node {
        title: area.name.clone().unwrap_or_else(|| code.clone()),
        href: shell.with("/institutions", &[("area", &code)]),
        current: shell.path == "/institutions" && shell.asked("area") == code,
        nodes: houses.chain(areas).collect(),
    }
}

fn house(shell: &Shell, one: &House) -> Node {
    let path = format!("/institutions/{}", escaped(&one.institution.code));
    let current = shell
        .path
        .strip_prefix(&path)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    Node {
        title: one.institution.profile.name.clone(),
        href: shell.to(&path),
        current,
        nodes: one.below.iter().map(|one| house(shell, one)).collect(),
    }
}
