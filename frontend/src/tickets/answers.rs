//! What was answered to the desk's custom fields: shown to whoever sees the ticket, changed by the team.
//!
//! Invariant: what is not asked for any more is shown, never sent, and so stays as it is.

use api_types::{
    fields::{Answers, Field, FieldAnswer, FieldKind, FieldValue},
    tickets::{TicketStatus, TicketView},
};
use leptos::{ev::SubmitEvent, prelude::*};

use super::{
    api,
    asked::{PLACE, at, of_department, value},
    custom::fields,
    draft::Sheet,
    open_ticket::OpenTicket,
    question::questions,
    words::{ANSWERS_CHANGED, CHANGE_ANSWERS, SAVE},
};
use crate::{
    erased::{dynamic, memo, on, when},
    i18n, site,
    ui::{CANCEL, Dialog, Form, FormFailure, SubmitButton, toast},
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

/// An answer as the reader's language writes it. A number may be a year or part of a name, and stays as it was given.
pub fn spoken(answer: &FieldAnswer) -> String {
    match (answer.kind, &answer.value) {
        (FieldKind::Date, FieldValue::Text(day)) => i18n::calendar_day(day),
        _ => answer.text.clone(),
    }
}

fn shown(answers: &[FieldAnswer]) -> Vec<AnyView> {
    let fact = |answer: &FieldAnswer| {
        let text = spoken(answer);
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
    let department = move || {
        let id = ticket.view.with(|view| view.as_ref().and_then(|view| Some(view.summary.department.as_ref()?.id)));
        id.map(|id| id.to_string()).unwrap_or_default()
    };
    let is_asked = move || !fields(&department()).is_empty();
    let open = RwSignal::new(false);
    when(is_asked, move || {
        view! {
            <button class="button" data-size="small" type="button" on:click=on(move |_| open.set(true))>
                {CHANGE_ANSWERS}
            </button>
            <Dialog open id="answers-title" title=CHANGE_ANSWERS>
                {when(move || open.get(), move || form(open, ticket, untrack(department)))}
            </Dialog>
        }
    })
}

fn form(open: RwSignal<bool>, ticket: OpenTicket, department: String) -> AnyView {
    let (form, sheet) = (Form::new(), Sheet::default());
    let before = ticket.view.with_untracked(|view| view.as_ref().map(|view| view.summary.custom_fields.clone()));
    let before = before.unwrap_or_default();
    let mut asked = untrack(|| of_department(&department));
    for question in &mut asked {
        let given = before.iter().find(|answer| question.name.strip_prefix(PLACE) == Some(answer.key.as_str()));
        let Some(given) = given else { continue };
        let written = written(&given.value);
        // A choice that is retired meanwhile stays until another takes its place.
        if question.kind == FieldKind::Select && question.choices.iter().all(|(key, _)| *key != written) {
            question.choices.push((written.clone(), given.text.clone()));
        }
        sheet.give(&question.name, written);
    }
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let answer = |field: Field| {
            let text = Some(sheet.answer(&at(&field))).filter(|text| !text.is_empty())?;
            // What nobody touched is sent as it was: a choice that is retired meanwhile is nobody's to drop.
            let given = before.iter().find(|it| it.key == field.key && written(&it.value) == text);
            Some((field.key.to_string(), given.map(|it| it.value.clone()).or_else(|| value(&field, text))?))
        };
        let answers: Answers = untrack(|| fields(&department).into_iter().filter_map(answer).collect());
        form.run(api::answer(ticket.id, answers), move |view| {
            open.set(false);
            ticket.accept(view);
            toast::say(ANSWERS_CHANGED);
        });
    };
    view! {
        <form class="answers" node_ref=form.node novalidate on:submit=on(submit)>
            {untrack(|| questions(form, sheet, asked))}
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

/// A value as it stands on the sheet.
fn written(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::Keys(keys) => keys.join(","),
    }
}
