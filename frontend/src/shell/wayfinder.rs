//! Moves focus to the heading when the reader comes to another page, whether it is loaded or only drawn.
//!
//! Invariant: not on the first page, where the browser's own start is right, and not for a change of
//! filter.

use leptos::prelude::*;

use super::words::SKIP;
use crate::{
    address_bar,
    erased::{effect, on},
    ui,
};

#[component]
pub fn Wayfinder() -> impl IntoView {
    if address_bar::has_come() {
        ui::focus_first_heading();
    }
    let mut before = untrack(address_bar::path);
    effect(move || {
        let path = address_bar::path();
        if before != path {
            ui::focus_heading();
        }
        before = path;
    });
    view! {
        <a
            class="skip"
            href="#main"
            on:click=on(|event: leptos::ev::MouseEvent| {
                event.prevent_default();
                ui::focus("#main");
            })
        >
            {SKIP}
        </a>
    }
}
