//! Applications by forms alone: from a person's road to the decision on the bench, and what
//! is said beside a form that was refused.

use super::browser::form;
use crate::support::database::{Database, on_both};
use crate::support::office;
use crate::support::road::{CENTRE, County, centre, since};
use crate::support::server::{Caller, Server};
use dinggang::domain::ids::AreaCode;
use dinggang::domain::promotion::Kind;
use dinggang::domain::register::Register;
use dinggang::domain::rights::{Authority, Capacity, Tier};
use dinggang::domain::title::Rank;
use reqwest::Method;

const DAY: i64 = 24 * 3600;

struct Stage {
    county: County,
    server: Server,
    clerk: Caller,
}

fn reviewer(authority: Authority, tier: Tier, area: &str) -> Capacity {
    Capacity::Reviewer {
        authority,
        tier,
        area: AreaCode::read(area, &[2, 4, 6, 9, 12]).expect("a code"),
    }
}

/// What follows a text in a page, up to a mark.
#[track_caller]
pub fn after<'a>(page: &'a str, text: &str, until: char) -> &'a str {
    let at = page
        .find(text)
        .unwrap_or_else(|| panic!("no {text}: {page}"))
        + text.len();
    page[at..].split(until).next().expect("a value")
}

/// The first identifier that follows a path in a page: every page names its own address in
/// the form of the language.
#[track_caller]
pub fn id_after<'a>(page: &'a str, path: &str) -> &'a str {
    let mut found = page.split(path).skip(1).filter_map(|rest| rest.get(..36));
    let id = found.find(|id| id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'));
    id.unwrap_or_else(|| panic!("no {path}: {page}"))
}

pub async fn page(caller: &Caller, path: &str, status: u16) -> String {
    let answer = caller.get(&format!("/{path}")).await;
    let text = String::from_utf8_lossy(&answer.bytes).into_owned();
    assert_eq!(answer.status.as_u16(), status, "{path}: {text}");
    text
}

pub async fn send(caller: &Caller, path: &str, fields: &[(&str, &str)], status: u16) -> String {
    let request = caller.request(Method::POST, &format!("/{path}"));
    let asked = request.try_clone().and_then(|one| one.build().ok());
    let origin = asked.expect("a request").url().origin();
    let request = request
        .header("origin", origin.ascii_serialization())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form(fields));
    let answer = caller.send(request).await;
    let text = String::from_utf8_lossy(&answer.bytes).into_owned();
    assert_eq!(answer.status.as_u16(), status, "{path}: {text}");
    text
}

impl Stage {
    async fn new(database: &Database) -> Self {
        Self::of(database, &centre(2, 2)).await
    }

    async fn of(database: &Database, register: &Register) -> Self {
        let mut office = office::office(&database.store);
        office.doors.second_factor = false;
        let county = County::new(office, register).await;
        let server = Server::of(county.office.clone()).await;
        let institution = county.centre();
        let clerk = server
            .somebody(Capacity::InstitutionHr { institution })
            .await;
        Self {
            county,
            server,
            clerk,
        }
    }

    async fn city(&self, authority: Authority) -> Caller {
        let capacity = reviewer(authority, Tier::City, "1501");
        self.server.somebody(capacity).await
    }

    async fn colleague(&self, number: usize) -> Caller {
        let person = self.county.person(number);
        let home = Some(self.county.centre());
        let capacity = Capacity::Staff { person, home };
        self.server.with_token(capacity, Some(person)).await
    }

    async fn begin(&self, number: usize) -> String {
        let person = self.county.person(number).to_string();
        let fields = [
            ("person", person.as_str()),
            ("kind", "appointment"),
            ("rank", "associate_senior"),
            ("merits", "2024、2025 年度考核优秀"),
        ];
        let shown = send(&self.clerk, "/applications", &fields, 200).await;
        assert!(shown.contains("The draft is saved"), "{shown}");
        id_after(&shown, "/applications/").to_owned()
    }

