//! The records: the only room that knows the database.
//!
//! Two databases stand behind it, SQLite in a file and PostgreSQL on a server; one text
//! of each statement serves both. [`Store::write`] is the only way to write, and
//! [`Store::read`] and [`Store::snapshot`] the ways to read. What is recorded of a
//! subject is dated ([`dated`]): it can be asked for any day, and as it was known at any
//! instant.
//!
//! To add a dated noun: its type in `domain/`, one `dated!` here in a file of the same
//! name, one table in both folders of `migrations/` (a new step), and its line in
//! [`nouns`]. Tests prepare every statement on both databases and hold tables and types
//! together.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::float_arithmetic
)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)
)]

mod backend;
mod dialect;
mod error;
mod migrate;
mod sql;
mod timeline;
mod value;
mod write;

pub mod absence;
pub mod account;
pub mod adoption;
pub mod api_token;
pub mod appointment;
pub mod assignment;
pub mod attachment;
pub mod audit;
pub mod backup;
pub mod calendar;
pub mod change;
pub mod dated;
pub mod employment;
pub mod establishment;
pub mod feed;
pub mod idempotency;
pub mod institution;
pub mod keeping;
pub mod leader;
pub mod lease;
pub mod licence;
pub mod listing;
pub mod locus;
pub mod merit;
pub mod outbox;
pub mod pay;
pub mod personal_data;
pub mod place;
pub mod post;
pub mod preference;
pub mod promotion;
pub mod recovery_code;
pub mod recruitment;
pub mod register;
pub mod reminder;
pub mod round;
pub mod rural_doctor;
pub mod schedule;
pub mod secret;
pub mod service;
pub mod session;
pub mod setting;
pub mod setup_link;
pub mod staff;
pub mod subject;
pub mod tap;
pub mod team;
pub mod throttle;
pub mod title;
pub mod training;
pub mod webhook;

pub use backend::{Isolation, Options, Reader, Tx};
pub use error::{Outage, StoreError};
pub use idempotency::Once;
pub use sql::{Sql, Text};
pub use timeline::Outcome;
pub use write::Write;

use backend::Pools;
use dated::{Fact, Noun};
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

/// One database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
    /// Counts the pauses of writes that met others, so that no two are alike.
    turns: Arc<AtomicU32>,
    /// The request whose work this store does, if that is to be done once only.
    once: Option<Arc<Once>>,
    /// Writes are tried and taken back.
    held: bool,
}

impl Store {
    /// Opens `sqlite://PATH` (made when missing) or `postgres://…`. The tables may still
    /// have to be made ([`Store::migrate`]).
    pub async fn connect(url: &str, options: Options) -> Result<Self, StoreError> {
        Ok(Self {
            pools: Pools::connect(url, options).await?,
            turns: Arc::default(),
            once: None,
            held: false,
        })
    }

    /// The same database for the work of one request, which is done once: its first write
    /// keeps the request's key too, or fails with [`StoreError::Repeated`] when the key is
    /// there already.
    #[must_use]
    pub fn once(&self, once: Once) -> Self {
        Self {
            once: Some(Arc::new(once)),
            ..self.clone()
        }
    }

    /// The same database for work that is only tried: a write does everything but stay, and
    /// fails with [`StoreError::Held`].
    #[must_use]
    pub fn held(&self) -> Self {
        Self {
            held: true,
            ..self.clone()
        }
    }

    /// Whether a write has kept the key of the request.
    pub fn has_kept(&self) -> bool {
        self.once.as_ref().is_some_and(|once| once.is_done())
    }

    /// A connection to read with, where each statement may see a later state.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        Ok(Reader::new(self.pools.alone().await?))
    }

    /// A connection to read with, where all statements see the same state.
    pub async fn snapshot(&self) -> Result<Reader, StoreError> {
        Ok(Reader::new(self.pools.snapshot().await?))
    }

    /// Waits until nothing is being read or written, and closes all connections.
    pub async fn close(&self) {
        self.pools.close().await;
    }
}

