//! The people of an invented county, with careers that fit their ages.

use super::{Maker, Size, origin};
use crate::domain::ids::{AreaCode, NationalId};
use crate::domain::institution::Kind;
use crate::domain::month::Month;
use crate::domain::post::{Grade, Manner, PostCategory};
use crate::domain::service::{Location, Spell};
use crate::domain::staff::{Employment, GpTraining, History, JobClass, LicenceClass, Person};
use crate::domain::title::{Rank, TitleKind};

/// One in so many is past retirement, which is a warning and no rule; and the first one.
const FORGOTTEN: usize = 220;
const FORGOTTEN_AT: usize = 60;
/// Months of service at which much turns.
const TWENTY_YEARS: i32 = 240;

impl Maker {
    /// Staffs every institution, the hospital with a third of all.
    pub fn everybody(&mut self, size: Size) {
        let shares: Vec<usize> = self
            .register
            .institutions
            .iter()
            .map(|i| weight(i.kind))
            .collect();
        let all: usize = shares.iter().sum();
        for (at, share) in shares.into_iter().enumerate() {
            let staff = (size.staff * share).div_ceil(all.max(1)).max(3);
            for number in 0..staff {
                self.person(at, number);
            }
        }
    }

    fn person(&mut self, institution: usize, number: usize) {
        let kind = self
            .register
            .institutions
            .get(institution)
            .and_then(|i| i.kind)
            .unwrap_or(Kind::Other);
        let male = self.rng.u8(0..5) < 2;
        let employment = match self.rng.u8(0..100) {
            0..88 => Employment::Establishment,
            88..97 => Employment::Contract,
            97..99 => Employment::Agency,
            _ => Employment::Reemployed,
        };
        let category = match (number, self.rng.u8(0..100)) {
            (0, _) | (_, 0..4) => PostCategory::Management,
            (_, 4..7) => PostCategory::Worker,
            _ => PostCategory::Professional,
        };
        let row = self.register.people.len();
        // women in senior posts stay as long as men
        let stays = !male && category == PostCategory::Professional && self.rng.u8(0..8) == 0;
        let leaves = match (male || stays, category) {
            (true, _) => 60 * 12,
            (false, PostCategory::Worker) => 50 * 12,
            (false, _) => 55 * 12,
        };
        // here and there somebody whose leaving was forgotten
        let age = match row % FORGOTTEN {
            FORGOTTEN_AT => leaves + self.rng.i32(15..40),
            _ => self.rng.i32(23 * 12..leaves),
        };
        let born = self.as_of.plus(-age);
        let Some(id) = self.identity(born, male) else {
            return;
        };
        let name = self.name();
        let mut person = Person::new(origin(1, row), id, name, institution, employment, category);
        self.profession(&mut person, kind);
        self.career(&mut person, kind, age);
        self.post(&mut person, kind, number);
        let would_have_left = age > 55 * 12 && row % FORGOTTEN != FORGOTTEN_AT;
        if stays && would_have_left && person.appointed < Rank::AssociateSenior {
            self.raise(&mut person);
        }
        if self.rng.u8(0..4) == 0 {
            person.email = Some(format!("p{row:05}@example.com"));
        }
        self.register.people.push(person);
    }

