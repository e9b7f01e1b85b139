//! Rural doctors: what is to be done for them, what the policies want of all of them, the
//! list, and the file of one.

use super::Shell;
use super::form::Deed;
use super::format::money;
use super::institution::{Fact, Tab};
use super::ledger::{Mark, mark};
use super::pager::Pager;
use super::people::Filter;
use crate::domain::record::Id;
use crate::domain::rural_doctor::{Qualification, Registration, RuralDoctor, Subsidy};
use crate::domain::time::Date;
use crate::rules::figures::{FindingLine, RuleLine, TableLine};
use crate::rules::rural_doctor::{Situation, Task, pension};
use crate::rules::tri::Tri;
use askama::Template;

/// The share of the licensed in a county, against its target.
pub struct Share {
    pub county: String,
    pub mark: Mark,
    pub words: String,
    pub rule: RuleLine,
}

impl Share {
    pub fn new(s: &Shell, county: String, line: &FindingLine) -> Self {
        Self {
            county,
            mark: mark(s, line.verdict),
            words: s.b(&line.message).to_owned(),
            rule: line.rule.clone(),
        }
    }
}

/// A clause that no file answers, and why.
pub struct Clause {
    pub title: String,
    pub at: String,
    pub quote: String,
    pub why: String,
}

/// Something to be done, with how many it is to be done for.
pub struct Card {
    pub title: String,
    pub href: String,
    pub count: usize,
    /// It is what the list shows.
    pub current: bool,
    /// Of how many it cannot be told: the words, and the list of them; empty = of none.
    pub open: Option<(String, String)>,
}

/// A rural doctor in the list.
pub struct Row {
    pub name: String,
    pub href: String,
    pub number: String,
    pub place: String,
    pub clinic: String,
    pub qualification: String,
    /// What is to be said of the licence examination; empty = nothing.
    pub exam: String,
    pub sixty: String,
    /// How near that is; empty = it is not.
    pub near: String,
    pub pension: Said,
    /// What is to be done, and whether it is late.
    pub todo: Vec<(String, bool)>,
    /// What has to be recorded before everything can be told; empty = nothing.
    pub missing: String,
}

/// The pension of somebody, as the rule gives it.
pub struct Said {
    pub words: String,
    /// The facts that decide.
    pub why: String,
    /// Where the document says so; empty = nothing was judged.
    pub at: String,
    /// The rule; empty = there is none.
    pub href: String,
}

/// Rural doctors.
#[derive(Template)]
#[template(path = "land/doctors.html")]
pub struct DoctorsPage<'a> {
    pub s: &'a Shell,
    /// However the list is narrowed.
    pub total: usize,
    pub cards: Vec<Card>,
    pub shares: Vec<Share>,
    /// Counties whose share is open.
    pub incomplete: Vec<String>,
    pub clauses: Vec<Clause>,
    pub filters: Vec<Filter>,
    /// What is to be known of those whom the list shows; empty = nothing.
    pub help: String,
    pub rows: Vec<Row>,
    pub pager: Pager,
    /// The same list as a workbook; empty = one may not take it.
    pub workbook: String,
    /// One may begin the file of another.
    pub begins: bool,
}

/// What a decision table says of somebody.
pub struct Table {
    pub title: String,
    pub words: String,
    pub why: String,
    pub rule: RuleLine,
}

/// A month of a subsidy.
pub struct Paid {
    pub month: String,
    pub name: String,
    pub due: String,
    pub paid: String,
    pub on: String,
    /// Not paid, or not in full, though the month is over.
    pub late: bool,
    pub words: String,
}

/// The file of a rural doctor.
#[derive(Template)]
#[template(path = "land/doctor.html")]
pub struct DoctorPage<'a> {
    pub s: &'a Shell,
    pub row: Row,
    pub place_href: String,
    pub tabs: Vec<Tab>,
    pub facts: Vec<Fact>,
    /// What the records do not agree on; empty = nothing.
    pub differs: String,
    pub tables: Vec<Table>,
    pub subsidies: Vec<Paid>,
    /// All that is recorded of subsidies.
    pub all_subsidies: String,
    pub deeds: Vec<Deed>,
}

