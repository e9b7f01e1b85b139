//! Rural doctors.

use super::ask::{Ask, Html, html};
use crate::domain::page::{Asked, Cursor};
use crate::domain::rural_doctor::Qualification;
use crate::service::rural_doctor::{self, Listing, Wanted};
use crate::view::pager::ROWS;
use crate::view::people::Filter;
use crate::view::table::{Cell, TablePage};
use poem::handler;

/// Months of age at which rural doctors are looked at anew.
const SIXTY: i32 = 720;

/// Every rural doctor one may see.
#[handler]
pub async fn doctors_page(ask: Ask) -> Html {
    let qualification = ask.asked("qualification");
    let qualification = qualification.and_then(|key| {
        let mut all = Qualification::ALL.iter().copied();
        all.find(|one| one.key() == key)
    });
    let after: Option<Cursor> = ask.asked("after").and_then(|text| text.parse().ok());
    let listing = Listing {
        wanted: Wanted {
            area: None,
            qualification,
            text: ask.asked("text"),
        },
        when: ask.when(),
        page: Asked {
            after,
            most: ROWS as u32,
        },
    };
    let found = rural_doctor::list(ask.office(), &ask.actor, &listing, ask.now).await;
    let found = ask.done(found)?;
    let shell = ask.shell().await?;
    let heads = [
        ("web-col-name", false),
        ("web-col-number", false),
        ("web-col-birth", false),
        ("web-doctor-sixty", false),
        ("web-doctor-clinic", false),
        ("web-fact-area", false),
        ("web-doctor-qualification", false),
    ];
    let mut page = TablePage::new(&shell, shell.t("web-rural-doctors"), &heads);
    page.first = true;
    page.intro = vec![shell.n("web-doctors-all", found.total)];
    let all = Qualification::ALL.iter();
    let all = all
        .map(|one| (one.key().to_owned(), shell.w(one)))
        .collect();
    page.filters = vec![
        Filter::text(&shell, "text", "web-doctor-text"),
        Filter::choice(&shell, "qualification", "web-doctor-qualification", all),
    ];
    page.rows = found
        .items
        .iter()
        .map(|one| {
            let sixty = one.birth.plus(SIXTY);
            let soon = sixty.since(ask.on.month());
            let sixty = Cell::text(shell.month(&sixty));
            let sixty = if (0..=12).contains(&soon) {
                sixty.note(shell.t("web-doctor-soon"))
            } else if soon < 0 {
                sixty.note(shell.t("web-doctor-past"))
            } else {
                sixty
            };
            vec![
                Cell::text(one.profile.name.clone()),
                Cell::text(one.number.clone()).class("id"),
                Cell::text(one.birth.to_string()),
                sixty,
                Cell::text(one.profile.clinic.clone().unwrap_or_default()),
                Cell::text(one.profile.area.to_string()).class("id"),
                Cell::text(shell.w(&one.profile.qualification)),
            ]
        })
        .collect();
    if let Some(next) = &found.next {
        page.more = shell.but("after", next.to_string());
    }
    Ok(html(&page))
}
