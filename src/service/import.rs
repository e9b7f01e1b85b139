//! Workbooks into the records: first what they would change, then the change itself, all
//! of it or nothing.

use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{About, What, Who};
use crate::domain::change::Author;
use crate::domain::record_id::InstitutionId;
use crate::domain::register::Register;
use crate::domain::rights::{Action, Actor, Locus, Scope as Reach, Subject, permit, reach};
use crate::domain::time::{Date, Timestamp};
use crate::sheet::{self, Input, Reading};
use crate::store::register::{Comparison, Difference, Scope, compare, record};
use crate::store::{Outcome, Reader, Tx, Write, change, locus};
use serde_json::Value;
use std::collections::HashMap;

/// Workbooks, and what they are to say.
pub struct Import<'a> {
    pub office: &'a Office,
    pub actor: &'a Actor,
    /// Read as one data set.
    pub files: &'a [Input],
    /// The day from which on what they say holds.
    pub on: Date,
    /// What they are complete for: records of it that they leave out end.
    pub scope: Scope,
    pub reason: Option<&'a str>,
    pub now: Timestamp,
}

/// What an import would do, or did.
pub struct Preview {
    /// The accepted rows, and why others were refused.
    pub reading: Reading,
    /// How the accepted rows differ from the records.
    pub comparison: Comparison,
}

/// How an import ended.
pub enum Imported {
    /// Something was refused, so that nothing was recorded.
    Refused(Preview),
    /// Everything is recorded; nothing was written where nothing differs.
    Recorded(Preview),
}

impl Import<'_> {
    fn read(&self) -> Reading {
        sheet::read(self.files, self.on.parts(), &|_| {})
    }

    /// What would be added, changed, ended and refused. Nothing is written.
    ///
    /// Not found: the files, or their scope, name something outside the actor's.
    pub async fn preview(&self) -> Result<Preview, ServiceError> {
        let mut reader = self.office.store.snapshot().await?;
        self.permit_scope(&mut reader).await?;
        let reading = self.read();
        let vault = self.office.vault.as_ref();
        let comparison = compare(&mut reader, &reading.register, &self.scope, self.on, vault);
        let comparison = comparison.await?;
        self.permit_rows(&mut reader, &reading.register, &comparison)
            .await?;
        Ok(Preview {
            comparison,
            reading,
        })
    }

    /// Records what the files say, if no row of them is refused.
    pub async fn run(&self) -> Result<Imported, ServiceError> {
        let preview = self.preview().await?;
        if !preview.reading.is_accepted() {
            return Ok(Imported::Refused(preview));
        }
        let recording = Recording {
            import: self,
            reading: &preview.reading,
            who: Who::actor(self.actor),
        };
        let comparison = self.office.store.write(recording).await?;
        Ok(Imported::Recorded(Preview {
            comparison,
            ..preview
        }))
    }

    /// Whoever says that a file is complete for something ends what it leaves out.
    async fn permit_scope(&self, reader: &mut Reader) -> Result<(), ServiceError> {
        let places = match &self.scope {
            Scope::All => vec![Locus::default()],
            Scope::Area(area) => vec![Locus::area(*area)],
            Scope::Institutions(codes) => {
                let mut places = Vec::new();
                for code in codes {
                    // one that is new lies where its row says
                    if let Some(id) = locus::with_code(reader, code).await? {
                        places.push(self.place(reader, id).await?);
                    }
                }
                places
            }
        };
        let action = Action::ImportPeople;
        for place in places {
            permit(self.actor, action, &Subject::Place(place))?;
        }
        reach(self.actor, action)?;
        Ok(())
    }

    async fn place(&self, reader: &mut Reader, id: InstitutionId) -> Result<Locus, ServiceError> {
        let today = self.now.shanghai_day();
        Ok(locus::of_institution(reader, id, today).await?)
    }

    /// Every record that would change lies in the actor's scope, as it is and as it would be.
    async fn permit_rows(
        &self,
        reader: &mut Reader,
        register: &Register,
        comparison: &Comparison,
    ) -> Result<(), ServiceError> {
        let rights = Rights(self.actor);
        let (differences, before) = (&comparison.differences, &comparison.before);
        let old = &before.register;
        let mut gate = Gate::default();
        for one in changed(&differences.institutions) {
            for (register, at) in sides(one, old, register) {
                let Some(code) = register.institutions.get(at).map(|one| &one.code) else {
                    continue;
                };
                let place = gate.place(self, reader, register, code).await?;
                rights.may(Action::ImportInstitutions, place)?;
            }
        }
        for one in changed(&differences.people) {
            for (register, at) in sides(one, old, register) {
                let person = register.people.get(at);
                let house = person.and_then(|one| register.institutions.get(one.institution));
                let Some(code) = house.map(|house| &house.code) else {
                    continue;
                };
                let place = gate.place(self, reader, register, code).await?;
                rights.may(Action::ImportPeople, place)?;
            }
        }
        for one in changed(&differences.rural_doctors) {
            for (register, at) in sides(one, old, register) {
                if let Some(doctor) = register.rural_doctors.get(at) {
                    rights.may(Action::ImportPeople, Locus::area(doctor.area))?;
                }
            }
        }
        for one in changed(&differences.places) {
            for (register, at) in sides(one, old, register) {
                if let Some(place) = register.places.get(at) {
                    rights.may(Action::ImportInstitutions, Locus::area(place.code))?;
                }
            }
        }
        Ok(())
    }
}

