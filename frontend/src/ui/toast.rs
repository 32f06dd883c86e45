//! Short news at the edge of the page, some with an undo.
//!
//! Invariant: a toast never holds the only copy of anything, because it goes by itself.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use leptos::prelude::*;
use uuid::Uuid;

use super::{
    icon::{Glyph, Icon},
    words::{CLOSE, UNDO},
};
use crate::{
    erased::{each, on},
    i18n::Words,
};

/// Outlives the component that offered it.
type Undo = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    id: Uuid,
    text: String,
    undo: Option<Undo>,
}

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
    let id = Uuid::new_v4();
    TOASTS.update(|toasts| {
        // One at a time: what has just been done is all that can sensibly be undone.
        toasts.clear();
        toasts.push(Toast { id, text, undo });
    });
    set_timeout(move || close(id), STAYS);
}

fn close(id: Uuid) {
    TOASTS.update(|toasts| toasts.retain(|toast| toast.id != id));
}

/// Where the toasts appear, once per page.
#[component]
pub fn Toasts() -> impl IntoView {
    let ids = || TOASTS.with(|toasts| toasts.iter().map(|toast| toast.id).collect());
    let draw = |id: Uuid| {
        let found = TOASTS.with_untracked(|toasts| toasts.iter().find(|toast| toast.id == id).cloned());
        found.map(|toast| view! { <ToastView toast /> })
    };
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {each(ids, draw)}
        </div>
    }
}

#[component]
fn ToastView(toast: Toast) -> impl IntoView {
    let Toast { id, text, undo } = toast;
    let undo = undo.map(|undo| {
        let pressed = move |_| {
            close(id);
            undo();
        };
        view! {
            <button class="button" data-kind="plain" type="button" on:click=on(pressed)>
                {UNDO}
            </button>
        }
    });
    view! {
        <div class="toast">
            <span>{text}</span>
            {undo}
            <button class="icon-button" type="button" aria-label=CLOSE on:click=on(move |_| close(id))>
                <Icon glyph=Glyph::Close />
            </button>
        </div>
    }
}
