//! Messages leave: claimed, sent with no transaction open, then marked. One that was sent and
//! not marked is sent again with the same Message-ID; nothing is dropped. Addresses are
//! looked up when a message leaves, so that a corrected one counts for what waits.

use super::reminder::{Directory, Names, Raised, Said, Told, kinds, reasons, sample, words};
use super::trail::{Told as Event, tell};
use super::{Office, ServiceError, Vault, reminder};
use crate::domain::account::State;
use crate::domain::audit::{About, Occurrence, Source, What, Who};
use crate::domain::ids::AreaCode;
use crate::domain::record::Id;
use crate::domain::record::When;
use crate::domain::record_id::{AccountId, InstitutionId, PersonId};
use crate::domain::refusal::Refusal;
use crate::domain::reminder::{Bundle, Event as Matter, Facts, Kind};
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::secret::{Sealed, SecretField};
use crate::domain::staff::Profile;
use crate::domain::time::{Date, Timestamp};
use crate::i18n::{Lang, t};
use crate::mail::{Fault, Item, Letter, Post, Retry, Robot, Speech};
use crate::service::promotion::calendar_of;
use crate::service::secret::Cell;
use crate::store::dated::{self, Of};
use crate::store::outbox;
pub use crate::store::outbox::{Delivery, Look, Message};
use crate::store::preference;
use crate::store::preference::Language;
use crate::store::reminder as kept;
use crate::store::webhook;
pub use crate::store::webhook::{Style, Webhook};
use crate::store::{Reader, Store, StoreError, Tx, Write, account, locus};
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Messages claimed at a time, and how many of them are on their way at once.
const TOGETHER: u32 = 16;
const AT_ONCE: usize = 4;
/// Rounds in one run: the next run comes soon.
const ROUNDS: u32 = 64;
/// More than any send takes, beside what the time-outs allow.
const SLACK: Duration = Duration::from_secs(120);
/// The first pause before another try; each is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(30 * 60);
/// After so long nobody tries any more, until somebody sends it again.
const PATIENCE: Duration = Duration::from_secs(3 * 24 * 3600);

/// Sends what is due: how many messages were taken.
pub async fn dispatch(office: &Office, holder: &str, now: Timestamp) -> Result<u64, ServiceError> {
    let mut sent = 0;
    for _ in 0..ROUNDS {
        let claimed = office
            .store
            .write(Claim {
                office,
                holder,
                now,
            })
            .await?;
        if claimed.is_empty() {
            break;
        }
        let round = Round {
            office,
            holder,
            now,
            down: AtomicBool::new(false),
        };
        let results = stream::iter(claimed)
            .map(|message| round.deliver(message))
            .buffer_unordered(AT_ONCE);
        let results: Vec<Result<bool, ServiceError>> = results.collect().await;
        for result in results {
            sent += u64::from(result?);
        }
        if round.down.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(sent)
}

struct Claim<'a> {
    office: &'a Office,
    holder: &'a str,
    now: Timestamp,
}

impl Write for Claim<'_> {
    type Out = Vec<Message>;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Vec<Message>, ServiceError> {
        let until = self
            .now
            .plus(self.office.post.longest(TOGETHER, AT_ONCE) + SLACK);
        Ok(outbox::claim(tx, self.holder, self.now, until, TOGETHER).await?)
    }
}

/// What leaves for one message.
enum Parcel {
    Mail(Box<Letter>),
    Post(Robot, String),
    /// It is for whoever a person or an institution has: a message for each of them.
    Spread(Vec<Raised>),
}

struct Round<'a> {
    office: &'a Office,
    holder: &'a str,
    now: Timestamp,
    /// A host could not be reached: the others would not be either.
    down: AtomicBool,
}

