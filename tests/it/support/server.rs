//! A server that listens, on a database of its own; and clients that hold a token.

use super::database::Database;
use super::office::{self, NOW, PASSWORD};
use dinggang::domain::account::UserName;
use dinggang::domain::record_id::{AccountId, PersonId};
use dinggang::domain::rights::{Capacity, Nature, Natures};
use dinggang::domain::time::Timestamp;
use dinggang::http::{Settings, Site, serve};
use dinggang::jobs::Board;
use dinggang::service::account::{Invitation, invite, set_up};
use dinggang::service::backup::Kept;
use dinggang::service::session::actor_of_session;
use dinggang::service::{Office, api_token};
use poem::listener::TcpAcceptor;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::oneshot;

/// A running server. It stops when it is dropped.
pub struct Server {
    pub url: String,
    pub office: Office,
    /// Seconds after [`NOW`] by the server's clock.
    clock: Arc<AtomicI64>,
    accounts: AtomicU32,
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// Serves a database; nobody is asked for a second factor.
    pub async fn start(database: &Database) -> Self {
        let mut office = office::office(&database.store);
        office.doors.second_factor = false;
        Self::of(office).await
    }

    /// Serves an office.
    pub async fn of(office: Office) -> Self {
        Self::with(office, None).await
    }

    /// The same with a folder for backups.
    pub async fn keeping(office: Office, folder: &Path) -> Self {
        let kept = Kept::new(folder.to_owned(), "sqlite:");
        Self::with(office, Some(kept)).await
    }

    async fn with(office: Office, backups: Option<Kept>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let clock = Arc::new(AtomicI64::new(0));
        let read = clock.clone();
        let settings = Settings {
            upload_limit: 32 << 20,
            trusted_proxies: Vec::new(),
            secure: false,
            requests_per_minute: None,
            backups,
        };
        let now = Arc::new(move || NOW.plus_seconds(read.load(Ordering::SeqCst)));
        let site = Site::new(
            office.clone(),
            now,
            Arc::new(|| Board::default().statuses()),
            Arc::new(|job: &str| Board::default().wake(job, NOW)),
            settings,
        );
        let (stop, stopped) = oneshot::channel();
        let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
        tokio::spawn(async move {
            let stop = async {
                let _ = stopped.await;
            };
            serve(&site, acceptor, stop, Duration::from_secs(1)).await
        });
        Self {
            url,
            office,
            clock,
            accounts: AtomicU32::new(0),
            _stop: stop,
        }
    }

    pub fn now(&self) -> Timestamp {
        NOW.plus_seconds(self.clock.load(Ordering::SeqCst))
    }

    /// Lets the server's clock go on by so many seconds.
    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Nobody.
    pub fn nobody(&self) -> Caller {
        Caller {
            url: self.url.clone(),
            client: Client::new(),
            token: None,
        }
    }

    /// Somebody with a token for everything that a capacity may do.
    pub async fn somebody(&self, capacity: Capacity) -> Caller {
        self.with_token(capacity, None).await
    }

    /// Somebody whose own file it is.
    pub async fn staff(&self, person: PersonId) -> Caller {
        let capacity = Capacity::Staff { person, home: None };
        self.with_token(capacity, Some(person)).await
    }

    /// The account with that user name.
    pub async fn account(&self, user_name: &str) -> AccountId {
        let user_name = UserName::read(user_name).expect("a user name");
        let mut reader = self.office.store.read().await.expect("a reader");
        let found = dinggang::store::account::named(&mut reader, &user_name).await;
        found.expect("read").expect("an account").id
    }

    /// Somebody with a token; `person`: whose account it is.
    pub async fn with_token(&self, capacity: Capacity, person: Option<PersonId>) -> Caller {
        let number = self.accounts.fetch_add(1, Ordering::SeqCst);
        let (office, now, name) = (&self.office, self.now(), format!("user{number}"));
        let invitation = Invitation {
            user_name: &name,
            name: "王丽",
            person,
            capacities: vec![capacity],
        };
        let invited = invite(office, &office::administrator(), &invitation, now).await;
        let (_, link) = invited.expect("invited");
        let set_up = set_up(office, &link.reveal(), PASSWORD, now).await;
        set_up.expect("set up");
        let started = office::enter(office, &name, PASSWORD, now).await;
        let secret = started.expect("signed in").secret.reveal();
        let actor = actor_of_session(office, &secret, now).await.expect("acts");
        let order = api_token::Order {
            name: "test",
            natures: Natures::new(Nature::ALL.iter().copied()),
            days: 300,
        };
        let made = api_token::create(office, &actor, order, now).await;
        let (_, secret) = made.expect("a token");
        Caller {
            token: Some(secret.reveal().to_string()),
            ..self.nobody()
        }
    }
}

/// A client of the server.
#[derive(Clone)]
pub struct Caller {
    url: String,
    client: Client,
    pub token: Option<String>,
}

impl Caller {
    // a bench that shares this file asks for it
    #[allow(dead_code)]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// A request to a path below `/api/v1`, or anywhere when it begins with `//`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = match path.strip_prefix('/') {
            Some(rest) if rest.starts_with('/') => format!("{}{rest}", self.url),
            _ => format!("{}/api/v1{path}", self.url),
        };
        let request = self
            .client
            .request(method, url)
            .header("accept-language", "en");
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        Answer::of(request.send().await.expect("an answer")).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body))
            .await
    }

    pub async fn put(&self, path: &str, tag: &str, body: Value) -> Answer {
        let request = self.request(Method::PUT, path);
        self.send(request.header("if-match", tag).json(&body)).await
    }
}

/// What the server said.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub tag: Option<String>,
    pub media_type: String,
    pub json: Value,
    pub bytes: Vec<u8>,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let text = |name: &str| {
            let header = response.headers().get(name);
            header.map(|value| value.to_str().expect("text").to_owned())
        };
        let (status, tag) = (response.status(), text("etag"));
        let media_type = text("content-type").unwrap_or_default();
        let bytes = response.bytes().await.expect("a body").to_vec();
        Self {
            status,
            tag,
            media_type,
            json: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        }
    }

    /// The answer, when it has that status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.json);
        self
    }

    /// The code of a problem document with that status.
    #[track_caller]
    pub fn problem(self, status: u16) -> String {
        let answer = self.is(status);
        assert_eq!(answer.media_type, "application/problem+json");
        assert_eq!(answer.json["status"], status);
        let code = answer.json["code"].as_str();
        code.expect("a code").to_owned()
    }
}
