//! Names as they are typed with the letters of a keyboard: by the first letters of the
//! syllables, by whole syllables, or both mixed (`wxm`, `wangxm`, `wangxiaoming`).

use pinyin::{ToPinyin, ToPinyinMulti};

/// Letters of a query, at most: nobody's name is longer.
const LONGEST: usize = 40;

/// Whether something that was typed can only mean how a name is read.
pub fn is_letters(query: &str) -> bool {
    let query = query.trim();
    !query.is_empty() && query.len() <= LONGEST && query.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Whether a name, or a part of it that goes on to any place, is read like the letters. The
/// last syllable may be unfinished.
pub fn matches(name: &str, letters: &str) -> bool {
    let letters = letters.trim().to_ascii_lowercase();
    let readings: Vec<Vec<String>> = name
        .char_indices()
        .map(|(at, character)| readings(character, at == 0))
        .collect();
    (0..readings.len()).any(|from| {
        let rest = readings.get(from..).unwrap_or_default();
        reads(rest, &letters)
    })
}

/// Characters that given names and places read in several ways.
const SEVERAL: &str = "乐行朝茜重长盛晟召莎都藏相传降强柏曲石单曾解朴";

/// How a character is read, without tones; a letter is read as itself. Surnames have rare
/// readings (单, 仇, 解, 查), so that of the first character all are taken; of others the
/// usual one, because dictionaries know many that nobody uses any more.
fn readings(character: char, is_first: bool) -> Vec<String> {
    if character.is_ascii_alphanumeric() {
        return vec![character.to_ascii_lowercase().to_string()];
    }
    if !is_first && !SEVERAL.contains(character) {
        let usual = character.to_pinyin();
        return usual
            .into_iter()
            .map(|one| one.plain().to_owned())
            .collect();
    }
    let all = character.to_pinyin_multi();
    let mut all: Vec<String> = all
        .into_iter()
        .flatten()
        .map(|one| one.plain().to_owned())
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn reads(rest: &[Vec<String>], letters: &str) -> bool {
    if letters.is_empty() {
        return true;
    }
    let Some((first, rest)) = rest.split_first() else {
        return false;
    };
    first.iter().any(|reading| {
        // the syllable may be unfinished where the letters end
        reading.starts_with(letters)
            || [reading.as_str(), reading.get(..1).unwrap_or_default()]
                .iter()
                .filter(|part| !part.is_empty())
                .any(|part| {
                    letters
                        .strip_prefix(part)
                        .is_some_and(|left| reads(rest, left))
                })
    })
}

#[cfg(test)]
mod tests {
    use super::{is_letters, matches};

    #[test]
    fn names_are_found_by_initials_syllables_and_both() {
        for letters in [
            "wxm",
            "wx",
            "WXM",
            "wangxm",
            "wangxiaoming",
            "wxiaom",
            "xm",
            "wangx",
            "w",
        ] {
            assert!(matches("王小明", letters), "{letters}");
        }
        for letters in ["wmx", "wxmm", "mw", "wanxm", "b"] {
            assert!(!matches("王小明", letters), "{letters}");
        }
        // every reading of a surname, and the usual one of what follows
        assert!(matches("单于", "sy") && matches("单于", "dy") && matches("单于", "cy"));
        assert!(matches("何海立", "hhl") && !matches("何海立", "w"));
        assert!(matches("王乐", "wl") && matches("王乐", "wy"));
        assert!(matches("和林格尔县医院", "hlge"));
        assert!(matches("A区卫生院", "aqwsy"));
        assert!(!matches("", "a"));
    }

    #[test]
    fn numbers_and_characters_are_not_letters() {
        for query in ["", " ", "FY00", "王", "w m", "150199"] {
            assert!(!is_letters(query), "{query}");
        }
        assert!(is_letters("wxm") && is_letters(" WXM "));
        assert!(!is_letters(&"a".repeat(41)));
    }
}
