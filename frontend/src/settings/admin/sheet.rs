//! The form around a draft: its fields, why it was refused, and the buttons that save and discard.
//!
//! Invariant: nothing shows as saved before the server has said so.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    draft::Draft,
    words::{DISCARD, SAVE, UNSAVED},
};
use crate::{
    erased::{dynamic, on, when},
    i18n::Words,
    ui::{FormFailure, SubmitButton},
};

/// `whole` says why the server could find it impossible without naming a field.
pub fn sheet(draft: Draft, whole: Option<Words>, save: impl Fn() + 'static, body: AnyView) -> AnyView {
    let form = draft.form;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save();
    };
    view! {
        <form class="settings-form" novalidate node_ref=form.node on:submit=on(submit)>
            {body}
            <div class="settings-acts">
                <FormFailure form />
                <p class="field-fault" role="status">
                    {dynamic(move || whole.filter(|_| form.faults_all_of(&draft.name(""))).map(Words::get))}
                </p>
                <SubmitButton form label=SAVE />
                {when(move || draft.dirty(), move || view! {
                    <button class="button" data-kind="plain" type="button" on:click=on(move |_| draft.discard())>
                        {DISCARD}
                    </button>
                    <span class="chip" data-tone="accent" role="status">{UNSAVED}</span>
                })}
            </div>
        </form>
    }
    .into_any()
}
