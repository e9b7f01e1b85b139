//! Days off: the notices there are, and the next one, which an administrator loads.

use super::promotion::calendar_of;
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{About, What, Who};
use crate::domain::calendar::{Calendar, Notice};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, Subject, permit};
use crate::domain::time::Timestamp;
use crate::policy::calendar::read_notice;
use crate::store::{Tx, Write, calendar};
use serde_json::json;

/// The working days as they are known. Everybody may know them.
pub async fn known(office: &Office) -> Result<Calendar, ServiceError> {
    let mut reader = office.store.read().await?;
    Ok(calendar_of(&mut reader).await?)
}

/// Loads the notice of a year, in the shape of the files in `holidays/`, instead of the one
/// that was there: the year.
///
/// Refused: [`Refusal::BadNotice`] with what is wrong with it.
pub async fn load(
    office: &Office,
    actor: &Actor,
    text: &str,
    now: Timestamp,
) -> Result<i32, ServiceError> {
    permit(actor, Action::LoadHolidays, &Subject::Installation)?;
    let notice = read_notice(text).map_err(|error| Refusal::BadNotice {
        why: error.to_string(),
    })?;
    let loading = Loading {
        office,
        actor,
        text,
        notice: &notice,
        now,
    };
    office.store.write(loading).await?;
    Ok(notice.year)
}

struct Loading<'a> {
    office: &'a Office,
    actor: &'a Actor,
    text: &'a str,
    notice: &'a Notice,
    now: Timestamp,
}

impl Write for Loading<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        calendar::load(tx, self.notice.year, self.text, self.now).await?;
        let who = Who::actor(self.actor);
        let about = About {
            noun: "holidays".to_owned(),
            id: self.notice.year.to_string(),
            ..About::default()
        };
        let told = Told {
            after: Some(json!({ "title": self.notice.title, "days": self.notice.days.len() })),
            ..Told::new(&who, What::Action(Action::LoadHolidays), about)
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}
