//! Staff: the form by which somebody comes.

use super::Shell;
use super::form::{Deed, Field};
use askama::Template;

/// Somebody who comes. The form is never kept as a draft: a number stands in it.
#[derive(Template)]
#[template(path = "staff/coming.html")]
pub struct Coming<'a> {
    pub s: &'a Shell,
    /// Without its fields, which stand in groups.
    pub deed: Deed,
    /// Title, and the fields below it.
    pub groups: Vec<(String, Vec<Field>)>,
    /// Who has the number already: words and place.
    pub there: Option<(String, String)>,
}
