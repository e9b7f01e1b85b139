//! What must hold whatever the figures are: order means nothing, what is divided stays
//! the same, more of what is allowed breaks nothing, more service takes nothing away, and
//! the ways to ask (batch, explanation, one thread, several, later months) agree.

use crate::oracle::{self, INNER_MONGOLIA, XINJIANG};
use crate::support::answer::Answer;
use crate::support::conditions::Asked;
use crate::support::engine::Engine;
use crate::support::generate::{County, county, county_of};
use crate::support::random_policy::{self, RandomPolicy};
use crate::support::{cases, fewer_cases, library};
use dinggang::domain::institution::{ApprovedPosts, Kind};
use dinggang::domain::month::Month;
use dinggang::domain::post::{Level, Manner, PostCategory};
use dinggang::domain::register::Register;
use dinggang::domain::service::{Location, Spell};
use dinggang::domain::staff::History;
use dinggang::policy::plan::Plan;
use dinggang::rules::verdict::Verdict;
use dinggang::rules::{explain, forecast, members};
use proptest::prelude::*;
use proptest::sample::Index;

/// Everything every shipped policy says.
fn everything(register: &Register, as_of: Month) -> Answer {
    Engine::run(register, &library::all_ids(), as_of).answer()
}

fn same(before: &Answer, after: &Answer) -> Result<(), TestCaseError> {
    let said = before.differences(after, ("before", "after"));
    prop_assert!(said.is_empty(), "{}", said.join("\n"));
    Ok(())
}

/// Any order of `n` things.
fn order(n: usize, mut seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for at in (1..n).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let other = usize::try_from(seed >> 33).expect("31 bits") % (at + 1);
        order.swap(at, other);
    }
    order
}

fn reordered<T: Clone>(rows: &[T], seed: u64) -> Vec<T> {
    let order = order(rows.len(), seed);
    order.into_iter().map(|at| rows[at].clone()).collect()
}

fn shuffled(register: &Register, seed: u64) -> Register {
    let places = order(register.institutions.len(), seed);
    let moved = |from: usize| places.iter().position(|at| *at == from).expect("every one");
    let mut people = reordered(&register.people, seed ^ 1);
    for person in &mut people {
        person.institution = moved(person.institution);
        if let History::Spells(spells) = &mut person.history {
            *spells = reordered(spells, seed ^ 2);
        }
    }
    Register {
        sources: register.sources.clone(),
        institutions: places
            .iter()
            .map(|at| register.institutions[*at].clone())
            .collect(),
        people,
        rural_doctors: reordered(&register.rural_doctors, seed ^ 3),
        places: reordered(&register.places, seed ^ 4),
    }
}

fn spells_of(register: &mut Register) -> impl Iterator<Item = &mut Vec<Spell>> {
    let people = register.people.iter_mut();
    people.filter_map(|person| match &mut person.history {
        History::Spells(spells) if !spells.is_empty() => Some(spells),
        _ => None,
    })
}

/// Divides one spell of everybody at some month: the second part begins in the month in
/// which the first ended, or in the next.
fn divided(county: &County, at: Index, cut: Index, next_month: bool) -> Register {
    let mut register = county.register.clone();
    for spells in spells_of(&mut register) {
        let spell = at.get(spells).clone();
        let end = spell.end.unwrap_or(county.as_of.plus(30));
        let from = i32::from(next_month);
        let room = end.since(spell.start) - from;
        if room < 0 {
            continue;
        }
        let room = usize::try_from(room).expect("not negative") + 1;
        let months = i32::try_from(cut.index(room)).expect("few");
        let (first, second) = (spell.start.plus(months), spell.start.plus(months + from));
        let position = at.index(spells.len());
        spells[position].end = Some(first);
        spells.push(Spell {
            start: second,
            ..spell
        });
    }
    register
}

