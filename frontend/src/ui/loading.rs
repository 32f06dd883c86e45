//! What stands in for something on its way.

use leptos::prelude::*;

use super::words::LOADING;
use crate::{api::Failure, errors, ui::toast};

/// Grey lines; the style sheet shows them only after 200 ms, so that fast answers do not flicker.
#[component]
pub fn Skeleton(#[prop(default = 4)] lines: usize) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="hidden">{LOADING}</span>
            {(0..lines).map(|_| view! { <div class="skeleton-line"></div> }).collect_view()}
        </div>
    }
}

/// Says that something small did not work.
pub fn failed(failure: &Failure) {
    toast::say(errors::explain(failure));
}
