//! Random commands against a plain model: whatever people try, in whatever order, places
//! and decisions stay right.
//!
//! `SEQUENCE_RUNS` says how many sequences; a few by default.

use crate::support::database::{Database, on_both};
use crate::support::office::{NOW, office, reviewer};
use crate::support::road::{COUNTY, County, centre, city, since};
use dinggang::domain::post::Level;
use dinggang::domain::promotion::{Application, Command, Kind, Outcome, ReturnTo, State, next};
use dinggang::domain::record_id::ApplicationId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::rights::{Actor, Authority};
use dinggang::domain::time::{Date, Timestamp};
use dinggang::domain::title::Rank;
use dinggang::service::ServiceError;
use dinggang::service::promotion::{Act, take_effect};
use std::collections::BTreeMap;

const HIGH: Rank = Rank::AssociateSenior;
const STEPS: usize = 70;

fn runs() -> u64 {
    let said = std::env::var("SEQUENCE_RUNS").ok();
    said.and_then(|said| said.parse().ok()).unwrap_or(6)
}

/// What the model remembers of an application.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Remembered {
    state: State,
    kind: Kind,
    /// From which day on the decision holds.
    effective: Option<Date>,
}

impl Remembered {
    /// Whether a place is kept for it on a day.
    fn keeps(&self, today: Date) -> bool {
        let takes = matches!(self.kind, Kind::Appointment | Kind::AboveRatio);
        takes
            && match self.state {
                State::Recommended | State::Notice | State::Review => true,
                State::Approved => self.effective.is_some_and(|on| today < on),
                _ => false,
            }
    }
}

struct Walk<'a> {
    database: &'a Database,
    county: County,
    rng: fastrand::Rng,
    now: Timestamp,
    model: BTreeMap<ApplicationId, Remembered>,
    /// Senior posts held before the first command.
    held: i64,
    decisions: usize,
}

impl<'a> Walk<'a> {
    async fn new(database: &'a Database, seed: u64) -> Self {
        // one place is free, or the centre is over its number from the start
        let mut rng = fastrand::Rng::with_seed(seed);
        let held = rng.usize(2..6);
        let mut register = centre(held, 6);
        for person in &mut register.people {
            since(person, "2001-01");
        }
        let county = County::new(office(&database.store), &register).await;
        Self {
            database,
            county,
            rng,
            now: NOW,
            model: BTreeMap::new(),
            held: i64::try_from(held).expect("few"),
            decisions: 0,
        }
    }

    async fn walk(&mut self) {
        for _ in 0..STEPS {
            let before = self.senior().await;
            if self.rng.u8(0..4) == 0 {
                self.begin().await;
            } else {
                self.command().await;
            }
            self.holds(before).await;
            if self.rng.u8(0..5) == 0 {
                let days = self.rng.i64(1..5);
                self.now = self.now.plus_seconds(days * 24 * 3600);
                take_effect(&self.county.office, self.now)
                    .await
                    .expect("asked");
                let today = self.today();
                for one in self.model.values_mut() {
                    let due = one.effective.is_some_and(|on| on <= today);
                    if one.state == State::Approved && due {
                        one.state = State::Effective;
                    }
                }
            }
        }
    }

    fn today(&self) -> Date {
        self.now.shanghai_day()
    }

    /// Counted and reserved senior places, and the limit.
    async fn senior(&self) -> (i64, i64, i64) {
        let posts = self
            .county
            .posts(Level::Senior, &self.today().to_string())
            .await;
        (
            posts.counted(),
            posts.reserved,
            posts.limit.expect("a limit"),
        )
    }

    async fn begin(&mut self) {
        let held = usize::try_from(self.held).expect("few");
        let number = held + self.rng.usize(0..6);
        let kind = if self.rng.u8(0..4) == 0 {
            Kind::AboveRatio
        } else {
            Kind::Appointment
        };
        if let Ok(id) = self.county.try_begin(number, kind, HIGH, None).await {
            let remembered = Remembered {
                state: State::Draft,
                kind,
                effective: None,
            };
            self.model.insert(id, remembered);
        }
    }

    async fn command(&mut self) {
        let ids: Vec<ApplicationId> = self.model.keys().copied().collect();
        if ids.is_empty() {
            return;
        }
        let id = ids[self.rng.usize(0..ids.len())];
        let application = self.county.look(id).await;
        let (actor, command) = self.choose(&application);
        let act = Act {
            office: &self.county.office,
            actor: &actor,
            id,
            seen: application.version,
            command: &command,
            override_reason: None,
            now: self.now,
        };
        let turn = !next(application.state, command.made()).is_empty();
        match act.run().await {
            Ok(done) => {
                assert!(turn, "{command:?} in {:?}", application.state);
                let after = done.application;
                assert!(next(application.state, command.made()).contains(&after.state));
                let decided = after.state.is_decided() && !application.state.is_decided();
                self.decisions += usize::from(decided);
                let remembered = Remembered {
                    state: after.state,
                    kind: after.kind,
                    effective: after.effective,
                };
                self.model.insert(id, remembered);
            }
            Err(ServiceError::Refused(why)) => {
                let out = matches!(why[..], [Refusal::OutOfTurn { .. }]);
                assert_eq!(
                    out, !turn,
                    "{command:?} in {:?}: {why:?}",
                    application.state
                );
            }
            Err(ServiceError::Denied(_)) => {}
            Err(other) => panic!("{command:?}: {other:?}"),
        }
    }

