//! Post plans of institutions: the professional posts approved, and their division by
//! category, level and grade, each band in a slot of its own.

use super::dated::dated;
use super::value::words;
use crate::domain::institution::{ApprovedPosts, Institution};
use crate::domain::post::{Ledger, Level, Manner, PlannedPosts, PostCategory};

words!(Ledger, Level, Manner, PostCategory);

dated! { ApprovedPosts: "post_plan" of Institution {
    professional,
    health,
    senior,
    intermediate,
    junior,
    directed,
}}

dated! { PlannedPosts: "planned_posts" of Institution {
    category,
    manner,
    level,
    highest,
    lowest,
    posts,
}}
