//! The monitoring feed says what the ledger says, and what changed since.

use crate::support::build::{area, month};
use crate::support::database::on_both;
use crate::support::office::{NOW, actor, auditor, by_adoption, office};
use crate::support::recorded::{COUNTY, DRAFT, adopted, draft, recorded, reviewer, small_county};
use crate::support::records::{day, work};
use dinggang::domain::change::Author;
use dinggang::domain::record::When;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Authority, Capacity};
use dinggang::domain::time::Timestamp;
use dinggang::domain::title::Rank;
use dinggang::report::monitoring::{Entry, Feed, Sums, csv, schema};
use dinggang::service::monitoring::{Cursor, Of, feed};
use dinggang::service::{Office, ServiceError, ledger};
use dinggang::store::change;
use dinggang::store::register::{Part, Scope, record};
use std::path::Path;

async fn county(office: &Office, on: &str, since: Option<&Feed>) -> Feed {
    let since = since.map(|feed| feed.cursor.as_ref().expect("a cursor").parse::<Cursor>());
    let since = since.map(|cursor| cursor.expect("a cursor"));
    let of = Of::Area(area(COUNTY));
    feed(office, &auditor(), &of, day(on), since, NOW)
        .await
        .expect("a feed")
}

fn codes(feed: &Feed) -> Vec<&str> {
    feed.institutions
        .iter()
        .map(|one| one.code.as_str())
        .collect()
}

/// Records a register at an instant of its own, long after the one before.
async fn at(office: &Office, register: &Register, on: &str, hours: i64) {
    let (register, vault, on) = (register.clone(), office.vault.clone(), day(on));
    let at = NOW.plus_seconds(hours * 3600);
    work!(office.store, |tx,
                         at: Timestamp,
                         register: Register,
                         on: dinggang::domain::time::Date,
                         vault: std::sync::Arc<
        dinggang::service::Vault,
    >|
     -> () {
        let author = Author {
            account: None,
            name: "测试".to_owned(),
            role: String::new(),
        };
        let mut begun = change::begin(tx, &author, None, *at, 5).await?;
        // what houses hand in says nothing of the rest
        let scope = Scope::Institutions(Vec::new());
        record(
            tx,
            &mut begun,
            register,
            &scope,
            *on,
            vault.as_ref(),
            &|_| {},
        )
        .await?;
        Ok(())
    })
    .expect("recorded");
}

#[test]
fn the_checked_in_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/monitoring.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, schema()).expect("written");
    }
    let checked_in = std::fs::read_to_string(path).expect("docs/monitoring.schema.json");
    assert!(checked_in == schema(), "run the test with UPDATE_SCHEMA=1");
}

