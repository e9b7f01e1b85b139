//! Rural doctors: who they are, which pension is theirs and why, who turns sixty, what is
//! owed to them, and what the policies want of all of them together.

use super::ask::{Ask, Html, html};
use crate::domain::page::Asked;
use crate::domain::rights::Action;
use crate::domain::rural_doctor::Qualification;
use crate::http::problem::Failure;
use crate::rules::figures::TableLine;
use crate::service::locus::part_of;
use crate::service::rural_doctor::{self, Doctor, Listing, Standing, Standings, Wanted};
use crate::view::Shell;
use crate::view::land::{Clause, DoctorsPage, Share};
use crate::view::ledger::mark;
use crate::view::people::Filter;
use crate::view::table::{Cell, TablePage};
use poem::handler;

/// Months of age at which rural doctors are looked at anew.
const SIXTY: i32 = 720;
/// The table that says which pension is whose.
const PENSION: &str = "rural-doctor-pension";
/// By what the list can be narrowed besides words: one at a time.
const ONLY: [&str; 4] = ["soon", "past", "unpaid", "exam"];

/// Every rural doctor one may see.
async fn everybody(ask: &Ask) -> Result<Vec<Doctor>, Failure> {
    let qualification = ask.asked("qualification");
    let qualification = qualification.and_then(|key| {
        let mut all = Qualification::ALL.iter().copied();
        all.find(|one| one.key() == key)
    });
    let mut listing = Listing {
        wanted: Wanted {
            area: None,
            qualification,
            text: ask.asked("text"),
        },
        when: ask.when(),
        page: Asked::first(Asked::LARGEST),
    };
    let mut all = Vec::new();
    loop {
        let page = rural_doctor::list(ask.office(), &ask.actor, &listing, ask.now).await;
        let page = ask.done(page)?;
        all.extend(page.items);
        listing.page.after = page.next;
        if listing.page.after.is_none() {
            return Ok(all);
        }
    }
}

/// Months until somebody turns sixty; less than none = they have.
fn until_sixty(ask: &Ask, one: &Doctor) -> i32 {
    one.birth.plus(SIXTY).since(ask.on.month())
}

fn is_wanted(ask: &Ask, only: &str, one: &Doctor, standing: Option<&Standing>) -> bool {
    match only {
        "soon" => (0..=12).contains(&until_sixty(ask, one)),
        "past" => until_sixty(ask, one) < 0,
        "unpaid" => {
            let unpaid = standing.and_then(|own| own.unpaid.as_ref());
            unpaid.is_some_and(|months| !months.is_empty())
        }
        "exam" => one.profile.qualification == Qualification::RuralDoctor,
        _ => true,
    }
}

fn pension_of(standing: Option<&Standing>) -> Option<&TableLine> {
    let tables = standing.and_then(|own| own.tables.as_ref())?;
    tables.iter().find(|line| line.rule.rule == PENSION)
}

/// The pensions that the rule gives somebody, as they are filtered by.
fn pensions(s: &Shell, standing: Option<&Standing>) -> Vec<String> {
    let line = pension_of(standing);
    let gives = line.map_or(&[][..], |line| &line.gives);
    gives.iter().map(|(what, _)| s.b(what).to_owned()).collect()
}

/// What the pension is, and why: the clause and the facts that decide.
fn pension(s: &Shell, one: &Doctor, standing: Option<&Standing>) -> Cell {
    let profile = &one.profile;
    if profile.on_establishment {
        return Cell::text(s.t("web-doctor-on-establishment"));
    }
    let Some(line) = pension_of(standing) else {
        return Cell::text(format!("◇ {}", s.t("web-doctor-not-judged")));
    };
    let given = line.gives.iter().map(|(what, force)| {
        let force = s.t(format!("force-{}", force.key()));
        s.xy("web-doctor-pension-force", s.b(what), force)
    });
    let given: Vec<String> = given.collect();
    let cites = line.rule.cites.iter().map(|cite| cite.at.clone());
    let cites: Vec<String> = cites.collect();
    let facts = s.xy(
        "web-doctor-because",
        s.w(&profile.labour_relation),
        s.may(&profile.pension),
    );
    let why = format!("{facts} · {}", cites.join(&s.t("list-separator")));
    if !line.missing.is_empty() {
        let missing = line.missing.iter().map(|fact| s.b(fact).to_owned());
        let missing: Vec<String> = missing.collect();
        let words = s.x("web-doctor-missing", missing.join(&s.t("list-separator")));
        return Cell::text(format!("◇ {words}")).note(why);
    }
    if given.is_empty() {
        return Cell::text(s.t("web-doctor-no-pension")).note(why);
    }
    Cell::text(given.join(&s.t("list-separator"))).note(why)
}

fn sixty(ask: &Ask, s: &Shell, one: &Doctor) -> Cell {
    let cell = Cell::text(s.month(&one.birth.plus(SIXTY)));
    match until_sixty(ask, one) {
        0..=12 => cell.note(s.t("web-doctor-soon")),
        ..0 => cell.note(s.t("web-doctor-past")),
        _ => cell,
    }
}

