//! The calls of this room.

use api_types::{
    departments::DepartmentId,
    fields::Answers,
    live::{Attention, Presence},
    page::Page,
    people::{PersonId, PersonRef},
    tickets::{
        Assignment, NewAnswers, NewTicket, Priority, PriorityChange, StageChange, TicketCounts, TicketFilter, TicketId,
        TicketMove, TicketPage, TicketView,
    },
};

use leptos::prelude::*;

use super::address::with_filter;
use crate::api::{Failure, act, ask_for, delete, get, post_once, put, put_at_last};

pub async fn list(filter: &TicketFilter) -> Result<TicketPage, Failure> {
    get(with_filter("/tickets", filter)).await
}

pub async fn counts() -> Result<TicketCounts, Failure> {
    get("/tickets/summary".to_owned()).await
}

pub async fn open(id: TicketId) -> Result<TicketView, Failure> {
    get(ticket(id, "")).await
}

/// Tells which department a ticket is in, if it is in one.
pub async fn department_of(id: TicketId, place: RwSignal<String>) {
    let ticket = ask_for(ticket(id, "")).await.ok();
    let department = ticket.and_then(|it| it.part("department")?.word("id"));
    place.try_set(department.unwrap_or_default());
}

pub async fn create(request: NewTicket, key: String) -> Result<TicketView, Failure> {
    post_once("/tickets".to_owned(), &request, key).await
}

/// A visitor's: it is opened when the link in the mail that follows is.
pub async fn ask(request: NewTicket, key: String) -> Result<(), Failure> {
    post_once("/tickets".to_owned(), &request, key).await
}

pub async fn erase(id: TicketId) -> Result<(), Failure> {
    delete(ticket(id, "")).await
}

pub async fn resolve(id: TicketId) -> Result<TicketView, Failure> {
    act(ticket(id, "/resolution")).await
}

pub async fn propose_resolution(id: TicketId) -> Result<TicketView, Failure> {
    act(ticket(id, "/resolution_proposal")).await
}

pub async fn assign(id: TicketId, person_id: Option<PersonId>) -> Result<TicketView, Failure> {
    put(ticket(id, "/assignee"), &Assignment { person_id }).await
}

pub async fn prioritise(id: TicketId, priority: Priority) -> Result<TicketView, Failure> {
    put(ticket(id, "/priority"), &PriorityChange { priority }).await
}

pub async fn change_stage(id: TicketId, change: StageChange) -> Result<TicketView, Failure> {
    put(ticket(id, "/stage"), &change).await
}

pub async fn move_to(id: TicketId, department_id: Option<DepartmentId>) -> Result<TicketView, Failure> {
    put(ticket(id, "/department"), &TicketMove { department_id }).await
}

pub async fn answer(id: TicketId, custom_fields: Answers) -> Result<TicketView, Failure> {
    put(ticket(id, "/custom_fields"), &NewAnswers { custom_fields }).await
}

pub async fn archive(id: TicketId, archived: bool) -> Result<TicketView, Failure> {
    let path = ticket(id, "/archive");
    if archived { put(path, &()).await } else { delete(path).await }
}

pub async fn team() -> Result<Page<PersonRef>, Failure> {
    get("/team".to_owned()).await
}

pub async fn attend(id: TicketId, attention: Attention) -> Result<(), Failure> {
    put(ticket(id, "/presence"), &Presence { attention }).await
}

/// Said by a page that is closed.
pub fn attend_no_longer(id: TicketId) {
    put_at_last(&ticket(id, "/presence"), &Presence { attention: Attention::Gone });
}

fn ticket(id: TicketId, rest: &str) -> String {
    format!("/tickets/{id}{rest}")
}
