//! The REST API under `/api/v1`: reads a request, calls one use case, shows what it says.

mod account;
mod adoption;
mod attachment;
mod audit;
mod bench;
mod calendar;
mod eligibility;
mod figures;
mod forms;
mod import;
mod institution;
mod land;
mod ledger;
mod me;
mod monitoring;
mod operations;
mod page;
mod person;
mod personal_data;
mod places;
mod policy;
mod promotion;
mod record;
mod recruitment;
mod reminder;
mod round;
mod scenario;
mod session;
mod single;
mod staff;
pub mod wire;

use poem_openapi::{OpenApiService, Tags};

pub use session::{cookie, no_cookie};

/// What an operation is about.
#[derive(Tags)]
pub enum Tag {
    /// Signing in and out.
    Session,
    /// One's own account: password, second factor, tokens.
    Me,
    /// Other people's accounts, for administrators and clerks.
    Accounts,
    /// Institutions: what they are, and the numbers approved for them.
    Institutions,
    /// People and their numbers.
    People,
    /// What is held of people: where, why and for how long; access, correction, erasure.
    PersonalData,
    /// Rural doctors.
    RuralDoctors,
    /// Administrative places.
    Places,
    /// Quality of the records, differences between authorities, frozen figures.
    Figures,
    /// Workbooks in and out.
    Workbooks,
    /// What may be held, what is held, and what it rests on.
    Ledger,
    /// Applications, from the draft to the decision.
    Promotion,
    /// Competition rounds.
    Rounds,
    /// Vacancies, and plans to fill them.
    Recruitment,
    /// What waits for an office, and decisions on several at once.
    Bench,
    /// What if, and what comes by itself.
    Scenarios,
    /// Official forms.
    Forms,
    /// Figures for other platforms.
    Monitoring,
    /// Reminders, calendars, schedules, messages.
    Reminders,
    /// Policies and rights.
    Policies,
    /// The trail: who did what, when and why.
    Audit,
    /// How the program runs.
    Operations,
}

type Apis = (
    session::Api,
    me::Api,
    account::Api,
    (person::Api, personal_data::Api),
    import::Api,
    ledger::Api,
    adoption::Api,
    monitoring::Api,
    policy::Api,
    (audit::Api, operations::Api, reminder::Api),
    Records,
    Decisions,
);

/// From "may I?" to a decided appointment.
type Decisions = (
    eligibility::Api,
    promotion::Api,
    attachment::Api,
    round::Api,
    recruitment::Api,
    bench::Api,
    scenario::Api,
    forms::Api,
    calendar::Api,
);

/// The records: who and what there is, every noun of them, and what their figures are worth.
type Records = (
    institution::Api,
    staff::Api,
    land::Doctors,
    land::Places,
    figures::Api,
    record::Nouns,
);

/// The API and its description.
pub fn service() -> OpenApiService<Apis, ()> {
    let apis = (
        session::Api,
        me::Api,
        account::Api,
        (person::Api, personal_data::Api),
        import::Api,
        ledger::Api,
        adoption::Api,
        monitoring::Api,
        policy::Api,
        (audit::Api, operations::Api, reminder::Api),
        (
            institution::Api,
            staff::Api,
            land::Doctors,
            land::Places,
            figures::Api,
            record::all(),
        ),
        (
            eligibility::Api,
            promotion::Api,
            attachment::Api,
            round::Api,
            recruitment::Api,
            bench::Api,
            scenario::Api,
            forms::Api,
            calendar::Api,
        ),
    );
    OpenApiService::new(apis, "Dinggang", env!("CARGO_PKG_VERSION"))
        .description(include_str!("description.md"))
        .url_prefix("/api/v1")
        .server("/")
}
