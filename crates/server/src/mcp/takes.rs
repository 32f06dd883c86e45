//! What each tool takes, as the document has it of the operation that the tool is.
//!
//! Invariant: no rule is written here; a tool's schema stands alone, without references.

use std::{collections::HashMap, sync::LazyLock};

use serde_json::{Map, Value, json};

use super::tools::{TOOLS, Takes};
use crate::document;

/// The schema of what a tool takes.
pub fn schema(tool: &str) -> Map<String, Value> {
    static SCHEMAS: LazyLock<HashMap<&'static str, Map<String, Value>>> = LazyLock::new(|| {
        let document: Value = serde_json::from_slice(&document::text()).unwrap_or_default();
        TOOLS.iter().map(|tool| (tool.name, object(&document, tool.takes))).collect()
    });
    SCHEMAS.get(tool).cloned().unwrap_or_default()
}

fn object(document: &Value, takes: &[Takes]) -> Map<String, Value> {
    let properties: Map<String, Value> = takes
        .iter()
        .map(|it| (it.name.to_owned(), part(document, it.operation, it.part).unwrap_or_default()))
        .collect();
    let required: Vec<&str> = takes.iter().filter(|it| it.is_required).map(|it| it.name).collect();
    let schema =
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    if let Value::Object(schema) = schema { schema } else { Map::new() }
}

/// A parameter of an operation, or a field of its body.
fn part(document: &Value, operation: &str, name: &str) -> Option<Value> {
    let paths = document.get("paths")?.as_object()?.values();
    let operation =
        paths.filter_map(Value::as_object).flat_map(Map::values).find(|it| it["operationId"] == operation)?;
    let parameter = operation["parameters"].as_array().into_iter().flatten().find(|it| it["name"] == name);
    let Some(parameter) = parameter else {
        let body = follow(document, operation.pointer("/requestBody/content/application~1json/schema")?);
        return Some(alone(document, body.get("properties")?.get(name)?));
    };
    let mut schema = alone(document, &parameter["schema"]);
    if let (Some(words), Some(schema)) = (parameter.get("description"), schema.as_object_mut()) {
        schema.insert("description".to_owned(), words.clone());
    }
    Some(schema)
}

fn follow<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let leads = schema.get("$ref").and_then(Value::as_str);
    leads.and_then(|leads| document.pointer(leads.trim_start_matches('#'))).unwrap_or(schema)
}

/// A schema with what it refers to. What may be null may be left out as well, which is enough to say.
fn alone(document: &Value, schema: &Value) -> Value {
    match schema {
        Value::Object(fields) if fields.contains_key("$ref") => {
            let mut whole = alone(document, follow(document, schema));
            if let Some(whole) = whole.as_object_mut() {
                whole.extend(
                    fields.iter().filter(|(name, _)| *name != "$ref").map(|(name, it)| (name.clone(), it.clone())),
                );
            }
            whole
        }
        Value::Object(fields) => {
            let given = |form: &&Value| form["type"] != "null";
            if let Some([one]) = fields
                .get("oneOf")
                .and_then(Value::as_array)
                .map(|forms| forms.iter().filter(given).collect::<Vec<_>>())
                .as_deref()
            {
                return alone(document, one);
            }
            fields.iter().map(|(name, it)| (name.clone(), alone(document, it))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| alone(document, item)).collect::<Vec<_>>().into(),
        other => other.clone(),
    }
}
