//! The trail: who did what, when and why; whether it is whole.

use super::Tag;
use super::page;
use crate::domain::audit::{self, Head};
use crate::domain::record_id::{AccountId, EventId};
use crate::domain::time::Timestamp;
use crate::http::caller::Caller;
use crate::http::problem::{Failure, Flaw, words};
use crate::http::scalar::{Text, Word};
use crate::service::trail;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};
use serde_json::Value;

pub struct Api;

/// One thing that was done.
#[derive(Debug, Object)]
struct Event {
    id: Text<EventId>,
    at: Text<Timestamp>,
    source: Word<audit::Source>,
    #[oai(skip_serializing_if_is_none)]
    account: Option<Text<AccountId>>,
    /// Who did it, as the name was then.
    name: String,
    /// As what.
    office: String,
    /// Key of the action, or of what happened.
    what: String,
    noun: String,
    subject: String,
    #[oai(skip_serializing_if_is_none)]
    area: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    institution: Option<String>,
    /// False: the detail was erased; the chain still holds.
    detail_kept: bool,
    before: Any<Value>,
    after: Any<Value>,
    #[oai(skip_serializing_if_is_none)]
    reason: Option<String>,
}

impl Event {
    fn new(event: audit::Event) -> Self {
        let detail = event.detail;
        let json = |text: Option<&String>| {
            Any(text
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or(Value::Null))
        };
        Self {
            id: Text(event.id),
            at: Text(event.at),
            source: Word(event.who.source),
            account: event.who.account.map(Text),
            name: event.who.name,
            office: event.who.office,
            what: event.what,
            noun: event.about.noun,
            subject: event.about.id,
            area: event.about.area.map(|area| area.to_string()),
            institution: event.about.institution.map(|id| id.to_string()),
            detail_kept: detail.is_some(),
            before: json(detail.as_ref().and_then(|detail| detail.before.as_ref())),
            after: json(detail.as_ref().and_then(|detail| detail.after.as_ref())),
            reason: detail.and_then(|detail| detail.reason),
        }
    }
}

/// Events, newest first.
#[derive(Debug, Object)]
struct Events {
    items: Vec<Event>,
    next: Option<String>,
}

/// The history of one subject, oldest first.
#[derive(Debug, Object)]
struct History {
    items: Vec<Event>,
}

/// Whether the chain is whole.
#[derive(Debug, Object)]
struct Verification {
    whole: bool,
    /// How far the chain goes: to be kept elsewhere.
    head: Option<String>,
    sealed: u64,
    /// Events that are not in the chain yet.
    unsealed: usize,
    /// Events whose detail was erased.
    erased: usize,
    /// Of a chain that is not whole: number of the first event that does not fit.
    at: Option<u64>,
    /// Of a chain that is not whole: what does not fit.
    fault: Option<String>,
}

#[OpenApi(prefix_path = "/audit", tag = "Tag::Audit")]
impl Api {
    /// The newest events in the caller's scope
    #[oai(path = "/events", method = "get", operation_id = "events")]
    async fn events(
        &self,
        caller: Caller,
        /// Of one account only.
        account: Query<Option<Text<AccountId>>>,
        /// The `next` of the page before.
        after: Query<Option<Text<EventId>>>,
        #[oai(validator(minimum(value = "1"), maximum(value = "200")))] limit: Query<Option<u16>>,
    ) -> Result<Json<Events>, Failure> {
        let account = account.0.map(|account| account.0);
        let before = after.0.map(|after| after.0);
        let wanted = page::wanted(limit.0);
        // one more tells whether there is another page
        let most = u32::try_from(wanted + 1).unwrap_or(u32::MAX);
        let mut found = caller
            .done(trail::latest(&caller.office, &caller.actor, account, before, most).await)?;
        let more = found.len() > wanted;
        found.truncate(wanted);
        let next = found
            .last()
            .filter(|_| more)
            .map(|event| event.id.to_string());
        let items = found.into_iter().map(Event::new).collect();
        Ok(Json(Events { items, next }))
    }

    /// Who changed this, and why: the history of one subject
    #[oai(
        path = "/subjects/:noun/:id",
        method = "get",
        operation_id = "subject_history"
    )]
    async fn subject(
        &self,
        caller: Caller,
        noun: Path<String>,
        id: Path<String>,
    ) -> Result<Json<History>, Failure> {
        let today = caller.now.shanghai_day();
        let (office, actor) = (&caller.office, &caller.actor);
        let found = caller.done(trail::of_subject(office, actor, &noun.0, &id.0, today).await)?;
        Ok(Json(History {
            items: found.into_iter().map(Event::new).collect(),
        }))
    }

    /// Recomputes the chain
    #[oai(path = "/verification", method = "get", operation_id = "verify")]
    async fn verify(
        &self,
        caller: Caller,
        /// A head that was exported earlier: shows whether the chain was cut off since.
        #[oai(validator(pattern = "^(0|[1-9][0-9]{0,17}):[0-9a-f]{64}$"))]
        head: Query<Option<String>>,
    ) -> Result<Json<Verification>, Failure> {
        let exported = match &head.0 {
            None => Vec::new(),
            Some(text) => vec![text.parse::<Head>().map_err(|_| bad_head(&caller))?],
        };
        let found = caller.done(trail::verify(&caller.office, &caller.actor, &exported).await)?;
        Ok(Json(match found {
            Ok(verified) => Verification {
                whole: true,
                head: Some(verified.head.to_string()),
                sealed: verified.head.sequence,
                unsealed: verified.unsealed.len(),
                erased: verified.erased.len(),
                at: None,
                fault: None,
            },
            Err(tampered) => Verification {
                whole: false,
                head: None,
                sealed: 0,
                unsealed: 0,
                erased: 0,
                at: Some(tampered.at),
                fault: Some(tampered.kind.key().to_owned()),
            },
        }))
    }
}

fn bad_head(caller: &Caller) -> Failure {
    let flaw = Flaw {
        field: "head".to_owned(),
        code: "invalid".to_owned(),
        message: words("bad_head", caller.lang),
    };
    Failure::flawed(vec![flaw], caller.lang)
}
