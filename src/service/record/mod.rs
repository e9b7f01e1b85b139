//! Reading and writing whatever is dated: what holds of a subject on a day, how it came to
//! be so, and statements, ends and corrections, each in one write with its trail.
//!
//! Everything here is generic over the noun. What a noun may ask for itself stands in
//! [`noun`]; whose right is asked for, and where a subject lies, in [`owner`].

mod noun;
mod owner;

pub use crate::store::Outcome;
pub use crate::store::dated::{Dated, Fact as Noun};
pub use noun::{Recorded, Shown, Slot, every_key, every_written};
pub use owner::{File, Owner};
pub(super) use owner::{code as place_code, rural_doctor as rural_doctor_subject};

use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{What, Who};
use crate::domain::change::{Author, Change};
use crate::domain::record::{Id, Validity, Version, When};
use crate::domain::record_id::InstitutionId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Action, Actor, permit};
use crate::domain::sound::{check_text, check_validity};
use crate::domain::time::{Date, Timestamp};
use crate::store::change::{self, Recording};
use crate::store::dated::{self, Of, Statement};
use crate::store::{Reader, StoreError, Tx, Write, subject};
use serde_json::{Value, json};

/// Characters of a reason.
const REASON: u32 = 1000;

/// What holds of a subject, and the version that was seen with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing<F: Shown> {
    pub version: Version,
    /// By slot.
    pub rows: Vec<Dated<F>>,
}

/// What holds of a subject on a day.
pub async fn at<F: Shown>(
    office: &Office,
    actor: &Actor,
    of: Id<F::Subject>,
    when: When,
    now: Timestamp,
) -> Result<Standing<F>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = F::Subject::file(&mut reader, of, now.shanghai_day()).await?;
    permit(actor, F::READ, &file.subject)?;
    let version = subject::version(&mut reader, of).await?;
    let these = [of];
    let rows = dated::at::<F>(&mut reader, Of::These(&these), when).await?;
    Ok(Standing { version, rows })
}

/// One row of a history: what was recorded, by whom and why, and by which change it was
/// replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<F: Shown> {
    pub row: Dated<F>,
    pub made: Change,
    pub replaced: Option<Change>,
}

/// Everything that was ever recorded of a subject, in the order in which it was.
pub async fn history<F: Shown>(
    office: &Office,
    actor: &Actor,
    of: Id<F::Subject>,
    now: Timestamp,
) -> Result<Vec<Entry<F>>, ServiceError> {
    let mut reader = office.store.snapshot().await?;
    let file = F::Subject::file(&mut reader, of, now.shanghai_day()).await?;
    permit(actor, F::READ, &file.subject)?;
    subject::version(&mut reader, of).await?;
    let rows = dated::history::<F>(&mut reader, of).await?;
    let named = rows.iter().flat_map(|row| {
        let replaced = row.superseded.map(|(_, by)| by);
        [Some(row.recorded_by), replaced].into_iter().flatten()
    });
    let named: std::collections::BTreeSet<_> = named.collect();
    let changes = change::find_all(&mut reader, named).await?;
    let of_row = |row: Dated<F>| {
        let found = |id: Id<Change>| {
            let corrupt = || StoreError::Corrupt {
                table: F::noun().table,
                column: "recorded_by".to_owned(),
                row: row.id.to_string(),
            };
            changes.get(&id).cloned().ok_or_else(corrupt)
        };
        let made = found(row.recorded_by)?;
        let replaced = row.superseded.map(|(_, by)| found(by)).transpose()?;
        Ok(Entry {
            row,
            made,
            replaced,
        })
    };
    rows.into_iter().map(of_row).collect()
}

/// What a write did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The version to be seen next; the one that was seen where nothing changed.
    pub version: Version,
    pub outcome: Outcome,
    pub slot: String,
}

/// A statement: from a day on, or for some days, it is so.
#[derive(Clone, Debug)]
pub struct Entering<'a, F: Recorded> {
    pub subject: Id<F::Subject>,
    /// Where it stands; `None` = where the noun puts it, or in a new slot of its own.
    pub slot: Option<&'a str>,
    pub fact: F,
    pub validity: Validity,
    pub seen: Version,
    pub reason: Option<&'a str>,
}

/// Records that something is so, until the next day of which something else was said.
pub async fn record<F: Recorded>(
    office: &Office,
    actor: &Actor,
    entering: &Entering<'_, F>,
    now: Timestamp,
) -> Result<Done, ServiceError> {
    let write = Statements {
        doing: Doing::new::<F>(office, actor, entering.subject, F::WRITE, now).await?,
        entering,
    };
    office.store.write(write).await
}

