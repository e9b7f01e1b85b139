//! What all lists have in common: they are narrowed by the scope of the one who asks in
//! the statement itself, so that neither pages nor counts say more than may be known.
//!
//! A scope goes by where things lie today, whatever day a list is asked for.

use super::backend::Reader;
use super::error::StoreError;
use super::locus;
use super::value::{Value, values};
use crate::domain::page::Cursor;
use crate::domain::record_id::{InstitutionId, PersonId};
use crate::domain::rights::Filter;
use crate::domain::time::Date;

/// A scope in the words of a statement.
#[derive(Clone, Debug)]
pub struct Within {
    area: Option<String>,
    /// Name of the medical community.
    consortium: Option<String>,
    institution: Option<InstitutionId>,
    pub(super) person: Option<PersonId>,
    today: Date,
}

impl Within {
    /// The scope as it reaches today; `None` = to nothing.
    pub async fn of(
        reader: &mut Reader,
        filter: Filter,
        today: Date,
    ) -> Result<Option<Self>, StoreError> {
        let mut within = Self {
            area: filter.area_prefix,
            consortium: None,
            institution: filter.institution_and_below,
            person: filter.person,
            today,
        };
        if let Some(id) = filter.consortium {
            within.consortium = locus::consortium_name(reader, id).await?;
            if within.consortium.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(within))
    }

    /// The area apart, for what has one of its own.
    pub(super) fn by_own_area(&self) -> (Option<String>, Self) {
        let rest = Self {
            area: None,
            ..self.clone()
        };
        (self.area.clone(), rest)
    }

    /// Whether one's own file is all there is.
    pub const fn is_own(&self) -> bool {
        self.person.is_some()
    }

    /// The file of one person, whoever asks: the right was asked for already.
    pub const fn person(person: PersonId, today: Date) -> Self {
        Self {
            area: None,
            consortium: None,
            institution: None,
            person: Some(person),
            today,
        }
    }

    /// The values of [`scope`], in its order.
    pub(super) fn values(&self) -> Vec<Value> {
        values![self.area, self.consortium, self.institution, self.today]
    }
}

/// Parameters of [`scope`].
pub(super) const SCOPE: usize = 4;

/// `id` of the institutions at and below the one of a scope: begins a statement.
pub(super) fn below(first: usize) -> String {
    let (institution, today) = (first + 2, first + 3);
    let latest = latest("id", "p.subject", today);
    format!(
        "with recursive below (id) as (\
         select id from institution where id = cast(${institution} as text) union \
         select p.subject from below join institution i on i.id = below.id \
         join institution_profile p on p.parent = i.code and p.superseded_at is null \
         where p.id = {latest}) "
    )
}

/// That an institution lies in the scope whose values begin with `${first}`: area,
/// medical community, institution, today.
pub(super) fn scope(institution: &str, first: usize) -> String {
    let [area, consortium, below, today] = [0, 1, 2, 3].map(|at| first + at);
    let (lies, belongs) = (
        latest("area", institution, today),
        latest("consortium", institution, today),
    );
    format!(
        "(cast(${area} as text) is null or {lies} like cast(${area} as text) || '%') \
         and (cast(${consortium} as text) is null or {belongs} = cast(${consortium} as text)) \
         and (cast(${below} as text) is null or {institution} in (select id from below))"
    )
}

/// A column of an institution as it is today; one that ended is as it was last.
fn latest(column: &str, institution: &str, today: usize) -> String {
    format!(
        "(select q.{column} from institution_profile q where q.subject = {institution} \
         and q.superseded_at is null order by case when q.valid_from <= cast(${today} as bigint) \
         then 0 else 1 end, q.valid_from desc limit 1)"
    )
}

/// That a row of a dated noun holds on the day `$1`, as known at the instant `$2`.
pub(super) fn valid(alias: &str) -> String {
    format!(
        "{alias}.valid_from <= $1 and ({alias}.valid_to is null or {alias}.valid_to > $1) \
         and {alias}.recorded_at <= $2 \
         and ({alias}.superseded_at is null or {alias}.superseded_at > $2)"
    )
}

/// That a column is what is asked for, if anything is.
pub(super) fn asked(column: &str, parameter: usize) -> String {
    format!("(cast(${parameter} as text) is null or {column} = cast(${parameter} as text))")
}

/// That a text has the asked one in it, whatever the letters' size.
pub(super) fn like(column: &str, parameter: usize) -> String {
    format!("lower({column}) like cast(${parameter} as text) escape '!'")
}

/// The pattern of a text that is looked for anywhere.
pub(super) fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.trim().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The rows behind a cursor, in order, and no more than a number of them: `${first}` key,
/// then identifier, then the number.
pub(super) fn page(key: &str, id: &str, first: usize) -> String {
    let [after, last, most] = [0, 1, 2].map(|at| first + at);
    format!(
        " and (cast(${after} as text) is null or {key}{{bytes}} > cast(${after} as text) \
         or ({key} = cast(${after} as text) and {id}{{bytes}} > cast(${last} as text))) \
         order by {key}{{bytes}}, {id}{{bytes}} limit ${most}"
    )
}

/// The values of [`page`]: one row more than asked for, to see whether there is one.
pub(super) fn page_values(after: Option<&Cursor>, rows: u32) -> Vec<Value> {
    let key = after.map(|cursor| cursor.key.clone());
    let id = after.map(|cursor| cursor.id.clone());
    values![key, id, rows.saturating_add(1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_no_pattern() {
        assert_eq!(pattern(" 50%_Off! "), "%50!%!_off!!%");
    }
}
