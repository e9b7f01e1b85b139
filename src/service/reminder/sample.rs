//! A reminder of each kind about people who do not exist, to look at what mails say.

use super::{Names, Words, words};
use crate::domain::reminder::Kind;
use crate::domain::time::Date;
use crate::i18n::Lang;
use std::collections::BTreeMap;

/// What any kind may say.
const SAID: &[(&str, &str)] = &[
    ("month", "2027-03"),
    ("frees", "senior"),
    ("from", "2027-03"),
    ("to", "2030-03"),
    ("level", "senior"),
    ("span_zh", "20 年"),
    ("span_en", "20 years"),
    ("vacant", "2"),
    ("before", "1"),
    ("since", "2026-11-09"),
    ("scope", "150199"),
    ("opens", "2026-12-20"),
    ("licence", "nurse"),
    ("reckoned", "no"),
    ("assignment", "stationed"),
    ("place", "150199"),
    ("scheme", "none"),
    ("benefit", "2027-04"),
    ("state", "approved"),
    ("rank", "associate_senior"),
    ("training", "continuing"),
    ("hours", "90"),
    ("done", "40"),
    ("clock_zh", "乡镇工作"),
    ("clock_en", "Work in townships"),
    ("title_zh", "专业技术人员占比"),
    ("title_en", "Share of professionals"),
    ("message_zh", "10 人中 8 人是专业技术人员，低于 90%。"),
    ("message_en", "8 of 10 are professionals, below 90 %."),
    ("round_zh", "2027 年第一批竞聘"),
    ("round_en", "First round of 2027"),
    ("asked_zh", "聘任副高级"),
    ("asked_en", "appointment to associate senior"),
    ("role_zh", "主任"),
    ("role_en", "director"),
    ("policy_zh", "示例政策"),
    ("policy_en", "Sample policy"),
    ("subsidy_zh", "基本公共卫生补助"),
    ("subsidy_en", "Basic public health subsidy"),
];

/// What some kinds say otherwise.
const OTHERWISE: &[(Kind, &str, &str)] = &[
    (Kind::DoctorPensionChanged, "before", "none"),
    (Kind::DoctorPensionChanged, "scheme", "residents"),
    (Kind::LicenceExpires, "reckoned", "yes"),
    (
        Kind::RuleHealed,
        "message_zh",
        "10 人中 9 人是专业技术人员，达到 90%。",
    ),
    (
        Kind::RuleHealed,
        "message_en",
        "9 of 10 are professionals, which is 90 %.",
    ),
];

/// Each kind in words, as of a day.
pub fn all(lang: Lang, today: Date) -> Vec<(Kind, Words)> {
    let names = Names {
        person: lang.pick("示例甲", "Sample A").to_owned(),
        institution: lang.pick("示例卫生院", "Sample Health Centre").to_owned(),
    };
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let of_kind = |kind: Kind| {
        let mut said: BTreeMap<String, String> = SAID.iter().copied().map(owned).collect();
        let own = OTHERWISE.iter().filter(|(of, ..)| *of == kind);
        said.extend(own.map(|(_, name, value)| owned((name, value))));
        let because = [lang
            .pick("《示例政策》第一条", "“Sample policy”, article 1")
            .to_owned()];
        (kind, words(kind, &said, &because, &names, today, lang))
    };
    Kind::ALL.iter().copied().map(of_kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_words_and_all_its_values() {
        let today = "2026-11-22".parse().expect("a day");
        for lang in [Lang::ZhCn, Lang::En] {
            for (kind, words) in all(lang, today) {
                let text = words.lines.join(" ");
                assert!(!words.title.contains("reminder-"), "{kind:?}: {words:?}");
                assert!(
                    !text.contains('{') && !text.contains("  "),
                    "{kind:?}: {text}"
                );
                // a value that is not there leaves its marks next to each other
                for gap in ["“”", "《》", "（）", "()", "自 起", "于 到"] {
                    assert!(!text.contains(gap), "{kind:?}: {text}");
                }
            }
        }
    }
}
