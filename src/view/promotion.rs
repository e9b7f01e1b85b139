//! Applications: what is asked for, where it stands, what speaks for and against it.

use super::Shell;
use super::form::{Deed, Field, Input, Refused};
use super::institution::Tab;
use super::ledger::Mark;
use super::person::post_rank;
use crate::domain::adoption::Handling;
use crate::domain::promotion::{
    Application, Check, Finding, Holder, Kind, Move, Pool, State, Target,
};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Action;
use crate::domain::time::Date;
use crate::rules::figures::RuleLine;
use crate::rules::ledger::Posts;
use askama::Template;

fn key(prefix: &str, word: &str) -> String {
    format!("{prefix}-{}", word.replace('_', "-"))
}

pub fn kind(s: &Shell, kind: Kind) -> String {
    s.t(key("application-kind", kind.key()))
}

pub fn state(s: &Shell, state: State) -> String {
    s.t(key("application-state", state.key()))
}

pub fn made(s: &Shell, made: Move) -> String {
    s.t(key("application-move", made.key()))
}

pub fn pool(s: &Shell, pool: Pool) -> String {
    s.t(key("pool", pool.key()))
}

/// What an application asks for, in one line.
pub fn asked(s: &Shell, application: &Application) -> String {
    let target = target(s, &application.target);
    if target.is_empty() {
        return kind(s, application.kind);
    }
    format!("{} → {target}", kind(s, application.kind))
}

/// Rank and grade, where any is asked for.
pub fn target(s: &Shell, target: &Target) -> String {
    let none = crate::domain::title::Rank::None;
    let rank = match target.rank {
        rank if rank == none && target.grade.is_none() => return String::new(),
        rank => post_rank(s, rank),
    };
    match target.grade {
        Some(grade) => s.xy("web-target-grade", rank, grade.number().to_string()),
        None => rank,
    }
}

/// Who has it.
pub fn holder(s: &Shell, application: &Application) -> String {
    match application.holder() {
        Holder::Applicant => s.t("web-holder-applicant"),
        Holder::Institution => s.t("web-holder-institution"),
        Holder::Office(office) => s.office(office),
        Holder::Clock => s.t("web-holder-clock"),
        Holder::Nobody => s.t("web-holder-nobody"),
    }
}

/// By when; with a mark where that is past.
pub struct Due {
    pub day: String,
    pub past: bool,
}

pub fn due(s: &Shell, due: Option<Date>) -> Due {
    Due {
        day: due.map_or_else(|| "–".to_owned(), |day| day.to_string()),
        past: due.is_some_and(|day| day < s.today),
    }
}

/// One question that was asked, and how it was answered.
pub struct CheckLine {
    pub mark: Mark,
    pub title: String,
    pub why: Vec<String>,
    /// The clause; `None` = it follows from the records.
    pub rule: Option<RuleLine>,
}

fn check_key(check: &Check) -> &'static str {
    let Finding::Against(against) = &check.finding else {
        return "passed";
    };
    let open = |one: &Refusal| {
        matches!(
            one,
            Refusal::RuleUnknown { .. } | Refusal::LimitUnknown { .. }
        )
    };
    match check.handling {
        _ if against.iter().all(open) => "unknown",
        Handling::Record => "recorded",
        Handling::Warn => "warns",
        Handling::Block => "blocks",
    }
}

const fn check_shape(key: &str) -> (&'static str, &'static str) {
    match key.as_bytes() {
        b"passed" => ("holds", "●"),
        b"blocks" => ("fails", "▲"),
        b"unknown" => ("unknown", "◇"),
        _ => ("judgement", "◐"),
    }
}

fn check_mark(s: &Shell, key: &str) -> Mark {
    let (class, shape) = check_shape(key);
    Mark {
        class,
        shape,
        word: s.t(format!("web-check-{key}")),
    }
}

/// What a check says, and the clause it rests on.
pub fn check(s: &Shell, check: &Check, rule: Option<RuleLine>) -> CheckLine {
    let title = match (&rule, &check.rule, &check.finding) {
        (Some(rule), ..) => s.b(&rule.title).to_owned(),
        (None, Some(name), _) if name == "policies" => s.t("web-check-policies"),
        (None, Some(name), _) => name.clone(),
        (None, None, _) => s.t("web-check-records"),
    };
    let why = match &check.finding {
        Finding::Passed => Vec::new(),
        Finding::Against(against) => against.iter().map(|one| s.refused(one)).collect(),
    };
    CheckLine {
        mark: check_mark(s, check_key(check)),
        title,
        why,
        rule,
    }
}

/// Those that stand against it first.
pub fn in_order(checks: &mut [CheckLine]) {
    checks.sort_by_key(|one| match one.mark.class {
        "fails" => 0,
        "unknown" => 1,
        "judgement" => 2,
        _ => 3,
    });
}

