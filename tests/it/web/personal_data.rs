//! A person's file by forms: a correction asked for and answered, the whole number for a
//! reason.

use super::promotion::{after, page, send};
use crate::http::world::World;
use crate::support::database::on_both;
use dinggang::domain::rights::Office;

on_both! {
    async fn a_correction_is_asked_for_and_answered(database: Database) {
        let world = World::new(&database).await;
        let (own, clerk) = (world.of(Office::Staff), world.of(Office::InstitutionHr));
        let file = format!("/people/{}/file", world.person);
        let to = format!("/people/{}/corrections", world.person);
        let shown = page(own, &file, 200).await;
        assert!(shown.contains(&format!("action=\"{to}\"")), "{shown}");
        // what is missing is said beside the form, and what was written stays
        let fields = [("entry", "聘任时间"), ("wanted", ""), ("grounds", "任命文件")];
        let refused = send(own, &to, &fields, 422).await;
        assert!(refused.contains("value=\"聘任时间\""), "{refused}");
        let fields = [("entry", "聘任时间"), ("wanted", "2019-03-01"), ("grounds", "任命文件")];
        let asked = send(own, &to, &fields, 200).await;
        assert!(asked.contains("2019-03-01") && asked.contains("waits"), "{asked}");
        // the clerk is told at home, and finds the way
        let home = page(clerk, "/", 200).await;
        assert!(home.contains("/corrections\"><strong>1</strong>"), "{home}");
        let open = page(clerk, "/corrections", 200).await;
        assert!(open.contains(&file), "{open}");
        let shown = page(clerk, &file, 200).await;
        let answer = after(&shown, &format!("action=\"{to}/"), '"').to_owned();
        let version = after(&shown, "name=\"version\" value=\"", '"').to_owned();
        let to = format!("{to}/{answer}");
        let given = |text: &'static str| {
            [("version", version.clone()), ("answer", "decline".to_owned()), ("text", text.to_owned())]
        };
        let fields = given("");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        send(clerk, &to, &fields, 422).await;
        let fields = given("档案与任命文件一致");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answered = send(clerk, &to, &fields, 200).await;
        assert!(answered.contains("declined"), "{answered}");
        let shown = page(own, &file, 200).await;
        assert!(shown.contains("档案与任命文件一致"), "{shown}");
        let open = page(clerk, "/corrections", 200).await;
        assert!(open.contains("No request waits"), "{open}");
        // whoever may not ask and not answer is shown neither form
        let auditor = page(world.of(Office::Auditor), &file, 200).await;
        assert!(!auditor.contains("/corrections"), "{auditor}");
    }
}

on_both! {
    async fn the_whole_number_is_shown_for_a_reason(database: Database) {
        let world = World::new(&database).await;
        let clerk = world.of(Office::CountyHumanResources);
        let to = format!("/people/{}/number", world.person);
        let whole = |text: &str| world.secrets().iter().any(|secret| text.contains(secret));
        let file = page(clerk, &format!("/people/{}/file", world.person), 200).await;
        assert!(file.contains(&to) && !whole(&file), "{file}");
        let refused = send(clerk, &to, &[("reason", " ")], 422).await;
        assert!(!whole(&refused), "{refused}");
        let shown = send(clerk, &to, &[("reason", "核对学籍")], 200).await;
        assert!(whole(&shown), "{shown}");
        // the person sees who looked, and why
        let log = world.of(Office::Staff).get(&format!("/people/{}/access-log", world.person)).await;
        let log = String::from_utf8_lossy(&log.bytes).into_owned();
        assert!(log.contains("核对学籍"), "{log}");
        // an office without the right is neither offered it nor given it
        let auditor = world.of(Office::Auditor);
        let file = page(auditor, &format!("/people/{}/file", world.person), 200).await;
        assert!(!file.contains(&to), "{file}");
        send(auditor, &to, &[("reason", "x")], 422).await;
    }
}
