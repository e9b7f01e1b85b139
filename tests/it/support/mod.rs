//! What the tests have in common: the shipped policies, random data sets, the engine's
//! results as plain words, and workbooks written for a test.

pub mod answer;
pub mod build;
pub mod conditions;
pub mod county;
pub mod database;
pub mod describe;
pub mod engine;
pub mod generate;
pub mod json;
pub mod library;
pub mod office;
pub mod random_policy;
pub mod recorded;
pub mod records;
pub mod road;
pub mod server;
pub mod workbook;

use proptest::test_runner::Config;

/// So many cases, or as many as `PROPTEST_CASES` says.
pub fn cases(number: u32) -> Config {
    let mut config = Config::default();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = number;
    }
    config.max_shrink_iters = 50_000;
    config
}

/// As many cases as `PROPTEST_CASES` says, or the usual number, for tests that look at
/// several months or data sets a case.
pub fn fewer_cases(number: u32) -> Config {
    let mut config = cases(number);
    if std::env::var_os("PROPTEST_CASES").is_some() {
        config.cases = (config.cases / 10).max(number);
    }
    config
}
