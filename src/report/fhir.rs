//! A read view in FHIR R4 (hl7.org/fhir/R4): institutions as Organization and Location,
//! people as Practitioner and PractitionerRole. Pure mapping; no whole identity number and
//! no birth date leaves here.

use crate::domain::ids::Sex;
use crate::domain::institution::Institution;
use crate::domain::record::Id;
use crate::domain::staff::Person;
use crate::domain::time::{Date, Timestamp};
use crate::domain::title::Rank;
use serde::Serialize;

/// Media type of every answer.
pub const MEDIA_TYPE: &str = "application/fhir+json";
/// The version of FHIR.
pub const VERSION: &str = "4.0.1";

/// Namespaces of our own identifiers and codes.
pub mod system {
    /// Identifiers of institutions.
    pub const INSTITUTION: &str = "urn:x-dinggang:institution";
    /// Codes of institutions (机构编码).
    pub const INSTITUTION_CODE: &str = "urn:x-dinggang:institution-code";
    /// Identifiers of people.
    pub const PERSON: &str = "urn:x-dinggang:person";
    /// Kinds of institutions.
    pub const KIND: &str = "urn:x-dinggang:institution-kind";
    /// Professions, by the codes of the health statistics (从事专业类别代码).
    pub const JOB_CLASS: &str = "urn:x-dinggang:job-class";
    /// Classes of physicians' licences (医师执业类别代码).
    pub const LICENCE_CLASS: &str = "urn:x-dinggang:licence-class";
    /// Ranks of professional titles.
    pub const RANK: &str = "urn:x-dinggang:title-rank";
    /// Identity numbers of residents, as health data in China name them.
    pub const NATIONAL_ID: &str = "urn:oid:2.16.156.10011.1.3";
    /// Kinds of identifiers (HL7).
    pub const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
    /// Kinds of organizations (HL7).
    pub const ORGANIZATION_TYPE: &str = "http://terminology.hl7.org/CodeSystem/organization-type";
    /// Physical kinds of locations (HL7).
    pub const PHYSICAL_TYPE: &str = "http://terminology.hl7.org/CodeSystem/location-physical-type";
}

/// A kind of resource that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Organization,
    Location,
    Practitioner,
    PractitionerRole,
}

impl Kind {
    pub const ALL: [Self; 4] = [
        Self::Organization,
        Self::Location,
        Self::Practitioner,
        Self::PractitionerRole,
    ];

    /// Its name in paths and references.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Organization => "Organization",
            Self::Location => "Location",
            Self::Practitioner => "Practitioner",
            Self::PractitionerRole => "PractitionerRole",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What it can be searched by, and the type of each parameter.
    pub const fn search(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Organization | Self::Practitioner => &[
                ("_id", "token"),
                ("_lastUpdated", "date"),
                ("identifier", "token"),
                ("name", "string"),
            ],
            Self::Location => &[
                ("_id", "token"),
                ("_lastUpdated", "date"),
                ("identifier", "token"),
                ("name", "string"),
                ("organization", "reference"),
            ],
            Self::PractitionerRole => &[
                ("_id", "token"),
                ("_lastUpdated", "date"),
                ("identifier", "token"),
                ("organization", "reference"),
                ("practitioner", "reference"),
            ],
        }
    }

    /// Whether it is about a person.
    pub const fn is_of_person(self) -> bool {
        matches!(self, Self::Practitioner | Self::PractitionerRole)
    }
}

