//! A county with one of everything, and somebody of every office in it and elsewhere.

use crate::support::database::Database;
use crate::support::server::{Caller, Server};
use dinggang::domain::ids::AreaCode;
use dinggang::domain::promotion::{Kind, Subject, Target};
use dinggang::domain::record::When;
use dinggang::domain::record_id::{AccountId, ApplicationId, InstitutionId, PersonId, RoundId};
use dinggang::domain::rights::{Authority, Capacity, Extent, Office, Tier};
use dinggang::domain::round::{Criterion, Offered, Plan};
use dinggang::domain::title::Rank;
use dinggang::sample::{self, Size};
use dinggang::service::promotion::Begin;
use dinggang::service::round;
use dinggang::sheet::write_register;
use dinggang::store::register::{Part, load};
use reqwest::Method;
use reqwest::multipart::{Form, Part as File};

/// A county, and people who look at it.
pub struct World {
    pub server: Server,
    pub institution: InstitutionId,
    pub institution_code: String,
    pub person: PersonId,
    /// Of that person: a draft.
    pub application: ApplicationId,
    /// Of that institution: a draft.
    pub round: RoundId,
    account: AccountId,
    offices: Vec<(Office, Caller)>,
    strangers: Vec<Caller>,
    secrets: Vec<String>,
}

pub fn area(code: &str) -> AreaCode {
    AreaCode::read(code, &[2, 4, 6, 9, 12]).expect("a code")
}

fn county() -> Vec<u8> {
    let size = Size {
        townships: 2,
        staff: 30,
    };
    let register = sample::county(size, "2026-11".parse().expect("a month"), 5);
    write_register(&register).expect("a workbook")
}

fn reviewer(authority: Authority, tier: Tier, area: AreaCode) -> Capacity {
    Capacity::Reviewer {
        authority,
        tier,
        area,
    }
}

const AUTHORITIES: [Authority; 4] = [
    Authority::Establishment,
    Authority::HumanResources,
    Authority::Health,
    Authority::DrugRegulator,
];

impl World {
    pub async fn new(database: &Database) -> Self {
        Self::at(Server::start(database).await).await
    }

    /// The same where policies apply as they are adopted: none is, so far.
    pub async fn by_adoption(database: &Database) -> Self {
        let mut office = crate::support::office::office(&database.store);
        office.doors.second_factor = false;
        let office = crate::support::office::by_adoption(&office);
        Self::at(Server::of(office).await).await
    }

    async fn at(server: Server) -> Self {
        let clerk = reviewer(Authority::HumanResources, Tier::County, area("150199"));
        let clerk = server.somebody(clerk).await;
        let request = clerk.request(Method::POST, "/imports?complete_for=150199");
        clerk
            .send(request.multipart(Self::workbook()))
            .await
            .is(200);

        let mut reader = server.office.store.snapshot().await.expect("a reader");
        let when = When::on(server.now().shanghai_day());
        let vault = server.office.vault.clone();
        let loaded = load(&mut reader, &Part::Whole, when, vault.as_ref()).await;
        let loaded = loaded.expect("loaded");
        drop(reader);
        let (person, first) = (loaded.people[0], &loaded.register.people[0]);
        let institution = loaded.institutions[first.institution];
        let house = &loaded.register.institutions[first.institution];
        let institution_code = house.code.clone();
        let name = house.consortium.clone().expect("a consortium");
        let admin = crate::support::office::administrator();
        let consortium =
            dinggang::service::account::consortium(&server.office, &admin, &name, server.now());
        let consortium = consortium.await.expect("a community");
        let extent = Extent::Area(area("150199"));
        let mut capacities = vec![
            Capacity::InstitutionHr { institution },
            Capacity::ConsortiumHr { consortium },
            Capacity::Auditor { extent },
            Capacity::Administrator { extent },
        ];
        for tier in [Tier::County, Tier::City] {
            for authority in AUTHORITIES {
                capacities.push(reviewer(authority, tier, area("1501")));
            }
        }
        let mut offices = Vec::new();
        for capacity in capacities {
            // whatever is for the whole installation has somebody for it
            let capacity = match capacity {
                Capacity::Auditor { .. } => Capacity::Auditor {
                    extent: Extent::Everywhere,
                },
                Capacity::Administrator { .. } => Capacity::Administrator {
                    extent: Extent::Everywhere,
                },
                other => other,
            };
            offices.push((capacity.office(), server.somebody(capacity).await));
        }
        let staff = server.staff(person).await;
        offices.push((Office::Staff, staff));
        let mut strangers = Vec::new();
        for authority in AUTHORITIES {
            let capacity = reviewer(authority, Tier::County, area("990199"));
            strangers.push(server.somebody(capacity).await);
        }
        for capacity in [
            Capacity::Auditor {
                extent: Extent::Area(area("990199")),
            },
            Capacity::Administrator {
                extent: Extent::Area(area("990199")),
            },
        ] {
            strangers.push(server.somebody(capacity).await);
        }
        let account = server.account("user0").await;
        let clerk = Capacity::InstitutionHr { institution };
        let clerk = crate::support::office::actor(90, clerk);
        let subject = Subject {
            kind: Kind::Retirement,
            person,
            institution,
            round: None,
            target: Target {
                rank: Rank::None,
                grade: None,
                institution: None,
                on: None,
            },
            merits: String::new(),
        };
        let begin = Begin {
            office: &server.office,
            actor: &clerk,
            subject: &subject,
            now: server.now(),
        };
        let application = begin.run().await.expect("begun");
        let day = server.now().shanghai_day();
        let plan = Plan {
            title: "竞聘".to_owned(),
            offered: vec![Offered {
                rank: Rank::Intermediate,
                grade: None,
                places: 1,
            }],
            term_months: 36,
            conditions: String::new(),
            training: None,
            criteria: vec![Criterion {
                name: "业绩".to_owned(),
                most: 100,
            }],
            from: day,
            to: day,
        };
        let round = round::plan(&server.office, &clerk, institution, &plan, server.now()).await;
        let round = round.expect("planned");
        let people = loaded.register.people.iter();
        let secrets = people.map(|person| person.id.to_string()).collect();
        Self {
            server,
            institution,
            institution_code,
            person,
            application,
            round,
            account,
            offices,
            strangers,
            secrets,
        }
    }

