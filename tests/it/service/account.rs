//! What administrators and clerks do to accounts, and what they may not.

use crate::support::build::area;
use crate::support::database::on_both;
use crate::support::office::{
    NOW, PASSWORD, account_with, actor, administrator, after, auditor, enter, office, reviewer,
};
use dinggang::domain::account::{Change, State};
use dinggang::domain::audit::Source;
use dinggang::domain::record::Version;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::rights::{Actor, Authority, Capacity, Extent, Tier, Why};
use dinggang::service::account::{
    Doing, Invitation, administer, find, first_administrator, invite, link_address, list, new_link,
    set_up,
};
use dinggang::service::session::{actor_of_session, admit};
use dinggang::service::{ServiceError, trail};

fn in_county(code: &str) -> Capacity {
    Capacity::Auditor {
        extent: Extent::Area(area(code)),
    }
}

fn keeper_of(code: &str) -> Capacity {
    Capacity::Administrator {
        extent: Extent::Area(area(code)),
    }
}

on_both! {
    async fn the_first_start_prints_an_address_and_the_next_one_none(database: Database) {
        let office = office(&database.store);
        let link = first_administrator(&office, NOW).await.expect("made");
        let address = link_address("https://dg.example.cn/", &link.expect("a link"));
        let secret = address.strip_prefix("https://dg.example.cn/set-up/").expect("ours");
        set_up(&office, secret, PASSWORD, after(60)).await.expect("set up");
        let next = first_administrator(&office, after(90)).await;
        assert!(next.expect("asked").is_none(), "somebody is in charge already");
        let kept = "select cast(count(*) as text) from setup_link \
            where cast(hash as text) like '%dgl_%'";
        assert_eq!(database.lines(kept).await, ["0"]);
    }

    async fn the_command_line_acts_without_an_account(database: Database) {
        let office = office(&database.store);
        let actor = Actor::at_the_machine("root");
        let invitation = Invitation {
            user_name: "wang.li",
            name: "王丽",
            person: None,
            capacities: vec![in_county("150199")],
        };
        let (id, link) = invite(&office, &actor, &invitation, NOW).await.expect("invited");
        set_up(&office, &link.reveal(), PASSWORD, after(1)).await.expect("set up");
        let own = dinggang::service::second_factor::offer(&office, &actor, after(2)).await;
        assert!(own.is_err(), "it has no account of its own");
        let id = id.to_string();
        let today = NOW.shanghai_day();
        let told = trail::of_subject(&office, &auditor(), "account", &id, today).await;
        let told = told.expect("events");
        let who = &told[0].who;
        assert_eq!((who.source, who.account, who.name.as_str()), (Source::Command, None, "root"));
    }

    async fn a_keeper_of_one_county_does_not_see_the_other(database: Database) {
        let office = office(&database.store);
        let here = account_with(&office, "here", vec![in_county("150199")], NOW).await;
        let there = account_with(&office, "there", vec![in_county("150198")], NOW).await;
        let both = account_with(
            &office,
            "both",
            vec![in_county("150199"), in_county("150198")],
            NOW,
        )
        .await;
        let keeper = actor(7, keeper_of("150199"));
        let seen = list(&office, &keeper, NOW).await.expect("a list");
        assert_eq!(seen.iter().map(|one| one.id).collect::<Vec<_>>(), [here]);
        let everyone = list(&office, &administrator(), NOW).await.expect("a list");
        assert_eq!(everyone.len(), 3);
        for id in [there, both] {
            assert!(matches!(find(&office, &keeper, id, NOW).await, Err(ServiceError::NotFound)));
            let link = new_link(&office, &keeper, id, NOW).await;
            assert!(matches!(link, Err(ServiceError::NotFound)));
            for doing in [
                Doing::Change(Change::Lock),
                Doing::Change(Change::Disable),
                Doing::ResetSecondFactor,
                Doing::RevokeSessions,
                Doing::Grant(in_county("150199")),
            ] {
                let done = administer(&office, &keeper, id, Version::FIRST, &doing, NOW).await;
                assert!(matches!(done, Err(ServiceError::NotFound)), "{doing:?}");
            }
        }
        // nor makes anybody reach beyond it
        let beyond = Doing::Grant(in_county("1501"));
        let version = find(&office, &keeper, here, NOW).await.expect("seen").0.version;
        let granted = administer(&office, &keeper, here, version, &beyond, NOW).await;
        assert!(matches!(granted, Err(ServiceError::NotFound)));
        let invitation = Invitation {
            user_name: "beyond",
            name: "王丽",
            person: None,
            capacities: vec![in_county("1501")],
        };
        let invited = invite(&office, &keeper, &invitation, NOW).await;
        assert!(matches!(invited, Err(ServiceError::NotFound)));
    }

    async fn capacities_are_granted_and_taken_back(database: Database) {
        let office = office(&database.store);
        let id = account_with(&office, "wang.li", vec![in_county("150199")], NOW).await;
        let started = enter(&office, "wang.li", PASSWORD, NOW).await.expect("signed in");
        let keeper = administrator();
        let more = Capacity::Reviewer {
            authority: Authority::Health,
            tier: Tier::County,
            area: area("150199"),
        };
        let (account, held) = find(&office, &keeper, id, NOW).await.expect("found");
        let doing = Doing::Grant(more.clone());
        let seen = account.version;
        let granted = administer(&office, &keeper, id, seen, &doing, after(1)).await;
        let version = granted.expect("granted");
        let stale = administer(&office, &keeper, id, seen, &doing, after(1)).await;
        match stale {
            Err(ServiceError::Stale { expected, actual }) => {
                assert_eq!((expected, actual), (seen, version));
            }
            other => panic!("{other:?}"),
        }
        let text = started.secret.reveal();
        assert_eq!(admit(&office, &text, after(2)).await.expect("it holds").held.len(), 2);
        let doing = Doing::TakeBack(held[0].id);
        administer(&office, &keeper, id, version, &doing, after(3)).await.expect("taken back");
        assert!(actor_of_session(&office, &text, after(4)).await.is_err(), "it acted in that");
        let (account, _) = find(&office, &keeper, id, NOW).await.expect("found");
        assert_eq!(account.capacities, [more]);
    }

    async fn a_restored_account_is_set_up_again(database: Database) {
        let office = office(&database.store);
        let id = account_with(&office, "wang.li", vec![in_county("150199")], NOW).await;
        let keeper = administrator();
        let mut version = find(&office, &keeper, id, NOW).await.expect("found").0.version;
        for change in [Change::Disable, Change::Restore] {
            let doing = Doing::Change(change);
            let done = administer(&office, &keeper, id, version, &doing, after(1)).await;
            version = done.expect("done");
        }
        let refused = enter(&office, "wang.li", PASSWORD, after(2)).await;
        assert!(refused.is_err());
        let doing = Doing::Change(Change::Unlock);
        let wrong = administer(&office, &keeper, id, version, &doing, after(2)).await;
        match wrong {
            Err(ServiceError::Refused(refusals)) => {
                assert_eq!(refusals, [Refusal::AccountState { state: State::Invited }]);
            }
            other => panic!("{other:?}"),
        }
        let link = new_link(&office, &keeper, id, after(3)).await.expect("a link");
        set_up(&office, &link.reveal(), PASSWORD, after(4)).await.expect("set up");
        enter(&office, "wang.li", PASSWORD, after(5)).await.expect("signed in");
        let reset = new_link(&office, &keeper, id, after(6)).await.expect("a link");
        let late = set_up(&office, &reset.reveal(), PASSWORD, after(6 + 3600)).await;
        assert!(late.is_err(), "a reset is good for an hour");
    }

    async fn nobody_administers_their_own_account_and_reviewers_none(database: Database) {
        let office = office(&database.store);
        let everywhere = Capacity::Administrator { extent: Extent::Everywhere };
        let id = account_with(&office, "keeper", vec![everywhere], NOW).await;
        let mut own = administrator();
        own.account = id;
        let doing = Doing::Grant(in_county("150199"));
        let denied = administer(&office, &own, id, Version::FIRST, &doing, NOW).await;
        match denied {
            Err(ServiceError::Denied(denied)) => assert_eq!(denied.why, Why::OwnAccount),
            other => panic!("{other:?}"),
        }
        let bureau = reviewer(Authority::Health, "150199");
        assert!(matches!(list(&office, &bureau, NOW).await, Err(ServiceError::Denied(_))));
        let taken = Invitation {
            user_name: "Keeper",
            name: "别人",
            person: None,
            capacities: vec![in_county("150199")],
        };
        let refused = invite(&office, &administrator(), &taken, NOW).await;
        match refused {
            Err(ServiceError::Refused(refusals)) => assert_eq!(refusals, [Refusal::UserNameTaken]),
            other => panic!("{other:?}"),
        }
        // every step is in the trail
        let id = id.to_string();
        let today = NOW.shanghai_day();
        let told = trail::of_subject(&office, &auditor(), "account", &id, today).await;
        let what: Vec<_> = told.expect("events").into_iter().map(|event| event.what).collect();
        assert_eq!(what, ["account.invite", "account.set_up"]);
    }
}
