//! A township health centre with few senior places and people who want them, and the road
//! of an application through its offices.

use super::build::{appointed, area, institution, month, register};
use super::office::{NOW, actor, reviewer};
use super::records::day;
use dinggang::domain::ids::AreaCode;
use dinggang::domain::institution::Kind as House;
use dinggang::domain::post::{Grade, Level};
use dinggang::domain::promotion::{Application, Command, Kind, Subject, Target};
use dinggang::domain::record::When;
use dinggang::domain::record_id::{ApplicationId, InstitutionId, PersonId};
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Actor, Authority, Capacity, Tier};
use dinggang::domain::service::{Location, Spell};
use dinggang::domain::staff::{History, Person};
use dinggang::domain::time::Timestamp;
use dinggang::domain::title::Rank;
use dinggang::rules::ledger::LevelPosts;
use dinggang::service::import::{Import, Imported};
use dinggang::service::promotion::{Act, Acted, Begin, find};
use dinggang::service::{Office, ServiceError, ledger};
use dinggang::sheet::{Input, write_register};
use dinggang::store::register::{Loaded, Part, Scope, load};

pub const COUNTY: &str = "150199";
pub const CENTRE: &str = "WSY001";
pub const OTHER: &str = "WSY002";

/// Born in 1978: far from retirement.
pub fn doctor(number: usize, title: Rank, post: Rank) -> Person {
    let mut person = appointed(number, month("1978-03"), post);
    person.title = title;
    person
}

/// Service in a township since a month, to date.
pub fn since(person: &mut Person, start: &str) {
    person.history = History::Spells(vec![Spell {
        origin: person.origin,
        start: month(start),
        end: None,
        employer: "示例卫生院".to_owned(),
        kind: House::TownshipHealthCentre,
        location: Some(Location::Township),
        category: person.category,
    }]);
}

/// A centre with 20 professional posts: 3 senior (18 %), 8 intermediate; `senior` of the
/// senior posts are held, and `waiting` people with a senior title hold intermediate ones.
pub fn centre(senior: usize, waiting: usize) -> Register {
    let mut house = institution(CENTRE, House::TownshipHealthCentre);
    house.posts.professional = Some(20);
    house.posts.senior = Some(3);
    house.posts.intermediate = Some(80);
    house.establishment.total = Some(200);
    house.directed_evaluation = true;
    house.posts.directed = Some(2);
    let mut other = institution(OTHER, House::TownshipHealthCentre);
    other.posts = house.posts;
    let high = Rank::AssociateSenior;
    let holders = (0..senior).map(|number| doctor(number, high, high));
    let candidates =
        (senior..senior + waiting).map(|number| doctor(number, high, Rank::Intermediate));
    register(vec![house, other], holders.chain(candidates).collect())
}

/// A county on record.
pub struct County {
    pub office: Office,
    pub loaded: Loaded,
}

impl County {
    /// Records a register as of 2026-01-01.
    pub async fn new(office: Office, register: &Register) -> Self {
        let files = vec![Input {
            name: "示例旗.xlsx".to_owned(),
            bytes: write_register(register).expect("a workbook"),
        }];
        let bureau = reviewer(Authority::HumanResources, COUNTY);
        let import = Import {
            office: &office,
            actor: &bureau,
            files: &files,
            on: day("2026-01-01"),
            scope: Scope::Area(area(COUNTY)),
            reason: None,
            now: NOW.plus_seconds(-3600),
        };
        match import.run().await.expect("imported") {
            Imported::Recorded(_) => {}
            Imported::Refused(preview) => panic!("{:?}", preview.reading.faults),
        }
        Self::of(office).await
    }

    /// What is on record.
    pub async fn of(office: Office) -> Self {
        let mut reader = office.store.snapshot().await.expect("a reader");
        let when = When::on(day("2026-11-22"));
        let loaded = load(&mut reader, &Part::Whole, when, office.vault.as_ref()).await;
        drop(reader);
        Self {
            loaded: loaded.expect("loaded"),
            office,
        }
    }

    pub fn house(&self, code: &str) -> InstitutionId {
        let houses = self.loaded.register.institutions.iter();
        let at = houses.into_iter().position(|one| one.code == code);
        self.loaded.institutions[at.expect("a house")]
    }

    pub fn centre(&self) -> InstitutionId {
        self.house(CENTRE)
    }

