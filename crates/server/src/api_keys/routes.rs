//! The handlers of keys.

use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json},
};
use api_types::{
    api_keys::{ApiKeyFilter, ApiKeyId, ApiKeyView, MadeApiKey, NewApiKey},
    page::Page,
};

use super::key;
use crate::{
    auth::CurrentUser,
    door::{Id, Query, Valid},
    error::Result,
    live,
    once::IdempotencyKey,
    state::State,
};

/// List API keys
///
/// Those that were not revoked, newest first: one's own, or for an admin the desk's and everybody's. No key can do this.
#[utoipa::path(
    tag = "api keys", operation_id = "list_api_keys", security(("bearer" = [])), params(ApiKeyFilter),
    responses((status = 200, body = Page<ApiKeyView>)),
)]
#[get("/api-keys")]
pub async fn list_api_keys(
    state: Data<State>,
    user: CurrentUser,
    filter: Query<ApiKeyFilter>,
) -> Result<Json<Page<ApiKeyView>>> {
    Ok(Json(key::list(&mut *state.db().await?, &user, &filter.0).await?))
}

/// Make an API key
///
/// It acts as whoever makes it, as far as its scopes go, and is never more than they are. The token is told this once.
/// Refused with 403 to anybody but an admin who asks for a desk's key, and to every key; with 422 for a scope that
/// one's own key cannot have, a date that has passed, or one key too many.
#[utoipa::path(
    tag = "api keys", operation_id = "create_api_key", request_body = NewApiKey, security(("bearer" = [])), params(IdempotencyKey),
    responses((status = 201, body = MadeApiKey)),
)]
#[post("/api-keys")]
pub async fn create_api_key(
    state: Data<State>,
    user: CurrentUser,
    key: IdempotencyKey,
    body: Valid<NewApiKey>,
) -> Result<HttpResponse> {
    let once = key.bind("create_api_key", &body.0);
    let owned = state.get_ref().clone();
    let made = state.write(async move { key::create(&mut *owned.db().await?, &owned, user, body.0, once).await });
    Ok(HttpResponse::Created().json(made.await?))
}

/// Revoke an API key
///
/// One's own, or for an admin any. It is refused at once here, and within 5 seconds wherever else; its open streams
/// end.
#[utoipa::path(
    tag = "api keys", operation_id = "delete_api_key", security(("bearer" = [])), params(("id" = ApiKeyId, Path)),
    responses((status = 204, description = "Revoked, for good")),
)]
#[delete("/api-keys/{id}")]
pub async fn delete_api_key(state: Data<State>, user: CurrentUser, id: Id<ApiKeyId>) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    state
        .write(async move {
            let mut conn = owned.db().await?;
            key::revoke(&mut conn, owned.clock.now(), &user, id.0).await?;
            owned.accounts.forget_key(id.0);
            owned.live.doubt();
            live::announce_revoked(&mut conn, id.0).await
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
