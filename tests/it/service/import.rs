//! Workbooks into the records and out again.

use crate::support::build::{area, month};
use crate::support::database::{Database, on_both};
use crate::support::engine;
use crate::support::library;
use crate::support::office::{NOW, office, reviewer};
use crate::support::recorded::recorded as store;
use crate::support::records::day;
use dinggang::domain::record::When;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Actor, Authority};
use dinggang::domain::staff::{SiteKind, Sites};
use dinggang::domain::time::Date;
use dinggang::sample::{self, Size};
use dinggang::service::export::Export;
use dinggang::service::import::{Import, Imported, Preview};
use dinggang::service::{Office, ServiceError, ledger};
use dinggang::sheet::{self, Input, write_register};
use dinggang::store::Outcome;
use dinggang::store::register::{Part, Scope, load};

const COUNTY: &str = "150199";
const SMALL: Size = Size {
    townships: 3,
    staff: 60,
};

fn bureau() -> Actor {
    reviewer(Authority::HumanResources, COUNTY)
}

fn file(register: &Register) -> Vec<Input> {
    vec![Input {
        name: "示例旗.xlsx".to_owned(),
        bytes: write_register(register).expect("a workbook"),
    }]
}

fn import<'a>(office: &'a Office, actor: &'a Actor, files: &'a [Input], on: Date) -> Import<'a> {
    Import {
        office,
        actor,
        files,
        on,
        scope: Scope::Area(area(COUNTY)),
        reason: Some("年报"),
        now: NOW,
    }
}

async fn recorded(office: &Office, files: &[Input], on: Date) -> Preview {
    match import(office, &bureau(), files, on)
        .run()
        .await
        .expect("run")
    {
        Imported::Recorded(preview) => preview,
        Imported::Refused(preview) => panic!("{:?}", preview.reading.faults),
    }
}

fn county() -> Register {
    sample::county(SMALL, month("2026-11"), 7)
}

async fn people(database: &Database) -> Vec<String> {
    database
        .lines("select cast(count(*) as text) from person")
        .await
}

on_both! {
    async fn the_same_file_twice_changes_nothing(database: Database) {
        let office = office(&database.store);
        let (files, on) = (file(&county()), day("2026-11-22"));
        let preview = import(&office, &bureau(), &files, on).preview().await.expect("compared");
        assert_eq!(preview.comparison.differences.count(Outcome::Added)[1], county().people.len());
        assert_eq!(people(&database).await, ["0"], "a preview writes nothing");
        recorded(&office, &files, on).await;
        let again = recorded(&office, &files, on).await;
        assert!(again.comparison.differences.is_empty());
    }

    async fn a_file_with_a_refused_row_is_not_recorded(database: Database) {
        let office = office(&database.store);
        let mut register = county();
        // twice the same identity number
        let again = register.people[0].clone();
        register.people.push(again);
        let files = file(&register);
        let outcome = import(&office, &bureau(), &files, day("2026-11-22")).run().await;
        match outcome.expect("run") {
            Imported::Refused(preview) => assert!(!preview.reading.faults.is_empty()),
            Imported::Recorded(_) => panic!("it has a fault"),
        }
        assert_eq!(people(&database).await, ["0"]);
    }

    async fn what_was_taken_in_is_read_back_with_the_same_verdicts(database: Database) {
        let office = office(&database.store);
        let (files, on) = (file(&county()), day("2026-11-22"));
        recorded(&office, &files, on).await;
        let part = Part::Area(area(COUNTY));
        let actor = bureau();
        let mut export = Export {
            office: &office,
            actor: &actor,
            part: part.clone(),
            when: When::on(on),
            reveal: Some("年报核对"),
            now: NOW,
        };
        let bytes = export.run().await.expect("a workbook");
        assert!(bytes == files[0].bytes, "the same workbook");
        let given = sheet::read(&files, on.parts(), &|_| {}).register;
        let returned = [Input { name: files[0].name.clone(), bytes }];
        let returned = sheet::read(&returned, on.parts(), &|_| {}).register;
        assert_eq!(returned, given);
        let found = ledger::evaluate(&office, &actor, &part, When::on(on), NOW).await;
        let recorded = found.expect("evaluated").register();
        let from_records = engine::Engine::run(&recorded, &library::all_ids(), on.month());
        let from_file = engine::Engine::run(&given, &library::all_ids(), on.month());
        assert!(from_records.answer() == from_file.answer());
        // masked, no whole number is in the file
        export.reveal = None;
        let masked = [Input {
            name: "masked.xlsx".to_owned(),
            bytes: export.run().await.expect("a workbook"),
        }];
        assert!(sheet::read(&masked, on.parts(), &|_| {}).register.people.is_empty());
        let asked = "select action from audit_event where action like 'export%' order by id";
        assert_eq!(database.lines(asked).await, ["export.full", "export.run"]);
    }

    async fn places_of_practice_stay_without_the_export(database: Database) {
        let office = office(&database.store);
        let mut register = county();
        let sites = Sites { several: true, second: Some(SiteKind::CommunityHealth), third: None };
        register.people[0].sites = Some(sites);
        let (number, on) = (register.people[0].id, day("2026-11-22"));
        store(&office, &register, Scope::Area(area(COUNTY)), day("2026-01-01")).await;
        let kept = async || {
            let mut reader = office.store.snapshot().await.expect("a reader");
            let vault = office.vault.as_ref();
            let loaded = load(&mut reader, &Part::Whole, When::on(on), vault).await.expect("loaded");
            let mut people = loaded.register.people.into_iter();
            people.find(|one| one.id == number).expect("there").sites
        };
        // a workbook has no column for them: it says nothing of them
        let same = recorded(&office, &file(&register), on).await;
        assert_eq!(same.comparison.differences.count(Outcome::Changed), [0; 4]);
        assert_eq!(kept().await, Some(sites));
        register.people[0].email = Some("somebody@example.cn".to_owned());
        let other = recorded(&office, &file(&register), on).await;
        assert_eq!(other.comparison.differences.count(Outcome::Changed), [0, 1, 0, 0]);
        assert_eq!(kept().await, Some(sites));
    }

    async fn an_older_workbook_fits_before_a_newer_one(database: Database) {
        let office = office(&database.store);
        let newer = county();
        let older = sample::earlier(newer.clone(), month("2025-12"));
        let (old, new) = (day("2025-12-31"), day("2026-11-22"));
        recorded(&office, &file(&newer), new).await;
        recorded(&office, &file(&older), old).await;
        let actor = bureau();
        let part = Part::Area(area(COUNTY));
        for (on, register) in [(new, &newer), (old, &older)] {
            let found = ledger::evaluate(&office, &actor, &part, When::on(on), NOW).await;
            let recorded = found.expect("evaluated").register();
            assert_eq!(recorded.people.len(), register.people.len(), "{on}");
        }
        let code = &newer.institutions[0].code;
        let at = async |on: &str| {
            ledger::of_institution(&office, &actor, code, When::on(day(on)), NOW)
                .await
                .expect("a ledger")
        };
        assert!(at("2025-12-30").await.figures.is_none(), "before the records begin");
        assert!(at("2025-12-31").await.figures.is_some());
        assert_eq!(at("2026-06-30").await.records_begin, Some(old));
        let nowhere = ledger::of_institution(&office, &actor, "XX", When::on(new), NOW).await;
        assert!(matches!(nowhere, Err(ServiceError::NotFound)));
    }
}
