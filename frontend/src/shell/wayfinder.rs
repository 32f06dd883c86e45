//! Moves focus to the heading when the reader comes to another page.
//!
//! Invariant: not on the first page, where the browser's own start is right, and not for a change of
//! filter.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::words::SKIP;
use crate::{
    erased::{effect, on},
    ui,
};

#[component]
pub fn Wayfinder() -> impl IntoView {
    let path = use_location().pathname;
    let mut before = path.get_untracked();
    effect(move || {
        let path = path.get();
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
