//! The handlers that a ticket's creator and the team share.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Data, Json},
};
use api_types::{
    error::{ErrorCode, FieldCode},
    tickets::{NewTicket, TicketCounts, TicketFilter, TicketId, TicketPage, TicketView},
};

use super::{Ticket, form, visitor};
use crate::{
    auth::{CurrentUser, Opener, throttle},
    door::{Id, Query, Unchecked},
    error::{AppError, Result},
    once::IdempotencyKey,
    state::State,
};

/// List tickets
///
/// Newest first: one's own, or for the team all.
#[utoipa::path(
    tag = "tickets", operation_id = "list_tickets", security(("bearer" = [])), params(TicketFilter),
    responses((status = 200, body = TicketPage)),
)]
#[get("/tickets")]
pub async fn list_tickets(
    state: Data<State>,
    user: CurrentUser,
    filter: Query<TicketFilter>,
) -> Result<Json<TicketPage>> {
    Ok(Json(Ticket::list(&state, &user, &filter.0).await?))
}

/// Count tickets by status
///
/// Those that the list shows without filters.
#[utoipa::path(
    tag = "tickets", operation_id = "summarise_tickets", security(("bearer" = [])),
    responses((status = 200, body = TicketCounts)),
)]
#[get("/tickets/summary")]
pub async fn summarise_tickets(state: Data<State>, user: CurrentUser) -> Result<Json<TicketCounts>> {
    Ok(Json(Ticket::counts(&mut *state.db().await?, &user).await?))
}

/// Open a ticket
///
/// Without signing in, where the desk allows it and with `visitor`: the answer is the same whether or not the address
/// has an account, and the ticket is opened when the link in the mail that follows is.
#[utoipa::path(
    tag = "tickets", operation_id = "create_ticket",
    extensions(("x-error-codes" = json!(["not_found", "not_resolved"]))), request_body = NewTicket, security((), ("bearer" = [])),
    params(IdempotencyKey),
    responses((status = 201, body = TicketView), (status = 202, description = "A mail follows")),
)]
#[post("/tickets")]
pub async fn create_ticket(
    state: Data<State>,
    request: HttpRequest,
    opener: Opener,
    key: IdempotencyKey,
    mut body: Unchecked<NewTicket>,
) -> Result<HttpResponse> {
    // Somebody who sends again may have had to show anew that they are no program.
    let once = key.bind("create_ticket", &NewTicket { captcha: None, ..body.0.clone() });
    let inherited = match (&opener, body.0.follows) {
        // Whether it is there and can be followed is said when the new one is opened.
        (Opener::Person(user), Some(followed)) => {
            let followed = Ticket::load(&mut *state.db().await?, user, followed).await;
            followed.ok().and_then(|followed| followed.department_id)
        }
        _ => None,
    };
    form::check(&state.settings.now(), &mut body.0, inherited)?;
    let owned = state.get_ref().clone();
    let user = match (opener, &body.0.visitor) {
        (Opener::Person(user), None) => user,
        (Opener::Person(_), Some(_)) => {
            return Err(AppError::field("/visitor", FieldCode::NotPossible, "You have signed in."));
        }
        (Opener::Visitor, None) => return Err(AppError::new(ErrorCode::Unauthenticated)),
        (Opener::Visitor, Some(visitor)) => {
            let (visitor, network) = (visitor.clone(), throttle::network(&state, &request));
            visitor::admit(&state, &network, &body.0, once.as_ref()).await?;
            state
                .write(async move {
                    let (mut conn, now) = (owned.db().await?, owned.clock.now());
                    visitor::keep(&mut conn, now, &body.0, &visitor, once.as_ref()).await
                })
                .await?;
            return Ok(HttpResponse::Accepted().finish());
        }
    };
    let ticket =
        state
            .write(async move {
                Ticket::create(&mut *owned.db().await?, &owned, owned.clock.now(), &user, body.0, once).await
            })
            .await?;
    Ok(HttpResponse::Created().json(ticket))
}

/// Read a ticket
///
/// With the first page of its thread.
#[utoipa::path(
    tag = "tickets", operation_id = "get_ticket", security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[get("/tickets/{id}")]
pub async fn get_ticket(state: Data<State>, user: CurrentUser, id: Id<TicketId>) -> Result<Json<TicketView>> {
    Ok(Json(Ticket::open(&*state.db().await?, &state, state.clock.now(), &user, id.0).await?))
}

/// Delete a ticket
///
/// Its creator only. The whole thread is erased, for good.
#[utoipa::path(
    tag = "tickets", operation_id = "delete_ticket", security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 204, description = "Erased")),
)]
#[delete("/tickets/{id}")]
pub async fn delete_ticket(state: Data<State>, user: CurrentUser, id: Id<TicketId>) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    state.write(async move { Ticket::delete(&mut *owned.db().await?, owned.clock.now(), &user, id.0).await }).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Resolve a ticket
///
/// Its creator only, after the team has replied, and for good.
#[utoipa::path(
    tag = "tickets", operation_id = "create_resolution",
    extensions(("x-error-codes" = json!(["already_resolved", "no_team_reply"]))), security(("bearer" = [])),
    params(("id" = TicketId, Path), IdempotencyKey),
    responses((status = 201, body = TicketView)),
)]
#[post("/tickets/{id}/resolution")]
pub async fn create_resolution(
    state: Data<State>,
    user: CurrentUser,
    id: Id<TicketId>,
    key: IdempotencyKey,
) -> Result<HttpResponse> {
    let once = key.bind(&format!("create_resolution {}", id.0), &());
    let owned = state.get_ref().clone();
    let ticket = state
        .write(
            async move { Ticket::resolve(&mut *owned.db().await?, &owned, owned.clock.now(), &user, id.0, once).await },
        )
        .await?;
    Ok(HttpResponse::Created().json(ticket))
}
