//! Every noun that no workbook carries is kept and comes back as it was.

use crate::support::build::{area, month};
use crate::support::database::on_both;
use crate::support::records::{TestVault, begin, day, work};
use dinggang::domain::absence::{Departure, DepartureKind, Leave, LeaveKind};
use dinggang::domain::adoption::{Adoption, Handling, OffQuota, RuleHandling};
use dinggang::domain::appointment::LedgerDecision;
use dinggang::domain::assignment::{Assignment, AssignmentKind};
use dinggang::domain::employment::{Contract, Shared, SharedManner};
use dinggang::domain::institution::{Institution, Succession, SuccessionManner};
use dinggang::domain::leader::Term;
use dinggang::domain::licence::{
    GpRegistration, Licence, LicenceKind, PhysicianAssessment, PhysicianResult, Site,
};
use dinggang::domain::merit::{Assessment, AssessmentResult, Honour, HonourLevel};
use dinggang::domain::pay::{Fen, PayTotal};
use dinggang::domain::place::Place;
use dinggang::domain::post::{Ledger, Level, Manner, PlannedPosts, PostCategory};
use dinggang::domain::record::{Id, When};
use dinggang::domain::rural_doctor::{
    Examination, MedicalInsurance, MedicalScheme, Pension, PensionScheme, Qualification,
    Registration, RuralDoctor, Subsidy,
};
use dinggang::domain::secret::SecretField;
use dinggang::domain::service::{Evidence, EvidenceKind};
use dinggang::domain::staff::{Person, SiteKind};
use dinggang::domain::team::{Membership, Team};
use dinggang::domain::training::{Training, TrainingKind};
use dinggang::store::dated::{self, Fact, Of, Statement};
use dinggang::store::register::Vault;
use dinggang::store::{Outcome, Store, StoreError, Tx, Write, nouns, subject};
use std::collections::BTreeSet;
use std::fmt::Debug;

#[derive(Clone, Copy)]
struct Subjects {
    institution: Id<Institution>,
    person: Id<Person>,
    doctor: Id<RuralDoctor>,
    place: Id<Place>,
}

async fn subjects(store: &Store) -> Subjects {
    work!(store, |tx| -> Subjects {
        let mut recording = begin(tx, 0).await?;
        let recording = &mut recording;
        Ok(Subjects {
            institution: subject::create_with_code(tx, recording, "WS01").await?,
            person: subject::create_with_number(
                tx,
                recording,
                TestVault.seal(SecretField::NationalId, "1"),
            )
            .await?,
            doctor: subject::create_with_number(
                tx,
                recording,
                TestVault.seal(SecretField::NationalId, "2"),
            )
            .await?,
            place: subject::create_with_code(tx, recording, "150199").await?,
        })
    })
    .expect("made")
}

struct State<F: Fact>(Statement<F>);

impl<F: Fact> Write for State<F> {
    type Out = Outcome;
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<Outcome, StoreError> {
        let mut recording = begin(tx, 1).await?;
        dated::state(tx, &mut recording, self.0.clone()).await
    }
}

/// What is tried: the tables that were written to and read from.
struct Trial<'a> {
    store: &'a Store,
    tried: BTreeSet<&'static str>,
}

impl Trial<'_> {
    /// Records a fact, and asks for it again.
    async fn keep<F: Fact + Debug>(&mut self, subject: Id<F::Subject>, fact: F) {
        self.tried.insert(F::noun().table);
        let statement = Statement {
            subject,
            slot: "a".to_owned(),
            fact: Some(fact.clone()),
            on: day("2026-01-01"),
            until: None,
        };
        let stated = self.store.write(State(statement)).await;
        assert_eq!(stated.expect("stated"), Outcome::Added);
        let mut reader = self.store.read().await.expect("a reader");
        let these = [subject];
        let when = When::on(day("2026-06-01"));
        let found = dated::at::<F>(&mut reader, Of::These(&these), when).await;
        let facts: Vec<_> = found
            .expect("rows")
            .into_iter()
            .map(|row| row.fact)
            .collect();
        assert_eq!(facts, [fact]);
    }
}

