//! Policies that are known, and who has which right.

use super::Tag;
use crate::domain::rights::{Action, Office};
use crate::http::caller::Caller;
use crate::http::problem::Failure;
use crate::http::scalar::Word;
use crate::i18n::refusal::action;
use crate::service::catalogue;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

pub struct Api;

/// A policy.
#[derive(Debug, Object)]
struct Policy {
    id: String,
    title: String,
    /// `draft`, `in_force`, …
    status: String,
    /// Code of the place it is for; null = the whole country.
    place: Option<String>,
    /// Number of the document.
    number: Option<String>,
    from: Option<String>,
    to: Option<String>,
    /// Whether the document itself, and the wording of every clause quoted, was at hand.
    verified: bool,
    sha256: String,
    rules: usize,
}

/// All policies.
#[derive(Debug, Object)]
struct Policies {
    items: Vec<Policy>,
}

/// Who may do what.
#[derive(Debug, Object)]
struct Rights {
    items: Vec<Right>,
}

/// One action.
#[derive(Debug, Object)]
struct Right {
    action: Word<Action>,
    /// What it is, in words.
    name: String,
    nature: Word<crate::domain::rights::Nature>,
    offices: Vec<Word<Office>>,
}

#[OpenApi(tag = "Tag::Policies")]
impl Api {
    /// The policies that are known
    #[oai(path = "/policies", method = "get", operation_id = "policies")]
    async fn policies(&self, caller: Caller) -> Result<Json<Policies>, Failure> {
        let all = catalogue::policies(&caller.office, &caller.actor, caller.lang);
        let all = caller.done(all)?;
        let items = all.into_iter().map(|one| Policy {
            id: one.id,
            title: one.title,
            status: one.status.to_owned(),
            place: one.place.map(|place| place.to_string()),
            number: one.number,
            from: one.from,
            to: one.to,
            verified: one.verified,
            sha256: one.sha256,
            rules: one.rules,
        });
        Ok(Json(Policies {
            items: items.collect(),
        }))
    }

    /// The grid of rights
    #[oai(path = "/rights", method = "get", operation_id = "rights")]
    async fn rights(&self, caller: Caller) -> Result<Json<Rights>, Failure> {
        let all = catalogue::rights(&caller.actor);
        let all = caller.done(all)?;
        let items = all.into_iter().map(|(one, offices)| Right {
            action: Word(one),
            name: action(caller.lang, one),
            nature: Word(one.nature()),
            offices: offices.into_iter().map(Word).collect(),
        });
        Ok(Json(Rights {
            items: items.collect(),
        }))
    }
}
