//! Competition rounds (竞聘批次): places of an institution for which people apply together,
//! the criteria that were published, the points given, and the order that follows. Ties
//! are shown, never broken by chance.

use super::label::labelled;
use super::post::Grade;
use super::record::Version;
use super::record_id::{ApplicationId, InstitutionId, RoundId};
use super::refusal::Refusal;
use super::time::{Date, Timestamp};
use super::title::Rank;
use super::training::Required;

labelled! {
    /// Where a round stands.
    pub enum RoundState {
        /// Being planned.
        Draft = "拟定" / "draft",
        /// Proposed for approval.
        Proposed = "已申报" / "proposed",
        /// Approved and published: applications are taken in its window.
        Open = "已公布" / "open",
        /// The window is closed: points are given.
        Scoring = "评分" / "scoring",
        /// The order stands and was published.
        Ranked = "已排名" / "ranked",
        Closed = "已结束" / "closed",
        Cancelled = "已取消" / "cancelled",
    }
}

labelled! {
    /// What can be done to a round.
    pub enum RoundMove {
        Edit = "修改方案" / "edit",
        Propose = "申报方案" / "propose",
        SendBack = "退回方案" / "send_back",
        /// Approves the plan and publishes it.
        Approve = "核准方案" / "approve",
        /// Closes the window.
        StartScoring = "开始评分" / "start_scoring",
        Score = "评分" / "score",
        Rank = "公布排名" / "rank",
        Close = "结束" / "close",
        Cancel = "取消" / "cancel",
    }
}

/// The state that a move leads to; `None` = it is not its turn.
pub const fn next(state: RoundState, made: RoundMove) -> Option<RoundState> {
    use RoundState as S;
    match (state, made) {
        (S::Draft, RoundMove::Edit) | (S::Proposed, RoundMove::SendBack) => Some(S::Draft),
        (S::Draft, RoundMove::Propose) => Some(S::Proposed),
        (S::Proposed, RoundMove::Approve) => Some(S::Open),
        (S::Open, RoundMove::StartScoring) | (S::Scoring, RoundMove::Score) => Some(S::Scoring),
        (S::Scoring, RoundMove::Rank) => Some(S::Ranked),
        (S::Ranked, RoundMove::Close) => Some(S::Closed),
        (S::Draft | S::Proposed | S::Open | S::Scoring, RoundMove::Cancel) => Some(S::Cancelled),
        _ => None,
    }
}

/// Places of one kind in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    pub rank: Rank,
    pub grade: Option<Grade>,
    pub places: u32,
}

/// One criterion that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    pub name: String,
    /// The most points for it, in hundredths.
    pub most: u32,
}

/// What a round is about: its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub title: String,
    pub offered: Vec<Offered>,
    /// Length of the appointments (聘期), in months.
    pub term_months: u32,
    /// Required training, assessments, service, in the words of the plan.
    pub conditions: String,
    /// Training to be finished before the window opens; those who lack it are told.
    pub training: Option<Required>,
    pub criteria: Vec<Criterion>,
    /// The first and the last day on which applications are taken.
    pub from: Date,
    pub to: Date,
}

/// One round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    pub id: RoundId,
    pub version: Version,
    pub institution: InstitutionId,
    pub state: RoundState,
    pub plan: Plan,
}

/// Points that one person gave to an application for a criterion, by its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    pub application: ApplicationId,
    pub criterion: usize,
    /// In hundredths.
    pub points: u32,
    /// Who gave them.
    pub scorer: String,
    pub given: Timestamp,
}

/// More of anything is a slip.
const MOST: usize = 50;
const LONGEST_TERM: u32 = 120;

impl Plan {
    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<Refusal> {
        let mut faults = Vec::new();
        let places: u32 = self.offered.iter().map(|one| one.places).sum();
        if self.title.trim().is_empty()
            || self.criteria.iter().any(|one| one.name.trim().is_empty())
        {
            faults.push(Refusal::NothingSaid);
        }
        if places == 0 || self.offered.iter().any(|one| one.rank == Rank::None) {
            faults.push(Refusal::RoundWithoutPlaces);
        }
        if self.criteria.is_empty() || self.criteria.iter().any(|one| one.most == 0) {
            faults.push(Refusal::RoundWithoutCriteria);
        }
        if self.to < self.from || self.term_months == 0 || self.term_months > LONGEST_TERM {
            faults.push(Refusal::RoundWindow);
        }
        if self.offered.len() > MOST || self.criteria.len() > MOST {
            faults.push(Refusal::RoundTooLarge);
        }
        for one in &self.offered {
            if let Some(grade) = one.grade
                && !grade.ranks().contains(&one.rank)
            {
                faults.push(Refusal::GradeNotOfRank {
                    grade: grade.number(),
                    rank: one.rank,
                });
            }
        }
        faults
    }
}

