//! Types that hold another: a page names the type of its items, a webhook's message that of its data.
//!
//! Invariant: a type is written down once, so that a client made from the document has it once.

use utoipa::openapi::{OpenApi, Ref, RefOr, Schema, schema::ArrayItems};

/// What the name of a page begins with; that of its items follows.
pub const PREFIX: &str = "Page_";

/// utoipa writes the inner part of a generic type in full, beside the type that it is.
pub fn refer(document: &mut OpenApi) {
    for (name, schema) in &mut document.components.get_or_insert_default().schemas {
        let Some((_, inner)) = name.split_once('_') else { continue };
        let RefOr::T(Schema::Object(outer)) = schema else { continue };
        let reference = RefOr::Ref(Ref::from_schema_name(inner));
        if let Some(RefOr::T(Schema::Array(items))) = outer.properties.get_mut("items") {
            items.items = ArrayItems::RefOrSchema(Box::new(reference));
        } else if let Some(data) = outer.properties.get_mut("data") {
            *data = reference;
        }
    }
}
