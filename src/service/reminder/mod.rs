//! Reminders: looks everything through for what people are to be told of, and tells each of
//! them once. What there is to tell follows from the same figures as the screens.
//!
//! An institution is looked through alone and its reminders are written with the mark that it
//! was: a look that is cut short is taken up where it stopped, and one that is done twice
//! tells nothing twice.

mod gather;
mod people;
mod reason;
pub mod sample;
mod view;

pub(super) use people::Directory;
pub(super) use reason::reasons;
pub use view::{Coming, Said, Told, Words, coming, kinds, mine, of_person, of_scope, preview};
pub(super) use view::{Names, ahead, counties, event_words, is_for, words};

use super::promotion::calendar_of;
use super::{Office, ServiceError};
use crate::domain::calendar::Calendar;
use crate::domain::ids::AreaCode;
use crate::domain::record::{Id, When};
use crate::domain::record_id::{AccountId, InstitutionId};
use crate::domain::reminder::{self, Audience, Bundle, Event, Lead, Rule, after_quiet};
use crate::domain::rights::Locus;
use crate::domain::time::{Date, Timestamp};
use crate::policy::reminder::kinds as rules;
use crate::store::outbox::{self, Message};
use crate::store::register::{Part, part};
pub use crate::store::reminder::Reminder as Kept;
use crate::store::reminder::{self as kept, Mark, Reminder};
use crate::store::{Reader, Tx, Write};
use gather::Look;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

/// The hour of a working day at which waits what comes on a quiet day.
const MORNING: Duration = Duration::from_secs(8 * 3600);

/// What a look needs besides the records of an institution.
pub(super) struct Watch<'a> {
    pub office: &'a Office,
    pub calendar: Calendar,
    pub directory: Directory,
    pub today: Date,
    pub now: Timestamp,
}

impl<'a> Watch<'a> {
    /// Loads it.
    pub async fn load(office: &'a Office, now: Timestamp) -> Result<Self, ServiceError> {
        let mut reader = office.store.snapshot().await?;
        let today = now.shanghai_day();
        Ok(Self {
            office,
            calendar: calendar_of(&mut reader).await?,
            directory: Directory::load(&mut reader, today).await?,
            today,
            now,
        })
    }
}

/// Looks everything through: how many reminders were made. Do it as often as you like.
pub async fn look(office: &Office, now: Timestamp) -> Result<u64, ServiceError> {
    let watch = Watch::load(office, now).await?;
    let mut reader = office.store.read().await?;
    let on = When::on(watch.today);
    let institutions = part::institutions(&mut reader, &Part::Whole, on).await?;
    drop(reader);
    let mut made = 0;
    let mut counties = BTreeSet::new();
    for id in institutions {
        made += watch.institution(id, &mut counties).await?;
    }
    let mut reader = office.store.snapshot().await?;
    counties.extend(gather::other_counties(&mut reader, on).await?);
    drop(reader);
    for county in counties {
        made += watch.county(county).await?;
    }
    Ok(made)
}

