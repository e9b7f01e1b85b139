//! The members of a noun as the fields of a form, and what was written into them.

use super::ask::Ask;
use super::fields::Fields;
use super::people::houses;
use crate::domain::ids::AreaCode;
use crate::domain::month::Month;
use crate::domain::time::Date;
use crate::http::api::wire::{MemberOf as Member, Shape, Wire};
use crate::http::problem::Failure;
use crate::i18n::{has, t};
use crate::service::record::Shown;
use crate::service::{ServiceError, institution};
use crate::view::Shell;
use crate::view::form::{Deed, Field, Input, Refused};
use crate::view::format;
use poem::http::StatusCode;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Why something was not done: by field; empty = of the form as a whole.
pub type Wrong = Vec<(String, String)>;

/// What came of it: the value, or what is wrong with what was written.
pub type Came<T> = Result<T, Wrong>;

/// Code and name of institutions, by identifier.
pub type Known = HashMap<String, (String, String)>;

/// Those that whoever asks may see.
pub async fn known(ask: &Ask) -> Result<Known, Failure> {
    let all = houses(ask).await?.into_iter();
    Ok(all.map(|(id, one)| (id.to_string(), one)).collect())
}

pub fn wrong(ask: &Ask, field: &str, key: &str) -> (String, String) {
    (field.to_owned(), t(ask.lang, key, &[]))
}

/// A day that has to be given; what is wrong with it is added.
pub fn day(ask: &Ask, fields: &Fields, name: &str, flaws: &mut Wrong) -> Option<Date> {
    let day = fields.day(ask, name).ok().flatten();
    if day.is_none() {
        flaws.push(wrong(ask, name, "web-record-day-missing"));
    }
    day
}

/// What a use case said, by field.
pub fn came<T>(ask: &Ask, done: Result<T, ServiceError>) -> Result<Came<T>, Failure> {
    let error = match done {
        Ok(done) => return Ok(Ok(done)),
        Err(error) => error,
    };
    let failure = ask.failed(error);
    let problem = failure.problem();
    if !matches!(
        problem.status(),
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
    ) {
        return Err(failure);
    }
    let flaws = problem.flaws().map(|(field, message)| {
        let field = field.rsplit('.').next().unwrap_or_default();
        (field.to_owned(), message.to_owned())
    });
    let flaws: Wrong = flaws.collect();
    Ok(Err(if flaws.is_empty() {
        vec![(String::new(), problem.detail().to_owned())]
    } else {
        flaws
    }))
}

/// The fact of a form; `None` = what is wrong with it was added.
pub async fn read<D: Wire>(ask: &Ask, fields: &Fields, flaws: &mut Wrong) -> Option<D::Fact> {
    let (mut object, mut whole) = (Map::new(), true);
    for member in D::members(ask.lang) {
        let name = format!("m-{}", member.name);
        let flaw = match value(ask, &member, fields.text(&name)).await {
            Ok(Value::Null) if member.required => "web-record-missing",
            Ok(value) => {
                object.insert(member.name.to_owned(), value);
                continue;
            }
            Err(key) => key,
        };
        whole = false;
        flaws.push(wrong(ask, member.name, flaw));
    }
    if !whole {
        return None;
    }
    let Ok(wire) = serde_json::from_value::<D>(Value::Object(object)) else {
        flaws.push(wrong(ask, "", "web-record-odd"));
        return None;
    };
    if let Err(errors) = wire.validate() {
        let named = errors.errors().keys();
        flaws.extend(named.map(|name| wrong(ask, name, "web-record-odd")));
        return None;
    }
    let fact = wire.take();
    if fact.is_none() {
        flaws.push(wrong(ask, "", "web-record-odd"));
    }
    fact
}

