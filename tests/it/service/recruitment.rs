//! Vacancies and plans to fill them; institutions that hold more than they may, why, and how
//! they fill again.

use crate::support::build::area;
use crate::support::database::on_both;
use crate::support::office::{NOW, after, by_adoption, office, reviewer};
use crate::support::recorded::{DRAFT, adopted, draft};
use crate::support::records::day;
use crate::support::road::{COUNTY, County, OTHER, centre};
use dinggang::domain::excess::Cause;
use dinggang::domain::promotion::{Command, Kind, Pool};
use dinggang::domain::record::{Id, Version};
use dinggang::domain::record_id::RecruitmentId;
use dinggang::domain::recruitment::{Applicant, Mode, PlanMove, PlanState, PlannedPost, Share};
use dinggang::domain::refusal::Refusal;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Actor, Authority};
use dinggang::domain::rural_doctor::{Qualification, RuralDoctor};
use dinggang::domain::title::Rank;
use dinggang::sample::{self, Size};
use dinggang::service::import::{Import, Imported};
use dinggang::service::recruitment::{Step, Wanted, find, plan, register as registered, vacancies};
use dinggang::service::{Office, ServiceError, adoption, excess};
use dinggang::sheet::{Input, write_register};
use dinggang::store::register::{Part, Scope};

const HIGH: Rank = Rank::AssociateSenior;

