//! What was answered to the desk's custom fields: shown to whoever sees the ticket, changed by the team.
//!
//! Invariant: what is not asked for any more is shown, never sent, and so stays as it is.

use api_types::{
    fields::{Answers, FieldAnswer, FieldKind, FieldValue},
    tickets::{TicketStatus, TicketView},
};
use leptos::{
    ev::{Event, SubmitEvent},
    prelude::*,
};

use super::{
    api,
    offer::AskedField,
    open_ticket::OpenTicket,
    words::{ANSWERS_CHANGED, CHANGE_ANSWERS, NO_ANSWER, SAVE},
    workplace::Workplace,
};
use crate::{
    erased::{derive, dynamic, memo, on, when},
    site,
    ui::{CANCEL, Choice, Dialog, Form, FormFailure, SubmitButton, toast},
};

/// The answers, in the order of the fields, and for the team the way to change them.
#[component]
pub fn AnswersOf(ticket: OpenTicket) -> impl IntoView {
    let given = memo(move || {
        ticket.view.with(|view| view.as_ref().map(|view| view.summary.custom_fields.clone()).unwrap_or_default())
    });
    let change = move || {
        let open = |view: &TicketView| view.can.manage && view.summary.status != TicketStatus::Resolved;
        ticket.view.with(|view| view.as_ref().is_some_and(open))
    };
    view! {
        {when(move || given.with(|given| !given.is_empty()), move || {
            dynamic(move || view! { <dl class="answers-given">{given.with(|given| shown(given))}</dl> })
        })}
        {site::is_desk().then(|| when(change, move || view! { <ChangeAnswers ticket /> }))}
    }
}

fn shown(answers: &[FieldAnswer]) -> Vec<AnyView> {
    let fact = |answer: &FieldAnswer| {
        let text = answer.text.clone();
        let said = match answer.kind {
            FieldKind::Url => {
                view! { <a href=text.clone() target="_blank" rel="noopener noreferrer nofollow">{text.clone()}</a> }
                    .into_any()
            }
            _ => text.into_any(),
        };
        view! {
            <dt>{answer.label.clone()}</dt>
            <dd>{said}</dd>
        }
        .into_any()
    };
    answers.iter().map(fact).collect()
}

/// The way to change them, where the ticket's department asks for any.
#[component]
fn ChangeAnswers(ticket: OpenTicket) -> impl IntoView {
    let here = Workplace::here();
    let department =
        move || ticket.view.with(|view| view.as_ref().and_then(|view| Some(view.summary.department.as_ref()?.id)));
    let is_asked = move || {
        let department = department();
        here.offer.with(|offer| offer.fields.iter().any(|field| field.belongs_to(department)))
    };
    let open = RwSignal::new(false);
    when(is_asked, move || {
        view! {
            <button class="button" data-size="small" type="button" on:click=on(move |_| open.set(true))>
                {CHANGE_ANSWERS}
            </button>
            <Dialog open id="answers-title" title=CHANGE_ANSWERS>
                {when(move || open.get(), move || form(open, ticket, untrack(department), here))}
            </Dialog>
        }
    })
}

/// One field with what is written in it. Several keys are one a line, and a box that nobody touched says nothing.
#[derive(Clone)]
struct Entry {
    field: AskedField,
    value: RwSignal<String>,
}

fn form(
    open: RwSignal<bool>,
    ticket: OpenTicket,
    department: Option<api_types::departments::DepartmentId>,
    here: Workplace,
) -> AnyView {
    let form = Form::new();
    let before = ticket.view.with_untracked(|view| view.as_ref().map(|view| view.summary.custom_fields.clone()));
    let before = before.unwrap_or_default();
    let fields = here.offer.get_untracked().fields.into_iter().filter(|field| field.belongs_to(department));
    let entries: Vec<Entry> = fields
        .map(|field| {
            let given = before.iter().find(|answer| answer.key.as_str() == field.label.key);
            Entry { value: RwSignal::new(given.map(|answer| written(&answer.value)).unwrap_or_default()), field }
        })
        .collect();
    let inputs: Vec<AnyView> = entries
        .iter()
        .map(|entry| {
            let given = before.iter().find(|answer| answer.key.as_str() == entry.field.label.key);
            input(form, entry, given)
        })
        .collect();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let answers: Answers = entries
            .iter()
            .filter_map(|Entry { field, value }| {
                Some((field.label.key.clone(), meant(field.kind, value.get_untracked())?))
            })
            .collect();
        form.run(api::answer(ticket.id, answers), move |view| {
            open.set(false);
            ticket.accept(view);
            toast::say(ANSWERS_CHANGED);
        });
    };
    view! {
        <form class="answers" node_ref=form.node novalidate on:submit=on(submit)>
            {inputs}
            <FormFailure form />
            <div class="dialog-actions">
                <button class="button" type="button" on:click=on(move |_| open.set(false))>
                    {CANCEL}
                </button>
                <SubmitButton form label=SAVE />
            </div>
        </form>
    }
    .into_any()
}

