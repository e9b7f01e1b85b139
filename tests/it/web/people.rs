//! Lists of people and the pages of an institution: columns, totals, the way back into a
//! workbook; names by the first letters of their pinyin.

use super::county::rows;
use super::promotion::page;
use crate::http::world::World;
use crate::support::database::on_both;
use dinggang::domain::rights::Office;
use pinyin::ToPinyin;

on_both! {
    async fn columns_are_chosen_and_added_up(database: Database) {
        let world = World::new(&database).await;
        let bureau = world.of(Office::CountyHumanResources);
        let whole = page(bureau, "/people", 200).await;
        assert!(whole.contains("<tfoot>") && whole.contains(" people</th>"), "{whole}");
        let narrow = page(bureau, "/people?c=sex&c=grade", 200).await;
        assert!(rows(&narrow).iter().all(|row| row.len() == 3), "{narrow}");
        assert!(narrow.contains("name=\"c\" value=\"sex\" checked"));
        assert!(!narrow.contains("name=\"c\" value=\"title\" checked"));
        // the sums are of everybody who is listed: women and men are all
        let all = bureau.get("/people?most=1").await.is(200);
        let total = all.json["total"].as_u64().expect("a number");
        assert!(narrow.contains(&format!("{total} people")), "{narrow}");
        let at = "/people.xlsx?c=sex&c=grade";
        assert!(narrow.replace("&#38;", "&").contains(at), "{narrow}");
        let book = bureau.get(&format!("/{at}")).await.is(200);
        assert!(book.media_type.contains("spreadsheet"));
    }
}

on_both! {
    async fn names_are_found_by_their_first_letters(database: Database) {
        let world = World::new(&database).await;
        let bureau = world.of(Office::CountyHumanResources);
        let person = bureau.get(&format!("/people/{}", world.person)).await.is(200);
        let name = person.json["profile"]["name"].as_str().expect("a name").to_owned();
        let letters: String = name
            .as_str()
            .to_pinyin()
            .flatten()
            .filter_map(|one| one.plain().chars().next())
            .collect();
        let link = format!("/people/{}\"", world.person);
        for path in [
            format!("/search?q={letters}"),
            format!("/search?q={}", letters.to_uppercase()),
            format!("/people?name={letters}"),
        ] {
            let found = page(bureau, &path, 200).await;
            assert!(found.contains(&link), "{path}: {found}");
        }
        let nothing = page(bureau, "/people?name=vvvv", 200).await;
        assert!(!nothing.contains(&link));
        // of another county nothing is found by letters either
        let stranger = &world.strangers()[1];
        let found = page(stranger, &format!("/search?q={letters}"), 200).await;
        assert!(!found.contains(&link), "{found}");
    }
}

on_both! {
    async fn an_institution_has_its_applications_and_its_register(database: Database) {
        let world = World::new(&database).await;
        let clerk = world.of(Office::InstitutionHr);
        let house = format!("/institutions/{}", world.institution_code);
        let applications = page(clerk, &format!("{house}/applications"), 200).await;
        assert!(applications.contains(&world.application.to_string()), "{applications}");
        // the records begin today, so that there was nothing on the eve of the month
        let register = page(clerk, &format!("{house}/register"), 200).await;
        assert!(register.contains("there is no register"), "{register}");
        let later = world.server.now().shanghai_day().plus(70).expect("a day");
        let register = page(clerk, &format!("{house}/register?on={later}"), 200).await;
        assert!(!rows(&register).is_empty(), "{register}");
        assert!(register.contains("/forms/usage.xlsx?from="), "{register}");
    }
}
