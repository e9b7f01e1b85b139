//! Posts (岗位): categories, levels, grades, and the ledgers a holder may stand in.

use super::label::labelled;
use super::refusal::Refusal;
use super::sound::{in_order, sound};
use super::title::Rank;

labelled! {
    /// Post category (岗位类别).
    pub enum PostCategory {
        Professional = "专业技术" / "professional",
        Management = "管理" / "management",
        Worker = "工勤技能" / "worker",
    }
}

labelled! {
    /// Level of professional posts.
    pub enum Level {
        Senior = "高级" / "senior",
        Intermediate = "中级" / "intermediate",
        Junior = "初级" / "junior",
    }
}

impl Level {
    /// The level of a rank; `None` for no appointment.
    pub const fn of(rank: Rank) -> Option<Self> {
        match rank {
            Rank::None => None,
            Rank::Assistant | Rank::Junior => Some(Self::Junior),
            Rank::Intermediate => Some(Self::Intermediate),
            Rank::AssociateSenior | Rank::Senior => Some(Self::Senior),
        }
    }
}

labelled! {
    /// The one ledger (台帐) in which a post holder is counted (CONTRACT section 3).
    pub enum Ledger {
        /// Within the ratio.
        Ordinary = "普通" / "ordinary",
        /// Appointed above the ratio after long township service.
        BeyondRatio = "超比例" / "beyond_ratio",
        /// Does not count against posts.
        OffQuota = "不占职数" / "off_quota",
        /// On a directed post, a pool of its own.
        Directed = "定向" / "directed",
        /// On a special post outside totals, grades and ratios.
        Special = "特设" / "special",
    }
}

labelled! {
    /// How the person was appointed (聘用方式); blank means ordinary.
    pub enum Manner {
        Ordinary = "普通" / "ordinary",
        Directed = "定向" / "directed",
        BeyondRatio = "超比例" / "beyond_ratio",
        Special = "特设" / "special",
    }
}

/// Grade of a professional post, 1 (highest) to 13.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grade(u8);

impl Grade {
    /// `None` outside 1 to 13.
    pub const fn new(grade: u8) -> Option<Self> {
        if grade >= 1 && grade <= 13 {
            Some(Self(grade))
        } else {
            None
        }
    }

    /// Reads `10`, `10级`, `十级`, `专技十级`.
    pub fn read(text: &str) -> Option<Self> {
        let word = text
            .trim_start_matches(|c| "专业技术岗位管理工勤技能".contains(c))
            .trim_end_matches("岗位")
            .trim_end_matches('级');
        let grade = match word {
            "十" => 10,
            _ => match word.strip_prefix('十') {
                Some(unit) => 10 + chinese_digit(unit)?,
                None => chinese_digit(word).or_else(|| plain_number(word))?,
            },
        };
        Self::new(grade)
    }

    /// 1 to 13.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The ranks whose holders belong in this grade: 1–4 正高, 5–7 副高, 8–10 中级, 11–13 初级.
    pub const fn ranks(self) -> &'static [Rank] {
        match self.0 {
            ..=4 => &[Rank::Senior],
            5..=7 => &[Rank::AssociateSenior],
            8..=10 => &[Rank::Intermediate],
            _ => &[Rank::Junior, Rank::Assistant],
        }
    }
}

/// Posts planned for one band of grades.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPosts {
    pub category: PostCategory,
    /// Directed and special posts stand apart from ordinary ones.
    pub manner: Manner,
    /// `None` = not a professional post.
    pub level: Option<Level>,
    /// The band, from the higher grade (the smaller number) to the lower: low grades are
    /// often merged. `None` = not divided by grade.
    pub highest: Option<u32>,
    pub lowest: Option<u32>,
    pub posts: u32,
}

fn plain_number(text: &str) -> Option<u8> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn chinese_digit(text: &str) -> Option<u8> {
    const DIGITS: [&str; 9] = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let at = DIGITS.iter().position(|digit| *digit == text)?;
    u8::try_from(at + 1).ok()
}

sound! { PlannedPosts { category, manner, level, highest <= 13, lowest <= 13, posts }
where |band, out| {
    in_order("lowest", band.highest, band.lowest, out);
    for (field, grade) in [("highest", band.highest), ("lowest", band.lowest)] {
        if grade == Some(0) {
            out.push(Refusal::NumberTooSmall { field, minimum: 1 });
        }
    }
}}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_as_clerks_write_them() {
        for (text, grade) in [
            ("10", 10),
            ("十级", 10),
            ("十三级", 13),
            ("专技七级", 7),
            ("专业技术十一级", 11),
            ("1", 1),
            ("05", 5),
            ("九", 9),
        ] {
            assert_eq!(Grade::read(text).map(Grade::number), Some(grade), "{text}");
        }
        for text in [
            "14",
            "0",
            "",
            "十四级",
            "高级",
            "七七",
            "二十",
            "-1",
            "10.5",
        ] {
            assert_eq!(Grade::read(text), None, "{text}");
        }
    }

    #[test]
    fn every_rank_has_its_grades() {
        for number in 1..=13 {
            let grade = Grade::new(number).expect("in range");
            let levels: Vec<_> = grade.ranks().iter().map(|r| Level::of(*r)).collect();
            assert!(levels.windows(2).all(|w| w[0] == w[1]), "{number}");
        }
        assert_eq!(Grade::new(14), None);
    }
}
