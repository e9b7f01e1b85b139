//! Titles of people.

use super::dated::dated;
use super::value::words;
use crate::domain::staff::Person;
use crate::domain::title::{Rank, Title, TitleKind, TitleSeries};

words!(Rank, TitleKind, TitleSeries);

dated! { Title: "title" of Person { rank, kind, field, area, since, series, certificate } }
