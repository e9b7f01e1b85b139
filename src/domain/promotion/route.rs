//! Routes: which offices decide on an application, in order. They are data of the adopted
//! policy: a text with one line for each kind, read by [`Routes::read`].
//!
//! ```text
//! 岗位聘用 = 县级卫健 > 县级人社
//! 岗位聘用 高级 = 市级卫健 > 市级人社
//! 定向评价 = 市级人社 ; 市级卫健, 市级药监
//! 其他 = 医共体人事
//! 超岗 = 退2进1
//! ```
//!
//! Behind `;` stand those whose opinion has to be there before the last office decides. A
//! route of the consortium alone means that it decides and files for the record. Behind
//! 超岗 stands how an institution that is over its number fills again.

use super::kind::Kind;
use super::release::Release;
use crate::domain::rights::Office;
use crate::domain::title::Rank;

/// Who decides on one application.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// In order; the last one decides.
    pub steps: Vec<Office>,
    /// Whose opinion has to be there before the last step.
    pub opinions: Vec<Office>,
}

impl Route {
    /// Whether the consortium decides and files for the record.
    pub fn is_of_consortium(&self) -> bool {
        self.steps.last() == Some(&Office::ConsortiumHr)
    }
}

/// The routes of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes {
    lines: Vec<Line>,
    /// How institutions that are over their number fill again; `None` = they do not before
    /// they are under it.
    pub release: Option<Release>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    /// `None` = all kinds without a line of their own.
    kind: Option<Kind>,
    /// For senior ranks only.
    senior: bool,
    route: Route,
}

/// What is wrong with a text of routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadRoute {
    /// No `=`, or nothing behind it.
    Line(String),
    /// No kind of that name.
    Kind(String),
    /// No office of that name, or one that does not decide.
    Office(String),
    /// An office stands there twice.
    Twice(String),
    /// Not how many leave for how many who come.
    Release(String),
}

impl BadRoute {
    /// What stands there.
    pub fn text(&self) -> &str {
        match self {
            Self::Line(text)
            | Self::Kind(text)
            | Self::Office(text)
            | Self::Twice(text)
            | Self::Release(text) => text,
        }
    }
}

/// All other kinds.
const OTHERS: &str = "其他";
const SENIOR: &str = "高级";
/// Institutions that are over their number.
const OVER: &str = "超岗";

/// Those who may stand on a route.
const DECIDING: [Office; 5] = [
    Office::ConsortiumHr,
    Office::CountyHealth,
    Office::CountyHumanResources,
    Office::CityHealth,
    Office::CityHumanResources,
];
/// Those whose opinion may be asked for.
const OPINING: [Office; 4] = [
    Office::CountyHealth,
    Office::CityHealth,
    Office::CountyDrugRegulator,
    Office::CityDrugRegulator,
];

impl Routes {
    /// Reads routes; an empty text has none, and the usual ones hold.
    pub fn read(text: &str) -> Result<Self, BadRoute> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut routes = Self::default();
        for line in lines {
            match line.split_once('=') {
                Some((what, rule)) if what.trim() == OVER => {
                    let release = Release::read(rule);
                    let release = release.ok_or_else(|| BadRoute::Release(rule.to_owned()))?;
                    routes.release = Some(release);
                }
                _ => routes.lines.push(read_line(line)?),
            }
        }
        Ok(routes)
    }

    /// The route of an application: the line for the kind at senior level, for the kind, for
    /// all others, or else the usual one.
    pub fn of(&self, kind: Kind, rank: Rank) -> Route {
        let senior = kind.is_senior(rank);
        let find = |wanted: Option<Kind>, of_senior: bool| {
            let mut lines = self.lines.iter();
            lines.find(|line| line.kind == wanted && line.senior == of_senior)
        };
        let lines = [
            senior.then(|| find(Some(kind), true)).flatten(),
            find(Some(kind), false),
            senior.then(|| find(None, true)).flatten(),
            find(None, false),
        ];
        let line = lines.into_iter().flatten().next();
        line.map_or_else(|| usual(kind, rank), |line| line.route.clone())
    }
}

/// The route where the place has said nothing: health, then human resources; for senior
/// ranks those of the city. The city's human resources office runs the directed evaluation
/// with the opinions of health and drug regulation (seed 001, 三（二）6).
fn usual(kind: Kind, rank: Rank) -> Route {
    let opinions = match kind {
        Kind::DirectedTitle => vec![Office::CityHealth, Office::CityDrugRegulator],
        _ => Vec::new(),
    };
    let steps = match (kind, kind.is_senior(rank)) {
        (Kind::DirectedTitle, _) => vec![Office::CityHumanResources],
        (_, true) => vec![Office::CityHealth, Office::CityHumanResources],
        (_, false) => vec![Office::CountyHealth, Office::CountyHumanResources],
    };
    Route { steps, opinions }
}

