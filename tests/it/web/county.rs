//! The pictures of home: what a mark counts stands in the list that it opens, on the day of
//! the page.

use super::promotion::page;
use crate::http::world::World;
use crate::support::database::on_both;
use crate::support::server::Caller;
use dinggang::domain::rights::Office;
use reqwest::Method;
use std::collections::BTreeSet;

fn plain(href: &str) -> String {
    href.replace("&#38;", "&").replace("&amp;", "&")
}

/// The numbers of the tables beside the pictures: where each leads, and what it says.
fn marks(home: &str) -> Vec<(String, i64)> {
    let cells = home.split("<td class=\"n\"><a href=\"").skip(1);
    let cells = cells.map(|rest| {
        let (href, rest) = rest.split_once("\">").expect("a link");
        let number = rest.split('<').next().expect("a number");
        (plain(href), number.parse().expect("a number"))
    });
    cells.collect()
}

/// What is written in the cells of the rows of a list.
pub fn rows(list: &str) -> Vec<Vec<String>> {
    let Some((_, body)) = list.split_once("<tbody>") else {
        return Vec::new();
    };
    let body = body.split("</tbody>").next().expect("a body");
    let words = |cell: &str| {
        let parts = cell.split('<').filter_map(|part| part.split_once('>'));
        parts.map(|(_, text)| text).collect::<String>()
    };
    let cells = |row: &str| -> Vec<String> {
        let cells = row.replace("<th", "<td");
        let cells = cells.split("<td").skip(1);
        cells
            .map(|cell| words(&format!("<td{cell}")).trim().to_owned())
            .collect()
    };
    body.split("<tr>").skip(1).map(cells).collect()
}

fn sum(rows: &[Vec<String>], column: usize) -> i64 {
    let cells = rows.iter().filter_map(|row| row.get(column));
    cells.filter_map(|text| text.parse::<i64>().ok()).sum()
}

/// What a list comes to, by what the mark that opened it counts.
fn counted(href: &str, rows: &[Vec<String>]) -> i64 {
    let has = |part: &str| href.contains(part);
    match href.split('?').next().expect("a path") {
        "/quota" if has("part=counted") => sum(rows, 3) - sum(rows, 9),
        "/quota" if has("part=over") => sum(rows, 9),
        "/quota" if has("part=reserved") => sum(rows, 7),
        "/quota" => sum(rows, 8),
        "/vacancies" if has("age=new") => sum(rows, 3),
        "/vacancies" if has("age=months") => sum(rows, 4),
        "/vacancies" if has("age=year") => sum(rows, 5),
        "/vacancies" => sum(rows, 6),
        _ => i64::try_from(rows.len()).expect("a number"),
    }
}

async fn in_chinese(caller: &Caller, path: &str) -> String {
    let request = caller.request(Method::GET, &format!("/{path}"));
    let request = request.header("cookie", "dinggang_language=zh-CN");
    let answer = caller.send(request).await.is(200);
    String::from_utf8(answer.bytes).expect("text")
}

on_both! {
    async fn what_a_mark_counts_stands_in_its_list(database: Database) {
        let world = World::new(&database).await;
        let bureau = world.of(Office::CountyHumanResources);
        let home = page(bureau, "/", 200).await;
        let marks = marks(&home);
        let kinds: BTreeSet<&str> =
            marks.iter().filter_map(|(href, _)| href.split('?').next()).collect();
        for kind in ["/institutions", "/quota", "/retirements", "/vacancies"] {
            assert!(kinds.contains(kind), "{kind} is missing: {kinds:?}");
        }
        for (href, number) in &marks {
            let list = page(bureau, href, 200).await;
            let rows = rows(&list);
            if rows.len() < 50 {
                assert_eq!(counted(href, &rows), *number, "{href}");
            }
        }
        // every institution stands in one state
        let states = marks.iter().filter(|(href, _)| href.contains("state="));
        let states: i64 = states.map(|(_, number)| number).sum();
        let all = bureau.get("/institutions?most=500").await.is(200);
        assert_eq!(Some(states), all.json["total"].as_i64());
    }
}

on_both! {
    async fn the_day_changes_every_figure(database: Database) {
        let world = World::new(&database).await;
        let bureau = world.of(Office::CountyHealth);
        let now = page(bureau, "/", 200).await;
        assert!(marks(&now).iter().any(|(href, _)| href.starts_with("/quota")));
        let then = page(bureau, "/?on=2020-01-01", 200).await;
        assert!(then.contains("as of 2020-01-01"), "{then}");
        for (href, _) in marks(&then) {
            assert!(href.contains("on=2020-01-01"), "{href}");
            assert!(href.contains("state=open") || href.starts_with("/applications"), "{href}");
        }
        // what came in today is what changed this week, where both days are known
        let week = page(bureau, "/changes", 200).await;
        assert!(week.contains("Nothing changed this week"), "{week}");
    }
}

on_both! {
    async fn home_speaks_both_languages(database: Database) {
        let world = World::new(&database).await;
        let bureau = world.of(Office::CountyHealth);
        let english = page(bureau, "/", 200).await;
        let chinese = in_chinese(bureau, "/").await;
        for (en, zh) in [
            ("Institutions against their limits", "各类机构的职数状况"),
            ("How the limits are used", "各层级职数使用"),
            ("How long posts have been free", "岗位空缺时长"),
            ("Retirements in five years", "五年内退休人数"),
            ("Applications that wait", "待办申报"),
            ("Changes of the week", "本周变动"),
        ] {
            assert!(english.contains(en), "{en}");
            assert!(chinese.contains(zh), "{zh}");
        }
    }
}
