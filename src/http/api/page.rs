//! Lists that come in pages.

use crate::domain::page::Asked;
use crate::http::caller::Caller;
use crate::http::problem::Failure;

/// How many a page holds when nothing is said.
pub const USUAL: u16 = 50;
/// How many a page holds at most.
pub const MOST: u16 = 200;

/// How many are wanted.
pub fn wanted(limit: Option<u16>) -> usize {
    usize::from(limit.unwrap_or(USUAL).clamp(1, MOST))
}

/// The page asked for: `after` is the `next` of the page before.
pub fn asked(caller: &Caller, after: Option<&str>, limit: Option<u16>) -> Result<Asked, Failure> {
    let after = match after {
        Some(text) => {
            let cursor = text.parse();
            Some(cursor.map_err(|_| super::record::unfit(caller, "after"))?)
        }
        None => None,
    };
    let most = u32::from(limit.unwrap_or(USUAL).clamp(1, MOST));
    Ok(Asked { after, most })
}

/// The first so many behind a cursor, and the cursor of the next page.
pub fn page<T>(
    all: impl IntoIterator<Item = T>,
    after: Option<&str>,
    limit: Option<u16>,
    key: impl Fn(&T) -> String,
) -> (Vec<T>, Option<String>) {
    let mut rest = all.into_iter().skip_while(|one| {
        // keys are in order, so that one that is gone does not hide those behind it
        after.is_some_and(|after| key(one).as_str() <= after)
    });
    let items: Vec<T> = rest.by_ref().take(wanted(limit)).collect();
    let next = rest.next().and(items.last()).map(key);
    (items, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_neither_skip_nor_repeat() {
        let all: Vec<String> = (0..23).map(|n| format!("{n:02}")).collect();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (items, next) = page(all.clone(), after.as_deref(), Some(5), Clone::clone);
            assert!(items.len() <= 5);
            seen.extend(items);
            match next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, all);
        // what the cursor named is gone meanwhile
        let (items, _) = page(all, Some("045"), Some(1), Clone::clone);
        assert_eq!(items, ["05"]);
    }
}
