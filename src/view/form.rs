//! Forms: what can be done on a page, with the fields that it takes. They work without
//! script; what was written stays where something was refused.

use super::Shell;

/// How a field is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    Text,
    /// Text that a browser is not to remember.
    Private,
    /// Several lines.
    Area,
    Day,
    Number,
    /// One of several.
    Choice,
    /// Several of several.
    Choices,
    /// Ticked: yes.
    Tick,
    File,
    /// Rows of small fields.
    Table,
}

/// One field.
pub struct Field {
    pub id: String,
    pub name: String,
    pub title: String,
    pub input: Input,
    pub value: String,
    /// What can be chosen: value, words, whether it is chosen.
    pub options: Vec<(String, String, bool)>,
    pub required: bool,
    pub hint: String,
    /// What is wrong with what was written; empty = nothing is.
    pub wrong: String,
    /// Of a number: where it begins and how far it can be slid, where there is script.
    pub slides: Option<(u32, u32)>,
    /// Of a table: what stands in each row.
    pub columns: Vec<Field>,
    /// Of a table: its rows, the blank ones too.
    pub rows: Vec<Vec<String>>,
}

/// Rows of a table that are read, at most.
const MOST_ROWS: usize = 200;
/// Blank rows below those that are filled in.
const BLANK_ROWS: usize = 4;

/// The rows of a table as a form sent them, with their numbers; blank ones are left out.
/// `columns`: how many. Cells are called `name.row.column`.
pub fn rows<'a>(
    sent: impl Iterator<Item = (&'a str, &'a str)>,
    name: &str,
    columns: usize,
) -> Vec<(usize, Vec<String>)> {
    let mut rows = std::collections::BTreeMap::<usize, Vec<String>>::new();
    for (key, value) in sent {
        let Some(place) = key.strip_prefix(name).and_then(|key| key.strip_prefix('.')) else {
            continue;
        };
        let Some((row, column)) = place.split_once('.') else {
            continue;
        };
        let (Ok(row), Ok(column)) = (row.parse::<usize>(), column.parse::<usize>()) else {
            continue;
        };
        if row < MOST_ROWS && column < columns {
            let cells = rows
                .entry(row)
                .or_insert_with(|| vec![String::new(); columns]);
            if let Some(cell) = cells.get_mut(column) {
                value.trim().clone_into(cell);
            }
        }
    }
    rows.retain(|_, cells| cells.iter().any(|cell| !cell.is_empty()));
    rows.into_iter().collect()
}

