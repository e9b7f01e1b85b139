//! What if, two scenarios beside what is; and what comes by itself.

use super::ask::{Ask, Html, html, with_status};
use super::import::workbook;
use super::people::houses;
use crate::domain::ids::Sex;
use crate::domain::institution::ApprovedPosts;
use crate::domain::post::Level;
use crate::domain::promotion::{Kind, Target};
use crate::domain::record_id::InstitutionId;
use crate::domain::rights::Action;
use crate::domain::title::Rank;
use crate::http::problem::Failure;
use crate::i18n::t;
use crate::rules::scenario::{Outcome, year_ends};
use crate::service::catalogue;
use crate::service::export::Part;
use crate::service::locus::part_of;
use crate::service::scenario::{self, FIVE_YEARS, Hire, Runs, Scenario, Wish};
use crate::service::{ServiceError, institution};
use crate::view::form::{Field, Input};
use crate::view::scenario as view;
use crate::view::{Shell, chart, format};
use poem::handler;
use poem::http::StatusCode;

/// The two scenarios, as fields name them.
const SIDES: [&str; 2] = ["a", "b"];
/// People that each list offers, at most: a page stays readable.
const OFFERED: usize = 100;
const LEVELS: [&str; 4] = ["senior", "intermediate", "junior", "directed"];

async fn house_field(ask: &Ask, s: &Shell, all: bool) -> Result<Field, Failure> {
    let houses = houses(ask).await?;
    let mut houses: Vec<(String, String)> = houses.into_values().collect();
    houses.sort();
    let none = if all {
        "web-all"
    } else {
        "web-scenario-choose"
    };
    let none = (String::new(), s.t(none));
    let field = Field::new("institution", s.t("web-col-institution"), Input::Choice);
    let field = field.value(ask.asked("institution").unwrap_or_default());
    Ok(field.options(std::iter::once(none).chain(houses)))
}

async fn run(ask: &Ask, part: &Part, scenarios: &[Scenario]) -> Result<Runs, ServiceError> {
    let (office, actor, when) = (ask.office(), &ask.actor, ask.when());
    scenario::run(office, actor, part, when, scenarios, FIVE_YEARS, ask.now).await
}

/// Who and what can be chosen in a scenario: identifier and words.
struct Offered {
    people: Vec<(String, String)>,
    policies: Vec<(String, String)>,
    /// As approved.
    posts: ApprovedPosts,
}

impl Offered {
    /// As far as the number of posts of a level can be slid: it is written beyond that.
    fn most(&self) -> u32 {
        let own = &self.posts;
        let all = [
            own.professional,
            own.senior,
            own.intermediate,
            own.junior,
            own.directed,
        ];
        let most = all.into_iter().flatten().max().unwrap_or(0);
        most.saturating_add(10)
    }
}

/// The fields of a scenario. `side`: `a` or `b`.
fn fields(ask: &Ask, s: &Shell, side: &str, offered: &Offered) -> Vec<Field> {
    let name = |what: &str| format!("{side}-{what}");
    let value = |what: &str| ask.asked(&name(what)).unwrap_or_default();
    let several = |what: &str, words: &str, all: &[(String, String)]| {
        let chosen = ask.all(&name(what));
        let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
        let field = Field::new(name(what), s.t(words), Input::Choices);
        field.options(all.iter().cloned()).chosen(&chosen)
    };
    let ranks = |what: &str, words: &str| {
        let none = std::iter::once((String::new(), s.t("web-none")));
        let ranks = Rank::ALL.iter().filter(|rank| **rank != Rank::None);
        let ranks = ranks.map(|rank| (rank.key().to_owned(), s.w(rank)));
        let field = Field::new(name(what), s.t(words), Input::Choice);
        field.value(value(what)).options(none.chain(ranks))
    };
    let mut all = Vec::new();
    let mut posts = offered.posts;
    for (level, approved) in LEVELS.iter().zip(slots(&mut posts)) {
        let title = s.t(format!("web-scenario-posts-{level}"));
        let mut field = Field::new(name(level), title, Input::Number);
        field.slides = Some((approved.unwrap_or(0), offered.most()));
        if let Some(approved) = approved {
            field.hint = s.x("web-scenario-approved", approved.to_string());
        }
        all.push(field.value(value(level)));
    }
    let elections = || {
        let all = [
            ("", "web-scenario-as-is"),
            ("yes", "web-yes"),
            ("no", "web-no"),
        ];
        all.map(|(key, words)| (key.to_owned(), s.t(words)))
    };
    for what in ["raised", "directed-evaluation"] {
        let words = match what {
            "raised" => "web-scenario-raised",
            _ => "web-scenario-directed",
        };
        let field = Field::new(name(what), s.t(words), Input::Choice);
        all.push(field.value(value(what)).options(elections()));
    }
    all.push(several("leave", "web-scenario-leave", &offered.people));
    all.push(several("promote", "web-scenario-promote", &offered.people));
    all.push(ranks("to", "web-scenario-promote-to"));
    let hired = Field::new(name("hire"), s.t("web-scenario-hire"), Input::Number);
    let hint = s.x("web-scenario-hire-is", HIRED_AT.to_string());
    all.push(hired.value(value("hire")).hint(hint));
    all.push(ranks("hire-as", "web-scenario-hire-as"));
    let rules = several("policies", "web-scenario-policies", &offered.policies);
    all.push(rules.hint(s.t("web-scenario-policies-is")));
    all
}

