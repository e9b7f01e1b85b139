//! Shares and lengths of time as policies write them, and what is counted with them.
#![no_main]

use dinggang::policy::quantity::{Rounding, Share, months};
use dinggang_fuzz::check_text;
use libfuzzer_sys::fuzz_target;

/// Half the people that a million rows of the largest count could give.
const MOST: i64 = 1_000_000_000_000_000;

fuzz_target!(|data: &[u8]| check_text(data, |text| {
    let (first, second) = text.split_once('\n').unwrap_or((text, "1/3"));
    if let Some(share) = Share::read(first) {
        let rest = Share::read(second).unwrap_or(share);
        for total in totals(text) {
            alone(share, total);
            beside(share, rest, total);
        }
        written(share, first);
    }
    // longer ones are refused where they are used
    if let Some(length) = months(first).filter(|length| *length < 1_000_000_000_000) {
        assert!(length >= 0);
        assert_eq!(months(&format!("{length}个月")), Some(length));
        assert_eq!(
            months(&format!("{}年{}个月", length / 12, length % 12)),
            Some(length)
        );
    }
}));

/// Some that are always worth a try, and one that the text gives.
fn totals(text: &str) -> impl Iterator<Item = i64> {
    let own = text.bytes().fold(0u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    let own = i64::try_from(own >> 14).unwrap_or(0) % MOST;
    [0, 1, 7, 45, 100, 10_000, MOST, own].into_iter()
}

fn alone(share: Share, total: i64) {
    let [down, nearest, up] =
        [Rounding::Down, Rounding::Nearest, Rounding::Up].map(|r| share.of_total(total, r));
    assert!(down <= nearest && nearest <= up && up - down <= 1 || up == i64::MAX);
    let exact = i128::from(share.of) * i128::from(total);
    let per = i128::from(share.per);
    if up < i64::MAX {
        assert!(i128::from(down) * per <= exact && exact <= i128::from(up) * per);
        assert_eq!(down == up, exact % per == 0);
        assert!(!share.is_below(down, total), "as many as fit are no excess");
        assert!(share.is_below(down + 1, total), "one more is");
        assert!(!share.is_above(up, total), "as many as needed are enough");
        assert!(up == 0 || share.is_above(up - 1, total), "one less is not");
    }
}

/// A share of one part of the posts, another of what it leaves.
fn beside(share: Share, rest: Share, total: i64) {
    for part in [0, total / 3, total] {
        for rounding in [Rounding::Down, Rounding::Nearest, Rounding::Up] {
            let same = share.of_parts(part, total, share, rounding);
            assert_eq!(same, share.of_total(total, rounding));
            let both = share.of_parts(part, total, rest, rounding);
            let alone = [
                share.of_total(part, Rounding::Down),
                rest.of_total(total - part, Rounding::Down),
            ];
            assert!(both >= alone[0].saturating_add(alone[1]));
        }
    }
}

/// The same number by plain decimals.
fn decimal(text: &str) -> Option<(i128, i128)> {
    let text = text.trim();
    let (number, per) = match text.strip_suffix(['%', '％']) {
        Some(number) => (number, 100),
        None => (text.strip_suffix('‰')?, 1000),
    };
    let (units, decimals) = number.trim().split_once('.').unwrap_or((number.trim(), ""));
    let of = format!("{units}{decimals}").parse().ok()?;
    Some((of, per * 10i128.pow(decimals.len() as u32)))
}

fn written(share: Share, text: &str) {
    match decimal(text) {
        Some((of, per)) => {
            let (own_of, own_per) = (i128::from(share.of), i128::from(share.per));
            assert_eq!(own_of * per, of * own_per, "{text}");
        }
        None => assert!(text.contains('/'), "{text}"),
    }
    assert!(share.of >= 0 && share.per >= 1);
    let written = share.to_string();
    let again = Share::read(&written);
    assert_eq!(again, Some(share), "{text} as {written}");
    assert_eq!(Share::read(&format!(" {text}\t")), Some(share));
}