/// A resource.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "resourceType")]
pub enum Resource {
    Organization(Organization),
    Location(Location),
    Practitioner(Practitioner),
    PractitionerRole(PractitionerRole),
    OperationOutcome(OperationOutcome),
    Bundle(Bundle),
    CapabilityStatement(CapabilityStatement),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// The change that altered it last.
    pub version_id: String,
    pub last_updated: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coding {
    pub system: &'static str,
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CodeableConcept {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub coding: Vec<Coding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identifier {
    #[serde(rename = "use")]
    pub usage: &'static str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<CodeableConcept>,
    pub system: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// A value that is only shown in part.
    #[serde(rename = "_value", skip_serializing_if = "Option::is_none")]
    pub shown: Option<Extended>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Extended {
    pub extension: Vec<Extension>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Extension {
    pub url: &'static str,
    pub value_string: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reference {
    pub reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    pub id: String,
    pub meta: Meta,
    pub identifier: Vec<Identifier>,
    pub active: bool,
    #[serde(rename = "type")]
    pub kind: Vec<CodeableConcept>,
    pub name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub address: Vec<Address>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<Reference>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Address {
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// Code of the administrative place.
    pub text: String,
    pub country: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    pub id: String,
    pub meta: Meta,
    pub identifier: Vec<Identifier>,
    pub status: &'static str,
    pub name: String,
    pub mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    pub physical_type: CodeableConcept,
    pub managing_organization: Reference,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HumanName {
    #[serde(rename = "use")]
    pub usage: &'static str,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Qualification {
    pub code: CodeableConcept,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Practitioner {
    pub id: String,
    pub meta: Meta,
    pub identifier: Vec<Identifier>,
    pub active: bool,
    pub name: Vec<HumanName>,
    pub gender: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub qualification: Vec<Qualification>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PractitionerRole {
    pub id: String,
    pub meta: Meta,
    pub identifier: Vec<Identifier>,
    pub active: bool,
    pub practitioner: Reference,
    pub organization: Reference,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<CodeableConcept>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub specialty: Vec<CodeableConcept>,
    pub location: Vec<Reference>,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OperationOutcome {
    pub issue: Vec<Issue>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    pub severity: &'static str,
    /// Of the value set issue-type.
    pub code: &'static str,
    pub details: CodeableConcept,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bundle {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub timestamp: String,
    pub total: usize,
    pub link: Vec<Link>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    pub relation: &'static str,
    pub url: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub full_url: String,
    pub resource: Resource,
    pub search: SearchMode,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SearchMode {
    pub mode: &'static str,
}

/// What the server can do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CapabilityStatement {
    pub status: &'static str,
    pub date: String,
    pub kind: &'static str,
    pub software: Software,
    pub implementation: Implementation,
    pub fhir_version: &'static str,
    pub format: Vec<&'static str>,
    pub rest: Vec<Rest>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Software {
    pub name: &'static str,
    pub version: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Implementation {
    pub description: &'static str,
    pub url: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rest {
    pub mode: &'static str,
    pub security: Security,
    pub resource: Vec<RestResource>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Security {
    pub description: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RestResource {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub interaction: Vec<Interaction>,
    pub versioning: &'static str,
    pub search_param: Vec<SearchParam>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Interaction {
    pub code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SearchParam {
    pub name: &'static str,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A subject with what a registry asks of its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub id: String,
    /// The change that altered it last, and when that was.
    pub version: String,
    pub updated: Timestamp,
}

impl Known {
    fn meta(&self) -> Meta {
        Meta {
            version_id: self.version.clone(),
            last_updated: self.updated.to_string(),
        }
    }
}

fn own(system: &'static str, value: &str) -> Identifier {
    Identifier {
        usage: "official",
        kind: None,
        system,
        value: Some(value.to_owned()),
        shown: None,
    }
}

fn concept(system: &'static str, code: &str, display: &str) -> CodeableConcept {
    CodeableConcept {
        coding: vec![Coding {
            system,
            code: code.to_owned(),
            display: Some(display.to_owned()),
        }],
        text: None,
    }
}

fn reference(kind: Kind, id: &str, display: Option<&str>) -> Reference {
    Reference {
        reference: format!("{}/{id}", kind.name()),
        display: display.map(str::to_owned),
    }
}

fn identifiers(known: &Known, institution: &Institution) -> Vec<Identifier> {
    let code = Identifier {
        usage: "secondary",
        ..own(system::INSTITUTION_CODE, &institution.code)
    };
    vec![own(system::INSTITUTION, &known.id), code]
}

fn address(institution: &Institution) -> Option<Address> {
    let area = institution.area?;
    Some(Address {
        usage: "work",
        text: area.to_string(),
        country: "CN",
    })
}

/// An institution. `above` = the identifier of the institution above it.
pub fn organization(known: &Known, institution: &Institution, above: Option<&str>) -> Resource {
    let mut kind = concept(system::ORGANIZATION_TYPE, "prov", "Healthcare Provider");
    if let Some(own) = institution.kind {
        kind.coding.push(Coding {
            system: system::KIND,
            code: own.key().to_owned(),
            display: Some(own.label().to_owned()),
        });
        kind.text = Some(own.label().to_owned());
    }
    Resource::Organization(Organization {
        id: known.id.clone(),
        meta: known.meta(),
        identifier: identifiers(known, institution),
        active: true,
        kind: vec![kind],
        name: institution.name.clone(),
        address: address(institution).into_iter().collect(),
        part_of: above.map(|id| reference(Kind::Organization, id, None)),
    })
}

/// The place of an institution.
pub fn location(known: &Known, institution: &Institution) -> Resource {
    Resource::Location(Location {
        id: known.id.clone(),
        meta: known.meta(),
        identifier: identifiers(known, institution),
        status: "active",
        name: institution.name.clone(),
        mode: "instance",
        address: address(institution),
        physical_type: concept(system::PHYSICAL_TYPE, "si", "Site"),
        managing_organization: reference(Kind::Organization, &known.id, Some(&institution.name)),
    })
}

/// A person.
pub fn practitioner(known: &Known, person: &Person) -> Resource {
    // who shows a part of a value says so (extension rendered-value)
    let masked = Identifier {
        usage: "secondary",
        kind: Some(concept(
            system::IDENTIFIER_TYPE,
            "NI",
            "National unique individual identifier",
        )),
        system: system::NATIONAL_ID,
        value: None,
        shown: Some(Extended {
            extension: vec![Extension {
                url: "http://hl7.org/fhir/StructureDefinition/rendered-value",
                value_string: person.id.masked(),
            }],
        }),
    };
    let title = (person.title != Rank::None).then(|| Qualification {
        code: CodeableConcept {
            text: person.title_field.clone(),
            ..concept(system::RANK, person.title.key(), person.title.label())
        },
    });
    Resource::Practitioner(Practitioner {
        id: known.id.clone(),
        meta: known.meta(),
        identifier: vec![own(system::PERSON, &known.id), masked],
        active: true,
        name: vec![HumanName {
            usage: "official",
            text: person.name.clone(),
        }],
        gender: match person.id.sex() {
            Sex::Male => "male",
            Sex::Female => "female",
        },
        qualification: title.into_iter().collect(),
    })
}

/// Where and as what a person works. A person has one employment at a time, so that it has
/// the person's identifier.
pub fn practitioner_role(
    known: &Known,
    person: &Person,
    house: Id<Institution>,
    institution: &Institution,
) -> Resource {
    let job = person.job_class;
    let licence = person.licence_class;
    let house = house.to_string();
    Resource::PractitionerRole(PractitionerRole {
        id: known.id.clone(),
        meta: known.meta(),
        identifier: vec![own(system::PERSON, &known.id)],
        active: true,
        practitioner: reference(Kind::Practitioner, &known.id, Some(&person.name)),
        organization: reference(Kind::Organization, &house, Some(&institution.name)),
        code: job
            .map(|job| concept(system::JOB_CLASS, job.label(), job.key()))
            .into_iter()
            .collect(),
        specialty: licence
            .map(|one| concept(system::LICENCE_CLASS, one.label(), one.key()))
            .into_iter()
            .collect(),
        location: vec![reference(Kind::Location, &house, Some(&institution.name))],
    })
}

/// A page of what a search found.
pub fn bundle(
    base: &str,
    found: Vec<(String, Resource)>,
    total: usize,
    link: Vec<Link>,
    now: Timestamp,
) -> Resource {
    let entry = found.into_iter().map(|(path, resource)| Entry {
        full_url: format!("{base}/{path}"),
        resource,
        search: SearchMode { mode: "match" },
    });
    Resource::Bundle(Bundle {
        kind: "searchset",
        timestamp: now.to_string(),
        total,
        link,
        entry: entry.collect(),
    })
}

/// Why something was not done; `code` of the value set issue-type.
pub fn outcome(code: &'static str, text: String) -> Resource {
    Resource::OperationOutcome(OperationOutcome {
        issue: vec![Issue {
            severity: "error",
            code,
            details: CodeableConcept {
                coding: Vec::new(),
                text: Some(text),
            },
        }],
    })
}

/// What can be asked for. `released`: the day of this version of the program.
pub fn capabilities(base: &str, released: Date) -> Resource {
    let resource = |kind: Kind| RestResource {
        kind: kind.name(),
        interaction: ["read", "search-type"]
            .map(|code| Interaction { code })
            .to_vec(),
        versioning: "no-version",
        search_param: kind
            .search()
            .iter()
            .map(|(name, kind)| SearchParam { name, kind })
            .collect(),
    };
    Resource::CapabilityStatement(CapabilityStatement {
        status: "active",
        date: released.to_string(),
        kind: "instance",
        software: Software {
            name: "Dinggang",
            version: env!("CARGO_PKG_VERSION"),
        },
        implementation: Implementation {
            description: "Institutions and health workers of a county, to be read",
            url: base.to_owned(),
        },
        fhir_version: VERSION,
        format: vec!["json", MEDIA_TYPE],
        rest: vec![Rest {
            mode: "server",
            security: Security {
                description: "Authorization: Bearer, with a token for data feeds",
            },
            resource: Kind::ALL.into_iter().map(resource).collect(),
        }],
    })
}
