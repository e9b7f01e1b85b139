//! An office on a database: keys, randomness that counts, quick passwords; and people in it.

use super::library;
use dinggang::domain::ids::AreaCode;
use dinggang::domain::record_id::{AccountId, SessionId};
use dinggang::domain::rights::{
    Actor, Assurance, Authority, Capacity, Channel, Extent, Natures, Tier,
};
use dinggang::domain::session::SessionRules;
use dinggang::domain::time::Timestamp;
use dinggang::mail::{Carrier, Hooks, Post};
use dinggang::service::account::{Invitation, invite, set_up};
use dinggang::service::secret::{Cost, KeyRing, Passwords};
use dinggang::service::session::{SignIn, Started, sign_in};
use dinggang::service::{Chance, Doors, Office, Rulebook, ServiceError, Shelf, Vault};
use dinggang::store::Store;
use rand_core::{TryCryptoRng, TryRng};
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Sunday 2026-11-22, 09:00 in Shanghai.
pub const NOW: Timestamp = Timestamp::from_micros(1_795_309_200_000_000);

/// Passes every rule.
pub const PASSWORD: &str = "Four-horses-and-7-carts";

/// Counts instead of rolling dice: no two draws are the same.
struct Counting(u64);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|n| n as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 += 1;
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.try_next_u64()?.to_be_bytes();
            chunk.copy_from_slice(&next[8 - chunk.len()..]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counting {}

/// An office on a database.
pub fn office(store: &Store) -> Office {
    let chance = Chance::new(Counting(0));
    let ring = KeyRing::generate(NOW, &mut Counting(1 << 32));
    Office {
        store: store.clone(),
        vault: Arc::new(Vault::new(ring, chance.clone())),
        chance,
        doors: Doors {
            passwords: Passwords::new(Cost::LEAST).expect("a cost"),
            sessions: SessionRules::default(),
            second_factor: true,
        },
        // every policy applies everywhere, as `check` has it
        rulebook: Arc::new(Rulebook::with_always(
            library::shipped().facts.clone(),
            library::shipped().policies.clone(),
            &library::with_always(&library::all_ids()),
        )),
        shelf: Arc::new(Shelf::new(Shelf::USUAL)),
        post: Arc::new(post(Carrier::Folder(mail_folder()))),
        // each file lies under its digest, so that tests do not disturb one another
        files: std::path::Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("attachments")
            .into(),
    }
}

/// A way out for mails, with robots on this machine.
pub fn post(carrier: Carrier) -> Post {
    let timeout = Duration::from_secs(5);
    let hosts = vec!["127.0.0.1".to_owned(), "127.0.0.1:8099".to_owned()];
    Post::new(
        carrier,
        "定岗 <dinggang@example.cn>".parse().expect("a mailbox"),
        "https://dinggang.example.cn".to_owned(),
        Hooks::new(hosts, timeout),
        None,
        timeout,
    )
}

/// Where mails of tests go that look at none.
fn mail_folder() -> PathBuf {
    std::env::temp_dir().join(format!("dinggang-test-mails-{}", std::process::id()))
}

/// The same office with another way out.
pub fn with_post(office: &Office, post: Post) -> Office {
    Office {
        post: Arc::new(post),
        ..office.clone()
    }
}

/// The same office where policies apply as they are adopted.
pub fn by_adoption(office: &Office) -> Office {
    let shipped = library::shipped();
    Office {
        rulebook: Arc::new(Rulebook::new(
            shipped.facts.clone(),
            shipped.policies.clone(),
        )),
        ..office.clone()
    }
}

/// So many seconds after [`NOW`].
pub fn after(seconds: i64) -> Timestamp {
    NOW.plus_seconds(seconds)
}

/// An actor with full assurance, whom nobody signed in.
pub fn actor(number: u8, capacity: Capacity) -> Actor {
    Actor {
        account: AccountId::new(NOW, [number; 10]),
        name: format!("某{number}"),
        person: None,
        capacity,
        assurance: Assurance::Full,
        channel: Channel::Session(SessionId::new(NOW, [number; 10])),
    }
}

/// The same with a token for some natures.
pub fn with_token(actor: &Actor, natures: Natures) -> Actor {
    let id = dinggang::domain::record_id::TokenId::new(NOW, [9; 10]);
    Actor {
        channel: Channel::Token { id, natures },
        ..actor.clone()
    }
}

/// A reviewer of an authority of a county.
pub fn reviewer(authority: Authority, code: &str) -> Actor {
    let area = AreaCode::read(code, &[2, 4, 6, 9, 12]).expect("a code");
    let tier = Tier::County;
    actor(
        2,
        Capacity::Reviewer {
            authority,
            tier,
            area,
        },
    )
}

/// An administrator of the whole installation.
pub fn administrator() -> Actor {
    actor(
        1,
        Capacity::Administrator {
            extent: Extent::Everywhere,
        },
    )
}

/// An auditor of the whole installation.
pub fn auditor() -> Actor {
    actor(
        3,
        Capacity::Auditor {
            extent: Extent::Everywhere,
        },
    )
}

/// Invites somebody with capacities and sets the account up.
pub async fn account_with(
    office: &Office,
    user_name: &str,
    capacities: Vec<Capacity>,
    now: Timestamp,
) -> AccountId {
    let invitation = Invitation {
        user_name,
        name: "王丽",
        person: None,
        capacities,
    };
    let invited = invite(office, &administrator(), &invitation, now).await;
    let (id, link) = invited.expect("invited");
    set_up(office, &link.reveal(), PASSWORD, now)
        .await
        .expect("set up");
    id
}

/// Signs in with the usual password or another.
pub async fn enter(
    office: &Office,
    user_name: &str,
    password: &str,
    now: Timestamp,
) -> Result<Started, ServiceError> {
    let attempt = SignIn {
        user_name,
        password,
        address: None,
        carried: None,
    };
    sign_in(office, attempt, now).await
}
