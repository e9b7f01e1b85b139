//! Recruitment: vacancies, plans and their steps, who applied.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, against, bad, bad_row, status};
use super::people::houses;
use super::round::hundredths;
use super::to;
use crate::domain::record_id::{InstitutionId, RecruitmentId};
use crate::domain::recruitment::{Applicant, Mode, PlanMove, PlannedPost, Share, next};
use crate::domain::rights::Action;
use crate::service::institution;
use crate::service::locus::part_of;
use crate::service::recruitment::{self as service, Wanted};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::format::{escaped, percent};
use crate::view::institution::Tab;
use crate::view::recruitment as view;
use crate::view::round as round_view;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

fn field(s: &Shell, name: &str, key: &str, input: Input) -> Field {
    Field::new(name, s.t(key), input)
}

fn tabs(s: &Shell) -> Vec<Tab> {
    Tab::open(
        s,
        &[
            ("web-vacancies", "/recruitment", Action::ReadRecruitment),
            ("web-plans", "/recruitment/plans", Action::ReadRecruitment),
            ("web-plan-new", "/recruitment/new", Action::PlanRecruitment),
        ],
    )
}

fn share(share: Share) -> String {
    let words = percent(share.part.into(), share.whole.into());
    let words = words.unwrap_or_else(|| "–".to_owned());
    format!("{words}（{}/{}）", share.part, share.whole)
}

