//! Personal data: the map is whole, people see what is held of them and who looked, ask for
//! corrections, and are forgotten when the law allows it.

use crate::support::build::{area, month};
use crate::support::database::{Database, Engine as Kind, on_both};
use crate::support::engine::Engine;
use crate::support::library;
use crate::support::office::{NOW, PASSWORD, actor, after, auditor, office, reviewer};
use crate::support::records::day;
use dinggang::domain::ids::NationalId;
use dinggang::domain::personal_data::{Fate, RequestState};
use dinggang::domain::promotion::{Command, Kind as Promotion, Subject, Target};
use dinggang::domain::record::{Version, When};
use dinggang::domain::record_id::{InstitutionId, PersonId};
use dinggang::domain::refusal::Refusal;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Actor, Authority, Capacity};
use dinggang::domain::secret::Phone;
use dinggang::domain::time::Date;
use dinggang::domain::title::Rank;
use dinggang::rules::assessment::InstitutionResult;
use dinggang::sample::{self, Size};
use dinggang::service::account::{Invitation, invite, set_up};
use dinggang::service::export::Export;
use dinggang::service::import::{Import, Imported};
use dinggang::service::personal_data::{
    Answer, Concerned, Retention, Wish, access_log, corrections_of, decide_correction, erase, held,
    map, open_corrections, request_correction, set_retention,
};
use dinggang::service::promotion::{self, Act, Begin};
use dinggang::service::staff::with_number;
use dinggang::service::{Office, ServiceError, ledger, person, trail};
use dinggang::sheet::{Input, write_register};
use dinggang::store::personal_data::{IMPERSONAL, LEFT_OUT};
use dinggang::store::register::{Part, Scope, load};
use dinggang::store::{StoreError, nouns, tables};
use std::collections::BTreeSet;

const COUNTY: &str = "150199";
const NAME: &str = "测试甲人";
const MOBILE: &str = "13800001111";
const MAIL: &str = "somebody@example.cn";

fn bureau() -> Actor {
    reviewer(Authority::HumanResources, COUNTY)
}

fn refusals<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> Vec<Refusal> {
    match result {
        Err(ServiceError::Refused(refusals)) => refusals,
        other => panic!("{other:?}"),
    }
}

async fn recorded(office: &Office, register: &Register, on: Date) {
    let files = [Input {
        name: "示例旗.xlsx".to_owned(),
        bytes: write_register(register).expect("a workbook"),
    }];
    let import = Import {
        office,
        actor: &bureau(),
        files: &files,
        on,
        scope: Scope::Area(area(COUNTY)),
        reason: None,
        now: NOW,
    };
    match import.run().await.expect("run") {
        Imported::Recorded(_) => {}
        Imported::Refused(preview) => panic!("{:?}", preview.reading.faults),
    }
}

/// A county in which somebody worked from 2010 on, with everything a file has.
struct Case {
    office: Office,
    register: Register,
    at: usize,
    person: PersonId,
    house: InstitutionId,
}

impl Case {
    async fn new(database: &Database) -> Self {
        let office = office(&database.store);
        let size = Size {
            townships: 2,
            staff: 40,
        };
        let mut register = sample::county(size, month("2010-01"), 7);
        let found = register
            .people
            .iter()
            .position(|person| person.occupies().is_some());
        let at = found.expect("somebody with a post");
        register.people[at].name = NAME.to_owned();
        register.people[at].mobile = Some(Phone::read(MOBILE).expect("a number").as_str().into());
        register.people[at].email = Some(MAIL.to_owned());
        recorded(&office, &register, day("2010-01-01")).await;
        let number = register.people[at].id;
        let person = with_number(&office, &bureau(), number.as_str(), NOW)
            .await
            .expect("there");
        let code = &register.institutions[register.people[at].institution].code;
        let mut reader = office.store.read().await.expect("a reader");
        let house = dinggang::store::locus::with_code(&mut reader, code).await;
        let house = house.expect("asked").expect("an institution");
        drop(reader);
        Self {
            office,
            register,
            at,
            person,
            house,
        }
    }

