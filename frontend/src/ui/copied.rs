//! A line to be taken along.
//!
//! Invariant: where the browser refuses to copy, the line can be marked and copied by hand.

use js_sys::{Function, Reflect};
use leptos::prelude::*;

use super::{
    toast,
    words::{COPIED, COPY, NOT_COPIED},
};
use crate::{erased::on, i18n::Words};

#[component]
pub fn Copied(line: String, label: Words) -> impl IntoView {
    let text = line.clone();
    let copy = move |_| {
        toast::say(if put_on_clipboard(&text) { COPIED } else { NOT_COPIED });
    };
    view! {
        <div class="code-copy">
            <pre class="code-line" tabindex="0" role="group" aria-label=label><code>{line}</code></pre>
            <button class="button" data-size="small" type="button" on:click=on(copy)>
                {COPY}
            </button>
        </div>
    }
}

/// Browsers give it to pages that came over TLS, or from this machine.
fn put_on_clipboard(text: &str) -> bool {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).unwrap_or_default();
    let write = Reflect::get(&clipboard, &"writeText".into()).unwrap_or_default();
    write.is_function() && Function::from(write).call1(&clipboard, &text.into()).is_ok()
}
