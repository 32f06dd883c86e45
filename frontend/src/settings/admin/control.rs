//! What a part of a draft is changed with.
//!
//! Invariant: label, hint and fault are tied to their control; what is typed stays as it was typed while it means the
//! same.

use leptos::{ev, prelude::*};
use serde_json::{Number, Value};

use super::{draft::Draft, json, spec::Way};
use crate::{
    erased::{derive, dynamic, effect, on},
    i18n::Words,
    ui::Choice,
};

/// A part of a draft, with what is to be said of it.
#[derive(Clone)]
pub struct Cell {
    pub draft: Draft,
    pub at: String,
    pub hint: Option<Words>,
    pub wrong: Option<Words>,
}

impl Cell {
    pub fn new(draft: Draft, at: String) -> Self {
        Self { draft, at, hint: None, wrong: None }
    }

    pub fn hint(self, hint: Words) -> Self {
        Self { hint: Some(hint), ..self }
    }

    pub fn wrong(self, wrong: Words) -> Self {
        Self { wrong: Some(wrong), ..self }
    }

    pub fn id(&self) -> String {
        format!("of-{}", self.draft.name(&self.at).replace('/', "-"))
    }

    pub fn fault(&self) -> Signal<Option<String>> {
        let Self { draft, at, wrong, .. } = self.clone();
        derive(move || draft.fault(&at, wrong))
    }

    fn notes_ids(&self) -> String {
        format!("{0}-hint {0}-fault", self.id())
    }
}

/// What typed words mean.
#[derive(Clone, Copy, PartialEq)]
pub enum Means {
    /// Themselves.
    Text,
    /// Themselves, and nothing when there are none.
    Words,
    /// A whole number, or nothing.
    Count,
    /// Any number, or nothing.
    Number,
}

impl Means {
    /// What is no number stays what it is, for the server to refuse.
    fn read(self, typed: &str) -> Value {
        let short = typed.trim();
        match self {
            Self::Text => typed.into(),
            _ if short.is_empty() => Value::Null,
            Self::Words => typed.into(),
            Self::Count => short.parse::<u32>().map_or_else(|_| short.into(), Value::from),
            Self::Number => short.parse().ok().and_then(Number::from_f64).map_or_else(|| short.into(), Value::Number),
        }
    }
}

/// What is typed at a part, which follows the part when that is changed from elsewhere.
fn typed(cell: &Cell, means: Means) -> (RwSignal<String>, impl Fn(String) + 'static) {
    let Cell { draft, at, .. } = cell.clone();
    let typed = RwSignal::new(untrack(|| draft.text(&at)));
    let place = at.clone();
    effect(move || {
        let now = draft.read(&place);
        if means.read(&typed.get_untracked()) != now {
            typed.set(json::text(&now));
        }
    });
    let write = move |text: String| {
        draft.put(&at, means.read(&text));
        typed.set(text);
    };
    (typed, write)
}

/// One line. `usual` stands in it while it is empty.
pub fn input(cell: &Cell, kind: &'static str, means: Means, usual: &'static str, lang: &'static str) -> AnyView {
    let (typed, write) = typed(cell, means);
    let fault = cell.fault();
    view! {
        <input
            id=cell.id()
            type=kind
            step=(means == Means::Number).then_some("any")
            autocomplete="off"
            placeholder=usual
            lang=(!lang.is_empty()).then_some(lang)
            aria-invalid=move || fault.get().is_some().to_string()
            aria-describedby=cell.notes_ids()
            prop:value=move || typed.get()
            on:input=on(move |event: ev::Event| write(event_target_value(&event)))
        />
    }
    .into_any()
}

/// Several lines of Markdown, or nothing.
pub fn area(cell: &Cell, lang: &'static str) -> AnyView {
    let (typed, write) = typed(cell, Means::Words);
    let fault = cell.fault();
    view! {
        <textarea
            id=cell.id()
            lang=lang
            aria-invalid=move || fault.get().is_some().to_string()
            aria-describedby=cell.notes_ids()
            prop:value=move || typed.get()
            on:input=on(move |event: ev::Event| write(event_target_value(&event)))
        ></textarea>
    }
    .into_any()
}

