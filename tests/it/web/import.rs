//! A workbook goes in by forms alone: handed in, looked at, confirmed.

use super::browser::Browser;
use crate::http::world::{World, area};
use crate::support::database::on_both;
use crate::support::office::{PASSWORD, account_with};
use crate::support::server::Server;
use dinggang::domain::rights::{Authority, Capacity, Tier};
use reqwest::multipart::{Form, Part};

on_both! {
    async fn handed_in_looked_at_confirmed(database: Database) {
        let server = Server::start(&database).await;
        let clerk = Capacity::Reviewer {
            authority: Authority::HumanResources,
            tier: Tier::County,
            area: area("150199"),
        };
        account_with(&server.office, "renshe", vec![clerk], server.now()).await;
        let mut browser = Browser::new(&server, "en");
        browser
            .post("/sign-in", &[("user_name", "renshe"), ("password", PASSWORD), ("to", "/")])
            .await
            .is(200);
        browser.get("/import").await.is(200);
        let page = browser.upload("/import", Form::new().text("on", "2026-11-01")).await;
        assert_eq!(page.status, 422, "no file was chosen");
        let form = || World::workbook().text("on", "2026-11-01").text("scope", "150199");
        let page = browser.upload("/import", World::faulty().text("on", "2026-11-01")).await.is(422);
        let refused = page.hidden("token");
        let at = format!("/import/preview?token={refused}");
        let narrowed = browser.get(&format!("{at}&show=refused")).await.is(200).text();
        assert!(narrowed.contains("county.xlsx ·"), "{narrowed}");
        let nobody = browser.get(&format!("{at}&show=ended&noun=place")).await.is(200).text();
        assert!(nobody.contains("Nothing matches"), "{nobody}");
        let book = browser.post("/import/returned", &[("token", refused.as_str()), ("file", "0")]).await;
        assert!(book.is(200).bytes.starts_with(b"PK"));
        let page = browser.upload("/import", form()).await.is(200);
        let token = page.hidden("token");
        let people = format!("/import/preview?token={token}&show=added&noun=person");
        let people = browser.get(&people).await.is(200).text();
        assert!(people.contains("class=\"pager\"") && !people.contains("token\" value=\"\""), "{people}");
        assert!(page.text().contains("Record "));
        // nothing is written before it is confirmed
        assert!(browser.get("/people").await.is(200).text().contains("Nothing matches"));
        // somebody else's files are nobody's business
        let mut other = Browser::new(&server, "en");
        let clerk = Capacity::Reviewer {
            authority: Authority::Health,
            tier: Tier::County,
            area: area("150199"),
        };
        account_with(&server.office, "weijian", vec![clerk], server.now()).await;
        other
            .post("/sign-in", &[("user_name", "weijian"), ("password", PASSWORD), ("to", "/")])
            .await;
        other.post("/import/confirm", &[("token", token.as_str())]).await.is(422);
        other.get(&format!("/import/preview?token={token}")).await.is(422);
        let fields = [("token", token.as_str()), ("reason", "first")];
        let page = browser.post("/import/confirm", &fields).await.is(200);
        assert!(page.text().contains("All of it is recorded"));
        assert!(browser.get("/people").await.is(200).text().contains("/people/"));
        // the same file again changes nothing, and so does the same button
        browser.post("/import/confirm", &fields).await.is(422);
        let page = browser.upload("/import", form()).await.is(200);
        assert!(page.text().contains("there is nothing to write"));
        // what is no workbook is refused with its reason
        let part = Part::bytes(b"nothing".to_vec()).file_name("x.xlsx");
        let page = browser.upload("/import", Form::new().part("file", part)).await;
        assert_eq!(page.status, 422);
        browser.get("/import/template.xlsx").await.is(200);
    }
}