impl Round<'_> {
    /// Sends one message: whether it was taken.
    async fn deliver(&self, message: Message) -> Result<bool, ServiceError> {
        if self.down.load(Ordering::Relaxed) {
            self.mark(&message, Mark::Release(self.now.plus(FIRST_PAUSE)))
                .await?;
            return Ok(false);
        }
        let parcel = self.pack(&message).await?;
        let result = match &parcel {
            Ok(Parcel::Mail(letter)) => self.office.post.send(letter).await,
            Ok(Parcel::Post(robot, text)) => {
                let millis = self.now.unix_millis();
                self.office.post.post(robot, text, millis).await
            }
            Ok(Parcel::Spread(_)) => Ok(()),
            Err(fault) => Err(fault.clone()),
        };
        let fault = match result {
            Ok(()) => {
                let raised = match &parcel {
                    Ok(Parcel::Spread(raised)) => raised.as_slice(),
                    _ => &[],
                };
                self.mark(&message, Mark::Sent(raised)).await?;
                return Ok(true);
            }
            Err(fault) => fault,
        };
        if fault.retry == Retry::Unreachable {
            self.down.store(true, Ordering::Relaxed);
        }
        let again = self.again(&message, fault.retry);
        tracing::warn!(message = %message.id, fault = fault.message, "a message was not sent");
        self.mark(&message, Mark::Failed(again, &fault.message))
            .await?;
        Ok(false)
    }

    /// When it is tried again; `None` = not by itself.
    fn again(&self, message: &Message, retry: Retry) -> Option<Timestamp> {
        if retry == Retry::Never || self.now.since(message.created_at) >= PATIENCE {
            return None;
        }
        let doubled = message.attempts.saturating_sub(1).min(16);
        let pause = (FIRST_PAUSE * 2u32.pow(doubled)).min(LONGEST_PAUSE);
        // those that failed together do not come back together
        let [byte] = self.office.chance.bytes::<1>();
        let jitter = pause * (u32::from(byte) + 256 + 128) / 512;
        Some(self.now.plus(jitter))
    }

    async fn mark(&self, message: &Message, mark: Mark<'_>) -> Result<(), ServiceError> {
        let marking = Marking {
            office: self.office,
            holder: self.holder,
            now: self.now,
            message,
            mark,
        };
        match self.office.store.write(marking).await {
            // the claim ran out, and another instance has it: it will be marked there
            Err(ServiceError::Store(StoreError::RowsAffected { .. })) => {
                tracing::warn!(message = %message.id, "a claim ran out before it was marked");
                Ok(())
            }
            other => other,
        }
    }

    async fn pack(&self, message: &Message) -> Result<Result<Parcel, Fault>, ServiceError> {
        let mut reader = self.office.store.snapshot().await?;
        let (whose, id) = message.recipient.split_once(':').unwrap_or_default();
        match whose {
            "account" => match id.parse() {
                Ok(id) => self.letter(&mut reader, message, id).await,
                Err(_) => Ok(Err(never("no such recipient"))),
            },
            "webhook" => match id.parse() {
                Ok(id) => self.robot(&mut reader, message, id).await,
                Err(_) => Ok(Err(never("no such recipient"))),
            },
            "person" | "institution" => self.spread(&mut reader, message).await,
            _ => Ok(Err(never("no such recipient"))),
        }
    }

    async fn letter(
        &self,
        reader: &mut Reader,
        message: &Message,
        id: AccountId,
    ) -> Result<Result<Parcel, Fault>, ServiceError> {
        let today = self.now.shanghai_day();
        let owner = account::find(reader, id).await?;
        let Some(owner) = owner.filter(|owner| owner.state == State::Active) else {
            return Ok(Err(never("the account is not in use")));
        };
        let wishes = preference::find(reader, id).await?;
        let own = address(reader, owner.person, today).await?;
        let Some(to) = wishes.mail.or(own) else {
            return Ok(Err(never("no mail address is known")));
        };
        let lang = lang(wishes.language);
        let found = kept::of_message(reader, message.id).await?;
        let told = Told::all(self.office, reader, found, today, lang).await?;
        if told.is_empty() {
            return Ok(Err(never("what it told is gone")));
        }
        let mut opening = t(
            lang,
            "mail-greeting",
            &[("name", owner.name.as_str().into())],
        );
        if let Some(away) = told.iter().find_map(|one| one.reminder.instead_of) {
            let away = account::find(reader, away).await?;
            let name = away.map_or_else(String::new, |away| away.name);
            opening.push(' ');
            opening.push_str(&t(lang, "mail-instead", &[("name", name.into())]));
        }
        let post = &self.office.post;
        let told = told.iter().map(|one| {
            let item = one.item(|page| post.page(page));
            (one.reminder.kind, item)
        });
        let told: Vec<(Kind, Item)> = told.collect();
        let id = format!("{}@{}", message.id, post.domain());
        let letter = telling(post, id, to, lang, opening, told);
        Ok(Ok(Parcel::Mail(Box::new(letter))))
    }

    async fn robot(
        &self,
        reader: &mut Reader,
        message: &Message,
        id: Id<Webhook>,
    ) -> Result<Result<Parcel, Fault>, ServiceError> {
        let Some(webhook) = webhook::find(reader, id).await? else {
            return Ok(Err(never("the robot was removed")));
        };
        let Some(robot) = open(&self.office.vault, &webhook) else {
            return Ok(Err(never("the address of the robot cannot be opened")));
        };
        let said = Said::read(&message.body);
        let body: Value = serde_json::from_str(&message.body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let institution = text("institution").parse().ok();
        let today = self.now.shanghai_day();
        let about: Date = text("about").parse().unwrap_or(today);
        let names = Names::read(reader, None, None, institution, today).await?;
        let Some(kind) = Kind::from_key(&message.kind) else {
            return Ok(Err(never("no such kind")));
        };
        let lang = Lang::ZhCn;
        let because = reasons(&self.office.rulebook, &said.because, lang);
        let words = words(kind, &said.facts, &because, &names, about, lang);
        let mut lines = vec![words.title];
        lines.extend(words.lines);
        lines.push(self.office.post.page(&said.page));
        Ok(Ok(Parcel::Post(robot, lines.join("\n"))))
    }

    /// What became of an application, for the accounts that its person and its institution
    /// have now.
    async fn spread(
        &self,
        reader: &mut Reader,
        message: &Message,
    ) -> Result<Result<Parcel, Fault>, ServiceError> {
        let body: Value = serde_json::from_str(&message.body).unwrap_or_default();
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let today = self.now.shanghai_day();
        let (whose, _) = message.recipient.split_once(':').unwrap_or_default();
        let institution: Option<InstitutionId> = text("institution").parse().ok();
        let person: Option<PersonId> = text("person").parse().ok();
        let (Some(institution), Some(person)) = (institution, person) else {
            return Ok(Err(never("it names nobody")));
        };
        let place = locus::of_institution(reader, institution, today).await?;
        let state = text("state");
        let kind = match state {
            "draft" | "institution_review" | "review" => Kind::ApplicationReturned,
            _ => Kind::ApplicationDecided,
        };
        let matter = Matter {
            kind,
            subject: message.key.clone(),
            about: message.created_at.shanghai_day(),
            person: Some(person),
            institution: Some(institution),
            area: place.area,
            facts: Facts::from([
                ("asked", text("kind").to_owned()),
                ("state", state.to_owned()),
                ("rank", text("rank").to_owned()),
            ]),
            because: Vec::new(),
            page: format!("/applications/{}", text("application")),
            holder: None,
        };
        let watch = reminder::Watch {
            office: self.office,
            calendar: calendar_of(reader).await?,
            directory: Directory::load(reader, today).await?,
            // what waited to be spread is as new as on the day it was written
            today: message.created_at.shanghai_day(),
            now: self.now,
        };
        let only = match whose {
            "person" => crate::domain::reminder::Audience::Person,
            _ => crate::domain::reminder::Audience::Institution,
        };
        let raised = watch.raise_to(reader, matter, &place, only).await?;
        Ok(Ok(Parcel::Spread(raised)))
    }
}

