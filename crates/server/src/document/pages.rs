//! Lists: a page names the type of its items.
//!
//! Invariant: a type is written down once, so that a client made from the document has it once.

use utoipa::openapi::{OpenApi, Ref, RefOr, Schema, schema::ArrayItems};

/// What the name of a page begins with; that of its items follows.
pub const PREFIX: &str = "Page_";

/// utoipa writes the items of a generic type in full, beside the type that they are.
pub fn refer(document: &mut OpenApi) {
    for (name, schema) in &mut document.components.get_or_insert_default().schemas {
        if let Some(item) = name.strip_prefix(PREFIX)
            && let RefOr::T(Schema::Object(page)) = schema
            && let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
        {
            items.items = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(item))));
        }
    }
}
