//! Workbooks into the records: first what they would change, then the change itself, all
//! of it or nothing.

use super::trail::{Told, tell};
use super::{Office, ServiceError};
use crate::domain::audit::{About, What, Who};
use crate::domain::change::Author;
use crate::domain::fault::Fault;
use crate::domain::record_id::InstitutionId;
use crate::domain::register::{Origin, Register, Source};
use crate::domain::rights::{Action, Actor, Locus, Scope as Reach, Subject, permit, reach};
use crate::domain::time::{Date, Timestamp};
use crate::i18n::{Lang, t};
use crate::report::words;
use crate::sheet::{self, Change, Reading, Refusal, ReturnError, RowOf};
use crate::store::register::{self, Comparison, Difference, Scope, compare, record};
use crate::store::{Reader, StoreError, Tx, Write, change, locus};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

pub use crate::domain::column::{Column, Entry, FLAG, GRADES};
pub use crate::sheet::{Input, Written};
pub use crate::store::Outcome;
pub use crate::store::register::Scope as Complete;

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

/// An empty workbook to fill in.
pub fn template() -> Result<Vec<u8>, ServiceError> {
    Ok(sheet::template()?)
}

/// How an import ended.
pub enum Imported {
    /// Something was refused, so that nothing was recorded.
    Refused(Preview),
    /// Everything is recorded; nothing was written where nothing differs.
    Recorded(Preview),
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// So many rows are read.
    Reading(u64),
    /// They are compared with the records.
    Comparing,
    /// So many records of so many are written.
    Recording { written: usize, of: usize },
}

/// Told how far an import is, from several threads.
pub type Tell<'a> = &'a (dyn Fn(Stage) + Sync);

/// What the author of a file wrote into a row of it; empty where there is no such row.
pub fn written(file: &Input, sheet: &str, row: u32) -> Vec<Written> {
    sheet::written(&file.bytes, sheet, row).unwrap_or_default()
}

/// A file with cells of a row, by the name of their column, written otherwise.
///
/// Not found: it has no such sheet.
pub fn corrected(
    file: &Input,
    sheet: &str,
    row: u32,
    cells: &BTreeMap<&str, String>,
) -> Result<Input, ServiceError> {
    let bytes = sheet::correct(&file.bytes, sheet, row, cells).map_err(|error| match error {
        ReturnError::Refused(_) => ServiceError::NotFound,
        ReturnError::Write(error) => error.into(),
    })?;
    let name = file.name.clone();
    Ok(Input { name, bytes })
}

