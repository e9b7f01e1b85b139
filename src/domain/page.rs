//! Pages of long lists. A cursor names the last row that was seen, not a position: rows
//! that come or go meanwhile make nobody read one twice or miss one.

use data_encoding::BASE64URL_NOPAD;
use std::fmt;
use std::str::FromStr;

/// The last row of a page: what it is sorted by, and its identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub key: String,
    pub id: String,
}

/// The text is no cursor of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotACursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}\n{}", self.id, self.key);
        f.write_str(&BASE64URL_NOPAD.encode(text.as_bytes()))
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes());
        let text = String::from_utf8(bytes.map_err(|_| NotACursor)?).map_err(|_| NotACursor)?;
        let (id, key) = text.split_once('\n').ok_or(NotACursor)?;
        if key.contains('\0') || id.contains('\0') {
            return Err(NotACursor);
        }
        Ok(Self {
            key: key.to_owned(),
            id: id.to_owned(),
        })
    }
}

/// Which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// `None` = from the beginning.
    pub after: Option<Cursor>,
    /// Rows of the page.
    pub most: u32,
}

impl Asked {
    /// Most rows of one page.
    pub const LARGEST: u32 = 500;

    /// The first page, of so many rows.
    pub const fn first(most: u32) -> Self {
        Self { after: None, most }
    }

    /// The rows of the page: from one to [`Self::LARGEST`].
    pub fn rows(&self) -> u32 {
        self.most.clamp(1, Self::LARGEST)
    }
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Rows of all pages, as far as the one who asks may know of them.
    pub total: u64,
    /// `None` = there are no more.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of rows of which one more than asked for was read, where there was one.
    pub fn cut(
        mut items: Vec<T>,
        asked: &Asked,
        total: u64,
        cursor: impl Fn(&T) -> Cursor,
    ) -> Self {
        let rows = asked.rows() as usize;
        let more = items.len() > rows;
        items.truncate(rows);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, total, next }
    }

    /// With other items.
    pub fn map<U>(self, item: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(item).collect(),
            total: self.total,
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let cursor = Cursor {
            key: "中心\n卫生院".to_owned(),
            id: "019ab5c2-7f00-7000-8000-000000000000".to_owned(),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for bad in ["", "x", "!!", "AAAA", "中"] {
            assert_eq!(bad.parse::<Cursor>(), Err(NotACursor), "{bad}");
        }
    }

    #[test]
    fn a_page_says_whether_there_are_more() {
        let cursor = |n: &u32| Cursor {
            key: n.to_string(),
            id: String::new(),
        };
        let asked = Asked::first(2);
        let page = Page::cut(vec![1, 2, 3], &asked, 9, cursor);
        assert_eq!((page.items, page.next), (vec![1, 2], Some(cursor(&2))));
        let page = Page::cut(vec![1, 2], &asked, 2, cursor);
        assert_eq!((page.items, page.next), (vec![1, 2], None));
    }
}