on_both! {
    async fn it_says_what_the_ledger_says(database: Database) {
        let office = by_adoption(&office(&database.store));
        small_county(&office, "2025-12-31").await;
        adopted(&office, &draft(COUNTY, DRAFT, "2026-01-01")).await;
        let told = county(&office, "2026-06-30", None).await;
        let when = When::on(day("2026-06-30"));
        let part = Part::Area(area(COUNTY));
        let figures = ledger::part_figures(&office, &auditor(), &part, when, NOW).await;
        let figures = figures.expect("figures");
        let entries: Vec<Entry> = figures.institutions.iter().map(Entry::from).collect();
        assert_eq!(told.institutions, entries);
        assert_eq!(told.totals, figures.totals.as_ref().map(Sums::from));
        for (entry, one) in told.institutions.iter().zip(&figures.institutions) {
            let (numbers, known) = (entry.figures.as_ref().expect("numbers"), one.known.as_ref().expect("known"));
            let senior = &known.figures[0];
            assert_eq!((numbers.senior.limit, numbers.senior.counted), (senior.limit, senior.counted));
            assert_eq!((numbers.senior.vacant, numbers.senior.over), (senior.vacant, senior.over));
            assert_eq!(numbers.headcount.staff, known.establishment.staff);
            assert!(entry.policies.contains(&DRAFT.to_owned()));
        }
        // before the records begin nothing is said, never a zero
        let early = county(&office, "2020-01-01", None).await;
        assert_eq!((early.totals, early.institutions.len()), (None, 0));
        assert_eq!(early.unknown.len(), told.institutions.len());
        let lines: Vec<String> = csv(&told).lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), told.institutions.len() + 1);
        let columns = |line: &str| line.split(',').count();
        assert!(lines.iter().all(|line| columns(line) == columns(&lines[0])));
    }

    async fn it_tells_what_changed_since(database: Database) {
        let office = by_adoption(&office(&database.store));
        let register = small_county(&office, "2025-12-31").await;
        let all = county(&office, "2026-06-30", None).await;
        // an hour later somebody of the second house is appointed
        let mut later = register.clone();
        let house = later.people.iter().position(|one| one.occupies().is_some()).expect("a holder");
        later.people[house].appointed = Rank::Senior;
        let code = later.institutions[later.people[house].institution].code.clone();
        at(&office, &later, "2026-01-15", 1).await;
        let news = county(&office, "2026-06-30", Some(&all)).await;
        assert!(codes(&news).contains(&code.as_str()));
        // what was altered just before the cursor is told again, and after it nothing
        at(&office, &{ let mut r = later.clone(); r.people[house].email = Some("a@example.cn".to_owned()); r }, "2026-01-16", 9).await;
        let settled = county(&office, "2026-06-30", Some(&news)).await;
        assert_eq!(codes(&settled), [code.as_str()]);
        let mut moved = later.clone();
        let other = (0..moved.institutions.len()).find(|at| *at != moved.people[house].institution).expect("another");
        moved.people[house].institution = other;
        at(&office, &moved, "2026-02-01", 20).await;
        let both = county(&office, "2026-06-30", Some(&settled)).await;
        let mut expected = vec![code.as_str(), moved.institutions[other].code.as_str()];
        expected.sort_unstable();
        let mut found = codes(&both);
        found.sort_unstable();
        assert_eq!(found, expected, "where somebody left, and where they came");
        assert_eq!(both.totals.as_ref().map(|sums| sums.institutions), Some(all.institutions.len()));
        // nothing happened, and a day passed: only what differs is told
        at(&office, &{ let mut r = moved.clone(); r.people[house].email = None; r }, "2026-02-02", 40).await;
        let quiet = county(&office, "2026-06-30", Some(&both)).await;
        assert_eq!(quiet.institutions.len(), 2, "both where somebody worked who was altered");
        let years = county(&office, "2040-06-30", Some(&quiet)).await;
        let then = county(&office, "2026-06-30", None).await;
        let now = county(&office, "2040-06-30", None).await;
        for entry in &now.institutions {
            let told = codes(&years).contains(&entry.code.as_str());
            assert!(told || then.institutions.contains(entry), "{}", entry.code);
        }
        assert_eq!((years.gone.len(), month("2040-06").year()), (0, 2040));
    }

    async fn what_is_gone_is_named(database: Database) {
        let office = office(&database.store);
        let mut register = small_county(&office, "2025-12-31").await;
        let all = county(&office, "2026-06-30", None).await;
        let last = register.institutions.len() - 1;
        let gone = register.institutions[last].code.clone();
        register.people.retain(|one| one.institution != last);
        register.institutions.pop();
        recorded(&office, &register, Scope::Area(area(COUNTY)), day("2026-03-31")).await;
        let news = county(&office, "2026-06-30", Some(&all)).await;
        assert!(!codes(&news).contains(&gone.as_str()));
        // a new complete day concerns all: everything is told anew
        assert_eq!(news.since, None);
        assert_eq!(news.institutions.len(), register.institutions.len());
        let before = county(&office, "2026-01-31", None).await;
        let passed = county(&office, "2026-06-30", Some(&before)).await;
        assert!(passed.gone.is_empty() || passed.gone == [gone]);
    }

    async fn it_is_for_platforms_in_the_scope(database: Database) {
        let office = office(&database.store);
        small_county(&office, "2025-12-31").await;
        let of = Of::Area(area(COUNTY));
        for stranger in [
            reviewer(41, Authority::Health, "150198"),
            reviewer(42, Authority::HumanResources, "150199001"),
        ] {
            let told = feed(&office, &stranger, &of, day("2026-06-30"), None, NOW).await;
            assert!(matches!(told, Err(ServiceError::NotFound)));
        }
        let clerk = actor(43, Capacity::Administrator {
            extent: dinggang::domain::rights::Extent::Everywhere,
        });
        let told = feed(&office, &clerk, &of, day("2026-06-30"), None, NOW).await;
        assert!(matches!(told, Err(ServiceError::Denied(_))));
    }
}
