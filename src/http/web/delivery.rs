//! Messages on their way, and robots of group chats.

use super::ask::{Ask, Html, html, with_status};
use super::fields::{Fields, against, bad, status};
use super::to;
use crate::domain::record::Id;
use crate::domain::reminder::Kind;
use crate::domain::rights::Action;
use crate::service::delivery::{self, Delivery, Look, Message, NewRobot, Style, Webhook};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::people::Filter;
use crate::view::reminder::{kind, said, tabs};
use crate::view::table::{Cell, TablePage};
use poem::handler;
use poem::web::Path;

/// Messages on a page.
const SHOWN: usize = 50;

/// What became of messages.
#[handler]
pub async fn messages_page(ask: Ask) -> Html {
    messages(&ask, None, &Refused::default()).await
}

fn state(s: &Shell, look: &Look) -> Cell {
    let cell = Cell::text(s.w(&look.delivery()));
    let fault = look.fault.clone().unwrap_or_default();
    match look.delivery() {
        Delivery::GivenUp => cell.class("bad").note(fault),
        Delivery::Waiting => cell.note(fault),
        Delivery::Sent => cell,
    }
}

/// What is sent, in words; what another version sent as it names it.
fn what(s: &Shell, look: &Look) -> String {
    match (look.kind.as_str(), Kind::from_key(&look.kind)) {
        ("digest" | "reminder", _) => s.t(format!("web-message-{}", look.kind)),
        // what a robot tells
        (_, Some(one)) => kind(s, one),
        (other, None) if other.starts_with("application.") => s.t("web-message-application"),
        (other, None) => other.to_owned(),
    }
}

/// `tested`: what became of a test mail.
async fn messages(ask: &Ask, tested: Option<String>, refused: &Refused) -> Html {
    ask.permitted(Action::ManageMail)?;
    let before = ask.asked("after").and_then(|text| text.parse().ok());
    let wanted = ask.asked("delivery").and_then(|key| {
        let mut all = Delivery::ALL.iter().copied();
        all.find(|one| one.key() == key)
    });
    let (office, actor) = (ask.office(), &ask.actor);
    let found = delivery::messages(office, actor, before, wanted, SHOWN as u32 + 1).await;
    let mut found = ask.done(found)?;
    let shell = ask.shell().await?.undated().at_path("/reminders/messages");
    let s = &shell;
    let heads = [
        ("web-message-at", false),
        ("web-message-what", false),
        ("web-state", false),
        ("web-message-attempts", true),
        ("web-message-sent", false),
    ];
    let mut page = TablePage::new(s, s.t("web-reminders-messages"), &heads);
    page.tabs = tabs(s);
    if !office.post.sends() {
        page.intro.push(s.t("web-mail-stays"));
    }
    page.intro.extend(tested);
    page.empty = s.t("web-messages-none");
    let all = Delivery::ALL.iter();
    let all = all.map(|one| (one.key().to_owned(), s.w(one))).collect();
    page.filters = vec![Filter::choice(s, "delivery", "web-state", all)];
    if found.len() > SHOWN {
        found.truncate(SHOWN);
        if let Some(last) = found.last() {
            page.more = s.but("after", last.id.to_string());
        }
    }
    let rows = found.iter().map(|one| {
        let sent = one.sent_at.as_ref();
        vec![
            Cell::link(
                s.at(&one.created_at),
                s.to(format!("/reminders/messages/{}", one.id)),
            ),
            Cell::text(what(s, one)),
            state(s, one),
            Cell::number(one.attempts),
            Cell::text(sent.map_or_else(|| "–".to_owned(), |at| s.at(at))),
        ]
    });
    page.rows = rows.collect();
    let to = Field::new("to", s.t("web-mail-to"), Input::Text).required();
    let deed = Deed::new("test", "/reminders/messages/test", s.t("web-mail-test"));
    page.deeds.push(deed.field(to).refused(refused));
    Ok(with_status(status(refused), &page))
}

/// Sends a mail that says nothing but that it came.
#[handler]
pub async fn test(ask: Ask, fields: Fields) -> Html {
    let (office, actor) = (ask.office(), &ask.actor);
    let sent = delivery::test(office, actor, fields.text("to"), ask.lang, ask.now).await;
    match ask.done(sent)? {
        Ok(()) => {
            let said = crate::i18n::t(ask.lang, "web-mail-tested", &[]);
            messages(&ask, Some(said), &Refused::default()).await
        }
        Err(fault) => messages(&ask, None, &fields.refused("test", vec![fault.message])).await,
    }
}

