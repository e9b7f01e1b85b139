//! A policy file exactly as written: every key checked, every value with its
//! place in the text, nothing understood yet. `resolve` gives it meaning.
//!
//! The kind of a rule is the name of its table. That is deliberate: a `kind`
//! key with a tagged enum loses the spans that the error messages need.

use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A value and where it stands in the file.
pub use toml::Spanned;

/// A text with its place.
pub type Text = Spanned<String>;

/// A condition, or several alternatives joined by 或.
pub type Condition = Spanned<String>;

/// Words for readers, in one language or both.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Words {
    /// The same words for every reader.
    One(String),
    /// Chinese and English.
    Both { zh: String, en: String },
}

/// One reading, or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Readings {
    One(Words),
    Many(Vec<Words>),
}

/// `policy.toml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PolicyFile {
    pub document: Document,
    /// Quotations of the clauses applied, by a name of their own.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Clause>")]
    pub clause: BTreeMap<Text, Clause>,
    /// What became of every clause about staff, posts, titles, pay and pensions.
    #[serde(default)]
    pub coverage: Vec<Coverage>,
    #[serde(default)]
    pub ceiling: Vec<Ceiling>,
    #[serde(default)]
    pub floor: Vec<Floor>,
    #[serde(default)]
    pub per_unit: Vec<PerUnit>,
    #[serde(default)]
    pub min_count: Vec<MinCount>,
    #[serde(default)]
    pub range: Vec<Range>,
    #[serde(default)]
    pub exempt: Vec<Exempt>,
    #[serde(default)]
    pub beyond_cap: Vec<BeyondCap>,
    #[serde(default)]
    pub reserve: Vec<Reserve>,
    #[serde(default)]
    pub scope: Vec<Scope>,
    #[serde(default)]
    pub prerequisite: Vec<Prerequisite>,
    #[serde(default)]
    pub status_table: Vec<StatusTable>,
    #[serde(default)]
    pub age_schedule: Vec<AgeSchedule>,
    #[serde(default)]
    pub target: Vec<Target>,
    #[serde(default)]
    pub review_every: Vec<ReviewEvery>,
    #[serde(default)]
    pub pool: Vec<Pool>,
    #[serde(default)]
    pub structure: Vec<Structure>,
    #[serde(default)]
    pub priority: Vec<Priority>,
    #[serde(default)]
    pub judgement: Vec<Judgement>,
}

/// The document a policy encodes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub title: Words,
    /// Administrative code of the place it is for; empty for the whole country.
    #[schemars(with = "String")]
    pub place: Text,
    /// `draft`, `in-force`, `expired` or `repealed`.
    #[schemars(with = "String")]
    pub status: Text,
    pub number: Option<String>,
    #[schemars(with = "Option<String>")]
    pub issued: Option<Text>,
    #[schemars(with = "Option<String>")]
    pub from: Option<Text>,
    #[schemars(with = "Option<String>")]
    pub to: Option<Text>,
    /// Documents it is made under.
    #[serde(default)]
    pub under: Vec<String>,
    /// `false` when the text itself was not at hand.
    #[serde(default = "yes")]
    pub verified: bool,
    pub source: Option<Source>,
    /// What has to be said wherever the status is, in a few words.
    pub remark: Option<Words>,
    /// What a reader should know about the document.
    pub note: Option<Words>,
}

fn yes() -> bool {
    true
}

/// The file a document was read from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub name: String,
    /// SHA-256 of the file, in hexadecimal.
    #[schemars(with = "String")]
    pub sha256: Text,
}

/// A short verbatim quotation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Where it stands in the document.
    pub at: String,
    #[schemars(with = "String")]
    pub text: Text,
    /// `false` when this wording was not at hand, though the document may be.
    #[serde(default = "yes")]
    pub verified: bool,
}

/// One row of the coverage list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Number of the clause in the inventory of rules (N05, X14 …).
    #[schemars(with = "String")]
    pub row: Text,
    pub at: String,
    /// The clause in the document's words.
    #[schemars(with = "String")]
    pub quote: Text,
    /// `encoded`, `judgement` or `not-encoded`.
    #[schemars(with = "String")]
    pub status: Text,
    /// The rules that encode it, here or in another policy (`policy#rule`).
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub rules: Vec<Text>,
    /// Why it is not encoded, or what a person must decide.
    pub reason: Option<Words>,
}