/// The age of people who would be hired: nobody of them retires within the forecast.
const HIRED_AT: i32 = 30;
/// People who would be hired, at most.
const MOST_HIRED: usize = 1000;

/// The posts of [`LEVELS`].
const fn slots(posts: &mut ApprovedPosts) -> [&mut Option<u32>; 4] {
    [
        &mut posts.senior,
        &mut posts.intermediate,
        &mut posts.junior,
        &mut posts.directed,
    ]
}

/// The scenario that was written; what cannot be read is said. `was`: the posts as approved.
fn scenario_of(
    ask: &Ask,
    side: &str,
    house: InstitutionId,
    was: ApprovedPosts,
) -> Result<Scenario, Vec<String>> {
    let asked = |what: &str| ask.asked(&format!("{side}-{what}"));
    let mut changes = Vec::new();
    let mut posts = was;
    for (level, slot) in LEVELS.iter().zip(slots(&mut posts)) {
        if let Some(text) = asked(level) {
            *slot = Some(text.parse().map_err(|_| super::fields::bad(ask, &text))?);
        }
    }
    if posts != was {
        changes.push(Wish::Posts {
            institution: house,
            posts,
        });
    }
    if let Some(elected) = asked("raised") {
        changes.push(Wish::RaisedRatio {
            institution: house,
            elected: elected == "yes",
        });
    }
    if let Some(run) = asked("directed-evaluation") {
        changes.push(Wish::DirectedEvaluation {
            institution: house,
            run: run == "yes",
        });
    }
    let bad = |text: &str| super::fields::bad(ask, text);
    let all = |what: &str| ask.all(&format!("{side}-{what}"));
    let rank = |what: &str| {
        let key = asked(what).unwrap_or_default();
        let found = Rank::ALL.iter().copied().find(|rank| rank.key() == key);
        found.ok_or_else(|| bad(&key))
    };
    for text in all("leave") {
        let person = text.parse().map_err(|_| bad(&text))?;
        changes.push(Wish::Leave { person });
    }
    let promoted = all("promote");
    if !promoted.is_empty() {
        let rank = asked("to")
            .ok_or_else(|| missing(ask, "web-scenario-promote-to"))
            .and_then(|_| rank("to"))?;
        for text in promoted {
            changes.push(Wish::Decide {
                person: text.parse().map_err(|_| bad(&text))?,
                kind: Kind::Appointment,
                target: Target {
                    rank,
                    grade: None,
                    institution: None,
                    on: None,
                },
            });
        }
    }
    if let Some(text) = asked("hire") {
        let count = text.parse().ok().filter(|count| *count <= MOST_HIRED);
        let count = count.ok_or_else(|| bad(&text))?;
        let rank = match asked("hire-as") {
            Some(_) => rank("hire-as")?,
            None => Rank::None,
        };
        let one = Wish::Hire(Hire {
            institution: house,
            birth: ask.on.month().plus(-12 * HIRED_AT),
            sex: Sex::Male,
            title: rank,
            appointed: rank,
            grade: None,
        });
        changes.extend(vec![one; count]);
    }
    let policies = all("policies");
    let rules = if policies.is_empty() {
        None
    } else {
        let rules = scenario::rules_of(ask.office(), &policies);
        Some(rules.map_err(|_| policies.iter().flat_map(|one| bad(one)).collect::<Vec<_>>())?)
    };
    Ok(Scenario { changes, rules })
}

/// What has to be chosen besides.
fn missing(ask: &Ask, key: &str) -> Vec<String> {
    let field = t(ask.lang, key, &[]);
    vec![t(ask.lang, "web-scenario-missing", &[("x", field.into())])]
}

