//! Recruitment: posts that are to be filled from outside, how, and who comes first. Which
//! modes a policy allows for a post, and whom it puts first at equal points, is asked of
//! the rules; this room knows what follows.

use super::label::labelled;
use super::record::{Id, Version};
use super::record_id::{InstitutionId, RecruitmentId};
use super::refusal::Refusal;
use super::rural_doctor::RuralDoctor;

labelled! {
    /// How people are recruited.
    pub enum Mode {
        Open = "公开招聘" / "open",
        Special = "专项招聘" / "special",
        Interview = "直接面试" / "interview",
        Assessment = "组织考察" / "assessment",
    }
}

/// A post in a plan of recruitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedPost {
    pub title: String,
    pub places: u32,
    /// Why it is urgently needed (急需紧缺); `None` = it is not flagged so.
    pub urgent: Option<String>,
    /// It was hard to recruit for (招聘困难).
    pub hard: bool,
    pub mode: Mode,
}

impl PlannedPost {
    /// Everything against it. `allowed`: the modes that the rules give for such a post.
    pub fn faults(&self, allowed: &[Mode]) -> Vec<Refusal> {
        let mut faults = Vec::new();
        let blank = |text: &str| text.trim().is_empty();
        if blank(&self.title) || self.urgent.as_deref().is_some_and(blank) {
            faults.push(Refusal::NothingSaid);
        }
        if self.places == 0 {
            faults.push(Refusal::RoundWithoutPlaces);
        }
        let open = self.mode == Mode::Open;
        if !open && (self.urgent.is_none() || !allowed.contains(&self.mode)) {
            faults.push(Refusal::ModeNotAllowed { mode: self.mode });
        }
        faults
    }
}

/// Somebody who applies from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// In hundredths.
    pub points: u32,
    /// A rule puts them first at equal points: licensed rural doctors at a health centre.
    pub first: bool,
}

/// One place in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Position among the candidates.
    pub candidate: usize,
    /// From 1; those who are equal in everything share it.
    pub rank: usize,
    pub tied: bool,
    /// Somebody with the same points stands behind because of the rule.
    pub by_priority: bool,
}

/// The order of candidates: by points, then by the rule; ties are shown.
pub fn order(candidates: &[Candidate]) -> Vec<Placed> {
    let key = |one: &Candidate| (std::cmp::Reverse(one.points), !one.first);
    let mut placed: Vec<Placed> = candidates
        .iter()
        .enumerate()
        .map(|(candidate, own)| {
            let equal = candidates.iter().filter(|other| key(other) == key(own));
            let behind =
                |other: &Candidate| other.points == own.points && own.first && !other.first;
            Placed {
                candidate,
                rank: 1 + candidates
                    .iter()
                    .filter(|other| key(other) < key(own))
                    .count(),
                tied: equal.count() > 1,
                by_priority: candidates.iter().any(behind),
            }
        })
        .collect();
    placed.sort_by_key(|one| (one.rank, one.candidate));
    placed
}

/// A part of a whole, as counted: never a rounded number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub part: u32,
    pub whole: u32,
}

/// One institution, as its county adds it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    /// `None` = not known, so that the county's share is not known either.
    pub approved: Option<u32>,
    pub used: u32,
    pub new: u32,
    pub is_primary: bool,
}

/// The use of a county; the first share is `None` where a number is not known.
pub fn use_of(institutions: &[Filled]) -> (Option<Share>, Share) {
    let approved: Option<u32> = institutions.iter().map(|one| one.approved).sum();
    let used = institutions.iter().map(|one| one.used).sum();
    let whole = institutions.iter().map(|one| one.new).sum();
    let primary = institutions.iter().filter(|one| one.is_primary);
    let part = primary.map(|one| one.new).sum();
    let establishment = approved.map(|whole| Share { part: used, whole });
    (establishment, Share { part, whole })
}

labelled! {
    /// Where a plan of recruitment stands.
    pub enum PlanState {
        /// Being made by the institution.
        Draft = "拟定" / "draft",
        /// Before the establishment office: are there vacancies to be used (核准用编)?
        Proposed = "已申报" / "proposed",
        /// Before the human resources office.
        Endorsed = "已核准用编" / "endorsed",
        /// Published: candidates are taken.
        Approved = "已核准" / "approved",
        Closed = "已结束" / "closed",
        Cancelled = "已取消" / "cancelled",
    }
}

labelled! {
    /// What can be done to a plan of recruitment.
    pub enum PlanMove {
        Edit = "修改计划" / "edit",
        Propose = "申报计划" / "propose",
        Endorse = "核准用编" / "endorse",
        Approve = "核准计划" / "approve",
        /// Back to the institution.
        SendBack = "退回计划" / "send_back",
        /// Candidates and their points.
        Rank = "登记考生" / "rank",
        Close = "结束" / "close",
        Cancel = "取消" / "cancel",
    }
}

/// The state that a move leads to; `None` = it is not its turn.
pub const fn next(state: PlanState, made: PlanMove) -> Option<PlanState> {
    use PlanState as S;
    match (state, made) {
        (S::Draft, PlanMove::Edit) | (S::Proposed | S::Endorsed, PlanMove::SendBack) => {
            Some(S::Draft)
        }
        (S::Draft, PlanMove::Propose) => Some(S::Proposed),
        (S::Proposed, PlanMove::Endorse) => Some(S::Endorsed),
        (S::Endorsed, PlanMove::Approve) | (S::Approved, PlanMove::Rank) => Some(S::Approved),
        (S::Approved, PlanMove::Close) => Some(S::Closed),
        (S::Draft | S::Proposed | S::Endorsed | S::Approved, PlanMove::Cancel) => {
            Some(S::Cancelled)
        }
        _ => None,
    }
}