    fn number(&self) -> NationalId {
        self.register.people[self.at].id
    }

    fn clerk(&self) -> Actor {
        actor(
            21,
            Capacity::InstitutionHr {
                institution: self.house,
            },
        )
    }

    /// The person, signed in.
    async fn oneself(&self) -> Actor {
        let capacity = Capacity::Staff {
            person: self.person,
            home: None,
        };
        let invitation = Invitation {
            user_name: "jia.ren",
            name: "王丽",
            person: Some(self.person),
            capacities: vec![capacity.clone()],
        };
        let administrator = crate::support::office::administrator();
        let invited = invite(&self.office, &administrator, &invitation, NOW).await;
        let (account, link) = invited.expect("invited");
        set_up(&self.office, &link.reveal(), PASSWORD, NOW)
            .await
            .expect("set up");
        Actor {
            account,
            person: Some(self.person),
            ..actor(22, capacity)
        }
    }

    /// The county as it is recorded for a day.
    async fn county(&self, on: Date) -> Register {
        let mut reader = self.office.store.snapshot().await.expect("a reader");
        let part = Part::Area(area(COUNTY));
        let vault = self.office.vault.as_ref();
        let loaded = load(&mut reader, &part, When::on(on), vault).await;
        loaded.expect("loaded").register
    }

    /// The person leaves.
    async fn leave(&self, on: &str) {
        let mut without = self.register.clone();
        without.people.remove(self.at);
        recorded(&self.office, &without, day(on)).await;
    }
}

/// What the shipped policies make of a county.
fn judged(register: &Register, on: Date) -> Vec<InstitutionResult> {
    Engine::run(register, &library::all_ids(), on.month())
        .assessment
        .institutions
}

/// Every value of every table as text, but for the names of those who did something.
async fn everything(database: &Database) -> String {
    let mut all = Vec::new();
    for table in tables() {
        let columns = match database.engine {
            Kind::Sqlite => format!("select name from pragma_table_info('{table}')"),
            Kind::Postgres => format!(
                "select cast(column_name as text) from information_schema.columns \
                 where table_schema = 'public' and table_name = '{table}'"
            ),
        };
        let text = |column: &String| match database.engine {
            Kind::Sqlite => format!(
                "case typeof({column}) when 'blob' then hex({column}) \
                 else coalesce(cast({column} as text), '') end"
            ),
            Kind::Postgres => format!("coalesce(cast({column} as text), '')"),
        };
        let columns = database.lines(&columns).await;
        let shown: Vec<String> = columns
            .iter()
            .filter(|column| *column != "author")
            .map(text)
            .collect();
        let rows = format!("select {} from {table}", shown.join(" || ' ' || "));
        all.extend(database.lines(&rows).await);
    }
    all.join("\n")
}

