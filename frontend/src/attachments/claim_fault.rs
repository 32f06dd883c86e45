//! Says that a file could not go with a message because the server keeps it no longer.

use leptos::prelude::*;

use super::{refusal::CLAIM, uploads::Uploads, words::CLAIM_FAILED};
use crate::{
    erased::{effect, when},
    ui::Form,
};

#[component]
pub fn ClaimFault(form: Form, uploads: Uploads) -> impl IntoView {
    let refused = move || form.fault(CLAIM).is_some();
    effect(move || {
        if refused() {
            uploads.look_again();
        }
    });
    when(refused, || {
        view! {
            <p class="field-fault" role="alert">
                {CLAIM_FAILED}
            </p>
        }
    })
}
