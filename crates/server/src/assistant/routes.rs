//! The handlers of the assistant.

use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{Data, Json},
};
use api_types::{
    assistant::{AnswerEntry, AnswerFilter, AnswerId, AnswerPublication, AssistantChange, Feedback},
    comments::{CommentId, CommentView},
    page::Page,
    tickets::{TicketId, TicketView},
};

use super::{draft, ledger};
use crate::{
    auth::{Admin, CurrentUser, Team},
    comments::CommentRow,
    door::{Id, Query, Valid},
    error::Result,
    once::{self, IdempotencyKey},
    state::State,
    tickets::Ticket,
};

/// Say whether an answer helped
///
/// The ticket's creator, of the assistant's comments. It can be changed.
#[utoipa::path(
    tag = "assistant", operation_id = "rate_answer", request_body = Feedback, security(("bearer" = [])), params(("id" = CommentId, Path)),
    responses((status = 204, description = "Kept")),
)]
#[post("/comments/{id}/feedback")]
pub async fn rate_answer(
    state: Data<State>,
    user: CurrentUser,
    id: Id<CommentId>,
    body: Valid<Feedback>,
) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    state
        .write(async move {
            CommentRow::rate(&mut *owned.db().await?, owned.clock.now(), &user, id.0, body.0.helpful).await
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask for a person
///
/// The ticket's creator. The assistant is silent from then on, and the team sees who waits.
#[utoipa::path(
    tag = "assistant", operation_id = "want_person",
    extensions(("x-error-codes" = json!(["already_resolved"]))), security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[post("/tickets/{id}/human")]
pub async fn want_person(state: Data<State>, user: CurrentUser, id: Id<TicketId>) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket = state
        .write(
            async move { Ticket::want_person(&mut *owned.db().await?, &owned, owned.clock.now(), &user, id.0).await },
        )
        .await?;
    Ok(Json(ticket))
}

/// Switch the assistant on a ticket
///
/// Its mode there, and whether it is muted.
#[utoipa::path(
    tag = "assistant", operation_id = "assist_ticket",
    extensions(("x-error-codes" = json!(["already_resolved"]))), request_body = AssistantChange, security(("bearer" = [])), params(("id" = TicketId, Path)),
    responses((status = 200, body = TicketView)),
)]
#[put("/tickets/{id}/assistant")]
pub async fn assist_ticket(
    state: Data<State>,
    team: Team,
    id: Id<TicketId>,
    body: Valid<AssistantChange>,
) -> Result<Json<TicketView>> {
    let owned = state.get_ref().clone();
    let ticket =
        state
            .write(async move {
                Ticket::assist(&mut *owned.db().await?, &owned, owned.clock.now(), &team, id.0, body.0).await
            })
            .await?;
    Ok(Json(ticket))
}

/// Send a draft
///
/// As it is in the assistant's name, or in other words as the sender's own comment.
#[utoipa::path(
    tag = "assistant", operation_id = "publish_answer",
    extensions(("x-error-codes" = json!(["answer_settled"]))), request_body = AnswerPublication, security(("bearer" = [])), params(IdempotencyKey, ("id" = AnswerId, Path)),
    responses((status = 201, body = CommentView)),
)]
#[post("/answers/{id}/publication")]
pub async fn publish_answer(
    state: Data<State>,
    team: Team,
    id: Id<AnswerId>,
    key: IdempotencyKey,
    body: Valid<AnswerPublication>,
) -> Result<HttpResponse> {
    let once = key.bind(&format!("publish_answer {}", id.0), &body.0);
    let owned = state.get_ref().clone();
    let comment = state
        .write(async move {
            let (mut conn, now) = (owned.db().await?, owned.clock.now());
            once::carry_out::<CommentView, _>(&mut conn, now, team.0.id, once, move |conn| {
                Box::pin(async move { draft::publish(conn, &owned, now, &team, id.0, body.0.message).await })
            })
            .await
        })
        .await?;
    Ok(HttpResponse::Created().json(comment))
}

/// Drop a draft
///
/// It is not sent, and the assistant stays silent until the next comment.
#[utoipa::path(
    tag = "assistant", operation_id = "drop_answer",
    extensions(("x-error-codes" = json!(["answer_settled"]))), security(("bearer" = [])), params(("id" = AnswerId, Path)),
    responses((status = 204, description = "Dropped")),
)]
#[delete("/answers/{id}")]
pub async fn drop_answer(state: Data<State>, team: Team, id: Id<AnswerId>) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    state
        .write(async move { draft::drop_draft(&mut *owned.db().await?, owned.clock.now(), &team, id.0).await })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Read the assistant's ledger
///
/// One entry per turn, newest first.
#[utoipa::path(
    tag = "assistant", operation_id = "list_answers", security(("bearer" = [])), params(AnswerFilter),
    responses((status = 200, body = Page<AnswerEntry>)),
)]
#[get("/admin/answers")]
pub async fn list_answers(
    state: Data<State>,
    _admin: Admin,
    filter: Query<AnswerFilter>,
) -> Result<Json<Page<AnswerEntry>>> {
    Ok(Json(ledger::list(&mut *state.db().await?, &filter.0).await?))
}
