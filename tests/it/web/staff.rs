//! People come, move and leave by forms, with what is recorded of them on the way; and an
//! institution begins.

use super::promotion::{after, id_after, page, send};
use crate::http::world::{World, area};
use crate::support::build::{identity, month};
use crate::support::database::on_both;
use crate::support::server::Caller;
use dinggang::domain::ids::{NationalId, NationalIdFault};
use dinggang::domain::record_id::InstitutionId;
use dinggang::domain::rights::{Authority, Capacity, Office, Tier};

const MOBILE: &str = "13812345678";

fn version(page: &str) -> String {
    after(page, "name=\"version\" value=\"", '"').to_owned()
}

/// The form of somebody who comes, with other values for some fields.
fn coming<'a>(house: &'a str, number: &'a str, from: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("id_number", number),
        ("m-name", "何新"),
        ("mobile", MOBILE),
        ("m-email", "hexin@example.cn"),
        ("m-institution", house),
        ("m-employment", "contract"),
        ("m-category", "professional"),
        ("from", from),
        ("reason", "公开招聘"),
        ("m-multi_site", "no"),
        ("m-gp_training", "none"),
        ("m-started_work", "2020-07"),
    ]
}

fn with<'a>(
    mut fields: Vec<(&'a str, &'a str)>,
    others: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    fields.retain(|(name, _)| others.iter().all(|(other, _)| name != other));
    fields.extend(others);
    fields
}

/// A number with a right check digit, of the thirtieth of a February.
fn no_birth_date() -> String {
    let stem = "15019919900230001";
    let all = "0123456789X".chars().map(|digit| format!("{stem}{digit}"));
    let mut all = all.filter(|text| NationalId::read(text) == Err(NationalIdFault::BirthDate));
    all.next().expect("one check digit is right")
}

async fn people(caller: &Caller) -> u64 {
    let all = caller.get("/people").await.is(200);
    all.json["total"].as_u64().expect("a number")
}

/// Code and identifier of every institution, the own one left out.
async fn others(world: &World) -> Vec<(String, String)> {
    let all = world
        .of(Office::Auditor)
        .get("/institutions?limit=200")
        .await
        .is(200);
    let all = all.json["items"].as_array().expect("items").clone();
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    let all = all.iter().map(|one| (text(&one["code"]), text(&one["id"])));
    all.filter(|(code, _)| *code != world.institution_code)
        .collect()
}

