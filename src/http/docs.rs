//! The page that shows the API, without any file from elsewhere. It has scripts inside the
//! page, so it gets a policy of its own that names exactly these by their hash.

use data_encoding::BASE64;
use poem::http::HeaderValue;
use poem::web::{Data, Html};
use poem::{IntoResponse, Response, handler};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The page and its policy.
pub struct Page {
    html: String,
    policy: HeaderValue,
}

impl Page {
    pub fn new(html: String) -> Arc<Self> {
        let hashes: Vec<String> = scripts(&html)
            .map(|script| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(script))))
            .collect();
        let policy = format!(
            "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src 'self' data:; \
             connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
            hashes.join(" ")
        );
        // hashes are plain characters, so this never falls back
        let policy = HeaderValue::from_str(&policy)
            .unwrap_or(HeaderValue::from_static("default-src 'none'"));
        Arc::new(Self { html, policy })
    }
}

/// The text of every script element.
fn scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (_, inside) = rest.split_once('>')?;
        let (script, _) = inside.split_once("</script>")?;
        Some(script)
    })
}

#[handler]
pub fn page(page: Data<&Arc<Page>>) -> Response {
    let mut response = Html(page.html.clone()).into_response();
    let headers = response.headers_mut();
    headers.insert("content-security-policy", page.policy.clone());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_is_named() {
        let html = "<script a=\"b\">one</script><p></p><script>two\n</script>";
        assert_eq!(scripts(html).collect::<Vec<_>>(), ["one", "two\n"]);
    }
}
