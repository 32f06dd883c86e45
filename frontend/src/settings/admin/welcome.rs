//! The welcome, as its reader will see it.

use std::time::Duration;

use leptos::{leptos_dom::helpers::debounce, prelude::*};

use super::{
    api,
    draft::Draft,
    words::{IN_ENGLISH, IN_FRENCH, WELCOME_NONE, WELCOME_OTHER},
};
use crate::{
    erased::{dynamic, effect, spawn},
    i18n::Words,
    ui,
};

pub fn look(draft: Draft) -> AnyView {
    view! {
        {side(draft, "/en", "/fr", IN_ENGLISH, "en")}
        {side(draft, "/fr", "/en", IN_FRENCH, "fr")}
    }
    .into_any()
}

/// What a reader of one language sees: their own text, or else the other.
fn side(draft: Draft, own: &'static str, other: &'static str, label: Words, lang: &'static str) -> AnyView {
    let html: RwSignal<Option<(String, bool)>> = RwSignal::new(None);
    let asked = StoredValue::new(String::new());
    let mut ask = debounce(Duration::from_millis(300), move |(markdown, is_own): (String, bool)| {
        asked.try_set_value(markdown.clone());
        if markdown.trim().is_empty() {
            html.try_set(None);
            return;
        }
        spawn(async move {
            match api::rendered(markdown.clone()).await {
                // Somebody may have typed on.
                Ok(rendered) if asked.try_get_value() == Some(markdown) => drop(html.try_set(Some((rendered, is_own)))),
                Ok(_) => {}
                Err(failure) => ui::failed(&failure),
            }
        });
    });
    effect(move || {
        let (mine, theirs) = (draft.text(own), draft.text(other));
        let is_own = !mine.trim().is_empty();
        ask((if is_own { mine } else { theirs }, is_own));
    });
    view! {
        <figure class="look-card">
            <figcaption class="quiet">{label}</figcaption>
            {dynamic(move || match html.get() {
                None => view! { <p class="quiet">{WELCOME_NONE}</p> }.into_any(),
                Some((html, is_own)) => view! {
                    <div class="prose" lang=is_own.then_some(lang) inner_html=html></div>
                    {(!is_own).then(|| view! { <p class="quiet">{WELCOME_OTHER}</p> })}
                }
                .into_any(),
            })}
        </figure>
    }
    .into_any()
}
