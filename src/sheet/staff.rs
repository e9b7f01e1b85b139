//! Rows of 人员.

use super::cell::{code, grade, month, one_of, place, text, word};
use super::out::{self, Out};
use super::row::Row;
use crate::domain::column::PersonColumn as Column;
use crate::domain::fault::FaultCode;
use crate::domain::ids::NationalId;
use crate::domain::post::{Grade, Manner, PostCategory};
use crate::domain::register::Origin;
use crate::domain::staff::{
    Employment, GpTraining, History, JobClass, LicenceClass, Person, RetirementClass,
};
use crate::domain::title::{Rank, TitleKind};

/// One row of people, accepted or not.
pub(super) struct Read {
    pub origin: Origin,
    /// As far as it could be read.
    pub id: Option<NationalId>,
    /// Position in the sheet's list of institutions; `None` when blank or wrong.
    pub institution: Option<usize>,
    pub person: Option<Unplaced>,
}

/// A person who is complete but for the place of the institution in the
/// register, which is known only when all files are read.
pub(super) struct Unplaced {
    person: Person,
    blank: Blank,
}

/// The columns of a row left blank, by position: what the export may fill.
#[derive(Clone, Copy)]
pub(super) struct Blank(u32);

impl Unplaced {
    pub(super) fn new(person: Person, blank: Blank) -> Self {
        Self { person, blank }
    }

    pub(super) fn at(mut self, institution: usize) -> (Person, Blank) {
        self.person.institution = institution;
        (self.person, self.blank)
    }

    /// Fills what a row of the workbook leaves blank with what the export says.
    pub(super) fn fill(self, person: &mut Person, blank: Blank) {
        let export = self.person;
        if blank.has(Column::JobClass) {
            person.job_class = export.job_class;
        }
        if blank.has(Column::LicenceClass) {
            person.licence_class = export.licence_class;
        }
        if blank.has(Column::GpRegistered) {
            person.gp_registered = export.gp_registered;
        }
        if blank.has(Column::GpTraining) {
            person.gp_training = export.gp_training;
        }
        if blank.has(Column::Title) {
            person.title = export.title;
        }
        if blank.has(Column::Appointed) {
            person.appointed = export.appointed;
        }
        if blank.has(Column::StartedWork) {
            person.started_work = export.started_work;
        }
        if blank.has(Column::Mobile) {
            person.mobile = export.mobile;
        }
        person.sites = export.sites;
    }
}

impl Blank {
    pub(super) const NOTHING: Self = Self(0);

    fn of(row: &Row<'_, Column>) -> Self {
        let blank = Column::ALL.iter().filter(|column| row.is_blank(**column));
        Self(blank.fold(0, |set, column| set | 1 << column.index()))
    }

    fn has(self, column: Column) -> bool {
        self.0 & (1 << column.index()) != 0
    }
}

/// Reads a row. `institution` turns a code into its place in the sheet's list.
pub(super) fn read(
    row: &mut Row<'_, Column>,
    institution: impl FnOnce(String, &str) -> usize,
) -> Read {
    let id = row.national_id(Column::Id);
    let name = row.required(Column::Name, text);
    let written = row.written(Column::Institution);
    let institution = row
        .required(Column::Institution, code)
        .map(|code| institution(code, written));
    let person = record(row, id, name, institution);
    let blank = Blank::of(row);
    Read {
        origin: row.origin,
        id,
        institution,
        person: person.map(|person| Unplaced::new(person, blank)),
    }
}