/// Every policy; one that is not in force says so.
fn policies(ask: &Ask, s: &Shell) -> Result<Vec<(String, String)>, Failure> {
    let known = catalogue::policies(ask.office(), &ask.actor, ask.lang);
    let known = ask.done(known)?.into_iter();
    let words = known.map(|one| {
        let state = s.t(format!("status-{}", one.status));
        (one.id, format!("{} · {state}", one.title))
    });
    Ok(words.collect())
}

/// The field that narrows many people by name; leaves those it offers, and those chosen.
fn narrowed(ask: &Ask, s: &Shell, people: &mut Vec<(String, String)>) -> Field {
    let text = ask.asked("who").unwrap_or_default();
    let chosen = ["a-leave", "a-promote", "b-leave", "b-promote"].map(|name| ask.all(name));
    let total = people.len();
    let mut offered = 0;
    people.retain(|(id, words)| {
        let fits = words.contains(&text) && offered < OFFERED;
        offered += usize::from(fits);
        fits || chosen.iter().flatten().any(|one| one == id)
    });
    let hint = s.xy(
        "web-scenario-offered",
        people.len().to_string(),
        total.to_string(),
    );
    let field = Field::new("who", s.t("web-scenario-who"), Input::Text);
    field.value(text).hint(hint)
}

/// The two scenarios with what they led to, or what of them could not be read.
type Read = Result<([Scenario; 2], Runs), Vec<String>>;

/// What was asked about an institution, and what came of it.
struct Tried {
    people: Vec<(String, String)>,
    posts: ApprovedPosts,
    /// `None` = the figures of the institution are not known.
    ran: Option<Read>,
}

/// Tries what the query asks for; `None` = no institution is chosen.
async fn tried(ask: &Ask, s: &Shell) -> Result<Option<Tried>, Failure> {
    let Some(code) = ask.asked("institution") else {
        return Ok(None);
    };
    let house = institution::with_code(ask.office(), &ask.actor, &code, ask.now).await;
    let house = ask.done(house)?;
    let part = Part::These(vec![house]);
    let base = ask.done(run(ask, &part, &[]).await)?;
    let mut people: Vec<(String, String)> = base
        .people
        .iter()
        .zip(&base.register.people)
        .map(|(id, person)| {
            let rank = crate::view::person::post_rank(s, person.appointed);
            (id.to_string(), format!("{} · {rank}", person.name))
        })
        .collect();
    people.sort_by(|a, b| a.1.cmp(&b.1));
    let Some(was) = base.register.institutions.first().map(|one| one.posts) else {
        return Ok(Some(Tried {
            people,
            posts: ApprovedPosts::default(),
            ran: None,
        }));
    };
    let ran = match SIDES.map(|side| scenario_of(ask, side, house, was)) {
        [Ok(a), Ok(b)] => {
            let both = [a, b];
            let runs = ask.done(run(ask, &part, &both).await)?;
            Ok((both, runs))
        }
        sides => Err(sides
            .into_iter()
            .filter_map(Result::err)
            .flatten()
            .collect()),
    };
    Ok(Some(Tried {
        people,
        posts: was,
        ran: Some(ran),
    }))
}

