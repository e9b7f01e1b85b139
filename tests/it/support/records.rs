//! Small makers for tests of the records: days, changes, and a vault whose key is a word.

use dinggang::domain::change::Author;
use dinggang::domain::record::Sealed;
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
    fn hash(&self, text: &str) -> Vec<u8> {
        Sha256::digest(format!("key {text}")).to_vec()
    }

    fn seal(&self, text: &str) -> Sealed {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let mut cipher = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes().to_vec();
        cipher.extend(text.bytes().rev());
        Sealed {
            hash: self.hash(text),
            cipher,
        }
    }

    fn open(&self, sealed: &Sealed) -> Option<String> {
        let text = sealed.cipher.get(8..)?.iter().rev().copied().collect();
        let text = String::from_utf8(text).ok()?;
        (self.hash(&text) == sealed.hash).then_some(text)
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
