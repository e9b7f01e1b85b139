//! Rural doctors and places by forms: what is to be done counts what is there, and is less
//! when it was done; what is wrong is said beside the form.

use super::county::rows;
use super::promotion::{after, id_after, page, send};
use crate::http::world::World;
use crate::support::build::identity;
use crate::support::database::on_both;
use crate::support::server::Caller;
use dinggang::domain::month::Month;
use dinggang::domain::rights::Office;
use dinggang::sample::{self, Size};
use dinggang::sheet::write_register;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

/// What stands above the list: the key of the filter, and the number.
fn cards(page: &str) -> Vec<(String, usize)> {
    let cards = page.split("/rural-doctors?only=").skip(1);
    let cards = cards.filter_map(|rest| {
        let (key, rest) = rest.split_once("#list\"")?;
        let number = rest.split("<strong>").nth(1)?.split('<').next()?;
        // the lists of those who are open say their number otherwise
        let own = rest.split_once("</a>")?.0.contains("<strong>");
        own.then(|| Some((key.to_owned(), number.parse().ok()?)))?
    });
    cards.collect()
}

fn card(page: &str, key: &str) -> usize {
    let all = cards(page);
    let found = all.iter().find(|(own, _)| own == key);
    found.unwrap_or_else(|| panic!("no {key}: {all:?}")).1
}

/// Everybody, as programs see them.
async fn everybody(caller: &Caller) -> Vec<Value> {
    let all = caller.get("/rural-doctors?limit=200").await.is(200);
    all.json["items"].as_array().expect("items").clone()
}

fn sixty(one: &Value) -> Month {
    let birth: Month = one["birth"]
        .as_str()
        .expect("text")
        .parse()
        .expect("a month");
    birth.plus(720)
}

on_both! {
    async fn what_is_to_be_done_counts_what_is_there(database: Database) {
        let world = World::new(&database).await;
        let bureau = world.of(Office::CountyHealth);
        let now = world.server.now().shanghai_day().month();
        let whole = page(bureau, "/rural-doctors", 200).await;
        let all = everybody(bureau).await;
        assert!(!all.is_empty() && rows(&whole).len() == all.len(), "{whole}");
        let profile = |one: &Value, name: &str| one["profile"][name].clone();
        let on = |one: &&Value| profile(one, "on_establishment") == true;
        let scheme = |one: &&Value| profile(one, "pension").as_str().map(str::to_owned);
        let until = |one: &&Value| sixty(one).since(now);
        let none = |one: &&Value| scheme(one).as_deref() == Some("none") && !on(one);
        let unlicensed = |one: &&Value| profile(one, "qualification") == "rural_doctor";
        let count = |which: &dyn Fn(&&Value) -> bool| all.iter().filter(which).count();
        let plain = [
            ("soon", count(&|one| (1..=12).contains(&until(one)) && none(one))),
            ("soon-open", count(&|one| {
                (1..=12).contains(&until(one)) && scheme(one).is_none() && !on(one)
            })),
            ("past", count(&|one| until(one) <= 0)),
            ("back", count(&|one| until(one) <= 0 && none(one))),
            ("back-open", count(&|one| until(one) <= 0 && scheme(one).is_none() && !on(one))),
            ("join", count(&|one| {
                !on(one)
                    && profile(one, "labour_relation") == "employed"
                    && scheme(one).is_some_and(|scheme| scheme != "employees")
            })),
            // nothing is recorded yet of subsidies and registrations: nobody can tell
            ("unpaid", 0),
            ("unpaid-open", all.len()),
            ("expiring", 0),
            ("expiring-open", count(&unlicensed)),
            ("register", 0),
            ("register-open", count(&unlicensed)),
            ("exam", count(&unlicensed)),
            ("open", all.len()),
        ];
        for (key, expected) in plain {
            let list = page(bureau, &format!("/rural-doctors?only={key}"), 200).await;
            assert_eq!(rows(&list).len(), expected, "{key}: {list}");
            if !key.ends_with("-open") {
                assert_eq!(card(&whole, key), expected, "{key}: {whole}");
                // whatever the list shows, what is to be done stays the same
                assert_eq!(card(&list, key), expected, "{key}: {list}");
            }
        }
        // the workbook has exactly those
        let list = page(bureau, "/rural-doctors?only=exam&qualification=rural_doctor", 200).await;
        let at = "/rural-doctors.xlsx?only=exam&qualification=rural_doctor";
        assert!(list.replace("&#38;", "&").contains(at), "{list}");
        let book = bureau.get(&format!("/{at}")).await.is(200);
        assert!(book.media_type.contains("spreadsheet"));
        // the clerk of a health centre sees those of its clinics, judged as anybody's
        let clerk = world.of(Office::InstitutionHr);
        let own = page(clerk, "/rural-doctors", 200).await;
        assert!(!own.contains("Share of the licensed"), "{own}");
        assert!(!own.contains("no rule or no record"), "{own}");
    }
}