/// What is vacant, and what is planned for it.
#[handler]
pub async fn vacancies_page(ask: Ask) -> Html {
    ask.permitted(Action::ReadRecruitment)?;
    let (office, actor) = (ask.office(), &ask.actor);
    let part = part_of(office, actor, Action::ReadRecruitment).await;
    let part = ask.done(part)?;
    let found = service::vacancies(office, actor, &part, ask.on, ask.now).await;
    let found = ask.done(found)?;
    let mut clauses = super::promotion::Clauses::new(&ask);
    let shell = ask.shell().await?;
    let s = &shell;
    let heads = [
        ("web-col-institution", false),
        ("web-fact-kind", false),
        ("web-approved", true),
        ("web-used", true),
        ("web-vacant", true),
        ("web-planned", true),
        ("web-new-people", true),
    ];
    let mut page = TablePage::new(s, s.t("web-menu-recruitment"), &heads);
    page.tabs = tabs(s);
    page.empty = s.t("web-no-vacancies");
    page.first = true;
    page.intro.push(s.t("web-recruitment-is"));
    for county in &found.counties {
        let used = county.used.map_or_else(|| "–".to_owned(), share);
        page.intro.push(format!(
            "{} · {} {used} · {} {}",
            county.county,
            s.t("web-county-use"),
            s.t("web-primary-share"),
            share(county.primary),
        ));
    }
    let may = |number: Option<u32>| number.map_or_else(|| "–".to_owned(), |n| n.to_string());
    page.rows = found
        .institutions
        .iter()
        .map(|one| {
            let mut notes = Vec::new();
            if one.unplanned {
                notes.push(s.t("web-unplanned"));
            }
            if let Some(first) = &one.first {
                let rule = clauses.find(first);
                let title = rule.map_or_else(|| first.clone(), |rule| s.b(&rule.title).to_owned());
                notes.push(format!("{} {title}", s.t("web-first-by")));
            }
            vec![
                Cell::link(
                    one.name.clone(),
                    s.to(format!("/institutions/{}", escaped(&one.code))),
                )
                .note(notes.join(" · ")),
                Cell::text(s.may(&one.kind)),
                Cell::number(may(one.approved)),
                Cell::number(one.used),
                Cell::number(may(one.vacant)),
                Cell::number(one.planned),
                Cell::number(one.new),
            ]
        })
        .collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// The plans of the institutions one may see, newest first.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    ask.permitted(Action::ReadRecruitment)?;
    let houses = houses(&ask).await?;
    let mut all = Vec::new();
    for (id, (_, name)) in &houses {
        let found = service::of_institution(ask.office(), &ask.actor, *id, ask.now).await;
        let found = ask.done(found)?;
        all.extend(found.into_iter().map(|plan| (name.clone(), plan)));
    }
    all.sort_by_key(|(_, plan)| std::cmp::Reverse(plan.id.to_string()));
    let shell = ask.shell().await?.undated();
    let s = &shell;
    let heads = [
        ("web-plan-title", false),
        ("web-col-institution", false),
        ("web-state", false),
        ("web-plan-places", true),
    ];
    let mut page = TablePage::new(s, s.t("web-plans"), &heads);
    page.tabs = tabs(s);
    page.empty = s.t("web-no-plans");
    page.rows = all
        .iter()
        .map(|(house, plan)| {
            vec![
                Cell::link(
                    plan.title.clone(),
                    s.to(format!("/recruitment/plans/{}", plan.id)),
                ),
                Cell::text(house.clone()),
                Cell::text(view::state(s, plan.state)),
                Cell::number(plan.places()),
            ]
        })
        .collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// A post as its row says: title, places, mode, why it is urgently needed.
fn post([title, places, mode, urgent]: &[String; 4]) -> Option<PlannedPost> {
    let mode = match mode.as_str() {
        "" => Mode::Open,
        key => Mode::ALL.iter().copied().find(|mode| mode.key() == key)?,
    };
    let title = Some(title).filter(|title| !title.is_empty());
    Some(PlannedPost {
        title: title?.clone(),
        places: places.parse().ok()?,
        urgent: Some(urgent.clone()).filter(|why| !why.is_empty()),
        hard: false,
        mode,
    })
}

fn wanted(ask: &Ask, fields: &Fields) -> Result<Wanted, Vec<String>> {
    let rows = fields.rows::<4>("posts");
    let posts = rows
        .iter()
        .map(|(row, cells)| post(cells).ok_or_else(|| bad_row(ask, "web-plan-posts", *row)));
    Ok(Wanted {
        title: fields.text("title").to_owned(),
        posts: posts.collect::<Result<_, _>>()?,
    })
}

fn plan_fields(s: &Shell, deed: Deed, title: &str, posts: &[PlannedPost]) -> Deed {
    // usual, so that a row in which nothing is written stays blank
    let key = |mode: Mode| match mode {
        Mode::Open => String::new(),
        mode => mode.key().to_owned(),
    };
    let modes = Mode::ALL.iter();
    let modes = modes.map(|mode| (key(*mode), view::mode(s, *mode)));
    let columns = vec![
        field(s, "title", "web-plan-post", Input::Text),
        field(s, "places", "web-plan-places", Input::Number),
        field(s, "mode", "web-plan-mode", Input::Choice).options(modes),
        field(s, "urgent", "web-plan-urgent", Input::Text),
    ];
    let rows = posts.iter().map(|post| {
        vec![
            post.title.clone(),
            post.places.to_string(),
            key(post.mode),
            post.urgent.clone().unwrap_or_default(),
        ]
    });
    deed.field(
        field(s, "title", "web-plan-title", Input::Text)
            .required()
            .value(title),
    )
    .field(
        field(s, "posts", "web-plan-posts", Input::Table)
            .required()
            .hint(s.t("web-plan-posts-are"))
            .table(columns, rows.collect()),
    )
}

/// A plan that is begun.
#[handler]
pub async fn new_page(ask: Ask) -> Html {
    planned(&ask, &Refused::default()).await
}

async fn planned(ask: &Ask, refused: &Refused) -> Html {
    ask.permitted(Action::PlanRecruitment)?;
    let houses = houses(ask).await?;
    let mut houses: Vec<(String, String)> = houses.into_values().collect();
    houses.sort();
    let title = crate::i18n::t(ask.lang, "web-menu-recruitment", &[]);
    let shell = ask
        .shell()
        .await?
        .crumb(title, "/recruitment")
        .undated()
        .at_path("/recruitment/new");
    let s = &shell;
    let deed = Deed::new("plan", "/recruitment", s.t("web-save")).field(
        field(s, "institution", "web-col-institution", Input::Choice)
            .required()
            .options(houses),
    );
    let page = round_view::New {
        s,
        title: s.t("web-plan-new"),
        deed: plan_fields(s, deed, "", &[]).refused(refused),
    };
    Ok(with_status(status(refused), &page))
}

/// Begins a plan.
#[handler]
pub async fn plan_one(ask: Ask, fields: Fields) -> Html {
    ask.permitted(Action::PlanRecruitment)?;
    let wanted = match wanted(&ask, &fields) {
        Ok(wanted) => wanted,
        Err(why) => return planned(&ask, &fields.refused("plan", why)).await,
    };
    let (office, actor) = (ask.office(), &ask.actor);
    let code = fields.text("institution");
    let house = institution::with_code(office, actor, code, ask.now).await;
    let house: InstitutionId = ask.done(house)?;
    match service::plan(office, actor, house, &wanted, ask.now).await {
        Ok(id) => Ok(to(&format!("/recruitment/plans/{id}?told=plan-saved"))),
        Err(error) => {
            let why = against(&ask, error)?;
            planned(&ask, &fields.refused("plan", why)).await
        }
    }
}

/// A plan with those who applied.
#[handler]
pub async fn plan_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: RecruitmentId = id.parse().map_err(|_| ask.not_found())?;
    show(&ask, id, &Refused::default()).await
}

