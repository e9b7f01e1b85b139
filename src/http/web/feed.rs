//! Calendars with a secret address.

use super::ask::{Ask, Html, with_status};
use super::fields::{Fields, against, status};
use super::to;
use crate::domain::record::Id;
use crate::service::feed::{self, Feed};
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::reminder::tabs;
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

/// One's own calendars.
#[handler]
pub async fn list_page(ask: Ask) -> Html {
    show(&ask, None, &Refused::default()).await
}

/// `made`: the address of the one that was just made, which is shown this once.
async fn show(ask: &Ask, made: Option<String>, refused: &Refused) -> Html {
    let found = feed::list(ask.office(), &ask.actor).await;
    let found = ask.done(found)?;
    let shell = ask.shell().await?.undated().at_path("/reminders/calendars");
    let s = &shell;
    let heads = [
        ("web-calendar-name", false),
        ("web-calendar-made", false),
        ("web-calendar-used", false),
        ("web-state", false),
    ];
    let mut page = TablePage::new(s, s.t("web-reminders-calendars"), &heads);
    page.tabs = tabs(s);
    page.intro.push(s.t("web-calendars-are"));
    if let Some(address) = made {
        page.intro.push(s.x("web-calendar-address", address));
    }
    page.empty = s.t("web-calendars-none");
    let rows = found.iter().map(|one| {
        let state = match &one.revoked_at {
            Some(at) => s.x("web-calendar-revoked", s.at(at)),
            None => s.t("web-calendar-lives"),
        };
        let used = one.last_used.as_ref();
        vec![
            Cell::text(one.name.clone()),
            Cell::text(s.at(&one.created_at)),
            Cell::text(used.map_or_else(|| "–".to_owned(), |at| s.at(at))),
            Cell::text(state),
        ]
    });
    page.rows = rows.collect();
    let deed = Deed::new("make", "/reminders/calendars", s.t("web-calendar-make"));
    let name = Field::new("name", s.t("web-calendar-name"), Input::Text).required();
    page.deeds.push(deed.field(name).refused(refused));
    let living = found.iter().filter(|one| one.revoked_at.is_none());
    page.deeds.extend(living.map(|one| {
        let mut deed = Deed::new(
            &format!("revoke-{}", one.id),
            format!("/reminders/calendars/{}/revoke", one.id),
            s.x("web-calendar-revoke", &one.name),
        );
        deed.loses = s.t("web-calendar-revoke-loses");
        deed
    }));
    Ok(with_status(status(refused), &page))
}

/// Makes a calendar for the capacity one acts in.
#[handler]
pub async fn make(ask: Ask, fields: Fields) -> Html {
    match feed::create(ask.office(), &ask.actor, fields.text("name"), ask.now).await {
        Ok((_, secret)) => {
            let path = format!("/api/v1/calendars/{}", secret.reveal().as_str());
            let address = ask.office().post.page(&path);
            show(&ask, Some(address), &Refused::default()).await
        }
        Err(error) => {
            let why = against(&ask, error)?;
            show(&ask, None, &fields.refused("make", why)).await
        }
    }
}

/// Revokes one of one's own calendars.
#[handler]
pub async fn revoke(ask: Ask, Path(id): Path<String>) -> Html {
    let id: Id<Feed> = id.parse().map_err(|_| ask.not_found())?;
    let revoked = feed::revoke(ask.office(), &ask.actor, id, ask.now).await;
    ask.done(revoked)?;
    Ok(to("/reminders/calendars?told=calendar-revoked"))
}
