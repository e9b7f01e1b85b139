//! How an institution that has more than it may have fills again (超岗消化): for so many who
//! left since the rule is adopted, so many may come. `退2进1` is one in for two out.

/// The rule of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// For so many who leave.
    pub out: u32,
    /// So many may come; never more than leave.
    pub into: u32,
}

const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

impl Release {
    /// Reads `退2进1` or `退二进一`; `None` = it is no rule, or one by which nothing shrinks.
    pub fn read(text: &str) -> Option<Self> {
        let (out, into) = text.trim().strip_prefix('退')?.split_once('进')?;
        let (out, into) = (number(out)?, number(into)?);
        (into >= 1 && into < out).then_some(Self { out, into })
    }

    /// How many may come now, when so many left and so many came since; not below zero.
    pub fn room(self, left: i64, came: i64) -> i64 {
        let allowed = left.max(0) * i64::from(self.into) / i64::from(self.out.max(1));
        (allowed - came).max(0)
    }
}

fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    let mut signs = text.chars();
    if let (Some(sign), None) = (signs.next(), signs.next())
        && let Some(at) = DIGITS.iter().position(|digit| *digit == sign)
    {
        return u32::try_from(at + 1).ok();
    }
    text.parse().ok().filter(|number| *number <= 99)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_for_two_out() {
        let rule = Release { out: 2, into: 1 };
        assert_eq!(Release::read("退2进1"), Some(rule));
        assert_eq!(Release::read(" 退二进一 "), Some(rule));
        for bad in ["", "退进", "退1进1", "退2进3", "退2进0", "2进1", "退100进1"] {
            assert_eq!(Release::read(bad), None, "{bad}");
        }
        let room = [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (9, 9)];
        let room = room.map(|(left, came)| rule.room(left, came));
        assert_eq!(room, [0, 0, 1, 0, 1, 0]);
    }
}
