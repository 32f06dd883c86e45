//! What a program that was written for the released document would stumble over in the new one.
//!
//! Invariant: what only adds is no change here: an operation, an optional field of a request, a field or a word of an
//! answer. Clients ignore what they do not know.

mod shapes;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::changelog;
use crate::step;
use shapes::{Direction, Documents};

/// One thing that is not as it was.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Break {
    /// The operation, by its released name.
    pub operation: String,
    pub what: String,
}

/// Fails when the changelog does not name an operation that changed so.
pub fn check() -> Result<()> {
    let folder = super::folder();
    let read = |name: &str| -> Result<Value> {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
    };
    let found = between(&read("released.json")?, &read("openapi.json")?);
    let changelog = changelog::read()?;
    let named = changelog::named_as_breaking(&changelog);
    let silent: Vec<String> = found
        .iter()
        .filter(|found| !named.contains(&found.operation.as_str()))
        .map(|found| format!("  `{}`: {}", found.operation, found.what))
        .collect();
    if !silent.is_empty() {
        bail!(
            "programs that use the API would break, and CHANGELOG.md does not name it under \
             \"Unreleased\", \"Breaking\" by the operation's id:\n{}",
            silent.join("\n")
        );
    }
    step::say(&format!("the API's document breaks {} things since its release, all of them told", found.len()));
    Ok(())
}

/// Everything that breaks between two documents.
pub fn between(old: &Value, new: &Value) -> Vec<Break> {
    let documents = Documents { old, new };
    let mut found = Vec::new();
    for (path, method, before) in operations(&old["paths"]) {
        let name = before["operationId"].as_str().unwrap_or(path);
        let mut add = |what: String| found.push(Break { operation: name.to_owned(), what });
        let after = part(part(&new["paths"], path), method);
        if after.is_null() {
            add(format!("{} {path} is gone", method.to_uppercase()));
            continue;
        }
        if after["operationId"] != before["operationId"] {
            add(format!("it is called {} now", after["operationId"]));
        }
        ways_in(before, after, &mut add);
        parameters(&documents, before, after, &mut add);
        request(&documents, before, after, &mut add);
        responses(&documents, before, after, &mut add);
    }
    for (event, method, before) in operations(&old["webhooks"]) {
        let mut add = |what: String| found.push(Break { operation: event.to_owned(), what });
        let after = part(part(&new["webhooks"], event), method);
        if after.is_null() {
            add("it is never told".to_owned());
            continue;
        }
        // The desk sends it: to a program it is what an answer is.
        let (told, tells) = (&before["requestBody"], &after["requestBody"]);
        bodies(&documents, told, tells, "message", &mut add);
    }
    found.sort();
    found.dedup();
    found
}

/// A field, or null where there is none.
fn part<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}

fn operations(paths: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = paths.as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// What one may call with: the schemes that are needed together, each with its scopes. Nothing, where anybody may.
type Way<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn ways(operation: &Value) -> Vec<Way<'_>> {
    let ways: Vec<Way<'_>> = operation["security"].as_array().into_iter().flatten().map(way).collect();
    if ways.is_empty() { vec![Way::new()] } else { ways }
}

fn way(schemes: &Value) -> Way<'_> {
    let mut way = Way::new();
    for (name, scopes) in schemes.as_object().into_iter().flatten() {
        way.insert(name, scopes.as_array().into_iter().flatten().filter_map(Value::as_str).collect());
    }
    way
}

/// Whoever could call still can, with what they have.
fn ways_in(before: &Value, after: &Value, add: &mut impl FnMut(String)) {
    let now = ways(after);
    let is_enough = |had: &Way<'_>, needed: &Way<'_>| {
        needed.iter().all(|(name, scopes)| had.get(name).is_some_and(|granted| scopes.is_subset(granted)))
    };
    for way in ways(before).iter().filter(|way| !now.iter().any(|needed| is_enough(way, needed))) {
        let named = |(name, scopes): (&&str, &BTreeSet<&str>)| match scopes.is_empty() {
            true => (*name).to_owned(),
            false => format!("{name} with {}", scopes.iter().copied().collect::<Vec<_>>().join(", ")),
        };
        match way.is_empty() {
            true => add("it needs somebody to sign in".to_owned()),
            false => add(format!("{} is no longer enough", way.iter().map(named).collect::<Vec<_>>().join(" and "))),
        }
    }
}

fn parameters(documents: &Documents<'_>, before: &Value, after: &Value, add: &mut impl FnMut(String)) {
    let all = |operation: &'_ Value| operation["parameters"].as_array().cloned().unwrap_or_default();
    let same = |left: &Value, right: &Value| left["name"] == right["name"] && left["in"] == right["in"];
    let (old, new) = (all(before), all(after));
    for parameter in &old {
        let name = parameter["name"].as_str().unwrap_or_default();
        match new.iter().find(|other| same(other, parameter)) {
            None => add(format!("the parameter {name} is gone")),
            Some(other) => {
                let (was, is) = (sendable(&parameter["schema"]), sendable(&other["schema"]));
                let mut breaks = documents.compare(&was, &is, Direction::Request);
                breaks.drain(..).for_each(|what| add(format!("the parameter {name}{what}")));
            }
        }
    }
    for parameter in new.iter().filter(|parameter| parameter["required"] == true) {
        if !old.iter().any(|other| same(other, parameter) && other["required"] == true) {
            add(format!("the parameter {} is required", parameter["name"].as_str().unwrap_or_default()));
        }
    }
}

/// The schema of a parameter without null, which nobody can send as one.
fn sendable(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|kind| kind != "null");
    }
    schema
}

fn request(documents: &Documents<'_>, before: &Value, after: &Value, add: &mut impl FnMut(String)) {
    let (old, new) = (&before["requestBody"], &after["requestBody"]);
    if new["required"] == true && old["required"] != true {
        add("it needs a body".to_owned());
    }
    for (media, content) in old["content"].as_object().into_iter().flatten() {
        let other = part(&new["content"], media);
        if other.is_null() {
            add(format!("it takes no {media}"));
            continue;
        }
        for what in documents.compare(&content["schema"], &other["schema"], Direction::Request) {
            add(format!("the request{what}"));
        }
    }
}

fn responses(documents: &Documents<'_>, before: &Value, after: &Value, add: &mut impl FnMut(String)) {
    for (status, response) in before["responses"].as_object().into_iter().flatten() {
        let answers = after["responses"].as_object().into_iter().flatten();
        let mut same = answers.filter(|(other, _)| is_of(other, status)).peekable();
        if same.peek().is_none() {
            add(format!("it never answers {status}"));
        }
        for (other, answer) in same {
            let (response, answer) = (documents.follow_old(response), documents.follow_new(answer));
            bodies(documents, response, answer, other, add);
        }
    }
}

/// A status may be named by its class, such as `4XX`.
fn is_of(status: &str, class: &str) -> bool {
    status == class || class.strip_suffix("XX").is_some_and(|first| status.starts_with(first))
}

/// What a program is given.
fn bodies(documents: &Documents<'_>, before: &Value, after: &Value, what: &str, add: &mut impl FnMut(String)) {
    for (media, content) in before["content"].as_object().into_iter().flatten() {
        let other = part(&after["content"], media);
        if other.is_null() {
            add(format!("its {what} is no {media}"));
            continue;
        }
        for how in documents.compare(&content["schema"], &other["schema"], Direction::Response) {
            add(format!("its {what}{how}"));
        }
    }
}

#[cfg(test)]
mod tests;
