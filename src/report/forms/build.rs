//! The six forms from what screens show.

use super::{Cell, Form, FormKind, Seal};
use crate::domain::institution::Institution;
use crate::domain::post::Level;
use crate::domain::promotion::{Application, Pool};
use crate::domain::staff::Person;
use crate::domain::time::Date;
use crate::domain::title::Rank;
use crate::i18n::refusal::{application_kind, office, pool};
use crate::i18n::{Lang, t};
use crate::report::words::{post_rank, word};
use crate::rules::ledger::{LevelPosts, Posts};

fn say(lang: Lang, key: &str) -> String {
    t(lang, &format!("form-{key}"), &[])
}

fn fact(lang: Lang, key: &str, value: impl Into<String>) -> (String, String) {
    (say(lang, key), value.into())
}

fn heads(lang: Lang, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| say(lang, key)).collect()
}

fn named(institution: &Institution, lang: Lang) -> Vec<(String, String)> {
    vec![
        fact(lang, "institution", institution.name.clone()),
        fact(lang, "code", institution.code.clone()),
    ]
}

fn empty_seals(lang: Lang, keys: &[&str]) -> Vec<Seal> {
    let seal = |key: &&str| Seal {
        office: say(lang, key),
        words: String::new(),
        signed: String::new(),
    };
    keys.iter().map(seal).collect()
}

fn grade(person: Option<crate::domain::post::Grade>) -> String {
    person.map_or_else(String::new, |grade| grade.number().to_string())
}

/// Approval of an appointment (岗位聘用审批表): the person, what is asked for, the places
/// before and after, and a box for each office of the route. `opinions`: what each office
/// said, who signed and when, in the order of the boxes.
pub fn appointment(
    application: &Application,
    person: &Person,
    institution: &Institution,
    places: [&Posts; 2],
    opinions: &[Seal],
    on: Date,
    lang: Lang,
) -> Form {
    let mut form = Form::new(FormKind::Appointment, lang, on);
    form.facts = named(institution, lang);
    let month = |month: Option<crate::domain::month::Month>| {
        month.map_or_else(String::new, |month| month.to_string())
    };
    let grounds = if application.kind.needs_grounds() {
        "grounds"
    } else {
        "merits"
    };
    form.facts.extend([
        fact(lang, "name", person.name.clone()),
        fact(lang, "born", person.id.birth_month().to_string()),
        fact(lang, "held-title", word(&person.title, lang)),
        fact(lang, "title-since", month(person.title_since)),
        fact(lang, "held-post", post_rank(person.appointed, lang)),
        fact(lang, "held-grade", grade(person.grade)),
        fact(lang, "asked", application_kind(lang, application.kind)),
        fact(lang, "asked-rank", post_rank(application.target.rank, lang)),
        fact(lang, "asked-grade", grade(application.target.grade)),
        fact(lang, grounds, application.merits.clone()),
    ]);
    if let Some(notice) = application.notice {
        let days = format!("{} – {}", notice.published, notice.last);
        form.facts.push(fact(lang, "notice-days", days));
    }
    if let Some(effective) = application.effective {
        form.facts
            .push(fact(lang, "effective", effective.to_string()));
    }
    form.columns = heads(
        lang,
        &["level", "limit", "counted", "reserved", "counted-after"],
    );
    let [before, after] = places;
    form.rows = Pool::ALL
        .iter()
        .map(|one| {
            let [limit, counted, reserved] = crate::rules::effect::figures(before, *one);
            let [_, then, _] = crate::rules::effect::figures(after, *one);
            vec![
                Cell::Text(pool(lang, *one)),
                Cell::number(limit),
                Cell::number(counted),
                Cell::number(reserved),
                Cell::number(then),
            ]
        })
        .collect();
    let mut seals = empty_seals(lang, &["seal-institution"]);
    let steps = application.route.steps.iter().map(|step| Seal {
        office: office(lang, *step),
        words: String::new(),
        signed: String::new(),
    });
    seals.extend(steps);
    for (seal, given) in seals.iter_mut().zip(opinions) {
        seal.words.clone_from(&given.words);
        seal.signed.clone_from(&given.signed);
    }
    form.seals = seals;
    form
}

