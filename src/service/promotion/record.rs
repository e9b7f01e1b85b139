//! Decisions into the records, and out of them again: the appointment that begins, with
//! the lower one that ends in the same step; titles, moves, departures.

use crate::domain::absence::{Departure, DepartureKind};
use crate::domain::appointment::{Appointment, LedgerDecision};
use crate::domain::audit::Who;
use crate::domain::change::{Author, Change};
use crate::domain::employment::Employed;
use crate::domain::ids::AreaCode;
use crate::domain::post::{Ledger, Manner};
use crate::domain::promotion::{Application, Kind};
use crate::domain::record::{Id, When};
use crate::domain::staff::Person;
use crate::domain::time::{Date, Timestamp};
use crate::domain::title::{Rank, Title, TitleKind};
use crate::service::{Office, ServiceError};
use crate::store::change::{self, Recording};
use crate::store::dated::{self, Fact, Of, Statement};
use crate::store::{Reader, StoreError, Tx, promotion as kept, subject};

/// Who records, and why.
pub(super) struct Recorder<'a> {
    pub office: &'a Office,
    pub who: &'a Who,
    pub reason: Option<&'a str>,
    pub now: Timestamp,
}

/// What holds of somebody in the one slot of a noun.
async fn held<F: Fact<Subject = Person>>(
    reader: &mut Reader,
    person: Id<Person>,
    when: When,
) -> Result<Option<F>, StoreError> {
    let of = [person];
    let rows = dated::at::<F>(reader, Of::These(&of), when).await?;
    let own = rows.into_iter().find(|row| row.slot.is_empty());
    Ok(own.map(|row| row.fact))
}

/// The appointment for a day as it was known before the decision.
pub(super) async fn before(
    reader: &mut Reader,
    application: &Application,
    on: Date,
) -> Result<Option<Appointment>, StoreError> {
    let when = known_before(reader, application, on).await?;
    held(reader, application.person, when).await
}

/// A day, as it was known just before the decision was recorded.
async fn known_before(
    reader: &mut Reader,
    application: &Application,
    on: Date,
) -> Result<When, StoreError> {
    let change = kept::decided_by(reader, application.id).await?;
    let change = match change {
        Some(change) => change::find(reader, change).await?,
        None => None,
    };
    Ok(change.map_or(When::on(on), |change| {
        let just_before = Timestamp::from_micros(change.at.micros().saturating_sub(1));
        When::known_at(on, just_before)
    }))
}

impl Recorder<'_> {
    async fn begin(&self, tx: &mut Tx) -> Result<Recording, StoreError> {
        let author = Author::from(self.who);
        let seed = self.office.chance.seed();
        change::begin(tx, &author, self.reason, self.now, seed).await
    }

    /// Records what was decided, from its day on.
    pub(super) async fn decide(
        &self,
        tx: &mut Tx,
        application: &Application,
        area: Option<AreaCode>,
    ) -> Result<Id<Change>, ServiceError> {
        let mut recording = self.begin(tx).await?;
        let person = application.person;
        touch(tx, person).await?;
        let today = self.now.shanghai_day();
        let on = application.effective.unwrap_or(today);
        let writing = Writing {
            application,
            on,
            today,
        };
        let recording_to = &mut recording;
        match application.kind {
            Kind::Appointment | Kind::AboveRatio | Kind::DirectedPost | Kind::Lower => {
                writing.appoint(tx, recording_to).await?;
            }
            Kind::Grade => writing.raise(tx, recording_to).await?,
            Kind::OffQuota => writing.take_off_quota(tx, recording_to).await?,
            Kind::DirectedTitle => writing.entitle(tx, recording_to, area).await?,
            Kind::Transfer => writing.transfer(tx, recording_to).await?,
            Kind::Reappointment => {}
            Kind::End => writing.state::<Appointment>(tx, recording_to, None).await?,
            Kind::Retirement => writing.retire(tx, recording_to).await?,
        }
        Ok(recording.change)
    }

    /// Takes back what was decided: what held before it holds again from its day on.
    pub(super) async fn undo(
        &self,
        tx: &mut Tx,
        application: &Application,
    ) -> Result<Id<Change>, ServiceError> {
        let mut recording = self.begin(tx).await?;
        let person = application.person;
        touch(tx, person).await?;
        let today = self.now.shanghai_day();
        let on = application.effective.unwrap_or(today);
        let when = known_before(tx, application, on).await?;
        let writing = Writing {
            application,
            on,
            today,
        };
        let to = &mut recording;
        match application.kind {
            Kind::OffQuota => writing.restore::<LedgerDecision>(tx, to, when).await?,
            Kind::DirectedTitle => writing.restore::<Title>(tx, to, when).await?,
            Kind::Transfer => {
                writing.restore::<Employed>(tx, to, when).await?;
                writing.restore::<Appointment>(tx, to, when).await?;
            }
            Kind::Retirement => {
                writing.restore::<Departure>(tx, to, when).await?;
                writing.restore::<Employed>(tx, to, when).await?;
                writing.restore::<Appointment>(tx, to, when).await?;
            }
            Kind::Reappointment => {}
            Kind::Appointment
            | Kind::AboveRatio
            | Kind::DirectedPost
            | Kind::Grade
            | Kind::Lower
            | Kind::End => writing.restore::<Appointment>(tx, to, when).await?,
        }
        Ok(recording.change)
    }
}

