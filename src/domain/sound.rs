//! What is refused of a fact before anybody records it: dates beyond reason, ends before
//! starts, numbers that nobody can have meant. Each noun declares its fields once, with
//! [`sound!`]; the same declaration tells the trail what a fact says.

use super::ids::AreaCode;
use super::institution::Institution;
use super::label::Labelled;
use super::month::Month;
use super::pay::Fen;
use super::post::Grade;
use super::record::{Id, Validity};
use super::record_id::InstitutionId;
use super::refusal::Refusal;
use super::secret::Findable;
use super::time::Date;
use serde_json::Value;

/// A fact that can say what is wrong with it, and what it says.
pub trait Sound {
    /// Everything that is wrong with it, by field.
    fn refusals(&self) -> Vec<Refusal>;

    /// The fact as JSON: one member a field; never a whole number of a person.
    fn told(&self) -> Value;

    /// The institutions that it names, by field.
    fn institutions(&self) -> Vec<(&'static str, InstitutionId)>;
}

/// One field of a fact.
pub trait Aspect {
    /// As JSON.
    fn told(&self) -> Value;

    /// Adds what is wrong with it. `most`: characters of a text, or the largest number;
    /// `None` = as for any other.
    fn check(&self, _field: &'static str, _most: Option<u32>, _out: &mut Vec<Refusal>) {}

    /// The institution that it names.
    fn institution(&self) -> Option<InstitutionId> {
        None
    }
}

/// Declares the fields of a fact, some with the most they may hold, and what holds
/// between them: `sound! { Decision { total, document } where |fact, out| { … } }`.
macro_rules! sound {
    ($type:ty { $($field:ident $(<= $most:literal)?),+ $(,)? }
        $(where |$fact:ident, $out:ident| $body:block)?) => {
        impl $crate::domain::sound::Sound for $type {
            fn refusals(&self) -> Vec<$crate::domain::refusal::Refusal> {
                #[allow(unused_mut)]
                let mut out = Vec::new();
                $($crate::domain::sound::Aspect::check(
                    &self.$field,
                    stringify!($field),
                    sound!(@ most $($most)?),
                    &mut out,
                );)+
                $(
                    let ($fact, $out) = (self, &mut out);
                    $body
                )?
                out
            }

            fn told(&self) -> serde_json::Value {
                let mut members = serde_json::Map::new();
                $(members.insert(
                    stringify!($field).to_owned(),
                    $crate::domain::sound::Aspect::told(&self.$field),
                );)+
                serde_json::Value::Object(members)
            }

            fn institutions(
                &self,
            ) -> Vec<(&'static str, $crate::domain::record_id::InstitutionId)> {
                let named = [$((
                    stringify!($field),
                    $crate::domain::sound::Aspect::institution(&self.$field),
                )),+];
                let named = named.into_iter().filter_map(|(field, id)| Some((field, id?)));
                named.collect()
            }
        }
    };
    (@ most) => { None };
    (@ most $most:literal) => { Some($most) };
}

pub(crate) use sound;

/// Characters of a text that says nothing of its length.
const TEXT: u32 = 200;
/// People, posts, beds, hours: nothing that is counted here has more.
const COUNT: u32 = 100_000;
/// A hundred billion yuan.
const MONEY: i64 = 10_000_000_000_000;
/// Years that somebody can have meant.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// Whether somebody can have meant that day.
pub fn is_sane(day: Date) -> bool {
    YEARS.contains(&day.parts().0)
}

/// What is wrong with the days for which something is to hold.
pub fn check_validity(validity: Validity) -> Vec<Refusal> {
    let mut out = Vec::new();
    validity.from.check("from", None, &mut out);
    validity.until.check("until", None, &mut out);
    if validity.until.is_some_and(|until| until <= validity.from) {
        out.push(Refusal::EndBeforeStart { field: "until" });
    }
    out
}

/// Refuses an end that lies before its start; the same day or month is none.
pub fn in_order<T: PartialOrd>(
    field: &'static str,
    start: Option<T>,
    end: Option<T>,
    out: &mut Vec<Refusal>,
) {
    if start.zip(end).is_some_and(|(start, end)| end < start) {
        out.push(Refusal::EndBeforeStart { field });
    }
}

/// Refuses parts that come to more than the whole. Parts that are not given count
/// nothing: the others may still be too many.
pub fn within_total(
    field: &'static str,
    total: Option<u32>,
    parts: &[Option<u32>],
    out: &mut Vec<Refusal>,
) {
    let sum: u64 = parts.iter().flatten().map(|part| u64::from(*part)).sum();
    if let Some(total) = total
        && sum > u64::from(total)
    {
        let sum = u32::try_from(sum).unwrap_or(u32::MAX);
        out.push(Refusal::SplitAboveTotal { field, sum, total });
    }
}

/// Refuses years that nobody can have meant.
pub fn check_year(year: u32, out: &mut Vec<Refusal>) {
    if year < YEARS.start().unsigned_abs() {
        out.push(Refusal::AbsurdDate { field: "year" });
    }
}

/// What is wrong with a text: blank, too long, or with signs that are not written.
pub fn check_text(field: &'static str, text: &str, most: u32, out: &mut Vec<Refusal>) {
    if text.trim().is_empty() {
        out.push(Refusal::BlankText { field });
    } else if text.chars().count() > most as usize {
        let maximum = most;
        out.push(Refusal::TextTooLong { field, maximum });
    } else if text.chars().any(|c| c.is_control() && c != '\n') {
        out.push(Refusal::BadText { field });
    }
}

impl<T: Labelled> Aspect for T {
    fn told(&self) -> Value {
        Value::from(self.id())
    }
}

impl<T: Aspect> Aspect for Option<T> {
    fn told(&self) -> Value {
        self.as_ref().map_or(Value::Null, Aspect::told)
    }

