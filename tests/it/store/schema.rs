//! Tables: the same on both databases, and the ones that the program's types need.

use crate::support::database::{Database, Engine, block_on, on_both};
use dinggang::domain::{
    absence, account, adoption, assignment, attachment, audit, employment, institution, keeping,
    licence, merit, personal_data, place, post, promotion, recruitment, reminder, rights, round,
    rural_doctor, service, setup_link, staff, title, training,
};
use dinggang::store::dated::COMMON;
use dinggang::store::{StoreError, nouns, statements};
use std::collections::BTreeSet;

const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");

/// `table.column type null` of every column.
fn columns(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "select m.name || '.' || c.name || ' ' || c.type || ' ' \
             || case when c.\"notnull\" = 1 then 'not null' else 'null' end \
             from sqlite_master m join pragma_table_info(m.name) c \
             where m.type = 'table' and m.name not like '%sqlite_%' \
             and m.name not like '_sqlx%' order by 1"
        }
        Engine::Postgres => {
            "select table_name || '.' || column_name || ' ' || case data_type \
             when 'bigint' then 'INTEGER' when 'text' then 'TEXT' when 'bytea' then 'BLOB' \
             else data_type end || ' ' || case is_nullable when 'NO' then 'not null' else 'null' \
             end from information_schema.columns where table_schema = 'public' \
             and table_name not like '\\_sqlx%' order by 1"
        }
    }
}

/// Every index with a name of its own.
fn indexes(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "select i.name || ' on ' || m.name || ' ' || i.\"unique\" || i.partial || ' ' || \
             (select group_concat(name) from (select name from pragma_index_info(i.name) \
             order by seqno)) from sqlite_master m join pragma_index_list(m.name) i \
             where m.type = 'table' and i.origin = 'c' and m.name not like '_sqlx%' order by 1"
        }
        Engine::Postgres => {
            "select x.relname || ' on ' || t.relname || ' ' || i.indisunique::int \
             || (i.indpred is not null)::int || ' ' || (select string_agg(a.attname, ',' \
             order by k.at) from unnest(i.indkey) with ordinality k (number, at) \
             join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number) \
             from pg_index i join pg_class x on x.oid = i.indexrelid \
             join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace \
             where n.nspname = 'public' and not i.indisprimary and t.relname not like '\\_sqlx%' \
             order by 1"
        }
    }
}

fn sorted(lines: Vec<String>) -> BTreeSet<String> {
    lines.into_iter().collect()
}

#[test]
fn both_databases_have_the_same_tables() {
    block_on(async {
        let sqlite = Database::new(Engine::Sqlite).await;
        let postgres = Database::new(Engine::Postgres).await;
        for of in [columns, indexes] {
            let one = sorted(sqlite.lines(of(Engine::Sqlite)).await);
            let other = sorted(postgres.lines(of(Engine::Postgres)).await);
            assert!(one.len() > 30, "they are found: {one:#?}");
            assert_eq!(one, other);
        }
    });
}

/// Checks and references too, which the databases do not show alike: the texts differ in
/// the names of types and in triggers only.
#[test]
fn both_folders_say_the_same() {
    let read = |folder: &str| {
        let mut files: Vec<_> = std::fs::read_dir(format!("{MIGRATIONS}/{folder}"))
            .expect("a folder")
            .map(|entry| entry.expect("a file").path())
            .collect();
        files.sort();
        let texts = files.iter().map(|path| {
            let text = std::fs::read_to_string(path).expect("a text");
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, text)
        });
        texts.collect::<Vec<_>>()
    };
    let (sqlite, postgres) = (read("sqlite"), read("postgres"));
    assert_eq!(sqlite.len(), postgres.len());
    for ((name, sqlite), (other_name, postgres)) in sqlite.into_iter().zip(postgres) {
        assert_eq!(name, other_name);
        let tables = |text: &str| {
            let end = text
                .find("CREATE TRIGGER")
                .into_iter()
                .chain(text.find("CREATE FUNCTION"));
            text[..end.min().unwrap_or(text.len())].to_owned()
        };
        let translated = tables(&sqlite)
            .replace(") STRICT;", ");")
            .replace(" INTEGER", " BIGINT")
            .replace(" BLOB", " BYTEA");
        assert_eq!(translated, tables(&postgres), "{name}");
    }
}

