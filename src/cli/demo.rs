//! `dinggang demo`: an invented county with a login for every role, in a folder that is
//! thrown away when it ends.

mod life;

use self::life::{Hands, Life};
use super::arguments::DemoArgs;
use super::output;
use super::{Environment, Exit, office, records, serve};
use crate::config::{self, Config, Inputs};
use crate::domain::adoption::{Adoption, Draft, OffQuota};
use crate::domain::ids::AreaCode;
use crate::domain::month::Month;
use crate::domain::page::Asked;
use crate::domain::post::Level;
use crate::domain::record::When;
use crate::domain::record_id::{AccountId, InstitutionId, PersonId};
use crate::domain::register::Register;
use crate::domain::rights::{Actor, Assurance, Authority, Capacity, Channel, Extent, Tier};
use crate::domain::time::{Date, Timestamp};
use crate::i18n::{Arg, Lang, t};
use crate::sample::{self, Size};
use crate::service::account::{self, Invitation};
use crate::service::import::{Complete, Import, Imported, Input};
use crate::service::staff::{self, Listing, State, Wanted};
use crate::service::{Office, adoption, institution};
use anyhow::{Context, bail};
use data_encoding::BASE32_NOPAD;
use std::path::Path;

/// The invented county, and the institution whose clerk signs in.
const COUNTY: &str = "150199";
const CENTRE: &str = "WS01";
const COMMUNITY: &str = "示例旗医共体";
/// The policy that the county has adopted.
const POLICY: &str = "inner-mongolia/primary-care-draft";
/// Its own way for evaluations: the county's offices say what they think of them.
const ROUTE: &str = "定向评价 = 市级人社 ; 县级卫健, 县级药监";
/// The same county each time.
const SEED: u64 = 20;
/// Years of records.
const YEARS: i32 = 2;