/// The end of something: from a day on it holds no longer.
#[derive(Clone, Debug)]
pub struct Ending<'a, F: Shown> {
    pub subject: Id<F::Subject>,
    pub slot: &'a str,
    pub on: Date,
    pub seen: Version,
    pub reason: Option<&'a str>,
}

/// Ends something.
pub async fn end<F: Recorded>(
    office: &Office,
    actor: &Actor,
    ending: &Ending<'_, F>,
    now: Timestamp,
) -> Result<Done, ServiceError> {
    let write = Ends {
        doing: Doing::new::<F>(office, actor, ending.subject, F::END, now).await?,
        ending,
    };
    office.store.write(write).await
}

/// The correction of one row that was wrong.
#[derive(Clone, Debug)]
pub struct Correction<'a, F: Recorded> {
    pub subject: Id<F::Subject>,
    pub row: Id<F>,
    /// What is right, and for which days; `None` = it never was.
    pub right: Option<(Validity, F)>,
    pub seen: Version,
    pub reason: &'a str,
}

/// Corrects one row. What it said stays as what was known until now.
pub async fn correct<F: Recorded>(
    office: &Office,
    actor: &Actor,
    correction: &Correction<'_, F>,
    now: Timestamp,
) -> Result<Done, ServiceError> {
    let write = Corrects {
        doing: Doing::new::<F>(office, actor, correction.subject, F::WRITE, now).await?,
        correction,
    };
    office.store.write(write).await
}

/// What every write of this room knows.
#[derive(Clone)]
pub(super) struct Doing<'a> {
    pub office: &'a Office,
    pub actor: &'a Actor,
    pub action: Action,
    pub now: Timestamp,
    /// The institutions whose figures may change.
    pub houses: Vec<InstitutionId>,
}

impl<'a> Doing<'a> {
    async fn new<F: Shown>(
        office: &'a Office,
        actor: &'a Actor,
        of: Id<F::Subject>,
        action: Action,
        now: Timestamp,
    ) -> Result<Self, ServiceError> {
        let mut reader = office.store.read().await?;
        // whoever moves the subject meanwhile changes its version, so that this write is stale
        let file = F::Subject::file(&mut reader, of, now.shanghai_day()).await?;
        permit(actor, action, &file.subject)?;
        Ok(Self {
            office,
            actor,
            action,
            now,
            houses: file.about.institution.into_iter().collect(),
        })
    }

    /// The file of the subject, which the actor may do this to.
    async fn admit<F: Shown>(
        &self,
        tx: &mut Tx,
        of: Id<F::Subject>,
        seen: Version,
    ) -> Result<File, ServiceError> {
        let file = F::Subject::file(tx, of, self.now.shanghai_day()).await?;
        permit(self.actor, self.action, &file.subject)?;
        subject::claim(tx, of, seen).await?;
        Ok(file)
    }

    pub(super) async fn begin(
        &self,
        tx: &mut Tx,
        reason: Option<&str>,
    ) -> Result<Recording, StoreError> {
        let author = Author::from(&Who::actor(self.actor));
        change::begin(tx, &author, reason, self.now, self.office.chance.seed()).await
    }

    /// Tells the trail what was there before and what is there now.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        file: File,
        [before, after]: [Option<Value>; 2],
        reason: Option<&str>,
        recording: &Recording,
    ) -> Result<(), StoreError> {
        let who = Who::actor(self.actor);
        let told = Told {
            before,
            after,
            reason,
            change: Some(recording.change),
            ..Told::new(&who, What::Action(self.action), file.about)
        };
        tell(self.office, tx, told, self.now).await
    }

    /// Whether the actor may also do this where the fact takes the subject.
    async fn permit_destination<F: Recorded>(
        &self,
        reader: &mut Reader,
        of: Id<F::Subject>,
        fact: &F,
        on: Date,
    ) -> Result<(), ServiceError> {
        if let Some(destination) = fact.destination(reader, of, on).await? {
            permit(self.actor, self.action, &destination)?;
        }
        Ok(())
    }
}

/// One row as the trail tells it.
pub(super) fn told<F: Shown>(slot: &str, validity: Validity, fact: &F) -> Value {
    json!({
        "noun": F::KEY,
        "slot": slot,
        "from": validity.from.to_string(),
        "until": validity.until.map(|until| until.to_string()),
        "fact": fact.told(),
    })
}

/// What is wrong with a reason. `needed`: there has to be one.
pub(super) fn check_reason(reason: Option<&str>, needed: bool) -> Vec<Refusal> {
    let mut out = Vec::new();
    match reason {
        Some(text) if !(needed && text.trim().is_empty()) => {
            check_text("reason", text, REASON, &mut out);
        }
        _ if needed => out.push(Refusal::ReasonMissing),
        _ => {}
    }
    out
}