on_both! {
    async fn every_statement_can_be_prepared(database: Database) {
        let mut reader = database.store.read().await.expect("a reader");
        let mut wrong = Vec::new();
        let mut names = BTreeSet::new();
        for sql in statements() {
            assert!(names.insert(sql.name), "{} stands twice", sql.name);
            if let Err(error) = reader.prepare(sql).await {
                wrong.push(format!("{}: {error}\n{:?}", sql.name, sql.text));
            }
        }
        assert!(names.len() > 100, "they are found: {names:?}");
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn dated_tables_have_the_columns_of_their_types(database: Database) {
        let all = sorted(database.lines(columns(database.engine)).await);
        let mut dated = BTreeSet::new();
        for noun in nouns() {
            let own = noun.columns.iter().map(String::as_str);
            let expected: BTreeSet<&str> = COMMON.into_iter().chain(own).collect();
            let start = format!("{}.", noun.table);
            let found = all.iter().filter_map(|line| line.strip_prefix(&start));
            let found: BTreeSet<&str> = found.filter_map(|line| line.split(' ').next()).collect();
            assert_eq!(found, expected, "{}", noun.table);
            dated.insert(noun.table);
        }
        // and every table that looks like a dated one has its type
        let tables = all.iter().filter(|line| line.contains(".superseded_at "));
        let tables: BTreeSet<&str> = tables.filter_map(|line| line.split('.').next()).collect();
        assert_eq!(tables, dated);
    }

    async fn backups_know_every_table(database: Database) {
        let lines = database.lines(columns(database.engine)).await;
        let found: BTreeSet<&str> = lines.iter().filter_map(|line| line.split('.').next()).collect();
        let known: BTreeSet<&str> = dinggang::store::tables().into_iter().collect();
        assert_eq!(known, found);
    }

    async fn migrating_again_changes_nothing(database: Database) {
        let store = &database.store;
        assert!(store.is_current().await.expect("an answer"));
        store.migrate().await.expect("again");
        assert!(store.is_current().await.expect("an answer"));
        database
            .sql("update _sqlx_migrations set checksum = checksum || checksum where version = 1")
            .await
            .expect("altered");
        assert!(!store.is_current().await.expect("an answer"));
        let refused = store.migrate().await;
        assert!(matches!(refused, Err(StoreError::Migration(_))), "{refused:?}");
    }
}

/// What is declared is listed, so that the tests above see it.
#[test]
fn every_declaration_is_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store");
    let mut open = vec![std::path::PathBuf::from(folder)];
    let mut source = String::new();
    let mut dialects = 0;
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).expect("a folder");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else {
            let text = std::fs::read_to_string(path).expect("a text");
            dialects += usize::from(lists_its_dialects(&text));
            source.push_str(&text);
        }
    }
    let lines = |start: &str| {
        source
            .lines()
            .filter(|line| line.starts_with(start))
            .count()
    };
    assert_eq!(lines("dated! {"), nouns().len());
    let listed = source.matches("::STATEMENTS,").count();
    assert_eq!(lines("statements! {"), listed);
    assert_eq!(dialects, source.matches("::dialects());").count());
}

/// Whether a file has statements for two dialects that are neither of nouns nor of
/// subjects; each of them stands in its list.
fn lists_its_dialects(text: &str) -> bool {
    let declared = text.lines().filter_map(|line| {
        let (name, of) = line.strip_prefix("static ")?.split_once(": LazyLock<")?;
        of.contains("Sql").then_some(name)
    });
    let declared: Vec<&str> = declared.collect();
    let Some((_, list)) = text.split_once("fn dialects()") else {
        // those of backups are made of the tables there are, and listed as they are made
        let listed = declared.is_empty() || text.contains("fn listed()");
        assert!(listed, "{declared:?} are not listed");
        return false;
    };
    let (list, _) = list.split_once("\n}").expect("an end");
    for name in declared {
        assert!(
            list.contains(&format!("*{name}")) || list.contains(&format!("&{name}")),
            "{name}"
        );
    }
    true
}

#[test]
fn a_new_database_is_not_current_until_it_is_migrated() {
    block_on(async {
        for engine in Engine::BOTH {
            let database = Database::empty(engine).await;
            assert!(!database.store.is_current().await.expect("an answer"));
            database.store.migrate().await.expect("migrated");
            assert!(database.store.is_current().await.expect("an answer"));
        }
    });
}

/// The lists of words in the tables are those of the domain.
#[test]
fn checks_allow_the_words_of_the_domain() {
    let files = std::fs::read_dir(format!("{MIGRATIONS}/sqlite")).expect("a folder");
    let text: String = files
        .map(|entry| std::fs::read_to_string(entry.expect("a file").path()).expect("a text"))
        .collect();
    let mut named = BTreeSet::new();
    for (constraint, keys) in words() {
        let (_, behind) = text
            .split_once(&format!("CONSTRAINT {constraint} CHECK ("))
            .unwrap_or_else(|| panic!("no constraint {constraint}"));
        let (_, list) = behind.split_once("IN (").expect("a list");
        let list = list.split(')').next().expect("an end");
        let allowed: Vec<&str> = list
            .split(',')
            .map(|word| word.trim().trim_matches('\''))
            .collect();
        assert_eq!(allowed, keys, "{constraint}");
        named.insert(constraint);
    }
    // and no list of words is left out
    let lists = text.match_indices(" CHECK (").filter_map(|(at, _)| {
        let name = text[..at].rsplit(' ').next()?;
        let check = &text[at..text[at..].find(";").map_or(text.len(), |end| at + end)];
        let is_list = check.split_once("IN (")?.1.trim_start().starts_with('\'');
        let same_check = !check.split("IN (").next()?.contains("CONSTRAINT");
        (is_list && same_check).then_some(name)
    });
    // a word of the store alone
    let lists: BTreeSet<&str> = lists
        .filter(|name| *name != "complete_record_kind")
        .collect();
    assert_eq!(lists, named);
}

