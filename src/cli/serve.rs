//! `dinggang serve`

use super::arguments::ConfigArgs;
use super::{Environment, Exit, config, office};
use crate::config::Config;
use crate::http::{self, Settings, Site};
use crate::i18n::{Arg, Lang, t};
use crate::service::account;
use anyhow::bail;
use poem::listener::TcpAcceptor;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

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

async fn serve(config: Config, lang: Lang, environment: &Environment) -> anyhow::Result<Exit> {
    // first of all the port: whoever has it already would notice only after everything else
    let listener = match tokio::net::TcpListener::bind(config.listen).await {
        Ok(listener) => listener,
        Err(error) => {
            let detail = error.to_string();
            let args = [
                ("address", config.listen.to_string().into()),
                ("detail", detail.into()),
            ];
            bail!(t(lang, "serve-taken", &args));
        }
    };
    let address = listener.local_addr()?;
    let opened = office::open(&config, lang, environment.now).await?;
    if opened.new_tables {
        let database = [(
            "database",
            crate::config::Value::show(&config.database).into(),
        )];
        say(lang, "serve-new-tables", &database);
    }
    if opened.new_keys {
        let path = [("path", config.key_file.display().to_string().into())];
        say(lang, "serve-new-keys", &path);
    }
    let office = opened.office;
    let url = url(&config, address);
    say(lang, "serve-listening", &[("url", (&url).into())]);
    if let Some(link) = account::first_administrator(&office, environment.now).await? {
        let secret = link.reveal();
        let args = [("url", Arg::from(&url)), ("link", secret.as_str().into())];
        for key in ["serve-first", "serve-link", "serve-link-api"] {
            say(lang, key, &args);
        }
    }
    let settings = Settings {
        upload_limit: usize::try_from(config.upload_limit.0).unwrap_or(usize::MAX),
        trusted_proxies: config.trusted_proxies.list().to_vec(),
        secure: config.public_url.is_encrypted(),
        requests_per_minute: NonZeroU32::new(config.requests_per_minute),
    };
    let store = office.store.clone();
    let site = Site::new(office, Arc::new(environment.clock), settings);
    let acceptor = TcpAcceptor::from_tokio(listener)?;
    let stop = async {
        stop_wanted().await;
        say(lang, "serve-stopping", &[]);
    };
    http::serve(&site, acceptor, stop, config.shutdown_grace.0).await?;
    store.close().await;
    say(lang, "serve-stopped", &[]);
    Ok(Exit::Fine)
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
