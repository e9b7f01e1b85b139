//! The description of the API, with what the library that makes it leaves out: members that
//! may be null, objects that take no others, and headers that have to be there.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt;

/// The description, completed.
pub fn completed(spec: &str) -> String {
    let Ok(Joined(mut document)) = serde_json::from_str(spec) else {
        // it was made from values a moment ago
        return spec.to_owned();
    };
    let asked = asked(&document);
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        for (name, schema) in schemas {
            let takes_no_others = asked.contains(name.as_str());
            complete(schema, takes_no_others);
        }
    }
    if let Some(paths) = document
        .pointer_mut("/paths")
        .and_then(Value::as_object_mut)
    {
        let operations = paths.values_mut().filter_map(Value::as_object_mut);
        for operation in operations.flat_map(Map::values_mut) {
            require_version(operation);
            complete_multipart(operation);
            complete_answers(operation);
        }
    }
    gather_failures(&mut document);
    // keys are in order, so that the text is the same every time
    serde_json::to_string_pretty(&document).unwrap_or_else(|_| spec.to_owned())
}

/// The methods of each path, for answers to others.
pub fn methods(document: &str) -> Vec<(String, String)> {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let paths = document["paths"].as_object().into_iter().flatten();
    let of_path = |(path, operations): (&String, &Value)| {
        let methods = operations.as_object().into_iter().flat_map(Map::keys);
        let methods: Vec<String> = methods.map(|method| method.to_uppercase()).collect();
        (path.clone(), methods.join(", "))
    };
    paths.map(of_path).collect()
}

/// The schemas that bodies of requests are made of.
fn asked(document: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Value> = Vec::new();
    let operations = document["paths"].as_object().into_iter().flatten();
    for (_, operations) in operations {
        let bodies = operations.as_object().into_iter().flatten();
        open.extend(bodies.map(|(_, operation)| &operation["requestBody"]));
    }
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(name) = members.get("$ref").and_then(Value::as_str) {
                    let name = name.rsplit('/').next().unwrap_or(name).to_owned();
                    if found.insert(name.clone()) {
                        open.push(&document["components"]["schemas"][name]);
                    }
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    found
}

/// Members that need not be there may be null, but for those that have a value then.
fn complete(schema: &mut Value, takes_no_others: bool) {
    let required: BTreeSet<String> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    // what says nothing at all takes nothing either
    if takes_no_others && schema["type"] == "object" {
        schema["additionalProperties"] = json!(false);
    }
    let Some(members) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for (name, member) in members {
        if !required.contains(name) && member.get("default").is_none() {
            nullable(member);
        }
        not_negative(member);
    }
}

fn nullable(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else {
        return;
    };
    // an empty schema takes null already
    if members.contains_key("$ref") {
        let reference = std::mem::take(members);
        members.insert("allOf".to_owned(), json!([reference]));
    } else if !members.contains_key("type") && !members.contains_key("allOf") {
        return;
    }
    members.insert("nullable".to_owned(), json!(true));
    if let Some(words) = members.get_mut("enum").and_then(Value::as_array_mut) {
        words.push(Value::Null);
    }
}

/// What is counted is never negative.
fn not_negative(schema: &mut Value) {
    let is_count = schema["format"]
        .as_str()
        .is_some_and(|format| format.starts_with("uint"));
    if is_count && schema.get("minimum").is_none() {
        schema["minimum"] = json!(0);
    }
}

/// A write names the version it has seen.
fn require_version(operation: &mut Value) {
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter["name"].as_str();
        if name.is_some_and(|name| name.eq_ignore_ascii_case("if-match")) {
            parameter["required"] = json!(true);
            parameter["schema"]["pattern"] = json!("^\"[1-9][0-9]{0,17}\"$");
        }
    }
}

fn complete_multipart(operation: &mut Value) {
    let schema = "/requestBody/content/multipart~1form-data/schema";
    if let Some(schema) = operation.pointer_mut(schema)
        && schema.get("properties").is_some()
    {
        schema["additionalProperties"] = json!(false);
    }
}