/// Those of which something would be written.
fn changed<S>(differences: &[Difference<S>]) -> impl Iterator<Item = &Difference<S>> {
    let written = |one: &&Difference<S>| one.outcome != Outcome::Unchanged;
    differences.iter().filter(written)
}

/// A record as it is and as it would be: the register, and the position in it.
fn sides<'r, S>(
    one: &Difference<S>,
    old: &'r Register,
    new: &'r Register,
) -> impl Iterator<Item = (&'r Register, usize)> {
    let before = one.before.map(|at| (old, at));
    before.into_iter().chain(one.after.map(|at| (new, at)))
}

struct Rights<'a>(&'a Actor);

impl Rights<'_> {
    fn may(&self, action: Action, place: Locus) -> Result<(), ServiceError> {
        Ok(permit(self.0, action, &Subject::Place(place))?)
    }
}

/// Where institutions lie that were asked for already.
#[derive(Default)]
struct Gate {
    known: HashMap<String, Locus>,
}

impl Gate {
    /// Where an institution of a register lies: its row says the area, the records say what
    /// stands above it and to which community it belongs.
    async fn place(
        &mut self,
        import: &Import<'_>,
        reader: &mut Reader,
        register: &Register,
        code: &str,
    ) -> Result<Locus, ServiceError> {
        // areas alone decide for these, and a county has many institutions
        let by_area = matches!(
            import.actor.capacity.scope(),
            Reach::Everywhere | Reach::Area(_)
        );
        let row = register.institutions.iter().find(|one| one.code == code);
        let area = row.and_then(|row| row.area);
        if by_area && area.is_some() {
            return Ok(Locus {
                area,
                ..Locus::default()
            });
        }
        if let Some(known) = self.known.get(code) {
            return Ok(known.clone());
        }
        let place = match locus::with_code(reader, code).await? {
            Some(id) => import.place(reader, id).await?,
            None => Locus {
                area,
                ..Locus::default()
            },
        };
        self.known.insert(code.to_owned(), place.clone());
        Ok(place)
    }
}

struct Recording<'a> {
    import: &'a Import<'a>,
    reading: &'a Reading,
    who: Who,
}

impl Write for Recording<'_> {
    type Out = Comparison;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Comparison, ServiceError> {
        let Import {
            office,
            scope,
            on,
            reason,
            now,
            ..
        } = self.import;
        self.import.permit_scope(tx).await?;
        let author = Author::from(&self.who);
        let mut recording = change::begin(tx, &author, *reason, *now, office.chance.seed()).await?;
        let (register, vault) = (&self.reading.register, office.vault.as_ref());
        let comparison = record(tx, &mut recording, register, scope, *on, vault).await?;
        // once more: the records may have changed since the preview
        self.import.permit_rows(tx, register, &comparison).await?;
        let told = Told {
            who: &self.who,
            what: What::Action(Action::ImportPeople),
            about: About {
                noun: String::from("register"),
                area: match scope {
                    Scope::Area(area) => Some(*area),
                    Scope::All | Scope::Institutions(_) => None,
                },
                ..About::default()
            },
            before: None,
            after: Some(self.summary(&comparison)),
            reason: *reason,
            change: Some(recording.change),
        };
        tell(office, tx, told, *now).await?;
        Ok(comparison)
    }
}

impl Recording<'_> {
    /// Day, files by name, and how many records were added, changed and ended.
    fn summary(&self, comparison: &Comparison) -> Value {
        let count = |outcome| comparison.differences.count(outcome);
        let files = self.import.files.iter();
        let files: Vec<&str> = files.map(|file| file.name.as_str()).collect();
        serde_json::json!({
            "on": self.import.on.to_string(),
            "files": files,
            "added": count(Outcome::Added),
            "changed": count(Outcome::Changed),
            "ended": count(Outcome::Ended),
        })
    }
}