/// The pages of a rural doctor.
pub fn tabs(s: &Shell, id: Id<RuralDoctor>) -> Vec<Tab> {
    let tab = |(key, path): (&str, &str)| {
        let path = format!("/rural-doctors/{id}{path}");
        Tab {
            title: s.t(key),
            current: s.path == path,
            href: s.to(path),
        }
    };
    let pages = [("web-tab-profile", ""), ("web-tab-records", "/records")];
    pages.into_iter().map(tab).collect()
}

fn list(s: &Shell, words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().collect();
    words.join(&s.t("list-separator"))
}

/// What a table gives, with what force.
pub fn gives(s: &Shell, line: &TableLine) -> String {
    if !line.missing.is_empty() {
        let missing = line.missing.iter().map(|fact| s.b(fact).to_owned());
        return format!("◇ {}", s.x("web-doctor-missing", list(s, missing)));
    }
    if line.gives.is_empty() {
        return s.t("web-doctor-no-pension");
    }
    let given = line.gives.iter().map(|(what, force)| {
        let force = s.t(format!("force-{}", force.key()));
        s.xy("web-doctor-pension-force", s.b(what), force)
    });
    list(s, given)
}

/// The pensions that the rule gives somebody, as they are filtered by.
pub fn pensions(s: &Shell, of: &Situation<'_>) -> Vec<String> {
    let line = pension(of.tables);
    let gives = line.map_or(&[][..], |line| &line.gives);
    gives.iter().map(|(what, _)| s.b(what).to_owned()).collect()
}

/// The facts that decide about a pension.
pub fn because(s: &Shell, of: &Situation<'_>) -> String {
    let relation = s.w(&of.profile.labour_relation);
    let scheme = match of.scheme {
        Some(scheme) => s.w(&scheme),
        None => s.t("web-doctor-unrecorded"),
    };
    s.xy("web-doctor-because", relation, scheme)
}

/// The facts that decide a table.
pub fn reason(s: &Shell, of: &Situation<'_>, line: &TableLine) -> String {
    let own = pension(of.tables).is_some_and(|own| own.rule == line.rule);
    if !own {
        return s.x(
            "web-doctor-because-qualification",
            s.w(&of.profile.qualification),
        );
    }
    s.xy(
        "web-doctor-because-sixty",
        because(s, of),
        s.month(&of.sixty()),
    )
}

impl Said {
    /// What the pension is, and why: the clause and the facts that decide.
    pub fn new(s: &Shell, of: &Situation<'_>) -> Self {
        let line = pension(of.tables);
        let words = match line {
            _ if of.profile.on_establishment => s.t("web-doctor-on-establishment"),
            Some(line) => gives(s, line),
            None => format!("◇ {}", s.t("web-doctor-not-judged")),
        };
        Self {
            words,
            why: because(s, of),
            at: line.map_or_else(String::new, |line| {
                list(s, line.rule.cites.iter().map(|cite| cite.at.clone()))
            }),
            href: line.map_or_else(String::new, |line| {
                let rule = &line.rule;
                format!(
                    "{}#{}",
                    s.to(format!("/policies/{}", rule.policy)),
                    rule.rule
                )
            }),
        }
    }
}

/// The day on which a registration ends, and how that is known.
pub fn ends(s: &Shell, registration: &Registration) -> Option<String> {
    let (ends, reckoned) = registration.ends()?;
    Some(match reckoned {
        true => s.x("web-doctor-ends-reckoned", ends.to_string()),
        false => ends.to_string(),
    })
}