/// The version that a form carries.
fn version(page: &str) -> String {
    after(page, "name=\"version\" value=\"", '"').to_owned()
}

on_both! {
    async fn what_is_done_stands_no_longer_to_be_done(database: Database) {
        let world = World::new(&database).await;
        let bureau = world.of(Office::CountyHealth);
        let today = world.server.now().shanghai_day();
        let month = today.month();
        let before = page(bureau, "/rural-doctors", 200).await;
        // turns sixty in half a year, and is in no scheme
        let number = identity(month.plus(6 - 720), true, 7).as_str().to_owned();
        let from = today.to_string();
        let fields = |number: &str, name: &str| {
            [("id_number", number), ("m-name", name), ("m-area", "150199101"),
             ("m-clinic", "某村卫生室"), ("m-qualification", "rural_doctor"),
             ("m-labour_relation", "none"), ("m-pension", "none"), ("from", from.as_str())]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let post = async |caller: &Caller, to: &str, fields: &[(String, String)], status| {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            send(caller, to, &fields, status).await
        };
        let form = page(bureau, "/rural-doctors/new", 200).await;
        assert!(form.contains("name=\"id_number\"") && form.contains("name=\"m-clinic\""));
        let wrong = format!("{}1", &number[..17]);
        let wrong = if wrong == number { format!("{}2", &number[..17]) } else { wrong };
        let refused = post(bureau, "/rural-doctors", &fields(&wrong, "某某"), 422).await;
        assert!(refused.contains("begin-id_number-wrong"), "{refused}");
        assert!(refused.contains("value=\"某某\""), "{refused}");
        let refused = post(bureau, "/rural-doctors", &fields(&number, ""), 422).await;
        assert!(refused.contains("begin-m-name-wrong"), "{refused}");
        let made = post(bureau, "/rural-doctors", &fields(&number, "某某"), 200).await;
        assert!(made.contains("<h1>某某"), "{made}");
        assert!(!made.contains(&number), "the number is shown: {made}");
        let id = id_after(&made, "/rural-doctors/").to_owned();
        let own = format!("/rural-doctors/{id}");
        // the same number once more
        let refused = post(bureau, "/rural-doctors", &fields(&number, "某某"), 422).await;
        assert!(refused.contains("begin-id_number-wrong"), "{refused}");
        // who may only read is given no form
        let auditor = world.of(Office::Auditor);
        assert!(!page(auditor, "/rural-doctors", 200).await.contains("/rural-doctors/new"));
        page(auditor, "/rural-doctors/new", 403).await;
        post(auditor, "/rural-doctors", &fields(&number, "某某"), 403).await;
        for stranger in world.strangers() {
            let answer = stranger.get(&format!("/{own}")).await;
            assert!([403, 404].contains(&answer.status.as_u16()), "{}", answer.status);
        }
        let found = page(bureau, "/search?q=某某", 200).await;
        assert!(found.contains(&own), "{found}");

        let begun = page(bureau, "/rural-doctors", 200).await;
        assert_eq!(card(&begun, "soon"), card(&before, "soon") + 1);
        assert_eq!(card(&begun, "open"), card(&before, "open") + 1);

        let record = async |kind: &str, more: &[(&str, &str)], status| {
            let at = format!("{own}/records/{kind}");
            let seen = version(&page(bureau, &at, 200).await);
            let mut all = vec![("version".to_owned(), seen), ("from".to_owned(), from.clone())];
            all.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
            post(bureau, &format!("{at}/state"), &all, status).await
        };
        // a registration that ends in three months is renewed, and then there is time
        let soon = today.plus(90).expect("a day").to_string();
        record("registration", &[("m-number", "150199-1"), ("m-expires", &soon)], 200).await;
        let list = page(bureau, "/rural-doctors?only=expiring", 200).await;
        assert!(list.contains(&own) && list.contains(&soon), "{list}");
        assert!(!page(bureau, "/rural-doctors?only=register-open", 200).await.contains(&own));
        let later = today.plus(1800).expect("a day").to_string();
        record("registration", &[("m-number", "150199-1"), ("m-expires", &later)], 200).await;
        assert!(!page(bureau, "/rural-doctors?only=expiring", 200).await.contains(&own));
        let backwards = [("m-registered", later.as_str()), ("m-expires", from.as_str())];
        let refused = record("registration", &backwards, 422).await;
        assert!(refused.contains("state-m-expires-wrong"), "{refused}");

        // the subsidy of last month: half of it was paid, then the rest
        let last = month.plus(-1).to_string();
        let part = [("m-name", "基本公共卫生服务补助"), ("m-month", last.as_str()),
            ("m-due", "600"), ("m-paid", "200"), ("m-paid_on", from.as_str())];
        record("subsidies", &part, 200).await;
        // that of this month is not late yet
        let current = month.to_string();
        let running = [("m-name", "基本公共卫生服务补助"), ("m-month", current.as_str()), ("m-due", "600")];
        record("subsidies", &running, 200).await;
        let owed = page(bureau, "/rural-doctors?only=unpaid", 200).await;
        assert_eq!(rows(&owed).len(), 1, "{owed}");
        assert!(owed.contains("Subsidies of 400.00 yuan are owed"), "{owed}");
        let shown = page(bureau, &own, 200).await;
        assert!(shown.contains("not paid in full") && shown.contains("of this month"), "{shown}");
        // paid by the form of the page; one that was seen before is out of date
        let stale = version(&shown);
        let pay = |seen: &str| {
            [("version", seen), ("back", "page"), ("m-name", "基本公共卫生服务补助"),
             ("m-month", last.as_str()), ("m-due", "600.00"), ("m-paid", "600.00"),
             ("m-paid_on", from.as_str())]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        let to = format!("{own}/records/subsidies/state");
        let paid = post(bureau, &to, &pay(&stale), 200).await;
        assert!(paid.contains("<h1>某某") && paid.contains("paid in full"), "{paid}");
        let refused = post(bureau, &to, &pay(&stale), 422).await;
        assert!(refused.contains("somebody changed it first"), "{refused}");
        assert_eq!(card(&page(bureau, "/rural-doctors", 200).await, "unpaid"), 0);

        // in a scheme, nothing is to be done any more: the rules read the record of the
        // pension, whatever the register said
        record("pension", &[("m-scheme", "residents")], 200).await;
        let done = page(bureau, "/rural-doctors", 200).await;
        assert_eq!(card(&done, "soon"), card(&before, "soon"));
        assert_eq!(card(&done, "open"), card(&before, "open"));
        let shown = page(bureau, &own, 200).await;
        assert!(shown.contains("nothing to be done"), "{shown}");
        assert!(shown.contains("the record of the pension holds"), "{shown}");
        // as it was
        let eve = today.plus(-1).expect("a day");
        page(bureau, &format!("{own}?on={eve}"), 404).await;
        page(bureau, &format!("{own}/records/nothing"), 404).await;
        page(bureau, "/rural-doctors/nobody", 404).await;
        for kind in ["rural_doctor_profile", "examinations", "medical_insurance"] {
            let form = page(bureau, &format!("{own}/records/{kind}"), 200).await;
            assert!(form.contains("name=\"version\"") || form.contains("?row="), "{form}");
            assert!(!page(auditor, &format!("{own}/records/{kind}"), 200).await.contains("name=\"version\""));
        }
    }
}

on_both! {
    async fn places_say_when_they_are_reviewed_again(database: Database) {
        let world = World::new(&database).await;
        let bureau = world.of(Office::CountyHealth);
        let list = page(bureau, "/places", 200).await;
        assert!(list.contains("/places/150199\"") && !list.contains("/places/new"), "{list}");
        let counties = page(bureau, "/places?level=county", 200).await;
        assert_eq!(rows(&counties).len(), 1, "{counties}");
        let county = bureau.get("/places/150199").await.is(200);
        let reviewed = county.json["profile"]["establishment_reviewed"].as_str().expect("a month");
        let reviewed: Month = reviewed.parse().expect("a month");
        let shown = page(bureau, "/places/150199", 200).await;
        let due = reviewed.plus(60);
        assert!(shown.contains(&format!(" {}<", due.year())), "{due} {shown}");
        assert!(shown.contains("每5年动态调整"), "{shown}");
        assert!(shown.contains("/places/150199101"), "{shown}");
        page(bureau, "/places/150199/records/place_profile", 200).await;
        page(bureau, "/places/999999", 404).await;
        // clerks see the places of their county, and not their records
        let clerk = world.of(Office::InstitutionHr);
        let shown = page(clerk, "/places/150199", 200).await;
        assert!(!shown.contains("/places/150199/records"), "{shown}");
        page(clerk, "/places/150199/records", 404).await;
        page(bureau, "/places/new", 403).await;
        let from = world.server.now().shanghai_day().to_string();
        let fields = |code: &'static str, parent: &'static str| {
            [("code", code), ("m-name", "某某村"), ("m-level", "village"), ("m-parent", parent),
             ("m-residents", "812"), ("from", "2026-11-20")]
        };
        send(bureau, "/places", &fields("150199101999", "150199101"), 403).await;
        let keeper = world.of(Office::Administrator);
        let form = page(keeper, "/places/new", 200).await;
        assert!(form.contains("name=\"code\"") && form.contains("Residents"), "{form}");
        let refused = send(keeper, "/places", &fields("15019910199", "150199101"), 422).await;
        assert!(refused.contains("begin-code-wrong"), "{refused}");
        let refused = send(keeper, "/places", &fields("150199101999", "150199102"), 422).await;
        assert!(refused.contains("begin-m-parent-wrong"), "{refused}");
        let made = send(keeper, "/places", &fields("150199101999", "150199101"), 200).await;
        assert!(made.contains("<h1>某某村") && made.contains("812"), "{made}");
        let refused = send(keeper, "/places", &fields("150199101999", "150199101"), 422).await;
        assert!(refused.contains("begin-code-wrong"), "{refused}");
        // what was wrong is corrected with its reason; one that was seen before is out of date
        let at = "/places/150199101999/records/place_profile";
        let form = page(keeper, at, 200).await;
        let seen = version(&form);
        let state = [("version", seen.as_str()), ("m-name", "新村"), ("m-level", "village"),
            ("m-parent", "150199101"), ("from", from.as_str())];
        send(keeper, &format!("{at}/state"), &state, 200).await;
        let stale = send(keeper, &format!("{at}/state"), &state, 422).await;
        assert!(stale.contains("somebody changed it first"), "{stale}");
        assert!(page(bureau, "/places/150199101999", 200).await.contains("<h1>新村"));
    }
}

/// Rural doctors of a large county.
const MANY: usize = 5000;

on_both! {
    async fn five_thousand_stay_a_light_page(database: Database) {
        let world = World::new(&database).await;
        let month: Month = "2026-11".parse().expect("a month");
        let size = Size { townships: 2, staff: 30 };
        let mut register = sample::county(size, month, 5);
        let some = register.rural_doctors.clone();
        register.rural_doctors = (0..MANY)
            .map(|at| {
                let mut one = some[at % some.len()].clone();
                let born = month.plus(-(360 + i32::try_from(at % 420).expect("small")));
                one.id = identity(born, at % 2 == 0, at / 420);
                one
            })
            .collect();
        let file = Part::bytes(write_register(&register).expect("a workbook"));
        let form = Form::new().part("file", file.file_name("many.xlsx"));
        let clerk = world.of(Office::CountyHumanResources);
        let request = clerk.request(Method::POST, "/imports?complete_for=150199");
        clerk.send(request.multipart(form)).await.is(200);
        for path in ["/rural-doctors", "/rural-doctors?page=40", "/rural-doctors?only=past&page=3"] {
            let shown = page(clerk, path, 200).await;
            assert_eq!(rows(&shown).len(), 50, "{path}");
            assert!(shown.len() < 150_000, "{path}: {} bytes", shown.len());
        }
        let whole = page(clerk, "/rural-doctors", 200).await;
        assert!(whole.contains("1–50 of 5000"), "{whole}");
    }
}
