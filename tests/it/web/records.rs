//! Records of a person and of an institution, stated, corrected and ended by forms.

use super::promotion::{after, page, send};
use crate::http::world::World;
use crate::support::database::on_both;
use dinggang::domain::rights::Office;

/// The version that a form carries.
fn version(page: &str) -> &str {
    after(page, "name=\"version\" value=\"", '"')
}

on_both! {
    async fn an_assessment_is_stated_corrected_and_struck_out(database: Database) {
        let world = World::new(&database).await;
        let clerk = world.of(Office::InstitutionHr);
        let all = page(clerk, &format!("/people/{}/records", world.person), 200).await;
        assert!(all.contains("/records/title") && all.contains("/records/assessments"), "{all}");
        let at = format!("/people/{}/records/assessments", world.person);
        let form = page(clerk, &at, 200).await;
        let seen = version(&form).to_owned();
        let fields = |year, result| {
            [
                ("version", seen.clone()),
                ("m-year", String::from(year)),
                ("m-result", String::from(result)),
                ("m-satisfaction", String::new()),
                ("from", "2026-01-10".to_owned()),
            ]
        };
        let post = async |to: String, fields: Vec<(&'static str, String)>, status| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            send(clerk, &to, &fields, status).await
        };
        // what is missing or odd is said beside its field, and what was written stays
        let wrong = post(format!("{at}/state"), fields("", "excellent").to_vec(), 422).await;
        assert!(wrong.contains("aria-invalid=\"true\"") && wrong.contains("state-m-year-wrong"), "{wrong}");
        let wrong = post(format!("{at}/state"), fields("1", "excellent").to_vec(), 422).await;
        assert!(wrong.contains("value=\"1\""), "{wrong}");
        post(format!("{at}/state"), fields("2025", "nonsense").to_vec(), 422).await;
        post(format!("{at}/state"), fields("2025", "excellent").to_vec(), 200).await;
        // the page that was seen before is out of date
        let stale = post(format!("{at}/state"), fields("2024", "excellent").to_vec(), 422).await;
        assert!(stale.contains("somebody changed it first"), "{stale}");

        let listed = page(clerk, &at, 200).await;
        assert!(listed.contains("2025"), "{listed}");
        let row = after(&listed, "assessments?row=", '"').to_owned();
        let form = page(clerk, &format!("{at}?row={row}"), 200).await;
        assert!(form.contains("value=\"2025\""), "{form}");
        let mut right = fields("2025", "competent").to_vec();
        right[0].1 = version(&form).to_owned();
        right.push(("row", row.clone()));
        // a correction has its reason
        post(format!("{at}/correct"), right.clone(), 422).await;
        right.push(("reason", "typing".to_owned()));
        post(format!("{at}/correct"), right, 200).await;
        let listed = page(clerk, &at, 200).await;
        let row = after(&listed, "assessments?row=", '"').to_owned();
        let form = page(clerk, &format!("{at}?row={row}"), 200).await;
        let strike = vec![
            ("version", version(&form).to_owned()),
            ("row", row),
            ("reason", "never was".to_owned()),
            ("sure", "yes".to_owned()),
        ];
        post(format!("{at}/strike"), strike, 200).await;
        assert!(!page(clerk, &at, 200).await.contains("assessments?row="));
        post(format!("{at}/nothing"), Vec::new(), 404).await;
        page(clerk, &format!("/people/{}/records/nothing", world.person), 404).await;
    }

    async fn those_who_only_read_are_given_no_form(database: Database) {
        let world = World::new(&database).await;
        let auditor = world.of(Office::Auditor);
        let at = format!("/people/{}/records/title", world.person);
        assert!(!page(auditor, &at, 200).await.contains("name=\"version\""));
        let fields = [("version", "1"), ("m-rank", "none"), ("m-kind", "ordinary"), ("from", "2026-01-10")];
        let refused = send(auditor, &format!("{at}/state"), &fields, 403).await;
        assert!(!refused.is_empty());
        let code = &world.institution_code;
        page(auditor, &format!("/institutions/{code}/records"), 200).await;
        for kind in ["institution_profile", "establishment", "post_plan", "planned_posts", "pay_totals", "teams", "successions"] {
            page(auditor, &format!("/institutions/{code}/records/{kind}"), 200).await;
        }
        let office = world.of(Office::CountyEstablishment);
        let form = page(office, &format!("/institutions/{code}/records/establishment"), 200).await;
        assert!(form.contains("name=\"m-total\"") || form.contains("?row="), "{form}");
    }
}
