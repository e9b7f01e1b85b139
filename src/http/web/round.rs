//! Rounds of competition: lists, the plan, its steps, points and the order.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, against, bad, bad_row, status};
use super::people::houses;
use super::to;
use crate::domain::post::Grade;
use crate::domain::record_id::{InstitutionId, RoundId};
use crate::domain::rights::Action;
use crate::domain::round::{Criterion, Offered, Plan, RoundMove, next};
use crate::domain::title::Rank;
use crate::domain::training::{Required, TrainingKind};
use crate::service::promotion::{Wanted, list};
use crate::service::{institution, round};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::institution::{Fact, Tab};
use crate::view::promotion::{asked, tabs};
use crate::view::round as view;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;
use std::collections::HashMap;

fn field(s: &Shell, name: &str, key: &str, input: Input) -> Field {
    Field::new(name, s.t(key), input)
}

/// The rounds of the institutions one may see, newest first.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    ask.permitted(Action::ReadRound)?;
    let houses = houses(&ask).await?;
    let mut all = Vec::new();
    for (id, (_, name)) in &houses {
        let found = round::of_institution(ask.office(), &ask.actor, *id, ask.now).await;
        let found = ask.done(found)?;
        all.extend(found.into_iter().map(|round| (name.clone(), round)));
    }
    all.sort_by_key(|(_, round)| std::cmp::Reverse(round.id.to_string()));
    let shell = ask.shell().await?.undated();
    let s = &shell;
    let heads = [
        ("web-round-title", false),
        ("web-col-institution", false),
        ("web-state", false),
        ("web-round-window", false),
        ("web-round-offered", false),
    ];
    let mut page = TablePage::new(s, s.t("web-menu-rounds"), &heads);
    page.tabs = tabs(s);
    if ask.can(Action::PlanRound) {
        page.tabs.push(Tab {
            title: s.t("web-round-new"),
            href: s.to("/rounds/new"),
            current: false,
        });
    }
    page.empty = s.t("web-no-rounds");
    page.rows = all
        .iter()
        .map(|(house, round)| {
            vec![
                Cell::link(
                    round.plan.title.clone(),
                    s.to(format!("/rounds/{}", round.id)),
                ),
                Cell::text(house.clone()),
                Cell::text(view::state(s, round.state)),
                Cell::text(format!("{} – {}", round.plan.from, round.plan.to)),
                Cell::text(view::offered(s, &round.plan)),
            ]
        })
        .collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&page.paged(at.unwrap_or(1))))
}

/// A round that is planned.
#[handler]
pub async fn new_page(ask: Ask) -> Html {
    planned(&ask, None, &Refused::default()).await
}

/// The plan of a round, to be changed.
#[handler]
pub async fn edit_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: RoundId = id.parse().map_err(|_| ask.not_found())?;
    planned(&ask, Some(id), &Refused::default()).await
}

