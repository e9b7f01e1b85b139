//! Service spells (履历) and the way months of service are added up.

use super::institution::Kind;
use super::label::labelled;
use super::month::Month;
use super::post::PostCategory;
use super::register::Origin;
use super::sound::{in_order, sound};

labelled! {
    /// Where a spell was served (所在地).
    pub enum Location { Township = "乡镇" / "township", City = "城区" / "city", Village = "村" / "village" }
}

impl Location {
    /// The location a blank cell stands for; `None` = unknown, and not township.
    pub const fn of_kind(kind: Kind) -> Option<Self> {
        match kind {
            Kind::TownshipHealthCentre => Some(Self::Township),
            Kind::CommunityHealthCentre | Kind::CommunityHealthStation => Some(Self::City),
            Kind::VillageClinic => Some(Self::Village),
            _ => None,
        }
    }
}

labelled! {
    /// What proves service.
    pub enum EvidenceKind {
        Contract = "聘用合同" / "contract",
        Payroll = "工资发放记录" / "payroll",
        Insurance = "社保缴费记录" / "insurance",
        PersonnelFile = "人事档案" / "personnel_file",
        Certificate = "单位证明" / "certificate",
        Other = "其他" / "other",
    }
}

/// What proves service in some months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub kind: EvidenceKind,
    pub start: Month,
    /// `None` goes on.
    pub end: Option<Month>,
    pub document: Option<String>,
}

/// One spell of service. `end` = `None` goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    pub origin: Origin,
    pub start: Month,
    pub end: Option<Month>,
    pub employer: String,
    pub kind: Kind,
    pub location: Option<Location>,
    pub category: PostCategory,
}

/// A stretch of months `[start, end)`; `end` = `None` goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub start: Month,
    pub end: Option<Month>,
}

/// Joins stretches that overlap, touch, or begin in the month after the last
/// ended: clerks write a change of post either way (CONTRACT section 3).
/// The result is in order of time and disjoint.
pub fn merge(stretches: impl IntoIterator<Item = Stretch>) -> Vec<Stretch> {
    let mut sorted: Vec<Stretch> = stretches.into_iter().collect();
    sorted.sort_by_key(|s| s.start);
    let mut merged: Vec<Stretch> = Vec::with_capacity(sorted.len());
    for next in sorted {
        match merged.last_mut() {
            Some(last) if last.end.is_none_or(|end| next.start <= end.plus(1)) => {
                last.end = match (last.end, next.end) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
            }
            _ => merged.push(next),
        }
    }
    merged
}

/// Months of the merged stretches up to `month`: what lies later is cut off,
/// what goes on ends there.
pub fn months_until(merged: &[Stretch], month: Month) -> i32 {
    merged
        .iter()
        .map(|s| {
            s.end
                .map_or(month, |end| end.min(month))
                .since(s.start)
                .max(0)
        })
        .sum()
}

/// The first month in which the merged stretches reach `months`, past or
/// future, when what goes on goes on. `None` when they never do.
pub fn reached(merged: &[Stretch], months: i32) -> Option<Month> {
    let mut before = 0;
    for stretch in merged {
        let month = stretch.start.plus((months - before).max(0));
        match stretch.end {
            Some(end) if month > end => before += end.since(stretch.start),
            _ => return Some(month),
        }
    }
    None
}

sound! { Spell { start, end, employer, kind, location, category } where |spell, out| {
    in_order("end", Some(spell.start), spell.end, out);
}}
sound! { Evidence { kind, start, end, document } where |one, out| {
    in_order("end", Some(one.start), one.end, out);
}}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(start: &str, end: &str) -> Stretch {
        Stretch {
            start: start.parse().expect("a month"),
            end: end.parse().ok(),
        }
    }

    fn total(spells: &[(&str, &str)], month: &str) -> i32 {
        let merged = merge(spells.iter().map(|(a, b)| stretch(a, b)));
        months_until(&merged, month.parse().expect("a month"))
    }

    #[test]
    fn spells_merge_before_they_are_added() {
        assert_eq!(total(&[("2000-01", "2001-01")], "2026-11"), 12);
        assert_eq!(
            total(&[("2000-01", "2001-01"), ("2000-06", "2001-06")], "2026-11"),
            17
        );
        assert_eq!(
            total(&[("2000-01", "2001-01"), ("2001-01", "2002-01")], "2026-11"),
            24
        );
        assert_eq!(
            total(&[("2000-01", "2001-01"), ("2001-02", "2002-02")], "2026-11"),
            25,
            "the month between is joined"
        );
        assert_eq!(
            total(&[("2000-01", "2001-01"), ("2001-03", "2002-03")], "2026-11"),
            24
        );
        assert_eq!(total(&[("2000-01", "")], "2000-05"), 4);
        assert_eq!(
            total(&[("2000-01", ""), ("1999-01", "1999-07")], "2000-05"),
            10
        );
        assert_eq!(total(&[("2030-01", "")], "2026-11"), 0);
        assert_eq!(total(&[("2026-01", "2040-01")], "2026-11"), 10);
    }

    #[test]
    fn cutting_and_merging_commute() {
        let spells = [
            ("2000-01", "2001-01"),
            ("2001-02", "2002-02"),
            ("2004-01", ""),
        ];
        for offset in 0..80 {
            let month = Month::from_index(2000 * 12 + offset);
            let cut = spells
                .iter()
                .map(|(a, b)| stretch(a, b))
                .filter(|s| s.start <= month)
                .map(|s| Stretch {
                    end: Some(s.end.map_or(month, |e| e.min(month))),
                    ..s
                });
            let cut_first = months_until(&merge(cut), month);
            assert_eq!(total(&spells, &month.to_string()), cut_first, "{month}");
        }
    }

    #[test]
    fn the_month_it_is_reached() {
        let merged = merge([stretch("2000-01", "2010-01"), stretch("2015-01", "")]);
        assert_eq!(
            reached(&merged, 240).map(|m| m.to_string()).as_deref(),
            Some("2025-01")
        );
        assert_eq!(
            reached(&merged, 120).map(|m| m.to_string()).as_deref(),
            Some("2010-01")
        );
        assert_eq!(reached(&merge([stretch("2000-01", "2010-01")]), 121), None);
        assert_eq!(reached(&[], 1), None);
    }
}
