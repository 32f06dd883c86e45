//! What can be chosen in a field: labels in both languages, in order.
//!
//! Invariant: a choice that the server knows is never left out, only retired; a key is made once, from the first label.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    control::{Cell, Means, input, notes},
    draft::Draft,
    json::{self, word},
    words::{
        ADD_CHOICE, BRING_BACK, CHOICE_EN, CHOICE_FR, CHOICE_NUMBER, CHOICES, CHOICES_HINT, CHOICES_WRONG, MOVE_DOWN,
        MOVE_UP, NOW_RETIRED_CHOICE, REMOVE, RETIRE,
    },
};
use crate::{
    erased::{dynamic, memo, on},
    i18n::Words,
    ui::{self, Glyph, Icon},
};

const AT: &str = "/choices";

pub fn are_of(kind: &str) -> bool {
    matches!(kind, "select" | "multi_select")
}

/// A key in the API for a label: its plain letters and digits, unlike the taken ones.
pub fn key_for(label: &str, taken: &[String]) -> String {
    let plain = String::from(js_sys::JsString::from(label).normalize("NFD")).to_ascii_lowercase();
    let mut key = String::new();
    for letter in plain.chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter)) {
        if letter.is_ascii_alphanumeric() {
            key.push(letter);
        } else if !key.is_empty() && !key.ends_with('_') {
            key.push('_');
        }
    }
    key.truncate(36);
    let key = match key.trim_end_matches('_') {
        "" => "item",
        key => key,
    };
    let free = |candidate: &String| !taken.contains(candidate);
    let numbered = (2..).map(|number| format!("{key}_{number}"));
    std::iter::once(key.to_owned()).chain(numbered).find(free).unwrap_or_default()
}

/// The choices, the new ones with keys of their own.
pub fn with_keys(choices: &[Value]) -> Vec<Value> {
    let mut taken: Vec<String> =
        choices.iter().map(|it| word(it, "/key").to_owned()).filter(|key| !key.is_empty()).collect();
    let keyed = |choice: &Value| {
        let mut choice = choice.clone();
        if word(&choice, "/key").is_empty() {
            let key = key_for(word(&choice, "/en"), &taken);
            taken.push(key.clone());
            json::put(&mut choice, "/key", key.into());
        }
        choice
    };
    choices.iter().map(keyed).collect()
}

pub fn of(draft: Draft) -> AnyView {
    let shown = memo(move || are_of(&draft.text("/kind")));
    let count = memo(move || draft.len(AT));
    let add = move |_| {
        draft.edit(AT, |choices| choices.push(json!({ "key": "", "en": "", "fr": "", "retired": false })));
        request_animation_frame(|| ui::focus(".choice:last-of-type input"));
    };
    let whole = Cell::new(draft, AT.to_owned()).hint(CHOICES_HINT);
    dynamic(move || {
        shown.get().then(|| {
            let whole = whole.clone();
            view! {
                <fieldset class="rows-field">
                    <legend>{CHOICES}</legend>
                    {dynamic(move || (0..count.get()).map(|place| row(draft, place, count.get())).collect::<Vec<_>>())}
                    <p class="field-hint" id=format!("{}-hint", whole.id())>{CHOICES_HINT}</p>
                    <p class="field-fault" role="status">
                        {dynamic(move || draft.form.faults_all_of(&draft.name(AT)).then(|| CHOICES_WRONG.get()))}
                    </p>
                    <button class="button" data-size="small" data-add type="button" on:click=on(add)>
                        <Icon glyph=Glyph::Plus />
                        {ADD_CHOICE}
                    </button>
                </fieldset>
            }
        })
    })
}

fn row(draft: Draft, place: usize, count: usize) -> AnyView {
    let side = |lang: &'static str, label: Words| {
        let cell = Cell::new(draft, format!("{AT}/{place}/{lang}"));
        view! {
            <div class="field">
                <label class="hidden" for=cell.id()>{move || label.with(&(place + 1).to_string())}</label>
                {input(&cell, "text", Means::Text, if lang == "en" { "English" } else { "Français" }, lang)}
                {notes(&cell)}
            </div>
        }
        .into_any()
    };
    let number = move || CHOICE_NUMBER.with(&(place + 1).to_string());
    let mover = |to: Option<usize>, which: &'static str, glyph: Glyph, label: Words| {
        let to = to.filter(|to| *to < count);
        let pressed = move |_| {
            let Some(to) = to else { return };
            draft.edit(AT, |choices| choices.swap(place, to));
            request_animation_frame(move || ui::focus(&format!("[data-move='{which}-{to}']")));
        };
        view! {
            <button
                class="icon-button"
                type="button"
                aria-label=move || label.with(&number())
                aria-disabled=to.is_none().to_string()
                data-move=format!("{which}-{place}")
                on:click=on(pressed)
            >
                <Icon glyph />
            </button>
        }
        .into_any()
    };
    let retired = move || draft.flag(&format!("{AT}/{place}/retired"));
    view! {
        <div class="choice" data-retired=move || retired().to_string()>
            {side("en", CHOICE_EN)}
            {side("fr", CHOICE_FR)}
            <div class="thing-acts">
                {mover(place.checked_sub(1), "up", Glyph::Up, MOVE_UP)}
                {mover(Some(place + 1), "down", Glyph::Down, MOVE_DOWN)}
                {dynamic(move || leave(draft, place))}
            </div>
            {dynamic(move || retired().then(|| view! { <p class="field-hint">{NOW_RETIRED_CHOICE}</p> }))}
        </div>
    }
    .into_any()
}

/// A choice that was never saved goes; another is retired, or brought back.
fn leave(draft: Draft, place: usize) -> AnyView {
    let at = format!("{AT}/{place}/retired");
    let is_new = draft.text(&format!("{AT}/{place}/key")).is_empty();
    let retired = draft.flag(&at);
    let words = if is_new {
        REMOVE
    } else if retired {
        BRING_BACK
    } else {
        RETIRE
    };
    let pressed = move |_| {
        if is_new {
            draft.edit(AT, |choices| drop(choices.remove(place)));
            request_animation_frame(|| ui::focus("[data-add]"));
        } else {
            draft.put(&at, (!retired).into());
        }
    };
    view! {
        <button
            class="button"
            data-size="small"
            data-kind="plain"
            type="button"
            aria-label=words.with(&CHOICE_NUMBER.with(&(place + 1).to_string()))
            on:click=on(pressed)
        >
            {words.with("")}
        </button>
    }
    .into_any()
}
