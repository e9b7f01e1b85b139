//! What is to be done for a rural doctor on a day: from what is recorded and from what the
//! rules of the place give. What cannot be told for want of a record is not told as "no".

use super::figures::TableLine;
use super::tri::Tri;
use crate::domain::month::Month;
use crate::domain::pay::Fen;
use crate::domain::rural_doctor::{
    LabourRelation, PensionScheme, Profile, Qualification, Registration, Subsidy,
};
use crate::domain::time::Date;
use crate::policy::model::Force;

/// Months of age at which the pension of rural doctors is looked at anew.
pub const SIXTY: i32 = 720;
/// Months before that day in which it is announced.
const SOON: i32 = 12;
/// Months before the end of a registration in which it is renewed.
const RENEWED: i32 = 6;
/// The table that says which pension is whose, as the policies name it.
const PENSION: &str = "rural-doctor-pension";
/// The word by which a rule speaks of paying for years that have passed.
const BACK_PAYMENT: &str = "补缴";

/// Something to be done, in the order in which it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// Turns sixty within a year, and has joined no pension scheme.
    Soon,
    /// Sixty and over.
    Past,
    /// May join the residents' scheme by paying for the years before.
    BackPayment,
    /// Has to be in a scheme and is not.
    Join,
    /// A subsidy of a month that has passed was not paid, or not in full.
    Unpaid,
    /// The registration ends soon, or has ended.
    Expiring,
    /// May register without an examination.
    Register,
    /// May be sent to the licence examination.
    Examination,
}

impl Task {
    pub const ALL: [Self; 8] = [
        Self::Soon,
        Self::Past,
        Self::BackPayment,
        Self::Join,
        Self::Unpaid,
        Self::Expiring,
        Self::Register,
        Self::Examination,
    ];

    /// What it is called in addresses and words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Soon => "soon",
            Self::Past => "past",
            Self::BackPayment => "back",
            Self::Join => "join",
            Self::Unpaid => "unpaid",
            Self::Expiring => "expiring",
            Self::Register => "register",
            Self::Examination => "exam",
        }
    }

    /// What has to be recorded to tell; `None` = that is always told.
    pub const fn rests_on(self) -> Option<&'static str> {
        match self {
            Self::Soon | Self::BackPayment | Self::Join => Some("scheme"),
            Self::Unpaid => Some("subsidy"),
            Self::Expiring => Some("registration"),
            Self::Register => Some("schooling"),
            Self::Past | Self::Examination => None,
        }
    }
}

/// What is known of a rural doctor on a day.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    pub on: Date,
    pub birth: Month,
    pub profile: &'a Profile,
    /// The pension scheme joined; `None` = not recorded.
    pub scheme: Option<PensionScheme>,
    pub registration: Option<&'a Registration>,
    /// Whether any subsidy is recorded at all.
    pub subsidised: bool,
    /// Those that were due and were not paid, or not in full, by month.
    pub unpaid: &'a [Subsidy],
    /// What the decision tables of the place give.
    pub tables: &'a [TableLine],
}

/// The table that says which pension is whose, where there is one.
pub fn pension(tables: &[TableLine]) -> Option<&TableLine> {
    tables.iter().find(|line| line.rule.rule == PENSION)
}

