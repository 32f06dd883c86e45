//! Moves focus to the heading when the reader comes to another page.
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