async fn planned(ask: &Ask, id: Option<RoundId>, refused: &Refused) -> Html {
    ask.permitted(Action::PlanRound)?;
    let houses = houses(ask).await?;
    let title = crate::i18n::t(ask.lang, "web-menu-rounds", &[]);
    let shell = ask.shell().await?.crumb(title, "/rounds").undated();
    let known = match id {
        Some(id) => {
            let found = round::find(ask.office(), &ask.actor, id, ask.now).await;
            Some(ask.done(found)?.round)
        }
        None => None,
    };
    let shell = shell.at_path(match id {
        Some(id) => format!("/rounds/{id}/edit"),
        None => "/rounds/new".to_owned(),
    });
    let s = &shell;
    let mut deed = match &known {
        Some(round) => {
            let to = format!("/rounds/{}/steps/edit", round.id);
            Deed::new("plan", to, s.t("web-save")).hidden("version", round.version.number())
        }
        None => {
            let mut all: Vec<(String, String)> = houses.into_values().collect();
            all.sort();
            Deed::new("plan", "/rounds", s.t("web-save")).field(
                field(s, "institution", "web-col-institution", Input::Choice)
                    .required()
                    .options(all),
            )
        }
    };
    let plan = known.as_ref().map(|round| &round.plan);
    let value = |text: Option<String>| text.unwrap_or_default();
    let training = plan.and_then(|plan| plan.training);
    let trainings = TrainingKind::ALL.iter();
    let trainings = trainings.map(|one| (one.key().to_owned(), s.w(one)));
    let none = (String::new(), s.t("web-round-training-none"));
    let trainings: Vec<(String, String)> = std::iter::once(none).chain(trainings).collect();
    deed = deed
        .field(
            field(s, "title", "web-round-title", Input::Text)
                .required()
                .value(value(plan.map(|plan| plan.title.clone()))),
        )
        .field(offered_field(s, plan))
        .field(criteria_field(s, plan))
        .field(
            field(s, "conditions", "web-round-conditions", Input::Area)
                .value(value(plan.map(|plan| plan.conditions.clone()))),
        )
        .field(
            field(s, "training", "web-round-training", Input::Choice)
                .hint(s.t("web-round-training-is"))
                .options(trainings)
                .value(value(training.map(|one| one.kind.key().to_owned()))),
        )
        .field(
            field(
                s,
                "training_hours",
                "web-round-training-hours",
                Input::Number,
            )
            .value(value(
                training
                    .and_then(|one| one.hours)
                    .map(|hours| hours.to_string()),
            )),
        )
        .field(
            field(s, "training_since", "web-round-training-since", Input::Day)
                .hint(s.t("web-round-training-since-is"))
                .value(value(
                    training
                        .and_then(|one| one.since)
                        .map(|day| day.to_string()),
                )),
        )
        .field(
            field(s, "term_months", "web-round-term", Input::Number)
                .required()
                .value(plan.map_or(36, |plan| plan.term_months)),
        )
        .field(
            field(s, "from", "web-round-from", Input::Day)
                .required()
                .value(value(plan.map(|plan| plan.from.to_string()))),
        )
        .field(
            field(s, "to", "web-round-to", Input::Day)
                .required()
                .value(value(plan.map(|plan| plan.to.to_string()))),
        );
    let page = view::New {
        s,
        title: s.t(if id.is_some() {
            "round-move-edit"
        } else {
            "web-round-new"
        }),
        deed: deed.refused(refused),
    };
    Ok(with_status(status(refused), &page))
}

/// The places of a round: rank, grade, how many.
fn offered_field(s: &Shell, plan: Option<&Plan>) -> Field {
    let ranks = Rank::ALL.iter().filter(|rank| **rank != Rank::None);
    let ranks = ranks.map(|rank| (rank.key().to_owned(), s.w(rank)));
    let none = std::iter::once((String::new(), "–".to_owned()));
    let columns = vec![
        field(s, "rank", "web-level", Input::Choice).options(none.chain(ranks)),
        field(s, "grade", "web-round-grade", Input::Number),
        field(s, "places", "web-plan-places", Input::Number),
    ];
    let rows = plan.into_iter().flat_map(|plan| &plan.offered).map(|one| {
        let grade = one.grade.map(|grade| grade.number().to_string());
        vec![
            one.rank.key().to_owned(),
            grade.unwrap_or_default(),
            one.places.to_string(),
        ]
    });
    field(s, "offered", "web-round-offered", Input::Table)
        .required()
        .hint(s.t("web-offered-is"))
        .table(columns, rows.collect())
}

fn offered([rank, grade, places]: &[String; 3]) -> Option<Offered> {
    let ranks = Rank::ALL.iter().copied();
    let rank = ranks
        .filter(|one| *one != Rank::None)
        .find(|one| one.key() == rank);
    let grade = match grade.as_str() {
        "" => None,
        number => Some(Grade::new(number.parse().ok()?)?),
    };
    Some(Offered {
        rank: rank?,
        grade,
        places: places.parse().ok()?,
    })
}

/// By what is scored: name, most points.
fn criteria_field(s: &Shell, plan: Option<&Plan>) -> Field {
    let columns = vec![
        field(s, "name", "web-round-criterion", Input::Text),
        field(s, "most", "web-round-most", Input::Number),
    ];
    let rows = plan.into_iter().flat_map(|plan| &plan.criteria);
    let rows = rows.map(|one| vec![one.name.clone(), view::points(one.most.into())]);
    field(s, "criteria", "web-round-criteria", Input::Table)
        .required()
        .hint(s.t("web-criteria-are"))
        .table(columns, rows.collect())
}

fn criterion([name, most]: &[String; 2]) -> Option<Criterion> {
    let name = Some(name).filter(|name| !name.is_empty());
    Some(Criterion {
        name: name?.clone(),
        most: hundredths(most)?,
    })
}

/// Points as people write them, in hundredths: `40`, `38.5`, `38.25`.
pub fn hundredths(text: &str) -> Option<u32> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return None;
    }
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part)
}

