//! Policies: what applies here and why, and what each says.

use super::ask::{Ask, Html, html};
use crate::domain::rights::{Action, Scope};
use crate::service::{adoption, catalogue};
use crate::view::policy::{Entry, ListPage, PolicyPage, Proposed};
use poem::handler;
use poem::web::Path;

/// What applies here, and every policy that is known.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    let (office, actor) = (ask.office(), &ask.actor);
    let known = catalogue::policies(office, actor, ask.lang);
    let known = ask.done(known)?;
    let shell = ask.shell().await?;
    let place = shell.who.as_ref().map(|who| who.place.clone());
    let here = match actor.capacity.scope() {
        Scope::Area(area) => {
            let found = adoption::in_force(office, actor, area, ask.when()).await;
            let found = ask.done(found)?;
            Some((place.unwrap_or_default(), found))
        }
        _ => None,
    };
    let mut proposed = Vec::new();
    if ask.can(Action::ProposeAdoption) {
        let all = adoption::proposals(office, actor).await;
        let all = ask.done(all)?;
        proposed = all
            .into_iter()
            .map(|one| Proposed {
                policy: one.draft.adoption.policy,
                area: one.draft.area.to_string(),
                on: shell.x("web-holds-from", one.draft.on.to_string()),
                by: one.author,
                state: shell.t(format!("web-proposal-{}", one.state.key())),
            })
            .collect();
    }
    let entries = known.into_iter().map(|one| Entry {
        id: one.id,
        title: one.title,
        status: one.status.to_owned(),
        verified: one.verified,
        place: one
            .place
            .map_or_else(|| shell.t("web-nationwide"), |place| place.to_string()),
        number: one.number.unwrap_or_default(),
        from: one.from.unwrap_or_default(),
        to: one.to.unwrap_or_default(),
        rules: one.rules,
    });
    let entries = entries.collect();
    Ok(html(&ListPage {
        s: &shell,
        here,
        entries,
        proposed,
    }))
}

/// What a policy says.
#[handler]
pub async fn policy_page(ask: Ask, Path((area, name)): Path<(String, String)>) -> Html {
    let id = format!("{area}/{name}");
    let text = catalogue::policy(ask.office(), &ask.actor, &id);
    let text = ask.done(text)?;
    let title = crate::i18n::t(ask.lang, "web-menu-policies", &[]);
    let mut shell = ask.shell().await?.crumb(title, "/policies");
    shell.follows_day = false;
    Ok(html(&PolicyPage { s: &shell, text }))
}
