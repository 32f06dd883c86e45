//! The API's document, held against every answer.
//!
//! Invariant: an answer that the document does not promise fails the test that caused it: another status,
//! another content type, another shape, or a field that is not written down.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};

use super::Answer;

/// The document, as it is served.
pub static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&server::app::document().to_json().unwrap()).unwrap());

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(operations);

static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// One operation of the document.
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub definition: Value,
}

/// All of them.
pub fn all() -> &'static [Operation] {
    &OPERATIONS
}

fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, definition) in methods.as_object().unwrap() {
            all.push(Operation {
                id: definition["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                definition: definition.clone(),
            });
        }
    }
    all
}

/// Those that take a header, by their names.
pub fn with_header(name: &str) -> BTreeSet<&'static str> {
    let parameters = |operation: &Operation| operation.definition["parameters"].as_array().cloned().unwrap_or_default();
    let takes =
        |operation: &&Operation| parameters(operation).iter().any(|it| it["in"] == "header" && it["name"] == name);
    all().iter().filter(takes).map(|operation| operation.id.as_str()).collect()
}

/// The operation that a request means. A literal path comes before one with a placeholder.
pub fn find(method: &Method, path: &str) -> Option<&'static Operation> {
    let path = path.split('?').next().unwrap_or_default();
    let fits = |operation: &&Operation| {
        let mut given = path.split('/');
        let all = operation.path.split('/').all(|part| {
            given.next().is_some_and(|given| if part.starts_with('{') { !given.is_empty() } else { given == part })
        });
        all && given.next().is_none() && operation.method == *method
    };
    OPERATIONS.iter().filter(fits).min_by_key(|operation| operation.path.contains('{'))
}

/// What holds for every answer of the server.
#[track_caller]
pub fn check_headers(path: &str, answer: &Answer) {
    let what = &answer.what;
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    // Who may frame and load the panel is its own tests' matter.
    if !path.starts_with("/panel") {
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{what}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{what}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{what}");
        assert!(answer.header("content-security-policy").ends_with("frame-ancestors 'none'"), "{what}");
    }
    assert!(!answer.header("referrer-policy").is_empty(), "{what}");
    let policy = answer.header("content-security-policy");
    let loads = if ["/files/", "/logos/", "/exports/"].iter().any(|files| path.starts_with(files)) {
        "default-src 'none'; sandbox;"
    } else {
        "default-src 'self'"
    };
    for rule in [loads, "object-src 'none'", "base-uri 'none'", "frame-ancestors "] {
        assert!(policy.contains(rule), "{what}: {policy}");
    }
    assert_eq!(answer.header("server"), "", "{what}");
    assert_eq!(answer.header("access-control-allow-origin"), "", "{what}");
    if path.starts_with("/api/") {
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    }
}

/// What the document promises.
#[track_caller]
pub fn check(method: &Method, path: &str, answer: &Answer) {
    let what = format!("{}: {}", answer.what, answer.status);
    if answer.status >= 400 {
        check_problem(&what, answer);
    }
    let Some(operation) = find(method, path) else {
        assert!(matches!(answer.status, 400 | 404 | 405), "{what} from an undocumented route");
        return;
    };
    let status = answer.status.to_string();
    let response = operation.definition["responses"].get(&status).map(follow);
    let response = response.unwrap_or_else(|| panic!("{what} is not documented: {}", answer.text()));
    if answer.status >= 400 {
        let (id, code) = (&operation.id, json!(answer.problem().code));
        let listed = response["x-error-codes"].as_array().is_some_and(|codes| codes.contains(&code));
        assert!(listed, "{what}: {code} is missing in the `x-error-codes` of {id}");
    }
    let Some(content) = response.get("content").and_then(Value::as_object) else {
        assert!(answer.body.is_empty(), "{what} has a body that is not documented: {}", answer.text());
        return;
    };
    let (media, content) = content.iter().next().unwrap();
    assert_eq!(answer.header("content-type").split(';').next().unwrap_or_default(), media, "{what}");
    if !media.ends_with("json") {
        return;
    }
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{what}: {error}"));
    check_value(&what, &validator(operation, &status, &content["schema"]), &content["schema"], &body);
}

/// What the document shows as an example keeps the schema that it stands beside.
#[track_caller]
pub fn check_example(what: &str, schema: &Value, value: &Value) {
    check_value(what, &compile(schema), schema, value);
}

#[track_caller]
fn check_value(what: &str, validator: &Validator, schema: &Value, value: &Value) {
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{what} breaks its schema: {errors:#?} in {value:#}");
    let mut unknown = Vec::new();
    undocumented(value, schema, "", &mut unknown);
    assert!(unknown.is_empty(), "{what} has fields that are not documented: {unknown:?}");
}

#[track_caller]
fn check_problem(what: &str, answer: &Answer) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}: {}", answer.text());
    let problem = answer.problem();
    assert_eq!(problem.status, answer.status, "{what}");
    assert_eq!(problem.kind, format!("about:blank#{}", problem.code), "{what}");
    assert!(
        !problem.detail.is_empty() && !problem.title.is_empty() && !problem.request_id.is_empty(),
        "{what}: {problem:?}"
    );
    assert_eq!(answer.header("www-authenticate"), if answer.status == 401 { "Bearer" } else { "" }, "{what}");
    if matches!(answer.status, 429 | 503) {
        assert!(
            answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0),
            "{what} without Retry-After"
        );
    }
}

fn validator(operation: &Operation, status: &str, schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap_or_else(|broken| broken.into_inner());
    Arc::clone(validators.entry(format!("{} {status}", operation.id)).or_insert_with(|| Arc::new(compile(schema))))
}

fn compile(schema: &Value) -> Validator {
    let mut schema = schema.clone();
    schema["components"] = DOCUMENT["components"].clone();
    jsonschema::options().should_validate_formats(true).build(&schema).expect("the document holds schemas")
}

/// The fields of a value that its schema does not name. The validator cannot tell them: in JSON Schema,
/// what is not named is allowed.
fn undocumented(value: &Value, schema: &Value, at: &str, unknown: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let at = format!("{at}/{name}");
                match property(schema, name) {
                    // Said to be anything.
                    Some(schema) if schema.as_object().is_some_and(serde_json::Map::is_empty) => {}
                    Some(schema) => undocumented(field, schema, &at, unknown),
                    None => unknown.push(at),
                }
            }
        }
        Value::Array(items) => {
            let empty = json!({});
            let schema = follow(schema).get("items").unwrap_or(&empty);
            for item in items {
                undocumented(item, schema, &format!("{at}/-"), unknown);
            }
        }
        _ => {}
    }
}

fn property<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    let schema = follow(schema);
    schema.get("properties").and_then(|properties| properties.get(name)).or_else(|| {
        ["allOf", "oneOf", "anyOf"]
            .iter()
            .filter_map(|kind| schema.get(kind)?.as_array())
            .flatten()
            .find_map(|part| property(part, name))
            .or_else(|| schema.get("additionalProperties").filter(|rest| rest.is_object()))
    })
}

/// A schema, or the one that it refers to.
pub fn follow(schema: &Value) -> &Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            follow(DOCUMENT.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere"))
        }
        None => schema,
    }
}
