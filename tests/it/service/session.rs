//! Signing in, the second factor, sessions and tokens, from the first link on.

use crate::support::database::on_both;
use crate::support::office::{NOW, PASSWORD, account_with, administrator, after, enter, office};
use data_encoding::BASE32_NOPAD;
use dinggang::domain::account::Change;
use dinggang::domain::record_id::AccountId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::rights::{
    Action, Actor, Assurance, Capacity, Channel, Extent, Nature, Natures, Subject, Why, permit,
};
use dinggang::domain::time::Timestamp;
use dinggang::service::account::{
    self, Doing, administer, change_password, first_administrator, set_up,
};
use dinggang::service::api_token::{self, Order, actor_of_token};
use dinggang::service::recovery_code;
use dinggang::service::second_factor;
use dinggang::service::secret::{SecretToken, TotpSecret};
use dinggang::service::session::{
    SignIn, Standing, actor_of_session, admit, choose, show_code, sign_in, sign_out,
};
use dinggang::service::{Office, ServiceError};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

fn refusals<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> Vec<Refusal> {
    match result {
        Err(ServiceError::Refused(refusals)) => refusals,
        other => panic!("{other:?}"),
    }
}

/// The code an app shows (RFC 6238), computed here once more.
fn code(secret: &TotpSecret, now: Timestamp) -> String {
    let key = BASE32_NOPAD.decode(secret.reveal().as_bytes());
    let mut mac = Hmac::<Sha1>::new_from_slice(&key.expect("base32")).expect("a key");
    mac.update(&(now.unix_seconds() / 30).to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let from = usize::from(hash[19] & 15);
    let four: [u8; 4] = hash[from..from + 4].try_into().expect("four bytes");
    format!(
        "{:06}",
        (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
    )
}

fn auditor() -> Capacity {
    Capacity::Auditor {
        extent: Extent::Everywhere,
    }
}

fn keeper() -> Capacity {
    Capacity::Administrator {
        extent: Extent::Everywhere,
    }
}

async fn actor_of(office: &Office, secret: &SecretToken, now: Timestamp) -> Actor {
    let actor = actor_of_session(office, &secret.reveal(), now).await;
    actor.expect("an actor")
}

/// Enrols a second factor and gives its secret.
async fn enrol(office: &Office, carried: &SecretToken, now: Timestamp) -> TotpSecret {
    let actor = actor_of(office, carried, now).await;
    let secret = second_factor::offer(office, &actor, now)
        .await
        .expect("offered");
    let confirmed = second_factor::confirm(office, &actor, &code(&secret, now), now).await;
    confirmed.expect("confirmed");
    secret
}

async fn version(office: &Office, id: AccountId) -> dinggang::domain::record::Version {
    let found = account::find(office, &administrator(), id, NOW).await;
    found.expect("an account").0.version
}

on_both! {
    async fn recovery_codes_stand_in_for_a_lost_telephone(database: Database) {
        let office = office(&database.store);
        let id = account_with(&office, "wang.li", vec![keeper()], NOW).await;
        let started = enter(&office, "wang.li", PASSWORD, NOW).await.expect("signed in");
        let actor = actor_of(&office, &started.secret, after(1)).await;
        let early = recovery_code::make(&office, &actor, PASSWORD, after(1)).await;
        assert_eq!(refusals(early), [Refusal::NoSecondFactor]);
        enrol(&office, &started.secret, after(2)).await;
        let wrong = recovery_code::make(&office, &actor, "no", after(3)).await;
        assert_eq!(refusals(wrong), [Refusal::SignInFailed]);
        let old = recovery_code::make(&office, &actor, PASSWORD, after(4)).await.expect("made");
        let codes = recovery_code::make(&office, &actor, PASSWORD, after(5)).await.expect("made");
        assert_eq!((codes.len(), recovery_code::left(&office, &actor).await.expect("left")), (10, 10));
        let all = database.lines("select hash from recovery_code").await;
        assert!(!all.iter().any(|line| codes.iter().any(|code| line.contains(code.as_str()))));

        let again = enter(&office, "wang.li", PASSWORD, after(10)).await.expect("signed in");
        assert!(again.code_wanted);
        let carried = again.secret.reveal();
        let replaced = show_code(&office, &carried, &old[0].reveal(), after(11)).await;
        assert_eq!(refusals(replaced), [Refusal::CodeWrong], "replaced by the newer");
        let typed = codes[0].reveal().to_lowercase().replace('-', " ");
        let full = show_code(&office, &carried, &typed, after(12)).await.expect("in");
        assert_eq!(full.session.assurance, Assurance::Full);
        let other = enter(&office, "wang.li", PASSWORD, after(20)).await.expect("signed in");
        let used = show_code(&office, &other.secret.reveal(), &typed, after(21)).await;
        assert_eq!(refusals(used), [Refusal::CodeWrong], "each is good once");

        // not used up by somebody who has the code and no password
        let actor = actor_of(&office, &full.secret, after(22)).await;
        let second = codes[1].reveal();
        let no = second_factor::remove(&office, &actor, "no", &second, after(23)).await;
        assert_eq!(refusals(no), [Refusal::SignInFailed]);
        assert_eq!(recovery_code::left(&office, &actor).await.expect("left"), 9);
        second_factor::remove(&office, &actor, PASSWORD, &second, after(24)).await.expect("removed");
        assert_eq!(recovery_code::left(&office, &actor).await.expect("left"), 0);
        let (id, today) = (id.to_string(), NOW.shanghai_day());
        let auditor = crate::support::office::auditor();
        let told = dinggang::service::trail::of_subject(&office, &auditor, "account", &id, today).await;
        let told = told.expect("events");
        let used = told.iter().filter(|event| event.what == "sign_in.recovery_code").count();
        assert_eq!(used, 2);
        let kept = told.iter().filter_map(|event| event.detail.as_ref()?.after.clone());
        let text: String = kept.collect();
        assert!(!codes.iter().any(|code| text.contains(code.reveal().as_str())));
    }

    async fn a_reset_takes_the_recovery_codes_away(database: Database) {
        let office = office(&database.store);
        let id = account_with(&office, "wang.li", vec![auditor()], NOW).await;
        let started = enter(&office, "wang.li", PASSWORD, NOW).await.expect("signed in");
        let actor = actor_of(&office, &started.secret, after(1)).await;
        enrol(&office, &started.secret, after(2)).await;
        recovery_code::make(&office, &actor, PASSWORD, after(3)).await.expect("made");
        let seen = version(&office, id).await;
        let doing = Doing::ResetSecondFactor;
        administer(&office, &administrator(), id, seen, &doing, after(4)).await.expect("reset");
        assert_eq!(database.lines("select hash from recovery_code").await, [""; 0]);
    }

    async fn the_first_administrator_comes_in_by_a_link(database: Database) {
        let office = office(&database.store);
        let old = first_administrator(&office, NOW).await.expect("made").expect("a link");
        let link = first_administrator(&office, after(60)).await.expect("made").expect("a link");
        let over = set_up(&office, &old.reveal(), PASSWORD, after(70)).await;
        assert_eq!(refusals(over), [Refusal::LinkOver], "replaced by the newer");
        let plain = set_up(&office, &link.reveal(), "admin", after(70)).await;
        assert!(refusals(plain).len() > 1, "all that is wrong with it");
        let name = set_up(&office, &link.reveal(), PASSWORD, after(70)).await.expect("set up");
        assert_eq!(name.as_str(), "admin");
        let again = set_up(&office, &link.reveal(), PASSWORD, after(80)).await;
        assert_eq!(refusals(again), [Refusal::LinkOver], "used once");
        assert!(first_administrator(&office, after(90)).await.expect("asked").is_none());
        // with a password alone an administrator may do nothing but enrol
        let started = enter(&office, "admin", PASSWORD, after(100)).await.expect("signed in");
        let actor = actor_of(&office, &started.secret, after(101)).await;
        let denied = permit(&actor, Action::EditSettings, &Subject::Installation);
        assert_eq!(denied.expect_err("denied").why, Why::SecondFactor);
        enrol(&office, &started.secret, after(102)).await;
        let gone = actor_of_session(&office, &started.secret.reveal(), after(103)).await;
        assert_eq!(refusals(gone), [Refusal::SessionOver], "with more rights a new secret");
        let kept = "select cast(count(*) as text) from account where password like '%horses%'";
        assert_eq!(database.lines(kept).await, ["0"]);
    }

    async fn every_failure_looks_alike(database: Database) {
        let office = office(&database.store);
        account_with(&office, "wang.li", vec![auditor()], NOW).await;
        for name in ["wang.li", "nobody", "?"] {
            for attempt in 0..5 {
                let failed = enter(&office, name, "wrong", after(attempt)).await;
                assert_eq!(refusals(failed), [Refusal::SignInFailed], "{name} {attempt}");
            }
            let closed = enter(&office, name, PASSWORD, after(10)).await;
            let until = after(4 + 15 * 60);
            assert_eq!(refusals(closed), [Refusal::TooManyAttempts { until }], "{name}");
        }
        let told = "select action from audit_event where action like 'sign_in.%' order by action";
        let told = database.lines(told).await;
        assert_eq!(told.iter().filter(|what| *what == "sign_in.failed").count(), 15);
        assert_eq!(told.iter().filter(|what| *what == "sign_in.locked_out").count(), 1);
        enter(&office, "Wang.Li ", PASSWORD, after(20 * 60)).await.expect("open again");
    }

    async fn many_failures_from_one_address_close_the_door_to_it(database: Database) {
        let office = office(&database.store);
        account_with(&office, "wang.li", vec![auditor()], NOW).await;
        let from = async |last: u8, name: &str, now| {
            let address = Some(std::net::IpAddr::from([10, 0, 0, last]));
            let attempt = SignIn { user_name: name, password: PASSWORD, address, carried: None };
            sign_in(&office, attempt, now).await
        };
        for number in 0..50 {
            let failed = from(7, &format!("nobody{number}"), after(1)).await;
            assert_eq!(refusals(failed), [Refusal::SignInFailed]);
        }
        let until = after(1 + 15 * 60);
        let closed = from(7, "wang.li", after(2)).await;
        assert_eq!(refusals(closed), [Refusal::TooManyAttempts { until }]);
        from(8, "wang.li", after(2)).await.expect("another address");
        from(7, "wang.li", until).await.expect("later");
    }

    async fn a_session_ends_idle_at_last_or_when_it_is_left(database: Database) {
        let office = office(&database.store);
        account_with(&office, "wang.li", vec![auditor()], NOW).await;
        let first = enter(&office, "wang.li", PASSWORD, NOW).await.expect("signed in");
        let text = first.secret.reveal();
        actor_of(&office, &first.secret, after(29 * 60)).await;
        actor_of(&office, &first.secret, after(58 * 60)).await;
        let idle = actor_of_session(&office, &text, after(88 * 60)).await;
        assert_eq!(refusals(idle), [Refusal::SessionOver]);
        // signing in again ends what the browser carried, and never takes it over
        let start = after(59 * 60);
        let attempt = SignIn {
            user_name: "wang.li",
            password: PASSWORD,
            address: None,
            carried: Some(&text),
        };
        let second = sign_in(&office, attempt, start).await.expect("signed in");
        let gone = actor_of_session(&office, &text, start).await;
        assert_eq!(refusals(gone), [Refusal::SessionOver]);
        // every hour it gets a new secret, and the one before is good for some seconds
        let mut secret = second.secret;
        let mut last = start;
        for minutes in (20..12 * 60).step_by(20) {
            last = start.plus_seconds(minutes * 60);
            let admission = admit(&office, &secret.reveal(), last).await.expect("it holds");
            if let Some(new) = admission.secret {
                actor_of(&office, &secret, last.plus_seconds(20)).await;
                let late = actor_of_session(&office, &secret.reveal(), last.plus_seconds(40)).await;
                assert_eq!(refusals(late), [Refusal::SessionOver]);
                secret = new;
            } else {
                assert_ne!(minutes % 60, 0, "a new secret is due");
            }
        }
        actor_of(&office, &secret, last.plus_seconds(60)).await;
        let over = actor_of_session(&office, &secret.reveal(), start.plus_seconds(12 * 3600)).await;
        assert_eq!(refusals(over), [Refusal::SessionOver]);
        let third = enter(&office, "wang.li", PASSWORD, after(90_000)).await.expect("signed in");
        sign_out(&office, &third.secret.reveal(), after(90_001)).await.expect("out");
        sign_out(&office, &third.secret.reveal(), after(90_002)).await.expect("twice is no error");
        let left = actor_of_session(&office, &third.secret.reveal(), after(90_002)).await;
        assert_eq!(refusals(left), [Refusal::SessionOver]);
    }

    async fn a_code_is_asked_for_and_counts_once(database: Database) {
        let office = office(&database.store);
        account_with(&office, "keeper", vec![keeper()], NOW).await;
        let started = enter(&office, "keeper", PASSWORD, NOW).await.expect("signed in");
        let secret = enrol(&office, &started.secret, after(1)).await;
        let now = after(120);
        let started = enter(&office, "keeper", PASSWORD, now).await.expect("the password");
        assert!(started.code_wanted);
        let text = started.secret.reveal();
        let standing = admit(&office, &text, now).await.expect("it holds").standing;
        assert_eq!(standing, Standing::CodeWanted);
        assert!(actor_of_session(&office, &text, now).await.is_err());
        let wrong = show_code(&office, &text, "000000", now).await;
        assert_eq!(refusals(wrong), [Refusal::CodeWrong]);
        let shown = show_code(&office, &text, &code(&secret, now), now).await.expect("shown");
        let actor = actor_of(&office, &shown.secret, now).await;
        assert_eq!(actor.assurance, Assurance::Full);
        assert_eq!(permit(&actor, Action::EditSettings, &Subject::Installation), Ok(()));
        let again = enter(&office, "keeper", PASSWORD, now).await.expect("the password");
        let used = show_code(&office, &again.secret.reveal(), &code(&secret, now), now).await;
        assert_eq!(refusals(used), [Refusal::CodeWrong], "somebody looked over a shoulder");
        // removed with password and code only
        let later = after(240);
        let wrong = second_factor::remove(&office, &actor, "no", &code(&secret, later), later).await;
        assert_eq!(refusals(wrong), [Refusal::SignInFailed]);
        second_factor::remove(&office, &actor, PASSWORD, &code(&secret, later), later)
            .await
            .expect("removed");
        let actor = actor_of(&office, &shown.secret, later).await;
        assert_eq!(actor.assurance, Assurance::Password);
    }

    async fn one_of_several_capacities_is_chosen(database: Database) {
        let office = office(&database.store);
        account_with(&office, "both", vec![auditor(), keeper()], NOW).await;
        let started = enter(&office, "both", PASSWORD, NOW).await.expect("signed in");
        let text = started.secret.reveal();
        let admission = admit(&office, &text, NOW).await.expect("it holds");
        assert_eq!(admission.standing, Standing::ChoiceWanted);
        let wanted = admission.held.iter().find(|held| held.capacity == auditor());
        let wanted = wanted.expect("held").id;
        let chosen = choose(&office, &text, wanted, after(1)).await.expect("chosen");
        let actor = actor_of(&office, &chosen.secret, after(2)).await;
        assert_eq!(actor.capacity, auditor());
        let foreign = dinggang::domain::record_id::CapacityId::new(NOW, [7; 10]);
        let none = choose(&office, &chosen.secret.reveal(), foreign, after(3)).await;
        assert!(matches!(none, Err(ServiceError::NotFound)));
    }

    async fn a_new_password_ends_other_sessions(database: Database) {
        let office = office(&database.store);
        account_with(&office, "wang.li", vec![auditor()], NOW).await;
        let here = enter(&office, "wang.li", PASSWORD, NOW).await.expect("signed in");
        let there = enter(&office, "wang.li", PASSWORD, NOW).await.expect("signed in");
        let actor = actor_of(&office, &here.secret, after(1)).await;
        let new = "Nine-rivers-and-2-bridges";
        let wrong = change_password(&office, &actor, "no", new, after(2)).await;
        assert_eq!(refusals(wrong), [Refusal::SignInFailed]);
        let same = change_password(&office, &actor, PASSWORD, PASSWORD, after(2)).await;
        assert_eq!(refusals(same), [Refusal::PasswordUnchanged]);
        let changed = change_password(&office, &actor, PASSWORD, new, after(3)).await;
        let changed = changed.expect("changed");
        actor_of(&office, &changed.secret, after(4)).await;
        for gone in [&here.secret, &there.secret] {
            assert!(actor_of_session(&office, &gone.reveal(), after(4)).await.is_err());
        }
        assert!(enter(&office, "wang.li", PASSWORD, after(5)).await.is_err());
        enter(&office, "wang.li", new, after(6)).await.expect("with the new one");
    }

    async fn a_token_may_do_what_it_was_made_for(database: Database) {
        let office = office(&database.store);
        let id = account_with(&office, "wang.li", vec![auditor()], NOW).await;
        let started = enter(&office, "wang.li", PASSWORD, NOW).await.expect("signed in");
        let owner = actor_of(&office, &started.secret, after(1)).await;
        let order = Order { name: "市平台", natures: Natures::new([Nature::Feed]), days: 30 };
        let made = api_token::create(&office, &owner, order, after(2)).await;
        let (token, secret) = made.expect("made");
        let text = secret.reveal();
        let actor = actor_of_token(&office, &text, after(3)).await.expect("an actor");
        assert!(matches!(actor.channel, Channel::Token { .. }));
        let place = Subject::Place(dinggang::domain::rights::Locus::default());
        assert_eq!(permit(&actor, Action::ReadMonitoring, &place), Ok(()));
        let denied = permit(&actor, Action::ReadLedger, &place).expect_err("denied");
        assert_eq!(denied.why, Why::Token(Nature::Read));
        // a token makes no tokens
        let more = api_token::create(&office, &actor, order, after(4)).await;
        assert!(matches!(more, Err(ServiceError::Denied(_))));
        let over = actor_of_token(&office, &text, after(2 + 30 * 86_400)).await;
        assert_eq!(refusals(over), [Refusal::TokenOver]);
        api_token::revoke(&office, &owner, token.id, after(5)).await.expect("revoked");
        assert_eq!(refusals(actor_of_token(&office, &text, after(6)).await), [Refusal::TokenOver]);
        // locking the account ends whatever it carries
        let (_, secret) = api_token::create(&office, &owner, order, after(7)).await.expect("made");
        let doing = Doing::Change(Change::Lock);
        let seen = version(&office, id).await;
        administer(&office, &administrator(), id, seen, &doing, after(8)).await.expect("locked");
        assert!(actor_of_token(&office, &secret.reveal(), after(9)).await.is_err());
        assert!(actor_of_session(&office, &started.secret.reveal(), after(9)).await.is_err());
        let locked = enter(&office, "wang.li", PASSWORD, after(10)).await;
        assert_eq!(refusals(locked), [Refusal::AccountLocked], "who has the password may know");
        let wrong = enter(&office, "wang.li", "wrong", after(10)).await;
        assert_eq!(refusals(wrong), [Refusal::SignInFailed]);
    }
}
