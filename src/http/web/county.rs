//! The lists behind the pictures of a county: who retires, what is free and for how long,
//! how the limits are used, what changed within a week.

use super::ask::{Ask, Html, html};
use crate::domain::post::Level;
use crate::domain::promotion::State as Application;
use crate::domain::record::When;
use crate::domain::rights::Action;
use crate::domain::time::Date;
use crate::http::problem::Failure;
use crate::rules::county::{
    self, Age, LOOKED_BACK, Moved, Moving, Quarter, State, Vacancy, moved, retiring,
};
use crate::rules::figures::{Figure, InstitutionFigures, PartFigures};
use crate::service::ledger;
use crate::service::locus::part_of;
use crate::view::Shell;
use crate::view::format::{escaped, number};
use crate::view::ledger::{line_key, line_title};
use crate::view::people::Filter;
use crate::view::table::{Cell, TablePage};
use poem::handler;

/// The states in which somebody has to do something.
pub const OPEN: [Application; 5] = [
    Application::Submitted,
    Application::InstitutionReview,
    Application::Recommended,
    Application::Notice,
    Application::Review,
];

/// Days of a week.
const WEEK: i32 = 7;

/// The figures of what one may see: of the day and of some before it.
pub struct Looked {
    pub today: PartFigures,
    pub week_ago: PartFigures,
    three_months_ago: PartFigures,
    a_year_ago: PartFigures,
}

impl Looked {
    pub async fn at(ask: &Ask) -> Result<Self, Failure> {
        let [three, twelve] = LOOKED_BACK.map(|months| months_before(ask.on, months));
        Ok(Self {
            today: figures(ask, ask.on).await?,
            week_ago: figures(ask, week_before(ask.on)).await?,
            three_months_ago: figures(ask, three).await?,
            a_year_ago: figures(ask, twelve).await?,
        })
    }

    pub fn vacancies(&self) -> Vec<Vacancy<'_>> {
        county::vacancies(&self.today, &self.three_months_ago, &self.a_year_ago)
    }
}

/// The figures of what one may see on a day.
pub async fn figures(ask: &Ask, on: Date) -> Result<PartFigures, Failure> {
    let (office, actor) = (ask.office(), &ask.actor);
    let part = part_of(office, actor, Action::ReadLedger).await;
    let part = ask.done(part)?;
    let found = ledger::part_figures(office, actor, &part, When::on(on), ask.now).await;
    ask.done(found)
}

fn week_before(on: Date) -> Date {
    on.plus(-WEEK).unwrap_or(on)
}

/// The same day of an earlier month; the last of a month that is shorter.
fn months_before(on: Date, months: i32) -> Date {
    let (_, _, day) = on.parts();
    let month = on.month().plus(-months);
    let mut days = (1..=day).rev();
    days.find_map(|day| Date::new(month.year(), month.month(), day))
        .unwrap_or(on)
}

/// The lines of the ledger, directed posts last.
pub fn lines() -> impl Iterator<Item = Option<Level>> + Clone {
    Level::ALL.iter().copied().map(Some).chain([None])
}

/// A state with its shape.
pub fn state_word(s: &Shell, state: State) -> String {
    s.t(format!("web-house-{}", state.key()))
}

/// What the floor says, with its shape.
pub fn floor_word(s: &Shell, verdict: &str) -> String {
    s.t(format!("web-floor-{verdict}"))
}

pub fn age_word(s: &Shell, age: Age) -> String {
    s.t(format!("web-age-{}", age.key()))
}

/// Which figure changed.
pub fn moving(s: &Shell, what: Moving) -> String {
    let line = |level, key: &str| format!("{} · {}", line_title(s, level), s.t(key));
    match what {
        Moving::Establishment => s.t("web-week-establishment"),
        Moving::Staff => s.t("web-week-staff"),
        Moving::Limit(level) => line(level, "web-part-limit"),
        Moving::Counted(level) => line(level, "web-part-counted"),
    }
}

/// `8 → 9`; the number alone where only the people behind it are others.
pub fn says(one: &Moved<'_>) -> String {
    if one.before == one.after {
        return number(one.after);
    }
    format!("{} → {}", number(one.before), number(one.after))
}

