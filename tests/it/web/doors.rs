//! Signing in and out, setting up, choosing as what to act: with forms alone.

use super::browser::Browser;
use crate::http::world::area;
use crate::support::database::on_both;
use crate::support::office::{PASSWORD, account_with};
use crate::support::server::Server;
use dinggang::domain::rights::{Authority, Capacity, Extent, Tier};
use dinggang::service::account;

const AUDITOR: Capacity = Capacity::Auditor {
    extent: Extent::Everywhere,
};

fn reviewer() -> Capacity {
    Capacity::Reviewer {
        authority: Authority::Health,
        tier: Tier::County,
        area: area("150199"),
    }
}

on_both! {
    async fn the_first_administrator_comes_in_by_the_link(database: Database) {
        let server = Server::start(&database).await;
        let link = account::first_administrator(&server.office, server.now()).await;
        let link = link.expect("made").expect("a link");
        let address = account::link_address("", &link);
        let mut browser = Browser::new(&server, "en");
        let page = browser.get(&address).await.is(200);
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        assert!(page.text().contains("Choose a password"));
        let fields = [("password", "short"), ("again", "short")];
        let page = browser.post(&address, &fields).await.is(422);
        assert!(page.text().contains("role=\"alert\""));
        let fields = [("password", PASSWORD), ("again", "something else entirely")];
        browser.post(&address, &fields).await.is(422);
        let fields = [("password", PASSWORD), ("again", PASSWORD)];
        let page = browser.post(&address, &fields).await.is(200);
        assert!(page.path.starts_with("/sign-in"), "{}", page.path);
        // it is good once
        browser.post(&address, &fields).await.is(422);
        let page = browser
            .post("/sign-in", &[("user_name", "admin"), ("password", PASSWORD), ("to", "/rights")])
            .await
            .is(200);
        assert_eq!(page.path, "/rights");
    }

    async fn whoever_is_not_signed_in_is_led_to_the_door_and_back(database: Database) {
        let server = Server::start(&database).await;
        account_with(&server.office, "jiandu", vec![AUDITOR], server.now()).await;
        let mut browser = Browser::new(&server, "zh-CN");
        let page = browser.get("/institutions?kind=other").await.is(200);
        assert_eq!(page.path, "/sign-in?to=%2Finstitutions%3Fkind%3Dother");
        let to = page.hidden("to");
        let wrong = [("user_name", "jiandu"), ("password", "wrong"), ("to", to.as_str())];
        let page = browser.post("/sign-in", &wrong).await.is(401);
        assert!(page.text().contains("jiandu") && page.text().contains("role=\"alert\""));
        let right = [("user_name", "jiandu"), ("password", PASSWORD), ("to", to.as_str())];
        let headers = browser.first("/sign-in", &right).await;
        let cookie = headers["set-cookie"].to_str().expect("text");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let page = browser.post("/sign-in", &right).await.is(200);
        assert_eq!(page.path, "/institutions?kind=other");
        // nobody is led elsewhere
        let away = [("user_name", "jiandu"), ("password", PASSWORD), ("to", "//evil.example/")];
        let headers = browser.first("/sign-in", &away).await;
        assert_eq!(headers["location"], "/");
        // a form of another site does nothing
        browser.post_from("/sign-out", &[], "https://evil.example").await.is(403);
        browser.get("/institutions").await.is(200);
        let page = browser.post("/sign-out", &[]).await.is(200);
        assert!(page.path.starts_with("/sign-in"));
        assert!(browser.get("/institutions").await.path.starts_with("/sign-in"));
    }

    async fn somebody_with_several_capacities_chooses(database: Database) {
        let server = Server::start(&database).await;
        let capacities = vec![AUDITOR, reviewer()];
        account_with(&server.office, "liang", capacities, server.now()).await;
        let mut browser = Browser::new(&server, "en");
        let page = browser
            .post("/sign-in", &[("user_name", "liang"), ("password", PASSWORD), ("to", "/policies")])
            .await
            .is(200);
        assert!(page.path.starts_with("/sign-in/capacity"), "{}", page.path);
        let text = page.text();
        let choices: Vec<&str> = text
            .split("name=\"capacity\" value=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert_eq!(choices.len(), 2);
        let fields = [("capacity", choices[1]), ("to", "/policies")];
        let page = browser.post("/sign-in/capacity", &fields).await.is(200);
        assert_eq!(page.path, "/policies");
        assert!(page.text().contains("county health"));
        let fields = [("capacity", choices[0]), ("to", "/")];
        let page = browser.post("/sign-in/capacity", &fields).await.is(200);
        assert!(page.text().contains("auditor"));
    }

    async fn the_language_is_kept(database: Database) {
        let server = Server::start(&database).await;
        let mut browser = Browser::new(&server, "en");
        assert!(browser.get("/sign-in").await.text().contains("<html lang=\"en\">"));
        let page = browser.post("/language", &[("lang", "zh-CN"), ("to", "/sign-in")]).await.is(200);
        assert!(page.text().contains("<html lang=\"zh-CN\">"));
        assert!(browser.get("/sign-in").await.text().contains("登录"));
    }

    async fn headers_of_pages(database: Database) {
        let server = Server::start(&database).await;
        let mut browser = Browser::new(&server, "en");
        let page = browser.get("/sign-in").await.is(200);
        let policy = page.headers["content-security-policy"].to_str().expect("text");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        let text = page.text();
        for asset in text.split('"').filter(|part| part.starts_with("/assets/")) {
            let page = browser.get(asset).await.is(200);
            assert!(page.headers["cache-control"].to_str().expect("text").contains("immutable"));
        }
        // what is not there is told as a page, and what is for programs stays for programs
        let page = browser.get("/nothing/here").await;
        assert_eq!(page.status, 404);
        assert!(page.text().contains("<main"));
        let api = browser.get("/api/v1/nothing").await;
        assert_eq!(api.headers["content-type"], "application/problem+json");
    }
}