proptest! {
    #![proptest_config(cases(150))]

    /// The order of rows is how a clerk happened to type them.
    #[test]
    fn order_of_rows_means_nothing(county in county(), seed in any::<u64>()) {
        let before = everything(&county.register, county.as_of);
        let after = everything(&shuffled(&county.register, seed), county.as_of);
        same(&before, &after)?;
    }

    /// "Spells … are merged when they overlap, touch, or the next begins in the month
    /// after the last ended (clerks write either)" (CONTRACT section 3).
    #[test]
    fn a_divided_spell_is_the_same_spell(
        county in county(),
        at in any::<Index>(),
        cut in any::<Index>(),
        next_month in any::<bool>(),
    ) {
        let before = everything(&county.register, county.as_of);
        let after = everything(&divided(&county, at, cut, next_month), county.as_of);
        same(&before, &after)?;
    }
}

// --------------------------------------------------------------------- monotony

/// Rules that more posts can only ease.
const CAPS: [&str; 4] = [
    "approved-posts",
    "senior-cap",
    "intermediate-cap",
    "directed-posts",
];

/// The failing findings of those rules, as institution, rule and subject.
fn broken(register: &Register, as_of: Month) -> Vec<(String, String, Option<String>)> {
    let answer = Engine::run(register, &[INNER_MONGOLIA], as_of).answer();
    let mut broken = Vec::new();
    for (code, institution) in answer.institutions {
        for finding in institution.findings {
            if finding.verdict == "fails" && CAPS.contains(&finding.rule.as_str()) {
                broken.push((code.clone(), finding.rule, finding.subject));
            }
        }
    }
    broken
}

fn raise(number: &mut Option<u32>, by: u32) {
    *number = number.map(|n| n + by);
}

proptest! {
    #![proptest_config(cases(150))]

    /// A post more never breaks a limit that was kept.
    #[test]
    fn more_posts_break_nothing(
        county in county(),
        which in 0_usize..5,
        by in 1_u32..4,
    ) {
        let mut register = county.register.clone();
        for institution in &mut register.institutions {
            let posts: &mut ApprovedPosts = &mut institution.posts;
            let number = match which {
                0 => &mut posts.senior,
                1 => &mut posts.intermediate,
                2 => &mut posts.junior,
                3 => &mut posts.directed,
                _ => &mut posts.professional,
            };
            raise(number, by);
        }
        let before = broken(&county.register, county.as_of);
        for broken in broken(&register, county.as_of) {
            prop_assert!(before.contains(&broken), "now broken: {broken:?}");
        }
    }

    /// Service only adds: nobody loses what they had, or months, by having served longer.
    #[test]
    fn more_service_takes_nothing_away(
        county in county(),
        at in any::<Index>(),
        how in 0_usize..3,
        months in 1_i32..30,
    ) {
        let mut register = county.register.clone();
        for spells in spells_of(&mut register) {
            let position = at.index(spells.len());
            let spell = &mut spells[position];
            match how {
                0 => spell.start = spell.start.plus(-months),
                1 => spell.end = spell.end.map(|end| end.plus(months)),
                _ => {
                    let mut other = spell.clone();
                    other.kind = Kind::TownshipHealthCentre;
                    other.location = Some(Location::Township);
                    other.category = PostCategory::Professional;
                    other.end = Some(other.start.plus(-5));
                    other.start = other.start.plus(-5 - months);
                    spells.push(other);
                }
            }
        }
        let before = everything(&county.register, county.as_of);
        let after = everything(&register, county.as_of);
        for (id, person) in &before.people {
            let now = &after.people[id];
            prop_assert!(now.primary_service_months >= person.primary_service_months);
            prop_assert!(now.township_service_months >= person.township_service_months);
            for (rule, standing) in &person.standings {
                let now = now.standings.get(rule).map(|standing| standing.verdict);
                let had_it = matches!(standing.verdict, "holds" | "judgement");
                prop_assert!(
                    !had_it || now == Some(standing.verdict),
                    "{id} {rule:?}: {} became {now:?}",
                    standing.verdict
                );
            }
        }
        for (code, institution) in &before.institutions {
            for (level, posts) in &institution.posts {
                let now = after.institutions[code].posts[level];
                prop_assert!(now.ordinary <= posts.ordinary, "{code} {level}");
            }
        }
    }
}