/// What training is asked for; hours and a day alone say nothing.
fn training_of(ask: &Ask, fields: &Fields) -> Result<Option<Required>, Vec<String>> {
    let key = fields.text("training");
    let mut all = TrainingKind::ALL.iter().copied();
    let kind = match key {
        "" => return Ok(None),
        key => all.find(|one| one.key() == key),
    };
    Ok(Some(Required {
        kind: kind.ok_or_else(|| bad(ask, key))?,
        hours: fields.read(ask, "training_hours")?,
        since: fields.day(ask, "training_since")?,
    }))
}

fn plan_of(ask: &Ask, fields: &Fields) -> Result<Plan, Vec<String>> {
    let rows = fields.rows::<3>("offered");
    let offered = rows
        .iter()
        .map(|(row, cells)| offered(cells).ok_or_else(|| bad_row(ask, "web-round-offered", *row)));
    let rows = fields.rows::<2>("criteria");
    let criteria = rows.iter().map(|(row, cells)| {
        criterion(cells).ok_or_else(|| bad_row(ask, "web-round-criteria", *row))
    });
    let day = |name: &str| {
        let found = fields.day(ask, name)?;
        found.ok_or_else(|| bad(ask, name))
    };
    Ok(Plan {
        title: fields.text("title").to_owned(),
        offered: offered.collect::<Result<_, _>>()?,
        term_months: fields.read(ask, "term_months")?.unwrap_or(0),
        conditions: fields.text("conditions").to_owned(),
        training: training_of(ask, fields)?,
        criteria: criteria.collect::<Result<_, _>>()?,
        from: day("from")?,
        to: day("to")?,
    })
}

/// Plans a round.
#[handler]
pub async fn plan_one(ask: Ask, fields: Fields) -> Html {
    ask.permitted(Action::PlanRound)?;
    let plan = match plan_of(&ask, &fields) {
        Ok(plan) => plan,
        Err(why) => return planned(&ask, None, &fields.refused("plan", why)).await,
    };
    let (office, actor) = (ask.office(), &ask.actor);
    let code = fields.text("institution");
    let house = institution::with_code(office, actor, code, ask.now).await;
    let house: InstitutionId = ask.done(house)?;
    match round::plan(office, actor, house, &plan, ask.now).await {
        Ok(id) => Ok(to(&format!("/rounds/{id}?told=round-planned"))),
        Err(error) => {
            let why = against(&ask, error)?;
            planned(&ask, None, &fields.refused("plan", why)).await
        }
    }
}

/// A round with its order.
#[handler]
pub async fn round_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: RoundId = id.parse().map_err(|_| ask.not_found())?;
    show(&ask, id, &Refused::default()).await
}

const fn action(made: RoundMove) -> Action {
    match made {
        RoundMove::SendBack | RoundMove::Approve => Action::ApproveRound,
        _ => Action::PlanRound,
    }
}

