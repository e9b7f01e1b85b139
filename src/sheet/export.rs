//! Rows of the 40-column health-statistics staff export, read as people
//! (notes 5.1 and 5.2: its names and codes).

use super::cell::{Cell, Read as ReadCell, Wrong, code, month, text, word};
use super::row::Row;
use super::staff::{Blank, Read, Unplaced};
use super::text::compact;
use crate::domain::column::{Column as Entry, ExportColumn as Column};
use crate::domain::ids::NationalId;
use crate::domain::post::PostCategory;
use crate::domain::staff::{
    Employment, GpTraining, JobClass, LicenceClass, Person, SiteKind, Sites,
};
use crate::domain::title::Rank;

/// The ranks in the order of the codes 1 to 5.
const RANKS: [Rank; 5] = [
    Rank::Senior,
    Rank::AssociateSenior,
    Rank::Intermediate,
    Rank::Junior,
    Rank::Assistant,
];

/// Reads a row. `institution` turns code and name into a place in the sheet's list.
pub(super) fn read(
    row: &mut Row<'_, Column>,
    institution: impl FnOnce(String, &str, Option<String>) -> usize,
) -> Read {
    let own_code = row.required(Column::Institution, code);
    let own_name = row.optional(Column::InstitutionName, text);
    let name = row.required(Column::Name, text);
    let id = row.national_id(Column::Id);
    let written = row.written(Column::Institution);
    let institution = match (own_code, own_name) {
        (Some(code), Some(name)) => Some(institution(code, written, name)),
        _ => None,
    };
    let person = record(row, id, name, institution);
    Read {
        origin: row.origin,
        id,
        institution,
        person: person.map(|person| Unplaced::new(person, Blank::NOTHING)),
    }
}

fn record(
    row: &mut Row<'_, Column>,
    id: Option<NationalId>,
    name: Option<String>,
    institution: Option<usize>,
) -> Option<Person> {
    let started_work = row.optional(Column::StartedWork, month);
    let mobile = row.optional(Column::Mobile, code);
    let job_class = row.optional(Column::JobClass, word(JobClass::from_label));
    let licence_class = row.optional(Column::LicenceClass, word(LicenceClass::from_label));
    let several = row.optional(Column::MultiSite, yes_or_no);
    let second = row.optional(Column::SecondSite, word(SiteKind::from_label));
    let third = row.optional(Column::ThirdSite, word(SiteKind::from_label));
    let title = row.optional(Column::Title, word(title));
    let appointed = row.optional(Column::Appointed, word(appointed));
    let employment = row.required(Column::Employment, word(employment));
    let gp_registered = row.optional(Column::GpRegistered, yes_or_no);
    let gp_training = row.optional(Column::GpTraining, word(training));
    let job_class = job_class?;
    let category = category(job_class);
    Some(Person {
        job_class,
        licence_class: licence_class?,
        sites: Some(Sites {
            several: several?.unwrap_or(false),
            second: second?,
            third: third?,
        }),
        gp_registered: gp_registered?.unwrap_or(false),
        gp_training: gp_training?.unwrap_or(GpTraining::None),
        title: title?.unwrap_or(Rank::None),
        appointed: appointed?.unwrap_or(Rank::None),
        started_work: started_work?,
        mobile: mobile?,
        ..Person::new(row.origin, id?, name?, institution?, employment?, category)
    })
}

/// The export has no 岗位类别; the profession tells it.
fn category(class: Option<JobClass>) -> PostCategory {
    match class {
        Some(JobClass::Manager) => PostCategory::Management,
        Some(JobClass::Worker) => PostCategory::Worker,
        _ => PostCategory::Professional,
    }
}

fn yes_or_no(cell: Cell<'_>, _: &Entry) -> ReadCell<bool> {
    match compact(cell.text).as_ref() {
        "Y" | "y" | "是" | "1" => Ok(true),
        "N" | "n" | "否" | "0" => Ok(false),
        _ => Err(Wrong::Entry),
    }
}

fn employment(word: &str) -> Option<Employment> {
    match word {
        "编制内" | "编内" | "在编" | "1" => Some(Employment::Establishment),
        "合同制" => Some(Employment::Contract),
        "劳务派遣" => Some(Employment::Agency),
        "返聘" => Some(Employment::Reemployed),
        // staff managed as civil servants hold no post of a public institution
        "参公管理" | "非在编" | "2" | "其他" => Some(Employment::Other),
        _ => None,
    }
}

/// Series 23 to 26 (physicians, pharmacists, nurses, technicians), then the rank.
fn title(code: &str) -> Option<Rank> {
    let rank = code.strip_prefix('2')?.strip_prefix(['3', '4', '5', '6'])?;
    ranked(rank)
}

fn appointed(code: &str) -> Option<Rank> {
    match code {
        "6" | "9" => Some(Rank::None),
        rank => ranked(rank),
    }
}

fn ranked(code: &str) -> Option<Rank> {
    let number: usize = code.parse().ok().filter(|_| code.len() == 1)?;
    RANKS.get(number.checked_sub(1)?).copied()
}

/// The words are as long as the form's (全科医生转岗培训合格证书) or short; the
/// numbers are taken in the order 规培, 转岗, 岗位, which no code table at hand
/// confirms.
fn training(word: &str) -> Option<GpTraining> {
    match word {
        "1" => Some(GpTraining::Residency),
        "2" => Some(GpTraining::Transfer),
        "3" => Some(GpTraining::Post),
        "无" | "0" => Some(GpTraining::None),
        word if word.contains("规范化") || word.contains("规培") => {
            Some(GpTraining::Residency)
        }
        word if word.contains("转岗") => Some(GpTraining::Transfer),
        word if word.contains("岗位") => Some(GpTraining::Post),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::column::{
        EXPORT_APPOINTED, EXPORT_EMPLOYMENT, EXPORT_TITLES, EXPORT_TRAINING,
    };

    #[test]
    fn every_code_offered_is_understood() {
        assert!(EXPORT_TITLES.iter().all(|code| title(code).is_some()));
        assert!(
            EXPORT_APPOINTED
                .iter()
                .all(|code| appointed(code).is_some())
        );
        assert!(EXPORT_EMPLOYMENT.iter().all(|w| employment(w).is_some()));
        assert!(EXPORT_TRAINING.iter().all(|w| training(w).is_some()));
    }

    #[test]
    fn ranks_by_code() {
        assert_eq!(title("231"), Some(Rank::Senior));
        assert_eq!(title("245"), Some(Rank::Assistant));
        assert_eq!(title("263"), Some(Rank::Intermediate));
        for wrong in [
            "230",
            "236",
            "221",
            "271",
            "23",
            "2311",
            "主治医师",
            "２３１",
        ] {
            assert_eq!(title(wrong), None, "{wrong}");
        }
        assert_eq!(appointed("9"), Some(Rank::None));
        assert_eq!(appointed("4"), Some(Rank::Junior));
        assert_eq!(appointed("7"), None);
    }

    #[test]
    fn training_in_the_words_of_the_form() {
        let read = |w| training(w);
        assert_eq!(read("全科医生转岗培训合格证书"), Some(GpTraining::Transfer));
        assert_eq!(
            read("住院医师规范化培训合格证（全科）"),
            Some(GpTraining::Residency)
        );
        assert_eq!(read("全科医生岗位培训合格证"), Some(GpTraining::Post));
        assert_eq!(read("未知"), None);
    }
}
