//! The way out: mails to the server or into a folder, posts to robots, no host more often
//! than it was said.

use super::folder;
use super::letter::{Letter, LetterError};
use super::smtp::Server;
use super::webhook::{Hooks, Robot};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use lettre::message::Mailbox;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Where mails go.
#[derive(Clone)]
pub enum Carrier {
    Smtp(Server),
    /// Written as files; nobody gets them.
    Folder(PathBuf),
}

/// Whether sending again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Refused for good.
    Never,
    /// Refused for now.
    Later,
    /// Nobody was there to take it, or let us in: others to the same host fail too.
    Unreachable,
}

/// Why something was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub retry: Retry,
    /// For operators; in English.
    pub message: String,
}

/// The way out. Cheap to clone.
#[derive(Clone)]
pub struct Post {
    pub carrier: Carrier,
    pub from: Mailbox,
    /// As people reach the site, without `/` at the end.
    pub site: String,
    pub hooks: Hooks,
    limiter: Option<Arc<DefaultKeyedRateLimiter<String>>>,
    per_minute: Option<NonZeroU32>,
    timeout: Duration,
}

impl Post {
    /// A way out. `per_minute`: messages to one host, at most.
    pub fn new(
        carrier: Carrier,
        from: Mailbox,
        site: String,
        hooks: Hooks,
        per_minute: Option<NonZeroU32>,
        timeout: Duration,
    ) -> Self {
        let limiter = per_minute.map(|limit| {
            // evenly, with a burst of a second's share
            let burst = NonZeroU32::new(limit.get().div_ceil(60)).unwrap_or(NonZeroU32::MIN);
            Arc::new(RateLimiter::keyed(
                Quota::per_minute(limit).allow_burst(burst),
            ))
        });
        Self {
            carrier,
            from,
            site,
            hooks,
            limiter,
            per_minute,
            timeout,
        }
    }

    /// The longest that so many messages may take, `at_once` of them at a time.
    pub fn longest(&self, messages: u32, at_once: usize) -> Duration {
        let rounds = messages.div_ceil(u32::try_from(at_once).unwrap_or(1).max(1));
        // a mail may take four time-outs: see [`Server::send`]
        let sending = self.timeout * 4 * rounds;
        let pace = self.per_minute.map_or(Duration::ZERO, |limit| {
            Duration::from_secs(60) * messages / limit.get()
        });
        sending + pace
    }

    /// Whether mails really leave.
    pub const fn sends(&self) -> bool {
        matches!(self.carrier, Carrier::Smtp(_))
    }

    /// The name behind `@` in identifiers of messages: that of the sender.
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// The address of a page. `path` begins with `/`.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.site)
    }

    /// Sends a letter; when it returns `Ok` it was taken.
    pub async fn send(&self, letter: &Letter) -> Result<(), Fault> {
        let message = letter.message(&self.from).map_err(|error| Fault {
            retry: Retry::Never,
            message: match error {
                LetterError::Address(_) => "no mail address".to_owned(),
                LetterError::Message(error) => error.to_string(),
            },
        })?;
        match &self.carrier {
            Carrier::Smtp(server) => {
                self.wait(&server.host).await;
                server.send(message).await
            }
            Carrier::Folder(path) => {
                let name = letter.message_id.split('@').next().unwrap_or_default();
                folder::put(path, name, &message)
            }
        }
    }

    /// Posts to a robot; when it returns `Ok` it was taken.
    pub async fn post(&self, robot: &Robot, text: &str, millis: u64) -> Result<(), Fault> {
        let url = self.hooks.admit(&robot.url);
        if let Some(host) = url.as_ref().and_then(url::Url::host_str) {
            self.wait(host).await;
        }
        self.hooks.post(robot, text, millis).await
    }

    /// Waits until it is a host's turn.
    async fn wait(&self, host: &str) {
        if let Some(limiter) = &self.limiter {
            while limiter.check_key(&host.to_owned()).is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