async fn show(ask: &Ask, id: RoundId, refused: &Refused) -> Html {
    let (office, actor) = (ask.office(), &ask.actor);
    let seen = round::find(office, actor, id, ask.now).await;
    let seen = ask.done(seen)?;
    let wanted = Wanted {
        round: Some(id),
        ..Wanted::default()
    };
    let listed = list(office, actor, &wanted, None, ask.now).await;
    let listed = ask.done(listed)?;
    let known: HashMap<_, _> = listed.iter().map(|one| (one.application.id, one)).collect();
    let houses = houses(ask).await?;
    let title = crate::i18n::t(ask.lang, "web-menu-rounds", &[]);
    let shell = ask
        .shell()
        .await?
        .crumb(title, "/rounds")
        .undated()
        .at_path(format!("/rounds/{id}"));
    let s = &shell;
    let own = &seen.round;
    let plan = &own.plan;
    let house = houses.get(&own.institution);
    let ranked = seen.order.iter().map(|one| {
        let application = known.get(&one.application);
        let (place, class) =
            if one.points == 0 && own.state < crate::domain::round::RoundState::Scoring {
                ("web-place-open", "unknown")
            } else if seen.allocation.given.contains(&one.application) {
                ("web-place-given", "holds")
            } else if seen.allocation.tied.contains(&one.application) {
                ("web-place-tied", "judgement")
            } else {
                ("web-place-left", "unknown")
            };
        view::Ranked {
            rank: one.rank,
            name: application.map(|one| one.name.clone()).unwrap_or_default(),
            href: s.to(format!("/applications/{}", one.application)),
            asked: application
                .map(|one| asked(s, &one.application))
                .unwrap_or_default(),
            points: view::points(one.points),
            tied: one.tied,
            incomplete: one.incomplete,
            place: s.t(place),
            class,
        }
    });
    let scoring = next(own.state, RoundMove::Score).is_some() && ask.can(Action::Score);
    let sheet = seen.applications.iter().filter(|_| scoring).map(|one| {
        let name = known.get(&one.id).map(|one| one.name.clone());
        let fields = (0..plan.criteria.len()).map(|at| {
            let name = format!("{}~{at}", one.id);
            let given = refused.given.iter().find(|(key, _)| *key == name);
            let value = given.map_or(String::new(), |(_, value)| value.clone());
            (name, value)
        });
        view::Sheet {
            name: name.unwrap_or_default(),
            fields: fields.collect(),
        }
    });
    let contested = seen.allocation.contested;
    let deeds = deeds(ask, s, &seen, refused);
    let fact = |key: &str, value: String| Fact::new(s.t(key), value);
    let page = view::Page {
        s,
        title: plan.title.clone(),
        house: house.map(|(_, name)| name.clone()).unwrap_or_default(),
        state: view::state(s, own.state),
        facts: vec![
            fact("web-round-offered", view::offered(s, plan)),
            fact("web-round-window", format!("{} – {}", plan.from, plan.to)),
            fact("web-round-term", s.span(plan.term_months)),
            fact("web-round-training", view::training(s, plan.training)),
        ],
        conditions: plan.conditions.clone(),
        criteria: plan
            .criteria
            .iter()
            .map(|one| (one.name.clone(), view::points(one.most.into())))
            .collect(),
        ranked: ranked.collect(),
        contested: if seen.allocation.tied.is_empty() || contested == 0 {
            String::new()
        } else {
            s.xy(
                "web-contested",
                seen.allocation.tied.len().to_string(),
                contested.to_string(),
            )
        },
        sheet: sheet.collect(),
        sheet_to: format!("/rounds/{id}/scores"),
        sheet_refused: if refused.deed == "scores" {
            refused.why.clone()
        } else {
            Vec::new()
        },
        refused: if refused.deed == "scores" && scoring {
            Vec::new()
        } else {
            refused.elsewhere(&deeds)
        },
        deeds,
        apply: if own.takes_applications(ask.now.shanghai_day()) {
            s.t("web-round-apply")
        } else {
            String::new()
        },
    };
    Ok(with_status(status(refused), &page))
}

fn deeds(ask: &Ask, s: &Shell, seen: &round::View, refused: &Refused) -> Vec<Deed> {
    let own = &seen.round;
    let open = RoundMove::ALL.iter().copied().filter(|made| {
        let other = matches!(made, RoundMove::Score | RoundMove::Edit);
        !other && next(own.state, *made).is_some() && ask.can(action(*made))
    });
    let mut all: Vec<Deed> = open
        .map(|made| {
            let to = format!("/rounds/{}/steps/{}", own.id, made.key());
            let mut deed = Deed::new(made.key(), to, view::made(s, made));
            deed.primary = !matches!(made, RoundMove::Cancel | RoundMove::SendBack);
            if matches!(made, RoundMove::Cancel | RoundMove::SendBack) {
                deed = deed.field(field(s, "reason", "web-reason", Input::Area).required());
            }
            if made == RoundMove::Cancel {
                deed.loses = s.t("web-cancel-loses");
            }
            deed.hidden("version", own.version.number())
        })
        .collect();
    let ranked = own.state == crate::domain::round::RoundState::Ranked;
    if ranked && ask.can(Action::Recommend) && !seen.allocation.given.is_empty() {
        let mut deed = Deed::new(
            "reserve",
            format!("/rounds/{}/reserve", own.id),
            s.t("web-round-reserve"),
        );
        deed.hint = s.t("web-round-reserve-is");
        all.push(deed);
    }
    let editing = next(own.state, RoundMove::Edit).is_some() && ask.can(Action::PlanRound);
    if editing {
        let mut deed = Deed::new(
            "edit",
            format!("/rounds/{}/edit", own.id),
            s.t("round-move-edit"),
        );
        deed.get = true;
        all.push(deed);
    }
    all.into_iter().map(|deed| deed.refused(refused)).collect()
}