/// Declares a rule table: the keys every rule has, and its own.
macro_rules! rule {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Permanent name of the rule.
            #[schemars(with = "String")]
            pub id: Text,
            pub title: Option<Words>,
            /// `must` (default), `may`, `in-principle` or `target`.
            #[schemars(with = "Option<String>")]
            pub force: Option<Text>,
            /// The clauses it rests on.
            #[serde(default)]
            #[schemars(with = "Vec<String>")]
            pub cites: Vec<Text>,
            /// What was chosen where the text is silent.
            pub reading: Option<Readings>,
            /// First and last day of this rule, where they differ from the document's.
            #[schemars(with = "Option<String>")]
            pub from: Option<Text>,
            #[schemars(with = "Option<String>")]
            pub to: Option<Text>,
            /// The rule (`policy#rule`), or rules, that this one replaces.
            #[schemars(with = "Option<OneOrMany>")]
            pub overrides: Option<Spanned<OneOrMany>>,
            /// Rules whose result this one uses.
            #[serde(default)]
            #[schemars(with = "Vec<String>")]
            pub uses: Vec<Text>,
            $($(#[$fmeta])* pub $field: $type,)*
        }
    };
}

rule! {
    /// No more than a share of a total, or than an approved number.
    Ceiling {
        /// Which institutions it is for.
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        /// Institutions for which a blank number leaves the rule out instead of open.
        #[serde(default)]
        #[schemars(with = "Option<Vec<String>>")]
        left_out_if_blank: Option<Vec<Condition>>,
        #[schemars(with = "Option<String>")]
        counts: Option<Text>,
        #[schemars(with = "Option<Vec<String>>")]
        count_people: Option<Vec<Condition>>,
        #[schemars(with = "Option<String>")]
        share_of: Option<Text>,
        #[schemars(with = "Option<String>")]
        at_most: Option<Text>,
        /// `down`, `up` or `nearest`; without it shares are compared exactly.
        #[schemars(with = "Option<String>")]
        round: Option<Text>,
        #[serde(default)]
        variant: Vec<CeilingVariant>,
        #[serde(default)]
        subject: Vec<CeilingSubject>,
    }
}

/// A different share under conditions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CeilingVariant {
    #[schemars(with = "Vec<String>")]
    pub when: Vec<Condition>,
    /// Governs the election of the variant only.
    #[schemars(with = "Option<String>")]
    pub force: Option<Text>,
    #[schemars(with = "String")]
    pub at_most: Text,
    /// The part of the total that takes this share; the rest keeps the rule's.
    #[schemars(with = "Option<String>")]
    pub over: Option<Text>,
    pub reading: Option<Readings>,
}

/// One of several counts under one rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CeilingSubject {
    #[schemars(with = "String")]
    pub name: Text,
    #[schemars(with = "String")]
    pub counts: Text,
    #[schemars(with = "String")]
    pub at_most: Text,
}

rule! {
    /// No less than a share of a total.
    Floor {
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        #[serde(default)]
        #[schemars(with = "Option<Vec<String>>")]
        left_out_if_blank: Option<Vec<Condition>>,
        /// `institution` (default), `county`; both for each and for the sum.
        #[serde(default)]
        #[schemars(with = "Vec<String>")]
        per: Vec<Text>,
        #[schemars(with = "String")]
        counts: Text,
        #[schemars(with = "String")]
        share_of: Text,
        #[schemars(with = "String")]
        at_least: Text,
    }
}

rule! {
    /// One for every so many of something.
    PerUnit {
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        /// `institution` (default), `street`, `township`, `community` or `village`.
        #[schemars(with = "Option<String>")]
        per: Option<Text>,
        #[schemars(with = "i64")]
        every: Spanned<i64>,
        #[schemars(with = "String")]
        of: Text,
        /// Needed in any case.
        #[schemars(with = "Option<i64>")]
        first: Option<Spanned<i64>>,
        /// Only what lies above this number is divided.
        #[schemars(with = "Option<i64>")]
        above: Option<Spanned<i64>>,
        #[schemars(with = "Option<String>")]
        round: Option<Text>,
        /// Where the number is a whole count of places rather than of people.
        #[schemars(with = "Option<Vec<String>>")]
        count_institutions: Option<Vec<Condition>>,
        #[serde(default)]
        subject: Vec<PerUnitSubject>,
    }
}

/// One of the professions needed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PerUnitSubject {
    #[schemars(with = "String")]
    pub name: Text,
    /// The name in English, for readers.
    pub en: Option<String>,
    #[schemars(with = "Vec<String>")]
    pub count_people: Vec<Condition>,
    /// Subjects of this rule whose people are not counted here again.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub not_already: Vec<Text>,
    /// Needs (`rule/subject`) that take people away first, but only those that
    /// people of other professions cannot fill.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub after: Vec<Text>,
}

