//! `dinggang serve`

use super::arguments::ConfigArgs;
use super::{Environment, Exit, config, logging, office, records};
use crate::config::{Config, Value};
use crate::http::{self, Settings, Site};
use crate::i18n::{Arg, Lang, t};
use crate::jobs::{self, Board, JOBS, POST};
use crate::service::backup::Kept;
use crate::service::{Office, account};
use anyhow::bail;
use futures_util::FutureExt;
use poem::listener::TcpAcceptor;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Serves until it is told to stop.
pub fn run(args: &ConfigArgs, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    let Some(loaded) = config::load(args, lang)? else {
        return Ok(Exit::Usage);
    };
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(serve(loaded.config, lang, environment))
}

fn say(lang: Lang, key: &str, args: &[(&'static str, Arg)]) {
    eprintln!("{}", t(lang, key, args));
}

/// The port that is served.
pub async fn listen(config: &Config, lang: Lang) -> anyhow::Result<tokio::net::TcpListener> {
    match tokio::net::TcpListener::bind(config.listen).await {
        Ok(listener) => Ok(listener),
        Err(error) => {
            let detail = error.to_string();
            let args = [
                ("address", config.listen.to_string().into()),
                ("detail", detail.into()),
            ];
            bail!(t(lang, "serve-taken", &args));
        }
    }
}

async fn serve(config: Config, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    logging::start(&config);
    // first of all the port: whoever has it already would notice only after everything else
    let listener = listen(&config, lang).await?;
    let address = listener.local_addr()?;
    if records::make(&config, environment.now).await? {
        let database = [("database", config.database.show().into())];
        say(lang, "serve-new-tables", &database);
    }
    let office = office::open(&config, lang, environment.now).await?;
    let url = url(&config, address);
    say(lang, "serve-listening", &[("url", (&url).into())]);
    if let Some(link) = account::first_administrator(&office, environment.now).await? {
        let (secret, page) = (link.reveal(), account::link_address(&url, &link));
        let args = [
            ("url", Arg::from(&url)),
            ("page", page.as_str().into()),
            ("link", secret.as_str().into()),
        ];
        for key in ["serve-first", "serve-link", "serve-link-api"] {
            say(lang, key, &args);
        }
    }
    stay(config, office, listener, lang, environment).await
}

/// Answers until it is told to stop, with the jobs beside it.
pub async fn stay(
    config: Config,
    office: Office,
    listener: tokio::net::TcpListener,
    lang: Lang,
    environment: &Environment,
) -> anyhow::Result<Exit> {
    let settings = Settings {
        upload_limit: usize::try_from(config.upload_limit.0).unwrap_or(usize::MAX),
        trusted_proxies: config.trusted_proxies.list().to_vec(),
        secure: config.public_url.is_encrypted(),
        requests_per_minute: NonZeroU32::new(config.requests_per_minute),
        backups: Some(Kept::new(
            config.backup_dir.clone(),
            config.database.reveal(),
        )),
    };
    let acceptor = TcpAcceptor::from_tokio(listener)?;
    let store = office.store.clone();
    let (working, clock) = (office.clone(), jobs::Reading(environment.clock));
    let (board, post) = (Board::new(JOBS), Board::new(POST));
    let shown = [board.clone(), post.clone()];
    let statuses = Arc::new(move || shown.iter().flat_map(Board::statuses).collect());
    let (boards, reading) = ([board.clone(), post.clone()], environment.clock);
    let wake = Arc::new(move |job: &str| {
        let now = reading();
        boards.iter().any(|board| board.wake(job, now))
    });
    let read = Arc::new(environment.clock);
    let site = Site::new(office, read, statuses, wake, settings);
    let stop = async {
        stop_wanted().await;
        say(lang, "serve-stopping", &[]);
    };
    let served = http::serve(&site, acceptor, stop, config.shutdown_grace.0);
    let jobs = async |stopped: oneshot::Receiver<()>| {
        let stopped = stopped.shared();
        tokio::join!(
            jobs::run(&working, &board, &clock, stopped.clone()),
            jobs::run(&working, &post, &clock, stopped.clone()),
            jobs::alarm::run(&working, &clock, stopped),
        );
    };
    let served = beside(jobs, served).await;
    store.close().await;
    served?;
    say(lang, "serve-stopped", &[]);
    Ok(Exit::Fine)
}

/// Does some work with the jobs beside it. However the work ends, the jobs are told to stop
/// and waited for: what is unsealed is sealed, and the leases are given back.
async fn beside<T>(
    jobs: impl AsyncFnOnce(oneshot::Receiver<()>),
    work: impl Future<Output = T>,
) -> T {
    let (stopping, stopped) = oneshot::channel();
    let work = async {
        let done = work.await;
        // sending fails only when the jobs are over already
        let _ = stopping.send(());
        done
    };
    let (done, ()) = tokio::join!(work, jobs(stopped));
    done
}

/// As people reach it: what the configuration says, or the address that is listened at.
fn url(config: &Config, address: SocketAddr) -> String {
    let listened = config.listen.port() == 0;
    let url = if listened {
        format!("http://{address}")
    } else {
        config.public_url.page("")
    };
    url.trim_end_matches('/').to_owned()
}

/// Ctrl-C, or what a service manager sends.
async fn stop_wanted() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        // without it, Ctrl-C still works
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn jobs_are_waited_for_when_the_listener_fails() {
        let mut sealed = false;
        let jobs = async |stopped: oneshot::Receiver<()>| {
            stopped.await.expect("told to stop");
            tokio::task::yield_now().await;
            sealed = true;
        };
        let fails = async { Err::<(), _>(std::io::Error::other("the listener is gone")) };
        assert!(beside(jobs, fails).await.is_err());
        assert!(sealed);
    }
}