fn never(message: &str) -> Fault {
    Fault {
        retry: Retry::Never,
        message: message.to_owned(),
    }
}

const fn lang(language: Language) -> Lang {
    match language {
        Language::Chinese => Lang::ZhCn,
        Language::English => Lang::En,
    }
}

/// The address in somebody's own file.
async fn address(
    reader: &mut Reader,
    person: Option<PersonId>,
    today: Date,
) -> Result<Option<String>, ServiceError> {
    let Some(person) = person else {
        return Ok(None);
    };
    let rows = dated::at::<Profile>(reader, Of::These(&[person]), When::on(today)).await?;
    Ok(rows.into_iter().next().and_then(|row| row.fact.email))
}

/// What becomes of a claimed message.
enum Mark<'a> {
    /// It was taken; or these are to be sent in its place.
    Sent(&'a [Raised]),
    Failed(Option<Timestamp>, &'a str),
    Release(Timestamp),
}

struct Marking<'a> {
    office: &'a Office,
    holder: &'a str,
    now: Timestamp,
    message: &'a Message,
    mark: Mark<'a>,
}

impl Write for Marking<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let Self {
            office,
            holder,
            now,
            message,
            ..
        } = *self;
        match &self.mark {
            Mark::Release(again) => outbox::release(tx, message.id, holder, *again).await?,
            Mark::Failed(again, fault) => {
                outbox::failed(tx, message.id, holder, now, *again, fault).await?;
            }
            Mark::Sent(raised) => {
                outbox::sent(tx, message.id, holder, now).await?;
                for one in *raised {
                    one.write(tx).await?;
                }
                let who = Who::other(Source::Clock, "dinggang");
                let about = About {
                    noun: "message".to_owned(),
                    id: message.id.to_string(),
                    ..About::default()
                };
                let told = Event {
                    after: Some(json!({
                        "kind": message.kind,
                        "recipient": message.recipient,
                        "attempts": message.attempts,
                    })),
                    ..Event::new(&who, What::Occurrence(Occurrence::Sent), about)
                };
                tell(office, tx, told, now).await?;
            }
        }
        Ok(())
    }
}

