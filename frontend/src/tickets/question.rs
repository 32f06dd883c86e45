//! One question of a form about a ticket, in the input that browsers have for it.
//!
//! Invariant: label, hint and fault are tied to the input, and what is answered is on the sheet at once.

use api_types::{
    error::{FieldCode, FieldError},
    fields::FieldKind,
};
use leptos::{ev::Event, prelude::*};

use super::{
    asked::Question,
    draft::Sheet,
    words::{A_NUMBER, CHOOSE, WEB_ADDRESS},
};
use crate::{
    erased::{derive, on},
    errors,
    ui::{Form, OPTIONAL},
};

/// All that is asked.
pub fn questions(form: Form, sheet: Sheet, asked: Vec<Question>) -> AnyView {
    asked.into_iter().map(|question| draw(form, sheet, question)).collect::<Vec<_>>().into_any()
}

fn draw(form: Form, sheet: Sheet, question: Question) -> AnyView {
    let Question { name, kind, label, help, within, required, standing, choices, bounds } = question;
    // What holds anyway is no choice to leave open; and one box is checked or not.
    let is_open = !required && standing.is_empty() && kind != FieldKind::Checkbox;
    let mark = is_open.then(|| view! { " " <span class="quiet">"(" {OPTIONAL} ")"</span> });
    let answer = {
        let name = name.clone();
        derive(move || Some(sheet.answer(&name)).filter(|it| !it.is_empty()).unwrap_or_else(|| standing.clone()))
    };
    let fault = {
        let (name, within) = (name.clone(), within.clone());
        derive(move || form.broken(&name).map(|broken| explain(kind, &within, &broken)))
    };
    // The limits are not said twice.
    let hint = move || {
        let said = fault.with(|fault| fault.as_ref() == Some(&within));
        if said { help.clone() } else { [help.as_str(), &within].join(" ").trim().to_owned() }
    };
    let is_set = kind == FieldKind::MultiSelect;
    let is_box = is_set || kind == FieldKind::Checkbox;
    let called = view! { {label} {mark} }.into_any();
    let control = Control { name: name.clone(), required, is_open, answer, fault, sheet };
    let body = match kind {
        FieldKind::Select => control.select(choices, called),
        FieldKind::MultiSelect => control.set(choices, called),
        FieldKind::Checkbox => control.tick("true".to_owned(), called),
        _ => control.line(kind, bounds, called),
    };
    let notes = view! {
        <p class="field-hint" id=format!("{name}-hint")>
            {hint}
        </p>
        <p class="field-fault" id=format!("{name}-fault")>
            {fault}
        </p>
    };
    let class = if is_box { "field question boxes" } else { "field question" };
    view! { <div class=class data-kind=kind.as_str()>{body} {notes}</div> }.into_any()
}

/// What is wrong, in the words of the field where it has some.
fn explain(kind: FieldKind, within: &str, broken: &FieldError) -> String {
    match (broken.code, kind) {
        (FieldCode::WrongType, FieldKind::Number) => A_NUMBER.get().to_owned(),
        (FieldCode::NotPossible, FieldKind::Url) => WEB_ADDRESS.get().to_owned(),
        (FieldCode::NotPossible, _) if !within.is_empty() => within.to_owned(),
        _ => errors::explain_field(broken),
    }
}

struct Control {
    name: String,
    required: bool,
    /// It can be left without an answer.
    is_open: bool,
    answer: Signal<String>,
    fault: Signal<Option<String>>,
    sheet: Sheet,
}

impl Control {
    fn given(&self) -> Box<dyn FnMut(Event)> {
        let (sheet, name) = (self.sheet, self.name.clone());
        on(move |event: Event| sheet.give(&name, event_target_value(&event)))
    }

    fn is_broken(&self) -> Signal<String> {
        let fault = self.fault;
        derive(move || fault.with(Option::is_some).to_string())
    }

    fn notes(&self) -> String {
        format!("{0}-hint {0}-fault", self.name)
    }

    fn line(self, kind: FieldKind, bounds: [String; 2], called: AnyView) -> AnyView {
        let (id, name) = (self.name.clone(), self.name.clone());
        let label = view! { <label for=id.clone()>{called}</label> };
        if kind == FieldKind::LongText {
            return view! {
                {label}
                <textarea
                    id=id
                    name=name
                    rows="4"
                    aria-required=self.required.to_string()
                    aria-invalid=self.is_broken()
                    aria-describedby=self.notes()
                    prop:value=self.answer
                    on:input=self.given()
                ></textarea>
            }
            .into_any();
        }
        // Browsers drop what they do not take for a number, and one could not say what is wrong with it.
        let (kind, keys) = match kind {
            FieldKind::Number => ("text", "decimal"),
            FieldKind::Date => ("date", "text"),
            FieldKind::Url => ("url", "url"),
            FieldKind::Email => ("email", "email"),
            _ => ("text", "text"),
        };
        let [first, last] = bounds.map(|day| Some(day).filter(|day| !day.is_empty()));
        view! {
            {label}
            <input
                id=id
                name=name
                type=kind
                inputmode=keys
                min=first
                max=last
                autocomplete="off"
                aria-required=self.required.to_string()
                aria-invalid=self.is_broken()
                aria-describedby=self.notes()
                prop:value=self.answer
                on:input=self.given()
            />
        }
        .into_any()
    }

    fn select(self, choices: Vec<(String, String)>, called: AnyView) -> AnyView {
        let id = self.name.clone();
        let answer = self.answer;
        // Where something holds anyway, or something has to, nothing is not among the choices.
        let is_chosen = choices.iter().any(|(key, _)| *key == answer.get_untracked());
        let nothing = self.is_open || !is_chosen;
        let nothing = nothing.then(|| (String::new(), CHOOSE.get().to_owned()));
        let options: Vec<AnyView> = nothing
            .into_iter()
            .chain(choices)
            .map(|(key, label)| {
                let value = key.clone();
                view! { <option value=value prop:selected=derive(move || answer.with(|it| *it == key))>{label}</option> }
                    .into_any()
            })
            .collect();
        view! {
            <label for=id.clone()>{called}</label>
            <select
                id=id.clone()
                name=id
                aria-required=self.required.to_string()
                aria-invalid=self.is_broken()
                aria-describedby=self.notes()
                on:change=self.given()
            >
                {options}
            </select>
        }
        .into_any()
    }

    /// Boxes for all that can be chosen; the sheet has them as one word, and no key has a comma.
    fn set(self, choices: Vec<(String, String)>, called: AnyView) -> AnyView {
        let boxes: Vec<AnyView> = choices.into_iter().map(|(key, label)| self.tick(key, label.into_any())).collect();
        view! {
            <fieldset aria-describedby=self.notes()>
                <legend>{called}</legend>
                {boxes}
            </fieldset>
        }
        .into_any()
    }

    fn tick(&self, key: String, called: AnyView) -> AnyView {
        let (sheet, name, answer) = (self.sheet, self.name.clone(), self.answer);
        let has = {
            let key = key.clone();
            derive(move || answer.with(|it| it.split(',').any(|it| it == key)))
        };
        let turned = on(move |event: Event| {
            let before = answer.get_untracked();
            let mut keys: Vec<&str> = before.split(',').filter(|it| !it.is_empty() && *it != key).collect();
            if event_target_checked(&event) {
                keys.push(&key);
            }
            sheet.give(&name, keys.join(","));
        });
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    name=self.name.clone()
                    aria-invalid=self.is_broken()
                    aria-describedby=self.notes()
                    prop:checked=has
                    on:change=turned
                />
                <span>{called}</span>
            </label>
        }
        .into_any()
    }
}
