//! Pages of reminders: how one is told, what comes for one person, schedules, calendars.

use super::browser::Browser;
use super::promotion::{page, send};
use crate::http::world::World;
use crate::support::database::{Database, on_both};
use crate::support::office::{PASSWORD, account_with};
use crate::support::server::Server;
use dinggang::domain::rights::{Capacity, Extent, Office};

/// A server with an auditor, and the auditor signed in.
async fn auditor(database: &Database) -> (Server, Browser) {
    let server = Server::start(database).await;
    let auditor = Capacity::Auditor {
        extent: Extent::Everywhere,
    };
    account_with(&server.office, "jiandu", vec![auditor], server.now()).await;
    let mut browser = Browser::new(&server, "en");
    let door = [("user_name", "jiandu"), ("password", PASSWORD), ("to", "/")];
    browser.post("/sign-in", &door).await.is(200);
    (server, browser)
}

on_both! {
    async fn how_one_is_told(database: Database) {
        let (_server, mut browser) = auditor(&database).await;
        let path = "/reminders/preference";
        let shown = browser.get(path).await.is(200).text();
        assert!(shown.contains("name=\"kind-retirement\""), "{shown}");
        // half an absence is refused beside the form, and what was written stays
        let half = [("mail", "one@example.cn"), ("language", "en"), ("away_from", "2026-12-01")];
        let refused = browser.post(path, &half).await.is(422).text();
        assert!(refused.contains("both its first and its last day"), "{refused}");
        assert!(refused.contains("value=\"one@example.cn\""), "{refused}");
        let wrong = [("mail", "no address"), ("language", "en")];
        browser.post(path, &wrong).await.is(422);
        let right = [
            ("mail", "one@example.cn"),
            ("language", "en"),
            ("quiet", "yes"),
            ("kind-vacancy_opened", "weekly"),
        ];
        let kept = browser.post(path, &right).await.is(200).text();
        assert!(kept.contains("Saved how you are told"), "{kept}");
        assert!(kept.contains("value=\"one@example.cn\""), "{kept}");
        assert!(kept.contains("<option value=\"weekly\" selected>"), "{kept}");
    }

    async fn a_schedule_runs_and_what_it_told_is_shown(database: Database) {
        let world = World::new(&database).await;
        let administrator = world.of(Office::Administrator);
        let shown = page(administrator, "/reminders/schedules", 200).await;
        assert!(shown.contains("0 6 * * *"), "{shown}");
        let version = shown.split("name=\"version\" value=\"").nth(1).expect("a version");
        let version = version.split('"').next().expect("a number").to_owned();
        let bad = [("version", version.as_str()), ("cron", "61 * * * *"), ("zone", "Asia/Shanghai")];
        let refused = send(administrator, "/reminders/schedules/reminders", &bad, 422).await;
        assert!(refused.contains("61 * * * *"), "{refused}");
        let office = &world.server.office;
        let now = world.server.now();
        dinggang::service::reminder::look(office, now).await.expect("looked");
        let county = world.of(Office::CountyHumanResources);
        let coming = page(county, "/reminders/coming", 200).await;
        assert!(coming.contains("days if nothing changes"), "{coming}");
        let one = page(county, &format!("/people/{}/reminders", world.person), 200).await;
        assert!(one.contains("Statutory retirement") || one.contains("There is no date"), "{one}");
        page(county, "/reminders/sent", 200).await;
        page(county, "/reminders/kinds", 200).await;
        page(administrator, "/reminders/messages", 200).await;
        let test = [("to", "somebody@example.cn")];
        let tested = send(administrator, "/reminders/messages/test", &test, 200).await;
        assert!(tested.contains("The test mail was sent"), "{tested}");
        assert!(tested.contains("nobody gets them"), "{tested}");
        let robot = [
            ("name", "院群"), ("style", "wecom"), ("url", "https://elsewhere.example.cn/x"), ("area", ""),
        ];
        let refused = send(administrator, "/reminders/robots", &robot, 422).await;
        assert!(refused.contains("webhook_hosts"), "{refused}");
        // whoever may not is told so, not shown an empty page
        page(county, "/reminders/schedules", 403).await;
        page(administrator, "/people/00000000-0000-7000-8000-000000000000/reminders", 404).await;
    }

    async fn a_calendar_is_shown_once(database: Database) {
        let (_server, mut browser) = auditor(&database).await;
        let made = browser.post("/reminders/calendars", &[("name", "Office")]).await.is(200).text();
        let path = made.split("/api/v1/calendars/").nth(1).expect("an address");
        let secret: String = path.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
        let listed = browser.get("/reminders/calendars").await.is(200).text();
        assert!(listed.contains("Office") && !listed.contains(&secret), "{listed}");
        let feed = browser.get(&format!("/api/v1/calendars/{secret}")).await.is(200).text();
        assert!(feed.contains("BEGIN:VCALENDAR"), "{feed}");
    }
}
