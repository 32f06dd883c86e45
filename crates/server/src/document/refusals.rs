//! Which refusals each operation can answer.
//!
//! Invariant: a refusal that follows from what an operation takes is listed by itself; a room lists the others, under
//! `x-error-codes` at its route. Together they are closed: the tests hold every answer against them.

use std::collections::{BTreeMap, BTreeSet};

use api_types::error::{ErrorCode, FieldCode, FieldError, Problem};
use serde_json::json;
use utoipa::openapi::{
    Components, ContentBuilder, Header, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    Type,
    example::ExampleBuilder,
    extensions::ExtensionsBuilder,
    path::{Operation, Parameter, ParameterIn},
};

use super::needs;
use crate::{auth::scopes::Needs, error::AppError};

/// Where a route lists the refusals of its own, and each response all that are its own.
const CODES: &str = "x-error-codes";

pub fn write(document: &mut OpenApi) {
    let mut shared = BTreeMap::new();
    for operation in super::all_operations(document) {
        let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
        let own = own_codes(operation);
        for code in ErrorCode::ALL.iter().filter(|code| own.contains(code) || follows(**code, operation)) {
            by_status.entry(AppError::new(*code).status().as_u16()).or_default().push(*code);
        }
        for (status, response) in super::own_responses(operation) {
            if status.starts_with('2') {
                carry(response, QUOTA);
            }
        }
        for (status, codes) in by_status {
            let response = response(status, &codes);
            let name: Vec<String> = codes.iter().map(|code| pascal(code.as_str())).collect();
            let name = name.join("Or");
            operation.responses.responses.insert(status.to_string(), RefOr::Ref(Ref::from_response_name(&name)));
            shared.insert(name, response);
        }
    }
    let components = document.components.get_or_insert_default();
    components.responses.extend(shared.into_iter().map(|(name, response)| (name, RefOr::T(response))));
    add_headers(components);
    tag(document);
}

/// What a change can be made dependent on, and what it answers, tell how they look.
fn tag(document: &mut OpenApi) {
    let schema_of = |operation: &mut Operation| {
        let (_, response) = super::own_responses(operation).find(|(status, _)| *status == "200")?;
        super::schema_of(response).map(str::to_owned)
    };
    let is_guarded = |operation: &Operation| parameters(operation).any(|known| known.name == "If-Match");
    let guarded: BTreeSet<String> =
        super::all_operations(document).filter(|it| is_guarded(it)).filter_map(schema_of).collect();
    let reads = document.paths.paths.values_mut().filter_map(|item| item.get.as_mut());
    let mut named: Vec<String> = Vec::new();
    for operation in reads {
        if schema_of(operation).is_some_and(|schema| guarded.contains(&schema)) {
            named.extend(operation.operation_id.clone());
        }
    }
    for operation in super::all_operations(document) {
        if is_guarded(operation) || operation.operation_id.as_ref().is_some_and(|id| named.contains(id)) {
            super::own_responses(operation)
                .filter(|(status, _)| *status == "200")
                .for_each(|(_, response)| carry(response, &["ETag"]));
        }
    }
}

/// Taken away from the route, so that each code stands once, under its status.
fn own_codes(operation: &mut Operation) -> Vec<ErrorCode> {
    let Some(extensions) = operation.extensions.as_mut() else { return Vec::new() };
    let Some(codes) = extensions.get(CODES).and_then(|codes| serde_json::from_value(codes.clone()).ok()) else {
        return Vec::new();
    };
    extensions.remove(CODES);
    if extensions.is_empty() {
        operation.extensions = None;
    }
    codes
}

