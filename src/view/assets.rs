//! Style, script and icon. Their addresses carry a fingerprint of what they say, so that
//! browsers keep them for good and never see an old one.

use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// A file that pages use.
pub struct Asset {
    pub name: &'static str,
    pub media_type: &'static str,
    pub text: &'static str,
    mark: LazyLock<String>,
}

macro_rules! asset {
    ($(#[$meta:meta])* $name:ident = $file:literal, $media_type:literal) => {
        $(#[$meta])*
        pub static $name: Asset = Asset {
            name: $file,
            media_type: $media_type,
            text: include_str!(concat!("assets/", $file)),
            mark: LazyLock::new(|| mark(include_str!(concat!("assets/", $file)))),
        };
    };
}

asset!(STYLE = "dinggang.css", "text/css; charset=utf-8");
asset!(
    /// Of pages that are made for paper.
    PRINT = "print.css", "text/css; charset=utf-8"
);
asset!(SCRIPT = "dinggang.js", "text/javascript; charset=utf-8");
asset!(ICON = "dinggang.svg", "image/svg+xml");

fn mark(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    data_encoding::HEXLOWER.encode(hash.get(..6).unwrap_or_default())
}

impl Asset {
    /// Where it is served.
    pub fn href(&self) -> String {
        format!("/assets/{}/{}", *self.mark, self.name)
    }
}

/// The asset with a name; of whatever fingerprint, so that a page from before an update
/// still looks like one.
pub fn named(name: &str) -> Option<&'static Asset> {
    [&STYLE, &PRINT, &SCRIPT, &ICON]
        .into_iter()
        .find(|asset| asset.name == name)
}
