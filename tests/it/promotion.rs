//! The road of an application: every pair of state and command, the drawing in the docs,
//! and what each step does to the file.

use crate::support::records::day;
use dinggang::domain::calendar::Calendar;
use dinggang::domain::promotion::{
    Application, Command, Holder, Kind, Move, Outcome, Pool, ReturnTo, Route, State, Subject,
    Target, next,
};
use dinggang::domain::promotion::{Moment, Objection};
use dinggang::domain::record::Id;
use dinggang::domain::record_id::AccountId;
use dinggang::domain::refusal::Refusal;
use dinggang::domain::rights::{Hand, Office};
use dinggang::domain::time::{Date, Timestamp};
use dinggang::domain::title::Rank;
use dinggang::policy::calendar::calendar;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const CITY: [Office; 2] = [Office::CityHealth, Office::CityHumanResources];

fn hand(number: u8) -> Hand {
    Hand {
        account: AccountId::new(Timestamp::from_micros(0), [number; 10]),
        person: None,
    }
}

fn at<'a>(calendar: &'a Calendar, day: Date, office: Office) -> Moment<'a> {
    Moment {
        now: day.begins().plus_seconds(9 * 3600),
        hand: hand(1),
        office,
        calendar,
    }
}

fn draft(kind: Kind) -> Application {
    let target = Target {
        rank: Rank::AssociateSenior,
        grade: None,
        institution: None,
        on: None,
    };
    let now = day("2026-11-02").begins();
    let subject = Subject {
        kind,
        person: Id::new(now, [1; 10]),
        institution: Id::new(now, [2; 10]),
        round: None,
        target,
        merits: "2024、2025 年度考核优秀".to_owned(),
    };
    Application::draft(Id::new(now, [3; 10]), subject, now)
}

fn route(steps: &[Office]) -> Route {
    Route {
        steps: steps.to_vec(),
        opinions: Vec::new(),
    }
}

/// A road driven day by day.
struct Road {
    calendar: Calendar,
    now: Application,
    day: Date,
}

impl Road {
    fn new(kind: Kind) -> Self {
        Self {
            calendar: calendar([]),
            now: draft(kind),
            day: day("2026-11-02"),
        }
    }

    fn refused(&self, office: Office, command: &Command) -> Vec<Refusal> {
        let moment = at(&self.calendar, self.day, office);
        self.now.apply(command, &moment).expect_err("refused")
    }

    fn go(&mut self, office: Office, command: &Command) -> &mut Self {
        let moment = at(&self.calendar, self.day, office);
        let after = self.now.apply(command, &moment);
        self.now = after.unwrap_or_else(|against| panic!("{command:?}: {against:?}"));
        self
    }

    fn on(&mut self, text: &str) -> &mut Self {
        self.day = day(text);
        self
    }

    /// To the authorities of a route, on 2026-11-10.
    fn to_review(steps: &[Office], kind: Kind) -> Self {
        let mut road = Self::new(kind);
        let house = Office::InstitutionHr;
        road.go(Office::Staff, &Command::Submit);
        road.go(
            house,
            &Command::Take {
                route: route(steps),
            },
        );
        road.go(house, &recommend());
        if kind.needs_notice() {
            road.go(house, &Command::Publish { working_days: 5 });
            road.on("2026-11-10").go(house, &Command::Close);
        }
        road
    }
}

fn recommend() -> Command {
    Command::Recommend {
        pool: Some(Pool::Senior),
        policies: "a".to_owned(),
    }
}

