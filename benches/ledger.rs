//! The ledger of a county from the records: the whole of it from nothing against the next
//! one after one change; and one institution in a small county against the same in a large
//! one. Prints ratios; what is done is the same work on the same database in the same run.
//!
//! `cargo bench --bench ledger`

#[path = "support/office.rs"]
mod office;
#[path = "support/timing.rs"]
mod timing;

use dinggang::domain::appointment::Appointment;
use dinggang::domain::ids::AreaCode;
use dinggang::domain::month::Month;
use dinggang::domain::post::Manner;
use dinggang::domain::record::{Id, When};
use dinggang::domain::staff::Person;
use dinggang::domain::time::{Date, Timestamp};
use dinggang::domain::title::Rank;
use dinggang::sample::{self, Size};
use dinggang::service::ledger::Evaluated;
use dinggang::service::{Office, Shelf, ledger};
use dinggang::store::dated::{self, Statement};
use dinggang::store::register::Part;
use dinggang::store::{Options, Store, StoreError, Tx, Write, change};
use office::{Taking, auditor, author, office};
use std::sync::Arc;
use std::time::Duration;
use timing::{median, time};
use tokio::runtime::Runtime;

/// Sunday 2026-11-22, 09:00 in Shanghai.
const NOW: Timestamp = Timestamp::from_micros(1_795_309_200_000_000);
const RUNS: usize = 9;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    for staff in [1_000, 10_000] {
        measure(&runtime, staff);
    }
}

fn measure(runtime: &Runtime, staff: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("records.db").display());
    let store = runtime.block_on(Store::connect(&url, Options::default()));
    let store = store.expect("connected");
    runtime.block_on(store.migrate()).expect("migrated");
    let office = office(&store);
    let as_of: Month = "2026-11".parse().expect("a month");
    let townships = staff / 250;
    let county = sample::county(Size { townships, staff }, as_of, 1);
    let on: Date = "2026-11-22".parse().expect("a day");
    let taking = Taking {
        office: &office,
        county: &county,
        on,
    };
    runtime.block_on(store.write(taking)).expect("recorded");

    let whole = Part::Area(AreaCode::read("150199", &[6]).expect("a code"));
    let evaluate = |office: &Office, part: &Part| {
        let (actor, when) = (auditor(), When::on(on));
        let evaluated = ledger::evaluate(office, &actor, part, when, NOW);
        let (found, took) = time(|| runtime.block_on(evaluated));
        (found.expect("evaluated"), took)
    };
    let anew = || forgetful(&office);
    let times = |work: &dyn Fn(usize) -> Duration| {
        let times: Vec<Duration> = (0..RUNS).map(work).collect();
        median(&times)
    };
    let full = times(&|_| evaluate(&anew(), &whole).1);
    evaluate(&office, &whole);
    let unchanged = times(&|_| evaluate(&office, &whole).1);
    let changed = times(&|run| {
        let (found, _) = evaluate(&office, &whole);
        let person = somebody(&found, run);
        let appointing = Appointing { person, on, run };
        runtime.block_on(store.write(appointing)).expect("stated");
        evaluate(&office, &whole).1
    });
    // a health centre with about as many people in a county of any size
    let (found, _) = evaluate(&office, &whole);
    let figures = found
        .institutions
        .iter()
        .filter_map(|one| one.figures.as_ref());
    let size = |one: &&ledger::Figures| one.house().loaded.people.len().abs_diff(40);
    let centre = figures.min_by_key(size).expect("a health centre");
    let people = centre.house().loaded.people.len();
    let one = Part::Below(centre.institution().expect("it is there").code.clone());
    let single = times(&|_| evaluate(&anew(), &one).1);
    println!(
        "{} staff, {} institutions\n  all from nothing        {full:>9.1?}\n  \
         after one change        {changed:>9.1?}  {:.3} of it\n  \
         nothing changed         {unchanged:>9.1?}  {:.3} of it\n  \
         one of {people} from nothing  {single:>9.1?}  {:.3} of it",
        county.people.len(),
        county.institutions.len(),
        ratio(changed, full),
        ratio(unchanged, full),
        ratio(single, full),
    );
    runtime.block_on(store.close());
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

/// Somebody of another institution each time.
fn somebody(found: &Evaluated, run: usize) -> Id<Person> {
    let figures = found
        .institutions
        .iter()
        .filter_map(|one| one.figures.as_ref());
    let houses: Vec<_> = figures
        .map(|figures| &figures.house().loaded.people)
        .filter(|people| !people.is_empty())
        .collect();
    let people = houses[run * 7 % houses.len()];
    people[run % people.len()]
}

/// The same office with a shelf that keeps nothing.
fn forgetful(office: &Office) -> Office {
    Office {
        shelf: Arc::new(Shelf::new(0)),
        ..office.clone()
    }
}

struct Appointing {
    person: Id<Person>,
    on: Date,
    run: usize,
}

impl Write for Appointing {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let at = NOW.plus_seconds(60 + self.run as i64);
        let mut recording = change::begin(tx, &author(), None, at, 2).await?;
        let appointed = Statement {
            subject: self.person,
            slot: String::new(),
            fact: Some(Appointment {
                rank: Rank::Intermediate,
                grade: None,
                since: None,
                manner: Manner::Special,
            }),
            on: self.on,
            until: None,
        };
        dated::state(tx, &mut recording, appointed).await?;
        Ok(())
    }
}