/// Tells whether an operation can answer a refusal because of what it takes.
fn follows(code: ErrorCode, operation: &Operation) -> bool {
    let takes = |place: ParameterIn| parameters(operation).any(|known| known.parameter_in == place);
    let takes_header = |name: &str| parameters(operation).any(|known| known.name.eq_ignore_ascii_case(name));
    let takes_body = operation.request_body.is_some();
    let knows_caller = operation.security.as_ref().is_some_and(|ways| !ways.is_empty());
    match code {
        ErrorCode::Malformed => takes_body || takes(ParameterIn::Path) || takes(ParameterIn::Header),
        ErrorCode::Unauthenticated => knows_caller,
        // A key is told so where only a person may call.
        ErrorCode::Forbidden => knows_caller || matches!(needs(operation), Needs::Person),
        ErrorCode::NotFound => takes(ParameterIn::Path),
        ErrorCode::TooLarge | ErrorCode::UnsupportedMediaType => takes_body,
        ErrorCode::Invalid => takes_body || takes(ParameterIn::Query),
        ErrorCode::IdempotencyKeyReused | ErrorCode::RequestUnderWay => takes_header("Idempotency-Key"),
        ErrorCode::Changed => takes_header("If-Match"),
        ErrorCode::MissingScope => matches!(needs(operation), Needs::Scope(_)),
        ErrorCode::TooManyRequests | ErrorCode::Internal | ErrorCode::Unavailable => true,
        _ => false,
    }
}

fn parameters(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    operation.parameters.iter().flatten().filter_map(|parameter| match parameter {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    })
}

fn response(status: u16, codes: &[ErrorCode]) -> Response {
    let mut content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
    let mut words = Vec::new();
    for code in codes {
        let problem = example(*code);
        words.push(format!("`{code}`: {}", problem.detail));
        content = content.examples_from_iter([(
            code.as_str(),
            ExampleBuilder::new().summary(problem.detail.clone()).value(Some(json!(problem))).build(),
        )]);
    }
    let response = ResponseBuilder::new()
        .description(words.join("\n\n"))
        .content("application/problem+json", content.build())
        .extensions(Some(ExtensionsBuilder::new().add(CODES, json!(codes)).build()));
    let mut response = response.build();
    match status {
        401 => carry(&mut response, &["WWW-Authenticate"]),
        409 if codes.contains(&ErrorCode::RequestUnderWay) => carry(&mut response, &["Retry-After"]),
        429 => {
            carry(&mut response, &["Retry-After"]);
            carry(&mut response, QUOTA);
        }
        503 => carry(&mut response, &["Retry-After"]),
        _ => {}
    }
    response
}

/// As the server itself would write it.
fn example(code: ErrorCode) -> Problem {
    let error = match code {
        ErrorCode::Invalid => AppError::invalid(vec![FieldError {
            pointer: "/title".to_owned(),
            code: FieldCode::Required,
            message: "This field is required.".to_owned(),
        }]),
        _ => AppError::new(code),
    };
    error.problem("0199f0a2-6c1e-7d43-9a52-3f1b8c6d2e10".to_owned())
}

/// What tells a caller how much of the quota is left.
const QUOTA: &[&str] = &["RateLimit", "RateLimit-Policy"];

fn carry(response: &mut Response, names: &[&str]) {
    let reference = |name: &str| RefOr::Ref(Ref::new(format!("#/components/headers/{name}")));
    response.headers.extend(names.iter().map(|name| ((*name).to_owned(), reference(name))));
}

fn add_headers(components: &mut Components) {
    let header = |name: &str, words: &str, kind: Type, example: serde_json::Value| -> (String, RefOr<Header>) {
        let schema = ObjectBuilder::new().schema_type(kind).examples([example]).build();
        (name.to_owned(), HeaderBuilder::new().schema(Some(schema)).description(Some(words)).build().into())
    };
    let left = "How many requests are left (`r`), and after how many seconds all of them are there again (`t`). Absent where the desk counts none.";
    let policy = "How many requests (`q`) are allowed in how many seconds (`w`). Absent where the desk counts none.";
    components.headers.extend([
        header("ETag", "How it looked: send it as `If-Match` with a change.", Type::String, json!(super::TAG)),
        header("RateLimit", left, Type::String, json!("\"default\";r=1187;t=1")),
        header("RateLimit-Policy", policy, Type::String, json!("\"default\";q=1200;w=60")),
        header("Retry-After", "After how many seconds to try again.", Type::Integer, json!(30)),
        header("WWW-Authenticate", "How to say who calls.", Type::String, json!("Bearer")),
    ]);
}

fn pascal(word: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    word.split('_').map(capital).collect()
}