on_both! {
    async fn the_map_has_every_column(database: Database) {
        let dated: Vec<&str> = nouns().iter().map(|noun| noun.table).collect();
        let mut missing = BTreeSet::new();
        let mut mapped: BTreeSet<String> = map()
            .iter()
            .flat_map(|place| place.columns.iter().map(|one| format!("{}.{}", place.table, one.name)))
            .collect();
        for table in tables() {
            let columns = match database.engine {
                Kind::Sqlite => format!("select name from pragma_table_info('{table}')"),
                Kind::Postgres => format!(
                    "select cast(column_name as text) from information_schema.columns \
                     where table_schema = 'public' and table_name = '{table}'"
                ),
            };
            let columns = database.lines(&columns).await;
            assert!(!columns.is_empty(), "{table}");
            for column in columns {
                let known = mapped.remove(&format!("{table}.{column}"));
                let common = dated.contains(&table) && LEFT_OUT.contains(&column.as_str());
                if !known && !common && !IMPERSONAL.contains(&table) {
                    missing.insert(format!("{table}.{column}"));
                }
            }
        }
        assert!(missing.is_empty(), "whose are these, and why are they kept? {missing:#?}");
        assert!(mapped.is_empty(), "there is no such column: {mapped:#?}");
        let both: Vec<_> = map().iter().filter(|place| IMPERSONAL.contains(&place.table)).collect();
        assert!(both.is_empty(), "{both:?}");
        // what must not be empty cannot be cleared
        let empty = match database.engine {
            Kind::Sqlite => "select m.name || '.' || c.name from sqlite_master m \
                join pragma_table_info(m.name) c where m.type = 'table' and c.\"notnull\" = 1",
            Kind::Postgres => "select table_name || '.' || column_name \
                from information_schema.columns where is_nullable = 'NO'",
        };
        let full: BTreeSet<String> = database.lines(empty).await.into_iter().collect();
        for place in map() {
            for column in place.columns.iter().filter(|column| column.fate == Fate::Cleared) {
                let name = format!("{}.{}", place.table, column.name);
                assert!(!full.contains(&name), "{name} must not be empty");
            }
        }
    }

    async fn people_see_what_is_held_of_them(database: Database) {
        let case = Case::new(&database).await;
        let oneself = case.oneself().await;
        let concerned = Concerned::Person(case.person);
        let seen = held(&case.office, &oneself, concerned, None, NOW).await.expect("held");
        let profile = &seen["person_profile"][0];
        assert_eq!(profile["name"], NAME);
        assert_eq!(profile["mobile"], "138****1111");
        assert_eq!(profile["email"], "***@example.cn");
        assert_eq!(profile["valid_from"], "2010-01-01");
        assert_eq!(seen["person"][0]["id"], case.number().masked());
        assert_eq!(seen["accounts"][0]["account"][0]["user_name"], "jia.ren");
        let text = seen.to_string();
        for secret in [case.number().as_str(), MOBILE, MAIL, "argon2", "$argon"] {
            assert!(!text.contains(secret), "{secret}");
        }
        assert!(seen["accounts"][0]["account"][0].get("password").is_none());

        let none = held(&case.office, &oneself, concerned, Some(" "), NOW).await;
        assert_eq!(refusals(none), [Refusal::ReasonMissing]);
        let whole = held(&case.office, &case.clerk(), concerned, Some("本人要求"), after(1)).await;
        let whole = whole.expect("held").to_string();
        for shown in [case.number().as_str(), MOBILE, MAIL] {
            assert!(whole.contains(shown), "{shown}");
        }
        let elsewhere = reviewer(Authority::Health, "150198");
        let other = held(&case.office, &elsewhere, concerned, None, NOW).await;
        assert!(matches!(other, Err(ServiceError::NotFound)));
        let told = trail::of_subject(
            &case.office, &auditor(), "person", &case.person.to_string(), NOW.shanghai_day(),
        ).await.expect("events");
        let reveals: Vec<_> = told.iter().filter(|event| event.what == "person.reveal").collect();
        assert_eq!(reveals.len(), 1, "a refused look shows nothing and is none");
        let detail = reveals[0].detail.as_ref().expect("a detail");
        assert_eq!(detail.reason.as_deref(), Some("本人要求"));
    }

    async fn people_see_who_looked_and_who_took_them_out(database: Database) {
        let case = Case::new(&database).await;
        let oneself = case.oneself().await;
        let clerk = case.clerk();
        person::reveal(&case.office, &clerk, case.person, "核对", after(1)).await.expect("seen");
        let house = Export {
            office: &case.office,
            actor: &clerk,
            part: Part::These(vec![case.house]),
            when: When::on(day("2026-11-22")),
            reveal: Some("年报"),
            now: after(2),
        };
        house.run().await.expect("taken");
        let before = Export { when: When::on(day("2009-12-31")), now: after(3), ..house };
        before.run().await.expect("taken");
        let bureau = bureau();
        let county = Export {
            actor: &bureau,
            part: Part::Area(area(COUNTY)),
            when: When::on(day("2026-11-22")),
            reveal: None,
            now: after(4),
            ..before
        };
        county.run().await.expect("taken");
        let log = access_log(&case.office, &oneself, case.person, after(5)).await.expect("a log");
        let short: Vec<_> = log
            .iter()
            .map(|one| (one.what.as_str(), one.reason.as_deref(), one.is_export))
            .collect();
        assert_eq!(
            short,
            [
                ("export.run", None, true),
                ("export.full", Some("年报"), true),
                ("person.reveal", Some("核对"), false),
            ],
            "not the one of a day before they were there"
        );
        let stranger = actor(30, Capacity::Staff { person: PersonId::new(NOW, [3; 10]), home: None });
        let other = access_log(&case.office, &stranger, case.person, after(5)).await;
        assert!(matches!(other, Err(ServiceError::NotFound)));
    }

    async fn corrections_are_asked_for_and_answered(database: Database) {
        let case = Case::new(&database).await;
        let (oneself, clerk) = (case.oneself().await, case.clerk());
        // the account of the clerk is one that the tables know
        let clerk = Actor { account: oneself.account, person: None, ..clerk };
        let wish = Wish {
            person: case.person,
            entry: "参加工作年月",
            wanted: "2001-07",
            grounds: "派遣证",
        };
        let id = request_correction(&case.office, &oneself, &wish, NOW).await.expect("asked");
        let no = request_correction(&case.office, &clerk, &wish, NOW).await;
        assert!(matches!(no, Err(ServiceError::Denied(_))), "for staff themselves");
        let empty = Wish { wanted: "", ..wish };
        let empty = request_correction(&case.office, &oneself, &empty, NOW).await;
        assert_eq!(refusals(empty), [Refusal::ReasonMissing]);
        let open = open_corrections(&case.office, &clerk, NOW).await.expect("a list");
        assert_eq!(open.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
        let elsewhere = actor(40, Capacity::InstitutionHr {
            institution: InstitutionId::new(NOW, [9; 10]),
        });
        let none = open_corrections(&case.office, &elsewhere, NOW).await.expect("a list");
        assert!(none.is_empty());
        let answer = Answer { id, seen: Version::FIRST, corrected: true, text: "已按派遣证更正" };
        let own = decide_correction(&case.office, &oneself, &answer, after(1)).await;
        assert!(matches!(own, Err(ServiceError::Denied(_))), "nobody decides on themselves");
        let version = decide_correction(&case.office, &clerk, &answer, after(2)).await.expect("decided");
        let stale = decide_correction(&case.office, &clerk, &answer, after(3)).await;
        assert!(matches!(stale, Err(ServiceError::Stale { .. })));
        let again = Answer { seen: version, ..answer };
        let again = decide_correction(&case.office, &clerk, &again, after(3)).await;
        assert_eq!(refusals(again), [Refusal::RequestClosed]);
        let mine = corrections_of(&case.office, &oneself, case.person, after(4)).await.expect("mine");
        assert_eq!(mine[0].state, RequestState::Corrected);
        assert_eq!(mine[0].decision.as_ref().expect("decided").answer, "已按派遣证更正");
    }

    async fn somebody_is_forgotten_and_still_counts(database: Database) {
        let case = Case::new(&database).await;
        let (office, concerned) = (&case.office, Concerned::Person(case.person));
        let oneself = case.oneself().await;
        let erased = async |at: i64| erase(office, &bureau(), concerned, "本人申请", after(at)).await;
        assert_eq!(refusals(erased(1).await), [Refusal::StillEmployed]);
        let wish = Wish { person: case.person, entry: "电话", wanted: MOBILE, grounds: "换号" };
        let asked = request_correction(office, &oneself, &wish, after(2)).await.expect("asked");
        case.leave("2020-01-01").await;
        let until = day("2029-12-31");
        let both = [Refusal::RetentionRuns { until }, Refusal::CorrectionOpen];
        assert_eq!(refusals(erased(3).await), both);
        let answer = Answer { id: asked, seen: Version::FIRST, corrected: false, text: "已离职" };
        let clerk = Actor { account: oneself.account, person: None, ..case.clerk() };
        decide_correction(office, &clerk, &answer, after(4)).await.expect("decided");
        let administrator = crate::support::office::administrator();
        let years = Retention { years: 5, reason: "档案馆批复" };
        set_retention(office, &administrator, years, after(5)).await.expect("set");
        trail::seal(office, "test", after(6)).await.expect("sealed");

        let then = day("2015-06-30");
        let before = case.county(then).await;
        let code = &case.register.institutions[case.register.people[case.at].institution].code;
        let figures = ledger::of_institution(office, &bureau(), code, When::on(then), after(7)).await;
        figures.expect("a ledger").figures.expect("known");
        let traces = everything(&database).await;
        let hash = office.vault.ring().lookup_national_id(&case.number());
        let hash = data_encoding::HEXLOWER.encode(hash.bytes());
        for trace in [NAME, MAIL, &hash, "jia.ren", MOBILE] {
            assert!(traces.contains(trace), "{trace} was there before");
        }
        let no = erase(office, &reviewer(Authority::Health, COUNTY), concerned, "x", after(8)).await;
        assert!(matches!(no, Err(ServiceError::Denied(_))));
        let silent = erase(office, &bureau(), concerned, "", after(8)).await;
        assert_eq!(refusals(silent), [Refusal::ReasonMissing]);
        erased(9).await.expect("erased");

        let left = everything(&database).await;
        for trace in [NAME, MAIL, &hash, "jia.ren", MOBILE, "换号", "已离职"] {
            assert!(!left.contains(trace), "{trace} is still there");
        }
        let gone = with_number(office, &bureau(), case.number().as_str(), after(10)).await;
        assert!(matches!(gone, Err(ServiceError::NotFound)));
        assert_eq!(refusals(erased(11).await), [Refusal::AlreadyErased]);
        // closed years count as they did
        let after_it = case.county(then).await;
        assert!(judged(&after_it, then) == judged(&before, then));
        let (one, other) = (&before.people, &after_it.people);
        assert_eq!(one.len(), other.len());
        // what was kept at hand is not shown either
        let code = &case.register.institutions[case.register.people[case.at].institution].code;
        let figures = ledger::of_institution(office, &bureau(), code, When::on(then), after(12)).await;
        let figures = figures.expect("a ledger").figures.expect("known");
        let names: Vec<_> = figures.house().loaded.register.people.iter().map(|one| &one.name).collect();
        assert!(!names.iter().any(|name| *name == NAME) && names.iter().any(|name| *name == "***"));
        for (was, is) in one.iter().zip(other) {
            if was.name != NAME {
                assert_eq!(was, is);
                continue;
            }
            assert_eq!((is.name.as_str(), &is.mobile, &is.email), ("***", &None, &None));
            assert_eq!(is.id.birth_month(), was.id.birth_month());
            assert_eq!(is.id.sex(), was.id.sex());
            assert_eq!(is.retirement_class(), was.retirement_class());
            assert_eq!((is.appointed, is.grade, is.institution), (was.appointed, was.grade, was.institution));
        }
        // the chain holds, and tells that something was erased, by whom and why
        trail::seal(office, "test", after(13)).await.expect("sealed");
        let verified = trail::verify(office, &auditor(), &[]).await.expect("an answer");
        assert!(!verified.expect("whole").erased.is_empty());
        let told = trail::latest(office, &auditor(), None, None, 1).await.expect("events");
        assert_eq!(told[0].what, "person.erase");
        assert_eq!(told[0].detail.as_ref().expect("a detail").reason.as_deref(), Some("本人申请"));
        let in_vain = crate::support::office::enter(office, "jia.ren", PASSWORD, after(14)).await;
        assert!(in_vain.is_err());
    }

    async fn applications_are_forgotten_with_the_person(database: Database) {
        let case = Case::new(&database).await;
        let (office, concerned) = (&case.office, Concerned::Person(case.person));
        let clerk = case.clerk();
        let subject = Subject {
            kind: Promotion::Retirement,
            person: case.person,
            institution: case.house,
            round: None,
            target: Target { rank: Rank::None, grade: None, institution: None, on: None },
            merits: "甲人的荣誉".to_owned(),
        };
        let begin = Begin { office, actor: &clerk, subject: &subject, now: NOW };
        let id = begin.run().await.expect("begun");
        let act = async |command: Command, at: i64| {
            let seen = promotion::find(office, &clerk, id, NOW).await.expect("seen");
            let seen = seen.application.version;
            let (actor, now) = (&clerk, after(at));
            let act = Act { office, actor, id, seen, command: &command, override_reason: None, now };
            act.run().await.expect("done");
        };
        act(Command::Comment { text: "甲人的病历".to_owned() }, 1).await;
        let shown = held(office, &case.oneself().await, concerned, None, after(2)).await.expect("held");
        assert_eq!(shown["application"][0]["merits"], "甲人的荣誉");
        assert_eq!(shown["application_event"][0]["words"], "甲人的病历");
        assert!(shown["application_event"][0].get("account").is_none());
        case.leave("2020-01-01").await;
        let administrator = crate::support::office::administrator();
        let years = Retention { years: 5, reason: "档案馆批复" };
        set_retention(office, &administrator, years, after(3)).await.expect("set");
        let erased = async |at: i64| erase(office, &bureau(), concerned, "本人申请", after(at)).await;
        assert_eq!(refusals(erased(4).await), [Refusal::ApplicationOpen]);
        act(Command::Withdraw { reason: "甲人不再申请".to_owned() }, 5).await;
        let alter = "update application_event set words = 'x'";
        let error = database.sql(alter).await.expect_err("refused");
        assert!(matches!(StoreError::from(error), StoreError::Constraint(name)
            if name == "application_event_append_only"));
        erased(6).await.expect("erased");
        let left = everything(&database).await;
        for trace in ["甲人的荣誉", "甲人的病历", "甲人不再申请", NAME] {
            assert!(!left.contains(trace), "{trace} is still there");
        }
        let view = promotion::find(office, &auditor(), id, after(7)).await.expect("the history stays");
        assert_eq!(view.steps.len(), 2);
    }

    async fn rural_doctors_are_forgotten_too(database: Database) {
        let office = office(&database.store);
        let size = Size { townships: 2, staff: 40 };
        let mut register = sample::county(size, month("2010-01"), 7);
        assert!(!register.rural_doctors.is_empty(), "the sample has some");
        register.rural_doctors[0].name = NAME.to_owned();
        recorded(&office, &register, day("2010-01-01")).await;
        let number = register.rural_doctors[0].id;
        let hash = office.vault.ring().lookup_national_id(&number);
        let mut reader = office.store.read().await.expect("a reader");
        let found = dinggang::store::subject::with_hash(&mut reader, &hash).await.expect("asked");
        let (id, _) = found.expect("there");
        drop(reader);
        let concerned = Concerned::RuralDoctor(id);
        let now = erase(&office, &bureau(), concerned, "本人申请", after(1)).await;
        assert_eq!(refusals(now), [Refusal::StillEmployed]);
        register.rural_doctors.remove(0);
        recorded(&office, &register, day("2011-01-01")).await;
        erase(&office, &bureau(), concerned, "本人申请", after(2)).await.expect("erased");
        let left = everything(&database).await;
        assert!(!left.contains(NAME));
        assert!(!left.contains(&data_encoding::HEXLOWER.encode(hash.bytes())));
    }
}
