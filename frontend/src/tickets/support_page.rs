//! The customer's support page: three cards, their tickets, and the ticket that is open.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{panes::Panes, words::SUPPORT, workplace::Workplace};
use crate::{erased::effect, paths, session, site};

#[component]
pub fn SupportPage() -> impl IntoView {
    if untrack(session::on_team) {
        return view! { <ToTheDesk /> }.into_any();
    }
    Workplace::begin();
    view! { <Panes heading=SUPPORT /> }.into_any()
}

/// A mailed link to a ticket names this page for everybody; the team reads it at the desk.
#[component]
fn ToTheDesk() -> impl IntoView {
    let search = use_location().search.get_untracked();
    let to = if search.is_empty() { paths::DESK.to_owned() } else { format!("{}?{search}", paths::DESK) };
    let replace = site::use_replace();
    effect(move || replace(&to));
}
