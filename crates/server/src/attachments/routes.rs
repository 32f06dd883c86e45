//! The handlers of attachments.

use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Data, Json, Payload},
};
use api_types::attachments::{AttachmentId, AttachmentView, UploadLimits, Uploaded};

use super::{Attachment, attachment, erase, upload};
use crate::{auth::CurrentUser, door::Id, error::Result, once::IdempotencyKey, state::State};

/// The form that an upload is.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it stands for the form in the document; the bytes stream past it")]
struct UploadForm {
    /// The file, with its name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Upload a file
///
/// It waits, seen by its uploader alone, until a comment or a ticket names it in `attachment_ids`; after 24 hours
/// it is dropped. Its type is found in its bytes.
#[utoipa::path(
    tag = "attachments", operation_id = "create_attachment", security(("bearer" = [])),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    params(IdempotencyKey),
    responses((status = 201, body = Uploaded)),
)]
#[post("/attachments")]
pub async fn create_attachment(
    state: Data<State>,
    user: CurrentUser,
    key: IdempotencyKey,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse> {
    let uploaded = upload::receive(&state, &user, key, &request, payload).await?;
    Ok(HttpResponse::Created().json(uploaded))
}

/// Tell what may be uploaded
///
/// How large a file may be, and how much of one's room is left.
#[utoipa::path(
    tag = "attachments", operation_id = "get_upload_limits", security(("bearer" = [])),
    responses((status = 200, body = UploadLimits)),
)]
#[get("/attachments/limits")]
pub async fn get_upload_limits(state: Data<State>, user: CurrentUser) -> Result<Json<UploadLimits>> {
    Ok(Json(attachment::limits(&mut *state.db().await?, state.rules, user.id).await?))
}

/// Read a file's card
///
/// With addresses that are good for an hour from now.
#[utoipa::path(
    tag = "attachments", operation_id = "get_attachment", security(("bearer" = [])), params(("id" = AttachmentId, Path)),
    responses((status = 200, body = AttachmentView)),
)]
#[get("/attachments/{id}")]
pub async fn get_attachment(
    state: Data<State>,
    user: CurrentUser,
    id: Id<AttachmentId>,
) -> Result<Json<AttachmentView>> {
    let attachment = Attachment::load(&mut *state.db().await?, &user, id.0).await?;
    Ok(Json(attachment.view(&state.files, state.clock.now())?))
}

/// Drop a file that was not sent
///
/// Its uploader only, and only while it waits.
#[utoipa::path(
    tag = "attachments", operation_id = "delete_attachment", security(("bearer" = [])), params(("id" = AttachmentId, Path)),
    responses((status = 204, description = "Dropped")),
)]
#[delete("/attachments/{id}")]
pub async fn delete_attachment(state: Data<State>, user: CurrentUser, id: Id<AttachmentId>) -> Result<HttpResponse> {
    let owned = state.get_ref().clone();
    let now = state.clock.now();
    state.write(async move { erase::discard(&mut *owned.db().await?, now, user.id, id.0).await }).await?;
    Ok(HttpResponse::NoContent().finish())
}