/// One message: what it told, and why.
#[handler]
pub async fn message_page(ask: Ask, Path(id): Path<String>) -> Html {
    let id: Id<Message> = id.parse().map_err(|_| ask.not_found())?;
    let (office, actor) = (ask.office(), &ask.actor);
    let found = delivery::message(office, actor, id, ask.lang, ask.now).await;
    let (look, told) = ask.done(found)?;
    let title = crate::i18n::t(ask.lang, "web-reminders-messages", &[]);
    let shell = ask
        .shell()
        .await?
        .crumb(title, "/reminders/messages")
        .undated();
    let s = &shell;
    let heads = [
        ("web-reminder-to", false),
        ("web-reminder-what", false),
        ("web-reminder-about", false),
    ];
    let mut page = TablePage::new(s, what(s, &look), &heads);
    let became = state(s, &look);
    page.intro.push(format!("{} {}", became.text, became.note));
    page.empty = s.t("web-message-empty");
    let rows = told.iter().map(|one| {
        vec![
            Cell::text(one.to.clone()),
            said(s, &one.said.page, &one.words.title, &one.words.lines),
            Cell::text(one.reminder.about.to_string()),
        ]
    });
    page.rows = rows.collect();
    if look.delivery() == Delivery::GivenUp {
        let path = format!("/reminders/messages/{id}/resend");
        page.deeds
            .push(Deed::new("resend", path, s.t("web-message-resend")));
    }
    Ok(html(&page))
}

/// Sends a message again that was given up.
#[handler]
pub async fn resend(ask: Ask, Path(id): Path<String>) -> Html {
    let id: Id<Message> = id.parse().map_err(|_| ask.not_found())?;
    let sent = delivery::resend(ask.office(), &ask.actor, id, ask.now).await;
    ask.done(sent)?;
    Ok(to(&format!("/reminders/messages/{id}?told=message-resent")))
}

/// Robots of group chats.
#[handler]
pub async fn robots_page(ask: Ask) -> Html {
    robots(&ask, &Refused::default()).await
}

async fn robots(ask: &Ask, refused: &Refused) -> Html {
    ask.permitted(Action::ManageMail)?;
    let found = delivery::robots(ask.office(), &ask.actor).await;
    let found = ask.done(found)?;
    let shell = ask.shell().await?.undated().at_path("/reminders/robots");
    let s = &shell;
    let heads = [
        ("web-robot-name", false),
        ("web-robot-style", false),
        ("web-robot-area", false),
        ("web-calendar-made", false),
    ];
    let mut page = TablePage::new(s, s.t("web-reminders-robots"), &heads);
    page.tabs = tabs(s);
    page.intro.push(s.t("web-robots-are"));
    page.empty = s.t("web-robots-none");
    let rows = found.iter().map(|one| {
        let area = one.area.map(|area| s.area(area));
        vec![
            Cell::text(one.name.clone()),
            Cell::text(s.w(&one.style)),
            Cell::text(area.unwrap_or_else(|| s.t("web-all"))),
            Cell::text(s.at(&one.created_at)),
        ]
    });
    page.rows = rows.collect();
    let field = |name: &str, input| Field::new(name, s.t(format!("web-robot-{name}")), input);
    let styles = Style::ALL.iter();
    let styles = styles.map(|one| (one.key().to_owned(), s.w(one)));
    let add = Deed::new("add", "/reminders/robots", s.t("web-robot-add"))
        .field(field("name", Input::Text).required())
        .field(field("style", Input::Choice).required().options(styles))
        .field(
            field("url", Input::Text)
                .required()
                .hint(s.t("web-robot-url-is")),
        )
        .field(field("secret", Input::Text))
        .field(field("area", Input::Text).hint(s.t("web-robot-area-is")));
    page.deeds.push(add.refused(refused));
    page.deeds.extend(found.iter().map(|one| {
        let mut deed = Deed::new(
            &format!("remove-{}", one.id),
            format!("/reminders/robots/{}/remove", one.id),
            s.x("web-robot-remove", &one.name),
        );
        deed.loses = s.t("web-robot-remove-loses");
        deed
    }));
    Ok(with_status(status(refused), &page))
}

fn new_robot<'a>(ask: &Ask, fields: &'a Fields) -> Result<NewRobot<'a>, Vec<String>> {
    let style = fields.text("style");
    let known = Style::ALL.iter().copied().find(|one| one.key() == style);
    Ok(NewRobot {
        name: fields.text("name"),
        style: known.ok_or_else(|| bad(ask, style))?,
        url: fields.text("url"),
        secret: fields.some("secret"),
        institution: None,
        area: fields.read(ask, "area")?,
    })
}

/// Adds a robot.
#[handler]
pub async fn add_robot(ask: Ask, fields: Fields) -> Html {
    let new = match new_robot(&ask, &fields) {
        Ok(new) => new,
        Err(why) => return robots(&ask, &fields.refused("add", why)).await,
    };
    match delivery::add_robot(ask.office(), &ask.actor, &new, ask.now).await {
        Ok(_) => Ok(to("/reminders/robots?told=robot-added")),
        Err(error) => {
            let why = against(&ask, error)?;
            robots(&ask, &fields.refused("add", why)).await
        }
    }
}

/// Removes a robot.
#[handler]
pub async fn remove_robot(ask: Ask, Path(id): Path<String>) -> Html {
    let id: Id<Webhook> = id.parse().map_err(|_| ask.not_found())?;
    let removed = delivery::remove_robot(ask.office(), &ask.actor, id, ask.now).await;
    ask.done(removed)?;
    Ok(to("/reminders/robots?told=robot-removed"))
}