/// One out of a list that is not known before; an empty value is nothing.
pub fn select(cell: &Cell, choices: Signal<Vec<Choice>>) -> AnyView {
    let Cell { draft, at, .. } = cell.clone();
    let fault = cell.fault();
    let place = at.clone();
    let changed = move |event: ev::Event| draft.put(&place, Means::Words.read(&event_target_value(&event)));
    view! {
        <select
            id=cell.id()
            aria-invalid=move || fault.get().is_some().to_string()
            aria-describedby=cell.notes_ids()
            on:change=on(changed)
        >
            {dynamic(move || {
                let now = draft.text(&at);
                let option = |choice: Choice| {
                    let chosen = choice.value == now;
                    view! {
                        <option value=choice.value selected=chosen prop:selected=chosen>
                            {choice.label}
                        </option>
                    }
                    .into_any()
                };
                choices.get().into_iter().map(option).collect::<Vec<_>>()
            })}
        </select>
    }
    .into_any()
}

/// A control under its label, with its notes.
pub fn labelled(cell: &Cell, label: Words, control: AnyView) -> AnyView {
    view! {
        <div class="field">
            <label for=cell.id()>{label}</label>
            {control}
            {notes(cell)}
        </div>
    }
    .into_any()
}

pub fn notes(cell: &Cell) -> AnyView {
    let fault = cell.fault();
    let hint = cell.hint.map(|hint| view! { {hint} });
    view! {
        <p class="field-hint" id=format!("{}-hint", cell.id())>
            {hint}
        </p>
        <p class="field-fault" id=format!("{}-fault", cell.id())>
            {dynamic(move || fault.get())}
        </p>
    }
    .into_any()
}

pub fn switch(cell: &Cell, label: Words) -> AnyView {
    let Cell { draft, at, .. } = cell.clone();
    let place = at.clone();
    let fault = cell.fault();
    let changed = move |event: ev::Event| draft.put(&place, event_target_checked(&event).into());
    view! {
        <div class="switch-row">
            <input
                id=cell.id()
                type="checkbox"
                role="switch"
                aria-invalid=move || fault.get().is_some().to_string()
                aria-describedby=cell.notes_ids()
                prop:checked=move || draft.flag(&at)
                on:change=on(changed)
            />
            <label for=cell.id()>{label}</label>
            {notes(cell)}
        </div>
    }
    .into_any()
}

pub fn radios(cell: &Cell, legend: Words, ways: &'static [Way]) -> AnyView {
    let id = cell.id();
    let fault = cell.fault();
    let row = |way: &'static Way| {
        let Cell { draft, at, .. } = cell.clone();
        let place = at.clone();
        let chosen = move |_: ev::Event| draft.put(&at, Means::Words.read(way.value));
        let hint = way.hint.map(|hint| view! { <span class="field-hint">{hint}</span> });
        view! {
            <label class="way">
                <input
                    type="radio"
                    name=id.clone()
                    aria-invalid=move || fault.get().is_some().to_string()
                    prop:checked=move || draft.text(&place) == way.value
                    on:change=on(chosen)
                />
                <span>{way.label} {hint}</span>
            </label>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = ways.iter().map(row).collect();
    view! {
        <fieldset class="ways" data-many=(ways.len() > 7).to_string() aria-describedby=cell.notes_ids()>
            <legend>{legend}</legend>
            {rows}
            {notes(cell)}
        </fieldset>
    }
    .into_any()
}

/// Some out of a list of ids with their names.
pub fn checks(cell: &Cell, legend: Words, choices: Vec<(String, String)>) -> AnyView {
    let row = |(id, name): (String, String)| {
        let Cell { draft, at, .. } = cell.clone();
        let (place, own) = (at.clone(), id.clone());
        let changed = move |event: ev::Event| {
            let wanted = event_target_checked(&event);
            draft.edit(&place, |ids| {
                ids.retain(|other| other.as_str() != Some(own.as_str()));
                if wanted {
                    ids.push(own.clone().into());
                }
            });
        };
        let is_in = move || {
            draft.now.with(|now| json::list(json::part(now, &at)).iter().any(|it| it.as_str() == Some(id.as_str())))
        };
        view! {
            <label class="check">
                <input type="checkbox" prop:checked=is_in on:change=on(changed) />
                <span>{name}</span>
            </label>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = choices.into_iter().map(row).collect();
    view! {
        <fieldset class="checks" aria-describedby=cell.notes_ids()>
            <legend>{legend}</legend>
            <div class="checks-list">{rows}</div>
            {notes(cell)}
        </fieldset>
    }
    .into_any()
}
