//! Robots of group chats: a JSON post with a signature, to hosts that were allowed.

use super::post::{Fault, Retry};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt;
use std::time::Duration;
use url::Url;

/// Which way of posting a robot understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    DingTalk,
    WeCom,
}

/// A robot with its address and key.
#[derive(Clone)]
pub struct Robot {
    pub speech: Speech,
    pub url: String,
    /// `None` = it takes no signature.
    pub secret: Option<String>,
}

impl fmt::Debug for Robot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Robot({:?})", self.speech)
    }
}

/// The hosts that may be posted to, and how.
#[derive(Clone)]
pub struct Hooks {
    agent: ureq::Agent,
    allowed: Vec<String>,
}

/// Answers are short; more is not read.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// `timestamp` and key as a robot of DingTalk checks them: HMAC-SHA256 over
/// `{milliseconds}\n{secret}`, in base64.
pub fn sign(secret: &str, millis: u64) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{millis}\n{secret}").as_bytes());
    BASE64.encode(&mac.finalize().into_bytes())
}

impl Hooks {
    /// Posts to these hosts only, each as `host` or `host:port`.
    pub fn new(allowed: Vec<String>, timeout: Duration) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .proxy(None)
            .http_status_as_error(false)
            .tls_config(
                ureq::tls::TlsConfig::builder()
                    .root_certs(ureq::tls::RootCerts::PlatformVerifier)
                    .build(),
            )
            .build();
        Self {
            agent: config.into(),
            allowed,
        }
    }

    /// The address, if its host is allowed. Without encryption only this machine itself may
    /// be posted to.
    pub fn admit(&self, address: &str) -> Option<Url> {
        let url = Url::parse(address).ok()?;
        let host = url.host_str()?;
        let with_port = format!("{host}:{}", url.port_or_known_default()?);
        let known = |one: &String| match one.contains(':') {
            true => *one == with_port,
            false => one == host && url.port().is_none(),
        };
        let encrypted = match url.scheme() {
            "https" => true,
            "http" => matches!(host, "127.0.0.1" | "localhost" | "[::1]"),
            _ => false,
        };
        let plain = url.username().is_empty() && url.password().is_none();
        (encrypted && plain && self.allowed.iter().any(known)).then_some(url)
    }

    /// Posts a text; when it returns `Ok` the robot has taken it.
    pub async fn post(&self, robot: &Robot, text: &str, millis: u64) -> Result<(), Fault> {
        let mut url = self.admit(&robot.url).ok_or_else(|| Fault {
            retry: Retry::Never,
            message: "the host is not among those allowed".to_owned(),
        })?;
        if let Some(secret) = &robot.secret {
            url.query_pairs_mut()
                .append_pair("timestamp", &millis.to_string())
                .append_pair("sign", &sign(secret, millis));
        }
        let body = match robot.speech {
            Speech::DingTalk | Speech::WeCom => {
                json!({ "msgtype": "text", "text": { "content": text } })
            }
        };
        let agent = self.agent.clone();
        let posted =
            tokio::task::spawn_blocking(move || post(&agent, url.as_str(), &body.to_string()));
        posted.await.unwrap_or_else(|error| {
            Err(Fault {
                retry: Retry::Later,
                message: error.to_string(),
            })
        })
    }
}

fn post(agent: &ureq::Agent, url: &str, body: &str) -> Result<(), Fault> {
    let request = agent
        .post(url)
        .header("content-type", "application/json; charset=utf-8");
    // the address is a secret: an error is told by its kind
    let unreachable = |error: ureq::Error| Fault {
        retry: Retry::Unreachable,
        message: match error {
            ureq::Error::Timeout(_) => "the robot took too long".to_owned(),
            ureq::Error::HostNotFound => "the host was not found".to_owned(),
            ureq::Error::Io(error) => format!("no connection: {}", error.kind()),
            ureq::Error::Tls(reason) => format!("tls: {reason}"),
            ureq::Error::Rustls(error) => format!("tls: {error}"),
            _ => "the robot could not be reached".to_owned(),
        },
    };
    let mut answer = request.send(body).map_err(unreachable)?;
    let status = answer.status().as_u16();
    let text = answer
        .body_mut()
        .with_config()
        .limit(LONGEST_ANSWER)
        .read_to_string();
    judge(status, &text.unwrap_or_default())
}

/// Robots answer 200 whatever happened, with an error number inside.
fn judge(status: u16, text: &str) -> Result<(), Fault> {
    let answer: Option<Value> = serde_json::from_str(text).ok();
    let code = answer
        .as_ref()
        .and_then(|answer| answer["errcode"].as_i64());
    let retry = match (status, code) {
        (200..=299, Some(0)) => return Ok(()),
        // too many messages in a minute, or the system is busy
        (200..=299, Some(-1 | 45009 | 130_101 | 410_100)) => Retry::Later,
        (200..=299, Some(_)) => Retry::Never,
        (429 | 500..=599, _) => Retry::Later,
        (200..=299, None) => Retry::Never,
        _ => Retry::Never,
    };
    Err(Fault {
        retry,
        message: match code {
            Some(code) => format!("status {status}, errcode {code}"),
            None => format!("status {status}"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_were_allowed() {
        let allowed = vec!["oapi.dingtalk.com".to_owned(), "127.0.0.1:8443".to_owned()];
        let hooks = Hooks::new(allowed, Duration::from_secs(1));
        for (address, admitted) in [
            ("https://oapi.dingtalk.com/robot/send?access_token=a", true),
            ("http://127.0.0.1:8443/", true),
            ("http://oapi.dingtalk.com/", false),
            ("https://oapi.dingtalk.com:444/", false),
            ("https://oapi.dingtalk.com.example.cn/", false),
            ("https://a@oapi.dingtalk.com/", false),
            ("https://127.0.0.1/", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(hooks.admit(address).is_some(), admitted, "{address}");
        }
    }

    #[test]
    fn answers_of_robots() {
        assert!(judge(200, r#"{"errcode":0,"errmsg":"ok"}"#).is_ok());
        let retry = |status, text| judge(status, text).unwrap_err().retry;
        assert_eq!(retry(200, r#"{"errcode":310000}"#), Retry::Never);
        assert_eq!(retry(200, r#"{"errcode":130101}"#), Retry::Later);
        assert_eq!(retry(503, ""), Retry::Later);
        assert_eq!(retry(200, "<html>"), Retry::Never);
        assert_eq!(retry(302, ""), Retry::Never);
    }

    #[test]
    fn signatures() {
        // computed with another program: openssl dgst -sha256 -hmac
        assert_eq!(
            sign("SEC000", 1_577_836_800_000),
            "sLtiQUMv1vBmuenplUukSZ+QlhX/gyh/F0ARoP5z+TM="
        );
    }
}
