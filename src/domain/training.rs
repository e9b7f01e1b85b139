//! Training of staff: what was learnt, for how long, and what proves it.

use super::label::labelled;
use super::sound::{in_order, sound};
use super::time::Date;

labelled! {
    /// Kind of training.
    pub enum TrainingKind {
        Residency = "规培" / "residency",
        Transfer = "转岗" / "transfer",
        Post = "岗位" / "post",
        AssistantGp = "助理全科" / "assistant_gp",
        EssentialMedicines = "基本药物" / "essential_medicines",
        Capacity = "能力提升" / "capacity",
        Continuing = "继续教育" / "continuing",
    }
}

/// One training of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Training {
    pub kind: TrainingKind,
    pub started: Option<Date>,
    pub ended: Option<Date>,
    /// Class hours.
    pub hours: Option<u32>,
    pub provider: Option<String>,
    /// Number of the certificate.
    pub certificate: Option<String>,
}

sound! { Training { kind, started, ended, hours, provider, certificate } where |one, out| {
    in_order("ended", one.started, one.ended, out);
}}
