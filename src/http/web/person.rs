//! A person: the file, where they stand, what was recorded.

use super::ask::{Ask, Html, html};
use super::institution::changes_of;
use super::people::houses;
use crate::domain::absence::Departure;
use crate::domain::appointment::{Appointment, LedgerDecision};
use crate::domain::employment::{Contract, Employed};
use crate::domain::licence::PhysicianAssessment;
use crate::domain::merit::{Assessment, Honour};
use crate::domain::record_id::PersonId;
use crate::domain::rights::Action;
use crate::domain::service::{Evidence, Spell};
use crate::domain::staff::Profile;
use crate::domain::title::Title;
use crate::http::problem::Failure;
use crate::service::staff::{self, Member};
use crate::service::{ServiceError, eligibility};
use crate::view::Shell;
use crate::view::format::escaped;
use crate::view::institution::Fact;
use crate::view::person as view;
use poem::handler;
use poem::web::Path;

pub async fn seen(ask: &Ask, id: &str) -> Result<(Shell, PersonId, view::Head), Failure> {
    let id: PersonId = id.parse().map_err(|_| ask.not_found())?;
    let (office, actor) = (ask.office(), &ask.actor);
    let member = staff::find(office, actor, id, ask.when(), ask.now).await;
    let member = ask.done(member)?;
    let houses = houses(ask).await?;
    let mut shell = ask.shell().await?;
    let house = member.employed.as_ref();
    let house = house.and_then(|employed| houses.get(&employed.institution));
    let (mut institution, mut href) = (String::new(), String::new());
    if let Some((code, name)) = house {
        let path = format!("/institutions/{}", escaped(code));
        href = shell.to(&path);
        institution = name.clone();
        shell = shell.crumb(name.clone(), &path).crumb(
            crate::i18n::t(ask.lang, "web-tab-people", &[]),
            &format!("{path}/people"),
        );
    } else if ask.can(Action::ReadPlace) {
        let title = crate::i18n::t(ask.lang, "web-menu-people", &[]);
        shell = shell.crumb(title, "/people");
    }
    if institution.is_empty()
        && let Some(who) = &shell.who
        && member.employed.is_some()
    {
        institution = who.place.clone();
    }
    let head = head(&shell, &member, institution, href);
    Ok((shell, id, head))
}

fn head(s: &Shell, member: &Member, institution: String, institution_href: String) -> view::Head {
    let fact = |key: &str, value: String| Fact::new(s.t(format!("web-col-{key}")), value);
    let employed = member.employed.as_ref();
    let (appointed, grade) = match member.appointed {
        Some((rank, grade, manner)) => {
            let grade = grade.map(|grade| grade.number().to_string());
            let words = s.xy("web-rank-manner", view::post_rank(s, rank), s.w(&manner));
            (words, grade.unwrap_or_default())
        }
        None => (s.t("word-rank-not-appointed"), String::new()),
    };
    let title = match member.title {
        Some((rank, kind)) => s.xy("web-rank-manner", s.w(&rank), s.w(&kind)),
        None => String::new(),
    };
    let profile = &member.profile;
    let started = profile.started_work.map(|month| s.month(&month));
    let job = profile.job_class.map(|class| s.w(&class));
    view::Head {
        tabs: view::tabs(s, member.id),
        id: member.id.to_string(),
        name: profile.name.clone(),
        number: member.number.clone(),
        institution,
        institution_href,
        appointed: appointed.clone(),
        facts: vec![
            fact("sex", s.w(&member.sex)),
            fact("birth", s.month(&member.birth)),
            fact("employment", s.may(&employed.map(|one| one.employment))),
            fact("category", s.may(&employed.map(|one| one.category))),
            fact("job", job.unwrap_or_default()),
            fact("title", title),
            fact("appointed", appointed),
            fact("grade", grade),
            fact("gp-training", s.w(&profile.gp_training)),
            fact("started", started.unwrap_or_default()),
        ],
    }
}

/// The file, and where they stand.
#[handler]
pub async fn overview_page(ask: Ask, Path(id): Path<String>) -> Html {
    let (shell, id, head) = seen(&ask, &id).await?;
    let (office, actor) = (ask.office(), &ask.actor);
    let standing = match eligibility::of_person(office, actor, id, ask.on, ask.now).await {
        Ok(standing) => Some(standing.whole()),
        Err(ServiceError::NotFound) => None,
        Err(error) => return Err(ask.failed(error)),
    };
    let page = view::Overview::new(&shell, &head, standing.as_ref());
    Ok(html(&page))
}

/// What is recorded of them, latest first.
#[handler]
pub async fn changes_page(ask: Ask, Path(id): Path<String>) -> Html {
    let (shell, id, head) = seen(&ask, &id).await?;
    let mut all = Vec::new();
    changes_of::<Profile>(&ask, &shell, id, &mut all).await?;
    changes_of::<Employed>(&ask, &shell, id, &mut all).await?;
    changes_of::<Departure>(&ask, &shell, id, &mut all).await?;
    changes_of::<Contract>(&ask, &shell, id, &mut all).await?;
    changes_of::<Title>(&ask, &shell, id, &mut all).await?;
    changes_of::<Appointment>(&ask, &shell, id, &mut all).await?;
    changes_of::<LedgerDecision>(&ask, &shell, id, &mut all).await?;
    changes_of::<Spell>(&ask, &shell, id, &mut all).await?;
    changes_of::<Evidence>(&ask, &shell, id, &mut all).await?;
    changes_of::<Honour>(&ask, &shell, id, &mut all).await?;
    changes_of::<Assessment>(&ask, &shell, id, &mut all).await?;
    changes_of::<PhysicianAssessment>(&ask, &shell, id, &mut all).await?;
    all.sort_by(|a, b| b.at.cmp(&a.at));
    let page = view::ChangesPage {
        s: &shell,
        head: &head,
        changes: all,
    };
    Ok(html(&page))
}
