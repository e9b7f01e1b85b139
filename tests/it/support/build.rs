//! Small makers of people, institutions and months, so that a test reads like the case
//! it is about.

use dinggang::domain::ids::{AreaCode, NationalId};
use dinggang::domain::institution::{Institution, Kind};
use dinggang::domain::month::Month;
use dinggang::domain::post::PostCategory;
use dinggang::domain::register::{Origin, Register, Source, SourceId};

use dinggang::domain::staff::{Employment, Person};
use dinggang::domain::title::Rank;

/// `2026-11`
pub fn month(text: &str) -> Month {
    text.parse().expect("a month such as 2026-11")
}

/// A place code of any length.
pub fn area(code: &str) -> AreaCode {
    AreaCode::read(code, &[2, 4, 6, 9, 12]).expect("a place code")
}

/// The `number`th identity number of someone born in that month. It begins with 150199,
/// which is no registered area.
pub fn identity(born: Month, man: bool, number: usize) -> NationalId {
    let (day, order) = (1 + number / 50 % 28, number % 50 * 2 + usize::from(man));
    let stem = format!(
        "150199{:04}{:02}{day:02}{order:03}",
        born.year(),
        born.month()
    );
    with_check_digit(&stem)
}

/// The identity number that begins so.
pub fn with_check_digit(stem: &str) -> NationalId {
    "0123456789X"
        .chars()
        .find_map(|digit| NationalId::read(&format!("{stem}{digit}")).ok())
        .expect("one check digit is right")
}

/// Row `row` of source 0.
pub fn origin(row: usize) -> Origin {
    Origin {
        source: SourceId(0),
        row: u32::try_from(row).expect("few") + 2,
    }
}

/// The one source of a register made for a test.
pub fn sources() -> Vec<Source> {
    vec![Source {
        file: "测试.xlsx".to_owned(),
        sheet: "人员".to_owned(),
    }]
}

/// An institution of a kind, in 150199001.
pub fn institution(code: &str, kind: Kind) -> Institution {
    let mut institution = Institution::named(origin(0), code.to_owned(), format!("示例{code}"));
    institution.kind = Some(kind);
    institution.area = Some(area("150199001"));
    institution
}

/// Someone of 编内 专业技术 at the first institution, appointed to a level.
pub fn appointed(number: usize, born: Month, rank: Rank) -> Person {
    let mut person = Person::new(
        origin(number),
        identity(born, true, number),
        format!("人{number}"),
        0,
        Employment::Establishment,
        PostCategory::Professional,
    );
    person.title = rank;
    person.appointed = rank;
    person
}

/// A data set of institutions and people.
pub fn register(institutions: Vec<Institution>, people: Vec<Person>) -> Register {
    Register {
        sources: sources(),
        institutions,
        people,
        ..Register::default()
    }
}
