//! The customer's support page: three cards, their tickets, and the ticket that is open.

use leptos::prelude::*;

use super::{panes::Panes, words::SUPPORT, workplace::Workplace};
use crate::{address_bar, erased::effect, paths, session};

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
    let here = || format!("{}{}{}", paths::DESK, address_bar::search(), address_bar::hash());
    effect(move || address_bar::replace(&untrack(here)));
}
