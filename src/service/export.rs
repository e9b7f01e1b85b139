//! The records of a day as the workbook that could be imported again.

use super::locus::permit_part;
use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{About, What, Who};
use crate::domain::ids::AreaCode;
use crate::domain::record::When;
use crate::domain::rights::{Action, Actor, reach};
use crate::domain::time::Timestamp;
use crate::report::listing::workbook;
use crate::sheet::{self, Numbers};
use crate::store::register::load;
use crate::store::{Tx, Write};
use serde_json::json;

pub use crate::report::listing::Listing;
pub use crate::store::register::Part;

/// Records to be taken out.
pub struct Export<'a> {
    pub office: &'a Office,
    pub actor: &'a Actor,
    pub part: Part,
    pub when: When,
    /// With whole numbers, and why; `None` = masked. What is masked cannot be imported
    /// again.
    pub reveal: Option<&'a str>,
    pub now: Timestamp,
}

impl Export<'_> {
    /// The import workbook of a part of the records as it was on the day: xlsx. That it was
    /// taken is in the trail.
    pub async fn run(&self) -> Result<Vec<u8>, ServiceError> {
        self.office.store.write(Taken(self)).await?;
        let mut reader = self.office.store.snapshot().await?;
        let vault = self.office.vault.as_ref();
        let loaded = load(&mut reader, &self.part, self.when, vault).await?;
        drop(reader);
        let numbers = match self.reveal {
            Some(_) => Numbers::Whole,
            None => Numbers::Masked,
        };
        Ok(sheet::write_register_with(&loaded.register, numbers)?)
    }

    const fn action(&self) -> Action {
        match self.reveal {
            Some(_) => Action::ExportFull,
            None => Action::Export,
        }
    }
}

/// Asks for the right and tells the trail, before anything is taken out.
struct Taken<'a>(&'a Export<'a>);

impl Write for Taken<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let Export {
            office,
            actor,
            part,
            when,
            reveal,
            now,
        } = self.0;
        let action = self.0.action();
        permit_part(tx, actor, action, part, now.shanghai_day()).await?;
        let who = Who::actor(actor);
        let about = About {
            noun: "register".to_owned(),
            area: match part {
                Part::Area(area) => Some(*area),
                _ => None,
            },
            institution: match part {
                Part::These(ids) => ids.first().copied(),
                _ => None,
            },
            ..About::default()
        };
        let told = Told {
            after: Some(json!({ "on": when.on.to_string(), "part": name(part) })),
            reason: *reveal,
            ..Told::new(&who, What::Action(action), about)
        };
        Ok(tell(office, tx, told, *now).await?)
    }
}

fn name(part: &Part) -> String {
    match part {
        Part::Whole => String::new(),
        Part::Area(area) => area.to_string(),
        Part::Consortium(name) | Part::Below(name) => name.clone(),
        Part::These(ids) => {
            let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
            ids.join(",")
        }
    }
}

/// A list that somebody looks at, as a workbook. That it was taken, and with what it was
/// narrowed, is in the trail before anything goes out.
pub async fn list(
    office: &Office,
    actor: &Actor,
    listing: &Listing,
    narrowed: &str,
    now: Timestamp,
) -> Result<Vec<u8>, ServiceError> {
    let taken = TakenList {
        office,
        actor,
        rows: listing.rows.len(),
        narrowed,
        now,
    };
    office.store.write(taken).await?;
    workbook(listing).map_err(|error| sheet::WriteError::from(error).into())
}

struct TakenList<'a> {
    office: &'a Office,
    actor: &'a Actor,
    rows: usize,
    narrowed: &'a str,
    now: Timestamp,
}

impl Write for TakenList<'_> {
    type Out = ();
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        let scope = reach(self.actor, Action::Export)?;
        let filter = scope.filter();
        let who = Who::actor(self.actor);
        let about = About {
            noun: "list".to_owned(),
            area: filter
                .area_prefix
                .and_then(|code| code.parse::<AreaCode>().ok()),
            institution: filter.institution_and_below,
            ..About::default()
        };
        let told = Told {
            after: Some(json!({ "rows": self.rows, "narrowed": self.narrowed })),
            ..Told::new(&who, What::Action(Action::Export), about)
        };
        Ok(tell(self.office, tx, told, self.now).await?)
    }
}