fn line_filter(s: &Shell) -> Filter {
    let all = lines().map(|level| (line_key(level).to_owned(), line_title(s, level)));
    Filter::choice(s, "line", "web-level", all.collect())
}

/// Whether a line was asked for, or none.
fn wants(ask: &Ask, level: Option<Level>) -> bool {
    ask.asked("line").is_none_or(|key| key == line_key(level))
}

fn house(s: &Shell, one: &InstitutionFigures) -> Cell {
    let path = format!("/institutions/{}/posts", escaped(&one.code));
    Cell::link(one.name.clone(), s.to(path))
}

fn at_page(ask: &Ask) -> usize {
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    at.unwrap_or(1)
}

/// Who holds a post and retires within five years.
#[handler]
pub async fn retirements_page(ask: Ask) -> Html {
    let figures = figures(&ask, ask.on).await?;
    let mut all = retiring(&figures);
    let mut quarters: Vec<Quarter> = all.iter().map(|one| Quarter::of(one.month)).collect();
    quarters.dedup();
    let asked = ask.asked("quarter").and_then(|text| text.parse().ok());
    all.retain(|one| asked.is_none_or(|quarter| Quarter::of(one.month) == quarter));
    all.retain(|one| wants(&ask, one.level));
    let shell = ask.shell().await?;
    let s = &shell;
    let heads = [
        ("web-col-name", false),
        ("web-col-institution", false),
        ("web-level", false),
        ("web-col-grade", true),
        ("web-col-ledger", false),
        ("web-retirement", false),
        ("web-quarter", false),
    ];
    let mut page = TablePage::new(s, s.t("web-retirements"), &heads);
    page.intro = vec![s.t("web-retirements-are")];
    page.empty = s.t("web-freeing-none");
    let quarters = quarters
        .iter()
        .map(|one| (one.to_string(), one.to_string()));
    page.filters = vec![
        Filter::choice(s, "quarter", "web-quarter", quarters.collect()),
        line_filter(s),
    ];
    let opens = s.can(Action::ReadPerson);
    let late = |month| {
        let note = (month < figures.on.month()).then(|| s.t("web-retirement-late"));
        note.unwrap_or_default()
    };
    page.rows = all
        .iter()
        .map(|one| {
            let holder = one.holder;
            let name = if opens {
                let path = format!("/people/{}", holder.person);
                Cell::link(holder.name.clone(), s.to(path))
            } else {
                Cell::text(holder.name.clone())
            };
            let grade = holder.grade.map(|grade| i64::from(grade.number()));
            vec![
                name.note(holder.number.clone()),
                house(s, one.house),
                Cell::text(line_title(s, one.level)),
                Cell::number(number(grade)),
                Cell::text(s.may(&holder.ledger)),
                Cell::text(s.month(&one.month)).note(late(one.month)),
                Cell::text(Quarter::of(one.month).to_string()),
            ]
        })
        .collect();
    Ok(html(&page.paged(at_page(&ask))))
}

/// What is free, and for how long.
#[handler]
pub async fn vacancies_page(ask: Ask) -> Html {
    let looked = Looked::at(&ask).await?;
    let mut all = looked.vacancies();
    all.retain(|one| wants(&ask, one.level));
    let age = ask.asked("age");
    let age = age.and_then(|key| Age::ALL.iter().copied().find(|one| one.key() == key));
    all.retain(|one| age.is_none_or(|age| one.aged(age) > 0));
    all.sort_by_key(|one| {
        std::cmp::Reverse((one.aged(Age::Year), one.aged(Age::Months), one.free))
    });
    let shell = ask.shell().await?;
    let s = &shell;
    let heads = [
        ("web-col-institution", false),
        ("web-level", false),
        ("web-part-vacant", true),
    ];
    let mut page = TablePage::new(s, s.t("web-ages"), &heads);
    page.heads
        .extend(Age::ALL.iter().map(|age| (age_word(s, *age), true)));
    page.intro = vec![s.t("web-ages-are")];
    page.empty = s.t("web-ages-none");
    let ages = Age::ALL.iter();
    let ages = ages.map(|age| (age.key().to_owned(), age_word(s, *age)));
    page.filters = vec![
        Filter::choice(s, "age", "web-age", ages.collect()),
        line_filter(s),
    ];
    page.rows = all
        .iter()
        .map(|one| {
            let mut row = vec![
                house(s, one.house),
                Cell::text(line_title(s, one.level)),
                Cell::number(one.free),
            ];
            row.extend(one.ages.iter().map(Cell::number));
            row
        })
        .collect();
    Ok(html(&page.paged(at_page(&ask))))
}

