//! Questions that need an answer first, in the browser's own `<dialog>`.
//!
//! Invariant: Esc and Cancel leave without doing anything, and focus starts on Cancel.

use leptos::{ev::SubmitEvent, html, prelude::*};

use super::{
    form::{Form, FormFailure},
    words::CANCEL,
};
use crate::{
    erased::{effect, on},
    i18n::Words,
};

/// A modal dialog that follows `open`.
#[component]
pub fn Dialog(open: RwSignal<bool>, id: &'static str, title: Words, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let wanted = open.get();
        if let Some(dialog) = node.get() {
            match (wanted, dialog.open()) {
                (true, false) => drop(dialog.show_modal()),
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    view! {
        <dialog node_ref=node class="dialog" aria-labelledby=id on:close=on(move |_| open.set(false))>
            <h2 id=id>{title}</h2>
            {children()}
        </dialog>
    }
}

/// Asks before something that cannot be undone. `form` shows why it did not work.
#[component]
pub fn Confirm(
    open: RwSignal<bool>,
    id: &'static str,
    title: Words,
    /// The button that does it.
    act: Words,
    #[prop(optional)] dangerous: bool,
    form: Form,
    #[prop(into)] confirmed: Callback<()>,
    /// What will happen.
    children: Children,
) -> impl IntoView {
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        confirmed.run(());
    };
    view! {
        <Dialog open id title>
            <form node_ref=form.node novalidate on:submit=on(submitted)>
                <div class="dialog-body">{children()}</div>
                <FormFailure form />
                <div class="dialog-actions">
                    <button class="button" type="button" autofocus on:click=on(move |_| open.set(false))>
                        {CANCEL}
                    </button>
                    <button
                        class="button"
                        data-kind=if dangerous { "danger" } else { "primary" }
                        aria-disabled=move || form.busy().to_string()
                    >
                        {act}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