/// Nothing refused, or all that is.
pub(super) fn unless_refused(refusals: Vec<Refusal>) -> Result<(), ServiceError> {
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(ServiceError::Refused(refusals))
    }
}

/// All that is wrong with a fact that shall hold for some days; the institutions that it
/// names exist.
pub(super) async fn check<F: Recorded>(
    office: &Office,
    reader: &mut Reader,
    of: Id<F::Subject>,
    fact: &F,
    validity: Validity,
) -> Result<Vec<Refusal>, ServiceError> {
    let mut out = check_validity(validity);
    out.extend(fact.refusals());
    for (field, id) in fact.institutions() {
        let known = subject::codes(reader, &[id]).await?;
        if known.is_empty() {
            out.push(Refusal::NoSuchThing { field });
        }
    }
    if out.is_empty() {
        out.extend(fact.known(office, reader, of, validity).await?);
    }
    Ok(out)
}

struct Statements<'a, F: Recorded> {
    doing: Doing<'a>,
    entering: &'a Entering<'a, F>,
}

impl<F: Recorded> Write for Statements<'_, F> {
    type Out = Done;
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.doing.houses.clone()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Done, ServiceError> {
        let Self { doing, entering } = self;
        let Entering {
            subject: of,
            fact,
            validity,
            seen,
            reason,
            ..
        } = *entering;
        let file = doing.admit::<F>(tx, *of, *seen).await?;
        doing
            .permit_destination(tx, *of, fact, validity.from)
            .await?;
        let slot = choose_slot(tx, *of, fact, entering.slot).await?;
        let before = holding::<F>(tx, *of, &slot, validity.from).await?;
        let mut refusals = check(doing.office, tx, *of, fact, *validity).await?;
        refusals.extend(check_reason(*reason, false));
        refusals.extend(fact.reserved(before.as_ref().map(|row| &row.fact), doing.actor));
        if let Some(before) = &before {
            let follows = fact.may_follow(&before.fact, tx, *of, validity.from);
            refusals.extend(follows.await?);
        }
        if F::LASTS && validity.until.is_some() {
            refusals.push(Refusal::HasToHold { field: "until" });
        }
        unless_refused(refusals)?;
        let statement = Statement {
            subject: *of,
            slot: slot.clone(),
            fact: Some(fact.clone()),
            on: validity.from,
            until: validity.until,
        };
        if dated::would(tx, &statement).await? == Outcome::Unchanged {
            return Ok(Done {
                version: *seen,
                outcome: Outcome::Unchanged,
                slot,
            });
        }
        let mut recording = doing.begin(tx, *reason).await?;
        let outcome = dated::state(tx, &mut recording, statement).await?;
        let version = subject::touch(tx, *of, *seen).await?;
        let sides = [
            before.map(|row| told(&slot, row.validity, &row.fact)),
            Some(told(&slot, *validity, fact)),
        ];
        doing.tell(tx, file, sides, *reason, &recording).await?;
        Ok(Done {
            version,
            outcome,
            slot,
        })
    }
}

struct Ends<'a, F: Recorded> {
    doing: Doing<'a>,
    ending: &'a Ending<'a, F>,
}

impl<F: Recorded> Write for Ends<'_, F> {
    type Out = Done;
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.doing.houses.clone()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Done, ServiceError> {
        let Self { doing, ending } = self;
        let Ending {
            subject: of,
            slot,
            on,
            seen,
            reason,
        } = *ending;
        let file = doing.admit::<F>(tx, *of, *seen).await?;
        let mut refusals = check_validity(Validity::from(*on));
        refusals.extend(check_reason(*reason, false));
        let before = holding::<F>(tx, *of, slot, *on).await?;
        let Some(before) = before else {
            refusals.push(Refusal::NothingHolds { on: *on });
            return Err(refusals.into());
        };
        refusals.extend(before.fact.may_end(tx, *of, *on).await?);
        unless_refused(refusals)?;
        let mut recording = doing.begin(tx, *reason).await?;
        let outcome = stop::<F>(tx, &mut recording, *of, slot, *on).await?;
        let version = subject::touch(tx, *of, *seen).await?;
        let sides = [Some(told(slot, before.validity, &before.fact)), None];
        doing.tell(tx, file, sides, *reason, &recording).await?;
        Ok(Done {
            version,
            outcome,
            slot: (*slot).to_owned(),
        })
    }
}