// ----------------------------------------------------- the ways to ask agree

/// What the batch says of everybody is what the explanation says.
fn batch_is_explanation(engine: &Engine) -> Result<(), TestCaseError> {
    let people = &engine.assessment.people;
    for row in 0..engine.register.people.len() {
        let trace = explain::person(&engine.plan, &engine.data, row);
        let id = engine.register.people[row].id;
        let month = trace.retirement.map(|retirement| retirement.month);
        prop_assert_eq!(people.retirement(row), month, "retirement of {}", id);
        prop_assert_eq!(people.ledger(row), trace.ledger, "ledger of {}", id);
        prop_assert_eq!(trace.clocks.len(), engine.plan.clocks.len());
        for (at, clock) in trace.clocks.iter().enumerate() {
            let name = engine.plan.facts.name(clock.fact);
            prop_assert_eq!(people.service(row, at), clock.months, "{} of {}", name, id);
        }
        prop_assert_eq!(trace.standings.len(), engine.plan.standings.len());
        for (at, standing) in trace.standings.iter().enumerate() {
            let rule = &engine.rule(standing.rule).1.id;
            prop_assert_eq!(
                people.verdict(row, at),
                standing.verdict,
                "{} of {}",
                rule,
                id
            );
            let window = explain::window(&engine.plan, &engine.data, row, at);
            let decided = standing.verdict.is_some_and(|v| v != Verdict::Unknown);
            prop_assert!(!decided || window == standing.window, "window of {rule}");
        }
    }
    Ok(())
}

/// The people listed behind a number are as many as the number says.
fn counts_have_their_people(engine: &Engine) -> Result<(), TestCaseError> {
    for (at, institution) in engine.assessment.institutions.iter().enumerate() {
        for finding in &institution.findings {
            let rule = &engine.rule(finding.rule).1.id;
            let people = members::counted(
                &engine.plan,
                &engine.data,
                &engine.assessment.people,
                finding,
                at,
            );
            // a need served earlier takes people out of the number, not out of the list
            let counts_people = !people.is_empty() && rule != "rehab-bed-staff";
            let number = i64::try_from(people.len()).expect("few");
            prop_assert!(
                !counts_people || finding.counted == Some(number),
                "{rule} at {at}: counted {:?}, lists {people:?}",
                finding.counted
            );
        }
    }
    Ok(())
}

/// Every rule of a random policy says of everybody what its own words say.
fn means_what_it_says(policy: &RandomPolicy, engine: &Engine) -> Result<(), TestCaseError> {
    let people = &engine.assessment.people;
    for (row, person) in engine.register.people.iter().enumerate() {
        let asked = Asked {
            register: engine.register,
            person,
            as_of: engine.plan.as_of,
        };
        for (at, standing) in engine.plan.standings.iter().enumerate() {
            let id = &engine.rule(standing.rule).1.id;
            let Some(rule) = policy.rule(id) else {
                continue;
            };
            let found = people.verdict(row, at).map(|verdict| verdict.key());
            prop_assert_eq!(rule.verdict(asked), found, "{} of {}", id, person.id);
        }
    }
    for (at, institution) in engine.assessment.institutions.iter().enumerate() {
        for finding in &institution.findings {
            let id = &engine.rule(finding.rule).1.id;
            let Some(number) = id.strip_prefix('c') else {
                continue;
            };
            let who = &policy.counts[number.parse::<usize>().expect("a number")];
            let own = engine
                .register
                .people
                .iter()
                .filter(|p| p.institution == at);
            let counted = own.filter(|person| {
                let asked = Asked {
                    register: engine.register,
                    person,
                    as_of: engine.plan.as_of,
                };
                who.applies(asked) == Some(true)
            });
            let counted = i64::try_from(counted.count()).expect("few");
            prop_assert_eq!(finding.counted, Some(counted), "{} at {}", id, at);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(150))]

    /// Under every shipped policy at once.
    #[test]
    fn batch_and_explanation_agree(county in county()) {
        let engine = Engine::run(&county.register, &library::all_ids(), county.as_of);
        batch_is_explanation(&engine)?;
        counts_have_their_people(&engine)?;
    }

    /// Under rules nobody thought of, written as a policy file and read by the loader.
    #[test]
    fn random_rules_mean_what_they_say(
        county in county(),
        policy in random_policy::policy(),
    ) {
        let engine = Engine::with_plan(&county.register, policy.plan(county.as_of));
        means_what_it_says(&policy, &engine)?;
        batch_is_explanation(&engine)?;
        counts_have_their_people(&engine)?;
    }
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.expect("threads").install(work)
}

