//! Rows of 乡村医生.

use super::cell::{place, text, word};
use super::out::{self, Out};
use super::row::Row;
use crate::domain::column::RuralDoctorColumn as Column;
use crate::domain::rural_doctor::{LabourRelation, PensionScheme, Qualification, RuralDoctor};

pub(super) fn read(row: &mut Row<'_, Column>) -> Option<RuralDoctor> {
    let id = row.national_id(Column::Id);
    let name = row.required(Column::Name, text);
    let area = row.required(Column::Area, place);
    let clinic = row.optional(Column::Clinic, text);
    let qualification = row.required(Column::Qualification, word(Qualification::from_label));
    let labour_relation = row.required(Column::LabourRelation, word(LabourRelation::from_label));
    let on_establishment = row.flag(Column::OnEstablishment);
    let pension = row.optional(Column::Pension, word(PensionScheme::from_label));
    Some(RuralDoctor {
        origin: row.origin,
        id: id?,
        name: name?,
        area: area?,
        clinic: clinic?,
        qualification: qualification?,
        labour_relation: labour_relation?,
        on_establishment: on_establishment?,
        pension: pension?,
    })
}

pub(super) fn write(doctor: &RuralDoctor, column: Column) -> Out {
    match column {
        Column::Id => out::text(doctor.id),
        Column::Name => out::text(&doctor.name),
        Column::Area => out::text(doctor.area),
        Column::Clinic => out::maybe(doctor.clinic.as_ref()),
        Column::Qualification => out::text(doctor.qualification.label()),
        Column::LabourRelation => out::text(doctor.labour_relation.label()),
        Column::OnEstablishment => out::flag(doctor.on_establishment),
        Column::Pension => out::maybe(doctor.pension.map(PensionScheme::label)),
    }
}
