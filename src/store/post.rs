//! Post plans of institutions: the professional posts approved.

use super::dated::dated;
use super::value::words;
use crate::domain::institution::{ApprovedPosts, Institution};
use crate::domain::post::{Level, Manner, PostCategory};

words!(Level, Manner, PostCategory);

dated! { ApprovedPosts: "post_plan" of Institution {
    professional,
    health,
    senior,
    intermediate,
    junior,
    directed,
}}
