//! Splitting a number of posts by a ratio such as 2:4:4, as information: largest
//! remainder, ties to the lower grade, so that no higher grade is given away by chance.

/// Shares of `total` by `ratio`, highest grade first. The parts add up to `total`.
pub fn split(total: i64, ratio: &[i64]) -> Vec<i64> {
    let sum: i64 = ratio.iter().sum();
    if sum <= 0 || total <= 0 {
        return vec![0; ratio.len()];
    }
    let mut parts: Vec<i64> = ratio.iter().map(|share| total * share / sum).collect();
    let left = total - parts.iter().sum::<i64>();
    let mut order: Vec<(i64, usize)> = ratio
        .iter()
        .enumerate()
        .map(|(at, share)| (total * share % sum, at))
        .collect();
    order.sort_by(|a, b| b.cmp(a));
    for (_, at) in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some(part) = parts.get_mut(at) {
            *part += 1;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// notes.md T11: 9 by 2:4:4 and 18 by 3:4:3; both have a tie.
    #[test]
    fn largest_remainder_with_ties_to_the_lower_grade() {
        assert_eq!(split(9, &[2, 4, 4]), [2, 3, 4]);
        assert_eq!(split(18, &[3, 4, 3]), [5, 7, 6]);
        assert_eq!(split(3, &[2, 4, 4]), [1, 1, 1]);
        assert_eq!(split(10, &[2, 4, 4]), [2, 4, 4]);
        assert_eq!(split(1, &[5, 5]), [0, 1]);
        assert_eq!(split(0, &[1, 3, 6]), [0, 0, 0]);
        assert_eq!(split(5, &[0, 0]), [0, 0]);
    }

    #[test]
    fn nothing_is_lost() {
        for total in 0..200 {
            for ratio in [[1, 3, 6], [2, 4, 4], [3, 4, 3]] {
                assert_eq!(split(total, &ratio).iter().sum::<i64>(), total);
            }
        }
    }
}
