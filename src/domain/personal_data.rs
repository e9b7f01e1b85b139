//! Personal data (个人信息保护法): why it is kept and for how long, what can be asked of it,
//! and when it may be erased.

use super::ids::{NationalId, Sex};
use super::label::labelled;
use super::record::{Id, Version};
use super::record_id::{AccountId, PersonId};
use super::refusal::Refusal;
use super::time::{Date, Timestamp};

labelled! {
    /// Why something about somebody is kept.
    pub enum Purpose {
        Identity = "确认是谁" / "identity",
        Contact = "联系本人" / "contact",
        Posts = "核算编制、岗位和职数" / "posts",
        Career = "资格、聘任和履历的依据" / "career",
        Welfare = "养老、医保和补助" / "welfare",
        SigningIn = "登录和账号安全" / "signing_in",
        Accountability = "谁在何时做了什么" / "accountability",
        Requests = "办理本人的请求" / "requests",
        Messages = "发送提醒" / "messages",
    }
}

labelled! {
    /// For how long.
    pub enum Keeping {
        /// Then the law may still ask that it is kept for some years.
        Employment = "在册期间，离开后再满保存年限" / "employment",
        Account = "账号存续期间" / "account",
        Days = "数日，随后自动删除" / "days",
        Trail = "与审计记录同存；内容可删，链不断" / "trail",
        Always = "长期：谁做的决定须可追溯" / "always",
    }
}

labelled! {
    /// What erasing does to it.
    pub enum Fate {
        /// It names nobody once the rest is gone, and closed years are counted with it.
        Kept = "保留（不再指向个人）" / "kept",
        Cleared = "清空" / "cleared",
        /// Where there has to be something.
        Blanked = "改为 ***" / "blanked",
        /// By a number that nobody has, with the same sex and month of birth.
        Replaced = "换成无人使用的代号" / "replaced",
        /// With the whole row.
        Dropped = "整行删除" / "dropped",
    }
}

/// What stands where something was that must not be empty.
pub const BLANK: &str = "***";

/// For how many years after somebody left the file is kept, where nobody set another
/// number. A reading: ten years is the shortest of the fixed periods for files of state
/// bodies (国家档案局令第8号); which period binds is for the archives of the place to say.
pub const RETENTION_YEARS: i32 = 10;

/// A number that nobody has in place of somebody's: begins with 0, which no place does, and
/// keeps sex and month of birth, with which closed years are counted. `random` makes it one
/// of ten million.
pub fn substitute(number: &NationalId, random: [u8; 8]) -> Option<NationalId> {
    let (year, month, _) = number.birth_date();
    let digits = u64::from_be_bytes(random) % 10_000_000;
    let (place, rest) = (digits / 100, digits % 100);
    let sex = match number.sex() {
        Sex::Male => 1,
        Sex::Female => 2,
    };
    let begin = format!("0{place:05}{year:04}{month:02}01{rest:02}{sex}");
    // exactly one of them is the right one
    let ends = "0123456789X".chars();
    let mut numbers = ends.filter_map(|end| NationalId::read(&format!("{begin}{end}")).ok());
    numbers.next()
}

/// How somebody stands whose data is to be erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub is_erased: bool,
    /// Recorded as employed today or later.
    pub is_employed: bool,
    /// The last day on which they were; `None` = never.
    pub last_day: Option<Date>,
    /// Something they asked for is still open.
    pub asks: bool,
    /// An application of theirs is on its way, or waits for its day.
    pub applies: bool,
}

