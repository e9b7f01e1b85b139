//! Reminders: kinds, how long before a date somebody is told, who is told, and how. What
//! there is to be told of is an [`Event`]; which day it is told on follows from the rule of
//! its kind and the calendar alone.

use super::calendar::Calendar;
use super::ids::AreaCode;
use super::label::labelled;
use super::record_id::{InstitutionId, PersonId};
use super::time::Date;
use std::collections::BTreeMap;

labelled! {
    /// Everything that people are told of.
    pub enum Kind {
        OffQuotaBegins = "将进入不占职数" / "off_quota_begins",
        OffQuotaEnds = "不占职数将结束" / "off_quota_ends",
        ServiceReached = "基层工作年限将满" / "service_reached",
        Retirement = "法定退休" / "retirement",
        /// The first month in which somebody may retire of their own will, with its notice.
        EarlyRetirement = "可弹性提前退休" / "early_retirement",
        /// A later retirement has to be agreed before the statutory month.
        LateRetirement = "弹性延迟退休须书面约定" / "late_retirement",
        VacancyOpened = "出现空缺" / "vacancy_opened",
        /// Establishment is free and no plan of recruitment is under way.
        VacancyUnplanned = "有空编未报招聘计划" / "vacancy_unplanned",
        RuleBroken = "不符合规定" / "rule_broken",
        RuleHealed = "恢复合规" / "rule_healed",
        EstablishmentReview = "编制复核到期" / "establishment_review",
        ApplicationWaiting = "申报待办理" / "application_waiting",
        /// Told to the superior of whoever lets it wait.
        ApplicationOverdue = "申报逾期未办" / "application_overdue",
        ApplicationReturned = "申报退回" / "application_returned",
        ApplicationDecided = "申报有结果" / "application_decided",
        NoticeEnds = "公示期满" / "notice_ends",
        /// Of a round: so many months after the appointment took effect.
        AppointmentEnds = "聘期届满" / "appointment_ends",
        /// Of employment.
        ContractEnds = "聘用合同到期" / "contract_ends",
        LicenceExpires = "执业证件到期" / "licence_expires",
        /// Every three years (医师法).
        PhysicianAssessment = "医师定期考核到期" / "physician_assessment",
        RegistrationExpires = "乡村医生注册到期" / "registration_expires",
        /// A transfer is asked for by somebody whose title holds only where it was given.
        DirectedScope = "定向职称将失效" / "directed_scope",
        ConditionOwed = "竞聘前须补的条件" / "condition_owed",
        /// Everything a round asks for is met but the training.
        TrainingOwed = "竞聘前须补的培训" / "training_owed",
        DoctorSixty = "乡村医生将满60岁未参保" / "doctor_sixty",
        DoctorBackPaid = "乡村医生已补缴" / "doctor_back_paid",
        DoctorPensionChanged = "乡村医生参保类别变化" / "doctor_pension_changed",
        SubsidyUnpaid = "乡村医生补助未发" / "subsidy_unpaid",
        AssignmentEnds = "派驻轮岗期满" / "assignment_ends",
        LeaderTermEnds = "负责人任期届满" / "leader_term_ends",
        PolicyAdopted = "采用政策" / "policy_adopted",
        PolicyEnds = "政策停止适用" / "policy_ends",
    }
}

impl Kind {
    /// The kind with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.key() == key)
    }
}

labelled! {
    /// Who is told. Accounts are found when the reminder is made, addresses when it is sent.
    pub enum Audience {
        /// The person it is about.
        Person = "本人" / "person",
        /// Clerks of the institution and of those above it.
        Institution = "机构人事" / "institution",
        Consortium = "医共体人事" / "consortium",
        CountyEstablishment = "县级编办" / "county_establishment",
        CountyPosts = "县级人社" / "county_human_resources",
        CountyHealth = "县级卫健" / "county_health",
        /// Whoever has to act next on an application.
        Holder = "经办单位" / "holder",
        /// Those above whoever has to act.
        Superior = "上级" / "superior",
    }
}

impl Audience {
    /// The audience with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

labelled! {
    /// How somebody gets a kind.
    pub enum Bundle {
        Off = "不提醒" / "off",
        AtOnce = "立即" / "at_once",
        Daily = "每日汇总" / "daily",
        Weekly = "每周汇总" / "weekly",
    }
}

impl Bundle {
    /// The bundle with that key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.key() == key)
    }
}

