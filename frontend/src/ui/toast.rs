//! Short news at the edge of the page, some with an undo.
//!
//! Invariant: a toast never holds the only copy of anything, because it goes by itself.

use std::{
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use leptos::prelude::*;

use super::{
    icon::{Glyph, Icon},
    words::{CLOSE, UNDO},
};
use crate::i18n::Words;

/// Outlives the component that offered it.
type Undo = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    id: u32,
    text: String,
    undo: Option<Undo>,
}

static NEXT: AtomicU32 = AtomicU32::new(0);
static TOASTS: LazyLock<ArcRwSignal<Vec<Toast>>> = LazyLock::new(ArcRwSignal::default);

const STAYS: Duration = Duration::from_secs(8);

pub fn say(words: Words) {
    show(untrack(|| words.get().to_owned()), None);
}

pub fn say_about(words: Words, what: &str) {
    show(untrack(|| words.with(what)), None);
}

pub fn say_with_undo(words: Words, what: &str, undo: impl Fn() + Send + Sync + 'static) {
    show(untrack(|| words.with(what)), Some(Arc::new(undo)));
}

fn show(text: String, undo: Option<Undo>) {
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    TOASTS.update(|toasts| {
        // What has just been done is all that can sensibly be undone.
        toasts.retain(|toast| toast.undo.is_none());
        toasts.push(Toast { id, text, undo });
    });
    set_timeout(move || close(id), STAYS);
}

fn close(id: u32) {
    TOASTS.update(|toasts| toasts.retain(|toast| toast.id != id));
}

/// Where the toasts appear, once per page.
#[component]
pub fn Toasts() -> impl IntoView {
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || TOASTS.get() key=|toast| toast.id let:toast>
                <div class="toast">
                    <span>{toast.text.clone()}</span>
                    {toast
                        .undo
                        .map(|undo| {
                            view! {
                                <button
                                    class="button"
                                    data-kind="plain"
                                    type="button"
                                    on:click=move |_| {
                                        close(toast.id);
                                        undo();
                                    }
                                >
                                    {UNDO}
                                </button>
                            }
                        })}
                    <button class="icon-button" type="button" aria-label=CLOSE on:click=move |_| close(toast.id)>
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
            </For>
        </div>
    }
}