/// The figures by which the list of limits can be narrowed.
const PARTS: [&str; 4] = ["counted", "over", "reserved", "vacant"];

/// Whether there is anybody or anything behind a figure.
fn has(figure: &Figure, part: &str) -> bool {
    let part = crate::view::ledger::part_of(figure, part);
    part.is_some_and(|number| number > 0)
}

/// The limits of every institution and how they are used.
#[handler]
pub async fn quota_page(ask: Ask) -> Html {
    let figures = figures(&ask, ask.on).await?;
    let part = ask.asked("part");
    let part = part.filter(|part| PARTS.contains(&part.as_str()));
    let shell = ask.shell().await?;
    let s = &shell;
    let shown = [
        "limit",
        "counted",
        "beyond",
        "off-quota",
        "special",
        "reserved",
        "vacant",
        "over",
    ];
    let mut page = TablePage::new(
        s,
        s.t("web-quota"),
        &[("web-col-institution", false), ("web-level", false)],
    );
    let heads = shown.map(|part| (s.t(format!("web-part-{part}")), true));
    page.heads.extend(heads);
    page.intro = vec![s.t("web-quota-is")];
    let parts = PARTS.map(|part| (part.to_owned(), s.t(format!("web-part-{part}"))));
    page.filters = vec![
        line_filter(s),
        Filter::choice(s, "part", "web-quota-has", parts.to_vec()),
    ];
    for one in &figures.institutions {
        for figure in one.known.iter().flat_map(|known| &known.figures) {
            let is_there = part.as_deref().is_none_or(|part| has(figure, part));
            if !is_there || !wants(&ask, figure.level) {
                continue;
            }
            let mut row = vec![house(s, one), Cell::text(line_title(s, figure.level))];
            row.extend(shown.iter().map(|part| {
                let value = crate::view::ledger::part_of(figure, part);
                let path = format!(
                    "/institutions/{}/posts/{}",
                    escaped(&one.code),
                    line_key(figure.level)
                );
                Cell {
                    text: number(value),
                    href: s.with(&path, &[("part", part)]),
                    class: "n",
                    ..Cell::default()
                }
            }));
            page.rows.push(row);
        }
    }
    Ok(html(&page.paged(at_page(&ask))))
}

/// What changed within the week before the day.
#[handler]
pub async fn changes_page(ask: Ask) -> Html {
    let before = figures(&ask, week_before(ask.on)).await?;
    let after = figures(&ask, ask.on).await?;
    let all = moved(&before, &after);
    let shell = ask.shell().await?;
    let s = &shell;
    let heads = [
        ("web-col-institution", false),
        ("web-week-what", false),
        ("web-week-change", true),
        ("web-week-came", false),
        ("web-week-went", false),
    ];
    let mut page = TablePage::new(s, s.t("web-week"), &heads);
    page.intro = vec![
        s.xy("web-week-from", before.on.to_string(), after.on.to_string()),
        s.t("web-week-is"),
    ];
    page.empty = s.t("web-week-none");
    let names = |people: &[(crate::domain::record_id::PersonId, &str)]| {
        let names: Vec<&str> = people.iter().map(|(_, name)| *name).collect();
        Cell::text(names.join(&s.t("list-separator")))
    };
    page.rows = all
        .iter()
        .map(|one| {
            vec![
                house(s, one.house),
                Cell::text(moving(s, one.what)),
                Cell::number(says(one)),
                names(&one.came),
                names(&one.went),
            ]
        })
        .collect();
    Ok(html(&page.paged(at_page(&ask))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_day_of_an_earlier_month() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(months_before(day("2026-11-22"), 3), day("2026-08-22"));
        assert_eq!(months_before(day("2026-05-31"), 3), day("2026-02-28"));
        assert_eq!(months_before(day("2024-02-29"), 12), day("2023-02-28"));
    }
}