/// What if.
#[handler]
pub async fn scenario_page(ask: Ask) -> Html {
    ask.permitted(Action::RunScenario)?;
    let shell = ask.shell().await?;
    let s = &shell;
    let mut page = view::Page {
        s,
        tabs: view::tabs(s),
        house: vec![house_field(&ask, s, false).await?],
        a: Vec::new(),
        b: Vec::new(),
        titles: Vec::new(),
        rows: Vec::new(),
        picture: String::new(),
        years: Vec::new(),
        refused: Vec::new(),
    };
    let Some(tried) = tried(&ask, s).await? else {
        return Ok(html(&page));
    };
    let Tried {
        mut people,
        posts,
        ran,
    } = tried;
    if people.len() > OFFERED {
        page.house.push(narrowed(&ask, s, &mut people));
    }
    let policies = policies(&ask, s)?;
    let offered = Offered {
        people,
        policies,
        posts,
    };
    page.a = fields(&ask, s, "a", &offered);
    page.b = fields(&ask, s, "b", &offered);
    match ran {
        None => Ok(html(&page)),
        Some(Err(refused)) => {
            page.refused = refused;
            Ok(with_status(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Some(Ok((_, runs))) => {
            show(&mut page, &runs);
            Ok(html(&page))
        }
    }
}

/// The same as a workbook.
#[handler]
pub async fn scenario_workbook(ask: Ask) -> Html {
    ask.permitted(Action::RunScenario)?;
    let shell = ask.shell().await?;
    let tried = tried(&ask, &shell).await?;
    let (both, runs) = match tried.and_then(|tried| tried.ran) {
        Some(Ok(ran)) => ran,
        // what is wrong with the question is said by the page
        Some(Err(_)) => return Ok(super::to(&shell.here().replacen(".xlsx", "", 1))),
        None => return Err(ask.not_found()),
    };
    let names = ["web-scenario-a", "web-scenario-b"].map(|key| shell.t(key));
    let named: Vec<(String, Scenario)> = names.into_iter().zip(both).collect();
    let bytes = ask.done(scenario::workbook(&runs, &named, ask.on, ask.lang))?;
    Ok(workbook(bytes, "scenario.xlsx"))
}

/// What the scenarios led to, beside what is.
fn show(page: &mut view::Page<'_>, runs: &Runs) {
    let s = page.s;
    let titles = ["web-scenario-now", "web-scenario-a", "web-scenario-b"];
    let outcomes = std::iter::once(&runs.base).chain(runs.scenarios.iter().map(|one| &one.outcome));
    let outcomes: Vec<&Outcome> = outcomes.collect();
    let sides = titles.iter().zip(&outcomes).filter_map(|(title, outcome)| {
        Some(view::Side {
            title: s.t(title),
            posts: outcome.institutions.first()?.posts,
        })
    });
    let sides: Vec<_> = sides.collect();
    page.titles = sides.iter().map(|side| side.title.clone()).collect();
    page.rows = view::rows(s, &sides);
    page.picture = view::picture(s, &sides);
    for level in Level::ALL {
        let ends = outcomes.iter().map(|outcome| {
            let forecast = outcome.forecast.first();
            forecast.map_or(Vec::new(), |forecast| year_ends(forecast, *level))
        });
        let ends: Vec<_> = ends.collect();
        for (at, end) in ends.first().into_iter().flatten().enumerate() {
            let free = ends.iter().map(|ends| {
                let vacant = ends.get(at).and_then(|end| end.vacant);
                format::number(vacant)
            });
            let title = format!(
                "{} · {}",
                crate::view::ledger::line_title(s, Some(*level)),
                end.year
            );
            page.years.push((title, free.collect()));
        }
    }
}

/// What comes by itself.
#[handler]
pub async fn forecast_page(ask: Ask) -> Html {
    ask.permitted(Action::RunScenario)?;
    let shell = ask.shell().await?;
    let s = &shell;
    let part = match ask.asked("institution") {
        Some(code) => Part::Below(code),
        None => {
            let part = part_of(ask.office(), &ask.actor, Action::RunScenario).await;
            ask.done(part)?
        }
    };
    let runs = run(&ask, &part, &[])
        .await
        .map_err(|error| ask.failed(error))?;
    let levels = Level::ALL.iter();
    let levels: Vec<String> = levels
        .map(|level| crate::view::ledger::line_title(s, Some(*level)))
        .collect();
    let (mut rows, mut retired) = (Vec::new(), Vec::<(String, Vec<usize>)>::new());
    let houses = runs.register.institutions.iter().zip(&runs.base.forecast);
    for (house, forecast) in houses {
        for (number, level) in Level::ALL.iter().enumerate() {
            let ends = year_ends(forecast, *level);
            let mut earlier = 0;
            for (at, end) in ends.iter().enumerate() {
                if retired.len() <= at {
                    retired.push((end.year.to_string(), vec![0; levels.len()]));
                }
                let slot = retired.get_mut(at).and_then(|(_, all)| all.get_mut(number));
                if let Some(slot) = slot {
                    *slot += usize::try_from(end.retired - earlier).unwrap_or(0);
                }
                earlier = end.retired;
            }
            let free = ends.iter().map(|end| format::number(end.vacant));
            let title = levels.get(number).cloned().unwrap_or_default();
            rows.push((house.name.clone(), title, free.collect()));
        }
    }
    let anybody = retired
        .iter()
        .any(|(_, all)| all.iter().any(|count| *count > 0));
    let page = view::Forecast {
        s,
        tabs: view::tabs(s),
        house: vec![house_field(&ask, s, true).await?],
        years: retired.iter().map(|(year, _)| year.clone()).collect(),
        picture: if anybody {
            chart::steps(&retired, &levels, &s.t("web-forecast-chart"))
        } else {
            String::new()
        },
        levels,
        retired,
        rows,
    };
    Ok(html(&page))
}