impl Import<'_> {
    fn read(&self, tell: Tell<'_>) -> Reading {
        let rows = AtomicU64::new(0);
        sheet::read(self.files, self.on.parts(), &|more| {
            let before = rows.fetch_add(more, Ordering::Relaxed);
            tell(Stage::Reading(before.saturating_add(more)));
        })
    }

    /// What would be added, changed, ended and refused. Nothing is written.
    ///
    /// Not found: the files, or their scope, name something outside the actor's.
    pub async fn preview(&self) -> Result<Preview, ServiceError> {
        self.preview_telling(&|_| {}).await
    }

    /// The same, telling how far it is.
    pub async fn preview_telling(&self, tell: Tell<'_>) -> Result<Preview, ServiceError> {
        let mut reader = self.office.store.snapshot().await?;
        self.permit_scope(&mut reader).await?;
        let reading = self.read(tell);
        tell(Stage::Comparing);
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
        self.run_telling(&|_| {}).await
    }

    /// The same, telling how far it is.
    pub async fn run_telling(&self, tell: Tell<'_>) -> Result<Imported, ServiceError> {
        let preview = self.preview_telling(tell).await?;
        if !preview.reading.is_accepted() {
            return Ok(Imported::Refused(preview));
        }
        let of = preview.records();
        let mut locked = touched(&preview.reading.register, &preview.comparison);
        for _ in 0..TRIES {
            let recording = Recording {
                import: self,
                reading: &preview.reading,
                who: Who::actor(self.actor),
                locked: &locked,
                tell: &|written| tell(Stage::Recording { written, of }),
            };
            (recording.tell)(0);
            match self.office.store.write(recording).await {
                Ok(comparison) => {
                    return Ok(Imported::Recorded(Preview {
                        comparison,
                        ..preview
                    }));
                }
                // somebody moved meanwhile: more has to be locked
                Err(Missed::Beyond(more)) => locked.extend(more),
                Err(Missed::For(error)) => return Err(error),
            }
        }
        Err(StoreError::Contention.into())
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

/// How often more is locked before somebody is told to try again.
const TRIES: u32 = 5;

/// The institutions whose figures an import changes: those that change themselves, and those
/// of people who do, as they are and as they would be. New ones are nobody else's yet.
fn touched(register: &Register, comparison: &Comparison) -> BTreeSet<InstitutionId> {
    let (differences, before) = (&comparison.differences, &comparison.before);
    let old = &before.register;
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    for one in changed(&differences.institutions) {
        let houses = sides(one, old, register);
        let houses = houses.filter_map(|(register, at)| register.institutions.get(at));
        codes.extend(houses.map(|house| house.code.as_str()));
    }
    for one in changed(&differences.people) {
        let houses = sides(one, old, register).filter_map(|(register, at)| {
            let person = register.people.get(at)?;
            register.institutions.get(person.institution)
        });
        codes.extend(houses.map(|house| house.code.as_str()));
    }
    let recorded = old.institutions.iter().zip(&before.institutions);
    let recorded = recorded.filter(|(house, _)| codes.contains(house.code.as_str()));
    recorded.map(|(_, id)| *id).collect()
}

/// Why an import was not recorded.
enum Missed {
    /// It would change the figures of institutions that are not locked.
    Beyond(BTreeSet<InstitutionId>),
    For(ServiceError),
}

impl<E: Into<ServiceError>> From<E> for Missed {
    fn from(error: E) -> Self {
        Self::For(error.into())
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

/// A record that would be written, for people to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub noun: &'static str,
    /// Code of an institution or place; empty for people.
    pub code: String,
    pub name: String,
    /// Code of the institution, or of the area of a rural doctor.
    pub belongs_to: String,
    pub outcome: Outcome,
    /// Of one that changes: its columns, old and new.
    pub changes: Vec<Change>,
}

/// Something wrong or odd with a cell, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    pub file: String,
    /// Position of the file where the row can be written otherwise; `None` = it is no row
    /// of data.
    pub input: Option<usize>,
    pub sheet: String,
    /// 0 = the file as a whole.
    pub row: u32,
    pub column: String,
    pub code: &'static str,
    pub value: String,
    pub message: String,
}

impl Preview {
    /// How many records would be written.
    pub fn records(&self) -> usize {
        let differences = &self.comparison.differences;
        let written = [Outcome::Added, Outcome::Changed, Outcome::Ended];
        let counts = written.into_iter().flat_map(|one| differences.count(one));
        counts.sum()
    }

    /// What would be written, in the order of the workbook; what ends stands last.
    pub fn shown(&self) -> Vec<Shown> {
        let differences = &self.comparison.differences;
        let (old, new) = (&self.comparison.before.register, &self.reading.register);
        let mut shown = Vec::new();
        for one in changed(&differences.institutions) {
            shown.extend(show(one, old, new, RowOf::Institution, |register, at| {
                let one = register.institutions.get(at)?;
                let parent = one.parent.clone().unwrap_or_default();
                Some(("institution", one.code.clone(), one.name.clone(), parent))
            }));
        }
        for one in changed(&differences.people) {
            shown.extend(show(one, old, new, RowOf::Person, |register, at| {
                let one = register.people.get(at)?;
                let house = register.institutions.get(one.institution);
                let house = house.map_or_else(String::new, |house| house.code.clone());
                Some(("person", String::new(), one.name.clone(), house))
            }));
        }
        for one in changed(&differences.rural_doctors) {
            shown.extend(show(one, old, new, RowOf::RuralDoctor, |register, at| {
                let one = register.rural_doctors.get(at)?;
                let area = one.area.to_string();
                Some(("rural_doctor", String::new(), one.name.clone(), area))
            }));
        }
        for one in changed(&differences.places) {
            shown.extend(show(one, old, new, RowOf::Place, |register, at| {
                let one = register.places.get(at)?;
                let parent = one.parent.map(|parent| parent.to_string());
                let parent = parent.unwrap_or_default();
                Some(("place", one.code.to_string(), one.name.clone(), parent))
            }));
        }
        shown
    }

    /// Why files and rows were refused.
    pub fn refused(&self, lang: Lang) -> Vec<Complaint> {
        let reading = &self.reading;
        let register = &reading.register;
        let files = self.reading.refused_files.iter().map(|refused| Complaint {
            file: refused.file.clone(),
            input: None,
            sheet: String::new(),
            row: 0,
            column: String::new(),
            code: refused.why.key(),
            value: String::new(),
            message: refused_file(&refused.why, lang),
        });
        let rows = self.reading.faults.iter().map(|fault| {
            let message = words::fault(register, fault, lang);
            let code = fault.code.key();
            complaint(
                reading,
                fault.origin,
                &fault.column,
                code,
                &fault.value,
                message,
            )
        });
        files.chain(rows).collect()
    }

    /// What is odd though read.
    pub fn odd(&self, lang: Lang) -> Vec<Complaint> {
        let reading = &self.reading;
        let odd = self.reading.warnings.iter().map(|warning| {
            let message = words::warning(warning, lang);
            let code = warning.code.key();
            complaint(
                reading,
                warning.origin,
                &warning.column,
                code,
                &warning.value,
                message,
            )
        });
        odd.collect()
    }

    /// The files with a column of reasons beside their refused rows; those that were refused
    /// as a whole are left out.
    pub fn returned(&self, files: &[Input], lang: Lang) -> Vec<(String, Vec<u8>)> {
        let register = &self.reading.register;
        let mut returned = Vec::new();
        let files = files.iter().enumerate();
        for (at, file) in files.filter(|(at, _)| !self.reading.is_refused(*at)) {
            let reason = |fault: &Fault| words::fault(register, fault, lang);
            if let Ok(back) = sheet::write_back(&file.bytes, &self.reading, at, reason) {
                returned.push((file.name.clone(), back.bytes));
            }
        }
        returned
    }
}

/// Noun, code, name, and what it belongs to.
type Title = (&'static str, String, String, String);

fn show<S>(
    one: &Difference<S>,
    old: &Register,
    new: &Register,
    row: fn(usize) -> RowOf,
    title: impl Fn(&Register, usize) -> Option<Title>,
) -> Option<Shown> {
    let (register, at) = match (one.after, one.before) {
        (Some(at), _) => (new, at),
        (None, Some(at)) => (old, at),
        (None, None) => return None,
    };
    let (noun, code, name, belongs_to) = title(register, at)?;
    let both = one.before.zip(one.after);
    let changes = both.map_or_else(Vec::new, |(before, after)| {
        sheet::changes((old, row(before)), (new, row(after)))
    });
    Some(Shown {
        noun,
        code,
        name,
        belongs_to,
        outcome: one.outcome,
        changes,
    })
}

fn complaint(
    reading: &Reading,
    origin: Origin,
    column: &str,
    code: &'static str,
    value: &str,
    message: String,
) -> Complaint {
    let source = reading.register.source(origin);
    let of = |text: fn(&Source) -> &String| source.map_or_else(String::new, |s| text(s).clone());
    Complaint {
        file: of(|source| &source.file),
        input: reading.place(origin).map(|(input, _)| input),
        sheet: of(|source| &source.sheet),
        row: origin.row,
        column: column.to_owned(),
        code,
        value: value.to_owned(),
        message,
    }
}

/// Why a whole file was refused, as a sentence.
pub fn refused_file(why: &Refusal, lang: Lang) -> String {
    let key = format!("file-{}", why.key().replace('_', "-"));
    match why {
        Refusal::WrongSheets { found, expected } => {
            let found = words::list(found.iter().cloned(), lang);
            let expected = words::list(expected.iter().map(|name| (*name).to_owned()), lang);
            t(
                lang,
                &key,
                &[("found", found.into()), ("expected", expected.into())],
            )
        }
        Refusal::TooManyFaults { limit } => t(lang, &key, &[("limit", (*limit).into())]),
        _ => t(lang, &key, &[]),
    }
}

struct Recording<'a> {
    import: &'a Import<'a>,
    reading: &'a Reading,
    who: Who,
    /// Whoever decides on the places of these waits, as an application does.
    locked: &'a BTreeSet<InstitutionId>,
    tell: register::Tell<'a>,
}

impl Write for Recording<'_> {
    type Out = Comparison;
    type Error = Missed;

    fn institutions(&self) -> Vec<InstitutionId> {
        self.locked.iter().copied().collect()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Comparison, Missed> {
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
        let comparison = record(tx, &mut recording, register, scope, *on, vault, self.tell).await?;
        let touched = touched(register, &comparison);
        if !touched.is_subset(self.locked) {
            return Err(Missed::Beyond(touched));
        }
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