/// Whether data may be erased today: every reason why not.
pub fn may_erase(standing: &Standing, years: i32, today: Date) -> Result<(), Vec<Refusal>> {
    if standing.is_erased {
        return Err(vec![Refusal::AlreadyErased]);
    }
    let mut refusals = Vec::new();
    if standing.is_employed {
        refusals.push(Refusal::StillEmployed);
    } else if let Some(until) = standing.last_day.map(|day| kept_until(day, years))
        && today < until
    {
        refusals.push(Refusal::RetentionRuns { until });
    }
    if standing.asks {
        refusals.push(Refusal::CorrectionOpen);
    }
    if standing.applies {
        refusals.push(Refusal::ApplicationOpen);
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

/// The first day on which a file need not be kept any more: so many years after the last
/// day, by the calendar.
fn kept_until(last: Date, years: i32) -> Date {
    let (year, month, day) = last.parts();
    let later = year.saturating_add(years);
    // the last of February, where there is no such day
    let same = Date::new(later, month, day).or_else(|| Date::new(later, month, 28));
    same.unwrap_or(Date::LAST)
}

labelled! {
    /// What became of a request to correct something.
    pub enum RequestState {
        Open = "待处理" / "open",
        Corrected = "已更正" / "corrected",
        Declined = "不予更正" / "declined",
    }
}

/// A request to correct one's own file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionRequest {
    pub id: CorrectionId,
    pub version: Version,
    pub person: PersonId,
    pub account: AccountId,
    pub requested: Timestamp,
    /// Which entry of the file.
    pub entry: String,
    /// What it should say.
    pub wanted: String,
    pub grounds: String,
    pub state: RequestState,
    pub decision: Option<CorrectionDecision>,
}

/// Identifier of a request to correct something.
pub type CorrectionId = Id<CorrectionRequest>;

/// What an office made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionDecision {
    pub at: Timestamp,
    pub by: AccountId,
    pub answer: String,
}

impl CorrectionRequest {
    /// The request after an office decided on it; once.
    pub fn decide(
        mut self,
        corrected: bool,
        decision: CorrectionDecision,
    ) -> Result<Self, Refusal> {
        if self.state != RequestState::Open {
            return Err(Refusal::RequestClosed);
        }
        self.state = match corrected {
            true => RequestState::Corrected,
            false => RequestState::Declined,
        };
        self.decision = Some(decision);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn left(on: &str) -> Standing {
        Standing {
            is_erased: false,
            is_employed: false,
            last_day: Some(day(on)),
            asks: false,
            applies: false,
        }
    }

    #[test]
    fn files_are_kept_for_some_years() {
        let standing = left("2016-02-29");
        let until = day("2026-02-28");
        assert_eq!(may_erase(&standing, 10, until), Ok(()));
        let before = day("2026-02-27");
        let refused = may_erase(&standing, 10, before);
        assert_eq!(refused, Err(vec![Refusal::RetentionRuns { until }]));
        assert_eq!(may_erase(&standing, 0, before), Ok(()));
        let never = Standing {
            last_day: None,
            ..standing
        };
        assert_eq!(may_erase(&never, 10, before), Ok(()));
    }

    #[test]
    fn every_reason_is_told() {
        let standing = Standing {
            is_employed: true,
            asks: true,
            applies: true,
            ..left("2026-01-01")
        };
        let refused = may_erase(&standing, 10, day("2026-11-22"));
        let all = vec![
            Refusal::StillEmployed,
            Refusal::CorrectionOpen,
            Refusal::ApplicationOpen,
        ];
        assert_eq!(refused, Err(all));
        let again = Standing {
            is_erased: true,
            ..standing
        };
        let refused = may_erase(&again, 10, day("2026-11-22"));
        assert_eq!(refused, Err(vec![Refusal::AlreadyErased]));
    }

    proptest! {
        #[test]
        fn a_substitute_counts_as_the_person_did(random: [u8; 8]) {
            for text in ["11010519491231002X", "440524188001010014"] {
                let number = NationalId::read(text).expect("published as valid");
                let other = substitute(&number, random).expect("a number");
                prop_assert_eq!(other.birth_month(), number.birth_month());
                prop_assert_eq!(other.sex(), number.sex());
                prop_assert_ne!(other, number);
                prop_assert!(other.as_str().starts_with('0'));
            }
        }
    }
}
