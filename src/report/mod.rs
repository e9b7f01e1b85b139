//! What leaves the house: tables on a terminal, JSON, workbooks, explanations.
//! Results and citations go in, words and figures come out; nothing is decided here.

pub mod diagnostic;