/// States that from a day on nothing holds in a slot.
pub(super) async fn stop<F: Shown>(
    tx: &mut Tx,
    recording: &mut Recording,
    of: Id<F::Subject>,
    slot: &str,
    on: Date,
) -> Result<Outcome, StoreError> {
    let statement = Statement::<F> {
        subject: of,
        slot: slot.to_owned(),
        fact: None,
        on,
        until: None,
    };
    dated::state(tx, recording, statement).await
}

struct Corrects<'a, F: Recorded> {
    doing: Doing<'a>,
    correction: &'a Correction<'a, F>,
}

impl<F: Recorded> Write for Corrects<'_, F> {
    type Out = Done;
    type Error = ServiceError;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.doing.houses.clone()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Done, ServiceError> {
        let Self { doing, correction } = self;
        let of = correction.subject;
        let file = doing.admit::<F>(tx, of, correction.seen).await?;
        let standing = dated::standing::<F>(tx, of).await?;
        let row = standing.iter().find(|row| row.id == correction.row);
        let row = row.ok_or(ServiceError::NotFound)?;
        let mut refusals = check_reason(Some(correction.reason), true);
        match &correction.right {
            Some((validity, fact)) => {
                doing
                    .permit_destination(tx, of, fact, validity.from)
                    .await?;
                refusals.extend(check(doing.office, tx, of, fact, *validity).await?);
                refusals.extend(fact.reserved(Some(&row.fact), doing.actor));
                refusals.extend(overlap(&standing, row, *validity));
                let shorter =
                    validity.from > row.validity.from || validity.until != row.validity.until;
                if F::LASTS && shorter {
                    refusals.push(Refusal::HasToHold { field: "from" });
                }
                if !matches!(fact.slot(), Slot::Own) && fact.slot().key() != row.slot {
                    refusals.push(Refusal::WrongSlot { field: "slot" });
                }
            }
            None => refusals.extend(row.fact.may_end(tx, of, row.validity.from).await?),
        }
        unless_refused(refusals)?;
        let reason = Some(correction.reason);
        let mut recording = doing.begin(tx, reason).await?;
        dated::replace(tx, &mut recording, row, correction.right.clone()).await?;
        let version = subject::touch(tx, of, correction.seen).await?;
        let right = correction.right.as_ref();
        let sides = [
            Some(told(&row.slot, row.validity, &row.fact)),
            right.map(|(validity, fact)| told(&row.slot, *validity, fact)),
        ];
        doing.tell(tx, file, sides, reason, &recording).await?;
        Ok(Done {
            version,
            outcome: if right.is_some() {
                Outcome::Changed
            } else {
                Outcome::Ended
            },
            slot: row.slot.clone(),
        })
    }
}

/// Another row of the slot that holds on some of those days.
fn overlap<F: Shown>(standing: &[Dated<F>], row: &Dated<F>, validity: Validity) -> Option<Refusal> {
    let others = standing.iter();
    let mut others = others.filter(|other| other.slot == row.slot && other.id != row.id);
    let meets = |other: &Validity| {
        let begins_before_end = other.until.is_none_or(|until| validity.from < until);
        begins_before_end && validity.until.is_none_or(|until| other.from < until)
    };
    let other = others.find(|other| meets(&other.validity))?;
    Some(Refusal::Overlapping {
        from: other.validity.from,
    })
}

/// What holds in a slot on a day.
pub(super) async fn holding<F: Shown>(
    reader: &mut Reader,
    of: Id<F::Subject>,
    slot: &str,
    on: Date,
) -> Result<Option<Dated<F>>, StoreError> {
    let these = [of];
    let rows = dated::at::<F>(reader, Of::These(&these), When::on(on)).await?;
    Ok(rows.into_iter().find(|row| row.slot == slot))
}

/// The slot of a fact: the one it belongs to, the one asked for, or a new one.
async fn choose_slot<F: Recorded>(
    reader: &mut Reader,
    of: Id<F::Subject>,
    fact: &F,
    asked: Option<&str>,
) -> Result<String, ServiceError> {
    let wrong = Refusal::WrongSlot { field: "slot" };
    let own = fact.slot();
    if !matches!(own, Slot::Own) {
        let key = own.key().to_owned();
        return match asked {
            Some(asked) if asked != key => Err(wrong.into()),
            _ => Ok(key),
        };
    }
    let rows = dated::history::<F>(reader, of).await?;
    match asked {
        // a slot is chosen by the records: only those that exist can be written again
        Some(asked) if rows.iter().any(|row| row.slot == asked) => Ok(asked.to_owned()),
        Some(_) => Err(wrong.into()),
        None => {
            let numbers = rows.iter().filter_map(|row| row.slot.parse::<u32>().ok());
            let next = numbers.max().map_or(0, |last| last.saturating_add(1));
            Ok(format!("{next:04}"))
        }
    }
}