/// How long before the day something is about, or after it, somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lead {
    /// Months before; of a month without that day its last.
    Months(u32),
    /// Days before.
    Days(u32),
    /// Working days before.
    WorkingDaysBefore(u32),
    /// Working days after.
    WorkingDaysAfter(u32),
}

impl Lead {
    /// Reads `12m`, `7d`, `10w` or `+5w`.
    pub fn read(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let number: u32 = text.parse().ok()?;
            (plain && number <= 1200).then_some(number)
        };
        if let Some(rest) = text.strip_prefix('+') {
            return Some(Self::WorkingDaysAfter(number(rest.strip_suffix('w')?)?));
        }
        let (rest, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        match unit {
            "m" => Some(Self::Months(number(rest)?)),
            "w" => Some(Self::WorkingDaysBefore(number(rest)?)),
            "d" => Some(Self::Days(number(rest)?)),
            _ => None,
        }
    }

    /// The day on which somebody is told of what happens on `about`.
    pub fn day(self, about: Date, calendar: &Calendar) -> Option<Date> {
        match self {
            Self::Months(months) => months_before(about, months),
            Self::Days(days) => about.plus(i32::try_from(days).ok()?.checked_neg()?),
            Self::WorkingDaysBefore(days) => Some(calendar.before(about, days)?.day),
            Self::WorkingDaysAfter(days) => Some(calendar.after(about, days)?.day),
        }
    }
}

impl std::fmt::Display for Lead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Months(months) => write!(f, "{months}m"),
            Self::Days(days) => write!(f, "{days}d"),
            Self::WorkingDaysBefore(days) => write!(f, "{days}w"),
            Self::WorkingDaysAfter(days) => write!(f, "+{days}w"),
        }
    }
}

fn months_before(day: Date, months: u32) -> Option<Date> {
    let (_, _, of_month) = day.parts();
    let month = day.month().plus(i32::try_from(months).ok()?.checked_neg()?);
    (1..=of_month)
        .rev()
        .find_map(|of_month| Date::new(month.year(), month.month(), of_month))
}

/// How a kind is told: a row of `reminders/kinds.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub kind: Kind,
    /// The earliest first.
    pub leads: Vec<Lead>,
    pub audience: Vec<Audience>,
    /// Cannot be switched off.
    pub required: bool,
    /// Where nothing else was chosen.
    pub bundle: Bundle,
    /// So many days after it should have been told it is told no more.
    pub grace: u32,
}

impl Rule {
    /// What is to be told today of something that happens on `about`: the newest lead that
    /// has come. Older ones are past, also when nobody looked then; `None` = nothing yet,
    /// or too late.
    pub fn due(&self, about: Date, today: Date, calendar: &Calendar) -> Option<(Lead, Date)> {
        let days = self.days(about, calendar);
        let come = days.into_iter().filter(|(_, day)| *day <= today);
        let (lead, day) = come.max_by_key(|(_, day)| *day)?;
        let late = today.days() - day.days();
        (late <= i64::from(self.grace)).then_some((lead, day))
    }

    /// The days on which something is told that happens on `about`.
    pub fn days(&self, about: Date, calendar: &Calendar) -> Vec<(Lead, Date)> {
        let days = self
            .leads
            .iter()
            .filter_map(|lead| Some((*lead, lead.day(about, calendar)?)));
        days.collect()
    }
}

/// What a reminder says, by name: words, numbers and days as text. No identity numbers.
pub type Facts = BTreeMap<&'static str, String>;

/// Something to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: Kind,
    /// What it is about, so that it can be told apart from others of its kind on that day.
    pub subject: String,
    /// The day it happens, or since which it is so.
    pub about: Date,
    pub person: Option<PersonId>,
    pub institution: Option<InstitutionId>,
    pub area: Option<AreaCode>,
    pub facts: Facts,
    /// Where it follows from: rules with their clauses, records.
    pub because: Vec<String>,
    /// The page that shows more; begins with `/`.
    pub page: String,
    /// Who is told, where the rule leaves that to the event.
    pub holder: Option<Holder>,
}

/// Who has to act next on an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Person,
    Institution,
    Office(super::rights::Office),
}