/// An application in a state, on 2026-11-10, by the usual road.
fn in_state(state: State) -> Road {
    let house = Office::InstitutionHr;
    let mut road = Road::new(Kind::Appointment);
    let reason = || "不再申报".to_owned();
    match state {
        State::Draft => {}
        State::Submitted => {
            road.go(Office::Staff, &Command::Submit);
        }
        State::InstitutionReview => {
            road = in_state(State::Submitted);
            road.go(
                house,
                &Command::Take {
                    route: route(&CITY),
                },
            );
        }
        State::Recommended => {
            road = in_state(State::InstitutionReview);
            road.go(house, &recommend());
        }
        State::Notice => {
            road = in_state(State::Recommended);
            road.on("2026-11-02");
            road.go(house, &Command::Publish { working_days: 5 });
            road.go(
                Office::Staff,
                &Command::Object {
                    text: "论文存疑".to_owned(),
                },
            );
        }
        State::Review => road = Road::to_review(&CITY, Kind::Appointment),
        State::Approved | State::Effective => {
            road = in_state(State::Review);
            road.go(CITY[0], &Command::Approve { effective: None });
            let later = (state == State::Approved).then(|| day("2026-12-01"));
            road.go(CITY[1], &Command::Approve { effective: later });
        }
        State::Filed => {
            road = Road::to_review(&[Office::ConsortiumHr], Kind::Appointment);
            road.go(Office::ConsortiumHr, &Command::Approve { effective: None });
        }
        State::Rejected => {
            road = in_state(State::Review);
            road.go(CITY[0], &Command::Reject { reason: reason() });
        }
        State::Withdrawn => {
            road.go(Office::Staff, &Command::Withdraw { reason: reason() });
        }
        State::Lapsed => {
            road.go(Office::Administrator, &Command::Lapse);
        }
        State::Revoked => {
            road = in_state(State::Effective);
            road.go(CITY[1], &Command::Revoke { reason: reason() });
        }
    }
    assert_eq!(road.now.state, state);
    road.on("2026-11-10");
    road
}

/// Ways to make a move, each of which goes through wherever it is in turn.
fn ways(made: Move, road: &Road) -> Vec<(Office, Command)> {
    let house = Office::InstitutionHr;
    let holder = match road.now.holder() {
        Holder::Office(office) => office,
        _ => CITY[1],
    };
    let words = || "如下".to_owned();
    let list = || vec!["缺少考核表".to_owned()];
    let resolve = |outcome| Command::Resolve {
        objection: 0,
        outcome,
        answer: words(),
    };
    let give_back = |to| Command::Return {
        to,
        defects: list(),
    };
    let all = match made {
        Move::Edit => vec![Command::Edit {
            target: road.now.target.clone(),
            merits: words(),
        }],
        Move::Attach => vec![Command::Attach],
        Move::Comment => vec![Command::Comment { text: words() }],
        Move::Submit => vec![Command::Submit],
        Move::Take => vec![Command::Take {
            route: route(&CITY),
        }],
        Move::Decline => vec![Command::Decline { defects: list() }],
        Move::Recommend => vec![recommend()],
        Move::Publish => vec![Command::Publish { working_days: 5 }],
        Move::Object => vec![Command::Object { text: words() }],
        Move::Resolve => vec![resolve(Outcome::Upheld), resolve(Outcome::Dismissed)],
        Move::Close => vec![Command::Close],
        Move::Opine => vec![Command::Opine {
            favourable: true,
            text: words(),
        }],
        Move::Approve => vec![
            Command::Approve { effective: None },
            Command::Approve {
                effective: Some(day("2026-12-01")),
            },
        ],
        Move::Return => vec![
            give_back(ReturnTo::Applicant),
            give_back(ReturnTo::Institution),
            give_back(ReturnTo::Step(0)),
        ],
        Move::Reject => vec![Command::Reject { reason: words() }],
        Move::Withdraw => vec![Command::Withdraw { reason: words() }],
        Move::Lapse => vec![Command::Lapse],
        Move::TakeEffect => vec![Command::TakeEffect],
        Move::ObjectToFiled => vec![Command::ObjectToFiled { reason: words() }],
        Move::Revoke => vec![Command::Revoke { reason: words() }],
    };
    let office = match made {
        Move::Approve | Move::Return | Move::Reject => holder,
        Move::Opine => Office::CityDrugRegulator,
        _ => house,
    };
    all.into_iter().map(|command| (office, command)).collect()
}

