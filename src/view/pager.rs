//! Pages of a list: where one is, and where one can go.

use super::Shell;

/// Rows of a page.
pub const ROWS: usize = 50;

/// The pages of a list.
pub struct Pager {
    /// The first row that is shown, from 1; 0 = none.
    pub first: usize,
    pub last: usize,
    pub total: usize,
    /// Empty = there is none.
    pub before: String,
    pub next: String,
}

impl Pager {
    /// Page `page`, from 1, of so many rows.
    pub fn of(s: &Shell, total: usize, page: usize) -> Self {
        Self::sized(s, total, page, ROWS)
    }

    /// The same with pages of another length.
    pub fn sized(s: &Shell, total: usize, page: usize, rows: usize) -> Self {
        let pages = total.div_ceil(rows).max(1);
        let page = page.clamp(1, pages);
        let first = (page - 1) * rows;
        let to = |page: usize| s.but("page", page.to_string());
        Self {
            first: if total == 0 { 0 } else { first + 1 },
            last: (first + rows).min(total),
            total,
            before: if page > 1 {
                to(page - 1)
            } else {
                String::new()
            },
            next: if page < pages {
                to(page + 1)
            } else {
                String::new()
            },
        }
    }

    /// Which of all rows are shown.
    pub fn slice<'a, T>(&self, rows: &'a [T]) -> &'a [T] {
        let from = self.first.saturating_sub(1);
        rows.get(from..self.last).unwrap_or_default()
    }

    /// `1–50 of 600`
    pub fn words(&self, s: &Shell) -> String {
        let shown = format!("{}–{}", self.first, self.last);
        s.xy("web-rows", shown, self.total.to_string())
    }
}

/// A column that can be sorted by.
pub struct Column {
    pub title: String,
    /// Sorts by it; empty = it cannot be sorted by.
    pub href: String,
    /// `ascending`, `descending` or `none`.
    pub sorted: &'static str,
    /// Numbers stand at the right.
    pub number: bool,
}

/// The heads of a table. `keys` are what is sorted by and whether it is a number; empty =
/// not sorted by.
pub fn columns(s: &Shell, words: &str, keys: &[(&str, &str, bool)], default: &str) -> Vec<Column> {
    let asked = match s.asked("sort") {
        "" => default,
        asked => asked,
    };
    let column = |(name, key, number): &(&str, &str, bool)| {
        let down = format!("-{key}");
        let sorted = match asked {
            asked if asked == *key => "ascending",
            asked if asked == down => "descending",
            _ => "none",
        };
        let next = if sorted == "ascending" { &down } else { *key };
        Column {
            title: s.t(format!("{words}-{name}")),
            href: if key.is_empty() {
                String::new()
            } else {
                s.but("sort", next)
            },
            sorted: if key.is_empty() { "none" } else { sorted },
            number: *number,
        }
    };
    keys.iter().map(column).collect()
}
