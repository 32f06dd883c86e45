//! The pages that the site is. Each is compiled alone, so that nobody downloads what they do not need; a build without
//! a feature is all of them, and the address tells which.
//!
//! Invariant: no other file asks for these features, and the way from one page to another is a full load.

use std::sync::LazyLock;

use leptos::{ev, prelude::*};

use crate::paths;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Tickets, for customers.
    Support,
    /// Help articles, coming in, and one's own account.
    Lobby,
    /// Tickets, for the team.
    Desk,
    /// What the team and its admins look after besides.
    Office,
    /// How the desk is set up.
    Settings,
}

/// Which page this is. The compiler knows the answer and leaves out what the others would need.
pub fn page() -> Page {
    if cfg!(feature = "support") {
        Page::Support
    } else if cfg!(feature = "lobby") {
        Page::Lobby
    } else if cfg!(feature = "desk") {
        Page::Desk
    } else if cfg!(feature = "office") {
        Page::Office
    } else if cfg!(feature = "settings") {
        Page::Settings
    } else {
        let path = window().location().pathname().unwrap_or_default();
        paths::page_at(paths::inside_panel(&path).unwrap_or(&path))
    }
}

/// Whether this is the panel inside somebody else's website. The team's pages never are.
pub fn in_panel() -> bool {
    static IN_PANEL: LazyLock<bool> =
        LazyLock::new(|| window().location().pathname().is_ok_and(|path| paths::inside_panel(&path).is_some()));
    !cfg!(any(feature = "desk", feature = "office", feature = "settings")) && *IN_PANEL
}

/// Whether this is where the team works on tickets.
pub fn is_desk() -> bool {
    page() == Page::Desk
}

/// Whether this is the team's.
pub fn is_teams() -> bool {
    matches!(page(), Page::Desk | Page::Office | Page::Settings)
}

/// Draws this page anew when Back finds it as it was left: whoever was signed in may have left on another one.
pub fn forget_when_left() {
    window_event_listener(ev::pageshow, |event| {
        if event.persisted() {
            drop(window().location().reload());
        }
    });
}
