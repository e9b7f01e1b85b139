//! What a rule says of a subject.

use crate::domain::label::labelled;

labelled! {
    /// The verdict of a rule (CONTRACT section 4).
    pub enum Verdict {
        Holds = "合规" / "holds",
        Fails = "不合规" / "fails",
        /// A fact is missing.
        Unknown = "待定" / "unknown",
        /// A person must decide.
        Judgement = "需认定" / "judgement",
    }
}
