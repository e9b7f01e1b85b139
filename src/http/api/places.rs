//! Places, checks and refusals as applications, the bench and scenarios show them.

use crate::domain::adoption::Handling;
use crate::domain::promotion::{Check, Finding, Pool};
use crate::domain::refusal::Refusal;
use crate::http::scalar::Word;
use crate::i18n::{Lang, refusal};
use crate::rules::ledger::{PoolPosts, Posts};
use poem_openapi::Object;

/// One reason against something.
#[derive(Debug, Object)]
pub struct Against {
    /// A word for programs.
    code: String,
    /// The same for people.
    message: String,
}

impl Against {
    pub fn new(lang: Lang, reason: &Refusal) -> Self {
        Self {
            code: reason.code().to_owned(),
            message: refusal::refusal(lang, reason),
        }
    }

    pub fn all(lang: Lang, reasons: &[Refusal]) -> Vec<Self> {
        reasons.iter().map(|one| Self::new(lang, one)).collect()
    }
}

/// Something that was asked, and every reason against it.
#[derive(Debug, Object)]
pub struct Checked {
    /// `policy#rule`; null = it follows from the records alone, which nothing lifts.
    rule: Option<String>,
    handling: Word<Handling>,
    passed: bool,
    against: Vec<Against>,
}

impl Checked {
    pub fn new(lang: Lang, check: &Check) -> Self {
        Self {
            rule: check.rule.clone(),
            handling: Word(check.handling),
            passed: !check.is_against(),
            against: match &check.finding {
                Finding::Passed => Vec::new(),
                Finding::Against(reasons) => Against::all(lang, reasons),
            },
        }
    }

    pub fn all(lang: Lang, checks: &[Check]) -> Vec<Self> {
        checks.iter().map(|one| Self::new(lang, one)).collect()
    }
}

/// The places of a pool. Null = not known.
#[derive(Debug, Object)]
pub struct PoolPlaces {
    pool: Word<Pool>,
    limit: Option<i64>,
    counted: i64,
    reserved: i64,
    vacant: Option<i64>,
    over: Option<i64>,
    /// Holders beside the limit; null = this pool has none.
    off_quota: Option<i64>,
}

impl PoolPlaces {
    /// Every pool of an institution.
    pub fn all(posts: &Posts) -> Vec<Self> {
        let pools = Pool::ALL.iter();
        pools
            .map(|pool| Self::new(*pool, posts.pool(*pool)))
            .collect()
    }

    fn new(pool: Pool, posts: PoolPosts) -> Self {
        Self {
            pool: Word(pool),
            limit: posts.limit,
            counted: posts.counted,
            reserved: posts.reserved,
            vacant: posts.vacant,
            over: posts.over,
            off_quota: posts.off_quota,
        }
    }
}
