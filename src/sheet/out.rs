//! A value on its way into a cell.

use crate::domain::month::Month;
use std::fmt::Display;

/// What is written into a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Out {
    Blank,
    Text(String),
    Number(u32),
}

pub(super) fn text(value: impl Display) -> Out {
    Out::Text(value.to_string())
}

pub(super) fn maybe(value: Option<impl Display>) -> Out {
    value.map_or(Out::Blank, text)
}

pub(super) fn count(value: Option<u32>) -> Out {
    value.map_or(Out::Blank, Out::Number)
}

pub(super) fn month(value: Option<Month>) -> Out {
    maybe(value)
}

pub(super) fn flag(value: bool) -> Out {
    text(if value { "是" } else { "否" })
}