/// Months in words: the first few, and how many there are.
fn months(s: &Shell, unpaid: &[Subsidy]) -> String {
    let mut months: Vec<String> = unpaid.iter().map(|one| s.month(&one.month)).collect();
    months.dedup();
    let all = months.len();
    if all > 3 {
        months.truncate(2);
        return s.xy("web-doctor-months-more", list(s, months), all.to_string());
    }
    list(s, months)
}

/// What is to be done for somebody, and whether it is late.
pub fn todo(s: &Shell, of: &Situation<'_>) -> Vec<(String, bool)> {
    let one = |task: Task| {
        if of.asks(task) != Tri::Yes {
            return None;
        }
        Some(match task {
            Task::Soon => (s.x("web-doctor-do-soon", s.month(&of.sixty())), false),
            Task::BackPayment => (s.t("web-doctor-do-back"), false),
            Task::Join => {
                let demanded = of.demanded().map(|scheme| s.w(&scheme));
                let joined = s.may(&of.scheme);
                let demanded = demanded.unwrap_or_default();
                (s.xy("web-doctor-do-join", demanded, joined), true)
            }
            Task::Unpaid => {
                let months = months(s, of.unpaid);
                (
                    s.xy("web-doctor-do-unpaid", money(of.owed().0), months),
                    true,
                )
            }
            Task::Expiring => {
                let (ends, _) = of.registration.and_then(Registration::ends)?;
                let key = match ends < of.on {
                    true => "web-doctor-do-expired",
                    false => "web-doctor-do-expiring",
                };
                (s.x(key, ends.to_string()), ends < of.on)
            }
            // said where they are told of: the month, and the qualification
            Task::Past | Task::Register | Task::Examination => return None,
        })
    };
    Task::ALL.into_iter().filter_map(one).collect()
}

/// What has to be recorded before everything can be told.
pub fn missing(s: &Shell, of: &Situation<'_>) -> String {
    let missing = of.missing();
    let missing = missing
        .into_iter()
        .map(|one| s.t(format!("web-doctor-lacks-{one}")));
    list(s, missing)
}

impl Row {
    /// `number` is masked.
    pub fn new(s: &Shell, id: Id<RuralDoctor>, number: &str, of: &Situation<'_>) -> Self {
        let profile = of.profile;
        let exam = profile.qualification == Qualification::RuralDoctor;
        let near = match of.until_sixty() {
            1..=12 => s.t("web-doctor-soon"),
            ..=0 => s.t("web-doctor-past"),
            _ => String::new(),
        };
        Self {
            name: profile.name.clone(),
            href: s.to(format!("/rural-doctors/{id}")),
            number: number.to_owned(),
            place: profile.area.to_string(),
            clinic: profile.clinic.clone().unwrap_or_default(),
            qualification: s.w(&profile.qualification),
            exam: match exam {
                true => format!("◐ {}", s.t("web-doctor-exam-may")),
                false => String::new(),
            },
            sixty: s.month(&of.sixty()),
            near,
            pension: Said::new(s, of),
            todo: todo(s, of),
            missing: missing(s, of),
        }
    }

    /// With the name of the place in the place of its code.
    #[must_use]
    pub fn at(mut self, place: String) -> Self {
        self.place = place;
        self
    }
}

impl Paid {
    pub fn new(s: &Shell, one: &Subsidy, on: Date) -> Self {
        let short = one.paid.is_none_or(|paid| paid < one.due);
        let late = short && one.month < on.month();
        let key = match (short, late, one.paid) {
            (false, _, _) => "web-doctor-paid-full",
            (true, true, Some(_)) => "web-doctor-paid-part",
            (true, true, None) => "web-doctor-paid-not",
            (true, false, _) => "web-doctor-paid-running",
        };
        Self {
            month: s.month(&one.month),
            name: one.name.clone(),
            due: money(one.due.0),
            paid: one
                .paid
                .map_or_else(|| "–".to_owned(), |paid| money(paid.0)),
            on: one
                .paid_on
                .map_or_else(|| "–".to_owned(), |day| day.to_string()),
            late,
            words: s.t(key),
        }
    }
}
