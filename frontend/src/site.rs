//! The two pages that the site is: the one that customers load, and the team's desk. Each is compiled alone, so
//! that nobody downloads the other; a build with neither feature is both, and the address tells which.
//!
//! Invariant: no other file asks for these features, and the way from one page to the other is a full load.

use leptos::{ev, prelude::*};

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

/// Draws this page anew when Back finds it as it was left: whoever was signed in may have left on the other one.
pub fn forget_when_left() {
    window_event_listener(ev::pageshow, |event| {
        if event.persisted() {
            drop(window().location().reload());
        }
    });
}
