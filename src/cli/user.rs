//! `dinggang user`: accounts from the machine itself. Whoever may run this holds the
//! database and the keys already; everything stands in the trail as done at the command
//! line. Passwords are never made here, nor shown: their owners choose them by a link.

use super::arguments::{CapacityArgs, ConfigArgs, UserCommand};
use super::{Environment, Exit, office, output, records};
use crate::config::Config;
use crate::domain::account::{Account, Change, UserName};
use crate::domain::ids::{AreaCode, NationalId};
use crate::domain::record::Id;
use crate::domain::record_id::{AccountId, CapacityId, InstitutionId, PersonId};
use crate::domain::rights::{Actor, Authority, Capacity, Extent, Role, Tier};
use crate::domain::staff::Person;
use crate::domain::time::Timestamp;
use crate::i18n::{Lang, refusal, t};
use crate::service::account::{self, Doing, Invitation};
use crate::service::secret::SecretToken;
use crate::service::{Office, ServiceError};
use crate::store::{locus, subject};
use anyhow::{anyhow, bail};
use comfy_table::{ContentArrangement, Table, TableStyle};
use std::io::{BufRead, IsTerminal};

/// Somebody at the machine, at work on the accounts.
struct Desk {
    office: Office,
    actor: Actor,
    config: Config,
    lang: Lang,
    now: Timestamp,
}

/// Runs one of the commands.
pub fn run(command: &UserCommand, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    let now = environment.now;
    records::with(command.config(), lang, async |config| {
        let desk = Desk {
            office: office::open(&config, lang, now).await?,
            actor: office::actor(),
            config,
            lang,
            now,
        };
        let done = desk.run(command).await;
        desk.office.store.close().await;
        done.map(|()| Exit::Fine)
    })
}

impl UserCommand {
    fn config(&self) -> &ConfigArgs {
        match self {
            Self::List(config)
            | Self::Invite { config, .. }
            | Self::Link { config, .. }
            | Self::Lock { config, .. }
            | Self::Unlock { config, .. }
            | Self::Disable { config, .. }
            | Self::Enable { config, .. }
            | Self::ResetSecondFactor { config, .. }
            | Self::RevokeSessions { config, .. }
            | Self::Grant { config, .. }
            | Self::TakeBack { config, .. } => config,
        }
    }
}

impl Desk {
    async fn run(&self, command: &UserCommand) -> anyhow::Result<()> {
        match command {
            UserCommand::List(_) => self.list().await,
            UserCommand::Invite {
                user_name,
                name,
                capacity,
                ..
            } => self.invite(user_name, name, capacity).await,
            UserCommand::Link { user_name, .. } => {
                let (id, _) = self.account(user_name).await?;
                self.new_link(id).await
            }
            UserCommand::Lock { user_name, .. } => self.change(user_name, Change::Lock).await,
            UserCommand::Unlock { user_name, .. } => self.change(user_name, Change::Unlock).await,
            UserCommand::Disable { user_name, .. } => self.change(user_name, Change::Disable).await,
            UserCommand::Enable { user_name, .. } => {
                self.change(user_name, Change::Restore).await?;
                let (id, _) = self.account(user_name).await?;
                self.new_link(id).await
            }
            UserCommand::ResetSecondFactor { user_name, .. } => {
                self.administer(user_name, &Doing::ResetSecondFactor).await
            }
            UserCommand::RevokeSessions { user_name, .. } => {
                self.administer(user_name, &Doing::RevokeSessions).await
            }
            UserCommand::Grant {
                user_name,
                capacity,
                ..
            } => {
                let (_, account) = self.account(user_name).await?;
                let capacity = self.capacity(capacity).await?;
                must_be_theirs(&capacity, account.person, self.lang)?;
                self.administer(user_name, &Doing::Grant(capacity)).await
            }
            UserCommand::TakeBack {
                user_name, number, ..
            } => {
                let held = self.held(user_name, *number).await?;
                self.administer(user_name, &Doing::TakeBack(held)).await
            }
        }
    }

