//! The engine against a plain second reading of the contract (`oracle`), over random data
//! sets. `PROPTEST_CASES=20000 cargo test --test it differential` looks further.

use crate::oracle::{self, COMPARED, INNER_MONGOLIA, XINJIANG};
use crate::support::cases;
use crate::support::engine::Engine;
use crate::support::generate::{County, county};
use proptest::prelude::*;

/// The sets of policies asked for; two more are always loaded.
const SETS: [&[&str]; 4] = [
    &[INNER_MONGOLIA],
    &[XINJIANG],
    &[],
    &[XINJIANG, INNER_MONGOLIA],
];

/// The windows of the off-quota standing are compared; those of others are information.
const WINDOW: &str = "twenty-years-near-retirement";

fn differences(county: &County, policies: &[&str]) -> Vec<String> {
    let engine = Engine::run(&county.register, policies, county.as_of);
    let mut found = engine.answer().only(&COMPARED);
    for person in found.people.values_mut() {
        for ((_, rule), standing) in &mut person.standings {
            if rule != WINDOW {
                (standing.from, standing.until) = (None, None);
            }
        }
    }
    let expected = oracle::answer(&county.register, policies, county.as_of).sorted();
    let mut said = expected.differences(&found, ("contract", "engine"));
    let counties: Vec<String> = engine.data.counties.iter().map(|c| c.to_string()).collect();
    let areas = oracle::areas(&county.register);
    if areas != counties {
        said.push(format!(
            "areas\n    contract: {areas:?}\n    engine: {counties:?}"
        ));
    }
    said
}

proptest! {
    #![proptest_config(cases(400))]

    /// Every number and verdict of CONTRACT sections 3 to 5.
    #[test]
    fn the_engine_says_what_the_contract_says(county in county()) {
        for policies in SETS {
            let said = differences(&county, policies);
            prop_assert!(said.is_empty(), "under {policies:?}:\n{}", said.join("\n"));
        }
    }
}