/// Approval of the plan of posts (岗位设置方案核准表).
pub fn post_plan(institution: &Institution, posts: &Posts, on: Date, lang: Lang) -> Form {
    let mut form = Form::new(FormKind::PostPlan, lang, on);
    form.facts = named(institution, lang);
    let approved = |number: Option<u32>| Cell::number(number.map(i64::from));
    form.facts.push(fact(
        lang,
        "professional-posts",
        institution
            .posts
            .professional
            .map_or_else(String::new, |n| n.to_string()),
    ));
    form.columns = heads(
        lang,
        &["level", "ceiling", "approved", "limit", "counted", "over"],
    );
    let own = institution.posts;
    for (level, number) in Level::ALL
        .iter()
        .zip([own.senior, own.intermediate, own.junior])
    {
        let line = posts.level(*level);
        form.rows.push(vec![
            Cell::Text(word(level, lang)),
            Cell::number(line.ceiling),
            approved(number),
            Cell::number(line.limit),
            Cell::Number(line.counted()),
            Cell::number(line.over()),
        ]);
    }
    let directed = &posts.directed;
    form.rows.push(vec![
        Cell::Text(pool(lang, Pool::Directed)),
        Cell::number(directed.ceiling),
        approved(own.directed),
        Cell::number(directed.limit),
        Cell::Number(directed.counted),
        Cell::number(directed.over()),
    ]);
    form.notes = vec![say(lang, "note-merged-grades")];
    form.seals = empty_seals(lang, &["seal-institution", "seal-health", "seal-posts"]);
    form
}

/// Somebody who came to a level, or left it, in the month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    pub level: Level,
    pub name: String,
    pub came: bool,
    pub other: Other,
}

/// Where somebody was before, or is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    Level(Level),
    Directed,
    /// At the institution, without a post of a level.
    NoPost,
    /// Not at the institution.
    Away,
}

impl Movement {
    /// One line: which level, who, and from or to where.
    fn shown(&self, lang: Lang) -> String {
        let (sign, way) = if self.came {
            ("+", "from")
        } else {
            ("−", "to")
        };
        let other = match self.other {
            Other::Level(level) => word(&level, lang),
            Other::Directed => say(lang, "movement-directed"),
            Other::NoPost => say(lang, "movement-no-post"),
            Other::Away => say(lang, "movement-away"),
        };
        let args = [("other", other.into())];
        let other = t(lang, &format!("form-movement-{way}"), &args);
        format!("{sign} {} {}{other}", word(&self.level, lang), self.name)
    }
}

/// The ledger of a month: the places at its beginning and its end, and who came and went.
#[derive(Clone, Debug)]
pub struct Usage<'a> {
    pub institution: &'a Institution,
    pub from: Date,
    pub to: Date,
    pub before: &'a Posts,
    pub after: &'a Posts,
    pub movements: &'a [Movement],
}

/// Use of posts in a month (岗位使用情况台帐). Every level: what was held, came, went and is
/// held; the last is the first with what came and without what went.
pub fn usage(used: &Usage<'_>, lang: Lang) -> Form {
    let mut form = Form::new(FormKind::Usage, lang, used.to);
    form.facts = named(used.institution, lang);
    form.facts
        .push(fact(lang, "days", format!("{} – {}", used.from, used.to)));
    form.columns = heads(
        lang,
        &[
            "level", "limit", "at-start", "came", "went", "at-end", "reserved", "vacant",
        ],
    );
    let held = |posts: &LevelPosts| posts.counted() + posts.off_quota + posts.special;
    for level in Level::ALL {
        let count = |came| {
            let own = used.movements.iter();
            let own = own.filter(|one| one.level == *level && one.came == came);
            i64::try_from(own.count()).unwrap_or(i64::MAX)
        };
        let (before, after) = (used.before.level(*level), used.after.level(*level));
        form.rows.push(vec![
            Cell::Text(word(level, lang)),
            Cell::number(after.limit),
            Cell::Number(held(before)),
            Cell::Number(count(true)),
            Cell::Number(count(false)),
            Cell::Number(held(after)),
            Cell::Number(after.reserved),
            Cell::number(after.vacant()),
        ]);
    }
    form.notes = used.movements.iter().map(|one| one.shown(lang)).collect();
    form.seals = empty_seals(lang, &["seal-institution"]);
    form
}