    /// Somebody does something: mostly what would go on, sometimes anything.
    fn choose(&mut self, application: &Application) -> (Actor, Command) {
        let clerk = self.county.clerk();
        let (health, posts) = (city(Authority::Health), city(Authority::HumanResources));
        let words = || "如下".to_owned();
        let later = self.today().plus(self.rng.i32(0..9));
        let holder = if application.step == 0 {
            &health
        } else {
            &posts
        };
        if self.rng.u8(0..3) > 0 {
            let on = match application.state {
                State::Draft => (clerk, Command::Submit),
                State::Submitted => (clerk, Command::take()),
                State::InstitutionReview => (clerk, Command::recommend()),
                State::Recommended => (clerk, Command::Publish { working_days: 5 }),
                State::Notice => (clerk, Command::Close),
                State::Review => (holder.clone(), Command::Approve { effective: later }),
                _ => (posts, Command::Revoke { reason: words() }),
            };
            return on;
        }
        let actors = [clerk, health, posts, reviewer(Authority::Health, COUNTY)];
        let actor = actors[self.rng.usize(0..actors.len())].clone();
        let list = || vec![words()];
        let commands = [
            Command::Comment { text: words() },
            Command::Submit,
            Command::take(),
            Command::Decline { defects: list() },
            Command::recommend(),
            Command::Publish { working_days: 6 },
            Command::Resolve {
                objection: 0,
                outcome: Outcome::Upheld,
                answer: words(),
            },
            Command::Close,
            Command::Approve { effective: later },
            Command::Return {
                to: ReturnTo::Institution,
                defects: list(),
            },
            Command::Return {
                to: ReturnTo::Step(0),
                defects: list(),
            },
            Command::Reject { reason: words() },
            Command::Withdraw { reason: words() },
            Command::Revoke { reason: words() },
        ];
        (actor, commands[self.rng.usize(0..commands.len())].clone())
    }

    /// What has to hold after every step.
    async fn holds(&self, before: (i64, i64, i64)) {
        let today = self.today();
        let (counted, reserved, limit) = self.senior().await;
        let remembered = self.model.values();
        let keeps = remembered.clone().filter(|one| one.keeps(today)).count();
        assert_eq!(reserved, keeps as i64, "{:?}", self.model);
        let holds = |one: &&Remembered| {
            one.state.is_decided() && one.effective.is_some_and(|on| on <= today)
        };
        let taken = remembered.clone().filter(holds).count();
        assert_eq!(counted, self.held + taken as i64, "freed places come back");
        // nothing raises the level above its number, but for what a clause lifts
        let above: i64 = remembered
            .filter(|one| one.kind == Kind::AboveRatio)
            .filter(|one| one.keeps(today) || holds(one))
            .count() as i64;
        let was = before.0 + before.1;
        let is = counted + reserved;
        assert!(
            is - above <= limit.max(was),
            "{is} of {limit}, {was} before"
        );
        self.is_told().await;
    }

    /// Each decision has its event in the trail and its mail.
    async fn is_told(&self) {
        let trail = "select id from audit_event where action = 'application.approve' \
            and change is not null";
        assert_eq!(self.database.lines(trail).await.len(), self.decisions);
        let mail = "select key from outbox where kind in \
            ('application.approved', 'application.effective') and key like '%:person'";
        assert!(self.database.lines(mail).await.len() >= self.decisions);
        let twice = "select application from reservation where kept_until is null \
            group by application having count(*) > 1";
        assert_eq!(self.database.lines(twice).await, Vec::<String>::new());
        let of_none = "select reservation.id from reservation join application \
            on application.id = reservation.application where kept_until is null \
            and state not in ('recommended', 'notice', 'review')";
        assert_eq!(self.database.lines(of_none).await, Vec::<String>::new());
    }
}

on_both! {
    async fn random_commands_keep_the_places_right(database: Database) {
        let mut walk = Walk::new(&database, 7).await;
        walk.walk().await;
        assert!(!walk.model.is_empty());
    }
}

#[test]
fn many_sequences() {
    use crate::support::database::{Engine, run};
    let decided = std::sync::atomic::AtomicUsize::new(0);
    for seed in 0..runs() {
        let decided = &decided;
        run(Engine::Sqlite, |database| async move {
            let mut walk = Walk::new(&database, 100 + seed).await;
            walk.walk().await;
            decided.fetch_add(walk.decisions, std::sync::atomic::Ordering::Relaxed);
        });
    }
    assert!(decided.into_inner() > 0, "the walks get somewhere");
}