const fn action(made: PlanMove) -> Action {
    match made {
        PlanMove::Endorse => Action::EndorseRecruitment,
        PlanMove::Approve => Action::ApproveRecruitment,
        _ => Action::PlanRecruitment,
    }
}

/// Sending back is for whoever has it before them.
fn may(ask: &Ask, seen: &service::View, made: PlanMove) -> bool {
    use crate::domain::recruitment::PlanState;
    match (made, seen.plan.state) {
        (PlanMove::SendBack, PlanState::Proposed) => ask.can(Action::EndorseRecruitment),
        (PlanMove::SendBack, _) => ask.can(Action::ApproveRecruitment),
        (made, _) => ask.can(action(made)),
    }
}

async fn show(ask: &Ask, id: RecruitmentId, refused: &Refused) -> Html {
    let seen = service::find(ask.office(), &ask.actor, id, ask.now).await;
    let seen = ask.done(seen)?;
    let houses = houses(ask).await?;
    let title = crate::i18n::t(ask.lang, "web-plans", &[]);
    let shell = ask
        .shell()
        .await?
        .crumb(title, "/recruitment/plans")
        .undated()
        .at_path(format!("/recruitment/plans/{id}"));
    let s = &shell;
    let plan = &seen.plan;
    let house = houses.get(&plan.institution);
    let ranked = seen.ranked.iter().map(|one| {
        let post = plan.posts.get(one.applicant.post);
        view::Ranked {
            post: post.map(|post| post.title.clone()).unwrap_or_default(),
            rank: one.rank,
            number: one.applicant.number.clone(),
            points: round_view::points(one.applicant.points.into()),
            tied: one.tied,
            by_priority: one.by_priority,
        }
    });
    let deeds = deeds(ask, s, &seen, refused);
    let page = view::Page {
        s,
        refused: refused.elsewhere(&deeds),
        title: plan.title.clone(),
        house: house.map(|(_, name)| name.clone()).unwrap_or_default(),
        state: view::state(s, plan.state),
        posts: plan
            .posts
            .iter()
            .map(|post| {
                [
                    post.title.clone(),
                    post.places.to_string(),
                    view::mode(s, post.mode),
                    post.urgent.clone().unwrap_or_default(),
                ]
            })
            .collect(),
        ranked: ranked.collect(),
        deeds,
    };
    Ok(with_status(status(refused), &page))
}

fn deeds(ask: &Ask, s: &Shell, seen: &service::View, refused: &Refused) -> Vec<Deed> {
    let plan = &seen.plan;
    let all = PlanMove::ALL.iter().copied();
    let open = all.filter(|made| next(plan.state, *made).is_some() && may(ask, seen, *made));
    let deed = |made: PlanMove| {
        let to = match made {
            PlanMove::Rank => format!("/recruitment/plans/{}/applicants", plan.id),
            made => format!("/recruitment/plans/{}/steps/{}", plan.id, made.key()),
        };
        let mut deed = Deed::new(made.key(), to, view::made(s, made));
        deed = deed.hidden("version", plan.version.number());
        match made {
            PlanMove::Edit => plan_fields(s, deed, &plan.title, &plan.posts),
            PlanMove::Rank => deed.field(
                field(s, "applicants", "web-plan-applicants", Input::Area)
                    .required()
                    .hint(s.t("web-plan-applicants-are")),
            ),
            PlanMove::SendBack => {
                deed.field(field(s, "reason", "web-reason", Input::Area).required())
            }
            PlanMove::Cancel => {
                deed.loses = s.t("web-cancel-loses");
                deed.field(field(s, "reason", "web-reason", Input::Area).required())
            }
            PlanMove::Propose | PlanMove::Endorse | PlanMove::Approve => {
                deed.primary = true;
                deed
            }
            PlanMove::Close => deed,
        }
    };
    open.map(|made| deed(made).refused(refused)).collect()
}

