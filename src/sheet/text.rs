//! What clerks type, brought to one form: full-width characters, stray spaces,
//! line breaks, apostrophes. Text that needs nothing is borrowed, since nearly
//! all of it needs nothing.

use std::borrow::Cow;

/// Half-width characters, plain spaces, none at either end.
pub(super) fn half_width(text: &str) -> Cow<'_, str> {
    if text.bytes().any(may_need_change) {
        let mapped: String = text.chars().filter_map(half).collect();
        Cow::Owned(mapped.trim().to_owned())
    } else {
        Cow::Borrowed(text.trim_ascii())
    }
}

/// [`half_width`] without any space and without the apostrophe that marks text
/// in some programs: the form of codes, numbers and words from a list.
pub(super) fn compact(text: &str) -> Cow<'_, str> {
    let as_it_is = |byte| !may_need_change(byte) && !matches!(byte, b' ' | b'\'' | b'`');
    if text.bytes().all(as_it_is) {
        return Cow::Borrowed(text);
    }
    let half: String = text.chars().filter_map(half).collect();
    let bare = half.trim_start_matches(|c| c == ' ' || marks_text(c));
    Cow::Owned(bare.chars().filter(|c| *c != ' ').collect())
}

/// Free text: punctuation as written, no space at either end or beside a
/// Chinese character (`王　平` is 王平), one space elsewhere.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() || c.is_control() {
            gap = true;
            continue;
        }
        if gap && c.is_ascii() && out.ends_with(|last: char| last.is_ascii()) {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// Nothing but spaces, and perhaps the mark of a text that was never written.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_invisible(c) || marks_text(c))
}

/// A header without line breaks, spaces and the mark of required columns.
pub(super) fn header(text: &str) -> String {
    let mut header = compact(text).into_owned();
    header.retain(|c| c != '*');
    header
}

/// A number as Excel shows it: at most 15 significant digits, no exponent.
pub(super) fn number(value: f64) -> String {
    let whole = value as i64;
    if whole.unsigned_abs() < 1_000_000_000_000_000 && whole as f64 == value {
        return whole.to_string();
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// Bytes that may begin a character that [`half`] maps: spaces and controls,
/// U+00A0, the spaces of U+20xx, U+3000, full-width forms.
fn may_need_change(byte: u8) -> bool {
    byte < b' ' || matches!(byte, 0x7F | 0xC2 | 0xE2 | 0xE3 | 0xEF)
}

fn half(c: char) -> Option<char> {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0),
        c if is_invisible(c) => None,
        c if c.is_whitespace() || c.is_control() => Some(' '),
        c => Some(c),
    }
}

/// The apostrophe before a number that is meant as text.
fn marks_text(c: char) -> bool {
    matches!(c, '\'' | '＇' | '’' | '‘' | '`' | '｀')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_codes_lose_what_is_stray() {
        for (written, meant) in [
            ("编内", "编内"),
            (" 编　内 ", "编内"),
            ("ＮＭ００１", "NM001"),
            ("１，２３４", "1,234"),
            ("'150199", "150199"),
            ("\u{FEFF}正高\u{200B}", "正高"),
            ("正\n高\r\n", "正高"),
            ("\u{A0}10\u{A0}", "10"),
            ("（评）", "(评)"),
        ] {
            assert_eq!(compact(written), meant, "{written:?}");
        }
        assert!(matches!(compact("150199"), Cow::Borrowed(_)));
        assert!(matches!(half_width("2024-03"), Cow::Borrowed(_)));
        assert_eq!(half_width("　1998年 ７月 "), "1998年 7月");
    }

    #[test]
    fn names_keep_their_punctuation() {
        assert_eq!(tidy(" 王　平 "), "王平");
        assert_eq!(
            tidy("东河镇\n中心卫生院（分院）"),
            "东河镇中心卫生院（分院）"
        );
        assert_eq!(tidy("John   Smith"), "John Smith");
        assert_eq!(tidy("古丽·阿依"), "古丽·阿依");
    }

    #[test]
    fn blank_is_blank_however_it_is_written() {
        let blank = ["", " \u{3000}\t\r\n\u{A0}\u{200B}", "'", "＇", " ’ '"];
        assert!(
            blank
                .iter()
                .all(|text| is_blank(text) && compact(text).is_empty())
        );
        assert!(["0", "'0", "-"].iter().all(|text| !is_blank(text)));
    }

    #[test]
    fn headers_match_in_any_dress() {
        assert_eq!(header("＊身份证件\n号码 *"), "身份证件号码");
        assert_eq!(header("专业技术资格（评）代码"), "专业技术资格(评)代码");
    }

    #[test]
    fn numbers_read_as_they_show() {
        for (value, text) in [
            (12.0, "12"),
            (-3.0, "-3"),
            (1998.07, "1998.07"),
            (1998.0 + 0.07, "1998.07"),
            (0.1 + 0.2, "0.3"),
            (13_800_138_000.0, "13800138000"),
            (150_199_199_001_012_000.0, "150199199001012000"),
            (7300.5, "7300.5"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(number(f64::NAN), "NaN");
    }
}
