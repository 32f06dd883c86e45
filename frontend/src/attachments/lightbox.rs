//! One picture over the whole window, and the way to its neighbours.
//!
//! Invariant: Esc, the cross and a click beside the picture lead back to where one came from.

use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};

use super::{
    file_name::FileName,
    fresh::Fresh,
    picture::{NotLoaded, Picture},
    words::{CLOSE, COUNTER, DOWNLOAD, FURTHER, NEARER, NEXT, PREVIOUS, VIEWER},
    zoom::Zoom,
};
use crate::{
    erased::{dynamic, effect, memo, on},
    i18n::Words,
    ui::{Glyph, Icon},
};

#[component]
pub fn Lightbox(pictures: Vec<Fresh>, shown: RwSignal<Option<usize>>) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let zoom = Zoom::new();
    let count = pictures.len();
    effect(move || {
        if let Some(dialog) = node.get() {
            drop(dialog.show_modal());
        }
    });
    // Closing the dialog before it is taken away returns focus to the small picture.
    let close = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let step = move |by: usize| {
        zoom.reset();
        shown.update(|at| *at = at.map(|at| (at + by) % count));
    };
    let keyed = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match (event.key().as_str(), untrack(|| zoom.is_in())) {
            // In a picture larger than the window the arrows move the picture.
            ("ArrowLeft", true) => zoom.pan(-1, 0),
            ("ArrowRight", true) => zoom.pan(1, 0),
            ("ArrowUp", true) => zoom.pan(0, -1),
            ("ArrowDown", true) => zoom.pan(0, 1),
            ("ArrowLeft", false) => step(count - 1),
            ("ArrowRight", false) => step(1),
            ("+" | "=", _) => zoom.nearer(),
            ("-", _) => zoom.further(),
            ("0", _) => zoom.reset(),
            _ => return,
        }
        event.prevent_default();
    };
    let beside = move |event: MouseEvent| {
        if event.target() == event.current_target() {
            close();
        }
    };
    let current = memo(move || shown.get().unwrap_or_default());
    let files = StoredValue::new(pictures);
    let file = move || files.with_value(|files| files.get(current.get()).copied());
    view! {
        <dialog
            class="lightbox"
            node_ref=node
            aria-label=VIEWER
            on:close=on(move |_| shown.set(None))
            on:keydown=on(keyed)
        >
            <header class="lightbox-head">
                {dynamic(move || file().map(|file| view! { <FileName name=file.known().filename /> }))}
                {(count > 1)
                    .then(|| {
                        let counter = move || COUNTER.with(&(current.get() + 1).to_string()).replace("[]", &count.to_string());
                        view! {
                            <span class="lightbox-counter" role="status">
                                {counter}
                            </span>
                        }
                    })}
                <span class="lightbox-tools">
                    {tool(Glyph::Minus, FURTHER, move || zoom.further())}
                    {tool(Glyph::Plus, NEARER, move || zoom.nearer())}
                    {dynamic(move || {
                        file()
                            .map(|file| {
                                view! {
                                    <a
                                        class="icon-button"
                                        href=move || file.with(|file| file.download_url.clone())
                                        download=file.known().filename
                                        aria-label=DOWNLOAD
                                        title=DOWNLOAD
                                    >
                                        <Icon glyph=Glyph::Download />
                                    </a>
                                }
                            })
                    })}
                    <button
                        class="icon-button"
                        type="button"
                        autofocus
                        aria-label=CLOSE
                        title=CLOSE
                        on:click=on(move |_| close())
                    >
                        <Icon glyph=Glyph::Close />
                    </button>
                </span>
            </header>
            <div class="lightbox-stage" node_ref=zoom.stage tabindex="-1" on:click=on(beside)>
                {dynamic(move || file().map(|fresh| view! { <Large fresh zoom /> }))}
            </div>
            {(count > 1)
                .then(|| {
                    view! {
                        <div class="lightbox-ways">
                            {tool(Glyph::Back, PREVIOUS, move || step(count - 1))}
                            {tool(Glyph::Forward, NEXT, move || step(1))}
                        </div>
                    }
                })}
        </dialog>
    }
}

fn tool(glyph: Glyph, words: Words, run: impl Fn() + 'static) -> impl IntoView {
    view! {
        <button class="icon-button" type="button" aria-label=words title=words on:click=on(move |_| run())>
            <Icon glyph />
        </button>
    }
}

#[component]
fn Large(fresh: Fresh, zoom: Zoom) -> impl IntoView {
    let picture = Picture::of(fresh, |file| file.url.clone());
    let name = fresh.known().filename;
    dynamic(move || {
        if picture.failed.get() {
            return view! { <NotLoaded picture /> }.into_any();
        }
        view! {
            <img
                class="lightbox-picture"
                node_ref=zoom.image
                data-zoomed=move || zoom.is_in().to_string()
                style:inline-size=move || zoom.width()
                src=picture.address()
                alt=name.clone()
                on:load=on(move |_| picture.loaded())
                on:error=on(move |_| picture.broken())
                on:click=on(move |event: MouseEvent| zoom.toggle(&event))
            />
        }
        .into_any()
    })
}
