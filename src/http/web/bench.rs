//! The reviewer's bench: what waits, one case, several at once.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, against, status};
use super::promotion::{case, returned};
use crate::domain::promotion::{Command, Move};
use crate::domain::record::Version;
use crate::domain::record_id::ApplicationId;
use crate::domain::rights::Action;
use crate::http::problem::Failure;
use crate::service::ServiceError;
use crate::service::bench::{self, Waiting};
use crate::view::Shell;
use crate::view::bench as view;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::promotion as words;
use poem::handler;
use poem::web::Path;
use std::collections::HashMap;

/// Rows of the queue that are shown: a page stays readable.
const SHOWN: usize = 100;

/// Whoever has a case before them at all.
fn permitted(ask: &Ask) -> Result<(), Failure> {
    let own = [Action::Recommend, Action::Return, Action::Opine];
    if own.iter().any(|action| ask.can(*action)) {
        return Ok(());
    }
    ask.permitted(Action::Return)
}

/// What waits.
#[handler]
pub async fn queue_page(ask: Ask) -> Html {
    show(&ask, None, &Refused::default()).await
}

/// One case beside the queue.
#[handler]
pub async fn case_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: ApplicationId = id.parse().map_err(|_| ask.not_found())?;
    show(&ask, Some(id), &Refused::default()).await
}

async fn queue(ask: &Ask) -> Result<Vec<Waiting>, Failure> {
    let all = bench::queue(ask.office(), &ask.actor, ask.now).await;
    let mut all = ask.done(all)?;
    all.sort_by_key(|one| {
        let due = one.application.due;
        (due.is_none(), due, one.application.id.to_string())
    });
    Ok(all)
}

/// The bench with a case, and what was refused of it.
pub async fn show(ask: &Ask, id: Option<ApplicationId>, refused: &Refused) -> Html {
    permitted(ask)?;
    let waiting = queue(ask).await?;
    let (office, actor) = (ask.office(), &ask.actor);
    let whole = match id {
        Some(id) => match bench::whole(office, actor, id, ask.now).await {
            Ok(whole) => Some(whole),
            Err(error) => return Err(ask.failed(error)),
        },
        None => None,
    };
    let shell = ask.shell().await?.undated().at_path(match id {
        Some(id) => format!("/bench/{id}"),
        None => "/bench".to_owned(),
    });
    let s = &shell;
    let at = id.and_then(|id| waiting.iter().position(|one| one.application.id == id));
    let mut rows = Vec::new();
    for (number, one) in waiting.iter().enumerate().take(SHOWN) {
        rows.push(view::Waiting {
            current: at == Some(number),
            next: match at {
                Some(at) => number == at + 1,
                None => number == 0,
            },
            before: at.is_some_and(|at| number + 1 == at),
            ..row(s, one)
        });
    }
    let (mut rivals, mut retiring, mut deeds) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(whole) = &whole {
        rivals = whole
            .rivals
            .iter()
            .map(|(one, name)| {
                let text = format!(
                    "{name} · {} · {}",
                    words::asked(s, one),
                    words::state(s, one.state)
                );
                (text, s.to(format!("/applications/{}", one.id)))
            })
            .collect();
        retiring = whole
            .retiring
            .iter()
            .map(|one| {
                let frees = one.frees.map(|pool| words::pool(s, pool));
                let frees = frees.map(|pool| format!(" · {}", s.x("web-frees", pool)));
                let text = format!("{} · {}", one.name, s.month(&one.month));
                let text = format!("{text}{}", frees.unwrap_or_default());
                let href = if ask.can(Action::ReadPerson) {
                    s.to(format!("/people/{}", one.person))
                } else {
                    String::new()
                };
                (text, href)
            })
            .collect();
        let own = &whole.view;
        deeds = words::deeds(s, &own.application, &own.may, "bench", refused);
    }
    let page = view::Bench {
        s,
        queue: rows,
        legend: view::legend(s),
        case: whole
            .as_ref()
            .map(|whole| case(ask, s, &whole.view, Some(&whole.preview))),
        rivals,
        retiring,
        refused: refused.elsewhere(&deeds),
        keys: view::keys(s, &deeds, whole.is_some()),
        deeds,
    };
    Ok(with_status(status(refused), &page))
}

