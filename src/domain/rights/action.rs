//! Every action the product has, in one table: its words, its nature, what it is done to
//! and which offices hold it. A right is changed here and nowhere else; the grid in
//! `tests/cases/golden/rights.txt` shows what the change does.

use super::capacity::{Office, Offices};
use super::subject::Noun;
use crate::domain::label::labelled;

labelled! {
    /// What kind of thing an action does; also what an API token can be limited to.
    pub enum Nature {
        /// Sees figures and masked records.
        Read = "查看" / "read",
        /// Sees what is masked otherwise; always an entry in the trail.
        Reveal = "查看完整证件号" / "reveal",
        /// Figures and records in the forms of other platforms.
        Feed = "数据推送" / "feed",
        /// Acts in one's own cause, or for the person concerned: drafts, asks, objects.
        Apply = "申报" / "apply",
        /// Writes facts.
        Record = "登记" / "record",
        /// The institution's own judgement: recommends, scores, proposes, publishes.
        Recommend = "推荐" / "recommend",
        /// Decides for an authority.
        Decide = "审批" / "decide",
        /// Accounts and settings.
        Administer = "管理" / "administer",
        /// One's own account: password, second factor, sessions, tokens, preferences. Needs
        /// a person at the keyboard: no token carries it.
        Oneself = "本人账号" / "oneself",
    }
}

const fn only(office: Office) -> Offices {
    Offices::only(office)
}

const STAFF: Offices = only(Office::Staff);
/// Human-resources clerks of institutions and of consortia.
const HR: Offices = only(Office::InstitutionHr).and(LEAD);
/// Of consortia alone.
const LEAD: Offices = only(Office::ConsortiumHr);
const COUNTY_ESTABLISHMENT: Offices = only(Office::CountyEstablishment);
const COUNTY_POSTS: Offices = only(Office::CountyHumanResources);
const COUNTY_HEALTH: Offices = only(Office::CountyHealth);
const ESTABLISHMENT: Offices = COUNTY_ESTABLISHMENT.and(only(Office::CityEstablishment));
const POSTS: Offices = COUNTY_POSTS.and(only(Office::CityHumanResources));
const HEALTH: Offices = COUNTY_HEALTH.and(only(Office::CityHealth));
const DRUGS: Offices = only(Office::CountyDrugRegulator).and(only(Office::CityDrugRegulator));
const AUDITOR: Offices = only(Office::Auditor);
const ADMINISTRATOR: Offices = only(Office::Administrator);
/// The three authorities that keep figures of their own.
const KEEPERS: Offices = ESTABLISHMENT.and(POSTS).and(HEALTH);
/// Those with figures, people or cases of an institution before them.
const READERS: Offices = HR.and(KEEPERS).and(AUDITOR);
const EVERYONE: Offices = READERS.and(STAFF).and(DRUGS).and(ADMINISTRATOR);

/// What is said about an action in one row of the table.
struct Row {
    nature: Nature,
    noun: Noun,
    offices: Offices,
}

