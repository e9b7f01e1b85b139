//! Reminders: what a day of a million people costs beside the engine alone, and how fast
//! messages leave beside a bare loop over the same pool of connections. Prints ratios.
//!
//! `cargo bench --bench reminders`

#[path = "support/office.rs"]
mod office;
#[path = "support/timing.rs"]
mod timing;

use dinggang::domain::ids::AreaCode;
use dinggang::domain::month::Month;
use dinggang::domain::record::{Id, When};
use dinggang::domain::record_id::AccountId;
use dinggang::domain::rights::{Actor, Capacity, Extent};
use dinggang::domain::time::{Date, Timestamp};
use dinggang::mail::{Carrier, Letter, Server};
use dinggang::rules::assessment::assess_institutions;
use dinggang::rules::data::Data;
use dinggang::rules::reminder::{House, Months};
use dinggang::sample::{self, Size};
use dinggang::service::account::{Invitation, invite, set_up};
use dinggang::service::preference::{self, Preference};
use dinggang::service::{Office, delivery, ledger};
use dinggang::store::outbox::{self, Message};
use dinggang::store::register::Part;
use dinggang::store::reminder as kept;
use dinggang::store::{Options, Store, StoreError, Tx, Write};
use futures_util::StreamExt;
use futures_util::stream;
use office::{Taking, auditor, office, post};
use std::sync::Arc;
use std::time::Duration;
use timing::{median, time};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

/// Sunday 2026-11-22, 09:00 in Shanghai.
const NOW: Timestamp = Timestamp::from_micros(1_795_309_200_000_000);
const PEOPLE: usize = 1_000_000;
const MAILS: usize = 2_000;
/// Messages to one of them go one after the other.
const RECIPIENTS: usize = 64;
/// As many as the dispatcher has under way.
const AT_ONCE: usize = 4;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("records.db").display());
    let store = runtime.block_on(Store::connect(&url, Options::default()));
    let store = store.expect("connected");
    runtime.block_on(store.migrate()).expect("migrated");
    let office = office(&store);
    planning(&runtime, &office);
    runtime.block_on(sending(&office));
    runtime.block_on(store.close());
}

/// A county again and again, institution by institution, until a million people were seen.
fn planning(runtime: &Runtime, office: &Office) {
    let size = Size {
        townships: 20,
        staff: 1_000,
    };
    let month = Month::new(2026, 11).expect("a month");
    let county = sample::county(size, month, 7);
    let on: Date = "2026-11-22".parse().expect("a day");
    let taking = Taking {
        office,
        county: &county,
        on: "2026-01-01".parse().expect("a day"),
    };
    runtime.block_on(office.store.write(taking)).expect("taken");
    let area = AreaCode::read("150199", &[6]).expect("a county");
    let evaluated = runtime.block_on(ledger::evaluate(
        office,
        &auditor(),
        &Part::Area(area),
        When::on(on),
        NOW,
    ));
    let evaluated = evaluated.expect("evaluated");
    let houses: Vec<_> = evaluated
        .institutions
        .iter()
        .filter_map(|one| one.figures.as_ref())
        .collect();
    let people: usize = houses
        .iter()
        .map(|one| one.house().loaded.people.len())
        .sum();
    let turns = PEOPLE.div_ceil(people);
    let months = Months {
        from: on.month().plus(-3),
        to: on.month().plus(16),
    };
    let run = |plan_too: bool| {
        let mut events = 0;
        for _ in 0..turns {
            for figures in &houses {
                let loaded = &figures.house().loaded;
                let plan = &figures.judged().ruled.plan;
                let data = Data::of_register(&loaded.register, &plan.facts, plan.as_of);
                let (judged, results) = assess_institutions(plan, &data);
                events += results.len();
                if plan_too {
                    let house = House {
                        institution: figures.house().id,
                        area: Some(area),
                        plan,
                        data: &data,
                        people: &judged,
                        ids: &loaded.people,
                    };
                    events += house.dates(months).len();
                }
            }
        }
        events
    };
    let three = |plan_too: bool| {
        let runs: Vec<_> = (0..3).map(|_| time(|| run(plan_too))).collect();
        let times: Vec<Duration> = runs.iter().map(|(_, took)| *took).collect();
        (runs[0].0, median(&times))
    };
    let (_, alone) = three(false);
    let (events, both) = three(true);
    println!(
        "{} people\n  engine alone  {alone:>9.1?}\n  with planning {both:>9.1?}  {:.2} of it ({events} results)",
        turns * people,
        both.as_secs_f64() / alone.as_secs_f64()
    );
}

