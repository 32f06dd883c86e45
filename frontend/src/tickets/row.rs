//! One ticket of a list: title, creation date, state, elapsed time; for the team also whose it is.

use api_types::tickets::{Priority, Sla, TicketSummary};
use leptos::prelude::*;

use super::{
    address::Open,
    chips::{SlaChip, StateChip, priority_words},
    words::{ARCHIVED_ONE, ASSIGNEE, NOBODY},
    workplace::Workplace,
};
use crate::{
    erased::{dynamic, when},
    ui::Day,
};

#[component]
pub fn Row(ticket: Memo<Option<TicketSummary>>) -> impl IntoView {
    let here = Workplace::here();
    let Some(first) = ticket.get_untracked() else {
        return ().into_any();
    };
    let (id, number, title, created_at) = (first.id, first.number, first.title.clone(), first.created_at);
    let ticket = Signal::derive(move || ticket.get().unwrap_or_else(|| first.clone()));
    let is_open = move || here.open.get() == Open::Ticket(id);
    let sla: Signal<Sla> = Signal::derive(move || ticket.with(|ticket| ticket.sla));
    let archived = move || ticket.with(|ticket| ticket.archived);
    view! {
        <li class="row" data-current=move || is_open().to_string()>
            <a
                href=move || here.href(Open::Ticket(id))
                data-ticket=id.to_string()
                aria-current=move || is_open().then_some("true")
            >
                <span class="row-title">{title}</span>
                <span class="row-facts">
                    <span class="row-number">"#" {number}</span>
                    <Day at=created_at />
                    {here.desk.then(|| view! { <Creator ticket /> })}
                </span>
                {here.desk.then(|| view! { <Assignee ticket /> })}
                <span class="row-state">
                    <StateChip ticket />
                    <PriorityChip ticket />
                    {when(archived, move || view! {                        <span class="chip">{ARCHIVED_ONE}</span>
                    })}
                </span>
                <span class="row-sla">
                    <SlaChip sla />
                </span>
            </a>
        </li>
    }
    .into_any()
}

/// Only what stands out is said: medium is the rule.
#[component]
fn PriorityChip(ticket: Signal<TicketSummary>) -> impl IntoView {
    dynamic(move || {
        let priority = ticket.with(|ticket| ticket.priority);
        (priority != Priority::Medium).then(|| {
            view! {
                <span class="chip" data-priority=priority.as_str()>
                    {priority_words(priority)}
                </span>
            }
        })
    })
}

#[component]
fn Creator(ticket: Signal<TicketSummary>) -> impl IntoView {
    view! { <span class="row-creator">{move || ticket.with(|ticket| ticket.creator.name.clone())}</span> }
}

#[component]
fn Assignee(ticket: Signal<TicketSummary>) -> impl IntoView {
    let assignee = move || {
        ticket.with(|ticket| {
            ticket.assignee.as_ref().map_or_else(|| NOBODY.get().to_owned(), |person| person.name.clone())
        })
    };
    view! {
        <span class="row-assignee">
            <span aria-hidden="true">"→ "</span>
            <span class="hidden">{ASSIGNEE} " "</span>
            {assignee}
        </span>
    }
}
