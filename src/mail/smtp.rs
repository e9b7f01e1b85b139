//! The mail server: one pool of connections, with time-outs, and its errors told apart.

use super::post::{Fault, Retry};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;
use url::Url;

/// Connections at a time.
pub const CONNECTIONS: u32 = 4;

/// A mail server.
#[derive(Clone)]
pub struct Server {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    pub host: String,
    timeout: Duration,
}

/// Why there is no such server.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("not an address of a mail server")]
    Address,
    #[error("tls: {0}")]
    Tls(Error),
}

impl Server {
    /// A server as `smtp://user:password@host:587?tls=required`, or `smtps`; `tls` is
    /// `required`, `opportunistic` or `none`, and required unless said otherwise. `roots`:
    /// certificates in PEM that are trusted besides those of the system. Nothing is
    /// connected yet.
    pub fn new(
        address: &str,
        roots: Option<&[u8]>,
        timeout: Duration,
    ) -> Result<Self, ServerError> {
        let url = Url::parse(address).map_err(|_| ServerError::Address)?;
        let host = url.host_str().ok_or(ServerError::Address)?.to_owned();
        let host = host.trim_matches(['[', ']']).to_owned();
        let mut parameters = TlsParameters::builder(host.clone());
        if let Some(pem) = roots {
            let certificate = Certificate::from_pem(pem).map_err(ServerError::Tls)?;
            parameters = parameters.add_root_certificate(certificate);
        }
        let parameters = || parameters.clone().build_rustls().map_err(ServerError::Tls);
        let wanted = url.query_pairs().find(|(key, _)| key == "tls");
        let wanted = wanted.map_or_else(|| "required".to_owned(), |(_, value)| value.into_owned());
        let (tls, usual) = match (url.scheme(), wanted.as_str()) {
            ("smtps", _) => (Tls::Wrapper(parameters()?), 465),
            ("smtp", "required") => (Tls::Required(parameters()?), 587),
            ("smtp", "opportunistic") => (Tls::Opportunistic(parameters()?), 25),
            ("smtp", "none") => (Tls::None, 25),
            _ => return Err(ServerError::Address),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&host)
            .port(url.port().unwrap_or(usual))
            .tls(tls)
            .timeout(Some(timeout))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS));
        if !url.username().is_empty() {
            let plain = |text: &str| {
                let decoded = percent(text);
                decoded.ok_or(ServerError::Address)
            };
            let password = url.password().unwrap_or_default();
            builder =
                builder.credentials(Credentials::new(plain(url.username())?, plain(password)?));
        }
        Ok(Self {
            transport: builder.build(),
            host,
            timeout,
        })
    }

    /// Hands a mail over; when it returns `Ok` the server has taken it.
    pub async fn send(&self, message: Message) -> Result<(), Fault> {
        // a server may answer each command in time and still never come to an end
        let whole = self.timeout * 4;
        match tokio::time::timeout(whole, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_) => Err(Fault {
                retry: Retry::Unreachable,
                message: "the mail server took too long".to_owned(),
            }),
        }
    }
}

/// A refusal for good is one about this mail; everything about the way there is not.
fn fault(error: &Error) -> Fault {
    let code = error.status().map(u16::from);
    let retry = match code {
        // the service is closing, or it does not let us in: no word about this mail
        Some(421 | 530 | 534 | 535 | 538 | 454) => Retry::Unreachable,
        Some(_) if error.is_permanent() => Retry::Never,
        Some(_) => Retry::Later,
        None if error.is_client() => Retry::Never,
        None => Retry::Unreachable,
    };
    Fault {
        retry,
        message: told(error),
    }
}

/// The error with what caused it; addresses and passwords are not in it.
fn told(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text.chars().take(500).collect()
}

fn percent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let value = digit(rest.next())? * 16 + digit(rest.next())?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    // the pool of connections wants a runtime
    #[tokio::test]
    async fn addresses_of_servers() {
        let server = |address: &str| Server::new(address, None, Duration::from_secs(1));
        for good in [
            "smtp://localhost",
            "smtps://a%40b:c%3Ad@mail.example.cn",
            "smtp://[::1]:2525?tls=none",
        ] {
            assert!(server(good).is_ok(), "{good}");
        }
        for bad in [
            "http://a",
            "smtp://a?tls=perhaps",
            "smtp:",
            "smtp://a%zz:b@c",
        ] {
            assert!(server(bad).is_err(), "{bad}");
        }
        assert_eq!(percent("a%40b").as_deref(), Some("a@b"));
    }
}
