//! Which methods a path takes, for answers to a method that it does not.

use poem::Response;
use poem::http::header::ALLOW;
use poem::http::{HeaderValue, StatusCode};

/// The methods of every path.
pub struct Methods(Vec<(Vec<String>, HeaderValue)>);

impl Methods {
    /// Of paths as they are described, with `{name}` for what varies.
    pub fn new(paths: Vec<(String, String)>) -> Self {
        let parts = |path: &str| path.split('/').map(str::to_owned).collect();
        let known = paths.into_iter().filter_map(|(path, methods)| {
            Some((parts(&path), HeaderValue::from_str(&methods).ok()?))
        });
        Self(known.collect())
    }

    /// Adds the methods to an answer that says that the method is not one (RFC 9110, 15.5.6).
    pub fn told(&self, path: &str, response: &mut Response) {
        if response.status() != StatusCode::METHOD_NOT_ALLOWED {
            return;
        }
        let fits = |parts: &[String]| {
            let mut given = path.trim_end_matches('/').split('/');
            let alike = parts.iter().all(|part| {
                given
                    .next()
                    .is_some_and(|one| part == one || part.starts_with('{'))
            });
            alike && given.next().is_none()
        };
        let found = self.0.iter().find(|(parts, _)| fits(parts));
        let allowed = found.map_or(HeaderValue::from_static("GET"), |(_, allowed)| {
            allowed.clone()
        });
        response.headers_mut().insert(ALLOW, allowed);
    }
}
