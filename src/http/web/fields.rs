//! What was written into a form, and what was not taken of it.

use super::ask::Ask;
use crate::domain::record::Version;
use crate::domain::time::Date;
use crate::http::problem::Failure;
use crate::i18n::{Arg, t};
use crate::service::ServiceError;
use crate::view::form::{self, Refused};
use poem::http::StatusCode;
use poem::web::Form;
use poem::{FromRequest, Request, RequestBody};

/// The fields of a form that was sent.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl<'a> FromRequest<'a> for Fields {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, body).await?;
        Ok(Self(pairs))
    }
}

impl Fields {
    pub const fn of(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Names and values, as they were sent.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.iter();
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A field without blanks around it; empty where it is missing.
    pub fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// The same where nothing is written: none.
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let own = self.0.iter().filter(|(key, _)| key == name);
        let own = own.map(|(_, value)| value.trim());
        own.filter(|value| !value.is_empty()).collect()
    }

    /// A line each.
    pub fn lines(&self, name: &str) -> Vec<String> {
        let lines = self.text(name).lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    }

    /// The rows of a table, with their numbers from 0; blank ones are left out.
    pub fn rows<const N: usize>(&self, name: &str) -> Vec<(usize, [String; N])> {
        let rows = form::rows(self.pairs(), name, N).into_iter();
        rows.filter_map(|(row, cells)| Some((row, cells.try_into().ok()?)))
            .collect()
    }

    /// A day; none where nothing is written.
    pub fn day(&self, ask: &Ask, name: &str) -> Result<Option<Date>, Vec<String>> {
        self.read(ask, name)
    }

    /// Anything that is read; none where nothing is written.
    pub fn read<T: std::str::FromStr>(
        &self,
        ask: &Ask,
        name: &str,
    ) -> Result<Option<T>, Vec<String>> {
        match self.some(name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| bad(ask, text)),
        }
    }

    /// The version that was seen.
    pub fn version(&self, ask: &Ask) -> Result<Version, Failure> {
        let number = self.text("version").parse().ok();
        let version = number.and_then(Version::new);
        let missing = || Failure::new(StatusCode::BAD_REQUEST, "bad_request", ask.lang);
        version.ok_or_else(missing)
    }

    /// What was to be done and was not.
    pub fn refused(&self, deed: &str, why: Vec<String>) -> Refused {
        Refused {
            deed: deed.to_owned(),
            why,
            given: self.0.clone(),
        }
    }
}

/// Something that was written cannot be read.
pub fn bad(ask: &Ask, text: &str) -> Vec<String> {
    vec![t(ask.lang, "web-bad-field", &[("x", Arg::from(text))])]
}

/// Why something was not done, to be said beside the form; anything else is a page of its
/// own.
pub fn against(ask: &Ask, error: ServiceError) -> Result<Vec<String>, Failure> {
    let failure = ask.failed(error);
    let problem = failure.problem();
    let said = match problem.status() {
        StatusCode::UNPROCESSABLE_ENTITY => {
            let flaws = problem.flaws().map(|(_, message)| message.to_owned());
            let flaws: Vec<String> = flaws.collect();
            if flaws.is_empty() {
                vec![problem.detail().to_owned()]
            } else {
                flaws
            }
        }
        StatusCode::CONFLICT | StatusCode::FORBIDDEN => vec![problem.detail().to_owned()],
        _ => return Err(failure),
    };
    Ok(said)
}

/// The status of a page that says, beside a form, why it was refused.
pub fn status(refused: &Refused) -> StatusCode {
    if refused.deed.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

/// Which row of a table cannot be read. `table`: key of its title; `row`: from 0.
pub fn bad_row(ask: &Ask, table: &str, row: usize) -> Vec<String> {
    let (title, row) = (t(ask.lang, table, &[]), row.saturating_add(1));
    let row = [("x", Arg::from(title)), ("n", Arg::from(row))];
    vec![t(ask.lang, "web-bad-row", &row)]
}