on_both! {
    async fn somebody_comes_changes_and_leaves(database: Database) {
        let world = World::new(&database).await;
        let clerk = world.of(Office::InstitutionHr);
        let (house, today) = (world.institution_code.as_str(), world.server.now().shanghai_day());
        let (first, second) = (today.to_string(), today.plus(5).expect("a day").to_string());
        let last = today.plus(9).expect("a day").to_string();
        let number = identity(month("1990-03"), true, 7).as_str().to_owned();
        let form = page(clerk, &format!("/people/new?institution={house}"), 200).await;
        assert!(form.contains(&format!("<option value=\"{house}\" selected>")), "{form}");
        let key = after(&form, "name=\"once\" value=\"", '"').to_owned();
        let before = people(clerk).await;
        let fields = with(coming(house, &number, &first), &[("once", &key)]);
        let told = send(clerk, "/people", &fields, 200).await;
        assert!(told.contains("Taken on"), "{told}");
        // sent twice it is done once
        let again = send(clerk, "/people", &fields, 200).await;
        assert!(again.contains("Taken on"), "{again}");
        assert_eq!(people(clerk).await, before + 1);
        assert!(!told.contains(&number) && !told.contains(MOBILE));
        let id = id_after(&told, "/people/").to_owned();
        let at = format!("/people/{id}");
        let shown = page(clerk, &at, 200).await;
        assert!(shown.contains("何新") && !shown.contains(&number), "{shown}");

        // the contract, and what follows it from a day on
        let sheet = format!("{at}/records/contract");
        let form = page(clerk, &sheet, 200).await;
        let seen = version(&form);
        let fields = [("version", seen.as_str()), ("m-started", &first), ("m-ends", &last), ("from", &first)];
        send(clerk, &format!("{sheet}/state"), &fields, 200).await;
        let form = page(clerk, &sheet, 200).await;
        assert!(form.contains("Change from a day on"), "{form}");
        assert!(form.contains(&format!("name=\"m-ends\" value=\"{last}\"")), "{form}");
        let seen = version(&form);
        let fields = [("version", seen.as_str()), ("m-started", &last), ("m-ends", &first), ("from", &second)];
        let wrong = send(clerk, &format!("{sheet}/state"), &fields, 422).await;
        assert!(wrong.contains("id=\"state-m-ends-wrong\""), "{wrong}");
        let fields = [("version", seen.as_str()), ("m-started", &first), ("from", &second)];
        send(clerk, &format!("{sheet}/state"), &fields, 200).await;
        let later = page(clerk, &format!("{sheet}?on={second}"), 200).await;
        assert!(later.contains(&format!("since {second}")) || later.contains(&second), "{later}");

        // the footing changes within the institution; going elsewhere is no change of footing
        let sheet = format!("{at}/records/employment");
        let form = page(clerk, &sheet, 200).await;
        assert!(!form.contains("id=\"state-m-institution\""), "{form}");
        let seen = version(&form);
        let fields = [
            ("version", seen.as_str()),
            ("m-institution", house),
            ("m-employment", "establishment"),
            ("m-category", "professional"),
            ("from", &second),
        ];
        send(clerk, &format!("{sheet}/state"), &fields, 200).await;
        send(clerk, &format!("{sheet}/end"), &fields, 404).await;
        let shown = page(clerk, &format!("{at}?on={second}"), 200).await;
        assert!(shown.contains("on the establishment"), "{shown}");

        // they leave, after it was said what ends, and come back
        let moves = format!("{at}/moves");
        let form = page(clerk, &moves, 200).await;
        assert!(form.contains("Does not end by itself: contract"), "{form}");
        // on a contract they count as nobody; later they are on the establishment
        assert!(!form.contains("no longer count at"), "{form}");
        let then = page(clerk, &format!("{moves}?on={second}"), 200).await;
        assert!(then.contains("among those on the establishment"), "{then}");
        let seen = version(&form);
        let leaving = [("version", seen.as_str()), ("m-kind", "resignation"), ("m-left", &last)];
        let unsure = send(clerk, &format!("{moves}/leave"), &leaving, 422).await;
        assert!(unsure.contains("tick the box"), "{unsure}");
        let sure = with(leaving.to_vec(), &[("sure", "yes"), ("m-left", "")]);
        let wrong = send(clerk, &format!("{moves}/leave"), &sure, 422).await;
        assert!(wrong.contains("id=\"leave-m-left-wrong\""), "{wrong}");
        let stale = with(leaving.to_vec(), &[("sure", "yes"), ("version", "1")]);
        let stale = send(clerk, &format!("{moves}/leave"), &stale, 422).await;
        assert!(stale.contains("somebody changed it first"), "{stale}");
        let sure = with(leaving.to_vec(), &[("sure", "yes")]);
        let told = send(clerk, &format!("{moves}/leave"), &sure, 200).await;
        assert!(told.contains("Gone") && told.contains("Left: resignation"), "{told}");
        let gone = page(clerk, &format!("{moves}?on={last}"), 200).await;
        assert!(gone.contains("Employed nowhere") && !gone.contains("name=\"version\""), "{gone}");
        let back = today.plus(20).expect("a day").to_string();
        let told = send(clerk, "/people", &coming(house, &number, &back), 200).await;
        assert_eq!(id_after(&told, "/people/"), id);
    }

    async fn what_is_wrong_with_a_coming_is_said(database: Database) {
        let world = World::new(&database).await;
        let clerk = world.of(Office::InstitutionHr);
        let (house, today) = (world.institution_code.as_str(), world.server.now().shanghai_day());
        let today = today.to_string();
        let number = identity(month("1990-03"), true, 8).as_str().to_owned();
        let good = coming(house, &number, &today);
        let mut twisted = number.clone();
        let end = if twisted.ends_with('1') { "2" } else { "1" };
        twisted.replace_range(17.., end);
        let no_birth = no_birth_date();
        for (wrong, said) in [
            (&number[..17], "18 characters; 17"),
            (twisted.as_str(), "check digit"),
            (no_birth.as_str(), "no such birth date"),
            ("", "Has to be given"),
        ] {
            let shown = send(clerk, "/people", &with(good.clone(), &[("id_number", wrong)]), 422).await;
            assert!(shown.contains("engage-id_number-wrong") && shown.contains(said), "{shown}");
            // what else was written stays; the number does not
            assert!(shown.contains("value=\"何新\""), "{shown}");
            assert!(wrong.is_empty() || !shown.contains(wrong), "{shown}");
        }
        for (field, value) in [
            ("m-name", ""),
            ("m-employment", ""),
            ("m-category", "nothing"),
            ("m-institution", "NOWHERE"),
            ("m-email", "nobody"),
            ("m-started_work", "soon"),
            ("mobile", "12"),
            ("from", ""),
            ("from", "2001-01-01"),
        ] {
            let shown = send(clerk, "/people", &with(good.clone(), &[(field, value)]), 422).await;
            assert!(shown.contains("role=\"alert\"") || shown.contains("aria-invalid"), "{field}: {shown}");
            assert!(!shown.contains(&number), "{field}: {shown}");
            let masked = format!("{}**********{}", &number[..4], &number[14..]);
            assert!(shown.contains(&masked), "{field}: {shown}");
        }
        // somebody who is there already: seen by those who may see them, and by nobody else
        let taken = world.secrets()[0].clone();
        let shown = send(clerk, "/people", &with(good.clone(), &[("id_number", &taken)]), 422).await;
        assert!(shown.contains("somebody is recorded with that number"), "{shown}");
        assert!(shown.contains(&format!("href=\"/people/{}\"", world.person)), "{shown}");
        assert!(!shown.contains(&taken), "{shown}");
        let (code, id) = others(&world).await.remove(0);
        let institution: InstitutionId = id.parse().expect("an identifier");
        let stranger = world.server.somebody(Capacity::InstitutionHr { institution }).await;
        let fields = with(coming(&code, &taken, &today), &[]);
        let shown = send(&stranger, "/people", &fields, 422).await;
        assert!(shown.contains("somebody is recorded with that number"), "{shown}");
        assert!(!shown.contains(&world.person.to_string()), "{shown}");
        // the file of another institution is not there
        page(&stranger, &format!("/people/{}/moves", world.person), 404).await;
        let leaving = [("version", "1"), ("m-kind", "death"), ("m-left", &today), ("sure", "yes")];
        send(&stranger, &format!("/people/{}/moves/leave", world.person), &leaving, 404).await;
        send(&stranger, "/people", &with(good, &[]), 422).await;
    }

    async fn a_profile_is_changed_and_keeps_its_number(database: Database) {
        let world = World::new(&database).await;
        let clerk = world.of(Office::InstitutionHr);
        let today = world.server.now().shanghai_day();
        let (first, second) = (today.to_string(), today.plus(3).expect("a day").to_string());
        let number = identity(month("1991-04"), false, 9).as_str().to_owned();
        let told = send(clerk, "/people", &coming(&world.institution_code, &number, &first), 200).await;
        let at = format!("/people/{}", id_after(&told, "/people/"));
        let sheet = format!("{at}/records/person_profile");
        let form = page(clerk, &sheet, 200).await;
        assert!(form.contains("Change from a day on") && !form.contains(MOBILE), "{form}");
        assert!(!form.contains("name=\"until\" value=\"\" "), "{form}");
        let row = after(&form, "person_profile?row=", '"').to_owned();
        let seen = version(&form);
        let right = [
            ("version", seen.as_str()),
            ("row", &row),
            ("m-name", "何欣"),
            ("m-gp_training", "transfer"),
            ("from", &first),
            ("reason", "姓名写错"),
        ];
        let form = page(clerk, &format!("{sheet}?row={row}"), 200).await;
        assert!(!form.contains("/strike") && !form.contains("/end"), "{form}");
        send(clerk, &format!("{sheet}/strike"), &right, 404).await;
        let unreasoned = with(right.to_vec(), &[("reason", "")]);
        send(clerk, &format!("{sheet}/correct"), &unreasoned, 422).await;
        send(clerk, &format!("{sheet}/correct"), &right, 200).await;
        let masked = async || {
            let numbers = clerk.get(&format!("{at}/numbers")).await.is(200);
            numbers.json["mobile"].as_str().map(str::to_owned)
        };
        assert_eq!(masked().await.as_deref(), Some("138****5678"));
        let form = page(clerk, &sheet, 200).await;
        let seen = version(&form);
        let fields = [
            ("version", seen.as_str()),
            ("m-name", "何欣"),
            ("m-gp_training", "transfer"),
            ("mobile", "13900001111"),
            ("from", &second),
        ];
        let bad = with(fields.to_vec(), &[("mobile", "1")]);
        let wrong = send(clerk, &format!("{sheet}/state"), &bad, 422).await;
        assert!(wrong.contains("id=\"state-mobile-wrong\""), "{wrong}");
        send(clerk, &format!("{sheet}/state"), &fields, 200).await;
        let shown = page(clerk, &format!("{sheet}?on={second}"), 200).await;
        assert!(shown.contains("何欣") && !shown.contains("13900001111"), "{shown}");
        assert_eq!(masked().await.as_deref(), Some("138****5678"));
    }

    async fn a_community_moves_somebody_between_its_institutions(database: Database) {
        let world = World::new(&database).await;
        let lead = world.of(Office::ConsortiumHr);
        let today = world.server.now().shanghai_day().to_string();
        let moves = format!("/people/{}/moves", world.person);
        let form = page(lead, &moves, 200).await;
        let houses = form.split("id=\"transfer-m-institution\"").nth(1).expect("a choice");
        let houses = houses.split("</select>").next().expect("its end");
        assert!(!houses.contains(&format!("\"{}\"", world.institution_code)), "{houses}");
        let there = others(&world).await;
        let (there, there_id) = there
            .iter()
            .rev()
            .find(|(code, _)| houses.contains(&format!("\"{code}\"")))
            .expect("another institution of the community");
        let seen = version(&form);
        let fields = [
            ("version", seen.as_str()),
            ("m-institution", there.as_str()),
            ("m-employment", "establishment"),
            ("m-category", "professional"),
            ("from", &today),
            ("reason", "顺向流动"),
            ("sure", "yes"),
        ];
        let unsure = with(fields.to_vec(), &[("sure", "")]);
        send(lead, &format!("{moves}/transfer"), &unsure, 422).await;
        let nowhere = with(fields.to_vec(), &[("m-institution", "")]);
        let wrong = send(lead, &format!("{moves}/transfer"), &nowhere, 422).await;
        assert!(wrong.contains("id=\"transfer-m-institution-wrong\""), "{wrong}");
        // whoever is in charge of one house alone is offered no other, and reaches none
        let institution: InstitutionId = there_id.parse().expect("an identifier");
        let clerk = world.server.somebody(Capacity::InstitutionHr { institution }).await;
        send(&clerk, &format!("{moves}/transfer"), &fields, 404).await;
        send(lead, &format!("{moves}/nowhere"), &fields, 404).await;
        let told = send(lead, &format!("{moves}/transfer"), &fields, 200).await;
        assert!(told.contains("Moved"), "{told}");
        let gone = send(lead, &format!("{moves}/transfer"), &fields, 422).await;
        assert!(gone.contains("somebody changed it first"), "{gone}");
        let person = lead.get(&format!("/people/{}", world.person)).await.is(200);
        assert!(person.json["appointed"].is_null(), "{}", person.json);
        let form = page(&clerk, &moves, 200).await;
        assert!(!form.contains("/moves/transfer") && form.contains("/moves/leave"), "{form}");
    }

    async fn only_those_with_the_right_see_the_way(database: Database) {
        let world = World::new(&database).await;
        let person = world.person;
        for office in Office::ALL.iter().copied() {
            let caller = world.of(office);
            let hr = matches!(office, Office::InstitutionHr | Office::ConsortiumHr);
            let health = office == Office::CountyHealth;
            let status = |may| if may { 200 } else { 403 };
            page(caller, "/people/new", status(hr)).await;
            page(caller, "/institutions/new", status(health)).await;
            page(caller, &format!("/people/{person}/moves"), status(hr)).await;
            if !hr {
                send(caller, "/people", &coming("X", "1", "2026-01-01"), 403).await;
                let fields = [("version", "1"), ("sure", "yes")];
                send(caller, &format!("/people/{person}/moves/leave"), &fields, 403).await;
            }
            if !health {
                send(caller, "/institutions", &[("code", "X")], 403).await;
            }
            let (own, all) = (caller.get("//people").await, caller.get("//institutions").await);
            for (answer, way, may) in [(own, "/people/new", hr), (all, "/institutions/new", health)] {
                let text = String::from_utf8_lossy(&answer.bytes).into_owned();
                assert_eq!(text.contains(way), may, "{office:?} {way}");
            }
            let file = caller.get(&format!("//people/{person}")).await;
            let text = String::from_utf8_lossy(&file.bytes).into_owned();
            assert_eq!(text.contains("/moves"), hr, "{office:?}");
        }
        let clerk = world.of(Office::InstitutionHr);
        let house = &world.institution_code;
        let list = page(clerk, &format!("/institutions/{house}/people"), 200).await;
        assert!(list.contains(&format!("/people/new?institution={house}")), "{list}");
    }

    async fn an_institution_begins(database: Database) {
        let world = World::new(&database).await;
        let office = Capacity::Reviewer {
            authority: Authority::Health,
            tier: Tier::County,
            area: area("150199"),
        };
        let office = world.server.somebody(office).await;
        let today = world.server.now().shanghai_day();
        let (day, later) = (today.to_string(), today.plus(30).expect("a day").to_string());
        let fields = vec![
            ("code", "XIN001"),
            ("m-name", "新区社区卫生服务中心"),
            ("m-kind", "community_health_centre"),
            ("m-area", "150199"),
            ("m-sponsor", "government"),
            ("from", day.as_str()),
        ];
        let form = page(&office, "/institutions/new", 200).await;
        let centre = world.institution_code.as_str();
        assert!(form.contains(&format!("<option value=\"{centre}\"")), "{form}");
        for (field, value) in [
            ("code", ""),
            ("code", "A B"),
            ("code", centre),
            ("m-kind", ""),
            ("m-area", ""),
            ("m-area", "1"),
            ("m-name", ""),
            ("from", ""),
        ] {
            let wrong = send(&office, "/institutions", &with(fields.clone(), &[(field, value)]), 422).await;
            assert!(wrong.contains("aria-invalid"), "{field}: {wrong}");
            assert!(field == "m-name" || wrong.contains("value=\"新区社区卫生服务中心\""), "{wrong}");
        }
        let elsewhere = with(fields.clone(), &[("m-area", "990199")]);
        let wrong = send(&office, "/institutions", &elsewhere, 422).await;
        assert!(wrong.contains("create-m-area-wrong") && wrong.contains("outside"), "{wrong}");
        let made = send(&office, "/institutions", &fields, 200).await;
        assert!(made.contains("The institution is recorded") && made.contains("XIN001"), "{made}");
        let station = with(fields, &[("code", "XIN002"), ("m-parent", "XIN001"), ("from", &later)]);
        let made = send(&office, "/institutions", &station, 200).await;
        assert!(made.contains("XIN002") && made.contains(&later), "{made}");
        page(&office, "/institutions/XIN002", 200).await;
    }
}