/// A member as JSON has it; the key of what is wrong with it otherwise.
async fn value(ask: &Ask, member: &Member, text: &str) -> Result<Value, &'static str> {
    if matches!(member.shape, Shape::Flag) && member.required {
        return Ok(Value::Bool(text == "yes"));
    }
    if text.is_empty() {
        return Ok(Value::Null);
    }
    match &member.shape {
        Shape::Flag => Ok(Value::Bool(text == "yes")),
        Shape::Number => {
            let number: u32 = text.parse().map_err(|_| "web-record-number")?;
            Ok(number.into())
        }
        Shape::Money => fen(text).map(Value::from).ok_or("web-record-number"),
        Shape::House => {
            let found = institution::with_code(ask.office(), &ask.actor, text, ask.now).await;
            let id = found.map_err(|_| "web-account-no-institution")?;
            Ok(id.to_string().into())
        }
        shape if is_odd(shape, text) => Err("web-record-odd"),
        _ => Ok(text.into()),
    }
}

/// Whether a text is nothing that the shape has.
fn is_odd(shape: &Shape, text: &str) -> bool {
    match shape {
        Shape::Day => text.parse::<Date>().is_err(),
        Shape::Month => text.parse::<Month>().is_err(),
        Shape::Area => text.parse::<AreaCode>().is_err(),
        Shape::Words(words) => words.iter().all(|(key, _)| key != text),
        _ => false,
    }
}

/// `600` or `600.50` in yuan as hundredths.
fn fen(text: &str) -> Option<i64> {
    let (yuan, rest) = text.split_once('.').unwrap_or((text, ""));
    if rest.len() > 2 || !rest.bytes().all(|one| one.is_ascii_digit()) {
        return None;
    }
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    let yuan: u32 = yuan.parse().ok()?;
    Some(i64::from(yuan) * 100 + rest)
}

fn money(value: &Value) -> String {
    format::money(value.as_i64().unwrap_or_default())
}

/// The word for a member: of the noun itself where it has one of its own.
pub fn word(s: &Shell, noun: &str, member: &Member) -> String {
    let name = member.name.replace('_', "-");
    let own = format!("member-{}-{name}", noun.replace('_', "-"));
    if has(s.lang, &own) {
        s.t(own)
    } else {
        s.t(format!("member-{name}"))
    }
}

