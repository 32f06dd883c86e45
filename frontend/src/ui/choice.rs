//! One out of a few: a native select, which every keyboard and phone knows.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::{ev, prelude::*};

use crate::{
    erased::{dynamic, on},
    i18n::Words,
};

static NEXT: AtomicU32 = AtomicU32::new(0);

/// One option: its value and its words.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: &str, label: Words) -> Self {
        Self { value: value.to_owned(), label: label.get().to_owned() }
    }
}

/// A select that shows `value` and reports another choice. When the choice is not taken up, it shows
/// the old value again.
#[component]
pub fn Select(
    label: Words,
    #[prop(optional)] hide_label: bool,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(into)] chosen: Callback<String>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let changed = move |event: ev::Event| {
        let asked = event_target_value(&event);
        let select: web_sys::HtmlSelectElement = event_target(&event);
        select.set_value(&value.get_untracked());
        chosen.run(asked);
    };
    // Around the select, the label would take the chosen option for part of the name.
    let id = format!("select-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    view! {
        <div class="select">
            <label for=id.clone() class=if hide_label { "hidden" } else { "select-label" }>
                {label}
            </label>
            <select id=id on:change=on(changed) disabled=move || disabled.get()>
                {dynamic(move || {
                    let current = value.get();
                    choices
                        .get()
                        .into_iter()
                        .map(|choice| {
                            let selected = choice.value == current;
                            view! {
                                <option value=choice.value selected=selected prop:selected=selected>
                                    {choice.label}
                                </option>
                            }
                        })
                        .collect_view()
                })}
            </select>
        </div>
    }
}