fn row(s: &Shell, one: &Waiting) -> view::Waiting {
    let own = &one.application;
    view::Waiting {
        seen: format!("{}~{}", own.id, own.version.number()),
        href: s.to(format!("/bench/{}", own.id)),
        due: words::due(s, own.due),
        name: one.name.clone(),
        asked: words::asked(s, own),
        house: one.house.clone(),
        symbols: words::symbols(s, &one.evaluation.checks),
        current: false,
        next: false,
        before: false,
    }
}

/// Identifiers with the versions that were seen: `id~version`.
fn seen(all: &[&str]) -> Vec<(ApplicationId, Version)> {
    let read = |text: &&str| {
        let (id, version) = text.split_once('~')?;
        Some((id.parse().ok()?, Version::new(version.parse().ok()?)?))
    };
    all.iter().filter_map(read).collect()
}

/// What several would lead to, in the order of the queue.
#[handler]
pub async fn batch_page(ask: Ask, fields: Fields) -> Html {
    tried(&ask, &fields, &Refused::default()).await
}

async fn tried(ask: &Ask, fields: &Fields, refused: &Refused) -> Html {
    permitted(ask)?;
    let chosen = fields.all("case");
    let cases = seen(&chosen);
    let ids: Vec<ApplicationId> = cases.iter().map(|(id, _)| *id).collect();
    let reason = fields.some("override_reason");
    let batch = bench::batch(ask.office(), &ask.actor, &ids, reason, ask.now).await;
    let batch = ask.done(batch)?;
    let houses = super::people::houses(ask).await?;
    let title = crate::i18n::t(ask.lang, "web-menu-bench", &[]);
    let shell = ask.shell().await?.crumb(title, "/bench");
    let mut shell = shell.undated().at_path("/bench");
    shell.query.clear();
    let s = &shell;
    let rows = batch.cases.iter().map(|one| {
        let takes = one.takes.map(|pool| s.x("web-takes", words::pool(s, pool)));
        let frees = one.frees.map(|pool| s.x("web-frees", words::pool(s, pool)));
        let effect: Vec<String> = [takes, frees].into_iter().flatten().collect();
        view::Tried {
            name: one.name.clone(),
            href: s.to(format!("/bench/{}", one.id)),
            effect: if effect.is_empty() {
                s.t("web-takes-none")
            } else {
                effect.join(" · ")
            },
            mark: view::went(s, one.against.is_empty(), false),
            why: one.against.iter().map(|why| s.refused(why)).collect(),
        }
    });
    let places = batch.places.iter().map(|one| {
        let name = houses.get(&one.institution);
        let name = name.map(|(_, name)| name.clone());
        let name = name.unwrap_or_else(|| s.t("web-col-institution"));
        (name, words::places(s, &one.before, &one.after))
    });
    let page = view::Batch {
        s,
        tried: rows.collect(),
        houses: places.collect(),
        deeds: decisions(s, ask, &chosen, refused),
    };
    Ok(with_status(status(refused), &page))
}