/// Puts what waits for a digest into one message for each account that has no day off: how
/// many.
pub async fn digest(office: &Office, bundle: Bundle, now: Timestamp) -> Result<u64, ServiceError> {
    let mut reader = office.store.read().await?;
    let today = now.shanghai_day();
    let working = calendar_of(&mut reader).await?.is_working(today);
    let waiting = kept::waiting(&mut reader, bundle).await?;
    let mut made = 0;
    for account in waiting {
        let quiet = preference::find(&mut reader, account).await?.quiet;
        if quiet && !working {
            continue;
        }
        let digest = Digest {
            office,
            bundle,
            account,
            now,
        };
        made += u64::from(office.store.write(digest).await?);
    }
    Ok(made)
}

struct Digest<'a> {
    office: &'a Office,
    bundle: Bundle,
    account: AccountId,
    now: Timestamp,
}

impl Write for Digest<'_> {
    type Out = bool;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<bool, ServiceError> {
        let id: Id<Message> = self.office.chance.id(self.now);
        if kept::bundle_up(tx, self.account, self.bundle, id).await? == 0 {
            return Ok(false);
        }
        let message = Message {
            id,
            key: format!("digest:{id}"),
            kind: "digest".to_owned(),
            recipient: format!("account:{}", self.account),
            body: json!({ "bundle": self.bundle.key() }).to_string(),
            created_at: self.now,
            attempts: 0,
            fault: None,
        };
        Ok(outbox::append(tx, &message, self.now).await?)
    }
}

/// Messages, newest first, and whether mails really leave.
pub async fn messages(
    office: &Office,
    actor: &Actor,
    before: Option<Id<Message>>,
    delivery: Option<Delivery>,
    most: u32,
) -> Result<Vec<Look>, ServiceError> {
    permit(actor, Action::ManageMail, &Subject::Installation)?;
    let mut reader = office.store.read().await?;
    Ok(outbox::latest(&mut reader, before, delivery, most).await?)
}

/// One message with what it told.
pub async fn message(
    office: &Office,
    actor: &Actor,
    id: Id<Message>,
    lang: Lang,
    now: Timestamp,
) -> Result<(Look, Vec<Told>), ServiceError> {
    permit(actor, Action::ManageMail, &Subject::Installation)?;
    let mut reader = office.store.snapshot().await?;
    let found = outbox::find(&mut reader, id).await?;
    let found = found.ok_or(ServiceError::NotFound)?;
    let all = kept::of_message(&mut reader, id).await?;
    let told = Told::all(office, &mut reader, all, now.shanghai_day(), lang).await?;
    Ok((found, told))
}

/// Sends a message again that was given up.
///
/// Not found: there is none with that identifier that was given up.
pub async fn resend(
    office: &Office,
    actor: &Actor,
    id: Id<Message>,
    now: Timestamp,
) -> Result<(), ServiceError> {
    permit(actor, Action::ManageMail, &Subject::Installation)?;
    office
        .store
        .write(Resend {
            office,
            actor,
            id,
            now,
        })
        .await
}