/// The same application in the variants that a move needs to reach all its ends.
fn variants(state: State, made: Move) -> Vec<Road> {
    let mut roads = vec![in_state(state)];
    match (state, made) {
        (State::Notice, Move::Close) => {
            for objection in &mut roads[0].now.objections {
                let resolved = dinggang::domain::promotion::Resolution {
                    at: objection.raised,
                    outcome: Outcome::Dismissed,
                    answer: "不成立".to_owned(),
                };
                *objection = Objection {
                    resolved: Some(resolved),
                    ..objection.clone()
                };
            }
        }
        (State::Review, Move::Opine) => {
            roads[0].now.route.opinions = vec![Office::CityDrugRegulator];
        }
        (State::Review, Move::Approve) => {
            let mut last = in_state(State::Review);
            last.go(CITY[0], &Command::Approve { effective: None });
            roads.push(last);
            roads.push(Road::to_review(&[Office::ConsortiumHr], Kind::Appointment));
        }
        (State::Review, Move::Return) => {
            roads[0].go(CITY[0], &Command::Approve { effective: None });
        }
        (State::InstitutionReview, Move::Recommend) => {
            let mut short = in_state(State::InstitutionReview);
            short.now.kind = Kind::Lower;
            roads.push(short);
        }
        (State::Approved | State::Filed, Move::TakeEffect) => {
            roads[0].on("2026-12-01");
        }
        _ => {}
    }
    roads
}

#[test]
fn every_pair_of_state_and_move() {
    let mut reached: BTreeMap<(State, Move), BTreeSet<State>> = BTreeMap::new();
    for (state, made) in pairs() {
        let allowed = next(state, made);
        for road in variants(state, made) {
            for (office, command) in ways(made, &road) {
                let moment = at(&road.calendar, road.day, office);
                let result = road.now.apply(&command, &moment);
                if allowed.is_empty() {
                    let out_of_turn = Refusal::OutOfTurn { state, tried: made };
                    assert_eq!(result, Err(vec![out_of_turn]), "{command:?}");
                    continue;
                }
                match result {
                    Ok(after) => {
                        assert!(allowed.contains(&after.state), "{state:?} {command:?}");
                        reached
                            .entry((state, made))
                            .or_default()
                            .insert(after.state);
                        keeps_its_places(&road.now, &after, road.day);
                    }
                    // a consortium's decision waits for the county, and the like
                    Err(against) => assert!(
                        !matches!(against[..], [Refusal::OutOfTurn { .. }]),
                        "{state:?} {command:?}: {against:?}"
                    ),
                }
            }
        }
    }
    for (state, made) in pairs() {
        let allowed: BTreeSet<State> = next(state, made).iter().copied().collect();
        let reached = reached.remove(&(state, made)).unwrap_or_default();
        assert_eq!(reached, allowed, "{state:?} {made:?}");
    }
}

fn pairs() -> impl Iterator<Item = (State, Move)> {
    let of = |state: &State| {
        let state = *state;
        Move::ALL.iter().map(move |made| (state, *made))
    };
    State::ALL.iter().flat_map(of)
}

/// A place is kept exactly while somebody recommends it and nothing is decided.
fn keeps_its_places(before: &Application, after: &Application, today: Date) {
    let kept = after.place.is_some_and(|place| place.holds(today));
    let open = matches!(
        after.state,
        State::Recommended | State::Notice | State::Review
    );
    let waiting = matches!(after.state, State::Approved | State::Filed);
    let was = before.place.is_some_and(|place| place.holds(today));
    let entered = after.state == State::Recommended || before.state == State::InstitutionReview;
    if open {
        assert_eq!(
            kept,
            was || entered || before.state == State::Filed,
            "{after:?}"
        );
    } else {
        assert_eq!(kept, waiting, "{after:?}");
    }
}

#[test]
fn the_drawing_in_the_docs_is_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/PROMOTION.md");
    let text = fs::read_to_string(path).expect("the page");
    let mut drawn = BTreeMap::new();
    let (_, table) = text
        .split_once("## What may follow what")
        .expect("the table of moves");
    let (table, _) = table.split_once("\n## ").expect("what follows it");
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    for row in rows {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        let made = cells.next().expect("a move").trim_matches('`');
        let made = Move::ALL.iter().find(|one| one.key() == made);
        let made = *made.unwrap_or_else(|| panic!("{row}"));
        let from = states(cells.next().expect("states"));
        let to: BTreeSet<State> = states(cells.next().expect("states"));
        for state in from {
            let to = if to.is_empty() {
                BTreeSet::from([state])
            } else {
                to.clone()
            };
            assert!(drawn.insert((state, made), to).is_none(), "{row}");
        }
    }
    for (state, made) in pairs() {
        let allowed: BTreeSet<State> = next(state, made).iter().copied().collect();
        let drawn = drawn.remove(&(state, made)).unwrap_or_default();
        assert_eq!(drawn, allowed, "{state:?} {made:?}");
    }
    assert!(drawn.is_empty(), "{drawn:?}");
    for state in State::ALL {
        assert!(text.contains(state.label()), "{}", state.label());
    }
}

