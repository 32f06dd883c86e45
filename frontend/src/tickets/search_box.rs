//! The search box. What is typed goes into the URL after a pause.

use std::time::Duration;

use api_types::text::MAX_SEARCH;
use leptos::{leptos_dom::helpers::debounce, prelude::*};

use super::{words::SEARCH, workplace::Workplace};
use crate::{
    erased::{effect, on},
    ui::{Glyph, Icon},
};

const PAUSE: Duration = Duration::from_millis(250);

#[component]
pub fn SearchBox() -> impl IntoView {
    let here = Workplace::here();
    let words = RwSignal::new(String::new());
    // Back, a card or "clear" may change the search behind the box.
    effect(move || {
        let asked = here.address.with(|address| address.filter.q.clone().unwrap_or_default());
        if words.with_untracked(|words| words.trim() != asked) {
            words.set(asked);
        }
    });
    let mut search = debounce(PAUSE, move |typed: String| {
        let typed = typed.trim().to_owned();
        here.filter(true, |filter| filter.q = Some(typed).filter(|typed| !typed.is_empty()));
    });
    view! {
        <form role="search" class="search" on:submit=on(|event: leptos::ev::SubmitEvent| event.prevent_default())>
            <Icon glyph=Glyph::Search />
            <input
                type="search"
                aria-label=SEARCH
                placeholder=SEARCH
                maxlength=MAX_SEARCH.to_string()
                prop:value=words
                on:input=on(move |event| {
                    words.set(event_target_value(&event));
                    search(event_target_value(&event));
                })
            />
        </form>
    }
}
