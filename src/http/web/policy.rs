//! Policies: what applies here and why, and what each says.

use super::ask::{Ask, Html, html};
use crate::domain::rights::{Action, Scope};
use crate::http::problem::Failure;
use crate::rules::figures::PolicyText;
use crate::service::{adoption, catalogue};
use crate::view::Shell;
use crate::view::form::{Field, Input};
use crate::view::policy::{ComparePage, Compared, Entry, ListPage, PolicyPage, Proposed, Said};
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
    let policies: Vec<(String, String)> = known
        .iter()
        .map(|one| (one.id.clone(), one.title.clone()))
        .collect();
    let mut proposed = Vec::new();
    if ask.can(Action::ProposeAdoption) {
        let all = adoption::proposals(office, actor).await;
        let all = ask.done(all)?;
        proposed = all
            .into_iter()
            .map(|one| Proposed {
                href: shell.to(format!("/adoptions/{}", one.id)),
                policy: title_of(&policies, &one.draft.adoption.policy),
                area: shell.area(one.draft.area),
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
        compared: compared_fields(&shell, &policies, "", ""),
    }))
}

/// The title of a policy; its identifier where it is not known any more.
pub fn title_of(policies: &[(String, String)], id: &str) -> String {
    let found = policies.iter().find(|(known, _)| known == id);
    found.map_or_else(|| id.to_owned(), |(_, title)| title.clone())
}

/// Every policy that is known: identifier and title.
pub fn titles(ask: &Ask) -> Result<Vec<(String, String)>, Failure> {
    let known = catalogue::policies(ask.office(), &ask.actor, ask.lang);
    let known = ask.done(known)?;
    Ok(known.into_iter().map(|one| (one.id, one.title)).collect())
}

fn compared_fields(s: &Shell, policies: &[(String, String)], a: &str, b: &str) -> Vec<Field> {
    let field = |name: &str, key: &str, value: &str| {
        let field = Field::new(name, s.t(key), Input::Choice).value(value);
        field.options(policies.iter().cloned()).required()
    };
    vec![
        field("a", "web-compare-first", a),
        field("b", "web-compare-second", b),
    ]
}

/// Two policies side by side, kind of rule by kind of rule.
#[handler]
pub async fn compare_page(ask: Ask) -> Html {
    let policies = titles(&ask)?;
    let (a, b) = (ask.asked("a"), ask.asked("b"));
    let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
    let title = crate::i18n::t(ask.lang, "web-menu-policies", &[]);
    let shell = ask.shell().await?.crumb(title, "/policies").undated();
    let s = &shell;
    let text = |id: &str| ask.done(catalogue::policy(ask.office(), &ask.actor, id));
    let (sides, rows) = if a.is_empty() || b.is_empty() {
        (None, Vec::new())
    } else {
        let (first, second) = (text(&a)?, text(&b)?);
        let rows = compared(s, &first, &second);
        (Some([first.line, second.line]), rows)
    };
    Ok(html(&ComparePage {
        s,
        fields: compared_fields(s, &policies, &a, &b),
        sides,
        rows,
    }))
}

/// A row a kind of rule that either has, in the order in which they have them.
fn compared(s: &Shell, a: &PolicyText, b: &PolicyText) -> Vec<Compared> {
    let mut kinds: Vec<&'static str> = Vec::new();
    for rule in a.rules.iter().chain(&b.rules) {
        if !kinds.contains(&rule.kind) {
            kinds.push(rule.kind);
        }
    }
    let of = |text: &PolicyText, other: &PolicyText, kind: &str| {
        let own = text.rules.iter().filter(|rule| rule.kind == kind);
        let own = own.map(|rule| {
            let twin = other.rules.iter();
            let mut twin = twin.filter(|one| one.line.rule == rule.line.rule);
            Said {
                title: s.b(&rule.line.title).to_owned(),
                force: s.t(format!("force-{}", rule.force.key())),
                says: rule.says.iter().map(|line| s.b(line).to_owned()).collect(),
                at: rule.line.cites.iter().map(|cite| cite.at.clone()).collect(),
                href: s.to(format!("/policies/{}#{}", text.line.id, rule.line.rule)),
                // word for word the same under the same name
                same: twin.any(|one| one.says == rule.says),
            }
        });
        own.collect()
    };
    let rows = kinds.into_iter().map(|kind| Compared {
        kind: s.t(format!("kind-{kind}")),
        a: of(a, b, kind),
        b: of(b, a, kind),
    });
    rows.collect()
}

/// What a policy says.
#[handler]
pub async fn policy_page(ask: Ask, Path((area, name)): Path<(String, String)>) -> Html {
    let id = format!("{area}/{name}");
    let text = catalogue::policy(ask.office(), &ask.actor, &id);
    let text = ask.done(text)?;
    let title = crate::i18n::t(ask.lang, "web-menu-policies", &[]);
    let shell = ask.shell().await?.crumb(title, "/policies").undated();
    let pairs = [("policy", id.as_str())];
    let adopt = if ask.can(Action::ProposeAdoption) {
        shell.with("/adoptions/new", &pairs)
    } else {
        String::new()
    };
    let compare = shell.with("/policies/compare", &[("a", id.as_str())]);
    Ok(html(&PolicyPage {
        s: &shell,
        text,
        adopt,
        compare,
    }))
}