impl Round {
    /// The round after a move.
    ///
    /// Refused: out of turn, before its window has ended, or with a plan that is not whole.
    pub fn step(&self, made: RoundMove, today: Date) -> Result<Self, Vec<Refusal>> {
        let state = next(self.state, made).ok_or_else(|| {
            vec![Refusal::RoundOutOfTurn {
                state: self.state,
                tried: made,
            }]
        })?;
        match made {
            RoundMove::Propose | RoundMove::Approve => {
                let faults = self.plan.faults();
                if !faults.is_empty() {
                    return Err(faults);
                }
            }
            RoundMove::StartScoring if today <= self.plan.to => {
                return Err(vec![Refusal::WindowOpen { to: self.plan.to }]);
            }
            _ => {}
        }
        Ok(Self {
            state,
            ..self.clone()
        })
    }

    /// Whether applications are taken on a day.
    pub fn takes_applications(&self, today: Date) -> bool {
        self.state == RoundState::Open && self.plan.from <= today && today <= self.plan.to
    }

    /// What stands against some points.
    pub fn score_against(&self, criterion: usize, points: u32) -> Option<Refusal> {
        match self.plan.criteria.get(criterion) {
            None => Some(Refusal::NoSuchCriterion),
            Some(own) if points > own.most => Some(Refusal::TooManyPoints { most: own.most }),
            Some(_) => None,
        }
    }
}

/// One place in the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    pub application: ApplicationId,
    /// From 1; those with the same points share it, and the next ones are left out.
    pub rank: usize,
    /// Points of all who gave any, added up, in hundredths.
    pub points: u64,
    /// Others have the same rank.
    pub tied: bool,
    /// A criterion for which somebody who gave points gave none.
    pub incomplete: bool,
}

/// The order by the points given. Applications without any points stand last.
pub fn ranking(round: &Round, applications: &[ApplicationId], scores: &[Score]) -> Vec<Ranked> {
    let scorers: std::collections::BTreeSet<&str> =
        scores.iter().map(|score| score.scorer.as_str()).collect();
    let needed = scorers.len() * round.plan.criteria.len();
    let mut ranked: Vec<Ranked> = applications
        .iter()
        .map(|application| {
            let own = scores
                .iter()
                .filter(|score| score.application == *application);
            Ranked {
                application: *application,
                rank: 0,
                points: own.clone().map(|score| u64::from(score.points)).sum(),
                tied: false,
                incomplete: own.count() < needed || needed == 0,
            }
        })
        .collect();
    ranked.sort_by(|a, b| {
        b.points
            .cmp(&a.points)
            .then(a.application.cmp(&b.application))
    });
    let points: Vec<u64> = ranked.iter().map(|one| one.points).collect();
    for one in &mut ranked {
        one.rank = 1 + points.iter().filter(|other| **other > one.points).count();
        one.tied = points.iter().filter(|other| **other == one.points).count() > 1;
    }
    ranked
}

/// Places given by an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allocation {
    /// Certainly inside.
    pub given: Vec<ApplicationId>,
    /// Tied for the last places: somebody has to say who gets them, and why.
    pub tied: Vec<ApplicationId>,
    /// Places for those who are tied.
    pub contested: usize,
    /// Behind them.
    pub left: Vec<ApplicationId>,
}