impl Situation<'_> {
    /// The month in which they turn sixty.
    pub const fn sixty(&self) -> Month {
        self.birth.plus(SIXTY)
    }

    /// Months until then; none and less = they are sixty.
    pub fn until_sixty(&self) -> i32 {
        self.sixty().since(self.on.month())
    }

    /// What is owed for all months together.
    pub fn owed(&self) -> Fen {
        let paid = |one: &Subsidy| one.paid.map_or(0, |paid| paid.0);
        let owed = |one: &Subsidy| one.due.0.saturating_sub(paid(one));
        Fen(self.unpaid.iter().map(owed).sum())
    }

    /// Whether something is to be done.
    pub fn asks(&self, task: Task) -> Tri {
        match task {
            Task::Soon => Tri::of((1..=SOON).contains(&self.until_sixty())).and(self.uncovered()),
            Task::Past => Tri::of(self.until_sixty() <= 0),
            Task::BackPayment => self.back_payment(),
            Task::Join => self.join(),
            Task::Unpaid => match (self.unpaid.is_empty(), self.subsidised) {
                (false, _) => Tri::Yes,
                (true, true) => Tri::No,
                (true, false) => Tri::Unknown,
            },
            Task::Expiring => self.expiring(),
            Task::Register => self.without_exam(),
            Task::Examination => Tri::of(!self.is_licensed()),
        }
    }

    /// What has to be recorded before everything can be told: each once.
    pub fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        for task in Task::ALL {
            let rests = task.rests_on().filter(|_| self.asks(task) == Tri::Unknown);
            missing.extend(rests.filter(|one| !missing.contains(one)));
        }
        missing
    }

    fn is_licensed(&self) -> bool {
        self.profile.qualification != Qualification::RuralDoctor
    }

    /// In no pension scheme. Those on the establishment have their own; whoever is in the
    /// employees' scheme needs no other.
    fn uncovered(&self) -> Tri {
        if self.profile.on_establishment {
            return Tri::No;
        }
        match self.scheme {
            None => Tri::Unknown,
            Some(PensionScheme::None) => Tri::Yes,
            Some(PensionScheme::Residents | PensionScheme::Employees) => Tri::No,
        }
    }

    /// As the rule of the place gives it. Where no rule speaks, those are open whom such
    /// rules are about.
    fn back_payment(&self) -> Tri {
        let concerned = Tri::of(self.until_sixty() <= 0).and(self.uncovered());
        let Some(line) = pension(self.tables) else {
            return concerned.and(Tri::Unknown);
        };
        if line
            .gives
            .iter()
            .any(|(what, _)| what.zh.contains(BACK_PAYMENT))
        {
            return Tri::Yes;
        }
        match line.missing.is_empty() {
            true => Tri::No,
            false => concerned.and(Tri::Unknown),
        }
    }

    /// The scheme that the rule demands, and they are not known to be in.
    pub fn demanded(&self) -> Option<PensionScheme> {
        let line = pension(self.tables)?;
        let mut must = line.gives.iter().filter(|(_, force)| *force == Force::Must);
        must.find_map(|(what, _)| {
            let mut all = [PensionScheme::Employees, PensionScheme::Residents].into_iter();
            all.find(|scheme| what.zh.contains(scheme.label()))
        })
    }

    fn join(&self) -> Tri {
        if self.profile.on_establishment {
            return Tri::No;
        }
        let joined = |demanded| match self.scheme {
            None => Tri::Unknown,
            Some(scheme) => Tri::of(scheme != demanded),
        };
        match (self.demanded(), pension(self.tables)) {
            (Some(demanded), _) => joined(demanded),
            (None, Some(_)) => Tri::No,
            // no rule speaks: open for those who are employed
            (None, None) if self.profile.labour_relation == LabourRelation::Employed => {
                joined(PensionScheme::Employees).and(Tri::Unknown)
            }
            (None, None) => Tri::No,
        }
    }

    /// Physicians are registered as such elsewhere; what is recorded here counts for them too.
    fn expiring(&self) -> Tri {
        let ends = self.registration.and_then(Registration::ends);
        let until = self.on.plus_months(RENEWED).unwrap_or(Date::LAST);
        match ends {
            Some((ends, _)) => Tri::of(ends <= until),
            None if self.is_licensed() => Tri::No,
            None => Tri::Unknown,
        }
    }

    /// Graduates of medical schools may register without an examination; schooling is not
    /// recorded of rural doctors, so that it is open for everybody without a registration.
    fn without_exam(&self) -> Tri {
        if self.is_licensed() || self.registration.is_some() {
            Tri::No
        } else {
            Tri::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::AreaCode;
    use crate::rules::figures::{Both, RuleLine};

    fn profile() -> Profile {
        Profile {
            name: "某某".to_owned(),
            area: AreaCode::read("150199", &[6]).unwrap(),
            clinic: None,
            qualification: Qualification::RuralDoctor,
            labour_relation: LabourRelation::None,
            on_establishment: false,
            pension: None,
        }
    }

    fn line(gives: &[(&str, Force)], missing: bool) -> TableLine {
        let both = |text: &str| Both {
            zh: text.to_owned(),
            en: text.to_owned(),
        };
        TableLine {
            rule: RuleLine {
                policy: String::new(),
                rule: PENSION.to_owned(),
                title: both(""),
                cites: Vec::new(),
                readings: Vec::new(),
                handling: None,
            },
            gives: gives
                .iter()
                .map(|(what, force)| (both(what), *force))
                .collect(),
            missing: missing.then(|| both("已参保险种")).into_iter().collect(),
        }
    }

    fn asks(born: &str, scheme: Option<PensionScheme>, tables: &[TableLine], task: Task) -> Tri {
        let profile = profile();
        let situation = Situation {
            on: "2026-11-22".parse().unwrap(),
            birth: born.parse().unwrap(),
            profile: &profile,
            scheme,
            registration: None,
            subsidised: false,
            unpaid: &[],
            tables,
        };
        situation.asks(task)
    }

    #[test]
    fn sixty_is_counted_as_the_rules_count_it() {
        let none = Some(PensionScheme::None);
        for (born, soon, past) in [
            ("1966-11", Tri::No, Tri::Yes),
            ("1966-12", Tri::Yes, Tri::No),
            ("1967-11", Tri::Yes, Tri::No),
            ("1967-12", Tri::No, Tri::No),
        ] {
            assert_eq!(asks(born, none, &[], Task::Soon), soon, "{born}");
            assert_eq!(asks(born, none, &[], Task::Past), past, "{born}");
        }
        assert_eq!(asks("1967-01", None, &[], Task::Soon), Tri::Unknown);
        assert_eq!(asks("1980-01", None, &[], Task::Soon), Tri::No);
        let joined = Some(PensionScheme::Residents);
        assert_eq!(asks("1967-01", joined, &[], Task::Soon), Tri::No);
    }

    #[test]
    fn without_a_rule_those_it_would_be_about_are_open() {
        let none = Some(PensionScheme::None);
        assert_eq!(asks("1960-01", none, &[], Task::BackPayment), Tri::Unknown);
        assert_eq!(asks("1980-01", none, &[], Task::BackPayment), Tri::No);
        let gives = [line(&[("城乡居民养老保险（补缴）", Force::May)], false)];
        assert_eq!(asks("1960-01", none, &gives, Task::BackPayment), Tri::Yes);
        let open = [line(&[("城乡居民养老保险", Force::May)], true)];
        assert_eq!(
            asks("1960-01", None, &open, Task::BackPayment),
            Tri::Unknown
        );
        let closed = [line(&[("城乡居民养老保险", Force::May)], false)];
        assert_eq!(asks("1960-01", none, &closed, Task::BackPayment), Tri::No);
    }

    #[test]
    fn only_what_must_be_is_demanded() {
        let must = [line(&[("企业职工基本养老保险", Force::Must)], false)];
        let may = [line(&[("企业职工基本养老保险", Force::May)], false)];
        let none = Some(PensionScheme::None);
        assert_eq!(asks("1980-01", none, &must, Task::Join), Tri::Yes);
        assert_eq!(asks("1980-01", None, &must, Task::Join), Tri::Unknown);
        let joined = Some(PensionScheme::Employees);
        assert_eq!(asks("1980-01", joined, &must, Task::Join), Tri::No);
        assert_eq!(asks("1980-01", none, &may, Task::Join), Tri::No);
    }

    #[test]
    fn a_registration_is_renewed_half_a_year_before_it_ends() {
        let profile = profile();
        let day = |text: &str| Some(text.parse::<Date>().unwrap());
        let asks = |registered, expires| {
            let registration = Registration {
                number: None,
                registered,
                expires,
            };
            let situation = Situation {
                on: "2026-11-22".parse().unwrap(),
                birth: "1980-01".parse().unwrap(),
                profile: &profile,
                scheme: None,
                registration: Some(&registration),
                subsidised: true,
                unpaid: &[],
                tables: &[],
            };
            (
                situation.asks(Task::Expiring),
                situation.asks(Task::Register),
            )
        };
        assert_eq!(asks(None, day("2027-05-22")), (Tri::Yes, Tri::No));
        assert_eq!(asks(None, day("2027-05-23")).0, Tri::No);
        assert_eq!(asks(None, day("2020-01-01")).0, Tri::Yes);
        // five years, where no end is said
        assert_eq!(asks(day("2022-03-01"), None).0, Tri::Yes);
        assert_eq!(asks(day("2023-03-01"), None).0, Tri::No);
        assert_eq!(asks(None, None).0, Tri::Unknown);
    }
}
