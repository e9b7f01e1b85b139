//! Words in two languages: Chinese first, English complete. Keys and typed values go
//! in, sentences come out; no other room writes sentences of its own.

pub mod personal_data;
pub mod quality;
pub mod refusal;
pub mod width;

use crate::domain::label::Labelled;
use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid, static_loader};
use std::borrow::Cow;
use std::collections::HashMap;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "zh-CN",
        // isolation marks around values would end up in workbooks and terminals
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ZH_CN: LanguageIdentifier = langid!("zh-CN");
static EN: LanguageIdentifier = langid!("en");

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    #[default]
    ZhCn,
    En,
}

impl Lang {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The tag (`zh-CN`, `en`).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// One of two texts.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::ZhCn => zh,
            Self::En => en,
        }
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::ZhCn => &ZH_CN,
            Self::En => &EN,
        }
    }
}

/// A value inside a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg<'a> {
    Text(Cow<'a, str>),
    Number(i64),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<i32> for Arg<'_> {
    fn from(number: i32) -> Self {
        Self::Number(i64::from(number))
    }
}

/// The sentence of a key, with its values.
pub fn t(lang: Lang, key: &str, args: &[(&'static str, Arg)]) -> String {
    if args.is_empty() {
        return LOCALES.lookup(lang.id(), key);
    }
    let values: HashMap<Cow<'static, str>, FluentValue> = args
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Arg::Text(text) => FluentValue::from(text.as_ref()),
                // written without separators, as on the forms they are compared with
                Arg::Number(number) => FluentValue::from(*number),
            };
            (Cow::Borrowed(*name), value)
        })
        .collect();
    LOCALES.lookup_with_args(lang.id(), key, &values)
}

/// Whether a key has words in a language.
pub fn has(lang: Lang, key: &str) -> bool {
    LOCALES.try_lookup(lang.id(), key).is_some()
}

/// The word of the trade for a value of a closed list.
pub fn word<T: Labelled>(value: &T, lang: Lang) -> String {
    t(lang, &word_key(value), &[])
}

/// Key of the word for a value of a closed list: `word-post-category-worker`.
pub fn word_key<T: Labelled>(value: &T) -> String {
    let mut key = "word".to_owned();
    for c in T::LIST.chars() {
        if c.is_ascii_uppercase() {
            key.push('-');
        }
        key.push(c.to_ascii_lowercase());
    }
    format!("{key}-{}", value.id())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn keys(tag: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("locales")
            .join(tag);
        let files = std::fs::read_dir(folder).expect("shipped");
        // the English help stands in the program itself
        let text: String = files
            .filter(|file| {
                file.as_ref()
                    .is_ok_and(|file| file.file_name() != "help.ftl")
            })
            .map(|file| std::fs::read_to_string(file.expect("readable").path()).expect("readable"))
            .collect();
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key.to_owned()))
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        assert_eq!(keys("zh-CN"), keys("en"));
    }

    #[test]
    fn values_stand_in_sentences_without_marks() {
        let args = [("nearest", Arg::from("编制总数"))];
        assert_eq!(
            t(Lang::En, "policy-help-nearest", &args),
            "did you mean “编制总数”?"
        );
        assert_eq!(
            t(Lang::ZhCn, "policy-help-nearest", &args),
            "是不是想写「编制总数」？"
        );
    }
}