/// Several blocks of sixty-four people, whoever they are.
fn many_times(register: &Register, rows: usize) -> Register {
    let mut many = register.clone();
    let people = register.people.iter().cycle().take(rows);
    many.people = people.cloned().collect();
    many
}

proptest! {
    #![proptest_config(fewer_cases(30))]

    /// How the rows are divided among threads, and where blocks end, changes nothing.
    #[test]
    fn threads_change_nothing(
        county in county_of(1..5, 1..9),
        rows in prop_oneof![Just(64_usize), Just(65), Just(128), 1_usize..400],
    ) {
        let register = many_times(&county.register, rows);
        let run = |threads: usize| {
            on_threads(threads, || {
                Engine::run(&register, &[INNER_MONGOLIA, XINJIANG], county.as_of)
            })
        };
        let one = run(1);
        for threads in [2, 3] {
            let other = run(threads);
            let (a, b) = (&one.assessment, &other.assessment);
            prop_assert_eq!(&a.institutions, &b.institutions);
            prop_assert_eq!(&a.counties, &b.counties);
            prop_assert_eq!(&a.consortia, &b.consortia);
            prop_assert_eq!(&a.rural_doctors, &b.rural_doctors);
            for row in 0..register.people.len() {
                let of = |engine: &Engine| {
                    let people = &engine.assessment.people;
                    let standings = 0..engine.plan.standings.len();
                    let clocks = 0..engine.plan.clocks.len();
                    (
                        people.retirement(row),
                        people.ledger(row),
                        standings.map(|at| people.verdict(row, at)).collect::<Vec<_>>(),
                        clocks.map(|at| people.service(row, at)).collect::<Vec<_>>(),
                    )
                };
                prop_assert_eq!(of(&one), of(&other), "row {}", row);
            }
        }
    }

    /// A row of a large data set says what it says in a small one.
    #[test]
    fn company_changes_nothing(county in county_of(1..4, 1..9), rows in 60_usize..200) {
        let few = Engine::run(&county.register, &[INNER_MONGOLIA, XINJIANG], county.as_of);
        let register = many_times(&county.register, rows);
        let many = Engine::run(&register, &[INNER_MONGOLIA, XINJIANG], county.as_of);
        for row in 0..rows {
            let small = row % county.register.people.len();
            let (a, b) = (&few.assessment.people, &many.assessment.people);
            prop_assert_eq!(a.retirement(small), b.retirement(row));
            prop_assert_eq!(a.ledger(small), b.ledger(row));
            for at in 0..few.plan.standings.len() {
                prop_assert_eq!(a.verdict(small, at), b.verdict(row, at));
            }
        }
    }
}

// ------------------------------------------------------------------ other months

/// The plan of the same policies for another month.
fn at_month(plan: &Plan, as_of: Month) -> Plan {
    library::compile(plan.policies.clone(), as_of)
}

