//! The document's own words: what the desk is to a program, how it says who it is, and what the parts are called.
//!
//! Invariant: a part that has words of its own keeps them.

use std::collections::BTreeMap;

use utoipa::openapi::{
    OpenApi, RefOr, Schema,
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    server::ServerBuilder,
    tag::TagBuilder,
};

use crate::auth::scopes::Needs;

/// What each tag gathers, in the order in which a reader wants them.
const TAGS: &[(&str, &str)] = &[
    ("tickets", "What customers ask. A customer sees their own tickets, the team all that it may see."),
    ("comments", "What is said on a ticket: by its customer, by the team, by the assistant."),
    ("attachments", "Files. One is uploaded first, and then belongs to the ticket or comment that names it."),
    ("team", "What the team does with a ticket beside answering it."),
    ("people", "Oneself, the team, and everybody who has an account."),
    ("articles", "The help centre: articles in several languages, their categories, and the search."),
    ("assistant", "What answers at once, from the help articles alone."),
    ("notifications", "What happened on one's tickets and was not seen yet."),
    ("live", "Changes as they happen, so that a page need not ask."),
    ("webhooks", "Addresses of programs that are told what happens, signed as Standard Webhooks has it."),
    ("api keys", "How programs sign in: keys with scopes, each acting as whoever made it."),
    ("exports", "What leaves the desk as a file: tickets in any number, and all that it has of one person."),
    ("auth", "Signing in as a person, by password or by a mailed link. A program sends an API key instead."),
    ("settings", "How the desk works. Everybody reads what concerns them; admins change it."),
    ("mails", "What the desk has mailed, and what it could not."),
    ("health", "Whether the desk can work."),
];

const API_KEY: &str = "api_key";

/// Who answers, who may ask, and what there is.
pub fn introduce(document: &mut OpenApi) {
    document.servers =
        Some(vec![ServerBuilder::new().url("/").description(Some("The desk that serves this document")).build()]);
    document.tags = Some(
        TAGS.iter().map(|(name, words)| TagBuilder::new().name(*name).description(Some(*words)).build()).collect(),
    );
    let session = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The `access_token` of a session: `login` answers one, and it lasts a quarter of an hour."));
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(session.build()));
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("wgl_...")
        .description(Some("An API key: `create_api_key` makes one. It needs the scope that stands at the operation."));
    components.add_security_scheme(API_KEY, SecurityScheme::Http(key.build()));
}

/// What a route leaves unsaid about its parameters and answers, in the words of their types.
pub fn describe_parts(document: &mut OpenApi) {
    let types = descriptions(document);
    let in_words_of = |schema: Option<&RefOr<Schema>>| types.get(super::name_of(schema?)?).cloned();
    for operation in super::all_operations(document) {
        // Said in so many words, where anybody may call.
        let needs = super::needs(operation);
        let ways = operation.security.get_or_insert_default();
        match needs {
            _ if ways.is_empty() => {}
            Needs::Scope(scope) => ways.push(SecurityRequirement::new(API_KEY, [scope.as_str()])),
            Needs::Nothing => ways.push(SecurityRequirement::new::<_, [&str; 0], &str>(API_KEY, [])),
            Needs::Person => {}
        }
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter
                && parameter.description.is_none()
            {
                parameter.description = in_words_of(parameter.schema.as_ref());
            }
        }
        for (_, response) in super::own_responses(operation) {
            let schema = response.content.values().find_map(|content| match content {
                RefOr::T(content) => content.schema.as_ref(),
                RefOr::Ref(_) => None,
            });
            if response.description.is_empty()
                && let Some(words) = in_words_of(schema)
            {
                response.description = words;
            }
        }
    }
}

/// The first sentence or two of each type.
fn descriptions(document: &OpenApi) -> BTreeMap<String, String> {
    let schemas = document.components.iter().flat_map(|components| &components.schemas);
    let described = schemas.filter_map(|(name, schema)| {
        let words = match schema {
            RefOr::T(Schema::Object(object)) => object.description.as_ref(),
            RefOr::T(Schema::OneOf(one)) => one.description.as_ref(),
            RefOr::T(Schema::AllOf(all)) => all.description.as_ref(),
            _ => None,
        }?;
        Some((name.clone(), words.split("\n\n").next().unwrap_or_default().to_owned()))
    });
    described.collect()
}
