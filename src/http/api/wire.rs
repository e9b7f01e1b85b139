//! The shapes of dated nouns in requests and answers: one short declaration each. Kinds of
//! members say how a value is spelt and how far it may reach; what must hold between
//! members is the noun's own business.

use crate::domain::absence::{Departure, DepartureKind, Leave, LeaveKind};
use crate::domain::appointment::{Appointment, LedgerDecision};
use crate::domain::assignment::{Assignment, AssignmentKind};
use crate::domain::employment::{Contract, Employed, Shared, SharedManner};
use crate::domain::establishment::Decision;
use crate::domain::ids::AreaCode;
use crate::domain::institution::{
    self, ApprovedPosts, Institution, Kind, Sponsor, Succession, SuccessionManner,
};
use crate::domain::label::Labelled;
use crate::domain::leader::Term;
use crate::domain::licence::{
    GpRegistration, Licence, LicenceKind, PhysicianAssessment, PhysicianResult, Site,
};
use crate::domain::merit::{Assessment, AssessmentResult, Honour, HonourLevel};
use crate::domain::month::Month;
use crate::domain::pay::{Fen, PayTotal};
use crate::domain::place::{self, PlaceLevel};
use crate::domain::post::{Grade, Ledger, Level, Manner, PlannedPosts, PostCategory};
use crate::domain::record::Id;
use crate::domain::register::Origin;
use crate::domain::rural_doctor::{
    self, Examination, LabourRelation, MedicalInsurance, MedicalScheme, Pension, PensionScheme,
    Qualification, Registration, Subsidy,
};
use crate::domain::service::{Evidence, EvidenceKind, Location, Spell};
use crate::domain::staff::{
    self, Employment, GpTraining, JobClass, LicenceClass, RetirementClass, SiteKind,
};
use crate::domain::team::{Membership, Team};
use crate::domain::time::Date;
use crate::domain::title::{Rank, Title, TitleKind, TitleSeries};
use crate::domain::training::{Training, TrainingKind};
use crate::http::scalar::{Spelling, Text, Word};
use crate::i18n::{Lang, word};
use crate::service::record::Shown;
use poem_openapi::Object;
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use validator::Validate;

/// A noun as it is sent and shown.
pub trait Wire:
    Type + ParseFromJSON + ToJSON + DeserializeOwned + Validate + Send + Sync + 'static
{
    type Fact: Shown;

    fn show(fact: &Self::Fact) -> Self;

    /// `None` = a member holds what its kind does not allow.
    fn take(self) -> Option<Self::Fact>;

    /// What it is made of, for whoever asks for it in a form.
    fn members(lang: Lang) -> Vec<MemberOf>;
}

/// A member of a noun.
pub struct MemberOf {
    pub name: &'static str,
    pub required: bool,
    pub shape: Shape,
}

/// What is written into a member.
pub enum Shape {
    Text,
    /// Several lines.
    Long,
    Number,
    /// Hundredths of a yuan.
    Money,
    Flag,
    Day,
    Month,
    Area,
    /// The identifier of an institution.
    House,
    /// One of these: key and word.
    Words(Vec<(String, String)>),
}

/// A type of a member.
pub trait Shaped {
    const REQUIRED: bool = true;

    fn shape(lang: Lang) -> Shape;
}

macro_rules! shaped {
    ($($type:ty = $shape:ident),+ $(,)?) => {
        $(impl Shaped for $type {
            fn shape(_lang: Lang) -> Shape {
                Shape::$shape
            }
        })+
    };
}

shaped! {
    String = Text,
    u32 = Number,
    u8 = Number,
    i64 = Money,
    bool = Flag,
    Text<Date> = Day,
    Text<Month> = Month,
    Text<AreaCode> = Area,
    Text<Id<Institution>> = House,
}

impl<L: Labelled> Shaped for Word<L> {
    fn shape(lang: Lang) -> Shape {
        let words = L::VALUES.iter();
        let words = words.map(|one| (one.id().to_owned(), word(one, lang)));
        Shape::Words(words.collect())
    }
}

impl<T: Shaped> Shaped for Option<T> {
    const REQUIRED: bool = false;

    fn shape(lang: Lang) -> Shape {
        T::shape(lang)
    }
}

/// One member: a value of the trade, and how it is spelt.
pub trait Member<W>: Sized {
    fn show(&self) -> W;

    fn take(wire: W) -> Option<Self>;
}

