//! A moment, said as people say it, with the exact one on hover.

use api_types::time::Timestamp;
use leptos::prelude::*;

use crate::{i18n, pulse};

/// "5 min. ago"; it moves on by itself.
#[component]
pub fn RelativeTime(#[prop(into)] at: Signal<Timestamp>) -> impl IntoView {
    view! {
        <time datetime=move || at.get().to_string() title=move || i18n::exact(at.get())>
            {move || i18n::relative(at.get(), pulse::now())}
        </time>
    }
}

/// "21 Nov 2026".
#[component]
pub fn Day(at: Timestamp) -> impl IntoView {
    view! {
        <time datetime=at.to_string() title=move || i18n::exact(at)>
            {move || i18n::day(at)}
        </time>
    }
}
