//! What the server does by itself: one loop, in which each job has its turn when it is due.
//! A job calls one use case and nothing else; which of several instances acts is settled
//! there, by leases. What became of every job stands on the [`Board`].

pub mod alarm;
mod board;
mod clock;

pub use crate::domain::job::{LastError, LastRun, Status};
pub use board::Board;
pub use clock::{Clock, Reading};

use crate::domain::time::Timestamp;
use crate::service::{Office, ServiceError, delivery, promotion, trail, upkeep};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

/// A run: how many things it did.
type Run = Pin<Box<dyn Future<Output = Result<u64, ServiceError>> + Send>>;

/// One job.
#[derive(Clone, Copy)]
pub struct Job {
    /// A word for programs, such as `seal`.
    pub name: &'static str,
    pub every: Duration,
    /// Called with the office, the name of this instance and the instant.
    pub work: fn(Office, String, Timestamp) -> Run,
}

/// Every job of the server.
pub const JOBS: &[Job] = &[
    Job {
        name: "seal",
        every: Duration::from_secs(1),
        work: |office, holder, now| {
            Box::pin(async move { trail::seal(&office, &holder, now).await })
        },
    },
    Job {
        name: "sweep",
        every: Duration::from_secs(3600),
        work: |office, holder, now| {
            Box::pin(async move { trail::sweep(&office, &holder, now).await })
        },
    },
    Job {
        name: "forget",
        every: Duration::from_secs(3600),
        work: |office, holder, now| {
            Box::pin(async move { Ok(upkeep::forget(&office, &holder, now).await?.total()) })
        },
    },
    // these two leave alone what another instance did already
    Job {
        name: "take_effect",
        every: Duration::from_secs(60),
        work: |office, _, now| {
            Box::pin(async move { Ok(promotion::take_effect(&office, now).await?.into()) })
        },
    },
    Job {
        name: "lapse",
        every: Duration::from_secs(3600),
        work: |office, _, now| {
            Box::pin(async move { Ok(promotion::lapse(&office, now).await?.into()) })
        },
    },
    Job {
        name: "sweep_files",
        every: Duration::from_secs(3600),
        work: |office, _, now| Box::pin(async move { promotion::sweep_files(&office, now).await }),
    },
];

/// What waits for others, so that it has a loop of its own: messages leave.
pub const POST: &[Job] = &[Job {
    name: "mail",
    every: Duration::from_secs(2),
    work: |office, holder, now| {
        Box::pin(async move { delivery::dispatch(&office, &holder, now).await })
    },
}];

/// Runs the jobs on a board until `shutdown` is done. A job that runs then is waited for,
/// what is still unsealed is sealed, and the leases are given back.
///
/// A job that fails, or panics, is told on the board and comes again when it is due; runs
/// that were missed are made up for by one.
pub async fn run(office: &Office, board: &Board, clock: &impl Clock, shutdown: impl Future) {
    let mut shutdown = pin!(shutdown);
    let holder = format!("{:016x}", office.chance.seed());
    board.begin(clock.now());
    loop {
        let due = board.next_run();
        if first(clock.until(due), shutdown.as_mut()).await == First::Other {
            break;
        }
        for job in board.due(clock.now()) {
            do_one(office, board, clock, &holder, job).await;
        }
    }
    for job in board.jobs().iter().filter(|job| job.name == "seal") {
        do_one(office, board, clock, &holder, *job).await;
    }
    if let Err(error) = upkeep::leave(office, &holder, clock.now()).await {
        tracing::warn!(%error, "leases could not be given back; they run out by themselves");
    }
}

/// Runs a job once. It runs as a task of its own, so that a panic ends the run and not the
/// loop.
async fn do_one(office: &Office, board: &Board, clock: &impl Clock, holder: &str, job: Job) {
    let began = clock.now();
    board.started(job.name, began);
    let run = (job.work)(office.clone(), holder.to_owned(), began);
    let result = match tokio::spawn(run).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panicked) => Err(panicked.to_string()),
    };
    match &result {
        Ok(0) => {}
        Ok(done) => tracing::debug!(job = job.name, done, "job"),
        Err(error) => tracing::error!(job = job.name, %error, "a job failed"),
    }
    board.ended(job.name, result, clock.now());
}

/// Which of two was done first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum First {
    One,
    Other,
}

/// Waits for one of two, the other first if both are done: whoever is told to stop does not
/// begin anything more.
async fn first(one: impl Future, mut other: Pin<&mut impl Future>) -> First {
    let mut one = pin!(one);
    poll_fn(|context| {
        if other.as_mut().poll(context).is_ready() {
            Poll::Ready(First::Other)
        } else {
            one.as_mut().poll(context).map(|_| First::One)
        }
    })
    .await
}
