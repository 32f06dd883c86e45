//! Waggle in the browser: starts the page.
//!
//! Invariant: nothing here knows a room; `app.rs` holds the table of pages.

mod api;
mod app;
mod auth;
mod comments;
mod errors;
mod i18n;
mod paths;
mod people;
mod pulse;
mod session;
mod shell;
mod storage;
mod tickets;
mod ui;

use leptos::prelude::*;

fn main() {
    i18n::speak_at_first();
    pulse::start();
    // The session is asked for before anything is drawn: every page waits for its answer.
    leptos::task::spawn_local(session::resume());
    if let Some(shell) = document().get_element_by_id("loading") {
        shell.remove();
    }
    leptos::mount::mount_to_body(app::App);
}