fn states(cell: &str) -> BTreeSet<State> {
    let names = cell.split(',').map(|name| name.trim().trim_matches('`'));
    let names = names.filter(|name| !name.is_empty() && *name != "the same");
    names
        .map(|name| {
            let state = State::ALL.iter().find(|one| one.key() == name);
            *state.unwrap_or_else(|| panic!("{cell}"))
        })
        .collect()
}

#[test]
fn a_notice_runs_over_whole_working_days() {
    let mut road = in_state(State::Recommended);
    let house = Office::InstitutionHr;
    road.on("2026-09-29");
    let short = road.refused(house, &Command::Publish { working_days: 4 });
    assert_eq!(
        short,
        [Refusal::NoticeTooShort {
            days: 4,
            minimum: 5
        }]
    );
    let long = road.refused(house, &Command::Publish { working_days: 61 });
    assert_eq!(long, [Refusal::NoticeTooLong { maximum: 60 }]);
    // National Day lies in it, and a Saturday that is worked
    road.go(house, &Command::Publish { working_days: 5 });
    let last = day("2026-10-12");
    assert_eq!(road.now.notice.expect("a notice").last, last);
    road.on("2026-10-12");
    assert_eq!(
        road.refused(house, &Command::Close),
        [Refusal::NoticeRuns { last }]
    );
    road.on("2026-10-13").go(house, &Command::Close);
    let early = Command::Approve {
        effective: Some(last),
    };
    road.go(CITY[0], &Command::Approve { effective: None });
    assert_eq!(
        road.refused(CITY[1], &early),
        [Refusal::EffectiveBeforeNotice { last }]
    );
    let late = Command::Approve {
        effective: Some(day("2028-01-01")),
    };
    assert!(matches!(
        road.refused(CITY[1], &late)[..],
        [Refusal::EffectiveTooFar { .. }]
    ));
}

#[test]
fn a_notice_into_a_year_without_one_is_provisional() {
    let mut road = in_state(State::Recommended);
    road.on("2026-12-29");
    road.go(Office::InstitutionHr, &Command::Publish { working_days: 5 });
    let notice = road.now.notice.expect("a notice");
    assert!(notice.provisional);
    assert_eq!(notice.last, day("2027-01-06"));
}

#[test]
fn authorities_act_in_their_turn() {
    let mut road = in_state(State::Review);
    let approve = Command::Approve { effective: None };
    let turn = [Refusal::NotItsTurn { office: CITY[0] }];
    assert_eq!(road.refused(CITY[1], &approve), turn);
    let reject = Command::Reject {
        reason: "不符合".to_owned(),
    };
    assert_eq!(road.refused(CITY[1], &reject), turn);
    road.go(CITY[0], &approve);
    assert_eq!((road.now.state, road.now.step), (State::Review, 1));
    assert!(road.now.is_last_step());
    let forward = Command::Return {
        to: ReturnTo::Step(1),
        defects: vec!["看一看".to_owned()],
    };
    assert_eq!(road.refused(CITY[1], &forward), [Refusal::NotAnEarlierStep]);
    let without = Command::Return {
        to: ReturnTo::Step(0),
        defects: Vec::new(),
    };
    assert_eq!(road.refused(CITY[1], &without), [Refusal::NoDefects]);
}

#[test]
fn what_is_given_back_frees_the_place_and_runs_its_notice_again() {
    let mut road = in_state(State::Review);
    assert!(road.now.place.expect("a place").holds(road.day));
    let back = Command::Return {
        to: ReturnTo::Institution,
        defects: vec!["缺少考核表".to_owned()],
    };
    road.go(CITY[0], &back);
    assert!(!road.now.place.expect("a place").holds(road.day));
    assert_eq!(road.now.notice, None);
    assert_eq!(road.now.defects.len(), 1);
    let house = Office::InstitutionHr;
    road.on("2026-11-11").go(house, &recommend());
    assert!(road.now.defects[0].mended.is_some());
    assert!(road.now.place.expect("a place").holds(road.day));
    assert_eq!(road.now.state, State::Recommended);
}

