//! The document's completion: what every operation shares is written here once, for all of them.
//!
//! Invariant: nothing here names an operation. What is one room's alone stands at its route, where `x-error-codes`
//! lists the refusals that do not follow from what the operation takes.

mod examples;
mod pages;
mod refusals;
mod told;
mod webhooks;
mod words;

use actix_web::http::Method;
use utoipa::openapi::{
    ObjectBuilder, OpenApi, PathItem, RefOr, Response, Type,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::Schema,
};

use crate::auth::scopes::{self, Needs};

pub use told::{places, text};

/// Adds what follows from the routes: the ways in, the words for parts, the refusals, the examples.
pub fn complete(document: &mut OpenApi) {
    words::introduce(document);
    pages::refer(document);
    words::describe_parts(document);
    refusals::write(document);
    webhooks::describe(document);
    examples::add(document);
}

/// What tells how something looked, as an example.
pub const TAG: &str = "\"2jmj7l5rSw0yVb_vlWAYkK\"";

/// A header that a request may carry, as the parameters of its operation have it.
pub fn header(name: &str, words: &str, pattern: &str, example: &str) -> Vec<Parameter> {
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).examples([example]);
    let header = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).description(Some(words));
    vec![header.schema(Some(schema)).build()]
}

fn methods(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    methods(item).map(|(_, operation)| operation)
}

fn all_operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().flat_map(operations)
}

/// The responses that an operation describes itself.
fn own_responses(operation: &mut Operation) -> impl Iterator<Item = (&String, &mut Response)> {
    operation.responses.responses.iter_mut().filter_map(|(status, response)| match response {
        RefOr::T(response) => Some((status, response)),
        RefOr::Ref(_) => None,
    })
}

/// What an answer holds.
fn schema_of(response: &Response) -> Option<&str> {
    response.content.values().find_map(|content| match content {
        RefOr::T(content) => name_of(content.schema.as_ref()?),
        RefOr::Ref(_) => None,
    })
}

/// What a key needs for an operation.
fn needs(operation: &Operation) -> Needs {
    scopes::of(operation.operation_id.as_deref().unwrap_or_default())
}

/// The name of the component that a schema refers to.
fn name_of(schema: &RefOr<Schema>) -> Option<&str> {
    match schema {
        RefOr::Ref(reference) => reference.ref_location.rsplit('/').next(),
        RefOr::T(_) => None,
    }
}
