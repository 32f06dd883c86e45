//! What a stream says, read as far as a page needs it.
//!
//! Invariant: it says what `api_types::live::LiveEvent` does. The browser's own parser reads it: serde's way with a
//! tagged enum would add seven kilobytes to each page.

use std::str::FromStr;

use api_types::{live::Viewer, people::PersonRef, tickets::TicketId};
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsValue;

pub struct Event {
    pub kind: String,
    pub ticket: Option<TicketId>,
}

pub fn read(said: &str) -> Option<Event> {
    let event = JSON::parse(said).ok()?;
    Some(Event { kind: word(&event, "kind")?, ticket: word(&event, "ticket_id") })
}

/// Who looks at the ticket of a `presence`.
pub fn viewers(said: &str) -> Option<Vec<Viewer>> {
    let event = JSON::parse(said).ok()?;
    let viewer = |said: JsValue| {
        let person = part(&said, "person")?;
        let person = PersonRef { id: word(&person, "id")?, name: word(&person, "name")? };
        Some(Viewer { person, typing: part(&said, "typing")?.is_truthy() })
    };
    Some(Array::from(&part(&event, "viewers")?).iter().filter_map(viewer).collect())
}

fn part(whole: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(whole, &name.into()).ok()
}

fn word<T: FromStr>(whole: &JsValue, name: &str) -> Option<T> {
    part(whole, name)?.as_string()?.parse().ok()
}