impl Watch<'_> {
    /// Looks one institution through.
    async fn institution(
        &self,
        id: InstitutionId,
        counties: &mut BTreeSet<AreaCode>,
    ) -> Result<u64, ServiceError> {
        let mut reader = self.office.store.snapshot().await?;
        let subject = format!("institution:{id}");
        let mark = kept::marked(&mut reader, &subject).await?;
        let mut look = Look::begin(self, &mut reader, mark).await?;
        let locus = look.institution(&mut reader, id).await?;
        counties.extend(locus.area.map(AreaCode::county));
        let raised = self.raise(&mut reader, look.events, &locus).await?;
        drop(reader);
        self.keep(subject, mark, look.mark, raised).await
    }

    /// Looks through what lies in a county outside its institutions.
    async fn county(&self, area: AreaCode) -> Result<u64, ServiceError> {
        let mut reader = self.office.store.snapshot().await?;
        let subject = format!("area:{area}");
        let mark = kept::marked(&mut reader, &subject).await?;
        let mut look = Look::begin(self, &mut reader, mark).await?;
        let places = look.county(&mut reader, area).await?;
        let mut raised = Vec::new();
        for (event, locus) in look.events.into_iter().zip(places) {
            raised.extend(self.raise(&mut reader, vec![event], &locus).await?);
        }
        drop(reader);
        self.keep(subject, mark, look.mark, raised).await
    }

    async fn keep(
        &self,
        subject: String,
        before: Option<Mark>,
        after: Mark,
        raised: Vec<Raised>,
    ) -> Result<u64, ServiceError> {
        if before == Some(after) && raised.is_empty() {
            return Ok(0);
        }
        let keep = Keep {
            subject: &subject,
            before,
            after,
            raised: &raised,
        };
        self.office.store.write(keep).await
    }

    /// What of some events is due today, for whom.
    pub(super) async fn raise(
        &self,
        reader: &mut Reader,
        events: Vec<Event>,
        locus: &Locus,
    ) -> Result<Vec<Raised>, ServiceError> {
        let due = events.into_iter().filter_map(|event| {
            let rule = rules().iter().find(|rule| rule.kind == event.kind)?;
            let (lead, _) = rule.due(event.about, self.today, &self.calendar)?;
            Some((event, rule, lead))
        });
        let due: Vec<(Event, &Rule, Lead)> = due.collect();
        let people = due.iter().filter_map(|(event, ..)| event.person).collect();
        let staff = self.directory.staff(reader, people).await?;
        let mut raised = Vec::new();
        for (event, rule, lead) in due {
            let mut told = BTreeSet::new();
            for audience in &rule.audience {
                told.extend(self.directory.accounts(*audience, &event, locus, &staff));
            }
            for account in told {
                raised.extend(self.one(reader, &event, rule, lead, account).await?);
            }
            let of_nobody = event.person.is_none() && !event.facts.contains_key("doctor");
            if rule.audience.contains(&Audience::Institution) && of_nobody {
                raised.extend(self.robots(&event, lead, locus));
            }
        }
        Ok(raised)
    }

    /// A reminder of one matter to one audience, whatever its rule says of others.
    pub(super) async fn raise_to(
        &self,
        reader: &mut Reader,
        event: Event,
        locus: &Locus,
        audience: Audience,
    ) -> Result<Vec<Raised>, ServiceError> {
        let Some(rule) = rules().iter().find(|rule| rule.kind == event.kind) else {
            return Ok(Vec::new());
        };
        let staff = event.person.into_iter().collect();
        let staff = self.directory.staff(reader, staff).await?;
        let mut raised = Vec::new();
        for account in self.directory.accounts(audience, &event, locus, &staff) {
            let one = self.one(reader, &event, rule, Lead::Days(0), account);
            raised.extend(one.await?);
        }
        Ok(raised)
    }

    /// A reminder for one account, or for whoever stands in.
    async fn one(
        &self,
        reader: &mut Reader,
        event: &Event,
        rule: &Rule,
        lead: Lead,
        account: AccountId,
    ) -> Result<Option<Raised>, ServiceError> {
        let own = self.directory.preference(reader, account).await?;
        let stands_in = own.stands_in(self.today);
        let stands_in = stands_in.filter(|other| self.directory.is_active(*other));
        let to = stands_in.unwrap_or(account);
        let wishes = match stands_in {
            Some(other) => self.directory.preference(reader, other).await?,
            None => own.clone(),
        };
        let bundle = own.wishes.bundle(rule);
        let Self { office, now, .. } = *self;
        let at_once = bundle == Bundle::AtOnce;
        let message: Option<Id<Message>> = at_once.then(|| office.chance.id(now));
        let reminder = Reminder {
            id: office.chance.id(now),
            key: reminder::key(event, lead, &account.to_string()),
            kind: event.kind,
            account: to,
            person: event.person,
            institution: event.institution,
            area: event.area,
            about: event.about,
            body: body(event, lead),
            raised_at: now,
            bundle,
            message,
            instead_of: stands_in.map(|_| account),
        };
        let due = match wishes.quiet {
            true => self.morning(),
            false => now,
        };
        let message = message.map(|id| Message {
            id,
            key: format!("reminder:{}", reminder.key),
            kind: "reminder".to_owned(),
            recipient: format!("account:{to}"),
            body: "{}".to_owned(),
            created_at: now,
            attempts: 0,
            fault: None,
        });
        Ok(Some(Raised {
            reminder: Some(reminder),
            message: message.map(|message| (message, due)),
        }))
    }

    /// Now, or the morning of the next working day.
    fn morning(&self) -> Timestamp {
        let day = after_quiet(self.today, &self.calendar);
        match day == self.today {
            true => self.now,
            false => day.begins().plus(MORNING),
        }
    }

    /// The robots of group chats. What is about a person is not for a group.
    fn robots(&self, event: &Event, lead: Lead, locus: &Locus) -> Vec<Raised> {
        let robots = self.directory.robots(locus).into_iter().map(|id| {
            let recipient = format!("webhook:{id}");
            let message = Message {
                id: self.office.chance.id(self.now),
                key: format!("reminder:{}", reminder::key(event, lead, &recipient)),
                kind: event.kind.key().to_owned(),
                recipient,
                body: robot_body(event, lead),
                created_at: self.now,
                attempts: 0,
                fault: None,
            };
            Raised {
                reminder: None,
                message: Some((message, self.morning())),
            }
        });
        robots.collect()
    }
}