/// The same decision on all of them.
fn decisions(s: &Shell, ask: &Ask, chosen: &[&str], refused: &Refused) -> Vec<Deed> {
    if chosen.is_empty() {
        return Vec::new();
    }
    let field = |name: &str, key: &str, input| Field::new(name, s.t(key), input);
    let mut all = Vec::new();
    if ask.can(Action::Approve) {
        let mut deed = Deed::new("approve", "/bench/decisions", words::made(s, Move::Approve))
            .field(field("effective", "web-effective", Input::Day).hint(s.t("web-effective-is")))
            .field(
                field("override_reason", "web-override", Input::Area).hint(s.t("web-override-is")),
            );
        deed.primary = true;
        deed.shortcut = "a";
        all.push(deed);
    }
    if ask.can(Action::Return) {
        let to = [
            ("institution", s.t("web-holder-institution")),
            ("applicant", s.t("web-holder-applicant")),
        ];
        let to = to.map(|(key, words)| (key.to_owned(), words));
        let mut deed = Deed::new("return", "/bench/decisions", words::made(s, Move::Return))
            .field(field("to", "web-return-to", Input::Choice).options(to))
            .field(
                field("defects", "web-defects", Input::Area)
                    .required()
                    .hint(s.t("web-a-line-each")),
            );
        deed.shortcut = "r";
        all.push(deed);
    }
    if ask.can(Action::Reject) {
        let mut deed = Deed::new("reject", "/bench/decisions", words::made(s, Move::Reject))
            .field(field("reason", "web-reason", Input::Area).required());
        deed.loses = s.t("web-reject-loses");
        deed.shortcut = "x";
        all.push(deed);
    }
    if ask.can(Action::Recommend) {
        for made in [Move::Take, Move::Recommend] {
            all.push(Deed::new(
                made.key(),
                "/bench/decisions",
                words::made(s, made),
            ));
        }
    }
    let whole = |deed: Deed| {
        let deed = deed.hidden("made", "");
        let key = deed.key.clone();
        let deed = chosen
            .iter()
            .fold(deed, |deed, one| deed.hidden("case", one));
        let mut deed = deed.refused(refused);
        for (name, value) in &mut deed.hidden {
            if name == "made" {
                value.clone_from(&key);
            }
        }
        deed
    };
    all.into_iter().map(whole).collect()
}

/// Decides on several, each whole or not at all: what became of each.
#[handler]
pub async fn decide(ask: Ask, fields: Fields) -> Html {
    permitted(&ask)?;
    let made = fields.text("made");
    let command = match made {
        "approve" => match fields.day(&ask, "effective") {
            Ok(effective) => Ok(Command::Approve { effective }),
            Err(why) => Err(why),
        },
        "return" => returned(&ask, &fields),
        "reject" if fields.text("sure") != "yes" => {
            Err(vec![crate::i18n::t(ask.lang, "web-must-confirm", &[])])
        }
        "reject" => Ok(Command::Reject {
            reason: fields.text("reason").to_owned(),
        }),
        "take" => Ok(Command::take()),
        "recommend" => Ok(Command::recommend()),
        _ => return Err(ask.not_found()),
    };
    let command = match command {
        Ok(command) => command,
        Err(why) => return tried(&ask, &fields, &fields.refused(made, why)).await,
    };
    let chosen = fields.all("case");
    let cases = seen(&chosen);
    let reason = fields.some("override_reason");
    let (office, actor) = (ask.office(), &ask.actor);
    let mut names = HashMap::new();
    for (id, _) in &cases {
        let found = crate::service::promotion::find(office, actor, *id, ask.now).await;
        names.extend(found.ok().map(|view| (*id, view)));
    }
    let done = bench::decide(office, actor, &cases, &command, reason, ask.now).await;
    let done = ask.done(done)?;
    let title = crate::i18n::t(ask.lang, "web-menu-bench", &[]);
    let shell = ask
        .shell()
        .await?
        .crumb(title, "/bench")
        .undated()
        .at_path("/bench");
    let s = &shell;
    let mut rows = Vec::new();
    for (id, became) in done {
        let known = names.get(&id);
        let (effect, why) = match became {
            Ok(acted) => (words::state(s, acted.application.state), Vec::new()),
            // gone, or out of sight: said of that one alone
            Err(ServiceError::NotFound) => (String::new(), vec![s.t("problem-not-found")]),
            Err(error) => (String::new(), against(&ask, error)?),
        };
        rows.push(view::Tried {
            name: known.map(|one| one.name.clone()).unwrap_or_default(),
            href: s.to(format!("/applications/{id}")),
            effect,
            mark: view::went(s, why.is_empty(), true),
            why,
        });
    }
    Ok(html(&view::Batch {
        s,
        tried: rows,
        houses: Vec::new(),
        deeds: Vec::new(),
    }))
}
