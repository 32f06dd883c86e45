//! The handlers of custom fields.

use actix_web::{
    HttpResponse, get, patch, post,
    web::{Data, Json},
};
use api_types::fields::{Field, FieldChange, FieldId, Fields, NewField};

use super::field;
use crate::{
    auth::Admin,
    door::{Id, Unchecked},
    error::Result,
    etag::{IfMatch, Tagged},
    once::{self, IdempotencyKey},
    state::State,
};

/// List custom fields
///
/// All of them, in order. The page knows those that are asked for from the settings.
#[utoipa::path(
    tag = "settings", operation_id = "list_fields", security(("bearer" = [])),
    responses((status = 200, body = Fields)),
)]
#[get("/admin/fields")]
pub async fn list_fields(state: Data<State>, _admin: Admin) -> Result<Json<Fields>> {
    Ok(Json(Fields { items: field::all(&mut *state.db().await?).await? }))
}

/// Add a custom field
///
/// Adding the same twice makes one.
#[utoipa::path(
    tag = "settings", operation_id = "create_field", request_body = NewField, security(("bearer" = [])),
    params(IdempotencyKey),
    responses((status = 201, body = Field)),
)]
#[post("/admin/fields")]
pub async fn create_field(
    state: Data<State>,
    admin: Admin,
    key: IdempotencyKey,
    body: Unchecked<NewField>,
) -> Result<HttpResponse> {
    let once = key.bind("create_field", &body.0);
    let owned = state.get_ref().clone();
    let made = state.write(async move {
        let mut conn = owned.db().await?;
        let (now, admin) = (owned.clock.now(), admin.0.id);
        let made = once::carry_out::<Field, _>(&mut conn, now, admin, once, move |conn| {
            Box::pin(field::create(conn, now, admin, body.0))
        })
        .await?;
        owned.settings.reload(&mut conn).await?;
        Ok(made)
    });
    Ok(HttpResponse::Created().json(made.await?))
}

/// Read a custom field
///
/// As it is now, with the `ETag` that a change can be made dependent on.
#[utoipa::path(
    tag = "settings", operation_id = "get_field", security(("bearer" = [])), params(("id" = FieldId, Path)),
    responses((status = 200, body = Field)),
)]
#[get("/admin/fields/{id}")]
pub async fn get_field(state: Data<State>, _admin: Admin, id: Id<FieldId>) -> Result<Tagged<Field>> {
    Ok(Tagged(field::read(&mut *state.db().await?, id.0).await?))
}

/// Change a custom field
///
/// Neither its key nor its kind; what is absent stays. Answers that were given stay as they are, whatever is changed.
#[utoipa::path(
    tag = "settings", operation_id = "update_field", request_body = FieldChange, security(("bearer" = [])), params(IfMatch, ("id" = FieldId, Path)),
    responses((status = 200, body = Field)),
)]
#[patch("/admin/fields/{id}")]
pub async fn update_field(
    state: Data<State>,
    admin: Admin,
    read: IfMatch,
    id: Id<FieldId>,
    body: Unchecked<FieldChange>,
) -> Result<Tagged<Field>> {
    let owned = state.get_ref().clone();
    let changed = state.write(async move {
        let mut conn = owned.db().await?;
        let changed = field::change(&mut conn, owned.clock.now(), admin.0.id, id.0, &read, body.0).await?;
        owned.settings.reload(&mut conn).await?;
        Ok(changed)
    });
    Ok(Tagged(changed.await?))
}