on_both! {
    async fn every_noun_comes_back(database: Database) {
        let of = subjects(&database.store).await;
        let mut trial = Trial { store: &database.store, tried: BTreeSet::new() };
        institutions(&mut trial, of).await;
        careers(&mut trial, of).await;
        merits(&mut trial, of).await;
        rural_doctors(&mut trial, of).await;
        places(&mut trial, of).await;
        // the others are those of the workbook, which tests of the register try
        let workbook = [
            "appointment", "employment", "establishment", "institution_profile",
            "person_profile", "place_profile", "post_plan", "rural_doctor_profile",
            "service_spell", "title",
        ];
        let all: BTreeSet<_> = nouns().iter().map(|noun| noun.table).collect();
        trial.tried.extend(workbook);
        assert_eq!(trial.tried, all);
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

async fn institutions(trial: &mut Trial<'_>, of: Subjects) {
    let id = of.institution;
    let succession = Succession {
        predecessor: id,
        manner: SuccessionManner::Conversion,
        document: some("〔2026〕1号"),
    };
    trial.keep(id, succession).await;
    let posts = PlannedPosts {
        category: PostCategory::Professional,
        manner: Manner::Special,
        level: Some(Level::Junior),
        highest: Some(11),
        lowest: Some(13),
        posts: 7,
    };
    trial.keep(id, posts).await;
    let pay = PayTotal {
        year: 2026,
        total: Fen(12_345_678_901),
        gp_allowance: None,
        document: None,
    };
    trial.keep(id, pay).await;
    let team = Team {
        name: "第一团队".to_owned(),
        area: Some(area("150199001001")),
        residents: Some(1800),
    };
    trial.keep(id, team).await;
}

async fn careers(trial: &mut Trial<'_>, of: Subjects) {
    let (id, institution) = (of.person, of.institution);
    let shared = Shared {
        manner: SharedManner::CountyManaged,
        establishment: Some(institution),
        manager: None,
        workplace: Some(institution),
    };
    trial.keep(id, shared).await;
    let licence = Licence {
        kind: LicenceKind::Nurse,
        number: some("1"),
        scope: None,
        issued: Some(day("2001-02-03")),
        expires: None,
    };
    trial.keep(id, licence).await;
    let registration = GpRegistration {
        registered: Some(day("2020-01-01")),
        community: Some(area("150199001001")),
    };
    trial.keep(id, registration).await;
    let site = Site {
        kind: SiteKind::CommunityHealth,
        institution: Some(institution),
        name: None,
        registered: None,
    };
    trial.keep(id, site).await;
    let decision = LedgerDecision {
        ledger: Ledger::OffQuota,
        decided_on: Some(day("2026-01-01")),
        document: None,
    };
    trial.keep(id, decision).await;
    let evidence = Evidence {
        kind: EvidenceKind::Payroll,
        start: month("2001-01"),
        end: Some(month("2010-12")),
        document: some("卷3"),
    };
    trial.keep(id, evidence).await;
    let assignment = Assignment {
        kind: AssignmentKind::Stationed,
        institution: None,
        place: some("某村卫生室"),
        started: day("2025-01-01"),
        ended: None,
        evidence: None,
    };
    trial.keep(id, assignment).await;
    let term = Term {
        institution,
        role: "院长".to_owned(),
        started: day("2024-01-01"),
        ends: Some(day("2028-12-31")),
        targets: None,
    };
    trial.keep(id, term).await;
    let leave = Leave {
        kind: LeaveKind::Maternity,
        started: day("2026-01-01"),
        ended: None,
    };
    trial.keep(id, leave).await;
    let departure = Departure {
        kind: DepartureKind::Retirement,
        left: day("2026-03-01"),
        approved: Some(day("2026-02-01")),
        document: None,
    };
    trial.keep(id, departure).await;
    let member = Membership {
        institution,
        team: "a".to_owned(),
        leads: true,
    };
    trial.keep(id, member).await;
}

async fn merits(trial: &mut Trial<'_>, of: Subjects) {
    let honour = Honour {
        name: "先进工作者".to_owned(),
        level: HonourLevel::County,
        awarded: None,
        body: None,
        document: None,
    };
    trial.keep(of.person, honour).await;
    let assessment = Assessment {
        year: 2025,
        result: AssessmentResult::Excellent,
        satisfaction: Some(985),
    };
    trial.keep(of.person, assessment).await;
    let training = Training {
        kind: TrainingKind::AssistantGp,
        started: Some(day("2020-09-01")),
        ended: None,
        hours: Some(120),
        provider: None,
        certificate: some("证1"),
    };
    trial.keep(of.person, training).await;
    let assessed = PhysicianAssessment {
        assessed: day("2024-06-30"),
        result: PhysicianResult::Qualified,
        next_due: None,
    };
    trial.keep(of.person, assessed).await;
    let contract = Contract {
        started: Some(day("2024-01-01")),
        ends: Some(day("2026-12-31")),
        document: some("聘2024-1"),
    };
    trial.keep(of.person, contract).await;
}

async fn rural_doctors(trial: &mut Trial<'_>, of: Subjects) {
    let id = of.doctor;
    let registration = Registration {
        number: some("1"),
        registered: Some(day("2024-01-01")),
        expires: Some(day("2028-12-31")),
    };
    trial.keep(id, registration).await;
    let examination = Examination {
        year: 2025,
        aimed_at: Qualification::AssistantPhysician,
        passed: false,
    };
    trial.keep(id, examination).await;
    let pension = Pension {
        scheme: PensionScheme::Residents,
        tier: some("五档"),
        back_paid: Some(month("2025-06")),
        first_benefit: Some(month("2025-07")),
    };
    trial.keep(id, pension).await;
    let medical = MedicalInsurance {
        scheme: MedicalScheme::Residents,
        since: None,
    };
    trial.keep(id, medical).await;
    let subsidy = Subsidy {
        name: "基本公共卫生".to_owned(),
        month: month("2026-05"),
        due: Fen(80_000),
        paid: Some(Fen(0)),
        paid_on: None,
    };
    trial.keep(id, subsidy).await;
}

async fn places(trial: &mut Trial<'_>, of: Subjects) {
    let adoption = Adoption {
        policy: "inner-mongolia/primary-care-draft".to_owned(),
        document: None,
        raised_ratio: true,
        directed_evaluation: false,
        off_quota: OffQuota::ByDecision,
        approval_route: None,
    };
    trial.keep(of.place, adoption).await;
    let handling = RuleHandling {
        policy: "inner-mongolia/primary-care-draft".to_owned(),
        rule: "senior-cap".to_owned(),
        handling: Handling::Warn,
    };
    trial.keep(of.place, handling).await;
}