#[test]
fn an_objection_upheld_ends_the_notice() {
    let mut road = in_state(State::Notice);
    let house = Office::InstitutionHr;
    let open = road.refused(house, &Command::Close);
    assert_eq!(open, [Refusal::ObjectionOpen { open: 1 }]);
    let resolve = |objection, outcome| Command::Resolve {
        objection,
        outcome,
        answer: "经核实".to_owned(),
    };
    let nobody = road.refused(house, &resolve(7, Outcome::Dismissed));
    assert_eq!(nobody, [Refusal::NoSuchObjection]);
    road.go(house, &resolve(0, Outcome::Upheld));
    assert_eq!(road.now.state, State::InstitutionReview);
    assert!(!road.now.place.expect("a place").holds(road.day));
}

#[test]
fn a_consortium_decides_and_files_and_the_county_may_object() {
    let mut road = Road::to_review(&[Office::ConsortiumHr], Kind::Appointment);
    let lead = Office::ConsortiumHr;
    let until = day("2026-11-17");
    let soon = Command::Approve {
        effective: Some(until),
    };
    assert_eq!(
        road.refused(lead, &soon),
        [Refusal::EffectiveBeforeFiling { until }]
    );
    road.go(lead, &Command::Approve { effective: None });
    assert_eq!(road.now.state, State::Filed);
    assert_eq!(road.now.effective, Some(day("2026-11-18")));
    assert!(road.now.place.expect("a place").holds(day("2026-11-17")));
    assert!(!road.now.place.expect("a place").holds(day("2026-11-18")));
    let early = road.refused(lead, &Command::TakeEffect);
    assert_eq!(
        early,
        [Refusal::NotYet {
            on: day("2026-11-18")
        }]
    );
    let object = Command::ObjectToFiled {
        reason: "超出核定数".to_owned(),
    };
    road.on("2026-11-18");
    let county = Office::CountyHumanResources;
    assert_eq!(
        road.refused(county, &object),
        [Refusal::FilingOver { until }]
    );
    road.on("2026-11-17").go(county, &object);
    assert_eq!(road.now.state, State::Review);
    assert!(road.now.place.expect("a place").holds(day("2027-06-01")));
}

#[test]
fn directed_evaluation_waits_for_its_opinions() {
    let mut road = Road::to_review(&[CITY[1]], Kind::DirectedTitle);
    road.now.route.opinions = vec![Office::CityHealth, Office::CityDrugRegulator];
    let approve = Command::Approve { effective: None };
    assert_eq!(road.refused(CITY[1], &approve).len(), 2);
    let opine = Command::Opine {
        favourable: true,
        text: "同意".to_owned(),
    };
    let not_asked = road.refused(Office::CountyHealth, &opine);
    assert!(matches!(not_asked[..], [Refusal::OpinionNotAsked { .. }]));
    road.go(Office::CityHealth, &opine);
    let again = road.refused(Office::CityHealth, &opine);
    assert!(matches!(again[..], [Refusal::OpinionThere { .. }]));
    road.go(Office::CityDrugRegulator, &opine)
        .go(CITY[1], &approve);
    assert_eq!(road.now.state, State::Effective);
}

#[test]
fn above_the_ratio_names_its_merits() {
    let mut road = Road::new(Kind::AboveRatio);
    road.now.merits = "  ".to_owned();
    let against = road.refused(Office::Staff, &Command::Submit);
    assert_eq!(against, [Refusal::MeritsMissing]);
}

#[test]
fn whoever_is_let_go_is_told_why() {
    for kind in [Kind::Lower, Kind::End] {
        let mut road = Road::new(kind);
        road.now.merits = String::new();
        let against = road.refused(Office::Staff, &Command::Submit);
        assert_eq!(against, [Refusal::GroundsMissing], "{kind:?}");
    }
}

#[test]
fn who_has_it_and_since_when() {
    let road = in_state(State::Review);
    assert_eq!(road.now.holder(), Holder::Office(CITY[0]));
    assert_eq!(road.now.since.shanghai_day(), day("2026-11-10"));
    // ten working days later
    assert_eq!(road.now.due, Some(day("2026-11-24")));
    let mut road = road;
    let since = road.now.since;
    road.on("2026-11-12");
    let words = Command::Comment {
        text: "请补扫描件".to_owned(),
    };
    road.go(CITY[0], &words);
    assert_eq!(road.now.since, since, "words hand nothing on");
}