/// The key of a reminder: the same is told once to each recipient.
pub fn key(event: &Event, lead: Lead, recipient: &str) -> String {
    let Event {
        kind,
        subject,
        about,
        ..
    } = event;
    format!("{}:{subject}:{about}:{lead}:{recipient}", kind.key())
}

/// How somebody wants to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    pub kinds: BTreeMap<Kind, Bundle>,
}

impl Wishes {
    /// How a kind reaches somebody: what is required cannot be switched off.
    pub fn bundle(&self, rule: &Rule) -> Bundle {
        match self.kinds.get(&rule.kind).copied() {
            Some(Bundle::Off) if rule.required => rule.bundle,
            Some(chosen) => chosen,
            None => rule.bundle,
        }
    }
}

/// The first day from `today` on that is no day off.
pub fn after_quiet(today: Date, calendar: &Calendar) -> Date {
    let mut day = today;
    // no holiday is longer than a month
    for _ in 0..31 {
        if calendar.is_working(day) {
            return day;
        }
        match day.plus(1) {
            Some(next) => day = next,
            None => return day,
        }
    }
    today
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn rule(leads: &[&str], grace: u32) -> Rule {
        Rule {
            kind: Kind::Retirement,
            leads: leads.iter().map(|text| Lead::read(text).unwrap()).collect(),
            audience: vec![Audience::Person],
            required: false,
            bundle: Bundle::Daily,
            grace,
        }
    }

    #[test]
    fn leads_are_read_and_shown() {
        for text in ["12m", "7d", "0d", "10w", "+5w"] {
            assert_eq!(Lead::read(text).unwrap().to_string(), text);
        }
        for text in ["", "m", "12", "-1d", "+5d", "1.5m", "99999d", "+d", "١d"] {
            assert_eq!(Lead::read(text), None, "{text}");
        }
    }

    #[test]
    fn days_before_and_after() {
        let calendar = Calendar::default();
        let day = |lead: &str, about: &str| {
            let lead = Lead::read(lead).unwrap();
            lead.day(date(about), &calendar).unwrap().to_string()
        };
        assert_eq!(day("1m", "2027-03-31"), "2027-02-28");
        assert_eq!(day("12m", "2028-02-29"), "2027-02-28");
        assert_eq!(day("7d", "2027-01-03"), "2026-12-27");
        // Friday, then a weekend
        assert_eq!(day("+1w", "2026-11-20"), "2026-11-23");
        assert_eq!(day("1w", "2026-11-23"), "2026-11-20");
        assert_eq!(day("10w", "2026-12-07"), "2026-11-23");
    }

    #[test]
    fn the_newest_lead_that_has_come() {
        let calendar = Calendar::default();
        let rule = rule(&["12m", "6m", "3m", "1m"], 30);
        let due = |today: &str| {
            let due = rule.due(date("2027-04-30"), date(today), &calendar);
            due.map(|(lead, day)| (lead.to_string(), day.to_string()))
        };
        let is = |lead: &str, day: &str| Some((lead.to_owned(), day.to_owned()));
        assert_eq!(due("2026-04-29"), None);
        assert_eq!(due("2026-04-30"), is("12m", "2026-04-30"));
        assert_eq!(due("2026-05-30"), is("12m", "2026-04-30"));
        // nobody looked in time
        assert_eq!(due("2026-05-31"), None);
        assert_eq!(due("2027-04-15"), is("1m", "2027-03-30"));
        assert_eq!(due("2027-05-01"), None);
    }

    #[test]
    fn what_is_required_cannot_be_switched_off() {
        let mut rule = rule(&["1d"], 3);
        let mut wishes = Wishes::default();
        assert_eq!(wishes.bundle(&rule), Bundle::Daily);
        wishes.kinds.insert(Kind::Retirement, Bundle::Off);
        assert_eq!(wishes.bundle(&rule), Bundle::Off);
        rule.required = true;
        assert_eq!(wishes.bundle(&rule), Bundle::Daily);
        wishes.kinds.insert(Kind::Retirement, Bundle::Weekly);
        assert_eq!(wishes.bundle(&rule), Bundle::Weekly);
    }

    #[test]
    fn quiet_days_end() {
        let calendar = Calendar::default();
        assert_eq!(
            after_quiet(date("2026-11-21"), &calendar),
            date("2026-11-23")
        );
        assert_eq!(
            after_quiet(date("2026-11-23"), &calendar),
            date("2026-11-23")
        );
    }
}
