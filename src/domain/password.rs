//! What a new password must be (NIST SP 800-63B-4 section 3.1.1 for length and the list of
//! common ones; GB/T 22239-2019 8.1.4.1 asks for complexity, which a long sentence has by
//! itself). All problems are told at once.

use super::account::UserName;
use super::refusal::Refusal;

/// Shortest password, in characters.
pub const MINIMUM: usize = 10;
/// Longest, so that hashing one takes no more time than another.
pub const MAXIMUM: usize = 128;
/// Kinds of characters (small, capital, digit, other) that a short one needs.
const KINDS: usize = 3;
/// From here on a password may be of one kind.
const PHRASE: usize = 16;
/// A name shorter than this stands in many words by chance.
const SHORTEST_NAME: usize = 3;

/// Beginnings that are tried first, in small letters; digits and marks behind them add nothing.
const COMMON: [&str; 34] = [
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "admin",
    "administrator",
    "root",
    "welcome",
    "letmein",
    "iloveyou",
    "monkey",
    "dragon",
    "sunshine",
    "princess",
    "football",
    "qwerty",
    "qazwsx",
    "asdfgh",
    "zxcvbn",
    "1qaz2wsx",
    "abc123",
    "a123456",
    "woaini",
    "5201314",
    "wangyi",
    "mima",
    "weisheng",
    "weijian",
    "renshi",
    "bianban",
    "yiyuan",
    "huhehaote",
    "neimenggu",
    "dinggang",
];

/// Checks a new password against its owner. Errors: all that is wrong with it.
pub fn check(password: &str, user_name: &UserName, name: &str) -> Result<(), Vec<Refusal>> {
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let mut wrong = Vec::new();
    if length < MINIMUM {
        wrong.push(Refusal::PasswordTooShort { minimum: MINIMUM });
    }
    if length > MAXIMUM {
        wrong.push(Refusal::PasswordTooLong { maximum: MAXIMUM });
    }
    if length < PHRASE && kinds(password) < KINDS {
        wrong.push(Refusal::PasswordTooPlain {
            minimum: KINDS,
            length: PHRASE,
        });
    }
    // of a short one it is enough to say that it is short
    if length >= MINIMUM && is_common(&lower) {
        wrong.push(Refusal::PasswordTooCommon);
    }
    if names_of(user_name, name).any(|part| lower.contains(&part)) {
        wrong.push(Refusal::PasswordHasName);
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// How many of small letters, capitals, digits and anything else there are.
fn kinds(password: &str) -> usize {
    let has = |kind: fn(char) -> bool| usize::from(password.chars().any(kind));
    has(|c| c.is_lowercase())
        + has(|c| c.is_uppercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| !c.is_lowercase() && !c.is_uppercase() && !c.is_ascii_digit())
}

/// A common word with little else, few different characters, or a walk along a row.
fn is_common(lower: &str) -> bool {
    let length = lower.chars().count();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    let rest = |word: &str| length.saturating_sub(word.chars().count());
    different.len() <= 4
        || is_walk(lower)
        || COMMON.iter().any(|word| {
            lower.contains(word) && rest(word) < 8 && is_filling(&lower.replace(word, ""))
        })
}

/// Digits and marks, which a person adds because a form asks for them.
fn is_filling(rest: &str) -> bool {
    rest.chars().all(|c| !c.is_alphabetic())
}

/// Most characters follow the one before: `abcdefg1234`, `98765432`, `aaaabbbb`.
fn is_walk(lower: &str) -> bool {
    let next = lower.chars().skip(1);
    let steps = lower.chars().zip(next);
    let (mut all, mut along) = (0usize, 0usize);
    for (a, b) in steps {
        all += 1;
        along += usize::from((a as u32).abs_diff(b as u32) <= 1);
    }
    along * 4 >= all * 3
}

/// The user name, its parts, and the owner's name, where long enough to mean something.
fn names_of(user_name: &UserName, name: &str) -> impl Iterator<Item = String> {
    let whole = user_name.as_str().to_owned();
    let parts = whole
        .split(['.', '_', '-', '@'])
        .map(str::to_owned)
        .collect::<Vec<_>>();
    let all = parts.into_iter().chain([whole, name.to_lowercase()]);
    all.filter(|part| part.chars().count() >= SHORTEST_NAME || !part.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(password: &str) -> Vec<&'static str> {
        let name = UserName::read("wang.li").expect("a name");
        let wrong = check(password, &name, "王丽").err().unwrap_or_default();
        wrong.iter().map(Refusal::code).collect()
    }

    #[test]
    fn good_passwords() {
        for good in [
            "Tiger-7-lamp",
            "four horses cross the river",
            "草原上的四匹马跑过一条很长很长的河",
            "kX9#mPq2vL",
        ] {
            assert_eq!(codes(good), [""; 0], "{good}");
        }
    }

    #[test]
    fn bad_passwords_hear_everything() {
        let table = [
            ("", &["password_too_short", "password_too_plain"][..]),
            ("Ab1!", &["password_too_short"]),
            ("fourhorses9", &["password_too_plain"]),
            ("P@ssw0rd2026", &["password_too_common"]),
            ("Dinggang#2026", &["password_too_common"]),
            ("Abcdefg-12345678", &["password_too_common"]),
            ("aaaaaaaaaaaaaaaaaaaa", &["password_too_common"]),
            ("Wang-8-lamp-x", &["password_has_name"]),
            ("王丽Xk93-lamp", &["password_has_name"]),
        ];
        for (password, expected) in table {
            assert_eq!(codes(password), expected, "{password}");
        }
        let long = "Tiger-7-lamp ".repeat(10);
        assert_eq!(codes(&long), ["password_too_long"]);
    }
}