    fn told(&self, error: ServiceError) -> anyhow::Error {
        office::told(error, self.lang)
    }

    fn say(&self, key: &str, args: &[(&'static str, crate::i18n::Arg)]) -> anyhow::Result<()> {
        let text = t(self.lang, key, args);
        output::write(None, |out| Ok(writeln!(out, "{text}")?))
    }

    async fn list(&self) -> anyhow::Result<()> {
        let accounts = account::list(&self.office, &self.actor, self.now).await;
        let mut table = Table::new();
        table
            .load_style(TableStyle::default())
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(
                ["user-name", "name", "state", "second-factor", "capacities"]
                    .map(|part| t(self.lang, &format!("user-head-{part}"), &[])),
            );
        for one in accounts.map_err(|error| self.told(error))? {
            let row = self.row(&one).await?;
            table.add_row(row);
        }
        output::write(None, |out| Ok(writeln!(out, "{table}")?))
    }

    async fn row(&self, account: &Account) -> anyhow::Result<[String; 5]> {
        let lang = self.lang;
        let state = format!("account-state-{}", account.state.key());
        let factor = match account.second_factor.is_active() {
            true => "user-second-factor-active",
            false => "user-second-factor-none",
        };
        let mut capacities = Vec::new();
        for (at, capacity) in account.capacities.iter().enumerate() {
            let office = refusal::office(lang, capacity.office());
            let place = self.place(capacity).await?;
            capacities.push(
                format!("{}. {office} {place}", at + 1)
                    .trim_end()
                    .to_owned(),
            );
        }
        Ok([
            account.user_name.to_string(),
            account.name.clone(),
            t(lang, &state, &[]),
            t(lang, factor, &[]),
            capacities.join("\n"),
        ])
    }

    /// Where a capacity is held, by the code or name that people know.
    async fn place(&self, capacity: &Capacity) -> anyhow::Result<String> {
        let everywhere = || t(self.lang, "user-everywhere", &[]);
        let mut reader = self.office.store.read().await?;
        Ok(match capacity {
            // whose number it is, is not for a list
            Capacity::Staff { .. } => String::new(),
            Capacity::InstitutionHr { institution } => {
                let codes = subject::codes(&mut reader, &[*institution]).await?;
                codes.get(institution).cloned().unwrap_or_default()
            }
            Capacity::ConsortiumHr { consortium } => {
                let name = locus::consortium_name(&mut reader, *consortium).await?;
                name.unwrap_or_default()
            }
            Capacity::Reviewer { area, .. } => area.to_string(),
            Capacity::Auditor { extent } | Capacity::Administrator { extent } => match extent {
                Extent::Everywhere => everywhere(),
                Extent::Area(area) => area.to_string(),
            },
        })
    }

    async fn invite(
        &self,
        user_name: &str,
        name: &str,
        capacity: &CapacityArgs,
    ) -> anyhow::Result<()> {
        let capacity = self.capacity(capacity).await?;
        let invitation = Invitation {
            user_name,
            name,
            person: person_of(&capacity),
            capacities: vec![capacity],
        };
        let invited = account::invite(&self.office, &self.actor, &invitation, self.now).await;
        let (_, link) = invited.map_err(|error| self.told(error))?;
        self.print_link(&link, user_name)
    }

    /// An account by the name it signs in with.
    async fn account(&self, user_name: &str) -> anyhow::Result<(AccountId, Account)> {
        let wanted = UserName::read(user_name);
        let wanted = wanted.map_err(|refused| self.told(refused.into()))?;
        let accounts = account::list(&self.office, &self.actor, self.now).await;
        let mut accounts = accounts.map_err(|error| self.told(error))?.into_iter();
        let found = accounts.find(|account| account.user_name == wanted);
        let unknown = || anyhow!(t(self.lang, "user-unknown", &[("name", user_name.into())]));
        found
            .map(|account| (account.id, account))
            .ok_or_else(unknown)
    }

    async fn new_link(&self, id: AccountId) -> anyhow::Result<()> {
        let link = account::new_link(&self.office, &self.actor, id, self.now).await;
        let found = account::find(&self.office, &self.actor, id, self.now).await;
        let (account, _) = found.map_err(|error| self.told(error))?;
        let link = link.map_err(|error| self.told(error))?;
        self.print_link(&link, account.user_name.as_str())
    }

    /// The one time that the address is shown.
    fn print_link(&self, link: &SecretToken, user_name: &str) -> anyhow::Result<()> {
        let address = account::link_address(&self.config.public_url.page(""), link);
        self.say("user-link", &[("name", user_name.into())])?;
        output::write(None, |out| Ok(writeln!(out, "{}", address.as_str())?))
    }

    async fn change(&self, user_name: &str, change: Change) -> anyhow::Result<()> {
        self.administer(user_name, &Doing::Change(change)).await
    }

    async fn administer(&self, user_name: &str, doing: &Doing) -> anyhow::Result<()> {
        let (id, account) = self.account(user_name).await?;
        let Self {
            office, actor, now, ..
        } = self;
        let done = account::administer(office, actor, id, account.version, doing, *now).await;
        done.map_err(|error| self.told(error))?;
        let (_, after) = self.account(user_name).await?;
        let state = t(
            self.lang,
            &format!("account-state-{}", after.state.key()),
            &[],
        );
        let args = [("name", user_name.into()), ("state", state.into())];
        self.say("user-done", &args)
    }

    /// The capacity that the list shows with a number.
    async fn held(&self, user_name: &str, number: usize) -> anyhow::Result<CapacityId> {
        let (id, _) = self.account(user_name).await?;
        let found = account::find(&self.office, &self.actor, id, self.now).await;
        let (_, held) = found.map_err(|error| self.told(error))?;
        let found = number.checked_sub(1).and_then(|at| held.get(at));
        let args = [("name", user_name.into()), ("number", number.into())];
        let unknown = || anyhow!(t(self.lang, "user-no-capacity", &args));
        found.map(|held| held.id).ok_or_else(unknown)
    }

    /// What the arguments say somebody may act as.
    async fn capacity(&self, args: &CapacityArgs) -> anyhow::Result<Capacity> {
        let lang = self.lang;
        let role = word(Role::ALL, |role| role.key(), &args.role);
        let role = role.ok_or_else(|| anyhow!(t(lang, "user-bad-role", &[])))?;
        self.only_what_it_takes(role, args)?;
        let needs = |argument: &str| {
            let args = [
                ("argument", argument.into()),
                ("role", role_word(role, lang).into()),
            ];
            anyhow!(t(lang, "user-needs", &args))
        };
        Ok(match role {
            Role::Staff => Capacity::Staff {
                person: match &args.of_person {
                    Some(text) => self.person(text).await?,
                    None => return Err(needs("--person")),
                },
                home: None,
            },
            Role::InstitutionHr => Capacity::InstitutionHr {
                institution: match &args.of_institution {
                    Some(code) => self.institution(code).await?,
                    None => return Err(needs("--institution")),
                },
            },
            Role::ConsortiumHr => {
                let name = args
                    .consortium
                    .as_ref()
                    .ok_or_else(|| needs("--consortium"))?;
                let id = account::consortium(&self.office, &self.actor, name, self.now).await;
                Capacity::ConsortiumHr {
                    consortium: id.map_err(|error| self.told(error))?,
                }
            }
            Role::Reviewer => {
                let of = args
                    .authority
                    .as_ref()
                    .ok_or_else(|| needs("--authority"))?;
                let authority = word(Authority::ALL, |one| one.key(), of);
                let tier = word(Tier::ALL, |one| one.key(), &args.tier);
                let area = args.area.as_ref().ok_or_else(|| needs("--area"))?;
                Capacity::Reviewer {
                    authority: authority.ok_or_else(|| needs("--authority"))?,
                    tier: tier.ok_or_else(|| needs("--tier"))?,
                    area: self.area(area)?,
                }
            }
            Role::Auditor => Capacity::Auditor {
                extent: self.extent(args.area.as_deref())?,
            },
            Role::Administrator => Capacity::Administrator {
                extent: self.extent(args.area.as_deref())?,
            },
        })
    }

    /// An argument that a role has no use for is a mistake: it may have been meant to
    /// narrow what the role reaches.
    fn only_what_it_takes(&self, role: Role, args: &CapacityArgs) -> anyhow::Result<()> {
        let takes = match role {
            Role::Staff => &["--person"][..],
            Role::InstitutionHr => &["--institution"],
            Role::ConsortiumHr => &["--consortium"],
            Role::Reviewer => &["--authority", "--area"],
            Role::Auditor | Role::Administrator => &["--area"],
        };
        let given = [
            ("--person", &args.of_person),
            ("--institution", &args.of_institution),
            ("--consortium", &args.consortium),
            ("--authority", &args.authority),
            ("--area", &args.area),
        ];
        for (argument, value) in given {
            if value.is_some() && !takes.contains(&argument) {
                let role = role_word(role, self.lang);
                let args = [("argument", argument.into()), ("role", role.into())];
                bail!(t(self.lang, "user-does-not-take", &args));
            }
        }
        Ok(())
    }

    fn extent(&self, area: Option<&str>) -> anyhow::Result<Extent> {
        match area {
            Some(code) => Ok(Extent::Area(self.area(code)?)),
            None => Ok(Extent::Everywhere),
        }
    }

    fn area(&self, code: &str) -> anyhow::Result<AreaCode> {
        let area = code.parse::<AreaCode>();
        area.map_err(|_| anyhow!(t(self.lang, "user-bad-area", &[("code", code.into())])))
    }

    async fn institution(&self, code: &str) -> anyhow::Result<InstitutionId> {
        let mut reader = self.office.store.read().await?;
        let found = locus::with_code(&mut reader, code).await?;
        found.ok_or_else(|| {
            anyhow!(t(
                self.lang,
                "user-no-institution",
                &[("code", code.into())]
            ))
        })
    }

    /// A person by identity number, which `-` asks for: what stands on the command line can
    /// be seen by others on the machine.
    async fn person(&self, text: &str) -> anyhow::Result<PersonId> {
        let unknown = || anyhow!(t(self.lang, "user-no-person", &[]));
        if let Ok(id) = text.parse::<PersonId>() {
            return Ok(id);
        }
        let asked = match text {
            "-" => self.ask_number()?,
            given => given.to_owned(),
        };
        let number = NationalId::read(asked.trim()).map_err(|_| unknown())?;
        let hash = self.office.vault.ring().lookup_national_id(&number);
        let mut reader = self.office.store.read().await?;
        let found: Option<(Id<Person>, _)> = subject::with_hash(&mut reader, &hash).await?;
        found.map(|(id, _)| id).ok_or_else(unknown)
    }

    fn ask_number(&self) -> anyhow::Result<String> {
        if std::io::stdin().is_terminal() {
            eprint!("{}", t(self.lang, "user-ask-number", &[]));
        }
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        Ok(line)
    }
}

fn person_of(capacity: &Capacity) -> Option<PersonId> {
    match capacity {
        Capacity::Staff { person, .. } => Some(*person),
        _ => None,
    }
}

/// The file of a person goes with the account of that person only.
fn must_be_theirs(capacity: &Capacity, person: Option<PersonId>, lang: Lang) -> anyhow::Result<()> {
    match person_of(capacity) {
        Some(own) if person != Some(own) => bail!(t(lang, "user-not-theirs", &[])),
        _ => Ok(()),
    }
}

fn role_word(role: Role, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => role.label().to_owned(),
        Lang::En => role.key().to_owned(),
    }
}

fn word<T: Copy>(all: &[T], key: impl Fn(T) -> &'static str, wanted: &str) -> Option<T> {
    all.iter().copied().find(|one| key(*one) == wanted)
}
