//! Backups: exact while others write, held against their manifest, and brought back into an
//! empty database only.

use crate::support::database::{Database, Engine, block_on, on_both, remove};
use crate::support::office::{NOW, account_with, administrator, after, auditor, office};
use dinggang::domain::rights::{Capacity, Extent};
use dinggang::service::backup::{
    Backup, BackupError, Made, Manifest, Place, Restore, Restored, holds, manifest_file,
};
use dinggang::service::secret::random;
use dinggang::service::{Chance, Office, ServiceError, keys, trail};
use dinggang::store::backup::tools::{ToolError, Tools};
use dinggang::store::{Options, Store};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

async fn back_up(office: &Office, database: &Database, folder: &Path) -> Result<Made, BackupError> {
    let backup = Backup {
        office,
        actor: &administrator(),
        url: &database.url,
        place: Place::Folder(folder.to_owned()),
        scratch: None,
        tools: &Tools::of_system(),
        now: NOW,
    };
    backup.run().await
}

async fn bring_back(file: &Path, url: &str) -> Result<Restored, BackupError> {
    let restore = Restore {
        file,
        url,
        tools: &Tools::of_system(),
        chance: &Chance::new(random::system()),
        name: "root",
        now: after(3600),
    };
    restore.run().await
}

/// Accounts, an identity number behind a key, and a sealed trail.
async fn furnished(database: &Database) -> Office {
    let office = office(&database.store);
    let capacity = Capacity::Auditor {
        extent: Extent::Everywhere,
    };
    for number in 0..20 {
        account_with(
            &office,
            &format!("clerk{number}"),
            vec![capacity.clone()],
            NOW,
        )
        .await;
    }
    trail::seal(&office, "test", after(1))
        .await
        .expect("sealed");
    office
}

/// An empty database of the same kind.
async fn target(database: &Database) -> Database {
    let empty = Database::empty(database.engine).await;
    if database.engine == Engine::Sqlite {
        // opened already, so that it has a file; one that nobody opened does not
        empty.store.close().await;
    }
    empty
}

fn no_file(database: &Database) {
    if let Some(path) = database.url.strip_prefix("sqlite://") {
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{path}{end}"));
        }
    }
}

