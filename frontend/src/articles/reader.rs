//! Opens an article beside what one is doing, at the passage that matters.
//!
//! Invariant: the page below keeps everything: Esc, the cross and the ground beside the panel lead back to
//! it, and "open as a page" is another tab.

use std::sync::LazyLock;

use leptos::{ev::MouseEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlAnchorElement};

use super::{
    api,
    article::{about, body},
    place::Place,
    words::{AS_PAGE, CLOSE, NEW_TAB, READER},
};
use crate::{
    erased::{dynamic, effect, on},
    i18n,
    ui::{Glyph, Icon, draw, fetched},
};

static READING: LazyLock<ArcRwSignal<Option<Place>>> = LazyLock::new(ArcRwSignal::default);

/// Opens the reader.
pub fn read(place: Place) {
    READING.set(Some(place));
}

/// A click on a link to the help centre opens it in the reader, unless the person asks for a tab.
pub fn open_in_place(event: MouseEvent) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
    let place = link.and_then(|link| Place::of_link(link.unchecked_ref::<HtmlAnchorElement>()));
    let plain = event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    if let Some(place) = place.filter(|_| plain) {
        event.prevent_default();
        read(place);
    }
}

/// Where the reader appears, once per page.
#[component]
pub fn Reader() -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let wanted = READING.with(Option::is_some);
        if let Some(dialog) = node.get() {
            match (wanted, dialog.open()) {
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    let beside = move |event: MouseEvent| {
        let on_ground = event
            .target()
            .zip(node.get_untracked())
            .is_some_and(|(target, dialog)| target.dyn_ref::<Element>() == Some(dialog.unchecked_ref()));
        if on_ground {
            READING.set(None);
        } else {
            open_in_place(event);
        }
    };
    view! {
        <dialog
            class="reader"
            node_ref=node
            aria-label=READER
            on:close=on(|_| READING.set(None))
            on:click=on(beside)
        >
            {dynamic(|| READING.get().map(open))}
        </dialog>
    }
}

fn open(place: Place) -> AnyView {
    let href = place.href();
    view! {
        <div class="reader-page">
            <div class="reader-bar">
                <a class="button" data-size="small" href=href target="_blank" on:click=on(|event: MouseEvent| event.stop_propagation())>
                    {AS_PAGE}
                    <span class="hidden">" " {NEW_TAB}</span>
                </a>
                <button class="icon-button" type="button" autofocus aria-label=CLOSE on:click=on(|_| READING.set(None))>
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            {fetched(move || {
                let place = place.clone();
                Box::pin(async move {
                    let article = api::read(&place.slug, place.locale.unwrap_or_else(i18n::locale)).await?;
                    Ok(draw(move || {
                        let (anchor, quote) = (place.anchor.clone(), place.quote.clone());
                        view! {
                            <article>
                                <h2 class="reader-title" lang=article.locale.as_str()>
                                    {article.title.clone()}
                                </h2>
                                {about(&article)}
                                {body(article.body_html.clone(), article.locale, move || (anchor.clone(), quote.clone()))}
                            </article>
                        }
                        .into_any()
                    }))
                })
            })}
        </div>
    }
    .into_any()
}
