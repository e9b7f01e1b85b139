//! The alarm clock of the schedules: rings each minute. What is due, and who does it, is
//! settled by rows; a ring that does not come is made up for, because no pause is longer
//! than a minute and a half.

use super::{Clock, First, first};
use crate::service::{Office, schedule};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job, JobScheduler};

/// After so long without a ring we look all the same.
const LONGEST: Duration = Duration::from_secs(90);

/// Does what is scheduled until `shutdown` is done. A run that is under way is waited for.
pub async fn run(office: &Office, clock: &impl Clock, shutdown: impl Future) {
    let mut shutdown = pin!(shutdown);
    let holder = format!("{:016x}", office.chance.seed());
    let (ring, mut rung) = mpsc::channel(1);
    let alarm = start(ring).await;
    if let Err(error) = &alarm {
        tracing::error!(%error, "the alarm clock does not run; schedules are looked at all the same");
    }
    loop {
        let wait = async {
            // a closed channel would ring without end
            if let Ok(None) = tokio::time::timeout(LONGEST, rung.recv()).await {
                tokio::time::sleep(LONGEST).await;
            }
        };
        if first(wait, shutdown.as_mut()).await == First::Other {
            break;
        }
        let task = {
            let (office, holder, now) = (office.clone(), holder.clone(), clock.now());
            tokio::spawn(async move { schedule::ring(&office, &holder, now).await })
        };
        match task.await {
            Ok(Ok(0)) => {}
            Ok(Ok(done)) => tracing::info!(done, "schedules"),
            Ok(Err(error)) => tracing::error!(%error, "a schedule failed"),
            Err(panicked) => tracing::error!(%panicked, "a schedule failed"),
        }
    }
    if let Ok(mut alarm) = alarm
        && let Err(error) = alarm.shutdown().await
    {
        tracing::warn!(%error, "the alarm clock could not be stopped");
    }
}

/// Rings at each full minute. A ring while the one before is still worked on is left out.
async fn start(
    ring: mpsc::Sender<()>,
) -> Result<JobScheduler, tokio_cron_scheduler::JobSchedulerError> {
    let alarm = JobScheduler::new().await?;
    let job = Job::new_async("0 * * * * *", move |_, _| {
        let ring = ring.clone();
        Box::pin(async move {
            let _ = ring.try_send(());
        })
    })?;
    alarm.add(job).await?;
    alarm.start().await?;
    Ok(alarm)
}
