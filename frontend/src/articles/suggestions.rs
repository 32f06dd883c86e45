//! Articles that may answer what is being written, before it is sent.
//!
//! Invariant: an answer to what stood there before is dropped; opening one keeps the form as it is.

use std::time::Duration;

use api_types::articles::Suggestion;
use leptos::{leptos_dom::helpers::debounce, prelude::*};

use super::{api, place::Place, reader::open_in_place, words::SUGGESTED};
use crate::{
    erased::{dynamic, effect, on, spawn},
    i18n, settings,
    ui::{Glyph, Icon},
};

/// Fewer words find nothing.
const LEAST_WORDS: usize = 3;
/// The server reads no more, in characters.
const MOST: usize = 2000;

#[component]
pub fn Suggestions(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let found: RwSignal<Vec<Suggestion>> = RwSignal::default();
    let turn = StoredValue::new(0_u32);
    let mut ask = debounce(Duration::from_millis(300), move |written: String| {
        let Some(mine) = turn.try_get_value() else { return };
        let locale = i18n::locale_untracked();
        spawn(async move {
            // Without the help of the help one can still write.
            let answer = api::suggest(&written, locale).await.map(|answer| answer.items).unwrap_or_default();
            if turn.try_get_value() == Some(mine) {
                found.try_set(answer);
            }
        });
    });
    effect(move || {
        i18n::locale();
        let written: String = text.with(|text| text.trim().chars().take(MOST).collect());
        turn.update_value(|turn| *turn = turn.wrapping_add(1));
        if written.split_whitespace().count() < LEAST_WORDS || !settings::shows("articles") {
            found.set(Vec::new());
        } else {
            ask(written);
        }
    });
    view! {
        <section class="suggestions" aria-label=SUGGESTED aria-live="polite">
            {dynamic(move || {
                let lines: Vec<AnyView> = found.with(|found| found.iter().map(line).collect());
                (!lines.is_empty())
                    .then(|| {
                        view! {
                            <h2>{SUGGESTED}</h2>
                            <ul class="suggestion-list">{lines}</ul>
                        }
                    })
            })}
        </section>
    }
}

fn line(found: &Suggestion) -> AnyView {
    let heading = found.heading.clone().filter(|heading| *heading != found.title);
    view! {
        <li>
            <a href=Place::from(found).href() lang=found.locale.as_str() on:click=on(open_in_place)>
                <span class="suggestion-title">
                    <Icon glyph=Glyph::File />
                    <span>{found.title.clone()}</span>
                </span>
                {heading.map(|heading| view! { <span class="suggestion-heading">{heading}</span> })}
                <span class="suggestion-excerpt">{found.excerpt.clone()}</span>
            </a>
        </li>
    }
    .into_any()
}