/// The person is changed: whoever saw an earlier version is told.
async fn touch(tx: &mut Tx, person: Id<Person>) -> Result<(), StoreError> {
    let version = subject::version(tx, person).await?;
    subject::touch(tx, person, version).await?;
    Ok(())
}

struct Writing<'a> {
    application: &'a Application,
    /// From when on it holds.
    on: Date,
    today: Date,
}

impl Writing<'_> {
    async fn state<F: Fact<Subject = Person>>(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
        fact: Option<F>,
    ) -> Result<(), StoreError> {
        let statement = Statement {
            subject: self.application.person,
            slot: String::new(),
            fact,
            on: self.on,
            until: None,
        };
        dated::state(tx, recording, statement).await?;
        Ok(())
    }

    async fn restore<F: Fact<Subject = Person>>(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
        when: When,
    ) -> Result<(), StoreError> {
        let earlier = held::<F>(tx, self.application.person, when).await?;
        self.state(tx, recording, earlier).await
    }

    async fn now_held<F: Fact<Subject = Person>>(
        &self,
        tx: &mut Tx,
    ) -> Result<Option<F>, StoreError> {
        held(tx, self.application.person, When::on(self.on)).await
    }

    async fn appoint(&self, tx: &mut Tx, recording: &mut Recording) -> Result<(), StoreError> {
        let manner = match self.application.kind {
            Kind::AboveRatio => Manner::BeyondRatio,
            Kind::DirectedPost => Manner::Directed,
            _ => Manner::Ordinary,
        };
        let appointment = Appointment {
            rank: self.application.target.rank,
            grade: self.application.target.grade,
            since: Some(self.on.month()),
            manner,
        };
        self.state(tx, recording, Some(appointment)).await
    }

    async fn raise(&self, tx: &mut Tx, recording: &mut Recording) -> Result<(), StoreError> {
        let held: Option<Appointment> = self.now_held(tx).await?;
        let raised = held.map(|held| Appointment {
            grade: self.application.target.grade,
            ..held
        });
        self.state(tx, recording, raised).await
    }

    async fn take_off_quota(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
    ) -> Result<(), StoreError> {
        let decision = LedgerDecision {
            ledger: Ledger::OffQuota,
            decided_on: Some(self.today),
            document: None,
        };
        self.state(tx, recording, Some(decision)).await
    }

    async fn entitle(
        &self,
        tx: &mut Tx,
        recording: &mut Recording,
        area: Option<AreaCode>,
    ) -> Result<(), StoreError> {
        let held: Option<Title> = self.now_held(tx).await?;
        let title = Title {
            rank: self.application.target.rank,
            kind: TitleKind::Directed,
            field: held.as_ref().and_then(|held| held.field.clone()),
            area,
            since: Some(self.on.month()),
            series: held.and_then(|held| held.series),
            certificate: None,
        };
        self.state(tx, recording, Some(title)).await
    }

    async fn transfer(&self, tx: &mut Tx, recording: &mut Recording) -> Result<(), StoreError> {
        let held: Option<Employed> = self.now_held(tx).await?;
        let moved = held.map(|held| Employed {
            institution: self.application.destination(),
            ..held
        });
        self.state(tx, recording, moved).await?;
        let rank = self.application.target.rank;
        let appointment = (rank != Rank::None).then(|| Appointment {
            rank,
            grade: self.application.target.grade,
            since: Some(self.on.month()),
            manner: Manner::Ordinary,
        });
        self.state(tx, recording, appointment).await
    }

    async fn retire(&self, tx: &mut Tx, recording: &mut Recording) -> Result<(), StoreError> {
        let departure = Departure {
            kind: DepartureKind::Retirement,
            left: self.on,
            approved: Some(self.today),
            document: None,
        };
        self.state(tx, recording, Some(departure)).await?;
        self.state::<Employed>(tx, recording, None).await?;
        self.state::<Appointment>(tx, recording, None).await
    }
}
