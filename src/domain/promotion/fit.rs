//! Whether what is asked for fits the person, and what the person would be after it.

use super::Target;
use super::kind::Kind;
use crate::domain::post::Manner;
use crate::domain::post::PostCategory;
use crate::domain::refusal::Refusal;
use crate::domain::staff::{Employment, Person};
use crate::domain::title::{Rank, TitleKind};

/// Everything about an application that does not fit the person as recorded.
pub fn fits(kind: Kind, target: &Target, person: &Person) -> Vec<Refusal> {
    let mut against = Vec::new();
    if kind != Kind::Retirement && !may_hold_posts(person) {
        against.push(Refusal::NoProfessionalPost);
    }
    match kind {
        Kind::Appointment | Kind::AboveRatio | Kind::DirectedPost => {
            if target.rank <= person.appointed {
                against.push(Refusal::NotHigher {
                    held: person.appointed,
                });
            }
        }
        Kind::Grade => against.extend(grade_against(target, person)),
        Kind::DirectedTitle => against.extend(title_against(target, person)),
        Kind::Transfer => {
            if target.institution.is_none() {
                against.push(Refusal::GoesNowhere);
            }
            if person.title_kind != TitleKind::Directed {
                against.push(Refusal::NoDirectedTitle);
            }
        }
        Kind::Lower => against.extend(lower_against(target, person)),
        Kind::OffQuota | Kind::Reappointment | Kind::End => {
            if person.appointed == Rank::None {
                against.push(Refusal::NotAppointed);
            }
        }
        Kind::Retirement => {
            if target.on.is_none() {
                against.push(Refusal::DayMissing);
            }
        }
    }
    if matches!(kind, Kind::DirectedPost) && target.rank < Rank::AssociateSenior {
        against.push(Refusal::SeniorOnly);
    }
    if kind.needs_title() && target.rank > person.title {
        against.push(Refusal::TitleTooLow {
            needed: target.rank,
            held: person.title,
        });
    }
    if let Some(grade) = target.grade
        && !grade.ranks().contains(&target.rank)
    {
        against.push(Refusal::GradeNotOfRank {
            grade: grade.number(),
            rank: target.rank,
        });
    }
    against
}

/// 编内, of 专业技术 or in both kinds of post.
fn may_hold_posts(person: &Person) -> bool {
    person.employment == Employment::Establishment
        && (person.category == PostCategory::Professional
            || (person.category == PostCategory::Management && person.dual_post))
}

fn grade_against(target: &Target, person: &Person) -> Option<Refusal> {
    let Some(grade) = target.grade else {
        return Some(Refusal::GradeMissing);
    };
    if target.rank != person.appointed || person.appointed == Rank::None {
        return Some(Refusal::OtherRank {
            held: person.appointed,
        });
    }
    match person.grade {
        Some(held) if grade.number() >= held.number() => Some(Refusal::GradeNotHigher {
            held: held.number(),
        }),
        _ => None,
    }
}

fn title_against(target: &Target, person: &Person) -> Option<Refusal> {
    if target.rank < Rank::AssociateSenior {
        return Some(Refusal::SeniorOnly);
    }
    (target.rank <= person.title).then_some(Refusal::TitleThere { held: person.title })
}

fn lower_against(target: &Target, person: &Person) -> Option<Refusal> {
    let lower_grade = target.rank == person.appointed
        && match (target.grade, person.grade) {
            (Some(wanted), Some(held)) => wanted.number() > held.number(),
            _ => false,
        };
    let lower = target.rank != Rank::None && (target.rank < person.appointed || lower_grade);
    (!lower).then_some(Refusal::NotLower {
        held: person.appointed,
    })
}

