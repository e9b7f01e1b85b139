//! What administrators and auditors do by forms: accounts, jobs, backups, the trail.

use super::browser::{Browser, Page};
use crate::http::world::{World, area};
use crate::support::database::{Database, Engine, on_both, run};
use crate::support::office::{PASSWORD, account_with, office};
use crate::support::server::Server;
use dinggang::domain::rights::{Authority, Capacity, Extent, Tier};

const ADMINISTRATOR: Capacity = Capacity::Administrator {
    extent: Extent::Everywhere,
};
const AUDITOR: Capacity = Capacity::Auditor {
    extent: Extent::Everywhere,
};

async fn signed_in(server: &Server, name: &str, capacity: Capacity) -> Browser {
    account_with(&server.office, name, vec![capacity], server.now()).await;
    enter(server, name).await
}

async fn enter(server: &Server, name: &str) -> Browser {
    let mut browser = Browser::new(server, "en");
    let fields = [("user_name", name), ("password", PASSWORD), ("to", "/")];
    browser.post("/sign-in", &fields).await.is(200);
    browser
}

/// Where a page leads by a link with that text.
fn link(page: &Page, text: &str) -> String {
    let page = page.text();
    let before = page
        .split(&format!("\">{text}</a>"))
        .next()
        .expect("a link");
    assert!(before.len() < page.len(), "no link {text}: {page}");
    let href = before.rsplit("href=\"").next().expect("an address");
    href.to_owned()
}