/// Gives so many places by an order. Those tied across its end all get one or none of them
/// does: which, people decide.
pub fn allocate(places: usize, order: &[Ranked]) -> Allocation {
    let mut allocation = Allocation::default();
    for one in order {
        // how many stand before all of this rank, and with it
        let ahead = one.rank.saturating_sub(1);
        let with = order.iter().filter(|other| other.rank == one.rank).count();
        if ahead + with <= places {
            allocation.given.push(one.application);
        } else if ahead < places {
            allocation.tied.push(one.application);
            allocation.contested = places - ahead;
        } else {
            allocation.left.push(one.application);
        }
    }
    allocation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Id;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn round(state: RoundState) -> Round {
        let now = Timestamp::from_micros(0);
        Round {
            id: Id::new(now, [1; 10]),
            version: Version::FIRST,
            institution: Id::new(now, [2; 10]),
            state,
            plan: Plan {
                title: "2026 年高级岗位竞聘".to_owned(),
                offered: vec![Offered {
                    rank: Rank::AssociateSenior,
                    grade: Grade::new(7),
                    places: 2,
                }],
                term_months: 36,
                conditions: String::new(),
                training: None,
                criteria: vec![
                    Criterion {
                        name: "业绩".to_owned(),
                        most: 6000,
                    },
                    Criterion {
                        name: "资历".to_owned(),
                        most: 4000,
                    },
                ],
                from: day("2026-11-02"),
                to: day("2026-11-13"),
            },
        }
    }

    fn application(number: u8) -> ApplicationId {
        Id::new(Timestamp::from_micros(0), [number; 10])
    }

    fn score(number: u8, criterion: usize, points: u32) -> Score {
        Score {
            application: application(number),
            criterion,
            points,
            scorer: "甲".to_owned(),
            given: Timestamp::from_micros(0),
        }
    }

    #[test]
    fn every_pair_of_state_and_move() {
        let today = day("2026-11-14");
        let mut allowed = 0;
        for state in RoundState::ALL {
            for made in RoundMove::ALL {
                let stepped = round(*state).step(*made, today);
                match next(*state, *made) {
                    Some(to) => {
                        allowed += 1;
                        assert_eq!(stepped.unwrap().state, to);
                    }
                    None => assert_eq!(
                        stepped.unwrap_err(),
                        [Refusal::RoundOutOfTurn {
                            state: *state,
                            tried: *made
                        }]
                    ),
                }
            }
        }
        assert_eq!(allowed, 12);
        let open = round(RoundState::Open);
        let to = day("2026-11-13");
        assert_eq!(
            open.step(RoundMove::StartScoring, to).unwrap_err(),
            [Refusal::WindowOpen { to }]
        );
        assert!(open.takes_applications(to) && !open.takes_applications(today));
    }

    #[test]
    fn a_plan_has_to_be_whole() {
        let mut broken = round(RoundState::Draft);
        broken.plan.offered[0].places = 0;
        broken.plan.offered[0].grade = Grade::new(9);
        broken.plan.criteria.clear();
        broken.plan.to = day("2026-11-01");
        let faults = broken
            .step(RoundMove::Propose, day("2026-11-01"))
            .unwrap_err();
        assert_eq!(faults.len(), 4);
    }

    #[test]
    fn ties_are_shown_and_never_broken() {
        let round = round(RoundState::Scoring);
        let all: Vec<_> = (1..=4).map(application).collect();
        let scores = [
            score(1, 0, 5000),
            score(1, 1, 3000),
            score(2, 0, 4500),
            score(2, 1, 3500),
            score(3, 0, 5500),
            score(3, 1, 3500),
            score(4, 0, 100),
        ];
        let order = ranking(&round, &all, &scores);
        let shown: Vec<_> = order
            .iter()
            .map(|one| (one.rank, one.points, one.tied))
            .collect();
        assert_eq!(
            shown,
            [
                (1, 9000, false),
                (2, 8000, true),
                (2, 8000, true),
                (4, 100, false)
            ]
        );
        assert!(order[3].incomplete && !order[0].incomplete);
        let two = allocate(2, &order);
        assert_eq!(two.given, [application(3)]);
        assert_eq!((two.tied.len(), two.contested, two.left.len()), (2, 1, 1));
        let three = allocate(3, &order);
        assert_eq!((three.given.len(), three.tied.len()), (3, 0));
        assert_eq!(allocate(0, &order).left.len(), 4);
        assert_eq!(allocate(9, &order).given.len(), 4);
        assert_eq!(
            round.score_against(0, 6001),
            Some(Refusal::TooManyPoints { most: 6000 })
        );
        assert_eq!(round.score_against(2, 1), Some(Refusal::NoSuchCriterion));
    }
}