    /// The county's workbook, to be sent.
    pub fn workbook() -> Form {
        let part = File::bytes(county()).file_name("county.xlsx");
        Form::new().part("file", part)
    }

    /// The same with a person who stands in it twice.
    pub fn faulty() -> Form {
        let size = Size {
            townships: 2,
            staff: 30,
        };
        let mut register = sample::county(size, "2026-11".parse().expect("a month"), 5);
        let twice = register.people[0].clone();
        register.people.push(twice);
        let bytes = write_register(&register).expect("a workbook");
        Form::new().part("file", File::bytes(bytes).file_name("county.xlsx"))
    }

    /// The same with two people whose training is none that anybody knows.
    pub fn misspelt() -> Form {
        let bytes = dinggang::sheet::correct(&county(), "人员", 3, &misspelling());
        let bytes =
            dinggang::sheet::correct(&bytes.expect("a workbook"), "人员", 4, &misspelling());
        let bytes = bytes.expect("a workbook");
        Form::new().part("file", File::bytes(bytes).file_name("county.xlsx"))
    }

    /// Somebody of an office.
    pub fn of(&self, office: Office) -> &Caller {
        let found = self.offices.iter().find(|(one, _)| *one == office);
        &found
            .unwrap_or_else(|| panic!("nobody of {}", office.key()))
            .1
    }

    /// People of another county.
    pub fn strangers(&self) -> &[Caller] {
        &self.strangers
    }

    /// What strangers must never see.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    /// A path with things that are there: each parameter by the word before it.
    pub fn fill(&self, path: &str) -> String {
        let mut filled: Vec<String> = Vec::new();
        for part in path.split('/') {
            let before = filled.last().map_or("", String::as_str).to_owned();
            filled.push(match (part.starts_with('{'), before.as_str()) {
                (false, _) => part.to_owned(),
                (true, "accounts") => self.account.to_string(),
                (true, "people") => self.person.to_string(),
                (true, "institutions") => self.institution_code.clone(),
                (true, "subjects") => "person".to_owned(),
                (true, "schedules") => "reminders".to_owned(),
                (true, "person") => self.person.to_string(),
                (true, "applications" | "cases") => self.application.to_string(),
                (true, "rounds") => self.round.to_string(),
                (true, "objections") => "0".to_owned(),
                (true, "areas" | "places") => "150199".to_owned(),
                (true, _) => "019ab5c2-7f00-7000-8000-000000000000".to_owned(),
            });
        }
        filled.join("/")
    }
}

fn misspelling() -> std::collections::BTreeMap<&'static str, String> {
    [("全科培训", "nobody knows".to_owned())].into()
}