impl Field {
    pub fn new(name: impl Into<String>, title: impl Into<String>, input: Input) -> Self {
        let name = name.into();
        Self {
            id: format!("f-{name}"),
            name,
            title: title.into(),
            input,
            value: String::new(),
            options: Vec::new(),
            required: false,
            hint: String::new(),
            wrong: String::new(),
            slides: None,
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// A table with these columns; rows can be added below.
    #[must_use]
    pub fn table(mut self, columns: Vec<Self>, rows: Vec<Vec<String>>) -> Self {
        self.columns = columns;
        self.fill(rows);
        self
    }

    fn fill(&mut self, mut rows: Vec<Vec<String>>) {
        let blank = vec![String::new(); self.columns.len()];
        rows.extend(vec![blank; BLANK_ROWS]);
        self.rows = rows;
    }

    #[must_use]
    pub fn wrong(mut self, wrong: impl Into<String>) -> Self {
        self.wrong = wrong.into();
        self
    }

    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub fn value(mut self, value: impl ToString) -> Self {
        self.value = value.to_string();
        for option in &mut self.options {
            option.2 = option.0 == self.value;
        }
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// What can be chosen: value and words.
    #[must_use]
    pub fn options(mut self, options: impl IntoIterator<Item = (String, String)>) -> Self {
        let value = self.value.clone();
        let options = options.into_iter();
        let options = options.map(|(key, words)| (key.clone(), words, key == value));
        self.options = options.collect();
        self
    }

    /// How many are chosen, of several.
    fn chosen_count(&self) -> usize {
        self.options.iter().filter(|(_, _, chosen)| *chosen).count()
    }

    /// Those that are chosen, of several.
    #[must_use]
    pub fn chosen(mut self, chosen: &[&str]) -> Self {
        for option in &mut self.options {
            option.2 = chosen.contains(&option.0.as_str());
        }
        self
    }
}

/// Something that can be done.
pub struct Deed {
    /// Unlike any other on the page.
    pub key: String,
    /// Where it is sent.
    pub to: String,
    pub title: String,
    /// What it leads to.
    pub hint: String,
    /// The key that opens it; empty = none.
    pub shortcut: &'static str,
    pub primary: bool,
    /// What has to be ticked before something is lost; empty = nothing is.
    pub loses: String,
    /// Its fields are shown.
    pub open: bool,
    pub hidden: Vec<(String, String)>,
    pub fields: Vec<Field>,
    /// Why it was refused.
    pub refused: Vec<String>,
    /// A file goes with it.
    pub upload: bool,
    /// It only leads to another page.
    pub get: bool,
}

impl Deed {
    pub fn new(key: &str, to: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            to: to.into(),
            title: title.into(),
            hint: String::new(),
            shortcut: "",
            primary: false,
            loses: String::new(),
            open: false,
            hidden: Vec::new(),
            fields: Vec::new(),
            refused: Vec::new(),
            upload: false,
            get: false,
        }
    }

    #[must_use]
    pub fn hidden(mut self, name: &str, value: impl ToString) -> Self {
        self.hidden.push((name.to_owned(), value.to_string()));
        self
    }

    /// A field; its id is made unlike those of the other forms of the page.
    #[must_use]
    pub fn field(mut self, mut field: Field) -> Self {
        field.id = format!("{}-{}", self.key, field.name);
        self.upload |= field.input == Input::File;
        self.fields.push(field);
        self
    }

    /// A button alone.
    fn bare(&self) -> bool {
        self.fields.is_empty() && self.loses.is_empty() && self.hint.is_empty()
    }

    /// As it was sent and refused.
    #[must_use]
    pub fn refused(mut self, refused: &Refused) -> Self {
        if refused.deed != self.key {
            return self;
        }
        self.open = true;
        self.refused.clone_from(&refused.why);
        for field in &mut self.fields {
            if field.input == Input::Table {
                let sent = refused.given.iter();
                let sent = sent.map(|(name, value)| (name.as_str(), value.as_str()));
                let rows = rows(sent, &field.name, field.columns.len());
                field.fill(rows.into_iter().map(|(_, cells)| cells).collect());
                continue;
            }
            let own = refused.given.iter().filter(|(name, _)| *name == field.name);
            let own: Vec<&str> = own.map(|(_, value)| value.as_str()).collect();
            if field.input == Input::File {
                continue;
            }
            field.value = own
                .first()
                .map_or(String::new(), |value| (*value).to_owned());
            for option in &mut field.options {
                option.2 = own.contains(&option.0.as_str());
            }
        }
        self
    }
}

/// What was sent and not done.
#[derive(Default)]
pub struct Refused {
    /// Key of what was to be done; empty = nothing was refused.
    pub deed: String,
    pub why: Vec<String>,
    pub given: Vec<(String, String)>,
}

impl Refused {
    /// Why, where what was to be done is not offered any more.
    pub fn elsewhere(&self, deeds: &[Deed]) -> Vec<String> {
        if deeds.iter().any(|deed| deed.key == self.deed) {
            return Vec::new();
        }
        self.why.clone()
    }
}

/// Deeds below each other, inside another page.
pub fn deeds(s: &Shell, deeds: &[Deed]) -> String {
    super::page(&Deeds { s, deeds })
}

#[derive(askama::Template)]
#[template(path = "deeds.html")]
struct Deeds<'a> {
    s: &'a Shell,
    deeds: &'a [Deed],
}

/// Fields below each other, inside another form.
pub fn fields(s: &Shell, fields: &[Field]) -> String {
    super::page(&Fields { s, fields })
}

#[derive(askama::Template)]
#[template(path = "fields.html")]
struct Fields<'a> {
    s: &'a Shell,
    fields: &'a [Field],
}
