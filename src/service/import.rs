//! Workbooks into the records: first what they would change, then the change itself, all
//! of it or nothing.

use super::{Office, ServiceError};
use crate::domain::audit::{About, Detail, Event, What, Who};
use crate::domain::change::Author;
use crate::domain::rights::{Action, Actor};
use crate::domain::time::{Date, Timestamp};
use crate::sheet::{self, Input, Reading};
use crate::store::register::{Comparison, Scope, compare, record};
use crate::store::{Outcome, Tx, Write, audit, change};
use serde_json::Value;

/// Workbooks, and what they are to say.
pub struct Import<'a> {
    pub office: &'a Office,
    /// Read as one data set.
    pub files: &'a [Input],
    /// The day from which on what they say holds.
    pub on: Date,
    /// What they are complete for: records of it that they leave out end.
    pub scope: Scope,
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
    pub async fn preview(&self) -> Result<Preview, ServiceError> {
        let reading = self.read();
        let mut reader = self.office.store.snapshot().await?;
        let vault = self.office.vault.as_ref();
        let comparison = compare(&mut reader, &reading.register, &self.scope, self.on, vault);
        Ok(Preview {
            comparison: comparison.await?,
            reading,
        })
    }

    /// Records what the files say, if no row of them is refused.
    pub async fn run(
        &self,
        actor: &Actor,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<Imported, ServiceError> {
        let preview = self.preview().await?;
        if !preview.reading.is_accepted() {
            return Ok(Imported::Refused(preview));
        }
        let recording = Recording {
            import: self,
            reading: &preview.reading,
            who: Who::actor(actor),
            reason,
            now,
            seed: self.office.chance.seed(),
            salt: self.office.chance.bytes(),
        };
        let comparison = self.office.store.write(recording).await?;
        Ok(Imported::Recorded(Preview {
            comparison,
            ..preview
        }))
    }
}

struct Recording<'a> {
    import: &'a Import<'a>,
    reading: &'a Reading,
    who: Who,
    reason: Option<&'a str>,
    now: Timestamp,
    seed: u64,
    salt: [u8; 16],
}

impl Write for Recording<'_> {
    type Out = Comparison;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Comparison, ServiceError> {
        let Import {
            office, scope, on, ..
        } = self.import;
        let author = Author::from(&self.who);
        let mut recording = change::begin(tx, &author, self.reason, self.now, self.seed).await?;
        let (register, vault) = (&self.reading.register, office.vault.as_ref());
        let comparison = record(tx, &mut recording, register, scope, *on, vault).await?;
        let detail = Detail::new(
            self.salt,
            None,
            Some(&self.summary(&comparison)),
            self.reason,
        );
        let event = Event::new(
            recording.ids.make(),
            self.now,
            self.who.clone(),
            &What::Action(Action::ImportPeople),
            About {
                noun: String::from("register"),
                area: match scope {
                    Scope::Area(area) => Some(*area),
                    Scope::All | Scope::Institutions(_) => None,
                },
                ..About::default()
            },
            detail,
        );
        audit::append(tx, &event.of_change(recording.change)).await?;
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