/// The verdict of one person's standing in some month.
fn verdict_at(
    register: &Register,
    plan: &Plan,
    row: usize,
    standing: usize,
    as_of: Month,
) -> Option<Verdict> {
    let engine = Engine::with_plan(register, at_month(plan, as_of));
    engine.assessment.people.verdict(row, standing)
}

fn good(verdict: Option<Verdict>) -> bool {
    matches!(verdict, Some(Verdict::Holds | Verdict::Judgement))
}

/// Months at which something may turn, and some between.
fn turning_points(county: &County, row: usize) -> Vec<Month> {
    let person = &county.register.people[row];
    let mut months = vec![county.as_of];
    let mut add = |month: Month, more: &[i32]| {
        months.extend(more.iter().map(|by| month.plus(*by)));
    };
    add(county.as_of, &[-500, -100, -13, -1, 1, 11, 100, 600]);
    let left = oracle::months_to_retirement(person, county.as_of);
    let retirement = county.as_of.plus(i32::try_from(left).expect("few"));
    add(retirement, &[-241, -240, -61, -60, -59, -30, -1, 0, 1]);
    for spell in person.history.spells() {
        add(spell.start, &[-1, 0, 1, 12, 59, 60, 239, 240, 241]);
        if let Some(end) = spell.end {
            add(end, &[-1, 0, 1]);
        }
    }
    months.sort_unstable();
    months.dedup();
    months
}

proptest! {
    #![proptest_config(fewer_cases(40))]

    /// `from` is the month in which it first holds, and `until` the last: evaluated again
    /// with `as_of` there it holds, a month before and a month after it does not.
    #[test]
    fn windows_of_shipped_rules_come_true(county in county_of(1..3, 1..5)) {
        let engine = Engine::run(&county.register, &[INNER_MONGOLIA], county.as_of);
        let near = engine.standing("twenty-years-near-retirement");
        for row in 0..county.register.people.len() {
            let verdict = engine.assessment.people.verdict(row, near);
            if !matches!(verdict, Some(Verdict::Holds | Verdict::Fails)) {
                continue;
            }
            let at = |month| verdict_at(&county.register, &engine.plan, row, near, month);
            let Some(window) = explain::window(&engine.plan, &engine.data, row, near) else {
                for month in turning_points(&county, row) {
                    prop_assert!(!good(at(month)), "{month}: no window, and it holds");
                }
                continue;
            };
            let (from, until) = (window.from, window.until);
            let (Some(from), Some(until)) = (from, until) else {
                return Err(TestCaseError::fail("the window has both ends"));
            };
            prop_assert!(from <= until);
            prop_assert_eq!(at(from), Some(Verdict::Holds), "from {}", from);
            prop_assert_eq!(at(until), Some(Verdict::Holds), "until {}", until);
            prop_assert_eq!(at(from.plus(-1)), Some(Verdict::Fails), "before {}", from);
            prop_assert_eq!(at(until.plus(1)), Some(Verdict::Fails), "after {}", until);
        }
    }

    /// The same for rules nobody thought of, against the meaning of their words.
    #[test]
    fn windows_of_random_rules_come_true(
        county in county_of(1..3, 1..5),
        policy in random_policy::steady_rule(),
    ) {
        let engine = Engine::with_plan(&county.register, policy.plan(county.as_of));
        let rule = &policy.rules[0];
        for (row, person) in county.register.people.iter().enumerate() {
            let asked = |as_of: Month| Asked { register: &county.register, person, as_of };
            let verdict = engine.assessment.people.verdict(row, 0);
            if !matches!(verdict, Some(v) if v != Verdict::Unknown) {
                continue;
            }
            let Some(when) = rule.demanded(asked(county.as_of)) else { continue };
            let is_met = |month: Month| when.met(asked(month)) == Some(true);
            let months = turning_points(&county, row);
            let Some(window) = explain::window(&engine.plan, &engine.data, row, 0) else {
                for month in months {
                    prop_assert!(!is_met(month), "{month}: no window, and it is met");
                }
                continue;
            };
            for month in months {
                let before = window.from.is_some_and(|from| month < from);
                let inside = !before && window.until.is_none_or(|until| month <= until);
                prop_assert!(!before || !is_met(month), "{month} before {window:?}");
                prop_assert!(!inside || is_met(month), "{month} inside {window:?}");
            }
            if let Some(from) = window.from {
                prop_assert!(is_met(from) && !is_met(from.plus(-1)), "{window:?}");
            }
            if let Some(until) = window.until {
                prop_assert!(is_met(until) && !is_met(until.plus(1)), "{window:?}");
            }
        }
    }
}

