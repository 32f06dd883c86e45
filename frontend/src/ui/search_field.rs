//! The field to search by. What is typed is told after a pause.
//!
//! Invariant: it shows what is asked for, also where something else has changed that behind it.

use std::time::Duration;

use api_types::text::MAX_SEARCH;
use leptos::{leptos_dom::helpers::debounce, prelude::*};

use crate::{
    erased::{effect, memo, on},
    i18n::Words,
};

const PAUSE: Duration = Duration::from_millis(250);

/// `asked` is what is searched for; `search` hears what is to be, without the spaces around it.
pub fn search_field(label: Words, asked: Signal<String>, mut search: Box<dyn FnMut(String)>) -> AnyView {
    let words = RwSignal::new(String::new());
    // Whatever else moves with it leaves what is being typed alone.
    let asked = memo(move || asked.get());
    effect(move || {
        let asked = asked.get();
        if words.with_untracked(|words| words.trim() != asked) {
            words.set(asked);
        }
    });
    let mut pause = debounce(PAUSE, move |typed: String| search(typed.trim().to_owned()));
    view! {
        <input
            type="search"
            aria-label=label
            placeholder=label
            maxlength=MAX_SEARCH.to_string()
            prop:value=words
            on:input=on(move |event| {
                words.set(event_target_value(&event));
                pause(event_target_value(&event));
            })
        />
    }
    .into_any()
}