fn read_line(line: &str) -> Result<Line, BadRoute> {
    let bad = || BadRoute::Line(line.to_owned());
    let (what, route) = line.split_once('=').ok_or_else(bad)?;
    let mut words = what.split_whitespace();
    let kind = words.next().ok_or_else(bad)?;
    let kind = match kind {
        OTHERS => None,
        label => Some(Kind::from_label(label).ok_or_else(|| BadRoute::Kind(label.to_owned()))?),
    };
    let senior = match words.next() {
        None => false,
        Some(SENIOR) => true,
        Some(_) => return Err(bad()),
    };
    let (steps, opinions) = route.split_once(';').unwrap_or((route, ""));
    let route = Route {
        steps: offices(steps, '>', &DECIDING)?,
        opinions: offices(opinions, ',', &OPINING)?,
    };
    if route.steps.is_empty() || words.next().is_some() {
        return Err(bad());
    }
    Ok(Line {
        kind,
        senior,
        route,
    })
}

fn offices(text: &str, separator: char, allowed: &[Office]) -> Result<Vec<Office>, BadRoute> {
    let mut offices = Vec::new();
    let labels = text.split(separator).map(str::trim);
    for label in labels.filter(|label| !label.is_empty()) {
        let office = Office::from_label(label).filter(|office| allowed.contains(office));
        let office = office.ok_or_else(|| BadRoute::Office(label.to_owned()))?;
        if offices.contains(&office) {
            return Err(BadRoute::Twice(label.to_owned()));
        }
        offices.push(office);
    }
    Ok(offices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_data() {
        let text = "岗位聘用 = 县级卫健 > 县级人社\n\
            岗位聘用 高级 = 县级卫健 > 县级人社 > 市级人社\n\n\
            定向评价 = 市级人社 ; 市级卫健, 市级药监\n其他 = 医共体人事";
        let routes = Routes::read(text).unwrap();
        let steps = |kind, rank| routes.of(kind, rank).steps;
        let county = [Office::CountyHealth, Office::CountyHumanResources];
        assert_eq!(steps(Kind::Appointment, Rank::Intermediate), county);
        assert_eq!(steps(Kind::Appointment, Rank::Senior).len(), 3);
        assert!(routes.of(Kind::Grade, Rank::Senior).is_of_consortium());
        let directed = routes.of(Kind::DirectedTitle, Rank::AssociateSenior);
        assert_eq!(
            directed.opinions,
            [Office::CityHealth, Office::CityDrugRegulator]
        );
    }

    #[test]
    fn the_usual_routes() {
        let routes = Routes::read("").unwrap();
        let of = |kind, rank| routes.of(kind, rank).steps;
        assert_eq!(
            of(Kind::Appointment, Rank::Intermediate),
            [Office::CountyHealth, Office::CountyHumanResources]
        );
        assert_eq!(
            of(Kind::AboveRatio, Rank::AssociateSenior),
            [Office::CityHealth, Office::CityHumanResources]
        );
        assert_eq!(
            of(Kind::DirectedTitle, Rank::Senior),
            [Office::CityHumanResources]
        );
        assert_eq!(
            routes.of(Kind::DirectedTitle, Rank::Senior).opinions.len(),
            2
        );
    }

    #[test]
    fn what_is_wrong_with_a_route() {
        let release = Routes::read("超岗 = 退2进1").unwrap();
        assert_eq!(release.release, Release::read("退2进1"));
        let wrong = |text: &str| Routes::read(text).unwrap_err();
        assert!(matches!(wrong("超岗 = 随意"), BadRoute::Release(_)));
        assert!(matches!(wrong("岗位聘用"), BadRoute::Line(_)));
        assert!(matches!(wrong("岗位聘用 ="), BadRoute::Line(_)));
        assert!(matches!(
            wrong("岗位聘用 中级 = 县级人社"),
            BadRoute::Line(_)
        ));
        assert_eq!(wrong("升职 = 县级人社"), BadRoute::Kind("升职".to_owned()));
        assert_eq!(
            wrong("其他 = 县级编办"),
            BadRoute::Office("县级编办".to_owned())
        );
        assert_eq!(
            wrong("其他 = 县级人社 > 县级人社"),
            BadRoute::Twice("县级人社".to_owned())
        );
    }
}