fn refused<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> Vec<Refusal> {
    match result {
        Err(ServiceError::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

async fn imported(office: &Office, register: &Register, on: &str) {
    let files = [Input {
        name: "示例旗.xlsx".to_owned(),
        bytes: write_register(register).expect("a workbook"),
    }];
    let import = Import {
        office,
        actor: &reviewer(Authority::HumanResources, COUNTY),
        files: &files,
        on: day(on),
        scope: Scope::Area(area(COUNTY)),
        reason: None,
        now: NOW,
    };
    match import.run().await.expect("imported") {
        Imported::Recorded(_) => {}
        Imported::Refused(preview) => panic!("{:?}", preview.reading.faults),
    }
}

fn post(places: u32, urgent: Option<&str>, hard: bool, mode: Mode) -> PlannedPost {
    PlannedPost {
        title: "全科医师".to_owned(),
        places,
        urgent: urgent.map(str::to_owned),
        hard,
        mode,
    }
}

fn wanted(posts: Vec<PlannedPost>) -> Wanted {
    Wanted {
        title: "2027 年招聘".to_owned(),
        posts,
    }
}

async fn step(
    county: &County,
    actor: &Actor,
    id: RecruitmentId,
    made: PlanMove,
    reason: Option<&str>,
) -> Result<PlanState, ServiceError> {
    let auditor = crate::support::office::auditor();
    let view = find(&county.office, &auditor, id, NOW)
        .await
        .expect("a plan");
    let step = Step {
        office: &county.office,
        actor,
        id,
        seen: view.plan.version,
        made,
        wanted: None,
        reason,
        now: NOW,
    };
    step.run().await.map(|plan| plan.state)
}

on_both! {
    async fn from_the_vacancy_to_the_order_of_those_who_applied(database: Database) {
        let mut register = centre(2, 2);
        register.institutions[0].establishment.total = Some(7);
        register.institutions[1].establishment.total = Some(3);
        let size = Size { townships: 2, staff: 40 };
        let mut doctor = sample::county(size, "2026-11".parse().expect("a month"), 7).rural_doctors.swap_remove(0);
        doctor.qualification = Qualification::AssistantPhysician;
        let number = doctor.id;
        register.rural_doctors.push(doctor);
        let county = County::new(office(&database.store), &register).await;
        let (office, clerk) = (&county.office, county.clerk());
        let part = Part::Area(area(COUNTY));
        let bureau = reviewer(Authority::HumanResources, COUNTY);
        let found = vacancies(office, &bureau, &part, day("2026-11-22"), NOW).await.expect("vacancies");
        let own = found.institutions.iter().find(|one| one.institution == county.centre()).expect("it");
        assert_eq!((own.approved, own.used, own.vacant, own.planned), (Some(7), 4, Some(3), 0));
        assert!(own.unplanned && own.said.contains(&"应列入补充计划".to_owned()), "{:?}", own.said);
        let rule = "inner-mongolia/primary-care-draft#vacancies-primary-first";
        assert_eq!(own.first.as_deref(), Some(rule));
        assert_eq!(own.new, 4, "nobody was on record at the end of the year before");
        assert_eq!(found.counties[0].primary, Share { part: 4, whole: 4 });
        assert_eq!(found.counties[0].used, Some(Share { part: 4, whole: 10 }));

        // a mode of its own needs the flag and the difficulty, and nobody plans more than is free
        let begin = async |posts| plan(office, &clerk, county.centre(), &wanted(posts), NOW).await;
        let special = begin(vec![post(1, Some("三年未招到"), false, Mode::Special)]).await;
        assert_eq!(refused(special), [Refusal::ModeNotAllowed { mode: Mode::Special }]);
        let many = begin(vec![post(4, None, false, Mode::Open)]).await;
        assert_eq!(refused(many), [Refusal::MoreThanVacant { vacant: 3, wanted: 4 }]);
        let posts = vec![
            post(1, Some("三年未招到"), true, Mode::Interview),
            post(1, None, false, Mode::Open),
        ];
        let id = begin(posts).await.expect("planned");
        let again = begin(vec![post(2, None, false, Mode::Open)]).await;
        assert_eq!(refused(again), [Refusal::MoreThanVacant { vacant: 1, wanted: 2 }]);

        // the establishment office says that there are vacancies, then the bureau approves
        let establishment = reviewer(Authority::Establishment, COUNTY);
        let early = step(&county, &establishment, id, PlanMove::Endorse, None).await;
        let turn = Refusal::RecruitmentOutOfTurn { state: PlanState::Draft, tried: PlanMove::Endorse };
        assert_eq!(refused(early), [turn]);
        step(&county, &clerk, id, PlanMove::Propose, None).await.expect("proposed");
        let wrong = step(&county, &bureau, id, PlanMove::Endorse, None).await;
        assert!(matches!(wrong, Err(ServiceError::Denied(_))));
        let silent = step(&county, &establishment, id, PlanMove::SendBack, None).await;
        assert_eq!(refused(silent), [Refusal::ReasonMissing]);
        step(&county, &establishment, id, PlanMove::SendBack, Some("缺少依据")).await.expect("back");
        for (actor, made) in [
            (&clerk, PlanMove::Propose), (&establishment, PlanMove::Endorse), (&bureau, PlanMove::Approve),
        ] {
            step(&county, actor, id, made, None).await.expect("done");
        }
        let stale = Step {
            office, actor: &clerk, id, seen: Version::FIRST, made: PlanMove::Close,
            wanted: None, reason: None, now: NOW,
        };
        assert!(matches!(stale.run().await, Err(ServiceError::Stale { .. })));

        // equal points: the rural doctor with a licence stands before the other
        let hash = office.vault.ring().lookup_national_id(&number);
        let mut reader = office.store.read().await.expect("a reader");
        let known = dinggang::store::subject::with_hash::<RuralDoctor>(&mut reader, &hash).await;
        let (rural, _): (Id<RuralDoctor>, _) = known.expect("asked").expect("there");
        drop(reader);
        let applicant = |number: &str, points, rural_doctor| Applicant {
            number: number.to_owned(), post: 0, points, rural_doctor,
        };
        let nowhere = Applicant { post: 2, ..applicant("9", 1, None) };
        let nowhere = registered(office, &clerk, id, &[nowhere], NOW).await;
        assert_eq!(refused(nowhere), [Refusal::NoSuchPost]);
        let all = [applicant("1", 8000, None), applicant("2", 8000, Some(rural)), applicant("3", 8500, None)];
        registered(office, &clerk, id, &all, NOW).await.expect("recorded");
        let view = find(office, &bureau, id, NOW).await.expect("a plan");
        let order: Vec<_> = view.ranked.iter()
            .map(|one| (one.applicant.number.as_str(), one.rank, one.by_priority))
            .collect();
        assert_eq!(order, [("3", 1, false), ("2", 2, true), ("1", 3, false)]);
        let rule = "inner-mongolia/primary-care-draft#licensed-rural-doctor-first";
        assert_eq!(view.ranked[1].first.as_deref(), Some(rule));
        let told = "select action from audit_event where subject_kind = 'recruitment' order by id";
        assert_eq!(database.lines(told).await.len(), 7);
    }

    async fn one_in_for_two_out(database: Database) {
        let register = centre(6, 3);
        let county = County::new(by_adoption(&office(&database.store)), &register).await;
        let mut terms = draft(COUNTY, DRAFT, "2026-02-01");
        terms.adoption.approval_route = Some("超岗 = 随意".to_owned());
        let health = crate::support::recorded::reviewer(31, Authority::Health, COUNTY);
        let bad = adoption::propose(&county.office, &health, &terms, Some("x"), NOW).await;
        assert_eq!(refused(bad), [Refusal::RouteUnreadable { line: "随意".to_owned() }]);
        terms.adoption.approval_route = Some("超岗 = 退2进1".to_owned());
        adopted(&county.office, &terms).await;
        let clerk = county.clerk();
        let first = county.submitted(6, Kind::Appointment, HIGH).await;
        let full = refused(county.act(&clerk, first, &Command::recommend(), NOW).await);
        assert!(matches!(full[..], [Refusal::NoPlace { limit: 3, counted: 6, .. }]), "{full:?}");
        // two leave: six become four, one may come, and no more
        let mut fewer = register.clone();
        fewer.people.drain(..2);
        imported(&county.office, &fewer, "2026-06-01").await;
        let done = county.act(&clerk, first, &Command::recommend(), after(1)).await.expect("one in");
        assert_eq!(done.noted, ["release"]);
        let second = county.submitted(7, Kind::Appointment, HIGH).await;
        let full = refused(county.act(&clerk, second, &Command::recommend(), after(1)).await);
        assert!(matches!(full[..], [Refusal::NoPlace { limit: 3, counted: 4, reserved: 1, .. }]), "{full:?}");
    }

    async fn why_there_are_too_many(database: Database) {
        let excesses = async |office: &Office, county: &County, on: &str| {
            let auditor = crate::support::office::auditor();
            let found = excess::of_institution(office, &auditor, county.centre(), day(on), NOW).await;
            let found = found.expect("figures").into_iter();
            found.map(|one| (one.pool, one.over, one.since.to_string(), one.cause)).collect::<Vec<_>>()
        };
        // they came with the first workbook
        let mut register = centre(4, 0);
        let county = County::new(by_adoption(&office(&database.store)), &register).await;
        let began = "2026-01-01".to_owned();
        let all = excesses(&county.office, &county, "2026-11-22").await;
        assert_eq!(all, [(Pool::Senior, 1, began, Cause::Import)]);
        let nobody = dinggang::service::excess::of_institution(
            &county.office, &county.clerk(), county.house(OTHER), day("2026-11-22"), NOW,
        ).await;
        assert!(matches!(nobody, Err(ServiceError::NotFound)), "another house");
        // more were approved, and then fewer
        register.institutions[0].posts.senior = Some(5);
        imported(&county.office, &register, "2026-03-01").await;
        assert_eq!(excesses(&county.office, &county, "2026-04-01").await, []);
        register.institutions[0].posts.senior = Some(2);
        imported(&county.office, &register, "2026-05-01").await;
        let all = excesses(&county.office, &county, "2026-11-22").await;
        assert_eq!(all, [(Pool::Senior, 2, "2026-05-01".to_owned(), Cause::Plan)]);
        // the plan allows ten, and then a policy only 18 % of twenty
        register.institutions[0].posts.senior = Some(10);
        imported(&county.office, &register, "2026-06-01").await;
        adopted(&county.office, &draft(COUNTY, DRAFT, "2026-08-10")).await;
        let all = excesses(&county.office, &county, "2026-11-22").await;
        assert!(matches!(&all[..], [(Pool::Senior, _, since, Cause::Policy)] if since == "2026-08-10"), "{all:?}");
    }
}