/// How many checks were answered how: the four symbols, each with a number and a word.
pub fn symbols(s: &Shell, checks: &[Check]) -> Vec<(Mark, usize)> {
    let groups: [(&str, &[&str]); 4] = [
        ("passed", &["passed"]),
        ("blocks", &["blocks"]),
        ("unknown", &["unknown"]),
        ("warns", &["warns", "recorded"]),
    ];
    let group = |(key, keys): (&str, &[&str])| {
        let own = checks.iter().filter(|one| keys.contains(&check_key(one)));
        (check_mark(s, key), own.count())
    };
    let all = groups.into_iter().map(group);
    all.filter(|(_, count)| *count > 0).collect()
}

/// The places of a pool before and after: limit, counted, reserved, free, over.
pub struct PlaceRow {
    pub title: String,
    pub before: [String; 5],
    pub after: [String; 5],
    pub changed: bool,
}

/// The places of an institution before and after.
pub fn places(s: &Shell, before: &Posts, after: &Posts) -> Vec<PlaceRow> {
    let row = |one: &Pool| {
        let (before, after) = (five(before, *one), five(after, *one));
        PlaceRow {
            title: pool(s, *one),
            changed: before != after,
            before,
            after,
        }
    };
    Pool::ALL.iter().map(row).collect()
}

/// Limit, counted, reserved, free, over.
fn five(posts: &Posts, pool: Pool) -> [String; 5] {
    let show = super::format::number;
    let own = posts.pool(pool);
    [
        show(own.limit),
        own.counted.to_string(),
        own.reserved.to_string(),
        show(own.vacant),
        show(own.over),
    ]
}

/// Something that was done, as a row.
pub struct Done {
    pub at: String,
    pub made: String,
    pub by: String,
    pub office: String,
    pub led: String,
    pub words: Vec<String>,
}

/// Something said by an office or a colleague, and what came of it.
pub struct Said {
    pub at: String,
    pub by: String,
    pub text: String,
    pub answer: String,
    pub mark: Option<Mark>,
}

/// A file.
pub struct File {
    pub href: String,
    pub name: String,
    pub note: String,
}

/// Everything of an application that its page and the bench both show.
pub struct Case<'a> {
    pub s: &'a Shell,
    pub id: String,
    pub asked: String,
    pub name: String,
    pub person_href: String,
    pub house: String,
    pub state: String,
    pub holder: String,
    pub since: String,
    pub due: Due,
    pub facts: Vec<super::institution::Fact>,
    /// The offices in order, and which one has it: past, now, ahead.
    pub route: Vec<(String, &'static str)>,
    pub merits_title: String,
    pub merits: String,
    pub checks: Vec<CheckLine>,
    pub places: Vec<PlaceRow>,
    pub takes: String,
    pub frees: String,
    pub defects: Vec<Said>,
    pub opinions: Vec<Said>,
    pub objections: Vec<Said>,
    pub files: Vec<File>,
    pub history: Vec<Done>,
    /// Where its form can be fetched; empty = not by this office, or there is none.
    pub form: String,
}

/// One application.
#[derive(Template)]
#[template(path = "promotion/application.html")]
pub struct Page<'a> {
    pub s: &'a Shell,
    pub case: Case<'a>,
    pub deeds: Vec<Deed>,
    /// Why something was refused that is not offered any more.
    pub refused: Vec<String>,
    /// The bench, for those before whom it is.
    pub bench: String,
}

/// A new application.
#[derive(Template)]
#[template(path = "promotion/new.html")]
pub struct New<'a> {
    pub s: &'a Shell,
    pub name: String,
    pub person_href: String,
    pub house: String,
    /// What the road asks for, where it is one that the policies open.
    pub conditions: Vec<super::person::Condition<'a>>,
    pub deed: Deed,
}

/// A notice that runs, and how colleagues object.
pub struct Running {
    pub title: String,
    pub name: String,
    pub house: String,
    pub days: String,
    pub provisional: bool,
    pub href: String,
    pub object: Vec<Deed>,
}

/// What is published.
#[derive(Template)]
#[template(path = "promotion/notices.html")]
pub struct Notices<'a> {
    pub s: &'a Shell,
    pub tabs: Vec<Tab>,
    pub running: Vec<Running>,
    /// Rounds that were published: title, days, state, what is offered, where it leads.
    pub rounds: Vec<[String; 5]>,
}

/// The lists around applications.
pub fn tabs(s: &Shell) -> Vec<Tab> {
    Tab::open(
        s,
        &[
            (
                "web-menu-applications",
                "/applications",
                Action::ReadApplication,
            ),
            ("web-menu-notices", "/notices", Action::ReadNotice),
            ("web-menu-rounds", "/rounds", Action::ReadRound),
        ],
    )
}