/// A plan of recruitment of one institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub id: RecruitmentId,
    pub version: Version,
    pub institution: InstitutionId,
    pub state: PlanState,
    pub title: String,
    pub posts: Vec<PlannedPost>,
}

/// More posts in one plan are a slip.
const MOST: usize = 200;

impl Plan {
    /// The plan after a move.
    pub fn step(&self, made: PlanMove) -> Result<Self, Refusal> {
        let state = next(self.state, made).ok_or(Refusal::RecruitmentOutOfTurn {
            state: self.state,
            tried: made,
        })?;
        Ok(Self {
            state,
            ..self.clone()
        })
    }

    /// Places of all posts.
    pub fn places(&self) -> u32 {
        let places = self.posts.iter().map(|post| post.places);
        places.fold(0, u32::saturating_add)
    }

    /// Everything against it. `allowed`: the modes that the rules give for a post; `vacant`:
    /// how many of the establishment are not occupied, `None` = not known.
    pub fn faults(
        &self,
        allowed: &dyn Fn(&PlannedPost) -> Vec<Mode>,
        vacant: Option<u32>,
    ) -> Vec<Refusal> {
        let mut faults = Vec::new();
        if self.title.trim().is_empty() {
            faults.push(Refusal::NothingSaid);
        }
        if self.posts.is_empty() {
            faults.push(Refusal::RoundWithoutPlaces);
        }
        if self.posts.len() > MOST {
            faults.push(Refusal::RoundTooLarge);
        }
        for post in &self.posts {
            faults.extend(post.faults(&allowed(post)));
        }
        let wanted = self.places();
        match vacant {
            None => faults.push(Refusal::VacanciesUnknown),
            Some(vacant) if wanted > vacant => {
                faults.push(Refusal::MoreThanVacant { vacant, wanted });
            }
            Some(_) => {}
        }
        faults
    }
}

/// Somebody who applies from outside, as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// The number of the examination; no name is kept.
    pub number: String,
    /// Position of the post in the plan.
    pub post: usize,
    /// In hundredths.
    pub points: u32,
    /// The rural doctor, where it is one on record.
    pub rural_doctor: Option<Id<RuralDoctor>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(urgent: Option<&str>, mode: Mode) -> PlannedPost {
        PlannedPost {
            title: "全科医师".to_owned(),
            places: 1,
            urgent: urgent.map(str::to_owned),
            hard: urgent.is_some(),
            mode,
        }
    }

    #[test]
    fn other_modes_need_the_flag_and_the_rule() {
        let all = Mode::ALL;
        assert_eq!(post(None, Mode::Open).faults(&[]), []);
        let mode = Mode::Interview;
        let denied = [Refusal::ModeNotAllowed { mode }];
        assert_eq!(post(None, mode).faults(all), denied);
        assert_eq!(post(Some("三年未招到"), mode).faults(&[Mode::Open]), denied);
        assert_eq!(post(Some("三年未招到"), mode).faults(all), []);
        assert_eq!(post(Some(" "), mode).faults(all), [Refusal::NothingSaid]);
        let mut none = post(None, Mode::Open);
        none.places = 0;
        assert_eq!(none.faults(all).len(), 1);
    }

    #[test]
    fn the_rule_breaks_equal_points_and_nothing_else() {
        let one = |points, first| Candidate { points, first };
        let all = [
            one(80, false),
            one(80, true),
            one(90, false),
            one(80, false),
        ];
        let placed = order(&all);
        let shown: Vec<_> = placed
            .iter()
            .map(|one| (one.candidate, one.rank, one.tied))
            .collect();
        assert_eq!(
            shown,
            [(2, 1, false), (1, 2, false), (0, 3, true), (3, 3, true)]
        );
        assert!(placed[1].by_priority && !placed[0].by_priority);
    }

    #[test]
    fn shares_of_a_county() {
        let one = |approved, used, new, is_primary| Filled {
            approved,
            used,
            new,
            is_primary,
        };
        let all = [one(Some(50), 45, 3, true), one(Some(100), 80, 1, false)];
        let (used, primary) = use_of(&all);
        assert_eq!(
            used,
            Some(Share {
                part: 125,
                whole: 150
            })
        );
        assert_eq!(primary, Share { part: 3, whole: 4 });
        let (used, _) = use_of(&[one(None, 1, 0, true)]);
        assert_eq!(used, None);
    }

    #[test]
    fn every_pair_of_state_and_move() {
        let plan = |state| Plan {
            id: Id::new(crate::domain::time::Timestamp::from_micros(0), [1; 10]),
            version: Version::FIRST,
            institution: Id::new(crate::domain::time::Timestamp::from_micros(0), [2; 10]),
            state,
            title: "2027 年招聘".to_owned(),
            posts: vec![post(None, Mode::Open)],
        };
        let mut allowed = 0;
        for state in PlanState::ALL {
            for made in PlanMove::ALL {
                let stepped = plan(*state).step(*made);
                match next(*state, *made) {
                    Some(to) => {
                        allowed += 1;
                        assert_eq!(stepped.map(|plan| plan.state), Ok(to));
                    }
                    None => assert_eq!(
                        stepped,
                        Err(Refusal::RecruitmentOutOfTurn {
                            state: *state,
                            tried: *made
                        })
                    ),
                }
            }
        }
        assert_eq!(allowed, 12);
        let open = |_: &PlannedPost| vec![Mode::Open];
        let draft = plan(PlanState::Draft);
        assert_eq!(draft.faults(&open, Some(1)), []);
        let more = [Refusal::MoreThanVacant {
            vacant: 0,
            wanted: 1,
        }];
        assert_eq!(draft.faults(&open, Some(0)), more);
        assert_eq!(draft.faults(&open, None), [Refusal::VacanciesUnknown]);
    }
}
