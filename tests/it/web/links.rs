//! Every page of every office in both languages: what it links to is there, what it says has
//! words, nothing in it is run or styled from inside, and it is not too long.

use crate::http::world::World;
use crate::support::database::on_both;
use crate::support::server::Caller;
use dinggang::domain::rights::Office;
use reqwest::Method;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Bytes of a page, at most.
const LONGEST: usize = 150_000;
/// Pages of one kind that are looked at for an office: each has the same template.
const OF_A_KIND: usize = 3;

/// The addresses on this site that a page leads to.
fn links(page: &str) -> BTreeSet<String> {
    let hrefs = page.split("href=\"").skip(1);
    let hrefs = hrefs.filter_map(|rest| rest.split('"').next());
    hrefs
        .map(|href| href.replace("&#38;", "&").replace("&amp;", "&"))
        .map(|href| href.split('#').next().unwrap_or_default().to_owned())
        .filter(|href| href.starts_with('/') && !href.starts_with("//"))
        .collect()
}

/// The kind of a page: its address without what names one thing of many.
fn kind(href: &str) -> String {
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    let fixed = |part: &str| {
        part.bytes()
            .all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'.')
    };
    let path: Vec<&str> = path
        .split('/')
        .map(|part| if fixed(part) { part } else { ":" })
        .collect();
    let names: BTreeSet<&str> = query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default())
        .collect();
    format!("{} {names:?}", path.join("/"))
}

fn sound(page: &str, at: &str) {
    for bad in [
        "Unknown localization",
        "<style",
        " style=\"",
        "<script>",
        " onclick=",
        "javascript:",
        "http://",
        "https://",
    ] {
        let page = page.replace("http://www.w3.org/2000/svg", "");
        let found = page.find(bad).map(|at| {
            let from = page[..at]
                .char_indices()
                .rev()
                .nth(80)
                .map_or(0, |(at, _)| at);
            let until = page[at..]
                .char_indices()
                .nth(80)
                .map_or(page.len(), |(n, _)| at + n);
            page[from..until].to_owned()
        });
        assert!(found.is_none(), "{at} has {bad}: {found:?}");
    }
    assert!(page.len() < LONGEST, "{at} has {} bytes", page.len());
    assert_eq!(page.matches("<h1").count(), 1, "{at}");
}

/// Follows links from home; the number of pages seen.
async fn walk(somebody: &Caller, office: Office, lang: &str) -> usize {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut known: BTreeSet<String> = BTreeSet::from(["/".to_owned()]);
    let mut open = VecDeque::from([("/".to_owned(), String::new())]);
    let (mut pages, mut broken) = (0, Vec::new());
    while let Some((href, from)) = open.pop_front() {
        let count = seen.entry(kind(&href)).or_default();
        *count += 1;
        if *count > OF_A_KIND {
            continue;
        }
        let request = somebody
            .request(Method::GET, &format!("/{href}"))
            .header("cookie", format!("dinggang_language={lang}"));
        let answer = somebody.send(request).await;
        let at = format!("{office:?} {lang} {href}");
        if answer.status.as_u16() != 200 {
            broken.push(format!("{} {href} from {from}", answer.status));
            continue;
        }
        pages += 1;
        if !answer.media_type.starts_with("text/html") {
            continue;
        }
        let page = String::from_utf8(answer.bytes).expect("text");
        sound(&page, &at);
        for link in links(&page) {
            if known.insert(link.clone()) {
                open.push_back((link, href.clone()));
            }
        }
    }
    assert!(broken.is_empty(), "{office:?} {lang}: {broken:#?}");
    pages
}

on_both! {
    async fn every_link_leads_somewhere(database: Database) {
        let world = World::new(&database).await;
        for office in Office::ALL.iter().copied() {
            for lang in ["zh-CN", "en"] {
                let pages = walk(world.of(office), office, lang).await;
                assert!(pages > 3, "{office:?} sees {pages} pages");
            }
        }
    }
}
