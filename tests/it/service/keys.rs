//! Rotation of the keys: everything is sealed anew and still opens.

use crate::support::build::{area, month};
use crate::support::database::on_both;
use crate::support::office::{NOW, office, reviewer};
use crate::support::records::day;
use dinggang::domain::record::When;
use dinggang::domain::rights::Authority;
use dinggang::sample::{self, Size};
use dinggang::service::Chance;
use dinggang::service::import::{Import, Imported};
use dinggang::service::keys::{self, KeysError, reseal};
use dinggang::service::secret::{KeyRing, key_file, random};
use dinggang::sheet::{Input, write_register};
use dinggang::store::register::{Part, Scope, load};

on_both! {
    async fn after_a_rotation_only_the_new_key_is_needed(database: Database) {
        let office = office(&database.store);
        let small = Size { townships: 1, staff: 20 };
        let register = sample::county(small, month("2026-11"), 7);
        let files = [Input {
            name: "示例旗.xlsx".to_owned(),
            bytes: write_register(&register).expect("a workbook"),
        }];
        let actor = reviewer(Authority::HumanResources, "150199");
        let import = Import {
            office: &office,
            actor: &actor,
            files: &files,
            on: day("2026-11-22"),
            scope: Scope::Area(area("150199")),
            reason: None,
            now: NOW,
        };
        assert!(matches!(import.run().await.expect("run"), Imported::Recorded(_)));
        let mut ring = KeyRing::parse(&office.vault.ring().render()).expect("keys");
        assert_eq!(ring.rotate(NOW, &mut office.chance.clone()), 2);
        office.vault.exchange(ring);
        let phones = register.people.iter().filter(|one| one.mobile.is_some()).count();
        let secrets = register.people.len() + register.rural_doctors.len() + phones;
        let sealed = reseal(&office.store, &office.vault).await.expect("sealed anew");
        assert_eq!(sealed, secrets as u64);
        assert_eq!(reseal(&office.store, &office.vault).await.expect("asked"), 0);
        let old = "select cast(count(*) as text) from person where id_cipher like '1.1.%'";
        assert_eq!(database.lines(old).await, ["0"]);
        let mut reader = office.store.snapshot().await.expect("a reader");
        let when = When::on(day("2026-11-22"));
        let loaded = load(&mut reader, &Part::Whole, when, office.vault.as_ref()).await;
        assert_eq!(loaded.expect("loaded").register.people.len(), register.people.len());
    }

    async fn a_database_keeps_to_its_keys(database: Database) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("dinggang.key");
        let store = &database.store;
        let mut chance = Chance::new(random::system());
        let first = keys::unlock(store, &path, &mut chance, NOW).await.expect("made");
        assert!(first.made && path.exists());
        let again = keys::unlock(store, &path, &mut chance, NOW).await.expect("opened");
        assert!(!again.made);
        assert_eq!(again.ring.fingerprint(), first.ring.fingerprint());
        std::fs::remove_file(&path).expect("removed");
        match keys::unlock(store, &path, &mut chance, NOW).await {
            Err(KeysError::Missing { database, .. }) => {
                assert_eq!(database, Some(first.ring.fingerprint()));
            }
            other => panic!("{other:?}"),
        }
        assert!(!path.exists(), "no other keys are made in their place");
        let other = KeyRing::generate(NOW, &mut random::system());
        key_file::create(&path, &other).expect("made");
        match keys::unlock(store, &path, &mut chance, NOW).await {
            Err(KeysError::Others { file, database, .. }) => {
                assert_eq!((file, database), (other.fingerprint(), first.ring.fingerprint()));
            }
            other => panic!("{other:?}"),
        }
    }
}
