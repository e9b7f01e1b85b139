//! A client that does what a browser without scripts does: keeps cookies, follows what it is
//! sent to, sends forms.

use crate::support::server::Server;
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, HeaderMap, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::multipart::Form;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use std::collections::BTreeMap;

/// A browser.
pub struct Browser {
    url: String,
    client: Client,
    cookies: BTreeMap<String, String>,
    lang: &'static str,
}

/// What it shows.
pub struct Page {
    pub status: u16,
    /// Where it ended up.
    pub path: String,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Page {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.text());
        self
    }

    /// The value of a hidden field.
    #[track_caller]
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let from = format!("name=\"{name}\" value=\"");
        // the last: the form of the language stands before all others
        let at = text.rfind(&from).expect("a field") + from.len();
        text[at..].split('"').next().expect("a value").to_owned()
    }
}

/// A form, as browsers write it.
pub fn form(fields: &[(&str, &str)]) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(fields);
    out.finish()
}

impl Browser {
    pub fn new(server: &Server, lang: &'static str) -> Self {
        Self {
            url: server.url.clone(),
            client: Client::builder()
                .redirect(Policy::none())
                .build()
                .expect("a client"),
            cookies: BTreeMap::new(),
            lang,
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.iter();
        let cookies: Vec<_> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .header(ACCEPT_LANGUAGE, self.lang);
        if cookies.is_empty() {
            request
        } else {
            request.header(COOKIE, cookies.join("; "))
        }
    }

    async fn follow(&mut self, response: Response, path: &str) -> Page {
        let (mut response, mut path) = (response, path.to_owned());
        for _ in 0..8 {
            self.keep(response.headers());
            let Some(to) = response.headers().get(LOCATION) else {
                break;
            };
            path = to.to_str().expect("text").to_owned();
            let next = self.request(Method::GET, &path).send().await;
            response = next.expect("an answer");
        }
        Page {
            status: response.status().as_u16(),
            path,
            headers: response.headers().clone(),
            bytes: response.bytes().await.expect("a body").to_vec(),
        }
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let pair = cookie.split(';').next().expect("a pair");
            let (name, value) = pair.split_once('=').expect("a value");
            if value.is_empty() || cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        let response = self.request(Method::GET, path).send().await;
        self.follow(response.expect("an answer"), path).await
    }

    /// Sends a form as a page of this site does.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let origin = self.url.clone();
        self.post_from(path, fields, &origin).await
    }

    /// Sends a form as a page of another site would.
    pub async fn post_from(&mut self, path: &str, fields: &[(&str, &str)], origin: &str) -> Page {
        let request = self
            .request(Method::POST, path)
            .header(ORIGIN, origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(fields));
        let response = request.send().await.expect("an answer");
        self.follow(response, path).await
    }

    /// Sends a form with a file.
    pub async fn upload(&mut self, path: &str, form: Form) -> Page {
        let request = self
            .request(Method::POST, path)
            .header(ORIGIN, self.url.clone())
            .multipart(form);
        let response = request.send().await.expect("an answer");
        self.follow(response, path).await
    }

    /// What a first answer says, without going where it leads.
    pub async fn first(&self, path: &str, fields: &[(&str, &str)]) -> HeaderMap {
        let request = self
            .request(Method::POST, path)
            .header(ORIGIN, self.url.clone())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form(fields));
        let response = request.send().await.expect("an answer");
        response.headers().clone()
    }
}
