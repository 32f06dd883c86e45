//! Schemas that no derive can write, for the API's document.
//!
//! Invariant: each tells the rule that the server holds, as far as a schema can tell it; no value has these types.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Object, Ref, RefOr, Schema,
        schema::{AdditionalProperties, Array, ArrayBuilder, ObjectBuilder, OneOfBuilder, SchemaType, Type},
    },
};

use crate::{behalf::TeamAuthor, tickets::NewTicket, webhooks::WebhookEvent};

/// A text that is told by its pattern.
macro_rules! told {
    ($(#[doc = $doc:literal])* $name:ident, $pattern:expr $(, $most:literal)?) => {
        $(#[doc = $doc])*
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some($pattern));
                $(let schema = schema.max_length(Some($most));)?
                schema.into()
            }
        }

        impl ToSchema for $name {}
    };
}

told! {
    /// Where a page ended: a time and an identifier, from the second century to the forty-third.
    Cursor, "^(A[A-P]|_[z0-9_-])[A-Za-z0-9_-]{30}$"
}

told! {
    /// Where a page of articles ended.
    Place, "^[A-Za-z0-9_-]{53}[AQgw]$"
}

told! {
    /// Words to find.
    Search, r"^[^\u0000]*$", 200
}

told! {
    /// Somebody's or something's identifier, or nobody and nothing.
    IdOrNone, "^(none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
}

told! {
    /// The key of a field, and an answer to it.
    KeyAndValue, r"^[^:\u0000]*:[^\u0000]*$"
}

told! {
    /// A word or a short phrase that has others of the same meaning.
    Synonym, r"^[^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u001f\u007f-\u009f\s][^\u0000-\u001f\u007f-\u009f]*$", 60
}

/// Words that mean the same.
pub fn groups_of_words() -> Array {
    let group = ArrayBuilder::new().items(Synonym::schema()).min_items(Some(2)).max_items(Some(20));
    ArrayBuilder::new()
        .items(group)
        .max_items(Some(500))
        .description(Some("At most 500 groups of 2 to 20 words or short phrases of at most 60 characters each."))
        .build()
}

/// At least one, each once.
pub fn some_scopes() -> Array {
    ArrayBuilder::new()
        .items(Ref::from_schema_name("ApiScope"))
        .min_items(Some(1))
        .unique_items(true)
        .description(Some(
            "At least one, each once. A personal key can have `tickets:read`, `tickets:write` and `articles:read`, and a \
             team member's also `articles:write` and `people:read`.",
        ))
        .build()
}

/// At least one, or null for all. A test is sent in any case, and so cannot be asked for.
pub fn some_events() -> Array {
    let events = WebhookEvent::ALL.iter().filter(|event| **event != WebhookEvent::Test);
    let event = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(events.map(|event| event.as_str())));
    ArrayBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Array, Type::Null]))
        .items(event)
        .min_items(Some(1))
        .description(Some("What it is told of, at least one; everything when null."))
        .build()
}

/// A ticket without what only its creator can say.
pub fn ticket_for_another() -> RefOr<Schema> {
    let mut schema = NewTicket::schema();
    if let RefOr::T(Schema::Object(ticket)) = &mut schema {
        ticket.properties.retain(|name, _| !["visitor", "captcha", "follows"].contains(&name.as_str()));
    }
    schema
}

impl PartialSchema for TeamAuthor {
    fn schema() -> RefOr<Schema> {
        let by = |name: &str, kind: &str| -> Object {
            let by = ObjectBuilder::new().property(name, Ref::from_schema_name(kind)).required(name);
            by.additional_properties(Some(AdditionalProperties::FreeForm(false))).build()
        };
        let either = OneOfBuilder::new().item(by("id", "PersonId")).item(by("email", "EmailAddress"));
        either.description(Some("A member of the team, by either.")).into()
    }
}

impl ToSchema for TeamAuthor {}