on_both! {
    async fn a_backup_holds_every_row_and_comes_back(database: Database) {
        let office = furnished(&database).await;
        let folder = tempfile::tempdir().expect("a folder");
        let made = back_up(&office, &database, folder.path()).await.expect("made");
        let mode = fs::metadata(&made.file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "for its owner's eyes only");
        let accounts = made.manifest.tables.iter().find(|table| table.name == "account");
        assert_eq!(accounts.expect("a table").rows, 20);
        assert!(made.manifest.head.starts_with("40:"), "{}", made.manifest.head);
        let left = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 2, "the backup and its manifest, nothing else");
        let again = back_up(&office, &database, folder.path()).await;
        assert!(matches!(again, Err(BackupError::Exists(_))), "never over a file");

        let empty = target(&database).await;
        let restored = bring_back(&made.file, &empty.url).await.expect("restored");
        assert!(!restored.is_outdated);
        let store = empty.again().await;
        let (one, other) = (
            holds(&database.store).await.expect("contents"),
            holds(&store).await.expect("contents"),
        );
        assert_eq!(one.head, other.head);
        for (one, other) in one.tables.iter().zip(&other.tables) {
            // the one tells that it was restored
            if !one.name.starts_with("audit") {
                assert_eq!(one, other);
            }
        }
        let told = trail::latest(&super_office(&store), &auditor(), None, None, 1).await;
        assert_eq!(told.expect("events")[0].what, "database.restored");
        let twice = bring_back(&made.file, &empty.url).await;
        assert!(matches!(twice, Err(BackupError::NotEmpty)), "{twice:?}");
        remove(database.engine, &store, &empty.url).await;
    }

    async fn a_backup_is_exact_while_others_write(database: Database) {
        let office = furnished(&database).await;
        let folder = tempfile::tempdir().expect("a folder");
        let stop = AtomicBool::new(false);
        let busy = async {
            let capacity = Capacity::Auditor { extent: Extent::Everywhere };
            let mut number = 0;
            while !stop.load(Ordering::SeqCst) {
                let name = format!("busy{number}");
                account_with(&office, &name, vec![capacity.clone()], after(number)).await;
                trail::seal(&office, "test", after(number)).await.expect("sealed");
                number += 1;
                tokio::task::yield_now().await;
            }
            number
        };
        let backups = async {
            let mut all = Vec::new();
            for number in 0..3 {
                let place = folder.path().join(format!("{number}"));
                all.push(back_up(&office, &database, &place).await.expect("made"));
            }
            stop.store(true, Ordering::SeqCst);
            all
        };
        let (written, made) = both(busy, backups).await;
        assert!(written > 3, "others wrote: {written}");
        let rows = |made: &Made| {
            let found = made.manifest.tables.iter().find(|table| table.name == "account");
            found.expect("a table").rows
        };
        assert!(rows(&made[0]) < rows(&made[2]), "between the backups too");
        for one in &made {
            let empty = target(&database).await;
            bring_back(&one.file, &empty.url).await.expect("restored");
            let store = empty.again().await;
            remove(database.engine, &store, &empty.url).await;
        }
    }

    async fn what_was_damaged_is_not_brought_back(database: Database) {
        let office = furnished(&database).await;
        let folder = tempfile::tempdir().expect("a folder");
        let made = back_up(&office, &database, folder.path()).await.expect("made");
        let empty = target(&database).await;
        no_file(&empty);
        let whole = fs::read(&made.file).expect("bytes");
        let manifest = fs::read_to_string(&made.manifest_file).expect("a text");
        let refused = async || bring_back(&made.file, &empty.url).await.expect_err("refused");

        let mut damaged = whole.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 1;
        for bytes in [&damaged[..], &whole[..whole.len() - 1], &[]] {
            fs::write(&made.file, bytes).expect("written");
            assert!(matches!(refused().await, BackupError::Damaged(_)));
        }
        fs::write(&made.file, &whole).expect("written");

        // a manifest that says something else than the file holds
        let mut lying: Manifest = serde_json::from_str(&manifest).expect("a manifest");
        let account = lying.tables.iter_mut().find(|table| table.name == "account");
        account.expect("a table").rows += 1;
        fs::write(&made.manifest_file, serde_json::to_string(&lying).expect("JSON")).expect("written");
        match refused().await {
            BackupError::Lost(table) => assert_eq!(table, "account"),
            other => panic!("{other:?}"),
        }
        let mut newer: Manifest = serde_json::from_str(&manifest).expect("a manifest");
        newer.migrations.push(9999);
        fs::write(&made.manifest_file, serde_json::to_string(&newer).expect("JSON")).expect("written");
        assert!(matches!(refused().await, BackupError::Newer(_)));
        fs::write(&made.manifest_file, "{").expect("written");
        assert!(matches!(refused().await, BackupError::BadManifest { .. }));
        fs::remove_file(&made.manifest_file).expect("removed");
        assert!(matches!(refused().await, BackupError::NoManifest(_)));
        let store = empty.again().await;
        remove(database.engine, &store, &empty.url).await;
    }

    async fn backups_are_for_administrators(database: Database) {
        let office = office(&database.store);
        let folder = tempfile::tempdir().expect("a folder");
        let backup = Backup {
            office: &office,
            actor: &auditor(),
            url: &database.url,
            place: Place::File(folder.path().join("all")),
            scratch: None,
            tools: &Tools::of_system(),
            now: NOW,
        };
        match backup.run().await {
            Err(BackupError::Service(ServiceError::Denied(_))) => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    async fn a_manifest_names_the_keys(database: Database) {
        let office = furnished(&database).await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("dinggang.key");
        let mut chance = Chance::new(random::system());
        let unlocked = keys::unlock(&database.store, &path, &mut chance, NOW).await;
        let ring = unlocked.expect("made").ring;
        database.sql(
            "update account set second_factor = '1.7.AAAA' where user_name = 'clerk3'",
        ).await.expect("altered");
        let made = back_up(&office, &database, &folder.path().join("b")).await.expect("made");
        assert_eq!(made.manifest.keys.fingerprint, Some(ring.fingerprint()));
        assert_eq!(made.manifest.keys.numbers, [7]);
        let text = fs::read_to_string(manifest_file(&made.file)).expect("a text");
        assert!(text.contains("kept apart"));
    }
}

fn super_office(store: &Store) -> Office {
    office(store)
}

/// Two pieces of work side by side.
async fn both<A, B>(one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    let (mut one, mut other) = (std::pin::pin!(one), std::pin::pin!(other));
    let (mut first, mut second) = (None, None);
    std::future::poll_fn(|context| {
        if first.is_none()
            && let std::task::Poll::Ready(done) = one.as_mut().poll(context)
        {
            first = Some(done);
        }
        if second.is_none()
            && let std::task::Poll::Ready(done) = other.as_mut().poll(context)
        {
            second = Some(done);
        }
        match (first.is_some(), second.is_some()) {
            (true, true) => std::task::Poll::Ready(()),
            _ => std::task::Poll::Pending,
        }
    })
    .await;
    (first.expect("done"), second.expect("done"))
}

#[test]
fn without_its_programs_postgres_is_not_copied_by_halves() {
    block_on(async {
        let database = Database::new(Engine::Postgres).await;
        let office = office(&database.store);
        let folder = tempfile::tempdir().expect("a folder");
        let backup = Backup {
            office: &office,
            actor: &administrator(),
            url: &database.url,
            place: Place::Folder(folder.path().to_owned()),
            scratch: None,
            tools: &Tools::in_folders(Vec::new()),
            now: NOW,
        };
        match backup.run().await {
            Err(BackupError::Tool(ToolError::Missing("pg_dump"))) => {}
            other => panic!("{other:?}"),
        }
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        remove(Engine::Postgres, &database.store, &database.url).await;
    });
}

#[test]
fn one_kind_does_not_go_into_the_other() {
    block_on(async {
        let database = Database::new(Engine::Sqlite).await;
        let office = furnished(&database).await;
        let folder = tempfile::tempdir().expect("a folder");
        let made = back_up(&office, &database, folder.path())
            .await
            .expect("made");
        let other = Database::empty(Engine::Postgres).await;
        match bring_back(&made.file, &other.url).await {
            Err(BackupError::OtherKind { backup, target }) => {
                assert_eq!((backup, target), ("sqlite", "postgres"));
            }
            other => panic!("{other:?}"),
        }
        let store = Store::connect(&other.url, Options::default())
            .await
            .expect("connected");
        other.store.close().await;
        assert!(store.is_empty().await.expect("an answer"));
        remove(Engine::Postgres, &store, &other.url).await;
    });
}
