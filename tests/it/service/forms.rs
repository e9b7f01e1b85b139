//! The six forms: what stands on them, as a workbook opened again, and made anew later.

use crate::support::build::area;
use crate::support::database::on_both;
use crate::support::office::{NOW, actor, office};
use crate::support::records::day;
use crate::support::road::{APPROVE, CENTRE, COUNTY, County, OTHER, centre, city, later};
use calamine::{Reader, Xlsx};
use dinggang::domain::promotion::{Command, Kind};
use dinggang::domain::rights::{Authority, Capacity};
use dinggang::domain::title::Rank;
use dinggang::report::forms::{Cell, Form, Lang, workbook};
use dinggang::service::{ServiceError, forms};
use dinggang::store::register::Part;
use std::io::Cursor;

const HIGH: Rank = Rank::AssociateSenior;

/// All texts of the one sheet.
fn opened(form: &Form) -> String {
    let bytes = workbook(form).expect("a workbook");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("opens");
    let name = book.sheet_names().remove(0);
    let range = book.worksheet_range(&name).expect("a sheet");
    let cells = range.rows().flatten().map(ToString::to_string);
    cells.collect::<Vec<_>>().join("|")
}

fn row(form: &Form, first: &str) -> Vec<Cell> {
    let mut rows = form.rows.iter();
    let found = rows.find(|row| row[0] == Cell::Text(first.to_owned()));
    found.expect("a row").clone()
}

on_both! {
    async fn all_six_forms(database: Database) {
        let county = County::new(office(&database.store), &centre(2, 2)).await;
        let (clerk, posts) = (county.clerk(), city(Authority::HumanResources));
        let office = &county.office;
        let on_notice = county.submitted(2, Kind::Appointment, HIGH).await;
        county.act(&clerk, on_notice, &Command::recommend(), NOW).await.expect("kept");
        let publish = Command::Publish { working_days: 5 };
        county.act(&clerk, on_notice, &publish, NOW).await.expect("published");
        let published = forms::notice(office, &clerk, CENTRE, day("2026-11-22"), Lang::ZhCn, NOW).await.expect("a form");
        assert_eq!(published.rows.len(), 1);
        let text = opened(&published);
        for word in ["公示", "人2", "岗位聘用", "副高", "2026-11-22 – 2026-11-27", "盖章"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        county.act(&clerk, on_notice, &Command::Close, later()).await.expect("closed");
        for actor in [&city(Authority::Health), &posts] {
            county.act(actor, on_notice, &APPROVE, later()).await.expect("approved");
        }
        let (from, to) = (day("2026-11-01"), day("2026-11-30"));
        let used = forms::usage(office, &clerk, CENTRE, from, to, Lang::ZhCn, later()).await;
        let used = used.expect("a form");
        // start, came, went, end
        let numbers = |level: &str| {
            let row = row(&used, level);
            [2, 3, 4, 5].map(|at| row[at].clone())
        };
        assert_eq!(numbers("高级"), [2, 1, 0, 3].map(Cell::Number));
        assert_eq!(numbers("中级"), [2, 0, 1, 1].map(Cell::Number));
        assert_eq!(used.notes, ["+ 高级 人2（此前：中级）", "− 中级 人2（现在：高级）"]);
        let again = forms::usage(office, &clerk, CENTRE, from, to, Lang::ZhCn, later()).await;
        assert_eq!(again.expect("a form").fingerprint(), used.fingerprint());
        assert!(opened(&used).contains(&used.fingerprint()[..16]));
        let approval = async |on: &str| {
            let form = forms::appointment(office, &posts, on_notice, day(on), Lang::ZhCn, later());
            form.await.expect("a form")
        };
        // the paper of the first day knows nothing of what came later
        let first = approval("2026-11-22").await;
        assert_eq!(first.seals.len(), 3);
        assert!(first.seals[0].signed.contains("2026-11-22"), "{:?}", first.seals);
        assert!(first.seals[1..].iter().all(|seal| seal.signed.is_empty()), "{:?}", first.seals);
        assert!(!opened(&first).contains("2026-11-28"));
        let decided = approval("2026-11-28").await;
        assert!(decided.seals[2].signed.contains("2026-11-28"), "{:?}", decided.seals);
        let text = opened(&decided);
        for word in ["岗位聘用审批表", "市级卫健", "市级人社", "人2", "2026-11-28"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        // once it holds, the places are those before and after it, on any later day
        let senior = |form: &Form| row(form, "高级")[2..].to_vec();
        assert_eq!(senior(&decided), [2, 1, 3].map(Cell::Number));
        assert_eq!(senior(&approval("2026-11-30").await), senior(&decided));
        let again = forms::notice(office, &clerk, CENTRE, day("2026-11-22"), Lang::ZhCn, later());
        let again = again.await.expect("a form");
        assert_eq!(again.fingerprint(), published.fingerprint(), "the notice of that day");
        let over = forms::notice(office, &clerk, CENTRE, day("2026-11-28"), Lang::ZhCn, later());
        assert_eq!(over.await.expect("a form").rows.len(), 0);
        let plan = forms::post_plan(office, &clerk, CENTRE, to, Lang::ZhCn, later()).await;
        let plan = plan.expect("a form");
        assert_eq!(row(&plan, "高级")[1..], [3, 3, 3, 3, 0].map(Cell::Number));
        assert!(opened(&plan).contains("岗位设置方案核准表"));
        let roster = forms::roster(office, &clerk, CENTRE, to, Lang::En, later()).await;
        let roster = roster.expect("a form");
        assert_eq!(roster.rows.len(), 4);
        assert!(opened(&roster).contains("Roster"));
        let whole = county.loaded.register.people[0].id.to_string();
        assert!(!opened(&roster).contains(&whole), "numbers are masked");
        let bureau = crate::support::office::reviewer(Authority::HumanResources, COUNTY);
        let part = Part::Area(area(COUNTY));
        let used = forms::establishment(office, &bureau, &part, to, Lang::ZhCn, later()).await;
        let used = used.expect("a form");
        assert_eq!(used.rows.len(), 3, "two institutions and their sum");
        assert_eq!(used.rows[2][2], Cell::Blank, "one of them is not known");
        assert!(opened(&used).contains("编制使用情况表"));
        let stranger = actor(9, Capacity::InstitutionHr { institution: county.house(OTHER) });
        let hidden = forms::roster(office, &stranger, CENTRE, to, Lang::ZhCn, later()).await;
        assert!(matches!(hidden, Err(ServiceError::NotFound)));
    }
}