/// What a reminder says, without names: they are read when it is sent.
fn body(event: &Event, lead: Lead) -> String {
    json!({
        "facts": event.facts,
        "because": event.because,
        "page": event.page,
        "lead": lead.to_string(),
    })
    .to_string()
}

fn robot_body(event: &Event, lead: Lead) -> String {
    json!({
        "facts": event.facts,
        "because": event.because,
        "page": event.page,
        "lead": lead.to_string(),
        "institution": event.institution.map(|id| id.to_string()),
        "about": event.about.to_string(),
    })
    .to_string()
}

/// A reminder to be written, and the message it leaves with at once.
pub(super) struct Raised {
    pub reminder: Option<Reminder>,
    pub message: Option<(Message, Timestamp)>,
}

impl Raised {
    /// Writes it unless it is there: whether it is new.
    pub async fn write(&self, tx: &mut Tx) -> Result<bool, ServiceError> {
        if let Some(reminder) = &self.reminder
            && !kept::add(tx, reminder).await?
        {
            return Ok(false);
        }
        match &self.message {
            Some((message, due)) => Ok(outbox::append(tx, message, *due).await?),
            None => Ok(true),
        }
    }
}

/// Writes the reminders of a subject with its mark.
struct Keep<'a> {
    subject: &'a str,
    before: Option<Mark>,
    after: Mark,
    raised: &'a [Raised],
}

impl Write for Keep<'_> {
    type Out = u64;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, ServiceError> {
        // another instance looked meanwhile, and told what there was to tell
        if kept::marked(tx, self.subject).await? != self.before {
            return Ok(0);
        }
        let mut made = 0;
        for raised in self.raised {
            made += u64::from(raised.write(tx).await?);
        }
        kept::mark(tx, self.subject, self.after).await?;
        Ok(made)
    }
}

/// Forgets what was told before an instant: how many.
pub async fn forget(office: &Office, before: Timestamp) -> Result<u64, ServiceError> {
    office.store.write(Forget { before }).await
}

struct Forget {
    before: Timestamp,
}

impl Write for Forget {
    type Out = u64;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<u64, ServiceError> {
        Ok(kept::forget(tx, self.before).await?)
    }
}