/// The person as the decision would leave them; `place` is the position of the institution
/// they would then be at. Those who leave hold no post any more.
pub fn after(kind: Kind, target: &Target, person: &Person, place: usize) -> Person {
    let mut after = person.clone();
    let manner = match kind {
        Kind::AboveRatio => Manner::BeyondRatio,
        Kind::DirectedPost => Manner::Directed,
        Kind::Appointment | Kind::Lower | Kind::Transfer => Manner::Ordinary,
        _ => person.manner,
    };
    match kind {
        Kind::Appointment | Kind::AboveRatio | Kind::DirectedPost | Kind::Lower => {
            after.appointed = target.rank;
            after.grade = target.grade;
            after.manner = manner;
        }
        Kind::Grade => after.grade = target.grade,
        Kind::Transfer => {
            after.institution = place;
            after.appointed = target.rank;
            after.grade = target.grade;
            after.manner = manner;
        }
        Kind::DirectedTitle => {
            after.title = target.rank;
            after.title_kind = TitleKind::Directed;
        }
        Kind::End | Kind::Retirement => {
            after.appointed = Rank::None;
            after.grade = None;
            after.manner = Manner::Ordinary;
        }
        Kind::OffQuota | Kind::Reappointment => {}
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::NationalId;
    use crate::domain::post::Grade;
    use crate::domain::register::Origin;

    fn doctor(title: Rank, appointed: Rank) -> Person {
        let mut person = Person::new(
            Origin::NOWHERE,
            NationalId::read("11010519491231002X").unwrap(),
            "示例".to_owned(),
            0,
            Employment::Establishment,
            PostCategory::Professional,
        );
        person.title = title;
        person.appointed = appointed;
        person.grade = Grade::new(9);
        person
    }

    fn target(rank: Rank, grade: Option<u8>) -> Target {
        Target {
            rank,
            grade: grade.and_then(Grade::new),
            institution: None,
            on: None,
        }
    }

    #[test]
    fn what_does_not_fit() {
        let doctor = doctor(Rank::AssociateSenior, Rank::Intermediate);
        let against = |kind, rank, grade| fits(kind, &target(rank, grade), &doctor);
        let (middle, high) = (Rank::Intermediate, Rank::AssociateSenior);
        assert_eq!(against(Kind::Appointment, high, Some(7)), []);
        assert_eq!(
            against(Kind::Appointment, middle, None),
            [Refusal::NotHigher { held: middle }]
        );
        let too_low = Refusal::TitleTooLow {
            needed: Rank::Senior,
            held: high,
        };
        assert_eq!(against(Kind::AboveRatio, Rank::Senior, None), [too_low]);
        assert!(matches!(
            against(Kind::Appointment, high, Some(8))[..],
            [Refusal::GradeNotOfRank { grade: 8, .. }]
        ));
        assert_eq!(against(Kind::Grade, middle, Some(8)), []);
        assert_eq!(
            against(Kind::Grade, middle, Some(10)),
            [Refusal::GradeNotHigher { held: 9 }]
        );
        assert_eq!(against(Kind::Grade, middle, None), [Refusal::GradeMissing]);
        assert_eq!(against(Kind::DirectedPost, middle, None).len(), 2);
        assert_eq!(
            against(Kind::DirectedTitle, high, None),
            [Refusal::TitleThere { held: high }]
        );
        assert_eq!(against(Kind::DirectedTitle, Rank::Senior, None), []);
        assert_eq!(against(Kind::Lower, Rank::Junior, Some(11)), []);
        assert_eq!(against(Kind::Lower, middle, Some(10)), []);
        assert_eq!(against(Kind::Lower, high, None).len(), 1);
        assert_eq!(
            against(Kind::Retirement, Rank::None, None),
            [Refusal::DayMissing]
        );
        assert_eq!(against(Kind::Transfer, middle, None).len(), 2);
    }

    #[test]
    fn contract_staff_hold_no_posts() {
        let mut hired = doctor(Rank::Intermediate, Rank::Junior);
        hired.employment = Employment::Contract;
        let against = fits(Kind::Appointment, &target(Rank::Intermediate, None), &hired);
        assert_eq!(against, [Refusal::NoProfessionalPost]);
    }

    #[test]
    fn the_person_afterwards() {
        let doctor = doctor(Rank::AssociateSenior, Rank::Intermediate);
        let wanted = target(Rank::AssociateSenior, Some(7));
        let made = |kind| after(kind, &wanted, &doctor, 3);
        assert_eq!(made(Kind::Appointment).appointed, Rank::AssociateSenior);
        assert_eq!(made(Kind::AboveRatio).manner, Manner::BeyondRatio);
        assert_eq!(made(Kind::DirectedPost).manner, Manner::Directed);
        assert_eq!(made(Kind::Transfer).institution, 3);
        assert_eq!(made(Kind::Grade).appointed, Rank::Intermediate);
        assert_eq!(made(Kind::End).appointed, Rank::None);
        assert_eq!(made(Kind::DirectedTitle).title_kind, TitleKind::Directed);
        assert_eq!(made(Kind::Reappointment), doctor);
    }
}