rule! {
    /// At least so many.
    MinCount {
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        /// `institution` (default), `county`, `street`, `township`, `community`, `village`, `team`.
        #[schemars(with = "Option<String>")]
        per: Option<Text>,
        #[schemars(with = "Option<String>")]
        counts: Option<Text>,
        #[schemars(with = "Option<Vec<String>>")]
        count_people: Option<Vec<Condition>>,
        #[schemars(with = "Option<Vec<String>>")]
        count_institutions: Option<Vec<Condition>>,
        #[schemars(with = "Option<i64>")]
        at_least: Option<Spanned<i64>>,
        /// The fact of a person that names their place, where it is not the institution's.
        #[schemars(with = "Option<String>")]
        people_by: Option<Text>,
        #[serde(default)]
        subject: Vec<MinCountSubject>,
    }
}

/// One of several counts under one rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MinCountSubject {
    #[schemars(with = "String")]
    pub name: Text,
    /// The name in English, for readers.
    pub en: Option<String>,
    #[schemars(with = "Option<String>")]
    pub counts: Option<Text>,
    #[schemars(with = "Option<Vec<String>>")]
    pub count_people: Option<Vec<Condition>>,
    #[schemars(with = "Option<Vec<String>>")]
    pub count_institutions: Option<Vec<Condition>>,
    #[schemars(with = "i64")]
    pub at_least: Spanned<i64>,
}

rule! {
    /// Between two bounds, of a number or of a number per something.
    Range {
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        /// `institution` (default) or `county`.
        #[schemars(with = "Option<String>")]
        per: Option<Text>,
        #[schemars(with = "String")]
        counts: Text,
        #[schemars(with = "Option<String>")]
        share_of: Option<Text>,
        #[schemars(with = "Option<String>")]
        at_least: Option<Text>,
        #[schemars(with = "Option<String>")]
        at_most: Option<Text>,
    }
}

rule! {
    /// A person who does not count.
    Exempt {
        /// The rules in whose count the person is left out.
        #[schemars(with = "Vec<String>")]
        of: Vec<Text>,
        #[serde(default)]
        #[schemars(with = "Vec<String>")]
        who: Vec<Condition>,
        #[schemars(with = "Vec<String>")]
        when: Vec<Condition>,
    }
}

rule! {
    /// A person who may be appointed above the ratio.
    BeyondCap {
        #[serde(default)]
        #[schemars(with = "Vec<String>")]
        who: Vec<Condition>,
        /// Those appointed so: do they fulfil what it takes?
        holder: BeyondCapHolder,
        /// Those who could be: what is met, and what a person must judge.
        candidate: BeyondCapCandidate,
    }
}

/// People already appointed above the ratio.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeyondCapHolder {
    #[schemars(with = "Vec<String>")]
    pub who: Vec<Condition>,
    #[schemars(with = "Vec<String>")]
    pub when: Vec<Condition>,
}

/// People who could be appointed above the ratio.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeyondCapCandidate {
    #[schemars(with = "Vec<String>")]
    pub who: Vec<Condition>,
    #[schemars(with = "Vec<String>")]
    pub when: Vec<Condition>,
    /// What remains to be judged by a person.
    pub judgement: Words,
}

rule! {
    /// Posts of their own, a share of a total.
    Reserve {
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        /// Where such posts may be set at all; elsewhere there are none.
        #[schemars(with = "Vec<String>")]
        when: Vec<Condition>,
        #[schemars(with = "String")]
        counts: Text,
        #[schemars(with = "String")]
        share_of: Text,
        #[schemars(with = "String")]
        at_most: Text,
        #[schemars(with = "String")]
        round: Text,
    }
}

rule! {
    /// Where a title is valid.
    Scope {
        #[schemars(with = "Vec<String>")]
        who: Vec<Condition>,
        #[schemars(with = "Vec<String>")]
        when: Vec<Condition>,
    }
}

rule! {
    /// Something owed: before a promotion, by the holder of a post, by an institution.
    Prerequisite {
        /// `person` (default), `institution` or `consortium`.
        #[schemars(with = "Option<String>")]
        of: Option<Text>,
        #[serde(default)]
        #[schemars(with = "Vec<String>")]
        who: Vec<Condition>,
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        #[schemars(with = "Vec<String>")]
        when: Vec<Condition>,
    }
}