    fn profession(&mut self, person: &mut Person, kind: Kind) {
        let class = match person.category {
            PostCategory::Management => JobClass::Manager,
            PostCategory::Worker => JobClass::Worker,
            PostCategory::Professional => self.choose(
                JobClass::Physician,
                &[
                    JobClass::Physician,
                    JobClass::Physician,
                    JobClass::AssistantPhysician,
                    JobClass::Nurse,
                    JobClass::Nurse,
                    JobClass::Nurse,
                    JobClass::Pharmacist,
                    JobClass::Laboratory,
                    JobClass::Imaging,
                    JobClass::OtherHealth,
                ],
            ),
        };
        person.job_class = Some(class);
        if !matches!(class, JobClass::Physician | JobClass::AssistantPhysician) {
            return;
        }
        person.licence_class = Some(match self.rng.u8(0..20) {
            0..15 => LicenceClass::Clinical,
            15..17 => LicenceClass::Traditional,
            17..19 => LicenceClass::PublicHealth,
            _ => LicenceClass::Dental,
        });
        let general = matches!(
            person.licence_class,
            Some(LicenceClass::Clinical | LicenceClass::Traditional)
        );
        if general
            && matches!(
                kind,
                Kind::CommunityHealthCentre
                    | Kind::CommunityHealthStation
                    | Kind::TownshipHealthCentre
            )
        {
            person.gp_training = self.choose(
                GpTraining::None,
                &[GpTraining::Residency, GpTraining::Transfer],
            );
            // most who were trained are registered; some are not, and a rule asks them to
            person.gp_registered = person.gp_training != GpTraining::None && self.rng.u8(0..8) > 0;
        }
    }

    /// One, two or three spells up to now; some stop a month short of twenty years.
    fn career(&mut self, person: &mut Person, kind: Kind, age: i32) {
        let working = (age - 22 * 12).max(1);
        let mut months = self.rng.i32(working / 2..=working);
        let primary = matches!(
            kind,
            Kind::TownshipHealthCentre | Kind::CommunityHealthCentre
        );
        if primary && working > TWENTY_YEARS && self.rng.u8(0..4) == 0 {
            months = TWENTY_YEARS + self.choose(0, &[-1, 1]);
        }
        person.started_work = Some(self.as_of.plus(-months));
        let spells = self.rng.usize(1..=3);
        let mut start = self.as_of.plus(-months);
        let mut history = Vec::new();
        for at in 0..spells {
            let last = at + 1 == spells;
            let left = self.as_of.since(start);
            let end = (!last && left > 24).then(|| start.plus(self.rng.i32(6..left / 2)));
            history.push(self.spell(person, kind, start, end, last || end.is_none()));
            match end {
                // the next begins in the same month or in the one after: clerks write both
                Some(end) => start = end.plus(self.rng.i32(0..=1)),
                None => break,
            }
        }
        let first = self
            .register
            .people
            .iter()
            .map(|p| p.history.spells().len())
            .sum::<usize>();
        for (at, spell) in history.iter_mut().enumerate() {
            spell.origin = origin(2, first + at);
        }
        person.history = History::Spells(history);
    }

    fn spell(
        &mut self,
        person: &Person,
        kind: Kind,
        start: Month,
        end: Option<Month>,
        here: bool,
    ) -> Spell {
        let own = self.register.institutions.get(person.institution);
        let (employer, kind) = if here {
            (own.map_or(String::new(), |i| i.name.clone()), kind)
        } else {
            let at = self.rng.usize(..self.register.institutions.len().max(1));
            self.register
                .institutions
                .get(at)
                .map_or((String::new(), kind), |i| {
                    (i.name.clone(), i.kind.unwrap_or(kind))
                })
        };
        Spell {
            origin: origin(2, 0),
            start,
            end,
            employer,
            kind,
            location: Location::of_kind(kind),
            category: person.category,
        }
    }

