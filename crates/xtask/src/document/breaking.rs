//! What a program that was written for the released document would stumble over in the new one.
//!
//! Invariant: what only adds is no change here: an operation, an optional field of a request, a field or a word of an
//! answer. Clients ignore what they do not know.

mod shapes;

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{step, workspace};
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
    let changelog = fs::read_to_string(workspace::root().join("CHANGELOG.md")).context("reading CHANGELOG.md")?;
    let named = named_as_breaking(&changelog);
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

/// The operations in backticks under `### Breaking` of what is not released yet.
fn named_as_breaking(changelog: &str) -> BTreeSet<&str> {
    let Some((_, unreleased)) = changelog.split_once("\n## Unreleased") else { return BTreeSet::new() };
    let unreleased = unreleased.split("\n## ").next().unwrap_or_default();
    let Some((_, breaking)) = unreleased.split_once("\n### Breaking") else { return BTreeSet::new() };
    let breaking = breaking.split("\n### ").next().unwrap_or_default();
    breaking.split('`').skip(1).step_by(2).collect()
}

/// Everything that breaks between two documents.
pub fn between(old: &Value, new: &Value) -> Vec<Break> {
    let documents = Documents { old, new };
    let mut found = Vec::new();
    for (path, method, before) in operations(old) {
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
        if is_open(before) && !is_open(after) {
            add("it needs somebody to sign in".to_owned());
        }
        parameters(&documents, before, after, &mut add);
        request(&documents, before, after, &mut add);
        responses(&documents, before, after, &mut add);
    }
    found.sort();
    found.dedup();
    found
}

/// A field, or null where there is none.
fn part<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&Value::Null)
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// Whether somebody may call without a token.
fn is_open(operation: &Value) -> bool {
    operation["security"]
        .as_array()
        .is_none_or(|ways| ways.is_empty() || ways.iter().any(|way| way.as_object().is_some_and(|it| it.is_empty())))
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
                let mut breaks = documents.compare(&parameter["schema"], &other["schema"], Direction::Request);
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
        let other = part(&after["responses"], status);
        if other.is_null() {
            add(format!("it never answers {status}"));
            continue;
        }
        let (response, other) = (documents.follow_old(response), documents.follow_new(other));
        for (media, content) in response["content"].as_object().into_iter().flatten() {
            let other = part(&other["content"], media);
            if other.is_null() {
                add(format!("its {status} is no {media}"));
                continue;
            }
            for what in documents.compare(&content["schema"], &other["schema"], Direction::Response) {
                add(format!("its {status}{what}"));
            }
        }
    }
}

#[cfg(test)]
mod tests;