macro_rules! actions {
    ($($(#[$meta:meta])* $action:ident = $label:literal / $key:literal, $nature:ident $noun:ident [$($offices:ident),+];)+) => {
        labelled! {
            /// Everything that can be done, from one's own password to a county's quota.
            pub enum Action { $($(#[$meta])* $action = $label / $key),+ }
        }

        impl Action {
            const fn row(self) -> Row {
                match self {
                    $(Self::$action => Row {
                        nature: Nature::$nature,
                        noun: Noun::$noun,
                        offices: Offices::NONE$(.and($offices))+,
                    },)+
                }
            }
        }
    };
}

actions! {
    // Institutions and areas
    ReadPlace = "查看机构与区域" / "place.read", Read Place [READERS, DRUGS, ADMINISTRATOR];
    EditArea = "维护区域" / "area.edit", Administer Place [ADMINISTRATOR];
    CreateInstitution = "登记机构" / "institution.create", Record Place [COUNTY_HEALTH];
    EditInstitution = "修改机构" / "institution.edit", Record Place [HR, COUNTY_HEALTH];
    /// Split, merger, conversion, change of sponsor.
    ReorganiseInstitution = "机构分设、合并、转设" / "institution.reorganise", Decide Place [ESTABLISHMENT];
    DecideEstablishment = "核定编制" / "establishment.decide", Decide Place [ESTABLISHMENT];
    ProposePostPlan = "申报岗位设置方案" / "post_plan.propose", Recommend Place [HR];
    EndorsePostPlan = "审核岗位设置方案" / "post_plan.endorse", Decide Place [COUNTY_HEALTH];
    DecidePostPlan = "核准岗位设置方案" / "post_plan.decide", Decide Place [POSTS];
    DecidePayTotal = "核定绩效工资总量" / "pay_total.decide", Decide Place [COUNTY_POSTS];

    // Figures
    ReadLedger = "查看职数台帐" / "ledger.read", Read Place [READERS];
    /// Where the figures of the authorities differ.
    CompareFigures = "比对各部门数据" / "figures.compare", Read Place [KEEPERS, AUDITOR];
    /// Keeps the figures of a year's end as they are.
    FreezeFigures = "锁定年度数据" / "figures.freeze", Decide Place [COUNTY_ESTABLISHMENT, COUNTY_POSTS, COUNTY_HEALTH];
    ReadQuality = "查看数据质量" / "quality.read", Read Place [READERS];
    RunScenario = "试算" / "scenario.run", Read Place [READERS];
    PrintForm = "打印表格" / "form.print", Read Place [READERS];
    ReadMonitoring = "监测数据接口" / "monitoring.read", Feed Place [LEAD, KEEPERS, AUDITOR];
    ReadFhir = "FHIR 只读接口" / "fhir.read", Feed Place [HR, HEALTH, AUDITOR];

    // People
    ReadPerson = "查看人员" / "person.read", Read Person [STAFF, READERS];
    RevealPerson = "查看完整证件号和电话" / "person.reveal", Reveal Person [STAFF, HR, POSTS, COUNTY_HEALTH];
    EditPerson = "修改人员" / "person.edit", Record Person [HR];
    EditRuralDoctor = "修改乡村医生" / "rural_doctor.edit", Record Person [HR, COUNTY_HEALTH];
    RequestCorrection = "申请更正" / "person.request_correction", Apply Person [STAFF];
    DecideCorrection = "处理更正申请" / "person.decide_correction", Recommend Person [HR];
    CorrectAppointment = "更正聘任" / "appointment.correct", Decide Person [POSTS];
    /// Deletes personal data where the law asks for it; the trail's chain stays whole.
    ErasePerson = "删除个人信息" / "person.erase", Decide Person [COUNTY_POSTS];
    /// Who looked at the file.
    ReadAccessLog = "查看访问记录" / "person.access_log", Read Person [STAFF, HR, COUNTY_POSTS, AUDITOR];

    // In and out
    ImportPeople = "导入人员" / "import.people", Record Place [HR, COUNTY_POSTS, COUNTY_HEALTH];
    /// Institutions and areas with the numbers approved for them, as documents state them.
    ImportInstitutions = "导入机构" / "import.institutions", Record Place [COUNTY_ESTABLISHMENT, COUNTY_POSTS, COUNTY_HEALTH];
    /// Everybody at an institution is recorded: its figures begin with the day.
    DeclareComplete = "声明记录完整" / "records.declare_complete", Record Place [HR, COUNTY_POSTS, COUNTY_HEALTH];
    Export = "导出" / "export.run", Read Place [READERS];
    ExportFull = "导出完整证件号" / "export.full", Reveal Place [HR, POSTS, COUNTY_HEALTH];

    // Applications
    ReadApplication = "查看申报" / "application.read", Read Application [STAFF, HR, POSTS, HEALTH, DRUGS, AUDITOR];
    DraftApplication = "填写申报" / "application.draft", Apply Application [STAFF, HR];
    SubmitApplication = "提交申报" / "application.submit", Apply Application [STAFF, HR];
    WithdrawApplication = "撤回申报" / "application.withdraw", Apply Application [STAFF, HR];
    Comment = "留言" / "application.comment", Apply Application [STAFF, HR, POSTS, HEALTH, DRUGS];
    /// Reserves the place.
    Recommend = "单位推荐" / "application.recommend", Recommend Application [HR];
    /// The institution gives it back to the applicant.
    Decline = "单位退回" / "application.decline", Recommend Application [HR];
    Score = "竞聘评分" / "application.score", Recommend Application [HR];
    PublishNotice = "发布公示" / "notice.publish", Recommend Application [HR];
    ResolveObjection = "处理异议" / "objection.resolve", Recommend Application [HR, COUNTY_POSTS];
    Opine = "出具意见" / "application.opine", Decide Application [HEALTH, DRUGS];
    Return = "退回补正" / "application.return", Decide Application [LEAD, POSTS, HEALTH];
    Reject = "不予通过" / "application.reject", Decide Application [LEAD, POSTS, HEALTH];
    Approve = "审批通过" / "application.approve", Decide Application [LEAD, POSTS, HEALTH];
    /// Decides against a rule that warns, with a reason.
    OverrideRule = "说明理由后通过" / "application.override", Decide Application [POSTS];
    /// Takes back a wrong decision; the place returns.
    Revoke = "撤销决定" / "application.revoke", Decide Application [POSTS];
    /// Objects to what a consortium decided and filed.
    ObjectToFiled = "对备案提出异议" / "application.object_to_filed", Decide Application [COUNTY_POSTS, COUNTY_HEALTH];
    ReadNotice = "查看公示" / "notice.read", Read Notice [STAFF, HR, POSTS, HEALTH, AUDITOR];
    RaiseObjection = "提出异议" / "notice.object", Apply Notice [STAFF];

    // Rounds and recruitment
    ReadRound = "查看竞聘批次" / "round.read", Read Place [HR, POSTS, HEALTH, AUDITOR];
    PlanRound = "制定竞聘方案" / "round.plan", Recommend Place [HR];
    ApproveRound = "核准竞聘方案" / "round.approve", Decide Place [COUNTY_POSTS];
    ReadRecruitment = "查看招聘计划" / "recruitment.read", Read Place [READERS];
    PlanRecruitment = "制定招聘计划" / "recruitment.plan", Recommend Place [HR];
    EndorseRecruitment = "核准用编" / "recruitment.endorse", Decide Place [COUNTY_ESTABLISHMENT];
    ApproveRecruitment = "核准招聘计划" / "recruitment.approve", Decide Place [COUNTY_POSTS];

    // Policies
    ReadPolicy = "查看政策" / "policy.read", Read Common [EVERYONE];
    ProposeAdoption = "提出采用政策" / "policy.propose", Recommend Adoption [POSTS, HEALTH];
    Adopt = "采用政策" / "policy.adopt", Decide Adoption [POSTS, HEALTH];

    // Accounts
    ReadRights = "查看权限表" / "rights.read", Read Common [EVERYONE];
    ManageOwnAccount = "管理本人账号" / "account.own", Oneself Account [EVERYONE];
    ReadAccount = "查看账号" / "account.read", Read Account [HR, AUDITOR, ADMINISTRATOR];
    InviteAccount = "开通账号" / "account.invite", Administer Account [HR, ADMINISTRATOR];
    GrantCapacity = "授予身份" / "account.grant", Administer Account [ADMINISTRATOR];
    LockAccount = "锁定与解锁账号" / "account.lock", Administer Account [HR, ADMINISTRATOR];
    DisableAccount = "停用与恢复账号" / "account.disable", Administer Account [HR, ADMINISTRATOR];
    ResetSecondFactor = "重置第二因素" / "account.reset_second_factor", Administer Account [ADMINISTRATOR];
    RevokeSessions = "终止会话与令牌" / "account.revoke_sessions", Administer Account [ADMINISTRATOR];

    // Reminders
    /// What will be sent, what was sent, to whom and why.
    ReadDeliveries = "查看提醒" / "reminder.read", Read Place [READERS, ADMINISTRATOR];
    /// A calendar feed of an office or an institution.
    Subscribe = "订阅单位日历" / "calendar.subscribe", Read Place [READERS];
    EditSchedule = "修改提醒计划" / "schedule.edit", Administer Installation [ADMINISTRATOR];
    RunSchedule = "立即运行" / "schedule.run", Administer Installation [ADMINISTRATOR];
    ManageMail = "重发与测试邮件" / "mail.manage", Administer Installation [ADMINISTRATOR];

    // Trail and operations
    ReadTrail = "查看审计记录" / "audit.read", Read Trail [AUDITOR, ADMINISTRATOR];
    ExportTrail = "导出审计记录" / "audit.export", Read Trail [AUDITOR, ADMINISTRATOR];
    VerifyTrail = "核验审计链" / "audit.verify", Read Installation [AUDITOR, ADMINISTRATOR];
    ReadOperations = "查看运行状态" / "operations.read", Read Installation [AUDITOR, ADMINISTRATOR];
    EditSettings = "修改设置" / "settings.edit", Administer Installation [ADMINISTRATOR];
    LoadHolidays = "载入节假日安排" / "holidays.load", Administer Installation [ADMINISTRATOR];
    RunBackup = "备份" / "backup.run", Administer Installation [ADMINISTRATOR];
    RotateKeys = "更换密钥" / "keys.rotate", Administer Installation [ADMINISTRATOR];
}

impl Action {
    /// What kind of thing it does.
    pub const fn nature(self) -> Nature {
        self.row().nature
    }

    /// What it is done to.
    pub const fn noun(self) -> Noun {
        self.row().noun
    }

    /// Who may do it, where their scope reaches.
    pub const fn offices(self) -> Offices {
        self.row().offices
    }
}
