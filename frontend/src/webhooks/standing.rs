//! How a webhook and its messages do, as chips.

use api_types::time::Timestamp;
use leptos::prelude::*;
use serde_json::Value;

use super::words::{FAILING, GIVEN_UP, NOTHING_TOLD, OFF, TAKEN, WAITING, outcome};
use crate::{
    i18n::Words,
    settings::admin::json::{part, word},
    ui::{Glyph, Icon, RelativeTime},
};

fn chip(glyph: Glyph, tone: &'static str, words: Words, more: String) -> AnyView {
    let more = if more.is_empty() { more } else { format!(" · {more}") };
    view! {
        <span class="chip" data-status=tone>
            <Icon glyph />
            {words}
            {more}
        </span>
    }
    .into_any()
}

/// Of a message: how far it is, and what came of its last attempt unless it was taken.
pub fn of_message(message: &Value) -> AnyView {
    let (glyph, tone, words) = match word(message, "/state") {
        "delivered" => return chip(Glyph::Check, "resolved", TAKEN, String::new()),
        "failed" => (Glyph::Alert, "failed", GIVEN_UP),
        _ => (Glyph::Clock, "in_progress", WAITING),
    };
    chip(glyph, tone, words, outcome(word(message, "/outcome")))
}

/// Of a webhook: whether it is off or failing, or else what came of its newest message, and when.
pub fn of_webhook(webhook: &Value) -> AnyView {
    let last = part(webhook, "/last_delivery");
    let chip = if !part(webhook, "/disabled").is_null() {
        chip(Glyph::Pause, "", OFF, String::new())
    } else if last.is_null() {
        return view! { <span class="quiet">{NOTHING_TOLD}</span> }.into_any();
    } else if !part(webhook, "/failing_since").is_null() {
        chip(Glyph::Alert, "failed", FAILING, outcome(word(last, "/outcome")))
    } else {
        of_message(last)
    };
    view! {
        {chip}
        {moment(last, "/created_at").map(|at| view! { <span class="quiet"><RelativeTime at=Signal::stored(at) /></span> })}
    }
    .into_any()
}

/// A moment in what the server said.
pub fn moment(value: &Value, at: &str) -> Option<Timestamp> {
    serde_json::from_value(part(value, at).clone()).ok()
}
