//! Small makers for tests of the records: days, changes, and a vault whose key is a word.

use crate::support::database::{Database, Engine};
use dinggang::domain::change::Author;
use dinggang::domain::secret::{Findable, LookupHash, Sealed, SecretField};
use dinggang::domain::time::{Date, Timestamp};
use dinggang::store::change::{self, Recording};
use dinggang::store::register::Vault;
use dinggang::store::{StoreError, Tx};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

/// `2026-11-22`
pub fn day(text: &str) -> Date {
    text.parse().expect("a day such as 2026-11-22")
}

/// So many seconds after a fixed instant.
pub fn second(number: i64) -> Timestamp {
    Timestamp::from_micros(1_795_000_000_000_000).plus_seconds(number)
}

/// Who makes changes in tests.
pub fn author() -> Author {
    Author {
        account: None,
        name: "测试".to_owned(),
        role: "administrator".to_owned(),
    }
}

/// Begins a change at that second.
pub async fn begin(tx: &mut Tx, at: i64) -> Result<Recording, StoreError> {
    static SEED: AtomicU64 = AtomicU64::new(1);
    let seed = SEED.fetch_add(1, Ordering::Relaxed);
    change::begin(tx, &author(), Some("test"), second(at), seed).await
}

/// Seals by turning texts round. What it seals twice does not look alike.
pub struct TestVault;

impl Vault for TestVault {
    fn hash(&self, field: SecretField, text: &str) -> LookupHash {
        LookupHash::new(Sha256::digest(format!("{} {text}", field.key())).into())
    }

    fn seal(&self, field: SecretField, text: &str) -> Findable {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let turned: String = text.chars().rev().collect();
        Findable {
            hash: self.hash(field, text),
            sealed: Sealed::from_stored(format!("{number:08}{turned}")),
        }
    }

    fn open(&self, field: SecretField, secret: &Findable) -> Option<String> {
        let text: String = secret.sealed.as_str().get(8..)?.chars().rev().collect();
        (self.hash(field, &text) == secret.hash).then_some(text)
    }
}

/// A piece of work made on the spot: `work!(store, |tx, captured: Type| -> Out { … })`.
macro_rules! work {
    ($store:expr, |$tx:ident $(, $captured:ident: $type:ty)*| -> $out:ty $body:block) => {{
        struct Work<'w> { $($captured: &'w $type,)* _lifetime: std::marker::PhantomData<&'w ()> }
        impl dinggang::store::Write for Work<'_> {
            type Out = $out;
            type Error = dinggang::store::StoreError;
            async fn run(
                &self,
                $tx: &mut dinggang::store::Tx,
            ) -> Result<$out, dinggang::store::StoreError> {
                $(let $captured = self.$captured;)*
                $body
            }
        }
        $store.write(Work { $($captured: &$captured,)* _lifetime: std::marker::PhantomData }).await
    }};
}

pub(crate) use work;

/// Takes the triggers of the trail away, as somebody with a console might.
pub async fn disarm_trail(database: &Database) {
    for (table, what) in [
        ("audit_event", "update"),
        ("audit_event", "delete"),
        ("audit_detail", "update"),
        ("audit_seal", "update"),
        ("audit_seal", "delete"),
    ] {
        let of = match database.engine {
            Engine::Sqlite => String::new(),
            Engine::Postgres => format!(" on {table}"),
        };
        let sql = format!("drop trigger {table}_no_{what}{of}");
        database.sql(&sql).await.expect("dropped");
    }
}