/// Answers whose schema stands where they do.
fn complete_answers(operation: &mut Value) {
    let answers = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    for answer in answers.into_iter().flat_map(Map::values_mut) {
        let content = answer.get_mut("content").and_then(Value::as_object_mut);
        for media in content.into_iter().flat_map(Map::values_mut) {
            if let Some(schema) = media.get_mut("schema") {
                complete(schema, false);
            }
        }
    }
}

/// Failures are the same everywhere: each is described once, and pointed to.
fn gather_failures(document: &mut Value) {
    let mut gathered = Map::new();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return;
    };
    let operations = paths.values_mut().filter_map(Value::as_object_mut);
    for operation in operations.flat_map(Map::values_mut) {
        let answers = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        for (status, answer) in answers.into_iter().flatten() {
            if !status.starts_with(['4', '5']) {
                continue;
            }
            let name = format!("Failure{status}");
            let known = gathered
                .entry(name.clone())
                .or_insert_with(|| answer.clone());
            if known == answer {
                *answer = json!({ "$ref": format!("#/components/responses/{name}") });
            }
        }
    }
    document["components"]["responses"] = Value::Object(gathered);
}

/// The description as it was made. Of answers with the same status there are several there,
/// each by itself: they become one with all their media types.
struct Joined(Value);

impl<'de> Deserialize<'de> for Joined {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Joining).map(Self)
    }
}

struct Joining;

impl<'de> Visitor<'de> for Joining {
    type Value = Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Joined(item)) = from.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, Joined(member))) = from.next_entry::<String, _>()? {
            match members.entry(name) {
                Entry::Vacant(place) => {
                    place.insert(member);
                }
                Entry::Occupied(mut place) => join(place.get_mut(), member),
            }
        }
        Ok(Value::Object(members))
    }
}

/// Makes one of two answers. A header that one of them lacks need not be there.
fn join(one: &mut Value, mut other: Value) {
    let (here, there) = (headers(one), headers(&other));
    for (answer, known) in [(&mut *one, there), (&mut other, here)] {
        let all = answer.get_mut("headers").and_then(Value::as_object_mut);
        for (name, header) in all.into_iter().flatten() {
            if !known.contains(name) {
                header["required"] = json!(false);
            }
        }
    }
    for part in ["content", "headers"] {
        let parts = other.get_mut(part).map(Value::take);
        if let Some(Value::Object(parts)) = parts {
            match one.get_mut(part).and_then(Value::as_object_mut) {
                Some(own) => own.extend(parts),
                None => one[part] = Value::Object(parts),
            }
        }
    }
}

fn headers(answer: &Value) -> BTreeSet<String> {
    let headers = answer["headers"].as_object().into_iter().flatten();
    headers.map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_need_not_be_there_may_be_null() {
        let mut nothing = json!({ "type": "object" });
        complete(&mut nothing, true);
        assert_eq!(nothing["additionalProperties"], false);
        let mut schema = json!({
            "type": "object",
            "required": ["a"],
            "properties": {
                "a": { "type": "string" },
                "b": { "type": "string", "enum": ["x"] },
                "c": { "$ref": "#/components/schemas/C" },
                "d": {},
            },
        });
        complete(&mut schema, true);
        let members = &schema["properties"];
        assert_eq!(members["a"], json!({ "type": "string" }));
        assert_eq!(members["b"]["enum"], json!(["x", null]));
        assert_eq!(members["c"]["allOf"][0]["$ref"], "#/components/schemas/C");
        assert_eq!(members["d"], json!({}));
        assert_eq!(schema["additionalProperties"], false);
    }

    #[test]
    fn answers_with_the_same_status_become_one() {
        let text = r#"{ "200": { "content": { "a": 1 } },
            "200": { "content": { "b": 2 }, "headers": { "X": { "required": true } } } }"#;
        let Joined(joined) = serde_json::from_str(text).expect("JSON");
        let expected = json!({
            "content": { "a": 1, "b": 2 },
            "headers": { "X": { "required": false } },
        });
        assert_eq!(joined["200"], expected);
    }
}