/// A step of a round.
#[handler]
pub async fn take_step(ask: Ask, Path((id, made)): Path<(String, String)>, fields: Fields) -> Html {
    let id: RoundId = id.parse().map_err(|_| ask.not_found())?;
    let mut all = RoundMove::ALL.iter().copied();
    let made = all.find(|one| one.key() == made && *one != RoundMove::Score);
    let made = made.ok_or_else(|| ask.not_found())?;
    let seen = fields.version(&ask)?;
    let plan = match made {
        RoundMove::Edit => match plan_of(&ask, &fields) {
            Ok(plan) => Some(plan),
            Err(why) => return planned(&ask, Some(id), &fields.refused("plan", why)).await,
        },
        _ => None,
    };
    if made == RoundMove::Cancel && fields.text("sure") != "yes" {
        let why = vec![crate::i18n::t(ask.lang, "web-must-confirm", &[])];
        return show(&ask, id, &fields.refused("cancel", why)).await;
    }
    let step = round::Step {
        office: ask.office(),
        actor: &ask.actor,
        id,
        seen,
        made,
        plan: plan.as_ref(),
        reason: fields.some("reason"),
        now: ask.now,
    };
    match step.run().await {
        Ok(_) => {
            let told = made.key().replace('_', "-");
            Ok(to(&format!("/rounds/{id}?told=round-{told}")))
        }
        Err(error) => {
            let why = against(&ask, error)?;
            match made {
                RoundMove::Edit => planned(&ask, Some(id), &fields.refused("plan", why)).await,
                made => show(&ask, id, &fields.refused(made.key(), why)).await,
            }
        }
    }
}

/// Gives points.
#[handler]
pub async fn give_points(ask: Ask, Path(id): Path<String>, fields: Fields) -> Html {
    let id: RoundId = id.parse().map_err(|_| ask.not_found())?;
    let mut given = Vec::new();
    for (name, value) in fields.pairs() {
        let Some((application, criterion)) = name.split_once('~') else {
            continue;
        };
        if value.trim().is_empty() {
            continue;
        }
        let points = (|| {
            Some(round::Points {
                application: application.parse().ok()?,
                criterion: criterion.parse().ok()?,
                points: hundredths(value)?,
            })
        })();
        match points {
            Some(points) => given.push(points),
            None => {
                let why = bad(&ask, value);
                return show(&ask, id, &fields.refused("scores", why)).await;
            }
        }
    }
    match round::score(ask.office(), &ask.actor, id, &given, ask.now).await {
        Ok(()) => Ok(to(&format!("/rounds/{id}?told=round-score"))),
        Err(error) => {
            let why = against(&ask, error)?;
            show(&ask, id, &fields.refused("scores", why)).await
        }
    }
}

/// Recommends those who are certainly among the first.
#[handler]
pub async fn reserve_places(ask: Ask, Path(id): Path<String>) -> Html {
    let id: RoundId = id.parse().map_err(|_| ask.not_found())?;
    match round::reserve(ask.office(), &ask.actor, id, ask.now).await {
        Ok(done) => {
            let mut why = Vec::new();
            for (_, became) in done {
                if let Err(error) = became {
                    why.extend(against(&ask, error)?);
                }
            }
            if why.is_empty() {
                return Ok(to(&format!("/rounds/{id}?told=round-reserved")));
            }
            show(&ask, id, &Fields::default().refused("reserve", why)).await
        }
        Err(error) => {
            let why = against(&ask, error)?;
            show(&ask, id, &Fields::default().refused("reserve", why)).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_as_they_are_written() {
        let read = ["40", "38.5", "38.25", "38.255", "-1", "", "x"].map(hundredths);
        assert_eq!(
            read,
            [Some(4000), Some(3850), Some(3825), None, None, None, None]
        );
    }

    #[test]
    fn a_row_each() {
        let row = |cells: [&str; 3]| offered(&cells.map(str::to_owned));
        let two = row(["associate_senior", "7", "2"]);
        let two = two.map(|one| (one.rank, one.grade.map(Grade::number), one.places));
        assert_eq!(two, Some((Rank::AssociateSenior, Some(7), 2)));
        assert_eq!(row(["associate_senior", "", ""]), None);
        assert_eq!(row(["none", "", "1"]), None);
        let row = |cells: [&str; 2]| criterion(&cells.map(str::to_owned));
        let most = row(["业绩", "40"]).map(|one| (one.name, one.most));
        assert_eq!(most, Some(("业绩".to_owned(), 4000)));
        assert_eq!(row(["", "40"]), None);
    }
}