struct Resend<'a> {
    office: &'a Office,
    actor: &'a Actor,
    id: Id<Message>,
    now: Timestamp,
}

impl Write for Resend<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let found = outbox::find(tx, self.id).await?;
        let given_up = found.filter(|one| one.delivery() == Delivery::GivenUp);
        given_up.ok_or(ServiceError::NotFound)?;
        outbox::resend(tx, self.id, self.now).await?;
        let who = Who::actor(self.actor);
        let told = Event::new(
            &who,
            What::Action(Action::ManageMail),
            about("message", &self.id.to_string()),
        );
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}

/// A letter that tells some reminders.
fn telling(
    post: &Post,
    message_id: String,
    to: String,
    lang: Lang,
    opening: String,
    told: Vec<(Kind, Item)>,
) -> Letter {
    let required = |kind: Kind| {
        let mut rules = kinds().iter();
        rules.any(|rule| rule.kind == kind && rule.required)
    };
    let some_required = told.iter().any(|(kind, _)| required(*kind));
    let all_required = told.iter().all(|(kind, _)| required(*kind));
    let mut closing = vec![t(lang, "mail-closing", &[])];
    if all_required {
        closing.push(t(lang, "mail-required-all", &[]));
    } else if some_required {
        closing.push(t(lang, "mail-required", &[]));
    }
    let items: Vec<Item> = told.into_iter().map(|(_, item)| item).collect();
    let subject = match items.as_slice() {
        [one] => t(
            lang,
            "mail-subject-one",
            &[("title", one.title.as_str().into())],
        ),
        several => t(
            lang,
            "mail-subject-digest",
            &[("count", several.len().into())],
        ),
    };
    Letter {
        message_id,
        to,
        lang,
        subject,
        opening,
        items,
        closing,
        unsubscribe: (!all_required).then(|| post.page("/reminders/preference")),
    }
}

/// A letter of each kind, about people who do not exist: what mails look like.
pub fn samples(post: &Post, to: &str, lang: Lang, now: Timestamp) -> Vec<(Kind, Letter)> {
    let greeted = lang.pick("示例", "Sample");
    let opening = t(lang, "mail-greeting", &[("name", greeted.into())]);
    let all = sample::all(lang, now.shanghai_day()).into_iter();
    let letters = all.map(|(kind, words)| {
        let item = Item {
            title: words.title,
            lines: words.lines,
            link: post.page("/"),
        };
        let id = format!("{}-{}@{}", kind.key(), lang.tag(), post.domain());
        let told = vec![(kind, item)];
        let letter = telling(post, id, to.to_owned(), lang, opening.clone(), told);
        (kind, letter)
    });
    letters.collect()
}

fn about(noun: &str, id: &str) -> About {
    About {
        noun: noun.to_owned(),
        id: id.to_owned(),
        ..About::default()
    }
}

/// Sends a mail that says nothing but that it came, at once.
///
/// The inner error is what the mail server said.
pub async fn test(
    office: &Office,
    actor: &Actor,
    to: &str,
    lang: Lang,
    now: Timestamp,
) -> Result<Result<(), Fault>, ServiceError> {
    permit(actor, Action::ManageMail, &Subject::Installation)?;
    let id: Id<Message> = office.chance.id(now);
    let letter = Letter {
        message_id: format!("{id}@{}", office.post.domain()),
        to: to.to_owned(),
        lang,
        subject: t(lang, "mail-test-subject", &[]),
        opening: t(lang, "mail-test-opening", &[]),
        items: vec![Item {
            title: t(lang, "mail-test-title", &[]),
            lines: vec![t(
                lang,
                "mail-test-line",
                &[("host", office.post.page("").into())],
            )],
            link: office.post.page("/"),
        }],
        closing: vec![t(lang, "mail-closing", &[])],
        unsubscribe: None,
    };
    Ok(office.post.send(&letter).await)
}

/// A robot as somebody enters it.
#[derive(Clone, Debug)]
pub struct NewRobot<'a> {
    pub name: &'a str,
    pub style: Style,
    pub url: &'a str,
    pub secret: Option<&'a str>,
    pub institution: Option<InstitutionId>,
    pub area: Option<AreaCode>,
}

