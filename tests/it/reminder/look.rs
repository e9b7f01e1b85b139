//! What is looked for is told once, whoever looks and however often.

use super::world::{World, day, morning};
use crate::support::database::on_both;
use crate::support::office::{actor, reviewer};
use crate::support::records::{author, work};
use dinggang::domain::institution::ApprovedPosts;
use dinggang::domain::record_id::AccountId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::reminder::{Bundle, Kind};
use dinggang::domain::rights::{Authority, Capacity};
use dinggang::i18n::Lang;
use dinggang::service::Office;
use dinggang::service::{ServiceError, Shelf, delivery, preference, reminder};
use dinggang::store::change;
use dinggang::store::dated::{self, Statement};
use std::sync::Arc;

async fn count(database: &crate::support::database::Database, text: &str) -> u64 {
    let lines = database.lines(text).await;
    lines[0].parse().expect("a number")
}

const ALL: &str = "select cast(count(*) as text) from reminder";

on_both! {
    async fn the_same_is_told_once(database: Database) {
        let world = World::new(&database.store, 3).await;
        let now = morning(day("2026-11-23"));
        let made = reminder::look(&world.office, now).await.expect("looked");
        assert!(made > 0);
        assert_eq!(count(&database, ALL).await, made);
        assert_eq!(reminder::look(&world.office, now).await.expect("looked"), 0);
        // two instances on the next days, at the same time
        let other = Office {
            store: database.again().await,
            shelf: Arc::new(Shelf::new(Shelf::USUAL)),
            ..world.office.clone()
        };
        for on in ["2026-11-24", "2026-12-01", "2026-12-31"] {
            let now = morning(day(on));
            let before = count(&database, ALL).await;
            let (one, two) = tokio::join!(
                reminder::look(&world.office, now),
                reminder::look(&other, now)
            );
            let made = one.expect("looked") + two.expect("looked");
            assert_eq!(count(&database, ALL).await, before + made, "{on}");
        }
        // the clock goes back a day: nothing is told again
        let back = morning(day("2026-12-30"));
        assert_eq!(reminder::look(&world.office, back).await.expect("looked"), 0);
        other.store.close().await;
    }

    async fn a_change_is_told_the_day_after(database: Database) {
        let world = World::new(&database.store, 0).await;
        let office = &world.office;
        reminder::look(office, morning(day("2026-11-23"))).await.expect("looked");
        let told = |kind: Kind| format!(
            "select cast(count(*) as text) from reminder where kind = '{}'",
            kind.key()
        );
        assert_eq!(count(&database, &told(Kind::VacancyOpened)).await, 0);
        // more posts are approved
        let (at, _) = world.county.two();
        let institution = world.county.institution(at);
        let approve = |second: i64, senior: u32| {
            let now = morning(day("2026-11-23")).plus_seconds(second);
            let posts = ApprovedPosts {
                professional: Some(300),
                health: None,
                senior: Some(senior),
                intermediate: Some(senior),
                junior: Some(senior),
                directed: Some(0),
            };
            (now, posts)
        };
        for (second, senior, opened) in [(60, 0, 0), (120, 200, 1), (180, 200, 1)] {
            let (now, posts) = approve(second, senior);
            work!(office.store, |tx, now: dinggang::domain::time::Timestamp,
                posts: ApprovedPosts,
                institution: dinggang::domain::record_id::InstitutionId| -> () {
                let seed = now.micros().unsigned_abs();
                let mut begun = change::begin(tx, &author(), Some("test"), *now, seed).await?;
                let statement = Statement {
                    subject: *institution,
                    slot: String::new(),
                    fact: Some(*posts),
                    on: "2026-01-01".parse().expect("a day"),
                    until: None,
                };
                dated::state(tx, &mut begun, statement).await?;
                dinggang::store::subject::touch_all(tx, &[*institution]).await
            })
            .expect("recorded");
            // half a day after each
            let later = morning(day("2026-11-23")).plus_seconds(second * 600);
            reminder::look(office, later).await.expect("looked");
            let rows = count(&database, &told(Kind::VacancyOpened)).await;
            assert_eq!(rows > 0, opened == 1, "after {senior} posts: {rows}");
        }
    }

    async fn digests_wait_for_working_days(database: Database) {
        let world = World::new(&database.store, 0).await;
        let office = &world.office;
        // Saturday
        let saturday = morning(day("2026-11-21"));
        reminder::look(office, saturday).await.expect("looked");
        let waiting = "select cast(count(*) as text) from reminder where message is null";
        assert!(count(&database, waiting).await > 0);
        let made = delivery::digest(office, Bundle::Daily, saturday).await.expect("made");
        assert_eq!(made, 0, "everybody has a quiet day");
        world.prefer(world.posts, |wanted| wanted.quiet = false).await;
        let made = delivery::digest(office, Bundle::Daily, saturday).await.expect("made");
        assert_eq!(made, 1);
        let monday = morning(day("2026-11-23"));
        let made = delivery::digest(office, Bundle::Daily, monday).await.expect("made");
        assert_eq!(made, 1, "the clerk");
        assert_eq!(delivery::digest(office, Bundle::Daily, monday).await.expect("made"), 0);
    }

    async fn whoever_stands_in_is_told(database: Database) {
        let world = World::new(&database.store, 0).await;
        let office = &world.office;
        let (at, _) = world.county.two();
        let institution = world.county.institution(at);
        let now = morning(day("2026-11-20"));
        let same = vec![Capacity::InstitutionHr { institution }];
        let other = crate::support::office::account_with(office, "second", same, now).await;
        let absent = |delegate: AccountId| {
            move |wanted: &mut preference::Preference| {
                wanted.delegate = Some(delegate);
                wanted.away = Some((day("2026-11-22"), day("2026-11-24")));
            }
        };
        // whoever reviews for the county does not stand in for a clerk
        let owner = world.owner(world.clerk);
        let mut wanted = preference::find(office, &owner).await.expect("found");
        absent(world.posts)(&mut wanted);
        let refused = preference::set(office, &owner, &wanted, now).await;
        assert!(matches!(refused, Err(ServiceError::Refused(reasons))
            if reasons == [Refusal::NoSuchDelegate]));
        world.prefer(world.clerk, absent(other)).await;
        reminder::look(office, morning(day("2026-11-23"))).await.expect("looked");
        let of = |account: AccountId, instead: &str| format!(
            "select cast(count(*) as text) from reminder where account = '{account}' and \
             instead_of {instead}"
        );
        let own = count(&database, &of(other, "is null")).await;
        assert!(own > 0);
        assert_eq!(count(&database, &of(other, "is not null")).await, own);
        assert_eq!(count(&database, &of(world.clerk, "is null")).await, 0);
    }

    async fn what_is_required_stays_on(database: Database) {
        let world = World::new(&database.store, 0).await;
        let owner = world.owner(world.clerk);
        let mut wanted = preference::find(&world.office, &owner).await.expect("found");
        wanted.wishes.kinds.insert(Kind::Retirement, Bundle::Off);
        wanted.mail = Some("nobody".to_owned());
        wanted.away = Some((day("2026-12-02"), day("2026-12-01")));
        let now = morning(day("2026-11-20"));
        let refused = preference::set(&world.office, &owner, &wanted, now).await;
        let Err(ServiceError::Refused(reasons)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(reasons, [
            Refusal::BadMail,
            Refusal::KindRequired { kind: Kind::Retirement },
            Refusal::AbsenceUnfit,
        ]);
    }

    async fn what_comes_is_shown_by_scope(database: Database) {
        let world = World::new(&database.store, 0).await;
        let (office, now) = (&world.office, morning(day("2026-11-23")));
        let (at, _) = world.county.two();
        let clerk = world.county.clerk(at);
        let of = async |actor: &dinggang::domain::rights::Actor| {
            reminder::coming(office, actor, 90, 5000, Lang::ZhCn, now).await
        };
        let (own, more) = of(&clerk).await.expect("shown");
        assert!(!more && !own.is_empty());
        assert!(own.iter().all(|one| one.event.institution == clerk_house(&clerk)));
        assert!(own.iter().all(|one| now.shanghai_day() < one.on));
        assert!(own.is_sorted_by_key(|one| one.on));
        let county = reviewer(Authority::HumanResources, "150199");
        let (all, _) = of(&county).await.expect("shown");
        assert!(all.len() > own.len());
        // what comes is what is told on that day
        let first = &own[0];
        reminder::look(office, morning(first.on)).await.expect("looked");
        let key = format!("{}:{}:", first.event.kind.key(), first.event.subject);
        let rows = database.lines("select key from reminder").await;
        assert!(rows.iter().any(|row| row.starts_with(&key)), "{key}");
        // a citizen's own file is no scope
        let nobody = actor(9, Capacity::Staff {
            person: world.county.staff(at)[0],
            home: None,
        });
        assert!(of(&nobody).await.is_err());
    }
}

fn clerk_house(
    clerk: &dinggang::domain::rights::Actor,
) -> Option<dinggang::domain::record_id::InstitutionId> {
    match clerk.capacity {
        Capacity::InstitutionHr { institution } => Some(institution),
        _ => None,
    }
}
