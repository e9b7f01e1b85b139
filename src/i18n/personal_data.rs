//! Words of the map of personal data.

use super::{Lang, t};
use crate::domain::personal_data::{Fate, Keeping, Purpose, RequestState};

/// Why something is kept.
pub fn purpose(lang: Lang, purpose: Purpose) -> String {
    word(lang, "purpose", purpose.key())
}

/// For how long.
pub fn keeping(lang: Lang, keeping: Keeping) -> String {
    word(lang, "keeping", keeping.key())
}

/// What erasing does to it.
pub fn fate(lang: Lang, fate: Fate) -> String {
    word(lang, "fate", fate.key())
}

/// What became of a request.
pub fn request_state(lang: Lang, state: RequestState) -> String {
    word(lang, "request", state.key())
}

fn word(lang: Lang, group: &str, key: &str) -> String {
    let key = format!("personal-{group}-{}", key.replace('_', "-"));
    t(lang, &key, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_words() {
        let all = Purpose::ALL.iter().map(|one| {
            (
                purpose(Lang::ZhCn, *one),
                purpose(Lang::En, *one),
                one.label(),
            )
        });
        let keepings = Keeping::ALL.iter().map(|one| {
            (
                keeping(Lang::ZhCn, *one),
                keeping(Lang::En, *one),
                one.label(),
            )
        });
        let fates = Fate::ALL
            .iter()
            .map(|one| (fate(Lang::ZhCn, *one), fate(Lang::En, *one), one.label()));
        let states = RequestState::ALL.iter().map(|one| {
            let words = |lang| request_state(lang, *one);
            (words(Lang::ZhCn), words(Lang::En), one.label())
        });
        for (zh, en, label) in all.chain(keepings).chain(fates).chain(states) {
            assert_eq!(zh, label);
            assert!(!en.starts_with("personal-") && en.is_ascii(), "{en}");
        }
    }
}
