//! An event, read from what a stream says.
//!
//! Invariant: what is not understood is left out, for the server may be newer than the page. The browser's own parser
//! reads it: serde's way with a tagged enum would add seven kilobytes to each page.

use api_types::{
    live::{LiveEvent, Viewer},
    people::PersonRef,
};
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsValue;

pub fn read(said: &str) -> Option<LiveEvent> {
    let event = JSON::parse(said).ok()?;
    let ticket_id = || word(&event, "ticket_id")?.parse().ok();
    let event = match word(&event, "kind")?.as_str() {
        "ticket_changed" => LiveEvent::TicketChanged { ticket_id: ticket_id()? },
        "notifications_changed" => LiveEvent::NotificationsChanged,
        "presence" => {
            let viewers = Array::from(&part(&event, "viewers")?);
            LiveEvent::Presence {
                ticket_id: ticket_id()?,
                viewers: viewers.iter().filter_map(|it| viewer(&it)).collect(),
            }
        }
        "reset" => LiveEvent::Reset,
        _ => return None,
    };
    Some(event)
}

fn viewer(said: &JsValue) -> Option<Viewer> {
    let person = part(said, "person")?;
    let person = PersonRef { id: word(&person, "id")?.parse().ok()?, name: word(&person, "name")? };
    Some(Viewer { person, typing: part(said, "typing")?.is_truthy() })
}

fn part(whole: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(whole, &name.into()).ok()
}

fn word(whole: &JsValue, name: &str) -> Option<String> {
    part(whole, name)?.as_string()
}