/// Every dated noun.
pub fn nouns() -> Vec<&'static Noun> {
    use crate::domain::{
        absence, adoption, appointment, assignment, employment, establishment, institution, leader,
        licence, merit, pay, place, post, rural_doctor, service, staff, team, title, training,
    };
    vec![
        institution::Profile::noun(),
        institution::Succession::noun(),
        establishment::Decision::noun(),
        institution::ApprovedPosts::noun(),
        post::PlannedPosts::noun(),
        pay::PayTotal::noun(),
        team::Team::noun(),
        staff::Profile::noun(),
        employment::Employed::noun(),
        employment::Shared::noun(),
        employment::Contract::noun(),
        licence::Licence::noun(),
        licence::PhysicianAssessment::noun(),
        licence::GpRegistration::noun(),
        licence::Site::noun(),
        title::Title::noun(),
        appointment::Appointment::noun(),
        appointment::LedgerDecision::noun(),
        service::Spell::noun(),
        service::Evidence::noun(),
        merit::Honour::noun(),
        merit::Assessment::noun(),
        training::Training::noun(),
        assignment::Assignment::noun(),
        leader::Term::noun(),
        absence::Leave::noun(),
        absence::Departure::noun(),
        team::Membership::noun(),
        rural_doctor::Profile::noun(),
        rural_doctor::Registration::noun(),
        rural_doctor::Examination::noun(),
        rural_doctor::Pension::noun(),
        rural_doctor::MedicalInsurance::noun(),
        rural_doctor::Subsidy::noun(),
        place::Profile::noun(),
        adoption::Adoption::noun(),
        adoption::RuleHandling::noun(),
    ]
}

/// Every table that this program makes.
pub fn tables() -> Vec<&'static str> {
    migrate::tables()
}

/// The number of the newest migration.
pub fn newest_step() -> i64 {
    migrate::newest()
}

/// Every statement there is.
pub fn statements() -> Vec<&'static Sql> {
    let written = [
        account::STATEMENTS,
        adoption::STATEMENTS,
        api_token::STATEMENTS,
        attachment::STATEMENTS,
        audit::STATEMENTS,
        calendar::STATEMENTS,
        backup::STATEMENTS,
        change::STATEMENTS,
        feed::STATEMENTS,
        idempotency::STATEMENTS,
        institution::STATEMENTS,
        keeping::STATEMENTS,
        lease::STATEMENTS,
        locus::STATEMENTS,
        outbox::STATEMENTS,
        preference::STATEMENTS,
        promotion::STATEMENTS,
        personal_data::STATEMENTS,
        personal_data::correction::STATEMENTS,
        recovery_code::STATEMENTS,
        register::STATEMENTS,
        recruitment::STATEMENTS,
        reminder::STATEMENTS,
        round::STATEMENTS,
        schedule::STATEMENTS,
        secret::STATEMENTS,
        session::STATEMENTS,
        setting::STATEMENTS,
        setup_link::STATEMENTS,
        throttle::STATEMENTS,
        webhook::STATEMENTS,
    ];
    let mut all: Vec<&'static Sql> = written.into_iter().flatten().collect();
    for noun in nouns() {
        all.extend(noun.statements());
    }
    for table in subject::tables() {
        all.extend(table.statements());
    }
    all.extend(register::part::dialects());
    all.extend(account::dialects());
    all.extend(backup::dialects());
    all.extend(change::dialects());
    all.extend(personal_data::dialects());
    all.extend(employment::dialects());
    all.extend(promotion::dialects());
    all.extend(reminder::dialects());
    all.extend(institution::dialects());
    all.extend(place::dialects());
    all.extend(rural_doctor::dialects());
    all.extend(setting::dialects());
    all.extend(staff::dialects());
    all
}
