//! This page in a panel: what it says to the website around it, and what it hears from there.
//!
//! Invariant: it hears the window around it and no other; which websites may be that window, the server has said. What
//! it says is no secret.

use std::cell::Cell;

use js_sys::{JSON, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

use crate::{
    address_bar,
    api::Failure,
    erased::effect,
    paths,
    site::{self, Page},
};

/// What the script around names the frame when the website can sign its user in.
const CAN_SIGN_IN: &str = "waggle:token";

/// The question for a token, and what its answer begins with.
const TOKEN: &str = "waggle:token:";
/// The website could not be asked.
const FAILED: &str = "waggle:failed:";
const TICKET: &str = "waggle:ticket:";

/// How long an answer may take, in milliseconds.
const PATIENCE: i32 = 20_000;

thread_local! {
    static HOSTED: Cell<bool> = const { Cell::new(false) };
}

/// Tells the style sheet.
pub fn start() {
    if let Some(root) = document().document_element().filter(|_| site::in_panel()) {
        drop(root.set_attribute("data-panel", ""));
    }
}

/// Whether the website signed in whoever is here.
pub fn is_hosted() -> bool {
    HOSTED.get()
}

/// Keeps the website's address in step with the ticket that is open.
pub fn tell_tickets() {
    if site::in_panel() && site::page() == Page::Support {
        effect(|| {
            let ticket = address_bar::query()("ticket").filter(|ticket| ticket != paths::NEW_TICKET);
            say(&[TICKET, &ticket.unwrap_or_default()].concat());
        });
    }
}

/// What the website's word for its user is sent as, if there is a website and it has one.
pub async fn host_token() -> Result<Option<String>, Failure> {
    if !site::in_panel() || window().name().ok().as_deref() != Some(CAN_SIGN_IN) || around().is_none() {
        return Ok(None);
    }
    let answer = ask().await.unwrap_or_default();
    // Silence is no word about who is here.
    let token = answer.strip_prefix(TOKEN).ok_or(Failure::Unreachable)?;
    HOSTED.set(!token.is_empty());
    let quoted = JSON::stringify(&token.into()).map(String::from).unwrap_or_default();
    Ok((!token.is_empty()).then(|| format!(r#"{{"token":{quoted}}}"#)))
}

async fn ask() -> Option<String> {
    let website = JsValue::from(around()?);
    let mut hear = None;
    let answered = Promise::new(&mut |resolve, _| {
        drop(window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, PATIENCE));
        let website = website.clone();
        let heard = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let part = |name: &str| Reflect::get(&event, &name.into()).unwrap_or_default();
            let words = part("data");
            let is_answer = words.as_string().is_some_and(|it| it.starts_with(TOKEN) || it.starts_with(FAILED));
            if is_answer && part("source") == website {
                drop(resolve.call1(&JsValue::UNDEFINED, &words));
            }
        });
        let heard = heard.into_js_value();
        drop(window().add_event_listener_with_callback("message", heard.unchecked_ref()));
        hear = Some(heard);
    });
    say(TOKEN);
    let answer = JsFuture::from(answered).await.ok();
    if let Some(heard) = hear {
        drop(window().remove_event_listener_with_callback("message", heard.unchecked_ref()));
    }
    answer?.as_string()
}

fn say(words: &str) {
    if let Some(website) = around() {
        drop(website.post_message(&words.into(), "*"));
    }
}

/// The window that this one is a part of.
fn around() -> Option<Window> {
    let own = window();
    own.parent().ok().flatten().filter(|parent| *parent != own)
}
