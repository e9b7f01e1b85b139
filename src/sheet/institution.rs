//! Rows of 机构.

use super::cell::{code, count, month, place, text, word};
use super::out::{self, Out};
use super::row::Row;
use crate::domain::column::InstitutionColumn as Column;
use crate::domain::fault::{Expected, FaultCode};
use crate::domain::institution::{ApprovedPosts, Establishment, Institution, Kind, Sponsor};

/// An accepted institution, or the code of a refused one, whose people are
/// then not called unknown.
pub(super) type Read = Result<Institution, Option<String>>;

pub(super) fn read(row: &mut Row<'_, Column>) -> Read {
    let code = row.required(Column::Code, code);
    record(row, code.clone()).ok_or(code)
}

fn record(row: &mut Row<'_, Column>, own_code: Option<String>) -> Option<Institution> {
    let name = row.required(Column::Name, text);
    let kind = row.required(Column::Kind, word(Kind::from_label));
    let area = row.required(Column::Area, place);
    let parent = row.optional(Column::Parent, code);
    let consortium = row.optional(Column::Consortium, text);
    let service_population = row.optional(Column::ServicePopulation, count);
    let beds = row.optional(Column::Beds, count);
    let rehabilitation_beds = row.optional(Column::RehabilitationBeds, count);
    let establishment = establishment(row);
    let posts = posts(row);
    let raised_senior_ratio = row.flag(Column::RaisedSeniorRatio);
    let directed_evaluation = row.flag(Column::DirectedEvaluation);
    let sponsor = row.optional(Column::Sponsor, word(Sponsor::from_label));
    let establishment_approved = row.optional(Column::EstablishmentApproved, month);
    Some(Institution {
        origin: row.origin,
        code: own_code?,
        name: name?,
        kind: Some(kind?),
        area: Some(area?),
        parent: parent?,
        consortium: consortium?,
        sponsor: sponsor?.unwrap_or(Sponsor::Government),
        service_population: service_population?,
        beds: beds?,
        rehabilitation_beds: rehabilitation_beds?,
        establishment: establishment?,
        posts: posts?,
        raised_senior_ratio: raised_senior_ratio?,
        directed_evaluation: directed_evaluation?,
        establishment_approved: establishment_approved?,
    })
}

fn establishment(row: &mut Row<'_, Column>) -> Option<Establishment> {
    let total = row.optional(Column::Establishment, count);
    let professional = row.optional(Column::ProfessionalEstablishment, count);
    let management = row.optional(Column::ManagementEstablishment, count);
    let worker = row.optional(Column::WorkerEstablishment, count);
    Some(Establishment {
        total: total?,
        professional: professional?,
        management: management?,
        worker: worker?,
    })
}

fn posts(row: &mut Row<'_, Column>) -> Option<ApprovedPosts> {
    let professional = row.optional(Column::ProfessionalPosts, count);
    let health = row.optional(Column::HealthPosts, count);
    let within = health_within(row, professional.flatten(), health.flatten());
    let senior = row.optional(Column::SeniorPosts, count);
    let intermediate = row.optional(Column::IntermediatePosts, count);
    let junior = row.optional(Column::JuniorPosts, count);
    let directed = row.optional(Column::DirectedPosts, count);
    within?;
    Some(ApprovedPosts {
        professional: professional?,
        health: health?,
        senior: senior?,
        intermediate: intermediate?,
        junior: junior?,
        directed: directed?,
    })
}

/// Posts of health classes are among the professional posts.
fn health_within(
    row: &mut Row<'_, Column>,
    professional: Option<u32>,
    health: Option<u32>,
) -> Option<()> {
    let (Some(number), Some(health)) = (professional, health) else {
        return Some(());
    };
    if health <= number {
        return Some(());
    }
    let expected = Expected::AtMost {
        column: Column::ProfessionalPosts.name(),
        number,
    };
    row.refuse(Column::HealthPosts, FaultCode::BadNumber, expected);
    None
}

pub(super) fn write(institution: &Institution, column: Column) -> Out {
    let Institution {
        establishment,
        posts,
        ..
    } = institution;
    match column {
        Column::Code => out::text(&institution.code),
        Column::Name => out::text(&institution.name),
        Column::Kind => out::maybe(institution.kind.map(Kind::label)),
        Column::Area => out::maybe(institution.area),
        Column::Parent => out::maybe(institution.parent.as_ref()),
        Column::Consortium => out::maybe(institution.consortium.as_ref()),
        Column::ServicePopulation => out::count(institution.service_population),
        Column::Beds => out::count(institution.beds),
        Column::RehabilitationBeds => out::count(institution.rehabilitation_beds),
        Column::Establishment => out::count(establishment.total),
        Column::ProfessionalEstablishment => out::count(establishment.professional),
        Column::ManagementEstablishment => out::count(establishment.management),
        Column::WorkerEstablishment => out::count(establishment.worker),
        Column::ProfessionalPosts => out::count(posts.professional),
        Column::HealthPosts => out::count(posts.health),
        Column::SeniorPosts => out::count(posts.senior),
        Column::IntermediatePosts => out::count(posts.intermediate),
        Column::JuniorPosts => out::count(posts.junior),
        Column::DirectedPosts => out::count(posts.directed),
        Column::RaisedSeniorRatio => out::flag(institution.raised_senior_ratio),
        Column::DirectedEvaluation => out::flag(institution.directed_evaluation),
        Column::Sponsor => out::text(institution.sponsor.label()),
        Column::EstablishmentApproved => out::month(institution.establishment_approved),
    }
}