fn words() -> Vec<(&'static str, Vec<&'static str>)> {
    macro_rules! keys {
        ($type:ty) => {
            <$type>::ALL.iter().map(|word| word.key()).collect()
        };
    }
    vec![
        ("audit_event_source", keys!(audit::Source)),
        ("account_state", keys!(account::State)),
        ("capacity_role", keys!(rights::Role)),
        ("capacity_authority", keys!(rights::Authority)),
        ("capacity_tier", keys!(rights::Tier)),
        ("setup_link_purpose", keys!(setup_link::Purpose)),
        ("institution_profile_kind", keys!(institution::Kind)),
        ("institution_profile_sponsor", keys!(institution::Sponsor)),
        ("person_profile_job_class", keys!(staff::JobClass)),
        ("person_profile_licence_class", keys!(staff::LicenceClass)),
        ("person_profile_second_site", keys!(staff::SiteKind)),
        ("person_profile_third_site", keys!(staff::SiteKind)),
        ("person_profile_gp_training", keys!(staff::GpTraining)),
        (
            "person_profile_retirement_class",
            keys!(staff::RetirementClass),
        ),
        ("employment_employment", keys!(staff::Employment)),
        ("employment_category", keys!(post::PostCategory)),
        ("title_rank", keys!(title::Rank)),
        ("title_kind", keys!(title::TitleKind)),
        ("appointment_rank", keys!(title::Rank)),
        ("appointment_manner", keys!(post::Manner)),
        ("service_spell_kind", keys!(institution::Kind)),
        ("service_spell_location", keys!(service::Location)),
        ("service_spell_category", keys!(post::PostCategory)),
        (
            "rural_doctor_profile_qualification",
            keys!(rural_doctor::Qualification),
        ),
        (
            "rural_doctor_profile_labour_relation",
            keys!(rural_doctor::LabourRelation),
        ),
        (
            "rural_doctor_profile_pension",
            keys!(rural_doctor::PensionScheme),
        ),
        ("place_profile_level", keys!(place::PlaceLevel)),
        ("title_series", keys!(title::TitleSeries)),
        ("succession_manner", keys!(institution::SuccessionManner)),
        ("planned_posts_category", keys!(post::PostCategory)),
        ("planned_posts_manner", keys!(post::Manner)),
        ("planned_posts_level", keys!(post::Level)),
        ("shared_employment_manner", keys!(employment::SharedManner)),
        ("licence_kind", keys!(licence::LicenceKind)),
        (
            "physician_assessment_result",
            keys!(licence::PhysicianResult),
        ),
        ("practice_site_kind", keys!(staff::SiteKind)),
        ("ledger_decision_ledger", keys!(post::Ledger)),
        ("service_evidence_kind", keys!(service::EvidenceKind)),
        ("honour_level", keys!(merit::HonourLevel)),
        ("assessment_result", keys!(merit::AssessmentResult)),
        ("training_kind", keys!(training::TrainingKind)),
        ("round_training", keys!(training::TrainingKind)),
        ("assignment_kind", keys!(assignment::AssignmentKind)),
        ("leave_kind", keys!(absence::LeaveKind)),
        ("departure_kind", keys!(absence::DepartureKind)),
        (
            "rural_doctor_examination_aimed_at",
            keys!(rural_doctor::Qualification),
        ),
        (
            "rural_doctor_pension_scheme",
            keys!(rural_doctor::PensionScheme),
        ),
        (
            "rural_doctor_medical_scheme",
            keys!(rural_doctor::MedicalScheme),
        ),
        ("policy_adoption_off_quota", keys!(adoption::OffQuota)),
        ("adoption_proposal_off_quota", keys!(adoption::OffQuota)),
        ("adoption_proposal_state", keys!(adoption::ProposalState)),
        ("import_run_state", keys!(keeping::ImportState)),
        ("rule_handling_handling", keys!(adoption::Handling)),
        ("reminder_bundle", keys!(reminder::Bundle)),
        ("preference_kind_bundle", keys!(reminder::Bundle)),
        (
            "preference_language",
            keys!(dinggang::store::preference::Language),
        ),
        ("webhook_style", keys!(dinggang::store::webhook::Style)),
        ("application_kind", keys!(promotion::Kind)),
        ("application_rank", keys!(title::Rank)),
        ("application_state", keys!(promotion::State)),
        ("application_defect_office", keys!(rights::Office)),
        ("application_objection_outcome", keys!(promotion::Outcome)),
        ("application_opinion_office", keys!(rights::Office)),
        ("application_event_move", keys!(promotion::Move)),
        ("application_event_before", keys!(promotion::State)),
        ("application_event_after", keys!(promotion::State)),
        ("reservation_pool", keys!(promotion::Pool)),
        ("recruitment_state", keys!(recruitment::PlanState)),
        ("recruitment_post_mode", keys!(recruitment::Mode)),
        ("round_state", keys!(round::RoundState)),
        ("round_offer_rank", keys!(title::Rank)),
        ("attachment_kind", keys!(attachment::FileKind)),
        (
            "correction_request_state",
            keys!(personal_data::RequestState),
        ),
    ]
}