/// Public notice (公示) of applications of an institution.
pub fn notice(
    institution: &Institution,
    listed: &[(&Application, &Person)],
    on: Date,
    lang: Lang,
) -> Form {
    let mut form = Form::new(FormKind::Notice, lang, on);
    form.facts = named(institution, lang);
    let days = listed
        .iter()
        .filter_map(|(application, _)| application.notice);
    if let Some(last) = days.clone().map(|notice| notice.last).max() {
        let first = days.map(|notice| notice.published).min().unwrap_or(last);
        form.facts
            .push(fact(lang, "notice-days", format!("{first} – {last}")));
    }
    form.columns = heads(
        lang,
        &[
            "name",
            "held-title",
            "held-post",
            "asked",
            "asked-rank",
            "asked-grade",
        ],
    );
    form.rows = listed
        .iter()
        .map(|(application, person)| {
            vec![
                person.name.clone().into(),
                word(&person.title, lang).into(),
                post_rank(person.appointed, lang).into(),
                application_kind(lang, application.kind).into(),
                post_rank(application.target.rank, lang).into(),
                grade(application.target.grade).into(),
            ]
        })
        .collect();
    form.notes = vec![say(lang, "note-objections")];
    form.seals = empty_seals(lang, &["seal-institution"]);
    form
}

/// One person of a roster.
#[derive(Clone, Debug)]
pub struct Employee<'a> {
    pub person: &'a Person,
    /// The ledger they stand in; empty for those who hold no post.
    pub ledger: String,
    pub retirement: Option<crate::domain::month::Month>,
}

/// Roster (花名册) of an institution. Identity numbers are masked.
pub fn roster(institution: &Institution, staff: &[Employee<'_>], on: Date, lang: Lang) -> Form {
    let mut form = Form::new(FormKind::Roster, lang, on);
    form.facts = named(institution, lang);
    form.columns = heads(
        lang,
        &[
            "number",
            "name",
            "id",
            "employment",
            "category",
            "held-title",
            "held-post",
            "held-grade",
            "ledger",
            "retirement",
        ],
    );
    form.rows = staff
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let person = one.person;
            vec![
                Cell::Number(i64::try_from(at + 1).unwrap_or(i64::MAX)),
                person.name.clone().into(),
                person.id.masked().into(),
                word(&person.employment, lang).into(),
                word(&person.category, lang).into(),
                word(&person.title, lang).into(),
                match person.appointed {
                    Rank::None => Cell::Blank,
                    rank => post_rank(rank, lang).into(),
                },
                grade(person.grade).into(),
                one.ledger.clone().into(),
                one.retirement
                    .map_or(Cell::Blank, |month| month.to_string().into()),
            ]
        })
        .collect();
    form.seals = empty_seals(lang, &["seal-institution"]);
    form
}

/// Use of the establishment (编制使用情况表): approved, used and free, institution by
/// institution. `used`: people 编内 at each.
pub fn establishment(rows: &[(&Institution, i64)], on: Date, lang: Lang) -> Form {
    let mut form = Form::new(FormKind::Establishment, lang, on);
    form.columns = heads(
        lang,
        &[
            "code",
            "institution",
            "approved-total",
            "approved-professional",
            "used",
            "free",
        ],
    );
    let mut sums = [Some(0), Some(0), Some(0)];
    for (institution, used) in rows {
        let own = institution.establishment;
        let total = own.total.map(i64::from);
        let free = total.map(|total| total - used);
        form.rows.push(vec![
            institution.code.clone().into(),
            institution.name.clone().into(),
            Cell::number(total),
            Cell::number(own.professional.map(i64::from)),
            Cell::Number(*used),
            Cell::number(free),
        ]);
        for (sum, one) in sums.iter_mut().zip([total, Some(*used), free]) {
            *sum = sum.zip(one).map(|(sum, one)| sum + one);
        }
    }
    let [total, used, free] = sums;
    // a sum with something unknown in it would be too small
    form.rows.push(vec![
        Cell::Text(say(lang, "sum")),
        Cell::Blank,
        Cell::number(total),
        Cell::Blank,
        Cell::number(used),
        Cell::number(free),
    ]);
    form.seals = empty_seals(lang, &["seal-establishment"]);
    form
}