/// A value as it stands in its field.
fn written(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::Keys(keys) => keys.join("\n"),
    }
}

/// What stands in a field as a value; what cannot be one is for the server to refuse at the field.
fn meant(kind: FieldKind, text: String) -> Option<FieldValue> {
    if text.trim().is_empty() {
        return None;
    }
    Some(match kind {
        FieldKind::Checkbox => FieldValue::Flag(text == "true"),
        FieldKind::MultiSelect => FieldValue::Keys(text.lines().map(str::to_owned).collect()),
        FieldKind::Number => text.parse().map_or(FieldValue::Text(text), FieldValue::Number),
        _ => FieldValue::Text(text),
    })
}

fn input(form: Form, entry: &Entry, given: Option<&FieldAnswer>) -> AnyView {
    let Entry { field, value } = entry.clone();
    let id = format!("answer-{}", field.label.key);
    let name = format!("custom_fields/{}", field.label.key);
    let fault_id = format!("{id}-fault");
    let fault = memo(move || form.fault(&name));
    let invalid = derive(move || fault.with(Option::is_some).to_string());
    let described = fault_id.clone();
    let label = {
        let field = field.clone();
        derive(move || field.label.name().to_owned())
    };
    // A choice that is retired meanwhile stays until another takes its place.
    let choices: Vec<Choice> = {
        let mut choices: Vec<_> = untrack(|| field.choices.iter().map(|choice| choice.choice()).collect());
        let lost = given.filter(|_| field.kind == FieldKind::Select).map(|it| (written(&it.value), it.text.clone()));
        if let Some((value, label)) = lost.filter(|(value, _)| choices.iter().all(|choice| choice.value != *value)) {
            choices.push(Choice { value, label });
        }
        choices
    };
    let typed = on(move |event: Event| value.set(event_target_value(&event)));
    let control = match field.kind {
        FieldKind::Checkbox => {
            return view! {
                <div class="field">
                    <label class="check">
                        <input
                            id=id
                            type="checkbox"
                            aria-invalid=invalid
                            aria-describedby=described
                            prop:checked=move || value.get() == "true"
                            on:change=on(move |event: Event| value.set(event_target_checked(&event).to_string()))
                        />
                        <span>{label}</span>
                    </label>
                    <p class="field-fault" id=fault_id>{fault}</p>
                </div>
            }
            .into_any();
        }
        FieldKind::MultiSelect => {
            let boxes: Vec<_> = choices.into_iter().map(|choice| one_of_many(choice, value)).collect();
            return view! {
                <fieldset class="field" aria-describedby=described>
                    <legend>{label}</legend>
                    {boxes}
                    <p class="field-fault" id=fault_id>{fault}</p>
                </fieldset>
            }
            .into_any();
        }
        FieldKind::Select => {
            let options = std::iter::once(Choice::new("", NO_ANSWER)).chain(choices);
            let options: Vec<_> = options
                .map(|choice| {
                    let selected = untrack(|| value.get()) == choice.value;
                    view! { <option value=choice.value selected=selected>{choice.label}</option> }
                })
                .collect();
            view! { <select id=id.clone() aria-invalid=invalid aria-describedby=described on:change=typed>{options}</select> }
                .into_any()
        }
        FieldKind::LongText => view! {
            <textarea
                id=id.clone()
                rows="3"
                aria-invalid=invalid
                aria-describedby=described
                prop:value=value
                on:input=typed
            ></textarea>
        }
        .into_any(),
        kind => {
            let kind = match kind {
                FieldKind::Number => "number",
                FieldKind::Date => "date",
                FieldKind::Url => "url",
                FieldKind::Email => "email",
                _ => "text",
            };
            view! {
                <input
                    id=id.clone()
                    type=kind
                    step="any"
                    autocomplete="off"
                    aria-invalid=invalid
                    aria-describedby=described
                    prop:value=value
                    on:input=typed
                />
            }
            .into_any()
        }
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {control}
            <p class="field-fault" id=fault_id>{fault}</p>
        </div>
    }
    .into_any()
}

fn one_of_many(choice: Choice, value: RwSignal<String>) -> AnyView {
    let Choice { value: key, label } = choice;
    let mine = key.clone();
    let is_chosen = move || value.with(|keys| keys.lines().any(|it| it == mine));
    let turn = on(move |event: Event| {
        let is_chosen = event_target_checked(&event);
        value.update(|keys| {
            let others = keys.lines().filter(|it| *it != key);
            *keys = others.chain(is_chosen.then_some(key.as_str())).collect::<Vec<_>>().join("\n");
        });
    });
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=is_chosen on:change=turn />
            <span>{label}</span>
        </label>
    }
    .into_any()
}
