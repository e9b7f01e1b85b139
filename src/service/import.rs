//! Workbooks into the records: first what they would change, then the change itself, all
//! of it or nothing.

use super::{Office, ServiceError};
use crate::domain::audit::Event;
use crate::domain::change::Author;
use crate::domain::time::{Date, Timestamp};
use crate::sheet::{self, Input, Reading};
use crate::store::register::{Comparison, Scope, compare, record};
use crate::store::{Outcome, Tx, Write, audit, change};

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

    /// Records what the files say, if no row of them is refused. `seed` must differ between
    /// the changes of one millisecond.
    pub async fn run(
        &self,
        author: &Author,
        reason: Option<&str>,
        now: Timestamp,
        seed: u64,
    ) -> Result<Imported, ServiceError> {
        let preview = self.preview().await?;
        if !preview.reading.is_accepted() {
            return Ok(Imported::Refused(preview));
        }
        let recording = Recording {
            import: self,
            reading: &preview.reading,
            author,
            reason,
            now,
            seed,
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
    author: &'a Author,
    reason: Option<&'a str>,
    now: Timestamp,
    seed: u64,
}

impl Write for Recording<'_> {
    type Out = Comparison;
    type Error = ServiceError;

    async fn run(&self, tx: &mut Tx) -> Result<Comparison, ServiceError> {
        let Import {
            office, scope, on, ..
        } = self.import;
        let mut recording =
            change::begin(tx, self.author, self.reason, self.now, self.seed).await?;
        let (register, vault) = (&self.reading.register, office.vault.as_ref());
        let comparison = record(tx, &mut recording, register, scope, *on, vault).await?;
        let event = Event {
            id: recording.ids.make(),
            at: self.now,
            change: Some(recording.change),
            author: self.author.clone(),
            action: String::from("register.import"),
            subject: None,
            reason: self.reason.map(str::to_owned),
            detail: self.detail(&comparison),
        };
        audit::append(tx, &event).await?;
        Ok(comparison)
    }
}

impl Recording<'_> {
    /// Day, files by name, and how many records were added, changed and ended.
    fn detail(&self, comparison: &Comparison) -> String {
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
        .to_string()
    }
}