    /// The person of a number in the register.
    pub fn person(&self, number: usize) -> PersonId {
        let name = format!("人{number}");
        let people = self.loaded.register.people.iter();
        let at = people.into_iter().position(|one| one.name == name);
        self.loaded.people[at.expect("a person")]
    }

    pub fn staff(&self, number: usize) -> Actor {
        let person = self.person(number);
        let capacity = Capacity::Staff {
            person,
            home: Some(self.centre()),
        };
        Actor {
            person: Some(person),
            ..actor(100 + u8::try_from(number % 100).expect("small"), capacity)
        }
    }

    pub fn clerk(&self) -> Actor {
        let institution = self.centre();
        actor(50, Capacity::InstitutionHr { institution })
    }

    /// The ledger of a level of the centre, as the clerk sees it.
    pub async fn posts(&self, level: Level, on: &str) -> LevelPosts {
        *self.figures(on).await.level(level)
    }

    pub async fn figures(&self, on: &str) -> dinggang::rules::ledger::Posts {
        let when = When::on(day(on));
        let found = ledger::of_institution(&self.office, &self.clerk(), CENTRE, when, NOW).await;
        let figures = found.expect("a ledger").figures.expect("figures");
        figures.posts()
    }

    pub async fn begin(
        &self,
        number: usize,
        kind: Kind,
        rank: Rank,
        grade: Option<u8>,
    ) -> ApplicationId {
        self.try_begin(number, kind, rank, grade)
            .await
            .expect("begun")
    }

    pub async fn try_begin(
        &self,
        number: usize,
        kind: Kind,
        rank: Rank,
        grade: Option<u8>,
    ) -> Result<ApplicationId, ServiceError> {
        let subject = Subject {
            kind,
            person: self.person(number),
            institution: self.centre(),
            round: None,
            target: Target {
                rank,
                grade: grade.and_then(Grade::new),
                institution: None,
                on: None,
            },
            merits: "2024、2025 年度考核优秀".to_owned(),
        };
        let begin = Begin {
            office: &self.office,
            actor: &self.clerk(),
            subject: &subject,
            now: NOW,
        };
        begin.run().await
    }

    pub async fn look(&self, id: ApplicationId) -> Application {
        let view = find(&self.office, &super::office::auditor(), id, NOW).await;
        view.expect("a view").application
    }

    pub async fn act(
        &self,
        actor: &Actor,
        id: ApplicationId,
        command: &Command,
        now: Timestamp,
    ) -> Result<Acted, ServiceError> {
        let seen = self.look(id).await.version;
        let act = Act {
            office: &self.office,
            actor,
            id,
            seen,
            command,
            override_reason: None,
            now,
        };
        act.run().await
    }

    /// To the institution's review.
    pub async fn submitted(&self, number: usize, kind: Kind, rank: Rank) -> ApplicationId {
        let id = self.begin(number, kind, rank, None).await;
        let clerk = self.clerk();
        for command in [Command::Submit, Command::take()] {
            self.act(&clerk, id, &command, NOW).await.expect("done");
        }
        id
    }

    /// To the authorities, on 2026-11-28.
    pub async fn under_review(&self, number: usize, kind: Kind, rank: Rank) -> ApplicationId {
        let id = self.submitted(number, kind, rank).await;
        let clerk = self.clerk();
        self.act(&clerk, id, &Command::recommend(), NOW)
            .await
            .expect("recommended");
        if kind.needs_notice() {
            let publish = Command::Publish { working_days: 5 };
            self.act(&clerk, id, &publish, NOW)
                .await
                .expect("published");
            self.act(&clerk, id, &Command::Close, later())
                .await
                .expect("closed");
        }
        id
    }
}

/// Saturday 2026-11-28, the day after a notice that was published on [`NOW`].
pub fn later() -> Timestamp {
    NOW.plus_seconds(6 * 24 * 3600)
}

/// A reviewer of the city.
pub fn city(authority: Authority) -> Actor {
    let number = 60 + authority.code();
    let area = AreaCode::read("1501", &[4]).expect("a code");
    let tier = Tier::City;
    actor(
        number,
        Capacity::Reviewer {
            authority,
            tier,
            area,
        },
    )
}

pub const APPROVE: Command = Command::Approve { effective: None };
