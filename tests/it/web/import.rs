//! A workbook goes in by forms alone: handed in, looked at, confirmed.

use super::browser::Browser;
use crate::http::world::{World, area};
use crate::support::database::on_both;
use crate::support::office::{PASSWORD, account_with};
use crate::support::server::Server;
use dinggang::domain::rights::{Authority, Capacity, Tier};
use reqwest::multipart::{Form, Part};

/// The county's human resources, signed in.
async fn entered(server: &Server) -> Browser {
    let clerk = Capacity::Reviewer {
        authority: Authority::HumanResources,
        tier: Tier::County,
        area: area("150199"),
    };
    account_with(&server.office, "renshe", vec![clerk], server.now()).await;
    let mut browser = Browser::new(server, "en");
    browser
        .post(
            "/sign-in",
            &[("user_name", "renshe"), ("password", PASSWORD), ("to", "/")],
        )
        .await
        .is(200);
    browser
}

on_both! {
    async fn handed_in_looked_at_confirmed(database: Database) {
        let server = Server::start(&database).await;
        let mut browser = entered(&server).await;
        browser.get("/import").await.is(200);
        let page = browser.upload("/import", Form::new().text("on", "2026-11-01")).await;
        assert_eq!(page.status, 422, "no file was chosen");
        let form = || World::workbook().text("on", "2026-11-01").text("scope", "150199");
        let page = browser.upload("/import", World::faulty().text("on", "2026-11-01")).await.is(200);
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
        let page = browser.upload("/import", Form::new().part("file", part)).await.is(200).text();
        assert!(page.contains("class=\"failed\"") && !page.contains("action=\"/import/confirm\""), "{page}");
        browser.get("/import/template.xlsx").await.is(200);
    }

    async fn a_refused_row_is_corrected_in_the_page(database: Database) {
        let server = Server::start(&database).await;
        let mut browser = entered(&server).await;
        let page = browser.upload("/import", World::misspelt().text("on", "2026-11-01")).await.is(200);
        let (text, token) = (page.text(), page.hidden("token"));
        assert!(text.contains("2 cells are refused"), "{text}");
        let row = text.split("href=\"/import/row?").nth(1).expect("a row");
        let row = row.split('"').next().expect("a link");
        let row = format!("/import/row?{}", row.replace("&#38;", "&").replace("&amp;", "&"));
        let page = browser.get(&row).await.is(200);
        let form = page.text();
        assert!(form.contains("aria-invalid=\"true\""), "{form}");
        let named = |name: &str| page.hidden(name);
        let mut fields = vec![
            ("token".to_owned(), named("token")),
            ("file".to_owned(), named("file")),
            ("sheet".to_owned(), named("sheet")),
            ("row".to_owned(), named("row")),
        ];
        fields.extend(cells(&form));
        // as it was: refused as before, and nothing is lost of it
        browser.post("/import/row", &lent(&fields)).await.is(422);
        for (_, value) in fields.iter_mut().filter(|(_, value)| value == "nobody knows") {
            *value = String::new();
        }
        let right = lent(&fields);
        let page = browser.post("/import/row", &right).await.is(200);
        let text = page.text();
        assert!(page.path.starts_with("/import/preview"), "{}", page.path);
        assert!(text.contains("1 cells are refused") && text.contains("The row is corrected"), "{text}");
        // nothing is recorded by it, and it is nobody else's business
        assert!(browser.get("/people").await.is(200).text().contains("Nothing matches"));
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
        other.get(&row).await.is(422);
        other.post("/import/row", &right).await.is(422);
        browser.get(&format!("/import/row?token={token}&file=0&sheet=x&row=3")).await.is(404);
        browser.get(&format!("/import/row?token={token}&file=9&sheet=x&row=3")).await.is(404);
        browser.get("/import/row").await.is(404);
        // nothing is under way
        assert!(browser.get("/import/progress?key=1").await.is(200).text().is_empty());
    }
}

fn lent(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    let fields = fields.iter();
    fields
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// The cells of a form of a row, as a browser would send them back.
fn cells(form: &str) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for (at, part) in form.split(" name=\"cell-").skip(1).enumerate() {
        let is_chosen =
            part.starts_with(&format!("{at}\">")) || part.starts_with(&format!("{at}\" required>"));
        let value = if is_chosen {
            let list = part.split("</select>").next().expect("a list");
            let chosen = list
                .split(" selected>")
                .next()
                .filter(|head| head.len() < list.len());
            let chosen = chosen.and_then(|head| head.rsplit("value=\"").next());
            chosen.and_then(|text| text.split('"').next())
        } else {
            let value = part.split("value=\"").nth(1);
            value.and_then(|text| text.split('"').next())
        };
        cells.push((format!("cell-{at}"), value.unwrap_or_default().to_owned()));
    }
    cells
}