fn unpaid(s: &Shell, standing: Option<&Standing>) -> Cell {
    let Some(unpaid) = standing.and_then(|own| own.unpaid.as_ref()) else {
        return Cell::text(format!("◇ {}", s.t("web-doctor-no-subsidy")));
    };
    let mut months: Vec<String> = unpaid.iter().map(|one| s.month(&one.month)).collect();
    months.dedup();
    if months.is_empty() {
        return Cell::text(format!("● {}", s.t("web-doctor-paid")));
    }
    let words = s.n("web-doctor-unpaid-months", months.len());
    Cell::text(format!("▲ {words}"))
        .note(months.join(&s.t("list-separator")))
        .class("late")
}

/// Whether somebody may sit the examination is for those who hold it to judge.
fn exam(s: &Shell, one: &Doctor) -> Cell {
    match one.profile.qualification {
        Qualification::RuralDoctor => Cell::text(format!("◐ {}", s.t("web-doctor-exam-judged"))),
        Qualification::Physician | Qualification::AssistantPhysician => {
            Cell::text(format!("● {}", s.t("web-doctor-licensed")))
        }
    }
}

fn row(ask: &Ask, s: &Shell, one: &Doctor, standing: Option<&Standing>) -> Vec<Cell> {
    vec![
        Cell::text(one.profile.name.clone()).note(one.number.clone()),
        sixty(ask, s, one),
        Cell::text(one.profile.clinic.clone().unwrap_or_default()),
        Cell::text(s.w(&one.profile.qualification)),
        pension(s, one, standing),
        unpaid(s, standing),
        exam(s, one),
    ]
}

/// What is said of all of them, above the list.
fn clauses(s: &Shell, standings: &Standings) -> Vec<Clause> {
    let mut all: Vec<Clause> = Vec::new();
    for line in &standings.registration {
        for cite in &line.cites {
            all.push(Clause {
                title: s.b(&line.title).to_owned(),
                at: cite.at.clone(),
                quote: cite.text.clone(),
                why: s.t("web-doctor-registration-open"),
            });
        }
    }
    all.extend(standings.judged.iter().map(|one| Clause {
        title: s.t("web-doctor-exam"),
        at: one.at.clone(),
        quote: one.quote.clone(),
        why: s.b(&one.why).to_owned(),
    }));
    all
}

fn shares(s: &Shell, standings: &Standings) -> Vec<Share> {
    let shares = standings.licensed.iter().map(|(county, line)| Share {
        county: county.clone(),
        mark: mark(s, line.verdict),
        words: s.b(&line.message).to_owned(),
        threshold: line.threshold.clone().unwrap_or_default(),
        rule: line.rule.clone(),
    });
    shares.collect()
}

/// Every rural doctor one may see.
#[handler]
pub async fn doctors_page(ask: Ask) -> Html {
    ask.permitted(Action::ReadLedger)?;
    let mut all = everybody(&ask).await?;
    let (office, actor) = (ask.office(), &ask.actor);
    let part = part_of(office, actor, Action::ReadLedger).await;
    let part = ask.done(part)?;
    let standings = rural_doctor::standings(office, actor, &part, ask.when(), ask.now).await;
    let standings = ask.done(standings)?;
    let of = |one: &Doctor| standings.doctors.get(&one.id);
    let shell = ask.shell().await?;
    let s = &shell;
    let total = all.len();
    let count = |only: &str| {
        let own = all.iter().filter(|one| is_wanted(&ask, only, one, of(one)));
        own.count()
    };
    let only = ONLY.map(|key| {
        let words = format!("{} ({})", s.t(format!("web-doctor-only-{key}")), count(key));
        (key.to_owned(), words)
    });
    let mut kinds: Vec<(String, usize)> = Vec::new();
    for pension in all.iter().flat_map(|one| pensions(s, of(one))) {
        match kinds.iter_mut().find(|(known, _)| *known == pension) {
            Some((_, count)) => *count += 1,
            None => kinds.push((pension, 1)),
        }
    }
    let kinds = kinds.into_iter().map(|(pension, count)| {
        let words = format!("{pension} ({count})");
        (pension, words)
    });
    let kinds: Vec<_> = kinds.collect();
    if let Some(only) = ask.asked("only") {
        all.retain(|one| is_wanted(&ask, &only, one, of(one)));
    }
    if let Some(pension) = ask.asked("pension") {
        all.retain(|one| pensions(s, of(one)).contains(&pension));
    }
    let heads = [
        ("web-col-name", false),
        ("web-doctor-sixty", false),
        ("web-doctor-clinic", false),
        ("web-doctor-qualification", false),
        ("web-doctor-pension", false),
        ("web-doctor-unpaid", false),
        ("web-doctor-exam", false),
    ];
    let mut list = TablePage::new(s, s.t("web-rural-doctors"), &heads);
    list.first = true;
    let qualifications = Qualification::ALL.iter();
    let qualifications = qualifications.map(|one| (one.key().to_owned(), s.w(one)));
    list.filters = vec![
        Filter::text(s, "text", "web-doctor-text"),
        Filter::choice(
            s,
            "qualification",
            "web-doctor-qualification",
            qualifications.collect(),
        ),
        Filter::choice(s, "pension", "web-doctor-pension", kinds),
        Filter::choice(s, "only", "web-doctor-only", only.to_vec()),
    ];
    list.rows = all.iter().map(|one| row(&ask, s, one, of(one))).collect();
    let at = ask.asked("page").and_then(|page| page.parse().ok());
    Ok(html(&DoctorsPage {
        s,
        total,
        shares: shares(s, &standings),
        clauses: clauses(s, &standings),
        list: list.paged(at.unwrap_or(1)),
    }))
}
