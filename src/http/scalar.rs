//! Values of the trade in requests and answers: dates, months, codes, identifiers and the
//! words of closed lists. Each is text that is read in one way and shown in one way.

use crate::domain::ids::AreaCode;
use crate::domain::label::Labelled;
use crate::domain::month::Month;
use crate::domain::record::Id;
use crate::domain::time::{Date, Timestamp};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{
    ParseError, ParseFromJSON, ParseFromParameter, ParseResult, ToJSON, Type,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;

/// How a value is spelt.
pub trait Spelling: Sized + Send + Sync {
    /// Name of the schema.
    const NAME: &'static str;
    /// Key of the sentence that says what is expected (`flaw-expected-KEY`).
    const EXPECTED: &'static str;
    const FORMAT: Option<&'static str> = None;
    const PATTERN: &'static str;
    const EXAMPLE: &'static str;

    fn read(text: &str) -> Option<Self>;
    fn show(&self) -> String;
}

impl Spelling for Date {
    const NAME: &'static str = "Day";
    const EXPECTED: &'static str = "date";
    const FORMAT: Option<&'static str> = Some("date");
    const PATTERN: &'static str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
    const EXAMPLE: &'static str = "2026-11-22";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Spelling for Timestamp {
    const NAME: &'static str = "Instant";
    const EXPECTED: &'static str = "instant";
    const FORMAT: Option<&'static str> = Some("date-time");
    const PATTERN: &'static str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$";
    const EXAMPLE: &'static str = "2026-11-22T01:00:00Z";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Spelling for Month {
    const NAME: &'static str = "Month";
    const EXPECTED: &'static str = "month";
    const PATTERN: &'static str = "^(19[0-9]{2}|20[0-9]{2}|2100)-(0[1-9]|1[0-2])$";
    const EXAMPLE: &'static str = "2026-11";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Spelling for AreaCode {
    const NAME: &'static str = "AreaCode";
    const EXPECTED: &'static str = "area-code";
    const PATTERN: &'static str = "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$";
    const EXAMPLE: &'static str = "150121";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl<T> Spelling for Id<T> {
    const NAME: &'static str = "Identifier";
    const EXPECTED: &'static str = "identifier";
    const PATTERN: &'static str = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
    const EXAMPLE: &'static str = "019ab5c2-7f00-7000-8000-000000000000";

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// A value that is spelt as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<T>(pub T);

fn unexpected(key: &str) -> String {
    format!("expected:{key}")
}

impl<T: Spelling> Type for Text<T> {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            format: T::FORMAT,
            pattern: Some(T::PATTERN.to_owned()),
            example: Some(T::EXAMPLE.into()),
            ..MetaSchema::new("string")
        }))
    }

    fn register(_: &mut Registry) {}

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl<T: Spelling> ParseFromJSON for Text<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let read = value.as_ref().and_then(Value::as_str).and_then(T::read);
        read.map(Self)
            .ok_or_else(|| ParseError::custom(unexpected(T::EXPECTED)))
    }
}

impl<T: Spelling> ParseFromParameter for Text<T> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        T::read(value)
            .map(Self)
            .ok_or_else(|| ParseError::custom(unexpected(T::EXPECTED)))
    }
}

impl<T: Spelling> ToJSON for Text<T> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.show().into())
    }
}

impl<'de, T: Spelling> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = T::read(&text).map(Self);
        read.ok_or_else(|| serde::de::Error::custom(unexpected(T::EXPECTED)))
    }
}

impl<T: Spelling> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.show())
    }
}

/// A word of a closed list, by its English key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word<L>(pub L);

impl<L: Labelled> Word<L> {
    fn read(text: &str) -> Option<Self> {
        let mut values = L::VALUES.iter();
        values
            .find(|value| value.id() == text)
            .map(|value| Self(*value))
    }

    /// `one of: a, b, c`
    fn unexpected() -> String {
        let words: Vec<_> = L::VALUES.iter().map(Labelled::id).collect();
        format!("one of: {}", words.join(", "))
    }
}

impl<L: Labelled + Send + Sync> Type for Word<L> {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        L::LIST.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            enum_items: L::VALUES.iter().map(|value| value.id().into()).collect(),
            ..MetaSchema::new("string")
        }))
    }

    fn register(_: &mut Registry) {}

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl<L: Labelled + Send + Sync> ParseFromJSON for Word<L> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        let read = value.as_ref().and_then(Value::as_str).and_then(Self::read);
        read.ok_or_else(|| ParseError::custom(Self::unexpected()))
    }
}

impl<L: Labelled + Send + Sync> ParseFromParameter for Word<L> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Self::read(value).ok_or_else(|| ParseError::custom(Self::unexpected()))
    }
}

impl<L: Labelled + Send + Sync> ToJSON for Word<L> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.id().into())
    }
}

impl<'de, L: Labelled> Deserialize<'de> for Word<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| serde::de::Error::custom(Self::unexpected()))
    }
}

impl<L: Labelled> Serialize for Word<L> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.id())
    }
}