impl<W, T: Member<W>> Member<Option<W>> for Option<T> {
    fn show(&self) -> Option<W> {
        self.as_ref().map(Member::show)
    }

    fn take(wire: Option<W>) -> Option<Self> {
        match wire {
            Some(wire) => T::take(wire).map(Some),
            None => Some(None),
        }
    }
}

impl<T: Spelling + Clone> Member<Text<T>> for T {
    fn show(&self) -> Text<T> {
        Text(self.clone())
    }

    fn take(wire: Text<T>) -> Option<Self> {
        Some(wire.0)
    }
}

impl<L: Labelled> Member<Word<L>> for L {
    fn show(&self) -> Word<L> {
        Word(*self)
    }

    fn take(wire: Word<L>) -> Option<Self> {
        Some(wire.0)
    }
}

/// Values that are sent as they are.
macro_rules! plain {
    ($($type:ty),+) => {
        $(impl Member<$type> for $type {
            fn show(&self) -> $type {
                self.clone()
            }

            fn take(wire: $type) -> Option<Self> {
                Some(wire)
            }
        })+
    };
}

plain!(String, u32, bool);

impl Member<i64> for Fen {
    fn show(&self) -> i64 {
        self.0
    }

    fn take(wire: i64) -> Option<Self> {
        Some(Self(wire))
    }
}

impl Member<u8> for Grade {
    fn show(&self) -> u8 {
        self.number()
    }

    fn take(wire: u8) -> Option<Self> {
        Self::new(wire)
    }
}

/// Declares the shape of a noun: `wire! { Shape of Fact { member: kind, … } }`. A kind with
/// `?` need not be there.
macro_rules! wire {
    ($(#[$doc:meta])* $name:ident of $fact:ty { $($fields:tt)* }
        $(else { $rest:ident: $value:expr })?) => {
        wire!(@ ($(#[$doc])*) $name ($fact) ($($rest: $value)?) [] $($fields)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: text, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(length(min = 1, max = 200))]
            #[oai(validator(min_length = 1, max_length = 200))]
        ] String)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: text?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(length(min = 1, max = 200))]
            #[oai(validator(min_length = 1, max_length = 200))]
        ] Option<String>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: name, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(length(min = 1, max = 50))]
            #[oai(validator(min_length = 1, max_length = 50))]
        ] String)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: email?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(length(min = 3, max = 200))]
            #[oai(validator(min_length = 3, max_length = 200))]
        ] Option<String>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: code?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(length(min = 1, max = 50))]
            #[oai(validator(min_length = 1, max_length = 50))]
        ] Option<String>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: long?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(length(min = 1, max = 2000))]
            #[oai(validator(min_length = 1, max_length = 2000))]
        ] Option<String>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: count, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(range(max = 100_000))]
            #[oai(validator(maximum(value = "100000")))]
        ] u32)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: count?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(range(max = 100_000))]
            #[oai(validator(maximum(value = "100000")))]
        ] Option<u32>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: residents?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(range(max = 50_000_000))]
            #[oai(validator(maximum(value = "50000000")))]
        ] Option<u32>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: thousandths?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(range(max = 1000))]
            #[oai(validator(maximum(value = "1000")))]
        ] Option<u32>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: band?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(range(min = 1, max = 13))]
            #[oai(validator(minimum(value = "1"), maximum(value = "13")))]
        ] Option<u32>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: grade?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(range(min = 1, max = 13))]
            #[oai(validator(minimum(value = "1"), maximum(value = "13")))]
        ] Option<u8>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: year, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(range(min = 1900, max = 2200))]
            #[oai(validator(minimum(value = "1900"), maximum(value = "2200")))]
        ] u32)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: fen, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(range(min = 0, max = 10_000_000_000_000i64))]
            #[oai(validator(minimum(value = "0"), maximum(value = "10000000000000")))]
        ] i64)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: fen?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [
            #[validate(range(min = 0, max = 10_000_000_000_000i64))]
            #[oai(validator(minimum(value = "0"), maximum(value = "10000000000000")))]
        ] Option<i64>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: flag, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] bool)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: flag?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Option<bool>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: day, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Text<Date>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: day?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Option<Text<Date>>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: month, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Text<Month>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: month?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Option<Text<Month>>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: area, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Text<AreaCode>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: area?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Option<Text<AreaCode>>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: house, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Text<Id<Institution>>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: house?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Option<Text<Id<Institution>>>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: $word:ident, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Word<$word>)] $($more)*);
    };
    (@ $d:tt $n:ident $f:tt $r:tt [$($done:tt)*] $field:ident: $word:ident?, $($more:tt)*) => {
        wire!(@ $d $n $f $r [$($done)* ($field [] Option<Word<$word>>)] $($more)*);
    };
    (@ ($($doc:tt)*) $name:ident ($fact:ty) ($($rest:ident: $value:expr)?)
        [$(($field:ident [$($attr:tt)*] $type:ty))*]) => {
        $($doc)*
        #[derive(Debug, Object, Deserialize, Serialize, Validate)]
        #[serde(deny_unknown_fields)]
        #[oai(deny_unknown_fields)]
        pub struct $name {
            $($($attr)* pub $field: $type,)*
        }

        impl Wire for $name {
            type Fact = $fact;

            fn show(fact: &$fact) -> Self {
                Self { $($field: Member::show(&fact.$field),)* }
            }

            fn members(lang: Lang) -> Vec<MemberOf> {
                vec![$(MemberOf {
                    name: stringify!($field),
                    required: <$type as Shaped>::REQUIRED,
                    shape: <$type as Shaped>::shape(lang),
                }),*]
            }

            fn take(self) -> Option<$fact> {
                type Fact = $fact;
                Some(Fact {
                    $($field: Member::take(self.$field)?,)*
                    $($rest: $value,)?
                })
            }
        }
    };
}

