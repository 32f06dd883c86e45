//! Nothing to show, and what to do about it.

use leptos::prelude::*;

use super::{
    icon::{Glyph, Icon},
    words::RETRY,
};
use crate::{api::Failure, errors, i18n::Words};

use crate::erased::on;

/// A sentence and at most one action.
#[component]
pub fn EmptyState(
    glyph: Glyph,
    title: Words,
    #[prop(optional)] hint: Option<Words>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <Icon glyph />
            <p class="empty-state-title">{title}</p>
            {hint.map(|hint| view! { <p>{hint}</p> })}
            {children.map(|children| children())}
        </div>
    }
}

/// Something could not be fetched; the button asks again.
#[component]
pub fn FailureState(failure: Failure, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    view! {
        <div class="empty-state" role="alert">
            <Icon glyph=Glyph::Alert />
            <p class="empty-state-title">{errors::explain(&failure)}</p>
            <button class="button" type="button" on:click=on(move |_| retry.run(()))>
                {RETRY}
            </button>
        </div>
    }
}
