//! Forms that are sent too late, and forms that are sent twice.

use super::browser::Browser;
use crate::support::database::{Database, on_both};
use crate::support::office::{self, PASSWORD, account_with};
use crate::support::road::{CENTRE, County, centre};
use crate::support::server::Server;
use dinggang::domain::rights::Capacity;

const LONG: i64 = 31 * 60;

/// A county, and the HR of its centre at a browser.
async fn clerk(database: &Database, names: &[&str]) -> (Server, Vec<Browser>) {
    let mut office = office::office(&database.store);
    office.doors.second_factor = false;
    let county = County::new(office, &centre(1, 2)).await;
    let server = Server::of(county.office.clone()).await;
    let mut browsers = Vec::new();
    for name in names {
        let institution = county.centre();
        let capacity = Capacity::InstitutionHr { institution };
        account_with(&server.office, name, vec![capacity], server.now()).await;
        let mut browser = Browser::new(&server, "en");
        enter(&mut browser, name, "/").await;
        browsers.push(browser);
    }
    (server, browsers)
}

async fn enter(browser: &mut Browser, name: &str, to: &str) -> super::browser::Page {
    let fields = [("user_name", name), ("password", PASSWORD), ("to", to)];
    browser.post("/sign-in", &fields).await
}

fn plan<'a>(title: &'a str, once: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("institution", CENTRE),
        ("title", title),
        ("posts.0.0", "全科医师"),
        ("posts.0.1", "1"),
        ("once", once),
    ]
}

async fn plans(browser: &mut Browser, title: &str) -> usize {
    let list = browser.get("/recruitment/plans").await.is(200);
    list.text().matches(title).count()
}

on_both! {
    async fn what_was_sent_too_late_is_back_after_signing_in(database: Database) {
        let (server, mut browsers) = clerk(&database, &["renshi"]).await;
        let browser = &mut browsers[0];
        let once = browser.get("/recruitment/new").await.is(200).hidden("once");
        server.pass(LONG);
        let page = browser.post("/recruitment", &plan("补充两名医师", &once)).await.is(200);
        assert_eq!(page.path, "/sign-in?to=%2Fkept&told=kept");
        assert!(page.text().contains("What you wrote is kept"), "{}", page.text());
        assert!(!page.text().contains("补充两名医师"));
        // filled in as it was, and not done
        let page = enter(browser, "renshi", "/kept").await.is(200);
        assert_eq!(page.path, "/kept");
        let text = page.text();
        assert!(text.contains("you had been signed out") && text.contains("补充两名医师"), "{text}");
        assert_eq!(plans(browser, "补充两名医师").await, 0);
        // sent from there it is done, and nothing waits any more
        let once = page.hidden("once");
        let page = browser.post("/recruitment", &plan("补充两名医师", &once)).await.is(200);
        assert!(page.path.starts_with("/recruitment/plans/"), "{}", page.path);
        assert_eq!(browser.get("/kept").await.is(200).path, "/");
    }

    async fn what_was_wrong_with_it_is_said_too(database: Database) {
        let (server, mut browsers) = clerk(&database, &["renshi"]).await;
        let browser = &mut browsers[0];
        server.pass(LONG);
        let fields = [("institution", CENTRE), ("title", "补充"), ("posts.0.0", "全科医师")];
        browser.post("/recruitment", &fields).await.is(200);
        let page = enter(browser, "renshi", "/kept").await.is(200);
        assert!(page.text().contains("row 1: something is missing"), "{}", page.text());
    }

    async fn nobody_else_sees_it_and_nothing_secret_is_kept(database: Database) {
        let (server, mut browsers) = clerk(&database, &["renshi", "lingyi"]).await;
        let browser = &mut browsers[0];
        server.pass(LONG);
        browser.post("/recruitment", &plan("补充两名医师", "")).await.is(200);
        let page = enter(browser, "lingyi", "/kept").await;
        assert_eq!(page.status, 404);
        assert!(!page.text().contains("补充两名医师"));
        let other = &mut browsers[1];
        let fields = [("old", PASSWORD), ("new", "another-good-password")];
        let page = other.post("/me/password", &fields).await.is(200);
        assert_eq!(page.path, "/sign-in");
        // after a while it is forgotten
        let browser = &mut browsers[0];
        server.pass(LONG);
        assert_eq!(enter(browser, "renshi", "/kept").await.is(200).path, "/");
    }

    async fn sent_twice_it_is_done_once(database: Database) {
        let (_server, mut browsers) = clerk(&database, &["renshi"]).await;
        let browser = &mut browsers[0];
        let once = browser.get("/recruitment/new").await.is(200).hidden("once");
        let first = browser.post("/recruitment", &plan("补充两名医师", &once)).await.is(200);
        let again = browser.post("/recruitment", &plan("补充两名医师", &once)).await.is(200);
        assert_eq!(first.path, again.path);
        assert_eq!(plans(browser, "补充两名医师").await, 1);
        // with something else in it, it is another one
        let other = browser.post("/recruitment", &plan("补充护士", &once)).await.is(200);
        assert_ne!(first.path, other.path);
        // what was refused is not done, and may be sent as often as one likes
        let fields = [("institution", CENTRE), ("title", "补充"), ("posts.0.0", "全科医师"), ("once", once.as_str())];
        browser.post("/recruitment", &fields).await.is(422);
        browser.post("/recruitment", &fields).await.is(422);
    }
}
