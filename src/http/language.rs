//! The language of an answer, from what the client says it understands.

use crate::i18n::Lang;
use poem::Request;
use poem::http::header::ACCEPT_LANGUAGE;
use poem::web::headers::{self, HeaderMapExt};

/// The cookie of a language that somebody chose on a page.
pub const COOKIE: &str = "dinggang_language";

/// The language of a request: what was chosen, else what the client says it understands
/// (RFC 9110, 12.5.4). Chinese where nothing fits.
pub fn of_request(request: &Request) -> Lang {
    let cookies = request.headers().typed_get::<headers::Cookie>();
    let chosen = cookies.as_ref().and_then(|cookies| cookies.get(COOKIE));
    if let Some(lang) = chosen.and_then(read) {
        return lang;
    }
    let header = request.headers().get(ACCEPT_LANGUAGE);
    let text = header.and_then(|value| value.to_str().ok());
    text.and_then(negotiate).unwrap_or_default()
}

/// The language of a tag.
pub fn read(tag: &str) -> Option<Lang> {
    Lang::ALL.into_iter().find(|lang| lang.tag() == tag)
}

/// The first of the languages with the greatest weight that there are words for.
fn negotiate(accepted: &str) -> Option<Lang> {
    let mut best: Option<(Lang, u32)> = None;
    for range in accepted.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1000, weight);
        let lang = match tag.split('-').next() {
            Some("zh") => Lang::ZhCn,
            Some("en") => Lang::En,
            _ => continue,
        };
        if weight > 0 && best.is_none_or(|(_, most)| weight > most) {
            best = Some((lang, weight));
        }
    }
    best.map(|(lang, _)| lang)
}

/// `0.8` as 800; what cannot be read weighs nothing.
fn weight(text: &str) -> u32 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let thousandths = format!("{part:0<3}");
    let part: u32 = thousandths
        .get(..3)
        .and_then(|t| t.parse().ok())
        .unwrap_or(0);
    whole
        .parse::<u32>()
        .map_or(0, |whole| whole.min(1) * 1000 + part)
        .min(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        for (accepted, lang) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Lang::ZhCn)),
            ("en-GB, zh;q=0.5", Some(Lang::En)),
            ("fr, de;q=0.9, en;q=0.1", Some(Lang::En)),
            ("en;q=0.3, zh;q=0.7", Some(Lang::ZhCn)),
            ("en;q=0", None),
            ("fr", None),
            ("", None),
            ("en;q=abc", None),
        ] {
            assert_eq!(negotiate(accepted), lang, "{accepted}");
        }
    }
}
