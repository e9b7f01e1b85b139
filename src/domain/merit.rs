//! What speaks for a person: honours and annual assessments.

use super::label::labelled;
use super::sound::{check_year, sound};
use super::time::Date;

labelled! {
    /// Who gives an honour.
    pub enum HonourLevel {
        National = "国家级" / "national",
        Province = "省级" / "province",
        City = "市级" / "city",
        County = "县级" / "county",
        Institution = "单位" / "institution",
    }
}

/// One honour of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Honour {
    pub name: String,
    pub level: HonourLevel,
    pub awarded: Option<Date>,
    pub body: Option<String>,
    pub document: Option<String>,
}

labelled! {
    /// Result of an annual assessment (事业单位工作人员考核).
    pub enum AssessmentResult {
        Excellent = "优秀" / "excellent",
        Competent = "合格" / "competent",
        Basic = "基本合格" / "basic",
        Incompetent = "不合格" / "incompetent",
        Undetermined = "不确定等次" / "undetermined",
    }
}

/// The assessment of a person for one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    pub year: u32,
    pub result: AssessmentResult,
    /// Satisfaction of the residents, in thousandths.
    pub satisfaction: Option<u32>,
}

sound! { Honour { name, level, awarded, body, document } }
sound! { Assessment { year <= 2200, result, satisfaction <= 1000 } where |one, out| {
    check_year(one.year, out);
}}
