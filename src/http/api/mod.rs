//! The REST API under `/api/v1`: reads a request, calls one use case, shows what it says.

mod account;
mod audit;
mod import;
mod me;
mod page;
mod person;
mod policy;
mod session;
mod single;

use poem_openapi::{OpenApiService, Tags};

pub use session::cookie;

/// What an operation is about.
#[derive(Tags)]
pub enum Tag {
    /// Signing in and out.
    Session,
    /// One's own account: password, second factor, tokens.
    Me,
    /// Other people's accounts, for administrators and clerks.
    Accounts,
    /// People and their numbers.
    People,
    /// Workbooks in and out.
    Workbooks,
    /// Policies and rights.
    Policies,
    /// The trail: who did what, when and why.
    Audit,
}

type Apis = (
    session::Api,
    me::Api,
    account::Api,
    person::Api,
    import::Api,
    policy::Api,
    audit::Api,
);

/// The API and its description.
pub fn service() -> OpenApiService<Apis, ()> {
    let apis = (
        session::Api,
        me::Api,
        account::Api,
        person::Api,
        import::Api,
        policy::Api,
        audit::Api,
    );
    OpenApiService::new(apis, "Dinggang", env!("CARGO_PKG_VERSION"))
        .description(include_str!("description.md"))
        .url_prefix("/api/v1")
        .server("/")
}