on_both! {
    async fn an_account_from_its_invitation_to_its_end(database: Database) {
        let server = Server::start(&database).await;
        let mut browser = signed_in(&server, "guanli", ADMINISTRATOR).await;
        let page = browser.get("/accounts").await.is(200);
        assert!(page.text().contains("Invite somebody"));
        let fields = |office, of| [("user_name", "weijian"), ("name", "Wei"), ("office", office), ("of", of)];
        for (office, of) in [("county_health", "nowhere"), ("institution_hr", "NONE"), ("consortium_hr", "none"), ("", "")] {
            let page = browser.post("/accounts", &fields(office, of)).await.is(422);
            assert!(page.text().contains("value=\"weijian\""), "what was written stays");
        }
        let page = browser.post("/accounts", &fields("county_health", "150199")).await.is(200);
        let text = page.text();
        let address = text.split("/set-up/").nth(1).expect("a link");
        let address = format!("/set-up/{}", address.split('"').next().expect("an end"));
        // it is shown this once
        let page = browser.get("/accounts").await.is(200);
        assert!(!page.text().contains("/set-up/"));
        let mut owner = Browser::new(&server, "en");
        owner.post(&address, &[("password", PASSWORD), ("again", PASSWORD)]).await.is(200);
        browser.post("/accounts", &fields("county_health", "150199")).await.is(422);

        let at = link(&page, "weijian");
        let page = browser.get(&at).await.is(200);
        let version = page.hidden("version");
        let own = [("version", version.as_str())];
        let page = browser.post(&format!("{at}/acts/lock"), &own).await.is(200);
        assert!(page.text().contains("locked") && page.text().contains("Unlock"));
        // a page that is out of date does nothing
        let stale = browser.post(&format!("{at}/acts/disable"), &own).await;
        assert_eq!(stale.status, 422);
        let mut out = Browser::new(&server, "en");
        let entering = [("user_name", "weijian"), ("password", PASSWORD), ("to", "/")];
        assert_ne!(out.post("/sign-in", &entering).await.status, 200);
        let page = browser.get(&at).await.is(200);
        let version = page.hidden("version");
        browser.post(&format!("{at}/acts/unlock"), &[("version", &version)]).await.is(200);
        out.post("/sign-in", &entering).await.is(200);

        let version = browser.get(&at).await.is(200).hidden("version");
        let granted = [("version", version.as_str()), ("office", "auditor"), ("of", "1501")];
        let page = browser.post(&format!("{at}/capacities"), &granted).await.is(200);
        let text = page.text();
        assert!(text.contains("Take back"), "{text}");
        let version = page.hidden("version");
        let taken = text.split("/capacities/").nth(1).expect("a capacity");
        let taken = format!("{at}/capacities/{}", taken.split('"').next().expect("an end"));
        browser.post(&taken, &[("version", &version)]).await.is(200);
        let version = browser.get(&at).await.is(200).hidden("version");
        browser.post(&format!("{at}/acts/revoke_sessions"), &[("version", &version)]).await.is(200);
        assert!(out.get("/institutions").await.path.starts_with("/sign-in"));
        let page = browser.post(&format!("{at}/link"), &[]).await.is(200);
        assert!(page.text().contains("/set-up/"));
        browser.post(&format!("{at}/acts/nothing"), &[("version", "1")]).await.is(404);
    }

    async fn those_who_may_not_are_told_so(database: Database) {
        let server = Server::start(&database).await;
        let clerk = Capacity::Reviewer {
            authority: Authority::Health,
            tier: Tier::County,
            area: area("150199"),
        };
        let mut browser = signed_in(&server, "weijian", clerk).await;
        for path in ["/accounts", "/operations/jobs", "/operations/backups", "/audit"] {
            browser.get(path).await.is(403);
        }
        for path in ["/accounts", "/operations/backups", "/operations/jobs/sweep/run"] {
            browser.post(path, &[("user_name", "x"), ("office", "auditor")]).await.is(403);
        }
        // auditors look and do nothing
        let mut auditor = signed_in(&server, "jiandu", AUDITOR).await;
        let page = auditor.get("/operations/jobs").await.is(200);
        assert!(page.text().contains("seal the trail") && !page.text().contains("Run now"));
        auditor.post("/operations/jobs/sweep/run", &[]).await.is(403);
        auditor.post("/operations/backups", &[]).await.is(403);
        let page = auditor.get("/accounts").await.is(200);
        assert!(!page.text().contains("Invite somebody"));
    }

    async fn a_job_runs_again_and_a_backup_is_made(database: Database) {
        let server = Server::start(&database).await;
        let mut browser = signed_in(&server, "guanli", ADMINISTRATOR).await;
        browser.post("/operations/jobs/sweep/run", &[]).await.is(200);
        browser.post("/operations/jobs/nothing/run", &[]).await.is(404);
        let page = browser.get("/operations/backups").await.is(200);
        assert!(page.text().contains("No folder for backups"));
        browser.post("/operations/backups", &[]).await.is(404);
        browser.post("/operations/backups/x/check", &[]).await.is(404);
    }

    async fn the_trail_is_searched(database: Database) {
        let world = World::new(&database).await;
        let server = &world.server;
        let mut browser = signed_in(server, "jiandu2", AUDITOR).await;
        let all = browser.get("/audit").await.is(200).text();
        let rows = |text: &str| text.matches("data-name=\"What\"").count();
        assert!(rows(&all) > 0, "{all}");
        let imports = browser.get("/audit?what=import.people").await.is(200).text();
        assert!(rows(&imports) > 0 && rows(&imports) < rows(&all), "{imports}");
        let none = browser.get("/audit?until=2001-01-01").await.is(200).text();
        assert_eq!(rows(&none), 0);
        let none = browser.get("/audit?from=2999-01-01").await.is(200).text();
        assert_eq!(rows(&none), 0);
        let since = browser.get("/audit?from=2020-01-01&until=2999-01-01").await.is(200).text();
        assert_eq!(rows(&since), rows(&all));
        let none = browser.get("/audit?author=nobody+at+all").await.is(200).text();
        assert_eq!(rows(&none), 0);
        let authors = database.lines("select distinct author from audit_event where author <> ''").await;
        let part: String = authors[0].chars().skip(1).collect();
        let some = browser.get(&format!("/audit?author={part}")).await.is(200).text();
        assert!(!part.is_empty() && rows(&some) > 0, "a part of the name: {some}");
        let none = browser.get("/audit?about=nothing+of+that+name").await.is(200).text();
        assert_eq!(rows(&none), 0);
        let text = browser.get("/audit/verification").await.is(200).text();
        assert!(text.contains("The whole chain verifies"), "{text}");
    }
}

/// With a folder, on the database that copies itself.
#[test]
fn a_backup_lies_in_its_folder_and_is_checked() {
    run(Engine::Sqlite, backed_up);
}

async fn backed_up(database: Database) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut office = office(&database.store);
    office.doors.second_factor = false;
    let server = Server::keeping(office, folder.path()).await;
    let mut browser = signed_in(&server, "guanli", ADMINISTRATOR).await;
    let page = browser.post("/operations/backups", &[]).await.is(200);
    let text = page.text();
    assert!(
        text.contains("row for row") && text.contains("not checked"),
        "{text}"
    );
    let name = text
        .split("/operations/backups/")
        .find(|part| part.contains("/check"));
    let name = name
        .and_then(|part| part.split('/').next())
        .expect("a backup");
    let check = format!("/operations/backups/{name}/check");
    let page = browser.post(&check, &[]).await.is(200);
    assert!(page.text().contains("whole, as it was made"));
    std::fs::write(folder.path().join(name), b"other bytes").expect("written");
    let page = browser.post(&check, &[]).await.is(200);
    assert!(page.text().contains("damaged or altered"));
    browser
        .post("/operations/backups/..%2Fx/check", &[])
        .await
        .is(404);
}