fn say(lang: Lang, key: &str, args: &[(&'static str, Arg)]) {
    eprintln!("{}", t(lang, key, args));
}

/// Builds the county, then serves it until it is told to stop.
pub fn run(args: &DemoArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    say(lang, "demo-begins", &[]);
    let folder = tempfile::Builder::new().prefix("dinggang-").tempdir()?;
    let config = configured(args, folder.path())?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(show(config, args, lang, environment))
}

/// Everything in one folder, and nobody asked for a second factor.
fn configured(args: &DemoArgs, folder: &Path) -> anyhow::Result<Config> {
    let inside = |name: &str| folder.join(name).display().to_string();
    let pairs = [
        ("listen", args.listen.clone()),
        ("database", format!("sqlite://{}", inside("demo.db"))),
        ("data_dir", inside("data")),
        ("key_file", inside("keys")),
        ("second_factor", "optional".to_owned()),
        ("requests_per_minute", "0".to_owned()),
        ("log", "warn".to_owned()),
        ("shutdown_grace", "1s".to_owned()),
    ];
    let inputs = Inputs {
        arguments: pairs.map(|(key, value)| (key.to_owned(), value)).to_vec(),
        ..Inputs::default()
    };
    match config::load(&inputs) {
        Ok(loaded) => Ok(loaded.config),
        Err(problems) => bail!("{problems:?}"),
    }
}

async fn show(
    config: Config,
    args: &DemoArgs,
    lang: Lang,
    environment: &Environment,
) -> anyhow::Result<Exit> {
    super::logging::start(&config);
    let listener = serve::listen(&config, lang).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (year, month, _) = environment.today;
    let month = Month::new(year, month).context("a month")?.plus(-1);
    // on the records since the month before, so that things can have been on their way
    let begun = first(month)?.begins().plus_seconds(9 * 3600);
    records::make(&config, begun).await?;
    let office = office::open(&config, lang, begun).await?;
    let maker = Maker {
        office: &office,
        lang,
        now: begun,
        password: password(&office),
    };
    let logins = maker.make(args, month, environment.now).await?;
    say(lang, "demo-ready", &[("url", (&url).into())]);
    // role, user name, password: one line each, for people and for programs
    for (name, key) in &logins {
        let role = t(lang, &format!("demo-login-{key}"), &[]);
        output::write(None, |out| {
            Ok(writeln!(out, "  {role}  {name}  {}", maker.password)?)
        })?;
    }
    say(lang, "demo-warning", &[]);
    serve::stay(config, office, listener, lang, environment).await
}

/// One for all logins, another each time.
fn password(office: &Office) -> String {
    let bytes: [u8; 10] = office.chance.bytes();
    let text = BASE32_NOPAD.encode(&bytes).to_lowercase();
    let (a, b) = text.split_at(text.len() / 2);
    format!("{a}-{b}")
}

struct Maker<'a> {
    office: &'a Office,
    lang: Lang,
    now: Timestamp,
    password: String,
}

/// The first day of a month.
fn first(of: Month) -> anyhow::Result<Date> {
    Date::new(of.year(), of.month(), 1).context("a day")
}

fn county() -> anyhow::Result<AreaCode> {
    AreaCode::read(COUNTY, &[6]).context(COUNTY)
}

fn reviewer(authority: Authority, tier: Tier) -> anyhow::Result<Capacity> {
    let area = match tier {
        Tier::County => county()?,
        Tier::City => AreaCode::read("1501", &[4]).context("1501")?,
    };
    Ok(Capacity::Reviewer {
        authority,
        tier,
        area,
    })
}

/// Those by whom things are done in the centre and its community, and the one who only looks.
struct People {
    centre: InstitutionId,
    staff: PersonId,
    clerk: Actor,
    lead: Actor,
}

/// Somebody who has a login, at work.
fn acting(account: AccountId, name: &str, capacity: Capacity) -> Actor {
    Actor {
        account,
        name: name.to_owned(),
        person: None,
        capacity,
        assurance: Assurance::Full,
        channel: Channel::Command,
    }
}

impl Maker<'_> {
    async fn make(
        &self,
        args: &DemoArgs,
        this: Month,
        now_is: Timestamp,
    ) -> anyhow::Result<Vec<(&'static str, &'static str)>> {
        let then = this.plus(-12 * YEARS);
        say(self.lang, "demo-invents", &[]);
        let size = Size {
            townships: args.townships,
            staff: args.staff,
        };
        let now = sample::county(size, this, SEED);
        let before = sample::earlier(now.clone(), then);
        let posts = reviewer(Authority::HumanResources, Tier::County)?;
        let posts = self.account("renshe", "示例人社", posts, None).await?;
        let health = reviewer(Authority::Health, Tier::County)?;
        let health = self.account("weijian", "示例卫健", health, None).await?;
        let staff = now.people.len();
        let args = [("staff", Arg::from(staff))];
        say(self.lang, "demo-records", &args);
        self.import(&posts, &before, first(then)?).await?;
        say(self.lang, "demo-changes", &[]);
        self.import(&posts, &now, first(this)?).await?;
        say(self.lang, "demo-policy", &[]);
        self.adopt(&health, &posts, first(then)?).await?;
        say(self.lang, "demo-accounts", &[]);
        let people = self.people(&posts).await?;
        say(self.lang, "demo-life", &[]);
        let life = Life {
            maker: self,
            hands: Hands {
                clerk: &people.clerk,
                centre: people.centre,
                lead: &people.lead,
                posts: &posts,
                health: &health,
                spared: people.staff,
            },
            now: now_is,
        };
        life.live().await?;
        Ok(vec![
            ("zhigong", "staff"),
            ("jigou", "institution-hr"),
            ("yigongti", "consortium-hr"),
            ("bianban", "establishment"),
            ("renshe", "human-resources"),
            ("weijian", "health"),
            ("yaojian", "drug-regulator"),
            ("shirenshe", "city"),
            ("jiandu", "auditor"),
            ("guanli", "administrator"),
        ])
    }

    async fn account(
        &self,
        user_name: &str,
        name: &str,
        capacity: Capacity,
        person: Option<PersonId>,
    ) -> anyhow::Result<Actor> {
        let capacities = vec![capacity.clone()];
        let id = self.login(user_name, name, capacities, person).await?;
        Ok(acting(id, name, capacity))
    }

    async fn login(
        &self,
        user_name: &str,
        name: &str,
        capacities: Vec<Capacity>,
        person: Option<PersonId>,
    ) -> anyhow::Result<AccountId> {
        let invitation = Invitation {
            user_name,
            name,
            person,
            capacities,
        };
        let machine = office::actor();
        let invited = account::invite(self.office, &machine, &invitation, self.now).await;
        let (id, link) = invited.map_err(|error| office::told(error, self.lang))?;
        let done = account::set_up(self.office, &link.reveal(), &self.password, self.now).await;
        done.map_err(|error| office::told(error, self.lang))?;
        Ok(id)
    }

    /// The county as a workbook, and the workbook into the records.
    async fn import(&self, actor: &Actor, register: &Register, on: Date) -> anyhow::Result<()> {
        let files = [Input {
            name: "示例旗.xlsx".to_owned(),
            bytes: crate::sheet::write_register(register)?,
        }];
        let reason = t(self.lang, "demo-reason", &[]);
        let import = Import {
            office: self.office,
            actor,
            files: &files,
            on,
            scope: Complete::Area(county()?),
            reason: Some(&reason),
            now: self.now,
        };
        let imported = import.run().await;
        match imported.map_err(|error| office::told(error, self.lang))? {
            Imported::Recorded(_) => Ok(()),
            Imported::Refused(preview) => {
                let refused = preview.refused(self.lang);
                let first = refused.first().map(|one| one.message.clone());
                bail!(first.unwrap_or_default())
            }
        }
    }

    /// One office proposes the policy, another adopts it.
    async fn adopt(&self, health: &Actor, posts: &Actor, on: Date) -> anyhow::Result<()> {
        let draft = Draft {
            area: county()?,
            adoption: Adoption {
                policy: POLICY.to_owned(),
                document: Some("示例〔2024〕1号".to_owned()),
                raised_ratio: true,
                directed_evaluation: true,
                off_quota: OffQuota::Automatic,
                approval_route: Some(ROUTE.to_owned()),
            },
            ends: false,
            handling: Vec::new(),
            on,
        };
        let reason = t(self.lang, "demo-reason", &[]);
        let proposed = adoption::propose(self.office, health, &draft, Some(&reason), self.now);
        let id = proposed
            .await
            .map_err(|error| office::told(error, self.lang))?;
        let adopted = adoption::adopt(self.office, posts, id, None, self.now).await;
        adopted.map_err(|error| office::told(error, self.lang))
    }

    /// The accounts of those who work in the county or over it.
    async fn people(&self, posts: &Actor) -> anyhow::Result<People> {
        let centre = self.centre(posts).await?;
        let (person, name) = self.somebody(posts, centre).await?;
        let machine = office::actor();
        let community = account::consortium(self.office, &machine, COMMUNITY, self.now);
        let community = community
            .await
            .map_err(|error| office::told(error, self.lang))?;
        let own = Capacity::Staff { person, home: None };
        self.login("zhigong", &name, vec![own], Some(person))
            .await?;
        let hr = [Capacity::InstitutionHr {
            institution: centre,
        }];
        let clerk = self.login("jigou", "示例人事", hr.to_vec(), None).await?;
        let leads = Capacity::ConsortiumHr {
            consortium: community,
        };
        let both = std::iter::once(leads.clone()).chain(hr.clone()).collect();
        let lead = self.login("yigongti", "示例牵头", both, None).await?;
        let [hr] = hr;
        let people = People {
            centre,
            staff: person,
            clerk: acting(clerk, "示例人事", hr),
            lead: acting(lead, "示例牵头", leads),
        };
        let county = |authority| reviewer(authority, Tier::County);
        for (user, name, capacity) in [
            ("bianban", "示例编办", county(Authority::Establishment)?),
            ("yaojian", "示例药监", county(Authority::DrugRegulator)?),
            (
                "shirenshe",
                "示例市人社",
                reviewer(Authority::HumanResources, Tier::City)?,
            ),
            (
                "jiandu",
                "示例监督",
                Capacity::Auditor {
                    extent: Extent::Everywhere,
                },
            ),
            (
                "guanli",
                "示例管理",
                Capacity::Administrator {
                    extent: Extent::Everywhere,
                },
            ),
        ] {
            self.login(user, name, vec![capacity], None).await?;
        }
        Ok(people)
    }

    async fn centre(&self, actor: &Actor) -> anyhow::Result<InstitutionId> {
        let found = institution::with_code(self.office, actor, CENTRE, self.now).await;
        found.map_err(|error| office::told(error, self.lang))
    }

    /// Somebody at an intermediate post, for whom roads are open.
    async fn somebody(
        &self,
        actor: &Actor,
        at: InstitutionId,
    ) -> anyhow::Result<(PersonId, String)> {
        let listing = Listing {
            wanted: Wanted {
                institution: Some(at),
                level: Some(Level::Intermediate),
                state: State::Employed,
                ..Wanted::default()
            },
            when: When::on(self.now.shanghai_day()),
            order: staff::Order::Name,
            page: Asked::first(1),
        };
        let page = staff::list(self.office, actor, &listing, self.now).await;
        let page = page.map_err(|error| office::told(error, self.lang))?;
        let one = page.items.into_iter().next().context("nobody")?;
        Ok((one.id, one.profile.name))
    }
}