    /// Title, level, grade and the manner of appointment.
    fn post(&mut self, person: &mut Person, kind: Kind, number: usize) {
        let service = person
            .started_work
            .map_or(0, |start| self.as_of.since(start));
        person.title = match (person.category, service, self.rng.u8(0..10)) {
            (PostCategory::Worker, ..) => Rank::None,
            (PostCategory::Management, ..) if number > 0 => Rank::None,
            (_, ..=24, _) => Rank::Assistant,
            (_, 25..=96, _) => Rank::Junior,
            (_, 97..=204, 0..7) => Rank::Intermediate,
            (_, 205.., 0..4) => Rank::AssociateSenior,
            (_, 205.., 4..8) => Rank::Intermediate,
            (_, 264.., 8) => Rank::Senior,
            _ => Rank::Junior,
        };
        // one in twelve has the next title and waits for a post
        person.appointed = match person.title {
            Rank::AssociateSenior if self.rng.u8(0..12) == 0 => Rank::Intermediate,
            Rank::Intermediate if self.rng.u8(0..12) == 0 => Rank::Junior,
            title => title,
        };
        // the head of a primary institution holds both kinds of posts
        person.dual_post = person.category == PostCategory::Management
            && number == 0
            && matches!(
                kind,
                Kind::TownshipHealthCentre | Kind::CommunityHealthCentre
            );
        if person.category == PostCategory::Management && !person.dual_post {
            person.appointed = Rank::None;
        }
        let appointed_for = self.rng.i32(3..60).min(service.max(1));
        if person.title != Rank::None {
            person.title_since = Some(self.as_of.plus(-appointed_for - self.rng.i32(0..12)));
        }
        if person.appointed == Rank::None {
            return;
        }
        person.appointed_since = Some(self.as_of.plus(-appointed_for));
        if person.category == PostCategory::Professional {
            person.grade = self.grade(person.appointed);
        }
        self.manner(person, kind);
    }

    /// Gives a woman of more than 55 the senior post for which she stays.
    fn raise(&mut self, person: &mut Person) {
        person.title = Rank::AssociateSenior;
        person.appointed = Rank::AssociateSenior;
        let since = self.as_of.plus(-self.rng.i32(12..60));
        person.title_since = person.title_since.or(Some(since));
        person.appointed_since = person.appointed_since.or(Some(since));
        person.grade = self.grade(person.appointed);
    }

    fn grade(&mut self, rank: Rank) -> Option<Grade> {
        let range = match rank {
            Rank::Senior => 4..=4,
            Rank::AssociateSenior => 5..=7,
            Rank::Intermediate => 8..=10,
            Rank::Junior => 11..=12,
            Rank::Assistant | Rank::None => 13..=13,
        };
        Grade::new(self.rng.u8(range))
    }

    fn manner(&mut self, person: &mut Person, kind: Kind) {
        let senior = person.appointed >= Rank::AssociateSenior;
        let directed = self
            .register
            .institutions
            .get(person.institution)
            .is_some_and(|institution| institution.directed_evaluation);
        let professional = person.category == PostCategory::Professional;
        if person.employment != Employment::Establishment
            || !professional
            || kind != Kind::TownshipHealthCentre
        {
            return;
        }
        match (senior, self.rng.u8(0..10)) {
            (true, 0..2) if directed => {
                person.manner = Manner::Directed;
                person.title_kind = TitleKind::Directed;
                person.title_area = AreaCode::read(super::COUNTY, &[6]);
            }
            (true, 2) | (false, 0) => person.manner = Manner::BeyondRatio,
            _ => {}
        }
    }

    /// An identity number nobody else has, with the right check digit.
    pub fn identity(&mut self, born: Month, male: bool) -> Option<NationalId> {
        for _ in 0..100 {
            let day = self.rng.u32(1..=28);
            let serial = self.rng.u32(0..500) * 2 + u32::from(male);
            let stem = format!(
                "{}{:04}{:02}{day:02}{serial:03}",
                super::COUNTY,
                born.year(),
                born.month()
            );
            let id = "0123456789X"
                .chars()
                .find_map(|check| NationalId::read(&format!("{stem}{check}")).ok())?;
            if self.ids.insert(id.as_str().to_owned()) {
                return Some(id);
            }
        }
        None
    }
}

/// How many of the staff an institution of that kind gets.
fn weight(kind: Option<Kind>) -> usize {
    match kind {
        Some(Kind::CountyHospital) => 120,
        Some(Kind::CommunityHealthCentre) => 30,
        Some(Kind::TownshipHealthCentre) => 20,
        Some(Kind::DiseaseControl | Kind::MaternalChildHealth) => 15,
        Some(Kind::CommunityHealthStation) => 4,
        _ => 1,
    }
}
