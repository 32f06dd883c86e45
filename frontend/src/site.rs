//! The two pages that the site is: the one that customers load, and the team's desk. Each is compiled alone, so
//! that nobody downloads the other; a build with neither feature is both, and the address tells which.
//!
//! Invariant: no other file asks for these features, and the way from one page to the other is a full load.

use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement};

use crate::paths;

/// Whether this is the desk. The compiler knows the answer and leaves out what the other one would need.
pub fn is_desk() -> bool {
    if cfg!(feature = "desk") {
        true
    } else if cfg!(feature = "support") {
        false
    } else {
        window().location().pathname().is_ok_and(|path| paths::is_at_desk(&path))
    }
}

/// Goes to a path of either page, in the place of this one in the history.
pub fn use_replace() -> impl Fn(&str) + Clone + 'static {
    let navigate = use_navigate();
    move |path| {
        if paths::is_at_desk(path) == is_desk() {
            navigate(path, NavigateOptions { replace: true, ..NavigateOptions::default() });
        } else {
            drop(window().location().replace(path));
        }
    }
}

/// Draws this page anew when Back finds it as it was left: whoever was signed in may have left on the other one.
pub fn forget_when_left() {
    window_event_listener(ev::pageshow, |event| {
        if event.persisted() {
            drop(window().location().reload());
        }
    });
}

/// Leaves links to the other page to the browser. Said before the router begins, which takes up every click on a
/// link of this site that it hears of.
pub fn let_links_leave() {
    window_event_listener(ev::click, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        let path = link.map(|link| link.unchecked_ref::<HtmlAnchorElement>().pathname());
        if path.is_some_and(|path| paths::is_at_desk(&path) != is_desk()) {
            event.stop_immediate_propagation();
        }
    });
}