/// Where something is done to an application.
fn moves(application: &Application, made: Move) -> String {
    format!("/applications/{}/moves/{}", application.id, made.key())
}

/// What may be done to an application, as forms. `at`: where one comes back to, `bench` or
/// nothing.
pub fn deeds(
    s: &Shell,
    application: &Application,
    may: &[Move],
    at: &str,
    refused: &Refused,
) -> Vec<Deed> {
    let bench = at == "bench";
    let shown = |made: &Move| !bench || is_of_bench(*made);
    let order = |made: &Move| {
        let first = [
            Move::Submit,
            Move::Take,
            Move::Recommend,
            Move::Publish,
            Move::Close,
            Move::Resolve,
            Move::Opine,
            Move::Approve,
            Move::Return,
            Move::Decline,
            Move::Reject,
        ];
        first.iter().position(|one| one == made).unwrap_or(99)
    };
    let mut may: Vec<Move> = may.iter().copied().filter(shown).collect();
    may.sort_by_key(order);
    let primary = may.first().copied();
    let mut all = Vec::new();
    for made in may {
        if made == Move::Resolve {
            all.extend(resolutions(s, application));
            continue;
        }
        let mut deed = one(s, application, made);
        deed.primary = Some(made) == primary && made != Move::Comment;
        if bench {
            deed.shortcut = shortcut(made);
        }
        all.push(deed);
    }
    let seen = |deed: Deed| {
        let deed = deed.hidden("version", application.version.number());
        deed.hidden("at", at).refused(refused)
    };
    all.into_iter().map(seen).collect()
}

const fn is_of_bench(made: Move) -> bool {
    !matches!(made, Move::Edit | Move::Attach | Move::Submit)
}

const fn shortcut(made: Move) -> &'static str {
    match made {
        Move::Approve | Move::Recommend | Move::Take => "a",
        Move::Return | Move::Decline => "r",
        Move::Reject => "x",
        Move::Opine => "o",
        Move::Publish => "p",
        _ => "",
    }
}

fn field(s: &Shell, name: &str, key: &str, input: Input) -> Field {
    Field::new(name, s.t(key), input)
}

/// One answer for each objection that waits for it.
fn resolutions(s: &Shell, application: &Application) -> Vec<Deed> {
    let open = application.objections.iter().enumerate();
    let open = open.filter(|(_, one)| one.resolved.is_none());
    open.map(|(number, one)| {
        let title = format!("{} {}", made(s, Move::Resolve), number + 1);
        let outcomes = [
            ("dismissed", s.t("web-objection-dismissed")),
            ("upheld", s.t("web-objection-upheld")),
        ];
        let outcomes = outcomes.map(|(key, words)| (key.to_owned(), words));
        Deed {
            hint: one.text.clone(),
            ..Deed::new(
                &format!("resolve-{number}"),
                moves(application, Move::Resolve),
                title,
            )
        }
        .hidden("objection", number)
        .field(field(s, "outcome", "web-outcome", Input::Choice).options(outcomes))
        .field(field(s, "answer", "web-answer", Input::Area).required())
    })
    .collect()
}

fn one(s: &Shell, application: &Application, move_made: Move) -> Deed {
    let key = move_made.key();
    let deed = Deed::new(key, moves(application, move_made), made(s, move_made));
    let reason = || field(s, "reason", "web-reason", Input::Area).required();
    let defects = || {
        let field = field(s, "defects", "web-defects", Input::Area).required();
        field.hint(s.t("web-a-line-each"))
    };
    let why = || {
        let field = field(s, "override_reason", "web-override", Input::Area);
        field.hint(s.t("web-override-is"))
    };
    let is_last = application.is_last_step();
    match move_made {
        Move::Edit => edit(s, application, deed),
        Move::Attach => Deed {
            to: format!("/applications/{}/files", application.id),
            ..deed
        }
        .field(field(s, "file", "web-file", Input::File).hint(s.t("web-file-is"))),
        Move::Comment => deed.field(field(s, "text", "web-comment", Input::Area).required()),
        Move::Object => deed.field(field(s, "text", "web-objection", Input::Area).required()),
        Move::Decline => deed.field(defects()),
        Move::Recommend => Deed {
            hint: match application.kind.appoints() {
                true => s.t("web-recommend-is"),
                false => String::new(),
            },
            ..deed
        }
        .field(field(s, "reason", "web-recommend-reason", Input::Area)),
        Move::Publish => deed.field(
            field(s, "working_days", "web-notice-days", Input::Number)
                .required()
                .value(crate::domain::promotion::NOTICE_DAYS),
        ),
        Move::Opine => {
            let answers = [
                ("yes", s.t("web-favourable")),
                ("no", s.t("web-unfavourable")),
            ];
            let answers = answers.map(|(key, words)| (key.to_owned(), words));
            deed.field(field(s, "favourable", "web-opinion", Input::Choice).options(answers))
                .field(field(s, "text", "web-opinion-text", Input::Area).required())
        }
        Move::Approve if is_last => deed
            .field(field(s, "effective", "web-effective", Input::Day).hint(s.t("web-effective-is")))
            .field(why()),
        Move::Return => deed
            .field(
                field(s, "to", "web-return-to", Input::Choice)
                    .value("institution")
                    .options(returns(s, application)),
            )
            .field(defects()),
        Move::Reject => Deed {
            loses: s.t("web-reject-loses"),
            ..deed
        }
        .field(reason()),
        Move::Withdraw => Deed {
            loses: s.t("web-withdraw-loses"),
            ..deed
        }
        .field(reason()),
        Move::ObjectToFiled => deed.field(reason()),
        Move::Revoke => Deed {
            loses: s.t("web-revoke-loses"),
            ..deed
        }
        .field(reason())
        .field(why()),
        _ => deed,
    }
}