/// A step of a plan.
#[handler]
pub async fn take_step(ask: Ask, Path((id, made)): Path<(String, String)>, fields: Fields) -> Html {
    let id: RecruitmentId = id.parse().map_err(|_| ask.not_found())?;
    let mut all = PlanMove::ALL.iter().copied();
    let made = all.find(|one| one.key() == made && *one != PlanMove::Rank);
    let made = made.ok_or_else(|| ask.not_found())?;
    let seen = fields.version(&ask)?;
    let wanted = match made {
        PlanMove::Edit => match wanted(&ask, &fields) {
            Ok(wanted) => Some(wanted),
            Err(why) => return show(&ask, id, &fields.refused("edit", why)).await,
        },
        _ => None,
    };
    if made == PlanMove::Cancel && fields.text("sure") != "yes" {
        let why = vec![crate::i18n::t(ask.lang, "web-must-confirm", &[])];
        return show(&ask, id, &fields.refused("cancel", why)).await;
    }
    let step = service::Step {
        office: ask.office(),
        actor: &ask.actor,
        id,
        seen,
        made,
        wanted: wanted.as_ref(),
        reason: fields.some("reason"),
        now: ask.now,
    };
    match step.run().await {
        Ok(_) => Ok(to(&format!("/recruitment/plans/{id}?told=plan-step"))),
        Err(error) => {
            let why = against(&ask, error)?;
            show(&ask, id, &fields.refused(made.key(), why)).await
        }
    }
}

/// `1, 20260117, 81.5`
fn applicant(line: &str) -> Option<Applicant> {
    let mut parts = line.split([',', '，', '\t']).map(str::trim);
    let post: usize = parts.next()?.parse().ok()?;
    Some(Applicant {
        post: post.checked_sub(1)?,
        number: parts.next()?.to_owned(),
        points: hundredths(parts.next()?)?,
        rural_doctor: None,
    })
}

/// Records who applied.
#[handler]
pub async fn register_all(ask: Ask, Path(id): Path<String>, fields: Fields) -> Html {
    let id: RecruitmentId = id.parse().map_err(|_| ask.not_found())?;
    let mut all = Vec::new();
    for line in fields.lines("applicants") {
        match applicant(&line) {
            Some(one) => all.push(one),
            None => {
                let why = bad(&ask, &line);
                return show(&ask, id, &fields.refused("rank", why)).await;
            }
        }
    }
    match service::register(ask.office(), &ask.actor, id, &all, ask.now).await {
        Ok(()) => Ok(to(&format!("/recruitment/plans/{id}?told=plan-applicants"))),
        Err(error) => {
            let why = against(&ask, error)?;
            show(&ask, id, &fields.refused("rank", why)).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_each() {
        let row = |cells: [&str; 4]| post(&cells.map(str::to_owned));
        let read = row(["全科医师", "2", "interview", "无执业医师"]);
        let read = read.map(|one| (one.title, one.places, one.mode, one.urgent));
        let urgent = Some("无执业医师".to_owned());
        assert_eq!(
            read,
            Some(("全科医师".to_owned(), 2, Mode::Interview, urgent))
        );
        let whole = row(["全科医师", "1", "", ""]).map(|one| one.mode);
        assert_eq!(whole, Some(Mode::Open));
        assert!(row(["全科医师", "", "", ""]).is_none() && row(["a", "1", "b", ""]).is_none());
        assert!(row(["", "1", "", ""]).is_none());
        let read = applicant("1, 20260117, 81.5").map(|one| (one.post, one.number, one.points));
        assert_eq!(read, Some((0, "20260117".to_owned(), 8150)));
        assert!(applicant("0, 1, 2").is_none());
    }
}
