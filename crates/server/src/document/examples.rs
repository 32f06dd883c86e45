//! An example for every body, so that a reader sees one before writing a line.
//!
//! Invariant: one example per type, real and complete; the tests hold each against its schema.

use serde_json::{Map, Value, json};
use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr,
    example::{Example, ExampleBuilder},
};

/// By rooms, as the types are. Each is an object: the name of a type, and a value of it.
const FILES: &[&str] = &[
    include_str!("examples/articles.json"),
    include_str!("examples/assistant.json"),
    include_str!("examples/people.json"),
    include_str!("examples/settings.json"),
    include_str!("examples/tickets.json"),
    include_str!("examples/webhooks.json"),
];

pub fn add(document: &mut OpenApi) {
    let known = read();
    let mut used = Map::new();
    let told = document.webhooks.iter_mut().flat_map(|section| section.paths.values_mut());
    let asked = document.paths.paths.values_mut();
    for operation in asked.chain(told).flat_map(super::operations) {
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            body.content.values_mut().for_each(|content| show(content, &known, &mut used));
        }
        for (_, response) in super::own_responses(operation) {
            response.content.values_mut().for_each(|content| show(content, &known, &mut used));
        }
    }
    let shown = used.into_iter().map(|(name, value)| (name, ExampleBuilder::new().value(Some(value)).build().into()));
    document.components.get_or_insert_default().examples.extend(shown);
}

fn read() -> Map<String, Value> {
    FILES.iter().flat_map(|file| serde_json::from_str::<Map<String, Value>>(file).unwrap_or_default()).collect()
}

fn show(content: &mut RefOr<Content>, known: &Map<String, Value>, used: &mut Map<String, Value>) {
    let RefOr::T(content) = content else { return };
    let Some(name) = content.schema.as_ref().and_then(super::name_of) else { return };
    let Some(value) = value_of(name, known) else { return };
    let reference: RefOr<Example> = RefOr::Ref(Ref::new(format!("#/components/examples/{name}")));
    used.insert(name.to_owned(), value);
    content.examples.insert(name.to_owned(), reference);
}

fn value_of(name: &str, known: &Map<String, Value>) -> Option<Value> {
    match name.strip_prefix(super::pages::PREFIX) {
        Some(item) => {
            let cursor = "MDE5OWYwYTItNmMxZS03ZDQzLTlhNTItM2YxYjhjNmQyZTEw";
            known.get(item).map(|item| json!({ "items": [item], "next_cursor": cursor }))
        }
        None => known.get(name).cloned(),
    }
}
