//! The handlers that only the team may call. Each answers the ticket as it is afterwards.

use super::Ticket;
use crate::{
    auth::Team,
    door::{Id, Unchecked, Valid},
    error::Result,
    state::State,
};
use actix_web::{
    delete, post, put,
    web::{Data, Json},
};
use api_types::tickets::{Assignment, NewAnswers, PriorityChange, StageChange, TicketId, TicketMove, TicketView};

/// Assign a ticket
///
/// To a member of the team, or with null back to the queue. A new ticket is taken up by it.
#[utoipa::path(
    tag = "team", operation_id = "assign_ticket",
    extensions(("x-error-codes" = json!(["already_resolved"]))), request_body = Assignment, security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[put("/tickets/{id}/assignee")]
pub async fn assign_ticket(
    state: Data<State>,
    team: Team,
    id: Id<TicketId>,
    body: Valid<Assignment>,
) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket =
        state
            .write(async move {
                Ticket::assign(&mut *owned.db().await?, &owned, owned.clock.now(), &team, id.0, body.0).await
            })
            .await?;
    Ok(Json(ticket))
}

/// Set a ticket's priority
///
/// The targets that go with the priority count from the ticket's beginning.
#[utoipa::path(
    tag = "team", operation_id = "prioritise_ticket",
    extensions(("x-error-codes" = json!(["already_resolved"]))), request_body = PriorityChange, security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[put("/tickets/{id}/priority")]
pub async fn prioritise_ticket(
    state: Data<State>,
    team: Team,
    id: Id<TicketId>,
    body: Valid<PriorityChange>,
) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket = state
        .write(async move {
            Ticket::prioritise(&mut *owned.db().await?, &owned, owned.clock.now(), &team, id.0, body.0).await
        })
        .await?;
    Ok(Json(ticket))
}

/// Move a ticket to another stage
///
/// Back to work, to the customer's turn, or on hold, with a reason and if wanted a date.
#[utoipa::path(
    tag = "team", operation_id = "stage_ticket",
    extensions(("x-error-codes" = json!(["already_resolved"]))), request_body = StageChange, security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[put("/tickets/{id}/stage")]
pub async fn stage_ticket(
    state: Data<State>,
    team: Team,
    id: Id<TicketId>,
    body: Valid<StageChange>,
) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket = state
        .write(
            async move { Ticket::stage(&mut *owned.db().await?, &owned, owned.clock.now(), &team, id.0, body.0).await },
        )
        .await?;
    Ok(Json(ticket))
}

/// Move a ticket to another department
///
/// Or with null out of all departments. The people of the new one are told.
#[utoipa::path(
    tag = "team", operation_id = "move_ticket",
    extensions(("x-error-codes" = json!(["already_resolved"]))), request_body = TicketMove, security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[put("/tickets/{id}/department")]
pub async fn move_ticket(
    state: Data<State>,
    team: Team,
    id: Id<TicketId>,
    body: Valid<TicketMove>,
) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket =
        state
            .write(async move {
                Ticket::move_to(&mut *owned.db().await?, &owned, owned.clock.now(), &team, id.0, body.0).await
            })
            .await?;
    Ok(Json(ticket))
}

/// Set a ticket's answers to custom fields
///
/// All of them. What was required and answered cannot be taken back.
#[utoipa::path(
    tag = "team", operation_id = "set_ticket_fields",
    extensions(("x-error-codes" = json!(["already_resolved"]))), request_body = NewAnswers, security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[put("/tickets/{id}/custom_fields")]
pub async fn set_ticket_fields(
    state: Data<State>,
    team: Team,
    id: Id<TicketId>,
    body: Unchecked<NewAnswers>,
) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket =
        state
            .write(async move {
                Ticket::answer(&mut *owned.db().await?, &owned, owned.clock.now(), &team, id.0, body.0).await
            })
            .await?;
    Ok(Json(ticket))
}

/// Propose that a ticket is resolved
///
/// The creator is asked to say so; nobody else can.
#[utoipa::path(
    tag = "team", operation_id = "propose_resolution",
    extensions(("x-error-codes" = json!(["already_resolved", "no_team_reply"]))), security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[post("/tickets/{id}/resolution_proposal")]
pub async fn propose_resolution(state: Data<State>, team: Team, id: Id<TicketId>) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket = state
        .write(async move {
            Ticket::propose_resolution(&mut *owned.db().await?, &owned, owned.clock.now(), &team, id.0).await
        })
        .await?;
    Ok(Json(ticket))
}

/// Archive a resolved ticket
///
/// It leaves the lists, unless they ask for archived ones. Only a resolved ticket can be archived.
#[utoipa::path(
    tag = "team", operation_id = "archive_ticket",
    extensions(("x-error-codes" = json!(["not_archivable"]))), security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[put("/tickets/{id}/archive")]
pub async fn archive_ticket(state: Data<State>, team: Team, id: Id<TicketId>) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket = state
        .write(
            async move { Ticket::archive(&mut *owned.db().await?, &owned, owned.clock.now(), &team, id.0, true).await },
        )
        .await?;
    Ok(Json(ticket))
}

/// Take a ticket out of the archive
///
/// It is in the lists again, as resolved as before.
#[utoipa::path(
    tag = "team", operation_id = "unarchive_ticket",
    extensions(("x-error-codes" = json!(["not_archivable"]))), security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[delete("/tickets/{id}/archive")]
pub async fn unarchive_ticket(state: Data<State>, team: Team, id: Id<TicketId>) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket =
        state
            .write(async move {
                Ticket::archive(&mut *owned.db().await?, &owned, owned.clock.now(), &team, id.0, false).await
            })
            .await?;
    Ok(Json(ticket))
}