async fn sending(office: &Office) {
    let port = sink().await;
    let address = format!("smtp://127.0.0.1:{port}?tls=none");
    let server = Server::new(&address, None, Duration::from_secs(30)).expect("a server");
    let post = post(Carrier::Smtp(server));
    let office = &Office {
        post: Arc::new(post.clone()),
        ..office.clone()
    };
    let mut owners = Vec::new();
    for number in 0..RECIPIENTS {
        owners.push(somebody(office, number).await);
    }
    let owners = owners.as_slice();
    office
        .store
        .write(Filling { office, owners })
        .await
        .expect("written");
    let letter = |number: usize| Letter {
        message_id: format!("{number}@example.cn"),
        to: "somebody@example.cn".to_owned(),
        lang: dinggang::i18n::Lang::ZhCn,
        subject: "定岗提醒".to_owned(),
        opening: "您好：".to_owned(),
        items: Vec::new(),
        closing: Vec::new(),
        unsubscribe: None,
    };
    let bare = async {
        stream::iter(0..MAILS)
            .map(|number| {
                let post = post.clone();
                async move { post.send(&letter(number)).await }
            })
            .buffer_unordered(AT_ONCE)
            .for_each(|sent| async move { sent.expect("sent") })
            .await;
    };
    let start = std::time::Instant::now();
    bare.await;
    let bare = start.elapsed();
    let start = std::time::Instant::now();
    let mut sent = 0;
    while sent < MAILS as u64 {
        let now = delivery::dispatch(office, "bench", NOW)
            .await
            .expect("sent");
        assert!(now > 0, "nothing is left");
        sent += now;
    }
    let dispatched = start.elapsed();
    println!(
        "{MAILS} messages\n  a bare loop    {bare:>9.1?}\n  the dispatcher {dispatched:>9.1?}  {:.2} of its speed",
        bare.as_secs_f64() / dispatched.as_secs_f64()
    );
}

/// An account with an address.
async fn somebody(office: &Office, number: usize) -> AccountId {
    let administrator = Actor {
        capacity: Capacity::Administrator {
            extent: Extent::Everywhere,
        },
        ..auditor()
    };
    let invitation = Invitation {
        user_name: &format!("bench{number}"),
        name: "王丽",
        person: None,
        capacities: vec![Capacity::Auditor {
            extent: Extent::Everywhere,
        }],
    };
    let invited = invite(office, &administrator, &invitation, NOW).await;
    let (id, link) = invited.expect("invited");
    let password = "Four-horses-and-7-carts";
    set_up(office, &link.reveal(), password, NOW)
        .await
        .expect("set up");
    let wanted = Preference {
        mail: Some("somebody@example.cn".to_owned()),
        ..Preference::default()
    };
    let owner = Actor {
        account: id,
        ..auditor()
    };
    preference::set(office, &owner, &wanted, NOW)
        .await
        .expect("kept");
    id
}

/// Messages with one reminder each.
struct Filling<'a> {
    office: &'a Office,
    owners: &'a [AccountId],
}

impl Write for Filling<'_> {
    type Out = ();
    type Error = StoreError;

    async fn run(&self, tx: &mut Tx) -> Result<(), StoreError> {
        for number in 0..MAILS {
            let id: Id<Message> = self.office.chance.id(NOW);
            let owner = self.owners[number % self.owners.len()];
            let reminder = kept::Reminder {
                id: self.office.chance.id(NOW),
                key: format!("bench:{number}"),
                kind: dinggang::domain::reminder::Kind::EstablishmentReview,
                account: owner,
                person: None,
                institution: None,
                area: None,
                about: NOW.shanghai_day(),
                body: "{\"facts\":{\"month\":\"2027-05\"},\"because\":[],\"page\":\"/\"}"
                    .to_owned(),
                raised_at: NOW,
                bundle: dinggang::domain::reminder::Bundle::AtOnce,
                message: Some(id),
                instead_of: None,
            };
            kept::add(tx, &reminder).await?;
            let message = Message {
                id,
                key: format!("bench:{number}"),
                kind: "reminder".to_owned(),
                recipient: format!("account:{owner}"),
                body: "{}".to_owned(),
                created_at: NOW,
                attempts: 0,
                fault: None,
            };
            outbox::append(tx, &message, NOW).await?;
        }
        Ok(())
    }
}

/// Takes every mail and forgets it.
async fn sink() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = take(stream).await;
            });
        }
    });
    port
}

async fn take(stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 localhost\r\n").await?;
    let mut inside = false;
    while let Some(line) = lines.next_line().await? {
        let answer: &[u8] = match (inside, line.as_str()) {
            (true, ".") => {
                inside = false;
                b"250 taken\r\n"
            }
            (true, _) => continue,
            (false, "DATA") => {
                inside = true;
                b"354 go on\r\n"
            }
            (false, "QUIT") => b"221 bye\r\n",
            (false, line) if line.starts_with("EHLO") => b"250-localhost\r\n250 8BITMIME\r\n",
            (false, _) => b"250 ok\r\n",
        };
        write.write_all(answer).await?;
    }
    Ok(())
}