/// Where it can be sent back to.
fn returns(s: &Shell, application: &Application) -> Vec<(String, String)> {
    let mut all = vec![
        ("institution".to_owned(), s.t("web-holder-institution")),
        ("applicant".to_owned(), s.t("web-holder-applicant")),
    ];
    let earlier = application.route.steps.iter().take(application.step);
    let earlier = earlier.enumerate();
    all.extend(earlier.map(|(at, office)| (at.to_string(), s.office(*office))));
    all
}

/// The fields of what is asked for.
pub fn target_fields(s: &Shell, kind: Kind, target: &Target) -> Vec<Field> {
    use crate::domain::title::Rank;
    let ranks = Rank::ALL.iter().map(|rank| {
        let word = match rank {
            Rank::None => s.t("web-none"),
            rank => s.w(rank),
        };
        (rank.key().to_owned(), word)
    });
    let mut fields = Vec::new();
    if kind.appoints() || kind == Kind::DirectedTitle {
        fields.push(
            field(s, "rank", "web-rank", Input::Choice)
                .value(target.rank.key())
                .options(ranks),
        );
    }
    if kind.appoints() {
        let grade = target.grade.map(|grade| grade.number().to_string());
        fields.push(
            field(s, "grade", "web-col-grade", Input::Number).value(grade.unwrap_or_default()),
        );
    }
    if kind == Kind::Transfer {
        let to = target.institution.map(|id| id.to_string());
        fields.push(
            field(s, "institution", "web-goes-to", Input::Text)
                .value(to.unwrap_or_default())
                .required()
                .hint(s.t("web-goes-to-is")),
        );
    }
    let on = target.on.map(|day| day.to_string()).unwrap_or_default();
    fields.push(field(s, "on", "web-wanted-on", Input::Day).value(on));
    fields
}

/// What the words are called that are written about an application.
pub fn merits_title(s: &Shell, kind: Kind) -> String {
    let key = if kind.needs_grounds() {
        "web-grounds"
    } else {
        "web-merits"
    };
    s.t(key)
}

/// On what 优秀 rests, why somebody is let go, and what else the institution says.
pub fn merits_field(s: &Shell, kind: Kind, merits: &str) -> Field {
    let title = merits_title(s, kind);
    let field = Field::new("merits", title, Input::Area).value(merits);
    if kind.needs_merits() || kind.needs_grounds() {
        field.required()
    } else {
        field
    }
}

fn edit(s: &Shell, application: &Application, deed: Deed) -> Deed {
    let fields = target_fields(s, application.kind, &application.target);
    let deed = fields.into_iter().fold(deed, Deed::field);
    deed.field(merits_field(s, application.kind, &application.merits))
}

/// What is told of an objection: upheld is trouble.
pub fn answered(s: &Shell, upheld: Option<bool>) -> Mark {
    let (class, shape, key) = match upheld {
        Some(true) => ("fails", "▲", "web-objection-upheld"),
        Some(false) => ("holds", "●", "web-objection-dismissed"),
        None => ("unknown", "◇", "web-objection-open"),
    };
    Mark {
        class,
        shape,
        word: s.t(key),
    }
}

/// Whether something was put right.
pub fn mended(s: &Shell, mended: bool) -> Mark {
    let (class, shape, key) = if mended {
        ("holds", "●", "web-mended")
    } else {
        ("fails", "▲", "web-not-mended")
    };
    Mark {
        class,
        shape,
        word: s.t(key),
    }
}

/// Whether an opinion is favourable.
pub fn favourable(s: &Shell, yes: bool) -> Mark {
    let (class, shape, key) = if yes {
        ("holds", "●", "web-favourable")
    } else {
        ("fails", "▲", "web-unfavourable")
    };
    Mark {
        class,
        shape,
        word: s.t(key),
    }
}
