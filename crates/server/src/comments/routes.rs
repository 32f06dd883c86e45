//! The handlers of comments.

use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use api_types::{
    comments::{CommentView, MarkdownPreview, MarkdownSource, NewComment},
    page::{Page, PageFilter},
    tickets::TicketId,
};

use super::{CommentRow, markdown};
use crate::{
    auth::CurrentUser,
    door::{Id, Query, Valid},
    error::Result,
    once::IdempotencyKey,
    state::State,
    tickets::Ticket,
};

/// List a ticket's comments
///
/// Oldest first. Internal notes are there for the team only.
#[utoipa::path(
    tag = "comments", operation_id = "list_comments", security(("bearer" = [])),
    params(("id" = TicketId, Path), PageFilter),
    responses((status = 200, body = Page<CommentView>)),
)]
#[get("/tickets/{id}/comments")]
pub async fn list_comments(
    state: Data<State>,
    user: CurrentUser,
    id: Id<TicketId>,
    filter: Query<PageFilter>,
) -> Result<Json<Page<CommentView>>> {
    let mut conn = state.db().await?;
    Ticket::load(&mut conn, &user, id.0).await?;
    Ok(Json(CommentRow::list(&conn, &state, state.clock.now(), &user, id.0, &filter.0).await?))
}

/// Comment on a ticket
///
/// With an `id` made by the client, sending twice posts once.
#[utoipa::path(
    tag = "comments", operation_id = "create_comment",
    extensions(("x-error-codes" = json!(["already_resolved", "id_taken", "newer_comments"]))), request_body = NewComment, security(("bearer" = [])),
    params(("id" = TicketId, Path), IdempotencyKey),
    responses((status = 201, body = CommentView)),
)]
#[post("/tickets/{id}/comments")]
pub async fn create_comment(
    state: Data<State>,
    user: CurrentUser,
    id: Id<TicketId>,
    key: IdempotencyKey,
    body: Valid<NewComment>,
) -> Result<HttpResponse> {
    let once = key.bind(&format!("create_comment {}", id.0), &body.0);
    let owned = state.get_ref().clone();
    let comment = state
        .write(async move {
            let mut conn = owned.db().await?;
            CommentRow::post(&mut conn, &owned, owned.clock.now(), &user, id.0, body.0, once).await
        })
        .await?;
    Ok(HttpResponse::Created().json(comment))
}

/// Preview Markdown
///
/// Renders and cleans it as it would be shown.
#[utoipa::path(
    tag = "comments", operation_id = "preview_markdown", request_body = MarkdownSource, security(("bearer" = [])),
    responses((status = 200, body = MarkdownPreview)),
)]
#[post("/markdown/preview")]
pub async fn preview_markdown(_user: CurrentUser, body: Valid<MarkdownSource>) -> Result<Json<MarkdownPreview>> {
    Ok(Json(MarkdownPreview { body_html: markdown::render(body.0.message.as_str()) }))
}