/// Adds a robot of a group chat.
///
/// Refused: [`Refusal::HostNotAllowed`].
pub async fn add_robot(
    office: &Office,
    actor: &Actor,
    robot: &NewRobot<'_>,
    now: Timestamp,
) -> Result<Webhook, ServiceError> {
    permit(actor, Action::ManageMail, &Subject::Installation)?;
    if office.post.hooks.admit(robot.url).is_none() {
        return Err(Refusal::HostNotAllowed.into());
    }
    let id: Id<Webhook> = office.chance.id(now);
    let seal = |text: &str| office.vault.seal_for(cell(&id), text);
    let webhook = Webhook {
        id,
        name: robot.name.to_owned(),
        style: robot.style,
        url: seal(robot.url),
        secret: robot.secret.map(seal),
        institution: robot.institution,
        area: robot.area,
        created_at: now,
    };
    let change = ChangeRobot {
        office,
        actor,
        add: Some(&webhook),
        id,
        now,
    };
    office.store.write(change).await?;
    Ok(webhook)
}

/// Removes a robot.
pub async fn remove_robot(
    office: &Office,
    actor: &Actor,
    id: Id<Webhook>,
    now: Timestamp,
) -> Result<(), ServiceError> {
    permit(actor, Action::ManageMail, &Subject::Installation)?;
    let change = ChangeRobot {
        office,
        actor,
        add: None,
        id,
        now,
    };
    office.store.write(change).await
}

/// Every robot; addresses and keys stay sealed.
pub async fn robots(office: &Office, actor: &Actor) -> Result<Vec<Webhook>, ServiceError> {
    permit(actor, Action::ManageMail, &Subject::Installation)?;
    let mut reader = office.store.read().await?;
    Ok(webhook::all(&mut reader).await?)
}

struct ChangeRobot<'a> {
    office: &'a Office,
    actor: &'a Actor,
    /// `None` = it is removed.
    add: Option<&'a Webhook>,
    id: Id<Webhook>,
    now: Timestamp,
}

impl Write for ChangeRobot<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        match self.add {
            Some(webhook) => webhook::add(tx, webhook).await?,
            None if webhook::remove(tx, self.id, self.now).await? => {}
            None => return Err(ServiceError::NotFound),
        }
        let who = Who::actor(self.actor);
        let told = Event {
            after: self
                .add
                .map(|one| json!({ "name": one.name, "style": one.style.key() })),
            ..Event::new(
                &who,
                What::Action(Action::ManageMail),
                about("webhook", &self.id.to_string()),
            )
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}

fn cell(id: &Id<Webhook>) -> Cell<'_> {
    Cell {
        field: SecretField::Webhook,
        owner: id.bytes(),
    }
}

fn open(vault: &Vault, webhook: &Webhook) -> Option<Robot> {
    let ring = vault.ring();
    let opened = |sealed: &Sealed| ring.open(cell(&webhook.id), sealed).ok();
    let secret = match &webhook.secret {
        Some(sealed) => Some(opened(sealed)?.to_string()),
        None => None,
    };
    Some(Robot {
        speech: match webhook.style {
            Style::DingTalk => Speech::DingTalk,
            Style::WeCom => Speech::WeCom,
        },
        url: opened(&webhook.url)?.to_string(),
        secret,
    })
}

/// Seals the addresses of robots with the newest key: how many.
pub(super) async fn renew_robots(store: &Store, vault: &Vault) -> Result<u64, ServiceError> {
    store.write(RenewRobots { vault }).await
}

struct RenewRobots<'a> {
    vault: &'a Vault,
}

impl Write for RenewRobots<'_> {
    type Out = u64;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, ServiceError> {
        let mut renewed = 0;
        for webhook in webhook::all(tx).await? {
            if !self.vault.ring().is_outdated(&webhook.url) {
                continue;
            }
            let Some(robot) = open(self.vault, &webhook) else {
                continue;
            };
            let seal = |text: &str| self.vault.seal_for(cell(&webhook.id), text);
            let secret = robot.secret.as_deref().map(seal);
            webhook::renew(tx, webhook.id, &seal(&robot.url), secret.as_ref()).await?;
            renewed += 1;
        }
        Ok(renewed)
    }
}
