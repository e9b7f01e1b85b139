//! Numbers, days and links as people read them.

use crate::domain::month::Month;
use crate::i18n::Lang;

/// A month: `2026年11月`, `Nov 2026`.
pub fn month(month: Month, lang: Lang) -> String {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    match lang {
        Lang::ZhCn => format!("{}年{}月", month.year(), month.month()),
        Lang::En => {
            let at = usize::try_from(month.month())
                .unwrap_or(1)
                .saturating_sub(1);
            let name = NAMES.get(at).copied().unwrap_or_default();
            format!("{name} {}", month.year())
        }
    }
}

/// A number that may be unknown.
pub fn number(number: Option<i64>) -> String {
    number.map_or_else(|| "–".to_owned(), |number| number.to_string())
}

/// Hundredths of a yuan in yuan: `600.05`.
pub fn money(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// A share of a whole in percent with one place: `90.0 %`; `None` where there is no whole.
pub fn percent(part: i64, whole: i64) -> Option<String> {
    if whole <= 0 {
        return None;
    }
    let tenths = part.saturating_mul(2000).saturating_add(whole) / whole.saturating_mul(2);
    Some(format!("{}.{} %", tenths / 10, (tenths % 10).abs()))
}

/// A part of a path or query with everything escaped that has a meaning there.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A query of those of the pairs that have a value: `?a=1&b=2`, or nothing.
pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if value.is_empty() {
            continue;
        }
        out.push(if out.is_empty() { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        out.push_str(&escaped(value));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_to_a_place() {
        assert_eq!(percent(45, 50).as_deref(), Some("90.0 %"));
        assert_eq!(percent(2, 3).as_deref(), Some("66.7 %"));
        assert_eq!(percent(1, 8).as_deref(), Some("12.5 %"));
        assert_eq!(percent(0, 7).as_deref(), Some("0.0 %"));
        assert_eq!(percent(1, 0), None);
    }

    #[test]
    fn links_carry_any_code() {
        assert_eq!(escaped("WS01/甲"), "WS01%2F%E7%94%B2");
        assert_eq!(query([("a", "1"), ("b", ""), ("c", "x y")]), "?a=1&c=x%20y");
    }

    #[test]
    fn months_in_both_languages() {
        let november: Month = "2026-11".parse().unwrap();
        assert_eq!(month(november, Lang::ZhCn), "2026年11月");
        assert_eq!(month(november, Lang::En), "Nov 2026");
    }
}
