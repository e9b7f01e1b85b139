//! The few things the two databases do not say alike, in one place. A statement that
//! needs one is written with these words, and made into both texts once.

use super::sql::{Sql, Text};

/// A member of a list handed over as one JSON text: `subject {in $1}`. As an array, or
/// PostgreSQL would read the whole table.
const IN: [&str; 2] = [
    "in (select value from json_each(",
    "= any(array(select json_array_elements_text(cast(",
];
/// The end of [`IN`].
const IN_END: [&str; 2] = ["))", " as json))))"];
/// Keeps the rows read from being changed by others until the write ends: SQLite has
/// one writer anyway.
const FOR_UPDATE: [&str; 2] = ["", " for update"];
/// Texts in the order of their bytes, whatever language the server was set up for: pages
/// follow each other alike everywhere.
const BYTES: [&str; 2] = ["", " collate \"C\""];

/// Makes a statement of a text with `{in $1}`, `{for update}` and `name{bytes}`
/// in it. The texts live
/// as long as the program: call it once a statement.
pub(super) fn statement(name: String, table: &'static str, text: &str) -> Sql {
    let [sqlite, postgres] = [0, 1].map(|dialect: usize| {
        let word = |words: [&'static str; 2]| words.into_iter().nth(dialect).unwrap_or_default();
        let mut made = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            let (mark, after) = behind.split_once('}').unwrap_or((behind, ""));
            made.push_str(before);
            match mark.strip_prefix("in ") {
                Some(parameter) => {
                    made.push_str(word(IN));
                    made.push_str(parameter);
                    made.push_str(word(IN_END));
                }
                None if mark == "bytes" => made.push_str(word(BYTES)),
                None => made.push_str(word(FOR_UPDATE)),
            }
            rest = after;
        }
        made.push_str(rest);
        let made: &'static str = made.leak();
        made
    });
    Sql {
        name: name.leak(),
        table,
        text: Text::Each { sqlite, postgres },
    }
}

/// A list as the JSON text that `{in …}` takes.
pub(super) fn list<T: std::fmt::Display>(members: impl IntoIterator<Item = T>) -> String {
    let members = members.into_iter().map(|member| member.to_string());
    serde_json::Value::from_iter(members).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_texts() {
        let text = "select id from a where id {in $1} order by id{bytes}{for update}";
        let sql = statement("a::LOCK".to_owned(), "a", text);
        assert_eq!(
            sql.text.sqlite(),
            "select id from a where id in (select value from json_each($1)) order by id"
        );
        assert_eq!(
            sql.text.postgres(),
            "select id from a where id = any(array(select json_array_elements_text(\
             cast($1 as json)))) order by id collate \"C\" for update"
        );
        assert_eq!(list(["a", "b"]), r#"["a","b"]"#);
        assert_eq!(list(Vec::<String>::new()), "[]");
    }
}
