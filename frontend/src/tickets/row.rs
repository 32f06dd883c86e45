//! One ticket of a list: title, creation date, state, elapsed time, how it stands; for the team also whose it is and
//! what was answered.

use api_types::{
    fields::FieldAnswer,
    tickets::{Priority, TicketSummary},
};
use leptos::prelude::*;

use super::{
    address::Open,
    answers::spoken,
    chips::{priority_words, state_chip},
    words::{ASSIGNEE, NOBODY},
    workplace::Workplace,
};
use crate::{
    assistant::PERSON_WANTED,
    erased::dynamic,
    i18n, settings, site, sla,
    ui::{Glyph, Icon},
};

/// Drawn as one piece: a page of rows is the first thing that a person waits for, and many small
/// pieces that each follow their signal take twice as long.
#[component]
pub fn Row(ticket: Memo<Option<TicketSummary>>) -> impl IntoView {
    let here = Workplace::here();
    dynamic(move || ticket.with(|ticket| ticket.as_ref().map(|ticket| draw(here, ticket))))
}

fn draw(here: Workplace, ticket: &TicketSummary) -> AnyView {
    let open = Open::Ticket(ticket.id);
    let is_open = here.open.get() == open;
    let by_name = settings::is_on("name_as_title");
    let (title, creator) = (ticket.title.clone(), ticket.creator.name.clone());
    let (first, second) = if by_name { (creator, Some(title)) } else { (title, None) };
    let target = sla::standing(&ticket.sla).map(|target| sla::standing_chip(ticket, target, true));
    view! {
        <li class="row" data-current=is_open.to_string()>
            <a
                href=here.href(open)
                data-ticket=ticket.id.to_string()
                aria-current=is_open.then_some("true")
            >
                <span class="row-title">{first} {second.map(|second| view! { " " <span class="row-subject">{second}</span> })}</span>
                <span class="row-facts">
                    <span class="row-number">"#" {ticket.number}</span>
                    <time datetime=ticket.created_at.to_string()>{i18n::day(ticket.created_at)}</time>
                    {(site::is_desk() && !by_name).then(|| view! { <span class="row-creator">{ticket.creator.name.clone()}</span> })}
                </span>
                {site::is_desk().then(|| assignee(ticket))}
                <span class="row-state">
                    {ticket.person_wanted.then(person_wanted)}
                    {state_chip(ticket)}
                    {site::is_desk().then(|| priority_chip(ticket.priority))}
                </span>
                <span class="row-sla">{sla::elapsed(ticket)}</span>
                {target.map(|target| view! { <span class="row-target">{target}</span> })}
                {more(ticket)}
            </a>
        </li>
    }
    .into_any()
}

/// Only what stands out is said: medium is the rule.
fn priority_chip(priority: Priority) -> Option<impl IntoView> {
    (priority != Priority::Medium).then(|| {
        view! {
            <span class="chip" data-priority=priority.as_str()>
                {priority_words(priority).get()}
            </span>
        }
    })
}

fn person_wanted() -> impl IntoView {
    view! {
        <span class="chip" data-tone="person">
            <Icon glyph=Glyph::User />
            {PERSON_WANTED.get()}
        </span>
    }
}

/// To the team: the department, and the answers that the desk wants to see in its queue.
fn more(ticket: &TicketSummary) -> Option<AnyView> {
    if !site::is_desk() || ticket.department.is_none() && ticket.custom_fields.is_empty() {
        return None;
    }
    let answer = |answer: &FieldAnswer| {
        view! {
            <span>
                <span class="quiet">{answer.label.clone()} ": "</span>
                {spoken(answer)} " "
            </span>
        }
    };
    let answers: Vec<_> = ticket.custom_fields.iter().map(answer).collect();
    let department =
        ticket.department.as_ref().map(|it| view! { <span class="row-department">{it.name.clone()} " "</span> });
    Some(
        view! {
            <span class="row-more">
                {department} {(!answers.is_empty()).then(|| view! { <span class="row-answers">{answers}</span> })}
            </span>
        }
        .into_any(),
    )
}

fn assignee(ticket: &TicketSummary) -> impl IntoView + use<> {
    let name = ticket.assignee.as_ref().map_or_else(|| NOBODY.get().to_owned(), |person| person.name.clone());
    view! {
        <span class="row-assignee">
            <span aria-hidden="true">"→ "</span>
            <span class="hidden">{ASSIGNEE.get()} " "</span>
            {name}
        </span>
    }
}
