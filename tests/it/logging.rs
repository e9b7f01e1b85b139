//! The log: structured, and without anything personal or secret, at any level.

use crate::support::build::{area, month};
use crate::support::database::{Database, Engine};
use crate::support::office::{
    NOW, PASSWORD, account_with, administrator, after, enter, office, reviewer,
};
use crate::support::records::day;
use dinggang::cli::logging::subscriber;
use dinggang::config::{LogFilter, LogFormat, Value};
use dinggang::domain::rights::{Authority, Capacity, Extent};
use dinggang::sample::{self, Size};
use dinggang::service::import::Import;
use dinggang::service::session::actor_of_session;
use dinggang::service::{person, second_factor, staff, trail};
use dinggang::sheet::{Input, write_register};
use dinggang::store::register::Scope;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("a log").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("a log").clone()).expect("UTF-8")
    }

    /// Logs all there is while something is done.
    fn of(format: LogFormat, work: impl FnOnce()) -> String {
        let log = Self::default();
        let filter = LogFilter::read("trace").expect("a level");
        let out = log.clone();
        let subscriber = subscriber(&filter, format, false, move || out.clone());
        tracing::subscriber::with_default(subscriber, work);
        log.text()
    }
}

/// On the thread that logs.
fn here<F: Future>(work: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

#[test]
fn lines_are_for_people_or_for_programs() {
    let say = || tracing::info!(rows = 3, job = "seal", "done");
    let text = Log::of(LogFormat::Text, say);
    assert!(text.contains("INFO") && text.contains("rows=3"), "{text}");
    let json = Log::of(LogFormat::Json, say);
    let line: serde_json::Value = serde_json::from_str(json.trim()).expect("an object a line");
    assert_eq!(
        (&line["level"], &line["rows"], &line["job"]),
        (&"INFO".into(), &3.into(), &"seal".into())
    );
}

#[test]
fn what_slips_in_is_masked() {
    let log = Log::of(LogFormat::Json, || {
        tracing::error!(id = "11010519491231002X", "mobile 13800001111");
    });
    assert!(
        !log.contains("11010519491231002X") && !log.contains("13800001111"),
        "{log}"
    );
    assert!(log.contains("***"));
}

/// Everything that people do, at the level that tells most: no number, name, password,
/// token or key of anybody is told.
#[test]
fn nothing_personal_is_logged() {
    let mut secrets: Vec<String> = vec![PASSWORD.to_owned(), "wrong-password-77".to_owned()];
    let log = Log::of(LogFormat::Text, || {
        here(async {
            for engine in Engine::BOTH {
                let database = Database::new(engine).await;
                secrets.extend(walk(&database).await);
                database.store.close().await;
            }
            tracing::info!("the end");
        });
    });
    assert!(log.contains("the end"));
    assert!(log.lines().count() > 1, "something was logged: {log}");
    for secret in &secrets {
        assert!(!log.contains(secret.as_str()), "{secret} was logged");
    }
}

async fn walk(database: &Database) -> Vec<String> {
    let office = office(&database.store);
    let mut register = sample::county(
        Size {
            townships: 1,
            staff: 20,
        },
        month("2026-11"),
        7,
    );
    register.people[0].name = "测试甲人".to_owned();
    register.people[0].mobile = Some("13800001111".to_owned());
    let files = [Input {
        name: "示例旗.xlsx".to_owned(),
        bytes: write_register(&register).expect("a workbook"),
    }];
    let bureau = reviewer(Authority::HumanResources, "150199");
    let import = Import {
        office: &office,
        actor: &bureau,
        files: &files,
        on: day("2026-11-22"),
        scope: Scope::Area(area("150199")),
        reason: None,
        now: NOW,
    };
    import.run().await.expect("run");
    let keeper = Capacity::Administrator {
        extent: Extent::Everywhere,
    };
    account_with(&office, "wang.li", vec![keeper], NOW).await;
    let wrong = enter(&office, "wang.li", "wrong-password-77", NOW).await;
    tracing::error!(?wrong, "as a careless hand would log it");
    let started = enter(&office, "wang.li", PASSWORD, after(1))
        .await
        .expect("in");
    tracing::info!(?started, "as a careless hand would log it");
    let carried = started.secret.reveal().to_string();
    let actor = actor_of_session(&office, &carried, after(2))
        .await
        .expect("in");
    let offered = second_factor::offer(&office, &actor, after(3))
        .await
        .expect("offered");
    tracing::info!(?offered, vault = ?office.vault.ring(), "as a careless hand would log it");
    let number = register.people[0].id;
    let found = staff::with_number(&office, &bureau, number.as_str(), NOW).await;
    let found = found.expect("there");
    let seen = person::reveal(&office, &bureau, found, "核对", after(4))
        .await
        .expect("seen");
    tracing::info!(?number, "as a careless hand would log it");
    let link = dinggang::service::account::first_administrator(&office, after(5)).await;
    tracing::info!(?link, "as a careless hand would log it");
    trail::seal(&office, "test", after(6))
        .await
        .expect("sealed");
    trail::latest(&office, &administrator(), None, None, 9)
        .await
        .expect("events");
    vec![
        seen.national_id,
        "测试甲人".to_owned(),
        "13800001111".to_owned(),
        carried,
        offered.reveal().to_string(),
    ]
}
