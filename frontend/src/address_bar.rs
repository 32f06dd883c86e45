//! The address bar: what it says, and the ways elsewhere. So little of our paths varies that a router's matching
//! and nesting would only be weight.
//!
//! Invariant: these signals say what the address bar says, and a way to another page of the site is a full load. That a
//! panel's addresses begin otherwise is known here alone.

use std::sync::LazyLock;

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, HtmlElement, UrlSearchParams};

use crate::{paths, site};

type Part = LazyLock<ArcRwSignal<String>>;

/// What is remembered while another page is loaded.
const COMING: &str = "coming";

static PATH: Part = LazyLock::new(ArcRwSignal::default);
/// With its `?`.
static SEARCH: Part = LazyLock::new(ArcRwSignal::default);
/// With its `#`.
static HASH: Part = LazyLock::new(ArcRwSignal::default);

/// Reads the address, and takes up Back, Forward and every plain click on a link of this page.
pub fn start() {
    read();
    window_event_listener(ev::popstate, |_| read());
    window_event_listener(ev::click, follow);
}

/// Whether one has come here by a link of another page of the site, which is so once.
pub fn has_come() -> bool {
    let Ok(Some(memory)) = window().session_storage() else { return false };
    let came = memory.get_item(COMING).ok().flatten().is_some();
    drop(memory.remove_item(COMING));
    came
}

/// Follows the path.
pub fn path() -> String {
    PATH.get()
}

/// Follows the query, `?` and all.
pub fn search() -> String {
    SEARCH.get()
}

/// Follows the fragment, `#` and all.
pub fn hash() -> String {
    HASH.get()
}

/// Follows the query, and answers what it says for a name.
pub fn query() -> impl Fn(&str) -> Option<String> {
    let query = SEARCH.with(|search| UrlSearchParams::new_with_str(search).ok());
    move |name| query.as_ref()?.get(name)
}

/// Goes to a path of any page.
pub fn go(to: &str) {
    if leaves(to) {
        come();
        drop(window().location().assign(&full(to)));
    } else {
        write(to, false);
        show();
    }
}

/// Goes there in the place of where one is: Back skips it.
pub fn replace(to: &str) {
    if leaves(to) {
        drop(window().location().replace(&full(to)));
    } else {
        write(to, true);
        show();
    }
}

/// Asks this page for something else. What is on the screen stays where it is.
pub fn refine(to: &str, replaces: bool) {
    write(to, replaces);
}

/// Tells the page that is loaded next.
fn come() {
    if let Ok(Some(memory)) = window().session_storage() {
        drop(memory.set_item(COMING, ""));
    }
}

fn leaves(path: &str) -> bool {
    paths::page_at(path) != site::page()
}

/// A path as the browser has it.
fn full(path: &str) -> String {
    if site::in_panel() { paths::in_panel(path) } else { path.to_owned() }
}

/// A path as the page has it.
fn plain(path: String) -> String {
    let inside = if site::in_panel() { paths::inside_panel(&path).map(str::to_owned) } else { None };
    inside.unwrap_or(path)
}

fn write(to: &str, replaces: bool) {
    let Ok(history) = window().history() else { return };
    let here = untrack(|| format!("{}{}{}", path(), search(), hash()));
    if replaces {
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&full(to))));
    } else if to != here {
        drop(history.push_state_with_url(&JsValue::NULL, "", Some(&full(to))));
    }
    read();
}

fn read() {
    let location = window().location();
    let parts = [(&PATH, location.pathname().map(plain)), (&SEARCH, location.search()), (&HASH, location.hash())];
    for (part, now) in parts {
        let now = now.unwrap_or_default();
        if part.with_untracked(|before| *before != now) {
            part.set(now);
        }
    }
}

/// Shows what the fragment names, or else the beginning.
fn show() {
    let named = untrack(hash);
    let named = js_sys::decode_uri_component(named.trim_start_matches('#')).map(String::from);
    match named.ok().and_then(|id| document().get_element_by_id(&id)) {
        Some(element) => element.scroll_into_view(),
        None => window().scroll_to_with_x_and_y(0.0, 0.0),
    }
}

fn follow(event: ev::MouseEvent) {
    let modified = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(link) = target.and_then(|target| target.closest("a[href]").ok().flatten()) else { return };
    if let Ok(Some(popover)) = link.closest("[popover]") {
        drop(popover.unchecked_ref::<HtmlElement>().hide_popover());
    }
    let link = link.unchecked_ref::<HtmlAnchorElement>();
    if !link.target().is_empty() || link.has_attribute("download") {
        return;
    }
    let path = plain(link.pathname());
    let is_ours = window().location().origin().is_ok_and(|origin| origin == link.origin());
    let stays = if site::in_panel() { paths::is_for_panel(&path) } else { !leaves(&path) };
    if is_ours && stays {
        event.prevent_default();
        go(&format!("{path}{}{}", link.search(), link.hash()));
    } else if site::in_panel() {
        link.set_target("_blank");
    } else if is_ours {
        come();
    }
}
