//! What a tool answers: the API's own views, without what means nothing to a program that only reads.
//!
//! Invariant: no signed address of a file is in it. A file is known by its id, and fetched over the API.

use serde::Serialize;
use serde_json::Value;

use crate::error::{AppError, Result};

/// The view without rendered text, where its Markdown stands beside it, and without the addresses of files.
pub fn told(view: &impl Serialize) -> Result<Value> {
    let mut value = serde_json::to_value(view).map_err(AppError::internal)?;
    trim(&mut value);
    Ok(value)
}

fn trim(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("body_markdown") {
                fields.remove("body_html");
            }
            // A file of a view; its addresses are its keys.
            if fields.contains_key("download_url") {
                fields.retain(|name, _| matches!(name.as_str(), "id" | "filename" | "content_type" | "size"));
            }
            fields.values_mut().for_each(trim);
        }
        Value::Array(items) => items.iter_mut().for_each(trim),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_file_is_told_without_its_addresses_however_deep_it_stands() {
        let file = json!({ "id": "7", "filename": "a.png", "content_type": "image/png", "size": 9, "url": "/files/7?s=x",
            "download_url": "/files/7?s=y", "thumbnail": { "url": "/files/8?s=z" }, "inline": true });
        let view = json!({ "comments": { "items": [{ "body_markdown": "a", "body_html": "<p>a</p>", "attachments": [file] }] } });
        let bare = json!({ "id": "7", "filename": "a.png", "content_type": "image/png", "size": 9 });
        let expected = json!({ "comments": { "items": [{ "body_markdown": "a", "attachments": [bare] }] } });
        assert_eq!(told(&view).unwrap(), expected);
        assert_eq!(told(&json!({ "body_html": "<p>a</p>" })).unwrap(), json!({ "body_html": "<p>a</p>" }));
    }
}