rule! {
    /// A decision table.
    StatusTable {
        /// `rural-doctor` (default), `vacancy`, `candidate`, `application` or `person`.
        #[schemars(with = "Option<String>")]
        of: Option<Text>,
        #[serde(default)]
        #[schemars(with = "Vec<String>")]
        when: Vec<Condition>,
        /// `all` rows that hold, in this order, or only the `first`.
        #[schemars(with = "String")]
        hit: Text,
        row: Vec<StatusRow>,
    }
}

/// One row of a decision table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusRow {
    #[schemars(with = "Vec<String>")]
    pub when: Vec<Condition>,
    #[schemars(with = "OneOrMany")]
    pub gives: Spanned<OneOrMany>,
    /// The same in English, for readers; as many words.
    #[schemars(with = "Option<OneOrMany>")]
    pub gives_en: Option<Spanned<OneOrMany>>,
    #[schemars(with = "Option<String>")]
    pub force: Option<Text>,
}

/// One word or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    /// The words, in their order.
    pub fn words(&self) -> &[String] {
        match self {
            Self::One(word) => std::slice::from_ref(word),
            Self::Many(words) => words,
        }
    }
}

rule! {
    /// Progressive retirement.
    AgeSchedule {
        row: Vec<AgeRow>,
        /// Voluntary earlier retirement: up to so much before, never before the original age.
        #[schemars(with = "Option<String>")]
        early_up_to: Option<Text>,
        /// Later retirement by agreement: up to so much after.
        #[schemars(with = "Option<String>")]
        late_up_to: Option<Text>,
    }
}

/// The schedule of one retirement class.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgeRow {
    #[schemars(with = "String")]
    pub class: Text,
    #[schemars(with = "String")]
    pub original: Text,
    /// First birth month that is delayed.
    #[schemars(with = "String")]
    pub from_birth: Text,
    /// One month later for every so many months of birth.
    #[schemars(with = "i64")]
    pub every: Spanned<i64>,
    #[schemars(with = "String")]
    pub up_to: Text,
}

rule! {
    /// A share to be reached by a date.
    Target {
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        /// `county` (default).
        #[schemars(with = "Option<String>")]
        per: Option<Text>,
        #[schemars(with = "Option<String>")]
        by: Option<Text>,
        #[schemars(with = "Option<Vec<String>>")]
        count_people: Option<Vec<Condition>>,
        #[schemars(with = "Option<Vec<String>>")]
        count_institutions: Option<Vec<Condition>>,
        #[schemars(with = "Option<Vec<String>>")]
        count_rural_doctors: Option<Vec<Condition>>,
        #[schemars(with = "Option<String>")]
        share_of: Option<Text>,
        #[schemars(with = "Option<Vec<String>>")]
        share_of_institutions: Option<Vec<Condition>>,
        #[schemars(with = "Option<Vec<String>>")]
        share_of_rural_doctors: Option<Vec<Condition>>,
        /// A share, or a number when nothing is named to take a share of.
        #[schemars(with = "String")]
        at_least: Text,
    }
}

rule! {
    /// Something to be reviewed again after so long.
    ReviewEvery {
        /// `county` (default).
        #[schemars(with = "Option<String>")]
        per: Option<Text>,
        #[schemars(with = "String")]
        since: Text,
        #[schemars(with = "String")]
        every: Text,
    }
}

rule! {
    /// Numbers that are used together, though approved apart.
    Pool {
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        /// `consortium` (default) or `county`.
        #[schemars(with = "Option<String>")]
        per: Option<Text>,
        #[schemars(with = "String")]
        counts: Text,
        #[schemars(with = "String")]
        at_most: Text,
    }
}

rule! {
    /// Shares of the grades inside a level, as information.
    Structure {
        /// The level whose posts are split.
        #[schemars(with = "String")]
        of: Text,
        #[schemars(with = "Vec<u8>")]
        grades: Spanned<Vec<u8>>,
        #[schemars(with = "Vec<i64>")]
        ratio: Spanned<Vec<i64>>,
        /// Grades that are approved as one number.
        #[serde(default)]
        merged: bool,
    }
}

rule! {
    /// Who or what comes first at equal conditions.
    Priority {
        /// `candidate` (default) or `vacancy`.
        #[schemars(with = "Option<String>")]
        of: Option<Text>,
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        #[schemars(with = "Vec<String>")]
        first: Vec<Condition>,
    }
}

rule! {
    /// Something a person must decide; the count is shown.
    Judgement {
        #[serde(default, rename = "where")]
        #[schemars(with = "Vec<String>")]
        places: Vec<Condition>,
        #[schemars(with = "Vec<String>")]
        count_people: Vec<Condition>,
        /// What has to be judged.
        question: Words,
    }
}