/// The forecast for a month is what an evaluation in that month gives once those who have
/// retired by then are gone.
fn forecast_comes_true(county: &County, plan: Plan, ahead: &[u32]) -> Result<(), TestCaseError> {
    let engine = Engine::with_plan(&county.register, plan);
    let posts: Vec<_> = engine
        .assessment
        .institutions
        .iter()
        .map(|i| i.posts)
        .collect();
    let furthest = ahead.iter().copied().max().unwrap_or(1);
    let forecasts = forecast::forecast(
        &engine.plan,
        &engine.data,
        &engine.assessment.people,
        &posts,
        furthest,
    );
    for months in ahead {
        let month = county.as_of.plus(i32::try_from(*months).expect("few"));
        let retired = |row: usize| {
            let retirement = engine.assessment.people.retirement(row);
            retirement.is_some_and(|retirement| retirement < month)
        };
        let mut register = county.register.clone();
        let mut gone = Vec::new();
        let people = register.people.drain(..).enumerate();
        let (left, kept): (Vec<_>, Vec<_>) = people.partition(|(row, _)| retired(*row));
        gone.extend(left.into_iter().map(|(_, person)| person));
        register.people = kept.into_iter().map(|(_, person)| person).collect();
        let then = Engine::with_plan(&register, at_month(&engine.plan, month));
        for (at, result) in then.assessment.institutions.iter().enumerate() {
            let (said, levels) = forecasts[at].months[*months as usize - 1];
            prop_assert_eq!(said, month);
            for (level, outlook) in Level::ALL.iter().zip(levels) {
                let posts = result.posts.level(*level);
                let what = format!("{month}, institution {at}, {}", level.key());
                prop_assert_eq!(outlook.counted, posts.counted(), "counted in {}", &what);
                prop_assert_eq!(outlook.off_quota, posts.off_quota, "off quota in {}", &what);
                prop_assert_eq!(outlook.vacant, posts.vacant(), "vacant in {}", &what);
                let own = gone.iter().filter(|person| {
                    let pool = matches!(person.manner, Manner::Directed | Manner::Special);
                    let here = person.institution == at && person.occupies() == Some(*level);
                    here && !pool
                });
                let own = i64::try_from(own.count()).expect("few");
                prop_assert_eq!(outlook.retired, own, "retired by {}", &what);
            }
        }
    }
    Ok(())
}

const AHEAD: [u32; 9] = [1, 2, 23, 24, 58, 59, 60, 61, 62];

proptest! {
    #![proptest_config(fewer_cases(60))]

    #[test]
    fn forecasts_come_true(county in county(), more in 1_u32..130) {
        let ahead: Vec<u32> = AHEAD.into_iter().chain([more]).collect();
        let plan = library::plan(&[INNER_MONGOLIA], county.as_of);
        forecast_comes_true(&county, plan, &ahead)?;
    }

    /// Under other exemptions than the shipped one.
    #[test]
    fn forecasts_under_random_exemptions_come_true(
        county in county_of(1..3, 1..7),
        policy in random_policy::exemptions(),
        more in 1_u32..130,
    ) {
        let ahead: Vec<u32> = AHEAD.into_iter().chain([more]).collect();
        forecast_comes_true(&county, policy.plan(county.as_of), &ahead)?;
    }
}
