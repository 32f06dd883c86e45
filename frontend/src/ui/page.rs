//! What a page owes its reader: a title in the tab and focus on its heading.
//!
//! Invariant: focus moves only when the reader went somewhere, never when data arrives.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlAnchorElement, HtmlElement, KeyboardEvent};

use crate::{erased::effect, settings};

/// Keeps the tab's title.
pub fn title_page(title: impl Fn() -> String + 'static) {
    effect(move || {
        let title = title();
        let desk = settings::name();
        document().set_title(&if title.is_empty() { desk } else { format!("{title} · {desk}") });
    });
}

/// Moves focus to the page's one heading, after the next drawing.
pub fn focus_heading() {
    request_animation_frame(|| focus("h1"));
}

/// Moves focus to the heading of a page that has just been loaded, once it is there; unless the reader was quicker.
pub fn focus_first_heading() {
    request_animation_frame(|| {
        let is_free = || document().active_element() == document().body().map(Into::into);
        match find("h1") {
            _ if !is_free() => {}
            Some(heading) => drop(heading.focus()),
            None => focus_first_heading(),
        }
    });
}

/// Moves focus to the first element that matches.
pub fn focus(selector: &str) {
    if let Some(element) = find(selector) {
        drop(element.focus());
    }
}

/// Presses the first button that matches.
pub fn click(selector: &str) {
    if let Some(element) = find(selector) {
        element.click();
    }
}

/// Has the browser save what is at an address. A refusal there leaves the page where it is.
pub fn save(url: &str) {
    if let Some(link) = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(url);
        link.set_download("");
        link.click();
    }
}

/// Whether a key was pressed in the element that matches.
pub fn is_typing_in(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.is_some_and(|target| target.matches(selector).unwrap_or(false))
}

fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