wire! {
    /// What an institution is.
    InstitutionProfile of institution::Profile {
        name: text,
        kind: Kind?,
        area: area?,
        parent: code?,
        consortium: text?,
        sponsor: Sponsor,
        service_population: residents?,
        beds: count?,
        rehabilitation_beds: count?,
        raised_senior_ratio: flag,
        directed_evaluation: flag,
    }
}
wire! {
    /// From which institution one comes.
    SuccessionFact of Succession {
        predecessor: house,
        manner: SuccessionManner,
        document: text?,
    }
}
wire! {
    /// An establishment decision. Numbers are people; null is not given, never zero.
    EstablishmentDecision of Decision {
        total: count?,
        professional: count?,
        management: count?,
        worker: count?,
        approved: month?,
        document: text?,
        decided_on: day?,
        approving_body: text?,
        review_due: month?,
    }
}
wire! {
    /// Approved professional posts.
    PostPlan of ApprovedPosts {
        professional: count?,
        health: count?,
        senior: count?,
        intermediate: count?,
        junior: count?,
        directed: count?,
    }
}
wire! {
    /// Posts planned for one band of grades.
    PlannedBand of PlannedPosts {
        category: PostCategory,
        manner: Manner,
        level: Level?,
        highest: band?,
        lowest: band?,
        posts: count,
    }
}
wire! {
    /// The pay total of a year, in fen.
    PayTotalFact of PayTotal {
        year: year,
        total: fen,
        gp_allowance: fen?,
        document: text?,
    }
}
wire! {
    /// A family-doctor team.
    TeamFact of Team {
        name: text,
        area: area?,
        residents: residents?,
    }
}
wire! {
    /// Where a person works, and on what footing.
    EmploymentFact of Employed {
        institution: house,
        employment: Employment,
        category: PostCategory,
        dual_post: flag,
    }
}
wire! {
    /// The three organisations of somebody who is shared.
    SharedEmployment of Shared {
        manner: SharedManner,
        establishment: house?,
        manager: house?,
        workplace: house?,
    }
}
wire! {
    /// The contract of employment. Without `ends` it runs on.
    ContractFact of Contract {
        started: day?,
        ends: day?,
        document: text?,
    }
}
wire! {
    /// The last periodic assessment of a physician. Without `next_due` the next one is three
    /// years later.
    PhysicianAssessmentFact of PhysicianAssessment {
        assessed: day,
        result: PhysicianResult,
        next_due: day?,
    }
}
wire! {
    /// A licence.
    LicenceFact of Licence {
        kind: LicenceKind,
        number: code?,
        scope: text?,
        issued: day?,
        expires: day?,
    }
}
wire! {
    /// Registration as a general practitioner.
    GpRegistrationFact of GpRegistration {
        registered: day?,
        community: area?,
    }
}
wire! {
    /// A further place of practice.
    PracticeSite of Site {
        kind: SiteKind,
        institution: house?,
        name: text?,
        registered: day?,
    }
}
wire! {
    /// A title.
    TitleFact of Title {
        rank: Rank,
        kind: TitleKind,
        field: text?,
        area: area?,
        since: month?,
        series: TitleSeries?,
        certificate: text?,
    }
}
wire! {
    /// An appointment to a post.
    AppointmentFact of Appointment {
        rank: Rank,
        grade: grade?,
        since: month?,
        manner: Manner,
    }
}
wire! {
    /// A decision that a holder stands in a ledger.
    LedgerDecisionFact of LedgerDecision {
        ledger: Ledger,
        decided_on: day?,
        document: text?,
    }
}
wire! {
    /// A spell of service.
    ServiceSpell of Spell {
        start: month,
        end: month?,
        employer: text,
        kind: Kind,
        location: Location?,
        category: PostCategory,
    } else { origin: Origin::NOWHERE }
}
wire! {
    /// What proves service.
    ServiceEvidence of Evidence {
        kind: EvidenceKind,
        start: month,
        end: month?,
        document: text?,
    }
}
wire! {
    /// An honour.
    HonourFact of Honour {
        name: text,
        level: HonourLevel,
        awarded: day?,
        body: text?,
        document: text?,
    }
}
wire! {
    /// The assessment of a year; satisfaction in thousandths.
    AssessmentFact of Assessment {
        year: year,
        result: AssessmentResult,
        satisfaction: thousandths?,
    }
}
wire! {
    /// A training.
    TrainingFact of Training {
        kind: TrainingKind,
        started: day?,
        ended: day?,
        hours: count?,
        provider: text?,
        certificate: text?,
    }
}
wire! {
    /// Work elsewhere for a time.
    AssignmentFact of Assignment {
        kind: AssignmentKind,
        institution: house?,
        place: text?,
        started: day,
        ended: day?,
        evidence: text?,
    }
}
wire! {
    /// A term as a leader.
    LeaderTerm of Term {
        institution: house,
        role: name,
        started: day,
        ends: day?,
        targets: long?,
    }
}
wire! {
    /// A leave.
    LeaveFact of Leave {
        kind: LeaveKind,
        started: day,
        ended: day?,
    }
}
wire! {
    /// A departure.
    DepartureFact of Departure {
        kind: DepartureKind,
        left: day,
        approved: day?,
        document: text?,
    }
}
wire! {
    /// A place in a family-doctor team: the slot of the team.
    TeamMembership of Membership {
        institution: house,
        team: name,
        leads: flag,
    }
}
wire! {
    /// What a rural doctor is.
    RuralDoctorProfile of rural_doctor::Profile {
        name: name,
        area: area,
        clinic: text?,
        qualification: Qualification,
        labour_relation: LabourRelation,
        on_establishment: flag,
        pension: PensionScheme?,
    }
}
wire! {
    /// Registration of a rural doctor.
    RegistrationFact of Registration {
        number: code?,
        registered: day?,
        expires: day?,
    }
}
wire! {
    /// An examination.
    ExaminationFact of Examination {
        year: year,
        aimed_at: Qualification,
        passed: flag,
    }
}
wire! {
    /// Pension insurance.
    PensionFact of Pension {
        scheme: PensionScheme,
        tier: text?,
        back_paid: month?,
        first_benefit: month?,
    }
}
wire! {
    /// Medical insurance.
    MedicalInsuranceFact of MedicalInsurance {
        scheme: MedicalScheme,
        since: month?,
    }
}
wire! {
    /// A subsidy of a month, in fen.
    SubsidyFact of Subsidy {
        name: name,
        month: month,
        due: fen,
        paid: fen?,
        paid_on: day?,
    }
}
wire! {
    /// What a place is.
    PlaceProfile of place::Profile {
        name: text,
        level: PlaceLevel,
        parent: area?,
        residents: residents?,
        establishment_reviewed: month?,
    }
}

wire! {
    /// What is recorded of a person wherever they work; the telephone number stands apart.
    /// `history_known`: the service history is known; without spells it is then known to be
    /// none.
    PersonProfile of staff::Profile {
        name: name,
        email: email?,
        job_class: JobClass?,
        licence_class: LicenceClass?,
        multi_site: flag?,
        second_site: SiteKind?,
        third_site: SiteKind?,
        gp_registered: flag,
        gp_training: GpTraining,
        preventive_post: flag,
        retirement_class: RetirementClass?,
        started_work: month?,
        history_known: flag,
    } else { mobile: None }
}