    fn check(&self, field: &'static str, most: Option<u32>, out: &mut Vec<Refusal>) {
        if let Some(known) = self {
            known.check(field, most, out);
        }
    }

    fn institution(&self) -> Option<InstitutionId> {
        self.as_ref().and_then(Aspect::institution)
    }
}

impl Aspect for String {
    fn told(&self) -> Value {
        Value::from(self.as_str())
    }

    fn check(&self, field: &'static str, most: Option<u32>, out: &mut Vec<Refusal>) {
        check_text(field, self, most.unwrap_or(TEXT), out);
    }
}

impl Aspect for bool {
    fn told(&self) -> Value {
        Value::from(*self)
    }
}

impl Aspect for u32 {
    fn told(&self) -> Value {
        Value::from(*self)
    }

    fn check(&self, field: &'static str, most: Option<u32>, out: &mut Vec<Refusal>) {
        let maximum = most.unwrap_or(COUNT);
        if *self > maximum {
            out.push(Refusal::NumberTooLarge { field, maximum });
        }
    }
}

impl Aspect for Fen {
    fn told(&self) -> Value {
        Value::from(self.0)
    }

    fn check(&self, field: &'static str, _: Option<u32>, out: &mut Vec<Refusal>) {
        if !(0..=MONEY).contains(&self.0) {
            out.push(Refusal::AbsurdAmount { field });
        }
    }
}

impl Aspect for Grade {
    fn told(&self) -> Value {
        Value::from(self.number())
    }
}

impl Aspect for Date {
    fn told(&self) -> Value {
        Value::from(self.to_string())
    }

    fn check(&self, field: &'static str, _: Option<u32>, out: &mut Vec<Refusal>) {
        if !is_sane(*self) {
            out.push(Refusal::AbsurdDate { field });
        }
    }
}

impl Aspect for Month {
    fn told(&self) -> Value {
        Value::from(self.to_string())
    }

    fn check(&self, field: &'static str, _: Option<u32>, out: &mut Vec<Refusal>) {
        if !YEARS.contains(&self.year()) {
            out.push(Refusal::AbsurdDate { field });
        }
    }
}

impl Aspect for AreaCode {
    fn told(&self) -> Value {
        Value::from(self.to_string())
    }
}

impl Aspect for Id<Institution> {
    fn told(&self) -> Value {
        Value::from(self.to_string())
    }

    fn institution(&self) -> Option<InstitutionId> {
        Some(*self)
    }
}

impl Aspect for Findable {
    /// That there is one is all that may be told.
    fn told(&self) -> Value {
        Value::from("****")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::establishment::Decision;
    use crate::domain::training::{Training, TrainingKind};

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_split_stays_within_its_total() {
        let decision = |total, professional| Decision {
            total,
            professional,
            management: Some(3),
            ..Decision::default()
        };
        assert_eq!(decision(Some(10), Some(7)).refusals(), []);
        assert_eq!(decision(None, Some(7)).refusals(), []);
        assert_eq!(
            decision(Some(10), Some(8)).refusals(),
            [Refusal::SplitAboveTotal {
                field: "total",
                sum: 11,
                total: 10
            }]
        );
        assert_eq!(
            decision(Some(200_000), None).refusals(),
            [Refusal::NumberTooLarge {
                field: "total",
                maximum: COUNT
            }]
        );
    }

    #[test]
    fn days_and_texts_have_bounds() {
        let training = Training {
            kind: TrainingKind::Post,
            started: Some(day("2026-05-02")),
            ended: Some(day("2026-05-01")),
            hours: None,
            provider: Some(" ".to_owned()),
            certificate: Some("长".repeat(201)),
        };
        assert_eq!(
            training.refusals(),
            [
                Refusal::BlankText { field: "provider" },
                Refusal::TextTooLong {
                    field: "certificate",
                    maximum: TEXT
                },
                Refusal::EndBeforeStart { field: "ended" },
            ]
        );
        let validity = |from: &str, until: Option<&str>| Validity {
            from: day(from),
            until: until.map(day),
        };
        assert_eq!(
            check_validity(validity("1900-01-01", Some("2200-12-31"))),
            []
        );
        assert_eq!(
            check_validity(validity("1899-12-31", Some("2201-01-01"))),
            [
                Refusal::AbsurdDate { field: "from" },
                Refusal::AbsurdDate { field: "until" }
            ]
        );
        let backwards = check_validity(validity("2026-01-01", Some("2026-01-01")));
        assert_eq!(backwards, [Refusal::EndBeforeStart { field: "until" }]);
    }
}