fn record(
    row: &mut Row<'_, Column>,
    id: Option<NationalId>,
    name: Option<String>,
    institution: Option<usize>,
) -> Option<Person> {
    let employment = row.required(Column::Employment, word(Employment::from_label));
    let category = row.required(Column::Category, word(PostCategory::from_label));
    let dual_post = row.flag(Column::DualPost);
    let job_class = row.optional(Column::JobClass, word(JobClass::from_label));
    let licence_class = row.optional(Column::LicenceClass, word(LicenceClass::from_label));
    let gp_registered = row.flag(Column::GpRegistered);
    let gp_training = row.optional(Column::GpTraining, word(GpTraining::from_label));
    let preventive_post = row.flag(Column::PreventivePost);
    let title = row.optional(Column::Title, word(Rank::from_label));
    let title_kind = row.optional(Column::TitleKind, word(TitleKind::from_label));
    let title_field = row.optional(Column::TitleField, text);
    let title_area = row.optional(Column::TitleArea, place);
    let title_since = row.optional(Column::TitleSince, month);
    let appointed = row.optional(Column::Appointed, word(Rank::from_post_label));
    let grade = row.optional(Column::Grade, grade);
    let appointed_since = row.optional(Column::AppointedSince, month);
    let manner = row.optional(Column::Manner, word(Manner::from_label));
    let retirement_class = retirement_class(row, id);
    let started_work = row.optional(Column::StartedWork, month);
    let mobile = row.optional(Column::Mobile, code);
    let email = row.optional(Column::Email, code);
    Some(Person {
        origin: row.origin,
        id: id?,
        name: name?,
        institution: institution?,
        employment: employment?,
        category: category?,
        dual_post: dual_post?,
        job_class: job_class?,
        licence_class: licence_class?,
        sites: None,
        gp_registered: gp_registered?,
        gp_training: gp_training?.unwrap_or(GpTraining::None),
        preventive_post: preventive_post?,
        title: title?.unwrap_or(Rank::None),
        title_kind: title_kind?.unwrap_or(TitleKind::Ordinary),
        title_field: title_field?,
        title_area: title_area?,
        title_since: title_since?,
        appointed: appointed?.unwrap_or(Rank::None),
        grade: grade?,
        appointed_since: appointed_since?,
        manner: manner?.unwrap_or(Manner::Ordinary),
        retirement_class: retirement_class?,
        started_work: started_work?,
        mobile: mobile?,
        email: email?,
        history: History::Unknown,
    })
}

/// The class stated must be one of the person's sex.
fn retirement_class(
    row: &mut Row<'_, Column>,
    id: Option<NationalId>,
) -> Option<Option<RetirementClass>> {
    let column = Column::RetirementClass;
    let class = row.optional(column, word(RetirementClass::from_label))?;
    let (Some(stated), Some(id)) = (class, id) else {
        return Some(class);
    };
    if stated.sex() == id.sex() {
        return Some(class);
    }
    let classes = RetirementClass::ALL.iter();
    let of_sex = classes.filter(|class| class.sex() == id.sex());
    let labels: Vec<_> = of_sex.map(|class| class.label()).collect();
    row.refuse(column, FaultCode::UnknownValue, one_of(&labels));
    None
}

pub(super) fn write(person: &Person, institution: &str, column: Column) -> Out {
    match column {
        Column::Id => out::text(person.id),
        Column::Name => out::text(&person.name),
        Column::Institution => out::text(institution),
        Column::Employment => out::text(person.employment.label()),
        Column::Category => out::text(person.category.label()),
        Column::DualPost => out::flag(person.dual_post),
        Column::JobClass => out::maybe(person.job_class.map(JobClass::label)),
        Column::LicenceClass => out::maybe(person.licence_class.map(LicenceClass::label)),
        Column::GpRegistered => out::flag(person.gp_registered),
        Column::GpTraining => out::text(person.gp_training.label()),
        Column::PreventivePost => out::flag(person.preventive_post),
        Column::Title => out::text(person.title.label()),
        Column::TitleKind => out::text(person.title_kind.label()),
        Column::TitleField => out::maybe(person.title_field.as_ref()),
        Column::TitleArea => out::maybe(person.title_area),
        Column::TitleSince => out::month(person.title_since),
        Column::Appointed => out::text(person.appointed.post_label()),
        Column::Grade => out::maybe(person.grade.map(Grade::number)),
        Column::AppointedSince => out::month(person.appointed_since),
        Column::Manner => out::text(person.manner.label()),
        Column::RetirementClass => out::maybe(person.retirement_class.map(RetirementClass::label)),
        Column::StartedWork => out::month(person.started_work),
        Column::Mobile => out::maybe(person.mobile.as_ref()),
        Column::Email => out::maybe(person.email.as_ref()),
    }
}
