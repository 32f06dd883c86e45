//! Waggle in the browser: starts the page.
//!
//! Invariant: nothing here knows a room; `app.rs` holds the table of pages.

mod address_bar;
mod api;
mod app;
mod articles;
mod assistant;
mod attachments;
mod auth;
mod captcha;
mod comments;
mod erased;
mod errors;
mod i18n;
mod live;
mod mails;
mod notifications;
mod panel;
mod paths;
mod people;
mod pulse;
mod said;
mod session;
mod settings;
mod shell;
mod site;
mod sla;
mod storage;
mod tickets;
mod ui;
mod webhooks;

use leptos::prelude::*;

fn main() {
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    i18n::speak_at_first();
    pulse::start();
    site::forget_when_left();
    address_bar::start();
    panel::start();
    // Every page waits for this answer, so it is asked for before anything is drawn.
    erased::spawn(session::resume());
    settings::start();
    if let Some(shell) = document().get_element_by_id("loading") {
        shell.remove();
    }
    leptos::mount::mount_to_body(app::App);
}
