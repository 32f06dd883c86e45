//! A labelled field with its hint and its fault.
//!
//! Invariant: label, hint and fault are tied to the field for those who do not see them.

use leptos::prelude::*;

use super::{
    form::Form,
    words::{OPTIONAL, SHOW_PASSWORD},
};
use crate::i18n::Words;

/// One line. `name` is the request's field, so that the server's faults find their place; `id` tells it from a field of
/// the same name in another form of the page.
#[component]
pub fn TextField(
    form: Form,
    name: &'static str,
    label: Words,
    value: RwSignal<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] hint: Option<Words>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] id: Option<&'static str>,
) -> impl IntoView {
    let id = id.unwrap_or(name);
    let shown = RwSignal::new(false);
    let is_password = kind == "password";
    let field = view! {
        <input
            id=id
            name=name
            type=move || if shown.get() { "text" } else { kind }
            autocomplete=autocomplete
            spellcheck=if matches!(kind, "text" | "search") { "true" } else { "false" }
            aria-required=(!optional).to_string()
            aria-invalid=move || form.fault(name).is_some().to_string()
            aria-describedby=format!("{id}-hint {id}-fault")
            bind:value=value
        />
    };
    let reveal = is_password.then(|| {
        view! {
            <label class="check">
                <input type="checkbox" bind:checked=shown />
                <span>{SHOW_PASSWORD}</span>
            </label>
        }
    });
    view! {
        <div class="field">
            <Label id label optional />
            {field}
            <Notes form name id hint />
            {reveal}
        </div>
    }
}

/// Several lines; it grows with what is typed.
#[component]
pub fn TextArea(
    form: Form,
    name: &'static str,
    label: Words,
    value: RwSignal<String>,
    #[prop(optional)] hint: Option<Words>,
    #[prop(default = 6)] rows: u8,
) -> impl IntoView {
    view! {
        <div class="field">
            <Label id=name label optional=false />
            <textarea
                id=name
                name=name
                rows=rows.to_string()
                aria-required="true"
                aria-invalid=move || form.fault(name).is_some().to_string()
                aria-describedby=format!("{name}-hint {name}-fault")
                bind:value=value
            ></textarea>
            <Notes form name id=name hint />
        </div>
    }
}

#[component]
fn Label(id: &'static str, label: Words, optional: bool) -> impl IntoView {
    view! {
        <label for=id>
            {label} {optional.then(|| view! { " " <span class="quiet">"(" {OPTIONAL} ")"</span> })}
        </label>
    }
}

#[component]
fn Notes(form: Form, name: &'static str, id: &'static str, hint: Option<Words>) -> impl IntoView {
    view! {
        <p class="field-hint" id=format!("{id}-hint")>
            {hint.map(|hint| view! { {hint} })}
        </p>
        <p class="field-fault" id=format!("{id}-fault")>
            {move || form.fault(name)}
        </p>
    }
}