/// A value as people read it.
pub fn shown(s: &Shell, member: &Member, value: &Value, known: &Known) -> String {
    match (&member.shape, value) {
        (_, Value::Null) => "–".to_owned(),
        (Shape::Flag, value) => s.t(if value == true { "web-yes" } else { "web-no" }),
        (Shape::Words(words), Value::String(key)) => {
            let found = words.iter().find(|(own, _)| own == key);
            found.map_or_else(|| key.clone(), |(_, word)| word.clone())
        }
        (Shape::House, Value::String(id)) => match known.get(id) {
            Some((_, name)) => name.clone(),
            None => "–".to_owned(),
        },
        (Shape::Money, value) => money(value),
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}

/// A value as a field of a form holds it.
pub fn written(member: &Member, value: &Value, known: &Known) -> String {
    match (&member.shape, value) {
        (_, Value::Null) => String::new(),
        (Shape::Flag, value) => match (value == true, member.required) {
            (true, _) => "yes".to_owned(),
            (false, true) => String::new(),
            (false, false) => "no".to_owned(),
        },
        (Shape::Money, value) => money(value),
        (Shape::House, Value::String(id)) => known
            .get(id)
            .map_or_else(String::new, |(code, _)| code.clone()),
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}

/// The field of a member, with what it holds so far.
pub fn field(
    s: &Shell,
    noun: &str,
    member: &Member,
    value: Option<&Value>,
    known: &Known,
) -> Field {
    let name = format!("m-{}", member.name);
    let input = match &member.shape {
        Shape::Text | Shape::Month | Shape::Area | Shape::House | Shape::Money => Input::Text,
        Shape::Long => Input::Area,
        Shape::Number => Input::Number,
        // what need not be known is neither yes nor no by itself
        Shape::Flag if !member.required => Input::Choice,
        Shape::Flag => Input::Tick,
        Shape::Day => Input::Day,
        Shape::Words(_) => Input::Choice,
    };
    let mut field = Field::new(name, word(s, noun, member), input);
    let none = || (String::new(), String::new());
    if let Shape::Words(words) = &member.shape {
        let none = (!member.required || value.is_none()).then(none);
        field = field.options(none.into_iter().chain(words.iter().cloned()));
    } else if input == Input::Choice {
        let both = ["yes", "no"].map(|key| (key.to_owned(), s.t(format!("web-{key}"))));
        field = field.options([none()].into_iter().chain(both));
    }
    field.hint = match &member.shape {
        Shape::Month => s.t("web-record-month"),
        Shape::Area => s.t("web-record-area"),
        Shape::House => s.t("web-record-house"),
        Shape::Money => s.t("web-record-money"),
        _ => String::new(),
    };
    if let Some(value) = value {
        field = field.value(written(member, value, known));
    }
    field.required = member.required && !matches!(member.shape, Shape::Flag);
    field
}

/// The fields of a noun, with what they hold so far.
pub fn fields<D: Wire>(s: &Shell, fact: Option<&D::Fact>, known: &Known) -> Vec<Field> {
    let fact = fact.map(|fact| D::show(fact).to_json().unwrap_or_default());
    let noun = <D::Fact as Shown>::KEY;
    let members = D::members(s.lang);
    let one = |member: &Member| {
        let value = fact.as_ref().and_then(|fact| fact.get(member.name));
        field(s, noun, member, value, known)
    };
    members.iter().map(one).collect()
}

/// With the fields of the first record of a file that begins.
pub fn beginning<D: Wire>(s: &Shell, mut deed: Deed) -> Deed {
    for field in fields::<D>(s, None, &Known::new()) {
        deed = deed.field(field);
    }
    let from = Field::new("from", s.t("web-record-from"), Input::Day).value(s.today);
    let reason = Field::new("reason", s.t("web-change-reason"), Input::Text);
    deed.field(from.required()).field(reason)
}

/// An institution that is chosen from those one may see.
pub fn chosen_house(field: Field, mut houses: Vec<(String, String)>) -> Field {
    let mut field = Field {
        input: Input::Choice,
        hint: String::new(),
        ..field
    };
    houses.sort();
    let one = houses.len() == 1;
    let houses = houses.into_iter().map(|(code, name)| {
        let words = format!("{name} · {code}");
        (code, words)
    });
    let none = !(one && field.required);
    let none = none.then(|| (String::new(), String::new()));
    let value = std::mem::take(&mut field.value);
    field.options(none.into_iter().chain(houses)).value(value)
}

/// The form as it was sent, with what is wrong beside the fields that it is about.
pub fn beside(s: &Shell, deed: Deed, refused: &Refused, flaws: &[(String, String)]) -> Deed {
    let mut deed = deed.refused(refused);
    if deed.key != refused.deed {
        return deed;
    }
    deed.refused.clear();
    for (name, message) in flaws {
        let is = |field: &&mut Field| {
            let own = field.name.strip_prefix("m-").unwrap_or(&field.name);
            own == name
        };
        match deed.fields.iter_mut().find(is) {
            Some(field) => field.wrong.clone_from(message),
            None => deed.refused.push(message.clone()),
        }
    }
    let wrong = deed.fields.iter().filter(|field| !field.wrong.is_empty());
    match wrong.count() {
        0 => {}
        // a form is longer than a screen: what is wrong may stand far below
        count => deed.refused.push(s.n("web-record-flaws", count)),
    }
    deed
}

/// What is wrong, without where.
pub fn messages(flaws: &[(String, String)]) -> Vec<String> {
    flaws.iter().map(|(_, message)| message.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_in_yuan() {
        assert_eq!(fen("600"), Some(60_000));
        assert_eq!(fen("600.5"), Some(60_050));
        assert_eq!(fen("600.05"), Some(60_005));
        for wrong in ["", "-1", "1.234", "x", "1.x"] {
            assert_eq!(fen(wrong), None, "{wrong}");
        }
        assert_eq!(money(&Value::from(60_005)), "600.05");
    }
}
