//! Policies by forms: compared, looked at, proposed, adopted by somebody else; and what that
//! says of rural doctors.

use super::promotion::{id_after, page, send};
use crate::http::world::World;
use crate::support::database::on_both;
use dinggang::domain::rights::Office;

const DRAFT: &str = "inner-mongolia/primary-care-draft";

on_both! {
    async fn looked_at_proposed_and_adopted_by_another(database: Database) {
        let world = World::by_adoption(&database).await;
        let (health, posts) = (world.of(Office::CountyHealth), world.of(Office::CountyHumanResources));
        let before = page(health, "/rural-doctors", 200).await;
        assert!(before.contains("open: no rule or no record"), "{before}");
        let form = page(health, &format!("/adoptions/new?policy={DRAFT}"), 200).await;
        assert!(form.contains("name=\"handling-"), "{form}");
        let on = world.server.now().shanghai_day().to_string();
        let fields = |act: &'static str, area: &'static str| {
            [("act", act.to_owned()), ("policy", DRAFT.to_owned()), ("area", area.to_owned()),
             ("on", on.clone()), ("off_quota", "automatic".to_owned()), ("reason", "试行".to_owned())]
        };
        let pairs = |all: &[(&'static str, String); 6]| -> Vec<(&'static str, String)> { all.to_vec() };
        let post = async |caller, path: &str, all: Vec<(&'static str, String)>, status| {
            let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
            send(caller, path, &all, status).await
        };
        // what cannot be read is said, and nothing is proposed
        let refused = post(health, "/adoptions", pairs(&fields("propose", "x")), 422).await;
        assert!(refused.contains("value=\"x\""), "{refused}");
        let look = post(health, "/adoptions", pairs(&fields("look", "150199")), 200).await;
        assert!(look.contains("id=\"impact\""), "{look}");
        let proposals = page(health, "/policies", 200).await;
        assert!(!proposals.contains("/adoptions/0"), "{proposals}");
        let proposed = post(health, "/adoptions", pairs(&fields("propose", "150199")), 200).await;
        assert!(proposed.contains("Proposed; somebody"), "{proposed}");
        let id = id_after(&proposed, "/adoptions/").to_owned();
        let adopt = format!("/adoptions/{id}/adopt");
        // whoever proposed it does not decide it
        send(health, &adopt, &[], 422).await;
        let adopted = send(posts, &adopt, &[("reason", "同意")], 200).await;
        assert!(adopted.contains("Adopted.") && !adopted.contains("id=\"impact\""), "{adopted}");
        send(posts, &adopt, &[], 422).await;
        let strangers = &world.strangers()[2];
        page(strangers, &format!("/adoptions/{id}"), 404).await;
        // now the rules of the place speak of rural doctors
        let after = page(health, "/rural-doctors", 200).await;
        assert!(after.contains("Share of the licensed"), "{after}");
        assert!(after.contains("pension scheme"), "{after}");
        let soon = page(health, "/rural-doctors?only=exam", 200).await;
        assert!(soon.contains("for the examining body to judge"), "{soon}");
    }
}

on_both! {
    async fn two_policies_stand_side_by_side(database: Database) {
        let world = World::new(&database).await;
        let auditor = world.of(Office::Auditor);
        let choose = page(auditor, "/policies/compare", 200).await;
        assert!(choose.contains("Choose two policies"));
        let path = format!("/policies/compare?a={DRAFT}&b=national/public-institutions-2014");
        let both = page(auditor, &path, 200).await;
        for part in ["class=\"compared\"", "no such rule", "rural-doctor-pension"] {
            assert!(both.contains(part), "{part}: {both}");
        }
        page(auditor, "/policies/compare?a=x&b=y", 404).await;
        // whoever may not propose is not led there
        let text = page(auditor, &format!("/policies/{DRAFT}"), 200).await;
        assert!(!text.contains("/adoptions/new"), "{text}");
    }
}