    /// Makes a move as the page of the application offers it.
    async fn act(&self, caller: &Caller, id: &str, made: &str, fields: &[(&str, &str)]) -> String {
        let shown = page(caller, &format!("/applications/{id}"), 200).await;
        let to = format!("/applications/{id}/moves/{made}");
        assert!(shown.contains(&to), "{made} is offered: {shown}");
        let version = after(&shown, "name=\"version\" value=\"", '"').to_owned();
        let mut fields = fields.to_vec();
        fields.push(("version", &version));
        send(caller, &to, &fields, 200).await
    }
}

on_both! {
    async fn from_a_road_to_the_decision(database: Database) {
        let stage = Stage::new(&database).await;
        let own = stage.colleague(2).await;
        let file = page(&own, &format!("/people/{}", stage.county.person(2)), 200).await;
        let road = after(&file, "href=\"/applications/new?", '"').replace("&#38;", "&");
        let asked = page(&own, &format!("/applications/new?{road}"), 200).await;
        assert!(asked.contains("Conditions of the road"), "{asked}");
        let id = stage.begin(2).await;
        // sent twice, it is the one that is there
        let person = stage.county.person(2).to_string();
        let twice = [("person", person.as_str()), ("kind", "grade"), ("rank", "intermediate")];
        let there = send(&stage.clerk, "/applications", &twice, 200).await;
        assert_eq!(id_after(&there, "/applications/"), id);
        for made in ["submit", "take", "recommend"] {
            stage.act(&stage.clerk, &id, made, &[]).await;
        }
        let days = [("working_days", "5")];
        stage.act(&stage.clerk, &id, "publish", &days).await;
        // a colleague objects, and says something
        let colleague = stage.colleague(0).await;
        let board = page(&colleague, "/notices", 200).await;
        let version = after(&board, "name=\"version\" value=\"", '"').to_owned();
        let to = format!("/applications/{id}/moves/object");
        let mut objection = vec![("version", version.as_str()), ("at", "notices"), ("text", " ")];
        let refused = send(&colleague, &to, &objection, 422).await;
        assert!(refused.contains("say why, or what"), "{refused}");
        objection[2].1 = "业绩材料待核实";
        send(&colleague, &to, &objection, 200).await;
        let answer = [("objection", "0"), ("outcome", "dismissed"), ("answer", "已核实")];
        stage.act(&stage.clerk, &id, "resolve", &answer).await;
        stage.server.pass(8 * DAY);
        stage.act(&stage.clerk, &id, "close", &[]).await;
        // the first office decides at the bench
        let health = stage.city(Authority::Health).await;
        let queue = page(&health, "/bench", 200).await;
        assert!(queue.contains(&format!("/bench/{id}")) && queue.contains("人2"), "{queue}");
        let case = page(&health, &format!("/bench/{id}"), 200).await;
        let version = after(&case, "name=\"version\" value=\"", '"').to_owned();
        let fields = [("version", version.as_str()), ("at", "bench"), ("reason", "不符合")];
        let to = format!("/applications/{id}/moves/reject");
        let refused = send(&health, &to, &fields, 422).await;
        assert!(refused.contains("tick the box") && refused.contains("不符合"), "{refused}");
        let fields = [("version", version.as_str()), ("at", "bench")];
        let to = format!("/applications/{id}/moves/approve");
        let done = send(&health, &to, &fields, 200).await;
        assert!(done.contains("Done: approve") && done.contains("Nothing waits"), "{done}");
        // the last one decides on all it has chosen
        let posts = stage.city(Authority::HumanResources).await;
        let queue = page(&posts, "/bench", 200).await;
        let chosen = after(&queue, "name=\"case\" value=\"", '"').to_owned();
        let tried = page(&posts, &format!("/bench/batch?case={chosen}"), 200).await;
        assert!(tried.contains("would go through"), "{tried}");
        let fields = [("case", chosen.as_str()), ("made", "approve")];
        let done = send(&posts, "/bench/decisions", &fields, 200).await;
        assert!(done.contains("in effect"), "{done}");
        let again = send(&posts, "/bench/decisions", &fields, 200).await;
        assert!(again.contains("not done"), "{again}");
        let over = page(&own, &format!("/applications/{id}"), 200).await;
        assert!(over.contains("in effect") && over.contains("已核实"), "{over}");
        let form = posts.get(&format!("//applications/{id}/form.xlsx")).await.is(200);
        assert!(form.bytes.starts_with(b"PK"), "a workbook");
        // the same on paper: the same fingerprint in both languages' own words, and again
        let paper = page(&posts, &format!("/applications/{id}/form"), 200).await;
        for word in ["Approval of an appointment", "print.css", "fingerprint", "(seal, date)"] {
            assert!(paper.contains(word), "{word}: {paper}");
        }
        assert_eq!(page(&posts, &format!("/applications/{id}/form"), 200).await, paper);
        for name in ["post-plan", "usage", "notice", "roster"] {
            let one = page(&posts, &format!("/institutions/WSY001/forms/{name}"), 200).await;
            assert!(one.contains("class=\"seals\"") && one.contains(&format!("forms/{name}.xlsx")));
        }
        let whole = page(&posts, "/forms/establishment", 200).await;
        assert!(whole.contains("Sum") && whole.contains("/forms/establishment.xlsx"), "{whole}");
    }

    async fn who_saw_an_older_version_is_told(database: Database) {
        let stage = Stage::new(&database).await;
        let id = stage.begin(2).await;
        stage.act(&stage.clerk, &id, "comment", &[("text", "请补材料")]).await;
        let stale = [("version", "1")];
        let to = format!("/applications/{id}/moves/submit");
        let refused = send(&stage.clerk, &to, &stale, 422).await;
        assert!(refused.contains("role=\"alert\"") && refused.contains("请补材料"), "{refused}");
        let back = [("version", "2")];
        let done = send(&stage.clerk, &to, &back, 200).await;
        assert!(done.contains("Done: submit"), "{done}");
        // out of sight is not there
        let other = Capacity::InstitutionHr { institution: stage.county.house("WSY002") };
        let other = stage.server.somebody(other).await;
        page(&other, &format!("/applications/{id}"), 404).await;
        page(&other, &format!("/bench/{id}"), 404).await;
    }

    async fn a_round_and_a_plan_by_forms(database: Database) {
        let stage = Stage::new(&database).await;
        let bad = [
            ("institution", CENTRE), ("title", "2026 年竞聘"), ("offered.0.0", "associate_senior"),
            ("criteria.0.0", "业绩"), ("criteria.0.1", "40"), ("term_months", "36"),
            ("from", "2026-11-23"), ("to", "2026-12-10"),
        ];
        let refused = send(&stage.clerk, "/rounds", &bad, 422).await;
        assert!(refused.contains("“Offered”, row 1") && refused.contains("2026 年竞聘"), "{refused}");
        let mut good = bad.to_vec();
        good.extend([("offered.0.1", "7"), ("offered.0.2", "1")]);
        let shown = send(&stage.clerk, "/rounds", &good, 200).await;
        let id = id_after(&shown, "/rounds/").to_owned();
        let version = after(&shown, "name=\"version\" value=\"", '"').to_owned();
        let fields = [("version", version.as_str())];
        let to = format!("/rounds/{id}/steps/propose");
        assert!(send(&stage.clerk, &to, &fields, 200).await.contains("proposed"));
        let plan = [("institution", CENTRE), ("title", "2027 年招聘"), ("posts.0.0", "全科医师"), ("posts.0.1", "1")];
        let shown = send(&stage.clerk, "/recruitment", &plan, 200).await;
        assert!(shown.contains("全科医师"), "{shown}");
        let id = id_after(&shown, "/recruitment/plans/").to_owned();
        let version = after(&shown, "name=\"version\" value=\"", '"').to_owned();
        let fields = [("version", version.as_str())];
        let to = format!("/recruitment/plans/{id}/steps/propose");
        assert!(send(&stage.clerk, &to, &fields, 200).await.contains("proposed"));
    }

    async fn an_opinion_before_the_decision(database: Database) {
        let mut register = centre(3, 1);
        register.people[3].title = Rank::Intermediate;
        since(&mut register.people[3], "2012-07");
        let stage = Stage::of(&database, &register).await;
        let high = Rank::AssociateSenior;
        let id = stage.county.under_review(3, Kind::DirectedTitle, high).await.to_string();
        stage.server.pass(8 * DAY);
        let health = stage.city(Authority::Health).await;
        let drugs = stage.city(Authority::DrugRegulator).await;
        let posts = stage.city(Authority::HumanResources).await;
        let bench = format!("/bench/{id}");
        let opine = format!("/applications/{id}/moves/opine");
        let case = page(&health, &bench, 200).await;
        assert!(case.contains(&opine) && !case.contains("/moves/approve"), "{case}");
        let version = |case: &str| after(case, "name=\"version\" value=\"", '"').to_owned();
        let seen = version(&case);
        let fields = [("version", seen.as_str()), ("at", "bench"), ("favourable", "yes"), ("text", " ")];
        let refused = send(&health, &opine, &fields, 422).await;
        assert!(refused.contains("role=\"alert\""), "{refused}");
        let fields = [("version", seen.as_str()), ("at", "bench"), ("favourable", "yes"), ("text", "长期在岗")];
        assert!(send(&health, &opine, &fields, 200).await.contains("Done: give an opinion"));
        let seen = version(&page(&drugs, &bench, 200).await);
        let fields = [("version", seen.as_str()), ("at", "bench"), ("favourable", "no"), ("text", "药品记录不全")];
        send(&drugs, &opine, &fields, 200).await;
        let case = page(&posts, &bench, 200).await;
        for said in ["长期在岗", "药品记录不全", "mark holds", "mark fails"] {
            assert!(case.contains(said), "{said}: {case}");
        }
    }

    async fn points_and_the_order_of_a_round(database: Database) {
        let stage = Stage::new(&database).await;
        let bureau = reviewer(Authority::HumanResources, Tier::County, "150199");
        let bureau = stage.server.somebody(bureau).await;
        let plan = [
            ("institution", CENTRE), ("title", "2026 年竞聘"), ("offered.0.0", "associate_senior"), ("offered.0.2", "1"),
            ("criteria.0.0", "业绩"), ("criteria.0.1", "60"), ("criteria.1.0", "资历"), ("criteria.1.1", "40"), ("term_months", "36"),
            ("from", "2026-11-22"), ("to", "2026-11-24"),
        ];
        let shown = send(&stage.clerk, "/rounds", &plan, 200).await;
        let round = id_after(&shown, "/rounds/").to_owned();
        let own = format!("/rounds/{round}");
        let step = async |caller: &Caller, made: &str| {
            let seen = page(caller, &own, 200).await;
            let to = format!("{own}/steps/{made}");
            assert!(seen.contains(&to), "{made} is offered: {seen}");
            let version = after(&seen, "name=\"version\" value=\"", '"').to_owned();
            send(caller, &to, &[("version", &version)], 200).await
        };
        step(&stage.clerk, "propose").await;
        step(&bureau, "approve").await;
        let mut joined = Vec::new();
        for number in [2, 3] {
            let person = stage.county.person(number).to_string();
            let asked = page(&stage.clerk, &format!("/applications/new?person={person}"), 200).await;
            assert!(asked.contains("2026 年竞聘"), "{asked}");
            let fields = [
                ("person", person.as_str()), ("kind", "appointment"), ("rank", "associate_senior"),
                ("round", round.as_str()), ("merits", "优秀"),
            ];
            let shown = send(&stage.clerk, "/applications", &fields, 200).await;
            let id = id_after(&shown, "/applications/").to_owned();
            for made in ["submit", "take"] {
                stage.act(&stage.clerk, &id, made, &[]).await;
            }
            joined.push(id);
        }
        stage.server.pass(3 * DAY);
        step(&stage.clerk, "start_scoring").await;
        let names: Vec<String> = joined.iter().flat_map(|id| [0, 1].map(|at| format!("{id}~{at}"))).collect();
        let give = |points: [&'static str; 4]| {
            let pairs = names.iter().map(String::as_str).zip(points);
            pairs.collect::<Vec<_>>()
        };
        let scores = format!("{own}/scores");
        let refused = send(&stage.clerk, &scores, &give(["61", "30", "50", "x"]), 422).await;
        assert!(refused.contains("cannot be read: x") && refused.contains("value=\"61\""), "{refused}");
        send(&stage.clerk, &scores, &give(["61", "30", "50", "35"]), 422).await;
        let order = send(&stage.clerk, &scores, &give(["40", "30.5", "50", "35"]), 200).await;
        assert!(order.contains("Points are saved"), "{order}");
        let at = |text: &str| order.find(text).unwrap_or_else(|| panic!("no {text}: {order}"));
        assert!(at("人3</a>") < at("人2</a>") && at("85") < at("70.5"), "{order}");
        let shown = step(&stage.clerk, "rank").await;
        assert!(shown.contains("ranked"), "{shown}");
        let kept = send(&stage.clerk, &format!("{own}/reserve"), &[], 200).await;
        assert!(kept.contains("Those inside are recommended"), "{kept}");
        let first = page(&stage.clerk, &format!("/applications/{}", joined[1]), 200).await;
        assert!(first.contains("recommended"), "{first}");
    }

    async fn what_if_side_by_side(database: Database) {
        let stage = Stage::new(&database).await;
        let shown = page(&stage.clerk, &format!("/scenario?institution={CENTRE}&a-intermediate=5&b-raised=yes"), 200).await;
        assert!(shown.contains("<svg") && shown.contains("Scenario B"), "{shown}");
        let bad = page(&stage.clerk, &format!("/scenario?institution={CENTRE}&a-senior=x"), 422).await;
        assert!(bad.contains("cannot be read: x"), "{bad}");
        // everybody who could leave does, three come, and another policy is tried
        let offered = shown.split("name=\"a-leave\" value=\"").skip(1);
        let leaving: String = offered.filter_map(|one| Some(format!("&a-leave={}", one.split('"').next()?))).collect();
        let all = page(&stage.clerk, &format!("/scenario?institution={CENTRE}{leaving}&b-hire=3&b-hire-as=junior"), 200).await;
        let figures = |text: &str| -> Vec<String> {
            let rows = text.split("<tbody>").nth(1).expect("rows").split("</tbody>").next().expect("its end");
            rows.split("<td class=\"n").skip(1).filter_map(|cell| Some(cell.split('>').nth(1)?.split('<').next()?.to_owned())).collect()
        };
        let [now, before] = [figures(&all), figures(&shown)];
        assert_eq!(now[..4], before[..4], "what is stays");
        let counted = |row: usize, side: usize| now[row * 12 + side * 4 + 1].parse::<i64>().expect("a number");
        for row in 0..3 {
            assert_eq!(counted(row, 1), 0, "nobody is left: {now:?}");
        }
        assert_eq!(counted(2, 2), counted(2, 0) + 3, "three juniors come: {now:?}");
        let nobody = page(&stage.clerk, &format!("/scenario?institution={CENTRE}{}", leaving.replace("leave", "promote")), 422).await;
        assert!(nobody.contains("Please choose “Promoted to”"), "{nobody}");
        let policy = after(&shown, "name=\"b-policies\" value=\"", '"').to_owned();
        page(&stage.clerk, &format!("/scenario?institution={CENTRE}&b-policies={policy}"), 200).await;
        page(&stage.clerk, &format!("/scenario?institution={CENTRE}&b-policies=nowhere"), 422).await;
        page(&stage.clerk, &format!("/scenario?institution={CENTRE}&b-hire=9999"), 422).await;
        // nobody of the centre retires soon: it is said, and what is free is counted all the same
        let ahead = page(&stage.clerk, "/forecast", 200).await;
        assert!(ahead.contains("Nobody retires") && ahead.contains("2027"), "{ahead}");
        // born in 1978, they do around 2040
        let ahead = page(&stage.clerk, "/forecast?on=2037-01-01", 200).await;
        assert!(ahead.contains("<svg") && ahead.contains("2041"), "{ahead}");
    }
}
